"""Which marks of a sentence close one clause."""

from __future__ import annotations

import pytest
from growing import seconds
from reading import claims

from evidence.extract.clauses import number_clauses
from evidence.extract.forms.layout import Mark
from evidence.extract.places import find_places

PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"
NOTES = "\n\n[^a]: doi:10.1000/a1\n[^b]: doi:10.1000/b1\n[^c]: doi:10.1000/c1\n"


def clauses(text):
    return [one.clause for one in claims(text + NOTES)[0].citations]


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
        ("Bone is lost ([Kim 2011](https://doi.org/10.1000/a1), [Lee 2012](https://doi.org/10.1000/b1)).", [0, 0]),
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
        # A name with a year is a paper where papers are listed, and may be a country or a drug elsewhere.
        ("Rates rose in Sweden (2011)[^a], Norway (2012)[^b] and Denmark (2013)[^c].", [0, 1, 2]),
        ("Men lived on after Metformin 2000[^a], Aspirin 2000[^b].", [0, 1]),
        ("Bone is lost (see Kim 2011[^a], Lee 2012[^b] and Wu 2013[^c]).", [0, 0, 0]),
        ("Bone is lost (in Kim (2011)[^a], Lee 2012[^b]).", [0, 0]),
        ("Bone is lost, Kim 2011[^a]; Lee 2012[^b].", [0, 0]),
        ("Bone (of mice) is lost in Sweden 2011[^a], Norway 2012[^b].", [0, 1]),
        ("Bone is lost in Sweden 2011[^a], Norway 2012 ([^b]).", [0, 1]),
        ("Bone is lost (Kim 2011[^a]) and fat (Lee 2012[^b]).", [0, 1]),
        ("As Kim et al. (2011)[^a], Lee et al. (2012)[^b] saw bone lost.", [0, 0]),
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


@pytest.mark.parametrize(
    "unit", ["A", "[a]", "[[a] ", "Kim, ", "van de ", "Kim 2011, Aa ", "(", "[", "http", "%5", "](", "[^"]
)
def test_no_text_between_two_marks_takes_much_longer_than_a_plain_one(unit):
    def number(between):
        text = f"[^1]{between}[^2]"
        number_clauses(text, 0, find_places(text, 0, [Mark("1", 0, 4), Mark("2", len(text) - 4, len(text))]))

    length = 20_000
    assert seconds(number, (unit * length)[:length]) < 20 * seconds(number, ("bone is lost " * length)[:length])


A, B = "https://doi.org/10.1000/a1", "https://doi.org/10.1000/b1"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # What the words of the second link say belongs to the clause that it closes.
        ("gained in mice", "lost in men", [0, 1]),
        ("increased healthspan", "reduced cancer by 20%", [0, 1]),
        ("Mice", "also in 30 men", [0, 1]),
        ("gained in mice/rats", "lost in men/women", [0, 1]),
        ("9.5 fold", "10.5 fold", [0, 1]),
        ("20%", "30%", [0, 1]),
        ("1.5", "2.5", [0, 1]),
        ("Kim et al. 2011", "Lee et al., 2012", [0, 0]),
        ("Kim & Lee 2011", "van der Berg 2012", [0, 0]),
        ("1", "2", [0, 0]),
        ("source", "another source", [0, 1]),
        ("paper", "ref 2", [0, 0]),
        ("Full text", "link", [0, 0]),
        ("doi:10.1000/a1", "doi:10.1000/b1", [0, 0]),
        ("doi.org/10.1000/a1", "https://doi.org/10.1000/b1", [0, 0]),
        ("12345678", "PMC123456", [0, 0]),
        ("arXiv:2001.01234", "www.example.org/paper.pdf", [0, 0]),
        ("Kim 2011/2", "Lee 2012/3", [0, 0]),
        (A, B, [0, 0]),
    ],
)
@pytest.mark.parametrize("form", ["markdown", "reference", "html"])
def test_words_of_links(first, second, expected, form):
    if form == "markdown":
        text = f"Bone is [{first}]({A}) and [{second}]({B})."
        found = claims(text)[0].citations
    elif form == "reference":
        text = f"Bone is [{first}][a] and [{second}][b].\n\n[a]: {A}\n[b]: {B}\n"
        found = claims(text)[0].citations
    else:
        text = f'<p>Bone is <a href="{A}">{first}</a> and <em><a class="x" href="{B}">{second}</a></em>.</p>'
        found = claims(text, name="page.html")[0].citations
    by_work = {one.identifier.value: one.clause for one in found}
    assert [by_work["10.1000/a1"], by_work["10.1000/b1"]] == expected


