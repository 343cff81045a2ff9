"""Reads the rows of pages from the store, of a few hundred at a time, with all that these are judged by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import ceil

from sqlalchemy import Executable, Text, cast, func, select
from sqlalchemy.orm import Session

from evidence.audit.load import PageClaims, assemble
from evidence.audit.rows import SCHEMES, BundleRows, LookupLine, PageSize, StudyFacts, WorkRows
from evidence.audit.work_rows import fetch_rows, read_failures, read_lookups, read_study_pages, read_work_rows
from evidence.records import Reference
from evidence.store import models
from evidence.store.among import among, among_given, given
from evidence.vocabulary import Role

# As many as make the statements few and the memory small.
_PAGES = 256
_CLAIMS = 5_000
# The fields of front matter that say when a page was checked, and how dates are written there.
_CHECKED = ("verified", "literature-checked-through")


def load_pages(
    session: Session,
    resources: Mapping[Reference, str],
    paths: Sequence[str] | None = None,
) -> Iterator[PageClaims]:
    """Yield every page with its claims, in the order of paths.

    Args:
        session: open.
        resources: papers that describe a database, with why; those found in tables come on top.
        paths: pages to load; all of them by default.
    """
    for rows in read_bundles(session, list_pages(session, paths)):
        yield from assemble(rows, resources)


def list_pages(session: Session, paths: Sequence[str] | None = None) -> list[PageSize]:
    """Return the pages of the store, or those of some paths, sorted by path in the same way for every database."""
    page, claim = models.Page, models.Claim
    query = select(page.id, page.path, func.count(claim.id)).outerjoin(claim, claim.page_id == page.id)
    query = query.group_by(page.id, page.path)
    if paths is None:
        found = list(session.execute(query))
    else:
        found = list(session.execute(query.where(among(session.connection(), page.path, sorted(set(paths))))))
    return sorted((PageSize(*row) for row in found), key=lambda one: one.path)


def count_without_clauses(session: Session) -> int:
    """Return how many pages have citations that were read before their clauses were kept."""
    claim, citation = models.Claim, models.Citation
    query = select(func.count(claim.page_id.distinct())).join(citation, citation.claim_id == claim.id)
    return session.execute(query.where(citation.clause.is_(None))).scalar_one()


def read_bundles(session: Session, pages: Sequence[PageSize]) -> Iterator[BundleRows]:
    """Yield the rows of pages, of a few hundred at a time."""
    studies = _Studies(session)
    for bundle in _bundles(pages):
        yield _read_bundle(session, bundle, studies)


def _bundles(pages: Sequence[PageSize]) -> Iterator[list[PageSize]]:
    """Yield pages in lists of about as many claims each, so that processes that share them end together."""
    total = sum(page.claims for page in pages)
    count = ceil(total / _CLAIMS)
    # Most machines have an even number of cores.
    wanted = ceil(total / (count + count % 2)) if count > 1 else _CLAIMS
    bundle: list[PageSize] = []
    claims = 0
    for page in pages:
        bundle.append(page)
        claims += page.claims
        if len(bundle) >= _PAGES or claims >= wanted:
            yield bundle
            bundle, claims = [], 0
    if bundle:
        yield bundle


class _Studies:
    """The study pages of the vault, by the identifiers of their works and by path."""

    def __init__(self, session: Session) -> None:
        self.by_reference: dict[Reference, StudyFacts] = {}
        self.own: dict[str, list[Reference]] = {}
        paths = []
        for references, facts in read_study_pages(session):
            paths.append(facts.path)
            if references:
                self.own[facts.path] = references
            for reference in references:
                self.by_reference.setdefault(reference, facts)
        # A page on one study may have no identifier of it.
        self.paths = frozenset(paths)

    def of(self, references: Iterable[Reference], works: WorkRows) -> dict[Reference, StudyFacts]:
        """Return the study pages of some identifiers and of the works that these name."""
        if not self.by_reference:
            return {}
        named = {*references, *(Reference(SCHEMES[scheme], value) for _, scheme, value in works.names)}
        return {one: self.by_reference[one] for one in sorted(named) if one in self.by_reference}


def _read_bundle(session: Session, pages: Sequence[PageSize], studies: _Studies) -> BundleRows:
    connection = session.connection()
    dialect = connection.dialect.name
    of_these = {"values": given(dialect, [one.id for one in pages])}
    queries = _queries_of_pages(dialect)
    heads, claims, citations, tags, notes, identifiers = (fetch_rows(connection, one, of_these) for one in queries)
    references = {Reference(SCHEMES[row[1]], row[2]) for row in identifiers}
    references |= {Reference(SCHEMES[row[7]], row[8]) for row in notes if row[7]}
    references |= {Reference(SCHEMES[row[3]], row[4]) for row in citations if row[3] and row[4]}
    own = _read_own(session, pages, studies)
    references.update(one for found in own.values() for one, _ in found)
    works = read_work_rows(session, references)
    return BundleRows(
        [(one.id, one.path) for one in pages], heads, claims, citations, tags, notes, identifiers, works,
        _read_lookups(session, references, works), studies.of(references, works),
        frozenset(one.path for one in pages if one.path in studies.paths), own,
    )  # fmt: skip


def _read_lookups(session: Session, cited: set[Reference], works: WorkRows) -> dict[Reference, list[LookupLine]]:
    """Return how the look-ups of the cited identifiers ended, and which failed of the other ones of their works."""
    others = {Reference(SCHEMES[scheme], value) for _, scheme, value in works.names if scheme in SCHEMES}
    return read_lookups(session, cited) | read_failures(session, others - cited)


# Made once: to make them takes longer than to run them.
@cache
def _queries_of_pages(dialect: str) -> tuple[Executable, ...]:
    page, claim, citation, tag = models.Page, models.Claim, models.Citation, models.Tag
    note, identifier = models.Note, models.Identifier
    of_these = among_given(dialect, claim.page_id)
    return (
        select(
            page.id, cast(page.problems, Text), cast(page.acknowledgements, Text), cast(page.lines, Text),
            *(page.front_matter[key].as_string() for key in _CHECKED),
        )
        .where(among_given(dialect, page.id)),
        select(
            claim.id, claim.page_id, claim.kind, cast(claim.section, Text), claim.line, claim.start, claim.text,
            cast(claim.lead_in, Text), cast(claim.interaction, Text),
        )
        .where(of_these)
        .order_by(claim.page_id, claim.position),
        select(
            citation.claim_id, citation.note_id, citation.note, citation.scheme, citation.value, citation.start,
            citation.end, citation.polarity, citation.clause,
        )
        .join(claim, claim.id == citation.claim_id)
        .where(of_these)
        .order_by(citation.claim_id, citation.start, citation.id),
        select(tag.claim_id, tag.name, tag.place, tag.scope)
        .join(claim, claim.id == tag.claim_id)
        .where(of_these)
        .order_by(tag.claim_id, tag.id),
        select(
            note.id, note.page_id, note.key, note.occurrence, note.line, note.start, note.text, note.primary_scheme,
            note.primary_value, note.study_page, cast(note.stated, Text),
        )
        .where(among_given(dialect, note.page_id))
        .order_by(note.page_id, note.line, note.occurrence),
        select(identifier.note_id, identifier.scheme, identifier.value, identifier.role, identifier.start)
        .where(
            among_given(dialect, identifier.page_id),
            identifier.note_id.is_not(None),
            identifier.role.in_((Role.CITED.value, Role.PREPRINT.value)),
        )
        .order_by(identifier.page_id, identifier.start, identifier.id),
    )  # fmt: skip


def _read_own(session: Session, pages: Sequence[PageSize], studies: _Studies) -> dict[int, list[tuple[Reference, int]]]:
    """Return what study pages say in their front matter that they are of, with the offset of each."""
    paths = {one.id: one.path for one in pages if one.path in studies.own}
    identifier = models.Identifier
    starts: dict[tuple[int, Reference], int] = {}
    if paths:
        connection = session.connection()
        query = select(identifier.page_id, identifier.scheme, identifier.value, identifier.start)
        query = query.where(among(connection, identifier.page_id, paths), identifier.note_id.is_(None))
        for page_id, scheme, value, start in fetch_rows(connection, query.order_by(identifier.start)):
            starts.setdefault((page_id, Reference(SCHEMES[scheme], value)), start)
    return {
        page_id: [(one, starts.get((page_id, one), 0)) for one in studies.own[path]] for page_id, path in paths.items()
    }
