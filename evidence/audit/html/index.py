"""The index of an HTML report: what a reader should see first, then all that is counted, each with its claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from evidence.audit import CODES
from evidence.audit.html.facts import Facts, by_code
from evidence.audit.html.layout import (
    INDEX,
    JSON_FILE,
    code_anchor,
    flag_anchor,
    page_anchor,
    section_anchor,
)
from evidence.audit.html.lists import by_part, options_of, view_cells, view_codes, view_lines
from evidence.audit.html.pictures import Pictures
from evidence.audit.html.rendering import render
from evidence.audit.html.statuses import CITED, LOOKS, meaning_of
from evidence.audit.html.tally import ClaimPlace
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
)
from evidence.audit.judgement import JudgedClaim
from evidence.audit.run import RULES
from evidence.vocabulary import Flag, Severity, Status

_MOST_ACKNOWLEDGED = 200
_MOST_PAGES = 200


def index_pieces(facts: Facts, base: str | None) -> Iterator[str]:
    """Yield the index."""
    index = _Index(facts, Linker(facts.layout, INDEX, base))
    return render("index.html.j2", **index.values())


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
        self.pictures = Pictures(facts, link, self.cut, is_one_file=self.is_one_file)

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
            "section_bars": self.pictures.section_bars(),
            "lists": self._lists() if self.is_one_file else [],
            "pages": pages,
            "sources": self.pictures.sources(),
            "source_bars": self.pictures.source_bars(),
            "more_sources": sum(len(one.held_alone) > 1 for one in self.report.sources.values()),
            "matrix": self.pictures.matrix(),
            "years": self.pictures.years(),
            "trend": self.pictures.trend(),
            "codes": self._codes(),
            "code_lists": view_codes(self.facts, self.layout.findings[0], self.link) if self.is_one_file else [],
            "cells": view_cells(self.facts, self.layout.works[0], self.link) if self.is_one_file else [],
            "acknowledged": [
                view_finding(one, self.link, self.facts.has_claim) | {"reason": one.acknowledged}
                for one in self.facts.acknowledged[:_MOST_ACKNOWLEDGED]
            ],
            "acknowledged_number": len(self.facts.acknowledged),
            "groups": self._groups(),
            "shown": len(self.tally.worst),
            "options": options_of(self.facts),
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
                                for part, claims in by_part(groups.get(name, ()))
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
            return view_lines(lines, [name], self.link)
        lines = self.tally.list_lines(name, status)
        return view_lines(lines, lines, self.link)

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
            for flag, same in by_part(self.tally.cited)
            if isinstance(flag, Flag)
        ]

    @cached_property
    def _unverified(self) -> list[str]:
        return sorted(set(self.report.unverified))

    def _codes(self) -> list[dict[str, Any]]:
        """Return how many findings there are by code; those with errors come first."""
        rows = []
        for code, findings in by_code(self.facts.findings):
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
