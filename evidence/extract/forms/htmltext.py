"""HTML as a reader sees it: the words of a heading, of a claim, of a note."""

from __future__ import annotations

import re

from evidence.extract.forms.htmltags import BLOCKS, TAG, UNSEEN, attributes_of, note_of, page_link
from evidence.identifiers.decoding import unescape_entities

_DROPPED = re.compile(
    r"<(?:!--|!\[CDATA\[|(script|style|template|noscript|svg|math|textarea|select|button|iframe)\b)", re.IGNORECASE
)
# A raised number behind a number, and one that is lowered between digits: run together they would be another number.
_RAISED = re.compile(
    r"(?<=[0-9])((?:</[A-Za-z]{1,9}>){0,3})<sup\b[^<>]{0,300}>((?:<[A-Za-z]{1,9}>)?)([^<>]{1,24})((?:</[A-Za-z]{1,9}>)?)(?:</sup\s*>|$)"
    r"(?=([0-9])?)",
    re.IGNORECASE,
)
_LOWERED = re.compile(r"<sub\b[^<>]{0,300}>(\s{0,3}[0-9]{1,4}\s{0,3})</sub\s*>(?=([0-9])?)", re.IGNORECASE)
_POWER = re.compile(r"[-+\u2212\u2013\u2010\u2011\u207b]?\s?[0-9]{1,4}(?:[.,/][0-9]{1,4})?")
_STRUCK_TAG = re.compile(
    r"<(?:del|s|strike)(?:\s[^<>]{0,300})?>(?P<before>\s{0,9})|(?P<behind>\s{0,9})</(?:del|s|strike)\s*>", re.IGNORECASE
)

# Words set apart from those around them, which is how notes tell their journals; nothing within a word or identifier.
_SLANTED = re.compile(
    r"(?<!\w)<(?P<name>em|i)(?:\s[^<>]{0,300})?>(?P<before>\s?)(?:<a\b[^<>]{0,900}>)?"
    r"(?P<words>[^<>*]{0,400}[^<>*\s])\s?(?:</a>)?</(?P=name)\s*>(?!\w|[./_-]\w)",
    re.IGNORECASE,
)


def plain_text(written: str) -> str:
    """Return HTML as a reader sees it: without tags, entities resolved, white space collapsed.

    A power keeps its value: no number becomes another one.

    >>> plain_text("<p>Up &amp; <em>down</em></p>"), plain_text("10<sup>5</sup> cells")
    ('Up & down', '10^5 cells')
    """
    if "<" in written:
        if _DROPPED.search(written):
            written = _without_dropped(written)
        if "<sup" in written or "<SUP" in written:
            written = _RAISED.sub(_raised, written)
        if "<sub" in written or "<SUB" in written:
            written = _LOWERED.sub(_lowered, written)
        written = TAG.sub(_replacement, written)
    return " ".join(unescape_entities(written).split())


def claim_text(written: str) -> str:
    """Return the words of a claim, those that are struck out as Markdown has it.

    >>> claim_text("It <s>rises</s> <b>falls</b>.")
    'It ~~rises~~ falls.'
    """
    if "<" in written:
        written = _STRUCK_TAG.sub(_struck, written)
    return plain_text(written)


def note_text(written: str) -> str:
    """Return the words of a note, with its links to pages and notes, and what is slanted or struck out, as in Markdown.

    >>> note_text('<a href="studies/lee-2019">Lee</a>, as in <sup><a href="#fn2">2</a></sup>')
    '[Lee](studies/lee-2019.md), as in [^2]'
    """
    if "<" in written:
        written = _SLANTED.sub(r"\g<before>*\g<words>*", _with_links(written))
    return claim_text(written)


def _with_links(written: str) -> str:
    parts: list[str] = []
    at = 0
    opened: re.Match[str] | None = None
    for found in TAG.finditer(written):
        if (found.group("name") or "").lower() != "a":
            continue
        if found.group("close") and opened is not None:
            at = _add_link(parts, written, at, opened, found.span())
        opened = None if found.group("close") else found
    if opened is not None:
        # What closes at the end of a note stands behind it.
        at = _add_link(parts, written, at, opened, (len(written), len(written)))
    return "".join([*parts, written[at:]])


def _add_link(parts: list[str], written: str, at: int, opened: re.Match[str], closed: tuple[int, int]) -> int:
    """Add the text up to a link, and the link as Markdown has it; return what of the text is done."""
    link = _link(opened.group("attributes"), written[opened.end() : closed[0]])
    if link is None:
        return at
    # A sign of HTML is text here.
    parts += [written[at : opened.start()], link.replace("&", "&amp;").replace("<", "&lt;")]
    return closed[1]


def _link(attributes: str, inside: str) -> str | None:
    named = attributes_of(attributes)
    page, _, fragment = unescape_entities(named.get("href", "")).partition("#")
    if fragment and not page:
        key = note_of(fragment, attributes)
        return f"[^{key}]" if key else None
    return page_link(named, plain_text(inside))


def _struck(found: re.Match[str]) -> str:
    """Return the sign of what is struck out, close to its words as Markdown asks."""
    before, behind = found.groups()
    return f"~~{behind}" if before is None else f"{before}~~"


def _raised(found: re.Match[str]) -> str:
    before, opening, inside, closing, digit = found.groups()
    inside = unescape_entities(inside).strip()
    if not _POWER.fullmatch(inside):
        return found.group()
    return f"{before}^{opening}{inside}{closing}{' ' if digit else ''}"


def _lowered(found: re.Match[str]) -> str:
    before = found.string[found.start() - 1 : found.start()]
    sign = "_" if before.isdigit() or found.group(2) else ""
    return f"{sign}{found.group(1).strip()}{' ' if found.group(2) else ''}"


def _without_dropped(written: str) -> str:
    """Leave out comments and the elements of which a reader sees nothing, or no words."""
    parts, at = [], 0
    unclosed: set[str] = set()
    for found in _DROPPED.finditer(written):
        name = (found.group(1) or found.group()).lower()
        if found.start() < at or name in unclosed:
            continue
        closing, overlap = UNSEEN.get(found.group(), ("", 0))
        end = re.compile(closing or rf"</{name}\s*>", re.IGNORECASE)
        close = end.search(written, found.end() - overlap)
        if close is None:
            unclosed.add(name)
            continue
        parts.append(written[at : found.start()])
        at = close.end()
    return "".join([*parts, written[at:]])


def _replacement(found: re.Match[str]) -> str:
    name = (found.group("name") or "").lower()
    return " " if name in BLOCKS or name in {"br", "td", "th"} else ""
