from __future__ import annotations

import bibtexparser
import pytest
from bibtexparser.middlewares import SeparateCoAuthors, SplitNameParts
from export_store import PAPER, recorded_works

from evidence.export.bibtex import write_biblatex, write_bibtex
from evidence.records import AuthorName


def entries(write, *works, middleware=()):
    library = bibtexparser.parse_string("".join(write([works], [])), append_middleware=list(middleware))
    assert library.failed_blocks == []
    return library.entries


def fields(write, work=PAPER, **changes):
    (entry,) = entries(write, work._replace(**changes))
    return {"": entry.entry_type, **{field.key: field.value for field in entry.fields}}


def warnings_of(**changes):
    found = []
    "".join(write_bibtex([[PAPER._replace(**changes)]], found))
    return found


def test_article_for_biblatex():
    assert fields(write_biblatex) == {
        "": "article",
        "author": "Komori, T and Yagi, H",
        "title": r"{Targeted Disruption of \emph{Cbfa1}}",
        "journaltitle": "Cell",
        "date": "1997-05-30",
        "volume": "89",
        "number": "5",
        "pages": "755--764",
        "issn": "0092-8674",
        "doi": "10.1016/s0092-8674(00)80258-5",
        "langid": "english",
        "eprint": "9182763",
        "eprinttype": "pubmed",
    }


def test_article_for_the_old_styles():
    assert fields(write_bibtex) == {
        "": "article",
        "author": "Komori, T and Yagi, H",
        "title": r"{Targeted Disruption of \emph{Cbfa1}}",
        "journal": "Cell",
        "year": "1997",
        "month": "may",
        "volume": "89",
        "number": "5",
        "pages": "755--764",
        "issn": "0092-8674",
        "doi": "10.1016/s0092-8674(00)80258-5",
        "pmid": "9182763",
    }


def test_month_is_the_styles_own_word():
    assert "  month = may,\n" in "".join(write_bibtex([[PAPER]], []))


@pytest.mark.parametrize("date", ["1997", None])
def test_unknown_month_is_left_out(date):
    assert "month" not in fields(write_bibtex, date=date)


@pytest.mark.parametrize(
    ("kind", "biblatex", "bibtex"),
    [
        ("journal-article", "article", "article"),
        ("book", "book", "book"),
        ("monograph", "book", "book"),
        ("edited-book", "book", "book"),
        ("book-chapter", "incollection", "incollection"),
        ("proceedings", "proceedings", "proceedings"),
        ("proceedings-article", "inproceedings", "inproceedings"),
        ("dissertation", "thesis", "phdthesis"),
        ("report", "report", "techreport"),
        ("posted-content", "online", "misc"),
        ("dataset", "dataset", "misc"),
        ("software", "software", "misc"),
        ("some-new-type", "misc", "misc"),
    ],
)
def test_entry_type(kind, biblatex, bibtex):
    assert fields(write_biblatex, type=kind)[""] == biblatex
    assert fields(write_bibtex, type=kind)[""] == bibtex


