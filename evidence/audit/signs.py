"""Rows of one page that give the same pair of genes opposite signs.

Source:
    EVIDENCE.md section 3.4 of the design, rule 4.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from msgspec.structs import replace

from evidence.audit.counting import works_of
from evidence.audit.resources import SHIPPED
from evidence.audit.statuses import case_of, decide, says_contradicted
from evidence.audit.works import CitedPlace, ClaimEvidence, OppositeRow
from evidence.directions import sign_of
from evidence.levels import ORGANISM_WORDS, find_organisms
from evidence.records import Interaction
from evidence.vocabulary import ACTIVATING, REPRESSING, Polarity, Status

_Pair = tuple[str, str]
_Row = tuple[int, Interaction, ClaimEvidence]

# What a row of these has behind it is no evidence against another row's work.
_NOTHING = frozenset({Status.NOT_A_CLAIM, Status.UNCITED, Status.UNRESOLVED, Status.RETRACTED, Status.RESOURCE_ONLY})

# The signs of a genotype belong to their word: "Sirt1+/+" and "Sirt1-/-" are no like sections.
_WORD = re.compile(r"[^\s,;:()\[\]{}\"'“”‘’*_`|]+")
_PARTS = re.compile(r"[,;/&]|\s(?:and|or)\s")
_BINOMIAL = 2
_NUMBERING = re.compile(r"\d+(?:(?:\.\d+)+\.?|[.)])\s")
# What a heading may say of a table without saying where its rows were seen.
_OF_TABLES = frozenset({
    "a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "this", "to", "with", "table",
    "tables", "list", "lists", "overview", "summary", "data", "results", "findings", "section", "part", "appendix",
    "interaction", "interactions", "relation", "relations", "relationship", "relationships", "pair", "pairs",
    "network", "regulation", "regulatory", "regulator", "regulators", "regulated", "target", "targets", "gene",
    "genes", "tf", "tfs", "tg", "tgs", "transcription", "transcriptional", "factor", "factors", "evidence",
    "literature", "source", "sources", "database", "databases", "resource", "resources", "reference", "references",
    "study", "studies",
})  # fmt: skip
# The same of words that may go with another word: "Activated T cells" are no other T cells only beside such.
_NAMES = (*ACTIVATING, *REPRESSING, *SHIPPED.values())
_ALONE = frozenset({
    "additional", "all", "confirmed", "continued", "curated", "experimental", "further", "key", "known", "main",
    "more", "new", "other", "predicted", "published", "reported", "selected", "update", "updated", "updates",
    "validated",
}).union(word for name in _NAMES for word in name.casefold().split())  # fmt: skip


def with_opposites(claims: Sequence[ClaimEvidence]) -> list[ClaimEvidence]:
    """Return the claims of a page, the rows among them each with a row that gives its pair the other sign.

    Only a row with a work behind it that counts is set against another. Rows that may tell of different things (of
    people and of mice, of two tissues), by their cells or their sections, are not compared: both may be true.

    >>> from evidence.audit.statuses import supports
    >>> from evidence.audit.works import CitedWork
    >>> from evidence.vocabulary import ClaimKind
    >>> def row(line, direction, *places):
    ...     pair = Interaction("FOXO1", "KL", (), (), direction=direction)
    ...     return ClaimEvidence(str(line), "a.md", line, ClaimKind.INTERACTION, (), "", places, interaction=pair)
    >>> rows = [row(3, "activation", supports(CitedWork("doi:10.1000/a", ()))), row(4, "repression")]
    >>> [one.opposite and one.opposite.line for one in with_opposites(rows)]
    [None, 3]
    """
    rows: dict[_Pair, list[_Row]] = defaultdict(list)
    for one in claims:
        pair = one.interaction
        if pair is not None and (sign := sign_of(pair.direction)):
            rows[pair.regulator, pair.target].append((sign, pair, one))
    disputed = (same for same in rows.values() if len({sign for sign, *_ in same}) > 1)
    found = {one.id: opposite for same in disputed for one, opposite in _opposites(same)}
    return [replace(one, opposite=found[one.id]) if one.id in found else one for one in claims] if found else [*claims]


def context_of(section: Sequence[str], pair: Interaction) -> frozenset[str]:
    """Return what says in what a row was seen, such as an organism or a tissue: its cells, and words of its headings.

    A heading may say anything, so every word counts but those that tell of the table, of the pair or of its sources.

    >>> pair = Interaction("FOXO1", "KL", ("MyBase",), (), context=("Liver",))
    >>> [sorted(context_of([heading], pair)) for heading in ("2.1 Targets of FOXO1", "MyBase", "Sirt1+/+ mice, day 3")]
    [['liver'], ['liver'], ['3', 'day', 'liver', 'mice', 'sirt1+/+']]
    """
    names, sources = ({*_words(" ".join(one))} for one in ((pair.regulator, pair.target), pair.databases))
    context = {_one_word_for(part) for cell in pair.context for part in _PARTS.split(cell)} - {""}
    for heading in section:
        words = {one for one in _words(_NUMBERING.sub("", heading, count=1)) if one not in _OF_TABLES | names}
        if not all(one.isdecimal() or one in _ALONE or one in sources for one in words):
            context |= words
    return frozenset(context)


def _one_word_for(part: str) -> str:
    """Return a part of a cell as it is compared: "Homo sapiens", "H. sapiens" and "Human" are one organism."""
    words = part.casefold().split()
    is_organism = "-".join(words) in ORGANISM_WORDS or (len(words) == _BINOMIAL and words[0].endswith("."))
    return next(iter(find_organisms(part)), "") or " ".join(words) if is_organism else " ".join(words)


def _words(text: str) -> list[str]:
    return [word for one in _WORD.findall(text.casefold()) if (word := one.rstrip("."))]


def _opposites(rows: Sequence[_Row]) -> Iterator[tuple[ClaimEvidence, OppositeRow]]:
    """Yield the rows of one pair that another one is set against, with the first of these."""
    contexts: dict[frozenset[str], dict[int, list[ClaimEvidence]]] = defaultdict(lambda: defaultdict(list))
    for sign, pair, one in rows:
        contexts[context_of(one.section, pair)][sign].append(one)
    for signs in contexts.values():
        for sign, same in signs.items():
            if -sign in signs and (against := [one for one in signs[-sign] if _counts(one)]):
                opposite = _opposite_of(against)
                yield from ((one, opposite) for one in same)


def _counts(row: ClaimEvidence) -> bool:
    """Tell whether what supports a row is anything by itself, whatever is said against it."""
    places = _support_of(row)
    alone = replace(row, places=places, tags=())
    return decide(case_of(alone, works_of(places)))[0] not in _NOTHING


def _support_of(row: ClaimEvidence) -> tuple[CitedPlace, ...]:
    return tuple(place for place in row.places if place.polarity is Polarity.SUPPORTS)


def _opposite_of(rows: Sequence[ClaimEvidence]) -> OppositeRow:
    first = rows[0]
    direction = first.interaction.direction if first.interaction is not None else None
    works = {f"{work.name} {' '.join(sorted(work.designs))}" for row in rows for work in works_of(_support_of(row))}
    # A pair may have thousands of rows, and each of them the same on its other side.
    behind = blake2b("; ".join(sorted(works)).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return OppositeRow(first.line, direction or "", any(map(says_contradicted, rows)), behind)
