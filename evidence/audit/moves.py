"""What moved between two whole audits: claims come and gone, other verdicts with why, works with new notices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from evidence.audit.strength import STRENGTHS
from evidence.audit.support import support_of
from evidence.audit.trend import AuditRun, find_audit, group_audits, list_audits
from evidence.errors import EvidenceError
from evidence.markup import bare_title
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.terminal import shorten
from evidence.vocabulary import RETRACTING, NoticeKind, Status

_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Said:
    """What one audit said of a claim. `works` are the cited ones: name -> whether it is counted, and why."""

    status: Status
    level: str | None
    strength: int | None
    reasons: tuple[str, ...]
    flags: tuple[str, ...]
    works: dict[str, tuple[bool, str]] | None


@dataclass(frozen=True, slots=True)
class ClaimMove:
    """One claim of which two audits say different things; `before` is None for a new one, `after` for one gone."""

    id: str
    path: str | None
    line: int | None
    text: str | None
    before: Said | None
    after: Said | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkMove:
    """One work whose notices are others than before; `kind` is what decides how it stands now."""

    name: str
    title: str | None
    kind: str | None
    said: str
    before: str | None
    new: tuple[str, ...]
    claims: int


@dataclass(slots=True)
class Moves:
    """What moved between two audits. Each list is sorted, the worst first."""

    first: AuditRun
    second: AuditRun
    status: list[ClaimMove] = field(default_factory=list)
    strength: list[ClaimMove] = field(default_factory=list)
    grounds: list[ClaimMove] = field(default_factory=list)
    new: list[ClaimMove] = field(default_factory=list)
    gone: list[ClaimMove] = field(default_factory=list)
    works: list[WorkMove] = field(default_factory=list)


def find_moves(session: Session, names: Sequence[str] = ()) -> Moves:
    """Return what moved between two audits.

    Args:
        session: open.
        names: two audits, one to compare the last one with, or none for the last one before a refresh or a move; in
            either order.

    Raises:
        EvidenceError: there are fewer than two audits, or none of that name.
    """
    audits = list_audits(session)
    if len(audits) < 2:  # noqa: PLR2004 - two are compared
        have = "is only one audit" if audits else "is no audit yet"
        raise EvidenceError(
            f"there {have} of all pages, and two are compared",
            "run `evidence audit`, later `evidence refresh` and `evidence audit` again",
        )
    chosen = [find_audit(audits, name) for name in names]
    if not chosen:
        groups = group_audits(session, audits)
        chosen = [groups[-2][-1] if len(groups) > 1 else audits[-2]]
    first, second = sorted([*chosen, audits[-1]][:2], key=lambda one: one.run)
    if first.run == second.run:
        raise EvidenceError(f"audit {first.run} is compared with itself", "name another run")
    return compare_audits(session, first, second)


def compare_audits(session: Session, first: AuditRun, second: AuditRun) -> Moves:
    """Return what moved from one audit to a later one."""
    moves = Moves(first, second)
    citing: dict[str, set[str]] = defaultdict(set)
    for before, after in _changed(session, models.Verdict, first, second, "claim_id"):
        row: Any = before if after is None else after
        move = ClaimMove(
            row.claim_id,
            row.path,
            row.line,
            row.text,
            _said(before) if before is not None else None,
            _said(after) if after is not None else None,
            (),
        )
        _sort_in(moves, move)
        if move.after is not None:
            for name in move.after.works or ():
                citing[name].add(move.id)
    standings: list[tuple[Any, Any]] = list(_changed(session, models.Standing, first, second, "name"))
    aliases = _aliases(session, {(before if after is None else after).name for before, after in standings})
    for before, after in standings:
        row = before if after is None else after
        new = tuple(one for one in (after.notices if after else ()) if before is None or one not in before.notices)
        if after is not None and (new or before is None or after.kind != before.kind):
            was = before.said if before is not None else None
            claims = len({claim for name in aliases.get(row.name, (row.name,)) for claim in citing.get(name, ())})
            moves.works.append(WorkMove(row.name, row.title, row.kind, row.said, was, new, claims))
    moves.works.sort(key=lambda one: (_gravity(one.kind), one.name))
    for moved in (moves.status, moves.strength):
        moved.sort(key=_by_fall)
    for listed in (moves.grounds, moves.new, moves.gone):
        listed.sort(key=_by_support)
    return moves


def _aliases(session: Session, names: set[str]) -> dict[str, list[str]]:
    """Return all names of the works that some names mean: a claim may cite a work by any of them."""
    link, one = models.WorkIdentifier, aliased(models.WorkIdentifier)
    query = sa.select(link.scheme, link.value, one.scheme, one.value).join(one, one.work_id == link.work_id)
    found: dict[str, list[str]] = defaultdict(list)
    for values in in_chunks(sorted({name.partition(":")[2] for name in names})):
        for scheme, value, *other in session.execute(query.where(link.value.in_(values))):
            if (name := f"{scheme}:{value}") in names:
                found[name].append(":".join(other))
    return found


def _changed(
    session: Session, table: Any, first: AuditRun, second: AuditRun, key: str
) -> Iterator[tuple[Any | None, Any | None]]:
    """Yield for each claim or work what was said at either audit, where a row began or ended between them."""
    began = sa.and_(table.run_id > first.run, table.run_id <= second.run)
    ended = sa.and_(table.until_run_id > first.run, table.until_run_id <= second.run)
    columns = [one for one in table.__table__.columns if one.name not in {"inputs", "digest", "rules"}]
    query = sa.select(*columns).where(sa.or_(began, ended)).order_by(getattr(table, key), table.run_id)
    pair: list[Any | None] = [None, None]
    last: str | None = None
    for row in session.execute(query.execution_options(yield_per=2_000)):
        name = getattr(row, key)
        if last is not None and name != last:
            if pair != [None, None]:
                yield pair[0], pair[1]
            pair = [None, None]
        last = name
        for place, run in enumerate((first.run, second.run)):
            if row.run_id <= run and (row.until_run_id is None or row.until_run_id > run):
                pair[place] = row
    if pair != [None, None]:
        yield pair[0], pair[1]


def _said(row: Any) -> Said:
    works = None if row.works is None else {name: (bool(counted), why) for name, counted, why in row.works}
    return Said(Status(row.status), row.level, row.strength, tuple(row.reasons), tuple(row.flags), works)


def _sort_in(moves: Moves, move: ClaimMove) -> None:
    before, after = move.before, move.after
    if before == after:
        return
    statuses = {one.status for one in (before, after) if one is not None}
    if statuses == {Status.NOT_A_CLAIM}:
        return
    if before is None:
        moves.new.append(move)
    elif after is None:
        moves.gone.append(move)
    else:
        why = tuple(_why(before, after, are_other_rules=moves.first.rules != moves.second.rules))
        told = ClaimMove(move.id, move.path, move.line, move.text, before, after, why)
        if before.status != after.status:
            moves.status.append(told)
        elif (before.level, before.strength) != (after.level, after.strength):
            moves.strength.append(told)
        # Rows of before 0004 held no works: what is not known has not changed.
        elif before.works is not None:
            moves.grounds.append(told)


def _why(before: Said, after: Said, *, are_other_rules: bool) -> Iterator[str]:
    """Yield what is different: works cited or no longer cited, what is now known of them, else what the audit says."""
    told = False
    if before.works is not None and after.works is not None:
        for name, (counted, why) in after.works.items():
            if name not in before.works:
                yield f"now cites {name}: {why}"
            elif before.works[name][1] != why:
                yield f"{name}: {why} (was: {before.works[name][1]})"
            elif before.works[name][0] != counted:
                yield f"{name} is {'now' if counted else 'no longer'} counted as a study: {why}"
            else:
                continue
            told = True
        for name in before.works:
            if name not in after.works:
                yield f"no longer cites {name}"
                told = True
    if not told:
        new = [one for one in after.reasons if one not in before.reasons]
        yield from new[:3] or [f"no longer: {one}" for one in before.reasons if one not in after.reasons][:3]
    if are_other_rules:
        yield "the rules of the audit changed between the two"


def _fall(move: ClaimMove) -> int:
    before, after = move.before, move.after
    if before is None or after is None:
        return 0
    if Status.NOT_A_CLAIM in {before.status, after.status}:
        return 0
    fallen = support_of(after.status) - support_of(before.status)
    return fallen or (after.strength or 0) - (before.strength or 0)


def _by_fall(move: ClaimMove) -> tuple[int, int, str, int]:
    after = support_of(move.after.status) if move.after is not None else 0
    return min(_fall(move), 0), after, move.path or "", move.line or 0


def _by_support(move: ClaimMove) -> tuple[int, str, int]:
    said = move.after or move.before
    return support_of(said.status) if said is not None else 0, move.path or "", move.line or 0


def _gravity(kind: str | None) -> int:
    order = [one.value for one in NoticeKind]
    return order.index(kind) if kind in order else len(order)


# --- for readers -------------------------------------------------------------------------------------------------


def summarize(moves: Moves) -> dict[str, int]:
    """Return how much moved, by kind."""
    falls = [_fall(one) for one in (*moves.status, *moves.strength)]
    retracted = {kind.value for kind in RETRACTING}
    return {
        "claims_new": len(moves.new),
        "claims_gone": len(moves.gone),
        "status_moved": len(moves.status),
        "strength_moved": len(moves.strength),
        "other_grounds": len(moves.grounds),
        "weaker": sum(one < 0 for one in falls),
        "stronger": sum(one > 0 for one in falls),
        "works_with_new_notices": len(moves.works),
        "works_newly_retracted": sum(one.kind in retracted for one in moves.works),
        "works_reinstated": sum(one.kind == NoticeKind.REINSTATEMENT for one in moves.works),
    }


def moves_to_dict(moves: Moves) -> dict[str, Any]:
    """Return the moves as `--json` prints them."""
    return {
        "first": _audit_to_dict(moves.first),
        "second": _audit_to_dict(moves.second),
        "summary": summarize(moves),
        "status": [_move_to_dict(one) for one in moves.status],
        "strength": [_move_to_dict(one) for one in moves.strength],
        "grounds": [_move_to_dict(one) for one in moves.grounds],
        "new": [_move_to_dict(one) for one in moves.new],
        "gone": [_move_to_dict(one) for one in moves.gone],
        "works": [
            {
                "name": one.name,
                "title": one.title,
                "kind": one.kind,
                "said": one.said,
                "before": one.before,
                "new_notices": list(one.new),
                "claims": one.claims,
            }
            for one in moves.works
        ],
    }


def _audit_to_dict(audit: AuditRun) -> dict[str, Any]:
    counts = {status.value: number for status, number in audit.counts.items()}
    return {"run": audit.run, "date": audit.date, "rules": audit.rules, "counts": counts}


def _move_to_dict(move: ClaimMove) -> dict[str, Any]:
    place = {"id": move.id, "path": move.path, "line": move.line, "text": move.text}
    return place | {
        "from": _said_to_dict(move.before),
        "to": _said_to_dict(move.after),
        "why": list(move.why),
    }


def _said_to_dict(said: Said | None) -> dict[str, Any] | None:
    if said is None:
        return None
    return {
        "status": said.status.value,
        "level": said.level,
        "strength": None if said.strength is None else STRENGTHS[said.strength],
        "flags": list(said.flags),
        "works": None
        if said.works is None
        else [{"name": name, "counted": counted, "why": why} for name, (counted, why) in said.works.items()],
    }


def moves_lines(moves: Moves, *, top: int = 20) -> Iterator[str]:
    """Yield the moves in lines for a terminal.

    Args:
        moves: what moved.
        top: how many of each kind to show; 0 for all.
    """
    first, second = moves.first, moves.second
    yield f"audit {first.run} ({first.date}) -> audit {second.run} ({second.date})"
    if first.rules != second.rules:
        yield f"rules {first.rules} -> {second.rules}: some of this may be due to the rules"
    summary = summarize(moves)
    if not any(summary.values()):
        yield "nothing moved"
        return
    yield "claims: {claims_new} new, {claims_gone} gone, {weaker} weaker, {stronger} stronger".format(**summary)
    for status in Status:
        was, now = first.counts[status], second.counts[status]
        if was != now:
            yield f"  {status.value:<20} {was:>7} -> {now:<7} ({now - was:+d})"
    yield from _listed("works with new notices, or that stand otherwise:", moves.works, top, _work_lines)
    yield from _listed("other status:", moves.status, top, _status_lines)
    yield from _listed("same status, other level or strength:", moves.strength, top, _status_lines)
    cited = [one for one in moves.new if one.after is not None and one.after.status is not Status.UNCITED]
    yield from _listed("new claims that cite:", cited, top, _new_lines)
    lost = [one for one in moves.gone if one.before is not None and one.before.status is not Status.UNCITED]
    yield from _listed("gone, and cited:", lost, top, _gone_lines)
    bare = len(moves.new) - len(cited), len(moves.gone) - len(lost)
    if any(bare):
        yield f"and without a citation: {bare[0]} new, {bare[1]} gone"
    if moves.grounds:
        yield f"and {len(moves.grounds)} with the same verdict on other grounds (all of them with --json)"


def _listed(title: str, items: Sequence[Any], top: int, lines: Any) -> Iterator[str]:
    if not items:
        return
    yield ""
    yield title
    shown: Iterable[Any] = items[:top] if top else items
    for one in shown:
        yield from lines(one)
    if top and len(items) > top:
        yield f"  and {len(items) - top} more"


def _work_lines(one: WorkMove) -> Iterator[str]:
    claims = "1 claim cites it" if one.claims == 1 else f"{one.claims} claims cite it"
    yield f"  {one.name}  {shorten(bare_title(one.title or 'title not known'), _WIDTH)}"
    yield f"    {one.said}" + (f" (was: {one.before})" if one.before else "") + f"; {claims}"


def _status_lines(one: ClaimMove) -> Iterator[str]:
    yield f"  {_place(one)}  {_verdict(one.before)} -> {_verdict(one.after)}"
    yield f"    {shorten(one.text or '', _WIDTH)}"
    for why in one.why:
        yield f"    - {why}"


def _new_lines(one: ClaimMove) -> Iterator[str]:
    yield f"  {_place(one)}  {_verdict(one.after)}  {shorten(one.text or '', _WIDTH)}"


def _gone_lines(one: ClaimMove) -> Iterator[str]:
    yield f"  {_place(one)}  was {_verdict(one.before)}  {shorten(one.text or '', _WIDTH)}"


def _place(one: ClaimMove) -> str:
    return f"{one.path}:{one.line}" if one.path else f"[{one.id}]"


def _verdict(said: Said | None) -> str:
    if said is None:
        return "-"
    if said.level is None or said.strength is None:
        return said.status.value
    return f"{said.status.value} ({said.level}, {STRENGTHS[said.strength]})"
