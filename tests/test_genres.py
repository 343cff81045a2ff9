"""What a thesis or report calls itself, and the number of a book in its series: read, kept and written in every format."""

from __future__ import annotations

import datetime as dt
import json
import re
import zlib

import pytest
from consumers import by_pandoc, need
from export_store import PAPER, Stored, store_of
from libraries import read_text

from evidence.config import Settings
from evidence.export.bibtex import write_biblatex, write_bibtex
from evidence.export.csl import write_csl
from evidence.export.genres import degree_of
from evidence.export.ris import write_ris
from evidence.export.run import export
from evidence.store import models
from evidence.store.database import writing

WRITERS = {"biblatex": write_biblatex, "bibtex": write_bibtex, "csl-json": write_csl, "ris": write_ris}
READ_AS = {"biblatex": "bibtex", "bibtex": "bibtex", "csl-json": "csl-json", "ris": "ris"}
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
THESIS = PAPER._replace(type="dissertation", container=None, container_short=None, volume=None, issue=None, pages=None)


def written(name, **changes):
    return "".join(WRITERS[name]([[THESIS._replace(**changes)]], []))


def read_back(name, **changes):
    [entry] = read_text(written(name, **changes).replace("\r\n", "\n"), READ_AS[name])
    return entry.description


def of_library(text, format_="bibtex"):
    [entry] = read_text(text, format_)
    return entry.description


def bib_entry(kind, **fields):
    return f"@{kind}{{a, title = {{T}}, " + ", ".join(f"{name} = {{{value}}}" for name, value in fields.items()) + "}"


@pytest.mark.parametrize(
    ("kind", "type_", "genre"),
    [
        ("mastersthesis", None, "Master's thesis"),
        ("phdthesis", None, "PhD thesis"),
        ("mastersthesis", "Diplomarbeit", "Diplomarbeit"),
        ("mastersthesis", "{M.Sc.} Thesis", "M.Sc. Thesis"),
        ("mastersthesis", "Thesis", "Master's thesis"),
        ("mastersthesis", "Tesi di laurea", "Master's thesis (Tesi di laurea)"),
        ("phdthesis", "Habilitation", "Habilitation"),
        ("thesis", "mathesis", "Master's thesis"),
        ("thesis", "phdthesis", "PhD thesis"),
        ("thesis", "bathesis", "Bachelor's thesis"),
        ("thesis", None, None),
        ("techreport", None, "Technical report"),
        ("report", "techreport", "Technical report"),
        ("techreport", "Working Paper", "Working Paper"),
        ("report", None, None),
        ("article", "Original Article", None),
    ],
)
def test_kind_of_a_thesis_is_read_from_bibtex(kind, type_, genre):
    assert of_library(bib_entry(kind, **({"type": type_} if type_ else {}))).genre == genre


def test_kind_of_a_thesis_is_read_from_csl_and_ris():
    item = {"id": "a", "type": "thesis", "title": "T", "genre": "Master's thesis"}
    assert of_library(json.dumps([item]), "csl-json").genre == "Master's thesis"
    assert of_library("TY  - THES\nTI  - T\nM3  - Diplomarbeit\nER  - \n", "ris").genre == "Diplomarbeit"


def test_doi_in_the_place_of_the_kind_is_none():
    assert of_library("TY  - THES\nTI  - T\nM3  - doi:10.1000/x\nER  - \n", "ris").genre is None


@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize(
    "genre", ["PhD thesis", "Master's thesis", "Bachelor's thesis", "PhD Thesis", "Diplomarbeit", "R&D"]
)
def test_kind_of_a_thesis_comes_back(name, genre):
    assert read_back(name, genre=genre).genre == genre


@pytest.mark.parametrize("name", list(WRITERS))
def test_kind_that_is_not_known_stays_so(name):
    assert (read_back(name).type, read_back(name).genre) == ("dissertation", None)


