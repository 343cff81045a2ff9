"""What a page prints between its words and marks -> spaces, in the copy of an HTML page that its claims are read from.

Nothing changes the length of the copy: every offset is that of the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from evidence.extract.forms.layout import Mark
from evidence.identifiers.decoding import unescape_entities

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_QUOTES = frozenset("\"'“”‘’«»")
# Written with spaces behind them: no claim ends with one.
_SIGNS = frozenset("—–·•&<>")
# What a page prints around and between its marks: `[<a>1</a>, <a>2</a>]`, `(<a>1</a>)`.
_MARKS_ALONE = r"\s*+(?:\[\^[^\[\]\n]{1,300}\]\s*+)+"
_BRACKETED = re.compile(rf"\[({_MARKS_ALONE})\]|\(({_MARKS_ALONE})\)")
_DIVIDED = re.compile(r"(?<=\])(\s*+)[,;–‐−-](?=\s*+\[{1,2}\^)")
# Where the sentence goes on, a comma may divide two parts of it: "contrary to [^1], [^2] found".
_GOES_ON = re.compile(r"(?:\s*+,?\s*+\[\^[^\[\]\n]{1,300}\]){1,20}\s++[a-z]")
_STOPPED = re.compile(r"[.!?][\"'”’)*_]{0,6}(?:[\s,]*+\[\^[^\[\]\n]{1,300}\])+$")
_MARK = re.compile(r"\[\^[^\[\]\n]{1,300}\](?!:)")
# How far apart a sentence and its mark may stand, tags included.
_GAP = 400


def mend_copy(copy: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the copy with its entities read and its marks freed, and where the brackets around marks stood.

    >>> mend_copy("Lost &mdash; here [[^1], [^2]].")
    ('Lost —       here  [^1]  [^2] .', [(18, 30)])
    """
    copy = _ENTITY.sub(_character, copy) if "&" in copy else copy
    copy = _unbroken(_DIVIDED.sub(_without_divider, copy))
    return _BRACKETED.sub(_without_brackets, copy), [found.span() for found in _BRACKETED.finditer(copy)]


def _character(found: re.Match[str]) -> str:
    """Return what an entity means where sentences and parts are told by it, in as many characters as it has.

    A quote is written several times rather than filled up with spaces: it must close or open the word at its side.
    """
    written = found.group()
    meant = unescape_entities(written)
    if meant.isspace():
        return " " * len(written)
    if meant in _SIGNS:
        return meant.ljust(len(written))
    if meant in _QUOTES:
        before, after = found.string[found.start() - 1 : found.start()], found.string[found.end() : found.end() + 1]
        return written if before.isalnum() and after.isalnum() else meant * len(written)
    return written


def _without_brackets(found: re.Match[str]) -> str:
    return f" {found.group(1) or found.group(2)} "


def _unbroken(copy: str) -> str:
    """Write spaces for a line break before a mark: it is still that of the sentence before it."""
    parts, at = [], 0
    for found in _MARK.finditer(copy):
        before = copy[max(at, found.start() - _GAP) : found.start()]
        gap = len(before) - len(before.rstrip())
        if "\n" in before[len(before) - gap :]:
            parts += [copy[at : found.start() - gap], " " * gap]
            at = found.start()
    return "".join([*parts, copy[at:]]) if parts else copy


def _without_divider(found: re.Match[str]) -> str:
    copy = found.string
    if found.group().endswith(",") and _GOES_ON.match(copy, found.end()):
        at = found.start()
        if not _STOPPED.search(copy[max(0, at - _GAP) : at]):
            return found.group()
    return f"{found.group(1)} "


def widen_marks(marks: list[Mark], spans: list[tuple[int, int]]) -> list[Mark]:
    """Return the marks, those in printed brackets with the bracket at their side.

    Args:
        marks: in their order.
        spans: of the brackets, in their order, as `mend_copy` returns them.

    >>> widen_marks([Mark("1", 5, 9)], [(4, 10)])
    [Mark(key='1', start=4, end=10)]
    """
    if not spans:
        return marks
    widened, index = [], 0
    starts = [mark.start for mark in marks]
    for mark in marks:
        while index < len(spans) and spans[index][1] <= mark.start:
            index += 1
        start, end = spans[index] if index < len(spans) else (mark.end, mark.end)
        if start < mark.start:
            # Several marks may stand at one place: a range.
            before, behind = bisect_left(starts, mark.start), bisect_right(starts, mark.start)
            first = before == 0 or starts[before - 1] < start
            last = behind == len(starts) or starts[behind] >= end
            mark = Mark(mark.key, start if first else mark.start, end if last else mark.end)  # noqa: PLW2901
        widened.append(mark)
    return widened
