"""What a note states: identifiers with roles, one primary work, design, n, p, bibliography, checks."""

from __future__ import annotations

import pytest
from reading import note, read


def roles(text):
    return {one.value: one.role.value for one in note(text).identifiers}


@pytest.mark.parametrize(
    "text",
    [
        "doi:10.1000/a1 · retraction notice: doi:10.1000/b1",
        "doi:10.1000/a1 · RETRACTED 2020; retracted by doi:10.1000/b1",
        "doi:10.1000/a1 (erratum: 10.1000/b1)",
        "doi:10.1000/a1 · corrigendum published as doi:10.1000/b1",
        "doi:10.1000/a1 · expression of concern doi:10.1000/b1",
    ],
)
def test_notices(text):
    assert roles(text) == {"10.1000/a1": "cited", "10.1000/b1": "notice"}


@pytest.mark.parametrize(
    "text",
    [
        "doi:10.1000/a1 · NOT 10.1000/b1",
        "doi:10.1000/a1 · DOI corrected from 10.1000/b1",
        "doi:10.1000/a1 (seeder had cited 10.1000/b1)",
        "doi:10.1000/a1 · incorrect DOI: 10.1000/b1",
        "doi:10.1000/a1 · previously cited as doi:10.1000/b1",
        "doi:10.1000/a1 · doi:10.1000/b1 resolves to an unrelated paper",
        "doi:10.1000/a1; 10.1000/b1 (wrong DOI)",
    ],
)
def test_denied_identifiers(text):
    assert roles(text) == {"10.1000/a1": "cited", "10.1000/b1": "denied"}


def test_denied_pmid():
    assert roles("doi:10.1000/a1 · PMID 12345678 is not the right PMID")["12345678"] == "denied"


def test_the_only_identifier_may_be_stated_wrong():
    only = note("Lee J et al. · the listed doi:10.1000/b1 resolves to an unrelated paper")
    assert only.primary is None


def test_the_first_identifier_is_not_always_the_cited_one():
    second = note("seeder had cited doi:10.1000/b1 · correct paper: doi:10.1000/a1 · rct")
    assert second.primary.value == "10.1000/a1"


@pytest.mark.parametrize(
    "text",
    [
        "doi:10.1000/a1 · preprint: 10.1101/2020.01.01.123456",
        "doi:10.1000/a1 (bioRxiv preprint 10.1101/2020.01.01.123456)",
    ],
)
def test_preprint_beside_the_article(text):
    assert roles(text) == {"10.1000/a1": "cited", "10.1101/2020.01.01.123456": "preprint"}


def test_preprint_alone_is_what_the_note_cites():
    assert note("bioRxiv preprint doi:10.1101/2020.01.01.123456").primary.value == "10.1101/2020.01.01.123456"


@pytest.mark.parametrize("words", ["see also", "reply:", "comment on", "data set", "companion paper", "candidate:"])
def test_related_works(words):
    assert roles(f"doi:10.1000/a1 · {words} doi:10.1000/b1") == {"10.1000/a1": "cited", "10.1000/b1": "related"}


def test_doi_pmid_and_pmcid_of_one_note_are_one_cited_work():
    text = "doi:10.1000/a1 · PMID 12345678 · PMC1234567 · rct"
    assert set(roles(text).values()) == {"cited"}
    assert note(text).primary.value == "10.1000/a1"


def test_doi_is_preferred_where_the_pmid_comes_first():
    assert note("PMID 12345678 · doi:10.1000/a1").primary.value == "10.1000/a1"


