"""The server itself: sockets, limits, latency, compression and the log. What is answered is decided in the routes.

with serving([Path("tests/data/registry")]) as server:
    ...  # ask server.crossref_url and server.entrez_url
"""

from __future__ import annotations

import gzip
import ipaddress
import json
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from evidence.errors import ConfigError
from evidence.replay import crossref, doi, entrez, idconv, routes
from evidence.replay.faults import (
    REFUSALS,
    ChosenFault,
    Fault,
    FaultChooser,
    Faults,
    ScriptedFault,
    scripted_from_json,
)
from evidence.replay.journal import Entry, Journal, new_entry
from evidence.replay.limits import Limiter, Pool, Traffic, Violation
from evidence.replay.messages import Delivery, Request, Response, json_response, text_response, whole_number
from evidence.replay.recordings import Recordings, load_recordings
from evidence.replay.spoiling import before_work, spoiled, too_many

_HOUR_S = 3600
logger = logging.getLogger(__name__)

CONTROL_PREFIX = "/__replay__/"
_MAX_BODY_BYTES = 10_000_000
_GZIP_FROM_BYTES = 500


class Limits(StrEnum):
    """Whether the registries' documented limits hold."""

    NONE = "none"
    DOCUMENTED = "documented"


class Answering:
    """What answers requests: the recordings, the limits and faults in force, and the log.

    Args:
        recordings: what may be answered from.
        limits: whether the registries' limits hold.
        latency_s: seconds that each answer takes at least.
        faults: what goes wrong.
        journal: takes every request.
    """

    def __init__(
        self, recordings: Recordings, limits: Limits, latency_s: float, faults: Faults, journal: Journal
    ) -> None:
        self.recordings = recordings
        self.limits = limits
        self.latency_s = latency_s
        self.choose_fault = FaultChooser(faults)
        self.limiter = Limiter()
        self.traffic = Traffic()
        self.history = entrez.History()
        self.journal = journal
        self.stopping = threading.Event()

    def answer(self, request: Request) -> Response:
        """Return the answer to a request, with the headers of its pool, after the latency; and log it."""
        if request.path.startswith(CONTROL_PREFIX):
            return self._control(request)
        is_ncbi = routes.is_ncbi(request)
        pool = routes.pool_of(request)
        route = routes.route_name(request.path)
        chosen: ChosenFault | None = None
        with self._place(pool) as violation:
            asked = routes.asked_identifiers(request, self.history)
            if violation:
                response = too_many(request, pool.rate or 0, is_ncbi=is_ncbi)
            else:
                chosen = self.choose_fault(route, asked or [request.path])
                response = self._worked_on(request, pool, chosen)
            time.sleep(self.latency_s)
        if chosen and chosen.fault is Fault.SLOW:
            # The place is given back before: the work is done, and nobody can see whether the client still waits.
            self.stopping.wait(chosen.slow_s)
        response = self._finished(request, response, pool)
        trouble = violation or (chosen.fault if chosen else None)
        self.journal.add(new_entry(request, asked, route, response, pool.name, trouble))
        return response

    def counts(self) -> dict[str, Any]:
        """Return what the journal counts, and how hard the server was pressed."""
        pressed = {"most_at_once": self.traffic.most_at_once(), "busiest_second": self.traffic.busiest_second()}
        return {**self.journal.counts(), **pressed}

    @contextmanager
    def _place(self, pool: Pool) -> Iterator[Violation | None]:
        """Hold a place in the pool, or tell the limit that forbids it."""
        self.traffic.enter(pool)
        violation = self.limiter.enter(pool) if self.limits is Limits.DOCUMENTED else None
        try:
            yield violation
        finally:
            # Before the answer is sent: who has it may ask again at once.
            if self.limits is Limits.DOCUMENTED and violation is None:
                self.limiter.leave(pool)
            self.traffic.leave(pool)

    def _worked_on(self, request: Request, pool: Pool, chosen: ChosenFault | None) -> Response:
        if chosen is None:
            return self._route(request)
        if chosen.fault in REFUSALS and self.limits is Limits.DOCUMENTED:
            self.limiter.uncount(pool)
        early = before_work(request, chosen, is_ncbi=routes.is_ncbi(request), rate=pool.rate or 0)
        return early or spoiled(self._route(request), chosen.fault)

    def _route(self, request: Request) -> Response:
        if request.path.startswith(entrez.PREFIX):
            return entrez.answer(request, self.recordings, self.history)
        if request.path.startswith((idconv.PATH, idconv.OLD_PATH)):
            return idconv.answer(request, self.recordings)
        if doi.is_doi_service(request.path):
            return doi.answer(request, self.recordings)
        return crossref.answer(request, self.recordings)

    def _control(self, request: Request) -> Response:
        name = request.path.removeprefix(CONTROL_PREFIX)
        if name == "counts":
            return json_response(self.counts())
        if name == "log":
            return text_response(self.journal.json_lines(), 200, "application/x-ndjson")
        if name == "faults" and request.method in {"POST", "DELETE"}:
            return self._change_faults(request)
        return text_response("The replay server has /__replay__/log, /__replay__/counts, /__replay__/faults.\n", 404)

    def _change_faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.choose_fault.clear()
            return Response(204, b"", None)
        try:
            self.choose_fault.add(scripted_from_json(json.loads(request.form)))
        except (ValueError, ConfigError) as error:
            return text_response(f"{error}\n", 400)
        return Response(204, b"", None)

    def _finished(self, request: Request, response: Response, pool: Pool) -> Response:
        headers = [*response.headers, *self._pool_headers(pool, is_ncbi=routes.is_ncbi(request))]
        if response.origin:
            headers.append(("X-Replay-Origin", response.origin.value))
        body = response.body
        if "gzip" in request.headers.get("accept-encoding", "") and len(body) >= _GZIP_FROM_BYTES:
            body = gzip.compress(body, compresslevel=1)
            headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        return replace(response, body=body, headers=tuple(headers))

    def _pool_headers(self, pool: Pool, *, is_ncbi: bool) -> list[tuple[str, str]]:
        """Return the limits' headers. Without limits there are none: clients that obey them would wait for nothing."""
        if pool.rate is None:
            return []
        if self.limits is Limits.NONE:
            return [] if is_ncbi else [("x-api-pool", pool.name)]
        if is_ncbi:
            left = self.limiter.remaining(pool)
            return [("X-RateLimit-Limit", str(pool.rate)), ("X-RateLimit-Remaining", str(left))]
        return [
            ("x-api-pool", pool.name),
            ("x-rate-limit-limit", str(pool.rate)),
            ("x-rate-limit-interval", "1s"),
            ("x-concurrency-limit", str(pool.concurrency)),
        ]


