from __future__ import annotations

import pytest

from evidence.extract import extract_page
from evidence.records import Page, Reference
from evidence.store import models
from evidence.store.database import open_database, reading, writing
from evidence.store.pages import write_pages
from evidence.store.queries import (
    count_store,
    find_claim,
    find_page,
    find_pages_ending,
    find_work,
    list_claims_citing,
    list_page_versions,
    list_references_cited_by_page,
    list_references_of_work,
    list_works_cited_by_page,
)
from evidence.vocabulary import Scheme

DOI = Reference(Scheme.DOI, "10.1016/s0092-8674(00)80258-5")
PMID = Reference(Scheme.PMID, "9182763")
BONE = """# What is known of the runt-related transcription factor two, and of the tissues that need it

Bone needs RUNX2. [^komori]

So does cartilage, see PMID 9182763.

Three things are known [^komori]:

- Bone is absent without it.

Nothing is known of tendons. [^otto]

[^komori]: Komori 1997. doi:10.1016/S0092-8674(00)80258-5
[^otto]: Otto 1997. doi:10.1016/S0092-8674(00)80259-7
"""


@pytest.fixture
def session(database_url):
    engine = open_database(database_url)
    pages = [extract_page(Page(path, BONE.encode())) for path in ("tissue/bone.md", "Other.md")]
    with writing(engine) as writer:
        write_pages(writer, pages, extractor="1")
        names = [models.WorkIdentifier(scheme=one.scheme, value=one.value, source="pubmed") for one in (DOI, PMID)]
        writer.add(models.Work(title="Targeted disruption of Cbfa1", identifiers=names))
    with reading(engine) as reader:
        yield reader
    engine.dispose()


def test_work_is_found_by_each_of_its_identifiers(session):
    assert find_work(session, DOI) is find_work(session, PMID)
    assert find_work(session, Reference(Scheme.DOI, "10.1000/none")) is None


def test_identifiers_of_a_work_come_sorted(session):
    assert list_references_of_work(session, find_work(session, DOI).id) == [DOI, PMID]


def test_claims_cite_a_work_by_note_in_their_text_and_through_their_lead_sentence(session):
    found = list_claims_citing(session, [DOI, PMID])
    here = [claim.text for claim in found if claim.page.path == "tissue/bone.md"]
    assert here == [
        "Bone needs RUNX2. [^komori]",
        "So does cartilage, see PMID 9182763.",
        "Three things are known [^komori]:",
        "Bone is absent without it.",
    ]
    assert [claim.page.path for claim in found] == ["Other.md"] * 4 + ["tissue/bone.md"] * 4


def test_claims_of_no_identifier_are_none(session):
    assert list_claims_citing(session, []) == []


def test_page_cites_the_works_of_its_notes_and_of_its_text(session):
    page = find_page(session, "tissue/bone.md")
    other = Reference(Scheme.DOI, "10.1016/s0092-8674(00)80259-7")
    assert list_references_cited_by_page(session, page.id) == [DOI, other, PMID]
    assert [work.title for work in list_works_cited_by_page(session, page.id)] == ["Targeted disruption of Cbfa1"]


@pytest.mark.parametrize("ending", ["bone", "bone.md", "tissue/bone.md", "/tissue/BONE"])
def test_page_is_found_by_the_end_of_its_path(session, ending):
    assert [page.path for page in find_pages_ending(session, ending)] == ["tissue/bone.md"]


def test_page_is_not_found_by_half_a_name(session):
    assert find_pages_ending(session, "one.md") == []


def test_claim_is_found_by_its_id_or_by_the_beginning_that_only_it_has(session):
    claim = list_claims_citing(session, [DOI])[0]
    assert find_claim(session, claim.id) is claim
    assert find_claim(session, claim.id[:-1]) is claim
    assert find_claim(session, "") is None
    assert find_claim(session, "%") is None


def test_counts_and_versions(session):
    counts = count_store(session)
    assert (counts.pages, counts.notes, counts.works) == (2, 4, 1)
    assert {path: extractor for path, (_, extractor) in list_page_versions(session).items()} == {
        "tissue/bone.md": "1",
        "Other.md": "1",
    }
