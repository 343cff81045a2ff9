"""doi.org, other agencies, aliases and the PMC id converter, over real HTTP."""

from __future__ import annotations

import urllib.parse
import urllib.request
from functools import partial
from pathlib import Path

import httpx2
import pytest
from asking import ask, entrez_url, quoted, works_url
from habanero import cn

from evidence.errors import ConfigError
from evidence.replay.recordings import load_recordings
from evidence.replay.server import serving

DATA = Path(__file__).parent / "data" / "registry"
CSL = "application/vnd.citationstyles.csl+json"
CROSSREF = "10.1126/science.169.3946.635"
DATACITE = "10.5072/replay.preprint"
WITHOUT_METADATA = "10.48550/arXiv.2303.02917"
ABSENT = "10.1371/notarealdoi"
UNKNOWN = "10.9999/never-recorded"
WAKEFIELD = "10.1016/s0140-6736(97)11096-0"
ELIFE = "10.7554/elife.01567"


@pytest.fixture(scope="module")
def server():
    with serving([DATA]) as running:
        yield running


def resolve(server, doi, accept=CSL):
    return ask(f"{server.doi_url}/{quoted(doi)}", Accept=accept)


# Content negotiation


@pytest.mark.parametrize("written", ["10.1126/science.169.3946.635", "10.1126%2Fscience.169.3946.635"])
def test_crossref_doi_leads_to_its_transform_as_recorded(server, written):
    answer = ask(f"{server.doi_url}/{written}", Accept="application/x-bibtex")
    place = "/v1/works/10.1126%2Fscience.169.3946.635/transform"
    assert (answer.status, answer.headers["location"]) == (302, place)
    assert answer.headers["content-type"] == "text/html;charset=utf-8"
    body = f'<html><head><title>Handle Redirect</title></head>\n<body><a href="{place}">{place}</a></body></html>'
    assert answer.body.decode() == body
    followed = ask(server.base_url + place, Accept="application/x-bibtex")
    assert followed.body.startswith(b" @article{Frank_1970,")


@pytest.mark.parametrize(
    ("doi", "place", "title"),
    [
        (DATACITE, "/datacite/10.5072%2Freplay.preprint", "A Made-Up Preprint"),
        (DATACITE.upper(), "/datacite/10.5072%2FREPLAY.PREPRINT", "A Made-Up Preprint"),
        ("10.5072/replay.medra", "/medra/10.5072%2Freplay.medra", "Un articolo inventato"),
        ("10.5072/replay.jalc", "/jalc/10.5072%2Freplay.jalc", "試験用の論文"),
        ("10.5072/replay.op", "/op/10.5072%2Freplay.op", "A made-up public report"),
        (
            "10.5072/replay(2019)1;a<b>",
            "/datacite/10.5072%2Freplay%282019%291%3Ba%3Cb%3E",
            "A DOI that needs quoting",
        ),
    ],
)
def test_other_dois_lead_to_their_agency(server, doi, place, title):
    answer = resolve(server, doi)
    assert (answer.status, answer.headers["location"]) == (302, place)
    followed = ask(server.base_url + place, Accept=CSL)
    assert (followed.status, followed.headers["content-type"]) == (200, f"{CSL}; charset=utf-8")
    assert followed.json()["title"] == title
    assert followed.headers["x-replay-origin"] == "transcribed"


def test_datacite_writes_the_doi_in_capitals(server):
    assert ask(f"{server.base_url}/datacite/10.5072%2Freplay.preprint", Accept=CSL).json()["DOI"] == DATACITE.upper()


def test_older_name_of_the_form_is_accepted(server):
    accept = "application/citeproc+json"
    assert ask(f"{server.base_url}/datacite/10.5072%2Freplay.preprint", Accept=accept).json()["version"] == "7"
    assert resolve(server, CROSSREF, accept).status == 302
    crossref = ask(f"{server.crossref_url}/works/{quoted(WAKEFIELD)}/transform", Accept=accept)
    assert crossref.json()["DOI"] == WAKEFIELD


def test_doi_that_does_not_exist_is_a_page(server):
    answer = resolve(server, ABSENT)
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html;charset=utf-8")
    assert b"DOI Not Found" in answer.body


@pytest.mark.parametrize("accept", ["application/rdf+xml", "text/turtle"])
def test_other_forms_are_refused_where_the_doi_leads_to(server, accept):
    for doi in (WAKEFIELD, DATACITE):
        place = resolve(server, doi, accept).headers["location"]
        assert ask(server.base_url + place, Accept=accept).status == 406


