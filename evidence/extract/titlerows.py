"""Rows of tables that are the heading of the rows below them: "| **Human** | | |". They state nothing.

Precision first: a row whose cells are not filled in yet looks the same. So a title is set off from the rows below it,
by its emphasis or as one cell across all columns, or it names an organism, which alone states nothing.
"""

from __future__ import annotations

import re

from evidence.extract.columns import split_cells
from evidence.extract.forms.layout import Block, Layout
from evidence.levels import ORGANISM_WORDS, find_organisms
from evidence.statements.verbs import FINDS, STATES

# Of two columns the second may be what an entry still lacks.
_FEWEST_COLUMNS = 3
# A title and one below it: "Mice", "Females". Where more rows follow each other, they are entries without their cells.
_MOST_TITLES = 2
_LONGEST = 80
_BINOMIAL = 2
_BLANK = " \t\r\n|"
_EMPTY_CELL = re.compile(r"\|[ \t]*\|")
_EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})(?=\S)[^*_]+\1")
# What a title has none of: a sign of change or comparison, a denial, or a word that says what something is or does.
_OF_STATEMENTS = re.compile(
    r"[→←↑↓⇒<>=≥≤±%]|\b(?:no|not|never|without|absent|lack|essential|required|necessary|sufficient|toxic|beneficial|harmful|"
    r"safe|unsafe|effective|ineffective|protective|dispensable|linked|associated|due|unable|higher|lower|greater|fewer|"
    r"longer|shorter|faster|slower|better|worse)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_][\w'’-]*")
# "Aged mice" and "Untreated controls" are no statements, "Mice died" is one.
_NOUNS = frozenset({"control", "controls", "target", "targets", "link", "links", "form", "forms", "support", "works"})


def find_title_rows(layout: Layout) -> set[int]:
    """Return where the rows begin that are the heading of rows below them.

    >>> from evidence.extract.forms.markdown import read_markdown
    >>> page = read_markdown("| Gene | Effect | n |\\n|---|---|---|\\n| **Human** | | |\\n| KL | falls | 7 |")
    >>> len(find_title_rows(page))
    1
    """
    text = layout.text
    found: set[int] = set()
    if not layout.cells and not _EMPTY_CELL.search(text):
        # So most pages of Markdown are done with, at once.
        return found
    waiting: list[Block] = []
    for block in layout.blocks:
        _, start, end, _, _, _, table = block
        if not table:
            continue
        # Most rows have words right behind the bar of their second cell: that look costs the least.
        bar = text.find("|", start + 1, end) + 2
        is_filled = 1 < bar < end and (text[bar] not in _BLANK or "|" in text[start + 1 : end].rstrip(_BLANK))
        if not is_filled:
            if waiting and waiting[0].table != table:
                waiting = []
            waiting.append(block)
        elif waiting:
            if waiting[0].table != table:
                waiting = []
            if len(waiting) <= _MOST_TITLES:
                found.update(one.start for one in waiting if _is_title(layout, one, block))
            waiting = []
    return found


def _is_title(layout: Layout, row: Block, below: Block) -> bool:
    """Tell whether a row of one filled cell, which is its first, is the heading of the filled row below."""
    text, columns = layout.text, _count_columns(layout, below)
    words = text[row.start : row.end].strip(_BLANK)
    if len(words) > _LONGEST or _states(words.strip("*_ ")):
        return False
    cells = layout.cells.get(row.start, ())
    if any(cell.start < row.start for cell in cells):
        # Its first column is that of a row above.
        return False
    if cells and columns > 1 and cells[0].last >= columns:
        return True
    if columns < _FEWEST_COLUMNS:
        return False
    if _EMPHASIS.fullmatch(words):
        return not _EMPHASIS.match(text[below.start : below.end].lstrip(_BLANK))
    return _names_organism(words)


def _names_organism(words: str) -> bool:
    """Tell whether words are the name of an organism, and of nothing in it.

    >>> [_names_organism(words) for words in ("Human", "In mice", "C. elegans", "Mouse lifespan")]
    [True, True, True, False]
    """
    parts = words.casefold().removeprefix("in ").split()
    is_binomial = len(parts) == _BINOMIAL and parts[0].endswith(".") and bool(find_organisms(words))
    return is_binomial or "-".join(parts) in ORGANISM_WORDS


def _count_columns(layout: Layout, row: Block) -> int:
    cells = layout.cells.get(row.start)
    if cells is not None:
        return max((cell.last for cell in cells), default=0)
    return len(split_cells(layout.text, row.start, row.end))


def _states(words: str) -> bool:
    """Tell whether words may state something, or are none."""
    if not _WORDS.search(words) or words.endswith((".", "!", "?", ":")):
        return True
    if FINDS.search(words) or _OF_STATEMENTS.search(words):
        return True
    verbs = (one for one in STATES.finditer(words) if one.group().casefold() not in _NOUNS)
    # A participle that begins a title goes with the noun behind it.
    return any(one.start() > 0 or not one.group().endswith("ed") for one in verbs)