@pytest.mark.parametrize(
    ("kind", "biblatex", "bibtex"),
    [
        ("journal-article", {"journaltitle": "Cell"}, {"journal": "Cell"}),
        ("book", {"series": "{Cell}", "publisher": "Elsevier BV"}, {"series": "{Cell}", "publisher": "Elsevier BV"}),
        (
            "book-chapter",
            {"booktitle": "{Cell}", "publisher": "Elsevier BV"},
            {"booktitle": "{Cell}", "publisher": "Elsevier BV"},
        ),
        ("proceedings", {"series": "{Cell}", "publisher": "Elsevier BV"}, {"series": "{Cell}"}),
        (
            "proceedings-article",
            {"booktitle": "{Cell}", "publisher": "Elsevier BV"},
            {"booktitle": "{Cell}", "publisher": "Elsevier BV"},
        ),
        ("dissertation", {"institution": "Elsevier BV", "type": "Thesis"}, {"school": "Elsevier BV"}),
        ("report", {"institution": "Elsevier BV", "type": "Report"}, {"institution": "Elsevier BV"}),
        ("dataset", {"publisher": "Elsevier BV"}, {"journal": "Cell", "howpublished": "Elsevier BV"}),
        (
            "software",
            {"publisher": "Elsevier BV", "type": "Software"},
            {"journal": "Cell", "howpublished": "Elsevier BV"},
        ),
        ("webpage", {"organization": "Cell"}, {"howpublished": "Cell", "publisher": "Elsevier BV"}),
        ("song", {"howpublished": "Cell", "organization": "Elsevier BV"}, {"howpublished": "Elsevier BV"}),
        ("posted-content", {"organization": "Cell"}, {"howpublished": "Cell"}),
    ],
)
def test_fields_of_container_and_publisher(kind, biblatex, bibtex):
    for write, expected in ((write_biblatex, biblatex), (write_bibtex, bibtex)):
        found = fields(write, type=kind)
        assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("changes", "eprint"),
    [
        ({"doi": "10.48550/arXiv.2101.00001", "publisher": "arXiv"}, ("2101.00001", "arxiv")),
        (
            {"doi": "10.1101/2020.01.01.1", "container": None, "publisher": "bioRxiv"},
            ("10.1101/2020.01.01.1", "bioRxiv"),
        ),
        ({"doi": "10.1101/2020.01.01.1", "pmid": "77"}, ("77", "pubmed")),
        ({"doi": "10.1101/2020.01.01.1", "container": None, "publisher": None}, (None, None)),
    ],
)
def test_preprint_says_where_it_lies(changes, eprint):
    found = fields(write_biblatex, type="posted-content", **{"pmid": None, **changes})
    assert (found.get("eprint"), found.get("eprinttype")) == eprint


@pytest.mark.parametrize(
    ("changes", "eprint"),
    [
        ({"doi": "10.48550/arXiv.2101.00001", "publisher": "arXiv"}, ("2101.00001", "arXiv")),
        (
            {"doi": "10.1101/2020.01.01.1", "container": None, "publisher": "bioRxiv"},
            ("10.1101/2020.01.01.1", "bioRxiv"),
        ),
        ({"doi": "10.1101/2020.01.01.1", "container": None, "publisher": None}, (None, None)),
        ({"doi": "10.1000/a", "type": "journal-article"}, (None, None)),
    ],
)
def test_preprint_says_to_the_old_styles_where_it_lies(changes, eprint):
    found = fields(write_bibtex, **{"type": "posted-content", **changes})
    assert (found.get("eprint"), found.get("archiveprefix")) == eprint


def test_article_without_a_journal_is_misc():
    assert fields(write_bibtex, container=None)[""] == "misc"


def test_book_title_of_a_chapter_keeps_its_letters():
    assert fields(write_bibtex, type="book-chapter", container="The C Book")["booktitle"] == "{The C Book}"


def test_article_number_stands_for_pages():
    # pandoc drops biblatex's own field for it.
    assert fields(write_biblatex, pages=None, article_number="e12-3")["pages"] == "e12-3"
    assert fields(write_bibtex, pages=None, article_number="e12-3")["pages"] == "e12-3"


def test_retracted_work_says_so():
    assert fields(write_biblatex, note="Retracted 2010-02-06")["note"] == "Retracted 2010-02-06"


@pytest.mark.parametrize(
    ("author", "written"),
    [
        (AuthorName("van der Berg", "Jan"), "van der Berg, Jan"),
        (AuthorName("King", "Martin Luther Jr."), "King, Jr., Martin Luther"),
        (AuthorName("Rawling", "J.E. III"), "Rawling, III, J.E."),
        (AuthorName(collective="WHO Group"), "{WHO Group}"),
        (AuthorName(collective="Food and Drug Administration"), "{{Food and Drug Administration}}"),
        (AuthorName("Yu-Sheng Lu"), "{Yu-Sheng Lu}"),
        (AuthorName("Plato"), "Plato"),
        (AuthorName("Müller", "Łukasz"), "Müller, Łukasz"),
    ],
)
def test_name(author, written):
    assert fields(write_biblatex, authors=(author,))["author"] == written


def test_accents_of_names_are_commands_for_the_old_styles():
    assert fields(write_bibtex, authors=(AuthorName("Müller", "Łukasz"),))["author"] == r"M{\"{u}}ller, {\L}ukasz"


def test_name_that_the_old_styles_cannot_take_is_a_warning():
    (warning,) = warnings_of(authors=(AuthorName("山田", "太郎"), AuthorName("Müller", "J")))
    assert warning.startswith("komori1997targeted: ")
    assert "山田" in warning


