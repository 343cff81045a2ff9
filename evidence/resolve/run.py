"""Asks the registries for everything that the pages cite and that is not fresh, and stores each answer as it comes.

Questions go out from a few threads for each registry, within its limits; answers are written by one thread, each in
one transaction, so a run that is stopped goes on where it stopped.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.config import Settings
from evidence.errors import SourceAnswerError, SourceError, SourceUnavailableError
from evidence.records import LookupResult, Reference
from evidence.resolve import asking
from evidence.resolve.asking import UNSEARCHABLE, Question, Reply
from evidence.resolve.changes import WorkChange
from evidence.resolve.http import Connection, connected
from evidence.resolve.limits import StoppedError
from evidence.resolve.mirrored import Mirrored, take_from_mirrors
from evidence.resolve.pubmed import Article
from evidence.resolve.retrying import MAX_RETRY_AFTER_S, is_unreachable
from evidence.resolve.saving import Ages, NewNotice, Saved, rebuild_works, save_results
from evidence.resolve.states import state_questions
from evidence.resolve.wanted import (
    Ask,
    PastLookup,
    asks_for,
    find_aliases,
    find_at_other_agencies,
    find_cited,
    find_lookups,
    find_old_states,
    find_pubmed_ids,
    find_states,
)
from evidence.store.database import reading, store_errors, writing
from evidence.vocabulary import Outcome, Scheme, Source

# As many as the registries allow at once, so that waiting for one answer does not hold up the next question.
_THREADS_A_HOST = 3
# DOIs in one search: each is a phrase of its own, and the term's length is what a search can choke on.
_DOIS_A_SEARCH = 100
# After this many batches in a row without an answer, one identifier is asked for alone: is it they or the source?
_MOST_BATCHES = 3
# After this many single identifiers in a row without an answer, a source is not asked again in this run; one that has
# answered before gets more time, for the identifiers that bring it down may stand side by side.
_MOST_ALONE, _MOST_ALONE_LATER = 6, 20
# After this many refusals without one answer, it refuses everything: a wrong address, or we are blocked.
_MOST_REFUSED = 20
_BLOCKED = frozenset({401, 403})
_NOT_IMPLEMENTED = 501
_REFUSED = 400
_AFTER_REFUSAL = dt.timedelta(days=1)
_NOT_ASKED = "not asked: offline"
_NOT_MIRRORED = "not asked: offline; not in the mirror"
_STOPPED = "not asked: the run was stopped before"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """Identifiers whose look-up at one source ended for the same reason; `ask_again_at`: the latest of their times."""

    source: Source
    reason: str
    references: tuple[Reference, ...]
    ask_again_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class ResolveSummary:
    """What is known of everything that the pages cite, and what this run added.

    Args:
        cited: how many identifiers the pages rest on.
        outcomes: how many of these ended how, all sources taken together.
        counts: for each source, how many look-ups ended how, also those of earlier runs that still hold.
        asked: how many look-ups this run made.
        failed: what has to be asked again, by source and reason; never to be taken for clean.
        skipped: what a source cannot be asked for; what it knows of these is not known.
        new_notices: retractions, concerns and corrections that the store did not have.
        requests: how many requests went to each source.
        offline: nothing was asked.
        mirrored: how many look-ups this run answered from a mirror.
        states: how many works were asked for their notices alone.
        old_states: of how many works the notices are older than the settings allow.
        oldest_state: when the oldest of these were asked for.
        changes: what registries say of works otherwise than the last time.
        remapped: how many works were made anew from kept records.
    """

    cited: int
    outcomes: Mapping[Outcome, int]
    counts: Mapping[Source, Mapping[Outcome, int]]
    asked: int
    failed: tuple[ReasonGroup, ...]
    skipped: tuple[ReasonGroup, ...]
    new_notices: tuple[NewNotice, ...]
    requests: Mapping[str, int]
    offline: bool = False
    mirrored: int = 0
    states: int = 0
    old_states: int = 0
    oldest_state: dt.datetime | None = None
    changes: tuple[WorkChange, ...] = ()
    remapped: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether every look-up has an answer, and nobody who was asked for notices left that open."""
        return not self.failed and (self.offline or not self.old_states)


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
    mirrored = Mirrored()
    if settings.registries.mirror and (offline or not force):

        def find_wanted() -> tuple[list[Ask], dict[Ask, PastLookup]]:
            with store_errors(engine), reading(engine) as session:
                past = find_lookups(session)
                asks = _asks(session, find_cited(session), past, own_registry_only=own_registry_only)
            known = {ask: past[ask] for ask in asks if ask in past and past[ask].reason != UNSEARCHABLE}
            return [ask for ask in asks if not _is_fresh(known.get(ask), now, age)], past

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
    states_before = now - dt.timedelta(days=settings.registries.retraction_age_days)
    old = find_old_states(asks, past, states, states_before)
    if offline or not (stale or old):
        not_asked = _NOT_MIRRORED if settings.registries.mirror else _NOT_ASKED
        return replace(
            _summarize(cited, asks, past, offline=offline, not_asked=not_asked),
            new_notices=tuple(mirrored.saved.new_notices),
            changes=tuple(mirrored.saved.changes),
            mirrored=len(mirrored.answered),
            remapped=remapped,
            **_states_of(old),
        )
    # A look-up that failed tells nothing, whether it may be made again or not.
    fresh = frozenset(
        ask for ask, known in past.items() if not force and _is_fresh(known, now, age) and not _is_to_wait(known, now)
    )
    run = _Run(engine, settings, now, ages, progress, fresh, learns=not own_registry_only)
    run.carry_out(stale, known_pmids, sorted(old.keys() - set(stale)))
    with store_errors(engine), reading(engine) as session:
        past = find_lookups(session)
        asks = _asks(session, cited, past, own_registry_only=own_registry_only)
        states = find_states(session)
    return replace(
        _summarize(cited, asks, past, offline=False),
        asked=run.ended,
        new_notices=(*mirrored.saved.new_notices, *run.saved.new_notices),
        requests=run.requests,
        states=run.saved.states,
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
        # What cannot be asked was not, and asking again would not ask either.
        return past.reason == UNSEARCHABLE or _is_to_wait(past, now)
    return past.ask_again_at is not None and past.ask_again_at > now


def _is_to_wait(past: PastLookup, now: dt.datetime) -> bool:
    """Tell whether the source wants to be left alone with a look-up that failed for some time yet."""
    return past.outcome is Outcome.FAILED and past.ask_again_at is not None and past.ask_again_at > now


@dataclass(slots=True)
class _Search:
    """A search whose hits are being fetched: which DOIs have no record yet, and which hits are still to come.

    Hits that the converter told of are some, not all: where their records do not name a DOI, nothing is known of it.
    """

    dois: set[str]
    pmids: set[str]
    has_failed: bool = False
    is_converted: bool = False


@dataclass(slots=True)
class _SourceState:
    """How a source is doing in this run. `closed` says why it is not asked any more, and until when, if it said so."""

    has_answered: bool = False
    batches: int = 0
    alone: int = 0
    refused: int = 0
    closed: str | None = None
    open_again_at: dt.datetime | None = None


@dataclass(slots=True)
class _Run:
    """One run. All of its state belongs to the thread that runs `carry_out`; the others only ask questions."""

    engine: sa.Engine
    settings: Settings
    now: dt.datetime
    ages: Ages
    progress: Progress | None
    fresh: frozenset[Ask]
    learns: bool
    began: float = field(default_factory=time.monotonic)
    saved: Saved = field(default_factory=Saved)
    requests: dict[str, int] = field(default_factory=dict)
    ended: int = 0
    _asked: set[Ask] = field(default_factory=set)
    _done: set[Ask] = field(default_factory=set)
    _queues: dict[Source, deque[Question]] = field(default_factory=lambda: {source: deque() for source in Source})
    _under_way: dict[Future[Reply], Question] = field(default_factory=dict)
    _states: dict[Source, _SourceState] = field(default_factory=lambda: {source: _SourceState() for source in Source})
    _results: list[LookupResult] = field(default_factory=list)
    # DOIs whose PMID is to be searched once the cited PMIDs are there, for many of them are the same works.
    _to_search: dict[str, None] = field(default_factory=dict)
    _learned_dois: dict[str, None] = field(default_factory=dict)
    _learned_pmids: dict[str, None] = field(default_factory=dict)
    _hits: dict[str, None] = field(default_factory=dict)
    _searches: list[_Search] = field(default_factory=list)

    def carry_out(self, stale: Sequence[Ask], known_pmids: Mapping[str, str], old_states: Sequence[Ask] = ()) -> None:
        """Ask everything and store the answers."""
        stopping = threading.Event()
        registries = self.settings.registries
        with connected(registries, self.settings.ncbi_api_key, stopping) as connection:
            pools = {
                Source.CROSSREF: ThreadPoolExecutor(_THREADS_A_HOST, "crossref"),
                Source.PUBMED: ThreadPoolExecutor(_THREADS_A_HOST, "ncbi"),
                Source.AGENCY: ThreadPoolExecutor(_THREADS_A_HOST, "agency"),
            }
            pools[Source.IDCONV] = pools[Source.PUBMED]
            try:
                self._open(stale, known_pmids)
                self._open_states(old_states)
                self._save()
                self._loop(connection, pools)
            finally:
                stopping.set()
                for pool in pools.values():
                    pool.shutdown(cancel_futures=True)
                self.requests = connection.requests

    def _open(self, stale: Sequence[Ask], known_pmids: Mapping[str, str]) -> None:
        """Turn what is to be looked up into first questions."""
        self._asked.update(stale)
        dois: list[str] = []
        elsewhere: list[str] = []
        pmids: dict[str, None] = {}
        pmcids: list[str] = []
        for source, (scheme, value) in stale:
            if source is Source.CROSSREF:
                dois.append(value)
            elif source is Source.IDCONV:
                pmcids.append(value)
            elif source is Source.AGENCY:
                elsewhere.append(value)
            elif scheme is Scheme.PMID:
                pmids[value] = None
            elif value in known_pmids:
                # The record tells whether it still names the DOI; if not, the DOI is searched after all.
                pmids[known_pmids[value]] = None
                self._to_search[value] = None
            else:
                self._to_search[value] = None
        registries = self.settings.registries
        self._put(*asking.crossref_questions(dois, registries.crossref.batch_size))
        # What Crossref is asked for again, it sends to the agency again, if it still belongs there.
        self._put(asking.agency_questions(sorted({*elsewhere} - {*dois})), [])
        self._put(asking.pmcid_questions(pmcids), [])
        self._put(*asking.pmid_questions(list(pmids), registries.entrez.batch_size))

    def _open_states(self, asks: Sequence[Ask]) -> None:
        self._asked.update(asks)
        registries = self.settings.registries
        self._put(state_questions(asks, registries.crossref.batch_size, registries.entrez.batch_size), [])

    def _put(self, questions: Iterable[Question], results: Iterable[LookupResult]) -> None:
        for question in questions:
            self._queues[question.source].append(question)
        self._results.extend(results)

    def _put_first(self, questions: Sequence[Question], results: Iterable[LookupResult]) -> None:
        for question in reversed(questions):
            self._queues[question.source].appendleft(question)
        self._results.extend(results)

    def _loop(self, connection: Connection, pools: Mapping[Source, ThreadPoolExecutor]) -> None:
        while True:
            self._save()
            self._refill()
            self._send(connection, pools)
            self._save()
            if not self._under_way:
                if not self._has_more():
                    return
                continue
            done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
            replies: list[tuple[Reply, Question]] = []
            for future in done:
                question = self._under_way.pop(future)
                with suppress(StoppedError):
                    replies.append((future.result(), question))
            # Answers before failures: they show that the source is up.
            for reply, question in sorted(replies, key=lambda pair: pair[0].error is not None):
                self._take(reply, question)

    def _has_more(self) -> bool:
        learned = (self._to_search, self._learned_dois, self._learned_pmids, self._hits)
        return any(self._queues.values()) or any(learned)

    def _send(self, connection: Connection, pools: Mapping[Source, ThreadPoolExecutor]) -> None:
        busy = Counter(id(pools[question.source]) for question in self._under_way.values())
        for source, queue in self._queues.items():
            reason = self._states[source].closed
            # No more than the threads can take: what waits here can still be called off.
            while queue and (reason is not None or busy[id(pools[source])] < _THREADS_A_HOST):
                question = queue.popleft()
                if reason is not None:
                    self._give_up(question, reason, self._states[source].open_again_at)
                    continue
                busy[id(pools[source])] += 1
                future = pools[source].submit(asking.answered, connection, question)
                self._under_way[future] = question

    def _refill(self) -> None:
        """Ask what has been learned, once there is a batch of it or nothing else to wait for."""
        registries = self.settings.registries
        is_quiet = not self._waits_for({Source.PUBMED, Source.IDCONV})
        size = registries.crossref.batch_size
        if self._learned_dois and (is_quiet or len(self._learned_dois) >= size):
            self._put(*asking.crossref_questions(list(self._learned_dois), size))
            self._learned_dois.clear()
        size = registries.entrez.batch_size
        if self._learned_pmids and (not self._waits_for({Source.IDCONV}) or len(self._learned_pmids) >= size):
            self._put(*asking.pmid_questions(list(self._learned_pmids), size))
            self._learned_pmids.clear()
            is_quiet = False
        if self._to_search and is_quiet:
            dois = [doi for doi in self._to_search if Ask(Source.PUBMED, Reference(Scheme.DOI, doi)) not in self._done]
            self._to_search.clear()
            self._put(*asking.search_questions(dois, min(_DOIS_A_SEARCH, size)))
        is_searching = self._waits_for({Source.PUBMED}, Scheme.DOI)
        while len(self._hits) >= size or (self._hits and not is_searching):
            part = list(self._hits)[:size]
            for pmid in part:
                del self._hits[pmid]
            # Before further searches: a search is settled, and stored, when its hits are.
            self._put_first(*asking.pmid_questions(part, size))

    def _waits_for(self, sources: set[Source], scheme: Scheme | None = None) -> bool:
        """Tell whether a question to one of these sources is still open."""
        questions = [*self._under_way.values(), *(question for source in sources for question in self._queues[source])]
        return any(one.source in sources and scheme in {None, one.scheme} for one in questions)

    def _take(self, reply: Reply, question: Question) -> None:
        """Work one reply in."""
        state = self._states[question.source]
        if reply.error is None:
            state.has_answered, state.batches, state.alone, state.refused = True, 0, 0, 0
        elif not isinstance(reply.error, SourceAnswerError):
            self._unanswered(question, reply.error)
            return
        else:
            self._refused(state, reply.error)
            reply.results = [self._put_off(result, reply.error) for result in reply.results]
        self._asked.update(_asks_of_agencies(reply.more))
        self._put(reply.more, reply.results)
        if reply.hits is not None:
            self._begin_search(reply.question, reply.hits)
        if reply.articles:
            self._take_articles(reply.articles)
        for result in reply.results:
            self._end_hit(result.asked, has_failed=result.outcome is Outcome.FAILED)
            if result.source is Source.IDCONV and result.record is not None:
                self._learn(result.record.identifiers)
            elif result.record is not None and result.record.is_alias:
                self._learn_prime(result.record.identifiers[1])

    def _put_off(self, result: LookupResult, error: SourceAnswerError) -> LookupResult:
        """Return a look-up that was refused for what it asks, which the next run would ask again in vain."""
        status = error.status or 0
        if result.outcome is not Outcome.FAILED or status in _BLOCKED or not _REFUSED <= status < _REFUSED + 100:
            return result
        return replace(result, ask_again_at=self.now + _AFTER_REFUSAL)

    def _refused(self, state: _SourceState, error: SourceAnswerError) -> None:
        state.batches = state.alone = 0
        state.refused += error.status != _NOT_IMPLEMENTED
        if error.status in _BLOCKED or (state.refused >= _MOST_REFUSED and not state.has_answered):
            state.closed = error.message

    def _unanswered(self, question: Question, error: SourceError) -> None:
        """Split a question that got no answer, or leave its source alone if nobody gets one."""
        state = self._states[question.source]
        is_alone = len(question.values) == 1
        state.alone += is_alone
        state.batches += not is_alone
        most = _MOST_ALONE_LATER if state.has_answered else _MOST_ALONE
        wait_s = error.retry_after_s if isinstance(error, SourceUnavailableError) else None
        # Being asked to wait closes a source only where the run cannot wait so long. A shorter wait was kept, and what
        # is asked for in vain all the same may be one batch that is too much: its halves are asked for.
        is_put_off = wait_s is not None and wait_s > MAX_RETRY_AFTER_S
        if state.closed is None and (is_unreachable(error) or is_put_off or state.alone >= most):
            state.closed = error.message
            state.open_again_at = self._moment(wait_s)
        if state.closed is None and not is_alone:
            first = 1 if state.batches > _MOST_BATCHES else len(question.values) // 2
            # Before all others: the part that is answered shows that the source is up.
            self._put_first(question.parts(first), [])
        else:
            self._give_up(question, error.message, self._moment(wait_s))

    def _moment(self, wait_s: float | None) -> dt.datetime | None:
        """Return the time after a wait that a registry asked for; counted on from when the run began."""
        return None if wait_s is None else self.now + dt.timedelta(seconds=time.monotonic() - self.began + wait_s)

    def _give_up(self, question: Question, reason: str, ask_again_at: dt.datetime | None) -> None:
        self._results.extend(
            replace(result, ask_again_at=ask_again_at)
            for result in question.failed(reason)
            if Ask(result.source, result.asked) in self._asked
        )
        for value in question.values:
            self._end_hit(Reference(question.scheme, value), has_failed=True)

    def _begin_search(self, question: Question, hits: Sequence[str]) -> None:
        # A hit that was fetched already, now or earlier, and did not settle its DOI then, is a neighbour.
        new = {pmid for pmid in hits if not self._is_settled(Ask(Source.PUBMED, Reference(Scheme.PMID, pmid)))}
        search = _Search(set(question.values), new, is_converted=question.source is Source.IDCONV)
        self._searches.append(search)
        self._hits.update(dict.fromkeys(sorted(new, key=int)))
        self._finish(search)

    def _is_settled(self, ask: Ask) -> bool:
        return ask in self._done or (ask not in self._asked and ask in self.fresh)

    def _take_articles(self, articles: Iterable[Article]) -> None:
        for article in articles:
            own = Reference(Scheme.PMID, article.pmid)
            named = [reference for reference in article.record.identifiers if reference != own]
            asks = [Ask(Source.PUBMED, reference) for reference in (own, *named)]
            # A neighbour that a search found beside the work meant is nobody's, and is not kept.
            if any(ask in self._asked for ask in asks):
                self._results.extend(
                    LookupResult(Source.PUBMED, ask.reference, Outcome.RESOLVED, None, article.record, article.payload)
                    for ask in asks
                    if ask.reference.scheme is not Scheme.PMCID
                )
                if self.learns:
                    self._learn(named)
            for search in self._searches:
                search.dois.difference_update(reference.value for reference in named)
            self._end_hit(own, has_failed=False)

    def _learn(self, references: Iterable[Reference]) -> None:
        """Have identifiers looked up at their own registry too, of which only this answer told."""
        for reference in references:
            source = {Scheme.DOI: Source.CROSSREF, Scheme.PMID: Source.PUBMED}.get(reference.scheme)
            ask = Ask(source, reference) if source else None
            if ask is None or ask in self._asked or ask in self.fresh:
                continue
            self._asked.add(ask)
            (self._learned_dois if source is Source.CROSSREF else self._learned_pmids)[reference.value] = None

    def _learn_prime(self, doi: Reference) -> None:
        """Have a DOI looked up at PubMed too, which Crossref answered with where an alias was asked for."""
        ask = Ask(Source.PUBMED, doi)
        if self.learns and ask not in self._asked and ask not in self.fresh:
            self._asked.add(ask)
            self._to_search[doi.value] = None

    def _end_hit(self, reference: Reference, *, has_failed: bool) -> None:
        """Note that a PMID will bring nothing more, and finish the searches that waited for it."""
        if reference.scheme is not Scheme.PMID:
            return
        for search in list(self._searches):
            if reference.value in search.pmids:
                search.pmids.discard(reference.value)
                search.has_failed |= has_failed
                self._finish(search)

    def _finish(self, search: _Search) -> None:
        """Settle the DOIs of a search whose hits are all there: those that no record names are not in PubMed."""
        if search.pmids or search not in self._searches:
            return
        self._searches.remove(search)
        for doi in sorted(search.dois):
            asked = Reference(Scheme.DOI, doi)
            if search.has_failed:
                reason = "pubmed: a record that may be this one could not be fetched"
                self._results.append(LookupResult(Source.PUBMED, asked, Outcome.FAILED, reason))
            elif search.is_converted:
                self._results.append(LookupResult(Source.PUBMED, asked, Outcome.FAILED, UNSEARCHABLE))
            else:
                reason = "no record in PubMed names this DOI"
                self._results.append(LookupResult(Source.PUBMED, asked, Outcome.NOT_FOUND, reason))

    def _save(self) -> None:
        """Write what has ended, in one transaction."""
        if not self._results:
            return
        # What failed can be asked for again at once, unless the registry said from when.
        results = [
            replace(one, ask_again_at=one.ask_again_at or self.now) if one.outcome is Outcome.FAILED else one
            for one in self._results
        ]
        self._results = []
        with store_errors(self.engine), writing(self.engine) as session:
            saved = save_results(session, results, self.now, self.ages)
        self.saved.add(saved)
        asks = {Ask(result.source, result.asked) for result in results}
        self.ended += len(asks - self._done) - saved.states
        self._done |= asks
        if self.progress:
            for source in Source:
                total = sum(ask.source is source for ask in self._asked)
                if total:
                    self.progress(source.value, sum(ask.source is source for ask in self._done & self._asked), total)


def _asks_of_agencies(questions: Iterable[Question]) -> Iterator[Ask]:
    for question in questions:
        if question.source is Source.AGENCY:
            yield from (Ask(question.source, Reference(question.scheme, value)) for value in question.values)


def _summarize(
    cited: Sequence[Reference],
    asks: Sequence[Ask],
    past: Mapping[Ask, PastLookup],
    *,
    offline: bool,
    not_asked: str = _NOT_ASKED,
) -> ResolveSummary:
    counts: dict[Source, Counter[Outcome]] = {}
    failed: dict[tuple[Source, str], list[Reference]] = {}
    skipped: dict[tuple[Source, str], list[Reference]] = {}
    for ask in asks:
        known = past.get(ask)
        outcome = known.outcome if known else Outcome.FAILED
        reason = known.reason if known else (not_asked if offline else _STOPPED)
        if reason == UNSEARCHABLE:
            skipped.setdefault((ask.source, reason), []).append(ask.reference)
            continue
        counts.setdefault(ask.source, Counter())[outcome] += 1
        if outcome is Outcome.FAILED:
            failed.setdefault((ask.source, reason or ""), []).append(ask.reference)
    return ResolveSummary(
        cited=len(cited),
        outcomes=Counter(_outcome(reference, past) for reference in cited),
        counts=counts,
        asked=0,
        failed=_groups(failed, past),
        skipped=_groups(skipped, past),
        new_notices=(),
        requests={},
        offline=offline,
    )


def _groups(
    found: Mapping[tuple[Source, str], list[Reference]], past: Mapping[Ask, PastLookup]
) -> tuple[ReasonGroup, ...]:
    groups = []
    for (source, reason), references in sorted(found.items()):
        known = [one for reference in references if (one := past.get(Ask(source, reference))) is not None]
        # One that may be asked again at once has no time to tell.
        times = [one.ask_again_at for one in known if one.ask_again_at and one.ask_again_at > one.asked_at]
        groups.append(ReasonGroup(source, reason, tuple(sorted(references)), max(times, default=None)))
    return tuple(groups)


def _outcome(reference: Reference, past: Mapping[Ask, PastLookup]) -> Outcome:
    """Return how the look-up of one cited identifier ended, all sources taken together.

    Only its own registry can say that it does not exist.
    """
    # What another agency says of a work does not make it one of Crossref's: the four outcomes stay apart.
    registries = [source for source in Source if source is not Source.AGENCY]
    said = {source: past[ask] for source in registries if (ask := Ask(source, reference)) in past}
    if any(lookup.outcome is Outcome.RESOLVED for lookup in said.values()):
        return Outcome.RESOLVED
    own = {Scheme.DOI: Source.CROSSREF, Scheme.PMID: Source.PUBMED, Scheme.PMCID: Source.IDCONV}[reference.scheme]
    return said[own].outcome if own in said else Outcome.FAILED
