"""Rows such as "Replicated in humans? | yes" that cite nothing, against the studies of their section or page."""

from __future__ import annotations

import pytest
from auditing import KIM, WEBER, Vault

HEAD = "# Page\n\n## Bone\n\nBone is lost.{}\n\n"
TABLE = "| Dimension | Status |\n|---|---|\n| Replicated in humans? | {} |\n\n"
NOTES = """[^a]: rct · human · doi:10.1000/a
[^b]: rct · human · doi:10.1000/b
[^m]: in-vivo · mice · doi:10.1000/m
[^s]: meta-analysis · doi:10.1000/s
"""


def told(text, *, known=True, path="page.md"):
    vault = Vault().page(text + NOTES, path)
    if known:
        vault.work("doi:10.1000/a", authors=KIM).work("doi:10.1000/b", authors=WEBER)
        vault.work("doi:10.1000/m", authors=["Roe A", "Poe B"]).work("doi:10.1000/s", authors=KIM)
    return [one.message for one in vault.audit().findings if one.code == "EV012"]


@pytest.mark.parametrize(
    ("marks", "answer", "known", "expected"),
    [
        ("[^a]", "yes", True, "the row says yes, but its section cites at most one group with studies in people: doi:10.1000/a"),
        ("[^a]", "yes — many cohorts", False, "the row says yes, but its section cites at most one group with studies in people: doi:10.1000/a"),
        ("[^m]", "yes", True, "the row says yes, but its section cites no study in people"),
        ("[^a][^b]", "no", True, "the row says no, but line 5 of its section is replicated-in-human"),
        ("[^a][^b]", "yes", True, None),
        ("[^a][^b]", "no", False, None),
        ("[^a][^b]", "yes", False, None),
        ("[^a]", "no", True, None),
        ("[^a]", "partial", True, None),
        ("[^a]", "yes / no / in progress", True, None),
        ("[^a][^s]", "yes", True, None),
        ("", "yes", True, None),
    ],
)  # fmt: skip
def test_row_of_a_section(marks, answer, known, expected):
    assert told(HEAD.format(marks) + TABLE.format(answer), known=known) == ([expected] if expected else [])


def test_studies_of_several_claims_together_are_the_most_that_a_yes_rests_on():
    assert told(HEAD.format("[^a] Fat is lost.[^b]") + TABLE.format("yes")) == []


def test_row_of_a_section_that_cites_nothing_goes_by_the_section_around_it():
    text = HEAD.format("[^a]") + "## Humans\n\n" + TABLE.format("yes")
    assert len(told(text)) == 1
    other = HEAD.format("[^a][^b]") + "## Humans\n\n"
    assert told(other + TABLE.format("no")) == []
    assert told(other + TABLE.format("yes")) == []


def test_page_about_one_study_is_left_alone():
    front = "---\ntype: study\ndoi: 10.1000/a\n---\n"
    assert told(front + HEAD.format("[^a]") + TABLE.format("yes"), path="studies/a.md") == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ('yes <a href="https://doi.org/10.1000/a">Kim</a>', ["the row says yes, but what it cites is single-study"]),
        (
            "No (doi:10.1000/a, doi:10.1000/b)",
            ["the row says no, but what it cites is replicated-in-human"],
        ),
        ('partial <a href="https://doi.org/10.1000/a">Kim</a>', []),
        ('yes / no <a href="https://doi.org/10.1000/a">Kim</a>', []),
    ],
)
def test_row_of_html_is_read_as_one_of_markdown_is(answer, expected):
    row = f"<tr><td>Replicated in humans?</td><td>{answer}</td></tr>"
    vault = Vault().page(f"<table>{row}</table>", "page.html")
    for name, authors in (("a", KIM), ("b", WEBER)):
        vault.work(f"doi:10.1000/{name}", authors=authors, publication_types=["Randomized Controlled Trial"])
    assert [one.message for one in vault.audit().findings if one.code == "EV012"] == expected
