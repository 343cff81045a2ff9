"""Which works report the same piece of research by what registries tell of them, also through works nobody cites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from evidence.audit.rows import SCHEMES
from evidence.vocabulary import RelationKind

SAME_STUDY = frozenset(
    {RelationKind.IS_PREPRINT_OF, RelationKind.HAS_PREPRINT, RelationKind.REPUBLISHED, RelationKind.SAME_TRIAL}
)
_Row = tuple[Any, ...]


def ties_of(relations: Iterable[_Row]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield works and the identifiers of what they say to be the same study, of the rows of relations.

    A trial ties no works: reports of one are joined where it is known which of them are of that trial alone.

    >>> list(ties_of([(1, "republished", "pmid", "7"), (1, "same-trial", "nct", "NCT01234567")]))
    [(1, ('pmid', '7'))]
    """
    for work_id, kind, scheme, value in relations:
        if kind in SAME_STUDY and scheme in SCHEMES:
            yield work_id, (scheme, value)


def find_chains(names: Iterable[_Row], relations: Iterable[_Row]) -> list[list[int]]:
    """Return the works that hang together, two or more each, whichever of them tells so and by whatever identifier.

    Source:
        EVIDENCE.md section 3.1 of the design.

    Args:
        names: number of a work, scheme and value of each identifier.
        relations: number of a work, kind, scheme and value of each.

    >>> names = [(1, "doi", "10.1000/x1"), (2, "doi", "10.1000/x2"), (3, "doi", "10.1000/y"), (3, "pmid", "777")]
    >>> told = [(1, "is-preprint-of", "doi", "10.1000/y"), (2, "is-preprint-of", "pmid", "777")]
    >>> find_chains(names, told)
    [[1, 2, 3]]
    """
    ties = list(ties_of(relations))
    if not ties:
        return []
    told = {name for _, name in ties}
    holders = {(scheme, value): work_id for work_id, scheme, value in names if (scheme, value) in told}
    # Two works may be tied by what no registry has described.
    links: dict[Any, set[Any]] = defaultdict(set)
    for work_id, name in ties:
        other = holders.get(name, name)
        links[work_id].add(other)
        links[other].add(work_id)
    seen: set[Any] = set()
    chains = []
    for start in links:
        if start not in seen:
            chain = _reach(links, start)
            seen |= chain
            works = sorted(one for one in chain if isinstance(one, int))
            if len(works) > 1:
                chains.append(works)
    return chains


def _reach(links: dict[Any, set[Any]], start: Any) -> set[Any]:
    found, todo = {start}, [start]
    while todo:
        new = links[todo.pop()] - found
        found |= new
        todo += new
    return found
