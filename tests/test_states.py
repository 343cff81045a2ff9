"""Retraction states: asked apart from metadata, in batches that cost little; and what changed since the last time."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import sqlalchemy as sa
from registries import DATA, WAKEFIELD, Answer, citing, doi, pmid, scripted, settings

from evidence.records import NoticeRecord, Reference, RelationRecord, WorkRecord
from evidence.replay.server import serving
from evidence.resolve.changes import compare
from evidence.resolve.kept import read_summary, with_state
from evidence.resolve.pubmed import read_answer
from evidence.resolve.run import resolve
from evidence.store import models
from evidence.store.database import reading, writing
from evidence.store.queries import find_work
from evidence.vocabulary import NoticeKind, Outcome, RelationKind, Scheme, Source

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=8)
MEMORY = "sqlite://"
XML = {"Content-Type": "text/xml"}
RETRACTION = {"DOI": "10.1/notice", "type": "retraction", "updated": {"date-parts": [[2026, 11, 1]]}}


def crossref_only(works):
    """Answer as Crossref, with works by DOI; a list that is cut names only the fields that it was asked for."""

    def answer(asked):
        query = parse_qs(urlsplit(asked.path).query)
        if "filter" not in query:
            name = unquote(urlsplit(asked.path).path.removeprefix("/works/").removesuffix("/agency"))
            found = works.get(name)
            return Answer(json.dumps({"message": found})) if found else Answer("Resource not found.", 404)
        found = [works[name] for name in re.findall(r"doi:([^,]+)", query["filter"][0]) if name in works]
        if "select" in query:
            names = query["select"][0].split(",")
            found = [{name: work[name] for name in names if name in work} for work in found]
        return Answer(json.dumps({"message": {"items": found, "total-results": len(found)}}))

    return answer


def run(engine, url, **options):
    return resolve(engine, settings(url), **({"now": NOW, "own_registry_only": True} | options))


def notices(engine, reference):
    with reading(engine) as session:
        return {(one.kind, one.date, one.source) for one in find_work(session, reference).notices}


def fetched(engine, table):
    with reading(engine) as session:
        return {
            (row.source, row.value): row.fetched_at.replace(tzinfo=None) for row in session.scalars(sa.select(table))
        }


@pytest.fixture
def server():
    with serving([DATA]) as running:
        yield running


def test_states_are_asked_after_seven_days_in_one_request_a_registry(database_url, server):
    engine = citing(database_url, doi(WAKEFIELD), pmid("9500320"), pmid("31541003"))
    resolve(engine, settings(server.base_url), now=NOW)
    before = {reference: notices(engine, reference) for reference in (doi(WAKEFIELD), pmid("31541003"))}
    summary = resolve(engine, settings(server.base_url), now=LATER)
    # The DOI of 31541003 has no recorded answer at Crossref: that look-up failed, and is made again.
    assert (summary.states, summary.old_states, summary.asked) == (3, 0, 1)
    assert summary.requests == {"crossref": 2, "pubmed": 1}
    assert {reference: notices(engine, reference) for reference in before} == before
    assert summary.new_notices == summary.changes == ()


def test_a_state_leaves_the_metadata_its_date(server):
    engine = citing(MEMORY, doi(WAKEFIELD))
    run(engine, server.base_url)
    run(engine, server.base_url, now=LATER)
    assert set(fetched(engine, models.Record).values()) == {NOW.replace(tzinfo=None)}
    assert fetched(engine, models.State) == {("crossref", WAKEFIELD): LATER.replace(tzinfo=None)}


def test_within_seven_days_nothing_is_asked_and_again_after_the_states(server):
    engine = citing(MEMORY, doi(WAKEFIELD), pmid("9500320"))
    resolve(engine, settings(server.base_url), now=NOW)
    resolve(engine, settings(server.base_url), now=LATER)
    total = server.counts()["total"]
    for days in (6, 14):
        resolve(engine, settings(server.base_url), now=NOW + dt.timedelta(days=days))
    assert server.counts()["total"] == total
    assert resolve(engine, settings(server.base_url), now=LATER + dt.timedelta(days=8)).states == 2


def test_the_age_of_states_is_a_setting(server):
    engine = citing(MEMORY, doi(WAKEFIELD))
    run(engine, server.base_url)
    chosen = settings(server.base_url, retraction_age_days=30)
    assert resolve(engine, chosen, now=LATER, own_registry_only=True).states == 0


def test_a_retraction_between_two_readings_of_the_metadata_is_found():
    work = {"DOI": "10.1/x", "title": ["Of bone"], "volume": "3"}
    engine = citing(MEMORY, doi("10.1/x"))
    with scripted(crossref_only({"10.1/x": work})) as server:
        run(engine, server.url)
    with scripted(crossref_only({"10.1/x": work | {"updated-by": [RETRACTION]}})) as server:
        summary = run(engine, server.url, now=LATER)
    assert notices(engine, doi("10.1/x")) == {("retraction", "2026-11-01", "crossref")}
    assert [new.notice.kind for new in summary.new_notices] == [NoticeKind.RETRACTION]
    with reading(engine) as session:
        assert find_work(session, doi("10.1/x")).volume == "3"


def test_a_notice_that_is_gone_at_the_registry_is_gone_and_told():
    work = {"DOI": "10.1/x", "title": ["Of bone"]}
    engine = citing(MEMORY, doi("10.1/x"))
    with scripted(crossref_only({"10.1/x": work | {"updated-by": [RETRACTION]}})) as server:
        run(engine, server.url)
    with scripted(crossref_only({"10.1/x": work})) as server:
        summary = run(engine, server.url, now=LATER)
    assert notices(engine, doi("10.1/x")) == set()
    assert [change.withdrawn for change in summary.changes] == [("retraction 2026-11-01 (doi:10.1/notice)",)]


def test_a_new_record_takes_the_place_of_record_and_state():
    work = {"DOI": "10.1/x", "title": ["Of bone"]}
    engine = citing(MEMORY, doi("10.1/x"))
    with scripted(crossref_only({"10.1/x": work | {"updated-by": [RETRACTION]}})) as server:
        run(engine, server.url)
        run(engine, server.url, now=LATER)
    with scripted(crossref_only({"10.1/x": work})) as server:
        run(engine, server.url, now=LATER, force=True)
    assert notices(engine, doi("10.1/x")) == set()
    assert fetched(engine, models.State) == {}


def test_states_without_an_answer_stay_as_old_as_they_are_and_leave_the_run_incomplete():
    engine = citing(MEMORY, doi("10.1/x"), doi("10.1/y"))
    works = {name: {"DOI": name, "title": ["A"]} for name in ("10.1/x", "10.1/y")}
    with scripted(crossref_only(works)) as server:
        run(engine, server.url)
    with scripted(Answer("", 503, {})) as server:
        summary = resolve(engine, settings(server.url, tries=1), now=LATER, own_registry_only=True)
    assert (summary.old_states, summary.oldest_state, summary.is_complete) == (2, NOW, False)
    assert {(one.source, one.reason) for one in summary.failed_states} == {
        ("crossref", "crossref: the server failed (HTTP 503)")
    }
    assert sorted(one for group in summary.failed_states for one in group.references) == [doi("10.1/x"), doi("10.1/y")]
    assert summary.outcomes == {Outcome.RESOLVED: 2}
    assert fetched(engine, models.State) == {}
    with scripted(crossref_only(works)) as server:
        assert run(engine, server.url, now=LATER).is_complete


def test_offline_says_how_old_the_states_are_and_asks_nobody(server):
    engine = citing(MEMORY, doi(WAKEFIELD))
    run(engine, server.base_url)
    total = server.counts()["total"]
    summary = run(engine, server.base_url, now=LATER, offline=True)
    assert (summary.old_states, summary.oldest_state, summary.is_complete) == (1, NOW, True)
    assert server.counts()["total"] == total


def test_a_work_that_the_list_leaves_out_is_asked_for_in_full():
    engine = citing(MEMORY, doi("10.1/x"))
    with scripted(crossref_only({"10.1/x": {"DOI": "10.1/x"}})) as server:
        run(engine, server.url)
    with scripted(crossref_only({})) as server:
        summary = run(engine, server.url, now=LATER)
    assert summary.outcomes == {Outcome.NOT_FOUND: 1}


def test_a_doi_with_a_comma_is_asked_for_in_full():
    engine = citing(MEMORY, doi("10.1/a,b"))
    with scripted(crossref_only({"10.1/a,b": {"DOI": "10.1/a,b"}})) as server:
        run(engine, server.url)
        assert (run(engine, server.url, now=LATER).asked, run(engine, server.url, now=LATER).asked) == (1, 0)


def test_no_request_line_of_states_is_longer_than_crossref_takes():
    names = [f"10.1016/j.somewhat.long.{number:03}.{'x' * 12}(97)" for number in range(150)]
    engine = citing(MEMORY, *map(doi, names))
    with scripted(crossref_only({name: {"DOI": name} for name in names})) as server:
        run(engine, server.url)
        first = len(server.asked)
        assert run(engine, server.url, now=LATER).states == 150
        lines = [f"{asked.method} {asked.path} HTTP/1.1" for asked in server.asked[first:]]
    assert max(map(len, lines)) <= 4000
    assert len(lines) <= 5


def test_a_refused_batch_of_states_is_split():
    def answer(asked):
        if "select" in asked.path and "bad" in unquote(asked.path):
            return Answer("", 400, {})
        return crossref_only(works)(asked)

    works = {name: {"DOI": name} for name in ("10.1/a", "10.1/b", "10.1/bad", "10.1/c")}
    engine = citing(MEMORY, *map(doi, works))
    with scripted(answer) as server:
        run(engine, server.url)
        summary = run(engine, server.url, now=LATER)
    assert (summary.states, summary.old_states, summary.is_complete) == (3, 1, False)
    assert summary.outcomes == {Outcome.RESOLVED: 4}


# --- PubMed's summaries ----------------------------------------------------------------------------------------------


def test_pubmeds_recorded_summary_tells_the_notices_of_its_record():
    summary = json.loads((DATA / "pubmed/esummary/9500320.json").read_text("utf-8"))
    (article,) = read_answer((DATA / "transcribed/pubmed/9500320.xml").read_bytes())
    state = read_summary(summary.get("result", {}).get("9500320", summary))
    assert set(state.notices) == set(article.record.notices)
    assert {(one.kind.value, one.date) for one in state.notices} == {
        ("retraction", "2004-03-06"),
        ("retraction", "2010-02-06"),
        ("expression-of-concern", "2011-11"),
    }


def test_a_summary_without_its_lists_is_no_state():
    article = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7</PMID></MedlineCitation></PubmedArticle>"
        "</PubmedArticleSet>"
    )

    def answer(asked):
        if "esummary" in asked.path:
            return Answer(json.dumps({"result": {"uids": ["7"], "7": {"uid": "7", "title": "A"}}}))
        return Answer(article, headers=XML)

    engine = citing(MEMORY, pmid("7"))
    with scripted(answer) as server:
        run(engine, server.url)
        summary = run(engine, server.url, now=LATER)
    assert summary.states == 0
    assert fetched(engine, models.Record) == {("pubmed", "7"): LATER.replace(tzinfo=None)}


def test_a_state_keeps_the_trial_that_only_the_record_names():
    trial = RelationRecord(RelationKind.SAME_TRIAL, "nct", "NCT00000001")
    preprint = RelationRecord(RelationKind.HAS_PREPRINT, Scheme.DOI, "10.1101/x")
    record = WorkRecord(Source.CROSSREF, (doi("10.1/x"),), relations=(trial,))
    assert with_state(record, replace(record, relations=(preprint,))).relations == (preprint, trial)


# --- what changed ----------------------------------------------------------------------------------------------------


def test_changes_of_a_work_are_told_field_by_field():
    old = {"DOI": "10.1/x", "title": ["Of bone"], "issued": {"date-parts": [[2019]]}}
    new = old | {"issued": {"date-parts": [[2020]]}, "container-title": ["Bone"], "page": "1-9"}
    engine = citing(MEMORY, doi("10.1/x"))
    with scripted(crossref_only({"10.1/x": old})) as server:
        assert run(engine, server.url).changes == ()
    with scripted(crossref_only({"10.1/x": new})) as server:
        (change,) = run(engine, server.url, force=True).changes
    assert [tuple(one) for one in change.changes] == [("date", "2019", "2020"), ("journal", None, "Bone")]


def test_a_notice_that_gets_another_date_is_not_withdrawn():
    notice = NoticeRecord(NoticeKind.CORRECTION, "2019", Reference(Scheme.DOI, "10.1/n"))
    before = WorkRecord(Source.CROSSREF, (doi("10.1/x"),), notices=(notice,))
    change = compare(before, replace(before, notices=(replace(notice, date="2019-03"),)))
    assert change.withdrawn == ()
    assert change.changes[0].after == "correction 2019-03 (doi:10.1/n)"


def test_identifiers_that_came_and_went_are_told():
    before = WorkRecord(Source.PUBMED, (pmid("7"), doi("10.1/x")))
    change = compare(before, WorkRecord(Source.PUBMED, (pmid("7"), doi("10.1/y"))))
    assert [tuple(one) for one in change.changes] == [
        ("identifier", "doi:10.1/x", None),
        ("identifier", None, "doi:10.1/y"),
    ]


def test_a_record_that_says_the_same_is_no_change(server):
    engine = citing(MEMORY, doi(WAKEFIELD), pmid("9500320"))
    resolve(engine, settings(server.base_url), now=NOW)
    assert resolve(engine, settings(server.base_url), now=NOW, force=True).changes == ()


# --- mapped anew -----------------------------------------------------------------------------------------------------


def spoil(engine, **values):
    with writing(engine) as session:
        session.execute(sa.update(models.Work).values(title="spoilt", **values))


def title(engine):
    with reading(engine) as session:
        return session.scalar(sa.select(models.Work.title))


@pytest.mark.parametrize("mapping", [None, "0"])
def test_a_work_of_an_older_mapping_is_made_anew_without_a_request(server, mapping):
    engine = citing(MEMORY, doi(WAKEFIELD), pmid("9500320"))
    resolve(engine, settings(server.base_url), now=NOW)
    before = title(engine)
    total = server.counts()["total"]
    spoil(engine, mapping=mapping)
    summary = resolve(engine, settings(server.base_url), now=NOW)
    assert (title(engine), summary.remapped, server.counts()["total"]) == (before, 1, total)
    assert resolve(engine, settings(server.base_url), now=NOW).remapped == 0


def test_force_offline_makes_every_work_anew_from_its_records(server):
    engine = citing(MEMORY, doi(WAKEFIELD))
    run(engine, server.base_url)
    before, total = title(engine), server.counts()["total"]
    spoil(engine)
    assert run(engine, server.base_url, offline=True).remapped == 0
    assert title(engine) == "spoilt"
    assert run(engine, server.base_url, offline=True, force=True).remapped == 1
    assert (title(engine), server.counts()["total"]) == (before, total)


def test_a_work_made_anew_keeps_its_newer_state_and_its_row():
    work = {"DOI": "10.1/x", "title": ["Of bone"]}
    engine = citing(MEMORY, doi("10.1/x"))
    with scripted(crossref_only({"10.1/x": work})) as server:
        run(engine, server.url)
    with scripted(crossref_only({"10.1/x": work | {"updated-by": [RETRACTION]}})) as server:
        run(engine, server.url, now=LATER)
        with reading(engine) as session:
            work_id = find_work(session, doi("10.1/x")).id
        spoil(engine, mapping=None)
        run(engine, server.url, now=LATER)
    assert title(engine) == "Of bone"
    assert notices(engine, doi("10.1/x")) == {("retraction", "2026-11-01", "crossref")}
    with reading(engine) as session:
        assert find_work(session, doi("10.1/x")).id == work_id


def test_a_work_without_a_record_stays_as_it_is():
    engine = citing(MEMORY)
    with writing(engine) as session:
        session.add(
            models.Work(
                title="By hand", identifiers=[models.WorkIdentifier(scheme="doi", value="10.1/h", source="crossref")]
            )
        )
    assert run(engine, "http://127.0.0.1:9").remapped == 1
    assert title(engine) == "By hand"


def test_a_summary_of_a_notice_dates_what_it_does():
    told = {"refsource": "Lancet. 1998 Feb 28;351(9103):637-41", "reftype": "Retraction of", "pmid": 9500320}
    kinds = ["Journal Article", "Retraction of Publication"]
    record = read_summary({"uid": "20137807", "pubdate": "2010 Feb 6", "pubtype": kinds, "references": [told]})
    (relation,) = record.relations
    assert (relation.value, relation.notice.kind, relation.notice.date) == ("9500320", "retraction", "2010-02-06")
    assert record.notices == ()
