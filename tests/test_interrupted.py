"""Ctrl-C, as a terminal sends it: to the program and to every process that it started. And SIGTERM, to it alone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest
from registries import MAILTO, Answer, scripted

from evidence.store.database import holding_refresh, open_database

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the processes of a group are read from /proc")

# A second, and what a busy machine takes to end a process.
SOON_S = 1.0 + 0.5
DOIS = [f"10.1000/x{number:02}" for number in range(20)]


@pytest.fixture
def vault(tmp_path):
    (tmp_path / "config.toml").write_text("")
    claims = "".join(f"Bone {number} is lost with age. [^k{number}]\n\n" for number in range(len(DOIS)))
    (tmp_path / "a.md").write_text(claims + "".join(f"[^k{number}]: doi:{doi}\n" for number, doi in enumerate(DOIS)))
    return tmp_path


@contextmanager
def started(vault, *arguments, url="http://127.0.0.1:9", **settings):
    """The program in a process group of its own."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("EVIDENCE_", "NCBI_", "CROSSREF_"))}
    addresses = {
        "EVIDENCE_REGISTRIES__CROSSREF__BASE_URL": url,
        "EVIDENCE_REGISTRIES__ENTREZ__BASE_URL": f"{url}/entrez/eutils",
    }
    environment = clean | addresses | {"XDG_CONFIG_HOME": str(vault), "CROSSREF_MAILTO": MAILTO} | settings
    command = [sys.executable, "-m", "evidence", *arguments]
    with subprocess.Popen(
        command, cwd=vault, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def interrupt(process, times=1):
    """Press Ctrl-C; return what the program said and how long it took to end, all of its children included."""
    start = time.monotonic()
    for _ in range(times):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.05 * (times - 1))
    # Only when the last child has closed it does standard error end.
    _, said = process.communicate(timeout=30)
    took = time.monotonic() - start
    assert process.returncode == 130
    assert "Traceback" not in said
    # One that has closed its output may take a moment more to be gone.
    while living(process.pid) and time.monotonic() - start < took + 1:
        time.sleep(0.02)
    assert living(process.pid) == []
    return said, took


def living(group):
    """The processes of a group that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, of = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if of == str(group) and state not in "ZX":
            found.append(stat.parent.name)
    return found


def wait_until(condition):
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def batch(asked):
    dois = re.findall(r"doi:([^,&]+)", unquote(asked.path))
    return Answer(json.dumps({"message": {"items": [{"DOI": doi} for doi in dois], "total-results": len(dois)}}))


@contextmanager
def asking_a_silent_registry(vault):
    """A refresh that waits for an answer."""
    over = threading.Event()

    def silent(_asked):
        over.wait(30)
        return Answer("{}")

    with scripted(silent) as server, started(vault, "refresh", url=server.url) as process:
        wait_until(lambda: server.asked)
        yield process
        over.set()


def test_while_waiting_for_an_answer(vault):
    with asking_a_silent_registry(vault) as process:
        said, took = interrupt(process)
    assert took < SOON_S
    assert said.startswith("stopped; what was done is kept\n")
    assert "pages    1 of 1 looked at" in said


def test_while_waiting_for_a_place_in_the_limiter(vault):
    slow = {
        "EVIDENCE_REGISTRIES__CROSSREF__LIST_REQUESTS_PER_S": "0.02",
        "EVIDENCE_REGISTRIES__ENTREZ__REQUESTS_PER_S": "0.02",
        "EVIDENCE_REGISTRIES__CROSSREF__BATCH_SIZE": "5",
    }
    with scripted(batch) as server, started(vault, "refresh", url=server.url, **slow) as process:
        wait_until(lambda: any("/works" in asked.path for asked in server.asked))
        time.sleep(0.5)
        said, took = interrupt(process)
    assert took < SOON_S
    assert "crossref 5 of 20 look-ups" in said
    assert "Start it again: it goes on from there." in said


@pytest.mark.parametrize("answer", [Answer("", 500, {}), Answer("", 429, {"Retry-After": "250"})])
def test_while_waiting_to_try_again(vault, answer):
    with scripted(answer) as server, started(vault, "refresh", url=server.url) as process:
        wait_until(lambda: len(server.asked) >= 2)
        time.sleep(0.2)
        said, took = interrupt(process)
    assert took < SOON_S
    assert "stopped" in said


def test_while_pages_are_read_in_several_processes(tmp_path):
    (tmp_path / "config.toml").write_text("")
    for number in range(24):
        # Three pages are enough to make several processes worth while.
        (tmp_path / f"{number:02}.txt").write_text(("word " * 400 + "\n\n") * (1500 if number < 3 else 300))
    with started(tmp_path, "refresh", "--offline", "--jobs", "2") as process:
        wait_until(lambda: len(living(process.pid)) >= 5)
        said, took = interrupt(process)
    assert took < SOON_S
    assert re.search(r"pages    [0-9]+ of 24 looked at", said)


def test_while_another_refresh_holds_the_database(vault, database_url):
    engine = open_database(database_url)
    with holding_refresh(engine), started(vault, "refresh", "--offline", "--database", database_url) as process:
        first = process.stderr.readline()
        said, took = interrupt(process)
    engine.dispose()
    assert f"process {os.getpid()}" in first
    assert took < SOON_S
    assert said == "stopped; what was done is kept\n"


def test_a_second_one_ends_it_at_once(vault):
    with asking_a_silent_registry(vault) as process:
        _, took = interrupt(process, times=2)
    assert took < 0.5


def test_sigterm_ends_it_as_well(vault):
    """As `docker stop`, a CI job that is cancelled, or the end of a session sends it."""
    with asking_a_silent_registry(vault) as process:
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.startswith("stopped; what was done is kept\n")


def test_sigterm_leaves_no_half_of_a_report(tmp_path):
    """What is written beside its place is taken away: a report that is written while its folder is watched."""
    (tmp_path / "config.toml").write_text("")
    for number in range(300):
        (tmp_path / f"{number:03}.md").write_text(
            "".join(f"Bone {n} is lost.[^a]\n\n" for n in range(60)) + "[^a]: x\n"
        )
    with started(tmp_path, "refresh", "--offline") as process:
        process.communicate(timeout=120)
    with started(tmp_path, "audit", "--format", "json", "-o", "report.json") as process:
        wait_until(lambda: process.poll() is not None or list(tmp_path.glob(".report.json.*.part")))
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 130
    assert list(tmp_path.glob("*report.json*")) == list(tmp_path.glob(".report.json*")) == []
