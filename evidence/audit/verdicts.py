"""The verdict of one claim: the first rule that fits, with its reasons, flags and strength.

Source:
    EVIDENCE.md sections 3.4 and 3.5 of the design.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from evidence.audit.groups import authors_of, count_shared, groups_of, studies_of
from evidence.audit.identity import is_of_the_work
from evidence.audit.not_claims import why_not_a_claim
from evidence.audit.strength import NEEDS_REPLICATION, names_of, weigh
from evidence.audit.works import CitedPlace, CitedWork, ClaimEvidence, name_of
from evidence.notices import describe
from evidence.vocabulary import CORRECTING, Flag, Level, Outcome, Polarity, Status, TagPlace

_CONTRADICTORY = "contradictory-evidence"
_LEVELS = (Level.HUMAN, Level.MIXED, Level.ANIMAL, Level.CELLS, Level.COMPUTED, Level.UNKNOWN)
_TWO = 2
_FLAGS = tuple(Flag)
_RANKS = {
    status: rank
    for rank, status in enumerate(
        (Status.SINGLE_STUDY, Status.SINGLE_GROUP, Status.MULTI_STUDY, Status.REPLICATED, Status.REPLICATED_IN_HUMAN)
    )
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the settings choose of the audit; `year` is that of the audit."""

    n_small: int = 30
    old_years: int = 20
    year: int = 2026


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One work of a verdict: whether it is counted as a study, and its design or why it is not."""

    work: CitedWork
    counted: bool
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the audit says of one claim. `groups` are the names of the studies' works by laboratory."""

    status: Status
    level: Level | None
    strength: int | None
    steps: tuple[str, ...]
    reasons: tuple[str, ...]
    flags: tuple[Flag, ...]
    works: tuple[WorkLine, ...]
    groups: tuple[tuple[str, ...], ...]


class _Count(NamedTuple):
    """The studies of one clause, by laboratory, and the status that they alone would give."""

    studies: list[list[CitedWork]]
    groups: list[list[int]]
    unknown: list[int]
    status: Status

    @property
    def rank(self) -> tuple[int, int, int]:
        """How much stands behind the clause."""
        return _RANKS[self.status], len(self.groups), len(self.studies)


def _count(works: Sequence[CitedWork]) -> _Count | None:
    """Return the studies among some works, or None where there is none."""
    studies = studies_of([work for work in works if work.is_primary])
    if not studies:
        return None
    groups, unknown = groups_of(studies)
    if len(studies) == 1:
        return _Count(studies, groups, unknown, Status.SINGLE_STUDY)
    if len(groups) >= _TWO:
        human = sum(any(_is_human(studies[one]) for one in group) for group in groups)
        status = Status.REPLICATED_IN_HUMAN if human >= _TWO else Status.REPLICATED
        return _Count(studies, groups, unknown, status)
    return _Count(studies, groups, unknown, Status.MULTI_STUDY if unknown else Status.SINGLE_GROUP)


def judge(claim: ClaimEvidence, choices: Choices) -> Verdict:
    """Return the verdict of a claim.

    Args:
        claim: with its citations and the works behind them.
        choices: thresholds of flags.

    Returns:
        The status with its reasons; the same evidence always gives the same verdict.
    """
    why_not = why_not_a_claim(claim)
    if why_not is not None and (why_not.is_certain or not any(place.works for place in claim.places)):
        return _bare(Status.NOT_A_CLAIM, why_not.reason)
    if not claim.places:
        return _bare(Status.UNCITED, "no note and no identifier stands with it")
    works = _spoil(_distinct(claim.places))
    present = [work for work in works if work.exists]
    if not present:
        return _unresolved(claim, works)
    flags = _flags_of_citations(claim, works)
    countable = [work for work in present if work.is_primary] or present
    standing = [work for work in present if not work.is_retracted]
    if all(work.is_retracted for work in countable):
        lines = tuple(WorkLine(work, counted=False, why=_why(work)) for work in works)
        reasons = [
            f"every work that would count is retracted: {names_of(countable)}",
            *_notes_on(claim, works, None, flags),
        ]
        strength, steps = weigh([], Status.RETRACTED)
        return Verdict(Status.RETRACTED, None, strength, steps, tuple(reasons), _sorted(flags), lines, ())
    count = _best_count(claim, standing)
    status, reasons = _status(claim, standing, count)
    counted = {work.id for study in (count.studies if count else []) for work in study}
    against = {work.id for work in _works([one for one in claim.places if one.polarity is Polarity.CONTRASTS])}
    lines = tuple(
        WorkLine(work, work.id in counted, _why(work, contrasts=work.id in against and work.id not in counted))
        for work in works
    )
    studied = [work for work in standing if work.id in counted]
    flags |= _flags_of_works(claim, studied, standing, count, choices)
    reasons += _notes_on(claim, works, count, flags)
    reasons += _weaker_clauses(claim, standing, count)
    if (wanted := _what_would_change(status, studied)) is not None:
        reasons.append(wanted)
    level = _level(studied) if studied else None
    # A contradicted claim keeps what its supporting side has, or lacks.
    counted_as = count.status if count is not None else status
    strength, steps = weigh(
        studied,
        counted_as,
        groups=len(count.groups) if count is not None else 0,
        is_contradicted=status is Status.CONTRADICTED,
        is_unverified=Flag.UNVERIFIED in flags,
        n_small=choices.n_small,
    )
    groups = tuple(
        tuple(count.studies[number][0].name for number in group)
        for group in (*count.groups, *([number] for number in count.unknown))
    ) if count else ()  # fmt: skip
    return Verdict(status, level, strength, steps, tuple(reasons), _sorted(flags), lines, groups)


