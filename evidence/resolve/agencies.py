"""Works that another agency than Crossref registered: content negotiation by habanero, and CSL JSON -> `WorkRecord`.

doi.org sends such a request on to the agency of the DOI (DataCite, mEDRA, JaLC ...), as far as that takes part.

Source:
    https://citation.doi.org/docs.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from habanero import cn

from evidence.errors import SourceAnswerError, SourceUnavailableError
from evidence.identifiers import fold_doi
from evidence.markup import clean_title, plain
from evidence.records import AuthorName, Reference, WorkRecord
from evidence.resolve.crossref import doi_of, read_date, read_orcid
from evidence.resolve.http import NO_METADATA, Connection
from evidence.resolve.pubmed import PREPRINT_SERVER
from evidence.resolve.retrying import retried, translated
from evidence.resolve.stated import stated_date, stated_number
from evidence.vocabulary import Scheme, Source

_NOT_FOUND = 404
_ISO_DATE = re.compile(r"([12][0-9]{3})(?:-([0-9]{2}))?(?:-([0-9]{2}))?(?![0-9])")
_ISSN = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9Xx]")
_SEPARATORS = re.compile(r"[\s,;]+")
# CSL's types (CSL 1.0.2, appendix III) in the words that Crossref has for the same; the others stay as they are.
_TYPES = {
    "article-journal": "journal-article",
    "paper-conference": "proceedings-article",
    "chapter": "book-chapter",
    "entry-encyclopedia": "reference-entry",
    "entry-dictionary": "reference-entry",
    "thesis": "dissertation",
    "review": "peer-review",
}


class Negotiated(NamedTuple):
    """What doi.org and the agency say: whether there is such a DOI, and what it names, if the agency tells."""

    is_registered: bool
    metadata: dict[str, Any] | None


def negotiate(connection: Connection, doi: str) -> Negotiated:
    """Ask the agency of a DOI for its metadata.

    Raises:
        SourceUnavailableError: no answer after all tries.
        SourceAnswerError: a refusal, or the metadata of another DOI.
    """

    def ask() -> dict[str, Any]:
        with translated(Source.AGENCY):
            # It splits at spaces, so the DOI goes in quoted.
            content = json.loads(cn.content_negotiation(ids=quote(doi, safe=""), format="citeproc-json"))
        if not isinstance(content, dict):
            raise SourceUnavailableError("agency: the answer holds no work", Source.AGENCY)
        return content

    try:
        metadata = retried(ask, connection.tries, connection.stopping)
    except SourceAnswerError as error:
        if error.status == _NOT_FOUND:
            return Negotiated(is_registered=False, metadata=None)
        if error.status == NO_METADATA:
            return Negotiated(is_registered=True, metadata=None)
        raise
    if doi_of(metadata) != fold_doi(doi):
        raise SourceAnswerError("agency: answered with another work, or without a DOI", Source.AGENCY)
    return Negotiated(is_registered=True, metadata=metadata)


def read_csl(item: Mapping[str, Any]) -> WorkRecord:
    """Return what an agency says of a work.

    Args:
        item: CSL JSON; parts of the wrong type count as missing.

    >>> work = read_csl({"DOI": "10.5061/Dryad.8515", "type": "dataset", "issued": {"date-parts": [["2011", 2]]}})
    >>> work.identifiers[0].value, work.type, work.date
    ('10.5061/dryad.8515', 'dataset', '2011-02')
    """
    container, publisher = _text(item.get("container-title")), plain(item.get("publisher"))
    kind = (plain(item.get("type")) or "")[:40] or None
    # A preprint is an "article" in CSL, as are texts of other kinds; its server tells the two apart.
    if kind == "article" and PREPRINT_SERVER.match(container or publisher or ""):
        kind = "posted-content"
        container = container or publisher
    return WorkRecord(
        source=Source.AGENCY,
        identifiers=(Reference(Scheme.DOI, doi_of(item)),),
        title=clean_title(_raw(item.get("title"))),
        authors=_people(item.get("author")),
        editors=() if kind == "article-journal" else _people(item.get("editor")),
        container=container,
        series=_text(item.get("collection-title")),
        container_short=_text(item.get("container-title-short")),
        date=_date(item.get("issued")),
        volume=stated_number(plain(item.get("volume"))),
        issue=stated_number(plain(item.get("issue"))),
        pages=stated_number(plain(item.get("page"))),
        publisher=publisher,
        issn=tuple(one for one in _numbers(item.get("ISSN")) if _ISSN.fullmatch(one)),
        isbn=_numbers(item.get("ISBN")),
        type=_TYPES.get(kind or "", kind),
        language=(plain(item.get("language")) or "")[:10] or None,
    )


def _raw(value: object) -> object:
    """Return a text that some agencies send as a list of one."""
    return value[0] if isinstance(value, list) and value else value


def _text(value: object) -> str | None:
    return plain(_raw(value))


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _numbers(value: object) -> tuple[str, ...]:
    """Return the numbers of a list, or of a text with several."""
    texts = [plain(one) or "" for one in (value if isinstance(value, list) else [value])]
    return tuple(dict.fromkeys(one for text in texts for one in _SEPARATORS.split(text) if one))


def _people(items: object) -> tuple[AuthorName, ...]:
    return tuple(person for item in _dicts(items) if (person := _person(item)))


def _person(item: Mapping[str, Any]) -> AuthorName | None:
    family, given = plain(item.get("family")), plain(item.get("given"))
    if not family:
        collective = plain(item.get("literal")) or plain(item.get("name"))
        # A given name alone is how a person of one name is deposited.
        return AuthorName(collective=collective) if collective else (AuthorName(given) if given else None)
    particle = plain(item.get("non-dropping-particle"))
    given = " ".join(filter(None, (given, plain(item.get("dropping-particle")), plain(item.get("suffix"))))) or None
    orcid = read_orcid(item.get("ORCID"))
    return AuthorName(f"{particle} {family}" if particle else family, given, orcid)


def _date(value: object) -> str | None:
    """Return a date of CSL: in parts, or as a text that begins with an ISO date."""
    if date := read_date(value):
        return date
    for name in ("raw", "literal"):
        text = value.get(name) if isinstance(value, dict) else None
        if isinstance(text, str) and (match := _ISO_DATE.match(text.strip())):
            return stated_date(*match.groups())
    return None
