from __future__ import annotations

import datetime as dt
import json
import re
import zlib
from collections import Counter
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import sqlalchemy as sa
from registries import DATA, WAKEFIELD, Answer, cite, citing, doi, pmcid, pmid, scripted, settings

from evidence.records import LookupResult, WorkRecord
from evidence.replay.server import serving
from evidence.resolve.asking import UNSEARCHABLE
from evidence.resolve.kept import compress, read_record
from evidence.resolve.run import resolve
from evidence.resolve.saving import Ages, save_results
from evidence.resolve.wanted import find_cited
from evidence.store import models
from evidence.store.database import open_database, reading, writing
from evidence.store.queries import find_work, list_lookups
from evidence.vocabulary import NoticeKind, Outcome, Source

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
AGES = Ages(180, 7)
MEMORY = "sqlite://"


def lookup(engine, reference, source):
    with reading(engine) as session:
        found = {row.source: (row.outcome, row.reason) for row in list_lookups(session, reference)}
    return found.get(source)


def work_of(engine, reference):
    with reading(engine) as session:
        work = find_work(session, reference)
        if work:
            session.expunge_all()
        return work


def rows(engine, table):
    with reading(engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table))


@pytest.fixture
def server():
    with serving([DATA]) as running:
        yield running


def test_a_doi_and_a_pmid_of_one_work_end_as_one_row(database_url, server):
    engine = citing(database_url, doi(WAKEFIELD), pmid("9500320"))
    summary = resolve(engine, settings(server.base_url), now=NOW)
    assert summary.outcomes == {Outcome.RESOLVED: 2}
    assert summary.is_complete
    work = work_of(engine, pmid("9500320"))
    assert {(one.scheme, one.value) for one in work.identifiers} == {("doi", WAKEFIELD), ("pmid", "9500320")}
    assert [one.author.family for one in work.authorships][:2] == ["Wakefield", "Murch"]
    assert Counter(notice.kind for notice in work.notices)["retraction"] == 3
    assert {notice.source for notice in work.notices} == {"crossref", "pubmed"}
    assert len(summary.new_notices) == 5
    assert rows(engine, models.Work) == 1


@pytest.mark.parametrize("cited", [doi(WAKEFIELD), pmid("9500320")])
def test_the_recorded_answers_about_the_retracted_paper_make_one_work(cited):
    engine = citing(MEMORY, cited)
    with serving([DATA.parent / "fixtures"]) as server:
        assert resolve(engine, settings(server.base_url), now=NOW).is_complete
    work = work_of(engine, cited)
    assert {(one.scheme, one.value) for one in work.identifiers} == {("doi", WAKEFIELD), ("pmid", "9500320")}
    # PubMed: retractions of 2004 and 2010, a concern of 2011; Crossref: a correction of 2004, a retraction of 2010.
    assert {(one.source, one.kind, (one.date or "")[:4]) for one in work.notices} == {
        ("pubmed", "retraction", "2004"),
        ("pubmed", "retraction", "2010"),
        ("pubmed", "expression-of-concern", "2011"),
        ("crossref", "correction", "2004"),
        ("crossref", "retraction", "2010"),
    }
    assert work.title.startswith("Ileal-lymphoid-nodular hyperplasia")


def test_what_a_pmid_tells_is_asked_at_crossref_too(server):
    engine = citing(MEMORY, pmid("9182763"))
    resolve(engine, settings(server.base_url), now=NOW)
    assert lookup(engine, doi("10.1016/s0092-8674(00)80258-5"), "crossref")[0] == "resolved"


def test_a_pmcid_leads_to_pubmed_and_crossref(server):
    engine = citing(MEMORY, pmcid("PMC5210645"))
    summary = resolve(engine, settings(server.base_url), now=NOW)
    work = work_of(engine, pmcid("PMC5210645"))
    assert {one.value for one in work.identifiers} == {"PMC5210645", "27924024", "10.1093/nar/gkw951"}
    assert work.title.startswith("GTRD")
    assert summary.outcomes == {Outcome.RESOLVED: 1}


