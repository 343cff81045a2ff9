"""What of an HTML file is the page itself: its frame (menus, lists of other pages) and its boxes are no part of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidence.extract.forms.htmltags import attributes_of
from evidence.extract.forms.htmltext import plain_text

_FRAME = re.compile(r"<(/?)(article|main)\b", re.IGNORECASE)
_NOTE_ID = re.compile(
    r"\bid=[\"']?(?:user-content-)?(?:fn[-:_.]?|cite_note-|_footnotedef_|_?ftnt?)(?!ref)[\w-]", re.IGNORECASE
)
_TITLE = re.compile(r"<title\b[^<>]*>([^<]{0,2000})</title>", re.IGNORECASE)
_HEAD = re.compile(r"<h1\b[^<>]*>(.{0,2000}?)</h1>", re.IGNORECASE | re.DOTALL)
# What MediaWiki and its templates print around an article: pointers to others, boxes of links, notes on its state. The
# bar at the side is told apart from a box of docutils, which has a title of its own.
_BOXES = frozenset(
    {"hatnote", "dablink", "rellink", "navbox", "vertical-navbox", "navbar", "toc", "catlinks", "shortdescription",
     "ambox", "tmbox", "ombox", "cmbox", "imbox", "fmbox", "sistersitebox", "portalbox", "portal-bar", "printfooter",
     "mw-editsection"}
)  # fmt: skip
_SIDEBAR = "sidebar"
_SIDEBAR_TITLE = re.compile(r"\s*<p\b[^<>]{0,200}\bclass=[\"']?[^<>\"']{0,100}\b(?:sidebar|topic)-title\b")
_BOX_WORDS = _BOXES | {_SIDEBAR, "navigation"}
# Elements whose end tag is never left out.
_WITH_ENDS = frozenset({"div", "span", "table", "aside", "section", "ul", "ol", "dl", "header", "footer"})
_INFOBOXES = frozenset({"infobox", "infobox_v2", "infobox_v3", "portable-infobox", "taxobox"})
# What makes a claim of a row of an infobox: a mark, an identifier or a tag.
_CITES = re.compile(r"\[\^|\[\d{1,4}\b|<sup\b|\b10\.\d{4}|\bPM(?:ID|CID|C)|pubmed|#gap/", re.IGNORECASE)


def is_box(name: str, written: str, text: str, end: int) -> bool:
    """Tell whether an element states nothing of the page's subject: it points elsewhere, or is about the page.

    Args:
        name: of the element.
        written: its attributes.
        text: of the file.
        end: where its tag ends.

    >>> is_box("div", ' class="hatnote"', "", 0), is_box("div", ' role="note"', "", 0)
    (True, False)
    """
    # Every element is asked, and few have such a word.
    words = written.lower().replace("=", " ").replace('"', " ").replace("'", " ").split()
    if name not in _WITH_ENDS or _BOX_WORDS.isdisjoint(words):
        return False
    attributes = attributes_of(written)
    classes = attributes.get("class", "").lower().split()
    if not _BOXES.isdisjoint(classes) or attributes.get("role", "").lower() == "navigation":
        return True
    return _SIDEBAR in classes and name in {"table", "aside", "div"} and not _SIDEBAR_TITLE.match(text, end)


def is_infobox(name: str, written: str) -> bool:
    """Tell whether an element is an infobox: it repeats in short what an article says.

    >>> is_infobox("table", ' class="infobox vcard"')
    True
    """
    if name not in {"table", "div", "aside"} or "box" not in written.lower():
        return False
    return not _INFOBOXES.isdisjoint(attributes_of(written).get("class", "").lower().split())


def cites(written: str) -> bool:
    """Tell whether a row of an infobox may cite, or has a tag.

    >>> cites("64 kDa (PMID 12186862)"), cites("64 kDa")
    (True, False)
    """
    return _CITES.search(written) is not None


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
