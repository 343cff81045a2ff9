"""Only the asked work comes back, or one of which the registry states that the asked DOI is an alias."""

from __future__ import annotations

import datetime as dt
import json
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import sqlalchemy as sa
from registries import Answer, cite, citing, doi, pmid, scripted, settings

from evidence.records import WorkRecord
from evidence.replay.server import serving
from evidence.resolve.crossref import alias_message, is_askable, read_work
from evidence.resolve.merging import group_records
from evidence.resolve.run import resolve
from evidence.show import render, show
from evidence.store import models
from evidence.store.database import reading
from evidence.store.queries import find_work, list_lookups
from evidence.vocabulary import Outcome, Source

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MEMORY = "sqlite://"
ALIAS, PRIME = "10.3103/s009545270801009x", "10.1007/s11956-008-1009-1"
STATED = {"DOI": PRIME.upper(), "title": ["The prime"], "aliases": [ALIAS.upper(), "10.50505/another"]}
UNSTATED = {"DOI": PRIME, "title": ["Another work"], "aliases": ["10.50505/another"]}


def outcome(engine, name, source="crossref"):
    with reading(engine) as session:
        return next((one.outcome, one.reason) for one in list_lookups(session, doi(name)) if one.source == source)


def title(engine, name):
    with reading(engine) as session:
        work = find_work(session, doi(name))
        return work.title if work else None


# --- DOIs that a careless client cuts or rewrites ------------------------------------------------------------------

NEIGHBOURS = [
    ("10.1000/a#b", "10.1000/a"),
    ("10.1000/a?b", "10.1000/a"),
    ("10.1000/a?rows=1", "10.1000/a"),
    ("10.1000/a&b=c", "10.1000/a"),
    ("10.1000/a b", "10.1000/a"),
    ("10.1000/a\tb", "10.1000/a"),
    ("10.1000/a;b", "10.1000/a"),
    ("10.1000/a<b>", "10.1000/a"),
    ("10.1000/a>b", "10.1000/a"),
    ('10.1000/a"b', "10.1000/a"),
    ("10.1000/a,b", "10.1000/a"),
    ("10.1000/a,doi:10.1000/b", "10.1000/a"),
    ("10.1000/a%62", "10.1000/ab"),
    ("10.1000/a%2fb", "10.1000/a/b"),
    ("10.1000/a%", "10.1000/a"),
    ("10.1000/a+b", "10.1000/a b"),
    ("10.1000/x/../a", "10.1000/a"),
    ("10.1000/./a", "10.1000/a"),
    ("10.1000/a/", "10.1000/a"),
    ("10.1000/a//b", "10.1000/a/b"),
    ("10.1000/a.", "10.1000/a"),
    ("10.1000/a/agency", "10.1000/a"),
    ("10.1000/a/transform", "10.1000/a"),
    ("10.1000/a\\b", "10.1000/a/b"),
    ("10.1000/ä", "10.1000/a"),
    ("10.1000/straße", "10.1000/strasse"),
    ("10.1000/\u212a", "10.1000/k"),
    ("10.1000/e\u0301", "10.1000/\u00e9"),
    ("10.1000/" + "a" * 1500, "10.1000/" + "a" * 992),
    ("10.1000/" + "a" * 5000, "10.1000/" + "a" * 3900),
]


def folder(tmp_path, works, absent):
    (tmp_path / "crossref").mkdir()
    lines = [
        json.dumps({"doi": name, "origin": "x", "work": {"DOI": name, "title": [f"Number {number}"]}})
        for number, name in enumerate(works)
    ]
    (tmp_path / "crossref" / "works.jsonl").write_text("\n".join(lines), "utf-8")
    (tmp_path / "absent.json").write_text(json.dumps({"crossref": absent, "pubmed_dois": [*works, *absent]}), "utf-8")
    return tmp_path


@pytest.mark.parametrize(("name", "neighbour"), NEIGHBOURS, ids=range(len(NEIGHBOURS)))
def test_a_missing_doi_never_gets_its_neighbours_work(name, neighbour, tmp_path):
    with serving([folder(tmp_path, [neighbour], [name])]) as server:
        engine = citing(MEMORY, doi(name), doi("10.1000/other"))
        resolve(engine, settings(server.base_url), now=NOW)
    assert title(engine, name) is None
    assert outcome(engine, name)[0] in {"not-found", "failed"}
    assert outcome(engine, name) != ("failed", None)


