from __future__ import annotations

import datetime as dt
import json
from urllib.parse import unquote

import hypothesis
import pytest
import sqlalchemy as sa
from habanero import cnrequest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from registries import Answer, citing, doi, scripted, settings

from evidence.errors import SourceAnswerError
from evidence.export.works import key_works, stream_works
from evidence.records import AuthorName
from evidence.resolve import agencies
from evidence.resolve.agencies import read_csl
from evidence.resolve.http import DOI_ADDRESS, connected, doi_address
from evidence.resolve.run import resolve
from evidence.show import show
from evidence.store import models
from evidence.store.database import reading, writing
from evidence.store.queries import find_work, list_lookups
from evidence.vocabulary import Outcome

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MEMORY = "sqlite://"
# The form that DataCite sends (bolognese's citeproc writer): a text as title, no affiliation, DOI in any case.
DRYAD = {
    "type": "dataset",
    "id": "https://doi.org/10.5061/dryad.8515",
    "author": [
        {"family": "Ollomo", "given": "Benjamin", "ORCID": "https://orcid.org/0000-0002-1825-0097"},
        {"literal": "Centre de Recherche"},
    ],
    "issued": {"date-parts": [[2011, 2, 1]]},
    "DOI": "10.5061/DRYAD.8515",
    "publisher": "Dryad",
    "title": "Data from: A new malaria agent in African hominids.",
    "version": "1",
    "URL": "https://datadryad.org/dataset/doi:10.5061/dryad.8515",
}
NAME = "10.5061/dryad.8515"
CSL = {"Content-Type": "application/vnd.citationstyles.csl+json; charset=utf-8"}
TEXT = {"Content-Type": "text/plain"}
GONE = Answer("Resource not found.", 404, TEXT)
FOUND = Answer(json.dumps(DRYAD), headers=CSL)
NOTHING_FOUND = Answer(
    "<eSearchResult><Count>0</Count><IdList></IdList></eSearchResult>", headers={"Content-Type": "text/xml"}
)


def to(location, status=302):
    return Answer("<html>", status, {"Content-Type": "text/html", "Location": location})


def world(*, at_doi=FOUND, elsewhere=None, agency="DataCite"):
    """Crossref that has no work and knows the agency of every DOI; doi.org and what it sends on to."""

    def answer(asked):
        path = unquote(asked.path)
        if path.startswith("/works"):
            if "?" in asked.path:
                return Answer(json.dumps({"message": {"items": [], "total-results": 0}}))
            if path.endswith("/agency"):
                label = {"id": agency.casefold(), "label": agency}
                return Answer(json.dumps({"message": {"DOI": "10.1/x", "agency": label}}))
            return GONE
        if "esearch" in path:
            return NOTHING_FOUND
        return (elsewhere if elsewhere is not None and path.startswith("/datacite/") else at_doi) or GONE

    return answer


def outcomes(engine, name=NAME):
    with reading(engine) as session:
        return {one.source: (one.outcome, one.reason) for one in list_lookups(session, doi(name))}


def test_habaneros_content_negotiation_asks_what_we_replace(monkeypatch):
    asked = []

    class Client:
        def get(self, url, **_):
            asked.append(url)
            raise SourceAnswerError("enough", "agency")

    monkeypatch.setattr(cnrequest, "httpx2", Client())
    with pytest.raises(SourceAnswerError):
        agencies.cn.content_negotiation(ids="10.1%2Fx", format="citeproc-json")
    assert asked == ["http://api.crossref.org/works/10.1%2Fx/transform/application/vnd.citationstyles.csl+json"]


def test_a_work_of_another_agency_has_metadata_and_stays_of_another_agency(database_url):
    engine = citing(database_url, doi(NAME))
    with scripted(world()) as server:
        summary = resolve(engine, settings(server.url), now=NOW)
        before = len(server.asked)
        again = resolve(engine, settings(server.url), now=NOW)
        assert len(server.asked) == before
    assert summary.outcomes == again.outcomes == {Outcome.OTHER_AGENCY: 1}
    assert summary.is_complete
    assert outcomes(engine)["crossref"] == ("other-agency", "registered at DataCite")
    assert outcomes(engine)["agency"] == ("resolved", None)
    assert summary.requests["agency"] == 1
    with reading(engine) as session:
        work = find_work(session, doi(NAME))
        assert (work.title, work.date, work.type) == (read_csl(DRYAD).title, "2011-02-01", "dataset")
        assert work.field_sources["title"] == "agency"
        assert [one.source for one in work.identifiers] == ["agency"]
        assert show(session, NAME)["work"]["resolved"]
        assert session.scalar(sa.select(models.Record.source)) == "agency"


