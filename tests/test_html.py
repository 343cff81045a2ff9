"""The footnotes of GitHub, Quartz, pandoc and Python-Markdown, read as the Markdown they were made from."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import keys, read

GITHUB = """<article><h1>Bone</h1><h2>Loss</h2>
<p>Bone is <em>lost</em>.<sup><a href="#user-content-fn-a" id="user-content-fnref-a" data-footnote-ref aria-describedby="footnote-label">1</a></sup> It comes back.</p>
<section data-footnotes class="footnotes"><h2 class="sr-only" id="footnote-label">Footnotes</h2>
<ol><li id="user-content-fn-a"><p>doi:<a href="https://doi.org/10.1000/a1">10.1000/a1</a> · rct · n=40 <a href="#user-content-fnref-a" data-footnote-backref aria-label="Back to reference 1">↩</a></p></li></ol></section></article>"""
PANDOC = """<h1>Bone</h1><h2>Loss</h2>
<p>Bone is <em>lost</em>.<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a> It comes back.</p>
<section id="footnotes" class="footnotes" role="doc-endnotes"><hr /><ol><li id="fn1"><p>doi:10.1000/a1 · rct · n=40<a href="#fnref1" class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol></section>"""
PYTHON_MARKDOWN = """<h1>Bone</h1><h2>Loss</h2>
<p>Bone is <em>lost</em>.<sup id="fnref:a"><a class="footnote-ref" href="#fn:a">1</a></sup> It comes back.</p>
<div class="footnote"><hr><ol><li id="fn:a"><p>doi:10.1000/a1 · rct · n=40&#160;<a class="footnote-backref" href="#fnref:a">&#8617;</a></p></li></ol></div>"""


@pytest.mark.parametrize(("html", "key"), [(GITHUB, "a"), (PANDOC, "1"), (PYTHON_MARKDOWN, "a")])
def test_forms_of_footnotes(html, key):
    page = read(html, "page.html")
    assert page.title == "Bone"
    assert [claim.text for claim in page.claims] == [f"Bone is lost.[^{key}]", "It comes back."]
    assert keys(page.claims[0]) == [key]
    assert page.claims[0].section == ("Loss",)
    (note,) = page.notes
    assert (note.key, note.primary.value, note.n, [design.value for design in note.design]) == (
        key,
        "10.1000/a1",
        40,
        ["rct"],
    )
    assert page.problems == ()


def test_spans_point_into_the_file():
    page = read(GITHUB, "page.html")
    assert GITHUB[page.claims[0].start :].startswith("Bone is <em>lost</em>.")
    assert all(GITHUB[one.start : one.end] == one.text for one in page.identifiers)


def test_lists_tables_and_what_is_not_read():
    html = """<html><head><title>T</title><script>var x = "doi:10.1000/bad1";</script></head><body><nav><ul><li>Home</li></ul></nav>
    <ul><li>One thing<ul><li>Inner thing</li></ul></li><li>Two &amp; three</li></ul>
    <table><thead><tr><th>A</th></tr></thead><tbody><tr><td>cell one</td><td>cell two</td></tr></tbody></table>
    <pre><code>doi:10.1000/bad2</code></pre></body></html>"""
    page = read(html, "page.html")
    assert [(claim.kind.value, claim.text) for claim in page.claims] == [
        ("list-item", "One thing"), ("list-item", "Inner thing"), ("list-item", "Two & three"), ("table-row", "cell one cell two"),
    ]  # fmt: skip
    assert page.identifiers == ()


def test_link_to_a_doi_is_a_citation_of_its_sentence():
    page = read('<p>It rises (<a href="https://doi.org/10.1000/x1">Lee 2019</a>).</p>', "page.html")
    assert [one.identifier.value for one in page.claims[0].citations if one.identifier] == ["10.1000/x1"]


def test_tag_as_quartz_prints_it():
    page = read(
        '<p>It rises. <a href="../tags/gap/unsourced" class="internal tag-link">gap/unsourced</a></p>', "page.html"
    )
    assert [tag.name for tag in page.claims[0].tags] == ["unsourced"]


