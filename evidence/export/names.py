"""Names as the registries write them -> the parts that bibliographies keep apart."""

from __future__ import annotations

from typing import NamedTuple

from evidence.records import AuthorName

# Only what cannot be an initial: "V" is more often a Victor than the fifth.
_SUFFIXES = frozenset({"Jr", "Sr", "2nd", "3rd", "4th", "II", "III", "IV"})


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
    return Person(author.family, *split_given(author.given or "")) if author.family else None


def split_given(text: str) -> tuple[str, str]:
    """Return a given name and the suffix that a registry put behind it.

    >>> split_given("Martin Luther, Jr."), split_given("Ada")
    (('Martin Luther', 'Jr.'), ('Ada', ''))
    """
    if not has_suffix(text):
        return text, ""
    given, _, suffix = text.rpartition(" ")
    return given.rstrip(" ,"), suffix


def has_suffix(given: str) -> bool:
    """Tell whether a given name ends in a suffix.

    >>> has_suffix("Martin Luther Jr."), has_suffix("Jr."), has_suffix("Karl V")
    (True, False, False)
    """
    rest, _, last = given.rpartition(" ")
    return bool(rest) and last.removesuffix(".") in _SUFFIXES
