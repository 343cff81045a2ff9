"""Which citations of a claim close the same clause: the text since the previous mark is a clause of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

# What may stand between two marks of one clause: the rest of a link and the beginning of the next, labels of
# identifiers, the names of papers, and words that only join. Anything else is text of another clause.
_LINK_REST = re.compile(r"^[^\s\[\]()]*\)")
_LINK_BEGIN = re.compile(r"!?\[[^\]\[]*\]\([^)\s]*$")
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
_WORD = re.compile(r"[^\W_]")


class MarkPlace(NamedTuple):
    """One citation in its claim: the note's key or the identifier's value, and its span in the page."""

    key: str
    is_note: bool
    start: int
    end: int


def number_clauses(text: str, start: int, marks: Sequence[MarkPlace]) -> list[int]:
    """Return the number of the clause that each citation closes, from 0.

    Args:
        text: the claim, as written or (of an HTML page) as a reader sees it.
        start: where the claim begins in its page.
        marks: its citations in order.

    >>> text = "It adds bone[^a][^b] and takes fat[^c]."
    >>> marks = [MarkPlace(key, True, at, at + 4) for key, at in (("a", 12), ("b", 16), ("c", 34))]
    >>> number_clauses(text, 0, marks)
    [0, 0, 1]
    """
    numbers: list[int] = []
    clause, before = 0, None
    cursor = 0
    for mark in marks:
        place = _find(text, start, mark, cursor)
        if before is not None and (place is None or _separates(text[before : place[0]])):
            clause += 1
        numbers.append(clause)
        if place is not None:
            cursor = before = max(before or 0, place[1])
        elif before is None:
            before = 0
    return numbers


def _find(text: str, start: int, mark: MarkPlace, cursor: int) -> tuple[int, int] | None:
    """Return where a mark stands in the text: by its span, or, where the text is not as written, by its words."""
    first, last = mark.start - start, mark.end - start
    if 0 <= first < last <= len(text) and mark.key.casefold() in text[first:last].casefold():
        return first, last
    wanted = f"[^{mark.key}]" if mark.is_note else mark.key
    at = text.find(wanted, cursor)
    return None if at < 0 else (at, at + len(wanted))


def _separates(between: str) -> bool:
    """Tell whether the text between two marks says something of its own."""
    if not _WORD.search(between):
        return False
    bare = _LINK_BEGIN.sub(" ", _LINK_REST.sub(" ", between))
    bare = _ADDRESS.sub(" ", _NOTE_MARK.sub(" ", bare))
    # Papers in two cells may be of two things that a row compares.
    bare = bare if "|" in bare else _PAPER.sub(" ", bare)
    return bool(_WORD.search(_LABEL.sub(" ", bare)))
