"""What changes nothing and what never claims more, from the page on: through extractor, store and audit."""

from __future__ import annotations

import itertools
import json

from auditing import Vault
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from reporting import holds_alone

from evidence.audit import DRIFT
from evidence.audit.reports import to_json

FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
LABS = [["Kim J", "Park S", "Lee K"], ["Weber A", "Fuchs B", "Meyer D"], ["Cho H", "Park S", "Lee K"], []]
SUBJECTS = ["Bone", "Fat", "Muscle", "Skin", "The liver"]
STATED = ["", "rct · n=12 · ", "in-vivo · model: mice · ", "review · ", "meta-analysis · ", "in-vitro · "]
RANKS = ["single-study", "single-group", "multi-study", "replicated", "replicated-in-human"]
STRENGTHS = ["none", "very low", "low", "moderate", "high"]


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
            "date": draw(st.sampled_from(["1997", "2004-11-02", "2011", "2020-03", None])),
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
            vault.work(f"doi:10.1000/work-{key}.x", f"pmid:{ord(key)}", **known[key])
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
def test_order_of_notes_keys_case_and_wrapping_change_nothing(made, data):
    sentences, notes, known = made
    expected = said(with_works(Vault().page(page_of(sentences, notes)), known))
    changed = page_of(
        sentences,
        notes,
        names=dict(zip(notes, data.draw(st.permutations(["zeta", "kim2004", "1", "n-5", "q"])), strict=False)),
        order=data.draw(st.permutations(list(notes))),
        doi=data.draw(st.sampled_from([str.lower, str.upper, lambda text: text.replace("doi:", "https://doi.org/")])),
        wrap=data.draw(st.sampled_from([" ", "\n"])),
    )
    assert said(with_works(Vault().page(changed), known)) == expected


@given(vaults(), st.data())
@FEW
def test_identifiers_that_a_note_denies_or_only_relates_change_nothing(made, data):
    sentences, notes, known = made
    expected = said(with_works(Vault().page(page_of(sentences, notes)), known))
    words = [" · NOT doi:10.1000/other (incorrect DOI)", " · see also doi:10.1000/other"]
    extra = {key: data.draw(st.sampled_from(["", *words])) for key in notes}
    vault = with_works(Vault().page(page_of(sentences, notes, extra=extra)), known)
    assert said(vault.work("doi:10.1000/other", authors=["Only One"])) == expected


@given(vaults(), st.data())
@FEW
def test_offline_never_says_more_than_online(made, data):
    sentences, notes, known = made
    text = page_of(sentences, notes)
    asked = data.draw(st.sets(st.sampled_from(sorted(known) or ["none"])))
    before = json.loads(to_json(with_works(Vault().page(text), known, asked).audit(belief=True)))
    after = json.loads(to_json(with_works(Vault().page(text), known).audit(belief=True)))
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


@given(vaults(), st.data())
@FEW
def test_what_a_failed_look_up_leaves_open_never_makes_a_claim_replicated(made, data):
    sentences, notes, known = made
    vault = with_works(Vault().page(page_of(sentences, notes)), known)
    before = [one.verdict.status.value for one in vault.claims()]
    failed = data.draw(st.one_of(st.just(set(known)), st.sets(st.sampled_from(sorted(known) or ["none"]))))
    for key in failed & set(known):
        vault.looked_up(f"doi:10.1000/work-{key}.x", "crossref", "failed")
    after = [one.verdict.status.value for one in vault.claims()]
    for one, other in zip(before, after, strict=True):
        assert other not in RANKS[3:] or (one in RANKS and RANKS.index(other) <= RANKS.index(one))
    if failed >= set(known):
        assert not set(after) & set(RANKS[3:])


def studies(one):
    """How many studies a claim is counted by, and the works that are counted."""
    return sum(map(len, one.verdict.groups)), {line.work.name for line in one.verdict.works if line.counted}


