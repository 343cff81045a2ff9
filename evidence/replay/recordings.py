"""Data folders of recorded and transcribed answers, indexed by identifier.

A data folder holds any of:

    crossref/works.jsonl[.gz]     one recorded work a line: {"doi", "origin", "work"}; "work" is the `message` of
                                  `/works/{doi}`. Lines with "partial": true (answers to `select=`) are left out.
    crossref/exchanges/*.json     whole recorded exchanges {"request": {"method", "uri", "headers"}, "response":
                                  {"status", "headers", "json" or "text"}}; replayed where method, path and query
                                  match. Bodies are decoded, so the recorded length and encoding are dropped, and so
                                  are the recorded limits.
    pubmed/**/*.xml[.gz]          recorded PubmedArticleSets
    pubmed/esummary/*.json        recorded esummary answers, version 2.0
    entrez/efetch/**/*.xml        recorded answers by utility, of any database: what is not of PubMed is left out. Of a
    entrez/esummary/*.json        PMID with a summary and no record, a record is made of the summary (transcribed); of
    entrez/esearch/*.json         searches those for one DOI are read, of the converter what is not in PMC
    entrez/idconv/*.json
    entrez/errors/200_esummary*.json  summaries of PMIDs that do not exist
    pubmed_baseline/*.xml.gz      recorded PubmedArticleSets of the yearly files
    transcribed/works.jsonl       facts about works, copied by hand: {"doi", "pmid", "pmcid", "title", "authors", ...}
    transcribed/pubmed/*.xml      PubmedArticleSets written by hand; each citation says Owner="transcribed"
    transcribed/agencies.json     {doi: {"id", "label"}} of DOIs that another agency registered
    transcribed/other_agencies.jsonl  works of such DOIs, as the agency's content negotiation gives them: {"doi",
                                  "agency": its name, "csl"}
    transcribed/aliases.json      {"crossref": {DOI: the DOI that took its place}, "pubmed": {PMID: likewise}}; a
                                  recorded work that lists its `aliases` needs no entry
    absent.json                   what a registry is known not to have: {"crossref": [doi], "pubmed": [pmid],
                                  "pubmed_dois": [doi that finds nothing in PubMed], "pmc": [id not in PMC]}

A recorded answer wins over a transcribed one, an earlier folder over a later one. Works are indexed by a pattern and
parsed when asked for, so a start takes a fraction of a second. What is in none of these has no answer: the routes say
501.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import unescape

from evidence.errors import ConfigError
from evidence.identifiers import fold_doi
from evidence.replay.messages import JSON_TYPE, Origin, Request, Response
from evidence.replay.transcribed import article_of_summary, crossref_work, has_facts, pubmed_article

# They describe the connection and the day of the recording, not the answer; the limits are those that are enforced now.
_DROPPED_HEADERS = re.compile(
    r"access-control-.*|connection|content-(?:encoding|length|type)|date|permissions-policy|server|transfer-encoding|vary"
    r"|x-(?:api-pool|rate-limit-.*|concurrency-limit)",
    re.IGNORECASE,
)
_WORK_LINE = re.compile(rb'\{\s*"doi":\s*("(?:[^"\\]|\\.)*")')
_PARTIAL = re.compile(rb'"partial":\s*true')
_HEAD_BYTES = 400
_PMID = re.compile(rb"<PMID\b[^>]*>\s*(\d+)")
_ARTICLE_ID = re.compile(
    rb'<ArticleId IdType="(doi|pmc)"\s*>\s*([^<]+?)\s*<|<ELocationID\b[^>]*EIdType="(doi)"[^>]*>([^<]+)<'
)
_DOI_SEARCH = re.compile(r'"(10 [^"]+)"\[(?:Publisher ID|doi|aid|Location ID)\]', re.IGNORECASE)
_ARTICLE = re.compile(rb"<(PubmedArticle|PubmedBookArticle)[\s>]")
_TRANSCRIBED_OWNER = b'Owner="transcribed"'


@dataclass(frozen=True, slots=True)
class FoundWork:
    """A work as Crossref's JSON has it."""

    message: Mapping[str, Any]
    origin: Origin


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """A record as PubMed's XML has it, with the ids that the record itself states."""

    xml: bytes
    origin: Origin
    pmid: str
    doi: str | None
    pmcid: str | None


