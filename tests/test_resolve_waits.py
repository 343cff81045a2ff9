"""What is asked again, what is split, and from when on a failed look-up is worth another try."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import sqlalchemy as sa
from registries import Answer, citing, doi, pmid, scripted, settings

from evidence.resolve.run import resolve
from evidence.resolve.wanted import Ask, find_lookups
from evidence.store.database import reading
from evidence.vocabulary import Outcome, Source

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MEMORY = "sqlite://"
NAMES = [f"10.1/{number}" for number in range(8)]
THREE_HOURS = 3 * 3600
XML = {"Content-Type": "text/xml"}


def crossref(refuse):
    """Answer as Crossref, which has every DOI, and PubMed, which has every PMID; `refuse` may answer instead."""

    def answer(asked):
        path = urlsplit(asked.path)
        if (refusal := refuse(unquote(asked.path))) is not None:
            return refusal
        if "efetch" in path.path:
            ids = parse_qs(asked.body)["id"][0].split(",")
            cited = "".join(
                f"<PubmedArticle><MedlineCitation><PMID>{one}</PMID></MedlineCitation></PubmedArticle>" for one in ids
            )
            return Answer(f"<PubmedArticleSet>{cited}</PubmedArticleSet>", headers=XML)
        if path.query:
            names = re.findall(r"doi:([^,]+)", parse_qs(path.query)["filter"][0])
            return Answer(json.dumps({"message": {"items": [{"DOI": one} for one in names], "total-results": 1}}))
        return Answer(json.dumps({"message": {"DOI": unquote(path.path.removeprefix("/works/"))}}))

    return answer


def lookups(engine: sa.Engine):
    with reading(engine) as session:
        return find_lookups(session)


def again_at(engine, name):
    return lookups(engine)[Ask(Source.CROSSREF, doi(name))].ask_again_at


def test_a_registry_that_asks_for_hours_is_left_alone_until_then():
    engine = citing(MEMORY, *map(doi, NAMES), pmid("7"))

    def refuse(path):
        return Answer("", 429, {"Retry-After": str(THREE_HOURS)}) if path.startswith("/works") else None

    with scripted(crossref(refuse)) as server:
        small = {"base_url": server.url, "batch_size": 1, "single_requests_per_s": 1000}
        summary = resolve(engine, settings(server.url, crossref=small), now=NOW, own_registry_only=True)
        asked = sum(one.path.startswith("/works") for one in server.asked)
    # As many as were under way when the first refusal came, and none after it.
    assert asked <= 3
    assert summary.outcomes == {Outcome.FAILED: len(NAMES), Outcome.RESOLVED: 1}
    for name in NAMES:
        assert dt.timedelta(0) <= again_at(engine, name) - NOW - dt.timedelta(seconds=THREE_HOURS) < dt.timedelta(0, 60)


def test_a_short_wait_holds_everybody_and_then_all_is_answered():
    engine = citing(MEMORY, *map(doi, NAMES))
    left = [Answer("", 503, {"Retry-After": "1"})]
    began = time.monotonic()
    with scripted(crossref(lambda _path: left.pop() if left else None)) as server:
        summary = resolve(engine, settings(server.url), now=NOW, own_registry_only=True)
    assert summary.outcomes == {Outcome.RESOLVED: len(NAMES)}
    assert time.monotonic() - began >= 1.0


def test_a_slow_batch_that_is_told_to_wait_is_split_and_closes_nothing():
    engine = citing(MEMORY, *map(doi, NAMES))

    def refuse(path):
        return Answer("", 503, {"Retry-After": "0"}) if path.count("doi:") > 2 else None

    with scripted(crossref(refuse)) as server:
        summary = resolve(engine, settings(server.url, tries=1), now=NOW, own_registry_only=True)
    assert summary.outcomes == {Outcome.RESOLVED: len(NAMES)}


@pytest.mark.parametrize("status", [400, 404, 414])
def test_a_refusal_is_not_asked_again(status):
    engine = citing(MEMORY, *map(doi, NAMES))
    seen = []

    def refuse(path):
        if not path.startswith("/works?"):
            return None
        seen.append(path)
        return Answer("", status, {}) if path.count("doi:") > 2 else None

    with scripted(crossref(refuse)) as server:
        summary = resolve(engine, settings(server.url), now=NOW, own_registry_only=True)
    assert len(seen) == len(set(seen))
    assert summary.outcomes == {Outcome.RESOLVED: len(NAMES)}


def test_what_failed_says_when_to_ask_again():
    engine = citing(MEMORY, doi(NAMES[0]), pmid("7"))

    def refuse(path):
        return Answer("", 500, {}) if path.startswith("/works") else None

    with scripted(crossref(refuse)) as server:
        resolve(engine, settings(server.url, tries=1), now=NOW, own_registry_only=True)
    assert again_at(engine, NAMES[0]) == NOW
    assert lookups(engine)[Ask(Source.PUBMED, pmid("7"))].outcome is Outcome.RESOLVED


def test_a_registry_that_goes_away_in_mid_run_loses_no_answer_of_its_own_and_of_others():
    engine = citing(MEMORY, *map(doi, NAMES), pmid("7"))
    left = [None] * 3

    def refuse(path):
        if not path.startswith("/works"):
            return None
        return left.pop() if left else Answer(drop=True)

    with scripted(crossref(refuse)) as server:
        small = {"base_url": server.url, "batch_size": 1, "single_requests_per_s": 1000}
        summary = resolve(engine, settings(server.url, crossref=small, tries=1), now=NOW, own_registry_only=True)
    assert summary.outcomes == {Outcome.RESOLVED: 4, Outcome.FAILED: 5}


def test_identifiers_that_bring_their_batches_down_close_nothing():
    """Each of a dozen batches holds one: by their failing alone nobody can tell it from an outage."""
    names = [f"10.1/x{number:02}." for number in range(48)]
    bad = names[::4]
    down = crossref(lambda path: Answer(status=500) if any(one in path for one in bad) else None)
    with scripted(down) as server:
        chosen = with_batches(settings(server.url, tries=1), 4)
        summary = resolve(citing(MEMORY, *map(doi, names)), chosen, own_registry_only=True, now=NOW)
    (group,) = summary.failed
    assert sorted(one.value for one in group.references) == bad


def test_an_outage_is_told_by_few_requests():
    names = [f"10.1/x{number:03}" for number in range(400)]
    with scripted(Answer(status=500)) as server:
        chosen = with_batches(settings(server.url, tries=1), 4)
        summary = resolve(citing(MEMORY, *map(doi, names)), chosen, own_registry_only=True, now=NOW)
        assert len(server.asked) < 30
    assert summary.outcomes == {Outcome.FAILED: 400}


def with_batches(chosen, size):
    registries = chosen.registries
    return chosen.model_copy(
        update={
            "registries": registries.model_copy(
                update={"crossref": registries.crossref.model_copy(update={"batch_size": size})}
            )
        }
    )


def test_any_other_error_of_a_summary_is_no_word_that_a_pmid_does_not_exist():
    later = {"uids": ["7"], "7": {"uid": "7", "error": "Backend failed, please try again later"}}
    empty = "<PubmedArticleSet></PubmedArticleSet>"

    def answer(asked):
        return Answer(json.dumps({"result": later})) if "esummary" in asked.path else Answer(empty, headers=XML)

    with scripted(answer) as server:
        summary = resolve(citing(MEMORY, pmid("7")), settings(server.url, tries=1), now=NOW)
    assert summary.outcomes == {Outcome.FAILED: 1}


def test_a_wait_of_thirty_thousand_years_is_no_fault_of_ours():
    with scripted(Answer("", 429, {"Retry-After": "999999999999"})) as server:
        summary = resolve(citing(MEMORY, doi(NAMES[0])), settings(server.url), now=NOW, own_registry_only=True)
    assert summary.outcomes == {Outcome.FAILED: 1}
