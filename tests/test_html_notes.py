"""Notes of HTML pages say what their Markdown says: links to study pages and notes, struck words, powers."""

from __future__ import annotations

import pytest
from reading import read

from evidence.config import VaultSettings
from evidence.extract.forms.html import read_html
from evidence.extract.notes.studies import StudyIndex, link_studies, read_study
from evidence.standalone import extract_all

SMITH = read_study("studies/smith-2020.md", {"doi": "10.1000/smith2020"})
SPACED = read_study("studies/Smith & Lee 2020.md", {"doi": "10.1000/both2020"})
STUDIES = StudyIndex([SMITH, SPACED])


def page_of(note: str, claim: str = "Bone is lost."):
    html = f'<p>{claim}<a href="#fn1">1</a></p><ol><li id="fn1"><p>{note} <a href="#fnref1">↩</a></p></li></ol>'
    return link_studies(read(html, "wiki/page.html"), STUDIES)


def note_of(note: str):
    return page_of(note).notes[0]


@pytest.mark.parametrize(
    "attributes",
    [
        'href="studies/smith-2020.md"',
        'href="./studies/smith-2020.md"',
        'href="../studies/smith-2020.md"',
        'href="/studies/smith-2020.md"',
        'href="studies/smith-2020.md#results"',
        'href="/lee/vault/blob/main/studies/smith-2020.md"',
        'href="studies/smith-2020"',
        'href="/studies/smith-2020"',
        'href="/studies/smith-2020/"',
        'href="/vault/studies/smith-2020/"',
        'href="../../studies/smith-2020/"',
        'href="studies/smith-2020.html"',
        'href="../studies/smith-2020/index.html"',
        'href="../studies/smith-2020/index"',
        'href="studies/Smith-2020?x=1#a"',
        'class="internal-link" data-href="studies/smith-2020" href="studies/smith-2020.html"',
        'data-href="smith-2020" href="smith-2020" class="internal-link" target="_blank" rel="noopener"',
        'href="../studies/smith-2020" class="internal alias" data-slug="studies/smith-2020"',
        'class="internal" href="../studies/smith-2020"',
        'href="smith-2020.html"',
        'href="../smith-2020/"',
        'href="/wiki/studies/smith-2020.html" title="Smith"',
        "href=studies/smith-2020",
    ],
)
def test_link_to_a_study_page_gives_its_work(attributes):
    page = page_of(f"<a {attributes}>Smith 2020</a>")
    assert (page.notes[0].primary.value, page.notes[0].primary.via) == ("10.1000/smith2020", "study-page")
    assert page.problems == ()


@pytest.mark.parametrize(
    "attributes",
    [
        'href="studies/Smith%20%26%20Lee%202020.md"',
        'href="studies/Smith &amp; Lee 2020.html"',
        'class="internal-link" data-href="studies/Smith &amp; Lee 2020" href="studies/Smith+%26+Lee+2020"',
        'href="/studies/smith--lee-2020"',
        'href="/studies/smith-&-lee-2020/" class="internal"',
    ],
)
def test_link_to_a_page_with_spaces_in_its_name(attributes):
    assert note_of(f"<a {attributes}>Smith and Lee</a> · rct").primary.value == "10.1000/both2020"