@pytest.mark.parametrize(
    ("text", "designs", "level"),
    [
        ("rct · n=40", ["rct"], "human"),
        ("double-blind, placebo-controlled RCT", ["rct"], "human"),
        ("in-vivo (mouse, targeted knockout)", ["in-vivo"], "animal"),
        ("in-vivo · model: healthy human volunteers", ["in-vivo"], "human"),
        ("in-vivo", ["in-vivo"], None),
        ("in-vitro/in-vivo · model: rats", ["in-vitro", "in-vivo"], "animal"),
        ("in-vitro + ex-vivo human tissue", ["in-vitro", "ex-vivo"], "cells"),
        ("observational (retrospective cohort, RNA-Seq)", ["observational", "cohort"], "human"),
        ("observational cross-sectional pilot", ["observational", "cross-sectional"], "human"),
        ("randomized · model: aged C57BL/6 mice", ["rct"], "animal"),
        ("n/a (review)", ["review"], None),
        ("systematic review and meta-analysis", ["systematic-review", "meta-analysis"], None),
        ("umbrella review", ["systematic-review"], None),
        ("mendelian-randomization", ["mendelian-randomization"], "human"),
        ("expert consensus", ["consensus"], None),
        ("in-silico", ["in-silico"], "computed"),
        ("iron-chelation case report of one man", [], None),
        ("the review process took a year", [], None),
    ],
)
def test_design_and_level(text, designs, level):
    read_note = note(f"doi:10.1000/a1 · {text}")
    assert [design.value for design in read_note.design] == designs
    assert (read_note.level and read_note.level.value) == level


def test_design_stated_in_the_title():
    stated = note('Ahmad K et al. · "Coenzyme Q10 in myopathy: a systematic review" · *Cureus* 2024')
    assert [design.value for design in stated.design] == ["systematic-review"]


@pytest.mark.parametrize(
    ("text", "n", "n_text"),
    [
        ("n=40 healthy young males (4 groups of 10)", 40, "40 healthy young males (4 groups of 10)"),
        ("n=1,635 adults (n=818 active; n=817 control)", 1635, "1,635 adults (n=818 active; n=817 control)"),
        ("n = 451,180 UK Biobank participants", 451180, "451,180 UK Biobank participants"),
        ("n=~466", 466, "~466"),
        ("n=6–17 per experiment", None, "6–17 per experiment"),
        ("n=5/group", None, "5/group"),
        ("n=64 metformin, n=83 control", None, "64 metformin, n=83 control"),
        ("n=multiple cell lines", None, "multiple cell lines"),
        ("n= (152 embryos genotyped)", None, "(152 embryos genotyped)"),
        ("no number", None, None),
    ],
)
def test_sample_size_is_a_total_or_unknown(text, n, n_text):
    stated = note(f"doi:10.1000/a1 · {text}")
    assert (stated.n, stated.n_text) == (n, n_text)


@pytest.mark.parametrize(
    ("text", "p"),
    [("p<0.001 by ANOVA", "p<0.001"), ("P = 0.02", "P = 0.02"), ("p=2.1×10⁻⁴", "p=2.1×10⁻⁴"), ("(P<10^-6)", "P<10^-6"), ("p=1e-5", "p=1e-5"),
     ("MAP <0.5", None), ("p53 <0.5", None)],
)  # fmt: skip
def test_p_as_written(text, p):
    assert note(f"doi:10.1000/a1 · {text}").p == p


@pytest.mark.parametrize(
    ("text", "authors", "journal", "year"),
    [
        ("Kim JM et al. · Aging Cell 2026", ["Kim JM"], "Aging Cell", 2026),
        ("Al Akhdar J, Yangın Yılmaz MN, Baysal K · Cells 2026;15(5):466", ["Al Akhdar J", "Yangın Yılmaz MN", "Baysal K"], "Cells", 2026),
        ("de Boer J et al. · *Science* 2002", ["de Boer J"], "Science", 2002),
        ("Narendra et al. 2008 J Cell Biol", ["Narendra"], "J Cell Biol", 2008),
        ('Goriely A, Wilkie AOM · "Paternal age" · *American Journal of Human Genetics* 90(2):175–200 · 2012',
         ["Goriely A", "Wilkie AOM"], "American Journal of Human Genetics", 2012),
        ("van der Berg M, O'Neil S-J · *Nature Metabolism* 2026-05-14", ["van der Berg M", "O'Neil S-J"], "Nature Metabolism", 2026),
        ("model: *Mus musculus* · 539 citations", [], None, None),
    ],
)  # fmt: skip
def test_bibliography(text, authors, journal, year):
    stated = note(f"doi:10.1000/a1 · {text}")
    assert (list(stated.authors), stated.journal, stated.year) == (authors, journal, year)


