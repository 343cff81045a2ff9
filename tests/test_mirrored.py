"""Refreshes with mirrors of the registries beside them, or without a registry at all."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from bulk import article, article_set, json_lines, work, write
from registries import DATA, WAKEFIELD, cite, citing, doi, pmcid, pmid, settings
from running import run

from evidence.replay.server import serving
from evidence.resolve.run import resolve
from evidence.store import models
from evidence.store.database import reading
from evidence.store.queries import find_work, list_lookups
from evidence.vocabulary import Outcome, Source

# The files of `bulk` are of December 2025.
NOW = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)
DATED = dt.datetime(2025, 12, 20, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
NOWHERE = "http://127.0.0.1:9"
MEMORY = "sqlite://"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def bulk(tmp_path):
    return tmp_path / "bulk"


def mirrored(folder, base_url=NOWHERE):
    return settings(base_url, mirror=[str(folder)])


def lookups(engine, reference):
    with reading(engine) as session:
        return {
            row.source: (row.outcome, row.asked_at.replace(tzinfo=dt.UTC)) for row in list_lookups(session, reference)
        }


def work_of(engine, reference):
    with reading(engine) as session:
        found = find_work(session, reference)
        return found and (found.title, {one.value for one in found.identifiers})


def test_offline_what_the_mirror_holds_is_resolved(database_url, bulk):
    write(bulk / "pubmed26n0001.xml.gz", article_set(article(11, doi="10.1000/a", title="By PubMed.")))
    write(bulk / "0.jsonl.gz", json_lines(work("10.1000/a", title=["By Crossref"])))
    engine = citing(database_url, doi("10.1000/a"))
    summary = resolve(engine, mirrored(bulk), offline=True, now=NOW)
    assert summary.is_complete
    assert (summary.mirrored, summary.requests) == (3, {})
    assert work_of(engine, pmid("11")) == ("By Crossref", {"11", "10.1000/a"})
    assert lookups(engine, doi("10.1000/a")) == {"crossref": ("resolved", DATED), "pubmed": ("resolved", DATED)}


def test_offline_what_the_mirror_lacks_has_failed_and_is_not_called_missing(bulk):
    write(bulk / "pubmed26n0001.xml.gz", article_set(article(11)))
    engine = citing(MEMORY, pmid("11"), pmid("12"))
    summary = resolve(engine, mirrored(bulk), offline=True, now=NOW)
    assert summary.outcomes == {Outcome.RESOLVED: 1, Outcome.FAILED: 1}
    (group,) = summary.failed
    assert (group.references, group.reason) == ((pmid("12"),), "not asked: offline; not in the mirror")


def test_a_pmid_leads_to_its_doi_in_the_mirror_too(bulk):
    write(bulk / "pubmed26n0001.xml.gz", article_set(article(11, doi="10.1000/a")))
    write(bulk / "0.jsonl.gz", json_lines(work("10.1000/a", publisher="A publisher")))
    engine = citing(MEMORY, pmid("11"))
    resolve(engine, mirrored(bulk), offline=True, now=NOW)
    assert lookups(engine, doi("10.1000/a"))["crossref"][0] == "resolved"


def test_a_pmcid_is_found_by_the_record_that_names_it(bulk):
    write(bulk / "pubmed26n0001.xml.gz", article_set(article(11, doi="10.1000/a", pmcid="PMC77")))
    write(bulk / "0.jsonl.gz", json_lines(work("10.1000/a")))
    engine = citing(MEMORY, pmcid("PMC77"))
    summary = resolve(engine, mirrored(bulk), offline=True, now=NOW)
    assert (summary.is_complete, summary.outcomes) == (True, {Outcome.RESOLVED: 1})
    assert work_of(engine, pmcid("PMC77"))[1] == {"PMC77", "11", "10.1000/a"}


def test_a_doi_that_pubmed_cannot_search_for_is_found_in_the_mirror(bulk):
    odd = "10.1890/0012-9658(2006)87[2:ten]2.0.co;2"
    write(bulk / "pubmed26n0001.xml.gz", article_set(article(11, doi=odd)))
    engine = citing(MEMORY, doi(odd))
    with serving([DATA]) as server:
        first = resolve(engine, settings(server.base_url), now=NOW)
        assert Source.PUBMED in {group.source for group in first.failed}
        second = resolve(engine, mirrored(bulk, server.base_url), now=NOW)
    assert second.skipped == ()
    assert lookups(engine, doi(odd))["pubmed"][0] == "resolved"


def test_online_only_the_rest_is_asked(bulk):
    write(bulk / "pubmed26n0001.xml.gz", article_set(article(9500320, doi=WAKEFIELD, title="From the mirror.")))
    engine = citing(MEMORY, pmid("9500320"), pmid("31541003"))
    with serving([DATA]) as server:
        summary = resolve(engine, mirrored(bulk, server.base_url), now=NOW)
    assert summary.mirrored == 2
    assert lookups(engine, pmid("9500320")) == {"pubmed": ("resolved", DATED)}
    assert lookups(engine, pmid("31541003")) == {"pubmed": ("resolved", NOW)}
    assert lookups(engine, doi(WAKEFIELD)) == {"pubmed": ("resolved", DATED), "crossref": ("resolved", NOW)}


def test_online_an_answer_that_is_too_old_is_left_to_the_registry(bulk):
    write(bulk / "pubmed26n0001.xml.gz", article_set(article(9500320, title="From the mirror.")))
    engine = citing(MEMORY, pmid("9500320"))
    with serving([DATA]) as server:
        summary = resolve(engine, mirrored(bulk, server.base_url), now=LATER)
    assert summary.mirrored == 0
    assert lookups(engine, pmid("9500320")) == {"pubmed": ("resolved", LATER)}


def test_online_an_answer_of_the_mirror_is_asked_for_again_in_its_time(bulk):
    write(bulk / "pubmed26n0001.xml.gz", article_set(article(9500320, title="From the mirror.")))
    engine = citing(MEMORY, pmid("9500320"))
    with serving([DATA]) as server:
        resolve(engine, mirrored(bulk, server.base_url), now=DATED + dt.timedelta(days=6))
        assert server.counts()["total"] == 0
        resolve(engine, mirrored(bulk, server.base_url), now=NOW)
        # Its notices are older than a week: they are asked for alone.
        assert server.counts()["requests"] == {"entrez/esummary": 1}
        assert work_of(engine, pmid("9500320"))[0] == "From the mirror"
        resolve(engine, mirrored(bulk, server.base_url), now=DATED + dt.timedelta(days=181))
    assert work_of(engine, pmid("9500320"))[0] != "From the mirror"


def test_offline_an_old_answer_is_better_than_none_and_is_taken_once(bulk):
    write(bulk / "pubmed26n0001.xml.gz", article_set(article(11)))
    engine = citing(MEMORY, pmid("11"))
    first = resolve(engine, mirrored(bulk), offline=True, now=LATER)
    second = resolve(engine, mirrored(bulk), offline=True, now=LATER)
    assert (first.mirrored, second.mirrored, second.is_complete) == (1, 0, True)
    write(bulk / "pubmed26n1400.xml.gz", article_set(article(11, title="New", revised="2026-01-05")))
    assert resolve(engine, mirrored(bulk), offline=True, now=LATER).mirrored == 1
    assert work_of(engine, pmid("11"))[0] == "New"


def test_a_newer_answer_of_the_registry_is_not_replaced(bulk):
    engine = citing(MEMORY, pmid("9500320"))
    with serving([DATA]) as server:
        resolve(engine, settings(server.base_url), now=NOW)
    before = work_of(engine, pmid("9500320"))
    write(bulk / "pubmed26n0001.xml.gz", article_set(article(9500320, doi="10.1000/a", pmcid="PMC77")))
    cite(engine, pmcid("PMC77"), name="second")
    resolve(engine, mirrored(bulk), offline=True, now=LATER)
    assert work_of(engine, pmid("9500320")) == before


def test_force_asks_the_registry(bulk):
    write(bulk / "pubmed26n0001.xml.gz", article_set(article(9500320)))
    engine = citing(MEMORY, pmid("9500320"))
    with serving([DATA]) as server:
        summary = resolve(engine, mirrored(bulk, server.base_url), force=True, now=NOW)
    assert summary.mirrored == 0
    assert lookups(engine, pmid("9500320")) == {"pubmed": ("resolved", NOW)}


def test_a_retraction_in_the_mirror_is_a_new_notice(bulk):
    retracted = work("10.1000/a", **{"updated-by": [{"type": "retraction", "DOI": "10.1000/b", "source": "publisher"}]})
    write(bulk / "0.jsonl.gz", json_lines(retracted))
    engine = citing(MEMORY, doi("10.1000/a"))
    summary = resolve(engine, mirrored(bulk), offline=True, now=NOW)
    assert [one.notice.kind for one in summary.new_notices] == ["retraction"]


def test_a_record_that_is_no_xml_is_named_and_the_rest_is_taken(bulk, caplog):
    broken = article(11, title="<i>A title")
    write(bulk / "pubmed26n0001.xml.gz", article_set(broken, article(12)).encode() + b"")
    write(bulk / "pubmed26n0002.xml.gz", article_set(article(13, title="\xff")).encode("latin-1"))
    engine = citing(MEMORY, pmid("11"), pmid("12"), pmid("13"))
    summary = resolve(engine, mirrored(bulk), offline=True, now=NOW)
    assert summary.outcomes == {Outcome.RESOLVED: 1, Outcome.FAILED: 2}
    assert [record.message for record in caplog.records] == [
        "mirror: the record of 11 cannot be read: pubmed: a record is no XML",
        "mirror: the record of 13 cannot be read: pubmed: a record is no XML",
    ]


def test_a_mirror_that_is_not_there_is_named_and_left_out(bulk, caplog):
    engine = citing(MEMORY, pmid("11"))
    assert resolve(engine, mirrored(bulk), offline=True, now=NOW).outcomes == {Outcome.FAILED: 1}
    assert "there is no such file or folder" in caplog.text


def test_what_is_stored_is_what_the_file_says(bulk):
    write(bulk / "pubmed26n0001.xml.gz", article_set(article(11, cites="10.1000/cited")))
    engine = citing(MEMORY, pmid("11"))
    resolve(engine, mirrored(bulk), offline=True, now=NOW)
    with reading(engine) as session:
        (record,) = session.query(models.Record).all()
        assert record.fetched_at.replace(tzinfo=dt.UTC) == DATED


def test_commands_of_a_vault_without_a_network(tmp_path):
    (tmp_path / "page.md").write_text("Bone is lost.[^a]\n\n[^a]: doi:10.1000/a\n")
    (tmp_path / "config.toml").write_text('[registries]\nmailto = "someone@example.org"\nmirror = ["bulk"]\n')
    write(tmp_path / "bulk/pubmed26n0001.xml.gz", article_set(article(11, doi="10.1000/a")))
    write(tmp_path / "bulk/0.jsonl.gz", json_lines(work("10.1000/a")))
    env = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    indexed = run("mirror", "index", cwd=tmp_path, env=env)
    assert (indexed.returncode, indexed.stdout) == (0, "2 files read, 0 unchanged, 0 gone; 2 records read\n")
    told = run("mirror", "status", cwd=tmp_path, env=env).stdout.splitlines()
    assert [line.split() for line in told[:2]] == [
        ["crossref", "1", "files", "1", "records", "as", "of", "2025-12-20"],
        ["pubmed", "1", "files", "1", "records", "as", "of", "2025-12-20"],
    ]
    refreshed = run("refresh", "--offline", "--json", cwd=tmp_path, env=env)
    assert refreshed.returncode == 0
    assert json.loads(refreshed.stdout)["mirrored"] == 3
    assert "mirror" not in run("refresh", "--offline", cwd=tmp_path, env=env).stderr


@pytest.mark.parametrize(
    ("text", "said"), [("", "no mirror is set"), ('[registries]\nmirror = ["none"]\n', "no such file or folder")]
)
def test_command_without_a_mirror_says_what_to_set(tmp_path, text, said):
    (tmp_path / "config.toml").write_text(text)
    result = run("mirror", "index", cwd=tmp_path)
    assert result.returncode == 2
    assert said in result.stderr
    assert "[registries]" in result.stderr


def test_a_broken_file_of_the_mirror_is_named(tmp_path):
    (tmp_path / "config.toml").write_text('[registries]\nmirror = ["bulk"]\n')
    write(tmp_path / "bulk/pubmed26n0001.xml.gz", "<html>")
    result = run("mirror", "index", cwd=tmp_path, env={"XDG_CACHE_HOME": str(tmp_path / "cache")})
    assert result.returncode == 1
    assert "pubmed26n0001.xml.gz: no file of PubMed or Crossref" in result.stderr


def test_a_doi_beyond_ascii_is_found_as_it_is_asked_for(bulk):
    write(bulk / "0.jsonl.gz", json_lines(work("10.1000/STRA\u00dfE"), work("10.1000/strasse")))
    engine = citing(MEMORY, doi("10.1000/stra\u00dfe"))
    summary = resolve(engine, mirrored(bulk), offline=True, now=NOW, own_registry_only=True)
    assert summary.outcomes == {Outcome.RESOLVED: 1}


RETRACTED = """<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>J. 2025</RefSource>
<PMID>9</PMID></CommentsCorrections></CommentsCorrectionsList>"""


def test_a_retraction_in_a_newer_file_is_found_though_the_metadata_still_hold(bulk):
    write(bulk / "pubmed26n0001.xml.gz", article_set(article(11)))
    engine = citing(MEMORY, pmid("11"))
    resolve(engine, mirrored(bulk), offline=True, now=NOW)
    newer = article(11, revised="2026-01-10").replace("</MedlineCitation>", f"{RETRACTED}</MedlineCitation>")
    write(bulk / "pubmed26n0002.xml.gz", article_set(newer))
    summary = resolve(engine, mirrored(bulk), offline=True, now=NOW + dt.timedelta(days=9))
    assert [one.notice.kind.value for one in summary.new_notices] == ["retraction"]
