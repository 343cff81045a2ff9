from __future__ import annotations

import gzip
import inspect
import json
import logging
import threading
from importlib import import_module
from urllib.parse import parse_qs

import Bio.Entrez
import httpx2
import pytest
from registries import DATA, MAILTO, WAKEFIELD, Answer, scripted, settings

from evidence.errors import SourceAnswerError, SourceUnavailableError
from evidence.replay.server import serving
from evidence.resolve import crossref, pubmed
from evidence.resolve.http import connected, entrez_call, idconv_address

EMPTY_SET = Answer("<PubmedArticleSet></PubmedArticleSet>", headers={"Content-Type": "text/xml"})
WORK = json.dumps({"message-type": "work", "message": {"DOI": "10.1/x", "title": ["A"]}})
KEY = "0123456789abcdef0123456789abcdef"


def connection_to(server, key=None, **registries):
    return connected(settings(server.url, **registries).registries, key)


def test_habanero_is_what_we_patch():
    for name in ("habanero.request", "habanero.request_class"):
        module = import_module(name)
        assert module.httpx2 is httpx2
        assert "httpx2.get(" in inspect.getsource(module)


def test_bio_entrez_is_what_we_patch():
    assert "handle = urlopen(request)" in inspect.getsource(Bio.Entrez)
    assert "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi" in inspect.getsource(Bio.Entrez.efetch)
    assert Bio.Entrez._open.previous >= 0


def test_both_packages_get_back_what_they_had():
    names = ("urlopen", "email", "tool", "api_key", "max_tries", "sleep_between_tries")
    before = {name: getattr(Bio.Entrez, name) for name in names}
    with scripted(Answer(WORK)) as server, connection_to(server):
        assert import_module("habanero.request").httpx2 is not httpx2
        assert Bio.Entrez.urlopen is not before["urlopen"]
    assert import_module("habanero.request").httpx2 is httpx2
    assert {name: getattr(Bio.Entrez, name) for name in names} == before


def test_crossref_is_asked_through_habanero_with_our_contact():
    with scripted(Answer(WORK)) as server, connection_to(server) as connection:
        crossref.ask_single(connection, "10.1/x")
        assert connection.requests == {"crossref": 1}
    asked = server.asked[0]
    assert asked.path == "/works/10.1%2Fx"
    assert asked.headers["user-agent"].startswith("litevidence/")
    assert asked.headers["user-agent"].endswith(f"(mailto:{MAILTO})")
    assert "gzip" in asked.headers["accept-encoding"]


def test_entrez_is_asked_by_post_with_tool_and_address_in_the_body():
    with scripted(EMPTY_SET) as server, connection_to(server, key=KEY) as connection:
        pubmed.fetch(connection, ["1"])
    asked = server.asked[0]
    form = parse_qs(asked.body)
    assert (asked.method, asked.path) == ("POST", "/entrez/eutils/efetch.fcgi")
    assert (form["tool"], form["email"], form["api_key"]) == (["litevidence"], [MAILTO], [KEY])


def test_without_an_address_none_is_sent_and_nobody_warns():
    with scripted(EMPTY_SET) as server, connection_to(server, mailto=None) as connection:
        pubmed.fetch(connection, ["1"])
    assert "email" not in parse_qs(server.asked[0].body)
    assert "mailto" not in server.asked[0].headers["user-agent"]


def test_one_connection_serves_many_requests():
    with scripted(Answer(WORK)) as server, connection_to(server) as connection:
        for _ in range(5):
            crossref.ask_single(connection, "10.1/x")
    assert len({asked.port for asked in server.asked}) == 1


def test_compressed_answers_are_read():
    with serving([DATA]) as server, connected(settings(server.base_url).registries) as connection:
        work = crossref.ask_single(connection, WAKEFIELD)
    assert len(gzip.compress(json.dumps(work).encode())) > 500  # the replay server compresses from there on
    assert work["DOI"] == WAKEFIELD


