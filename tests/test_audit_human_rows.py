"""Rows such as "Replicated in humans? | yes" that cite nothing, against the studies of their section or page."""

from __future__ import annotations

import pytest
from auditing import KIM, WEBER, Vault
from judging import LEE, MEYER, RETRACTION, claim, human, unresolved, verdict, work

from evidence.audit.checks.claims import answer_of, human_row, human_row_of_section
from evidence.vocabulary import ClaimKind, Design, Level

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


def row(answer, *works, text="| Replicated in humans? | {} |", kind=ClaimKind.TABLE_ROW):
    return claim(*works, text=text.format(answer), kind=kind)


def said_of(answer, *works):
    return [one.message for one in human_row(row(answer, *works), verdict(*works))]


def test_row_that_nobody_looked_up_is_at_most_what_it_is():
    """EVIDENCE.md section 3.4: it counts at most, so one study stays one; two may yet be two groups, and "no" right."""
    one, other = (unresolved(name, designs=(Design.RCT,), level=Level.HUMAN) for name in "uv")
    assert said_of("yes", one) == ["the row says yes, but what it cites is single-study"]
    assert said_of("yes", one, other) == []
    assert said_of("no", human("a", authors=LEE), human("b", authors=MEYER), one) == []


@pytest.mark.parametrize(
    ("text", "kind", "answer"),
    [
        ("| 4 | Replicated in humans? | {} |", ClaimKind.TABLE_ROW, "no"),
        ("4 Replicated in humans? {}", ClaimKind.TABLE_ROW, None),
        ("Replicated in humans? {}", ClaimKind.TABLE_ROW, "no"),
        ("Replicated in humans? {}", ClaimKind.SENTENCE, None),
    ],
)
def test_row_is_read_by_its_cells(text, kind, answer):
    assert answer_of(row("no", text=text, kind=kind)) == answer


TRIAL = frozenset({"nct:NCT00000001"})
ONE_GROUP = "the row says yes, but {} cites at most one group with studies in people: doi:10.1000/a"


@pytest.mark.parametrize(
    ("works", "told"),
    [
        ([human("a")], ONE_GROUP),
        # What does not exist or fell is no second group.
        ([human("a"), human("x", exists=False, is_resolved=False, authors=None)], ONE_GROUP),
        ([human("a"), human("b", notices=(RETRACTION,))], ONE_GROUP),
        # A study is in people where one of its reports is.
        ([human("a", study=TRIAL), work("m", study=TRIAL), human("b")], None),
        ([human("a"), human("b")], None),
    ],
)
@pytest.mark.parametrize(("section", "where"), [(("Bone",), "its section"), ((), "its page")])
def test_yes_rests_at_most_on_the_studies_around_it(works, told, section, where):
    beside = claim(*works, section=section)
    found = human_row_of_section(
        claim(text="| Replicated in humans? | yes |", section=section), [(beside, verdict(*works))]
    )
    assert [one.message for one in found] == ([told.format(where)] if told else [])


def test_no_follows_from_the_claim_that_it_contradicts():
    works = (human("a", authors=LEE), human("b", authors=MEYER))
    beside = claim(*works)
    (found,) = human_row_of_section(row("no"), [(beside, verdict(*works))])
    assert found.facts == (("line", beside.text),)
