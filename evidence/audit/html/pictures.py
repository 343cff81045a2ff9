"""The pictures of an HTML report, and the tables behind them."""

from __future__ import annotations

from typing import Any

from evidence.audit.html import charts
from evidence.audit.html.facts import Facts
from evidence.audit.html.layout import cell_anchor, section_anchor, work_anchor
from evidence.audit.html.tally import Cell
from evidence.audit.html.views import Linker, percent, view_source
from evidence.audit.trend import changes_of_rules
from evidence.markup import bare_title
from evidence.terminal import plain, shorten
from evidence.vocabulary import Status

_MOST_SOURCES = 15
_MOST_SECTIONS = 30
_LABEL = 42
_BUBBLE = 13.0


class Pictures:
    """Statuses by section, load-bearing sources, designs by organisms, works by year, single studies over audits."""

    def __init__(self, facts: Facts, link: Linker, cut: str | None, *, is_one_file: bool) -> None:
        """Take what they are made from.

        Args:
            facts: of the whole report.
            link: from the file that shows them.
            cut: where all numbers lead in a report that does not hold all claims; None in any other.
            is_one_file: whether the report is a single file that holds all of them.
        """
        self.facts, self.link, self.cut, self.is_one_file = facts, link, cut, is_one_file
        self.report, self.tally, self.layout = facts.report, facts.tally, facts.layout

    def section_bars(self) -> Any:
        """Return the largest sections as bars of statuses."""
        bars = [(shorten(one.name, _LABEL), one.counts) for one in self._largest_sections()]
        return charts.stack(bars, self._section_href)

    def _largest_sections(self) -> list[Any]:
        cited = [one for one in self.tally.sections.values() if one.cited]
        return cited[:_MOST_SECTIONS]

    def _section_href(self, row: int, status: Status | None = None) -> str:
        """Return where a bar leads to, or a part of it: in a report of one file to the claims of that status."""
        name = self._largest_sections()[row].name
        return self.cut or self.link.to(section_anchor(name, status if self.is_one_file else None))

    def source_bars(self) -> Any:
        """Return the sources that most claims rest on alone as bars."""
        return charts.scale(self._source_rows())

    def sources(self) -> list[dict[str, Any]]:
        """Return the sources that most claims rest on alone."""
        shown = []
        for one in self._holding():
            view = view_source(one, self.tally, self.link)
            if not self.facts.has_work(one.work.id):
                view["href"] = self.cut
            shown.append(view)
        return shown

    def matrix(self) -> dict[str, Any]:
        """Return how many claims rest on works of each design and organism."""
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

    def years(self) -> dict[str, Any]:
        """Return how many works are of each year, and how many of these were retracted."""
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

    def trend(self) -> dict[str, Any]:
        """Return the share of single studies in the audits so far."""
        changed = changes_of_rules(self.facts.trend)
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
                    "rules": changed.get(one.run, ""),
                    "cited": one.cited,
                    "single": one.counts[Status.SINGLE_STUDY],
                    "percent": percent(one.single_study_share) if one.single_study_share is not None else "",
                }
                for one in reversed(self.facts.trend)
            ],
        }

    def _holding(self) -> list[Any]:
        holding = [one for one in self.report.sources.values() if len(one.held_alone) > 1]
        return sorted(holding, key=lambda one: (-len(one.held_alone), -len(one.pages), one.name))[:_MOST_SOURCES]

    def _source_rows(self) -> list[tuple[str, int, str | None]]:
        return [
            (
                shorten(plain(bare_title(one.work.title or one.work.name)), _LABEL),
                len(one.held_alone),
                self.cut or self.link.to(work_anchor(one.work.id)),
            )
            for one in self._holding()
        ]