@pytest.mark.parametrize(
    "text",
    ["<", "<p", "<p title='", "<!--", "<a href=#fn1>", "</li></ul>", "<li id=fn1>x", "<script>", "&#;", "<p>" * 500],
)
def test_broken_html_does_no_harm(text):
    assert read(text, "page.html").format == "html"


BODY = "<p>Bone is lost.{mark} It comes back.</p>{note}"
# How other programs write the same note, as found in the wild: the key that it gets, the mark, the note.
OTHER_FORMS = {
    "GitHub, with a hash": (
        "a",
        '<sup><a href="#user-content-fn-a-3f2a1b4c5d6e7f8091a2b3c4d5e6f708" data-footnote-ref>1</a></sup>',
        '<ol><li id="user-content-fn-a-3f2a1b4c5d6e7f8091a2b3c4d5e6f708"><p>doi:10.1000/a1 <a href="#user-content-fnref-a-3f2a1b4c5d6e7f8091a2b3c4d5e6f708" data-footnote-backref>↩</a></p></li></ol>',
    ),
    "markdown-it": (
        "1",
        '<sup class="footnote-ref"><a href="#fn1" id="fnref1:1">[1:1]</a></sup>',
        '<ol><li id="fn1" class="footnote-item"><p>doi:10.1000/a1 <a href="#fnref1" class="footnote-backref">↩︎</a></p></li></ol>',
    ),
    "kramdown": (
        "a",
        '<sup id="fnref:a" role="doc-noteref"><a href="#fn:a" class="footnote" rel="footnote">1</a></sup>',
        '<ol><li id="fn:a" role="doc-endnote"><p>doi:10.1000/a1 <a href="#fnref:a" class="reversefootnote">&#8617;</a> <a href="#fnref:a:1" class="reversefootnote">&#8617;<sup>2</sup></a></p></li></ol>',
    ),
    "goldmark": (
        "1",
        '<sup id="fnref:1"><a href="#fn:1" class="footnote-ref" role="doc-noteref">1</a></sup>',
        '<ol><li id="fn:1"><p>doi:10.1000/a1&#160;<a href="#fnref:1" class="footnote-backref">&#x21a9;&#xfe0e;</a></p></li></ol>',
    ),
    "MediaWiki": (
        "lee-1",
        '<sup id="cite_ref-lee_1-0" class="reference"><a href="#cite_note-lee-1"><span class="cite-bracket">[</span>1<span class="cite-bracket">]</span></a></sup>',
        '<ol><li id="cite_note-lee-1"><span class="mw-cite-backlink">^ <a href="#cite_ref-lee_1-0"><sup>a</sup></a> <a href="#cite_ref-lee_1-1"><sup>b</sup></a></span> <span class="reference-text"><style data-mw-deduplicate="x">.cite{color:red}</style><cite>doi:<a href="https://doi.org/10.1000%2Fa1">10.1000/a1</a></cite></span></li></ol>',
    ),
    "MediaWiki's Parsoid": (
        "1",
        '<sup id="cite_ref-1"><a href="./Bone#cite_note-1"><span>[1]</span></a></sup>',
        '<ol><li id="cite_note-1"><a href="./Bone#cite_ref-1" rel="mw:referencedBy"><span>↑ </span></a> <span>doi:10.1000/a1</span></li></ol>',
    ),
    "Sphinx": (
        "id2",
        '<a class="footnote-reference brackets" href="#id2" id="id1" role="doc-noteref"><span>[</span>1<span>]</span></a>',
        '<aside class="footnote brackets" id="id2" role="doc-footnote"><span class="label"><span>[</span><a role="doc-backlink" href="#id1">1</a><span>]</span></span><p>doi:10.1000/a1</p></aside>',
    ),
    "Asciidoctor": (
        "1",
        '<sup class="footnote">[<a id="_footnoteref_1" class="footnote" href="#_footnotedef_1" title="View footnote.">1</a>]</sup>',
        '<div class="footnote" id="_footnotedef_1"><a href="#_footnoteref_1">1</a>. doi:10.1000/a1</div>',
    ),
    "Org": (
        "1",
        '<sup><a id="fnr.1" class="footref" href="#fn.1" role="doc-backlink">1</a></sup>',
        '<div class="footdef"><sup><a id="fn.1" class="footnum" href="#fnr.1" role="doc-backlink">1</a></sup> <div class="footpara" role="doc-footnote"><p>doi:10.1000/a1</p></div></div>',
    ),
    "Word": (
        "1",
        '<a href="#_ftn1" name="_ftnref1" title=""><span class=MsoFootnoteReference>[1]</span></a>',
        '<div><hr><div id=ftn1><p><a href="#_ftnref1" name="_ftn1" title=""><span>[1]</span></a> doi:10.1000/a1</p></div></div>',
    ),
    "Google Docs": (
        "1",
        '<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>',
        '<hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span> doi:10.1000/a1</span></p></div>',
    ),
    "no end tags": ("1", '<sup><a href="#fn1">1</a></sup>', "<ol><li id=fn1>doi:10.1000/a1</ol>"),
    "a renderer that knows no footnotes": ("a", "[^a]", "\n<p>[^a]: doi:10.1000/a1</p>"),
}