def _status(claim: ClaimEvidence, standing: Sequence[CitedWork], count: _Count | None) -> tuple[Status, list[str]]:
    """Return the first of rules 4 to 12 that fits, and why."""
    contrasts = [place for place in claim.places if place.polarity is Polarity.CONTRASTS and _stands(place)]
    supports = [place for place in claim.places if place.polarity is Polarity.SUPPORTS and _stands(place)]
    tagged = any(tag.name == _CONTRADICTORY and tag.place is TagPlace.CLAIM for tag in claim.tags)
    said = [f"the page says that {names_of(_works(contrasts))} contrasts"] if contrasts else []
    said += ["the page tags it so itself"] if tagged else []
    said += [claim.opposite] if claim.opposite is not None else []
    if supports and said:
        return Status.CONTRADICTED, [f"{'; '.join(said)}; and {names_of(_works(supports))} supports it"]
    if all(work.is_resource for work in standing):
        return Status.RESOURCE_ONLY, [f"cites only papers that describe a database: {names_of(standing)}"]
    if count is not None:
        return count.status, [_count_reason(count)]
    rest = [work for work in standing if not work.is_resource]
    if any(work.is_synthesis for work in rest):
        return Status.SYNTHESIS, [
            f"rests on {names_of([work for work in rest if work.is_synthesis])}, which sums up studies"
        ]
    if any(work.is_review for work in rest):
        return Status.REVIEW_ONLY, [f"cites only reviews or comments: {names_of(rest)}"]
    return Status.UNRESOLVED, [f"cites only notices or data sets: {names_of(rest)}"]


def _count_reason(count: _Count) -> str:
    names = "; ".join(names_of(study) for study in count.studies)
    if count.status is Status.SINGLE_STUDY:
        return f"one primary study: {names}"
    number = len(count.studies)
    if count.status is Status.MULTI_STUDY:
        return f"{number} studies ({names}); author lists are missing, so independence is not known"
    if count.status is Status.SINGLE_GROUP:
        return f"{number} studies ({names}) of one group: they share authors"
    levels = sorted({work.level.value for study in count.studies for work in study})
    return f"{number} studies of {len(count.groups)} groups ({names}); levels: {', '.join(levels)}"


def _best_count(claim: ClaimEvidence, standing: Sequence[CitedWork]) -> _Count | None:
    """Return the count of the clause with the most behind it: studies of two clauses do not replicate each other."""
    ids = {work.id for work in standing}
    clauses: dict[int, list[CitedWork]] = {}
    supporting = [place for place in claim.places if place.polarity is Polarity.SUPPORTS]
    for place in supporting or claim.places:
        clauses.setdefault(place.clause, []).extend(_first_of_conflict(place, ids))
    counts = [found for works in clauses.values() if (found := _count(_unique(works))) is not None]
    return counts[0] if len(counts) == 1 else max(counts, key=lambda one: one.rank, default=None)


def _weaker_clauses(claim: ClaimEvidence, standing: Sequence[CitedWork], count: _Count | None) -> list[str]:
    """Return what of a claim rests on less than the status says: a clause with one study or one group of its own."""
    if count is None or count.status not in {Status.REPLICATED, Status.REPLICATED_IN_HUMAN, Status.MULTI_STUDY}:
        return []
    clauses = sorted({place.clause for place in claim.places})
    if len(clauses) == 1:
        return []
    ids = {work.id for work in standing}
    said = []
    for number in clauses:
        places = [one for one in claim.places if one.clause == number and one.polarity is Polarity.SUPPORTS]
        own = _count([work for work in _works(places) if work.id in ids])
        if own is not None and own.status in NEEDS_REPLICATION:
            names = "; ".join(map(names_of, own.studies))
            said.append(f"clause {number + 1} by itself is {own.status.value}: {names}")
    return said


