"""Habits of the programs and publishers that write libraries, each as it writes them: read for what they mean."""

from __future__ import annotations

import json

import pytest
from libraries import read_text

from evidence.records import AuthorName


def told(text, format_="bibtex"):
    [entry] = read_text(text, format_)
    assert entry.problems == ()
    return entry.description


def ris(*lines):
    return told("\n".join(["TY  - " + lines[0], "TI  - T", "DO  - 10.1000/x", *lines[1:], "ER  - ", ""]), "ris")


@pytest.mark.parametrize("none", ["n/a", "N/A", "NA", "--", "none"])
def test_words_for_no_volume_are_none(none):
    # Wiley's, of an article that no issue has yet.
    entry = f"@article{{a, title={{T}}, volume={{{none}}}, number={{{none}}}, pages={{{none}}}, doi={{10.1000/x}}}}"
    description = told(entry)
    assert (description.volume, description.issue, description.pages) == (None, None, None)
    description = ris("JOUR", f"VL  - {none}", f"IS  - {none}", f"SP  - {none}")
    assert (description.volume, description.issue, description.pages) == (None, None, None)
    item = {"id": "a", "type": "article-journal", "title": "T", "volume": none, "issue": none, "page": none}
    description = told(json.dumps([item]), "csl-json")
    assert (description.volume, description.issue, description.pages) == (None, None, None)


@pytest.mark.parametrize("none", ["n/a", "N/A", "-"])
def test_words_for_no_page_and_no_number_of_the_article_are_none(none):
    # Wiley's, which says so of the first page and of the last.
    description = told(f"@article{{a, title={{T}}, eid={{{none}}}, pages={{{none}--{none}}}}}")
    assert (description.article_number, description.pages) == (None, None)
    description = ris("JOUR", f"SP  - {none}", f"EP  - {none}", f"C7  - {none}")
    assert (description.article_number, description.pages) == (None, None)
    item = {"id": "a", "type": "article-journal", "title": "T", "page": f"{none}-{none}", "number": none}
    description = told(json.dumps([item]), "csl-json")
    assert (description.article_number, description.pages) == (None, None)


def test_one_page_that_is_known_stays():
    assert ris("JOUR", "SP  - 12", "EP  - n/a").pages == "12"
    assert ris("JOUR", "SP  - NA-12").pages == "NA-12"


def test_number_that_stands_as_the_page_of_a_paper_stays():
    item = {"id": "a", "type": "paper-conference", "title": "T", "page": "17", "number": "17"}
    description = told(json.dumps([item]), "csl-json")
    assert (description.article_number, description.pages) == ("17", None)
    item = {"id": "a", "type": "report", "title": "T", "page": "17", "number": "17"}
    description = told(json.dumps([item]), "csl-json")
    assert (description.issue, description.article_number, description.pages) == ("17", None, "17")


def test_place_of_the_publisher_and_not_of_the_conference_is_read():
    # ACM's.
    fields = "publisher={ACM}, address={New York, NY, USA}, location={Anchorage, AK, USA}, booktitle={KDD '19}"
    assert told(f"@inproceedings{{a, title={{T}}, {fields}}}").place == "New York, NY, USA"
    assert told("@book{a, title={T}, location={London}}").place == "London"


@pytest.mark.parametrize(
    ("entry", "container"),
    [
        # Google Scholar's, bioRxiv's own, and Zotero's in plain BibTeX.
        ("@article{a, title={T}, journal={arXiv preprint arXiv:1706.03762}}", "arXiv"),
        ("@article{a, title={T}, journal={bioRxiv}, publisher={Cold Spring Harbor Laboratory}}", "bioRxiv"),
        ("@misc{a, title={T}, publisher={medRxiv}, doi={10.1101/2021.01.01.1}}", "medRxiv"),
    ],
)
def test_what_a_server_of_preprints_has_is_a_preprint(entry, container):
    assert (told(entry).type, told(entry).container) == ("posted-content", container)


def test_preprint_is_one_in_ris_and_csl_too():
    assert ris("JOUR", "T2  - bioRxiv").type == "posted-content"
    item = {"id": "a", "type": "article-journal", "title": "T", "container-title": "medRxiv"}
    assert told(json.dumps([item]), "csl-json").type == "posted-content"


@pytest.mark.parametrize(
    "entry", ["@article{a, title={T}, journal={Nature}}", "@book{a, title={T}, publisher={arXiv}}"]
)
def test_nothing_else_is_a_preprint(entry):
    assert told(entry).type in {"journal-article", "book"}


@pytest.mark.parametrize("entry", ["techreport", "report", "misc", "unpublished", "article", "online", "preprint"])
@pytest.mark.parametrize("field", ["institution", "publisher", "journal"])
@pytest.mark.parametrize("doi", ["doi = {10.1101/2020.01.01.123456}", ""])
def test_what_a_server_of_preprints_published_is_a_preprint(entry, field, doi):
    work = told(f"@{entry}{{a, title = {{T}}, {field} = {{bioRxiv}}, {doi}}}")
    assert (work.type, work.container, work.publisher, work.genre) == ("posted-content", "bioRxiv", None, None)


