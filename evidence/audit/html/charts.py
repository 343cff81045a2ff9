"""Where the bars, bubbles and points of the charts stand: numbers in, shares of the drawing out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evidence.audit.html.statuses import CITED, LOOKS
from evidence.audit.html.tally import Cell
from evidence.vocabulary import Status

Link = Callable[[int, Status | None], str | None]


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a bar; x and width are percentages of the drawing."""

    status: Status
    number: int
    x: float
    width: float
    href: str | None = None

    @property
    def sign(self) -> str:
        """The sign of its status."""
        return LOOKS[self.status].sign


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its label and total."""

    label: str
    total: int
    segments: tuple[Segment, ...] = ()
    width: float = 0.0
    href: str | None = None


def _nowhere(_row: int, _status: Status | None = None) -> None:
    return None


def stack(rows: Iterable[tuple[str, Mapping[Status, int]]], link: Link = _nowhere) -> list[Bar]:
    """Return a bar for each row, as long as the drawing, split by status.

    Args:
        rows: label and numbers by status.
        link: where a bar leads to by the number of its row, or a segment of it by its status too.

    >>> [bar] = stack([("genes", {Status.SINGLE_STUDY: 3, Status.REPLICATED: 1})])
    >>> [(one.x, one.width) for one in bar.segments]
    [(0.0, 75.0), (75.0, 25.0)]
    """
    bars = []
    for row, (label, counts) in enumerate(rows):
        total = sum(counts.get(status, 0) for status in CITED)
        segments, x = [], 0.0
        for status in CITED:
            if number := counts.get(status, 0):
                width = 100 * number / total
                segments.append(Segment(status, number, round(x, 3), round(width, 3), link(row, status)))
                x += width
        bars.append(Bar(label, total, tuple(segments), href=link(row, None)))
    return bars


def scale(rows: Sequence[tuple[str, int, str | None]]) -> list[Bar]:
    """Return a bar for each row, in proportion to the longest.

    >>> [bar.width for bar in scale([("a", 8, None), ("b", 2, None)])]
    [100.0, 25.0]
    """
    longest = max((number for _, number, _ in rows), default=0) or 1
    return [Bar(label, number, width=round(100 * number / longest, 3), href=href) for label, number, href in rows]


@dataclass(frozen=True, slots=True)
class Bubble:
    """One cell of the matrix; x is a percentage, row and radius are in rows and pixels."""

    number: int
    x: float
    row: int
    radius: float
    cell: Cell


def bubbles(cells: Mapping[Cell, int], designs: Sequence[str], organisms: Sequence[str], radius: float) -> list[Bubble]:
    """Return a bubble for each cell that has claims; its area is in proportion to their number."""
    most = max(cells.values(), default=0) or 1
    found = []
    for cell, number in cells.items():
        if number:
            x = 100 * (organisms.index(cell.organism) + 0.5) / len(organisms)
            size = max(1.5, radius * math.sqrt(number / most))
            found.append(Bubble(number, round(x, 3), designs.index(cell.design), round(size, 2), cell))
    return found


@dataclass(frozen=True, slots=True)
class Column:
    """The works of one year; heights are percentages of the drawing."""

    year: int
    number: int
    retracted: int
    x: float
    width: float
    height: float
    retracted_height: float
    has_label: bool


def columns(years: Mapping[int, tuple[int, int]], most: int = 60) -> list[Column]:
    """Return a column for each year from the first to the last, at most for the latest `most` of them.

    Args:
        years: by year how many works there are, and how many of them are retracted.
        most: how many years to draw; the table has them all.

    >>> [(one.year, one.height) for one in columns({2018: (4, 1), 2020: (2, 0)})]
    [(2018, 100.0), (2019, 0.0), (2020, 50.0)]
    """
    if not years:
        return []
    last = max(years)
    first = max(min(years), last - most + 1)
    span = range(first, last + 1)
    tallest = max(years.get(year, (0, 0))[0] for year in span) or 1
    step = 1 if len(span) <= _FEW_YEARS else 5 if len(span) <= _SOME_YEARS else 10
    width = 100 / len(span)
    return [
        Column(
            year,
            number,
            retracted,
            round(position * width, 3),
            round(width, 3),
            round(100 * number / tallest, 3),
            round(100 * retracted / tallest, 3),
            year % step == 0,
        )
        for position, year in enumerate(span)
        for number, retracted in [years.get(year, (0, 0))]
    ]


_FEW_YEARS, _SOME_YEARS = 8, 40


def line(shares: Sequence[float | None]) -> list[tuple[float, float] | None]:
    """Return a point for each share, from left to right; x and y are percentages, y from above.

    >>> line([0.5, None, 1.0])
    [(0.0, 50.0), None, (100.0, 0.0)]
    """
    last = max(len(shares) - 1, 1)
    return [
        None if share is None else (round(100 * number / last, 3), round(100 - 100 * share, 3))
        for number, share in enumerate(shares)
    ]
