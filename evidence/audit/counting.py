"""How many studies stand behind a claim, of how many laboratories, and what status these numbers alone give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evidence.audit.groups import Study, groups_of, standing_studies
from evidence.audit.strength import Weighed, weigh
from evidence.audit.works import CitedPlace, CitedWork
from evidence.vocabulary import Level, Polarity, Status

_TWO = 2
_RANKS = {
    status: rank
    for rank, status in enumerate(
        (Status.SINGLE_STUDY, Status.SINGLE_GROUP, Status.MULTI_STUDY, Status.REPLICATED, Status.REPLICATED_IN_HUMAN)
    )
}


class Count(NamedTuple):
    """The studies of one clause, by laboratory, and the status that they alone would give."""

    found: list[Study]
    groups: list[list[int]]
    unknown: list[int]
    status: Status
    clause: int

    @property
    def studies(self) -> list[list[CitedWork]]:
        """The works that stand for each study."""
        return [study.works for study in self.found]

    @property
    def rank(self) -> tuple[int, int, int, int, int]:
        """How much stands behind the clause; of two alike the first."""
        works = [work for study in self.studies for work in study]
        strength, _ = weigh(Weighed(works, self.status, len(self.groups)))
        return _RANKS[self.status], len(self.groups), len(self.studies), strength or 0, -self.clause


def count_studies(works: Sequence[CitedWork], clause: int = 0, fallen: Sequence[CitedWork] = ()) -> Count | None:
    """Return the studies among some works, or None where there is none.

    Args:
        works: those that stand.
        clause: the number of theirs.
        fallen: those cited beside them that are retracted.

    Source:
        EVIDENCE.md section 3.4 of the design, rules 8 to 12.

    Replicated needs two groups of works that are verified, and of a known design or articles at least.

    >>> count_studies([CitedWork("a", ()), CitedWork("b", ())]).status.value
    'multi-study'
    """
    found = standing_studies([work for work in works if work.is_primary], fallen)
    if not found:
        return None
    groups, unknown = groups_of([study.reports for study in found])

    def counted(status: Status) -> Count:
        return Count(found, groups, unknown, status, clause)

    if len(found) == 1:
        return counted(Status.SINGLE_STUDY)
    if len(groups) >= _TWO:
        # What a registry has yet to tell of a work (a retraction) may take its group away; what nobody knows to be a
        # study (a protocol, a chapter, a grant) replicates none.
        known = [work for work in works if work.is_primary and _is_sure(work)]
        sure = standing_studies(known, filter(_is_sure, fallen))
        if len(groups_of([study.reports for study in sure])[0]) < _TWO:
            return counted(Status.MULTI_STUDY)
        return counted(Status.REPLICATED_IN_HUMAN if count_human_groups(sure) >= _TWO else Status.REPLICATED)
    return counted(Status.MULTI_STUDY if unknown else Status.SINGLE_GROUP)


def _is_sure(work: CitedWork) -> bool:
    return work.is_verified and work.may_report


def count_human_groups(studies: Sequence[Study]) -> int:
    """Return how many of some studies were done in people by known laboratories of their own."""
    return len(groups_of([study.reports for study in human_studies(studies)])[0])


def human_studies(studies: Sequence[Study]) -> list[Study]:
    """Return the studies that were done in people, by a work that stands."""
    return [study for study in studies if any(work.level is Level.HUMAN for work in study.works)]


def supporting(places: Sequence[CitedPlace]) -> Sequence[CitedPlace]:
    """Return the citations that a claim is counted by: those that support it, whether or not they stand.

    Where none does, the sentence itself says what those found that contrast with something (that it failed to
    replicate); without any of these, those count that it only mentions. Neither does where one opposes what is stated.

    >>> against = CitedPlace(0, Polarity.CONTRASTS, (CitedWork("a", ()),))
    >>> [place.missing for place in supporting([CitedPlace(0, Polarity.SUPPORTS, missing="[^k] is empty"), against])]
    ['[^k] is empty']
    >>> supporting([against]) == [against]
    True
    >>> supporting([CitedPlace(0, Polarity.OPPOSES, (CitedWork("a", ()),))])
    []
    """
    found = [place for place in places if place.polarity is Polarity.SUPPORTS]
    if found or any(place.polarity is Polarity.OPPOSES for place in places):
        return found
    return [place for place in places if place.polarity is Polarity.CONTRASTS] or places


def stands(place: CitedPlace) -> bool:
    """Tell whether a citation names a work that exists and is not retracted."""
    return any(work.exists and not work.is_retracted for work in place.works)


def contradicts(place: CitedPlace) -> bool:
    """Tell whether a citation speaks against its claim: by a work that stands, or by a source that nobody can look up.

    That the page names no identifier of what contradicts does not unsay it. What is retracted, or does not exist, does.

    >>> gone = CitedWork("a", (), exists=False)
    >>> [contradicts(CitedPlace(0, Polarity.CONTRASTS, works)) for works in ((CitedWork("a", ()),), (), (gone,))]
    [True, True, False]
    """
    return place.polarity.is_against and (stands(place) or not (place.works or place.has_fallen))


def best_count(places: Sequence[CitedPlace], standing: Sequence[CitedWork]) -> Count | None:
    """Return the count of the clause with the most behind it: studies of two clauses do not replicate each other.

    Args:
        places: the citations of a claim.
        standing: its works that exist and are not retracted.
    """
    return best_of(count_clauses(places, standing))


def best_of(counts: Sequence[Count]) -> Count | None:
    """Return the count with the most behind it, the first of those that are alike; None of none."""
    return counts[0] if len(counts) == 1 else max(counts, key=lambda one: one.rank, default=None)


def count_clauses(places: Sequence[CitedPlace], standing: Sequence[CitedWork]) -> list[Count]:
    """Return the count of each clause that has studies, in the order of `places`.

    >>> places = [CitedPlace(number, Polarity.SUPPORTS, (CitedWork(name, ()),)) for number, name in enumerate("ab")]
    >>> [count.clause for count in count_clauses(places, works_of(places))]
    [0, 1]
    """
    chosen = supporting(places)
    fallen = _fallen_by_clause(chosen, standing)
    return [
        found
        for number, works in works_by_clause(chosen, standing).items()
        if (found := count_studies(works, number, fallen.get(number, ()))) is not None
    ]


def _fallen_by_clause(places: Sequence[CitedPlace], standing: Sequence[CitedWork]) -> dict[int, list[CitedWork]]:
    """Return the works of each clause that exist and do not stand; most claims have none."""
    ids = {work.id for work in standing}
    fallen: dict[int, list[CitedWork]] = {}
    for place in places:
        for work in place.works:
            if work.id not in ids and work.exists:
                fallen.setdefault(place.clause, []).append(work)
    return fallen


def works_by_clause(places: Sequence[CitedPlace], standing: Sequence[CitedWork]) -> dict[int, list[CitedWork]]:
    """Return the works of each clause that stand; of identifiers that contradict each other the first one counts."""
    ids = {work.id for work in standing}
    clauses: dict[int, list[CitedWork]] = {}
    for place in places:
        clauses.setdefault(place.clause, []).extend(_first_of_conflict(place, ids))
    return {number: unique(works) for number, works in clauses.items()}


def _first_of_conflict(place: CitedPlace, ids: set[str]) -> list[CitedWork]:
    works = [work for work in place.works if work.id in ids]
    conflicting = [work for work in works if work.conflicts]
    return [work for work in works if work not in conflicting[1:]]


def unique(works: Sequence[CitedWork]) -> list[CitedWork]:
    """Return works without repetition, in their order."""
    if len(works) == 1:
        return list(works)
    return list({work.id: work for work in reversed(works)}.values())[::-1]


def works_of(places: Sequence[CitedPlace]) -> list[CitedWork]:
    """Return all works of some citations, each once."""
    return unique([work for place in places for work in place.works])
