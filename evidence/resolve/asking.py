"""One question to one registry, and what comes of it: results, and the questions that follow.

A question never raises for what the registry does: a refusal that no retry mends becomes the same question in halves,
down to single identifiers, which end as failed with the reason. So one bad identifier costs nobody else's answer.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evidence.errors import SourceAnswerError, SourceError
from evidence.identifiers import fold_doi
from evidence.records import LookupResult, Reference, WorkRecord
from evidence.resolve import agencies, crossref, idconv, pubmed
from evidence.resolve.http import Connection
from evidence.resolve.pubmed import Article
from evidence.resolve.stated import stated_pmid
from evidence.resolve.wanted import ALIAS_OF
from evidence.vocabulary import Outcome, Scheme, Source

logger = logging.getLogger(__name__)

_NOT_IMPLEMENTED = 501
# What readers of text raise at what they do not expect in it. Their messages quote it, so these are not passed on.
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
# What fails as a whole after all tries fails for good, mostly: its parts need not wait as long.
_TRIES_OF_PARTS = 2

UNSEARCHABLE = (
    "PubMed's search takes no DOI with brackets, backslashes or quotation marks: what it has of it is not known"
)


@dataclass(frozen=True, slots=True)
class Question:
    """One request to make.

    Args:
        source: who is asked.
        values: the identifiers that the request answers for.
        scheme: theirs.
        ask: makes the request.
        of: whose look-up it is part of, where another one is asked first.
        tries: how often to try at most; None for as often as the settings say.
    """

    source: Source
    values: tuple[str, ...]
    scheme: Scheme
    ask: Callable[[Connection, Question], Reply]
    of: Source | None = None
    tries: int | None = None

    @property
    def is_state(self) -> bool:
        """Whether it is about notices alone, so that what was known before holds if there is no answer."""
        return False

    def failed(self, reason: str) -> list[LookupResult]:
        """Return that every identifier failed."""
        source = self.of or self.source
        return [LookupResult(source, Reference(self.scheme, value), Outcome.FAILED, reason) for value in self.values]

    def halves(self) -> list[Question]:
        """Return this question as two."""
        middle = len(self.values) // 2
        return [replace(self, values=part) for part in (self.values[:middle], self.values[middle:])]

    def parts(self, first: int) -> list[Question]:
        """Return what is left to ask where there was no answer after all tries: two parts, which are soon given up."""
        parts = (self.values[:first], self.values[first:])
        return [replace(self, values=part, tries=_TRIES_OF_PARTS) for part in parts]


@dataclass(slots=True)
class Reply:
    """What came of a question.

    Args:
        question: the one asked.
        results: look-ups that have ended.
        more: questions that follow.
        articles: PubMed's records, of which some may not be what was looked for.
        hits: the PMIDs that a search found.
        error: why there was no answer, after all tries; what to do about it is decided over all questions.
    """

    question: Question
    results: list[LookupResult] = field(default_factory=list)
    more: list[Question] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    hits: list[str] | None = None
    error: SourceError | None = None


def answered(connection: Connection, question: Question) -> Reply:
    """Ask, and return what came of it; a failure of the source is a reply too, and so is an answer beyond reading."""
    source = question.source
    try:
        return question.ask(connection.trying(question.tries), question)
    except SourceError as error:
        return Reply(question, error=error)
    except _UNREADABLE as error:
        # Whatever an answer holds, it costs no more than what it is an answer to.
        logger.warning("%s: an answer could not be read (%s)", source, type(error).__name__)
        said = f"{source}: the answer could not be read ({type(error).__name__})"
        return _refused(question, SourceAnswerError(said, source))


def crossref_questions(dois: Sequence[str], batch_size: int) -> tuple[list[Question], list[LookupResult]]:
    """Return the questions for DOIs, and the results of those that cannot be asked at all."""
    batched: list[str] = []
    single: list[str] = []
    results: list[LookupResult] = []
    for doi in dois:
        if not crossref.is_askable(doi):
            reason = "not a DOI, or too long to be asked for"
            results.append(LookupResult(Source.CROSSREF, Reference(Scheme.DOI, doi), Outcome.FAILED, reason))
        else:
            (single if crossref.is_odd(doi) else batched).append(doi)
    groups = crossref.batches(batched, batch_size)
    questions = [Question(Source.CROSSREF, tuple(group), Scheme.DOI, _ask_crossref) for group in groups]
    questions += [_about(doi, _ask_crossref_single) for doi in single]
    return questions, results


def pmid_questions(pmids: Sequence[str], batch_size: int) -> tuple[list[Question], list[LookupResult]]:
    """Return the questions for PMIDs, and the results of those that cannot be asked at all."""
    asked = [pmid for pmid in pmids if stated_pmid(pmid) == pmid]
    questions = [Question(Source.PUBMED, part, Scheme.PMID, _ask_pubmed) for part in _parts(asked, batch_size)]
    results = [
        LookupResult(Source.PUBMED, Reference(Scheme.PMID, pmid), Outcome.FAILED, "not a PMID")
        for pmid in pmids
        if stated_pmid(pmid) != pmid
    ]
    return questions, results


def search_questions(dois: Sequence[str], batch_size: int) -> tuple[list[Question], list[LookupResult]]:
    """Return the questions for the PMIDs of DOIs, and the results of those for which there is no question.

    PubMed's search takes as many DOIs in a request as the converter does, and knows more of them, so the converter is
    asked only for those that the search cannot take.
    """
    searchable = [doi for doi in dois if pubmed.is_searchable(doi)]
    others = [doi for doi in dois if not pubmed.is_searchable(doi)]
    convertible = [doi for doi in others if crossref.is_askable(doi) and not crossref.is_odd(doi)]
    questions = [Question(Source.PUBMED, part, Scheme.DOI, _search_pubmed) for part in _parts(searchable, batch_size)]
    questions += [
        Question(Source.IDCONV, tuple(part), Scheme.DOI, _convert_dois, Source.PUBMED)
        # A request line of Crossref's length is safe here too.
        for part in crossref.batches(convertible, idconv.MAX_IDS)
    ]
    return questions, [_unsearchable(doi) for doi in others if doi not in convertible]


def _unsearchable(doi: str) -> LookupResult:
    return LookupResult(Source.PUBMED, Reference(Scheme.DOI, doi), Outcome.FAILED, UNSEARCHABLE)


def pmcid_questions(pmcids: Sequence[str]) -> list[Question]:
    """Return the questions for PMCIDs."""
    return [Question(Source.IDCONV, part, Scheme.PMCID, _convert) for part in _parts(pmcids, idconv.MAX_IDS)]


def agency_questions(dois: Sequence[str]) -> list[Question]:
    """Return the questions for DOIs that another agency than Crossref registered."""
    return [Question(Source.AGENCY, (doi,), Scheme.DOI, _negotiate) for doi in dois]


def _parts(values: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(values[start : start + size]) for start in range(0, len(values), size)]


def _about(doi: str, ask: Callable[[Connection, Question], Reply]) -> Question:
    return Question(Source.CROSSREF, (doi,), Scheme.DOI, ask)


def _refused(question: Question, error: SourceAnswerError) -> Reply:
    """Return the halves of a refused question, or the failure of a single identifier."""
    if len(question.values) == 1:
        return Reply(question, question.failed(error.message), error=error)
    return Reply(question, more=question.halves(), error=error)


def _found(source: Source, asked: Reference, record: WorkRecord, payload: bytes) -> LookupResult:
    return LookupResult(source, asked, Outcome.RESOLVED, record=record, payload=payload)


def _found_work(doi: str, message: dict[str, Any]) -> list[LookupResult]:
    """Return the look-up of a DOI; where Crossref states that it is an alias, that of the DOI it stands for too."""
    prime = crossref.doi_of(message)
    work = _found(Source.CROSSREF, Reference(Scheme.DOI, prime), crossref.read_work(message), _json(message))
    if prime == fold_doi(doi):
        return [replace(work, asked=Reference(Scheme.DOI, doi))]
    said = crossref.alias_message(doi, prime)
    alias = _found(Source.CROSSREF, Reference(Scheme.DOI, doi), crossref.read_work(said), _json(said))
    return [work, replace(alias, reason=f"{ALIAS_OF}{prime}")]


def _json(content: dict[str, Any]) -> bytes:
    # JSON can hold halves of characters, which only this way survive being written and read again.
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _ask_crossref(connection: Connection, question: Question) -> Reply:
    if len(question.values) == 1:
        # The pool for single works has more room than the one for lists, and its 404 tells more.
        return _ask_crossref_single(connection, question)
    try:
        answer = crossref.ask_batch(connection, question.values)
    except SourceAnswerError as error:
        return _refused(question, error)
    results = [result for doi, message in answer.found.items() for result in _found_work(doi, message)]
    return Reply(question, results, [_about(doi, _ask_crossref_single) for doi in answer.absent])


def _ask_crossref_single(connection: Connection, question: Question) -> Reply:
    (doi,) = question.values
    try:
        message = crossref.ask_single(connection, doi)
    except SourceAnswerError as error:
        return _refused(question, error)
    if message is None:
        return Reply(question, more=[_about(doi, _ask_agency)])
    return Reply(question, _found_work(doi, message))


def _ask_agency(connection: Connection, question: Question) -> Reply:
    (doi,) = question.values
    try:
        agency = crossref.ask_agency(connection, doi)
    except SourceAnswerError as error:
        return _refused(question, error)
    asked = Reference(Scheme.DOI, doi)
    if agency is None:
        reason = "no agency knows this DOI"
        return Reply(question, [LookupResult(Source.CROSSREF, asked, Outcome.NOT_FOUND, reason)])
    if agency.casefold() == crossref.CROSSREF_AGENCY:
        # It exists and yet has no record: that is neither "found" nor "does not exist".
        return Reply(question, question.failed("crossref: registered there, but it sends no record"))
    result = LookupResult(Source.CROSSREF, asked, Outcome.OTHER_AGENCY, f"registered at {agency}")
    return Reply(question, [result], agency_questions([doi]))


def _negotiate(connection: Connection, question: Question) -> Reply:
    (doi,) = question.values
    try:
        answer = agencies.negotiate(connection, doi)
    except SourceAnswerError as error:
        return _refused(question, error)
    asked = Reference(Scheme.DOI, doi)
    if not answer.is_registered:
        # An agency is known by the beginning of a DOI; whether there is such a DOI, doi.org knows.
        return Reply(
            question,
            [
                LookupResult(source, asked, Outcome.NOT_FOUND, "doi.org has no such DOI")
                for source in (Source.AGENCY, Source.CROSSREF)
            ],
        )
    if answer.metadata is None:
        reason = "its agency sends no metadata"
        return Reply(question, [LookupResult(Source.AGENCY, asked, Outcome.OTHER_AGENCY, reason)])
    record = agencies.read_csl(answer.metadata)
    return Reply(question, [_found(Source.AGENCY, asked, record, _json(answer.metadata))])


def _ask_pubmed(connection: Connection, question: Question) -> Reply:
    try:
        answer = pubmed.fetch(connection, question.values)
    except SourceAnswerError as error:
        return _refused(question, error)
    more: list[Question] = []
    if answer.absent:
        more = [Question(Source.PUBMED, tuple(answer.absent), Scheme.PMID, _confirm_absent)]
    return Reply(question, more=more, articles=list(answer.found.values()))


def _confirm_absent(connection: Connection, question: Question) -> Reply:
    try:
        absent = pubmed.confirm_absent(connection, question.values)
    except SourceAnswerError as error:
        return _refused(question, error)
    results = [
        LookupResult(Source.PUBMED, Reference(Scheme.PMID, pmid), Outcome.NOT_FOUND, "PubMed has no such PMID")
        for pmid in sorted(absent)
    ]
    left = tuple(pmid for pmid in question.values if pmid not in absent)
    more = [Question(Source.PUBMED, left, Scheme.PMID, _ask_pubmed_again)] if left else []
    return Reply(question, results, more)


def _ask_pubmed_again(connection: Connection, question: Question) -> Reply:
    """Ask for what one answer left out though it exists: an empty answer can be a fault that has passed."""
    try:
        answer = pubmed.fetch(connection, question.values)
    except SourceAnswerError as error:
        return _refused(question, error)
    reply = Reply(question, articles=list(answer.found.values()))
    if answer.absent:
        left = Question(Source.PUBMED, tuple(answer.absent), Scheme.PMID, question.ask)
        reply.results = left.failed("pubmed: it is listed there, but no record is sent")
    return reply


def _search_pubmed(connection: Connection, question: Question) -> Reply:
    try:
        hits = pubmed.search(connection, question.values)
    except SourceAnswerError as error:
        return _refused(question, error)
    return Reply(question, hits=hits)


def _convert(connection: Connection, question: Question) -> Reply:
    try:
        answer = idconv.convert(connection, question.values)
    except SourceAnswerError as error:
        return _refused(question, error)
    results = [
        _found(Source.IDCONV, Reference(Scheme.PMCID, pmcid), record, payload)
        for pmcid, (record, payload) in answer.found.items()
    ]
    results += [
        LookupResult(Source.IDCONV, Reference(Scheme.PMCID, pmcid), Outcome.NOT_FOUND, "PMC has no such article")
        for pmcid in answer.absent
    ]
    results += [
        LookupResult(Source.IDCONV, Reference(Scheme.PMCID, pmcid), Outcome.FAILED, "idconv: no answer for this id")
        for pmcid in answer.unanswered
    ]
    return Reply(question, results)


def _convert_dois(connection: Connection, question: Question) -> Reply:
    """Find the PMIDs of DOIs that cannot be searched; their records then tell whether they are these works'."""
    try:
        answer = idconv.convert(connection, question.values, Scheme.DOI)
    except SourceAnswerError as error:
        return _refused(question, error)
    pmids = {
        doi: next((value for scheme, value in record.identifiers if scheme is Scheme.PMID), None)
        for doi, (record, _payload) in answer.found.items()
    }
    found = [doi for doi, pmid in pmids.items() if pmid]
    results = [_unsearchable(doi) for doi in question.values if doi not in found]
    return Reply(replace(question, values=tuple(found)), results, hits=[pmid for pmid in pmids.values() if pmid])


# Questions that follow an answer, by the names that the store keeps them under.
_FOLLOWING: dict[str, tuple[Source, Scheme, Callable[[Connection, Question], Reply]]] = {
    "single": (Source.CROSSREF, Scheme.DOI, _ask_crossref_single),
    "agency": (Source.CROSSREF, Scheme.DOI, _ask_agency),
    "absence": (Source.PUBMED, Scheme.PMID, _confirm_absent),
    "again": (Source.PUBMED, Scheme.PMID, _ask_pubmed_again),
}


def following_kind(question: Question) -> str | None:
    """Return the name of a question that follows an answer, or None where it is a first one."""
    return next((kind for kind, (_, _, ask) in _FOLLOWING.items() if ask is question.ask), None)


def following_questions(kind: str, values: Sequence[str]) -> list[Question]:
    """Return the questions of a name for some identifiers; none for a name that is not known."""
    if kind not in _FOLLOWING:
        return []
    source, scheme, ask = _FOLLOWING[kind]
    parts = [(value,) for value in values] if source is Source.CROSSREF else [tuple(values)]
    return [Question(source, part, scheme, ask) for part in parts]
