"""Notes in the styles that other houses write: what each states, as a reader would copy it out."""

from __future__ import annotations

import time

import pytest
from reading import note

from evidence.extract.notes.attributes import read_attributes
from evidence.records import Note

VALUE = "10.1000/a1"

REFERENCES = {
    # Vancouver
    "Smith J, Doe A. Exercise slows bone loss in aged mice. Nat Med. 2019;25(3):123-9. doi:10.1000/a1": (
        ["Smith J", "Doe A"], 2019, "Exercise slows bone loss in aged mice", "Nat Med",
    ),
    "Müller-Lüdenscheid H, van der Berg M, de la Cruz P, et al. A trial of zinc. Lancet. 2004 Mar 6;363(9411):750. PMID: 15016483": (
        ["Müller-Lüdenscheid H", "van der Berg M", "de la Cruz P"], 2004, "A trial of zinc", "Lancet",
    ),
    # APA
    "Smith, J. A., & Doe, B. (2019). Exercise slows bone loss: A cohort study. *Nature Medicine*, *25*(3), 123–129. "
    "https://doi.org/10.1000/a1": (
        ["Smith JA", "Doe B"], 2019, "Exercise slows bone loss: A cohort study", "Nature Medicine",
    ),
    "García-López, M., O'Neil, S.-J., & von Zglinicki, T. (2015). Telomeres in old age. Aging Cell, 14, 1–9.": (
        ["García-López M", "O'Neil S-J", "von Zglinicki T"], 2015, "Telomeres in old age", "Aging Cell",
    ),
    # AMA
    "Smith JA, Doe BC, Lee C, et al. Vitamin D and falls in older adults. *JAMA*. 2019;321(3):123-129. doi:10.1000/a1": (
        ["Smith JA", "Doe BC", "Lee C"], 2019, "Vitamin D and falls in older adults", "JAMA",
    ),
    # Nature
    "Smith, J., Doe, A. & Lee, C. Senescent cells drive frailty. *Nat. Med.* **25**, 123–129 (2019).": (
        ["Smith J", "Doe A", "Lee C"], 2019, "Senescent cells drive frailty", "Nat. Med",
    ),
    "Smith, J. et al. Senescent cells drive frailty. Proc. Natl Acad. Sci. USA 116, 1–9 (2019). doi:10.1000/a1": (
        ["Smith J"], 2019, "Senescent cells drive frailty", "Proc. Natl Acad. Sci. USA",
    ),
    # Science
    "J. Smith, A.-B. Doe, Science 363, 123 (2019). doi:10.1000/a1": (["Smith J", "Doe A-B"], 2019, None, "Science"),
    # Cell, and short forms
    "Smith et al. (2019), Cell 177, 1-12. doi:10.1000/a1": (["Smith"], 2019, None, "Cell"),
    "Smith et al., 2019. Cell Rep. 12:34-45. https://doi.org/10.1000/a1": (["Smith"], 2019, None, "Cell Rep"),
    "Smith and Doe (2019), doi:10.1000/a1": (["Smith", "Doe"], 2019, None, None),
    "Smith & Doe 2019, doi:10.1000/a1": (["Smith", "Doe"], 2019, None, None),
    # PLOS
    "Smith J, Doe A (2019) Gut microbes of centenarians. PLoS ONE 14(3): e0123456. https://doi.org/10.1000/a1": (
        ["Smith J", "Doe A"], 2019, "Gut microbes of centenarians", "PLoS ONE",
    ),
    # BMC
    "Smith J, Doe A: Gut microbes of centenarians. BMC Biol 2019, 17:12. doi:10.1000/a1": (
        ["Smith J", "Doe A"], 2019, "Gut microbes of centenarians", "BMC Biol",
    ),
    # MLA
    'Smith, John, et al. "Gut Microbes of Centenarians." *Nature Aging*, vol. 5, no. 2, 2019, pp. 1-12.': (
        ["Smith John"], 2019, "Gut Microbes of Centenarians", "Nature Aging",
    ),
    # a species in the title, a question for a title
    "Kenyon C. Does C. elegans age? Nature. 1993;366:461-4. doi:10.1000/a1": (
        ["Kenyon C"], 1993, "Does C. elegans age?", "Nature",
    ),
    "Dubois É, l'Hôte A, d'Adda di Fagagna F. Étude de la longévité chez l'homme. Rev Med Interne. 2011;32:1-8.": (
        ["Dubois É", "l'Hôte A", "d'Adda di Fagagna F"], 2011, "Étude de la longévité chez l'homme", "Rev Med Interne",
    ),
    "Schröder K, zur Hausen H. Über die Alterung der Haut. Dtsch Med Wochenschr. 1998;123:45-50.": (
        ["Schröder K", "zur Hausen H"], 1998, "Über die Alterung der Haut", "Dtsch Med Wochenschr",
    ),
    # groups
    "SPRINT Research Group. A randomized trial of intensive blood-pressure control. N Engl J Med. 2015;373:2103-16.": (
        ["SPRINT Research Group"], 2015, "A randomized trial of intensive blood-pressure control", "N Engl J Med",
    ),
    "Wright JT Jr, Williamson JD, Whelton PK; SPRINT Research Group. Intensive control of pressure. N Engl J Med 2015;373:2103.": (
        ["Wright JT Jr", "Williamson JD", "Whelton PK", "SPRINT Research Group"], 2015, "Intensive control of pressure",
        "N Engl J Med",
    ),
    "The ENCODE Project Consortium (2012). An integrated encyclopedia of DNA elements. Nature 489:57-74": (
        ["The ENCODE Project Consortium"], 2012, "An integrated encyclopedia of DNA elements", "Nature",
    ),
    # title in italics, journal in bold
    "Janssen G, Bos L. *Healthy ageing and muscle*. **Nature Aging** 2, 254–263 (2022). doi:10.1000/a1": (
        ["Janssen G", "Bos L"], 2022, "Healthy ageing and muscle", "Nature Aging",
    ),
    # journals that begin small
    "Lee J et al. · eLife 2016 · doi:10.1000/a1": (["Lee J"], 2016, None, "eLife"),
    "Lee J et al. · *npj Aging* 2023;9:1 · doi:10.1000/a1": (["Lee J"], 2023, None, "npj Aging"),
    # rows whose journal stands alone, before or behind the year
    "doi:10.1000/a1 · Lee J, Kim S · Aging Cell · 2016": (["Lee J", "Kim S"], 2016, None, "Aging Cell"),
    "doi:10.1000/a1 · Lee J et al. (Nat Cell Biol, 2015) · in-vitro": (["Lee J"], 2015, None, "Nat Cell Biol"),
    "doi:10.1000/a1 · J. Bone Miner. Res. 2004": ([], 2004, None, "J. Bone Miner. Res"),
    "doi:10.1000/a1 · *J. Bone Miner. Res.* 2004": ([], 2004, None, "J. Bone Miner. Res"),
    "doi:10.1000/a1 · PNAS 2008": ([], 2008, None, "PNAS"),
    "doi:10.1000/a1 · *Maturitas* 2014 · review": ([], 2014, None, "Maturitas"),
    "doi:10.1000/a1 · PMID 12345678 · Coppé JP, Campisi J · *Annu Rev Pathol* 2010;5:99": (
        ["Coppé JP", "Campisi J"], 2010, None, "Annu Rev Pathol",
    ),
    "doi:10.1000/a1 · Wood JR, Strauss JF 3rd · J Biol Chem 2003;278:2": (["Wood JR", "Strauss JF 3rd"], 2003, None, "J Biol Chem"),
    "doi:10.1000/a1 · Strong R, Harrison DE, … Miller RA · *GeroScience* 2026": (
        ["Strong R", "Harrison DE", "Miller RA"], 2026, None, "GeroScience",
    ),
    "doi:10.1000/a1 · Hertweck, Göbel & Baumeister 2004 Dev Cell": (["Hertweck", "Göbel", "Baumeister"], 2004, None, "Dev Cell"),
    "doi:10.1000/a1 · Lee J et al. 2026 *Aging Cell* 25(5):e1 — neurons": (["Lee J"], 2026, None, "Aging Cell"),
    # fields by name
    "title: Zinc and age; authors: Lee J, Kim S; journal: Ann Intern Med; year: 2001; doi: 10.1000/a1": (
        ["Lee J", "Kim S"], 2001, "Zinc and age", "Ann Intern Med",
    ),
    # nothing of this is stated
    "https://doi.org/10.1000/a1": ([], None, None, None),
    "https://pubmed.ncbi.nlm.nih.gov/12345678/": ([], None, None, None),
    "doi:10.1000/a1 · Vitamin D (4000 IU) daily": ([], None, None, None),
    "doi:10.1000/a1 · Authors TBD (pending)": ([], None, None, None),
    "doi:10.1000/a1 · Complex I, complex III activity": ([], None, None, None),
    "doi:10.1000/a1 · Sirt1 KO, WT littermates": ([], None, None, None),
    "Source Data Fig. 1, sheet 2 (MOESM2).": ([], None, None, None),
    "Last updated by the authors 04 Mar 2026; see the supplement.": ([], None, None, None),
    "Mouse models of arthritis have shown benefit in 2019. Human disease differs.": ([], None, None, None),
}  # fmt: skip


