"""The store -> claims with their evidence, page by page, with a few statements for each bundle of pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence.audit.designs import RETRACTED_TYPE, choose_level, designs_of_types, designs_of_words
from evidence.audit.resources import Row, find_resources, merge_reasons
from evidence.audit.works import CitedPlace, CitedWork, ClaimEvidence, WorkNotice
from evidence.errors import IdentifierError
from evidence.identifiers import parse_reference
from evidence.records import AuthorName, Interaction, Reference, Tag
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.vocabulary import (
    ClaimKind,
    Design,
    NoticeKind,
    Outcome,
    Polarity,
    RelationKind,
    Role,
    Scheme,
    Source,
    TagPlace,
)

_PAGES = 64
_OWN_SOURCES = {Scheme.DOI: Source.CROSSREF, Scheme.PMID: Source.PUBMED}
_SAME_STUDY = frozenset(
    {
        RelationKind.IS_PREPRINT_OF,
        RelationKind.HAS_PREPRINT,
        RelationKind.REPUBLISHED,
        RelationKind.SAME_TRIAL,
    },
)
_ADJACENT = " \t\n,;()[]"


class StudyFacts(NamedTuple):
    """What the page of a study states of its work."""

    designs: tuple[Design, ...]
    organism: str | None
    path: str


@dataclass(slots=True)
class PageClaims:
    """One page with its claims and the problems that were found in reading it."""

    path: str
    problems: list[dict[str, Any]]
    claims: list[ClaimEvidence]


class _Work(NamedTuple):
    """A work of the store with what hangs on it."""

    row: models.Work
    identifiers: tuple[Reference, ...]
    authors: tuple[AuthorName, ...] | None
    notices: tuple[WorkNotice, ...]
    study: frozenset[str]


class _Note(NamedTuple):
    key: str
    primary: Reference | None
    study_page: str | None
    text: str
    stated: Mapping[str, Any]
    cited: tuple[Reference, ...]


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
    studies = _load_studies(session)
    query = select(models.Page.id, models.Page.path, models.Page.problems).order_by(models.Page.path)
    pages = session.execute(query).all()
    if paths is not None:
        wanted = set(paths)
        pages = [page for page in pages if page.path in wanted]
    for bundle in in_chunks(pages, _PAGES):
        yield from _Bundle(session, bundle, resources, studies).pages()


class _Bundle:
    """The rows of a few pages, loaded together."""

    def __init__(
        self,
        session: Session,
        pages: Sequence[Any],
        resources: Mapping[Reference, str],
        studies: Mapping[Reference, StudyFacts],
    ) -> None:
        self.session = session
        self.rows = pages
        self.resources = resources
        self.studies = studies
        ids = [page.id for page in pages]
        claim = models.Claim
        self.claims: dict[int, list[Any]] = defaultdict(list)
        columns = (
            claim.id, claim.page_id, claim.kind, claim.section, claim.line, claim.start, claim.text, claim.lead_in,
            claim.interaction,
        )  # fmt: skip
        for row in session.execute(
            select(*columns).where(claim.page_id.in_(ids)).order_by(claim.page_id, claim.position)
        ):
            self.claims[row.page_id].append(row)
        self.citations = self._by_claim(models.Citation, ids, models.Citation.start)
        self.tags = self._by_claim(models.Tag, ids, models.Tag.id)
        self.notes, self.keys = self._load_notes(ids)
        references = {reference for note in self.notes.values() for reference in note.cited}
        references |= {note.primary for note in self.notes.values() if note.primary}
        for rows in self.citations.values():
            references |= {Reference(Scheme(row.scheme), row.value) for row in rows if row.scheme and row.value}
        self.works = _load_works(session, references)
        self.lookups = _load_lookups(session, references)

    def pages(self) -> Iterator[PageClaims]:
        for page in self.rows:
            rows = self.claims[page.id]
            resources = self._resources_of(rows)
            reverse = _reverse_pairs(rows, self.citations)
            claims = []
            for row in rows:
                papers = resources[tuple(row.section)] if row.interaction else self.resources
                claims.append(self._claim(page, row, papers, reverse))
            yield PageClaims(page.path, page.problems or [], claims)

    def _by_claim(self, table: Any, page_ids: Sequence[int], order: Any) -> dict[str, list[Any]]:
        query = (
            select(*table.__table__.columns)
            .join(models.Claim, models.Claim.id == table.claim_id)
            .where(models.Claim.page_id.in_(page_ids))
            .order_by(table.claim_id, order)
        )
        found: dict[str, list[Any]] = defaultdict(list)
        for row in self.session.execute(query):
            found[row.claim_id].append(row)
        return found

    def _load_notes(self, page_ids: Sequence[int]) -> tuple[dict[int, _Note], dict[tuple[int, str], int]]:
        table, identifier = models.Note, models.Identifier
        cited: dict[int, list[Reference]] = defaultdict(list)
        query = (
            select(identifier.note_id, identifier.scheme, identifier.value)
            .where(identifier.page_id.in_(page_ids), identifier.note_id.is_not(None), identifier.role == Role.CITED)
            .order_by(identifier.start)
        )
        for note_id, scheme, value in self.session.execute(query):
            if note_id is not None:
                cited[note_id].append(Reference(Scheme(scheme), value))
        notes: dict[int, _Note] = {}
        keys: dict[tuple[int, str], int] = {}
        for row in self.session.execute(select(*table.__table__.columns).where(table.page_id.in_(page_ids))):
            primary = Reference(Scheme(row.primary_scheme), row.primary_value) if row.primary_scheme else None
            notes[row.id] = _Note(row.key, primary, row.study_page, row.text, row.stated or {}, tuple(cited[row.id]))
            if row.text.strip() or (row.page_id, row.key) not in keys:
                keys.setdefault((row.page_id, row.key), row.id)
        return notes, keys

    def _resources_of(self, rows: Sequence[Any]) -> dict[tuple[str, ...], Mapping[Reference, str]]:
        """Return, for each interaction table of a page, the papers that do not count in it."""
        tables: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in rows:
            if row.interaction:
                papers = frozenset(
                    Reference(Scheme(one.scheme), one.value)
                    for one in self.citations[row.id]
                    if one.scheme and one.value
                )
                tables[tuple(row.section)].append((row.interaction.get("databases") or (), papers))
        return {section: merge_reasons(self.resources, find_resources(table)) for section, table in tables.items()}

    def _claim(
        self, page: Any, row: Any, resources: Mapping[Reference, str], reverse: Mapping[str, frozenset[str]]
    ) -> ClaimEvidence:
        interaction = row.interaction
        return ClaimEvidence(
            id=row.id,
            path=page.path,
            line=row.line,
            kind=ClaimKind(row.kind),
            section=tuple(row.section),
            text=row.text,
            places=tuple(self._places(page.id, row, resources)),
            tags=tuple(Tag(tag.name, TagPlace(tag.place), tag.scope) for tag in self.tags[row.id]),
            interaction=Interaction(
                interaction["regulator"],
                interaction["target"],
                tuple(interaction.get("databases") or ()),
                tuple(interaction.get("methods") or ()),
                interaction.get("small_scale"),
                interaction.get("direction"),
            )
            if interaction
            else None,
            reverse_pairs=reverse.get(row.id, frozenset()),
        )

    def _places(self, page_id: int, row: Any, resources: Mapping[Reference, str]) -> Iterator[CitedPlace]:
        """Yield the citations of a claim; one without any rests on those of the sentence that introduces it."""
        citations = self.citations[row.id]
        if not citations:
            for key in row.lead_in:
                note = self.notes.get(self.keys.get((page_id, key), -1))
                yield self._place_of_note(0, Polarity.SUPPORTS, key, note, resources)
            return
        if row.interaction:
            # The papers of a row stand for one statement, not for clauses of it.
            for citation in citations:
                yield self._place(0, citation, resources)
            return
        clause, end = 0, None
        for citation in citations:
            between = row.text[end - row.start : citation.start - row.start] if end is not None else ""
            if between.strip(_ADJACENT):
                clause += 1
            end = max(end or 0, citation.end)
            yield self._place(clause, citation, resources)

    def _place(self, clause: int, citation: Any, resources: Mapping[Reference, str]) -> CitedPlace:
        polarity = Polarity(citation.polarity)
        if citation.scheme and citation.value:
            reference = Reference(Scheme(citation.scheme), citation.value)
            return CitedPlace(clause, polarity, (self._work((reference,), None, resources),))
        note = self.notes.get(citation.note_id) if citation.note_id is not None else None
        return self._place_of_note(clause, polarity, citation.note, note, resources)

    def _place_of_note(
        self, clause: int, polarity: Polarity, key: str, note: _Note | None, resources: Mapping[Reference, str]
    ) -> CitedPlace:
        if note is None:
            return CitedPlace(clause, polarity, missing=f"[^{key}] has no definition")
        groups = _works_of_note(note)
        if not groups:
            return CitedPlace(clause, polarity, missing=_why_empty(note))
        works = []
        for group in groups:
            # By the DOI, where the note has one: that is the name that most readers know.
            named = [reference for reference in sorted(group, key=_scheme_order) if reference in self.works]
            known: dict[str, CitedWork] = {}
            for reference in named:
                work = self._work((reference,), note, resources)
                known.setdefault(work.id, work)
            if len(known) > 1:
                names = " and ".join(work.name for work in known.values())
                said = f"the note's identifiers name different works: {names}"
                works += [replace(work, conflicts=(*work.conflicts, said)) for work in known.values()]
            elif known:
                works += known.values()
            else:
                works.append(self._work(group, note, resources))
        return CitedPlace(clause, polarity, tuple(works))

    def _work(
        self, references: tuple[Reference, ...], note: _Note | None, resources: Mapping[Reference, str]
    ) -> CitedWork:
        """Return the work that some identifiers name, with what the note, its study page and the registries say."""
        known = self.works.get(references[0])
        # What the page cites comes first: that is the name that its reader knows.
        identifiers = tuple(dict.fromkeys((*references, *(known.identifiers if known is not None else ()))))
        resource = next((resources[one] for one in identifiers if one in resources), None)
        study_page = next((self.studies[one] for one in identifiers if one in self.studies), None)
        stated = note.stated if note is not None else {}
        row = known.row if known is not None else None
        types, mesh = (row.publication_types or [], row.mesh or []) if row is not None else ([], [])
        designs, designs_from = _first_designs(stated, study_page, types, mesh)
        organism = stated.get("organism") or (study_page.organism if study_page else None)
        outcomes = tuple(one for reference in references for one in self.lookups.get(reference, ()))
        is_resolved = row is not None and bool(row.field_sources)
        notices = known.notices if known is not None else ()
        if any(one.casefold() == RETRACTED_TYPE for one in types):
            notices = (*notices, WorkNotice(NoticeKind.RETRACTION, None, Source.PUBMED))
        return CitedWork(
            id=f"work:{row.id}" if row is not None else _name(references[0]),
            identifiers=identifiers,
            title=row.title if row is not None else None,
            is_resolved=is_resolved,
            exists=is_resolved or not all(_is_confirmed_missing(one, self.lookups) for one in references),
            outcomes=outcomes,
            designs=designs,
            designs_from=designs_from,
            level=choose_level(designs, organism, mesh),
            n=stated.get("n"),
            year=_year(row.date if row is not None else None) or stated.get("year"),
            authors=known.authors if known is not None else None,
            notices=notices,
            study=known.study if known is not None else frozenset(map(_name, references)),
            is_preprint=row is not None and row.type in {"posted-content", "preprint"},
            is_marked_retracted=bool(stated.get("marked_retracted")),
            resource=resource,
            conflicts=tuple(row.conflicts or ()) if row is not None else (),
        )


def _first_designs(
    stated: Mapping[str, Any], study_page: StudyFacts | None, types: Sequence[str], mesh: Sequence[str]
) -> tuple[tuple[Design, ...], str | None]:
    """Return the designs of the first that states any: note, study page, PubMed."""
    if noted := tuple(Design(one) for one in stated.get("design") or ()):
        return noted, "note"
    if study_page is not None and study_page.designs:
        return study_page.designs, "study page"
    if typed := designs_of_types(types, mesh):
        return typed, "pubmed"
    return (), None


def _works_of_note(note: _Note) -> list[tuple[Reference, ...]]:
    """Return the works that a note cites, each with the identifiers that it gives for it.

    Identifiers of different schemes that follow each other name one work; a scheme that comes again with another value
    begins the next one.
    """
    groups: list[list[Reference]] = []
    for reference in note.cited:
        if groups and all(one.scheme != reference.scheme or one.value == reference.value for one in groups[-1]):
            groups[-1].append(reference)
        else:
            groups.append([reference])
    if not groups and note.primary is not None:
        return [(note.primary,)]
    return [tuple(dict.fromkeys(group)) for group in groups]


def _why_empty(note: _Note) -> str:
    if not note.text.strip():
        return f"[^{note.key}] is empty"
    if note.study_page:
        return f"[^{note.key}] links {note.study_page}, which does not exist or names no identifier"
    return f"[^{note.key}] names no DOI, PMID or PMCID"


def _is_confirmed_missing(
    reference: Reference, lookups: Mapping[Reference, Sequence[tuple[str, Outcome, str | None]]]
) -> bool:
    """Tell whether the registry that gives out such identifiers says that there is none; others leave it open."""
    own = _OWN_SOURCES.get(reference.scheme)
    outcomes = {source: outcome for source, outcome, _ in lookups.get(reference, ())}
    if own is not None:
        return outcomes.get(own) is Outcome.NOT_FOUND
    return bool(outcomes) and set(outcomes.values()) == {Outcome.NOT_FOUND}


def _reverse_pairs(rows: Iterable[Any], citations: Mapping[str, Sequence[Any]]) -> dict[str, frozenset[str]]:
    """Return, for each row whose pair also stands the other way round on its page, the papers of that other row."""
    papers: dict[tuple[str, str], set[str]] = defaultdict(set)
    pairs = {row.id: (row.interaction["regulator"], row.interaction["target"]) for row in rows if row.interaction}
    for name, pair in pairs.items():
        papers[pair] |= {one.value for one in citations[name] if one.value}
    return {
        name: frozenset(papers[pair[::-1]])
        for name, pair in pairs.items()
        if pair[0] != pair[1] and pair[::-1] in papers
    }


def _load_studies(session: Session) -> dict[Reference, StudyFacts]:
    """Return what the study pages of the vault state, by the identifiers of their works."""
    page = models.Page
    rows = session.execute(
        select(page.path, page.front_matter).where(page.front_matter["type"].as_string() == "study").order_by(page.path)
    )
    found: dict[Reference, StudyFacts] = {}
    for path, front_matter in rows:
        designs = designs_of_words(front_matter.get("study-design") or front_matter.get("study_design"))
        organism = front_matter.get("organism")
        facts = StudyFacts(designs, str(organism).replace("-", " ") if organism else None, path)
        for scheme, key in ((Scheme.DOI, "doi"), (Scheme.PMID, "pmid"), (Scheme.PMCID, "pmc"), (Scheme.PMCID, "pmcid")):
            if value := front_matter.get(key):
                try:
                    found.setdefault(parse_reference(str(value), scheme), facts)
                except IdentifierError:
                    continue
    return found


def _load_works(session: Session, references: Iterable[Reference]) -> dict[Reference, _Work]:
    """Return the works of some identifiers."""
    wanted = set(references)
    link = models.WorkIdentifier
    ids: dict[Reference, int] = {}
    for values in in_chunks(sorted({one.value for one in wanted})):
        for row in session.execute(select(link.scheme, link.value, link.work_id).where(link.value.in_(values))):
            reference = Reference(Scheme(row.scheme), row.value)
            if reference in wanted:
                ids[reference] = row.work_id
    works = _load_work_rows(session, sorted(set(ids.values())))
    return {reference: works[work_id] for reference, work_id in ids.items() if work_id in works}


def _load_work_rows(session: Session, ids: Sequence[int]) -> dict[int, _Work]:
    works: dict[int, _Work] = {}
    for chunk in in_chunks(ids):
        names: dict[int, list[Reference]] = defaultdict(list)
        link, author, authorship = models.WorkIdentifier, models.Author, models.Authorship
        for row in session.execute(select(link.work_id, link.scheme, link.value).where(link.work_id.in_(chunk))):
            names[row.work_id].append(Reference(Scheme(row.scheme), row.value))
        authors: dict[int, list[AuthorName]] = defaultdict(list)
        query = (
            select(authorship.work_id, author.family, author.given, author.orcid, author.collective)
            .join(author, author.id == authorship.author_id)
            .where(authorship.work_id.in_(chunk))
            .order_by(authorship.work_id, authorship.position)
        )
        for work_id, *parts in session.execute(query):
            authors[work_id].append(AuthorName(*parts))
        notices: dict[int, list[WorkNotice]] = defaultdict(list)
        notice = models.Notice
        for row in session.execute(
            select(*notice.__table__.columns).where(notice.work_id.in_(chunk)).order_by(notice.id)
        ):
            notices[row.work_id].append(WorkNotice(NoticeKind(row.kind), row.date, row.source))
        study: dict[int, set[str]] = defaultdict(set)
        relation = models.Relation
        for row in session.execute(select(*relation.__table__.columns).where(relation.work_id.in_(chunk))):
            if row.kind in _SAME_STUDY:
                study[row.work_id].add(f"{row.scheme}:{row.value}")
        for work in session.scalars(select(models.Work).where(models.Work.id.in_(chunk))):
            identifiers = tuple(sorted(names[work.id]))
            own = frozenset(study[work.id] | {_name(one) for one in identifiers})
            works[work.id] = _Work(
                work, identifiers, tuple(authors[work.id]) or None, tuple(notices[work.id]), own
            )  # fmt: skip
    return works


def _load_lookups(
    session: Session, references: Iterable[Reference]
) -> dict[Reference, list[tuple[str, Outcome, str | None]]]:
    """Return how the look-ups of some identifiers ended, by source."""
    wanted = set(references)
    table = models.Lookup
    found: dict[Reference, list[tuple[str, Outcome, str | None]]] = defaultdict(list)
    for values in in_chunks(sorted({one.value for one in wanted})):
        query = select(table.scheme, table.value, table.source, table.outcome, table.reason).where(
            table.value.in_(values)
        )
        for scheme, value, source, outcome, reason in session.execute(query.order_by(table.source)):
            reference = Reference(Scheme(scheme), value)
            if reference in wanted:
                found[reference].append((source, Outcome(outcome), reason))
    return found


def _scheme_order(reference: Reference) -> int:
    return list(Scheme).index(reference.scheme)


def _name(reference: Reference) -> str:
    return f"{reference.scheme}:{reference.value}"


def _year(date: str | None) -> int | None:
    return int(date[:4]) if date and date[:4].isdigit() else None
