"""What a library means for what the database holds: whose its citekeys are, and what registries say otherwise.

A work that has a key keeps it, since texts may cite it: the library's key becomes its alias, unless a rename is asked
for. A key is never taken from another work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.audit.identity import is_other_title, is_same_person
from evidence.audit.stored import StoredWork, make_works
from evidence.audit.work_rows import read_work_rows
from evidence.export.citekeys import owner_columns
from evidence.export.keyforms import is_readable_key
from evidence.export.workrows import read_editors
from evidence.library.entries import EntryProblem
from evidence.records import Description, Reference
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.store.libraries import (
    YEARS_APART,
    are_one_paper,
    list_reserved_keys,
    missing_of,
    read_description,
    sort_references,
)
from evidence.terminal import shorten
from evidence.vocabulary import Scheme

_BATCH = 500
_SHOWN = 60
_Owner = int | Reference


class Entry(NamedTuple):
    """One entry of a library as it is stored; `clashes` are those of the last import."""

    id: int
    line: int
    key: str | None
    former: Sequence[str]
    references: tuple[Reference, ...]
    description: Description
    clashes: Sequence[Sequence[Any]]


@dataclass(slots=True)
class Settled:
    """What was done with the keys of a library, and what became of its entries.

    Args:
        keys_taken: keys that works, stored or not, have now from the library.
        keys_same: keys that they had already.
        keys_cased: entries whose work has that key in other letters, upper and lower case, each as the next.
        keys_kept: entries whose work keeps another key, each as line, the library's key and the work's.
        keys_renamed: works that got the library's key in the place of another, as line, the new and the old one.
        aliases: former keys, and keys of second entries of one work.
        described: entries whose work a registry has described.
        filled: of these, those that add what no registry says.
        clashes: what does not fit, by the number of the entry.
    """

    keys_taken: int = 0
    keys_same: int = 0
    keys_cased: list[tuple[int, str, str]] = field(default_factory=list)
    keys_kept: list[tuple[int, str, str]] = field(default_factory=list)
    keys_renamed: list[tuple[int, str, str]] = field(default_factory=list)
    aliases: int = 0
    described: int = 0
    filled: int = 0
    clashes: dict[int, list[EntryProblem]] = field(default_factory=lambda: defaultdict(list))


class _Key(NamedTuple):
    key: str
    owner: _Owner | None
    is_alias: bool


def settle(session: Session, library_id: int, *, is_renaming: bool) -> Settled:
    """Give the citekeys of a library to their works, and compare what it says with what the registries say.

    Args:
        session: in a transaction that writes; the keys of the key file are taken over already.
        library_id: the library, with its entries written.
        is_renaming: works get the library's key also where they have another one.
    """
    keys = _Keys(session)
    settled = Settled()
    for entries in _read_entries(session, library_id):
        works = make_works(read_work_rows(session, {one for entry in entries for one in entry.references}))
        details = _read_details(session, {work.id for work in works.values()})
        editors = read_editors(session, sorted(details))
        for entry in entries:
            mine = [works[one] for one in entry.references if one in works]
            owner = keys.owner_of(entry, mine, settled)
            described = next((work for work in mine if work.title or work.is_resolved), None)
            # Where no registry says which text it is, the first entry does.
            if owner is not None and (described is not None or keys.is_of(owner, entry, settled)):
                _settle_keys(entry, owner, keys, settled, is_renaming=is_renaming)
            if described is not None:
                settled.described += 1
                settled.clashes[entry.id] += _contradictions(entry.description, described)
                known = details[described.id]._replace(
                    authors=described.authors or (), editors=tuple(editors.get(described.id, ()))
                )
                settled.filled += are_one_paper(known, entry.description) and bool(missing_of(known, entry.description))
        keys.write(session)
        _write_clashes(session, entries, settled.clashes)
    return settled


class _Keys:
    """All citekeys, and whose the identifiers of this library's entries are."""

    def __init__(self, session: Session) -> None:
        table = models.Citekey
        query = sa.select(table.folded, table.key, table.work_id, table.scheme, table.value, table.is_alias)
        self.by_folded: dict[str, _Key] = {}
        self.current: dict[_Owner, str] = {}
        for folded, key, work_id, scheme, value, is_alias in session.execute(query):
            owner = work_id or (Reference(Scheme(scheme), value or "") if scheme else None)
            self.by_folded[folded] = _Key(key, owner, is_alias)
            if owner is not None and not is_alias:
                self.current[owner] = min(folded, self.current.get(owner, folded))
        # The first entry that has an identifier owns it in this file.
        self.owners: dict[Reference, _Owner] = {}
        self.names: dict[_Owner, dict[Scheme, Reference]] = {}
        self.lines: dict[_Owner, int] = {}
        self.titles: dict[_Owner, tuple[int, str | None]] = {}
        self.changed: set[str] = set()
        self.reserved = list_reserved_keys(session)

    def owner_of(self, entry: Entry, works: Sequence[StoredWork], settled: Settled) -> _Owner | None:
        """Return whose the key of an entry is: a stored work's, that of an earlier entry, or its own identifier's."""
        if not entry.references:
            return None
        numbers = {work.id for work in works}
        if len(numbers) > 1:
            names = " and ".join(f"{one.scheme}:{one.value}" for one in entry.references)
            settled.clashes[entry.id].append(EntryProblem(None, f"the registries know {names} as different works"))
        owner: _Owner = works[0].id if works else self._waiting(entry)
        mine = self.names.setdefault(owner, {})
        for one in entry.references:
            theirs = self.owners.setdefault(one, owner)
            mine.setdefault(one.scheme, one)
            if theirs != owner and len(numbers) <= 1:
                message = f"the entry in line {self.lines[theirs]} has this {one.scheme.upper()} for another work"
                settled.clashes[entry.id].append(EntryProblem(one.scheme.value, message))
        return owner

    def is_of(self, owner: _Owner, entry: Entry, settled: Settled) -> bool:
        """Tell whether an entry may mean the work of the first one that has its identifiers in this file."""
        line, title = self.titles.setdefault(owner, (entry.line, entry.description.title))
        if not title or not entry.description.title or not is_other_title(entry.description.title, title):
            return True
        name = entry.references[0].scheme
        message = f"the entry in line {line} has this {name.upper()} for another text, “{shorten(title, _SHOWN)}”"
        settled.clashes[entry.id].append(EntryProblem(name.value, message))
        return False

    def _waiting(self, entry: Entry) -> _Owner:
        """Return the owner of an entry whose work is not stored.

        It is that of an earlier entry with one of its identifiers and no other ones, or of a key that waits for one.
        """
        for one in entry.references:
            owner = self.owners.get(one)
            if owner is not None and all(self.names[owner].get(mine.scheme, mine) == mine for mine in entry.references):
                return owner
        free = [one for one in entry.references if one not in self.owners]
        return next((one for one in free if one in self.current), next(iter(free), entry.references[0]))

    def put(self, folded: str, key: _Key) -> None:
        self.by_folded[folded] = key
        self.changed.add(folded)

    def write(self, session: Session) -> None:
        table = models.Citekey
        rows = [
            {"folded": one, "key": key.key, "is_alias": key.is_alias, **owner_columns(key.owner)}
            for one in sorted(self.changed)
            if (key := self.by_folded[one]).owner is not None
        ]
        for chunk in in_chunks(sorted(self.changed)):
            session.execute(sa.delete(table).where(table.folded.in_(chunk)))
        if rows:
            session.execute(sa.insert(table), rows)
        self.changed.clear()


