"""Abstracts from records as registries send them; the words are ours, since real ones belong to their publishers."""

from __future__ import annotations

import datetime as dt
import json
import zlib

import bibtexparser
import pytest
import rispy
from export_store import Stored, store_of

from evidence.config import Settings
from evidence.export.abstracts import MAX_CHARS, read_abstract
from evidence.export.run import Content, export
from evidence.store import models
from evidence.store.database import writing
from evidence.vocabulary import Source


def crossref(abstract):
    return zlib.compress(json.dumps({"DOI": "10.1/a", "abstract": abstract}).encode())


def pubmed(inner, *, book=False):
    article = f"<Abstract>{inner}</Abstract>"
    if book:
        return zlib.compress(f"<PubmedBookArticle><BookDocument>{article}</BookDocument></PubmedBookArticle>".encode())
    whole = f"<PubmedArticle><MedlineCitation><Article>{article}</Article></MedlineCitation></PubmedArticle>"
    return zlib.compress(whole.encode())


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<jats:p>Bone.</jats:p>", "Bone."),
        ("<jats:title>Abstract</jats:title><jats:p>Bone.</jats:p>", "Bone."),
        ("<title>SUMMARY</title>\n   <p>Bone.</p>", "Bone."),
        (
            (
                "<jats:sec>\n <jats:title>Background</jats:title>\n <jats:p>Bone.</jats:p></jats:sec>"
                "<jats:sec><jats:title>Results:</jats:title><jats:p>More &amp; more.</jats:p></jats:sec>"
            ),
            "Background: Bone. Results: More & more.",
        ),
        (
            "<jats:p>P &lt; 0.05, <jats:italic>Runx2</jats:italic>, H<jats:sub>2</jats:sub>O</jats:p>",
            "P < 0.05, <i>Runx2</i>, H<sub>2</sub>O",
        ),
        ("<jats:p>One.</jats:p><jats:p>Two.</jats:p>", "One. Two."),
        ("<jats:sec><jats:title>A &amp;amp; B</jats:title><jats:p>Bone.</jats:p></jats:sec>", "A & B: Bone."),
        ("<jats:p>Bone<script>alert(1)</script> and marrow.</jats:p>", "Bone and marrow."),
        ("No markup at all.", "No markup at all."),
        ("<jats:p>  </jats:p>", None),
        ("", None),
        (None, None),
        (7, None),
        ({"a": 1}, None),
    ],
)
def test_abstract_of_crossref(sent, read):
    assert read_abstract(Source.CROSSREF, crossref(sent)) == read


@pytest.mark.parametrize(
    ("inner", "read"),
    [
        ("<AbstractText>Bone.</AbstractText>", "Bone."),
        (
            (
                '<AbstractText Label="METHODS" NlmCategory="METHODS">We looked.</AbstractText>'
                '<AbstractText Label="RESULTS">It &amp; <i>Runx2</i> grew.</AbstractText>'
            ),
            "METHODS: We looked. RESULTS: It & <i>Runx2</i> grew.",
        ),
        ('<AbstractText Label="AIM:">Bone.</AbstractText>', "AIM: Bone."),
        ('<AbstractText Label="UNLABELLED">Bone.</AbstractText>', "Bone."),
        ("<AbstractText>Bone.</AbstractText><CopyrightInformation>© 2020</CopyrightInformation>", "Bone."),
        ('<AbstractText Label="AIM"/>', None),
        ("", None),
    ],
)
@pytest.mark.parametrize("book", [False, True])
def test_abstract_of_pubmed(inner, read, book):
    assert read_abstract(Source.PUBMED, pubmed(inner, book=book)) == read


@pytest.mark.parametrize(
    ("source", "payload"),
    [
        (Source.CROSSREF, b"no zlib"),
        (Source.CROSSREF, zlib.compress(b'{"abstract"')),
        (Source.CROSSREF, zlib.compress(b'{"abstract": "x"}')[:-3]),
        (Source.CROSSREF, zlib.compress(b'{"abstract":' + b"[" * 100_000)),
        (Source.CROSSREF, zlib.compress(b'"abstract' + b" " * 50_000_000)),
        (Source.PUBMED, zlib.compress(b"<Abstract>")),
        (Source.PUBMED, zlib.compress(b'<!DOCTYPE a [<!ENTITY b "c">]><a><Abstract>&b;</Abstract></a>')),
    ],
)
def test_damaged_record_is_said(source, payload):
    with pytest.raises(ValueError, match="it "):
        read_abstract(source, payload)


