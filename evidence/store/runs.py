"""The runs: when a `refresh` or `audit` began and ended, and what it counted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from evidence.store import models


def begin_run(session: Session, command: str, *, rules: str | None = None, now: dt.datetime | None = None) -> int:
    """Note that a run begins, now or at a given time; return its number."""
    row = {"command": command, "started_at": now or dt.datetime.now(dt.UTC), "rules": rules, "counts": {}}
    return int(session.execute(insert(models.Run).returning(models.Run.id), row).scalar_one())


def end_run(session: Session, run_id: int, counts: dict[str, Any]) -> None:
    """Note that a run ended well, and what it counted. A run without an end was stopped."""
    values = {"finished_at": dt.datetime.now(dt.UTC), "counts": counts}
    session.execute(update(models.Run).where(models.Run.id == run_id).values(values))
