"""The keys of footnotes as citekeys: where a key names one work, on whatever page, and no other.

A note that cites two works names neither: its key is that of none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.export.keyforms import is_good_key
from evidence.records import Reference
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.vocabulary import Role, Scheme

# What a note names: the number of a stored work, an identifier that none has, or nothing.
_Named = int | Reference | None
_Owner = TypeVar("_Owner", bound=Hashable)


def find_note_keys(session: Session, work_ids: Sequence[int]) -> dict[int, str]:
    """Return the footnote key of each work that has one which names no other work on any page, the first by letters.

    A key that programs do not take, such as a bare number, is no key of a work.
    """
    note, link = models.Note, models.WorkIdentifier
    query = sa.select(link.work_id, note.key).join(note, _is_primary()).distinct()
    keys: dict[int, list[str]] = defaultdict(list)
    for chunk in in_chunks(work_ids):
        for work_id, key in session.execute(query.where(link.work_id.in_(chunk))):
            keys[work_id].append(key)
    return _find_unique(session, keys, {number: {number} for number in keys})


def find_note_keys_of(session: Session, works: Sequence[Sequence[Reference]]) -> dict[Reference, str]:
    """Return the same for works that no registry has described.

    Args:
        session: open.
        works: the identifiers of each; it is named by the first.
    """
    note, link = models.Note, models.WorkIdentifier
    names: dict[tuple[str | None, ...], Reference] = {
        (one.scheme.value, one.value): mine[0] for mine in works for one in mine
    }
    keys: dict[Reference, list[str]] = defaultdict(list)
    same: dict[Reference, set[_Named]] = defaultdict(set)
    for mine in works:
        same[mine[0]].update(mine)
    for values in in_chunks(sorted({one.value for mine in works for one in mine})):
        noted = sa.select(note.primary_scheme, note.primary_value, note.key).where(note.primary_value.in_(values))
        for *named, key in session.execute(noted.distinct()):
            if (owner := names.get(tuple(named))) is not None:
                keys[owner].append(key)
        # A registry may know a work without its title.
        stored = sa.select(link.scheme, link.value, link.work_id).where(link.value.in_(values))
        for *named, work_id in session.execute(stored):
            if (owner := names.get(tuple(named))) is not None:
                same[owner].add(work_id)
    return _find_unique(session, keys, same)


def _find_unique(
    session: Session, keys: Mapping[_Owner, list[str]], same: Mapping[_Owner, set[_Named]]
) -> dict[_Owner, str]:
    """Return for each work the first of its keys that names nothing else; `same` says what is the work."""
    good = {owner: sorted(filter(is_good_key, mine)) for owner, mine in keys.items()}
    named = _read_named(session, {key.lower() for mine in good.values() for key in mine})
    return {
        owner: key
        for owner, mine in good.items()
        if (key := next((one for one in mine if named[one.lower()] <= same[owner]), None)) is not None
    }


def _read_named(session: Session, folded: set[str]) -> dict[str, set[_Named]]:
    """Return what the notes of some keys, in lower case, name on all pages: their works, and what else they cite."""
    note, link, identifier = models.Note, models.WorkIdentifier, models.Identifier
    key = sa.func.lower(note.key)
    primary = (
        sa.select(key, link.work_id, note.primary_scheme, note.primary_value)
        .select_from(note)
        .join(link, _is_primary(), isouter=True)
    )
    of_one = sa.and_(identifier.scheme == link.scheme, identifier.value == link.value)
    # Beside a DOI the PMID that no registry has told of is taken for that of the same work.
    is_told = sa.or_(link.work_id.is_not(None), identifier.scheme == note.primary_scheme)
    others = (
        sa.select(key, link.work_id, identifier.scheme, identifier.value)
        .select_from(note)
        .join(identifier, identifier.note_id == note.id)
        .join(link, of_one, isouter=True)
        .where(identifier.role == Role.CITED, is_told)
    )
    found: dict[str, set[_Named]] = defaultdict(set)
    for chunk in in_chunks(sorted(folded)):
        for query in (primary, others):
            for name, work_id, scheme, value in session.execute(query.where(key.in_(chunk))):
                found[name].add(work_id or (Reference(Scheme(scheme), value) if scheme else None))
    return found


def _is_primary() -> sa.ColumnElement[bool]:
    note, link = models.Note, models.WorkIdentifier
    return sa.and_(note.primary_scheme == link.scheme, note.primary_value == link.value)
