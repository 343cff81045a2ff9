"""Every work that a page cites is checked: also in lists of references, in notes without marks, in front matter."""

from __future__ import annotations

import pytest
from auditing import KIM, Vault

HEADINGS = ("References", "Sources", "Literature", "Further reading", "Bibliography", "Footnotes")
FALLEN = {"authors": KIM, "notices": ["retraction"]}
FOUND = {"authors": KIM}


def places(vault, code):
    return [(one.severity.value, one.line, one.column) for one in vault.audit().findings if one.code == code]


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_retracted_entry_of_a_list_of_references_is_told_at_its_identifier(heading):
    page = f"# P\n\nText.\n\n## {heading}\n\n- Kim J. A title. doi:10.1000/a\n- Kim J again: doi:10.1000/a\n"
    assert places(Vault().page(page).work("doi:10.1000/a", **FALLEN), "EV001") == [("error", 7, 23)]


def test_an_entry_that_says_so_is_told_as_marked():
    vault = Vault().page("## References\n\n- RETRACTED: Kim J. A title. doi:10.1000/a\n")
    assert places(vault.work("doi:10.1000/a", **FALLEN), "EV001") == [("info", 3, 34)]


def test_an_entry_that_does_not_exist_is_told():
    vault = Vault().page("## References\n\n- Kim J. A title. doi:10.1000/none\n")
    assert places(vault.looked_up("doi:10.1000/none", "crossref", "not-found"), "EV008") == [("error", 3, 23)]


def test_an_entry_whose_identifiers_contradict_each_other_is_told():
    vault = Vault().page("## References\n\n- Kim J. A title. doi:10.1000/a\n")
    vault.work("doi:10.1000/a", conflicts=["pmid:1 (pubmed) / pmid:2 (crossref)"], **FOUND)
    assert places(vault, "EV004") == [("error", 3, 23)]


def test_a_note_without_a_mark_is_checked():
    vault = Vault().page("Bone is lost.\n\n[^a]: rct · doi:10.1000/a\n").work("doi:10.1000/a", **FALLEN)
    assert places(vault, "EV001") == [("error", 3, 17)]


def test_what_a_study_page_is_of_is_checked():
    vault = Vault().page("---\ntype: study\ndoi: 10.1000/a\n---\nBone is lost in these mice.\n", "studies/a.md")
    assert places(vault.work("doi:10.1000/a", **FALLEN), "EV001") == [("error", 3, 6)]


def test_a_claim_tells_of_its_retracted_work_alone():
    vault = Vault().page("Bone is lost.[^a]\n\n## References\n\n- Kim J. doi:10.1000/a\n\n[^a]: rct · doi:10.1000/a\n")
    assert places(vault.work("doi:10.1000/a", **FALLEN), "EV001") == [("error", 1, 1)]


@pytest.mark.parametrize(
    "page",
    [
        "## References\n\n- Kim J. A title. doi:10.1000/a\n",
        "Bone is lost.\n\n[^a]: rct · doi:10.1000/a\n",
        "---\ntype: study\ndoi: 10.1000/a\n---\nBone.\n",
    ],
)
def test_a_work_that_was_never_looked_up_makes_the_audit_incomplete_wherever_it_stands(page):
    assert Vault().page(page).audit().is_incomplete
    assert not Vault().page(page).work("doi:10.1000/a", **FOUND).audit().is_incomplete


def test_a_failed_look_up_of_an_entry_makes_the_audit_incomplete():
    vault = Vault().page("## References\n\n- Kim J. A title. doi:10.1000/a\n").work("doi:10.1000/a", **FOUND)
    assert vault.looked_up("doi:10.1000/a", "crossref", "failed").audit().is_incomplete


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_sentence_with_a_mark_below_such_a_heading_is_a_claim(heading):
    page = f"## {heading}\n\nBone is lost in old women, as a large trial found.[^a]\n\n[^a]: rct · doi:10.1000/a\n"
    assert Vault().page(page).work("doi:10.1000/a", **FALLEN).status() == "retracted"


