"""What the headings of a table say of the works below: `+` supports the row, `-` opposes, `~` contrasts by its own words, `m` mentions."""

from __future__ import annotations

import time

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
    "Contradicted by[^d]", "Contradictory evidence", "Contradicting PMIDs", "Contradicted by (PMID)", "PMID against",
    "Contradicted by PMID", "Evidence against (PMID)", "Studies that failed to replicate", "Failed to replicate in",
    "Failed to replicate", "Evidence against claim", "Contradicted by (n)", "Contradicted by?", "Disconfirming", "Contradictory",
    "Non-replications", "Nonreplication", "Failed to reproduce by", "Counterarguments", "Counter-arguments",
    "Non-supporting studies", "Unsupportive evidence", "Rebuttals",
]  # fmt: skip


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_sets_works_against_the_rows(heading):
    assert opposing_columns(["Claim", "Source", heading]) == {2}


OTHERS = [
    "Against", "Source", "Evidence", "Evidence for and against", "Supported or contradicted by", "Contradicted?",
    "Disputed findings", "Refuted claim", "Raised against", "Not contradicted by", "Failed", "Challenge", "Contraindications",
    "No evidence against", "Contrast", "Counter", "Pros and cons", "",
    "Con", "Failed to replicate?", "Claims that failed to replicate", "Contradictory?", "Non-responders", "Supporting studies", "Unsupported claims",
]  # fmt: skip


@pytest.mark.parametrize("heading", OTHERS)
def test_other_headings_say_nothing(heading):
    assert opposing_columns(["Claim", heading]) == set()


@pytest.mark.parametrize(
    "beside", ["For", "Supports", "Supported by", "Evidence for", "In favour", "Supporting studies"]
)
def test_against_is_said_of_works_beside_a_column_of_support(beside):
    assert opposing_columns(["Claim", beside, "Against"]) == {2}


def test_against_is_said_of_works_right_behind_the_evidence_and_con_beside_pro():
    assert opposing_columns(["Claim", "Evidence", "Against"]) == {2}
    assert opposing_columns(["Antibody", "Against", "Evidence"]) == set()
    assert opposing_columns(["Claim", "Pro", "Con"]) == {2}
    # Drawbacks of a treatment are no works against it.
    assert opposing_columns(["Treatment", "Pros", "Cons"]) == set()


def test_works_below_such_a_heading_contrast():
    page = markdown(
        ["Claim", "Source", "Contradicted by"],
        ["Bone falls", "[^a]", "Lee 2012[^b], Park 2013 [^c]"],
        ["Fat rises", "[^a]", "none[^d]"],
        ["Muscle falls", "[^a]", "no effect in men [^d]"],
        ["Skin thins", "[^a]", "[Lee](https://doi.org/10.1000/e)"],
        ["Hair greys [^a]", "", ""],
    )
    assert signs(page) == ["+--", "+m", "+-", "+-", "+"]


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


def test_cells_of_a_short_row_of_html_count_from_the_left():
    page = html(["Claim", "Source", "Contradicted by", "Year"], ["Bone falls", "doi:10.1000/a", "doi:10.1000/b"])
    assert signs(page, "page.html") == ["+-"]


def test_cells_of_markdown_count_from_the_left():
    """Short rows are padded at their end, and what stands beyond the header is not shown."""
    notes = f"\n\n{NOTES}"
    short = "| Claim | Contradicted by | Notes |\n|---|---|---|\n| A | [^c] |\nB | [^c]\n| C |\n"
    assert [one for one in signs(short + notes) if one] == ["-", "-"]
    long = "| Claim | Source | Contradicted by |\n|---|---|---|\n| A | [^a] [^b] | [^c] | remark |\n| B | [^a] | | [^b] |\n"
    assert signs(long + notes) == ["++-", "++"]
    wide = "|   Claim   |   Source   |   Refuted by   |\n|---|---|---|\n| A | [^a] | [^c] | remark |\n"
    assert signs(wide + notes) == ["+-"]


@pytest.mark.parametrize(
    "cell",
    [
        "none[^b]", "not yet [^b]", "Not yet ([^b])", "not so far [^b]", "**None** [^b]", "No evidence [^b]", "No studies [^b]", "No studies found [^b]", "None identified in [^b]",
        "none according to [^b]", "None according to Lee 2012[^b]", "No trial has contradicted it [^b]",
        "None; the two trials[^b] were small", "No. [^b]", "No [^b]", "None of the trials contradicts it [^b]",
        "No evidence against it [^b]", "No known ones [^b]", "Not contradicted by [^b]", "No contradicting evidence in [^b]",
        "Nothing to date [^b]", "replicated by [^b]", "confirmed in Lee 2012[^b]", "[^b] agrees", "Lee 2012[^b] agrees with it.",
        "Lee agrees [^b]", "see [^b]", "No RCT contradicts it [^b]", "[^b] (agrees)", "[Lee](https://doi.org/10.1000/b) agrees",
    ],
)  # fmt: skip
def test_a_cell_that_names_none_only_mentions(cell):
    assert signs(markdown(["Claim", "Source", "Contradicted by"], ["Bone falls", "[^a]", cell])) == ["+m"]


