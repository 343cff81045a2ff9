"""Removes what no page needs any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.vocabulary import ALIAS

# In the place of a work's number, which begin at 1.
NO_WORK = 0


def prune_works(session: Session) -> int:
    """Delete the works that no page names by any identifier, with their records and look-ups; return how many.

    A notice of a work that a page names stays: it may be all that tells of a retraction.
    Citekeys stay, so that none is ever given to another work.
    """
    named = models.WorkIdentifier
    query = (
        select(models.Work.id)
        .where(~_is_named(models.Work.id), ~_is_notice_of_named(models.Work.id))
        .order_by(models.Work.id)
    )
    work_ids = list(session.scalars(query))
    for chunk in in_chunks(work_ids, 200):
        identifiers = [
            (row.scheme, row.value)
            for row in session.execute(select(named.scheme, named.value).where(named.work_id.in_(chunk)))
        ]
        for table in (models.Record, models.State, models.Lookup):
            session.execute(delete(table).where(tuple_(table.scheme, table.value).in_(identifiers)))
        _release_keys(session, chunk)
        session.execute(delete(models.Work).where(models.Work.id.in_(chunk)))
    return len(work_ids)


def _release_keys(session: Session, work_ids: Sequence[int]) -> None:
    """Keep the keys of works that go for their identifiers, so that a work that comes back has its key again.

    SQLite gives the number of a deleted row to a new one, which must not come by the old one's key.
    """
    named, key = models.WorkIdentifier, models.Citekey
    order = case({"doi": 0, "pmid": 1}, value=named.scheme, else_=2)
    query = (
        select(named.work_id, named.scheme, named.value)
        .join(key, key.work_id == named.work_id)
        .where(named.work_id.in_(work_ids), named.source != ALIAS)
        .order_by(order.desc(), named.value.desc())
    )
    # The last one of a work is its DOI, where it has one.
    names = {work_id: (scheme, value) for work_id, scheme, value in session.execute(query)}
    for work_id, (scheme, value) in sorted(names.items()):
        session.execute(update(key).where(key.work_id == work_id).values(scheme=scheme, value=value))
    session.execute(update(key).where(key.work_id.in_(work_ids)).values(work_id=NO_WORK))


def _is_named(work_id: Any) -> ColumnElement[bool]:
    link = aliased(models.WorkIdentifier)
    return exists().where(link.work_id == work_id, _on_a_page(link))


def _is_notice_of_named(work_id: Any) -> ColumnElement[bool]:
    relation, link = models.Relation, aliased(models.WorkIdentifier)
    target = exists().where(link.scheme == relation.scheme, link.value == relation.value, _is_named(link.work_id))
    return exists().where(
        relation.work_id == work_id, relation.notice_kind.is_not(None), or_(target, _on_a_page(relation))
    )


def _on_a_page(named: Any) -> ColumnElement[bool]:
    identifier = models.Identifier
    return exists().where(and_(identifier.scheme == named.scheme, identifier.value == named.value))
