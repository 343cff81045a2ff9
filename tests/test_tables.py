"""What the headers of tables add to a page: identifiers without a label, and interactions."""

from __future__ import annotations

import pytest
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
