"""The works that the pages cite, read from the store in batches, in the order of their citekeys.

A page cites what is the primary work of one of its notes, what a note names as cited, and what a claim cites in its
text. What no registry has described becomes no entry: it is reported with the reason.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.errors import EvidenceError
from evidence.export.citekeys import (
    NOTE,
    Clashes,
    KeyedWork,
    assign_citekeys,
    find_note_keys,
    lock_citekeys,
    make_citekey,
)
from evidence.notices import WORDS, State, WorkNotice, may_be_one_date, other_dates, state_of
from evidence.records import AuthorName, Reference
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.store.pruning import NO_WORK
from evidence.store.queries import list_notices_of_works
from evidence.vocabulary import ALIAS, Outcome, Role, Scheme

# Smaller ones cost more queries, larger ones more passes of the garbage collector.
BATCH = 500
_SCHEMES = {one.value: one for one in Scheme}


class CitedWork(NamedTuple):
    """One work as all formats need it. `aliases` are keys that it had before it proved to be one work with another.

    `date` is as precise as known: "2004", "2004-03" or "2004-03-06". `note` says that it was retracted, or is None.
    """

    key: str
    aliases: Sequence[str]
    authors: Sequence[AuthorName]
    doi: str | None
    pmid: str | None
    pmcid: str | None
    note: str | None
    title: str
    container: str | None
    container_short: str | None
    date: str | None
    volume: str | None
    issue: str | None
    pages: str | None
    article_number: str | None
    publisher: str | None
    issn: Sequence[str]
    isbn: Sequence[str]
    type: str | None
    language: str | None
    is_retracted: bool = False


class UnresolvedReference(NamedTuple):
    """One identifier that pages cite and that has no metadata, with the reason."""

    reference: Reference
    reason: str


def find_page_ids(session: Session, paths: Sequence[str]) -> list[int]:
    """Return the numbers of pages, each path naming a page or a folder of pages.

    Raises:
        EvidenceError: the database holds no such page.
    """
    wanted = {path.removeprefix("./").rstrip("/") for path in paths}
    found: list[int] = []
    met: set[str] = set()
    for page_id, path in session.execute(sa.select(models.Page.id, models.Page.path)):
        folders = [path, *(path[:index] for index, char in enumerate(path) if char == "/")]
        names = wanted.intersection(folders) | (wanted & {"", "."})
        if names:
            met |= names
            found.append(page_id)
    if missing := sorted(wanted - met):
        raise EvidenceError(f"{missing[0]}: the database holds no such page", "run `evidence refresh` to read it")
    return found


def key_works(session: Session, page_ids: Sequence[int] | None, formula: str) -> int:
    """Give each cited work that has no citekey its own, in the order of the works' identifiers.

    Args:
        session: in a transaction that writes.
        page_ids: of which pages; None for all.
        formula: of the keys.

    Returns:
        How many keys were given.
    """
    lock_citekeys(session)
    identifier = models.WorkIdentifier
    least = {
        scheme: sa.func.min(sa.case((identifier.scheme == scheme, sa.literal(f"{scheme}:") + identifier.value)))
        for scheme in Scheme
    }
    canonical = sa.func.coalesce(least[Scheme.DOI], least[Scheme.PMID], least[Scheme.PMCID])
    query = (
        sa.select(models.Work.id)
        .join(identifier, identifier.work_id == models.Work.id)
        .where(_is_described(), _is_cited(models.Work.id, page_ids), ~_has_key())
        .group_by(models.Work.id)
        .order_by(_by_bytes(session, canonical))
    )
    # Only the numbers are kept: the keys themselves are written while this goes on.
    work_ids = array("q", session.scalars(query.execution_options(yield_per=BATCH)))
    clashes = Clashes()
    for start in range(0, len(work_ids), BATCH):
        batch = work_ids[start : start + BATCH]
        keyed = _read_keyed(session, batch)
        noted = find_note_keys(session, batch) if formula == NOTE else {}
        keys = [(number, noted.get(number) or make_citekey(keyed[number], formula)) for number in batch]
        assign_citekeys(session, keys, clashes)
    return len(work_ids)


def lacks_keys(session: Session, page_ids: Sequence[int] | None) -> bool:
    """Tell whether a cited work has no citekey yet."""
    query = sa.select(models.Work.id).where(_is_described(), _is_cited(models.Work.id, page_ids), ~_has_key()).limit(1)
    return session.scalar(query) is not None


def stream_works(session: Session, page_ids: Sequence[int] | None) -> Iterator[list[CitedWork]]:
    """Yield the cited works in batches, sorted by citekey. Memory does not grow with their number.

    Args:
        session: open until the end, so that all batches are of one state of the database.
        page_ids: of which pages; None for all.
    """
    key = models.Citekey
    query = (
        sa.select(key.work_id, key.key)
        .join(models.Work, models.Work.id == key.work_id)
        .where(_is_described(), _is_cited(key.work_id, page_ids))
        .order_by(_by_bytes(session, key.folded))
    )
    aliases = _read_aliases(session)
    for rows in session.execute(query, execution_options={"yield_per": BATCH}).partitions():
        keys = {number: name for number, name in rows if name not in aliases.get(number, ())}
        yield read_works(session, keys, aliases)


def list_unresolved(session: Session, page_ids: Sequence[int] | None) -> list[UnresolvedReference]:
    """Return what pages cite and no registry has described, each with the reason, sorted."""
    identifier = models.WorkIdentifier
    cited = sa.union(*_cited_references(page_ids)).subquery()
    described = sa.exists().where(
        identifier.scheme == cited.c.scheme,
        identifier.value == cited.c.value,
        models.Work.id == identifier.work_id,
        _is_described(),
    )
    rows = session.execute(sa.select(cited.c.scheme, cited.c.value).where(~described))
    references = sorted(Reference(_SCHEMES[scheme], value) for scheme, value in rows)
    reasons = _read_reasons(session, references)
    return [UnresolvedReference(one, reasons.get(one, "not looked up yet")) for one in references]


# --- which works -------------------------------------------------------------------------------------------------


def _cited_references(page_ids: Sequence[int] | None) -> list[sa.Select[tuple[str, str]]]:
    """Return the queries for the identifiers that pages cite."""
    note, identifier, citation, claim = models.Note, models.Identifier, models.Citation, models.Claim
    scheme, value = "scheme", "value"
    primary = sa.select(note.primary_scheme.label(scheme), note.primary_value.label(value)).where(
        note.primary_scheme.is_not(None),
    )
    named = sa.select(identifier.scheme.label(scheme), identifier.value.label(value)).where(
        identifier.note_id.is_not(None),
        identifier.role == Role.CITED,
    )
    inline = sa.select(citation.scheme.label(scheme), citation.value.label(value)).where(citation.scheme.is_not(None))
    if page_ids is not None:
        primary = primary.where(_in(note.page_id, page_ids))
        named = named.where(_in(identifier.page_id, page_ids))
        inline = inline.join(claim, claim.id == citation.claim_id).where(_in(claim.page_id, page_ids))
    return [primary, named, inline]  # type: ignore[list-item]  # columns that may be empty, where they are not


def _is_cited(work_id: Any, page_ids: Sequence[int] | None) -> sa.ColumnElement[bool]:
    identifier = models.WorkIdentifier
    matches = []
    for query in _cited_references(page_ids):
        columns = list(query.selected_columns)
        matched = query.where(columns[0] == identifier.scheme, columns[1] == identifier.value)
        matches.append(matched.correlate(identifier).exists())
    return sa.exists().where(identifier.work_id == work_id, sa.or_(*matches)).correlate_except(identifier)


def _in(column: Any, numbers: Sequence[int]) -> sa.ColumnElement[bool]:
    # Written into the statement, since a vault has more pages than a statement has room for variables.
    is_in: sa.ColumnElement[bool] = column.in_(
        sa.bindparam(None, list(numbers), expanding=True, literal_execute=True, unique=True),
    )
    return is_in


def _is_described() -> sa.ColumnElement[bool]:
    return models.Work.title.is_not(None)


def _has_key() -> sa.ColumnElement[bool]:
    return sa.exists().where(models.Citekey.work_id == models.Work.id)


def _by_bytes(session: Session, column: Any) -> sa.ColumnElement[str]:
    """Return a column in an order that is the same in every database, whatever its language."""
    return sa.collate(column, "C" if session.get_bind().dialect.name == "postgresql" else "BINARY")


# --- reading them ------------------------------------------------------------------------------------------------


def _read_keyed(session: Session, work_ids: Sequence[int]) -> dict[int, KeyedWork]:
    authors = _read_authors(session, work_ids, first_only=True)
    identifiers = _read_identifiers(session, work_ids)
    work = models.Work
    keyed: dict[int, KeyedWork] = {}
    for chunk in in_chunks(work_ids):
        for number, title, date in session.execute(sa.select(work.id, work.title, work.date).where(work.id.in_(chunk))):
            first = authors[number][0] if number in authors else None
            keyed[number] = KeyedWork(first, date[:4] if date else None, title, identifiers.get(number, {}))
    return keyed


def read_works(
    session: Session,
    keys: Mapping[int, str],
    aliases: Mapping[int, Sequence[str]],
) -> list[CitedWork]:
    """Return works by their numbers, each with its key and its other keys, in that order."""
    work_ids = list(keys)
    authors = _read_authors(session, work_ids)
    identifiers = _read_identifiers(session, work_ids)
    notes, retracted = _read_notes(session, work_ids)
    work = models.Work
    columns = (
        work.title,
        work.container,
        work.container_short,
        work.date,
        work.volume,
        work.issue,
        work.pages,
        work.article_number,
        work.publisher,
        work.issn,
        work.isbn,
        work.type,
        work.language,
    )
    found: dict[int, CitedWork] = {}
    for chunk in in_chunks(work_ids):
        for row in session.connection().execute(sa.select(work.id, *columns).where(work.id.in_(chunk))).all():
            number = row[0]
            names = identifiers.get(number, {})
            found[number] = CitedWork._make(
                (
                    keys[number],
                    aliases.get(number, ()),
                    authors.get(number, ()),
                    names.get("doi"),
                    names.get("pmid"),
                    names.get("pmcid"),
                    notes.get(number),
                    *row[1:],
                    number in retracted,
                ),
            )
    return [found[number] for number in work_ids]


def _read_authors(
    session: Session,
    work_ids: Sequence[int],
    *,
    first_only: bool = False,
) -> dict[int, list[AuthorName]]:
    place, author = models.Authorship, models.Author
    found: dict[int, list[AuthorName]] = defaultdict(list)
    for chunk in in_chunks(work_ids):
        query = (
            sa.select(place.work_id, author.family, author.given, author.collective)
            .join(author, author.id == place.author_id)
            .where(place.work_id.in_(chunk))
            .order_by(place.work_id, place.position)
        )
        if first_only:
            query = query.where(place.position == 0)
        for work_id, family, given, collective in _rows(session, query):
            found[work_id].append(AuthorName(family, given, None, collective))
    return found


def _read_identifiers(session: Session, work_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    table = models.WorkIdentifier
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for chunk in in_chunks(work_ids):
        # An alias leads to the work too, but its own DOI is what it is cited by.
        query = sa.select(table.work_id, table.scheme, table.value).where(
            table.work_id.in_(chunk), table.source != ALIAS
        )
        rows = _rows(session, query)
        for work_id, scheme, value in rows:
            found[work_id][scheme] = min(value, found[work_id].get(scheme, value))
    return found


def _read_aliases(session: Session) -> dict[int, list[str]]:
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


def _rows(session: Session, query: sa.sql.Select[*tuple[Any, ...]]) -> list[Any]:
    """Return rows of texts and numbers as the driver gives them: SQLAlchemy's own take as long again as the query."""
    return list(session.connection().execute(query).cursor.fetchall())


