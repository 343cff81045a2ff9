"""A refresh that is killed again and again ends where one that was left alone ends, and asks nothing twice.

What was asked: each request's identifiers, as the server heard them. What was answered and stored: the look-ups and the
answers on the way in the database when a run begins; a DOI that Crossref does not have (batch, single, agency) and a
search in PubMed (the PMIDs found, then their records) take several requests, and each of them is asked once. An answer
that had not been committed when the run was killed is asked for again: at most the batches that were under way.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa
from registries import MAILTO
from running import run

from evidence.replay import routes
from evidence.replay.server import serving
from evidence.store import models
from evidence.store.database import holding_refresh, open_database, reading
from evidence.vocabulary import Outcome

BATCH = 5
# As many batches as a host may have under way.
UNDER_WAY = 3 * BATCH
DOIS = [f"10.1000/w{number:02}" for number in range(44)]
OTHER_AGENCY, NOWHERE = "10.5281/zenodo.1", "10.1000/nowhere"
ROUTES = ("crossref/works", "crossref/work", "crossref/agency", "entrez/esearch", "entrez/efetch")
# The requests that need not be made again for an identifier, once its look-up at a source has ended...
ENDED = {("crossref", "doi"): ROUTES[:3], ("pubmed", "doi"): ROUTES[3:4], ("pubmed", "pmid"): ROUTES[4:]}
# ... or an answer on the way to it is kept.
ON_THE_WAY = {
    "single": ROUTES[:1],
    "agency": ROUTES[:2],
    "search": ROUTES[3:4],
    "absence": ROUTES[4:],
    "neighbour": ROUTES[4:],
}
NAMES = ("Smith", "Chen", "García", "Łoś", "Tanaka")


def facts(number, doi, pmid):
    names = [{"family": NAMES[(number + place) % 5], "given": f"{chr(65 + number % 26)}."} for place in range(3)]
    title = f"Study {number} of bone loss in aged mice"
    return {"doi": doi, "pmid": pmid, "title": title, "authors": names, "journal": "Bone", "year": 1960 + number}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Every second DOI has a record in PubMed; twelve PMIDs are cited, of which six name a DOI that no page does."""
    folder = tmp_path_factory.mktemp("data")
    known = [facts(number, doi, str(100 + number) if number % 2 else None) for number, doi in enumerate(DOIS)]
    known += [facts(50 + number, f"10.1000/only{number}", str(200 + number)) for number in range(6)]
    (folder / "transcribed").mkdir()
    (folder / "transcribed" / "works.jsonl").write_text("".join(json.dumps(one) + "\n" for one in known))
    agency = {"id": "datacite", "label": "DataCite"}
    (folder / "transcribed" / "agencies.json").write_text(json.dumps({OTHER_AGENCY: agency}))
    no_record = [*(one["doi"] for one in known if one["pmid"] is None), OTHER_AGENCY, NOWHERE]
    (folder / "absent.json").write_text(json.dumps({"crossref": [NOWHERE, OTHER_AGENCY], "pubmed_dois": no_record}))
    return folder


def write_vault(folder):
    """Sixty citations on six pages; some works twice, once by DOI and once by PMID."""
    pmids = [f"PMID: {100 + number}" for number in range(1, 13, 2)] + [f"PMID: {200 + number}" for number in range(6)]
    cited = [*(f"doi:{doi}" for doi in [*DOIS, OTHER_AGENCY, NOWHERE]), *pmids]
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text("")
    for page in range(6):
        mine = cited[page::6]
        text = "".join(f"Claim {page}.{place} is about bone. [^n{place}]\n\n" for place in range(len(mine)))
        notes = "".join(f"[^n{place}]: Somebody, 2001. {one}\n" for place, one in enumerate(mine))
        (folder / f"page{page}.md").write_text(text + notes)
    return folder


@dataclass
class Heard:
    """What the server was asked: (route, value) of each identifier, request by request, in the order of the answers."""

    asked: list[list[tuple[str, str]]] = field(default_factory=list)

    def listen(self, server):
        answering = server.answering
        answer = answering.answer

        def answered(request):
            route = routes.route_name(request.path)
            if route in ROUTES:
                asked = routes.asked_identifiers(request, answering.history)
                self.asked.append([(route, one.strip('"').removesuffix('"[doi]')) for one in asked])
            return answer(request)

        answering.answer = answered


