"""The properties that must hold: EVIDENCE.md section 6 of the design, on evidence of all kinds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging import CHOICES, LEE, MEYER, ROSSI, claim, tag
from msgspec.structs import replace

from evidence.audit.flags import FLAG_RULES, Flagged, flags_of
from evidence.audit.groups import is_same_group
from evidence.audit.statuses import case_of, decide
from evidence.audit.verdicts import judge
from evidence.audit.works import CitedPlace, CitedWork, OppositeRow, name_of
from evidence.notices import WorkNotice
from evidence.records import AuthorName, Reference
from evidence.vocabulary import Design, Flag, Level, NoticeKind, Outcome, Polarity, Scheme, Status

JOINT = (*LEE[:3], *MEYER)
# Evidence has many parts: making it takes longer than judging it.
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ALONE = (AuthorName("Unique", "Q"), AuthorName("Sole", "R"))
BELIEVED = replace(CHOICES, belief=True)
RANKS = [
    Status.SINGLE_STUDY,
    Status.SINGLE_GROUP,
    Status.MULTI_STUDY,
    Status.REPLICATED,
    Status.REPLICATED_IN_HUMAN,
]
REPLICATED = set(RANKS[-2:])
FAILED = (("crossref", Outcome.FAILED, "no answer"),)
PMIDS = {"a": "101", "b": "102", "c": "103", "d": "104"}
NOTICES = [(), *((WorkNotice(kind, "2010", "crossref"),) for kind in NoticeKind)]


@st.composite
def works(draw, name):
    """A work as all registries together tell of it."""
    exists = draw(st.sampled_from([True] * 6 + [False]))
    trials = draw(st.sets(st.sampled_from(["nct:NCT00000001", "nct:NCT00000002"]), max_size=2)) if exists else set()
    by_note = draw(st.booleans())
    return CitedWork(
        id=f"doi:10.1000/{name}",
        identifiers=(Reference(Scheme.DOI, f"10.1000/{name}"), Reference(Scheme.PMID, PMIDS[name])),
        is_resolved=exists,
        exists=exists,
        outcomes=() if exists else (("crossref", Outcome.NOT_FOUND, None),),
        designs=draw(st.lists(st.sampled_from(Design), max_size=2, unique=True).map(tuple)),
        designs_from="note" if by_note else "pubmed",
        level=draw(st.sampled_from(Level)),
        level_from="note" if by_note else "MeSH",
        n=draw(st.sampled_from([None, 12, 400])),
        year=draw(st.sampled_from([None, 1997, 2020])),
        authors=draw(st.sampled_from([LEE, MEYER, ROSSI, JOINT, (LEE[0], *ROSSI), None])) if exists else None,
        notices=draw(st.sampled_from(NOTICES)) if exists else (),
        study=frozenset({f"doi:10.1000/{name}", f"pmid:{PMIDS[name]}", *trials}),
        is_preprint=exists and draw(st.booleans()),
        resource=draw(st.sampled_from([None] * 5 + ["describes the database X (shipped table)"])),
        conflicts=draw(st.sampled_from([()] * 5 + [("pmid:1 (pubmed) / pmid:2 (crossref)",)])) if exists else (),
        mismatches=draw(st.sampled_from([(), ("year: the note says 2011, the registry 1997",)])) if exists else (),
    )


@st.composite
def claims(draw, *, clauses=3, polarities=tuple(Polarity)):
    """A claim with its citations, some of them of one work, some of none."""
    known = [draw(works(name)) for name in "abcd"[: draw(st.integers(1, 4))]]
    places = draw(
        st.lists(
            st.builds(
                lambda clause, polarity, cited: CitedPlace(
                    clause, polarity, tuple(cited), None if cited else "[^k] is empty"
                ),
                st.integers(0, clauses - 1),
                st.sampled_from(polarities),
                st.lists(st.sampled_from(known), max_size=2, unique_by=lambda one: one.id),
            ),
            min_size=1,
            max_size=5,
        )
    )
    tags = draw(st.sampled_from([(), (), (tag("contradictory-evidence"),)]))
    opposite = draw(st.sampled_from([None, None, OppositeRow(7, "repression")]))
    return claim(places=tuple(places), tags=tags, opposite=opposite)


ONE_CLAUSE = claims(clauses=1)


def trials_of(work):
    return {name for name in work.study if name.startswith("nct:")}


def cites(one):
    """The works of a claim, each once."""
    return list({work.id: work for place in one.places for work in place.works}.values())


def adding(one, *extra, clause=0):
    """The claim with more works, on the side that it is counted by."""
    sides = {place.polarity for place in one.places}
    is_by_support = sides & {Polarity.SUPPORTS, Polarity.OPPOSES}
    rest = Polarity.CONTRASTS if Polarity.CONTRASTS in sides else Polarity.MENTIONS
    polarity = Polarity.SUPPORTS if is_by_support else rest
    return replace(one, places=(*one.places, *(CitedPlace(clause, polarity, (work,)) for work in extra)))


def judged(one):
    return judge(one, BELIEVED)


def count(verdict):
    """How many studies are counted: those of each group."""
    return sum(map(len, verdict.groups))


def resolved(name, **facts):
    values = {"is_resolved": True, "study": frozenset({f"doi:10.1000/{name}"}), "authors": ALONE} | facts
    return CitedWork(f"doi:10.1000/{name}", (Reference(Scheme.DOI, f"10.1000/{name}"),), **values)


def offline(work):
    """The work as a page alone tells of it: no registry was asked."""
    by_note = work.designs_from == "note"
    return CitedWork(
        id=work.id,
        identifiers=work.identifiers[:1],
        outcomes=FAILED,
        designs=work.designs if by_note else (),
        designs_from="note" if by_note else None,
        level=work.level if by_note else Level.UNKNOWN,
        n=work.n,
        study=frozenset({work.id}),
        resource=work.resource,
    )


def half_asked(work):
    """The work as one registry tells of it, while another one, which knows of its notices and types, failed."""
    if not work.exists:
        return offline(work)
    by_note = work.designs_from == "note"
    return replace(
        work,
        outcomes=FAILED,
        notices=(),
        designs=work.designs if by_note else (),
        designs_from="note" if by_note else None,
        level=work.level if by_note else Level.UNKNOWN,
    )


NO_STUDIES = st.sampled_from(
    [
        resolved("z", designs=(Design.REVIEW,), designs_from="pubmed"),
        resolved("z", designs=(Design.EDITORIAL,), designs_from="note"),
        resolved("z", designs=(Design.META_ANALYSIS, Design.RCT), designs_from="pubmed"),
        resolved("z", resource="describes the database Z (shipped table)"),
        resolved("z", designs=(Design.NOTICE,), designs_from="crossref"),
        resolved("z", designs=(Design.DATASET,), designs_from="crossref"),
        resolved("z", notices=(WorkNotice(NoticeKind.RETRACTION, None, "pubmed"),)),
        resolved("z", exists=False, is_resolved=False),
    ]
)


@given(ONE_CLAUSE, NO_STUDIES)
@SLOW
def test_what_is_no_study_never_raises_the_count(one, extra):
    assert count(judged(adding(one, extra))) <= count(judged(one))


@given(claims(), NO_STUDIES, st.integers(0, 3))
@SLOW
def test_what_is_no_study_never_raises_the_status(one, extra, clause):
    before, after = judged(one).status, judged(adding(one, extra, clause=clause)).status
    assert after not in REPLICATED or before in REPLICATED | {Status.CONTRADICTED}


@given(ONE_CLAUSE, st.data())
@SLOW
def test_preprint_of_a_counted_work_never_raises_the_count(one, data):
    one = adding(one, resolved("y"))
    before = judged(one)
    counted = [line.work for line in before.works if line.counted]
    article = data.draw(st.sampled_from(counted))
    name = name_of(data.draw(st.sampled_from(article.identifiers)))
    preprint = resolved("z", is_preprint=True, authors=ROSSI, study=frozenset({"doi:10.1000/z", name}))
    assert count(judged(adding(one, preprint))) <= count(before)


@given(ONE_CLAUSE, st.data())
@SLOW
def test_second_report_of_a_trial_never_raises_the_count(one, data):
    """A pooled report of two trials is no report of one: a trial that it alone told of is a study once told apart."""
    one = adding(one, resolved("y", study=frozenset({"doi:10.1000/y", "nct:NCT00000001"})))
    before = judged(one)
    told = [trials_of(line.work) for line in before.works if line.counted]
    alone = sorted({name for trials in told if len(trials) == 1 for name in trials})
    study = frozenset({"doi:10.1000/z", data.draw(st.sampled_from(alone))})
    assert count(judged(adding(one, resolved("z", designs=(Design.RCT,), study=study)))) <= count(before)


@given(ONE_CLAUSE)
@SLOW
def test_independent_study_never_lowers_the_count(one):
    before, after = judged(one), judged(adding(one, resolved("z")))
    assert count(after) >= count(before)
    assert count(after) >= 1


@given(claims(), st.integers(0, 3))
@SLOW
def test_independent_study_never_lowers_the_status(one, clause):
    before, after = judged(one).status, judged(adding(one, resolved("z"), clause=clause)).status
    if before in RANKS and after in RANKS:
        assert RANKS.index(after) >= RANKS.index(before)


@given(claims(), st.data())
@SLOW
def test_work_that_falls_never_raises_the_status(one, data):
    work = data.draw(st.sampled_from(cites(one) or [resolved("z")]))
    gone = replace(work, notices=(WorkNotice(NoticeKind.RETRACTION, "2020", "pubmed"),))
    places = [replace(place, works=tuple(gone if w.id == work.id else w for w in place.works)) for place in one.places]
    before, after = judged(one).status, judged(replace(one, places=tuple(places))).status
    if before in RANKS and after in RANKS:
        assert RANKS.index(after) <= RANKS.index(before)


AGAINST = st.builds(
    CitedPlace,
    st.integers(0, 3),
    st.sampled_from([Polarity.CONTRASTS, Polarity.OPPOSES]),
    st.sampled_from([(), (), (resolved("z"),)]),
    st.just("[^k] is empty"),
)


@given(claims(), AGAINST)
@SLOW
def test_source_that_contradicts_never_raises_whether_or_not_it_can_be_looked_up(one, place):
    before, after = judged(one), judged(replace(one, places=(*one.places, place)))
    has_support = any(other.polarity is Polarity.SUPPORTS for other in one.places)
    if has_support:
        assert after.status not in RANKS
    if has_support and before.strength is not None and after.strength is not None:
        assert after.strength <= before.strength
    if has_support and before.belief and after.belief and after.belief.value is not None:
        assert after.belief.value <= before.belief.value


STUDIED = [(Design.RCT, Level.HUMAN), (Design.COHORT, Level.HUMAN), (Design.IN_VIVO, Level.ANIMAL)]


@st.composite
def studied_clauses(draw):
    """Two clauses, each of studies of one kind that all registries know, by laboratories of their own."""
    places = []
    for number, names in enumerate(("abc", "de")):
        design, level = draw(st.sampled_from(STUDIED))
        for name in names[: draw(st.integers(1, len(names)))]:
            authors = (AuthorName(f"First{name}", "A"), AuthorName(f"Last{name}", "B"))
            work = resolved(name, designs=(design,), level=level, authors=authors)
            places.append(CitedPlace(number, Polarity.SUPPORTS, (work,)))
    return claim(places=tuple(places))


@given(claims(), st.data())
@SLOW
def test_work_that_falls_never_strengthens(one, data):
    """Few people and an expression of concern are deductions of one work, which it takes with it."""
    falls_without_strengthening(one, data)


@given(studied_clauses(), st.data())
@SLOW
def test_study_that_falls_in_one_of_two_clauses_never_strengthens(one, data):
    falls_without_strengthening(one, data)


def falls_without_strengthening(one, data):
    places = [
        replace(place, works=tuple(replace(work, n=None, notices=()) for work in place.works)) for place in one.places
    ]
    one = replace(one, places=tuple(places))
    sides = {w.id for place in places if not place.polarity.is_against for w in place.works}
    known = [work for work in cites(one) if work.id in sides]
    work = data.draw(st.sampled_from(known or [resolved("z")]))
    gone = replace(work, notices=(WorkNotice(NoticeKind.RETRACTION, "2020", "pubmed"),))
    fallen = [replace(place, works=tuple(gone if w.id == work.id else w for w in place.works)) for place in places]
    before, after = judged(one), judged(replace(one, places=tuple(fallen)))
    if before.strength is not None and after.strength is not None:
        assert after.strength <= before.strength


def test_a_report_that_falls_still_tells_whose_study_it_is():
    """A trial that two laboratories report, and a study of the second: no retraction makes these independent."""

    def report(name, authors, *trials):
        study = frozenset({f"doi:10.1000/{name}", *trials})
        return resolved(name, designs=(Design.RCT,), level=Level.HUMAN, authors=authors, study=study)

    one, two, other = report("a", LEE, "nct:NCT00000001"), report("d", ROSSI, "nct:NCT00000001"), report("c", ROSSI)
    fallen = replace(two, notices=(WorkNotice(NoticeKind.RETRACTION, "2020", "pubmed"),))
    assert judged(citing_works(one, two, other)).status is Status.SINGLE_GROUP
    assert judged(citing_works(one, fallen, other)).status is Status.SINGLE_GROUP
    assert judged(citing_works(one, other)).status is Status.REPLICATED_IN_HUMAN


@pytest.mark.parametrize("names", ["dac", "adc", "cda", "zab", "bca"])
def test_any_report_of_a_trial_tells_whose_it_is(names):
    """Whatever its works are called: two laboratories report a trial, and the second one another study."""
    trial = frozenset({"nct:NCT00000001"})
    one, two, other = (
        resolved(name, level=Level.HUMAN, authors=authors, study=frozenset({name}) | more)
        for name, authors, more in zip(names, (LEE, ROSSI, ROSSI), (trial, trial, frozenset()), strict=True)
    )
    assert judged(citing_works(one, two, other)).status is Status.SINGLE_GROUP
    assert judged(citing_works(two, other)).status is Status.SINGLE_GROUP


@given(claims(), st.randoms(use_true_random=False))
@SLOW
def test_numbers_of_works_in_the_store_change_nothing(one, random):
    works = {work.id: work for place in one.places for work in place.works}
    numbers = random.sample(range(1, 200), len(works))
    ids = {name: f"work:{number}" for name, number in zip(works, numbers, strict=True)}
    places = [
        replace(place, works=tuple(replace(work, id=ids[work.id]) for work in place.works)) for place in one.places
    ]
    before, after = judged(one), judged(replace(one, places=tuple(places)))
    assert (after.status, after.strength, after.reasons, after.flags) == (
        before.status, before.strength, before.reasons, before.flags,
    )  # fmt: skip


def test_a_report_that_falls_still_joins_what_it_joined():
    """An article that is republished: where it falls, its preprint and its second form are no two studies."""

    def version(name, *names):
        return resolved(name, designs=(Design.RCT,), level=Level.HUMAN, authors=(), study=frozenset(names))

    one, two, joint = version("a", "x"), version("b", "y"), version("c", "x", "y")
    fallen = replace(joint, notices=(WorkNotice(NoticeKind.RETRACTION, "2020", "pubmed"),))
    assert judged(citing_works(one, joint, two)).status is Status.SINGLE_STUDY
    assert judged(citing_works(one, fallen, two)).status is Status.SINGLE_STUDY


def citing_works(*works):
    return claim(places=tuple(CitedPlace(0, Polarity.SUPPORTS, (work,)) for work in works))


def test_retraction_in_the_replicated_clause_never_strengthens():
    """Two groups of mice in one clause, one trial in people in the other: the trial gives the strength throughout."""
    mice = [resolved(name, designs=(Design.IN_VIVO,), level=Level.ANIMAL, authors=authors)
            for name, authors in (("a", LEE), ("b", MEYER))]  # fmt: skip
    trial = resolved("c", designs=(Design.RCT,), level=Level.HUMAN, authors=ROSSI)
    fallen = replace(mice[1], notices=(WorkNotice(NoticeKind.RETRACTION, "2020", "pubmed"),))

    def verdict(*works):
        places = [CitedPlace(0, Polarity.SUPPORTS, (work,)) for work in works]
        return judged(claim(places=(*places, CitedPlace(1, Polarity.SUPPORTS, (trial,)))))

    before, after = verdict(*mice), verdict(mice[0], fallen)
    assert (before.status, before.strength) == (Status.REPLICATED, 3)
    assert (after.status, after.strength) == (Status.SINGLE_STUDY, 3)
    assert before.steps[-1] == "= 3 (moderate), by clause 2, which is the strongest"


def shown(verdict):
    """What must not depend on the order of anything."""
    return (
        verdict.status,
        verdict.level,
        verdict.strength,
        verdict.flags,
        verdict.belief and verdict.belief.value,
        {line.work.id for line in verdict.works if line.counted},
        {frozenset(group) for group in verdict.groups},
    )


@given(claims().flatmap(lambda one: st.tuples(st.just(one), st.permutations(one.places))))
@SLOW
def test_order_of_citations_changes_nothing(pair):
    one, places = pair
    assert shown(judged(replace(one, places=tuple(places)))) == shown(judged(one))


@given(claims(), st.data())
@SLOW
def test_offline_never_says_more_than_online(one, data):
    """Whichever of its works have been looked up so far."""
    ways = {work.id: data.draw(st.sampled_from([lambda same: same, offline, half_asked])) for work in cites(one)}
    places = [replace(place, works=tuple(ways[work.id](work) for work in place.works)) for place in one.places]
    before, after = judged(replace(one, places=tuple(places))), judged(one)
    if before.status in REPLICATED:
        assert after.status in REPLICATED
        assert RANKS.index(after.status) >= RANKS.index(before.status)
    if before.strength is not None:
        assert before.strength <= (after.strength if after.strength is not None else 0)
    if before.belief is not None and before.belief.value is not None:
        assert before.belief.value <= (after.belief.value or 0 if after.belief is not None else 0)


def with_works(one, change):
    """The claim with what becomes of each of its works: None takes it away."""
    places = [
        replace(place, works=tuple(changed for work in place.works if (changed := change(work)) is not None))
        for place in one.places
    ]
    return replace(one, places=tuple(places))


@st.composite
def half_verified(draw):
    """A claim of which two laboratories found the same, and of some of its works a registry has yet to tell."""
    labs = [[AuthorName(f"{name}{number}", "A") for number in range(3)] for name in ("First", "Second")]
    design, level = draw(st.sampled_from([(Design.RCT, Level.HUMAN), (Design.IN_VIVO, Level.ANIMAL)]))
    two = [
        resolved(name, designs=(design,), designs_from="pubmed", level=level, authors=tuple(lab))
        for name, lab in zip("yz", labs, strict=True)
    ]
    one = adding(draw(claims(polarities=(Polarity.SUPPORTS,))), *two)
    return one, draw(st.sets(st.sampled_from([work.id for work in cites(one)])))


@given(half_verified())
@SLOW
def test_unverified_work_never_makes_a_claim_replicated(made):
    """What is replicated is so by the verified works alone."""
    one, failed = made
    before = judged(with_works(one, lambda work: replace(work, outcomes=FAILED) if work.id in failed else work)).status
    alone = judged(with_works(one, lambda work: None if work.id in failed else work)).status
    if before in REPLICATED:
        assert alone in REPLICATED
        assert RANKS.index(alone) >= RANKS.index(before)


@given(half_verified())
@SLOW
def test_taking_verification_away_never_raises_the_status(made):
    one, failed = made
    before = judged(one).status
    after = judged(with_works(one, lambda work: replace(work, outcomes=FAILED) if work.id in failed else work)).status
    assert after not in REPLICATED or before in REPLICATED
    if before in RANKS and after in RANKS:
        assert RANKS.index(after) <= RANKS.index(before)


@given(ONE_CLAUSE)
@SLOW
def test_offline_counts_at_most(one):
    places = [replace(place, works=tuple(map(offline, place.works))) for place in one.places]
    before, after = judged(replace(one, places=tuple(places))), judged(one)
    assert count(before) >= count(after)
    assert before.status not in REPLICATED


@given(claims(), st.data())
@SLOW
def test_unknown_never_becomes_clean(one, data):
    """A work that may exist and was not looked up is always told of."""
    unasked = data.draw(st.sampled_from([work.id for work in cites(one)] or ["none"]))
    places = [
        replace(place, works=tuple(offline(work) if work.id == unasked else work for work in place.works))
        for place in one.places
    ]
    verdict = judged(replace(one, places=tuple(places)))
    if any(line.work.id == unasked for line in verdict.works):
        assert Flag.UNVERIFIED in verdict.flags
        assert any("at most" in reason and unasked in reason for reason in verdict.reasons)


@given(claims())
@SLOW
def test_every_verdict_has_reasons_and_says_what_would_change_it(one):
    verdict = judged(one)
    assert verdict.reasons
    assert verdict.changes


@given(claims())
@SLOW
def test_strength_is_the_sum_of_its_steps(one):
    verdict = judged(one)
    if verdict.strength is not None:
        total = sum(int(step.split()[0]) for step in verdict.steps[:-1])
        assert verdict.strength == min(max(total, 0), 4)


@given(claims())
@SLOW
def test_flags_are_those_of_all_rules(one):
    """Of works of which nothing is to be told, most rules are not asked; they would say no."""
    case = case_of(one, cites(one))
    flagged = Flagged(case, decide(case)[0], case.side)
    if flagged.status is not Status.RETRACTED:
        assert flags_of(flagged) == tuple(flag for flag, rule in FLAG_RULES.items() if rule(flagged))


@given(claims())
@SLOW
def test_same_evidence_gives_the_same_verdict(one):
    assert judged(one) == judged(one)


NAMES = st.builds(
    AuthorName,
    st.sampled_from(["Kim", "Lee", "Müller", "Muller", "O’Brien", "OBrien", None]),
    st.sampled_from(["J", "Jane", "K.", None]),
    st.sampled_from([None, None, "0000-0001", "0000-0002"]),
    st.sampled_from([None, "A Group"]),
)


@given(st.lists(NAMES, max_size=5), st.lists(NAMES, max_size=5))
def test_same_group_holds_both_ways(one, other):
    assert is_same_group(one, other) == is_same_group(other, one)


@given(st.lists(NAMES, min_size=1, max_size=5))
def test_a_list_is_of_its_own_group(names):
    known = any(name.family or name.orcid for name in names)
    assert is_same_group(names, names) is known


@given(claims(), st.text(max_size=80))
@SLOW
def test_no_text_breaks_a_verdict(one, text):
    assert judge(replace(one, text=text), CHOICES).status
