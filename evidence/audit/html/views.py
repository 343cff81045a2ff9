"""Claims, works and findings as a template shows them. The environment takes control characters out and escapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from evidence.audit import CODES
from evidence.audit.findings import Finding
from evidence.audit.html.addresses import address_of, address_of_page
from evidence.audit.html.layout import INDEX, Layout, Part, page_anchor, section_anchor, work_anchor
from evidence.audit.html.statuses import CITED, LOOKS, ORDER
from evidence.audit.html.tally import ClaimPlace, Tally, design_of
from evidence.audit.judged import SourceLine
from evidence.audit.judgement import JudgedClaim
from evidence.audit.pages import Summary
from evidence.audit.strength import STRENGTHS
from evidence.audit.works import CitedWork
from evidence.markup import bare_title
from evidence.vocabulary import Level, Status

# The levels that a summary tells apart; the rest is computed or not known.
_LEAST = 0.0005
LEVELS = (Level.HUMAN, Level.MIXED, Level.ANIMAL, Level.CELLS)


class Linker:
    """Gives one file of a report its links: to claims, pages, sections, works, and to the pages of the vault.

    `base` is the folder that paths of pages start from, relative to the folder of the file; None where it is not known.
    """

    def __init__(self, layout: Layout, here: str, base: str | None) -> None:
        self.layout = layout
        self.here = here
        self.base = base

    def to(self, anchor: str) -> str:
        """Return the address of an anchor."""
        return self.layout.address(anchor, self.here)

    def to_page_part(self, path: str, part: Part | None) -> str:
        """Return the address of what is listed of a page: all of it, or the claims of one status, level or flag."""
        anchor = page_anchor(path, part)
        return self.layout.address_in(self.layout.file_of.get(anchor) or self._file_of_page(path), anchor, self.here)

    def _file_of_page(self, path: str) -> str:
        return self.layout.file_of.get(page_anchor(path), INDEX)

    def to_file(self, file: str, anchor: str = "") -> str:
        """Return the address of a file of the report."""
        return self.layout.address_in(file, anchor, self.here)

    def to_page(self, path: str, line: int | None = None) -> str | None:
        """Return the address of a line of a page of the vault, or None where it is not known where the pages lie."""
        if self.base is None:
            return None
        return address_of_page(path, self.base) + (f"#L{line}" if line else "")


def view_claim(
    one: JudgedClaim, link: Linker, findings: dict[str, list[Finding]], has_works: Callable[[str], bool]
) -> dict[str, Any]:
    """Return a claim with its verdict, works and findings."""
    claim, verdict = one.claim, one.verdict
    look = LOOKS[verdict.status]
    return {
        "id": claim.id,
        "place": f"{claim.path}:{claim.line}",
        "href": link.to_page(claim.path, claim.line),
        "text": " ".join(claim.text.split()),
        "status": verdict.status.value,
        "tone": look.tone,
        "sign": look.sign,
        "rank": ORDER[verdict.status],
        "level": verdict.level.value if verdict.level else "",
        "strength": verdict.strength,
        "strength_word": STRENGTHS[verdict.strength] if verdict.strength is not None else "",
        "year": max((line.work.year or 0 for line in verdict.works), default=0),
        "steps": verdict.steps,
        "reasons": verdict.reasons,
        "flags": [flag.value for flag in verdict.flags],
        "tags": list(dict.fromkeys(tag.name for tag in claim.tags)),
        "works": [
            view_work(line.work)
            | {
                "counted": line.counted,
                "why": line.why,
                "href": link.to(work_anchor(line.work.id)) if has_works(line.work.id) else None,
            }
            for line in verdict.works
        ],
        "findings": [view_finding(finding, link) for finding in findings.get(claim.id, ())],
    }


def view_work(work: CitedWork) -> dict[str, Any]:
    """Return what names a work."""
    return {
        "name": work.name,
        "title": bare_title(work.title or ""),
        "year": work.year,
        "year_href": None,
        "link": address_of(work.identifiers[0]) if work.identifiers else None,
    }


def view_source(one: SourceLine, tally: Tally, link: Linker) -> dict[str, Any]:
    """Return a work over all pages, with the claims that cite it; those that it holds up alone come first."""
    alone = set(one.held_alone)
    claims = tally.claims_of.get(one.work.id, [])
    return view_work(one.work) | {
        "anchor": work_anchor(one.work.id),
        "href": link.to(work_anchor(one.work.id)),
        "year_href": link.to_file(INDEX, f"year-{one.work.year}") if one.work.year else None,
        "design": ", ".join(design.value for design in one.work.designs) or design_of(one.work),
        "organisms": ", ".join(one.work.organisms),
        "status": one.status,
        "alone": len(one.held_alone),
        "pages": len(one.pages),
        "claims": len(claims),
        "held": [view_place(claim, link) for claim in claims if claim.id in alone],
        "others": [view_place(claim, link) for claim in claims if claim.id not in alone],
    }


def view_place(claim: ClaimPlace, link: Linker) -> dict[str, Any]:
    """Return a link to a claim."""
    return {"href": link.to(claim.id), "place": f"{claim.path}:{claim.line}", "line": claim.line}


def view_finding(one: Finding, link: Linker, linked: Callable[[str], bool] | None = None) -> dict[str, Any]:
    """Return a finding; it links its claim where that stands in the report."""
    return {
        "code": one.code,
        "severity": one.severity.value,
        "place": f"{one.path}:{one.line}",
        "href": link.to_page(one.path, one.line),
        "message": one.message,
        "meaning": CODES.get(one.code, one.message),
        "fix": one.fix,
        "claim": link.to(one.claim) if one.claim and linked is not None and linked(one.claim) else None,
    }


def view_summary(
    one: Summary, statuses: Iterable[Status], anchor: Callable[[Part | None], str | None]
) -> dict[str, Any]:
    """Return a row of the table of pages or sections; each number links to its claims where `anchor` tells a place."""
    share = one.uncited_share
    return {
        "name": one.name,
        "href": anchor(None),
        "claims": one.claims,
        "cited": one.cited,
        "statuses": [
            {"status": status, "number": one.counts[status], "href": anchor(status) if one.counts[status] else None}
            for status in statuses
        ],
        "not_claims": one.counts[Status.NOT_A_CLAIM],
        "not_claims_href": anchor(Status.NOT_A_CLAIM) if one.counts[Status.NOT_A_CLAIM] else None,
        "uncited": one.counts[Status.UNCITED],
        "uncited_href": anchor(Status.UNCITED) if one.counts[Status.UNCITED] else anchor(None),
        "uncited_share": percent(share) if share is not None else "",
        "uncited_value": round(100 * share, 1) if share is not None else -1,
        "levels": [{"number": one.levels[level], "href": anchor(level)} for level in LEVELS],
        "median": one.median_year or "",
        "newest": one.newest_year or "",
    }


def view_pages(pages: Iterable[Summary], statuses: Iterable[Status], link: Linker) -> list[dict[str, Any]]:
    """Return a row for each page."""
    chosen = tuple(statuses)
    return [
        view_summary(one, chosen, lambda part, path=one.name: link.to_page_part(path, part))  # type: ignore[misc]
        for one in pages
    ]


def view_sections(
    sections: Iterable[Summary], statuses: Iterable[Status], link: Linker, *, by_status: bool
) -> list[dict[str, Any]]:
    """Return a row for each section; in a report of one file its numbers link to lists by status."""
    chosen = tuple(statuses)
    return [
        view_summary(
            one,
            chosen,
            lambda part, name=one.name: link.to(section_anchor(name, part if by_status else None)),  # type: ignore[misc]
        )
        for one in sections
    ]


def used_statuses(counts: dict[Status, int]) -> list[Status]:
    """Return the statuses of cited claims that some claim has, the worst first."""
    return [status for status in CITED if counts.get(status)]


def percent(share: float) -> str:
    """Return a share as a reader writes it, rounded once; what is not nothing does not read as nothing.

    >>> percent(0.12345), percent(0.0001)
    ('12.3 %', '< 0.1 %')
    """
    if 0 < share < _LEAST:
        return "< 0.1 %"
    return f"{100 * share:.1f} %"
