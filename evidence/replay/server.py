"""The server itself: sockets, limits, latency, compression and the log. What is answered is decided in the routes.

with serving([Path("tests/data/registry")]) as server:
    ...  # ask server.crossref_url and server.entrez_url
"""

from __future__ import annotations

import gzip
import ipaddress
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from evidence.errors import ConfigError
from evidence.replay import crossref, entrez, idconv
from evidence.replay.journal import Entry, Journal, new_entry
from evidence.replay.limits import Limiter, Pool, crossref_pool, ncbi_pool
from evidence.replay.messages import Request, Response, json_response, text_response
from evidence.replay.recordings import Recordings, load_recordings

logger = logging.getLogger(__name__)

CONTROL_PREFIX = "/__replay__/"
_MAX_BODY_BYTES = 10_000_000
_GZIP_FROM_BYTES = 500


class Limits(StrEnum):
    """Whether the registries' documented limits hold."""

    NONE = "none"
    DOCUMENTED = "documented"


@dataclass(slots=True)
class Answering:
    """What answers requests: the recordings, the limits in force and the log.

    Faults on demand belong into `answer`, between the limits and the routes.
    """

    recordings: Recordings
    limits: Limits = Limits.NONE
    latency_s: float = 0.0
    limiter: Limiter = field(default_factory=Limiter)
    history: entrez.History = field(default_factory=entrez.History)
    journal: Journal = field(default_factory=Journal)

    def answer(self, request: Request) -> Response:
        """Return the answer to a request, with the headers of its pool, after the latency; and log it."""
        if request.path.startswith(CONTROL_PREFIX):
            return self._control(request)
        is_ncbi = request.path.startswith((entrez.PREFIX, idconv.PATH, idconv.OLD_PATH))
        pool = ncbi_pool(request) if is_ncbi else crossref_pool(request)
        violation = self.limiter.enter(pool) if self.limits is Limits.DOCUMENTED else None
        if violation:
            response = _too_many(request, pool, is_ncbi=is_ncbi)
            time.sleep(self.latency_s)
        else:
            try:
                response = self._route(request)
                time.sleep(self.latency_s)
            finally:
                if self.limits is Limits.DOCUMENTED:
                    # Before the answer is sent: who has it may ask again at once.
                    self.limiter.leave(pool)
        response = self._finished(request, response, pool, is_ncbi=is_ncbi)
        size = len(response.body)
        self.journal.add(new_entry(request, _route_name(request.path), response.status, size, pool.name, violation))
        return response

    def _route(self, request: Request) -> Response:
        if request.path.startswith(entrez.PREFIX):
            return entrez.answer(request, self.recordings, self.history)
        if request.path.startswith((idconv.PATH, idconv.OLD_PATH)):
            return idconv.answer(request, self.recordings)
        return crossref.answer(request, self.recordings)

    def _control(self, request: Request) -> Response:
        name = request.path.removeprefix(CONTROL_PREFIX)
        if name == "counts":
            return json_response(self.journal.counts())
        if name == "log":
            return text_response(self.journal.json_lines(), 200, "application/x-ndjson")
        return text_response("The replay server has /__replay__/log and /__replay__/counts.\n", 404)

    def _finished(self, request: Request, response: Response, pool: Pool, *, is_ncbi: bool) -> Response:
        headers = [*response.headers, *self._pool_headers(pool, is_ncbi=is_ncbi)]
        if response.origin:
            headers.append(("X-Replay-Origin", response.origin.value))
        body = response.body
        if "gzip" in request.headers.get("accept-encoding", "") and len(body) >= _GZIP_FROM_BYTES:
            body = gzip.compress(body, compresslevel=1)
            headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        return replace(response, body=body, headers=tuple(headers))

    def _pool_headers(self, pool: Pool, *, is_ncbi: bool) -> list[tuple[str, str]]:
        """Return the limits' headers. Without limits there are none: clients that obey them would wait for nothing."""
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


