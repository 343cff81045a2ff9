from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registries import DATA, WAKEFIELD, doi, pmid

from evidence.notices import WorkNotice, describe, is_surely_later, state_of
from evidence.resolve.crossref import read_work
from evidence.resolve.merging import merge_records
from evidence.resolve.pubmed import read_answer
from evidence.vocabulary import DOUBTING, RETRACTING, NoticeKind

RETRACTION, REINSTATEMENT = NoticeKind.RETRACTION, NoticeKind.REINSTATEMENT
CONCERN, CORRECTION = NoticeKind.EXPRESSION_OF_CONCERN, NoticeKind.CORRECTION
DATES = st.none() | st.sampled_from(["2009", "2010", "2010-02", "2010-02-06", "2011-11", "2012-01-01", "2013"])
NOTICES = st.lists(
    st.builds(
        WorkNotice,
        st.sampled_from(NoticeKind),
        DATES,
        st.sampled_from(["crossref", "pubmed"]),
        record_id=st.none() | st.sampled_from(["1", "2"]),
    ),
    max_size=6,
)
GRAVE = st.builds(WorkNotice, st.sampled_from(sorted(RETRACTING | DOUBTING)), DATES, st.just("pubmed"))


def notice(kind, date=None, source="crossref", **facts):
    return WorkNotice(kind, date, source, **facts)


def wakefield(source):
    """What one registry says of the retracted paper of 1998, as recorded (PubMed: written from its recorded summary)."""
    if source == "crossref":
        lines = map(json.loads, (DATA / "crossref/works.jsonl").read_text("utf-8").splitlines())
        return read_work(next(line["work"] for line in lines if line["doi"] == WAKEFIELD))
    with (DATA / "transcribed/pubmed/9500320.xml").open("rb") as stream:
        return read_answer(stream.read())[0].record


def state_of_records(*records):
    said = merge_records(records).notices
    return state_of(
        WorkNotice(one.kind, one.date, source, one.identifier, one.asserted_by, one.record_id) for source, one in said
    )


@pytest.mark.parametrize("source", ["crossref", "pubmed"])
def test_wakefield_is_retracted_by_either_registry_alone(source):
    state = state_of_records(wakefield(source))
    assert (state.kind, state.date, state.is_retracted) == (RETRACTION, "2010-02-06", True)


@pytest.mark.parametrize("order", [("crossref", "pubmed"), ("pubmed", "crossref")])
def test_wakefield_of_both_registries_in_either_order(order):
    state = state_of_records(*map(wakefield, order))
    assert describe(state) == (
        "retracted 2010-02-06 (crossref: retraction-watch; pubmed), retracted 2004-03-06 (pubmed), "
        "expression of concern 2011-11 (pubmed)"
    )
    # Crossref's publisher corrected it in 2004, where PubMed sees a retraction of the interpretation.
    assert state.conflicts == (
        "retraction 2004-03-06 (pubmed) beside retraction 2010-02-06 (crossref: retraction-watch; pubmed)",
        "crossref says correction 2004-03-06, pubmed says retraction 2004-03-06",
    )
    assert {(one.asserted_by, one.record_id) for one in state.holding} == {("retraction-watch", "4036"), (None, None)}
    assert doi("10.1016/s0140-6736(10)60175-4") in {one.identifier for one in state.holding}
    assert pmid("20137807") in {one.identifier for one in state.holding}


