"""The pages of an HTML report, each from its template."""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from evidence.audit import CODES
from evidence.audit.findings import Finding
from evidence.audit.html import charts
from evidence.audit.html.layout import (
    CLAIMS_A_FILE,
    INDEX,
    JSON_FILE,
    FindingsFile,
    FlagsFile,
    Layout,
    Part,
    SectionFile,
    WorksFile,
    cell_anchor,
    code_anchor,
    flag_anchor,
    lay_out,
    page_anchor,
    section_anchor,
    work_anchor,
)
from evidence.audit.html.statuses import CITED, LOOKS, meaning_of
from evidence.audit.html.tally import Cell, ClaimPlace, Tally, take_tally
from evidence.audit.html.views import (
    LEVELS,
    Linker,
    percent,
    used_statuses,
    view_claim,
    view_finding,
    view_pages,
    view_place,
    view_sections,
    view_source,
)
from evidence.audit.judged import AuditReport
from evidence.audit.judgement import JudgedClaim
from evidence.audit.run import RULES
from evidence.audit.trend import AuditRun
from evidence.terminal import plain, shorten
from evidence.vocabulary import Flag, Level, Severity, Status

_SEVERITIES = {severity: number for number, severity in enumerate(Severity)}
_MOST_FINDINGS = 1000
_MOST_CLAIMS = 5000
_MOST_ACKNOWLEDGED = 200
_MOST_SOURCES = 15
_MOST_SECTIONS = 30
_MOST_PAGES = 200
_LABEL = 42
_BUBBLE = 13.0


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


def to_html(report: AuditReport, *, trend: Sequence[AuditRun] = (), base: str | None = None) -> str:
    """Return the audit as one page. The same store gives the same bytes. Of a large vault it holds the worst claims.

    Args:
        report: the audit.
        trend: what earlier audits counted, the oldest first.
        base: the folder that the paths of pages start from, relative to where the page will lie.
    """
    return "".join(index_pieces(gather(report, None, trend), base))


def is_large(tally: Tally, findings: Sequence[Finding]) -> bool:
    """Tell whether a report is too long for one file."""
    whole = tally.whole
    return whole.cited > CLAIMS_A_FILE or len(findings) > _MOST_FINDINGS or whole.counts.total() > _MOST_CLAIMS


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
        (open_ if _reason(one) is None else acknowledged).append(one)
    by_claim: dict[str, list[Finding]] = {}
    for one in open_:
        if one.claim is not None:
            by_claim.setdefault(one.claim, []).append(one)
    large = is_large(tally, open_)
    layout = lay_out(tally, open_, index) if large and index else _one_file(tally, open_, is_cut=large)
    return Facts(report, tally, layout, trend, open_, acknowledged, by_claim, tally.list_by_page(), large)


def _reason(finding: Finding) -> str | None:
    """Return the reason for which a user acknowledged a finding."""
    reason: str | None = getattr(finding, "acknowledged", None)
    return reason


def _one_file(tally: Tally, findings: Sequence[Finding], *, is_cut: bool) -> Layout:
    """Return the layout of a report in one file: what it has no room for is not linked."""
    layout = Layout()
    layout.file_of = {one.claim.id: INDEX for one in tally.worst}
    if is_cut:
        return layout
    layout.works = [WorksFile(INDEX, list(tally.cells.items()))]
    layout.findings = [FindingsFile(INDEX, _by_code(findings))]
    layout.file_of |= {work_anchor(work): INDEX for works in tally.cells.values() for work in works}
    return layout


def index_pieces(facts: Facts, base: str | None) -> Iterator[str]:
    """Yield the index."""
    index = _Index(facts, Linker(facts.layout, INDEX, base))
    return _environment().get_template("index.html.j2").generate(**index.values())


