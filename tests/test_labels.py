"""Labels and what they head, such as "Contradicted by: [^b]" or a list below it, belong to the claim above them."""

from __future__ import annotations

import pytest
from auditing import KIM, WEBER, Vault
from growing import seconds
from hypothesis import given
from hypothesis import strategies as st
from reading import claims as claims_of
from reading import read

from evidence.extract.forms.markdown import read_markdown

KEYS = "abcdefgh"
NOTES = "".join(f"\n[^{key}]: rct · doi:10.1000/{key}" for key in KEYS)
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
        "- Bone falls with age.\n  - Contradicted by: mice without klotho live longer [^b]",
        "- Bone falls with age.\n  - Contradicted by: Metformin [^b]",
        "- Bone falls with age.\n  - Contradicted by: none [^b]",
        "- Bone falls with age.\n  - Failed to replicate [^b]",
        "- Bone falls with age.\n  - Contradicted by: [^b] in mice",
        "- Bone falls with age.\n  - In mice: [^b]",
        "- Bone falls with age.\n  - Doses: [^b]",
        "- Bone falls with age.\n  - Contradicted by [^b]: men",
        "- Bone falls with age.\n  - Sources: fed mice [^b]",
        # It is not below the item, or other items stand between.
        "- Bone falls with age.\n- Contradicted by: [^b]",
        "- Bone falls with age.\n  - In mice too.\n  - Contradicted by: [^b]",
        "- Bone falls with age.\n\n## Contradicted by\n\n  - Sources: [^b]",
        # The item states nothing, or is several claims.
        "- Evidence:\n  - Contradicted by: [^b]",
        "- Bone falls.[^a] Fat rises with age.[^c]\n  - Contradicted by: [^b]",
        "- Evidence:\n  - [^b]",
        "- Contradicted by:\n  - [^b]",
        "- Bone falls with age.\n  - [^b]",
        # Sources may be those of the whole section; of several sentences nobody can tell which a label is about.
        "Bone falls with age.\n\nSources: [^b]",
        "Bone falls with age.\n\nSources:\n\n- [^b]",
        "Bone falls. Fat rises with age.\n\nContradicted by: [^b]",
        "Bone falls. Fat rises with age. Contradicted by: [^b]",
        # Something else stands between, or the claim is in another section, quote or list.
        "Bone falls with age.\n\n- Fat rises.\n\nContradicted by: [^b]",
        "Bone falls with age.\n\n| A | B |\n|---|---|\n| c | d |\n\nContradicted by: [^b]",
        "- Bone falls with age.\n\nContradicted by: [^b]",
        "> Bone falls with age.\n\nContradicted by: [^b]",
        "Bone falls with age.\n\n## Contradicted by\n\n- [^b]",
        "## Bone falls with age\n\nContradicted by: [^b]",
        "Bone falls with age.\n\nContradicted by: [^c]\n\n- Against:\n\n[^b]",
        # A label at odds with the one that it is below.
        "- Bone falls with age.\n  - Contradicted by: Lee 2019 [^c]\n    - Supported by: [^b]",
    ],
)
def test_other_items_stay_what_they_are(items):
    found = claims(items)
    assert [cited for _, cited in found if "b" in cited] in (["+b0"], ["~b0"])
    assert not any("-b" in cited for _, cited in found)


def test_works_without_a_label_before_others_with_one_are_kept():
    assert claims("- Bone falls with age.\n  - Sources:\n    - [^b]; contradicted by: [^c]")[-1] == (1, "+b0 ~c1")


LISTS = {
    "marks": ("[^b]", "[^c]"),
    "names": ("Ali et al. 2019 [^b]", "Weber & Kim, 2020 [^c]."),
    "names behind": ("[^b] (Ali et al. 2019)", "**[^c]** Weber 2020, Nature"),
    "pages of studies": ("[[studies/ali-2019|the larger trial]] [^b]", "[[weber-2020]]: [^c]"),
}


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize(
    ("label", "sign", "clause"),
    [
        ("Contradicted by:", "-", 1), ("**Evidence against:**", "-", 1), ("**Contradicted by**", "-", 1),
        ("Supported by:", "+", 0), ("Replicated by:", "+", 0), ("Evidence:", "+", 0), ("Sources:", "+", 0), ("References", "+", 0),
    ],
)  # fmt: skip
def test_works_of_a_list_below_a_label_are_of_the_item_above(kind, label, sign, clause):
    first, second = LISTS[kind]
    items = f"- Bone falls with age.[^a]\n  - {label}\n    - {first}\n    - {second}\n- Fat rises.[^d]"
    assert claims(items) == [(4, f"+a0 {sign}b{clause} {sign}c{clause}"), (1, "+d0")]


