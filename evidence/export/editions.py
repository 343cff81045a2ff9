"""Which edition of a book a registry tells of, from the records as they came: the works themselves do not keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from evidence.export.payloads import first_text, read_payloads


def read_editions(session: Session, work_ids: Sequence[int]) -> dict[int, str]:
    """Return the editions of books and of what stands in them, by the numbers of the works."""
    return {
        work_id: edition
        for work_id, content in read_payloads(session, work_ids)
        if (edition := read_edition(content)) is not None
    }


def read_edition(content: Mapping[str, Any]) -> str | None:
    """Return the edition that a record of Crossref or of an agency tells of; None where it does not say.

    >>> read_edition({"edition-number": "3"}), read_edition({"edition": "revised"}), read_edition({})
    ('3', 'revised', None)
    """
    return first_text(content.get("edition-number")) or first_text(content.get("edition")) or None
