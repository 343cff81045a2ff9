"""Crossref's REST API: works by DOI, lists by `filter=doi:`, agencies, content negotiation.

Source:
    Recorded exchanges of api.crossref.org, 2026-06 and 2026-07, for every form of answer here; the text of
    `select-not-available` as quoted by its users, since no recording of it was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

from evidence.identifiers import fold_doi
from evidence.replay import transform
from evidence.replay.crossref_names import FILTERS, SELECTABLE
from evidence.replay.messages import (
    Origin,
    Request,
    Response,
    joined_origin,
    json_response,
    no_recording,
    text_response,
    whole_number,
)
from evidence.replay.recordings import FoundWork, Recordings

# Crossref's staff: 4,096 bytes for the request line (CrossRef/rest-api-doc #251).
MAX_REQUEST_LINE_BYTES = 4096
DEFAULT_ROWS = 20
MAX_ROWS = 1000
MAX_OFFSET = 10_000

_LIST_PARAMETERS = ("filter", "rows", "offset", "select", "sort", "order", "sample", "cursor", "facet")
_WORK_ROUTE = re.compile(r"/works/(?P<doi>.+?)(?P<rest>/agency|/transform(?:/.+)?)?", re.DOTALL)


def answer(request: Request, recordings: Recordings) -> Response:
    """Return Crossref's answer to a request.

    Args:
        request: any request that does not belong to another registry.
        recordings: what may be answered from.

    Returns:
        The recorded exchange where there is one; else an answer built of works, agencies and what is known to be
        absent; else 501.
    """
    if request.line_bytes > MAX_REQUEST_LINE_BYTES:
        return too_long()
    if request.method not in {"GET", "HEAD"}:
        return text_response("Method Not Allowed", 405)
    recorded = recordings.exchange(replace(request, method="GET"))
    return recorded or _built(request, recordings)


def _built(request: Request, recordings: Recordings) -> Response:
    path = request.path.removeprefix("/v1")
    if path == "/works":
        return _work_list(request, recordings)
    match = _WORK_ROUTE.fullmatch(path)
    if match is None:
        return no_recording()
    doi = fold_doi(unquote(match["doi"]))
    if (primary := recordings.aliases.get(doi)) and match["rest"] != "/agency":
        return _moved(request, primary, match["rest"] or "")
    if match["rest"] is None:
        return _single_work(request, doi, recordings)
    if match["rest"] == "/agency":
        return _agency(doi, recordings)
    mime = match["rest"].removeprefix("/transform").lstrip("/")
    return _transformed(doi, mime or request.headers.get("accept", ""), recordings)


def route_name(path: str) -> str:
    """Return the name of a path's route, for the log.

    >>> route_name("/works/10.1%2Fx/agency")
    'crossref/agency'
    """
    path = path.removeprefix("/v1")
    if path == "/works":
        return "crossref/works"
    match = _WORK_ROUTE.fullmatch(path)
    if match is None:
        return "crossref/other"
    return f"crossref/{match['rest'].split('/')[1]}" if match["rest"] else "crossref/work"


def not_found(content_type: str = "text/plain") -> Response:
    """Return Crossref's recorded 404: plain text, 19 bytes, whatever type some routes claim."""
    return text_response("Resource not found.", 404, content_type)


def too_long() -> Response:
    """Return the answer to a request line of more than `MAX_REQUEST_LINE_BYTES`."""
    return text_response("<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>", 414, "text/html;charset=iso-8859-1")


def _moved(request: Request, primary: str, rest: str) -> Response:
    """Return the redirect from an aliased DOI.

    Source:
        Crossref's announcement of redirects for aliased DOIs, in force since 25 February 2025; the form of the Location
        was not recorded.
    """
    version = "/v1" if request.path.startswith("/v1/") else ""
    query = f"?{request.query}" if request.query else ""
    return Response(301, b"", None, headers=(("Location", f"{version}/works/{quote(primary, safe='')}{rest}{query}"),))


def _single_work(request: Request, doi: str, recordings: Recordings) -> Response:
    for name, _value in request.parameters():
        if name.startswith("query"):
            return _invalid("parameter-not-allowed", "query.*", "This route does not support field query parameters")
        if name in _LIST_PARAMETERS:
            return _invalid("parameter-not-allowed", name, f"This route does not support {name}")
    return _for_doi(doi, recordings, lambda work: _message("work", work.message, work.origin))


def _for_doi(doi: str, recordings: Recordings, build: Callable[[FoundWork], Response]) -> Response:
    if work := recordings.work(doi):
        return build(work)
    return not_found() if _is_absent(doi, recordings) else no_recording()


