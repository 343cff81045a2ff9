"""Retraction states: what was done to works whose metadata still holds, asked for in batches that cost little.

Crossref's lists are cut to a few fields (`select`), a tenth of the bytes; PubMed's document summaries name types and
notices in about a fifth of the bytes of its records. What an answer leaves out is asked for in full, which tells
whether it is gone. A state that is not answered stays as old as it is: it is never taken for "nothing was done".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx2

from evidence.errors import SourceAnswerError
from evidence.identifiers import fold_doi
from evidence.records import LookupResult, Reference, WorkRecord
from evidence.resolve import asking, crossref
from evidence.resolve.asking import Question, Reply
from evidence.resolve.http import Connection, entrez_call
from evidence.resolve.kept import read_summary
from evidence.resolve.retrying import retried, translated
from evidence.resolve.wanted import Ask
from evidence.vocabulary import Outcome, Scheme, Source

# A marked title ("RETRACTED: ...") counts where no notice is registered.
SELECTED = ("DOI", "title", "relation", "update-to", "updated-by")
_SELECT_BYTES = len(str(httpx2.QueryParams({"select": ",".join(SELECTED)}))) + 1


@dataclass(frozen=True, slots=True)
class _StateQuestion(Question):
    """A question whose failure says nothing of its works: what was known of them still holds, with its date."""

    @property
    def is_state(self) -> bool:
        """Whether it is about notices alone."""
        return True

    def failed(self, reason: str) -> list[LookupResult]:
        """Return nothing: a state that is not answered is none."""
        del reason
        return []

    def halves(self) -> list[Question]:
        """Return this question as two."""
        middle = len(self.values) // 2
        return [
            _StateQuestion(self.source, part, self.scheme, self.ask)
            for part in (self.values[:middle], self.values[middle:])
        ]


def state_questions(asks: Sequence[Ask], crossref_batch: int, entrez_batch: int) -> list[Question]:
    """Return the questions for the states of DOIs at Crossref and of PMIDs at PubMed."""
    dois = [ask.reference.value for ask in asks if ask.source is Source.CROSSREF]
    pmids = [ask.reference.value for ask in asks if ask.source is Source.PUBMED]
    found: list[Question] = []
    for group in crossref.batches([doi for doi in dois if not crossref.is_odd(doi)], crossref_batch):
        question = _StateQuestion(Source.CROSSREF, tuple(group), Scheme.DOI, _ask_crossref)
        found += question.halves() if _is_too_long(group) else [question]
    # A comma cannot stand in a list, and a single work cannot be cut.
    found += asking.crossref_questions([doi for doi in dois if crossref.is_odd(doi)], 1)[0]
    found += [
        _StateQuestion(Source.PUBMED, tuple(pmids[start : start + entrez_batch]), Scheme.PMID, _ask_pubmed)
        for start in range(0, len(pmids), entrez_batch)
    ]
    return found


def _is_too_long(dois: Sequence[str]) -> bool:
    query = str(httpx2.QueryParams({"filter": ",".join(f"doi:{doi}" for doi in dois)}))
    return len(dois) > 1 and len(query) + _SELECT_BYTES + len("GET /works?&rows=1000 HTTP/1.1") > (
        crossref.MAX_REQUEST_LINE_BYTES
    )


def _ask_crossref(connection: Connection, question: Question) -> Reply:
    def ask() -> list[Any]:
        with translated(Source.CROSSREF):
            answer = connection.crossref.works(
                filter={"doi": list(question.values)}, limit=len(question.values), select=list(SELECTED)
            )
            return list(answer["message"]["items"])

    try:
        items = retried(ask, connection.tries, connection.stopping)
    except SourceAnswerError as error:
        return _refused(question, error)
    wanted = {fold_doi(doi): doi for doi in question.values}
    found = {}
    for item in items:
        if isinstance(item, dict) and (doi := wanted.get(fold_doi(str(item.get("DOI"))))):
            found[doi] = _state(Source.CROSSREF, Reference(Scheme.DOI, doi), crossref.read_work(item), item)
    absent = [doi for doi in question.values if doi not in found]
    return Reply(question, list(found.values()), asking.crossref_questions(absent, 1)[0])


def _ask_pubmed(connection: Connection, question: Question) -> Reply:
    def ask() -> dict[str, Any]:
        with translated(Source.PUBMED):
            body = entrez_call("esummary", db="pubmed", id=",".join(question.values), retmode="json", version="2.0")
            result = json.loads(body)["result"]
            result["uids"]  # a foreign JSON has none
        return dict(result)

    try:
        summaries = retried(ask, connection.tries, connection.stopping)
    except SourceAnswerError as error:
        return _refused(question, error)
    found = {}
    for pmid in question.values:
        summary = summaries.get(pmid)
        # Without these a summary tells nothing of notices, which is not the same as that there are none.
        if (
            isinstance(summary, dict)
            and str(summary.get("uid")) == pmid
            and {"pubtype", "references", "title"} <= summary.keys()
        ):
            found[pmid] = _state(Source.PUBMED, Reference(Scheme.PMID, pmid), read_summary(summary), summary)
    absent = [pmid for pmid in question.values if pmid not in found]
    return Reply(question, list(found.values()), asking.pmid_questions(absent, len(absent) or 1)[0])


def _refused(question: Question, error: SourceAnswerError) -> Reply:
    return Reply(question, more=question.halves() if len(question.values) > 1 else [], error=error)


def _state(source: Source, asked: Reference, record: WorkRecord, said: dict[str, Any]) -> LookupResult:
    payload = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return LookupResult(source, asked, Outcome.RESOLVED, record=record, payload=payload, is_state=True)
