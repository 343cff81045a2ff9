"""What was found in reading a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evidence.audit.findings import Result
from evidence.vocabulary import Severity

_SEVERITIES: dict[str, Severity] = {
    "undefined-mark": Severity.ERROR,
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
