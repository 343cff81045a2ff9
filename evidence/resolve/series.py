"""Which of the titles that Crossref gives for what a chapter stands in is its book, and which the series of that.

Crossref sends both in one list, in either order. In 25 such works of ours the series stands first in 16.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# A book has a year, a number of its own or a meeting in its name; a series has none.
_VOLUME = re.compile(
    r"\b(?:1[89]|20)\d\d\b|(?-i:\b[IVX]{2,6}\b|\b[VX]\b(?=\W*$))|\b(?:vol(?:ume|\.)?|part|edition|ed\.)\s*\d|\b\d+(?:st|nd|rd|th)\b"
    r"|\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|international) (?:\w+ ){0,3}"
    r"(?:conference|congress|symposium|workshop|meeting)\b",
    re.IGNORECASE,
)
_NAMED_SERIES = re.compile(
    r"\blecture notes (?:in|on)\b|\b(?:book )?series\b|\bmonographs? (?:in|on)\b|\bproceedings\W*$|\bsymposia\W*$",
    re.IGNORECASE,
)
# Series of reviews begin so; so do some books.
_LIKE_SERIES = re.compile(
    r"(?:current )?(?:advances|contributions|developments|frontiers|issues|methods|perspectives|progress|reviews|"
    r"results and problems|studies|topics|trends|workshops|communications)\W+(?:in|on|of|to)\b",
    re.IGNORECASE,
)


def book_and_series(titles: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the title of a book and that of its series, None where there is none.

    Where nothing tells two apart, the second is the book, as in most answers of Crossref.

    Args:
        titles: what something stands in, as Crossref lists it.

    >>> book_and_series(["Web Engineering", "Lecture Notes in Computer Science"])
    ('Web Engineering', 'Lecture Notes in Computer Science')
    >>> book_and_series(["Workshops in Computing", "Functional Programming, Glasgow 1993"])[0]
    'Functional Programming, Glasgow 1993'
    >>> book_and_series(["Notch Signaling"])
    ('Notch Signaling', None)
    """
    several = list(dict.fromkeys(titles))[:2]
    if len(several) < 2:  # noqa: PLR2004 - a book and its series
        return (several[0] if several else None), None
    first, second = several
    # A volume may be named after its series: "Bone. Ceramic Engineering Proceedings, Volume 7".
    if first.casefold() in second.casefold() or second.casefold() in first.casefold():
        longer, shorter = sorted(several, key=len, reverse=True)
        return longer, shorter
    return (first, second) if _likeness(second) > _likeness(first) else (second, first)


def _likeness(title: str) -> int:
    """Return how much a title is like that of a series; less than none where it is surely that of a book."""
    if _VOLUME.search(title):
        return -1
    if _NAMED_SERIES.search(title):
        return 2
    return 1 if _LIKE_SERIES.match(title) else 0
