"""Baselines: what is known is not shown, what is gone is counted, a bad file is one clear message."""

from __future__ import annotations

import pytest
from auditing import KIM, WEBER, Vault

from evidence.audit.baseline import compare, read_baseline, write_baseline
from evidence.audit.slicing import without_known
from evidence.errors import EvidenceError

NOTES = "\n\n[^a]: rct · doi:10.1000/a1\n[^b]: rct · n=12 · doi:10.1000/b1\n[^c]: rct · n=40 · doi:10.1000/b1\n"
PAGE = f"Bone is lost.[^a]\n\nFat is gained.[^b] Fat is gained.[^b] Fat is lost.[^c] More is lost.[^none]{NOTES}"


def findings(text, path="page.md"):
    vault = Vault().page(text, path).work("doi:10.1000/a1", authors=KIM).work("doi:10.1000/b1", authors=WEBER)
    return vault.audit().findings


def test_baseline_of_a_report_leaves_nothing_new(tmp_path):
    found = findings(PAGE)
    assert write_baseline(tmp_path / "known.json", found) == len(found) > 5
    compared = compare(found, read_baseline(tmp_path / "known.json"))
    assert (compared.new, compared.known, compared.mended) == ([], len(found), [])


def test_new_findings_are_shown_and_mended_ones_counted(tmp_path):
    write_baseline(tmp_path / "known.json", findings(PAGE))
    now = findings("A heading line.\n\n" + PAGE.replace("More is lost.[^none]", "New bone is lost.[^a]"))
    compared = compare(now, read_baseline(tmp_path / "known.json"))
    assert [(one.code, one.line) for one in compared.new] == [("EV003", 5)]
    assert sorted(one.code for one in compared.mended) == ["EV002"]
    assert compared.line() == "baseline: 1 new findings are shown, 5 known ones are not; 1 of the baseline is mended"


def test_pages_that_were_not_audited_are_not_mended(tmp_path):
    write_baseline(tmp_path / "known.json", findings(PAGE))
    compared = compare([], read_baseline(tmp_path / "known.json"), ["other.md"])
    assert compared.mended == []


def test_same_findings_give_the_same_bytes(tmp_path):
    for name, found in (("a", findings(PAGE)), ("b", findings(PAGE)[::-1])):
        write_baseline(tmp_path / name, found)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_report_says_that_known_findings_are_left_out(tmp_path):
    report = Vault().page(PAGE).work("doi:10.1000/a1", authors=KIM).work("doi:10.1000/b1", authors=WEBER).audit()
    write_baseline(tmp_path / "known.json", report.findings)
    shown = without_known(report, compare(report.findings, read_baseline(tmp_path / "known.json")))
    assert shown.findings == []
    assert shown.limits[-1].startswith("baseline: 0 new")


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[]", "{}", '{"version": 1}', '{"version": 1, "findings": [1]}', '{"findings": [{"a": 1}]}',
             '{"version": 9, "findings": []}', '{"version": 1, "findings": [{"fingerprint": 3}]}', "[" * 100_000, "\udcff"]
)  # fmt: skip
def test_bad_file_is_one_clear_message(tmp_path, text):
    (tmp_path / "bad.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(EvidenceError, match=r"bad\.json: .*baseline") as caught:
        read_baseline(tmp_path / "bad.json")
    assert "--write-baseline" in caught.value.hint


def test_missing_file_is_one_clear_message(tmp_path):
    with pytest.raises(EvidenceError, match="the baseline cannot be read"):
        read_baseline(tmp_path / "none.json")
