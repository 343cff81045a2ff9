"""An audit as one HTML file: no script, nothing loaded from elsewhere, everything from pages and registries escaped."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from evidence.audit.reports import rank_claims, rank_sources
from evidence.audit.run import RULES, AuditReport, JudgedClaim
from evidence.audit.strength import STRENGTHS
from evidence.audit.works import CitedWork
from evidence.records import Reference
from evidence.terminal import plain
from evidence.vocabulary import Flag, Scheme, Status

# A page of ten thousand claims is read by nobody and slows every browser; the JSON has them all.
_MOST_CLAIMS = 500
_MOST_SOURCES = 12
_BAR = 120
_ADDRESSES = {
    Scheme.DOI: "https://doi.org/",
    Scheme.PMID: "https://pubmed.ncbi.nlm.nih.gov/",
    Scheme.PMCID: "https://pmc.ncbi.nlm.nih.gov/articles/",
}
# Tone, sign and meaning of each status: the sign, since colour alone tells nothing to many readers.
_MEANINGS: dict[Status, tuple[str, str, str]] = {
    Status.RETRACTED: ("bad", "✕", "every work that would count is retracted"),
    Status.UNRESOLVED: ("bad", "?", "cites nothing that names an existing work"),
    Status.CONTRADICTED: ("bad", "±", "one source supports it, another or the page itself contradicts it"),
    Status.SINGLE_STUDY: ("thin", "1", "rests on one primary study: needs replication"),
    Status.SINGLE_GROUP: ("thin", "1", "several studies of one group: needs replication"),
    Status.RESOURCE_ONLY: ("thin", "–", "only papers that describe a database"),
    Status.REVIEW_ONLY: ("thin", "–", "only reviews or comments"),
    Status.MULTI_STUDY: ("plain", "n", "several studies; independence not known"),
    Status.SYNTHESIS: ("plain", "Σ", "rests on a meta-analysis or systematic review"),
    Status.REPLICATED: ("good", "✓", "studies of at least two groups"),
    Status.REPLICATED_IN_HUMAN: ("good", "✓", "human studies of at least two groups"),
    Status.UNCITED: ("plain", "·", "nothing is cited"),
    Status.NOT_A_CLAIM: ("plain", "·", "headings, links and identifiers, counted apart"),
}


def to_html(report: AuditReport) -> str:
    """Return the audit as a page. The same store gives the same bytes."""
    environment = Environment(
        loader=PackageLoader("evidence.audit", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    counts = report.counts
    judged = len(report.claims) - counts[Status.NOT_A_CLAIM]
    cited = judged - counts[Status.UNCITED]
    ranked = rank_claims(report)
    shown = ranked[:_MOST_CLAIMS]
    holding = [one for one in rank_sources(report) if len(one.held_alone) > 1][:_MOST_SOURCES]
    return environment.get_template("report.html.j2").render(
        pages=report.pages,
        judged=judged,
        cited=cited,
        rules=RULES,
        incomplete=report.is_incomplete,
        unverified=sum(Flag.UNVERIFIED in one.verdict.flags for one in report.claims),
        statuses=[_status(status, counts[status], cited) for status in _MEANINGS if counts[status]],
        sources=[
            _work(one.work) | {"count": len(one.held_alone), "pages": len(one.pages), "status": one.status}
            for one in holding
        ],
        claims=[_claim(one) for one in shown],
        shown=len(shown),
        ranked=len(ranked),
        limits=report.limits,
    )


def _status(status: Status, count: int, cited: int) -> dict[str, Any]:
    tone, sign, meaning = _MEANINGS[status]
    counts_in = status not in {Status.UNCITED, Status.NOT_A_CLAIM} and cited
    return {
        "name": status.value,
        "tone": tone,
        "sign": sign,
        "meaning": meaning,
        "count": count,
        "share": round(_BAR * count / cited, 1) if counts_in else None,
        "percent": f"{100 * count / cited:.1f} %" if counts_in else None,
    }


def _claim(one: JudgedClaim) -> dict[str, Any]:
    claim, verdict = one.claim, one.verdict
    tone, sign, _ = _MEANINGS[verdict.status]
    return {
        "id": claim.id,
        "path": plain(claim.path),
        "line": claim.line,
        "text": plain(" ".join(claim.text.split())),
        "status": verdict.status.value,
        "tone": tone,
        "sign": sign,
        "level": verdict.level.value if verdict.level else None,
        "strength": STRENGTHS[verdict.strength] if verdict.strength is not None else None,
        "steps": [plain(step) for step in verdict.steps],
        "reasons": [plain(reason) for reason in verdict.reasons],
        "flags": [flag.value for flag in verdict.flags],
        "works": [_work(line.work) | {"counted": line.counted, "why": plain(line.why)} for line in verdict.works],
    }


def _work(work: CitedWork) -> dict[str, Any]:
    return {
        "name": plain(work.name),
        "title": plain(work.title or ""),
        "link": address_of(work.identifiers[0]) if work.identifiers else None,
    }


def address_of(reference: Reference) -> str:
    """Return the address of a work at its registry; only these three hosts are ever linked.

    >>> address_of(Reference(Scheme.DOI, "10.1000/a<b>"))
    'https://doi.org/10.1000/a%3Cb%3E'
    """
    return _ADDRESSES[reference.scheme] + quote(reference.value, safe="/")
