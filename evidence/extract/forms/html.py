"""HTML -> `Layout`: the pages of site generators, wikis and word processors, with their footnotes.

The tags are blanked out in a copy of the text of the same length, so that every offset is that of the file. A reference
to a note is written into the copy as `[^k]`, where sentences and claims look for it. A cell begins with `|`, which
stands for nothing else in a table.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from evidence.extract.forms.blockids import leave_out_block_ids
from evidence.extract.forms.htmlcopy import mend_copy, widen_marks
from evidence.extract.forms.htmlframe import cites, frame_of, is_box, is_infobox, title_before
from evidence.extract.forms.htmlgrid import Grid
from evidence.extract.forms.htmlheader import is_bold_header
from evidence.extract.forms.htmlnotes import PageNote, PageNotes, find_page_notes, why_unsure
from evidence.extract.forms.htmltags import (
    BACK_NAME,
    BACKWARD,
    BLOCKS,
    NOTE_HOLDERS,
    NOTE_NAME,
    SET_APART,
    SKIPPED,
    SKIPPED_BLOCKS,
    STRUCK,
    TAG,
    UNSEEN,
    attributes_of,
    note_of,
    number_before,
    number_of_item,
    whole_tags,
)
from evidence.extract.forms.htmltext import plain_text
from evidence.extract.forms.layout import Block, Cell, Definition, Layout, Link, Mark, is_box_title
from evidence.extract.forms.numbered import Written, read_numbered, with_marks
from evidence.extract.forms.raised import Raised, numbers_of
from evidence.identifiers.decoding import unescape_entities
from evidence.vocabulary import ClaimKind

_ID = re.compile(r"\bid\s*=\s*[\"']?([^\"'\s<>]+)")
_STOPS = frozenset(".!?")
_NOT_NEWLINE = re.compile(r"[^\n]")
# What stands before a note's text when its number is no list number, and behind it when its arrow is no link.
_LABEL = re.compile(r"\s*+(?:\[\s*+\d{0,4}\s*+\]|[.)\]:^])?\s*+")
_BACK_ARROWS = " \n\t^↩⤴↑\ufe0e"
_UNFIT = re.compile(r"[\]\n]")
# What a script shows on hovering is no part of a page.
_HIDDEN = re.compile(r"class\s*=\s*[\"']?[^\"'>]{0,200}\b(?:popover|headerlink)(?=[\s\"'])")
# What a page says of itself above and below its text: who wrote it, when, and how long it takes to read.
_ABOUT_PAGE = re.compile(
    r"class\s*=\s*[\"']?(?:[^\"'>]{0,200}\s)?(?:authors?|byline|date|(?:post|entry|content|page|article)-meta|md-source-file|"
    r"last-(?:updated|modified)|reading-time|breadcrumbs?)(?=[\s\"'>]|$)"
)
_TITLE_CLASS = re.compile(
    r"class\s*=\s*[\"']?[^\"'>]{0,200}\b(?:title|(?:post|entry|article|page)-title)(?=[\s\"'>]|$)"
)
_BOX_TITLE = re.compile(r"class\s*=\s*[\"']?[^\"'>]{0,200}\b(?:callout|markdown-alert|admonition)-title\b")
_ANCHOR = re.compile(
    r"<a\b[^<>]{0,400}?\baria-hidden=[\"']?true[^<>]{0,400}>[^<]{0,20}(?:<svg\b.{0,2000}?</svg>)?[^<]{0,20}</a>",
    re.DOTALL,
)
# A mark or the key of a note that a renderer without footnotes left as it was.
_LITERAL = re.compile(r"\[\^([^\[\]\s^]{1,100})\]")
_LITERAL_NOTE = re.compile(r"^[ \t]*\[\^([^\[\]\s]{1,100})\]:[ \t]*", re.MULTILINE)
# Each of them ends a row whose own end tag is left out.
_ROW_GROUPS = frozenset({"table", "thead", "tbody", "tfoot"})
_EMPTY_CELLS = " \t\r\n\f\v\xa0|"
_LETTER = re.compile(r"[^\W\d_]")
# A line without a letter may be a link to a paper all the same: `<a href="https://doi.org/10.1000/x">1</a>`.
_ADDRESS = re.compile(r"\b10\.\d{4}|\bPMC\d|pubmed", re.IGNORECASE)
# What ends an element whose end tag is left out.
_END_TAG_LEFT_OUT = {
    "p": frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section", "footer"]),
    "dd": frozenset(["dt", "dd"]),
}
_HEADING_LENGTH = 4000
# The ends of what holds the title of a box.
_BEHIND_TITLE = re.compile(r"(?:\s++|</(?:p|span|strong|b|em|i|summary)\s*>)*", re.IGNORECASE)
_LONGEST_GAP = 400
_LONGEST_RAISED = 400


class _Lines:
    """Tells the line of an offset, counting on from the last one asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.line, self.counted = 1, 0

    def at(self, offset: int) -> int:
        if offset >= self.counted:
            self.line += self.text.count("\n", self.counted, offset)
        else:
            self.line -= self.text.count("\n", offset, self.counted)
        self.counted = offset
        return self.line


