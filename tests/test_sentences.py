"""Where one statement ends and the next begins, and which of them a citation belongs to."""

from __future__ import annotations

import pytest
from reading import claims, keys

NOTES = "\n\n[^a]: doi:10.1000/a1\n\n[^b]: doi:10.1000/b1\n"


def cited(text):
    """Each claim of a text as its words and the works that it cites."""
    return [[one.note or one.identifier.value for one in claim.citations] for claim in claims(text + NOTES)]


@pytest.mark.parametrize(
    "text",
    [
        "One is right. [^a] Two is right. [^b]",
        "One is right.\n[^a] Two is right.[^b]",
        "> One is right.\n> [^a] Two is right.[^b]",
        "One is right.\u00a0[^a] Two is right.[^b]",
        "One is right.[^a]Two is right.[^b]",
        "One is right.[^a]&nbsp;Two is right.[^b]",
        "One is right.[^a]<br>Two is right.[^b]",
        "One is right.[^a]\\\nTwo is right.[^b]",
        "One is right.<sup>[^a]</sup> Two is right.<sup>[^b]</sup>",
        "~~One is right.[^a]~~ Two is right.[^b]",
        "One is right. ([^a]) Two is right [^b].",
        "One is right.** [^a] **Two is right.** [^b]",
        "One is right؟[^a] Two is right.[^b]",
        "• One is right [^a]\n• Two is right [^b]",
        "– One is right [^a]\n– Two is right [^b]",
        "a) One is right [^a]\nb) Two is right [^b]",
        "(1) One is right [^a]\n(2) Two is right [^b]",
        "Term\n: One is right [^a]\n: Two is right [^b]",
        "<p>One is right [^a].</p>\n<p>Two is right [^b].</p>",
        "<ul><li>One is right [^a]</li><li>Two is right [^b]</li></ul>",
        "> One is right [^a]\n>> Two is right [^b]",
    ],
)
def test_two_statements_each_with_its_work(text):
    assert [works for works in cited(text) if works] == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One holds. (Smith 2020, doi:10.1000/x) Two holds.", [["10.1000/x"], []]),
        ("One holds. [Smith 2020](https://doi.org/10.1000/x) Two holds.", [["10.1000/x"], []]),
        ("One holds. [Smith 2020](https://doi.org/10.1000/x) showed that two holds.", [[], ["10.1000/x"]]),
        ("One holds. doi:10.1000/x. Two holds. doi:10.1000/y.", [["10.1000/x"], ["10.1000/y"]]),
        ("One holds. (Two holds as well [^b].) Three holds.", [[], ["b"], []]),
        ("One.[^a], [^b] Two holds.", [["a", "b"], []]),
    ],
)
def test_a_citation_behind_the_stop_belongs_to_what_it_closes(text, expected):
    assert cited(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The HR was 1.4. Mice lived longer.",
        "It was P = 0.04. Mice lived longer.",
        "It is made in the cell. It leaves later.",
        "It lies above the mean. Two trials agree.",
        "They ran for 30 min. Then they slept.",
        "It acts on NMN/NR. The effect is small.",
        "It is stained with H&E. Sections were cut.",
        "We do as we can. They do too.",
    ],
)
def test_a_stop_behind_a_word_or_number_that_is_no_abbreviation(text):
    assert len(claims(text)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "It was described by Smith et al. in Mol. Cell. Biol. in 1999.",
        "See Fig. 3 and No. 5 of the list.",
        "The worm C. elegans and E. coli were used.",
        "J. Smith and A. B. Lee of the U.S. Army wrote it.",
        "It rose 1.4 times (p = 0.04) approx. twice.",
        "Bone, cf. Smith, Dr. Lee and St. Mary, is lost.",
    ],
)
def test_a_stop_that_ends_nothing(text):
    assert len(claims(text)) == 1


def test_digits_that_are_raised_belong_to_the_sentence_before_them():
    assert [claim.text for claim in claims("One holds.¹ Two holds.”²,³ Three holds.")] == [
        "One holds.¹",
        "Two holds.”²,³",
        "Three holds.",
    ]


def test_brackets_of_other_scripts_close_a_sentence():
    assert [claim.text for claim in claims("（骨が失われる。）次の文です。")] == ["（骨が失われる。）", "次の文です。"]


def test_a_number_at_the_head_of_a_wrapped_line_is_no_item():
    text = "It fell by a factor of\n2. The mice lived [^a]."
    assert [claim.text for claim in claims(text + NOTES)] == ["It fell by a factor of\n2.", "The mice lived [^a]."]


def test_indented_code_is_no_claim():
    assert [claim.text for claim in claims("Run it.\n\n    code --run [^a]\n\nDone.")] == ["Run it.", "Done."]


def test_marks_that_are_only_spoken_of():
    (claim,) = claims(r"Write \[^b] so, says a manual [^a]." + NOTES)
    assert keys(claim) == ["a"]


def test_hidden_text_cites_nothing():
    text = "One rose <!-- [^b] doi:10.1000/hidden --> well [^a].\n\nTwo fell %%[^b]%% too.\n"
    assert cited(text) == [["a"], []]


def test_keys_without_carets_in_one_pair_of_brackets():
    assert cited("One holds [^a,b].") == [["a", "b"]]