def test_the_four_outcomes_are_kept_apart(server):
    references = [
        doi(WAKEFIELD),
        doi("10.1371/notarealdoi"),
        doi("10.48550/arxiv.2303.02917"),
        doi("10.9999/never-recorded"),
        pmid("40482261"),
        pmid("11604227"),
    ]
    engine = citing(MEMORY, *references)
    resolve(engine, settings(server.base_url), now=NOW)
    assert lookup(engine, references[0], "crossref") == ("resolved", None)
    assert lookup(engine, references[1], "crossref")[0] == "not-found"
    assert lookup(engine, references[2], "crossref") == ("other-agency", "registered at DataCite")
    assert lookup(engine, references[3], "crossref")[0] == "failed"
    assert lookup(engine, references[4], "pubmed")[0] == "not-found"
    assert lookup(engine, references[5], "pubmed")[0] == "failed"


def test_one_identifier_without_an_answer_costs_no_other(server):
    good = [line["doi"] for line in map(json.loads, (DATA / "crossref/works.jsonl").read_text().splitlines())]
    engine = citing(MEMORY, *map(doi, good), *(doi(f"10.9999/never-{number}") for number in range(5)))
    summary = resolve(engine, settings(server.base_url), now=NOW, own_registry_only=True)
    assert summary.outcomes == {Outcome.RESOLVED: len(good), Outcome.FAILED: 5}
    (group,) = summary.failed
    assert "501" in group.reason
    assert len(group.references) == 5


def test_a_second_run_asks_nothing_and_changes_nothing(server):
    engine = citing(MEMORY, doi(WAKEFIELD), pmid("9500320"), pmid("40482261"))
    resolve(engine, settings(server.base_url), now=NOW)
    before = server.counts()["total"]
    summary = resolve(engine, settings(server.base_url), now=NOW + dt.timedelta(days=1))
    assert server.counts()["total"] == before
    assert summary.asked == 0
    assert summary.new_notices == ()
    assert summary.outcomes == {Outcome.RESOLVED: 2, Outcome.NOT_FOUND: 1}


def test_what_is_old_is_asked_again_and_what_was_missing_sooner(server):
    engine = citing(MEMORY, pmid("9500320"), pmid("40482261"))
    resolve(engine, settings(server.base_url), now=NOW)
    assert resolve(engine, settings(server.base_url), now=NOW + dt.timedelta(days=8)).asked == 1
    summary = resolve(engine, settings(server.base_url), now=NOW + dt.timedelta(days=9), max_age_days=5)
    assert summary.asked == 3  # the PMID and its DOI at both registries
    assert summary.new_notices == ()
    assert resolve(engine, settings(server.base_url), now=NOW + dt.timedelta(days=9), force=True).asked == 4


def test_failed_look_ups_are_asked_again_each_time(server):
    engine = citing(MEMORY, pmid("11604227"))
    for _ in range(2):
        assert resolve(engine, settings(server.base_url), now=NOW).asked == 1


def test_a_failed_look_up_is_left_alone_until_its_time_has_come(server):
    asked = pmid("9500320")
    engine = citing(MEMORY, asked)
    later = NOW + dt.timedelta(hours=2)
    with writing(engine) as session:
        save_results(
            session, [LookupResult(Source.PUBMED, asked, Outcome.FAILED, "down", ask_again_at=later)], NOW, AGES
        )
    summary = resolve(engine, settings(server.base_url), now=NOW + dt.timedelta(hours=1))
    assert (summary.asked, summary.is_complete, summary.outcomes) == (0, False, {Outcome.FAILED: 1})
    assert [(group.reason, group.ask_again_at) for group in summary.failed] == [("down", later)]
    assert server.counts()["total"] == 0
    assert resolve(engine, settings(server.base_url), now=later).outcomes == {Outcome.RESOLVED: 1}


def test_force_asks_before_the_time_has_come(server):
    engine = citing(MEMORY, pmid("9500320"))
    failed = LookupResult(Source.PUBMED, pmid("9500320"), Outcome.FAILED, "x", ask_again_at=NOW + dt.timedelta(days=1))
    with writing(engine) as session:
        save_results(session, [failed], NOW, AGES)
    assert resolve(engine, settings(server.base_url), now=NOW, force=True).outcomes == {Outcome.RESOLVED: 1}


