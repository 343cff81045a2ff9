"""Questions, which state nothing, and sentences beside them that tell an answer or take a fact for granted."""

from __future__ import annotations

import pytest
from auditing import Vault
from growing import seconds

from evidence.statements.questions import only_asks

NOTE = "\n\n[^a]: in-vivo · model: mice · doi:10.1000/a1\n"

QUESTIONS = [
    "Does rapamycin lengthen life in people [^a]?",
    "Does rapamycin lengthen life in people?[^a]",
    "**Is the signature durable, or does it fade [^a]?**",
    "Did the drug reach the brain? Was the dose high enough [^a]?",
    "And would a lower dose do [^a]?",
    "The trial asked whether rapamycin lengthens life [^a].",
    "The trial asked if rapamycin lengthens life [^a].",
    "The CALERIE trial tested whether two years of restriction slow ageing [^a].",
    "Kim et al. asked whether the enzyme is needed for repair [^a].",
    "Kim et al. (2011, *Nature*) asked whether the enzyme — a kinase of the liver — is needed for repair [^a].",
    "Kim and colleagues [^a] asked whether the enzyme is needed for repair.",
    "Kim 2011 examined whether fasting protects the heart [^a].",
    "A later study of women investigated whether fasting protects the heart [^a].",
    "This study was designed to determine whether fasting protects the heart [^a].",
    "The aim of the trial was to determine whether fasting protects the heart [^a].",
    "The authors sought to determine whether fasting protects the heart, and whether age matters [^a].",
    "Kim et al. used parabiosis to ask whether young blood restores the brain [^a].",
    "CANTOS tested whether blocking IL-1β prevents infarction [^a].",
    "We tested the hypothesis that young blood restores the brain [^a].",
    "Kim et al. asked: does young blood restore the brain [^a]?",
]
STATEMENTS = [
    # They tell what came out.
    "The trial tested whether rapamycin lengthens life; it did [^a].",
    "The trial tested whether rapamycin lengthens life, and it did [^a].",
    "The trial tested whether rapamycin lengthens life and found no effect [^a].",
    "The trial tested whether rapamycin lengthens life and saw none [^a].",
    "The trial tested whether rapamycin lengthens life, with no effect [^a].",
    "The trial tested whether rapamycin lengthens life with negative results [^a].",
    "The trial tested whether rapamycin lengthens life (it does not) [^a].",
    "The trial tested whether rapamycin lengthens life: no [^a].",
    "The trial tested whether rapamycin lengthens life without success [^a].",
    "The trial asked whether rapamycin lengthens life, extending it by a fifth [^a].",
    "The trial asked whether rapamycin, which lengthens life in mice, does so in people [^a].",
    "The trial asked whether rapamycin lengthens life. Mice lived longer [^a].",
    "The trial tested whether rapamycin lengthens life (HR 0.8) [^a].",
    "Life was 20% longer when the trial tested whether rapamycin lengthens it [^a].",
    "Two trials tested whether rapamycin lengthens life, both negative [^a].",
    "Three trials tested whether rapamycin lengthens life, all null [^a].",
    "The failed TAME trial tested whether metformin slows ageing [^a].",
    "The trial tested whether rapamycin lengthens life - yes [^a].",
    "The trial tested whether rapamycin lengthens life → no [^a].",
    "The trial tested whether rapamycin lengthens life to no avail [^a].",
    "The study asked whether the gene lengthens life as it does in mice [^a].",
    "The study asked whether the known benefit of the drug holds in women [^a].",
    "The study tested the hypothesis that the drug slows ageing, thereby proving it [^a].",
    "The study tested the hypothesis that the drug slows ageing and rejected it [^a].",
    "Kim 2011 examined whether the drug slows ageing, the effect lying in the liver [^a].",
    "The authors doubt whether the drug slows ageing [^a].",
    "Is there anything the drug cannot do [^a]?",
    # They tell that nobody knows.
    "Whether rapamycin lengthens life in people is unknown [^a].",
    "It is not known whether rapamycin lengthens life in people [^a].",
    "No study has tested whether rapamycin lengthens life in people [^a].",
    "The study did not test whether rapamycin lengthens life [^a].",
    "Few trials asked whether rapamycin lengthens life [^a].",
    "The causal direction is unresolved: does the drug enrich the species [^a]?",
    # What tests or decides is no study.
    "The spindle checkpoint tests whether chromosomes are attached [^a].",
    "ATM tests whether breaks are repaired [^a].",
    "Akt activity determines whether cells die [^a].",
    "Diet predicts whether mice grow old [^a].",
    "The trial tested whether rapamycin lengthens life (12 of 14 mice) [^a].",
    "A study of mice shows loss of bone and tested whether rapamycin lengthens life [^a].",
    # They take a fact for granted, or ask for show.
    "Does rapamycin, which lengthens life in mice, act in people [^a]?",
    "Does rapamycin lengthen life in people as it does in mice, where it adds 20% [^a]?",
    "Given that rapamycin lengthens life, does it harm [^a]?",
    "If fasting slows ageing, did the clock show it [^a]?",
    "Doesn't rapamycin lengthen life [^a]?",
    "Does fasting not lengthen life [^a]?",
    "Is it any wonder that mice lose bone with age [^a]?",
    "Did you know that mice lose bone with age [^a]?",
    "Why does rapamycin lengthen life in females only [^a]?",
    "How does rapamycin lengthen life [^a]?",
    "What makes rapamycin lengthen life [^a]?",
    "Mice lose bone with age [^a]. Does diet matter [^a]?",
    "Mice lose bone with age — or do they [^a]?",
    "Mice lose bone with age, don't they [^a]?",
    "Does rapamycin lengthen life? It does in mice [^a].",
    "To test whether the enzyme is needed, the authors fed mice a blocker [^a].",
]


