"""HTML -> `Layout`: the pages of site generators, with the footnotes of GitHub, Quartz, pandoc and Python-Markdown.

The tags are blanked out in a copy of the text of the same length, so that every offset is that of the file. A reference
to a note is written into the copy as `[^k]`, where sentences and claims look for it.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from evidence.extract.layout import Block, Definition, Layout, Mark
from evidence.vocabulary import ClaimKind

# Bounded, so that an unclosed quote costs no more than its bound.
_TAG = re.compile(
    r"<!--|<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]{0,30})(?P<attributes>(?:[^<>\"']|\"[^\"]{0,4000}\"|'[^']{0,4000}'){0,200})>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([\w:-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_SPACE_ENTITY = re.compile(r"&(?:nbsp|ensp|emsp|thinsp|#160|#xA0|#8194|#8195);", re.IGNORECASE)
_NOT_NEWLINE = re.compile(r"[^\n]")
_FRAGMENT = re.compile(
    r"#(?:user-content-)?(?:fn(?!ref)[-:_]?|cite_note-|footnote-?|ftnt|_ftn(?!ref)|note-)(.+)$", re.IGNORECASE
)
_BACK = re.compile(r"#(?:user-content-)?(?:fnref|cite_ref|ftnt_ref|_ftnref|footnote-ref|ref-note)", re.IGNORECASE)
_NOTE_ID = re.compile(
    r"(?:user-content-)?(?:fn(?!ref)[-:_]?|cite_note-|footnote-?|ftnt|_ftn(?!ref)|note-)(.+)$", re.IGNORECASE
)
_BACK_ARROWS = " \n\t^↩⤴\ufe0e"
_UNFIT = re.compile(r"[\]\n]")
_LETTER = re.compile(r"[^\W\d_]")
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "aside",
        "header",
        "footer",
        "blockquote",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "figure",
        "figcaption",
        "hr",
        "body",
        "html",
        "form",
        "fieldset",
        "details",
        "summary",
        "address",
        "nav",
        "center",
        "caption",
    ],
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "nav",
        "head",
        "svg",
        "math",
        "pre",
        "textarea",
        "select",
        "button",
        "iframe",
        "code-block",
    ]
)


@dataclass(slots=True)
class _State:
    """Where the reader stands."""

    text: str
    layout: Layout
    pieces: list[str] = field(default_factory=list)
    raw: list[tuple[int, int, ClaimKind, tuple[str, ...], int, int]] = field(default_factory=list)
    block_start: int = 0
    last: int = 0
    headings: list[tuple[int, str]] = field(default_factory=list)
    heading: tuple[int, int] | None = None
    lists: int = 0
    fresh_item: bool = False
    row: tuple[int, bool] | None = None
    tables: int = 0
    skip: tuple[str, int, int] | None = None
    # The key of the open link to a note, where it begins, and the number of pieces before it.
    link: tuple[str, int, int] | None = None
    title_start: int | None = None
    note: tuple[str, int] | None = None
    note_depth: int = 0
    # No comment is closed from here on: it is looked for once.
    unclosed: bool = False


def read_html(text: str, start: int = 0) -> Layout:
    """Return the layout of an HTML page. `Layout.text` is the copy without tags.

    >>> layout = read_html('<p>Lost.<sup><a href="#fn1">1</a></sup></p><ol><li id="fn1">doi:10.1000/x</li></ol>')
    >>> layout.marks[0].key, layout.definitions[0].key
    ('1', '1')
    """
    state = _State(text, Layout(text), block_start=start, last=start)
    state.pieces.append(_blank(text[:start]))
    found = _TAG.search(text, start)
    while found is not None:
        end = _comment_end(state, found) if found.group() == "<!--" else found.end()
        if end == found.end():
            _take(state, found)
        found = _TAG.search(text, end)
    _flush(state, len(text))
    state.pieces.append(text[state.last :])
    copy = "".join(state.pieces)
    if state.skip is not None:
        copy = copy[: state.skip[1]] + _blank(copy[state.skip[1] :])
        state.layout.code.append((state.skip[1], len(text)))
    state.layout.text = _SPACE_ENTITY.sub(lambda one: " " * len(one.group()), copy)
    _finish(state)
    return state.layout


def plain_text(written: str) -> str:
    """Return HTML as a reader sees it: without tags, entities resolved, white space collapsed.

    >>> plain_text("<p>Up &amp; <em>down</em></p>")
    'Up & down'
    """
    return " ".join(html.unescape(_TAG.sub(_replacement, written)).split())


def _replacement(found: re.Match[str]) -> str:
    name = (found.group("name") or "").lower()
    return " " if name in _BLOCKS or name in {"br", "td", "th"} else ""


def _blank(text: str) -> str:
    return _NOT_NEWLINE.sub(" ", text)


def _comment_end(state: _State, found: re.Match[str]) -> int:
    """Blank out a comment and return where it ends; one that is never closed is text like any other."""
    close = -1 if state.unclosed else state.text.find("-->", found.end())
    if close < 0:
        state.unclosed = True
        return found.end()
    begin, end = found.start(), close + 3
    if state.skip is None:
        state.pieces += [state.text[state.last : begin], _blank(state.text[begin:end])]
        state.layout.code.append((begin, end))
        state.last = end
    return end


def _take(state: _State, found: re.Match[str]) -> None:
    """Take one tag: blank it out, and open or close what it opens or closes."""
    name = (found.group("name") or "").lower()
    closing = found.group("close") == "/"
    begin, end = found.span()
    if state.skip is not None:
        _take_skipped(state, name, closing=closing, begin=begin, end=end)
        return
    state.pieces.append(state.text[state.last : begin])
    state.pieces.append(_blank(found.group()))
    state.last = end
    if name in _SKIPPED and not closing:
        _flush(state, begin)
        state.skip = (name, begin, 1)
        state.title_start = None
    elif name == "a":
        _take_link(state, found, closing=closing)
    elif name in _BLOCKS:
        _take_block(state, name, found, closing=closing)
    elif name == "td" and state.row is not None:
        state.row = (state.row[0], True)


def _take_skipped(state: _State, name: str, *, closing: bool, begin: int, end: int) -> None:
    """Wait for the end of an element whose content is not read; the page's title stands in one."""
    skipped, start, depth = state.skip or ("", 0, 0)
    if name == "title":
        if not closing:
            state.title_start = end
        elif state.title_start is not None and state.layout.title is None:
            state.layout.title = plain_text(state.text[state.title_start : begin]) or None
    if name != skipped:
        return
    depth += -1 if closing else 1
    if depth > 0:
        state.skip = (skipped, start, depth)
        return
    state.pieces.append(_blank(state.text[state.last : end]))
    state.layout.code.append((start, end))
    state.last = state.block_start = end
    state.skip = None


