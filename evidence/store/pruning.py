"""Removes what no page needs any more."""

from __future__ import annotations

from sqlalchemy import and_, delete, exists, select, tuple_, update
from sqlalchemy.orm import Session

from evidence.store import models
from evidence.store.chunks import in_chunks

# In the place of a work's number, which begin at 1.
NO_WORK = 0


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
        for table in (models.Record, models.State, models.Lookup):
            session.execute(delete(table).where(tuple_(table.scheme, table.value).in_(identifiers)))
        # SQLite gives the number of a deleted row to a new one, which must not come by the old one's key.
        session.execute(update(models.Citekey).where(models.Citekey.work_id.in_(chunk)).values(work_id=NO_WORK))
        session.execute(delete(models.Work).where(models.Work.id.in_(chunk)))
    return len(work_ids)
