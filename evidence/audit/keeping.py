"""Judged pages in the store: those that nothing has touched since are recalled, those that were judged anew kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.audit.digests import digest_of, digest_of_program, digest_pages
from evidence.audit.judgement import JudgedPage, KeptPage, recall
from evidence.audit.judging import Asked, Terms
from evidence.audit.rows import BundleRows
from evidence.audit.work_rows import fetch_rows
from evidence.store import models
from evidence.store.among import among
from evidence.store.chunks import batched


def ask(session: Session, bundles: Iterable[BundleRows], terms: Terms, *, is_kept: bool) -> Iterator[Asked]:
    """Yield what of some pages is to be judged, with what was kept of the others.

    Args:
        session: open.
        bundles: the rows of all of them.
        terms: what else decides.
        is_kept: whether what is judged anew is to be kept.
    """
    said = digest_terms(terms)
    for rows in bundles:
        digests = digest_pages(rows, said)
        recalled = list(_recall_pages(session, rows, digests))
        fresh = {page_id for page_id, _ in rows.pages}.difference(page.id for page in recalled)
        yield Asked(rows.only(fresh), {one: digests[one] for one in fresh} if is_kept else {}, recalled)


def digest_terms(terms: Terms) -> str:
    """Return the digest of what pages are judged by besides the store: the program, the settings, the year."""
    resources = sorted((*reference, why) for reference, why in terms.resources.items())
    selection = sorted(terms.selection.hidden), sorted((terms.selection.severities or {}).items())
    return digest_of(digest_of_program(), repr((resources, terms.choices, selection, terms.acknowledged)))


def count_kept(session: Session) -> int:
    """Return of how many pages something is kept; it may hold no longer."""
    return session.scalar(sa.select(sa.func.count()).select_from(models.Judgement)) or 0


def keep_pages(session: Session, pages: Iterable[KeptPage]) -> None:
    """Keep what was made of some pages, in the transaction that keeps their verdicts."""
    table = models.Judgement
    for chunk in batched(pages):
        session.execute(sa.delete(table).where(table.page_id.in_([page.page_id for page in chunk])))
        session.execute(sa.insert(table.__table__), [page._asdict() for page in chunk])  # type: ignore[arg-type]


def forget_pages(session: Session) -> None:
    """Forget what was made of all pages."""
    session.execute(sa.delete(models.Judgement))


def _recall_pages(session: Session, rows: BundleRows, digests: dict[int, str]) -> Iterator[JudgedPage]:
    table = models.Judgement
    paths = dict(rows.pages)
    columns = (table.page_id, table.digest, table.summary, table.works, table.claims, table.findings)
    connection = session.connection()
    found: Sequence[tuple[int, str, bytes, bytes, bytes, bytes]]
    found = fetch_rows(connection, sa.select(*columns).where(among(connection, table.page_id, digests)))
    for kept in map(KeptPage._make, found):
        if kept.digest == digests[kept.page_id]:
            yield recall(paths[kept.page_id], kept)
