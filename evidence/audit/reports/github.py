"""An audit as workflow commands: GitHub shows them at their lines in a pull request.

It shows about ten errors, ten warnings and ten notices of a step, whichever come first, so only the worst are printed,
and a last notice says how many there are.

Source:
    GitHub's manual, "Workflow commands for GitHub Actions"; the escapes are those of its toolkit (`command.ts`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evidence.audit import CODES
from evidence.audit.findings import Finding
from evidence.audit.judged import AuditReport
from evidence.audit.reports.json import SCHEMA
from evidence.audit.reports.presentation import Presentation, place_of
from evidence.audit.reports.ranking import acknowledged, rank_findings, standing
from evidence.audit.run import RULES
from evidence.terminal import plain, shorten
from evidence.vocabulary import Severity

_SHOWN_PER_KIND = 10
_LONGEST = 1000
_KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


def github_chunks(report: AuditReport, presentation: Presentation) -> Iterator[str]:
    """Yield the worst findings as annotations, and a notice with the number of all."""
    counts = Counter(one.severity for one in standing(report))
    muted = sum(1 for _ in acknowledged(report))
    shown = []
    for severity in _KINDS:
        found = (one for one in standing(report) if one.severity is severity)
        shown += rank_findings(found, top=_SHOWN_PER_KIND)
    for one in shown:
        yield _annotation(one, presentation.prefix)
    total = ", ".join(f"{counts[severity]} {severity.value}" for severity in Severity)
    said = [f"{total}; {muted} acknowledged; shown here: {len(shown)}"]
    if report.is_incomplete:
        said.append(f"incomplete: {report.why_incomplete}, so the result may be wrong")
    said += [f"schema {SCHEMA}, rules {RULES}", f"limits: {'; '.join(report.limits)}"]
    yield f"::notice title=Evidence audit::{escape_data('. '.join(said))}\n"


def escape_data(text: str) -> str:
    """Return text as the message of a command.

    >>> escape_data("50 %\\n::error::x")
    '50 %25%0A::error::x'
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """Return text as the value of a property of a command.

    >>> escape_property("a,b:c")
    'a%2Cb%3Ac'
    """
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")


def _annotation(one: Finding, prefix: str) -> str:
    properties = {
        "file": place_of(plain(one.path), prefix),
        "line": str(max(one.line, 1)),
        "col": str(max(one.column, 1)),
        "title": f"{one.code}: {CODES[one.code]}",
    }
    said = ",".join(f"{name}={escape_property(value)}" for name, value in properties.items())
    message = f"{shorten(plain(one.message), _LONGEST)}\n{shorten(plain(one.fix), _LONGEST)}"
    return f"::{_KINDS[one.severity]} {said}::{escape_data(message)}\n"
