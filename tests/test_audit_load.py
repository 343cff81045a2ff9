"""From pages and registry answers in the store to verdicts."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from auditing import KIM, WEBER, Vault

from evidence.config import Settings

MICE = "in-vivo · model: mice"


def two_notes(first, second, mark="[^a][^b]"):
    return f"Bone is lost with age in mice.{mark}\n\n[^a]: {first}\n[^b]: {second}\n"


def test_doi_and_pmid_of_one_note_are_one_work_as_cited():
    vault = Vault().page(f"Bone is lost.[^a]\n\n[^a]: {MICE} · doi:10.1000/a1 · PMID 11111111\n")
    assert vault.status() == "single-study"
    assert [flag.value for flag in vault.verdict().flags] == ["unverified"]


def test_work_cited_by_doi_here_and_by_pmid_there_is_one():
    vault = Vault().page(two_notes("doi:10.1000/a1", "PMID 11111111")).work("doi:10.1000/a1", "pmid:11111111")
    assert vault.status() == "single-study"


def test_two_notes_share_an_unresolved_work_by_one_of_their_identifiers():
    assert Vault().page(two_notes("doi:10.1000/a1 · PMID 11111111", "PMID 11111111")).status() == "single-study"


def test_two_notes_that_were_never_looked_up_are_at_most_two_studies():
    assert Vault().page(two_notes("rct · doi:10.1000/a1", "rct · doi:10.1000/b1")).status() == "multi-study"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Bone is lost (PMID 11111111; doi:10.1000/a1).", "single-study"),
        ("Bone is lost (doi:10.1000/a1, PMID: 11111111).", "single-study"),
        ("Bone is lost (PMID 11111111; PMID 22222222).", "multi-study"),
        ("Bone is lost (PMID 11111111 and doi:10.1000/a1).", "multi-study"),
    ],
)
def test_identifiers_side_by_side_in_the_text(text, status):
    assert Vault().page(f"{text}\n").status() == status


def test_organisms_are_those_of_the_note_else_those_of_mesh():
    stated, indexed = "in-vivo · organism: rat · doi:10.1000/a1", "in-vivo · doi:10.1000/b1"
    vault = Vault().page(two_notes(stated, indexed)).work("doi:10.1000/a1", mesh=["Animals", "Mice"])
    vault.work("doi:10.1000/b1", mesh=["Animals", "Mice, Inbred C57BL", "Humans"])
    found = [line.work.organisms for line in vault.verdict().works]
    assert found == [("rat",), ("mouse", "human")]


def test_citations_of_pages_read_before_clauses_were_kept_stand_for_themselves():
    vault = Vault().page(two_notes(f"{MICE} · doi:10.1000/a1", f"{MICE} · doi:10.1000/b1"))
    vault.work("doi:10.1000/a1", authors=KIM).work("doi:10.1000/b1", authors=WEBER)
    assert vault.status() == "replicated"
    assert not [limit for limit in vault.audit().limits if "earlier version" in limit]
    with vault.engine.begin() as connection:
        connection.execute(sa.text("UPDATE citation SET clause = NULL"))
    assert vault.status() == "single-study"
    assert [limit for limit in vault.audit().limits if limit.startswith("1 page was last read by an earlier version")]


def test_links_side_by_side_in_html_replicate():
    one, other = "https://doi.org/10.1000/a1", "https://doi.org/10.1000/b1"
    text = f'<p>Bone is lost with age in mice (<a href="{one}">Kim 2011</a>, <a href="{other}">Weber 2012</a>).</p>'
    vault = Vault().page(text, "page.html").work("doi:10.1000/a1", authors=KIM, type="journal-article")
    vault.work("doi:10.1000/b1", authors=WEBER, type="journal-article")
    assert vault.status() == "replicated"


def test_two_groups_replicate():
    vault = Vault().page(two_notes(f"{MICE} · doi:10.1000/a1", f"{MICE} · doi:10.1000/b1"))
    vault.work("doi:10.1000/a1", authors=KIM).work("doi:10.1000/b1", authors=WEBER)
    assert vault.status() == "replicated"


def test_names_with_other_dashes_and_accents_are_one_person():
    vault = Vault().page(two_notes("doi:10.1000/a1", "doi:10.1000/b1"))
    vault.work("doi:10.1000/a1", authors=["Kim J", "Park S", "López\u2010Otín C"])
    vault.work("doi:10.1000/b1", authors=["Weber A", "Fuchs B", "Lopez-Otin Carlos"])
    assert vault.status() == "single-group"


@pytest.mark.parametrize(
    "relation",
    [("is-preprint-of", "doi:10.1000/b1"), ("same-trial", "nct:nct01234567"), ("republished", "doi:10.1000/b1")],
)
def test_related_works_are_one_study(relation):
    vault = Vault().page(two_notes("rct · doi:10.1000/a1", "rct · doi:10.1000/b1"))
    vault.work("doi:10.1000/a1", authors=KIM, relations=[relation])
    vault.work("doi:10.1000/b1", authors=WEBER, relations=[("same-trial", "nct:nct01234567")])
    assert vault.status() == "single-study"


def test_preprint_that_the_note_names_joins_the_study():
    vault = Vault().page(two_notes("doi:10.1000/a1 · preprint doi:10.1101/2020.01.01.1", "doi:10.1101/2020.01.01.1"))
    vault.work("doi:10.1000/a1", authors=KIM).work("doi:10.1101/2020.01.01.1", authors=WEBER)
    assert vault.status() == "single-study"


def test_preprint_of_a_retracted_article_falls_with_it():
    vault = Vault().page(two_notes("doi:10.1000/a1", "doi:10.1000/p1"))
    vault.work("doi:10.1000/a1", notices=["retraction"])
    vault.work("doi:10.1000/p1", type="posted-content", relations=[("is-preprint-of", "doi:10.1000/a1")])
    assert vault.status() == "retracted"


def test_study_page_says_that_two_identifiers_are_one_work():
    vault = Vault().page("---\ntype: study\ndoi: 10.1000/a1\npmid: 11111111\n---\nText.\n", "studies/kim-2019.md")
    vault.page(two_notes("doi:10.1000/a1", "PMID 11111111"))
    assert vault.status() == "single-study"


def test_pubmed_type_alone_retracts():
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: PMID 11111111\n")
    assert vault.work("pmid:11111111", publication_types=["Retracted Publication"]).status() == "retracted"


def test_identifier_that_its_registry_does_not_know_is_no_source():
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: doi:10.1000/a1\n")
    assert vault.looked_up("doi:10.1000/a1", "crossref", "not-found").status() == "unresolved"
    assert vault.codes() == ["EV002", "EV008"]


@pytest.mark.parametrize("outcome", ["failed", "other-agency"])
def test_other_outcomes_leave_it_open(outcome):
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: doi:10.1000/a1\n")
    assert vault.looked_up("doi:10.1000/a1", "crossref", outcome).status() == "single-study"
    assert "unverified" in vault.verdict().flags


def test_doi_that_does_not_exist_beside_a_pmid_that_does():
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: doi:10.1000/a1 · PMID 11111111\n").work("pmid:11111111")
    vault.looked_up("doi:10.1000/a1", "crossref", "not-found")
    assert vault.status() == "single-study"
    assert "EV008" in vault.codes()


def test_identifiers_of_one_note_that_name_two_works_count_once():
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: doi:10.1000/a1 · PMID 11111111\n")
    vault.work("doi:10.1000/a1", authors=KIM).work("pmid:11111111", authors=WEBER)
    assert vault.status() == "single-study"
    assert "EV004" in vault.codes()


def test_works_that_the_registries_dispute_count_once():
    said = ["pmid:11111111 (pubmed) / pmid:22222222 (crossref)"]
    vault = Vault().page(two_notes("PMID 11111111", "PMID 22222222"))
    vault.work("pmid:11111111", authors=KIM, conflicts=said).work("pmid:22222222", authors=WEBER, conflicts=said)
    assert vault.status() == "single-study"
    assert "identifier-conflict" in vault.verdict().flags


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", "It adds bone[^1] and takes fat[^2].\n\n[^1]: doi:10.1000/a1\n[^2]: doi:10.1000/b1\n"),
        (
            "a.html",
            """<p>It adds <b>bone</b><sup><a href="#fn1">1</a></sup> and takes fat<sup><a href="#fn2">2</a></sup>.</p>
            <ol><li id="fn1">doi:10.1000/a1</li><li id="fn2">doi:10.1000/b1</li></ol>""",
        ),
    ],
)
def test_one_mark_for_each_clause_replicates_nothing(path, text):
    vault = Vault().page(text, path).work("doi:10.1000/a1", authors=KIM).work("doi:10.1000/b1", authors=WEBER)
    assert vault.status() == "single-study"


def test_users_own_resource_does_not_count():
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: PMID 11111111\n").work("pmid:11111111", "doi:10.1000/a1")
    report = vault.audit(Settings(audit={"resources": ["doi:10.1000/a1"]}))
    assert report.claims[0].verdict.status.value == "resource-only"
    assert "[audit] resources" in report.claims[0].verdict.works[0].why


def test_statements_do_not_grow_with_the_claims():
    asked = []
    vault = Vault()
    for number in (3, 300):
        text = "\n\n".join(f"Bone number {one} is lost.[^a]" for one in range(number))
        vault.page(f"{text}\n\n[^a]: doi:10.1000/a1\n")
        seen = []
        listener = lambda *args, seen=seen: seen.append(args[2])  # noqa: E731
        sa.event.listen(vault.engine, "before_cursor_execute", listener)
        vault.audit(paths=["page.md"])
        sa.event.remove(vault.engine, "before_cursor_execute", listener)
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_a_note_whose_identifier_cannot_be_told_says_so():
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: Lee K. Bone. 2019. doi:10.5555/abc,def\n")
    assert vault.status() == "unresolved"
    findings = {one.code: one for one in vault.audit().findings}
    assert "`10.5555/abc,def` is an ambiguous identifier" in findings["EV002"].message
    assert findings["EV002"].message.endswith("[^a] stands in line 3")


def test_notes_that_name_one_trial_are_one_study():
    notes = "[^a]: doi:10.1000/a1 · NCT01234567\n[^b]: doi:10.1000/b1 · NCT01234567\n"
    vault = Vault().page("Bone is lost with age.[^a][^b]\n\n" + notes)
    assert vault.status() == "single-study"


def test_all_values_of_a_design_are_kept_in_order():
    vault = Vault().page("Bone is lost with age.[^a]\n\n[^a]: rct · n=12 · doi:10.1000/a1\n")
    vault.work("doi:10.1000/a1", publication_types=["Review"], date="2004")
    told = vault.verdict().works[0].work.reported
    assert [(one.attribute, one.value, one.source) for one in told if one.attribute == "design"] == [
        ("design", "rct", "note"),
        ("design", "review", "pubmed"),
    ]


def test_study_page_gives_the_number_of_subjects():
    study = "---\ntype: study\ndoi: 10.1000/a1\nstudy-design: rct\norganism: homo-sapiens\nn-subjects: 12\n---\n\nIt was found.\n"
    vault = Vault().page(study, "studies/kim.md").page("Bone is lost.[^a]\n\n[^a]: doi:10.1000/a1\n")
    vault.work("doi:10.1000/a1")
    assert "n-small" in vault.verdict().flags


STUDY_PAGE = """---
type: study
doi: 10.1000/a1
study-design: cohort
organism: homo-sapiens
n-subjects: 14
year: 2010
---

