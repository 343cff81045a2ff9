from __future__ import annotations

import json

import pytest
from export_store import PAPER

from evidence.export.csl import write_csl
from evidence.records import AuthorName


def item(**changes):
    (found,) = json.loads("".join(write_csl([[PAPER._replace(**changes)]], [])))
    return found


def test_article():
    assert item() == {
        "id": "komori1997targeted",
        "type": "article-journal",
        "title": "Targeted Disruption of <i>Cbfa1</i>",
        "author": [{"family": "Komori", "given": "T"}, {"family": "Yagi", "given": "H"}],
        "container-title": "Cell",
        "container-title-short": "Cell",
        "issued": {"date-parts": [[1997, 5, 30]]},
        "volume": "89",
        "issue": "5",
        "page": "755-764",
        "publisher": "Elsevier BV",
        "ISSN": "0092-8674, 1097-4172",
        "language": "en",
        "DOI": "10.1016/s0092-8674(00)80258-5",
        "PMID": "9182763",
    }


def test_group_is_literal():
    assert item(authors=(AuthorName(collective="WHO"),))["author"] == [{"literal": "WHO"}]


def test_suffix_stands_apart():
    assert item(authors=(AuthorName("King", "M. L. Jr."),))["author"] == [
        {"family": "King", "given": "M. L.", "suffix": "Jr."}
    ]


def test_unknown_date_is_left_out():
    assert "issued" not in item(date=None)


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("journal-article", "article-journal"),
        ("posted-content", "article"),
        ("book", "book"),
        ("monograph", "book"),
        ("proceedings", "book"),
        ("book-chapter", "chapter"),
        ("proceedings-article", "paper-conference"),
        ("dissertation", "thesis"),
        ("software", "software"),
        ("dataset", "dataset"),
        ("report", "report"),
        ("some-new-type", "document"),
        (None, "article-journal"),
    ],
)
def test_type(kind, written):
    assert item(type=kind)["type"] == written


def test_series_of_a_book_is_no_container():
    assert item(type="monograph")["collection-title"] == "Cell"


def test_former_keys_are_custom():
    assert item(aliases=("old",))["custom"] == {"former-ids": ["old"]}


def test_hostile_text_stays_text():
    assert item(title='"}],\x00"<script>')["title"] == '"}], "<script>'


def test_batches_are_one_list():
    works = [PAPER._replace(key=name) for name in "abc"]
    text = "".join(write_csl([works[:2], [], works[2:]], []))
    assert [one["id"] for one in json.loads(text)] == ["a", "b", "c"]


def test_nothing_is_an_empty_list():
    assert json.loads("".join(write_csl([], []))) == []


@pytest.mark.parametrize("date", ["20O4", "2004-", "in press", "2004-01-02T00:00"])
def test_date_that_is_none_is_named_and_does_not_stop_the_rest(date):
    warnings = []
    text = "".join(write_csl([[PAPER._replace(key="bad", date=date), PAPER]], warnings))
    bad, good = json.loads(text)
    assert "issued" not in bad
    assert good["issued"] == {"date-parts": [[1997, 5, 30]]}
    assert [one.split(": ")[:2] for one in warnings] == [["bad", "date"]]