def test_exports_have_title_authors_and_year_of_such_a_work():
    engine = citing(MEMORY, doi(NAME))
    with scripted(world()) as server:
        resolve(engine, settings(server.url), now=NOW)
    with reading(engine) as session:
        assert show(session, NAME)["work"]["authors"] == ["Ollomo Benjamin", "Centre de Recherche"]
    with writing(engine) as session:
        key_works(session, None, "{family}{year}")
        ((work,),) = stream_works(session, None)
    assert (work.key, work.doi, work.date) == ("ollomo2011", NAME, "2011-02-01")
    assert work.title.startswith("Data from: A new malaria agent")


def test_the_asked_form_and_whole_doi_reach_doi_org():
    name = "10.5061/a#b?c;d<e>"
    metadata = Answer(json.dumps({**DRYAD, "DOI": name}), headers=CSL)
    with scripted(metadata) as server, connected(settings(server.url).registries) as connection:
        assert agencies.negotiate(connection, name).metadata["DOI"] == name
    (asked,) = server.asked
    assert unquote(asked.path) == f"/{name}"
    assert asked.headers["accept"] == "application/vnd.citationstyles.csl+json"


def test_a_redirect_on_the_same_server_is_followed():
    engine = citing(MEMORY, doi(NAME))
    with scripted(world(at_doi=to("/datacite/10.5061%2Fdryad.8515"), elsewhere=FOUND)) as server:
        summary = resolve(engine, settings(server.url), now=NOW)
    assert outcomes(engine)["agency"] == ("resolved", None)
    assert summary.requests["agency"] == 2


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1:9/x", "https://api.datacite.org/x", "file:///etc/passwd", "//evil.example.org/x", "http://[x"],
)
def test_a_local_server_leads_nowhere_else(location):
    engine = citing(MEMORY, doi(NAME))
    with scripted(world(at_doi=to(location))) as server:
        resolve(engine, settings(server.url), now=NOW)
    assert outcomes(engine)["agency"][0] == "other-agency"


def test_redirects_that_go_round_end():
    engine = citing(MEMORY, doi(NAME))
    with scripted(world(at_doi=to("/datacite/round"), elsewhere=to("/datacite/round"))) as server:
        summary = resolve(engine, settings(server.url), now=NOW)
    assert summary.requests["agency"] == 5
    assert outcomes(engine)["agency"][0] == "other-agency"


@pytest.mark.parametrize(
    ("url", "is_followed"),
    [
        ("https://api.datacite.org/dois/x", True),
        ("https://data.crosscite.org:443/x", True),
        ("http://data.crosscite.org/x", False),
        ("https://datacite.org.example.org/x", False),
        ("https://evil@doi.org/x", False),
        ("https://www.publisher.example/x", False),
        ("https://127.0.0.1/x", False),
    ],
)
def test_doi_org_is_followed_to_agencies_only(url, is_followed):
    with connected(settings("http://127.0.0.1:9", doi={"base_url": DOI_ADDRESS}).registries) as connection:
        assert connection._is_agency(url) is is_followed


def test_doi_org_is_asked_beside_the_real_crossref_only():
    assert doi_address(settings("https://api.crossref.org", doi={}).registries) == "https://doi.org"
    assert doi_address(settings("http://127.0.0.1:9", doi={}).registries) == "http://127.0.0.1:9"
    chosen = settings("http://127.0.0.1:9", doi={"base_url": "http://127.0.0.1:8"})
    assert doi_address(chosen.registries) == "http://127.0.0.1:8"


@pytest.mark.parametrize("status", [404, 406, 410, 204])
def test_an_agency_without_metadata_leaves_the_doi_of_another_agency(status):
    engine = citing(MEMORY, doi(NAME))
    nothing = Answer("", status, {})
    with scripted(world(at_doi=to("/datacite/x"), elsewhere=nothing)) as server:
        summary = resolve(engine, settings(server.url), now=NOW)
    assert outcomes(engine)["agency"] == ("other-agency", "its agency sends no metadata")
    assert summary.outcomes == {Outcome.OTHER_AGENCY: 1}
    with reading(engine) as session:
        assert find_work(session, doi(NAME)) is None


def test_what_doi_org_does_not_have_does_not_exist():
    engine = citing(MEMORY, doi(NAME))
    with scripted(world(at_doi=Answer("<title>Error: DOI Not Found</title>", 404, {}))) as server:
        summary = resolve(engine, settings(server.url), now=NOW)
    assert outcomes(engine)["crossref"] == ("not-found", "doi.org has no such DOI")
    assert summary.outcomes == {Outcome.NOT_FOUND: 1}


