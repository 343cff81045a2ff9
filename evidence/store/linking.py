"""What the notes take from study pages, over the whole database: a study page may change long after its notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from evidence.records import ExtractedPage, Note, Primary, Problem
from evidence.store import models
from evidence.vocabulary import PageFormat, Scheme


@dataclass(frozen=True, slots=True)
class LinkingPage:
    """A page with notes that link study pages: only what the links decide on."""

    id: int
    page: ExtractedPage
    note_ids: list[int]


def outcome_of(page: ExtractedPage) -> tuple[list[Primary | None], tuple[Problem, ...]]:
    """Return what following the links of a page may change."""
    return [note.primary for note in page.notes], page.problems


def load_front_matter(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield path and front matter of every page that has any, in the order of the paths."""
    table = models.Page
    for path, front_matter in session.execute(select(table.path, table.front_matter).order_by(table.path)):
        if front_matter:
            yield path, front_matter


def load_linking_pages(session: Session) -> Iterator[LinkingPage]:
    """Yield the pages whose notes link study pages, with these notes alone."""
    page, note = models.Page, models.Note
    rows = session.execute(
        select(
            page.id, page.path, page.format, page.sha256, page.problems,
            note.id, note.key, note.occurrence, note.line, note.study_page,
            note.primary_scheme, note.primary_value, note.primary_via,
        )
        .join(note, note.page_id == page.id)
        .where(note.study_page.is_not(None))
        .order_by(page.id, note.id),
    )  # fmt: skip
    for page_id, group in groupby(rows, key=lambda row: row[0]):
        found = list(group)
        _, path, kind, sha256, problems = found[0][:5]
        yield LinkingPage(
            page_id,
            ExtractedPage(
                path=path,
                format=PageFormat(kind),
                title=None,
                sha256=sha256,
                notes=tuple(_read_note(row[6:]) for row in found),
                problems=tuple(Problem(**problem) for problem in problems),
            ),
            [row[5] for row in found],
        )


def write_links(session: Session, page: LinkingPage, linked: ExtractedPage) -> None:
    """Write what following the links of a page gave, in a transaction that the caller ends."""
    for note_id, note in zip(page.note_ids, linked.notes, strict=True):
        one = note.primary
        values = {
            "primary_scheme": one.scheme.value if one else None,
            "primary_value": one.value if one else None,
            "primary_via": one.via if one else None,
        }
        session.execute(update(models.Note).where(models.Note.id == note_id).values(values))
    problems = [problem._asdict() for problem in linked.problems]
    session.execute(update(models.Page).where(models.Page.id == page.id).values(problems=problems))


def _read_note(row: Any) -> Note:
    key, occurrence, line, study_page, scheme, value, via = row
    primary = Primary(Scheme(scheme), value, via) if scheme else None
    return Note(key, occurrence, line, 0, 0, "", primary=primary, study_page=study_page)
