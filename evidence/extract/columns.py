"""What the header of a table says of its columns: bare numbers that are PMIDs, and who regulates whom.

A column headed "PMID" makes identifiers of the bare numbers below it. A table with a regulator and a target is a
curated interaction table if it also names papers or databases. Nothing here looks beyond the header and the row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from evidence.directions import bare_direction, sign_of
from evidence.identifiers.decoding import unescape_entities
from evidence.records import Identifier, Interaction
from evidence.vocabulary import MINUSES, Scheme

_ESCAPE_OR_BAR = re.compile(r"\\.|\|", re.DOTALL)
# Bars in these are meant as text by authors, though Markdown reads them as the end of a cell.
_ESCAPE_SPAN_OR_BAR = re.compile(r"\\.|`[^`\n]{1,300}`|\[\[[^\[\]\n]{1,300}\]\]|\|", re.DOTALL)
_SPACE = " \t\r\n\xa0"

_WORD = re.compile(r"[^\W_]+|#")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_IDS = {
    Scheme.PMID: frozenset({"pmid", "pmids", "pubmed", "pubmedid", "pubmedids"}),
    Scheme.DOI: frozenset({"doi", "dois"}),
    Scheme.PMCID: frozenset({"pmcid", "pmcids", "pmc"}),
}
_ID_WORDS = frozenset().union(*_IDS.values())
# A heading may say these besides and still head a column of identifiers; "count", "of", "verified" tell another thing.
_PAPER_NAMES = frozenset(
    f"{name}{ending}"
    for name in ("reference", "ref", "source", "citation", "paper", "publication", "article", "literature")
    for ending in ("", "s")
) | {"study", "studies"}
_PAPER_QUALITIES = frozenset({"key", "primary", "supporting", "original"})
_ID_SUFFIXES = frozenset({"id", "ids", "identifier", "identifiers", "list", "link", "links", "s", "and", "or"})
_PAPER_WORDS = _PAPER_NAMES | _PAPER_QUALITIES | _ID_SUFFIXES | {"evidence"}
# What the works below have to do with the row: "Contradicted by (PMID)", "PMID against". The little words say it only
# beside the others: "PMID by", "Not PMID".
_STANCES = frozenset({
    "against", "contradicting", "contradicted", "contradictory", "contradicts", "refuting", "refuted", "refutes",
    "disputing", "disputed", "disputes", "disproving", "disproved", "challenging", "challenged", "opposing",
    "opposed", "conflicting", "disagreeing", "disconfirming", "dissenting", "rebutting", "rebutted", "counter",
    "counterevidence", "supported", "supports", "confirming", "confirmed", "replicated", "reproduced",
})  # fmt: skip
_LITTLE_WORDS = frozenset({"by", "in", "not"})
# The headings of interaction tables as words in lower case, the more telling ones first.
_REGULATORS = (
    "regulator|tf|transcription factor|transcription factor tf|tf symbol|tf name|tf gene|tf gene symbol|tf gene name|"
    "regulator symbol|regulator name|regulator gene|regulatory gene|regulatory protein|regulators|tfs|"
    "transcription factors|source gene|source tf|source protein|source tf gene|upstream regulator"
)
_TARGETS = (
    "target gene|target|target symbol|target name|target gene symbol|target gene name|target protein|target genes|"
    "targets|regulated gene|regulated target|tg|gene|gene symbol|genes"
)
_DATABASES = (
    "database|databases|database s|db|dbs|source database|source databases|source database s|database source|source db|"
    "resource|resources|curated database|curated databases"
)
_METHODS = (
    "detection method|detection methods|method|methods|method s|detection method s|experimental method|"
    "experimental methods|assay|assays|assay s|assay type|experiment|experiments|experiment type|technique|techniques|"
    "experimental evidence|evidence type|evidence"
)
_SMALL_SCALE = (
    "small scale|small scale evidence|small scale experiment|small scale experiments|small scale study|low throughput|"
    "small scale interaction"
)
_DIRECTIONS = (
    "mode of regulation|effect|direction|sign|activation repression|activation or repression|regulation type|"
    "type of regulation|regulatory effect|effect on target|direction of regulation|direction of effect|mor|"
    "regulation|regulatory mode|regulation mode|mode|mode of action|effect type|interaction effect|interaction type|"
    "activator repressor|activator or repressor|activation inhibition|activation or inhibition|relation|"
    "relationship|action|interaction|type"
)
# Headings of what an interaction was seen in: "Cell type", "Tissue or cell line", "Organism(s)", "In vitro/in vivo".
_CONTEXTS = frozenset({
    "organism", "organisms", "species", "taxon", "strain", "strains", "host", "tissue", "tissues", "organ", "organs",
    "cell", "cells", "context", "contexts", "condition", "conditions", "setting", "model", "models", "system",
    "systems", "stage", "age", "sex", "treatment", "stimulus", "disease", "vitro", "vivo",
})  # fmt: skip
_OF_CONTEXTS = _CONTEXTS.union(
    ("type", "types", "line", "lines", "name", "s", "in", "or", "and", "biological", "experimental")
)
# What a cell of such a column says beside a sign; under "Effect" or "Type" stand other things too.
_NO_SIGN = frozenset({"unknown", "both", "dual", "bifunctional", "ambiguous", "context-dependent"})

_MARK = re.compile(r"\[\^[^\[\]\n]{0,300}\]")
_WIKILINK = re.compile(r"!?\[\[(?:[^\[\]|\n]{0,300}\|)?([^\[\]|\n]{0,300})\]\]")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,500}\)")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# A gap tag in a cell, with what it says in brackets that it is about, is no part of what the cell holds.
GAP_TAG = re.compile(r"(?:#|\[\^?|(?<![\w/-]))gap/[A-Za-z0-9]+(?:[-_/][A-Za-z0-9]+)*\]?`?(?:\s?\([^()]{0,300}\))?")
_MARKUP = str.maketrans("", "", "*`~")

# A cell of numbers and what divides them; a wikilink or link shows its text only.
_NUMBERS = re.compile(r"\d++(?:[\s,;|/&]++\d++)*\.?")
_NUMBER = re.compile(r"\d+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MAX_DIGITS = 8
# A lower number under a heading that does not speak of one id ("PMIDs", "PubMed") is a count.
_MIN_UNSURE = 1000

_NOTHING = frozenset(
    {"", "-", "--", "–", "—", "n/a", "na", "n.a.", "nd", "n.d.", "none", "?", "…", "...", "tbd", "pending"}
)
_YES = frozenset({"yes", "y", "true", "1", "✓", "✔", "✅"})
_NO = frozenset({"no", "n", "false", "0", "✗", "✘", "❌"})


class Columns(NamedTuple):
    """Which column is what, counted from 0; None or no number where the table has none.

    `pmid` and `pmcid` are the columns whose bare numbers are identifiers, `sure` those whose heading speaks of one id.
    `has_papers` says that a column names papers in whatever form. `minuses` are, for each of the `directions`, the sign
    that is a minus there, or nothing: see `with_minuses`.
    """

    width: int
    pmid: tuple[int, ...] = ()
    doi: tuple[int, ...] = ()
    pmcid: tuple[int, ...] = ()
    sure: tuple[int, ...] = ()
    regulator: int | None = None
    target: int | None = None
    databases: int | None = None
    methods: int | None = None
    small_scale: int | None = None
    directions: tuple[int, ...] = ()
    minuses: tuple[str, ...] = ()
    contexts: tuple[int, ...] = ()
    has_papers: bool = False

    @property
    def is_interaction(self) -> bool:
        """Tell whether each row is one interaction: two partners, and a paper or a database that says so."""
        return (
            self.regulator is not None and self.target is not None and (self.has_papers or self.databases is not None)
        )


class Row(NamedTuple):
    """What a row adds to what is found in its text: identifiers by their column, and the interaction."""

    identifiers: tuple[Identifier, ...] = ()
    interaction: Interaction | None = None


def split_cells(text: str, start: int, end: int, count: int | None = None) -> list[tuple[int, int]]:
    r"""Return the spans of the cells in a row, without the white space around them; an empty cell has an empty span.

    For HTML pass `Layout.text`, the copy without tags: each cell begins with a bar there, and has no other.

    Args:
        text: the page.
        start: where the row begins; bars at its ends may stand or not.
        end: where the row ends.
        count: the number of columns. Where the bars give another number, those in code and wikilinks are not counted.

    Source:
        GitHub Flavored Markdown 0.29, tables: a backslash before a bar makes it text, also in code.

    >>> row = r"| [[a\|b]] | c |"
    >>> [row[slice(*span)] for span in split_cells(row, 0, len(row))]
    ['[[a\\|b]]', 'c']
    """
    cells = _split(text, start, end, _ESCAPE_OR_BAR)
    if count is not None and len(cells) > count:
        other = _split(text, start, end, _ESCAPE_SPAN_OR_BAR)
        return other if len(other) == count else cells
    return cells


def _split(text: str, start: int, end: int, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    start, end = trim(text, start, end)
    cells, begin = [], start
    for found in pattern.finditer(text, start, end):
        if text[found.start()] == "|":
            if found.start() > start:
                cells.append(trim(text, begin, found.start()))
            begin = found.end()
    if begin < end or not cells:
        cells.append(trim(text, begin, end))
    return cells


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the white space at its ends.

    >>> trim("| a |", 1, 4)
    (2, 3)
    """
    while start < end and text[start] in _SPACE:
        start += 1
    while end > start and text[end - 1] in _SPACE:
        end -= 1
    return start, end


