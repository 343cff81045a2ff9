"""Findings: their places, fingerprints, facts and acknowledgements, and what the settings choose of them."""

from __future__ import annotations

import re

import pytest
from auditing import KIM, WEBER, Vault
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.audit import CODES
from evidence.audit.acknowledging import acknowledging_lines, comment_of, table_of
from evidence.audit.findings import hash_facts
from evidence.config import AcknowledgedFinding, Settings
from evidence.errors import ConfigError
from evidence.vocabulary import FailOn, Severity

PAGE = """Bone is lost.[^a] Fat is gained.[^b] Fat is gained.[^b]

- More is lost.[^gone]
- Bone is lost (doi:10.1000/A1) in men

| what | n |
|------|---|
| Fat is lost in women [^c] | 3 |

[^a]: rct · n=40 · doi:10.1000/A1
[^b]: rct · PMID 11111111 · verified 2020-01-01
[^c]: Baker DJ et al. 2011 · rct · n=60 · doi:10.1000/a1
[^d]: rct · doi:10.1000/none
"""


def vault(text, path="page.md", **facts):
    store = Vault().page(text, path).looked_up("doi:10.1000/none", "crossref", "not-found")
    store.work("doi:10.1000/a1", authors=KIM, date="2004", **facts)
    return store.work("pmid:11111111", authors=WEBER)


def findings(text, settings=None, path="page.md", **facts):
    return vault(text, path, **facts).audit(settings).findings


def of(code, found):
    return [one for one in found if one.code == code]


def with_audit(**choices):
    return Settings(audit=choices)


# --- places -------------------------------------------------------------------------------------------------------


def test_findings_point_at_what_they_are_about():
    lines = PAGE.splitlines()
    shown = {(one.code, lines[one.line - 1][one.column - 1 :][:12]) for one in findings(PAGE)}
    assert shown >= {
        ("EV003", "Bone is lost"),
        ("EV003", "Fat is gaine"),
        # At its mark: that is what is to be mended.
        ("EV002", "[^gone]"),
        ("EV003", "| Fat is los"),
        ("EV009", "10.1000/a1"),
        ("EV008", "10.1000/none"),
    }


@pytest.mark.parametrize("before", ["", "# Überschrift 🧬\n\n", "---\ntitle: ä\n---\n", "x\r\n\r\n"])
def test_columns_count_code_points_on_any_page(before):
    text = (
        f"{before}Größe 🧬 zählt nicht. Bone is lost.[^c]\n\n[^c]: Baker DJ et al. 2011 · „Größe“ 🧬 · doi:10.1000/a1\n"
    )
    lines = text.split("\n")
    (claim,) = of("EV003", findings(text))
    (note,) = of("EV009", findings(text))
    assert lines[claim.line - 1][claim.column - 1 :].startswith("Bone is lost.")
    assert lines[note.line - 1][note.column - 1 :].startswith(("doi:10.1000/a1", "10.1000/a1"))


def test_finding_of_a_note_of_several_lines_is_on_the_line_of_its_identifier():
    text = "Bone is lost.[^c]\n\n[^c]: Baker DJ et al. 2011\n    rct\n    doi:10.1000/a1\n"
    (one,) = of("EV009", findings(text))
    assert one.line == 5


def test_finding_of_a_work_names_the_first_claim_that_rests_on_it():
    text = "Fat is lost.\n\nBone is lost.[^c]\n\n[^c]: Baker DJ et al. 2011 · doi:10.1000/a1\n"
    report = vault(text).audit()
    (claim,) = [one.claim.id for one in report.claims if "Bone" in one.claim.text]
    assert of("EV009", report.findings)[0].claim == claim


@pytest.mark.parametrize("front", ["---\ntype: study\ndoi: 10.1000/a1\n---\n", "---\ntype: study\n---\n", ""])
def test_claims_of_the_page_of_a_study_need_not_cite_it(front):
    assert bool(of("EV006", findings(f"{front}Bone is lost. #gap/needs-replication\n"))) is not bool(front)


