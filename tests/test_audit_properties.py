"""The properties that must hold, from the page on: EVIDENCE.md section 6 of the design."""

from __future__ import annotations

from dataclasses import replace

import pytest
from auditing import KIM, WEBER, Vault
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging import CHOICES, LEE, MEYER, ROSSI, claim, unresolved, verdict, work

from evidence.audit.groups import is_same_group
from evidence.audit.verdicts import judge
from evidence.records import AuthorName
from evidence.vocabulary import Design, Level

TEXT = """Bone is lost with age in mice.[^kim][^weber]

Fat is gained with age.[^kim]

[^kim]: in-vivo · model: mice · n=12 · doi:10.1000/A1.x · PMID 11111111
[^weber]: in-vivo · model: mice · doi:10.1000/b1
"""


def statuses(text):
    vault = Vault().page(text).work("doi:10.1000/a1.x", "pmid:11111111", authors=KIM)
    vault.work("doi:10.1000/b1", authors=WEBER).work("doi:10.1000/n1", notices=["retraction"], authors=["Only One"])
    return [one.verdict.status.value for one in vault.claims()]


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace("10.1000/A1.x", "10.1000/a1.X"),
        TEXT.replace("kim", "zz-1").replace("weber", "aa_2"),
        TEXT.replace("[^kim][^weber]", "[^weber][^kim]"),
        "\n".join([*TEXT.splitlines()[:4], *reversed(TEXT.splitlines()[4:])]) + "\n",
        TEXT.replace("Bone is lost with age", "Bone is\nlost with age"),
        TEXT.replace("doi:10.1000/A1.x · PMID 11111111", "PMID 11111111 · https://doi.org/10.1000/A1.x"),
        TEXT.replace("PMID 11111111", "PMID 11111111 · NOT doi:10.1000/n1 (incorrect DOI)"),
        TEXT.replace("PMID 11111111", "PMID 11111111 · see also doi:10.1000/n1"),
    ],
    ids=["case", "keys", "order of marks", "order of notes", "wrapping", "order of identifiers", "denied", "related"],
)
def test_what_changes_nothing(changed):
    assert statuses(TEXT) == ["replicated", "single-study"]
    assert statuses(changed) == ["replicated", "single-study"]


ONLINE = st.lists(
    st.builds(
        lambda name, authors, designs, level, n: work(name, authors=authors, designs=designs, level=level, n=n),
        st.sampled_from("abcdef"),
        st.sampled_from([LEE, MEYER, ROSSI, None]),
        st.sampled_from([(Design.IN_VIVO,), (Design.RCT,), (Design.COHORT,), (), (Design.REVIEW,)]),
        st.sampled_from([Level.HUMAN, Level.ANIMAL, Level.UNKNOWN]),
        st.sampled_from([None, 12, 400]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.id,
)
CLAIMS = {"replicated", "replicated-in-human"}


def count(*works):
    """Return how many studies are counted: those of each group."""
    return sum(map(len, verdict(*works).groups))


@given(ONLINE)
def test_offline_never_claims_replication_and_always_says_that_it_is_unverified(works):
    offline = verdict(*[unresolved(one.id[-1], designs=one.designs, level=one.level, n=one.n) for one in works])
    assert offline.status.value not in CLAIMS
    assert "unverified" in offline.flags
    assert offline.strength is None


@given(ONLINE, st.data())
def test_a_work_that_falls_never_makes_more_of_a_claim(works, data):
    fallen = data.draw(st.sampled_from(works))
    rest = [one for one in works if one is not fallen]
    order = ["single-study", "single-group", "multi-study", "replicated", "replicated-in-human"]
    before, after = (verdict(*some).status.value for some in (works, rest))
    if before in order and after in order:
        assert order.index(after) <= order.index(before)


@given(ONLINE, st.sampled_from([(Design.REVIEW,), (Design.META_ANALYSIS, Design.RCT), (Design.NOTICE,)]))
def test_sum_of_studies_is_no_study(works, designs):
    extra = work("z", designs=designs)
    assert count(*works, extra) == count(*works)


@given(ONLINE)
def test_preprint_of_a_counted_work_never_raises_the_count(works):
    counted = [one for one in works if one.is_primary]
    preprints = [
        work(f"p{one.id}", is_preprint=True, authors=ROSSI, study=one.study | {f"doi:p{one.id}"}) for one in counted
    ]
    assert count(*works, *preprints) == count(*works)


@given(ONLINE)
def test_second_report_of_a_trial_never_raises_the_count(works):
    first = [replace(one, study=one.study | {"nct:nct01234567"}) for one in works[:1]]
    second = work("z", designs=(Design.RCT,), study=frozenset({"doi:10.1000/z", "nct:nct01234567"}))
    if first[0].is_primary:
        assert count(*first, *works[1:], second) == count(*works)


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


@given(ONLINE, st.text(max_size=80))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_no_text_breaks_a_verdict(works, text):
    assert judge(claim(*works, text=text), CHOICES).status
