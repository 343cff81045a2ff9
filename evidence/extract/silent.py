"""What states nothing within blocks, comments and tags that are struck out: no claim begins or ends with it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence

from evidence.extract.forms.layout import Block
from evidence.vocabulary import ClaimKind

_Spans = list[tuple[int, int]]
# White space, with the signs of a quote at the head of its next line.
_SPACE = re.compile(r"\s*+(?:(?<=\n)>[>\s]*+)?")


class Silent:
    """The spans of one page that state nothing."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int]]) -> None:
        """Take the spans, in order; none overlaps another."""
        self._text = text
        self._spans = spans
        self._starts = [begin for begin, _ in spans]
        self._ends = [end for _, end in spans]

    def trim(self, start: int, end: int) -> tuple[int, int]:
        """Return a span without what states nothing at its ends; empty where there is nothing else.

        >>> Silent("<!-- a --> Bone. <!-- b -->", [(0, 10), (17, 27)]).trim(0, 27)
        (11, 16)
        """
        text = self._text
        index = bisect_left(self._starts, start)
        while index < len(self._spans) and self._starts[index] == start < end:
            found = _SPACE.match(text, self._ends[index], end)
            start = found.end() if found else self._ends[index]
            index += 1
        index = bisect_left(self._ends, end)
        while 0 <= index < len(self._ends) and self._ends[index] == end > start:
            end = self._starts[index]
            while end > start and text[end - 1].isspace():
                end -= 1
            index -= 1
        return start, max(start, end)

    def trim_blocks(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """Yield the blocks that state something, without what states nothing at their ends; rows as they are."""
        for block in blocks:
            start, end = self.trim(block.start, block.end)
            if block.kind is ClaimKind.TABLE_ROW or end == block.end:
                yield block
            elif start < end:
                yield block._replace(end=end)

    def leave_out_of(self, split: Callable[[int, int], _Spans]) -> Callable[[int, int], _Spans]:
        """Return what cuts a stretch into sentences without what states nothing at their ends."""

        def split_spoken(start: int, end: int) -> _Spans:
            spans = [self.trim(*span) for span in split(start, end)]
            return [span for span in spans if span[0] < span[1]]

        return split_spoken