@pytest.mark.parametrize("tags", ["#gap/needs-replication", "`#gap/needs-replication`, #gap/unsourced"])
def test_paragraph_of_nothing_but_tags_has_nothing_to_cite(tags):
    assert of("EV006", findings(f"Bone is lost.\n\n{tags}\n")) == []


def test_item_of_a_list_of_gaps_need_not_cite_anything():
    assert findings("## Gaps\n\n- #gap/needs-replication — is bone lost in men?\n") == []


# --- fingerprints -------------------------------------------------------------------------------------------------

CHANGES = [
    lambda text: "A line.\n\n" + text,
    lambda text: "---\ntitle: x\n---\n" + text,
    lambda text: text.replace("Bone is lost.[^a]", "Bone is\nlost.[^a]"),
    lambda text: text.replace("[^a]", "[^first]").replace("[^b]", "[^second]").replace("[^c]", "[^third]"),
    lambda text: text.replace("10.1000/A1", "10.1000/a1"),
    lambda text: text.replace("10.1000/a1", "10.1000/A1"),
    lambda text: text.replace("- More", "-   More"),
    lambda text: text.replace("Fat is lost in women", "Fat is lost  in Women"),
    lambda text: text + "\n\nOne more line.\n",
]


@given(st.lists(st.sampled_from(CHANGES), max_size=5))
@settings(max_examples=25, deadline=None)
def test_fingerprints_stay_when_lines_move_keys_are_renamed_and_case_changes(changes):
    text = PAGE
    for change in changes:
        text = change(text)
    assert {one.fingerprint for one in findings(text)} == {one.fingerprint for one in findings(PAGE)}


def test_fingerprints_are_of_one_finding_each():
    found = findings(PAGE)
    assert len({one.fingerprint for one in found}) == len(found)
    twice = [one for one in of("EV003", found) if "11111111" in one.message]
    assert len(twice) == 2


# --- acknowledgement ----------------------------------------------------------------------------------------------

CLAIM = "Bone is lost.[^a]"
SIMPLE = f"{CLAIM}\n\nFat is gained.[^b]\n\n[^a]: rct · doi:10.1000/a1\n[^b]: rct · PMID 11111111\n"


def acknowledged(text, code="EV003", match="Bone"):
    """Return the page with the right comment behind the claim."""
    (one,) = [one for one in of(code, findings(text)) if "a1" in one.message]
    return text.replace(CLAIM, f"{CLAIM} {comment_of(one, 'under way')}")


def test_acknowledged_finding_is_shown_apart_with_its_reason_and_does_not_count():
    report = vault(acknowledged(SIMPLE)).audit()
    one, other = of("EV003", report.findings)
    assert (one.acknowledged, other.acknowledged) == ("under way", None)
    assert [kept.fingerprint for kept in report.worst(Severity.INFO)] == [other.fingerprint]
    assert {one.code for one in report.findings} == {"EV003"}


KEEPING = [
    lambda text: "A line.\n\n" + text,
    lambda text: text.replace("[^a]", "[^first]"),
    lambda text: text.replace("10.1000/a1", "10.1000/A1"),
    lambda text: text.replace("Fat is gained.[^b]", "Fat is lost.[^b]"),
    lambda text: text.replace("Bone is lost.", "Bone  is lost."),
]
CHANGING = {
    "words": lambda text: text.replace("is lost.", "is lost in men."),
    "studies": lambda text: re.sub("doi:10.1000/a1", "PMID 11111111", text, flags=re.IGNORECASE),
    "status": lambda text: text.replace(" <!--", "[^b] <!--"),
}


@given(st.lists(st.sampled_from(KEEPING), max_size=4), st.sampled_from([None, *CHANGING]))
@settings(max_examples=30, deadline=None)
def test_acknowledgement_lapses_exactly_when_its_facts_change(keeping, changing):
    text = acknowledged(SIMPLE)
    for change in keeping:
        text = change(text)
    if changing is not None:
        text = CHANGING[changing](text)
    found = findings(text)
    held = [one for one in of("EV003", found) if one.acknowledged == "under way"]
    assert bool(held) is (changing is None)
    told = {one.code for one in found} - {"EV003"}
    assert told == (set() if changing is None else {"EV202"} if changing == "status" else {"EV201"})


