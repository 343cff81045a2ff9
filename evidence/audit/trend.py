"""The series of whole audits: what each counted, oldest first, for charts and for `evidence diff --trend`."""

from __future__ import annotations

import datetime as dt
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence.audit.history import MEDIAN_YEAR
from evidence.errors import EvidenceError
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.store.database import reading, store_errors
from evidence.vocabulary import Status

_UNCITED = frozenset({Status.NOT_A_CLAIM, Status.UNCITED})


@dataclass(frozen=True, slots=True)
class AuditRun:
    """One whole audit and what it counted.

    `median_year` is that of the works that are cited, each once; None where it is not known.
    """

    run: int
    at: dt.datetime
    rules: str | None
    counts: dict[Status, int]
    median_year: float | None

    @property
    def date(self) -> str:
        """The day of the audit, in UTC."""
        return self.at.date().isoformat()

    @property
    def cited(self) -> int:
        """How many claims cite something."""
        return sum(number for status, number in self.counts.items() if status not in _UNCITED)

    @property
    def single_study_share(self) -> float | None:
        """Which part of the cited claims rests on a single study, from 0 to 1; None where nothing is cited."""
        return round(self.counts[Status.SINGLE_STUDY] / self.cited, 4) if self.cited else None

    @property
    def median_age(self) -> float | None:
        """How many years before the audit the median work came out."""
        return None if self.median_year is None else round(self.at.year - self.median_year, 1)


def list_audits(session: Session) -> list[AuditRun]:
    """Return the whole audits that were kept, the oldest first."""
    table = models.Run
    query = select(table.id, table.started_at, table.rules, table.counts)
    rows = session.execute(query.where(table.command == "audit", table.finished_at.is_not(None)).order_by(table.id))
    return [
        AuditRun(
            run=number,
            at=started_at.replace(tzinfo=dt.UTC) if started_at.tzinfo is None else started_at.astimezone(dt.UTC),
            rules=rules,
            counts={status: int(counts.get(status.value) or 0) for status in Status},
            median_year=counts.get(MEDIAN_YEAR),
        )
        for number, started_at, rules, counts in rows
    ]


def group_audits(session: Session, audits: Sequence[AuditRun]) -> list[list[AuditRun]]:
    """Return the audits in groups: one that follows no refresh and in which nothing moved belongs to the one before.

    Each form of the report that is printed is an audit; they are one point of the history.

    Args:
        session: open.
        audits: whole audits, the oldest first.
    """
    run = models.Run
    refreshes = list(session.scalars(select(run.id).where(run.command == "refresh").order_by(run.id)))
    runs = [one.run for one in audits]
    moved = {
        number
        for table in (models.Verdict, models.Standing)
        for column in (table.run_id, table.until_run_id)
        for chunk in in_chunks(runs)
        for number in session.scalars(select(column).where(column.in_(chunk)).distinct())
    }
    groups: list[list[AuditRun]] = []
    for one in audits:
        before = groups[-1][-1].run if groups else 0
        if not groups or one.run in moved or bisect(refreshes, one.run) > bisect(refreshes, before):
            groups.append([])
        groups[-1].append(one)
    return groups


def list_points(session: Session) -> list[AuditRun]:
    """Return the whole audits that told something new or followed a refresh, the oldest first."""
    return [group[0] for group in group_audits(session, list_audits(session))]


def read_trend(engine: sa.Engine) -> list[AuditRun]:
    """Return the last audit of each day that is a point of the history, the oldest first: what a chart shows.

    Raises:
        StoreError: the database cannot be read.
    """
    with store_errors(engine), reading(engine) as session:
        return list({one.date: one for one in list_points(session)}.values())


def find_audit(audits: Sequence[AuditRun], name: str) -> AuditRun:
    """Return the audit that a user names by the number of its run, or by a day: the last one of that day or before.

    Raises:
        EvidenceError: there is none of that name.
    """
    found: AuditRun | None
    if name.isdecimal():
        found = next((one for one in audits if one.run == int(name)), None)
    else:
        try:
            day = dt.date.fromisoformat(name).isoformat()
        except ValueError:
            raise EvidenceError(
                f"{name!r} names no audit", "give the number of a run or a day such as 2026-11-20"
            ) from None
        found = next((one for one in reversed(audits) if one.date <= day), None)
    if found is None:
        known = ", ".join(f"{one.run} ({one.date})" for one in audits[-5:]) or "none"
        raise EvidenceError(f"there is no audit {name}", f"the last audits of all pages are: {known}")
    return found


def changes_of_rules(audits: Sequence[AuditRun]) -> dict[int, str]:
    """Return in words each change of the rules, by the run of the first audit that was judged by the new ones.

    Args:
        audits: the oldest first; of some old ones the rules are not known.
    """
    known = [one for one in audits if one.rules is not None]
    return {
        one.run: f"rules {before.rules} -> {one.rules}" for before, one in pairwise(known) if before.rules != one.rules
    }


def trend_to_dict(audits: Sequence[AuditRun]) -> dict[str, Any]:
    """Return the series as `--json` prints it."""
    return {
        "runs": [
            {
                "run": one.run,
                "date": one.date,
                "rules": one.rules,
                "counts": {status.value: number for status, number in one.counts.items()},
                "cited": one.cited,
                "single_study_share": one.single_study_share,
                "retracted": one.counts[Status.RETRACTED],
                "median_age": one.median_age,
            }
            for one in audits
        ]
    }


def trend_lines(audits: Sequence[AuditRun]) -> Iterator[str]:
    """Yield the series as a table for a terminal, with a line where the rules of the audit changed.

    >>> counts = dict.fromkeys(Status, 0)
    >>> day = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    >>> audits = [AuditRun(run, day, rules, counts, None) for run, rules in ((1, "9"), (2, "9"), (3, "10"))]
    >>> list(trend_lines(audits))[-1].strip()
    'rules 9 -> 10: some of this may be due to the rules'
    """
    changed = changes_of_rules(audits)
    yield f"{'run':>5}  {'date':<10}  {'cited':>7}  {'single-study':>12}  {'retracted':>9}  median age of the works"
    for one in audits:
        share = "-" if one.single_study_share is None else f"{one.single_study_share:.1%}"
        age = "not known" if one.median_age is None else f"{one.median_age:g} years"
        retracted = one.counts[Status.RETRACTED]
        yield f"{one.run:>5}  {one.date:<10}  {one.cited:>7}  {share:>12}  {retracted:>9}  {age}"
        if one.run in changed:
            yield f"       {changed[one.run]}: some of this may be due to the rules"
