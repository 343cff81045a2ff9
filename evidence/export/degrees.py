"""What registries call a thesis, read from the records as they sent them: the works themselves do not keep it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.export.abstracts import unpacked
from evidence.export.genres import genre_of_degree, plain_genre
from evidence.export.rows import stream_rows
from evidence.markup import plain
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.vocabulary import Source

_MAX_CHARS = 200


def read_genres(session: Session, work_ids: Sequence[int]) -> dict[int, str]:
    """Return what registries call theses, by the numbers of the works: they are few, so their records are read."""
    link, record = models.WorkIdentifier, models.Record
    found: dict[int, str] = {}
    for chunk in in_chunks(work_ids, 100):
        query = (
            sa.select(link.work_id, record.payload)
            .join(record, sa.and_(record.scheme == link.scheme, record.value == link.value))
            .where(link.work_id.in_(chunk), record.source.in_((Source.CROSSREF.value, Source.AGENCY.value)))
            # Crossref comes behind the agencies, and so counts.
            .order_by(link.work_id, record.source, record.value)
        )
        for work_id, payload in stream_rows(session, query, at_once=20):
            if genre := read_genre(payload):
                found[work_id] = genre
    return found


def read_genre(payload: bytes) -> str | None:
    """Return what a kept record of Crossref or of an agency calls a thesis; None where it does not say.

    >>> import zlib
    >>> read_genre(zlib.compress(b'{"degree": ["PhD"]}')), read_genre(zlib.compress(b'{"genre": "Diplomarbeit"}'))
    ('PhD thesis', 'Diplomarbeit')
    """
    try:
        content = json.loads(unpacked(payload))
    except (ValueError, RecursionError):
        # What is damaged is told where the work itself is read from it.
        return None
    if not isinstance(content, dict):
        return None
    if degree := _first_text(content.get("degree")):
        return genre_of_degree(degree)
    return plain_genre(_first_text(content.get("genre")))


def _first_text(value: Any) -> str | None:
    first = value[0] if isinstance(value, list) and value else value
    return plain(first, limit=_MAX_CHARS)
