"""What one run tells the next of the registries: when they were asked, and until when they want to be left alone.

Limits are those of a client, not of a process: a run that follows another at once begins when the requests of that one
no longer count.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from evidence.resolve.wanted import as_utc
from evidence.store import models
from evidence.vocabulary import Source

# NCBI counts all its services together.
_SAME_HOST = {Source.PUBMED: Source.IDCONV, Source.IDCONV: Source.PUBMED}
# A second is what registries count in; their clocks and ours differ a little.
_FORGOTTEN_AFTER_S = 1.25


class Standing(NamedTuple):
    """When a source was last asked, and until when it asked to be left alone, if it did."""

    asked_at: dt.datetime
    open_again_at: dt.datetime | None


def read_standings(session: Session) -> dict[Source, Standing]:
    """Return what earlier runs have told of each source."""
    table = models.Registry
    rows = session.execute(select(table.source, table.asked_at, table.open_again_at))
    found = {Source(source): Standing(as_utc(asked), as_utc(again) if again else None) for source, asked, again in rows}
    for source, other in _SAME_HOST.items():
        if other in found:
            mine = found.get(source, found[other])
            again = [one.open_again_at for one in (mine, found[other]) if one.open_again_at]
            found[source] = Standing(max(mine.asked_at, found[other].asked_at), max(again, default=None))
    return found


def write_standings(
    session: Session, sources: Iterable[Source], now: dt.datetime, open_again_at: Mapping[Source, dt.datetime]
) -> None:
    """Keep that these sources have been asked just now, and until when some of them want to be left alone."""
    table = models.Registry
    rows = [{"source": source.value, "asked_at": now, "open_again_at": open_again_at.get(source)} for source in sources]
    if rows:
        session.execute(delete(table).where(table.source.in_([row["source"] for row in rows])))
        session.execute(insert(table), rows)


def seconds_to_wait(standing: Standing, now: dt.datetime) -> float:
    """Return for how long a source still counts the requests of an earlier run.

    >>> asked = dt.datetime(2026, 1, 1, 12, 0, 0, tzinfo=dt.UTC)
    >>> seconds_to_wait(Standing(asked, None), asked + dt.timedelta(seconds=1))
    0.25
    """
    gone_s = (now - standing.asked_at).total_seconds()
    # A clock that was set back must not hold a run up.
    return max(0.0, _FORGOTTEN_AFTER_S - gone_s) if gone_s >= 0 else 0.0
