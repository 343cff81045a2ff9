"""What one run leaves the next: limits, pauses, answers that could not be confirmed, and works that come later."""

from __future__ import annotations

import datetime as dt
import json
import re
import socketserver
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from registries import DATA, Answer, cite, citing, doi, pmcid, pmid, scripted, settings
from running import run

from evidence.config import Settings
from evidence.replay.server import serving
from evidence.resolve.limits import Limiter
from evidence.resolve.registries import Standing, seconds_to_wait
from evidence.resolve.run import resolve
from evidence.store import models
from evidence.store.database import reading
from evidence.store.queries import find_work
from evidence.vocabulary import Outcome

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MEMORY = "sqlite://"
XML = {"Content-Type": "text/xml"}


def registry(works, articles, converted=None):
    """Answer as Crossref with works by DOI, PubMed with articles by PMID, and the converter."""

    def answer(asked):
        path = urlsplit(asked.path)
        if "efetch" in path.path:
            ids = parse_qs(asked.body)["id"][0].split(",")
            found = "".join(articles[one] for one in ids if one in articles)
            return Answer(f"<PubmedArticleSet>{found}</PubmedArticleSet>", headers=XML)
        if "esearch" in path.path:
            hits = [pmid for pmid, xml in articles.items() if any(f">{one}<" in xml for one in works)]
            ids = "".join(f"<Id>{one}</Id>" for one in hits)
            return Answer(
                f"<eSearchResult><Count>{len(hits)}</Count><IdList>{ids}</IdList></eSearchResult>", headers=XML
            )
        if "idconv" in path.path:
            return Answer(json.dumps({"status": "ok", "records": converted or []}))
        if path.query:
            names = re.findall(r"doi:([^,]+)", parse_qs(path.query)["filter"][0])
            items = [works[one] for one in names if one in works]
            return Answer(json.dumps({"message": {"items": items, "total-results": len(items)}}))
        found = works.get(unquote(path.path.removeprefix("/works/")))
        return Answer(json.dumps({"message": found})) if found else Answer("Resource not found.", 404)

    return answer


def article(pmid, doi, title="A title.", extra=""):
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>{title}</ArticleTitle></Article>"
        f"{extra}</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType='pubmed'>{pmid}</ArticleId>"
        f"<ArticleId IdType='doi'>{doi}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>"
    )


def conflicts(engine, reference):
    with reading(engine) as session:
        return find_work(session, reference).conflicts


def test_a_work_that_comes_later_makes_the_same_conflict_as_one_that_comes_first(database_url):
    works = {name: {"DOI": name, "title": [name]} for name in ("10.1000/a", "10.1000/b")}
    said = [{"requested-id": "PMC1", "pmcid": "PMC1", "pmid": 11, "doi": "10.1000/b"}]
    with scripted(registry(works, {"11": article(11, "10.1000/a")}, said)) as server:
        engine = citing(database_url, doi("10.1000/a"), pmcid("PMC1"))
        resolve(engine, settings(server.url), now=NOW)
        found = conflicts(engine, doi("10.1000/a")), conflicts(engine, doi("10.1000/b"))
        assert found[0] == found[1] != []
        resolve(engine, settings(server.url), now=NOW, offline=True, force=True)
    assert (conflicts(engine, doi("10.1000/a")), conflicts(engine, doi("10.1000/b"))) == found


def test_a_missing_work_that_an_outage_hides_is_still_missing_and_leaves_the_run_incomplete(database_url):
    engine = citing(database_url, doi("10.1371/notarealdoi"))
    with serving([DATA]) as server:
        assert resolve(engine, settings(server.base_url), now=NOW).is_complete
    with scripted(Answer("", 503, {})) as server:
        summary = resolve(engine, settings(server.url, tries=1), now=NOW + dt.timedelta(days=1), force=True)
    assert summary.outcomes == {Outcome.NOT_FOUND: 1}
    assert not summary.is_complete
    reasons = {group.reason for group in summary.failed}
    assert "not found on 2026-11-21; asked again: crossref: the server failed (HTTP 503)" in reasons


def test_a_title_that_marks_a_withdrawal_marks_it_in_the_summary_too(database_url):
    title = "WITHDRAWN: Drugs for bone."
    summary = {"uid": "7", "title": title, "pubtype": ["Journal Article"], "references": []}

    def answer(asked):
        if "esummary" in asked.path:
            return Answer(json.dumps({"result": {"uids": ["7"], "7": summary}}))
        return Answer(f"<PubmedArticleSet>{article(7, '', title)}</PubmedArticleSet>", headers=XML)

    engine = citing(database_url, pmid("7"))
    with scripted(answer) as server:
        resolve(engine, settings(server.url), now=NOW)
        later = resolve(engine, settings(server.url), now=NOW + dt.timedelta(days=8))
    assert later.states == 1
    with reading(engine) as session:
        assert [one.kind for one in find_work(session, pmid("7")).notices] == ["withdrawal"]
    assert later.changes == ()


def test_a_registry_that_asked_to_be_left_alone_is_left_alone_by_the_next_run(database_url):
    engine = citing(database_url, doi("10.1/a"))
    with scripted(Answer("", 429, {"Retry-After": "3600"})) as server:
        resolve(engine, settings(server.url, tries=1), now=NOW, own_registry_only=True)
        asked = len(server.asked)
        cite(engine, doi("10.1/new"), name="second")
        minute = NOW + dt.timedelta(minutes=1)
        summary = resolve(engine, settings(server.url, tries=1), now=minute, own_registry_only=True)
        assert len(server.asked) == asked
        assert {one for group in summary.failed for one in group.references} == {doi("10.1/a"), doi("10.1/new")}
        assert all(group.ask_again_at > NOW + dt.timedelta(minutes=59) for group in summary.failed)
        resolve(engine, settings(server.url, tries=1), now=NOW + dt.timedelta(hours=2), own_registry_only=True)
        assert len(server.asked) > asked


