"""Every recorded work maps, and the odd ones as their source says: each expectation is read from the source record."""

from __future__ import annotations

import json
import lzma
from functools import cache
from pathlib import Path

import pytest
from registries import doi, pmid

from evidence.records import AuthorName, NoticeRecord, RelationRecord
from evidence.resolve import pubmed
from evidence.resolve.crossref import read_work
from evidence.resolve.kept import compress, read_record
from evidence.resolve.merging import merge_records
from evidence.vocabulary import NoticeKind, RelationKind, Scheme, Source

DATA = Path(__file__).parent / "data" / "mapping"


@cache
def works():
    with lzma.open(DATA / "works.jsonl.xz") as stream:
        return {work["DOI"]: read_work(work) for work in map(json.loads, stream)}


@cache
def articles():
    with lzma.open(DATA / "articles.xml.xz") as stream:
        return {article.pmid: article.record for article in pubmed.read_answer(stream.read())}


def pinned(record, expected):
    return {name: getattr(record, name) for name in expected}


def test_all_1955_works_map_and_merge():
    assert len(works()) == 1955
    with_subtitle = 0
    for name, record in works().items():
        assert record.identifiers == (doi(name.lower()),)
        title = merge_records([record]).fields["title"]
        assert title == record.title or title.startswith((f"{record.title} ", f"{record.title}: "))
        with_subtitle += title != record.title
    # Of 53 that have the field: the others are empty, running heads, numbers, or stand in the title.
    assert with_subtitle == 25
    # Of 103 works `issued` is null, five of which have another date; 17 were recorded without the field.
    assert sum(record.date is None for record in works().values()) == 103 - 5 + 17


def test_all_520_articles_map_and_merge():
    assert len(articles()) == 520
    for record in articles().values():
        assert record.title
        assert record.date
        assert merge_records([record]).fields["title"] == record.title
    assert sum(not record.authors for record in articles().values()) == 7


def test_no_title_or_name_keeps_active_or_foreign_markup():
    for record in (*works().values(), *articles().values()):
        for text in filter(None, (record.title, record.container, record.publisher)):
            assert not any(mark in text.lower() for mark in ("<mml", "<math", "<script", "&amp;", "&lt;", "\n", "\x00"))


