"""Reads what the store holds of works, look-ups and study pages, in bulk: a few statements for many identifiers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Text, and_, cast, or_, select
from sqlalchemy.orm import Session

from evidence.audit.chains import SAME_STUDY, ties_of
from evidence.audit.designs import designs_of_words
from evidence.audit.rows import SCHEMES, LookupLine, StudyFacts, WorkRows
from evidence.audit.studypages import read_numbers
from evidence.audit.works import name_of
from evidence.errors import IdentifierError
from evidence.identifiers import parse_reference
from evidence.records import Reference
from evidence.store import models
from evidence.store.among import among_given, given
from evidence.store.queries import list_notices_of
from evidence.vocabulary import Outcome, RelationKind, Scheme, Source

_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_STUDY_KEYS = (
    (Scheme.DOI, ("doi",)),
    (Scheme.PMID, ("pmid", "pubmed")),
    (Scheme.PMCID, ("pmcid", "pmc")),
)


def fetch_rows(
    connection: Connection, query: Executable, parameters: Mapping[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """Return the rows as the driver gives them, for columns of numbers and texts: nothing is made of each row."""
    with closing(connection.execute(query, parameters)) as result:
        return [] if result.cursor is None else list(result.cursor.fetchall())


def read_work_rows(session: Session, references: Collection[Reference]) -> WorkRows:
    """Return the rows of the works that some identifiers name, and what notices do to these and to unknown works.

    With them those of all works that report the same research, however many steps away registries tell so.
    """
    rows = WorkRows([], [], [], [], [], {})
    known: set[int] = set()
    asked: set[Reference] = set()
    new = _read_holders(session, references)
    # What is one study with a cited work bears on it, cited or not, and so does what is one study with that.
    while new:
        names, relations = len(rows.names), len(rows.relations)
        _read_rows_of(session, new, rows)
        known |= new
        told = {Reference(SCHEMES[scheme], value) for _, scheme, value in rows.names[names:]}
        told.update(Reference(SCHEMES[scheme], value) for _, (scheme, value) in ties_of(rows.relations[relations:]))
        told -= asked
        asked |= told
        new = (_read_holders(session, told) | _read_tellers(session, told)) - known
    # Of works that no registry has described, a notice may be known all the same.
    named = {Reference(SCHEMES[scheme], value) for _, scheme, value in rows.names}
    named.update(
        Reference(SCHEMES[scheme], value)
        for _, kind, scheme, value in rows.relations
        if kind == RelationKind.IS_PREPRINT_OF and scheme in SCHEMES
    )
    rows.issued.update(list_notices_of(session, named | set(references)))
    return rows


def _read_holders(session: Session, references: Iterable[Reference]) -> set[int]:
    """Return the works that have some identifiers."""
    return {work_id for _, rows in _ask_of(session, _query_of_holders, references) for (work_id,) in rows}


def _read_tellers(session: Session, references: Iterable[Reference]) -> set[int]:
    """Return the works that say of themselves to be one study with some identifiers: either of two may tell so."""
    asked = _ask_of(session, _query_of_tellers, references)
    return {work_id for scheme, rows in asked for work_id, named in rows if named == scheme}


def _ask_of(
    session: Session, query_of: Callable[[str, Scheme], Executable], references: Iterable[Reference]
) -> Iterator[tuple[Scheme, list[tuple[Any, ...]]]]:
    """Yield the rows of a query for the identifiers of each scheme."""
    connection = session.connection()
    dialect = connection.dialect.name
    for scheme, values in _by_scheme(references):
        yield scheme, fetch_rows(connection, query_of(dialect, scheme), {"values": given(dialect, values)})


# Queries are made once: to make one takes longer than to run it.
@cache
def _query_of_holders(dialect: str, scheme: Scheme) -> Executable:
    link = models.WorkIdentifier
    # By scheme and value, as the index has them: by value alone every statement would read the whole table.
    return select(link.work_id).where(link.scheme == scheme, among_given(dialect, link.value))


@cache
def _query_of_tellers(dialect: str, _scheme: Scheme) -> Executable:
    relation = models.Relation
    telling = select(relation.work_id, relation.scheme).where(relation.kind.in_(sorted(SAME_STUDY)))
    # By value, as the index has them.
    return telling.where(among_given(dialect, relation.value))


def _read_rows_of(session: Session, ids: Collection[int], rows: WorkRows) -> None:
    """Add the rows of some works."""
    connection = session.connection()
    dialect = connection.dialect.name
    of_these = {"values": given(dialect, ids)}
    lists = (rows.names, rows.works, rows.relations, rows.notices, rows.authors)
    for found, query in zip(lists, _queries_of_works(dialect), strict=True):
        found.extend(fetch_rows(connection, query, of_these))


@cache
def _queries_of_works(dialect: str) -> tuple[Executable, ...]:
    link, work, relation, notice = models.WorkIdentifier, models.Work, models.Relation, models.Notice
    place, author = models.Authorship, models.Author
    texts = [cast(one, Text) for one in (work.publication_types, work.mesh, work.field_sources, work.conflicts)]
    return (
        select(link.work_id, link.scheme, link.value).where(among_given(dialect, link.work_id)),
        select(
            work.id, work.title, work.container, work.container_short, work.series, work.date, work.type, *texts
        ).where(among_given(dialect, work.id)),
        select(relation.work_id, relation.kind, relation.scheme, relation.value)
        .where(among_given(dialect, relation.work_id)),
        select(
            notice.work_id, notice.kind, notice.date, notice.source, notice.scheme, notice.value, notice.asserted_by,
            notice.record_id,
        )
        .where(among_given(dialect, notice.work_id))
        .order_by(notice.id),
        select(place.work_id, author.family, author.given, author.orcid, author.collective)
        .join(author, author.id == place.author_id)
        .where(among_given(dialect, place.work_id))
        .order_by(place.work_id, place.position),
    )  # fmt: skip


def _by_scheme(references: Iterable[Reference]) -> Iterator[tuple[Scheme, Sequence[str]]]:
    values: dict[Scheme, list[str]] = defaultdict(list)
    for scheme, value in sorted(set(references)):
        values[scheme].append(value)
    yield from values.items()


def read_lookups(session: Session, references: Iterable[Reference]) -> dict[Reference, list[LookupLine]]:
    """Return how the look-ups of some identifiers ended, by source."""
    return _lines_of(_ask_of(session, _query_of_lookups, references))


def read_failures(session: Session, references: Iterable[Reference]) -> dict[Reference, list[LookupLine]]:
    """Return which look-ups of some identifiers failed at a registry that tells of notices."""
    return _lines_of(_ask_of(session, _query_of_failures, references))


def _lines_of(answers: Iterable[tuple[Scheme, Iterable[Any]]]) -> dict[Reference, list[LookupLine]]:
    found: dict[Reference, list[LookupLine]] = defaultdict(list)
    for scheme, rows in answers:
        for value, source, outcome, reason in rows:
            found[Reference(scheme, value)].append((source, _OUTCOMES[outcome], reason))
    for lines in found.values():
        lines.sort(key=lambda line: line[0])
    return found


@cache
def _query_of_failures(dialect: str, scheme: Scheme) -> Executable:
    table = models.Lookup
    return select(table.value, table.source, table.outcome, table.reason).where(
        table.source.in_((Source.CROSSREF.value, Source.PUBMED.value)),
        table.outcome == Outcome.FAILED.value,
        table.scheme == scheme,
        among_given(dialect, table.value),
    )


@cache
def _query_of_lookups(dialect: str, scheme: Scheme) -> Executable:
    table = models.Lookup
    sources = [source.value for source in Source]
    return select(table.value, table.source, table.outcome, table.reason).where(
        table.source.in_(sources), table.scheme == scheme, among_given(dialect, table.value)
    )


def count_old_states(session: Session, before: dt.datetime) -> tuple[int, dt.datetime | None]:
    """Return of how many works a registry was last asked for notices at some time or earlier, and when the first was.

    A record tells of notices as of its own date, or of that of the state that was asked for after it.
    """
    record, state, link = models.Record, models.State, models.WorkIdentifier
    query = (
        select(link.work_id, record.fetched_at, state.fetched_at)
        .join(record, and_(record.scheme == link.scheme, record.value == link.value))
        .outerjoin(
            state,
            and_(state.source == record.source, state.scheme == record.scheme, state.value == record.value),
        )
        .where(
            record.source.in_((Source.CROSSREF, Source.PUBMED)),
            record.fetched_at <= before,
            or_(state.fetched_at.is_(None), state.fetched_at <= before),
        )
    )
    works: set[int] = set()
    dates: list[dt.datetime] = []
    for work_id, fetched_at, asked_again_at in session.execute(query):
        works.add(work_id)
        dates.append(asked_again_at or fetched_at)
    return len(works), min(dates, default=None)


def read_study_pages(session: Session) -> Iterator[tuple[list[Reference], StudyFacts]]:
    """Yield what each study page of the vault states, with the identifiers of its work."""
    page = models.Page
    rows = session.execute(
        select(page.path, page.front_matter).where(page.front_matter["type"].as_string() == "study").order_by(page.path)
    )
    for path, front_matter in rows:
        references = _references_of(front_matter)
        designs = designs_of_words(front_matter.get("study-design") or front_matter.get("study_design"))
        organism = front_matter.get("organism")
        names = frozenset(map(name_of, references))
        numbers = read_numbers(front_matter)
        yield (
            references,
            StudyFacts(designs, str(organism).replace("-", " ") if organism else None, path, names, *numbers),
        )


def _references_of(front_matter: Mapping[str, Any]) -> list[Reference]:
    """Return the identifiers in the front matter of a study page; what is none is a problem of its page."""
    found = []
    for scheme, keys in _STUDY_KEYS:
        for key in keys:
            if value := front_matter.get(key):
                try:
                    found.append(parse_reference(str(value), scheme))
                except IdentifierError:
                    continue
    return found
