"""Where the text of a Markdown page points to its notes and links: `[^k]`, `^[an inline note]`, `[words][link]`."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from evidence.extract.forms.layout import Definition, Layout, LinkUse, Mark, Positions
from evidence.records import Problem

_MARK = re.compile(r"\[\^([^\[\]\n]{1,300})")
_KEY = re.compile(r"\s*\^?\s*([^\s,;|]+)")
_INLINE = re.compile(r"\^\[(?![\]^])")
_LINK_USE = re.compile(r"\[([^\[\]\n]{1,300})\](?:\[([^\[\]\n]{0,200})\])?(?![(:])")
_WORD = re.compile(r"[^\W\d_]{3}")
# A figure, table or section of the page itself, as pandoc-crossref and Quarto number them.
_OWN_PART = r"(?!(?:fig|tbl|tab|eq|sec|lst|thm|lem|cor|def|exm|exr|prp|nte|tip)[:-])"
# On one line or wrapped; a blank line ends the paragraph.
_CITATION_KEYS = re.compile(
    r"\[(?:(?:[^\[\]@\n]|\n(?![ \t]*\n)){0,80}[\s-])?@[A-Za-z0-9_](?:[^\[\]\n]|\n(?![ \t]*\n)){0,400}\](?![(\[:])"
)
_CITATION_KEY = re.compile(rf"(?<![\w.])(@{_OWN_PART}[A-Za-z0-9_](?:[\w:.#$%&+?<>~/-]*\w)?)")
_BIBLIOGRAPHY = re.compile(r"^(?:bibliography|references)[ \t]*:", re.MULTILINE)
# "@lee2019 found", "@lee2019 [p. 33]", "Lee -@lee2019", "@{https://x.org/1}": no address of mail, name of a package,
# handle of another server, or text of a link.
_IN_TEXT = re.compile(
    rf"(?<![\w@/\\.:+`\[-])-?(?:@\{{([^{{}}\s]{{1,200}})\}}|@({_OWN_PART}[A-Za-z0-9_](?:[\w:.#$%&+?<>~-]*\w)?)"
    r"(?![\w/@]|[:.#$%&+?<>~-]+[\w/@]))"
    r"(?: \[[^\[\]@^\n]{1,80}\](?![(\[:]))?"
)
_TELLS_A_YEAR = re.compile(r"@[^\W\d].*\d\d")
_BRACKET = re.compile(r"[\[\]\n]")
# Nothing that is meant holds more brackets in brackets.
_DEEPEST = 4
_LONGEST_NOTE = 2000
_COMMENTS = (("<", "<!--", "-->"), ("%", "%%", "%%"), ("{", "{% comment %}", "{% endcomment %}"))

# Half of a mark's cost would be its constructor, which only puts the fields in this order.
_new = tuple.__new__


def hide_comments(layout: Layout, start: int) -> None:
    """Count the comments that stand within lines as code: nothing in them is read, and they state nothing."""
    text = layout.text
    spans: list[tuple[int, int]] = []
    for sign, opening, closing in _COMMENTS:
        # A look for one character is many times faster than one for several.
        begin = text.find(opening, start) if sign in text else -1
        code = InlineCode(text)
        while begin >= 0:
            close = text.find(closing, begin + len(opening))
            if close < 0:
                break
            stop = close + len(closing)
            one_line = "\n" not in text[begin:stop]
            if (opening != "%%" or one_line) and not code.encloses(begin, begin + len(opening)):
                spans.append((begin, stop))
            begin = text.find(opening, stop)
    if spans:
        layout.code = merged([*layout.code, *spans])
        layout.silent = merged(spans)


def merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans in order, those that overlap as one.

    >>> merged([(4, 6), (0, 2), (1, 3)])
    [(0, 3), (4, 6)]
    """
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if joined and begin < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def find_marks(layout: Layout, start: int) -> None:
    """Put the marks, inline notes and uses of named links into a layout that has its blocks.

    What stands in code, headings and the keys of definitions is none.

    Args:
        layout: of the page.
        start: where the body begins.
    """
    text = layout.text
    layout.marks = _find_marks(text, start, layout)
    if "^[" in text:
        _find_inline_notes(layout, start)
    if "@" in text:
        _find_citation_keys(layout, start)
    if layout.links:
        layout.link_uses = _find_link_uses(layout, start)


