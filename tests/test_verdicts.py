"""The rules of the audit, each with the smallest claim that it fits."""

from __future__ import annotations

import pytest
from auditing import Vault
from hypothesis import given
from hypothesis import strategies as st
from judging import (
    CHOICES,
    LEE,
    MEYER,
    RETRACTION,
    ROSSI,
    claim,
    contrasting,
    human,
    missing,
    resource,
    review,
    row,
    status,
    tag,
    unresolved,
    verdict,
    work,
)
from msgspec.structs import replace

from evidence.audit.checking import check_claim
from evidence.audit.checks.claims import contradicted, opposite_sign
from evidence.audit.checks.tags import (
    CHECKS,
    may_drift,
    tagged_in_note,
    untagged,
    untagged_though_not_human,
    wants_other_tag,
)
from evidence.audit.groups import count_shared
from evidence.audit.people import people_of
from evidence.audit.trials import find_trials
from evidence.audit.verdicts import judge
from evidence.audit.works import CitedPlace, OppositeRow, Reported
from evidence.notices import WorkNotice
from evidence.records import AuthorName
from evidence.vocabulary import ClaimKind, Design, Flag, Level, NoticeKind, Outcome, Polarity, TagPlace


@pytest.mark.parametrize(
    ("expected", "works"),
    [
        ("uncited", []),
        ("unresolved", [CitedPlace(0, Polarity.SUPPORTS, missing="[^a] is empty")]),
        ("unresolved", [missing()]),
        ("retracted", [work(notices=(RETRACTION,))]),
        ("retracted", [work(notices=(RETRACTION,)), review()]),
        ("retracted", [work(notices=(RETRACTION,)), contrasting(work("b"))]),
        ("contradicted", [work(), contrasting(work("b"))]),
        ("resource-only", [resource()]),
        ("review-only", [review()]),
        ("review-only", [review(), resource()]),
        ("synthesis", [work(designs=(Design.META_ANALYSIS,)), review()]),
        ("single-study", [work()]),
        ("single-study", [work(), review(), resource()]),
        ("single-study", [work(designs=())]),
        ("multi-study", [work(), work("b", authors=None)]),
        ("multi-study", [work(), unresolved()]),
        ("single-group", [work(authors=LEE), work("b", authors=LEE)]),
        ("replicated", [work(authors=LEE), work("b", authors=MEYER)]),
        ("replicated", [work(authors=LEE), human("b", authors=MEYER)]),
        ("replicated-in-human", [human("a", authors=LEE), human("b", authors=MEYER)]),
    ],
)
def test_first_rule_that_fits(expected, works):
    assert status(*works) == expected


def test_retracted_works_are_taken_out_before_counting():
    assert status(work(authors=LEE), work("b", authors=MEYER, notices=(RETRACTION,))) == "single-study"


@pytest.mark.parametrize("kind", [NoticeKind.CORRECTION, NoticeKind.EXPRESSION_OF_CONCERN, NoticeKind.NEW_VERSION])
def test_other_notices_do_not_retract(kind):
    assert status(work(notices=(WorkNotice(kind, None, "crossref"),))) == "single-study"


def test_failed_look_up_counts_at_most_and_says_so():
    result = verdict(unresolved())
    assert (result.status.value, [flag.value for flag in result.flags]) == ("single-study", ["unverified"])
    assert any(reason.startswith("at most") for reason in result.reasons)


def test_missing_work_beside_one_that_stands():
    result = verdict(work(), missing())
    assert result.status.value == "single-study"
    assert "partly-unresolved" in result.flags


def test_one_mark_per_clause_is_not_replicated():
    works = [work(authors=LEE), work("b", authors=MEYER)]
    assert status(*works) == "replicated"
    assert status(*works, clauses=True) == "single-study"


@pytest.mark.parametrize("place", [TagPlace.CLAIM, TagPlace.GAP_LIST])
def test_the_page_may_tag_it_contradictory_itself(place):
    """Only the item with which a tag stands in a list of gaps has it: it is the item's own."""
    assert status(work(), tags=[tag("contradictory-evidence", place)]) == "contradicted"


@pytest.mark.parametrize("place", [TagPlace.NOTE, TagPlace.FRONT_MATTER])
def test_a_contradictory_tag_that_is_not_on_the_claim_decides_nothing(place):
    assert status(work(), tags=[tag("contradictory-evidence", place)]) == "single-study"


def test_contrast_alone_is_counted_as_what_it_is():
    assert status(contrasting(work())) == "single-study"


def test_preprint_and_article_are_one_study():
    preprint = work("p", is_preprint=True, study=frozenset({"doi:10.1000/p", "doi:10.1000/a"}))
    assert status(work(), preprint) == "single-study"


def test_preprint_falls_with_the_article_that_is_cited_beside_it():
    article = work("b", notices=(RETRACTION,))
    preprint = work("a", is_preprint=True, articles=frozenset({"doi:10.1000/b"}))
    assert status(preprint, article) == "retracted"
    assert status(work("a", is_preprint=True), article) == "single-study"


