"""The history of verdicts: what changed adds a row, what did not adds none; SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from auditing import NOW, TWO_LABORATORIES, two_laboratories

from evidence.audit.history import keep_audit
from evidence.audit.run import audit
from evidence.audit.verdict_rows import RowMaker
from evidence.config import Settings
from evidence.store import models
from evidence.store.database import reading, writing


@pytest.fixture
def vault():
    return two_laboratories()


def rows(vault, table=models.Verdict):
    with reading(vault.engine) as session:
        return session.scalars(sa.select(table).order_by(table.id)).all()


def test_first_audit_keeps_every_verdict_with_what_names_its_claim(vault):
    vault.audit()
    first, second, third = rows(vault)
    assert (first.path, first.line, first.text) == ("page.md", 3, "Bone is lost.[^a]")
    assert first.works == [["doi:10.1000/a1", True, "in-vivo (note)"]]
    assert [(one.status, one.until_run_id) for one in (first, second, third)] == [
        ("single-study", None),
        ("single-study", None),
        ("uncited", None),
    ]


def test_unchanged_audit_adds_a_run_and_no_row(vault):
    vault.audit()
    vault.audit()
    assert len(rows(vault, models.Run)) == 2
    assert len(rows(vault)) == 3


def test_changed_verdict_ends_the_old_row_and_adds_one(vault):
    vault.audit()
    vault.retract("10.1000/a1")
    vault.audit()
    first, *_, last = rows(vault)
    assert (first.status, first.run_id, first.until_run_id) == ("single-study", 1, 2)
    assert (last.claim_id, last.status, last.run_id, last.until_run_id) == (first.claim_id, "retracted", 2, None)
    assert len(rows(vault)) == 4


def test_claim_that_is_gone_keeps_its_row_with_its_place(vault):
    vault.audit()
    vault.page("# Page\n\nNothing is cited here at all.\n").audit()
    ended = [one for one in rows(vault) if one.until_run_id == 2]
    assert [(one.path, one.line, one.text) for one in ended] == [
        ("page.md", 3, "Bone is lost.[^a]"),
        ("page.md", 3, "And fat is gained.[^b]"),
    ]


def test_moved_claim_gets_its_new_line_and_no_row(vault):
    vault.audit()
    vault.page(TWO_LABORATORIES.replace("# Page", "# Page\n\n## Part\n")).audit()
    assert len(rows(vault)) == 3
    assert rows(vault)[0].line == 6


def test_claim_that_comes_back_gets_a_row_of_its_own(vault):
    vault.audit()
    vault.page("# Page\n\nNothing is cited here at all.\n").audit()
    vault.page(TWO_LABORATORIES).audit()
    bone = [one for one in rows(vault) if one.text == "Bone is lost.[^a]"]
    assert [(one.run_id, one.until_run_id) for one in bone] == [(1, 2), (3, None)]


def test_works_with_notices_are_kept_until_they_stand_otherwise(vault):
    vault.retract("10.1000/a1", "expression-of-concern", "2026-01-02")
    vault.audit()
    vault.audit()
    vault.retract("10.1000/a1", "retraction", "2026-10-02")
    vault.audit()
    first, second = rows(vault, models.Standing)
    assert (first.name, first.kind, first.run_id, first.until_run_id) == (
        "doi:10.1000/a1",
        "expression-of-concern",
        1,
        3,
    )
    assert (second.kind, second.until_run_id) == ("retraction", None)
    assert second.notices == ["expression-of-concern 2026-01-02 (crossref)", "retraction 2026-10-02 (crossref)"]


def test_run_counts_the_statuses_and_the_median_year(vault):
    vault.work("doi:10.1000/c1", date="2010").work("doi:10.1000/d1", date="2020-05")
    vault.page("# Page\n\nBone is lost.[^c] Fat is not.[^d]\n\n[^c]: doi:10.1000/c1\n[^d]: doi:10.1000/d1\n").audit()
    (run,) = rows(vault, models.Run)
    assert (run.counts["single-study"], run.counts["median_year"]) == (2, 2015)
    assert run.started_at.replace(tzinfo=None) == NOW.replace(tzinfo=None)


def test_history_is_the_same_on_every_database(vault, database_url):
    """Also with more claims than one statement takes."""
    from evidence.extract import extract_page
    from evidence.records import Page
    from evidence.store.database import open_database
    from evidence.store.pages import write_pages

    def lines(numbers):
        return "# Page\n\n" + "".join(f"Bone number {one} is lost.[^a]\n\n" for one in numbers) + "[^a]: doi:10.1/a1\n"

    engine = open_database(database_url)
    for numbers in (range(1200), range(1200), range(600, 1300)):
        with writing(engine) as session:
            write_pages(session, [extract_page(Page("page.md", lines(numbers).encode()))], extractor="1")
        audit(engine, Settings(), now=NOW)
    table = models.Verdict
    with reading(engine) as session:
        counted = session.execute(
            sa.select(table.run_id, table.until_run_id, sa.func.count())
            .group_by(table.run_id, table.until_run_id)
            .order_by(table.run_id, table.until_run_id)
        ).all()
    assert sorted(counted, key=str) == [(1, 3, 600), (1, None, 600), (3, None, 100)]
    engine.dispose()


def test_numbers_of_what_was_kept(vault):
    report = vault.audit(paths=["page.md"])
    maker = RowMaker()
    judged = [maker.row(one.claim, one.verdict) for one in report.claims]
    with writing(vault.engine) as session:
        kept = keep_audit(session, judged, [], report.counts, rules="1", now=NOW)
        again = keep_audit(session, judged[1:], [], report.counts, rules="1", now=NOW + dt.timedelta(days=1))
    assert (kept.run_id, kept.changed, kept.gone) == (1, 3, 0)
    assert (again.run_id, again.changed, again.gone) == (2, 0, 1)
