"""Every number of the report, counted in one pass over the claims."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from evidence.audit.html.sections import SectionOf, choose_sections
from evidence.audit.judged import AuditReport, SourceLine
from evidence.audit.judgement import JudgedClaim
from evidence.audit.pages import Summary
from evidence.audit.ranking import rank_by_urgency
from evidence.audit.works import CitedWork
from evidence.vocabulary import Design, Flag, Level, Status

NOT_KNOWN = "not known"
SEVERAL = "several"
_OTHER = "other"
_MOST_ORGANISMS = 7
_HUMAN = "human"


class ClaimPlace(NamedTuple):
    """A cited claim, as lists and links need it."""

    id: str
    path: str
    line: int
    status: Status
    section: str
    level: Level | None = None
    flags: tuple[Flag, ...] = ()


class Cell(NamedTuple):
    """A design and an organism: one field of the matrix."""

    design: str
    organism: str


@dataclass(slots=True)
class Tally:
    """What the claims come to, as a whole, by section, page, work, and by design and organism."""

    whole: Summary
    pages: dict[str, Summary]
    sections: dict[str, Summary]
    flags: Counter[Flag]
    cited: list[ClaimPlace]
    # By page, the lines of statements without a citation, and of what is no claim.
    uncited: dict[str, list[int]]
    not_claims: dict[str, list[int]]
    worst: list[JudgedClaim]
    # By work, the cited claims in the order of the pages.
    claims_of: dict[str, list[ClaimPlace]]
    cells: dict[Cell, list[str]]
    organisms: list[str]
    section_of: SectionOf
    # The same of a single page by heading; empty where there are several pages.
    heading_lines: dict[Status, dict[tuple[str, ...], list[int]]]

    def list_by_page(self) -> dict[str, list[ClaimPlace]]:
        """Return the cited claims of each page, in order."""
        found: dict[str, list[ClaimPlace]] = {}
        for one in self.cited:
            found.setdefault(one.path, []).append(one)
        return found

    def list_lines(self, section: str, status: Status) -> dict[str, list[int]]:
        """Return the lines of a section that cite nothing, or that are no claims, by page."""
        if self.heading_lines:
            (path,) = self.pages
            parts = self.heading_lines[status].items()
            return {
                path: [line for heading, lines in parts if self.section_of(path, heading) == section for line in lines]
            }
        lines = self.uncited if status is Status.UNCITED else self.not_claims
        return {path: some for path, some in lines.items() if self.section_of(path, ()) == section}

    def claims_in(self, cell: Cell) -> int:
        """Return how many claims cite a work of a cell."""
        return len({claim.id for work in self.cells.get(cell, ()) for claim in self.claims_of.get(work, ())})


class _Counted(NamedTuple):
    id: str
    path: str
    line: int
    status: Status
    section: tuple[str, ...]
    level: Level | None
    flags: tuple[Flag, ...]
    works: tuple[str, ...]


@dataclass(slots=True)
class _Counting:
    whole: Summary = field(default_factory=lambda: Summary("all"))
    pages: dict[str, Summary] = field(default_factory=dict)
    headings: dict[tuple[str, ...], Summary] = field(default_factory=dict)
    flags: Counter[Flag] = field(default_factory=Counter)
    uncited: dict[str, list[int]] = field(default_factory=dict)
    not_claims: dict[str, list[int]] = field(default_factory=dict)
    heading_lines: dict[Status, dict[tuple[str, ...], list[int]]] = field(
        default_factory=lambda: {Status.UNCITED: {}, Status.NOT_A_CLAIM: {}}
    )
    cited: list[_Counted] = field(default_factory=list)


def take_tally(report: AuditReport, most: int) -> Tally:
    """Count everything, and keep the worst claims.

    Args:
        report: the audit; its claims are read once.
        most: how many of the worst claims to keep.
    """
    counting = _Counting()
    counted = (one for one in report.claims if _count(counting, one))
    worst = heapq.nsmallest(most, counted, key=rank_by_urgency(report))
    headings = counting.headings if len(counting.pages) == 1 else {}
    section_of = choose_sections(list(counting.pages), headings)
    cited = [
        (ClaimPlace(*one[:4], section_of(one.path, one.section), one.level, one.flags), one.works)
        for one in counting.cited
    ]
    claims_of: dict[str, list[ClaimPlace]] = {work: [] for work in report.sources}
    for place, works in cited:
        for work in works:
            claims_of.setdefault(work, []).append(place)
    cells, organisms = _cells(report.sources)
    return Tally(
        counting.whole,
        counting.pages,
        _sections(counting, headings, section_of),
        counting.flags,
        [place for place, _ in cited],
        counting.uncited,
        counting.not_claims,
        worst,
        claims_of,
        cells,
        organisms,
        section_of,
        counting.heading_lines if headings else {},
    )


def _count(counting: _Counting, one: JudgedClaim) -> bool:
    """Count a claim; tell whether it cites something."""
    claim, verdict = one.claim, one.verdict
    works = tuple(dict.fromkeys(line.work.id for line in verdict.works))
    page = counting.pages.setdefault(claim.path, Summary(claim.path))
    page.add(verdict)
    counting.whole.add(verdict)
    if len(counting.pages) == 1:
        heading = counting.headings.setdefault(claim.section, Summary(" / ".join(claim.section)))
        heading.add(verdict)
        if verdict.status in counting.heading_lines:
            counting.heading_lines[verdict.status].setdefault(claim.section, []).append(claim.line)
    counting.flags.update(verdict.flags)
    if verdict.status is Status.UNCITED:
        counting.uncited.setdefault(claim.path, []).append(claim.line)
    elif verdict.status is Status.NOT_A_CLAIM:
        counting.not_claims.setdefault(claim.path, []).append(claim.line)
    else:
        counting.cited.append(
            _Counted(
                claim.id, claim.path, claim.line, verdict.status, claim.section, verdict.level, verdict.flags, works
            )
        )
        return True
    return False


def _sections(
    counting: _Counting, headings: dict[tuple[str, ...], Summary], section_of: SectionOf
) -> dict[str, Summary]:
    """Return the summaries by section; those with most to mend come first."""
    (path, *_) = counting.pages or ("",)
    parts: Sequence[tuple[str, Summary]] = (
        [(section_of(path, section), one) for section, one in headings.items()]
        if headings
        else [(section_of(one.name, ()), one) for one in counting.pages.values()]
    )
    found: dict[str, Summary] = {}
    for name, one in parts:
        found.setdefault(name, Summary(name)).join(one)
    return dict(sorted(found.items(), key=lambda item: (-item[1].cited, item[0])))


def _cells(sources: dict[str, SourceLine]) -> tuple[dict[Cell, list[str]], list[str]]:
    """Return the works by design and organism, each work in one cell; rare organisms share a column."""
    seen = Counter(_organism(one.work) for one in sources.values())
    named = [name for name, _ in sorted(seen.items(), key=lambda item: (-item[1], item[0]))]
    columns = [name for name in named if name not in {NOT_KNOWN, SEVERAL}][:_MOST_ORGANISMS]
    cells: dict[Cell, list[str]] = {}
    for name, one in sources.items():
        organism = _organism(one.work)
        column = organism if organism in {NOT_KNOWN, SEVERAL, *columns} else _OTHER
        cells.setdefault(Cell(design_of(one.work), column), []).append(name)
    order = {name: number for number, name in enumerate((*columns, _OTHER, SEVERAL, NOT_KNOWN))}
    rows = {design.value: number for number, design in enumerate(Design)}
    ordered = sorted(cells.items(), key=lambda item: (rows.get(item[0].design, len(rows)), order[item[0].organism]))
    used = {cell.organism for cell in cells}
    return dict(ordered), [name for name in order if name in used]


def design_of(work: CitedWork) -> str:
    """Return the design that a work is listed under: the first that is stated, or that none is known."""
    return work.designs[0].value if work.designs else NOT_KNOWN


def _organism(work: CitedWork) -> str:
    if len(work.organisms) > 1:
        return SEVERAL
    if not work.organisms:
        return _HUMAN if work.level is Level.HUMAN else NOT_KNOWN
    return work.organisms[0]