@dataclass(slots=True)
class Recordings:
    """Everything that the routes may answer from."""

    _lines: dict[str, tuple[bytes, int, int]] = field(default_factory=dict)
    _facts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _articles: dict[str, FoundArticle] = field(default_factory=dict)
    _pmids_of_phrase: dict[str, list[str]] = field(default_factory=dict)
    _pmid_of_id: dict[str, str] = field(default_factory=dict)
    _exchanges: dict[tuple[str, ...], Response] = field(default_factory=dict)
    _aliases_of: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    merged_pmids: dict[str, str] = field(default_factory=dict)
    other_works: dict[str, tuple[Mapping[str, Any], Origin]] = field(default_factory=dict)
    summaries: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    agencies: dict[str, tuple[Mapping[str, str], Origin]] = field(default_factory=dict)
    absent_dois: set[str] = field(default_factory=set)
    absent_pmids: set[str] = field(default_factory=set)
    absent_phrases: set[str] = field(default_factory=set)
    absent_in_pmc: set[str] = field(default_factory=set)

    def work(self, doi: str) -> FoundWork | None:
        """Return the work of a DOI, or None without a recording or facts."""
        doi = fold_doi(doi)
        if place := self._lines.get(doi):
            data, start, end = place
            return FoundWork(self._with_aliases(doi, json.loads(data[start:end])["work"]), Origin.RECORDED)
        if facts := self._facts.get(doi):
            return FoundWork(self._with_aliases(doi, crossref_work(facts)), Origin.TRANSCRIBED)
        return None

    def _with_aliases(self, doi: str, work: dict[str, Any]) -> dict[str, Any]:
        if doi in self._aliases_of:
            work["aliases"] = sorted({*work.get("aliases", ()), *self._aliases_of[doi]})
        return work

    def article(self, pmid: str) -> FoundArticle | None:
        """Return PubMed's record of a PMID, or None without a recording or facts."""
        return self._articles.get(pmid)

    def pmids_of_doi(self, doi: str) -> list[str] | None:
        """Return the PMIDs that a search for a DOI finds, or None where nothing is known of that search."""
        phrase = searched_phrase(doi)
        if phrase in self._pmids_of_phrase:
            return self._pmids_of_phrase[phrase]
        return [] if phrase in self.absent_phrases else None

    def article_of(self, identifier: str) -> FoundArticle | None:
        """Return the record that states a PMID, PMCID or DOI as its own."""
        pmid = self._pmid_of_id.get(fold_doi(identifier), identifier)
        return self._articles.get(pmid)

    def exchange(self, request: Request) -> Response | None:
        """Return the recorded exchange of the same method, path and query, or None."""
        return self._exchanges.get(_exchange_key(request.method, request.path, request.query, request.headers))

    def is_empty(self) -> bool:
        """Tell whether there is nothing to answer from."""
        return not (self._lines or self._facts or self._articles or self._exchanges or self.summaries)


