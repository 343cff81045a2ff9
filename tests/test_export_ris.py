from __future__ import annotations

import pytest
from export_store import PAPER

from evidence.export.ris import write_ris
from evidence.records import AuthorName


def lines(**changes):
    text = "".join(write_ris([[PAPER._replace(**changes)]], []))
    assert text.endswith("\r\n")
    return text.split("\r\n")[:-1]


def test_article():
    assert lines() == [
        "TY  - JOUR",
        "ID  - komori1997targeted",
        "AU  - Komori, T",
        "AU  - Yagi, H",
        "TI  - Targeted Disruption of Cbfa1",
        "T2  - Cell",
        "J2  - Cell",
        "PY  - 1997",
        "DA  - 1997/05/30/",
        "VL  - 89",
        "IS  - 5",
        "SP  - 755",
        "EP  - 764",
        "PB  - Elsevier BV",
        "SN  - 0092-8674",
        "SN  - 1097-4172",
        "LA  - en",
        "DO  - 10.1016/s0092-8674(00)80258-5",
        "DB  - PubMed",
        "AN  - 9182763",
        "ER  - ",
    ]


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("journal-article", "JOUR"),
        ("posted-content", "UNPB"),
        ("book", "BOOK"),
        ("edited-book", "BOOK"),
        ("book-chapter", "CHAP"),
        ("proceedings", "CONF"),
        ("proceedings-article", "CONF"),
        ("dissertation", "THES"),
        ("software", "COMP"),
        ("dataset", "DATA"),
        ("report", "RPRT"),
        ("some-new-type", "GEN"),
        (None, "JOUR"),
    ],
)
def test_type(kind, written):
    assert lines(type=kind)[0] == f"TY  - {written}"


def test_date_without_a_day_keeps_its_slashes():
    assert "DA  - 1997/05//" in lines(date="1997-05")


def test_line_break_in_a_title_begins_no_field():
    assert "TI  - a ER - b" in lines(title="a\r\nER  - \nb")


def test_group_is_not_split():
    assert "AU  - WHO Group," in lines(authors=(AuthorName(collective="WHO Group"),))


def test_retraction_is_a_note():
    assert "N1  - Retracted 2010" in lines(note="Retracted 2010")


def test_single_page_has_no_end():
    assert [line for line in lines(pages="e7") if line[:2] in {"SP", "EP"}] == ["SP  - e7"]


def test_article_number_stands_where_pages_do():
    assert "SP  - e12059" in lines(pages=None, article_number="e12059")


def test_conference_paper_names_its_proceedings_for_every_program():
    written = lines(type="proceedings-article", container="Proc. X", pmcid="PMC1")
    assert {"TY  - CONF", "T2  - Proc. X", "C3  - Proc. X", "PY  - 1997", "C2  - 1997"} <= set(written)
    # C2 is its year: the address keeps the number.
    assert "UR  - https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1" in written


def test_keywords_and_abstract():
    written = lines(keywords=("evidence:single-study", "evidence:holds-alone"), abstract="Bone <i>x</i>\nER  - ")
    assert {"KW  - evidence:single-study", "KW  - evidence:holds-alone", "AB  - Bone x ER -"} <= set(written)


def test_works_follow_each_other():
    text = "".join(write_ris([[PAPER], [PAPER]], []))
    assert text.count("TY  - ") == text.count("ER  - \r\n") == 2


def test_former_key_is_a_warning():
    warnings = []
    "".join(write_ris([[PAPER._replace(key="new", aliases=("old", "older"))]], warnings))
    assert warnings == ["new: was also old, older, which RIS cannot tell: change these in your text"]
