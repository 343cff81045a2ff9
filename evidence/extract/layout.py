"""What a reader of one format hands on: where the blocks, marks and definitions of a page stand.

Each reader (`markdown.py`, `html.py`, `plaintext.py`) makes a `Layout`; what follows (claims, notes) is the same for
all of them. `Layout.text` has the length of the file, so that one offset serves both: a reader that must drop markup
puts spaces in its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from evidence.records import Problem
from evidence.vocabulary import ClaimKind


class Block(NamedTuple):
    """A paragraph, list item or table row: what claims are read from.

    `depth` is the indentation of a list item. `table` numbers the tables of a page from 1; 0 is no table.
    """

    kind: ClaimKind
    start: int
    end: int
    line: int
    section: tuple[str, ...]
    depth: int = 0
    table: int = 0


class Mark(NamedTuple):
    """One reference to a note: `[^k]`. A list of keys in one pair of brackets gives one mark for each."""

    key: str
    start: int
    end: int


class Definition(NamedTuple):
    """Where the text of a note stands; `line` is that of its key."""

    key: str
    start: int
    end: int
    line: int


@dataclass(slots=True)
class Layout:
    """The blocks, marks and definitions of one page, each list in the order of the page.

    `headers` are the header rows of tables by their number. `code` are the spans of fences and comments: nothing in
    them is read. `bare_marks` says that marks are written as numbers.
    """

    text: str
    title: str | None = None
    blocks: list[Block] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    headers: dict[int, tuple[int, int]] = field(default_factory=dict)
    code: list[tuple[int, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    bare_marks: bool = False


def position(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column of an offset, both from 1.

    >>> position("ab\\ncd", 4)
    (2, 2)
    """
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
