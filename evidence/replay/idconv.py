"""The PMC id converter: up to 200 ids of one kind -> PMID, PMCID and DOI of articles in PMC.

Source:
    A recorded answer of 2026-07-03; https://pmc.ncbi.nlm.nih.gov/tools/id-converter-api/ for the limits and the new
    address; its refusals for PMIDs and DOIs, its numbers, and what it makes of ids asked twice as its users quote them
    in 2026. The other refusals are of the same form, their words are ours.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from evidence.identifiers import fold_doi
from evidence.replay.messages import PRIVATE, Request, Response, joined_origin, json_response, no_recording
from evidence.replay.recordings import FoundArticle, Recordings

PATH = "/tools/idconv/api/v1/articles/"
OLD_PATH = "/pmc/utils/idconv/v1.0/"
MAX_IDS = 200

_NAMES = {"doi": "DOIs", "pmcid": "PMC IDs", "pmid": "PubMed IDs (Positive Integers)"}
# Numbers of more digits are none that PubMed or PMC could have.
_NUMBER = re.compile(r"[0-9]{1,18}")
_KINDS = {"doi": re.compile(r"10\.[0-9]+/.+"), "pmcid": re.compile(r"(?i:PMC)[0-9]+"), "pmid": _NUMBER}


def answer(request: Request, recordings: Recordings) -> Response:
    """Return the converter's answer: 301 from the old address, 400 for too many or mixed ids, else one record an id."""
    if request.path.rstrip("/") == OLD_PATH.rstrip("/"):
        location = f"{PATH}?{request.query}" if request.query else PATH
        return Response(301, b"", None, headers=(("Location", location),))
    parameters = dict(request.parameters())
    ids = [item for item in parameters.get("ids", "").split(",") if item]
    if parameters.get("format") != "json" or parameters.get("versions", "no") != "no":
        return no_recording()
    kind = parameters.get("idtype") or next(filter(None, map(_kind, ids[:1])), "pmid")
    return _refusal(ids, kind) or _converted(parameters, ids, kind, recordings)


def _refusal(ids: list[str], kind: str) -> Response | None:
    if kind not in _KINDS:
        return _refused(f"`{kind}` is not a valid value of query param `idtype`.", "invalid_idtype")
    if not 1 <= len(ids) <= MAX_IDS:
        return _refused(f"Query param `ids` takes 1 to {MAX_IDS} values.", "invalid_ids")
    if not _are_of_kind(ids, kind):
        return _refused(f"All values of query param `ids` must be {_NAMES[kind]}.", f"invalid_{kind}s")
    return None


def _converted(parameters: dict[str, str], ids: list[str], kind: str, recordings: Recordings) -> Response:
    records: list[dict[str, Any]] = []
    origins = []
    # An id that is asked twice is answered once.
    for item in dict.fromkeys(ids):
        asked = f"PMC{item}" if kind == "pmcid" and item.isdigit() else item
        article = _article(asked, kind, recordings)
        record = _record(asked, kind, article, recordings)
        if record is None:
            return no_recording()
        records.append(record)
        origins += [article.origin] if article else []
    return json_response(_envelope(parameters, ids, kind, records), origin=joined_origin(origins))


def _are_of_kind(ids: list[str], kind: str) -> bool:
    # PMCIDs may come without their letters, but not some of them.
    patterns = [_KINDS[kind], _NUMBER] if kind == "pmcid" else [_KINDS[kind]]
    return any(all(pattern.fullmatch(item) for item in ids) for pattern in patterns)


def _refused(message: str, code: str) -> Response:
    refusal = {"status": "error", "http_status": "400", "http_status_reason": "Bad Request"}
    return json_response({**refusal, "errors": [{"message": message, "code": code}]}, 400)


def _article(asked: str, kind: str, recordings: Recordings) -> FoundArticle | None:
    article = recordings.article_of(asked)
    stated = {"pmid": article.pmid, "pmcid": article.pmcid, "doi": article.doi}[kind] if article else None
    return article if stated and fold_doi(stated) == fold_doi(asked) else None


def _kind(identifier: str) -> str | None:
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(identifier)), None)


def _record(asked: str, kind: str, article: FoundArticle | None, recordings: Recordings) -> dict[str, Any] | None:
    if article and article.pmcid:
        ids = {"doi": article.doi, "pmcid": article.pmcid, "pmid": int(article.pmid), "requested-id": asked}
        return {name: value for name, value in ids.items() if value is not None}
    # A PubMed record that was recorded lists all its ids; one that was transcribed may just not state its PMCID.
    if fold_doi(asked) in recordings.absent_in_pmc or (article and article.origin == "recorded"):
        stated = int(asked) if kind == "pmid" else asked
        return {kind: stated, "requested-id": asked, "status": "error", "errmsg": "Identifier not found in PMC"}
    return None


def _envelope(parameters: dict[str, str], ids: list[str], kind: str, records: list[dict[str, Any]]) -> dict[str, Any]:
    request = {
        "warnings": [f"query param `{name}` is missing." for name in ("tool", "email") if not parameters.get(name)],
        "format": "json",
        "ids": ids,
        "tool": parameters.get("tool", ""),
        "echo": urlencode({name: value for name, value in parameters.items() if name not in PRIVATE}),
        "versions": "no",
        "showaiid": parameters.get("showaiid", "no"),
        "idtype": kind,
    }
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return {"status": "ok", "response-date": now, "request": request, "records": records}
