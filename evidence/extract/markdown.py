"""Markdown -> `Layout`: one pass over the lines, no tree.

Only what claims and notes need is told apart: fences and comments (skipped), headings, list items, table rows,
paragraphs and footnote definitions. Offsets are exact and every definition is kept, also doubled and unused ones,
which Markdown libraries drop.
"""

from __future__ import annotations

import re

from evidence.extract.layout import Block, Definition, Layout, Mark, Positions
from evidence.records import Problem
from evidence.vocabulary import ClaimKind

_SENTENCE, _ITEM, _ROW = ClaimKind.SENTENCE, ClaimKind.LIST_ITEM, ClaimKind.TABLE_ROW

_DEFINITION = re.compile(r"\[\^([^\]\s]+)\]:[ \t]*")
_ITEM_MARK = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]+(?:\[[ xX/-]\][ \t]+)?|$)")
_HEADING = re.compile(r"#{1,6}(?=[ \t]|$)")
_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$")
_RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_MARK = re.compile(r"\[\^([^\[\]\n]{1,300})")
_KEY = re.compile(r"\s*\^?\s*([^\s,;|]+)")
_HEADING_MARKUP = re.compile(r"\[\^[^\]]*\]|\*\*|__|`|[ \t]#+[ \t]*$")
_CALLOUT = re.compile(r"\[![\w-]+\][+-]?[ \t]*")
# Lines that begin with anything else are plain text, which is the common case and the fast one.
_SPECIAL = frozenset("#-*+|>`~[<=_%:0123456789")
_BULLETS = frozenset("-*+")
# The last characters of a rule or delimiter, and the first of an item's text that need a closer look.
_RULE_ENDS = frozenset("-*:|")
_ITEM_STARTS = frozenset(" \t[")
_DELIMITER_SIGNS = "|:- \t"
_MAX_QUOTE_DEPTH = 32
_MAX_SECTION = 200


# Half of a block's cost would be its constructor, which only puts the fields in this order.
_new = tuple.__new__


def read_markdown(text: str, start: int = 0) -> Layout:
    """Return the layout of a Markdown page.

    Args:
        text: the whole file, as decoded.
        start: where the body begins, behind the front matter.

    Returns:
        Blocks, marks and definitions with offsets into `text`.

    Source:
        CommonMark 0.31 for blocks, GitHub's and Obsidian's footnotes for marks and definitions.

    >>> layout = read_markdown("A claim.[^a]\\n\\n[^a]: doi:10.1000/x")
    >>> layout.definitions[0].key, layout.marks[0].start
    ('a', 8)
    """
    scanner = _Scanner(text, start)
    scanner.scan()
    layout = scanner.layout
    layout.marks = _find_marks(text, start, layout)
    return layout