def test_report_of_an_institute_stays_one_with_the_doi_of_a_server():
    report = "@techreport{a, title = {T}, institution = {World Bank}, type = {Preprint}, doi = {10.2139/ssrn.12}}"
    assert (told(report).type, told(report).publisher) == ("report", "World Bank")
    assert told("@preprint{a, title = {T}, publisher = {Foo}}").type == "posted-content"


def test_address_of_a_file_makes_no_preprint():
    # Atypon's and Highwire's.
    assert told("@misc{a, title={T}, eprint={https://example.org/a.pdf}}").type == "other"


def test_names_with_initials_first_are_persons_in_ris():
    # IEEE's.
    assert ris("CONF", "AU  - K. He", "AU  - J.-P. van Dam", "T2  - CVPR").authors == (
        AuthorName("He", "K."),
        AuthorName("van Dam", "J.-P."),
    )
    assert ris("CONF", "AU  - K. He", "AU  - S. O'Brien", "AU  - L. d’Alembert").authors == (
        AuthorName("He", "K."),
        AuthorName("O'Brien", "S."),
        AuthorName("d’Alembert", "L."),
    )


@pytest.mark.parametrize("name", ["U.S. Army", "U. N. Women", "W. M. Keck Foundation", "WHO Group", "Plato"])
def test_groups_with_initials_are_no_persons_in_ris(name):
    assert ris("RPRT", f"AU  - {name}").authors == (AuthorName(collective=name),)


def test_name_beside_a_group_is_left_as_it_is():
    assert ris("JOUR", "AU  - K. He", "AU  - WHO Group").authors == (
        AuthorName(collective="K. He"),
        AuthorName(collective="WHO Group"),
    )


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        # Wiley's: the day stands in Y1 alone.
        (["PY  - 2020", "Y1  - 2020/03/01"], "2020-03-01"),
        (["PY  - 2020", "Y1  - 2020///"], "2020"),
        (["PY  - 2020", "Y1  - 2019/12/01"], "2020"),
        (["PY  - 2020", "DA  - 2020/04/02", "Y1  - 2020/03/01"], "2020-04-02"),
        (["PY  - 2020", "DA  - May 7", "Y1  - 2020/03/01"], "2020-05-07"),
    ],
)
def test_fuller_date_of_the_year_is_read_in_ris(lines, date):
    assert ris("JOUR", *lines).date == date


def test_degree_that_endnote_writes_as_a_volume_is_the_kind_of_a_thesis():
    description = ris("THES", "VL  - Ph.D.", "PB  - MIT")
    assert (description.volume, description.genre) == (None, "Ph.D.")
    description = ris("THES", "VL  - 2", "M3  - PhD")
    assert (description.volume, description.genre) == ("2", "PhD")


def test_number_of_volumes_is_no_number_in_a_series():
    assert ris("BOOK", "T2  - Series", "M1  - 2 vols").series_number is None
    assert ris("BOOK", "T2  - Series", "M1  - 816").series_number == "816"


@pytest.mark.parametrize(
    ("fields", "doi"),
    [
        ("journal = {arXiv}, number = {1902.09184}", "10.48550/arxiv.1902.09184"),
        (
            "journal = {arXiv}, number = {1704.0780}, eprint = {1704.07804}, archiveprefix = {arXiv}",
            "10.48550/arxiv.1704.07804",
        ),
        ("eprint = {0704.0001}, archiveprefix = {arXiv}", "10.48550/arxiv.0704.0001"),
        ("journal = {arXiv}, number = {1704.0780}", None),
        ("eprint = {1913.01234}, archiveprefix = {arXiv}", None),
        ("journal = {Nature}, number = {1902.09184}", None),
    ],
)
def test_number_at_arxiv_is_read_where_it_can_be_one(fields, doi):
    [entry] = read_text(f"@article{{a, title = {{T}}, {fields}}}")
    assert [one.value for one in entry.references] == ([doi] if doi else [])


def test_pmid_that_pmc_writes_in_ris_is_read():
    [entry] = read_text("TY  - JOUR\nTI  - A\nN1  - 35548170[pmid]\nER  - \n", "ris")
    assert [one.value for one in entry.references] == ["35548170"]


def test_report_in_a_series_has_both_numbers_in_ris():
    told_both = ris("RPRT", "T2  - Bone papers", "SN  - WP-12", "IS  - 7")
    assert (told_both.issue, told_both.series_number, told_both.container) == ("WP-12", "7", "Bone papers")
    assert (ris("RPRT", "SN  - WP-12", "IS  - 7").issue, ris("RPRT", "IS  - 7").issue) == ("WP-12", "7")
