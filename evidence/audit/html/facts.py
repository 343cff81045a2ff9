"""What all pages of an HTML report are made from: the audit, what is counted of it, and which file holds what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evidence.audit.findings import Finding
from evidence.audit.html.layout import CLAIMS_A_FILE, INDEX, FindingsFile, Layout, WorksFile, lay_out, work_anchor
from evidence.audit.html.tally import ClaimPlace, Tally, take_tally
from evidence.audit.judged import AuditReport
from evidence.audit.trend import AuditRun
from evidence.vocabulary import Severity

_SEVERITIES = {severity: number for number, severity in enumerate(Severity)}
_MOST_FINDINGS = 1000
_MOST_CLAIMS = 5000


@dataclass(slots=True)
class Facts:
    """An audit, its tally and its layout: all that the pages of a report are made from."""

    report: AuditReport
    tally: Tally
    layout: Layout
    trend: Sequence[AuditRun]
    findings: Sequence[Finding]
    acknowledged: Sequence[Finding]
    findings_of: dict[str, list[Finding]]
    claims_of_page: dict[str, list[ClaimPlace]]
    is_large: bool

    def has_claim(self, name: str) -> bool:
        """Tell whether a claim stands in the report."""
        return name in self.layout.file_of

    def has_work(self, name: str) -> bool:
        """Tell whether a work stands in the report."""
        return work_anchor(name) in self.layout.file_of


def gather(report: AuditReport, index: str | None, trend: Sequence[AuditRun] = ()) -> Facts:
    """Count everything and choose the files: one, or an index and a folder beside it.

    Args:
        report: the audit.
        index: the file name of the index; without one the report is a single file, cut where it would be too long.
        trend: what earlier audits counted.
    """
    tally = take_tally(report, CLAIMS_A_FILE)
    open_: list[Finding] = []
    acknowledged: list[Finding] = []
    for one in report.findings:
        (open_ if one.acknowledged is None else acknowledged).append(one)
    by_claim: dict[str, list[Finding]] = {}
    for one in open_:
        if one.claim is not None:
            by_claim.setdefault(one.claim, []).append(one)
    large = is_large(tally, open_)
    layout = lay_out(tally, open_, index) if large and index else _one_file(tally, open_, is_cut=large)
    return Facts(report, tally, layout, trend, open_, acknowledged, by_claim, tally.list_by_page(), large)


def is_large(tally: Tally, findings: Sequence[Finding]) -> bool:
    """Tell whether a report is too long for one file."""
    whole = tally.whole
    return whole.cited > CLAIMS_A_FILE or len(findings) > _MOST_FINDINGS or whole.counts.total() > _MOST_CLAIMS


def _one_file(tally: Tally, findings: Sequence[Finding], *, is_cut: bool) -> Layout:
    """Return the layout of a report in one file: what it has no room for is not linked."""
    layout = Layout()
    layout.file_of = {one.claim.id: INDEX for one in tally.worst}
    if is_cut:
        return layout
    layout.works = [WorksFile(INDEX, list(tally.cells.items()))]
    layout.findings = [FindingsFile(INDEX, by_code(findings))]
    layout.file_of |= {work_anchor(work): INDEX for works in tally.cells.values() for work in works}
    return layout


def by_code(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """Return findings by code, those of each by severity."""
    found: dict[str, list[Finding]] = {}
    for one in findings:
        found.setdefault(one.code, []).append(one)
    return [(code, sorted(same, key=lambda one: _SEVERITIES[one.severity])) for code, same in sorted(found.items())]