def section_pieces(
    facts: Facts, file: SectionFile, claims: Mapping[str, JudgedClaim], base: str | None
) -> Iterator[str]:
    """Yield one file with claims of a section.

    Args:
        facts: of the whole report.
        file: which pages and claims it holds.
        claims: those claims by id.
        base: the folder that the paths of pages start from, relative to the folder of the file.
    """
    link = Linker(facts.layout, file.name, base)
    tally = facts.tally
    parts = [one for one in facts.layout.sections if one.section == file.section]
    statuses = used_statuses(tally.sections[file.section].counts)
    pages = {path: tally.pages[path] for one in parts for path, _ in one.pages} if file.part == 1 else {}
    own = facts.claims_of_page
    blocks = [
        {
            "path": path,
            "anchor": page_anchor(path) if facts.layout.file_of[page_anchor(path)] == file.name else "",
            "href": link.to_page(path),
            "groups": [
                {
                    "status": status.value,
                    "look": LOOKS[status],
                    "anchor": page_anchor(path, status)
                    if facts.layout.file_of[page_anchor(path, status)] == file.name
                    else "",
                    "claims": [view_claim(claims[one.id], link, facts.findings_of, facts.has_work) for one in same],
                }
                for status, same in groupby(places, lambda one: one.status)
            ],
            # What is listed of the whole page stands where it begins.
            "lists": _page_lists(tally, link, path, own.get(path, []))
            if facts.layout.file_of[page_anchor(path)] == file.name
            else None,
        }
        for path, places in file.pages
    ]
    return (
        _environment()
        .get_template("section.html.j2")
        .generate(
            title=file.section,
            anchor=section_anchor(file.section),
            part=file.part,
            files=[{"part": one.part, "href": link.to_file(one.name)} for one in parts],
            home=link.to_file(INDEX),
            statuses=[{"status": status.value, "look": LOOKS[status]} for status in statuses],
            levels=[level.value for level in LEVELS],
            pages=view_pages(pages.values(), statuses, link),
            blocks=blocks,
            number=sum(len(places) for _, places in file.pages),
            options=_options(facts),
        )
    )


def _page_lists(tally: Tally, link: Linker, path: str, claims: Sequence[ClaimPlace]) -> dict[str, Any]:
    """Return the claims of a page by level and flag, and its lines without a citation or a claim."""
    return {
        "parts": [
            {"name": part.value, "anchor": page_anchor(path, part), "claims": [view_place(one, link) for one in same]}
            for part, same in _by_part(claims)
            if not isinstance(part, Status)
        ],
        "uncited": _lines(tally.uncited, [path], link),
        "uncited_anchor": page_anchor(path, Status.UNCITED),
        "not_claims": _lines(tally.not_claims, [path], link),
        "not_claims_anchor": page_anchor(path, Status.NOT_A_CLAIM),
    }


def _by_part(claims: Iterable[ClaimPlace]) -> list[tuple[Part, list[ClaimPlace]]]:
    """Return claims by status, the worst first, then by level and by flag."""
    found: dict[Part, list[ClaimPlace]] = {part: [] for part in (*LOOKS, *Level, *Flag)}
    for one in claims:
        found[one.status].append(one)
        if one.level is not None:
            found[one.level].append(one)
        for flag in one.flags:
            found[flag].append(one)
    return [(part, same) for part, same in found.items() if same]


def _lines(lines: Mapping[str, Sequence[int]], paths: Iterable[str], link: Linker) -> list[dict[str, Any]]:
    return [
        {"place": f"{path}:{line}", "line": line, "href": link.to_page(path, line)}
        for path in paths
        for line in lines.get(path, ())
    ]


def flags_pieces(facts: Facts, file: FlagsFile, base: str | None) -> Iterator[str]:
    """Yield one file with the pages of each flag, each with how many of its claims have it."""
    link = Linker(facts.layout, file.name, base)
    parts = facts.layout.flags
    flags = [
        {
            "name": flag.value,
            "meaning": meaning_of(flag),
            "anchor": flag_anchor(flag) if facts.layout.file_of[flag_anchor(flag)] == file.name else "",
            "pages": [
                {"path": path, "number": number, "href": link.to_page_part(path, flag)} for path, number in pages
            ],
        }
        for flag, pages in file.flags
    ]
    return (
        _environment()
        .get_template("flags.html.j2")
        .generate(
            flags=flags,
            home=link.to_file(INDEX),
            part=parts.index(file) + 1,
            files=[{"part": number, "href": link.to_file(one.name)} for number, one in enumerate(parts, 1)],
        )
    )


def works_pieces(facts: Facts, file: WorksFile, base: str | None) -> Iterator[str]:
    """Yield one file with works, by design and organism, each with the claims that cite it."""
    link = Linker(facts.layout, file.name, base)
    parts = facts.layout.works
    return (
        _environment()
        .get_template("works.html.j2")
        .generate(
            cells=_works(facts, file, link),
            home=link.to_file(INDEX),
            part=parts.index(file) + 1,
            files=[{"part": number, "href": link.to_file(one.name)} for number, one in enumerate(parts, 1)],
        )
    )


