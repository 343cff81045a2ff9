"""What the JSON report says of a page recomputes from its claims and findings."""

from __future__ import annotations

from statistics import median_low

import pytest
from auditing import KIM, WEBER, Vault

from evidence.audit import DRIFT
from evidence.audit.checks.pages import is_told_by_its_claim, page_problem
from evidence.audit.findings import Place, make_found
from evidence.audit.pages import self_conflicts
from evidence.audit.reports import to_dict

PAGE = """Bone is lost with age in mice.[^kim][^weber]

Fat is gained with age.[^kim]

Nothing stands behind this statement.

[^kim]: in-vivo · model: mice · doi:10.1000/a1
[^weber]: in-vivo · model: mice · doi:10.1000/b1
"""


def report():
    vault = Vault().page(PAGE).page("An empty claim.[^x]\n\n[^x]: nothing\n", "second.md")
    vault.work("doi:10.1000/a1", authors=KIM, date="1997").work("doi:10.1000/b1", authors=WEBER, date="2004-03")
    return to_dict(vault.audit())


def test_numbers_of_a_page():
    page = report()["pages"][0]
    assert (page["path"], page["claims"], page["uncited_share"]) == ("page.md", 3, 0.333)
    assert (page["levels"]["animal"], page["median_year"], page["newest_year"]) == (2, 1997, 2004)
    # Two claims without a tag needs-human-replication, and one of them rests on one study without a tag.
    assert page["drift"] == 3


def test_what_is_no_claim_has_no_part_in_the_uncited_share():
    page = "Bone is lost.[^a]\n\nFat is gained.\n\n- [[bone]]\n- [[fat]]\n\n[^a]: in-vivo · doi:10.1000/a1\n"
    told = to_dict(Vault().page(page).audit())["pages"][0]
    assert (told["counts"]["not-a-claim"], told["claims"], told["uncited_share"]) == (2, 2, 0.5)


def test_numbers_of_pages_recompute_from_the_rest_of_the_report():
    whole = report()
    for page in whole["pages"]:
        claims = [one for one in whole["claims"] if one["path"] == page["path"]]
        assert page["counts"] == {status: sum(one["status"] == status for one in claims) for status in page["counts"]}
        assert page["levels"] == {level: sum(one["level"] == level for one in claims) for level in page["levels"]}
        assert page["drift"] == sum(one["path"] == page["path"] and one["code"] in DRIFT for one in whole["findings"])
    assert median_low([1997, 2004]) == whole["pages"][0]["median_year"]
    assert whole["counts"] == {
        status: sum(page["counts"][status] for page in whole["pages"]) for status in whole["counts"]
    }


def test_source_tells_where_it_contradicts_itself():
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: rct · doi:10.1000/a1\n")
    vault.work("doi:10.1000/a1", publication_types=["Review"])
    work = vault.verdict().works[0].work
    assert list(self_conflicts(work)) == ["design: rct (note), review (pubmed)"]


@pytest.mark.parametrize(
    ("code", "severity", "is_of_a_claim"),
    [
        ("undefined-mark", "error", True),
        ("unreadable", "error", False),
        ("malformed-mark", "warning", False),
        ("ambiguous-identifier", "warning", True),
        ("empty-note", "warning", True),
        ("duplicate-key", "warning", False),
        ("unused-note", "info", False),
        ("dangling-study-page", "info", False),
    ],
)
def test_problem_of_a_page(code, severity, is_of_a_claim):
    """docs/findings.md, EV101 and EV002: how grave each is, and which a claim tells of that cites nothing for it."""
    (result,) = page_problem({"code": code, "message": "said"})
    assert result.severity.value == severity
    assert is_told_by_its_claim(make_found("EV101", result, Place("a.md", 1)).finding) is is_of_a_claim
