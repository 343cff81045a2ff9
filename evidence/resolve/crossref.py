"""Crossref through habanero: batches of DOIs, single works, agencies; and its JSON -> `WorkRecord`.

habanero's own lists lose everything at one failure, cut odd DOIs at `#` and `?`, and its warnings make a throttled DOI
look like a missing one; so it is asked for one thing at a time, with quoted DOIs, and every answer is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

import httpx2

from evidence.errors import SourceAnswerError, SourceMovedError, SourceUnavailableError
from evidence.identifiers import fold_doi
from evidence.markup import clean_title, plain
from evidence.records import GENRED, AuthorName, NoticeRecord, Reference, RelationRecord, WorkRecord
from evidence.resolve.http import Connection
from evidence.resolve.retrying import retried, translated
from evidence.resolve.series import book_and_series
from evidence.resolve.stated import MAX_DOI_CHARS, stated_date, stated_doi, stated_number
from evidence.resolve.titles import marked_in_title
from evidence.vocabulary import SETTLING, NoticeKind, RelationKind, Scheme, Source

# Crossref's staff: 4,096 bytes for the request line (CrossRef/rest-api-doc #251, 2017); 414 above.
MAX_REQUEST_LINE_BYTES = 4000
_FIXED_BYTES = len("GET /works?filter=&rows=1000 HTTP/1.1") + 20
_NOT_FOUND = 404
CROSSREF_AGENCY = "crossref"
_ALIAS_OF = "evidence:alias-of"
_ARTICLE = "journal-article"
# What stands in a book, which may stand in a series.
_PARTS = frozenset(
    {"book-chapter", "book-section", "book-part", "book-track", "reference-entry", "proceedings-article"}
)

_WORK_PATH = re.compile(r"(?:/v[0-9]+)?/works/(.+)", re.DOTALL)
_DOI = re.compile(r"10\.[0-9][0-9.]*/.+", re.DOTALL)
# A comma ends a value in `filter` and cannot be escaped there.
_ODD = re.compile(r"[,\x00-\x20\x7f-\x9f]")
_ORCID = re.compile(r"(?<![0-9])([0-9]{4})-?([0-9]{4})-?([0-9]{4})-?([0-9]{3}[0-9Xx])(?![0-9])")
_TRIAL = re.compile(r"NCT[0-9]{8}")

# What deposits say beside Crossref's own update types.
_OTHER_UPDATE_TYPES = {
    "retraction-in-part": NoticeKind.PARTIAL_RETRACTION,
    "concern": NoticeKind.EXPRESSION_OF_CONCERN,
}
_RELATION_KINDS = {
    "is-preprint-of": RelationKind.IS_PREPRINT_OF,
    "has-preprint": RelationKind.HAS_PREPRINT,
    "is-comment-on": RelationKind.IS_COMMENT_ON,
    "is-reply-to": RelationKind.IS_COMMENT_ON,
    # One piece of research under two DOIs.
    "is-version-of": RelationKind.REPUBLISHED,
    "has-version": RelationKind.REPUBLISHED,
    "is-identical-to": RelationKind.REPUBLISHED,
    "is-same-as": RelationKind.REPUBLISHED,
    "is-translation-of": RelationKind.REPUBLISHED,
    "has-translation": RelationKind.REPUBLISHED,
}
_NOTICE_WORDS = frozenset(kind.value for kind in NoticeKind)
_VERSIONS = frozenset({NoticeKind.NEW_VERSION, NoticeKind.NEW_EDITION})
_DATES = (
    "issued",
    "published",
    "published-print",
    "published-online",
    "posted",
    "published-other",
    "approved",
    "content-created",
)
_MAX_SHOWN_CHARS = 80


class BatchAnswer(NamedTuple):
    """The works of a batch by the asked DOI, and the DOIs of which the answer says nothing."""

    found: dict[str, dict[str, Any]]
    absent: list[str]


def is_askable(doi: str) -> bool:
    """Tell whether a text can be sent as a DOI at all.

    >>> is_askable("10.1000/a#b"), is_askable("../x"), is_askable("10.1/" + "x" * 4000)
    (True, False, False)
    """
    return bool(_DOI.fullmatch(doi)) and len(quote(doi, safe="")) <= MAX_REQUEST_LINE_BYTES - _FIXED_BYTES


def is_odd(doi: str) -> bool:
    """Tell whether a DOI cannot stand in a batch.

    >>> is_odd("10.1000/a,b"), is_odd("10.1000/a(1)<2>")
    (True, False)
    """
    return bool(_ODD.search(doi))


def batches(dois: Iterable[str], size: int) -> list[list[str]]:
    """Return DOIs in groups that fit one request: at most `size`, and no longer than a request line may be."""
    groups: list[list[str]] = []
    room = 0
    for doi in dois:
        needed = len(str(httpx2.QueryParams({"f": f"doi:{doi},"}))) - len("f=")
        if not groups or needed > room or len(groups[-1]) >= size:
            groups.append([])
            room = MAX_REQUEST_LINE_BYTES - _FIXED_BYTES
        groups[-1].append(doi)
        room -= needed
    return groups


def ask_batch(connection: Connection, dois: Sequence[str]) -> BatchAnswer:
    """Ask for the works of many DOIs in one request.

    Args:
        connection: the HTTP layer.
        dois: from `batches`, none of them odd.

    Raises:
        SourceUnavailableError: no answer after all tries.
        SourceAnswerError: a refusal: one of the DOIs may be at fault.
    """

    def ask() -> list[Any]:
        with translated(Source.CROSSREF):
            answer = connection.crossref.works(filter={"doi": list(dois)}, limit=len(dois))
            return list(answer["message"]["items"])

    wanted = {fold_doi(doi): doi for doi in dois}
    found: dict[str, dict[str, Any]] = {}
    aliases: dict[str, dict[str, Any]] = {}
    for item in retried(ask, connection.tries, connection.stopping):
        # What was not asked for is dropped: another work's metadata must never stand under a DOI.
        if isinstance(item, dict):
            doi = doi_of(item)
            found |= {wanted[doi]: item} if doi in wanted else {}
            if stated_doi(doi):
                aliases |= {wanted[alias]: item for alias in _aliases(item) if alias in wanted}
    found = aliases | found
    return BatchAnswer(found, [doi for doi in dois if doi not in found])


def ask_single(connection: Connection, doi: str) -> dict[str, Any] | None:
    """Ask for the work of one DOI, whatever characters it has.

    Returns:
        The work, or None where Crossref has none (404). Its DOI is the asked one, or Crossref states that the asked
        one is an alias of it.

    Raises:
        SourceUnavailableError: no answer after all tries.
        SourceAnswerError: a refusal, or the work of another DOI.

    Source:
        Crossref, "Adding redirects for aliased DOIs in the REST API" (2025): an aliased DOI is answered with 301 and
        the record of its prime DOI, https://community.crossref.org/t/13138; recorded works name theirs in `aliases`.
    """
    try:
        message = _ask_work(connection, doi)
    except SourceMovedError as error:
        prime = _prime_of(error.location)
        # A beginning of the asked DOI is what a server makes of it that does not know how to read it.
        if prime is None or fold_doi(doi).startswith(fold_doi(prime)):
            raise
        message = _ask_work(connection, prime)
        if message is not None and doi_of(message) == fold_doi(prime):
            return message
    if message is None or doi_of(message) == fold_doi(doi):
        return message
    if stated_doi(message.get("DOI")) and fold_doi(doi) in _aliases(message):
        return message
    other = (_doi_of(message.get("DOI")) or "without a DOI")[:_MAX_SHOWN_CHARS]
    text = f"crossref: answered with another work, {other}, of which it states no such alias"
    raise SourceAnswerError(text, Source.CROSSREF)


def _ask_work(connection: Connection, doi: str) -> dict[str, Any] | None:
    def ask() -> dict[str, Any]:
        with translated(Source.CROSSREF):
            message = connection.crossref.works(ids=quote(doi, safe=""))["message"]
        if not isinstance(message, dict):
            raise SourceUnavailableError("crossref: the answer holds no work", Source.CROSSREF)
        return message

    try:
        return retried(ask, connection.tries, connection.stopping)
    except SourceAnswerError as error:
        if error.status == _NOT_FOUND:
            return None
        raise


def _prime_of(location: str) -> str | None:
    """Return the DOI that a redirect leads to.

    >>> _prime_of("https://api.crossref.org/v1/works/10.5479%2Fsi.1.2"), _prime_of("/works/10.1/a#b")
    ('10.5479/si.1.2', None)
    """
    try:
        parts = urlsplit(location)
    except ValueError:
        return None
    match = None if parts.query or parts.fragment else _WORK_PATH.fullmatch(parts.path)
    doi = unquote(match[1]) if match else ""
    return doi if is_askable(doi) else None


def doi_of(message: Mapping[str, Any]) -> str:
    """Return the DOI of a work exactly as Crossref has it, but for case; "" where it states none.

    >>> doi_of({"DOI": "10.1/X"}), doi_of({"DOI": "not a DOI"})
    ('10.1/x', '')
    """
    # One that was asked for may be as long as a request can be.
    return stated_doi(message.get("DOI"), MAX_REQUEST_LINE_BYTES) or ""


def _aliases(message: Mapping[str, Any]) -> set[str]:
    return {fold_doi(alias) for alias in _list(message.get("aliases")) if isinstance(alias, str)}


def ask_agency(connection: Connection, doi: str) -> str | None:
    """Ask which agency registered a DOI.

    Returns:
        The agency's name such as "DataCite", or None where no agency is known (404).

    Raises:
        SourceUnavailableError: no answer after all tries.
        SourceAnswerError: a refusal.
    """

    def ask() -> Any:
        with translated(Source.CROSSREF):
            return connection.crossref.registration_agency(quote(doi, safe=""))[0]

    try:
        label = plain(retried(ask, connection.tries, connection.stopping))
    except SourceAnswerError as error:
        if error.status == _NOT_FOUND:
            return None
        raise
    if label is None:
        raise SourceUnavailableError("crossref: the answer names no agency", Source.CROSSREF)
    return label


def read_work(message: Mapping[str, Any]) -> WorkRecord:
    """Return what Crossref says of a work.

    Args:
        message: the `message` of `/works/{doi}` or one of `message.items`; parts of the wrong type count as missing.

    >>> read_work({"DOI": "10.1/X", "title": ["A &amp; B"], "issued": {"date-parts": [[2004, 3]]}}).date
    '2004-03'
    """
    doi = doi_of(message)
    if prime := _doi_of(message.get(_ALIAS_OF)):
        return WorkRecord(Source.CROSSREF, (Reference(Scheme.DOI, doi), Reference(Scheme.DOI, prime)), is_alias=True)
    title = _first(clean_title(title) for title in _list(message.get("title")))
    notices = _notices(message, doi, title)
    container, series = _containers(message)
    return WorkRecord(
        source=Source.CROSSREF,
        identifiers=(Reference(Scheme.DOI, doi),),
        title=title,
        subtitle=_first(clean_title(text) for text in _list(message.get("subtitle"))),
        authors=_people(message.get("author")),
        editors=() if message.get("type") == _ARTICLE else _people(message.get("editor")),
        container=container,
        series=series,
        container_short=_first(plain(text) for text in _list(message.get("short-container-title"))),
        date=_first(read_date(message.get(name)) for name in _DATES),
        volume=stated_number(plain(message.get("volume"))),
        issue=stated_number(plain(message.get("issue"))),
        pages=stated_number(plain(message.get("page"))),
        article_number=stated_number(plain(message.get("article-number"))),
        publisher=_publisher(message),
        issn=_texts(message.get("ISSN")),
        isbn=tuple(text.rpartition("/")[2] for text in _texts(message.get("ISBN"))),
        type=(plain(message.get("type")) or "")[:40] or None,
        language=(plain(message.get("language")) or "")[:10] or None,
        notices=notices,
        relations=_relations(message, doi),
        origin="transcribed" if message.get("source") == "transcribed" else None,
    )


def alias_message(doi: str, prime: str) -> dict[str, Any]:
    """Return what is kept of Crossref's word that a DOI is an alias; `read_work` reads it.

    It has a record of its own, since the prime DOI's record is replaced whenever that is asked for alone.

    >>> read_work(alias_message("10.1/old", "10.1/new")).is_alias
    True
    """
    return {"DOI": doi, _ALIAS_OF: prime}


def read_orcid(text: object) -> str | None:
    """Return the ORCID iD in a text, in its usual form, or None.

    >>> read_orcid("http://orcid.org/0000-0002-1825-0097"), read_orcid("000000021694233x")
    ('0000-0002-1825-0097', '0000-0002-1694-233X')
    """
    match = _ORCID.search(text) if isinstance(text, str) else None
    return "-".join(match.groups()).upper() if match else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in _list(value) if isinstance(item, dict)]


def _texts(value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for item in _list(value) if (text := plain(item))))


def _first(texts: Iterable[str | None]) -> str | None:
    return next((text for text in texts if text), None)


def _containers(message: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return what a work stands in, and the series of that."""
    titles, kind = _texts(message.get("container-title")), plain(message.get("type"))
    if kind in _PARTS:
        return book_and_series(titles)
    # A preprint has no container; its server stands as the institution.
    servers = (plain(item.get("name")) for item in _dicts(message.get("institution")))
    return _first(titles) or (_first(servers) if kind == "posted-content" else None), None


