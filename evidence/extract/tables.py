"""Tables with telling headers: the identifiers that their columns add, and the interaction that each row states."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from evidence.extract.columns import Columns, read_header, read_row, with_minuses
from evidence.extract.forms.layout import Block, Layout
from evidence.extract.grid import cells_of, header_of, headings_of, spans_by_column
from evidence.records import Identifier, Interaction

# A header without one of these tells nothing that is used. Most have none, and this look is cheaper than reading them.
_TELLING = re.compile(r"pm|pub|reg|tf|transcr|source", re.IGNORECASE)


def read_tables(layout: Layout, identifiers: Sequence[Identifier]) -> tuple[list[Identifier], dict[int, Interaction]]:
    """Return what the headers of a page's tables add to its rows.

    Args:
        layout: the page.
        identifiers: those that stand on the page for themselves, in order.

    Returns:
        The identifiers that are bare numbers below a heading such as "PMID", and the interactions by where their row
        begins.

    >>> from evidence.extract.forms.markdown import read_markdown
    >>> page = read_markdown("| TF | Target | PMID |\\n|---|---|---|\\n| RUNX2 | SPP1 | 12186862 |")
    >>> found, interactions = read_tables(page, [])
    >>> found[0].value, [one.target for one in interactions.values()]
    ('12186862', ['SPP1'])
    """
    text = layout.text
    headers: dict[int, Columns] = {}
    for table in layout.headers:
        start, end = header_of(layout, table)
        if start < end and _TELLING.search(text, start, end):
            columns = read_header(headings_of(layout, table)[-1])
            if columns is not None:
                headers[table] = columns
    added: list[Identifier] = []
    interactions: dict[int, Interaction] = {}
    if not headers:
        return added, interactions
    rows: dict[int, list[tuple[Block, list[tuple[int, int]]]]] = defaultdict(list)
    for block in layout.blocks:
        if (known := headers.get(block.table)) is not None:
            cells = cells_of(layout, block.start, block.end, known.width)
            rows[block.table].append((block, spans_by_column(cells, text, known.width)))
    starts = [one.start for one in identifiers]
    for table, same in rows.items():
        columns = with_minuses(headers[table], [spans for _, spans in same], text)
        title: tuple[str, ...] = ()
        for block, spans in same:
            inside = identifiers[bisect_left(starts, block.start) : bisect_left(starts, block.end)]
            row = read_row(columns, spans, text, inside)
            # A cell of a row above that reaches into this one names its partner; what it cites is that row's.
            added += [one for one in row.identifiers if one.start >= block.start]
            here = _title_of(spans, text)
            if here and not row.identifiers:
                title = here
            elif row.interaction is not None:
                context = (*row.interaction.context, *title)
                interactions[block.start] = row.interaction._replace(context=context) if title else row.interaction
    return added, interactions


def _title_of(spans: Sequence[tuple[int, int]], text: str) -> tuple[str, ...]:
    """Return the words of a row of one cell between others ("| **Human** | | |"), which the rows below it are about."""
    filled = [words for start, end in set(spans) if (words := text[start:end].strip("*_ \n"))]
    return tuple(filled) if len(filled) == 1 else ()
