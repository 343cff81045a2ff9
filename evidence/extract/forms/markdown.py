"""Markdown -> `Layout`: one pass over the lines, no tree.

Only what claims and notes need is told apart: fences and comments (skipped), headings, list items, table rows,
paragraphs and footnote definitions. Offsets are exact and every definition is kept, also doubled and unused ones,
which Markdown libraries drop.
"""

from __future__ import annotations

import re

from evidence.extract.forms.blockids import leave_out_block_ids
from evidence.extract.forms.layout import Block, Definition, Layout, is_box_title
from evidence.extract.forms.marks import find_marks, hide_comments
from evidence.extract.forms.numbered import read_numbered
from evidence.records import Problem
from evidence.vocabulary import ClaimKind

_SENTENCE, _ITEM, _ROW = ClaimKind.SENTENCE, ClaimKind.LIST_ITEM, ClaimKind.TABLE_ROW

_DEFINITION = re.compile(r"\[\^([^\]\s]+)\]:[ \t]*")
_ITEM_MARK = re.compile(
    r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]+(?:\[[ xX/?>!-]\][ \t]+)?|$)"
    # What Markdown does not know, and people write: other bullets, "(1)", "a)", the ":" of definition lists.
    r"|(?:[•◦▪‣–—:]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{2,4})\))[ \t]+(?=\S)"
)
_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$")
_RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_HEADING_MARKUP = re.compile(r"\[\^[^\]]{0,300}\]|\*\*|__|`|[ \t]#+[ \t]*$")
_HEADING_MARK = re.compile(r"(?<!\\)\[\^(?!gap/)[^\[\]\n]{1,100}\]")
_CALLOUT = re.compile(r"\[![\w-]+\][+-]?[ \t]*")
# A quoted line with words, perhaps behind some without.
_MORE_QUOTED = re.compile(r"[ \t\r]*+\n(?:[ \t]*+>[> \t\r]*+\n){0,9}[ \t]*+>[> \t]*+[^\s>]")
# What a line may be by its first sign. Plain text, the common case, begins with anything else.
_BLANK, _BULLET, _BAR, _HASH, _BRACKET, _SIGN = range(6)
_SHAPES = (
    dict.fromkeys((sign for sign in map(chr, range(0x3001)) if sign.isspace()), _BLANK)
    | dict.fromkeys("-*+", _BULLET)
    | {"|": _BAR, "#": _HASH, "[": _BRACKET}
    | dict.fromkeys(">`~<=_%:{$^!(•◦▪‣–—0123456789", _SIGN)
)
# Lines that say nothing: tags of HTML alone, attributes and commands of Kramdown, Liquid and Hugo, a formula, the name
# of a block, a fenced box, an embedded page, an abbreviation.
_NOTHING_SAID = re.compile(
    r"(?:</?[A-Za-z][^<>]*+>\s*+)+|\{[:%{][^\n]*\}|\$\$[^\n]*\$\$|\^[\w-]+|:{3,}[^\n]*|!\[\[[^\[\]]*\]\]|\*\[[^\[\]]+\]:[^\n]*"
)
# The address of links that name it: `[smith]: https://doi.org/10.1000/x "Title"`.
_LINK_DEFINITION = re.compile(r"\[([^\[\]\n]{1,200})\]:[ \t]*(<[^<>\n]+>|[^\s<>]+)(?:[ \t]+[\"'(][^\n]*)?$")
# What an item or row has for its third sign where it may be a rule, a delimiter or empty.
_NOT_PLAIN = frozenset("-:| \t\r\xa0") | {""}
_HEADING = re.compile(r"#{1,6}(?=\s|$)")
# What the next line may go on with: nothing, a block, a note, a note behind a blank line, a table.
_CLOSED, _BLOCK, _NOTE, _NOTE_AND_BLANK, _TABLE = range(5)
_AFTER_BLANK = (_CLOSED, _CLOSED, _NOTE_AND_BLANK, _NOTE_AND_BLANK, _CLOSED)
_CODE_INDENT = 4
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
    layout = Layout(text)
    _Scanner(layout).scan(start)
    leave_out_block_ids(layout)
    hide_comments(layout, start)
    find_marks(layout, start)
    if not layout.definitions:
        read_numbered(layout, start)
    return layout