class _OpenNote(NamedTuple):
    """A note before its end: the element that holds it, how many of these and how many lists are open there."""

    key: str
    start: int
    holder: str
    depth: int
    lists: int


class _Row(NamedTuple):
    """A row of a table before its end, and whether one of its cells is no heading."""

    start: int
    table: int
    has_cells: bool = False


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
    box_title: bool = False
    # The element that holds what a page says of itself, until that was read.
    about_page: str = ""
    # The page's title stands in a heading that says so: no other is.
    titled: bool = False
    row: _Row | None = None
    tables: int = 0
    # The columns of the table, and whether the row before was one of its header.
    grid: Grid = field(default_factory=Grid)
    in_header: bool = False
    # Whether no row of the table has ended yet.
    fresh_table: bool = False
    # The element that is the open infobox, and how many of its name are open.
    infobox: tuple[str, int] | None = None
    skip: tuple[str, int, int] | None = None
    # The keys of the open link to a note, where it begins, and the number of pieces before it.
    link: tuple[tuple[str, ...], int, int] | None = None
    # Where the open link to a paper begins, and where its words do.
    paper: tuple[int, int] | None = None
    in_citation: bool = False
    title_start: int | None = None
    note: _OpenNote | None = None
    # The key of a note that begins behind the open link.
    next_note: str | None = None
    open: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NOTE_HOLDERS, 0))
    # The numbers of items by list, those of blocks by where they begin, and where lines begin within blocks.
    counts: list[int] = field(default_factory=list)
    items: dict[int, int] = field(default_factory=dict)
    breaks: list[int] = field(default_factory=list)
    # The marks and notes that no generator named.
    unnamed: PageNotes = field(default_factory=PageNotes)
    # The ids that links say are notes, and all ids of the page once they were asked for.
    targets: set[str] = field(default_factory=set)
    ids: frozenset[str] | None = None
    lines: _Lines = field(default_factory=lambda: _Lines(""))
    # Where the keys of notes begin that the renderer left as they were written.
    literal_keys: set[int] = field(default_factory=set)
    # Spans of code within a sentence: a mark in one is none.
    code: list[tuple[int, int]] = field(default_factory=list)
    code_start: int | None = None
    # The raised numbers, and where the open raised element and its words begin.
    raised: list[Raised] = field(default_factory=list)
    raised_start: tuple[int, int] | None = None
    # What ends no comment from here on: it is looked for once.
    unclosed: set[str] = field(default_factory=set)


