"""What was found in reading a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evidence.audit.findings import Finding, Result
from evidence.vocabulary import Severity

UNDEFINED_MARK = "undefined-mark"
_OF_CLAIMS = (f"{UNDEFINED_MARK}:", "empty-note:", "ambiguous-identifier:")
_SEVERITIES: dict[str, Severity] = {
    UNDEFINED_MARK: Severity.ERROR,
    "unreadable": Severity.ERROR,
    "malformed-mark": Severity.WARNING,
    "ambiguous-identifier": Severity.WARNING,
    "front-matter": Severity.WARNING,
    "duplicate-key": Severity.WARNING,
    "empty-note": Severity.WARNING,
    "dangling-study-page": Severity.INFO,
    "unused-note": Severity.INFO,
}


def page_problem(problem: Mapping[str, Any]) -> Iterator[Result]:
    """A page has a problem that was found in reading it: `docs/pages.md` lists them.

    >>> next(page_problem({"code": "unused-note", "message": "`[^a]` is not cited"})).severity
    <Severity.INFO: 'info'>
    """
    severity = _SEVERITIES.get(problem["code"], Severity.WARNING)
    said = f"{problem['code']}: {problem['message']}"
    yield Result(severity, said, problem.get("hint") or "mend the page", said, (("problem", said),))


def is_told_by_its_claim(finding: Finding) -> bool:
    """Tell whether a finding is a problem that leaves its claim without a work: of a mark, or of what a note names."""
    return finding.code == "EV101" and finding.message.startswith(_OF_CLAIMS)
