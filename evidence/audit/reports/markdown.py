"""An audit as Markdown, short enough for the summary of a GitHub job: counts, the worst claims, findings by code.

Everything from pages and registries stays text: no table is broken, no tag opened, nobody mentioned, nothing linked.

Source:
    GitHub Flavored Markdown; GitHub's manual on job summaries, which hold at most 1 MiB for each step.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from evidence.audit import CODES
from evidence.audit.judged import AuditReport, SourceLine
from evidence.audit.judgement import JudgedClaim
from evidence.audit.reports.json import SCHEMA, say_counts
from evidence.audit.reports.presentation import Presentation
from evidence.audit.reports.ranking import acknowledged, rank_claims, rank_sources, standing
from evidence.audit.run import RULES
from evidence.audit.strength import STRENGTHS
from evidence.generated import MARKDOWN_MARK
from evidence.markup import bare_title
from evidence.terminal import plain, shorten
from evidence.vocabulary import Severity, Status

# Of the 1,048,576 bytes some are left to other tools of the same step.
_MOST_BYTES = 1_000_000
_TOP = 20
_TOP_SOURCES = 5
_LONGEST = 200
_SPECIAL = re.compile(r"[\\`*_\[\]<>&|~$@#]|://|www(?=\.)", re.IGNORECASE)
# What GitHub looks for in the finished text, whatever was escaped: it ends at a space that has no width.
_BREAK = "\u200b"
_ESCAPES = {
    "\\": "&#92;",
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
    "|": "&#124;",
    # A backslash does not keep a dollar sign from opening a formula.
    "$": "<span>$</span>",
    "@": f"@{_BREAK}",
    "#": f"#{_BREAK}",
    "://": f":{_BREAK}//",
}


def markdown_chunks(report: AuditReport, presentation: Presentation) -> Iterator[str]:
    """Yield the audit as Markdown, and no more of it than a job summary holds."""
    top = _TOP if presentation.top is None else presentation.top
    end = "".join(_end(report))
    left = _MOST_BYTES - len(end.encode())
    for line in chain(_head(report), _findings(report), _claims(report, presentation, top), _sources(report, top)):
        left -= len(line.encode())
        if left < 0:
            yield "\nCut here: a job summary holds no more. `evidence audit --format json` has everything.\n"
            break
        yield line
    yield end


def escape(text: str) -> str:
    """Return text on one line that Markdown shows as it is.

    >>> escape("a|b <b>*x*</b>")
    'a&#124;b &lt;b&gt;\\\\*x\\\\*&lt;/b&gt;'
    """
    return _SPECIAL.sub(_escape, " ".join(plain(text).replace(_BREAK, "").split()))


def _escape(found: re.Match[str]) -> str:
    said = found[0]
    if said.lower() == "www":
        return said + _BREAK
    return _ESCAPES.get(said) or f"\\{said}"


def _head(report: AuditReport) -> Iterator[str]:
    counts = report.counts
    yield f"{MARKDOWN_MARK}\n\n# Evidence audit\n\n"
    yield f"{say_counts(report.pages, counts)}.\n"
    if report.is_incomplete:
        most = "; claims flagged unverified say at most what they say" if report.lacks_lookups else ""
        yield f"\n**Incomplete:** {report.why_incomplete}{most}.\n"
    rows = [(status.value, counts[status]) for status in Status if counts[status]]
    if rows:
        yield "\n| status | claims |\n|---|---:|\n"
        yield from (f"| {status} | {number} |\n" for status, number in rows)


def _findings(report: AuditReport) -> Iterator[str]:
    counts = Counter((one.code, one.severity) for one in standing(report))
    muted = Counter(one.code for one in acknowledged(report))
    codes = sorted({code for code, _ in counts} | set(muted))
    if not codes:
        yield "\nNo findings.\n"
        return
    yield f"\n## Findings\n\n| code | {' | '.join(Severity)} | acknowledged | meaning |\n"
    yield "|---|---:|---:|---:|---:|---|\n"
    for code in codes:
        numbers = " | ".join(str(counts[code, severity]) for severity in Severity)
        yield f"| {code} | {numbers} | {muted[code]} | {escape(CODES[code])} |\n"


def _claims(report: AuditReport, presentation: Presentation, top: int) -> Iterator[str]:
    ranked = rank_claims(report, presentation.statuses, top=top, once_a_work=top > 0)
    if ranked:
        yield f"\n## Claims, worst first ({len(ranked)} shown)\n\n| status | claim | why | place |\n|---|---|---|---|\n"
        yield from map(_claim, ranked)


def _claim(one: JudgedClaim) -> str:
    verdict = one.verdict
    strength = STRENGTHS[verdict.strength] if verdict.strength is not None else None
    facts = [verdict.status.value, verdict.level.value if verdict.level else None, strength]
    why = escape(shorten("; ".join(verdict.reasons), _LONGEST))
    text = escape(shorten(one.claim.text, _LONGEST))
    return f"| {', '.join(filter(None, facts))} | {text} | {why} | {escape(one.claim.path)}:{one.claim.line} |\n"


def _sources(report: AuditReport, top: int) -> Iterator[str]:
    holding = [
        one for one in rank_sources(report, top=min(top, _TOP_SOURCES) or _TOP_SOURCES) if len(one.held_alone) > 1
    ]
    if holding:
        yield "\n## Sources that hold up most claims alone\n\n"
        yield "| claims | pages | source | title |\n|---:|---:|---|---|\n"
        yield from map(_source, holding)


def _source(one: SourceLine) -> str:
    title = escape(shorten(bare_title(one.work.title or "title not known"), _LONGEST))
    return f"| {len(one.held_alone)} | {len(one.pages)} | {escape(one.work.name)} | {title} |\n"


def _end(report: AuditReport) -> Iterable[str]:
    yield "\n## Limits\n\n"
    yield from (f"- {escape(limit)}\n" for limit in report.limits)
    yield f"\nSchema {SCHEMA}, rules {RULES}. Everything is in the report of `evidence audit --format json`.\n"
