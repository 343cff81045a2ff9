"""A number to rank claims by, worked out only where it is asked for: uncalibrated, and never a probability.

Belief is 1 - product over groups of min(1, s + r * rho ^ (k - 1)): s is the error that more studies of one group do not
take away, r the smallest random error among its k studies. Reviews and papers on databases add nothing. What contrasts
with the claim is believed by the same formula, and takes its part away.

Source:
    EVIDENCE.md section 3.6 of the design; the form is that of INDRA's belief, with groups in place of sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evidence.audit.counting import Count, contradicts, unique, works_of
from evidence.audit.groups import groups_of, standing_studies
from evidence.audit.packing import Value
from evidence.audit.statuses import Case
from evidence.audit.works import CitedWork, names_of
from evidence.vocabulary import HUMAN_DESIGNS, Design, Level

LABEL = "uncalibrated, for ranking"
SYSTEMATIC = 0.05
SHARED = 0.8
_SYNTHESIS, _RCT, _MR, _OBSERVATIONAL, _ANIMAL, _CELLS, _UNKNOWN = 0.05, 0.15, 0.25, 0.30, 0.35, 0.45, 0.60
_CASES = frozenset({Design.CASE_REPORT, Design.CASE_SERIES})
_PLACES = 3


class Belief(Value, frozen=True):
    """The number, or None where not every source that bears on it can be judged; and each factor of it in words."""

    value: float | None
    steps: tuple[str, ...]
    label: str = LABEL


def believe(case: Case, count: Count | None, *, is_open: bool = False) -> Belief:
    """Return how much a claim is to be believed, next to others.

    Args:
        case: the claim with its works.
        count: the studies behind it, or None.
        is_open: whether a work that may count is not verified: then nothing is said, since it may be less.

    >>> from evidence.audit.statuses import case_of_works
    >>> trial = CitedWork("a", (), designs=(Design.RCT,), level=Level.HUMAN, is_resolved=True)
    >>> case = case_of_works(trial)
    >>> believe(case, case.count).value
    0.8
    """
    counted = [work for study in (count.studies if count else ()) for work in study]
    ids = {work.id for work in counted}
    against = works_of([place for place in case.claim.places if place.polarity.is_against])
    contrasting = [work for work in case.standing if work.id in {one.id for one in against} and work.id not in ids]
    syntheses = [work for work in case.side if work.is_synthesis and work not in contrasting]
    fallen = [work for study in (count.found if count else ()) for work in study.reports if work.id not in ids]
    value, steps = (
        _of(unique([*counted, *syntheses]), fallen) if counted or syntheses else (0.0, ["no study is counted"])
    )
    opposite, theirs = _of([work for work in contrasting if work.is_primary or work.is_synthesis])
    if opposite:
        steps += [f"contrasting: {step}" for step in theirs]
        steps.append(f"times 1 - {opposite:.{_PLACES}f}, the belief of what contrasts")
    if any(contradicts(place) and not place.works for place in case.claim.places):
        # How much that is to be believed nobody can tell.
        return Belief(None, (*steps, "= not known: what contrasts cannot be looked up"))
    if is_open or not all(work.is_verified for work in syntheses):
        return Belief(None, (*steps, "= not known: not every work that may count is verified"))
    value = round(value * (1 - opposite), _PLACES)
    return Belief(value, (*steps, f"= {value} ({LABEL})"))


def belief_to_dict(belief: Belief) -> dict[str, Any]:
    """Return belief as reports have it, with its label.

    >>> belief_to_dict(Belief(0.6, ()))
    {'value': 0.6, 'label': 'uncalibrated, for ranking', 'steps': []}
    """
    return {"value": belief.value, "label": belief.label, "steps": list(belief.steps)}


def random_error(study: Sequence[CitedWork]) -> float:
    """Return the random error of one study, by its best design and by what was studied.

    >>> random_error([CitedWork("a", (), designs=(Design.IN_VIVO,), level=Level.ANIMAL)])
    0.35
    >>> random_error([CitedWork("a", (), designs=(Design.RCT,), level=Level.ANIMAL)])
    0.35
    >>> random_error([CitedWork("a", ())])
    0.6
    """
    return min(map(_error, study))


def _error(work: CitedWork) -> float:
    designs = frozenset(work.designs)
    of_people = designs & (HUMAN_DESIGNS - _CASES) or (work.level is Level.HUMAN and Design.IN_VIVO in designs)
    # The first that fits: a trial in mice is an animal study.
    kinds = (
        (work.is_synthesis, _SYNTHESIS),
        (work.level is Level.ANIMAL, _ANIMAL),
        (work.level is Level.CELLS, _CELLS),
        (Design.RCT in designs, _RCT),
        (Design.MENDELIAN_RANDOMIZATION in designs, _MR),
        (of_people, _OBSERVATIONAL),
    )
    return next((error for fits, error in kinds if fits), _UNKNOWN)


def group_error(study_errors: Sequence[float]) -> float:
    """Return the chance that all studies of a group err: more of one group help less and less, and never wholly.

    >>> round(group_error([0.35]), 3), round(group_error([0.35, 0.60]), 3)
    (0.4, 0.33)
    """
    return min(1.0, SYSTEMATIC + min(study_errors) * SHARED ** (len(study_errors) - 1))


def _of(works: Sequence[CitedWork], fallen: Sequence[CitedWork] = ()) -> tuple[float, list[str]]:
    """Return the belief that some works give, and its factors. Studies without authors count as one group at most."""
    if not works:
        return 0.0, []
    studies = standing_studies(works, fallen)
    known, unknown = groups_of([study.reports for study in studies])
    # Whether they are independent of the others is not known: they stand alone, or add nothing.
    choices = [
        _product([study.works for study in studies], groups)
        for groups in (known, [unknown] if unknown else [])
        if groups
    ]
    return max(choices, key=lambda one: one[0])


def _product(studies: Sequence[Sequence[CitedWork]], groups: Sequence[Sequence[int]]) -> tuple[float, list[str]]:
    error, steps = 1.0, []
    for group in groups:
        errors = [random_error(studies[number]) for number in group]
        factor = group_error(errors)
        error *= factor
        names = "; ".join(names_of(studies[number]) for number in group)
        steps.append(
            f"{names}: min(1, {SYSTEMATIC} + {min(errors)} * {SHARED}^{len(errors) - 1}) = {factor:.{_PLACES}f}"
        )
    return 1 - error, steps
