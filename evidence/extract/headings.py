"""Which columns of a table hold the works that speak against its rows: "Contradicted by", "Evidence against".

What a heading says is said of every citation below it, as the words of a sentence are of its marks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from evidence.extract.columns import split_cells, words_of_heading

_WORKS = (
    r"(?:evidence|stud(?:y|ies)|findings?|results?|papers?|reports?|trials?|data|works?|sources?|references?|refs?|citations?|"
    r"publications?|articles?|literature|observations?|experiments?|groups?|labs?|authors?|pmids?|dois?)"
)
_REPEATED = r"(?:independently )?(?:replicated|reproduced|confirmed)"
_DOES = r"(?:contradict|refute|dispute|disprove|rebut|challenge|oppose)s?"
_DOING = (
    r"(?:against|contradicting|refuting|disputing|disproving|rebutting|challenging|opposing|disagreeing(?: with)?|"
    r"failing to (?:replicate|reproduce|confirm)|"
    rf"(?:which |that )(?:{_DOES}|disagrees?(?: with)?|do(?:es)? not support))"
)
_THE_ROW = (
    r"(?: (?:it|this|(?:the|this|that) (?:claim|statement|finding|hypothesis|view|effect|association|idea|theory)))?"
)
# The whole heading: "Disputed findings" are those of the rows, and "Evidence for and against" is of both.
_AGAINST = re.compile(
    r"(?:contradicted|refuted|disputed|disproved|disproven|rebutted|challenged|opposed|countered|questioned|"
    rf"called into (?:question|doubt)|not (?:{_REPEATED}|supported)) (?:by|in)(?: {_WORKS})?|"
    rf"(?:contradicts|refutes|disputes|disproves|disagrees with|argues against|speaks against){_THE_ROW}|"
    r"(?:contradictory|contradicting|conflicting|contrary|opposing|disconfirming|refuting|disputing|dissenting) "
    rf"{_WORKS}|"
    rf"counter ?(?:evidence|examples?)|contradictions?|arguments? against|{_WORKS} {_DOING}{_THE_ROW}|"
    r"failed (?:to (?:replicate|reproduce|confirm)|replications?|replication (?:attempts?|stud(?:y|ies)|trials?))"
)
# These alone may mean something else (an antibody "against" a protein), unless a column beside them is for the rows.
_AGAINST_OR_ELSE = frozenset({"against", "contra", "opposed", "opposing", "refuting", "contradicting"})
_FOR = re.compile(
    rf"for|pro|in favou?r|support(?:s|ed|ing|ive)?(?: by| {_WORKS})?|{_WORKS} (?:for|supporting|in favou?r)|"
    r"confirm(?:s|ed|ing)(?: by)?"
)
# Each of the headings holds one of these, which costs less to look for.
_HINTS = re.compile(
    r"against|contra|refut|disput|disprov|rebut|challeng|oppos|counter|question|doubt|not\s|fail|disagree|conflict|"
    r"dissent|disconfirm",
    re.IGNORECASE,
)
# A cell may say that there is nothing: "none [^a]", "no known ones". "No effect in men [^a]" speaks against the row.
_NOTHING = re.compile(
    r"[\s*_(]*(?:(?:none|nothing|nobody|no|n/?a|0|[–—-])"
    r"(?: (?:found|known|reported|identified|published|so far|yet|to date|as of \S+))*(?=[\s*_]*(?:[\[.,;:()|<]|$))|"
    r"no (?:known|contrary|contradict\w+|opposing|such) )",
    re.IGNORECASE,
)


class Opposing:
    """Tells which citations of a table stand below a heading that sets them against their row."""

    def __init__(self, text: str, start: int, end: int) -> None:
        """Read the header of a table, which stands from `start` to `end`."""
        self._text = text
        self._columns: frozenset[int] = frozenset()
        self._width = 0
        if start < end and _HINTS.search(text, start, end):
            headings = [text[begin:stop] for begin, stop in split_cells(text, start, end)]
            self._width = len(headings)
            self._columns = opposing_columns(headings)

    def find(self, start: int, end: int, offsets: Sequence[int]) -> list[bool]:
        """Tell of each offset in the row from `start` to `end` whether it stands below such a heading.

        A row of fewer cells than its header may have lost one to a cell above it that spans both: nothing is told.
        """
        cells = split_cells(self._text, start, end, self._width) if self._columns else []
        if not cells or len(cells) != self._width:
            return [False] * len(offsets)
        begins = [begin for begin, _ in cells]
        against = {index for index in self._columns if not _NOTHING.match(self._text, *cells[index])}
        return [bisect_right(begins, offset) - 1 in against for offset in offsets]


def opposing_columns(headings: Sequence[str]) -> frozenset[int]:
    """Return the columns, from 0, whose headings set the works below them against the rows.

    >>> sorted(opposing_columns(["Claim", "Source", "Contradicted by"]))
    [2]
    >>> sorted(opposing_columns(["Claim", "For", "Against"])), sorted(opposing_columns(["Antibody", "Against"]))
    ([2], [])
    >>> sorted(opposing_columns(["Claim", "Evidence for/against", "Contradicts?"]))
    []
    """
    # What is asked is answered in the cell.
    words = ["" if "?" in heading else " ".join(words_of_heading(heading)) for heading in headings]
    is_paired = any(map(_FOR.fullmatch, words))
    return frozenset(
        index
        for index, heading in enumerate(words)
        if _AGAINST.fullmatch(heading) or (is_paired and heading in _AGAINST_OR_ELSE)
    )