def test_note_puts_first_what_a_work_is_and_registries_list_in_no_order():
    designs = (Design.RCT, Design.META_ANALYSIS)
    assert status(work(designs=designs, designs_from="note")) == "single-study"
    assert status(work(designs=designs[::-1], designs_from="note")) == "synthesis"
    assert status(work(designs=designs, designs_from="pubmed")) == "synthesis"


def test_two_reports_of_one_trial_are_one_study():
    trial = frozenset({"nct:nct01234567"})
    assert status(work(study=trial), work("b", study=trial)) == "single-study"


def test_identifiers_that_contradict_each_other_count_once():
    pair = CitedPlace(0, Polarity.SUPPORTS, (work(conflicts=("differ",)), work("b", conflicts=("differ",))))
    result = verdict(pair)
    assert result.status.value == "single-study"
    assert "identifier-conflict" in result.flags


def test_row_that_five_databases_curate_from_one_paper_says_so():
    works = [resource(name) for name in "pqrst"] + [work(designs=(), level=Level.UNKNOWN)]
    result = judge(row(*works, databases=["P", "Q", "R", "S", "T"]), CHOICES)
    assert result.status.value == "single-study"
    assert "multi-database-one-paper" in result.flags
    assert any("5 databases list it, but one study alone is cited" in reason for reason in result.reasons)


def test_row_of_database_papers_only_is_not_traceable():
    result = judge(row(resource("p"), resource("q")), CHOICES)
    assert (result.status.value, [flag.value for flag in result.flags]) == (
        "resource-only",
        ["high-throughput-untraceable"],
    )


def test_what_is_only_mentioned_is_no_support():
    mentioned = CitedPlace(0, Polarity.MENTIONS, (work("b"),))
    assert status(review(), mentioned) == "review-only"
    assert status(resource(), mentioned) == "resource-only"


def test_pooled_report_makes_no_one_study_of_two_trials():
    trials = [
        human(name, authors=authors, study=frozenset({f"doi:10.1000/{name}", f"nct:{name}"}))
        for name, authors in (("a", LEE), ("b", MEYER))
    ]
    pooled = human("c", authors=ROSSI, study=frozenset({"doi:10.1000/c", "nct:a", "nct:b"}))
    assert status(*trials) == status(*trials, pooled) == status(pooled, *trials) == "replicated-in-human"


def test_study_of_two_laboratories_takes_nothing_from_what_each_found():
    both = work("c", authors=(*LEE[:3], *MEYER))
    result = verdict(work("a", authors=LEE), both, work("b", authors=MEYER))
    assert result.status.value == "replicated"
    assert len(result.groups) == 2


def test_each_clause_is_told_by_itself():
    result = verdict(work(authors=LEE), review(), clauses=True)
    assert result.status.value == "single-study"
    assert "clause 1 by itself is single-study: doi:10.1000/a" in result.reasons
    assert "clause 2 by itself is review-only: doi:10.1000/r" in result.reasons


def test_trial_in_mice_weighs_as_any_animal_study():
    mice = [work(name, designs=(Design.RCT,), authors=authors) for name, authors in (("a", LEE), ("b", MEYER))]
    assert verdict(*mice).strength == 1


def test_people_of_a_work_that_is_not_verified_replicate_nothing_in_people():
    mice = [work("a", authors=LEE), work("b", authors=MEYER)]
    failed = human(
        "i", authors=ROSSI, outcomes=(("crossref", Outcome.FAILED, None), ("pubmed", Outcome.RESOLVED, None))
    )
    assert status(*mice, human("h")) == "replicated"
    assert status(*mice, human("h"), human("i", authors=ROSSI)) == "replicated-in-human"
    assert status(*mice, human("h"), failed) == "replicated"


def test_study_is_of_people_where_one_report_of_it_tells_of_them():
    trials = [
        [human(name), work(f"{name}2", level=Level.UNKNOWN, study=frozenset({f"doi:10.1000/{name}"}))] for name in "hi"
    ]
    assert status(*trials[0], *trials[1]) == "replicated-in-human"


@pytest.mark.parametrize(
    ("level", "start"), [("human", 4), ("unknown", 4), ("mixed", 4), ("animal", 1), ("cells", 1), ("computed", 1)]
)
def test_trial_starts_at_4_unless_it_was_in_no_people(level, start):
    """EVIDENCE.md section 2: `randomized` in mice is animal."""
    trial = work("h", designs=(Design.RCT,), level=Level(level))
    assert verdict(trial).steps[0].startswith(f"{start} ")


def test_replication_in_people_adds_one():
    """EVIDENCE.md section 3.5: observational 2, +1 replicated."""
    cohorts = [work(name, designs=(Design.COHORT,), level=Level.HUMAN, n=400) for name in "ab"]
    assert [verdict(cohorts[0]).strength, verdict(*cohorts).strength] == [1, 3]


