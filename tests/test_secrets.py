"""The key and the address go to the registries and nowhere else, whatever these send back."""

from __future__ import annotations

import json
import re
import tempfile
import threading
import zlib
from collections import Counter
from urllib.parse import parse_qs, quote, unquote

import pytest
import sqlalchemy as sa
from registries import Answer, scripted
from running import run

from evidence.cli.messages import report_fault
from evidence.store import models
from evidence.store.database import open_database, reading

KEY = "k3y0123456789abcdef"
ADDRESS = "private.person@example.org"
SECRETS = (KEY, ADDRESS, quote(ADDRESS, safe=""))
RATE_LIMIT = json.dumps({"error": "API rate limit exceeded", "api-key": KEY, "count": "11", "limit": "10"})
ECHO = f"You asked with api_key={KEY}&email={ADDRESS} (mailto:{ADDRESS})"
JSON, XML, HTML = ({"Content-Type": kind} for kind in ("application/json", "text/xml", "text/html"))
# Each quotes the request, as registries, proxies and their error pages do.
FAULTS = (
    Answer(RATE_LIMIT, 429),
    Answer(RATE_LIMIT, 200),
    Answer(ECHO, 500, HTML),
    Answer(ECHO, 400, {"Content-Type": "text/plain"}),
    Answer(json.dumps({"status": "failed", "message": [{"message": ECHO, "value": ECHO}]}), 400),
    Answer(ECHO, 404, {"Content-Type": "text/plain"}),
    Answer(ECHO, 414, HTML),
    Answer(f"<html>{ECHO}</html>", 200, HTML),
    Answer(json.dumps({"message": ECHO}), 200),
    Answer(json.dumps({"error": ECHO}), 200),
    Answer(f"<eFetchResult><ERROR>{ECHO}</ERROR></eFetchResult>", 200, XML),
    Answer(f"<eFetchResult><ERROR>Search backend failed: {ECHO}</ERROR></eFetchResult>", 200, XML),
    Answer(f"<PubmedArticleSet>{ECHO}", 200, XML),
    Answer("", 302, {"Location": f"http://127.0.0.1:9/?api_key={KEY}&email={ADDRESS}"}),
    Answer(ECHO * 50, 200, JSON, cut=True),
    Answer(drop=True),
    # A source that asks to wait is left alone for the rest of a run: the last one is met in the next.
    Answer(ECHO, 503, {"Content-Type": "text/plain", "Retry-After": "0"}),
    Answer(RATE_LIMIT, 429, {**JSON, "Retry-After": "0", "X-Echo": ECHO}),
)
COUNT = 2 * len(FAULTS) + 2


