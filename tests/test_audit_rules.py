"""Resources by co-occurrence, laboratories by authors, designs by PubMed's types."""

from __future__ import annotations

import pytest
from judging import LEE, MEYER, work

from evidence.audit.designs import choose_level, designs_of_types, designs_of_words, terms_of
from evidence.audit.groups import is_same_group, studies_of
from evidence.audit.resources import find_resources, shipped_resources
from evidence.audit.support import support_of
from evidence.records import AuthorName, Reference
from evidence.vocabulary import Design, Scheme, Status


def pmids(*values):
    return frozenset(Reference(Scheme.PMID, value) for value in values)


def found(rows):
    return {reference.value for reference in find_resources(rows)}


def test_paper_in_exactly_the_rows_of_one_label_is_its_own():
    rows = [(["GTRD"], pmids("1", "7")), (["GTRD", "HTRI"], pmids("1", "2", "8")), (["HTRI"], pmids("2", "9"))]
    assert found(rows) == {"1", "2"}


def test_label_of_one_row_gives_nothing_away():
    assert found([(["GTRD"], pmids("1", "7")), (["HTRI"], pmids("2", "8"))]) == set()


def test_paper_that_misses_one_row_of_the_label_is_not_its_own():
    rows = [(["GTRD"], pmids("1")), (["GTRD"], pmids("2")), (["X"], pmids("3"))]
    assert found(rows) == set()


@pytest.mark.parametrize(("others", "expected"), [(["7", "8", "9"], {"1"}), (["7", "8"], set())])
def test_label_of_every_row_needs_three_rows_that_cite_something_else(others, expected):
    assert found([(["GTRD"], pmids("1", other)) for other in others]) == expected


def test_shipped_table_names_the_ten_databases_behind_tflink():
    assert {reference.value for reference in shipped_resources()} >= {"29087512", "27924024", "29126285", "20211142"}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (LEE, True),
        (MEYER, False),
        ((*MEYER[:3], LEE[3]), True),
        ((LEE[0], *MEYER), False),
        ((LEE[0], LEE[1], MEYER[3]), True),
        ((AuthorName("KIM", "Ju-ho"), AuthorName("Lée", "Kay")), True),
    ],
)
def test_same_group(other, same):
    assert is_same_group(LEE, other) is same


def named(families):
    return [AuthorName(one, "A") for one in families.split()]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        # Three of seven are less than half of them, and enough; two of five are neither.
        ("Kim Lee Wu Cho Park Ito Abe", "Kim Lee Wu Vogel Fuchs Ricci Bruno", True),
        ("Kim Lee Wu Cho Park Ito Abe", "Kim Lee Conti Vogel Fuchs Ricci Bruno", False),
        ("Kim Lee Wu Cho Park", "Kim Lee Vogel Fuchs Ricci", False),
        # Half of the shorter list, and one less.
        ("Kim Lee Wu Cho", "Kim Lee Vogel Fuchs Ricci Bruno", True),
        ("Kim Lee Wu Cho", "Kim Vogel Fuchs Ricci Bruno Conti", False),
        # The last author of both, among many.
        ("Wu Cho Park Ito Abe Kim", "Vogel Fuchs Ricci Bruno Conti Kim", True),
        ("Kim Wu Cho Park Ito Abe", "Vogel Fuchs Ricci Bruno Conti Kim", False),
        # Three of one name are three people, of whom the other list has one.
        ("Kim Kim Kim Wu Cho Park Ito Abe", "Kim Vogel Fuchs Ricci Bruno Conti Meyer Weber", False),
    ],
)
def test_limits_of_one_laboratory(one, other, same):
    assert is_same_group(named(one), named(other)) is same
    assert is_same_group(named(other), named(one)) is same


@pytest.mark.parametrize(("given", "same"), [("J", True), ("Jun", True), (None, True), ("K", False)])
def test_people_of_one_family_are_told_apart_by_an_initial_that_both_have(given, same):
    assert is_same_group([AuthorName("Kim", "J")], [AuthorName("Kim", given)]) is same


