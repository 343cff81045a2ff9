"""The rows of works and of what hangs on them, a few statements for each batch."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.export.assembling import Row
from evidence.export.checking import is_usual_name
from evidence.export.citekeys import KeyedWork
from evidence.export.citing import NumberSet
from evidence.export.rows import fetch_rows, stream_rows
from evidence.records import AuthorName
from evidence.store import models
from evidence.store.among import among, among_given, given
from evidence.store.pruning import NO_WORK
from evidence.vocabulary import ALIAS

_NOBODY = [None, None, None]
_YEAR = re.compile(r"[12][0-9]{3}(?![0-9])")
# As `CitedWork` has them.
_TEXTS = (
    "title",
    "container",
    "container_short",
    "series",
    "date",
    "volume",
    "issue",
    "pages",
    "article_number",
    "publisher",
)


def read_keyed(session: Session, work_ids: Sequence[int]) -> dict[int, KeyedWork]:
    """Return what the citekeys of works are made of, but for the identifiers, which few keys need."""
    dialect = session.get_bind().dialect.name
    rows = fetch_rows(session, _select_keyed(dialect), {"work_ids": given(dialect, work_ids)})
    keyed: dict[int, KeyedWork] = {}
    for number, title, date, *names in rows:
        first = None if names == _NOBODY else AuthorName(names[0], names[1], None, names[2])
        year = _YEAR.match(date) if isinstance(date, str) else None
        keyed[number] = KeyedWork(first, year[0] if year else None, title if isinstance(title, str) else None, {})
    # A book that has editors alone is known by them.
    nameless = [number for number, work in keyed.items() if work.author is None]
    for number, (editor, *_) in read_editors(session, nameless, first_only=True).items():
        keyed[number] = keyed[number]._replace(author=editor)
    return keyed


@cache
def _select_keyed(dialect: str) -> sa.Select[*tuple[Any, ...]]:
    work, place, author = models.Work, models.Authorship, models.Author
    return (
        sa.select(work.id, work.title, work.date, author.family, author.given, author.collective)
        .outerjoin(place, sa.and_(place.work_id == work.id, place.position == 0))
        .outerjoin(author, author.id == place.author_id)
        .where(among_given(dialect, work.id, "work_ids"))
    )


def read_works(session: Session, work_ids: Sequence[int]) -> list[Row]:
    """Return the rows of works as `assembling` takes them, without keys and in no order."""
    dialect = session.get_bind().dialect.name
    return fetch_rows(session, _select_works(dialect), {"work_ids": given(dialect, work_ids)})


# Put together once, not for each batch.
@cache
def _select_works(dialect: str) -> sa.Select[*tuple[Any, ...]]:
    work, place, author, link = models.Work, models.Authorship, models.Author, models.WorkIdentifier
    names = [sa.cast(one, sa.Text) for one in (author.family, author.given, author.collective)]
    authors = _listed(dialect, place.position, *names).select_from(place).join(author, author.id == place.author_id)
    # An alias leads to the work too, but its own DOI is what it is cited by.
    is_own = sa.and_(link.work_id == work.id, link.source != ALIAS)
    identifiers = _listed(dialect, sa.cast(link.scheme, sa.Text), sa.cast(link.value, sa.Text)).where(is_own)
    return sa.select(
        sa.null(),
        work.id,
        *(getattr(work, name) for name in _TEXTS),
        # As texts: a list that is no JSON would end the whole batch.
        *(sa.cast(one, sa.Text) for one in (work.issn, work.isbn)),
        work.type,
        work.language,
        authors.where(place.work_id == work.id).scalar_subquery(),
        identifiers.scalar_subquery(),
    ).where(among_given(dialect, work.id, "work_ids"))


def _listed(dialect: str, *columns: Any) -> sa.Select[*tuple[Any, ...]]:
    """Return the query of a JSON list of rows, in no order, as a text."""
    if dialect == "postgresql":
        rows: sa.ColumnElement[str] = sa.cast(sa.func.json_agg(sa.func.json_build_array(*columns)), sa.Text)
    else:
        rows = sa.func.json_group_array(sa.func.json_array(*columns))
    return sa.select(sa.func.coalesce(rows, "[]"))


def read_editors(
    session: Session,
    work_ids: Sequence[int],
    *,
    first_only: bool = False,
    odd: set[int] | None = None,
) -> dict[int, list[AuthorName]]:
    """Return the editors of works in their order, or only the first of each.

    Args:
        session: open.
        work_ids: of which works.
        first_only: whether one each is enough.
        odd: works with a name that is to be looked at are added here.
    """
    if not work_ids:
        return {}
    place, author = models.Editorship, models.Author
    query = (
        sa.select(place.work_id, author.family, author.given, author.collective)
        .join(author, author.id == place.author_id)
        .where(among(session.connection(), place.work_id, work_ids))
        .order_by(place.work_id, place.position)
    )
    if first_only:
        query = query.where(place.position == 0)
    found: dict[int, list[AuthorName]] = defaultdict(list)
    for work_id, family, first, collective in fetch_rows(session, query):
        name = AuthorName(family, first, None, collective)
        found[work_id].append(name)
        if odd is not None and not is_usual_name(name):
            odd.add(work_id)
    return found


def read_identifiers(session: Session, work_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Return the identifiers of works by scheme, one each: the first by its letters."""
    table = models.WorkIdentifier
    # An alias leads to the work too, but its own DOI is what it is cited by.
    mine = among(session.connection(), table.work_id, work_ids)
    query = sa.select(table.work_id, table.scheme, table.value).where(mine, table.source != ALIAS)
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for work_id, scheme, value in fetch_rows(session, query):
        found[work_id][scheme] = min(value, found[work_id].get(scheme, value))
    return found


def read_aliases(session: Session) -> dict[int, list[str]]:
    """Return all but one key of each work that has several: it was renamed, or was several works before."""
    table = models.Citekey
    # Keys that wait for their work have none in common.
    several = (
        sa.select(table.work_id).where(table.work_id != NO_WORK).group_by(table.work_id).having(sa.func.count() > 1)
    )
    query = sa.select(table.work_id, table.is_alias, table.folded, table.key).where(table.work_id.in_(several))
    found: dict[int, list[tuple[bool, str, str]]] = defaultdict(list)
    for work_id, is_alias, folded, key in session.execute(query):
        found[work_id].append((is_alias, folded, key))
    return {work_id: [key for *_, key in sorted(keys)[1:]] for work_id, keys in found.items()}


def find_edited(session: Session) -> NumberSet:
    """Return the works with editors: few of all."""
    edited = NumberSet()
    for (number,) in stream_rows(session, sa.select(models.Editorship.work_id).where(models.Editorship.position == 0)):
        edited.add(number)
    return edited


def find_noticed(session: Session) -> set[int]:
    """Return the works with notices, whichever end tells of them: few of all."""
    link, relation = models.WorkIdentifier, models.Relation
    own = sa.select(models.Notice.work_id).distinct()
    told = (
        sa.select(link.work_id)
        .join(relation, sa.and_(relation.scheme == link.scheme, relation.value == link.value))
        .where(relation.notice_kind.is_not(None))
    )
    return {number for query in (own, told) for (number,) in stream_rows(session, query)}