def load_recordings(folders: Sequence[Path]) -> Recordings:
    """Index data folders.

    Args:
        folders: in order of precedence.

    Raises:
        ConfigError: a folder does not exist, holds no recordings, or has a file that cannot be read.
    """
    recordings = Recordings()
    for folder in folders:
        if not folder.is_dir():
            raise ConfigError(f"{folder}: there is no such data folder", "name a folder of recorded answers")
        _load_crossref(recordings, folder / "crossref")
        _load_pubmed(recordings, folder / "pubmed", Origin.RECORDED)
        _load_entrez(recordings, folder / "entrez")
        _load_pubmed(recordings, folder / "pubmed_baseline", Origin.RECORDED)
        _load_absent(recordings, folder / "absent.json")
    for folder in folders:
        _load_pubmed(recordings, folder / "transcribed" / "pubmed", Origin.TRANSCRIBED)
        _load_facts(recordings, folder / "transcribed" / "works.jsonl")
        _load_agencies(recordings, folder / "transcribed" / "agencies.json")
        _load_other_works(recordings, folder / "transcribed" / "other_agencies.jsonl")
        _load_aliases(recordings, folder / "transcribed" / "aliases.json")
    for pmid, summary in recordings.summaries.items():
        if recordings.article(pmid) is None:
            _add_article(recordings, article_of_summary(summary), Origin.TRANSCRIBED)
    if recordings.is_empty():
        raise ConfigError(
            f"{', '.join(map(str, folders)) or 'no folder'}: no recorded answers",
            "a data folder holds crossref/, pubmed/, entrez/, pubmed_baseline/ or transcribed/",
        )
    return recordings


def searched_phrase(doi: str) -> str:
    """Return what PubMed's search makes of a DOI: punctuation is dropped, so that neighbours can match.

    Source:
        The `querytranslation` of a recorded esearch answer.

    >>> searched_phrase("10.1016/S0140-6736(97)11096-0")
    '10 1016 s0140 6736 97 11096 0'
    """
    return " ".join(re.findall(r"[^\W_]+", doi.lower()))


def _read(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}", "restore the file or leave its folder out") from error


def _read_json(path: Path) -> Any:
    try:
        return json.loads(_read(path))
    except ValueError as error:
        raise ConfigError(f"{path}: not valid JSON: {error}", "restore the file or leave its folder out") from error


def _load_crossref(recordings: Recordings, folder: Path) -> None:
    for name in ("works.jsonl", "works.jsonl.gz"):
        if (folder / name).is_file():
            for doi, place in _work_lines(folder / name):
                recordings._lines.setdefault(doi, place)  # noqa: SLF001  # the loader fills what the class keeps private
                if place[0].find(b'"aliases"', *place[1:]) >= 0:
                    for alias in json.loads(place[0][place[1] : place[2]])["work"].get("aliases", ()):
                        recordings.aliases.setdefault(fold_doi(alias), doi)
    for path in sorted((folder / "exchanges").glob("*.json")):
        _load_exchange(recordings, path)


def _work_lines(path: Path) -> Iterator[tuple[str, tuple[bytes, int, int]]]:
    data = _read(path)
    start = 0
    number = 0
    while start < len(data):
        number += 1
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        match = _WORK_LINE.match(data, start, end)
        if match and not _PARTIAL.search(data, start, min(end, start + _HEAD_BYTES)):
            yield fold_doi(json.loads(match[1])), (data, start, end)
        elif not match and data[start:end].strip():
            raise ConfigError(f"{path}: line {number} does not begin with its DOI", 'write {"doi": ..., "work": ...}')
        start = end + 1


def _load_exchange(recordings: Recordings, path: Path) -> None:
    exchange = _read_json(path)
    if not isinstance(exchange, dict) or not {"request", "response"} <= exchange.keys():
        raise ConfigError(f"{path}: not a recorded exchange", 'write {"request": {...}, "response": {...}}')
    uri = urlsplit(exchange["request"]["uri"])
    if (uri.scheme, uri.hostname) != ("https", "api.crossref.org"):
        return
    method = exchange["request"]["method"].upper()
    answer = _exchange_response(exchange["response"])
    sent = {name.lower(): value for name, value in exchange["request"]["headers"]}
    recordings._exchanges.setdefault(_exchange_key(method, uri.path, uri.query, sent), answer)  # noqa: SLF001
    if uri.query:
        return
    work = re.fullmatch(r"/works/(10\..+?)(/agency)?", unquote(uri.path))
    if work and work[2] and answer.status == 200:  # noqa: PLR2004
        message = exchange["response"]["json"]["message"]
        recordings.agencies.setdefault(fold_doi(message["DOI"]), (message["agency"], Origin.RECORDED))
    elif work and not work[2] and answer.status == 404:  # noqa: PLR2004
        recordings.absent_dois.add(fold_doi(work[1]))


