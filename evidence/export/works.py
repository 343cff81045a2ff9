"""The works that the pages cite, read from the store in batches, in the order of their citekeys.

What no registry has described becomes no entry: it is reported with the reason.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.export.assembling import NUMBER, TYPE, Row, Rows, assemble, assembling
from evidence.export.checking import Damage, Problem, check, name_of, notices_unread
from evidence.export.citekeys import NOTE, Clashes, assign_citekeys, lock_citekeys, make_identifier_key, make_named_key
from evidence.export.citing import NumberSet, find_cited
from evidence.export.notekeys import find_note_keys
from evidence.export.records import CitedWork
from evidence.export.rows import as_bytes, as_text, by_bytes, read_any_bytes, stream_rows
from evidence.export.statuses import AuditStatuses
from evidence.export.workrows import (
    find_edited,
    find_noticed,
    read_aliases,
    read_editors,
    read_identifiers,
    read_keyed,
    read_works,
)
from evidence.notices import WORDS, State, WorkNotice, may_be_one_date, other_dates, state_of
from evidence.records import Reference
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.store.queries import list_notices_of_works
from evidence.vocabulary import Outcome, Scheme

# Smaller ones cost more queries, larger ones memory: some of each are on their way between two processes.
BATCH = 250
# Of what keys are made of, little is held of each work.
_KEYED_AT_ONCE = 1_000
_THESIS = "dissertation"
# What has editions, of Crossref's types.
_BOOKS = frozenset(
    {
        "book", "book-chapter", "book-part", "book-section", "book-track", "edited-book", "monograph", "reference-book",
        "reference-entry",
    }
)  # fmt: skip
_SCHEMES = {one.value: one for one in Scheme}


class UnresolvedReference(NamedTuple):
    """One identifier that pages cite and that has no metadata, with the reason."""

    reference: Reference
    reason: str


def key_works(session: Session, works: NumberSet | None, formula: str) -> int:
    """Give each of some works that has no citekey its own, in the order of the works' identifiers.

    Args:
        session: in a transaction that writes.
        works: which ones; None for all that pages cite.
        formula: of the keys.

    Returns:
        How many keys were given.
    """
    lock_citekeys(session)
    works = find_cited(session).works if works is None else works
    identifier = models.WorkIdentifier
    least = {
        scheme: sa.func.min(sa.case((identifier.scheme == scheme, sa.literal(f"{scheme}:") + identifier.value)))
        for scheme in Scheme
    }
    canonical = sa.func.coalesce(least[Scheme.DOI], least[Scheme.PMID], least[Scheme.PMCID])
    query = (
        sa.select(models.Work.id)
        .join(identifier, identifier.work_id == models.Work.id)
        .where(~sa.exists().where(models.Citekey.work_id == models.Work.id))
        .group_by(models.Work.id)
        .order_by(by_bytes(session, canonical))
    )
    # Only the numbers are kept: the keys themselves are written while this goes on.
    work_ids = array("q", (number for (number,) in stream_rows(session, query) if number in works))
    clashes = Clashes()
    for batch in in_chunks(work_ids, _KEYED_AT_ONCE):
        # What is damaged gives a poorer key, and is named when the work is written.
        keyed = read_any_bytes(session, partial(read_keyed, session, batch))
        noted = read_any_bytes(session, partial(find_note_keys, session, batch)) if formula == NOTE else {}
        keys = {one: noted.get(one) or make_named_key(keyed[one], formula) for one in batch if one in keyed}
        nameless = [one for one, key in keys.items() if key is None]
        names = read_any_bytes(session, partial(read_identifiers, session, nameless)) if nameless else {}
        assign_citekeys(
            session, [(one, key or make_identifier_key(names.get(one, {}))) for one, key in keys.items()], clashes
        )
    return len(work_ids)


def lacks_keys(session: Session, works: NumberSet) -> bool:
    """Tell whether one of these works has no citekey yet."""
    keyed = NumberSet()
    for (number,) in stream_rows(session, sa.select(models.Citekey.work_id)):
        if number in works:
            keyed.add(number)
    return len(keyed) < len(works)


class Extras(NamedTuple):
    """What is read of works only where it is asked for: abstracts, and what the audit said."""

    has_abstracts: bool = False
    statuses: AuditStatuses | None = None


def stream_works(
    session: Session,
    works: NumberSet | None = None,
    extras: Extras | None = None,
    damage: Damage | None = None,
) -> Iterator[list[CitedWork]]:
    """Yield cited works in batches, sorted by citekey. Memory does not grow with their number.

    Args:
        session: open until the end, so that all batches are of one state of the database.
        works: which ones; None for all that pages cite.
        extras: what else to read of them.
        damage: what is damaged is named here; the rest is read all the same.
    """
    damage = damage if damage is not None else Damage()
    works = find_cited(session).works if works is None else works
    yield from assembling(stream_rows_of_works(session, works, extras or Extras(), damage), damage)


def stream_rows_of_works(
    session: Session, works: NumberSet, extras: Extras, damage: Damage
) -> Generator[Rows, None, None]:
    """Yield cited works as `stream_works` does, most of them as rows: `assembling` makes works of them.

    Args:
        session: open until the end, so that all batches are of one state of the database.
        works: which ones.
        extras: what else to read of them.
        damage: of works that are more than a row.
    """
    key = models.Citekey
    query = sa.select(key.work_id, as_bytes(session, key.key)).order_by(by_bytes(session, key.folded))
    reader = WorkReader(session, extras, damage)
    keys: dict[int, str] = {}
    for number, name in stream_rows(session, query):
        if number in works and (text := as_text(name)) not in reader.aliases.get(number, ()):
            keys[number] = text
            if len(keys) == BATCH:
                yield reader.read_rows(keys)
                keys = {}
    if keys:
        yield reader.read_rows(keys)


def list_unresolved(session: Session, references: Collection[Reference]) -> list[UnresolvedReference]:
    """Return what no registry has described, each with the reason, sorted."""
    wanted = sorted(references)
    reasons = _read_reasons(session, wanted)
    return [UnresolvedReference(one, reasons.get(one, "not looked up yet")) for one in wanted]


class WorkReader:
    """Reads works by their numbers, a few statements for each batch; what is damaged is named and left out."""

    def __init__(self, session: Session, extras: Extras, damage: Damage) -> None:
        """Begin with what is asked for once: former keys, and which works have notices or editors."""
        self.aliases = read_aliases(session)
        self._session = session
        self._extras = extras
        self._damage = damage
        self._noticed = find_noticed(session)
        self._edited = find_edited(session)
        self._has_extras = extras.has_abstracts or extras.statuses is not None

    def keys_of(self, work_ids: Sequence[int]) -> dict[int, str]:
        """Return the citekeys of works; one that has none is left out."""
        table = models.Citekey
        query = sa.select(table.work_id, as_bytes(self._session, table.key)).where(table.work_id.in_(work_ids))
        found: dict[int, str] = {}
        for number, name in stream_rows(self._session, query):
            if (key := as_text(name)) not in self.aliases.get(number, ()):
                found[number] = key
        return found

    def read(self, keys: Mapping[int, str]) -> list[CitedWork]:
        """Return the works of these numbers, in their order.

        Args:
            keys: the citekey of each.
        """
        (works,) = assembling([self.read_rows(keys)], self._damage)
        return works

    def read_rows(self, keys: Mapping[int, str]) -> Rows:
        """Return the works of these numbers, in their order, as rows; those that are more than a row as works."""
        found = read_any_bytes(self._session, lambda: read_works(self._session, list(keys)))
        by_number = {row[NUMBER]: row for row in found}
        rows = [(key, *by_number[number][1:]) for number, key in keys.items() if number in by_number]
        more = [row for row in rows if self._is_more(row)]
        if not more:
            return rows
        made = read_any_bytes(self._session, lambda: self._make(more))
        works = dict.fromkeys(row[NUMBER] for row in more) | {
            number: check(work, self._damage, has_odd_names=is_odd) for number, (work, is_odd) in made.items()
        }
        every = (works.get(row[NUMBER], row) for row in rows)
        return [one for one in every if one is not None]

    def _is_more(self, row: Row) -> bool:
        """Tell whether there is more about a work than its row says."""
        number, kind = row[NUMBER], row[TYPE]
        return (
            self._has_extras
            or number in self._noticed
            or number in self._edited
            or number in self.aliases
            or kind == _THESIS
            or kind in _BOOKS
        )

    def _make(self, rows: Sequence[Row]) -> dict[int, tuple[CitedWork, bool]]:
        """Return works with all that is known of them, each with whether a name of it is to be looked at."""
        odd: set[int] = set()
        assembled = {row[NUMBER]: assemble(row) for row in rows}
        editors = read_editors(self._session, [one for one in assembled if one in self._edited], odd=odd)
        bare = {number: work for number, (work, _) in assembled.items()}
        states = self._read_states(bare)
        abstracts = self._read_abstracts(bare)
        works = {
            number: bare[number]._replace(
                aliases=self.aliases.get(number, ()),
                note=(words_of(state) or None) if state is not None else None,
                is_retracted=state is not None and state.is_retracted,
                abstract=abstracts.get(number),
                keywords=self._keywords(number, state),
                editors=editors.get(number, ()),
            )
            for number, state in states.items()
        }
        self._call_theses(works)
        self._tell_editions(works)
        return {number: (work, assembled[number][1] or number in odd) for number, work in works.items()}

    def _call_theses(self, works: dict[int, CitedWork]) -> None:
        """Give theses what registries call them."""
        theses = [number for number, work in works.items() if work.type == _THESIS]
        if theses:
            from evidence.export.degrees import read_genres  # noqa: PLC0415 - it reads answers of registries

            for number, genre in read_genres(self._session, theses).items():
                works[number] = works[number]._replace(genre=genre)

    def _tell_editions(self, works: dict[int, CitedWork]) -> None:
        """Give books the editions that registries tell of."""
        books = [number for number, work in works.items() if work.type in _BOOKS]
        if books:
            from evidence.export.editions import read_editions  # noqa: PLC0415 - it reads answers of registries

            for number, edition in read_editions(self._session, books).items():
                works[number] = works[number]._replace(edition=edition)

    def _read_states(self, works: Mapping[int, CitedWork]) -> dict[int, State | None]:
        """Return how the works stand. One whose notices are damaged is left out: it may be a retracted one."""
        states: dict[int, State | None] = dict.fromkeys(works)
        noticed = [number for number in works if number in self._noticed]
        try:
            states |= _states(self._session, noticed)
        except (ValueError, TypeError):
            for number in noticed:
                try:
                    states |= _states(self._session, [number])
                except (ValueError, TypeError) as error:
                    self._damage.leave_out(notices_unread(works[number].key, _name_of(works[number]), error))
                    del states[number]
        return states

    def _read_abstracts(self, works: Mapping[int, CitedWork]) -> dict[int, str]:
        if not self._extras.has_abstracts:
            return {}
        from evidence.export.abstracts import read_abstracts  # noqa: PLC0415 - it reads answers of registries

        found, damaged = read_abstracts(self._session, list(works))
        for number, why in damaged.items():
            self._damage.tell(Problem(works[number].key, _name_of(works[number]), "abstract", why))
        return found

    def _keywords(self, number: int, state: State | None) -> tuple[str, ...]:
        if self._extras.statuses is None:
            return ()
        is_retracted, is_in_doubt = (state.is_retracted, state.is_in_doubt) if state is not None else (False, False)
        return self._extras.statuses.keywords(number, is_retracted=is_retracted, is_in_doubt=is_in_doubt)


def _name_of(work: CitedWork) -> str:
    return name_of(work.doi, work.pmid, work.pmcid)


def _states(session: Session, work_ids: Sequence[int]) -> dict[int, State]:
    return {number: state_of(told) for number, told in list_notices_of_works(session, work_ids).items()}


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
