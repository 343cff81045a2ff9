"""What a table's header says of its columns, and what that makes of its rows."""

from __future__ import annotations

import time

import pytest

from evidence.extract.columns import read_header, read_row, split_cells
from evidence.extract.forms.html import read_html
from evidence.records import Identifier, Interaction
from evidence.vocabulary import Scheme


def cells(row, count=None):
    return [row[start:end] for start, end in split_cells(row, 0, len(row), count)]


def read(header, row, found=()):
    columns = read_header(cells(header))
    return read_row(columns, split_cells(row, 0, len(row), columns.width), row, found)


def ids(heading, cell):
    """The identifiers of a cell under a heading, as (scheme, value)."""
    columns = read_header([heading])
    if columns is None:
        return []
    row = f"| {cell} |"
    made = read_row(columns, split_cells(row, 0, len(row)), row).identifiers
    assert all(row[one.start : one.end] == one.text for one in made)
    return [(one.scheme.value, one.value) for one in made]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("| a | b |", ["a", "b"]),
        ("a | b", ["a", "b"]),
        ("  | a | b |  ", ["a", "b"]),
        ("| a | b", ["a", "b"]),
        ("| a |  | c |", ["a", "", "c"]),
        ("|  | b |", ["", "b"]),
        ("| a | |", ["a", ""]),
        (r"| [[x\|y]] | b |", [r"[[x\|y]]", "b"]),
        (r"| a \\| b |", [r"a \\", "b"]),
        ("| `x` | b |", ["`x`", "b"]),
        ("|", [""]),
        ("", [""]),
        ("a", ["a"]),
    ],
)
def test_cells(row, expected):
    assert cells(row) == expected


def test_bars_in_code_and_links_are_text_where_the_header_says_so():
    assert cells("| `a|b` | [[c|d]] |", 2) == ["`a|b`", "[[c|d]]"]
    assert cells("| `a|b` | c |") == ["`a", "b`", "c"]
    assert cells("| a | b | c |", 2) == ["a", "b", "c"]


def test_cells_of_a_part_of_a_text():
    text = "x | y\n| a | b |\n"
    assert split_cells(text, 6, 15) == [(8, 9), (12, 13)]


@pytest.mark.parametrize(
    "heading",
    [
        "PMID", "PMIDs", "PMID(s)", "pmid", "**PMID**", "PubMed ID", "PubMed", "Pubmed IDs", "PubMed_ID", "PubmedID",
        "Reference (PMID)", "References (PMIDs)", "Source PMID", "Study (PMID)", "PMID list", "PMID[^a]", "PMID #",
        "[PMID](https://pubmed.ncbi.nlm.nih.gov)", "DOI / PMID", "Key reference (PubMed ID)", "Evidence (PMID)",
        "Contradicting PMIDs", "Contradicted by (PMID)", "PMID against", "Contradicted by PMID", "Evidence against (PMID)",
        "Not replicated by (PMID)", "Supported by PMID",
    ],
)  # fmt: skip
def test_headings_of_pmids(heading):
    assert ids(heading, "12186862") == [("pmid", "12186862")]


@pytest.mark.parametrize(
    "heading",
    [
        "PMID count", "# PMIDs", "Number of PMIDs", "No. of PMIDs", "N PMIDs", "PMIDs number", "PMID verified", "PubMed hits",
        "PubMed search", "Gene ID", "ID", "Reference", "References", "Citations", "PMID or PMCID", "Year (PMID)", "PubMed rank",
        "Has PMID", "PMID year", "UniProt ID", "n (PMID)", "", "NCT ID", "HMDB",
        "Contradicted by", "Contradicted by (n)", "Evidence against", "Contradicting PMID count", "Not PMID", "PMID by",
    ],
)  # fmt: skip
def test_other_headings(heading):
    assert ids(heading, "12186862") == []


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("12186862; 20211142", ["12186862", "20211142"]),
        ("12186862, 20211142", ["12186862", "20211142"]),
        ("12186862,20211142", ["12186862", "20211142"]),
        (r"12186862 \| 20211142", ["12186862", "20211142"]),
        ("12186862 / 20211142", ["12186862", "20211142"]),
        ("12186862 20211142", ["12186862", "20211142"]),
        ("12186862<br>20211142<br/>271968", ["12186862", "20211142", "271968"]),
        ("12186862, 12186862", ["12186862"]),
        ("`12186862`", ["12186862"]),
        ("**12186862** [^lee]", ["12186862"]),
        ("[12186862](https://example.org/papers/1)", ["12186862"]),
        ("[[12186862]]", ["12186862"]),
        ("2019; 12186862", ["12186862"]),
    ],
)
def test_numbers_of_a_cell(cell, values):
    assert ids("PMID", cell) == [("pmid", value) for value in values]


