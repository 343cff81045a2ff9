"""Raised numbers without links cite a numbered list of references; powers, isotopes and affiliations cite nothing."""

from __future__ import annotations

import pytest
from growing import seconds
from reading import keys, read

LEE, KIM, ROE = "Lee J. doi:10.1000/a1", "Kim S. doi:10.1000/b1", "Roe A. doi:10.1000/c1"
FORMS = ["page.md", "page.html"]


def page_of(form, *paragraphs, entries=(LEE, KIM, ROE)):
    if form == "page.md":
        body = "\n\n".join(paragraphs)
        listed = "\n".join(f"{number}. {entry}" for number, entry in enumerate(entries, 1))
        return read(f"{body}\n\n## References\n\n{listed}\n", form)
    body = "".join(f"<p>{one}</p>\n" for one in paragraphs)
    return read(f"{body}<h2>References</h2><ol>{''.join(f'<li>{one}</li>' for one in entries)}</ol>", form)


def cited(page):
    return [keys(one) for one in page.claims]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bone is lost.<sup>1</sup> It is back.<sup>2,3</sup>", [["1"], ["2", "3"]]),
        ("Bone is lost.<sup>1–3</sup> It is back.", [["1", "2", "3"], []]),
        ("Bone is lost<sup>1</sup>. It is back<sup>2, 3</sup>.", [["1"], ["2", "3"]]),
        ("Bone is lost in mice,<sup>1</sup> and in men.<sup>2</sup>", [["1", "2"]]),
        ("Bone is lost in <em>Drosophila</em><sup>1</sup> and (in mice)<sup>2</sup>.", [["1", "2"]]),
        ("Bone is lost. <sup>1</sup> It is back. <sup>2</sup>", [["1"], ["2"]]),
        ("Bone is lost <sup>1</sup>. It is back <sup>2</sup>.", [["1"], ["2"]]),
        ("“Bone is lost.”<sup>1</sup> It is back (Lee 2019)<sup>2</sup>.", [["1"], ["2"]]),
        ("Bone is lost by 45%.<sup>1</sup> At p &lt; 0.05.<sup>2</sup>", [["1"], ["2"]]),
        ("Bone is lost by AMPK<sup>1,2</sup>.", [["1", "2"]]),
        ("Bone is lost.<sup>1&ndash;3</sup> It is back.", [["1", "2", "3"], []]),
        ("Bone is lost.<sup>1&#8211;3</sup> It is back.", [["1", "2", "3"], []]),
        ("Bone is lost.<sup>1−3</sup> It is back.", [["1", "2", "3"], []]),
        ("Bone is lost.<sup>2,&nbsp;3</sup> It is back.", [["2", "3"], []]),
        ("Bone is lost.<sup>(2)</sup> It is back<sup>(1, 3)</sup>.", [["2"], ["1", "3"]]),
        ("Bone is lost.<sup>*3*</sup> It is back.<sup>_2_</sup>", [["3"], ["2"]]),
        ("Bone is lost.¹ It is back.²,³", [["1"], ["2", "3"]]),
        ("Bone is lost.¹⁻³ It is back.", [["1", "2", "3"], []]),
        ("Bone is lost in mice,¹ and in men².", [["1", "2"]]),
        ("Bone is lost.¹ Fat is at 30 kg/m² or 10³ cells. Ca²⁺ falls.", [["1"], [], []]),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_raised_numbers_cite(form, text, expected):
    page = page_of(form, text)
    assert cited(page) == expected
    assert [one.key for one in page.notes] == ["1", "2", "3"]
    assert "undefined-mark" not in {one.code for one in page.problems}


@pytest.mark.parametrize("form", FORMS)
def test_marks_are_no_words_of_claims_in_html_and_stay_as_written_in_markdown(form):
    page = page_of(form, "Bone is lost.<sup>2</sup> It is back.")
    shown = "Bone is lost.<sup>2</sup>" if form == "page.md" else "Bone is lost.[^2]"
    assert [one.text for one in page.claims] == [shown, "It is back."]


