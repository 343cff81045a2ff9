"""What `evidence export` writes of real and of nasty works, `evidence import` reads back."""

from __future__ import annotations

import re

import bibtexparser
import pytest
from export_store import PAPER, as_cited, cite, from_record, recorded_works, store_of
from libraries import FORMAT_OF, read_text, take
from test_export_consumers import nasty, recorded

from evidence.config import Settings
from evidence.export.bibtex import write_biblatex, write_bibtex
from evidence.export.csl import write_csl
from evidence.export.ris import write_ris
from evidence.export.run import export
from evidence.records import AuthorName
from evidence.store.database import open_database

WRITERS = {"biblatex": write_biblatex, "bibtex": write_bibtex, "csl-json": write_csl, "ris": write_ris}
READ_AS = {"biblatex": "bibtex", "bibtex": "bibtex", "csl-json": "csl-json", "ris": "ris"}
MARKUP = re.compile(r"</?(?:i|em|b|sub|sup|scp)>")
DASHES = str.maketrans({"‐": "-", "‑": "-", "–": "-", "’": "'"})


def written(name, works):
    text = "".join(WRITERS[name]([works], [])).replace("\r\n", "\n")
    return {entry.key: entry for entry in read_text(text, READ_AS[name])}


@pytest.fixture(scope="module", params=list(WRITERS))
def pairs(request):
    works = recorded()
    found = written(request.param, works)
    return request.param, [(work, found[work.key]) for work in works]


# A registered supplement of an article, which a library's entry is not taken for.
SUPPLEMENT = "10.3389/fmars.2022.1080474.s002"
# Crossref calls it an article of a journal; SSRN is a server of preprints.
OF_SSRN = "10.2139/ssrn.3656658"


def test_every_work_has_its_key_and_no_fault(pairs):
    assert [work.doi for work, entry in pairs[1] if entry.problems] == [SUPPLEMENT]


def test_every_work_has_its_identifiers(pairs):
    lost = []
    for work, entry in pairs[1]:
        told = {"doi": work.doi, "pmid": work.pmid, "pmcid": work.pmcid}
        mine = {one.scheme.value: one.value for one in entry.references}
        lost += [value for scheme, value in told.items() if value and mine.get(scheme) != value]
    assert lost == [SUPPLEMENT]


def test_every_title_is_read_back(pairs):
    name, both = pairs
    plain = name == "ris"
    expected = [MARKUP.sub("", work.title) if plain else work.title for work, _ in both]
    assert [entry.description.title for _, entry in both] == expected


def test_every_author_is_read_back(pairs):
    def names(authors):
        # RIS has no way to write a comma in a name.
        told = (" ".join(filter(None, (one.family, one.given, one.collective))) for one in authors)
        return [one.translate(DASHES).replace(",", "") for one in told]

    assert [names(entry.description.authors) for _, entry in pairs[1]] == [names(work.authors) for work, _ in pairs[1]]


def test_every_date_volume_issue_and_page_is_read_back(pairs):
    name, both = pairs
    days = 7 if name == "bibtex" else 10
    for work, entry in both:
        told = entry.description
        assert (told.date or "") == (work.date or "")[:days], work.key
        assert (told.volume, told.issue) == (work.volume, work.issue), work.key
        assert (told.pages or told.article_number) in {work.pages, work.article_number}, work.key


def test_every_journal_is_read_back(pairs):
    journals = [(work, entry) for work, entry in pairs[1] if work.type == "journal-article" and work.container]
    assert len(journals) > 1000
    assert [entry.description.container for _, entry in journals] == [work.container for work, _ in journals]


def described(work, entry):
    """The work as its entry tells it, to be written again."""
    mine = {one.scheme.value: one.value for one in entry.references}
    numbers = {scheme: mine.get(scheme) for scheme in ("doi", "pmid", "pmcid")}
    return work._replace(aliases=entry.former, **numbers, **entry.description._asdict())


