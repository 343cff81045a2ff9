"""Abstracts, read from the records as the registries sent them: the works themselves keep none.

PubMed's comes first, since its parts are labelled; then Crossref's, then that of the DOI's own agency.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree as ET

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evidence.export.rows import stream_rows
from evidence.markup import clean_title, element_title
from evidence.store import models
from evidence.store.chunks import in_chunks
from evidence.vocabulary import Source

# The longest in PubMed have some 15,000 characters.
MAX_CHARS = 30_000
_MAX_RECORD_BYTES = 32_000_000
_ORDER = {Source.PUBMED.value: 0, Source.CROSSREF.value: 1, Source.AGENCY.value: 2}
_HEADING = re.compile(r"<(?:jats:)?title\b[^<>]*>(.*?)</(?:jats:)?title\s*>", re.DOTALL | re.IGNORECASE)
# What stands at the head of an abstract and says only that it is one.
_ONLY_A_HEADING = frozenset({"abstract", "summary", "zusammenfassung", "résumé", "resumen", "abstract:"})
_ENDS = (".", ":", "!", "?")


def read_abstracts(session: Session, work_ids: Sequence[int]) -> tuple[dict[int, str], dict[int, str]]:
    """Return the abstracts of works on one line, with the markup of titles, and why records could not be read.

    Records are read one by one, so that memory does not grow with their size.
    """
    link, record = models.WorkIdentifier, models.Record
    order = sa.case(_ORDER, value=record.source, else_=len(_ORDER))
    found: dict[int, str] = {}
    damaged: dict[int, str] = {}
    for chunk in in_chunks(work_ids, 100):
        query = (
            sa.select(link.work_id, record.source, record.payload)
            .join(record, sa.and_(record.scheme == link.scheme, record.value == link.value))
            .where(link.work_id.in_(chunk), record.source.in_(_ORDER))
            .order_by(link.work_id, order, record.value)
        )
        for work_id, source, payload in stream_rows(session, query, at_once=20):
            if work_id in found:
                continue
            try:
                abstract = read_abstract(Source(source), payload)
            except ValueError as error:
                damaged[work_id] = f"the record of {source} cannot be read ({error}); see `evidence refresh --force`"
                continue
            if abstract:
                found[work_id] = abstract
    return found, {work_id: why for work_id, why in damaged.items() if work_id not in found}


def read_abstract(source: Source, payload: bytes) -> str | None:
    """Return the abstract in a kept record, or None where it has none.

    Args:
        source: whose record it is.
        payload: as `record.payload` holds it.

    Raises:
        ValueError: the record is damaged.

    >>> record = b'{"abstract": "<jats:p>Bone &amp; <jats:italic>Runx2</jats:italic>.</jats:p>"}'
    >>> read_abstract(Source.CROSSREF, zlib.compress(record))
    'Bone & <i>Runx2</i>.'
    """
    body = unpacked(payload)
    if b"bstract" not in body:
        return None
    if source is Source.PUBMED:
        return _of_article(body)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError("it is no JSON") from error
    return _of_jats(content.get("abstract")) if isinstance(content, dict) else None


def unpacked(payload: bytes) -> bytes:
    """Return a kept record as it was received.

    Raises:
        ValueError: it is damaged, or larger than any record.
    """
    unpacking = zlib.decompressobj()
    try:
        body = unpacking.decompress(payload, _MAX_RECORD_BYTES)
    except (zlib.error, TypeError) as error:
        raise ValueError("it cannot be unpacked") from error
    if not unpacking.eof:
        raise ValueError("it is cut, or larger than any record")
    return body


def _of_jats(text: Any) -> str | None:
    """Return an abstract from Crossref's JATS; the headings of its sections become labels.

    >>> _of_jats("<jats:title>Abstract</jats:title><jats:sec><jats:title>Aim</jats:title>It.</jats:sec>")
    'Aim: It.'
    """
    if not isinstance(text, str):
        return None
    return clean_title(_HEADING.sub(_label, text[: 2 * MAX_CHARS]), limit=MAX_CHARS)


def _label(match: re.Match[str]) -> str:
    heading = (clean_title(match[1]) or "").strip()
    if not heading or heading.casefold() in _ONLY_A_HEADING:
        return " "
    end = "" if heading.endswith(_ENDS) else ":"
    # What was read as text must be read as text again.
    return f"<p>{heading.replace('&', '&amp;amp;')}{end} </p>"


def _of_article(body: bytes) -> str | None:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise ValueError("it declares what a record has no use for")
    try:
        article = ET.fromstring(body)  # noqa: S314  # nothing is declared in it
    except ET.ParseError as error:
        raise ValueError("it is no XML") from error
    found = article.find("MedlineCitation/Article/Abstract")
    found = article.find("BookDocument/Abstract") if found is None else found
    return " ".join(_parts(found)) or None if found is not None else None


def _parts(abstract: ET.Element) -> Iterator[str]:
    """Yield the parts with their labels; the line of copyright is none of them."""
    for part in abstract.iterfind("AbstractText"):
        text = element_title(part, limit=MAX_CHARS)
        label = (part.get("Label") or "").strip()
        if text and label and label != "UNLABELLED":
            yield f"{label}{'' if label.endswith(_ENDS) else ':'} {text}"
        elif text:
            yield text
