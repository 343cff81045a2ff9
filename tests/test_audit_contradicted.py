"""Claims that are contradicted: told as drift only where the page itself does not say so (EV023, EV024)."""

from __future__ import annotations

import pytest
from auditing import KIM, WEBER, Vault
from judging import CHOICES, claim, review, work

from evidence.audit.ranking import Urgency, rank_by_urgency, urgency_of
from evidence.audit.slicing import Choice, slice_report
from evidence.audit.verdicts import judge
from evidence.vocabulary import Polarity

NOTES = "\n[^a]: rct · doi:10.1000/a\n[^b]: rct · doi:10.1000/b{}\n"
SIGNS = """| TF | Target | Mode | PMID | Note |
|---|---|---|---|---|
| FOXO1 | KL | Activation | 11111111 | |
| FOXO1 | KL | Repression | 22222222 | |
| FOXO3 | KL | Repression | 22222222 | |
"""


def audited(text, said_of_b=""):
    vault = Vault().page(text + NOTES.format(said_of_b), "bone.md")
    vault.work("doi:10.1000/a", "pmid:11111111", authors=KIM)
    return vault.work("doi:10.1000/b", "pmid:22222222", authors=WEBER).audit()


def told(report):
    return [(one.code, one.severity.value, one.line) for one in report.findings if one.code in {"EV023", "EV024"}]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Bone is lost,[^a] but this could not be replicated.[^b]\n", ""),
        ("Bone is lost.[^a][^b]\n", " · failed to replicate this"),
        ("Bone is lost[^a] (but see [^b]).\n", ""),
        ("Bone is lost,[^a] but two later trials disagree.[^b]\n", ""),
        ("Unlike Weber et al.[^b], we find that bone is lost.[^a]\n", ""),
        ("Bone is lost.[^a] #gap/contradictory-evidence\n", ""),
        ("| Finding | Study | Contradicted by |\n|---|---|---|\n| Bone is lost | [^a] | [^b] |\n", ""),
    ],
)
def test_what_the_page_says_itself_is_no_drift(text, note):
    report = audited(text, note)
    assert [one[:2] for one in told(report)] == [("EV023", "info")]
    assert told(slice_report(report, Choice(drift=True))) == []


@pytest.mark.parametrize(
    "text",
    [
        "Bone is lost (contradicted by [^a], [^b]).\n",
        "Bone is lost with age, contrary to [^a][^b].\n",
        "Bone is lost in men; this was refuted.[^a][^b]\n",
    ],
)
def test_works_that_a_claim_is_only_set_against_replicate_nothing(text):
    report = audited(text)
    assert [one.verdict.status.value for one in report.claims] == ["contradicted"]
    assert [one[:2] for one in told(report)] == [("EV023", "info")]


@pytest.mark.parametrize(
    "text",
    [
        "Bone is lost,[^a] but the mechanism is disputed.[^b]\n",
        "Bone is lost,[^a] but exposure was not confirmed by blood levels.[^b]\n",
        "Bone is lost,[^a] and no later trial has contradicted this.[^b]\n",
        "Bone is lost[^a] (but see [^b] for the dose).\n",
    ],
)
def test_words_that_are_directed_at_something_else_contradict_nothing(text):
    assert told(audited(text)) == []


def test_finding_names_the_works_that_oppose():
    (one,) = [
        one for one in audited("Bone is lost.[^a][^b]\n", " · failed to replicate this").findings if one.code == "EV023"
    ]
    assert one.message == "contradicted: the page says that doi:10.1000/b opposes it; and doi:10.1000/a supports it"


def test_several_works_stand_in_the_plural():
    row = "| Finding | Study | Contradicted by |\n|---|---|---|\n| Bone is lost | [^a][^b] | [^c][^d] |\n"
    more = "".join(f"\n[^{key}]: rct · doi:10.1000/{key}" for key in "cd")
    (one,) = [one for one in audited(row, more).findings if one.code == "EV023"]
    assert one.message == (
        "contradicted: the page says that doi:10.1000/c, doi:10.1000/d oppose it; and doi:10.1000/a, doi:10.1000/b support it"
    )


