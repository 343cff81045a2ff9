"""Names as the registries write them -> the parts that bibliographies keep apart."""

from __future__ import annotations

import re
from typing import NamedTuple

from evidence.records import AuthorName

# Only what cannot be an initial: "V" is more often a Victor than the fifth.
_SUFFIX = re.compile(r"(?P<given>.*\S),?\s+(?P<suffix>(?:Jr|Sr|2nd|3rd|4th|II|III|IV)\.?)")


class Person(NamedTuple):
    """A person's name in parts; those that are not known are empty."""

    family: str
    given: str
    suffix: str


def split_name(author: AuthorName) -> Person | None:
    """Return a person's name in parts, or None for a group.

    The registries put a suffix behind the given name.

    >>> split_name(AuthorName("King", "Martin Luther Jr."))
    Person(family='King', given='Martin Luther', suffix='Jr.')
    """
    if not author.family:
        return None
    given = author.given or ""
    match = _SUFFIX.fullmatch(given)
    if match:
        return Person(author.family, match["given"].rstrip(","), match["suffix"])
    return Person(author.family, given, "")