def status(text):
    (claim,) = Vault().page(text + NOTE).audit().claims
    return claim.verdict.status.value


@pytest.mark.parametrize("line", QUESTIONS)
def test_a_question_without_an_answer_is_no_claim(line):
    told = Vault().page(line + NOTE).audit().claims
    assert {(one.verdict.status.value, one.verdict.reasons[0]) for one in told} == {("not-a-claim", "a question")}


@pytest.mark.parametrize("line", STATEMENTS)
def test_what_tells_an_answer_or_a_fact_or_that_none_is_known_is_a_claim(line):
    told = Vault().page(line + NOTE).audit().claims
    assert "single-study" in {one.verdict.status.value for one in told}


@pytest.mark.parametrize("line", ["What drives the longer life of women", "Which diseases strike women first"])
def test_a_question_that_may_take_a_fact_for_granted_is_a_claim_only_where_it_cites(line):
    assert status(f"{line}?") == "not-a-claim"
    assert status(f"{line} [^a]?") == "single-study"


def test_two_marks_of_which_one_closes_words_within_a_question_make_it_a_claim():
    assert status("Does the loss of bone [^a] in mice depend on diet [^a]?") == "single-study"


def test_a_row_that_asks_in_one_cell_is_a_claim():
    page = f"| Question | Answer |\n|---|---|\n| Replicated in people? | yes [^a] |{NOTE}"
    assert [one.verdict.status.value for one in Vault().page(page).audit().claims if one.verdict.works] == [
        "single-study"
    ]


def test_what_a_question_cites_is_checked_all_the_same():
    vault = Vault().page(f"Does rapamycin lengthen life [^a]?{NOTE}").work("doi:10.1000/a1", notices=["retraction"])
    assert [one.code for one in vault.audit().findings if one.severity.value == "error"] == ["EV001"]


@pytest.mark.parametrize(
    "text",
    ["Kim " * 90 + "asked whether x", "the study of " * 30 + "asked whether x", "used a to ask " * 28 + "whether", "does " * 78 + "?",
     "asked whether " * 28, "We asked whether x" + " — a — b" * 45, "We asked whether (" + "(" * 300 + ")", "x? " * 130,
     "The aim of the " + "a " * 180 + "whether", "studies of A " * 30 + "tested whether x", "We used " + "used " * 70 + "to ask if"],
)  # fmt: skip
def test_no_line_takes_much_longer_than_a_plain_one(text):
    plain = ("mice lose bone whether " * 20)[: len(text)]
    assert seconds(only_asks, text) < 100 * seconds(only_asks, plain)