def _read_notes(session: Session, work_ids: Sequence[int]) -> tuple[dict[int, str], set[int]]:
    """Return, for works that do not stand as published, the words that say so, and which of them are retracted."""
    states = {work_id: state_of(told) for work_id, told in list_notices_of_works(session, work_ids).items()}
    words = {work_id: text for work_id, state in states.items() if (text := words_of(state))}
    return words, {work_id for work_id, state in states.items() if state.is_retracted}


def words_of(state: State) -> str:
    """Return what a reader of a bibliography must know of a work: one sentence a kind of notice, the gravest first.

    >>> from evidence.vocabulary import NoticeKind
    >>> state = state_of([WorkNotice(NoticeKind.RETRACTION, year, "pubmed") for year in ("2004", "2010")])
    >>> words_of(state)
    'Retracted 2010, also 2004 (pubmed)'
    """
    told = [*_first_of_each(state.holding), *_first_of_each(state.reinstatements)]
    if state.is_reinstated:
        told = [*_first_of_each(state.undone), *told]
    other = "".join(f", also {date}" for date in other_dates(state))
    sentences = []
    for notice, place in told:
        name = f"(notice {place.scheme}:{place.value})" if place else ""
        dates = (notice.date or "") + (other if notice.kind is state.kind else "")
        sentences.append(" ".join(filter(None, (WORDS[notice.kind].capitalize(), dates, name))))
    return "; ".join(sentences)