def test_opposite_signs_are_drift_at_both_rows():
    report = audited(SIGNS)
    assert told(report) == [("EV024", "warning", 3), ("EV024", "warning", 4)]
    assert told(slice_report(report, Choice(drift=True))) == told(report)
    (first, _) = [one for one in report.findings if one.code == "EV024"]
    assert first.message == 'bone.md line 4 says "repression" of the same pair, and neither row says so'


@pytest.mark.parametrize("row", ["Activation | 11111111 |", "Repression | 22222222 |"])
def test_a_tag_at_one_of_the_rows_says_so_for_both(row):
    report = audited(SIGNS.replace(row, f"{row} #gap/contradictory-evidence", 1))
    assert told(report) == [("EV023", "info", 3), ("EV023", "info", 4)]


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("activates", "represses", 2),
        ("+", "-1", 2),
        ("+", "−", 2),
        ("+", "-", 2),
        ("−", "−", 0),
        ("up", "-", 0),
        ("up", "Down", 2),
        ("positive", "up", 0),
        ("unknown", "down", 0),
    ],
)
def test_signs_are_compared_whatever_their_words(one, other, count):
    text = SIGNS.replace("Activation", one).replace("KL | Repression", f"KL | {other}", 1)
    assert len(told(audited(text))) == count


def test_a_row_that_cites_nothing_is_not_told_and_contradicts_nothing():
    assert told(audited(SIGNS.replace("Repression | 22222222", "Repression |", 1))) == []


def test_fingerprint_and_facts_stay_when_lines_move():
    def names(text):
        return [(one.fingerprint, one.facts) for one in audited(text).findings if one.code == "EV024"]

    assert names(SIGNS) == names(f"# Signs\n\n{SIGNS}")


def test_acknowledgement_lapses_with_the_works_behind_the_other_row():
    facts = next(one.facts for one in audited(SIGNS).findings if one.code == "EV024")
    comment = f' <!-- evidence: ack EV024 {facts} "of two cell types" --> |'
    text = SIGNS.replace("11111111 | |", f"11111111 |{comment}")
    for page, reason in ((text, "of two cell types"), (text.replace("22222222", "22222223"), None)):
        first = next(one for one in audited(page).findings if one.code == "EV024")
        assert first.acknowledged == reason


@pytest.mark.parametrize(
    ("word", "other"), [("Repression", "inhibits"), ("Activation", "+"), ("Activation", "positive regulation")]
)
def test_acknowledgement_holds_for_the_sign_whatever_its_word(word, other):
    comment = ' <!-- evidence: ack EV024 {} "of two cell types" -->'
    facts = [one.facts for one in audited(SIGNS).findings if one.code == "EV024"]
    first, second = (f" {comment.format(one)} |" for one in facts)
    text = SIGNS.replace("11111111 | |", f"11111111 |{first}").replace("22222222 | |", f"22222222 |{second}", 1)
    for page in (text, text.replace(f"KL | {word}", f"KL | {other}", 1)):
        report = audited(page)
        assert [one.acknowledged for one in report.findings if one.code == "EV024"] == ["of two cell types"] * 2
        assert not [one for one in report.findings if one.code.startswith("EV2")]


def test_acknowledgement_lapses_with_the_work_behind_the_row():
    def facts(text):
        return [one.facts for one in audited(text).findings if one.code == "EV024"]

    assert facts(SIGNS)[1] != facts(SIGNS.replace("Repression | 22222222", "Repression | 33333333", 1))[1]


def test_acknowledged_in_the_page():
    text = "Bone is lost.[^a] #gap/contradictory-evidence{}\n"
    (one,) = [one for one in audited(text.format("")).findings if one.code == "EV023"]
    comment = f' <!-- evidence: ack EV023 {one.facts} "both trials are old" -->'
    (again,) = [one for one in audited(text.format(comment)).findings if one.code == "EV023"]
    assert again.acknowledged == "both trials are old"


