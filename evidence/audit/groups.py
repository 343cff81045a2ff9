"""Which works are one study, and which studies come from one laboratory."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from evidence.audit.works import CitedWork
from evidence.records import AuthorName

_SHARED_AUTHORS = 3
_CACHED_LISTS = 1 << 16
# Letters that no decomposition takes apart, as registries without them write them.
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"})


class Person(NamedTuple):
    """An author as people are compared: family name in plain letters, first initial ("" where not known), ORCID."""

    family: str
    initial: str
    orcid: str | None


def studies_of(works: Sequence[CitedWork]) -> list[list[CitedWork]]:
    """Return the works in studies: preprint and article, reports of one trial, republished papers are one."""
    studies: list[tuple[set[str], list[CitedWork]]] = []
    for work in works:
        names = {work.id, *work.study}
        joined = [study for study in studies if not study[0].isdisjoint(names)]
        merged = (names.union(*(study[0] for study in joined)), [one for study in joined for one in study[1]])
        if all(one.id != work.id for one in merged[1]):
            merged[1].append(work)
        if joined:
            studies = [study for study in studies if study not in joined]
        studies.append(merged)
    return [study[1] for study in studies]


def authors_of(study: Sequence[CitedWork]) -> tuple[AuthorName, ...] | None:
    """Return the longest author list of a study, without collective names; None where no registry gave one."""
    lists = [
        tuple(author for author in work.authors if author.family or author.orcid)
        for work in study
        if work.authors is not None
    ]
    longest = max(lists, key=len, default=())
    return longest or None


def is_same_group(one: Sequence[AuthorName], other: Sequence[AuthorName]) -> bool:
    """Tell whether two author lists are of one laboratory.

    They are with a shared last author, at least three shared authors, or at least half of the shorter list. People are
    compared by ORCID, else by family name and first initial.

    Source:
        EVIDENCE.md section 3.3 of the design.

    >>> a = [AuthorName("Kim", "J"), AuthorName("Lee", "K"), AuthorName("Wu", "Y")]
    >>> is_same_group(a, [AuthorName("Li", "X"), AuthorName("Wu", "Yan")])
    True
    """
    mine, theirs = people_of(tuple(one)), people_of(tuple(other))
    if not mine or not theirs:
        return False
    shared = _count_shared(mine, theirs)
    if shared >= _SHARED_AUTHORS or 2 * shared >= min(len(mine), len(theirs)):
        return True
    return shared > 0 and _is_same_person(mine[-1], theirs[-1])


def count_shared(one: Sequence[AuthorName], other: Sequence[AuthorName]) -> int:
    """Return how many people two author lists share; nobody is counted twice."""
    return _count_shared(people_of(tuple(one)), people_of(tuple(other)))


@lru_cache(_CACHED_LISTS)
def people_of(authors: tuple[AuthorName, ...]) -> tuple[Person, ...]:
    """Return the people of an author list, without collective names."""
    return tuple(
        Person(plain_letters(author.family or ""), plain_letters(author.given or "")[:1], author.orcid)
        for author in authors
        if author.family or author.orcid
    )


def plain_letters(text: str) -> str:
    """Return a name as names are compared: without case, accents, hyphens, apostrophes and spaces.

    >>> plain_letters("López\u2010Otín"), plain_letters("O’Brien"), plain_letters("Sørensen")
    ('lopezotin', 'obrien', 'sorensen')
    """
    if text.isascii():
        return "".join(filter(str.isalnum, text)).lower()
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN_LETTERS))
    return "".join(filter(str.isalnum, folded))


def _count_shared(one: Sequence[Person], other: Sequence[Person]) -> int:
    # Most pairs of lists share nobody: that is seen without looking at people one by one.
    families = {person.family for person in one} & {person.family for person in other}
    orcids = {person.orcid for person in one if person.orcid} & {person.orcid for person in other if person.orcid}
    if not orcids and not families - {""}:
        return 0
    left = [person for person in other if person.orcid not in orcids]
    by_family: dict[str, list[Person]] = defaultdict(list)
    for person in left:
        if person.family:
            by_family[person.family].append(person)
    shared = len(orcids)
    for person in one:
        if person.orcid in orcids:
            continue
        candidates = by_family.get(person.family, [])
        found = next((candidate for candidate in candidates if _is_same_person(person, candidate)), None)
        if found is not None:
            candidates.remove(found)
            shared += 1
    return shared


def _is_same_person(one: Person, other: Person) -> bool:
    if one.orcid and other.orcid:
        return one.orcid == other.orcid
    # Where a registry gives no given name, taking two people for one errs towards fewer groups, never towards more.
    return (
        bool(one.family)
        and one.family == other.family
        and (one.initial == other.initial or not (one.initial and other.initial))
    )


def groups_of(studies: Sequence[Sequence[CitedWork]]) -> tuple[list[list[int]], list[int]]:
    """Return the studies by laboratory, as their numbers, and the numbers of those whose authors are not known."""
    lists = [authors_of(study) for study in studies]
    groups: list[list[int]] = []
    for number, authors in enumerate(lists):
        if authors is None:
            continue
        joined = [
            group
            for group in groups
            if any(is_same_group(authors, known) for other in group if (known := lists[other]) is not None)
        ]
        merged = sorted([number, *(one for group in joined for one in group)])
        groups = [group for group in groups if group not in joined]
        groups.append(merged)
    unknown = [number for number, authors in enumerate(lists) if authors is None]
    return sorted(groups), unknown