def _take_link(state: _State, found: re.Match[str], *, closing: bool) -> None:
    """Write a link to a note into the copy as a mark; blank out a link back to the text."""
    if not closing:
        href = html.unescape(_attributes(found).get("href", ""))
        if _BACK.search(href) and href.startswith("#"):
            state.link = ("", found.start(), len(state.pieces) - 1)
        elif (target := _FRAGMENT.search(href)) and href.startswith("#"):
            state.link = (target.group(1), found.start(), len(state.pieces) - 1)
        return
    if state.link is None:
        return
    key, begin, index = state.link
    state.link = None
    mark = f"[^{key}]" if key and not _UNFIT.search(key) else ""
    mark = mark if len(mark) <= found.end() - begin else ""
    state.pieces[index:] = [mark, _blank(state.text[begin + len(mark) : found.end()])]
    if key:
        state.layout.marks.append(Mark(key, begin, found.end()))


def _attributes(found: re.Match[str]) -> dict[str, str]:
    return {
        name.lower(): double or single or bare
        for name, double, single, bare in _ATTRIBUTE.findall(found.group("attributes") or "")
    }


def _take_block(state: _State, name: str, found: re.Match[str], *, closing: bool) -> None:
    begin, end = found.span()
    if state.row is None or name in {"tr", "table"}:
        _flush(state, begin)
        state.block_start = end
    if name[0] == "h" and name[1:].isdigit():
        _take_heading(state, int(name[1:]), closing=closing, begin=begin, end=end)
    elif name in {"ul", "ol"}:
        state.lists = max(0, state.lists + (-1 if closing else 1))
    elif name == "table" and not closing:
        state.tables += 1
    elif name == "tr":
        _take_row(state, closing=closing, begin=begin, end=end)
    elif name == "li":
        _take_item(state, found, closing=closing)


