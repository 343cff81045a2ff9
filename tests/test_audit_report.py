"""The report: every number recomputes from the JSON, the same store gives the same bytes."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from auditing import KIM, NOW, WEBER, Vault
from reporting import holds_alone

from evidence.audit.judged import LIMITS
from evidence.audit.reports import to_dict, to_json
from evidence.audit.reports.presentation import Presentation
from evidence.audit.reports.text import text_chunks
from evidence.config import Settings
from evidence.store import models
from evidence.store.database import reading, writing
from evidence.vocabulary import Status

PAGE = """# Page

Bone is lost.[^a] And fat is gained.[^a][^b] Nothing is cited here at all.

Old bone breaks.[^c] New bone breaks too.[^gone]

[^a]: in-vivo · model: mice · doi:10.1000/a1
[^b]: in-vivo · model: mice · doi:10.1000/b1
[^c]: doi:10.1000/c1
"""


@pytest.fixture
def vault():
    vault = Vault().page(PAGE).work("doi:10.1000/a1", authors=KIM).work("doi:10.1000/b1", authors=WEBER)
    return vault.work("doi:10.1000/c1", notices=["retraction"])


def test_statuses(vault):
    statuses = [one["status"] for one in to_dict(vault.audit())["claims"]]
    assert statuses == ["single-study", "replicated", "uncited", "retracted", "unresolved"]


def test_counts_recompute(vault):
    report = to_dict(vault.audit())
    counted = Counter(one["status"] for one in report["claims"])
    assert report["counts"] == {status.value: counted[status.value] for status in Status}
    assert report["run"]["claims"] == len(report["claims"])


def test_what_a_source_holds_alone_recomputes(vault):
    report = to_dict(vault.audit())
    for source in report["sources"]:
        alone = [one["id"] for one in report["claims"] if holds_alone(one, source["id"])]
        assert source["claims_held_alone"] == sorted(alone)


def test_strength_adds_up(vault):
    names = ["none", "very low", "low", "moderate", "high"]
    for claim in to_dict(vault.audit())["claims"]:
        *steps, result = claim["steps"] or ["0", "= 0"]
        total = sum(int(step.split()[0]) for step in steps)
        assert result.startswith(f"= {min(max(total, 0), 4)}")
        assert claim["strength"] in {None, names[min(max(total, 0), 4)]}


def test_same_store_gives_the_same_bytes(vault):
    assert to_json(vault.audit()) == to_json(vault.audit())


def test_bytes_and_hashes_of_inputs_do_not_hang_on_the_order_of_sets(vault):
    program = (
        "import sys, datetime as dt, hashlib\n"
        "from evidence.audit.verdict_rows import Inputs\n"
        "from evidence.audit.run import audit\n"
        "from evidence.audit.reports import to_json\n"
        "from evidence.config import Settings\n"
        "from evidence.store.database import open_database\n"
        "report = audit(open_database(sys.argv[1]), Settings(), paths=['page.md'], now=dt.datetime(2026, 11, 21))\n"
        "print(hashlib.sha256(to_json(report).encode()).hexdigest(), *[Inputs().hash(one.claim) for one in report.claims])\n"
    )
    url = f"sqlite:///{vault.folder.name}/evidence.sqlite3"
    root = str(Path(__file__).parent.parent)
    said = {
        subprocess.run(
            [sys.executable, "-c", program, url],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": root},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


def test_json_is_that_of_the_design(vault):
    report = json.loads(to_json(vault.audit()))
    assert list(report) == ["schema", "rules", "run", "counts", "limits", "claims", "sources", "findings", "pages"]
    claim = [
        "id",
        "path",
        "line",
        "text",
        "status",
        "level",
        "strength",
        "steps",
        "reasons",
        "flags",
        "works",
        "groups",
        "clauses",
    ]
    assert list(report["claims"][0]) == [*claim, "tags", "changes"]
    work = ["id", "identifiers", "title", "design", "level", "year", "counted", "why"]
    assert list(report["claims"][0]["works"][0]) == work
    source = ["id", "identifiers", "title", "year", "design", "level", "organisms"]
    assert list(report["sources"][0]) == [*source, "claims_held_alone", "pages", "status", "notices"]
    finding = ["code", "severity", "path", "line", "column", "claim", "message", "fix", "fingerprint"]
    assert all(list(one) == finding for one in report["findings"])


def test_every_finding_says_what_to_do(vault):
    assert all(one["fix"] and one["message"] for one in to_dict(vault.audit())["findings"])


def test_verdicts_are_kept_with_their_run(vault):
    vault.audit()
    with reading(vault.engine) as session:
        kept = session.execute(sa.select(models.Verdict.status).order_by(models.Verdict.id)).scalars().all()
    assert kept == ["single-study", "replicated", "uncited", "retracted", "unresolved"]


def test_audit_of_some_pages_keeps_nothing(vault):
    vault.audit(paths=["page.md"])
    with reading(vault.engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(models.Verdict)) == 0


def test_notices_that_were_not_asked_for_again_are_a_limit(vault):
    with writing(vault.engine) as session:
        for days, value in ((3, "10.1000/a1"), (30, "10.1000/b1"), (40, "10.1000/c1")):
            kept = {"source": "crossref", "scheme": "doi", "value": value, "payload": b""}
            session.add(models.Record(**kept, fetched_at=NOW - dt.timedelta(days=days)))
        # Asked for again two days ago, apart from its metadata.
        session.add(models.State(**kept, fetched_at=NOW - dt.timedelta(days=2)))
    report = vault.audit()
    (said,) = set(report.limits) - set(LIMITS)
    assert said.startswith("the notices of 1 work were last asked for more than 7 days ago (the oldest on 2026-10-22)")
    assert said in to_dict(report)["limits"]
    assert said in " ".join("".join(text_chunks(report, Presentation(width=200))).split())
    assert vault.audit(Settings(registries={"retraction_age_days": 60})).limits == LIMITS
