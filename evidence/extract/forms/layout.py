"""What a reader of one format hands on: where the blocks, marks and definitions of a page stand.

Each reader (`markdown.py`, `html.py`, `plaintext.py`) makes a `Layout`; what follows (claims, notes) is the same for
all of them. `Layout.text` has the length of the file, so that one offset serves both: a reader that must drop markup
puts spaces in its place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from evidence.records import Problem
from evidence.vocabulary import ClaimKind

_NEWLINE = re.compile("\n")
# What makes a claim of the title of a box: it cites, has a tag, or is a sentence to its stop.
_SAYS_MORE = re.compile(
    r"\[\^|\[-?@|\[\d|\b10\.\d{4}|\bPM(?:ID|CID|C)\b|\bPMC\d|://|#gap/|[.!][\"'”’)\]*_`]*\s*$", re.IGNORECASE
)


def is_box_title(words: str) -> bool:
    """Tell whether the words that head a box, such as a callout, are a heading and no statement.

    >>> is_box_title("What mice tell"), is_box_title("Mice lose bone.[^a]"), is_box_title("Mice lose bone.")
    (True, False, False)
    """
    return _SAYS_MORE.search(words) is None


class Block(NamedTuple):
    """A paragraph, list item or table row: what claims are read from.

    `depth` is the indentation of a list item or paragraph: what is within an item is deeper. `table` numbers the tables
    of a page from 1; 0 is no table.
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


class LinkUse(NamedTuple):
    """One use of a link whose address stands elsewhere: `[words][label]`."""

    label: str
    start: int
    end: int


class Link(NamedTuple):
    """A link to a paper in a page with tags, which its text does not show; `words` is where its words begin."""

    start: int
    words: int
    end: int


class Spanned(Protocol):
    """Something that stands from one offset of a page to another."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where what follows begins."""


def link_at(links: Sequence[Link], offset: int) -> Link | None:
    """Return the link of a page with tags that an offset stands in.

    >>> link_at([Link(3, 5, 9)], 4), link_at([Link(3, 5, 9)], 9)
    (Link(start=3, words=5, end=9), None)
    """
    at = bisect_right(links, offset, key=lambda link: link.start) - 1
    return links[at] if at >= 0 and offset < links[at].end else None


class Cell(NamedTuple):
    """One cell of a table: where it stands, its first column, counted from 0, and the one before which it ends."""

    start: int
    end: int
    first: int
    last: int


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
    them is read. `links` are the spans of addresses by their label in lower case. `inline_notes` are the spans of notes
    within sentences, which do not end there. `bare_marks` says that marks are written as numbers. `tag_links` are the
    links that are written as tags. `silent` are the spans within blocks that state nothing, such as comments, in order.
    `unsure` are the keys of marks of which nobody can tell what they cite, with the
    reason. `heads` are the header rows of tables with tags, by their number, and `cells` those of their other rows, by
    where these begin, as far as cells there span several columns or rows: see `htmlgrid.py`.
    """

    text: str
    title: str | None = None
    blocks: list[Block] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    headers: dict[int, tuple[int, int]] = field(default_factory=dict)
    code: list[tuple[int, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    links: dict[str, tuple[int, int]] = field(default_factory=dict)
    link_uses: list[LinkUse] = field(default_factory=list)
    inline_notes: list[tuple[int, int]] = field(default_factory=list)
    bare_marks: bool = False
    tag_links: list[Link] = field(default_factory=list)
    silent: list[tuple[int, int]] = field(default_factory=list)
    unsure: dict[str, str] = field(default_factory=dict)
    heads: dict[int, list[tuple[Cell, ...]]] = field(default_factory=dict)
    cells: dict[int, tuple[Cell, ...]] = field(default_factory=dict)


class Positions:
    """Tells the line and column of offsets, both from 1; the lines are counted once, when first asked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[int] | None = None

    def of(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset.

        >>> Positions("ab\\ncd").of(4)
        (2, 2)
        """
        if self._starts is None:
            self._starts = [0, *(found.end() for found in _NEWLINE.finditer(self._text))]
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
