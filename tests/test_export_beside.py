"""A process of its own writes what one would write alone, and leaves nothing behind."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from itertools import count, islice
from pathlib import Path

import pytest
from export_store import PAPER, Stored, store_of

from evidence.config import Settings
from evidence.errors import ExportError
from evidence.export import FORMATS, beside, writer_of
from evidence.export.beside import pays_beside, write_beside
from evidence.export.checking import Damage
from evidence.export.run import Content, export
from evidence.records import AuthorName

ODD = PAPER._replace(
    title="A } brace \N{GREEK SMALL LETTER BETA}\U0001f9ec",
    authors=(AuthorName("山田", "太郎"), AuthorName(collective="WHO {Group}")),
    aliases=("old1997",),
    date="spring",
)


def batches(*sizes):
    numbers = count()
    for size in sizes:
        chosen = list(islice(numbers, size))
        yield [(ODD if number % 3 else PAPER)._replace(key=f"key{number}") for number in chosen]


@pytest.fixture
def started(monkeypatch):
    """The processes that were started."""
    found = []

    class Popen(subprocess.Popen):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            found.append(self)

    monkeypatch.setattr(beside.subprocess, "Popen", Popen)
    return found


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("sizes", [(), (0,), (1,), (500, 500, 7)])
def test_it_writes_what_one_process_writes(name, sizes):
    alone, together = [], []
    text = "".join(writer_of(name)(batches(*sizes), alone))
    assert "".join(write_beside(name, batches(*sizes), together, Damage())) == text
    assert together == alone


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_of_many_works_gives_the_same_bytes(name, database_url, tmp_path, monkeypatch, started):
    engine = store_of(database_url, *(Stored(f"10.1000/{n}", title=f"A <i>title</i> {n}") for n in range(1_203)))
    alone = export(engine, Settings(), tmp_path, name, output=tmp_path / "alone")
    assert not started
    monkeypatch.setattr(beside, "_FEW", 1_000)
    together = export(engine, Settings(), tmp_path, name, output=tmp_path / "together")
    assert len(started) == 1
    assert together.path.read_bytes() == alone.path.read_bytes()
    assert (together.entries, together.warnings) == (alone.entries, alone.warnings)


@pytest.mark.parametrize("name", FORMATS)
def test_both_processes_write_in_the_order_of_keys(name, monkeypatch):
    own = []
    write = beside._write_part
    monkeypatch.setattr(beside, "_AHEAD", 1)
    monkeypatch.setattr(beside, "_write_part", lambda *asked: own.append(asked) or write(*asked))
    text = "".join(writer_of(name)(batches(*(50,) * 40), []))
    assert "".join(write_beside(name, batches(*(50,) * 40), [], Damage())) == text
    assert 0 < len(own) < 40


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_damaged_or_retracted_is_told_and_counted_the_same(name, tmp_path, monkeypatch, started):
    works = [
        Stored(
            f"10.1000/{n:04}",
            title="\x00" if n % 100 == 3 else f"Bone\x1b loss {n}" if n % 100 == 7 else f"Bone loss {n}",
            authors=[AuthorName("---" if n % 50 == 1 else "Kim", f"J{n}"), AuthorName(collective="WHO Group")],
            notices=[{"kind": "retraction", "date": "2010"}] if n % 60 == 5 else [],
            editors=[AuthorName("Editor", "E.")] if n % 40 == 2 else [],
            fields={"type": "book", "volume": "x\u202e"} if n % 30 == 4 else {},
        )
        for n in range(900)
    ]
    engine = store_of(f"sqlite:///{tmp_path}/x.sqlite3", *works)
    content = Content(has_retracted=False)
    alone = export(engine, Settings(), tmp_path, name, content, output=tmp_path / "alone")
    monkeypatch.setattr(beside, "_FEW", 0)
    monkeypatch.setattr("evidence.export.works.BATCH", 40)
    together = export(engine, Settings(), tmp_path, name, content, output=tmp_path / "together")
    assert len(started) == 1
    assert together.path.read_bytes() == alone.path.read_bytes()
    assert (together.entries, together.excluded) == (alone.entries, alone.excluded) == (900 - 9 - 15, 15)
    assert together.damage.left_out == alone.damage.left_out
    assert together.damage.problems.keys() == alone.damage.problems.keys()
    assert together.warnings == alone.warnings


def test_few_works_are_written_by_one_process():
    assert not pays_beside(100)


def test_what_ends_before_its_time_is_told(started):
    def works():
        for number, batch in enumerate(batches(*(500,) * 40)):
            if number == 3:
                started[0].kill()
                started[0].wait()
            yield batch

    with pytest.raises(ExportError, match=r"ended before its time \(exit code -9\)"):
        list(write_beside("biblatex", works(), [], Damage()))


def test_where_it_ends_this_process_does_not_write_all_the_rest(started, monkeypatch):
    asked = []

    def works():
        for number, batch in enumerate(batches(*(50,) * 200)):
            if number == 3:
                started[0].kill()
                started[0].wait()
                time.sleep(0.2)
            asked.append(number)
            yield batch

    with pytest.raises(ExportError, match="ended before its time"):
        list(write_beside("biblatex", works(), [], Damage()))
    assert len(asked) < 20


def test_what_ends_at_the_last_moment_is_told(started):
    def works():
        yield from batches(500)
        started[0].kill()

    with pytest.raises(ExportError, match="ended before its time"):
        list(write_beside("csl-json", works(), [], Damage()))


def test_a_failed_export_leaves_the_old_file(database_url, tmp_path, monkeypatch, started):
    engine = store_of(database_url, Stored("10.1000/1"))
    path = tmp_path / "a.bib"
    path.write_text("what was there\n")
    monkeypatch.setattr(beside, "_FEW", 0)

    def kill(_count):
        started[0].kill()

    with pytest.raises(ExportError, match="ended before its time"):
        export(engine, Settings(), tmp_path, "bibtex", output=path, progress=kill)
    assert path.read_text() == "what was there\n"
    assert [one.name for one in tmp_path.glob("*.part")] == []


def test_a_failed_export_leaves_nothing_open_in_the_database(database_url, tmp_path, monkeypatch, started, caplog):
    engine = store_of(database_url, *(Stored(f"10.1000/{n}") for n in range(3)))
    monkeypatch.setattr(beside, "_FEW", 0)
    monkeypatch.setattr("evidence.export.works.BATCH", 1)

    def kill(_count):
        started[0].kill()
        started[0].wait()

    with pytest.raises(ExportError, match="ended before its time") as told:
        export(engine, Settings(), tmp_path, "bibtex", output=tmp_path / "a.bib", progress=kill)
    # As the program does: it is over with the database before it is with the error.
    engine.dispose()
    del told
    gc.collect()
    assert caplog.messages == []


def test_without_a_second_process_one_writes_all(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    text = "".join(writer_of("ris")(batches(5), []))
    assert "".join(write_beside("ris", batches(5), [], Damage())) == text


def test_files_of_the_working_folder_are_not_run(tmp_path, monkeypatch):
    for name in ("evidence", "pickle", "signal", "bibtexparser", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    assert "".join(write_beside("bibtex", batches(3), [], Damage()))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("said", ["print('hello', flush=True)", "raise SystemExit(3)"])
def test_what_a_site_adds_is_not_loaded(said, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(said)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert "".join(write_beside("ris", batches(5), [], Damage())) == "".join(writer_of("ris")(batches(5), []))


@pytest.mark.parametrize("code", ["print('hello ' * 100_000, flush=True)", "raise SystemExit(3)"])
def test_another_answer_than_its_own_is_told(code, monkeypatch):
    monkeypatch.setattr(beside, "_OPTIONS", ("-c", f"{code}; import time; time.sleep(600)"))
    with pytest.raises(ExportError, match="ended before its time"):
        list(write_beside("ris", batches(*(500,) * 20), [], Damage()))


def test_a_reader_that_stops_ends_it(started):
    parts = write_beside("bibtex", batches(*(500,) * 20), [], Damage())
    next(parts)
    parts.close()
    assert started[0].poll() is not None


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_it_does_not_outlive_its_parent(how):
    code = """
import time
from evidence.export import beside
from evidence.export.checking import Damage
from test_export_beside import batches

start = beside.subprocess.Popen
def started(*args, **options):
    process = start(*args, **options)
    print(process.pid, flush=True)
    return process
beside.subprocess.Popen = started

def works():
    yield from batches(500)
    time.sleep(600)

list(beside.write_beside("bibtex", works(), [], Damage()))
"""
    folders = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": folders}
    )
    number = int(parent.stdout.readline())
    parent.send_signal(how)
    parent.communicate()
    assert is_gone(number)


def is_gone(number):
    for _ in range(600):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
