"""What `docs/` says is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from reading import read

import evidence
from evidence.audit import CODES
from evidence.audit.identity import is_same_person
from evidence.audit.journals import is_same_journal
from evidence.records import AuthorName

DOCS = Path(__file__).parent.parent / "docs"
PAGES = (DOCS / "pages.md").read_text("utf-8")
IDENTITY = (DOCS / "identity.md").read_text("utf-8")
NOTES = (
    "\n\n[^a]: doi:10.1000/a1\n[^b]: doi:10.1000/b1\n[^lee2019]: doi:10.1000/l1\n\n[lee]: https://doi.org/10.1000/x1\n"
)


def test_every_problem_code_is_listed():
    listed = set(re.findall(r"^\| `([a-z-]+)` \|", PAGES.partition("## Problems")[2], re.MULTILINE))
    code = "".join(path.read_text("utf-8") for path in Path(evidence.__file__).parent.rglob("extract/**/*.py"))
    assert listed == set(re.findall(r'Problem\(\s*"([a-z-]+)"', code))


@pytest.mark.parametrize(
    "example",
    [
        example
        for row in PAGES.partition("## What it cites")[2].partition("##")[0].splitlines()
        for example in re.findall(r"`([^`]+)`", row)
        if row.startswith(("| footnote", "| inline", "| identifier")) and " " in example
    ],
)
def test_every_form_of_a_citation_cites(example):
    (claim,) = read(f"Bone is {example}{NOTES}").claims
    assert claim.citations
    assert all(one.identifier is not None or one.occurrence is not None for one in claim.citations)


def test_what_the_page_on_identity_lets_pass_and_tells_is_so():
    assert is_same_journal("Nat Commun", "Nature Communications")
    assert is_same_journal("Br Med J", "BMJ")
    assert not is_same_journal("Nature", "Nature Medicine")
    assert not is_same_journal("Cochrane", "Cochrane Database of Systematic Reviews")
    assert all(is_same_person(name, AuthorName("van der Berg", "M")) for name in ("Vandenberg M", "Berg M", "BERG"))
    assert is_same_person("Khatib S", AuthorName("Al-Khatib", "S"))
    assert is_same_person("Wei Z", AuthorName("Zhang", "Wei"))
    codes = set(re.findall(r"`(EV\d+)`", IDENTITY))
    assert codes == {"EV004", "EV009"} <= set(CODES)
