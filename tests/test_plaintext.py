from __future__ import annotations

import pytest
from reading import keys, read

NOTES = "\n\nFootnotes\n\n  1. doi:10.1000/a1 · rct\n\n  2. doi:10.1000/b1 · review\n"


@pytest.mark.parametrize(
    "text",
    ["Bone is lost 1. Next.", "Bone is lost.1 Next.", "Bone is lost [1]. Next.", "Bone is lost [^1]. Next."],
)
def test_forms_of_a_mark(text):
    first, second = read(text + NOTES, "page.txt").claims
    assert (keys(first), keys(second)) == (["1"], [])


def test_several_marks_at_one_place():
    (claim,) = read("Bone is lost [1, 2]." + NOTES, "page.txt").claims
    assert keys(claim) == ["1", "2"]


@pytest.mark.parametrize(
    "text",
    [
        "It is a tier 1.",
        "The locus is 6p21.1",
        "It rose to 2.",
        "See figure 1.",
        "Collagen 1A1 binds.",
        "In 1997, it rose.",
    ],
)
def test_numbers_that_are_no_marks(text):
    assert all(claim.citations == () for claim in read(text + NOTES, "page.txt").claims)


def test_marks_come_in_order():
    page = read("It has isoform names such as 2. Bone is lost 1. It comes back 2." + NOTES, "page.txt")
    assert [keys(claim) for claim in page.claims] == [[], ["1"], ["2"]]


def test_notes_heading_may_stand_twice():
    page = read("Bone is lost 1.\n\nFootnotes\n\nFootnotes\n\n  1. doi:10.1000/a1\n", "page.txt")
    assert [note.primary.value for note in page.notes] == ["10.1000/a1"]
    assert [claim.text for claim in page.claims] == ["Bone is lost 1."]


def test_headings_items_and_wrapped_lines():
    text = "A page\n\nFirst part\n\nThis line is wrapped\nover two lines.\n\n  • One item\n  • Other item\n"
    page = read(text, "page.txt")
    assert page.title == "A page"
    assert [(claim.kind.value, claim.section, claim.text) for claim in page.claims] == [
        ("sentence", ("First part",), "This line is wrapped\nover two lines."),
        ("list-item", ("First part",), "One item"),
        ("list-item", ("First part",), "Other item"),
    ]


def test_text_without_notes_has_no_marks():
    assert all(claim.citations == () for claim in read("It rose by 1. It fell by 2.", "page.txt").claims)


def test_numbered_notes_at_the_end_need_no_heading():
    text = "Bone is lost.1 It comes back.2,3\n\n1. doi:10.1000/a1\n2. PMID 12345678\n3. Lee 2019, doi:10.1000/c1\n"
    page = read(text, "page.txt")
    assert [keys(claim) for claim in page.claims] == [["1"], ["2", "3"]]
    assert [note.primary.value for note in page.notes] == ["10.1000/a1", "12345678", "10.1000/c1"]


def test_numbered_list_that_names_no_papers_is_a_list():
    page = read("Three steps:\n\n1. Wash it.\n2. Dry it.\n3. Store it.\n", "page.txt")
    assert page.notes == ()
    assert [claim.kind.value for claim in page.claims] == ["sentence", "list-item", "list-item", "list-item"]


def test_numbered_list_of_papers_with_text_behind_it_is_no_list_of_notes():
    page = read("Read these:\n\n1. doi:10.1000/a1\n2. doi:10.1000/b1\n\nThat is all of it.\n", "page.txt")
    assert page.notes == ()