def test_what_was_not_copied_is_501(server):
    assert resolve(server, UNKNOWN).status == 501
    assert resolve(server, CROSSREF, "text/html").status == 501
    place = resolve(server, WITHOUT_METADATA).headers["location"]
    assert ask(server.base_url + place, Accept=CSL).status == 501


def test_agency_knows_only_its_own_dois(server):
    for doi in ("10.5072/replay.medra", CROSSREF, ABSENT):
        answer = ask(f"{server.base_url}/datacite/{quoted(doi)}", Accept=CSL)
        assert (answer.status, answer.json()["errors"][0]["status"]) == (404, "404")


def test_habanero_negotiates_with_it(server, monkeypatch):
    # A proxy for the world outside cannot reach a server on this machine.
    monkeypatch.setattr(httpx2, "get", partial(httpx2.get, trust_env=False))
    text = cn.content_negotiation(ids=DATACITE, format="bibtex", url=server.doi_url)
    assert "author = {Doe, Jane and Núñez, Ana María}" in text
    assert cn.content_negotiation(ids=CROSSREF, format="bibtex", url=server.doi_url).startswith("@article{Frank_1970")


# Which agency


def test_agencies_come_in_the_asked_order(server):
    asked = [CROSSREF, WITHOUT_METADATA, ABSENT, "10.5072/replay.medra", "11.1/x"]
    for name in ("doiRA", "ra"):
        answer = ask(f"{server.doi_url}/{name}/{','.join(map(quoted, asked))}")
        assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
        assert answer.json() == [
            {"DOI": CROSSREF, "RA": "Crossref"},
            {"DOI": WITHOUT_METADATA, "RA": "DataCite"},
            {"DOI": ABSENT, "status": "DOI does not exist"},
            {"DOI": "10.5072/replay.medra", "RA": "mEDRA"},
            {"DOI": "11.1/x", "status": "Invalid DOI"},
        ]


def test_one_unknown_doi_fails_the_whole_question(server):
    assert ask(f"{server.doi_url}/doiRA/{CROSSREF},{UNKNOWN}").status == 501


def test_crossref_names_the_agency_too(server):
    url = f"{server.crossref_url}/works/{quoted('10.5072/replay.jalc')}"
    assert ask(url).status == 404
    assert ask(f"{url}/agency").json()["message"]["agency"] == {"id": "jalc", "label": "JaLC"}


def test_services_without_documented_limits_have_none():
    with serving([DATA], limits="documented") as limited:
        answers = [resolve(limited, DATACITE) for _ in range(20)]
        assert {answer.status for answer in answers} == {302}
        assert not [name for name in answers[0].headers if "limit" in name or "pool" in name]
        assert limited.counts()["requests"] == {"doi/resolve": 20}


# Aliases


@pytest.mark.parametrize(
    ("alias", "primary"), [("10.50505/issntest_0703", "10.50505/issntest_0703_3"), ("10.5072/REPLAY.moved", ELIFE)]
)
@pytest.mark.parametrize(("version", "rest"), [("", ""), ("/v1", "/transform"), ("", f"/transform/{CSL}")])
def test_alias_is_redirected_to_what_took_its_place(server, alias, primary, version, rest):
    answer = ask(f"{server.crossref_url}{version}/works/{quoted(alias)}{rest}")
    assert (answer.status, answer.headers["location"]) == (301, f"{version}/works/{quoted(primary)}{rest}")
    followed = ask(server.base_url + answer.headers["location"], Accept=CSL).json()
    work = followed.get("message", followed)
    assert work["DOI"] == primary
    assert alias.lower() in work["aliases"]


def test_contact_survives_the_redirect(server):
    answer = ask(f"{server.crossref_url}/works/10.5072%2Freplay.moved?mailto=someone@example.org")
    assert answer.headers["location"] == f"/works/{quoted(ELIFE)}?mailto=someone@example.org"


def test_lists_find_no_alias(server):
    message = ask(works_url(server, ["10.5072/replay.moved", WAKEFIELD])).json()["message"]
    assert [item["DOI"] for item in message["items"]] == [WAKEFIELD]
    (primary,) = ask(works_url(server, [ELIFE])).json()["message"]["items"]
    assert primary["aliases"] == ["10.5072/replay.moved"]


