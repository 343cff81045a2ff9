"""Which rows of interaction tables are set against each other by their signs (EVIDENCE.md section 3.4, rule 4)."""

from __future__ import annotations

import pytest
from auditing import KIM, WEBER, Vault
from hypothesis import given
from hypothesis import strategies as st
from judging import missing, resource, review, unresolved, work

from evidence.audit.signs import context_of, with_opposites
from evidence.audit.works import CitedPlace, ClaimEvidence
from evidence.notices import WorkNotice
from evidence.records import Interaction, Tag
from evidence.vocabulary import ClaimKind, NoticeKind, Polarity, TagPlace

HEAD = "| TF | Target | Effect | PMID |\n|---|---|---|---|\n"
ROWS = "| FOXO1 | KL | Activation | 11111111 |", "| FOXO1 | KL | Repression | 22222222 |"


def statuses(text):
    vault = Vault().page(text).work("pmid:11111111", authors=KIM).work("pmid:22222222", authors=WEBER)
    return [one.verdict.status.value for one in vault.claims()]


@pytest.mark.parametrize(("one", "other"), [("Induces expression", "Represses"), ("(+)", "(−)"), ("↑", "reduces mRNA")])
def test_signs_in_other_words_are_set_against_each_other(one, other):
    rows = f"| FOXO1 | KL | {one} | 11111111 |\n| FOXO1 | KL | {other} | 22222222 |\n"
    assert statuses(HEAD + rows) == ["contradicted", "contradicted"]


def in_sections(*headings):
    return "\n\n".join(f"{heading}\n\n{HEAD}{row}" for heading, row in zip(headings, ROWS, strict=True)) + "\n"


@pytest.mark.parametrize(
    ("cell", "notes", "status"),
    [
        ("", "", "uncited"),
        ("[^none]", "", "unresolved"),
        ("[^empty]", "\n[^empty]: pending\n", "unresolved"),
        ("29087512", "", "resource-only"),
    ],
)
def test_a_row_with_nothing_behind_it_is_no_evidence_against_a_work(cell, notes, status):
    assert statuses(f"{HEAD}{ROWS[0]}\n{ROWS[1].replace('22222222', cell)}\n{notes}")[0] == "single-study"
    # What cites nothing that stands has no support that could be contradicted; the database it names is some.
    expected = "contradicted" if status == "resource-only" else status
    assert statuses(f"{HEAD}{ROWS[0]}\n{ROWS[1].replace('22222222', cell)}\n{notes}")[1] == expected


def test_a_row_whose_work_is_retracted_is_no_evidence_against_another():
    vault = Vault().page(HEAD + "\n".join(ROWS)).work("pmid:11111111", authors=KIM)
    vault.work("pmid:22222222", authors=WEBER)
    assert [one.verdict.status.value for one in vault.claims()] == ["contradicted", "contradicted"]
    vault.retract("22222222")
    assert [one.verdict.status.value for one in vault.claims()] == ["single-study", "retracted"]


@pytest.mark.parametrize(
    "headings",
    [
        ("## Human", "## Mouse"),
        ("### In vitro", "### In vivo"),
        ("## Targets in liver", "## Targets in muscle"),
        ("## HEK293 cells", "## Primary neurons"),
        ("## Day 3", "## Day 14"),
        ("## Resting T cells", "## Activated T cells"),
        ("## Young animals", "## Old animals"),
        ("## Without rapamycin", "## With rapamycin"),
        ("## Targets", "## Targets in mice"),
        ("## Human\n\n### Targets", "## Mouse\n\n### Targets"),
        ("## 人", "## 小鼠"),
        ("## Sirt1+/+ mice", "## Sirt1-/- mice"),
        ("## CD4+", "## CD4−"),
        ("## In LPS-stimulated cells", "## In cells"),
    ],
)
def test_sections_that_may_tell_of_different_things_are_not_compared(headings):
    assert statuses(in_sections(*headings)) == ["single-study", "single-study"]