def test_kept_records_of_both_registries_are_read_as_they_were():
    with lzma.open(DATA / "works.jsonl.xz") as stream:
        payloads = stream.read().splitlines()
    for payload, record in zip(payloads, works().values(), strict=True):
        assert read_record(Source.CROSSREF, compress(payload)) == record


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # No title: an issue of a journal, and a component without anything else.
        ("10.7752/jpes.2018.03256", {"title": None, "type": "journal-issue", "date": "2018-09-30", "authors": ()}),
        ("10.7167/2013/854869/dataset/9", {"title": None, "type": "component", "date": None, "container": None}),
        # Two titles: the first is the work's own, the second its translation.
        ("10.1007/s00120-007-1345-2", {"title": "Penisverletzung durch eine Moulinette", "language": "de"}),
        # Two spaces in the second title; the first one is taken.
        (
            "10.36499/psnst.v14i1.11969",
            {"title": "Desain Widget Antarmuka Sistem Informasi Olahraga Lari Marathon untuk Pelatih"},
        ),
        # MathML glued to the words on both sides.
        (
            "10.1155/2013/345601",
            {
                "title": "Robust H<sub>∞</sub> Control of Uncertain T-S Fuzzy Time-Delay System: A Delay Decomposition "
                "Approach"
            },
        ),
        (
            "10.1155/2015/589289",
            {
                "title": "Active Vibration Control of Container Cranes against Earthquake by the Use of LMI Based Mixed "
                "H<sub>2</sub>/H<sub>∞</sub> State-Feedback Controller"
            },
        ),
        # Escaped markup, an entity, capitals.
        (
            "10.5902/1980509848072",
            {"title": "Cytogenetic study and pollen viability of <i>Diatenopteryx sorbifolia</i> Radlk."},
        ),
        (
            "10.7717/peerj.1114",
            {
                "title": "A comparison of observation-level random effect and Beta-Binomial models for modelling "
                "overdispersion in Binomial data in ecology & evolution",
                "pages": "e1114",
            },
        ),
        # Parties of a case are no people: `name` instead of `family`.
        (
            "10.5235/elr.v3n6.992",
            {
                "title": "MANN AND OTHERS v SECRETARY OF STATE FOR EMPLOYMENT",
                "authors": tuple(
                    AuthorName(collective=name)
                    for name in ("Hadley", "Tullichettle", "Hoffmann", "Craighead", "Woodborough")
                ),
                "date": "1999-12-01",
            },
        ),
        # An author without any name beside one in Thai; `issued` is null, but it was approved in a year.
        (
            "10.58837/chula.the.2007.184",
            {"authors": (AuthorName("ภูริปริญญา", "คำเพชร"),), "date": "2007", "type": "dissertation"},
        ),
        # No given name.
        ("10.3892/ijo_00000353", {"authors": (AuthorName("Stravopodis"),), "date": "2009-06-26"}),
        # No author, no container.
        ("10.7554/elife.04601.029", {"authors": (), "container": None, "type": "peer-review"}),
        # A notice: what it corrects is its relation, and it is not corrected itself.
        (
            "10.1016/j.soilbio.2024.109532",
            {
                "notices": (),
                "relations": (
                    RelationRecord(
                        RelationKind.IS_NOTICE_OF,
                        Scheme.DOI,
                        "10.1016/j.soilbio.2024.109456",
                        NoticeRecord(NoticeKind.ERRATUM, "2024-10-01", asserted_by="publisher"),
                    ),
                ),
                "article_number": "109532",
            },
        ),
        # The new version of itself.
        ("10.1371/journal.ppat.1008184", {"notices": (), "relations": (), "date": "2020-01-17"}),
        ("10.1371/journal.ppat.1006930", {"notices": (), "relations": ()}),
    ],
)
def test_odd_works_of_crossref(name, expected):
    assert pinned(works()[name], expected) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        # MedlineDate: "2019 Apr-Jun" and "2019 Sep-Oct".
        ("31388331", {"date": "2019", "title": "Nucleosomes Regulate Base Excision Repair in Chromatin"}),
        ("31388337", {"date": "2019"}),
        # Translated titles stand in brackets, with a remark behind.
        (
            "26",
            {
                "title": "Studies on the action of an anticholinergic agent in combination with a tranquilizer on gastric "
                "juice secretion in man",
                "language": "de",
            },
        ),
        # No list of authors.
        ("31418831", {"authors": ()}),
        # A correction is a notice of another work, and none of itself.
        ("31449457", {"authors": (), "notices": ()}),
        # Markup in a title.
        (
            "31479888",
            {
                "title": "Ni<sub>0.4</sub>Cu<sub>0.2</sub>Zn<sub>0.4</sub>Tb<sub>x</sub>Fe<sub>2-x</sub>O<sub>4</sub> "
                "nanospinel ferrites: Ultrasonic synthesis and physical properties"
            },
        ),
        # No DOI anywhere in the record.
        ("10", {"identifiers": (pmid("10"),)}),
        # The preprint that it is an update of.
        (
            "36156117",
            {
                "relations": (
                    RelationRecord(RelationKind.HAS_PREPRINT, Scheme.PMID, "35794888"),
                    RelationRecord(RelationKind.HAS_PREPRINT, Scheme.DOI, "10.21203/rs.3.rs-1800050/v1"),
                )
            },
        ),
    ],
)
def test_odd_articles_of_pubmed(number, expected):
    record = articles()[number]
    found = pinned(record, expected)
    if "title" in expected:
        found["title"] = (record.title or "").removesuffix(".")
    assert found == expected


@pytest.mark.parametrize(
    ("number", "collective"),
    [
        ("31418851", "participating investigators"),
        ("31449468", "AREN0532 and AREN0533 study committees"),
        ("34843274", "Guideline Development Panel for the Treatment of Depressive Disorders"),
    ],
)
def test_groups_are_authors(number, collective):
    assert collective in [author.collective for author in articles()[number].authors]


@pytest.mark.parametrize(("number", "suffix"), [("40", "Jr"), ("43", "3rd")])
def test_suffixes_are_kept_with_the_given_name(number, suffix):
    assert any((author.given or "").endswith(f" {suffix}") for author in articles()[number].authors)


def test_a_retracted_paper_names_its_notice():
    (notice,) = articles()["31541003"].notices
    assert (notice.kind, notice.date, notice.identifier) == (NoticeKind.RETRACTION, "2020-03-27", pmid("32167152"))


def test_a_book_has_no_journal_and_no_medline_citation():
    book = (
        b"<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>20301295</PMID><Book>"
        b"<Publisher><PublisherName>University of Washington</PublisherName></Publisher>"
        b"<BookTitle>GeneReviews</BookTitle><PubDate><Year>1993</Year></PubDate></Book>"
        b"<ArticleTitle>A Chapter</ArticleTitle></BookDocument></PubmedBookArticle></PubmedArticleSet>"
    )
    ((_, record, _),) = pubmed.read_answer(book)
    assert (record.type, record.title, record.container) == ("book-chapter", "A Chapter", "GeneReviews")
    assert (record.date, record.publisher) == ("1993", "University of Washington")


def test_deleted_citations_of_an_update_file_are_no_records():
    deleted = (
        b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7</PMID></MedlineCitation></PubmedArticle>"
        b'<DeleteCitation><PMID Version="1">30830050</PMID><PMID Version="1">30830053</PMID></DeleteCitation>'
        b"</PubmedArticleSet>"
    )
    assert [article.record.identifiers for article in pubmed.read_answer(deleted)] == [(pmid("7"),)]