def test_corrected_work_weighs_as_much_as_another():
    """EVIDENCE.md section 3.5: -1 for a preprint or a concern, none for a correction."""
    kinds = (NoticeKind.ERRATUM, NoticeKind.CORRECTION, NoticeKind.EXPRESSION_OF_CONCERN)
    told = [verdict(human("h", notices=(WorkNotice(kind, "2020", "crossref"),))).strength for kind in kinds]
    assert told == [3, 3, 2]


def test_review_that_no_registry_is_sure_of_may_be_a_study():
    failed = {"designs_from": "pubmed", "outcomes": (("crossref", Outcome.FAILED, None),)}
    assert verdict(review("r", **failed)).strength is None
    assert verdict(review("r", designs_from="pubmed")).strength == 0


def test_flag_unverified_is_told_of_a_retracted_work_too():
    failed = (("crossref", Outcome.FAILED, None), ("pubmed", Outcome.RESOLVED, None))
    flags = verdict(work(notices=(RETRACTION,), outcomes=failed)).flags
    assert [flag.value for flag in flags] == ["unverified"]


def test_flags_of_identity_are_told_of_a_retracted_work_too():
    conflict = ("pmid:1 (pubmed) / pmid:2 (crossref)",)
    fallen = work(
        notices=(RETRACTION,), conflicts=conflict, mismatches=("year: the note says 2011, the registry 1997",)
    )
    assert [flag.value for flag in verdict(fallen).flags] == ["identifier-conflict", "metadata-mismatch"]


def test_another_order_of_authors_is_no_mismatch():
    assert verdict(work(mismatches=("order of authors: the note says Lee first",))).flags == ()


def test_flag_partly_unresolved_is_told_of_an_identifier_beside_one_that_exists():
    assert "partly-unresolved" in verdict(work(missing=("pmid:9",))).flags


def test_flags_of_rows_are_of_what_is_counted():
    """EVIDENCE.md section 3.4: untraceable is a row without a paper; shared is the paper, not that of the database."""
    pairs = frozenset({"10.1000/db"})
    flags = judge(row(resource("db"), work("a"), reverse_pairs=pairs), CHOICES).flags
    assert not {"high-throughput-untraceable", "shared-with-reverse-row"} & set(flags)
    assert "high-throughput-untraceable" in judge(row(resource("db")), CHOICES).flags
    shared = judge(row(resource("db"), work("a"), reverse_pairs=frozenset({"10.1000/a"})), CHOICES).flags
    assert "shared-with-reverse-row" in shared


def test_strength_is_not_known_before_every_work_is_verified():
    result = verdict(human("h", authors=LEE), unresolved("u"))
    assert result.strength is None
    assert "not verified: doi:10.1000/u" in result.steps[-1]


def test_unverified_review_of_the_note_leaves_the_strength_alone():
    assert verdict(human("h"), unresolved("r", designs=(Design.REVIEW,))).strength == 3


def test_overlap_is_looked_for_in_all_studies_of_the_groups():
    second = work("c", authors=(LEE[0], *MEYER))
    assert "overlap" in verdict(work(authors=LEE), work("b", authors=MEYER), second).flags


def test_candidate_for_a_resource_is_counted_and_told():
    hinted = work(resource_hint="title: database; MeSH: Databases, Genetic")
    assert any("may describe a database" in reason for reason in verdict(hinted).reasons)


@pytest.mark.parametrize(
    ("works", "flag"),
    [
        ([work(is_preprint=True)], "preprint-only"),
        ([work(year=1997)], "old"),
        ([human("h", n=12)], "n-small"),
        ([work(notices=(WorkNotice(NoticeKind.EXPRESSION_OF_CONCERN, None, "pubmed"),))], "concern"),
        ([work(authors=LEE), work("b", authors=(*MEYER[:1], LEE[0], *MEYER[1:]))], "overlap"),
    ],
)
def test_flags(works, flag):
    assert flag in verdict(*works).flags


@pytest.mark.parametrize(
    ("designs", "strength"),
    [
        ("rct", 3),
        ("mendelian-randomization cohort case-control cross-sectional observational", 1),
        ("case-report case-series in-vivo in-vitro ex-vivo in-silico", 0),
    ],
)
def test_one_study_in_people_starts_by_its_design_and_loses_one(designs, strength):
    for design in designs.split():
        assert verdict(work(design, designs=(Design(design),), level=Level.HUMAN)).strength == strength


def test_limits_of_the_flags_are_below_the_number_of_subjects_and_beyond_the_years():
    assert "n-small" in verdict(human("h", n=29)).flags
    assert "n-small" not in verdict(human("h", n=30)).flags
    assert "old" in verdict(work(year=2005)).flags
    assert "old" not in verdict(work(year=2006)).flags


def test_few_people_weigh_less_and_few_mice_do_not():
    assert [verdict(human("h", n=n)).strength for n in (29, 30)] == [2, 3]
    mice = work("m", authors=MEYER, n=29)
    assert verdict(human("h", authors=LEE, n=400), mice).strength == 4
    assert not any("below" in step for step in verdict(mice).steps)