@pytest.mark.parametrize(
    ("text", "verified"),
    [
        ("local PDF verified 2026-05-23", {"kind": "full-text", "date": "2026-05-23"}),
        ("abstract-only verification 2026-05-20", {"kind": "abstract", "date": "2026-05-20"}),
        ("DOI confirmed via PubMed; not locally downloaded", {"kind": "identifier"}),
        ("not verified against the full PDF", None),
        ("verification pending", None),
        ("**NOT VERIFIED AGAINST FULL TEXT**", None),
        ("`verified: false` (paywalled)", None),
        ("local PDF available", None),
    ],
)
def test_verified(text, verified):
    assert note(f"doi:10.1000/a1 · {text}").verified == verified


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("**RETRACTED** 2021", True),
        ("retracted 2021 (doi:10.1000/b1)", True),
        ("this paper was retracted in 2019", True),
        ("has since been retracted", True),
        ("not retracted", False),
        ("was never retracted", False),
        ("cites a retracted study", False),
        ("checked against Retraction Watch: no notice", False),
        ("has not been retracted as of 2026", False),
    ],
)
def test_marked_retracted_is_about_the_cited_work(text, marked):
    assert note(f"doi:10.1000/a1 · {text}").marked_retracted is marked


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("[[studies/lee-2019-bone]] · n=3", "studies/lee-2019-bone"),
        ("[[studies/lee-2019-bone|Lee 2019]] · n=3", "studies/lee-2019-bone"),
        ("doi:10.1000/a1 · full notes: [[studies/lee-2019-bone#methods]]", "studies/lee-2019-bone"),
        ("[Lee 2019](studies/lee-2019-bone.md) · rct", "studies/lee-2019-bone"),
        ("komori-1997-cbfa1-null-bone · doi:10.1000/a1", "komori-1997-cbfa1-null-bone"),
        ("in-vivo · wild-type", None),
        ("doi:10.1000/a1 · see [[apoe]]", None),
    ],
)
def test_study_page(text, page):
    assert note(text).study_page == page


def test_note_in_prose():
    stated = note("Smith J, Lee K (2019). *Nature* 570:12–15. doi:10.1000/a1; RCT; n=120.")
    assert stated.primary.value == "10.1000/a1"
    assert list(stated.authors) == ["Smith J", "Lee K"]
    assert [design.value for design in stated.design] == ["rct"]
    assert stated.n == 120


def test_every_definition_is_a_note_also_unused_and_doubled_ones():
    page = read("X.[^a]\n\n[^a]: one\n[^a]: two\n[^b]: three\n")
    assert [(one.key, one.occurrence) for one in page.notes] == [("a", 0), ("a", 1), ("b", 0)]


@pytest.mark.parametrize("written", ["doi:10.5555/abc,def", "https://doi.org/10.5555/abc%E4%B8", "10.5555/abc%23def"])
def test_an_identifier_that_cannot_be_told_is_a_problem_in_its_line(written):
    page = read(f"A claim.[^k]\n\n[^k]: Lee K. Bone. 2019.\n    {written}\n")
    assert [(one.code, one.line, one.column) for one in page.problems] == [
        ("ambiguous-identifier", 4, 5 + written.find("10."))
    ]
    assert page.identifiers == page.notes[0].identifiers == ()


def test_a_problem_says_how_to_write_the_identifier():
    (problem,) = read("A claim.[^k]\n\n[^k]: doi:10.5555/abc,def\n").problems
    assert "https://doi.org/10.5555/abc%2Cdef" in problem.message
    assert note("https://doi.org/10.5555/abc%2Cdef").identifiers[0].value == "10.5555/abc,def"


def test_a_value_of_the_front_matter_is_whole():
    assert read("---\ndoi: 10.5555/abc,def\n---\n# A study\n").problems == ()


@pytest.mark.parametrize("part", ["in mice", "12-month-old male mice", "200 mice", "aged 24 months mice", "of 40 mice"])
def test_organism_in_a_part_with_number_age_or_preposition(part):
    assert note(f"rct · {part} · doi:10.1000/a1").organism == "mouse"


@pytest.mark.parametrize("part", ["in vitro", "in disease of mice models fed fat", "2011", "3 of 4 databases"])
def test_other_parts_with_a_number_or_preposition_name_no_organism(part):
    assert note(f"rct · {part} · doi:10.1000/a1").organism is None
