"""An audit as JSON, from which every number recomputes, and as text, the worst first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from evidence.audit.belief import belief_to_dict
from evidence.audit.findings import Finding
from evidence.audit.pages import PageSummary, page_to_dict, summarize_pages
from evidence.audit.run import RULES, AuditReport, JudgedClaim, SourceLine
from evidence.audit.strength import STRENGTHS
from evidence.notices import notice_to_dict
from evidence.terminal import shorten
from evidence.vocabulary import Severity, Status

SCHEMA = "1"
_WIDTH = 100
# What a curator should look at first; within a status, works that hold up many claims first.
_RANK = (
    Status.RETRACTED,
    Status.UNRESOLVED,
    Status.CONTRADICTED,
    Status.SINGLE_STUDY,
    Status.SINGLE_GROUP,
    Status.RESOURCE_ONLY,
    Status.REVIEW_ONLY,
    Status.MULTI_STUDY,
    Status.SYNTHESIS,
    Status.REPLICATED,
    Status.REPLICATED_IN_HUMAN,
)


def to_json(report: AuditReport) -> str:
    """Return the audit as JSON. The same store gives the same bytes: sorted, without the time of day."""
    return "".join(json_chunks(report))


def json_chunks(report: AuditReport) -> Iterator[str]:
    """Yield the audit as JSON, a line for each claim, source and finding, so that not all of it is held at once."""
    head = {
        "schema": SCHEMA,
        "rules": RULES,
        "run": {"pages": report.pages, "claims": len(report.claims), "incomplete": report.is_incomplete},
        "counts": {status.value: number for status, number in report.counts.items()},
        "limits": list(report.limits),
    }
    lists: dict[str, Iterator[dict[str, Any]]] = {
        "claims": map(_claim, report.claims),
        "sources": map(_source, rank_sources(report)),
        "findings": map(_finding, report.findings),
        "pages": map(page_to_dict, _pages(report)),
    }
    yield "{" + ",\n".join(f"{json.dumps(key)}: {_line(value)}" for key, value in head.items())
    for key, values in lists.items():
        yield f',\n"{key}": ['
        for number, value in enumerate(values):
            yield f"{',' if number else ''}\n{_line(value)}"
        yield "\n]"
    yield "}\n"


def _pages(report: AuditReport) -> Iterator[PageSummary]:
    claims = ((one.claim, one.verdict) for one in report.claims)
    return summarize_pages(claims, ((one.path, one.code) for one in report.findings))


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def to_dict(report: AuditReport) -> dict[str, Any]:
    """Return the audit as plain values, in the form of the design."""
    values: dict[str, Any] = json.loads(to_json(report))
    return values


def to_text(report: AuditReport, *, top: int = 20, statuses: frozenset[Status] = frozenset()) -> Iterator[str]:
    """Yield the audit in lines: counts, the worst claims with their reasons, the sources that most rests on, limits.

    Args:
        report: the audit.
        top: how many claims to show; 0 for all.
        statuses: show only claims of these.
    """
    counts = report.counts
    judged = len(report.claims) - counts[Status.NOT_A_CLAIM]
    yield f"{report.pages} pages, {judged} claims, {judged - counts[Status.UNCITED]} of them cited"
    for status in Status:
        if counts[status]:
            yield f"  {status.value:<20} {counts[status]:>7}"
    flags = Counter(flag for one in report.claims for flag in one.verdict.flags)
    if flags:
        yield "flags: " + ", ".join(f"{flag.value} {number}" for flag, number in sorted(flags.items()))
    if report.is_incomplete:
        yield "incomplete: some look-ups failed or were never made; claims flagged unverified say at most what they say"
    yield ""
    yield from _claims_text(report, top, statuses)
    yield from _sources_text(report)
    severities = Counter(finding.severity for finding in report.findings)
    shown = ", ".join(f"{severities[severity]} {severity.value}" for severity in Severity)
    yield f"findings: {shown} (all of them with `evidence audit --format json`)"
    yield "limits: " + "; ".join(report.limits)


def _claims_text(report: AuditReport, top: int, statuses: frozenset[Status]) -> Iterator[str]:
    ranked = rank_claims(report, statuses)
    chosen = ranked[:top] if top else ranked
    if chosen:
        yield f"worst first, {len(chosen)} of {len(ranked)}:" if len(chosen) < len(ranked) else "worst first:"
    for one in chosen:
        claim, verdict = one.claim, one.verdict
        strength = f", strength {STRENGTHS[verdict.strength]}" if verdict.strength is not None else ""
        level = f", {verdict.level.value}" if verdict.level else ""
        yield f"{claim.path}:{claim.line}  {verdict.status.value}{level}{strength}  [{claim.id}]"
        yield f"    {shorten(claim.text, _WIDTH)}"
        for reason in verdict.reasons:
            yield f"    - {reason}"
        if verdict.changes:
            yield f"    would change it: {'; '.join(verdict.changes)}"
        if verdict.belief is not None:
            yield f"    belief: {verdict.belief.steps[-1].removeprefix('= ')}"
        if verdict.flags:
            yield f"    flags: {', '.join(verdict.flags)}"
    if chosen:
        yield ""


def _sources_text(report: AuditReport) -> Iterator[str]:
    holding = [source for source in rank_sources(report) if len(source.held_alone) > 1][:5]
    if holding:
        yield "sources that hold up most claims alone:"
        for source in holding:
            title = shorten(source.work.title or "title not known", _WIDTH)
            yield f"  {len(source.held_alone):>4}  {source.work.name}  {title}"
        yield ""


def rank_claims(report: AuditReport, statuses: frozenset[Status] = frozenset()) -> list[JudgedClaim]:
    """Return the cited claims, or those of some statuses, the worst first; what much rests on comes before the rest."""
    chosen = statuses or frozenset(_RANK)
    claims = [one for one in report.claims if one.verdict.status in chosen]
    return sorted(claims, key=lambda one: _rank(one, report))


def _rank(one: JudgedClaim, report: AuditReport) -> tuple[int, int, str, int]:
    status = one.verdict.status
    place = _RANK.index(status) if status in _RANK else len(_RANK)
    load = max((len(report.sources[line.work.id].held_alone) for line in one.verdict.works), default=0)
    return place, -load, one.claim.path, one.claim.line


def rank_sources(report: AuditReport) -> list[SourceLine]:
    """Return the cited works, those first that hold up most claims alone."""
    return sorted(report.sources.values(), key=lambda one: (-len(one.held_alone), -len(one.pages), one.work.name))


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
                "counted": line.counted,
                "why": line.why,
            }
            for line in verdict.works
        ],
        "groups": [list(group) for group in verdict.groups],
        "tags": [{"name": tag.name, "place": tag.place.value, "scope": tag.scope} for tag in claim.tags],
        "changes": list(verdict.changes),
        **({"belief": belief_to_dict(verdict.belief)} if verdict.belief is not None else {}),
    }


def _source(source: SourceLine) -> dict[str, Any]:
    work = source.work
    return {
        "id": work.id,
        "identifiers": [f"{one.scheme}:{one.value}" for one in work.identifiers],
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
