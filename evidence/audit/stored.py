"""What the store holds of works, look-ups and study pages, read in bulk: a few statements for many identifiers."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from evidence.audit.designs import RETRACTED_TYPE, designs_of_words
from evidence.audit.studypages import read_numbers
from evidence.audit.works import name_of
from evidence.errors import IdentifierError
from evidence.identifiers import parse_reference
from evidence.notices import WorkNotice
from evidence.records import AuthorName, Reference
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.store.queries import list_notices_of_works
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
# Works are cited again and again; those kept in memory stay few however large the vault is.
_KEPT_WORKS = 20_000
_KEPT_AUTHORS = 100_000

LookupLine = tuple[str, Outcome, str | None]
_Value = TypeVar("_Value")


class StoredWork(NamedTuple):
    """A work of the store with what hangs on it.

    `study` holds its own identifiers and those of works that report the same piece of research; `articles` those that
    it is a preprint of.
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


@dataclass(slots=True)
class WorkReader:
    """Reads works by identifier and remembers some thousands of them."""

    session: Session
    by_reference: dict[Reference, int]
    works: dict[int, StoredWork]
    authors: dict[int, AuthorName]

    @classmethod
    def over(cls, session: Session) -> WorkReader:
        """Return a reader that has read nothing yet."""
        return cls(session, {}, {}, {})

    def read(self, references: Iterable[Reference]) -> dict[Reference, StoredWork]:
        """Return the works of some identifiers; those that no work has are left out."""
        if len(self.works) > _KEPT_WORKS:
            self.works.clear()
            self.by_reference.clear()
        wanted = set(references)
        unread = [one for one in wanted if one not in self.by_reference]
        link = models.WorkIdentifier
        asked = set(unread)
        new: set[int] = set()
        for values in in_chunks(sorted({one.value for one in unread})):
            for scheme, value, work_id in self.session.execute(
                select(link.scheme, link.value, link.work_id).where(link.value.in_(values))
            ):
                reference = Reference(SCHEMES[scheme], value)
                if reference in asked:
                    self.by_reference[reference] = work_id
                    new.add(work_id)
        self._read_works(sorted(new - self.works.keys()))
        found = ((one, self.by_reference.get(one)) for one in wanted)
        return {one: self.works[number] for one, number in found if number is not None and number in self.works}

    def _read_works(self, ids: Sequence[int]) -> None:
        work = models.Work
        columns = (
            work.id, work.title, work.container, work.container_short, work.date, work.type, work.publication_types,
            work.mesh, work.field_sources, work.conflicts,
        )  # fmt: skip
        for chunk in in_chunks(ids):
            names = self._grouped(models.WorkIdentifier, chunk, lambda row: Reference(SCHEMES[row.scheme], row.value))
            notices = list_notices_of_works(self.session, chunk)
            relations = self._grouped(models.Relation, chunk, lambda row: (row.kind, f"{row.scheme}:{row.value}"))
            authors = self._read_authors(chunk)
            for row in self.session.execute(select(*columns).where(work.id.in_(chunk))):
                types = tuple(row.publication_types or ())
                said = tuple(notices.get(row.id, ()))
                if RETRACTED_TYPE in {one.casefold() for one in types} and not _retracts(said, Source.PUBMED):
                    said = (*said, WorkNotice(NoticeKind.RETRACTION, None, Source.PUBMED))
                own = tuple(sorted(names.get(row.id, ())))
                conflicts = tuple(row.conflicts or ())
                related = relations.get(row.id, ())
                study = {name for kind, name in related if kind in _SAME_STUDY}
                study.update(map(name_of, own))
                # What the registries contradict each other about may be one work: it is kept apart and counted once.
                study.update(found for text in conflicts for found in _NAMED.findall(text))
                self.works[row.id] = StoredWork(
                    id=row.id,
                    title=row.title,
                    container=row.container,
                    container_short=row.container_short,
                    date=row.date,
                    type=row.type,
                    publication_types=types,
                    mesh=tuple(row.mesh or ()),
                    is_resolved=bool(row.field_sources),
                    conflicts=conflicts,
                    identifiers=own,
                    authors=authors.get(row.id),
                    notices=said,
                    study=frozenset(study),
                    articles=frozenset(name for kind, name in related if kind == RelationKind.IS_PREPRINT_OF),
                    is_notice=any(kind == RelationKind.IS_NOTICE_OF for kind, _ in related),
                    year_from=(row.field_sources or {}).get("date"),
                )

    def _grouped(self, table: Any, ids: Sequence[int], make: Callable[[Any], _Value]) -> dict[int, list[_Value]]:
        columns = [one for one in table.__table__.columns if one.name != "asserted_by"]
        query = select(*columns).where(table.work_id.in_(ids)).order_by(table.work_id, *table.__table__.primary_key)
        found: dict[int, list[_Value]] = defaultdict(list)
        for row in self.session.execute(query):
            found[row.work_id].append(make(row))
        return found

    def _read_authors(self, ids: Sequence[int]) -> dict[int, tuple[AuthorName, ...]]:
        """Return the author lists of some works. A name that many works share is made once."""
        if len(self.authors) > _KEPT_AUTHORS:
            self.authors.clear()
        table, author = models.Authorship, models.Author
        places = self.session.execute(
            select(table.work_id, table.author_id).where(table.work_id.in_(ids)).order_by(table.work_id, table.position)
        ).all()
        unread = sorted({author_id for _, author_id in places} - self.authors.keys())
        for chunk in in_chunks(unread):
            for number, *parts in self.session.execute(
                select(author.id, author.family, author.given, author.orcid, author.collective).where(
                    author.id.in_(chunk)
                )
            ):
                self.authors[number] = AuthorName(*parts)
        lists: dict[int, list[AuthorName]] = defaultdict(list)
        for work_id, author_id in places:
            lists[work_id].append(self.authors[author_id])
        return {work_id: tuple(names) for work_id, names in lists.items()}


def _retracts(notices: Sequence[WorkNotice], source: Source) -> bool:
    """Tell whether one registry has a retraction, of which its type of the work is but another word."""
    return any(notice.source == source and notice.kind in RETRACTING for notice in notices)


def read_lookups(session: Session, references: Iterable[Reference]) -> dict[Reference, list[LookupLine]]:
    """Return how the look-ups of some identifiers ended, by source."""
    wanted = set(references)
    table = models.Lookup
    found: dict[Reference, list[LookupLine]] = defaultdict(list)
    for values in in_chunks(sorted({one.value for one in wanted})):
        query = select(table.scheme, table.value, table.source, table.outcome, table.reason).where(
            table.value.in_(values)
        )
        for scheme, value, source, outcome, reason in session.execute(query):
            reference = Reference(SCHEMES[scheme], value)
            if reference in wanted:
                found[reference].append((source, _OUTCOMES[outcome], reason))
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


def read_study_pages(session: Session) -> dict[Reference, StudyFacts]:
    """Return what the study pages of the vault state, by the identifiers of their works."""
    page = models.Page
    rows = session.execute(
        select(page.path, page.front_matter).where(page.front_matter["type"].as_string() == "study").order_by(page.path)
    )
    found: dict[Reference, StudyFacts] = {}
    for path, front_matter in rows:
        references = _references_of(front_matter)
        designs = designs_of_words(front_matter.get("study-design") or front_matter.get("study_design"))
        organism = front_matter.get("organism")
        names = frozenset(map(name_of, references))
        numbers = read_numbers(front_matter)
        facts = StudyFacts(designs, str(organism).replace("-", " ") if organism else None, path, names, *numbers)
        for reference in references:
            found.setdefault(reference, facts)
    return found


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