@pytest.mark.parametrize(("status", "waits"), [(400, True), (414, True), (501, False), (503, False)])
def test_a_refusal_holds_for_a_day_and_an_outage_until_the_next_run(status, waits):
    def answer(asked):
        if "bad" in asked.path:
            return Answer("", status, {})
        return Answer(json.dumps({"message": {"DOI": "10.1/good", "items": [{"DOI": "10.1/good"}]}}))

    engine = citing(MEMORY, doi("10.1/good"), doi("10.1/bad"))
    with scripted(answer) as server:
        chosen = settings(server.url, tries=1)
        (group,) = resolve(engine, chosen, now=NOW, own_registry_only=True).failed
        again = resolve(engine, chosen, now=NOW + dt.timedelta(hours=1), own_registry_only=True)
        tomorrow = resolve(engine, chosen, now=NOW + dt.timedelta(days=2), own_registry_only=True)
    assert doi("10.1/bad") in group.references
    assert (group.ask_again_at is not None, again.asked, tomorrow.asked) == (waits, int(not waits), 1)


def test_a_server_that_refuses_everything_may_be_a_wrong_address_and_is_asked_again_at_once():
    engine = citing(MEMORY, doi("10.1/x"))
    with scripted(Answer("", 400, {})) as server:
        (group,) = resolve(engine, settings(server.url), now=NOW, own_registry_only=True).failed
    assert group.ask_again_at is None
    right = Answer(json.dumps({"message": {"DOI": "10.1/x", "items": [{"DOI": "10.1/x"}]}}))
    with scripted(right) as server:
        assert resolve(engine, settings(server.url), now=NOW, own_registry_only=True).is_complete


def test_a_hit_that_is_to_be_left_alone_is_no_proof_that_a_doi_is_missing():
    def answer(asked):
        return Answer("", 400, {}) if "efetch" in asked.path else registry(asked, hits=("7",))

    engine = citing(MEMORY, doi("10.1/a"))
    failed = LookupResult(Source.PUBMED, pmid("7"), Outcome.FAILED, "x", ask_again_at=NOW + dt.timedelta(days=1))
    with writing(engine) as session:
        save_results(session, [failed], NOW, AGES)
    with scripted(answer) as server:
        resolve(engine, settings(server.url), now=NOW)
    assert lookup(engine, doi("10.1/a"), "pubmed")[0] == "failed"


def test_offline_asks_nothing_and_fails_closed(server):
    engine = citing(MEMORY, doi(WAKEFIELD), pmid("9500320"))
    summary = resolve(engine, settings(server.base_url), offline=True, now=NOW)
    assert server.counts()["total"] == 0
    assert summary.outcomes == {Outcome.FAILED: 2}
    assert not summary.is_complete
    assert rows(engine, models.Lookup) == 0


def test_payloads_are_kept_as_received_and_compressed(server):
    engine = citing(MEMORY, doi(WAKEFIELD), pmid("9500320"))
    resolve(engine, settings(server.base_url), now=NOW)
    with reading(engine) as session:
        kept = {row.source: row for row in session.scalars(sa.select(models.Record))}
    work = json.loads(zlib.decompress(kept["crossref"].payload))
    assert work["is-referenced-by-count"] == 1992
    assert zlib.decompress(kept["pubmed"].payload).startswith(b"<PubmedArticle>")
    assert read_record(Source.PUBMED, kept["pubmed"].payload).pages == "637-641"


def test_a_damaged_record_is_left_out():
    assert read_record(Source.CROSSREF, b"not compressed") is None
    assert read_record(Source.CROSSREF, compress(b'{"x":' + b"[" * 90_000)) is None


def test_the_progress_of_both_registries_is_told(server):
    told = []
    engine = citing(MEMORY, doi(WAKEFIELD), pmid("9500320"))
    resolve(engine, settings(server.base_url), now=NOW, progress=lambda *what: told.append(what))
    assert ("crossref", 1, 1) in told
    assert ("pubmed", 2, 2) in told


# --- what is cited -------------------------------------------------------------------------------------------------


