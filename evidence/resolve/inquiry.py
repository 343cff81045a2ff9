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
from evidence.resolve.asking import UNSEARCHABLE, Question, Reply
from evidence.resolve.http import Connection, connected
from evidence.resolve.limits import StoppedError
from evidence.resolve.patience import Closed, Patience
from evidence.resolve.pending import Step, forget_steps, neighbour_step, steps_of, write_steps
from evidence.resolve.pubmed import Article
from evidence.resolve.registries import read_standings, seconds_to_wait, write_standings
from evidence.resolve.retrying import MAX_RETRY_AFTER_S
from evidence.resolve.saving import Ages, Saved, release_refused, save_results
from evidence.resolve.searches import Searches
from evidence.resolve.states import state_questions
from evidence.resolve.wanted import Ask
from evidence.store.database import reading, store_errors, writing
from evidence.vocabulary import Outcome, Scheme, Source

# As many as the registries allow at once, so that waiting for one answer does not hold up the next question.
_THREADS_A_HOST = 3
# DOIs in one search: each is a phrase of its own, and the term's length is what a search can choke on.
_DOIS_A_SEARCH = 100
# While all questions wait, it is seen this soon that a registry wants to be left alone.
_LOOK_UP_S = 0.5

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
        fresh: look-ups whose answer holds, with when it was given.
        learns: look up also what else the works prove to be known as.
    """

    engine: sa.Engine
    settings: Settings
    now: dt.datetime
    ages: Ages
    progress: Progress | None
    fresh: Mapping[Ask, dt.datetime]
    learns: bool
    saved: Saved = field(default_factory=Saved)
    requests: dict[str, int] = field(default_factory=dict)
    ended: int = 0
    failed_states: dict[tuple[Source, str], list[Reference]] = field(default_factory=dict)
    _asked: set[Ask] = field(default_factory=set)
    _done: set[Ask] = field(default_factory=set)
    # Asked for notices alone, and those that were answered so: of these no record comes.
    _states: set[Ask] = field(default_factory=set)
    _done_states: set[Ask] = field(default_factory=set)
    # Of those that are done.
    _failed: set[Ask] = field(default_factory=set)
    _queues: dict[Source, deque[Question]] = field(default_factory=lambda: {source: deque() for source in Source})
    _under_way: dict[Future[Reply], Question] = field(default_factory=dict)
    _results: list[LookupResult] = field(default_factory=list)
    _steps: list[Step] = field(default_factory=list)
    # DOIs whose PMID is to be searched once the cited PMIDs are there, for many of them are the same works.
    _to_search: dict[str, None] = field(default_factory=dict)
    _learned_dois: dict[str, None] = field(default_factory=dict)
    _learned_pmids: dict[str, None] = field(default_factory=dict)
    _searches: Searches = field(default_factory=Searches)
    _noted: dict[Source, dt.datetime] = field(default_factory=dict)
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
                self._end()
            finally:
                stopping.set()
                for pool in pools.values():
                    pool.shutdown(cancel_futures=True)
                self.requests = connection.requests
                self._note_registries(connection, at_end=True)

    def _respect(self, connection: Connection) -> None:
        """Leave alone whom an earlier run has just asked, or who wanted to be left alone."""
        with store_errors(self.engine), reading(self.engine) as session:
            standings = read_standings(session, connection.hosts)
        for source, standing in standings.items():
            connection.pause(source, seconds_to_wait(standing, dt.datetime.now(dt.UTC)))
            if standing.open_again_at is None or standing.open_again_at <= self.now:
                continue
            wait_s = (standing.open_again_at - self.now).total_seconds()
            if wait_s <= MAX_RETRY_AFTER_S:
                connection.pause(source, wait_s)
            else:
                reason = f"{source}: it asked to be left alone for now"
                self._patience.closed[source] = Closed(reason, standing.open_again_at)

    def _note_registries(self, connection: Connection, *, at_end: bool = False) -> None:
        """Keep who was asked, and who wants to be left alone for how long: at the end, and whenever one wants so."""
        pauses = connection.pauses_s()
        closed = {one: said.open_again_at for one, said in self._patience.closed.items() if said.open_again_at}
        open_again_at = {source: self._patience.moment(wait_s) for source, wait_s in pauses.items()} | closed
        news = {
            source: moment for source, moment in open_again_at.items() if self._noted.get(source, self.now) < moment
        }
        if not at_end and not news:
            return
        self._noted |= open_again_at
        asked = {Source(one) for one, count in connection.requests.items() if count}
        with store_errors(self.engine), writing(self.engine) as session:
            write_standings(session, asked, connection.hosts, dt.datetime.now(dt.UTC), open_again_at)

    def _go_on(self, steps: Sequence[Step]) -> set[Ask]:
        """Ask on where a run was stopped, and return the look-ups that need no first question."""
        searches = [step for step in steps if step.is_search]
        for step in searches:
            since = step.asked_at or self.now
            self._begin_search(step.values, step.hits, since, is_converted=step.is_converted)
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
        self._states.update(asks)
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
            done, _ = wait(self._under_way, _LOOK_UP_S, FIRST_COMPLETED)
            self._note_registries(connection)
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
            is_converted = reply.question.source is Source.IDCONV
            self._begin_search(reply.question.values, reply.hits, self.now, is_converted=is_converted)
        if reply.articles:
            self._take_articles(reply.articles)
        for result in reply.results:
            if not result.is_state:
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

    def _begin_search(
        self, dois: Sequence[str], hits: Sequence[str], since: dt.datetime, *, is_converted: bool
    ) -> None:
        """Take in a search that was made at some time: which of its hits are still to come, and which failed."""
        asks = {pmid: Ask(Source.PUBMED, Reference(Scheme.PMID, pmid)) for pmid in hits}
        # A hit whose record came with the search or after it, and did not settle its DOI then, is a neighbour. An older
        # record may not have named the DOI yet.
        new = [
            pmid
            for pmid, ask in asks.items()
            if ask not in self._done
            and ((ask in self._asked and ask not in self._states) or ask not in self.fresh or self.fresh[ask] < since)
        ]
        self._results.extend(
            self._searches.begin(
                dois,
                new,
                under_way=[pmid for pmid in new if asks[pmid] in self._asked and asks[pmid] not in self._states],
                has_failed=any(ask in self._failed for ask in asks.values()),
                is_converted=is_converted,
            )
        )

    def _end_hit(self, reference: Reference, *, has_failed: bool) -> None:
        self._results.extend(self._searches.note_end(reference, has_failed=has_failed))

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
        results = [self._dated(one) if one.outcome is Outcome.FAILED else one for one in self._results]
        self._results = []
        with store_errors(self.engine), writing(self.engine) as session:
            saved = save_results(session, results, self.now, self.ages)
            write_steps(session, self._steps, self.now)
        self._steps = []
        self.saved.add(saved)
        asks = {Ask(one.source, one.asked) for one in results if not one.is_state}
        self.ended += len(asks - self._done)
        self._done |= asks
        self._done_states |= {Ask(one.source, one.asked) for one in results if one.is_state}
        self._failed |= {Ask(one.source, one.asked) for one in results if one.outcome is Outcome.FAILED}
        if self.progress:
            for source in Source:
                total = sum(ask.source is source for ask in self._asked)
                if total:
                    done = (self._done | self._done_states) & self._asked
                    self.progress(source.value, sum(ask.source is source for ask in done), total)

    def _dated(self, result: LookupResult) -> LookupResult:
        """Return a look-up that failed with when to make it again."""
        # What cannot be searched for may be in the converter in some days, as what is not found may be there.
        age = self.ages.not_found if result.reason == UNSEARCHABLE else 0
        return replace(result, ask_again_at=result.ask_again_at or self.now + dt.timedelta(days=age))

    def _end(self) -> None:
        """Forget what was on the way; have asked again at once what nobody but a wrong address may have refused."""
        with store_errors(self.engine), writing(self.engine) as session:
            forget_steps(session)
            release_refused(session, self._patience.only_refused, self._patience.after_refusal, self.now)


def _asks_of_agencies(questions: Iterable[Question]) -> Iterator[Ask]:
    for question in questions:
        if question.source is Source.AGENCY:
            yield from (Ask(question.source, Reference(question.scheme, value)) for value in question.values)
