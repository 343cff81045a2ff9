"""What people call a page, and what they are told where none or several have that name."""

from __future__ import annotations

import unicodedata

import pytest
from databases import open_new
from test_citing import MARKED, write

from evidence.errors import EvidenceError
from evidence.naming import find_named_page, get_named_page
from evidence.show import show
from evidence.store.database import open_database, reading


def named(url, name, *paths, here=None):
    engine = open_new(url)
    write(engine, dict.fromkeys(paths, MARKED))
    with reading(engine) as session:
        return get_named_page(session, name, here).path


@pytest.mark.parametrize(
    "name",
    [
        "notes/bone.md",
        "./notes/bone.md",
        "./bone.md",
        "bone",
        "bone.md",
        "notes/bone",
        "BONE",
        "/notes/bone",
        r"notes\bone.md",
    ],
)
def test_page_is_found_by_what_people_call_it(database_url, name):
    assert named(database_url, name, "notes/bone.md", "notes/marrowbone.md", "bone/other.md") == "notes/bone.md"


def test_page_is_found_however_its_accents_are_kept(database_url):
    path = unicodedata.normalize("NFD", "notes/Über.md")
    assert named(database_url, unicodedata.normalize("NFC", "über"), path) == path


def test_path_from_the_working_folder_counts_first(database_url):
    assert named(database_url, "bone.md", "bone.md", "notes/bone.md", here="notes/bone.md") == "notes/bone.md"


@pytest.mark.parametrize("name", ["nope", "", "/", ".", "../..", "x" * 5000])
def test_page_that_is_not_there(database_url, name):
    with pytest.raises(EvidenceError) as caught:
        named(database_url, name, "notes/bone.md")
    assert "no such page" in caught.value.message
    assert caught.value.hint == "look it up with `evidence show`, or run `evidence refresh` to read it"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("runx", "notes/Runx2 notes.md"),
        ("Runx2-note", "notes/Runx2 notes.md"),
        ("notes/bone.html", "notes/bone.md"),
        ("boen.md", "notes/bone.md"),
        ("one.md", "notes/bone.md"),
        ("notes", "notes/Runx2 notes.md or notes/bone.md"),
    ],
)
def test_pages_that_may_be_meant_are_named(database_url, name, meant):
    with pytest.raises(EvidenceError) as caught:
        named(database_url, name, "notes/bone.md", "notes/Runx2 notes.md")
    assert caught.value.hint == f"do you mean {meant}?"


def test_name_of_several_pages_is_refused_with_all_of_them(database_url):
    with pytest.raises(EvidenceError, match=r"a/bone\.md, b/bone\.md"):
        named(database_url, "bone", "a/bone.md", "b/bone.md")


def test_show_finds_pages_as_exports_do(database_url):
    engine = open_database(database_url)
    write(engine, {"notes/bone.md": MARKED, "other/bone.md": MARKED})
    with reading(engine) as session:
        assert show(session, "bone.md", here="notes/bone.md")["page"]["path"] == "notes/bone.md"
        with pytest.raises(EvidenceError) as several:
            show(session, "bone")
        with pytest.raises(EvidenceError) as none:
            show(session, "notes/boen")
        assert find_named_page(session, "boen") is None
    assert several.value.message == "bone names several pages: notes/bone.md, other/bone.md"
    assert none.value.hint == "do you mean notes/bone.md or other/bone.md?"