It was found.
"""


@pytest.mark.parametrize(
    ("note", "page", "expected"),
    [
        ("rct · n=12 · model: mice · 2011 · ", STUDY_PAGE, (["rct"], 12, "animal", 2011)),
        ("", STUDY_PAGE, (["cohort"], 14, "human", 2010)),
        ("", "Text.\n", (["review"], None, "human", 2012)),
    ],
    ids=["note", "study page", "registries"],
)
def test_values_are_those_of_the_note_then_of_the_study_page_then_of_the_registries(note, page, expected):
    vault = Vault().page(page, "studies/kim.md").page(f"Bone is lost.[^a]\n\n[^a]: Kim J · {note}doi:10.1000/a1\n")
    vault.work("doi:10.1000/a1", publication_types=["Review"], mesh=["Humans"], date="2012")
    (claim,) = [one for one in vault.claims() if one.verdict.works]
    work = claim.verdict.works[0].work
    assert ([one.value for one in work.designs], work.n, work.level.value, work.year) == expected


def test_journal_with_database_in_its_name_makes_no_resource():
    note = "[^a]: Liu H et al. · *Cochrane Database Syst Rev* 2020 · meta-analysis · doi:10.1000/a1\n"
    assert Vault().page("Bone is lost with age.[^a]\n\n" + note).status() == "synthesis"


@pytest.mark.parametrize(
    "kind",
    [
        {"publication_types": ["Journal Article", "Clinical Trial Protocol"], "mesh": ["Animals"]},
        {"publication_types": ["Personal Narrative"]},
        {"publication_types": ["Historical Article"], "mesh": ["Animals", "Mice"]},
        {"type": "component"},
        {"type": "grant"},
        {"type": "book-chapter"},
        {"type": "report"},
        {},
    ],
)
def test_work_of_unknown_kind_makes_nothing_replicated(kind):
    vault = Vault().page("Bone is lost.[^a][^b]\n\n[^a]: rct · doi:10.1000/a\n[^b]: Weber 2011. doi:10.1000/b\n")
    found = vault.work("doi:10.1000/a", authors=KIM).work("doi:10.1000/b", authors=WEBER, **kind).verdict()
    assert found.status.value == "multi-study"
    assert "the design of doi:10.1000/b is unknown" in found.reasons[0]


@pytest.mark.parametrize(
    "kind",
    [
        {"type": "journal-article"},
        {"type": "journal-article", "publication_types": ["Journal Article"], "mesh": ["Humans"]},
        {"publication_types": ["Letter", "Journal Article"]},
        {"type": "posted-content"},
    ],
)
def test_article_of_unknown_design_is_a_study_of_its_group(kind):
    """EVIDENCE.md 3.4: rule 11 asks for two groups; 3.5 counts an unknown design, and says that it is unknown."""
    vault = Vault().page("Bone is lost.[^a][^b]\n\n[^a]: doi:10.1000/a\n[^b]: doi:10.1000/b\n")
    found = vault.work("doi:10.1000/a", authors=KIM, **kind).work("doi:10.1000/b", authors=WEBER, **kind).verdict()
    assert found.status.value == ("replicated-in-human" if "Humans" in kind.get("mesh", ()) else "replicated")
    assert any("design unknown" in said for said in found.reasons)


def test_article_that_pubmed_types_as_a_review_is_none():
    vault = Vault().page("Bone is lost.[^a][^b]\n\n[^a]: doi:10.1000/a\n[^b]: doi:10.1000/b\n")
    vault.work("doi:10.1000/a", authors=KIM, type="journal-article")
    vault.work("doi:10.1000/b", authors=WEBER, type="journal-article", publication_types=["Journal Article", "Review"])
    assert vault.verdict().status.value == "single-study"


def told(note, *types):
    vault = Vault().page(f"Bone is lost.[^a]\n\n[^a]: {note} · doi:10.1000/a1\n")
    return vault.work("doi:10.1000/a1", publication_types=types).verdict()


@pytest.mark.parametrize(
    "design", ["observational", "rct", "in-vivo · model: mice", "cohort", "observational · review of the index"]
)
@pytest.mark.parametrize("kind", ["Review", "Scoping Review", "Editorial", "Practice Guideline", "Consensus Statement"])
def test_what_pubmed_calls_a_review_is_no_study_whatever_its_note_calls_it(design, kind):
    verdict = told(design, "Journal Article", kind)
    assert verdict.status.value == "review-only"
    assert " (pubmed)" in verdict.works[0].why


def test_before_pubmed_has_answered_the_note_says_what_a_work_is_at_most():
    """EVIDENCE.md 3.4: a work never looked up counts at most, with the design that its note states."""
    verdict = Vault().page("Bone is lost.[^a]\n\n[^a]: observational · doi:10.1000/a1\n").verdict()
    assert (verdict.status.value, verdict.strength) == ("single-study", None)
    assert [flag.value for flag in verdict.flags] == ["unverified"]
    assert any(reason.startswith("at most") for reason in verdict.reasons)


@pytest.mark.parametrize(
    ("design", "types", "status"),
    [
        ("rct", ["Journal Article"], "single-study"),
        ("rct", [], "single-study"),
        # A review in which a trial is reported; a letter with data is typed as a comment.
        ("rct", ["Review", "Clinical Trial"], "single-study"),
        ("case-report", ["Case Reports", "Review"], "single-study"),
        ("cohort", ["Letter", "Comment"], "single-study"),
        # The older types knew no systematic review.
        ("meta-analysis", ["Review"], "synthesis"),
        ("cohort", ["Meta-Analysis"], "single-study"),
        ("review", ["Randomized Controlled Trial"], "review-only"),
    ],
)
def test_else_the_note_says_first_what_a_work_is(design, types, status):
    assert told(design, *types).status.value == status


def test_a_note_against_pubmed_on_a_review_is_told():
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: observational · doi:10.1000/a1\n")
    assert "EV011" in vault.work("doi:10.1000/a1", publication_types=["Review"]).codes()


def test_the_page_of_a_study_does_not_outvote_pubmed_either():
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: Kim J · doi:10.1000/a1\n")
    vault.page("---\ntype: study\ndoi: 10.1000/a1\nstudy-design: observational\n---\n# Kim\n", "studies/kim.md")
    vault.work("doi:10.1000/a1", publication_types=["Review"])
    (verdict,) = [one.verdict for one in vault.claims() if one.verdict.works]
    assert verdict.status.value == "review-only"
