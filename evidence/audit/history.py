"""What whole audits said, kept so that a later one can say what moved: a row for a verdict that changed, none else."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.audit.verdict_rows import Cited, VerdictRow
from evidence.audit.works import CitedWork
from evidence.notices import describe, describe_notice
from evidence.store import models
from evidence.store.among import among
from evidence.store.chunks import batched, in_chunks
from evidence.store.inserting import inserting
from evidence.store.runs import begin_run, end_run
from evidence.vocabulary import Status

_PLACE = ("path", "line", "text")
_LISTS = ("reasons", "flags", "works")
# The key of the run's counts beside those of the statuses.
MEDIAN_YEAR = "median_year"


@dataclass(frozen=True, slots=True)
class Kept:
    """What one audit added to the history: the number of its run, verdicts that are new or changed, claims gone."""

    run_id: int
    changed: int
    gone: int


def keep_audit(
    session: Session,
    rows: Iterable[VerdictRow],
    works: Iterable[Cited],
    counts: Mapping[Status, int],
    *,
    rules: str,
    now: dt.datetime,
    untouched: Collection[str] = (),
) -> Kept:
    """Write what a whole audit said that the one before it did not.

    Args:
        session: in a transaction that writes.
        rows: of every claim of the store, once each, but for those of untouched pages.
        works: every work that they cite.
        counts: how many claims have each status.
        rules: the version of the rules.
        now: the time of the audit.
        untouched: the paths of pages of which the audit before said the same.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Two audits at once would both add what is new to either.
        session.execute(sa.text("LOCK TABLE verdict IN SHARE ROW EXCLUSIVE MODE"))
    run_id = begin_run(session, "audit", rules=rules, now=now)
    changed, gone = _keep_verdicts(session, run_id, rows, rules, untouched)
    # Of two works of one name the last counts. Only the few with notices are held.
    year_of: dict[str, int | None] = {}
    noticed: dict[str, CitedWork] = {}
    for work in works:
        year_of[work.name] = work.year
        if work.noticed is not None:
            noticed[work.name] = work.noticed
        else:
            noticed.pop(work.name, None)
    _keep_standings(session, run_id, noticed.values())
    years = sorted(year for year in year_of.values() if year is not None)
    totals: dict[str, Any] = {status.value: number for status, number in counts.items()}
    end_run(session, run_id, totals | {MEDIAN_YEAR: statistics.median(years) if years else None})
    return Kept(run_id, changed, gone)


def _keep_verdicts(
    session: Session, run_id: int, rows: Iterable[VerdictRow], rules: str, untouched: Collection[str]
) -> tuple[int, int]:
    table = models.Verdict
    names = (*VerdictRow._fields, "run_id", "rules")
    insert = inserting(session.connection(), table, names, written=_LISTS)
    last = session.scalar(sa.select(sa.func.max(table.id))) or 0
    # One byte a row: a set of a million numbers would be a hundred times that.
    seen = bytearray(last + 1)
    changed = 0
    for chunk in batched(rows):
        before = _find_holding(session, [row.claim_id for row in chunk]) if last else {}
        if not before:
            insert((*row, run_id, rules) for row in chunk)
            changed += len(chunk)
            continue
        fresh, moved, ended = [], [], []
        for row in chunk:
            place = (row.path, row.line, row.text)
            old = before.get(row.claim_id)
            if old is not None:
                number, said, *where = old
                seen[number] = 1
                if said == row.digest:
                    if tuple(where) != place:
                        moved.append({"id": number, **dict(zip(_PLACE, place, strict=True))})
                    continue
                ended.append(number)
            fresh.append(row)
        _end(session, table, run_id, ended)
        if moved:
            session.execute(sa.update(table), moved)
        if fresh:
            insert((*row, run_id, rules) for row in fresh)
            changed += len(fresh)
    still = sa.select(table.id, table.path).where(table.until_run_id.is_(None), table.id <= last)
    gone = [number for number, path in session.execute(still) if not seen[number] and path not in untouched]
    _end(session, table, run_id, gone)
    return changed, len(gone)


def _find_holding(session: Session, names: Collection[str]) -> dict[str, tuple[Any, ...]]:
    """Return number, digest and place of the verdicts that hold of some claims."""
    table = models.Verdict
    columns = (table.claim_id, table.until_run_id, table.id, table.digest, table.path, table.line, table.text)
    rows = session.execute(sa.select(*columns).where(among(session.connection(), table.claim_id, names)))
    # Not asked for by SQL: SQLite would look through all that hold still for each chunk.
    return {name: tuple(rest) for name, until, *rest in rows if until is None}


def _keep_standings(session: Session, run_id: int, works: Iterable[CitedWork]) -> None:
    table = models.Standing
    before = {row.name: row for row in session.scalars(sa.select(table).where(table.until_run_id.is_(None)))}
    fresh = []
    for work in works:
        notices = sorted({describe_notice(notice) for notice in work.notices})
        kind = work.state.kind.value if work.state.kind else None
        said = describe(work.state) or ", ".join(notices)
        old = before.get(work.name)
        if old is not None and (old.kind, old.said, old.notices) == (kind, said, notices):
            del before[work.name]
            continue
        row = {"name": work.name, "title": work.title, "kind": kind, "said": said, "notices": notices}
        fresh.append({"run_id": run_id, **row})
    _end(session, table, run_id, [row.id for row in before.values()])
    for chunk in in_chunks(fresh):
        session.execute(sa.insert(table.__table__), list(chunk))  # type: ignore[arg-type]


def _end(session: Session, table: type[models.Verdict | models.Standing], run_id: int, ids: list[int]) -> None:
    """Say that some rows no longer hold."""
    for chunk in in_chunks(ids):
        query = sa.update(table).where(table.id.in_(chunk)).values(until_run_id=run_id)
        session.execute(query.execution_options(synchronize_session=False))
