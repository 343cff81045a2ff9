"""An answer with a fault: what a registry, or something between it and the client, sends when all is not well.

Source:
    NCBI's body over the limit as recorded (with 429, and as met with 200); Crossref's 404 as recorded, in both types;
    Crossref's 429 is an empty body, as its users tell, since no recording was found; the pages of the gateways are
    those of nginx.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from evidence.replay import crossref, entrez
from evidence.replay.faults import ChosenFault, Fault
from evidence.replay.messages import Delivery, Request, Response, json_response, text_response

_HTML = "text/html; charset=utf-8"
_STATUSES = {
    Fault.ERROR: (500, "Internal Server Error"),
    Fault.BAD_GATEWAY: (502, "Bad Gateway"),
    Fault.UNAVAILABLE: (503, "Service Temporarily Unavailable"),
    Fault.GATEWAY_TIMEOUT: (504, "Gateway Time-out"),
    Fault.BLOCKED: (403, "Forbidden"),
}
_GATEWAY_PAGE = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n</body>\r\n</html>\r\n"
)
_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head><body><h1>Please wait while we check your "
    "browser</h1></body></html>\n"
)
_MOVED = ".replayed-elsewhere"


def before_work(request: Request, chosen: ChosenFault, *, is_ncbi: bool, rate: int) -> Response | None:
    """Return the answer of a fault that needs no content, or None where the fault spoils what is answered.

    Args:
        request: for NCBI's body, which names the caller.
        chosen: the fault.
        is_ncbi: whose form the answer takes.
        rate: the limit that a 429 of NCBI names.
    """
    fault = chosen.fault
    headers = () if chosen.retry_after_s is None else (("Retry-After", str(chosen.retry_after_s)),)
    if fault in _STATUSES:
        status, reason = _STATUSES[fault]
        title = f"{status} {reason}"
        return replace(text_response(_GATEWAY_PAGE.format(title), status, "text/html"), headers=headers)
    simple = {
        Fault.NOT_FOUND: crossref.not_found(),
        Fault.NOT_FOUND_AS_JSON: crossref.not_found("application/json;charset=utf-8"),
        Fault.TOO_LONG: crossref.too_long(),
        Fault.DROP: Response(None, b"", None, delivery=Delivery.NOTHING),
        Fault.HTML: text_response(_PAGE, 200, _HTML),
        Fault.EMPTY_SET: entrez.empty_set(),
    }
    if fault in {Fault.TOO_MANY, Fault.TOO_MANY_WITH_WAIT, Fault.TOO_MANY_IN_200}:
        status = 200 if fault is Fault.TOO_MANY_IN_200 else 429
        return replace(too_many(request, rate, is_ncbi=is_ncbi, status=status), headers=headers)
    if fault is Fault.ERROR_ELEMENT:
        return entrez.error_answer(request)
    return simple.get(fault)


def spoiled(response: Response, fault: Fault) -> Response:
    """Return an answer with the fault in it; faults that `before_work` answers leave it as it is.

    >>> spoiled(Response(200, b'{"a":1}', "application/json"), Fault.TRUNCATED).body
    b'{"a'
    """
    if fault is Fault.CUT:
        return replace(response, delivery=Delivery.CUT)
    if fault is Fault.TRUNCATED:
        return replace(response, body=response.body[: len(response.body) // 2])
    if fault is Fault.NO_TYPE:
        return replace(response, content_type=None)
    if fault in {Fault.ALIAS, Fault.OTHER_DOI} and response.status == 200:  # noqa: PLR2004
        return _with_other_doi(response, is_stated=fault is Fault.ALIAS)
    return response


def too_many(request: Request, rate: int, *, is_ncbi: bool, status: int = 429) -> Response:
    """Return the answer over the limit. NCBI's body names the caller's key, here masked; Crossref's is empty."""
    if not is_ncbi:
        return Response(status, b"", None)
    caller = "***" if any(name == "api_key" for name, _ in request.parameters()) else "127.0.0.1"
    content = {"error": "API rate limit exceeded", "api-key": caller, "count": str(rate + 1), "limit": str(rate)}
    return json_response(content, status)


def _with_other_doi(response: Response, *, is_stated: bool) -> Response:
    """Return works that carry another DOI than the asked one, which stands in `aliases` or nowhere."""
    content = json.loads(response.body)
    message = content.get("message", {})
    for work in message.get("items", [message]):
        _rename(work, is_stated=is_stated)
    return replace(response, body=json_response(content).body)


def _rename(work: dict[str, Any], *, is_stated: bool) -> None:
    if not isinstance(asked := work.get("DOI"), str):
        return
    work["DOI"] = f"{asked}{_MOVED}"
    if is_stated:
        work["aliases"] = [asked]
