"""Which cell of a row stands below which heading, in tables of any form."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from evidence.extract.columns import GAP_TAG, split_cells, trim
from evidence.extract.forms.htmlgrid import MOST_COLUMNS
from evidence.extract.forms.htmltags import TAG
from evidence.extract.forms.htmltext import claim_text
from evidence.extract.forms.layout import Cell, Layout, Mark

# A header has few rows, and a heading few words; in a page with tags the spaces that are left of these are many.
_MOST_ROWS = 8
_LONGEST_HEADING = 4000
# It stands with each of the rows that it spans, which may be as many as a page has.
_LONGEST_SUBJECT = 300
_first = attrgetter("first")


def header_of(layout: Layout, table: int) -> tuple[int, int]:
    """Return the span of the header of a table, of all its rows; an empty one where there is none."""
    heads = layout.heads.get(table)
    return (heads[0][0].start - 1, max(cell.end for cell in heads[-1])) if heads else layout.headers.get(table, (0, 0))


def headings_of(layout: Layout, table: int) -> list[list[str]]:
    """Return the headings of a table, each at its column, by the rows of the header from top to bottom.

    A row of one heading above others is the title of the table, and none of its columns.

    >>> from evidence.extract.forms.html import read_html
    >>> page = read_html("<table><tr><th rowspan=2>Claim<th colspan=2>Evidence<tr><th>for<th>against</table>")
    >>> headings_of(page, 1)
    [['Claim', 'Evidence', 'Evidence'], ['Claim', 'for', 'against']]
    """
    text, heads = layout.text, layout.heads.get(table)
    if not heads:
        start, end = layout.headers.get(table, (0, 0))
        return [[text[begin:stop] for begin, stop in split_cells(text, start, end)]] if start < end else []
    heads = [row for row in heads if len(row) > 1][-_MOST_ROWS:] or heads[:1]
    width = max(len(row) for row in heads)
    width = max(width, min(MOST_COLUMNS, max(cell.last for row in heads for cell in row)))
    return [_headings(spans_by_column(row, text, width), text, width) for row in heads]


def _headings(spans: Sequence[tuple[int, int]], text: str, width: int) -> list[str]:
    # One heading may span many columns: its words are taken from the page once.
    words = {span: text[slice(*span)] if span[1] - span[0] <= _LONGEST_HEADING else "" for span in set(spans)}
    return [*(words[span] for span in spans), *[""] * (width - len(spans))]


def cells_of(layout: Layout, start: int, end: int, width: int) -> Sequence[Cell]:
    """Return the cells of a row, then those of rows above that reach into it.

    Args:
        layout: the page.
        start: where the row begins.
        end: where the row ends.
        width: the number of columns of its table.

    Source:
        GitHub Flavored Markdown 0.29, tables: missing cells are empty ones at the end, excess ones are ignored.
    """
    placed = layout.cells.get(start)
    if placed is not None:
        return placed
    spans = split_cells(layout.text, start, end, width)
    return [Cell(begin, stop, column, column + 1) for column, (begin, stop) in enumerate(spans)]


def spans_by_column(cells: Sequence[Cell], text: str, width: int) -> list[tuple[int, int]]:
    """Return, for each column of a row, the span of the cell there, trimmed; columns at its end without are left out.

    >>> spans_by_column([Cell(1, 4, 1, 3)], "| a |", 4)
    [(0, 0), (2, 3), (2, 3)]
    """
    width = min(width, max((cell.last for cell in cells), default=0))
    spans = [(0, 0)] * width
    for cell in reversed(cells):
        last = min(cell.last, width)
        spans[cell.first : last] = [trim(text, cell.start, cell.end)] * (last - cell.first)
    return spans


def subjects_above(layout: Layout, text: str) -> dict[int, str]:
    """Return, by where a row begins, the words of cells of rows above that stand before its own ones.

    "RUNX2" that spans two rows is what both of them tell of. What such a cell cites is cited by the row that it begins
    in, so its marks and tags are left out.

    Args:
        layout: the page.
        text: its text, with the tags.

    >>> from evidence.extract.forms.html import read_html
    >>> page = "<table><tr><td rowspan=2>RUNX2<td>raises SPP1<tr><td>lowers IBSP</table>"
    >>> list(subjects_above(read_html(page), page).values())
    ['RUNX2']
    """
    marks = layout.marks
    begins = [mark.start for mark in marks]
    words: dict[tuple[int, int], str] = {}

    def read(cell: Cell) -> str:
        span = (cell.start, cell.end)
        if span not in words:
            inside = marks[bisect_left(begins, cell.start) : bisect_left(begins, cell.end)]
            words[span] = _words_of(text, cell, inside)
        return words[span]

    subjects = {}
    for start, cells in layout.cells.items():
        first = min((cell.first for cell in cells if cell.start > start), default=0)
        above = sorted((cell for cell in cells if cell.start <= start and cell.first < first), key=_first)
        told = " ".join(filter(None, map(read, above)))
        if told and len(told) <= _LONGEST_SUBJECT:
            subjects[start] = told
    return subjects


def _words_of(text: str, cell: Cell, marks: Sequence[Mark]) -> str:
    # A cell begins behind the sign of its tag.
    tag = TAG.match(text, cell.start - 1)
    at = tag.end() if tag is not None else cell.start
    if cell.end - at > _LONGEST_HEADING:
        return ""
    parts = []
    for mark in marks:
        parts.append(text[at : max(at, mark.start)])
        at = max(at, mark.end)
    return " ".join(GAP_TAG.sub(" ", claim_text("".join([*parts, text[at : cell.end]]))).split())
