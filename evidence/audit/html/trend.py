"""How the statuses moved over the audits that the store remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from evidence.audit.html.statuses import CITED
from evidence.store import models
from evidence.store.database import reading
from evidence.vocabulary import Status


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """What the last audit of one day counted; `counts` are by the name of the status."""

    date: str
    counts: Mapping[str, int]

    @property
    def cited(self) -> int:
        """How many claims were cited."""
        return sum(self.counts.get(status.value, 0) for status in CITED)

    @property
    def share(self) -> float | None:
        """The share of cited claims that rested on one study, or None where none was cited.

        >>> TrendPoint("2026-11-21", {"single-study": 3, "single-group": 1, "replicated": 2}).share
        0.5
        """
        return self.counts.get(Status.SINGLE_STUDY.value, 0) / self.cited if self.cited else None


def read_trend(engine: sa.Engine) -> list[TrendPoint]:
    """Return the counts of the last finished audit of each day, the oldest first."""
    query = (
        sa.select(models.Run.finished_at, models.Run.counts)
        .where(models.Run.command == "audit", models.Run.finished_at.is_not(None))
        .order_by(models.Run.finished_at, models.Run.id)
    )
    with reading(engine) as session:
        rows = [(f"{finished:%Y-%m-%d}", counts) for finished, counts in session.execute(query)]
    return [TrendPoint(date, counts) for date, counts in dict(rows).items()]
