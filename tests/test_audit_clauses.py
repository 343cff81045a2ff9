"""Which marks of a sentence close one clause."""

from __future__ import annotations

import pytest
from growing import seconds
from reading import claims

from evidence.audit.clauses import MarkPlace, number_clauses

PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"
NOTES = "\n\n[^a]: doi:10.1000/a1\n[^b]: doi:10.1000/b1\n[^c]: doi:10.1000/c1\n"


def clauses(text):
    claim = claims(text + NOTES)[0]
    marks = [
        MarkPlace(one.note or one.identifier.value, one.note is not None, one.start, one.end) for one in claim.citations
    ]
    return number_clauses(claim.text, claim.start, marks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bone is lost.[^a]", [0]),
        ("Bone is lost.[^a][^b]", [0, 0]),
        ("Bone is lost [^a], [^b].", [0, 0]),
        ("Bone is lost [^a] and [^b].", [0, 0]),
        ("Bone is lost [^a, ^b].", [0, 0]),
        ("Bone is lost[^a] and fat is gained[^b].", [0, 1]),
        ("Bone is lost[^a], fat is gained[^b][^c].", [0, 1, 1]),
        ("Bone is lost (doi:10.1000/a1, doi:10.1000/b1).", [0, 0]),
        ("Bone is lost (PMID 11111111; PMID 22222222).", [0, 0]),
        ("Bone is lost ([Kim](https://doi.org/10.1000/a1), [Lee](https://doi.org/10.1000/b1)).", [0, 0]),
        ("Bone is lost (https://doi.org/10.1000/a1; https://doi.org/10.1000/b1).", [0, 0]),
        (f"Bone is lost ([1]({PUBMED}11111111/?dopt=Abstract), [2]({PUBMED}22222222/)).", [0, 0]),
        (f"Bone is lost ([2]({PUBMED}?term=11111111%5Buid%5D+OR+22222222%5Buid%5D)).", [0, 0]),
        ("Bone is lost (Kim 2011, doi:10.1000/a1; Lee 2012, doi:10.1000/b1).", [0, 0]),
        ("Bone is lost (Kim et al. 2011 [^a]; van der Berg et al. [^b]; Lee & Wu, 2012 [^c]).", [0, 0, 0]),
        (
            "Bone is lost (Kim J, Lee K and Wu Y 2011, *J Bone Res*, doi:10.1000/a1; Lee 2012, Nature, doi:10.1000/b1).",
            [0, 0],
        ),
        ("| Bone is lost | Kim 2011 (PMID 11111111); Lee 2012 (PMID 22222222) |", [0, 0]),
        ("| Paper | Kim 2011 (PMID 11111111) | Lee 2012 (PMID 22222222) |", [0, 1]),
        ("Bone is lost (Kim 2011 [^a]) and Lee 2012 found fat [^b].", [0, 1]),
        ("Bone is lost in Korea [^a], and in Japan [^b].", [0, 1]),
        ("Bone is lost [^a]; Runx2 falls [^b].", [0, 1]),
        ("Bone is lost in 2011 [^a], fat in 2012 [^b].", [0, 1]),
        ("Bone is lost [^a], as well as [^b].", [0, 0]),
        ("Bone is lost [^a] (see also [^b]).", [0, 0]),
        ("Bone is lost [^a] plus [^b].", [0, 0]),
        ("Bone is lost [^a] (e.g. [^b]; cf. [^c]).", [0, 0, 0]),
        ("Bone is lost [^a], also in mice [^b].", [0, 1]),
        ("[Kim](https://doi.org/10.1000/a1) lost bone; [Lee](https://doi.org/10.1000/b1) did not.", [0, 1]),
    ],
)
def test_clauses(text, expected):
    assert clauses(text) == expected


def test_marks_are_found_by_their_words_where_the_text_is_not_as_written():
    marks = [MarkPlace("1", True, 20, 80), MarkPlace("2", True, 120, 180)]
    assert number_clauses("Bone is lost[^1] and fat is gained[^2].", 0, marks) == [0, 1]
    assert number_clauses("Bone is lost[^1][^2].", 0, marks) == [0, 0]


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        ("Bone is lost[^1] and fat is gained[^2].", "12", [0, 1]),
        ("Bone is lost[^1] and fat is gained[^1].", "11", [0, 1]),
        ("In 12 mice bone is lost[^1], and 2 died[^2].", "12", [0, 1]),
        # The first is nowhere: what stands before the second is no clause of it.
        ("Bone is lost[^2].", "12", [0, 1]),
    ],
)
@pytest.mark.parametrize("begin", [0, 900])
def test_a_span_that_holds_no_mark_is_not_believed(begin, text, keys, expected):
    marks = [MarkPlace(key, True, begin + 5 * at, begin + 5 * at + 4) for at, key in enumerate(keys)]
    assert number_clauses(text, 0, marks) == expected


@pytest.mark.parametrize("unit", ["A", "Kim, ", "van de ", "Kim 2011, Aa ", "(", "[", "http", "%5", "](", "[^"])
def test_no_text_between_two_marks_takes_much_longer_than_a_plain_one(unit):
    def number(between):
        text = f"[^1]{between}[^2]"
        number_clauses(text, 0, [MarkPlace("1", True, 0, 4), MarkPlace("2", True, len(text) - 4, len(text))])

    length = 20_000
    assert seconds(number, (unit * length)[:length]) < 20 * seconds(number, ("bone is lost " * length)[:length])


def test_case_of_a_key_is_that_of_its_definition():
    marks = [MarkPlace("lee", True, 12, 18), MarkPlace("wu", True, 18, 23)]
    assert number_clauses("Bone is lost[^Lee][^WU].", 0, marks) == [0, 0]


def test_a_mark_between_two_is_no_text_of_a_clause():
    marks = [MarkPlace("1", True, 12, 16), MarkPlace("2", True, 20, 24)]
    assert number_clauses("Bone is lost[^1][^x][^2].", 0, marks) == [0, 0]


def test_mark_that_cannot_be_found_stands_for_itself():
    marks = [MarkPlace("1", True, 12, 16), MarkPlace("2", True, 900, 904)]
    assert number_clauses("Bone is lost[^1].", 0, marks) == [0, 1]
