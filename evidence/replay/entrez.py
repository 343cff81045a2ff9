"""The E-utilities for PubMed: esearch, efetch, esummary, epost.

Source:
    Recorded answers of eutils.ncbi.nlm.nih.gov; NBK25499 for the parameters; the DOCTYPE of 2026's answers.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.sax.saxutils import escape

from evidence.replay.esummary import summary_of, summary_xml
from evidence.replay.messages import Request, Response, joined_origin, json_response, no_recording, whole_number
from evidence.replay.recordings import Recordings, searched_phrase

PREFIX = "/entrez/eutils/"
DATABASE = "pubmed"
MAX_IDS = 10_000

_XML = "text/xml; charset=UTF-8"
_JSON = "application/json; charset=UTF-8"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" ?>\n'
_ARTICLE_SET = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2026//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_260101.dtd">\n<PubmedArticleSet>'
)
_SEARCH_DOCTYPE = (
    '<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
    '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
)
_POST_DOCTYPE = (
    '<!DOCTYPE ePostResult PUBLIC "-//NLM//DTD epost 20090526//EN" '
    '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20090526/epost.dtd">\n'
)
_SUMMARY_DOCTYPE = (
    '<!DOCTYPE eSummaryResult PUBLIC "-//NLM//DTD eSummaryResult//EN" '
    '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20141201/eSummary_pubmed.dtd">\n'
)

_TERM = re.compile(r'\s*\(?\s*(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"\[\]]+))\s*\[(?P<field>[A-Za-z ]+)\]\s*\)?\s*')
_DOI_FIELDS = {"doi", "aid", "article identifier", "lid", "location id", "publisher id"}
_UID_FIELDS = {"uid", "pmid"}


@dataclass(slots=True)
class History:
    """What was posted: id lists by their WebEnv and query key."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _environments: dict[str, list[list[str]]] = field(default_factory=dict)

    def post(self, ids: Sequence[str], environment: str | None = None) -> tuple[str, str]:
        """Keep a list of ids and return its WebEnv and query key."""
        with self._lock:
            name = environment or f"MCID_replay{len(self._environments) + 1:06d}"
            lists = self._environments.setdefault(name, [])
            lists.append(list(ids))
            return name, str(len(lists))

    def ids(self, environment: str, key: str) -> list[str] | None:
        """Return the ids of a posted list, or None where there is none of this name."""
        with self._lock:
            lists = self._environments.get(environment, [])
            number = whole_number(key) or 0
            return lists[number - 1] if 0 < number <= len(lists) else None


def answer(request: Request, recordings: Recordings, history: History) -> Response:
    """Return the E-utilities' answer to a request; GET and POST are alike.

    Args:
        request: one whose path begins with `PREFIX`.
        recordings: what may be answered from.
        history: the lists posted so far.
    """
    utilities: dict[str, Callable[[dict[str, str], Recordings, History], Response]] = {
        "esearch.fcgi": _search,
        "efetch.fcgi": _fetch,
        "esummary.fcgi": _summarize,
        "epost.fcgi": _post,
    }
    utility = utilities.get(request.path.removeprefix(PREFIX))
    parameters = _parameters(request)
    if utility is None or parameters.get("db") != DATABASE:
        return no_recording()
    return utility(parameters, recordings, history)


def _parameters(request: Request) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for name, value in request.parameters():
        # Repeated ids are one list; of everything else the last one counts.
        parameters[name] = f"{parameters[name]},{value}" if name == "id" and name in parameters else value
    return parameters


def asked_ids(request: Request, history: History) -> list[str]:
    """Return the PMIDs and DOIs that a request asks for, by id, posted list or search."""
    parameters = _parameters(request)
    return [*_asked_ids(parameters, history), *(value for _, value in _terms(parameters.get("term", "")))]


def _asked_ids(parameters: dict[str, str], history: History) -> list[str]:
    """Return the asked PMIDs, once each and in order."""
    if "WebEnv" in parameters:
        ids = history.ids(parameters["WebEnv"], parameters.get("query_key", "")) or []
        start = _integer(parameters.get("retstart"), 0)
        ids = ids[start : start + _integer(parameters.get("retmax"), MAX_IDS)]
    else:
        ids = re.findall(r"[^\s,]+", parameters.get("id", ""))
    return list(dict.fromkeys(ids))