def test_links_and_references_of_a_list_below_a_label():
    page = (
        "- Bone falls with age.\n  - Contradicted by:\n    - [Weber 2020](https://doi.org/10.1000/x1)\n"
        "    - [Mice live longer without it](https://doi.org/10.1000/x2)\n    - PMID 12186862\n"
        "    - Ali J, Weber K. Klotho and ageing mice. Nature 2019;12:3-4. doi:10.1000/x3\n"
    )
    (claim,) = read(page).claims
    assert [(one.identifier.value, one.polarity.value) for one in claim.citations] == [
        (value, "opposes") for value in ("10.1000/x1", "10.1000/x2", "12186862", "10.1000/x3")
    ]


def test_what_states_something_below_a_label_is_a_claim_and_the_works_around_it_are_not():
    items = (
        "- Bone falls with age.[^a]\n  - Contradicted by:\n    - [^b]\n    - Mice without klotho live longer.[^c]\n"
        "      - Supported by: [^d]\n    - [^e]\n  - Supported by: [^f]"
    )
    assert claims(items) == [(3, "+a0 -b1 -e1 +f0"), (2, "+c0 +d0")]


def test_labels_below_a_label():
    items = "- Bone falls with age.\n  - Evidence:\n    - For: [^a]\n    - Against:\n      - [^b]\n      - [^c]"
    assert claims(items) == [(6, "+a0 -b1 -c1")]


def test_works_of_a_label_below_one_that_is_at_odds_with_it_are_claims_of_their_own():
    items = "- Bone falls with age.[^a]\n  - Contradicted by:\n    - Supported by: [^b]\n    - Sources: [^c]"
    assert [cited for _, cited in claims(items)] == ["+a0 -c1", "", "+b0"]


@pytest.mark.parametrize(
    "label",
    [
        "Contradicted by: Ali et al. 2019 [^b]; Lee 2021 [^c]", "Contradicted by: [^b] (Ali et al. 2019), [^c]",
        "Contradicted by Ali et al. 2019 [^b] and Lee 2021 [^c].", "Contradicted by [^b], [^c]",
        "**Contradicted by:** (Ali & Weber, 2019 [^b]); Kim J et al., Nature 2020 [^c]",
        "Contradicted by: [[studies/ali-2019]] [^b], [[lee-2021|Lee 2021]] [^c]",
    ],
)  # fmt: skip
def test_names_of_papers_behind_a_label_state_nothing(label):
    assert claims(f"- Bone falls with age.[^a]\n  - {label}") == [(2, "+a0 -b1 -c1")]


NAMED = [
    "two trials [^h][^g]", "a later RCT [^g]", "several larger cohort studies [^g], [^h]", "Brown's group [^g]", "others [^g]",
    "an unpublished trial [^g] and two independent labs [^h]", "the larger randomized trial of Lee et al. 2019 [^g]",
    "Brown and colleagues [^g]", "failed replications [^g]", "Danish registry data [^g]", "Mendelian randomization [^g]",
    "Lee 2019, two later trials [^g]", "at least two trials in older women [^g]", "[^g], a larger trial",
]  # fmt: skip
FIELDS = [
    "Hughes 2012 (RCT, n=40) [^g]", "Hughes (RCT) [^g]", "Hughes and Lee (2012, 40 men) [^g]", "Green 2011, a larger trial [^g]",
    "Clark et al. (*Bone*, 2007) [^g]", "Clark et al. (Bone, 2007; RCT) [^g]", "[^g][^h] (both RCTs)", "[^g] (n = 1,200)",
    "Brown et al. (2006) [^g] – n=40, RCT", "Brown et al. [^g] (double-blind RCT in men; unpublished)", "Kim 2012 [^g] (meta-analysis of 12 trials)",
]  # fmt: skip


