"""Which identifiers name one work, or another version of it, and which pages name them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence.records import Reference
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.vocabulary import RelationKind, Role, Scheme

_VERSIONS = (RelationKind.IS_PREPRINT_OF, RelationKind.HAS_PREPRINT, RelationKind.REPUBLISHED)
_SCHEMES = {scheme.value: scheme for scheme in Scheme}


def list_works_of(session: Session, references: Iterable[Reference]) -> set[int]:
    """Return the works that have any of some identifiers."""
    wanted = set(references)
    link = models.WorkIdentifier
    found: set[int] = set()
    for values in in_chunks(sorted({one.value for one in wanted})):
        rows = session.execute(select(link.scheme, link.value, link.work_id).where(link.value.in_(values)))
        found.update(work_id for scheme, value, work_id in rows if (_SCHEMES[scheme], value) in wanted)
    return found


def list_described(session: Session, references: Iterable[Reference]) -> set[Reference]:
    """Return which of some identifiers name a work that a registry has described."""
    wanted = set(references)
    link, work = models.WorkIdentifier, models.Work
    found: set[Reference] = set()
    for values in in_chunks(sorted({one.value for one in wanted})):
        query = select(link.scheme, link.value).join(work, work.id == link.work_id)
        rows = session.execute(query.where(link.value.in_(values), work.title.is_not(None)))
        found.update(Reference(_SCHEMES[scheme], value) for scheme, value in rows)
    return found & wanted


def list_names(session: Session, references: Iterable[Reference]) -> set[Reference]:
    """Return some identifiers with all others of the same works."""
    names = set(references)
    link = models.WorkIdentifier
    for chunk in in_chunks(sorted(list_works_of(session, names))):
        rows = session.execute(select(link.scheme, link.value).where(link.work_id.in_(chunk)))
        names.update(Reference(_SCHEMES[scheme], value) for scheme, value in rows)
    return names


def list_versions(session: Session, references: Iterable[Reference]) -> set[Reference]:
    """Return all identifiers of some works and of their preprints, articles and republished versions.

    Whichever of two versions tells of the other. Reports of one trial are no versions of each other.
    """
    table = models.Relation
    known: set[Reference] = set()
    new = list_names(session, references)
    while new:
        known |= new
        told: set[Reference] = set()
        for chunk in in_chunks(sorted(list_works_of(session, new))):
            rows = session.execute(
                select(table.scheme, table.value).where(table.work_id.in_(chunk), table.kind.in_(_VERSIONS))
            )
            told.update(Reference(_SCHEMES[scheme], value) for scheme, value in rows if scheme in _SCHEMES)
        for values in in_chunks(sorted({one.value for one in new})):
            others = session.execute(
                select(table.work_id, table.scheme, table.value).where(
                    table.value.in_(values), table.kind.in_(_VERSIONS)
                )
            )
            telling = {work_id for work_id, scheme, value in others if (_SCHEMES.get(scheme), value) in new}
            link = models.WorkIdentifier
            for chunk in in_chunks(sorted(telling)):
                names = session.execute(select(link.scheme, link.value).where(link.work_id.in_(chunk)))
                told.update(Reference(_SCHEMES[scheme], value) for scheme, value in names)
        new = list_names(session, told) - known
    return known


def find_title(session: Session, references: Iterable[Reference]) -> str | None:
    """Return the title of the work that has any of some identifiers."""
    numbers = sorted(list_works_of(session, references))[:1]
    return session.scalar(select(models.Work.title).where(models.Work.id.in_(numbers)))


def find_work_of_citekey(session: Session, key: str) -> int | None:
    """Return the work that exports call by a key, in upper or lower case."""
    return session.scalar(select(models.Citekey.work_id).where(models.Citekey.folded == key.lower()))


def list_pages_naming(session: Session, references: Iterable[Reference]) -> list[str]:
    """Return the paths of the pages that cite any of some identifiers, in a note, through one, or in their text."""
    wanted = set(references)
    identifier, note, citation, claim = models.Identifier, models.Note, models.Citation, models.Claim
    pages: set[int] = set()
    for values in in_chunks(sorted({one.value for one in wanted})):
        queries: tuple[Any, ...] = (
            select(identifier.page_id, identifier.scheme, identifier.value).where(
                identifier.value.in_(values), identifier.role == Role.CITED
            ),
            select(note.page_id, note.primary_scheme, note.primary_value).where(note.primary_value.in_(values)),
            select(claim.page_id, citation.scheme, citation.value)
            .join(claim, claim.id == citation.claim_id)
            .where(citation.value.in_(values)),
        )
        for query in queries:
            rows = session.execute(query)
            pages.update(page_id for page_id, scheme, value in rows if (_SCHEMES.get(scheme), value) in wanted)
    paths: set[str] = set()
    for chunk in in_chunks(sorted(pages)):
        paths.update(session.scalars(select(models.Page.path).where(models.Page.id.in_(chunk))))
    return sorted(paths)
