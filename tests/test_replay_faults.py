"""Faults on demand: who meets which, and what arrives, over real HTTP."""

from __future__ import annotations

import gzip
import http.client
import json
import random
import threading
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from asking import ask, entrez_url, quoted, send, works_url

from evidence.errors import ConfigError
from evidence.replay.faults import MIX, Fault, FaultChooser, Faults, ScriptedFault, parse_rates, scripted_from_json
from evidence.replay.server import serving

DATA = Path(__file__).parent / "data" / "registry"
WAKEFIELD = "10.1016/s0140-6736(97)11096-0"
ELIFE = "10.7554/elife.01567"
NATURE = "10.1371/journal.pone.0033693"


@pytest.fixture(scope="module")
def running():
    with serving([DATA]) as server:
        yield server


@pytest.fixture
def server(running):
    yield running
    running.set_faults([])


def met(server, fault, **options):
    """What a request for one work gets under a fault."""
    server.set_faults([ScriptedFault(fault, **options)])
    return ask(f"{server.crossref_url}/works/{quoted(WAKEFIELD)}")


def fetched(server, fault, utility="efetch", **parameters):
    server.set_faults([ScriptedFault(fault)])
    return ask(entrez_url(server, utility, **{"id": "1,31541003", "retmode": "xml", **parameters}))


# What arrives


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.BAD_GATEWAY, Fault.UNAVAILABLE, Fault.GATEWAY_TIMEOUT])
def test_server_faults_are_pages_with_their_status(server, fault):
    answer = met(server, fault)
    assert (str(answer.status), answer.headers["content-type"]) == (fault.value, "text/html")
    assert "retry-after" not in answer.headers


def test_too_many_at_crossref_is_empty(server):
    answer = met(server, Fault.TOO_MANY)
    assert (answer.status, answer.body) == (429, b"")
    assert {"retry-after", "content-type"}.isdisjoint(answer.headers)


def test_wait_can_be_stated(server):
    assert met(server, Fault.TOO_MANY_WITH_WAIT).headers["retry-after"] == "1"
    assert met(server, Fault.TOO_MANY, retry_after_s=7).headers["retry-after"] == "7"
    assert met(server, Fault.UNAVAILABLE, retry_after_s=2).headers["retry-after"] == "2"


@pytest.mark.parametrize(("fault", "status"), [(Fault.TOO_MANY, 429), (Fault.TOO_MANY_IN_200, 200)])
def test_too_many_at_ncbi_is_the_recorded_body(server, fault, status):
    answer = fetched(server, fault, api_key="secret-key")
    expected = {"error": "API rate limit exceeded", "api-key": "***", "count": "11", "limit": "10"}
    assert (answer.status, answer.json()) == (status, expected)


def test_dropped_connection_sends_nothing(server):
    with pytest.raises(http.client.RemoteDisconnected):
        met(server, Fault.DROP)


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_cut_body_is_shorter_than_it_says(server, encoding):
    server.set_faults([ScriptedFault(Fault.CUT)])
    url = f"{server.crossref_url}/works/{quoted(WAKEFIELD)}"
    with pytest.raises(http.client.IncompleteRead) as error:
        ask(url, Accept_Encoding=encoding)
    whole = len(ask(url, Accept_Encoding=encoding).body)
    assert len(error.value.partial) == whole // 2
    assert error.value.expected == whole - whole // 2
    assert error.value.partial.startswith(b"\x1f\x8b") is (encoding == "gzip")


def test_slow_answer_outlasts_the_clients_patience_and_holds_nobody_up(server):
    server.set_faults([ScriptedFault(Fault.SLOW, slow_s=5.0)])
    request = urllib.request.Request(f"{server.crossref_url}/works/{quoted(WAKEFIELD)}")
    with pytest.raises(TimeoutError):
        send(request, timeout=0.2)
    start = time.monotonic()
    assert send(request).status == 200
    assert time.monotonic() - start < 3


def test_slow_answer_arrives_in_the_end(server):
    start = time.monotonic()
    assert met(server, Fault.SLOW, slow_s=0.3).json()["message"]["DOI"] == WAKEFIELD
    assert time.monotonic() - start >= 0.3