def read_html(text: str, start: int = 0) -> Layout:
    """Return the layout of an HTML page. `Layout.text` is the copy without tags.

    >>> layout = read_html('<p>Lost.<sup><a href="#fn1">1</a></sup></p><ol><li id="fn1">doi:10.1000/x</li></ol>')
    >>> layout.marks[0].key, layout.definitions[0].key
    ('1', '1')
    """
    first = max(start, text.startswith("\ufeff"))
    unnamed = find_page_notes(text, first)
    begin, end = frame_of(text, first, unnamed.notes)
    state = _State(
        text, Layout(text, unsure=unnamed.unsure), block_start=begin, last=begin, lines=_Lines(text), unnamed=unnamed
    )
    state.pieces.append(_blank(text[:begin]))
    if begin > start + 1:
        state.layout.title = title_before(text, start, begin)
        state.layout.code.append((start, begin))
    found = TAG.search(text, begin, end)
    while found is not None:
        stop = found.end()
        if found.group("name"):
            _take(state, found)
        else:
            stop = _take_unseen(state, found)
        found = TAG.search(text, stop, end)
    _close_note(state, end)
    _flush(state, end)
    state.pieces.append(text[state.last : end])
    copy = "".join(state.pieces)
    if state.skip is not None:
        copy = copy[: state.skip[1]] + _blank(copy[state.skip[1] :])
        state.layout.code.append((state.skip[1], end))
    if end < len(text):
        copy += _blank(text[end:])
        state.layout.code.append((end, len(text)))
    state.layout.text, brackets = mend_copy(copy)
    _finish(state)
    leave_out_block_ids(state.layout)
    state.layout.marks = widen_marks(state.layout.marks, brackets)
    if not state.layout.marks and not state.layout.definitions:
        read_numbered(state.layout, begin, Written(state.items, state.breaks, state.code, state.raised, text))
    _keep_shared(state)
    return state.layout


def _keep_shared(state: _State) -> None:
    """Keep the marks that lead to what holds many entries, where they were not read by their numbers."""
    layout = state.layout
    starts = [mark.start for mark in layout.marks]
    unread = []
    for start, end, number in state.unnamed.shared:
        index = bisect_left(starts, end) - 1
        if index < 0 or layout.marks[index].end <= start:
            unread.append(Mark(f"{number}?", start, end))
            layout.unsure[f"{number}?"] = why_unsure(number)
    if unread:
        layout.text = with_marks(layout.text, unread)
        layout.marks = sorted([*layout.marks, *unread], key=lambda one: one.start)


def _blank(text: str) -> str:
    return _NOT_NEWLINE.sub(" ", text) if "\n" in text else " " * len(text)


def _take_unseen(state: _State, found: re.Match[str]) -> int:
    """Blank out a comment or declaration and return where it ends; one that is never closed is text like any other."""
    begin, end = found.span()
    if found.group() in UNSEEN:
        closing, overlap = UNSEEN[found.group()]
        close = -1 if closing in state.unclosed else state.text.find(closing, end - overlap)
        if close < 0:
            state.unclosed.add(closing)
            return end
        end = close + len(closing)
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
    words = state.text[state.last : begin]
    state.pieces.append(words.replace("|", "¦") if state.row is not None else words)
    state.pieces.append(_blank(found.group()))
    state.last = end
    if name == "span" and (begin in state.unnamed.marks or (closing and state.in_citation)):
        _take_citation(state, found, closing=closing)
    elif name == "a":
        _take_link(state, found, closing=closing)
    elif name in SKIPPED:
        if not closing and found.group("attributes")[-1:] != "/":
            _skip(state, name, begin)
    elif not closing and _states_nothing(name, found):
        _skip(state, name, begin)
    elif name in BLOCKS:
        _take_block(state, name, found, closing=closing)
    elif name in {"td", "th"} and not closing and state.row is not None:
        state.row = state.row._replace(has_cells=state.row.has_cells or name == "td")
        state.grid.add(begin, found.group("attributes"))
        state.pieces[-1] = "|" + state.pieces[-1][1:]
    else:
        _take_inline(state, name, words, closing=closing, begin=begin, end=end)
    if begin in state.unnamed.ends and state.note is not None and not state.note.holder:
        _close_note(state, begin)
    if (closing or name not in NOTE_HOLDERS) and (unnamed := state.unnamed.notes.get(begin)) is not None:
        _open_unnamed(state, unnamed, "", begin)


