"""Kinds of works that Crossref has no word for: read from libraries, kept, and written in every format."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
from consumers import need
from databases import open_new
from export_store import PAPER, cite
from libraries import FORMAT_OF, read_text, take

from evidence.config import Settings
from evidence.export.bibtex import write_biblatex, write_bibtex
from evidence.export.csl import write_csl
from evidence.export.kinds import KINDS
from evidence.export.ris import write_ris
from evidence.export.run import export

WRITERS = {"biblatex": write_biblatex, "bibtex": write_bibtex, "csl-json": write_csl, "ris": write_ris}
READ_AS = {"biblatex": "bibtex", "bibtex": "bibtex", "csl-json": "csl-json", "ris": "ris"}
ENDING = {format_: ending for ending, format_ in FORMAT_OF.items()}
# What two kinds have in common in a format comes back as one of them.
COARSER = {
    "bibtex": dict.fromkeys(("entry-encyclopedia", "entry-dictionary", "reference-entry"), "book-chapter"),
    "ris": {
        "post": "personal_communication", "interview": "personal_communication", "broadcast": "motion_picture",
        "performance": "other", "treaty": "regulation", "reference-entry": "entry-encyclopedia",
    },
}  # fmt: skip


def written(name, kind, **changes):
    work = PAPER._replace(type=kind, pmid=None, pmcid=None, **changes)
    return "".join(WRITERS[name]([[work]], [])).replace("\r\n", "\n")


def kind_of(text, format_="bibtex"):
    [entry] = read_text(text, format_)
    return entry.description.type


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("@online{a, title={T}, organization={BBC}}", "webpage"),
        ("@www{a, title={T}}", "webpage"),
        ("@electronic{a, title={T}}", "webpage"),
        ("@online{a, title={T}, eprint={1706.03762}, eprinttype={arxiv}}", "posted-content"),
        # PubMed and PMC hold records of all kinds, JSTOR and Google scans of what was printed.
        ("@online{a, title={T}, eprint={12345}, eprinttype={pubmed}}", "webpage"),
        ("@misc{a, title={T}, eprint={PMC12345}, eprinttype={pmc}}", "other"),
        ("@unpublished{a, title={T}, eprint={12345}, eprinttype={jstor}}", "manuscript"),
        ("@misc{a, title={T}, eprint={AbC}, archiveprefix={googlebooks}}", "other"),
        # As Better BibTeX writes preprints.
        ("@online{a, title={T}, pubstate={prepublished}, doi={10.1000/x}}", "posted-content"),
        ("@online{a, title={T}, entrysubtype={blog}}", "post-weblog"),
        ("@article{a, title={T}, entrysubtype={newspaper}, journaltitle={The Times}}", "article-newspaper"),
        ("@article{a, title={T}, entrysubtype={magazine}, journaltitle={Time}}", "article-magazine"),
        ("@article{a, title={T}, journaltitle={Cell}}", "journal-article"),
        ("@article{a, title={T}, entrysubtype={nonsense}}", "journal-article"),
        ("@patent{a, title={T}, number={US 7}}", "patent"),
        ("@unpublished{a, title={T}, note={in preparation}}", "manuscript"),
        ("@unpublished{a, title={T}, eventtitle={ASBMR 2019}}", "speech"),
        ("@movie{a, title={T}}", "motion_picture"),
        ("@video{a, title={T}}", "motion_picture"),
        ("@jurisdiction{a, title={T}}", "legal_case"),
        ("@legislation{a, title={T}}", "legislation"),
        ("@standard{a, title={T}}", "standard"),
        ("@inreference{a, title={T}, booktitle={B}}", "reference-entry"),
        ("@booklet{a, title={T}}", "pamphlet"),
        ("@manual{a, title={R}, organization={R Core Team}}", "book"),
        ("@misc{a, title={T}}", "other"),
        ("@misc{a, title={T}, type={Blog post}}", "post-weblog"),
        ("@nonsense{a, title={T}}", "other"),
    ],
)
def test_kind_is_read_from_bibtex(entry, kind):
    assert kind_of(entry) == kind


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("ELEC", "webpage"), ("BLOG", "post-weblog"), ("NEWS", "article-newspaper"), ("MGZN", "article-magazine"),
        ("PAT", "patent"), ("MANSCPT", "manuscript"), ("UNPB", "posted-content"), ("ENCYC", "entry-encyclopedia"),
        ("DICT", "entry-dictionary"), ("MPCT", "motion_picture"), ("CASE", "legal_case"), ("STAT", "legislation"),
        ("GOVDOC", "report"), ("SLIDE", "speech"), ("STAND", "standard"), ("GEN", "other"), ("XYZ", "other"),
    ],
)  # fmt: skip
def test_kind_is_read_from_ris(tag, kind):
    assert kind_of(f"TY  - {tag}\nTI  - T\nER  - \n", "ris") == kind


@pytest.mark.parametrize("kind", list(KINDS))
def test_kind_is_read_from_csl(kind):
    assert kind_of(json.dumps([{"id": "a", "type": kind, "title": "T"}]), "csl-json") == kind


@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize("kind", [*KINDS, "reference-entry", "standard", "posted-content"])
def test_kind_comes_back(name, kind):
    assert kind_of(written(name, kind), READ_AS[name]) == COARSER.get(name, {}).get(kind, kind)


@pytest.mark.parametrize("kind", [*KINDS, "other", "posted-content"])
def test_kind_comes_back_of_what_has_a_record_at_pubmed(kind):
    for name in ("biblatex", "bibtex"):
        server = "SSRN" if kind == "posted-content" else "Somewhere"
        work = PAPER._replace(type=kind, pmid="12345", pmcid=None, container=server)
        text = "".join(WRITERS[name]([[work]], []))
        assert kind_of(text) == COARSER.get(name, {}).get(kind, kind)


@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "patent"])
def test_what_holds_a_work_of_any_kind_comes_back(name, kind):
    [entry] = read_text(written(name, kind), READ_AS[name])
    assert entry.description.container == PAPER.container


PUBLISHED = [*(kind for kind in KINDS if kind != "patent"), "standard", "dataset", "software", "database"]


@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize("kind", [kind for kind in PUBLISHED if not kind.startswith("article-")])
@pytest.mark.parametrize(
    ("holder", "publisher"), [(None, "Roche & Co"), ("Held", "Taylor and Francis"), ("Held", None)]
)
def test_who_published_a_work_and_what_holds_it_come_back_apart(name, kind, holder, publisher):
    [entry] = read_text(written(name, kind, container=holder, publisher=publisher), READ_AS[name])
    assert (entry.description.container, entry.description.publisher) == (holder, publisher)


@pytest.mark.parametrize(
    ("entry", "container", "publisher"),
    [
        # biblatex's manual: an organization publishes, and Zotero writes `publisher` everywhere.
        ("@movie{a, title={T}, organization={Warner}}", None, "Warner"),
        ("@audio{a, title={T}, publisher={Decca}}", None, "Decca"),
        ("@standard{a, title={T}, organization={ISO}}", None, "ISO"),
        ("@misc{a, title={T}, type={Standard}, organization={ISO}, howpublished={Norms}}", "Norms", "ISO"),
        ("@misc{a, title={T}, type={Dataset}, howpublished={Zenodo}}", None, "Zenodo"),
        ("@misc{a, title={T}, type={Software}, howpublished={https://x.org}}", None, None),
        ("@online{a, title={T}, organization={BBC News}}", "BBC News", None),
        ("@online{a, title={T}, titleaddon={BBC News}, publisher={BBC}}", "BBC News", "BBC"),
        ("@misc{a, title={T}, type={Web page}, journal={BBC News}}", "BBC News", None),
        ("@misc{a, title={T}, howpublished={GitHub}}", None, "GitHub"),
        ("@online{a, title={T}, organization={bioRxiv}, eprint={1}, eprinttype={bioRxiv}}", "bioRxiv", None),
    ],
)
def test_who_published_a_work_of_bibtex_is_told_from_what_holds_it(entry, container, publisher):
    told = read_text(entry)[0].description
    assert (told.container, told.publisher) == (container, publisher)


@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize("kind", ["software", "dataset"])
def test_version_of_a_program_or_of_data_comes_back(name, kind):
    [entry] = read_text(written(name, kind, version="2.0 & later"), READ_AS[name])
    assert (entry.description.version, entry.description.edition) == ("2.0 & later", None)


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        # As Zotero writes a program.
        ("bibtex", "@software{a, title={T}, version={4.2.1}, publisher={Zenodo}}"),
        ("csl-json", '[{"id": "a", "type": "software", "title": "T", "version": "4.2.1", "publisher": "Zenodo"}]'),
        ("ris", "TY  - COMP\nTI  - T\nET  - 4.2.1\nPB  - Zenodo\nER  - \n"),
    ],
)
def test_version_of_a_program_is_read(format_, text):
    told = read_text(text, format_)[0].description
    assert (told.version, told.edition, told.publisher) == ("4.2.1", None, "Zenodo")


def test_court_is_read_from_csl_and_written_there_as_such():
    item = {"id": "a", "type": "legal_case", "title": "Roe v. Wade", "authority": "Supreme Court", "volume": "410"}
    [entry] = read_text(json.dumps([item]), "csl-json")
    assert entry.description.publisher == "Supreme Court"
    [found] = json.loads(written("csl-json", "legal_case", publisher="Supreme Court"))
    assert (found["authority"], "publisher" in found) == ("Supreme Court", False)
    assert "PB  - Supreme Court\n" in written("ris", "legal_case", publisher="Supreme Court")


@pytest.mark.parametrize(
    ("format_", "text", "number"),
    [
        # As Zotero writes them.
        ("bibtex", "@patent{a, title={T}, number={7000000}, type={patentus}}", "US7000000"),
        ("bibtex", "@patent{a, title={T}, number={EP 1234567}, type={patent}}", "EP 1234567"),
        ("ris", "TY  - CASE\nTI  - T\nT2  - U.S.\nSV  - 70-18\nER  - \n", "70-18"),
        ("ris", "TY  - BILL\nTI  - T\nM1  - H.R. 1\nER  - \n", "H.R. 1"),
        ("ris", "TY  - STAND\nTI  - T\nSN  - ISO 9001\nER  - \n", "ISO 9001"),
    ],
)
def test_number_of_a_patent_or_law_is_read_where_zotero_writes_it(format_, text, number):
    told = read_text(text, format_)[0].description
    assert (told.issue, told.series_number) == (number, None)


@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize("kind", ["legal_case", "bill", "hearing", "legislation", "standard", "report"])
def test_number_of_a_report_or_law_comes_back(name, kind):
    series = "4" if kind == "report" else None
    [entry] = read_text(written(name, kind, issue="70-18", series_number=series), READ_AS[name])
    assert entry.description.issue == "70-18"


@pytest.mark.parametrize("name", list(WRITERS))
def test_server_that_published_a_preprint_holds_it(name):
    [entry] = read_text("@misc{a, title={T}, publisher={Research Square}, doi={10.21203/rs.3.rs-1/v1}}")
    assert (entry.description.container, entry.description.publisher) == ("Research Square", None)
    text = written(name, "posted-content", container=None, publisher="bioRxiv", version="3")
    told = read_text(text, READ_AS[name])[0].description
    assert (told.container, told.publisher, told.version) == ("bioRxiv", None, "3")


@pytest.mark.parametrize("name", list(WRITERS))
def test_number_and_owner_of_a_patent_come_back(name):
    text = written(name, "patent", container=None, volume=None, pages=None, issue="US 7,000,000", publisher="Roche AG")
    [entry] = read_text(text, READ_AS[name])
    assert (entry.description.issue, entry.description.publisher) == ("US 7,000,000", "Roche AG")


@pytest.mark.parametrize("name", ["event-title", "event"])
def test_meeting_of_a_talk_is_read_from_csl(name):
    # Zotero's, and what it wrote before CSL 1.0.2.
    [entry] = read_text(json.dumps([{"id": "a", "type": "speech", "title": "T", name: "ASBMR 2019"}]), "csl-json")
    assert entry.description.container == "ASBMR 2019"
    paper = {"id": "a", "type": "paper-conference", "title": "T", name: "ASBMR 2019"}
    [entry] = read_text(json.dumps([paper]), "csl-json")
    assert entry.description.container is None


def test_owner_of_a_patent_is_no_person():
    assert "holder = {{Roche AG}}" in written("biblatex", "patent", container=None, publisher="Roche AG")


def test_preprint_without_a_server_stays_one():
    text = written("biblatex", "posted-content", container=None, publisher=None)
    assert kind_of(text) == "posted-content"


@pytest.mark.parametrize("kind", ["article-magazine", "article-newspaper"])
def test_articles_of_newspapers_have_neither_edition_nor_place(kind):
    item = {"id": "a", "type": kind, "title": "T", "edition": "2", "publisher-place": "London", "number": "e12"}
    [entry] = read_text(json.dumps([item]), "csl-json")
    told = entry.description
    assert (told.edition, told.place, told.article_number) == (None, None, "e12")


@pytest.mark.parametrize("name", list(WRITERS))
def test_kind_of_a_library_goes_through_the_store(name, tmp_path):
    source = json.dumps([{"id": "a", "type": "post-weblog", "title": "T", "DOI": "10.1000/x"}])
    engine = open_new(f"sqlite:///{tmp_path}/one.sqlite3")
    cite(engine, "page.md", ("doi", "10.1000/x"))
    take(engine, tmp_path, source, "refs.json")
    text = export(engine, Settings(), tmp_path, name).path.read_text("utf-8").replace("\r\n", "\n")
    assert kind_of(text, READ_AS[name]) == "post-weblog"


# What pandoc and citation-js have another word for.
OF_PANDOC = {
    "post-weblog": "webpage", "post": "webpage", "entry-dictionary": "entry-encyclopedia",
    "broadcast": "motion_picture", "performance": "speech", "figure": "graphic", "map": "graphic",
    "interview": "", "hearing": "legal_case", "bill": "legislation", "regulation": "treaty",
}  # fmt: skip


def by_pandoc(text, dialect):
    done = subprocess.run(
        ["pandoc", "-f", dialect, "-t", "csljson"], input=text, capture_output=True, text=True, check=True
    )
    [item] = json.loads(done.stdout)
    return item


@pytest.mark.parametrize("kind", list(KINDS))
def test_pandoc_reads_the_kind(kind):
    need("pandoc")
    assert by_pandoc(written("biblatex", kind), "biblatex").get("type", "") == OF_PANDOC.get(kind, kind)


def test_pandoc_reads_the_kind_in_old_bibtex():
    need("pandoc")
    for kind in ("article-newspaper", "article-magazine", "manuscript", "pamphlet"):
        assert by_pandoc(written("bibtex", kind), "bibtex")["type"] == kind


def test_pandoc_keeps_the_name_of_the_meeting_of_a_talk():
    need("pandoc")
    text = written("biblatex", "speech", container="Annual Meeting of the Society on RNA")
    assert by_pandoc(text, "biblatex")["event"] == "Annual Meeting of the Society on RNA"


def test_biber_knows_the_entry_types_and_their_fields(tmp_path):
    need("biber")
    works = [PAPER._replace(key=kind.replace("_", ""), type=kind, pmid=None, pmcid=None) for kind in KINDS]
    (tmp_path / "works.bib").write_text("".join(write_biblatex([works], [])), "utf-8")
    command = ["biber", "--tool", "--validate-datamodel", "--nolog", "-O", "out.bib", "works.bib"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    warned = [line for line in done.stdout.splitlines() if line.startswith(("WARN", "ERROR"))]
    # The work has a volume and pages, which few of these kinds have, and no editor. Of the types that biblatex calls
    # not standard its data model knows the names alone: it prints them as @misc. `publisher` and `journal` are for
    # other programs.
    silent = "movie|video|audio|performance|artwork|image|letter|jurisdiction|legislation|legal"
    told = rf"Missing mandatory|'(?:volume|pages|number|publisher|journaltitle)' for|Invalid field '\w+' for entrytype '(?:{silent})'"
    assert [line for line in warned if not re.search(told, line)] == []