def _take_heading(state: _State, level: int, *, closing: bool, begin: int, end: int) -> None:
    if not closing:
        state.heading = (level, end)
        return
    if state.heading is None:
        return
    words = plain_text(state.text[state.heading[1] : begin]).rstrip("#¶§ ")
    level = state.heading[0]
    state.heading = None
    if level == 1 and not state.headings:
        state.layout.title = words or state.layout.title
        return
    state.headings = [one for one in state.headings if one[0] < level]
    state.headings.append((level, words))


def _take_row(state: _State, *, closing: bool, begin: int, end: int) -> None:
    if not closing:
        state.row = (end, False)
        return
    if state.row is None:
        return
    start, has_cells = state.row
    state.row = None
    if has_cells:
        _keep(state, start, begin, ClaimKind.TABLE_ROW, state.tables)
    else:
        state.layout.headers[state.tables] = (start, begin)


def _take_item(state: _State, found: re.Match[str], *, closing: bool) -> None:
    """Open a list item, or a note where its id says so."""
    if closing:
        if state.note is not None and state.lists <= state.note_depth:
            key, start = state.note
            line = state.text.count("\n", 0, start) + 1
            state.layout.definitions.append(Definition(key, start, found.start(), line))
            state.note = None
        state.fresh_item = False
        return
    identity = _NOTE_ID.match(_attributes(found).get("id", ""))
    if identity and state.note is None:
        state.note, state.note_depth = (identity.group(1), found.end()), state.lists
    state.fresh_item = True


def _flush(state: _State, end: int) -> None:
    """End the text that stands since the last block tag."""
    start = state.block_start
    if start >= end or state.heading is not None or state.note is not None or state.row is not None:
        return
    if not _LETTER.search(_TAG.sub("", state.text[start:end])):
        return
    kind = ClaimKind.LIST_ITEM if state.fresh_item else ClaimKind.SENTENCE
    state.fresh_item = False
    _keep(state, start, end, kind, 0)
    state.block_start = end


def _keep(state: _State, start: int, end: int, kind: ClaimKind, table: int) -> None:
    section = tuple(one[1] for one in state.headings)
    state.raw.append((start, end, kind, section, state.lists if kind is ClaimKind.LIST_ITEM else 0, table))


def _finish(state: _State) -> None:
    """Trim blocks and notes to what is seen, now that the copy is whole."""
    copy, layout = state.layout.text, state.layout
    line, counted = 1, 0
    for start, end, kind, section, depth, table in state.raw:
        seen = copy[start:end]
        begin = start + len(seen) - len(seen.lstrip())
        stop = start + len(seen.rstrip())
        if begin >= stop:
            continue
        line += copy.count("\n", counted, begin) if begin >= counted else -copy.count("\n", begin, counted)
        counted = begin
        layout.blocks.append(Block(kind, begin, stop, line, section, depth, table))
    layout.definitions = [_trim(copy, one) for one in layout.definitions]
    layout.code.sort()


def _trim(copy: str, note: Definition) -> Definition:
    seen = copy[note.start : note.end].rstrip(_BACK_ARROWS)
    return note._replace(start=note.start + len(seen) - len(seen.lstrip()), end=note.start + len(seen))
