"""The footnotes of GitHub, Quartz, pandoc and Python-Markdown, read as the Markdown they were made from."""

from __future__ import annotations

import pytest
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
