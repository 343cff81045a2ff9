"""Does a note name the work that its identifier names? What it says against what the registry says.

Pages written in haste or by a machine cite papers that are not what they say. Only clear contradictions are told;
`docs/identity.md` says what is let pass. Journals' names are compared in `evidence.audit.journals`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from evidence.audit.journals import is_same_journal
from evidence.audit.people import plain_letters
from evidence.audit.stored import StoredWork

_WORD = re.compile(r"[^\W_]+(?:[-\u2010-\u2015'’][^\W_]+)*")
_TAG = re.compile(r"<[^>]{0,80}>")
_AND_OTHERS = re.compile(r"[\s,*_]*et\s+al\b")
_LETTERS = re.compile(r"[^\W\d_]+")
# As German, Danish and Swedish write these letters where they have none.
_LONG_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_DASH = re.compile(r"[\s\-\u2010-\u2015]+")
_INITIALS = 3
_YEARS_APART = 1
# A preprint is often cited with the year of its article.
_YEARS_APART_PREPRINT = 3
_LEAST_TITLE_WORDS = 4
_LEAST_TITLE_SHARE = 0.34
_LEAST_LETTERS = 3
_SMALL = frozenset(
    {"a", "an", "and", "as", "at", "by", "der", "des", "die", "et", "for", "from", "in", "la", "le", "of", "on", "or",
     "the", "to", "und", "with", "y"}
)  # fmt: skip
_NOT_NAMES = frozenset({"et", "al", "and", "others", "coauthors", "colleagues", "group", "consortium", "collaboration"})


def find_mismatches(stated: Mapping[str, Any], text: str, work: StoredWork) -> Iterator[str]:
    """Yield what a note says of its work and the registry contradicts: first author, year, title, journal.

    Args:
        stated: what the note states, as stored.
        text: the note with its key.
        work: what the registries say of the work that its identifier names.
    """
    names_an_author = (stated.get("authors") or stated.get("title")) and _names_an_author(text, work)
    if not names_an_author and (said := _wrong_author(stated.get("authors") or (), text, work)) is not None:
        yield said
    year, known = stated.get("year"), work.year
    apart = _YEARS_APART_PREPRINT if work.is_preprint else _YEARS_APART
    if isinstance(year, int) and known is not None and abs(year - known) > apart:
        yield f"year: the note says {year}, the registry {known}"
    title = stated.get("title")
    # Quoted words of a note are not always its title: with the right author they say nothing.
    if title and work.title and not names_an_author and is_other_title(str(title), work.title):
        yield f"title: the note says “{title}”, the registry “{work.title}”"
    names = [name for name in (work.container, work.container_short) if name]
    journal = stated.get("journal")
    if journal and names and not work.is_preprint and not any(is_same_journal(str(journal), name) for name in names):
        yield f"journal: the note says {journal}, the registry {names[0]}"


def _wrong_author(stated: Sequence[str], text: str, work: StoredWork) -> str | None:
    """Return what is wrong with the note's first author: nobody of that name is among the registry's authors."""
    people = [author for author in work.authors or () if author.family]
    if not stated or not people or any(author.collective for author in work.authors or ()):
        return None
    if not _is_surely_a_name(stated, text):
        return None
    words = [word for word in _WORD.findall(stated[0]) if not _is_initials(word)]
    named = set().union(*map(name_forms, words)) - _NOT_NAMES
    if not named or not all(name.isascii() for name in named):
        return None
    known: set[str] = set()
    for author in people:
        # Either order of the parts, whole or word by word: registries do not agree on what a family name is.
        parts = _WORD.findall(f"{author.family} {author.given or ''}")
        for name in (*parts, author.family or "", *_DASH.split(author.family or "")):
            known |= name_forms(name)
    if not all(name.isascii() for name in known) or named & known or name_forms(stated[0]) & known:
        return None
    return f"first author: the note says {stated[0]}, the registry {people[0].family}"


def _is_initials(word: str) -> bool:
    return word.isupper() and len(word) <= _INITIALS


@lru_cache(1 << 16)
def name_forms(name: str) -> frozenset[str]:
    """Return the ways that a name is written in plain letters, umlauts as one letter and as two.

    >>> sorted(name_forms("Jørgensen")), sorted(name_forms("Mueller") & name_forms("Müller"))
    (['joergensen', 'jorgensen'], ['mueller', 'muller'])
    """
    plain = plain_letters(name)
    long = plain_letters(unicodedata.normalize("NFC", name).casefold().translate(_LONG_LETTERS))
    return frozenset({plain, long, re.sub("(?<=[aou])e", "", long)} - {""})


def _names_an_author(text: str, work: StoredWork) -> bool:
    """Tell whether a note names one of the registry's authors anywhere, its key included ("[^baker2011]")."""
    words = _LETTERS.findall(text)
    said = set().union(*map(name_forms, words)) if words else set()
    # A family name of several words stands in as many.
    said |= {plain_letters("".join(words[at : at + size])) for size in (2, 3) for at in range(len(words))}
    key = plain_letters(words[0]) if words else ""
    for author in work.authors or ():
        for family in name_forms(author.family or ""):
            # "bakeretal2011": keys run words together.
            if len(family) >= _LEAST_LETTERS and (family in said or key.startswith(family)):
                return True
    return False


def _is_surely_a_name(stated: Sequence[str], text: str) -> bool:
    """Tell whether the first author is no journal that was read as one: it has initials, or "et al." after it."""
    words = _WORD.findall(stated[0])
    if len(words) > 1 and len(words[-1]) <= _INITIALS and words[-1].isupper():
        return True
    behind = text[text.find(stated[0]) + len(stated[0]) :] if stated[0] in text else ""
    return bool(_AND_OTHERS.match(behind))


def is_other_title(stated: str, known: str) -> bool:
    """Tell whether two titles are clearly of two works: each says enough, and they share few words.

    >>> is_other_title("Leptin extends the lives of old mice", "Effects of metformin on bone in aged rats")
    True
    >>> is_other_title("Metformin and bone in rats", "Effects of <i>metformin</i> on bone in aged rats")
    False
    """
    mine, theirs = _title_words(stated), _title_words(known)
    if min(len(mine), len(theirs)) < _LEAST_TITLE_WORDS:
        return False
    return len(mine & theirs) / min(len(mine), len(theirs)) < _LEAST_TITLE_SHARE


def _title_words(title: str) -> set[str]:
    folded = unicodedata.normalize("NFKD", _TAG.sub("", title).casefold())
    words = _WORD.findall("".join(char for char in folded if not unicodedata.combining(char)))
    # One letter more or less at the end ("mice", "effects") makes no other word.
    return {word[:6] for part in words for word in re.split(r"[-\u2010-\u2015'’]", part) if word not in _SMALL and word}
