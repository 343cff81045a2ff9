"""Every case of the lists in `tests/data/identifiers/`, and what holds for all of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

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
                cases.append(Case(section, unseen(text), tuple(expected)))
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