def _too_many(request: Request, pool: Pool, *, is_ncbi: bool) -> Response:
    """Return 429. NCBI's body names the caller's key, here masked; Crossref's was not recorded and is empty."""
    if not is_ncbi:
        return Response(429, b"", None)
    caller = "***" if any(name == "api_key" for name, _ in request.parameters()) else "127.0.0.1"
    content = {
        "error": "API rate limit exceeded",
        "api-key": caller,
        "count": str(pool.rate + 1),
        "limit": str(pool.rate),
    }
    return json_response(content, 429)


def _route_name(path: str) -> str:
    if path.startswith(entrez.PREFIX):
        return f"entrez/{path.removeprefix(entrez.PREFIX).removesuffix('.fcgi')}"
    if path.startswith((idconv.PATH, idconv.OLD_PATH)):
        return "pmc/idconv"
    return crossref.route_name(path)


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

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _MAX_BODY_BYTES:
            self.close_connection = True
            self._send(text_response("", 413 if length.isdigit() else 411))
            return
        self._answer(self.rfile.read(int(length)).decode("utf-8", "replace"))

    def _answer(self, form: str) -> None:
        # Not `self.path`: http.server shortens slashes at its beginning.
        target = self.requestline.split()[1]
        path, _, query = target.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path, query, headers, form, len(self.raw_requestline.rstrip(b"\r\n")))
        self._send(self.server.answering.answer(request))

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        if response.content_type:
            self.send_header("Content-Type", response.content_type)
        for name, value in response.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

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
    def idconv_url(self) -> str:
        """The address to use for the PMC id converter."""
        return f"{self.base_url}{idconv.PATH}"

    def counts(self) -> dict[str, Any]:
        """Return how many requests came, by route and status, and how many broke a limit."""
        return self.answering.journal.counts()

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
) -> Iterator[ReplayServer]:
    """Serve recorded answers from a thread of this process until the block ends.

    Args:
        data: data folders (see `evidence.replay.recordings`), in order of precedence.
        port: where to listen; 0 takes a free one.
        host: a loopback address.
        latency_s: seconds that each answer takes at least.
        limits: "documented" refuses what the registries would refuse and counts it; "none" does neither.

    Yields:
        The running server with its addresses.

    Raises:
        ConfigError: a folder cannot be used, the host is not loopback, or the port is taken.
    """
    server = _listen(data, host, port, latency_s, limits)
    # The loop looks for the end of the block this often; the default of half a second would be most of a test's time.
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield _running(server)
    finally:
        server.shutdown()
        server.server_close()
        server.close_connections()
        thread.join()


def serve_forever(
    data: Sequence[Path],
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    latency_s: float = 0.0,
    limits: str = Limits.NONE,
    on_start: Callable[[ReplayServer], None] = lambda _server: None,
) -> None:
    """Serve recorded answers until interrupted.

    Args:
        data: data folders, in order of precedence.
        port: where to listen; 0 takes a free one.
        host: a loopback address.
        latency_s: seconds that each answer takes at least.
        limits: "documented" or "none".
        on_start: called once with the running server, to tell its address.

    Raises:
        ConfigError: a folder cannot be used, the host is not loopback, or the port is taken.
        KeyboardInterrupt: somebody stopped it.
    """
    server = _listen(data, host, port, latency_s, limits)
    try:
        on_start(_running(server))
        server.serve_forever()
    finally:
        server.server_close()
        server.close_connections()


def _listen(data: Sequence[Path], host: str, port: int, latency_s: float, limits: str) -> _Server:
    if not _is_loopback(host):
        raise ConfigError(f"{host}: the replay server listens on loopback only", "leave the host at 127.0.0.1")
    if limits not in set(Limits):
        raise ConfigError(f"{limits}: no such limits", f"choose one of {', '.join(Limits)}")
    answering = Answering(load_recordings(data), Limits(limits), latency_s)
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