class _Handler(BaseHTTPRequestHandler):
    """One connection, kept alive: reads requests, sends what `Answering` returns."""

    protocol_version = "HTTP/1.1"
    server_version = "evidence-replay"
    sys_version = ""
    # Answers leave in one piece, at once: otherwise a small answer waits for the acknowledgement of its own header.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    server: _Server
    raw_requestline: bytes

    def do_GET(self) -> None:
        self._answer("")

    def do_HEAD(self) -> None:
        self._answer("")

    def do_DELETE(self) -> None:
        if self.path.startswith(CONTROL_PREFIX):
            self._answer("")
        else:
            self._send(text_response("Method Not Allowed", 405))

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        count = whole_number(length)
        if count is None or count > _MAX_BODY_BYTES:
            self.close_connection = True
            self._send(text_response("", 413 if length.isdigit() else 411))
            return
        self._answer(self.rfile.read(count).decode("utf-8", "replace"))

    def _answer(self, form: str) -> None:
        # Not `self.path`: http.server shortens slashes at its beginning.
        target = self.requestline.split()[1]
        path, _, query = target.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path, query, headers, form, len(self.raw_requestline.rstrip(b"\r\n")))
        self._send(self.server.answering.answer(request))

    def _send(self, response: Response) -> None:
        if response.status is None:
            self.close_connection = True
            return
        self.send_response(response.status)
        if response.content_type:
            self.send_header("Content-Type", response.content_type)
        for name, value in response.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        is_cut = response.delivery is Delivery.CUT
        if is_cut:
            self.close_connection = True
        if self.command != "HEAD":
            self.wfile.write(response.body[: len(response.body) // 2] if is_cut else response.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Keep http.server from writing to standard error: the journal has every request."""


class _Server(ThreadingHTTPServer):
    """The listening socket and its connections, all of which end with it."""

    daemon_threads = True
    block_on_close = False
    # A client may open as many connections at once as a test has threads.
    request_queue_size = 128

    def __init__(self, host: str, port: int, answering: Answering) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.answering = answering
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__((host, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        del request, client_address
        # A client that goes away in mid-answer is no fault of ours, and standard error is the caller's.
        error = sys.exception()
        level = logging.DEBUG if isinstance(error, ConnectionError) else logging.ERROR
        logger.log(level, "a connection ended early: %r", error)

    def close_connections(self) -> None:
        """End the connections that clients keep alive, so that none is served after the end."""
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True)
class ReplayServer:
    """A server that runs.

    Args:
        base_url: without a slash at the end.
    """

    base_url: str
    answering: Answering

    @property
    def crossref_url(self) -> str:
        """The address to use for https://api.crossref.org, without a slash at the end: habanero doubles it."""
        return self.base_url

    @property
    def entrez_url(self) -> str:
        """The address to use for https://eutils.ncbi.nlm.nih.gov/entrez/eutils."""
        return f"{self.base_url}{entrez.PREFIX.rstrip('/')}"

    @property
    def doi_url(self) -> str:
        """The address to use for https://doi.org, without a slash at the end."""
        return self.base_url

    @property
    def idconv_url(self) -> str:
        """The address to use for the PMC id converter."""
        return f"{self.base_url}{idconv.PATH}"

    def counts(self) -> dict[str, Any]:
        """Return how many requests came, by route and status, with faults and violations, and how densely."""
        return self.answering.counts()

    def set_faults(self, scripted: Sequence[ScriptedFault]) -> None:
        """Ask for these faults instead of those asked for before; faults by chance stay as they are."""
        self.answering.choose_fault.clear()
        self.answering.choose_fault.add(scripted)

    def log(self) -> list[Entry]:
        """Return every request so far, oldest first."""
        return self.answering.journal.entries()


@contextmanager
def serving(
    data: Sequence[Path],
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    latency_s: float = 0.0,
    limits: str = Limits.NONE,
    faults: Faults | None = None,
    log: Path | None = None,
) -> Iterator[ReplayServer]:
    """Serve recorded answers from a thread of this process until the block ends.

    Args:
        data: data folders (see `evidence.replay.recordings`), in order of precedence.
        port: where to listen; 0 takes a free one.
        host: a loopback address.
        latency_s: seconds that each answer takes at least.
        limits: "documented" refuses what the registries would refuse and counts it; "none" does neither.
        faults: what goes wrong, by chance and as scripted.
        log: a file that takes each request as a line of JSON, behind what it holds.

    Yields:
        The running server with its addresses.

    Raises:
        ConfigError: a folder cannot be used, the host is not loopback, or the port is taken.
    """
    server = _listen(host, port, _answering(data, latency_s, limits, faults, log))
    # The loop looks for the end of the block this often; the default of half a second would be most of a test's time.
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield _running(server)
    finally:
        server.answering.stopping.set()
        server.shutdown()
        server.server_close()
        server.close_connections()
        thread.join()
        server.answering.journal.close()


def serve_forever(
    data: Sequence[Path],
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    latency_s: float = 0.0,
    limits: str = Limits.NONE,
    faults: Faults | None = None,
    log: Path | None = None,
    on_start: Callable[[ReplayServer], None] = lambda _server: None,
) -> None:
    """Serve recorded answers until interrupted.

    Args:
        data: data folders, in order of precedence.
        port: where to listen; 0 takes a free one.
        host: a loopback address.
        latency_s: seconds that each answer takes at least.
        limits: "documented" or "none".
        faults: what goes wrong, by chance and as scripted.
        log: a file that takes each request as a line of JSON, behind what it holds.
        on_start: called once with the running server, to tell its address.

    Raises:
        ConfigError: a folder cannot be used, the host is not loopback, or the port is taken.
        KeyboardInterrupt: somebody stopped it.
    """
    with serving(data, port=port, host=host, latency_s=latency_s, limits=limits, faults=faults, log=log) as server:
        on_start(server)
        # Ctrl-C ends this sleep alone: raised within the server it might be taken for a fault of a connection.
        while True:
            time.sleep(_HOUR_S)


def _answering(
    data: Sequence[Path], latency_s: float, limits: str, faults: Faults | None, log: Path | None
) -> Answering:
    if limits not in set(Limits):
        raise ConfigError(f"{limits}: no such limits", f"choose one of {', '.join(Limits)}")
    recordings = load_recordings(data)
    try:
        journal = Journal(log.open("a", encoding="utf-8") if log else None)
    except OSError as error:
        raise ConfigError(f"{log}: cannot be written: {error}", "name another file for the log") from error
    return Answering(recordings, Limits(limits), latency_s, faults or Faults(), journal)


def _listen(host: str, port: int, answering: Answering) -> _Server:
    if not _is_loopback(host):
        raise ConfigError(f"{host}: the replay server listens on loopback only", "leave the host at 127.0.0.1")
    try:
        return _Server(host, port, answering)
    except (OSError, OverflowError) as error:
        raise ConfigError(f"port {port}: cannot listen there: {error}", "choose another port, or 0 for any") from error


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _running(server: _Server) -> ReplayServer:
    host, port = server.server_address[:2]
    name = host.decode() if isinstance(host, bytes) else str(host)
    return ReplayServer(f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}", server.answering)