def test_runs_one_after_the_other_keep_a_limit_together(database_url):
    works = {name: {"DOI": name} for name in ("10.1/a", "10.1/b", "10.1/c")}
    at = []

    def answer(asked):
        at.append(time.monotonic())
        return registry(works, {})(asked)

    with scripted(answer) as server:
        crossref = {"base_url": server.url, "list_requests_per_s": 1, "single_requests_per_s": 1}
        engine = citing(database_url)
        for name in works:
            cite(engine, doi(name), name=name)
            resolve(engine, settings(server.url, crossref=crossref), now=NOW, own_registry_only=True)
    assert len(at) == 3
    assert min(later - sooner for sooner, later in pairwise(at)) > 0.99


@pytest.mark.parametrize(
    ("gone_s", "wait_s"), [(0.0, 1.25), (1.0, 0.25), (1.25, 0.0), (60.0, 0.0), (-5.0, 0.0), (-1e9, 0.0)]
)
def test_how_long_earlier_requests_count(gone_s, wait_s):
    assert seconds_to_wait(Standing(NOW, None), NOW + dt.timedelta(seconds=gone_s)) == pytest.approx(wait_s)


def test_no_registry_is_asked_less_than_once_a_minute():
    limiter = Limiter({"all": 3.0}, 3, threading.Event())
    limiter.learn("all", 1 / 999_999)
    assert limiter._pools["all"].window() == (1, pytest.approx(60.0))


@contextmanager
def trickling():
    """A server that sends a byte every tenth of a second, and never ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b" ")
                    time.sleep(0.1)
            except OSError:
                return

        def log_message(self, *_):
            pass

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_an_answer_that_never_ends_is_given_up():
    engine = citing(MEMORY, doi("10.1/a"))
    with trickling() as url:
        summary = resolve(engine, settings(url, tries=1, timeout_s=0.25), now=NOW, own_registry_only=True)
    (group,) = summary.failed
    assert group.reason == "crossref: no whole answer in 2 s"


def test_an_absurd_age_is_refused(tmp_path):
    (tmp_path / "config.toml").write_text("")
    done = run("refresh", "--max-age", "99999999999", cwd=tmp_path)
    assert done.returncode == 2
    assert "36500" in done.stderr
    (tmp_path / "config.toml").write_text("[registries]\nmax_age_days = 40000\n")
    done = run("refresh", "--offline", cwd=tmp_path)
    assert done.returncode == 2
    assert "36500" in done.stderr
    assert Settings().registries.max_age_days == 180


def test_what_a_run_asked_is_kept(database_url):
    engine = citing(database_url, doi("10.1/a"))
    with scripted(registry({"10.1/a": {"DOI": "10.1/a"}}, {})) as server:
        resolve(engine, settings(server.url), now=NOW, own_registry_only=True)
    with reading(engine) as session:
        assert [(row.source, row.open_again_at) for row in session.query(models.Registry)] == [("crossref", None)]


def searching(works, articles, refuse=None):
    """The registry, but for what `refuse` answers."""
    known = registry(works, articles)
    return lambda asked: (refuse and refuse(asked)) or known(asked)


def test_a_hit_that_could_not_be_fetched_leaves_its_doi_open(database_url):
    works, articles = {"10.1000/r": {"DOI": "10.1000/r"}}, {"7": article(7, "10.1000/r")}
    engine = citing(database_url, doi("10.1000/r"), pmid("7"))

    def throttled(asked):
        return Answer("", 429, {}) if "efetch" in asked.path else None

    with scripted(searching(works, articles, throttled)) as server:
        summary = resolve(engine, settings(server.url, tries=1), now=NOW)
    reason = "pubmed: a record that may be this one could not be fetched"
    assert (doi("10.1000/r"),) in [group.references for group in summary.failed if group.reason == reason]
    with scripted(searching(works, articles)) as server:
        assert resolve(engine, settings(server.url), now=NOW).is_complete


def test_a_hit_whose_record_is_older_than_the_search_is_fetched_again(database_url):
    works = {"10.1000/r": {"DOI": "10.1000/r"}}
    engine = citing(database_url, doi("10.1000/r"), pmid("7"))
    with scripted(searching(works, {"7": article(7, "")})) as server:
        resolve(engine, settings(server.url), now=NOW)
    with scripted(searching(works, {"7": article(7, "10.1000/r")})) as server:
        resolve(engine, settings(server.url), now=NOW + dt.timedelta(days=8))
    with reading(engine) as session:
        assert {one.value for one in find_work(session, doi("10.1000/r")).identifiers} == {"10.1000/r", "7"}


def test_another_server_does_not_know_of_a_pause(database_url):
    engine = citing(database_url, doi("10.1/a"))
    with scripted(Answer("", 429, {"Retry-After": "3600"})) as server:
        resolve(engine, settings(server.url, tries=1), now=NOW, own_registry_only=True)
    with scripted(registry({"10.1/a": {"DOI": "10.1/a"}}, {})) as server:
        minute = NOW + dt.timedelta(minutes=1)
        summary = resolve(engine, settings(server.url), now=minute, own_registry_only=True, force=True)
    assert summary.is_complete