def _find_marks(text: str, start: int, layout: Layout) -> list[Mark]:
    """Return every reference to a note that is not the key of its definition."""
    marks: list[Mark] = []
    skip = Skipper(layout.code)
    positions = Positions(text)
    keys = {definition.line: definition for definition in layout.definitions}
    defined = {definition.start for definition in keys.values()}
    names = {definition.key for definition in layout.definitions}
    code = InlineCode(text)
    for found in _MARK.finditer(text, start):
        begin, stop = found.span()
        if (skip.spans and skip.covers(begin)) or code.encloses(begin, stop):
            continue
        if text[begin - 1 : begin] == "\\":
            continue
        close = stop if text[stop : stop + 1] == "]" else _closing(text, stop)
        if close < 0:
            line, column = positions.of(begin)
            # One for each line: a line of a million of them has one fault.
            if not layout.problems or layout.problems[-1].line != line:
                written = text[begin : begin + 40].partition("\n")[0].rstrip()
                message = f"the mark `{written}` has no closing bracket"
                layout.problems.append(Problem("malformed-mark", message, line, column))
            continue
        if text.startswith("]:", close) and _begins_definition(text, close, defined):
            continue
        inside = found.group(1)
        if inside.replace("-", "").isalnum():
            marks.append(_new(Mark, (inside, begin, close + 1)))
            continue
        # `[^gap/unsourced]` is a tag in the brackets of a note.
        marks.extend(Mark(key, begin, close + 1) for key in _keys_of(inside, names) if not key.startswith("gap/"))
    return marks


def _begins_definition(text: str, close: int, defined: set[int]) -> bool:
    """Tell whether the bracket that closes at `close` is the key of a definition."""
    stop = close + 2
    while stop < len(text) and text[stop] in " \t":
        stop += 1
    return stop in defined or close + 2 in defined


def _closing(text: str, start: int, longest: int = 300) -> int:
    """Return where the bracket of a mark closes, stepping over a wikilink inside, or -1."""
    depth = 0
    for found in _BRACKET.finditer(text, start, min(len(text), start + longest)):
        sign = found.group()
        if sign == "]":
            if depth == 0:
                return found.start()
            depth -= 1
        elif sign == "\n" or depth == _DEEPEST:
            break
        else:
            depth += 1
    return -1


def _keys_of(inside: str, names: AbstractSet[str] = frozenset()) -> list[str]:
    """Return the keys in the brackets of a mark; one without its caret must be among the `names` that are defined.

    >>> _keys_of("a, ^b"), _keys_of("k - see "), _keys_of("a,b", {"a", "b"})
    (['a', 'b'], ['k'], ['a', 'b'])
    """
    first = _KEY.match(inside)
    if first is None:
        return []
    keys = [first.group(1)]
    for part in inside[first.end() :].replace(";", ",").split(",")[1:]:
        found = _KEY.match(part)
        if found and (part.lstrip().startswith("^") or found.group(1) in names):
            keys.append(found.group(1))
    return keys


class InlineCode:
    """Tells whether backticks on the same line enclose ascending places. Each backtick is counted once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._any = "`" in text
        self._at = self._end = -1
        self._last = -1
        self._odd = False

    def encloses(self, begin: int, stop: int) -> bool:
        """Tell whether a span, which begins no earlier than the last one asked for, stands in code.

        >>> code = InlineCode("a `b` c `d")
        >>> code.encloses(3, 4), code.encloses(6, 7), code.encloses(9, 10)
        (True, False, False)
        """
        if not self._any:
            return False
        text = self._text
        if begin >= self._end:
            self._at = text.rfind("\n", 0, begin) + 1
            end = text.find("\n", begin)
            self._end = end if end >= 0 else len(text)
            self._last = text.rfind("`", self._at, self._end)
            self._odd = False
        if self._last < stop:
            return False
        self._odd ^= text.count("`", self._at, begin) % 2 == 1
        self._at = begin
        return self._odd


class Skipper:
    """Tells whether ascending offsets lie in one of the sorted spans of code."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.spans = spans
        self.index = 0

    def covers(self, offset: int) -> bool:
        """Tell whether an offset, no less than the last one asked for, lies in a span."""
        while self.index < len(self.spans) and self.spans[self.index][1] <= offset:
            self.index += 1
        return self.index < len(self.spans) and self.spans[self.index][0] <= offset


