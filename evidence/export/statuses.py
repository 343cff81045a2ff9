"""What the last whole audit said of the claims that rest on a work, as keywords: the audit keeps it in the store.

Of a claim that counts some of its works as studies these carry its status; else all works that it cites do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.errors import ExportError
from evidence.export.rows import stream_rows
from evidence.records import Reference
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.vocabulary import Status

PREFIX = "evidence:"
HOLDS_ALONE = "holds-alone"
NO_CLAIM = "no-claim"
RETRACTED_WORK = "work-retracted"
DOUBTED_WORK = "work-in-doubt"
# What no work can carry.
_NONE = frozenset({Status.NOT_A_CLAIM, Status.UNCITED})
_WORDS = (HOLDS_ALONE, *(status.value for status in Status if status not in _NONE))
_BIT = {word: 1 << place for place, word in enumerate(_WORDS)}


@dataclass(slots=True)
class AuditStatuses:
    """The words of the last whole audit, and whether it is older than what the pages say now.

    `bits` has them by the number of a work, `others` by the name of what no registry has described.
    """

    bits: dict[int, int] = field(default_factory=dict)
    is_older: bool = False
    others: dict[str, int] = field(default_factory=dict)

    def keywords(self, work_id: int, *, is_retracted: bool, is_in_doubt: bool) -> tuple[str, ...]:
        """Return the keywords of one work, in a fixed order.

        >>> AuditStatuses({7: 1}).keywords(7, is_retracted=False, is_in_doubt=False)
        ('evidence:holds-alone',)
        """
        return _keywords(self.bits.get(work_id, 0), is_retracted=is_retracted, is_in_doubt=is_in_doubt)

    def keywords_of(self, references: Sequence[Reference], *, is_retracted: bool, is_in_doubt: bool) -> tuple[str, ...]:
        """Return the keywords of a work that no registry has described, by its identifiers."""
        bits = 0
        for one in references:
            bits |= self.others.get(f"{one.scheme}:{one.value}", 0)
        return _keywords(bits, is_retracted=is_retracted, is_in_doubt=is_in_doubt)


def _keywords(bits: int, *, is_retracted: bool, is_in_doubt: bool) -> tuple[str, ...]:
    words = [word for word, bit in _BIT.items() if bits & bit] or [NO_CLAIM]
    words += [RETRACTED_WORK] if is_retracted else [DOUBTED_WORK] if is_in_doubt else []
    return tuple(PREFIX + word for word in words)


def read_statuses(session: Session) -> AuditStatuses:
    """Return what the last whole audit said.

    Raises:
        ExportError: there is none.
    """
    run = models.Run
    last = {
        command: session.scalar(
            sa.select(sa.func.max(run.id)).where(run.command == command, run.finished_at.is_not(None))
        )
        for command in ("audit", "refresh")
    }
    if last["audit"] is None:
        raise ExportError("no audit of all pages is kept, so that no status can be written", "run `evidence audit`")
    by_name: dict[str, int] = {}
    for status, works in _said(session):
        for name, said in _bits(status, works):
            by_name[name] = by_name.get(name, 0) | said
    bits, others = _by_work(session, by_name)
    return AuditStatuses(bits, (last["refresh"] or 0) > last["audit"], others)


def _said(session: Session) -> Iterator[tuple[str, list[Any]]]:
    table = models.Verdict
    query = sa.select(table.status, sa.cast(table.works, sa.Text)).where(table.until_run_id.is_(None))
    for status, text in stream_rows(session, query):
        if status in _BIT and text:
            yield status, _list(text)


def _bits(status: str, works: list[Any]) -> Iterator[tuple[str, int]]:
    lines = [one for one in works if isinstance(one, list) and len(one) > 1 and isinstance(one[0], str)]
    counted = [one for one in lines if one[1]]
    bits = _BIT[status] | (_BIT[HOLDS_ALONE] if status == Status.SINGLE_STUDY and counted else 0)
    yield from ((one[0], bits) for one in counted or lines)


def _by_work(session: Session, by_name: dict[str, int]) -> tuple[dict[int, int], dict[str, int]]:
    """Return words by the number of the work that a name such as "doi:10.1000/x" means, and those of other names."""
    link, work = models.WorkIdentifier, models.Work
    values: dict[str, list[str]] = {}
    for name in by_name:
        scheme, _, value = name.partition(":")
        values.setdefault(scheme, []).append(value)
    found: dict[int, int] = {}
    others = dict(by_name)
    for scheme, some in values.items():
        for chunk in in_chunks(sorted(some)):
            query = (
                sa.select(link.value, link.work_id)
                .join(work, work.id == link.work_id)
                .where(link.scheme == scheme, link.value.in_(chunk), work.title.is_not(None))
            )
            for value, work_id in stream_rows(session, query):
                bits = others.pop(f"{scheme}:{value}")
                found[work_id] = found.get(work_id, 0) | bits
    return found, others


def _list(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return []
    return found if isinstance(found, list) else []