def test_notes_citations_and_study_pages_are_asked_about():
    engine = citing(MEMORY, doi("10.1/inline"))
    place = {"start": 0, "end": 1, "text": "x"}
    with writing(engine) as session:
        page = models.Page(path="s.md", sha256="1" * 64, extractor="1", format="markdown")
        page.front_matter = {"type": "study", "doi": "10.1/STUDY", "pmid": 77}
        session.add(page)
        session.flush()
        note = models.Note(page_id=page.id, key="a", occurrence=0, line=1, start=0, end=1, text="x", stated={})
        note.primary_scheme, note.primary_value = "pmid", "5"
        session.add(note)
        session.flush()
        for scheme, value, role, note_id in (
            ("doi", "10.1/note", "cited", note.id),
            ("doi", "10.1/preprint", "preprint", note.id),
            ("doi", "10.1/denied", "denied", note.id),
            ("doi", "10.1/related", "related", note.id),
            ("doi", "10.1/study", "cited", None),
            ("pmid", "77", "cited", None),
            ("doi", "10.1/elsewhere", "cited", None),
        ):
            session.add(
                models.Identifier(page_id=page.id, note_id=note_id, scheme=scheme, value=value, role=role, **place),
            )
    with reading(engine) as session:
        found = find_cited(session)
    assert found == sorted(
        [doi("10.1/inline"), doi("10.1/note"), doi("10.1/preprint"), doi("10.1/study"), pmid("5"), pmid("77")],
    )


# --- works that are rebuilt ----------------------------------------------------------------------------------------


def found(record):
    payloads = {
        Source.CROSSREF: lambda: json.dumps({"DOI": record.identifiers[0].value, "title": [record.title or "T"]}),
        Source.PUBMED: lambda: pubmed_xml(record),
    }
    return LookupResult(
        record.source, record.identifiers[0], Outcome.RESOLVED, None, record, payloads[record.source]().encode()
    )


def pubmed_xml(record):
    ids = "".join(f'<ArticleId IdType="doi">{one.value}</ArticleId>' for one in record.identifiers[1:])
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{record.identifiers[0].value}</PMID></MedlineCitation>"
        f"<PubmedData><ArticleIdList>{ids}</ArticleIdList></PubmedData></PubmedArticle>"
    )


def save(engine, *records):
    with writing(engine) as session:
        return save_results(session, [found(record) for record in records], NOW, AGES).new_notices


X = WorkRecord(Source.CROSSREF, (doi("10.1/x"),), title="X")
Y = WorkRecord(Source.CROSSREF, (doi("10.1/y"),), title="Y")


def test_two_rows_that_prove_to_be_one_become_the_older_one(database_url):
    engine = open_database(database_url)
    save(engine, X)
    save(engine, WorkRecord(Source.PUBMED, (pmid("7"),)))
    older, younger = work_of(engine, doi("10.1/x")).id, work_of(engine, pmid("7")).id
    with writing(engine) as session:
        session.add(models.Citekey(folded="b", key="B", work_id=younger))
        session.add(models.Citekey(folded="c", key="C", work_id=older))
    save(engine, WorkRecord(Source.PUBMED, (pmid("7"), doi("10.1/x"))))
    assert work_of(engine, pmid("7")).id == work_of(engine, doi("10.1/x")).id == older
    with reading(engine) as session:
        keys = [session.get(models.Citekey, folded) for folded in "bc"]
        # One of the two is written from now on: the same one on every machine.
        assert [(one.work_id, one.is_alias) for one in keys] == [(older, False), (older, True)]
    assert rows(engine, models.Work) == 1


def test_a_mistaken_union_comes_apart_when_its_record_is_mended():
    engine = open_database(MEMORY)
    save(engine, X, Y, WorkRecord(Source.PUBMED, (pmid("7"), doi("10.1/x"))))
    assert rows(engine, models.Work) == 2
    save(engine, WorkRecord(Source.PUBMED, (pmid("7"), doi("10.1/y"))))
    assert work_of(engine, pmid("7")).id == work_of(engine, doi("10.1/y")).id != work_of(engine, doi("10.1/x")).id
    assert rows(engine, models.Work) == 2


def test_a_new_answer_replaces_the_old_one_of_its_source():
    engine = open_database(MEMORY)
    save(engine, X)
    save(engine, WorkRecord(Source.CROSSREF, (doi("10.1/x"),), title="A better title"))
    assert work_of(engine, doi("10.1/x")).title == "A better title"
    assert rows(engine, models.Record) == 1


def test_a_conflict_is_on_both_works_and_stays_when_one_is_asked_again():
    engine = open_database(MEMORY)
    save(engine, X, WorkRecord(Source.PUBMED, (pmid("7"), doi("10.1/x"))))
    save(engine, WorkRecord(Source.PUBMED, (pmid("9"), doi("10.1/x"))))
    save(engine, X)
    expected = ["pmid:7 (pubmed) / pmid:9 (pubmed)"]
    assert work_of(engine, doi("10.1/x")).conflicts == work_of(engine, pmid("9")).conflicts == expected
    assert work_of(engine, doi("10.1/x")).id == work_of(engine, pmid("7")).id != work_of(engine, pmid("9")).id