def _what_would_change(status: Status, studied: Sequence[CitedWork]) -> str | None:
    """Return what evidence would change the status, or None where the page itself must be mended first."""
    kind = "study" if any(work.level is Level.HUMAN for work in studied) else "study, at best in people,"
    wanted = {
        Status.SINGLE_STUDY: f"one independent {kind} would change this",
        Status.SINGLE_GROUP: f"one {kind} of another group would change this",
        Status.MULTI_STUDY: "author lists of the works would decide whether the groups are independent",
        Status.RESOURCE_ONLY: "the study behind the database entry would change this",
        Status.REVIEW_ONLY: "a primary study would change this",
        Status.REPLICATED: "human studies of two groups would change this",
    }
    return wanted.get(status)


def _spoil(works: Sequence[CitedWork]) -> list[CitedWork]:
    """Return the works; the preprint of an article that is cited beside it and retracted falls with the article."""
    if not any(work.is_retracted for work in works):
        return list(works)
    retracted = {name_of(one): work for work in works if work.is_retracted for one in work.identifiers}
    spoiled = []
    for work in works:
        article = next((retracted[name] for name in sorted(work.articles) if name in retracted), None)
        if article is not None and not work.is_retracted:
            spoiled.append(replace(work, spoiled=f"preprint of {article.name}, which is retracted"))
        else:
            spoiled.append(work)
    return spoiled


def _first_of_conflict(place: CitedPlace, ids: set[str]) -> list[CitedWork]:
    """Return the works of a citation that stand; where its identifiers contradict each other only the first counts."""
    works = [work for work in place.works if work.id in ids]
    conflicting = [work for work in works if work.conflicts]
    return [work for work in works if work not in conflicting[1:]]


def _distinct(places: Sequence[CitedPlace]) -> list[CitedWork]:
    return _unique([work for place in places for work in place.works])


def _unique(works: Sequence[CitedWork]) -> list[CitedWork]:
    if len(works) == 1:
        return list(works)
    return list({work.id: work for work in reversed(works)}.values())[::-1]


def _works(places: Sequence[CitedPlace]) -> list[CitedWork]:
    return _unique([work for place in places for work in place.works])


def _stands(place: CitedPlace) -> bool:
    return any(work.exists and not work.is_retracted for work in place.works)


def _bare(status: Status, reason: str) -> Verdict:
    return Verdict(status, None, None, (), (reason,), (), (), ())


def _unresolved(claim: ClaimEvidence, works: Sequence[CitedWork]) -> Verdict:
    reasons = [place.missing for place in claim.places if place.missing]
    reasons += [f"{work.name} does not exist: {_outcomes(work)}" for work in works]
    lines = tuple(WorkLine(work, counted=False, why=_why(work)) for work in works)
    return Verdict(Status.UNRESOLVED, None, None, (), tuple(dict.fromkeys(reasons)), (), lines, ())


def _flags_of_citations(claim: ClaimEvidence, works: Sequence[CitedWork]) -> set[Flag]:
    flags = set()
    if any(work.exists and not work.is_verified for work in works):
        flags.add(Flag.UNVERIFIED)
    if any(not place.works for place in claim.places) or any(work.missing or not work.exists for work in works):
        flags.add(Flag.PARTLY_UNRESOLVED)
    if any(is_of_the_work(said) for work in works for said in work.mismatches):
        flags.add(Flag.METADATA_MISMATCH)
    if any(work.conflicts for work in works):
        flags.add(Flag.IDENTIFIER_CONFLICT)
    if any(work.state.is_in_doubt for work in works):
        flags.add(Flag.CONCERN)
    if any(notice.kind in CORRECTING for work in works for notice in work.notices):
        flags.add(Flag.CORRECTED)
    if any(work.state.is_reinstated for work in works):
        flags.add(Flag.REINSTATED)
    if any(work.state.conflicts for work in works):
        flags.add(Flag.CONTESTED_NOTICES)
    return flags


def _flags_of_works(
    claim: ClaimEvidence,
    studied: Sequence[CitedWork],
    standing: Sequence[CitedWork],
    count: _Count | None,
    choices: Choices,
) -> set[Flag]:
    flags = set()
    if studied and all(work.is_preprint for work in studied):
        flags.add(Flag.PREPRINT_ONLY)
    if any(work.level is Level.HUMAN and work.n is not None and work.n < choices.n_small for work in studied):
        flags.add(Flag.N_SMALL)
    years = [work.year for work in standing]
    newest = max((year for year in years if year is not None), default=None)
    if newest is not None and None not in years and newest < choices.year - choices.old_years:
        flags.add(Flag.OLD)
    if count is not None and _overlap(count):
        flags.add(Flag.OVERLAP)
    if claim.interaction is not None:
        if all(work.is_resource for work in standing):
            flags.add(Flag.HIGH_THROUGHPUT_UNTRACEABLE)
        if count is not None and len(count.studies) == 1 and len(claim.interaction.databases) >= _TWO:
            flags.add(Flag.MULTI_DATABASE_ONE_PAPER)
        if any(reference.value in claim.reverse_pairs for work in studied for reference in work.identifiers):
            flags.add(Flag.SHARED_WITH_REVERSE_ROW)
    return flags


