"""The names of blocks, as Obsidian writes them, are no claims and no words of claims and notes."""

from __future__ import annotations

import pytest
from growing import seconds
from reading import keys, read

NOTE = "\n\n[^a]: Lee J. doi:10.1000/a1\n"
TEXTS = [
    "Bone is lost.[^a] ^block2",
    "Bone is lost.[^a]  ^37066d  ",
    "Bone is lost.[^a]\n^370661",
    "Bone is lost.[^a]\n\n^a-name",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(("sign", "line"), [("", "\n"), ("- ", "\n  "), ("> ", "\n> "), ("> - ", "\n>   ")])
def test_names_of_blocks_are_left_out(text, sign, line):
    page = read(sign + text.replace("\n", line) + NOTE)
    assert [(one.text, keys(one)) for one in page.claims] == [("Bone is lost.[^a]", ["a"])]
    assert page.problems == ()


@pytest.mark.parametrize("text", TEXTS)
def test_names_of_blocks_that_other_programs_left_are_none_either(text):
    body = text.replace("[^a]", "")
    paragraphs = "".join(f"<p>{one}</p>" for one in body.split("\n\n"))
    assert [one.text for one in read(paragraphs, "page.html").claims] == ["Bone is lost."]
    assert [one.text for one in read(body, "page.txt").claims] == ["Bone is lost."]


def test_names_of_the_blocks_of_notes_and_tables_are_left_out():
    table = "| Drug | Effect |\n|---|---|\n| Rapamycin | longer [^a] |\n^tab-1"
    page = read(f"{table}\n\n[^a]: Lee J. doi:10.1000/a1 ^n1\n\nThat is all.\n")
    assert [one.text for one in page.claims] == ["| Rapamycin | longer [^a] |", "That is all."]
    assert [one.text for one in page.notes] == ["Lee J. doi:10.1000/a1"]


@pytest.mark.parametrize(
    "text",
    [
        "It grows as x ^n",
        "There are 10 ^6",
        "At p < 10 ^-8",
        "It is x^kt",
        "So it is ^_^",
        "Bone ^block2 is lost",
        "`x ^block2`",
    ],
)
def test_what_else_has_a_caret_is_text(text):
    assert [one.text for one in read(text).claims] == [text]


@pytest.mark.parametrize("piece", ["^", " ^a", "^a ", "\n^", "> ^a\n", "^aaaa"])
@pytest.mark.parametrize("name", ["page.md", "page.html", "page.txt"])
def test_time_grows_with_the_page(piece, name):
    short, long = piece * (500 // len(piece)), piece * (4000 // len(piece))
    assert seconds(lambda text: read(text, name), long) < 3 * 8 * seconds(lambda text: read(text, name), short)
