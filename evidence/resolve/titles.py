"""What publishers put beside a title: a mark at its head that the work was retracted, a subtitle, a running head."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence.markup import with_subtitle
from evidence.records import AuthorName
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
_MARKUP = re.compile(r"</?(?:i|b|sub|sup)>")
_HEAD_CHARS = 100
_WORD = re.compile(r"[^\W_]+")
# Two words, or one of three letters and no digits; scripts without spaces count by the letter.
_WORDY = re.compile(r"[^\W\d_]+[\s-]+\w|(?<!\w)[^\W\d_]{3,}(?!\w)|[\u3040-\u9fff\uac00-\ud7af]{2,}")
_BRACKETED = re.compile(r"[\[(][^\[\]()]*[\])]")
_JOINTS = " :-\u2013\u2014"
_NO_WORDS_OF_ITS_OWN = re.compile(
    r".*\bet al\b\W*|(?:(?:research|original|review|short|full|brief) )?(?:articles?|papers?|reports?|communications?|"
    r"letters?|editorials?|comment(?:ary|aries)?|correspondence|errat(?:um|a))",
    re.IGNORECASE | re.DOTALL,
)
_BETWEEN_NAMES = frozenset({"and", "et", "al", "und", "y", "e"})
# A running head is the title in fewer words, with an abbreviation or two.
_MOST_SHARED = 0.6
# Registries write a subtitle in slightly different words.
_LEAST_SHARED = 0.8


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


def full_title(
    title: str | None, subtitle: str | None, other: str | None = None, authors: Sequence[AuthorName] = ()
) -> str | None:
    """Return a title with what a publisher sends as its subtitle, if that is one.

    Publishers send running heads, names of authors and numbers of abstracts in its place.

    Args:
        title: without markup but `<i>`, `<b>`, `<sub>` and `<sup>`.
        subtitle: as the publisher sends it.
        other: the whole title as another registry has it.
        authors: of the work; their names alone are a running head.

    >>> full_title("Bone and age", "a systematic review"), full_title("Bone and age in mice", "BONE AND AGE")
    ('Bone and age: a systematic review', 'Bone and age in mice')
    >>> full_title("Bone and age", "Cells that forget", other="Bone and age.")
    'Bone and age'
    """
    subtitle = (subtitle or "").lstrip(_JOINTS)
    if not title or not subtitle or _names_authors(subtitle, authors):
        return title
    if other and _share(title, other) >= _LEAST_SHARED:
        # It begins alike in the other registry, which has a subtitle too where this is one.
        if not _LEAST_SHARED <= _share(subtitle, other) > _share(subtitle, title):
            return title
    elif not _is_subtitle(title, subtitle):
        return title
    return with_subtitle(title.rstrip(_JOINTS) or title, subtitle)


def _names_authors(subtitle: str, authors: Sequence[AuthorName]) -> bool:
    """Tell whether a subtitle is nothing but names of the authors: "Ali and Santos", "J. R. Ali et al."."""
    families = {word for one in authors for word in _words(one.family or "")}
    given = {word for one in authors for word in _words(one.given or "")}
    told = {word for word in _words(subtitle) if len(word) > 1} - _BETWEEN_NAMES
    return bool(told & families) and told <= families | given


def _is_subtitle(title: str, subtitle: str) -> bool:
    if not _WORDY.search(subtitle) or _BRACKETED.fullmatch(subtitle) or _NO_WORDS_OF_ITS_OWN.fullmatch(subtitle):
        return False
    if subtitle.isupper() and not title.isupper():
        return False
    return _share(subtitle, title) <= _MOST_SHARED


def _share(text: str, title: str) -> float:
    """Return how many of the words of a text stand in a title, from 0 to 1."""
    words, known = _words(text), _words(title)
    return len(words & known) / max(1, len(words))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_MARKUP.sub("", text).replace(".", "").casefold()))
