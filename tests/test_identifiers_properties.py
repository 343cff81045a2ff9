"""What holds for identifiers in any text whatever."""

from __future__ import annotations

import re
import time
from pathlib import Path
from unittest import mock
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from evidence.errors import IdentifierError
from evidence.identifiers import doi as doi_module
from evidence.identifiers import (
    find_identifiers,
    fold_doi,
    normalize_doi,
    parse_reference,
    pmid,
    read_identifiers,
    read_link,
)

SIGNS = st.sampled_from(
    [
        "10.1016/", "10.1038", "10.1101/2020.01.01.123456", "10.", "/", "(", ")", "[", "]", "<", ">", "<1::AID>3.0.CO;2-8",
        "%2F", "%252F", "%25", "%", "&lt;", "&amp;", "&", ";", "\\", "\\_", "\\/", "\u00ad", "\u200b", "\u2013", "\u2011",
        "\n", "\r\n", "\n\n", " ", "\t", "\u00a0", "...", "\u2026", "v2", ".pdf", "/full", "PMID", "PMIDs", "pmid:", "PubMed",
        "PMC", "PMCID", ": ", "#", "12345678", "123", "2019", ",", " and ", "[uid]", "%5Buid%5D", "+OR+", "NOT ", "https://",
        "doi.org/", "pubmed.ncbi.nlm.nih.gov/", "www.nature.com/articles/", "s41586-020-2649-2", "nature12373", "?term=", "&x=",
        "](", "**", "_", "`", "|", "\u00e9", "\u53c2", "\U0001f600", "\ud800", "<wbr>", '<a href="', '">', "</a>", "a", "Z", "x", "0",
    ],
)  # fmt: skip
NASTY = st.lists(SIGNS | st.text(max_size=4), max_size=24).map("".join)
WORDS = st.lists(
    st.sampled_from(["the", "of", "and", "a", "study", "in", "mice", "shows", "that", "older", "adults", "(see", "below)", "Smith", "et", "al.", "2013", "n=12;", "p<0.05,", "25.10.2015", "Fig.", "3"]),
    max_size=8,
).map(" ".join)  # fmt: skip
SUFFIXES = st.from_regex(r"\A[b-w][a-z0-9]{0,7}([.\-_/:][a-z0-9]{1,6}){0,3}(\([0-9]{2}\)[0-9]{3,5})?[0-9]{2}\Z")
DOIS = st.builds("10.{}/{}".format, st.integers(1000, 1899) | st.integers(2101, 65000), SUFFIXES)
PMIDS = st.integers(100_000, 99_999_999).map("PMID {}".format)
PMCIDS = st.integers(10_000, 99_999_999).map("PMC{}".format)
REAL = [
    line
    for line in (Path(__file__).parent / "data" / "identifiers" / "real_dois.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
IDENTIFIERS = st.sampled_from(REAL) | DOIS | PMIDS | PMCIDS
DECORATIONS = st.sampled_from(
    [
        "{}", "({})", "[{}]", "{{{}}}", "**{}**", "*{}*", "`{}`", "_{}_", "~~{}~~", "==({})==", "[{}](page.md)", "[[{}]]", "<b>{}</b>",
        "<td>{}</td>", "<li>{}</li>", "{}<br>", "{}.", "{},", "{};", "{}:", "{}!", "|{}|", "| {} |", "“{}”", "‘{}’", "«{}»", '"{}"', "'{}'",
        "（{}）", "「{}」", "{}。", "{}[^1]", "{}[12]", "{}<sup>3</sup>", "{} · ", "{}·x", "{}—x", "> {}\n", "- {}\n- x", "1. {}\n2. x",
        "{}\n\nText", "{}\t", "see {}, and", "({}; x)", "{}&nbsp;", "{}\u00a0x", "\ufeff{}", "{} (", "{} [",
    ],
)  # fmt: skip
# What people, editors and programs do to an identifier: any of it may spoil it, none of it may break its place.
MUTATIONS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3), SIGNS | st.text(max_size=2)), max_size=4)


def mutated(identifier: str, mutations: list[tuple[int, int, str]]) -> str:
    for place, cut, sign in mutations:
        identifier = identifier[:place] + sign + identifier[place + cut :]
    return identifier


TEXTS = NASTY | st.lists(
    st.builds(mutated, IDENTIFIERS | st.sampled_from(["https://pubmed.ncbi.nlm.nih.gov/23903748/"]), MUTATIONS)
    | WORDS
    | NASTY,
    max_size=6,
).map(" ".join)


