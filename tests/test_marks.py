"""Notes within sentences, links named elsewhere, and lines of Markdown that say nothing."""

from __future__ import annotations

import pytest
from reading import claims, keys, read


def works(claim):
    return [one.identifier.value for one in claim.citations if one.identifier is not None]


def test_an_inline_note_is_a_note_and_its_sentence_stays_whole():
    text = "Bone is lost.^[Smith J. Bone and age. *Nature*. 2020. doi:10.1000/x1 · rct] It grows back."
    page = read(text)
    assert [claim.text for claim in page.claims] == [text[: text.index(" It grows")], "It grows back."]
    assert [note.primary.value for note in page.notes] == ["10.1000/x1"]
    assert keys(page.claims[0]) == [page.notes[0].key]
    note = page.notes[0]
    assert text[note.start : note.end] == note.text
    assert page.problems == ()


def test_inline_notes_stand_beside_marks_and_definitions():
    text = "One.[^a] Two.^[See doi:10.1000/b1] Three.^[See doi:10.1000/c1]\n\n[^a]: doi:10.1000/a1\n"
    page = read(text)
    found = {note.key: note.primary.value for note in page.notes}
    assert [found[key] for claim in page.claims for key in keys(claim)] == ["10.1000/a1", "10.1000/b1", "10.1000/c1"]


@pytest.mark.parametrize("text", ["Na^[+] rises.", "It is 10^[3] cells.", r"Write \^[a note] so.", "Use `^[a note]`."])
def test_carets_that_begin_no_note(text):
    page = read(text)
    assert page.notes == ()
    assert [claim.text for claim in page.claims] == [text]


@pytest.mark.parametrize(
    "use",
    ["[Smith 2020][smith]", "[smith][]", "[smith]", "[Smith\u00a02020][SMITH]"],
    ids=["full", "same", "short", "case"],
)
def test_a_link_named_elsewhere_cites_its_address(use):
    text = f'Bone is lost ({use}). Nothing else.\n\n[smith]: https://doi.org/10.1000/x1 "Bone"\n[other]: <https://pubmed.ncbi.nlm.nih.gov/12186862/>\n'
    first, second = read(text).claims
    assert (works(first), works(second)) == (["10.1000/x1"], [])
    (citation,) = first.citations
    assert text[citation.start : citation.end] == use
    assert text[citation.identifier.start : citation.identifier.end] == "10.1000/x1"


def test_brackets_that_name_no_link():
    text = "Bone [sic] is lost [see below].\n\n[smith]: https://doi.org/10.1000/x1\n"
    (claim,) = read(text).claims
    assert claim.citations == ()


def test_a_named_link_in_code_is_none():
    text = "Write `[smith]` or [smith].\n\n[smith]: https://doi.org/10.1000/x1\n"
    (claim,) = read(text).claims
    assert [citation.start for citation in claim.citations] == [text.index("[smith].")]


def test_code_of_one_line_says_nothing_of_the_next():
    text = "One `[^a]` of[^a] `x[^a]` and[^a].\nAn odd ` here.[^a]\nAnd one.[^a] `[^a]`\n\n[^a]: doi:10.1000/x1\n"
    found = [citation.start for claim in read(text).claims for citation in claim.citations]
    assert found == [
        text.index("of[^a]") + 2,
        text.index("and[^a]") + 3,
        text.index("here.") + 5,
        text.index("one.") + 4,
    ]


def test_notes_may_be_the_items_of_a_list():
    text = "Bone is lost.[^1] It grows back.[^2]\n\n- [^1]: doi:10.1000/a1\n- [^2]: doi:10.1000/b1\n"
    page = read(text)
    assert [(note.key, note.primary.value) for note in page.notes] == [("1", "10.1000/a1"), ("2", "10.1000/b1")]
    assert len(page.claims) == 2
    assert page.problems == ()


