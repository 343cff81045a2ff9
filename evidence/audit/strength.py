"""How strong the counted studies are, from 0 to 4, with each step to it and where the step is from.

A transparent count of steps, not a GRADE assessment and never called one.

Source:
    EVIDENCE.md section 3.5 of the design.
"""

from __future__ import annotations

from collections.abc import Sequence

from evidence.audit.works import CitedWork
from evidence.notices import describe
from evidence.vocabulary import Design, Level, Status

NEEDS_REPLICATION = frozenset({Status.SINGLE_STUDY, Status.SINGLE_GROUP})
STRENGTHS = ("none", "very low", "low", "moderate", "high")
_REPLICATED = frozenset({Status.REPLICATED, Status.REPLICATED_IN_HUMAN})
_OBSERVATIONAL = frozenset(
    {Design.MENDELIAN_RANDOMIZATION, Design.COHORT, Design.CASE_CONTROL, Design.CROSS_SECTIONAL, Design.OBSERVATIONAL}
)  # fmt: skip


def weigh(
    studied: Sequence[CitedWork],
    counted_as: Status,
    *,
    groups: int = 0,
    is_contradicted: bool = False,
    is_unverified: bool = False,
    n_small: int = 30,
) -> tuple[int, tuple[str, ...]]:
    """Return the strength of some counted works and each step to it; the steps before bounding add up.

    Args:
        studied: the works that are counted.
        counted_as: the status that their number and groups give, whatever contradicts them.
        groups: how many laboratories they are from.
        is_contradicted: whether another source, the page or another row says the opposite.
        is_unverified: whether a look-up failed or was never made, so that all this is at most.
        n_small: human studies with fewer subjects weigh less.

    >>> weigh([], Status.REVIEW_ONLY)
    (0, ('0 no study is counted', '= 0 (none)'))
    """
    score, start = _start(studied)
    steps = [start]
    levels = {work.level for work in studied}
    small = [work for work in studied if work.level is Level.HUMAN and work.n is not None and work.n < n_small]
    concerns = [work for work in studied if work.state.is_in_doubt]
    preprints = [work for work in studied if work.is_preprint]
    doubts = [f"{work.name}: {describe(work.state)}" for work in concerns]
    doubts += [f"preprint only: {names_of(preprints)}"] if len(preprints) == len(studied) else []
    small_names = ", ".join(f"{work.name} (n={work.n})" for work in small)
    rules = (
        (counted_as in NEEDS_REPLICATION, -1, f"{counted_as.value}: {names_of(studied)}"),
        (levels <= {Level.ANIMAL, Level.CELLS}, -1, f"{' and '.join(sorted(levels))} only: {names_of(studied)}"),
        (bool(small), -1, f"n below {n_small} in people: {small_names}"),
        (is_contradicted, -1, "contradicted"),
        (bool(doubts), -1, "; ".join(doubts)),
        (counted_as in _REPLICATED, 1, f"replicated: {groups} groups"),
        ({Level.HUMAN, Level.ANIMAL} <= levels, 1, "across people and animals"),
    )
    for applies, change, why in rules:
        if applies and studied:
            score += change
            steps.append(f"{change:+d} {why}")
    bounded = min(max(score, 0), len(STRENGTHS) - 1)
    at_most = ", at most: not every work is verified" if is_unverified else ""
    steps.append(f"= {bounded} ({STRENGTHS[bounded]}{at_most})")
    return bounded, tuple(steps)


def _start(studied: Sequence[CitedWork]) -> tuple[int, str]:
    """Return what the best design counts, and whose it is."""
    if not studied:
        return 0, "0 no study is counted"
    trials = [work for work in studied if Design.RCT in work.designs]
    if trials:
        return 4, f"4 {names_of(trials)}: rct ({trials[0].designs_from})"
    observed = [work for work in studied if set(work.designs) & _OBSERVATIONAL]
    if observed:
        design = next(one for one in observed[0].designs if one in _OBSERVATIONAL)
        return 2, f"2 {names_of(observed)}: {design.value} ({observed[0].designs_from})"
    known = [work for work in studied if work.designs]
    if known:
        return 1, f"1 {names_of(known)}: {known[0].designs[0].value} ({known[0].designs_from})"
    return 1, f"1 {names_of(studied)}: design unknown"


def names_of(works: Sequence[CitedWork]) -> str:
    """Return works by the identifiers that a reader knows them by."""
    return ", ".join(work.name for work in works)
