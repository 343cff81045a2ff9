"""A sentence of several clauses hides none of them: tags, what a work holds up alone and what-if go by clauses."""

from __future__ import annotations

import pytest
from auditing import KIM, NOW, WEBER, Vault
from hypothesis import given
from judging import verdict, work
from test_audit_properties import RANKS, SLOW, claims, judged

from evidence.audit.resting import held_alone_by, is_replicated, resting_status
from evidence.audit.tags import Wish, wish_of
from evidence.audit.whatif import Effect, ask_what_if, what_if_lines
from evidence.config import Settings
from evidence.store.database import reading
from evidence.vocabulary import Status

PAGE = """Bone is lost,[^a][^b] and fat is lost.[^c]{}

[^a]: rct · doi:10.1000/a
[^b]: rct · doi:10.1000/b
[^c]: in-vivo · mice · doi:10.1000/c
"""
OTHERS = ["Roe A", "Poe B"]


@pytest.fixture
def vault():
    with_works = Vault().work("doi:10.1000/a", authors=KIM).work("doi:10.1000/b", authors=WEBER)
    return with_works.work("doi:10.1000/c", authors=OTHERS)


def test_clause_of_one_study_wants_the_tag_beside_a_replicated_one(vault):
    report = vault.page(PAGE.format("")).audit()
    assert [one.verdict.status for one in report.claims] == [Status.REPLICATED_IN_HUMAN]
    told = {one.code: one.message for one in report.findings}
    assert told == {
        "EV003": "clause 2 by itself is single-study: doi:10.1000/c",
        "EV017": "all evidence of clause 2 is animal, and no tag says so",
    }
    assert wish_of(*report.claims[0]) is Wish.ADD


@pytest.mark.parametrize(
    ("text", "of"),
    [
        # One clause in people: the other alone is of animals, whichever comes first and is counted by.
        ("Fat is lost,[^c] and bone is lost.[^a]", " of clause 1"),
        ("Bone is lost,[^a] and fat is lost.[^c]", " of clause 2"),
        ("Fat is lost,[^c] and so is bone.[^d]", ""),
    ],
)
def test_all_evidence_is_of_animals_only_where_that_of_each_clause_is(vault, text, of):
    vault.page(f"{text}\n{PAGE.partition('{}')[2]}[^d]: in-vivo · mice · doi:10.1000/d\n")
    vault.work("doi:10.1000/d", authors=["Moe C"])
    told = [one.message for one in vault.audit().findings if one.code == "EV017"]
    assert told == [f"all evidence{of} is animal, and no tag says so"]


def test_tag_for_people_is_reviewed_where_another_clause_alone_is_in_people(vault):
    page = "Fat is lost,[^u] and bone is lost.[^a] #gap/needs-human-replication\n\n[^u]: doi:10.1000/u\n[^a]: rct · doi:10.1000/a\n"
    vault.page(page).work("doi:10.1000/u", authors=["Moe C"])
    assert "EV007" in vault.codes()


def test_tag_of_a_clause_of_one_study_is_right(vault):
    report = vault.page(PAGE.format(" #gap/needs-replication #gap/needs-human-replication")).audit()
    assert list(report.findings) == []
    assert wish_of(*report.claims[0]) is None


def test_tag_is_reviewed_where_each_clause_is_replicated(vault):
    text = PAGE.format(" #gap/needs-replication").replace("[^c]", "[^a][^b]", 1)
    report = vault.page(text).audit()
    assert "EV005" in [one.code for one in report.findings]
    assert wish_of(*report.claims[0]) is Wish.REVIEW


def test_work_holds_up_the_clause_that_rests_on_it_alone(vault):
    report = vault.page(PAGE.format("")).audit()
    held = {one.name: len(one.held_alone) for one in report.sources.values()}
    assert held == {"doi:10.1000/a": 0, "doi:10.1000/b": 0, "doi:10.1000/c": 1}


def test_work_holds_up_each_claim_of_a_page_that_rests_on_it_alone(vault):
    page = "Fat is lost.[^c]\n\nBone is lost.[^c]\n\nSkin is lost.[^c][^a]\n"
    report = vault.page(page + PAGE.partition("{}")[2]).audit()
    held = {one.name: len(one.held_alone) for one in report.sources.values()}
    assert held == {"doi:10.1000/a": 0, "doi:10.1000/c": 2}


def test_clause_that_falls_is_told(vault):
    vault.page(PAGE.format(""))
    with reading(vault.engine) as session:
        found = ask_what_if(session, ["10.1000/c"], Settings(), now=NOW)
    assert [one.effect for one in found.claims] == [Effect.CLAUSE_FALLS]
    assert "    - clause 2: single-study -> retracted" in list(what_if_lines(found))


def test_clause_with_one_study_less_is_told(vault):
    vault.page(PAGE.format("").replace("[^c]", "[^b][^c]", 1))
    with reading(vault.engine) as session:
        found = ask_what_if(session, ["10.1000/c"], Settings(), now=NOW)
    assert [one.effect for one in found.claims] == [Effect.CLAUSE_FALLS]


@given(claims())
@SLOW
def test_no_clause_is_better_than_the_whole_and_none_of_one_study_is_hidden(one):
    said = judged(one)
    if said.status not in RANKS:
        return
    parts = [part.status for part in said.clauses]
    assert all(RANKS.index(part) <= RANKS.index(said.status) for part in parts if part in RANKS)
    weak = {Status.SINGLE_STUDY, Status.SINGLE_GROUP}
    assert (resting_status(said) is not None) == bool(weak & {said.status, *parts})
    assert not (is_replicated(said) and resting_status(said))
    counted = {line.work.id for line in said.works}
    assert set(held_alone_by(said)) <= counted


def test_claim_of_one_clause_has_none_to_tell():
    assert verdict(work()).clauses == ()
