from __future__ import annotations

import pytest
from reading import claims, keys

NOTES = "\n\n[^a]: doi:10.1000/a1\n[^b]: doi:10.1000/b1\n"


def read(text):
    return claims(text + NOTES)


@pytest.mark.parametrize(
    "text",
    ["Bone is lost [^a]. Next one.", "Bone is lost.[^a] Next one.", "Bone is lost. [^a] Next one.", "Bone is lost, [^a] says. Next one.",
     "**Bone is lost.**[^a] Next one.", "“Bone is lost.”[^a] Next one."],
)  # fmt: skip
def test_mark_belongs_to_the_sentence_it_closes(text):
    first, second = read(text)
    assert keys(first) == ["a"]
    assert keys(second) == []


@pytest.mark.parametrize(
    "text",
    [
        "Seen by Lee et al. 2019 in *C. elegans* (e.g. in Fig. 3) vs. controls, i.e. twice.",
        "J. Smith and M. van der Berg reported p. 34 of vol. 2 approx. 3.5 times.",
        "The U.S. Dept. of Health, cf. Nat. Rev. Genet. 12, says so.",
        "Dr. Lee (St. Louis) measured 0.5 mg/kg at 37.2 °C.",
    ],
)
def test_abbreviations_do_not_end_a_sentence(text):
    assert [claim.text for claim in claims(text)] == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It rises. p53 falls.", 2),
        ("It rises. [[apoe]] falls.", 2),
        ("It rises. mTOR falls.", 2),
        ("It rises! Does it? Yes.", 3),
        ("Vitamin K. The cycle goes on.", 2),
        ("上昇する。下降する。", 2),
        ("It rises (see below). *C. elegans* lives longer.", 2),
        ("It rises in version 2.1 of x.y files", 1),
    ],
)  # fmt: skip
def test_number_of_sentences(text, count):
    assert len(claims(text)) == count


def test_item_is_one_claim_unless_several_of_its_sentences_are_cited():
    one, *two = read("- First thing. Second thing [^a]. Third.\n- First thing [^a]. Second thing [^b].")
    assert one.text == "First thing. Second thing [^a]. Third."
    assert [keys(claim) for claim in two] == [["a"], ["b"]]
    assert {claim.kind.value for claim in [one, *two]} == {"list-item"}


@pytest.mark.parametrize("lead", ["Three findings [^a]:", "Three findings: [^a]", "**Three findings** [^a]:"])
def test_lead_sentence_covers_the_list_below(lead):
    first, *items, after = read(f"{lead}\n\n- One thing.\n- Other thing [^b].\n\nAfter the list.")
    assert keys(first) == ["a"]
    assert [item.lead_in for item in items] == [("a",), ("a",)]
    assert after.lead_in == ()


def test_lead_at_the_top_of_a_long_page_covers_its_list():
    first, second = claims("Lead [^a]:\n\n- x one\n" + NOTES + "\n" + "[^c]: y\n" * 99)
    assert (keys(first), second.lead_in) == (["a"], ("a",))


def test_item_that_leads_covers_only_the_items_below_it():
    text = "- Upper [^a]:\n  - Inner one.\n  - Inner two.\n- Next one."
    assert [claim.lead_in for claim in read(text)] == [(), ("a",), ("a",), ()]


def test_lead_ends_with_its_list():
    text = "Findings [^a]:\n\n- One thing.\n\nA paragraph.\n\n- Other list."
    assert read(text)[-1].lead_in == ()


@pytest.mark.parametrize(
    "between",
    [
        "- One thing.\n- Other thing.\n\n",
        "| A | B |\n|---|---|\n| it | falls |\n\n",
        "## Another part\n\n",
        "1. One thing.\n2. Other thing.\n\n",
    ],
)
def test_lead_covers_only_the_table_that_directly_follows(between):
    table = "| Status | Yes |\n|---|---|\n| Conserved | in people |"
    assert read(f"Findings [^a]:\n\n{table}")[-1].lead_in == ("a",)
    assert read(f"Findings [^a]:\n\n{between}{table}")[-1].lead_in == ()


