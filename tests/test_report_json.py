"""The JSON is valid by the schema that is shipped with it, and every number of the other reports recomputes from it."""

from __future__ import annotations

import json
from collections import Counter
from importlib import resources

import jsonschema
import pytest
from auditing import Vault
from hypothesis import given, settings
from reported import HOSTILE, finding, findings, hostile_report, report_of, reports, vault
from reporting import holds_alone

from evidence.audit.formats import FORMATS
from evidence.audit.reports.json import SCHEMA as VERSION
from evidence.audit.reports.json import to_dict, to_json
from evidence.audit.reports.presentation import Presentation
from evidence.cli.auditing import AuditFormat
from evidence.vocabulary import Severity

SCHEMA = json.loads((resources.files("evidence.audit.reports") / "audit.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def undeclared(value, schema):
    """Yield the keys of a value that its schema does not tell of."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if isinstance(value, list):
        for one in value:
            yield from undeclared(one, schema.get("items", {}))
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in schema.get("properties", {}):
                yield key
            else:
                yield from undeclared(one, schema["properties"][key])


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["schema"]["const"] == VERSION


def test_an_audit_is_valid_and_the_schema_tells_of_every_key():
    found = [finding(acknowledged="read it twice")]
    for report in (vault().audit(), Vault().page("Nothing here.\n").audit(), report_of(findings=found)):
        values = to_dict(report)
        VALIDATOR.validate(values)
        assert [*undeclared(values, SCHEMA)] == []


def test_the_schema_is_one_that_refuses():
    values = to_dict(vault().audit())
    values["claims"][0]["status"] = "proven"
    assert not VALIDATOR.is_valid(values)
    del values["claims"][0]["status"]
    assert not VALIDATOR.is_valid(values)


@settings(deadline=None)
@given(reports())
def test_any_text_is_read_back_as_it_was(report):
    values = json.loads(to_json(report).encode())
    texts = [one.claim.text for one in report.claims]
    assert [one["text"] for one in values["claims"]] == [json.loads(json.dumps(text)) for text in texts]


@settings(deadline=None)
@given(findings())
def test_what_was_acknowledged_is_told_apart(found):
    values = to_dict(report_of(findings=found))
    assert len(values["findings"]) == sum(one.acknowledged is None for one in found)
    assert len(values.get("acknowledged", [])) == sum(one.acknowledged is not None for one in found)


def test_every_number_of_the_text_and_the_summary_recomputes():
    report = vault().audit()
    values = to_dict(report)
    text = "".join(FORMATS["text"](report, Presentation()))
    summary = "".join(FORMATS["markdown"](report, Presentation()))
    counts = Counter(one["status"] for one in values["claims"])
    judged = len(values["claims"]) - counts["not-a-claim"]
    pages = "1 page" if values["run"]["pages"] == 1 else f"{values['run']['pages']} pages"
    head = f"{pages}, {judged} claims, {judged - counts['uncited']} of them cited"
    assert head in text
    assert head in summary
    cited = judged - counts["uncited"]
    for status, number in counts.items():
        share = [] if status in {"uncited", "not-a-claim"} else [f"{100 * number / cited:.1f}", "%"]
        assert [status, str(number), *share] in [line.split() for line in text.splitlines()]
        assert f"| {status} | {number} |" in summary
    severities = Counter(one["severity"] for one in values["findings"])
    assert f"Findings ({', '.join(f'{one} {severities[one]}' for one in Severity)})" in text
    codes = Counter((one["code"], one["severity"]) for one in values["findings"])
    for code in {one["code"] for one in values["findings"]}:
        numbers = [codes[code, one] for one in Severity]
        assert f"| {code} | {' | '.join(map(str, numbers))} | 0 |" in summary
        shown = next(line.split()[1:] for line in text.splitlines() if line.startswith(f"{code}  ") and ":" not in line)
        assert [one for one in shown if one.isdigit()][: len(numbers)] == [str(one) for one in numbers if one]
    for source in values["sources"]:
        alone = [one["id"] for one in values["claims"] if holds_alone(one, source["id"])]
        assert source["claims_held_alone"] == sorted(alone)
        row = [str(len(alone)), str(len(source["pages"])), source["identifiers"][0]]
        assert (row in [line.split()[:3] for line in text.splitlines()]) == (len(alone) > 1)
        assert (f"| {' | '.join(row)} |" in summary) == (len(alone) > 1)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_its_versions_limits_and_whether_it_is_complete(name):
    complete = vault().audit()
    incomplete = vault().page("Bone is lost.[^x]\n\n[^x]: doi:10.1000/never\n", path="other.md").audit()
    for report in (complete, incomplete):
        said = " ".join("".join(FORMATS[name](report, Presentation(width=200))).split())
        # The HTML report has its own tests.
        assert name == "html" or all(limit in said for limit in report.limits)
        assert name == "html" or to_dict(report)["rules"] in said
    said, other = ("".join(FORMATS[name](one, Presentation())) for one in (complete, incomplete))
    assert ("incomplete" in said.lower(), "incomplete" in other.lower()) in {(False, True), (True, True)}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_every_format_can_be_written_to_a_file(name, text):
    for piece in FORMATS[name](hostile_report(text), Presentation()):
        piece.encode()


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_store_gives_the_same_bytes(name):
    kept = vault()
    assert [*FORMATS[name](kept.audit(), Presentation())] == [*FORMATS[name](kept.audit(), Presentation())]


def test_the_command_offers_every_format():
    assert [one.value for one in AuditFormat] == [*FORMATS]


class Stream:
    """Claims or findings that can only be gone through, and how often they were."""

    def __init__(self, items):
        self.items, self.passes = items, 0

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        self.passes += 1
        return iter(self.items)


@pytest.mark.parametrize("name", [one for one in FORMATS if one != "html"])
def test_claims_and_findings_are_gone_through_and_never_held(name):
    report = vault().audit()
    told = [*FORMATS[name](report, Presentation())]
    report.claims, report.findings = claims, found = Stream(report.claims), Stream(report.findings)
    assert [*FORMATS[name](report, Presentation())] == told
    # Two of them count statuses and flags, which the audit may know already.
    assert claims.passes <= 4
    assert found.passes <= 6


def test_pieces_are_made_as_they_are_read():
    report = vault().audit()
    for name in ("json", "csv", "csv-findings", "sarif"):
        pieces = FORMATS[name](report, Presentation())
        assert len([*pieces]) >= min(len(report.claims), len(report.findings))
