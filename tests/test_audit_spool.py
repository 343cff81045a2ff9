"""Lists that are kept on disk, and an audit that is made of them: the same whichever way it was judged."""

from __future__ import annotations

import random

import pytest
from auditing import KIM, NOW, WEBER, Vault
from hypothesis import given
from hypothesis import strategies as st
from judging import RETRACTION, claim, human, review, unresolved, verdict, work

from evidence.audit import judging
from evidence.audit.findings import Finding
from evidence.audit.flags import Choices
from evidence.audit.judged import LIMITS, AuditReport, Findings
from evidence.audit.judgement import JudgedClaim
from evidence.audit.packing import decode, encode
from evidence.audit.reports import to_json
from evidence.audit.run import audit
from evidence.audit.spool import Spool
from evidence.audit.verdict_rows import Inputs
from evidence.audit.verdicts import Judge, judge
from evidence.audit.works import CitedWork
from evidence.config import Settings
from evidence.extract import extract_page
from evidence.records import Page
from evidence.store.database import open_database, writing
from evidence.store.pages import write_pages
from evidence.vocabulary import Flag, Severity

PAGES = 120
MARKS = ("", "[^a]", "[^b]", "[^a][^b]", "[^c]", "[^a] and fat is gained[^b]", "[^nowhere]")


@given(st.lists(st.lists(st.integers())), st.data())
def test_spool_is_the_list_of_its_parts(parts, data):
    spool, whole = Spool(), [item for part in parts for item in part]
    for part in parts:
        spool.extend(part)
    assert list(spool) == whole
    assert list(spool) == whole
    assert len(spool) == len(whole)
    if whole:
        at = data.draw(st.integers(-len(whole), len(whole) - 1))
        assert spool[at] == whole[at]


def test_spool_is_read_by_two_at_once():
    spool = Spool()
    for number in range(5):
        spool.extend([number] * 3)
    assert all(one == other for one, other in zip(spool, spool, strict=True))


@pytest.mark.parametrize("one", [work(), human("h", n=12), review(notices=(RETRACTION,)), work("x", authors=None)])
def test_packed_work_is_the_same_work(one: CitedWork):
    again = decode(encode(one), CitedWork)
    assert again == one
    assert (again.people, again.state, again.kind, again.is_retracted) == (
        one.people, one.state, one.kind, one.is_retracted,
    )  # fmt: skip


def fill(engine, seed=3):
    """Write pages that cite some of thirty works in all ways, some of which contradict each other's notes."""
    chance = random.Random(seed)
    pages = []
    for number in range(PAGES):
        sentences = [f"Bone {number} is lost {one} times{chance.choice(MARKS)}." for one in range(chance.randint(0, 9))]
        notes = [
            f"[^{key}]: in-vivo · n={chance.choice([9, 40])} · doi:10.1000/a{chance.randint(1, 30)}" for key in "abc"
        ]
        # A page that acknowledges is settled where all pages are known.
        sentences += ['<!-- evidence: ack EV011 "known" -->'] if number % 10 == 0 else []
        text = "\n\n".join(sentences) + "\n\n" + "\n".join(notes) + "\n"
        pages.append(extract_page(Page(f"part{number % 7}/page{number}.md", text.encode())))
    with writing(engine) as session:
        write_pages(session, pages, extractor="1")


def add_works(vault):
    for number in range(1, 31, 2):
        notices = ["retraction"] if number % 5 == 0 else []
        vault.work(f"doi:10.1000/a{number}", authors=KIM if number % 3 else WEBER, notices=notices)
    return vault


def test_processes_and_small_bundles_change_nothing(monkeypatch):
    """Of a vault that no audit has seen: what one has judged and kept is given to no process."""
    vault, other = (add_works(Vault()) for _ in range(2))
    fill(vault.engine)
    fill(other.engine)
    alone = to_json(vault.audit())
    monkeypatch.setattr(judging, "_CLAIMS_FOR_PROCESSES", 1)
    monkeypatch.setattr("evidence.audit.page_rows._PAGES", 7)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert to_json(other.audit()) == alone
    assert to_json(other.audit()) == alone


def test_both_databases_give_the_same_bytes(database_url, tmp_path):
    engines = [open_database(database_url), open_database(f"sqlite:///{tmp_path}/other.sqlite3")]
    said = []
    for engine in engines:
        fill(engine)
        said.append(to_json(audit(engine, Settings(), now=NOW)))
        engine.dispose()
    assert said[0] == said[1]


