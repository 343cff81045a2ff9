"""What registries call a thesis, read from the records as they sent them: the works themselves do not keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from evidence.export.genres import genre_of_degree, plain_genre
from evidence.export.payloads import first_text, read_payloads


def read_genres(session: Session, work_ids: Sequence[int]) -> dict[int, str]:
    """Return what registries call theses, by the numbers of the works."""
    return {work_id: genre for work_id, content in read_payloads(session, work_ids) if (genre := read_genre(content))}


def read_genre(content: Mapping[str, Any]) -> str | None:
    """Return what a record of Crossref or of an agency calls a thesis; None where it does not say.

    >>> read_genre({"degree": ["PhD"]}), read_genre({"genre": "Diplomarbeit"})
    ('PhD thesis', 'Diplomarbeit')
    """
    if degree := first_text(content.get("degree")):
        return genre_of_degree(degree)
    return plain_genre(first_text(content.get("genre")))
