"""What wikis print around an article states nothing of it: hatnotes, boxes of links, labels and values of infoboxes."""

from __future__ import annotations

import pytest
from growing import seconds
from reading import keys, read

LEE = "Lee J. doi:10.1000/a1"
MARK = '<sup id="cite_ref-1" class="reference"><a href="#cite_note-1"><span class="cite-bracket">[</span>1<span>]</span></a></sup>'
ARTICLE = f"<p><b>Osteoporosis</b> is a disease of bone.{MARK}</p>"
NOTES = f'<h2>References</h2><ol class="references"><li id="cite_note-1"><span class="reference-text">{LEE}</span></li></ol>'


def page_of(*parts):
    body = "".join([*parts, ARTICLE, NOTES])
    return read(
        f'<html><body class="mediawiki sidebar"><div class="mw-parser-output">{body}</div></body></html>', "page.html"
    )


def texts(page):
    return [one.text for one in page.claims]


CLAIM = "Osteoporosis is a disease of bone.[^1]"
# What a wiki or its skin prints: the element, its attributes.
APART = [
    ("div", 'role="note" class="hatnote navigation-not-searchable"'),
    ("div", 'class="dablink"'),
    ("div", "class=hatnote"),
    ("div", 'role="navigation" class="navbox" aria-labelledby="Bone"'),
    ("div", "role=navigation"),
    ("table", 'class="navbox collapsible"'),
    ("table", "class='vertical-navbox nowraplinks'"),
    ("table", 'class="sidebar nomobile plainlist"'),
    ("aside", 'class="sidebar"'),
    ("div", 'id="toc" class="toc"'),
    ("table", 'class="box-More_citations_needed plainlinks metadata ambox ambox-content"'),
    ("div", 'class="shortdescription nomobile noexcerpt" style="display:none"'),
    ("div", 'id="catlinks" class="catlinks"'),
    ("ul", 'role="navigation"'),
]


@pytest.mark.parametrize(("name", "written"), APART)
def test_what_stands_around_an_article_is_no_claim(name, written):
    words = "For other uses, see Bone (disambiguation)."
    inside = {"table": f"<tbody><tr><td>{words}</td></tr></tbody>", "ul": f"<li>{words}</li>"}.get(
        name, f"<p>{words}</p><div>{words}</div>"
    )
    page = page_of(f"<{name} {written}>{inside}</{name}>")
    assert texts(page) == [CLAIM]
    assert [one.text for one in page.notes] == [LEE]


@pytest.mark.parametrize(
    "written",
    [
        'role="note" class="admonition warning"',
        'class="navbox-like"',
        'class="with-sidebar"',
        'data-class="navbox" title="class=navbox"',
        'class="sidebar"><p class="sidebar-title">Bone</p',
    ],
)
def test_boxes_that_state_something_are_read(written):
    assert "Mice lose bone." in texts(page_of(f"<div {written}><p>Mice lose bone.</p></div>"))


def test_links_that_edit_are_no_part_of_a_heading():
    edit = '<span class="mw-editsection"><span>[</span><a href="/w/index.php?action=edit">edit</a><span>]</span></span>'
    page = page_of(f'<h2><span class="mw-headline" id="Signs">Signs</span>{edit}</h2>')
    assert [(one.text, one.section) for one in page.claims] == [(CLAIM, ("Signs",))]
    unquoted = edit.replace('"mw-editsection"', "mw-editsection")
    assert page_of(f"<div><h2>Signs</h2>{unquoted}</div>").claims[0].section == ("Signs",)


ROWS = (
    '<caption class="infobox-title">Osteoporosis</caption><tbody><tr><th colspan="2" class="infobox-above">Osteoporosis</th></tr>'
    '<tr><td colspan="2" class="infobox-image"><div class="infobox-caption">A woman with osteoporosis.</div></td></tr>'
    '<tr><th scope="row" class="infobox-label">Specialty</th><td class="infobox-data">Rheumatology</td></tr>'
    '<tr><td class="infobox-label">ICD</td><td class="infobox-data">M80</td></tr><tr><td class="infobox-label">Frequency</td></tr>'
    f'<tr><th scope="row" class="infobox-label">Frequency</th><td class="infobox-data">15% of people{MARK}</td></tr></tbody>'
)


@pytest.mark.parametrize(
    "box", ['<table class="infobox vcard">{}</table>', '<div class="infobox_v3 infobox"><p>Osteoporosis</p><table>{}</table></div>']
)  # fmt: skip
def test_of_an_infobox_only_what_cites_is_a_claim(box):
    page = page_of(box.format(ROWS))
    assert [(one.text, keys(one)) for one in page.claims] == [("Frequency 15% of people[^1]", ["1"]), (CLAIM, ["1"])]


def test_identifiers_numbers_and_tags_in_an_infobox_are_read():
    rows = "".join(
        f"<tr><th>Mass</th><td>{said}</td></tr>"
        for said in ("64 kDa (PMID 12186862)", "64 kDa #gap/unsourced", "64 kDa")
    )
    assert len(texts(page_of(f'<table class="infobox">{rows}</table>'))) == 3
    numbered = (
        f'<table class="infobox"><tr><th>Mass</th><td>64 kDa [1]</td></tr></table><h2>References</h2><ol><li>{LEE}</ol>'
    )
    assert [keys(one) for one in read(numbered, "page.html").claims] == [["1"]]


def test_headings_in_an_infobox_head_nothing():
    box = (
        '<aside class="portable-infobox pi-theme"><h2 class="pi-title">Osteoporosis</h2><div class="pi-item">'
        '<h3 class="pi-data-label">Specialty</h3><div class="pi-data-value">Rheumatology</div></div></aside>'
    )
    page = page_of(box)
    assert [(one.text, one.section) for one in page.claims] == [(CLAIM, ())]


def test_table_within_an_infobox_does_not_end_it():
    inner = "<table><tr><td>Inner</td></tr></table>"
    box = f'<table class="infobox"><tr><td>{inner}</td></tr><tr><td>Outer value</td></tr></table>'
    assert texts(page_of(box)) == [CLAIM]


@pytest.mark.parametrize(
    "piece", ['<div class="navbox">', '<div class="sidebar">', "<table class=infobox>", "class=", "<h2><span class=mw-editsection></span>", '<div class="a ']
)  # fmt: skip
def test_time_grows_with_the_page(piece):
    short, long = piece * (500 // len(piece)), piece * (4000 // len(piece))
    assert seconds(page_of, long) < 3 * 8 * seconds(page_of, short)
