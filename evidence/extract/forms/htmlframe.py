"""What of an HTML file is the page itself: its frame (menus, lists of other pages) is no part of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidence.extract.forms.htmltext import plain_text

_FRAME = re.compile(r"<(/?)(article|main)\b", re.IGNORECASE)
_NOTE_ID = re.compile(
    r"\bid=[\"']?(?:user-content-)?(?:fn[-:_.]?|cite_note-|_footnotedef_|_?ftnt?)(?!ref)[\w-]", re.IGNORECASE
)
_TITLE = re.compile(r"<title\b[^<>]*>([^<]{0,2000})</title>", re.IGNORECASE)
_HEAD = re.compile(r"<h1\b[^<>]*>(.{0,2000}?)</h1>", re.IGNORECASE | re.DOTALL)


def frame_of(text: str, start: int, notes: Iterable[int] = ()) -> tuple[int, int]:
    """Return where the page itself stands: in its only article or main part, if that holds most of it and its notes.

    Args:
        text: of the whole file.
        start: where to begin, behind a byte order mark or front matter.
        notes: where notes begin that are not known by their names.

    >>> page = "<nav><p>Menu</nav><main><p>Bone is lost.<p>Fat is gained.</main>"
    >>> page[slice(*frame_of(page, 0))]
    '<main><p>Bone is lost.<p>Fat is gained.'
    """
    opened: dict[str, list[re.Match[str]]] = {"article": [], "main": []}
    closed: dict[str, list[re.Match[str]]] = {"article": [], "main": []}
    for found in _FRAME.finditer(text, start):
        (closed if found.group(1) else opened)[found.group(2).lower()].append(found)
    for name in ("article", "main"):
        if len(opened[name]) != 1 or len(closed[name]) != 1:
            continue
        begin, end = opened[name][0].start(), closed[name][0].start()
        inside = text.count("<p", begin, end)
        if (
            begin < end
            and 2 * inside >= text.count("<p", start)
            and not (_NOTE_ID.search(text, start, begin) or _NOTE_ID.search(text, end))
            and all(begin < note < end for note in notes)
        ):
            return begin, end
    return start, len(text)


def title_before(text: str, start: int, end: int) -> str | None:
    """Return the title of a page from what stands before it: its heading, or else the name of the window.

    >>> title_before("<title>Bone - a wiki</title><h1><em>Bone</em></h1><main>", 0, 52)
    'Bone'
    """
    for pattern in (_HEAD, _TITLE):
        found = pattern.search(text, start, end)
        words = plain_text(found.group(1)) if found else ""
        if words:
            return words
    return None
