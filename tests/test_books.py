"""What only books and their chapters have: editors, a series, a subtitle. Each expectation is read from its source."""

from __future__ import annotations

import json
import lzma
from functools import cache
from pathlib import Path

import bibtexparser
import pytest
import sqlalchemy as sa
from auditing import KIM, Vault
from databases import open_new
from export_store import PAPER, Stored, add_works, cite, store_of
from libraries import read_text, take
from registries import doi, pmid

from evidence.audit.work_rows import read_work_rows
from evidence.config import Settings
from evidence.export.bibtex import write_biblatex, write_bibtex
from evidence.export.csl import write_csl
from evidence.export.ris import write_ris
from evidence.export.run import export
from evidence.records import AuthorName, WorkRecord
from evidence.resolve import agencies, pubmed
from evidence.resolve.crossref import read_work
from evidence.resolve.merging import merge_records
from evidence.resolve.series import book_and_series
from evidence.resolve.titles import full_title
from evidence.show import render, show
from evidence.store import models
from evidence.store.database import reading
from evidence.vocabulary import Source

DATA = Path(__file__).parent / "data"
ASNIS, KYLE = AuthorName("Asnis", "Stanley E."), AuthorName("Kyle", "Richard F.")
SCREWS = "10.1007/978-1-4612-2326-9"
# GeneReviews as PubMed has it, cut: the editors stand in the book, the authors of a chapter beside it.
GENE_REVIEWS = """<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID Version="1">20301295</PMID>
<ArticleIdList><ArticleId IdType="bookaccession">NBK1116</ArticleId></ArticleIdList>
<Book><Publisher><PublisherName>University of Washington, Seattle</PublisherName></Publisher>
<BookTitle book="gene">GeneReviews™</BookTitle><PubDate><Year>1993</Year></PubDate>
<AuthorList Type="editors"><Author><LastName>Pagon</LastName><ForeName>Roberta A</ForeName><Initials>RA</Initials>
</Author><Author><LastName>Bird</LastName><ForeName>Thomas D</ForeName></Author></AuthorList>{collection}</Book>
{chapter}</BookDocument></PubmedBookArticle></PubmedArticleSet>"""
CHAPTER = """<ArticleTitle book="gene" part="x">Marfan Syndrome</ArticleTitle><AuthorList Type="authors"><Author>
<LastName>Dietz</LastName><ForeName>Harry C</ForeName></Author></AuthorList>"""


@cache
def recorded():
    with lzma.open(DATA / "mapping" / "works.jsonl.xz") as stream:
        return {work["DOI"]: work for work in map(json.loads, stream)}


def work_of(name):
    return read_work(recorded()[name])


def book(chapter="", collection=""):
    text = GENE_REVIEWS.format(chapter=chapter, collection=collection)
    (article,) = pubmed.read_answer(text.encode())
    return article.record


# --- what the registries say ------------------------------------------------------------------------------------------


def test_crossref_names_the_editors_of_a_book():
    record = work_of(SCREWS)
    assert (record.authors, record.editors) == ((), (ASNIS, KYLE))
    merged = merge_records([record])
    assert (merged.editors, merged.field_sources["editors"]) == ((ASNIS, KYLE), "crossref")
    assert "authors" not in merged.field_sources


def test_who_handled_an_article_of_a_journal_is_not_among_its_editors():
    articles = [work for work in recorded().values() if work.get("editor") and work["type"] == "journal-article"]
    assert len(articles) == 93
    assert not any(read_work(work).editors for work in articles)


def test_pubmed_names_the_editors_of_a_book_and_of_its_chapters():
    pagon, bird = AuthorName("Pagon", "Roberta A"), AuthorName("Bird", "Thomas D")
    whole, chapter = book(), book(CHAPTER, "<CollectionTitle>The Collection</CollectionTitle>")
    assert (whole.title, whole.authors, whole.editors) == ("GeneReviews™", (), (pagon, bird))
    assert book("", "<CollectionTitle>The Collection</CollectionTitle>").series == "The Collection"
    assert (chapter.authors, chapter.editors) == ((AuthorName("Dietz", "Harry C"),), (pagon, bird))
    assert (chapter.container, chapter.series) == ("GeneReviews™", "The Collection")


