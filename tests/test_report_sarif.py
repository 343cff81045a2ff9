"""The audit as SARIF: valid by the official schema, within what GitHub takes, its places found in the repository."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given, settings
from reported import HOSTILE, finding, findings, hostile_report, report_of, vault

from evidence.audit import CODES
from evidence.audit.reports.json import to_dict
from evidence.audit.reports.presentation import Presentation, prefix_of
from evidence.audit.reports.sarif import sarif_chunks, uri_of
from evidence.vocabulary import Severity

# The schema as schemastore.org serves it for SARIF 2.1.0, from the npm package @microsoft/jest-sarif (MIT).
SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def log_of(report, **presentation):
    log = json.loads("".join(sarif_chunks(report, Presentation(**presentation))))
    VALIDATOR.validate(log)
    return log


def run_of(report, **presentation):
    (run,) = log_of(report, **presentation)["runs"]
    return run


def test_the_schema_is_one_that_refuses():
    log = log_of(vault().audit())
    log["runs"][0]["results"][0]["levl"] = "error"
    assert not VALIDATOR.is_valid(log)


def test_every_finding_is_a_result_at_its_place():
    report = vault().audit()
    shown = sorted(
        (
            one["ruleId"],
            one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            one["locations"][0]["physicalLocation"]["region"]["startLine"],
        )
        for one in run_of(report)["results"]
    )
    assert shown == sorted((one["code"], one["path"], one["line"]) for one in to_dict(report)["findings"])


@settings(deadline=None)
@given(findings())
def test_any_finding_makes_a_valid_log(found):
    run = run_of(report_of(findings=found), known=frozenset({"f1"}))
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        assert place["region"]["startLine"] >= 1
        assert result["message"]["text"]
        assert result["baselineState"] in {"new", "unchanged"}
    hashes = [one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]]
    assert len(hashes) == len(set(hashes)) == len(found)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text):
    written = "".join(sarif_chunks(hostile_report(text), Presentation()))
    written.encode()
    for result in json.loads(written)["runs"][0]["results"]:
        assert "](" not in result["message"]["text"]
        assert not set("\x00\x1b\u202e\r\n") & set(result["message"]["text"])
        assert not set(' \n\t<>"\\|:?#') & set(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])


def test_rules_tell_what_github_shows():
    rules = run_of(report_of())["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules] == list(CODES)
    for one in rules:
        assert one["shortDescription"]["text"]
        assert one["fullDescription"]["text"]
        assert one["help"]["text"]
        assert one["help"]["text"].startswith(one["shortDescription"]["text"])
        assert one["defaultConfiguration"]["level"] in {"error", "warning", "note"}
        assert len(one["properties"]["tags"]) <= 20


def test_acknowledged_findings_are_suppressed_with_their_reason():
    found = [finding(line=1, acknowledged="read it twice"), finding(line=2)]
    shown = [one.get("suppressions") for one in run_of(report_of(findings=found))["results"]]
    assert shown == [None, [{"kind": "external", "status": "accepted", "justification": "read it twice"}]]


def test_without_a_baseline_nothing_is_said_of_one():
    assert "baselineState" not in run_of(report_of(findings=[finding()]))["results"][0]


def test_new_findings_come_before_those_of_the_baseline():
    found = [finding(line=1, fingerprint="old"), finding(code="EV003", line=2, severity=Severity.WARNING)]
    shown = [
        (one["ruleId"], one["baselineState"]) for one in run_of(report_of(findings=found), known={"old"})["results"]
    ]
    assert shown == [("EV003", "new"), ("EV001", "unchanged")]


def test_an_incomplete_audit_says_so():
    report = vault().page("Bone is lost.[^x]\n\n[^x]: doi:10.1000/never\n", path="other.md").audit()
    (invocation,) = run_of(report, exit_code=3)["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    assert "look-ups" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_a_complete_audit_says_so():
    (invocation,) = run_of(vault().audit(), exit_code=1)["invocations"]
    assert invocation == {"executionSuccessful": True, "exitCode": 1, "toolExecutionNotifications": []}


def test_versions_and_limits_are_told():
    report = vault().audit()
    run = run_of(report)
    values = to_dict(report)
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["properties"] == {key: values[key] for key in ("schema", "rules", "run", "counts", "limits")}


def test_no_more_results_than_github_takes_and_those_the_worst():
    found = [finding("EV007", Severity.INFO, line=line) for line in range(1, 30_001)]
    found.append(finding("EV001", Severity.ERROR, line=9))
    run = run_of(report_of(findings=found))
    assert len(run["results"]) == 25_000
    assert run["results"][0]["ruleId"] == "EV001"
    (said,) = run["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"].startswith("5001 findings are left out")


@pytest.mark.slow
def test_no_more_bytes_than_github_takes():
    letters = random.Random(7)
    found = [
        finding(line=line, message="".join(chr(letters.randrange(0x4E00, 0x9FA5)) for _ in range(1000)))
        for line in range(1, 9000)
    ]
    written = "".join(sarif_chunks(report_of(findings=found), Presentation()))
    assert 9_000_000 < len(gzip.compress(written.encode())) < 10_000_000
    run = json.loads(written)["runs"][0]
    left_out = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].split()[0]
    assert len(run["results"]) + int(left_out) == len(found)


def test_paths_start_at_the_root_of_the_repository(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "docs" / "vault").mkdir(parents=True)
    assert prefix_of(tmp_path / "docs" / "vault") == "docs/vault/"
    assert prefix_of(tmp_path) == ""
    assert uri_of("../notes/a.md", "docs/vault/") == "docs/notes/a.md"


@pytest.mark.parametrize("path", ["a b.md", "50%.md", "q?.md", "#1.md", "a:b.md", "β/é.md", 'x"y<z>.md', "a\\b.md"])
def test_a_uri_leads_back_to_its_path(path):
    assert unquote(uri_of(path)) == path
    assert uri_of(path).isascii()


def test_a_path_that_is_no_utf_8_keeps_its_bytes():
    assert uri_of(b"a\xff.md".decode("utf-8", "surrogateescape")) == "a%FF.md"


def test_the_same_store_gives_the_same_bytes():
    kept = vault()
    assert [*sarif_chunks(kept.audit(), Presentation())] == [*sarif_chunks(kept.audit(), Presentation())]