@pytest.mark.parametrize(("name", "neighbour"), NEIGHBOURS, ids=range(len(NEIGHBOURS)))
def test_such_a_doi_gets_its_own_work_beside_its_neighbour(name, neighbour, tmp_path):
    with serving([folder(tmp_path, [neighbour, name], [])]) as server:
        engine = citing(MEMORY, doi(name), doi(neighbour))
        resolve(engine, settings(server.base_url), now=NOW, own_registry_only=True)
    assert title(engine, name) == ("Number 1" if is_askable(name) else None)
    assert title(engine, neighbour) == "Number 0"


# --- aliases -------------------------------------------------------------------------------------------------------


def crossref(*, single, items=(), moved=None):
    """Crossref's list and single routes; PubMed has nothing."""

    def answer(asked):
        parts = urlsplit(asked.path)
        if "esearch" in parts.path:
            body = "<eSearchResult><Count>0</Count><IdList></IdList></eSearchResult>"
            return Answer(body, headers={"Content-Type": "text/xml"})
        if parts.query:
            return Answer(json.dumps({"message": {"items": list(items), "total-results": len(items)}}))
        name = unquote(parts.path.removeprefix("/works/"))
        if moved is not None and name == ALIAS:
            return Answer("", 301, {"Location": moved})
        found = single.get(name)
        return Answer(json.dumps({"message": found})) if found else Answer("Resource not found.", 404, {})

    return answer


OTHERS = [f"10.1000/{number}" for number in range(3)]
ITEMS = [{"DOI": name, "title": [name]} for name in OTHERS]
ROUTES = {
    "single": lambda work: crossref(single={ALIAS: work}),
    "batch": lambda work: crossref(single={}, items=[*ITEMS, work]),
    "left out of the batch": lambda work: crossref(single={ALIAS: work}, items=ITEMS),
}


@pytest.mark.parametrize("route", ROUTES)
def test_a_stated_alias_is_the_work_of_its_prime_doi(route, database_url):
    engine = citing(database_url, doi(ALIAS), *(map(doi, OTHERS) if route != "single" else ()))
    with scripted(ROUTES[route](STATED)) as server:
        summary = resolve(engine, settings(server.url), now=NOW)
        before = len(server.asked)
        resolve(engine, settings(server.url), now=NOW)
        assert len(server.asked) == before
    assert summary.outcomes[Outcome.RESOLVED] == summary.cited
    assert title(engine, ALIAS) == title(engine, PRIME) == "The prime"
    assert outcome(engine, ALIAS) == ("resolved", f"an alias of {PRIME}")
    with reading(engine) as session:
        kept = {(one.value, one.source) for one in find_work(session, doi(ALIAS)).identifiers}
        shown = show(session, ALIAS)
    assert kept == {(PRIME, "crossref"), (ALIAS, "alias")}
    assert shown["work"]["aliases"] == [f"doi:{ALIAS}"]
    assert f"doi:{ALIAS} (alias)" in next(iter(render(shown)))


@pytest.mark.parametrize("route", ["single", "left out of the batch"])
def test_another_work_is_refused_and_reported(route):
    engine = citing(MEMORY, doi(ALIAS), *(map(doi, OTHERS) if route != "single" else ()))
    with scripted(ROUTES[route](UNSTATED)) as server:
        summary = resolve(engine, settings(server.url), now=NOW)
    assert title(engine, ALIAS) is title(engine, PRIME) is None
    assert outcome(engine, ALIAS)[0] == "failed"
    assert PRIME in summary.failed[0].reason
    assert not summary.is_complete


def test_another_work_in_a_batch_is_dropped():
    engine = citing(MEMORY, doi(ALIAS), *map(doi, OTHERS))
    with scripted(ROUTES["batch"](UNSTATED)) as server:
        resolve(engine, settings(server.url), now=NOW)
    assert title(engine, PRIME) is None
    assert outcome(engine, ALIAS)[0] == "not-found"


@pytest.mark.parametrize(
    "location", [f"/works/{PRIME}", f"https://api.crossref.org/v1/works/{PRIME.replace('/', '%2F')}"]
)
def test_a_redirect_states_an_alias(location):
    engine = citing(MEMORY, doi(ALIAS))
    with scripted(crossref(single={PRIME: {**STATED, "aliases": []}}, moved=location)) as server:
        resolve(engine, settings(server.url), now=NOW)
        assert all(urlsplit(asked.path).netloc == "" for asked in server.asked)
    assert title(engine, ALIAS) == "The prime"


