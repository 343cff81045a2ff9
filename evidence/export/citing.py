"""Which works the pages cite: all that their notes and texts name, or only what a claim's mark leads to.

A page cites what is the primary work of one of its notes, what a note names as cited, and what a claim cites in its
text. Of these a mark leads to the works of its note wherever it stands, but for entries of a list of references; an
identifier or link in the text is a mark of its own where it stands in a statement, not in a list of links.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.errors import EvidenceError
from evidence.export.rows import as_bytes, as_text, stream_rows
from evidence.records import Reference
from evidence.store import models
from evidence.vocabulary import ClaimKind, Role, Scheme

_SCHEMES = {one.value: one for one in Scheme}
_KINDS = {one.value: one for one in ClaimKind}


class Choice(NamedTuple):
    """Which part of what the pages cite is wanted.

    Args:
        page_ids: of which pages; None for all.
        is_cited_only: only what a claim's mark leads to.
    """

    page_ids: Sequence[int] | None = None
    is_cited_only: bool = False


class NumberSet:
    """Numbers of rows, a byte each: a set of them would take fifty times that.

    >>> some = NumberSet()
    >>> some.add(7)
    >>> 7 in some, 8 in some, len(some)
    (True, False, 1)
    """

    __slots__ = ("_flags",)

    def __init__(self) -> None:
        """Begin without any."""
        self._flags = bytearray()

    def add(self, number: int) -> None:
        """Add one."""
        if number >= len(self._flags):
            self._flags.extend(bytes(number + 1 - len(self._flags)))
        self._flags[number] = 1

    def __contains__(self, number: int) -> bool:
        """Tell whether it is one of them."""
        return number < len(self._flags) and self._flags[number] == 1

    def __len__(self) -> int:
        """Return how many there are."""
        return self._flags.count(1)

    def count_beside(self, others: NumberSet) -> int:
        """Return how many there are that others do not hold."""
        return sum(flag and number not in others for number, flag in enumerate(self._flags))


@dataclass(slots=True)
class Cited:
    """What some pages cite.

    Args:
        works: the numbers of those that a registry has described.
        unresolved: what has no metadata.
        places: where asked for, the number of a page and that of a work that it cites, and so on, in no order.
        pages: where asked for, the numbers of the pages that cite what has no metadata.
        unmarked: how many works were left out since no mark leads to them, where only others are wanted.
    """

    works: NumberSet = field(default_factory=NumberSet)
    unresolved: set[Reference] = field(default_factory=set)
    places: array[int] | None = None
    pages: dict[Reference, set[int]] = field(default_factory=dict)
    unmarked: int = 0


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


def find_cited(session: Session, choice: Choice | None = None, *, has_places: bool = False) -> Cited:
    """Return what pages cite, in three passes over the notes and citations.

    Args:
        session: open.
        choice: of which pages, and whether only by marks; everything by default.
        has_places: whether to say which page cites which work.
    """
    choice = choice or Choice()
    found, others = Cited(places=array("q") if has_places else None), Cited()
    marked = _find_marked(session, choice) if choice.is_cited_only else None
    for query in _noted(session, choice):
        for note_id, *rest in stream_rows(session, query):
            _add(found if marked is None or note_id in marked else others, *rest)
    for kind, section, text, *rest in stream_rows(session, _inline(session, choice, has_places=has_places)):
        is_wanted = not choice.is_cited_only or _is_statement(kind, section, text)
        _add(found if is_wanted else others, *rest)
    found.unmarked = others.works.count_beside(found.works) + len(others.unresolved - found.unresolved)
    return found


def _add(found: Cited, page_id: int | None, scheme: bytes | None, value: bytes | None, work_id: int | None) -> None:
    if scheme is None:
        assert work_id is not None
        found.works.add(work_id)
        if found.places is not None and page_id is not None:
            found.places.append(page_id)
            found.places.append(work_id)
    elif (known := _SCHEMES.get(as_text(scheme))) is not None and value is not None:
        # What is no text can be shown, but not asked for.
        shown = as_text(value).encode("utf-8", "backslashreplace").decode()
        reference = Reference(known, shown)
        found.unresolved.add(reference)
        if found.places is not None and page_id is not None:
            found.pages.setdefault(reference, set()).add(page_id)


def _noted(session: Session, choice: Choice) -> Iterator[sa.Select[*tuple[Any, ...]]]:
    note, identifier = models.Note, models.Identifier
    primary = _joined(session, (note.id, note.page_id), note.primary_scheme, note.primary_value)
    yield _of_pages(primary.where(note.primary_scheme.is_not(None)), note.page_id, choice)
    named = _joined(session, (identifier.note_id, identifier.page_id), identifier.scheme, identifier.value)
    named = named.where(identifier.note_id.is_not(None), identifier.role == Role.CITED)
    yield _of_pages(named, identifier.page_id, choice)


def _inline(session: Session, choice: Choice, *, has_places: bool) -> sa.Select[*tuple[Any, ...]]:
    citation, claim = models.Citation, models.Claim
    nothing = sa.null()
    if not (has_places or choice.is_cited_only or choice.page_ids is not None):
        query = _joined(session, (nothing, nothing, nothing, nothing), citation.scheme, citation.value)
        return query.where(citation.scheme.is_not(None))
    columns = (claim.kind, sa.cast(claim.section, sa.Text), claim.text) if choice.is_cited_only else (nothing,) * 3
    query = _joined(session, (*columns, claim.page_id), citation.scheme, citation.value)
    query = query.join(claim, claim.id == citation.claim_id).where(citation.scheme.is_not(None))
    return _of_pages(query, claim.page_id, choice)


def _joined(session: Session, columns: Sequence[Any], scheme: Any, value: Any) -> sa.Select[*tuple[Any, ...]]:
    """Return a query for these columns, and either the work of an identifier or, where it has none, the identifier."""
    link, work = models.WorkIdentifier, models.Work
    is_described = work.title.is_not(None)
    told = [sa.case((is_described, None), else_=as_bytes(session, one)) for one in (scheme, value)]
    return (
        sa.select(*columns, *told, link.work_id)
        .select_from(scheme.class_)
        .outerjoin(link, sa.and_(link.scheme == scheme, link.value == value))
        .outerjoin(work, work.id == link.work_id)
    )


def _of_pages(query: sa.Select[*tuple[Any, ...]], column: Any, choice: Choice) -> sa.Select[*tuple[Any, ...]]:
    if choice.page_ids is None:
        return query
    # Written into the statement, since a vault has more pages than a statement has room for variables.
    ids: Any = sa.bindparam(None, list(choice.page_ids), expanding=True, literal_execute=True, unique=True)
    return query.where(column.in_(ids))


def _find_marked(session: Session, choice: Choice) -> NumberSet:
    """Return the notes that a mark leads to."""
    citation, claim = models.Citation, models.Claim
    query = (
        sa.select(citation.note_id, claim.kind, sa.cast(claim.section, sa.Text), claim.text)
        .join(claim, claim.id == citation.claim_id)
        .where(citation.note_id.is_not(None))
    )
    found = NumberSet()
    for note_id, kind, section, text in stream_rows(session, _of_pages(query, claim.page_id, choice)):
        if note_id not in found and _is_statement(kind, section, text, has_mark=True):
            found.add(note_id)
    return found


def _is_statement(kind: str, section: str | None, text: str, *, has_mark: bool = False) -> bool:
    from evidence.statements import why_no_statement  # noqa: PLC0415 - few exports ask for it

    why_not = why_no_statement(_KINDS.get(kind, ClaimKind.SENTENCE), _headings(section), text)
    return why_not is None or (has_mark and not why_not.is_certain)


def _headings(section: str | None) -> tuple[str, ...]:
    try:
        found = json.loads(section or "[]")
    except ValueError:
        return ()
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()