@pytest.mark.parametrize("works", NAMED + FIELDS)
def test_what_only_tells_which_works_they_are_states_nothing(works):
    cited = [one for one in ("g", "h") if f"[^{one}]" in works]
    opposing = "".join(f" -{one}1" for one in sorted(cited, key=lambda one: works.index(f"[^{one}]")))
    below = f"- Bone falls with age.[^a]\n  - Contradicted by: {works}"
    assert claims(below) == [(2, f"+a0{opposing}")]
    assert claims(below.replace(": ", ":\n    - ")) == [(3, f"+a0{opposing}")]


@pytest.mark.parametrize(
    "works",
    [
        "control groups [^g]", "no trial [^g]", "few studies [^g]", "two trials found a gain [^g]", "fat loss in two trials [^g]",
        "Metformin [^g]", "a trial that shows a gain [^g]", "[^g] (fat was gained)", "[^g] (no loss)", "Lee 2019 (fat, bone) [^g]",
        "Lee 2019 [^g] – men gain bone", "three age groups [^g]", "the treated mice [^g]", "higher mortality (RCT) [^g]",
    ],
)  # fmt: skip
def test_what_may_be_found_is_no_name_of_works(works):
    bone, other = claims(f"- Bone falls with age.[^a]\n  - Contradicted by: {works}")
    assert bone == (1, "+a0")
    assert other[1][1] == "g"


def test_two_labels_on_one_line():
    items = "- Bone falls with age.[^a]\n  - Supported by: [^b], [^c]; contradicted by: Lee 2019 [^d]."
    assert claims(items) == [(2, "+a0 +b0 +c0 -d1")]


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("Bone falls with age.[^a]\n\nContradicted by: [^b]", 3), ("Bone falls with age.[^a]\n\n**Contradicted by:** [^b]", 3),
        ("Bone falls with age.[^a]\n\nContradicted by: Lee 2019 [^b]", 3), ("Bone falls with age.[^a]\nContradicted by: [^b]", 2),
        ("Bone falls with age.[^a] Contradicted by: [^b]", 1), ("Bone falls with age [^a]\n**Contradicted by:** [^b]", 2),
        ("Bone falls with age.[^a]\n\n- Contradicted by: [^b]", 3), ("Bone falls with age.[^a]\n\nContradicted by:\n\n- [^b]", 5),
        ("Bone falls with age.[^a]\n\n**Contradicted by**\n- Lee 2019 [^b]", 4), ("> Bone falls with age.[^a]\n>\n> Contradicted by: [^b]", 3),
        ("Bone falls with age.[^a]\n\nContradicted by:\n\n[^b]", 5), ("Bone falls with age.[^a] Contradicted by:\n- [^b]", 2),
        ("- Bone falls with age.[^a]\n  Contradicted by: [^b]", 2), ("- Bone falls with age.[^a] Contradicted by: [^b]", 1),
        ("- Bone falls with age.[^a]\n\n  Contradicted by: [^b]", 3), ("- Bone falls with age.[^a]\n\n  Against:\n\n  - [^b]", 5),
        ("- Bone falls with age.[^a] Contradicted by:\n  - [^b]", 2), ("> - Bone falls with age.[^a]\n>   - Against: [^b]", 2),
        ("Fat is gained. Bone is lost.\n\nBone falls with age.[^a]\n\nEvidence against: [^b]", 3),
    ],
)  # fmt: skip
def test_a_label_behind_a_claim_of_one_sentence(page, lines):
    *before, last = claims(page)
    assert last == (lines, "+a0 -b1")
    assert all(cited == "" for _, cited in before)


def test_a_label_within_an_item_that_cites_nothing_else():
    assert claims("- Bone falls with age. Contradicted by: [^b], [^c]") == [(1, "-b0 -c0")]
    assert claims("- Bone falls with age. Sources: [^b]") == [(1, "+b0")]