@pytest.mark.parametrize(
    "cell",
    [
        "", "-", "–", "n/a", "pending", "12 papers", "Lee 2019", "2019", "012345", "123456789", "12.5", "860.0", "12,345,678",
        "12186862-12186870", "12186862 (review)", "~12186862", "no PMID", "see 12186862", "12186862?", "١٢١٨٦٨٦٢", "5e6",
        "[[lee-2019]]", "PMID",
    ],
)  # fmt: skip
def test_cells_that_are_no_pmids(cell):
    assert ids("PMID", cell) == []


def test_low_number_is_an_id_only_where_the_heading_speaks_of_one():
    assert ids("PMID", "12") == [("pmid", "12")]
    assert ids("PMIDs", "12") == ids("PubMed", "12") == []


def test_pmcid_column():
    assert ids("PMCID", "3468323") == [("pmcid", "PMC3468323")]
    assert ids("PMCID", "PMC3468323") == []


def test_several_are_marked_as_a_list():
    row = "| 12186862; 20211142 |"
    made = read_row(read_header(["PMID"]), split_cells(row, 0, len(row)), row).identifiers
    assert [one.how for one in made] == [("list",), ("list",)]
    assert [row[one.start : one.end] for one in made] == ["12186862", "20211142"]


def test_what_the_text_names_is_not_named_again():
    row = "| [12186862](https://pubmed.ncbi.nlm.nih.gov/12186862) |"
    found = (Identifier(Scheme.PMID, "12186862", 13, 53, row[13:53]),)
    assert read("| PMID |", row, found).identifiers == ()


def test_row_may_have_fewer_cells_than_the_header():
    assert read("| Gene | PMID |", "| RUNX2 |").identifiers == ()


def test_interaction():
    header = "| TF | Target gene | Database(s) | Detection method | Small-scale | Effect | PMID |"
    row = "| **FOS** | [[runx2\\|RUNX2]] | GTRD; ReMap | ChIP, EMSA | Yes | Activation | 12186862 |"
    made = read(header, row)
    assert made.interaction == Interaction("FOS", "RUNX2", ("GTRD", "ReMap"), ("ChIP", "EMSA"), True, "activation")
    assert [one.value for one in made.identifiers] == ["12186862"]


def test_table_in_html():
    html = """<table><tr><th>Note</th><th>TF</th><th>Target</th><th>PMID</th></tr>
    <tr><td></td><td><em>FOS</em></td><td>RUNX2|x</td><td><a href="/p/1">12186862</a><br>20211142</td></tr></table>"""
    layout = read_html(html)
    (begin, stop), (block,) = layout.headers[1], layout.blocks
    columns = read_header([layout.text[slice(*span)] for span in split_cells(layout.text, begin, stop)])
    row = read_row(columns, split_cells(layout.text, block.start, block.end), layout.text)
    assert row.interaction.regulator == "FOS"
    assert [html[one.start : one.end] for one in row.identifiers] == ["12186862", "20211142"]


def test_empty_cells_are_not_known():
    made = read(
        "| Regulator | Gene | DB | Method | Small scale evidence | Sign | PMID |", "| FOS | RUNX2 | - | | n/a | ? | |"
    )
    assert made.interaction == Interaction("FOS", "RUNX2", (), (), None, None)


@pytest.mark.parametrize(
    ("column", "cell", "databases"),
    [
        ("Database", "GTRD, ReMap", ("GTRD", "ReMap")),
        ("Databases", "GTRD/ReMap", ("GTRD", "ReMap")),
        ("Source database", r"GTRD \| ReMap", ("GTRD", "ReMap")),
        ("Resource", "GTRD<br>ReMap", ("GTRD", "ReMap")),
        ("db", "GTRD, GTRD", ("GTRD",)),
    ],
)
def test_databases(column, cell, databases):
    assert read(f"| TF | Target | {column} |", f"| FOS | RUNX2 | {cell} |").interaction.databases == databases


@pytest.mark.parametrize(
    ("cell", "methods"),
    [
        ("ChIP; reporter assay, luciferase", ("ChIP", "reporter assay, luciferase")),
        ("reporter assay (luciferase, HEK293), EMSA", ("reporter assay (luciferase, HEK293)", "EMSA")),
        ("co-IP/MS", ("co-IP/MS",)),
    ],
)
def test_methods(cell, methods):
    assert read("| TF | Target | Method | PMID |", f"| FOS | RUNX2 | {cell} | |").interaction.methods == methods


@pytest.mark.parametrize(("cell", "expected"), [("yes", True), ("No", False), ("✓", True), ("maybe", None), ("", None)])
def test_small_scale(cell, expected):
    header = "| TF | Target | Small-scale evidence | PMID |"
    assert read(header, f"| FOS | RUNX2 | {cell} | 1 |").interaction.small_scale is expected


@pytest.mark.parametrize(
    "header",
    [
        "| TF | Target | Effect |",
        "| Compound | Target | Source | PMID |",
        "| Gene | Method | PMID |",
        "| Receptor / TF | Target tissue | PMID |",
        "| TF | Binding site | PMID |",
    ],
)
def test_tables_that_are_no_interactions(header):
    columns = read_header(cells(header))
    assert columns is None or not columns.is_interaction