def _exchange_response(recorded: Mapping[str, Any]) -> Response:
    headers = [(name, value) for name, value in recorded["headers"] if not _DROPPED_HEADERS.fullmatch(name)]
    types = [value for name, value in recorded["headers"] if name.lower() == "content-type"]
    if "json" in recorded:
        body = json.dumps(recorded["json"], ensure_ascii=False, separators=(",", ":")).encode()
        types = types or [JSON_TYPE]
    else:
        body = recorded.get("text", "").encode()
    return Response(recorded["status"], body, types[0] if types else None, Origin.RECORDED, tuple(headers))


def _exchange_key(method: str, path: str, query: str, headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return what makes two requests the same: not the contact, but the form asked for where it is negotiated."""
    path = unquote(path).removeprefix("/v1")
    asked = sorted(f"{name}={value}" for name, value in parse_qsl(query, keep_blank_values=True) if name != "mailto")
    accept = headers.get("accept", "") if path.endswith("/transform") else ""
    return (method, path, accept, *asked)


def _load_pubmed(recordings: Recordings, folder: Path, origin: Origin) -> None:
    for path in sorted([*folder.rglob("*.xml"), *folder.rglob("*.xml.gz")]):
        for xml in _article_spans(_read(path)):
            if origin is Origin.TRANSCRIBED and _TRANSCRIBED_OWNER not in xml:
                raise ConfigError(f'{path}: a record here must say Owner="transcribed"', "recorded ones go to pubmed/")
            _add_article(recordings, xml, origin)
    for path in sorted((folder / "esummary").glob("*.json")):
        _add_summaries(recordings, _read_json(path)["result"])


def _add_summaries(recordings: Recordings, result: Mapping[str, Any]) -> None:
    for uid in result["uids"]:
        if "error" in result[uid]:
            recordings.absent_pmids.add(uid)
        else:
            recordings.summaries.setdefault(uid, result[uid])


def _load_entrez(recordings: Recordings, folder: Path) -> None:
    """Take in answers that are kept by utility, whatever the database."""
    _load_pubmed(recordings, folder / "efetch", Origin.RECORDED)
    for path in sorted((folder / "esummary").glob("*.json")):
        result = _read_json(path).get("result")
        if result and all(_is_of_pubmed(result[uid]) for uid in result["uids"]):
            _add_summaries(recordings, result)
    for path in sorted((folder / "errors").glob("200_esummary*.json")):
        _add_summaries(recordings, _read_json(path)["result"])
    for path in sorted((folder / "esearch").glob("*.json")):
        found = _read_json(path).get("esearchresult", {})
        if match := _DOI_SEARCH.fullmatch(found.get("querytranslation", "")):
            pmids = recordings._pmids_of_phrase.setdefault(searched_phrase(match[1]), [])  # noqa: SLF001
            pmids += [pmid for pmid in found.get("idlist", ()) if pmid not in pmids]
    for path in sorted((folder / "idconv").glob("*.json")):
        for said in _read_json(path).get("records", ()):
            if "not found in pmc" in str(said.get("errmsg")).casefold():
                recordings.absent_in_pmc.add(fold_doi(str(said["requested-id"])))


def _is_of_pubmed(summary: Mapping[str, Any]) -> bool:
    """Tell whether a document summary is PubMed's; those of PMC have numbers that would pass for PMIDs."""
    return any(
        item.get("idtype") == "pubmed" and item.get("value") == summary.get("uid")
        for item in summary.get("articleids", ())
    )


def _article_spans(data: bytes) -> Iterator[bytes]:
    opening = _ARTICLE.search(data)
    while opening is not None:
        closing = b"</" + opening[1] + b">"
        end = data.find(closing, opening.end())
        if end < 0:
            break
        yield data[opening.start() : end + len(closing)]
        opening = _ARTICLE.search(data, end)


def _add_article(recordings: Recordings, xml: bytes, origin: Origin) -> None:
    if not (match := _PMID.search(xml)):
        return
    pmid = match[1].decode()
    if pmid in recordings._articles:  # noqa: SLF001
        return
    # The references' own ids follow in the same form; they are not this record's.
    own = xml.partition(b"<ReferenceList")[0]
    dois: list[str] = []
    pmcid = None
    for scheme, value, location, elocation in _ARTICLE_ID.findall(own):
        text = unescape((value or elocation).decode()).strip()
        if scheme == b"pmc":
            pmcid = text.upper() if text.upper().startswith("PMC") else f"PMC{text}"
        elif scheme or location:
            dois.append(fold_doi(text))
    article = FoundArticle(xml, origin, pmid, dois[0] if dois else None, pmcid)
    recordings._articles[pmid] = article  # noqa: SLF001
    for doi in dict.fromkeys(dois):
        found = recordings._pmids_of_phrase.setdefault(searched_phrase(doi), [])  # noqa: SLF001
        if pmid not in found:
            found.append(pmid)
    for identifier in (*dois, pmcid):
        if identifier:
            recordings._pmid_of_id.setdefault(fold_doi(identifier), pmid)  # noqa: SLF001


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        return
    for number, line in enumerate(_read(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except ValueError as error:
            raise ConfigError(f"{path}: line {number} is not valid JSON: {error}", "one work a line") from error


def _load_facts(recordings: Recordings, path: Path) -> None:
    for facts in _json_lines(path):
        if not has_facts(facts):
            continue
        if facts.get("doi"):
            recordings._facts.setdefault(fold_doi(facts["doi"]), facts)  # noqa: SLF001
        if facts.get("pmid"):
            _add_article(recordings, pubmed_article(facts), Origin.TRANSCRIBED)


def _load_agencies(recordings: Recordings, path: Path) -> None:
    if path.is_file():
        for doi, agency in _read_json(path).items():
            recordings.agencies.setdefault(fold_doi(doi), (agency, Origin.TRANSCRIBED))


def _load_other_works(recordings: Recordings, path: Path) -> None:
    for work in _json_lines(path):
        doi = fold_doi(work["doi"])
        recordings.other_works.setdefault(doi, (work["csl"], Origin.TRANSCRIBED))
        agency = {"id": work["agency"].lower(), "label": work["agency"]}
        recordings.agencies.setdefault(doi, (agency, Origin.TRANSCRIBED))


def _load_aliases(recordings: Recordings, path: Path) -> None:
    if not path.is_file():
        return
    aliases = _read_json(path)
    for alias, primary in aliases.get("crossref", {}).items():
        if recordings.aliases.setdefault(fold_doi(alias), fold_doi(primary)) == fold_doi(primary):
            recordings._aliases_of.setdefault(fold_doi(primary), []).append(alias)  # noqa: SLF001
    recordings.merged_pmids.update(aliases.get("pubmed", {}))


def _load_absent(recordings: Recordings, path: Path) -> None:
    if not path.is_file():
        return
    absent = _read_json(path)
    recordings.absent_dois.update(fold_doi(doi) for doi in absent.get("crossref", ()))
    recordings.absent_pmids.update(absent.get("pubmed", ()))
    recordings.absent_phrases.update(searched_phrase(doi) for doi in absent.get("pubmed_dois", ()))
    recordings.absent_in_pmc.update(fold_doi(identifier) for identifier in absent.get("pmc", ()))
