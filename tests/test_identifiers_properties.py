"""What holds for identifiers in any text whatever."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evidence.errors import IdentifierError
from evidence.identifiers import find_identifiers, normalize_doi, parse_reference, read_link

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
DECORATIONS = st.sampled_from(
    [
        "{}",
        "({})",
        "**{}**",
        "`{}`",
        "_{}_",
        "[{}](page.md)",
        "<b>{}</b>",
        "{}.",
        "{},",
        "{};",
        "|{}|",
        "“{}”",
        "{}[^1]",
        "[[{}]]",
    ],
)


@given(NASTY)
@example("10.1016/\u00ad\n%25(\ud800")
def test_places_round_trip_in_order(text):
    end = 0
    for one in find_identifiers(text):
        assert one.start >= end
        end = one.end
        assert text[one.start : one.end] == one.text != ""


@given(NASTY)
def test_values_are_normal_forms(text):
    for one in find_identifiers(text):
        assert parse_reference(one.value, one.scheme) == (one.scheme, one.value)


@given(NASTY)
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


@given(NASTY)
def test_links_are_read_without_a_crash(text):
    for one in read_link(text):
        assert text[one.start : one.end] == one.text


@given(DOIS | PMIDS | PMCIDS, DECORATIONS, WORDS, WORDS)
def test_ordinary_words_around_change_nothing(identifier, decoration, before, after):
    alone = [one.value for one in find_identifiers(identifier)]
    within = [one.value for one in find_identifiers(f"{before} {decoration.format(identifier)} {after}")]
    assert len(alone) == 1
    assert within == alone


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
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_the_text_and_not_faster(unit):
    short, long = seconds(unit, 100_000), seconds(unit, 800_000)
    assert long < 0.2 or long < 24 * short


def seconds(unit: str, size: int) -> float:
    text = unit * (size // len(unit))
    begun = time.perf_counter()
    find_identifiers(text)
    return time.perf_counter() - begun


@settings(max_examples=50)
@given(DOIS, st.sampled_from(["%25" * 5000, "(" * 5000, "a" * 5000, "\u00ad" * 5000, "<" * 5000]))
def test_endless_text_behind_a_doi_is_no_doi_of_that_length(doi, tail):
    assert all(len(one.text) < 1500 and len(one.value) <= 310 for one in find_identifiers(doi + tail))
