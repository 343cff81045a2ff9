"""What a claim rests on alone: as a whole, or in one of its clauses, which no study of another clause replicates.

Source:
    EVIDENCE.md section 3.4 of the design: decide per clause and for the whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from evidence.audit.strength import NEEDS_REPLICATION
from evidence.audit.verdicts import Clause, Verdict
from evidence.audit.works import CitedWork
from evidence.vocabulary import Level, Status

REPLICATED = frozenset({Status.REPLICATED, Status.REPLICATED_IN_HUMAN})
_COUNTED = NEEDS_REPLICATION | REPLICATED | {Status.MULTI_STUDY}
NOT_IN_PEOPLE = frozenset({Level.ANIMAL, Level.CELLS})


def weak_clause(verdict: Verdict) -> Clause | None:
    """Return the first clause that rests on one study or group, of a claim that as a whole rests on more.

    >>> clauses = (Clause(0, Status.REPLICATED, ("a", "b")), Clause(1, Status.SINGLE_STUDY, ("c",)))
    >>> weak_clause(Verdict(Status.REPLICATED, None, None, (), (), (), (), (), clauses=clauses)).number
    1
    """
    if verdict.status not in _COUNTED or verdict.status in NEEDS_REPLICATION:
        return None
    return next((one for one in verdict.clauses if one.status in NEEDS_REPLICATION), None)


def resting_status(verdict: Verdict) -> Status | None:
    """Return the status by which a claim needs replication, its own or that of a clause, or None.

    >>> resting_status(Verdict(Status.SINGLE_STUDY, None, None, (), (), (), (), ())).value
    'single-study'
    """
    if verdict.status in NEEDS_REPLICATION:
        return verdict.status
    clause = weak_clause(verdict)
    return clause.status if clause is not None else None


def resting_works(verdict: Verdict) -> list[set[str]]:
    """Return the ids of the works by which a claim needs replication: of the whole, or of each clause that does.

    >>> clauses = (Clause(0, Status.REPLICATED, ("a", "b")), Clause(1, Status.SINGLE_STUDY, ("c",)))
    >>> resting_works(Verdict(Status.REPLICATED, None, None, (), (), (), (), (), clauses=clauses))
    [{'c'}]
    """
    if resting_status(verdict) is None:
        return []
    clauses = [set(one.counted) for one in verdict.clauses if one.status in NEEDS_REPLICATION]
    return clauses or [{line.work.id for line in verdict.works if line.counted}]


def is_replicated(verdict: Verdict) -> bool:
    """Tell whether a claim is replicated in each of its clauses.

    >>> is_replicated(Verdict(Status.REPLICATED, None, None, (), (), (), (), ()))
    True
    """
    return verdict.status in REPLICATED and all(one.status in REPLICATED for one in verdict.clauses)


def held_alone_by(verdict: Verdict) -> Iterator[str]:
    """Yield the ids of the works on whose one study a claim rests, or a clause of it: each falls with its work.

    >>> clauses = (Clause(0, Status.REPLICATED, ("a", "b")), Clause(1, Status.SINGLE_STUDY, ("c",)))
    >>> list(held_alone_by(Verdict(Status.REPLICATED, None, None, (), (), (), (), (), clauses=clauses)))
    ['c']
    """
    if verdict.clauses and verdict.status in _COUNTED:
        alone = (work for one in verdict.clauses if one.status is Status.SINGLE_STUDY for work in one.counted)
        yield from dict.fromkeys(alone)
    elif verdict.status is Status.SINGLE_STUDY:
        yield from dict.fromkeys(line.work.id for line in verdict.works if line.counted)


def works_counted(verdict: Verdict) -> list[CitedWork]:
    """Return the works that count for a claim, or for a clause of it, by name.

    >>> from evidence.audit.verdicts import WorkLine
    >>> lines = [WorkLine(CitedWork(name, ()), name == "a", "in-vivo") for name in "abc"]
    >>> clauses = (Clause(0, Status.SINGLE_STUDY, ("a",)), Clause(1, Status.SINGLE_STUDY, ("b",)))
    >>> verdict = Verdict(Status.SINGLE_STUDY, None, None, (), (), (), tuple(lines), (), clauses=clauses)
    >>> [work.name for work in works_counted(verdict)]
    ['a', 'b']
    """
    counted = {work for one in verdict.clauses for work in one.counted}
    found = (line.work for line in verdict.works if line.counted or line.work.id in counted)
    return sorted(found, key=lambda work: work.name)


def clause_not_in_people(verdict: Verdict) -> tuple[Clause, frozenset[Level]] | None:
    """Return the first clause whose studies are all of animals or cells, with their levels."""
    levels = {line.work.id: line.work.level for line in verdict.works}
    for one in verdict.clauses:
        found = frozenset(levels[work] for work in one.counted)
        if found and found <= NOT_IN_PEOPLE:
            return one, found
    return None
