"""The TFLink page of RUNX2: rows whose databases all stand on one paper. Expectations are read from the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from auditing import Vault

import evidence.demo

PAGE = Path(evidence.demo.__file__).parent / "vault" / "tflink_q13950.md"
TARGETS = ("ELK1", "FOS", "TRPS1", "CBFB", "TWIST1", "NFIC")


@pytest.fixture(scope="module")
def rows():
    """The rows of the table of regulators, by regulator."""
    claims = Vault().page(PAGE.read_text("utf-8"), "q13950.md").claims()
    return {
        one.claim.interaction.regulator: one.verdict
        for one in claims
        if one.claim.interaction is not None and one.claim.interaction.target == "RUNX2"
    }


def counted(verdict):
    return [line.work.name.removeprefix("pmid:") for line in verdict.works if line.counted]


@pytest.mark.parametrize(
    ("regulator", "papers"),
    [
        ("FOS", ["11604227"]),
        ("JUN", ["11604227"]),
        ("CBFB", ["24648201"]),
        ("ELK1", ["19017640"]),
        ("TRPS1", ["16140555"]),
        ("JUND", ["12186862"]),
        ("PRDM14", ["20953172"]),
    ],
)
def test_row_with_one_paper_of_its_own_is_a_single_study(rows, regulator, papers):
    assert counted(rows[regulator]) == papers
    assert rows[regulator].status.value == "single-study"


def test_row_of_five_databases_says_that_they_curate_one_paper(rows):
    assert "multi-database-one-paper" in rows["FOS"].flags
    assert any("5 databases" in reason and "pmid:11604227" in reason for reason in rows["FOS"].reasons)


def test_row_that_cites_database_papers_only_is_not_traceable(rows):
    # NFIC: GTRD, ReMap, TRED and the papers that describe these three.
    assert rows["NFIC"].status.value == "resource-only"
    assert "high-throughput-untraceable" in rows["NFIC"].flags


def test_row_with_several_papers_counts_them(rows):
    assert sorted(counted(rows["TWIST1"])) == ["12270142", "21503964", "21931630", "22641097"]
    assert rows["TWIST1"].status.value == "multi-study"


def test_paper_of_the_row_the_other_way_round_is_flagged(rows):
    # TWIST1 is a target of RUNX2 too, by 21503964, 21931630 and 22641097.
    assert "shared-with-reverse-row" in rows["TWIST1"].flags


def test_verdict_says_why_a_database_paper_does_not_count(rows):
    said = {line.work.name: line.why for line in rows["FOS"].works if not line.counted}
    assert said["pmid:29126285"] == "describes the database ReMap (shipped table)"


def test_rows_come_back_as_they_were_judged():
    vault = Vault().page(PAGE.read_text("utf-8"), "q13950.md")
    judged = list(vault.audit().claims)
    kept = list(vault.audit().claims)
    assert any(one.claim.reverse_pairs for one in judged)
    assert kept == judged
