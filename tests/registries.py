"""For the tests of resolution: a store that cites given identifiers, settings for a local server, and a scripted one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import sqlalchemy as sa
from databases import open_new

from evidence.config import Settings
from evidence.records import Reference
from evidence.store import models
from evidence.store.database import writing
from evidence.vocabulary import Scheme

DATA = Path(__file__).parent / "data" / "registry"
MAILTO = "someone@example.org"
WAKEFIELD = "10.1016/s0140-6736(97)11096-0"


def doi(value: str) -> Reference:
    return Reference(Scheme.DOI, value)


def pmid(value: str) -> Reference:
    return Reference(Scheme.PMID, value)


def pmcid(value: str) -> Reference:
    return Reference(Scheme.PMCID, value)


def citing(url: str, *references: Reference) -> sa.Engine:
    """A database with one page whose only claim cites these."""
    engine = open_new(url)
    cite(engine, *references)
    return engine


def cite(engine: sa.Engine, *references: Reference, name: str = "page") -> None:
    with writing(engine) as session:
        page = models.Page(path=f"{name}.md", sha256="0" * 64, extractor="1", format="markdown")
        session.add(page)
        session.flush()
        claim = {"kind": "sentence", "section": [], "line": 1, "start": 0, "end": 1, "text": "x", "lead_in": []}
        session.add(models.Claim(id=name, page_id=page.id, position=0, **claim))
        session.flush()
        for place, (scheme, value) in enumerate(references):
            row = models.Citation(scheme=scheme, value=value, start=place, end=place + 1, polarity="supports")
            row.claim_id = name
            session.add(row)


def settings(base_url: str, **registries: object) -> Settings:
    """Settings for a server on this machine, with rates that never wait."""
    return Settings(
        registries={
            "mailto": MAILTO,
            "crossref": {"base_url": base_url, "list_requests_per_s": 1000, "single_requests_per_s": 1000},
            "entrez": {"base_url": f"{base_url}/entrez/eutils", "requests_per_s": 1000},
            "doi": {"base_url": base_url, "requests_per_s": 1000},
            **registries,
        },
    )


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: str
    port: int


@dataclass
class Answer:
    """What the scripted server sends. `cut` sends half of the body and hangs up; `drop` sends nothing."""

    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    cut: bool = False
    drop: bool = False


@dataclass
class Scripted:
    url: str
    asked: list[Asked]


@contextmanager
def scripted(*answers: Answer | Callable[[Asked], Answer]) -> Iterator[Scripted]:
    """Serve these answers in order, the last one for ever; over real HTTP."""
    asked: list[Asked] = []
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            with lock:
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked.append(Asked(self.command, self.path, headers, body, self.client_address[1]))
                chosen = answers[min(len(asked), len(answers)) - 1]
            answer = chosen if isinstance(chosen, Answer) else chosen(asked[-1])
            self.close_connection = answer.cut or answer.drop
            if answer.drop:
                return
            data = answer.body.encode()
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(data)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if answer.cut else data)

        def do_POST(self):
            self.do_GET()

        def log_message(self, *_args):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Scripted(f"http://127.0.0.1:{server.server_address[1]}", asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
