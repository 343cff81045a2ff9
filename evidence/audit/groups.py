"""Which works are one study, and which studies come from one laboratory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from evidence.audit.people import Person, people_of
from evidence.audit.works import CitedWork
from evidence.records import AuthorName

_SHARED_AUTHORS = 3


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


def authors_of(study: Sequence[CitedWork]) -> tuple[Person, ...]:
    """Return the longest author list of a study, without collective names; empty where no registry gave one."""
    if len(study) == 1:
        return study[0].people
    return max((work.people for work in study), key=len)


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
    return is_same_laboratory(people_of(tuple(one)), people_of(tuple(other)))


def is_same_laboratory(one: Sequence[Person], other: Sequence[Person]) -> bool:
    """Tell the same of people; without any on one side nothing is told."""
    if not one or not other:
        return False
    shared = count_shared(one, other)
    if shared >= _SHARED_AUTHORS or 2 * shared >= min(len(one), len(other)):
        return True
    return shared > 0 and _is_same_person(one[-1], other[-1])


def count_shared(one: Sequence[Person], other: Sequence[Person]) -> int:
    """Return how many people two author lists share; nobody is counted twice."""
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
    for number, people in enumerate(lists):
        if not people:
            continue
        joined = [group for group in groups if any(is_same_laboratory(people, lists[other]) for other in group)]
        merged = sorted([number, *(one for group in joined for one in group)])
        groups = [group for group in groups if group not in joined]
        groups.append(merged)
    return sorted(groups), [number for number, people in enumerate(lists) if not people]