def test_what_is_read_back_is_written_as_before(pairs):
    name, both = pairs
    write = WRITERS[name]
    pairs_of_texts = [
        ("".join(write([[work]], [])), "".join(write([[described(work, entry)]], []))) for work, entry in both
    ]
    if name == "ris":
        # A name of one part may be a group's.
        bare = re.compile(r"^(AU  - [^,\r]+),(?=\r$)", re.MULTILINE)
        pairs_of_texts = [(bare.sub(r"\1", one), bare.sub(r"\1", other)) for one, other in pairs_of_texts]
    changed = [one for one, other in pairs_of_texts if one != other]
    assert [one for one in changed if SUPPLEMENT not in one and OF_SSRN not in one] == []


# What no registry's record holds as the store has it (other markup, a DOI in capitals), and signs that have two spellings.
SPELT_OTHERWISE = ("<scp>", "<math>", "(SICI)", "12–15", "Yu-Sheng Lu")


@pytest.mark.parametrize("name", list(WRITERS))
def test_nasty_works_are_written_as_before(name):
    write = WRITERS[name]
    works = [one for one in nasty() if not any(sign in str(one) for sign in SPELT_OTHERWISE)]
    found = written(name, works)
    assert len(works) > len(nasty()) - 8
    assert "".join(write([[described(one, found[one.key]) for one in works]], [])) == "".join(write([works], []))


# Types that programs have in common with others, and what is left of them.
COARSER = {"monograph": "book", "reference-book": "book", "reference-entry": "book-chapter"}
UNKNOWN = {"component", "journal", None}


def test_every_type_is_read_back(pairs):
    name, both = pairs
    for work, entry in both:
        if name == "ris" and work.type == "reference-entry":
            # RIS has encyclopedias and dictionaries, and no word for both.
            assert entry.description.type == "entry-encyclopedia", work.key
            continue
        told = {work.type, COARSER.get(work.type, work.type)} | ({"other"} if work.type in UNKNOWN else set())
        if work.doi == OF_SSRN:
            told = {"posted-content"}
        assert entry.description.type in told, work.key


def test_what_holds_a_work_is_read_back(pairs):
    name, both = pairs
    lost = [
        work for work, entry in both if work.container and not is_title_of(work.container, entry, plain=name == "ris")
    ]
    # LaTeX has one field for what holds a text of no known type and who published it.
    assert {work.type for work in lost} <= ({"other"} if name in {"biblatex", "bibtex"} else set())


def is_title_of(container, entry, *, plain):
    return entry.description.container == (MARKUP.sub("", container) if plain else container)


@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize(
    "holders", [("PeerJ", "PeerJ"), ("PeerJ", None), (None, "PeerJ"), ("eLife", "Sciety"), (None, None)]
)
def test_a_peer_review_stays_one(name, holders):
    container, publisher = holders
    work = PAPER._replace(
        type="peer-review", container=container, publisher=publisher, doi="10.7287/peerj.1v0.1/reviews/1"
    )
    told = written(name, [work])[work.key].description
    assert told.type == "peer-review"
    # LaTeX has one field for both, where both are the same.
    assert {told.container, told.publisher} - {None} == {container, publisher} - {None}
    assert container == publisher or (told.container, told.publisher) == (container, publisher)


def test_a_paper_of_proceedings_and_a_volume_are_told_apart_in_ris():
    def kind(lines):
        [entry] = read_text(f"TY  - CONF\nTI  - A title\n{lines}ER  - \n", "ris")
        return entry.description.type, entry.description.container

    assert kind("AU  - Smith, J\nT2  - Book\nT3  - Notes\n") == ("proceedings-article", "Book")
    assert kind("C3  - Book\n") == ("proceedings-article", "Book")
    assert kind("AU  - Smith, J\nSP  - 12\nT3  - Notes\n") == ("proceedings-article", "Notes")
    assert kind("AU  - Smith, J\n") == ("proceedings-article", None)
    assert kind("T3  - Notes\n") == ("proceedings", "Notes")


