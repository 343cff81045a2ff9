"""The audit as workflow commands: the worst, at their lines, and how many there are besides."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from reported import HOSTILE, finding, findings, hostile_report, report_of, vault

from evidence.audit.reports.github import github_chunks
from evidence.audit.reports.json import to_dict
from evidence.audit.reports.presentation import Presentation
from evidence.vocabulary import Severity

COMMAND = re.compile(r"::(error|warning|notice) ([^:\r\n]*)::([^\r\n]*)\n")


def unescape(text):
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def commands(report, **presentation):
    found = []
    for line in github_chunks(report, Presentation(**presentation)):
        kind, properties, message = COMMAND.fullmatch(line).groups()
        values = dict(one.split("=", 1) for one in properties.split(","))
        found.append((kind, {key: unescape(value) for key, value in values.items()}, unescape(message)))
    return found


def test_a_finding_stands_at_its_line():
    report = report_of(findings=[finding(line=7, column=5, message="50 %: gone")])
    (kind, properties, message), _ = commands(report, prefix="vault/")
    assert kind == "error"
    assert properties == {
        "file": "vault/page.md",
        "line": "7",
        "col": "5",
        "title": "EV001: a claim rests on a retracted work",
    }
    assert message == "50 %: gone\na fix"


def test_as_many_as_github_shows_and_the_rest_is_counted():
    found = [finding(line=line) for line in range(1, 31)]
    found += [finding("EV003", Severity.WARNING, line=line) for line in range(1, 31)]
    found += [finding("EV007", Severity.INFO), finding("EV009", acknowledged="known")]
    *shown, (kind, _, said) = commands(report_of(findings=found))
    assert [one[0] for one in shown] == ["error"] * 10 + ["warning"] * 10
    assert kind == "notice"
    assert said.startswith("30 error, 30 warning, 1 info; 1 acknowledged; shown here: 20. ")


def test_retracted_support_comes_first():
    found = [finding("EV008", path=f"a{number}.md") for number in range(20)] + [finding("EV001", path="z.md")]
    assert commands(report_of(findings=found))[0][1]["file"] == "z.md"


def test_numbers_are_those_of_the_json():
    report = vault().audit()
    counts = dict.fromkeys(Severity, 0)
    for one in to_dict(report)["findings"]:
        counts[one["severity"]] += 1
    said = commands(report)[-1][2]
    assert said.startswith(", ".join(f"{counts[name]} {name}" for name in Severity))
    assert f"rules {to_dict(report)['rules']}" in said
    assert all(limit in said for limit in report.limits)


def test_an_incomplete_audit_says_so():
    report = vault().page("Bone is lost.[^x]\n\n[^x]: doi:10.1000/never\n", path="other.md").audit()
    assert "incomplete" in commands(report)[-1][2]


@settings(deadline=None)
@given(findings())
def test_any_finding_is_one_command(found):
    commands(report_of(findings=found))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_no_command_of_its_own(text):
    for _, properties, message in commands(hostile_report(text)):
        assert set(properties) <= {"file", "line", "col", "title"}
        assert not set("\x1b\x00\u202e\r") & set(message)
