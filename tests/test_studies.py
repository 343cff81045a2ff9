from __future__ import annotations

import pytest
from reading import read

from evidence.extract.notes.studies import StudyIndex, link_studies, read_study

LEE = read_study("vault/studies/lee-2019.md", {"type": "study", "doi": "10.1000/A1", "pmid": 12345678})


def test_identifiers_of_a_study_page():
    assert [(one.scheme.value, one.value) for one in LEE.references] == [("doi", "10.1000/a1"), ("pmid", "12345678")]


@pytest.mark.parametrize(
    "values", [{"type": "study"}, {"doi": None}, {"doi": "pending"}, {"type": "protein", "doi": "10.1000/a1"}, {}]
)
def test_pages_that_stand_for_no_study(values):
    assert read_study("page.md", values) is None


@pytest.mark.parametrize(
    "link", ["studies/lee-2019", "lee-2019", "vault/studies/lee-2019", "Studies/Lee-2019", "studies/lee-2019.md"]
)
def test_links_find_their_page(link):
    assert StudyIndex([LEE]).find(link) == LEE


def test_a_name_that_two_pages_have_finds_neither():
    other = read_study("other/lee-2019.md", {"doi": "10.1000/b1"})
    assert StudyIndex([LEE, other]).find("lee-2019") is None
    assert StudyIndex([LEE, other]).find("other/lee-2019") == other


def test_note_that_only_links_takes_the_study_pages_work():
    page = link_studies(read("X.[^a]\n\n[^a]: [[studies/lee-2019]] · rct\n"), StudyIndex([LEE]))
    assert (page.notes[0].primary.value, page.notes[0].primary.via) == ("10.1000/a1", "study-page")
    assert page.problems == ()


def test_note_with_a_work_of_its_own_keeps_it():
    page = link_studies(read("X.[^a]\n\n[^a]: [[studies/lee-2019]] · doi:10.1000/z1\n"), StudyIndex([LEE]))
    assert (page.notes[0].primary.value, page.notes[0].primary.via) == ("10.1000/z1", "note")


def test_dangling_link_is_a_problem():
    page = link_studies(read("X.[^a]\n\n[^a]: [[studies/gone-2001]] · rct\n"), StudyIndex([LEE]))
    assert page.notes[0].primary is None
    assert [(one.code, one.line) for one in page.problems] == [("dangling-study-page", 3)]