def test_keys_and_addresses_are_in_no_log_and_no_error(caplog):
    caplog.set_level(logging.DEBUG)
    body = json.dumps({"error": "API rate limit exceeded", "api-key": KEY, "count": "11", "limit": "10"})
    with (
        scripted(Answer(body, 429, {"Retry-After": "0"})) as server,
        connection_to(server, key=KEY, tries=2) as connection,
        pytest.raises(SourceUnavailableError) as caught,
    ):
        pubmed.fetch(connection, ["1"])
    said = caplog.text + caught.value.message + str(caught.value.hint)
    assert KEY not in said
    assert MAILTO not in said


def test_a_rate_limit_said_in_a_200_is_no_answer():
    body = Answer(
        json.dumps({"error": "API rate limit exceeded", "api-key": "203.0.113.7"}),
        headers={"Content-Type": "application/json"},
    )
    with scripted(body, EMPTY_SET) as server, connection_to(server) as connection:
        assert pubmed.fetch(connection, ["1"]).absent == ["1"]
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "body", ["<html><body>404 Not Found</body></html>", "", "404 page not found", '{"error":"no route"}', "null"]
)
def test_only_crossref_says_that_a_work_is_missing(body):
    with (
        scripted(Answer(body, 404, {"Content-Type": "text/plain"})) as server,
        connection_to(server, tries=1) as connection,
    ):
        with pytest.raises(SourceUnavailableError):
            crossref.ask_single(connection, "10.1/x")
        with pytest.raises(SourceUnavailableError):
            crossref.ask_agency(connection, "10.1/x")


@pytest.mark.parametrize("kind", ["text/plain", "application/json;charset=utf-8"])
def test_crossref_says_it_in_its_own_words(kind):
    said = Answer("Resource not found.", 404, {"Content-Type": kind})
    with scripted(said) as server, connection_to(server, tries=1) as connection:
        assert crossref.ask_single(connection, "10.1/x") is None
        assert crossref.ask_agency(connection, "10.1/x") is None


def test_a_list_is_never_missing():
    said = Answer("Resource not found.", 404, {"Content-Type": "text/plain"})
    caught = pytest.raises(SourceAnswerError, match="no list")
    with scripted(said) as server, connection_to(server, tries=1) as connection, caught as error:
        crossref.ask_batch(connection, ["10.1/x", "10.1/y"])
    assert error.value.status is None


def test_limits_in_the_answers_are_kept():
    headers = {"Content-Type": "application/json", "x-rate-limit-limit": "1", "x-rate-limit-interval": "1s"}
    with scripted(Answer(WORK, headers=headers)) as server, connection_to(server) as connection:
        crossref.ask_single(connection, "10.1/x")
        limiter = connection._limiters["crossref"]
        assert limiter._pools["single"].rate == 1.0
        assert limiter._pools["list"].rate == 1000


def test_without_a_contact_the_public_rates_hold():
    with scripted(Answer(WORK)) as server:
        registries = settings(server.url, mailto=None, crossref={"base_url": server.url}).registries
        with connected(registries) as connection:
            pools = connection._limiters["crossref"]._pools
            assert (pools["list"].rate, pools["single"].rate) == (1.0, 5.0)


def test_another_address_of_entrez_is_not_asked():
    with scripted(EMPTY_SET) as server, connection_to(server) as connection:
        with pytest.raises(SourceAnswerError):
            connection.open_entrez(Bio.Entrez.Request("https://example.org/efetch.fcgi?db=pubmed"))
        assert server.asked == []
        assert entrez_call("efetch", db="pubmed", id="1", retmode="xml").startswith(b"<PubmedArticleSet>")


def test_the_real_converter_is_asked_beside_the_real_entrez_only():
    assert idconv_address("https://eutils.ncbi.nlm.nih.gov/entrez/eutils").startswith("https://pmc.ncbi.nlm.nih.gov/")
    assert idconv_address("https://ncbi.nlm.nih.gov.example.org/x").startswith("https://ncbi.nlm.nih.gov.example.org/")


def test_two_runs_in_one_process_take_turns():
    entered = threading.Event()
    with scripted(Answer(WORK)) as server:

        def second():
            with connection_to(server):
                entered.set()

        with connection_to(server):
            thread = threading.Thread(target=second)
            thread.start()
            assert not entered.wait(0.2)
        thread.join(5)
    assert entered.is_set()