@pytest.mark.parametrize("form", OTHER_FORMS)
def test_footnotes_of_other_programs(form):
    key, mark, note = OTHER_FORMS[form]
    page = read(BODY.format(mark=mark, note=note), "page.html")
    assert [(claim.text, keys(claim)) for claim in page.claims] == [
        (f"Bone is lost.[^{key}]", [key]), ("It comes back.", []),
    ]  # fmt: skip
    assert [(one.key, one.text, one.primary.value) for one in page.notes] == [(key, "doi:10.1000/a1", "10.1000/a1")]
    assert page.problems == ()


@pytest.mark.parametrize(
    "links",
    [
        '<sup><a href="#fn1">1</a>,<a href="#fn2">2</a></sup>',
        ' [<a href="#fn1">1</a>, <a href="#fn2">2</a>]',
        '<sup><a href="#fn1">1</a></sup><sup>, </sup><sup><a href="#fn2">2</a></sup>',
    ],
)
def test_marks_in_a_row_close_the_sentence_together(links):
    notes = "<ol><li id=fn1>doi:10.1000/a1</li><li id=fn2>doi:10.1000/b1</li></ol>"
    page = read(BODY.format(mark=links, note=notes), "page.html")
    assert [keys(claim) for claim in page.claims] == [["1", "2"], []]


def test_note_with_a_list_in_it_ends_behind_it():
    html = '<p>Lost.<a href="#fn1">1</a></p><ol><li id="fn1">Two:<ul><li>doi:10.1000/a1</li></ul>of it</li></ol><p>Then.</p>'
    page = read(html, "page.html")
    assert [note.text for note in page.notes] == ["Two: doi:10.1000/a1 of it"]
    assert [claim.text for claim in page.claims] == ["Lost.[^1]", "Then."]


def test_mark_without_note_is_reported_as_in_markdown():
    page = read("<p>Lost [^gone]. But <code>[^a-z]</code> is a pattern.</p>", "page.html")
    assert [problem.message for problem in page.problems] == ["`[^gone]` has no definition"]
    assert [keys(claim) for claim in page.claims] == [["gone"], []]


def test_links_to_headings_are_no_marks():
    page = read('<p>See <a href="#note-on-dose">below</a> and <a href="#fname">there</a>.</p>', "page.html")
    assert [claim.text for claim in page.claims] == ["See below and there."]
    assert page.problems == ()


def test_frame_of_a_page_is_not_read():
    html = """<head><title>Bone</title></head><body><div class="sidebar"><ul><li>Other page, doi:10.1000/s1</li></ul></div>
    <h1>Bone <em>loss</em></h1><article><p>It is lost.</p><p>It comes back.</p></article><footer><p>Made by us.</p></footer></body>"""
    page = read(html, "page.html")
    assert page.title == "Bone loss"
    assert [claim.text for claim in page.claims] == ["It is lost.", "It comes back."]
    assert page.identifiers == ()


