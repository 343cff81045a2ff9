"""A second reading of the evidence model, sentence by sentence and without any of the audit's code, says the same.

For claims of one clause whose works every registry has told of. What is compared: status, groups, strength, belief and
flags (EVIDENCE.md sections 3.1 to 3.6 of the design).
"""

from __future__ import annotations

from itertools import combinations
from math import prod

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from judging import CHOICES, claim, tag
from msgspec.structs import replace

from evidence.audit.verdicts import judge
from evidence.audit.works import CitedPlace, CitedWork
from evidence.notices import WorkNotice
from evidence.records import AuthorName, Reference
from evidence.vocabulary import Design, Level, NoticeKind, Outcome, Polarity, Scheme

BELIEVED = replace(CHOICES, belief=True)
OBSERVATIONAL = {"mendelian-randomization", "cohort", "case-control", "cross-sectional", "observational"}
KINDS = {
    **dict.fromkeys(["meta-analysis", "systematic-review"], "synthesis"),
    **dict.fromkeys(["review", "editorial", "comment", "guideline", "consensus"], "review"),
    **dict.fromkeys(["notice", "dataset"], "other"),
    "resource": "resource",
}
FAMILIES = ("Kim", "Lee", "Wu", "Cho", "Park", "Vogel", "Fuchs", "Ricci", "Ito", "Abe", "Bruno", "Conti")
people = st.lists(st.sampled_from(FAMILIES), min_size=1, max_size=9, unique=True)
kinds = st.sampled_from(
    [
        None,
        None,
        None,
        NoticeKind.RETRACTION,
        NoticeKind.EXPRESSION_OF_CONCERN,
        NoticeKind.ERRATUM,
        NoticeKind.CORRECTION,
    ]
)


@st.composite
def works(draw, name):
    """A work that all registries told of, of known design, or one that does not exist."""
    exists = draw(st.sampled_from([True] * 7 + [False]))
    notice = draw(kinds)
    trial = draw(st.sampled_from([None, None, None, "nct:NCT00000001"]))
    article = draw(st.sampled_from([None, None, None, "doi:10.1000/shared"]))
    return CitedWork(
        id=name,
        identifiers=(Reference(Scheme.DOI, f"10.1000/{name}"),),
        is_resolved=exists,
        exists=exists,
        outcomes=() if exists else (("crossref", Outcome.NOT_FOUND, None),),
        designs=(draw(st.sampled_from(Design)),),
        designs_from="note",
        level=draw(
            st.sampled_from([Level.HUMAN, Level.HUMAN, Level.ANIMAL, Level.CELLS, Level.COMPUTED, Level.UNKNOWN])
        ),
        n=draw(st.sampled_from([None, 29, 30, 400])),
        year=draw(st.sampled_from([None, 1997, 2005, 2006, 2020])),
        authors=tuple(AuthorName(one, "A") for one in draw(people)) if draw(st.integers(0, 5)) else None,
        notices=(WorkNotice(notice, "2010", "crossref"),) if notice and exists else (),
        study=frozenset({name} | {one for one in (trial, article) if one}),
        is_preprint=draw(st.booleans()),
    )


@st.composite
def evidence(draw):
    """Works that support a claim, works that contrast with it, and whether its author tags it contradictory."""
    made = [draw(works(name)) for name in "abcde"[: draw(st.integers(1, 5))]]
    against = [one for one in made[1:] if draw(st.sampled_from([False, False, False, True]))]
    return [one for one in made if one not in against], against, draw(st.sampled_from([False, False, True]))


def kind(work):
    return KINDS.get(work.designs[0].value, "primary")


def fell(work):
    return any(one.kind is NoticeKind.RETRACTION for one in work.notices)


def doubted(work):
    return any(one.kind is NoticeKind.EXPRESSION_OF_CONCERN for one in work.notices)


class Study(list):
    """The works of a study that stand, and all that report it."""

    def __init__(self, reports):
        super().__init__(one for one in reports if not fell(one))
        self.reports = reports


def families(study):
    """The families of each report of a study, also of those that fell."""
    return [[one.family for one in work.authors] for work in study.reports if work.authors]