def _find_inline_notes(layout: Layout, start: int) -> None:
    """Make a note of each `^[text]`, with its place for a mark. Its key is `^1`, `^2` in the order of the page."""
    text, skip, code = layout.text, Skipper(layout.code), InlineCode(layout.text)
    notes: list[Definition] = []
    # A note within a note is part of it.
    within = Skipper([(one.start, one.end) for one in layout.definitions])
    positions = Positions(text)
    end = 0
    for found in _INLINE.finditer(text, start):
        begin, stop = found.span()
        if (
            begin < end
            or within.covers(begin)
            or skip.covers(begin)
            or text[begin - 1 : begin] == "\\"
            or code.encloses(begin, stop)
        ):
            continue
        close = _closing(text, stop, _LONGEST_NOTE)
        if close < 0 or not _WORD.search(text, stop, close):
            continue
        end = close + 1
        key = f"^{len(notes) + 1}"
        notes.append(Definition(key, stop, close, positions.of(stop)[0]))
        layout.inline_notes.append((begin, end))
        layout.marks.append(Mark(key, begin, end))
    if notes:
        spans = [(one.start, one.end) for one in notes]
        inside = Skipper(spans)
        layout.marks.sort(key=lambda one: one.start)
        layout.marks = [mark for mark in layout.marks if not inside.covers(mark.start)]
        layout.definitions = sorted([*layout.definitions, *notes], key=lambda one: one.start)


def _find_citation_keys(layout: Layout, start: int) -> None:
    """Make marks of pandoc's `[@lee2019; @kim2020]`: they cite, though the bibliography that they name is not read."""
    text, skip, code = layout.text, Skipper(layout.code), InlineCode(layout.text)
    marks: list[Mark] = []
    for found in _CITATION_KEYS.finditer(text, start):
        begin, end = found.span()
        if not skip.covers(begin) and not code.encloses(begin, end):
            marks += [Mark(one.group(1), begin, end) for one in _CITATION_KEY.finditer(found.group())]
    # Elsewhere a name behind "@" is that of a person or a package.
    if marks or _BIBLIOGRAPHY.search(text, 0, start):
        marks += _find_keys_in_text(layout, start, marks)
    if marks:
        layout.marks = sorted([*layout.marks, *marks], key=lambda one: one.start)


def _find_keys_in_text(layout: Layout, start: int, bracketed: list[Mark]) -> list[Mark]:
    """Return the marks of pandoc's citations without brackets, `@lee2019 found`, on a page that cites by keys.

    Source:
        Pandoc User's Guide, "Citation syntax": a key begins with a letter, digit or `_`, or stands in braces; what is
        in brackets behind it is its place in the work. Pandoc takes the handles of people, too: here a key is one that
        also stands in brackets, or tells a year.
    """
    text, skip, code = layout.text, Skipper(layout.code), InlineCode(layout.text)
    inside = Skipper([(mark.start, mark.end) for mark in bracketed])
    known = {mark.key for mark in bracketed}
    marks = []
    for found in _IN_TEXT.finditer(text, start):
        begin, end = found.span()
        if not (inside.covers(begin) or skip.covers(begin) or code.encloses(begin, end)):
            key = f"@{found.group(1) or found.group(2)}"
            if found.group(1) or key in known or _TELLS_A_YEAR.match(key):
                marks.append(Mark(key, begin, end))
    return marks


def _find_link_uses(layout: Layout, start: int) -> list[LinkUse]:
    """Return where `[words][label]` and `[label]` stand whose address is given elsewhere on the page."""
    skip, code = Skipper(layout.code), InlineCode(layout.text)
    uses = []
    for found in _LINK_USE.finditer(layout.text, start):
        label = " ".join((found.group(2) or found.group(1)).casefold().split())
        begin, end = found.span()
        if label in layout.links and not skip.covers(begin) and not code.encloses(begin, end):
            uses.append(LinkUse(label, begin, end))
    return uses
