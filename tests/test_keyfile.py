from __future__ import annotations

import bibtexparser
import pytest
from export_store import Stored, add_works, cite, store_of
from sqlalchemy import select

from evidence.config import Settings
from evidence.errors import EvidenceError
from evidence.export.keyfile import is_written
from evidence.export.run import export, rename_key
from evidence.store import models
from evidence.store.database import open_database, reading, writing
from evidence.store.pruning import prune_works

SETTINGS = Settings()


def run(engine, folder, settings=SETTINGS, name="biblatex"):
    result = export(engine, settings, folder, name)
    return result, {entry["doi"]: entry for entry in bibtexparser.parse_file(str(result.path)).entries}


def keys(engine, folder, settings=SETTINGS):
    return {doi: entry.key for doi, entry in run(engine, folder, settings)[1].items()}


def lines(folder):
    return [line for line in (folder / "citekeys.txt").read_text("utf-8").splitlines() if not line.startswith("#")]


def another(tmp_path, name, *works):
    return store_of(f"sqlite:///{tmp_path}/{name}.sqlite3", *works)


def noted(engine, page, *notes):
    """Add a page with footnotes: key and DOI each."""
    with writing(engine) as session:
        row = models.Page(path=page, sha256="0" * 64, extractor="1", format="markdown")
        session.add(row)
        session.flush()
        for place, (key, doi) in enumerate(notes):
            place_of = {"line": 1, "start": place, "end": place, "occurrence": 0, "text": "x"}
            row.notes.append(
                models.Note(key=key, primary_scheme="doi", primary_value=doi, primary_via="note", **place_of)
            )


def test_keys_are_kept_in_a_file_of_the_vault(database_url, tmp_path):
    run(store_of(database_url, Stored(doi="10.1/b"), Stored(doi="10.1/a")), tmp_path)
    assert lines(tmp_path) == ["smithtitle\tdoi:10.1/a", "smithtitlea\tdoi:10.1/b"]


def test_database_made_anew_has_the_keys_of_the_file(database_url, tmp_path):
    before = keys(another(tmp_path, "old", Stored(doi="10.1/b"), Stored(doi="10.1/c")), tmp_path)
    # This one comes first by its identifier, and would take the bare key.
    works = [Stored(doi=f"10.1/{letter}") for letter in "abc"]
    after = keys(store_of(database_url, *works), tmp_path)
    assert after == {**before, "10.1/a": "smithtitleb"}