class _Scanner:
    """The state of one pass: the open paragraph, item or definition, the fence, the table, the headings."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.layout = Layout(text)
        self.line = text.count("\n", 0, start) + 1
        self.section: tuple[str, ...] = ()
        self.headings: list[tuple[int, str]] = []
        # The open block: kind, start, line, depth; `end` moves with each line that it takes.
        self.open: tuple[ClaimKind, int, int, int] | None = None
        self.end = start
        self.key: tuple[str, int, int] | None = None
        self.blank = True
        self.in_table = False
        self.table = 0

    def scan(self) -> None:  # noqa: C901, PLR0912 - a branch for each kind of line: a call for each would cost more
        """Read every line once."""
        text, special, bullets = self.text, _SPECIAL, _BULLETS
        fence: str | None = None
        fence_start = skip_until = 0
        end = self.end - 1
        for self.line, line in enumerate(text[self.end :].split("\n"), self.line):  # noqa: B020 - it goes on from there
            start = end + 1
            end = start + len(line)
            content = line.strip()
            if start < skip_until:
                pass
            elif fence is not None:
                if content.startswith(fence) and not content.strip(fence[0]):
                    self.layout.code.append((fence_start, end))
                    fence = None
            elif not content:
                if not self.blank:
                    self._close_on_blank()
                self.blank = True
            elif (first := content[0]) not in special:
                self._take_text(line, content, start)
            elif (
                first in bullets
                and content[1:2] == " "
                and content[2] not in _ITEM_STARTS
                and content[-1] not in _RULE_ENDS
            ):
                # A plain item, which is the common special line: no rule, delimiter or box can look like it.
                self._close()
                depth = 0 if line[0] == first else len(line) - len(line.lstrip())
                start += depth
                self.open = (_ITEM, start + 2, self.line, depth + 1)
                self.end = start + len(content)
                self.blank = False
            elif first == "|" and self.in_table and content.strip(_DELIMITER_SIGNS):
                start += 0 if line[0] == "|" else len(line) - len(line.lstrip())
                row = (_ROW, start, start + len(content), self.line, self.section, 0, self.table)
                self.layout.blocks.append(_new(Block, row))
                self.blank = False
            elif first in "`~" and (opened := _opens_fence(content)):
                self._close()
                fence, fence_start = opened, start
            elif content.startswith(("<!--", "%%")):
                skip_until = self._skip_comment(content, start)
            else:
                self._take_special(line, content, start)
        self._close()
        if fence is not None:
            self.layout.code.append((fence_start, len(text)))
        self._close_definition()

    def _take_text(self, line: str, content: str, start: int) -> None:
        """Take a line of plain text: it goes on with the open block or begins a paragraph."""
        plain = len(line) == len(content)
        indent = 0 if plain else len(line) - len(line.lstrip())
        end = start + (len(line) if plain else len(line.rstrip()))
        if self.key is not None:
            if not self.blank or indent >= 2:  # noqa: PLR2004 - Obsidian takes two spaces, CommonMark four
                self.end = end
                self.blank = False
                return
            self._close_definition()
        if self.in_table and "|" in content:
            begin = start + indent
            self.layout.blocks.append(Block(_ROW, begin, begin + len(content), self.line, self.section, 0, self.table))
            return
        self.in_table = self.blank = False
        self.end = end
        if self.open is None:
            first = start + indent
            self.open = (_SENTENCE, first, self.line, indent)

    def _take_special(self, line: str, content: str, start: int) -> None:
        """Take a line whose first character may open a block of its own."""
        depth = 0 if len(line) == len(content) else len(line) - len(line.lstrip())
        begin = start + depth
        quotes = 0
        while content[0] == ">" and quotes < _MAX_QUOTE_DEPTH:
            rest = content[1:].lstrip()
            if not rest:
                self._close_on_blank()
                self.blank = True
                return
            begin += len(content) - len(rest)
            content = rest
            quotes += 1
        if quotes and (callout := _CALLOUT.match(content)):
            self._close()
            begin += callout.end()
            content = content[callout.end() :]
            if content:
                self.layout.blocks.append(Block(_SENTENCE, begin, begin + len(content), self.line, self.section))
            return
        first = content[0]
        if first == "[" and (found := _DEFINITION.match(content)):
            self._define(found, begin, start + len(line.rstrip()))
        elif first == "#" and (heading := _HEADING.match(content)):
            self._head(heading.end(), content[heading.end() :])
        elif (
            (first == "|" and self._take_row(content, begin))
            or (first in "-:|" and self._take_delimiter(content))
            or (first in "=-" and self._take_underline(content))
        ):
            pass
        elif first in "-*_" and content[-1] == first and _RULE.match(content):
            self._close()
        elif first in "-*+0123456789" and (item := _ITEM_MARK.match(content)):
            self._open_item(begin + item.end(), depth, begin + len(content))
        else:
            self._take_text(" " * depth + content if quotes else line, content, start)
            if quotes and self.open is not None and self.open[1] == start + depth:
                self.open = (self.open[0], begin, self.open[2], depth)
            self.end = begin + len(content)

    def _take_row(self, content: str, begin: int) -> bool:
        """Take a table row; the first two lines of a table are its header and its delimiter."""
        if not self.in_table:
            newline = self.text.find("\n", begin)
            following = self.text[newline + 1 : self.text.find("\n", newline + 1) % (len(self.text) + 1)]
            if newline < 0 or not _DELIMITER.match(following.strip().lstrip("> ")):
                return False
            self._close()
            self._enter_table(begin, begin + len(content))
            return True
        if not _DELIMITER.match(content):
            row = (_ROW, begin, begin + len(content), self.line, self.section, 0, self.table)
            self.layout.blocks.append(_new(Block, row))
        self.blank = False
        return True

    def _take_delimiter(self, content: str) -> bool:
        """Take the delimiter of a table written without outer bars: the open line was its header."""
        if "|" not in content or self.open is None or not _DELIMITER.match(content):
            return False
        header = self.text[self.open[1] : self.end]
        if "\n" in header or "|" not in header:
            return False
        begin, self.open = self.open[1], None
        self._enter_table(begin, self.end)
        return True

    def _enter_table(self, begin: int, end: int) -> None:
        self.in_table = True
        self.table += 1
        self.layout.headers[self.table] = (begin, end)
        self.blank = False

    def _take_underline(self, content: str) -> bool:
        """Take the underline that makes the open paragraph a heading."""
        if self.open is None or self.open[0] is not _SENTENCE or self.blank or self.key is not None:
            return False
        if content.strip("=") and content.strip("-"):
            return False
        title, self.open = self.text[self.open[1] : self.end], None
        self._head(1 if content[0] == "=" else 2, title)
        return True

    def _head(self, level: int, title: str) -> None:
        self._close()
        if "*" in title or "`" in title or "[^" in title or "_" in title or "#" in title:
            title = _HEADING_MARKUP.sub("", title)
        title = " ".join(title.split())[:_MAX_SECTION]
        if level == 1 and self.layout.title is None:
            self.layout.title = title or None
            self.headings = []
        else:
            self.headings = [heading for heading in self.headings if heading[0] < level]
            self.headings.append((level, title))
        self.section = tuple(heading[1] for heading in self.headings)
        self.blank = True

    def _open_item(self, begin: int, depth: int, end: int) -> None:
        self._close()
        self.open = (_ITEM, min(begin, end), self.line, depth + 1)
        self.end = end
        self.blank = False

    def _define(self, found: re.Match[str], begin: int, end: int) -> None:
        self._close()
        self.key = (found.group(1), min(begin + found.end(), end), self.line)
        self.end = end
        self.blank = False

    def _close_on_blank(self) -> None:
        """A blank line ends all but a definition, which an indented line may go on with."""
        if self.key is None:
            self._close()
        self.in_table = False

    def _close(self) -> None:
        """End whatever is open."""
        self.in_table = False
        if self.key is not None:
            self._close_definition()
        if self.open is not None:
            kind, start, line, depth = self.open
            if start < self.end:
                self.layout.blocks.append(_new(Block, (kind, start, self.end, line, self.section, depth, 0)))
            self.open = None

    def _close_definition(self) -> None:
        if self.key is not None:
            key, start, line = self.key
            self.layout.definitions.append(Definition(key, start, max(start, self.end), line))
            self.key = None

    def _skip_comment(self, content: str, start: int) -> int:
        """Leave out an HTML or Obsidian comment and return where it ends."""
        self._close()
        opening, closing = ("<!--", "-->") if content.startswith("<") else ("%%", "%%")
        close = self.text.find(closing, self.text.find(opening, start) + len(opening))
        stop = len(self.text) if close < 0 else close + len(closing)
        self.layout.code.append((start, stop))
        return stop


def _opens_fence(content: str) -> str | None:
    """Return the run of backticks or tildes that opens a fence, or None."""
    run = len(content) - len(content.lstrip(content[0]))
    if run < 3 or (content[0] == "`" and "`" in content[run:]):  # noqa: PLR2004 - CommonMark's fence
        return None
    return content[:run]


def _find_marks(text: str, start: int, layout: Layout) -> list[Mark]:
    """Return every reference to a note that stands outside code, headings and the keys of definitions."""
    marks: list[Mark] = []
    skip = _Skipper(layout.code)
    positions = Positions(text)
    keys = {definition.line: definition for definition in layout.definitions}
    defined = {definition.start for definition in keys.values()}
    coded = "`" in text
    for found in _MARK.finditer(text, start):
        begin, stop = found.span()
        if (skip.spans and skip.covers(begin)) or (coded and _in_code_span(text, begin, stop)):
            continue
        close = stop if text[stop : stop + 1] == "]" else _closing(text, stop)
        if close < 0:
            line, column = positions.of(begin)
            # One for each line: a line of a million of them has one fault.
            if not layout.problems or layout.problems[-1].line != line:
                message = f"the mark `{text[begin : begin + 40]}` has no closing bracket"
                layout.problems.append(Problem("malformed-mark", message, line, column))
            continue
        if text.startswith("]:", close) and _begins_definition(text, close, defined):
            continue
        inside = found.group(1)
        if inside.replace("-", "").isalnum():
            marks.append(_new(Mark, (inside, begin, close + 1)))
            continue
        # `[^gap/unsourced]` is a tag in the brackets of a note.
        marks.extend(Mark(key, begin, close + 1) for key in _keys_of(inside) if not key.startswith("gap/"))
    return marks


def _in_code_span(text: str, begin: int, stop: int) -> bool:
    """Tell whether backticks on the same line enclose the span."""
    if text.find("`", begin, stop + 200) < 0:
        return False
    line_start = text.rfind("\n", 0, begin) + 1
    line_end = text.find("\n", stop)
    return text.count("`", line_start, begin) % 2 == 1 and "`" in text[stop : line_end if line_end >= 0 else len(text)]


def _begins_definition(text: str, close: int, defined: set[int]) -> bool:
    """Tell whether the bracket that closes at `close` is the key of a definition."""
    stop = close + 2
    while stop < len(text) and text[stop] in " \t":
        stop += 1
    return stop in defined or close + 2 in defined


def _closing(text: str, start: int) -> int:
    """Return where the bracket of a mark closes, stepping over a wikilink inside, or -1."""
    depth = 0
    for index in range(start, min(len(text), start + 300)):
        char = text[index]
        if char == "[":
            depth += 1
        elif char == "]":
            if depth == 0:
                return index
            depth -= 1
        elif char == "\n":
            break
    return -1


def _keys_of(inside: str) -> list[str]:
    """Return the keys in the brackets of a mark.

    >>> _keys_of("a, ^b"), _keys_of("k - see ")
    (['a', 'b'], ['k'])
    """
    first = _KEY.match(inside)
    if first is None:
        return []
    keys = [first.group(1)]
    rest = inside[first.end() :].replace(";", ",").split(",")[1:]
    return keys + [found.group(1) for part in rest if part.lstrip().startswith("^") and (found := _KEY.match(part))]


class _Skipper:
    """Tells whether ascending offsets lie in one of the sorted spans of code."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.spans = spans
        self.index = 0

    def covers(self, offset: int) -> bool:
        while self.index < len(self.spans) and self.spans[self.index][1] <= offset:
            self.index += 1
        return self.index < len(self.spans) and self.spans[self.index][0] <= offset