def _settle_keys(entry: Entry, owner: _Owner, keys: _Keys, settled: Settled, *, is_renaming: bool) -> None:
    is_first = keys.lines.setdefault(owner, entry.line) == entry.line
    if entry.key is not None and is_readable_key(entry.key):
        _settle_key(entry, owner, keys, settled, is_renaming=is_renaming and is_first, is_first=is_first)
    for former in entry.former:
        known = keys.by_folded.get(former.lower())
        if known is None:
            keys.put(former.lower(), _Key(former, owner, is_alias=True))
            settled.aliases += 1
        elif known.owner != owner:
            settled.clashes[entry.id].append(EntryProblem("ids", _taken(former, known.owner)))


def _settle_key(
    entry: Entry, owner: _Owner, keys: _Keys, settled: Settled, *, is_renaming: bool, is_first: bool
) -> None:
    key = entry.key or ""
    folded = key.lower()
    known, current = keys.by_folded.get(folded), keys.current.get(owner)
    if known is not None and known.owner != owner:
        settled.clashes[entry.id].append(EntryProblem("key", _taken(key, known.owner)))
    elif known is None and folded in keys.reserved:
        message = f"{key} is the key of an entry without an identifier; it may be of another work"
        settled.clashes[entry.id].append(EntryProblem("key", message))
    elif known is not None and current == folded and known.key == key:
        settled.keys_same += 1
    elif known is not None and current == folded and not is_renaming:
        # BibTeX takes both for one key, so the other spelling can be no alias.
        settled.keys_cased.append((entry.line, key, known.key))
    elif current is None or is_renaming:
        if current is not None and current != folded:
            old = keys.by_folded[current]
            keys.put(current, old._replace(is_alias=True))
        if current is not None:
            settled.keys_renamed.append((entry.line, key, keys.by_folded[current].key))
        settled.keys_taken += 1
        keys.put(folded, _Key(key, owner, is_alias=False))
        keys.current[owner] = folded
    else:
        if known is None:
            keys.put(folded, _Key(key, owner, is_alias=True))
            settled.aliases += 1
        if is_first:
            settled.keys_kept.append((entry.line, key, keys.by_folded[current].key))


