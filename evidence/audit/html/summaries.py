"""What the claims of a page, or of several pages, come to: plain values, so that numbers can be joined and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median_low

from evidence.audit.html.statuses import UNCOUNTED
from evidence.vocabulary import Level, Status


@dataclass(slots=True)
class Summary:
    """The claims of a page or section by status and level, and the works that they cite with their years."""

    name: str
    statuses: Counter[Status] = field(default_factory=Counter)
    levels: Counter[Level] = field(default_factory=Counter)
    works: dict[str, int | None] = field(default_factory=dict)

    def add(self, status: Status, level: Level | None, works: Mapping[str, int | None]) -> None:
        """Count one claim."""
        self.statuses[status] += 1
        if level is not None:
            self.levels[level] += 1
        self.works |= works

    def join(self, other: Summary) -> None:
        """Count all that another summary has counted."""
        self.statuses += other.statuses
        self.levels += other.levels
        self.works |= other.works

    @property
    def claims(self) -> int:
        """How many claims there are, cited or not."""
        return self.statuses.total() - self.statuses[Status.NOT_A_CLAIM]

    @property
    def cited(self) -> int:
        """How many claims cite something."""
        return sum(number for status, number in self.statuses.items() if status not in UNCOUNTED)

    @property
    def uncited_share(self) -> float | None:
        """The share of claims that cite nothing, or None where there is no claim."""
        return self.statuses[Status.UNCITED] / self.claims if self.claims else None

    @property
    def median_year(self) -> int | None:
        """The year that half of the works with a known year are not younger than.

        >>> Summary("a.md", works={"w1": 2001, "w2": None, "w3": 2020, "w4": 2010}).median_year
        2010
        """
        years = [year for year in self.works.values() if year is not None]
        return median_low(years) if years else None

    @property
    def newest_year(self) -> int | None:
        """The year of the newest work, or None where no year is known."""
        return max((year for year in self.works.values() if year is not None), default=None)
