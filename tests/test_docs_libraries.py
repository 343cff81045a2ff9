"""Each command that docs/libraries.md shows runs, one after the other."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from libraries import DATA
from running import run

from evidence.export.keyforms import is_readable_key
from evidence.library import FORMATS

TEXT = (Path(__file__).parent.parent / "docs" / "libraries.md").read_text("utf-8")
COMMANDS = re.findall(r"^ {4,6}(evidence .*)$", TEXT, re.MULTILINE)


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vault")
    (folder / "page.md").write_text("Bone.[^a]\n\n[^a]: doi:10.1016/s0092-8674(00)80258-5\n", "utf-8")
    shutil.copy(DATA / "zotero.bib", folder / "library.bib")
    assert run("init", cwd=folder).returncode == 0
    return folder


def test_every_command_that_is_shown_runs(vault):
    assert len(COMMANDS) == 6
    for command in COMMANDS:
        program, *arguments = shlex.split(command)
        assert program == "evidence"
        offline = ["--offline"] if arguments == ["refresh"] else []
        result = run(*arguments, *offline, cwd=vault)
        assert result.returncode in ({0, 3} if offline else {0}), (command, result.stderr)


def test_every_format_is_listed():
    for one in FORMATS.values():
        assert f"| `{one.endings[0]}` | `{one.name}`" in TEXT


def test_signs_that_keys_may_have_are_those_that_are_listed():
    [line] = [line for line in TEXT.splitlines() if line.startswith("- Letters of any script")]
    signs = re.findall(r"`(.)`", line)
    assert signs == list(":.+/-_*!?")
    assert [chr(code) for code in range(33, 127) if not chr(code).isalnum() and is_readable_key(f"a{chr(code)}b")] == (
        sorted(signs)
    )
