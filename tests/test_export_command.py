"""`evidence export` as people run it: what goes where, and the exit codes."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import bibtexparser
import pytest
from export_store import Stored, add_works, cite
from running import run
from sqlalchemy import text

from evidence.store.database import open_database, writing

NOTE = "Bone grows.[^a]\n\n[^a]: doi:10.1/a\n"


@pytest.fixture
def vault(tmp_path):
    """A vault of two pages in a folder, each with a work; the database is closed again."""
    assert run("init", cwd=tmp_path).returncode == 0
    engine = open_database(f"sqlite:///{tmp_path}/db/evidence.sqlite3")
    add_works(engine, Stored(doi="10.1/a", title="Ankle"), Stored(doi="10.1/b", title="Back"))
    cite(engine, "notes/bone.md", ("doi", "10.1/a"))
    cite(engine, "notes/marrow.md", ("doi", "10.1/b"))
    (tmp_path / "notes").mkdir()
    for name in ("bone", "marrow"):
        (tmp_path / "notes" / f"{name}.md").write_text(NOTE, "utf-8")
    engine.dispose()
    return tmp_path


def damage(vault, statement):
    engine = open_database(f"sqlite:///{vault}/db/evidence.sqlite3")
    with writing(engine) as session:
        session.execute(text(statement))
    engine.dispose()


def keys(written):
    return [one.key for one in bibtexparser.parse_string(written).entries]


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("", "bone"),
        ("", "notes/bone.md"),
        ("", "./notes/bone.md"),
        ("notes", "bone.md"),
        ("notes", "notes/bone"),
        ("", "BONE.MD"),
    ],
)
def test_for_page_by_any_of_its_names(vault, where, name):
    result = run("export", "biblatex", "--for-page", name, cwd=vault / where, env={"XDG_CONFIG_HOME": str(vault)})
    assert (result.returncode, keys(result.stdout)) == (0, ["smithankle"])
    assert result.stderr == "1 work\n"


def test_for_page_by_its_absolute_path(vault):
    result = run("export", "ris", "--for-page", str(vault / "notes" / "bone.md"), cwd=vault)
    assert result.stdout.count("TY  - ") == 1


def test_for_page_to_a_file(vault):
    result = run("export", "csl-json", "--for-page", "marrow", "-o", "m.json", cwd=vault)
    assert (result.returncode, result.stdout) == (0, "")
    assert [one["id"] for one in json.loads((vault / "m.json").read_text("utf-8"))] == ["smithback"]


def test_for_several_pages_is_what_any_of_them_cites(vault):
    pages = ("--for-page", "marrow", "--for-page", "bone", "--for-page", "notes/bone.md")
    result = run("export", "biblatex", *pages, cwd=vault)
    assert (result.returncode, keys(result.stdout)) == (0, ["smithankle", "smithback"])
    assert result.stderr == "2 works\n"


@pytest.mark.parametrize("part", [["--for-page", "bone"], ["notes/bone.md"]])
def test_part_leaves_the_whole_bibliography_alone(vault, part):
    run("export", "biblatex", cwd=vault)
    before = {path: path.read_bytes() for path in (vault / "exports").iterdir()}
    result = run("export", "biblatex", *part, cwd=vault)
    assert (result.returncode, keys(result.stdout)) == (0, ["smithankle"])
    assert {path: path.read_bytes() for path in (vault / "exports").iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--for-page", "nope"], "nope: the database holds no such page"),
        (["--for-page", "notes"], "notes: the database holds no such page"),
        (["--for-page", "bone", "notes"], "--for-page names the only page"),
        (["--for-page", "bone", "--split-by-page", "x"], "--for-page names the only page"),
        (["--split-by-page", "x", "--split-by-page", "y"], "--split-by-page names one folder"),
        (["--for-page", "bone", "--for-page", "nope"], "nope: the database holds no such page"),
        (["--split-by-page", "x", "-o", "y.bib"], "--split-by-page names the folder"),
        (["--split-by-page", "config.toml"], "config.toml is a file"),
        (["--with-status"], "no audit of all pages is kept"),
        (["--with-status", "--split-by-page", "x"], "no audit of all pages is kept"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_and_a_hint(vault, arguments, said):
    result = run("export", "bibtex", *arguments, cwd=vault)
    error, hint = result.stderr.splitlines()
    assert (result.returncode, result.stdout) == (2, "")
    assert error.startswith(f"error: {said}")
    assert hint.startswith("  hint: ")
    assert not (vault / "x").exists()


def test_paths_to_a_file(vault):
    result = run("export", "biblatex", "notes", "-o", "notes.bib", cwd=vault)
    assert (result.returncode, result.stdout) == (0, "")
    assert keys((vault / "notes.bib").read_text("utf-8")) == ["smithankle", "smithback"]


def test_works_that_no_mark_leads_to_are_counted(vault):
    result = run("export", "biblatex", "--cited-only", "-o", "-", cwd=vault)
    assert (result.returncode, keys(result.stdout)) == (0, [])
    assert "left out, as asked: 2 works that no claim's mark leads to" in result.stderr


def test_split_by_page(vault):
    result = run("export", "biblatex", "--split-by-page", "refs", cwd=vault)
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr.splitlines()[0] == "2 pages in refs: 2 written, 0 unchanged"
    assert keys((vault / "refs" / "notes" / "bone.md.bib").read_text("utf-8")) == ["smithankle"]
    again = run("export", "biblatex", "--split-by-page", "refs", cwd=vault)
    assert again.stderr.splitlines()[0] == "2 pages in refs: 0 written, 2 unchanged"


def test_split_names_a_file_that_is_in_the_way(vault):
    (vault / "refs" / "notes").mkdir(parents=True)
    (vault / "refs" / "notes" / "bone.md.bib").write_text("mine", "utf-8")
    result = run("export", "biblatex", "--split-by-page", "refs", cwd=vault)
    assert result.returncode == 3
    assert "notes/bone.md: " in result.stderr
    assert "hint: move it away" in result.stderr
    assert (vault / "refs" / "notes" / "marrow.md.bib").exists()


def test_statuses_of_the_last_audit(vault):
    assert run("audit", "-o", "audit.txt", cwd=vault).returncode in {0, 1, 3}
    result = run("export", "csl-json", "--with-status", "-o", "-", cwd=vault)
    assert result.returncode == 0
    assert all(one["keyword"].startswith("evidence:") for one in json.loads(result.stdout))


def test_damaged_field_is_named_and_is_a_finding(vault):
    damage(vault, "UPDATE work SET date = 'in press' WHERE title = 'Ankle'")
    result = run("export", "bibtex", cwd=vault)
    assert result.returncode == 1
    assert "smithankle (doi:10.1/a): date: 'in press' is no date; left out" in result.stderr
    assert len(keys((vault / "exports" / "references.bib").read_text("utf-8"))) == 2


def test_work_that_cannot_be_written_makes_the_result_incomplete(vault):
    damage(vault, "UPDATE work SET title = '' WHERE title = 'Ankle'")
    result = run("export", "bibtex", cwd=vault)
    assert result.returncode == 3
    assert "for it 1 work left out" in result.stderr
    assert len(keys((vault / "exports" / "references.bib").read_text("utf-8"))) == 1


def test_verbose_names_all_that_is_damaged(vault):
    damage(vault, "UPDATE work SET volume = x'FF', issue = x'FF', pages = x'FF', publisher = x'FF'")
    short, long = (run(*arguments, cwd=vault) for arguments in (["export", "ris"], ["export", "ris", "--verbose"]))
    assert "and 3 more (all of them with --verbose)" in short.stderr
    assert long.stderr.count("is no text; left out") == 8


def test_message_about_a_hostile_value_is_harmless(vault):
    damage(vault, "UPDATE work SET date = char(27) || '[2J' || char(8238) || 'x' WHERE title = 'Ankle'")
    result = run("export", "bibtex", cwd=vault)
    assert "\x1b" not in result.stderr
    assert "\u202e" not in result.stderr


def test_output_may_be_the_device_of_standard_output(vault):
    result = run("export", "biblatex", "-o", "/dev/stdout", cwd=vault)
    assert (result.returncode, keys(result.stdout)) == (0, ["smithankle", "smithback"])


def shell(line, folder):
    """Run a line of a shell as `evidence` in a folder."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("EVIDENCE_", "NCBI_", "CROSSREF_"))}
    command = line.replace("evidence", f"{shlex.quote(sys.executable)} -m evidence")
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=clean, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
@pytest.mark.parametrize("line", ["evidence export biblatex -o - > /dev/full", "evidence config > /dev/full"])
def test_output_that_cannot_be_written_is_told(line, vault):
    done = shell(line, vault)
    assert (done.returncode, done.stderr.splitlines()[-2:]) == (
        2,
        [
            "error: standard output cannot be written: No space left on device",
            "  hint: free some space, or name another place",
        ],
    )


def test_a_closed_stream_of_messages_leaves_the_bibliography_whole(vault):
    assert {one["id"] for one in json.loads(shell("evidence export csl-json -o - 2>&-", vault).stdout)}
    done = shell("evidence export csl-json -o x.json >&- <&-", vault)
    assert done.returncode == 0
    assert len(json.loads((vault / "x.json").read_text("utf-8"))) == 2