def test_lapsed_one_says_which_part_changed():
    (words,) = of("EV201", findings(CHANGING["words"](acknowledged(SIMPLE))))
    (studies,) = of("EV201", findings(CHANGING["studies"](acknowledged(SIMPLE))))
    assert "the words of the claim changed" in words.message
    assert "studies changed, now pmid:11111111" in studies.message
    assert "words" not in studies.message


def test_comment_without_a_reason_accepts_nothing():
    text = acknowledged(SIMPLE).replace(' "under way"', "")
    found = findings(text)
    assert [one.acknowledged for one in of("EV003", found)] == [None, None]
    (refused,) = of("EV203", found)
    assert "without reason" in refused.message


@pytest.mark.parametrize("code", ["EV201", "EV202", "EV203", "EV999", "X"])
def test_what_is_said_of_a_comment_cannot_be_accepted_by_another(code):
    found = findings(SIMPLE.replace(CLAIM, f'{CLAIM} <!-- evidence: ack {code} 04e6b5-5c1ebf "why" -->'))
    assert [one.code for one in found if one.code.startswith("EV2")] == ["EV203"]


def test_comment_beside_another_claim_fits_nothing():
    comment = re.search(r"<!--.*?-->", acknowledged(SIMPLE))[0]
    found = findings(SIMPLE.replace(CLAIM, f"Nothing here. {comment}\n\n{CLAIM}"))
    assert [one.code for one in found if one.code.startswith("EV2")] == ["EV202"]
    assert all(one.acknowledged is None for one in found)


def test_finding_of_a_note_is_acknowledged_in_the_note_or_at_its_claim():
    text = "Bone is lost.[^c]\n\n[^c]: Baker DJ et al. 2011 · doi:10.1000/a1\n"
    (one,) = of("EV009", findings(text))
    for beside in ("doi:10.1000/a1", "Bone is lost.[^c]"):
        found = findings(text.replace(beside, f"{beside} {comment_of(one, 'known')}", 1))
        assert of("EV009", found)[0].acknowledged == "known"


def test_one_comment_accepts_one_of_two_works():
    text = "Bone is lost.[^a][^b]\n\n[^a]: rct · doi:10.1000/a1\n[^b]: rct · PMID 11111111\n"
    store = Vault().page(text)
    for reference in ("doi:10.1000/a1", "pmid:11111111"):
        store.work(reference, notices=["retraction"])
    one, other = of("EV001", store.audit().findings)
    store.page(text.replace("[^a][^b]\n\n", f"[^a][^b]\n{comment_of(one, 'a')}\n{comment_of(other, 'b')}\n\n"))
    assert [found.acknowledged for found in store.audit().findings] == ["a", "b"]


def test_settings_acknowledge_by_fingerprint_and_lapse_too():
    first, _ = of("EV003", findings(SIMPLE))

    def said(facts, fingerprint=first.fingerprint, text=SIMPLE):
        entry = AcknowledgedFinding(fingerprint=fingerprint, facts=facts, reason="why")
        return findings(text, with_audit(acknowledged=(entry,)))

    assert [(one.code, one.acknowledged) for one in said(first.facts)] == [("EV003", "why"), ("EV003", None)]
    (lapsed,) = of("EV201", said(first.facts[:-6] + "000000"))
    assert first.facts in lapsed.fix
    (refused,) = of("EV203", said(""))
    assert first.facts in refused.fix
    (unused,) = of("EV202", said(first.facts, "0" * 20))
    assert (unused.path, unused.severity.value) == ("config.toml", "info")


def test_lines_to_paste_hold():
    found = findings(SIMPLE)
    lines = list(acknowledging_lines(found))
    assert sum("<!-- evidence: ack" in line for line in lines) == len(found)
    assert table_of(found[0], 'a "quoted" reason').count('"') == 6
    assert comment_of(found[0], 'it --> ends "here" --').count("-->") == 1


