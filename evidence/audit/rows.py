"""The rows of pages and works as the database has them, as plain values: what else the audit does needs no database."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from evidence.notices import WorkNotice
from evidence.records import Reference
from evidence.vocabulary import Design, Outcome, Scheme

SCHEMES = {scheme.value: scheme for scheme in Scheme}
LookupLine = tuple[str, Outcome, str | None]


class WorkRows(NamedTuple):
    """The rows of some works, as the database has them: each list begins with the number of its work."""

    names: list[tuple[Any, ...]]
    works: list[tuple[Any, ...]]
    relations: list[tuple[Any, ...]]
    notices: list[tuple[Any, ...]]
    authors: list[tuple[Any, ...]]
    issued: dict[Reference, list[WorkNotice]]


class StudyFacts(NamedTuple):
    """What the page of a study states of its work; `names` are all identifiers that it gives."""

    designs: tuple[Design, ...]
    organism: str | None
    path: str
    names: frozenset[str]
    n: int | None = None
    year: int | None = None


class PageSize(NamedTuple):
    """A page of the store and how many claims it has."""

    id: int
    path: str
    claims: int


class BundleRows(NamedTuple):
    """The rows of some pages as the database has them, with all that their judgement follows from but the settings."""

    pages: list[tuple[int, str]]
    heads: list[tuple[Any, ...]]
    claims: list[tuple[Any, ...]]
    citations: list[tuple[Any, ...]]
    tags: list[tuple[Any, ...]]
    notes: list[tuple[Any, ...]]
    identifiers: list[tuple[Any, ...]]
    works: WorkRows
    lookups: dict[Reference, list[LookupLine]]
    studies: dict[Reference, StudyFacts]
    study_paths: frozenset[str]
    # What study pages say that they are of, by page, with the offset.
    own: dict[int, list[tuple[Reference, int]]]

    def only(self, page_ids: Collection[int]) -> BundleRows:
        """Return the rows of some of the pages; what belongs to several pages stays whole."""
        if len(page_ids) == len(self.pages):
            return self
        claims = [row for row in self.claims if row[1] in page_ids]
        notes = [row for row in self.notes if row[1] in page_ids]
        claim_ids, note_ids = {row[0] for row in claims}, {row[0] for row in notes}
        return self._replace(
            pages=[one for one in self.pages if one[0] in page_ids],
            heads=[row for row in self.heads if row[0] in page_ids],
            claims=claims,
            citations=[row for row in self.citations if row[0] in claim_ids],
            tags=[row for row in self.tags if row[0] in claim_ids],
            notes=notes,
            identifiers=[row for row in self.identifiers if row[0] in note_ids],
            own={page_id: own for page_id, own in self.own.items() if page_id in page_ids},
        )