@pytest.mark.parametrize(
    "attributes",
    ['href="studies/nope-2021.md"', 'href="/studies/nope-2021/"', 'href="../studies/nope-2021" class="internal"'],
)
def test_link_to_a_study_page_that_does_not_exist_is_a_problem(attributes):
    page = page_of(f"<a {attributes}>Nope 2021</a>")
    assert page.notes[0].primary is None
    assert [one.code for one in page.problems] == ["dangling-study-page"]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="#studies/smith-2020">Smith 2020</a>',
        '<a href="https://example.org/studies/smith-2020">Smith 2020</a>',
        '<a href="//example.org/studies/smith-2020">Smith 2020</a>',
        '<a href="mailto:studies/smith-2020">Smith 2020</a>',
        '<a href="studies/smith-2020.pdf">Smith 2020</a>',
        '<a href="studies/smith-2020.png"><img src="studies/smith-2020.png"></a>',
        '<a href="/assets/studies/smith-2020">Smith 2020</a>',
        '<a href="../tags/studies/x" class="internal tag-link">studies</a>',
        '<a href="/wiki/Nature_(journal)" title="Nature">Nature</a>',
        '<a href="/blog/my-post-2020/">My post</a>',
        "<a>Smith 2020</a>",
    ],
)
def test_other_links_are_of_no_study(link):
    page = page_of(f"{link} was first.")
    assert page.notes[0].study_page is None
    assert "[[" not in page.notes[0].text
    assert page.problems == ()


def test_links_that_say_nothing_of_themselves_count_as_those_of_markdown():
    page = page_of('See <a href="../smith-2020/">Smith 2020</a>.')
    assert page.notes[0].primary.value == "10.1000/smith2020"


def test_note_that_only_points_at_another_has_its_work():
    html = (
        '<p>A.<a href="#fn1">1</a> B.<sup><a href="#fn-b">2</a></sup></p><ol><li id="fn1">doi:10.1000/a1</li>'
        '<li id="fn-b">See <sup><a href="#fn1">1</a></sup>.</li></ol>'
    )
    notes = read(html, "page.html").notes
    assert [note.text for note in notes] == ["doi:10.1000/a1", "See [^1]."]
    assert [note.primary.value for note in notes] == ["10.1000/a1", "10.1000/a1"]


def test_note_that_ends_with_a_mark_keeps_it_whole():
    html = '<ol><li id="fn1">doi:10.1000/a1</li><li id="fn2"><p>Lee, see <a href="#fn1" class="x">1</a></p></li></ol>'
    assert read(html, "page.html").notes[1].text == "Lee, see [^1]"


def test_pages_of_files_find_their_studies(tmp_path):
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "smith-2020.md").write_text("---\ndoi: 10.1000/smith2020\n---\n")
    note = (
        '<p>Lost.<a href="#fn1">1</a></p><ol><li id="fn1"><a href="../studies/smith-2020.html">Smith 2020</a></li></ol>'
    )
    (tmp_path / "page.html").write_text(note)
    (page,) = extract_all([tmp_path / "page.html"], VaultSettings(), root=tmp_path)
    assert page.notes[0].primary.value == "10.1000/smith2020"


# --- struck words -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["del", "s", "strike", 'del datetime="2020"'])
def test_struck_words_are_told_apart(name):
    html = f'<ol><li id="fn1">Lee. <{name}>10.1000/a17</{name.split()[0]}> 10.1000/a18</li></ol>'
    layout = read_html(html)
    assert "~~10.1000/a17~~" in layout.text
    assert len(layout.text) == len(html)
    (note,) = read(html, "page.html").notes
    assert note.text == "Lee. ~~10.1000/a17~~ 10.1000/a18"
    assert [html[one.start : one.end] for one in note.identifiers] == ["10.1000/a17", "10.1000/a18"]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("It <del> rises </del>falls.", "It ~~rises~~ falls."),
        ("It <s>rises</s>, falls.", "It ~~rises~~, falls."),
        ("<del>It rises.</del>", "~~It rises.~~"),
        ("<b>It</b> <s>rises", "It ~~rises"),
        ("<s><b>It</b> rises</s>", "~~It rises~~"),
        ("It <ins>rises</ins>.", "It rises."),
        ("It <strong>rises</strong> <span>again</span>.", "It rises again."),
    ],
)
def test_struck_words_of_a_claim(html, words):
    assert [claim.text for claim in read(f"<p>{html}</p>", "page.html").claims] == [words]


