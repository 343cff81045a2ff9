"""Text for a terminal: what comes from pages and registries is made harmless first."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """Return text without control characters, which could move the cursor, ring, or hide what follows.

    Tabs and line breaks become spaces; other controls, and the marks that turn the reading direction, are dropped.

    >>> plain("a\\x1b[31mb\\tc")
    'a[31mb c'
    """
    if text.isprintable():
        return text
    return "".join(" " if char in "\t\n\r" else char for char in text if char in "\t\n\r" or not _is_active(char))


def shorten(text: str, width: int) -> str:
    """Return text in at most `width` characters, cut at the end with an ellipsis.

    >>> shorten("one two three", 8)
    'one two…'
    """
    return cut(" ".join(text.split()), width)


def cut(line: str, width: int) -> str:
    """Return a line in at most `width` characters, cut as `shorten` does."""
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def _is_active(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} and char not in "\u200d\u00ad"
