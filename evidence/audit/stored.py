"""What the store holds of works, look-ups and study pages, read in bulk: a few statements for many identifiers."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Executable, Text, and_, cast, or_, select
from sqlalchemy.orm import Session

from evidence.audit.designs import RETRACTED_TYPE, designs_of_words
from evidence.audit.studypages import read_numbers
from evidence.audit.works import name_of
from evidence.errors import IdentifierError
from evidence.identifiers import parse_reference
from evidence.notices import WorkNotice, state_of
from evidence.records import AuthorName, Reference
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.store.queries import list_notices_of
from evidence.vocabulary import RETRACTING, Design, NoticeKind, Outcome, RelationKind, Scheme, Source

SCHEMES = {scheme.value: scheme for scheme in Scheme}
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_OWN_SOURCES = {Scheme.DOI: Source.CROSSREF, Scheme.PMID: Source.PUBMED}
_SAME_STUDY = frozenset(
    {RelationKind.IS_PREPRINT_OF, RelationKind.HAS_PREPRINT, RelationKind.REPUBLISHED, RelationKind.SAME_TRIAL}
)
_PREPRINT_TYPES = frozenset({"posted-content", "preprint"})
# As the merge of records writes a contradiction: "pmid:123 (pubmed) / pmid:456 (crossref)".
_NAMED = re.compile(r"\b(?:doi|pmid|pmcid):\S+(?= \()")
_STUDY_KEYS = (
    (Scheme.DOI, ("doi",)),
    (Scheme.PMID, ("pmid", "pubmed")),
    (Scheme.PMCID, ("pmcid", "pmc")),
)
_NOTICE_KINDS = {kind.value: kind for kind in NoticeKind}

LookupLine = tuple[str, Outcome, str | None]


class StoredWork(NamedTuple):
    """A work of the store with what hangs on it.

    `study` holds its own identifiers and those of works that report the same piece of research; `articles` those that
    it is a preprint of, whichever of the two tells so, and `fallen_article` the one of them that is retracted.
    `preprints` are those that it names itself.
    """

    id: int
    title: str | None
    container: str | None
    container_short: str | None
    date: str | None
    type: str | None
    publication_types: tuple[str, ...]
    mesh: tuple[str, ...]
    is_resolved: bool
    conflicts: tuple[str, ...]
    identifiers: tuple[Reference, ...]
    authors: tuple[AuthorName, ...] | None
    notices: tuple[WorkNotice, ...]
    study: frozenset[str]
    articles: frozenset[str]
    is_notice: bool
    year_from: str | None = None
    preprints: frozenset[str] = frozenset()
    fallen_article: str | None = None

    @property
    def is_preprint(self) -> bool:
        """Whether a registry types it as a preprint."""
        return self.type in _PREPRINT_TYPES or "preprint" in {one.casefold() for one in self.publication_types}

    @property
    def year(self) -> int | None:
        """The year it came out."""
        return int(self.date[:4]) if self.date and self.date[:4].isdigit() else None


class StudyFacts(NamedTuple):
    """What the page of a study states of its work; `names` are all identifiers that it gives."""

    designs: tuple[Design, ...]
    organism: str | None
    path: str
    names: frozenset[str]
    n: int | None = None
    year: int | None = None


class WorkRows(NamedTuple):
    """The rows of some works, as the database has them: each list begins with the number of its work."""

    names: list[tuple[Any, ...]]
    works: list[tuple[Any, ...]]
    relations: list[tuple[Any, ...]]
    notices: list[tuple[Any, ...]]
    authors: list[tuple[Any, ...]]
    issued: dict[Reference, list[WorkNotice]]


def fetch_rows(connection: Connection, query: Executable) -> list[tuple[Any, ...]]:
    """Return the rows as the driver gives them, for columns of numbers and texts: nothing is made of each row."""
    with closing(connection.execute(query)) as result:
        return [] if result.cursor is None else list(result.cursor.fetchall())


def read_work_rows(session: Session, references: Collection[Reference]) -> WorkRows:
    """Return the rows of the works that some identifiers name, and what notices do to these and to unknown works."""
    connection = session.connection()
    link = models.WorkIdentifier
    ids: set[int] = set()
    # By scheme and value, as the index has them: by value alone every statement would read the whole table.
    for scheme, values in _by_scheme(references):
        naming = select(link.work_id).where(link.scheme == scheme, link.value.in_(values))
        ids.update(work_id for (work_id,) in connection.execute(naming))
    rows = WorkRows([], [], [], [], [], {})
    _read_rows_of(session, ids, rows)
    # What became of a preprint's article bears on it, cited or not; either of the two may tell that they are one.
    articles = _read_article_ids(session, rows) - ids
    _read_rows_of(session, articles, rows)
    # Of works that no registry has described, a notice may be known all the same.
    named = {Reference(SCHEMES[scheme], value) for _, scheme, value in rows.names}
    named.update(
        Reference(SCHEMES[scheme], value)
        for _, kind, scheme, value in rows.relations
        if kind == RelationKind.IS_PREPRINT_OF and scheme in SCHEMES
    )
    rows.issued.update(list_notices_of(session, named | set(references)))
    return rows


def _read_article_ids(session: Session, rows: WorkRows) -> set[int]:
    """Return the works that some works are preprints of."""
    connection, link, relation = session.connection(), models.WorkIdentifier, models.Relation
    told = {
        Reference(SCHEMES[scheme], value)
        for _, kind, scheme, value in rows.relations
        if kind == RelationKind.IS_PREPRINT_OF and scheme in SCHEMES
    }
    found: set[int] = set()
    for scheme, values in _by_scheme(told):
        naming = select(link.work_id).where(link.scheme == scheme, link.value.in_(values))
        found.update(work_id for (work_id,) in connection.execute(naming))
    # Registries say nothing of the kind of most works: what may be a preprint is asked for by value, as the index is.
    for scheme, values in _by_scheme(Reference(SCHEMES[scheme], value) for _, scheme, value in rows.names):
        telling = select(relation.work_id, relation.scheme).where(
            relation.kind == RelationKind.HAS_PREPRINT, relation.value.in_(values)
        )
        found.update(work_id for work_id, named in connection.execute(telling) if named == scheme)
    return found


def _read_rows_of(session: Session, ids: Collection[int], rows: WorkRows) -> None:
    """Add the rows of some works."""
    connection = session.connection()
    link, work, relation, notice = models.WorkIdentifier, models.Work, models.Relation, models.Notice
    place, author = models.Authorship, models.Author
    for chunk in in_chunks(sorted(ids)):
        texts = [cast(one, Text) for one in (work.publication_types, work.mesh, work.field_sources, work.conflicts)]
        queries: tuple[tuple[list[tuple[Any, ...]], Executable], ...] = (
            (rows.names, select(link.work_id, link.scheme, link.value).where(link.work_id.in_(chunk))),
            (
                rows.works,
                select(
                    work.id, work.title, work.container, work.container_short, work.date, work.type, *texts
                ).where(work.id.in_(chunk)),
            ),
            (
                rows.relations,
                select(relation.work_id, relation.kind, relation.scheme, relation.value).where(
                    relation.work_id.in_(chunk)
                ),
            ),
            (
                rows.notices,
                select(
                    notice.work_id, notice.kind, notice.date, notice.source, notice.scheme, notice.value,
                    notice.asserted_by, notice.record_id,
                )
                .where(notice.work_id.in_(chunk))
                .order_by(notice.id),
            ),
            (
                rows.authors,
                select(place.work_id, author.family, author.given, author.orcid, author.collective)
                .join(author, author.id == place.author_id)
                .where(place.work_id.in_(chunk))
                .order_by(place.work_id, place.position),
            ),
        )  # fmt: skip
        for found, query in queries:
            found.extend(fetch_rows(connection, query))


def _by_scheme(references: Iterable[Reference]) -> Iterator[tuple[Scheme, Sequence[str]]]:
    values: dict[Scheme, list[str]] = defaultdict(list)
    for scheme, value in sorted(set(references)):
        values[scheme].append(value)
    for scheme, some in values.items():
        for chunk in in_chunks(some):
            yield scheme, chunk


def make_works(rows: WorkRows) -> dict[Reference, StoredWork]:
    """Return works by each of their identifiers."""
    names: dict[int, list[Reference]] = defaultdict(list)
    holders: dict[Reference, int] = {}
    for work_id, scheme, value in rows.names:
        reference = Reference(SCHEMES[scheme], value)
        names[work_id].append(reference)
        holders[reference] = work_id
    notices: dict[int, list[WorkNotice]] = defaultdict(list)
    for work_id, kind, date, source, scheme, value, asserted_by, record_id in rows.notices:
        identifier = Reference(SCHEMES[scheme], value) if scheme and value else None
        notices[work_id].append(WorkNotice(_NOTICE_KINDS[kind], date, source, identifier, asserted_by, record_id))
    for reference, issued in rows.issued.items():
        if reference in holders:
            notices[holders[reference]] += issued
    relations: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for work_id, kind, scheme, value in rows.relations:
        relations[work_id].append((kind, f"{scheme}:{value}"))
    authors: dict[int, list[AuthorName]] = defaultdict(list)
    known: dict[tuple[Any, ...], AuthorName] = {}
    for work_id, *parts in rows.authors:
        key = tuple(parts)
        if key not in known:
            known[key] = AuthorName(*parts)
        authors[work_id].append(known[key])
    found: dict[Reference, StoredWork] = {}
    for row in rows.works:
        number = row[0]
        own = sorted(names[number])
        work = _make_work(row, own, notices.get(number, ()), relations.get(number, ()), authors.get(number))
        found.update(dict.fromkeys(own, work))
    return _with_articles(found, rows)


def _with_articles(found: dict[Reference, StoredWork], rows: WorkRows) -> dict[Reference, StoredWork]:
    """Return works, the preprints with the articles that tell of them, and with the article that is retracted."""
    by_name = {name_of(reference): work for reference, work in found.items()}
    fallen = {name for name, work in by_name.items() if state_of(work.notices).is_retracted}
    fallen |= {
        name_of(one) for one, issued in rows.issued.items() if one not in found and state_of(issued).is_retracted
    }
    told: dict[str, set[str]] = defaultdict(set)
    for work in by_name.values():
        for name in work.preprints:
            told[name].add(name_of(work.identifiers[0]))
    preprints = {work.id: work for name, work in by_name.items() if work.articles or name in told}
    for work in preprints.values():
        own = set(map(name_of, work.identifiers))
        articles = work.articles.union(*(told[name] for name in own if name in told)) - own
        whole = work._replace(
            articles=articles, study=work.study | articles, fallen_article=min(articles & fallen, default=None)
        )
        found.update(dict.fromkeys(work.identifiers, whole))
    return found


def _make_work(
    row: tuple[Any, ...],
    own: list[Reference],
    notices: Sequence[WorkNotice],
    related: Sequence[tuple[str, str]],
    authors: list[AuthorName] | None,
) -> StoredWork:
    number, title, container, container_short, date, type_, types_text, mesh, field_sources, conflicts_text = row
    types, conflicts, sources = texts_of(types_text), texts_of(conflicts_text), _mapping_of(field_sources)
    said = tuple(dict.fromkeys(notices))
    if RETRACTED_TYPE in {one.casefold() for one in types} and not _retracts(said, Source.PUBMED):
        said = (*said, WorkNotice(NoticeKind.RETRACTION, None, Source.PUBMED))
    study = {name for kind, name in related if kind in _SAME_STUDY}
    study.update(map(name_of, own))
    # What the registries contradict each other about may be one work: it is kept apart and counted once.
    study.update(found for text in conflicts for found in _NAMED.findall(text))
    return StoredWork(
        id=number,
        title=title,
        container=container,
        container_short=container_short,
        date=date,
        type=type_,
        publication_types=types,
        mesh=texts_of(mesh),
        is_resolved=bool(sources),
        conflicts=conflicts,
        identifiers=tuple(own),
        authors=tuple(authors) if authors is not None else None,
        notices=said,
        study=frozenset(study),
        articles=frozenset(name for kind, name in related if kind == RelationKind.IS_PREPRINT_OF),
        preprints=frozenset(name for kind, name in related if kind == RelationKind.HAS_PREPRINT),
        is_notice=any(kind == RelationKind.IS_NOTICE_OF for kind, _ in related),
        year_from=sources.get("date"),
    )


@lru_cache(1 << 14)
def texts_of(text: str | None) -> tuple[str, ...]:
    """Return the texts of a JSON column. The same lists come again and again.

    >>> texts_of('["Animals", "Mice"]'), texts_of(None)
    (('Animals', 'Mice'), ())
    """
    return tuple(json.loads(text) or ()) if text and text != "[]" else ()


@lru_cache(1 << 12)
def _mapping_of(text: str | None) -> Mapping[str, Any]:
    return (json.loads(text) if text else None) or {}


def _retracts(notices: Sequence[WorkNotice], source: Source) -> bool:
    """Tell whether one registry has a retraction, of which its type of the work is but another word."""
    return any(notice.source == source and notice.kind in RETRACTING for notice in notices)


def read_lookups(session: Session, references: Iterable[Reference]) -> dict[Reference, list[LookupLine]]:
    """Return how the look-ups of some identifiers ended, by source."""
    wanted, connection = set(references), session.connection()
    table = models.Lookup
    found: dict[Reference, list[LookupLine]] = defaultdict(list)
    sources = [source.value for source in Source]
    for scheme, values in _by_scheme(wanted):
        query = select(table.value, table.source, table.outcome, table.reason).where(
            table.source.in_(sources), table.scheme == scheme, table.value.in_(values)
        )
        for value, source, outcome, reason in connection.execute(query):
            found[Reference(scheme, value)].append((source, _OUTCOMES[outcome], reason))
    for lines in found.values():
        lines.sort(key=lambda line: line[0])
    return found


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


def is_confirmed_missing(reference: Reference, lookups: Mapping[Reference, Sequence[LookupLine]]) -> bool:
    """Tell whether the registry that gives out such identifiers says that there is none; others leave it open."""
    own = _OWN_SOURCES.get(reference.scheme)
    outcomes = {source: outcome for source, outcome, _ in lookups.get(reference, ())}
    if own is not None:
        return outcomes.get(own) is Outcome.NOT_FOUND
    return bool(outcomes) and set(outcomes.values()) == {Outcome.NOT_FOUND}


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
