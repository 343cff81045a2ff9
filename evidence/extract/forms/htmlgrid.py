"""At which columns the cells of an HTML table stand, some of which span several columns and rows.

Source:
    WHATWG, HTML, "Forming a table" (12 steps for a row, and how a group of rows ends) and "Rules for parsing
    non-negative integers".
"""

from __future__ import annotations

import re
from operator import itemgetter

from evidence.extract.forms.htmltags import attributes_of
from evidence.extract.forms.layout import Cell

_SPANS = re.compile(r"(?:col|row)span", re.IGNORECASE)
_NUMBER = re.compile(r"[ \t\n\r\f]*([+-]?[0-9]{1,9})")
_MOST_COLUMNS_SPANNED, _MOST_ROWS_SPANNED = 1000, 65534
# What stands further to the right is not looked at: a page of nothing but spans must not cost its square.
MOST_COLUMNS = 100


class Grid:
    """The columns of one table, whose rows are told in order."""

    def __init__(self) -> None:
        """Begin a table."""
        # The cells of the row that is open: where each begins, and how many columns and rows it spans.
        self._open: list[tuple[int, int, int]] = []
        self._row = 0
        self._has_spans = False
        # By column, the last cell that reaches into rows below its own, and the first row that it does not reach.
        self._above: list[tuple[int, Cell | None]] = []

    def add(self, begin: int, written: str) -> None:
        """Add a cell to the row that is open; `begin` is the offset of its tag, `written` its attributes."""
        columns, rows = spans_of(written) if written else (1, 1)
        self._has_spans = self._has_spans or columns > 1 or rows > 1
        self._open.append((begin, columns, rows))

    def end_row(self, end: int, *, is_header: bool) -> tuple[Cell, ...] | None:
        """End a row: return its cells, then those of rows above that reach into it.

        None where each cell stands at the column of its number: in rows of a table without spans so far. A header is
        told always.
        """
        opened, self._open = self._open, []
        if not (self._has_spans or is_header):
            return None
        cells: list[Cell] = []
        below: list[tuple[int, Cell]] = []
        column = 0
        for number, (begin, columns, rows) in enumerate(opened, 1):
            stop = opened[number][0] if number < len(opened) else end
            while column < len(self._above) and self._above[column][0] > self._row:
                column += 1
            if column >= MOST_COLUMNS and self._has_spans:
                break
            cells.append(Cell(begin + 1, stop, column, column + columns))
            if rows > 1:
                below.append((self._row + rows, cells[-1]))
            column += columns
        cells += dict.fromkeys(cell for until, cell in self._above if until > self._row and cell is not None)
        for until, cell in below:
            last = min(cell.last, MOST_COLUMNS)
            self._above += [(0, None)] * (last - len(self._above))
            # Where two overlap the one that reaches further down keeps the column.
            for column in range(cell.first, last):
                self._above[column] = max(self._above[column], (until, cell), key=itemgetter(0))
        self._row += 1
        return tuple(cells)

    def end_group(self) -> None:
        """End a group of rows: no cell reaches beyond it."""
        self._above = []


def spans_of(written: str) -> tuple[int, int]:
    """Return how many columns and rows a cell spans, as a browser reads its attributes.

    >>> spans_of(' colspan="2" rowspan=0'), spans_of(" colspan=99999999 rowspan=-1"), spans_of(' colspan="two"')
    ((2, 65534), (1000, 1), (1, 1))
    """
    if not _SPANS.search(written):
        return 1, 1
    attributes = attributes_of(written)
    columns, rows = (_number(attributes.get(name, "")) for name in ("colspan", "rowspan"))
    return (
        min(columns or 1, _MOST_COLUMNS_SPANNED),
        # None is all that are left of the group.
        1 if rows is None else min(rows or _MOST_ROWS_SPANNED, _MOST_ROWS_SPANNED),
    )


def _number(value: str) -> int | None:
    """Return the number that an attribute begins with; none below zero counts."""
    found = _NUMBER.match(value)
    return int(found[1]) if found is not None and int(found[1]) >= 0 else None
