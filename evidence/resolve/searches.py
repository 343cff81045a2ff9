"""Searches in PubMed: one finds the PMIDs of many DOIs, and only their records tell which belongs to which.

So a search is settled when the records of all its hits are there: a DOI that none of them names is not in PubMed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from evidence.records import LookupResult, Reference
from evidence.resolve.asking import UNSEARCHABLE
from evidence.vocabulary import Outcome, Scheme, Source


@dataclass(slots=True, eq=False)
class _Search:
    """A search whose hits are being fetched: which DOIs have no record yet, and which hits are still to come.

    Hits that the converter told of are some, not all: where their records do not name a DOI, nothing is known of it.
    """

    dois: set[str]
    pmids: set[str]
    is_converted: bool
    has_failed: bool = False


@dataclass(slots=True)
class Searches:
    """The searches of one run that are not settled. `hits` are the PMIDs whose records are to be asked for."""

    hits: dict[str, None] = field(default_factory=dict)
    _open: list[_Search] = field(default_factory=list)

    def begin(
        self,
        dois: Iterable[str],
        pmids: Iterable[str],
        *,
        under_way: Iterable[str] = (),
        has_failed: bool = False,
        is_converted: bool = False,
    ) -> Iterator[LookupResult]:
        """Take in what a search found, and yield its DOIs if that was nothing new.

        Args:
            dois: what was searched for.
            pmids: its hits, without those whose records have come: these did not name any of the DOIs.
            under_way: those of them that are asked for anyway.
            has_failed: one of the hits could not be fetched.
            is_converted: the converter was asked, not the search.
        """
        search = _Search(set(dois), set(pmids), is_converted, has_failed)
        self._open.append(search)
        self.hits.update(dict.fromkeys(sorted(search.pmids.difference(under_way), key=int)))
        return self._settle(search)

    def take_hits(self, size: int) -> list[str]:
        """Return the next hits to ask for, and remove them."""
        part = list(self.hits)[:size]
        for pmid in part:
            del self.hits[pmid]
        return part

    def note_record(self, pmid: str, named: Iterable[Reference]) -> Iterator[LookupResult]:
        """Take in the record of a PMID, which names other identifiers of its work, and yield what that settles."""
        for search in self._open:
            search.dois.difference_update(one.value for one in named)
        yield from self.note_end(Reference(Scheme.PMID, pmid), has_failed=False)

    def note_end(self, reference: Reference, *, has_failed: bool) -> Iterator[LookupResult]:
        """Note that a PMID will bring nothing more, and yield what that settles."""
        if reference.scheme is not Scheme.PMID:
            return
        for search in list(self._open):
            if reference.value in search.pmids:
                search.pmids.discard(reference.value)
                search.has_failed |= has_failed
                yield from self._settle(search)

    def _settle(self, search: _Search) -> Iterator[LookupResult]:
        if search.pmids:
            return
        self._open.remove(search)
        outcome, reason = Outcome.NOT_FOUND, "no record in PubMed names this DOI"
        if search.has_failed:
            outcome, reason = Outcome.FAILED, "pubmed: a record that may be this one could not be fetched"
        elif search.is_converted:
            outcome, reason = Outcome.FAILED, UNSEARCHABLE
        for doi in sorted(search.dois):
            yield LookupResult(Source.PUBMED, Reference(Scheme.DOI, doi), outcome, reason)