@given(TEXTS)
@example("10.1016/\u00ad\n%25(\ud800")
def test_places_round_trip_in_order(text):
    end = 0
    for one in find_identifiers(text):
        assert one.start >= end
        end = one.end
        assert text[one.start : one.end] == one.text != ""


@given(TEXTS)
def test_values_are_normal_forms(text):
    for one in find_identifiers(text):
        assert parse_reference(one.value, one.scheme) == (one.scheme, one.value)


@given(TEXTS)
def test_what_was_written_gives_the_value(text):
    for one in find_identifiers(text):
        if "derived" not in one.how:
            assert parse_reference(one.text, one.scheme) == (one.scheme, one.value)


@given(NASTY)
def test_a_typed_doi_is_read_or_refused(text):
    try:
        value = normalize_doi(text)
    except IdentifierError:
        return
    assert normalize_doi(value) == value


@given(TEXTS)
def test_links_are_read_without_a_crash(text):
    for one in read_link(text):
        assert text[one.start : one.end] == one.text


@given(IDENTIFIERS, DECORATIONS, DECORATIONS, WORDS, WORDS)
def test_ordinary_text_around_changes_nothing(identifier, inner, outer, before, after):
    alone = [one.value for one in find_identifiers(identifier)]
    written = outer.format(inner.format(identifier))
    within = [one.value for one in find_identifiers(f"{before} {written} {after}")]
    assert len(alone) == 1
    assert within == alone


@given(st.text(), IDENTIFIERS, st.text())
def test_any_text_around_keeps_the_place_right(before, identifier, after):
    text = f"{before}\n\n{identifier}\n\n{after}"
    for one in find_identifiers(text):
        assert text[one.start : one.end] == one.text


@given(TEXTS)
def test_reading_is_the_same_each_time_and_again(text):
    found = find_identifiers(text)
    assert find_identifiers(text) == found
    assert [read_again(one.scheme, one.value) for one in found] == [(one.scheme, one.value) for one in found]


def read_again(scheme, value):
    return parse_reference(value, scheme)


@given(TEXTS)
@example("See 10.1371/journal.pone.0033693.\nNext, PMID 23903748 and 12345678")
@example("doi:10.1101/2020.01.01.123456v2 (10.1152/ajpendo.00123.\n2010)")
def test_the_quick_way_reads_what_the_careful_way_reads(text):
    careful = mock.patch.object(doi_module, "_read_plain", return_value=None)
    with careful, mock.patch.object(pmid, "_PLAIN", re.compile("(?!)")):
        expected = find_identifiers(text)
    assert find_identifiers(text) == expected


@pytest.mark.parametrize(
    "place", [" {} ", "\n{}\n", "({}).", "doi:{}.\n", " {},", "[{}]", "doi: {}\n", "://doi.org/{} x", "\t{}\t"]
)
def test_the_quick_way_reads_registered_dois_as_the_careful_way(place):
    for doi in REAL:
        test_the_quick_way_reads_what_the_careful_way_reads.hypothesis.inner_test(place.format(doi))


@given(DOIS, st.sampled_from([str.upper, str.lower, str.swapcase]))
def test_case_of_a_doi_changes_nothing(doi, change):
    assert [one.value for one in find_identifiers(f"doi:{change(doi)} x")] == [doi.lower()]


@given(st.lists(DOIS, min_size=1, max_size=5), st.sampled_from([" ", "; ", ", ", " | ", ";", "\n", "\n- "]))
def test_every_doi_of_a_list_is_found(dois, separator):
    assert [one.value for one in find_identifiers(separator.join(dois))] == [doi.lower() for doi in dois]


