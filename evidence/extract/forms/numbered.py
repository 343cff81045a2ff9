"""Markdown and HTML pages that cite by number: `[1]` in the text, and below "References" a numbered list."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from evidence.extract.forms.layout import Block, Definition, Layout, Mark
from evidence.extract.forms.marks import InlineCode, Skipper
from evidence.vocabulary import ClaimKind

_HEADING = re.compile(
    r"(?:\d+\.? )?(?:references?|bibliography|literature(?: cited)?|foot ?notes?|end ?notes?|notes|sources|citations|"
    r"works cited)",
    re.IGNORECASE,
)
_ITEM_NUMBER = re.compile(r"[ \t>]*(\d{1,4})[.)][ \t]+$")
_BRACKET_NUMBER = re.compile(r"^[ \t>]*\\?\[(\d{1,4})\\?\]:?[ \t]+(?=\S)", re.MULTILINE)
_LEADING_NUMBER = re.compile(r"\s*(?:\[(?=\d{1,4}\])|(?=\d{1,4}[.)]\s))(\d{1,4})[\].)]:?\s+(?=\S)")
# `[1]`, `[1, 2]`, `[1-3]`, also escaped, and as a link within the page.
_MARK = re.compile(r"\\?\[{1,2}(\d{1,4}(?:\s*[,;–-]\s*\d{1,4})*)\\?\]{1,2}(?!:)(\(#[^()\s]{0,100}\)|\()?")
_PART = re.compile(r"(\d+)(?:\s*[–-]\s*(\d+))?")
# What stands before the two ends of an interval, which are written as marks are: "95% CI [1, 2]".
_INTERVAL = re.compile(
    r"(?:(?<![^\W_])(?:CI|CrI|HDI|HPDI|IQR)s?|(?:confidence|credible|credibility|interquartile) (?:interval|range)s?)"
    r"(?: (?:of|was|is|from))?[\s:=,]*$"
)
_LONGEST_INTERVAL = 50
_ENDS = re.compile(r"\d+\s*[,;–-]\s*\d+")
_LONGEST_RANGE = 50


class Written(NamedTuple):
    """What the tags of an HTML page say where Markdown writes signs.

    `items` are the numbers of list items by where their blocks begin, `lines` the places where lines begin within
    blocks, `code` the spans of code within sentences.
    """

    items: Mapping[int, int]
    lines: Sequence[int]
    code: Sequence[tuple[int, int]]


def read_numbered(layout: Layout, start: int, written: Written | None = None) -> None:
    """Make notes of a numbered list of references, and marks of the numbers in brackets that name one.

    Nothing is changed on a page that has notes of its own, or where no number in brackets names an entry.

    Args:
        layout: of the page, its blocks read.
        start: where the body begins.
        written: what else an HTML page says with its tags.
    """
    text = layout.text
    found = _find_entries(layout) if written is None else _find_entries_of_html(layout, written)
    keys = {entry.key for _, entries in found for entry in entries}
    if not keys:
        return
    first = min(block.start for block, _ in found)
    skip, code = Skipper(sorted([*layout.code, *(written.code if written else ())])), InlineCode(text)
    marks = [
        Mark(key, *match.span())
        for match in _MARK.finditer(text, start, first)
        if match.group(2) != "(" and not skip.covers(match.start()) and not code.encloses(*match.span())
        if not _is_interval(text, match)
        for key in _numbers(match.group(1), keys)
    ]
    if not marks:
        return
    dropped = {block.start for block, _ in found}
    layout.blocks = [block for block in layout.blocks if block.start not in dropped]
    layout.definitions = [entry for _, entries in found for entry in entries]
    layout.marks = marks
    layout.bare_marks = True


def _is_interval(text: str, mark: re.Match[str]) -> bool:
    """Tell whether two numbers in brackets are the ends of an interval."""
    before = text[max(mark.start() - _LONGEST_INTERVAL, 0) : mark.start()]
    return bool(_ENDS.fullmatch(mark.group(1)) and _INTERVAL.search(before))


def _find_entries(layout: Layout) -> list[tuple[Block, list[Definition]]]:
    """Return the blocks below a heading of references that are entries, each with what it defines."""
    found: list[tuple[Block, list[Definition]]] = []
    text = layout.text
    for block in layout.blocks:
        if not block.section or not _HEADING.fullmatch(block.section[-1].strip(" :")):
            continue
        if block.kind is ClaimKind.LIST_ITEM:
            line = text.rfind("\n", 0, block.start) + 1
            number = _ITEM_NUMBER.match(text, line, block.start)
            if number:
                found.append((block, [Definition(number.group(1), block.start, block.end, block.line)]))
        elif block.kind is ClaimKind.SENTENCE:
            places = list(_BRACKET_NUMBER.finditer(text, text.rfind("\n", 0, block.start) + 1, block.end))
            if places and places[0].start() <= block.start:
                ends = [*(one.start() for one in places[1:]), block.end]
                found.append((block, [_definition(layout, block, *one) for one in zip(places, ends, strict=True)]))
    return found


def _find_entries_of_html(layout: Layout, written: Written) -> list[tuple[Block, list[Definition]]]:
    """Return the same of HTML, where lines mean nothing and the numbers of items are not written."""
    found: list[tuple[Block, list[Definition]]] = []
    for block in layout.blocks:
        if not block.section or not _HEADING.fullmatch(block.section[-1].strip(" :")):
            continue
        starts = [
            block.start,
            *written.lines[bisect_left(written.lines, block.start) : bisect_left(written.lines, block.end)],
        ]
        places = [one for at in starts if (one := _LEADING_NUMBER.match(layout.text, at, block.end))]
        if places and places[0].start() == block.start:
            ends = [*(one.start() for one in places[1:]), block.end]
            found.append((block, [_definition(layout, block, *one) for one in zip(places, ends, strict=True)]))
        elif block.start in written.items:
            found.append((block, [Definition(str(written.items[block.start]), block.start, block.end, block.line)]))
    return found


def _definition(layout: Layout, block: Block, place: re.Match[str], end: int) -> Definition:
    text = layout.text
    stop = place.end() + len(text[place.end() : end].rstrip())
    line = block.line + text.count("\n", block.start, max(block.start, place.end()))
    return Definition(place.group(1), place.end(), stop, line)


def _numbers(written: str, keys: set[str]) -> list[str]:
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
    return numbers if keys.issuperset(numbers) else []
