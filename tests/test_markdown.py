from __future__ import annotations

import pytest
from reading import claims, keys, problems, read


def test_definition_in_mid_line_is_a_reference():
    text = "Key findings of the trial [^a]:\n\n- One.\n\n[^a]: doi:10.1000/a1\n"
    page = read(text)
    assert [note.key for note in page.notes] == ["a"]
    assert keys(page.claims[0]) == ["a"]


def test_doubled_keys_are_both_kept_and_told():
    text = "X.[^a]\n\n[^a]:\n[^a]: doi:10.1000/a1\n"
    page = read(text)
    assert [(note.key, note.occurrence, note.text) for note in page.notes] == [("a", 0, ""), ("a", 1, "doi:10.1000/a1")]
    assert {problem.code for problem in page.problems} == {"duplicate-key", "empty-note"}
    assert page.claims[0].citations[0].occurrence == 1


def test_unused_and_undefined_notes_are_told_with_their_place():
    page = read("One.[^a]\nTwo.[^b]\n\n[^b]: doi:10.1000/b1\n[^c]: doi:10.1000/c1\n")
    assert [(one.code, one.line, one.column) for one in page.problems] == [
        ("undefined-mark", 1, 5),
        ("unused-note", 5, 1),
    ]


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("[^a][^b]", ["a", "b"]),
        ("[^a] [^b]", ["a", "b"]),
        ("[^a, ^b]", ["a", "b"]),
        ("[^a; ^b]", ["a", "b"]),
        ("[^a - see [[other page]]]", ["a"]),
        ("[^A]", ["a"]),
    ],
)
def test_marks(mark, expected):
    page = read(f"Bone is lost {mark}.\n\n[^a]: doi:10.1000/a1\n[^b]: doi:10.1000/b1\n")
    assert keys(page.claims[0]) == expected


def test_code_holds_no_marks_notes_tags_or_identifiers():
    text = "Real.[^a]\n\n```\nFake.[^b] doi:10.1000/b1 #gap/unsourced\n[^b]: x\n```\n\nWrite `[^c]` for a note.\n\n[^a]: doi:10.1000/a1\n"
    page = read(text)
    assert [note.key for note in page.notes] == ["a"]
    assert [one.value for one in page.identifiers] == ["10.1000/a1"]
    assert problems(text) == []


def test_comments_are_not_read():
    text = "<!-- Old claim.[^x]\nover two lines -->\nNew claim.\n\n%% Hidden.[^y] %%\n"
    assert [claim.text for claim in claims(text)] == ["New claim."]


def test_note_goes_on_over_indented_and_lazy_lines():
    text = "X.[^a]\n\n[^a]: First line\n    second line\n\n    after a blank line doi:10.1000/a1\n\nNot the note.\n"
    page = read(text)
    assert page.notes[0].primary.value == "10.1000/a1"
    assert page.claims[-1].text == "Not the note."


def test_indented_definition_in_a_list_is_a_note():
    page = read("- Item one.[^a]\n  [^a]: doi:10.1000/a1\n- Item two.\n")
    assert page.notes[0].primary.value == "10.1000/a1"
    assert [claim.text for claim in page.claims] == ["Item one.[^a]", "Item two."]


def test_section_path_leaves_out_the_title():
    page = read("# Title\n\n## Part\n\n### Detail ###\n\nA claim here.\n\n## Next\n\nB claim here.\n")
    assert page.title == "Title"
    assert [claim.section for claim in page.claims] == [("Part", "Detail"), ("Next",)]


def test_underlined_headings():
    page = read("Title\n=====\n\nPart\n----\n\nA claim here.\n")
    assert (page.title, page.claims[0].section) == ("Title", ("Part",))


def test_gap_tag_at_the_start_of_a_line_is_no_heading():
    page = read("#gap/no-mechanism — how it works is open.\n")
    assert page.claims[0].tags[0].name == "no-mechanism"


def test_table_rows_are_claims_and_the_header_is_not():
    text = "| A | B [^h] |\n|---|:-:|\n| one [^a] | 1 |\n| two | 2 |\n\nAfter.\n\n[^a]: x\n[^h]: y\n"
    rows = [claim for claim in claims(text) if claim.kind == "table-row"]
    assert [row.text for row in rows] == ["| one [^a] | 1 |", "| two | 2 |"]
    assert [row.lead_in for row in rows] == [("h",), ("h",)]


def test_table_without_outer_bars():
    rows = claims("A | B\n--|--\none | 1\ntwo | 2\n\nAfter.\n")
    assert [(row.kind.value, row.text) for row in rows] == [
        ("table-row", "one | 1"),
        ("table-row", "two | 2"),
        ("sentence", "After."),
    ]


def test_wikilink_with_escaped_bar_in_a_row():
    row = claims("| A |\n|---|\n| [[page\\|name]] rises [^a] |\n\n[^a]: x\n")[0]
    assert keys(row) == ["a"]


def test_quoted_lines_are_read():
    page = read("> [!note] Callout\n> Bone is lost.[^a]\n>\n> - An item.\n\n[^a]: x\n")
    assert [claim.kind.value for claim in page.claims] == ["sentence", "list-item"]
    assert keys(page.claims[0]) == ["a"]


def test_carriage_returns_keep_offsets():
    text = "One.[^a]\r\n\r\n- Two.\r\n\r\n[^a]: doi:10.1000/a1\r\n"
    page = read(text)
    assert [text[claim.start : claim.end] for claim in page.claims] == ["One.[^a]", "Two."]
    assert text[page.notes[0].start : page.notes[0].end] == "doi:10.1000/a1"


def test_mark_without_closing_bracket_is_a_problem():
    assert "malformed-mark" in problems("A claim [^a and more\n")


@pytest.mark.parametrize(
    "text",
    ["", "\n", "\ufeff", "---", "---\n", "[^", "[^]:", "[^a]:", "|", "> > >", "#", "- ", "`", "```", "<!--", "%%"],
)
def test_odd_beginnings_do_no_harm(text):
    assert read(text).path == "page.md"


@pytest.mark.parametrize("sign", ["[!note]", "[!tip]+", "[!warning]-"])
def test_title_of_a_callout_is_no_claim(sign):
    text = f"> {sign} What mice tell\n>\n> Bone is lost. It comes back.\n"
    assert [claim.text for claim in claims(text)] == ["Bone is lost.", "It comes back."]


@pytest.mark.parametrize(
    "title",
    [
        "Bone is lost [^a]",
        "Bone is lost in mice.",
        "Bone is lost (doi:10.1000/x1)",
        "Bone is lost, [Lee](https://doi.org/10.1000/x1)",
        "Bone is lost #gap/unsourced",
        "**Bone is lost.**",
    ],
)
def test_title_of_a_callout_that_states_or_cites_is_a_claim(title):
    assert [claim.text for claim in claims(f"> [!note] {title}\n> It comes back.\n")] == [title, "It comes back."]


@pytest.mark.parametrize("behind", ["", "\n", "\n>\n", "\n\n> Another box.", "\nAnother paragraph."])
def test_callout_of_its_title_alone_is_a_claim(behind):
    assert claims(f"> [!note] Bone is lost in mice{behind}")[0].text == "Bone is lost in mice"


def test_inline_note_within_a_note_is_part_of_it():
    page = read("Bone is lost.[^a]\n\n[^a]: Lee J. Bone.^[also in Kim 2010] doi:10.1000/x1\n")
    assert [(one.key, one.primary.value) for one in page.notes] == [("a", "10.1000/x1")]
    assert page.problems == ()
