"""What a note, the page of its study and PubMed tell of one work, held against each other."""

from __future__ import annotations

import pytest
from auditing import KIM, Vault

STUDY = "---\ntype: study\ndoi: 10.1000/a\nstudy-design: in-vivo\norganism: mouse\nn: 20\n---\nText.\n"


def told(note, *, page="", **facts):
    vault = Vault()
    if page:
        vault.page(page, "studies/a.md")
    vault.page(f"Bone is lost.[^a]\n\n[^a]: {note} · doi:10.1000/a\n", "p.md").work(
        "doi:10.1000/a", authors=KIM, **facts
    )
    found = [one for one in vault.audit().findings if one.code == "EV011"]
    return [(one.severity.value, one.message.removeprefix("doi:10.1000/a: ")) for one in found]


def test_note_page_and_pubmed_that_differ():
    mesh = {"publication_types": ["Journal Article"], "mesh": ["Animals", "Mice"]}
    assert set(told("[[studies/a]] · rct · human · n=400", page=STUDY, **mesh)) == {
        ("warning", "level is human (note) and animal (study page)"),
        ("info", "design is rct (note) and in-vivo (study page)"),
        ("info", "n is 400 (note) and 20 (study page)"),
    }


@pytest.mark.parametrize(
    ("note", "types", "mesh", "expected"),
    [
        ("rct", ["Review"], [], [("warning", "design is rct (note) and review (pubmed)")]),
        ("rct · human", ["Journal Article"], ["Animals"], [("warning", "level is human (note) and animal (pubmed)")]),
        ("rct", ["Journal Article"], ["Animals"], []),
        ("rct · human", ["Journal Article"], ["Animals", "Humans"], []),
        ("meta-analysis", ["Review"], [], []),
        ("review", ["Journal Article"], ["Animals"], []),
        ("cohort", ["Observational Study"], ["Humans"], []),
        ("in-vitro · human cells", ["Journal Article"], ["Animals"], []),
    ],
)
def test_note_and_pubmed(note, types, mesh, expected):
    assert told(note, publication_types=types, mesh=mesh) == expected
