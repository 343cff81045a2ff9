"""What imported libraries say of works, for bibliographies. The tables that an audit reads are left alone.

A library is believed less than a registry: it fills what no registry says, and only where both mean the same paper.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.records import ARTICLES, GENRED, WHOLE_BOOKS, AuthorName, Description, Reference, are_same_people
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.vocabulary import Scheme

# What a field of a work is from, beside the names of registries.
LIBRARY = "library"
_SCHEMES = {one.value: one for one in Scheme}
_ORDER = {scheme: number for number, scheme in enumerate(Scheme)}
_TAG = re.compile(r"</?[a-z]{1,4}>")
_LEGAL_SIGNS = str.maketrans("", "", "™®©℠")
_WORD = re.compile(r"[^\W_]+")
# Titles of one paper differ in a subtitle, in markup, in a word; those of two share "the" and "of".
_LEAST_SHARE = 0.5
# A preprint and its article, or a paper online and in print, are this far apart.
YEARS_APART = 2
_TEXTS = ("issn", "isbn")
_NAMES = ("authors", "editors")
_OF_BOOKS = ("series_number", "edition", "place")


class Described(NamedTuple):
    """What one entry of a library says of a work, and where it stands."""

    entry_id: int
    path: str
    line: int
    key: str | None
    references: tuple[Reference, ...]
    description: Description


def has_libraries(session: Session) -> bool:
    """Tell whether any library was imported."""
    return session.scalar(sa.select(models.Library.id).limit(1)) is not None


def description_to_json(description: Description) -> dict[str, Any]:
    """Return a description as it is stored: without what it does not say.

    >>> description_to_json(Description("Bone", (AuthorName("Smith", "J"),)))
    {'title': 'Bone', 'authors': [['Smith', 'J', None]]}
    """
    told = {name: value for name, value in description._asdict().items() if value}
    for name in _NAMES:
        if name in told:
            told[name] = [[one.family, one.given, one.collective] for one in told[name]]
    return {name: list(value) if name in _TEXTS else value for name, value in told.items()}


def read_description(stored: Mapping[str, Any]) -> Description:
    """Return a description from what is stored of it.

    >>> read_description({"authors": [[None, None, "WHO Group"]], "issn": ["0092-8674"]}).authors[0].collective
    'WHO Group'
    """
    told: dict[str, Any] = {name: tuple(value) if name in _TEXTS else value for name, value in stored.items()}
    for name in _NAMES:
        told[name] = tuple(AuthorName(family, given, None, group) for family, given, group in stored.get(name, ()))
    return Description(**told)


def _stored_description(text: str | None) -> Description | None:
    """Return a description from the text that is stored of it; None where that is damaged: it says nothing then."""
    try:
        return read_description(json.loads(text or "{}"))
    except (ValueError, TypeError, AttributeError):
        return None


def find_described(session: Session, references: Collection[Reference]) -> dict[Reference, list[Described]]:
    """Return, for some identifiers, the entries of libraries that have them, in the order of files and lines."""
    link, entry, library = models.LibraryIdentifier, models.LibraryEntry, models.Library
    wanted = set(references)
    holders: dict[int, list[Reference]] = defaultdict(list)
    for values in in_chunks(sorted({one.value for one in wanted})):
        for entry_id, scheme, value in session.execute(
            sa.select(link.entry_id, link.scheme, link.value).where(
                link.scheme.in_([one.value for one in Scheme]), link.value.in_(values)
            )
        ):
            if (reference := Reference(_SCHEMES[scheme], value)) in wanted:
                holders[entry_id].append(reference)
    found: list[Described] = []
    for ids in in_chunks(sorted(holders)):
        names: dict[int, list[Reference]] = defaultdict(list)
        for entry_id, scheme, value in session.execute(
            sa.select(link.entry_id, link.scheme, link.value).where(link.entry_id.in_(ids))
        ):
            names[entry_id].append(Reference(_SCHEMES[scheme], value))
        rows = session.execute(
            # As a text: one that is no JSON would end the whole export.
            sa.select(entry.id, library.path, entry.line, entry.key, sa.cast(entry.description, sa.Text))
            .join(library, library.id == entry.library_id)
            .where(entry.id.in_(ids), ~entry.is_failed)
        )
        for entry_id, path, line, key, text in rows:
            if (description := _stored_description(text)) is not None:
                found.append(Described(entry_id, path, line, key, sort_references(names[entry_id]), description))
    said: dict[Reference, list[Described]] = defaultdict(list)
    for one in sorted(found, key=lambda one: (one.path, one.line, one.entry_id)):
        for reference in holders[one.entry_id]:
            said[reference].append(one)
    return said


def sort_references(references: Iterable[Reference]) -> tuple[Reference, ...]:
    """Return the identifiers of an entry, the best known first: a DOI, a PMID, a PMCID."""
    return tuple(sorted(references, key=lambda one: _ORDER[one.scheme]))


def join_descriptions(entries: Sequence[Described]) -> Description:
    """Return what entries of one identifier say together: the first, completed by those that mean the same paper.

    >>> one, other = Description("Bone and age", date="2004"), Description("Bone and Age.", volume="7")
    >>> told = join_descriptions([Described(1, "a.bib", 1, None, (), one), Described(2, "b.bib", 1, None, (), other)])
    >>> told.title, told.volume
    ('Bone and age', '7')
    """
    described = [one.description for one in entries]
    first = next((one for one in described if one.title), described[0])
    for other in described:
        if are_one_paper(first, other):
            first = first._replace(**missing_of(first, other))
    return first


def missing_of(known: Any, told: Description) -> dict[str, Any]:
    """Return the fields that a description has and something with the same fields has not.

    Pages and an article's own number say the same thing in two ways: who has one lacks nothing. Nor does an article
    lack the editors of its journal, who stand in no bibliography.
    """
    fields = {name: value for name, value in told._asdict().items() if value and not getattr(known, name)}
    if known.pages or known.article_number:
        fields.pop("pages", None)
        fields.pop("article_number", None)
    kind = known.type or told.type
    if kind in ARTICLES:
        fields.pop("editors", None)
        for name in _OF_BOOKS:
            fields.pop(name, None)
    if kind not in GENRED:
        fields.pop("genre", None)
    if kind in WHOLE_BOOKS:
        # Programs without a place for the editors of a book write them as its authors.
        if are_same_people(told.authors, known.editors):
            fields.pop("authors", None)
        if are_same_people(told.editors, known.authors):
            fields.pop("editors", None)
    return fields


def are_one_title(one: str | None, other: str | None) -> bool:
    """Tell whether two titles may be of one paper; True where one of them is not known.

    >>> are_one_title("<i>Cbfa1</i> in bone: a review", "CBFA1 in bone"), are_one_title("The liver", "The heart")
    (True, False)
    """
    mine, theirs = _words(one), _words(other)
    if not mine or not theirs:
        return True
    return len(mine & theirs) / min(len(mine), len(theirs)) > _LEAST_SHARE


def are_one_paper(known: Any, told: Description) -> bool:
    """Tell whether a library may mean the paper that something with the same fields is: by title, or by all else.

    >>> known = Description(authors=(AuthorName("Kim", "J"),), date="2026")
    >>> [are_one_paper(known, told) for told in (Description("Bone", date="2025"), Description("Bone", date="1950"))]
    [True, False]
    """
    if known.title and told.title:
        return are_one_title(known.title, told.title)
    if known.date and told.date and abs(int(known.date[:4]) - int(told.date[:4])) > YEARS_APART:
        return False
    mine, theirs = (next((one.family for one in some.authors if one.family), None) for some in (known, told))
    return not mine or not theirs or not _words(mine).isdisjoint(_words(theirs))


def _words(title: str | None) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", _TAG.sub("", title or "").translate(_LEGAL_SIGNS).casefold())
    return frozenset(_WORD.findall("".join(char for char in plain if not unicodedata.combining(char))))


def link_citekeys(session: Session) -> int:
    """Give the keys that wait for a work to works that have come since; return how many.

    A work that has a key keeps it: the other becomes its alias.
    """
    key, link = models.Citekey, models.WorkIdentifier
    order = sa.case({"doi": 0, "pmid": 1}, value=key.scheme, else_=2)
    rows = session.execute(
        sa.select(key.folded, key.is_alias, link.work_id)
        .join(link, sa.and_(link.scheme == key.scheme, link.value == key.value))
        .where(key.work_id == 0)
        .order_by(key.is_alias, order, key.folded)
    ).all()
    named: set[int] = set()
    for ids in in_chunks(sorted({row.work_id for row in rows})):
        named.update(session.scalars(sa.select(key.work_id).where(key.work_id.in_(ids), ~key.is_alias)))
    changes = []
    for folded, is_alias, work_id in rows:
        changes.append({"folded": folded, "work_id": work_id, "is_alias": is_alias or work_id in named})
        named.add(work_id)
    if changes:
        session.execute(sa.update(key), changes)
    return len(changes)


def list_reserved_keys(session: Session) -> set[str]:
    """Return the keys, in lower case, of entries without an identifier: nobody can tell which work they are of."""
    entry, identifier = models.LibraryEntry, models.LibraryIdentifier
    query = sa.select(entry.folded).where(
        entry.folded.is_not(None), ~entry.is_failed, ~sa.exists().where(identifier.entry_id == entry.id)
    )
    return {key for key in session.scalars(query) if key is not None}


def list_wanted_keys(session: Session, folded: Iterable[str]) -> set[str]:
    """Return which of some keys, in lower case, entries of libraries have: papers use them for these works."""
    column = models.LibraryEntry.folded
    found: set[str] = set()
    if not has_libraries(session):
        return found
    for chunk in in_chunks(sorted(set(folded))):
        found.update(session.scalars(sa.select(column).where(column.in_(chunk))))
    return found