@pytest.mark.parametrize(
    "html",
    [
        "<article><p>One.</p></article><article><p>Two.</p></article>",
        "<article><p>One.</p></article><p>Two.</p><p>Three.</p>",
        '<article><p>One.</p></article><ol><li id="fn1"><p>Two.</p></li></ol>',
    ],
)
def test_page_that_is_more_than_its_article_is_read_whole(html):
    page = read(html, "page.html")
    assert len(page.claims) + len(page.notes) >= 2


def test_sign_within_a_sentence_does_not_end_it():
    page = read(
        '<p>See <a href="x">Lee<svg viewBox="0 0 1 1"><title>icon</title></svg></a> for <!-- no --> more.</p>',
        "page.html",
    )
    assert [claim.text for claim in page.claims] == ["See Lee for more."]


def test_quotes_written_as_entities_end_a_sentence():
    page = read("<p>They say &quot;it is lost.&quot; It &mdash; bone &mdash; comes back.</p>", "page.html")
    assert [claim.text for claim in page.claims] == ['They say "it is lost."', "It — bone — comes back."]


def test_scope_of_a_tag_ends_with_its_cell():
    page = read("<table><tr><td>It rises #gap/no-mechanism — unknown</td><td>Lee 2019</td></tr></table>", "page.html")
    assert [tag.scope for tag in page.claims[0].tags] == ["unknown"]


@pytest.mark.parametrize(
    "html",
    [
        '<blockquote class="callout note"><div class="callout-title"><div class="callout-icon"></div><div class="callout-title-inner"><p>Note</p></div></div><div class="callout-content"><p>It is lost.</p></div></blockquote>',
        '<div class="markdown-alert markdown-alert-note"><p class="markdown-alert-title"><svg><path d="M0"></path></svg>Note</p><p>It is lost.</p></div>',
    ],
)
def test_kind_of_a_box_is_no_claim(html):
    assert [claim.text for claim in read(html, "page.html").claims] == ["It is lost."]


def test_anchor_of_a_heading_is_no_word_of_it():
    page = read(
        '<h2>Loss<a role="anchor" aria-hidden="true" href="#loss">🔗</a></h2><p>It is lost.</p>',
        "page.html",
    )
    assert page.claims[0].section == ("Loss",)


def test_scope_of_a_tag_has_no_entities():
    page = read("<p>It rises. #gap/unsourced — from Levine &amp; Oren, at &lt; 5 weeks</p>", "page.html")
    assert [tag.scope for tag in page.claims[0].tags] == ["from Levine & Oren, at < 5 weeks"]


def test_sentence_that_begins_with_a_link_to_a_paper_cites_it():
    page = read('<p>It rises. <a href="https://doi.org/10.1000/x1">Lee 2019</a> saw it.</p>', "page.html")
    assert [[one.identifier.value for one in claim.citations] for claim in page.claims] == [[], ["10.1000/x1"]]
    assert [claim.text for claim in page.claims] == ["It rises.", "Lee 2019 saw it."]


def test_mark_in_a_new_line_is_that_of_the_sentence_before_it():
    html = '<p>It rises.\n<a href="#fn1">1</a> It falls.</p><ol><li id="fn1">doi:10.1000/a1</li></ol>'
    assert [keys(claim) for claim in read(html, "page.html").claims] == [["1"], []]


@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE html>",
        "<!doctype html>\n",
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"\n  "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">',
        '<!DOCTYPE html SYSTEM "about:legacy-compat" [\n<!ENTITY nbsp "&#160;">\n<!-- Dogs bark. -->\n]>',
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html>',
        '<?xml-stylesheet type="text/css" href="style.css"?>',
        "<![CDATA[Dogs bark (PMID 23456789).]]>",
        "<!--[if IE]><p>Dogs bark (PMID 23456789).</p><![endif]-->",
        "<![if !IE]><![endif]>",
        "<!-->",
        "<!--[if !IE]><!--><!--<![endif]-->",
    ],
)
@pytest.mark.parametrize("frame", ['{}<html lang="en"><head><title>T</title></head><body>', "<html><body>{}"])
def test_declaration_is_no_claim(declaration, frame):
    html = frame.format(declaration) + "<p>Cats purr (PMID 12345678).</p></body></html>"
    page = read(html, "page.html")
    assert [claim.text for claim in page.claims] == ["Cats purr (PMID 12345678)."]
    assert [one.value for one in page.identifiers] == ["12345678"]