def test_each_claim_is_judged_as_it_would_be_alone():
    vault = add_works(Vault())
    fill(vault.engine)
    for one in vault.audit().claims:
        assert one.verdict == judge(one.claim, Choices(30, 20, 2026))
    assert len({one.verdict.status for one in vault.audit().claims}) > 3


def test_claims_that_share_their_notes_differ_by_their_tags():
    vault = Vault().page("Bone is lost.[^a]\n\nFat is lost.[^a] #gap/contradictory-evidence\n\n[^a]: doi:10.1000/a1\n")
    judge_ = Judge(Choices(30, 20, 2026))
    verdicts = [judge_.judge(one.claim) for one in vault.audit().claims]
    assert verdicts == [one.verdict for one in vault.audit().claims]
    assert [one.status.value for one in verdicts] == ["single-study", "contradicted"]


def test_what_is_counted_while_passing_is_what_is_there():
    vault = add_works(Vault())
    fill(vault.engine)
    report = vault.audit()
    assert report.counts == {
        status: sum(one.verdict.status is status for one in report.claims) for status in report.counts
    }
    assert report.flag_counts == {
        flag: sum(flag in one.verdict.flags for one in report.claims) for flag in report.flag_counts
    }
    severities = list(Severity)
    for number, severity in enumerate(severities):
        worst = [one for one in report.findings if one.severity in severities[: number + 1]]
        assert list(report.worst(severity)) == worst


def test_report_without_counts_counts_its_claims():
    claims = [JudgedClaim(claim(*works), verdict(*works)) for works in ((), (work(),), (unresolved(),))]
    report = AuditReport(claims)
    assert {status.value: number for status, number in report.counts.items() if number} == {
        "uncited": 1,
        "single-study": 2,
    }
    assert report.flag_counts == {Flag.UNVERIFIED: 1}


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, ""),
        ({"unreadable": ("a.md",)}, "some pages could not be read"),
        ({"unverified": ["b.md"]}, "some look-ups failed or were never made"),
        (
            {"unreadable": ("a.md",), "unverified": ["b.md"]},
            "some pages could not be read; some look-ups failed or were never made",
        ),
    ],
)
def test_audit_is_incomplete_where_a_page_or_a_look_up_is_missing(facts, why):
    """EVIDENCE.md section 5: incomplete, so that the result may be wrong."""
    report = AuditReport(**facts)
    assert (report.is_incomplete, report.why_incomplete) == (bool(why), why)


def test_limits_of_every_report():
    """EVIDENCE.md section 5: what the page cites, no full text, authors as a proxy, no notice is no proof."""
    assert [any(word in limit for limit in LIMITS) for word in ("cite", "full text", "authors", "notice")] == [True] * 4


def test_findings_are_a_list():
    made = [Finding("EV003", Severity.WARNING, f"{name}.md", 1, 1, None, "said", "mend", name * 20) for name in "abc"]
    found = Findings()
    found.add(Severity.WARNING, made[:2])
    found.add_more(made[2:])
    assert (len(found), found[0], found[-1], found[-3], found[1:]) == (3, made[0], made[2], made[0], made[1:])
    for beyond in (3, -4):
        with pytest.raises(IndexError):
            found[beyond]
    assert found == made
    assert found != made[:2]
    assert found != [made[0], made[0], made[2]]
    assert (Findings() == "", Findings() == 0) == (False, False)


def test_findings_come_sorted_also_those_between_pages():
    vault = add_works(Vault())
    fill(vault.engine)
    findings = list(vault.audit().findings)
    order = list(Severity)
    assert findings == sorted(
        findings, key=lambda one: (order.index(one.severity), one.path, one.line, one.column, one.code, one.fingerprint)
    )
    assert {"EV011", "EV203"} <= {one.code for one in findings}


def test_kept_inputs_are_the_hash_of_the_evidence():
    vault = add_works(Vault())
    fill(vault.engine)
    report = vault.audit()
    with vault.engine.connect() as connection:
        kept = dict(map(tuple, connection.exec_driver_sql("SELECT claim_id, inputs FROM verdict")))
    assert kept == {one.claim.id: Inputs().hash(one.claim) for one in report.claims}