@pytest.mark.parametrize("text", REFERENCES)
def test_reference(text):
    stated = note(text)
    assert (list(stated.authors), stated.year, stated.title, stated.journal) == REFERENCES[text]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('Lee J · "Bone loss in old rats." · *Bone* 2001', "Bone loss in old rats"),
        ("Lee J. “Bone loss in old rats.” Bone 2001;1:2", "Bone loss in old rats"),
        ('Lee J · "RETRACTED: Bone loss in old rats" · *Bone* 2001', "Bone loss in old rats"),
        ('Lee J · "β-Blockers in old age" · *Bone* 2001', "β-Blockers in old age"),
        ('concludes that antibodies produce "trivial" effects on thought and "small at best" effects', None),
        ('Lee J · the effect was "left room for controversy"', None),
        ('Lee J · named it "Medicinal Signaling Cells"', None),
        ('notes "Mortality-predictive: Unknown — no study yet" as of May', None),
    ],
)
def test_a_title_is_quoted_where_a_title_stands(text, title):
    assert note(f"doi:{VALUE} · {text}" if "·" in text else text).title == title


@pytest.mark.parametrize(
    ("text", "n", "n_text"),
    [
        ("double-blind RCT, n = 240", 240, "240"),
        ("n=12/group", None, "12/group"),
        ("n = 12 rats/group", None, "12 rats/group"),
        ("n=12 mice per group", None, "12 mice per group"),
        ("N=30 per arm", None, "30 per arm"),
        ("n = 10 each", None, "10 each"),
        ("n = 1,234", 1234, "1,234"),
        ("N = 1 234 adults", 1234, "1 234 adults"),
        ("n=2 million people", None, "2 million people"),
        ("n=1.5 million", None, "1.5 million"),
        ("n>500,000", None, ">500,000"),
        ("n ≥ 50", None, "≥50"),
        ("n≈74", 74, "74"),
        ("sample size: 96", 96, "96"),
        ("n: 96", 96, "96"),
        ("review of a cohort (n=4,184 adults; enrolled 2010) by CT", 4184, "4,184 adults"),
        ("n=946 cases + 977 controls", None, "946 cases + 977 controls"),
        ("n=53 patients and 30 controls", None, "53 patients and 30 controls"),
        ("n=15 young vs 15 old", None, "15 young vs 15 old"),
        ("n=8 WT/9 KO", None, "8 WT/9 KO"),
        ("n=258 total (63 treated)", 258, "258 total (63 treated)"),
        ("n=302 across 6 RCTs", 302, "302 across 6 RCTs"),
        ("n=21 studies", None, "21 studies"),
        ("n=3 independent experiments", None, "3 independent experiments"),
        ("n=3 biological replicates", None, "3 biological replicates"),
        ("n=40, p<0.001", 40, "40"),
        ("n=40 adults (p<0.001)", 40, "40 adults"),
        ("n=17,182 (22 cohorts); SF3B1 had few mutations", 17182, "17,182 (22 cohorts)"),
        ("n=384 centenarians (286 women; mean age 97.7)", 384, "384 centenarians (286 women; mean age 97.7)"),
        ("n=60 mice; #gap/needs-replication", 60, "60 mice"),
        ("region: 12 sites", None, None),
        ("mean = 12", None, None),
    ],
)
def test_sample_size(text, n, n_text):
    stated = note(f"doi:{VALUE} · {text}")
    assert (stated.n, stated.n_text) == (n, n_text)