@pytest.mark.parametrize(
    ("works", "strength"),
    [
        ([review()], 0),
        ([work()], 0),
        ([human("h")], 3),
        ([human("h", n=12)], 2),
        ([work(designs=(Design.COHORT,), level=Level.HUMAN)], 1),
        ([human("h", authors=LEE), human("i", authors=MEYER)], 4),
        ([work(authors=LEE), work("b", authors=MEYER)], 1),
        ([human("h", authors=LEE), contrasting(human("i", authors=MEYER))], 2),
    ],
)
def test_strength(works, strength):
    result = verdict(*works)
    assert result.strength == strength
    assert result.steps[-1].startswith(f"= {strength} ")


@pytest.mark.parametrize(
    ("cited", "step"),
    [
        # The design by which it starts, of several that are told.
        ([work(designs=(Design.CASE_REPORT, Design.COHORT), level=Level.HUMAN)], "2 doi:10.1000/a: cohort (note)"),
        # Who tells the number of subjects, and not who tells the same number of something else.
        (
            [human("a", n=12, reported=(Reported("year", "12", "study page"), Reported("n", "12", "note")))],
            "-1 n below 30 in people: doi:10.1000/a (n=12, note)",
        ),
        ([human("a", n=12)], "-1 n below 30 in people: doi:10.1000/a (n=12)"),
        ([work()], "-1 animal only: doi:10.1000/a"),
        (
            [
                work("a", level_from="study page"),
                work("b", level=Level.CELLS, level_from="note"),
                work("c", level_from="MeSH"),
                work("d"),
            ],
            "-1 animal and cells only: doi:10.1000/a, doi:10.1000/b, doi:10.1000/c, doi:10.1000/d (MeSH, note, study page)",
        ),
    ],
)
def test_step_of_the_strength_names_its_source(cited, step):
    """EVIDENCE.md section 3.5: every step is printed with its source."""
    assert step in verdict(*cited).steps


@pytest.mark.parametrize(("level", "told"), [(Level.COMPUTED, False), (Level.UNKNOWN, False), (Level.CELLS, True)])
def test_only_animals_and_cells_are_animal_or_cells_only(level, told):
    """EVIDENCE.md section 3.5: -1 animal or cells only."""
    assert any(" only: " in step for step in verdict(work("a"), work("b", level=level)).steps) is told


def test_preprint_beside_an_article_is_not_preprint_only():
    works = [human("a", authors=LEE, is_preprint=True), human("b", authors=MEYER)]
    assert not any("preprint only" in step for step in verdict(*works).steps)
    assert "-1 preprint only: doi:10.1000/a" in verdict(works[0]).steps


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[[bmp-2]] · [[osteopontin]]", ClaimKind.LIST_ITEM),
        ("UniProt: Q13950 (RUNX2_HUMAN) — manually reviewed", ClaimKind.LIST_ITEM),
        ("**CAS:** 69-72-7", ClaimKind.LIST_ITEM),
        ("[Home](index.html)", ClaimKind.LIST_ITEM),
    ],
)
def test_what_states_nothing_is_counted_apart(text, kind):
    assert status(text=text, kind=kind) == "not-a-claim"


@pytest.mark.parametrize(
    "text",
    [
        "| UniProt | P42771 | O15511 [^uniprot] |",
        # As a row of HTML reads.
        "UniProt P42771 O15511[^1]",
        "UniProt | P42771",
        "| **UniProt ID** | [P42771](https://www.uniprot.org/uniprot/P42771) [^a] |",
        "| UniProt | P14672 (GTR4_HUMAN) |",
        "| NCBI Gene | 6517 |",
        "| NCBI Taxonomy ID | 10090 |",
        "| [[hgnc\\|HGNC]] | HGNC:11009 | — |",
        "| Ensembl | `ENSG00000181856` |",
        "| CAS (primary) | 79-14-1 |",
        "| EC number | 2.7.11.1 |",
        "| Reactome ID | R-HSA-5696399 | R-HSA-6781827 |",
        "| InChIKey | AEMRFAOFKBGASW-UHFFFAOYSA-N |",
        "| GenAge ID | HAGRID 15 |",
        "| PDB | 1TUP, 2OCJ |",
        "| ATC code | A16AX20 |",
        "| HGNC symbol | MIEF2 |",
    ],
)
def test_row_of_identifiers_states_nothing(text):
    assert status(work(), text=text, kind=ClaimKind.TABLE_ROW) == "not-a-claim"


@pytest.mark.parametrize(
    "text",
    [
        "| UniProt | P42771 | tumour suppressor |",
        "| UniProt annotation | S26 phosphorylated |",
        "| KEGG | hsa04910 | Insulin signaling pathway (human) |",
        "| GenAge | not listed |",
        "| EC | 12.5 | 13.1 |",
        "| EC | IL6 | VEGF165 |",
        "| GO | 12 |",
        "| CAS | 50 mg |",
        "| Gene | CDKN2A (9p21.3) |",
        "| Reactome | 5.5 fold |",
        "| KEGG | 0.05 |",
        "| Protein | P42771 |",
    ],
)
def test_row_with_anything_else_is_a_statement(text):
    assert status(text=text, kind=ClaimKind.TABLE_ROW) == "uncited"


