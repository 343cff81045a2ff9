"""Works that a library alone describes, in every way of export."""

from __future__ import annotations

import json

import bibtexparser
import pytest
from auditing import NOW
from export_store import Stored, add_works, cite
from libraries import bib, take
from sqlalchemy import select, text

from evidence.audit.run import audit
from evidence.config import Settings
from evidence.export import FORMATS
from evidence.export.run import Content, export
from evidence.export.splitting import split_by_page
from evidence.extract import extract_page
from evidence.records import Page
from evidence.store import models
from evidence.store.database import open_database, writing
from evidence.store.pages import write_pages
from evidence.vocabulary import Status

LIBRARY = (
    bib("Adams:1999", "10.1000/a", title="Ankles of mice", author="Adams, Ann", year="1999")
    + bib("Müller_2", "10.1000/c", title="Calves of mice", pmid="12")
    + bib("Filled", "10.1000/b", title="Back", pages="1--9")
)


@pytest.fixture
def engine(database_url, tmp_path):
    """Three pages: of a work of the library and one of a registry, of the latter, and of a work of the library."""
    engine = open_database(database_url)
    add_works(engine, Stored(doi="10.1000/b", title="Back"))
    cite(engine, "n/both.md", ("doi", "10.1000/b"), ("doi", "10.1000/a"), ("doi", "10.1000/nobody"))
    cite(engine, "n/known.md", ("doi", "10.1000/b"))
    cite(engine, "n/told.md", ("pmid", "12"), ("doi", "10.1000/c"))
    take(engine, tmp_path, LIBRARY)
    return engine


def split(engine, folder, name="biblatex", **content):
    return split_by_page(engine, Settings(), folder, name, Content(**content), output=folder / "out")


def keys(path):
    return [one.key for one in bibtexparser.parse_file(str(path)).entries]


def items(engine, folder, **content):
    result = export(engine, Settings(), folder, "csl-json", Content(**content))
    return result, {one["id"]: one for one in json.loads(result.path.read_text("utf-8"))}


def store_pages(engine, **texts):
    with writing(engine) as session:
        pages = [extract_page(Page(f"{name}.md", text.encode())) for name, text in texts.items()]
        write_pages(session, pages, extractor="1")


# --- one file for each page --------------------------------------------------------------------------------------------


def test_each_page_has_its_works_whoever_describes_them(engine, tmp_path):
    result = split(engine, tmp_path)
    found = {path.name: keys(path) for path in (tmp_path / "out" / "n").iterdir()}
    assert found == {
        "both.md.bib": ["Adams:1999", "Filled"],
        "known.md.bib": ["Filled"],
        "told.md.bib": ["Müller_2"],
    }
    assert [one.reference.value for one in result.unresolved] == ["10.1000/nobody"]
    assert result.warnings == ["2 works are described by an imported library alone: no registry confirms it"]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("page", ["both", "known", "told"])
def test_file_of_a_page_is_what_an_export_of_the_page_writes(engine, tmp_path, name, page):
    split(engine, tmp_path, name)
    (written,) = (tmp_path / "out" / "n").glob(f"{page}.md.*")
    one = export(engine, Settings(), tmp_path, name, Content(pages=[f"n/{page}.md"]))
    assert written.read_bytes() == one.path.read_bytes()


def test_second_run_writes_nothing(engine, tmp_path):
    split(engine, tmp_path)
    result = split(engine, tmp_path)
    assert (result.written, result.unchanged) == (0, 3)


def test_field_that_a_library_fills_is_in_the_file_of_the_page(engine, tmp_path):
    split(engine, tmp_path)
    (entry,) = bibtexparser.parse_file(str(tmp_path / "out" / "n" / "known.md.bib")).entries
    assert entry["pages"] == "1--9"


def test_retracted_work_of_a_library_is_left_out_where_asked(engine, tmp_path):
    tell_of_retraction(engine, "10.1000/a")
    result = split(engine, tmp_path, has_retracted=False)
    assert (result.excluded, keys(tmp_path / "out" / "n" / "both.md.bib")) == (1, ["Filled"])