def test_opposite_signs_come_before_the_drift_of_tags():
    tag = "#gap/needs-replication"
    text = SIGNS[: SIGNS.index("| FOXO3")] + f"\nFat is lost.[^a] #gap/needs-human-replication {tag}\n"
    report = audited(text)
    ranked = sorted(report.claims, key=rank_by_urgency(report))
    assert [(one.claim.line, urgency_of(one, 0)) for one in ranked] == [
        (3, Urgency.OPPOSITE_SIGN),
        (4, Urgency.OPPOSITE_SIGN),
        (6, Urgency.TAG_DRIFT),
    ]


def test_time_grows_with_the_rows_of_one_pair():
    rows = "".join(f"| FOXO1 | KL | Activation | 1111{number:04} | |\n" for number in range(1000))
    report = Vault().page(SIGNS.replace("| FOXO1 | KL | Activation | 11111111 | |\n", rows)).audit()
    assert len([one for one in report.findings if one.code == "EV024"]) == 1001


UNSEEN = "\n[^a]: in-vivo · mice · doi:10.1000/a\n[^c]: in-vivo · mice · doi:10.1000/c\n"
BROWN = "[^u]: Brown A, unpublished data"


def of_source(text, *notes):
    """The verdict of the first claim, whose studies a and c are of two laboratories."""
    vault = Vault().page(f"{text}\n{UNSEEN}" + "\n".join(notes), "bone.md")
    vault.work("doi:10.1000/a", authors=KIM, type="journal-article")
    return vault.work("doi:10.1000/c", authors=WEBER, type="journal-article").audit(belief=True).claims[0].verdict


@pytest.mark.parametrize(
    ("text", "note", "why"),
    [
        (
            "X lengthens life [^a][^c] (contradicted by Brown, unpublished [^u]).",
            BROWN,
            "[^u] names no DOI, PMID or PMCID",
        ),
        ("X lengthens life [^a][^c] (contradicted by [^u]).", "", "[^u] has no definition"),
        ("X lengthens life,[^a][^c] but this could not be replicated.[^u]", "[^u]: ", "[^u] is empty"),
        (
            "| Finding | Study | Contradicted by |\n|---|---|---|\n| X lengthens life | [^a][^c] | [^u] |",
            BROWN,
            "[^u] names no DOI, PMID or PMCID",
        ),
        (
            "X lengthens life,[^a][^c] but others refuted this [@brown2019].",
            "",
            "`@brown2019` is a key of a bibliography, which is not read",
        ),
    ],
)
def test_a_source_that_cannot_be_looked_up_contradicts_all_the_same(text, note, why):
    found = of_source(text, note)
    assert found.status.value == "contradicted"
    assert f"a source that cannot be looked up ({why})" in found.reasons[0]
    assert found.reasons[0].endswith("; and doi:10.1000/a, doi:10.1000/c support it")
    assert f"a source that cannot be looked up ({why}) stands against doi:10.1000/a, doi:10.1000/c" in found.changes[0]
    assert "-1 contradicted" in " ".join(found.steps)
    assert found.belief.value is None
    assert found.belief.steps[-1] == "= not known: what contrasts cannot be looked up"


@pytest.mark.parametrize(
    ("text", "note", "status"),
    [
        ("X lengthens life [^a][^c] (contradicted by Brown [^u]).", f"{BROWN}. RETRACTED", "replicated"),
        ("X lengthens life [^a][^c] (see also Brown [^u]).", BROWN, "replicated"),
        ("X lengthens life [^a][^c] and bone is spared [^u].", BROWN, "replicated"),
        ("X lengthens life (contradicted by Brown [^u]).", BROWN, "unresolved"),
        ("X lengthens life.[^z] This is contradicted by Brown [^u].", BROWN, "unresolved"),
        ("X lengthens life [^z] (contradicted by Kim [^a]).", "", "contradicted"),
    ],
)
def test_near_sources_that_contradict_nothing_or_find_no_support(text, note, status):
    assert of_source(text, note).status.value == status


