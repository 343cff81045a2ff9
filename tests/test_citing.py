"""What counts as cited, from pages as people write them to the numbers of works."""

from __future__ import annotations

import pytest
from databases import open_new
from export_store import Stored, add_works

from evidence.export.citing import Choice, find_cited
from evidence.extract import extract_page
from evidence.records import Page
from evidence.store import models
from evidence.store.database import reading, writing
from evidence.store.pages import write_pages

DOIS = ("10.1000/first", "10.1000/second")


def store(url, **pages):
    engine = open_new(url)
    add_works(engine, *(Stored(doi=one, title=one) for one in DOIS))
    write(engine, {f"{name}.md": text for name, text in pages.items()})
    return engine


def write(engine, pages):
    with writing(engine) as session:
        write_pages(session, [extract_page(Page(path, text.encode())) for path, text in pages.items()], extractor="1")


def cited(engine, **choice):
    """The DOIs of the cited works, and what is unresolved."""
    with reading(engine) as session:
        found = find_cited(session, Choice(**choice))
        works = [row.title for row in session.query(models.Work) if row.id in found.works]
    return sorted(works), sorted(one.value for one in found.unresolved)


MARKED = "Bone needs RUNX2 in mice. [^a]\n\n[^a]: Komori 1997, doi:10.1000/first.\n"
UNMARKED = "Bone needs RUNX2 in mice.\n\n[^a]: Komori 1997, doi:10.1000/first.\n"
LINKED = "RUNX2 makes bone in mice ([Komori](https://doi.org/10.1000/first)).\n"
LISTED = "# References\n\n- Komori T. Cell 1997. https://doi.org/10.1000/first\n"
LINKS = "# See\n\n- [Komori 1997](https://doi.org/10.1000/first)\n"
INTRODUCED = (
    "Two things are known of bone: [^a]\n\n- It grows in mice.\n- It shrinks with age.\n\n[^a]: doi:10.1000/first.\n"
)
ALSO = "Bone needs RUNX2 in mice. [^a]\n\n[^a]: Komori 1997, doi:10.1000/first; Otto 1997, doi:10.1000/second.\n"


@pytest.mark.parametrize(
    ("text", "whole", "marked"),
    [
        (MARKED, 1, 1),
        (UNMARKED, 1, 0),
        (LINKED, 1, 1),
        (LISTED, 1, 0),
        (LINKS, 1, 0),
        (INTRODUCED, 1, 1),
        ("No citation at all.\n", 0, 0),
    ],
    ids=[
        "a mark",
        "a note that nobody marks",
        "a link in a sentence",
        "a list of references",
        "a list of links",
        "a list",
        "none",
    ],
)
def test_what_is_cited(database_url, text, whole, marked):
    engine = store(database_url, page=text)
    assert cited(engine)[0] == list(DOIS[:whole])
    assert cited(engine, is_cited_only=True)[0] == list(DOIS[:marked])


def test_mark_leads_to_all_that_its_note_cites(database_url):
    engine = store(database_url, page=ALSO)
    assert cited(engine, is_cited_only=True) == cited(engine)


def test_mark_on_one_page_does_not_speak_for_the_note_of_another(database_url):
    engine = store(database_url, a=MARKED, b=UNMARKED.replace("first", "second"))
    assert cited(engine) == (list(DOIS), [])
    assert cited(engine, is_cited_only=True) == ([DOIS[0]], [])


def test_only_of_some_pages(database_url):
    engine = store(database_url, a=MARKED, b=MARKED.replace("first", "second"))
    with reading(engine) as session:
        number = session.query(models.Page).filter_by(path="b.md").one().id
    assert cited(engine, page_ids=[number], is_cited_only=True) == cited(engine, page_ids=[number]) == ([DOIS[1]], [])
    assert cited(engine, page_ids=[]) == ([], [])


def test_unresolved_is_cut_the_same_way(database_url):
    engine = store(database_url, a=UNMARKED.replace("first", "gone"), b=MARKED.replace("first", "lost"))
    assert cited(engine) == ([], ["10.1000/gone", "10.1000/lost"])
    assert cited(engine, is_cited_only=True) == ([], ["10.1000/lost"])


def test_places_say_which_page_cites_which_work(database_url):
    engine = store(database_url, a=MARKED, b=ALSO, c="Nothing.\n")
    with reading(engine) as session:
        places = find_cited(session, has_places=True).places
        paths = {row.id: row.path for row in session.query(models.Page)}
        titles = {row.id: row.title for row in session.query(models.Work)}
    found = {(paths[page], titles[work]) for page, work in zip(places[::2], places[1::2], strict=True)}
    assert found == {("a.md", DOIS[0]), ("b.md", DOIS[0]), ("b.md", DOIS[1])}
