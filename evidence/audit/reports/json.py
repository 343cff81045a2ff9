"""An audit as JSON, from which every number of every report recomputes. `audit.schema.json` beside it is its schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evidence.audit.belief import belief_to_dict
from evidence.audit.findings import Finding
from evidence.audit.judged import AuditReport, SourceLine
from evidence.audit.judgement import JudgedClaim
from evidence.audit.pages import Summary, page_to_dict, summarize_pages
from evidence.audit.reports.ranking import acknowledged, rank_sources, standing
from evidence.audit.run import RULES
from evidence.audit.strength import STRENGTHS
from evidence.notices import notice_to_dict
from evidence.vocabulary import Status

# Raised when a key goes or changes its meaning; a reader lets pass keys that it does not know.
SCHEMA = "2"
_SURROGATE = re.compile("[\ud800-\udfff]")


def to_json(report: AuditReport) -> str:
    """Return the audit as JSON. The same store gives the same bytes: sorted, without the time of day."""
    return "".join(json_chunks(report))


def to_dict(report: AuditReport) -> dict[str, Any]:
    """Return the audit as plain values, in the form of the design."""
    values: dict[str, Any] = json.loads(to_json(report))
    return values


def json_chunks(report: AuditReport) -> Iterator[str]:
    """Yield the audit as JSON, a line for each claim, source and finding, so that not all of it is held at once."""
    lists: dict[str, Iterable[dict[str, Any]]] = {
        "claims": map(_claim, report.claims),
        "sources": map(_source, rank_sources(report)),
        "findings": map(_finding, standing(report)),
        "pages": map(page_to_dict, _pages(report)),
    }
    yield "{" + ",\n".join(f"{json.dumps(key)}: {to_line(value)}" for key, value in head_of(report).items())
    for key, values in lists.items():
        yield f',\n"{key}": ['
        yield from lines_of(values)
        yield "\n]"
    muted = map(_acknowledged, acknowledged(report))
    if (first := next(muted, None)) is not None:
        yield f',\n"acknowledged": [\n{to_line(first)}'
        yield from (f",\n{to_line(one)}" for one in muted)
        yield "\n]"
    yield "}\n"


def _pages(report: AuditReport) -> Iterator[Summary]:
    claims = ((one.claim, one.verdict) for one in report.claims)
    return summarize_pages(claims, ((one.path, one.code) for one in report.findings))


def head_of(report: AuditReport) -> dict[str, Any]:
    """Return what a reader must know before the claims: versions, counts, whether all was looked up, limits."""
    return {
        "schema": SCHEMA,
        "rules": RULES,
        "run": {
            "pages": report.pages,
            "claims": len(report.claims),
            "incomplete": report.is_incomplete,
            "unreadable": sorted(report.unreadable),
            "unverified_pages": sorted(set(report.unverified)),
        },
        "counts": {status.value: number for status, number in report.counts.items()},
        "limits": list(report.limits),
    }


def lines_of(values: Iterable[Any]) -> Iterator[str]:
    """Yield the members of a JSON list, each on a line of its own."""
    for number, value in enumerate(values):
        yield f"{',' if number else ''}\n{to_line(value)}"


def to_line(value: Any) -> str:
    """Return a value as JSON on one line. A lone surrogate, which no file can hold, is written as an escape.

    >>> to_line(["\\u03b2", "\\ud800"])
    '["β", "\\\\ud800"]'
    """
    said = json.dumps(value, ensure_ascii=False)
    return said if said.isascii() else _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", said)


def count_cited(counts: Mapping[Status, int]) -> tuple[int, int]:
    """Return how many claims there are, headings and the like left out, and how many of them cite something."""
    judged = sum(counts.values()) - counts[Status.NOT_A_CLAIM]
    return judged, judged - counts[Status.UNCITED]


def say_counts(pages: int, counts: Mapping[Status, int]) -> str:
    """Return the first line of a report.

    >>> say_counts(1, {status: int(status is Status.UNCITED) for status in Status})
    '1 page, 1 claim, 0 of them cited'
    """
    judged, cited = count_cited(counts)
    named = (f"{number} {name}{'s' * (number != 1)}" for number, name in ((pages, "page"), (judged, "claim")))
    return f"{', '.join(named)}, {cited} of them cited"


def _claim(one: JudgedClaim) -> dict[str, Any]:
    claim, verdict = one.claim, one.verdict
    return {
        "id": claim.id,
        "path": claim.path,
        "line": claim.line,
        "text": claim.text,
        "status": verdict.status.value,
        "level": verdict.level.value if verdict.level else None,
        "strength": STRENGTHS[verdict.strength] if verdict.strength is not None else None,
        "steps": list(verdict.steps),
        "reasons": list(verdict.reasons),
        "flags": [flag.value for flag in verdict.flags],
        "works": [
            {
                "id": line.work.id,
                "identifiers": [f"{one.scheme}:{one.value}" for one in line.work.identifiers],
                "title": line.work.title,
                "design": [design.value for design in line.work.designs],
                "level": line.work.level.value,
                "year": line.work.year,
                "counted": line.counted,
                "why": line.why,
            }
            for line in verdict.works
        ],
        "groups": [list(group) for group in verdict.groups],
        "clauses": [
            {"number": clause.number + 1, "status": clause.status.value, "counted": list(clause.counted)}
            for clause in verdict.clauses
        ],
        "tags": [{"name": tag.name, "place": tag.place.value, "scope": tag.scope} for tag in claim.tags],
        "changes": list(verdict.changes),
        **({"belief": belief_to_dict(verdict.belief)} if verdict.belief is not None else {}),
    }


def _source(source: SourceLine) -> dict[str, Any]:
    work = source.work
    return {
        "id": work.id,
        "identifiers": [f"{one.scheme}:{one.value}" for one in work.identifiers],
        "title": work.title,
        "year": work.year,
        "design": [design.value for design in work.designs],
        "level": work.level.value,
        "organisms": list(work.organisms),
        "claims_held_alone": sorted(source.held_alone),
        "pages": sorted(source.pages),
        "status": source.status,
        "notices": [notice_to_dict(one) for one in work.notices],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "claim": finding.claim,
        "message": finding.message,
        "fix": finding.fix,
        "fingerprint": finding.fingerprint,
    }


def _acknowledged(finding: Finding) -> dict[str, Any]:
    return _finding(finding) | {"reason": finding.acknowledged}