def _states_nothing(name: str, found: re.Match[str]) -> bool:
    written = found.group("attributes")
    if not written:
        return False
    is_hidden = name in {"div", "span"} and _HIDDEN.search(written) is not None
    return is_hidden or is_box(name, written, found.string, found.end())


def _take_inline(state: _State, name: str, words: str, *, closing: bool, begin: int, end: int) -> None:
    """Write into the copy what an inline tag means: the signs of Markdown, as far as they tell sentences or roles."""
    if name in STRUCK:
        state.pieces[-1] = "~~" + state.pieces[-1][2:] if closing else state.pieces[-1][:-2] + "~~"
    elif name == "br":
        state.breaks.append(end)
    elif name in SET_APART:
        if closing and words[-1:] in _STOPS:
            # A stop inside ends the sentence.
            state.pieces[-1] = "*" + state.pieces[-1][1:]
    elif name == "sup":
        _take_raised(state, closing=closing, begin=begin, end=end)
    elif name == "code":
        if not closing:
            state.code_start = end
        elif state.code_start is not None:
            state.code.append((state.code_start, begin))
            state.code_start = None


def _take_raised(state: _State, *, closing: bool, begin: int, end: int) -> None:
    """Note numbers that are raised: they may be marks."""
    if not closing:
        state.raised_start = (begin, end) if state.code_start is None else None
        return
    if state.raised_start is not None and begin - state.raised_start[1] <= _LONGEST_RAISED:
        start, inside = state.raised_start
        if numbers := numbers_of(TAG.sub("", state.text[inside:begin])):
            state.raised.append(Raised(numbers, start, end))
    state.raised_start = None


def _skip(state: _State, name: str, begin: int) -> None:
    if name in BLOCKS or name in SKIPPED_BLOCKS:
        _flush(state, begin)
        state.block_start = begin
    state.skip = (name, begin, 1)
    state.title_start = None


def _take_skipped(state: _State, name: str, *, closing: bool, begin: int, end: int) -> None:
    """Wait for the end of an element whose content is not read; the page's title stands in one."""
    skipped, start, depth = state.skip or ("", 0, 0)
    if name == "title" and skipped == "head":
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
    state.last = end
    if state.block_start == start:
        state.block_start = end
    state.skip = None


def _take_link(state: _State, found: re.Match[str], *, closing: bool) -> None:
    """Write a link to a note into the copy as a mark; blank out a link back to the text."""
    if closing:
        _close_link(state, found)
        return
    written = found.group("attributes")
    if "#" not in written:
        if "://" in written or "doi" in written:
            _open_paper(state, found)
        return
    attributes = attributes_of(written)
    unnamed = state.unnamed.marks.get(found.start())
    page, _, fragment = unescape_entities(attributes.get("href", "")).partition("#")
    is_elsewhere = (
        page and unnamed is None and (found.start() in state.unnamed.elsewhere or fragment not in _ids(state))
    )
    if not fragment or is_elsewhere:
        if "://" in page:
            _open_paper(state, found)
        return
    key = note_of(fragment, written) if fragment not in state.unnamed.headings else None
    if key is not None:
        state.targets.add(fragment)
    keys = unnamed or (() if key is None else (key,))
    if keys:
        state.link = (keys, found.start(), len(state.pieces) - 1)
    elif found.start() in state.unnamed.backs or BACK_NAME.match(fragment) or BACKWARD.search(written):
        state.link = ((), found.start(), len(state.pieces) - 1)
        own = NOTE_NAME.match(attributes.get("id") or attributes.get("name") or "")
        state.next_note = own.group(1) if own else None


