"""What moved between two audits, and the series of all of them."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from auditing import KIM, NOW, TWO_LABORATORIES, WEBER, two_laboratories

from evidence.audit.moves import find_moves, moves_lines, moves_to_dict, summarize
from evidence.audit.run import RULES, audit
from evidence.audit.trend import find_audit, list_audits, list_points, trend_lines, trend_to_dict
from evidence.config import Settings
from evidence.errors import EvidenceError
from evidence.extract import extract_page
from evidence.records import Page
from evidence.store import models
from evidence.store.database import open_database, reading, writing
from evidence.store.pages import write_pages
from evidence.store.runs import begin_run


@pytest.fixture
def vault():
    return two_laboratories()


def audited(vault, day):
    audit(vault.engine, Settings(), now=NOW.replace(day=day))


def moves(vault, *names):
    with reading(vault.engine) as session:
        return find_moves(session, names)


def lines(vault, *names):
    return list(moves_lines(moves(vault, *names)))


def test_one_audit_cannot_be_compared(vault):
    with pytest.raises(EvidenceError, match="no audit yet"):
        moves(vault)
    audited(vault, 1)
    with pytest.raises(EvidenceError, match="only one audit") as caught:
        moves(vault)
    assert "evidence audit" in caught.value.hint


def test_nothing_moved(vault):
    audited(vault, 1)
    audited(vault, 2)
    assert lines(vault) == ["audit 1 (2026-11-01) -> audit 2 (2026-11-02)", "nothing moved"]


def test_retraction_moves_the_status_and_says_why(vault):
    audited(vault, 1)
    vault.retract("10.1000/a1")
    audited(vault, 2)
    found = moves(vault)
    (move,) = found.status
    assert (move.path, move.line, move.before.status, move.after.status) == ("page.md", 3, "single-study", "retracted")
    assert move.why == ("doi:10.1000/a1: retracted 2026-11-20 (crossref) (was: in-vivo (note))",)
    (work,) = found.works
    assert (work.name, work.kind, work.claims, work.before) == ("doi:10.1000/a1", "retraction", 1, None)
    assert summarize(found)["works_newly_retracted"] == 1


def test_new_citation_is_the_reason_of_a_replication(vault):
    audited(vault, 1)
    vault.page(TWO_LABORATORIES.replace("lost.[^a]", "lost.[^a][^b]"))
    audited(vault, 2)
    (move,) = moves(vault).status
    assert (move.before.status, move.after.status) == ("single-study", "replicated")
    assert move.why == ("now cites doi:10.1000/b1: in-vivo (note)",)
    assert summarize(moves(vault))["stronger"] == 1


def test_work_that_was_resolved_is_the_reason(vault):
    vault.page("# Page\n\nBone is lost.[^c][^d]\n\n[^c]: in-vivo · doi:10.1000/c1\n[^d]: in-vivo · doi:10.1000/d1\n")
    vault.work("doi:10.1000/c1", authors=KIM)
    audited(vault, 1)
    vault.work("doi:10.1000/d1", authors=WEBER)
    audited(vault, 2)
    (move,) = moves(vault).status
    assert (move.before.status, move.after.status) == ("multi-study", "replicated")
    assert move.why == ("doi:10.1000/d1: in-vivo (note) (was: in-vivo (note); not verified: never looked up)",)


def test_claims_that_come_and_go(vault):
    audited(vault, 1)
    vault.page(
        TWO_LABORATORIES.replace("And fat is gained.[^b]", "").replace("# Page", "# Page\n\nMuscle is weak.[^b]\n")
    )
    audited(vault, 2)
    found = moves(vault)
    assert [(one.text, one.line) for one in found.new] == [("Muscle is weak.[^b]", 3)]
    assert [(one.text, one.line) for one in found.gone] == [("And fat is gained.[^b]", 3)]
    assert not found.status


def test_claim_that_came_and_went_in_between_is_not_told(vault):
    audited(vault, 1)
    vault.page(TWO_LABORATORIES.replace("# Page", "# Page\n\nMuscle is weak.[^b]\n"))
    audited(vault, 2)
    vault.page(TWO_LABORATORIES)
    audited(vault, 3)
    assert not any(summarize(moves(vault, "1", "3")).values())
    assert summarize(moves(vault, "1", "2"))["claims_new"] == 1


def test_strength_alone_moves(vault):
    audited(vault, 1)
    vault.retract("10.1000/a1", "expression-of-concern")
    vault.page(
        TWO_LABORATORIES.replace("in-vivo · model: mice · doi:10.1000/b1", "rct · model: human · doi:10.1000/b1")
    )
    audited(vault, 2)
    found = moves(vault)
    assert not found.status
    assert [(one.text, one.before.level, one.after.level) for one in found.strength] == [
        ("And fat is gained.[^b]", "animal", "human")
    ]
    assert [one.kind for one in found.works] == ["expression-of-concern"]


def test_reinstated_work_is_told(vault):
    vault.retract("10.1000/a1", date="2026-01-01")
    audited(vault, 1)
    vault.retract("10.1000/a1", "reinstatement", "2026-06-01")
    audited(vault, 2)
    found = moves(vault)
    assert summarize(found)["works_reinstated"] == 1
    assert [(one.before.status, one.after.status) for one in found.status] == [("retracted", "single-study")]


def test_runs_are_named_by_number_and_day_in_either_order(vault):
    for day in (1, 5, 9):
        audited(vault, day)
    for names, expected in (
        ((), (2, 3)),
        (("1",), (1, 3)),
        (("2026-11-06",), (2, 3)),
        (("3", "1"), (1, 3)),
        (("2026-11-01", "2026-11-05"), (1, 2)),
    ):
        found = moves(vault, *names)
        assert (found.first.run, found.second.run) == expected


@pytest.mark.parametrize("name", ["7", "2025-01-01", "yesterday", "2026-13-01", "3"])
def test_run_that_is_none_is_refused_with_those_that_are(vault, name):
    for day in (1, 5, 9):
        audited(vault, day)
    with pytest.raises(EvidenceError) as caught:
        moves(vault, name)
    assert caught.value.hint


def test_json_holds_what_the_summary_counts(vault):
    audited(vault, 1)
    vault.retract("10.1000/a1")
    vault.page(TWO_LABORATORIES.replace("And fat is gained.[^b]", "And hair is grey.[^b]"), "other.md")
    audited(vault, 2)
    document = json.loads(json.dumps(moves_to_dict(moves(vault))))
    summary = document["summary"]
    assert summary["claims_new"] == len(document["new"]) == 3
    assert summary["status_moved"] == len(document["status"]) == 1
    assert document["status"][0]["from"]["status"] == "single-study"
    assert document["second"]["counts"]["retracted"] == 2


def test_verdicts_of_before_works_were_kept_have_not_moved(vault):
    audited(vault, 1)
    with vault.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE verdict SET works = NULL, digest = NULL, reasons = '[\"older words\"]'")
    audited(vault, 2)
    assert lines(vault)[1:] == ["nothing moved"]
    vault.retract("10.1000/a1")
    audited(vault, 3)
    (move,) = moves(vault, "1", "3").status
    assert move.why == ("every work that would count is retracted: doi:10.1000/a1",)


def test_moves_are_the_same_on_every_database(database_url):
    engine = open_database(database_url)
    for words in ("lost.[^a]", "kept.", "lost.[^a]"):
        with writing(engine) as session:
            page = f"# Page\n\nBone of old mice is {words}\n\n[^a]: in-vivo · doi:10.1000/a1\n"
            write_pages(session, [extract_page(Page("page.md", page.encode()))], extractor="1")
        audit(engine, Settings(), now=NOW)
    with reading(engine) as session:
        assert not any(summarize(find_moves(session, ("1", "3"))).values())
        found = find_moves(session, ("1", "2"))
    assert [(one.before.status, one.after.status, one.why[0]) for one in found.status] == [
        ("single-study", "uncited", "no longer cites doi:10.1000/a1")
    ]
    engine.dispose()


def test_hostile_text_is_shown_only(vault):
    audited(vault, 1)
    vault.page("# Page\n\nBone \x1b[31m<script>alert(1)</script> is lost.[^a]\n\n[^a]: doi:10.1000/a1\n", "b.md")
    audited(vault, 2)
    assert any("<script>" in line for line in lines(vault))


def test_trend_counts_each_audit(vault):
    audited(vault, 1)
    vault.retract("10.1000/a1")
    vault.work("doi:10.1000/c1", date="2010").page("Bone.[^c]\n\n[^c]: doi:10.1000/c1\n", "c.md")
    audited(vault, 2)
    with reading(vault.engine) as session:
        audits = list_audits(session)
    first, second = trend_to_dict(audits)["runs"]
    assert (first["date"], first["cited"], first["single_study_share"], first["retracted"]) == ("2026-11-01", 2, 1.0, 0)
    assert (second["cited"], second["single_study_share"], second["retracted"]) == (3, 0.6667, 1)
    assert (first["median_age"], second["median_age"]) == (None, 16)
    assert [line.split()[:2] for line in trend_lines(audits)][1:] == [["1", "2026-11-01"], ["2", "2026-11-02"]]
    assert [find_audit(audits, day).run for day in ("2026-11-01", "2026-11-02", "2026-11-30")] == [1, 2, 2]
    with pytest.raises(EvidenceError, match="no audit 2026-10-31"):
        find_audit(audits, "2026-10-31")


def test_audit_in_which_nothing_moved_does_not_hide_what_moved_before(vault):
    audited(vault, 1)
    vault.retract("10.1000/a1")
    for day in (2, 3, 4):
        audited(vault, day)
    moved = moves(vault)
    assert (moved.first.run, moved.second.run) == (1, 4)
    assert [one.name for one in moved.works] == ["doi:10.1000/a1"]
    with reading(vault.engine) as session:
        assert [one.run for one in list_points(session)] == [1, 2]
    assert lines(vault, "3")[-1] == "nothing moved"


def under_other_rules(vault, run):
    """Have an audit of the past judged by the rules of its time."""
    with writing(vault.engine) as session:
        session.execute(sa.update(models.Run).where(models.Run.id == run).values(rules="8"))


def trend_of(vault):
    with reading(vault.engine) as session:
        return list(trend_lines(list_points(session)))


def test_trend_tells_where_the_rules_changed(vault):
    audited(vault, 1)
    under_other_rules(vault, 1)
    vault.retract("10.1000/a1")
    audited(vault, 2)
    assert [line.split()[:2] for line in trend_of(vault)[1:3]] == [["1", "2026-11-01"], ["2", "2026-11-02"]]
    assert trend_of(vault)[3].strip() == f"rules 8 -> {RULES}: some of this may be due to the rules"


def test_trend_has_one_point_where_the_rules_changed_and_nothing_moved(vault):
    """The figures are the same under both, so there is nothing to tell."""
    audited(vault, 1)
    under_other_rules(vault, 1)
    audited(vault, 2)
    assert [line.split()[:2] for line in trend_of(vault)[1:]] == [["1", "2026-11-01"]]


def test_trend_says_nothing_of_rules_that_are_the_same(vault):
    audited(vault, 1)
    vault.retract("10.1000/a1")
    audited(vault, 2)
    assert not [line for line in trend_of(vault) if "rules" in line]


def test_audit_after_a_refresh_is_a_point_although_nothing_moved(vault):
    audited(vault, 1)
    with writing(vault.engine) as session:
        begin_run(session, "refresh")
    audited(vault, 2)
    audited(vault, 3)
    with reading(vault.engine) as session:
        assert [one.run for one in list_points(session)] == [1, 3]
    moved = moves(vault)
    assert (moved.first.run, moved.second.run, moved.works) == (1, 4, [])


def test_claims_that_cite_a_work_by_different_identifiers_are_all_counted(vault):
    vault.work("doi:10.1000/d1", "pmcid:PMC1234567")
    notes = "[^d]: doi:10.1000/d1\n[^e]: PMCID: PMC1234567\n"
    vault.page(f"Bone is lost.[^d]\n\nFat is gained.[^e]\n\nBoth are so.[^d][^e]\n\n{notes}", "d.md")
    audited(vault, 1)
    vault.retract("10.1000/d1")
    audited(vault, 2)
    (work,) = moves(vault).works
    assert work.claims == 3
