"""doi.org: content negotiation, which leads to the agency of a DOI, and `doiRA`, which names that agency.

Source:
    A recorded exchange of doi.org (302 to Crossref, 2026-06-16); for the others their documentation and what its users
    measured in 2026: DataCite's DOIs lead to data.crosscite.org, mEDRA's and JaLC's to services of their own, a DOI
    that does not exist is a 404 in HTML, and `doiRA` answers 200 for every DOI, in the asked order. DataCite's refusals
    are those of its public code.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any
from urllib.parse import quote, unquote

from evidence.identifiers import fold_doi
from evidence.replay import transform
from evidence.replay.messages import (
    Request,
    Response,
    joined_origin,
    json_response,
    no_recording,
    text_response,
)
from evidence.replay.recordings import Recordings

_HTML = "text/html;charset=utf-8"
_RESOLVER = re.compile(r"/+(?P<doi>10\.[0-9.]+(?:/|%2[fF]).+)", re.DOTALL)
_AGENCY_OF = re.compile(r"/(?:doiRA|ra)/(?P<dois>.+)", re.DOTALL | re.IGNORECASE)
# What stands for the agencies' own hosts; Crossref's is that of its REST API.
_SERVICE = re.compile(r"/(?P<agency>datacite|medra|jalc|op|istic|kisti|airiti|cnki)/(?P<doi>10\..+)", re.DOTALL)


def is_doi_service(path: str) -> bool:
    """Tell whether a path is one of doi.org or of an agency's content negotiation.

    >>> [is_doi_service(path) for path in ("/10.1%2Fx", "/doiRA/10.1/x", "/datacite/10.1%2Fx", "/works/10.1/x")]
    [True, True, True, False]
    """
    return any(pattern.fullmatch(path) for pattern in (_RESOLVER, _AGENCY_OF, _SERVICE))


def route_name(path: str) -> str:
    """Return the name of such a path's route.

    >>> route_name("/10.1%2Fx"), route_name("/doiRA/10.1/x"), route_name("/datacite/10.1%2Fx")
    ('doi/resolve', 'doi/agency', 'datacite/metadata')
    """
    if _AGENCY_OF.fullmatch(path):
        return "doi/agency"
    service = _SERVICE.fullmatch(path)
    return f"{service['agency']}/metadata" if service else "doi/resolve"


def asked_dois(path: str) -> list[str]:
    """Return the DOIs that such a path asks for, as written.

    >>> asked_dois("/doiRA/10.1%2Fb,10.1/A")
    ['10.1/b', '10.1/A']
    """
    if match := _AGENCY_OF.fullmatch(path):
        return [unquote(part) for part in match["dois"].split(",") if part]
    match = _SERVICE.fullmatch(path) or _RESOLVER.fullmatch(path)
    return [unquote(match["doi"])] if match else []


def answer(request: Request, recordings: Recordings) -> Response:
    """Return the answer of doi.org or of the agency that it leads to."""
    if request.method not in {"GET", "HEAD"}:
        return text_response("Method Not Allowed", 405)
    asked = asked_dois(request.path)
    if _AGENCY_OF.fullmatch(request.path):
        return _agencies(asked, recordings)
    doi = fold_doi(asked[0])
    if service := _SERVICE.fullmatch(request.path):
        return _metadata(doi, service["agency"], request.headers.get("accept", ""), recordings)
    return _resolved(asked[0], request.headers.get("accept", ""), recordings)


def _resolved(asked: str, accept: str, recordings: Recordings) -> Response:
    doi = fold_doi(asked)
    agency = _agency_id(doi, recordings)
    if agency is None:
        return _page(404, "Error: DOI Not Found") if doi in recordings.absent_dois else no_recording()
    if not accept or re.match(r"text/html|\*/\*", accept):
        return no_recording()  # what would follow is the publisher's page
    quoted = quote(asked, safe="")
    place = f"/v1/works/{quoted}/transform" if agency == "crossref" else f"/{agency}/{quoted}"
    link = escape(place)
    body = f'<html><head><title>Handle Redirect</title></head>\n<body><a href="{link}">{link}</a></body></html>'
    return Response(302, body.encode(), _HTML, headers=(("Location", place), ("Vary", "Accept")))


def _agency_id(doi: str, recordings: Recordings) -> str | None:
    if known := recordings.agencies.get(doi):
        return str(known[0]["id"])
    return "crossref" if recordings.work(doi) or doi in recordings.aliases else None


def _page(status: int, title: str) -> Response:
    page = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return text_response(page, status, _HTML)


def _metadata(doi: str, agency: str, accept: str, recordings: Recordings) -> Response:
    wanted = transform.form_of(accept)
    if wanted is None:
        return json_response({"errors": [{"status": "406", "title": "The content type is not recognized."}]}, 406)
    work = recordings.other_works.get(doi)
    if work is None or _agency_id(doi, recordings) != agency:
        if doi in recordings.absent_dois or _agency_id(doi, recordings) not in {None, agency}:
            title = "The resource you are looking for doesn't exist."
            return json_response({"errors": [{"status": "404", "title": title}]}, 404)
        return no_recording()
    csl, origin = work
    if wanted[0] == transform.BIBTEX_TYPE:
        return Response(200, transform.bibtex_of_csl(csl).encode(), f"{wanted[0]}; charset=utf-8", origin)
    return Response(200, json_response(csl).body, f"{wanted[0]}; charset=utf-8", origin)


def _agencies(asked: list[str], recordings: Recordings) -> Response:
    answers: list[dict[str, Any]] = []
    origins = []
    for doi in asked:
        known = recordings.agencies.get(fold_doi(doi))
        if not doi.startswith("10."):
            answers.append({"DOI": doi, "status": "Invalid DOI"})
        elif known:
            answers.append({"DOI": doi, "RA": known[0]["label"]})
            origins.append(known[1])
        elif _agency_id(fold_doi(doi), recordings):
            answers.append({"DOI": doi, "RA": "Crossref"})
        elif fold_doi(doi) in recordings.absent_dois:
            answers.append({"DOI": doi, "status": "DOI does not exist"})
        else:
            return no_recording()
    return json_response(answers, origin=joined_origin(origins))
