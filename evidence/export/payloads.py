"""The records of works as registries sent them, for what the works themselves do not keep. Only few are read so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.export.abstracts import unpacked
from evidence.export.rows import stream_rows
from evidence.markup import plain
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.vocabulary import Source

_MAX_CHARS = 200


def read_payloads(session: Session, work_ids: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the kept records of works with their numbers: those of agencies, and behind them Crossref's, which counts.

    What is damaged is left out: it is told where the work itself is read from it.
    """
    link, record = models.WorkIdentifier, models.Record
    for chunk in in_chunks(work_ids, 100):
        query = (
            sa.select(link.work_id, record.payload)
            .join(record, sa.and_(record.scheme == link.scheme, record.value == link.value))
            .where(link.work_id.in_(chunk), record.source.in_((Source.CROSSREF.value, Source.AGENCY.value)))
            .order_by(link.work_id, record.source, record.value)
        )
        for work_id, payload in stream_rows(session, query, at_once=20):
            try:
                content = json.loads(unpacked(payload))
            except (ValueError, RecursionError):
                continue
            if isinstance(content, dict):
                yield work_id, content


def first_text(value: Any) -> str | None:
    """Return a text of a record, or the first of a list of such, without its markup.

    >>> first_text(["PhD"]), first_text([]), first_text(7)
    ('PhD', None, None)
    """
    first = value[0] if isinstance(value, list) and value else value
    return plain(first, limit=_MAX_CHARS)