def tell_of_retraction(engine, doi):
    add_works(engine, Stored(doi="10.1000/notice", title="Retraction"))
    with writing(engine) as session:
        link = models.WorkIdentifier
        number = session.scalar(select(link.work_id).where(link.value == "10.1000/notice"))
        told = {"notice_kind": "retraction", "notice_date": "2010"}
        session.add(
            models.Relation(work_id=number, kind="is-notice-of", scheme="doi", value=doi, source="crossref", **told)
        )


# --- parts of the vault ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pages", "expected"),
    [(["n/told.md"], ["Müller_2"]), (["n/known.md"], ["Filled"]), (["n"], ["Adams:1999", "Filled", "Müller_2"])],
)
def test_pages_have_what_they_cite(engine, tmp_path, pages, expected):
    assert list(items(engine, tmp_path, pages=pages)[1]) == expected


def test_only_marked_works_of_a_library(database_url, tmp_path):
    engine = open_database(database_url)
    marked = "Bone needs RUNX2 in mice. [^a]\n\n[^a]: doi:10.1000/a\n[^c]: doi:10.1000/c\n"
    store_pages(engine, page=marked)
    take(engine, tmp_path, LIBRARY)
    assert list(items(engine, tmp_path)[1]) == ["Adams:1999", "Müller_2"]
    result, found = items(engine, tmp_path, is_cited_only=True)
    assert (list(found), result.unmarked, result.unresolved) == (["Adams:1999"], 1, ())
    split(engine, tmp_path, is_cited_only=True)
    assert keys(tmp_path / "out" / "page.md.bib") == ["Adams:1999"]


# --- the audit ---------------------------------------------------------------------------------------------------------


def test_keywords_say_what_the_audit_says_of_the_claims(database_url, tmp_path):
    engine = open_database(database_url)
    store_pages(engine, page="Bone needs RUNX2 in mice. [^a]\n\n[^a]: doi:10.1000/a\n[^c]: doi:10.1000/c\n")
    take(engine, tmp_path, LIBRARY)
    (claim,) = [one for one in audit(engine, Settings(), now=NOW).claims if one.claim.places]
    assert claim.verdict.status is Status.SINGLE_STUDY
    found = items(engine, tmp_path, has_status=True)[1]
    assert found["Adams:1999"]["keyword"] == "evidence:holds-alone, evidence:single-study"
    assert found["Müller_2"]["keyword"] == "evidence:no-claim"
    tell_of_retraction(engine, "10.1000/a")
    assert items(engine, tmp_path, has_status=True)[1]["Adams:1999"]["keyword"].endswith("evidence:work-retracted")


# --- what is damaged ---------------------------------------------------------------------------------------------------


def test_retraction_of_a_work_whose_title_no_registry_knows(engine, tmp_path):
    retracted = [{"kind": "retraction", "date": "2011"}]
    add_works(engine, Stored(doi="10.1000/a", title=None, authors=(), notices=retracted))
    item = items(engine, tmp_path)[1]["Adams:1999"]
    assert (item["title"], item["note"][:14]) == ("Ankles of mice", "Retracted 2011")


def test_notices_that_cannot_be_read_leave_the_work_out(engine, tmp_path):
    tell_of_retraction(engine, "10.1000/a")
    with writing(engine) as session:
        session.execute(text("UPDATE relation SET notice_kind = 'melted'"))
    result, found = items(engine, tmp_path)
    assert list(found) == ["Filled", "Müller_2"]
    assert [(one.key, one.name, one.field) for one in result.damage.problems] == [
        ("Adams:1999", "doi:10.1000/a", "notices")
    ]


@pytest.mark.parametrize("stored", ['"no object"', '{"title": "x", "authors": [["one"]]}', '{"melted": 1}', "[1]"])
def test_damaged_description_says_nothing_and_does_not_stop_the_rest(engine, tmp_path, stored):
    with writing(engine) as session:
        statement = text("UPDATE library_entry SET description = :stored WHERE folded = 'adams:1999'")
        session.execute(statement, {"stored": stored})
    result, found = items(engine, tmp_path)
    assert list(found) == ["Filled", "Müller_2"]
    assert "10.1000/a" in {one.reference.value for one in result.unresolved}


