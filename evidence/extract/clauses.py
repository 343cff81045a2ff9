"""Which citations of a claim close the same clause: the text since the previous one is a clause of its own.

Source:
    EVIDENCE.md section 3.4 of the design.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence.extract.places import Place

# What may stand between two citations of one clause: labels of identifiers, the names of papers, and words that only
# join. Anything else is text of another clause.
_WIKI_LINK = re.compile(r"\[\[[^\]\[]*\]\]")
_NOTE_MARK = re.compile(r"\[\^[^\]]*\]")
# An address, or the rest of one that is encoded; looked for at the beginning of a word only, however long that is.
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s()\[\]]*|(?<![^\s()\[\]])[^\s()\[\]]*%[0-9A-Fa-f]{2}\S*")
_LABEL = re.compile(
    r"(?<![^\W_])(?:dois?|pmids?|pmcids?|pmc|pubmed|uid|and|or|also|see|as well as|plus|e\.g\.|cf)(?![^\W_])",
    re.IGNORECASE,
)
_NAME = r"(?:(?:van|von|de|der|den|di|da|del|la|le|ter|ten) ){0,3}[^\W\d_a-z][\w'’-]{1,40}(?: [^\W\d_a-z]{1,3}\b\.?)?"
_YEAR = r"\(?(?:19|20)\d\d[a-z]?\b\)?"
_NAMES = rf"(?<!\w){_NAME}(?:(?:,? (?:and|&) |, ){_NAME}){{0,5}}"
_JOURNAL = r"(?:, \*?(?:[^\W\d_a-z][\w.&-]{0,30} ?|of |the |and |& ){1,8}\*?(?=,|$))?"
# A paper by its authors and year, and its journal: "Kim & Lee 2011, Nature", "van der Berg et al.".
_PAPER = re.compile(rf"{_NAMES}(?:,? et al\.?(?:,? {_YEAR})?|,? {_YEAR}){_JOURNAL}")
# The same within a sentence, where "Norway (2012)" and "Metformin 2012" are none.
_SURE_PAPER = re.compile(rf"{_NAMES},? et al\.?(?:,? {_YEAR})?{_JOURNAL}")
_OPEN = re.compile(r"\]\([^()\s]{0,300}\)|(?P<sign>[()])")
_LONGEST_LIST = 1000
# The words of a link that are an identifier or an address themselves.
_IDENTIFIER = re.compile(
    r"(?<![^\W_])(?:10\.\d{4,9}/\S+|PMC\d+|arXiv: ?\d{4}\.\d{4,5}|\d{5,8}(?![^\W_])"
    r"|(?:[a-z\d-]{1,63}\.){1,5}[a-z]{2,24}/\S*)",
    re.IGNORECASE,
)
# The words of a link that only point to what it links: a number that measures nothing, or what it is.
_POINTER = re.compile(
    r"(?<![^\W_])(?<!\d\.)(?:\d{1,4}[a-z]?(?!\.\d| ?[%‰°])|the|this|original|full|text|link|here|ref(?:erence)?s?|"
    r"source|citation|paper|article|study|abstract|preprint|publication|report|review|trial|pdf|html|free|open|access)(?![^\W_])",
    re.IGNORECASE,
)
# "Kim", "Kim and Lee": or a drug, a gene, an animal.
_ONLY_NAMES = re.compile(rf"{_NAME}(?:(?:,? (?:and|&) |, ){_NAME}){{0,5}}")
_WORD = re.compile(r"[^\W_]")
_MOST_WORDS = 200


def number_clauses(text: str, start: int, places: Sequence[Place]) -> list[int]:
    """Return the number of the clause that each citation closes, from 0.

    Args:
        text: of the page, without its tags.
        start: where the claim begins.
        places: of its citations in order.

    >>> text = "It adds bone[^a][^b] and takes fat[^c]."
    >>> number_clauses(text, 0, [Place(12, 16, 12, 12), Place(16, 20, 16, 16), Place(34, 38, 34, 34)])
    [0, 0, 1]
    """
    if len(places) == 1:
        return [0]
    numbers: list[int] = []
    clause, before = 0, start
    for place in places:
        words = text[place.words : place.words_end]
        if numbers and place.start > before:
            between = text[before : place.start]
            is_apart = _separates(between, words, _SURE_PAPER)
            if is_apart and _PAPER.search(between) and _is_in_list(text, start, before, place.start):
                is_apart = _separates(between, words, _PAPER)
            clause += is_apart
        numbers.append(clause)
        before = max(before, place.end)
    return numbers


def _is_in_list(text: str, start: int, before: int, end: int) -> bool:
    """Tell whether a citation is in brackets that opened before the last one, or behind a semicolon: in a list."""
    if text[before : min(end, before + _LONGEST_LIST)].lstrip(")]*_ ").startswith(";"):
        return True
    depth = 0
    for found in _OPEN.finditer(text, max(start, end - _LONGEST_LIST), end):
        if found.start() >= before and (depth == 0 or (found["sign"] == ")" and depth == 1)):
            return False
        if found["sign"]:
            depth = depth + 1 if found["sign"] == "(" else max(0, depth - 1)
    return depth > 0


def _separates(between: str, words: str, names: re.Pattern[str]) -> bool:
    """Tell whether what stands between two citations, or the words of the second's link, says something of its own.

    Args:
        between: what stands there.
        words: of the second's link.
        names: what is the name of a paper there, and no text.
    """
    # Two cells of a row may be of two things that it compares.
    if "|" in between and "|" in _WIKI_LINK.sub(" ", between):
        return True
    if _WORD.search(between):
        bare = names.sub(" ", _ADDRESS.sub(" ", _NOTE_MARK.sub(" ", between)))
        if _WORD.search(_LABEL.sub(" ", bare)):
            return True
    return bool(words) and not names_a_paper(words)


def names_a_paper(words: str) -> bool:
    """Tell whether the words of a link only name what it links, and state nothing.

    >>> [names_a_paper(words) for words in ("Kim et al. 2011", "ref 2", "fat is lost", "Metformin")]
    [True, True, False, False]
    """
    words = _bare(words)
    if len(words) > _MOST_WORDS:
        return False
    bare = _IDENTIFIER.sub(" ", _ADDRESS.sub(" ", words))
    return not _WORD.search(_POINTER.sub(" ", _LABEL.sub(" ", _PAPER.sub(" ", bare))))


def may_name_people(words: str) -> bool:
    """Tell whether the words of a link may be the names of authors alone; those of drugs and genes look like them.

    >>> may_name_people("Kim and Lee"), may_name_people("Metformin"), may_name_people("in mice")
    (True, True, False)
    """
    return _ONLY_NAMES.fullmatch(_bare(words)) is not None


def _bare(words: str) -> str:
    return words.strip(" \n*_[](){}\"'“”‘’.,:;")
