"""What `evidence show` says of a claim, a page and a work, in words, and how a claim is named."""

from __future__ import annotations

import pytest
from auditing import KIM, NOW, Vault

from evidence.audit.run import audit
from evidence.config import Settings
from evidence.errors import EvidenceError
from evidence.show import render, show
from evidence.store.database import reading

PAGE = """Bone is lost with age in mice.[^kim]

Fat is gained with
age in *old* mice.[^kim]

Fat is gained in men.

[^kim]: in-vivo · model: mice · n=12 · doi:10.1000/a1 · NOT doi:10.1000/x9 (incorrect DOI)
"""


@pytest.fixture(scope="module")
def vault():
    vault = Vault().page(PAGE, "notes/bone.md").page("Bone is lost.[^z]\n\n[^z]: doi:10.1000/never\n", "other.md")
    return vault.work("doi:10.1000/a1", authors=KIM, date="2004", publication_types=["Comment"])


def shown(vault, what):
    with reading(vault.engine) as session:
        return show(session, what, lambda paths: audit(vault.engine, Settings(), paths=paths, now=NOW))


def lines(vault, what):
    return "\n".join(render(shown(vault, what)))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("notes/bone.md:1", 1),
        ("bone.md:3", 3),
        ("bone.md:4", 3),
        ("“Bone is lost with age”", 1),
        ("gained with age in old mice", 3),
        ("fat is gained IN MEN", 6),
    ],
)
def test_claim_is_named_by_its_place_or_its_words(vault, name, line):
    assert shown(vault, name)["claim"]["line"] == line


def test_claim_is_named_by_the_beginning_of_its_id(vault):
    name = shown(vault, "bone.md:1")["claim"]["id"]
    assert shown(vault, name[:-2])["claim"]["id"] == name


def test_words_of_several_claims_name_none(vault):
    with pytest.raises(EvidenceError, match=r"more than one claim says .*bone\.md:3.*bone\.md:6"):
        shown(vault, "fat is gained")


def test_line_without_a_claim_is_said(vault):
    with pytest.raises(EvidenceError, match=r"no claim stands at notes/bone\.md:8"):
        shown(vault, "bone.md:8")


def test_claim_is_explained_in_words(vault):
    said = lines(vault, "bone.md:1")
    assert "One study stands behind this. It needs replication. Studied in animals." in said
    assert "Strength: none (0 of 4)." in said
    assert "one independent study of the same thing would make it replicated" in said
    assert "design: in-vivo (note), comment (pubmed)" in said


def test_unverified_claim_is_told_at_most(vault):
    said = lines(vault, "other.md:1")
    assert "At most: one study stands behind this." in said
    assert "Strength: not known before every work is looked up (`evidence refresh`)." in said
    assert "resolving doi:10.1000/never (`evidence refresh`) may lower it" in said


def test_claim_as_json_names_its_works_with_their_roles(vault):
    claim = shown(vault, "bone.md:1")["claim"]
    roles = {one["identifier"]: one["role"] for one in claim["citations"][0]["cites"]["identifiers"]}
    assert roles == {"doi:10.1000/a1": "cited", "doi:10.1000/x9": "denied"}
    assert claim["verdict"]["works"][0]["eco"] == "ECO:0000178"
    assert claim["verdict"]["rules"]


def test_page_tells_its_numbers(vault):
    page = shown(vault, "bone.md")["page"]
    assert page["summary"]["counts"]["single-study"] == 2
    assert [one["status"] for one in page["claims"]] == ["single-study", "single-study"]
    assert "uncited: 33.3% of the claims" in lines(vault, "bone.md")


def test_work_tells_what_it_alone_holds_up(vault):
    source = shown(vault, "10.1000/a1")["work"]["audit"]
    assert (len(source["claims_held_alone"]), source["pages"], source["status"]) == (2, ["notes/bone.md"], "resolved")
    assert source["self_conflicts"] == ["design: in-vivo (note), comment (pubmed)"]


@pytest.mark.parametrize("what", ["bone.md:1", "bone.md:6", "other.md:1"])
def test_what_would_change_a_verdict_does_not_contradict_it(vault, what):
    verdict = shown(vault, what)["claim"]["verdict"]
    assert verdict["changes"]
    assert verdict["status"] not in " ".join(verdict["changes"]).split()


@pytest.mark.parametrize(("number", "said"), [(1, "1 claim: "), (5, "5 claims: "), (7, "7 claims: ")])
def test_list_of_claims_that_a_work_holds_up_says_how_many_it_leaves_out(number, said):
    sentences = " ".join(f"Bone {word} is lost.[^a]" for word in "abcdefg"[:number])
    vault = Vault().page(f"{sentences}\n\n[^a]: in-vivo · doi:10.1000/a1\n").work("doi:10.1000/a1", authors=KIM)
    (line,) = [one for one in render(shown(vault, "doi:10.1000/a1")) if "alone holds up" in one]
    assert said in line
    assert line.endswith(" and 2 more") is (number == 7)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Bone is lost,[^a] but fat is gained.[^b]",
            [
                "[^a] doi:10.1000/a1 (supports, clause 1)",
                "[^b] doi:10.1000/b1 (supports, clause 2)",
                "2 clauses: what is said since the citation before needs support of its own",
            ],
        ),
        (
            "Bone is lost.[^a][^b]",
            [
                "[^a] doi:10.1000/a1 (supports, clause 1)",
                "[^b] doi:10.1000/b1 (supports, clause 1)",
                "one clause: between the citations nothing is said that only some of them stand for",
            ],
        ),
        ("Bone is lost.[^a]", ["[^a] doi:10.1000/a1 (supports)"]),
    ],
)
def test_claim_says_why_its_citations_close_one_clause_or_two(text, said):
    vault = Vault().page(f"{text}\n\n[^a]: rct · doi:10.1000/a1\n[^b]: rct · doi:10.1000/b1\n")
    told = [one.strip() for one in render(shown(vault, "page.md:1"))]
    assert told[told.index("citations:") + 1 :] == said


def test_interaction_row_is_one_statement():
    table = "| TF | Target | PMIDs |\n|---|---|---|\n| RUNX2 | SP7 | 11111111; 22222222 |\n"
    vault = Vault().page(table)
    assert "  one clause: the papers of a row stand for one statement" in render(shown(vault, "page.md:3"))


def test_key_of_a_bibliography_is_named_as_it_is_written():
    vault = Vault().page("Lee found that bone is lost [-@lee2019].\n")
    said = list(render(shown(vault, "page.md:1")))
    assert "Lee found that bone is lost [-@lee2019]." in said
    assert "  `@lee2019` is a key of a bibliography, which is not read" in said
    assert "  [@lee2019] cites no work (supports)" in said
    assert any("a DOI or PMID beside the key" in line for line in said)
    assert not any("mending the note" in line for line in said)


def test_number_that_nobody_can_resolve_is_named_as_it_is_written():
    entries = "### Books\n\n1. Lee. doi:10.1000/a1\n\n### Papers\n\n1. Kim. doi:10.1000/b1\n2. Roe. doi:10.1000/c1\n"
    vault = Vault().page(f"Bone is lost with age [1].\n\nFat is gained [2].\n\n## References\n\n{entries}")
    said = "\n".join(render(shown(vault, "page.md:1")))
    assert "  [1] cites no work (supports)" in said
    assert "nobody can tell what [1] cites" in said
    assert "1?" not in said