def _integer(text: str | None, default: int) -> int:
    number = whole_number(text)
    return default if number is None else number


def _is_unknown(pmid: str, recordings: Recordings) -> bool:
    return recordings.article(pmid) is None and pmid not in recordings.absent_pmids


def _fetch(parameters: dict[str, str], recordings: Recordings, history: History) -> Response:
    # Of a PMID that was merged into another it is known only that its own record is gone; the other utilities say 501.
    pmids = [recordings.merged_pmids.get(pmid, pmid) for pmid in _asked_ids(parameters, history)]
    if not pmids or parameters.get("retmode") != "xml" or any(_is_unknown(pmid, recordings) for pmid in pmids):
        return no_recording()
    articles = list(dict.fromkeys(article for pmid in pmids if (article := recordings.article(pmid))))
    body = b"\n".join((_ARTICLE_SET.encode(), *(article.xml for article in articles), b"</PubmedArticleSet>"))
    if not articles:
        return empty_set()
    return Response(200, body, _XML, joined_origin(article.origin for article in articles))


def empty_set() -> Response:
    """Return a set without articles. Recorded: it has no line break within."""
    return Response(200, f"{_ARTICLE_SET}</PubmedArticleSet>".encode(), _XML)


def error_answer(request: Request) -> Response:
    """Return an answer with an ERROR element, in the form of the utility that was asked.

    Source:
        Recorded errors of esearch, in XML and JSON; efetch's as its users quote them.
    """
    utility = request.path.removeprefix(PREFIX).removesuffix(".fcgi")
    text = "Search Backend failed: NCBI C++ Exception: the server does not answer"
    if dict(request.parameters()).get("retmode") == "json" and utility != "efetch":
        content = {"header": {"type": utility, "version": "0.3"}, f"{utility}result": {"ERROR": text}}
        return Response(200, json_response(content).body, _JSON)
    name = f"e{utility.removeprefix('e').capitalize()}Result"
    return Response(200, f"{_DECLARATION}<{name}>\n\t<ERROR>{text}</ERROR>\n</{name}>\n".encode(), _XML)


def _search(parameters: dict[str, str], recordings: Recordings, history: History) -> Response:
    terms = _terms(parameters.get("term", ""))
    if not terms:
        return no_recording()
    found: set[str] = set()
    missed: list[str] = []
    for field_name, value in terms:
        pmids = recordings.pmids_of_doi(value) if field_name in _DOI_FIELDS else _existing(value, recordings)
        if pmids is None:
            return no_recording()
        found.update(pmids)
        missed += [] if pmids else [f'"{value}"[{field_name}]']
    ordered = sorted(found, key=int, reverse=True)
    start, most = _integer(parameters.get("retstart"), 0), _integer(parameters.get("retmax"), 20)
    shown = ordered[start : start + most]
    posted = history.post(ordered, parameters.get("WebEnv")) if parameters.get("usehistory") == "y" else None
    origins = [article.origin for pmid in shown if (article := recordings.article(pmid))]
    write = _search_json if parameters.get("retmode") == "json" else _search_xml
    body = write(_Search(len(ordered), start, shown, posted, _translation(terms), missed))
    return Response(200, body.encode(), _JSON if write is _search_json else _XML, joined_origin(origins))


def _terms(text: str) -> list[tuple[str, str]]:
    """Return the parts of a term joined by OR, or nothing where it is any other search.

    >>> _terms('"10.1/x"[doi] OR 9500320[uid]')
    [('doi', '10.1/x'), ('uid', '9500320')]
    """
    terms: list[tuple[str, str]] = []
    for part in re.split(r"\sOR\s", text):
        match = _TERM.fullmatch(part)
        name = match["field"].lower() if match else ""
        if match is None or name not in _DOI_FIELDS | _UID_FIELDS:
            return []
        terms.append((name, match["quoted"] if match["bare"] is None else match["bare"]))
    return terms