def test_an_agency_names_editors_and_series():
    item = {"DOI": "10.1/x", "type": "chapter", "container-title": "A book", "collection-title": "A series"}
    said = agencies.read_csl({**item, "editor": [{"family": "Berg", "non-dropping-particle": "van der"}]})
    assert (said.editors, said.series) == ((AuthorName("van der Berg"),), "A series")
    assert agencies.read_csl({**item, "type": "article-journal", "editor": [{"family": "Berg"}]}).editors == ()


def test_the_longer_list_of_editors_is_kept_and_completed():
    crossref = WorkRecord(
        Source.CROSSREF, (doi("10.1/x"),), editors=(AuthorName("Pagon", "R"), AuthorName("Bird", "T"))
    )
    merged = merge_records([crossref, book(CHAPTER)])
    assert [one.given for one in merged.editors] == ["Roberta A", "Thomas D"]
    assert merged.field_sources["editors"] == "crossref+pubmed"


@pytest.mark.parametrize(
    ("name", "container", "series"),
    [
        ("10.1007/978-3-642-39200-9_10", "Web Engineering", "Lecture Notes in Computer Science"),
        ("10.1007/11551362_21", "Research and Advanced Technology for Digital Libraries", "Lecture Notes in Computer Science"),
        ("10.1007/978-1-4471-3236-3_18", "Functional Programming, Glasgow 1993", "Workshops in Computing"),
        ("10.1007/0-306-46968-5_12", "Fundamentals of X Programming", "Series in Computer Science"),
        ("10.1007/bfb0110966", "Trends in Colloid and Interface Science XI", "Progress in Colloid & Polymer Science"),
        ("10.1117/12.886122", "Window and Dome Technologies and Materials XII", "SPIE Proceedings"),
        (
            "10.1002/9780470320365.ch27",
            "Materials & Equipment/Whitewares: Ceramic Engineering and Science Proceedings, Volume 7, Issue 11/12",
            "Ceramic Engineering and Science Proceedings",
        ),
        (
            "10.2991/icismme-15.2015.92",
            "Proceedings of the First International Conference on Information Sciences, Machinery, Materials and Energy",
            "Advances in Intelligent Systems Research",
        ),
        # Nothing tells these apart: the second is the book, as the page of this chapter says.
        (
            "10.1007/978-3-031-33148-0_45",
            "Mediterranean Architecture and the Green-Digital Transition",
            "Innovative Renewable Energy",
        ),
        ("10.2307/j.ctt18z4gjq.12", "Temple University Aegean Symposium: A Compendium", None),
    ],
)  # fmt: skip
def test_a_chapter_stands_in_its_book_and_the_book_in_its_series(name, container, series):
    record = work_of(name)
    assert (record.container, record.series) == (container, series)


@pytest.mark.parametrize(
    ("titles", "first"),
    [
        (["Methods in Molecular Biology", "Bone Research Protocols"], "Bone Research Protocols"),
        (["Bone Research Protocols", "Methods in Molecular Biology"], "Bone Research Protocols"),
        (["FGF Signalling 2nd Edition", "Springer Protocols"], "FGF Signalling 2nd Edition"),
        (["Advances in Cryptology", "Lecture Notes in Computer Science"], "Advances in Cryptology"),
        (["Ageing, Volume 3", "Handbook of Pharmacology"], "Ageing, Volume 3"),
        (["One book", "One book"], "One book"),
        ([], None),
    ],
)
def test_what_is_the_book(titles, first):
    assert book_and_series(titles)[0] == first


@pytest.mark.parametrize(
    ("book", "series"),
    [
        ("Modern Foundations of Quantum Optics", "Graduate Texts in Physics"),
        ("Topics in Galois Theory", "Research Notes in Mathematics"),
        ("Handbook of the Biology of Aging", "The Handbooks of Aging"),
        ("Handbook of Markov Chain Monte Carlo", "Chapman & Hall/CRC Handbooks of Modern Statistical Methods"),
        ("The Oxford Handbook of Ethics at the End of Life", "Oxford Handbooks"),
        ("The Cambridge Companion to Darwin", "Cambridge Companions to Philosophy"),
        ("The Cell Biology of Aging", "Ciba Foundation Symposium"),
        ("Biomarkers of Aging", "Annals of the New York Academy of Sciences"),
        ("Biochemistry and Cell Biology of Ageing: Part I Biomedical Science", "Subcellular Biochemistry"),
        ("The Human Hypothalamus: Basic and Clinical Aspects", "Handbook of Clinical Neurology"),
        ("Computational Methods in Systems Biology", "Methods in Enzymology"),
        ("Computer Vision – ECCV 2014", "Lecture Notes in Computer Science"),
        ("Tumor Microenvironment", "Advances in Experimental Medicine and Biology"),
    ],
)
def test_book_and_series_are_told_apart_in_either_order(book, series):
    assert book_and_series([book, series]) == (book, series)
    assert book_and_series([series, book]) == (book, series)


