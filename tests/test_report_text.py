"""The report for a terminal: what to act on first, at every width, and nothing in it moves the cursor."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import sys
import termios

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import RETRACTION, claim, review, tag, work
from reported import HOSTILE, finding, hostile_report, report_of, reports, vault
from rich.cells import cell_len
from running import run

from evidence.audit.formats import FORMATS
from evidence.audit.reports.presentation import Presentation
from evidence.audit.reports.text import text_chunks
from evidence.vocabulary import Severity, Status

_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def text(report, **presentation):
    return "".join(text_chunks(report, Presentation(**presentation)))


def headings(report, **presentation):
    return [line for line in text(report, **presentation).splitlines() if re.match(r"[A-Z].*\(.*\d", line)]


def named(name, words):
    return claim(work(name), text=f"{words} is so.")


def test_what_to_act_on_comes_first():
    found = [finding("EV009", line=5), finding("EV001", line=4), finding("EV002", line=6)]
    report = report_of(claim(work(notices=(RETRACTION,))), named("b", "Bone"), named("b", "Fat"), findings=found)
    assert [one.rsplit(" (", 1)[0] for one in headings(report)] == [
        "Retracted support",
        "Sources that hold up more than one claim alone",
        "Claims on one study or group that no tag owns up to",
        "Identifiers that name no work, or another one than the note",
        "Citations that lead to no work",
        "Findings",
    ]


@pytest.mark.parametrize("form", ["text", "csv", "markdown", "html"])
def test_titles_for_people_have_no_tags(form):
    title = "<i>C. elegans</i> with CO<sub>2</sub> at 10<sup>6</sup> cells"
    report = report_of(*(claim(work("b", title=title), text=words) for words in ("Bone is lost.", "Fat is gained.")))
    page = "".join(FORMATS[form](report, Presentation()))
    assert "C. elegans with CO2 at 10^6 cells" in page
    assert "sub&gt;" not in page


def test_of_the_claims_that_one_work_holds_up_the_first_is_told():
    report = report_of(named("b", "Bone"), named("b", "Fat"), named("c", "Skin"))
    shown = text(report)
    assert shown.count("Bone is so") + shown.count("Fat is so") == 1
    assert "one of 2 claims that its source holds up alone" in shown
    assert shown.index("its source holds up alone") < shown.index("Skin is so")
    assert "that no tag owns up to (2 of 3)" in shown


def test_a_tagged_claim_is_not_among_the_untagged():
    report = report_of(named("b", "Bone"), claim(work("c"), tags=[tag()], text="Fat is so."))
    assert "Fat is so" not in text(report)
    assert "(1)" in headings(report)[0]


def test_all_are_shown_where_all_are_asked_for():
    report = report_of(*(named("b", f"Claim {number}") for number in range(30)), claim(review(), text="Fat is so."))
    shown = text(report, top=0)
    assert all(f"Claim {number} is so" in shown for number in range(30))
    assert "Fat is so" in shown


def test_claims_of_a_status_are_shown_where_they_are_asked_for():
    report = report_of(named("b", "Bone"), claim(review(), text="Fat is so."))
    shown = text(report, statuses=frozenset({Status.REVIEW_ONLY}))
    assert "Fat is so" in shown
    assert "Bone is so" not in shown


def test_findings_in_the_same_words_are_told_as_one():
    report = report_of(findings=[finding("EV002", line=line) for line in (3, 8, 5)])
    shown = text(report)
    assert shown.count("a message") == 1
    assert "also in lines 5, 8" in shown
    assert "Citations that lead to no work (error 3)" in shown


def test_what_was_acknowledged_is_told_apart():
    found = [finding(line=3), finding(line=4, acknowledged="read it twice")]
    shown = text(report_of(findings=found))
    assert "Retracted support (error 1)" in shown
    assert "Acknowledged, not counted as findings (1)" in shown
    assert "read it twice" in shown
    assert "Findings (error 1, warning 0, info 0)" in shown


def test_a_source_that_was_not_looked_up_says_so():
    pages = vault().page("Bone is lost.[^x] Fat is too.[^x]\n\n[^x]: doi:10.1000/never\n", path="other.md")
    assert "doi:10.1000/never (unverified)" in text(pages.audit())


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_it_keeps_to_the_width(width):
    shown = text(vault().audit(), width=width)
    assert max(map(cell_len, shown.splitlines())) <= width
    assert not re.search(r" +$", shown, re.MULTILINE)


def test_no_colour_unless_asked_for_and_the_same_words_with_it():
    report = vault().audit()
    coloured = text(report, color=True)
    assert "\x1b[" in coloured
    assert _ESCAPE.sub("", coloured).split() == text(report).split()


@settings(deadline=None)
@given(reports(), st.sampled_from([30, 80]))
def test_hostile_text_moves_no_cursor_and_commands_no_runner(report, width):
    shown = text(report, width=width)
    assert not set(shown) & set("\x1b\r\x00\x07\x85\u2028\u202e\ud800")
    assert not re.search(r"^\s*::", shown, re.MULTILINE)
    assert "##[" not in shown


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_text_adds_no_colour(said):
    plain = {*_ESCAPE.findall(text(hostile_report("x"), color=True))}
    assert {*_ESCAPE.findall(text(hostile_report(said), color=True))} <= plain


def test_an_empty_audit_has_counts_and_limits():
    shown = text(report_of())
    assert shown.startswith("1 page, 0 claims, 0 of them cited\n")
    assert "Limits" in shown


def test_severities_are_counted_apart():
    found = [finding("EV009", Severity.WARNING, line=1), finding("EV008", Severity.ERROR, line=2)]
    assert "than the note (error 1, warning 1)" in text(report_of(findings=found))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("vault")
    (made / "page.md").write_text("Bone is lost with age in mice and men alike (doi:10.1000/x1).\n")
    assert run("init", cwd=made).returncode == 0
    run("refresh", "--offline", cwd=made)
    return made


def test_a_pipe_gets_no_colour_unless_it_asks(folder):
    assert "\x1b" not in run("audit", cwd=folder, env={"NO_COLOR": ""}).stdout
    assert "\x1b[" in run("audit", "--color", "always", cwd=folder).stdout


@pytest.mark.parametrize(("env", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_a_terminal_gets_colour_and_its_width(folder, env, coloured):
    shown = on_a_terminal("audit", cwd=folder, env=env, columns=60)
    assert (re.search(r"\x1b\[[0-9;]*m", shown) is not None) == coloured
    lines = [cell_len(_ESCAPE.sub("", line)) for line in shown.split("\r\n") if "\x1b[2K" not in line]
    assert max(lines) <= 60


def test_a_file_gets_the_same_at_every_width(folder):
    for columns in ("60", "200"):
        run("audit", "-o", f"{columns}.txt", cwd=folder, env={"COLUMNS": columns})
    assert (folder / "60.txt").read_bytes() == (folder / "200.txt").read_bytes()
    assert not [one.name for one in folder.iterdir() if one.name.endswith(".part")]


def test_a_file_that_cannot_be_written_is_told_in_one_line(folder):
    result = run("audit", "--format", "sarif", "-o", "page.md/x.sarif", cwd=folder)
    assert result.returncode == 2
    assert result.stderr.startswith("error: page.md/x.sarif: cannot be written")


def on_a_terminal(*arguments, cwd, env, columns):
    """Run the program on a terminal of its own and return what it shows there."""
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (40, columns))
    clean = {key: one for key, one in os.environ.items() if key not in {"NO_COLOR", "COLUMNS", "TERM"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "evidence", *arguments, "--quiet"],
        cwd=cwd,
        env=clean | {"TERM": "xterm"} | env,
        stdin=follower,
        stdout=follower,
        stderr=subprocess.DEVNULL,
    )
    os.close(follower)
    shown = b""
    with contextlib.suppress(OSError):
        while piece := os.read(leader, 65536):
            shown += piece
    process.wait(timeout=60)
    os.close(leader)
    return shown.decode()
