"""Curated interaction tables: one claim a row, with regulator, target, databases, methods and PMIDs.

Front matter holds such a table as one text a list: a row per line, its fields divided by commas, the papers as a
link with several uids (TFLink's older form) or as bare `123%5Buid%5D` (its newer form, with a last column Yes or No).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from evidence.extract.forms.frontmatter import scalar_nodes
from evidence.identifiers.decoding import unescape_entities
from evidence.records import Identifier, Interaction

# Which way a list of rows is meant: the row's name regulates the page's protein, or is regulated by it.
_REGULATOR_KEYS = frozenset({"tfs", "tf", "regulators", "transcription_factors", "regulated_by"})
_TARGET_KEYS = frozenset({"targets", "target_genes", "regulates"})
_NAME_KEYS = ("protein_name", "gene_name", "gene", "symbol", "name", "title")
_PAPERS = re.compile(r"%5Buid%5D|\[uid\]|pubmed|PMID", re.IGNORECASE)
_ROW_BREAK = re.compile(r"\n[ \t]*\n[ \t]*|\\n")
_LINE_BREAK = re.compile(r"\n")
_ACCESSION = re.compile(r"[A-NR-Z][0-9](?:[A-Z][A-Z0-9]{2}[0-9]){1,2}(?:-\d+)?|[OPQ][0-9][A-Z0-9]{3}[0-9](?:-\d+)?|-?")
_GENE = re.compile(r"\d+(?:\.0)?|-?")
_PAPER_FIELD = re.compile(r"<a\b|https?:|\d+(?:%5Buid%5D|\[uid\])|PMID", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_DIRECTIONS = frozenset({"activation", "repression", "activator", "repressor", "stimulation", "inhibition", "unknown"})


class Row(NamedTuple):
    """One row with its span in the page."""

    section: str
    start: int
    end: int
    text: str
    interaction: Interaction
    identifiers: tuple[Identifier, ...]


def read_interactions(
    text: str,
    start: int,
    end: int,
    values: Mapping[str, Any],
    identifiers: Sequence[Identifier],
) -> list[Row]:
    """Return the rows of the interaction tables in a page's front matter, in order.

    Args:
        text: the page.
        start: where its YAML begins.
        end: where its YAML ends.
        values: the front matter as read.
        identifiers: those of the front matter, in order.
    """
    own = next((str(values[key]) for key in _NAME_KEYS if values.get(key)), None)
    keys = [key for key in values if key.lower() in _REGULATOR_KEYS | _TARGET_KEYS]
    if own is None or not keys or not _PAPERS.search(text, start, end):
        return []
    nodes = scalar_nodes(text[start:end])
    starts = [one.start for one in identifiers]
    rows: list[Row] = []
    for key in keys:
        for _, style, first, last in nodes.get(key, ()):
            for begin, stop in _spans(text, start + first, start + last, style):
                inside = identifiers[bisect_left(starts, begin) : bisect_left(starts, stop)]
                row = _read_row(key, text, begin, stop, own, inside)
                if row is not None:
                    rows.append(row)
    return rows


def _spans(text: str, first: int, last: int, style: str) -> list[tuple[int, int]]:
    """Return the spans of the rows in a scalar as written: quotes are dropped, folded lines stay in one row."""
    if style in {"'", '"'}:
        first, last = first + 1, last - 1
    breaks = _LINE_BREAK if style == "|" else _ROW_BREAK
    spans, begin = [], first
    for found in breaks.finditer(text, first, last):
        spans.append((begin, found.start()))
        begin = found.end()
    spans.append((begin, last))
    return [
        (a + len(text[a:b]) - len(text[a:b].lstrip()), a + len(text[a:b].rstrip()))
        for a, b in spans
        if text[a:b].strip()
    ]


def _read_row(key: str, text: str, start: int, end: int, own: str, identifiers: Sequence[Identifier]) -> Row | None:
    """Read one row, or None where it has no name or too few fields to be one."""
    written = text[start:end]
    words = " ".join(unescape_entities(_TAG.sub(" ", written)).replace("''", "'").split())
    fields = [one.strip() for one in " ".join(written.split()).split(",")]
    paper = next((index for index, one in enumerate(fields) if _PAPER_FIELD.search(one)), len(fields))
    head = fields[:paper]
    anchor = next(
        (i for i in range(1, len(head) - 1) if _ACCESSION.fullmatch(head[i]) and _GENE.fullmatch(head[i + 1])),
        None,
    )
    if anchor is None or paper == len(fields):
        return None
    name = ",".join(head[:anchor]) or "-"
    rest = head[anchor + 2 :]
    databases = _list(rest[0]) if rest else ()
    tail = {one.lower(): one for one in [*rest[2:], *fields[paper + 1 :]]}
    methods = _list(",".join(one for one in rest[1:] if one.lower() not in _DIRECTIONS | {"yes", "no"}))
    regulator, target = (name, own) if key.lower() in _REGULATOR_KEYS else (own, name)
    interaction = Interaction(
        regulator=regulator,
        target=target,
        databases=databases,
        methods=methods,
        small_scale=True if "yes" in tail else False if "no" in tail else None,
        direction=next((one for one in tail if one in _DIRECTIONS), None),
    )
    return Row(key, start, end, words, interaction, tuple(identifiers))


def _list(field: str) -> tuple[str, ...]:
    """Return the values of a field divided by semicolons, unescaped.

    >>> _list("GTRD; ReMap")
    ('GTRD', 'ReMap')
    """
    plain = unescape_entities(_TAG.sub(" ", field))
    return tuple(dict.fromkeys(" ".join(one.split()) for one in plain.split(";") if one.strip(" -")))
