"""Works -> CSL-JSON, as pandoc, Zotero and citeproc read it.

Source:
    Citation Style Language 1.0.2, csl-data.json: `id` is a text, titles may hold `<i> <b> <sup> <sub>`, no LaTeX.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from evidence.export.escaping import clean, plain_text
from evidence.export.kinds import KINDS, NUMBERED, OF_AUTHORITIES
from evidence.export.languages import iso_language
from evidence.export.names import split_name
from evidence.export.records import CitedWork
from evidence.records import AuthorName

_DATE = re.compile(r"[0-9]{1,4}(?:-[0-9]{1,2}){0,2}")
_TYPES = {
    "journal-article": "article-journal",
    "posted-content": "article",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "proceedings": "book",
    "book-chapter": "chapter",
    "book-section": "chapter",
    "book-part": "chapter",
    "reference-entry": "entry",
    "proceedings-article": "paper-conference",
    "dissertation": "thesis",
    "software": "software",
    "dataset": "dataset",
    "database": "dataset",
    "report": "report",
    "peer-review": "review",
    "standard": "standard",
    **{kind: kind for kind in KINDS},
}
_HELD_BY_SERIES = frozenset({"book", "report", "thesis"})


def write_csl(batches: Iterable[Sequence[CitedWork]], warnings: list[str]) -> Iterator[str]:
    """Yield the parts of a CSL-JSON file, one work a line.

    Args:
        batches: works in the order of their keys.
        warnings: dates that are none are added here, each with the key of its work; CSL takes everything else.
    """
    before = "[\n"
    for works in batches:
        lines = [json.dumps(_item(work), ensure_ascii=False) for work in works]
        warnings += [
            f"{work.key}: date: {clean(work.date)!r} is no date, and left out"
            for work in works
            if work.date and not _DATE.fullmatch(work.date)
        ]
        if lines:
            yield before + ",\n".join(lines)
            before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _item(work: CitedWork) -> dict[str, Any]:
    kind = _TYPES.get(work.type or "", "article-journal" if work.type is None and work.container else "document")
    item: dict[str, Any] = {
        "id": work.key,
        "type": kind,
        "title": clean(work.title),
        "author": [_name(author) for author in work.authors],
        "editor": [_name(editor) for editor in work.editors],
        # What holds a book, a report or a thesis is its series.
        "collection-title": plain_text((kind in _HELD_BY_SERIES and work.container) or work.series or ""),
        "collection-number": clean(work.series_number or ""),
        "container-title": plain_text(work.container or "") if kind not in _HELD_BY_SERIES else "",
        "container-title-short": plain_text(work.container_short or ""),
        "issued": _date(work.date),
        "volume": clean(work.volume or ""),
        # A report has a number, and no issue.
        "issue": clean(work.issue or "") if kind not in NUMBERED else "",
        "page": clean(work.pages or ""),
        # Styles print an article's own number where the pages stand.
        "number": clean(work.article_number or (work.issue if kind in NUMBERED else "") or ""),
        "genre": clean(work.genre or ""),
        "edition": clean(work.edition or ""),
        "version": clean(work.version or ""),
        # Who decided or enacted it.
        "authority" if work.type in OF_AUTHORITIES else "publisher": clean(work.publisher or ""),
        "publisher-place": clean(work.place or ""),
        "ISSN": clean(", ".join(work.issn)),
        "ISBN": clean(work.isbn[0]) if work.isbn else "",
        "language": iso_language(work.language),
        "DOI": clean(work.doi or ""),
        "PMID": work.pmid,
        "PMCID": work.pmcid,
        "note": clean(work.note or ""),
        "abstract": clean(work.abstract or ""),
        "keyword": ", ".join(map(clean, work.keywords)),
        "custom": {"former-ids": list(work.aliases)} if work.aliases else None,
    }
    if not item["page"] and work.article_number:
        item["page"] = item["number"]
    return {name: value for name, value in item.items() if value}


def _name(name: AuthorName) -> dict[str, str]:
    person = split_name(name)
    if person is None:
        return {"literal": clean(name.collective or "")}
    parts = {"family": clean(person.family), "given": clean(person.given), "suffix": clean(person.suffix)}
    return {part: value for part, value in parts.items() if value}


def _date(date: str | None) -> dict[str, list[list[int]]] | None:
    """Return a date as precise as it is.

    >>> _date("2004-03")
    {'date-parts': [[2004, 3]]}
    """
    if not date or not _DATE.fullmatch(date):
        return None
    return {"date-parts": [[int(part) for part in date.split("-")]]}