def _open_paper(state: _State, found: re.Match[str]) -> None:
    """Take the tag of a link to a paper: a sentence that begins with it begins where the paper is named."""
    state.pieces[-1] = "*" + state.pieces[-1][1:]
    state.paper = found.span()


def _take_citation(state: _State, found: re.Match[str], *, closing: bool) -> None:
    """Take a citation that is no link; it holds no element of its kind."""
    state.in_citation = not closing
    if closing:
        _close_link(state, found)
    else:
        state.link = (state.unnamed.marks[found.start()], found.start(), len(state.pieces) - 1)


def _close_link(state: _State, found: re.Match[str]) -> None:
    if state.paper is not None:
        state.layout.tag_links.append(Link(*state.paper, found.end()))
        state.paper = None
    if state.link is None:
        return
    keys, begin, index = state.link
    state.link = None
    mark = f"[^{keys[0]}]" if keys and not _UNFIT.search(keys[0]) else ""
    mark = mark if len(mark) <= found.end() - begin else ""
    state.pieces[index:] = [mark, _blank(state.text[begin + len(mark) : found.end()])]
    if keys:
        state.layout.marks += [Mark(key, begin, found.end()) for key in keys]
    elif state.next_note is not None:
        # A note whose name stands in its link back, as in Word, Google Docs and Org: it ends with what holds it.
        if state.note is not None and state.note.key != state.next_note:
            _close_note(state, begin)
        if state.note is None:
            holder = "div" if state.open["div"] else "p"
            state.note = _OpenNote(state.next_note, found.end(), holder, state.open[holder], state.lists)
        state.next_note = None


def _ids(state: _State) -> frozenset[str]:
    """Return the ids of the page: a link that names the page as well as the id may be one within it."""
    if state.ids is None:
        state.ids = frozenset(_ID.findall(state.text))
    return state.ids


def _take_block(state: _State, name: str, found: re.Match[str], *, closing: bool) -> None:
    begin, end = found.span()
    if state.note is not None and _ends_with(state.note, name, closing=closing):
        _close_note(state, begin)
    if state.row is None or name == "tr" or name in _ROW_GROUPS:
        _flush(state, begin)
        state.block_start = end
    if name in NOTE_HOLDERS:
        _take_holder(state, name, found, closing=closing)
    if name[0] == "h" and name[1:].isdigit():
        _take_heading(state, int(name[1:]), closing=closing, begin=begin, end=end)
    elif name in {"ul", "ol"}:
        state.lists = max(0, state.lists + (-1 if closing else 1))
        state.fresh_item = state.fresh_item and not closing
        _count_items(state, name, found.group("attributes"), closing=closing)
        if closing and state.note is not None and state.lists < state.note.lists:
            _close_note(state, begin)
    elif name in _ROW_GROUPS:
        _take_table(state, name, closing=closing, begin=begin)
    elif name == "tr" and (closing or state.note is None):
        _take_row(state, closing=closing, begin=begin, end=end)
    elif name == "li":
        _take_item(state, found.group("attributes"), closing=closing)
    elif name == "summary":
        state.box_title = not closing
    elif name in {"p", "div", "aside"}:
        _take_line(state, name, found.group("attributes"), closing=closing)
    _take_infobox(state, name, found.group("attributes"), closing=closing)


def _take_infobox(state: _State, name: str, written: str, *, closing: bool) -> None:
    """Enter or leave an infobox: it ends with the element that it begins with."""
    if state.infobox is not None and name == state.infobox[0]:
        depth = state.infobox[1] + (-1 if closing else 1)
        state.infobox = (name, depth) if depth else None
    elif state.infobox is None and not closing and written and is_infobox(name, written):
        state.infobox = (name, 1)


def _take_item(state: _State, written: str, *, closing: bool) -> None:
    state.fresh_item = not closing
    if state.counts and not closing:
        state.counts[-1] = number_of_item(state.counts[-1], written)