@pytest.mark.parametrize(
    ("text", "p"),
    [
        ("p<0.001", "p<0.001"), ("P = 3 x 10^-8", "P = 3 x 10^-8"), ("P=3 × 10–8", "P=3 × 10–8"), ("p = .02", "p = .02"),
        ("P value < 0.05", "P value < 0.05"), ("p-value=1e-4", "p-value=1e-4"), ("p=0,03", "p=0,03"), ("p for trend = 0.04", "p for trend = 0.04"),
        ("p ≤ 0.01", "p ≤ 0.01"), ("p&lt;0.05", "p&lt;0.05"), ("bp = 0.5", None), ("pH = 7.4", None), ("p=NS", None),
        ("p16 > 0.5", None),
    ],
)  # fmt: skip
def test_p_value(text, p):
    assert note(f"doi:{VALUE} · {text}").p == p


@pytest.mark.parametrize(
    ("text", "designs", "level", "organism"),
    [
        ("double-blind RCT, n = 240", ["rct"], "human", None),
        ("Randomised, double-blind, placebo-controlled trial", ["rct"], "human", None),
        ("mouse, in vivo", ["in-vivo"], "animal", "mouse"),
        ("in vivo (mice)", ["in-vivo"], "animal", "mouse"),
        ("in vitro (HEK293)", ["in-vitro"], "cells", None),
        ("design: cohort", ["cohort"], "human", None),
        ("study type: case-control", ["case-control"], "human", None),
        ("Design: in-vivo · species: rat", ["in-vivo"], "animal", "rat"),
        ("in-vivo · model: [[organisms/mus-musculus|Mus musculus]]", ["in-vivo"], "animal", "mouse"),
        ("in-vivo · model: mus-musculus", ["in-vivo"], "animal", "mouse"),
        ("in-vivo · model: [[homo-sapiens]] (elderly)", ["in-vivo"], "human", "human"),
        ("in-vivo · model: worm and fly", ["in-vivo"], "animal", "nematode, fruit fly"),
        ("in-vivo · model: rhesus non-human primates", ["in-vivo"], "animal", "monkey"),
        ("systematic-review", ["systematic-review"], None, None),
        ("systematic-review · meta-analysis of 12 RCTs", ["systematic-review", "meta-analysis"], None, None),
        ("GWAS + prospective cohort", ["observational", "cohort"], "human", None),
        ("GWAS hits near APOE", [], None, None),
        ("non-randomized clinical trial", [], None, None),
        ("single-arm phase 2 trial", [], None, None),
        ("*Cochrane Database of Systematic Reviews* 2026", [], None, None),
        ("genome-wide survey of human genes", [], None, None),
        ("review-level evidence", [], None, None),
        ("two-sample Mendelian randomisation", ["mendelian-randomization"], "human", None),
        ("narrative review", ["review"], None, None),
        ("case report (n=1)", ["case-report"], "human", None),
        ("Practice guideline", ["guideline"], None, None),
    ],
)
def test_design(text, designs, level, organism):
    stated = note(f"doi:{VALUE} · {text}")
    assert [one.value for one in stated.design] == designs
    assert (stated.level and stated.level.value, stated.organism) == (level, organism)


