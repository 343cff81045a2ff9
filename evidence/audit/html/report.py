"""The pages of an HTML report, each from its template."""

from __future__ import annotations

import base64
import hashlib
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
    Layout,
    SectionFile,
    WorksFile,
    cell_anchor,
    lay_out,
    page_anchor,
    section_anchor,
    work_anchor,
)
from evidence.audit.html.statuses import CITED, LOOKS, ORDER
from evidence.audit.html.tally import Cell, Tally, take_tally
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

_MOST_FINDINGS = 1000
_MOST_CLAIMS = 5000
_MOST_ACKNOWLEDGED = 200
_MOST_SOURCES = 15
_MOST_SECTIONS = 30
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
    return Facts(report, tally, layout, trend, open_, acknowledged, by_claim, large)


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
            "uncited": tally.uncited.get(path, []) if facts.layout.file_of[page_anchor(path)] == file.name else [],
            "uncited_anchor": page_anchor(path, Status.UNCITED),
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
        self.is_one_file = self.layout.folder is None and not self.is_cut

    @cached_property
    def statuses(self) -> list[Status]:
        return used_statuses(self.tally.whole.counts)

    def values(self) -> dict[str, Any]:
        whole = self.tally.whole
        sections = view_sections(self.tally.sections.values(), self.statuses, self.link, by_status=self.is_one_file)
        # Where each page is a section, one table says it all.
        has_pages = self.is_one_file and len(self.tally.pages) > len(self.tally.sections)
        pages = view_pages(self.tally.pages.values(), self.statuses, self.link) if has_pages else []
        return {
            "pages_number": self.report.pages,
            "whole": whole,
            "rules": RULES,
            "unreadable": self.report.unreadable,
            "unverified": self.tally.flags[Flag.UNVERIFIED],
            "figures": self._figures(),
            "statuses": [{"status": status.value, "look": LOOKS[status]} for status in self.statuses],
            "all_statuses": self._all_statuses(),
            "levels": [level.value for level in LEVELS],
            "sections": sections if not self.is_cut else _unlinked(sections),
            "section_bars": charts.stack([(shorten(one.name, _LABEL), one.counts) for one in self._largest_sections()]),
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
                "href": f"#{anchor}" if anchor else None,
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
                else "#sections"
                if status is Status.UNCITED and not self.is_cut
                else None,
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
            groups: dict[str, dict[Status, list[Any]]] = {}
            for claim in self.tally.cited:
                groups.setdefault(getattr(claim, key), {}).setdefault(claim.status, []).append(claim)
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
                                    "status": status.value,
                                    "look": LOOKS[status],
                                    "anchor": anchor(name, status),
                                    "claims": [view_place(one, self.link) for one in claims],
                                }
                                for status, claims in sorted(
                                    groups.get(name, {}).items(), key=lambda item: ORDER[item[0]]
                                )
                            ],
                            "uncited": self._uncited_of(kind, name),
                            "uncited_anchor": anchor(name, Status.UNCITED),
                        }
                        for name in names
                    ],
                }
            )
        return found

    def _uncited_of(self, kind: str, name: str) -> list[dict[str, Any]]:
        """Return the lines without a citation, of a page or of the pages of a section."""
        paths = (
            [name]
            if kind == "page"
            else [path for path in self.tally.uncited if self.tally.section_of(path, ()) == name]
        )
        return [
            {"place": f"{path}:{line}", "line": line, "href": self.link.to_page(path, line)}
            for path in paths
            for line in self.tally.uncited.get(path, ())
        ]

    def _holding(self) -> list[Any]:
        holding = [one for one in self.report.sources.values() if len(one.held_alone) > 1]
        return sorted(holding, key=lambda one: (-len(one.held_alone), -len(one.pages), one.name))[:_MOST_SOURCES]

    def _source_rows(self) -> list[tuple[str, int]]:
        return [
            (shorten(plain(one.work.title or one.work.name), _LABEL), len(one.held_alone))
            for one in self._holding()[:_MOST_SOURCES]
        ]

    def _sources(self) -> list[dict[str, Any]]:
        shown = []
        for one in self._holding():
            view = view_source(one, self.tally, self.link)
            if not self.facts.has_work(one.work.id):
                view["href"] = None
            shown.append(view)
        return shown

    def _matrix(self) -> dict[str, Any]:
        numbers = {cell: self.tally.claims_in(cell) for cell in self.tally.cells}
        designs = list(dict.fromkeys(cell.design for cell in self.tally.cells))
        organisms = self.tally.organisms
        return {
            "organisms": organisms,
            "designs": designs,
            "bubbles": charts.bubbles(numbers, designs, organisms, _BUBBLE),
            "rows": [
                {
                    "design": design,
                    "cells": [
                        {
                            "organism": organism,
                            "number": numbers.get(cell := Cell(design, organism), 0),
                            "works": len(self.tally.cells.get(cell, ())),
                            "href": self.link.to(cell_anchor(cell)) if not self.is_cut else None,
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
        numbers = {year: (len(same), sum(one.work.is_retracted for one in same)) for year, same in works.items()}
        return {
            "columns": charts.columns(numbers),
            "unknown": sum(one.work.year is None for one in self.report.sources.values()),
            "works": len(self.report.sources),
            "retracted": any(retracted for _, retracted in numbers.values()),
            "rows": [
                {
                    "year": year,
                    "number": numbers[year][0],
                    "retracted": numbers[year][1],
                    "works": [
                        {
                            "name": one.work.name,
                            "is_retracted": one.work.is_retracted,
                            "href": self.link.to(work_anchor(one.work.id)) if not self.is_cut else None,
                        }
                        for one in sorted(works[year], key=lambda one: (not one.work.is_retracted, one.work.name))
                    ],
                }
                for year in sorted(works, reverse=True)
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
                    "numbers": numbers,
                    "total": len(findings),
                    "href": self.link.to(code) if not self.is_cut else None,
                }
            )
        return sorted(rows, key=lambda row: [-number for number in row["numbers"]])

    def _groups(self) -> list[dict[str, Any]]:
        """Return the worst claims by status, each status with how many there are and where the rest is."""
        shown = {status: list(same) for status, same in groupby(self.tally.worst, lambda one: one.verdict.status)}
        groups = []
        for status in self.statuses:
            claims = [
                view_claim(one, self.link, self.facts.findings_of, self.facts.has_work) for one in shown.get(status, [])
            ]
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


def _unlinked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for row in rows:
        row |= {"href": None, "uncited_href": None}
        row["statuses"] = [one | {"href": None} for one in row["statuses"]]
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
    found: dict[str, list[Finding]] = {}
    for one in findings:
        found.setdefault(one.code, []).append(one)
    return sorted(found.items())


def _findings(facts: Facts, file: FindingsFile, link: Linker) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "anchor": code if facts.layout.file_of.get(code, INDEX) == file.name else "",
            "meaning": CODES.get(code, ""),
            "findings": [view_finding(one, link, facts.has_claim) for one in findings],
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
