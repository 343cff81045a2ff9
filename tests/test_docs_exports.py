"""Each command that docs/exports.md shows runs, one after the other, in a folder with the demo's pages and answers."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import bibtexparser
import pytest
from consumers import need
from running import run

from evidence.demo import REGISTRY, VAULT
from evidence.replay.server import serving

TEXT = (Path(__file__).parent.parent / "docs" / "exports.md").read_text("utf-8")
COMMANDS = re.findall(r"^    (\S.*)$", TEXT, re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vault")
    for path in sorted(Path(VAULT).rglob("*.md")):
        target = folder / "notes" / path.relative_to(VAULT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    with serving([REGISTRY]) as server:
        environment = {
            "EVIDENCE_REGISTRIES__CROSSREF__BASE_URL": server.crossref_url,
            "EVIDENCE_REGISTRIES__CROSSREF__LIST_REQUESTS_PER_S": "1000",
            "EVIDENCE_REGISTRIES__CROSSREF__SINGLE_REQUESTS_PER_S": "1000",
            "EVIDENCE_REGISTRIES__ENTREZ__BASE_URL": server.entrez_url,
            "EVIDENCE_REGISTRIES__ENTREZ__REQUESTS_PER_S": "1000",
            "CROSSREF_MAILTO": "tester@example.org",
        }
        assert run("init", cwd=folder).returncode == 0
        result = run("refresh", cwd=folder, env=environment)
        assert result.returncode in {0, 3}, result.stderr
    return folder


def test_every_command_that_is_shown_runs(folder):
    need("pandoc")
    assert len(COMMANDS) >= 8
    old, key = "schlaeppi2024effects", None
    for command in COMMANDS:
        program, *arguments = shlex.split(command)
        if program == "evidence":
            arguments = [key if one == old and key else one for one in arguments]
            result = run(*arguments, cwd=folder)
            assert result.returncode in {0, 3} | ({1} if arguments[0] == "audit" else set()), (command, result.stderr)
        else:
            assert program == "pandoc"
            bibliography = folder / arguments[arguments.index("--bibliography") + 1]
            known = bibtexparser.parse_file(str(bibliography)).entries[0].key
            (folder / "page.md").write_text(f"Bone needs it [@{known}].\n", "utf-8")
            done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, check=True)
            assert done.stderr == ""
            assert 'class="csl-entry"' in (folder / "page.html").read_text("utf-8")
        if (folder / "references.bib").exists() and key is None:
            key = bibtexparser.parse_file(str(folder / "references.bib")).entries[0].key
    assert "Schlaeppi2024\t" in (folder / "citekeys.txt").read_text("utf-8")
    assert f"{key}\t" in (folder / "citekeys.txt").read_text("utf-8")