@pytest.mark.parametrize(
    "text",
    ["[[bmp-2]] — upstream activator of bone formation", "CASP3 cleaves GSDMD at Asp-87", "Length: 521 amino acids"],
)
def test_statements_are_not_taken_for_navigation(text):
    assert status(text=text, kind=ClaimKind.LIST_ITEM) == "uncited"


@pytest.mark.parametrize(
    "text",
    [
        "**Chen Y, Chen Z, Wang H · *Science* · 2025 · DOI: 10.1126/science.adp5056 · PMID: 41066557**",
        "13 authors. PMID: 27004597. PMC: PMC4854925.",
        "[Full text](https://doi.org/10.1000/a1)",
        "DOI: 10.1000/a1 · open access",
    ],
)
def test_line_that_names_a_paper_is_no_claim_although_it_cites(text):
    assert status(work(), text=text) == "not-a-claim"


@pytest.mark.parametrize(
    "text",
    [
        "Kim J, Lee K and Wu Y showed that bone is lost (doi:10.1000/a1).",
        "Bone loss: doi:10.1000/a1",
        "RUNX2 drives bone formation (PMID 11111111).",
        "Vitamin D, calcium K, and PTH rise with age (doi:10.1000/a1).",
    ],
)
def test_statement_with_an_identifier_is_a_claim(text):
    assert status(work(), text=text) == "single-study"


def test_entry_of_a_list_of_references_is_no_claim_although_it_cites():
    assert status(work(), section=("References",)) == "not-a-claim"


PAIR = (("h", LEE), ("i", MEYER))
# Two groups of mice in a clause of their own.
MICE = [CitedPlace(1, Polarity.SUPPORTS, (work(one),)) for one in "mn"]


@pytest.mark.parametrize(
    ("evidence", "codes"),
    [
        (claim(work(notices=(RETRACTION,))), ["EV001"]),
        (claim(missing()), ["EV002", "EV008"]),
        (claim(human("h")), ["EV003"]),
        (claim(human("h"), tags=[tag()]), []),
        (claim(human("h", authors=LEE), human("i", authors=MEYER), tags=[tag()]), ["EV005"]),
        (claim(human("h", authors=LEE), human("i", authors=MEYER), tags=[tag()._replace(scope="in women")]), []),
        (claim(tags=[tag()]), ["EV006"]),
        (claim(work(), tags=[tag()]), ["EV017"]),
        (claim(human("h"), tags=[tag(), tag("needs-human-replication")]), ["EV007"]),
        # The page's own tag, for all its claims, is none of a replicated one; another tag asks for no study.
        (claim(human("h", authors=LEE), human("i", authors=MEYER), tags=[tag(place=TagPlace.FRONT_MATTER)]), []),
        (claim(tags=[tag("no-mechanism")]), []),
        (claim(tags=[tag(place=TagPlace.GAP_LIST)]), []),
        (claim(review(), tags=[tag("needs-human-replication")]), ["EV006"]),
        (claim(review(), tags=[tag(place=TagPlace.NOTE)]), []),
        # In animals the tag is right; of a work that nobody looked up it may be.
        (claim(work(), tags=[tag(), tag("needs-human-replication")]), []),
        (
            claim(
                unresolved("u", designs=(Design.RCT,), level=Level.HUMAN), tags=[tag(), tag("needs-human-replication")]
            ),
            [],
        ),
        (claim(work(authors=LEE), work("b", authors=MEYER)), ["EV017"]),
        (claim(*(human(one, authors=who) for one, who in PAIR), *MICE), ["EV017"]),
    ],
)
def test_findings(evidence, codes):
    decided = judge(evidence, CHOICES)
    assert [found.finding.code for found in check_claim(evidence, decided)] == codes
    assert may_drift(evidence, decided) or CHECKS.keys().isdisjoint(codes)


@pytest.mark.parametrize(
    ("works", "levels"),
    [([work("a"), work("b", level=Level.CELLS)], "animal and cells"), ([work("a", level=Level.CELLS)], "cells")],
)
def test_all_evidence_is_that_of_all_clauses(works, levels):
    (said,) = untagged_though_not_human(claim(*works), verdict(*works, clauses=True))
    assert said.message == f"all evidence is {levels}, and no tag says so"