HOSTILE = [
    "10.1/", "10.1234/", "10.1234/a ", "10.1234/a\n", "10.1016/\n", "10.1234/(", "10.1234/<1:", "10.1234/&amp;", "10.1010.", "(", "[",
    "<", "%25", "%2525", "&amp;", "PMID<", "PMID ", "PMIDs 1, ", "PMC:", "://", "://ncbi.nlm.nih.gov/", ".ncbi.nlm.nih.gov/",
    "1[uid] OR ", "[^pmid", "[10.1234/a](https://doi.org/10.1234/a", "10.1234/a.pdf/full", "10.\u200b", "\\",
    "10.1234/%25", "110.1234/full", "https://", "[a](b ", ".org/", "PMID 1 → ", "PMIDs 1 to ", "10.1371/journal.po\n", "PubMed Central ", "PMCIDs: 12345, ",
    "1.", "10.1234/a1.\n123 ", "https:\\/\\/pubmed.gov\\/1\\/", "%5Buid%5D",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_the_text_and_not_faster(unit):
    short, long = seconds(unit, 100_000), seconds(unit, 800_000)
    assert long < 0.2 or long < 32 * short


def seconds(unit: str, size: int) -> float:
    """The processor's time of the better of two runs: what else the machine does must not tell."""
    text = unit * (size // len(unit))
    runs = []
    for _ in range(2):
        begun = time.process_time()
        find_identifiers(text)
        runs.append(time.process_time() - begun)
    return min(runs)


@settings(max_examples=50)
@given(DOIS, st.sampled_from(["%25" * 5000, "(" * 5000, "a" * 5000, "\u00ad" * 5000, "<" * 5000]))
def test_endless_text_behind_a_doi_is_no_doi_of_that_length(doi, tail):
    assert all(len(one.text) < 1500 and len(one.value) <= 310 for one in find_identifiers(doi + tail))


# No sign that a page's end or a typesetter's habit is known for: those are cases of the lists.
ODD = st.text(
    st.sampled_from("abcxyz0123456789.-_:/()[]<>#?,;%&=+!$*'\"|\\^`{}~@ éßαωжк中文のد\u0301\u2013"),
    min_size=1,
    max_size=12,
)
# Escapes of signs that older DOIs are full of are read as written twice, a long dash between numbers as a hyphen.
MENDED = re.compile(r"%(?:2[89f]|3[abce]|5[bd])|[0-9]\u2013[0-9xyz]", re.IGNORECASE)


@settings(max_examples=500)
@given(ODD)
@example("%23")
@example("\u2013")
@example(" 1 ")
def test_an_encoded_address_names_its_own_work_or_none(middle):
    doi = f"10.5555/q{middle}q7"
    assume(not MENDED.search(doi))
    for written in (f"https://doi.org/{quote(doi, safe='/')}", f"https://doi.org/{quote(doi, safe='')}"):
        for text in (f"see {written} and", f"[x]({written}).", f"<{written}>", f'<a href="{written}">x</a>'):
            found, doubts = read_identifiers(text)
            assert [one.value for one in found] == [fold_doi(doi)] or (not found and (doubts or is_cut_off(middle)))


def is_cut_off(middle):
    return "..." in middle


# What people escape when they type: it is read as meant.
ESCAPED = re.compile(r"[\\&<{$]")


@settings(max_examples=500)
@given(ODD)
def test_what_an_encoded_address_names_is_its_own_normal_form(middle):
    for one in find_identifiers(f"https://doi.org/{quote(f'10.5555/q{middle}q7', safe='/')}"):
        assume(not ESCAPED.search(middle))
        assume(not re.search(r"\s(?:[^A-Za-z0-9]|.*\s)", one.value))
        assert normalize_doi(one.value) == normalize_doi(f"https://doi.org/{one.text}") == one.value


@pytest.mark.parametrize("sign", [*",;#?!$%\u2013", "中文", "\u0436", "\u062f", "%23", "%2C", "%20", "%E4%B8"])
@pytest.mark.parametrize("before", ["", "doi:", "(see doi: ", "DOI ", "|"])
def test_a_sign_that_may_belong_leaves_a_doubt_and_no_half(sign, before):
    text = f"x {before}10.5555/abc{sign}def more"
    found, (doubt,) = read_identifiers(text)
    assert found == []
    assert text[doubt.start : doubt.end] == doubt.text == f"10.5555/abc{sign}def"


@pytest.mark.parametrize("sign", list(",;#?%\u2013"))
def test_a_known_form_is_whole_before_any_sign(sign):
    (found,), doubts = read_identifiers(f"doi:10.1016/j.cell.2011.02.013{sign}def more")
    assert (found.value, doubts) == ("10.1016/j.cell.2011.02.013", [])


def test_the_address_of_a_link_tells_what_its_text_leaves_open():
    text = "[10.5555/abc,def](https://doi.org/10.5555/abc%2Cdef)"
    found, doubts = read_identifiers(text)
    assert [one.value for one in found] == ["10.5555/abc,def"]
    assert doubts == []
