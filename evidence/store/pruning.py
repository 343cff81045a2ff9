"""Removes what no page needs any more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from evidence.store import models
from evidence.store.chunks import in_chunks

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
        # SQLite gives the number of a deleted row to a new one, which must not come by the old one's key.
        session.execute(update(models.Citekey).where(models.Citekey.work_id.in_(chunk)).values(work_id=NO_WORK))
        session.execute(delete(models.Work).where(models.Work.id.in_(chunk)))
    return len(work_ids)


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
