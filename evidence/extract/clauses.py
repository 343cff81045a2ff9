"""Which citations of a claim close the same clause: the text since the previous one is a clause of its own.

Source:
    EVIDENCE.md section 3.4 of the design.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from evidence.extract.forms.layout import Link

# What may stand between two citations of one clause: the rest of a link and the beginning of the next, labels of
# identifiers, the names of papers, and words that only join. Anything else is text of another clause.
_LINK_REST = re.compile(r"[^\s\[\]()]*\)")
_WORDS = r"\[([^\]\[]*(?:\[[^\]\[]*\][^\]\[]*)*)\]"
_LINK_BEGIN = re.compile(rf"!?{_WORDS}\([^)\s]*$")
_LINK_USE = re.compile(rf"!?{_WORDS}")
_LINK = re.compile(r"\]\([^()\s]*\)")
_NOTE_MARK = re.compile(r"\[\^[^\]]*\]")
# An address, or the rest of one that is encoded; looked for at the beginning of a word only, however long that is.
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s()\[\]]*|(?<![^\s()\[\]])[^\s()\[\]]*%[0-9A-Fa-f]{2}\S*")
_LABEL = re.compile(
    r"(?<![^\W_])(?:dois?|pmids?|pmcids?|pmc|pubmed|uid|and|or|also|see|as well as|plus|e\.g\.|cf)(?![^\W_])",
    re.IGNORECASE,
)
_NAME = r"(?:(?:van|von|de|der|den|di|da|del|la|le|ter|ten) ){0,3}[^\W\d_a-z][\w'’-]{1,40}(?: [^\W\d_a-z]{1,3}\b\.?)?"
_YEAR = r"\(?(?:19|20)\d\d[a-z]?\b\)?"
# A paper by its authors and year, and its journal: "Kim & Lee 2011, Nature", "van der Berg et al.".
_PAPER = re.compile(
    rf"(?<!\w){_NAME}(?:(?:,? (?:and|&) |, ){_NAME}){{0,5}}(?:,? et al\.?(?:,? {_YEAR})?|,? {_YEAR})"
    r"(?:, \*?(?:[^\W\d_a-z][\w.&-]{0,30} ?|of |the |and |& ){1,8}\*?(?=,|$))?"
)
# The words of a link that only point to what it links: a number, or what it is. In brackets a name alone does, too.
_POINTER = re.compile(
    r"(?:\d{1,4}[a-z]?|the|this|original|full|text|link|here|ref(?:erence)?s?|source|citation|paper|article|study|"
    r"abstract|preprint|publication|report|review|trial|pdf|html|free|open|access)(?![^\W_])",
    re.IGNORECASE,
)
# Symbols of genes and proteins, and who was studied: written as names are, and the subject of the words before them.
_NO_NAME = (
    r"[\w'’-]*(?:\d|[A-Z]{2})|(?i:mice|mouse|rats?|humans?|people|patients|men|women|boys|girls|children|adults|"
    r"yeast|worms|flies|fish|zebrafish|monkeys|primates|dogs|pigs|cells)(?![\w'’-])"
)
_BARE_NAME = rf"(?!{_NO_NAME}){_NAME}"
_ONLY_NAMES = re.compile(rf"{_BARE_NAME}(?:(?:,? (?:and|&) |, ){_BARE_NAME}){{0,5}}")
_WORD = re.compile(r"[^\W_]")
_MOST_WORDS = 200


class _Cited(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class _Place(NamedTuple):
    """A citation with the link that it stands in, and the words of that link."""

    start: int
    end: int
    words: str = ""


def number_clauses(text: str, start: int, cited: Sequence[_Cited], links: Sequence[Link] = ()) -> list[int]:
    """Return the number of the clause that each citation closes, from 0.

    Args:
        text: of the page, without its tags.
        start: where the claim begins.
        cited: its citations in order.
        links: of a page with tags, in order: the text does not show where these stand.

    >>> from evidence.extract.forms.layout import Mark
    >>> text = "It adds bone[^a][^b] and takes fat[^c]."
    >>> number_clauses(text, 0, [Mark("a", 12, 16), Mark("b", 16, 20), Mark("c", 34, 38)])
    [0, 0, 1]
    """
    if len(cited) == 1:
        return [0]
    numbers: list[int] = []
    clause, before = 0, start
    begin = start
    for one in cited:
        place = _place_of(text, before, one, links)
        if numbers and place.start > before and _separates(text, begin, before, place):
            clause += 1
            begin = before
        numbers.append(clause)
        before = max(before, place.end)
    return numbers


def _place_of(text: str, before: int, one: _Cited, links: Sequence[Link]) -> _Place:
    """Return where a citation stands, with its link; what stands before it was read already."""
    if links:
        at = bisect_right(links, one.start, key=lambda link: link.start) - 1
        if at >= 0 and one.start < links[at].end:
            link = links[at]
            return _Place(link.start, link.end, text[link.words : link.end])
    used = _LINK_USE.match(text, one.start, one.end)
    if used and not text.startswith("[^", one.start):
        return _Place(one.start, one.end, used.group(1))
    opened = _LINK_BEGIN.search(text[before : one.start])
    if opened is None:
        return _Place(one.start, one.end)
    rest = _LINK_REST.match(text, one.end)
    return _Place(before + opened.start(), rest.end() if rest else one.end, opened.group(1))


def _separates(text: str, begin: int, before: int, place: _Place) -> bool:
    """Tell whether what stands between two citations, or the words of the second's link, says something of its own.

    Args:
        text: of the page.
        begin: where the clause of the first begins.
        before: where the first ends.
        place: of the second.
    """
    between = text[before : place.start]
    if _WORD.search(between):
        bare = _ADDRESS.sub(" ", _NOTE_MARK.sub(" ", between))
        # Papers in two cells may be of two things that a row compares.
        bare = bare if "|" in bare else _PAPER.sub(" ", bare)
        if _WORD.search(_LABEL.sub(" ", bare)):
            return True
    return bool(place.words) and not names_a_paper(place.words, is_bracketed=_is_bracketed(text[begin:before]))


def names_a_paper(words: str, *, is_bracketed: bool) -> bool:
    """Tell whether the words of a link only name what it links, and state nothing.

    >>> names_a_paper("Kim et al. 2011", is_bracketed=False), names_a_paper("fat is lost", is_bracketed=False)
    (True, False)
    """
    words = words.strip(" \n*_[](){}\"'“”‘’.,:;")
    if len(words) > _MOST_WORDS:
        return False
    bare = _POINTER.sub(" ", _LABEL.sub(" ", _ADDRESS.sub(" ", _PAPER.sub(" ", words))))
    if not _WORD.search(bare) or "/" in bare or words.startswith("10."):
        return True
    return is_bracketed and _ONLY_NAMES.fullmatch(words) is not None


def _is_bracketed(clause: str) -> bool:
    """Tell whether a bracket is open at the end of a clause; those of links do not count."""
    bare = _LINK.sub("]", clause)
    return bare.count("(") > bare.count(")") or bare.count("[") > bare.count("]")
