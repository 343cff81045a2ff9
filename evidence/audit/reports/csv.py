"""An audit as a table for a spreadsheet: one row a claim, or one row a finding.

RFC 4180: commas, quotes round every text, lines that end in CR LF. The file begins with a byte order mark: without it
Excel reads the Greek letters of gene names in the code page of the machine; LibreOffice, pandas and DuckDB take it as
what it is.

What comes from pages and registries could be a formula, which a spreadsheet would run (CWE-1236). A cell that begins
with one of = + - @ gets an apostrophe before it, and so does what follows a semicolon, where half of Europe's Excels
end a cell. Tabs and line breaks are spaces here, other control characters are left out.

Source:
    RFC 4180; OWASP, "CSV Injection".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeVar

from evidence.audit.findings import Finding
from evidence.audit.judged import AuditReport
from evidence.audit.judgement import JudgedClaim
from evidence.audit.reports.json import SCHEMA
from evidence.audit.run import RULES
from evidence.audit.strength import STRENGTHS
from evidence.markup import bare_title
from evidence.terminal import plain, shorten

_One = TypeVar("_One")
_BYTE_ORDER_MARK = "\ufeff"
# Excel takes no more characters into a cell.
_LONGEST = 32_767
# Full-width forms count: Excel for Japanese and Chinese reads them as the plain ones.
_FORMULA = re.compile(r"""((?:^|;)[\s"']*)(?=[=+@\-\uff1d\uff0b\uff0d\uff20])""")
# Between the members of a list in one cell: no spreadsheet anywhere ends a cell with it.
_BETWEEN = " | "
_ABOUT = ("schema", "rules", "incomplete", "limits")


def csv_chunks(report: AuditReport) -> Iterator[str]:
    """Yield the claims of an audit as CSV, in the order of the pages."""
    return _table(report, _CLAIM_COLUMNS, report.claims)


def findings_csv_chunks(report: AuditReport) -> Iterator[str]:
    """Yield the findings of an audit as CSV, those with a reason to let them pass included."""
    return _table(report, _FINDING_COLUMNS, report.findings)


# Paths, titles, statuses and reasons come again and again.
@lru_cache(maxsize=4096)
def harmless(text: str) -> str:
    """Return text for one cell: on one line, and no formula.

    >>> harmless("=1+1"), harmless("a; -1"), harmless("x = 1")
    ("'=1+1", "a; '-1", 'x = 1')
    """
    return _FORMULA.sub(r"\1'", shorten(plain(text), _LONGEST))[:_LONGEST]


def _table(report: AuditReport, columns: dict[str, Callable[[_One], Any]], rows: Iterable[_One]) -> Iterator[str]:
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    about = (SCHEMA, RULES, _yes(is_so=report.is_incomplete), _list(report.limits))
    writer.writerow([*columns, *_ABOUT])
    yield _BYTE_ORDER_MARK + _take(file)
    values = columns.values()
    for row in rows:
        writer.writerow([_cell(value(row)) for value in values] + [*about])
        yield _take(file)


def _take(file: io.StringIO) -> str:
    text = file.getvalue()
    file.seek(0)
    file.truncate()
    return text


def _cell(value: Any) -> Any:
    return value if isinstance(value, int) else harmless(value) if value else ""


def _list(texts: Iterable[str]) -> str:
    return _BETWEEN.join(texts)


def _yes(*, is_so: bool) -> str:
    return "yes" if is_so else "no"


def _works(one: JudgedClaim, *, counted: bool) -> str:
    return _list(f"{line.work.name} ({line.why})" for line in one.verdict.works if line.counted is counted)


def _titles(one: JudgedClaim) -> str:
    return _list(bare_title(line.work.title or "title not known") for line in one.verdict.works if line.counted)


_CLAIM_COLUMNS: dict[str, Callable[[JudgedClaim], Any]] = {
    "path": lambda one: one.claim.path,
    "line": lambda one: one.claim.line,
    "section": lambda one: " > ".join(one.claim.section),
    "claim": lambda one: one.claim.text,
    "status": lambda one: one.verdict.status.value,
    "level": lambda one: one.verdict.level.value if one.verdict.level else "",
    "strength": lambda one: STRENGTHS[one.verdict.strength] if one.verdict.strength is not None else "",
    "studies": lambda one: sum(len(group) for group in one.verdict.groups),
    "counted_works": lambda one: _works(one, counted=True),
    "titles_of_counted": _titles,
    "other_works": lambda one: _works(one, counted=False),
    "reasons": lambda one: _list(one.verdict.reasons),
    "steps": lambda one: _list(one.verdict.steps),
    "flags": lambda one: _list(flag.value for flag in one.verdict.flags),
    "tags": lambda one: _list(tag.name for tag in one.claim.tags),
    "claim_id": lambda one: one.claim.id,
}
_FINDING_COLUMNS: dict[str, Callable[[Finding], Any]] = {
    "severity": lambda one: one.severity.value,
    "code": lambda one: one.code,
    "path": lambda one: one.path,
    "line": lambda one: one.line,
    "column": lambda one: one.column,
    "message": lambda one: one.message,
    "fix": lambda one: one.fix,
    "acknowledged": lambda one: one.acknowledged,
    "claim_id": lambda one: one.claim,
    "fingerprint": lambda one: one.fingerprint,
}
