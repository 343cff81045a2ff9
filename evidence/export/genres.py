"""What a thesis or report calls itself: in the words of libraries, of Crossref, and of each format.

The words are kept as they are told. Which degree they mean is read from them where a format has an entry type for it.

Source:
    biblatex's manual, 4.9.2.13: `phdthesis`, `mathesis`, `bathesis`, `candthesis`, `techreport` and `resreport` as
    values of `type`, which styles print in the language of the text.
"""

from __future__ import annotations

import re
from enum import StrEnum

PHD, MASTERS = "PhD thesis", "Master's thesis"
_KEYS = {
    "phdthesis": PHD,
    "mathesis": MASTERS,
    "bathesis": "Bachelor's thesis",
    "candthesis": "Candidate thesis",
    "techreport": "Technical report",
    "resreport": "Research report",
}
_WORDS = {words: key for key, words in _KEYS.items()}
# What an entry of one of BibTeX's types is where it does not say more.
_OF_ENTRIES = {"phdthesis": PHD, "mastersthesis": MASTERS, "techreport": "Technical report"}
# They say no more than the type of the entry does.
_NOTHING_NEW = frozenset({"thesis", "report"})
_UNCLEAR = _NOTHING_NEW | {"dissertation"}


class Degree(StrEnum):
    """What a thesis is written for."""

    DOCTOR = "doctor"
    MASTER = "master"
    BACHELOR = "bachelor"


_DEGREES = {
    Degree.DOCTOR: re.compile(
        r"\bph\.? ?d\b|\bd\.? ?phil\b|do[ck]tor|dou?tor|dottor|docteur|proefschrift|\bdr\.|доктор|博士|박사",
        re.IGNORECASE,
    ),
    Degree.MASTER: re.compile(
        r"\bmaster|mestr|maestr|maîtrise|magist|diplom(?:a\b|arbeit)|\bm\.? ?(?:sc|s|a|phil|eng|tech|ed|res|b\.?a)\b|"
        r"магист|硕士|碩士|修士|석사",
        re.IGNORECASE,
    ),
    Degree.BACHELOR: re.compile(
        r"bachel|bakala|bakal[áa]ř|\bb\.? ?(?:sc|s|a|eng)\b|\bhonou?rs\b|\bundergraduate\b|бакалавр|学士|學士|학사",
        re.IGNORECASE,
    ),
}
_PHD = re.compile(r"\bph\.? ?d\b|\bd\.? ?phil\b|philosoph", re.IGNORECASE)
_NAMES_A_TEXT = re.compile(
    r"thes[ie]s|dissert|\btes[ei]s?\b|thèse|mémoire|arbeit|proefschrift|scriptie|avhandling|диссер|论文|論文|논문",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*\Z")


def degree_of(genre: str | None) -> Degree | None:
    """Return the degree that the words for a thesis mean; None where they name none, or several.

    >>> degree_of("Diplomarbeit"), degree_of("Ph.D. dissertation"), degree_of("Dissertation")
    (<Degree.MASTER: 'master'>, <Degree.DOCTOR: 'doctor'>, None)
    """
    found = [degree for degree, pattern in _DEGREES.items() if pattern.search(genre or "")]
    return found[0] if len(found) == 1 else None


def genre_of_entry(entry: str, told: str | None) -> str | None:
    """Return what an entry of BibTeX calls itself, by its type and the words in its field `type`.

    >>> genre_of_entry("thesis", "mathesis"), genre_of_entry("mastersthesis", None), genre_of_entry("thesis", None)
    ("Master's thesis", "Master's thesis", None)
    >>> genre_of_entry("mastersthesis", "Laurea"), genre_of_entry("phdthesis", "Thesis")
    ("Master's thesis (Laurea)", None)
    """
    words = plain_genre(told)
    if told and words is None:
        # It is our own way to say of a thesis that its degree is not known.
        return MASTERS if entry == "mastersthesis" else None
    if words is None:
        return _OF_ENTRIES.get(entry)
    if entry == "mastersthesis" and degree_of(words) is None:
        return MASTERS if words.casefold() in _UNCLEAR else f"{MASTERS} ({words})"
    return words


def plain_genre(told: str | None) -> str | None:
    """Return the words of a field for them; None where they say no more than that it is a thesis or report.

    >>> plain_genre("phdthesis"), plain_genre("Working paper"), plain_genre("Thesis")
    ('PhD thesis', 'Working paper', None)
    """
    from evidence.markup import plain  # noqa: PLC0415 - large, and writers of files need none of it

    words = plain(told) if told else None
    if words is None or words.casefold() in _NOTHING_NEW:
        return None
    return _KEYS.get(words.casefold(), words)


def genre_of_degree(degree: str) -> str:
    """Return what a thesis for a degree is called; a degree that is not known stands for itself.

    >>> genre_of_degree("Master of Science in Computer Science (MSCS)"), genre_of_degree("PhD Thesis")
    ("Master's thesis", 'PhD Thesis')
    >>> genre_of_degree("Doctor of Medicine"), genre_of_degree("Licentiate")
    ('Doctoral thesis', 'Licentiate')
    """
    bare = _IN_BRACKETS.sub("", degree) or degree
    if _NAMES_A_TEXT.search(bare):
        return bare
    known = degree_of(bare)
    if known is Degree.DOCTOR:
        return PHD if _PHD.search(bare) else "Doctoral thesis"
    return f"{known.value.capitalize()}'s thesis" if known else bare


def biblatex_type(genre: str) -> str:
    """Return biblatex's own word for what a work calls itself, or the words themselves.

    >>> biblatex_type("Master's thesis"), biblatex_type("Diplomarbeit")
    ('mathesis', 'Diplomarbeit')
    """
    return _WORDS.get(genre.replace("\u2019", "'"), genre)