def test_one_author_of_two_works_is_one_row(server):
    engine = citing(MEMORY, doi(WAKEFIELD))
    resolve(engine, settings(server.base_url), now=NOW, own_registry_only=True)
    before = rows(engine, models.Author)
    resolve(engine, settings(server.base_url), now=NOW, own_registry_only=True, force=True)
    assert rows(engine, models.Author) == before == rows(engine, models.Authorship)


# --- registries that misbehave -------------------------------------------------------------------------------------

XML = {"Content-Type": "text/xml"}


def conversion(query, converted):
    missing = {"status": "error", "errmsg": "Identifier not found in PMC"}
    records = [
        {"doi": one, "requested-id": one, **({"pmcid": "PMC1", **converted[one]} if one in converted else missing)}
        for one in parse_qs(query)["ids"][0].split(",")
    ]
    return Answer(json.dumps({"records": records}))


def registry(asked, *, crossref=None, articles=None, hits=(), converted=None):
    """Answer as the registries do: Crossref has every DOI, PubMed and PMC the given articles (PMID -> DOI)."""
    path = urlsplit(asked.path)
    if path.path.startswith("/works"):
        if (answer := crossref(asked) if crossref else None) is not None:
            return answer
        if path.query:
            dois = re.findall(r"doi:([^,]+)", parse_qs(path.query)["filter"][0])
            return Answer(json.dumps({"message": {"items": [{"DOI": one} for one in dois], "total-results": 1}}))
        return Answer(json.dumps({"message": {"DOI": unquote(path.path.removeprefix("/works/"))}}))
    return conversion(path.query, converted or {}) if "idconv" in path.path else ncbi(asked, path, articles or {}, hits)


def ncbi(asked, path, known, hits):
    form = parse_qs(asked.body)
    if "esearch" in path.path:
        ids = "".join(f"<Id>{one}</Id>" for one in hits)
        return Answer(f"<eSearchResult><Count>{len(hits)}</Count><IdList>{ids}</IdList></eSearchResult>", headers=XML)
    if "esummary" in path.path:
        result = {one: {"uid": one, "error": "cannot get document summary"} for one in form["id"][0].split(",")}
        return Answer(json.dumps({"result": {"uids": [], **result}}))
    chosen = [one for one in form["id"][0].split(",") if one in known]
    inner = "".join(pubmed_xml(WorkRecord(Source.PUBMED, (pmid(one), doi(known[one])))) for one in chosen)
    return Answer(f"<PubmedArticleSet>{inner}</PubmedArticleSet>", headers=XML)


def test_a_neighbour_that_a_search_finds_is_not_kept():
    def answer(asked):
        return registry(asked, articles={"7": "10.1/a.b", "8": "10.1/a-b"}, hits=("7", "8"))

    engine = citing(MEMORY, doi("10.1/a-b"))
    with scripted(answer) as server:
        resolve(engine, settings(server.url), now=NOW)
    assert {one.value for one in work_of(engine, doi("10.1/a-b")).identifiers} == {"10.1/a-b", "8"}
    assert work_of(engine, pmid("7")) is None
    assert lookup(engine, doi("10.1/a.b"), "pubmed") is None


def test_only_neighbours_mean_that_pubmed_has_no_record():
    engine = citing(MEMORY, doi("10.1/a-b"))
    with scripted(lambda asked: registry(asked, articles={"7": "10.1/a.b"}, hits=("7",))) as server:
        resolve(engine, settings(server.url), now=NOW)
    assert lookup(engine, doi("10.1/a-b"), "pubmed")[0] == "not-found"


def test_an_empty_set_that_passes_loses_nothing():
    state = {"left": 1}

    def answer(asked):
        if "efetch" in asked.path and state["left"]:
            state["left"] -= 1
            return Answer("<PubmedArticleSet></PubmedArticleSet>", headers=XML)
        if "esummary" in asked.path:
            return Answer(json.dumps({"result": {"uids": ["7"], "7": {"uid": "7", "title": "A"}}}))
        return registry(asked, articles={"7": "10.1/a"})

    engine = citing(MEMORY, pmid("7"))
    with scripted(answer) as server:
        resolve(engine, settings(server.url), now=NOW)
    assert lookup(engine, pmid("7"), "pubmed")[0] == "resolved"


