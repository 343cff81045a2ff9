"""What the registries said -> the store, one batch in one transaction.

A work is made anew from all of its records each time one of them comes in, so that a new answer replaces the old one
of the same source, works that prove to be one become one, and works that were one by mistake come apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, or_, select, true, tuple_, update
from sqlalchemy.orm import Session

from evidence.notices import WorkNotice
from evidence.records import AuthorName, LookupResult, NoticeRecord, Reference, WorkRecord
from evidence.resolve.changes import WorkChange, compare
from evidence.resolve.kept import VERSION, compress, read_record, read_state, with_state
from evidence.resolve.merging import (
    Group,
    MergedWork,
    disputed_references,
    group_records,
    merge_group,
    own_reference,
)
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.store.queries import list_notices_of_works, list_references_of_work
from evidence.vocabulary import ALIAS, UNCONFIRMED, Outcome, Scheme, Source

# Works that are made anew in one transaction.
_REBUILT_AT_ONCE = 200

_Key = tuple[Source, Reference]


@dataclass(frozen=True, slots=True)
class Ages:
    """The days after which an answer is asked for again."""

    resolved: int
    not_found: int


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice that the store did not have."""

    references: tuple[Reference, ...]
    title: str | None
    source: Source
    notice: NoticeRecord


@dataclass(slots=True)
class Saved:
    """What a batch brought.

    Args:
        new_notices: those that the store did not have.
        changes: what registries say otherwise than the last time.
        states: how many works' notices were asked for apart from their metadata.
    """

    new_notices: list[NewNotice] = field(default_factory=list)
    changes: list[WorkChange] = field(default_factory=list)
    states: int = 0

    def add(self, other: Saved) -> None:
        """Take in what another batch brought."""
        self.new_notices += other.new_notices
        self.changes += other.changes
        self.states += other.states


@dataclass(slots=True)
class _Affected:
    """The stored works that new records bear on."""

    identifiers: dict[Reference, int] = field(default_factory=dict)
    work_ids: set[int] = field(default_factory=set)


def save_results(session: Session, results: Sequence[LookupResult], now: dt.datetime, ages: Ages) -> Saved:
    """Write how look-ups ended, and what they found.

    Args:
        session: in a transaction, which the caller ends.
        results: of one batch.
        now: when they were asked.
        ages: how long they hold.

    Returns:
        What is new and what has changed.
    """
    _write_lookups(session, [result for result in results if not result.is_state], now, ages)
    records: dict[_Key, tuple[WorkRecord, bytes]] = {}
    states: dict[_Key, tuple[WorkRecord, bytes]] = {}
    for result in results:
        if result.record is not None and result.payload is not None:
            found = states if result.is_state else records
            found[result.record.source, own_reference(result.record)] = (result.record, result.payload)
    before = _read_before(session, {*records, *states})
    _write(session, models.Record, records, now)
    _forget_states(session, records)
    _write(session, models.State, states, now)
    incoming = {key: record for key, (record, _payload) in records.items()}
    for key, (state, _payload) in states.items():
        # Most states tell nothing new, and a work that stays as it is need not be made anew.
        if key not in records and key in before and (record := with_state(before[key], state)) != before[key]:
            incoming[key] = record
    changes = (compare(before[key], record) for key, record in incoming.items() if key in before)
    new_notices = _rebuild_works(session, incoming)
    return Saved(new_notices, [change for change in changes if change is not None], len(states))


def rebuild_works(transaction: Callable[[], AbstractContextManager[Session]], *, everything: bool = False) -> int:
    """Make works anew from their kept records, without asking anybody; return how many.

    Args:
        transaction: opens a session in a transaction, one for some works at a time.
        everything: also those that this version of the mapping has made.
    """
    table = models.Work
    is_old = true() if everything else or_(table.mapping.is_(None), table.mapping != VERSION)
    with transaction() as session:
        work_ids = list(session.scalars(select(table.id).where(is_old).order_by(table.id)))
    for chunk in in_chunks(work_ids, _REBUILT_AT_ONCE):
        with transaction() as session:
            _rebuild(session, chunk)
            # One without a record, or with a damaged one only, stays as it is and is not tried each time.
            session.execute(update(table).where(table.id.in_(chunk)).values(mapping=VERSION))
    return len(work_ids)


