"""Links to works behind a stop: to which of the two sentences around them they belong."""

from __future__ import annotations

import pytest
from growing import seconds
from reading import read

A, B, C = (f"https://doi.org/10.1000/{one}1" for one in "abc")


def said(text, name):
    """Each claim of a page as its words, without addresses, and the works that it cites."""
    return [
        (claim.text, [one.note or one.identifier.value[-2:] for one in claim.citations])
        for claim in read(text, name).claims
    ]


def link(address, words):
    return f'<a href="{address}">{words}</a>'


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        (f"Hair falls.{link(A, '[4]')}", [("Hair falls.[4]", ["a1"])]),
        (f"Hair falls!{link(A, '4')}", [("Hair falls!4", ["a1"])]),
        (f"Hair falls.{link(A, '3')} Hair greys.", [("Hair falls.3", ["a1"]), ("Hair greys.", [])]),
        (f"Hair falls.{link(A, '(Kim 2011)')} Hair greys.", [("Hair falls.(Kim 2011)", ["a1"]), ("Hair greys.", [])]),
        (f"<em>Hair falls.</em>{link(A, '3')} It greys.", [("Hair falls.3", ["a1"]), ("It greys.", [])]),
        (f"Hair falls.{link(A, 'Loss of hair with age')}", [("Hair falls.Loss of hair with age", ["a1"])]),
        (
            f"Hair falls.{link('https://pubmed.ncbi.nlm.nih.gov/12345678/', '4')} It greys.",
            [("Hair falls.4", ["78"]), ("It greys.", [])],
        ),
        (f"{link(A, 'Mice')} age.{link(B, '2')} p53 rises.", [("Mice age.2", ["a1", "b1"]), ("p53 rises.", [])]),
    ],
)
def test_link_that_is_glued_to_a_stop_belongs_to_its_sentence(paragraph, expected):
    assert said(f"<h1>Hair</h1><p>{paragraph}</p>", "page.html") == expected


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        (f"Bone is lost.{link(A, 'Mice')} rise.", [("Bone is lost.", []), ("Mice rise.", ["a1"])]),
        (f"Bone is lost.{link(A, 'Mice age.')}", [("Bone is lost.", []), ("Mice age.", ["a1"])]),
        (
            f"Bone is lost. {link(A, 'Kim et al. 2011')} found fat.",
            [("Bone is lost.", []), ("Kim et al. 2011 found fat.", ["a1"])],
        ),
        (
            f"Bone is lost.<sup>{link(A, '1')}</sup> {link(B, 'Kim et al. 2011')} found fat.",
            [("Bone is lost.1", ["a1"]), ("Kim et al. 2011 found fat.", ["b1"])],
        ),
        (f"Bone is lost. ({link(A, '1')} Fat too.)", [("Bone is lost.", []), ("(1 Fat too.)", ["a1"])]),
    ],
)
def test_link_with_words_of_the_next_sentence_belongs_to_that(paragraph, expected):
    assert said(f"<p>{paragraph}</p>", "page.html") == expected


@pytest.mark.parametrize(
    "row",
    [
        f"<sup>{link(A, '1')},{link(B, '2')}</sup>",
        f" [{link(A, '1')}, {link(B, '2')}]",
        f" ({link(A, 'Kim 2011')}; {link(B, 'Lee 2012')})",
        f" <sup>{link(A, '[1]')}{link(B, '[2]')}</sup>",
        f"<sup>[{link(A, '1')}–{link(B, '2')}]</sup>",
        f"<sup>{link(A, 'a')} {link(B, '†')}</sup>",
    ],
)
def test_row_of_links_closes_the_sentence_before_it_in_html(row):
    found = said(f"<p>Bone is lost in women.{row} Aspirin cures ageing.</p>", "page.html")
    assert [works for _, works in found] == [["a1", "b1"], []]
    assert found[1][0] == "Aspirin cures ageing."


