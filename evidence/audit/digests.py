"""A digest of all that a page is judged by: while it stays, so does what the audit makes of the page."""

from __future__ import annotations

import hashlib
import marshal
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from evidence.audit.chains import find_chains
from evidence.audit.rows import SCHEMES, BundleRows, LookupLine, WorkRows
from evidence.records import Reference
from evidence.vocabulary import Outcome

# Of the forms of marshal the last one that is the same for equal values: later ones tell shared values apart.
_FORM = 2
_SIZE = 16
_Rows = Iterable[tuple[Any, ...]]


def digest_of(*values: Any) -> str:
    """Return the digest of plain values: numbers, texts, None, and tuples and lists of these.

    >>> digest_of("a", 1) == digest_of("a", 1), digest_of("a", 1) == digest_of("a1")
    (True, False)
    """
    return hashlib.blake2b(marshal.dumps(values, _FORM), digest_size=_SIZE).hexdigest()


@cache
def digest_of_program() -> str:
    """Return the digest of the program itself: another version may judge and find otherwise."""
    package = Path(__file__).parents[1]
    return digest_of(*(path.read_bytes() for path in sorted(package.rglob("*.py"))))


def digest_pages(rows: BundleRows, terms: str) -> dict[int, str]:
    """Return the digest of each page of a bundle.

    Args:
        rows: of the bundle.
        terms: the digest of what else decides.
    """
    page_of_claim = {row[0]: row[1] for row in rows.claims}
    page_of_note = {row[0]: row[1] for row in rows.notes}
    parts: dict[int, list[Any]] = {page_id: [path] for page_id, path in rows.pages}
    named: dict[int, set[Reference]] = defaultdict(set)

    def add(some: _Rows, page_of: Callable[[tuple[Any, ...]], int]) -> None:
        for row in some:
            parts[page_of(row)].append(row)

    add(rows.heads, lambda row: row[0])
    add(rows.claims, lambda row: row[1])
    add(rows.tags, lambda row: page_of_claim[row[0]])
    add(rows.notes, lambda row: row[1])
    add(rows.citations, lambda row: page_of_claim[row[0]])
    add(rows.identifiers, lambda row: page_of_note[row[0]])
    for page_id, reference in _named(rows, page_of_claim, page_of_note):
        named[page_id].add(reference)
    for page_id, own in rows.own.items():
        parts[page_id] += [(scheme.value, value, start) for (scheme, value), start in own]
    said_of = _Said(rows)
    return {
        page_id: digest_of(
            terms, path in rows.study_paths, parts[page_id], [said_of.reference(one) for one in sorted(named[page_id])]
        )
        for page_id, path in rows.pages
    }


def _named(
    rows: BundleRows, page_of_claim: Mapping[str, int], page_of_note: Mapping[int, int]
) -> Iterator[tuple[int, Reference]]:
    """Yield the identifiers that pages are judged by, as `load.py` asks for their works."""
    for note_id, scheme, value, *_ in rows.identifiers:
        yield page_of_note[note_id], Reference(SCHEMES[scheme], value)
    for _, page_id, *_, scheme, value, _, _ in rows.notes:
        if scheme:
            yield page_id, Reference(SCHEMES[scheme], value)
    for claim_id, _, _, scheme, value, *_ in rows.citations:
        if scheme and value:
            yield page_of_claim[claim_id], Reference(SCHEMES[scheme], value)
    for page_id, own in rows.own.items():
        yield from ((page_id, reference) for reference, _ in own)


class _Said:
    """What is said of each identifier of a bundle: of its work, of those related to that, of its look-ups.

    Related are works that tell of each other, and all that report the same research, however many steps away.
    """

    def __init__(self, rows: BundleRows) -> None:
        self._rows = rows
        self._works = _digest_works(rows.works)
        self._holders: dict[tuple[str, str], int] = {}
        self._names: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for work_id, scheme, value in rows.works.names:
            self._holders[scheme, value] = work_id
            self._names[work_id].append((scheme, value))
        self._related: dict[int, set[int]] = defaultdict(set)
        self._targets: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for work_id, _, scheme, value in rows.works.relations:
            self._targets[work_id].add((scheme, value))
            other = self._holders.get((scheme, value))
            if other is not None:
                # Either of two works may tell that they are related.
                self._related[work_id].add(other)
                self._related[other].add(work_id)
        self._known: dict[int, str] = {}
        self._chains: dict[int, str] = {}
        for chain in find_chains(rows.works.names, rows.works.relations):
            self._chains.update(dict.fromkeys(chain, self._digest(chain)))

    def reference(self, one: Reference) -> tuple[Any, ...]:
        name = (one.scheme.value, one.value)
        lookups: list[LookupLine] = self._rows.lookups.get(one, [])
        said = [(source, outcome.value, reason) for source, outcome, reason in lookups]
        work_id = self._holders.get(name)
        return name, said, self._names_said([name]), self._work(work_id) if work_id is not None else None

    def _work(self, work_id: int) -> str:
        if work_id not in self._known:
            near = self._digest(sorted({work_id, *self._related[work_id]}))
            self._known[work_id] = digest_of(near, self._chains.get(work_id))
        return self._known[work_id]

    def _digest(self, works: Collection[int]) -> str:
        names = sorted({name for one in works for name in (*self._names[one], *self._targets[one])})
        return digest_of([self._works[one] for one in works], self._names_said(names), self._failed(works))

    def _failed(self, works: Iterable[int]) -> list[Any]:
        """Return which look-ups of the identifiers of works failed."""
        if not self._rows.lookups:
            return []
        names = sorted({(scheme, value) for one in works for scheme, value in self._names[one] if scheme in SCHEMES})
        lines = ((name, self._rows.lookups.get(Reference(SCHEMES[name[0]], name[1]), ())) for name in names)
        return [
            (*name, source, reason)
            for name, found in lines
            for source, outcome, reason in found
            if outcome is Outcome.FAILED
        ]

    def _names_said(self, names: Iterable[tuple[str, str]]) -> list[str]:
        """Return what other works and study pages say of identifiers."""
        said: list[str] = []
        if not (self._rows.works.issued or self._rows.studies):
            return said
        for scheme, value in names:
            one = Reference(SCHEMES[scheme], value) if scheme in SCHEMES else None
            if one in self._rows.works.issued:
                said.append(repr(self._rows.works.issued[one]))
            if one in self._rows.studies:
                facts = self._rows.studies[one]
                said.append(repr((*facts._replace(names=frozenset()), sorted(facts.names))))
        return said


def _digest_works(rows: WorkRows) -> dict[int, str]:
    # Sorted where the database gives them in no order.
    parts: dict[int, list[Any]] = defaultdict(list)
    for some in (sorted(rows.names), rows.works, sorted(rows.relations), rows.notices, rows.authors):
        for row in some:
            parts[row[0]].append(row)
    return {work_id: digest_of(one) for work_id, one in parts.items()}