def test_very_long_abstract_is_cut():
    assert len(read_abstract(Source.CROSSREF, crossref("word " * 1_000_000))) <= MAX_CHARS


def store(url, *records):
    engine = store_of(url, Stored(doi="10.1/a", pmid="7"))
    now = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    with writing(engine) as session:
        for source, scheme, value, payload in records:
            session.add(models.Record(source=source, scheme=scheme, value=value, fetched_at=now, payload=payload))
    return engine


def run(engine, folder, name, **content):
    return export(engine, Settings(), folder, name, Content(**content))


SIGNS = "<jats:p>50% of <jats:italic>Runx2</jats:italic> &amp;amp; {more} in H<jats:sub>2</jats:sub>O_x, P &lt; 0.05\n\nER  - end</jats:p>"


@pytest.mark.parametrize("name", ["bibtex", "biblatex"])
def test_abstract_in_bibtex(database_url, tmp_path, name):
    engine = store(database_url, ("crossref", "doi", "10.1/a", crossref(SIGNS)))
    (entry,) = bibtexparser.parse_file(str(run(engine, tmp_path, name, has_abstracts=True).path)).entries
    assert entry["abstract"] == r"50\% of \emph{Runx2} \& \{more\} in H\textsubscript{2}O\_x, P < 0.05 ER - end"


def test_abstract_in_csl_json(database_url, tmp_path):
    engine = store(database_url, ("crossref", "doi", "10.1/a", crossref(SIGNS)))
    (item,) = json.loads(run(engine, tmp_path, "csl-json", has_abstracts=True).path.read_text("utf-8"))
    assert item["abstract"] == "50% of <i>Runx2</i> & {more} in H<sub>2</sub>O_x, P < 0.05 ER - end"


def test_abstract_in_ris(database_url, tmp_path):
    engine = store(database_url, ("crossref", "doi", "10.1/a", crossref(SIGNS)))
    (item,) = rispy.loads(run(engine, tmp_path, "ris", has_abstracts=True).path.read_text("utf-8"))
    assert item["abstract"] == "50% of Runx2 & {more} in H2O_x, P < 0.05 ER - end"


@pytest.mark.parametrize("name", ["bibtex", "biblatex", "csl-json", "ris"])
def test_no_abstract_unless_it_is_asked_for(database_url, tmp_path, name):
    engine = store(database_url, ("crossref", "doi", "10.1/a", crossref("<p>Secret words.</p>")))
    assert "Secret words" not in run(engine, tmp_path, name).path.read_text("utf-8")


def test_pubmed_comes_before_crossref(database_url, tmp_path):
    records = (
        ("crossref", "doi", "10.1/a", crossref("Second.")),
        ("pubmed", "pmid", "7", pubmed("<AbstractText>First.</AbstractText>")),
    )
    (item,) = json.loads(
        run(store(database_url, *records), tmp_path, "csl-json", has_abstracts=True).path.read_text("utf-8")
    )
    assert item["abstract"] == "First."


def test_other_record_stands_in_for_a_damaged_one(database_url, tmp_path):
    records = ("crossref", "doi", "10.1/a", crossref("Second.")), ("pubmed", "pmid", "7", b"no zlib")
    result = run(store(database_url, *records), tmp_path, "csl-json", has_abstracts=True)
    assert json.loads(result.path.read_text("utf-8"))[0]["abstract"] == "Second."
    assert not result.damage.problems


def test_damaged_record_is_named_and_the_work_is_written(database_url, tmp_path):
    engine = store(database_url, ("crossref", "doi", "10.1/a", b"no zlib"))
    result = run(engine, tmp_path, "csl-json", has_abstracts=True)
    (problem,) = result.damage.problems
    assert (problem.key, problem.name, problem.field) == ("smithtitle", "doi:10.1/a", "abstract")
    assert len(json.loads(result.path.read_text("utf-8"))) == 1
