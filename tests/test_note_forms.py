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
    ("text", "designs"),
    [
        ("global systematic review + meta-analysis; 49 studies", ["systematic-review", "meta-analysis"]),
        ("updated systematic review & meta-analysis", ["systematic-review", "meta-analysis"]),
        ("Cochrane review / network meta-analysis", ["systematic-review", "meta-analysis"]),
        ("umbrella meta-analysis", ["meta-analysis"]),
        ("dose-response meta-analysis of 12 cohorts", ["meta-analysis"]),
        ("individual-participant-data meta-analysis", ["meta-analysis"]),
        ("IPD meta-analysis", ["meta-analysis"]),
        ("Bayesian network meta-analysis and systematic review", ["meta-analysis", "systematic-review"]),
        ("living systematic review (PROSPERO)", ["systematic-review"]),
        ("cross-cohort meta-analysis (37 studies)", ["meta-analysis"]),
        ("All of Us (n=242,494; US) + UK Biobank (n=679,972) meta-analysis", ["meta-analysis"]),
        ("multi-centre double-blind phase II RCT", ["rct"]),
        ("double-masked, sham-controlled RCT", ["rct"]),
        ("real-life summer exposure RCT (taught vs control)", ["rct"]),
        ("small pilot RCT", ["rct"]),
        ("rct-secondary-analysis", ["rct"]),
        ("exploratory subgroup analysis of CANTOS RCT", ["rct"]),
        ("post hoc DNAm analysis of CALERIE Phase 2 RCT (NCT00427193)", ["rct"]),
        ("sex-stratified sub-analysis of KiSel-10 RCT cohort (n=443)", ["rct", "cohort"]),
        ("pre-specified exploratory genomic substudy within rct (CANTOS)", ["rct"]),
        ("cohort-study", ["cohort"]),
        ("pooled prospective cohort", ["cohort"]),
        ("nationwide register-based cohort study", ["cohort"]),
        ("brief report / case-control", ["case-control"]),
        ("neuroferritinopathy iron-chelation case report", ["case-report"]),
        ("n=1 (case report)", ["case-report"]),
        ("multi-lab in-vivo study", ["in-vivo"]),
        ("patient-tissue + in-vitro assays", ["in-vitro"]),
        ("working-group consensus", ["consensus"]),
        ("evidence-based consensus statement", ["consensus"]),
        ("design: evidence-based clinical practice guideline", ["guideline"]),
        ("ferroptosis review", ["review"]),
        ("trial protocol/review", ["review"]),
        ("letter/commentary", ["comment"]),
        ("perspectives article", ["editorial"]),
        ("book review / opinion", ["editorial"]),
        # What is denied, another work's, a journal, a step of work or a finding is no design of the note's work.
        ("not a systematic review", []),
        ("no RCT", []),
        ("awaiting RCT", []),
        ("companion RCT", []),
        ("parent CBAR RCT", []),
        ("7 RCTs", []),
        ("single-arm clinical trial", []),
        ("non-randomized pilot RCT", []),
        ("not peer-reviewed", []),
        ("under peer review", []),
        ("retrospective chart review", []),
        ("needs human review", []),
        ("*Psychological Review* 2019", []),
        ("*Am J Case Reports* 2019", []),
        ("*Biogerontology Reviews*", []),
        ("slows growth of tumours in vitro", []),
        ("n=1,000 cells (in vitro); n=12 mice (tail suspension)", []),
        ("the field has no consensus", []),
        ("confirmed in a cohort study", []),
        ("review-level evidence", []),
        ("industry-watcher source, NOT peer-reviewed literature", []),
    ],
)
def test_designs_with_their_qualifiers(text, designs):
    assert [one.value for one in note(f"doi:10.1000/a1 · {text}").design] == designs


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
        ("Study in patients with type 2 diabetes; metformin; doi:10.1000/a1", "human"),
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


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Smith et al. 2019, doi:10.1000/a1; see also Jones 2020 (doi:10.1000/b1) and cf. Kim 2018, PMID 12345678.",
         ["cited", "related", "related"]),
        ("Lee 2011 (doi:10.1000/a1); re-analysed by Kim 2015 (doi:10.1000/b1)", ["cited", "related"]),
        ("Reanalysis by Kim 2015 (doi:10.1000/a1) of data from Lee 2011 (doi:10.1000/b1)", ["cited", "related"]),
        ("Same cohort as PMID 20000000; this one: PMID 21883866", ["related", "cited"]),
        ("Müller 2014 (doi:10.1000/a1), siehe auch Schmidt 2016 (doi:10.1000/b1)", ["cited", "related"]),
        ("Müller 2014 (doi:10.1000/a1); vgl. Schmidt 2016 (doi:10.1000/b1)", ["cited", "related"]),
        ("PMID 21883866. Not the 2009 protocol (PMID 19000000).", ["cited", "denied"]),
        ("Lee 2011 (PMID 1234567) was criticised by Kim 2012 (PMID 2222222) and Park et al. 2013 (PMID 3333333).",
         ["cited", "related", "related"]),
        ("Corrected version of doi:10.1000/b1: doi:10.1000/a1", ["related", "cited"]),
        ("not Kim 2012 (doi:10.1000/b1), Lee 2011 (doi:10.1000/a1)", ["denied", "cited"]),
        ("Lee 2019 (RCT; doi:10.1000/a1); Kim 2020 (cohort; doi:10.1000/b1)", ["cited", "cited"]),
    ],
)  # fmt: skip
def test_roles_of_several_works_in_a_note(text, roles):
    assert [one.role.value for one in note(text).identifiers] == roles


