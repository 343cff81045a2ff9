"""What a report says of itself holds: every claim that it names is there, and each number and name has its ground."""

from __future__ import annotations

import re
from statistics import median_low

import pytest
from auditing import KIM, WEBER, Vault

from evidence.audit.html import to_html
from evidence.audit.reports import to_dict
from evidence.config import Settings

MIXED = """One is lost.[^a]

Two is lost.[^c][^d]

Three is lost.[^b] #gap/needs-replication

Four is lost.[^x]

[^a]: in-vivo · doi:10.1000/a
[^b]: in-vivo · doi:10.1000/b
[^c]: in-vivo · doi:10.1000/a
[^d]: in-vivo · doi:10.1000/d
[^x]: nothing
"""


@pytest.fixture
def mixed():
    """Claims of which those of one status are not next to each other in the order of urgency."""
    vault = Vault().page(MIXED).work("doi:10.1000/a", authors=KIM)
    return vault.work("doi:10.1000/b", authors=WEBER).work("doi:10.1000/d", authors=KIM)


def test_html_holds_every_cited_claim_and_every_link_leads_to_one(mixed):
    report = mixed.audit()
    html = to_html(report)
    shown = re.findall(r'<article class="claim" id="(\w+)"', html)
    assert sorted(shown) == sorted(one.claim.id for one in report.claims)
    anchors = set(re.findall(r'\bid="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= anchors
    assert {shown for shown, _ in re.findall(r"(\d+)</a> of <a[^>]*>(\d+)</a> stand here", html)} == set()


def test_work_with_a_failed_look_up_is_not_called_resolved():
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: in-vivo · doi:10.1000/a\n").work("doi:10.1000/a", authors=KIM)
    vault.looked_up("doi:10.1000/a", "pubmed", "failed")
    document = to_dict(vault.audit())
    assert [one["status"] for one in document["sources"]] == ["unverified"]
    assert document["claims"][0]["flags"] == ["unverified"]


def failing(*lookups):
    """A page that cites a trial by its PMID alone, a work with a DOI too, and how the look-ups of both ended."""
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: rct · PMID 11111111\n")
    vault.work("pmid:11111111", "doi:10.1000/a", authors=KIM).looked_up("pmid:11111111", "pubmed", "resolved")
    for reference, source, outcome in lookups:
        vault.looked_up(reference, source, outcome)
    return vault


@pytest.mark.parametrize(
    ("lookups", "is_verified"),
    [
        ([], True),
        ([("doi:10.1000/a", "crossref", "resolved")], True),
        ([("doi:10.1000/a", "crossref", "not-found")], True),
        ([("doi:10.1000/a", "crossref", "failed")], False),
        # PubMed has told of the work under its own number.
        ([("doi:10.1000/a", "pubmed", "failed")], True),
    ],
)
def test_registry_that_failed_under_another_identifier_may_know_of_a_retraction(lookups, is_verified):
    report = failing(*lookups).audit()
    verdict = report.claims[0].verdict
    assert ("unverified" not in verdict.flags) is is_verified
    assert (verdict.strength is not None) is is_verified
    assert report.lacks_lookups is not is_verified


def test_page_is_judged_anew_when_a_look_up_of_another_identifier_fails():
    vault = failing()
    assert vault.verdict().flags == ()
    vault.looked_up("doi:10.1000/a", "crossref", "failed")
    assert [flag.value for flag in vault.verdict().flags] == ["unverified"]


def test_years_of_a_page_recompute_from_the_works_of_its_claims():
    vault = Vault()
    for number, year in enumerate(("2011", "", "2019")):
        vault.page(f"Bone is lost.[^a]\n\n[^a]: in-vivo · {year} · doi:10.1000/a\n", f"p{number}.md")
    document = to_dict(vault.audit())
    for page in document["pages"]:
        claims = [one for one in document["claims"] if one["path"] == page["path"]]
        years = {work["id"]: work["year"] for one in claims for work in one["works"] if work["year"] is not None}
        assert page["median_year"] == (median_low(years.values()) if years else None)
        assert page["newest_year"] == max(years.values(), default=None)
    assert {page["newest_year"] for page in document["pages"]} == {2011, None, 2019}


def test_flags_name_the_setting_and_no_number_that_may_be_another():
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: rct · n=12 · doi:10.1000/a\n").work("doi:10.1000/a", authors=KIM)
    html = to_html(vault.audit(Settings(audit={"n_small": 100})))
    assert "fewer subjects than n_small of the settings" in html
    assert "(30)" not in html


def test_step_names_who_tells_the_number():
    vault = Vault().work("doi:10.1000/a", authors=KIM)
    front = "---\ntype: study\ndoi: 10.1000/a\nstudy-design: rct\norganism: human\nn: 12\n---\n\n# S\n"
    vault.page(front, "studies/s.md").page("Bone is lost.[^a]\n\n[^a]: [[studies/s]] · doi:10.1000/a\n")
    steps = [step for one in vault.audit().claims for step in one.verdict.steps if "n below" in step]
    assert steps
    assert all("(n=12, study page)" in step for step in steps)


def test_change_that_is_promised_comes_true():
    """Of what nobody knows to be a study a second one makes no replication."""
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: doi:10.1000/a\n").work("doi:10.1000/a", authors=KIM)
    assert vault.verdict().changes == (
        "the design of doi:10.1000/a, stated in the note, and then one independent study of the same thing",
    )


def test_correction_of_a_counted_work_lapses_what_was_accepted_of_its_claim():
    text = "Bone is lost.[^a]{}\n\n[^a]: in-vivo · doi:10.1000/a\n"
    vault = Vault().page(text.format("")).work("doi:10.1000/a", authors=KIM)
    (found,) = [one for one in vault.audit().findings if one.code == "EV003"]
    vault.page(text.format(f' <!-- evidence: ack EV003 {found.facts} "known" -->'))
    assert [one.acknowledged for one in vault.audit().findings if one.code == "EV003"] == ["known"]
    vault.retract("10.1000/a", kind="erratum")
    assert "EV201" in vault.codes()


def test_tag_is_not_reviewed_for_a_study_that_no_registry_has_told_of():
    """EVIDENCE.md section 6: PubMed may say that the "rct" of the note was done in mice."""
    page = "Bone is lost.[^a] #gap/needs-human-replication\n\n[^a]: rct · doi:10.1000/a\n"
    assert "EV007" not in Vault().page(page).codes()
    assert "EV007" in Vault().page(page).work("doi:10.1000/a", authors=KIM).codes()


@pytest.mark.parametrize("kind", ["Retraction of Publication", "Dataset"])
def test_claim_on_a_notice_alone_is_not_told_that_nothing_exists(kind):
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: doi:10.1000/a\n").work("doi:10.1000/a", publication_types=[kind])
    assert vault.status() == "unresolved"
    (told,) = [one for one in vault.audit().findings if one.code == "EV002"]
    assert told.message == "cites only notices or data sets: doi:10.1000/a"


@pytest.mark.parametrize("name", ["needs-replication", "needs-human-replication"])
@pytest.mark.parametrize("note", ["", "[^a]\n\n[^a]: review · doi:10.1000/a"])
def test_tag_of_replication_on_what_no_study_supports(name, note):
    vault = Vault().page(f"Bone is lost.{note.partition(chr(10))[0]} #gap/{name}{note[4:]}\n")
    vault.work("doi:10.1000/a", authors=KIM)
    messages = [one.message for one in vault.audit().findings if one.code == "EV006"]
    assert [message.partition(",")[0] for message in messages] == [f"tagged {name}"]
