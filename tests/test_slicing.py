"""Slices: each shows what fits all choices, says that it is one, and is as incomplete as what it is taken from."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace

import pytest
from auditing import KIM, WEBER, Vault
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.audit import DRIFT
from evidence.audit.acknowledging import comment_of
from evidence.audit.formats import FORMATS
from evidence.audit.html import to_html
from evidence.audit.reports import to_dict
from evidence.audit.reports.presentation import Presentation
from evidence.audit.slicing import Choice, is_named, read_age, slice_report
from evidence.errors import EvidenceError
from evidence.vocabulary import Level, Status

ROSSI = ["Rossi A", "Bruno B"]
PAGE = """Bone is lost.[^a] And fat is gained.[^a][^b] Nothing is cited here at all.

Old bone breaks.[^c] New bone breaks too.[^gone] Bone is lost in mice.[^d] And again.[^d] #gap/needs-replication

[^a]: rct · doi:10.1000/a1
[^b]: rct · doi:10.1000/b1
[^c]: doi:10.1000/c1
[^d]: in-vivo · model: mice · doi:10.1000/d1
"""
OTHER = "---\nliterature-checked-through: 2024-03-01\n---\nBone is lost.[^a]\n\n[^a]: rct · doi:10.1000/a1\n"


@pytest.fixture(scope="module")
def report():
    vault = Vault().page(PAGE, "bone/page.md").page(OTHER, "other.md")
    vault.work("doi:10.1000/a1", authors=KIM, date="2001-05").work("doi:10.1000/b1", authors=WEBER, date="2020")
    vault.work("doi:10.1000/c1", authors=ROSSI, notices=["retraction"]).work("doi:10.1000/d1", authors=ROSSI)
    return vault.audit()


def ids(report):
    return [one.claim.id for one in report.claims]


def texts(report):
    return [" ".join(one.claim.text.split()) for one in report.claims]


def test_statuses_partition_the_claims_and_their_findings(report):
    slices = [slice_report(report, Choice(frozenset({status}))) for status in Status]
    assert sorted(name for one in slices for name in ids(one)) == sorted(ids(report))
    about_claims = [one.fingerprint for one in report.findings if one.claim is not None]
    assert sorted(one.fingerprint for part in slices for one in part.findings) == sorted(about_claims)
    assert sum(len(one.claims) for one in slices) == len(report.claims)


def test_pages_partition_all_findings(report):
    slices = [slice_report(report, Choice(pages=(name,))) for name in ("bone/*", "other.md")]
    assert sorted(one.fingerprint for part in slices for one in part.findings) == sorted(
        one.fingerprint for one in report.findings
    )
    assert [one.pages for one in slices] == [1, 1]


CHOICES = st.builds(
    Choice,
    st.frozensets(st.sampled_from(list(Status)), max_size=3),
    st.frozensets(st.sampled_from(list(Level)), max_size=2),
    st.booleans(),
    st.sampled_from([None, "2010", "2020-01-01", "2026-11-21"]),
    st.sampled_from([None, "2024", "2025"]),
    st.sampled_from([(), ("bone/*",), ("other.md", "bone"), ("none/*",)]),
)


@given(CHOICES, CHOICES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_choices_are_joined_by_and(report, one, other):
    both = Choice(
        one.statuses or other.statuses, other.levels, one.drift, one.older_than, other.checked_before, one.pages
    )
    alone = [
        Choice(statuses=both.statuses),
        Choice(levels=both.levels),
        Choice(drift=both.drift),
        Choice(older_than=both.older_than),
        Choice(checked_before=both.checked_before),
        Choice(pages=both.pages),
    ]
    expected = set(ids(report)).intersection(*(ids(slice_report(report, choice)) for choice in alone))
    assert set(ids(slice_report(report, both))) == expected


@given(CHOICES, st.integers(0, 9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_slice_recomputes_and_says_that_it_is_one(report, choice, top):
    choice = Choice(*(getattr(choice, name) for name in Choice.__slots__[:-1]), top)
    part = slice_report(report, choice)
    values = to_dict(part)
    assert len(values["claims"]) == len(part.claims) == values["run"]["claims"] == sum(values["counts"].values())
    assert not top or len(part.claims) <= top
    whole = {one["id"]: one for one in to_dict(report)["sources"]}
    assert all(one == whole[one["id"]] for one in values["sources"])
    assert {work["id"] for one in values["claims"] for work in one["works"]} == {one["id"] for one in values["sources"]}
    assert (part is report) is (choice == Choice())
    if part is not report:
        assert any(choice.words in limit for limit in values["limits"])
        assert choice.words in " ".join("".join(FORMATS["text"](part, Presentation(width=1000))).split())


def test_what_each_choice_shows(report):
    def chosen(**facts):
        return texts(slice_report(report, Choice(**facts)))

    assert chosen(levels=frozenset({Level.ANIMAL})) == [
        "Bone is lost in mice.[^d]",
        "And again.[^d]",
    ]
    assert chosen(older_than="2010-01-01") == ["Bone is lost.[^a]", "Bone is lost.[^a]"]
    assert chosen(older_than="2001") == []
    assert chosen(checked_before="2025") == ["Bone is lost.[^a]"]
    assert chosen(checked_before="2024-03-01") == []
    assert "New bone breaks too.[^gone]" not in chosen(drift=True)
    assert "Bone is lost in mice.[^d]" in chosen(drift=True)


def test_drift_shows_the_findings_of_drift_and_no_others(report):
    shown = [one.fingerprint for one in slice_report(report, Choice(drift=True)).findings]
    assert shown == [one.fingerprint for one in report.findings if one.code in DRIFT]
    assert 0 < len(shown) < len(report.findings)


def test_drift_leaves_out_claims_whose_drift_is_acknowledged():
    def vault(comment=""):
        page = f"Bone is lost.[^a]{comment}\n\n[^a]: rct · doi:10.1000/a1\n"
        return Vault().page(page).work("doi:10.1000/a1", authors=KIM)

    report = vault().audit()
    (found,) = [one for one in report.findings if one.code in DRIFT]
    assert texts(slice_report(report, Choice(drift=True))) == ["Bone is lost.[^a]"]
    said = f" {comment_of(found, 'known')}"
    accepted = vault(said).audit()
    assert [one.acknowledged for one in accepted.findings if one.code in DRIFT] == ["known"]
    assert texts(slice_report(accepted, Choice(drift=True))) == []


@pytest.mark.parametrize(
    ("pages", "left"),
    [
        ((), ("bone/broken.md", "locked")),
        (("bone",), ("bone/broken.md",)),
        (("locked/a.md",), ("locked",)),
        (("z*",), ()),
    ],
)
def test_slice_is_as_incomplete_as_the_pages_that_it_may_hold(report, pages, left):
    broken = replace(report, unreadable=("bone/broken.md", "locked"))
    part = slice_report(broken, Choice(statuses=frozenset({Status.REPLICATED}), pages=pages))
    assert part.unreadable == left


def test_first_comes_retracted_support_then_what_most_rests_on(report):
    part = slice_report(report, Choice(top=4))
    assert texts(part) == [
        "Old bone breaks.[^c]",
        "Bone is lost.[^a]",
        "Bone is lost.[^a]",
        "Bone is lost in mice.[^d]",
    ]
    (said,) = set(part.limits) - set(report.limits)
    assert "4 to act on first are shown" in said
    assert "1 replicated-in-human" in said


def test_number_about_a_source_is_that_of_the_whole_audit(report):
    part = slice_report(report, Choice(pages=("other.md",)))
    said = " ".join("".join(FORMATS["text"](part, Presentation(width=1000))).split())
    assert [len(one.held_alone) for one in part.sources.values()] == [2]
    assert "one of 2 claims that its source holds up alone" in said
    assert "holds up alone (2, 1 of them here)" in re.sub(r"<[^>]+>", "", to_html(part))


def test_slice_of_an_offline_audit_stays_incomplete():
    report = Vault().page(PAGE).page("Nothing is cited here.", "clean.md").audit()
    assert report.is_incomplete
    assert slice_report(report, Choice(frozenset({Status.REPLICATED}))).is_incomplete
    assert not slice_report(report, Choice(pages=("clean.md",))).is_incomplete


@pytest.mark.parametrize(
    ("text", "expected"),
    [("10", "2016-11-21"), ("0", "2026-11-21"), ("2016", "2016"), ("2016-05", "2016-05"), ("2016-05-09", "2016-05-09")],
)
def test_ages(text, expected):
    assert read_age(text, dt.date(2026, 11, 21)) == expected


@pytest.mark.parametrize("text", ["", "soon", "-3", "2016-13", "2016-02-30", "20160101", "ten", "2016/05"])
def test_what_is_no_age(text):
    with pytest.raises(EvidenceError, match="no age and no date"):
        read_age(text, dt.date(2026, 11, 21))


def test_folder_names_its_pages():
    assert is_named("a/b/c.md", "a/b")
    assert is_named("a/b/c.md", "a/b/")
    assert not is_named("a/bc.md", "a/b")
    assert json.dumps(Choice().words) == '""'
