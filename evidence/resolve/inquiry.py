"""Questions to the registries and what comes of them, from the first question to the last answer.

Questions go out from a few threads for each registry, within its limits; answers are written by one thread, each in
one transaction, so a run that is stopped goes on where it stopped.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from evidence.config import Settings
from evidence.errors import SourceAnswerError
from evidence.records import LookupResult, Reference
from evidence.resolve import asking
from evidence.resolve.asking import Question, Reply
from evidence.resolve.http import Connection, connected
from evidence.resolve.limits import StoppedError
from evidence.resolve.patience import Closed, Patience
from evidence.resolve.pending import Step, forget_steps, neighbour_step, steps_of, write_steps
from evidence.resolve.pubmed import Article
from evidence.resolve.registries import read_standings, seconds_to_wait, write_standings
from evidence.resolve.saving import Ages, Saved, save_results
from evidence.resolve.searches import Searches
from evidence.resolve.states import state_questions
from evidence.resolve.wanted import Ask
from evidence.store.database import reading, store_errors, writing
from evidence.vocabulary import Outcome, Scheme, Source

# As many as the registries allow at once, so that waiting for one answer does not hold up the next question.
_THREADS_A_HOST = 3
# DOIs in one search: each is a phrase of its own, and the term's length is what a search can choke on.
_DOIS_A_SEARCH = 100

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Inquiry:
    """All questions of one run. Its state belongs to the thread that runs `carry_out`; the others only ask.

    Args:
        engine: the database that answers are written to.
        settings: addresses, rates, contact.
        now: the time of this run.
        ages: how long answers hold.
        progress: called with a source's name, how many look-ups it has answered, and how many are to be made.
        fresh: look-ups whose answer holds.
        learns: look up also what else the works prove to be known as.
    """

    engine: sa.Engine
    settings: Settings
    now: dt.datetime
    ages: Ages
    progress: Progress | None
    fresh: frozenset[Ask]
    learns: bool
    saved: Saved = field(default_factory=Saved)
    requests: dict[str, int] = field(default_factory=dict)
    ended: int = 0
    failed_states: dict[tuple[Source, str], list[Reference]] = field(default_factory=dict)
    _asked: set[Ask] = field(default_factory=set)
    _done: set[Ask] = field(default_factory=set)
    _queues: dict[Source, deque[Question]] = field(default_factory=lambda: {source: deque() for source in Source})
    _under_way: dict[Future[Reply], Question] = field(default_factory=dict)
    _results: list[LookupResult] = field(default_factory=list)
    _steps: list[Step] = field(default_factory=list)
    # DOIs whose PMID is to be searched once the cited PMIDs are there, for many of them are the same works.
    _to_search: dict[str, None] = field(default_factory=dict)
    _learned_dois: dict[str, None] = field(default_factory=dict)
    _learned_pmids: dict[str, None] = field(default_factory=dict)
    _searches: Searches = field(default_factory=Searches)
    _patience: Patience = field(init=False)

    def __post_init__(self) -> None:
        self._patience = Patience(self.now)

    def carry_out(
        self,
        stale: Sequence[Ask],
        known_pmids: Mapping[str, str],
        old_states: Sequence[Ask],
        steps: Sequence[Step],
    ) -> None:
        """Ask everything and store the answers.

        Args:
            stale: the look-ups to make.
            known_pmids: the PMID of a DOI to look up, where its work is known to have one.
            old_states: whom to ask for the notices of which works alone.
            steps: how far a run came that was stopped.
        """
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
                self._respect(connection)
                self._asked.update(stale)
                under_way = self._go_on(steps)
                self._open([ask for ask in stale if ask not in under_way], known_pmids)
                self._open_states(old_states)
                self._loop(connection, pools)
                self._forget_steps()
            finally:
                stopping.set()
                for pool in pools.values():
                    pool.shutdown(cancel_futures=True)
                self.requests = connection.requests
                self._note_registries()

    def _respect(self, connection: Connection) -> None:
        """Leave alone whom an earlier run has just asked, or who wanted to be left alone for longer."""
        with store_errors(self.engine), reading(self.engine) as session:
            standings = read_standings(session)
        for source, standing in standings.items():
            connection.pause(source, seconds_to_wait(standing, dt.datetime.now(dt.UTC)))
            if standing.open_again_at is not None and standing.open_again_at > self.now:
                reason = f"{source}: it asked to be left alone for now"
                self._patience.closed[source] = Closed(reason, standing.open_again_at)

    def _note_registries(self) -> None:
        asked = [source for source, count in self.requests.items() if count]
        closed = {one: said.open_again_at for one, said in self._patience.closed.items() if said.open_again_at}
        with store_errors(self.engine), writing(self.engine) as session:
            write_standings(session, {Source(one) for one in asked}, dt.datetime.now(dt.UTC), closed)

    def _go_on(self, steps: Sequence[Step]) -> set[Ask]:
        """Ask on where a run was stopped, and return the look-ups that need no first question."""
        searches = [step for step in steps if step.is_search]
        for step in searches:
            self._begin_search(step.values, step.hits, is_converted=step.is_converted)
        following = [question for step in steps if not step.is_search for question in step.questions()]
        for question in following:
            if question.scheme is Scheme.PMID:
                for pmid in question.values:
                    self._searches.hits.pop(pmid, None)
        self._put(following, [])
        return {ask for step in steps for ask in step.asks}

    def _open(self, stale: Iterable[Ask], known_pmids: Mapping[str, str]) -> None:
        """Turn what is to be looked up into first questions."""
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
        learned = (self._to_search, self._learned_dois, self._learned_pmids, self._searches.hits)
        return any(self._queues.values()) or any(learned)

    def _send(self, connection: Connection, pools: Mapping[Source, ThreadPoolExecutor]) -> None:
        busy = Counter(id(pools[question.source]) for question in self._under_way.values())
        for source, queue in self._queues.items():
            closed = self._patience.closed.get(source)
            # No more than the threads can take: what waits here can still be called off.
            while queue and (closed is not None or busy[id(pools[source])] < _THREADS_A_HOST):
                question = queue.popleft()
                if closed is not None:
                    self._give_up(question, closed.reason, closed.open_again_at)
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
        hits = self._searches.hits
        while len(hits) >= size or (hits and not is_searching):
            # Before further searches: a search is settled, and stored, when its hits are.
            self._put_first(*asking.pmid_questions(self._searches.take_hits(size), size))

    def _waits_for(self, sources: set[Source], scheme: Scheme | None = None) -> bool:
        """Tell whether a question to one of these sources is still open."""
        questions = [*self._under_way.values(), *(question for source in sources for question in self._queues[source])]
        return any(one.source in sources and scheme in {None, one.scheme} for one in questions)

    def _take(self, reply: Reply, question: Question) -> None:
        """Work one reply in."""
        if reply.error is None:
            self._patience.note_answer(question.source)
            self._steps.extend(steps_of(reply))
        elif isinstance(reply.error, SourceAnswerError):
            self._patience.note_refusal(question.source, reply.error)
            if question.is_state and not reply.more:
                self._note_failed_state(question, reply.error.message)
            again = self._patience.ask_after_refusal(reply.error)
            reply.results = [
                replace(one, ask_again_at=again) if again and one.outcome is Outcome.FAILED else one
                for one in reply.results
            ]
        else:
            # Before all others: the part that is answered shows that the source is up.
            parts = self._patience.note_silence(question, reply.error)
            self._put_first(parts, [])
            if not parts:
                self._give_up(question, reply.error.message, self._patience.ask_after_silence(reply.error))
            return
        self._asked.update(_asks_of_agencies(reply.more))
        self._put(reply.more, reply.results)
        if reply.hits is not None:
            self._begin_search(reply.question.values, reply.hits, is_converted=reply.question.source is Source.IDCONV)
        if reply.articles:
            self._take_articles(reply.articles)
        for result in reply.results:
            self._end_hit(result.asked, has_failed=result.outcome is Outcome.FAILED)
            if result.source is Source.IDCONV and result.record is not None:
                self._learn(result.record.identifiers)
            elif result.record is not None and result.record.is_alias:
                self._learn_prime(result.record.identifiers[1])

    def _give_up(self, question: Question, reason: str, ask_again_at: dt.datetime | None) -> None:
        if question.is_state:
            self._note_failed_state(question, reason)
        self._results.extend(
            replace(result, ask_again_at=ask_again_at)
            for result in question.failed(reason)
            if Ask(result.source, result.asked) in self._asked
        )
        for value in question.values:
            self._end_hit(Reference(question.scheme, value), has_failed=True)

    def _note_failed_state(self, question: Question, reason: str) -> None:
        references = [Reference(question.scheme, value) for value in question.values]
        self.failed_states.setdefault((question.source, reason), []).extend(references)

    def _begin_search(self, dois: Sequence[str], hits: Sequence[str], *, is_converted: bool) -> None:
        # A hit that was fetched already, now or earlier, and did not settle its DOI then, is a neighbour.
        new = [pmid for pmid in hits if not self._is_settled(Ask(Source.PUBMED, Reference(Scheme.PMID, pmid)))]
        self._results.extend(self._searches.begin(dois, new, is_converted=is_converted))

    def _end_hit(self, reference: Reference, *, has_failed: bool) -> None:
        self._results.extend(self._searches.note_end(reference, has_failed=has_failed))

    def _is_settled(self, ask: Ask) -> bool:
        return ask in self._done or (ask not in self._asked and ask in self.fresh)

    def _take_articles(self, articles: Iterable[Article]) -> None:
        neighbours: list[str] = []
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
            else:
                neighbours.append(article.pmid)
            self._results.extend(self._searches.note_record(article.pmid, named))
        if neighbours:
            self._steps.append(neighbour_step(neighbours))

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

    def _save(self) -> None:
        """Write what has ended and what is on the way, in one transaction."""
        if not self._results and not self._steps:
            return
        # What failed can be asked for again at once, unless the registry said from when.
        results = [
            replace(one, ask_again_at=one.ask_again_at or self.now) if one.outcome is Outcome.FAILED else one
            for one in self._results
        ]
        self._results = []
        with store_errors(self.engine), writing(self.engine) as session:
            saved = save_results(session, results, self.now, self.ages)
            write_steps(session, self._steps, self.now)
        self._steps = []
        self.saved.add(saved)
        asks = {Ask(result.source, result.asked) for result in results}
        self.ended += len(asks - self._done) - saved.states
        self._done |= asks
        if self.progress:
            for source in Source:
                total = sum(ask.source is source for ask in self._asked)
                if total:
                    self.progress(source.value, sum(ask.source is source for ask in self._done & self._asked), total)

    def _forget_steps(self) -> None:
        with store_errors(self.engine), writing(self.engine) as session:
            forget_steps(session)


def _asks_of_agencies(questions: Iterable[Question]) -> Iterator[Ask]:
    for question in questions:
        if question.source is Source.AGENCY:
            yield from (Ask(question.source, Reference(question.scheme, value)) for value in question.values)