@pytest.mark.parametrize(
    "entry", ["- Kim et al. 2011, *Nature Medicine*[^a]", "- Kim 2011[^a]", "- [[studies/kim]][^a]"]
)
def test_an_entry_with_a_mark_is_none(entry):
    page = f"## References\n\n{entry}\n\n[^a]: rct · doi:10.1000/a\n"
    assert Vault().page(page).work("doi:10.1000/a", **FOUND).status() == "not-a-claim"


@pytest.mark.parametrize(
    "line",
    [
        "***Nature* 479: 232–236, 2011.** doi:10.1000/a · PMID:22048312",
        "*New England Journal of Medicine* 2021;385(12):1067–1077. doi:10.1000/a. PMID 34459569.",
        "Gold OA; full text at PMC10716122.",
        "- [[studies/kim]] — stub; the first clock (doi:10.1000/a)",
    ],
)
def test_a_line_that_only_names_a_paper_is_no_claim(line):
    assert Vault().page(f"{line}\n").status() == "not-a-claim"


LEADING_ON = [
    "See also",
    "See also:",
    "Cross-references",
    "Cross-links",
    "🔗 Related pages",
    "Related",
    "Cited by wiki pages",
]


@pytest.mark.parametrize("heading", LEADING_ON)
@pytest.mark.parametrize(
    "item",
    [
        "- [[studies/kim]] — bone loss in old mice (doi:10.1000/a)",
        "- [[studies/kim|Kim 2011]] (verified R31b) — null result of a trial (doi:10.1000/a)",
        "- **[[studies/kim]]**: the first of its kind, PMID 11111111",
        "- [Kim 2011](../studies/kim.md) – the first clock paper, https://doi.org/10.1000/a",
        "- [[bone]] · [[osteoblasts]] — cell types of the tissue",
        "| [[studies/kim]] | The first clock (doi:10.1000/a) |",
    ],
)
def test_an_item_that_leads_on_is_no_claim(heading, item):
    if item.startswith("|"):
        item = f"| Page | What |\n|---|---|\n{item}"
    vault = Vault().page(f"Bone is lost.\n\n## {heading}\n\n{item}\n").work("doi:10.1000/a", "pmid:11111111", **FOUND)
    (status,) = [one.verdict.status.value for one in vault.claims()[1:]]
    assert status == "not-a-claim"


@pytest.mark.parametrize("heading", LEADING_ON)
@pytest.mark.parametrize(
    "item",
    [
        "- [[ampk]] — phosphorylates ATG13 at Ser-224 (doi:10.1000/a)",
        "- [[studies/kim]] — companion paper (doi:10.1000/a); Notch regulates the growth of vessels",
        "- [[sasp]] — SASP of mice and men differ (doi:10.1000/a)",
        "- [[sasp]] — not seen in people (doi:10.1000/a)",
        "- [[bone]] — loss in old age, hazard ratio 1.7[^a]",
        "- Bone loss in old mice (doi:10.1000/a)",
    ],
)
def test_an_item_that_states_something_is_a_claim_wherever_it_stands(heading, item):
    page = f"## {heading}\n\n{item}\n\n[^a]: rct · doi:10.1000/a\n"
    assert Vault().page(page).work("doi:10.1000/a", **FOUND).status() == "single-study"


@pytest.mark.parametrize(
    "line",
    [
        "Mice 24: 12 of them lost bone. doi:10.1000/a",
        "- [[studies/kim]] — bone loss in old mice (doi:10.1000/a)",
        "- [[studies/kim]] — stub; bone is lost in old mice (doi:10.1000/a)",
        "Nature 2011;479:232–236 found bone loss. doi:10.1000/a",
        "Bone loss 3:1 in old mice. doi:10.1000/a",
    ],
)
def test_a_line_that_says_what_was_found_is_a_claim(line):
    assert Vault().page(f"{line}\n").work("doi:10.1000/a", **FOUND).status() == "single-study"