@pytest.mark.parametrize(
    ("genre", "entry", "type_"),
    [
        ("Master's thesis", "mastersthesis", None),
        ("PhD thesis", "phdthesis", None),
        ("Diplomarbeit", "mastersthesis", "Diplomarbeit"),
        ("Bachelor's thesis", "mastersthesis", "Bachelor's thesis"),
        ("Ph.D. dissertation", "phdthesis", "Ph.D. dissertation"),
        # Styles print what `type` says: without it, this would be a "PhD thesis".
        (None, "phdthesis", "Thesis"),
    ],
)
def test_old_styles_are_told_the_kind_by_the_entry(genre, entry, type_):
    text = written("bibtex", genre=genre)
    assert text.startswith(f"@{entry}{{")
    assert (re.findall(r"  type = \{(.*)\},", text) or [None]) == [type_]


@pytest.mark.parametrize(
    ("words", "degree"),
    [
        ("PhD", "doctor"),
        ("Doctor of Philosophy", "doctor"),
        ("Tese de Doutorado", "doctor"),
        ("Dr. rer. nat.", "doctor"),
        ("Thèse de doctorat", "doctor"),
        ("博士論文", "doctor"),
        ("M.Sc.", "master"),
        ("Master of Science", "master"),
        ("Magisterarbeit", "master"),
        ("Dissertação de mestrado", "master"),
        ("BSc (Hons)", "bachelor"),
        ("Bachelorarbeit", "bachelor"),
        ("Dissertation", None),
        ("Habilitation", None),
        ("Joint master and doctoral thesis", None),
        ("Sumac and gems", None),
    ],
)
def test_degree_is_read_from_the_words(words, degree):
    assert degree_of(words) == degree


def store_with_record(url, kind, **told):
    engine = store_of(url, Stored("10.1000/t", fields={"type": kind, "container": None}))
    payload = zlib.compress(json.dumps({"DOI": "10.1000/t", **told}).encode())
    with writing(engine) as session:
        session.add(models.Record(source="crossref", scheme="doi", value="10.1000/t", payload=payload, fetched_at=NOW))
    return engine


@pytest.mark.parametrize(
    ("degree", "genre"),
    [
        (["PhD Thesis"], "PhD Thesis"),
        (["Master of Science in Computer Science (MSCS)"], "Master's thesis"),
        (["ครุศาสตรดุษฎีบัณฑิต"], "ครุศาสตรดุษฎีบัณฑิต"),
        ("Ph.D.", "PhD thesis"),
        ([], None),
        ([7], None),
        (None, None),
        (["Ph.D.\x00} @x{"], "PhD thesis"),
    ],
)
def test_degree_that_crossref_tells_is_the_kind_of_a_thesis(database_url, tmp_path, degree, genre):
    engine = store_with_record(database_url, "dissertation", degree=degree)
    result = export(engine, Settings(), tmp_path, "csl-json")
    [item] = json.loads(result.path.read_text("utf-8"))
    assert (item["type"], item.get("genre")) == ("thesis", genre)


@pytest.mark.parametrize(
    ("kind", "told", "edition"),
    [
        ("book", {"edition-number": "3"}, "3"),
        ("monograph", {"edition-number": ["2nd"]}, "2nd"),
        ("book-chapter", {"edition-number": "1"}, "1"),
        ("edited-book", {"edition": "revised & enlarged"}, "revised & enlarged"),
        ("book", {"edition-number": 3}, None),
        ("book", {"edition-number": ""}, None),
        ("book", {}, None),
        ("journal-article", {"edition-number": "3"}, None),
    ],
)
def test_edition_that_crossref_tells_is_that_of_the_book(database_url, tmp_path, kind, told, edition):
    engine = store_with_record(database_url, kind, **told)
    result = export(engine, Settings(), tmp_path, "csl-json")
    [item] = json.loads(result.path.read_text("utf-8"))
    assert item.get("edition") == edition
    assert not result.damage.problems


@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize("kind", ["book", "book-chapter", "proceedings-article"])
def test_number_in_a_series_comes_back(name, kind):
    holders = {"container": "Notes"} if kind == "book" else {"container": "Book", "series": "Notes"}
    told = read_back(name, type=kind, series_number="2412", volume="3", **holders)
    assert (told.series_number, told.volume, told.issue) == ("2412", "3", None)