def _taken(key: str, owner: _Owner | None) -> str:
    if isinstance(owner, Reference):
        return f"{key} is already the key of {owner.scheme}:{owner.value}; keys are never given to another work"
    return f"{key} is or was the key of another work, and keys are never given again"


# --- what the registries say ------------------------------------------------------------------------------------------


def _contradictions(told: Description, known: StoredWork) -> Iterator[EntryProblem]:
    """Yield where a library names clearly another paper than the registry does under the same identifier."""
    if told.title and known.title and is_other_title(told.title, known.title):
        yield EntryProblem("title", f"the library says “{told.title}”, the registry “{known.title}”")
    first = next(iter(told.authors), None)
    people = [one for one in known.authors or () if one.family]
    if first is not None and first.family and people and not any(is_same_person(first.family, one) for one in people):
        name = f"{first.family} {first.given or ''}".strip()
        if not any(is_same_person(name, one) for one in people):
            yield EntryProblem("author", f"the library says {first.family} first, the registry {people[0].family}")
    year = int(told.date[:4]) if told.date else None
    if year and known.year and abs(year - known.year) > YEARS_APART:
        yield EntryProblem("year", f"the library says {year}, the registry {known.year}")


def _read_details(session: Session, work_ids: Collection[int]) -> Mapping[int, Description]:
    work = models.Work
    found: dict[int, Description] = {}
    names = [name for name in Description._fields if name in work.__table__.columns]
    columns = [getattr(work, name) for name in names]
    for chunk in in_chunks(sorted(work_ids)):
        for number, *values in session.execute(sa.select(work.id, *columns).where(work.id.in_(chunk))):
            found[number] = Description(**dict(zip(names, values, strict=True)))
    return found


# --- rows -------------------------------------------------------------------------------------------------------------


def _read_entries(session: Session, library_id: int) -> Iterator[list[Entry]]:
    """Yield the entries of a library that did not fail, in the order of the file."""
    entry, link = models.LibraryEntry, models.LibraryIdentifier
    last = -1
    while True:
        rows = session.execute(
            sa.select(entry.position, entry.id, entry.line, entry.key, entry.former, entry.description, entry.clashes)
            .where(entry.library_id == library_id, entry.position > last, ~entry.is_failed)
            .order_by(entry.position)
            .limit(_BATCH)
        ).all()
        if not rows:
            return
        last = rows[-1].position
        names: dict[int, list[Reference]] = defaultdict(list)
        query = sa.select(link.entry_id, link.scheme, link.value).where(link.entry_id.in_([row.id for row in rows]))
        for entry_id, scheme, value in session.execute(query):
            names[entry_id].append(Reference(Scheme(scheme), value))
        yield [
            Entry(
                row.id, row.line, row.key, row.former, sort_references(names[row.id]),
                read_description(row.description or {}), row.clashes,
            )
            for row in rows
        ]  # fmt: skip


def _write_clashes(session: Session, entries: Iterable[Entry], clashes: Mapping[int, list[EntryProblem]]) -> None:
    changed = []
    for entry in entries:
        said = [list(one) for one in clashes.get(entry.id, ())]
        if said != [list(one) for one in entry.clashes]:
            changed.append({"id": entry.id, "clashes": said})
    if changed:
        session.execute(sa.update(models.LibraryEntry), changed)
