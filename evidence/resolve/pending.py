"""Answers that settle nothing by themselves, kept until the look-ups that they belong to have ended.

A DOI that Crossref's list leaves out is asked for alone, then its agency is; a search in PubMed finds PMIDs, whose
records are then fetched. A run that is stopped between two such steps goes on with the next one, and asks nothing
again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from evidence.records import Reference
from evidence.resolve import asking
from evidence.resolve.asking import Question, Reply
from evidence.resolve.wanted import Ask, PastLookup, as_utc
from evidence.store import models
from evidence.vocabulary import Scheme, Source

# A registry may have learned of a work since: a run that is taken up later asks from the beginning.
_HOLDS = dt.timedelta(days=1)
_SEARCH, _CONVERSION, _NEIGHBOUR = "search", "conversion", "neighbour"


@dataclass(frozen=True, slots=True)
class Step:
    """One answer on the way.

    Args:
        kind: the question that follows, or what was found: a search, a conversion, a neighbour.
        values: the identifiers that the answer was about.
        hits: the PMIDs that a search or the converter found.
        asked_at: when it was given, if that was in an earlier run.
    """

    kind: str
    values: tuple[str, ...]
    hits: tuple[str, ...] = ()
    asked_at: dt.datetime | None = field(default=None, compare=False)

    @property
    def is_search(self) -> bool:
        """Whether its hits tell of its identifiers."""
        return self.kind in {_SEARCH, _CONVERSION}

    @property
    def is_converted(self) -> bool:
        """Whether the converter found the hits."""
        return self.kind == _CONVERSION

    @property
    def asks(self) -> list[Ask]:
        """The look-ups that it is part of."""
        if self.is_search:
            return [Ask(Source.PUBMED, Reference(Scheme.DOI, value)) for value in self.values]
        if self.kind == _NEIGHBOUR:
            return []
        return [Ask(one.source, Reference(one.scheme, value)) for one in self.questions() for value in one.values]

    def questions(self) -> list[Question]:
        """Return the questions that follow."""
        return asking.following_questions(self.kind, self.values)


def steps_of(reply: Reply) -> Iterator[Step]:
    """Yield what of a reply is to be kept: the questions that follow an answer, and the hits of a search."""
    if reply.error is not None:
        return
    if reply.hits is not None:
        found = _CONVERSION if reply.question.source is Source.IDCONV else _SEARCH
        yield Step(found, reply.question.values, tuple(reply.hits))
    following: dict[str, list[str]] = {}
    for question in reply.more:
        if (kind := asking.following_kind(question)) is not None:
            following.setdefault(kind, []).extend(question.values)
    for name, values in following.items():
        yield Step(name, tuple(values))


def neighbour_step(pmids: Sequence[str]) -> Step:
    """Return that these records were fetched, and are of works that nobody asked for."""
    return Step(_NEIGHBOUR, tuple(pmids))


def write_steps(session: Session, steps: Iterable[Step], now: dt.datetime) -> None:
    """Keep answers on the way."""
    rows = [
        {"kind": one.kind, "identifiers": list(one.values), "hits": list(one.hits), "asked_at": now} for one in steps
    ]
    if rows:
        session.execute(insert(models.Pending), rows)


def forget_steps(session: Session) -> None:
    """Forget all of them: every look-up has ended."""
    session.execute(delete(models.Pending))


def read_steps(session: Session, stale: Iterable[Ask], past: Mapping[Ask, PastLookup], now: dt.datetime) -> list[Step]:
    """Return the answers that a stopped run left, cut down to look-ups that are to be made and have not ended since.

    Args:
        session: open.
        stale: the look-ups to make.
        past: how they ended before, if they did.
        now: answers of more than a day before are left out.
    """
    table = models.Pending
    query = select(table.kind, table.identifiers, table.hits, table.asked_at).order_by(table.id)
    kept = [
        (Step(kind, tuple(values), tuple(hits)), as_utc(asked_at))
        for kind, values, hits, asked_at in session.execute(query)
        if as_utc(asked_at) + _HOLDS > now
    ]
    wanted = set(stale)
    neighbours = {value for step, _ in kept if step.kind == _NEIGHBOUR for value in step.values}
    found: list[Step] = []
    taken: set[Ask] = set()
    # A later step of a look-up takes the place of an earlier one.
    for step, asked_at in reversed(kept):
        if not step.is_search:
            continue
        values = _open_values(step, wanted - taken, past, asked_at)
        taken.update(Step(step.kind, values).asks)
        if values:
            hits = tuple(pmid for pmid in step.hits if pmid not in neighbours)
            found.append(Step(step.kind, values, hits, asked_at))
    wanted |= {Ask(Source.PUBMED, Reference(Scheme.PMID, pmid)) for step in found for pmid in step.hits}
    for step, asked_at in reversed(kept):
        if step.is_search or step.kind == _NEIGHBOUR:
            continue
        values = _open_values(step, wanted - taken, past, asked_at)
        taken.update(Step(step.kind, values).asks)
        if values:
            found.append(Step(step.kind, values))
    return found


def _open_values(
    step: Step, wanted: set[Ask], past: Mapping[Ask, PastLookup], asked_at: dt.datetime
) -> tuple[str, ...]:
    return tuple(
        value
        # A kind that this program does not know has no look-ups: they are asked for from the beginning.
        for value, ask in zip(step.values, step.asks, strict=False)
        if ask in wanted and (ask not in past or past[ask].asked_at < asked_at)
    )
