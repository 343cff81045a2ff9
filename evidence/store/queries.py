"""The questions that more than one step asks, each a function named after its question. None of them commits."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from evidence.errors import PageError
from evidence.notices import WorkNotice
from evidence.records import Reference
from evidence.store import models
from evidence.store.among import among
from evidence.store.chunks import in_chunks
from evidence.vocabulary import ALIAS, NoticeKind, RelationKind, Scheme, Source

# How many names of pages are compared letter by letter with one that none has: some seconds for a hundred thousand.
_COMPARED = 20_000
# What the one end calls it, and what the other end does.
_OTHER_WAY_ROUND = {
    RelationKind.IS_PREPRINT_OF.value: RelationKind.HAS_PREPRINT.value,
    RelationKind.HAS_PREPRINT.value: RelationKind.IS_PREPRINT_OF.value,
    RelationKind.REPUBLISHED.value: RelationKind.REPUBLISHED.value,
}


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """How much the database holds."""

    pages: int
    claims: int
    notes: int
    identifiers: int
    works: int


@dataclass(frozen=True, slots=True)
class WorkRelation:
    """One relation as its work sees it: to which other one, by which registries, and whether that one is stored."""

    kind: str
    other: str
    sources: tuple[str, ...]
    is_stored: bool
    title: str | None


def list_page_versions(session: Session) -> dict[str, tuple[str, str]]:
    """Return, for each page, the hash of its bytes and the version of the extractor that read them."""
    table = models.Page
    rows = session.execute(select(table.path, table.sha256, table.extractor))
    return {path: (sha256, extractor) for path, sha256, extractor in rows}


def list_unreadable(session: Session) -> list[PageError]:
    """Return the errors of the pages and folders that the last refresh could not read, sorted by path."""
    table = models.Unreadable
    rows = session.execute(select(table.path, table.message, table.line, table.hint))
    return sorted(
        (PageError(message, path, line, hint) for path, message, line, hint in rows), key=lambda one: one.path
    )


def find_last_run(session: Session, command: str) -> models.Run | None:
    """Return the last run of a command, also one that was stopped."""
    return session.scalars(
        select(models.Run).where(models.Run.command == command).order_by(models.Run.id.desc()).limit(1),
    ).first()


def find_page(session: Session, path: str) -> models.Page | None:
    """Return a page by its path relative to the vault."""
    return session.scalars(select(models.Page).where(models.Page.path == path)).first()


def find_pages_ending(session: Session, ending: str) -> list[models.Page]:
    """Return the pages whose path ends with these whole parts, with or without its suffix, sorted by path.

    `trim41` finds `molecules/proteins/trim41.md`, and so does `proteins/trim41.md`.
    """
    wanted = "/" + _folded(ending).removeprefix("./").strip("/")
    if wanted == "/":
        return []
    # The database's own lower() knows ASCII only, in SQLite.
    paths = session.scalars(select(models.Page.path)).all()
    found = [path for path in paths if _ends_with("/" + _folded(path), wanted)]
    if not found:
        return []
    return list(session.scalars(select(models.Page).where(models.Page.path.in_(found)).order_by(models.Page.path)))


def list_pages_like(session: Session, name: str, most: int = 3) -> list[str]:
    """Return the paths of pages that somebody may mean by a name that none has: they hold it, or are spelt alike."""
    wanted = _folded(name).strip("./ ")
    paths = {_folded(path): path for path in session.scalars(select(models.Page.path).order_by(models.Page.path))}
    found = [path for path in paths if wanted and wanted in path]
    if not found:
        last = wanted.rpartition("/")[2].rpartition(".")
        stems: dict[str, list[str]] = {}
        for path in islice(paths, _COMPARED):
            stems.setdefault(path.rpartition("/")[2].rpartition(".")[0], []).append(path)
        found = [path for stem in get_close_matches(last[0] or last[2], stems, most) for path in stems[stem]]
    return [paths[path] for path in found[:most]]


def find_claim(session: Session, name: str) -> models.Claim | None:
    """Return a claim by its id or by the beginning of its id, where only one begins so."""
    exact = session.get(models.Claim, name)
    if exact is not None or not name.isalnum():
        return exact
    found = session.scalars(select(models.Claim).where(models.Claim.id.startswith(name)).limit(2)).all()
    return found[0] if len(found) == 1 else None


def find_work(session: Session, reference: Reference) -> models.Work | None:
    """Return the work that has an identifier, with everything that `show` prints of it loaded."""
    table = models.Work
    return session.scalars(
        select(table)
        .join(models.WorkIdentifier)
        .where(models.WorkIdentifier.scheme == reference.scheme, models.WorkIdentifier.value == reference.value)
        .options(
            selectinload(table.identifiers),
            selectinload(table.authorships).selectinload(models.Authorship.author),
            selectinload(table.editorships).selectinload(models.Editorship.author),
            selectinload(table.notices),
            selectinload(table.relations),
        ),
    ).first()


def list_notices_of_works(session: Session, work_ids: Collection[int]) -> dict[int, list[WorkNotice]]:
    """Return the notices of works, whichever end tells of them: a work's own record, or that of the notice.

    Works without a notice are left out.
    """
    link, table = models.WorkIdentifier, models.Notice
    found: dict[int, list[WorkNotice]] = defaultdict(list)
    for chunk in in_chunks(sorted(work_ids)):
        for row in session.scalars(select(table).where(table.work_id.in_(chunk)).order_by(table.id)):
            identifier = Reference(Scheme(row.scheme), row.value) if row.scheme and row.value else None
            kind = NoticeKind(row.kind)
            found[row.work_id].append(
                WorkNotice(kind, row.date, row.source, identifier, row.asserted_by, row.record_id)
            )
        rows = session.execute(select(link.scheme, link.value, link.work_id).where(link.work_id.in_(chunk)))
        holders = {Reference(Scheme(scheme), value): work_id for scheme, value, work_id in rows}
        for reference, notices in list_notices_of(session, holders).items():
            found[holders[reference]] += notices
    return {work_id: list(dict.fromkeys(notices)) for work_id, notices in found.items()}


def list_notices_of(session: Session, references: Collection[Reference]) -> dict[Reference, list[WorkNotice]]:
    """Return what notices in the database do to the works of some identifiers, also of works that are not there."""
    table, link = models.Relation, models.WorkIdentifier
    if not references:
        return {}
    named = among(session.connection(), table.value, sorted({one.value for one in references}))
    rows = session.scalars(select(table).where(named, table.notice_kind.is_not(None))).all()
    wanted = set(references)
    schemes = {scheme.value for scheme in Scheme}
    issued = [row for row in rows if row.scheme in schemes and Reference(Scheme(row.scheme), row.value) in wanted]
    names: dict[tuple[int, str], Reference] = {}
    for chunk in in_chunks(sorted({row.work_id for row in issued})):
        for work_id, scheme, value in session.execute(
            select(link.work_id, link.scheme, link.value).where(link.work_id.in_(chunk)).order_by(link.value)
        ):
            names.setdefault((work_id, scheme), Reference(Scheme(scheme), value))
    found: dict[Reference, list[WorkNotice]] = defaultdict(list)
    for row in sorted(issued, key=lambda one: one.id):
        # Each registry names a notice by the identifier that it gives out.
        name = names.get((row.work_id, Scheme.PMID if row.source == Source.PUBMED else Scheme.DOI))
        kind = NoticeKind(row.notice_kind or NoticeKind.OTHER)
        notice = WorkNotice(kind, row.notice_date, row.source, name, row.asserted_by, row.record_id)
        found[Reference(Scheme(row.scheme), row.value)].append(notice)
    return found


def list_relations_of_work(session: Session, work: models.Work) -> list[WorkRelation]:
    """Return how a work relates to others, whichever of the two says so; a stored one is told once."""
    own = {Reference(Scheme(one.scheme), one.value) for one in work.identifiers}
    told: list[tuple[str, str, str, str]] = [(one.kind, one.scheme, one.value, one.source) for one in work.relations]
    table, link = models.Relation, models.WorkIdentifier
    query = select(table).where(
        table.value.in_([one.value for one in own]), table.kind.in_(list(_OTHER_WAY_ROUND)), table.work_id != work.id
    )
    for row in session.scalars(query.order_by(table.id)):
        if (row.scheme, row.value) in own:
            names = list_references_of_work(session, row.work_id)
            told += [(_OTHER_WAY_ROUND[row.kind], names[0].scheme, names[0].value, row.source)] if names else []
    others: dict[tuple[str, str], int] = {}
    for scheme, value, work_id in session.execute(
        select(link.scheme, link.value, link.work_id).where(link.value.in_([value for _, _, value, _ in told]))
    ):
        others[scheme, value] = work_id
    found: dict[tuple[str, int | str], WorkRelation] = {}
    for kind, scheme, value, source in told:
        other = others.get((scheme, value))
        key = (kind, other if other is not None else f"{scheme}:{value}")
        before = found.get(key)
        if before is not None:
            found[key] = replace(before, sources=tuple(sorted({*before.sources, source})))
        else:
            title = session.scalar(select(models.Work.title).where(models.Work.id == other)) if other else None
            found[key] = WorkRelation(kind, f"{scheme}:{value}", (source,), other is not None, title)
    return list(found.values())


def list_lookups(session: Session, reference: Reference) -> list[models.Lookup]:
    """Return how the look-ups of an identifier ended, one for each source that was asked."""
    table = models.Lookup
    query = select(table).where(table.scheme == reference.scheme, table.value == reference.value).order_by(table.source)
    return list(session.scalars(query))


def list_references_of_work(session: Session, work_id: int) -> list[Reference]:
    """Return the identifiers of a work, sorted; aliases come last."""
    table = models.WorkIdentifier
    rows = session.execute(select(table.source == ALIAS, table.scheme, table.value).where(table.work_id == work_id))
    found = [(is_alias, Reference(Scheme(scheme), value)) for is_alias, scheme, value in rows]
    return [reference for _, reference in sorted(found)]


def list_claims_citing(session: Session, references: Sequence[Reference]) -> list[models.Claim]:
    """Return the claims that rest on a work, by path and place.

    They cite it through a note's primary work, in their own text, or through the sentence that introduces their list.

    Args:
        session: open.
        references: the identifiers of one work; for a work that no registry knows, those on the page.
    """
    if not references:
        return []
    note, citation = models.Note, models.Citation
    notes = session.execute(
        select(note.id, note.page_id, note.key).where(
            or_(*((note.primary_scheme == one.scheme) & (note.primary_value == one.value) for one in references)),
        ),
    ).all()
    claim_ids = set(
        session.scalars(
            select(citation.claim_id).where(
                or_(*((citation.scheme == one.scheme) & (citation.value == one.value) for one in references)),
            ),
        ),
    )
    keys = {(page_id, key) for _, page_id, key in notes}
    for chunk in in_chunks([name for name, _, _ in notes]):
        claim_ids.update(session.scalars(select(citation.claim_id).where(citation.note_id.in_(chunk))))
    for chunk in in_chunks(sorted({page_id for page_id, _ in keys})):
        rows = session.execute(
            select(models.Claim.id, models.Claim.page_id, models.Claim.lead_in).where(models.Claim.page_id.in_(chunk)),
        )
        claim_ids.update(name for name, page_id, lead in rows if any((page_id, key) in keys for key in lead))
    found: list[models.Claim] = []
    for names in in_chunks(sorted(claim_ids)):
        found += session.scalars(
            select(models.Claim).where(models.Claim.id.in_(names)).options(selectinload(models.Claim.page)),
        )
    return sorted(found, key=lambda claim: (claim.page.path, claim.position))


def list_references_cited_by_page(session: Session, page_id: int) -> list[Reference]:
    """Return the identifiers that a page rests on: the primary works of its notes and those cited in its text."""
    note, citation, claim = models.Note, models.Citation, models.Claim
    primary = select(note.primary_scheme, note.primary_value).where(
        note.page_id == page_id,
        note.primary_scheme.is_not(None),
    )
    inline = (
        select(citation.scheme, citation.value)
        .join(claim, claim.id == citation.claim_id)
        .where(claim.page_id == page_id, citation.scheme.is_not(None))
    )
    rows = session.execute(primary.union(inline))
    return sorted(Reference(Scheme(scheme), value) for scheme, value in rows if scheme and value)


def list_works_cited_by_page(session: Session, page_id: int) -> list[models.Work]:
    """Return the works that a page rests on, as far as a registry knows them, by their number."""
    wanted = {tuple(one) for one in list_references_cited_by_page(session, page_id)}
    table = models.WorkIdentifier
    found: set[int] = set()
    for chunk in in_chunks(sorted({value for _, value in wanted})):
        rows = session.execute(select(table.scheme, table.value, table.work_id).where(table.value.in_(chunk)))
        found.update(work_id for scheme, value, work_id in rows if (scheme, value) in wanted)
    works: list[models.Work] = []
    for numbers in in_chunks(sorted(found)):
        query = select(models.Work).where(models.Work.id.in_(numbers)).options(selectinload(models.Work.identifiers))
        works += session.scalars(query)
    return sorted(works, key=lambda work: work.id)


def count_store(session: Session) -> StoreCounts:
    """Return how much the database holds."""

    def count(table: type[models.Base]) -> int:
        return session.scalar(select(func.count()).select_from(table)) or 0

    return StoreCounts(
        pages=count(models.Page),
        claims=count(models.Claim),
        notes=count(models.Note),
        identifiers=count(models.Identifier),
        works=count(models.Work),
    )


def _folded(path: str) -> str:
    # Some systems keep accents apart from their letters; some people write backslashes.
    return unicodedata.normalize("NFC", path.replace("\\", "/")).casefold()


def _ends_with(path: str, wanted: str) -> bool:
    return path.endswith(wanted) or path.rpartition(".")[0].endswith(wanted)
