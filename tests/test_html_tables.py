"""Tables of HTML pages: rows that are headers by their looks, and what rows below a cell that spans them tell of."""

from __future__ import annotations

import time

import pytest
from auditing import Vault
from reading import read

WORD = (
    '<td width=96 style="width:1in;padding:0"><p class=MsoNormal><b><span lang=EN-US>{}<o:p></o:p></span></b></p></td>'
)
LIBREOFFICE = '<td style="border: none"><p align="left"><b>{}</b></p>\n</td>'
OBSIDIAN = "<td><strong>{}</strong></td>"
STYLED = '<td style="font-weight:700">{}</td>'
PASTED = '<td><p dir=ltr><span style="font-size:11pt;font-weight: 700">{}</span></p></td>'
BROWSER = "<td><B>{}</B>&nbsp;</td>"
ROW = "<tr><td>FOXO1</td><td>KL</td><td>up</td><td>12186862</td></tr>"


def page(*rows):
    return f"<html><body><table><tbody>{''.join(rows)}</tbody></table></body></html>"


def row(form, *cells):
    return f"<tr>{''.join(map(form.format, cells))}</tr>"


def claims(*rows):
    return read(page(*rows), "a.html").claims


def kinds(*rows):
    return [one.kind.value for one in claims(*rows)]


# --- headers by their looks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [WORD, LIBREOFFICE, OBSIDIAN, STYLED, PASTED, BROWSER])
def test_first_row_in_bold_is_a_header(form):
    (one,) = claims(row(form, "TF", "Target", "Effect", "PMID"), ROW)
    assert one.interaction[:2] == ("FOXO1", "KL")
    assert [cited.identifier.value for cited in one.citations] == ["12186862"]


def test_works_below_a_bold_heading_against_the_row_oppose_it():
    head = row(OBSIDIAN, "Claim", "Source", "Contradicted by")
    (one,) = claims(head, "<tr><td>Bone falls</td><td>doi:10.1000/a</td><td>doi:10.1000/b</td></tr>")
    assert [cited.polarity.value for cited in one.citations] == ["supports", "opposes"]


@pytest.mark.parametrize(
    "first",
    [
        # One cell that is not bold, or only in part.
        "<tr><td>TF</td><td><b>Target</b></td><td><b>Effect</b></td><td><b>PMID</b></td></tr>",
        "<tr><td><b>TF</b> name</td><td><b>Target</b></td><td><b>Effect</b></td><td><b>PMID</b></td></tr>",
        # What cites or is a sentence states something.
        row(OBSIDIAN, "FOXO1", "KL", "up", "PMID 20211142"),
        row(OBSIDIAN, "FOXO1", "KL", "up [^a]", "here"),
        row(OBSIDIAN, "FOXO1", "KL", "It raises what mice make.", "here"),
        row(OBSIDIAN, "FOXO1", "KL", "up #gap/unsourced", "here"),
        row(OBSIDIAN, "FOXO1", "KL", "up", '<a href="https://doi.org/10.1000/x">Lee</a>'),
    ],
)
def test_no_header_is_made_of_another_row(first):
    assert len(kinds(first, ROW)) == 2


def test_no_header_is_made_of_a_title_which_is_no_claim_either():
    assert kinds("<tr><td colspan=4><b>Targets</b></td></tr>", ROW) == ["table-row"]


def test_what_is_bold_throughout_has_no_header():
    assert len(kinds(row(OBSIDIAN, "TF", "Target", "Effect", "PMID"), row(OBSIDIAN, "FOXO1", "KL", "up", "no"))) == 2


def test_a_bold_row_alone_or_below_others_is_no_header():
    assert kinds(row(OBSIDIAN, "Bone", "falls")) == ["table-row"]
    assert kinds(ROW, row(OBSIDIAN, "TF", "Target", "Effect", "PMID"), ROW) == ["table-row"] * 3
    assert kinds("<tr><th>Name<th>Two<th>Three<th>Four", row(OBSIDIAN, "a", "b", "c", "d"), ROW) == ["table-row"] * 2


def test_an_empty_corner_is_no_words():
    assert kinds(row(OBSIDIAN, "", "Mice", "Men"), "<tr><td>Bone</td><td>falls</td><td>falls</td></tr>") == [
        "table-row"
    ]


@pytest.mark.parametrize("piece", ["<table><tr><td><b>x</b><td><b>y</b>", "<table><tr><td>", "<td><b>x.</b>", "<b>"])
def test_looks_take_linear_time(piece):
    def took(count):
        times = []
        for _ in range(2):
            begun = time.perf_counter()
            read(f"<table><tr>{piece * count}", "page.html")
            times.append(time.perf_counter() - begun)
        return min(times)

    assert took(4000) < 12 * max(took(1000), 0.02)


@pytest.mark.parametrize("end", ["", "</tr>", "</td>", "</td></tr>"])
@pytest.mark.parametrize("group", ["tbody", "tfoot", "thead"])
def test_row_without_its_end_tag_is_one_claim(end, group):
    text = f"<table><{group}><tr><td>Bone</td><td>is lost{end}</{group}></table><p>Fat is gained.</p>"
    assert [one.text for one in read(text, "a.html").claims] == ["Bone is lost", "Fat is gained."]


# --- what spans rows --------------------------------------------------------------------------------------------------


def test_row_tells_of_the_cells_that_span_it():
    rows = (
        "<tr><th>Animal<th>Tissue<th>Finding<th>Source"
        "<tr><td rowspan=3>Old <b>mi</b>ce<sup><a href='#fn1'>1</a></sup> #gap/needs-replication<td rowspan=2>Bone<td>is lost"
        "<td rowspan=3>Lee"
        "<tr><td>is soft<tr><td>Fat<td>is gained"
    )
    text = page(rows).replace("</body>", '<ol><li id="fn1">doi:10.1000/x</li></ol></body>')
    found = read(text, "a.html").claims[:3]
    assert [one.text for one in found] == [
        "Old mice[^1] #gap/needs-replication Bone is lost Lee",
        "Old mice Bone\nis soft",
        # What stands behind is none of what it is about.
        "Old mice\nFat is gained",
    ]
    # What such a cell cites, and its tag, are those of the row that it begins in.
    assert [(len(one.citations), len(one.tags)) for one in found] == [(1, 1), (0, 0), (0, 0)]
    for one in found:
        assert text[one.start : one.end].endswith(one.text.split()[-1])


def test_a_long_cell_is_not_said_of_each_of_its_rows():
    rows = f"<tr><td rowspan=0>{'x' * 5_000}<td>is lost" + "<tr><td>is soft" * 50
    assert [one.text for one in claims(rows)][1:] == ["is soft"] * 50


def test_row_on_people_is_found_below_what_spans_it():
    rows = "<tr><th>Topic<th>Question<th>Answer<tr><td rowspan=2>Bone<td>Conserved?<td>yes<tr><td>{}<td>yes"
    sections = "<h2>Bone</h2><p>Bone is lost in mice (doi:10.1000/a).</p>" + page(rows.format("Replicated in humans?"))
    vault = Vault().page(sections, "a.html")
    assert "EV012" in vault.codes()
