"""What changes nothing and what never claims more, from the page on: through extractor, store and audit."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from auditing import Vault
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reporting import holds_alone

from evidence.audit import DRIFT
from evidence.audit.reports import to_json
from evidence.store.database import open_database

FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
LABS = [["Kim J", "Park S", "Lee K"], ["Weber A", "Fuchs B", "Meyer D"], ["Cho H", "Park S", "Lee K"], []]
SUBJECTS = ["Bone", "Fat", "Muscle", "Skin", "The liver"]
STATED = ["", "rct · n=12 · ", "in-vivo · model: mice · ", "review · ", "meta-analysis · ", "in-vitro · "]
RANKS = ["single-study", "single-group", "multi-study", "replicated", "replicated-in-human"]
STRENGTHS = ["none", "very low", "low", "moderate", "high"]


@pytest.fixture(scope="module")
def empty():
    """An empty store: made once, and copied for each example."""
    return Vault()


def copy_of(empty):
    vault = Vault.__new__(Vault)
    vault.folder = tempfile.TemporaryDirectory()
    name = "evidence.sqlite3"
    empty.engine.dispose()
    shutil.copy(Path(empty.folder.name) / name, Path(vault.folder.name) / name)
    vault.engine = open_database(f"sqlite:///{vault.folder.name}/{name}")
    return vault


@st.composite
def vaults(draw):
    """Sentences with their marks, the notes, and what the registries know of the works."""
    keys = "abcde"[: draw(st.integers(1, 5))]
    notes = {key: draw(st.sampled_from(STATED)) for key in keys}
    marks = st.lists(st.sampled_from(keys), max_size=3, unique=True)
    sentences = [draw(st.tuples(marks, marks)) for _ in range(draw(st.integers(1, 4)))]
    known = {
        key: {
            "authors": draw(st.sampled_from(LABS)),
            "notices": draw(st.sampled_from([[], [], ["retraction"], ["erratum"], ["expression-of-concern"]])),
            "publication_types": draw(st.sampled_from([[], ["Review"], ["Randomized Controlled Trial"]])),
            "mesh": draw(st.sampled_from([[], ["Humans"], ["Animals", "Mice"], ["Humans", "Animals"]])),
            "date": draw(st.sampled_from(["1997", "2020-03"])),
        }
        for key in keys
        if draw(st.booleans())
    }
    return sentences, notes, known


def page_of(sentences, notes, *, names=None, order=None, doi=lambda text: text, wrap=" ", extra=None):
    names = names or {key: key for key in notes}
    lines = []
    for (first, second), subject in zip(sentences, SUBJECTS, strict=False):
        closing = "".join(f"[^{names[key]}]" for key in second)
        opening = "".join(f"[^{names[key]}]" for key in first)
        text = f"{subject} is lost with age{opening} and is gained back later on{closing}."
        lines += [text.replace(" is ", f"{wrap}is ").replace(" age", f"{wrap}age"), ""]
    for key in order or notes:
        lines += [f"[^{names[key]}]: {notes[key]}{doi(f'doi:10.1000/Work-{key}.X')}{(extra or {}).get(key, '')}", ""]
    return "\n".join(lines)


def with_works(vault, known, only=None):
    for key in sorted(known):
        if only is None or key in only:
            vault.work(f"doi:10.1000/work-{key}.x", **known[key])
    return vault


def said(vault):
    return [
        (
            one.verdict.status.value,
            one.verdict.level,
            one.verdict.strength,
            one.verdict.flags,
            {frozenset(group) for group in one.verdict.groups},
            {line.work.name for line in one.verdict.works if line.counted},
        )
        for one in vault.claims()
    ]


@given(vaults(), st.data())
@FEW
def test_order_of_notes_keys_case_and_wrapping_change_nothing(empty, made, data):
    sentences, notes, known = made
    expected = said(with_works(copy_of(empty).page(page_of(sentences, notes)), known))
    changed = page_of(
        sentences,
        notes,
        names=dict(zip(notes, data.draw(st.permutations(["zeta", "kim2004", "1", "n-5", "q"])), strict=False)),
        order=data.draw(st.permutations(list(notes))),
        doi=data.draw(st.sampled_from([str.lower, str.upper, lambda text: text.replace("doi:", "https://doi.org/")])),
        wrap=data.draw(st.sampled_from([" ", "\n"])),
    )
    assert said(with_works(copy_of(empty).page(changed), known)) == expected


@given(vaults(), st.data())
@FEW
def test_identifiers_that_a_note_denies_or_only_relates_change_nothing(empty, made, data):
    sentences, notes, known = made
    expected = said(with_works(copy_of(empty).page(page_of(sentences, notes)), known))
    words = [" · NOT doi:10.1000/other (incorrect DOI)", " · see also doi:10.1000/other"]
    extra = {key: data.draw(st.sampled_from(["", *words])) for key in notes}
    vault = with_works(copy_of(empty).page(page_of(sentences, notes, extra=extra)), known)
    assert said(vault.work("doi:10.1000/other", authors=["Only One"])) == expected


@given(vaults(), st.data())
@FEW
def test_offline_never_says_more_than_online(empty, made, data):
    sentences, notes, known = made
    text = page_of(sentences, notes)
    asked = data.draw(st.sets(st.sampled_from(sorted(known) or ["none"])))
    before = json.loads(to_json(with_works(copy_of(empty).page(text), known, asked).audit(belief=True)))
    after = json.loads(to_json(with_works(copy_of(empty).page(text), known).audit(belief=True)))
    for one, other in zip(before["claims"], after["claims"], strict=True):
        if one["status"] in RANKS[3:]:
            assert other["status"] in RANKS
            assert RANKS.index(one["status"]) <= RANKS.index(other["status"])
        if one["strength"] is not None:
            assert STRENGTHS.index(one["strength"]) <= STRENGTHS.index(other["strength"] or "none")
        if one.get("belief", {}).get("value") is not None:
            assert one["belief"]["value"] <= (other["belief"]["value"] or 0)
    if not asked:
        assert not {one["status"] for one in before["claims"]} & set(RANKS[3:])
    assert before["run"]["incomplete"] >= after["run"]["incomplete"]


@given(vaults())
@FEW
def test_every_number_recomputes_and_same_inputs_give_the_same_bytes(empty, made):
    sentences, notes, known = made
    vault = with_works(copy_of(empty).page(page_of(sentences, notes)), known)
    text = to_json(vault.audit(belief=True))
    assert to_json(vault.audit(belief=True)) == text
    report = json.loads(text)
    claims, findings = report["claims"], report["findings"]
    assert report["counts"] == {name: sum(one["status"] == name for one in claims) for name in report["counts"]}
    assert report["run"]["claims"] == len(claims)
    run = report["run"]
    assert run["incomplete"] == any([*run["unreadable"], *run["unverified_pages"]])
    # A work that no claim rests on may lack its look-up too, so that there may be more pages than those of claims.
    assert {one["path"] for one in claims if "unverified" in one["flags"]} <= set(run["unverified_pages"])
    assert run["unverified_pages"] == (["page.md"] if set(notes) - set(known) else [])
    for source in report["sources"]:
        rests = [one for one in claims if any(work["id"] == source["id"] for work in one["works"])]
        alone = [one["id"] for one in rests if holds_alone(one, source["id"])]
        assert source["claims_held_alone"] == sorted(alone)
        assert source["pages"] == sorted({one["path"] for one in rests})
    for page in report["pages"]:
        own = [one for one in claims if one["path"] == page["path"]]
        assert page["counts"] == {name: sum(one["status"] == name for one in own) for name in page["counts"]}
        assert page["levels"] == {name: sum(one["level"] == name for one in own) for name in page["levels"]}
        assert page["drift"] == sum(one["path"] == page["path"] and one["code"] in DRIFT for one in findings)
    for one in claims:
        if one["strength"] is not None:
            total = sum(int(step.split()[0]) for step in one["steps"][:-1])
            assert one["strength"] == STRENGTHS[min(max(total, 0), 4)]
        counted = {work["id"] for work in one["works"] if work["counted"]}
        assert sum(map(len, one["groups"])) <= len(counted)
