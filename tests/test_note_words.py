"""Words that look like a role, a retraction or a contrast, and are a title, an answer or biology."""

from __future__ import annotations

import pytest
from reading import read

A, B = "10.1000/a1", "10.1000/b1"


def note_of(text):
    return read(f"It rose.[^k]\n\n[^k]: {text}\n").notes[0]


@pytest.mark.parametrize(
    "text",
    [
        f"Lee J. Opioid withdrawal in older adults. https://doi.org/{A}",
        f"Lee J (2011) Effects of statin withdrawal. doi:{A}",
        f"Tear film after laser vision correction. doi:{A}",
        f"Lee 2011, gene correction in old mice, doi:{A}",
        f"[Opioid withdrawal](https://doi.org/{A})",
        f"[Lee 2011, Fake news](https://doi.org/{A})",
        f"Lee 2011. Wrong-site surgery in the elderly. doi:{A}",
        f"Lee J. Invalid pensioners in Norway. doi:{A}",
        f"earlier wrong DOI replaced. doi:{A}",
        f"brief had wrong year, doi:{A}",
        f"blood, not CSF (2011, doi:{A})",
    ],
)
def test_words_of_a_title_give_no_role(text):
    note = note_of(text)
    assert [one.role for one in note.identifiers] == ["cited"]
    assert note.primary.value == A


@pytest.mark.parametrize(
    ("text", "role"),
    [
        (f"Not doi:{B} as previously stated, but doi:{A}", "denied"),
        (f"do not confuse with {B}; doi:{A}", "denied"),
        (f"Formerly {B}; now {A}", "denied"),
        (f"wrong paper ({B}); doi:{A}", "denied"),
        (f"Fails to replicate Kim 2012 (doi:{B}) · Lee J · Nature 2014 · doi:{A}", "related"),
    ],
)
def test_the_work_is_the_one_that_is_not_ruled_out(text, role):
    note = note_of(text)
    assert {one.value: one.role for one in note.identifiers} == {B: role, A: "cited"}
    assert note.primary.value == A


@pytest.mark.parametrize(
    ("said", "is_marked"),
    [
        ("retracted: no", False),
        ("RETRACTED: no", False),
        ("Retraction notice: none found", False),
        ("retraction notice: n/a", False),
        ("status: retracted", True),
        ("paper retracted", True),
        ("the journal retracted this paper in 2015", True),
    ],
)
def test_a_field_on_retraction_says_what_it_answers(said, is_marked):
    assert note_of(f"doi:{A} · {said}").marked_retracted is is_marked


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("Neurons do not replicate after birth.", "supports"),
        ("Viruses failed to replicate in old mice.", "supports"),
        ("Knockout mice are unable to reproduce.", "supports"),
        ("DNA was not replicated in G1.", "supports"),
        ("Nothing in the later trials contradicted this.", "supports"),
        ("A second group failed to replicate the effect.", "contrasts"),
        ("The association was not replicated in UK Biobank.", "contrasts"),
        ("Kim did not reproduce these findings.", "contrasts"),
    ],
)
def test_cells_replicate_and_animals_reproduce(sentence, polarity):
    (claim,) = read(f"{sentence}[^k]\n\n[^k]: doi:{A}\n").claims
    assert [one.polarity for one in claim.citations] == [polarity]


@pytest.mark.parametrize(
    ("said", "n", "p"),
    [
        ("*p* = 0.02", None, "p = 0.02"),
        ("*P* < 0.001", None, "P < 0.001"),
        ("*n* = 12 mice", 12, None),
        ("**n** = 12", 12, None),
        ("n=1,2", None, None),
    ],
)
def test_letters_of_statistics_may_be_emphasised(said, n, p):
    note = note_of(f"doi:{A} · {said}")
    assert (note.n, note.p) == (n, p)


def test_plain_words_of_a_sentence_are_no_tags():
    assert read("This is only a stub for now.[1]\n\nReferences\n\n[1] doi:10.1000/a1\n", "a.txt").claims[0].tags == ()
