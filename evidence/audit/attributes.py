"""What is said of a work by whom: its design, level, number of subjects, organism and year, all values kept.

For display and for the rules the order is note, study page, PubMed, Crossref; the year is that of the registry, where
one knows it, since a note may be wrong about its work. Where values disagree, all are told.

Source:
    EVIDENCE.md sections 1 and 2 of the design.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from evidence.audit.designs import designs_of_types, find_level, level_of_mesh, terms_of
from evidence.audit.rows import StudyFacts
from evidence.audit.stored import StoredWork
from evidence.audit.works import Reported
from evidence.levels import find_organisms
from evidence.vocabulary import Design, Level

_STUDIED = frozenset({Level.HUMAN, Level.ANIMAL})
_DESIGNS = {design.value: design for design in Design}
# What Crossref's types say of a design; most say nothing.
_CROSSREF_DESIGNS = {"dataset": Design.DATASET, "peer-review": Design.COMMENT}


class Attributes(NamedTuple):
    """What is taken of a work, and everything that was said."""

    designs: tuple[Design, ...]
    designs_from: str | None
    level: Level
    level_from: str | None
    organisms: tuple[str, ...]
    n: int | None
    year: int | None
    reported: tuple[Reported, ...]


def read_attributes(stated: Mapping[str, Any], page: StudyFacts | None, known: StoredWork | None) -> Attributes:
    """Return what is said of a work.

    Args:
        stated: what its note states.
        page: what the page of its study states.
        known: what the registries say.

    >>> read_attributes({"design": ["rct"], "n": 12, "organism": "mouse"}, None, None).level
    <Level.ANIMAL: 'animal'>
    """
    told = list(_designs_by_source(stated, page, known))
    designs, designs_from = told[0] if told else ((), None)
    organism = stated.get("organism") or (page.organism if page is not None else None)
    terms = terms_of(known.publication_types, known.mesh) if known is not None else ()
    level, by = find_level(designs, organism, terms)
    sources = {"organism": "note" if stated.get("organism") else "study page", "design": designs_from, "mesh": "MeSH"}
    year = known.year if known is not None else None
    return Attributes(
        designs=designs,
        designs_from=designs_from,
        level=level,
        level_from=sources.get(by or ""),
        organisms=find_organisms(organism or "") or find_organisms("; ".join(known.mesh if known is not None else ())),
        n=stated.get("n") or (page.n if page is not None else None),
        year=stated.get("year") or (page.year if page is not None else None) or year,
        reported=(*_reported(told, stated, page, known), *_levels(told, stated, page, terms)),
    )


def _designs_by_source(
    stated: Mapping[str, Any], page: StudyFacts | None, known: StoredWork | None
) -> Iterator[tuple[tuple[Design, ...], str]]:
    noted = tuple(_DESIGNS[one] for one in stated.get("design") or () if one in _DESIGNS)
    # "Cochrane Database Syst Rev · meta-analysis": the word alone is a hint, beside a design it is none.
    if noted := tuple(one for one in noted if one is not Design.RESOURCE) or noted:
        yield noted, "note"
    if page is not None and page.designs:
        yield page.designs, "study page"
    if known is None:
        return
    if typed := designs_of_types(known.publication_types, known.mesh):
        yield typed, "pubmed"
    of_type = Design.NOTICE if known.is_notice else _CROSSREF_DESIGNS.get(known.type or "")
    if of_type is not None:
        yield (of_type,), "crossref"


def _reported(
    designs: Sequence[tuple[tuple[Design, ...], str]],
    stated: Mapping[str, Any],
    page: StudyFacts | None,
    known: StoredWork | None,
) -> Iterator[Reported]:
    for found, source in designs:
        yield Reported("design", ", ".join(found), source)
    for name in ("organism", "n", "year"):
        if value := stated.get(name):
            yield Reported(name, str(value), "note")
        if page is not None and (value := getattr(page, name)):
            yield Reported(name, str(value), "study page")
        if name == "year" and known is not None and known.year is not None:
            yield Reported(name, str(known.year), known.year_from or "registry")


def _levels(
    designs: Sequence[tuple[tuple[Design, ...], str]],
    stated: Mapping[str, Any],
    page: StudyFacts | None,
    terms: Sequence[str],
) -> Iterator[Reported]:
    """Yield whether each source says that people or animals were studied; a trial without a word on it says neither."""
    organisms = {"note": stated.get("organism"), "study page": page.organism if page is not None else None}
    for source, organism in organisms.items():
        found = next((kinds for kinds, by in designs if by == source), ())
        if organism and (level := find_level(found, organism, ()).level) in _STUDIED:
            yield Reported("level", level.value, source)
    if (by_mesh := level_of_mesh(terms)) in _STUDIED and by_mesh is not None:
        yield Reported("level", by_mesh.value, "pubmed")