def test_hidden_findings_are_acknowledged_all_the_same():
    found = findings(acknowledged(SIMPLE), with_audit(ignore=("EV003",)))
    assert found == []


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=5)), max_size=4))
def test_facts_have_one_part_each(facts):
    assert hash_facts(tuple(facts)) == "-".join(hash_facts((one,)) for one in facts)


# --- what the settings choose -------------------------------------------------------------------------------------


def test_select_ignore_and_severity():
    codes = {one.code for one in findings(PAGE)}
    assert codes >= {"EV003", "EV009", "EV101"}
    assert {one.code for one in findings(PAGE, with_audit(select=("EV1", "ev009")))} == {"EV009", "EV101"}
    assert {one.code for one in findings(PAGE, with_audit(ignore=("EV00",)))} == {
        code for code in codes if not code.startswith("EV00")
    }
    found = findings(PAGE, with_audit(severity={"EV": "info", "EV003": "error"}))
    assert {one.severity.value for one in found if one.code == "EV003"} == {"error"}
    assert {one.severity.value for one in found if one.code != "EV003"} == {"info"}


@pytest.mark.parametrize("choice", [{"select": ("EV9",)}, {"ignore": ("",)}, {"severity": {"E003": "info"}}])
def test_unknown_code_is_an_error_with_the_list(choice):
    with pytest.raises(ConfigError, match="no finding has the code") as caught:
        findings(PAGE, with_audit(**choice))
    assert all(code in caught.value.hint for code in CODES)


def test_never_fails_on_nothing():
    report = vault(PAGE).audit()
    assert list(report.worst(FailOn.NEVER)) == []
    worst = {one: list(report.worst(one)) for one in FailOn}
    assert len(worst[FailOn.ERROR]) < len(worst[FailOn.WARNING]) < len(worst[FailOn.INFO])
    assert worst[FailOn.WARNING] == list(report.worst(Severity.WARNING))


@pytest.mark.parametrize(("second", "notices"), [("d", []), ("c", ["correction"])])
def test_acknowledgement_lapses_with_the_evidence_of_each_clause(second, notices):
    """The author accepted what both clauses rest on, whichever of them the claim is counted by."""

    def of(work, comment="", notices=()):
        notes = f"[^a]: rct · doi:10.1000/a\n[^b]: rct · doi:10.1000/{work}\n"
        vault = Vault().page(f"Bone is lost,[^a] and fat is gained.[^b]{comment}\n\n{notes}")
        vault.work("doi:10.1000/a").work(f"doi:10.1000/{work}", notices=notices)
        return [one for one in vault.audit().findings if one.code in {"EV003", "EV201"}]

    (told,) = of("c")
    comment = f" {comment_of(told, 'the second trial is under way')}"
    (held,) = of("c", comment)
    assert held.acknowledged == "the second trial is under way"
    assert sorted((one.code, one.acknowledged) for one in of(second, comment, notices)) == [
        ("EV003", None),
        ("EV201", None),
    ]


def test_acknowledgement_lapses_with_what_its_verdict_follows_from():
    """The author accepted one randomized trial: a cohort, five subjects or a concern is another thing."""

    def of(note, comment="", notices=()):
        vault = Vault().page(f"Bone is lost.[^a]{comment}\n\n[^a]: {note} · doi:10.1000/a\n")
        vault.work("doi:10.1000/a", notices=notices)
        return [one for one in vault.audit().findings if one.code in {"EV003", "EV201"}]

    (told,) = of("rct · n=400")
    comment = f" {comment_of(told, 'the second trial is under way')}"
    (still,) = of("rct · n=399", comment)
    assert (still.code, still.acknowledged) == ("EV003", "the second trial is under way")
    for note, notices in (
        ("cohort · n=400", ()),
        ("rct · n=5", ()),
        ("rct · n=400", ["expression-of-concern"]),
    ):
        found = of(note, comment, notices)
        assert sorted((one.code, one.acknowledged) for one in found) == [("EV003", None), ("EV201", None)]
