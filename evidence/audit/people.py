"""Authors as people are compared: registries write one name in many ways."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from evidence.records import AuthorName

_CACHED = 1 << 16
# Letters that no decomposition takes apart, as registries without them write them.
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"})


class Person(NamedTuple):
    """An author as people are compared: family name in plain letters, first initial ("" where not known), ORCID."""

    family: str
    initial: str
    orcid: str | None


@lru_cache(_CACHED)
def people_of(authors: tuple[AuthorName, ...]) -> tuple[Person, ...]:
    """Return the people of an author list, without collective names."""
    return tuple(
        Person(plain_letters(author.family or ""), plain_letters((author.given or "")[:2])[:1], author.orcid)
        for author in authors
        if author.family or author.orcid
    )


# The same names come again and again.
@lru_cache(_CACHED)
def plain_letters(text: str) -> str:
    """Return a name as names are compared: without case, accents, hyphens, apostrophes and spaces.

    >>> plain_letters("López\u2010Otín"), plain_letters("O’Brien"), plain_letters("Sørensen")
    ('lopezotin', 'obrien', 'sorensen')
    """
    if text.isascii():
        return "".join(filter(str.isalnum, text)).lower()
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN_LETTERS))
    return "".join(filter(str.isalnum, folded))
