"""Claims worded as human on animals or cells alone: told only where the words leave no doubt."""

from __future__ import annotations

import pytest
from auditing import KIM, WEBER, Vault
from judging import claim, verdict, work

from evidence.audit.checks.claims import told_of_people, words_of_people
from evidence.vocabulary import ClaimKind

MICE = "[^a]: in-vivo · model: mice · doi:10.1000/a"
CELLS = "[^a]: in-vitro · doi:10.1000/a"


def told(text, note=MICE, **facts):
    """What EV022 says of a claim with one note."""
    vault = Vault().page(f"{text}\n\n{note}\n[^v]: review · doi:10.1000/v\n[^h]: rct · doi:10.1000/h\n")
    vault.work("doi:10.1000/a", authors=KIM, **facts).work("doi:10.1000/v", authors=WEBER).work("doi:10.1000/h")
    return [(one.severity.value, one.message) for one in vault.audit().findings if one.code == "EV022"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Soluble Klotho circulates at 200 pg/mL in healthy adults and declines with age.[^a]", "in healthy adults"),
        ("The bacterium correlates with obesity in human cohort data.[^a]", "human cohort"),
        ("Bone mass fell in 60 postmenopausal\nwomen compared with controls.[^a]", "in 60 postmenopausal women"),
        ("Patients with osteoporosis lose bone at night.[^a]", "Patients with"),
        ("A weekly dose spared side effects in 333 adults.[^a]", "in 333 adults"),
        ("Bone mass fell among\nmen of all ages.[^a]", "among men"),
        ("Bone mass fell: **men with osteoporosis** lost most.[^a]", "men with"),
        ("| Bone | lost in older people | [^a] |", "in older people"),
    ],
)
def test_plain_words_for_people_are_told(text, words):
    if text.startswith("|"):
        text = f"| What | Found | Note |\n|---|---|---|\n{text}"
    assert told(text) == [("warning", f'speaks of people ("{words}"), but all that it cites is animal')]
    assert told(text, CELLS)[0][1].endswith("is cells")


@pytest.mark.parametrize(
    "text",
    [
        "Bone is lost with age.[^a]",
        # The animal is named, beside people or alone.
        "In mice, as in older women, bone is lost with age.[^a]",
        "Bone is lost in a mouse model of patients with osteoporosis.[^a]",
        "Dogs lived longer; people treated with it are followed.[^a]",
        "Transgenic adults lived longer.[^a]",
        # Adults of any species, and words with another meaning.
        "It is required for fertility in adults.[^a]",
        "Individuals differ in clinical signs.[^a]",
        # Human material is no human.
        "Human RUNX2 binds DNA.[^a]",
        "Levels decline in dermal fibroblasts of older people.[^a]",
        "Skin biopsies of women with melasma stained for it.[^a]",
        # A negation, a question, a plan, a possibility, a gap.
        "This was not seen in patients.[^a]",
        "Whether it acts in humans is open.[^a]",
        "Is it seen in humans?[^a]",
        "It may slow bone loss in patients with osteoporosis.[^a]",
        "Human trials are pending.[^a]",
        "It is a candidate for patients with osteoporosis.[^a]",
        "The pathway is conserved in humans.[^a]",
        "The drug is approved for patients with cancer and spares bone.[^a]",
    ],
)
def test_what_may_be_meant_otherwise_is_not_told(text):
    assert told(text) == []


@pytest.mark.parametrize("note", ["[^a]: rct · doi:10.1000/a", "[^a]: doi:10.1000/a"])
def test_a_study_in_people_or_of_unknown_kind_says_nothing_against_the_words(note):
    assert told("Bone mass fell in 60 women.[^a]", note) == []


@pytest.mark.parametrize("mark", ["[^v]", "[^h]"])
def test_a_review_or_a_study_in_people_beside_it_may_bear_the_words(mark):
    assert told(f"Bone mass fell in 60 women.[^a]{mark}") == []


def test_registry_that_knows_of_people_bears_the_words():
    note = "[^a]: doi:10.1000/a"
    assert told("Bone mass fell in 60 women.[^a]", note, mesh=["Animals", "Mice"])[0][0] == "warning"
    assert told("Bone mass fell in 60 women.[^a]", note, mesh=["Animals", "Humans"]) == []


def test_without_a_look_up_it_is_only_a_hint():
    vault = Vault().page(f"Bone mass fell in 60 women.[^a]\n\n{MICE}\n")
    assert [one.severity.value for one in vault.audit().findings if one.code == "EV022"] == ["info"]


@pytest.mark.parametrize(("kind", "said"), [(ClaimKind.SENTENCE, "in 60 women"), (ClaimKind.INTERACTION, None)])
def test_row_of_a_table_of_interactions_says_nothing_of_people(kind, said):
    assert words_of_people(claim(text="Bone mass fell in 60 women.", kind=kind)) == said


def test_what_is_told_follows_from_the_words_and_the_levels():
    (found,) = told_of_people(claim(text="Bone mass fell in 60 women."), verdict(work()))
    assert found.facts == (("words of people", "in 60 women"), ("levels", "animal"))
