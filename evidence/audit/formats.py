"""The formats of an audit's report, by the names that `evidence audit --format` takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evidence.audit.html import to_html
from evidence.audit.judged import AuditReport
from evidence.audit.reports.csv import csv_chunks, findings_csv_chunks
from evidence.audit.reports.github import github_chunks
from evidence.audit.reports.json import json_chunks
from evidence.audit.reports.markdown import markdown_chunks
from evidence.audit.reports.presentation import Presentation
from evidence.audit.reports.sarif import sarif_chunks
from evidence.audit.reports.text import text_chunks

Format = Callable[[AuditReport, Presentation], Iterator[str]]


def _html(report: AuditReport, _: Presentation) -> Iterator[str]:
    yield to_html(report)


# Each yields the report in pieces, which together are the same for the same store.
FORMATS: dict[str, Format] = {
    "text": text_chunks,
    "json": lambda report, _: json_chunks(report),
    "csv": lambda report, _: csv_chunks(report),
    "csv-findings": lambda report, _: findings_csv_chunks(report),
    "html": _html,
    "markdown": markdown_chunks,
    "sarif": sarif_chunks,
    "github": github_chunks,
}
