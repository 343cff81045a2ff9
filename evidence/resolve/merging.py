"""Records of several registries -> works. Pure: the same records give the same works, in whatever order they came.

Two records are one work where they share an identifier, unless joining them would give the work two identifiers of one
scheme: then the registries contradict each other, the records stay apart, and both works say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evidence.records import (
    WHOLE_BOOKS,
    AuthorName,
    NoticeRecord,
    Reference,
    RelationRecord,
    WorkRecord,
    are_same_people,
)
from evidence.resolve.titles import full_title, marked_in_title
from evidence.vocabulary import DOUBTING, RETRACTING, Scheme, Source

_OWN_SCHEMES = {
    Source.CROSSREF: Scheme.DOI,
    Source.PUBMED: Scheme.PMID,
    Source.IDCONV: Scheme.PMCID,
    Source.AGENCY: Scheme.DOI,
}
# Which registry speaks for a scheme: its word on an identifier is kept before another's.
_REGISTRARS = {Scheme.DOI: Source.CROSSREF, Scheme.PMID: Source.PUBMED, Scheme.PMCID: Source.PUBMED}
# PubMed's records come first: they alone link a DOI with a PMID, and the oldest PMID of a disputed DOI keeps it.
_ORDER = {Source.PUBMED: 0, Source.CROSSREF: 1, Source.AGENCY: 2, Source.IDCONV: 3}
_GRAVE = RETRACTING | DOUBTING
_CONFLICT = re.compile(r"(doi|pmid|pmcid):(\S+) \(")

# Crossref has what the publisher sends, PubMed what a librarian corrected; where both are good, full forms win.
_FIELDS_FROM_CROSSREF = (
    "container",
    "series",
    "date",
    "volume",
    "issue",
    "pages",
    "article_number",
    "publisher",
    "type",
)
_FIELDS_FROM_PUBMED = ("container_short", "language", "publication_types", "mesh")


@dataclass(slots=True)
class Group:
    """Records of one work.

    Args:
        records: in a fixed order.
        identifiers: with the registry that says so.
        aliases: which of these are other names of the work: it has one DOI besides any number of aliases.
        conflicts: what the registries contradict each other about.
        disputed_notices: what was done to a work that another record says is this one. The records stay apart, but a
            retraction is not lost over it.
    """

    records: list[WorkRecord] = field(default_factory=list)
    identifiers: dict[Reference, Source] = field(default_factory=dict)
    aliases: set[Reference] = field(default_factory=set)
    conflicts: list[str] = field(default_factory=list)
    disputed_notices: list[tuple[Source, NoticeRecord]] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class MergedWork:
    """One work as the store keeps it.

    Args:
        fields: the columns of `work`, without id and conflicts.
        field_sources: for each filled field the registry that it is from; "origin" maps a registry to where its answer
            came from, if not from the registry itself.
        notices: with the registry that says so; the union of all.
        relations: with the registry that says so; the union of all.
    """

    fields: Mapping[str, Any]
    field_sources: Mapping[str, Any]
    authors: tuple[AuthorName, ...]
    editors: tuple[AuthorName, ...]
    notices: tuple[tuple[Source, NoticeRecord], ...]
    relations: tuple[tuple[Source, RelationRecord], ...]


def own_reference(record: WorkRecord) -> Reference:
    """Return the identifier that a record is kept under: the one that its registry gives.

    >>> own_reference(WorkRecord(Source.PUBMED, (Reference(Scheme.DOI, "10.1/x"), Reference(Scheme.PMID, "7")))).value
    '7'
    """
    scheme = _OWN_SCHEMES[record.source]
    return next(reference for reference in record.identifiers if reference.scheme == scheme)


def group_records(records: Iterable[WorkRecord]) -> list[Group]:
    """Return records grouped into works.

    Args:
        records: everything known of the works in question, each registry's record once.

    Returns:
        The groups, each with one identifier a scheme at most, aliases left aside.

    >>> doi, pmid = Reference(Scheme.DOI, "10.1/x"), Reference(Scheme.PMID, "7")
    >>> groups = group_records([WorkRecord(Source.CROSSREF, (doi,)), WorkRecord(Source.PUBMED, (pmid, doi))])
    >>> len(groups), [reference.value for reference in groups[0].identifiers]
    (1, ['7', '10.1/x'])
    """
    ordered = sorted(records, key=_order)
    holders: dict[Reference, Group] = {}
    groups: list[Group] = []
    # First the own identifiers, so that no record's claim takes another record's own.
    for record in ordered:
        own = own_reference(record)
        group = holders.get(own)
        if group is None:
            group = holders[own] = Group()
            group.identifiers[own] = record.source
            groups.append(group)
        group.records.append(record)
        group.aliases |= {own} if record.is_alias else set()
    for record in ordered:
        for reference in record.identifiers:
            _join(record, reference, holders)
    kept = [group for group in groups if group.records]
    for group in kept:
        for reference in group.identifiers:
            if any(_REGISTRARS[reference.scheme] is r.source and reference in r.identifiers for r in group.records):
                group.identifiers[reference] = _REGISTRARS[reference.scheme]
        group.records.sort(key=_order)
        group.conflicts = sorted(set(group.conflicts))
    return kept


def _order(record: WorkRecord) -> tuple[int, bool, int, str]:
    value = own_reference(record).value
    # PMIDs count up: "9" was given before "10".
    return (_ORDER[record.source], record.is_alias, len(value) if record.source is Source.PUBMED else 0, value)


def _join(record: WorkRecord, claimed: Reference, holders: dict[Reference, Group]) -> None:
    """Give a claimed identifier to a record's group, joining it with the group that holds it, or note the conflict."""
    group = holders[own_reference(record)]
    other = holders.get(claimed)
    if other is group:
        return
    theirs = {claimed: record.source}
    if other is not None:
        theirs = {one: source for one, source in other.identifiers.items() if one not in other.aliases}
    contradiction = _contradiction(group, theirs)
    if contradiction is None:
        if other is None:
            group.identifiers[claimed] = record.source
            holders[claimed] = group
            return
        group.identifiers |= other.identifiers
        group.aliases |= other.aliases
        group.records += other.records
        group.conflicts += other.conflicts
        group.disputed_notices += other.disputed_notices
        for reference in other.identifiers:
            holders[reference] = group
        other.records.clear()
        return
    text = " / ".join(sorted(f"{reference.scheme}:{reference.value} ({source})" for reference, source in contradiction))
    group.conflicts.append(text)
    if other is not None:
        other.conflicts.append(text)
        other.disputed_notices += [(record.source, one) for one in record.notices if one.kind in _GRAVE]


