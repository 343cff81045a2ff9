from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.error
from email.message import Message
from xml.etree import ElementTree as ET

import habanero
import httpx2
import pytest

from evidence.errors import SourceAnswerError, SourceUnavailableError
from evidence.resolve.retrying import error_of_status, is_unreachable, retried, retry_after_s, translated

REQUEST = httpx2.Request("GET", "https://api.crossref.org/works/x?mailto=someone@example.org&api_key=secret")


def failing(*errors):
    """Return a function that raises these in turn, then returns how often it was called."""
    calls = []

    def ask():
        calls.append(None)
        if len(calls) <= len(errors):
            raise errors[len(calls) - 1]
        return len(calls)

    return ask


def caused_by(error, cause):
    error.__cause__ = cause
    return error


def status_error(status, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = httpx2.Response(status, headers=named, request=REQUEST)
    return httpx2.HTTPStatusError(f"{status} for {REQUEST.url}", request=REQUEST, response=response)


PASSING = [
    status_error(429),
    status_error(500),
    status_error(503),
    status_error(408),
    httpx2.ConnectError("no", request=REQUEST),
    httpx2.ReadTimeout("late", request=REQUEST),
    httpx2.RemoteProtocolError("dropped", request=REQUEST),
    httpx2.DecodingError("half", request=REQUEST),
    caused_by(RuntimeError("HTTP Exception"), httpx2.ReadError("cut", request=REQUEST)),
    habanero.RequestError(503, "busy"),
    habanero.RequestError(200, "<html>maintenance</html>"),
    json.JSONDecodeError("cut", "{", 1),
    KeyError("Content-Type"),
    TypeError("string indices must be integers"),
    ET.ParseError("cut"),
    urllib.error.URLError("no route"),
    urllib.error.HTTPError("https://x", 502, "bad", Message(), None),
    http.client.IncompleteRead(b"half"),
    http.client.RemoteDisconnected("dropped"),
    ConnectionResetError("reset"),
    TimeoutError("late"),
]
FINAL = [
    status_error(400),
    status_error(404),
    status_error(414),
    status_error(501),
    status_error(301),
    habanero.RequestError(400, "bad filter"),
    urllib.error.HTTPError("https://x", 400, "bad", Message(), None),
    httpx2.InvalidURL("bad"),
]


@pytest.mark.parametrize("error", PASSING, ids=lambda error: f"{type(error).__name__}")
def test_faults_that_may_pass_are_unavailable(error):
    with pytest.raises(SourceUnavailableError) as caught, translated("crossref"):
        raise error
    assert "secret" not in caught.value.message
    assert "example.org" not in caught.value.message


@pytest.mark.parametrize("error", FINAL, ids=lambda error: f"{type(error).__name__}")
def test_refusals_are_not_tried_again(error):
    with pytest.raises(SourceAnswerError), translated("crossref"):
        raise error


def test_the_wait_that_a_server_asks_for_is_kept():
    with pytest.raises(SourceUnavailableError) as caught, translated("crossref"):
        raise status_error(429, retry_after="7")
    assert caught.value.retry_after_s == 7.0


def test_an_unavailable_source_is_asked_again():
    error = SourceUnavailableError("busy", "crossref", retry_after_s=0.0)
    assert retried(failing(error, error), 6, threading.Event()) == 3


def test_the_last_try_ends_it():
    error = SourceUnavailableError("busy", "crossref", retry_after_s=0.0)
    with pytest.raises(SourceUnavailableError):
        retried(failing(*[error] * 3), 3, threading.Event())


def test_a_refusal_is_asked_once():
    with pytest.raises(SourceAnswerError):
        retried(failing(error_of_status(501, "crossref")), 6, threading.Event())


def test_retry_after_is_obeyed():
    start = time.monotonic()
    retried(failing(SourceUnavailableError("busy", "crossref", retry_after_s=0.4)), 6, threading.Event())
    assert time.monotonic() - start >= 0.4


def test_a_source_that_wants_an_hour_is_left_alone():
    start = time.monotonic()
    with pytest.raises(SourceUnavailableError):
        retried(failing(SourceUnavailableError("busy", "crossref", retry_after_s=3600.0)), 6, threading.Event())
    assert time.monotonic() - start < 1


def test_a_stopped_run_waits_for_nothing():
    stopping = threading.Event()
    threading.Timer(0.1, stopping.set).start()
    start = time.monotonic()
    with pytest.raises(SourceUnavailableError):
        retried(failing(*[SourceUnavailableError("busy", "x", retry_after_s=60.0)] * 9), 9, stopping)
    assert time.monotonic() - start < 5


def test_no_connection_is_told_from_a_fault_of_the_server():
    with pytest.raises(SourceUnavailableError) as unreachable, translated("crossref"):
        raise caused_by(RuntimeError("HTTP Exception"), httpx2.ConnectError("no", request=REQUEST))
    with pytest.raises(SourceUnavailableError) as failed, translated("crossref"):
        raise status_error(503)
    assert is_unreachable(unreachable.value)
    assert not is_unreachable(failed.value)


def test_no_registry_makes_a_run_wait_for_ever_or_crash():
    assert retry_after_s("999999999999") == retry_after_s("Fri, 31 Dec 9999 23:59:59 GMT") == 7 * 86_400
    with pytest.raises(SourceUnavailableError), translated("crossref"):
        json.loads("1" * 5000)