def test_the_journal_of_an_article_has_no_series():
    said = {"DOI": "10.1/x", "type": "journal-article", "container-title": ["Bone", "Bone Series"]}
    assert (read_work(said).container, read_work(said).series) == ("Bone", None)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (SCREWS, "Cannulated Screw Fixation: Principles and Operative Techniques"),
        ("10.1145/1063669.1063679", "Comet: a new generation of widget for supporting user interface plasticity"),
        ("10.6028/nist.ir.5703", "The NIST ATM Network Simulator: operation and programming, version 1.0"),
        # The second title and subtitle are the translation of the first ones.
        (
            "10.1007/s00120-007-1345-2",
            "Penisverletzung durch eine Moulinette: Folge einer autoerotischen Selbstverstümmelung",
        ),
        # Running heads, in capitals or as the title in fewer words; the numbers of an abstract and of a report.
        ("10.1002/sys.21293", "Modeling the Ripple Effects of IT-Based Incidents on Interdependent Economic Systems"),
        (
            "10.1046/j.1399543x.2000.010407.x",
            "Do doctors cause or prevent cerebral edema in children with diabetic ketoacidosis?",
        ),
        (
            "10.1097/00007890-201007272-00364",
            "A NOVEL PAN-TLR INHIBITOR PROMOTES PERMANENT ACCEPTANCE OF SKIN ALLOGRAFTS IN MICE",
        ),
        ("10.1037/e523352013-007", "Routine Addiction Screening of County Jail Inmates"),
        # It stands in the title already.
        (
            "10.1002/sys.20016",
            (
                "Including technical and security risks in the management of information systems: A programmatic risk "
                "management model"
            ),
        ),
    ],
)
def test_a_subtitle_is_one_only_where_it_says_more(name, title):
    assert merge_records([work_of(name)]).fields["title"] == title


@pytest.mark.parametrize(
    "subtitle",
    [
        "Smith et al.",
        "KIM AND OTHERS",
        "S12",
        "4hhb",
        "in mice",
        "Bone loss in mice",
        "Research Article",
        "[version 1]",
    ],
)
def test_what_is_no_subtitle(subtitle):
    assert full_title("Bone loss in old mice", subtitle) == "Bone loss in old mice"


@pytest.mark.parametrize("subtitle", ["Ali and Santos", "Ali & Santos", "J. R. Ali", "SANTOS ET AL", "Jana Ali et al."])
def test_names_of_the_authors_are_no_subtitle(subtitle):
    authors = (AuthorName("Ali", "Jana R."), AuthorName("dos Santos", "Maria"))
    assert full_title("Bone loss in old mice", subtitle, authors=authors) == "Bone loss in old mice"


@pytest.mark.parametrize("subtitle", ["Ali and Santos", "Ali on bone", "The life of Santos"])
def test_names_of_others_and_more_than_names_are_a_subtitle(subtitle):
    authors = (AuthorName("Ali", "Jana R."),)
    assert full_title("Fights of the century", subtitle, authors=authors) == f"Fights of the century: {subtitle}"


def test_pubmed_decides_whether_there_is_a_subtitle():
    said = {"title": "Effect of Zoledronate", "subtitle": "A Randomized Clinical Trial"}
    crossref = WorkRecord(Source.CROSSREF, (doi("10.1/x"),), **said)

    def title(text):
        return merge_records([crossref, WorkRecord(Source.PUBMED, (pmid("7"),), title=text)]).fields["title"]

    assert title("Effect of zoledronate: a randomized clinical trial.") == (
        "Effect of Zoledronate: A Randomized Clinical Trial"
    )
    assert title("Effect of zoledronate.") == "Effect of Zoledronate"