@pytest.mark.parametrize(
    "line",
    [
        "<details>",
        "</div>",
        '<a id="top"></a>',
        "{: .note }",
        "{% include figure.html src='a.png' %}",
        "{{< figure src='a.png' >}}",
        "$$ \\frac{dx}{dt} = a x $$",
        "$$\n\\frac{dx}{dt} = a x\n$$",
        "<!-- Old claim.[^x] -->",
    ],
)
def test_lines_that_say_nothing(line):
    assert [claim.text for claim in claims(f"Bone is lost.\n\n{line}\n\nIt grows back.\n")] == [
        "Bone is lost.",
        "It grows back.",
    ]


def test_text_behind_a_comment_is_read():
    assert [claim.text for claim in claims("<!-- checked --> Bone is lost.\n\n<!-- a --><!-- b --> - It grows.\n")] == [
        "Bone is lost.",
        "It grows.",
    ]


def test_sentences_of_a_quote_over_lines_do_not_begin_with_its_sign():
    assert [claim.text for claim in claims("> Bone is lost.\n> It grows back.\n")] == [
        "Bone is lost.",
        "It grows back.",
    ]


def test_a_number_behind_a_closing_quote_is_a_mark_in_plain_text():
    text = 'He says "bone is lost."1 It grows back.\n\nFootnotes\n\n1. doi:10.1000/a1\n'
    first, second = read(text, "page.txt").claims
    assert (keys(first), keys(second)) == (["1"], [])


REFERENCES = (
    "\n\n## References\n\n1. Lee K. Bone. doi:10.1000/a1\n2. Kim J. Age. PMID 12186862\n3. Roe R. Sun. doi:10.1000/c1\n"
)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Bone is lost [1]. It grows back [2].", [["1"], ["2"]]),
        ("Bone is lost.[1] It grows back.[2]", [["1"], ["2"]]),
        ("Bone is lost [1, 3]. It grows back.", [["1", "3"], []]),
        ("Bone is lost [1-3]. It grows back.", [["1", "2", "3"], []]),
        (r"Bone is lost \[1\]. It grows back.", [["1"], []]),
        ("Bone is lost [[1]](#ref-1). It grows back [2](#ref-2).", [["1"], ["2"]]),
    ],
)
def test_numbers_in_brackets_name_the_entries_of_a_list_of_references(sentence, expected):
    page = read(f"# Bone\n\n{sentence}{REFERENCES}")
    assert [keys(claim) for claim in page.claims] == expected
    assert [note.primary.value for note in page.notes] == ["10.1000/a1", "12186862", "10.1000/c1"]


def test_references_in_brackets():
    page = read(
        "Bone is lost [1]. It grows [2].\n\n## References\n\n[1] Lee K. doi:10.1000/a1\n[2] Kim J. doi:10.1000/b1\n"
    )
    assert [keys(claim) for claim in page.claims] == [["1"], ["2"]]
    assert [(note.primary.value, note.line) for note in page.notes] == [("10.1000/a1", 5), ("10.1000/b1", 6)]


@pytest.mark.parametrize(
    "text", ["Bone is lost [7].", "See [1](https://example.org).", "Arrays `x[1]` begin at nought."]
)
def test_numbers_in_brackets_that_name_no_entry(text):
    page = read(f"{text}{REFERENCES}")
    assert page.notes == ()


def test_footnotes_go_before_numbers():
    page = read("Bone is lost [1].[^a]\n\n[^a]: doi:10.1000/x1" + REFERENCES)
    assert [note.key for note in page.notes] == ["a"]


def test_keys_of_a_bibliography_cite_what_is_not_read():
    page = read("Bone is lost [@lee2019; see @kim2020, p. 3]. Write to [me@example.org] or [@me](https://example.org).")
    first, second = page.claims
    assert (keys(first), keys(second)) == (["@lee2019", "@kim2020"], [])
    assert [(one.code, one.column) for one in page.problems] == [("undefined-mark", 14), ("undefined-mark", 14)]