# Behind a sentence that cites, so that the page is one of raised marks.
@pytest.mark.parametrize(
    "words",
    [
        "10<sup>2</sup> cells", "10 <sup>2</sup> cells", "x × 10<sup>3</sup>.", "5 m<sup>2</sup>.", "30 kg/m<sup>2</sup>,", "5 cm.<sup>2</sup>",
        "10 inches<sup>2</sup>.", "r<sup>2</sup> = 0.5", "χ<sup>2</sup>", "eta<sup>2</sup>.", "log<sup>2</sup> changes", "I<sup>2</sup>,",
        "the isotope <sup>3</sup>H", "fed (<sup>2</sup>H<sub>2</sub>O),", "a mass, <sup>3</sup>He,", "Ca<sup>2+</sup>.", "CO<sup>2</sup>.",
        "age<sup>2</sup>,", "weight/height<sup>2</sup>.", "(a + b)<sup>2</sup>.", "depth<sup>2</sup> = 4", "Thr<sup>3</sup>.", "serine<sup>3</sup>.",
        "CD4<sup>3</sup>.", "cm<sup>-1</sup>.", "the 1<sup>st</sup>", "AMPK<sup>2</sup>.", "sp<sup>3</sup>.", "bone<sup>2</sup>/fat",
        "of (10)<sup>3</sup>.", "5 m².", "x × 10³.", "r² = 0.5", "Ca²⁺.", "cm⁻².", "the isotope ³H", "(²H₂O),", "weight/height².", "Thr³.",
        "10<sup>&minus;3</sup>.", "f<sup>(2)</sup>.", "cm<sup>&minus;2</sup>.",
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", FORMS)
def test_powers_isotopes_and_sites_cite_nothing(form, words):
    page = page_of(form, "Bone is lost.<sup>1</sup>", f"It is known of {words}")
    assert cited(page) == [["1"], []]


@pytest.mark.parametrize(("form", "code"), [("page.md", "`{}`"), ("page.html", "<code>{}</code>")])
@pytest.mark.parametrize("written", ["x.<sup>2</sup>", "done.²"])
def test_raised_numbers_in_code_cite_nothing(form, code, written):
    assert cited(page_of(form, "Bone is lost.<sup>1</sup>", f"It is {code.format(written)}")) == [["1"], []]


@pytest.mark.parametrize("form", FORMS)
def test_raised_signs_of_authors_and_labels_cite_nothing(form):
    labels = "¹ University of Ulm. ² Hospital of Bonn, Germany."
    assert cited(page_of(form, "Jin Lee¹, Sun Kim¹,² and Ann van Roe²", labels, "Bone is lost.³"))[-1] == ["3"]


@pytest.mark.parametrize("form", FORMS)
def test_numbers_of_affiliations_cite_nothing(form):
    authors = "Jin Lee<sup>1</sup>, Sun Kim<sup>1,2</sup> and Ann van Roe, MD,<sup>3</sup>"
    labels = "<sup>1</sup> University of Ulm. <sup>2</sup> Hospital of Bonn, Germany."
    page = page_of(form, authors, labels, "Bone is lost.<sup>1</sup>")
    assert cited(page)[-1] == ["1"]
    assert not any(one for one in cited(page)[:-1])
    assert "undefined-mark" not in {one.code for one in page.problems}


@pytest.mark.parametrize("form", FORMS)
def test_number_of_a_note_on_the_page_is_told(form):
    page = page_of(form, "Bone is lost.<sup>1</sup> It is back.<sup>2</sup>", "<sup>1</sup> In mice alone.")
    assert cited(page) == [["1?"], ["2"], []]
    message = "`1` is the number of a note on the page and of an entry of the references: nobody can tell what it cites"
    assert [one.message for one in page.problems if one.code == "undefined-mark"] == [message]


@pytest.mark.parametrize("form", FORMS)
def test_page_that_cites_in_brackets_has_no_raised_marks(form):
    assert cited(page_of(form, "Bone is lost [1].", "It is back.<sup>2</sup>")) == [["1"], []]


@pytest.mark.parametrize("form", FORMS)
def test_one_number_in_brackets_does_not_turn_off_raised_marks(form):
    page = page_of(form, "Bone is lost.<sup>1,2</sup> It is back.<sup>3</sup>", "It is as in [2].")
    assert cited(page) == [["1", "2"], ["3"], ["2"]]


@pytest.mark.parametrize("form", FORMS)
def test_one_number_in_brackets_beside_powers_makes_no_marks_of_them(form):
    page = page_of(form, "Bone is lost [1]. It is 5 m<sup>2</sup> and 10<sup>3</sup> cells.")
    assert cited(page) == [["1"], []]


@pytest.mark.parametrize("form", FORMS)
def test_signs_of_the_notes_of_a_table_are_no_marks_where_a_page_cites_in_brackets(form):
    page = page_of(form, "Bone is lost [3].", "Bone mass differs.<sup>1</sup> Means are given.<sup>2</sup>")
    assert [key for one in cited(page) for key in one] == ["3"]


@pytest.mark.parametrize("form", FORMS)
def test_one_raised_number_behind_a_word_is_too_little(form):
    entries = [f"Lee J. doi:10.1000/a{number}" for number in range(9)]
    page = page_of(form, "Bone has a volume<sup>3</sup> of its own.", entries=entries)
    assert not any(one for one in cited(page)[:1])
    assert [one.key for one in page.notes] == []


@pytest.mark.parametrize("form", FORMS)
def test_numbers_that_two_entries_have_are_told(form):
    listed = "### Books\n\n1. {0}\n2. {1}\n\n### Papers\n\n1. {2}\n" if form == "page.md" else (
        "<h3>Books</h3><ol><li>{0}<li>{1}</ol><h3>Papers</h3><ol><li>{2}</ol>"
    )  # fmt: skip
    head = "## References\n\n" if form == "page.md" else "<h2>References</h2>"
    text = f"Bone is lost.<sup>1</sup> It is back.<sup>2</sup>\n\n{head}{listed.format(LEE, KIM, ROE)}"
    assert cited(read(text, form))[:2] == [["1?"], ["2"]]


def test_raised_links_to_the_list_itself_are_read_by_their_numbers():
    marks = 'Bone is lost.<sup><a href="#refs">1</a></sup> It is back.<a href="#refs"><sup>2</sup></a>'
    html = f'<p>{marks}</p><h2 id="refs">References</h2><ol><li>{LEE}</li><li>{KIM}</li></ol>'
    assert cited(read(html, "page.html")) == [["1"], ["2"]]


def test_raised_numbers_of_a_row():
    rows = "<tr><th>Drug<th>Effect</tr><tr><td>Rapamycin<sup>1</sup><td>longer life<sup>2</sup></tr>"
    html = (
        f"<p>It is known.<sup>3</sup></p><table>{rows}</table><h2>References</h2><ol><li>{LEE}<li>{KIM}<li>{ROE}</ol>"
    )
    assert cited(read(html, "page.html")) == [["3"], ["1", "2"]]


@pytest.mark.parametrize(
    "piece", ["<sup>1</sup>", "a.<sup>1</sup> ", "<sup>1, ", "\n<sup>1</sup>", "<sup>(", "a.¹ ", "¹,", ".¹", "¹"]
)
@pytest.mark.parametrize("form", FORMS)
def test_time_grows_with_the_page(piece, form):
    short, long = piece * (200 // len(piece)), piece * (1600 // len(piece))
    assert seconds(lambda body: page_of(form, body), long) < 3 * 8 * seconds(lambda body: page_of(form, body), short)
