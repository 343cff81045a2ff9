"""The lines and the JSON that a refresh ends with."""

from __future__ import annotations

import datetime as dt
import json

from registries import doi, pmid

from evidence.refresh import RefreshSummary
from evidence.resolve.changes import FieldChange, WorkChange
from evidence.resolve.summary import ReasonGroup, ResolveSummary
from evidence.store.pages import PageChanges
from evidence.summaries import refresh_lines, refresh_to_dict
from evidence.terminal import plain
from evidence.vocabulary import Source


def summary(**resolution):
    facts = {
        "cited": 3,
        "outcomes": {},
        "counts": {},
        "asked": 0,
        "failed": (),
        "skipped": (),
        "new_notices": (),
        "requests": {},
    }
    return RefreshSummary(1, 0, 0, 0, 0, PageChanges(), (), 0, ResolveSummary(**(facts | resolution)))


def change(number, *changes):
    return WorkChange(Source.PUBMED, (pmid("7"), doi(f"10.1000/{number}")), "A title", changes)


DATE = FieldChange("date", "2019", "2020")


def lines(verbose=False, **resolution):
    return list(refresh_lines(summary(**resolution), verbose=verbose))


def test_nothing_is_said_of_what_did_not_happen():
    assert not any(line.startswith(("changed", "states", "old", "works")) for line in lines())


def test_the_first_changes_are_named_by_their_doi():
    (line,) = (one for one in lines(changes=(change("x", DATE),)) if one.startswith("changed"))
    assert line == "changed  1 works (10.1000/x: date 2019 -> 2020)"


def test_the_rest_of_the_changes_is_counted_and_named_on_request():
    changes = tuple(change(number, DATE) for number in range(5))
    (line,) = (one for one in lines(changes=changes) if one.startswith("changed"))
    assert line.startswith("changed  5 works")
    assert line.endswith(" and 2 more)")
    assert sum("10.1000/" in one for one in lines(verbose=True, changes=changes)) == 5


def test_what_came_and_what_went_is_said_so_and_withdrawn_notices_are_counted():
    gone = FieldChange("notice", "retraction 2010 (doi:10.1/n)", None)
    new = FieldChange("identifier", None, "pmid:9")
    told = lines(changes=(change("x", gone, new),))
    assert "notices  0 new, 1 withdrawn" in told
    assert "changed  1 works (10.1000/x: notice retraction 2010 (doi:10.1/n) is gone; identifier pmid:9 is new)" in told


def test_text_of_a_registry_stays_harmless_and_short():
    changed = change("x", FieldChange("title", "A\x1b[31m", "B\n" * 200))
    (line,) = (plain(one) for one in lines(changes=(changed,)) if one.startswith("changed"))
    assert "\x1b" not in line
    assert "\n" not in line
    assert len(line) < 200


def test_the_time_to_try_again_is_said():
    later = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
    group = ReasonGroup(Source.CROSSREF, "crossref: too many requests (HTTP 429)", (doi("10.1/x"),), later)
    (line,) = (one for one in lines(failed=(group,)) if one.startswith("failed"))
    assert line == (
        "failed   1 at crossref: too many requests (HTTP 429); try again after 2026-11-22 09:30 UTC: doi:10.1/x"
    )


def test_json_holds_every_change_and_how_old_the_states_are():
    oldest = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    changes = tuple(change(number, DATE) for number in range(5))
    found = json.loads(
        json.dumps(refresh_to_dict(summary(changes=changes, states=4, old_states=2, oldest_state=oldest)))
    )
    assert len(found["changes"]) == 5
    assert found["changes"][0]["changes"] == [{"name": "date", "before": "2019", "after": "2020"}]
    assert found["states"] == {"asked": 4, "old": 2, "oldest": "2026-11-01T00:00:00+00:00", "failed": []}