DRIFT = {
    "EV003": claim(work("a", authors=LEE), work("b", authors=LEE)),
    "EV005": claim(work("a", authors=LEE), work("b", authors=MEYER), tags=[tag()]),
    "EV006": claim(review("a"), tags=[tag()]),
    "EV007": claim(human("a"), tags=[tag("needs-human-replication")]),
    "EV015": claim(work("a"), tags=[tag(place=TagPlace.NOTE)]),
    "EV016": claim(work("a"), tags=[tag(place=TagPlace.GAP_LIST)]),
    "EV017": claim(work("a"), work("b", level=Level.CELLS)),
}
STUDIES_OF = {
    "EV003": "doi:10.1000/a animal; doi:10.1000/b animal",
    "EV005": "doi:10.1000/a animal; doi:10.1000/b animal",
    "EV006": "",
    "EV007": "doi:10.1000/a human",
    "EV015": "doi:10.1000/a animal",
    "EV016": "doi:10.1000/a animal",
    "EV017": "doi:10.1000/a animal; doi:10.1000/b cells",
}


@pytest.mark.parametrize("code", DRIFT)
def test_drift_of_a_tag_follows_from_the_status_and_what_counts(code):
    """Its facts, as docs/findings.md calls them: with any of them an acknowledgement lapses."""
    decided = judge(DRIFT[code], CHOICES)
    (result,) = CHECKS[code](DRIFT[code], decided)
    assert DRIFT.keys() == CHECKS.keys()
    assert result.facts == (("status", decided.status.value), ("studies", STUDIES_OF[code]))


@pytest.mark.parametrize(
    ("evidence", "facts"),
    [
        (claim(work(), contrasting(work("b"))), (("against", "doi:10.1000/b"), ("opposite", ""))),
        (claim(work(), opposite=OppositeRow(7, "repression")), (("against", ""), ("opposite", "-"))),
    ],
)
def test_contradiction_follows_from_what_speaks_against_the_claim(evidence, facts):
    """Not from the line of the other row or its word for the sign, which may change."""
    decided = judge(evidence, CHOICES)
    (result,) = [*contradicted(evidence, decided), *opposite_sign(evidence, decided)]
    assert result.facts == facts


def test_drift_of_what_cites_nothing_follows_from_its_status():
    (result,) = wants_other_tag(claim(tags=[tag()]), verdict())
    assert result.facts == (("status", "uncited"), ("studies", ""))


def test_drift_of_a_clause_follows_from_the_clause_too():
    evidence = claim(*(human(one, authors=who) for one, who in PAIR), CitedPlace(1, Polarity.SUPPORTS, (human("c"),)))
    (result,) = untagged(evidence, judge(evidence, CHOICES))
    assert dict(result.facts)["clause"] == "clause 2 by itself is single-study: doi:10.1000/c"
    (elsewhere,) = tagged_in_note(replace(evidence, tags=(tag(place=TagPlace.NOTE),)), judge(evidence, CHOICES))
    assert elsewhere.message == "clause 2 by itself is single-study: doi:10.1000/c, tagged only in the note"


@pytest.mark.parametrize("is_marked", [False, True])
def test_a_mark_that_a_page_has_is_not_asked_for(is_marked):
    evidence = claim(work(notices=(RETRACTION,), is_marked_retracted=is_marked))
    (found,) = check_claim(evidence, judge(evidence, CHOICES))
    assert ("mark it" in found.finding.fix) is not is_marked


def test_fingerprint_stays_when_the_line_moves():
    one, other = (claim(missing()), claim(missing()))
    moved = type(other)(**{name: getattr(other, name) for name in other.__slots__} | {"line": 99})
    prints = [next(check_claim(each, judge(each, CHOICES))).finding.fingerprint for each in (one, moved)]
    assert prints[0] == prints[1]


# --- properties of EVIDENCE.md section 6 ------------------------------------------------------