def _count_items(state: _State, name: str, written: str, *, closing: bool) -> None:
    """Begin or end the count of a list; one without numbers counts below zero."""
    if not closing:
        state.counts.append(number_before(name, written))
    elif state.counts:
        state.counts.pop()


def _ends_with(note: _OpenNote, name: str, *, closing: bool) -> bool:
    """Tell whether a tag ends a note that is a line, or a paragraph without its end tag."""
    if closing:
        return not note.holder or (note.holder == "dd" and name == "dl")
    return not note.holder or name in _END_TAG_LEFT_OUT.get(note.holder, ())


def _take_line(state: _State, name: str, written: str, *, closing: bool) -> None:
    """Note what the class of a paragraph says of it."""
    if not closing and written:
        state.box_title = state.box_title or _BOX_TITLE.search(written) is not None
        if _ABOUT_PAGE.search(written):
            state.about_page = name
            return
    if state.about_page == name and (closing or name == "p"):
        state.about_page = ""


def _take_heading(state: _State, level: int, *, closing: bool, begin: int, end: int) -> None:
    if not closing:
        state.heading = (level, end)
        return
    if state.heading is None:
        return
    level, start = state.heading
    state.heading = None
    if state.infobox is not None:
        return
    words = plain_text(_ANCHOR.sub("", _without_skipped(state, start, begin))).rstrip("#¶§ ")
    if level == 1 and not state.headings:
        if not state.titled:
            state.layout.title = words or state.layout.title
            state.titled = _TITLE_CLASS.search(state.text, state.text.rfind("<", 0, start), start) is not None
        return
    state.headings = [one for one in state.headings if one[0] < level]
    state.headings.append((level, words))


def _without_skipped(state: _State, start: int, end: int) -> str:
    """Return what is written of a heading, without what was not read of it."""
    end = min(end, start + _HEADING_LENGTH)
    parts = []
    for begin, stop in reversed(state.layout.code):
        if stop <= start:
            break
        parts.append(state.text[min(stop, end) : end])
        end = min(begin, end)
    return "".join([state.text[start:end], *reversed(parts)])


def _take_table(state: _State, name: str, *, closing: bool, begin: int) -> None:
    """Begin or end a table or a group of its rows."""
    begins = name == "table" and not closing
    if not begins and state.row is not None and state.row.table == state.tables:
        _end_row(state, state.row, begin)
    state.grid.end_group()
    if begins:
        state.tables += 1
        state.grid, state.in_header, state.fresh_table = Grid(), False, True


def _take_row(state: _State, *, closing: bool, begin: int, end: int) -> None:
    # The end tag of a row may be left out; a row around another table has no end where that begins.
    if state.row is not None and (closing or state.row.table == state.tables):
        _end_row(state, state.row, begin)
    if not closing:
        state.row = _Row(end, state.tables)


def _end_row(state: _State, row: _Row, end: int) -> None:
    state.row = None
    is_first, state.fresh_table = state.fresh_table, False
    is_header = not row.has_cells or (is_first and _is_bold_header(state, row.start, end))
    cells = state.grid.end_row(end, is_header=is_header)
    if not is_header:
        state.in_header = False
        if cells is not None:
            state.layout.cells[row.start] = cells
        _keep(state, row.start, end, ClaimKind.TABLE_ROW, state.tables)
    elif cells:
        state.layout.headers[state.tables] = (row.start, end)
        _add_header(state, cells)


def _is_bold_header(state: _State, start: int, end: int) -> bool:
    marks = state.layout.marks
    return not (marks and marks[-1].start >= start) and is_bold_header(state.text, start, end)


def _add_header(state: _State, cells: tuple[Cell, ...]) -> None:
    """Add a row of headings to those directly above it, or begin the header of the table anew with it."""
    heads = state.layout.heads
    if state.in_header:
        heads[state.tables].append(cells)
    elif len(cells) > 1 or state.tables not in heads:
        # One heading alone among rows is that of the rows below.
        heads[state.tables] = [cells]
        state.in_header = True


