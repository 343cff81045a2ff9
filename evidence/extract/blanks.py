"""The text of a claim without the blanks that stand for the tags of a page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from evidence.extract.places import AROUND, BEHIND, Place

_RUN = re.compile(r" {2,}")
# No blank stands before these.
_CLOSING = (".", ",", ";", ":", ")")


def without_blanks(text: str, start: int, places: Sequence[Place]) -> tuple[str, int, list[Place]]:
    """Return what a reader sees of a claim of a page with tags; where it begins in that, and its places.

    Two blanks are left of a run between a comma and a mark, where nobody can tell whether the mark was glued to it.

    >>> without_blanks("Bone falls,    [^a]    but    [^b]    did not.", 0, [Place(15, 21, 15, 15)])
    ('Bone falls,  [^a] but [^b] did not.', 0, [Place(start=13, end=17, words=13, words_end=13)])
    """
    at = max(0, start - AROUND)
    part = text[at : (places[-1].end if places else start) + BEHIND]
    if "  " not in part:
        return text, start, list(places)
    kept: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    # Where each run begins and ends in what is seen.
    seen: list[tuple[int, int]] = []
    last = length = 0
    for run in _RUN.finditer(part):
        begin, end = run.span()
        kept.append(part[last:begin])
        length += begin - last
        begins.append(begin)
        ends.append(end)
        blank = _blank(part, begin, end)
        kept.append(blank)
        seen.append((length, length + len(blank)))
        length += len(blank)
        last = end
    kept.append(part[last:])

    def find(position: int) -> int:
        position -= at
        index = bisect_right(begins, position) - 1
        if index < 0:
            return position
        begin, end = seen[index]
        return begin if position < ends[index] else end + position - ends[index]

    return "".join(kept), find(start), [Place(*map(find, place)) for place in places]


def _blank(part: str, begin: int, end: int) -> str:
    """Return what a reader sees of a run of blanks."""
    if part.startswith(_CLOSING, end):
        return ""
    return "  " if part.startswith("[^", end) and part.endswith(",", 0, begin) else " "