def read_header(cells: Sequence[str]) -> Columns | None:
    """Return what a header says of its columns, or None where it says nothing that is used.

    Args:
        cells: the headings as written.

    >>> read_header(["TF", "Target gene", "Effect", "PMID"]).is_interaction
    True
    >>> read_header(["Gene ID", "PMID count"]) is None
    True
    """
    said = {cell: words_of_heading(cell) for cell in set(cells)}
    headings = [said[cell] for cell in cells]
    ids: dict[Scheme, list[int]] = {Scheme.PMID: [], Scheme.DOI: [], Scheme.PMCID: []}
    sure, papers = [], False
    for index, words in enumerate(headings):
        schemes = _schemes(words)
        for scheme in schemes:
            ids[scheme].append(index)
        if schemes and not any(word.endswith("s") for word in words) and words != ["pubmed"]:
            sure.append(index)
        papers = papers or bool(schemes) or _names_papers(words)
    # A bare number below "PMID or PMCID" may be either.
    both = set(ids[Scheme.PMID]) & set(ids[Scheme.PMCID])
    names = [" ".join(words) for words in headings]
    columns = Columns(
        width=len(cells),
        pmid=tuple(index for index in ids[Scheme.PMID] if index not in both),
        doi=tuple(ids[Scheme.DOI]),
        pmcid=tuple(index for index in ids[Scheme.PMCID] if index not in both),
        sure=tuple(sure),
        regulator=_place(names, _REGULATORS),
        target=_place(names, _TARGETS),
        databases=_place(names, _DATABASES),
        methods=_place(names, _METHODS),
        small_scale=_place(names, _SMALL_SCALE),
        directions=_places(names, _DIRECTIONS),
        contexts=tuple(index for index, words in enumerate(headings) if _is_context(words)),
        has_papers=papers,
    )
    return columns if columns.is_interaction or columns.pmid or columns.pmcid else None


