"""docs/findings.md lists every code; each of its examples raises exactly its code, with a severity that it names."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from auditing import NOW, Vault

from evidence.audit import CODES, DRIFT
from evidence.store import models
from evidence.store.database import writing

DOC = (Path(__file__).parent.parent / "docs" / "findings.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^### (EV\d{3}) (.*?)(?=^##|\Z)", DOC, re.MULTILINE | re.DOTALL))
WORKS = re.findall(r"^\| (doi:[^|]+?) \| ([^|]+?) \|$", DOC, re.MULTILINE)
NOTICE = re.compile(r"([a-z-]+) (\d{4}-\d\d-\d\d)(?: \((\w+)\))?")


def vault_with_works():
    """A store with the works of the document's table."""
    vault = Vault()
    for names, said in WORKS:
        if said == "not found":
            vault.looked_up(names, "crossref", "not-found")
            continue
        facts = {}
        if preprint := re.search(r"preprint of (\S+)", said):
            facts = {"type": "posted-content", "relations": [("is-preprint-of", preprint[1])]}
        vault.work(*names.split(", "), authors=re.search(r"by ([^;]+)", said)[1].split(", "), **facts)
        with writing(vault.engine) as session:
            work_id = session.scalar(sa.select(sa.func.max(models.Work.id)))
            for kind, date, source in NOTICE.findall(said):
                session.add(models.Notice(work_id=work_id, kind=kind, date=date, source=source or "crossref"))
    return vault


def example(code):
    return re.search(r"```markdown\n(.*?)```", SECTIONS[code], re.DOTALL)[1]


@cache
def findings(code):
    """Return what the audit says of an example; asked for by several tests, which only read it."""
    return vault_with_works().page(example(code)).audit().findings


def test_every_code_is_listed_with_its_meaning():
    assert {code: text.split("\n", 1)[0] for code, text in SECTIONS.items()} == CODES
    assert list(SECTIONS) == list(CODES)


@pytest.mark.parametrize("code", CODES)
def test_example_raises_exactly_its_code(code):
    # An acknowledgement that does not hold leaves its finding: the text names it.
    beside = set(re.findall(r"here (?:it is )?`(EV\d+)`", SECTIONS[code]))
    assert {one.code for one in findings(code)} == {code} | beside


@pytest.mark.parametrize("code", CODES)
def test_severity_is_one_that_the_text_names(code):
    named = set(re.findall(r"\*\*(error|warning|info)\*\*", SECTIONS[code]))
    assert {one.severity.value for one in findings(code) if one.code == code} <= named


@pytest.mark.parametrize("code", CODES)
def test_drift_is_said(code):
    assert bool(re.search(r"\bDrift\.\n", SECTIONS[code])) is (code in DRIFT)


@pytest.mark.parametrize("code", ["EV201", "EV203"])
def test_line_that_the_finding_gives_is_the_right_one(code):
    (wrong,) = [one for one in findings(code) if one.code == code]
    line = re.search(r"<!--.*-->", wrong.fix)[0]
    mended = re.sub(r"<!--.*-->", lambda _: line, example(code))
    (only,) = vault_with_works().page(mended).audit().findings
    assert (only.code, only.acknowledged) == ("EV003", "the second trial is under way")


@pytest.mark.parametrize("code", CODES)
def test_finding_points_at_the_note_or_the_claim(code):
    lines = example(code).splitlines()
    for one in findings(code):
        written = lines[one.line - 1][one.column - 1 :]
        assert written.startswith(
            ("Bone", "Klotho", "doi:10.1000/", "10.1000/", "| Replicated", "| FOXO1", "<!--", "[^a]")
        )


def test_works_are_those_of_the_table():
    assert len(WORKS) == 10
    assert NOW.year == 2026