@pytest.mark.parametrize(
    "body", ["", "nope", '{"error":"no route"}', "<title>404 Not Found</title>", "Resource not found."]
)
def test_another_404_than_that_of_doi_org_says_nothing(body):
    engine = citing(MEMORY, doi(NAME))
    with scripted(world(at_doi=Answer(body, 404, {}))) as server:
        summary = resolve(engine, settings(server.url, tries=1), now=NOW)
    assert outcomes(engine)["agency"] == ("failed", "agency: a 404 that is not doi.org's")
    assert Outcome.NOT_FOUND not in summary.outcomes


def test_another_works_metadata_is_refused_and_reported():
    engine = citing(MEMORY, doi(NAME))
    other = Answer(json.dumps({**DRYAD, "DOI": "10.5061/dryad.1"}), headers=CSL)
    with scripted(world(at_doi=other)) as server:
        summary = resolve(engine, settings(server.url), now=NOW)
    assert outcomes(engine)["agency"][0] == "failed"
    assert not summary.is_complete
    assert "another work" in summary.failed[0].reason
    with reading(engine) as session:
        assert find_work(session, doi(NAME)) is None


def test_a_failed_agency_is_asked_again_and_crossref_is_not():
    engine = citing(MEMORY, doi(NAME))
    with scripted(world(at_doi=Answer("", 500, {}))) as server:
        summary = resolve(engine, settings(server.url, tries=1), now=NOW)
    assert outcomes(engine)["crossref"][0] == "other-agency"
    assert not summary.is_complete
    with scripted(world()) as server:
        summary = resolve(engine, settings(server.url), now=NOW)
    assert summary.requests == {"agency": 1}
    assert summary.is_complete


@pytest.mark.parametrize(
    "fault",
    [Answer("", 503, {"Retry-After": "0"}), Answer("<html>", headers={"Content-Type": "text/html"}), Answer(drop=True)],
    ids=["503", "HTML", "drop"],
)
def test_faults_pass(fault):
    with scripted(fault, FOUND) as server, connected(settings(server.url).registries) as connection:
        assert agencies.negotiate(connection, NAME).metadata == DRYAD


def test_csl_is_mapped():
    work = read_csl(DRYAD)
    assert [(one.scheme, one.value) for one in work.identifiers] == [("doi", NAME)]
    assert work.title.startswith("Data from: A new malaria agent")
    assert (work.type, work.publisher, work.date, work.container) == ("dataset", "Dryad", "2011-02-01", None)
    assert work.authors == (
        AuthorName("Ollomo", "Benjamin", "0000-0002-1825-0097"),
        AuthorName(collective="Centre de Recherche"),
    )


@pytest.mark.parametrize(
    ("item", "field", "expected"),
    [
        ({"type": "article-journal", "container-title": ["Journal"]}, "type", "journal-article"),
        ({"type": "article", "publisher": "arXiv"}, "type", "posted-content"),
        ({"type": "article", "publisher": "Zenodo"}, "type", "article"),
        ({"title": ["One", "Two"]}, "title", "One"),
        ({"issued": {"date-parts": [["2011"]]}}, "date", "2011"),
        ({"volume": "n/a"}, "volume", None),
        ({"page": "n/a-n/a"}, "pages", None),
        ({"issued": {"date-parts": [[None]]}}, "date", None),
        ({"issued": {"raw": "2011-05-03T00:00:00Z"}}, "date", "2011-05-03"),
        ({"issued": {"literal": "in press"}}, "date", None),
        ({"ISSN": "1234-5678, 8765-432X"}, "issn", ("1234-5678", "8765-432X")),
        ({"author": [{"given": "Plato"}]}, "authors", (AuthorName("Plato"),)),
        (
            {"author": [{"family": "Beethoven", "given": "L", "non-dropping-particle": "van"}]},
            "authors",
            (AuthorName("van Beethoven", "L"),),
        ),
    ],
)
def test_what_other_agencies_send(item, field, expected):
    assert getattr(read_csl({"DOI": "10.1/x", **item}), field) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = ["title", "author", "issued", "ISSN", "ISBN", "container-title", "page", "type", "publisher", "language"]


@hypothesis.settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.fixed_dictionaries({"DOI": st.just("10.1/x")}, optional=dict.fromkeys(KEYS, JSON)))
def test_no_answer_however_wrong_crashes(item):
    assert read_csl(item).identifiers == (doi("10.1/x"),)
