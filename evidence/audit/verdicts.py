"""The verdict of one claim: its status, with reasons, flags, strength, and what would change it.

The rules themselves are in `statuses.py`, `flags.py`, `strength.py`, `changes.py` and `belief.py`.

Source:
    EVIDENCE.md sections 3.4 to 3.6 of the design.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from evidence.audit.belief import Belief, believe
from evidence.audit.changes import what_would_change
from evidence.audit.counting import Count, contradicts, supporting, works_of
from evidence.audit.flags import Choices, Flagged, flags_of
from evidence.audit.packing import Value
from evidence.audit.statuses import (
    Case,
    ClauseDecided,
    case_of,
    decide,
    decide_clauses,
    is_tagged_contradictory,
    names_of_sources,
)
from evidence.audit.strength import Weighed, weigh
from evidence.audit.works import (
    CitedPlace,
    CitedWork,
    ClaimEvidence,
    name_of,
    names_of,
    outcomes_of,
    review_by_pubmed,
    spoiled_by,
)
from evidence.notices import describe
from evidence.statements import why_no_statement
from evidence.vocabulary import Flag, Level, Polarity, Status

_LEVELS = (Level.HUMAN, Level.MIXED, Level.ANIMAL, Level.CELLS, Level.COMPUTED, Level.UNKNOWN)
_BARE = frozenset({Status.NOT_A_CLAIM, Status.UNCITED, Status.UNRESOLVED})


class WorkLine(Value, frozen=True):
    """One work of a verdict: whether it is counted as a study, and its design or why it is not."""

    work: CitedWork
    counted: bool
    why: str


class Clause(Value, frozen=True):
    """What a clause of a claim comes to by itself; `counted` are the ids of the works that count as its studies."""

    number: int
    status: Status
    counted: tuple[str, ...]


class Verdict(Value, frozen=True):
    """What the audit says of one claim.

    `clauses` are those that the claim is counted by, where it has several: the status is that of the best one.
    `groups` are the names of the studies' works by laboratory; `changes` what would change the status; `belief` is
    worked out only where it is asked for. A strength of None is not known.
    """

    status: Status
    level: Level | None
    strength: int | None
    steps: tuple[str, ...]
    reasons: tuple[str, ...]
    flags: tuple[Flag, ...]
    works: tuple[WorkLine, ...]
    groups: tuple[tuple[str, ...], ...]
    changes: tuple[str, ...] = ()
    belief: Belief | None = None
    clauses: tuple[Clause, ...] = ()


class Judge:
    """Judges claims that come together, such as those of some pages; what rests on the same notes is judged once."""

    def __init__(self, choices: Choices) -> None:
        """Take the thresholds of flags, and whether belief is asked for."""
        self.choices = choices
        # By the identity of the citations, which are kept with it, so that no other object takes their place.
        self._known: dict[tuple[Any, ...], tuple[tuple[CitedPlace, ...], Verdict]] = {}

    def judge(self, claim: ClaimEvidence) -> Verdict:
        """Return the verdict of a claim."""
        if claim.interaction is not None or claim.opposite is not None or claim.reverse_pairs:
            return judge(claim, self.choices)
        # All that the verdict of a sentence follows from: of its words only whether they state anything.
        why_not = why_no_statement(claim.kind, claim.section, claim.text)
        key = (why_not, is_tagged_contradictory(claim), *map(id, claim.places))
        if key not in self._known:
            self._known[key] = (claim.places, judge(claim, self.choices))
        return self._known[key][1]


def judge(claim: ClaimEvidence, choices: Choices) -> Verdict:
    """Return the verdict of a claim.

    Args:
        claim: with its citations and the works behind them.
        choices: thresholds of flags, and whether belief is asked for.

    Returns:
        The status with its reasons; the same evidence always gives the same verdict.
    """
    works = _spoil(works_of(claim.places)) if claim.places else []
    case = case_of(claim, works)
    status, reasons = decide(case)
    changes = tuple(what_would_change(case, status))
    if status in _BARE and not case.standing:
        lines = tuple(WorkLine(work, counted=False, why=_why(work)) for work in works)
        if status is not Status.UNRESOLVED:
            lines = ()
        return Verdict(status, None, None, (), tuple(reasons), (), lines, (), changes)
    if status is Status.NOT_A_CLAIM:
        return Verdict(status, None, None, (), tuple(reasons), (), (), ())
    count = None if status is Status.RETRACTED else case.count
    counted = _counted(count)
    studied = [work for work in case.standing if work.id in counted]
    flags = flags_of(Flagged(case, status, studied, choices))
    lines = _lines(case, counted)
    open_ = [work for work in case.standing if not work.is_verified and _may_count(work)]
    strength, steps = _weigh(case, status, count, open_, choices)
    belief = believe(case, count, is_open=bool(open_)) if choices.belief else None
    groups = _groups(count) if count is not None else ()
    # Why a mark names no work may be told already, of the source that contradicts.
    reasons += [note for note in _notes_on(case, count, flags) if not any(note in said for said in reasons)]
    decided = decide_clauses(case)
    reasons += _tell_clauses(case, decided)
    level = _level(studied) if studied else None
    return Verdict(
        status, level, strength, steps, tuple(dict.fromkeys(reasons)), flags, lines, groups, changes, belief,
        _clauses(case, decided),
    )  # fmt: skip


def _weigh(
    case: Case, status: Status, count: Count | None, open_: Sequence[CitedWork], choices: Choices
) -> tuple[int | None, tuple[str, ...]]:
    """Return the strength of the strongest clause, and the steps to it.

    The status is that of the clause with the most behind it, which need not be the strongest: two studies of mice
    replicate, one trial in people does not. Were the strength that of the same clause, a claim would get stronger when
    a study of mice is retracted, and the trial is what is left.
    """

    def weighed(one: Count | None) -> tuple[int | None, tuple[str, ...]]:
        return weigh(
            Weighed(
                [work for work in case.standing if work.id in _counted(one)],
                # A contradicted claim keeps what its supporting side has, or lacks.
                one.status if one is not None else status,
                groups=len(one.groups) if one is not None else 0,
                is_contradicted=status is Status.CONTRADICTED,
                unverified=open_,
                n_small=choices.n_small,
            )
        )

    strength, steps = weighed(count)
    if count is None or strength is None:
        return strength, steps
    for other in case.counts:
        if other is count:
            continue
        by_itself, steps_of_it = weighed(other)
        if by_itself is not None and by_itself > strength:
            strength = by_itself
            steps = (*steps_of_it[:-1], f"{steps_of_it[-1]}, by clause {other.clause + 1}, which is the strongest")
    return strength, steps


def _counted(count: Count | None) -> set[str]:
    return {work.id for study in (count.studies if count else ()) for work in study}


def _groups(count: Count) -> tuple[tuple[str, ...], ...]:
    """Return the studies by laboratory, each by one name: that of its article before that of its preprint."""
    names = [min((work.is_preprint, work.name) for work in study)[1] for study in count.studies]
    groups = (*count.groups, *([number] for number in count.unknown))
    return tuple(tuple(names[number] for number in group) for group in groups)


def _may_count(work: CitedWork) -> bool:
    """Tell whether what a registry has yet to say of a work may change what is counted."""
    return work.is_primary or not (work.is_resource or work.designs_from in {"note", "study page"})


def _spoil(works: Sequence[CitedWork]) -> list[CitedWork]:
    """Return the works; the preprint of an article that is cited beside it and retracted falls with the article."""
    if not any(work.is_retracted for work in works):
        return list(works)
    retracted = {name_of(one): work for work in works if work.is_retracted for one in work.identifiers}
    spoiled = []
    for work in works:
        article = next((retracted[name] for name in sorted(work.articles) if name in retracted), None)
        if article is not None and not work.is_retracted:
            spoiled.append(replace(work, spoiled=spoiled_by(article.name)))
        else:
            spoiled.append(work)
    return spoiled


def _lines(case: Case, counted: set[str]) -> tuple[WorkLine, ...]:
    return tuple(
        WorkLine(work, work.id in counted, _why(work, "" if work.id in counted else _part_of(case, work)))
        for work in case.works
    )


def _part_of(case: Case, work: CitedWork) -> str:
    """Return what part in the claim keeps a work that is cited by it from being counted, if its part does."""
    cited = [place for place in case.claim.places if any(one.id == work.id for one in place.works)]
    if any(place.polarity is Polarity.OPPOSES for place in cited):
        return "opposes the claim; "
    if any(place.polarity is Polarity.CONTRASTS for place in cited):
        return "contrasts with the claim; "
    if not any(place.polarity is Polarity.SUPPORTS for place in cited):
        return "only mentioned; "
    if work.is_primary and case.count is not None and all(place.clause != case.count.clause for place in cited):
        return f"of clause {cited[0].clause + 1}, and clause {case.count.clause + 1} is counted; "
    return ""


def _clauses(case: Case, decided: Sequence[ClauseDecided]) -> tuple[Clause, ...]:
    """Return the clauses that a claim is counted by; what only contrasts or is mentioned supports none."""
    if not decided:
        return ()
    numbers = {place.clause for place in supporting(case.claim.places)}
    return tuple(
        Clause(one.number, one.status, tuple(work.id for study in one.counted.studies for work in study))
        if one.counted is not None
        else Clause(one.number, one.status, ())
        for one in decided
        if one.number in numbers
    )


def _tell_clauses(case: Case, decided: Sequence[ClauseDecided]) -> list[str]:
    """Return what each clause rests on by itself, where a claim has several, or that it speaks against the claim."""
    if not decided:
        return []
    counted = {place.clause for place in supporting(case.claim.places)}
    said = []
    for one in decided:
        places = [place for place in case.claim.places if place.clause == one.number]
        if one.number not in counted and all(place.polarity.is_against for place in places):
            said.append(f"clause {one.number + 1} {_tell_against(one, places)}")
        elif one.number not in counted and all(place.polarity is not Polarity.SUPPORTS for place in places):
            said.append(f"clause {one.number + 1} is only mentioned: {names_of_sources(places)}")
        else:
            names = f": {names_of(one.works)}" if one.works else ""
            said.append(f"clause {one.number + 1} by itself is {one.status.value}{names}")
    return said


def _tell_against(clause: ClauseDecided, places: Sequence[CitedPlace]) -> str:
    """Return how a clause speaks against its claim: what is retracted or does not exist only would."""
    does = "oppose the claim" if any(one.polarity is Polarity.OPPOSES for one in places) else "contrast with the claim"
    if any(map(contradicts, places)):
        standing = [place for place in places if contradicts(place)]
        return f"{does.replace(' ', 's ', 1)}: {names_of_sources(standing)}"
    why = [f"{work.name} {'is retracted' if work.exists else 'does not exist'}" for work in clause.works]
    return f"would {does}, but {' and '.join(why) or 'its note is marked as retracted'}"


def _notes_on(case: Case, count: Count | None, flags: Sequence[Flag]) -> list[str]:
    """Return what else a reader must know to follow the verdict."""
    claim, works = case.claim, case.works
    notes = []
    if Flag.MULTI_DATABASE_ONE_PAPER in flags and claim.interaction is not None and count is not None:
        said = f"{len(claim.interaction.databases)} databases list it, but one study alone is cited"
        notes.append(f"{said}, and not one for each: {names_of(count.studies[0])}")
    resources = [work for work in works if work.is_resource]
    if resources and count is not None:
        notes.append(f"not counted, since they describe databases: {names_of(resources)}")
    if count is not None and len({place.clause for place in supporting(claim.places)}) > 1:
        notes.append("each clause has a citation of its own; the count is that of the best supported clause")
    unverified = [work for work in works if work.exists and not work.is_verified]
    if unverified:
        names = "; ".join(f"{one.name} ({outcomes_of(one)})" for one in unverified)
        notes.append(f"at most: not looked up, or a look-up failed: {names}")
    notes += [place.missing for place in claim.places if place.missing]
    for work in works:
        notes += _notes_on_work(work, is_rest=count is not None)
    doubtful = [work for work in works if work.is_marked_retracted and not work.is_retracted and not work.state.kind]
    if doubtful:
        notes.append(f"the page marks {names_of(doubtful)} as retracted, but no registry has told of it")
    counted = _counted(count)
    unknown = [work for work in works if not work.designs and work.id in counted]
    if unknown:
        notes.append(f"design unknown, counted as one study at most: {names_of(unknown)}")
    notes += [
        f"{work.name} may describe a database ({work.resource_hint}); it is counted, since no list names it"
        for work in works
        if work.resource_hint and work.id in counted
    ]
    return notes


def _notes_on_work(work: CitedWork, *, is_rest: bool) -> list[str]:
    if work.is_plain:
        return []
    if not work.exists:
        return [f"{work.name} does not exist: {outcomes_of(work)}"]
    notes = [f"{name}, given for {work.name}, does not exist" for name in work.missing]
    if work.is_retracted and is_rest:
        notes.append(f"{work.name} is retracted and not counted")
    if work.state.kind and not work.is_retracted:
        notes.append(f"{work.name}: {describe(work.state)}")
    notes += [f"{work.name}: {conflict}" for conflict in work.state.conflicts]
    notes += [f"{work.name}: the note contradicts the registry in its {said}" for said in work.mismatches]
    notes += [f"{work.name}: {conflict}" for conflict in work.conflicts]
    return notes


def _level(studied: Sequence[CitedWork]) -> Level:
    levels = {work.level for work in studied}
    return next(level for level in _LEVELS if level in levels)


def _why(work: CitedWork, part: str = "") -> str:
    """Return in words why a work counts as a study or does not; `part` is what its part in the claim says of it."""
    if not work.exists:
        return f"does not exist: {outcomes_of(work)}"
    if work.is_retracted:
        return work.spoiled or describe(work.state)
    if part:
        return part + _why(work)
    if work.is_resource:
        return work.resource or f"resource ({work.designs_from})"
    designs = ", ".join(work.designs)
    said = f"{designs} ({work.designs_from})" if designs else "design unknown"
    if (review := review_by_pubmed(work)) is not None:
        said = f"{review} (pubmed), though {said}"
    if not work.is_verified:
        return f"{said}; not verified: {outcomes_of(work)}"
    return said