@pytest.mark.parametrize(
    ("between", "lead"),
    [
        ("", ("a",)),
        ("- One thing.\n\n", ("a",)),
        ("- One thing.\n  1. Inner thing.\n", ("a",)),
        ("- One thing:\n\n  | A | B |\n  |---|---|\n  | it | falls |\n\n", ("a",)),
        ("1. One thing.\n\n", ()),
        ("* One thing.\n\n", ()),
        ("| A | B |\n|---|---|\n| it | falls |\n\n", ()),
        ("## Another part\n\n", ()),
        ("## Part\n\n### Inner part\n\n", ()),
    ],
)
def test_lead_covers_only_the_list_that_directly_follows(between, lead):
    assert read(f"## Part\n\nFindings [^a]:\n\n{between}- Last thing.")[-1].lead_in == lead


def test_tag_after_the_stop_belongs_to_the_sentence_before():
    first, second = claims("It rises. #gap/needs-replication — one study so far. Other things fall.")
    assert [(tag.name, tag.scope) for tag in first.tags] == [("needs-replication", "one study so far.")]
    assert second.text == "Other things fall."
    assert second.tags == ()


def test_tag_first_in_a_block_is_about_the_block():
    before, tagged = claims("Before it.\n\n#gap/no-mechanism — How it works is open.")
    assert before.tags == ()
    assert [(tag.name, tag.scope, tag.place.value) for tag in tagged.tags] == [
        ("no-mechanism", "How it works is open.", "claim")
    ]


def test_tag_in_mid_sentence_and_two_tags():
    (claim,) = claims("It rises #gap/unsourced #gap/needs-human-replication.")
    assert [tag.name for tag in claim.tags] == ["unsourced", "needs-human-replication"]


@pytest.mark.parametrize(
    "tag", ["`#gap/unsourced`", "#gap/unsourced", "[^gap/unsourced]", "[^gap/unsourced — no DOI]", "(#gap/unsourced)"]
)
def test_forms_of_a_tag(tag):
    (claim,) = claims(f"It rises {tag}")
    assert [one.name for one in claim.tags] == ["unsourced"]
    assert claim.citations == ()


@pytest.mark.parametrize(
    "text",
    [
        "#gap/contradictory-evidence is not the appropriate tag.",
        "The `#gap/*` tags are collected.",
        "See gap/unsourced.",
        "x#gap/unsourced",
    ],
)
def test_a_tag_that_is_spoken_of_is_not_set(text):
    assert all(claim.tags == () for claim in claims(text))


def test_key_that_begins_with_gap_is_a_key():
    (claim,) = claims("It rises [^gap-mouse].\n\n[^gap-mouse]: doi:10.1000/a1\n")
    assert keys(claim) == ["gap-mouse"]
    assert claim.tags == ()


def test_tags_in_a_list_of_gaps_say_so():
    (claim,) = claims("## Gaps and open questions\n\n- #gap/long-term-unknown — no trial over a year.\n")
    assert claim.tags[0].place.value == "gap-list"


def test_tags_of_the_note_are_tags_of_the_claim_with_their_place():
    (claim,) = claims("It rises [^k].\n\n[^k]: doi:10.1000/a1 · rct · #gap/needs-replication (one centre)\n")
    assert [(tag.name, tag.place.value, tag.scope) for tag in claim.tags] == [
        ("needs-replication", "note", "one centre")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rises [^a].", "supports"),
        ("A second group failed to replicate this [^a].", "contrasts"),
        ("A later trial contradicts the finding [^a].", "contrasts"),
        ("It was not contradicted by later work [^a].", "supports"),
        ("Mice fail to thrive [^a].", "supports"),
        ("The pathway is complex (see also [^a]).", "mentions"),
    ],
)
def test_polarity_is_only_what_words_say(text, expected):
    assert read(text)[0].citations[0].polarity.value == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It was not replicated [^a].", "contrasts"),
        ("The effect could not be reproduced [^a].", "contrasts"),
        ("This was refuted by a larger trial [^a].", "contrasts"),
        ("The finding has since been challenged [^a].", "contrasts"),
        ("Contradictory results were reported [^a].", "contrasts"),
        ("No group has failed to replicate this [^a].", "supports"),
        ("The data are insufficient to refute the effect [^a].", "supports"),
        ("Mice survive an LPS challenge [^a].", "supports"),
        ("Cells challenged with bleomycin die [^a].", "supports"),
        ("Unlike FIS1, whose role is disputed, MID49 binds DRP1 [^a].", "supports"),
        ("It was disputed at first; it is now a standard [^a].", "supports"),
        ("It works #gap/contradictory-evidence [^a].", "supports"),
        ("A recent trial challenges this view [^a].", "contrasts"),
        ("Lee challenged the claim [^a].", "contrasts"),
        ("Later data challenge the long-held view [^a].", "contrasts"),
        ("These findings directly challenge the free-radical theory [^a].", "contrasts"),
        ("The atlas was silent, challenging the idea that all cells age [^a].", "supports"),
        ("Smith 2019 [^a] found it; others challenged it [^b].", "supports"),
        ("The amyloid hypothesis has been challenged [^a].", "contrasts"),
        ("This was challenged by a larger trial [^a].", "contrasts"),
        ("A glucose challenge was used to test the claim [^a].", "supports"),
        ("An immune challenge ages the mice [^a].", "supports"),
        ("Mice challenged with LPS die [^a].", "supports"),
        ("Mice challenged the model with LPS [^a].", "supports"),
        ("The mouse model was challenged with LPS [^a].", "supports"),
        ("Challenges remain [^a].", "supports"),
        ("The challenges this model faces are many [^a].", "supports"),
        ("Heat challenges the immune system [^a].", "supports"),
        ("It remains challenging to model the disease [^a].", "supports"),
        ("No trial challenged this view [^a].", "supports"),
        ("A trial did not challenge this view [^a].", "supports"),
        ("It was designed to challenge this view [^a].", "supports"),
        ("This challenge to the model is open [^a].", "supports"),
    ],
)
def test_words_of_contrast_must_be_said_of_what_is_cited(sentence, expected):
    (claim,) = claims(f"{sentence}\n\n[^a]: doi:10.1000/a1\n")
    assert claim.citations[0].polarity.value == expected


