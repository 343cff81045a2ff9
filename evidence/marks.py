"""How the marks of pages are named to people: as the page writes them, with why one leads to nothing."""

from __future__ import annotations

import re

# How the reason of a key of pandoc's ends, and what mends it.
OF_BIBLIOGRAPHY = "is a key of a bibliography, which is not read"
FIX_OF_KEYS = "write the DOI or PMID beside the key, or a footnote in its place"
# Of a number that may mean several entries or notes: nobody can tell which.
_UNSURE = re.compile(r"\d{1,4}\?")


def is_of_bibliography(key: str) -> bool:
    """Tell whether a key is pandoc's, which names an entry of a bibliography and no note of the page."""
    return key.startswith("@")


def is_unsure(key: str) -> bool:
    """Tell whether a key is that of a number of which nobody can tell what it cites.

    >>> is_unsure("3?"), is_unsure("3")
    (True, False)
    """
    return _UNSURE.fullmatch(key) is not None


def written(key: str) -> str:
    """Return the mark of a key as its page has it.

    >>> written("a"), written("@lee2019"), written("3?")
    ('[^a]', '[@lee2019]', '[3]')
    """
    return f"[{key.rstrip('?')}]" if is_of_bibliography(key) or is_unsure(key) else f"[^{key}]"


def why_undefined(key: str) -> str:
    """Return why a mark without a note leads to nothing.

    >>> why_undefined("@lee2019")
    '`@lee2019` is a key of a bibliography, which is not read'
    >>> why_undefined("a"), why_undefined("3?")
    ('`[^a]` has no definition', 'nobody can tell what `[3]` cites')
    """
    if is_of_bibliography(key):
        return f"`{key}` {OF_BIBLIOGRAPHY}"
    return f"nobody can tell what `{written(key)}` cites" if is_unsure(key) else f"`{written(key)}` has no definition"