def test_damaged_field_of_a_library_is_named(engine, tmp_path):
    with writing(engine) as session:
        described = '{"title": "Ankles", "volume": 7, "date": "in press"}'
        statement = text("UPDATE library_entry SET description = :stored WHERE folded = 'adams:1999'")
        session.execute(statement, {"stored": described})
    result, found = items(engine, tmp_path)
    assert found["Adams:1999"]["title"] == "Ankles"
    assert [str(one).partition(": ")[0] for one in result.damage.problems] == ["Adams:1999 (doi:10.1000/a)"] * 2
    assert [one.field for one in result.damage.problems] == ["date", "volume"]


# --- keys --------------------------------------------------------------------------------------------------------------


def test_a_key_of_a_library_is_no_damage_when_a_registry_describes_the_work(engine, tmp_path):
    add_works(engine, Stored(doi="10.1000/c", title="Calves of mice"))
    result, found = items(engine, tmp_path)
    assert "Müller_2" in found
    assert list(result.damage.problems) == []
    lines = (tmp_path / "citekeys.txt").read_text("utf-8")
    assert "Müller_2\tdoi:10.1000/c" in lines


def test_footnote_of_two_works_gives_its_key_to_neither(database_url, tmp_path):
    engine = open_database(database_url)
    store_pages(
        engine,
        one="It is so. [^Ann99] [^two] [^Kim20]\n\n[^Ann99]: A paper. doi:10.1000/a PMID: 77\n"
        "[^two]: Lee 1999, doi:10.1000/b, and Kim 2000, doi:10.1000/c\n"
        "[^Kim20]: Kim. doi:10.1000/c. Preprint: doi:10.1101/2020.01.01.1\n",
    )
    text = "".join(f"TY  - JOUR\nTI  - Ankles {one}\nDO  - 10.1000/{one}\nER  - \n" for one in "abc")
    take(engine, tmp_path, text, "refs.ris")
    result = export(engine, Settings(export={"citekey": "note"}), tmp_path, "csl-json")
    found = {one["DOI"]: one["id"] for one in json.loads(result.path.read_text("utf-8"))}
    assert (found["10.1000/a"], found["10.1000/c"]) == ("Ann99", "Kim20")
    assert found["10.1000/b"] not in {"two", "Ann99", "Kim20"}


def test_footnote_key_names_a_work_that_a_library_alone_describes(database_url, tmp_path):
    engine = open_database(database_url)
    store_pages(
        engine,
        one="Bone needs it. [^Ann99] [^1] [^both]\n\n[^Ann99]: doi:10.1000/a\n[^1]: doi:10.1000/b\n[^both]: doi:10.1000/c\n",
        two="It is so. [^ann99] [^Both]\n\n[^ann99]: PMID: 77\n[^Both]: doi:10.1000/d\n",
    )
    told = {"A1": "Adams, Ann", "Y1": "1999"}
    lines = "".join(f"{tag}  - {value}\n" for tag, value in told.items())
    text = "".join(
        f"TY  - JOUR\nTI  - Ankles {letter}\n{lines}DO  - 10.1000/{letter}\nN1  - PMID: {pmid}\nER  - \n"
        for letter, pmid in (("a", 77), ("b", 78), ("c", 79), ("d", 80))
    )
    take(engine, tmp_path, text, "refs.ris")
    result = export(engine, Settings(export={"citekey": "note"}), tmp_path, "csl-json")
    found = {one["DOI"]: one["id"] for one in json.loads(result.path.read_text("utf-8"))}
    assert found == {
        "10.1000/a": "Ann99",
        "10.1000/b": "adams1999ankles",
        "10.1000/c": "adams1999anklesa",
        "10.1000/d": "adams1999anklesb",
    }