def _contradiction(
    group: Group,
    theirs: Mapping[Reference, Source],
) -> tuple[tuple[Reference, Source], tuple[Reference, Source]] | None:
    """Return two different identifiers of one scheme, or None where all can be one work's."""
    mine = {
        reference.scheme: (reference, source)
        for reference, source in group.identifiers.items()
        if reference not in group.aliases
    }
    for reference, source in theirs.items():
        if reference.scheme in mine and mine[reference.scheme][0] != reference:
            return mine[reference.scheme], (reference, source)
    return None


def disputed_references(conflicts: Iterable[str]) -> list[Reference]:
    """Return the identifiers that conflict texts name.

    >>> disputed_references(["pmid:7 (pubmed) / pmid:9 (pubmed)"])[1].value
    '9'
    """
    return [Reference(Scheme(scheme), value) for text in conflicts for scheme, value in _CONFLICT.findall(text)]


def merge_group(group: Group) -> MergedWork:
    """Return the work of a group, with the grave notices of records that claim to be it."""
    work = merge_records(group.records)
    return replace(work, notices=tuple(dict.fromkeys((*work.notices, *group.disputed_notices))))


def merge_records(records: Sequence[WorkRecord]) -> MergedWork:
    """Return one work from what the registries say of it.

    Every field is one registry's, as a whole; notices and relations are all registries' together: a work is retracted
    if one of them says so.

    Args:
        records: of one group, one or more.
    """
    by_source: dict[Source, WorkRecord] = {}
    for record in records:
        if not record.is_alias:
            by_source.setdefault(record.source, record)
    # What another agency sends has the standing of what Crossref does: it is the publisher's word.
    crossref, pubmed = by_source.get(Source.CROSSREF, by_source.get(Source.AGENCY)), by_source.get(Source.PUBMED)
    fields: dict[str, Any] = {}
    sources: dict[str, Any] = {}
    for names, order in ((_FIELDS_FROM_CROSSREF, (crossref, pubmed)), (_FIELDS_FROM_PUBMED, (pubmed, crossref))):
        for name in names:
            _take(name, order, fields, sources)
    _take("title", _title_order(crossref, pubmed), fields, sources)
    if crossref and fields["title"] == crossref.title:
        fields["title"] = full_title(
            crossref.title, crossref.subtitle, pubmed.title if pubmed else None, crossref.authors
        )
    for name in ("issn", "isbn"):
        _unite(name, (crossref, pubmed), fields, sources)
    people = {name: _people(name, crossref, pubmed) for name in ("authors", "editors")}
    if fields["type"] in WHOLE_BOOKS and are_same_people(people["authors"][0], people["editors"][0]):
        # One registry has as authors whom the other has as editors, which says more.
        people["authors"] = ((), "")
    sources |= {name: said for name, (found, said) in people.items() if found}
    origins = {source.value: record.origin for source, record in by_source.items() if record.origin}
    if origins:
        sources["origin"] = origins
    return MergedWork(
        fields,
        sources,
        people["authors"][0],
        people["editors"][0],
        tuple(dict.fromkeys((record.source, notice) for record in records for notice in record.notices)),
        tuple(dict.fromkeys((record.source, relation) for record in records for relation in record.relations)),
    )