@pytest.mark.parametrize(
    ("text", "designs", "level", "organism"),
    [
        ("Lee 2011 (RCT, n=40). doi:10.1000/a1", ["rct"], "human", None),
        ("Lee et al. 2011 (meta-analysis of 12 RCTs), doi:10.1000/a1", ["meta-analysis"], None, None),
        ("Lee J, et al. Bone loss. Science 2005;309:1829 [in vivo; mouse; n = 40]. PMID: 1234567", ["in-vivo"], "animal", "mouse"),
        ("doi:10.1000/a1 (in-vivo, mice, n=40)", ["in-vivo"], "animal", "mouse"),
        ("Lee 2011. PMID:1234567. in-vivo, mice, n=40", ["in-vivo"], "animal", "mouse"),
        ("Lee 2011. rct. PMID:1234567", ["rct"], "human", None),
        ("Lee 2011. PMID:1234567 — cohort, 804 adults", ["cohort"], "human", "human"),
        ("Lee 2011 (review). doi:10.1000/a1", ["review"], None, None),
        ("Lee 2011 (double-blind RCT in 40 women) doi:10.1000/a1", ["rct"], "human", "human"),
        # What a bracket behind other words says is of these, or of another work.
        ("Lee J. Zinc lowers stress (in vitro) and lengthens life. J Bone 2011. doi:10.1000/a1", [], None, None),
        ("Lee 2011 (not an RCT). doi:10.1000/a1", [], None, None),
        ("Lee 2011 (cited in a review). doi:10.1000/a1", [], None, None),
        ("Lee 2011 (review pending). doi:10.1000/a1", [], None, None),
        ("Lee 2011 (cohort effects, p. 12). doi:10.1000/a1", [], None, None),
        ("Lee et al. review the field in 2011. doi:10.1000/a1", [], None, None),
        ("Lee 2011 (PMID 1234567; review by Park 2012). doi:10.1000/a1", [], None, None),
    ],
)  # fmt: skip
def test_a_design_in_a_list_of_brackets_or_behind_a_stop(text, designs, level, organism):
    stated = note(text)
    assert [one.value for one in stated.design] == designs
    assert (stated.level and stated.level.value, stated.organism) == (level, organism)