class Registry:
    """Answers every second question of each source rightly, and the others with one fault after the other."""

    def __init__(self):
        self.lock = threading.Lock()
        self.asked = Counter()
        self.met = set()
        self.key_seen = self.address_seen = False

    def __call__(self, asked):
        source = "crossref" if "/works" in asked.path else "ncbi"
        with self.lock:
            turn = self.asked[source]
            self.asked[source] += 1
            self.key_seen |= KEY in asked.body
            self.address_seen |= ADDRESS in asked.headers["user-agent"]
            if turn % 2 == 0:
                return good(asked)
            self.met.add((source, turn // 2 % len(FAULTS)))
        return FAULTS[turn // 2 % len(FAULTS)]


def good(asked):
    if "/works" in asked.path:
        doi = unquote(asked.path).removeprefix("/works/").removesuffix("/agency")
        return Answer(json.dumps({"message": {"DOI": doi, "title": [f"A study called {doi}"]}}))
    if "esearch" in asked.path:
        return Answer("<eSearchResult><Count>0</Count><IdList></IdList></eSearchResult>", headers=XML)
    if "esummary" in asked.path:
        return Answer(json.dumps({"result": {"uids": []}}))
    if "idconv" in asked.path:
        return Answer(json.dumps({"records": []}))
    pmids = parse_qs(asked.body)["id"][0].split(",")
    articles = (
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID></MedlineCitation></PubmedArticle>" for pmid in pmids
    )
    return Answer(f"<PubmedArticleSet>{''.join(articles)}</PubmedArticleSet>", headers=XML)


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """Everything that a refresh, an audit and an export leave behind: name -> bytes."""
    vault = tmp_path_factory.mktemp("vault")
    (vault / "config.toml").write_text("")
    ids = [f"doi:10.1000/x{number}" for number in range(COUNT)] + [f"PMID: {100 + number}" for number in range(COUNT)]
    ids.append("PMC123456")
    text = "".join(f"Claim {number} is about bone. [^k{number}]\n\n" for number in range(len(ids)))
    (vault / "page.md").write_text(text + "".join(f"[^k{number}]: {one}\n" for number, one in enumerate(ids)))
    registry = Registry()
    with scripted(registry) as server:
        env = {
            "NCBI_API_KEY": KEY,
            "CROSSREF_MAILTO": ADDRESS,
            "TMPDIR": str(vault),
            "EVIDENCE_REGISTRIES__TRIES": "1",
            "EVIDENCE_REGISTRIES__CROSSREF__BASE_URL": server.url,
            "EVIDENCE_REGISTRIES__CROSSREF__BATCH_SIZE": "1",
            "EVIDENCE_REGISTRIES__CROSSREF__SINGLE_REQUESTS_PER_S": "1000",
            "EVIDENCE_REGISTRIES__ENTREZ__BASE_URL": f"{server.url}/entrez/eutils",
            "EVIDENCE_REGISTRIES__ENTREZ__BATCH_SIZE": "1",
            "EVIDENCE_REGISTRIES__ENTREZ__REQUESTS_PER_S": "1000",
        }
        found = {}
        for command in (
            ["refresh", "--verbose", "--json"], ["refresh", "--verbose"], ["audit", "--format", "html"],
            ["export", "bibtex"], ["show", "10.1000/x0"],
        ):  # fmt: skip
            done = run(*command, cwd=vault, env=env)
            assert "fault of ours" not in done.stderr
            found[" ".join(command)] = (done.stdout + done.stderr).encode()
    found |= {str(path): path.read_bytes() for path in vault.rglob("*") if path.is_file()}
    engine = open_database(f"sqlite:///{vault}/db/evidence.sqlite3")
    with reading(engine) as session:
        for row in session.scalars(sa.select(models.Record)):
            found[f"record {row.value}"] = zlib.decompress(row.payload)
        found["reasons"] = "\n".join(map(str, session.scalars(sa.select(models.Lookup.reason)))).encode()
    engine.dispose()
    return registry, found


def test_the_registries_get_the_key_and_the_address(left):
    registry, _ = left
    assert registry.key_seen
    assert registry.address_seen
    assert registry.met == {(source, number) for source in ("crossref", "ncbi") for number in range(len(FAULTS))}


def test_nobody_else_does(left):
    _, found = left
    assert [name for name, data in found.items() if any(secret.encode() in data for secret in SECRETS)] == []


def test_no_answer_that_was_refused_is_repeated(left):
    _, found = left
    assert [
        name for name, data in found.items() if re.search(rb"api-key|rate limit exceeded|You asked with", data)
    ] == []


def test_what_failed_is_said_in_our_words(left):
    _, found = left
    for words in (b"too many requests", b"HTTP 500", b"HTTP 400"):
        assert words in found["reasons"]


def test_a_fault_of_ours_quotes_nothing(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    try:
        try:
            int(KEY)
        except ValueError as error:
            raise RuntimeError(f"while reading {ADDRESS}") from error
    except RuntimeError as error:
        report_fault(error)
    (log,) = tmp_path.iterdir()
    said = capsys.readouterr().err
    assert said.startswith("fault of ours: RuntimeError\n")
    assert not any(secret in said + log.read_text() for secret in SECRETS)
    assert "test_secrets.py" in log.read_text()
    assert "ValueError" in log.read_text()
