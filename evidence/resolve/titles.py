"""What publishers put at the head of a title when the work was retracted, withdrawn or removed."""

from __future__ import annotations

import re

from evidence.vocabulary import NoticeKind

# Capitals may be in quotation marks or end in a dash; words in small letters are a mark in brackets or before a colon.
_MARK = re.compile(
    r"[\[(\"'\u00ab\u2018\u201c\u201e]{0,2}(RETRACTED|WITHDRAWN|REMOVED|TEMPORARY REMOVAL)"
    r"(?: (?:ARTICLE|PAPER|CHAPTER|PREPRINT))?(?:[\])]|\s?[:.\u2013\u2014]|\s--?\s)|"
    r"[\[(]?(Retracted|Withdrawn)(?: (?:[Aa]rticle|[Pp]aper|[Cc]hapter|[Pp]reprint))?(?:[\])]|:)"
)
_MARKS = {
    "retracted": NoticeKind.RETRACTION,
    "withdrawn": NoticeKind.WITHDRAWAL,
    "removed": NoticeKind.REMOVAL,
    "temporary removal": NoticeKind.REMOVAL,
}
_MARKUP = re.compile(r"</?(?:i|sub|sup)>")
_HEAD_CHARS = 100


def marked_in_title(title: str | None) -> NoticeKind | None:
    """Return what a publisher's mark at the head of a title says was done to the work, or None.

    A notice says "RETRACTION: ..." or "Retraction notice". "Removed: ..." in small letters begins titles of works.

    >>> marked_in_title("RETRACTED: Bone and age").value, marked_in_title("Withdrawn: Bone and age").value
    ('retraction', 'withdrawal')
    >>> marked_in_title("Removed: what the mind forgets") is None
    True
    """
    marked = _MARK.match(_MARKUP.sub("", (title or "")[:_HEAD_CHARS]).lstrip())
    return _MARKS[(marked[1] or marked[2]).casefold()] if marked else None
