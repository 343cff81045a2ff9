"""Markdown and HTML pages that cite by number: `[1]` in the text, and below "References" a numbered list."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from evidence.extract.forms.intervals import is_interval
from evidence.extract.forms.layout import Block, Definition, Layout, Mark
from evidence.extract.forms.marks import InlineCode, Skipper
from evidence.extract.forms.raised import Cited, Raised, choose_raised, find_raised, find_signs
from evidence.vocabulary import ClaimKind

_HEADING = re.compile(
    r"(?:\d+\.? )?(?:references?|bibliography|literature(?: cited)?|foot ?notes?|end ?notes?|notes|sources|citations|"
    r"works cited)",
    re.IGNORECASE,
)
# Below "Notes" and "Sources" a page may have parts of its own.
_HEADING_OF_PARTS = re.compile(
    r"(?:\d+\.? )?(?:references?|bibliography|literature(?: cited)?|foot ?notes?|end ?notes?|citations|works cited)",
    re.IGNORECASE,
)
_SEVERAL = "`{}` is the number of several entries of the references: nobody can tell which of them it cites"
_ITEM_NUMBER = re.compile(r"[ \t>]*(\d{1,4})[.)][ \t]+$")
_BRACKET_NUMBER = re.compile(r"^[ \t>]*\\?\[(\d{1,4})\\?\]:?[ \t]+(?=\S)", re.MULTILINE)
_LEADING_NUMBER = re.compile(r"\s*(?:\[(?=\d{1,4}\])|(?=\d{1,4}[.)]\s))(\d{1,4})[\].)]:?\s+(?=\S)")
# `[1]`, `[1, 2]`, `[1-3]`, also escaped, and as a link within the page.
_MARK = re.compile(r"\\?\[{1,2}(\d{1,4}(?:\s*[,;–-]\s*\d{1,4})*)\\?\]{1,2}(?!:)(\(#[^()\s]{0,100}\)|\()?")
_PART = re.compile(r"(\d+)(?:\s*[–‐-]\s*(\d+))?")
_LONGEST_RANGE = 50
# How much further in a list within an item of Markdown stands, at least.
_NESTED_INDENT = 2
# How many times as many entries raised numbers must name as numbers in brackets, for both to be marks.
_MANY_TIMES = 3


class Written(NamedTuple):
    """What the tags of an HTML page say where Markdown writes signs.

    `items` are the numbers of list items by where their blocks begin, `lines` the places where lines begin within
    blocks, `code` the spans of code within sentences, `raised` the raised numbers; `source` is the page with its tags.
    """

    items: Mapping[int, int]
    lines: Sequence[int]
    code: Sequence[tuple[int, int]]
    raised: Sequence[Raised]
    source: str


class _Entries(NamedTuple):
    """What a block defines, and the block, with the items of lists within it."""

    blocks: list[Block]
    entries: list[Definition]


def read_numbered(layout: Layout, start: int, written: Written | None = None) -> None:
    """Make notes of a numbered list of references, and marks of the numbers in brackets that name one.

    Nothing is changed on a page that has notes of its own, or where no number in brackets names an entry. A number that
    several entries have names none of them: its mark has a key without a note.

    Args:
        layout: of the page, its blocks read.
        start: where the body begins.
        written: what else an HTML page says with its tags.
    """
    found = _find_entries(layout, written)
    counts = Counter(entry.key for one in found for entry in one.entries)
    if not counts:
        return
    first = min(one.blocks[0].start for one in found)
    unsure = {f"{key}?": _SEVERAL.format(key) for key, count in counts.items() if count > 1}
    marks = _in_brackets(layout, start, first, written, counts.keys())
    layout.bare_marks = bool(marks)
    # A page cites in one form mostly. Where that is brackets, what is raised is a power or the sign of a table's note.
    enough = _MANY_TIMES * len({mark.key for mark in marks})
    raised, labelled = _raised(layout, start, first, written, counts.keys()) if enough <= len(counts) else ([], {})
    if raised and len({mark.key for mark in raised}) >= enough:
        layout.text = with_marks(layout.text, raised)
        marks = sorted([*marks, *raised], key=lambda one: one.start)
        unsure |= labelled
    if not marks:
        return
    dropped = {block.start for one in found for block in one.blocks}
    layout.blocks = [block for block in layout.blocks if block.start not in dropped]
    layout.definitions = [entry for one in found for entry in one.entries]
    layout.marks = [one._replace(key=f"{one.key}?") if counts[one.key] > 1 else one for one in marks]
    layout.unsure = unsure


def _in_brackets(layout: Layout, start: int, end: int, written: Written | None, keys: AbstractSet[str]) -> list[Mark]:
    """Return the marks that are numbers in brackets."""
    text = layout.text
    skip, code = Skipper(sorted([*layout.code, *(written.code if written else ())])), InlineCode(text)
    return [
        Mark(key, *match.span())
        for match in _MARK.finditer(text, start, end)
        if match.group(2) != "(" and not skip.covers(match.start()) and not code.encloses(*match.span())
        if not is_interval(text, match.start(), match.group(1))
        for key in _numbers(match.group(1), keys)
    ]


def _raised(
    layout: Layout, start: int, end: int, written: Written | None, keys: AbstractSet[str]
) -> tuple[list[Mark], dict[str, str]]:
    """Return the marks that are raised numbers, and why some are unsure."""
    source = written.source if written else layout.text
    elements = written.raised if written else find_raised(source, start, layout.code)
    signs = find_signs(layout.text, start, [*layout.code, *(written.code if written else ())])
    raised = sorted([*elements, *signs], key=lambda one: one.start)
    cited = [Cited(one, named) for one in raised if one.start < end and (named := _numbers(one.numbers, keys))]
    chosen, unsure = choose_raised(source, layout.blocks, cited, written.lines if written else None, len(keys))
    return [Mark(key, one.raised.start, one.raised.end) for one in chosen for key in one.keys], unsure


def with_marks(copy: str, marks: Iterable[Mark]) -> str:
    """Return the copy of a page with marks as `[^k]`, where that fits; of several at one place the first is written.

    >>> with_marks("lost.<sup>1</sup>", [Mark("1", 5, 17)])
    'lost.[^1]        '
    """
    parts, at = [], 0
    for key, begin, stop in marks:
        if begin >= at:
            mark = f"[^{key}]"
            parts += [copy[at:begin], mark.ljust(stop - begin) if len(mark) <= stop - begin else copy[begin:stop]]
            at = stop
    return "".join([*parts, copy[at:]])


def _find_entries(layout: Layout, written: Written | None) -> list[_Entries]:
    """Return the entries below headings of references, and those below their sub-headings that count on from them."""
    direct: list[_Entries] = []
    below: list[_Entries] = []
    # The entries of the block before.
    last: _Entries | None = None
    for block in layout.blocks:
        if last is not None and _is_within(block, last.blocks[0], 1 if written else _NESTED_INDENT):
            last.blocks.append(block)
            last.entries[-1] = last.entries[-1]._replace(end=block.end)
            continue
        before, last = last, None
        is_direct = bool(block.section) and _is_heading(_HEADING, block.section[-1])
        if is_direct or any(_is_heading(_HEADING_OF_PARTS, one) for one in block.section[:-1]):
            entries = _entries_of_html(layout, block, written) if written else _entries_of(layout, block, before)
            if entries:
                last = _Entries([block], entries)
                (direct if is_direct else below).append(last)
    known = {entry.key for one in direct for entry in one.entries}
    return [*direct, *(one for one in below if known.isdisjoint(entry.key for entry in one.entries))]


def _is_heading(pattern: re.Pattern[str], words: str) -> bool:
    return pattern.fullmatch(words.strip(" :")) is not None


def _is_next(block: Block, entry: Block) -> bool:
    """Tell whether a block, which follows an entry, is an item of the same list."""
    return entry.kind is block.kind and block.section == entry.section


def _is_within(block: Block, entry: Block, indent: int) -> bool:
    """Tell whether a block, which follows an entry, is an item of a list in it."""
    return block.kind is ClaimKind.LIST_ITEM and _is_next(block, entry) and block.depth >= entry.depth + indent


def _entries_of(layout: Layout, block: Block, before: _Entries | None) -> list[Definition]:
    """Return what a block of a list of references defines; `before` are the entries of the block before it.

    Source:
        CommonMark 0.31, "Lists": whatever the items are numbered, they are counted from the number of the first. People
        who leave the count to it write 1 for all.
    """
    text = layout.text
    line = text.rfind("\n", 0, block.start) + 1
    if block.kind is ClaimKind.LIST_ITEM:
        number = _ITEM_NUMBER.match(text, line, block.start)
        if number is None:
            return []
        key = number.group(1)
        if key == "1" and before is not None and _is_next(block, before.blocks[0]):
            key = str(int(before.entries[-1].key) + 1)
        return [Definition(key, block.start, block.end, block.line)]
    if block.kind is not ClaimKind.SENTENCE:
        return []
    places = list(_BRACKET_NUMBER.finditer(text, line, block.end))
    return _divided(layout, block, places) if places and places[0].start() <= block.start else []


def _entries_of_html(layout: Layout, block: Block, written: Written) -> list[Definition]:
    """Return the same of HTML, where lines mean nothing and the numbers of items are not written."""
    first, last = (bisect_left(written.lines, at) for at in (block.start, block.end))
    starts = [block.start, *written.lines[first:last]]
    places = [one for at in starts if (one := _LEADING_NUMBER.match(layout.text, at, block.end))]
    if places and places[0].start() == block.start:
        return _divided(layout, block, places)
    number = written.items.get(block.start)
    return [] if number is None else [Definition(str(number), block.start, block.end, block.line)]


def _divided(layout: Layout, block: Block, places: Sequence[re.Match[str]]) -> list[Definition]:
    """Return the entries of a block, each with its number at one of the places."""
    ends = [*(one.start() for one in places[1:]), block.end]
    return [_definition(layout, block, *one) for one in zip(places, ends, strict=True)]


def _definition(layout: Layout, block: Block, place: re.Match[str], end: int) -> Definition:
    text = layout.text
    stop = place.end() + len(text[place.end() : end].rstrip())
    line = block.line + text.count("\n", block.start, max(block.start, place.end()))
    return Definition(place.group(1), place.end(), stop, line)


def _numbers(written: str, keys: AbstractSet[str]) -> list[str]:
    """Return the keys that a mark names, none where one of them has no entry.

    >>> _numbers("1, 3-4", {"1", "2", "3", "4"})
    ['1', '3', '4']
    """
    numbers: list[str] = []
    for part in _PART.finditer(written):
        low, high = int(part.group(1)), int(part.group(2) or part.group(1))
        if not low <= high < low + _LONGEST_RANGE:
            return []
        numbers += [str(number) for number in range(low, high + 1)]
    return numbers if keys >= set(numbers) else []