@pytest.mark.parametrize(
    ("text", "designs"),
    [
        ("Lee J. Title. Nature. 2011;470:1-5. doi:10.1000/a1. Comment in: Nature. 2011;470:6. PMID: 21111111.", []),
        ("doi:10.1000/a1 · commentary by Kim S", []),
        ("Comment on: Nature. 2011;470:6. doi:10.1000/a1", ["comment"]),
        ("Cochrane review (12 RCTs, 2,345 participants), doi:10.1002/14651858.CD001234.pub2", ["systematic-review"]),
        ("Lee J et al. 2019 - Nature Aging - RCT - n=120 - doi:10.1000/a1 - PMID 31234567", ["rct"]),
        ("Lee J, Kim S (2019) – Nat Commun – cohort study in 1,200 older adults – PMID 31234567", ["cohort"]),
    ],
)
def test_designs_of_curators(text, designs):
    assert [one.value for one in note(text).design] == designs


@pytest.mark.parametrize(
    ("text", "authors", "year", "journal"),
    [
        ("Lee J et al. 2019 - Nature Aging - RCT - n=120 - doi:10.1000/a1", ("Lee J",), 2019, None),
        ("Lee J, Kim S (2019) – Nat Commun – cohort – PMID 31234567", ("Lee J", "Kim S"), 2019, None),
        ("[Lee et al. (2019)](https://doi.org/10.1000/a1), *Nature Aging*, in vivo", ("Lee",), 2019, "Nature Aging"),
        ("**Lee 2019** | RCT | n = 1 204 | 10.1000/a1", ("Lee",), 2019, None),
        ('"Effects of zinc on ageing", Lee M et al., BMJ 2015; 350: h123. doi: 10.1136/bmj.h123',
         ("Lee M",), 2015, "BMJ"),
        ("@lee2023 — Lee, C., Kim, M.A., 2023. Hallmarks of it all. Cell 186, 243–278. https://doi.org/10.1000/a1",
         ("Lee C", "Kim MA"), 2023, "Cell"),
        ('Lee J, 2019, Nature, "Old worms live longer", 10.1000/a1, C. elegans', ("Lee J",), 2019, "Nature"),
    ],
)  # fmt: skip
def test_bibliography_of_curators(text, authors, year, journal):
    stated = note(text)
    assert (stated.authors, stated.year, stated.journal) == (authors, year, journal)


@pytest.mark.parametrize(
    ("text", "n", "n_text"),
    [
        ("Lee J et al. 2019 - Nature Aging - RCT - n=120 - doi:10.1000/a1 - PMID 31234567", 120, "120"),
        ("Lee J, 2019, C. elegans, n≈300, verified 2025-03-01, doi:10.1000/a1", 300, "300"),
        ("Lee J 2019, n = 40, doi:10.1000/a1", 40, "40"),
        ("Lee J 2019, n = 40 (PMID 31234567)", 40, "40"),
        ("doi:10.1000/a1 · n = 8 mice - 4 of them old", 8, "8 mice - 4 of them old"),
    ],
)
def test_n_ends_at_the_next_field(text, n, n_text):
    stated = note(text)
    assert (stated.n, stated.n_text) == (n, n_text)


@pytest.mark.parametrize(
    ("text", "title", "journal", "n"),
    [
        ("Lee J, Kim S. Mouse study of zinc. n = 12. Nature 2011;5:1-2. doi:10.1000/a1", "Mouse study of zinc", "Nature", 12),
        ("Kim, S. (2015) 'Ageing in fish', Journal of Fish Biology, 87(2), pp. 1–10. doi: 10.1000/a1.",
         "Ageing in fish", "Journal of Fish Biology", None),
        ("Kim, S. (2015) ‘Alzheimer’s disease in fish’, Journal of Fish Biology, 87(2), pp. 1–10.",
         "Alzheimer’s disease in fish", "Journal of Fish Biology", None),
    ],
)  # fmt: skip
def test_titles_of_curators(text, title, journal, n):
    stated = note(text)
    assert (stated.title, stated.journal, stated.n) == (title, journal, n)
