"""Imported libraries in bibliographies: works that no registry has described, and fields that none has told.

Both are marked nowhere in the file, but the export says how many works rest on a library alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.export.citekeys import Clashes, KeyedWork, assign_citekeys, make_citekey
from evidence.export.works import BATCH, CitedWork, read_works, words_of
from evidence.notices import state_of
from evidence.records import Description, Reference
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.store.libraries import (
    Described,
    are_one_paper,
    are_one_title,
    find_described,
    has_libraries,
    join_descriptions,
    missing_of,
)
from evidence.store.queries import list_notices_of
from evidence.vocabulary import Scheme


class ImportedWork(NamedTuple):
    """A work that pages cite and libraries alone describe: its identifiers, a DOI first, and what is said of it."""

    references: tuple[Reference, ...]
    description: Description

    @property
    def name(self) -> Reference:
        """The identifier that its key is kept for."""
        return self.references[0]


class _Keys(NamedTuple):
    key: str | None
    aliases: tuple[str, ...]


def find_imported(session: Session, references: Sequence[Reference]) -> list[ImportedWork]:
    """Return the works that some identifiers name, which no registry has described, as libraries describe them.

    Args:
        session: open.
        references: what pages cite and no registry has described.

    Returns:
        The works in the order of their identifiers. One without a title anywhere is not described.
    """
    if not references or not has_libraries(session):
        return []
    told = find_described(session, references)
    groups: dict[Reference, dict[int, Described]] = defaultdict(dict)
    for reference in sorted(told):
        for entry in told[reference]:
            groups[_name_of(told[reference])][entry.entry_id] = entry
    others = {one for entries in groups.values() for entry in entries.values() for one in entry.references}
    registered = _find_registered(session, others)
    known = _read_untitled(session, groups)
    found = []
    for name in sorted(groups):
        entries = list(groups[name].values())
        description = _with_registries(known.get(name), join_descriptions(entries))
        if description.title and name not in registered:
            found.append(ImportedWork(_identifiers(name, entries, registered), description))
    return found


def _read_untitled(session: Session, references: Iterable[Reference]) -> dict[Reference, Description]:
    """Return what registries say of works of which they do not know the title."""
    link, work = models.WorkIdentifier, models.Work
    wanted = set(references)
    holders: dict[Reference, int] = {}
    for values in in_chunks(sorted({one.value for one in wanted})):
        query = (
            sa.select(link.scheme, link.value, link.work_id)
            .join(work, work.id == link.work_id)
            .where(link.value.in_(values), work.title.is_(None))
        )
        holders |= {Reference(Scheme(scheme), value): work_id for scheme, value, work_id in session.execute(query)}
    numbers = sorted({work_id for one, work_id in holders.items() if one in wanted})
    works = dict(zip(numbers, read_works(session, dict.fromkeys(numbers, ""), {}), strict=True))
    names = Description._fields
    told = {number: Description(**{name: getattr(one, name) for name in names}) for number, one in works.items()}
    return {one: told[work_id] for one, work_id in holders.items() if one in wanted}


def _with_registries(known: Description | None, told: Description) -> Description:
    """Return what a library says with what registries say in its place; nothing where the two mean two papers."""
    if known is None:
        return told
    return known._replace(**missing_of(known, told)) if are_one_paper(known, told) else known


def _name_of(entries: Sequence[Described]) -> Reference:
    return entries[0].references[0]


def _identifiers(name: Reference, entries: Sequence[Described], registered: set[Reference]) -> tuple[Reference, ...]:
    """Return one identifier a scheme: those of the first entry, then of others; none that a registry gives a work."""
    found = {name.scheme: name}
    for entry in entries:
        if are_one_title(entries[0].description.title, entry.description.title):
            for one in entry.references:
                if one not in registered:
                    found.setdefault(one.scheme, one)
    return tuple(found[scheme] for scheme in Scheme if scheme in found)


def _find_registered(session: Session, references: Iterable[Reference]) -> set[Reference]:
    """Return which of some identifiers have a work that a registry has described."""
    link, work = models.WorkIdentifier, models.Work
    wanted = set(references)
    found: set[Reference] = set()
    for values in in_chunks(sorted({one.value for one in wanted})):
        query = (
            sa.select(link.scheme, link.value)
            .join(work, work.id == link.work_id)
            .where(link.value.in_(values), work.title.is_not(None))
        )
        found.update(Reference(Scheme(scheme), value) for scheme, value in session.execute(query))
    return found & wanted


def key_imported(session: Session, works: Sequence[ImportedWork], formula: str) -> int:
    """Give a key to each of these works that has none; return how many.

    Args:
        session: in a transaction that writes.
        works: in the order of their identifiers.
        formula: of the keys.
    """
    keys = _read_keys(session, works)
    without = [one for one in works if keys[one.name].key is None]
    clashes = Clashes()
    for batch in in_chunks(without, BATCH):
        named = [(one.name, make_citekey(_keyed(one), formula)) for one in batch]
        assign_citekeys(session, named, clashes)
    return len(without)


def lacks_imported_keys(session: Session, works: Sequence[ImportedWork]) -> bool:
    """Tell whether one of these works has no key yet."""
    return any(one.key is None for one in _read_keys(session, works).values())


def _keyed(work: ImportedWork) -> KeyedWork:
    told = work.description
    names = {one.scheme.value: one.value for one in work.references}
    return KeyedWork(next(iter(told.authors), None), told.date[:4] if told.date else None, told.title, names)


def _read_keys(session: Session, works: Sequence[ImportedWork]) -> dict[Reference, _Keys]:
    """Return the keys of works, those that are kept for one of its identifiers or were given to a work of that."""
    table, link = models.Citekey, models.WorkIdentifier
    named: dict[Reference, list[tuple[bool, str, str]]] = defaultdict(list)
    values = sorted({one.value for work in works for one in work.references})
    for chunk in in_chunks(values):
        kept = sa.select(table.scheme, table.value, table.is_alias, table.folded, table.key).where(
            table.value.in_(chunk), table.work_id == 0
        )
        given = (
            sa.select(link.scheme, link.value, table.is_alias, table.folded, table.key)
            .join(table, table.work_id == link.work_id)
            .where(link.value.in_(chunk))
        )
        for scheme, value, is_alias, folded, key in (*session.execute(kept), *session.execute(given)):
            named[Reference(Scheme(scheme), value)].append((bool(is_alias), folded, key))
    found: dict[Reference, _Keys] = {}
    for work in works:
        mine = [key for one in work.references for key in sorted(named.get(one, ()))]
        current = next((key for is_alias, _, key in mine if not is_alias), None)
        aliases = dict.fromkeys(key for _, _, key in mine if key != current)
        found[work.name] = _Keys(current, tuple(aliases))
    return found


def cite_imported(session: Session, works: Sequence[ImportedWork]) -> list[CitedWork]:
    """Return works as all formats need them, sorted by key; what notices do to them is said as of any work."""
    keys = _read_keys(session, works)
    told = list_notices_of(session, {one for work in works for one in work.references})
    cited = []
    for work in works:
        state = state_of([notice for one in work.references for notice in told.get(one, ())])
        names = {f"{one.scheme}": one.value for one in work.references}
        cited.append(
            CitedWork(
                key=keys[work.name].key or "",
                aliases=keys[work.name].aliases,
                doi=names.get("doi"),
                pmid=names.get("pmid"),
                pmcid=names.get("pmcid"),
                note=words_of(state) or None,
                is_retracted=state.is_retracted,
                **work.description._asdict(),
            )
        )
    return sorted((one for one in cited if one.key), key=_folded)


def with_imported(batches: Iterable[list[CitedWork]], imported: Sequence[CitedWork]) -> Iterator[list[CitedWork]]:
    """Yield batches of works with others among them, all sorted by key."""
    at = 0
    for batch in batches:
        last = _folded(batch[-1]) if batch else ""
        end = at
        while end < len(imported) and _folded(imported[end]) < last:
            end += 1
        yield sorted([*batch, *imported[at:end]], key=_folded) if end > at else batch
        at = end
    for start in range(at, len(imported), BATCH):
        yield list(imported[start : start + BATCH])


def completing(session: Session) -> Callable[[list[CitedWork]], list[CitedWork]]:
    """Return what gives works the fields that no registry tells of and a library does."""
    if not has_libraries(session):
        return lambda works: works

    def complete(works: list[CitedWork]) -> list[CitedWork]:
        told = find_described(session, {one for work in works for one in _references(work)})
        return [_completed(work, told) for work in works]

    return complete


def _completed(work: CitedWork, told: dict[Reference, list[Described]]) -> CitedWork:
    entries = next((told[one] for one in _references(work) if one in told), ())
    for entry in entries:
        if are_one_paper(work, entry.description):
            work = work._replace(**missing_of(work, entry.description))
    return work


def _references(work: CitedWork) -> list[Reference]:
    pairs = ((Scheme.DOI, work.doi), (Scheme.PMID, work.pmid), (Scheme.PMCID, work.pmcid))
    return [Reference(scheme, value) for scheme, value in pairs if value]


def _folded(work: CitedWork) -> str:
    return work.key.lower()