def test_alias_has_an_agency_and_resolves(server):
    assert (
        ask(f"{server.crossref_url}/works/10.5072%2Freplay.moved/agency").json()["message"]["agency"]["id"]
        == "crossref"
    )
    assert ask(f"{server.doi_url}/doiRA/10.5072/replay.moved").json()[0]["RA"] == "Crossref"
    assert resolve(server, "10.5072/replay.moved").status == 302


def test_merged_pmid_is_answered_with_the_record_that_it_went_into(server):
    for asked in ("99000001", "99000001,31541003"):
        answer = ask(entrez_url(server, "efetch", id=asked, retmode="xml"))
        assert [record.findtext(".//PMID") for record in answer.xml()] == ["31541003"]


def test_of_a_merged_pmid_nothing_else_is_known(server):
    assert ask(entrez_url(server, "esummary", id="99000001", retmode="json")).status == 501
    assert ask(entrez_url(server, "esearch", term="99000001[uid]", retmode="json")).status == 501


def test_works_of_other_agencies_are_json_lines(tmp_path):
    (tmp_path / "transcribed").mkdir()
    (tmp_path / "transcribed" / "other_agencies.jsonl").write_text("{")
    with pytest.raises(ConfigError, match="line 1"):
        load_recordings([tmp_path])


# PMC id converter


def convert(server, ids, **parameters):
    query = urllib.parse.urlencode({"ids": ",".join(ids), "format": "json", **parameters})
    return ask(f"{server.idconv_url}?{query}")


FOUND = {"pmid": 27924024, "pmcid": "PMC5210645", "doi": "10.1093/nar/gkw951"}


@pytest.mark.parametrize(
    ("kind", "asked", "requested"),
    [
        ("pmid", "27924024", "27924024"),
        ("pmcid", "PMC5210645", "PMC5210645"),
        ("pmcid", "5210645", "PMC5210645"),
        ("doi", "10.1093/NAR/gkw951", "10.1093/NAR/gkw951"),
    ],
)
def test_each_kind_can_be_named(server, kind, asked, requested):
    content = convert(server, [asked], idtype=kind).json()
    assert content["records"] == [{**FOUND, "requested-id": requested}]
    assert (content["status"], content["request"]["idtype"], content["request"]["ids"]) == ("ok", kind, [asked])


@pytest.mark.parametrize(("asked", "stated"), [("31541003", {"pmid": 31541003}), (WAKEFIELD, {"doi": WAKEFIELD})])
def test_article_outside_pmc_is_an_error_of_its_own(server, asked, stated):
    error = {**stated, "requested-id": asked, "status": "error", "errmsg": "Identifier not found in PMC"}
    assert convert(server, [asked]).json()["records"] == [error]


def test_found_and_not_found_stand_side_by_side_once_each(server):
    records = convert(server, ["27924024", "31541003", "27924024"], tool="x", email="someone@example.org").json()
    assert [record.get("errmsg") for record in records["records"]] == [None, "Identifier not found in PMC"]
    assert records["request"]["warnings"] == []
    assert "example.org" not in records["request"]["echo"]


@pytest.mark.parametrize(
    ("ids", "parameters", "code"),
    [
        (["27924024", "PMC5210645"], {}, "invalid_pmids"),
        (["10.1093/nar/gkw951", "27924024"], {}, "invalid_dois"),
        (["PMC5210645", "5210645"], {"idtype": "pmcid"}, "invalid_pmcids"),
        (["10.1093/nar/gkw951"], {"idtype": "pmid"}, "invalid_pmids"),
        (["27924024"] * 201, {}, "invalid_ids"),
        (["27924024"], {"idtype": "isbn"}, "invalid_idtype"),
    ],
)
def test_other_questions_are_refused_whole(server, ids, parameters, code):
    answer = convert(server, ids, **parameters)
    content = answer.json()
    assert (answer.status, content["status"], content["http_status"]) == (400, "error", "400")
    assert content["errors"][0]["code"] == code


def test_number_of_one_kind_is_not_taken_for_another(server):
    assert convert(server, ["5210645"], idtype="pmid").status == 501


def test_old_address_leads_to_the_same_answer(server):
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
        f"{server.base_url}/pmc/utils/idconv/v1.0/?ids=27924024&format=json"
    ) as reply:
        assert reply.url.startswith(server.idconv_url)