def _take_holder(state: _State, name: str, found: re.Match[str], *, closing: bool) -> None:
    """Open or close an element that may hold a note: a list item mostly, which its id gives away."""
    depth = state.open[name] = max(0, state.open[name] + (-1 if closing else 1))
    if closing:
        if state.note is not None and state.note.holder == name and depth < state.note.depth:
            _close_note(state, found.start())
        return
    written = found.group("attributes")
    if (unnamed := state.unnamed.notes.get(found.start())) is not None:
        if state.note is not None and state.note.holder == name and state.lists == state.note.lists:
            depth = state.open[name] = depth - 1
        _open_unnamed(state, unnamed, name, found.start())
        return
    if "id" not in written:
        return
    identity = attributes_of(found.group("attributes")).get("id", "")
    named = NOTE_NAME.match(identity)
    if not named and identity not in state.targets:
        return
    if state.note is not None and name == "li" == state.note.holder and state.lists == state.note.lists:
        # The end of an item may be left out.
        _close_note(state, found.start())
        depth = state.open["li"] = depth - 1
    if state.note is None:
        state.note = _OpenNote(named.group(1) if named else identity, found.end(), name, depth, state.lists)


def _open_unnamed(state: _State, note: PageNote, holder: str, begin: int) -> None:
    """Open a note that no generator named; without a holder it is a line."""
    _close_note(state, begin)
    _flush(state, begin)
    state.note = _OpenNote(note.key, note.start, holder, state.open.get(holder, 0), state.lists)


def _close_note(state: _State, end: int) -> None:
    if state.note is not None:
        key, start = state.note[:2]
        state.layout.definitions.append(Definition(key, start, end, state.lines.at(start)))
        state.note = None
        state.block_start = end


def _flush(state: _State, end: int) -> None:
    """End the text that stands since the last block tag."""
    start = state.block_start
    if start >= end or state.heading is not None or state.note is not None or state.row is not None:
        return
    marks = state.layout.marks
    words = "" if (written := state.text[start:end]).isspace() else TAG.sub("", written)
    if not (_LETTER.search(words) or (marks and marks[-1].start >= start) or _ADDRESS.search(written)):
        return
    box_title, state.box_title = state.box_title, False
    about_page, state.about_page = state.about_page, ""
    if about_page and not (marks and marks[-1].start >= start):
        return
    cites = bool(marks) and marks[-1].start >= start
    if box_title and (
        words.strip().isalpha() or (is_box_title(f"{written} {words}") and not cites and _has_body(state.text, end))
    ):
        # "Note", "Warning": the kind of a box, which Markdown writes as a sign; or its title.
        return
    kind = ClaimKind.LIST_ITEM if state.fresh_item else ClaimKind.SENTENCE
    if state.fresh_item and state.counts and state.counts[-1] > 0:
        state.items[start] = state.counts[-1]
    state.fresh_item = False
    _keep(state, start, end, kind, 0)
    state.block_start = end


def _has_body(text: str, end: int) -> bool:
    """Tell whether more follows in the box whose title ends here."""
    behind = _BEHIND_TITLE.match(text, end, end + _LONGEST_GAP)
    at = behind.end() if behind else end
    return text.find("callout-content", end, end + _LONGEST_GAP) >= 0 or (at < len(text) and text[at : at + 2] != "</")


def _keep(state: _State, start: int, end: int, kind: ClaimKind, table: int) -> None:
    marks = state.layout.marks
    if state.infobox is not None and not ((marks and marks[-1].start >= start) or cites(state.text[start:end])):
        # It repeats in short what the page says.
        return
    section = tuple(one[1] for one in state.headings)
    # What an item holds beside its first line is deeper than the item, and an item deeper than what the list is in.
    depth = 2 * state.lists + (kind is not ClaimKind.LIST_ITEM)
    state.raw.append((start, end, kind, section, depth, table))


