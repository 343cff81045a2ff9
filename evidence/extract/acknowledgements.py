"""Comments by which a page accepts a finding of the audit: `<!-- evidence: ack EV003 1f2e3d-4c5b6a "why" -->`.

They are blanked out before anything else is read, so that no word of a reason becomes part of a claim or note.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from evidence.extract.forms.layout import Positions
from evidence.extract.forms.marks import Skipper
from evidence.records import Acknowledgement, Claim, Note

OPENING = "evidence:"
_COMMENT = re.compile(r"<!--\s*evidence:\s*ack(?:nowledged?)?\b(.{0,2000}?)-->", re.DOTALL | re.IGNORECASE)
_BODY = re.compile(r"\s*([A-Za-z]{2}\d{1,4})?\s*([0-9a-fA-F]{6}(?:-[0-9a-fA-F]{6})*(?![\w-]))?[\s:—–-]*(.*)", re.DOTALL)
_QUOTES = " \t\r\n\"'“”‘’«»"
# What stands between a comment and the claim or note that it is about: signs of lists, quotes, rows; tags of HTML.
_BETWEEN = re.compile(r"(?:[\s|>*_#+.:-]|\d{1,9}[.)]|\[\^[^\]\s]+\]:|</?[A-Za-z][^<>]*>)*")
_BLANK_LINE = re.compile(r"\n[ \t>]*\r?\n")
# Comments beside each other are counted in.
_FARTHEST = 4000
_OPENS = re.compile(r"\s*(?:<!--|%%|\{%)")
_SIGN = re.compile(r"[^\n]")


class _Target(NamedTuple):
    """Where a claim, by its number, or a note, by key and occurrence, stands."""

    start: int
    end: int
    name: int | tuple[str, int]


def find_comments(text: str, hidden: Iterable[tuple[int, int]]) -> list[re.Match[str]]:
    """Return the comments of a page that acknowledge something; one that is shown as an example of code is none.

    Args:
        text: the page.
        hidden: the spans of its code and comments, in order.
    """
    comments = Skipper([(start, end) for start, end in hidden if _OPENS.match(text, start, end)])
    return [found for found in _COMMENT.finditer(text) if comments.covers(found.start())]


def blank_out(text: str, comments: Sequence[re.Match[str]], sign: str = " ") -> str:
    """Return the page with spaces in place of the comments, so that every offset stays.

    Of one that begins a line the signs stay: a line that begins with spaces would be code.

    >>> blank_out("a <!-- evidence: ack -->.", list(_COMMENT.finditer("a <!-- evidence: ack -->.")))
    'a                       .'
    """
    parts, at = [], 0
    for found in comments:
        begin, end = found.span()
        if sign == " " and not text[text.rfind("\n", 0, begin) + 1 : begin].strip():
            begin, end = begin + 4, end - 3
        parts += [text[at:begin], _SIGN.sub(sign, text[begin:end]), text[end : found.end()]]
        at = found.end()
    return "".join([*parts, text[at:]])


def read_acknowledgements(
    text: str, comments: Sequence[re.Match[str]], claims: Sequence[Claim], notes: Sequence[Note]
) -> tuple[Acknowledgement, ...]:
    """Return what the comments of a page acknowledge, each with the claim or note that it stands in or beside.

    Args:
        text: the page as written.
        comments: in the order of the page.
        claims: all claims of the page, by which they are numbered.
        notes: all notes of the page.
    """
    targets = [_Target(claim.start, claim.end, number) for number, claim in enumerate(claims)]
    targets += [_Target(note.start, note.end, (note.key, note.occurrence)) for note in notes]
    targets.sort(key=lambda one: one.start)
    starts = [one.start for one in targets]
    positions = Positions(text)
    # Several comments may follow each other: none of them stands between another one and what it is about.
    rest = blank_out(text, comments, "+")
    acknowledged = []
    for found in comments:
        body = _BODY.fullmatch(found.group(1))
        code, facts, reason = body.groups() if body is not None else (None, None, "")
        line, column = positions.of(found.start())
        acknowledged.append(
            Acknowledgement(
                code=(code or "").upper(),
                facts=facts.lower() if facts else None,
                reason=" ".join(reason.split()).strip(_QUOTES) or None,
                line=line,
                column=column,
                targets=tuple(_find_targets(rest, found.span(), targets, starts)),
            )
        )
    return tuple(acknowledged)


def _find_targets(
    rest: str, span: tuple[int, int], targets: Sequence[_Target], starts: Sequence[int]
) -> list[int | tuple[str, int]]:
    """Return what a comment stands in; else what it stands directly behind or before, what is on its line first."""
    start, end = span
    index = bisect_right(starts, start)
    beside: list[tuple[bool, _Target]] = []
    # A note within a sentence begins after its claim does.
    for before in reversed(targets[max(0, index - 2) : index]):
        if start < before.end:
            return [before.name]
        if not beside and _are_beside(rest, before.end, start):
            beside.append(("\n" in rest[before.end : start], before))
    if index < len(targets) and _are_beside(rest, end, targets[index].start):
        beside.append(("\n" in rest[end : targets[index].start], targets[index]))
    return [target.name for _, target in sorted(beside, key=lambda one: one[0])]


def _are_beside(rest: str, end: int, start: int) -> bool:
    if start - end > _FARTHEST:
        return False
    between = rest[end:start]
    return _BLANK_LINE.search(between) is None and _BETWEEN.fullmatch(between) is not None
