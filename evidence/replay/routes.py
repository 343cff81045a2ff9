"""What a request is for: the name of its route and the identifiers that it asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

from evidence.replay import crossref, doi, entrez, idconv
from evidence.replay.limits import Pool, crossref_pool, ncbi_pool, service_pool
from evidence.replay.messages import Request


def is_ncbi(request: Request) -> bool:
    """Tell whether a request goes to NCBI."""
    return request.path.startswith((entrez.PREFIX, idconv.PATH, idconv.OLD_PATH))


def route_name(path: str) -> str:
    """Return the name of a path's route, for the log and for faults.

    >>> route_name("/entrez/eutils/efetch.fcgi"), route_name("/works/10.1/x")
    ('entrez/efetch', 'crossref/work')
    """
    if path.startswith(entrez.PREFIX):
        return f"entrez/{path.removeprefix(entrez.PREFIX).removesuffix('.fcgi')}"
    if path.startswith((idconv.PATH, idconv.OLD_PATH)):
        return "pmc/idconv"
    if doi.is_doi_service(path):
        return doi.route_name(path)
    return crossref.route_name(path)


def pool_of(request: Request) -> Pool:
    """Return the pool that a request counts in.

    >>> pool_of(Request("GET", "/10.1%2Fx", "", {})).name
    'doi'
    """
    if is_ncbi(request):
        return ncbi_pool(request)
    if doi.is_doi_service(request.path):
        return service_pool(doi.route_name(request.path).partition("/")[0])
    return crossref_pool(request)


def asked_identifiers(request: Request, history: entrez.History) -> Sequence[str]:
    """Return the identifiers that a request asks for, in order.

    Args:
        request: any request but one to the server's own control.
        history: the lists posted so far, for requests that name one.

    >>> asked_identifiers(Request("GET", "/works", "filter=doi:10.1/b,doi:10.1/a", {}), entrez.History())
    ['10.1/b', '10.1/a']
    """
    parameters = dict(request.parameters())
    if request.path.startswith(entrez.PREFIX):
        found = entrez.asked_ids(request, history)
    elif is_ncbi(request):
        found = [item for item in parameters.get("ids", "").split(",") if item]
    elif doi.is_doi_service(request.path):
        found = doi.asked_dois(request.path)
    elif work := re.search(r"10\.\d+/.+?(?=/agency$|/transform(?:/|$)|$)", unquote(request.path), re.DOTALL):
        found = [work[0]]
    else:
        found = crossref.filtered_dois(parameters.get("filter", ""))
    return found
