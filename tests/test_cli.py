"""The command line as a user meets it: what goes to which stream, exit codes, messages."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from reporting import holds_alone
from running import run

from evidence.demo import REGISTRY, VAULT
from evidence.replay.server import serving

SEEDS = Path(__file__).parent / "data" / "seeds"
COMMANDS = [
    "init", "extract", "refresh", "audit", "export", "show", "what-if", "diff", "tag", "replay", "demo", "config", "db", "keys"
]  # fmt: skip


@pytest.fixture(scope="module")
def registry():
    """Addresses of a replay server with the bundled answers, as environment variables."""
    with serving([REGISTRY]) as server:
        yield {
            "EVIDENCE_REGISTRIES__CROSSREF__BASE_URL": server.crossref_url,
            "EVIDENCE_REGISTRIES__CROSSREF__LIST_REQUESTS_PER_S": "1000",
            "EVIDENCE_REGISTRIES__CROSSREF__SINGLE_REQUESTS_PER_S": "1000",
            "EVIDENCE_REGISTRIES__ENTREZ__BASE_URL": server.entrez_url,
            "EVIDENCE_REGISTRIES__ENTREZ__REQUESTS_PER_S": "1000",
            "CROSSREF_MAILTO": "tester@example.org",
        }


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory, registry):
    """A working folder with both seed documents, refreshed once."""
    folder = tmp_path_factory.mktemp("vault")
    for name in ("runx2_rendered.txt", "tflink_q13950.md"):
        (folder / name).write_bytes((SEEDS / name).read_bytes())
    assert run("init", cwd=folder).returncode == 0
    result = run("refresh", cwd=folder, env=registry)
    assert result.returncode == 3, result.stderr
    return folder


def test_help_lists_the_commands_and_is_fast(tmp_path):
    result = run("--help", cwd=tmp_path)
    assert result.returncode == 0
    assert all(re.search(rf"^  {name} ", result.stdout, re.MULTILINE) for name in COMMANDS)


@pytest.mark.parametrize("command", [*COMMANDS, "keys rename", "db upgrade", "db check", "db schema"])
def test_every_command_has_a_help_with_an_example(tmp_path, command):
    result = run(*command.split(), "--help", cwd=tmp_path)
    assert result.returncode == 0
    assert command in {"db", "keys"} or "Example: evidence" in " ".join(result.stdout.split())


@pytest.mark.parametrize("module", ["sqlalchemy", "habanero", "Bio", "numpy", "alembic", "pydantic", "jinja2", "yaml"])
def test_help_imports_nothing_heavy(tmp_path, module):
    code = f"import sys, evidence.cli; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0


def test_shared_options_stand_before_or_behind_the_command(tmp_path):
    (tmp_path / "one.toml").write_text('[database]\nurl = "sqlite:///one.sqlite3"\n')
    before = run("--config", "one.toml", "--quiet", "config", cwd=tmp_path)
    behind = run("config", "--config", "one.toml", "--quiet", cwd=tmp_path)
    assert "one.sqlite3" in before.stdout
    assert before.stdout == behind.stdout
    both = run("--database", "sqlite:///two.sqlite3", "config", "--database", "sqlite:///three.sqlite3", cwd=tmp_path)
    assert "three.sqlite3" in both.stdout
    assert "two.sqlite3" not in both.stdout


def test_version(tmp_path):
    assert re.fullmatch(r"evidence \d+\.\d+\.\d+\n", run("--version", cwd=tmp_path).stdout)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command"),
        (["extract"], "Missing argument"),
        (["extract", "nowhere.md"], "nowhere.md"),
        (["refresh", "nowhere"], "nowhere"),
        (["config", "--config", "nowhere.toml"], "nowhere.toml"),
        (["audit", "--format", "nonsense"], "nonsense"),
        (["show", "10.1000/never"], "no page cites"),
        (["replay", "--data", "nowhere"], "nowhere"),
    ],
)
def test_wrong_use_is_one_message_and_exit_code_2(tmp_path, arguments, said):
    result = run(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_folder_without_pages(tmp_path):
    (tmp_path / "empty").mkdir()
    result = run("refresh", "empty", cwd=tmp_path)
    assert result.returncode == 2
    assert "no pages" in result.stderr
    assert "hint:" in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[registries]\nmailt = 'a@b.org'\n", "did you mean `registries.mailto`?"),
        ("[databse]\nurl = 'x'\n", "did you mean `database`?"),
        ("[audit]\nn_small = 'many'\n", "audit.n_small"),
        ("[vault\n", "line 1"),
    ],
)
def test_broken_config_names_the_key_or_line(tmp_path, text, said):
    (tmp_path / "config.toml").write_text(text)
    result = run("config", cwd=tmp_path)
    assert result.returncode == 2
    assert said in result.stderr


def test_page_that_is_not_utf8_is_reported_and_the_rest_goes_on(tmp_path):
    (tmp_path / "bad.md").write_bytes(b"fine\n\xff\xfe\n")
    (tmp_path / "good.md").write_text("Bone is lost (doi:10.1000/x1).\n")
    result = run("extract", ".", cwd=tmp_path)
    assert result.returncode == 1
    assert "bad.md:2: not UTF-8" in result.stderr
    assert [json.loads(line)["path"] for line in result.stdout.splitlines()] == ["good.md"]


def test_front_matter_that_is_not_yaml_is_a_problem_of_its_page(tmp_path):
    (tmp_path / "page.md").write_text('---\ntitle: "open\n---\n\nBone is lost.\n')
    record = json.loads(run("extract", "page.md", cwd=tmp_path).stdout)
    assert [problem["code"] for problem in record["problems"]] == ["front-matter"]
    assert record["claims"][0]["text"] == "Bone is lost."


def test_extract_reads_standard_input(tmp_path):
    record = json.loads(run("extract", "-", cwd=tmp_path, stdin="Bone is lost (PMID 12345678).").stdout)
    assert [one["value"] for one in record["identifiers"]] == ["12345678"]


def test_unreachable_registry_is_incomplete_and_loses_nothing(tmp_path):
    (tmp_path / "page.md").write_text("Bone is lost (doi:10.1000/x1).\n")
    nowhere = {
        "EVIDENCE_REGISTRIES__CROSSREF__BASE_URL": "http://127.0.0.1:9",
        "EVIDENCE_REGISTRIES__ENTREZ__BASE_URL": "http://127.0.0.1:9",
        "EVIDENCE_REGISTRIES__TRIES": "1",
    }
    result = run("refresh", cwd=tmp_path, env=nowhere)
    assert result.returncode == 3
    assert "failed" in result.stderr
    assert "Traceback" not in result.stderr
    audit = json.loads(run("audit", "--json", cwd=tmp_path).stdout)
    assert [(claim["status"], claim["flags"]) for claim in audit["claims"]] == [("single-study", ["unverified"])]


def test_newer_database_is_refused(tmp_path, refreshed):
    source = sqlite3.connect(refreshed / "db" / "evidence.sqlite3")
    target = sqlite3.connect(tmp_path / "newer.sqlite3")
    source.backup(target)
    target.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
    target.commit()
    target.close()
    source.close()
    result = run("audit", "--database", "sqlite:///newer.sqlite3", cwd=tmp_path)
    assert result.returncode == 2
    assert "newer" in result.stderr


def test_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "x.sqlite3").write_text("not a database, but long enough to be read as one" * 20)
    result = run("audit", "--database", "sqlite:///x.sqlite3", cwd=tmp_path)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_second_refresh_asks_only_what_failed_and_changes_nothing(refreshed, registry):
    result = run("refresh", "--json", cwd=refreshed, env=registry)
    summary = json.loads(result.stdout)
    assert summary["pages"] == {"read": 0, "unchanged": 2, "moved": 0, "gone": 0, "reports": 0}
    assert summary["claims"] == {"new": 0, "changed": 0, "gone": 0}


def test_results_go_to_standard_output_and_the_summary_to_standard_error(refreshed, registry):
    result = run("refresh", cwd=refreshed, env=registry)
    assert result.stdout == ""
    assert "pages    0 read, 2 unchanged" in result.stderr
    assert run("refresh", "--quiet", cwd=refreshed, env=registry).stderr == ""


def test_audit_of_the_seeds(refreshed):
    result = run("audit", "--format", "json", cwd=refreshed)
    report = json.loads(result.stdout)
    assert result.returncode == 3
    cited = [claim for claim in report["claims"] if claim["works"]]
    runx2 = [claim for claim in cited if claim["path"] == "runx2_rendered.txt"]
    assert [claim["status"] for claim in runx2] == ["single-study"] * 7
    (fos,) = [claim for claim in cited if claim["text"].startswith("FOS,")]
    assert fos["status"] == "single-study"
    assert [work["identifiers"][0] for work in fos["works"] if work["counted"]] == ["pmid:11604227"]
    assert any("5 databases list it, but one study alone is cited" in reason for reason in fos["reasons"])


def test_counts_recompute_from_the_claims(refreshed):
    report = json.loads(run("audit", "--json", cwd=refreshed).stdout)
    for status, number in report["counts"].items():
        assert number == sum(claim["status"] == status for claim in report["claims"])
    for source in report["sources"]:
        held = [claim["id"] for claim in report["claims"] if holds_alone(claim, source["id"])]
        assert sorted(held) == source["claims_held_alone"]


def test_same_database_gives_the_same_bytes(refreshed):
    assert run("audit", "--json", cwd=refreshed).stdout == run("audit", "--json", cwd=refreshed).stdout


def test_works_without_an_answer_show_as_unverified_with_the_reason(refreshed):
    report = json.loads(run("audit", "--json", cwd=refreshed).stdout)
    unverified = [claim for claim in report["claims"] if "unverified" in claim["flags"]]
    assert unverified
    assert all(any(reason.startswith("at most") for reason in claim["reasons"]) for claim in unverified)
    assert not any(claim["status"].startswith("replicated") for claim in unverified)


@pytest.mark.parametrize(
    "what", ["10.1111/ACEL.70476", "https://doi.org/10.1111/acel.70476", "pmid:41992429", "41992429"]
)
def test_show_finds_a_work_by_any_of_its_identifiers(refreshed, what):
    shown = json.loads(run("show", what, "--json", cwd=refreshed).stdout)
    assert shown["work"]["identifiers"] == ["doi:10.1111/acel.70476", "pmid:41992429"]
    assert len(shown["work"]["claims"]) == 1


def test_show_page_and_claim(refreshed):
    page = json.loads(run("show", "runx2_rendered.txt", "--json", cwd=refreshed).stdout)["page"]
    assert len(page["claims"]) == 7
    claim = json.loads(run("show", page["claims"][0]["id"], "--json", cwd=refreshed).stdout)["claim"]
    assert claim["text"].startswith("Homozygous Runx2-null mice")
    assert run("show", page["claims"][0]["id"], cwd=refreshed).stdout.startswith(claim["id"])


def test_config_prints_where_each_value_is_from(tmp_path):
    (tmp_path / "config.toml").write_text("[audit]\nn_small = 50\n")
    shown = json.loads(run("config", "--json", cwd=tmp_path, env={"EVIDENCE_REGISTRIES__TRIES": "2"}).stdout)
    assert shown["audit.n_small"]["value"] == 50
    assert shown["audit.n_small"]["from"].endswith("config.toml")
    assert shown["registries.tries"] == {"value": 2, "from": "environment"}
    assert shown["audit.old_years"]["from"] == "default"


def test_keys_of_services_are_never_printed(tmp_path):
    result = run("config", cwd=tmp_path, env={"NCBI_API_KEY": "s3cr3t-key"})
    assert "s3cr3t" not in result.stdout + result.stderr


def test_control_characters_of_a_page_do_not_reach_the_terminal(tmp_path, registry):
    (tmp_path / "page.md").write_text("Bone \x1b[31mis lost\x07 (doi:10.1000/x1).\n")
    run("refresh", "--offline", cwd=tmp_path, env=registry)
    assert "\x1b" not in run("audit", cwd=tmp_path).stdout


def test_reader_that_goes_away_is_no_fault(refreshed):
    command = f"{sys.executable} -m evidence audit --json | head -c 100 > /dev/null; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", command], cwd=refreshed, capture_output=True, text=True, check=False)
    assert "fault" not in result.stderr
    assert result.stdout.strip() in {"0", "3"}


def test_interrupt_ends_with_130(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "evidence", "replay", "--port", "0"],
        # A shell that runs the tests in the background has them ignore the signal, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no threads
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.2)
    process.send_signal(2)
    process.communicate(timeout=20)
    assert process.returncode in {0, 130}


def test_demo_keeps_an_edited_vault_and_reads_only_what_changed(tmp_path):
    first = run("demo", "here", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    page = tmp_path / "here" / "vault" / "runx2_rendered.txt"
    page.write_text(page.read_text("utf-8").replace("Kim JM et al.", "Kim JM and others"), "utf-8")
    second = run("demo", "here", cwd=tmp_path)
    assert (
        f"pages    1 read, {len(list(VAULT.rglob('*.md'))) + len(list(VAULT.rglob('*.txt'))) - 1} unchanged"
        in second.stderr
    )
    assert "claims   0 new, 0 changed, 0 gone" in second.stderr
    for name in ("audit.txt", "audit.json", "references.bib"):
        assert (tmp_path / "here" / "exports" / name).stat().st_size > 0