def _existing(pmid: str, recordings: Recordings) -> list[str] | None:
    if recordings.article(pmid):
        return [pmid]
    return [] if pmid in recordings.absent_pmids else None


def _translation(terms: list[tuple[str, str]]) -> str:
    return " OR ".join(
        f'"{searched_phrase(value)}"[Publisher ID]' if name in _DOI_FIELDS else f"{value}[UID]" for name, value in terms
    )


class _Search(NamedTuple):
    """What one search found. `posted` are the WebEnv and the key under which the history server keeps it."""

    total: int
    start: int
    shown: list[str]
    posted: tuple[str, str] | None
    translation: str
    missed: list[str]


def _search_json(found: _Search) -> str:
    result: dict[str, object] = {
        "count": str(found.total), "retmax": str(len(found.shown)), "retstart": str(found.start)
    }  # fmt: skip
    if found.posted:
        result |= {"querykey": found.posted[1], "webenv": found.posted[0]}
    result |= {"idlist": found.shown, "translationset": [], "querytranslation": found.translation}
    if found.missed:
        result["errorlist"] = {"phrasesnotfound": found.missed, "fieldsnotfound": []}
    content = {"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}
    return json_response(content).body.decode()


def _search_xml(found: _Search) -> str:
    posted = found.posted
    history = f"<QueryKey>{posted[1]}</QueryKey><WebEnv>{escape(posted[0])}</WebEnv>" if posted else ""
    ids = "".join(f"\n<Id>{pmid}</Id>" for pmid in found.shown)
    errors = "".join(f"<PhraseNotFound>{escape(phrase)}</PhraseNotFound>" for phrase in found.missed)
    return (
        f"{_DECLARATION}{_SEARCH_DOCTYPE}<eSearchResult><Count>{found.total}</Count><RetMax>{len(found.shown)}</RetMax>"
        f"<RetStart>{found.start}</RetStart>{history}<IdList>{ids}</IdList><TranslationSet/>"
        f"<QueryTranslation>{escape(found.translation)}</QueryTranslation>"
        + (f"<ErrorList>{errors}</ErrorList>" if errors else "")
        + "</eSearchResult>\n"
    )


def _summarize(parameters: dict[str, str], recordings: Recordings, history: History) -> Response:
    pmids = _asked_ids(parameters, history)
    is_json = parameters.get("retmode") == "json"
    if not pmids or (not is_json and parameters.get("version") != "2.0"):
        return no_recording()
    summaries: dict[str, dict[str, object]] = {}
    origins = []
    for pmid in pmids:
        found = summary_of(pmid, recordings)
        if found is None and pmid not in recordings.absent_pmids:
            return no_recording()
        if found is None:
            summaries[pmid] = {"uid": pmid, "error": "cannot get document summary"}
        else:
            summaries[pmid] = found[0]
            origins.append(found[1])
    origin = joined_origin(origins)
    if is_json:
        content = {"header": {"type": "esummary", "version": "0.3"}, "result": {"uids": pmids, **summaries}}
        return Response(200, json_response(content).body, _JSON, origin)
    documents = "\n".join(summary_xml(summary) for summary in summaries.values())
    body = (
        f'{_DECLARATION}{_SUMMARY_DOCTYPE}<eSummaryResult>\n<DocumentSummarySet status="OK">\n{documents}\n'
        "</DocumentSummarySet>\n</eSummaryResult>\n"
    )
    return Response(200, body.encode(), _XML, origin)


def _post(parameters: dict[str, str], _recordings: Recordings, history: History) -> Response:
    ids = re.findall(r"[^\s,]+", parameters.get("id", ""))
    valid = [pmid for pmid in ids if pmid.isascii() and pmid.isdigit()]
    if not valid:
        content = "\t<ERROR>Empty ID list; Nothing to store</ERROR>"
    else:
        environment, key = history.post(valid[:MAX_IDS], parameters.get("WebEnv"))
        content = f"\t<QueryKey>{key}</QueryKey>\n\t<WebEnv>{escape(environment)}</WebEnv>"
    body = f"{_DECLARATION}{_POST_DOCTYPE}<ePostResult>\n{content}\n</ePostResult>\n"
    return Response(200, body.encode(), _XML)