class _Scanner:
    """One pass over the lines. Each line makes its block or note at once; a line that goes on with it moves its end."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.text = layout.text
        self.blocks = layout.blocks
        self.line = 1
        # Blanks before the words of the line: of all of it, and behind the signs of a quote.
        self.margin = self.indent = 0
        # The last quoted line and how deep it is.
        self.quoted = (0, 0)
        self.section: tuple[str, ...] = ()
        # The headings in force by level, each with those above it.
        self.headings: list[tuple[int, tuple[str, ...]]] = []
        self.table = 0
        self.skip_until = 0

    def scan(self, body: int) -> None:  # noqa: C901, PLR0912 - a branch for each kind of line: calls would cost more
        """Read every line. What most are is told here by their first signs; the rest has methods of its own."""
        text, shapes, add = self.text, _SHAPES, self.blocks.append
        end = body - 1
        state = _CLOSED
        for number, line in enumerate(text[body:].split("\n"), text.count("\n", 0, body) + 1):
            start = end + 1
            end = start + len(line)
            shape = shapes.get(line[0]) if line else _BLANK
            margin = 0
            if shape == _BLANK:
                content = line.lstrip()
                if not content:
                    state = _AFTER_BLANK[state]
                    continue
                margin = len(line) - len(content)
                line, shape = content, shapes.get(content[0])  # noqa: PLW2901 - the line without its margin
            if start < self.skip_until:
                continue
            if margin and state == _CLOSED and self._is_code(start, margin):
                self.layout.code.append((start, end))
                continue
            start += margin
            stop = end if not line[-1].isspace() else start + len(line.rstrip())
            if shape == _BRACKET and line[1:2] != "^" and (state == _BLOCK or "]:" not in line):
                shape = None
            elif shape == _BULLET:
                second, third = line[1:2], line[2:3]
                if second == " ":
                    if (
                        third not in _NOT_PLAIN
                        and third != line[0]
                        and not (third == "[" and "]" in line[3:5] + line[3:4].replace("^", "]"))
                    ):
                        add(_new(Block, (_ITEM, start + 2, stop, number, self.section, margin + 1, 0)))
                        state = _BLOCK
                        continue
                elif line[0] == "*" and (second.isalnum() or (second == "*" and third.isalnum())):
                    shape = None
            elif shape is None and line[1:3] == ") ":
                shape = _SIGN
            if shape is None and state == _CLOSED:
                add(_new(Block, (_SENTENCE, start, stop, number, self.section, margin, 0)))
                state = _BLOCK
            elif shape == _BAR and state == _TABLE and line[2:3] not in _NOT_PLAIN:
                add(_new(Block, (_ROW, start, stop, number, self.section, 0, self.table)))
            elif shape == _HASH and (heading := _HEADING.match(line)):
                level = heading.end()
                self.line = number
                self._head(level, line[level:])
                state = _CLOSED
            else:
                self.line, self.margin, self.indent = number, margin, margin
                state = self._take_text(start, stop, state) if shape is None else self._take_special(start, stop, state)

    def _is_code(self, start: int, margin: int) -> bool:
        """Tell whether a line behind a blank one is indented code, not the second paragraph of a list item."""
        deep = margin >= _CODE_INDENT or self.text[start] == "\t"
        return deep and not (self.blocks and self.blocks[-1].kind is _ITEM)

    def _is_wrapped(self, content: str) -> bool:
        """Tell whether what looks like an item is a wrapped line of the open paragraph.

        CommonMark lets a numbered item follow a paragraph without a blank line only if its number is 1.
        """
        if self.blocks[-1].kind is not _SENTENCE or content[0] in "-*+•◦▪‣:":
            return False
        return not content.startswith(("1.", "1)"))

    def _take_text(self, start: int, end: int, state: int) -> int:
        """Take a line of plain text: it goes on with the open block or note, or begins a paragraph."""
        if state == _BLOCK:
            self.blocks[-1] = self.blocks[-1]._replace(end=end)
            return state
        if state == _NOTE_AND_BLANK:
            # Obsidian takes two spaces, CommonMark four.
            state = _NOTE if self.margin >= 2 else _CLOSED  # noqa: PLR2004
        if state == _NOTE:
            notes = self.layout.definitions
            notes[-1] = notes[-1]._replace(end=end)
            return state
        if state == _TABLE and "|" in self.text[start:end]:
            self.blocks.append(Block(_ROW, start, end, self.line, self.section, 0, self.table))
            return state
        self.blocks.append(Block(_SENTENCE, start, end, self.line, self.section, self.indent))
        return _BLOCK

    def _take_special(self, start: int, end: int, state: int) -> int:
        """Take a line whose first character may open a block of its own, behind the signs of a quote."""
        text = self.text
        begin = start
        if text[start] == ">":
            begin = self._behind_quotes(start, end)
            depth = text.count(">", start, begin)
            self.indent = begin - text.rfind(">", start, begin) - 1
            # A quote that goes deeper than the line before it begins a block of its own.
            line, outer = self.quoted
            if state == _BLOCK and depth > (outer if line == self.line - 1 else 0):
                state = _CLOSED
            self.quoted = (self.line, depth)
        if begin == end:
            return _AFTER_BLANK[state]
        if begin > start and (callout := _CALLOUT.match(text, begin, end)):
            if callout.end() < end and not self._heads_box(callout.end(), end):
                self.blocks.append(Block(_SENTENCE, callout.end(), end, self.line, self.section))
            return _CLOSED
        taken = self._take_opening(text[begin:end], begin, end, state)
        if taken is None:
            taken = self._take_list(text[begin:end], begin, end, state)
        return taken

    def _heads_box(self, start: int, end: int) -> bool:
        """Tell whether what stands behind the kind of a callout is its title: more of it follows."""
        return is_box_title(self.text[start:end]) and _MORE_QUOTED.match(self.text, end) is not None

    def _take_opening(self, content: str, begin: int, end: int, state: int) -> int | None:
        """Take a line that opens a note, heading, fence, comment or table, or None."""
        first = content[0]
        taken = None
        if first == "[" and (found := _DEFINITION.match(content)):
            self.layout.definitions.append(Definition(found.group(1), min(begin + found.end(), end), end, self.line))
            taken = _NOTE
        elif first == "[" and state != _BLOCK and (link := _LINK_DEFINITION.match(content)):
            label = " ".join(link.group(1).casefold().split())
            self.layout.links.setdefault(label, (begin + link.start(2), begin + link.end(2)))
            taken = _CLOSED
        elif first == "#" and (heading := _HEADING.match(content)):
            level = heading.end()
            self._head(level, content[level:])
            taken = _CLOSED
        elif first in "`~<%{$^:!*" and (rest := self._skip(begin, end)) is not None:
            taken = _CLOSED if rest == end else self._take_rest(rest, end, state)
        elif first == "|":
            taken = self._take_row(content, begin, state)
        return taken

    def _take_list(self, content: str, begin: int, end: int, state: int) -> int:
        """Take what is left: the line below a header or heading, a rule, a list item, or text after all."""
        first = content[0]
        if first in "-:|" and self._take_delimiter(content, state):
            return _TABLE
        if first in "=-" and self._take_underline(content, state):
            return _CLOSED
        if first in "-*_" and content[-1] == first and _RULE.match(content):
            return _CLOSED
        if (item := _ITEM_MARK.match(content)) and not (state == _BLOCK and self._is_wrapped(content)):
            at = min(begin + item.end(), end)
            if found := _DEFINITION.match(self.text, at, end):
                self.layout.definitions.append(Definition(found.group(1), min(found.end(), end), end, self.line))
                return _NOTE
            self.blocks.append(Block(_ITEM, at, end, self.line, self.section, self.indent + 1))
            return _BLOCK
        return self._take_text(begin, end, state)

    def _behind_quotes(self, start: int, end: int) -> int:
        """Return where a quoted line's own text begins; `end` where it is blank."""
        begin = start
        for _ in range(_MAX_QUOTE_DEPTH):
            if begin == end or self.text[begin] != ">":
                break
            begin = end - len(self.text[begin + 1 : end].lstrip())
        return begin

    def _skip(self, start: int, end: int) -> int | None:
        """Leave out the fence, formula, comment or lines of markup that begin here; return where the line goes on."""
        text = self.text
        content = text[start:end]
        begin = start
        if (fence := _opens_fence(content)) or content == "$$":
            # A fence ends with the same sign, at least as long, alone on its line.
            closing = rf"{fence[0]}{{{len(fence)},}}" if fence else r"\$\$"
            found = re.compile(rf"\n[^\S\n]*{closing}[^\S\n]*$", re.MULTILINE).search(text, end)
            begin = found.end() if found else len(text)
        elif _NOTHING_SAID.fullmatch(content):
            return end
        while begin < end and text.startswith(("<!--", "%%"), begin):
            closing = "-->" if text[begin] == "<" else "%%"
            close = text.find(closing, begin + 2)
            begin = len(text) if close < 0 else close + len(closing)
            while begin < end and text[begin] in " \t":
                begin += 1
        if begin == start:
            return None
        self.layout.code.append((start - self.margin, begin))
        self.skip_until = begin
        return min(begin, end)

    def _take_rest(self, start: int, end: int, state: int) -> int:
        """Take what stands behind a comment on its line."""
        shape = _SHAPES.get(self.text[start])
        return (
            self._take_text(start, end, state)
            if shape is None
            else self._take_list(self.text[start:end], start, end, state)
        )

    def _take_row(self, content: str, begin: int, state: int) -> int | None:
        """Take a table row; the first two lines of a table are its header and its delimiter."""
        if state == _TABLE:
            if not _DELIMITER.match(content):
                self.blocks.append(
                    Block(_ROW, begin, begin + len(content), self.line, self.section, 0, self.table),
                )
            return _TABLE
        newline = self.text.find("\n", begin)
        following = self.text[newline + 1 : self.text.find("\n", newline + 1) % (len(self.text) + 1)]
        if newline < 0 or not _DELIMITER.match(following.strip().lstrip("> ")):
            return None
        self._enter_table(begin, begin + len(content))
        return _TABLE

    def _take_delimiter(self, content: str, state: int) -> bool:
        """Take the delimiter of a table written without outer bars: the open line was its header."""
        if "|" not in content or state != _BLOCK or not _DELIMITER.match(content):
            return False
        _, begin, end, *_ = self.blocks[-1]
        header = self.text[begin:end]
        if "\n" in header or "|" not in header:
            return False
        self.blocks.pop()
        self._enter_table(begin, end)
        return True

    def _enter_table(self, begin: int, end: int) -> None:
        self.table += 1
        self.layout.headers[self.table] = (begin, end)

    def _take_underline(self, content: str, state: int) -> bool:
        """Take the underline that makes the open paragraph a heading."""
        if state != _BLOCK or self.blocks[-1].kind is not _SENTENCE or (content.strip("=") and content.strip("-")):
            return False
        title = self.blocks.pop()
        self._head(1 if content[0] == "=" else 2, self.text[title.start : title.end])
        return True

    def _head(self, level: int, title: str) -> None:
        if "*" in title or "`" in title or "[^" in title or "_" in title or "#" in title:
            if cited := _HEADING_MARK.search(title):
                message = f"the mark `{cited.group()}` stands in a heading, so no claim has it"
                self.layout.problems.append(Problem("heading-mark", message, self.line))
            title = _HEADING_MARKUP.sub("", title)
        title = " ".join(title.split())[:_MAX_SECTION]
        headings = self.headings
        if level == 1 and self.layout.title is None:
            self.layout.title = title or None
            self.headings, self.section = [], ()
            return
        while headings and headings[-1][0] >= level:
            headings.pop()
        self.section = (*headings[-1][1], title) if headings else (title,)
        headings.append((level, self.section))


def _opens_fence(content: str) -> str | None:
    """Return the run of backticks or tildes that opens a fence, or None."""
    if content[0] not in "`~":
        return None
    run = len(content) - len(content.lstrip(content[0]))
    if run < 3 or (content[0] == "`" and "`" in content[run:]):  # noqa: PLR2004 - CommonMark's fence
        return None
    return content[:run]