def findings_pieces(facts: Facts, file: FindingsFile, base: str | None) -> Iterator[str]:
    """Yield one file with findings by code."""
    link = Linker(facts.layout, file.name, base)
    parts = facts.layout.findings
    return (
        _environment()
        .get_template("findings.html.j2")
        .generate(
            codes=_findings(facts, file, link),
            home=link.to_file(INDEX),
            part=parts.index(file) + 1,
            files=[{"part": number, "href": link.to_file(one.name)} for number, one in enumerate(parts, 1)],
        )
    )


class _Index:
    """What the index shows."""

    def __init__(self, facts: Facts, link: Linker) -> None:
        self.facts = facts
        self.link = link
        self.report, self.tally, self.layout = facts.report, facts.tally, facts.layout
        # In a report that is cut to one file a number of claims that are not shown links nothing.
        self.is_cut = self.layout.folder is None and facts.is_large
        # Where it leads instead: to the words that say so.
        self.cut = "#cut" if self.is_cut else None
        self.is_one_file = self.layout.folder is None and not self.is_cut
        # Where each page is a section, one table says it all.
        self.has_pages = self.is_one_file and len(self.tally.pages) > len(self.tally.sections)

    @cached_property
    def statuses(self) -> list[Status]:
        return used_statuses(self.tally.whole.counts)

    def values(self) -> dict[str, Any]:
        whole = self.tally.whole
        sections = view_sections(self.tally.sections.values(), self.statuses, self.link, by_status=self.is_one_file)
        pages = view_pages(self.tally.pages.values(), self.statuses, self.link) if self.has_pages else []
        return {
            "pages_number": self.report.pages,
            "whole": whole,
            "rules": RULES,
            "unreadable": self.report.unreadable,
            "lacks_lookups": self.report.lacks_lookups,
            "unverified": self.tally.flags[Flag.UNVERIFIED],
            "unverified_href": self._flag_href(Flag.UNVERIFIED),
            "unverified_pages": [
                {"path": path, "href": self.link.to_page(path)} for path in self._unverified[:_MOST_PAGES]
            ],
            "unverified_pages_number": len(self._unverified),
            "flags": self._flags(),
            "flag_lists": self._flag_lists() if self.is_one_file else [],
            "most_pages": _MOST_PAGES,
            "figures": self._figures(),
            "statuses": [{"status": status.value, "look": LOOKS[status]} for status in self.statuses],
            "all_statuses": self._all_statuses(),
            "levels": [level.value for level in LEVELS],
            "sections": sections if not self.is_cut else _linked_to(sections, "#cut"),
            "section_bars": charts.stack(
                [(shorten(one.name, _LABEL), one.counts) for one in self._largest_sections()], self._section_href
            ),
            "lists": self._lists() if self.is_one_file else [],
            "pages": pages,
            "sources": self._sources(),
            "source_bars": charts.scale(self._source_rows()),
            "more_sources": sum(len(one.held_alone) > 1 for one in self.report.sources.values()),
            "matrix": self._matrix(),
            "years": self._years(),
            "trend": self._trend(),
            "codes": self._codes(),
            "code_lists": _findings(self.facts, self.layout.findings[0], self.link) if self.is_one_file else [],
            "cells": _works(self.facts, self.layout.works[0], self.link) if self.is_one_file else [],
            "acknowledged": [
                view_finding(one, self.link, self.facts.has_claim) | {"reason": _reason(one)}
                for one in self.facts.acknowledged[:_MOST_ACKNOWLEDGED]
            ],
            "acknowledged_number": len(self.facts.acknowledged),
            "groups": self._groups(),
            "shown": len(self.tally.worst),
            "options": _options(self.facts),
            "limits": self.report.limits,
            "json": self.link.to_file(JSON_FILE) if self.layout.folder is not None else None,
            "is_cut": self.is_cut,
            "is_one_file": self.is_one_file,
        }

    def _figures(self) -> list[dict[str, Any]]:
        """Return the few numbers that a reader should see first."""
        counts, cited = self.tally.whole.counts, self.tally.whole.cited
        single = counts[Status.SINGLE_STUDY]
        share = percent(single / cited) if cited else "none"
        retracted, unresolved = counts[Status.RETRACTED], counts[Status.UNRESOLVED]
        replicated = counts[Status.REPLICATED] + counts[Status.REPLICATED_IN_HUMAN]
        figures = [
            (f"{cited:,}", "cited claims", "plain", "claims"),
            (share, f"rest on a single study: {single:,}", "thin", _status_anchor(Status.SINGLE_STUDY, single)),
            (f"{retracted:,}", "rest on retracted work", "bad", _status_anchor(Status.RETRACTED, retracted)),
            (f"{unresolved:,}", "cite nothing that exists", "bad", _status_anchor(Status.UNRESOLVED, unresolved)),
            (f"{replicated:,}", "replicated", "good", _status_anchor(Status.REPLICATED, counts[Status.REPLICATED])
             or _status_anchor(Status.REPLICATED_IN_HUMAN, counts[Status.REPLICATED_IN_HUMAN])),
        ]  # fmt: skip
        return [
            {
                "number": number,
                "label": label,
                "tone": tone if number != "0" else "soft",
                # What is not there is told among the statuses.
                "href": f"#{anchor or 'statuses'}",
            }
            for number, label, tone, anchor in figures
        ]

    def _all_statuses(self) -> list[dict[str, Any]]:
        counts, cited = self.tally.whole.counts, self.tally.whole.cited
        return [
            {
                "name": status.value,
                "look": look,
                "number": counts[status],
                "percent": percent(counts[status] / cited) if status in CITED and cited else "",
                "href": f"#{_status_anchor(status, counts[status])}"
                if status in CITED
                else self.cut or ("#pages" if self.has_pages else "#sections"),
            }
            for status, look in LOOKS.items()
            if counts[status]
        ]

    def _largest_sections(self) -> list[Any]:
        cited = [one for one in self.tally.sections.values() if one.cited]
        return cited[:_MOST_SECTIONS]

    def _lists(self) -> list[dict[str, Any]]:
        """Return, for a report in one file, lists of links to the claims of each section and page by status."""
        found = []
        for kind, anchor, key in (("section", section_anchor, "section"), ("page", page_anchor, "path")):
            groups: dict[str, list[ClaimPlace]] = {}
            for claim in self.tally.cited:
                groups.setdefault(getattr(claim, key), []).append(claim)
            names = self.tally.sections if kind == "section" else self.tally.pages
            found.append(
                {
                    "kind": kind,
                    "items": [
                        {
                            "name": name,
                            "anchor": anchor(name),
                            "href": self.link.to_page(name) if kind == "page" else None,
                            "groups": [
                                {
                                    "name": part.value,
                                    "look": LOOKS[part] if isinstance(part, Status) else None,
                                    "anchor": anchor(name, part),
                                    "claims": [view_place(one, self.link) for one in claims],
                                }
                                for part, claims in _by_part(groups.get(name, ()))
                            ],
                            "uncited": self._lines_of(kind, name, Status.UNCITED),
                            "uncited_anchor": anchor(name, Status.UNCITED),
                            "not_claims": self._lines_of(kind, name, Status.NOT_A_CLAIM),
                            "not_claims_anchor": anchor(name, Status.NOT_A_CLAIM),
                        }
                        for name in names
                    ],
                }
            )
        return found

    def _lines_of(self, kind: str, name: str, status: Status) -> list[dict[str, Any]]:
        """Return the lines of a page or section that cite nothing, or that are no claims."""
        if kind == "page":
            lines = self.tally.uncited if status is Status.UNCITED else self.tally.not_claims
            return _lines(lines, [name], self.link)
        lines = self.tally.list_lines(name, status)
        return _lines(lines, lines, self.link)

    def _section_href(self, row: int, status: Status | None = None) -> str:
        """Return where a bar leads to, or a part of it: in a report of one file to the claims of that status."""
        name = self._largest_sections()[row].name
        return self.cut or self.link.to(section_anchor(name, status if self.is_one_file else None))

    def _flag_href(self, flag: Flag) -> str:
        return self.cut or self.link.to(flag_anchor(flag))

    def _flags(self) -> list[dict[str, Any]]:
        """Return how many claims have each flag."""
        counted = self.tally.flags
        return [
            {"name": flag.value, "meaning": meaning_of(flag), "number": counted[flag], "href": self._flag_href(flag)}
            for flag in Flag
            if counted[flag]
        ]

    def _flag_lists(self) -> list[dict[str, Any]]:
        return [
            {"name": flag.value, "anchor": flag_anchor(flag), "claims": [view_place(one, self.link) for one in same]}
            for flag, same in _by_part(self.tally.cited)
            if isinstance(flag, Flag)
        ]

    @cached_property
    def _unverified(self) -> list[str]:
        return sorted(set(self.report.unverified))

    def _holding(self) -> list[Any]:
        holding = [one for one in self.report.sources.values() if len(one.held_alone) > 1]
        return sorted(holding, key=lambda one: (-len(one.held_alone), -len(one.pages), one.name))[:_MOST_SOURCES]

    def _source_rows(self) -> list[tuple[str, int, str | None]]:
        return [
            (
                shorten(plain(one.work.title or one.work.name), _LABEL),
                len(one.held_alone),
                self.cut or self.link.to(work_anchor(one.work.id)),
            )
            for one in self._holding()
        ]

    def _sources(self) -> list[dict[str, Any]]:
        shown = []
        for one in self._holding():
            view = view_source(one, self.tally, self.link)
            if not self.facts.has_work(one.work.id):
                view["href"] = self.cut
            shown.append(view)
        return shown

    def _matrix(self) -> dict[str, Any]:
        numbers = {cell: self.tally.claims_in(cell) for cell in self.tally.cells}
        designs = list(dict.fromkeys(cell.design for cell in self.tally.cells))
        organisms = self.tally.organisms
        return {
            "organisms": organisms,
            "designs": designs,
            "bubbles": [
                (bubble, self.cut or self.link.to(cell_anchor(bubble.cell)))
                for bubble in charts.bubbles(numbers, designs, organisms, _BUBBLE)
            ],
            "rows": [
                {
                    "design": design,
                    "cells": [
                        {
                            "organism": organism,
                            "number": numbers.get(cell := Cell(design, organism), 0),
                            "works": len(self.tally.cells.get(cell, ())),
                            "href": self.cut or self.link.to(cell_anchor(cell)),
                        }
                        for organism in organisms
                    ],
                }
                for design in designs
            ],
        }

    def _years(self) -> dict[str, Any]:
        works: dict[int, list[Any]] = {}
        for one in self.report.sources.values():
            if one.work.year is not None:
                works.setdefault(one.work.year, []).append(one)
        unknown = [one for one in self.report.sources.values() if one.work.year is None]
        numbers = {year: (len(same), sum(one.work.is_retracted for one in same)) for year, same in works.items()}
        return {
            "columns": charts.columns(numbers),
            "unknown": len(unknown),
            "works": len(self.report.sources),
            "works_href": self.cut or ("#works" if self.is_one_file else self.link.to_file(self.layout.works[0].name)),
            "retracted": any(retracted for _, retracted in numbers.values()),
            "rows": [
                {
                    "year": year if year is not None else "not known",
                    "anchor": f"year-{year if year is not None else 'unknown'}",
                    "number": len(same),
                    "retracted": sum(one.work.is_retracted for one in same),
                    "works": [
                        {
                            "name": one.work.name,
                            "is_retracted": one.work.is_retracted,
                            "href": self.cut or self.link.to(work_anchor(one.work.id)),
                        }
                        for one in sorted(same, key=lambda one: (not one.work.is_retracted, one.work.name))
                    ],
                }
                for year, same in [*sorted(works.items(), reverse=True), *([(None, unknown)] if unknown else [])]
            ],
        }

    def _trend(self) -> dict[str, Any]:
        points = charts.line([one.single_study_share for one in self.facts.trend])
        return {
            "points": [
                {"x": point[0], "y": point[1], "date": one.date, "percent": percent(one.single_study_share or 0)}
                for point, one in zip(points, self.facts.trend, strict=True)
                if point is not None
            ],
            "rows": [
                {
                    "date": one.date,
                    "cited": one.cited,
                    "single": one.counts[Status.SINGLE_STUDY],
                    "percent": percent(one.single_study_share) if one.single_study_share is not None else "",
                }
                for one in reversed(self.facts.trend)
            ],
        }

    def _codes(self) -> list[dict[str, Any]]:
        """Return how many findings there are by code; those with errors come first."""
        rows = []
        for code, findings in _by_code(self.facts.findings):
            numbers = [sum(one.severity is severity for one in findings) for severity in Severity]
            rows.append(
                {
                    "code": code,
                    "meaning": CODES.get(code, ""),
                    "numbers": [
                        {
                            "number": number,
                            "severity": severity.value,
                            "href": self.cut or self.link.to(code_anchor(code, severity)),
                        }
                        for number, severity in zip(numbers, Severity, strict=True)
                    ],
                    "href": self.cut or self.link.to(code),
                }
            )
        return sorted(rows, key=lambda row: [-one["number"] for one in row["numbers"]])

    def _groups(self) -> list[dict[str, Any]]:
        """Return the worst claims by status, each status with how many there are and where the rest is."""
        shown: dict[Status, list[JudgedClaim]] = defaultdict(list)
        for one in self.tally.worst:
            shown[one.verdict.status].append(one)
        groups = []
        for status in self.statuses:
            claims = [view_claim(one, self.link, self.facts.findings_of, self.facts.has_work) for one in shown[status]]
            groups.append(
                {
                    "status": status.value,
                    "look": LOOKS[status],
                    "anchor": _status_anchor(status, 1),
                    "number": self.tally.whole.counts[status],
                    "claims": claims,
                    "sections": self._sections_of(status, len(claims)),
                }
            )
        return groups

    def _sections_of(self, status: Status, shown: int) -> list[dict[str, Any]]:
        if self.layout.folder is None or shown == self.tally.whole.counts[status]:
            return []
        return [
            {"name": one.name, "number": one.counts[status], "href": self.link.to(section_anchor(one.name))}
            for one in self.tally.sections.values()
            if one.counts[status]
        ]