def test_a_source_that_does_not_exist_or_is_retracted_contradicts_nothing():
    text = "X lengthens life [^a][^c] (contradicted by Brown 2019 [^u])."
    for outcome, expected, clause in (
        ("not-found", "replicated", "doi:10.1000/u does not exist"),
        ("retracted", "replicated", "doi:10.1000/u is retracted"),
        ("failed", "contradicted", None),
    ):
        vault = Vault().page(f"{text}\n{UNSEEN}[^u]: Brown 2019 · doi:10.1000/u\n", "bone.md")
        vault.work("doi:10.1000/a", authors=KIM, type="journal-article")
        vault.work("doi:10.1000/c", authors=WEBER, type="journal-article")
        if outcome == "retracted":
            vault.work("doi:10.1000/u", authors=["Brown A"], notices=["retraction"])
        else:
            vault.looked_up("doi:10.1000/u", "crossref", outcome)
        found = vault.audit().claims[0].verdict
        assert found.status.value == expected
        said = (
            f"clause 2 would oppose the claim, but {clause}" if clause else "clause 2 opposes the claim: doi:10.1000/u"
        )
        assert said in found.reasons


def test_clauses_that_speak_against_the_claim_are_told_so():
    notes = "\n".join(f"[^{key}]: rct · doi:10.1000/{key}" for key in "uv")
    text = "X lengthens life,[^a][^c] but two later trials failed to replicate this.[^u][^v]"
    found = of_source(text, notes)
    assert "clause 1 by itself is replicated: doi:10.1000/a, doi:10.1000/c" in found.reasons
    assert "clause 2 contrasts with the claim: doi:10.1000/u, doi:10.1000/v" in found.reasons
    assert not [one for one in found.reasons if one.startswith("clause 2 by itself")]
    # Where nothing supports it they are what the sentence states.
    alone = judge(claim(work("b"), review("r"), clauses=True, polarity=Polarity.CONTRASTS), CHOICES)
    assert "clause 1 by itself is single-study: doi:10.1000/b" in alone.reasons
    assert "clause 2 by itself is review-only: doi:10.1000/r" in alone.reasons


def test_acknowledgement_lapses_when_the_source_that_cannot_be_looked_up_is_another():
    def facts(note, key="u"):
        page = f"X lengthens life [^a][^c] (contradicted by [^{key}]).\n{UNSEEN}{note}\n"
        (one,) = [one for one in Vault().page(page, "bone.md").audit().findings if one.code == "EV023"]
        return one.facts

    assert facts(BROWN) == facts(f"{BROWN} ") != facts("")
    assert facts(BROWN) != facts("[^u]: Clark 2024, conference abstract, 4,000 mice")
    # The name of a key is no fact, whether or not the mark leads anywhere.
    assert facts(BROWN) == facts(BROWN.replace("[^u]", "[^brown]"), "brown")
    assert facts("") == facts("", "brown")


def test_what_is_only_mentioned_is_told_so_and_has_no_status():
    found = of_source("X lengthens life [^a] (reviewed in [^c]).")
    assert "clause 2 is only mentioned: doi:10.1000/c" in found.reasons
    assert [one.number for one in found.clauses] == [0]


def test_what_cannot_be_looked_up_is_told_once_beside_its_clause():
    verdict = of_source("X lengthens life [^a][^c] (contradicted by Brown, unpublished [^u]).", BROWN)
    said = "[^u] names no DOI, PMID or PMCID"
    assert [reason.partition(":")[0] for reason in verdict.reasons if said in reason] == [
        f"the page says that a source that cannot be looked up ({said}) contrasts; and doi",
        "clause 2 contrasts with the claim",
    ]
    # Only one clause is counted: nothing is chosen among several.
    assert not any("best supported clause" in reason for reason in verdict.reasons)