def test_former_key_is_an_alias():
    assert fields(write_biblatex, aliases=("old1", "old2"))["ids"] == "old1,old2"
    assert "old1" in warnings_of(aliases=("old1",))[0]


def test_no_authors_is_no_author_field():
    assert "author" not in fields(write_bibtex, authors=())


def test_doi_is_as_registered():
    sici = "10.1002/1531-8249(200004)47:4<440::aid-ana6>3.0.co;2-e"
    assert fields(write_bibtex, doi=sici)["doi"] == sici


def test_command_in_a_doi_is_not_one():
    assert fields(write_bibtex, doi="10.1/x\\input{y}")["doi"] == "10.1/x%5Cinput%7By%7D"


def test_nothing_is_an_empty_file():
    assert "".join(write_bibtex([], [])) == ""


def test_batches_leave_no_trace():
    one, two = PAPER, PAPER._replace(key="b")
    assert "".join(write_bibtex([[one], [two]], [])) == "".join(write_bibtex([[one, two]], []))


@pytest.mark.parametrize("write", [write_biblatex, write_bibtex])
def test_recorded_works_are_read_back(write):
    records = recorded_works()
    works = [
        PAPER._replace(
            key=f"k{number}",
            title=record.title,
            authors=record.authors,
            container=record.container,
            type=record.type,
            doi=record.identifiers[0].value,
        )
        for number, record in enumerate(records)
    ]
    found = entries(write, *works, middleware=[SeparateCoAuthors(), SplitNameParts()])
    assert [entry.key for entry in found] == [work.key for work in works]
    assert [entry["doi"] for entry in found] == [work.doi for work in works]
    assert [len(entry["author"]) if "author" in entry else 0 for entry in found] == [
        len(work.authors) for work in works
    ]


@pytest.mark.parametrize("write", [write_bibtex, write_biblatex])
def test_brace_that_is_left_out_is_named(write):
    found = []
    "".join(write([[PAPER._replace(title="A } brace", container="Cell {A}")]], found))
    assert [one.split(": ")[:2] for one in found] == [["komori1997targeted", "title"]]


@pytest.mark.parametrize("write", [write_biblatex, write_bibtex])
def test_braces_of_a_name_are_named(write):
    warnings = []
    work = PAPER._replace(key="one", authors=(AuthorName("Smi{th}", "J"), AuthorName(collective="The {WHO} Group")))
    text = "".join(write([[work]], warnings))
    assert "author = {Smith, J and {The WHO Group}}" in text
    assert warnings == [
        "one: author: the braces of Smi{th}, J are left out: names in BibTeX hold none",
        "one: author: the braces of The {WHO} Group are left out: names in BibTeX hold none",
    ]


@pytest.mark.parametrize("name", ["volume", "issue", "pages", "publisher", "note", "abstract"])
@pytest.mark.parametrize("write", [write_biblatex, write_bibtex])
def test_every_field_that_loses_a_brace_is_named(write, name):
    found = []
    "".join(write([[PAPER._replace(type="book", **{name: "1 & 2 {x"})]], found))
    assert found == [f"komori1997targeted: {name}: a brace without its partner is left out: BibTeX cannot hold it"]


@pytest.mark.parametrize("write", [write_biblatex, write_bibtex])
def test_family_name_that_ends_in_a_small_word_is_held_together(write):
    # pandoc takes "Abd" for a particle of "Rahman" otherwise, and cites the work as Rahman's.
    names = (
        AuthorName("Abd el-Rahman", "M."),
        AuthorName("de la Cruz", "A."),
        AuthorName("King, 3rd"),
        AuthorName("Ibn al-Haytham"),
    )
    assert (
        fields(write, authors=names)["author"]
        == "{Abd el-Rahman}, M. and de la Cruz, A. and {King, 3rd} and {Ibn al-Haytham}"
    )


@pytest.mark.parametrize("family", ["çelik", "d’errico", "el‐sayed", "иванов", "hooks", "van der berg"])
def test_a_family_name_in_small_letters_is_no_particle(family):
    text = "".join(write_biblatex([[PAPER._replace(authors=(AuthorName(family, "ayşe"),))]], []))
    assert f"author = {{{{{family}}}, ayşe}}," in text