def _finish(state: _State) -> None:
    """Trim blocks and notes to what is seen, now that the copy is whole."""
    copy, layout = state.layout.text, state.layout
    layout.code.sort()
    literal = _add_literal_marks(state) if "[^" in copy else frozenset()
    lines = _Lines(state.text)
    before = 0
    for start, end, kind, section, depth, table in state.raw:
        last = end
        if literal and copy.find("[^", start, end) >= 0:
            end = _cut_literal_notes(state, before, start, end, literal)  # noqa: PLW2901 - what is left of the block
        before = max(before, last)
        seen = copy[start:end]
        begin = start + len(seen) - len(seen.lstrip())
        # The bar of an empty cell stands for its tag, which is no word of the row.
        stop = start + len(seen.rstrip(_EMPTY_CELLS if kind is ClaimKind.TABLE_ROW else None))
        if begin < stop:
            if start in state.items:
                state.items[begin] = state.items.pop(start)
            if start in layout.cells:
                layout.cells[begin] = layout.cells.pop(start)
            layout.blocks.append(Block(kind, begin, stop, lines.at(begin), section, depth, table))
    layout.definitions = [_trim(copy, state.text, one) for one in layout.definitions]
    if literal:
        layout.definitions.sort(key=lambda one: one.start)
        marks = [one for one in layout.marks if one.start not in state.literal_keys]
        layout.marks = sorted(marks, key=lambda one: one.start)


def _add_literal_marks(state: _State) -> frozenset[int]:
    """Add the marks that the renderer made no link of, for want of a note or of footnotes; return where they begin."""
    known = {mark.start for mark in state.layout.marks}
    spans = iter([*state.code, (len(state.text) + 1, len(state.text) + 1)])
    begin, stop = next(spans)
    added = set()
    for found in _LITERAL.finditer(state.layout.text):
        at = found.start()
        while stop <= at:
            begin, stop = next(spans)
        if at in known or begin <= at or found.group(1).startswith("gap/"):
            continue
        state.layout.marks.append(Mark(found.group(1), at, found.end()))
        added.add(at)
    return frozenset(added)


def _cut_literal_notes(state: _State, before: int, start: int, end: int, literal: frozenset[int]) -> int:
    """Take the notes that a renderer left in a paragraph as they were written; return where they begin.

    No line is looked at further back than `before`, where the paragraph before ends: a page may be one long line.
    """
    copy = state.layout.text
    line_start = copy.rfind("\n", before, start) + 1 or before
    first = start if copy[line_start:start].strip() or (before and line_start == before) else line_start
    found = [one for one in _LITERAL_NOTE.finditer(copy, first, end) if one.start(1) - 2 in literal]
    if not found:
        return end
    for one, following in zip(found, [*found[1:], None], strict=True):
        stop = following.start() if following else end
        key = one.group(1)
        state.literal_keys.add(one.start(1) - 2)
        state.layout.definitions.append(Definition(key, one.end(), stop, state.lines.at(one.start(1))))
    return max(start, found[0].start())


def _trim(copy: str, text: str, note: Definition) -> Definition:
    seen = copy[note.start : note.end].rstrip(_BACK_ARROWS)
    label = _LABEL.match(seen)
    start = note.start + (label.end() if label else 0)
    # A note that begins with a link begins with its tag, where the address stands.
    link = text.rfind("<a", note.start, start)
    if link >= 0 and (tag := TAG.match(text, link)) and tag.end() <= start and text.find("</a", link, start) < 0:
        address = attributes_of(tag.group("attributes") or "").get("href", "#")
        start = start if address.startswith("#") else link
    start, end = whole_tags(text, copy, start, note.start + len(seen))
    if seen.endswith("]") and text[end - 1] != "]":
        # A mark is written over the tag of its link.
        end = text.find(">", end - 1) + 1 or end
    return note._replace(start=start, end=end)
