"""Every case of the lists in `tests/data/identifiers/`, and what holds for all of them."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest

from evidence.errors import IdentifierError
from evidence.identifiers import (
    find_identifiers,
    normalize_doi,
    normalize_pmcid,
    normalize_pmid,
    parse_reference,
    read_link,
)
from evidence.records import Identifier, Reference
from evidence.vocabulary import Scheme

DATA = Path(__file__).parent / "data" / "identifiers"
LEAST_CASES = 3
SIDES = 2


class Case(NamedTuple):
    section: str
    text: str
    expected: tuple[str, ...]


def read_cases(pattern: str) -> list[Case]:
    cases = []
    for path in sorted(DATA.glob(pattern)):
        section = ""
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("## "):
                section = f"{path.stem}: {line[3:]}"
            elif line.strip() and not line.startswith("# ") and line != "#":
                text, *expected = line.split("\t")
                cases.append(Case(section, unseen(text), tuple(map(unseen, expected))))
    return cases


def unseen(text: str) -> str:
    text = text.replace("⏎", "\n")
    return re.sub(r"\{U\+([0-9A-F]{4})\}", lambda found: chr(int(found.group(1), 16)), text)


def as_listed(one: Identifier, form: str) -> str:
    return f"{one.value} ({', '.join(one.how)})" if form.endswith(")") and " (" in form else one.value


VALID = read_cases("*_valid.txt")
INVALID = read_cases("*_invalid.txt")


@pytest.mark.parametrize("case", VALID, ids=lambda case: f"{case.section}: {case.text}")
def test_a_valid_case_is_found_as_listed(case):
    found = find_identifiers(case.text)
    forms = [*case.expected, *[""] * len(found)]
    assert [as_listed(one, form) for one, form in zip(found, forms, strict=False)] == list(case.expected)


@pytest.mark.parametrize("case", INVALID, ids=lambda case: f"{case.section}: {case.text}")
def test_nothing_is_found_in_an_invalid_case(case):
    assert find_identifiers(case.text) == []


def test_every_pitfall_has_enough_cases():
    sections = {case.section for case in [*VALID, *INVALID]}
    counts = {section: sum(case.section == section for case in [*VALID, *INVALID]) for section in sections}
    assert {section: count for section, count in counts.items() if count < LEAST_CASES} == {}


def test_every_pitfall_has_cases_on_both_sides():
    sides: dict[str, dict[str, int]] = {}
    for section, _, _ in read_cases("pitfalls_*.txt"):
        _, pitfall, side = section.split(": ")
        counts = sides.setdefault(pitfall, {})
        counts[side] = counts.get(side, 0) + 1
    thin = {
        pitfall: counts
        for pitfall, counts in sides.items()
        if len(counts) < SIDES or min(counts.values()) < LEAST_CASES
    }
    assert thin == {}


@pytest.mark.parametrize("case", VALID, ids=lambda case: f"{case.section}: {case.text}")
def test_a_place_is_what_was_written(case):
    for one in find_identifiers(case.text):
        assert case.text[one.start : one.end] == one.text
        assert "derived" in one.how or parse_reference(one.text, one.scheme) == Reference(one.scheme, one.value)


@pytest.mark.parametrize("case", VALID, ids=lambda case: f"{case.section}: {case.text}")
def test_a_value_is_its_own_normal_form(case):
    for one in find_identifiers(case.text):
        assert parse_reference(one.value, one.scheme).value == one.value


@pytest.mark.parametrize("case", [*VALID, *INVALID], ids=lambda case: f"{case.section}: {case.text}")
def test_words_around_change_nothing(case):
    alone = [(one.value, one.start) for one in find_identifiers(case.text)]
    within = find_identifiers(f"This was seen before: {case.text} (and again by others) in 2019.")
    assert [(one.value, one.start - len("This was seen before: ")) for one in within] == alone


@pytest.mark.parametrize(
    "page", ["**{}**, _PMID {}_ and `{}`.", "<b>{}</b>, <i>PMID {}</i> and <code>{}</code>.", "{}, PMID {} and {}."]
)
def test_all_forms_of_a_page_give_the_same(page):
    written = ["10.1038/nature12373", "23903748", "PMC3749047"]
    assert values(page.format(*written)) == written


REAL = [line for line in (DATA / "real_dois.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
PLACES = ["{}", "See {}.", "(doi:{})", "**{}**,", "`{}`;", "[x](https://doi.org/{})", "| {} |", "_{}_", "{}—x"]


@pytest.mark.parametrize("place", PLACES)
def test_registered_dois_are_read_to_their_end(place):
    missed = {doi: found for doi in REAL if (found := values(place.format(doi))) != [doi.lower()]}
    assert missed == {}


def values(text: str) -> list[str]:
    return [one.value for one in find_identifiers(text)]


def test_registered_dois_are_read_from_encoded_addresses():
    missed = {doi for doi in REAL if values(f"https://doi.org/{quote(doi, safe='')}") != [doi.lower()]}
    assert missed == set()


def test_registered_dois_are_read_from_html():
    missed = {doi for doi in REAL if values(f"<p>doi:{html.escape(doi)}</p>") != [doi.lower()]}
    assert missed == set()


@pytest.mark.parametrize(
    "text",
    [
        "10.1000/XYZ123",
        "doi:10.1000/xyz123",
        "https://doi.org/10.1000/XYZ123",
        " DOI 10.1000/xyz123. ",
        "10.1000%2Fxyz123",
    ],
)
def test_a_typed_doi_is_normalized(text):
    assert normalize_doi(text) == "10.1000/xyz123"


@pytest.mark.parametrize(
    "text",
    [
        "10.1000/a&b%20#c",
        "doi:10.1000/a&b%20#c",
        "10.1000/a&b%20#c (erratum)",
        "10.1000/a;%20b",
        "10.1000/a&",
        "10.1000/a[b%23c",
    ],
)
def test_half_of_a_typed_doi_is_not_taken_for_the_whole(text):
    with pytest.raises(IdentifierError, match="nobody can tell where the DOI in"):
        normalize_doi(text)


@pytest.mark.parametrize("sign", ["&", "#", "%", ";", "<", ">", "+", ",", "?", "!", "=", "~", "@", "$"])
def test_signs_within_a_typed_doi_are_its_own(sign):
    assert normalize_doi(f"10.1000/A{sign}b") == f"10.1000/a{sign}b"


@pytest.mark.parametrize("behind", ["</a>", "<br>", "<br/>", "|", "%20", "&nbsp;", "</p>.", " [doi]", " # checked"])
def test_what_stands_behind_a_typed_doi_is_no_part_of_it(behind):
    assert normalize_doi(f"10.1000/xyz123{behind}") == "10.1000/xyz123"


def test_a_typed_doi_may_be_short():
    assert normalize_doi("10.1000/1") == "10.1000/1"


@pytest.mark.parametrize(
    "text", ["23903748", "PMID: 23903748", "pmid 23903748", "0023903748", "https://pubmed.gov/23903748"]
)
def test_a_typed_pmid_is_normalized(text):
    assert normalize_pmid(text) == "23903748"


@pytest.mark.parametrize("text", ["PMC3749047", "pmc3749047.1", "3749047", "PMCID: PMC3749047"])
def test_a_typed_pmcid_is_normalized(text):
    assert normalize_pmcid(text) == "PMC3749047"


@pytest.mark.parametrize(
    ("normalize", "text"),
    [
        (normalize_doi, ""),
        (normalize_doi, "10.1000/"),
        (normalize_doi, "10.1000/a1, 10.1000/b2"),
        (normalize_pmid, "pending"),
        (normalize_pmid, "1234567890"),
        (normalize_pmid, "10.1000/xyz123"),
        (normalize_pmcid, "PMC"),
        (normalize_pmcid, "PMC1234567890"),
    ],
)
def test_what_is_no_identifier_is_an_error(normalize, text):
    with pytest.raises(IdentifierError):
        normalize(text)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("10.1000/xyz123", Reference(Scheme.DOI, "10.1000/xyz123")),
        ("doi:10.1000/XYZ123", Reference(Scheme.DOI, "10.1000/xyz123")),
        ("PMID 23903748", Reference(Scheme.PMID, "23903748")),
        ("pmid:23903748", Reference(Scheme.PMID, "23903748")),
        ("PMC3749047", Reference(Scheme.PMCID, "PMC3749047")),
        ("pmc1", Reference(Scheme.PMCID, "PMC1")),
        ("https://pubmed.ncbi.nlm.nih.gov/23903748/", Reference(Scheme.PMID, "23903748")),
        ("https://www.nature.com/articles/nature12373", Reference(Scheme.DOI, "10.1038/nature12373")),
    ],
)
def test_a_reference_tells_its_scheme(text, reference):
    assert parse_reference(text) == reference


@pytest.mark.parametrize("text", ["", "23903748", "Smith 2013", "10.1000/a1 PMID 1234567"])
def test_a_reference_without_one_scheme_is_an_error(text):
    with pytest.raises(IdentifierError):
        parse_reference(text)


def test_bare_digits_are_what_their_key_says():
    assert parse_reference("23903748", Scheme.PMID) == Reference(Scheme.PMID, "23903748")
    assert parse_reference("3749047", Scheme.PMCID) == Reference(Scheme.PMCID, "PMC3749047")


def test_a_link_gives_places_in_itself():
    url = "https://www.ncbi.nlm.nih.gov/pubmed/?term=27924024%5Buid%5D+OR+29087512%5Buid%5D"
    found = read_link(url)
    assert [url[one.start : one.end] for one in found] == ["27924024", "29087512"]


def test_a_doi_in_a_link_is_read_from_the_address():
    assert [(one.value, one.how) for one in read_link("/doi/10.1038/nature12373?x=1")] == [
        ("10.1038/nature12373", ("url",))
    ]