def environment(server, database_url):
    return {
        "EVIDENCE_REGISTRIES__CROSSREF__BASE_URL": server.crossref_url,
        "EVIDENCE_REGISTRIES__ENTREZ__BASE_URL": server.entrez_url,
        "EVIDENCE_REGISTRIES__CROSSREF__BATCH_SIZE": str(BATCH),
        "EVIDENCE_REGISTRIES__ENTREZ__BATCH_SIZE": str(BATCH),
        "EVIDENCE_REGISTRIES__CROSSREF__LIST_REQUESTS_PER_S": "1000",
        "EVIDENCE_REGISTRIES__CROSSREF__SINGLE_REQUESTS_PER_S": "1000",
        "EVIDENCE_REGISTRIES__ENTREZ__REQUESTS_PER_S": "1000",
        "CROSSREF_MAILTO": MAILTO,
        "EVIDENCE_DATABASE_URL": database_url,
    }


def begin(vault, server, database_url, *pages, **settings):
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("EVIDENCE_", "NCBI_", "CROSSREF_"))}
    # A session of its own: what it starts is killed with it.
    return subprocess.Popen(
        [sys.executable, "-m", "evidence", "refresh", *pages], cwd=vault, stderr=subprocess.PIPE, text=True,
        env=clean | environment(server, database_url) | {"XDG_CONFIG_HOME": str(vault)} | settings, start_new_session=True,
    )  # fmt: skip


def answered(database_url):
    """The requests, by route and identifier, whose answers the store has."""
    engine = open_database(database_url)
    lookup, pending = models.Lookup, models.Pending
    with reading(engine) as session:
        ended = session.execute(
            sa.select(lookup.source, lookup.scheme, lookup.value).where(lookup.outcome != Outcome.FAILED)
        ).all()
        on_the_way = session.execute(sa.select(pending.kind, pending.identifiers)).all()
    engine.dispose()
    found = {(route, value) for source, scheme, value in ended for route in ENDED.get((source, scheme), ())}
    return found | {(route, one) for kind, values in on_the_way for one in values for route in ON_THE_WAY.get(kind, ())}


def kill_after(process, heard, requests, delay_s):
    """Kill a run a moment after it has made so many requests; tell whether it had ended before."""
    wanted = len(heard.asked) + requests
    while len(heard.asked) < wanted and process.poll() is None:
        time.sleep(0.002)
    time.sleep(delay_s)
    if process.poll() is not None:
        return False
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return True


def dumped(database_url):
    """What the store holds, without row numbers and times: the pages' tables, and each work with all that is its own."""
    engine = open_database(database_url)
    left_out = {"id", "page_id", "note_id", "run_id", "claim_id", "work_id", "asked_at", "ask_again_at", "fetched_at"}
    found = {}
    with reading(engine) as session:
        for table in (
            models.Page, models.Claim, models.Note, models.Identifier, models.Citation, models.Tag, models.Record,
            models.Lookup, models.Pending,
        ):  # fmt: skip
            columns = [column for column in table.__table__.columns if column.name not in left_out]
            found[table.__tablename__] = sorted(map(repr, session.execute(sa.select(*columns)).all()))
        found["work"] = sorted(repr(describe(work)) for work in session.scalars(sa.select(models.Work)))
        found["runs that ended"] = len(
            session.scalars(sa.select(models.Run).where(models.Run.finished_at.is_not(None))).all()
        )
    engine.dispose()
    return found


def describe(work):
    fields = {
        column.name: getattr(work, column.name) for column in models.Work.__table__.columns if column.name != "id"
    }
    identifiers = sorted((one.scheme, one.value, one.source) for one in work.identifiers)
    authors = [(one.author.family, one.author.given, one.author.orcid) for one in work.authorships]
    notices = sorted((one.kind, one.value, one.source) for one in work.notices)
    return identifiers, fields, authors, notices, sorted((one.kind, one.value) for one in work.relations)


