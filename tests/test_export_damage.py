"""Damaged and hostile values in every field of the store: each is named, and the rest is written and read back."""

from __future__ import annotations

import json
import re
import tempfile
from functools import cache
from pathlib import Path

import bibtexparser
import pytest
import rispy
from export_store import Stored, store_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from evidence.cli.exporting import export_lines
from evidence.config import Settings
from evidence.export import FORMATS
from evidence.export.checking import Damage
from evidence.export.run import export
from evidence.records import AuthorName
from evidence.store.database import open_database, writing

GOOD = Stored(doi="10.1/good", title="Good", authors=[AuthorName("Good", "Ann")])
WORK = (
    "title",
    "container",
    "container_short",
    "date",
    "volume",
    "issue",
    "pages",
    "article_number",
    "publisher",
    "type",
    "language",
)
# What a value is in SQL, and whether a title of it can be mended.
BYTES = {
    "a lone surrogate": "CAST(x'61EDA080' AS TEXT)",
    "half of a letter": "CAST(x'61C3' AS TEXT)",
    "a NUL": "CAST(x'610062' AS TEXT)",
    "an escape sequence": "'a' || char(27) || '[31mred'",
    "the reading direction": "'a' || char(8238) || 'b'",
    "no character": "'a' || char(65535)",
    "a blob": "x'FF00FE'",
}
everywhere = pytest.mark.parametrize("name", FORMATS)


@cache
def sound():
    """A database made once, whose works have their keys."""
    with tempfile.TemporaryDirectory() as folder:
        engine = store_of(f"sqlite:///{folder}/x.sqlite3", Stored(doi="10.1/bad", title="Bad"), GOOD)
        export(engine, Settings(), Path(folder), "ris")
        engine.dispose()
        return Path(folder, "x.sqlite3").read_bytes()


def store(tmp_path, *statements):
    (tmp_path / "x.sqlite3").write_bytes(sound())
    engine = open_database(f"sqlite:///{tmp_path}/x.sqlite3")
    with writing(engine) as session:
        for one in statements:
            session.execute(text(one))
    return engine


def read(path, name):
    """The titles that the format's own reader finds, by key."""
    whole = path.read_bytes().decode("utf-8")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\uffff]", whole)
    if name == "csl-json":
        return {one["id"]: one["title"] for one in json.loads(whole)}
    if name == "ris":
        return {one["id"]: one["title"] for one in rispy.loads(whole)}
    library = bibtexparser.parse_string(whole)
    assert library.failed_blocks == []
    return {one.key: one["title"].strip("{}") for one in library.entries}


def exported(engine, tmp_path, name):
    result = export(engine, Settings(), tmp_path / name, name)
    found = read(result.path, name)
    assert found.pop("goodgood") == "Good"
    return result, found


def fields_of(result):
    assert all(one.key == "smithbad" and one.why for one in result.damage.problems)
    return [one.field for one in result.damage.problems]


@everywhere
@pytest.mark.parametrize("value", BYTES.values(), ids=BYTES)
@pytest.mark.parametrize("field", WORK)
def test_bytes_that_are_no_text(tmp_path, name, field, value):
    engine = store(tmp_path, f"UPDATE work SET {field} = {value} WHERE title = 'Bad'")
    result, found = exported(engine, tmp_path, name)
    if field == "title" and value == BYTES["a blob"]:
        assert (fields_of(result), found, result.damage.left_out) == (["title", "title"], {}, {"smithbad"})
    else:
        assert (set(fields_of(result)), found.keys()) == ({field}, {"smithbad"})
        assert all("10.1/bad" in str(one) for one in result.damage.problems)


@everywhere
@pytest.mark.parametrize("value", ["", "  ", "\t\n"])
def test_work_with_an_empty_title_is_left_out_and_named(tmp_path, name, value):
    engine = store(tmp_path, f"UPDATE work SET title = '{value}' WHERE title = 'Bad'")
    result, found = exported(engine, tmp_path, name)
    assert (fields_of(result), found, result.entries) == (["title"], {}, 1)


@everywhere
@pytest.mark.parametrize("value", ["{", "} {", "{}", "<i></i>", "<sup> </sup> {"])
def test_work_whose_title_is_nothing_but_markup_is_left_out_and_named(tmp_path, name, value):
    engine = store(tmp_path, f"UPDATE work SET title = '{value}' WHERE title = 'Bad'")
    result, found = exported(engine, tmp_path, name)
    assert (fields_of(result), found, result.entries) == (["title"], {}, 1)
    assert "holds markup and braces alone" in str(next(iter(result.damage.problems)))


@everywhere
@pytest.mark.parametrize("value", ["?", "<i>...</i>", "[Bad]", "(Bad)"])
def test_title_of_signs_alone_is_a_title(tmp_path, name, value):
    engine = store(tmp_path, f"UPDATE work SET title = '{value}' WHERE title = 'Bad'")
    assert exported(engine, tmp_path, name)[0].entries == 2


