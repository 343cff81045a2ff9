"""The questions that more than one step asks, each a function named after its question. None of them commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from evidence.records import Reference
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.vocabulary import Scheme


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """How much the database holds."""

    pages: int
    claims: int
    notes: int
    identifiers: int
    works: int


def list_page_versions(session: Session) -> dict[str, tuple[str, str]]:
    """Return, for each page, the hash of its bytes and the version of the extractor that read them."""
    table = models.Page
    rows = session.execute(select(table.path, table.sha256, table.extractor))
    return {path: (sha256, extractor) for path, sha256, extractor in rows}


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
    wanted = "/" + ending.strip("/").casefold()
    # The database's own lower() knows ASCII only, in SQLite.
    paths = session.scalars(select(models.Page.path)).all()
    found = [path for path in paths if _ends_with("/" + path.casefold(), wanted)]
    if not found:
        return []
    return list(session.scalars(select(models.Page).where(models.Page.path.in_(found)).order_by(models.Page.path)))


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
            selectinload(table.notices),
            selectinload(table.relations),
        ),
    ).first()


def list_lookups(session: Session, reference: Reference) -> list[models.Lookup]:
    """Return how the look-ups of an identifier ended, one for each source that was asked."""
    table = models.Lookup
    query = select(table).where(table.scheme == reference.scheme, table.value == reference.value).order_by(table.source)
    return list(session.scalars(query))


def list_references_of_work(session: Session, work_id: int) -> list[Reference]:
    """Return the identifiers of a work, sorted."""
    table = models.WorkIdentifier
    rows = session.execute(select(table.scheme, table.value).where(table.work_id == work_id))
    return sorted(Reference(Scheme(scheme), value) for scheme, value in rows)


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


def _ends_with(path: str, wanted: str) -> bool:
    return path.endswith(wanted) or path.rpartition(".")[0].endswith(wanted)