@pytest.mark.parametrize("row", ["| | RUNX2 | 1 |", "| FOS | - | 1 |", "| FOS, JUN | RUNX2 | 1 |", "| FOS |", "| |"])
def test_row_without_one_partner_on_each_side_is_no_interaction(row):
    assert read("| TF | Target | PMID |", row).interaction is None


def test_more_telling_heading_wins():
    made = read("| Gene | TF | Target gene | PMID |", "| 860 | FOS | RUNX2 | 12186862 |")
    assert (made.interaction.regulator, made.interaction.target) == ("FOS", "RUNX2")


def test_header_that_says_nothing():
    assert read_header(["Domain", "Residues", "Function"]) is None
    assert read_header([]) is None


def test_long_tables_and_long_cells_take_linear_time():
    columns = read_header(["TF", "Target", "Database", "PMID"])
    row = "| FOS | RUNX2 | GTRD; ReMap | 12186862; 20211142 |"
    begun = time.perf_counter()
    for _ in range(10_000):
        read_row(columns, split_cells(row, 0, len(row), 4), row)
    for piece in ("1 ", "1,", "[[", "`", "[a](", "<a ", "\\|", "(", "| "):
        long = f"| {piece * 50_000} | x | y | {piece * 50_000} |"
        read_row(columns, split_cells(long, 0, len(long), 4), long)
    assert time.perf_counter() - begun < 10


@pytest.mark.parametrize(
    ("column", "cell", "direction"),
    [
        ("Mode", "activation", "activation"),
        ("Mode", "Repression", "repression"),
        ("Mode", "cell culture", None),
        ("Mode of regulation", "Activation", "activation"),
        ("Mode of action", "inhibition", "inhibition"),
        ("Effect", "Activation", "activation"),
        ("Effect", "longer life", None),
        ("Regulation", "up-regulates", "up-regulates"),
        ("Sign", "+", "+"),
        ("MoR", "-1", "-1"),
        ("MOR", "0.37", None),
        ("Direction", "**activation**", "activation"),
        ("Direction", "see text", None),
        ("Type", "repressor", "repressor"),
        ("Type", "lncRNA", None),
        ("Mode", "", None),
        ("Mode", "unknown", "unknown"),
        ("Model", "activation", None),
        ("Effect", "Induces expression", "induces expression"),
        ("Effect", "(+)", "+"),
        ("Effect", "[↑]", "↑"),
        ("Effect", "↓ expression", "↓ expression"),
        ("Effect", "Activation (direct)", "activation (direct)"),
        ("Effect", "Negatively regulates", "negatively regulates"),
        ("Effect", "reduced mRNA levels", "reduced mrna levels"),
        ("Effect", "transcriptional activator", "transcriptional activator"),
        ("Effect", "Increases apoptosis", None),
        ("Effect", "does not induce expression", None),
        ("Effect", "activation/repression", None),
        ("Effect", "represses a repressor of it", None),
        ("Effect", "expression", None),
        ("Effect", "2 targets", None),
        ("Effect", "- (direct)", None),
        ("Type", "protein", None),
    ],
)
def test_direction_is_a_word_for_one(column, cell, direction):
    assert (
        read(f"| TF | Target | {column} | PMIDs |", f"| TP53 | CDKN1A | {cell} | 1 |").interaction.direction
        == direction
    )


@pytest.mark.parametrize(
    "tag",
    ["#gap/needs-replication", "`#gap/needs-replication`", "#gap/needs-replication (one of 3 trials)", "[^gap/no-doi]"],
)
def test_gap_tag_in_a_cell_is_no_part_of_what_it_holds(tag):
    made = read("| TF | Target | Mode | PMID |", f"| TP53 {tag} | CDKN1A | activation {tag} | 12186862 {tag} |")
    assert [one.value for one in made.identifiers] == ["12186862"]
    assert made.interaction == Interaction("TP53", "CDKN1A", (), (), None, "activation")


@pytest.mark.parametrize(
    ("column", "cell", "context"),
    [
        ("Organism", "Mus musculus", ("Mus musculus",)),
        ("Tissue / cell line", "**liver** #gap/unsourced", ("liver",)),
        ("Cell type(s)", "n/a", ()),
        ("Condition", "", ()),
        ("Gene type", "kinase", ()),
        ("Cell count", "12", ()),
    ],
)
def test_context_is_what_an_interaction_was_seen_in(column, cell, context):
    made = read(f"| TF | Target | {column} | PMID |", f"| TP53 | CDKN1A | {cell} | 1 |")
    assert made.interaction.context == context


def test_the_column_with_a_word_for_a_direction_counts():
    made = read("| TF | Target | Effect | Mode | PMID |", "| TP53 | CDKN1A | arrest | activation | 1 |")
    assert made.interaction.direction == "activation"
