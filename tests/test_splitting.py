from __future__ import annotations

import json
import os

import bibtexparser
import pytest
from databases import open_new
from export_store import Stored, add_works, cite, store_of
from sqlalchemy import delete, event

from evidence.config import Settings
from evidence.errors import EvidenceError, ExportError
from evidence.export import FORMATS
from evidence.export.pagefiles import MANIFEST
from evidence.export.run import Content, export
from evidence.export.splitting import split_by_page
from evidence.store import models
from evidence.store.database import writing


def store(url, **pages):
    """Pages, each citing the works of these letters."""
    engine = open_new(url)
    add_works(engine, *(Stored(doi=f"10.1/{one}", title=one) for one in sorted(set("".join(pages.values())))))
    for name, letters in pages.items():
        cite(engine, f"n/{name}.md", *(("doi", f"10.1/{one}") for one in letters))
    return engine


def split(engine, folder, name="biblatex", *, progress=None, **content):
    return split_by_page(engine, Settings(), folder, name, Content(**content), output=folder / "out", progress=progress)


def files(folder):
    """What each file holds, by its place in the folder."""
    return {
        path.relative_to(folder / "out").as_posix(): [one.key for one in bibtexparser.parse_file(str(path)).entries]
        for path in (folder / "out").rglob("*.bib")
    }


def remove(engine, path):
    with writing(engine) as session:
        session.execute(delete(models.Page).where(models.Page.path == path))


def test_each_page_gets_what_it_cites(database_url, tmp_path):
    result = split(store(database_url, a="xy", b="yz", c=""), tmp_path)
    assert files(tmp_path) == {"n/a.md.bib": ["smithx", "smithy"], "n/b.md.bib": ["smithy", "smithz"]}
    assert (result.written, result.unchanged, result.entries) == (2, 0, 4)


@pytest.mark.parametrize("name", FORMATS)
def test_file_of_a_page_is_what_an_export_of_the_page_writes(database_url, tmp_path, name):
    engine = store(database_url, a="xyz", b="x")
    split(engine, tmp_path, name)
    (written,) = (tmp_path / "out" / "n").glob("a.md.*")
    one = export(engine, Settings(), tmp_path, name, Content(pages=["n/a.md"]))
    assert written.read_bytes() == one.path.read_bytes()