@everywhere
@pytest.mark.parametrize(
    ("date", "kept"),
    [
        ("2004-13-01", "2004"),
        ("2004-00", "2004"),
        ("2004-02-30", "2004-02"),
        ("2004-02-00", "2004-02"),
        ("0000", None),
        ("in press", None),
        ("20O4", None),
        ("2004-01-02T00:00", None),
        ("2004}", None),
        ("-2004", None),
    ],
)
def test_date_that_cannot_be(tmp_path, name, date, kept):
    result, _ = exported(store(tmp_path, f"UPDATE work SET date = '{date}' WHERE title = 'Bad'"), tmp_path, name)
    assert fields_of(result) == ["date"]
    whole = result.path.read_text("utf-8")
    assert date not in whole
    year = re.search(r"20O?\d\d", whole)
    assert (year[0] if year else None) == (kept[:4] if kept else None)


@everywhere
@pytest.mark.parametrize("field", ["issn", "isbn"])
@pytest.mark.parametrize("value", ["[", "{}x", '"no list"', "[1, null]", '[["0884-0431"]]', "7", '["a\\u0000b"]'])
def test_list_that_is_none(tmp_path, name, field, value):
    engine = store(tmp_path, f"UPDATE work SET {field} = '{value}' WHERE title = 'Bad'")
    result, found = exported(engine, tmp_path, name)
    assert (set(fields_of(result)), found) == ({field}, {"smithbad": "Bad"})


@everywhere
@pytest.mark.parametrize("field", WORK[1:])
def test_value_that_is_too_long_is_cut_and_named(tmp_path, name, field):
    engine = store(tmp_path, f"UPDATE work SET {field} = printf('%.*c', 5000000, 'x') WHERE title = 'Bad'")
    result, found = exported(engine, tmp_path, name)
    assert (fields_of(result), found) == ([field], {"smithbad": "Bad"})
    assert result.path.stat().st_size < 10_000


@everywhere
@pytest.mark.parametrize("part", ["family", "given", "collective"])
@pytest.mark.parametrize("value", [*BYTES.values(), "'---'", "'{}'", "''", "' '", "printf('%.*c', 100000, 'x')"])
def test_damaged_names(tmp_path, name, part, value):
    unset = "family = NULL, given = NULL," if part == "collective" else ""
    engine = store(tmp_path, f"UPDATE author SET {unset} {part} = {value} WHERE family = 'Smith'")
    result, found = exported(engine, tmp_path, name)
    assert found == {"smithbad": "Bad"}
    assert set(fields_of(result)) <= {"author"}
    assert fields_of(result) or (part == "family" and value in {"''", "' '"}) or part == "given"


@everywhere
def test_signs_for_names_are_left_out_and_the_others_stay(tmp_path, name):
    names = [AuthorName("*"), AuthorName("King", "M."), AuthorName("{", "}"), AuthorName(None, "Plato"), AuthorName()]
    engine = store_of(f"sqlite:///{tmp_path}/x.sqlite3", Stored(doi="10.1/a", authors=names))
    result = export(engine, Settings(), tmp_path, name)
    assert [one.why.split(":")[0] for one in result.damage.problems] == ["1", "3", "3", "5"]
    whole = result.path.read_text("utf-8")
    assert "King" in whole
    assert "Plato" in whole


@everywhere
@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("doi", "'10.1/a b'"),
        ("doi", "'10.1/'"),
        ("pmid", "'12x'"),
        ("pmcid", "'}'"),
        ("doi", "CAST(x'31302E312FFF' AS TEXT)"),
    ],
)
def test_identifier_that_is_none_is_left_out(tmp_path, name, scheme, value):
    engine = store(
        tmp_path,
        f"INSERT OR REPLACE INTO work_identifier SELECT '{scheme}', {value}, id, 'crossref' FROM work WHERE title = 'Bad'",
    )
    if scheme == "doi":
        with writing(engine) as session:
            session.execute(
                text("INSERT INTO work_identifier SELECT 'pmid', '77', id, 'pubmed' FROM work WHERE title = 'Bad'")
            )
            session.execute(text("DELETE FROM work_identifier WHERE value = '10.1/bad'"))
            session.execute(text("UPDATE citation SET scheme = 'pmid', value = '77' WHERE value = '10.1/bad'"))
    result, found = exported(engine, tmp_path, name)
    assert (fields_of(result), found) == ([scheme], {"smithbad": "Bad"})


@everywhere
@pytest.mark.parametrize(
    "value", ["'a,b'", "'x}{@article'", "'a b'", "''", "CAST(x'61FF' AS TEXT)", "'k' || char(10) || 'ER  - '"]
)
def test_key_that_no_program_takes_is_no_entry(tmp_path, name, value):
    engine = store(tmp_path, f"UPDATE citekey SET key = {value} WHERE folded = 'smithbad'")
    result = export(engine, Settings(export={"key_file": ""}), tmp_path / name, name)
    assert read(result.path, name) == {"goodgood": "Good"}
    assert [one.field for one in result.damage.problems] == ["citekey"]