def words_of_heading(cell: str) -> list[str]:
    """Return the words of a heading in lower case, without its marks and the addresses of its links.

    >>> words_of_heading("**PubMed ID**[^a]")
    ['pubmed', 'id']
    """
    if "[" in cell or "<" in cell:
        cell = _TAG.sub(" ", _LINK.sub(r"\1", _WIKILINK.sub(r"\1", _MARK.sub("", cell))))
    words = _WORD.findall(_CAMEL.sub(" ", unescape_entities(cell).replace("\\", "")).replace("Pub Med", "Pubmed"))
    return [word.lower() for word in words]


def _schemes(words: Sequence[str]) -> list[Scheme]:
    """Return the schemes of a column of identifiers: its heading says nothing else."""
    named = [scheme for scheme, names in _IDS.items() if any(word in names for word in words)]
    if not named:
        return []
    rest = [word for word in words if word not in _ID_WORDS]
    if rest and rest[-1] in {"#", "number"} and words[-1] == rest[-1] and len(rest) == 1:
        # "PubMed number" and "PMID #" are ids; "# PMIDs" and "PMIDs number" count them.
        return [] if any(word in _ID_WORDS and word.endswith("s") for word in words) else named
    if not _STANCES.isdisjoint(rest):
        rest = [word for word in rest if word not in _STANCES and word not in _LITTLE_WORDS]
    return named if all(word in _PAPER_WORDS for word in rest) else []


