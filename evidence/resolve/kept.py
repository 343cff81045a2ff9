"""What registries sent, as the store keeps it -> `WorkRecord`: records, and the states that came after them."""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

from evidence.errors import SourceError
from evidence.records import WorkRecord
from evidence.resolve import agencies, crossref, idconv, pubmed
from evidence.vocabulary import RelationKind, Source

logger = logging.getLogger(__name__)

# Raised whenever the same records may give another work: every work is then made anew, without asking again.
VERSION = "7"

# Level 6 saves another tenth of the space for three times the time.
_COMPRESSION = 1
# PubMed's RefTypes by the words that its summaries have for them: "Retraction in" is RetractionIn.
_REFERENCE_TYPES = {name.casefold(): name for name in pubmed.REFERENCE_TYPES}


def compress(payload: bytes) -> bytes:
    """Return an answer as it is kept."""
    return zlib.compress(payload, _COMPRESSION)


def read_record(source: Source, payload: bytes) -> WorkRecord | None:
    """Return what a kept record says, or None where it is damaged.

    Args:
        source: whose record it is.
        payload: as `record.payload` holds it.
    """
    try:
        body = zlib.decompress(payload)
        if source is Source.PUBMED:
            return pubmed.read_payload(body)
        content = json.loads(body)
    except (zlib.error, ValueError, RecursionError, SourceError):
        logger.warning("a kept %s record is damaged and left out; ask again with --force", source)
        return None
    if source is Source.AGENCY:
        return agencies.read_csl(content)
    return crossref.read_work(content) if source is Source.CROSSREF else idconv.read_conversion(content)


def read_state(source: Source, payload: bytes) -> WorkRecord | None:
    """Return what a kept state says, or None where it is damaged.

    Args:
        source: whose state it is.
        payload: as `state.payload` holds it.
    """
    try:
        content = json.loads(zlib.decompress(payload))
    except (zlib.error, ValueError, RecursionError):
        logger.warning("a kept %s state is damaged and left out; ask again with --force", source)
        return None
    return read_summary(content) if source is Source.PUBMED else crossref.read_work(content)


def read_summary(summary: Mapping[str, Any]) -> WorkRecord:
    """Return what PubMed's document summary says of a work's notices, types and relations.

    It is read as the record that it sums up, so that both tell of a notice in the same words.

    Args:
        summary: version 2.0, JSON; parts of the wrong type count as missing.

    >>> told = {"refsource": "Lancet. 2010 Feb 6;375(9713):445.", "reftype": "Retraction in", "pmid": 20137807}
    >>> [notice] = read_summary({"uid": "9500320", "pubtype": ["Journal Article"], "references": [told]}).notices
    >>> notice.kind.value, notice.date, notice.identifier.value
    ('retraction', '2010-02-06', '20137807')
    """
    article = ET.Element("PubmedArticle")
    citation = ET.SubElement(article, "MedlineCitation")
    ET.SubElement(citation, "PMID").text = str(summary.get("uid") or "")
    article_part = ET.SubElement(citation, "Article")
    # A title may be all that marks a work as withdrawn.
    ET.SubElement(article_part, "ArticleTitle").text = str(summary.get("title") or "")
    issue = ET.SubElement(ET.SubElement(article_part, "Journal"), "JournalIssue")
    # "2010 Feb 6": a notice does to another work what it does on its own day.
    dated = ET.SubElement(issue, "PubDate")
    for name, part in zip(("Year", "Month", "Day"), str(summary.get("pubdate") or "").split(), strict=False):
        ET.SubElement(dated, name).text = part
    types = ET.SubElement(article_part, "PublicationTypeList")
    for name in _list(summary.get("pubtype")):
        ET.SubElement(types, "PublicationType").text = str(name)
    references = ET.SubElement(citation, "CommentsCorrectionsList")
    for told in _list(summary.get("references")):
        kind = _REFERENCE_TYPES.get("".join(str(told.get("reftype")).split()).casefold()) if _is_object(told) else None
        if kind:
            reference = ET.SubElement(references, "CommentsCorrections", RefType=kind)
            ET.SubElement(reference, "RefSource").text = str(told.get("refsource") or "")
            ET.SubElement(reference, "PMID").text = str(told.get("pmid") or "")
    return pubmed.read_article(article)


def with_state(record: WorkRecord, state: WorkRecord) -> WorkRecord:
    """Return a record with the notices, types and relations of a newer state in the place of its own.

    A notice that is gone at the registry is gone. States do not tell of trials.
    """
    trials = [one for one in record.relations if one.kind is RelationKind.SAME_TRIAL]
    return replace(
        record,
        notices=state.notices,
        publication_types=state.publication_types or record.publication_types,
        relations=tuple(dict.fromkeys((*state.relations, *trials))),
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_object(value: object) -> bool:
    return isinstance(value, dict)