def same_study(one, other):
    return bool(one.study & other.study)


def studies(works):
    """Works in studies: those that hang together by what they share."""
    left, found = list(works), []
    while left:
        study, left = [left[0]], left[1:]
        while more := [one for one in left if any(same_study(one, mine) for mine in study)]:
            study += more
            left = [one for one in left if one not in more]
        found.append(study)
    return found


def same_group(one, other):
    return any(same_laboratory(mine, theirs) for mine in one for theirs in other)


def same_laboratory(one, other):
    shared = len(set(one) & set(other))
    return one[-1] == other[-1] or shared >= 3 or 2 * shared >= min(len(one), len(other))


def number_of_groups(found):
    """As many as there are studies with authors of which no two share a laboratory, tried one choice after the other."""
    lists = [families(one) for one in found if families(one)]
    return max(
        size
        for size in range(len(lists) + 1)
        if any(not any(same_group(*two) for two in combinations(some, 2)) for some in combinations(lists, size))
    )


def by_number(found):
    """Rules 8 to 12."""
    if len(found) == 1:
        return "single-study"
    groups = number_of_groups(found)
    if groups >= 2:
        human = [one for one in found if any(work.level is Level.HUMAN for work in one)]
        return "replicated-in-human" if number_of_groups(human) >= 2 else "replicated"
    return "multi-study" if any(not families(one) for one in found) else "single-group"


def read(support, against, tagged):
    """The status by the rules in order, and the studies that are counted."""
    exist = [one for one in support if one.exists]
    if not exist:
        return "unresolved", []
    standing = [one for one in exist if not fell(one)]
    counted = [study for one in studies([one for one in exist if kind(one) == "primary"]) if (study := Study(one))]
    if not [one for one in ([one for one in exist if kind(one) == "primary"] or exist) if not fell(one)]:
        return "retracted", []
    contrasts = [one for one in against if one.exists and not fell(one)]
    if contrasts or tagged:
        return "contradicted", counted
    left = {kind(one) for one in standing}
    if left == {"resource"}:
        return "resource-only", []
    if not counted:
        return ("synthesis" if "synthesis" in left else "review-only" if "review" in left else "unresolved"), []
    return by_number(counted), counted


def strength(counted, status):
    """Section 3.5, one line a step."""
    works = [work for study in counted for work in study]
    if not works:
        return 0
    levels = {work.level for work in works}
    number = by_number(counted)
    designs = {work.designs[0].value for work in works if work.level in {Level.HUMAN, Level.UNKNOWN}}
    score = 4 if "rct" in designs else 2 if designs & OBSERVATIONAL else 1
    score -= number in {"single-study", "single-group"}
    score -= levels <= {Level.ANIMAL, Level.CELLS}
    score -= any(work.level is Level.HUMAN and (work.n or 30) < 30 for work in works)
    score -= status == "contradicted"
    score -= all(work.is_preprint for work in works) or any(map(doubted, works))
    score += number.startswith("replicated")
    score += {Level.HUMAN, Level.ANIMAL} <= levels
    return min(max(score, 0), 4)


def error(work):
    """The random error of section 3.6."""
    design = work.designs[0].value
    if kind(work) == "synthesis":
        return 0.05
    if work.level in {Level.ANIMAL, Level.CELLS}:
        return {Level.ANIMAL: 0.35, Level.CELLS: 0.45}[work.level]
    named = {
        "rct": 0.15,
        "mendelian-randomization": 0.25,
        **dict.fromkeys(OBSERVATIONAL - {"mendelian-randomization"}, 0.30),
    }
    return named.get(design, 0.30 if design == "in-vivo" and work.level is Level.HUMAN else 0.60)


def flags(support, against, counted):
    """The flags that follow from the works alone."""
    cited = [*support, *against]
    standing = [one for one in cited if one.exists and not fell(one)]
    works = [work for study in counted for work in study]
    return {
        "partly-unresolved": any(not one.exists for one in cited),
        "preprint-only": bool(works) and all(work.is_preprint for work in works),
        "concern": any(map(doubted, cited)),
        "corrected": any(one.notices and not fell(one) and not doubted(one) for one in cited),
        "n-small": any(work.level is Level.HUMAN and (work.n or 30) < 30 for work in works),
        "old": bool(standing) and all(one.year is not None and one.year < 2006 for one in standing),
    }