def test_design_in_an_unquoted_title():
    stated = note("Lee J, Kim S. Zinc in old age: a systematic review. Lancet. 2004;363:750. doi:10.1000/a1")
    assert [one.value for one in stated.design] == ["systematic-review"]


def test_phase_2_in_a_title_does_not_say_randomized():
    stated = note('Lee J · "Zinc in old age: phase 2 trial results" · *Lancet* 2004 · doi:10.1000/a1')
    assert stated.design == ()


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("model: aged mice — ChIP showed binding", "aged mice"),
        ("model: aged mice; #gap/needs-replication", "aged mice"),
        ("model: [[homo-sapiens]] (Hawaiian)", "homo-sapiens (Hawaiian)"),
        ("model: not confirmed from full text", None),
        ("model: n/a", None),
        ("Model: old rats", "old rats"),
        ("model: adults with diabetes. Concordant findings elsewhere.", "adults with diabetes"),
        ("model: C. elegans", "C. elegans"),
    ],
)
def test_model(text, model):
    assert note(f"doi:{VALUE} · {text}").model == model


@pytest.mark.parametrize(
    ("text", "verified"),
    [
        ("checked against PDF 2025-01-02", {"kind": "full-text", "date": "2025-01-02"}),
        ("Verified against the full text (2025-01-02)", {"kind": "full-text", "date": "2025-01-02"}),
        ("abstract-confirmed", {"kind": "abstract"}),
        ("VERIFIED 2025-01-02", {"kind": "unspecified", "date": "2025-01-02"}),
        ("re-read in full text 2025-01-02", {"kind": "full-text", "date": "2025-01-02"}),
        ("metadata cross-checked with Crossref", {"kind": "identifier"}),
        ("PDF not downloaded (redirect at time of verification)", None),
        ("to be verified against PDF", None),
        ("unverified against full PDF", None),
        ("could not be confirmed in the abstract", None),
        ("needs verification against the PDF", None),
        ("the drug's target was confirmed by knock-down", None),
        ("a verified knock-out line", None),
    ],
)
def test_checked(text, verified):
    assert note(f"doi:{VALUE} · {text}").verified == verified


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ('"RETRACTED: Bone loss in old rats"', True),
        ("RETRACTED ARTICLE", True),
        ("(retracted 2014)", True),
        ("[retracted]", True),
        ("Retracted.", True),
        ("retraction notice: doi:10.1000/b1", True),
        ("doi:10.1000/b1 now retracts it", True),
        ("**Retracted** by the journal in March 2014", True),
        ("this work has since been retracted", True),
        ("not retracted", False),
        ("NOT RETRACTED", False),
        ("cites a retracted paper", False),
        ("cites Smith 2010 (retracted 2014)", False),
        ("retracted papers were excluded", False),
        ("excluding two retracted trials", False),
        ("no retraction notice", False),
        ("unless retracted", False),
        ("a companion paper was retracted", False),
        ("re-analysis of a study that was retracted", False),
        ("based on data since retracted", False),
    ],
)
def test_marked_retracted(text, marked):
    assert note(f"doi:{VALUE} · {text}").marked_retracted is marked


