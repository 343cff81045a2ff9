"""What falls if a work falls: the same as an audit of a store in which a registry tells of the retraction."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from auditing import KIM, NOW, WEBER, Vault
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.audit.whatif import ask_what_if, what_if_lines, what_if_to_dict
from evidence.config import Settings
from evidence.errors import EvidenceError
from evidence.store import models
from evidence.store.database import reading, writing

PAGE = """# Page

Bone is lost.[^a] Fat is gained.[^a][^b] Muscle is weak.[^r][^a] Hair is grey.[^b]

Skin is thin,[^b] although one study failed to replicate this.[^a]

Old bone breaks.[^p]

[^a]: in-vivo · model: mice · doi:10.1000/a1
[^b]: in-vivo · model: mice · doi:10.1000/b1
[^r]: review · doi:10.1000/r1
[^p]: in-vivo · model: mice · doi:10.1000/p1
"""
ROSSI = ["Bruno E", "Ricci F", "Conti G", "Rossi H"]


@pytest.fixture
def vault():
    vault = Vault().page(PAGE).work("doi:10.1000/a1", "pmid:111", authors=KIM, title="On bone")
    vault.work("doi:10.1000/b1", authors=WEBER).work("doi:10.1000/r1", authors=ROSSI)
    return vault.work("doi:10.1000/p1", authors=KIM, relations=[("is-preprint-of", "doi:10.1000/a1")], type="preprint")


def ask(vault, *ids):
    with reading(vault.engine) as session:
        return ask_what_if(session, ids, Settings(), now=NOW)


def effects(found):
    return {" ".join(one.claim.text.split())[:9]: one.effect.value for one in found.claims}


def test_effects_are_sorted_the_worst_first(vault):
    found = ask(vault, "10.1000/a1")
    assert list(effects(found).items()) == [
        ("Bone is l", "loses-all-support"),
        ("Muscle is", "loses-all-support"),
        ("Old bone ", "loses-all-support"),
        ("Fat is ga", "drops"),
        ("Skin is t", "loses-a-contrast"),
    ]
    drops = {one.claim.text[:3]: (one.before.status, one.after.status) for one in found.claims}
    assert drops["Fat"] == ("replicated", "single-study")
    # A review beside it does not count, so it does not hold the claim either.
    assert drops["Mus"] == ("single-study", "retracted")
    assert sum(found.totals.values()) == len(found.claims)


def test_claim_that_stays_as_strong_by_other_evidence_is_not_weaker():
    note = "in-vitro · HeLa cells"
    page = f"Bone is lost.[^a][^b][^c]\n\n[^a]: {note} · doi:10.1000/a1\n[^b]: {note} · doi:10.1000/b1\n"
    vault = Vault().page(f"{page}[^c]: in-vivo · model: mice · doi:10.1000/c1\n")
    vault.work("doi:10.1000/a1", authors=KIM).work("doi:10.1000/b1", authors=WEBER).work("doi:10.1000/c1", authors=KIM)
    (one,) = ask(vault, "doi:10.1000/c1").claims
    assert (one.before.status, one.before.strength) == (one.after.status, one.after.strength)
    assert (one.before.level, one.after.level, one.effect) == ("animal", "cells", "otherwise")


def test_claim_without_its_study_in_people_is_weaker():
    page = "Bone is lost.[^a][^b][^c]\n\n" + "".join(
        f"[^{key}]: in-vivo · model: mice · doi:10.1000/{key}1\n" for key in "ab"
    )
    vault = Vault().page(f"{page}[^c]: cohort · doi:10.1000/c1\n")
    vault.work("doi:10.1000/a1", authors=KIM).work("doi:10.1000/b1", authors=WEBER).work(
        "doi:10.1000/c1", authors=ROSSI
    )
    (one,) = ask(vault, "doi:10.1000/c1").claims
    assert (one.before.status, one.after.status, one.effect) == ("replicated", "replicated", "weaker")


def test_review_that_falls_changes_nothing(vault):
    assert effects(ask(vault, "doi:10.1000/r1")) == {"Muscle is": "stands"}


@pytest.mark.parametrize(
    "name", ["10.1000/A1", "https://doi.org/10.1000/a1", "PMID 111", "111", "work:1", "kim2020bone"]
)
def test_work_is_named_in_any_way(vault, name):
    with writing(vault.engine) as session:
        session.add(models.Citekey(folded="kim2020bone", key="Kim2020Bone", work_id=1))
    assert ask(vault, name).claims == ask(vault, "10.1000/a1").claims


@pytest.mark.parametrize("name", ["nobody2020", "work:77", "work:x", "", "10.9999/none", "99999999", "page.md"])
def test_unknown_name_is_refused(vault, name):
    with pytest.raises(EvidenceError) as caught:
        ask(vault, name)
    assert caught.value.hint


def test_preprint_falls_with_its_article_and_is_named(vault):
    found = ask(vault, "10.1000/a1")
    assert effects(found)["Old bone "] == "loses-all-support"
    assert (found.works[0].preprints, found.works[0].articles) == (("doi:10.1000/p1",), ())
    assert "  with it fall its preprints: doi:10.1000/p1" in list(what_if_lines(found))


def test_article_stands_where_its_preprint_alone_is_retracted(vault):
    found = ask(vault, "10.1000/p1")
    assert effects(found) == {"Old bone ": "loses-all-support"}
    assert (found.works[0].preprints, found.works[0].articles) == ((), ("doi:10.1000/a1",))
    assert any("it is a preprint of doi:10.1000/a1, which stands" in line for line in what_if_lines(found))


def test_article_that_only_its_preprint_is_cited_of_may_be_asked_for():
    vault = Vault().page("Bone is lost.[^p]\n\n[^p]: in-vivo · doi:10.1000/p1\n")
    vault.work("doi:10.1000/p1", authors=KIM, relations=[("is-preprint-of", "doi:10.1000/a1")])
    assert effects(ask(vault, "10.1000/a1")) == {"Bone is l": "loses-all-support"}


def test_row_is_no_longer_contradicted_once_the_work_of_the_other_sign_falls():
    head = "| TF | Target | Effect | Study |\n|---|---|---|---|\n"
    rows = "| A | B | up | [^a] |\n| A | B | down | [^b] |\n| A | B | down | |\n"
    notes = "\n[^a]: in-vivo · doi:10.1000/a1\n[^b]: in-vivo · doi:10.1000/b1\n"
    vault = Vault().page(head + rows + notes).work("doi:10.1000/a1", authors=KIM)
    found = ask(vault.work("doi:10.1000/b1", authors=WEBER), "10.1000/b1")
    assert [(one.claim.line, one.after.status.value, one.effect.value) for one in found.claims] == [
        (4, "retracted", "loses-all-support"),
        (3, "single-study", "loses-a-contrast"),
    ]


def test_several_works_fall_together(vault):
    assert effects(ask(vault, "10.1000/a1", "10.1000/b1"))["Fat is ga"] == "loses-all-support"


def test_work_that_no_registry_has_described_falls_too(vault):
    vault.page("Bone is soft.[^z]\n\n[^z]: in-vivo · doi:10.1000/z1\n", "z.md")
    assert effects(ask(vault, "10.1000/z1")) == {"Bone is s": "loses-all-support"}


def test_work_that_is_retracted_already_is_said_to_be(vault):
    with writing(vault.engine) as session:
        session.add(models.Notice(work_id=2, kind="retraction", date="2020", source="crossref"))
    found = ask(vault, "10.1000/b1")
    assert set(effects(found).values()) == {"stands"}
    assert any("retracted already: retracted 2020 (crossref)" in line for line in what_if_lines(found))


def test_nothing_is_written(vault):
    def dump():
        with vault.engine.connect() as connection:
            return list(connection.connection.driver_connection.iterdump())

    before = dump()
    ask(vault, "10.1000/a1")
    assert dump() == before


def test_text_and_json_tell_the_same(vault):
    found = ask(vault, "10.1000/a1")
    document = json.loads(json.dumps(what_if_to_dict(found)))
    lines = list(what_if_lines(found))
    assert document["totals"] == {effect.value: number for effect, number in found.totals.items()}
    assert lines[0] == "if 10.1000/a1 is retracted: On bone"
    assert "5 claims on 1 page would be judged without it:" in lines
    for one in document["claims"]:
        assert any(f"{one['path']}:{one['line']}  {one['from']['status']}" in line for line in lines)


_WORKS = tuple(f"doi:10.1000/w{number}" for number in range(5))
_RELATIONS = ("is-preprint-of", "has-preprint", "republished", "same-trial")
_NOTICES = (["erratum"], ["retraction"], ["expression-of-concern"], [])


@st.composite
def _stores(draw):
    """Pages, what the registries know of their works, and the works that are to fall."""
    numbers = st.sampled_from(range(5))
    claims = draw(st.lists(st.lists(numbers, min_size=1, max_size=4), min_size=1, max_size=6))
    designs = [draw(st.sampled_from(["in-vivo", "rct", "review", "meta-analysis", "in-vitro", ""])) for _ in range(5)]
    known = {
        number: {
            "authors": draw(st.sampled_from([KIM, WEBER, ROSSI, []])),
            "type": draw(st.sampled_from(["preprint", None])),
            "notices": draw(st.sampled_from(_NOTICES)),
            "relations": [
                (draw(st.sampled_from(_RELATIONS)), _WORKS[other])
                for other in draw(st.sets(numbers, max_size=2)) - {number}
            ],
        }
        for number in draw(st.sets(numbers, min_size=3))
    }
    joined = draw(st.booleans())
    words = draw(st.sampled_from([" but this failed to replicate", " and so on"]))
    signs = st.lists(st.tuples(st.sampled_from(["up", "down"]), st.sampled_from([0, 1, 2, 3, 4, None])), max_size=4)
    rows = [("up", draw(numbers)), ("down", draw(numbers)), *draw(signs)]
    return claims, designs, known, joined, words, rows, draw(st.sets(numbers, min_size=1, max_size=3))


def _store_of(made):
    claims, designs, known, joined, words, rows, _ = made
    lines = [
        f"Bone number {number} is lost"
        + "".join(f"{words if place else ''}[^w{one}]" for place, one in enumerate(cited))
        + "."
        for number, cited in enumerate(claims)
    ]
    cells = [(sign, "" if cited is None else f"[^w{cited}]") for sign, cited in rows]
    table = [f"| A | B | {sign} | {mark} |" for sign, mark in cells]
    lines.append("\n".join(["| TF | Target | Effect | Study |", "|---|---|---|---|", *table]))
    # Two identifiers of one note may name two works.
    beside = {0: " · PMID 4444444"} if joined else {}
    lines += [f"[^w{number}]: {designs[number]} · {_WORKS[number]}{beside.get(number, '')}" for number in range(5)]
    vault = Vault().page("\n\n".join(lines))
    for number, facts in known.items():
        vault.work(_WORKS[number], **facts)
    return vault


def _retract(vault, name):
    """Have a registry tell of the retraction of a work, described or not."""
    link, value = models.WorkIdentifier, name.removeprefix("doi:")
    told = {"date": NOW.date().isoformat(), "source": "crossref"}
    with writing(vault.engine) as session:
        work_id = session.scalar(sa.select(link.work_id).where(link.value == value))
        if work_id is not None:
            session.add(models.Notice(work_id=work_id, kind="retraction", **told))
            return
        work = models.Work(field_sources={"title": "crossref"}, title="Retraction")
        session.add(work)
        session.flush()
        notice = {"notice_kind": "retraction", "notice_date": told["date"], "source": "crossref"}
        session.add(models.Relation(work_id=work.id, kind="is-notice-of", scheme="doi", value=value, **notice))


@settings(max_examples=120, deadline=None)
@given(_stores())
def test_it_is_what_an_audit_says_once_a_registry_tells_of_it(made):
    vault, fallen = _store_of(made), [_WORKS[number] for number in sorted(made[-1])]
    before = {one.claim.id: one.verdict for one in vault.claims()}
    try:
        found = ask(vault, *fallen)
    except EvidenceError:
        found = None
    for name in fallen:
        _retract(vault, name)
    after = {one.claim.id: one.verdict for one in vault.claims()}
    if found is None:
        cited = {one for claim in made[0] for one in claim} | {one for _, one in made[5]}
        assert any(_WORKS.index(name) not in cited for name in fallen)
        return
    told = {one.claim.id: one for one in found.claims}
    for name, verdict in after.items():
        said = told[name].after if name in told else before[name]
        assert _facts(said) == _facts(verdict)
        # A claim that is judged otherwise is told of.
        assert name in told or _facts(before[name]) == _facts(verdict)


def _facts(verdict):
    return (
        verdict.status, verdict.level, verdict.strength, verdict.groups, verdict.flags, verdict.clauses,
        [(line.work.id, line.counted, line.work.is_retracted) for line in verdict.works],
    )  # fmt: skip