def test_declaration_within_a_sentence_is_no_word_of_it():
    page = read("<p>Cats <![CDATA[dogs]]>purr<!--[if IE]> loudly<![endif]-->.</p>", "page.html")
    assert [claim.text for claim in page.claims] == ["Cats purr."]


def test_sign_that_opens_no_declaration_is_text():
    page = read("<p>We took n <!5 and p <?3 of them.</p>", "page.html")
    assert [claim.text for claim in page.claims] == ["We took n <!5 and p <?3 of them."]


def test_title_block_of_a_page_is_its_title_and_no_claim():
    html = """<body><header id="title-block-header"><h1 class="title">My page</h1><p class="author">Ann Lee</p>
    <p class="date">May 2020</p></header><h1 id="bone">Bone</h1><p>It is lost.</p></body>"""
    page = read(html, "page.html")
    assert page.title == "My page"
    assert [claim.text for claim in page.claims] == ["It is lost."]


@pytest.mark.parametrize(
    "html",
    [
        '<p class="post-meta"><time datetime="2024-01-01">Jan 1, 2024</time> by Ann Lee</p>',
        '<div class="post-meta"><p>Jan 1, 2024</p></div>',
        '<p show-comma="true" class="content-meta">Nov 21, 2025<span>3 min read</span></p>',
        '<aside class="md-source-file"><span class="git-revision-date">January 1, 2024</span></aside>',
        "<details><summary>Details</summary></details>",
    ],
)
def test_line_about_the_page_is_no_claim(html):
    page = read(f"<article><h1>Bone</h1>{html}<p>It is lost.</p></article>", "page.html")
    assert [claim.text for claim in page.claims] == ["It is lost."]


def test_line_about_the_page_hides_nothing_behind_it():
    page = read("<h1>Bone</h1><p class=date>May 2020<p>It is lost.<p>It comes back.", "page.html")
    assert [claim.text for claim in page.claims] == ["It is lost.", "It comes back."]


def test_key_of_a_note_in_obsidian_has_no_checksum():
    html = '<p>Lost.<a href="#fn-1-4e8ab8d1a8d7b1c5">[1]</a></p><ol><li id="fn-1-4e8ab8d1a8d7b1c5">doi:10.1000/a1</li></ol>'
    assert [note.key for note in read(html, "page.html").notes] == ["1"]


BOXES = {
    "Obsidian": '<div class="callout"><div class="callout-title"><div class="callout-icon"></div><div class="callout-title-inner">{}</div></div><div class="callout-content"><p>It is lost.</p></div></div>',
    "MkDocs": '<div class="admonition note"><p class="admonition-title">{}</p><p>It is lost.</p></div>',
    "details": "<details><summary>{}</summary><p>It is lost.</p></details>",
}
BARE_BOXES = {
    "Obsidian": '<div class="callout"><div class="callout-title"><div class="callout-title-inner">{}</div></div></div><p>Then.</p>',
    "MkDocs": '<div class="admonition note"><p class="admonition-title">{}</p></div><p>Then.</p>',
    "details": "<details><summary>{}</summary></details><p>Then.</p>",
}


@pytest.mark.parametrize("box", BOXES)
def test_title_of_a_box_is_no_claim(box):
    assert [claim.text for claim in read(BOXES[box].format("What mice tell"), "page.html").claims] == ["It is lost."]


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("title", ["Bone falls in mice.", "Bone falls (doi:10.1000/x1)", "Bone falls [^a]"])
def test_title_of_a_box_that_states_or_cites_is_a_claim(box, title):
    page = read(BOXES[box].format(title), "page.html")
    assert [claim.text for claim in page.claims] == [title, "It is lost."]


