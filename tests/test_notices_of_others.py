"""A notice that tells what it does to a work whose own record is silent: from the payloads to the audit and the exports."""

from __future__ import annotations

import datetime as dt
import json
from itertools import permutations

import pytest
import sqlalchemy as sa
from auditing import Vault
from registries import cite, citing, doi, pmid

from evidence.export.works import key_works, stream_works
from evidence.extract import extract_page
from evidence.records import LookupResult, Page
from evidence.resolve import crossref, pubmed
from evidence.resolve.saving import Ages, save_results
from evidence.show import render, show
from evidence.store import models
from evidence.store.database import reading, writing
from evidence.store.pages import write_pages
from evidence.store.pruning import prune_works
from evidence.store.queries import list_notices_of_works
from evidence.vocabulary import NoticeKind, Outcome, Source

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
AGES = Ages(180, 7)
PAPER = {"DOI": "10.1000/paper", "title": ["Bone is lost"], "type": "journal-article"}
NOTICE = {
    "DOI": "10.1000/notice",
    "title": ["Retraction: Bone is lost"],
    "update-to": [
        {
            "DOI": "10.1000/paper",
            "type": "retraction",
            "source": "retraction-watch",
            "record-id": "77",
            "updated": {"date-parts": [[2010, 2, 6]]},
        }
    ],
}


def crossref_result(work):
    payload = json.dumps(work).encode()
    return LookupResult(Source.CROSSREF, doi(work["DOI"]), Outcome.RESOLVED, None, crossref.read_work(work), payload)


def pubmed_result(number, *references, date="2010"):
    told = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>J. 1998;1:1.</RefSource><PMID>{other}</PMID></CommentsCorrections>'
        for kind, other in references
    )
    xml = (
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article><Journal><JournalIssue><PubDate><Year>{date}</Year>"
        f"</PubDate></JournalIssue></Journal><ArticleTitle>Bone is lost.</ArticleTitle></Article>"
        f"<CommentsCorrectionsList>{told}</CommentsCorrectionsList></MedlineCitation></PubmedArticle>"
    ).encode()
    return LookupResult(Source.PUBMED, pmid(number), Outcome.RESOLVED, None, pubmed.read_payload(xml), xml)


def save(engine, *results):
    with writing(engine) as session:
        return save_results(session, results, NOW, AGES)


def notices_of(engine, reference):
    with reading(engine) as session:
        table = models.WorkIdentifier
        work_id = session.scalar(sa.select(table.work_id).where(table.value == reference.value))
        return list_notices_of_works(session, [work_id]).get(work_id, [])


@pytest.mark.parametrize("order", list(permutations([PAPER, NOTICE])))
def test_a_paper_is_retracted_by_its_notice_alone_in_whatever_order_they_come(database_url, order):
    engine = citing(database_url, doi("10.1000/paper"))
    for work in order:
        save(engine, crossref_result(work))
    (told,) = notices_of(engine, doi("10.1000/paper"))
    assert (told.kind, told.date, told.asserted_by, told.record_id) == (
        NoticeKind.RETRACTION,
        "2010-02-06",
        "retraction-watch",
        "77",
    )
    assert told.identifier == doi("10.1000/notice")
    assert notices_of(engine, doi("10.1000/notice")) == []


@pytest.mark.parametrize("order", list(permutations([("7",), ("9", ("RetractionOf", "7"))])))
def test_the_same_in_pubmed(database_url, order):
    engine = citing(database_url, pmid("7"))
    for number, *references in order:
        save(engine, pubmed_result(number, *references))
    (told,) = notices_of(engine, pmid("7"))
    assert (told.kind, told.date, told.identifier) == (NoticeKind.RETRACTION, "2010", pmid("9"))
    assert notices_of(engine, pmid("9")) == []


def test_a_notice_that_both_ends_tell_of_is_one(database_url):
    update = {**NOTICE["update-to"][0], "DOI": "10.1000/notice"}
    engine = citing(database_url, doi("10.1000/paper"))
    save(engine, crossref_result({**PAPER, "updated-by": [update]}), crossref_result(NOTICE))
    assert len(notices_of(engine, doi("10.1000/paper"))) == 1


@pytest.mark.parametrize("order", list(permutations([PAPER, NOTICE])))
def test_it_is_told_once_as_new(order):
    engine = citing("sqlite://", doi("10.1000/paper"))
    told = [one for work in order for one in save(engine, crossref_result(work)).new_notices]
    assert [(one.references, one.title, one.notice.kind) for one in told] == [
        ((doi("10.1000/paper"),), "Bone is lost", NoticeKind.RETRACTION)
    ]
    assert save(engine, crossref_result(NOTICE), crossref_result(PAPER)).new_notices == []