@pytest.mark.parametrize(
    ("notices", "kind", "date"),
    [
        ([], None, None),
        ([notice(CORRECTION, "2010"), notice(NoticeKind.NEW_VERSION, "2011"), notice(NoticeKind.OTHER)], None, None),
        ([notice(CONCERN, "2009")], CONCERN, "2009"),
        (
            [notice(NoticeKind.PARTIAL_RETRACTION, "2009"), notice(CONCERN, "2011")],
            NoticeKind.PARTIAL_RETRACTION,
            "2009",
        ),
        ([notice(RETRACTION, "2010"), notice(CONCERN, "2011-11")], RETRACTION, "2010"),
        ([notice(RETRACTION, "2010"), notice(NoticeKind.REMOVAL, "2012")], NoticeKind.REMOVAL, "2012"),
        ([notice(RETRACTION), notice(RETRACTION, "2010", "pubmed")], RETRACTION, "2010"),
        ([notice(RETRACTION, "2010"), notice(RETRACTION, "2010-02-06", "pubmed")], RETRACTION, "2010-02-06"),
        ([notice(RETRACTION, "2010"), notice(REINSTATEMENT, "2012")], REINSTATEMENT, "2012"),
        ([notice(CONCERN, "2010"), notice(REINSTATEMENT, "2012")], REINSTATEMENT, "2012"),
        ([notice(RETRACTION, "2010"), notice(REINSTATEMENT, "2012"), notice(RETRACTION, "2013")], RETRACTION, "2013"),
        ([notice(RETRACTION, "2010"), notice(REINSTATEMENT, "2012"), notice(CONCERN, "2013")], CONCERN, "2013"),
        # Which came first is not known: the graver reading holds.
        ([notice(RETRACTION), notice(REINSTATEMENT, "2012")], RETRACTION, None),
        ([notice(RETRACTION, "2012"), notice(REINSTATEMENT, "2012-05")], RETRACTION, "2012"),
        ([notice(RETRACTION, "2012"), notice(REINSTATEMENT)], RETRACTION, "2012"),
    ],
)
def test_what_decides(notices, kind, date):
    state = state_of(notices)
    assert (state.kind, state.date) == (kind, date)


def test_a_reinstated_work_tells_of_both_dates():
    state = state_of([notice(REINSTATEMENT, "2012-03"), notice(RETRACTION, "2010-02-06", "pubmed")])
    assert describe(state) == "retracted 2010-02-06 (pubmed), reinstated 2012-03 (crossref)"
    assert state.conflicts == ()


def test_one_record_of_retraction_watch_with_two_types_is_told():
    """10.1148/85.3.474: an expression of concern now, and a retraction that Crossref has left beside it (CR-2746)."""
    facts = {"asserted_by": "retraction-watch", "record_id": "19937"}
    state = state_of([notice(CONCERN, "1965-09-01", **facts), notice(RETRACTION, "1965-09-01", **facts)])
    assert state.is_retracted
    assert state.conflicts == (
        "record 19937 of retraction-watch stands at crossref as expression-of-concern and as retraction",
    )


def test_two_records_of_retraction_watch_are_no_contradiction():
    facts = {"asserted_by": "retraction-watch"}
    assert (
        state_of([notice(CONCERN, "2010", record_id="1", **facts), notice(RETRACTION, "2011", record_id="2")]).conflicts
        == ()
    )


def test_registries_that_agree_do_not_contradict_each_other():
    said = [notice(RETRACTION, "2010-02-06"), notice(CORRECTION, "2010-02-06"), notice(RETRACTION, "2010-03", "pubmed")]
    assert state_of(said).conflicts == ()


def test_an_order_that_is_not_known_is_told():
    (said,) = state_of([notice(RETRACTION, None, "pubmed"), notice(REINSTATEMENT, "2012")]).conflicts
    assert said == "retraction (pubmed) and reinstatement 2012 (crossref): which came later is not known"


@given(NOTICES, GRAVE)
def test_a_grave_notice_never_makes_a_work_sound(notices, grave):
    """Unless a later reinstatement says so."""
    state = state_of([*notices, grave])
    later = any(one.kind is REINSTATEMENT and is_surely_later(one.date, grave.date) for one in notices)
    assert bool(state.holding) or later
    assert state.is_retracted or not state_of(notices).is_retracted
    if grave.kind in RETRACTING:
        assert state.is_retracted or later


@given(NOTICES, st.randoms())
def test_the_order_of_notices_does_not_matter(notices, source: random.Random):
    shuffled = list(notices)
    source.shuffle(shuffled)
    assert state_of(shuffled) == state_of(notices)
    assert describe(state_of(shuffled)) == describe(state_of(notices))


@given(NOTICES)
def test_the_union_with_an_empty_source_changes_nothing(notices):
    assert state_of([*notices, *()]) == state_of([*notices, *notices]) == state_of(notices)


@given(NOTICES)
def test_only_what_bears_on_the_standing_decides(notices):
    bearing = [one for one in notices if one.kind in RETRACTING | DOUBTING | {REINSTATEMENT}]
    assert (state_of(notices).kind is None) == (bearing == [])
    assert state_of(notices).kind == state_of(bearing).kind
