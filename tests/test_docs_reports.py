"""The page on reports: its commands run, its columns are those of the tables, its workflow does what it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from reported import vault
from running import run

from evidence.audit.formats import FORMATS
from evidence.audit.reports.csv import csv_chunks, findings_csv_chunks
from evidence.demo import REGISTRY
from evidence.replay.server import serving

PAGE = (Path(__file__).parent.parent / "docs" / "reports.md").read_text("utf-8")
COMMANDS = re.findall(r"^    (evidence [^#\n]*)", PAGE, re.MULTILINE)
WORKFLOW = yaml.safe_load(PAGE.partition("```yaml\n")[2].partition("```")[0])


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    assert run("demo", ".", cwd=folder).returncode == 0
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs_and_writes_what_it_names(demo, command):
    words = command.split()[1:]
    if "-o" in words:
        (demo / words[words.index("-o") + 1]).unlink(missing_ok=True)
    result = run(*words, cwd=demo)
    assert result.returncode == 3, result.stderr
    assert "fault" not in result.stderr
    written = demo / words[words.index("-o") + 1] if "-o" in words else None
    assert (written.stat().st_size if written else len(result.stdout)) > 1000


def test_every_format_is_told_of_and_shown():
    assert set(re.findall(r"^## [^(\n]*\((.*)\)$", PAGE, re.MULTILINE)) == {
        "`text`",
        "`json`, or `--json`",
        "`csv`, `csv-findings`",
        "`markdown`",
        "`sarif`",
        "`github`",
    }
    shown = {name for command in COMMANDS for name in re.findall(r"--format (\S+)", command)}
    assert shown == set(FORMATS) - {"text"}


def test_columns_are_those_of_the_tables():
    report = vault().audit()
    table = PAGE.partition("| column | holds |")[2].partition("\n\n")[0]
    told = [name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
    header = next(csv_chunks(report)).strip("\ufeff\r\n").replace('"', "").split(",")
    assert told == header
    sentence = PAGE.partition("`csv-findings` has one row a finding:")[2].partition("and the last four")[0]
    header = next(findings_csv_chunks(report)).strip("\ufeff\r\n").replace('"', "").split(",")
    assert re.findall(r"`(\w+)`", sentence) == header[:-4]


def test_the_workflow_runs(demo, tmp_path):
    steps = [one["run"] for one in WORKFLOW["jobs"]["audit"]["steps"] if "run" in one]
    assert steps.pop(0) == "pip install litevidence"
    program = tmp_path / "evidence"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m evidence "$@"\n')
    program.chmod(0o755)
    summary = tmp_path / "summary.md"
    codes = []
    with serving([REGISTRY]) as server:
        env = os.environ | {
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "GITHUB_STEP_SUMMARY": str(summary),
            "EVIDENCE_REGISTRIES__CROSSREF__BASE_URL": server.crossref_url,
            "EVIDENCE_REGISTRIES__ENTREZ__BASE_URL": server.entrez_url,
        }
        for step in steps:
            shell = ["bash", "-e", "-c", step]
            done = subprocess.run(shell, cwd=demo, env=env, capture_output=True, text=True, check=False, timeout=120)
            codes.append(done.returncode)
    assert codes == [0, 0, 0, 3], done.stderr
    assert "# Evidence audit" in summary.read_text("utf-8")
    results = json.loads((demo / "evidence.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert len(results) == len(json.loads(run("audit", "--json", cwd=demo).stdout)["findings"])
    assert done.stdout.splitlines()[-1].startswith("::notice title=Evidence audit::")


def test_the_schema_lies_where_the_page_says():
    (link,) = re.findall(r"\]\(\.\./(\S+schema\.json)\)", PAGE)
    assert json.loads((Path(__file__).parent.parent / link).read_text("utf-8"))["$id"]