def test_end_of_the_server_does_not_wait_for_slow_answers():
    with serving([DATA], faults=Faults(scripted=(ScriptedFault(Fault.SLOW),), slow_s=60)) as slow:
        thread = threading.Thread(target=ask_in_vain, args=(slow,))
        thread.start()
        time.sleep(0.2)
        start = time.monotonic()
    thread.join()
    assert time.monotonic() - start < 5


def ask_in_vain(server):
    with suppress(OSError, http.client.HTTPException):
        ask(f"{server.crossref_url}/works/{quoted(WAKEFIELD)}")


def test_html_instead_of_data(server):
    for answer in (met(server, Fault.HTML), fetched(server, Fault.HTML)):
        assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert answer.body.startswith(b"<!DOCTYPE html>")


def test_truncated_data_is_as_long_as_it_says(server):
    answer = met(server, Fault.TRUNCATED)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert int(answer.headers["content-length"]) == len(answer.body)
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_type_can_be_missing(server):
    answer = met(server, Fault.NO_TYPE)
    assert "content-type" not in answer.headers
    assert answer.json()["message"]["DOI"] == WAKEFIELD


def test_set_can_be_empty_although_the_records_exist(server):
    answer = fetched(server, Fault.EMPTY_SET)
    assert (answer.status, len(answer.xml())) == (200, 0)
    assert b"pubmed_260101.dtd" in answer.body


@pytest.mark.parametrize(
    ("utility", "root"), [("efetch", "eFetchResult"), ("esearch", "eSearchResult"), ("epost", "ePostResult")]
)
def test_error_element_has_the_form_of_its_utility(server, utility, root):
    answer = fetched(server, Fault.ERROR_ELEMENT, utility, term="1[uid]")
    assert (answer.status, answer.xml().tag) == (200, root)
    assert "failed" in answer.xml().findtext("ERROR")


def test_error_of_a_search_in_json(server):
    answer = fetched(server, Fault.ERROR_ELEMENT, "esearch", retmode="json", term="1[uid]")
    assert "failed" in answer.json()["esearchresult"]["ERROR"]


@pytest.mark.parametrize(
    ("fault", "status", "content_type"),
    [
        (Fault.NOT_FOUND, 404, "text/plain"),
        (Fault.NOT_FOUND_AS_JSON, 404, "application/json;charset=utf-8"),
        (Fault.BLOCKED, 403, "text/html"),
        (Fault.TOO_LONG, 414, "text/html;charset=iso-8859-1"),
    ],
)
def test_refusals_have_their_type(server, fault, status, content_type):
    answer = met(server, fault)
    assert (answer.status, answer.headers["content-type"]) == (status, content_type)
    if status == 404:
        assert answer.body == b"Resource not found."


@pytest.mark.parametrize(("fault", "stated"), [(Fault.ALIAS, [WAKEFIELD]), (Fault.OTHER_DOI, None)])
def test_work_can_come_back_under_another_doi(server, fault, stated):
    message = met(server, fault).json()["message"]
    assert message["DOI"] != WAKEFIELD
    assert message.get("aliases") == stated
    assert message["title"][0].startswith("RETRACTED: ")


# Who meets it


def test_scripted_fault_is_met_as_often_as_asked_where_asked(server):
    server.set_faults([ScriptedFault(Fault.ERROR, route="crossref/works", matching=ELIFE.upper(), times=2)])
    single = f"{server.crossref_url}/works/{quoted(ELIFE)}"
    without, within = works_url(server, [WAKEFIELD]), works_url(server, [WAKEFIELD, ELIFE])
    assert [ask(url).status for url in (single, without, within, within, within)] == [200, 200, 500, 500, 200]


def test_identifier_is_matched_whole(server):
    server.set_faults([ScriptedFault(Fault.ERROR, matching="1", times=None)])
    assert ask(entrez_url(server, "efetch", id="31541003", retmode="xml")).status == 200
    assert ask(entrez_url(server, "efetch", id="31541003,1", retmode="xml")).status == 500
    assert ask(entrez_url(server, "esearch", term="31541003[uid] OR 1[uid]")).status == 500