@pytest.mark.parametrize(
    "cell",
    [
        "No effect in men [^b]", "No evidence of a loss [^b]", "No such effect [^b]", "None of the trials found one [^b]",
        "0.5 % in men [^b]", "No. 3 in [^b]", "No. of falls unchanged [^b]", "No study found a loss [^b]", "not replicated by [^b]", "Nine trials [^b]",
        "[^b] agrees only in mice", "Lee disagrees [^b]", "[^b] confirms the opposite", "None lost bone in [^b]",
        "never confirmed in [^b]", "[^b] does not agree", "Nonresponders [^b]", "None in mice; contradicted in men by [^b]",
    ],
)  # fmt: skip
def test_a_cell_that_denies_the_row_opposes(cell):
    assert signs(markdown(["Claim", "Source", "Contradicted by"], ["Bone falls", "[^a]", cell])) == ["+-"]


def test_each_work_of_a_cell_has_words_of_its_own():
    page = markdown(
        ["Claim", "Contradicted by"],
        ["Bone falls", "replicated by [^a], refuted by [^b]"],
        ["Fat rises", "[^a]; [^b] agrees"],
        ["Hair greys", "[^a] and [^b] agree; [^c]"],
        ["Skin thins", "[^a] agrees, [^b]"],
    )
    assert signs(page) == ["m-", "-m", "mm-", "m-"]


def test_what_a_cell_of_html_says_of_its_works():
    lee = '<a href="https://doi.org/10.1000/b">Lee 2012</a>'
    cells = [
        f"none according to {lee}",
        f"<i>None</i> {lee}",
        f"{lee} agrees",
        f"replicated by {lee}",
        lee,
        f"{lee} found no effect",
        f'no <span class="what">effect</span> {lee}',
        f"no <em>effect</em> {lee}",
    ]
    page = html(["Claim", "Refuted by"], *[[f"Bone falls {number}", cell] for number, cell in enumerate(cells)])
    assert signs(page, "page.html") == ["m", "m", "m", "m", "-", "-", "-", "-"]


@pytest.mark.parametrize(
    "heading",
    [
        "Contradicting PMIDs",
        "Contradicted by (PMID)",
        "PMID against",
        "Contradicted by PMID",
        "Evidence against (PMID)",
    ],
)
@pytest.mark.parametrize("write", [markdown, html])
def test_numbers_below_a_heading_of_contradicting_pmids_oppose(heading, write):
    page = write(["Claim", "PMID", heading], ["Bone falls", "12186861", "12186862; 12186863"])
    claim = next(one for one in read(page, f"page.{'md' if write is markdown else 'html'}").claims if one.citations)
    found = [(one.identifier.value, SIGNS[one.polarity.value]) for one in claim.citations]
    assert found == [("12186861", "+"), ("12186862", "-"), ("12186863", "-")]


def test_hostile_tables_take_linear_time():
    """Four times the table takes about four times as long, not sixteen."""

    def took_s(count):
        many = ["Claim", *["Contradicted by"] * count]
        pages = [
            markdown(many, *[["x [^a]"]] * count),
            markdown(["Claim", "Contradicted by"], ["x", "[^a] " * count], ["x", "none found " * count + "[^a]"]),
            markdown(["Claim", "Contradicted by"], ["x", "agrees " * count + "[^a]" + " and" * count + "[^b]"]),
            markdown(["Claim", "Contradicted by"], ["x", "[^a]; " * count], ["x", "none" + "* _" * count + "x [^a]"]),
            markdown(["Claim", "Contradicted by"], ["x", "none of it " + "contradicted by [^a], " * count]),
            markdown(["Contradicted by " * count, "Contradicted by" + " PMID" * count], ["x", "[^a]"]),
        ]
        begun = time.process_time()
        for page in pages:
            read(page, "page.md")
        return time.process_time() - begun

    took_s(100)
    assert took_s(4000) < 10 * max(took_s(1000), 0.02)


def test_words_beside_the_mark_win():
    page = markdown(["Claim", "Evidence against"], ["Bone falls", "see also [^b]"], ["Fat rises", "refuted by [^b]"])
    assert signs(page) == ["m", "-"]


def test_every_table_has_headings_of_its_own():
    page = markdown(["Claim", "Contradicted by"], ["Bone falls", "[^b]"]).replace(NOTES, "\nText.\n\n")
    assert signs(page + markdown(["Claim", "Source"], ["Bone falls", "[^b]"])) == ["-", "", "+"]
