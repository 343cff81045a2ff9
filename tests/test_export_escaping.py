from __future__ import annotations

import re
import unicodedata

import bibtexparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.export.escaping import (
    clean,
    escape_markup,
    escape_name,
    escape_text,
    escape_verbatim,
    is_latin,
    plain_text,
)

# All of Unicode, with halves of characters, and often what BibTeX and TeX act on.
HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("{}%$\\@#&_^~\",=<>/i-\n\x00`'? "), st.characters(categories=["Cs"]))
)
TAGGED = st.lists(st.one_of(st.sampled_from(["<i>", "</i>", "<sub>", "</sub>", "{", "}", "@a", "\\"]), HOSTILE)).map(
    "".join
)
OURS = r"\\(?:[&%#_${}]|textasciitilde\{\}|textasciicircum\{\}|textbackslash\{\}|emph\{|textbf\{|text(?:sub|super)script\{|textsc\{)"
ACCENT = r"\{\\[A-Za-z`'^~=.\"]+(?:\{[A-Za-z]\})?\}"


def read_back(value):
    """What bibtexparser reads of a file with this value in the middle of one entry and another entry behind it."""
    text = f"@article{{k1,\n  before = {{b}},\n  title = {{{value}}},\n  after = {{a}},\n}}\n\n@book{{k2,\n  title = {{t}},\n}}\n"
    library = bibtexparser.parse_string(text)
    assert [(entry.key, list(entry.fields_dict)) for entry in library.entries] == [
        ("k1", ["before", "title", "after"]),
        ("k2", ["title"]),
    ]
    assert library.failed_blocks == []
    return library.entries[0]["title"]


def depths(text):
    """Brace depth after each brace as BibTeX counts it: also behind a backslash."""
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        yield depth


def decoded(text):
    """The text that TeX prints of what `escape_text` wrote."""
    names = {"textasciitilde{}": "~", "textasciicircum{}": "^", "textbackslash{}": "\\"}
    return re.sub(r"\\(text\w+\{\}|.)|\{\}", lambda m: names.get(m[1], m[1]) if m[1] else "", text)


def without_braces(text):
    return " ".join(re.sub(r"[{}]", "", text).split())


@given(HOSTILE)
def test_text_survives_bibtexparser(text):
    assert without_braces(decoded(read_back(escape_text(text)))) == without_braces(clean(text))


@given(TAGGED)
def test_marked_text_is_one_value(text):
    value = escape_markup(text)
    assert read_back(f"{{{value}}}") == f"{{{value}}}"


@given(TAGGED)
def test_braces_balance_as_bibtex_counts_them(text):
    for value in (escape_text(text), escape_markup(text), escape_name(text, accents=True), escape_verbatim(text)):
        counted = list(depths(value))
        assert all(depth >= 0 for depth in counted)
        assert counted[-1:] in ([], [0])


@given(TAGGED)
def test_no_command_but_ours_is_active(text):
    assert "\\" not in re.sub(OURS, "", escape_markup(text))
    assert "\\" not in re.sub(f"{ACCENT}|{OURS}", "", escape_name(text, accents=True))
    assert "\\" not in escape_verbatim(text)


@given(TAGGED)
def test_no_active_character_is_left(text):
    for value in (escape_markup(text), escape_name(text)):
        assert not re.search(r"[&%#_$~^]", re.sub(OURS, "", value))


@given(HOSTILE)
def test_result_is_text_that_a_file_can_hold(text):
    for value in (
        clean(text),
        escape_markup(text),
        escape_name(text, accents=True),
        escape_verbatim(text),
        plain_text(text),
    ):
        assert value.encode("utf-8").decode("utf-8") == value
        assert not [char for char in value if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}]


@given(st.lists(HOSTILE.filter(lambda text: without_braces(clean(text)) != ""), min_size=1, max_size=4))
def test_each_name_stays_one_name(names):
    field = " and ".join(f"{escape_name(name)}, X" for name in names)
    top = re.sub(r"\\[{}]", "", field)
    while "{" in top:
        top = re.sub(r"\{[^{}]*\}", "", top)
    assert len(re.split(r"\sand\s", top)) == len(names)
    assert top.count(",") == len(names)


@given(st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F)))
def test_accents_of_a_latin_name_are_ascii(name):
    assert escape_name(name, accents=True).isascii() == is_latin(name)


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="<"), max_size=30).filter(lambda text: clean(text) == text)
)
def test_text_without_markup_is_plain(text):
    assert plain_text(text) == text


@pytest.mark.parametrize("size", [1_000, 100_000])
@pytest.mark.parametrize("unit", ["{", "}", "{}", "<i>", "</i>", "<i></i>", "@", "@ ", "-", "\\"])
def test_long_hostile_text_is_read_at_once(unit, size):
    assert isinstance(escape_markup(unit * size), str)


def test_dashes_stay_as_many_as_they_are():
    assert escape_text("p--q---r") == "p-{}-q-{}-{}-r"


def test_no_overlay_of_the_beamer_class_arises():
    assert escape_text("5%<1>") == r"5\%{}<1>"


def test_unicode_stays():
    assert escape_text("β₂ – 山田 “x” İ") == "β₂ – 山田 “x” İ"


def test_direction_marks_are_dropped():
    assert clean("a\u202eb\u2066c") == "abc"


def test_joiners_of_persian_stay():
    assert clean("می\u200cخواهم") == "می\u200cخواهم"


@pytest.mark.parametrize("name", ["WHO and Partners", "AND", "Group, Inc.", "others"])
def test_names_that_bibtex_would_split_are_braced(name):
    assert escape_name(name) == f"{{{name}}}"


@pytest.mark.parametrize(
    ("name", "written"),
    [("Łoś", r"{\L}o{\'{s}}"), ("Å", r"{\r{A}}"), ("Đorđević", r"Đorđevi{\'{c}}"), ("Jean\u2010Luc", "Jean-Luc")],
)
def test_accents_are_those_that_pandoc_reads(name, written):
    assert escape_name(name, accents=True) == written


@pytest.mark.parametrize("accents", [True, False])
def test_two_backticks_in_a_name_open_no_quotation(accents):
    assert escape_name("Smith``", accents=accents) == "Smith{``}"
    assert escape_name("x@`y", accents=accents) == "x{@}{`}y"
