"""What the registries say of works, from their answers over HTTP to the audit's verdict."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from auditing import NOW, Vault
from registries import DATA, WAKEFIELD, Answer, pmid, scripted, settings

from evidence.export.works import key_works, stream_works
from evidence.replay.server import serving
from evidence.resolve.run import resolve
from evidence.show import render, show
from evidence.store.database import reading, writing
from evidence.store.queries import find_work

XML = {"Content-Type": "text/xml"}
GONE = Answer("Resource not found.", 404, {"Content-Type": "text/plain"})
ARTICLE, PREPRINT, NOTICE = "10.1000/article", "10.1101/2020.01.01.000001", "10.1000/notice"
AUTHORS = [{"family": "Kim", "given": "J"}]
RETRACTION = {"type": "retraction", "source": "publisher", "updated": {"date-parts": [[2020, 5, 1]]}}


def world(works=(), records=None):
    """Answer as Crossref that has these works, and as PubMed with these records: PMID -> DOI."""
    known = {one["DOI"]: {"title": ["A title"], "author": AUTHORS, **one} for one in works}
    records = records or {}

    def answer(asked):
        parts = urlsplit(asked.path)
        if parts.path == "/works":
            names = re.findall(r"doi:([^,]+)", parse_qs(parts.query)["filter"][0])
            return Answer(json.dumps({"message": {"items": [known[one] for one in names if one in known]}}))
        if parts.path.startswith("/works"):
            work = known.get(unquote(parts.path).removeprefix("/works/"))
            return Answer(json.dumps({"message": work})) if work else GONE
        form = parse_qs(asked.body)
        if "esearch" in parts.path:
            ids = "".join(f"<Id>{one}</Id>" for one, name in records.items() if name in form["term"][0])
            return Answer(f"<eSearchResult><Count>9</Count><IdList>{ids}</IdList></eSearchResult>", headers=XML)
        found = "".join(map(record, ((one, records.get(one)) for one in form["id"][0].split(","))))
        return Answer(f"<PubmedArticleSet>{found}</PubmedArticleSet>", headers=XML)

    return answer


def record(pair):
    number, name = pair
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article><ArticleTitle>A title</ArticleTitle></Article>"
        f"</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType='doi'>{name}</ArticleId></ArticleIdList>"
        "</PubmedData></PubmedArticle>"
    )


def resolved(answer, *sources):
    marks = "".join(f"[^{number}]" for number in range(len(sources)))
    notes = "\n\n".join(f"[^{number}]: {source}" for number, source in enumerate(sources))
    vault = Vault().page(f"Bone is lost in old mice.{marks}\n\n{notes}\n")
    with scripted(answer) as server:
        resolve(vault.engine, settings(server.url), now=NOW)
    return vault


def test_a_doi_that_two_records_claim_is_kept_apart_and_reported():
    works = [{"DOI": ARTICLE}]
    vault = resolved(world(works, {"7000001": ARTICLE, "7000002": ARTICLE}), "PMID 7000001", "PMID 7000002")
    said = "pmid:7000001 (pubmed) / pmid:7000002 (pubmed)"
    assert vault.status() == "single-study"
    assert "EV004" in vault.codes()
    assert "identifier-conflict" in vault.verdict().flags
    with reading(vault.engine) as session:
        assert find_work(session, pmid("7000001")).id != find_work(session, pmid("7000002")).id
        assert said in "\n".join(render(show(session, "7000002")))


@pytest.mark.parametrize(
    "relations",
    [
        ({"has-preprint": [{"id": PREPRINT, "id-type": "doi"}]}, {}),
        ({}, {"is-preprint-of": [{"id": ARTICLE, "id-type": "doi"}]}),
    ],
    ids=["said by the article", "said by the preprint"],
)
def test_a_preprint_and_its_article_are_one_study(relations):
    of_article, of_preprint = relations
    article = {"DOI": ARTICLE, "type": "journal-article", "relation": of_article}
    preprint = {
        "DOI": PREPRINT,
        "type": "posted-content",
        "institution": [{"name": "bioRxiv"}],
        "relation": of_preprint,
    }
    assert resolved(world([article, preprint]), f"doi:{ARTICLE}", f"doi:{PREPRINT}").status() == "single-study"


def test_a_retraction_counts_by_the_words_of_the_paper():
    work = {"DOI": ARTICLE, "updated-by": [{**RETRACTION, "DOI": NOTICE}]}
    assert resolved(world([work]), f"doi:{ARTICLE}").status() == "retracted"


@pytest.mark.parametrize(
    "work",
    [
        {"DOI": ARTICLE, "title": ["Retraction: a paper"], "update-to": [{**RETRACTION, "DOI": "10.1000/paper"}]},
        {"DOI": ARTICLE, "updated-by": [{**RETRACTION, "type": "correction", "DOI": NOTICE}]},
        {"DOI": ARTICLE, "updated-by": [{**RETRACTION, "type": "new_version", "DOI": ARTICLE}]},
        {"DOI": ARTICLE, "update-to": [{**RETRACTION, "type": "new_version", "DOI": ARTICLE}]},
        {"DOI": ARTICLE, "title": ["Retracted papers in surgery: a review"]},
    ],
    ids=["the notice itself", "a correction", "a version of itself, by", "a version of itself, to", "a title on it"],
)
def test_what_looks_like_a_retraction_is_none(work):
    assert resolved(world([work]), f"doi:{ARTICLE}").status() != "retracted"


def test_the_lancet_paper_of_1998_by_both_of_its_names():
    vault = Vault().page(f"It is so.[^a][^b]\n\n[^a]: doi:{WAKEFIELD}\n\n[^b]: PMID 9500320\n")
    with serving([DATA]) as server:
        resolve(vault.engine, settings(server.base_url), now=NOW)
    assert vault.status() == "retracted"
    with writing(vault.engine) as session:
        key_works(session, None, "{family}{year}")
        ((work,),) = stream_works(session, None)
        shown = show(session, WAKEFIELD)["work"]
    assert (work.doi, work.pmid, work.date[:4]) == (WAKEFIELD, "9500320", "1998")
    assert work.title.startswith("Ileal-lymphoid-nodular hyperplasia")
    assert sorted((one["source"], one["kind"], one["date"][:4]) for one in shown["notices"]) == [
        ("crossref", "correction", "2004"),
        ("crossref", "retraction", "2010"),
        ("pubmed", "expression-of-concern", "2011"),
        ("pubmed", "retraction", "2004"),
        ("pubmed", "retraction", "2010"),
    ]
