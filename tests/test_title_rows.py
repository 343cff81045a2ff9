"""Rows of tables that are the heading of the rows below them are no claims; rows that are not filled in yet are."""

from __future__ import annotations

import pytest
from auditing import Vault
from reading import read

HEAD = "| Gene | Effect | Source |\n|---|---|---|\n"
FILLED = "| KL | falls with age | [^a] |\n| FGF23 | rises with age | [^a] |\n"
HTML = "<table><tr><th>Gene<th>Effect<th>Source</tr>{}<tr><td>KL<td>falls<td>doi:10.1000/a</tr></table>"


def rows(table, name="page.md"):
    return [one.text for one in read(f"{table}\n[^a]: doi:10.1000/a\n", name).claims]


@pytest.mark.parametrize(
    "title",
    [
        "| **Human** | | |",
        "| **Human** |  |  |",
        "| **Human**   |         |          |",
        "| *In vitro* | | |",
        "| __Aged mice__ | | |",
        "| **Untreated controls** |||",
        "**Human** | |",
        "| Human | | |",
        "| In mice | | |",
        "| C. elegans | | |",
        "| **Mice** | | |\n| **Females** | | |",
        "| **Genes that fall** | | |",
    ],
)
def test_title_is_no_claim(title):
    found = rows(f"{HEAD}{title}\n{FILLED}")
    assert [one.partition("|")[2].split("|")[0].strip() for one in found] == ["KL", "FGF23"]


@pytest.mark.parametrize(
    "row",
    [
        # What states something.
        "| **Rapamycin extends life** | | |",
        "| **Mice died** | | |",
        "| **Klotho is lost.** | | |",
        "| **KL essential for phosphate balance** | | |",
        "| **RUNX2 → BMP2** | | |",
        "| **No benefit in men** | | |",
        "| **Toxic in mice above 10 mg** | | |",
        "| *Rapamycin beneficial in mice* | | |",
        "| Loss of bone | | |",
        "| Mouse lifespan | | |",
        # What has something in another cell, or a source.
        "| **Human** | yes | |",
        "| | **Human** | |",
        "| **Human** [^a] | | |",
        "| **Human** (PMID 12345678) | | |",
        "| **Human** #gap/unsourced | | |",
        # Entries that are not filled in yet.
        "| **SIRT1** | | |\n| **SIRT2** | | |\n| **SIRT3** | | |",
    ],
)
def test_near_rows_stay_claims(row):
    assert len(rows(f"{HEAD}{row}\n{FILLED}")) == len(row.split("\n")) + 2


def test_emphasis_that_the_rows_below_have_too_sets_nothing_off():
    assert len(rows(f"{HEAD}| **SIRT1** | | |\n| **KL** | falls | [^a] |\n")) == 2


def test_row_with_nothing_below_it_is_the_heading_of_none():
    assert len(rows(f"{HEAD}{FILLED}| **Human** | | |\n")) == 3
    assert len(rows(f"{HEAD}| **Human** | | |\n\n{HEAD}{FILLED}")) == 3


def test_second_cell_of_two_may_be_what_an_entry_lacks():
    assert len(rows("| Name | Value |\n|---|---|\n| **Dose** | |\n| Age | 7 years |\n")) == 2


@pytest.mark.parametrize(
    ("row", "number"),
    [
        ("<tr><th colspan=3>Human studies</tr>", 1),
        ("<tr><td colspan=3>Human studies</td></tr>", 1),
        ("<tr><td><b>Human</b><td><td>&nbsp;</tr>", 1),
        ("<tr><td>Mice<td><td></tr>", 1),
        ("<tr><td colspan=3>Rapamycin extends the life of mice</td></tr>", 2),
        ("<tr><td colspan=3>Human studies doi:10.1000/b</td></tr>", 2),
        ("<tr><td>Loss of bone<td><td></tr>", 2),
        ("<tr><td rowspan=2>KL<td>falls<td>doi:10.1000/b</tr><tr><td>Mice<td></tr>", 3),
    ],
)
def test_html(row, number):
    assert len(rows(HTML.format(row), "page.html")) == number


def test_title_is_not_reported_as_uncited():
    report = Vault().page(f"{HEAD}| **Human** | | |\n{FILLED}\n[^a]: doi:10.1000/a\n").audit()
    assert report.counts["uncited"] == 0
    assert report.counts["not-a-claim"] == 0