def test_file_of_another_is_right_and_the_own_key_stays_an_alias(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1/a"))
    run(engine, tmp_path)
    (tmp_path / "citekeys.txt").write_text("Mine2020\tdoi:10.1/a\n", "utf-8")
    entry = run(engine, tmp_path)[1]["10.1/a"]
    assert (entry.key, entry["ids"]) == ("Mine2020", "smithtitle")
    assert lines(tmp_path) == ["Mine2020\tdoi:10.1/a", "smithtitle\tdoi:10.1/a\tformer"]


def test_identifier_of_the_file_may_be_written_as_it_is_printed(database_url, tmp_path):
    doi = "10.1016/s0092-8674(00)80259-7"
    engine = store_of(database_url, Stored(doi=doi))
    (tmp_path / "citekeys.txt").write_text(f"otto1997\tdoi:{doi.replace('s0', 'S0')}\n", "utf-8")
    assert keys(engine, tmp_path) == {doi: "otto1997"}
    # Nothing to mend in it, so it stays as somebody wrote it.
    assert lines(tmp_path) == [f"otto1997\tdoi:{doi.replace('s0', 'S0')}"]


def test_key_of_the_file_is_kept_for_a_work_that_comes_later(database_url, tmp_path):
    (tmp_path / "citekeys.txt").write_text("smithtitle\tdoi:10.1/late\n", "utf-8")
    engine = store_of(database_url, Stored(doi="10.1/a"))
    assert keys(engine, tmp_path) == {"10.1/a": "smithtitlea"}
    add_works(engine, Stored(doi="10.1/late"))
    cite(engine, "late.md", ("doi", "10.1/late"))
    assert keys(engine, tmp_path) == {"10.1/a": "smithtitlea", "10.1/late": "smithtitle"}


def test_line_of_a_work_that_is_gone_stays(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1/a"))
    run(engine, tmp_path)
    with writing(engine) as session:
        session.execute(models.Page.__table__.delete())
        prune_works(session)
    add_works(engine, Stored(doi="10.1/b"))
    cite(engine, "b.md", ("doi", "10.1/b"))
    run(engine, tmp_path)
    assert lines(tmp_path) == ["smithtitle\tdoi:10.1/a", "smithtitlea\tdoi:10.1/b"]


def test_unchanged_file_is_not_written_again(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1/a"))
    run(engine, tmp_path)
    before = (tmp_path / "citekeys.txt").stat()
    run(engine, tmp_path)
    assert (tmp_path / "citekeys.txt").stat().st_ino == before.st_ino


def test_line_that_is_no_key_is_named_and_nothing_is_lost(database_url, tmp_path):
    text = "<<<<<<< HEAD\nsmith\tdoi:10.1/a\n=======\nother{\tdoi:10.1/a\n"
    (tmp_path / "citekeys.txt").write_text(text, "utf-8")
    result, entries = run(store_of(database_url, Stored(doi="10.1/a")), tmp_path)
    assert entries["10.1/a"].key == "smith"
    assert [warning.split(": ")[0] for warning in result.warnings] == [f"citekeys.txt:{line}" for line in (1, 3, 4)]
    assert (tmp_path / "citekeys.txt").read_text("utf-8") == text


MERGED = "aaa2020\tdoi:10.1/a\nbbb2020\tdoi:10.1/a\nsmithtitle\tdoi:10.1/a\tformer\n"


@pytest.mark.parametrize("renamed", [None, "aaa2020", "bbb2020", "ccc2020"])
def test_two_renames_of_one_work_that_were_merged_end_the_same_on_every_machine(database_url, tmp_path, renamed):
    engine = store_of(database_url, Stored(doi="10.1/a"))
    run(engine, tmp_path)
    if renamed:
        rename_key(engine, SETTINGS, tmp_path, "smithtitle", renamed)
    (tmp_path / "citekeys.txt").write_text(MERGED, "utf-8")
    result, entries = run(engine, tmp_path)
    assert (entries["10.1/a"].key, entries["10.1/a"]["ids"].split(",")[0]) == ("aaa2020", "bbb2020")
    mine = ["ccc2020\tdoi:10.1/a\tformer"] if renamed == "ccc2020" else []
    former = [f"{key}\tdoi:10.1/a\tformer" for key in ("bbb2020", "smithtitle")]
    assert lines(tmp_path) == ["aaa2020\tdoi:10.1/a", *former[:1], *mine, *former[1:]]
    (warning,) = result.warnings
    assert warning.startswith("citekeys.txt: lines 1 and 2 give doi:10.1/a two keys")
    assert "`evidence keys rename aaa2020 bbb2020`" in warning
    assert run(engine, tmp_path)[0].warnings == []
    rename_key(engine, SETTINGS, tmp_path, "aaa2020", "bbb2020")
    assert run(engine, tmp_path)[1]["10.1/a"].key == "bbb2020"


def test_two_keys_in_the_file_for_a_work_that_is_not_stored_yet(database_url, tmp_path):
    engine = open_database(database_url)
    (tmp_path / "citekeys.txt").write_text(MERGED, "utf-8")
    assert len(run(engine, tmp_path)[0].warnings) == 1
    add_works(engine, Stored(doi="10.1/a"))
    cite(engine, "late.md", ("doi", "10.1/a"))
    assert run(engine, tmp_path)[1]["10.1/a"].key == "aaa2020"


def test_rename_may_settle_two_keys_of_the_file(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1/a"))
    (tmp_path / "citekeys.txt").write_text(MERGED, "utf-8")
    rename_key(engine, SETTINGS, tmp_path, "aaa2020", "bbb2020")
    assert lines(tmp_path)[:2] == ["aaa2020\tdoi:10.1/a\tformer", "bbb2020\tdoi:10.1/a"]


def test_one_key_for_two_works_in_the_file_is_told_with_both_lines(database_url, tmp_path):
    (tmp_path / "citekeys.txt").write_text("smith\tdoi:10.1/a\nSmith\tdoi:10.1/b\n", "utf-8")
    result, entries = run(store_of(database_url, Stored(doi="10.1/a"), Stored(doi="10.1/b")), tmp_path)
    assert (entries["10.1/a"].key, entries["10.1/b"].key) == ("smith", "smithtitle")
    assert result.warnings == ["citekeys.txt:2: Smith is the key of doi:10.1/a in line 1: give doi:10.1/b another one"]


def test_no_file_where_none_is_wanted(database_url, tmp_path):
    run(store_of(database_url, Stored(doi="10.1/a")), tmp_path, Settings(export={"key_file": ""}))
    assert not (tmp_path / "citekeys.txt").exists()


def test_renamed_work_keeps_its_old_key_as_alias(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1/a"), Stored(doi="10.1/b"))
    run(engine, tmp_path)
    rename_key(engine, SETTINGS, tmp_path, "SMITHTITLE", "Smith2020")
    entries = run(engine, tmp_path)[1]
    assert (entries["10.1/a"].key, entries["10.1/a"]["ids"]) == ("Smith2020", "smithtitle")
    assert lines(tmp_path)[:2] == ["Smith2020\tdoi:10.1/a", "smithtitle\tdoi:10.1/a\tformer"]
    # Another work never gets it, and its own work may have it back.
    with pytest.raises(EvidenceError):
        rename_key(engine, SETTINGS, tmp_path, "smithtitlea", "SmithTitle")
    rename_key(engine, SETTINGS, tmp_path, "smith2020", "smithtitle")
    assert run(engine, tmp_path)[1]["10.1/a"]["ids"] == "Smith2020"


@pytest.mark.parametrize(
    ("old", "new"), [("nobody", "x"), ("smithtitle", "a,b"), ("smithtitle", "12"), ("smithtitle", "")]
)
def test_rename_that_cannot_be(database_url, tmp_path, old, new):
    engine = store_of(database_url, Stored(doi="10.1/a"))
    run(engine, tmp_path)
    with pytest.raises(EvidenceError) as caught:
        rename_key(engine, SETTINGS, tmp_path, old, new)
    assert caught.value.hint


def test_footnote_key_names_the_work_where_it_names_no_other(database_url, tmp_path):
    engine = open_database(database_url)
    add_works(engine, *(Stored(doi=f"10.1/{letter}") for letter in "abcde"))
    noted(engine, "x.md", ("Komori97", "10.1/a"), ("1", "10.1/b"), ("shared", "10.1/c"), ("naïve", "10.1/e"))
    noted(engine, "y.md", ("komori97", "10.1/a"), ("Shared", "10.1/d"))
    found = keys(engine, tmp_path, Settings(export={"citekey": "note"}))
    assert found["10.1/a"].lower() == "komori97"
    assert {found[f"10.1/{letter}"] for letter in "bcde"} == {"smithtitle", "smithtitlea", "smithtitleb", "smithtitlec"}


def test_footnote_key_that_was_another_works_gets_a_letter(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1/a"))
    run(engine, tmp_path)
    add_works(engine, Stored(doi="10.1/b"))
    noted(engine, "x.md", ("SmithTitle", "10.1/b"))
    assert keys(engine, tmp_path, Settings(export={"citekey": "note"}))["10.1/b"] == "SmithTitlea"


def test_aliases_are_in_the_database_as_such(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1/a"))
    run(engine, tmp_path)
    rename_key(engine, SETTINGS, tmp_path, "smithtitle", "aaa")
    with writing(engine) as session:
        rows = session.execute(select(models.Citekey.key, models.Citekey.is_alias).order_by(models.Citekey.key)).all()
    assert [tuple(row) for row in rows] == [("aaa", False), ("smithtitle", True)]


def test_byte_order_mark_of_an_editor_is_no_mistake(database_url, tmp_path):
    (tmp_path / "citekeys.txt").write_text("Mine2020\tdoi:10.1/a\n", "utf-8-sig")
    result, entries = run(store_of(database_url, Stored(doi="10.1/a")), tmp_path)
    assert (entries["10.1/a"].key, result.warnings) == ("Mine2020", [])


@pytest.mark.parametrize("name", ["a b", "k\tx", "k\u2028x", "k,x", "k" * 201, "k\n"])
def test_damaged_key_of_the_database_is_no_line_and_hides_no_other(database_url, tmp_path, name):
    engine = store_of(database_url, *(Stored(doi=f"10.1/{number}") for number in range(3)))
    run(engine, tmp_path)
    with writing(engine) as session:
        key = session.scalars(select(models.Citekey).where(models.Citekey.key == "smithtitlea")).one()
        key.key = name
    (tmp_path / "citekeys.txt").unlink()
    run(engine, tmp_path)
    assert lines(tmp_path) == ["smithtitle\tdoi:10.1/0", "smithtitleb\tdoi:10.1/2"]


@pytest.mark.parametrize("doi", ["10.1/é", "10.1/a b", "10.1/<1::aid>3.0.co;2-a"])
def test_identifier_of_unusual_signs_is_written_whole(database_url, tmp_path, doi):
    export(store_of(database_url, Stored(doi="10.1/0"), Stored(doi=doi)), SETTINGS, tmp_path, "biblatex")
    assert lines(tmp_path)[1] == f"smithtitlea\tdoi:{doi}"


def test_file_that_holds_the_beginning_or_more_is_not_that_of_the_database(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1/a"), Stored(doi="10.1/b"))
    run(engine, tmp_path)
    path = tmp_path / "citekeys.txt"
    whole = path.read_text("utf-8")
    for text in (whole[:-1], whole + "\n", whole.replace("10.1/b", "10.1/c"), whole.rpartition("smithtitlea")[0]):
        path.write_text(text, "utf-8")
        with reading(engine) as session:
            assert not is_written(session, path)
    path.write_text(whole, "utf-8")
    with reading(engine) as session:
        assert is_written(session, path)
