"""What whole audits said, kept so that a later one can say what moved: a row for a verdict that changed, none else."""

from __future__ import annotations

import datetime as dt
import hashlib
import statistics
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.audit.verdicts import Verdict
from evidence.audit.works import CitedWork, ClaimEvidence
from evidence.notices import describe, describe_notice
from evidence.store import models
from evidence.store.chunks import SIZE, in_chunks
from evidence.store.runs import begin_run, end_run
from evidence.terminal import shorten
from evidence.vocabulary import Status

_WIDTH = 160
_KNOWN_WORKS = 20_000
_PLACE = ("path", "line", "text")
# The key of the run's counts beside those of the statuses.
MEDIAN_YEAR = "median_year"
_Judged = tuple[ClaimEvidence, Verdict]


@dataclass(frozen=True, slots=True)
class Kept:
    """What one audit added to the history: the number of its run, verdicts that are new or changed, claims gone."""

    run_id: int
    changed: int
    gone: int


def keep_audit(
    session: Session,
    judged: Iterable[_Judged],
    works: Iterable[CitedWork],
    counts: Mapping[Status, int],
    *,
    rules: str,
    now: dt.datetime,
) -> Kept:
    """Write what a whole audit said that the one before it did not.

    Args:
        session: in a transaction that writes.
        judged: every claim of the store, once each, with its verdict.
        works: every work that they cite.
        counts: how many claims have each status.
        rules: the version of the rules.
        now: the time of the audit.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Two audits at once would both add what is new to either.
        session.execute(sa.text("LOCK TABLE verdict IN SHARE ROW EXCLUSIVE MODE"))
    run_id = begin_run(session, "audit", rules=rules, now=now)
    changed, gone = _keep_verdicts(session, run_id, judged, rules)
    works = list({work.name: work for work in works}.values())
    _keep_standings(session, run_id, works)
    years = sorted(work.year for work in works if work.year is not None)
    totals: dict[str, Any] = {status.value: number for status, number in counts.items()}
    end_run(session, run_id, totals | {MEDIAN_YEAR: statistics.median(years) if years else None})
    return Kept(run_id, changed, gone)


def _keep_verdicts(session: Session, run_id: int, judged: Iterable[_Judged], rules: str) -> tuple[int, int]:
    table = models.Verdict
    last = session.scalar(sa.select(sa.func.max(table.id))) or 0
    # One byte a row: a set of a million numbers would be a hundred times that.
    seen = bytearray(last + 1)
    columns = (table.claim_id, table.until_run_id, table.id, table.digest, table.path, table.line, table.text)
    known: dict[int, tuple[CitedWork, str]] = {}
    changed = 0
    for chunk in _batches(judged):
        names = [claim.id for claim, _ in chunk]
        # Not asked for by SQL: SQLite would look through all that hold still for each chunk.
        rows = session.execute(sa.select(*columns).where(table.claim_id.in_(names)))
        before = {row[0]: row for row in rows if row[1] is None}
        if len(known) > _KNOWN_WORKS:
            known.clear()
        fresh, moved, ended = [], [], []
        for claim, verdict in chunk:
            works = [[line.work.name, line.counted, line.why] for line in verdict.works]
            digest = _digest(verdict, works)
            place = (claim.path, claim.line, shorten(claim.text, _WIDTH))
            old = before.get(claim.id)
            if old is not None:
                _, _, number, said, *where = old
                seen[number] = 1
                if said == digest:
                    if tuple(where) != place:
                        moved.append({"id": number, **dict(zip(_PLACE, place, strict=True))})
                    continue
                ended.append(number)
            fresh.append(
                {
                    "run_id": run_id,
                    "claim_id": claim.id,
                    **dict(zip(_PLACE, place, strict=True)),
                    "status": verdict.status.value,
                    "level": verdict.level.value if verdict.level else None,
                    "strength": verdict.strength,
                    "reasons": list(verdict.reasons),
                    "flags": [flag.value for flag in verdict.flags],
                    "works": works,
                    "inputs": hash_inputs(claim, known),
                    "rules": rules,
                    "digest": digest,
                }
            )
        _end(session, table, run_id, ended)
        if moved:
            session.execute(sa.update(table), moved)
        if fresh:
            session.execute(sa.insert(table.__table__), fresh)  # type: ignore[arg-type]
            changed += len(fresh)
    still = sa.select(table.id).where(table.until_run_id.is_(None), table.id <= last)
    gone = [number for number in session.scalars(still) if not seen[number]]
    _end(session, table, run_id, gone)
    return changed, len(gone)


def _keep_standings(session: Session, run_id: int, works: Iterable[CitedWork]) -> None:
    table = models.Standing
    before = {row.name: row for row in session.scalars(sa.select(table).where(table.until_run_id.is_(None)))}
    fresh = []
    for work in works:
        if not work.notices:
            continue
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


def _batches(judged: Iterable[_Judged]) -> Iterator[list[_Judged]]:
    waiting = iter(judged)
    while batch := list(islice(waiting, SIZE)):
        yield batch


def _digest(verdict: Verdict, works: list[list[Any]]) -> str:
    """Return a hash of all that is kept of a verdict."""
    cited = [f"{counted} {name} {why}" for name, counted, why in works]
    parts = (
        verdict.status,
        verdict.level or "",
        str(verdict.strength),
        *verdict.reasons,
        "",
        *verdict.flags,
        "",
        *cited,
    )
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def hash_inputs(claim: ClaimEvidence, known: dict[int, tuple[CitedWork, str]] | None = None) -> str:
    """Return a hash of everything that a verdict follows from: the same hash and rules give the same verdict.

    Args:
        claim: the claim with its evidence.
        known: works whose part has been worked out, by identity; it is added to.
    """
    known = {} if known is None else known
    works = []
    for place in claim.places:
        for work in place.works:
            if id(work) not in known:
                known[id(work)] = (work, _facts_of(work))
            works.append(known[id(work)][1])
    places = [(place.clause, place.polarity.value, len(place.works), place.missing) for place in claim.places]
    facts = (" ".join(claim.text.split()), places, works, claim.tags, claim.interaction, sorted(claim.reverse_pairs))
    return hashlib.sha256(repr((facts, claim.opposite)).encode("utf-8", "surrogatepass")).hexdigest()


def _facts_of(work: CitedWork) -> str:
    """Return everything about a work in a form that is the same in every run: the order of a set is not."""
    values = (getattr(work, one.name) for one in fields(work))
    said = repr([sorted(value) if isinstance(value, frozenset) else value for value in values])
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
