"""What goes in and out of the routes: a request as parsed, an answer before it is sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl

JSON_TYPE = "application/json"
# What names the asker: it stands in no log.
PRIVATE = frozenset({"api_key", "email", "mailto", "tool"})
_MAX_DIGITS = 18


class Origin(StrEnum):
    """Where the content of an answer is from."""

    RECORDED = "recorded"
    TRANSCRIBED = "transcribed"
    MIXED = "mixed"


class Delivery(StrEnum):
    """How much of an answer arrives."""

    WHOLE = "whole"
    CUT = "cut"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Args:
        method: in capitals.
        path: as sent, percent-encoding kept, without the query.
        query: as sent, without the question mark.
        headers: with names in lower case.
        form: the body of a form, decoded as text.
        line_bytes: the length of the request line without its line end.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    form: str = ""
    line_bytes: int = 0

    def parameters(self) -> list[tuple[str, str]]:
        """Return the parameters of query and form, decoded, in order.

        >>> Request("GET", "/works", "filter=doi%3A10.1%2Fx&rows=2", {}).parameters()
        [('filter', 'doi:10.1/x'), ('rows', '2')]
        """
        return [pair for text in (self.query, self.form) for pair in parse_qsl(text, keep_blank_values=True)]


@dataclass(frozen=True, slots=True)
class Response:
    """One answer, before compression and before the headers that every answer gets.

    Args:
        status: None where nothing is sent.
    """

    status: int | None
    body: bytes
    content_type: str | None
    origin: Origin | None = None
    headers: tuple[tuple[str, str], ...] = ()
    delivery: Delivery = Delivery.WHOLE


def whole_number(text: str | None) -> int | None:
    """Return the number that a parameter is, or None where it is none or too long to mean one.

    >>> whole_number("20"), whole_number("-1"), whole_number("²"), whole_number("9" * 5000)
    (20, None, None, None)
    """
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else None


def json_response(content: Any, status: int = 200, origin: Origin | None = None) -> Response:
    """Return `content` as JSON without spaces, in UTF-8, as the registries send it."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, body, JSON_TYPE, origin)


def text_response(text: str, status: int, content_type: str = "text/plain") -> Response:
    """Return a plain text answer."""
    return Response(status, text.encode(), content_type)


def no_recording() -> Response:
    """Return the answer to what was never recorded: 501, which no registry sends, so nobody takes it for theirs."""
    return text_response("The replay server has no recording that answers all of this request.\n", 501)


def joined_origin(origins: Iterable[Origin]) -> Origin | None:
    """Return the one origin of several parts, `MIXED` where they differ, None without parts.

    >>> joined_origin([Origin.RECORDED, Origin.TRANSCRIBED])
    <Origin.MIXED: 'mixed'>
    """
    kinds = set(origins)
    if len(kinds) > 1:
        return Origin.MIXED
    return kinds.pop() if kinds else None
