"""Notes of HTML pages that no generator named are known by what their marks show and where they lead."""

from __future__ import annotations

import pytest
from reading import keys, problems, read

BODY = "<h1>Bone</h1><h2>Loss</h2><p>Bone is lost{mark}. It comes back.</p>{notes}"
LEE, KIM, ROE = "Lee J. doi:10.1000/a1", "Kim S. doi:10.1000/b1", "Roe A. doi:10.1000/c1"
REFERENCES = "<h2>References</h2>{notes}<h2>More</h2><p>That is all.</p>"
# The program or the habit: the key, the mark, the notes.
FORMS = {
    "item": ("r1", '<sup><a href="#r1">1</a></sup>', f'<ol><li id="r1">{LEE}</li></ol>'),
    "paragraph with its number": ("ref-3", ' <a href="#ref-3">[3]</a>', f'<p id="ref-3">[3] {LEE}</p>'),
    "number in round brackets": ("bib12", ' (<a href="#bib12">12</a>)', REFERENCES.format(notes=f'<p id="bib12">{LEE}</p>')),
    "bare number": ("bib12", ' <a href="#bib12">12</a>', REFERENCES.format(notes=f'<ul><li id="bib12">{LEE}</li></ul>')),
    "definition": ("b1", ' [<a href="#b1">1</a>]', f'<dl><dt>[1]</dt><dd id="b1">{LEE}</dd></dl>'),
    "term with an anchor": ("b1", ' [<a href="#b1">1</a>]', f'<dl><dt><a name="b1">[1]</a></dt><dd>{LEE}</dd></dl>'),
    "anchor at the beginning": (
        "r1", '<sup><a href="#r1" id="c1">1</a></sup>',
        f'<ol><li><a name="r1"></a>{LEE} <a href="#c1">↩</a></li></ol>',
    ),
    "anchor before": ("r1", ' <a href="#r1">[1]</a>', f'<a id="r1"></a><p>1. {LEE}</p>'),
    "link back as number": (
        "n1", '<sup><a name="b1" href="#n1">1</a></sup>',
        REFERENCES.format(notes=f'<p><a name="n1" href="#b1">1</a> {LEE}</p>'),
    ),
    "sign": ("n", '<a href="#n"><sup>*</sup></a>', f'<p id="n">* {LEE}</p>'),
    "lines": (
        "f1n", ' [<a href="#f1n"><font color=#ddd>1</font></a>]',
        f'<b>Notes</b><br><br>[<a name="f1n"><font color=#000>1</font></a>] {LEE}<br><br>Thanks to all.',
    ),
    "paragraphs without ends": ("1", '<sup><a href="#1">1</a></sup>', f'<hr><p><a name="1">1</a>. {LEE}<hr><p>All.'),
    "BibTeX2HTML": (
        "lee", ' [<a href="#lee">1</a>]',
        f'<table><tr><td>[<a name="lee">1</a>]</td><td>{LEE}</td></tr></table>',
    ),
    "docutils, a table": (
        "id2", '<a class="footnote-reference" href="#id2" id="id1">[1]</a>',
        ('<table class="docutils footnote" id="id2"><tbody><tr><td class="label"><a class="fn-backref" href="#id1">[1]</a>'
         f"</td><td>{LEE}</td></tr></tbody></table>"),
    ),
    "docutils, a list": (
        "id2", '<a class="footnote-reference brackets" href="#id2" id="id1">1</a>',
        ('<dl class="footnote brackets"><dt class="label" id="id2"><span class="brackets"><a class="fn-backref" href="#id1">1'
         f"</a></span></dt><dd><p>{LEE}</p></dd></dl>"),
    ),
    "LaTeX2HTML": (
        "Lee19", ' [<A HREF="page.html#Lee19">1</A>]',
        f'<H2>Bibliography</H2><DL COMPACT><DD><P></P><DT><A NAME="Lee19">1</A><DD>{LEE}<P></P></DL>',
    ),
    "tex4ht": (
        "Xlee", ' [<a href="#Xlee">1</a>]',
        ('<div class="thebibliography"><p class="bibitem"><span class="biblabel">[1]<span>&#x00A0;</span></span>'
         f'<a id="Xlee"></a>{LEE}</p></div>'),
    ),
    "PubMed Central": (
        "B1", ' (<a href="#B1">1</a>)',
        f'<section class="ref-list"><h2>REFERENCES</h2><ul class="ref-list"><li id="B1"><span>1.</span> {LEE}</li></ul></section>',
    ),
    "HighWire": (
        "ref-1", ' (<a id="xref-ref-1-1" class="xref-bibr" href="#ref-1">1</a>)',
        ('<div class="ref-list"><ol><li><span class="ref-label">1.</span><a class="rev-xref-ref" href="#xref-ref-1-1" '
         f'id="ref-1">↵</a><div class="cit ref-cit" id="cit-1"><div>{LEE}</div></div></li></ol></div>'),
    ),
    "SAGE": (
        "bibr1-0022", '<sup><a href="#bibr1-0022">1</a></sup>',
        f'<table class="references"><tr id="bibr1-0022"><td>1.</td><td>{LEE}</td></tr></table>',
    ),
    "ScienceDirect": (
        "bib1", ' [<a class="anchor" href="#bib1" id="bbib1"><span>1</span></a>]',
        ('<section class="bibliography"><h2>References</h2><ol class="references"><li><span class="label"><a href="#bbib1" '
         f'id="ref-id-bib1">1</a></span><span class="reference" id="bib1"><div>{LEE}</div></span></li></ol></section>'),
    ),
    "Nature": (
        "ref-CR1", '<sup><a href="/articles/s4158#ref-CR1" id="ref-link-section-d1">1</a></sup>',
        REFERENCES.format(notes=f'<ol class="c-references"><li><p class="c-references__text" id="ref-CR1">{LEE}</p></li></ol>'),
    ),
    "pandoc's bibliography": (
        "ref-lee2019", ' <span class="citation">(<a href="#ref-lee2019" role="doc-biblioref">Lee 2019</a>)</span>',
        f'<div id="refs" class="references csl-bib-body"><div id="ref-lee2019" class="csl-entry">{LEE}</div></div>',
    ),
    "pandoc's citation without a link": (
        "ref-lee2019", ' <span class="citation" data-cites="lee2019 gone">(Lee 2019, <em>p.</em> 4)</span>',
        f'<div id="refs" class="references csl-bib-body"><div id="ref-lee2019" class="csl-entry">{LEE}</div></div>',
    ),
    "author and year": ("lee", ' (<a href="#lee">Lee et al., 2019</a>)', REFERENCES.format(notes=f'<p id="lee">{LEE}</p>')),
    "year behind its author": ("lee", ", as Lee (<a href='#lee'>2019</a>) found", REFERENCES.format(notes=f'<p id="lee">{LEE}</p>')),
    "key of BibTeX": ("lee", " [<a href='#lee'>LKR+19</a>]", REFERENCES.format(notes=f'<p id="lee">[LKR+19] {LEE}</p>')),
    "mdBook": (
        "1", '<sup class="footnote-reference"><a href="#1">1</a></sup>',
        f'<div class="footnote-definition" id="1"><sup class="footnote-definition-label">1</sup><p>{LEE}</p></div>',
    ),
    "a known name on an anchor": ("1", '<sup><a href="#fn1">1</a></sup>', f'<p><a name="fn1"></a>1. {LEE}</p>'),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_notes_written_by_hand_or_by_other_programs(form):
    key, mark, notes = FORMS[form]
    page = read(BODY.format(mark=mark, notes=notes), "page.html")
    assert [(one.key, one.text, one.primary.value) for one in page.notes] == [(key, LEE, "10.1000/a1")]
    assert [keys(claim) for claim in page.claims[:2]] == [[key], []]
    assert page.claims[1].text == "It comes back."
    assert not any("10.1000" in claim.text for claim in page.claims)
    assert page.problems == ()


@pytest.mark.parametrize(
    ("mark", "cited"),
    [
        ('<sup><a href="#r1">1</a>,<a href="#r3">3</a></sup>', ["r1", "r3"]),
        (' [<a href="#r1">1</a>, <a href="#r2">2</a>]', ["r1", "r2"]),
        (' [<a href="#r1">1</a>]–[<a href="#r3">3</a>]', ["r1", "r2", "r3"]),
        ('<sup><a href="#r1">1</a>-<a href="#r3">3</a></sup>', ["r1", "r2", "r3"]),
        ('<sup><a href="#r1">1–3</a></sup>', ["r1", "r2", "r3"]),
        ('<sup><a href="#r1">1,3</a></sup>', ["r1", "r3"]),
    ],
)
def test_lists_and_ranges_of_marks(mark, cited):
    notes = f'<ol><li id="r1">{LEE}<li id="r2">{KIM}<li id="r3">{ROE}</ol>'
    page = read(BODY.format(mark=mark, notes=notes), "page.html")
    assert [sorted(keys(claim)) for claim in page.claims] == [cited, []]
    assert [one.primary.value for one in page.notes] == ["10.1000/a1", "10.1000/b1", "10.1000/c1"]
    assert "undefined-mark" not in {one.code for one in page.problems}


def test_notes_of_two_kinds_keep_their_keys():
    """Wikipedia's short citations: a note with a known name, and a work that is linked by author and year."""
    mark = ', says <a href="#CITEREFKim2010">Kim (2010)</a><sup><a href="#cite_note-1">[1]</a></sup>'
    notes = (
        f'<ol class="references"><li id="cite_note-1">{LEE}</li><li><cite id="CITEREFKim2010">{KIM}</cite></li></ol>'
    )
    page = read(BODY.format(mark=mark, notes=notes), "page.html")
    assert [(one.key, one.primary.value) for one in page.notes] == [
        ("1", "10.1000/a1"),
        ("CITEREFKim2010", "10.1000/b1"),
    ]
    assert keys(page.claims[0]) == ["CITEREFKim2010", "1"]
    assert page.problems == ()


def test_mark_with_a_page_number():
    mark, notes = ' [<a href="#r1">1, p. 4</a>]', REFERENCES.format(notes=f'<p id="r1">{LEE}</p>')
    assert keys(read(BODY.format(mark=mark, notes=notes), "page.html").claims[0]) == ["r1"]


def test_range_over_a_missing_note_cites_its_ends():
    mark, notes = (
        '<sup><a href="#r1">1</a>–<a href="#r3">3</a></sup>',
        f'<ol><li id="r1">{LEE}<li id="r3" value=3>{ROE}</ol>',
    )
    page = read(BODY.format(mark=mark, notes=REFERENCES.format(notes=notes)), "page.html")
    assert keys(page.claims[0]) == ["r1", "r3"]


def test_range_of_footnotes_with_known_names():
    mark = '<sup><a href="#fn1">1</a>–<a href="#fn3">3</a></sup>'
    page = read(BODY.format(mark=mark, notes=f"<ol><li id=fn1>{LEE}<li id=fn2>{KIM}<li id=fn3>{ROE}</ol>"), "page.html")
    assert sorted(keys(page.claims[0])) == ["1", "2", "3"]


def test_mark_whose_note_is_missing_is_told():
    mark = '<sup><a href="#r1">1</a>,<a href="#r4">4</a></sup>'
    html = BODY.format(mark=mark, notes=f'<ol><li id="r1">{LEE}</ol>')
    assert keys(read(html, "page.html").claims[0]) == ["r1", "r4"]
    assert problems(html, "page.html") == ["undefined-mark"]


def test_two_notes_of_one_name_are_told():
    html = BODY.format(mark='<sup><a href="#r1">1</a></sup>', notes=f'<ol><li id="r1">{LEE}<li id="r1">{KIM}</ol>')
    assert [one.text for one in read(html, "page.html").notes] == [LEE, KIM]
    assert problems(html, "page.html") == ["duplicate-key"]


def test_last_entry_ends_with_the_page():
    page = read('<p>Lost.<sup><a href="#r1">1</a></sup><p id="r1">1. ' + LEE, "page.html")
    assert [one.text for one in page.notes] == [LEE]


def test_notes_beside_the_main_part_are_read():
    text = "<p>One.</p><p>Two.</p>"
    html = f'<main>{text}<p>Lost.<sup><a href="#r1">1</a></sup></p></main><ol><li id="r1">{LEE}</li></ol>'
    assert [one.text for one in read(html, "page.html").notes] == [LEE]


# What looks like a mark and is none: the link with the words around it, what it leads to.
NO_NOTES = {
    "figure": (' (see Figure <a href="#fig1">1</a>)', '<figure id="fig1"><img src="x"></figure>'),
    "figure by its number": (' (Figs. 1 and [<a href="#x2">2</a>])', '<p id="x2">2. Bone of mice.</p>'),
    "table": (' (Table <a href="#t1">1</a>)', '<p id="t1">1. Bone of mice.</p>'),
    "step": (", as in step [<a href='#s3'>3</a>]", '<ol start=3><li id="s3">The bone is weighed.</li></ol>'),
    "equation": (', by (<a href="#eq1">1</a>)', '<p id="eq1">(1) The mass is lost.</p>'),
    "section": ('<sup><a href="#s1">1</a></sup>', '<h3 id="s1">1 The bones</h3><p>They are many.</p>'),
    "part of the page": ('<sup><a href="#s1">1</a></sup>', '<div id="s1"><h3>One</h3><p>They are many.</p></div>'),
    "other pages": (' <a href="#p1">1</a> <a href="#p2">2</a>', '<div id="p1"><p>One.</p></div><div id="p2"><p>Two.</p></div>'),
    "table of contents": ("", '<ul><li><a href="#c1">1</a> Bones</li></ul><p id="c1">1. Bones are many.</p>'),
    "year": (', as in <a href="#y2019">2019</a>', '<p id="y2019">2019 was a warm year.</p>'),
    "letters": (': <a href="#a">A</a> <a href="#b">B</a>', REFERENCES.format(notes='<p id="a">A</p><p id="b">B</p>')),
    "word": (', see <a href="#below">below</a>', REFERENCES.format(notes='<p id="below">What is below.</p>')),
    "list of entries": ("", REFERENCES.format(notes='<ul><li><a href="#lee">Lee 2019</a></ul><p id="lee">Lee is here.</p>')),
    "all notes at once": ('<sup><a href="#n">1</a></sup> and<sup><a href="#n">2</a></sup>', '<div id="n">1. They are many.</div>'),
    "line of code": ("", '<pre><a href="#L1" id="L1">1</a> x</pre>'),
    "heading with the name of a note": (' <a href="#note-1">1</a>', '<h3 id="note-1">Note</h3><p>They are many.</p>'),
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_NOTES)
def test_other_links_are_no_marks(kind):
    mark, target = NO_NOTES[kind]
    page = read(BODY.format(mark=mark, notes=target), "page.html")
    assert page.notes == ()
    assert [keys(claim) for claim in page.claims] == [[]] * len(page.claims)
    assert page.problems == ()


PLAIN = "<h1>Bone</h1><p>Bone is lost [1]. Men lose less [2, 3]. It is [4] not known.</p><h2>References</h2>{}"
LISTS = {
    "numbered list": f"<ol><li>{LEE}</li><li>{KIM}</li><li><p>{ROE}</p></li></ol>",
    "items without ends": f"<ol start=1><li>{LEE}<li>{KIM}<li>{ROE}</ol>",
    "paragraphs": f"<p>[1] {LEE}</p><p>[2] {KIM}</p><p>[3] {ROE}</p>",
    "lines": f"<p>[1] {LEE}<br>[2] {KIM}<br/>[3] {ROE}</p>",
    "written numbers": f"<ul><li>1. {LEE}</li><li>2. {KIM}</li><li>3. {ROE}</li></ul>",
}  # fmt: skip


@pytest.mark.parametrize("form", LISTS)
def test_numbers_in_brackets_that_are_no_links(form):
    page = read(PLAIN.format(LISTS[form]), "page.html")
    assert [(one.key, one.text) for one in page.notes] == [("1", LEE), ("2", KIM), ("3", ROE)]
    assert [(one.text, keys(one)) for one in page.claims] == [
        ("Bone is lost [^1].", ["1"]), ("Men lose less [^2].", ["2", "3"]), ("It is [4] not known.", []),
    ]  # fmt: skip


def test_numbers_in_code_are_no_marks():
    page = read(PLAIN.format(LISTS["numbered list"]) + "<h2>More</h2><p>Of <code>a[1]</code>.</p>", "page.html")
    assert keys(page.claims[-1]) == []
    first = "<p>Of <code>a[1]</code> it is true.</p>"
    page = read(first + PLAIN.format(LISTS["numbered list"]), "page.html")
    assert [keys(one) for one in page.claims[:2]] == [[], ["1"]]


def test_numbers_that_name_no_entry_are_no_marks():
    page = read("<p>Of the array a[1] [7].</p><h2>References</h2><ul><li>Lee J.</li></ul>", "page.html")
    assert page.notes == ()
    assert [one.text for one in page.claims] == ["Of the array a[1] [7].", "Lee J."]


@pytest.mark.parametrize(
    ("items", "cited"),
    [
        (f"<ol><li value=3>{LEE}</li><li>{KIM}</li></ol>", ["10.1000/a1"]),
        (f"<ol><li>{LEE}</li><li value='2'>{KIM}</li><li value='x'>{ROE}</li></ol>", ["10.1000/c1"]),
        (f"<ol><li value=-3>{LEE}</li><li>{KIM}</li><li>{ROE}</li></ol>", []),
        # Nobody counts here: the last item is number 1.
        (f"<ol reversed><li>{LEE}</li><li>{KIM}</li><li>{ROE}</li></ol>", []),
    ],
)
def test_numbers_of_items_are_those_that_a_reader_sees(items, cited):
    page = read(f"<p>Bone is lost [3].</p><h2>References</h2>{items}", "page.html")
    works = {one.key: one.primary.value for one in page.notes}
    assert [works[key] for key in keys(page.claims[0])] == cited


@pytest.mark.parametrize("name", ["r", "fn", "cite_note-"])
@pytest.mark.parametrize("elsewhere", ["https://example.org/bone", "other.html", "//example.org/", "/wiki/Bone"])
def test_notes_of_other_pages_are_none_of_this_one(name, elsewhere):
    notes = f'<ol><li id="{name}1">{LEE}</li><li id="{name}2">{KIM}</li></ol>'
    other, own = f'<a href="{elsewhere}#{name}1">1</a>', f'<a href="#{name}2">2</a>'
    page = read(f"<p>Bone is lost.<sup>{other}</sup> Fat is gained.<sup>{own}</sup></p>{notes}", "page.html")
    works = {one.key: one.primary.value for one in page.notes}
    assert [[works[key] for key in keys(claim)] for claim in page.claims if keys(claim)] == [["10.1000/b1"]]


@pytest.mark.parametrize("own", ["page.html", "/bone/", "https://example.org/bone/"])
def test_notes_with_the_address_of_their_page_are_its_own(own):
    notes = f'<ol><li id="r1">{LEE}</li><li id="r2">{KIM}</li></ol>'
    marks = [f'<sup><a href="{own}#r{number}">{number}</a></sup>' for number in (1, 2)]
    page = read(
        f'<p id="top">Bone is lost.{marks[0]} Fat is gained.{marks[1]} <a href="#top">Up</a></p>{notes}', "page.html"
    )
    assert [keys(claim) for claim in page.claims][:2] == [["r1"], ["r2"]]


INTERVALS = [
    "95% CI [1, 2]", "95% CI: [1; 2]", "confidence interval = [1, 2]", "95 % CrI [1–2]", "IQR [2-3]",
    "interquartile range of [1, 3]", "range [1, 3]", "median 2, range: [1, 3]", "ranging from [1, 3]", "OR 2 [1, 3]",
    "HR = 1.5 [1, 2]", "a mean of 2% [1–3]", "odds ratio, 1·4 [1, 2]",
    "the range was [1, 2]", "Credible interval was [1, 2]", "the 95% interval [1, 2] excludes zero", "quartiles were [1, 3]",
    "The interval [1, 3] holds it", "limits of agreement [1, 2]", "quartiles: [1, 3]", "a range of [1, 3]", "the bounds are [1–3]",
    "within the interval [1, 3]", "90 % limits [1, 2]", "Confidence limits = [1, 2]", "the range (percentiles = [1, 3])",
    "values between [1, 3]", "it has a range [1, 3]", "a value ∈ [1, 3]", "scores are scaled to [1, 3]", "it lies within [1, 3]",
    "uniformly drawn from [1, 3]", "the unit interval [1, 2]", "scores lie between [1, 3]", "it was between [1, 2]",
]  # fmt: skip
# Marks behind words that are near to those of intervals.
NO_INTERVALS = [
    "In wide ranges [1, 2].", "Over a wide range [1, 2].", "In type 2 [1, 2].", "In type 1 or 2 [1, 2].", "In an OR of 2 [1], [2].", "It has an OR of 5 [1, 2].",
    "It prolongs the QT interval [1, 2].", "It falls over quartiles [1, 2].", "It is in the upper limits [1, 2].",
    "Of all, 95% of mice [1, 2].", "It has a range of effects [1, 2].", "It spans the range of men [1, 2].", "It was bound [1, 2].",
    "As shown in [1, 2].", "The data are from [1, 2].", "Values in [1, 2] were used.", "Unlike the range [2, 1].",
    "Discrepancies between [1, 2] remain.", "There is no conflict between [1, 2].", "Studies disagree between [1, 2].",
]  # fmt: skip


def numbered_page(form, text):
    """A page of the sentences in a text, which cites the works of the entries 1 to 3 by numbers in brackets."""
    entries = f"1. {LEE}\n2. {KIM}\n3. {ROE}\n"
    if form == "page.html":
        return f"<p>{text}</p><h2>References</h2>{LISTS['numbered list']}"
    return f"{text}\n\n{'References' if form == 'page.txt' else '## References'}\n\n{entries}"


FORMS_OF_PAGES = ["page.md", "page.html", "page.txt"]


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("form", FORMS_OF_PAGES)
def test_ends_of_an_interval_are_no_marks(interval, form):
    text = f"Bone is lost by 2% ({interval}) [3]. It is found in mice [1] and men [2]."
    assert [keys(one) for one in read(numbered_page(form, text), form).claims] == [["3"], ["1", "2"]]


@pytest.mark.parametrize("words", NO_INTERVALS)
@pytest.mark.parametrize("form", FORMS_OF_PAGES)
def test_marks_behind_other_numbers_and_ranges_are_read(words, form):
    claims = read(numbered_page(form, f"Bone is lost [3]. {words}"), form).claims
    assert [sorted(keys(one)) for one in claims] == [["3"], ["1", "2"]]


@pytest.mark.parametrize("form", FORMS_OF_PAGES)
def test_page_of_nothing_but_intervals_has_no_marks(form):
    page = read(numbered_page(form, "Bone is lost (95% CI [1, 2])."), form)
    assert keys(page.claims[0]) == []


def works(page, claim):
    """The works that the marks of a claim lead to."""
    found = {one.key: one.primary.value for one in reversed(page.notes)}
    return [found.get(key) for key in keys(claim)]


def told(page):
    return [(one.code, one.message) for one in page.problems if one.code != "unused-note"]


TWO_NUMBERS = 'Bone is lost.<sup><a href="#r1">1</a></sup> It is back.<sup><a href="#r1">3</a></sup> Fat.<sup><a href="#r2">2</a></sup>'
CONTESTED = (
    "`{0}` leads where marks of other numbers lead, to an entry that is not number {0}: nobody can tell what it cites"
)


@pytest.mark.parametrize(
    "notes",
    [
        f'<h2>References</h2><ol><li id="r1">{LEE}</li><li id="r2">{KIM}</li></ol>',
        f'<h2>References</h2><p id="r1">[1] {LEE}</p><p id="r2">[2] {KIM}</p>',
        f'<h2>References</h2><a name="r1"></a>1. {LEE}<br><br><a name="r2"></a>2. {KIM}<br>',
    ],
)
def test_of_two_numbers_that_lead_to_an_entry_its_own_is_read_and_the_other_told(notes):
    page = read(f"<p>{TWO_NUMBERS}</p>{notes}", "page.html")
    assert [works(page, one) for one in page.claims] == [["10.1000/a1"], [None], ["10.1000/b1"]]
    assert page.claims[1].text == "It is back.[3]"
    assert told(page) == [("undefined-mark", CONTESTED.format(3))]


def test_marks_of_two_numbers_on_an_entry_without_a_number_are_told():
    notes = f'<h2>References</h2><ul><li id="r1">{LEE}</li><li id="r2">{KIM}</li></ul>'
    page = read(f"<p>{TWO_NUMBERS}</p>{notes}", "page.html")
    assert [works(page, one) for one in page.claims] == [[None], [None], ["10.1000/b1"]]
    assert told(page) == [("undefined-mark", CONTESTED.format(number)) for number in (1, 3)]


def test_author_and_year_beside_marks_of_two_numbers_is_read():
    notes = f'<h2>References</h2><ul><li id="r1">{LEE}</li><li id="r2">{KIM}</li></ul>'
    page = read(f'<p>{TWO_NUMBERS} All say so (<a href="#r1">Lee 2019</a>).</p>{notes}', "page.html")
    assert [works(page, one) for one in page.claims][3] == ["10.1000/a1"]


SHARED = 'Bone is lost.<sup><a href="#n">1</a></sup> It is back.<sup><a href="#n">2</a></sup>'


@pytest.mark.parametrize(
    "notes",
    [f'<div id="n"><p>[1] {LEE}</p><p>[2] {KIM}</p></div>', f'<div id="n"><ol><li>{LEE}</li><li>{KIM}</li></ol></div>'],
)
def test_marks_that_lead_to_the_whole_list_are_read_by_their_numbers(notes):
    page = read(f"<p>{SHARED}</p><h2>References</h2>{notes}", "page.html")
    assert [works(page, one) for one in page.claims] == [["10.1000/a1"], ["10.1000/b1"]]
    assert page.problems == ()


def test_marks_that_lead_to_a_whole_list_without_numbers_are_told():
    page = read(f'<p>{SHARED}</p><h2>References</h2><div id="n"><p>{LEE}</p><p>{KIM}</p></div>', "page.html")
    assert [keys(one) for one in page.claims][:2] == [["1?"], ["2?"]]
    assert [one.text for one in page.claims][:2] == ["Bone is lost.[1]", "It is back.[2]"]
    assert told(page) == [("undefined-mark", CONTESTED.format(number)) for number in (1, 2)]


def test_number_on_two_entries_is_read_by_its_link():
    """Two lists that begin at 1: where a link leads is sure, whatever it shows."""
    notes = f"<h3>Books</h3><ol><li id=b1>{LEE}</ol><h3>Papers</h3><ol><li id=p1>{KIM}</ol>"
    marks = '<p>Bone is lost.<sup><a href="#b1">1</a></sup> It is back.<sup><a href="#p1">1</a></sup></p>'
    page = read(f"{marks}<h2>References</h2>{notes}", "page.html")
    assert [works(page, one) for one in page.claims] == [["10.1000/a1"], ["10.1000/b1"]]
    assert told(page) == []


def numbered(form, *parts):
    """A page that cites [1], [2] and [3] by number, and its references: the words of headings, and lists of entries."""
    said = "Bone is lost [1]. Men lose less [2]. It is back [3]."
    if form == "page.md":
        listed = "\n\n".join(
            part if isinstance(part, str) else "\n".join(f"{number}. {entry}" for number, entry in part)
            for part in parts
        )
        return f"{said}\n\n## References\n\n{listed}\n"
    listed = "".join(
        f"<h{part.count('#')}>{part.strip('# ')}</h{part.count('#')}>"
        if isinstance(part, str)
        else f"<ol start={part[0][0]}>{''.join(f'<li>{entry}</li>' for _, entry in part)}</ol>"
        for part in parts
    )
    return f"<p>{said}</p><h2>References</h2>{listed}"


SEVERAL = "`1` is the number of several entries of the references: nobody can tell which of them it cites"


@pytest.mark.parametrize("form", ["page.md", "page.html"])
def test_entries_below_sub_headings_of_references_are_read(form):
    page = read(numbered(form, "### Books", [(1, LEE), (2, KIM)], "### Papers", [(3, ROE)]), form)
    assert [works(page, one) for one in page.claims] == [["10.1000/a1"], ["10.1000/b1"], ["10.1000/c1"]]
    assert page.problems == ()


@pytest.mark.parametrize("form", ["page.md", "page.html"])
def test_number_of_two_entries_is_told_and_the_others_are_read(form):
    """Two lists that both begin at 1: nothing says which of them `[1]` names."""
    page = read(numbered(form, "### Books", [(1, LEE), (2, KIM), (3, ROE)], "### Papers", [(1, ROE)]), form)
    assert [works(page, one) for one in page.claims] == [[None], ["10.1000/b1"], ["10.1000/c1"]]
    assert ("undefined-mark", SEVERAL) in told(page)
    assert {code for code, _ in told(page)} == {"undefined-mark", "duplicate-key"}


@pytest.mark.parametrize("form", ["page.md", "page.html"])
def test_list_below_a_sub_heading_is_none_of_that_below_references_itself(form):
    page = read(numbered(form, [(1, LEE), (2, KIM)], "### Further reading", [(1, ROE)], "### More", [(3, ROE)]), form)
    assert [works(page, one) for one in page.claims][:3] == [["10.1000/a1"], ["10.1000/b1"], ["10.1000/c1"]]
    assert told(page) == []


@pytest.mark.parametrize("form", ["page.md", "page.html"])
def test_list_below_a_sub_heading_of_notes_is_none_of_references(form):
    text = numbered(form, "### Day", [(1, "We weighed the mice.")]).replace("References", "Notes")
    page = read(text, form)
    assert page.notes == ()
    assert page.claims[-1].text == "We weighed the mice."


def test_list_within_an_entry_is_part_of_it():
    entry = f"{LEE}<ol><li>with a reply: doi:10.1000/r1</li><li>and a comment</li></ol>"
    page = read(numbered("page.html", [(1, entry), (2, KIM)]), "page.html")
    assert [works(page, one) for one in page.claims] == [["10.1000/a1"], ["10.1000/b1"], []]
    assert page.notes[0].text.endswith("and a comment")
    text = numbered("page.md", [(1, f"{LEE}\n   1. with a reply: doi:10.1000/r1\n   2. and a comment"), (2, KIM)])
    page = read(text)
    assert [works(page, one) for one in page.claims] == [["10.1000/a1"], ["10.1000/b1"], []]


def test_items_that_are_all_number_1_are_counted():
    """CommonMark counts the items of a list from its first number, whatever the others say."""
    page = read(numbered("page.md", [(1, LEE), (1, KIM), (1, ROE)]))
    assert [works(page, one) for one in page.claims] == [["10.1000/a1"], ["10.1000/b1"], ["10.1000/c1"]]
    assert told(page) == []


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("Contrary to {0}, {1} found that bone falls.", ["contrasts", "supports"]),
        ("Bone falls, contradicted by {0}, {1} and {2}.", ["opposes"] * 3),
        ("Bone falls, contrary to {0}, {1}.", ["opposes"] * 2),
        ("Bone falls.{0}, {1} mTOR rises.{2}", ["supports"] * 3),
    ],
)
def test_a_comma_between_marks_divides_where_the_sentence_goes_on(text, signs):
    marks = [f'<sup><a href="#fn{number}">{number}</a></sup>' for number in (1, 2, 3)]
    notes = "".join(f'<li id="fn{number}">doi:10.1000/a{number}</li>' for number in (1, 2, 3))
    page = read(f'<p>{text.format(*marks)}</p><ol class="footnotes">{notes}</ol>', "page.html")
    assert [one.polarity.value for claim in page.claims for one in claim.citations] == signs