def judged(support, against, tagged, polarity=Polarity.CONTRASTS):
    places = [CitedPlace(0, Polarity.SUPPORTS, (one,)) for one in support]
    places += [CitedPlace(1, polarity, (one,)) for one in against]
    return judge(claim(places=tuple(places), tags=(tag("contradictory-evidence"),) if tagged else ()), BELIEVED)


MANY = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(evidence())
@MANY
def test_status_is_that_of_the_first_rule_that_fits(made):
    assert judged(*made).status.value == read(*made)[0]


@given(evidence())
@MANY
def test_what_opposes_beside_a_support_is_as_what_contrasts(made):
    said, told = judged(*made), judged(*made, Polarity.OPPOSES)
    assert (told.status, told.strength, told.level, told.flags) == (said.status, said.strength, said.level, said.flags)
    assert [line.counted for line in told.works] == [line.counted for line in said.works]


@given(evidence(), st.booleans())
@MANY
def test_what_opposes_alone_is_no_support(made, is_mentioned):
    """A heading or a note says that it is against the claim: then nothing stands behind it, whatever is mentioned."""
    mentioned, against, tagged = made
    places = [CitedPlace(0, Polarity.MENTIONS, (one,)) for one in mentioned] if is_mentioned else []
    places += [CitedPlace(1, Polarity.OPPOSES, (one,)) for one in against]
    assume(against)
    verdict = judge(claim(places=tuple(places), tags=(tag("contradictory-evidence"),) if tagged else ()), BELIEVED)
    stands = any(one.exists and not fell(one) for one in against)
    assert verdict.status.value == ("contradicted" if stands else "unresolved")
    assert not any(line.counted for line in verdict.works)
    assert not verdict.strength
    assert not (verdict.belief and verdict.belief.value)
    assert all(verdict.reasons)
    assert all(verdict.changes)


def rests_on_nothing(support, against, tagged):
    """Whether no cited work stands and none fell: nothing but the status is told of such a claim."""
    status, _ = read(support, against, tagged)
    return status == "unresolved" and not any(one.exists and not fell(one) for one in (*support, *against))


@given(evidence())
@MANY
def test_strength_is_the_sum_of_its_steps(made):
    status, counted = read(*made)
    assert judged(*made).strength == (None if rests_on_nothing(*made) else strength(counted, status))


@given(evidence())
@MANY
def test_groups_are_of_the_studies_that_are_counted(made):
    _, counted = read(*made)
    unknown = [one for one in counted if not families(one)]
    groups = judged(*made).groups
    assert len(groups) == (number_of_groups(counted) if counted else 0) + len(unknown)
    assert sum(map(len, groups)) == len(counted)


@given(evidence())
@MANY
def test_flags_follow_from_the_works(made):
    status, counted = read(*made)
    told = flags(made[0], made[1], counted)
    of_works = {"preprint-only", "n-small", "old"} if status == "retracted" else set()
    if rests_on_nothing(*made):
        of_works = set(told)
    expected = {name for name, holds in told.items() if holds and name not in of_works}
    assert {one.value for one in judged(*made).flags} & set(told) == expected


@given(st.lists(works("a"), min_size=1, max_size=1), st.lists(works("b"), max_size=1))
@MANY
def test_belief_of_one_study_and_what_contrasts_follows_the_formula(support, against):
    counted = [one for one in support if one.exists and not fell(one) and kind(one) in {"primary", "synthesis"}]
    contrasting = [one for one in against if one.exists and not fell(one) and kind(one) in {"primary", "synthesis"}]
    sides = [1 - prod(min(1, 0.05 + error(one)) for one in side) for side in (counted, contrasting)]
    told = judged(support, against, tagged=False).belief
    if rests_on_nothing(support, against, tagged=False):
        assert told is None
    else:
        assert abs(told.value - sides[0] * (1 - sides[1])) < 0.0006