def test_poison_fails_every_batch_that_holds_it(server):
    server.set_faults([ScriptedFault(Fault.ERROR, matching=ELIFE, times=None)])
    asked = [WAKEFIELD, ELIFE, NATURE]
    assert [ask(works_url(server, asked)).status for _ in range(5)] == [500] * 5
    assert ask(works_url(server, [WAKEFIELD, NATURE])).status == 200
    assert ask(f"{server.crossref_url}/works/{quoted(ELIFE)}").status == 500


def test_only_faults_can_be_deleted(server):
    assert ask(f"{server.crossref_url}/works/{quoted(ELIFE)}", method="DELETE").status == 405


def test_posted_list_is_matched_too(server):
    posted = ask(f"{server.entrez_url}/epost.fcgi", form={"db": "pubmed", "id": "1,31541003"}).xml()
    server.set_faults([ScriptedFault(Fault.ERROR, route="entrez/efetch", matching="31541003")])
    keys = {"WebEnv": posted.findtext("WebEnv"), "query_key": posted.findtext("QueryKey")}
    assert ask(entrez_url(server, "efetch", retmode="xml", **keys)).status == 500


def test_fault_stays_away_from_routes_that_cannot_answer_so(server):
    assert met(server, Fault.EMPTY_SET).status == 200
    assert met(server, Fault.TOO_MANY_IN_200).json()["status"] == "ok"


def test_faults_are_asked_for_and_cleared_over_http(server):
    url = f"{server.base_url}/__replay__/faults"
    script = [{"route": "crossref/works", "fault": "429", "times": 1, "matching": ELIFE, "retry_after_s": 1}]
    posted = urllib.request.Request(url, json.dumps(script).encode(), {"Content-Type": "application/json"})
    assert send(posted).status == 204
    answer = ask(works_url(server, [ELIFE]))
    assert (answer.status, answer.headers["retry-after"]) == (429, "1")
    assert send(posted).status == 204
    assert ask(url, method="DELETE").status == 204
    assert ask(works_url(server, [ELIFE])).status == 200


@pytest.mark.parametrize(
    "script",
    ["{", "{}", '[{"fault": "600"}]', '[{"route": ""}]', '[{"fault": "500", "times": "2"}]', '[{"fault": [], "x": 1}]'],
)
def test_other_scripts_are_refused(server, script):
    posted = urllib.request.Request(f"{server.base_url}/__replay__/faults", script.encode())
    assert send(posted).status == 400


def test_script_has_defaults():
    (one,) = scripted_from_json([{"fault": "drop"}])
    assert one == ScriptedFault(Fault.DROP, route="", matching="", times=1)


# By chance


def chances(seed, order, rates="500=0.2,drop=0.2,cut=0.1", asked=3):
    choose = FaultChooser(Faults(parse_rates(rates), seed))
    found = {}
    for doi in order:
        found[doi] = [chosen and chosen.fault for chosen in (choose("crossref/works", [doi]) for _ in range(asked))]
    return found


DOIS = [f"10.1000/{number}" for number in range(500)]


def test_chance_hangs_on_the_seed_and_not_on_the_order():
    shuffled = random.Random(1).sample(DOIS, len(DOIS))
    assert chances(7, DOIS) == chances(7, shuffled)
    assert chances(7, DOIS) != chances(8, DOIS)


def test_order_of_the_identifiers_within_a_request_does_not_matter():
    choose = [FaultChooser(Faults(parse_rates("500=0.5"), 3)) for _ in range(2)]
    for number in range(50):
        batch = [f"10.1000/{number}", "10.1000/X"]
        assert choose[0]("crossref/works", batch) == choose[1]("crossref/works", [batch[1].lower(), batch[0]])


def test_rates_are_kept():
    found = [faults[0] for faults in chances(7, DOIS, "500=0.2,drop=0.1").values()]
    assert 0.15 < found.count(Fault.ERROR) / 500 < 0.25
    assert 0.06 < found.count(Fault.DROP) / 500 < 0.14


