"""The replay server over real HTTP: each form of answer as the registries were recorded to send it."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import threading
import time
import urllib.parse
from pathlib import Path

import pytest
from asking import ask, entrez_url, quoted, works_url

from evidence.errors import ConfigError
from evidence.replay.limits import Limiter, Pool, Violation
from evidence.replay.recordings import load_recordings
from evidence.replay.server import ReplayServer, serve_forever, serving

DATA = Path(__file__).parent / "data" / "registry"
WAKEFIELD = "10.1016/s0140-6736(97)11096-0"
SICI = "10.1002/1531-8249(200004)47:4<440::aid-ana6>3.0.co;2-e"
TRANSCRIBED = "10.1016/s0092-8674(00)80258-5"
ABSENT = "10.1371/notarealdoi"
UNKNOWN = "10.9999/never-recorded"


@pytest.fixture(scope="module")
def server():
    with serving([DATA]) as running:
        yield running


@pytest.fixture
def limited():
    with serving([DATA], limits="documented") as running:
        yield running


# Crossref, single works


@pytest.mark.parametrize("safe", ["", "/"])
def test_work_answers_with_slash_quoted_or_not(server, safe):
    answer = ask(f"{server.crossref_url}/works/{urllib.parse.quote(WAKEFIELD, safe=safe)}")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-replay-origin"] == "recorded"
    content = answer.json()
    assert (content["status"], content["message-type"], content["message-version"]) == ("ok", "work", "1.0.0")
    assert content["message"]["DOI"] == WAKEFIELD


def test_recorded_retraction_is_served_as_recorded(server):
    message = ask(f"{server.crossref_url}/works/{quoted(WAKEFIELD)}").json()["message"]
    assert message["title"][0].startswith("RETRACTED: ")
    assert [(update["type"], update["source"]) for update in message["updated-by"]] == [
        ("correction", "retraction-watch"),
        ("retraction", "retraction-watch"),
    ]


@pytest.mark.parametrize("doi", [SICI, SICI.upper(), "10.1016/0006-2952(76)90360-9"])
def test_odd_dois_and_capitals_find_their_work(server, doi):
    assert ask(f"{server.crossref_url}/works/{quoted(doi)}").json()["message"]["DOI"] == doi.lower()


def test_absent_doi_is_19_bytes_of_plain_text(server):
    answer = ask(f"{server.crossref_url}/works/{quoted(ABSENT)}")
    assert (answer.status, answer.headers["content-type"], answer.body) == (404, "text/plain", b"Resource not found.")
    assert len(answer.body) == 19


@pytest.mark.parametrize("path", [f"works/{quoted(UNKNOWN)}", f"works/{quoted(UNKNOWN)}/agency", "funders/1", ""])
def test_without_a_recording_the_answer_is_501(server, path):
    answer = ask(f"{server.crossref_url}/{path}")
    assert answer.status == 501
    assert UNKNOWN.encode() not in answer.body
    assert "x-replay-origin" not in answer.headers


def test_recorded_refusal_is_replayed(server):
    answer = ask(f"{server.crossref_url}/works/10.1371/journal.pone.0033693?query.author=carl+boettiger")
    assert answer.status == 400
    assert answer.json()["message"][0]["type"] == "parameter-not-allowed"


def test_recorded_exchange_is_replayed_without_its_encoding(server):
    answer = ask(f"{server.crossref_url}/works?select=DOI%2Ctitle&query=ecology&mailto=someone@example.org")
    assert answer.status == 200
    assert "content-encoding" not in answer.headers
    assert len(answer.json()["message"]["items"]) == 20


def test_post_is_not_allowed(server):
    assert ask(f"{server.crossref_url}/works", form={"filter": f"doi:{WAKEFIELD}"}).status == 405


def test_head_has_no_body(server):
    answer = ask(f"{server.crossref_url}/works/{quoted(WAKEFIELD)}", method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["content-length"]) > 5000


# Crossref, lists


def test_repeated_doi_filter_means_any_of_them(server):
    asked = [WAKEFIELD, SICI, "10.7554/elife.01567"]
    answer = ask(works_url(server, asked, rows=3))
    content = answer.json()
    assert content["message-type"] == "work-list"
    assert content["message"]["total-results"] == 3
    assert {item["DOI"] for item in content["message"]["items"]} == set(asked)


def test_absent_works_are_silently_left_out(server):
    message = ask(works_url(server, [ABSENT, "10.48550/arxiv.2303.02917", WAKEFIELD])).json()["message"]
    assert [item["DOI"] for item in message["items"]] == [WAKEFIELD]


def test_one_unknown_doi_fails_its_whole_batch(server):
    assert ask(works_url(server, [WAKEFIELD, UNKNOWN])).status == 501


def test_list_shows_20_works_unless_told_otherwise(server):
    lines = (DATA / "crossref" / "works.jsonl").read_text("utf-8").splitlines()
    dois = [json.loads(line)["doi"] for line in lines]
    assert len(dois) > 20
    short = ask(works_url(server, dois)).json()["message"]
    assert (len(short["items"]), short["items-per-page"], short["total-results"]) == (20, 20, len(dois))
    assert len(ask(works_url(server, dois, rows=1000)).json()["message"]["items"]) == len(dois)


def test_order_of_a_list_is_not_the_asked_one(server):
    asked = [WAKEFIELD, "10.7554/elife.01567", SICI, "10.3892/ijo_00000353"]
    orders = {
        tuple(item["DOI"] for item in ask(works_url(server, order)).json()["message"]["items"])
        for order in (asked, asked[::-1])
    }
    assert len(orders) == 1


def test_select_keeps_the_named_fields(server):
    items = ask(works_url(server, [WAKEFIELD], select="DOI,updated-by,group-title")).json()["message"]["items"]
    assert [sorted(item) for item in items] == [["DOI", "updated-by"]]


@pytest.mark.parametrize(
    ("parameters", "kind"),
    [
        ({"rows": "things"}, "integer-not-valid"),
        ({"rows": "1001"}, "integer-not-valid"),
        ({"rows": "-1"}, "integer-not-valid"),
        ({"offset": "10001"}, "integer-not-valid"),
        ({"select": "DOI,language"}, "select-not-available"),
        ({"filter": "doi:10.1/a,b"}, "filter-not-available"),
        ({"rows": "²"}, "integer-not-valid"),
        ({"filter": "colour:red"}, "filter-not-available"),
    ],
)
def test_bad_parameters_are_a_validation_failure(server, parameters, kind):
    answer = ask(works_url(server, [WAKEFIELD], **parameters))
    assert answer.status == 400
    assert answer.json()["message-type"] == "validation-failure"
    assert answer.json()["message"][0]["type"] == kind


@pytest.mark.parametrize(("length", "status"), [(4096, 501), (4097, 414)])
def test_request_line_may_have_4096_bytes(server, length, status):
    start = "/works?filter=doi:10.9999/"
    target = start.ljust(length - len("GET  HTTP/1.1"), "a")
    connection = http.client.HTTPConnection(*server.base_url.removeprefix("http://").split(":"))
    connection.request("GET", target)
    assert connection.getresponse().status == status
    connection.close()


# Crossref, agencies and content negotiation


def test_agency_of_a_crossref_doi(server):
    content = ask(f"{server.crossref_url}/works/10.1126/science.169.3946.635/agency").json()
    assert content["message-type"] == "work-agency"
    assert content["message"]["agency"] == {"id": "crossref", "label": "Crossref"}


def test_doi_of_another_agency_is_no_work_but_has_an_agency(server):
    url = f"{server.crossref_url}/works/{quoted('10.48550/arXiv.2303.02917')}"
    assert ask(url).status == 404
    answer = ask(f"{url}/agency")
    assert answer.json()["message"]["agency"]["id"] == "datacite"
    assert answer.headers["x-replay-origin"] == "transcribed"


def test_agency_of_an_absent_doi_claims_json_but_is_text(server):
    answer = ask(f"{server.crossref_url}/works/{quoted(ABSENT)}/agency")
    assert (answer.status, answer.body) == (404, b"Resource not found.")
    assert answer.headers["content-type"] == "application/json;charset=utf-8"


def test_recorded_bibtex_is_negotiated(server):
    url = f"{server.crossref_url}/v1/works/10.1126%2Fscience.169.3946.635/transform"
    answer = ask(url, Accept="application/x-bibtex")
    assert answer.headers["content-type"] == "application/x-bibtex"
    assert answer.body.startswith(b" @article{Frank_1970, title={The Structure of Ordinary Water")


def test_csl_json_has_single_titles(server):
    url = f"{server.crossref_url}/works/{quoted(WAKEFIELD)}/transform"
    answer = ask(url, Accept="application/vnd.citationstyles.csl+json")
    assert answer.json()["container-title"] == "The Lancet"
    assert answer.headers["content-type"] == "application/vnd.citationstyles.csl+json"
    assert ask(url, Accept="text/turtle").status == 406


# E-utilities


def article_pmids(answer):
    return [record.findtext(".//PMID") for record in answer.xml()]


def test_fetch_returns_the_asked_records_under_the_doctype_of_2026(server):
    answer = ask(entrez_url(server, "efetch", id="31541003,1,21413195", retmode="xml"))
    assert article_pmids(answer) == ["31541003", "1", "21413195"]
    assert b"pubmed_260101.dtd" in answer.body.splitlines()[1]
    assert answer.headers["content-type"] == "text/xml; charset=UTF-8"
    assert [record.tag for record in answer.xml()][-1] == "PubmedBookArticle"


def test_fetched_record_is_the_recorded_one(server):
    answer = ask(entrez_url(server, "efetch", id="31541003", retmode="xml"))
    recorded = (DATA / "pubmed" / "records.xml").read_bytes()
    start = answer.body.index(b"<PubmedArticle>")
    assert answer.body[start : answer.body.index(b"</PubmedArticle>")] in recorded
    assert answer.headers["x-replay-origin"] == "recorded"
    types = [item.text for item in answer.xml().iter("PublicationType")]
    assert "Retracted Publication" in types


def test_absent_pmid_is_left_out_and_alone_gives_an_empty_set(server):
    both = ask(entrez_url(server, "efetch", id="40482261,1", retmode="xml"))
    assert article_pmids(both) == ["1"]
    alone = ask(entrez_url(server, "efetch", id="40482261", retmode="xml"))
    assert (alone.status, len(alone.xml())) == (200, 0)
    assert alone.body.endswith(b"<PubmedArticleSet></PubmedArticleSet>")


@pytest.mark.parametrize("utility", ["efetch", "esummary"])
def test_one_unknown_pmid_fails_its_whole_batch(server, utility):
    retmode = "xml" if utility == "efetch" else "json"
    assert ask(entrez_url(server, utility, id="1,99999999", retmode=retmode)).status == 501


def test_post_of_200_ids_is_answered_like_get(server):
    form = {"db": "pubmed", "id": ",".join(["1"] * 199 + ["31541003"]), "retmode": "xml"}
    assert article_pmids(ask(f"{server.entrez_url}/efetch.fcgi", form=form)) == ["1", "31541003"]


def test_search_by_doi_finds_pmids(server):
    term = f'"{WAKEFIELD}"[aid] OR "10.1042/bsr20182466"[doi]'
    result = ask(entrez_url(server, "esearch", term=term, retmode="json")).json()["esearchresult"]
    assert (result["count"], result["idlist"]) == ("2", ["31541003", "9500320"])


def test_search_translates_as_recorded(server):
    url = entrez_url(server, "esearch", term=f'"{WAKEFIELD}"[doi]', retmode="json")
    result = ask(url).json()["esearchresult"]
    assert result["querytranslation"] == '"10 1016 s0140 6736 97 11096 0"[Publisher ID]'
    assert result["idlist"] == ["9500320"]


def test_search_drops_punctuation_so_that_a_neighbour_matches(server):
    url = entrez_url(server, "esearch", term='"10.1016/s0140-6736-97-11096-0"[doi]', retmode="json")
    assert ask(url).json()["esearchresult"]["idlist"] == ["9500320"]


def test_search_in_xml_by_post_with_retmax(server):
    form = {"db": "pubmed", "term": "31541003[uid] OR 1[uid] OR 40482261[uid]", "retmax": "1"}
    result = ask(f"{server.entrez_url}/esearch.fcgi", form=form).xml()
    assert (result.findtext("Count"), [item.text for item in result.iter("Id")]) == ("2", ["31541003"])
    assert result.findtext("ErrorList/PhraseNotFound") == '"40482261"[uid]'


@pytest.mark.parametrize("term", [f'"{UNKNOWN}"[doi]', f'"{WAKEFIELD}"[doi] OR "{UNKNOWN}"[doi]', "bone AND RUNX2"])
def test_search_without_a_recording_is_501(server, term):
    assert ask(entrez_url(server, "esearch", term=term, retmode="json")).status == 501


def test_search_for_a_doi_known_to_be_absent_finds_nothing(server):
    result = ask(entrez_url(server, "esearch", term=f'"{ABSENT}"[doi]', retmode="json")).json()["esearchresult"]
    assert (result["count"], result["idlist"]) == ("0", [])


def test_posted_ids_are_fetched_by_key(server):
    posted = ask(f"{server.entrez_url}/epost.fcgi", form={"db": "pubmed", "id": "1,31541003"}).xml()
    keys = {"WebEnv": posted.findtext("WebEnv"), "query_key": posted.findtext("QueryKey")}
    assert article_pmids(ask(entrez_url(server, "efetch", retmode="xml", **keys))) == ["1", "31541003"]
    assert article_pmids(ask(entrez_url(server, "efetch", retmode="xml", retstart=1, **keys))) == ["31541003"]


def test_folder_that_keeps_entrez_answers_by_utility():
    with serving([DATA.parent / "fixtures"]) as server:
        fetched = ask(entrez_url(server, "efetch", id="9500320", retmode="xml"))
        assert (article_pmids(fetched), fetched.headers["x-replay-origin"]) == (["9500320"], "transcribed")
        summary = ask(entrez_url(server, "esummary", id="9500320", retmode="json", version="2.0"))
        assert (summary.json()["result"]["uids"], summary.headers["x-replay-origin"]) == (["9500320"], "recorded")
        found = ask(entrez_url(server, "esearch", term=f'"{WAKEFIELD}"[doi]', retmode="json")).json()
        assert found["esearchresult"]["idlist"] == ["9500320"]
        # Numbers of PMC's own database are no PMIDs.
        assert ask(entrez_url(server, "esummary", id="254085", retmode="json")).status == 501
        assert ask(entrez_url(server, "efetch", id="1", retmode="xml")).status == 501


@pytest.mark.parametrize("key", ["9" * 5000, "²", "-1", "0", "x"])
def test_key_that_is_none_finds_nothing(server, key):
    form = {"db": "pubmed", "query_key": key, "WebEnv": "MCID_replay000001", "retmode": "xml", "retmax": key}
    assert ask(f"{server.entrez_url}/efetch.fcgi", form=form).status == 501


def test_post_of_nothing_is_an_error_element(server):
    posted = ask(f"{server.entrez_url}/epost.fcgi", form={"db": "pubmed", "id": ""}).xml()
    assert posted.findtext("ERROR") == "Empty ID list; Nothing to store"


def test_summary_has_an_error_for_each_absent_id(server):
    result = ask(entrez_url(server, "esummary", id="9500320,40482261,1", retmode="json")).json()["result"]
    assert result["uids"] == ["9500320", "40482261", "1"]
    assert result["40482261"] == {"uid": "40482261", "error": "cannot get document summary"}
    assert "Retracted Publication" in result["9500320"]["pubtype"]
    assert result["1"]["title"] == "Formate assay in body fluids: application in methanol poisoning."


def test_summary_in_xml_has_an_error_for_each_absent_id(server):
    documents = ask(entrez_url(server, "esummary", id="1,40482261", version="2.0")).xml().iter("DocumentSummary")
    found = {document.get("uid"): document for document in documents}
    assert found["40482261"].findtext("error") == "cannot get document summary"
    assert found["1"].findtext("Title") == "Formate assay in body fluids: application in methanol poisoning."


# PMC id converter


def test_old_converter_address_moves_to_the_new_one(server):
    answer = ask(f"{server.base_url}/pmc/utils/idconv/v1.0/?ids=27924024&format=json")
    assert (answer.status, answer.headers["location"]) == (
        301,
        "/tools/idconv/api/v1/articles/?ids=27924024&format=json",
    )


@pytest.mark.parametrize("asked", ["27924024", "PMC5210645", "10.1093/nar/gkw951"])
def test_converter_answers_each_kind_of_id(server, asked):
    record = ask(f"{server.idconv_url}?ids={quoted(asked)}&format=json").json()["records"][0]
    expected = {"pmid": 27924024, "pmcid": "PMC5210645", "doi": "10.1093/nar/gkw951", "requested-id": asked}
    assert record == expected


def test_converter_says_what_is_not_in_pmc(server):
    content = ask(f"{server.idconv_url}?ids={quoted(WAKEFIELD)}&format=json&tool=retraction").json()
    assert content["records"] == [
        {"doi": WAKEFIELD, "requested-id": WAKEFIELD, "status": "error", "errmsg": "Identifier not found in PMC"}
    ]
    assert content["request"]["warnings"] == ["query param `email` is missing."]


def test_converter_refuses_mixed_and_too_many_ids(server):
    assert ask(f"{server.idconv_url}?ids=27924024,PMC5210645&format=json").status == 400
    assert ask(f"{server.idconv_url}?ids={','.join(['27924024'] * 201)}&format=json").status == 400
    assert ask(f"{server.idconv_url}?ids=99999999&format=json").status == 501


# Transcribed facts


def test_transcribed_work_says_so_in_crossref_form(server):
    answer = ask(f"{server.crossref_url}/works/{quoted(TRANSCRIBED)}")
    message = answer.json()["message"]
    assert (answer.headers["x-replay-origin"], message["source"]) == ("transcribed", "transcribed")
    assert (message["type"], message["container-title"], message["page"]) == ("journal-article", ["Cell"], "755-764")
    assert message["author"][0] == {"given": "T", "family": "Komori", "sequence": "first"}


def test_transcribed_record_says_so_in_pubmed_form(server):
    answer = ask(entrez_url(server, "efetch", id="9182763", retmode="xml"))
    assert answer.headers["x-replay-origin"] == "transcribed"
    assert answer.xml().find(".//MedlineCitation").get("Owner") == "transcribed"
    assert [item.text for item in answer.xml().iter("PublicationType")] == ["Research Support, Non-U.S. Gov't"]
    assert answer.xml().find(".//ArticleId[@IdType='doi']").text == TRANSCRIBED


def test_batch_of_both_kinds_is_mixed(server):
    assert ask(works_url(server, [WAKEFIELD, TRANSCRIBED])).headers["x-replay-origin"] == "mixed"
    assert ask(entrez_url(server, "efetch", id="1,9182763", retmode="xml")).headers["x-replay-origin"] == "mixed"


def test_labels_of_study_pages_are_no_publication_types(server):
    record = ask(entrez_url(server, "efetch", id="34238438", retmode="xml")).xml()
    assert list(record.iter("PublicationType")) == []


def test_transcribed_preprint_is_posted_content(server):
    message = ask(f"{server.crossref_url}/works/10.1101/2025.11.14.688272").json()["message"]
    assert (message["type"], message["subtype"]) == ("posted-content", "preprint")


def test_what_is_not_stated_stays_away(server):
    message = ask(f"{server.crossref_url}/works/10.1159/000550336").json()["message"]
    assert {"title", "container-title", "issue", "updated-by"}.isdisjoint(message)
    assert message["issued"] == {"date-parts": [[2026]]}


@pytest.mark.parametrize("pmid", ["21931630", "11604227"])
def test_candidates_and_bare_ids_are_never_answered(server, pmid):
    assert ask(entrez_url(server, "efetch", id=pmid, retmode="xml")).status == 501


# The server


def test_gzip_only_where_accepted(server):
    url = f"{server.crossref_url}/works/{quoted(WAKEFIELD)}"
    plain, packed = ask(url), ask(url, Accept_Encoding="gzip, deflate")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_connection_is_kept_alive(server):
    connection = http.client.HTTPConnection(*server.base_url.removeprefix("http://").split(":"))
    connection.request("GET", f"/works/{quoted(WAKEFIELD)}")
    connection.getresponse().read()
    kept = connection.sock
    connection.request("GET", f"/works/{quoted(ABSENT)}")
    assert connection.getresponse().read() == b"Resource not found."
    assert connection.sock is kept
    connection.close()


def test_latency_does_not_hold_up_other_requests():
    with serving([DATA], latency_s=0.2) as slow:
        url = f"{slow.crossref_url}/works/{quoted(WAKEFIELD)}"
        threads = [threading.Thread(target=ask, args=(url,)) for _ in range(8)]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - start
    assert 0.2 <= took < 1.0


def test_kept_connections_end_with_the_server():
    with serving([DATA]) as running:
        connection = http.client.HTTPConnection(*running.base_url.removeprefix("http://").split(":"))
        connection.request("GET", f"/works/{quoted(ABSENT)}")
        connection.getresponse().read()
    assert connection.sock.recv(1) == b""
    connection.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", ""])
def test_only_loopback_is_listened_on(host):
    with pytest.raises(ConfigError, match="loopback"), serving([DATA], host=host):
        pass


def test_unusable_settings_are_config_errors(tmp_path, server):
    port = int(server.base_url.rpartition(":")[2])
    for data, options in (
        ([tmp_path / "missing"], {}),
        ([tmp_path], {}),
        ([DATA], {"limits": "some"}),
        ([DATA], {"port": port}),
        ([DATA], {"port": 70000}),
    ):
        with pytest.raises(ConfigError), serving(data, **options):
            pass


def test_serve_forever_tells_its_address_and_stops_when_interrupted():
    seen = []

    def start(running: ReplayServer) -> None:
        seen.append(running.crossref_url)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        serve_forever([DATA], on_start=start)
    assert seen[0].startswith("http://127.0.0.1:")


def test_letters_beyond_ascii_tell_dois_apart(tmp_path):
    (tmp_path / "crossref").mkdir()
    line = json.dumps({"doi": "10.1/ä", "work": {"DOI": "10.1/ä"}})
    (tmp_path / "crossref" / "works.jsonl").write_text(line, "utf-8")
    recordings = load_recordings([tmp_path])
    assert recordings.work("10.1/ä")
    assert recordings.work("10.1/Ä") is None


def test_partial_answers_and_unmarked_transcriptions_are_not_served(tmp_path):
    (tmp_path / "crossref").mkdir()
    lines = ['{"doi": "10.1/a", "partial": true, "work": {}}', '{"doi": "10.1/b", "work": {"DOI": "10.1/b"}}']
    (tmp_path / "crossref" / "works.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    recordings = load_recordings([tmp_path])
    assert (recordings.work("10.1/a"), recordings.work("10.1/B").message) == (None, {"DOI": "10.1/b"})
    (tmp_path / "transcribed" / "pubmed").mkdir(parents=True)
    record = '<PubmedArticle><MedlineCitation Owner="NLM"><PMID>1</PMID></MedlineCitation></PubmedArticle>'
    (tmp_path / "transcribed" / "pubmed" / "1.xml").write_text(record)
    with pytest.raises(ConfigError, match="transcribed"):
        load_recordings([tmp_path])


# Limits and the log


@pytest.mark.parametrize(
    ("path", "agent", "pool", "rate", "concurrency"),
    [
        ("/works/{doi}", "test", "public-single", "5", "1"),
        ("/works?filter=doi:{doi}", "test", "public-array", "1", "1"),
        ("/works/{doi}", "test (mailto:someone@example.org)", "polite-single", "10", "3"),
        ("/works?filter=doi:{doi}&mailto=someone@example.org", "test", "polite-array", "3", "3"),
    ],
)
def test_pool_and_its_limits_are_in_the_headers(limited, path, agent, pool, rate, concurrency):
    headers = ask(limited.crossref_url + path.format(doi=quoted(WAKEFIELD)), User_Agent=agent).headers
    assert headers["x-api-pool"] == pool
    assert (headers["x-rate-limit-limit"], headers["x-rate-limit-interval"]) == (rate, "1s")
    assert headers["x-concurrency-limit"] == concurrency


def test_without_limits_no_header_slows_a_client(server):
    headers = ask(f"{server.crossref_url}/works/{quoted(WAKEFIELD)}").headers
    assert headers["x-api-pool"] == "public-single"
    assert "x-rate-limit-limit" not in headers


def test_sixth_public_request_in_a_second_is_429_and_counted(limited):
    url = f"{limited.crossref_url}/works/{quoted(ABSENT)}"
    assert [ask(url).status for _ in range(6)] == [404] * 5 + [429]
    assert limited.counts()["violations"] == {"rate": 1, "concurrency": 0}
    assert [entry.violation for entry in limited.log()] == [None] * 5 + ["rate"]


def test_second_public_request_at_once_breaks_the_concurrency_limit():
    with serving([DATA], limits="documented", latency_s=0.3) as slow:
        url = f"{slow.crossref_url}/works/{quoted(ABSENT)}"
        first = threading.Thread(target=ask, args=(url,))
        first.start()
        time.sleep(0.1)
        assert ask(url).status == 429
        first.join()
        assert ask(url).status == 404
        assert slow.counts()["violations"] == {"rate": 0, "concurrency": 1}


def test_ncbi_counts_all_utilities_together_and_answers_as_recorded(limited):
    for utility in ("efetch", "efetch", "epost"):
        assert ask(entrez_url(limited, utility, id="1", retmode="xml")).headers["x-ratelimit-limit"] == "3"
    answer = ask(entrez_url(limited, "esummary", id="1", retmode="json"))
    assert (answer.status, answer.headers["x-ratelimit-remaining"]) == (429, "0")
    expected = {"error": "API rate limit exceeded", "api-key": "127.0.0.1", "count": "4", "limit": "3"}
    assert answer.json() == expected


def test_api_key_allows_ten_and_is_never_shown(limited):
    url = entrez_url(limited, "efetch", id="1", retmode="xml", api_key="secret-key", email="someone@example.org")
    answers = [ask(url) for _ in range(11)]
    assert [answer.status for answer in answers] == [200] * 10 + [429]
    assert answers[-1].json()["api-key"] == "***"
    log = ask(f"{limited.base_url}/__replay__/log").body.decode()
    assert "secret-key" not in log
    assert "example.org" not in log


def test_rate_is_counted_in_any_second():
    now = [0.0]
    limiter, pool = Limiter(clock=lambda: now[0]), Pool("polite-array", 3, "polite", 3)
    outcomes = []
    for now[0] in (0.0, 0.5, 0.75, 0.875, 1.0, 1.25, 1.5):
        outcomes.append(limiter.enter(pool))
        if outcomes[-1] is None:
            limiter.leave(pool)
    assert outcomes == [None, None, None, Violation.RATE, None, Violation.RATE, None]


def test_log_and_counts_are_served():
    with serving([DATA]) as fresh:
        ask(f"{works_url(fresh, [WAKEFIELD])}&mailto=someone@example.org")
        ask(entrez_url(fresh, "efetch", id="99999999", retmode="xml"))
        counts = ask(f"{fresh.base_url}/__replay__/counts").json()
        lines = ask(f"{fresh.base_url}/__replay__/log").body.splitlines()
    assert counts["requests"] == {"crossref/works": 1, "entrez/efetch": 1}
    assert (counts["total"], counts["statuses"]) == (2, {"200": 1, "501": 1})
    first = json.loads(lines[0])
    assert (first["method"], first["route"], first["status"], first["pool"]) == (
        "GET",
        "crossref/works",
        200,
        "polite-array",
    )
    assert "someone" not in first["path"]


# The bundled example


DEMO = Path(__file__).parents[1] / "evidence" / "demo"


def test_vault_of_the_example_holds_pages_and_their_licence():
    others = [
        path.name for path in (DEMO / "vault").rglob("*") if path.is_file() and path.suffix not in {".md", ".txt"}
    ]
    assert sorted(others) == ["ATTRIBUTION", "LICENSE-CC-BY-4.0"]
    assert not list((DEMO / "vault").rglob("README*"))


def test_example_answers_what_its_two_runx2_pages_cite_as_far_as_facts_are_known():
    recordings = load_recordings([DEMO / "registry"])
    rendered = (DEMO / "vault" / "runx2_rendered.txt").read_text("utf-8")
    dois = set(re.findall(r"doi:(10\.\S+)", rendered))
    assert len(dois) == 7
    assert all(recordings.work(doi) for doi in dois)
    pmids = set(re.findall(r"(\d+)%5Buid%5D", (DEMO / "vault" / "tflink_q13950.md").read_text("utf-8")))
    # 46 cited: facts are known of 9 database papers, 4 complete primary papers and one without authors.
    assert (len(pmids), sum(recordings.article(pmid) is not None for pmid in pmids)) == (46, 14)