GROUPS = st.sampled_from([LEE, MEYER, ROSSI, None])
STUDIES = st.lists(
    st.builds(
        lambda name, authors, design: work(name, authors=authors, designs=design, level=Level.ANIMAL),
        st.sampled_from("abcdef"),
        GROUPS,
        st.sampled_from([(Design.IN_VIVO,), (Design.RCT,), ()]),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)


def studies(result):
    return sum(line.counted for line in result.works)


@given(
    st.lists(
        st.tuples(st.sampled_from([Level.ANIMAL, Level.HUMAN, Level.CELLS]), st.sampled_from([None, 5, 500])),
        min_size=2,
        max_size=5,
    ),
    st.integers(0, 4),
)
def test_a_retraction_never_strengthens_clauses_of_one_study_each(kinds, number):
    works = [
        work(f"w{place}", designs=(Design.RCT if level is Level.HUMAN else Design.IN_VIVO,), level=level, n=n)
        for place, (level, n) in enumerate(kinds)
    ]
    before = verdict(*works, clauses=True).strength
    gone = number % len(works)
    works[gone] = work(f"w{gone}", notices=(RETRACTION,))
    assert verdict(*works, clauses=True).strength <= before


def test_works_say_why_they_are_not_counted():
    mouse, trial = work("m", level=Level.ANIMAL, designs=(Design.IN_VIVO,)), human("h", n=300)
    result = verdict(mouse, trial, clauses=True)
    assert (result.level, result.strength) == (Level.HUMAN, 3)
    assert [line.why for line in result.works] == ["of clause 1, and clause 2 is counted; in-vivo (note)", "rct (note)"]
    assert verdict(trial, contrasting(mouse)).works[1].why == "contrasts with the claim; in-vivo (note)"
    mentioned = CitedPlace(1, Polarity.MENTIONS, (mouse,))
    assert verdict(trial, mentioned).works[1].why == "only mentioned; in-vivo (note)"


@given(STUDIES, st.sampled_from([review("n1"), resource("n2"), missing("n3"), work("n4", designs=(Design.NOTICE,))]))
def test_adding_what_is_no_study_never_raises_the_count(works, extra):
    assert studies(verdict(*works, extra)) <= studies(verdict(*works))


@given(STUDIES)
def test_adding_an_independent_study_never_lowers_the_count(works):
    extra = work("z", authors=(type(LEE[0])("Unique", "Q"), type(LEE[0])("Sole", "R")))
    assert studies(verdict(*works, extra)) >= studies(verdict(*works)) + 1


@given(STUDIES.flatmap(lambda works: st.tuples(st.just(works), st.permutations(works))))
def test_order_changes_no_status(pair):
    assert status(*pair[0]) == status(*pair[1])


@given(STUDIES)
def test_without_author_lists_nothing_is_replicated(works):
    offline = [unresolved(one.id[-1], designs=one.designs) for one in works]
    assert status(*offline) in {"uncited", "single-study", "multi-study"}


@given(STUDIES)
def test_same_evidence_gives_the_same_verdict(works):
    assert verdict(*works) == verdict(*works)


def test_an_item_of_a_list_of_gaps_is_contradicted_by_its_own_tag_and_no_other():
    gaps = "## Gaps\n\n- Bone falls in mice, not in rats.[^a] #gap/contradictory-evidence\n- Fat rises in mice.[^a]\n"
    told = Vault().page(f"Bone falls in mice.[^a]\n\n{gaps}\n[^a]: in-vivo · model: mice · doi:10.1000/a1\n").claims()
    statuses = [one.verdict.status.value for one in told]
    assert statuses == ["single-study", "contradicted", "single-study"]


@pytest.mark.parametrize(
    "tags", ["#gap/needs-replication #gap/contradictory-evidence", "#gap/contradictory-evidence, #gap/no-mechanism"]
)
def test_a_contradictory_tag_among_others_decides_as_well(tags):
    note = "[^a]: in-vivo · model: mice · doi:10.1000/a1\n"
    assert Vault().page(f"Bone falls in mice.[^a] {tags}\n\n{note}").status() == "contradicted"


@pytest.mark.parametrize(
    ("databases", "works", "expected"),
    [
        (("X", "Y"), [work()], True),
        (("X",), [work()], False),
        # One study in two reports is one still; two studies are two.
        (("X", "Y"), [work(), work("b", study=frozenset({"doi:10.1000/a"}))], True),
        (("X", "Y"), [work(authors=LEE), work("b", authors=MEYER)], False),
    ],
)
def test_several_databases_and_one_paper_are_told(databases, works, expected):
    """EVIDENCE.md section 7: one paper in five databases is one paper."""
    result = judge(row(*works, databases=databases), CHOICES)
    assert ("multi-database-one-paper" in result.flags) is expected


@pytest.mark.parametrize(
    "said", [{"tags": [tag("contradictory-evidence")]}, {"opposite": OppositeRow(7, "repression")}]
)
def test_what_speaks_of_the_whole_claim_is_told_of_no_single_clause(said):
    result = verdict(work(), review(), clauses=True, **said)
    assert result.status.value == "contradicted"
    assert [clause.status.value for clause in result.clauses] == ["single-study", "review-only"]


@pytest.mark.parametrize("works", [[work(), missing()], [missing()]])
def test_what_a_registry_says_not_to_exist_is_verified(works):
    """EVIDENCE.md section 3.4: unverified is a work whose look-up failed or was never made."""
    assert "unverified" not in verdict(*works).flags


@pytest.mark.parametrize(("other", "expected"), [(MEYER, False), ((*MEYER[:2], LEE[1], *MEYER[2:]), True)])
def test_overlap_is_an_author_whom_two_groups_share_and_not_one_within_a_group(other, expected):
    """EVIDENCE.md section 3.3: one shared middle author is the flag overlap only."""
    result = verdict(work(authors=LEE), work("b", authors=other))
    assert result.status.value == "replicated"
    assert ("overlap" in result.flags) is expected


def in_clause(number, *works):
    """Citations that close one clause."""
    return [CitedPlace(number, Polarity.SUPPORTS, (one,)) for one in works]


def test_a_replicated_clause_stands_for_the_claim_before_one_of_more_groups_that_nobody_has_verified():
    unsure = [work(name, outcomes=(("crossref", Outcome.FAILED, "no answer"),)) for name in "abc"]
    sure = [work("d"), work("e")]
    found = verdict(*in_clause(0, *unsure), *in_clause(1, *sure))
    assert found.status.value == "replicated"
    assert [names for group in found.groups for names in group] == ["doi:10.1000/d", "doi:10.1000/e"]


def test_of_clauses_of_one_group_the_one_with_more_studies_stands_for_the_claim():
    few, many = [work(name, authors=LEE) for name in "ab"], [work(name, authors=LEE) for name in "cde"]
    for places in ([*in_clause(0, *few), *in_clause(1, *many)], [*in_clause(0, *many), *in_clause(1, *few)]):
        found = verdict(*places)
        assert found.status.value == "single-group"
        assert sorted(names for group in found.groups for names in group) == [f"doi:10.1000/{name}" for name in "cde"]


def test_of_clauses_with_as_much_behind_them_the_first_stands_for_the_claim():
    found = verdict(*in_clause(1, work("b")), *in_clause(0, work("a")))
    assert found.groups == (("doi:10.1000/a",),)


def test_studies_whose_groups_nobody_knows_may_be_more_than_those_of_one_group():
    one_group = [work(name, authors=LEE) for name in "ab"]
    found = verdict(*in_clause(0, *one_group), *in_clause(1, work("c", authors=None), work("d", authors=None)))
    assert found.status.value == "multi-study"


@pytest.mark.parametrize("source", ["note", "study page"])
def test_of_a_page_the_first_design_says_what_a_work_is(source):
    trial = work(designs=(Design.RCT, Design.META_ANALYSIS), designs_from=source)
    assert status(trial) == "single-study"
    assert status(work(designs=(Design.META_ANALYSIS, Design.RCT), designs_from=source)) == "synthesis"


@pytest.mark.parametrize(
    ("text", "trials"),
    [
        ("XNCT01234567", set()),
        ("NCT 01234567; nct01234567", {"nct:NCT01234567"}),
        # One zero too many, as some write it.
        ("NCT001234567", {"nct:NCT01234567"}),
        ("NCT012345678, NCT0123456", set()),
    ],
)
def test_trials_are_named_by_nct_and_eight_digits(text, trials):
    assert find_trials(text) == trials


def test_few_mice_are_no_small_study():
    # EVIDENCE.md section 3.5: n < 30 in human work.
    assert Flag.N_SMALL not in verdict(work("a", n=12)).flags
    assert Flag.N_SMALL in verdict(human("a", n=12)).flags
    assert Flag.N_SMALL not in verdict(human("a", n=30)).flags


def test_one_reinstated_work_among_others_is_told():
    said = {"2010": NoticeKind.RETRACTION, "2012": NoticeKind.REINSTATEMENT}
    restored = tuple(WorkNotice(kind, date, "crossref") for date, kind in said.items())
    assert Flag.REINSTATED in verdict(work("a"), work("b", notices=restored)).flags


def test_a_contrasting_work_that_fell_contradicts_nothing():
    # EVIDENCE.md section 3.4: retracted works are taken out.
    assert status(work("a"), contrasting(work("b", notices=(RETRACTION,)))) == "single-study"


def test_clause_beside_a_retracted_work_rests_on_the_one_that_stands():
    clauses = verdict(
        work("a"),
        CitedPlace(1, Polarity.SUPPORTS, (work("b"), work("c", notices=(RETRACTION,)))),
        CitedPlace(2, Polarity.SUPPORTS, (work("d", notices=(RETRACTION,)),)),
    ).clauses
    assert [(one.status.value, one.counted) for one in clauses] == [
        ("single-study", ("work:a",)),
        ("single-study", ("work:b",)),
        ("retracted", ()),
    ]


def test_groups_of_verified_works_of_unknown_design_are_not_said_to_be_unverified():
    (reason, *_) = verdict(work("a", authors=LEE, designs=()), work("b", authors=MEYER, designs=())).reasons
    assert reason == (
        "2 studies (doi:10.1000/a; doi:10.1000/b); the design of doi:10.1000/a, doi:10.1000/b is unknown, "
        "so whether groups of their own stand is not known"
    )


def test_one_person_with_an_orcid_is_not_shared_twice():
    kim = AuthorName("Kim", "J", "0000-0002-1825-0097")
    one, other = people_of((kim, AuthorName("Kim", "J"), *LEE[1:])), people_of((kim, *MEYER))
    assert count_shared(one, other) == count_shared(other, one) == 1


def test_longest_author_list_of_a_study_tells_its_laboratory():
    # The preprint names its first author alone; the article shares its last with the other study.
    preprint = work("p", authors=LEE[:1], is_preprint=True, study=frozenset({"doi:10.1000/p", "doi:10.1000/a"}))
    assert status(preprint, work("a", authors=LEE), work("b", authors=(*MEYER, LEE[-1]))) == "single-group"


def test_work_that_is_cited_twice_is_listed_once():
    assert [line.work.id for line in verdict(work("a"), work("a"), clauses=True).works] == ["work:a"]