def _first_of_each(notices: Sequence[WorkNotice]) -> Iterator[tuple[WorkNotice, Reference | None]]:
    """Yield the deciding notice of each kind, with the identifier that a registry gives for it."""
    kinds = dict.fromkeys(notice.kind for notice in notices)
    for kind in kinds:
        mine = [notice for notice in notices if notice.kind is kind]
        same = (one.identifier for one in mine if may_be_one_date(one.date, mine[0].date))
        yield mine[0], next((one for one in same if one is not None), None)


def _read_reasons(session: Session, references: Sequence[Reference]) -> dict[Reference, str]:
    table = models.Lookup
    wanted = set(references)
    found: dict[Reference, list[str]] = defaultdict(list)
    for values in in_chunks(sorted({one.value for one in references})):
        rows = session.execute(
            sa.select(table.scheme, table.value, table.source, table.outcome, table.reason)
            .where(table.value.in_(values))
            .order_by(table.source),
        )
        for scheme, value, source, outcome, reason in rows:
            reference = Reference(_SCHEMES[scheme], value)
            if reference in wanted:
                found[reference].append(_reason(source, outcome, reason))
    return {reference: "; ".join(reasons) for reference, reasons in found.items()}


def _reason(source: str, outcome: str, reason: str | None) -> str:
    if outcome == Outcome.RESOLVED:
        return f"{source}: known, but without a title"
    return f"{source}: {outcome}" + (f" ({reason})" if reason else "")