def test_lines_of_fields():
    stated = note("Lee J\n    design: cohort\n    n: 120\n    journal: Lancet\n    year: 2019\n    doi: 10.1000/a1")
    assert [one.value for one in stated.design] == ["cohort"]
    assert (stated.n, stated.journal, stated.year) == (120, "Lancet", 2019)


@pytest.mark.parametrize(
    "piece",
    [
        "[[a",
        " ",
        "\n",
        "Ab. ",
        "Smith J, ",
        '"Aa',
        "n=1 ",
        "verified ",
        "(",
        "*Aa ",
        "A.",
        "p<",
        "see ",
        "Ab Cd, ",
        "Ab C. De, ",
        "Ab, Cd & ",
        "Lee J. ",
        "Lee J, ",
        ". Lee J et al. A ",
        " (Lee et al., ",
        "2011 (rct, ",
        "1 (rct) ",
        ". rct, n=1",
    ],
)
def test_time_is_linear_in_the_length(piece):
    """Two hundred thousand characters take well under the minutes that one careless pattern would make of them."""
    one = Note("k", 0, 1, 0, 0, "Smith J. " + piece * (200_000 // len(piece)))
    begin = time.process_time()
    read_attributes(one)
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("Lee MK 2011. doi:10.1000/a1", ("Lee MK",)),
        ("van der Berg M, 2011, doi:10.1000/a1", ("van der Berg M",)),
        ("EMBO J 2011. doi:10.1000/a1", ()),
        ("Biochem J 2011. doi:10.1000/a1", ()),
        ("Diabetes UK 2011. doi:10.1000/a1", ()),
        ("PLoS ONE 2011. doi:10.1000/a1", ()),
        ("Vitamin D 2011. doi:10.1000/a1", ()),
    ],
)
def test_one_author_before_a_year(text, authors):
    assert note(text).authors == authors


@pytest.mark.parametrize("divider", [" · ", " | ", " • ", " — ", " – ", " - "])
@pytest.mark.parametrize(
    ("author", "authors"),
    [
        ("Pujara N", ("Pujara N",)),
        ("Pujara", ("Pujara",)),
        ("Lee J", ("Lee J",)),
        ("Pujara N et al.", ("Pujara N",)),
        ("Pujara N, Miller D", ("Pujara N", "Miller D")),
        ("Pujara & Miller", ("Pujara", "Miller")),
        ("Alvarez-Uria", ("Alvarez-Uria",)),
    ],
)
def test_who_stands_before_a_year_at_the_beginning_is_an_author(divider, author, authors):
    for year in (f"{divider}2020", " 2020"):
        stated = note(f"{author}{year}{divider}Coast Eng{divider}doi:10.1000/a1")
        assert (stated.authors, stated.journal, stated.year) == (authors, None, 2020)


@pytest.mark.parametrize(
    "journal", ["EMBO J", "Biochem J", "Eur Heart J", "Nature", "PNAS", "Maturitas", "Aging Cell", "Aging and Disease"]
)
def test_a_journal_before_a_year_at_the_beginning_stays_one(journal):
    stated = note(f"{journal} · 2020 · doi:10.1000/a1")
    assert (stated.authors, stated.journal, stated.year) == ((), journal, 2020)