@everywhere
def test_notices_that_cannot_be_read_leave_the_work_out(tmp_path, name):
    """It may be a retracted one: it is never written as sound."""
    insert = "INSERT INTO notice (work_id, kind, source) SELECT id, 'melted', 'crossref' FROM work WHERE title = 'Bad'"
    result, found = exported(store(tmp_path, insert), tmp_path, name)
    assert (fields_of(result), found, result.damage.left_out) == (["notices"], {}, {"smithbad"})
    assert [one.name for one in result.damage.problems] == ["doi:10.1/bad"]


def test_what_a_page_cites_may_be_no_text(tmp_path):
    engine = store(tmp_path, "UPDATE citation SET value = CAST(x'31302E312FFF' AS TEXT) WHERE value = '10.1/bad'")
    result = export(engine, Settings(), tmp_path, "ris")
    assert (result.entries, len(result.unresolved)) == (1, 1)


@pytest.mark.parametrize("field", ["title", "date", "type"])
@pytest.mark.parametrize("value", BYTES.values(), ids=BYTES)
def test_damaged_work_that_has_no_key_yet(tmp_path, field, value):
    statement = f"UPDATE work SET {field} = {value} WHERE title = 'Bad'"
    engine = store(
        tmp_path, statement, "DELETE FROM citekey", "UPDATE author SET family = x'FF' WHERE family = 'Smith'"
    )
    (tmp_path / "citekeys.txt").unlink(missing_ok=True)
    result = export(engine, Settings(), tmp_path, "biblatex")
    assert {field} <= {one.field for one in result.damage.problems} <= {field, "author"}
    assert "goodgood" in read(result.path, "biblatex")


def test_no_key_is_made_of_what_is_no_year(tmp_path):
    engine = store(tmp_path, "UPDATE work SET date = 'in press'", "DELETE FROM citekey")
    assert set(read(export(engine, Settings(), tmp_path, "ris").path, "ris")) == {"smithbad", "goodgood"}


def test_nothing_is_wrong_with_sound_works(tmp_path):
    result, _ = exported(store(tmp_path), tmp_path, "bibtex")
    assert result.damage == Damage()


@everywhere
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(
        st.sampled_from(WORK),
        st.binary(max_size=40) | st.text(max_size=40).map(lambda one: one.encode("utf-8", "surrogatepass")),
        min_size=1,
    )
)
def test_any_bytes_in_any_fields(tmp_path_factory, name, values):
    folder = tmp_path_factory.mktemp("any")
    sets = ", ".join(f"{field} = CAST(x'{value.hex()}' AS TEXT)" for field, value in values.items())
    engine = store(folder, f"UPDATE work SET {sets} WHERE title = 'Bad'")
    _, found = exported(engine, folder, name)
    assert found.keys() <= {"smithbad"}
    engine.dispose()


def test_the_database_itself_may_be_damaged(tmp_path):
    """One text that is not UTF-8 is about one work; a file that is no database is not."""
    from evidence.errors import StoreError

    (tmp_path / "y.sqlite3").write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    with pytest.raises(StoreError):
        export(open_database(f"sqlite:///{tmp_path}/y.sqlite3"), Settings(), tmp_path, "ris")


def test_what_is_damaged_is_told_in_the_order_of_keys(tmp_path):
    works = [Stored(f"10.1/{year}", fields={"type": kind, "date": year, "volume": "1\x1b"})
             for year, kind in (("2001", "journal-article"), ("2002", "book"), ("2003", "journal-article"))]  # fmt: skip
    result = export(store_of(f"sqlite:///{tmp_path}/x.sqlite3", *works), Settings(), tmp_path, "ris")
    told = [line.split(" ")[2] for line in export_lines(result, shown=None) if ": volume: " in line]
    assert told == ["smith2001title", "smith2002title", "smith2003title"]


def test_place_of_an_author_that_is_no_number_ends_no_export(tmp_path):
    authors = [AuthorName("Kim", "J"), AuthorName("Lee", "A"), AuthorName("Cho", "B")]
    engine = store_of(f"sqlite:///{tmp_path}/x.sqlite3", Stored("10.1/a", authors=authors), GOOD)
    with engine.begin() as connection:
        # SQLite keeps any value in any column.
        connection.execute(text("update authorship set position = 'x' where position = 1"))
    result = export(engine, Settings(), tmp_path, "ris")
    written = result.path.read_text("utf-8")
    assert [line[6:] for line in written.splitlines() if line.startswith("AU")] == [
        "Good, Ann", "Kim, J", "Cho, B", "Lee, A"
    ]  # fmt: skip