def test_a_doi_that_breaks_the_search_is_skipped_with_the_reason_and_not_called_missing():
    name = "10.1890/0012-9658(2006)87[2:ten]2.0.co;2"
    engine = citing(MEMORY, doi(name))
    with scripted(registry) as server:
        summary = resolve(engine, settings(server.url), now=NOW)
        again = resolve(engine, settings(server.url), now=NOW)
        assert not any("esearch" in asked.path for asked in server.asked)
    assert lookup(engine, doi(name), "pubmed") == ("failed", UNSEARCHABLE)
    assert [group.references for group in summary.skipped] == [(doi(name),)]
    assert summary.is_complete
    assert again.asked == 0
    # The converter may have it in a week, as what is not found may be there.
    with scripted(lambda asked: registry(asked, articles={"7": name}, converted={name: {"pmid": 7}})) as server:
        resolve(engine, settings(server.url), now=NOW + dt.timedelta(days=8))
    assert lookup(engine, doi(name), "pubmed")[0] == "resolved"


def test_a_converter_that_refuses_leaves_the_run_incomplete_and_is_asked_again():
    engine = citing(MEMORY, doi(BRACKETS))

    def refusing(asked):
        return Answer("", 403, {}) if "idconv" in asked.path else registry(asked)

    with scripted(refusing) as server:
        assert not resolve(engine, settings(server.url), now=NOW).is_complete
    with scripted(lambda asked: registry(asked, articles={"7": BRACKETS}, converted={BRACKETS: {"pmid": 7}})) as server:
        resolve(engine, settings(server.url), now=NOW)
    assert lookup(engine, doi(BRACKETS), "pubmed")[0] == "resolved"


BRACKETS = "10.1890/0012-9658(2006)87[2:ten]2.0.co;2"


def test_a_doi_that_breaks_the_search_is_found_by_the_converter():
    def answer(asked):
        return registry(asked, articles={"7": BRACKETS}, converted={BRACKETS: {"pmid": 7}})

    engine = citing(MEMORY, doi(BRACKETS))
    with scripted(answer) as server:
        summary = resolve(engine, settings(server.url), now=NOW)
        before = len(server.asked)
        resolve(engine, settings(server.url), now=NOW)
        assert len(server.asked) == before
    assert lookup(engine, doi(BRACKETS), "pubmed")[0] == "resolved"
    assert {one.value for one in work_of(engine, doi(BRACKETS)).identifiers} == {BRACKETS, "7"}
    assert summary.requests["idconv"] == 1


def test_what_the_converter_says_and_the_record_does_not_is_not_known():
    def answer(asked):
        return registry(asked, articles={"7": "10.1/other"}, converted={BRACKETS: {"pmid": 7}})

    engine = citing(MEMORY, doi(BRACKETS))
    with scripted(answer) as server:
        resolve(engine, settings(server.url), now=NOW)
    assert lookup(engine, doi(BRACKETS), "pubmed") == ("failed", UNSEARCHABLE)
    assert work_of(engine, pmid("7")) is None


def test_a_converter_that_fails_is_asked_again():
    def answer(asked):
        return Answer("", 500, {}) if "idconv" in asked.path else registry(asked)

    engine = citing(MEMORY, doi(BRACKETS))
    with scripted(answer) as server:
        summary = resolve(engine, settings(server.url, tries=1), now=NOW)
    assert not summary.is_complete
    outcome, reason = lookup(engine, doi(BRACKETS), "pubmed")
    assert (outcome, "500" in reason) == ("failed", True)


@pytest.mark.parametrize("status", [400, 414, 501])
def test_a_refused_batch_is_split_down_to_the_one_at_fault(status):
    def crossref(asked):
        return Answer("", status, {}) if "bad" in unquote(asked.path) else None

    names = [f"10.1/{number}" for number in range(7)]
    engine = citing(MEMORY, doi("10.1/bad"), *map(doi, names))
    with scripted(lambda asked: registry(asked, crossref=crossref)) as server:
        summary = resolve(engine, settings(server.url), now=NOW, own_registry_only=True)
    assert summary.outcomes == {Outcome.RESOLVED: 7, Outcome.FAILED: 1}
    assert str(status) in lookup(engine, doi("10.1/bad"), "crossref")[1]