def test_struck_sentences_are_claims_of_their_own():
    html = "<p><s>It rises.</s> <s>It falls.</s> It stays.</p>"
    claims = read(html, "page.html").claims
    assert [claim.text for claim in claims] == ["~~It rises.~~", "~~It falls.~~", "It stays."]
    assert html[claims[0].start : claims[0].end] == "<s>It rises.</s>"


def test_struck_note_is_struck_from_end_to_end():
    html = '<ol><li id="fn1"><p><s>10.1000/a17</s></p></li></ol>'
    (note,) = read(html, "page.html").notes
    assert note.text == "~~10.1000/a17~~"
    assert html[note.start : note.end] == "<s>10.1000/a17</s>"


def test_stop_in_bold_ends_its_sentence():
    html = "<p>It harms <strong>the Leydig cell.</strong>\nThe enzymes leak. <b>It ends.</b></p>"
    claims = read(html, "page.html").claims
    assert [claim.text for claim in claims] == ["It harms the Leydig cell.", "The enzymes leak.", "It ends."]


def test_journal_of_a_note_is_that_of_the_markdown():
    note = note_of("Kassaw NA et al. · <em>Nutrition, Metabolism and\nCardiovascular Diseases</em> 2026 · n=40")
    assert (note.journal, note.year) == ("Nutrition, Metabolism and Cardiovascular Diseases", 2026)
    note = note_of(
        'Smith J. "A study of bone". <i><a href="/wiki/Nature" title="Nature">Nature</a></i> 2020. doi:10.1000/x1'
    )
    assert note.text == 'Smith J. "A study of bone". *Nature* 2020. doi:10.1000/x1'


def test_a_struck_paragraph_is_one_claim():
    page = read("<del><p>It rises.</p></del><p>It falls.</p>", "page.html")
    assert [claim.text.strip("~") for claim in page.claims] == ["It rises.", "It falls."]


# --- powers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("We took 10<sup>5</sup> cells.", "We took 10^5 cells."),
        ("At p = 2×10<sup>-8</sup> it rises.", "At p = 2×10^-8 it rises."),
        ("At p = 2×10<sup>&minus;8</sup> it rises.", "At p = 2×10^−8 it rises."),
        ("At 10<sup><b>5</b></sup> it rises.", "At 10^5 it rises."),
        ("At <b>10</b><sup>5</sup> it rises.", "At 10^5 it rises."),
        ('At 10<sup class="x">5</sup>3 it rises.', "At 10^5 3 it rises."),
        ("At log<sub>10</sub>5 it rises.", "At log_10 5 it rises."),
        ("The 5<sup>th</sup> of H<sub>2</sub>O and m<sup>2</sup>.", "The 5th of H2O and m2."),
        ("CD4<sup>+</sup> cells and <sup>14</sup>C rise.", "CD4+ cells and 14C rise."),
        ('We took 5<sup><a href="#fn1">1</a></sup> cells.', "We took 5[^1] cells."),
    ],
)
def test_raised_numbers_make_no_other_number(html, words):
    note = '<ol><li id="fn1">doi:10.1000/a1</li></ol>'
    assert [claim.text for claim in read(f"<p>{html}</p>{note}", "page.html").claims] == [words]


def test_powers_of_a_note():
    note = note_of("10.1000/x1<sup>2</sup> · n = 10<sup>5</sup> cells · p = 2×10<sup>-8</sup>")
    assert note.text.endswith("n = 10^5 cells · p = 2×10^-8")
    assert note.n_text == "10^5 cells"
    assert note.p == "p = 2×10^-8"
    assert note.primary.value == "10.1000/x1"


@pytest.mark.parametrize("name", ["del", "s", "strike"])
def test_a_struck_identifier_is_denied(name):
    note = note_of(f"Lee 2019. <{name}>10.1093/ageing/afz017</{name}> 10.1093/ageing/afz018")
    assert [one.role for one in note.identifiers] == ["denied", "cited"]
    assert note.primary.value == "10.1093/ageing/afz018"