@pytest.mark.parametrize(
    ("title", "subtitle", "full"),
    [
        ("Deep learning on graphs", "A survey", "Deep learning on graphs: A survey"),
        ("Bone", "Part 1", "Bone: Part 1"),
        ("Ageing -", ": a systematic review", "Ageing: a systematic review"),
        ("骨", "骨の研究と治療", "骨: 骨の研究と治療"),
    ],
)
def test_short_subtitles_and_their_joints(title, subtitle, full):
    assert full_title(title, subtitle) == full


def test_pubmeds_translation_decides_nothing_about_a_subtitle():
    crossref = WorkRecord(Source.CROSSREF, (doi("10.1/x"),), title="Verlust an Knochen", subtitle="Folge des Alters")
    other = WorkRecord(Source.PUBMED, (pmid("7"),), title="Loss of bone")
    assert merge_records([crossref, other]).fields["title"] == "Verlust an Knochen: Folge des Alters"


def test_people_whom_two_registries_call_authors_and_editors_of_a_book_are_named_once():
    authors = (AuthorName("Pagon", "R"), AuthorName("Bird", "T"))
    crossref = WorkRecord(Source.CROSSREF, (doi("10.1/x"),), authors=authors, type="book")
    merged = merge_records([crossref, book()])
    assert (merged.authors, [one.family for one in merged.editors]) == ((), ["Pagon", "Bird"])
    # Who edits a book may write a chapter of it.
    chapter = WorkRecord(Source.CROSSREF, (doi("10.1/y"),), authors=authors, editors=authors, type="book-chapter")
    assert merge_records([chapter]).authors == merge_records([chapter]).editors == authors


# --- bibliographies ---------------------------------------------------------------------------------------------------


HANDBOOK = PAPER._replace(
    key="asnis1996screws", type="book", title="Cannulated Screw Fixation", authors=(), editors=(ASNIS, KYLE),
    container=None, container_short=None, volume=None, issue=None, pages=None, issn=(), pmid=None, doi=SCREWS,
)  # fmt: skip
PART = HANDBOOK._replace(
    key="kim", type="book-chapter", title="Hips", authors=(AuthorName("Kim", "J"),), container="Screws & Hips",
    series="Bone Series",
)  # fmt: skip


def fields(write, work):
    (entry,) = bibtexparser.parse_string("".join(write([[work]], []))).entries
    return entry.entry_type, {field.key: field.value for field in entry.fields}


@pytest.mark.parametrize("write", [write_biblatex, write_bibtex])
def test_bibtex_has_editors_and_series(write):
    kind, whole = fields(write, HANDBOOK)
    assert (kind, whole["editor"], "author" in whole) == ("book", "Asnis, Stanley E. and Kyle, Richard F.", False)
    kind, part = fields(write, PART)
    assert kind == "incollection"
    assert (part["author"], part["editor"]) == ("Kim, J", "Asnis, Stanley E. and Kyle, Richard F.")
    assert (part["booktitle"], part["series"]) == (r"{Screws \& Hips}", "{Bone Series}")


def test_csl_has_editors_and_series():
    (item,) = json.loads("".join(write_csl([[PART]], [])))
    assert [one["family"] for one in item["editor"]] == ["Asnis", "Kyle"]
    assert (item["container-title"], item["collection-title"]) == ("Screws & Hips", "Bone Series")


@pytest.mark.parametrize(
    ("work", "kind", "tag"),
    [(HANDBOOK, "BOOK", "A3"), (PART, "CHAP", "A2"), (HANDBOOK._replace(type="report"), "RPRT", "ED")],
)
def test_ris_has_editors_where_zotero_and_endnote_look_for_them(work, kind, tag):
    lines = "".join(write_ris([[work]], [])).split("\r\n")
    assert lines[0] == f"TY  - {kind}"
    assert [line for line in lines if "Asnis" in line or "Kyle" in line] == [
        f"{tag}  - Asnis, Stanley E.",
        f"{tag}  - Kyle, Richard F.",
    ]
    assert ("T3  - Bone Series" in lines) is (kind == "CHAP")