@pytest.mark.parametrize("location", ["/login", "/works/10.1/a#b", f"/works/{ALIAS[:-2]}", "http://[", "/works?x=1"])
def test_other_redirects_state_nothing(location):
    works = {PRIME: STATED, ALIAS[:-2]: {"DOI": ALIAS[:-2]}, "10.1/a": {"DOI": "10.1/a"}}
    engine = citing(MEMORY, doi(ALIAS))
    with scripted(crossref(single=works, moved=location)) as server:
        resolve(engine, settings(server.url), now=NOW)
    assert outcome(engine, ALIAS)[0] == "failed"
    assert title(engine, ALIAS) is None


def test_an_alias_stays_when_its_prime_is_asked_again():
    engine = citing(MEMORY, doi(ALIAS))
    with scripted(crossref(single={PRIME: {**STATED, "aliases": []}}, moved=f"/works/{PRIME}")) as server:
        resolve(engine, settings(server.url), now=NOW)
    cite(engine, doi(PRIME), name="other")
    newer = {**STATED, "title": ["A newer title"], "aliases": []}
    with scripted(crossref(single={PRIME: newer, ALIAS: STATED})) as server:
        resolve(engine, settings(server.url), now=NOW, force=True)
    assert title(engine, ALIAS) == title(engine, PRIME)
    with reading(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(models.Work)) == 1


def test_a_doi_that_is_no_alias_any_more_becomes_its_own_work():
    engine = citing(MEMORY, doi(ALIAS))
    with scripted(crossref(single={ALIAS: STATED})) as server:
        resolve(engine, settings(server.url), now=NOW)
    own = {"DOI": ALIAS, "title": ["Its own"]}
    with scripted(crossref(single={ALIAS: own, PRIME: STATED})) as server:
        resolve(engine, settings(server.url), now=NOW, force=True)
    assert (title(engine, ALIAS), title(engine, PRIME)) == ("Its own", "The prime")


def test_aliases_join_and_two_works_do_not():
    records = [read_work(STATED), read_work(alias_message(ALIAS, PRIME)), read_work(alias_message("10.1/b", PRIME))]
    (group,) = group_records([*records, WorkRecord(Source.PUBMED, (pmid("7"), doi(ALIAS)))])
    assert set(group.identifiers) == {doi(PRIME), doi(ALIAS), doi("10.1/b"), pmid("7")}
    assert group.aliases == {doi(ALIAS), doi("10.1/b")}
    groups = group_records(
        [*records, *(WorkRecord(Source.PUBMED, (pmid(n), doi(d))) for n, d in (("7", PRIME), ("9", ALIAS)))]
    )
    assert len(groups) == 2
    assert all(one.conflicts == ["pmid:7 (pubmed) / pmid:9 (pubmed)"] for one in groups)


def test_the_bare_list_route_is_asked_with_the_alias():
    engine = citing(MEMORY, doi(ALIAS), *map(doi, OTHERS))
    with scripted(ROUTES["batch"](STATED)) as server:
        resolve(engine, settings(server.url), now=NOW, own_registry_only=True)
    assert ALIAS in parse_qs(urlsplit(server.asked[0].path).query)["filter"][0]
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "name", [None, "", "not a doi", "10.1000", {"x": 1}, ["10.1000/new"], 10.1, "10.1/" + "x" * 2000]
)
@pytest.mark.parametrize("is_batch", [True, False])
def test_a_work_without_a_doi_is_no_aliass_prime(name, is_batch):
    work = {"DOI": name, "aliases": ["10.1000/a"], "title": ["T"]}

    def answer(asked):
        found = {"items": [work]} if asked.path.startswith("/works?") else work
        return Answer(json.dumps({"message": found}))

    engine = citing(MEMORY, doi("10.1000/a"), *([doi("10.1000/b")] if is_batch else []))
    with scripted(answer) as server:
        summary = resolve(engine, settings(server.url, tries=1), now=NOW, own_registry_only=True)
    assert set(summary.outcomes) == {Outcome.FAILED}
    with reading(engine) as session:
        assert list(session.scalars(sa.select(models.WorkIdentifier.value))) == []
