"""At which columns the cells of HTML tables stand that span several columns or rows, and what headings say of them."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import read

from evidence.extract.forms.html import read_html
from evidence.extract.forms.htmlgrid import Grid, spans_of

SIGNS = {"supports": "+", "opposes": "-", "contrasts": "~", "mentions": "m"}
HEADER = "<tr><th>Claim<th>Source<th>Contradicted by"


def signs(rows):
    page = f"<html><body><table>{rows}</table></body></html>"
    claims = [claim for claim in read(page, "page.html").claims if claim.kind == "table-row"]
    return ["".join(SIGNS[one.polarity.value] for one in claim.citations) for claim in claims]


def doi(name, spans=""):
    return f"<td{spans}>doi:10.1000/{name}</td>"


# --- what stands below a heading --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # The claim spans two rows: the cells of the second stand one column further to the right.
        (f"{HEADER}<tr><td rowspan=2>Bone falls{doi('a')}{doi('b')}<tr>{doi('c')}{doi('d')}", ["+-", "+-"]),
        (f"{HEADER}<tr><td rowspan=2>A{doi('a', ' rowspan=2')}{doi('b')}<tr>{doi('c')}", ["+-", "-"]),
        # The last cell spans two rows: nothing of its own stands there in the second.
        (f"{HEADER}<tr><td>A{doi('a')}{doi('b', ' rowspan=2')}<tr><td>B{doi('c')}", ["+-", "+"]),
        # A heading of several columns speaks for all of them.
        (f"<tr><th>Claim<th>Source<th colspan=2>Contradicted by<tr><td>A{doi('a')}{doi('b')}{doi('c')}", ["+--"]),
        (f"<tr><th>Claim<th colspan=2>Source<th>Contradicted by<tr><td>A{doi('a')}{doi('b')}{doi('c')}", ["++-"]),
        # A cell below two headings says nothing of either; one that spans columns of the same heading does.
        (f"{HEADER}<tr><td>A{doi('a', ' colspan=2')}", ["+"]),
        (f"<tr><th>Claim<th>Source<th colspan=2>Refuted by<tr><td>A{doi('a')}{doi('b', ' colspan=2')}", ["+-"]),
        (f"{HEADER}<tr><td>A{doi('a')}{doi('b', ' colspan=1000')}", ["+-"]),
        # Headings in two rows: each by itself, and both together.
        (
            f"<tr><th rowspan=2>Claim<th colspan=2>Evidence<tr><th>for<th>against<tr><td>A{doi('a')}{doi('b')}",
            ["+-"],
        ),
        (
            (
                "<tr><th rowspan=2>Claim<th rowspan=2>Source<th colspan=2>Contradicted by<tr><th>in mice<th>in people"
                f"<tr><td>A{doi('a')}{doi('b')}{doi('c')}"
            ),
            ["+--"],
        ),
        # The title of a table and a heading among its rows are none of a column.
        (f"<tr><th colspan=3>Contradictory findings{HEADER}<tr><td>A{doi('a')}{doi('b')}", ["+-"]),
        (
            f"{HEADER}<tr><td>A{doi('a')}{doi('b')}<tr><th colspan=3>In mice<tr><td>B{doi('c')}{doi('d')}",
            ["+-", "+-"],
        ),
        # Groups of rows end what reaches down, and the end tags of rows may be left out.
        (
            (
                f"<thead>{HEADER}<tbody><tr><td rowspan=0>A{doi('a')}{doi('b')}<tr>{doi('c')}{doi('d')}"
                f"<tbody><tr><td>B{doi('a')}{doi('b')}"
            ),
            ["+-", "+-", "+-"],
        ),
        # Rows headed by <th>.
        (f"{HEADER}<tr><th rowspan=2>A{doi('a')}{doi('b')}<tr>{doi('c')}{doi('d')}", ["+-", "+-"]),
    ],
)
def test_a_heading_speaks_for_the_cells_below_it(rows, expected):
    assert signs(rows) == expected


def test_an_interaction_takes_its_regulator_from_the_cell_that_reaches_into_its_row():
    rows = (
        "<tr><th>TF<th>Target<th>Mode<th>PMID"
        "<tr><td rowspan=2>RUNX2<td>SPP1<td>activation<td>12186862"
        "<tr><td>MMP13<td>repression<td>20211142"
        "<tr><td>FOS<td>JUN<td rowspan=2>activation<td rowspan=2>11111111<tr><td>FOS<td>MYC"
    )
    claims = read(f"<html><body><table>{rows}</table></body></html>", "page.html").claims
    said = [
        (*claim.interaction[:2], claim.interaction.direction, [one.identifier.value for one in claim.citations])
        for claim in claims
    ]
    assert said == [
        ("RUNX2", "SPP1", "activation", ["12186862"]),
        ("RUNX2", "MMP13", "repression", ["20211142"]),
        ("FOS", "JUN", "activation", ["11111111"]),
        # What a cell cites is cited by the row that it stands in.
        ("FOS", "MYC", "activation", []),
    ]


# --- the numbers of a cell --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", (1, 1)),
        (' colspan="3" rowspan="2"', (3, 2)),
        (" COLSPAN=3 RowSpan='2'", (3, 2)),
        (" colspan=' 2 '", (2, 1)),
        (" colspan=2px rowspan=2.9", (2, 2)),
        (" colspan=+2", (2, 1)),
        (" colspan=0", (1, 1)),
        (" rowspan=0", (1, 65534)),
        (" colspan=-2 rowspan=-2", (1, 1)),
        (" colspan=two rowspan=all", (1, 1)),
        (" colspan rowspan", (1, 1)),
        (" colspan=99999999999999999999 rowspan=99999999999999999999", (1000, 65534)),
        (' data-colspan=3 title="rowspan=3"', (1, 1)),
        (" colspan=\u0663", (1, 1)),
    ],
)
def test_spans_are_read_as_a_browser_reads_them(written, expected):
    assert spans_of(written) == expected


# --- the table model --------------------------------------------------------------------------------------------------

CELL = st.tuples(st.integers(1, 3), st.sampled_from([1, 1, 2, 3, 0]))
GROUPS = st.lists(st.lists(st.lists(CELL, max_size=4), max_size=5), max_size=3)


def slots_of(groups):
    """Return the slots of each cell's first row by the letter of the standard: every slot of every row is filled."""
    columns = []
    for group in groups:
        taken = set()
        for y, row in enumerate(group):
            x = 0
            for width, height in row:
                while (x, y) in taken:
                    x += 1
                columns.append((x, x + width))
                last = y + (height or len(group) - y)
                taken |= {(one, below) for one in range(x, x + width) for below in range(y, last)}
                x += width
    return columns


