"""`evidence replay` as a user runs it, and what docs/replay.md says of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from asking import ask, entrez_url, works_url
from running import run

from evidence.errors import ConfigError
from evidence.replay.faults import MIX, Fault, scripted_from_json
from evidence.replay.server import serving

DATA = Path(__file__).parent / "data" / "registry"
PAGE = (Path(__file__).parent.parent / "docs" / "replay.md").read_text("utf-8")
SHOWN = re.findall(r"^    evidence (replay.*)$", PAGE, re.MULTILINE)


class Replay:
    """The program in a process of its own, stopped by Ctrl-C."""

    def __init__(self, folder, *arguments):
        env = {**os.environ, "XDG_CONFIG_HOME": str(folder), "NO_COLOR": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "evidence", *arguments, "--port", "0"],
            # A shell that runs the tests in the background has them ignore the signal, and children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no threads
            cwd=folder,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.crossref = self.process.stdout.readline().split()[-1]
        self.entrez = self.process.stdout.readline().split()[-1]

    def stop(self):
        """The exit code and what stood on standard error."""
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors


@pytest.mark.parametrize("shown", SHOWN)
def test_every_command_shown_serves_until_interrupted(tmp_path, shown):
    shutil.copytree(DATA, tmp_path / "my-answers")
    replay = Replay(tmp_path, *shown.split())
    try:
        counts = ask(f"{replay.crossref}/__replay__/counts")
    finally:
        code, errors = replay.stop()
    assert (counts.status, counts.json()["total"]) == (200, 0)
    assert code == 130
    assert "export EVIDENCE_REGISTRIES__CROSSREF__BASE_URL=http://127.0.0.1:" in errors
    assert "\n0 requests\n" in errors


def test_summary_and_log_tell_what_happened_and_name_nobody(tmp_path):
    (tmp_path / "requests.jsonl").write_text('{"before": true}\n')
    replay = Replay(tmp_path, "replay", "--faults", "500=1", "--log", "requests.jsonl", "--limits", "none")
    try:
        url = f"{replay.crossref}/works/10.1038%2Fnature10600?mailto=someone@example.org"
        statuses = [ask(url, User_Agent="x (mailto:someone@example.org)").status for _ in range(4)]
        form = {
            "db": "pubmed",
            "id": "1,2",
            "api_key": "secret-key",
            "email": "someone@example.org",
            "tool": "some-tool",
        }
        ask(f"{replay.entrez}/efetch.fcgi", form=form)
        written = (tmp_path / "requests.jsonl").read_text("utf-8").splitlines()
    finally:
        code, errors = replay.stop()
    assert statuses[:3] == [500] * 3
    assert statuses[3] != 500
    assert code == 130
    assert "5 requests\n  by route        crossref/work 4, entrez/efetch 1\n" in errors
    assert "faults          500 4\n" in errors
    entries = [json.loads(line) for line in written]
    assert entries[0] == {"before": True}
    assert [entry["fault"] for entry in entries[1:]] == ["500"] * 3 + [None, "500"]
    assert (entries[1]["path"], entries[1]["asked"]) == ("/works/10.1038%2Fnature10600", ["10.1038/nature10600"])
    assert entries[5]["asked"] == ["1", "2"]
    for private in ("secret-key", "example.org", "some-tool"):
        assert private not in "".join(written) + errors


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["--faults", "600=1"], "600=1"), (["--faults", "500=2"], "500=2"), (["--log", "missing/log"], "missing/log")],
)
def test_unusable_options_are_usage_errors(tmp_path, arguments, told):
    result = run("replay", "--port", "0", *arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert told in result.stderr


def test_log_is_written_from_python_too(tmp_path):
    with serving([DATA], log=tmp_path / "log") as server:
        ask(works_url(server, ["10.1371/notarealdoi"]))
        ask(entrez_url(server, "efetch", id="1", retmode="xml"))
        lines = (tmp_path / "log").read_text("utf-8").splitlines()
    assert [json.loads(line)["route"] for line in lines] == ["crossref/works", "entrez/efetch"]
    with pytest.raises(ConfigError), serving([DATA], log=tmp_path):
        pass


def test_every_fault_is_listed():
    table = PAGE.partition("## Faults")[2].partition("**By chance**")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([^`]+)`", row)} == set(Fault)


def test_shares_of_the_mix_are_as_said():
    said = re.findall(r"`([a-z0-9-]+)` (\d+) %", PAGE)
    assert {Fault(name): int(share) / 100 for name, share in said} == dict(MIX)


def test_script_shown_is_one():
    (shown,) = re.findall(r"^    (\[\{.*\}\])$", PAGE, re.MULTILINE)
    (one,) = scripted_from_json(json.loads(shown))
    assert (one.fault, one.times, one.retry_after_s) == (Fault.TOO_MANY, 2, 1)


def test_python_shown_runs():
    shown = re.search(r"From Python:\n\n((?:    .*\n|\n)+)", PAGE)[1]
    scope = {"folder": DATA}
    exec("\n".join(line.removeprefix("    ") for line in shown.splitlines()), scope)
    assert scope["server"].log() == []


def test_counts_and_fields_are_as_said():
    with serving([DATA]) as server:
        ask(works_url(server, ["10.1371/notarealdoi"]))
        counts = ask(f"{server.base_url}/__replay__/counts").json()
        (entry,) = [json.loads(line) for line in ask(f"{server.base_url}/__replay__/log").body.splitlines()]
    log = PAGE.partition("## The log")[2]
    assert set(counts) <= set(re.findall(r"`([a-z_]+)`", log))
    assert set(entry) <= set(re.findall(r"`([a-z_]+)`", log))


@pytest.mark.parametrize(
    "script", [{}, [1], [{"fault": []}], [{"fault": None}], [{"fault": "500", "times": "x"}], [{"x": 1}]]
)
def test_script_of_another_form_is_refused(script):
    with pytest.raises(ConfigError):
        scripted_from_json(script)