def test_comma_within_a_part_of_a_name_begins_no_other_part_in_ris():
    work = as_cited("one", recorded_works()[0])._replace(authors=(AuthorName("Gschneidner, Jr.", "K."),))
    assert written("ris", [work])["one"].description.authors == (AuthorName("Gschneidner Jr.", "K."),)


@pytest.mark.parametrize("name", list(WRITERS))
def test_nasty_works_have_their_keys_and_identifiers(name):
    works = nasty()
    found = written(name, works)
    assert sorted(found) == sorted(work.key for work in works)
    assert [found[work.key].references[0].value for work in works] == [work.doi.lower() for work in works]
    assert not any(one.problems for one in found.values())


@pytest.mark.parametrize("name", list(WRITERS))
def test_export_of_an_import_is_the_export(name, tmp_path):
    records = recorded_works()
    source = store_of(f"sqlite:///{tmp_path}/source.sqlite3", *map(from_record, records))
    first = export(source, Settings(), tmp_path, name).path
    text = first.read_bytes()
    folder = tmp_path / "other"
    folder.mkdir()
    engine = open_database(f"sqlite:///{folder}/other.sqlite3")
    cite(engine, "page.md", *(("doi", record.identifiers[0].value) for record in records))
    ending = next(ending for ending, format_ in FORMAT_OF.items() if format_ == READ_AS[name])
    result = take(engine, folder, text, f"refs{ending}")
    assert (result.entries, result.reports) == (len(records), [])
    again = export(engine, Settings(), folder, name)
    assert (again.entries, again.unresolved) == (len(records), ())
    assert keys(folder) == keys(tmp_path)
    if name == "biblatex":
        before, after = (bibtexparser.parse_file(str(path)).entries_dict for path in (first, again.path))
        for key, entry in before.items():
            for field in ("title", "author", "journaltitle", "date", "pages", "volume", "number", "doi"):
                assert after[key].get(field) == entry.get(field), (key, field)


def keys(folder):
    return (folder / "citekeys.txt").read_text("utf-8")


def test_a_key_of_any_script_comes_back_from_the_writer():
    work = as_cited("Müller:2020_a+b/c", recorded_works()[0])
    assert list(written("biblatex", [work])) == ["Müller:2020_a+b/c"]


@pytest.mark.parametrize("write", [write_biblatex, write_bibtex])
@pytest.mark.parametrize(
    "told",
    [
        {"type": "posted-content", "container": "bioRxiv", "publisher": "Cold Spring Harbor Laboratory"},
        {"type": "other", "container": "F1000", "publisher": "Faculty Opinions"},
        {"type": "webpage", "container": None, "publisher": "WHO"},
        {"type": "webpage", "container": None, "publisher": "Taylor and Francis"},
        {"type": "webpage", "container": "WHO", "publisher": None},
        {"type": "post-weblog", "container": "Bone Blog", "publisher": "WHO"},
        {"type": "report", "container": "Reports on Bone", "publisher": "WHO", "issue": "R-12", "series_number": "7"},
        {"type": "report", "container": "Reports on Bone", "publisher": "WHO", "issue": None, "series_number": "7"},
        {"type": "report", "container": "Reports on Bone", "publisher": "WHO", "issue": "R-12", "series_number": None},
    ],
)
def test_who_holds_and_who_published_come_back_apart(write, told):
    work = PAPER._replace(volume=None, pages=None, series=None, **{"issue": None, "series_number": None, **told})
    [entry] = read_text("".join(write([[work]], [])))
    assert {name: getattr(entry.description, name) for name in told} == told


@pytest.mark.parametrize(("write", "field"), [(write_biblatex, "organization"), (write_bibtex, "howpublished")])
def test_who_published_a_page_stands_where_styles_print_it(write, field):
    work = PAPER._replace(type="webpage", container=None, publisher="WHO")
    written = "".join(write([[work]], []))
    assert f"  {field} = {{WHO}}" in written
    assert "  usera = {Publisher: WHO}" in written
    assert "  publisher = " not in written
