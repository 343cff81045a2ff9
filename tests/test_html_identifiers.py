"""Identifiers with markup inside: found whole, or not at all."""

from __future__ import annotations

import pytest
from reading import read

from evidence.identifiers import find_identifiers


def values(text):
    return [one.value for one in find_identifiers(text)]


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1038/nature<b>12373</b>", "10.1038/nature12373"),
        ("10.1016/j.cell<em>.2013.05.039</em>", "10.1016/j.cell.2013.05.039"),
        ('10.1016/j.c<mark class="hit">el</mark>l.2013.05.039.', "10.1016/j.cell.2013.05.039"),
        ("10.1016/<STRONG>j</STRONG>.<strong>cell</strong>.2013.05.039", "10.1016/j.cell.2013.05.039"),
        ("<em>10.1016/j.cell</em>.2013.05.039, and", "10.1016/j.cell.2013.05.039"),
        ("10.1000/<mark><b>abc12</b></mark>", "10.1000/abc12"),
        ("10.1000/abc<mark><b>12</b>3</mark>4 (2013)", "10.1000/abc1234"),
        ("10.1038/nature<!-- -->12373", "10.1038/nature12373"),
        ('10.1038/nature<wbr class="a"></wbr>12373', "10.1038/nature12373"),
        ('<font color="red">10.1000/abc-1</font>-2-3', "10.1000/abc-1-2-3"),
    ],
)
def test_doi_with_markup_inside_is_whole(text, doi):
    (found,) = find_identifiers(text)
    assert found.value == doi
    assert text[found.start : found.end] == found.text
    assert found.text.startswith("10.")
    assert not found.text.endswith(">")


@pytest.mark.parametrize(
    "text",
    [
        "10.1000/x1<sup>2</sup>",
        "10.1000/x1<sup>2</sup>, 3",
        '10.1000/x1<span class="mark">2</span>',
        "<b>doi:10.1000/x1</b><i>next</i>",
        "<b>10.1000/x1</b>. Next",
        "<b>10.1000/x1</b>.",
        "(<i>10.1000/x1</i>), and",
        "<span>10.1000/x1</span>Smith 2019",
        "<span>10.1000/x1</span>pmid: none",
        "<span>doi:10.1000/x1</span>/<span>next</span>",
        "10.1000/x1<b> 12</b>",
        "10.1000/x1 <b>12</b>",
        "10.1000/x1<b>, p. 3</b>",
        "10.1000/x1<i>.</i> Next",
        "10.1000/x1<span>[1]</span>",
        "10.1000/x1<span>(2013)</span>",
        "10.1000/x1<b>PMID:</b>",
        "10.1000/x1<span>Nature</span>",
        "10.1000/x1<b>Title of it</b>",
        "10.1000/x1<br>2019",
        "10.1000/x1<p>2019",
    ],
)
def test_markup_behind_a_doi_ends_it(text):
    assert values(text) == ["10.1000/x1"]


@pytest.mark.parametrize(
    "text",
    [
        "10.1000/abc<i>next</i>",
        "10.1000/abc<b>77</b>",
        "<em>10.1000/abc</em>def",
        "<em>10.1000/abc</em>123",
        "10.1016/j.cell<em>.2013.05.039 and more</em>",
        "10.1000/abc<em>def and more</em>",
    ],
)
def test_doi_that_markup_may_cut_is_none(text):
    assert values(text) == []


@pytest.mark.parametrize(
    "text",
    ["10.1038/nature12373<i>next</i>", "10.1038/nature12373<b>77</b>", "<em>10.1038/nature12373</em>and"],
)
def test_doi_of_a_known_form_ends_where_that_does(text):
    assert values(text) == ["10.1038/nature12373"]


@pytest.mark.parametrize(
    "text",
    ["PMID: 1234<mark>5678</mark>", "PMID <em>1234</em>5678", "PMC12345<b>67</b>", "PMC<b>12345</b>67"],
)
def test_number_that_markup_cuts_is_none(text):
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("PMID: <b>12345678</b>", "12345678"),
        ("PMID 12345678<sup>1</sup>", "12345678"),
        ("PMID: <i>12345678</i> <i>9</i>", "12345678"),
        ("PMC<b>1234567</b>.", "PMC1234567"),
    ],
)
def test_markup_around_a_number_is_no_part_of_it(text, value):
    assert values(text) == [value]


def test_note_with_markup_in_its_doi_cites_the_whole():
    html = '<p>Lost.<a href="#fn2">2</a></p><ol><li id="fn2"><p>10.1038/nature<b>12373</b></p></li></ol>'
    (note,) = read(html, "page.html").notes
    assert (note.text, note.primary.value) == ("10.1038/nature12373", "10.1038/nature12373")