@pytest.mark.parametrize(
    "text",
    [
        "doi:10.1000/a1 · Lee J · Cytokine · 2020",
        "doi:10.1000/a1 · Lee J et al. · Cytokine · 2020",
        "Lee J · Cytokine · 2020 · doi:10.1000/a1",
    ],
)
def test_a_lone_word_behind_the_authors_is_a_journal(text):
    stated = note(text)
    assert (stated.authors, stated.journal, stated.year) == (("Lee J",), "Cytokine", 2020)


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("Smith, John & Doe, Anna. (2014).", ("Smith John", "Doe Anna")),
        ("Smith, John & van der Berg, Anna B. & Park, Yong Sung. (2014).", ("Smith John", "van der Berg Anna B.", "Park Yong Sung")),
        ("Smith, John B.. (2014).", ("Smith John B",)),
    ],
)  # fmt: skip
def test_given_names_in_full_behind_the_family_names(text, authors):
    stated = note(f"{text} Waves on a very long beach. Engineering Structures. 81. 162-174. doi:10.1000/a1")
    assert (stated.authors, stated.year, stated.title, stated.journal) == (
        authors, 2014, "Waves on a very long beach", "Engineering Structures",
    )  # fmt: skip


@pytest.mark.parametrize("journal", ["EMBO J", "PLoS ONE", "Biochem J"])
def test_a_journal_behind_an_author_and_before_a_year_is_no_author(journal):
    stated = note(f"Lee M, {journal} 2011. doi:10.1000/a1")
    assert (stated.authors, stated.journal, stated.year) == (("Lee M",), journal, 2011)


TITLE = "Wave acceleration on a very long beach"
PUJARA = (("Pujara N",), 2020, None, "Coast Eng")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{TITLE}. Pujara N, et al. Coast Eng. 2020. doi:10.1000/a1", PUJARA),
        (f"{TITLE}. Pujara N, et al. Coast Eng. 2020 Mar 4;158(2):103697. PMID: 1234567", PUJARA),
        (f"{TITLE}. Pujara N. Coast Eng 158, 103697 (2020). doi:10.1000/a1", PUJARA),
        (f"Embodied AI: {TITLE}. Pujara N, et al. Coast Eng. 2020. doi:10.1000/a1", PUJARA),
        (f"{TITLE} (Pujara N et al., 2020, Coast Eng). doi:10.1000/a1", PUJARA),
        (f"Embodied AI: {TITLE} (Pujara N et al., 2020, Coast Eng). doi:10.1000/a1", PUJARA),
        (f"**{TITLE}** — Pujara N et al., *Coast Eng* 2020; doi:10.1000/a1", PUJARA),
        (f"{TITLE} — Pujara N et al., Coast Eng (2020), doi:10.1000/a1", PUJARA),
        (f"{TITLE} (Pujara & Miller, 2020, Coast Eng) doi:10.1000/a1", (("Pujara", "Miller"), 2020, None, "Coast Eng")),
    ],
)
def test_a_title_before_the_authors(text, expected):
    """What a reader found may stand there as well: it is not told apart, and there is no title."""
    stated = note(text)
    assert (stated.authors, stated.year, stated.title, stated.journal) == expected


@pytest.mark.parametrize(
    "text",
    [
        # One statement of a sentence, and no whole reference.
        "Zinc slows bone loss (Lee et al., 2012). doi:10.1000/a1",
        "Zinc slows bone loss in mice, as told by Lee J et al. Nature 2012. doi:10.1000/a1",
        "Zinc slows bone loss in mice, unlike Lee J et al. (2012). doi:10.1000/a1",
        "Zinc slows bone loss in old mice. Lee J et al. Nature 2012 found none. doi:10.1000/a1",
        "Zinc slows bone loss. Lee J et al. Nature 2012;1:2 and Kim S et al. Cell 2015;3:4. doi:10.1000/a1",
        # The identifier may be that of the reply.
        "Reply to: Zinc and bone. Lee J et al. Nature 2012. doi:10.1000/a1",
        "Erratum for Zinc and bone. Lee J et al. Nature 2012. doi:10.1000/a1",
        # No names.
        "Zinc slows bone loss in mice. EMBO J. 2019. doi:10.1000/a1",
        "Zinc slows bone loss in mice. Nat Med. 2019;4:1. doi:10.1000/a1",
        "Zinc slows bone loss in mice. Hepatitis B. Nature 2019. doi:10.1000/a1",
        "Zinc slows bone loss in mice. Bone Health. Nature 2019. doi:10.1000/a1",
        "Zinc slows bone loss in mice. Figure S. Nature 2019. doi:10.1000/a1",
    ],
)
def test_a_sentence_before_another_work_states_no_authors(text):
    stated = note(text)
    assert (stated.authors, stated.title) == ((), None)


