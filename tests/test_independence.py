"""As many groups as there are studies of which no two share a laboratory, whatever the order of citations."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from evidence.audit.independence import split


@st.composite
def graphs(draw):
    """Studies, which of them share a laboratory, and the order in which they may stand for a group."""
    size = draw(st.integers(1, 8))
    links = [set() for _ in range(size)]
    for one, other in combinations(range(size), 2):
        if draw(st.booleans()):
            links[one].add(other)
            links[other].add(one)
    return links, draw(st.permutations(range(size)))


def first_choice(links, order):
    """The most studies of which no two are linked; of several such choices the first in the order, by trying all."""
    for size in range(len(order), 0, -1):
        for some in combinations(order, size):
            if not any(other in links[one] for one, other in combinations(some, 2)):
                return set(some)
    return set()


@given(graphs())
def test_there_is_a_group_for_each_study_of_the_first_largest_choice(graph):
    links, order = graph
    heads = first_choice(links, order)
    groups = split(links, order)
    assert sorted(one for group in groups for one in group) == sorted(order)
    for group in groups:
        (head,) = heads.intersection(group)
        assert set(group) - {head} <= links[head]


@given(graphs())
def test_groups_and_their_studies_are_told_in_order(graph):
    groups = split(*graph)
    assert groups == sorted(sorted(group) for group in groups)


def test_many_studies_of_one_joint_study_are_groups_of_their_own():
    """A consortium shares people with twenty laboratories, of which no two share any."""
    links = [set(range(1, 21)), *({0} for _ in range(20))]
    assert len(split(links, range(21))) == 20


def test_many_studies_of_one_laboratory_are_one_group():
    links = [set(range(30)) - {one} for one in range(30)]
    assert split(links, range(30)) == [list(range(30))]
