"""Papers that describe a database: they never count as a study of what the database lists."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from evidence.records import Reference
from evidence.vocabulary import Scheme

# The databases behind TFLink and DoRothEA; PubMed types two of these papers as ordinary articles.
SHIPPED: dict[str, str] = {
    "29087512": "TRRUST",
    "27924024": "GTRD",
    "29126285": "ReMap",
    "22900683": "HTRI",
    "26578589": "ORegAnno",
    "18971253": "PAZAR",
    "17202159": "TRED",
    "22761861": "TFactS",
    "20211142": "FANTOM4",
    "31340985": "DoRothEA",
}
_TITLE_HINT = re.compile(
    r"\b(?:data ?bases?|data ?banks?|knowledge ?bases?|data portal|repositor(?:y|ies)|catalogues?|catalogs?|"
    r"web ?servers?|compendium)\b",
    re.IGNORECASE,
)
_MESH_HINTS = frozenset(
    {"databases, genetic", "databases, protein", "databases, nucleic acid", "databases, factual", "databases, chemical",
     "databases, pharmaceutical", "knowledge bases", "database management systems"}
)  # fmt: skip
_LEAST_ROWS = 2
_LEAST_OTHERS = 3

Row = tuple[Sequence[str], frozenset[Reference]]


def shipped_resources() -> dict[Reference, str]:
    """Return the shipped table, each paper with the words that say why it does not count."""
    return {
        Reference(Scheme.PMID, pmid): f"describes the database {name} (shipped table)" for pmid, name in SHIPPED.items()
    }


def chosen_resources(references: Iterable[Reference]) -> dict[Reference, str]:
    """Return the papers that the user's settings name."""
    return dict.fromkeys(references, "is named as a resource in [audit] resources")


def find_resources(rows: Sequence[Row]) -> dict[Reference, str]:
    """Return the papers of a table that are a source label's own, by the rows that they stand in.

    A paper that stands in exactly the rows that carry one label describes that label's database. The label stands in at
    least two rows; where it stands in every row, at least three rows must each cite something else besides.

    Args:
        rows: for each row its source labels and the papers it cites.

    Source:
        EVIDENCE.md section 3.2 of the design.

    >>> a, b, c = (Reference(Scheme.PMID, pmid) for pmid in ("1", "2", "3"))
    >>> rows = [(["X"], frozenset({a, b})), (["X", "Y"], frozenset({a, c})), (["Y"], frozenset({c}))]
    >>> sorted(one.value for one in find_resources(rows))
    ['1', '3']
    """
    by_label: dict[str, set[int]] = defaultdict(set)
    by_paper: dict[Reference, set[int]] = defaultdict(set)
    for number, (labels, papers) in enumerate(rows):
        for label in labels:
            by_label[label].add(number)
        for paper in papers:
            by_paper[paper].add(number)
    found: dict[Reference, str] = {}
    for label, numbers in sorted(by_label.items()):
        if len(numbers) < _LEAST_ROWS:
            continue
        for paper, places in by_paper.items():
            if places == numbers and (len(numbers) < len(rows) or _others(rows, paper) >= _LEAST_OTHERS):
                found.setdefault(paper, f"stands in exactly the {len(numbers)} rows labelled {label} (co-occurrence)")
    return found


def find_hint(title: str | None, mesh: Iterable[str]) -> str | None:
    """Return what looks like a paper on a database. It makes a candidate only: such words stand in studies too.

    A MeSH term alone says that a database was used; with a title that names one it says that one was made.

    Source:
        EVIDENCE.md section 3.2 of the design.

    >>> find_hint("TRRUST v2: an expanded reference database of regulatory interactions", ["Databases, Genetic"])
    'title: database; MeSH: Databases, Genetic'
    >>> find_hint("Cancer in a national database: a cohort study", ["Humans"])
    """
    match = _TITLE_HINT.search(title) if title else None
    term = next((one for one in mesh if one.casefold() in _MESH_HINTS), None) if match else None
    return f"title: {match[0]}; MeSH: {term}" if match and term else None


def _others(rows: Sequence[Row], paper: Reference) -> int:
    return sum(bool(papers - {paper}) for _, papers in rows)


def merge_reasons(*tables: Mapping[Reference, str]) -> dict[Reference, str]:
    """Return all tables as one; the first that knows a paper says why."""
    merged: dict[Reference, str] = {}
    for table in tables:
        for reference, reason in table.items():
            merged.setdefault(reference, reason)
    return merged