def test_a_list_that_a_name_with_a_stop_cuts_is_not_read_from_its_middle():
    assert note(f"{TITLE}. Pujara N, St. Gelais AT, Miller D. Coast Eng. 2020. doi:10.1000/a1").authors == ()


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("Nimish Pujara, Dylan Miller, Yong Sung Park", ("Pujara Nimish", "Miller Dylan", "Park Yong Sung")),
        ("Joshua E. Barker, C. T. Kelley, and Anna van der Berg", ("Barker Joshua E.", "Kelley C. T.", "van der Berg Anna")),
        ("DAVID P. MEYER and ANNA BERG", ("MEYER DAVID P.", "BERG ANNA")),
    ],
)  # fmt: skip
def test_given_names_in_full_before_the_family_names(authors, expected):
    stated = note(f"{authors}. {TITLE}. Coastal Engineering 158, 103697 (2020). doi:10.1000/a1")
    assert (stated.authors, stated.year, stated.title, stated.journal) == (expected, 2020, TITLE, "Coastal Engineering")


def test_one_name_in_full_may_be_a_heading():
    stated = note(f"Richard Robinson. {TITLE}. PLoS Biology 4, e175 (2006). doi:10.1000/a1")
    assert (stated.authors, stated.year, stated.title, stated.journal) == (
        ("Robinson Richard",), 2006, None, "PLoS Biology",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Older Adults, Cohort Study. Zinc slows loss of bone. Lancet 4, 1 (2006). doi:10.1000/a1",
        "Nature Medicine, Cell Reports. Zinc slows loss of bone. Lancet 4, 1 (2006). doi:10.1000/a1",
        "Nimish Pujara, Dylan Miller. They say so. doi:10.1000/a1",
    ],
)
def test_words_with_capitals_are_no_names(text):
    assert note(text).authors == ()


@pytest.mark.parametrize("word", ["Mouse", "Mice", "Human", "Review", "Cohort", "Preprint", "Verified"])
def test_what_was_studied_before_a_year_is_neither_author_nor_journal(word):
    stated = note(f"{word} · 2020 · doi:10.1000/a1")
    assert (stated.authors, stated.journal) == ((), None)


def test_a_long_link_shows_its_text():
    stated = note(f"[Pujara et al. 2020. {TITLE + ' and more' * 20}. PeerJ.](https://doi.org/10.1000/a1)")
    assert stated.authors == ("Pujara",)


def test_the_end_of_and_is_no_particle():
    stated = note("Bai, S., Davis, M. J. and Skodje, R. T., 2021. Ignition of very cold propane. Bone, 12, pp.1-2.")
    assert stated.authors == ("Bai S", "Davis MJ", "Skodje RT")


@pytest.mark.parametrize(
    ("text", "authors", "year", "title", "journal"),
    [
        (f"{TITLE} (Han et al., 2016, Marine Pollution Bulletin). doi:10.1000/a1", ("Han",), 2016, None, "Marine Pollution Bulletin"),
        (f"Xu, Guoji & Cai, C.S.. (2017). {TITLE}. Bone. 130. 112-123.", ("Xu Guoji", "Cai C.S."), 2017, TITLE, "Bone"),
        ("Engineering E. coli for pools. Han H, et al. Metab Eng. 2014. doi:10.1000/a1", ("Han H",), 2014, None, "Metab Eng"),
        (f"Lee J, Kim S. {TITLE}. Part 1: Design. Bone 2015;40:2.", ("Lee J", "Kim S"), 2015, f"{TITLE}. Part 1: Design", "Bone"),
        ("Ann F. Perez, Bo A. Golen. 5,7-Dimethyl-indole. Bone 2, 1-2 (2017).", ("Perez Ann F.", "Golen Bo A."), 2017, None, "Bone"),
    ],
)  # fmt: skip
def test_words_that_look_like_another_part(text, authors, year, title, journal):
    stated = note(text)
    assert (stated.authors, stated.year, stated.title, stated.journal) == (authors, year, title, journal)