@given(vaults(), st.data())
@FEW
def test_other_version_of_a_counted_work_never_raises_the_count(made, data):
    """Whichever of its identifiers registries tell of, whichever of the two tells, with a version between that nobody cites."""
    sentences, notes, known = made
    key = data.draw(st.sampled_from(sorted(known) or ["none"]))
    assume(key in known)
    before = with_works(Vault().page(page_of(sentences, notes)), known).claims()
    with_version = [tuple([*marks, "z"] if key in marks else marks for marks in pair) for pair in sentences]
    vault = Vault().page(page_of(with_version, {**notes, "z": notes[key]}))
    version, between = ["doi:10.1000/work-z.x", "pmid:900"], ["doi:10.1000/between", "pmid:901"]
    chain = [[f"doi:10.1000/work-{key}.x", f"pmid:{ord(key)}"], *data.draw(st.sampled_from([[], [between]])), version]
    told = {names[0]: [] for names in chain}
    for pair in itertools.pairwise(chain):
        teller, other = data.draw(st.permutations(pair))
        kind = data.draw(st.sampled_from(["is-preprint-of", "has-preprint", "republished"]))
        told[teller[0]].append((kind, data.draw(st.sampled_from(other))))
    own = {**known[key], "relations": told[chain[0][0]]}
    with_works(vault, {**known, key: own})
    authors = known[key]["authors"]
    for names in chain[1:]:
        vault.work(*names, authors=authors, type="posted-content", relations=told[names[0]])
    for one, other in zip(before, vault.claims(), strict=True):
        number, counted = studies(one)
        if f"doi:10.1000/work-{key}.x" in counted:
            assert studies(other)[0] <= number


def years_of(claims):
    """The years of the works of some claims, each once."""
    return [one for one in {work["id"]: work["year"] for one in claims for work in one["works"]}.values() if one]


@given(vaults())
@FEW
def test_every_number_recomputes_and_same_inputs_give_the_same_bytes(made):
    sentences, notes, known = made
    vault = with_works(Vault().page(page_of(sentences, notes)), known)
    vault.page(page_of(sentences[1:], notes), "second.md")
    audited = vault.audit(belief=True)
    text = to_json(audited)
    assert to_json(vault.audit(belief=True)) == text
    report = json.loads(text)
    claims, findings = report["claims"], report["findings"]
    assert report["counts"] == {name: sum(one["status"] == name for one in claims) for name in report["counts"]}
    assert report["run"]["claims"] == len(claims)
    run = report["run"]
    assert run["pages"] == 2
    assert run["incomplete"] == any([*run["unreadable"], *run["unverified_pages"]])
    # A work that no claim rests on may lack its look-up too, so that there may be more pages than those of claims.
    assert {one["path"] for one in claims if "unverified" in one["flags"]} <= set(run["unverified_pages"])
    assert run["unverified_pages"] == (["page.md", "second.md"] if set(notes) - set(known) else [])
    years = {line.work.id: line.work.year for one in audited.claims for line in one.verdict.works}
    for one in claims:
        for work in one["works"]:
            assert work.setdefault("year", years[work["id"]]) == years[work["id"]]
    assert {one["id"] for one in report["sources"]} == {work["id"] for one in claims for work in one["works"]}
    for source in report["sources"]:
        rests = [one for one in claims if any(work["id"] == source["id"] for work in one["works"])]
        alone = [one["id"] for one in rests if holds_alone(one, source["id"])]
        assert source["claims_held_alone"] == sorted(alone)
        assert source["pages"] == sorted({one["path"] for one in rests})
        told = [work for one in rests for work in one["works"] if work["id"] == source["id"]]
        for name in ("year", "level", "design", "identifiers"):
            assert source[name] in [work[name] for work in told]
    # A page may have nothing but notes, of which some finding tells.
    drifting = [one for one in findings if one["code"] in DRIFT]
    assert [one["path"] for one in report["pages"]] == sorted({one["path"] for one in (*claims, *drifting)})
    for page in report["pages"]:
        own = [one for one in claims if one["path"] == page["path"]]
        assert page["counts"] == {name: sum(one["status"] == name for one in own) for name in page["counts"]}
        assert page["levels"] == {name: sum(one["level"] == name for one in own) for name in page["levels"]}
        assert page["claims"] == sum(one["status"] != "not-a-claim" for one in own)
        uncited = sum(one["status"] == "uncited" for one in own)
        assert page["uncited_share"] == (round(uncited / page["claims"], 3) if page["claims"] else None)
        ordered = sorted(years_of(own))
        assert page["median_year"] == (ordered[(len(ordered) - 1) // 2] if ordered else None)
        assert page["newest_year"] == (ordered[-1] if ordered else None)
        assert page["drift"] == sum(one["path"] == page["path"] and one["code"] in DRIFT for one in findings)
    for one in claims:
        if one["strength"] is not None:
            total = sum(int(step.split()[0]) for step in one["steps"][:-1])
            assert one["strength"] == STRENGTHS[min(max(total, 0), 4)]
        counted = {work["id"] for work in one["works"] if work["counted"]}
        assert sum(map(len, one["groups"])) <= len(counted)
