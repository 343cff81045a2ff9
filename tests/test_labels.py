"""Items of nothing but a label and marks, such as "Contradicted by: [^b]", belong to the item that they are below."""

from __future__ import annotations

import pytest
from auditing import KIM, WEBER, Vault
from reading import read

NOTES = "".join(f"\n[^{key}]: rct · doi:10.1000/{key}" for key in "abcd")
SIGNS = {"supports": "+", "opposes": "-", "contrasts": "~", "mentions": "m"}


def claims(items, name="page.md"):
    """The claims of a list: of each the number of lines, and its citations with their clauses."""
    found = read(items + "\n" + NOTES + "\n", name).claims
    return [
        (one.text.count("\n") + 1, " ".join(f"{SIGNS[c.polarity.value]}{c.note}{c.clause}" for c in one.citations))
        for one in found
    ]


@pytest.mark.parametrize(
    ("label", "sign"),
    [
        ("**Contradicted by:**", "-"), ("Contradicted by:", "-"), ("*Evidence against*:", "-"), ("Against:", "-"),
        ("Not replicated by:", "-"), ("Counter-evidence:", "-"), ("Supported by:", "+"), ("Sources:", "+"),
        ("**Source:**", "+"), ("Key references:", "+"), ("Evidence:", "+"), ("Evidence for:", "+"), ("For:", "+"),
    ],
)  # fmt: skip
def test_works_behind_a_label_are_of_the_item_above(label, sign):
    clause = 1 if sign == "-" else 0
    assert claims(f"- Bone falls with age.[^a]\n  - {label} [^b], [^c]") == [
        (2, f"+a0 {sign}b{clause} {sign}c{clause}")
    ]


def test_several_labels_are_of_one_item():
    items = (
        "1. Bone falls with age.\n   - Supported by: [^a]\n   - Contradicted by: [^b][^c]\n2. Fat rises with age.[^d]"
    )
    assert claims(items) == [(3, "+a0 -b1 -c1"), (1, "+d0")]


@pytest.mark.parametrize(
    "labels", [("Supported by: [^b]", "Contradicted by: [^c]"), ("Contradicted by: [^c]", "Supported by: [^b]")]
)
def test_the_order_of_labels_changes_no_clause(labels):
    ((_, cited),) = claims("\n".join(["- Bone falls with age.[^a]", *[f"  - {label}" for label in labels]]))
    assert sorted(cited.split()) == ["+a0", "+b0", "-c1"]


def test_of_several_clauses_nobody_knows_which_is_supported_whatever_stands_between():
    items = "- Bone falls in men[^a] and fat rises in mice.[^b]\n  - Contradicted by: [^c]\n  - Supported by: [^d]"
    assert claims(items) == [(3, "+a0 +b1 -c2 +d3")]


def test_keys_in_one_pair_of_brackets():
    assert claims("- Bone falls with age.\n  - Contradicted by: [^a, ^b]") == [(2, "-a0 -b0")]


@pytest.mark.parametrize(
    ("works", "count"),
    [
        ("[Lee 2019](https://doi.org/10.1000/b)", 1), ("[a larger trial](https://doi.org/10.1000/b)", 1),
        ("doi:10.1000/b.", 1), ("([Lee 2019](https://doi.org/10.1000/b), [^c])", 2), ("<https://doi.org/10.1000/b>", 1), ("PMID 12345678; PMID 12345679", 2),
        ("[Lee 2019][lee] and [^b]", 2),
        ("[Lee 2019](https://doi.org/10.1000/b), [Kim 2020](https://doi.org/10.1000/c) #gap/needs-replication", 2),
    ],
)  # fmt: skip
def test_links_and_identifiers_are_read_as_marks_are(works, count):
    page = f"- Bone falls with age.[^a]\n  - Contradicted by: {works}\n{NOTES}\n\n[lee]: https://doi.org/10.1000/b\n"
    (claim,) = read(page, "page.md").claims
    assert [one.polarity.value for one in claim.citations[1:]] == ["opposes"] * count