def _status_anchor(status: Status, number: int) -> str | None:
    return f"status-{status.value}" if number else None


def _linked_to(rows: list[dict[str, Any]], place: str) -> list[dict[str, Any]]:
    for row in rows:
        row |= {"href": place, "uncited_href": place, "not_claims_href": place}
        for numbers in ("statuses", "levels"):
            row[numbers] = [one | {"href": place} for one in row[numbers]]
    return rows


def _options(facts: Facts) -> dict[str, list[str]]:
    """Return what a reader may filter by."""
    levels = facts.tally.whole.levels
    return {
        "statuses": [status.value for status in used_statuses(facts.tally.whole.counts)],
        "levels": [level.value for level in Level if levels[level]],
        "flags": [flag.value for flag in Flag if facts.tally.flags[flag]],
    }


def _by_code(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """Return findings by code, those of each by severity."""
    found: dict[str, list[Finding]] = {}
    for one in findings:
        found.setdefault(one.code, []).append(one)
    return [(code, sorted(same, key=lambda one: _SEVERITIES[one.severity])) for code, same in sorted(found.items())]


def _findings(facts: Facts, file: FindingsFile, link: Linker) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "anchor": code if facts.layout.file_of.get(code, INDEX) == file.name else "",
            "meaning": CODES.get(code, ""),
            "groups": [
                {
                    "anchor": anchor
                    if facts.layout.file_of.get(anchor := code_anchor(code, severity), INDEX) == file.name
                    else "",
                    "findings": [view_finding(one, link, facts.has_claim) for one in same],
                }
                for severity, same in groupby(findings, lambda one: one.severity)
            ],
        }
        for code, findings in file.codes
    ]


