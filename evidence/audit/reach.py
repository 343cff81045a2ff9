"""How far a page reaches: how many other pages link to it, so that a reader may come upon its claims.

Source:
    EXPORTS.md section 4 of the design: claims are ranked by the pages that link to them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

_WIKILINK = re.compile(r"\[\[([^\[\]|#\\]+)")
_LINK = re.compile(r"\]\((?![a-z][a-z0-9+.-]*:|/)([^()\s#]+)")
_ENDING = re.compile(r"\.(?:md|markdown|html?|txt)$", re.IGNORECASE)


def targets_of(path: str, texts: Iterable[str]) -> frozenset[str]:
    """Return what a page links, each page once: "a/b" as a wikilink names it, "/notes/a/b" as a path leads to it.

    >>> sorted(targets_of("notes/x.md", ["See [[genes/RUNX2|it]], [[runx2]] and [bone](../bone.md#loss).", "[[x]]"]))
    ['/bone', 'genes/runx2']
    """
    found: set[str] = set()
    for text in texts:
        if "[[" in text:
            found.update(_name(one) for one in _WIKILINK.findall(text))
        if "](" in text:
            folder = posixpath.dirname(path)
            found.update(f"/{_name(posixpath.normpath(posixpath.join(folder, one)))}" for one in _LINK.findall(text))
    # A name alone and the same with its folder mean one page; a link to the page itself brings nobody to it.
    ends = {one for name in found for one in _ends_of(name) if one != name}
    return frozenset(found - ends - {"", "/"} - set(_ends_of(f"/{_name(path)}")))


def reach_of(path: str, links: Mapping[str, int]) -> int:
    """Return how many pages link to a page.

    Args:
        path: the page.
        links: by what `targets_of` gives, how many pages link it.

    >>> reach_of("genes/runx2.md", {"runx2": 2, "genes/runx2": 1, "/genes/runx2": 3, "/other/runx2": 4})
    6
    """
    return sum(links.get(one, 0) for one in _ends_of(f"/{_name(path)}"))


def _name(path: str) -> str:
    return _ENDING.sub("", unquote(path).strip()).strip("/").casefold()


def _ends_of(name: str) -> Iterator[str]:
    """Yield a name, and what is left of it without one folder after the other."""
    yield name
    while "/" in name:
        name = name.partition("/")[2]
        yield name
