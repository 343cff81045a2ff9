"""Lists of an HTML report that stand in one file of it or in several: claims, lines, findings and works."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from evidence.audit import CODES
from evidence.audit.html.facts import Facts
from evidence.audit.html.layout import INDEX, FindingsFile, Part, WorksFile, cell_anchor, code_anchor
from evidence.audit.html.statuses import LOOKS
from evidence.audit.html.tally import ClaimPlace
from evidence.audit.html.views import Linker, used_statuses, view_finding, view_source
from evidence.vocabulary import Flag, Level


def options_of(facts: Facts) -> dict[str, list[str]]:
    """Return what a reader may filter by."""
    levels = facts.tally.whole.levels
    return {
        "statuses": [status.value for status in used_statuses(facts.tally.whole.counts)],
        "levels": [level.value for level in Level if levels[level]],
        "flags": [flag.value for flag in Flag if facts.tally.flags[flag]],
    }


def by_part(claims: Iterable[ClaimPlace]) -> list[tuple[Part, list[ClaimPlace]]]:
    """Return claims by status, the worst first, then by level and by flag."""
    found: dict[Part, list[ClaimPlace]] = {part: [] for part in (*LOOKS, *Level, *Flag)}
    for one in claims:
        found[one.status].append(one)
        if one.level is not None:
            found[one.level].append(one)
        for flag in one.flags:
            found[flag].append(one)
    return [(part, same) for part, same in found.items() if same]


def view_lines(lines: Mapping[str, Sequence[int]], paths: Iterable[str], link: Linker) -> list[dict[str, Any]]:
    """Return lines of some pages, each with a link to its page."""
    return [
        {"place": f"{path}:{line}", "line": line, "href": link.to_page(path, line)}
        for path in paths
        for line in lines.get(path, ())
    ]


def view_codes(facts: Facts, file: FindingsFile, link: Linker) -> list[dict[str, Any]]:
    """Return the findings of a file by code and severity."""
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


def view_cells(facts: Facts, file: WorksFile, link: Linker) -> list[dict[str, Any]]:
    """Return the works of a file by design and organism, those that hold most claims alone first."""
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