def _publisher(message: Mapping[str, Any]) -> str | None:
    """Return who published a work; of a thesis or report the institution, whose library or press registered it."""
    institutions = _dicts(message.get("institution")) if plain(message.get("type")) in GENRED else ()
    return _first(plain(item.get("name")) for item in institutions) or plain(message.get("publisher"))


def _people(items: object) -> tuple[AuthorName, ...]:
    return tuple(person for item in _dicts(items) if (person := _person(item)))


def read_date(value: object) -> str | None:
    """Return a partial date, as precise as it is.

    >>> read_date({"date-parts": [[2004, 3]]}), read_date({"date-parts": [[None]]})
    ('2004-03', None)
    """
    parts = value.get("date-parts") if isinstance(value, dict) else None
    year, month, day, *_ = [*_list((_list(parts) or [None])[0]), None, None, None]
    return stated_date(year, month, day)


def _person(item: Mapping[str, Any]) -> AuthorName | None:
    family, given, name = (plain(item.get(key)) for key in ("family", "given", "name"))
    if not family:
        # A given name alone is how some deposits write a person of one name.
        family, given = given, None
    if not family:
        return AuthorName(collective=name) if name else None
    if suffix := plain(item.get("suffix")):
        given = f"{given} {suffix}" if given else suffix
    return AuthorName(family, given, read_orcid(item.get("ORCID")))


