from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time

import pytest
from libraries import DATA, bib
from running import run

ENDINGS = {"zotero.bib": 4, "jabref.bib": 4, "zotero.json": 3, "endnote.ris": 4}


@pytest.fixture
def vault(tmp_path):
    (tmp_path / "notes").mkdir()
    page = "# Bone\n\nCbfa1 is needed.[^a]\n\n[^a]: Komori 1997. doi:10.1016/s0092-8674(00)80258-5\n"
    (tmp_path / "notes" / "bone.md").write_text(page, "utf-8")
    assert run("init", cwd=tmp_path).returncode == 0
    assert run("refresh", "--offline", cwd=tmp_path).returncode == 3
    return tmp_path


@pytest.mark.parametrize("name", list(ENDINGS))
def test_libraries_of_each_program_are_imported(vault, name):
    shutil.copy(DATA / name, vault / name)
    result = run("import", name, cwd=vault)
    assert result.returncode in {0, 1}, result.stderr
    assert f"{ENDINGS[name]} entries of {name}" in result.stderr
    assert result.stdout == ""


def test_bibliography_has_the_key_of_the_library(vault):
    shutil.copy(DATA / "zotero.bib", vault)
    assert run("import", "zotero.bib", cwd=vault).returncode == 0
    done = run("export", "biblatex", "-o", "-", cwd=vault)
    assert "@article{komoriTargetedDisruption1997," in done.stdout
    assert "described by an imported library alone" in done.stderr
    assert done.returncode == 0
    shown = run("show", "10.1016/s0092-8674(00)80258-5", cwd=vault).stdout
    assert "no registry has described this work; what follows is from the library" in shown
    assert "zotero.bib:1 komoriTargetedDisruption1997" in shown


def test_faulty_entries_are_told_with_file_line_key_and_field(vault):
    shutil.copy(DATA / "faulty.bib", vault)
    result = run("import", "faulty.bib", cwd=vault)
    assert result.returncode == 1
    lines = result.stderr.splitlines()
    assert "faulty.bib:2: bad2001: doi: there is no DOI in 'see the web page'" in lines
    assert "faulty.bib:3: open2001: it has no end: a closing brace or quotation mark is missing" in lines
    assert "faulty.bib:4: good2001: key: the entry in line 1 has this key already" in lines
    listed = run("import", "--list-failed", cwd=vault)
    assert listed.returncode == 1
    assert "faulty.bib:12: none2001: it has no DOI, PMID or PMCID" in listed.stdout.splitlines()


def test_json_tells_all_of_it(vault):
    shutil.copy(DATA / "faulty.bib", vault)
    told = json.loads(run("import", "faulty.bib", "--json", cwd=vault).stdout)
    assert (told["entries"], told["failed"], told["changed"]) == (13, 4, True)
    assert [one["line"] for one in told["problems"]] == list(range(2, 12))
    assert [one["key"] for one in told["without_identifier"]] == ["none2001"]
    again = json.loads(run("import", "faulty.bib", "--json", cwd=vault).stdout)
    assert again["changed"] is False
    assert again["problems"] == told["problems"]


def test_second_import_says_that_nothing_has_changed(vault):
    shutil.copy(DATA / "zotero.bib", vault)
    run("import", "zotero.bib", cwd=vault)
    assert "nothing has changed since its last import" in run("import", "zotero.bib", cwd=vault).stderr


def test_standard_input_is_read_with_a_format(vault):
    result = run("import", "-", "--format", "bibtex", cwd=vault, stdin=bib("a", "10.1000/a"))
    assert (result.returncode, "1 entry of -" in result.stderr) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.bib"], "missing.bib: cannot be read: No such file or directory"),
        (["notes"], "its name does not tell its format"),
        (["notes", "--format", "ris"], "notes: cannot be read: Is a directory"),
        (["-"], "its name does not tell its format"),
        ([], "no file is named"),
        (["broken.json"], "broken.json: line 1, column 2: it is no JSON"),
        (["--forget", "never.bib"], "never.bib was not imported"),
    ],
)
def test_what_cannot_be_read_is_one_message(vault, arguments, message):
    (vault / "broken.json").write_text("[oh", "utf-8")
    result = run("import", *arguments, cwd=vault)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_killed_import_has_happened_or_not(vault):
    count = 2_000
    (vault / "big.bib").write_text("".join(bib(f"k{number}", f"10.1000/{number}") for number in range(count)), "utf-8")
    command = [sys.executable, "-m", "evidence", "import", "big.bib", "-q"]
    for seconds in (0.7, 1.1, 1.5):
        process = subprocess.Popen(command, cwd=vault, env={**os.environ, "XDG_CONFIG_HOME": str(vault)})
        time.sleep(seconds)
        process.kill()
        process.wait()
        with sqlite3.connect(vault / "db" / "evidence.sqlite3") as store:
            assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            entries = store.execute("SELECT count(*) FROM library_entry").fetchone()[0]
            keys = store.execute("SELECT count(*) FROM citekey").fetchone()[0]
            assert (entries, keys) in {(0, 0), (count, count)}
    assert run("import", "big.bib", cwd=vault).returncode == 0
    assert len((vault / "citekeys.txt").read_text("utf-8").splitlines()) == 1 + count


def test_latin_1_is_told(vault):
    (vault / "old.bib").write_bytes(bib("a", "10.1000/a", author="Müller, J.").encode("latin-1"))
    result = run("import", "old.bib", cwd=vault)
    assert "warning: old.bib: it is no UTF-8: read as Latin-1" in result.stderr


def test_control_characters_do_not_reach_the_terminal(vault):
    (vault / "a.bib").write_text(bib("a\x1b[31m", "\x1b]0;x\x07"), "utf-8")
    result = run("import", "a.bib", cwd=vault)
    assert "\x1b" not in result.stderr + run("import", "--list-failed", cwd=vault).stdout


def test_forgotten_library_is_gone(vault):
    shutil.copy(DATA / "faulty.bib", vault)
    run("import", "faulty.bib", cwd=vault)
    assert "13 entries of faulty.bib are removed" in run("import", "--forget", "faulty.bib", cwd=vault).stderr
    assert run("import", "--list-failed", cwd=vault).stdout == ""
