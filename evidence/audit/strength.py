"""How strong the counted studies are, from 0 to 4: one function a step, each with its reason and where that is from.

A transparent count of steps, not a GRADE assessment and never called one. Where a work that may count is not verified,
the strength is not known: what a registry has yet to say may lower it (a retraction, a group that is the same after
all), and an audit without the registries must never say more than one with them.

Source:
    EVIDENCE.md section 3.5 of the design.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evidence.audit.packing import Value
from evidence.audit.works import CitedWork, names_of
from evidence.notices import describe
from evidence.vocabulary import Design, Level, Status

NEEDS_REPLICATION = frozenset({Status.SINGLE_STUDY, Status.SINGLE_GROUP})
STRENGTHS = ("none", "very low", "low", "moderate", "high")
_REPLICATED = frozenset({Status.REPLICATED, Status.REPLICATED_IN_HUMAN})
_NOT_IN_PEOPLE = frozenset({Level.ANIMAL, Level.CELLS, Level.COMPUTED})
_OBSERVATIONAL = frozenset(
    {Design.MENDELIAN_RANDOMIZATION, Design.COHORT, Design.CASE_CONTROL, Design.CROSS_SECTIONAL, Design.OBSERVATIONAL}
)  # fmt: skip
_TRIAL, _OBSERVED, _ELSE = 4, 2, 1


class Weighed(Value, frozen=True):
    """What the steps look at.

    Args:
        studied: the works that are counted.
        counted_as: the status that their number and groups give, whatever contradicts them.
        groups: how many laboratories they are from.
        is_contradicted: whether another source, the page or another row says the opposite.
        unverified: works that may count and that not every registry has told of.
        n_small: human studies with fewer subjects weigh less.
    """

    studied: Sequence[CitedWork]
    counted_as: Status
    groups: int = 0
    is_contradicted: bool = False
    unverified: Sequence[CitedWork] = ()
    n_small: int = 30


def weigh(one: Weighed) -> tuple[int | None, tuple[str, ...]]:
    """Return the strength of some counted works, or None where it is not known, and each step to it.

    >>> weigh(Weighed([], Status.REVIEW_ONLY))
    (0, ('0 no study is counted', '= 0 (none)'))
    >>> trial = CitedWork("a", (), designs=(Design.RCT,), designs_from="note", level=Level.HUMAN)
    >>> weigh(Weighed([trial], Status.SINGLE_STUDY))
    (3, ('4 a: rct (note)', '-1 single-study: a', '= 3 (moderate)'))
    >>> weigh(Weighed([trial], Status.SINGLE_STUDY, unverified=[trial]))[0] is None
    True
    """
    score, start = start_by_design(one)
    steps = [start]
    if one.studied:
        for change, rule in STRENGTH_RULES:
            if (why := rule(one)) is not None:
                score += change
                steps.append(f"{change:+d} {why}")
    bounded = min(max(score, 0), len(STRENGTHS) - 1)
    if one.unverified:
        names = names_of(one.unverified)
        steps.append(f"= not known, since not verified: {names}; as cited it would be {bounded} ({STRENGTHS[bounded]})")
        return None, tuple(steps)
    steps.append(f"= {bounded} ({STRENGTHS[bounded]})")
    return bounded, tuple(steps)


def start_by_design(one: Weighed) -> tuple[int, str]:
    """Start from the best counted design: a trial in people 4, an observational study 2, all else 1, none 0.

    `rct` of mice is no trial in people: it starts as any experiment in animals does.

    >>> cohort = CitedWork("a", (), designs=(Design.COHORT,), designs_from="pubmed")
    >>> start_by_design(Weighed([cohort], Status.SINGLE_STUDY))
    (2, '2 a: cohort (pubmed)')
    >>> mice = CitedWork("a", (), designs=(Design.RCT,), designs_from="note", level=Level.ANIMAL)
    >>> start_by_design(Weighed([mice], Status.SINGLE_STUDY))
    (1, '1 a: rct (note), not in people')
    >>> start_by_design(Weighed([CitedWork("a", ())], Status.SINGLE_STUDY))
    (1, '1 a: design unknown')
    """
    if not one.studied:
        return 0, "0 no study is counted"
    people = [work for work in one.studied if work.level not in _NOT_IN_PEOPLE]
    trials = [work for work in people if Design.RCT in work.designs]
    if trials:
        return _TRIAL, f"{_TRIAL} {names_of(trials)}: rct ({trials[0].designs_from})"
    observed = [work for work in people if not _OBSERVATIONAL.isdisjoint(work.designs)]
    if observed:
        design = next(design for design in observed[0].designs if design in _OBSERVATIONAL)
        return _OBSERVED, f"{_OBSERVED} {names_of(observed)}: {design.value} ({observed[0].designs_from})"
    known = [work for work in one.studied if work.designs]
    if not known:
        return _ELSE, f"{_ELSE} {names_of(one.studied)}: design unknown"
    designs = known[0].designs
    where = ", not in people" if not (_OBSERVATIONAL | {Design.RCT}).isdisjoint(designs) else ""
    return _ELSE, f"{_ELSE} {names_of(known)}: {', '.join(designs)} ({known[0].designs_from}){where}"


def one_study_or_group(one: Weighed) -> str | None:
    """-1: one study, or several of one group.

    >>> one_study_or_group(Weighed([CitedWork("a", ())], Status.SINGLE_GROUP))
    'single-group: a'
    """
    return f"{one.counted_as.value}: {names_of(one.studied)}" if one.counted_as in NEEDS_REPLICATION else None


def animal_or_cells_only(one: Weighed) -> str | None:
    """-1: nothing but animals or cells was studied.

    >>> animal_or_cells_only(Weighed([CitedWork("a", (), level=Level.CELLS, level_from="note")], Status.SINGLE_STUDY))
    'cells only: a (note)'
    """
    levels = {work.level for work in one.studied}
    if not levels <= {Level.ANIMAL, Level.CELLS}:
        return None
    sources = sorted({work.level_from for work in one.studied if work.level_from})
    told = f" ({', '.join(sources)})" if sources else ""
    return f"{' and '.join(sorted(levels))} only: {names_of(one.studied)}{told}"


def few_people(one: Weighed) -> str | None:
    """-1: a counted study in people had few subjects.

    >>> from evidence.audit.works import Reported
    >>> told = (Reported("n", "12", "note"),)
    >>> few_people(Weighed([CitedWork("a", (), level=Level.HUMAN, n=12, reported=told)], Status.SINGLE_STUDY))
    'n below 30 in people: a (n=12, note)'
    """
    small = [work for work in one.studied if work.level is Level.HUMAN and work.n is not None and work.n < one.n_small]
    if not small:
        return None
    return (
        f"n below {one.n_small} in people: {', '.join(f'{work.name} (n={work.n}{_told_by(work)})' for work in small)}"
    )


def _told_by(work: CitedWork) -> str:
    """Return who tells the number of subjects that counts."""
    return next((f", {one.source}" for one in work.reported if one.attribute == "n" and one.value == str(work.n)), "")


def against(one: Weighed) -> str | None:
    """-1: something says the opposite.

    >>> against(Weighed([CitedWork("a", ())], Status.SINGLE_STUDY, is_contradicted=True))
    'contradicted: see the reasons'
    """
    return "contradicted: see the reasons" if one.is_contradicted else None


def preprint_or_concern(one: Weighed) -> str | None:
    """-1: preprints only, or a counted work is in doubt.

    >>> preprint_or_concern(Weighed([CitedWork("a", (), is_preprint=True)], Status.SINGLE_STUDY))
    'preprint only: a'
    """
    doubts = [f"{work.name}: {describe(work.state)}" for work in one.studied if work.state.is_in_doubt]
    if all(work.is_preprint for work in one.studied):
        doubts.append(f"preprint only: {names_of(one.studied)}")
    return "; ".join(doubts) or None


def replicated(one: Weighed) -> str | None:
    """+1: groups of their own found it.

    >>> replicated(Weighed([CitedWork("a", ())], Status.REPLICATED, groups=2))
    'replicated: 2 groups that share no laboratory (author lists)'
    """
    if one.counted_as not in _REPLICATED:
        return None
    return f"replicated: {one.groups} groups that share no laboratory (author lists)"


def across(one: Weighed) -> str | None:
    """+1: in people and in animals.

    >>> works = [CitedWork("a", (), level=Level.HUMAN), CitedWork("b", (), level=Level.ANIMAL)]
    >>> across(Weighed(works, Status.REPLICATED))
    'across people (a) and animals (b)'
    """
    people, animals = ([work for work in one.studied if work.level is level] for level in (Level.HUMAN, Level.ANIMAL))
    return f"across people ({names_of(people)}) and animals ({names_of(animals)})" if people and animals else None


STRENGTH_RULES: tuple[tuple[int, Callable[[Weighed], str | None]], ...] = (
    (-1, one_study_or_group),
    (-1, animal_or_cells_only),
    (-1, few_people),
    (-1, against),
    (-1, preprint_or_concern),
    (1, replicated),
    (1, across),
)