def _take(
    name: str,
    order: Sequence[WorkRecord | None],
    fields: dict[str, Any],
    sources: dict[str, Any],
) -> None:
    """Fill a field from the first record that has it."""
    is_list = name in {"publication_types", "mesh"}
    fields[name] = [] if is_list else None
    for record in order:
        value = getattr(record, name) if record else None
        if record and value:
            fields[name] = list(value) if is_list else value
            sources[name] = record.source.value
            return


def _unite(name: str, order: Sequence[WorkRecord | None], fields: dict[str, Any], sources: dict[str, Any]) -> None:
    said = [(record.source.value, getattr(record, name)) for record in order if record and getattr(record, name)]
    fields[name] = list(dict.fromkeys(value for _source, values in said for value in values))
    if said:
        sources[name] = "+".join(source for source, _values in said)


def _title_order(crossref: WorkRecord | None, pubmed: WorkRecord | None) -> tuple[WorkRecord | None, ...]:
    # PubMed has a retracted paper's own title and none in capitals.
    title = crossref.title if crossref else None
    is_marked = bool(title and title.isupper()) or bool(
        crossref and any(n.asserted_by == "title" for n in crossref.notices)
    )
    return (pubmed, crossref) if is_marked or marked_in_title(title) else (crossref, pubmed)


def _people(name: str, crossref: WorkRecord | None, pubmed: WorkRecord | None) -> tuple[tuple[AuthorName, ...], str]:
    """Return the longer list of authors or editors, completed by the other one where both are the same people."""
    lists = [(record.source.value, getattr(record, name)) for record in (crossref, pubmed) if record]
    if len(lists) > 1 and len(lists[1][1]) > len(lists[0][1]):
        lists.reverse()
    if not lists:
        return (), ""
    source, people = lists[0]
    if len(lists) == 1 or len(people) != len(lists[1][1]):
        return people, source
    completed = tuple(_completed(mine, theirs) for mine, theirs in zip(people, lists[1][1], strict=True))
    return completed, source if completed == people else f"{source}+{lists[1][0]}"


def _completed(mine: AuthorName, theirs: AuthorName) -> AuthorName:
    """Return a name with the ORCID and the longer given name of the other registry's, if both are the same person."""
    if not mine.family or not theirs.family or mine.family.casefold() != theirs.family.casefold():
        return mine
    given, other = mine.given or "", theirs.given or ""
    if given and other and given[0].casefold() != other[0].casefold():
        return mine
    if mine.orcid and theirs.orcid and mine.orcid != theirs.orcid:
        return mine
    return mine._replace(given=max(given, other, key=len) or None, orcid=mine.orcid or theirs.orcid)
