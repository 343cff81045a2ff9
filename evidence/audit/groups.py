"""Which works are one study, and which studies come from one laboratory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from evidence.audit.independence import split
from evidence.audit.people import Person, people_of
from evidence.audit.trials import split_names
from evidence.audit.works import CitedWork
from evidence.records import AuthorName
from evidence.vocabulary import Level

_SHARED_AUTHORS = 3
_PAIR = 2


def studies_of(works: Sequence[CitedWork]) -> list[list[CitedWork]]:
    """Return the works in studies: preprint and article, republished papers, reports of one trial are one.

    A report of several trials together is no study of its own where one of them is reported by itself; it does not make
    one study of trials that others report apart.

    Source:
        EVIDENCE.md section 3.1 of the design.

    >>> def report(name, *trials):
    ...     return CitedWork(name, (), study=frozenset({name, *trials}))
    >>> pooled = report("c", "nct:NCT00000001", "nct:NCT00000002")
    >>> trials = [report("a", "nct:NCT00000001"), report("b", "nct:NCT00000002")]
    >>> [[work.id for work in study] for study in studies_of([*trials, pooled])]
    [['a', 'c'], ['b']]
    """
    if len(works) == 1:
        return [list(works)]
    studies: list[tuple[set[str], list[CitedWork], set[str]]] = []
    for work in works:
        names, trials = split_names(work.study)
        own = {work.id, *names}
        joined = [study for study in studies if not study[0].isdisjoint(own)]
        merged = (
            own.union(*(study[0] for study in joined)),
            [one for study in joined for one in study[1]],
            set(trials).union(*(study[2] for study in joined)),
        )
        if all(one.id != work.id for one in merged[1]):
            merged[1].append(work)
        if joined:
            studies = [study for study in studies if study not in joined]
        studies.append(merged)
    if len(studies) > 1 and any(study[2] for study in studies):
        return _join_trials([(found, trials) for _, found, trials in studies])
    return [found for _, found, _ in studies]


class Study(NamedTuple):
    """One piece of research: the works that stand for it, and all its reports, which tell whose it is."""

    works: list[CitedWork]
    reports: list[CitedWork]


def standing_studies(works: Sequence[CitedWork], fallen: Iterable[CitedWork] = ()) -> list[Study]:
    """Return the studies of works that stand. Their reports that fell still tell which are one, and by whom.

    Otherwise a retraction would make two studies of one, or two laboratories.

    Args:
        works: those that stand.
        fallen: those that are retracted, of which some may report a study of these.

    >>> one, two, three = (CitedWork(name, (), study=frozenset({name, "nct:NCT00000001"})) for name in "abc")
    >>> [([work.id for work in study.works], len(study.reports)) for study in standing_studies([one, two], [three])]
    [(['a', 'b'], 3)]
    """
    ids = {work.id for work in works}
    found = studies_of([*works, *(work for work in fallen if work.is_primary)])
    studies = (Study([work for work in reports if work.id in ids], reports) for reports in found)
    return [study for study in studies if study.works]


def _join_trials(studies: Sequence[tuple[list[CitedWork], set[str]]]) -> list[list[CitedWork]]:
    """Return studies with the reports of one trial as one: as many as there are of which no two report a trial both."""
    links: list[set[int]] = [set() for _ in studies]
    for at, (_, trials) in enumerate(studies):
        for other in range(at):
            if not trials.isdisjoint(studies[other][1]):
                links[at].add(other)
                links[other].add(at)
    order = sorted(range(len(studies)), key=lambda at: (len(studies[at][1]), min(one.name for one in studies[at][0])))
    return [[one for at in numbers for one in studies[at][0]] for numbers in split(links, order)]


def authors_of(study: Sequence[CitedWork]) -> list[tuple[Person, ...]]:
    """Return the author lists of the reports of a study, without collective names; none where no registry gave one."""
    return [people for work in study if (people := work.people)]


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


def _share_laboratory(one: Sequence[Sequence[Person]], other: Sequence[Sequence[Person]]) -> bool:
    """Tell whether any two reports of two studies are of one laboratory."""
    return any(is_same_laboratory(mine, theirs) for mine in one for theirs in other)


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
    """Return the studies by laboratory, as their numbers, and the numbers of those whose authors are not known.

    There are as many groups as there are studies of which no two share a laboratory: a study of two laboratories
    together goes with one of them, and takes nothing from what each found alone. Any
    of its reports may tell of one.

    >>> def study(name, *authors):
    ...     return [CitedWork(name, (), authors=tuple(AuthorName(*one.split()) for one in authors))]
    >>> groups_of([study("a", "Kim J", "Lee K"), study("b", "Wu Y", "Li X"), study("c", "Cho H", "Lee K"), study("d")])
    ([[0, 2], [1]], [3])
    """
    lists = [authors_of(study) for study in studies]
    known = [number for number, people in enumerate(lists) if people]
    unknown = [number for number, people in enumerate(lists) if not people]
    if len(known) < _PAIR:
        return [[number] for number in known], unknown
    links: list[set[int]] = [set() for _ in lists]
    for at, number in enumerate(known):
        for other in known[at + 1 :]:
            if _share_laboratory(lists[number], lists[other]):
                links[number].add(other)
                links[other].add(number)
    if not any(links):
        return [[number] for number in known], unknown
    # Those in people stand for a group where there is a choice, then by name: the order of citations changes nothing.
    order = sorted(
        known,
        key=lambda number: (
            all(work.level is not Level.HUMAN for work in studies[number]),
            min(work.name for work in studies[number]),
        ),
    )
    return split(links, order), unknown