def test_a_contrast_in_another_cell_is_not_of_this_one():
    page = "| x | y |\n|---|---|\n| the role is disputed | binds DRP1 [^a] |\n\n[^a]: doi:10.1000/a1\n"
    assert claims(page)[0].citations[0].polarity.value == "supports"


def test_polarity_goes_by_clause():
    first, second = read("It rises in mice [^a], but a trial failed to confirm this in people [^b].")[0].citations
    assert (first.polarity.value, second.polarity.value) == ("supports", "contrasts")


def test_identifier_in_the_text_is_a_citation_of_its_own():
    (claim,) = claims("It rises (doi:10.1000/x1; PMID 12345678).")
    assert [(one.note, one.identifier.value) for one in claim.citations] == [(None, "10.1000/x1"), (None, "12345678")]


@pytest.mark.parametrize(
    "closing",
    [
        "([[studies/lee|Lee 2019]]) [^a]",
        "([[studies/lee]])[^a]",
        "(n = 12) [^a] [^a].",
        "<sup>[1](https://doi.org/10.1000/a1)</sup>",
    ],
)
def test_brackets_with_a_mark_behind_them_close_the_sentence_before(closing):
    found = claims(f"Bone is lost with age. {closing} Fat is gained.\n\n[^a]: doi:10.1000/a1\n")
    assert [(one.text, bool(one.citations)) for one in found] == [
        (f"Bone is lost with age. {closing}", True),
        ("Fat is gained.", False),
    ]


def test_a_sentence_in_brackets_keeps_its_mark():
    first, second = claims("Bone is lost with age. (Fat is gained.) [^a]\n\n[^a]: doi:10.1000/a1\n")
    assert not first.citations
    assert second.citations


def test_ids_do_not_depend_on_place_or_wrapping_and_differ_by_page():
    here = claims("One thing is\nsaid here.")[0].id
    assert claims("New words first.\n\nOne thing is said here.")[1].id == here
    assert claims("One thing is said here.", "other.md")[0].id != here


def test_equal_claims_of_one_page_have_ids_of_their_own():
    ids = [claim.id for claim in claims("- The same.\n- The same.\n- The same.\n")]
    assert len(set(ids)) == 3


def test_spans_are_exact():
    text = "# T\n\nOne [^a]. Two.\n\n- Three\n  goes on\n\n| h |\n|---|\n| four |\n\n[^a]: x\n"
    assert all(text[claim.start : claim.end] == claim.text for claim in claims(text))


def test_tags_in_front_matter_are_about_every_claim_of_the_page():
    first, second = claims("---\ntags: [biology, gap/needs-replication]\n---\n\nOne thing. Other thing.\n")
    assert [(tag.name, tag.place.value) for tag in first.tags] == [("needs-replication", "front-matter")]
    assert second.tags == first.tags
