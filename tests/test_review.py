"""Faults that a first reader found, each as the test that would have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from judging import human, verdict, work
from running import run

from evidence.identifiers import find_identifiers
from evidence.replay.server import serving
from evidence.vocabulary import Outcome


def test_work_that_one_registry_failed_to_answer_for_is_unverified():
    half = work(outcomes=(("crossref", Outcome.RESOLVED, None), ("pubmed", Outcome.FAILED, "HTTP 501")))
    assert "unverified" in verdict(half).flags
    assert any("pubmed failed" in reason for reason in verdict(half).reasons)


def test_a_work_that_is_not_counted_is_not_said_to_be():
    reasons = verdict(human("h"), work("x", exists=False, is_resolved=False, designs=())).reasons
    assert not any("counted as one study at most" in reason for reason in reasons)


@pytest.mark.parametrize("code", ["%2C", "%3B", "%3F", "%23", "%20", "%252C"])
def test_encoded_delimiter_in_an_address_is_not_cut_off(code):
    values = [one.value for one in find_identifiers(f"See https://doi.org/10.1371/journal.pone.0033693{code}b now")]
    assert "10.1371/journal.pone.0033693" not in values


def test_raw_delimiters_end_the_path_of_an_address():
    assert [one.value for one in find_identifiers("https://doi.org/10.1000/abc?x=1#y")] == ["10.1000/abc"]


def test_refresh_names_page_and_line_of_front_matter_that_is_not_yaml(tmp_path):
    (tmp_path / "page.md").write_text("---\ntitle: [open\n---\n\nBone is lost.\n")
    result = run("refresh", "--offline", cwd=tmp_path)
    assert "page.md:" in result.stderr
    assert "not valid YAML" in result.stderr
    assert result.returncode == 1


def test_unreachable_registry_says_what_to_do(tmp_path):
    (tmp_path / "page.md").write_text("Bone is lost (doi:10.1000/x1).\n")
    nowhere = {f"EVIDENCE_REGISTRIES__{name}__BASE_URL": "http://127.0.0.1:9" for name in ("CROSSREF", "ENTREZ")}
    result = run("refresh", cwd=tmp_path, env=nowhere | {"EVIDENCE_REGISTRIES__TRIES": "1"})
    assert "run `evidence refresh` again" in result.stderr


def test_address_that_is_none_is_a_wrong_setting(tmp_path):
    result = run("config", cwd=tmp_path, env={"EVIDENCE_REGISTRIES__CROSSREF__BASE_URL": "nonsense"})
    assert result.returncode == 2
    assert "registries.crossref.base_url" in result.stderr


@pytest.mark.parametrize("command", [["audit"], ["export", "bibtex"]])
def test_database_without_pages_is_not_clean(tmp_path, command):
    result = run(*command, cwd=tmp_path)
    assert result.returncode == 2
    assert "evidence refresh" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_config_hides_the_password_of_the_database(tmp_path, arguments):
    url = "postgresql://user:secretpw@db.example.org/evidence"
    result = run("config", *arguments, cwd=tmp_path, env={"EVIDENCE_DATABASE_URL": url})
    assert "secretpw" not in result.stdout
    assert "db.example.org" in result.stdout


def test_outage_does_not_make_a_missing_work_exist(tmp_path):
    (tmp_path / "page.md").write_text("Bone is lost (doi:10.1371/notarealdoi).\n")
    data = Path(__file__).parent / "data" / "registry"
    with serving([data]) as server:
        env = {
            "EVIDENCE_REGISTRIES__CROSSREF__BASE_URL": server.crossref_url,
            "EVIDENCE_REGISTRIES__ENTREZ__BASE_URL": server.entrez_url,
        }
        run("refresh", cwd=tmp_path, env=env)
    run("refresh", "--force", cwd=tmp_path, env=env | {"EVIDENCE_REGISTRIES__TRIES": "1"})
    report = json.loads(run("audit", "--json", cwd=tmp_path).stdout)
    assert [claim["status"] for claim in report["claims"]] == ["unresolved"]


def test_tag_of_the_whole_page_is_no_finding_for_each_of_its_claims(tmp_path):
    (tmp_path / "a.md").write_text("---\ntags: [gap/needs-replication]\n---\n\nOne thing is so. Other thing is so.\n")
    run("refresh", "--offline", cwd=tmp_path)
    assert json.loads(run("audit", "--json", cwd=tmp_path).stdout)["findings"] == []
