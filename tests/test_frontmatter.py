from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import read

from evidence.extract.forms.flatyaml import read_flat
from evidence.extract.forms.frontmatter import _parse, read_front_matter


def test_values_are_such_as_json_can_hold():
    values = read_front_matter("---\na: 2026-05-21\nb: [1, x]\nc: {d: .inf}\n1: yes\ne: null\n---\n").values
    assert values == {"a": "2026-05-21", "b": [1, "x"], "c": {"d": "inf"}, "1": True, "e": None}
    json.dumps(values)


def test_yaml_that_cannot_be_read_is_a_problem_with_its_line():
    page = read('---\ntitle: A page\nbad: "unclosed\ndoi: 10.1000/a1\n---\n\nA claim.\n')
    (problem,) = page.problems
    assert (problem.code, problem.line) == ("front-matter", 4) or problem.line in {3, 5, 6}
    assert page.title == "A page"
    assert page.claims[0].text == "A claim."


def test_front_matter_that_is_not_closed():
    assert read("---\ntitle: x\n\nA claim.\n").problems[0].code == "front-matter"


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]",
        "a: " + "[" * 5000,
        "a:\n" + "- " * 3000 + "x",
        "{" * 3000,
    ],
)
def test_bombs_are_refused(bomb):
    front = read_front_matter(f"---\n{bomb}\n---\nBody\n")
    assert front.problem is not None


@pytest.mark.parametrize("text", ["- a\n- b", "just text", "42"])
def test_yaml_that_is_no_table_is_a_problem(text):
    assert read_front_matter(f"---\n{text}\n---\n").problem is not None


def test_a_rule_in_the_body_is_no_front_matter():
    assert read("A claim.\n\n---\n\nOther claim.\n").front_matter == {}


NEWER = """---
protein_name: Gyg1
tfs: 'Mlxipl,Q8VIP2,171078.0,GTRD,chromatin immunoprecipitation assay,27924024%5Buid%5D,No

  -,-,-,GTRD; TRRUST,inferred by curator,11111111%5Buid%5D+OR+22222222%5Buid%5D,Yes'
targets: ''
---
"""


def test_newer_rows_have_no_link_and_a_last_column():
    first, second = read(NEWER, "protein.md").claims
    assert (first.interaction.regulator, first.interaction.target, first.interaction.small_scale) == (
        "Mlxipl",
        "Gyg1",
        False,
    )
    assert second.interaction.regulator == "-"
    assert second.interaction.databases == ("GTRD", "TRRUST")
    assert second.interaction.small_scale is True
    assert [one.identifier.value for one in second.citations] == ["11111111", "22222222"]


def test_rows_in_a_block_scalar_and_in_a_list():
    block = "---\ngene: X\ntargets: |\n  A,P05412,1,DB1,assay,11111111%5Buid%5D\n  B,P05413,2,DB2,assay,22222222%5Buid%5D\n---\n"
    items = "---\ngene: X\ntargets:\n  - A,P05412,1,DB1,assay,11111111%5Buid%5D\n  - B,P05413,2,DB2,assay,22222222%5Buid%5D\n---\n"
    for text in (block, items):
        assert [claim.interaction.target for claim in read(text).claims] == ["A", "B"]


_WORDS = [
    "a", "Bone", "null", "Null", "~", "true", "False", "yes", "NO", "on", "2019", "0", "007", "-5", "1.50", ".5", "1e3",
    "1_000", "0x1f", "10:20", "2020-02-29", "2020-02-30", "2021-12-31", "2020-01-01 10:00", "1088-1099", "10.1000/x(1)", "µg/m³",
    "5'-x", "it's", '"q"', '"a, b"', "'s'", "''", '""', '"a\\n"', "a: b", "a:b", "a #b", "a#b", "# c", " # c", "[a, b]", "[]", "[ ]", "[a, ]",
    "[a: b]", '["[[P]]", c]', "[1, null, 2020-01-01]", "[[a]]", "{a: 1}", "*a", "&a b", "!x", "|", ">", "%", "@", "`", "?", "? a", "-", "- a",
    "=", "<<", ",", "]", ":", "é", "\u2028", "\t", "\\", "(x)", "inf", ".inf", ".nan", "a  b", "a-", "a,", "0.5.1",
]  # fmt: skip
_SCALARS = st.one_of(
    st.sampled_from(_WORDS),
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join),
    st.text("abn[]{}:,#'\"\\ -10.~*&!|>?%µ\t", max_size=8),
)
_LINES = st.one_of(
    st.builds("{}:{}{}".format, st.sampled_from(["a", "b-c", "d_e", "null", "-f", "1", "g h", "yes"]),
              st.sampled_from([" ", " ", "  ", ""]), _SCALARS),
    st.sampled_from(["a:", "k:", "k: ", "k: # c", "", "# c", "  # c", "...x", "  more"]),
    st.builds("{}- {}".format, st.sampled_from(["", "  ", "  ", "    "]), _SCALARS),
)  # fmt: skip


@settings(max_examples=2000, deadline=None)
@given(st.lists(_LINES, max_size=6).map("\n".join), st.sampled_from(["", "\n", " # c\n"]))
def test_flat_yaml_means_what_the_parser_says(source: str, ending: str) -> None:
    source += ending
    flat = read_flat(source)
    if flat is not None:
        parsed = _parse(source)
        assert repr(flat) == repr(parsed), source


@pytest.mark.parametrize("value", _WORDS)
@pytest.mark.parametrize("frame", ["k: {}", "k: {}  # c", "k: [{}]", "k: [x, {} , y]", "k:\n- {}", "k:\n  - {}\n  - x"])
def test_flat_yaml_agrees_on_every_form_of_a_value(frame: str, value: str) -> None:
    source = frame.format(value)
    flat = read_flat(source)
    assert flat is None or repr(flat) == repr(_parse(source))