def _names_papers(words: Sequence[str]) -> bool:
    return bool(words) and words[-1] in _PAPER_NAMES and all(word in _PAPER_NAMES | _PAPER_QUALITIES for word in words)


def _is_context(words: Sequence[str]) -> bool:
    return not _CONTEXTS.isdisjoint(words) and all(word in _OF_CONTEXTS for word in words)


def _places(headings: Sequence[str], names: str) -> tuple[int, ...]:
    return tuple([headings.index(name) for name in names.split("|") if name in headings])


def _place(headings: Sequence[str], names: str) -> int | None:
    return next((headings.index(name) for name in names.split("|") if name in headings), None)


def with_minuses(columns: Columns, rows: Sequence[Sequence[tuple[int, int]]], text: str) -> Columns:
    """Return the columns of a table with what its rows say of a dash: below "Effect" it is a minus beside a plus.

    Alone it may say that nothing is known. Where several kinds stand beside a plus, the likeliest is the minus.

    Args:
        columns: those of the header.
        rows: the spans of the cells of all its rows, as from `split_cells`.
        text: the page.

    >>> header = read_header(["TF", "Target", "Effect", "PMID"])
    >>> page = "| A | B | + | 12186862 |\\n| A | C | - | 12186863 |"
    >>> rows = [split_cells(page, 0, 24), split_cells(page, 25, len(page))]
    >>> with_minuses(header, rows, page).minuses, with_minuses(header, rows[1:], page).minuses
    (('-',), ('',))
    """
    minuses = []
    for index in columns.directions if columns.is_interaction else ():
        said = {bare_direction(_words(text[slice(*cells[index])])) for cells in rows if index < len(cells)}
        minuses.append(next((one for one in MINUSES if one in said), "") if "+" in said else "")
    return columns._replace(minuses=tuple(minuses))


def read_row(columns: Columns, cells: Sequence[tuple[int, int]], text: str, found: Sequence[Identifier] = ()) -> Row:
    """Return what the columns make of one row.

    Args:
        columns: those of the header.
        cells: the spans of the cells, as from `split_cells`; cells that are missing at the end are empty.
        text: the page, or for HTML its copy without tags.
        found: the identifiers that stand in the row for themselves; what they name is not named again.

    Returns:
        The identifiers of bare numbers, in order, and the interaction, None where a partner is missing.

    >>> page = "| RUNX2 | SPP1 | 12186862; 20211142 |"
    >>> row = read_row(read_header(["TF", "Target", "PMIDs"]), split_cells(page, 0, len(page)), page)
    >>> [one.value for one in row.identifiers], row.interaction.regulator
    (['12186862', '20211142'], 'RUNX2')
    """
    identifiers: list[Identifier] = []
    if columns.pmid or columns.pmcid:
        known = {(one.scheme, one.value) for one in found}
        for index in sorted((*columns.pmid, *columns.pmcid)):
            if index < len(cells):
                scheme = Scheme.PMID if index in columns.pmid else Scheme.PMCID
                least = 1 if index in columns.sure else _MIN_UNSURE
                identifiers += _numbers(text, *cells[index], scheme, least, known)
    interaction = _interaction(columns, cells, text) if columns.is_interaction else None
    return Row(tuple(identifiers), interaction)