def test_orcid_decides_before_the_name():
    one = (AuthorName("Wang", "L", "0000-0001-0000-0001"),)
    other = (AuthorName("Wang", "L", "0000-0002-0000-0002"),)
    assert is_same_group(one, other) is False


def test_no_list_on_one_side_tells_of_no_shared_laboratory():
    assert is_same_group([], LEE) is False
    assert is_same_group(LEE, []) is False


def test_names_of_which_no_letter_is_known_are_nobody():
    one, other = ([*named(middle), AuthorName("?", "?")] for middle in ("Kim Wu Cho Park", "Kim Vogel Fuchs Ricci"))
    assert is_same_group(one, other) is False


def test_work_named_twice_is_one_study():
    assert studies_of([work("a", study=frozenset())] * 2) == [[work("a", study=frozenset())]]


def test_chain_of_relations_is_one_study():
    works = [work("a", study=frozenset("12")), work("b", study=frozenset("34")), work("c", study=frozenset("23"))]
    assert len(studies_of(works)) == 1


@pytest.mark.parametrize(
    ("types", "mesh", "designs"),
    [
        (["Journal Article"], [], []),
        (["Letter"], ["Humans"], []),
        (["Journal Article", "Randomized Controlled Trial"], ["Humans"], ["rct"]),
        (["Clinical Trial, Phase II"], [], ["rct"]),
        (["Clinical Trial, Veterinary"], ["Animals", "Dogs"], ["in-vivo"]),
        (["Randomized Controlled Trial, Veterinary"], [], ["in-vivo"]),
        (["Observational Study, Veterinary", "Observational Study"], ["Animals", "Humans"], ["in-vivo"]),
        (["Clinical Trial", "Clinical Trial, Veterinary"], ["Animals", "Dogs"], ["in-vivo"]),
        (["Twin Study"], ["Humans"], ["observational"]),
        (["News"], ["Humans"], ["comment"]),
        (["Journal Article"], ["Humans", "MCF-7 Cells"], ["in-vitro"]),
        (["Review", "Systematic Review"], [], ["systematic-review"]),
        (["Retraction of Publication"], [], ["notice"]),
        (["Journal Article"], ["Animals", "Mice"], ["in-vivo"]),
        (["Journal Article"], ["Humans", "Cell Line"], ["in-vitro"]),
        (["Journal Article"], ["Animals", "Humans"], []),
    ],
)
def test_designs_of_pubmed(types, mesh, designs):
    assert [design.value for design in designs_of_types(types, mesh)] == designs


@pytest.mark.parametrize(
    ("designs", "organism", "mesh", "level"),
    [
        ([Design.RCT], None, [], "human"),
        ([Design.RCT], "mouse", [], "animal"),
        ([Design.RCT], None, ["Animals", "Mice"], "animal"),
        ([Design.IN_VIVO], "human", [], "human"),
        ([Design.IN_VIVO], None, [], "unknown"),
        ([], None, ["Humans"], "human"),
        ([], None, ["Humans", "Animals"], "mixed"),
        ([Design.REVIEW], None, [], "unknown"),
    ],
)
def test_level(designs, organism, mesh, level):
    assert choose_level(designs, organism, mesh).value == level


@pytest.mark.parametrize("mesh", [[], ["Animals", "Dogs"], ["Animals", "Humans"]])
def test_veterinary_trial_is_of_animals(mesh):
    types = ["Randomized Controlled Trial, Veterinary"]
    assert choose_level(designs_of_types(types, mesh), None, terms_of(types, mesh)).value == "animal"


def test_statuses_by_what_stands_behind_them():
    order = (
        "retracted unresolved uncited contradicted resource-only review-only synthesis single-study single-group "
        "multi-study replicated replicated-in-human"
    )
    assert sorted(map(Status, sorted(order.split())), key=support_of) == [Status(one) for one in order.split()]


def test_designs_of_a_study_page():
    assert designs_of_words(["rct", "in vivo"]) == (Design.RCT, Design.IN_VIVO)
    assert designs_of_words(None) == ()