def test_labels_behind_a_paragraph_are_of_it_whatever_stands_first():
    labels = ["Supported by: [^b]", "**Contradicted by:** [Lee 2019](https://doi.org/10.1000/c)", "Sources: [^d]"]
    for first, second, third in ((0, 1, 2), (1, 2, 0), (2, 1, 0)):
        page = "\n\n".join(["Bone falls with age.[^a]", labels[first], labels[second], labels[third], NOTES])
        claim, sources = read(page).claims
        cited = {(one.note or one.identifier.value, one.polarity.value, one.clause) for one in claim.citations}
        assert cited == {("a", "supports", 0), ("b", "supports", 0), ("10.1000/c", "opposes", 1)}
        assert [one.note for one in sources.citations] == ["d"]


def test_a_note_that_fails_to_replicate_supports_below_a_label_what_says_so_itself():
    notes = "\n\n[^b]: Lee 2019 · failed to replicate this · doi:10.1000/b\n"
    (claim,) = read(f"- Statins do not lower its risk.\n  - Supported by: [^b]{notes}").claims
    assert [one.polarity.value for one in claim.citations] == ["supports"]


def html(items):
    def mark(key):
        return f'<sup><a href="#fn-{key}">{key}</a></sup>'

    for key in KEYS:
        items = items.replace(f"[^{key}]", mark(key))
    notes = "".join(f'<li id="fn-{key}">rct, doi:10.1000/{key}</li>' for key in KEYS)
    return f"<html><body>{items}<section><ol>{notes}</ol></section></body></html>"


@pytest.mark.parametrize(
    "items",
    [
        "<p>Bone falls.[^a]</p><p><b>Contradicted by:</b> [^b]</p>", "<p>Bone falls.[^a]</p><p>Contradicted by:</p><ul><li>[^b]</li></ul>",
        "<ul><li>Bone falls.[^a]<ul><li>Contradicted by:<ul><li>Ali et al. 2019 [^b]</li></ul></li></ul></li></ul>",
        "<ul><li><p>Bone falls.[^a]</p><p>Contradicted by: [^b]</p></li></ul>", "<ul><li>Bone falls.[^a]<br>Contradicted by: [^b]</li></ul>",
        "<dl><dt>Bone falls.[^a]</dt><dd>Contradicted by: [^b]</dd></dl>",
    ],
)  # fmt: skip
def test_labels_of_html(items):
    (claim,) = read(html(items), "a.html").claims
    assert [(one.note, one.polarity.value) for one in claim.citations] == [("a", "supports"), ("b", "opposes")]


def test_works_behind_another_claim_are_no_words_of_the_claim_in_html():
    items = (
        "<ul><li>Bone falls.<ul><li>Contradicted by:<ul><li>[^a]</li><li>Mice live longer.[^b]</li><li>[^c]</li></ul>"
        "</li></ul></li></ul>"
    )
    bone, mice = read(html(items), "a.html").claims
    assert ([one.note for one in bone.citations], bone.text) == (["a", "c"], "Bone falls. Contradicted by: [^a]")
    assert (mice.text, bone.end <= mice.start) == ("Mice live longer.[^b]", True)


def test_a_link_of_a_number_below_a_label_in_html_is_not_lost():
    link = '<a href="https://doi.org/10.1000/x1">1</a>'
    items = f"<ul><li>Bone falls.<ul><li>Contradicted by:<ul><li>{link}</li></ul></li></ul></li></ul>"
    (claim,) = read(f"<html><body>{items}</body></html>", "a.html").claims
    assert [(one.identifier.value, one.polarity.value) for one in claim.citations] == [("10.1000/x1", "opposes")]


LABELS = ["Contradicted by", "Supported by", "Evidence against", "Sources", "In mice", "Doses", "Evidence"]
STATED = [
    "Bone falls with age.",
    "Fat rises. It falls in men.",
    "Sources:",
    "Is bone lost?",
    "Contradicted by:",
    "#gap/unsourced",
]
WORKS = [
    "[^{}]",
    "[^{}]; against: [^a]",
    "[^{}]. Sources: [^a]. Lee 2019 [^b]",
    "Ali et al. 2019 [^{}]",
    "Mice live longer.[^{}]",
    "[^{}], [^a]",
    "Doses: [^{}]",
    "[^{}] (see Lee)",
]
LINES = st.tuples(
    st.integers(0, 4), st.sampled_from(["- ", "1. ", "", "> - ", "\n"]), st.sampled_from([*LABELS, *STATED, ""]),
    st.sampled_from([":", "", "**"]), st.sampled_from([*WORKS, ""]), st.sampled_from(KEYS),
)  # fmt: skip


