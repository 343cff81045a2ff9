"""A run that was stopped in the midst of a look-up of several questions goes on with the next one."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from registries import DATA, WAKEFIELD, citing, doi, pmid, settings

from evidence.replay.server import serving
from evidence.resolve.pending import Step, read_steps, write_steps
from evidence.resolve.run import resolve
from evidence.resolve.wanted import Ask, PastLookup
from evidence.store import models
from evidence.store.database import open_database, reading, writing
from evidence.store.queries import list_lookups
from evidence.vocabulary import Outcome, Source

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
BEFORE = NOW - dt.timedelta(hours=1)
NOWHERE = "10.1371/notarealdoi"
NEIGHBOUR = "9182763"
CROSSREF = Ask(Source.CROSSREF, doi("10.1000/a"))
PUBMED = Ask(Source.PUBMED, doi("10.1000/a"))


def stopped(url, *steps, when=BEFORE, cited=()):
    engine = citing(url, *cited) if cited else open_database(url)
    with writing(engine) as session:
        write_steps(session, steps, when)
    return engine


def left(engine, stale, past=None, now=NOW):
    with reading(engine) as session:
        return read_steps(session, stale, past or {}, now)


def outcomes(engine, reference):
    with reading(engine) as session:
        return {row.source: (row.outcome, row.reason) for row in list_lookups(session, reference)}


@pytest.fixture
def server():
    with serving([DATA]) as running:
        yield running


def routes(server):
    return {name: number for name, number in server.counts()["requests"].items() if number}


def test_hits_of_a_search_are_fetched_without_another_search(database_url, server):
    step = Step("search", (WAKEFIELD, NOWHERE), ("9500320",))
    engine = stopped(database_url, step, cited=(doi(WAKEFIELD), doi(NOWHERE)))
    resolve(engine, settings(server.base_url), now=NOW)
    assert "entrez/esearch" not in routes(server)
    assert routes(server)["entrez/efetch"] == 1
    assert outcomes(engine, doi(WAKEFIELD))["pubmed"][0] == "resolved"
    assert outcomes(engine, doi(NOWHERE))["pubmed"] == ("not-found", "no record in PubMed names this DOI")
    with reading(engine) as session:
        assert session.scalars(sa.select(models.Pending)).all() == []


def test_a_neighbour_that_was_fetched_is_not_fetched_again(database_url, server):
    steps = (Step("search", (NOWHERE,), (NEIGHBOUR,)), Step("neighbour", (NEIGHBOUR,)))
    engine = stopped(database_url, *steps, cited=(doi(NOWHERE),))
    resolve(engine, settings(server.base_url), now=NOW)
    assert "entrez/efetch" not in routes(server)
    assert outcomes(engine, doi(NOWHERE))["pubmed"][0] == "not-found"


def test_a_doi_that_is_not_in_the_list_goes_on_with_its_agency(database_url, server):
    engine = stopped(database_url, Step("agency", (NOWHERE,)), cited=(doi(NOWHERE),))
    resolve(engine, settings(server.base_url), now=NOW, own_registry_only=True)
    assert routes(server) == {"crossref/agency": 1}
    assert outcomes(engine, doi(NOWHERE))["crossref"] == ("not-found", "no agency knows this DOI")


def test_what_the_converter_found_of_a_doi_is_never_all(database_url, server):
    engine = stopped(database_url, Step("conversion", (NOWHERE,), (NEIGHBOUR,)), cited=(doi(NOWHERE),))
    resolve(engine, settings(server.base_url), now=NOW)
    assert outcomes(engine, doi(NOWHERE))["pubmed"][0] == "failed"


def test_force_asks_from_the_beginning(database_url, server):
    engine = stopped(database_url, Step("search", (WAKEFIELD,), ("9500320",)), cited=(doi(WAKEFIELD),))
    resolve(engine, settings(server.base_url), now=NOW, force=True)
    assert routes(server)["entrez/esearch"] == 1


def test_an_old_answer_is_asked_for_again(database_url):
    engine = stopped(database_url, Step("agency", ("10.1000/a",)), when=NOW - dt.timedelta(days=1, seconds=1))
    assert left(engine, [CROSSREF]) == []


def test_what_has_ended_since_is_not_taken_up(database_url):
    engine = stopped(database_url, Step("search", ("10.1000/a", "10.1000/b"), ("1",)))
    other = Ask(Source.PUBMED, doi("10.1000/b"))
    ended = {PUBMED: PastLookup(Outcome.FAILED, "x", BEFORE, None)}
    assert left(engine, [PUBMED, other], ended) == [Step("search", ("10.1000/b",), ("1",))]
    # It ended before the search was made: that answer is older.
    ended = {PUBMED: PastLookup(Outcome.FAILED, "x", BEFORE - dt.timedelta(days=9), None)}
    assert left(engine, [PUBMED, other], ended) == [Step("search", ("10.1000/a", "10.1000/b"), ("1",))]
    # Nobody wants to know any more.
    assert left(engine, [CROSSREF]) == []


def test_the_later_step_takes_the_place_of_the_earlier_one(database_url):
    engine = stopped(database_url, Step("single", ("10.1000/a", "10.1000/b")), Step("agency", ("10.1000/a",)))
    stale = [CROSSREF, Ask(Source.CROSSREF, doi("10.1000/b"))]
    assert sorted(left(engine, stale), key=str) == [Step("agency", ("10.1000/a",)), Step("single", ("10.1000/b",))]


def test_a_hit_that_one_answer_left_out_is_confirmed_first(database_url):
    engine = stopped(database_url, Step("search", ("10.1000/a",), ("7", "8")), Step("absence", ("8", "9")))
    # 9 is neither asked for nor a hit.
    assert left(engine, [PUBMED]) == [Step("search", ("10.1000/a",), ("7", "8")), Step("absence", ("8",))]
    found = left(engine, [PUBMED, Ask(Source.PUBMED, pmid("9"))])
    assert found[1] == Step("absence", ("8", "9"))


def test_a_kind_that_a_later_program_wrote_is_let_be(database_url):
    engine = stopped(database_url, Step("tomorrow", ("10.1000/a",)))
    assert left(engine, [CROSSREF, PUBMED]) == []