def test_a_batch_that_only_one_work_brings_down_is_split_too():
    def crossref(asked):
        return Answer("", 500, {}) if "bad" in unquote(asked.path) else None

    engine = citing(MEMORY, doi("10.1/bad"), *(doi(f"10.1/{number}") for number in range(7)))
    with scripted(lambda asked: registry(asked, crossref=crossref)) as server:
        summary = resolve(engine, settings(server.url, tries=1), now=NOW, own_registry_only=True)
    assert summary.outcomes == {Outcome.RESOLVED: 7, Outcome.FAILED: 1}


def test_an_unreachable_registry_fails_everything_soon_and_stops_nobody_else():
    engine = citing(MEMORY, *(doi(f"10.1/{number}") for number in range(500)), pmid("7"))
    with scripted(lambda asked: registry(asked, articles={"7": "10.1/other"})) as server:
        down = {"base_url": "http://127.0.0.1:9", "batch_size": 10}
        summary = resolve(engine, settings(server.url, crossref=down, tries=1), now=NOW, own_registry_only=True)
    assert summary.outcomes == {Outcome.FAILED: 500, Outcome.RESOLVED: 1}
    assert summary.requests["crossref"] <= 6
    assert "connection" in summary.failed[0].reason


def test_a_registry_that_blocks_us_is_left_alone():
    engine = citing(MEMORY, *(doi(f"10.1/{number}") for number in range(300)))
    with scripted(Answer("blocked", 403, {})) as server:
        resolve(engine, settings(server.url), now=NOW, own_registry_only=True)
        assert len(server.asked) <= 6


def test_a_throttled_work_is_never_called_missing():
    engine = citing(MEMORY, doi("10.1/a"), pmid("7"))
    with scripted(Answer("", 429, {"Retry-After": "0"})) as server:
        summary = resolve(engine, settings(server.url, tries=2), now=NOW)
    assert set(summary.outcomes) == {Outcome.FAILED}
    assert not summary.is_complete


def test_a_run_that_is_stopped_goes_on_where_it_stopped():
    class Killed(BaseException):
        pass

    def kill(source, done, _total):
        if source == "crossref" and done >= 30:
            raise Killed

    names = [f"10.1/{number:03}" for number in range(100)]
    engine = citing(MEMORY, *map(doi, names))
    batches = {"list_requests_per_s": 1000, "single_requests_per_s": 1000, "batch_size": 10}
    with scripted(registry) as server:
        chosen = settings(server.url, crossref={"base_url": server.url, **batches})
        with pytest.raises(Killed):
            resolve(engine, chosen, now=NOW, own_registry_only=True, progress=kill)
        stored = rows(engine, models.Lookup)
        first = len(server.asked)
        summary = resolve(engine, chosen, now=NOW, own_registry_only=True)
        second = "".join(unquote(asked.path) for asked in server.asked[first:])
    assert 30 <= stored < 100
    assert summary.asked == 100 - stored
    assert sum(name in second for name in names) == 100 - stored
    assert summary.outcomes == {Outcome.RESOLVED: 100}


def test_a_new_retraction_is_told_once(server):
    engine = citing(MEMORY, doi(WAKEFIELD))
    summary = resolve(engine, settings(server.base_url), now=NOW, own_registry_only=True)
    assert {new.notice.kind for new in summary.new_notices} == {NoticeKind.CORRECTION, NoticeKind.RETRACTION}
    cite(engine, pmid("9500320"), name="other")
    summary = resolve(engine, settings(server.base_url), now=NOW)
    assert {new.source for new in summary.new_notices} == {Source.PUBMED}
    assert resolve(engine, settings(server.base_url), now=NOW, force=True).new_notices == ()


def test_documented_limits_are_kept():
    good = [line["doi"] for line in map(json.loads, (DATA / "crossref/works.jsonl").read_text().splitlines())]
    engine = citing(MEMORY, *map(doi, good), pmid("9500320"), pmid("40482261"))
    with serving([DATA], limits="documented", latency_s=0.02) as server:
        polite = {
            "crossref": {"base_url": server.crossref_url, "batch_size": 5},
            "entrez": {"base_url": server.entrez_url},
        }
        resolve(engine, settings(server.base_url, **polite), now=NOW, own_registry_only=True)
        counts = server.counts()
    assert counts["violations"] == {"rate": 0, "concurrency": 0}
    assert counts["total"] > 6
