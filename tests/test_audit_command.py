"""`evidence audit` as it is called: exit codes, baselines, slices and acknowledgements in the page."""

from __future__ import annotations

import json
import re

import pytest
import sqlalchemy as sa
from auditing import NOW
from running import run

from evidence.store import models
from evidence.store.database import open_database, writing

PAGE = "Bone is lost.[^a]\n\nNothing is said here.\n\n[^a]: rct · doi:10.1000/a1\n"


@pytest.fixture
def vault(tmp_path):
    """A vault of one page whose only work the database knows."""
    (tmp_path / "config.toml").write_text("")
    (tmp_path / "page.md").write_text(PAGE)
    run("refresh", "--offline", "-q", cwd=tmp_path)
    engine = open_database(f"sqlite:///{tmp_path}/db/evidence.sqlite3")
    with writing(engine) as session:
        session.execute(sa.delete(models.Lookup))
        session.add(models.Work(id=1, title="A title", field_sources={"title": "crossref"}))
        session.flush()
        session.add(models.WorkIdentifier(scheme="doi", value="10.1000/a1", work_id=1, source="crossref"))
        kept = {"source": "crossref", "scheme": "doi", "value": "10.1000/a1"}
        session.add(models.Lookup(**kept, outcome="resolved", asked_at=NOW))
    engine.dispose()
    return tmp_path


def audit(vault, *options):
    return run("audit", *options, cwd=vault)


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)])
def test_exit_code_follows_the_severity(vault, fail_on, code):
    assert audit(vault, "--fail-on", fail_on).returncode == code
    (vault / "config.toml").write_text(f'[audit]\nfail_on = "{fail_on}"\n')
    assert audit(vault).returncode == code


def test_incomplete_audit_is_3_whatever_is_chosen(tmp_path):
    (tmp_path / "config.toml").write_text("")
    (tmp_path / "page.md").write_text(PAGE)
    run("refresh", "--offline", "-q", cwd=tmp_path)
    assert audit(tmp_path, "--fail-on", "never").returncode == 3
    assert audit(tmp_path, "--status", "replicated").returncode == 3


def test_pattern_that_fits_no_page_is_an_error(vault):
    done = audit(vault, "--page", "page.md", "--page", "pgae*")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no page of the audit fits 'pgae*'" in done.stderr
    assert "hint:" in done.stderr
    assert audit(vault, "page.md", "--page", "page*", "--fail-on", "never").returncode == 0


def test_baseline_lets_only_new_findings_fail(vault):
    written = audit(vault, "--write-baseline", "known.json")
    assert (written.returncode, "wrote 1 findings to known.json" in written.stderr) == (0, True)
    known = audit(vault, "--baseline", "known.json", "--json")
    assert known.returncode == 0
    assert json.loads(known.stdout)["findings"] == []
    (vault / "page.md").write_text(PAGE.replace("Nothing is said here.", "Fat is lost.[^none]"))
    run("refresh", "--offline", "-q", cwd=vault)
    new = audit(vault, "--baseline", "known.json", "--json")
    assert new.returncode == 1
    assert {one["code"] for one in json.loads(new.stdout)["findings"]} == {"EV002"}


def test_baseline_of_the_settings_holds_for_each_audit(vault):
    (vault / "config.toml").write_text('[audit]\nbaseline = "known.json"\n')
    missing = audit(vault)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "known.json: the baseline cannot be read" in missing.stderr
    (vault / "below").mkdir()
    written = audit(vault / "below", "--write-baseline", "../known.json")
    assert (written.returncode, "wrote 1 findings" in written.stderr) == (0, True)
    assert json.loads(audit(vault / "below", "--json").stdout)["findings"] == []
    (vault / "none.json").write_text('{"version": 1, "findings": []}')
    assert len(json.loads(audit(vault, "--baseline", "none.json", "--json").stdout)["findings"]) == 1


def test_bad_baseline_is_a_message_and_not_an_audit(vault):
    (vault / "bad.json").write_text("{")
    result = audit(vault, "--baseline", "bad.json")
    assert (result.returncode, result.stdout) == (2, "")
    assert "error: bad.json: is no baseline: it is not JSON" in result.stderr