def _rebuild(session: Session, work_ids: Collection[int]) -> None:
    table = models.WorkIdentifier
    rows = session.execute(select(table.scheme, table.value).where(table.work_id.in_(work_ids)))
    affected = _find_affected(session, {Reference(Scheme(scheme), value) for scheme, value in rows})
    _make_works(session, list(_read_kept(session, affected.identifiers).values()), affected)


def _write_lookups(session: Session, results: Sequence[LookupResult], now: dt.datetime, ages: Ages) -> None:
    table = models.Lookup
    days = {
        Outcome.RESOLVED: ages.resolved,
        Outcome.OTHER_AGENCY: ages.resolved,
        Outcome.NOT_FOUND: ages.not_found,
    }
    rows = {
        (result.source.value, result.asked.scheme.value, result.asked.value): {
            "source": result.source.value,
            "scheme": result.asked.scheme.value,
            "value": result.asked.value,
            "outcome": result.outcome.value,
            "reason": result.reason,
            "asked_at": now,
            "ask_again_at": now + dt.timedelta(days=days[result.outcome])
            if result.outcome in days
            else result.ask_again_at,
        }
        for result in results
    }
    for keys in in_chunks(sorted(rows)):
        _keep_confirmed(session, [rows[key] for key in keys])
        session.execute(delete(table).where(tuple_(table.source, table.scheme, table.value).in_(keys)))
        session.execute(insert(table), [rows[key] for key in keys])


def release_refused(session: Session, sources: Iterable[Source], held_until: dt.datetime, now: dt.datetime) -> None:
    """Have look-ups at some sources made again at once that were put off until some time since they were refused."""
    table = models.Lookup
    for source in sources:
        session.execute(
            update(table)
            .where(table.source == source, table.outcome == Outcome.FAILED, table.ask_again_at == held_until)
            .values(ask_again_at=now)
        )


