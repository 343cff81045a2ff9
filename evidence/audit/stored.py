"""The rows of works -> works, with what their relations and notices tell of each other."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from evidence.audit.chains import SAME_STUDY, find_chains
from evidence.audit.designs import RETRACTED_TYPE
from evidence.audit.rows import SCHEMES, LookupLine, WorkRows
from evidence.audit.works import name_of
from evidence.notices import WorkNotice, state_of
from evidence.records import AuthorName, Reference
from evidence.vocabulary import RETRACTING, NoticeKind, Outcome, RelationKind, Scheme, Source

_OWN_SOURCES = {Scheme.DOI: Source.CROSSREF, Scheme.PMID: Source.PUBMED}
_PREPRINT_TYPES = frozenset({"posted-content", "preprint"})
# As the merge of records writes a contradiction: "pmid:123 (pubmed) / pmid:456 (crossref)".
_NAMED = re.compile(r"\b(?:doi|pmid|pmcid):\S+(?= \()")
_NOTICE_KINDS = {kind.value: kind for kind in NoticeKind}


class StoredWork(NamedTuple):
    """A work of the store with what hangs on it.

    `study` holds its own identifiers and those of all works that report the same piece of research, with the numbers
    of their trials; `articles` those that it is a preprint of, whichever of the two tells so, and `fallen_article` the
    one of them that is retracted. `preprints` are those that it names itself.
    """

    id: int
    title: str | None
    container: str | None
    container_short: str | None
    date: str | None
    type: str | None
    publication_types: tuple[str, ...]
    mesh: tuple[str, ...]
    is_resolved: bool
    conflicts: tuple[str, ...]
    identifiers: tuple[Reference, ...]
    authors: tuple[AuthorName, ...] | None
    notices: tuple[WorkNotice, ...]
    study: frozenset[str]
    articles: frozenset[str]
    is_notice: bool
    year_from: str | None = None
    preprints: frozenset[str] = frozenset()
    fallen_article: str | None = None
    series: str | None = None

    @property
    def journals(self) -> tuple[str, ...]:
        """What a citation may name as its journal: what it stands in, in full or short, and the series of its book.

        None for a whole book, whatever its series: a citation may name a publisher there.
        """
        names = tuple(name for name in (self.container, self.container_short) if name)
        return (*names, self.series) if names and self.series else names

    @property
    def is_preprint(self) -> bool:
        """Whether a registry types it as a preprint."""
        return self.type in _PREPRINT_TYPES or "preprint" in {one.casefold() for one in self.publication_types}

    @property
    def year(self) -> int | None:
        """The year it came out."""
        return int(self.date[:4]) if self.date and self.date[:4].isdigit() else None


def make_works(rows: WorkRows) -> dict[Reference, StoredWork]:
    """Return works by each of their identifiers."""
    names: dict[int, list[Reference]] = defaultdict(list)
    holders: dict[Reference, int] = {}
    for work_id, scheme, value in rows.names:
        reference = Reference(SCHEMES[scheme], value)
        names[work_id].append(reference)
        holders[reference] = work_id
    notices: dict[int, list[WorkNotice]] = defaultdict(list)
    for work_id, kind, date, source, scheme, value, asserted_by, record_id in rows.notices:
        identifier = Reference(SCHEMES[scheme], value) if scheme and value else None
        notices[work_id].append(WorkNotice(_NOTICE_KINDS[kind], date, source, identifier, asserted_by, record_id))
    for reference, issued in rows.issued.items():
        if reference in holders:
            notices[holders[reference]] += issued
    relations: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for work_id, kind, scheme, value in rows.relations:
        relations[work_id].append((kind, f"{scheme}:{value}"))
    authors: dict[int, list[AuthorName]] = defaultdict(list)
    known: dict[tuple[Any, ...], AuthorName] = {}
    for work_id, *parts in rows.authors:
        key = tuple(parts)
        if key not in known:
            known[key] = AuthorName(*parts)
        authors[work_id].append(known[key])
    found: dict[Reference, StoredWork] = {}
    for row in rows.works:
        number = row[0]
        own = sorted(names[number])
        work = _make_work(row, own, notices.get(number, ()), relations.get(number, ()), authors.get(number))
        found.update(dict.fromkeys(own, work))
    return _with_articles(_with_chains(found, rows), rows)


def _with_chains(found: dict[Reference, StoredWork], rows: WorkRows) -> dict[Reference, StoredWork]:
    """Return works, each with what names the research that it reports in all works of its chain."""
    by_id = {work.id: work for work in found.values()}
    for chain in find_chains(rows.names, rows.relations):
        works = [by_id[one] for one in chain if one in by_id]
        study = frozenset[str]().union(*(work.study for work in works))
        for work in works:
            found.update(dict.fromkeys(work.identifiers, work._replace(study=study)))
    return found


def _with_articles(found: dict[Reference, StoredWork], rows: WorkRows) -> dict[Reference, StoredWork]:
    """Return works, the preprints with the articles that tell of them, and with the article that is retracted."""
    by_name = {name_of(reference): work for reference, work in found.items()}
    fallen = {name for name, work in by_name.items() if state_of(work.notices).is_retracted}
    fallen |= {
        name_of(one) for one, issued in rows.issued.items() if one not in found and state_of(issued).is_retracted
    }
    told: dict[str, set[str]] = defaultdict(set)
    for work in by_name.values():
        for name in work.preprints:
            told[name].add(name_of(work.identifiers[0]))
    preprints = {work.id: work for name, work in by_name.items() if work.articles or name in told}
    for work in preprints.values():
        own = set(map(name_of, work.identifiers))
        articles = work.articles.union(*(told[name] for name in own if name in told)) - own
        whole = work._replace(articles=articles, fallen_article=min(articles & fallen, default=None))
        found.update(dict.fromkeys(work.identifiers, whole))
    return found


def _make_work(
    row: tuple[Any, ...],
    own: list[Reference],
    notices: Sequence[WorkNotice],
    related: Sequence[tuple[str, str]],
    authors: list[AuthorName] | None,
) -> StoredWork:
    number, title, container, container_short, series, date, type_, types_text, mesh, field_sources, conflicts_text = (
        row
    )
    types, conflicts, sources = texts_of(types_text), texts_of(conflicts_text), _mapping_of(field_sources)
    said = tuple(dict.fromkeys(notices))
    if RETRACTED_TYPE in {one.casefold() for one in types} and not _retracts(said, Source.PUBMED):
        said = (*said, WorkNotice(NoticeKind.RETRACTION, None, Source.PUBMED))
    study = {name for kind, name in related if kind in SAME_STUDY}
    study.update(map(name_of, own))
    # What the registries contradict each other about may be one work: it is kept apart and counted once.
    study.update(found for text in conflicts for found in _NAMED.findall(text))
    return StoredWork(
        id=number,
        title=title,
        container=container,
        container_short=container_short,
        series=series,
        date=date,
        type=type_,
        publication_types=types,
        mesh=texts_of(mesh),
        is_resolved=bool(sources),
        conflicts=conflicts,
        identifiers=tuple(own),
        authors=tuple(authors) if authors is not None else None,
        notices=said,
        study=frozenset(study),
        articles=frozenset(name for kind, name in related if kind == RelationKind.IS_PREPRINT_OF),
        preprints=frozenset(name for kind, name in related if kind == RelationKind.HAS_PREPRINT),
        is_notice=any(kind == RelationKind.IS_NOTICE_OF for kind, _ in related),
        year_from=sources.get("date"),
    )


@lru_cache(1 << 14)
def texts_of(text: str | None) -> tuple[str, ...]:
    """Return the texts of a JSON column. The same lists come again and again.

    >>> texts_of('["Animals", "Mice"]'), texts_of(None)
    (('Animals', 'Mice'), ())
    """
    return tuple(json.loads(text) or ()) if text and text != "[]" else ()


@lru_cache(1 << 12)
def _mapping_of(text: str | None) -> Mapping[str, Any]:
    return (json.loads(text) if text else None) or {}


def _retracts(notices: Sequence[WorkNotice], source: Source) -> bool:
    """Tell whether one registry has a retraction, of which its type of the work is but another word."""
    return any(notice.source == source and notice.kind in RETRACTING for notice in notices)


def is_confirmed_missing(reference: Reference, lookups: Mapping[Reference, Sequence[LookupLine]]) -> bool:
    """Tell whether the registry that gives out such identifiers says that there is none; others leave it open."""
    own = _OWN_SOURCES.get(reference.scheme)
    outcomes = {source: outcome for source, outcome, _ in lookups.get(reference, ())}
    if own is not None:
        return outcomes.get(own) is Outcome.NOT_FOUND
    return bool(outcomes) and set(outcomes.values()) == {Outcome.NOT_FOUND}
