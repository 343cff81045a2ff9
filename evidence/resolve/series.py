"""Which of the titles that Crossref gives for what a chapter stands in is its book, and which the series of that.

Crossref sends both in one list, in either order. In 25 such works of ours the series stands first in 16.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# A book has a year, a number of its own or a meeting in its name; a series has none.
_VOLUME = re.compile(
    r"\b(?:1[89]|20)\d\d\b|(?-i:\b[IVX]{2,6}\b|\b[VX]\b(?=\W*$))|\b(?:vol(?:ume|\.)?|part|edition|ed\.)\s*\d|"
    r"\b\d+(?:st|nd|rd|th)\b|\b(?:part|volume|book) (?-i:[A-Z]|[IVX]+)\b"
    r"|\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|international) (?:\w+ ){0,3}"
    r"(?:conference|congress|symposium|workshop|meeting)\b",
    re.IGNORECASE,
)
_NAMED_SERIES = re.compile(
    r"\b(?:lecture|research|course) notes\b|\bseries\b|\bmonographs?\b|"
    r"\b(?:proceedings|symposia|texts|briefs|tracts)\W*$|\btexts in\b|\b(?:handbooks|companions|yearbooks)\b|"
    r"^(?:springer|springerbriefs|ifip|chapman|bibliotheca)\b|"
    r"^methods in (?:molecular\b|enzymology|cell biology)|"
    r"\bfoundation symposi(?:um|a)\W*$|^(?:annals|proceedings|transactions|memoirs) of (?:the )?(?:[\w.]+ ){0,4}"
    r"(?:academy|society|spie|association|institut\w*)\b",
    re.IGNORECASE,
)
# Series of reviews begin so; so do some books.
_LIKE_SERIES = re.compile(
    r"(?:(?!recent )[\w.]+ ){0,2}(?:advances|contributions|developments|frontiers|issues|methods|perspectives|progress|"
    r"reviews?|results and problems|studies|topics|trends|workshops|communications|handbook)\W+(?:in|on|of|to)\b|"
    r"(?:current|contemporary)\b",
    re.IGNORECASE,
)
# A book tells in its name what it is on, or that it teaches it.
_LIKE_BOOK = re.compile(
    r"\w\s*[:?\u2013\u2014]\s|^(?:an? )?(?:(?:brief|short) )?(?:introduction|companion|guide|primer|"
    r"encyclopa?edia|dictionary|textbook|handbook|essentials|fundamentals|principles|foundations)\b|"
    r"\b(?:handbook|companion|guide|introduction) (?:of|to)\b",
    re.IGNORECASE,
)
_NAMED = 3


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
    is_named = [_likeness(one) == _NAMED for one in several]
    # A volume may be named after its series: "Bone. Ceramic Engineering Proceedings, Volume 7".
    if is_named[0] is is_named[1] and (first.casefold() in second.casefold() or second.casefold() in first.casefold()):
        longer, shorter = sorted(several, key=len, reverse=True)
        return longer, shorter
    return (first, second) if _likeness(second) > _likeness(first) else (second, first)


def _likeness(title: str) -> int:
    """Return how much a title is like that of a series; less than none where it is surely that of a book."""
    if _VOLUME.search(title):
        return -2
    if _NAMED_SERIES.search(title):
        return _NAMED
    if _LIKE_SERIES.match(title):
        return 1 if _LIKE_BOOK.search(title) else 2
    return -1 if _LIKE_BOOK.search(title) else 0