@pytest.mark.parametrize(
    "row",
    [
        f" [[1]]({A})[[2]]({B})",
        f"[1]({A})[2]({B})",
        f"<sup>[1]({A}),[2]({B})</sup>",
        f" <{A}> <{B}>",
        f" {A} {B}",
        f" ([Kim 2011]({A}), [Lee 2012]({B} 'Bone'))",
        f" [PubMed]({A}) [PDF]({B})",
        f" doi: [10.1000/a1]({A}), [doi:10.1000/b1]({B})",
        f"[¹]({A})[²]({B})",
        "[^a1]–[^b1]",
        f"[^a1] [2]({B})",
        "[1][x] [2][y]",
    ],
)
def test_row_of_links_closes_the_sentence_before_it_in_markdown(row):
    notes = f"\n\n[^a1]: {A}\n[^b1]: {B}\n\n[x]: {A}\n[y]: {B}\n"
    found = said(f"Bone is lost in women.{row} Aspirin cures ageing.{notes}", "page.md")
    assert found[0] == (f"Bone is lost in women.{row}", ["a1", "b1"])
    assert found[1] == ("Aspirin cures ageing.", [])


def test_row_of_links_at_the_end_of_a_line():
    assert said(f"> Fat falls.[1]({A})\n> Bone is lost.[2]({B})", "page.md") == [
        (f"Fat falls.[1]({A})", ["a1"]),
        (f"Bone is lost.[2]({B})", ["b1"]),
    ]


def test_links_behind_the_stops_of_other_scripts():
    found = said(f"<p>骨が失われる。{link(A, '1')}次の文です。{link(B, '2')}</p>", "page.html")
    assert found == [("骨が失われる。1", ["a1"]), ("次の文です。2", ["b1"])]


def test_label_before_a_link_belongs_to_it():
    found = said(
        f"<p>Fat falls. PMID: {link('https://pubmed.ncbi.nlm.nih.gov/12345678/', '12345678')} It ends.</p>", "page.html"
    )
    assert found == [("Fat falls. PMID: 12345678", ["78"]), ("It ends.", [])]


def test_row_of_addresses_closes_the_sentence_before_it_in_plain_text():
    found = said(f"Bone is lost in women. <{A}> <{B}> Aspirin cures ageing.\n", "page.txt")
    assert found == [(f"Bone is lost in women. <{A}> <{B}>", ["a1", "b1"]), ("Aspirin cures ageing.", [])]


@pytest.mark.parametrize(
    "text",
    [
        f"See ref. [1]({A}) Bone is lost.",
        f"Bone is lost by Lee et al.{link(A, '3')} in mice.",
        f"Bone is lost.[1]({A}), and fat.",
    ],
)
def test_stop_that_ends_nothing(text):
    name = "page.html" if "<a" in text else "page.md"
    assert [works for _, works in said(f"<p>{text}</p>" if "<a" in text else text, name)] == [["a1"]]


def test_line_that_goes_on_behind_its_identifiers_is_one():
    text = f"It is in Cell (2011). doi:[10.1000/a1]({A}) · PMID:12345678 · CC-BY 4.0."
    assert [works for _, works in said(text, "page.md")] == [["a1", "78"]]


PIECES = [
    "[10.1000/a](",
    "doi: ",
    "pmid ",
    ".^",
    f"x.[1]({A})",
    f" [1]({A})",
    ".",
    ". ",
    ".*",
    " and ",
    f"a. <{A}> ",
    f"[1]({A}) B. ",
]


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_paragraph(piece):
    short, long = (f"Lost.[1]({A}) {piece * (length // len(piece))} x [2]({B})" for length in (400, 3200))
    assert seconds(read, long) < 3 * 8 * seconds(read, short)


@pytest.mark.parametrize("piece", [f"x.{link(A, '1')}", f"{link(A, '1')}, ", "<b>.</b>", "<sup>"])
def test_time_grows_with_the_paragraph_of_html(piece):
    short, long = (f"<p>Lost.{link(A, '1')} {piece * (length // len(piece))}</p>" for length in (400, 3200))
    assert seconds(lambda text: read(text, "page.html"), long) < 24 * seconds(
        lambda text: read(text, "page.html"), short
    )
