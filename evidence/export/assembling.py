"""Rows of the store -> works as all formats need them. It leads to no database: a process that only writes does it.

A row is a plain tuple, which passes between processes in less time than a work does: the key, the number of the work,
what `CitedWork` has from `title` to `language`, and its authors and identifiers, each a JSON list that the database
made. Like a work it begins with its key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from evidence.export.checking import Damage, are_usual_names, check, is_usual_name
from evidence.export.records import CitedWork
from evidence.records import AuthorName

Row = tuple[Any, ...]
Rows = Sequence[Row | CitedWork]
# Where a row has them.
KEY, NUMBER, TYPE = 0, 1, 14
# What the database itself wrote has nothing around it, which `json.loads` would look for.
_read_json = json.JSONDecoder().raw_decode
# The fields of `CitedWork` behind `language`, which few works have, and no row.
_NO_REST = (False, None, (), (), None, None, None, None, None)


def assembling(batches: Iterable[Rows], damage: Damage) -> Iterator[list[CitedWork]]:
    """Yield batches of works; those that are none yet are made of their rows.

    Args:
        batches: in the order of keys.
        damage: what is damaged is named here; a work that cannot be written at all is left out.
    """
    for rows in batches:
        made = (one if isinstance(one, CitedWork) else _checked(one, damage) for one in rows)
        yield [work for work in made if work is not None]


def assemble(row: Row) -> tuple[CitedWork, bool]:
    """Return the work of a row, and whether a name of it is to be looked at.

    >>> texts = ("Bone loss", "Bone", *[None] * 8, "[]", '["9780"]', "book", "en")
    >>> row = ("kim2019bone", 7, *texts, '[[0, "Kim", "J", null]]', '[["doi", "10.1000/b"], ["doi", "10.1000/a"]]')
    >>> work, is_odd = assemble(row)
    >>> work.doi, work.authors[0].family, work.issn, work.isbn, work.type, is_odd
    ('10.1000/a', 'Kim', (), ('9780',), 'book', False)
    """
    key, _, *texts, issn, isbn, kind, language, authors, identifiers = row
    names = _read_names(authors)
    doi, pmid, pmcid = _least(identifiers)
    work = CitedWork._make(
        (
            key,
            (),
            names,
            doi,
            pmid,
            pmcid,
            None,
            *texts,
            _read_list(issn),
            _read_list(isbn),
            kind,
            language,
            *_NO_REST,
        )
    )
    # One look at all of them is enough for nearly every work.
    is_usual = are_usual_names(names, authors) or all(map(is_usual_name, names))
    return work, not is_usual


def _checked(row: Row, damage: Damage) -> CitedWork | None:
    work, is_odd = assemble(row)
    return check(work, damage, has_odd_names=is_odd)


def _read_names(authors: str) -> list[AuthorName]:
    places, _ = _read_json(authors)
    if len(places) > 1:
        try:
            places.sort()
        except TypeError:
            # A damaged place: as the database has them, numbers come before texts.
            places.sort(key=lambda one: (isinstance(one[0], str), one[0]))
    return [AuthorName(family, given, None, collective) for _, family, given, collective in places]


@lru_cache(1 << 12)
def _read_list(text: str | None) -> Any:
    """Return a list of the store as a tuple; what is none comes back as it is, and is found when it is looked at."""
    try:
        found = json.loads(text) if text else []
    except (ValueError, TypeError):
        return text
    return tuple(found) if isinstance(found, list) else found or ()


def _least(identifiers: str) -> tuple[str | None, str | None, str | None]:
    """Return DOI, PMID and PMCID, of several of a kind the first by its letters."""
    found: dict[str, str] = {}
    for scheme, value in _read_json(identifiers)[0]:
        found[scheme] = min(value, found.get(scheme, value))
    return found.get("doi"), found.get("pmid"), found.get("pmcid")
