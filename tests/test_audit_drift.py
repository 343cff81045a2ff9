"""Where the marks of a page and the facts disagree: what is told, and what is let pass."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from auditing import KIM, NOW, WEBER, Vault

from evidence.audit.run import audit
from evidence.config import Settings
from evidence.extract import extract_page
from evidence.records import Page
from evidence.store import models
from evidence.store.database import open_database, writing
from evidence.store.pages import write_pages

RCT = "rct · doi:10.1000/a1"


def vault(text, path="page.md", **facts):
    store = Vault().page(text, path)
    return store.work("doi:10.1000/a1", authors=KIM, **facts).work("doi:10.1000/b1", authors=WEBER)


def dated(store, *notices):
    """Give the first work notices with their dates."""
    with writing(store.engine) as session:
        for kind, date in notices:
            session.add(models.Notice(work_id=1, kind=kind, date=date, source="crossref"))
    return store


def codes(store):
    return sorted({one.code for one in store.audit().findings})


def said(store, code):
    return [one.message for one in store.audit().findings if one.code == code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"Bone is lost.[^a]\n\n[^a]: {RCT}\n", "EV003"),
        (f"Bone is lost.[^a]\n\n[^a]: {RCT} · #gap/needs-replication\n", "EV015"),
        (f"## Gaps\n\n- Bone is lost.[^a] #gap/needs-replication\n\n[^a]: {RCT}\n", "EV016"),
        (f"---\ntags: [gap/needs-replication]\n---\nBone is lost.[^a]\n\n[^a]: {RCT}\n", "EV016"),
        (f"Bone is lost.[^a] #gap/needs-replication\n\n[^a]: {RCT}\n", None),
    ],
)
def test_place_of_the_tag_decides_the_code(text, code):
    assert codes(vault(text)) == ([code] if code else [])


GAPS = "## Gaps and limitations\n\n"
LISTED = "- #gap/needs-replication — the loss of bone is from one trial.[^a]"
OTHER = "[^a]: rct · doi:10.1000/a1\n[^b]: rct · doi:10.1000/b1\n"


def at_line(store, line):
    return [one.code for one in store.audit().findings if one.line == line]


def test_tag_in_the_list_of_gaps_is_of_the_claims_that_rest_on_what_its_item_cites():
    # EVIDENCE.md section 4: no tag at all is worse than one only in the note, that worse than one only in the gap list.
    store = vault(f"Bone is lost.[^a]\n\n{GAPS}{LISTED}\n\n{OTHER}")
    assert at_line(store, 1) == ["EV016"]
    assert said(store, "EV016")[0] == "single-study, tagged only in the list of gaps"


def test_fix_of_a_tag_in_the_list_of_gaps_fits_the_claim_and_the_item():
    store = vault(f"Bone is lost.[^a]\n\n{GAPS}{LISTED}\n\n{OTHER}")
    fixes = [one.fix for one in store.audit().findings if one.code == "EV016"]
    assert fixes == ["tag the claim where the page makes it; the item may stay"] * 2


def test_fix_of_a_tag_of_the_page_moves_it():
    store = vault(f"---\ntags: [gap/needs-replication]\n---\nBone is lost.[^a]\n\n[^a]: {RCT}\n")
    assert [one.fix for one in store.audit().findings] == ["move the tag to the claim"]


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        # Of another study, of another tag, of no work, and of an item that is in no list of gaps.
        ("Fat is lost.[^b]", LISTED),
        ("Bone is lost.[^a]", LISTED.replace("needs-replication", "no-mechanism")),
        ("Bone is lost.[^a]", LISTED.replace("[^a]", "")),
        # One clause of two is not in the list: its reader is told nowhere.
        ("Bone is lost,[^a] and fat is gained in the same mice.[^b]", LISTED),
    ],
)
def test_list_of_gaps_says_nothing_of_what_rests_on_other_studies(text, listed):
    assert "EV003" in at_line(vault(f"{text}\n\n{GAPS}{listed}\n\n{OTHER}"), 1)


def test_list_of_gaps_of_another_page_says_nothing():
    store = vault(f"Bone is lost.[^a]\n\n[^a]: {RCT}\n").page(f"{GAPS}{LISTED}\n\n[^a]: {RCT}\n", "gaps.md")
    assert [one.code for one in store.audit().findings if one.path == "page.md"] == ["EV003"]


def test_tag_in_the_note_is_told_before_that_of_the_list_of_gaps():
    tagged = OTHER.replace("a1", "a1 · #gap/needs-replication")
    store = vault(f"Bone is lost.[^a]\n\n{GAPS}{LISTED}\n\n{tagged}")
    assert at_line(store, 1) == ["EV015"]


def test_tag_of_the_list_of_gaps_is_no_tag_of_what_is_replicated():
    store = vault(f"Bone is lost.[^a][^b]\n\n{GAPS}{LISTED}\n\n{OTHER}")
    assert at_line(store, 1) == []


def test_clauses_may_be_told_of_by_items_of_their_own():
    text = "Bone is lost,[^a] and fat is gained in the same mice.[^b]"
    second = "- #gap/needs-replication — so is the gain of fat.[^b]"
    store = vault(f"{text}\n\n{GAPS}{LISTED}\n{second}\n\n{OTHER}")
    assert at_line(store, 1) == ["EV016"]


def test_untagged_is_worse_than_tagged_in_the_note():
    severities = {
        note: vault(f"Bone is lost.[^a]\n\n[^a]: {note}\n").audit().findings[0].severity.value
        for note in (RCT, f"{RCT} · #gap/needs-replication")
    }
    assert list(severities.values()) == ["warning", "info"]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("RETRACTED 2010-02-06", "retracted in 2010", False),
        ("RETRACTED 2010-02-06", "RETRACTED 2011", True),
        ("RETRACTED 2010-02-06", "RETRACTED", False),
        ("(retracted 2010)", "RETRACTED 2010-02-07", False),
    ],
)
def test_two_dates_of_one_retraction(first, second, told):
    text = f"So.[^a] And so.[^b]\n\n[^a]: {first} · doi:10.1000/a1\n[^b]: {second} · doi:10.1000/a1\n"
    store = vault(text, notices=["retraction"])
    assert all(note.marked_retracted for note in extract_page(Page("a.md", text.encode())).notes)
    assert bool(said(store, "EV011")) is told


def test_mark_without_a_retraction_is_not_told_where_a_registry_failed():
    store = vault("So.[^a]\n\n[^a]: RETRACTED · rct · doi:10.1000/a1\n")
    assert len(said(store, "EV010")) == 1
    store.looked_up("doi:10.1000/a1", "crossref", "failed")
    assert said(store, "EV010") == []


@pytest.mark.parametrize(("beside", "told"), [("", True), (" See also the article.[^b]", False)])
def test_preprint_whose_article_the_page_does_not_cite(beside, told):
    text = f"Bone is lost.[^a]{beside}\n\n[^a]: {RCT}\n[^b]: rct · doi:10.1000/b1\n"
    if not beside:
        text = text.replace("[^b]: rct · doi:10.1000/b1\n", "")
    store = vault(text, type="posted-content", relations=[("is-preprint-of", "doi:10.1000/b1")])
    assert bool(said(store, "EV018")) is told


def test_preprint_that_no_registry_knows_an_article_of():
    assert said(vault(f"Bone is lost.[^a]\n\n[^a]: {RCT}\n", type="posted-content"), "EV018") == []


@pytest.mark.parametrize(
    ("page", "note", "notice", "severity"),
    [
        ("2024-11-30", "", ("erratum", "2025-06-01"), "info"),
        ("2024-11-30", "", ("retraction", "2025-06"), "warning"),
        ("2026-01-01", "verified 2024-01-01", ("erratum", "2025-06-01"), "info"),
        ("2024-01-01", "verified 2026-01-01", ("erratum", "2025-06-01"), None),
        ("2025", "", ("erratum", "2025-06-01"), None),
        ("true", "", ("erratum", "2025-06-01"), None),
        ("2024-11-30", "RETRACTED", ("retraction", "2025-06"), None),
        ("2024-11-30", "", ("other", "2025-06"), None),
    ],
)
def test_check_that_is_older_than_a_notice(page, note, notice, severity):
    text = f"---\nverified: {page}\n---\nBone is lost.[^a]\n\n[^a]: {RCT} · {note}\n"
    found = [one.severity.value for one in dated(vault(text), notice).audit().findings if one.code == "EV019"]
    assert found == ([severity] if severity else [])


def test_work_is_told_once_a_page_at_its_first_note():
    text = "So.[^a] And so.[^b] And (doi:10.1000/none) so.\n\n[^a]: doi:10.1000/none\n[^b]: doi:10.1000/none\n"
    store = vault(text).page(text, "other.md").looked_up("doi:10.1000/none", "crossref", "not-found")
    places = [(one.path, one.line) for one in store.audit().findings if one.code == "EV008"]
    assert places == [("other.md", 3), ("page.md", 3)]


def test_place_and_date_of_a_page_are_read_from_any_database(database_url):
    engine = open_database(database_url)
    text = "---\nverified: true\nliterature-checked-through: 2024-01\n---\nSo.[^a]\n\n[^a]: rct · doi:10.1000/a1 <!-- evidence: ack EV019 why -->\n"
    with writing(engine) as session:
        write_pages(session, [extract_page(Page("a.md", text.encode()))], extractor="1")
        session.add(models.Work(id=1, title="T", field_sources={"title": "crossref"}))
        session.flush()
        session.add(models.WorkIdentifier(scheme="doi", value="10.1000/a1", work_id=1, source="crossref"))
        session.add(models.Notice(work_id=1, kind="erratum", date="2025-01-01", source="crossref"))
    report = audit(engine, Settings(), now=NOW)
    assert report.checked == {"a.md": "2024-01"}
    places = [(one.code, one.line, one.column) for one in report.findings]
    assert sorted(places) == [("EV003", 5, 1), ("EV019", 7, 17), ("EV203", 7, 28)]
    engine.dispose()


def test_page_that_an_older_version_read_has_findings_in_column_1():
    store = vault(f"First. Bone is lost.[^a]\n\n[^a]: {RCT}\n")
    with writing(store.engine) as session:
        session.execute(sa.update(models.Page).values(lines=None, acknowledgements=None))
    (one,) = store.audit().findings
    assert (one.line, one.column) == (1, 1)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("So.[^a]\n\n[^a]: rct · doi:10.1000/a1\n", ["EV021"]),
        ("So (https://doi.org/10.1000/a1).\n", ["EV021"]),
        ("So.[^a] And so.[^a]\n\n[^a]: rct · doi:10.1000/a1 · expression of concern 2024\n", []),
        ("---\nliterature-checked-through: 2024-01\n---\nSo.[^a]\n\n[^a]: rct · doi:10.1000/a1\n", ["EV019"]),
    ],
)
def test_concern_that_the_page_does_not_mention_is_told_once(text, codes):
    vault = Vault().page(text).work("doi:10.1000/a1", authors=KIM)
    vault.retract("10.1000/a1", "expression-of-concern", "2024-06-01")
    assert [one for one in vault.codes() if one in {"EV019", "EV021"}] == codes