def assert_whole(database_url):
    engine = open_database(database_url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        unnamed = "SELECT count(*) FROM work WHERE id NOT IN (SELECT work_id FROM work_identifier)"
        assert connection.exec_driver_sql(unnamed).scalar() == 0
    engine.dispose()


def bibliography(vault, database_url):
    done = run("export", "bibtex", "-o", "-", cwd=vault, env={"EVIDENCE_DATABASE_URL": database_url})
    assert done.stdout.count("@") == 50, done.stderr
    return done.stdout


def citekeys(database_url):
    engine = open_database(database_url)
    with reading(engine) as session:
        rows = session.execute(sa.select(models.Citekey.key, models.Citekey.work_id)).all()
    engine.dispose()
    return rows


@pytest.fixture(scope="module")
def untouched(data, tmp_path_factory):
    """What the store and the bibliography are after one run that nobody killed."""
    folder = tmp_path_factory.mktemp("untouched")
    url = f"sqlite:///{folder}/test.sqlite3"
    with serving([data]) as server:
        process = begin(write_vault(folder), server, url)
        assert process.communicate()[1].startswith("pages    6 read")
    assert process.returncode == 0
    return dumped(url), bibliography(folder, url)


def test_killed_again_and_again(data, untouched, tmp_path, database_url):
    vault = write_vault(tmp_path / "vault")
    chance = random.Random(database_url.partition(":")[0])
    heard, kills, before = Heard(), 0, set()
    with serving([data], latency_s=0.03) as server:
        heard.listen(server)
        while True:
            start = len(heard.asked)
            process = begin(vault, server, database_url)
            # The first ones while the database is made and the pages are read.
            moment = (0, chance.uniform(0.5, 1.0)) if kills < 2 else (chance.randint(1, 9), chance.uniform(0, 0.04))
            if kills < 6 and kill_after(process, heard, *moment):
                kills += 1
            else:
                process.communicate()
            asked = heard.asked[start:]
            assert {one for request in asked for one in request} & before == set()
            known = answered(database_url)
            lost = {one for request in asked for one in request} - known
            for registry in ("crossref", "entrez"):
                assert sum(route.startswith(registry) for route, _ in lost) <= UNDER_WAY
            before = known
            if process.returncode == 0:
                break
    assert kills >= 3
    assert_whole(database_url)
    assert (dumped(database_url), bibliography(vault, database_url)) == untouched
    keys = citekeys(database_url)
    assert len({key for key, _ in keys}) == len({work_id for _, work_id in keys}) == len(keys) == 50


POLITE = {
    "EVIDENCE_REGISTRIES__CROSSREF__LIST_REQUESTS_PER_S": "3",
    "EVIDENCE_REGISTRIES__CROSSREF__SINGLE_REQUESTS_PER_S": "10",
    "EVIDENCE_REGISTRIES__ENTREZ__REQUESTS_PER_S": "3",
}


def test_two_at_once_take_turns_and_keep_the_limits_together(data, tmp_path, database_url):
    vault = write_vault(tmp_path / "vault")
    pages = [f"page{number}.md" for number in range(6)]
    with serving([data], limits="documented", latency_s=0.02) as server:
        both = [begin(vault, server, database_url, *part, **POLITE) for part in (pages[:3], pages[3:])]
        said = [process.communicate(timeout=60)[1] for process in both]
        counts = server.counts()
    assert [process.returncode for process in both] == [0, 0]
    assert sum("another refresh holds the database" in text for text in said) == 1
    assert counts["violations"] == {"rate": 0, "concurrency": 0}
    assert counts["total"] > 20


def test_a_run_after_a_killed_one_keeps_the_limits_with_it(data, tmp_path, database_url):
    vault = write_vault(tmp_path / "vault")
    heard = Heard()
    with serving([data], limits="documented", latency_s=0.02) as server:
        heard.listen(server)
        assert kill_after(begin(vault, server, database_url, **POLITE), heard, 4, 0.0)
        engine = open_database(database_url)
        start = time.monotonic()
        with holding_refresh(engine):
            assert time.monotonic() - start > 1.0
        engine.dispose()