def test_title_of_a_box_with_a_footnote_is_a_claim():
    html = BOXES["MkDocs"].format('Bone falls<sup><a href="#fn1">1</a></sup>') + "<ol><li id=fn1>doi:10.1000/x1</ol>"
    assert keys(read(html, "page.html").claims[0]) == ["1"]


@pytest.mark.parametrize("box", BARE_BOXES)
def test_box_of_its_title_alone_is_a_claim(box):
    page = read(BARE_BOXES[box].format("Bone falls in mice"), "page.html")
    assert [claim.text for claim in page.claims] == ["Bone falls in mice", "Then."]


@pytest.mark.parametrize("tail", ["</table>", "<tbody></table>", "</tbody></table><p>Fat is gained.</p>"])
def test_rows_whose_end_tags_are_left_out(tail):
    page = read(
        f"<table><tr><th>Drug<th>Effect<tr><td>Metformin<td>slows loss<tr><td>Rapamycin<td>none{tail}", "a.html"
    )
    assert [" ".join(one.text.split()) for one in page.claims][:2] == ["Metformin slows loss", "Rapamycin none"]


@pytest.mark.parametrize("between", ["</tbody>", "</thead><tbody>", "<tbody>", "</table><table>", "<tfoot>"])
def test_a_row_that_its_group_ends_is_one_claim(between):
    page = read(
        f"<table><tr><th>Drug<th>Effect<tr><td>Metformin<td>slows loss{between}<tr><td>Zinc<td>none</table>", "a.html"
    )
    assert [" ".join(one.text.split()) for one in page.claims] == ["Metformin slows loss", "Zinc none"]


def test_row_around_another_table_does_not_end_its_rows():
    page = read("<table><tr><td>Menu<td><table><tr><td>Bone<td>is lost</table></table>", "a.html")
    assert [" ".join(one.text.split()) for one in page.claims] == ["Bone is lost"]


@pytest.mark.parametrize("last", ["<td></td>", "<td> </td>", "<td class='x'></td><td></td>", "<td>"])
def test_a_row_ends_before_its_empty_cells(last):
    page = f"<table><tr><th>Claim</th><th>For</th><th>Against</th></tr><tr><td>Bone falls.</td>{last}</tr></table>"
    (claim,) = read(page, "a.html").claims
    assert (claim.text, page[claim.start : claim.end]) == ("Bone falls.", "<td>Bone falls.")


ENTITIES = [
    "&mdash;",
    "&#8212;",
    "&ndash;",
    "&bull;",
    "&gt;",
    "&lt;",
    "&amp;",
    "&nbsp;",
    "&hellip;",
    "&quot;",
    "&rsquo;",
    "&eacute;",
]
WRITTEN = st.lists(
    st.sampled_from([*ENTITIES, "Bone", "falls.", "Fat", "10", "</td><td>", "<br>", "<b>", "</b>", "~", "."]),
    max_size=9,
)


@pytest.mark.parametrize(("words", "seen"), [("Bone falls &mdash;", "Bone falls —"), ("It is p16 &gt;", "It is p16 >")])
def test_an_entity_at_the_end_of_a_claim_is_whole(words, seen):
    for block in ("<p>{}</p>", "<ul><li>{}</li></ul>", "<table><tr><td>{}</td></tr></table>"):
        assert [claim.text for claim in read(f"<body>{block.format(words)}</body>", "page.html").claims] == [seen]


@given(
    st.lists(WRITTEN, min_size=1, max_size=3),
    st.sampled_from(["<p>{}</p>", "<li>{}</li>", "<table><tr><td>{}</td></tr></table>"]),
)
def test_no_claim_ends_within_an_entity(blocks, form):
    html = "".join(form.format(" ".join(words)) for words in blocks)
    ends = {one.end for one in read(f"{html}", "page.html").claims}
    entities = [found.span() for found in re.finditer(r"&#?\w+;", html)]
    assert not [end for start, stop in entities for end in ends if start < end < stop]
