"""What the headings of a table say of the works below: `+` supports the row, `-` opposes, `~` contrasts by its own words, `m` mentions."""

from __future__ import annotations

import pytest
from reading import read

from evidence.extract.headings import opposing_columns

SIGNS = {"supports": "+", "opposes": "-", "contrasts": "~", "mentions": "m"}
NOTES = "".join(f"[^{key}]: rct · doi:10.1000/{key}\n" for key in "abcd")


def signs(page, name="page.md"):
    return ["".join(SIGNS[one.polarity.value] for one in claim.citations) for claim in read(page, name).claims]


def markdown(headings, *rows):
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + f"\n\n{NOTES}"


def html(headings, *rows):
    head = "".join(f"<th>{one}</th>" for one in headings)
    body = "".join("<tr>" + "".join(f"<td>{one}</td>" for one in row) + "</tr>" for row in rows)
    return f"<html><body><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></body></html>"


HEADINGS = [
    "Contradicted by", "Refuted by", "**Disputed by**", "Challenged by", "Evidence against", "Studies against it",
    "Contradicting studies", "Conflicting evidence", "Counter-evidence", "Counterexamples", "Not replicated by",
    "Not confirmed in", "Failed replications", "Contradicts", "Papers that contradict this claim", "Refuted by (PMIDs)",
    "Contradicted by[^d]", "Contradictory evidence",
]  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_sets_works_against_the_rows(heading):
    assert opposing_columns(["Claim", "Source", heading]) == {2}


OTHERS = [
    "Against", "Source", "Evidence", "Evidence for and against", "Supported or contradicted by", "Contradicted?",
    "Disputed findings", "Refuted claim", "Raised against", "Not contradicted by", "Failed", "Challenge", "Contraindications",
    "No evidence against", "Contrast", "Counter", "Pros and cons", "",
]  # fmt: skip


@pytest.mark.parametrize("heading", OTHERS)
def test_other_headings_say_nothing(heading):
    assert opposing_columns(["Claim", heading]) == set()


@pytest.mark.parametrize(
    "beside", ["For", "Supports", "Supported by", "Evidence for", "In favour", "Supporting studies"]
)
def test_against_is_said_of_works_beside_a_column_of_support(beside):
    assert opposing_columns(["Claim", beside, "Against"]) == {2}


def test_works_below_such_a_heading_contrast():
    page = markdown(
        ["Claim", "Source", "Contradicted by"],
        ["Bone falls", "[^a]", "Lee 2012[^b], Park 2013 [^c]"],
        ["Fat rises", "[^a]", "none[^d]"],
        ["Muscle falls", "[^a]", "no effect in men [^d]"],
        ["Skin thins", "[^a]", "[Lee](https://doi.org/10.1000/e)"],
        ["Hair greys [^a]", "", ""],
    )
    assert signs(page) == ["+--", "++", "+-", "+-", "+"]


def test_the_same_holds_in_html():
    doi = "doi:10.1000/{}".format
    page = html(
        ["Claim", "Supports", "<b>Against</b>"],
        ["Bone falls", doi("a"), doi("b")],
        [
            "Fat rises",
            '<a href="https://doi.org/10.1000/a">Kim 2011</a>',
            '<a href="https://doi.org/10.1000/b">Lee</a>',
        ],
    )
    assert signs(page, "page.html") == ["+-", "+-"]


def test_a_row_that_lost_a_cell_tells_no_column():
    """In HTML a cell may span several rows: what stands third may stand below the second heading."""
    page = html(["Claim", "Source", "Contradicted by", "Year"], ["Bone falls", "doi:10.1000/a", "doi:10.1000/b"])
    assert signs(page, "page.html") == ["++"]


def test_words_beside_the_mark_win():
    page = markdown(["Claim", "Evidence against"], ["Bone falls", "see also [^b]"], ["Fat rises", "refuted by [^b]"])
    assert signs(page) == ["m", "-"]


def test_every_table_has_headings_of_its_own():
    page = markdown(["Claim", "Contradicted by"], ["Bone falls", "[^b]"]).replace(NOTES, "\nText.\n\n")
    assert signs(page + markdown(["Claim", "Source"], ["Bone falls", "[^b]"])) == ["-", "", "+"]
