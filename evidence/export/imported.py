"""Imported libraries in bibliographies: works that no registry has described, and fields that none has told.

Both are marked nowhere in the file, but the export says how many works rest on a library alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.export.assembling import KEY, NUMBER, Row, Rows, assemble
from evidence.export.checking import Damage, check, is_usual_name, notices_unread
from evidence.export.citekeys import NOTE, Clashes, KeyedWork, assign_citekeys, make_citekey
from evidence.export.notekeys import find_note_keys_of
from evidence.export.records import CitedWork
from evidence.export.statuses import AuditStatuses
from evidence.export.workrows import read_editors, read_works
from evidence.export.works import BATCH, words_of
from evidence.notices import State, state_of
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
from evidence.store.pruning import NO_WORK
from evidence.store.queries import list_notices_of, list_notices_of_works
from evidence.store.versions import list_described
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
    registered = list_described(session, others)
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
    holders = _find_holders(session, references)
    numbers = sorted(set(holders.values()))
    editors = read_editors(session, numbers)
    told = {}
    for row in read_works(session, numbers):
        work, _ = assemble(row)
        told[row[NUMBER]] = _as_description(work._replace(editors=editors.get(row[NUMBER], ())))
    return {one: told[work_id] for one, work_id in holders.items() if work_id in told}


def _find_holders(session: Session, references: Iterable[Reference]) -> dict[Reference, int]:
    """Return the numbers of the stored works without a title that some identifiers name."""
    link, work = models.WorkIdentifier, models.Work
    wanted = set(references)
    found: dict[Reference, int] = {}
    for values in in_chunks(sorted({one.value for one in wanted})):
        query = (
            sa.select(link.scheme, link.value, link.work_id)
            .join(work, work.id == link.work_id)
            .where(link.value.in_(values), work.title.is_(None))
        )
        found |= {Reference(Scheme(scheme), value): work_id for scheme, value, work_id in session.execute(query)}
    return {one: work_id for one, work_id in found.items() if one in wanted}


def _as_description(work: CitedWork) -> Description:
    told = {name: getattr(work, name) for name in Description._fields}
    return Description(**told | {"authors": tuple(work.authors), "editors": tuple(work.editors)})


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


def key_imported(session: Session, works: Sequence[ImportedWork], formula: str) -> int:
    """Give a key to each of these works that has none; return how many.

    Args:
        session: in a transaction that writes.
        works: in the order of their identifiers.
        formula: of the keys, or "note" for those of footnotes.
    """
    keys = _read_keys(session, works)
    without = [one for one in works if keys[one.name].key is None]
    clashes = Clashes()
    for batch in in_chunks(without, BATCH):
        noted = find_note_keys_of(session, [one.references for one in batch]) if formula == NOTE else {}
        named = [(one.name, noted.get(one.name) or make_citekey(_keyed(one), formula)) for one in batch]
        assign_citekeys(session, named, clashes)
    return len(without)


def lacks_imported_keys(session: Session, works: Sequence[ImportedWork]) -> bool:
    """Tell whether one of these works has no key yet."""
    return any(one.key is None for one in _read_keys(session, works).values())


def _keyed(work: ImportedWork) -> KeyedWork:
    told = work.description
    names = {one.scheme.value: one.value for one in work.references}
    return KeyedWork(
        next(iter((*told.authors, *told.editors)), None), told.date[:4] if told.date else None, told.title, names
    )


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


def cite_imported(
    session: Session,
    works: Sequence[ImportedWork],
    damage: Damage,
    statuses: AuditStatuses | None = None,
) -> dict[Reference, CitedWork]:
    """Return works as all formats need them, each by its name and sorted by key.

    What notices do to them, and what the audit says of the claims on them, is said as of any work.

    Args:
        session: open.
        works: all of which have keys.
        damage: what is wrong with them is named here.
        statuses: of the last audit, where they are asked for.
    """
    keys = _read_keys(session, works)
    states = _read_states(session, works, keys, damage)
    found: list[tuple[Reference, CitedWork]] = []
    for work in works:
        mine, state = keys[work.name], states.get(work.name)
        if not mine.key or state is None:
            continue
        flags = {"is_retracted": state.is_retracted, "is_in_doubt": state.is_in_doubt}
        names = {one.scheme.value: one.value for one in work.references}
        cited = CitedWork(
            key=mine.key,
            aliases=mine.aliases,
            doi=names.get("doi"),
            pmid=names.get("pmid"),
            pmcid=names.get("pmcid"),
            note=words_of(state) or None,
            is_retracted=state.is_retracted,
            keywords=statuses.keywords_of(work.references, **flags) if statuses is not None else (),
            **work.description._asdict(),
        )
        found += [(work.name, one) for one in _checked([cited], damage)]
    return dict(sorted(found, key=lambda one: folded(one[1])))


def _read_states(
    session: Session, works: Sequence[ImportedWork], keys: Mapping[Reference, _Keys], damage: Damage
) -> dict[Reference, State]:
    """Return how the works stand. One whose notices are damaged is left out: it may be a retracted one."""
    holders = _find_holders(session, {one for work in works for one in work.references})
    try:
        return _states(session, works, holders)
    except (ValueError, TypeError):
        states: dict[Reference, State] = {}
        for work in works:
            try:
                states |= _states(session, [work], holders)
            except (ValueError, TypeError) as error:
                name = f"{work.name.scheme}:{work.name.value}"
                damage.leave_out(notices_unread(keys[work.name].key or "", name, error))
        return states


def _states(
    session: Session, works: Sequence[ImportedWork], holders: Mapping[Reference, int]
) -> dict[Reference, State]:
    references = {one for work in works for one in work.references}
    told = list_notices_of(session, references)
    # A registry may know a notice of a work of which it does not know the title.
    own = list_notices_of_works(session, {holders[one] for one in references if one in holders})
    states: dict[Reference, State] = {}
    for work in works:
        notices = [notice for one in work.references for notice in told.get(one, ())]
        notices += [notice for one in work.references for notice in own.get(holders.get(one, NO_WORK), ())]
        states[work.name] = state_of(list(dict.fromkeys(notices)))
    return states


def _checked(works: Iterable[CitedWork], damage: Damage) -> Iterator[CitedWork]:
    """Yield works without what is damaged of them, which is named."""
    for work in works:
        has_odd_names = not all(map(is_usual_name, (*work.authors, *work.editors)))
        good = check(work, damage, has_odd_names=has_odd_names)
        if good is not None:
            yield good


def with_imported(batches: Iterable[Rows], imported: Sequence[CitedWork]) -> Iterator[Rows]:
    """Yield batches of works with others among them, all sorted by key."""
    at = 0
    for batch in batches:
        last = folded(batch[-1]) if batch else ""
        end = at
        while end < len(imported) and folded(imported[end]) < last:
            end += 1
        yield sorted([*batch, *imported[at:end]], key=folded) if end > at else batch
        at = end
    for start in range(at, len(imported), BATCH):
        yield list(imported[start : start + BATCH])


def completing(session: Session, damage: Damage) -> Callable[[list[CitedWork]], list[CitedWork]] | None:
    """Return what gives works the fields that no registry tells of and a library does; None where there is no library.

    Args:
        session: open until the end.
        damage: what is damaged is named here.
    """
    if not has_libraries(session):
        return None

    def complete(works: list[CitedWork]) -> list[CitedWork]:
        told = find_described(session, {one for work in works for one in _references(work)})
        return list(_checked((_completed(work, told) for work in works), damage)) if told else works

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


def folded(work: CitedWork | Row) -> str:
    """Return what works are sorted by: the key in lower case."""
    return str(work[KEY]).lower()