def _is_absent(doi: str, recordings: Recordings) -> bool:
    agency = recordings.agencies.get(doi)
    # Aliases are no part of what a list finds: only what they stand for is.
    return (
        doi in recordings.absent_dois
        or doi in recordings.aliases
        or (agency is not None and agency[0]["id"] != "crossref")
    )


def _agency(doi: str, recordings: Recordings) -> Response:
    if known := recordings.agencies.get(doi):
        agency, origin = known
    elif work := recordings.work(recordings.aliases.get(doi, doi)):
        agency, origin = {"id": "crossref", "label": "Crossref"}, work.origin
    else:
        # Recorded: this route's 404 says JSON and sends the same plain text.
        return not_found("application/json;charset=utf-8") if _is_absent(doi, recordings) else no_recording()
    return _message("work-agency", {"DOI": doi, "agency": agency}, origin)


def _transformed(doi: str, accept: str, recordings: Recordings) -> Response:
    form = transform.form_of(accept)
    if form is None:
        return text_response("", 406)
    mime, write = form
    return _for_doi(doi, recordings, lambda work: Response(200, write(work.message).encode(), mime, work.origin))


def _work_list(request: Request, recordings: Recordings) -> Response:
    parameters = dict(request.parameters())
    # Searches, cursors and samples are answered from whole recorded exchanges only.
    if "filter" not in parameters or not {"filter", "rows", "offset", "select", "mailto"}.issuperset(parameters):
        return no_recording()
    if refusal := _refusal(parameters):
        return refusal
    dois = filtered_dois(parameters["filter"])
    if not dois:
        return no_recording()
    selected = [name for name in parameters.get("select", "").split(",") if name]
    rows, offset = int(parameters.get("rows", DEFAULT_ROWS)), int(parameters.get("offset", 0))
    return _listed(dois, recordings, slice(offset, offset + rows), selected)


def _refusal(parameters: Mapping[str, str]) -> Response | None:
    """Return the validation failure of a list request, or None."""
    for name, most in (("rows", MAX_ROWS), ("offset", MAX_OFFSET)):
        value = parameters.get(name, "0")
        if (number := whole_number(value)) is None or number > most:
            text = f"Integer specified as {value} but must be a positive integer less than or equal to {most}. "
            return _invalid("integer-not-valid", value, text)
    for name in filter(None, parameters.get("select", "").split(",")):
        if name not in SELECTABLE:
            return _unavailable("select", name, SELECTABLE)
    for item in parameters["filter"].split(","):
        name, colon, _value = item.partition(":")
        if not colon or name not in FILTERS:
            return _unavailable("filter", name, FILTERS)
    return None


def _unavailable(kind: str, name: str, available: frozenset[str]) -> Response:
    valid = ", ".join(sorted(available))
    text = f"{kind.capitalize()} '{name}' specified but there is no such {kind} for this route."
    return _invalid(f"{kind}-not-available", name, f"{text} Valid {kind}s for this route are: {valid}")


def _listed(dois: list[str], recordings: Recordings, part: slice, selected: list[str]) -> Response:
    found: list[FoundWork] = []
    for doi in dois:
        if work := recordings.work(doi):
            found.append(work)
        elif not _is_absent(doi, recordings):
            return no_recording()
    # Crossref orders by score, which means nothing here; callers must match by DOI, so the order is not the asked one.
    found.sort(key=lambda work: str(work.message["DOI"])[::-1])
    shown = found[part]
    items = [{name: work.message[name] for name in selected if name in work.message} for work in shown]
    message = {
        "facets": {},
        "total-results": len(found),
        "items": items if selected else [work.message for work in shown],
        "items-per-page": part.stop - part.start,
        "query": {"start-index": part.start, "search-terms": None},
    }
    return _message("work-list", message, joined_origin(work.origin for work in shown))


def filtered_dois(text: str) -> list[str]:
    """Return the DOIs of a filter, once each, or nothing where it filters by something else too.

    >>> filtered_dois("doi:10.1/A,doi:10.1/b")
    ['10.1/a', '10.1/b']
    """
    items = [item.partition(":") for item in text.split(",")]
    return (
        list(dict.fromkeys(fold_doi(value) for _name, _colon, value in items))
        if {i[0] for i in items} == {"doi"}
        else []
    )


def _invalid(kind: str, value: str, text: str) -> Response:
    failure = {"type": kind, "value": value, "message": text}
    return json_response({"status": "failed", "message-type": "validation-failure", "message": [failure]}, 400)


def _message(kind: str, message: Mapping[str, Any], origin: Origin | None) -> Response:
    return json_response(
        {"status": "ok", "message-type": kind, "message-version": "1.0.0", "message": message},
        origin=origin,
    )
