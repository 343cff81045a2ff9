"""What the mirrors of the registries hold of what is wanted -> the store, before a registry is asked.

An answer from a mirror is as old as its file, so that it is asked for again when its time has come.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from evidence.errors import SourceError
from evidence.mirror.mirror import Answer, Mirror, Progress
from evidence.records import LookupResult, Reference, WorkRecord
from evidence.resolve import crossref, pubmed
from evidence.resolve.merging import own_reference
from evidence.resolve.saving import Ages, Saved, save_results
from evidence.resolve.wanted import Ask
from evidence.store.database import store_errors, writing
from evidence.vocabulary import Outcome, Scheme, Source

logger = logging.getLogger(__name__)

_BATCH = 200
_REASON = "from the mirror"

# What is wanted at this moment, and of when the answers are that the store holds.
_Held = Mapping[Ask, dt.datetime]
_Wanted = tuple[Sequence[Ask], _Held]


@dataclass(slots=True)
class Mirrored:
    """What came from mirrors: the look-ups that they answered, and what these brought."""

    answered: set[Ask] = field(default_factory=set)
    saved: Saved = field(default_factory=Saved)


def take_from_mirrors(
    engine: sa.Engine,
    paths: Iterable[str],
    ages: Ages,
    find_wanted: Callable[[], _Wanted],
    *,
    not_before: dt.datetime | None,
    progress: Progress | None = None,
) -> Mirrored:
    """Store what mirrors hold of what is wanted, and then of what these answers lead to.

    Args:
        engine: the database.
        paths: the folders and files of the mirrors.
        ages: how long answers hold.
        find_wanted: tells what is wanted, anew after each round.
        not_before: older answers are left to the registries; None takes any, for there is nobody else to ask.
        progress: called while files are indexed, and while records are read from them.

    Raises:
        StoreError: the database or the index cannot be read or written.
    """
    mirror: Mirror | None = None
    mirrored = Mirrored()
    tried: set[Ask] = set()
    while True:
        asks, held = find_wanted()
        new = [ask for ask in asks if ask not in tried]
        if not new:
            return mirrored
        tried.update(new)
        mirror = mirror or _brought_up(paths, progress)
        for source, wanted in _by_source(new, held, not_before).items():
            _take(engine, mirror, source, wanted, held, ages, mirrored, progress)


def _brought_up(paths: Iterable[str], progress: Progress | None) -> Mirror:
    mirror = Mirror([Path(path) for path in paths])
    for path in mirror.missing:
        logger.warning("mirror %s: there is no such file or folder; it is left out", path)
    for problem in mirror.update(progress).problems:
        logger.warning("mirror %s", problem)
    return mirror


def _by_source(
    asks: Iterable[Ask], held: _Held, not_before: dt.datetime | None
) -> dict[Source, dict[Reference, dt.datetime | None]]:
    """Return what to look for in whose files, and how new an answer must be to tell more than the store does."""
    wanted: dict[Source, dict[Reference, dt.datetime | None]] = defaultdict(dict)
    for ask in asks:
        # The converter has no bulk file, but PubMed's records name their PMCID.
        source = Source.PUBMED if ask.source is Source.IDCONV else ask.source
        limits = [moment for moment in (held.get(ask), not_before) if moment is not None]
        wanted[source][ask.reference] = max(limits, default=None)
    return wanted


def _take(
    engine: sa.Engine,
    mirror: Mirror,
    source: Source,
    wanted: Mapping[Reference, dt.datetime | None],
    held: _Held,
    ages: Ages,
    mirrored: Mirrored,
    progress: Progress | None,
) -> None:
    waiting: dict[dt.datetime, list[LookupResult]] = defaultdict(list)

    def save(dated: dt.datetime) -> None:
        results = waiting.pop(dated)
        with store_errors(engine), writing(engine) as session:
            saved = save_results(session, results, dated, ages)
        mirrored.saved.add(saved)
        mirrored.answered |= {Ask(result.source, result.asked) for result in results}

    for answer in mirror.find(source, wanted, progress):
        results = _read(source, answer)
        # The store may hold a newer record of the same work, under another of its identifiers.
        newer = {ask for one in results if held.get(ask := Ask(one.source, one.asked), answer.dated) > answer.dated}
        if any(one.record is not None and Ask(source, own_reference(one.record)) in newer for one in results):
            continue
        waiting[answer.dated] += [one for one in results if Ask(one.source, one.asked) not in newer]
        if len(waiting[answer.dated]) >= _BATCH:
            save(answer.dated)
    for dated in sorted(waiting):
        save(dated)


def _read(source: Source, answer: Answer) -> list[LookupResult]:
    """Return the look-ups that a record of a mirror answers; none where it cannot be read or is another work's."""
    try:
        record = _record(source, answer.payload)
    except (SourceError, ValueError, RecursionError) as error:
        logger.warning("mirror: the record of %s cannot be read: %s", answer.references[0].value, error)
        return []
    named = [one for one in answer.references if one in record.identifiers]
    if not named:
        return []
    own = [one for one in record.identifiers if one.scheme is not Scheme.PMCID]
    results = [
        LookupResult(source, one, Outcome.RESOLVED, _REASON, record, answer.payload, answer.dated) for one in own
    ]
    results += [
        LookupResult(Source.IDCONV, one, Outcome.RESOLVED, _REASON) for one in named if one.scheme is Scheme.PMCID
    ]
    return results


def _record(source: Source, payload: bytes) -> WorkRecord:
    return pubmed.read_payload(payload) if source is Source.PUBMED else crossref.read_work(json.loads(payload))
