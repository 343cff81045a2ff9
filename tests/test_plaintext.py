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


def test_page_with_marks_in_brackets_has_no_others():
    page = read(
        "It binds factor 2. Bone is lost [1]. It rose by x 2.\n\n[1] doi:10.1000/a1\n\n[2] Lee 2019\n", "page.txt"
    )
    assert [keys(claim) for claim in page.claims] == [[], ["1"], []]


def test_marks_in_brackets_may_come_in_any_order_and_as_a_range():
    notes = "\n\nReferences\n\n1. doi:10.1000/a1\n2. doi:10.1000/b1\n3. doi:10.1000/c1\n"
    page = read("Bone is lost [3]. It comes back [1-3]. It rests [1–2, 3]." + notes, "page.txt")
    assert [keys(claim) for claim in page.claims] == [["3"], ["1", "2", "3"], ["1", "2", "3"]]


def test_mark_without_note_is_reported_as_in_markdown():
    page = read("Bone is lost [^gone]. It comes back [1]." + NOTES, "page.txt")
    assert [problem.message for problem in page.problems if problem.code == "undefined-mark"] == [
        "`[^gone]` has no definition"
    ]


def test_bracketed_notes_at_the_end_need_not_name_papers():
    page = read("Bone is lost [1]. It comes back [2].\n\n[1] Lee 2019\n\n[2] Kim 2020\n", "page.txt")
    assert [note.text for note in page.notes] == ["Lee 2019", "Kim 2020"]


def test_list_within_a_note_is_no_note():
    page = read("Lost [1]. Back [2].\n\n[1] Two arms:\n\n    1. one\n    2. two\n\n[2] doi:10.1000/b1\n", "page.txt")
    assert [note.key for note in page.notes] == ["1", "2"]
    assert page.notes[0].text.endswith("2. two")


def test_mark_in_mid_sentence_fits_between_its_neighbours():
    notes = "\n\nFootnotes\n\n1. doi:10.1000/a1\n\n2. doi:10.1000/b1\n\n3. doi:10.1000/c1\n"
    page = read("Bone is lost 1. Others 2 saw none. It comes back 3. In group 2 it did not." + notes, "page.txt")
    assert [keys(claim) for claim in page.claims] == [["1"], ["2"], ["3"], []]


def test_counted_thing_is_a_mark_only_where_its_number_is_missing():
    notes = "\n\nFootnotes\n\n1. doi:10.1000/a1\n\n2. doi:10.1000/b1\n\n3. doi:10.1000/c1\n"
    page = read("Bone is lost 1. It depends on the cell type 2. It comes back 3. It is tier 2." + notes, "page.txt")
    assert [keys(claim) for claim in page.claims] == [["1"], ["2"], ["3"], []]


def test_reference_that_stands_alone_is_no_heading():
    page = read("A page\n\nLee et al. Science 371:eabc1 (2021). doi:10.1000/a1\n\nIt is lost.\n", "page.txt")
    assert [claim.section for claim in page.claims] == [(), ()]


def test_long_address_does_not_unwrap_a_page():
    body = "This line is wrapped\nover two lines.\n\n" * 40
    page = read(body + "https://example.org/" + "a" * 200 + "\n", "page.txt")
    assert page.claims[0].text == "This line is wrapped\nover two lines."


SIMPLE = """Before.

  Drug         Effect
  ------------ -----------
  Rapamycin    longer [1]
  Metformin    none

After.

[1] doi:10.1000/a1
"""
MULTILINE = """Before.

  -------------------------------
  Drug         Effect
  ------------ ------------------
  Rapamycin    longer life in
               mice [1]

  Metformin    none
  -------------------------------

After.

[1] doi:10.1000/a1
"""
HEADERLESS = """Before.

  ------------ -----------
  Rapamycin    longer [1]
  Metformin    none
  ------------ -----------

After.

[1] doi:10.1000/a1
"""


@pytest.mark.parametrize("text", [SIMPLE, MULTILINE, HEADERLESS])
def test_tables_of_pandoc(text):
    page = read(text, "page.txt")
    assert [claim.kind.value for claim in page.claims] == ["sentence", "table-row", "table-row", "sentence"]
    assert [keys(claim) for claim in page.claims] == [[], ["1"], [], []]
    assert page.claims[1].text.startswith("Rapamycin")
    assert page.claims[2].text.split() == ["Metformin", "none"]
    assert text.split("\n")[page.claims[2].line - 1].split() == ["Metformin", "none"]


@pytest.mark.parametrize(
    "text", ["  ----\n", "  ---- ----\n", "a\n  ---- ----", "  -----\n  a\n  --- ---\n", "  -- --\n" * 3]
)
def test_rules_that_make_no_table_do_no_harm(text):
    assert read(text, "page.txt").format == "text"


def test_wide_table_does_not_unwrap_a_page():
    table = "  Drug         Effect\n  ------------ " + "-" * 150 + "\n  Rapamycin    " + "longer " * 20 + "\n\n"
    page = read("This line is wrapped\nover two lines.\n\n" + table + "So is\nthis.\n", "page.txt")
    assert [claim.text for claim in page.claims][0::2] == ["This line is wrapped\nover two lines.", "So is\nthis."]


def test_wrapped_line_may_begin_like_an_item():
    text = "It is caspase (no.\n8) that acts\n– as all say.\n1. One step\n2. Other step\n"
    assert [(claim.kind.value, claim.text) for claim in read(text, "page.txt").claims] == [
        ("sentence", "It is caspase (no.\n8) that acts\n– as all say."), ("list-item", "One step"), ("list-item", "Other step"),
    ]  # fmt: skip