@pytest.mark.parametrize(
    ("text", "first", "second", "expected"),
    [
        ("Bone is lost ({0}, {1}).", "Kim 2011", "Lee et al.", [0, 0]),
        ("Bone is lost (reviewed by {0}; see also {1}).", "Kim 2011", "O'Brien and Lee 2012", [0, 0]),
        ("Bone is lost ({0}), and fat is gained ({1}).", "Kim 2011", "Lee 2012", [0, 1]),
        ("{0} found that bone is lost, {1} that it is gained.", "Kim 2011", "Lee 2012", [0, 1]),
        # A name alone may be that of a drug, a gene or an animal, of which alone its paper is.
        ("Drugs extend life (e.g. {0}, {1}).", "Metformin", "Rapamycin", [0, 1]),
        ("Drugs extend life (e.g. {0}, {1}).", "Mice", "Women and Children", [0, 1]),
        ("Bone is made by {0} and {1}.", "RUNX2", "TNFα", [0, 1]),
        ("Bone is lost ({0}, {1}).", "Kim", "O'Brien", [0, 1]),
    ],
)
@pytest.mark.parametrize("form", ["markdown", "html"])
def test_names_in_links(text, first, second, expected, form):
    link = "[{0}]({1})" if form == "markdown" else '<a href="{1}">{0}</a>'
    said = text.format(link.format(first, A), link.format(second, B))
    found = claims(said if form == "markdown" else f"<p>{said}</p>", name="page.md" if form == "markdown" else "a.html")
    assert [one.clause for one in found[0].citations] == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("| Drug | Mice | Men |\n|---|---|---|\n| Metformin | ✓[^a] | ✗[^b] |\n", "page.md", [0, 1]),
        ("| Drug | Mice | Men |\n|---|---|---|\n| Metformin | [^a] | [^b] |\n", "page.md", [0, 1]),
        (f"| Drug | Mice | Men |\n|---|---|---|\n| X | [Kim 2011]({A}) | [Lee 2012]({B}) |\n", "page.md", [0, 1]),
        ("| Drug | Papers |\n|---|---|\n| Metformin | [^a], [^b] |\n", "page.md", [0, 0]),
        ("| Drug | Papers |\n|---|---|\n| Metformin | [^a] [[studies/lee\\|Lee 2012]] [^b] |\n", "page.md", [0, 1]),
        (
            f'<table><tr><th>Drug<th>Mice<th>Men<tr><td>Metformin<td><a href="{A}">1</a><td><a href="{B}">2</a></table>',
            "a.html",
            [0, 1],
        ),
        (
            f'<table><tr><th>Drug<th>Papers<tr><td>X<td><a href="{A}">1</a>, <a href="{B}">2</a></table>',
            "a.html",
            [0, 0],
        ),
    ],
)
def test_two_cells_are_two_clauses(text, name, expected):
    found = next(one for one in claims(text + NOTES, name=name) if one.citations)
    assert [one.clause for one in found.citations] == expected


def test_numbers_in_brackets_of_their_own():
    assert clauses(f"Bone is lost [[1]]({A}) [[2]]({B}).") == [0, 0]
    found = claims(f'<p>Bone is lost <a href="{A}">[1]</a><a href="{B}">[2]</a>.</p>', name="a.html")[0].citations
    assert [one.clause for one in found] == [0, 0]


def test_two_papers_in_one_link_close_one_clause():
    search = "https://pubmed.ncbi.nlm.nih.gov/?term=11111111%5Buid%5D+OR+22222222%5Buid%5D"
    assert clauses(f"Bone is lost [in mice]({search}).") == [0, 0]
    found = claims(f'<p>Bone is lost <a href="{search}">in mice</a>.</p>', name="a.html")[0].citations
    assert [one.clause for one in found] == [0, 0]


def test_case_of_a_key_is_that_of_its_definition():
    assert clauses("Bone is lost[^A][^B].") == [0, 0]


def test_a_mark_without_a_note_closes_its_clause_too():
    assert clauses("Bone is lost[^a][^x][^b].") == [0, 0, 0]
    assert clauses("Bone is lost[^a], fat is gained[^x], and height is kept[^b].") == [0, 1, 2]
