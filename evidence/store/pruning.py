"""Removes what no page needs any more."""

from __future__ import annotations

from sqlalchemy import and_, delete, exists, select, tuple_
from sqlalchemy.orm import Session

from evidence.store import models
from evidence.store.chunks import in_chunks


def prune_works(session: Session) -> int:
    """Delete the works that no page names by any identifier, with their records and look-ups; return how many.

    Citekeys stay, so that none is ever given to another work.
    """
    named = models.WorkIdentifier
    work_ids = list(
        session.execute(
            select(models.Work.id)
            .where(
                ~exists().where(
                    named.work_id == models.Work.id,
                    exists().where(
                        and_(models.Identifier.scheme == named.scheme, models.Identifier.value == named.value),
                    ),
                ),
            )
            .order_by(models.Work.id),
        ).scalars(),
    )
    for chunk in in_chunks(work_ids, 200):
        identifiers = [
            (row.scheme, row.value)
            for row in session.execute(select(named.scheme, named.value).where(named.work_id.in_(chunk)))
        ]
        for table in (models.Record, models.Lookup):
            session.execute(delete(table).where(tuple_(table.scheme, table.value).in_(identifiers)))
        session.execute(delete(models.Work).where(models.Work.id.in_(chunk)))
    return len(work_ids)