def _numbers(
    text: str, start: int, end: int, scheme: Scheme, least: int, known: set[tuple[Scheme, str]]
) -> list[Identifier]:
    """Return the bare numbers of a cell that holds nothing else, as identifiers."""
    written = text[start:end]
    seen = _seen(written)
    content = seen.strip()
    if not _NUMBERS.fullmatch(content) or _THOUSANDS.fullmatch(content):
        return []
    places = list(_NUMBER.finditer(seen))
    if any(len(one.group()) > _MAX_DIGITS or one.group()[0] == "0" or not one.group().isascii() for one in places):
        return []
    how = ("list",) if len(places) > 1 else ()
    made = []
    for one in places:
        value = one.group() if scheme is Scheme.PMID else f"PMC{one.group()}"
        if int(one.group()) < least or _YEAR.fullmatch(one.group()) or (scheme, value) in known:
            continue
        known.add((scheme, value))
        made.append(Identifier(scheme, value, start + one.start(), start + one.end(), one.group(), how=how))
    return made


def _seen(written: str) -> str:
    """Return what a cell shows, markup replaced by as many spaces."""
    if written.isdigit():
        return written
    for pattern in (GAP_TAG, _MARK, _BREAK, _TAG):
        written = pattern.sub(_spaces, written)
    for pattern in (_WIKILINK, _LINK):
        written = pattern.sub(_spaces_around, written)
    return written.replace("\\|", " |").replace("`", " ").replace("*", " ")


def _spaces(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _spaces_around(found: re.Match[str]) -> str:
    (begin, stop), (first, last) = found.span(), found.span(1)
    return " " * (first - begin) + found.group(1) + " " * (stop - last)


def _interaction(columns: Columns, cells: Sequence[tuple[int, int]], text: str) -> Interaction | None:
    def cell(index: int | None) -> str:
        return text[slice(*cells[index])] if index is not None and index < len(cells) else ""

    regulator, target = _words(cell(columns.regulator)), _words(cell(columns.target))
    # "SP1, AP1" are several partners, of which the table does not say which paper is about which.
    if any(name.lower() in _NOTHING or ";" in _divide(name, ",") for name in (regulator, target)):
        return None
    small_scale = _words(cell(columns.small_scale)).lower()
    effects = [bare_direction(_words(cell(index))) for index in columns.directions]
    told = (said for said, minus in zip_longest(effects, columns.minuses) if _is_direction(said, minus))
    return Interaction(
        regulator=regulator,
        target=target,
        databases=_list(cell(columns.databases), ",/"),
        methods=_list(cell(columns.methods), ","),
        small_scale=True if small_scale in _YES else False if small_scale in _NO else None,
        direction=next(told, None),
        context=tuple(said for index in columns.contexts if (said := _words(cell(index))).lower() not in _NOTHING),
    )


def _is_direction(said: str, minus: str) -> bool:
    """Tell whether a cell says a direction; of a dash alone its column tells whether it is a minus."""
    if said in MINUSES:
        return said == minus
    return said in _NO_SIGN or sign_of(said) is not None


def _words(written: str) -> str:
    """Return a cell as a reader sees it, marks left out."""
    if written.isalnum():
        return written
    if "gap/" in written:
        written = GAP_TAG.sub(" ", written)
    if "[" in written or "<" in written:
        written = _MARK.sub("", _TAG.sub(" ", written))
        written = _LINK.sub(r"\1", _WIKILINK.sub(r"\1", written.replace("\\|", "|")))
    return " ".join(unescape_entities(written).replace("\\", "").translate(_MARKUP).split())


def _list(written: str, dividers: str) -> tuple[str, ...]:
    """Return the values of a cell: divided by semicolons, bars or lines, or where there are none by `dividers`.

    What stands in round brackets is not divided.

    >>> _list("reporter assay (luciferase, HEK293), EMSA", ",")
    ('reporter assay (luciferase, HEK293)', 'EMSA')
    """
    written = _BREAK.sub(";", written)
    words = _words(written.replace("\\|", ";") if "[[" not in written else written).replace("|", ";")
    if ";" not in words:
        words = _divide(words, dividers)
    values = (" ".join(one.split()) for one in words.split(";"))
    return tuple(dict.fromkeys(one for one in values if one.lower() not in _NOTHING))


def _divide(words: str, dividers: str) -> str:
    depth, divided = 0, []
    for char in words:
        depth += (char == "(") - (char == ")")
        divided.append(";" if char in dividers and depth <= 0 else char)
    return "".join(divided)