def test_names_of_editors_that_old_styles_cannot_shorten_are_told():
    warnings: list[str] = []
    list(write_bibtex([[HANDBOOK._replace(editors=(AuthorName("山田", "太郎"),))]], warnings))
    assert "cannot sort or shorten the name 山田" in "".join(warnings)


def test_a_book_with_editors_alone_has_its_key_from_the_first_one(tmp_path, database_url):
    book_ = Stored(SCREWS, title="Cannulated Screw Fixation", authors=[], fields={"type": "book", "date": "1996"})
    book_.editors = [ASNIS, KYLE]
    engine = store_of(database_url, book_)
    text = export(engine, Settings(), tmp_path, "biblatex").path.read_text("utf-8")
    assert text.startswith("@book{asnis1996cannulated,")
    assert "editor = {Asnis, Stanley E. and Kyle, Richard F.}" in text


def test_a_damaged_name_of_an_editor_is_told_and_the_rest_written(tmp_path):
    engine = store_of(f"sqlite:///{tmp_path}/a.sqlite3", Stored(SCREWS, authors=[], editors=[AuthorName("---"), KYLE]))
    done = export(engine, Settings(), tmp_path, "biblatex")
    assert "Kyle, Richard F." in done.path.read_text("utf-8")
    assert any("editor: 1: '---' is no name" in str(one) for one in done.damage.problems)


# --- libraries --------------------------------------------------------------------------------------------------------


def described(text, format_="bibtex"):
    return read_text(text, format_)[-1].description


def test_editors_and_series_of_bibtex_are_read():
    told = described(
        "@incollection{a, title={Hips}, booktitle={Screws}, series={Bones}, editor={Asnis, S and Kyle, R}}"
    )
    assert ([one.family for one in told.editors], told.container, told.series) == (["Asnis", "Kyle"], "Screws", "Bones")
    assert described("@book{a, title={Hips}, series={Bones}}").series is None
    assert described("@article{a, title={Hips}, journal={Bone}, series={2}}").series is None


def test_a_chapter_has_the_editors_of_the_book_that_it_refers_to():
    text = "@incollection{a, title={Hips}, crossref={b}}\n@book{b, title={Screws}, editor={Asnis, S}}"
    (chapter, _) = read_text(text)
    assert (chapter.description.editors, chapter.description.authors) == ((AuthorName("Asnis", "S"),), ())


def test_several_editors_in_one_name_are_told():
    (entry,) = read_text("@book{a, title={Hips}, doi={10.1000/x}, editor={Asnis, S; Kyle, R}}")
    assert [(one.field, "more than one name" in one.message) for one in entry.problems] == [("editor", True)]


@pytest.mark.parametrize(
    ("lines", "editors"),
    [
        ("TY  - CHAP\nA2  - Asnis, S\nA3  - Kyle, R", ["Asnis"]),
        ("TY  - BOOK\nA2  - Kyle, R\nA3  - Asnis, S", ["Asnis"]),
        ("TY  - BOOK\nA2  - Kyle, R", []),
        ("TY  - BOOK\nED  - Asnis, S\nED  - Kyle, R", ["Asnis", "Kyle"]),
        ("TY  - EDBOOK\nAU  - Asnis, S", ["Asnis"]),
        # The advisor of a thesis.
        ("TY  - THES\nAU  - Kim, J\nA2  - Asnis, S", []),
    ],
)
def test_editors_of_ris_stand_where_its_type_has_them(lines, editors):
    told = described(f"{lines}\nTI  - Hips\nER  - \n", "ris")
    assert [one.family for one in told.editors] == editors
    assert "Asnis" not in [one.family for one in told.authors]


def test_editors_and_series_of_csl_are_read():
    item = {"id": "a", "type": "chapter", "title": "Hips", "container-title": "Screws", "collection-title": "Bones"}
    told = described(json.dumps([{**item, "editor": [{"family": "Asnis", "given": "S"}]}]), "csl-json")
    assert (told.editors, told.container, told.series) == ((AuthorName("Asnis", "S"),), "Screws", "Bones")


