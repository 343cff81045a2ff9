"""Notes as curators write them: fields behind commas, in sentences, before the reference."""

from __future__ import annotations

import pytest
from reading import note


@pytest.mark.parametrize(
    "text",
    [
        "Lee 2011. doi:10.1000/s5. Erratum: doi:10.1000/s5e.",
        "Expression of concern (10.1093/ageing/afz888) issued for 10.1093/ageing/afz015.",
        "Lee 2011. doi:10.1000/s5. Erratum published in 2012.",
        "Lee 2011. doi:10.1000/s5. Erratum in: Cell 2012;1:2. PMID 22222222.",
        "doi:10.1000/s5 · rct · erratum: doi:10.1000/s5e",
    ],
)
def test_a_paper_with_an_erratum_is_no_notice(text):
    assert "notice" not in [one.value for one in note(text).design]


@pytest.mark.parametrize(
    "text",
    [
        "doi:10.1000/s5 · retraction notice · Nature 2012",
        "design: notice · doi:10.1000/s5",
        "Foo A. Erratum: Bone loss in old mice. Nature. 2012;5:1. doi:10.1000/s5",
    ],
)
def test_a_notice_that_is_cited_is_one(text):
    assert [one.value for one in note(text).design] == ["notice"]


@pytest.mark.parametrize(
    ("text", "designs"),
    [
        ("Lee M, 2011, Obes Rev, PMID 21883866, meta-analysis of 29 studies, n=119,439", ["meta-analysis"]),
        ("Lee M 2011, RCT, n=40, PMID 21883866", ["rct"]),
        ("Lee M 2011, double-blind RCT in old men, doi:10.1000/a1", ["rct"]),
        ("PMID 21883866, prospective cohort, n=40", ["cohort"]),
        ("PMID 21883866, in vitro, HeLa", ["in-vitro"]),
        ("Secondary analysis of an RCT; n=500; PMID 21883866", ["rct"]),
        ("Post hoc analysis of two randomised trials; PMID 21883866", ["rct"]),
        ("Secondary analysis of the review process; PMID 21883866", []),
        ("Lee M, Kim S. Zinc, review of old and new, in men. Lancet. 2004;363:750. doi:10.1000/a1", []),
        ("Lee M 2011, cohort effects on mood, n=40, PMID 21883866", []),
        ("Lee M 2011, review process unclear, PMID 21883866", []),
    ],
)
def test_designs_behind_commas(text, designs):
    assert [one.value for one in note(text).design] == designs


@pytest.mark.parametrize(
    ("text", "authors", "year", "journal"),
    [
        ("Lee M, 2011, Obes Rev, PMID 21883866, meta-analysis", ("Lee M",), 2011, "Obes Rev"),
        ("Lee M, Kim S, 2011, Aging Cell, doi:10.1000/a1", ("Lee M", "Kim S"), 2011, "Aging Cell"),
        ("Lee M, 2011, Nature, PMID 21883866", ("Lee M",), 2011, "Nature"),
        ("Lee M, Obes Rev, 2011, PMID 21883866", ("Lee M",), 2011, "Obes Rev"),
        ("Lee M, 2011, UK Biobank, PMID 21883866", ("Lee M",), 2011, None),
        ("Lee M, 2011, Japan, PMID 21883866", ("Lee M",), 2011, None),
        ("Lee M, 2011, Metformin, PMID 21883866", ("Lee M",), 2011, None),
        ("Lee 2011; meta-analysis; doi:10.1000/s2", ("Lee",), 2011, None),
        ("Lee et al. 2011; doi:10.1000/s2", ("Lee",), 2011, None),
        ("Lee 2011, Nature; doi:10.1000/s2", ("Lee",), 2011, "Nature"),
        (("In vitro, HeLa cells. Müller K, O'Brien P, van der Berg J. \"Title with: colon and n = 5\". "
          "Proc Natl Acad Sci USA 2001. doi:10.1000/aaa5"),
         ("Müller K", "O'Brien P", "van der Berg J"), 2001, "Proc Natl Acad Sci USA"),
        ("Meta-analysis. Lee M, Kim S. Zinc in men. Lancet. 2004;363:750. doi:10.1000/a1",
         ("Lee M", "Kim S"), 2004, "Lancet"),
        ("RCT, n=40. Lee M et al. 2004. doi:10.1000/a1", ("Lee M",), 2004, None),
        ("In vitro. Complex I, Complex II were low. doi:10.1000/a1", (), None, None),
    ],
)  # fmt: skip
def test_bibliography_of_loose_notes(text, authors, year, journal):
    stated = note(text)
    assert (stated.authors, stated.year, stated.journal) == (authors, year, journal)


@pytest.mark.parametrize(
    ("text", "organism"),
    [
        ("Study in rats (*Rattus norvegicus*), n = 8; doi:10.1000/a1", "rat"),
        ("Mouse study (C57BL/6J, n=10/group; male). PMID 21883866.", "mouse"),
        ("In silico; no wet lab; C. elegans daf-2(e1370) mutants; 10.1371/journal.pgen.1001234.g003", "nematode"),
        ("doi:10.1000/a1 · aged male C57BL/6J mice · n=12", "mouse"),
        ("doi:10.1000/a1 · zebrafish larvae", "zebrafish"),
        ("doi:10.1000/a1 · experiments in Drosophila melanogaster", "fruit fly"),
        ("Lee 2011. Conducted in healthy volunteers. doi:10.1000/a1", "human"),
        ("doi:10.1000/a1 · mice and rats", "mouse, rat"),
        ("doi:10.1000/a1 · Human disease differs", None),
        ("doi:10.1000/a1 · Mouse models of arthritis have shown benefit in 2019", None),
        ("Lee J. Of mice and men. Nature 2011;5:1. doi:10.1000/a1", None),
        ("doi:10.1000/a1 · *Yeast* 2010", None),
        ("Lee J · Yeast · 2010 · doi:10.1000/a1", None),
        ("doi:10.1000/a1 · anti-mouse antibody", None),
        ("doi:10.1000/a1 · Human Molecular Genetics 2010", None),
        ("doi:10.1000/a1 · not studied in mice", None),
        ("doi:10.1000/a1 · study in rats planned", None),
        ("doi:10.1000/a1 · no study in humans", None),
    ],
)
def test_organism_stated_in_a_part_of_its_own(text, organism):
    assert note(text).organism == organism