def _notices(message: Mapping[str, Any], doi: str, title: str | None) -> tuple[NoticeRecord, ...]:
    """Return what was done to this work; what this work does to others are relations."""
    own = [update for update in _dicts(message.get("update-to")) if _doi_of(update.get("DOI")) == doi]
    found: list[NoticeRecord] = []
    for update in (*_dicts(message.get("updated-by")), *own):
        notice_doi = _doi_of(update.get("DOI"))
        notice = _notice(update, Reference(Scheme.DOI, notice_doi) if notice_doi else None)
        if notice.kind in _VERSIONS and notice_doi in {doi, None}:
            # PLOS files its first version as the new version of itself.
            continue
        found.append(notice)
    others = [update for update in _dicts(message.get("update-to")) if _doi_of(update.get("DOI")) != doi]
    is_notice_of_another = any(_update_kind(update.get("type")) not in _VERSIONS for update in others)
    marked = marked_in_title(title)
    # A publisher may leave the mark in the title of a work that it has reinstated.
    if marked and not is_notice_of_another and not any(one.kind in SETTLING for one in found):
        found.append(NoticeRecord(marked, asserted_by="title"))
    return tuple(dict.fromkeys(found))


def _notice(update: Mapping[str, Any], identifier: Reference | None) -> NoticeRecord:
    number = update.get("record-id")
    return NoticeRecord(
        _update_kind(update.get("type")),
        read_date(update.get("updated")),
        identifier,
        plain(update.get("source")),
        plain(str(number)) if isinstance(number, str | int) else None,
    )