def test_a_mark_in_a_heading_is_told():
    page = read("# Bone\n\n## Loss [^a]\n\nIt is lost.\n\n[^a]: doi:10.1000/a1\n")
    assert [(one.code, one.line) for one in page.problems] == [("heading-mark", 3)]
    assert page.claims[0].citations == ()


def test_a_mark_in_the_scope_of_a_tag_is_not_lost():
    (claim,) = claims(
        "Bone is lost #gap/no-fulltext-access — the counts of [^a] were not read.\n\n[^a]: doi:10.1000/a1\n"
    )
    assert keys(claim) == ["a"]


def test_a_scope_may_begin_with_for():
    (claim,) = claims("Bone is lost #gap/needs-replication for women over sixty.")
    assert [(tag.name, tag.scope) for tag in claim.tags] == [("needs-replication", "women over sixty.")]


CITED_BY_KEYS = [
    ("@lee2019 found a loss of bone.", ["@lee2019"]),
    ("@lee2019 [p. 33] found a loss of bone.", ["@lee2019"]),
    ("As Lee -@lee2019 said, bone falls.", ["@lee2019"]),
    ("Bone falls, as @lee2019 and **@kim2020** said.", ["@lee2019", "@kim2020"]),
    ("Bone falls (@lee2019; @kim2020).", ["@lee2019", "@kim2020"]),
    ("As @{https://example.org/lee} said, bone falls.", ["@https://example.org/lee"]),
    ("As @lee:2019_a. Bone", ["@lee:2019_a"]),
    ("Write to me@example.org, or <me@example.org>.", []),
    ("It needs @types/node and @scope/pkg.", []),
    ("It is `@lee2019` in code.", []),
    ("Ask @me@example.org or [@me](https://example.org/me).", []),
    ("See https://example.org/@me for more.", []),
    (r"It is \@lee2019 as text.", []),
    ("Bone rises, says the team of @BoneLab and @octocat; @dataclass, @media, @param, @37C, @Fig:one, @alg-3.", []),
    ("As @fig:bone, @tbl-mice and [@sec:methods] show, bone falls.", []),
]


@pytest.mark.parametrize(("text", "cited"), CITED_BY_KEYS)
def test_keys_without_brackets_cite_where_the_page_cites_by_keys(text, cited):
    for page in (f"---\nbibliography: refs.bib\n---\n{text}\n", f"{text}\n\nIt is so [@park2018].\n"):
        found = [key for claim in claims(page) for key in keys(claim)]
        assert found == (cited if page.startswith("---") else [*cited, "@park2018"])


def test_a_key_without_a_year_cites_where_it_stands_in_brackets_too():
    page = "Bone is lost [@leeBone]. As @leeBone says, it comes back; @kimBone helped.\n"
    assert [keys(claim) for claim in claims(page)] == [["@leeBone"], ["@leeBone"]]


@pytest.mark.parametrize("begin", ["", "> ", "- "])
def test_keys_in_brackets_may_be_wrapped(begin):
    rest = " " * len(begin) if begin == "- " else begin
    page = f"{begin}Bone is lost [see @kim2020;\n{rest}@lee2019, p. 3]. It\n{rest}is back [@park2018].\n"
    assert [keys(claim) for claim in claims(page)] == [["@kim2020", "@lee2019"], ["@park2018"]]


def test_brackets_of_two_paragraphs_are_none():
    assert not any(map(keys, claims("Bone is [lost @kim2020;\n\nso @lee2019] it is.\n")))


def test_names_behind_the_sign_are_no_keys_elsewhere():
    page = read("Thanks to @lee2019, bone falls. [^a]\n\n[^a]: doi:10.1000/a\n")
    assert keys(page.claims[0]) == ["a"]


def test_what_is_said_of_a_key_is_read():
    (claim,) = claims("Bone falls [@kim2020], but @lee2019 [p. 3] contradicts this.")
    assert [one.polarity.value for one in claim.citations] == ["supports", "contrasts"]