@pytest.mark.parametrize(
    "headings",
    [
        ("## Table 1", "## Table 2"),
        ("## 1.1 Targets of FOXO1", "## 2. Regulators of KL"),
        ("## TRRUST", "## GTRD"),
        ("## Literature", "## Databases"),
        ("## Activated targets", "## Repressed targets"),
        ("## Targets in mice", "## Targets in *mice*:"),
        ("## Mouse\n\n### Curated interactions", "## Mouse\n\n### Further interactions (2024)"),
        ("Text.", "More text."),
    ],
)
def test_like_sections_are_compared(headings):
    found = [one for one in statuses(in_sections(*headings)) if one != "uncited"]
    assert found == ["contradicted", "contradicted"]


def test_databases_of_the_rows_are_no_context():
    head = "| TF | Target | Effect | Database | PMID |\n|---|---|---|---|---|\n"
    rows = "| A | B | up | MyBase | 11111111 |", "| A | B | down | OtherBase | 22222222 |"
    text = "\n\n".join(f"## {name}\n\n{head}{row}" for name, row in zip(("MyBase", "OtherBase"), rows, strict=True))
    assert statuses(text) == ["contradicted", "contradicted"]


@pytest.mark.parametrize(
    "column", ["Organism", "Species", "Tissue/cell type", "Cell line(s)", "Context", "Condition", "In vitro / in vivo"]
)
@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        ("mouse", "human", "single-study"),
        ("CD4+ T cells", "CD4- T cells", "single-study"),
        # Nobody says that the other is the same.
        ("mouse", "", "single-study"),
        ("Homo sapiens", "Mus musculus", "single-study"),
        ("human", "human liver", "single-study"),
        ("Mouse", "**mouse**", "contradicted"),
        ("Homo sapiens", "Human", "contradicted"),
        ("H. sapiens, mouse", "Mus musculus; human", "contradicted"),
        ("", "n/a", "contradicted"),
    ],
)
def test_rows_of_different_contexts_are_not_compared(column, one, other, status):
    head = f"| TF | Target | Effect | {column} | PMID |\n|---|---|---|---|---|\n"
    rows = f"| A | B | up | {one} | 11111111 |\n| A | B | down | {other} | 22222222 |\n"
    assert statuses(head + rows) == [status] * 2


@pytest.mark.parametrize(
    ("one", "other", "status"), [("Human", "Mouse", "single-study"), ("Human", "Human", "contradicted")]
)
@pytest.mark.parametrize("title", ["| **{}** | | | |", "| | {} | | |", "| *{}* |"])
def test_rows_below_titles_within_a_table_are_about_these(title, one, other, status):
    rows = f"{title.format(one)}\n{ROWS[0]}\n{title.format(other)}\n{ROWS[1]}\n"
    assert [said for said in statuses(HEAD + rows) if said != "uncited"] == [status] * 2


def test_titles_of_a_page_with_tags_span_its_columns():
    rows = "".join(
        f"<tr><td colspan=4><b>{name}</b></td></tr><tr><td>FOXO1<td>KL<td>{sign}<td>{pmid}</tr>"
        for name, sign, pmid in (("Human", "up", "11111111"), ("Mouse", "down", "22222222"))
    )
    page = f"<table><tr><th>TF<th>Target<th>Effect<th>PMID</tr>{rows}</table>"
    vault = Vault().page(page, "a.html").work("pmid:11111111", authors=KIM).work("pmid:22222222", authors=WEBER)
    assert "contradicted" not in [one.verdict.status.value for one in vault.claims()]


@pytest.mark.parametrize("column", ["Model organism database", "Cell count", "Gene type", "Age of the study", "Note"])
def test_other_columns_are_no_context(column):
    head = f"| TF | Target | Effect | {column} | PMID |\n|---|---|---|---|---|\n"
    assert statuses(f"{head}| A | B | up | 1 | 11111111 |\n| A | B | down | 2 | 22222222 |\n") == ["contradicted"] * 2