def _update_kind(name: object) -> NoticeKind:
    """Return the kind of an update, whatever way its type is written.

    >>> [_update_kind(name).value for name in ("expression_of_concern", "Partial retraction", "err")]
    ['expression-of-concern', 'partial-retraction', 'other']
    """
    word = "-".join(str(name).casefold().replace("_", " ").replace("-", " ").split())
    if word in _OTHER_UPDATE_TYPES:
        return _OTHER_UPDATE_TYPES[word]
    return NoticeKind(word) if word in _NOTICE_WORDS else NoticeKind.OTHER


def _relations(message: Mapping[str, Any], doi: str) -> tuple[RelationRecord, ...]:
    found: list[RelationRecord] = []
    relation = message.get("relation")
    for name, items in (relation if isinstance(relation, dict) else {}).items():
        kind = _RELATION_KINDS.get(name)
        for item in _dicts(items):
            target = _doi_of(item.get("id")) if item.get("id-type") == "doi" else None
            if kind and target and target != doi:
                found.append(RelationRecord(kind, Scheme.DOI, target))
    for update in _dicts(message.get("update-to")):
        target = _doi_of(update.get("DOI"))
        if target and target != doi:
            notice = _notice(update, None)
            kind = RelationKind.REPUBLISHED if notice.kind in _VERSIONS else RelationKind.IS_NOTICE_OF
            found.append(RelationRecord(kind, Scheme.DOI, target, notice))
    numbers = (str(trial.get("clinical-trial-number")) for trial in _dicts(message.get("clinical-trial-number")))
    trials = (_TRIAL.search(number.upper()) for number in numbers)
    found += [RelationRecord(RelationKind.SAME_TRIAL, "nct", match[0]) for match in trials if match]
    return tuple(dict.fromkeys(found))


def _doi_of(value: object) -> str | None:
    match = _DOI.search(value.strip()[:MAX_DOI_CHARS]) if isinstance(value, str) else None
    return fold_doi(match[0]) if match and match[0].isprintable() else None
