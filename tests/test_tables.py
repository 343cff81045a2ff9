"""What the headers of tables add to a page: identifiers without a label, and interactions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import read

from evidence.vocabulary import ClaimKind

MARKDOWN = """\
| TF | Target gene | PMID | Database |
|----|-------------|------|----------|
| RUNX2 | SPP1 | 12186862; 20211142 | TRRUST; HTRIdb |
| RUNX2 | IBSP | pending | TRRUST |
"""
HTML = """\
<html><body><table>
<thead><tr><th>TF</th><th>Target gene</th><th>PMID</th><th>Database</th></tr></thead>
<tbody><tr><td>RUNX2</td><td>SPP1</td><td>12186862; 20211142</td><td>TRRUST; HTRIdb</td></tr>
<tr><td>RUNX2</td><td>IBSP</td><td>pending</td><td>TRRUST</td></tr></tbody>
</table></body></html>
"""


@pytest.mark.parametrize(("page", "path"), [(MARKDOWN, "a.md"), (HTML, "a.html")])
def test_rows_of_an_interaction_table(page, path):
    record = read(page, path)
    assert [claim.kind for claim in record.claims] == [ClaimKind.INTERACTION] * 2
    first, second = record.claims
    assert (first.interaction.regulator, first.interaction.target) == ("RUNX2", "SPP1")
    assert first.interaction.databases == ("TRRUST", "HTRIdb")
    assert [one.identifier.value for one in first.citations] == ["12186862", "20211142"]
    assert (second.interaction.target, second.citations) == ("IBSP", ())
    for one in record.identifiers:
        assert page[one.start : one.end] == one.text == one.value


def test_numbers_below_another_heading_are_no_pmids():
    page = "| Gene | Gene ID | Papers |\n|---|---|---|\n| RUNX2 | 860 | 12186862 |\n"
    record = read(page)
    assert record.identifiers == ()
    assert record.claims[0].kind is ClaimKind.TABLE_ROW


def test_a_labelled_pmid_in_its_column_is_read_once():
    page = "| Study | PMID |\n|---|---|\n| Lee 2019 | PMID 12186862 |\n| Kim 2020 | [20211142](https://pubmed.ncbi.nlm.nih.gov/20211142/) |\n"
    record = read(page)
    assert [one.value for one in record.identifiers] == ["12186862", "20211142"]
    assert [len(claim.citations) for claim in record.claims] == [1, 1]


def directions(cells, path="a.md", heading="Effect"):
    """What is read of a column of signs, one cell a row."""
    if path.endswith(".md"):
        rows = "\n".join(f"| FOXO1 | G{number} | {cell} | 1218686{number} |" for number, cell in enumerate(cells))
        page = f"| TF | Target | {heading} | PMID |\n|---|---|---|---|\n{rows}\n"
    else:
        rows = "".join(f"<tr><td>FOXO1<td>G{number}<td>{cell}<td>1218686{number}" for number, cell in enumerate(cells))
        page = f"<table><tr><th>TF<th>Target<th>{heading}<th>PMID{rows}</table>"
    return [one.interaction.direction for one in read(page, path).claims]


@pytest.mark.parametrize("path", ["a.md", "a.html"])
@pytest.mark.parametrize("heading", ["Effect", "Sign", "Regulation", "Direction", "Mode of regulation"])
@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["+", "−"], ["+", "−"]),
        (["+", "-", "+"], ["+", "-", "+"]),
        (["+", "–"], ["+", "–"]),
        (["+", "&minus;", ""], ["+", "−", None]),
        # A dash alone, or beside words, says that nothing is known.
        (["−", "−"], [None, None]),
        (["-", "activation"], [None, "activation"]),
        (["–", "↑"], [None, "↑"]),
        # Of two kinds beside a plus the likelier minus is one; an em dash never is.
        (["+", "−", "–"], ["+", "−", None]),
        (["+", "-", "—"], ["+", "-", None]),
        (["+", "—"], ["+", None]),
        (["+/-", "-"], [None, None]),
        (["1", "–1"], ["1", "–1"]),
        (["(+)", "(−)"], ["+", "−"]),
        (["(-)", "(-)"], [None, None]),
    ],
)
def test_a_dash_is_a_sign_beside_a_plus(path, heading, cells, expected):
    assert directions(cells, path, heading) == expected


def test_each_table_and_each_column_says_for_itself_what_a_dash_is():
    head = "| TF | Target | Effect | Direction | PMID |\n|---|---|---|---|---|\n"
    page = f"{head}| A | B | - | + | 12186861 |\n| A | C | - | - | 12186862 |\n\nText.\n\n{head}| A | D | | - | 12186863 |\n"
    rows = [one.interaction.direction for one in read(page).claims if one.interaction]
    assert rows == ["+", "-", None]


@given(st.lists(st.sampled_from(["+", "-", "−", "–", "—", "", "n/a", "activation"]), min_size=1, max_size=6))
def test_a_dash_is_a_minus_only_where_its_column_has_a_plus_and_one_kind_is(cells):
    found = directions(cells)
    minuses = {said for said in found if said in {"-", "−", "–"}}
    assert len(minuses) == (1 if "+" in cells and {"-", "−", "–"} & set(cells) else 0)
    assert [said for said in found if said not in minuses] == [
        cell if cell in {"+", "activation"} else None for cell in cells if cell not in minuses
    ]
