"""Asks the registries for everything that the pages cite and that is not fresh, and stores each answer as it comes.

Questions go out from a few threads for each registry, within its limits; answers are written by one thread, each in
one transaction, so a run that is stopped goes on where it stopped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.config import Settings
from evidence.records import Reference
from evidence.resolve.asking import UNSEARCHABLE
from evidence.resolve.inquiry import Inquiry, Progress
from evidence.resolve.mirrored import Mirrored, take_from_mirrors
from evidence.resolve.pending import read_steps
from evidence.resolve.saving import Ages, rebuild_works
from evidence.resolve.summary import NOT_ASKED, NOT_MIRRORED, ReasonGroup, ResolveSummary, summarize
from evidence.resolve.wanted import (
    Ask,
    PastLookup,
    asks_for,
    find_aliases,
    find_at_other_agencies,
    find_cited,
    find_held,
    find_lookups,
    find_old_states,
    find_pubmed_ids,
    find_states,
)
from evidence.store.database import reading, store_errors, writing
from evidence.vocabulary import Outcome, Scheme


def resolve(
    engine: sa.Engine,
    settings: Settings,
    *,
    offline: bool = False,
    force: bool = False,
    max_age_days: int | None = None,
    progress: Progress | None = None,
    now: dt.datetime | None = None,
    own_registry_only: bool = False,
) -> ResolveSummary:
    """Look up what the pages in the store cite.

    Args:
        engine: the database, with pages in it.
        settings: addresses, rates, contact, and how long an answer holds.
        offline: ask nothing; what has no answer in the store counts as failed.
        force: ask for everything again.
        max_age_days: how long a resolved answer holds, instead of the settings'.
        progress: called with a source's name, how many look-ups it has answered, and how many are to be made.
        now: the time of this run.
        own_registry_only: ask Crossref alone for DOIs: faster, but without PubMed's types, MeSH terms and notices.

    Returns:
        What is known now.

    Raises:
        StoreError: the database cannot be read or written.
    """
    now = now or dt.datetime.now(dt.UTC)
    with store_errors(engine):
        remapped = rebuild_works(partial(writing, engine), everything=offline and force)
    age = settings.registries.max_age_days if max_age_days is None else max_age_days
    ages = Ages(age, settings.registries.not_found_age_days)
    states_before = now - dt.timedelta(days=settings.registries.retraction_age_days)
    mirrored = Mirrored()
    if settings.registries.mirror and (offline or not force):

        def find_wanted() -> tuple[list[Ask], dict[Ask, dt.datetime]]:
            with store_errors(engine), reading(engine) as session:
                past = find_lookups(session)
                states = find_states(session)
                asks = _asks(session, find_cited(session), past, own_registry_only=own_registry_only)
            known = {ask: past[ask] for ask in asks if ask in past and past[ask].reason != UNSEARCHABLE}
            # A mirror may hold a notice that is newer than what the store has.
            old = find_old_states(asks, past, states, states_before)
            return [ask for ask in asks if ask in old or not _is_fresh(known.get(ask), now, age)], find_held(
                past, states
            )

        not_before = None if offline else now - dt.timedelta(days=age)
        mirrored = take_from_mirrors(
            engine, settings.registries.mirror, ages, find_wanted, not_before=not_before, progress=progress
        )
    with store_errors(engine), reading(engine) as session:
        cited = find_cited(session)
        past = find_lookups(session)
        states = find_states(session)
        asks = _asks(session, cited, past, own_registry_only=own_registry_only)
        stale = asks if force else [ask for ask in asks if not _is_fresh(past.get(ask), now, age)]
        known_pmids = find_pubmed_ids(
            session, [ask.reference.value for ask in stale if ask.reference.scheme is Scheme.DOI]
        )
        steps = [] if force else read_steps(session, stale, past, now)
    old = find_old_states(asks, past, states, states_before)
    if offline or not (stale or old):
        not_asked = NOT_MIRRORED if settings.registries.mirror else NOT_ASKED
        return replace(
            summarize(cited, asks, past, offline=offline, not_asked=not_asked),
            new_notices=tuple(mirrored.saved.new_notices),
            changes=tuple(mirrored.saved.changes),
            mirrored=len(mirrored.answered),
            remapped=remapped,
            **_states_of(old),
        )
    # A look-up that failed tells nothing, whether it may be made again or not.
    fresh = {
        ask: known.asked_at
        for ask, known in past.items()
        if not force and _is_fresh(known, now, age) and not _is_to_wait(known, now)
    }
    run = Inquiry(engine, settings, now, ages, progress, fresh, learns=not own_registry_only)
    run.carry_out(stale, known_pmids, sorted(old.keys() - set(stale)), steps)
    with store_errors(engine), reading(engine) as session:
        past = find_lookups(session)
        asks = _asks(session, cited, past, own_registry_only=own_registry_only)
        states = find_states(session)
    return replace(
        summarize(cited, asks, past, offline=False),
        asked=run.ended,
        new_notices=(*mirrored.saved.new_notices, *run.saved.new_notices),
        requests=run.requests,
        states=run.saved.states,
        failed_states=tuple(
            ReasonGroup(source, reason, tuple(sorted(references)))
            for (source, reason), references in sorted(run.failed_states.items())
        ),
        changes=(*mirrored.saved.changes, *run.saved.changes),
        mirrored=len(mirrored.answered),
        remapped=remapped,
        **_states_of(find_old_states(asks, past, states, states_before)),
    )


def _states_of(old: Mapping[Ask, dt.datetime]) -> dict[str, Any]:
    return {"old_states": len(old), "oldest_state": min(old.values(), default=None)}


def _asks(
    session: Session,
    cited: Sequence[Reference],
    past: Mapping[Ask, PastLookup],
    *,
    own_registry_only: bool,
) -> list[Ask]:
    """Return what to look up: what is cited, and what else its works are known as."""
    references = cited if own_registry_only else sorted(find_aliases(session, cited))
    return asks_for(references, own_registry_only=own_registry_only) + find_at_other_agencies(past, references)


def _is_fresh(past: PastLookup | None, now: dt.datetime, age_days: int) -> bool:
    if past is None:
        return False
    if past.outcome is Outcome.RESOLVED:
        return past.asked_at + dt.timedelta(days=age_days) > now
    if past.outcome is Outcome.FAILED:
        return _is_to_wait(past, now)
    return past.ask_again_at is not None and past.ask_again_at > now


def _is_to_wait(past: PastLookup, now: dt.datetime) -> bool:
    """Tell whether the source wants to be left alone with a look-up that failed for some time yet."""
    return past.outcome is Outcome.FAILED and past.ask_again_at is not None and past.ask_again_at > now