@given(st.lists(LINES, max_size=12))
def test_no_mark_is_lost_and_none_is_cited_twice(lines):
    written = [
        f"{'  ' * depth}{sign}{words}{colon} {work.format(key)}"
        for depth, sign, words, colon, work, key in lines
        # A sign alone may underline a heading.
        if words or work
    ]
    text = "\n".join(written)
    page = f"Bone is lost.\n\n{text}\n\n## Notes\n{NOTES}\n"
    cited = sorted(one.start for claim in claims_of(page) for one in claim.citations)
    assert cited == [mark.start for mark in read_markdown(page).marks]


@given(st.permutations(["+bc", "-de", "+f", "-g"]), st.booleans(), st.booleans())
def test_a_list_below_a_label_says_what_its_line_would(labels, is_item, is_wrapped):
    names = {"+": "Supported by:", "-": "Contradicted by:"}
    sign, deep, deeper = ("- ", "  - ", "    - ") if is_item else ("", "\n", "- ")
    written = [f"{sign}Bone falls with age.[^a]"]
    for label in labels:
        marks = [f"[^{key}]" for key in label[1:]]
        head = f"{deep}{names[label[0]]}"
        written += [head, *(deeper + mark for mark in marks)] if is_wrapped else [f"{head} {', '.join(marks)}"]
    ((_, cited),) = claims("\n".join(written))
    found = {one[1]: (one[0], one[2:]) for one in cited.split()}
    assert {key: sign for key, (sign, _) in found.items()} == dict(zip("abcdefg", "+++--+-", strict=True))
    assert {found[key][1] for key in "abcf"} == {"0"}
    assert found["d"][1] == found["e"][1] != found["g"][1]


def test_the_claim_is_contradicted_and_the_label_is_none():
    vault = Vault().page(f"- Bone falls with age.[^a]\n  - **Contradicted by:** [^b]\n{NOTES}\n")
    vault.work("doi:10.1000/a", authors=KIM).work("doi:10.1000/b", authors=WEBER)
    (one,) = [one for one in vault.claims() if one.verdict.status != "not-a-claim"]
    assert (one.verdict.status, one.verdict.reasons[0]) == (
        "contradicted", "the page says that doi:10.1000/b opposes it; and doi:10.1000/a supports it",
    )  # fmt: skip


def test_no_label_is_left_out_however_many_there_are():
    ((lines, cited),) = claims("\n".join(["- Bone falls with age.", *["  - Sources: [^a]"] * 5_000]))
    assert (lines, cited.count("+a0")) == (5_001, 5_000)


GROWING = {
    "works below a label": ("- Bone falls.\n  - Contradicted by:\n{}", "    - [^a]\n"),
    "labels": ("- Bone falls.\n{}", "  - Contradicted by: [^a]\n"),
    "labels below labels": ("- Bone falls.\n{}", "  - Sources:\n   - Against:\n    - Lee 2019 [^a]\n"),
    "claims with labels": ("{}", "Bone falls.\n\nContradicted by: Lee 2019 [^a]\n\n"),
    "names behind a label": ("- Bone falls.\n  - Sources: {}", "Lee & Kim 2019 [^a]; "),
    "labels on one line": ("- Bone falls.\n  - {}", "Against: [^a]; "),
    "stops and no label": ("- Bone falls: {} [^a]", "falls. And "),
    "blanks behind a label": ("- Bone falls.\n  - Sources{}: [^a]", " *"),
}


@pytest.mark.parametrize("kind", GROWING)
def test_time_grows_with_the_labels(kind):
    page, piece = GROWING[kind]
    short, long = (page.format(piece * (length // len(piece))) + NOTES for length in (400, 3200))
    assert seconds(read, long) < 3 * 8 * seconds(read, short)
