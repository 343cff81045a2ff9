"""README shows what really happens: its commands run, and what it prints is what they print."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from running import run

from evidence.demo import REGISTRY
from evidence.replay.server import serving

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = [
    re.sub(r"^    ", "", block, flags=re.MULTILINE)
    for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", README, re.MULTILINE)
]


def commands(block):
    return [line.split("#")[0].strip() for line in block.strip().splitlines()]


def test_opens_with_one_sentence_and_the_two_commands():
    assert [line.split()[:2] for line in BLOCKS[0].strip().splitlines()] == [["make", "demo"], ["make", "test"]]
    targets = (ROOT / "Makefile").read_text("utf-8")
    assert all(f"\n{name}:" in targets for name in ("demo", "test"))


def test_demo_prints_what_the_readme_shows(tmp_path):
    result = run("demo", "demo", cwd=tmp_path)
    assert result.stdout == BLOCKS[1].strip() + "\n"


def test_commands_for_your_own_pages(tmp_path):
    (tmp_path / "page.md").write_text("Bone is lost.[^a]\n\n[^a]: doi:10.1038/nature10600\n")
    shown = [line.split() for line in commands(BLOCKS[2]) if line.startswith("evidence")]
    assert [words[1] for words in shown] == ["init", "refresh", "audit", "export"]
    with serving([REGISTRY]) as server:
        env = {
            "EVIDENCE_REGISTRIES__CROSSREF__BASE_URL": server.crossref_url,
            "EVIDENCE_REGISTRIES__ENTREZ__BASE_URL": server.entrez_url,
        }
        codes = {words[1]: run(*words[1:], cwd=tmp_path, env=env).returncode for words in shown}
    assert codes["init"] == codes["export"] == 0
    assert codes["refresh"] in {0, 3}
    assert (tmp_path / "exports" / "references.bib").is_file()


@pytest.mark.parametrize("name", re.findall(r"^\| `evidence ([a-z-]+)", README, re.MULTILINE))
def test_every_command_in_the_table_has_a_help(tmp_path, name):
    assert run(name, "--help", cwd=tmp_path).returncode == 0


def test_every_dependency_is_justified():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[><=]", one)[0].lower() for one in project["dependencies"]}
    table = README.partition("## What it rests on")[2]
    assert names == {
        name.lower() for name in re.findall(r"^\| ([A-Za-z0-9-]+) \| (?!why)", table, re.MULTILINE) if name != "package"
    }
