"""A note that only points at another has its work."""

from __future__ import annotations

import pytest
from reading import read

from evidence.extract.notes.studies import StudyIndex, link_studies, read_study
from evidence.records import Primary
from evidence.vocabulary import Scheme

LEE = read_study("studies/lee-2019.md", {"type": "study", "doi": "10.1000/a1"})


@pytest.mark.parametrize(
    "words", ["see [^b]", "[^b]", "See [^b].", "Ibid. [^b]", "as in [^b]", "same as [^b]", "*ibid.*, [^b]", "Cf. [^B]"]
)
def test_a_note_that_only_points_has_the_others_work(words):
    page = read(f"X.[^a] Y.[^b]\n\n[^a]: {words}\n[^b]: doi:10.1000/b1\n")
    assert (page.notes[0].primary.value, page.notes[0].primary.via) == ("10.1000/b1", "note")


@pytest.mark.parametrize(
    "words",
    [
        "see [^b] — another finding there",
        "see [^b] and [^c]",
        "doi:10.1000/a1, see [^b]",
        "unlike [^b]",
        "not [^b]",
        "see [^gone]",
        "see b",
    ],
)
def test_a_note_that_says_more_does_not(words):
    page = read(f"X.[^a] Y.[^b] Z.[^c]\n\n[^a]: {words}\n[^b]: doi:10.1000/b1\n[^c]: doi:10.1000/c1\n")
    assert page.notes[0].primary is None or page.notes[0].primary.value == "10.1000/a1"


def test_pointers_follow_each_other_and_stop_in_a_circle():
    page = read(
        "X.[^a][^b][^c][^d][^e]\n\n[^a]: see [^b]\n[^b]: [^c]\n[^c]: doi:10.1000/c1\n[^d]: see [^e]\n[^e]: see [^d]\n"
    )
    assert [one.primary and one.primary.value for one in page.notes] == ["10.1000/c1"] * 3 + [None, None]


def test_a_pointer_to_a_note_that_links_a_study_page_links_it_too():
    page = read("X.[^a][^b]\n\n[^a]: see [^b]\n[^b]: [[studies/lee-2019]] · rct\n")
    assert link_studies(page, StudyIndex([LEE])).notes[0].primary == Primary(Scheme.DOI, "10.1000/a1", "study-page")


def test_a_note_that_points_at_itself_has_no_work():
    assert read("X.[^a]\n\n[^a]: see [^a]\n").notes[0].primary is None
