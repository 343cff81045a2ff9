"""Which works are one study, and which studies come from one laboratory."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from evidence.audit.works import CitedWork
from evidence.records import AuthorName

_SHARED_AUTHORS = 3


def studies_of(works: Sequence[CitedWork]) -> list[list[CitedWork]]:
    """Return the works in studies: preprint and article, reports of one trial, republished papers are one."""
    studies: list[tuple[set[str], list[CitedWork]]] = []
    for work in works:
        names = {work.id, *work.study}
        joined = [study for study in studies if study[0] & names]
        merged = (names.union(*(study[0] for study in joined)), [one for study in joined for one in study[1]])
        if all(one.id != work.id for one in merged[1]):
            merged[1].append(work)
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
    shared = count_shared(one, other)
    if shared >= _SHARED_AUTHORS or 2 * shared >= min(len(one), len(other)) > 0:
        return True
    return _is_same_person(one[-1], other[-1])


def count_shared(one: Sequence[AuthorName], other: Sequence[AuthorName]) -> int:
    """Return how many people two author lists share."""
    by_name: dict[str, list[AuthorName]] = {}
    by_orcid = {author.orcid for author in other if author.orcid}
    for author in other:
        by_name.setdefault(name_of(author), []).append(author)
    return sum(
        author.orcid in by_orcid
        or any(_is_same_person(author, candidate) for candidate in by_name.get(name_of(author), ()))
        for author in one
    )


def name_of(author: AuthorName) -> str:
    """Return family name and first initial as they are compared: without case and accents.

    >>> name_of(AuthorName("Müller", "Anna B"))
    'muller a'
    """
    folded = unicodedata.normalize("NFKD", f"{author.family or ''} {(author.given or '')[:1]}")
    return "".join(char for char in folded if not unicodedata.combining(char)).casefold().strip()


def _is_same_person(one: AuthorName, other: AuthorName) -> bool:
    if one.orcid and other.orcid:
        return one.orcid == other.orcid
    return bool(one.family) and name_of(one) == name_of(other)


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