def _keep_confirmed(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Leave "not found" as it was where asking again failed: an outage does not make a missing work exist.

    It is asked for again at once, and the reason says that it could not be confirmed.
    """
    table = models.Lookup
    failed = {(row["source"], row["scheme"], row["value"]): row for row in rows if row["outcome"] == Outcome.FAILED}
    if not failed:
        return
    known = select(table.source, table.scheme, table.value, table.asked_at).where(
        table.outcome == Outcome.NOT_FOUND,
        tuple_(table.source, table.scheme, table.value).in_(list(failed)),
    )
    for source, scheme, value, asked_at in session.execute(known):
        row = failed[source, scheme, value]
        said = f"{UNCONFIRMED}{asked_at:%Y-%m-%d}; asked again: {row['reason']}"
        row |= {"outcome": Outcome.NOT_FOUND.value, "reason": said, "asked_at": asked_at}


def _read_before(session: Session, keys: Collection[_Key]) -> dict[_Key, WorkRecord]:
    """Return what was kept under some keys until now."""
    kept = _read_kept(session, {reference for _source, reference in keys})
    return {key: record for key, record in kept.items() if key in keys}


def _write(
    session: Session,
    table: type[models.Record | models.State],
    found: Mapping[_Key, tuple[WorkRecord, bytes]],
    now: dt.datetime,
) -> None:
    rows = {
        (source.value, own.scheme.value, own.value): {
            "source": source.value,
            "scheme": own.scheme.value,
            "value": own.value,
            "fetched_at": now,
            "payload": compress(payload),
        }
        for (source, own), (_record, payload) in found.items()
    }
    for keys in in_chunks(sorted(rows)):
        session.execute(delete(table).where(tuple_(table.source, table.scheme, table.value).in_(keys)))
        session.execute(insert(table), [rows[key] for key in keys])


def _forget_states(session: Session, keys: Iterable[_Key]) -> None:
    """Delete states that are older than the record that has just come."""
    table = models.State
    for chunk in in_chunks(sorted((source.value, own.scheme.value, own.value) for source, own in keys)):
        session.execute(delete(table).where(tuple_(table.source, table.scheme, table.value).in_(chunk)))


def _rebuild_works(session: Session, incoming: Mapping[_Key, WorkRecord]) -> list[NewNotice]:
    if not incoming:
        return []
    affected = _find_affected(session, {one for record in incoming.values() for one in record.identifiers})
    kept = _read_kept(session, affected.identifiers, incoming)
    return _make_works(session, [*incoming.values(), *kept.values()], affected)


def _make_works(session: Session, records: Sequence[WorkRecord], affected: _Affected) -> list[NewNotice]:
    groups = group_records(records)
    merged = [merge_group(group) for group in groups]
    ids = _assign_ids(groups, affected)
    targets = {Reference(Scheme(one.scheme), one.value) for work in merged for _, one in work.relations if one.notice}
    before = list_notices_of_works(session, affected.work_ids | _works_of(session, targets))
    _retire(session, groups, ids, affected)
    work_ids = _write_works(session, groups, merged, ids)
    _write_children(session, groups, merged, work_ids)
    return _find_new_notices(session, {*work_ids, *_works_of(session, targets)}, affected, before)


def _find_new_notices(
    session: Session, work_ids: Collection[int], affected: _Affected, before: Mapping[int, Sequence[WorkNotice]]
) -> list[NewNotice]:
    """Return the notices that works did not have before, of the records that have come and of those that these name."""
    found = []
    for work_id, notices in sorted(list_notices_of_works(session, work_ids).items()):
        references = list_references_of_work(session, work_id)
        # A work may have been several before, and had another number.
        old_ids = {work_id, *(affected.identifiers[one] for one in references if one in affected.identifiers)}
        known = {_notice_key(notice) for old_id in old_ids for notice in before.get(old_id, ())}
        title = session.scalar(select(models.Work.title).where(models.Work.id == work_id))
        found += [
            NewNotice(tuple(references), title, Source(one.source), _record_of(one))
            for one in notices
            if _notice_key(one) not in known
        ]
    return found


def _works_of(session: Session, references: Collection[Reference]) -> set[int]:
    table = models.WorkIdentifier
    found: set[int] = set()
    for chunk in in_chunks(sorted(references)):
        query = select(table.work_id).where(tuple_(table.scheme, table.value).in_([(*one,) for one in chunk]))
        found.update(session.scalars(query))
    return found


def _find_affected(session: Session, references: Iterable[Reference]) -> _Affected:
    """Return every stored work that has one of the identifiers or is in dispute over one, and on from those."""
    table, dispute = models.WorkIdentifier, models.Dispute
    affected = _Affected()
    open_references = set(references)
    seen: set[Reference] = set()
    while open_references:
        seen |= open_references
        new_ids: set[int] = set()
        for chunk in in_chunks(sorted(open_references)):
            for column in (table, dispute):
                keys = [(*one,) for one in chunk]
                query = select(column.work_id).where(tuple_(column.scheme, column.value).in_(keys))
                new_ids.update(session.scalars(query))
        new_ids -= affected.work_ids
        affected.work_ids |= new_ids
        open_references = set()
        for ids in in_chunks(sorted(new_ids)):
            rows = session.execute(select(table.scheme, table.value, table.work_id).where(table.work_id.in_(ids)))
            mine = {Reference(Scheme(scheme), value): work_id for scheme, value, work_id in rows}
            affected.identifiers.update(mine)
            disputed = session.execute(select(dispute.scheme, dispute.value).where(dispute.work_id.in_(ids)))
            # Others may be in dispute over what this work has.
            open_references.update(mine, (Reference(Scheme(scheme), value) for scheme, value in disputed))
        open_references -= seen
    return affected


def _read_kept(
    session: Session,
    identifiers: Iterable[Reference],
    replaced: Collection[_Key] = (),
) -> dict[_Key, WorkRecord]:
    """Return the kept records of these identifiers as their newer states have them.

    Args:
        session: open.
        identifiers: those that records are kept under.
        replaced: what to leave out, for it has just been replaced.
    """
    found: dict[_Key, WorkRecord] = {}
    for chunk in in_chunks(sorted(identifiers)):
        states = dict(_read_payloads(session, models.State, chunk))
        for key, payload in _read_payloads(session, models.Record, chunk):
            record = read_record(key[0], payload) if key not in replaced else None
            if record is not None:
                state = read_state(key[0], states[key]) if key in states else None
                found[key] = with_state(record, state) if state is not None else record
    return found


def _read_payloads(
    session: Session, table: type[models.Record | models.State], identifiers: Sequence[Reference]
) -> Iterator[tuple[_Key, bytes]]:
    query = select(table.source, table.scheme, table.value, table.payload).where(
        tuple_(table.scheme, table.value).in_([(*one,) for one in identifiers])
    )
    for source, scheme, value, payload in session.execute(query):
        yield (Source(source), Reference(Scheme(scheme), value)), payload


def _assign_ids(groups: Sequence[Group], affected: _Affected) -> list[int | None]:
    """Return each group's work: the oldest that held one of its identifiers and that no other group has; or None."""
    candidates = [
        sorted({affected.identifiers[one] for one in group.identifiers if one in affected.identifiers})
        for group in groups
    ]
    ids: list[int | None] = [None] * len(groups)
    taken: set[int] = set()
    # A work's own identifiers settle it where two groups come from one work.
    order = sorted(range(len(groups)), key=lambda index: (candidates[index] or [0], index))
    for index in order:
        ids[index] = next((work_id for work_id in candidates[index] if work_id not in taken), None)
        if (work_id := ids[index]) is not None:
            taken.add(work_id)
    return ids


def _hand_over_keys(session: Session, old: int, survivor: int) -> None:
    """Give the citekeys of a work to another one, of which the first by its letters stays the key of both."""
    key = models.Citekey
    session.execute(update(key).where(key.work_id == old).values(work_id=survivor))
    _, *others = sorted(session.scalars(select(key.folded).where(key.work_id == survivor, ~key.is_alias))) or [""]
    if others:
        session.execute(update(key).where(key.folded.in_(others)).values(is_alias=True))


def _retire(session: Session, groups: Sequence[Group], ids: Sequence[int | None], affected: _Affected) -> None:
    """Delete works that became part of others; their citekeys go to the older work."""
    survivors: dict[int, int] = {}
    for group, work_id in zip(groups, ids, strict=True):
        for one in group.identifiers:
            old = affected.identifiers.get(one)
            if old is not None and work_id is not None and old not in ids:
                survivors[old] = work_id
    for old, survivor in sorted(survivors.items()):
        _hand_over_keys(session, old, survivor)
    kept = sorted(work_id for work_id in ids if work_id is not None)
    for chunk in in_chunks(sorted({*survivors, *kept})):
        for table in (
            models.WorkIdentifier,
            models.Authorship,
            models.Editorship,
            models.Notice,
            models.Relation,
            models.Dispute,
        ):
            session.execute(delete(table).where(table.work_id.in_(chunk)))
    for chunk in in_chunks(sorted(survivors)):
        session.execute(delete(models.Work).where(models.Work.id.in_(chunk)))


def _write_works(
    session: Session,
    groups: Sequence[Group],
    merged: Sequence[MergedWork],
    ids: Sequence[int | None],
) -> list[int]:
    rows = [
        {
            **work.fields,
            "field_sources": dict(work.field_sources),
            "conflicts": group.conflicts,
            "mapping": VERSION,
        }
        for group, work in zip(groups, merged, strict=True)
    ]
    old = [{**row, "id": work_id} for row, work_id in zip(rows, ids, strict=True) if work_id is not None]
    new = [row for row, work_id in zip(rows, ids, strict=True) if work_id is None]
    if old:
        session.execute(update(models.Work), old)
    made: list[int] = []
    if new:
        made = list(session.scalars(insert(models.Work).returning(models.Work.id, sort_by_parameter_order=True), new))
    fresh = iter(made)
    return [next(fresh) if work_id is None else work_id for work_id in ids]


def _write_children(
    session: Session,
    groups: Sequence[Group],
    merged: Sequence[MergedWork],
    work_ids: Sequence[int],
) -> None:
    authors = _author_ids(session, {one for work in merged for one in (*work.authors, *work.editors)})
    identifiers: list[dict[str, Any]] = []
    authorships: list[dict[str, Any]] = []
    editorships: list[dict[str, Any]] = []
    notices: list[dict[str, Any]] = []
    relations: list[dict[str, Any]] = []
    disputes: list[dict[str, Any]] = []
    for group, work, work_id in zip(groups, merged, work_ids, strict=True):
        identifiers += [
            {
                "scheme": one.scheme.value,
                "value": one.value,
                "work_id": work_id,
                "source": ALIAS if one in group.aliases else source.value,
            }
            for one, source in group.identifiers.items()
        ]
        authorships += [
            {"work_id": work_id, "position": position, "author_id": authors[author]}
            for position, author in enumerate(work.authors)
        ]
        editorships += [
            {"work_id": work_id, "position": position, "author_id": authors[editor]}
            for position, editor in enumerate(work.editors)
        ]
        notices += [{"work_id": work_id, **_notice_row(source, notice)} for source, notice in work.notices]
        disputes += [
            {"work_id": work_id, "scheme": one.scheme.value, "value": one.value}
            for one in sorted(set(disputed_references(group.conflicts)))
        ]
        relations += [
            {
                "work_id": work_id,
                "kind": relation.kind.value,
                "scheme": str(relation.scheme),
                "value": relation.value,
                "source": source.value,
                **_relation_notice(relation.notice),
            }
            for source, relation in work.relations
        ]
    for table, rows in (
        (models.WorkIdentifier, identifiers),
        (models.Authorship, authorships),
        (models.Editorship, editorships),
        (models.Notice, notices),
        (models.Relation, relations),
        (models.Dispute, disputes),
    ):
        if rows:
            session.execute(insert(table), rows)


def _notice_row(source: Source, notice: NoticeRecord) -> dict[str, Any]:
    return {
        "kind": notice.kind.value,
        "date": notice.date,
        "scheme": notice.identifier.scheme.value if notice.identifier else None,
        "value": notice.identifier.value if notice.identifier else None,
        "source": source.value,
        "asserted_by": notice.asserted_by,
        "record_id": notice.record_id,
    }


def _relation_notice(notice: NoticeRecord | None) -> dict[str, Any]:
    return {
        "notice_kind": notice.kind.value if notice else None,
        "notice_date": notice.date if notice else None,
        "asserted_by": notice.asserted_by if notice else None,
        "record_id": notice.record_id if notice else None,
    }


def _notice_key(notice: WorkNotice) -> tuple[Any, ...]:
    # A number that comes later makes no new notice.
    return notice.kind, notice.date, notice.identifier, notice.source, notice.asserted_by


def _record_of(notice: WorkNotice) -> NoticeRecord:
    return NoticeRecord(notice.kind, notice.date, notice.identifier, notice.asserted_by, notice.record_id)


def _author_ids(session: Session, names: Collection[AuthorName]) -> dict[AuthorName, int]:
    """Return the row of each name, made where there is none."""
    found = _read_authors(session, names)
    missing = sorted({name for name in names if name not in found}, key=_name_key)
    if missing:
        rows = [
            {"family": one.family, "given": one.given, "orcid": one.orcid, "collective": one.collective}
            for one in missing
        ]
        # Read again, since a statement that returns the new rows in order is one for each row on SQLite.
        session.execute(insert(models.Author), rows)
        found |= _read_authors(session, missing)
    return found


def _read_authors(session: Session, names: Collection[AuthorName]) -> dict[AuthorName, int]:
    table = models.Author
    found: dict[AuthorName, int] = {}
    columns = (table.id, table.family, table.given, table.orcid, table.collective)
    families = {name.family for name in names if name.family}
    groups = {name.collective for name in names if name.collective}
    query = select(*columns).order_by(table.id)
    queries = [query.where(table.family.in_(chunk)) for chunk in in_chunks(sorted(families))]
    queries += [query.where(table.collective.in_(chunk)) for chunk in in_chunks(sorted(groups))]
    if any(not name.family and not name.collective for name in names):
        queries.append(query.where(table.family.is_(None), table.collective.is_(None)))
    for one in queries:
        for author_id, *parts in session.execute(one):
            found.setdefault(AuthorName(*parts), author_id)
    return found


def _name_key(name: AuthorName) -> tuple[str, str, str, str]:
    return (name.family or "", name.given or "", name.orcid or "", name.collective or "")
