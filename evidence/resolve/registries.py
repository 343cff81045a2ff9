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
_TOGETHER = {Source.IDCONV: Source.PUBMED}
# A second is what registries count in; their clocks and ours differ a little.
_FORGOTTEN_AFTER_S = 1.25


class Standing(NamedTuple):
    """When a source was last asked, and until when it asked to be left alone, if it did."""

    asked_at: dt.datetime
    open_again_at: dt.datetime | None


def read_standings(session: Session, hosts: Mapping[Source, str]) -> dict[Source, Standing]:
    """Return what earlier runs have told of each source at its host: another one does not know of us."""
    table = models.Registry
    rows = session.execute(select(table.source, table.host, table.asked_at, table.open_again_at))
    known = {
        (source, host): Standing(as_utc(asked), as_utc(again) if again else None) for source, host, asked, again in rows
    }
    found = {source: known.get((_TOGETHER.get(source, source).value, host)) for source, host in hosts.items()}
    return {source: standing for source, standing in found.items() if standing is not None}


def write_standings(
    session: Session,
    sources: Iterable[Source],
    hosts: Mapping[Source, str],
    now: dt.datetime,
    open_again_at: Mapping[Source, dt.datetime],
) -> None:
    """Keep that these sources have been asked just now, and until when some of them want to be left alone."""
    table = models.Registry
    rows: dict[str, dict[str, object]] = {}
    for source in sorted({*sources, *open_again_at}):
        name = _TOGETHER.get(source, source).value
        again = [moment for one, moment in open_again_at.items() if _TOGETHER.get(one, one).value == name]
        rows[name] = {
            "source": name, "host": hosts[source], "asked_at": now, "open_again_at": max(again, default=None),
        }  # fmt: skip
    for row in rows.values():
        session.execute(delete(table).where(table.source == row["source"], table.host == row["host"]))
    if rows:
        session.execute(insert(table), list(rows.values()))


def seconds_to_wait(standing: Standing, now: dt.datetime) -> float:
    """Return for how long a source still counts the requests of an earlier run.

    >>> asked = dt.datetime(2026, 1, 1, 12, 0, 0, tzinfo=dt.UTC)
    >>> seconds_to_wait(Standing(asked, None), asked + dt.timedelta(seconds=1))
    0.25
    """
    gone_s = (now - standing.asked_at).total_seconds()
    # A clock that was set back must not hold a run up.
    return max(0.0, _FORGOTTEN_AFTER_S - gone_s) if gone_s >= 0 else 0.0