def _overlap(count: _Count) -> bool:
    """Tell whether studies of different groups share an author all the same."""
    if len(count.groups) < _TWO:
        return False
    known = [authors_of(count.studies[number]) for group in count.groups for number in group[:1]]
    return any(count_shared(one, other) for index, one in enumerate(known) for other in known[index + 1 :])


def _notes_on(claim: ClaimEvidence, works: Sequence[CitedWork], count: _Count | None, flags: set[Flag]) -> list[str]:
    """Return what else a reader must know to follow the verdict."""
    notes = []
    if Flag.MULTI_DATABASE_ONE_PAPER in flags and claim.interaction is not None and count is not None:
        said = f"{len(claim.interaction.databases)} databases curate it, but all from one paper"
        notes.append(f"{said}, so it is a single study: {names_of(count.studies[0])}")
    resources = [work for work in works if work.is_resource]
    if resources and count is not None:
        notes.append(f"not counted, since they describe databases: {names_of(resources)}")
    if len({place.clause for place in claim.places}) > 1 and count is not None:
        notes.append("each clause has a citation of its own; the count is that of the best supported clause")
    unverified = [work for work in works if work.exists and not work.is_verified]
    if unverified:
        names = "; ".join(f"{one.name} ({_outcomes(one)})" for one in unverified)
        notes.append(f"at most: not looked up, or a look-up failed: {names}")
    notes += [place.missing for place in claim.places if place.missing]
    notes += [f"{work.name} does not exist: {_outcomes(work)}" for work in works if not work.exists]
    notes += [
        f"{name}, given for {work.name}, does not exist" for work in works if work.exists for name in work.missing
    ]
    if count is not None:
        notes += [f"{work.name} is retracted and not counted" for work in works if work.is_retracted]
    notes += [f"{work.name}: {describe(work.state)}" for work in works if work.state.kind and not work.is_retracted]
    notes += [f"{work.name}: {conflict}" for work in works for conflict in work.state.conflicts]
    doubtful = [work for work in works if work.is_marked_retracted and not work.is_retracted and not work.state.kind]
    if doubtful:
        notes.append(f"the page marks {names_of(doubtful)} as retracted, but no registry has told of it")
    notes += [
        f"{work.name}: the note contradicts the registry in its {said}" for work in works for said in work.mismatches
    ]
    notes += [f"{work.name}: {conflict}" for work in works for conflict in work.conflicts]
    counted = {work.id for study in (count.studies if count else ()) for work in study}
    unknown = [work for work in works if not work.designs and work.id in counted]
    if unknown:
        notes.append(f"design unknown, counted as one study at most: {names_of(unknown)}")
    return list(dict.fromkeys(notes))


def _level(studied: Sequence[CitedWork]) -> Level:
    levels = {work.level for work in studied}
    return next(level for level in _LEVELS if level in levels)


def _is_human(study: Sequence[CitedWork]) -> bool:
    return any(work.level is Level.HUMAN for work in study)


def _why(work: CitedWork, *, contrasts: bool = False) -> str:
    """Return in words why a work counts as a study or does not."""
    if not work.exists:
        return f"does not exist: {_outcomes(work)}"
    if work.is_retracted:
        return work.spoiled or describe(work.state)
    if contrasts:
        return f"contrasts with the claim; {_why(work)}"
    if work.is_resource:
        return work.resource or f"resource ({work.designs_from})"
    designs = ", ".join(design.value for design in work.designs)
    said = f"{designs} ({work.designs_from})" if designs else "design unknown"
    if not work.is_verified:
        return f"{said}; not verified: {_outcomes(work)}"
    return said


def _outcomes(work: CitedWork) -> str:
    said = []
    for source, outcome, reason in work.outcomes:
        words = outcome.value
        if outcome is Outcome.FAILED and reason:
            words = f"failed: {reason.removeprefix(f'{source}: ')}"
        said.append(f"{source} {words}")
    return ", ".join(said) or "never looked up"


def _sorted(flags: set[Flag]) -> tuple[Flag, ...]:
    return tuple(flag for flag in _FLAGS if flag in flags) if flags else ()
