"""What the audit says of one page and of one source: pure functions over claims with their verdicts.

Source:
    EVIDENCE.md section 5 of the design.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median_low
from typing import Any

from evidence.audit import DRIFT
from evidence.audit.verdicts import Verdict
from evidence.audit.works import CitedWork, ClaimEvidence
from evidence.notices import describe, notice_to_dict
from evidence.vocabulary import Level, Status


@dataclass(slots=True)
class Summary:
    """A page, or several: claims by status, what was studied, how old it is, and where marks differ from the facts."""

    name: str
    counts: Counter[Status] = field(default_factory=Counter)
    levels: Counter[Level] = field(default_factory=Counter)
    years: dict[str, int] = field(default_factory=dict)
    drift: int = 0

    @property
    def claims(self) -> int:
        """How many statements there are; headings and lists of links are none."""
        return self.counts.total() - self.counts[Status.NOT_A_CLAIM]

    @property
    def cited(self) -> int:
        """How many of them cite something."""
        return self.claims - self.counts[Status.UNCITED]

    @property
    def uncited_share(self) -> float | None:
        """The part of its claims that cites nothing, or None where it has no claims."""
        return round(self.counts[Status.UNCITED] / self.claims, 3) if self.claims else None

    @property
    def median_year(self) -> int | None:
        """The year that half of the cited works are not older than; the earlier one of two in the middle."""
        return median_low(self.years.values()) if self.years else None

    @property
    def newest_year(self) -> int | None:
        """The year of the newest cited work."""
        return max(self.years.values(), default=None)

    def add(self, verdict: Verdict) -> None:
        """Count one claim."""
        self.counts[verdict.status] += 1
        if verdict.level is not None:
            self.levels[verdict.level] += 1
        for line in verdict.works:
            if line.work.exists and line.work.year is not None:
                self.years[line.work.id] = line.work.year

    def join(self, other: Summary) -> None:
        """Count all that another summary has counted."""
        self.counts += other.counts
        self.levels += other.levels
        self.years |= other.years
        self.drift += other.drift


def summarize_pages(
    claims: Iterable[tuple[ClaimEvidence, Verdict]], findings: Iterable[tuple[str, str]] = (), paths: Iterable[str] = ()
) -> Iterator[Summary]:
    """Yield each page with its numbers, by path.

    Args:
        claims: with their verdicts, in any order.
        findings: path and code of each.
        paths: pages that may have no claims.

    >>> [(one.name, one.claims, one.uncited_share) for one in summarize_pages([], paths=["a.md"])]
    [('a.md', 0, None)]
    """
    pages: dict[str, Summary] = {path: Summary(path) for path in paths}
    for claim, verdict in claims:
        pages.setdefault(claim.path, Summary(claim.path)).add(verdict)
    for path, code in findings:
        if code in DRIFT:
            pages.setdefault(path, Summary(path)).drift += 1
    yield from (pages[path] for path in sorted(pages))


def page_to_dict(page: Summary) -> dict[str, Any]:
    """Return a page as the JSON report has it.

    >>> page_to_dict(Summary("a.md"))["uncited_share"] is None
    True
    """
    return {
        "path": page.name,
        "claims": page.claims,
        "counts": {status.value: page.counts[status] for status in Status},
        "uncited_share": page.uncited_share,
        "levels": {level.value: page.levels[level] for level in Level},
        "median_year": page.median_year,
        "newest_year": page.newest_year,
        "drift": page.drift,
    }


def source_to_dict(work: CitedWork, held_alone: Collection[str], paths: Collection[str]) -> dict[str, Any]:
    """Return what the audit says of one source: what it alone holds up, how it stands, where it contradicts itself.

    >>> source_to_dict(CitedWork("a", (), title="Bone"), [], ["a.md"])["status"]
    'unverified'
    """
    return {
        "id": work.id,
        "title": work.title,
        "status": status_of(work),
        "state": describe(work.state) or None,
        "claims_held_alone": sorted(held_alone),
        "pages": sorted(paths),
        "notices": [notice_to_dict(one) for one in work.notices],
        "self_conflicts": list(self_conflicts(work)),
    }


def status_of(work: CitedWork) -> str:
    """Return what is known of a work: retracted, resolved (whole), unverified or does-not-exist.

    >>> status_of(CitedWork("a", (), exists=False)), status_of(CitedWork("a", (), is_resolved=True))
    ('does-not-exist', 'resolved')
    """
    if not work.exists:
        return "does-not-exist"
    return "retracted" if work.is_retracted else "resolved" if work.is_verified else "unverified"


def self_conflicts(work: CitedWork) -> Iterator[str]:
    """Yield where what is told of one work does not agree: its identifiers, its notices, its attributes, its notes.

    >>> from evidence.audit.works import Reported
    >>> told = (Reported("design", "rct", "note"), Reported("design", "review", "pubmed"))
    >>> list(self_conflicts(CitedWork("a", (), reported=told)))
    ['design: rct (note), review (pubmed)']
    """
    yield from work.conflicts
    yield from work.state.conflicts
    yield from (f"the note and the registry: {said}" for said in work.mismatches)
    by_name: dict[str, dict[str, str]] = {}
    for one in work.reported:
        by_name.setdefault(one.attribute, {})[one.source] = one.value
    for name, values in by_name.items():
        if not _agree(name, values):
            yield f"{name}: {', '.join(f'{value} ({source})' for source, value in values.items())}"


def _agree(name: str, values: Mapping[str, str]) -> bool:
    """Tell whether all sources may be right: designs that share one, years that are one apart, words in any case."""
    if name == "design":
        parts = [set(value.split(", ")) for value in values.values()]
        return bool(set.intersection(*parts))
    if name == "year":
        years = [int(value) for value in values.values() if value.isdigit()]
        return max(years, default=0) - min(years, default=0) <= 1
    if name == "organism":
        # "mouse" and "mus musculus" are compared by level, not by their words.
        return True
    return len(set(values.values())) == 1