@given(GROUPS)
def test_cells_stand_where_the_standard_puts_them(groups):
    grid, found, at = Grid(), [], 0
    for group in groups:
        for row in group:
            begin = at
            for width, height in row:
                grid.add(at, f' colspan="{width}" rowspan="{height}"')
                at += 10
            cells = grid.end_row(at, is_header=False)
            if cells is None:
                found += [(number, number + 1) for number in range(len(row))]
            else:
                found += [(cell.first, cell.last) for cell in cells if cell.start > begin]
            at += 10
        grid.end_group()
    assert found == slots_of(groups)


# --- hostile pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "piece",
    [
        "<tr><th colspan=99999999 rowspan=99999999>against",
        "<tr><th colspan=1000>Contradicted by<th>PMID",
        "<tr><td colspan=99999999 rowspan=99999999>doi:10.1000/a",
        "<td rowspan=0>x",
        "<th rowspan=0>against",
        "<tr><td rowspan=2>x<td>doi:10.1000/a",
        "<tr><td>x<tbody>",
        "<table><tr><th colspan=1000>pmid<th>against<tr><td>1234567",
    ],
)
def test_hostile_spans_take_linear_time(piece):
    header = "<table><tr><th>TF<th>Target<th>PMID<th>Contradicted by"
    head = "<td rowspan=65534>x" * 200

    def took(count):
        page = f"{header}<tr>{head}{piece * count}</table>"
        times = []
        for _ in range(2):
            begun = time.perf_counter()
            read(page, "page.html")
            times.append(time.perf_counter() - begun)
        return min(times)

    assert took(2000) < 12 * max(took(500), 0.02)


def test_a_long_heading_over_many_columns_is_kept_once():
    page = f"<table><tr><th colspan=1000>against {'x' * 100_000}<th>b</table>"
    assert re.match(r"\s*against", read_html(page).text[page.index(">against") + 1 :])
    assert signs(f"<tr><th colspan=1000>against {'x' * 100_000}<th>b<tr><td>A{doi('a')}") == ["+"]