def test_a_link_behind_a_label_supports_an_item_that_cites_nothing():
    (claim,) = read("- Bone falls with age.\n  - Source: [Lee 2019](https://doi.org/10.1000/b)\n", "page.md").claims
    assert [(one.identifier.value, one.polarity.value) for one in claim.citations] == [("10.1000/b", "supports")]


def test_links_behind_a_label_in_html():
    items = (
        '<ul><li>Bone falls with age (<a href="https://doi.org/10.1000/a">Kim 2012</a>).<ul><li><b>Contradicted by:</b> '
        '<a href="https://doi.org/10.1000/b">Lee 2019</a>, <a href="https://doi.org/10.1000/c">Park 2020</a></li>'
        "</ul></li></ul>"
    )
    (claim,) = read(f"<html><body>{items}</body></html>", "a.html").claims
    assert [one.polarity.value for one in claim.citations] == ["supports", "opposes", "opposes"]


def test_the_same_holds_in_html():
    def mark(key):
        return f'<sup><a href="#fn-{key}">{key}</a></sup>'

    items = f"<ul><li>Bone falls with age.{mark('a')}<ul><li><b>Contradicted by:</b> {mark('b')}</li></ul></li></ul>"
    notes = "".join(f'<li id="fn-{key}">rct, doi:10.1000/{key}</li>' for key in "ab")
    (claim,) = read(f"<html><body>{items}<section><ol>{notes}</ol></section></body></html>", "a.html").claims
    assert [(one.note, one.polarity.value) for one in claim.citations] == [("a", "supports"), ("b", "opposes")]


@pytest.mark.parametrize(
    "items",
    [
        # Something else is said too, or another label.
        "- Bone falls with age.\n  - Contradicted by: Lee 2019 [^b]",
        "- Bone falls with age.\n  - Contradicted by: [^b] in mice",
        "- Bone falls with age.\n  - In mice: [^b]",
        "- Bone falls with age.\n  - Doses: [^b]",
        "- Bone falls with age.\n  - Contradicted by [^b]: men",
        "- Bone falls with age.\n  - Sources: Lee 2019 (https://doi.org/10.1000/c) [^b]",
        # It is not below the item, or other items stand between.
        "- Bone falls with age.\n- Contradicted by: [^b]",
        "- Bone falls with age.\n  - In mice too.\n  - Contradicted by: [^b]",
        "- Bone falls with age.\n\n## Contradicted by\n\n  - Sources: [^b]",
        # The item states nothing, or is several claims.
        "- Evidence:\n  - Contradicted by: [^b]",
        "- Bone falls.[^a] Fat rises with age.[^c]\n  - Contradicted by: [^b]",
        # Whether a paragraph is about one sentence before it or about all of them nobody can tell.
        "Bone falls with age.\n\nSources: [^b]",
    ],
)
def test_other_items_stay_what_they_are(items):
    assert all(lines == 1 for lines, _ in claims(items))
    assert sum("b" in cited for _, cited in claims(items)) == 1


def test_the_claim_is_contradicted_and_the_label_is_none():
    vault = Vault().page(f"- Bone falls with age.[^a]\n  - **Contradicted by:** [^b]\n{NOTES}\n")
    vault.work("doi:10.1000/a", authors=KIM).work("doi:10.1000/b", authors=WEBER)
    (one,) = [one for one in vault.claims() if one.verdict.status != "not-a-claim"]
    assert (one.verdict.status, one.verdict.reasons[0]) == (
        "contradicted", "the page says that doi:10.1000/b opposes it; and doi:10.1000/a supports it",
    )  # fmt: skip


def test_so_many_labels_that_no_item_has_them_are_claims_of_their_own():
    many = claims("\n".join(["- Bone falls with age.", *["  - Sources: [^a]"] * 20_000]))
    assert many[0][0] == many[0][1].count("+") + 1
    assert sum(cited.count("+") for _, cited in many) == 20_000