def test_a_library_completes_the_editors_of_a_chapter_and_none_of_an_article(tmp_path):
    engine = open_new(f"sqlite:///{tmp_path}/a.sqlite3")
    add_works(
        engine,
        Stored("10.1000/part", title="Hips", fields={"type": "book-chapter", "container": "Screws"}),
        Stored("10.1000/article", title="Knees"),
    )
    cite(engine, "page.md", ("doi", "10.1000/part"), ("doi", "10.1000/article"), ("doi", "10.1000/alone"))
    take(
        engine,
        tmp_path,
        "@incollection{a, title={Hips}, booktitle={Screws}, series={Bones}, editor={Asnis, S}, doi={10.1000/part}}\n"
        "@article{b, title={Knees}, editor={Handling, Ed}, doi={10.1000/article}}\n"
        "@book{c, title={Ankles}, editor={Kyle, R}, doi={10.1000/alone}}\n",
    )
    text = export(engine, Settings(), tmp_path, "biblatex").path.read_text("utf-8")
    entries = bibtexparser.parse_string(text).entries_dict
    said = {key: entry.get("editor").value for key, entry in entries.items() if entry.get("editor")}
    assert said == {"a": "Asnis, S", "c": "Kyle, R"}
    assert entries["a"]["series"] == "{Bones}"


def test_a_library_names_the_editors_of_a_book_no_second_time(tmp_path):
    engine = open_new(f"sqlite:///{tmp_path}/a.sqlite3")
    book_ = Stored(SCREWS, title="Cannulated Screw Fixation", authors=[], fields={"type": "book", "container": None})
    book_.editors = [ASNIS, KYLE]
    add_works(engine, book_)
    cite(engine, "page.md", ("doi", SCREWS))
    text = "@book{a, title={Cannulated screw fixation}, author={Asnis, Stanley E and Kyle, Richard F}, doi={%s}}"
    result = take(engine, tmp_path, text % SCREWS)
    text = export(engine, Settings(), tmp_path, "biblatex").path.read_text("utf-8")
    assert "editor = {Asnis, Stanley E. and Kyle, Richard F.}" in text
    assert "author =" not in text
    assert result.settled.filled == 0


@pytest.mark.parametrize(
    ("write", "name"), [(write_biblatex, "series"), (write_csl, "collection-title"), (write_ris, "T2")]
)
def test_the_series_of_a_whole_book_is_written_wherever_it_is_from(write, name):
    for held in ({"container": "Bone Series"}, {"series": "Bone Series"}):
        text = "".join(write([[HANDBOOK._replace(**held)]], []))
        assert name in text
        assert text.count("Bone Series") == 1


def test_the_number_of_a_report_is_no_issue():
    report = HANDBOOK._replace(type="report", issue="7")
    (item,) = json.loads("".join(write_csl([[report]], [])))
    assert (item["number"], "issue" in item) == ("7", False)
    assert described(json.dumps([item]), "csl-json").issue == "7"


# --- the audit --------------------------------------------------------------------------------------------------------


def edited_vault(**facts):
    vault = Vault().page("Hips are fixed.[^a]\n\n[^a]: Kim J et al. *Methods Mol Biol* 2004 · doi:10.1000/a1\n")
    vault.work("doi:10.1000/a1", authors=KIM, date="2004", container="Hip Protocols", type="book-chapter", **facts)
    with vault.engine.begin() as connection:
        connection.execute(sa.insert(models.Author), [{"id": 99, "family": "Asnis", "given": "S"}])
        connection.execute(sa.insert(models.Editorship), [{"work_id": 1, "position": 0, "author_id": 99}])
    return vault


def test_an_editor_is_no_author_of_a_study():
    with reading(edited_vault().engine) as session:
        rows = read_work_rows(session, {doi("10.1000/a1")})
    assert [name for _, name, *_ in rows.authors] == [name.split()[0] for name in KIM]


def test_a_chapter_may_be_cited_by_the_series_of_its_book():
    assert "EV009" in edited_vault().codes()
    assert "EV009" not in edited_vault(series="Methods in Molecular Biology").codes()


def test_show_names_editors_and_series():
    with reading(edited_vault(series="Methods in Molecular Biology").engine) as session:
        shown = show(session, "doi:10.1000/a1", None)
    assert (shown["work"]["editors"], shown["work"]["series"]) == (["Asnis S"], "Methods in Molecular Biology")
    text = "\n".join(render(shown))
    assert "edited by Asnis S" in text
    assert "Hip Protocols, Methods in Molecular Biology, 2004" in text