def test_request_asked_again_often_enough_is_answered():
    assert all(None in faults for faults in chances(7, DOIS, "500=1", asked=4).values())


def test_mix_shares_its_rate_out_among_faults_that_pass():
    rates = parse_rates("all=0.2")
    assert sum(rates.values()) == pytest.approx(0.2)
    assert rates[Fault.ERROR] == pytest.approx(0.2 * MIX[Fault.ERROR])
    looks_true = {Fault.NOT_FOUND, Fault.EMPTY_SET, Fault.ALIAS, Fault.OTHER_DOI, Fault.BLOCKED}
    assert looks_true.isdisjoint(rates)
    assert parse_rates("all=0.1,slow=0.05")[Fault.SLOW] == 0.05


@pytest.mark.parametrize("text", ["500", "500=x", "600=0.1", "500=0.6,drop=0.6", "500=-1", "500=nan"])
def test_other_rates_are_refused(text):
    with pytest.raises(ConfigError):
        parse_rates(text)


def test_threads_do_not_change_who_meets_what():
    def counted(threads):
        with serving([DATA], faults=Faults(parse_rates("500=0.3,429=0.3"), seed=7)) as server:
            urls = [f"{server.crossref_url}/works/{quoted(f'10.9999/{number}')}" for number in range(40)]
            parts = [urls[start::threads] for start in range(threads)]
            workers = [threading.Thread(target=lambda part=part: [ask(url) for url in part]) for part in parts]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            return sorted((entry.path, entry.fault) for entry in server.log())

    assert counted(1) == counted(8)


# What is counted


def test_faults_stand_in_the_log_and_in_the_counts():
    with serving([DATA], faults=Faults(scripted=(ScriptedFault(Fault.DROP), ScriptedFault(Fault.CUT)))) as server:
        url = f"{server.crossref_url}/works/{quoted(WAKEFIELD)}"
        for error in (http.client.RemoteDisconnected, http.client.IncompleteRead):
            with pytest.raises(error):
                ask(url)
        ask(url)
        counts = server.counts()
        log = [(entry.status, entry.fault) for entry in server.log()]
        sent = ask(f"{server.base_url}/__replay__/log").body.splitlines()
    assert counts["faults"] == {"cut": 1, "drop": 1}
    assert counts["statuses"] == {"200": 2, "dropped": 1}
    assert log == [(None, "drop"), (200, "cut"), (200, None)]
    assert [json.loads(line)["fault"] for line in sent] == ["drop", "cut", None]


@pytest.mark.parametrize(("fault", "statuses"), [(Fault.TOO_MANY, [429, 200, 429]), (Fault.ERROR, [500, 429, 429])])
def test_what_is_turned_away_takes_no_place_in_the_rate(fault, statuses):
    with serving([DATA], limits="documented", faults=Faults(scripted=(ScriptedFault(fault),))) as server:
        assert [ask(works_url(server, [WAKEFIELD])).status for _ in range(3)] == statuses
        assert server.counts()["violations"]["rate"] == statuses[1:].count(429)


def test_density_of_requests_is_counted_with_and_without_limits():
    with serving([DATA], latency_s=0.5) as server:
        url = f"{server.crossref_url}/works/{quoted(WAKEFIELD)}?mailto=someone@example.org"
        threads = [threading.Thread(target=ask, args=(url,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ask(entrez_url(server, "efetch", id="1", retmode="xml", api_key="secret-key"))
        counts = ask(f"{server.base_url}/__replay__/counts").json()
    assert counts["most_at_once"] == {"ncbi-key": 1, "polite": 4}
    assert counts["busiest_second"] == {"ncbi-key": 1, "polite-single": 4}


def test_cut_gzip_cannot_be_unpacked(server):
    server.set_faults([ScriptedFault(Fault.CUT)])
    with pytest.raises(http.client.IncompleteRead) as error:
        ask(f"{server.crossref_url}/works/{quoted(WAKEFIELD)}", Accept_Encoding="gzip")
    with pytest.raises(EOFError):
        gzip.decompress(error.value.partial)
