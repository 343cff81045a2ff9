"""What is tried again and how long is waited; other libraries' errors become ours here, and nowhere else.

Only `SourceUnavailableError` is tried again. A unit of retrying is one request with its body read and understood, so
a cut answer is tried again too, and nothing that came before it is lost.
"""

from __future__ import annotations

import http.client
import threading
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from xml.etree import ElementTree as ET

import habanero
import httpx2
import tenacity

from evidence.errors import SourceAnswerError, SourceError, SourceUnavailableError

Answer = TypeVar("Answer")

MAX_WAIT_S = 60.0
# A registry that asks for more is left alone for this run: its works end as failed and are asked for the next time.
MAX_RETRY_AFTER_S = 300.0
# A registry that asks for longer than a week has made a mistake, or is not one.
_LONGEST_WAIT_S = 7 * 86_400.0
_REQUEST_TIMEOUT = 408
_TOO_EARLY = 425
_TOO_MANY = 429
_NOT_IMPLEMENTED = 501
_OK = 200
_FIRST_SERVER_FAULT = 500

_TRANSIENT = frozenset({_REQUEST_TIMEOUT, _TOO_EARLY, _TOO_MANY})
_FULL_JITTER = tenacity.wait_random_exponential(multiplier=1, max=MAX_WAIT_S)


def retried(ask: Callable[[], Answer], tries: int, stopping: threading.Event) -> Answer:
    """Return what `ask` returns, tried again while the source is unavailable.

    Waits with full jitter, from 1 s doubling up to 60 s, or as long as the source asks.

    Args:
        ask: one request; it may be called `tries` times.
        tries: the first one included.
        stopping: ends a wait at once.

    Raises:
        SourceUnavailableError: the last try failed too.
        SourceAnswerError: the source refused; trying again would not help.

    Source:
        Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(_is_worth_another_try),
        stop=tenacity.stop_after_attempt(tries) | tenacity.stop_when_event_set(stopping),
        wait=_wait_s,
        sleep=tenacity.sleep_using_event(stopping),
        reraise=True,
    )
    return retrying(ask)


def _is_worth_another_try(error: BaseException) -> bool:
    return isinstance(error, SourceUnavailableError) and (error.retry_after_s or 0) <= MAX_RETRY_AFTER_S


def _wait_s(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    jitter = _FULL_JITTER(state)
    if isinstance(error, SourceUnavailableError) and error.retry_after_s is not None:
        return error.retry_after_s + min(jitter, 1.0)
    return jitter


def error_of_status(status: int, source: str, retry_after_s: float | None = None) -> SourceError:
    """Return the error of an HTTP status that is no success.

    >>> type(error_of_status(503, "crossref")).__name__, type(error_of_status(501, "crossref")).__name__
    ('SourceUnavailableError', 'SourceAnswerError')
    """
    if status == _TOO_MANY:
        return SourceUnavailableError(f"{source}: too many requests (HTTP 429)", source, retry_after_s=retry_after_s)
    if status in _TRANSIENT or (status >= _FIRST_SERVER_FAULT and status != _NOT_IMPLEMENTED):
        message = f"{source}: the server failed (HTTP {status})"
        return SourceUnavailableError(message, source, retry_after_s=retry_after_s)
    said = "the server cannot answer this" if status == _NOT_IMPLEMENTED else "the request was refused"
    return SourceAnswerError(f"{source}: {said} (HTTP {status})", source, status=status)


@contextmanager
def translated(source: str) -> Iterator[None]:
    """Turn what habanero, Bio.Entrez, httpx2 and the parsers raise within the block into our errors.

    No message of theirs is passed on: they quote addresses, and with them keys.

    Raises:
        SourceUnavailableError: no answer, half an answer, or something that is no answer of this source.
        SourceAnswerError: a refusal.
    """
    try:
        yield
    except SourceError:
        raise
    except habanero.RequestError as error:
        # 200 here means that the body was no JSON: a proxy's or a maintenance page.
        status = int(error.status_code)
        raise (_no_answer(source, error) if status == _OK else error_of_status(status, source)) from error
    except httpx2.HTTPStatusError as error:
        response = error.response
        wait_s = retry_after_s(response.headers.get("retry-after"))
        raise error_of_status(response.status_code, source, wait_s) from error
    except urllib.error.HTTPError as error:
        raise error_of_status(error.code, source, retry_after_s(error.headers.get("retry-after"))) from error
    except httpx2.InvalidURL as error:
        raise SourceAnswerError(f"{source}: the address cannot be asked", source) from error
    except (
        httpx2.HTTPError,
        httpx2.StreamError,
        urllib.error.URLError,
        http.client.HTTPException,
        OSError,
        # JSON that is none, or holds a number of more digits than Python reads.
        ValueError,
        ET.ParseError,
        # habanero wraps a list request's transport errors in RuntimeError, and looks up a Content-Type that may be
        # missing and a message that a foreign JSON does not have.
        RuntimeError,
        LookupError,
        TypeError,
        AttributeError,
    ) as error:
        raise _no_answer(source, error) from error


def _no_answer(source: str, error: BaseException) -> SourceUnavailableError:
    cause = error.__cause__ if isinstance(error, RuntimeError) and error.__cause__ else error
    if isinstance(cause, httpx2.TimeoutException | TimeoutError):
        return SourceUnavailableError(f"{source}: no answer in time", source)
    if isinstance(cause, httpx2.HTTPError | urllib.error.URLError | http.client.HTTPException | OSError):
        hint = "check the connection, and the base_url in the settings"
        return SourceUnavailableError(f"{source}: no connection ({type(cause).__name__})", source, hint)
    return SourceUnavailableError(f"{source}: the answer cannot be read ({type(cause).__name__})", source)


def retry_after_s(value: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks to wait, or None.

    Source:
        RFC 9110, section 10.2.3: seconds, or a date.

    >>> retry_after_s("7"), retry_after_s("Wed, 21 Oct 2015 07:28:00 GMT"), retry_after_s("soon")
    (7.0, 0.0, None)
    >>> retry_after_s("Wed, 21 Oct 99999999999999999999 07:28:00 GMT") is None
    True
    """
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return min(float(value), _LONGEST_WAIT_S)
    try:
        moment = parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        wait_s = (moment - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError, LookupError):
        return None
    return min(max(0.0, wait_s), _LONGEST_WAIT_S)


def is_unreachable(error: BaseException) -> bool:
    """Tell whether no connection could be made at all, so that asking for less would not help."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.UnsupportedProtocol):
            return True
        cause = cause.__cause__
    return False