def test_genes_of_two_spellings_are_two():
    # Human genes are written in capitals, those of mice are not (HGNC and MGI guidelines).
    assert statuses(HEAD + ROWS[0] + "\n| Foxo1 | Kl | Repression | 22222222 |\n") == ["single-study"] * 2


GONE = (WorkNotice(NoticeKind.RETRACTION, "2020", "crossref"),)
BEHIND = {
    "study": work,
    "unverified": unresolved,
    "review": review,
    "resource": resource,
    "missing": missing,
    "retracted": lambda name: work(name, notices=GONE),
}
STANDING = {"study", "unverified", "review"}
SIGNS = {"activates": 1, "+": 1, "down": -1, "Repression": -1, "unknown": 0, None: 0}
SECTIONS = {("Human",): "human", ("Mouse",): "mouse", (): "", ("Table 2",): "", ("GTRD", "Targets"): ""}


@st.composite
def a_row(draw):
    polarities = st.sampled_from([Polarity.SUPPORTS] * 3 + list(Polarity))
    cited = draw(st.lists(st.tuples(polarities, st.sampled_from(sorted(BEHIND))), max_size=3))
    tags = (Tag("contradictory-evidence", TagPlace.CLAIM),) if draw(st.booleans()) else ()
    return (
        draw(st.sampled_from([("A", "B"), ("B", "A")])), draw(st.sampled_from(list(SIGNS))),
        draw(st.sampled_from(list(SECTIONS))), cited, tags,
    )  # fmt: skip


def rows_of(made):
    for line, (pair, direction, section, cited, tags) in enumerate(made):
        places = tuple(
            CitedPlace(0, polarity, (BEHIND[kind](f"{line}-{number}"),))
            for number, (polarity, kind) in enumerate(cited)
        )
        interaction = Interaction(*pair, (), (), direction=direction)
        yield ClaimEvidence(
            str(line), "a.md", line, ClaimKind.INTERACTION, section, "", places, tags, interaction=interaction
        )


def counts(cited):
    """Whether something that counts supports a row: not only what is gone, and not only databases."""
    support = {kind for polarity, kind in cited if polarity is Polarity.SUPPORTS}
    if "retracted" in support and not support & {"study", "unverified"}:
        # Nothing mends that but another study (rule 3).
        return False
    return bool(support & STANDING)


@given(st.lists(a_row(), max_size=8))
def test_a_row_is_opposed_by_rows_of_its_pair_and_context_that_count_and_by_no_others(made):
    for one, found in zip(made, with_opposites(list(rows_of(made))), strict=True):
        against = [
            line
            for line, other in enumerate(made)
            if other[0] == one[0]
            and SIGNS[other[1]] * SIGNS[one[1]] == -1
            and SECTIONS[other[2]] == SECTIONS[one[2]]
            and counts(other[3])
        ]
        assert (found.opposite.line if found.opposite else None) == (against[0] if against else None)
        told = any(made[line][4] or any(each.is_against for each, _ in made[line][3]) for line in against)
        assert (found.opposite is not None and found.opposite.is_told) == told


@given(st.lists(a_row(), max_size=8), st.randoms())
def test_order_of_rows_decides_only_which_one_is_named(made, chance):
    rows = list(rows_of(made))
    other = chance.sample(rows, len(rows))
    opposed = {one.id for one in with_opposites(rows) if one.opposite}
    assert {one.id for one in with_opposites(other) if one.opposite} == opposed


@given(st.lists(a_row(), max_size=8), a_row())
def test_a_row_with_nothing_behind_it_changes_no_other(made, added):
    pair, direction, section, _, tags = added
    bare = (pair, direction, section, [(Polarity.SUPPORTS, "missing")], tags)
    assert with_opposites(list(rows_of([*made, bare])))[:-1] == with_opposites(list(rows_of(made)))


def test_a_context_is_what_tells_sections_apart():
    pair = Interaction("FOXO1", "KL", (), ())
    assert context_of(("FOXO1", "In *M. musculus*"), pair) == {"m", "musculus"}
