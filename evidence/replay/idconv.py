"""The PMC id converter: up to 200 ids of one kind -> PMID, PMCID and DOI of articles in PMC.

Source:
    A recorded answer of 2026-07-03; https://pmc.ncbi.nlm.nih.gov/tools/id-converter-api/ for the limits and the new
    address.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from evidence.replay.messages import Request, Response, joined_origin, json_response, no_recording
from evidence.replay.recordings import FoundArticle, Recordings

PATH = "/tools/idconv/api/v1/articles/"
OLD_PATH = "/pmc/utils/idconv/v1.0/"
MAX_IDS = 200

_KINDS = {"doi": re.compile(r"10\.\d+/.+"), "pmcid": re.compile(r"(?i:PMC)\d+"), "pmid": re.compile(r"\d+")}


def answer(request: Request, recordings: Recordings) -> Response:
    """Return the converter's answer: 301 from the old address, 400 for too many or mixed ids, else one record an id."""
    if request.path.rstrip("/") == OLD_PATH.rstrip("/"):
        location = f"{PATH}?{request.query}" if request.query else PATH
        return Response(301, b"", None, headers=(("Location", location),))
    parameters = dict(request.parameters())
    ids = [item for item in parameters.get("ids", "").split(",") if item]
    if parameters.get("format") != "json" or parameters.get("versions", "no") != "no":
        return no_recording()
    kinds = {parameters.get("idtype") or _kind(item) for item in ids}
    if len(kinds) != 1 or None in kinds or len(ids) > MAX_IDS:
        return json_response({"status": "error", "message": f"give 1 to {MAX_IDS} ids of one kind"}, 400)
    records: list[dict[str, Any]] = []
    origins = []
    for item in ids:
        article = recordings.article_of(item)
        record = _record(item, str(*kinds), article, recordings)
        if record is None:
            return no_recording()
        records.append(record)
        origins += [article.origin] if article else []
    return json_response(_envelope(parameters, ids, str(*kinds), records), origin=joined_origin(origins))


def _kind(identifier: str) -> str | None:
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(identifier)), None)


def _record(asked: str, kind: str, article: FoundArticle | None, recordings: Recordings) -> dict[str, Any] | None:
    if article and article.pmcid:
        ids = {"doi": article.doi, "pmcid": article.pmcid, "pmid": int(article.pmid), "requested-id": asked}
        return {name: value for name, value in ids.items() if value is not None}
    # A PubMed record that was recorded lists all its ids; one that was transcribed may just not state its PMCID.
    if asked.lower() in recordings.absent_in_pmc or (article and article.origin == "recorded"):
        return {kind: asked, "requested-id": asked, "status": "error", "errmsg": "Identifier not found in PMC"}
    return None


def _envelope(parameters: dict[str, str], ids: list[str], kind: str, records: list[dict[str, Any]]) -> dict[str, Any]:
    request = {
        "warnings": [f"query param `{name}` is missing." for name in ("tool", "email") if not parameters.get(name)],
        "format": "json",
        "ids": ids,
        "tool": parameters.get("tool", ""),
        "versions": "no",
        "showaiid": parameters.get("showaiid", "no"),
        "idtype": kind,
    }
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return {"status": "ok", "response-date": now, "request": request, "records": records}