def _works(facts: Facts, file: WorksFile, link: Linker) -> list[dict[str, Any]]:
    sources = facts.report.sources
    return [
        {
            "design": cell.design,
            "organism": cell.organism,
            "anchor": cell_anchor(cell) if facts.layout.file_of.get(cell_anchor(cell), INDEX) == file.name else "",
            "works": [
                view_source(sources[work], facts.tally, link)
                for work in sorted(works, key=lambda one: (-len(sources[one].held_alone), sources[one].name))
            ],
        }
        for cell, works in file.cells
    ]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("evidence.audit.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    loader: Callable[..., tuple[str, Any, Any]] = environment.loader.get_source  # type: ignore[union-attr]
    style, script = (loader(environment, name)[0] for name in ("report.css", "report.js"))
    environment.globals |= {
        "style": Markup(style),  # noqa: S704 - shipped with the program
        "script": Markup(script),  # noqa: S704 - shipped with the program
        "style_hash": _hash_of(style),
        "script_hash": _hash_of(script),
    }
    environment.filters["number"] = "{:,}".format
    return environment


def _harmless(value: Any) -> Any:
    """Take control characters out of every text, whatever it is from; marked-up text is ours and escaped already."""
    return plain(value) if type(value) is str else value


def _hash_of(text: str) -> str:
    """Return the hash by which a Content-Security-Policy knows a style or script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
