"""Belief: a number to rank claims by, recomputed here from the formula of EVIDENCE.md section 3.6."""

from __future__ import annotations

import pytest
from auditing import Vault
from judging import CHOICES, LEE, MEYER, claim, contrasting, human, resource, review, unresolved, work
from msgspec.structs import replace

from evidence.audit.reports import to_dict
from evidence.audit.verdicts import judge
from evidence.vocabulary import Design, Level


def belief(*works):
    return judge(claim(*works), replace(CHOICES, belief=True)).belief


@pytest.mark.parametrize(
    ("works", "value"),
    [
        ([human("a")], 1 - 0.20),
        ([work()], 1 - 0.40),
        ([work(designs=(Design.IN_VITRO,), level=Level.CELLS)], 1 - 0.50),
        ([work(designs=(), level=Level.UNKNOWN)], 1 - 0.65),
        ([work(designs=(Design.META_ANALYSIS,), level=Level.UNKNOWN)], 1 - 0.10),
        ([work(authors=LEE), work("b", authors=MEYER)], 1 - 0.40 * 0.40),
        ([work(authors=LEE), work("b", authors=LEE)], 1 - (0.05 + 0.35 * 0.8)),
        ([work(authors=None), work("b", authors=None)], 1 - (0.05 + 0.35 * 0.8)),
        ([work(), review(), resource()], 1 - 0.40),
        ([review()], 0),
        ([work(authors=LEE), contrasting(work("b", authors=MEYER))], 0.6 * (1 - 0.6)),
        # Without authors nobody knows whether a study is independent: it stands alone, or adds nothing.
        ([work(authors=LEE), human("b", authors=None)], 1 - 0.20),
        ([human("a", authors=LEE), work("b", authors=None)], 1 - 0.20),
        # Of two reports of one study the better one counts.
        ([human("a"), work("b", study=frozenset({"doi:10.1000/a"}))], 1 - 0.20),
        # What only contrasts supports nothing.
        ([contrasting(work(designs=(Design.META_ANALYSIS,), level=Level.UNKNOWN))], 0),
        # A work that supports one clause takes nothing from itself where another clause sets it against something.
        ([work(), contrasting(work())], 1 - 0.40),
    ],
)
def test_formula(works, value):
    assert belief(*works).value == pytest.approx(value, abs=0.001)


@pytest.mark.parametrize(
    ("designs", "level", "error"),
    [
        ("meta-analysis systematic-review", Level.HUMAN, 0.05),
        ("rct", Level.HUMAN, 0.15),
        ("mendelian-randomization", Level.HUMAN, 0.25),
        ("cohort case-control cross-sectional observational in-vivo", Level.HUMAN, 0.30),
        ("in-vivo rct cohort", Level.ANIMAL, 0.35),
        ("in-vitro ex-vivo", Level.CELLS, 0.45),
        ("in-silico", Level.COMPUTED, 0.60),
        ("case-report case-series in-silico", Level.HUMAN, 0.60),
    ],
)
def test_each_design_has_its_random_error(designs, level, error):
    for design in designs.split():
        assert belief(work(design, designs=(Design(design),), level=level)).value == pytest.approx(1 - 0.05 - error)


def test_smallest_error_of_a_group_counts_once_however_they_are_ordered():
    trial = human("a", authors=LEE)
    mice = work("b", authors=LEE)
    for works in ((trial, mice), (mice, trial)):
        assert belief(*works).value == pytest.approx(1 - (0.05 + 0.15 * 0.8))


def test_belief_is_not_known_before_every_work_is_verified():
    assert belief(human("a"), unresolved()).value is None


def test_belief_is_not_known_before_a_synthesis_is_verified():
    """It may be retracted: an offline audit never says more than one online."""
    synthesis = unresolved("m", designs=(Design.META_ANALYSIS,), level=Level.UNKNOWN)
    assert belief(work(), synthesis).value is None


def test_belief_stands_in_a_report_only_where_it_is_asked_for():
    vault = Vault().page("Bone is lost.[^a]\n\n[^a]: rct · doi:10.1000/a1\n").work("doi:10.1000/a1", authors=["Kim J"])
    assert "belief" not in to_dict(vault.audit())["claims"][0]
    said = to_dict(vault.audit(belief=True))["claims"][0]["belief"]
    assert (said["value"], said["label"]) == (0.8, "uncalibrated, for ranking")