def test_pruning_keeps_the_notice_of_a_work_that_a_page_names():
    engine = citing("sqlite://")
    with writing(engine) as session:
        write_pages(session, [extract_page(Page("a.md", b"It is so.[^a]\n\n[^a]: doi:10.1000/paper\n"))], extractor="1")
    other = {**NOTICE, "DOI": "10.1000/other", "update-to": [{"DOI": "10.1000/uncited", "type": "retraction"}]}
    save(engine, crossref_result(PAPER), crossref_result(NOTICE), crossref_result(other))
    with writing(engine) as session:
        assert prune_works(session) == 1
    assert len(notices_of(engine, doi("10.1000/paper"))) == 1


def noticed(page="It is so.[^a]\n\n[^a]: doi:10.1000/paper\n"):
    vault = Vault().page(page)
    save(vault.engine, crossref_result(NOTICE))
    return vault


def test_the_audit_knows_it():
    vault = noticed()
    # Even before any registry has described the paper.
    assert vault.status() == "retracted"
    save(vault.engine, crossref_result(PAPER))
    assert vault.status() == "retracted"
    assert vault.codes() == ["EV001"]
    (line,) = vault.verdict().works
    assert line.why == "retracted 2010-02-06 (crossref: retraction-watch)"


def test_the_notice_itself_is_not_retracted():
    vault = noticed("It is so.[^a]\n\n[^a]: doi:10.1000/notice\n")
    assert vault.status() == "unresolved"
    assert "EV001" not in vault.codes()


def test_the_bibliography_knows_it():
    vault = noticed()
    save(vault.engine, crossref_result(PAPER))
    with writing(vault.engine) as session:
        key_works(session, None, "{family}{year}")
        (batch,) = stream_works(session, None)
    assert [work.note for work in batch] == ["Retracted 2010-02-06 (notice doi:10.1000/notice)"]


def test_show_tells_the_state_and_whose_word_it_is():
    vault = noticed()
    save(vault.engine, crossref_result(PAPER))
    with reading(vault.engine) as session:
        lines = list(render(show(session, "10.1000/paper")))
    assert "state: retracted 2010-02-06 (crossref: retraction-watch)" in lines
    assert "  retraction 2010-02-06 doi:10.1000/notice (crossref: retraction-watch record 77)" in lines


def test_reinstated_work_stands_and_says_so():
    update = [
        {"DOI": "10.1000/n1", "type": "retraction", "updated": {"date-parts": [[2010]]}},
        {"DOI": "10.1000/n2", "type": "reinstatement", "updated": {"date-parts": [[2012, 5]]}},
    ]
    vault = Vault().page("It is so.[^a]\n\n[^a]: doi:10.1000/paper\n")
    save(vault.engine, crossref_result({**PAPER, "updated-by": update}))
    verdict = vault.verdict()
    assert (verdict.status.value, "reinstated" in verdict.flags) == ("single-study", True)
    (finding,) = [one for one in vault.audit().findings if one.code == "EV014"]
    assert finding.message.endswith("retracted 2010 (crossref), reinstated 2012-05 (crossref)")


def test_a_partly_retracted_work_is_in_doubt():
    update = {"DOI": "10.1000/n1", "type": "partial_retraction", "updated": {"date-parts": [[2010]]}}
    vault = Vault().page("It is so.[^a]\n\n[^a]: doi:10.1000/paper\n")
    save(vault.engine, crossref_result({**PAPER, "updated-by": [update]}))
    assert (vault.status(), "concern" in vault.verdict().flags) == ("single-study", True)


def test_a_contradiction_is_a_finding():
    update = {"DOI": "10.1000/n1", "source": "retraction-watch", "record-id": "5", "updated": {"date-parts": [[2010]]}}
    both = [{**update, "type": "retraction"}, {**update, "type": "expression_of_concern"}]
    vault = Vault().page("It is so.[^a]\n\n[^a]: doi:10.1000/paper\n")
    save(vault.engine, crossref_result({**PAPER, "updated-by": both}))
    (finding,) = [one for one in vault.audit().findings if one.code == "EV013"]
    assert "record 5 of retraction-watch" in finding.message
    assert vault.status() == "retracted"
    assert "contested-notices" in vault.verdict().flags


def test_preprint_and_article_lead_to_each_other_in_show(database_url):
    named = {"is-preprint-of": [{"id": "10.1000/paper", "id-type": "doi"}]}
    preprint = {"DOI": "10.1000/preprint", "title": ["Bone may be lost"], "type": "posted-content", "relation": named}
    engine = citing(database_url, doi("10.1000/paper"))
    cite(engine, doi("10.1000/preprint"), name="other")
    save(engine, crossref_result(preprint))
    with reading(engine) as session:
        assert "  is-preprint-of doi:10.1000/paper (crossref)  not in the database" in list(
            render(show(session, "10.1000/preprint"))
        )
    save(engine, crossref_result(PAPER))
    with reading(engine) as session:
        there, back = (list(render(show(session, name))) for name in ("10.1000/preprint", "10.1000/paper"))
    assert "  is-preprint-of doi:10.1000/paper (crossref)  Bone is lost" in there
    assert "  has-preprint doi:10.1000/preprint (crossref)  Bone may be lost" in back