def test_line_that_acknowledge_prints_holds_in_the_page(vault):
    printed = audit(vault, "--acknowledge").stdout
    comment = re.search(r"<!-- evidence: ack EV003 .*-->", printed)[0]
    (vault / "page.md").write_text(PAGE.replace("lost.[^a]", f"lost.[^a] {comment}"))
    run("refresh", "--offline", "-q", cwd=vault)
    assert audit(vault).returncode == 0
    assert audit(vault, "--acknowledge").stdout == ""


def test_table_that_acknowledge_prints_holds_in_the_settings(vault):
    printed = audit(vault, "--acknowledge").stdout
    lines = [line.strip() for line in printed.splitlines()[2:]]
    (vault / "config.toml").write_text("\n".join(["[[audit.acknowledged]]", *lines[1:]]))
    assert audit(vault).returncode == 0


@pytest.mark.parametrize(
    "option", [("--status", "single-study"), ("--level", "human"), ("--page", "*.md"), ("--drift",)]
)
def test_slice_says_what_it_is_of(vault, option):
    result = audit(vault, *option)
    assert "a slice (" in result.stdout
    assert result.returncode == 1
    assert len(json.loads(audit(vault, *option, "--json").stdout)["claims"]) in {1, 2}


def test_bad_choices_are_usage_errors(vault):
    assert audit(vault, "--older-than", "soon").returncode == 2
    (vault / "config.toml").write_text('[audit]\nignore = ["EV999"]\n')
    result = audit(vault)
    assert result.returncode == 2
    assert "no finding has the code 'EV999'" in result.stderr
    assert "EV001, EV002" in result.stderr


def test_settings_show_what_is_chosen(vault):
    (vault / "config.toml").write_text('[audit]\nseverity = { EV003 = "info" }\n')
    assert audit(vault).returncode == 0
    shown = json.loads(run("config", "--json", cwd=vault).stdout)["audit.severity"]
    assert shown["value"] == {"EV003": "info"}
    assert shown["from"].endswith("config.toml")
    (vault / "config.toml").write_text("[audit]\nseverity = 3\n")
    assert run("config", cwd=vault).returncode == 2


def test_page_that_cannot_be_read_leaves_the_audit_incomplete(vault):
    (vault / "other.md").write_bytes("Fat is gained.\n".encode("utf-16"))
    assert "other.md" in run("refresh", "--offline", "-q", cwd=vault).stderr
    for form in ("text", "markdown", "github", "sarif", "html"):
        done = audit(vault, "--fail-on", "never", "--format", form, "--top", "0")
        assert (form, done.returncode) == (form, 3)
        assert "other.md" in done.stdout
        assert "could not be read" in done.stdout
    values = json.loads(audit(vault, "--json").stdout)
    (told,) = [one for one in values["findings"] if one["code"] == "EV101"]
    assert (told["path"], told["line"], told["severity"]) == ("other.md", 1, "error")
    assert values["run"]["incomplete"]
    assert any("nothing is known of its claims" in limit for limit in values["limits"])
    assert audit(vault, "other.md").returncode == 3
    assert audit(vault, "--page", "other*").returncode == 3
    assert audit(vault, "page.md", "--fail-on", "never").returncode == 0
    assert audit(vault, "--page", "page.md", "--fail-on", "never").returncode == 0
    assert audit(vault, "--status", "replicated", "--fail-on", "never").returncode == 3
    (vault / "other.md").write_text("Fat is gained.\n")
    run("refresh", "--offline", "-q", "other.md", cwd=vault)
    assert audit(vault, "--fail-on", "never").returncode == 0


def test_page_that_became_unreadable_is_said_to_be_of_an_earlier_reading(vault):
    (vault / "other.md").write_text("Fat is gained.\n")
    run("refresh", "--offline", "-q", cwd=vault)
    (vault / "other.md").write_bytes(b"Fat is \xff gained.\n")
    run("refresh", "--offline", "-q", cwd=vault)
    done = audit(vault, "--json")
    values = json.loads(done.stdout)
    assert done.returncode == 3
    assert any("other.md" in limit and "of an earlier reading" in limit for limit in values["limits"])
    assert [one["text"] for one in values["claims"] if one["path"] == "other.md"] == ["Fat is gained."]
    (vault / "other.md").unlink()
    run("refresh", "--offline", "-q", cwd=vault)
    assert audit(vault, "--fail-on", "never").returncode == 0