def test_second_run_writes_nothing(database_url, tmp_path):
    engine = store(database_url, a="xy", b="z")
    split(engine, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    result = split(engine, tmp_path)
    assert (result.written, result.unchanged) == (0, 2)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before


def test_file_of_a_page_that_is_gone_goes(database_url, tmp_path):
    engine = store(database_url, a="x", b="y")
    split(engine, tmp_path)
    (tmp_path / "out" / "n" / "mine.md.bib").write_text("", "utf-8")
    remove(engine, "n/b.md")
    assert split(engine, tmp_path).removed == ["n/b.md.bib"]
    assert files(tmp_path) == {"n/a.md.bib": ["smithx"], "n/mine.md.bib": []}


def test_file_of_a_page_that_cites_nothing_more_goes(database_url, tmp_path):
    engine = store(database_url, a="x", b="y")
    split(engine, tmp_path)
    with writing(engine) as session:
        session.execute(delete(models.Citation).where(models.Citation.value == "10.1/y"))
    assert split(engine, tmp_path).removed == ["n/b.md.bib"]


def test_pages_that_were_not_asked_for_keep_theirs(database_url, tmp_path):
    engine = store(database_url, a="x", b="y", c="z")
    split(engine, tmp_path)
    remove(engine, "n/c.md")
    assert split(engine, tmp_path, pages=["n/a.md"]).removed == ["n/c.md.bib"]
    assert sorted(files(tmp_path)) == ["n/a.md.bib", "n/b.md.bib"]


def test_each_format_keeps_its_own_files(database_url, tmp_path):
    engine = store(database_url, a="x")
    split(engine, tmp_path, "biblatex")
    split(engine, tmp_path, "csl-json")
    remove(engine, "n/a.md")
    assert split(engine, tmp_path, "csl-json").removed == ["n/a.md.json"]
    assert list(files(tmp_path)) == ["n/a.md.bib"]


def test_file_of_a_stranger_is_named_and_the_rest_is_written(database_url, tmp_path):
    (tmp_path / "out" / "n").mkdir(parents=True)
    (tmp_path / "out" / "n" / "a.md.bib").write_text("% mine", "utf-8")
    result = split(store(database_url, a="x", b="y"), tmp_path)
    assert [one.message.split(":")[0] for one in result.kept] == ["n/a.md"]
    assert (tmp_path / "out" / "n" / "a.md.bib").read_text("utf-8") == "% mine"
    assert files(tmp_path)["n/b.md.bib"] == ["smithy"]


def test_hostile_paths_stay_in_the_folder(tmp_path):
    engine = store_of(f"sqlite:///{tmp_path}/x.sqlite3", Stored(doi="10.1/a"))
    for path in ("../up.md", "/abs.md", "n/../../up2.md", "a\x00b.md", "x" * 400, "\u202ea.md"):
        cite(engine, path, ("doi", "10.1/a"))
    before = {path.name for path in tmp_path.iterdir()}
    result = split(engine, tmp_path)
    assert result.written == 7
    assert {path.name for path in tmp_path.iterdir()} - before <= {"out", "citekeys.txt"}


def test_retracted_works_are_left_out_where_asked(database_url, tmp_path):
    notices = [{"kind": "retraction"}]
    engine = store_of(database_url, Stored(doi="10.1/a", notices=notices), page="n/a.md")
    result = split(engine, tmp_path, has_retracted=False)
    assert (result.written, result.excluded, files(tmp_path)) == (0, 1, {})


def test_run_that_was_stopped_is_taken_up(database_url, tmp_path):
    engine = store(database_url, a="x", b="y", c="z")

    def stopped(count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        split(engine, tmp_path, progress=stopped)
    result = split(engine, tmp_path)
    assert (result.written + result.unchanged, result.kept, len(files(tmp_path))) == (3, [], 3)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom permissions stop")
def test_folder_that_may_not_be_written(database_url, tmp_path):
    (tmp_path / "out").mkdir(mode=0o500)
    with pytest.raises(ExportError):
        split(store(database_url, a="x"), tmp_path)


def test_file_in_the_place_of_the_folder(database_url, tmp_path):
    (tmp_path / "out").write_text("", "utf-8")
    with pytest.raises(ExportError) as caught:
        split(store(database_url, a="x"), tmp_path)
    assert caught.value.hint


def test_page_that_is_not_there_is_an_error(database_url, tmp_path):
    with pytest.raises(EvidenceError, match=r"nope\.md"):
        split(store(database_url, a="x"), tmp_path, pages=["nope.md"])


def test_manifest_has_no_time_and_no_place_in_it(database_url, tmp_path):
    engine = store(database_url, a="x")
    split(engine, tmp_path)
    first = (tmp_path / "out" / MANIFEST).read_bytes()
    split(engine, tmp_path / "again")
    assert (tmp_path / "again" / "out" / MANIFEST).read_bytes() == first
    assert json.loads(first)["files"].keys() == {"n/a.md.bib"}


def test_changed_file_of_a_page_that_is_gone_is_kept_and_named(database_url, tmp_path):
    engine = store(database_url, a="x", b="y")
    split(engine, tmp_path)
    path = tmp_path / "out/n/b.md.bib"
    path.write_text(path.read_text("utf-8") + "% mine\n", "utf-8")
    remove(engine, "n/b.md")
    result = split(engine, tmp_path)
    assert (result.removed, [str(path) in str(one) for one in result.kept]) == ([], [True])
    assert path.exists()


def test_a_thousand_pages_take_few_statements(tmp_path):
    """Works are read for hundreds of pages at a time, not page by page."""
    engine = open_new(f"sqlite:///{tmp_path}/x.sqlite3")
    add_works(engine, *(Stored(doi=f"10.1/{number}", title=f"w{number}") for number in range(300)))
    with writing(engine) as session:
        for page in range(1, 1_001):
            session.add(models.Page(id=page, path=f"n/{page}.md", sha256="0", extractor="1", format="markdown"))
            note = {"key": "a", "occurrence": 0, "line": 1, "start": 0, "end": 1, "text": "x", "primary_scheme": "doi"}
            session.add(models.Note(page_id=page, primary_value=f"10.1/{page % 300}", **note))
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    result = split(engine, tmp_path)
    assert (result.written, result.entries) == (1_000, 1_000)
    assert len(statements) < 120


def test_page_with_very_many_works(tmp_path):
    engine = open_new(f"sqlite:///{tmp_path}/x.sqlite3")
    add_works(engine, *(Stored(doi=f"10.1/{number}", title=f"w{number}") for number in range(2_600)))
    cite(engine, "all.md", *(("doi", f"10.1/{number}") for number in range(2_600)))
    cite(engine, "one.md", ("doi", "10.1/7"))
    result = split(engine, tmp_path)
    assert (result.written, result.entries) == (2, 2_601)
    keys = files(tmp_path)["all.md.bib"]
    assert keys == sorted(keys)
