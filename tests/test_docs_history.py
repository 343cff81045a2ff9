"""The commands that `docs/history.md` and `docs/tags.md` show run, and end as these say."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
from running import run

from evidence.audit.whatif import Effect

DOCS = Path(__file__).parent.parent / "docs"
HISTORY, TAGS = ((DOCS / name).read_text("utf-8") for name in ("history.md", "tags.md"))


def commands(text):
    return [line.split()[1:] for line in text.splitlines() if line.startswith("    evidence ")]


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    """The demo, audited three times: at first, with a retraction, and with a claim that is gone."""
    folder = tmp_path_factory.mktemp("docs")
    assert run("demo", ".", cwd=folder).returncode == 0
    with sqlite3.connect(folder / "db" / "evidence.sqlite3") as database:
        database.execute("UPDATE run SET started_at = '2026-10-30 12:00:00' WHERE command = 'audit'")
        query = "SELECT work_id FROM work_identifier WHERE value = '10.1038/nature16932'"
        row = (*database.execute(query).fetchone(), "retraction", "2026-11-02", "crossref")
        database.execute("INSERT INTO notice (work_id, kind, date, source) VALUES (?, ?, ?, ?)", row)
    database.close()
    run("audit", "-q", cwd=folder)
    with sqlite3.connect(folder / "db" / "evidence.sqlite3") as database:
        database.execute("UPDATE run SET started_at = '2026-11-15 12:00:00' WHERE id = 3")
    database.close()
    (folder / "vault" / "aging_wiki" / "molecules" / "compounds" / "l-theanine.md").unlink()
    run("refresh", "--offline", "-q", cwd=folder)
    run("audit", "-q", cwd=folder)
    return folder


@pytest.mark.parametrize("arguments", commands(HISTORY), ids=" ".join)
def test_commands_of_the_history_run(vault, arguments):
    result = run(*arguments, cwd=vault)
    assert result.returncode == 0, result.stderr
    assert result.stdout
    if "--json" in arguments:
        json.loads(result.stdout)


@pytest.mark.parametrize("arguments", [one for one in commands(TAGS) if "--write" not in one], ids=" ".join)
def test_commands_of_the_tags_run(vault, arguments):
    result = run(*arguments, cwd=vault)
    assert result.returncode == 3, result.stderr
    if "--json" in arguments:
        json.loads(result.stdout)
    else:
        assert result.stdout.startswith("--- a/vault/")


def test_diff_tells_of_the_retraction_and_of_the_claims_that_are_gone(vault):
    retraction = run("diff", "2026-11-01", "2026-11-20", cwd=vault).stdout
    assert "audit 2 (2026-10-30) -> audit 3 (2026-11-15)" in retraction
    assert "retracted 2026-11-02 (crossref)" in retraction
    gone = run("diff", "3", cwd=vault).stdout
    assert "gone, and cited:" in gone
    assert "l-theanine.md" in gone
    assert run("diff", "nonsense", cwd=vault).returncode == 2


def test_every_effect_is_listed():
    assert set(re.findall(r"^\| `([a-z-]+)` \|", HISTORY, re.MULTILINE)) == {one.value for one in Effect}


def test_what_if_of_an_unknown_work_ends_with_2(vault):
    result = run("what-if", "10.9999/nobody", cwd=vault)
    assert (result.returncode, result.stdout) == (2, "")
    assert "no page cites 10.9999/nobody" in result.stderr