def test_number_of_a_book_is_that_in_its_series():
    told = of_library(bib_entry("book", series="Lecture Notes", number="77"))
    assert (told.series_number, told.issue) == ("77", None)
    told = of_library(bib_entry("inproceedings", booktitle="Proc", number="2"))
    assert (told.series_number, told.issue) == (None, "2")


@pytest.mark.parametrize("told", ["0", "doi:10.1201/b19107-2", "Reviewed, and a long remark on it"])
def test_what_publishers_write_beside_the_number_in_a_series_is_none(told):
    assert of_library(f"TY  - BOOK\nTI  - T\nT2  - Notes\nM1  - {told}\nER  - \n", "ris").series_number is None


@pytest.mark.parametrize("name", list(WRITERS))
def test_number_and_series_of_a_report_come_back(name):
    told = read_back(name, type="report", container="Working Papers", issue="WP-12", genre="Working paper")
    assert (told.issue, told.container, told.genre) == ("WP-12", "Working Papers", "Working paper")


def test_number_of_a_report_is_read_where_zotero_writes_it():
    assert of_library("TY  - RPRT\nTI  - T\nSN  - WP-12\nER  - \n", "ris").issue == "WP-12"
    assert of_library("TY  - RPRT\nTI  - T\nSN  - 978-0-262-03384-8\nER  - \n", "ris").issue is None


@pytest.mark.parametrize(
    ("lines", "number", "issn"),
    [
        # Zotero and EndNote: SN is the number of the patent or report.
        ("TY  - PAT\nIS  - 12\nSN  - US7000000B2", "US7000000B2", ()),
        ("TY  - PAT\nSN  - 11234567", "11234567", ()),
        ("TY  - PAT\nIS  - EP 1234567", "EP 1234567", ()),
        ("TY  - RPRT\nSN  - WP-12\nIS  - 3", "WP-12", ()),
        ("TY  - RPRT\nSN  - 0092-8674\nIS  - 3", "3", ("0092-8674",)),
        ("TY  - JOUR\nSN  - 0092-8674\nIS  - 3", "3", ("0092-8674",)),
    ],
)
def test_number_of_a_patent_or_report_is_told_from_other_numbers_in_ris(lines, number, issn):
    told = of_library(f"{lines}\nTI  - T\nER  - \n", "ris")
    assert (told.issue, told.issn) == (number, issn)


def pandoc_item(name, **changes):
    need("pandoc")
    return by_pandoc(written(name, **changes), name, raw=True)[0]


@pytest.mark.parametrize("name", ["biblatex", "bibtex"])
@pytest.mark.parametrize(
    ("genre", "printed"),
    [
        ("Diplomarbeit", "Diplomarbeit"),
        ("Master's thesis", "Master’s thesis"),
        ("PhD thesis", "PhD thesis"),
        (None, "Thesis"),
    ],
)
def test_pandoc_reads_the_kind_of_a_thesis(name, genre, printed):
    item = pandoc_item(name, genre=genre)
    assert (item["type"], item["genre"]) == ("thesis", printed)


@pytest.mark.parametrize("name", ["biblatex", "bibtex"])
def test_pandoc_reads_the_number_in_a_series(name):
    item = pandoc_item(name, type="book", container="Notes", series_number="77")
    assert (item["collection-title"], item["collection-number"]) == ("Notes", "77")


@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize("kind", ["book", "book-chapter", "proceedings-article", "report", "dissertation"])
def test_edition_and_place_of_the_publisher_come_back(name, kind):
    told = read_back(name, type=kind, container="Held", edition="2nd & last", place="Paris and New York")
    assert (told.edition, told.place) == ("2nd & last", "Paris and New York")


def test_article_has_neither_edition_nor_place():
    told = of_library(bib_entry("article", journal="J", edition="2", address="Paris"))
    assert (told.edition, told.place) == (None, None)


@pytest.mark.parametrize("name", ["biblatex", "bibtex"])
def test_pandoc_reads_edition_and_place(name):
    item = pandoc_item(name, type="book", edition="2", place="Paris and New York")
    # Of "2nd" pandoc's styles make "2nd ed.", as of "2".
    assert (item["edition"], item["publisher-place"]) == ({"bibtex": "2nd"}.get(name, "2"), "Paris and New York")
