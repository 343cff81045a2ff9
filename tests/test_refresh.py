from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path, PurePosixPath

import pytest
import sqlalchemy as sa
from running import run

from evidence import extract
from evidence.config import load_settings
from evidence.errors import PageError, StoreError
from evidence.generated import MARKDOWN_MARK
from evidence.reading import read_pages
from evidence.records import Page
from evidence.refresh import link_study_pages, list_vault, read_changed_pages, refresh
from evidence.store import models
from evidence.store.database import holding_refresh, open_database, reading

NOTE = "Bone is lost with age. [^{key}]\n\n[^{key}]: {text}\n"


@pytest.fixture
def vault(tmp_path, monkeypatch):
    folder = tmp_path / "vault"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "config.toml").write_text("")
    return folder


def write(vault, path, text):
    (vault / path).parent.mkdir(parents=True, exist_ok=True)
    (vault / path).write_bytes(text if isinstance(text, bytes) else text.encode())


def open_vault(vault):
    loaded = load_settings(vault / "config.toml")
    return loaded, open_database(loaded.settings.database.url, folder=vault)


def read(vault, *paths, **options):
    """Read the pages and follow their links, without asking any registry."""
    loaded, engine = open_vault(vault)
    listing = list_vault(loaded, [Path(path) for path in paths])
    tally = read_changed_pages(engine, listing, whole=not paths, **options)
    link_study_pages(engine)
    engine.dispose()
    return tally


def rows(vault, *columns):
    _, engine = open_vault(vault)
    with reading(engine) as session:
        found = [tuple(row) for row in session.execute(sa.select(*columns))]
    engine.dispose()
    return sorted(found)


def paths(vault):
    return [path for (path,) in rows(vault, models.Page.path)]


def primaries(vault):
    table = models.Note
    return rows(vault, table.key, table.primary_value, table.primary_via)


def problems(vault):
    return [(path, one["code"]) for path, found in rows(vault, models.Page.path, models.Page.problems) for one in found]


def test_second_run_reads_nothing(vault):
    write(vault, "a.md", NOTE.format(key="k", text="doi:10.1000/x1"))
    write(vault, "b/c.md", "Muscle too.\n")
    assert (read(vault).read, read(vault).skipped) == (2, 2)


def test_changed_page_alone_is_read_again(vault):
    write(vault, "a.md", "Bone is lost with age.\n")
    write(vault, "b.md", "Muscle is lost with age.\n")
    read(vault)
    write(vault, "b.md", "Muscle is lost with old age.\n")
    tally = read(vault)
    assert (tally.read, tally.skipped, tally.claims.claims_changed) == (1, 1, 1)


def test_pages_of_an_older_extractor_are_read_again(vault, monkeypatch):
    write(vault, "a.md", "Bone is lost with age.\n")
    read(vault)
    monkeypatch.setattr("evidence.refresh.VERSION", extract.VERSION + ".next")
    assert read(vault).read == 1


def test_force_reads_everything_again_and_keeps_the_ids(vault):
    write(vault, "a.md", "Bone is lost with age.\n")
    read(vault)
    before = rows(vault, models.Claim.id)
    assert read(vault, force=True).read == 1
    assert rows(vault, models.Claim.id) == before


def test_page_that_is_gone_goes_with_its_claims(vault):
    write(vault, "a.md", "Bone is lost with age.\n")
    write(vault, "b.md", "Muscle is lost with age.\n")
    read(vault)
    (vault / "b.md").unlink()
    tally = read(vault)
    assert (tally.gone, tally.claims.claims_gone) == (1, 1)
    assert rows(vault, models.Claim.text) == [("Bone is lost with age.",)]


def test_page_besides_the_given_paths_is_not_gone(vault):
    write(vault, "a.md", "Bone is lost with age.\n")
    write(vault, "b.md", "Muscle is lost with age.\n")
    read(vault)
    assert read(vault, "a.md").gone == 0
    assert paths(vault) == ["a.md", "b.md"]


def test_moved_page_keeps_its_claims_and_is_not_read_again(vault):
    write(vault, "a.md", "Bone is lost with age.\n")
    write(vault, "z.md", "Muscle is lost with age.\n")
    read(vault)
    before = rows(vault, models.Claim.id, models.Claim.text)
    (vault / "tissue").mkdir()
    (vault / "a.md").rename(vault / "tissue/bone.md")
    tally = read(vault)
    assert (tally.moved, tally.read, tally.gone) == (1, 0, 0)
    assert paths(vault) == ["tissue/bone.md", "z.md"]
    assert rows(vault, models.Claim.id, models.Claim.text) == before


def test_page_that_is_not_utf_8_is_reported_with_its_line_and_the_rest_goes_on(vault):
    write(vault, "a.md", b"One.\nTwo \xff.\n")
    write(vault, "b.md", "Bone is lost with age.\n")
    tally = read(vault)
    assert [(one.path, one.line) for one in tally.unreadable] == [("a.md", 2)]
    assert paths(vault) == ["b.md"]


def test_page_that_can_no_longer_be_read_keeps_its_last_reading(vault):
    write(vault, "a.md", "Bone is lost with age.\n")
    write(vault, "b.md", "Muscle is lost with age.\n")
    read(vault)
    (vault / "a.md").unlink()
    (vault / "a.md").symlink_to("nowhere")
    tally = read(vault)
    assert (tally.gone, [one.path for one in tally.unreadable]) == (0, ["a.md"])
    assert paths(vault) == ["a.md", "b.md"]


def test_vault_that_is_empty_all_at_once_loses_nothing(vault):
    write(vault, "a.md", "Bone is lost with age.\n")
    read(vault)
    (vault / "a.md").unlink()
    with pytest.raises(PageError, match="no pages here"):
        read(vault)
    assert paths(vault) == ["a.md"]


def test_file_of_citekeys_is_no_page(vault):
    write(vault, "a.md", "Bone is lost with age.\n")
    write(vault, "citekeys.txt", "# The keys.\nkomori1997\tdoi:10.1016/s0092-8674(00)80258-5\n")
    read(vault)
    assert paths(vault) == ["a.md"]


def test_exports_are_no_pages(vault):
    write(vault, "a.md", "Bone is lost with age.\n")
    write(vault, "exports/report.md", "A report of ours.\n")
    read(vault)
    assert paths(vault) == ["a.md"]


@pytest.mark.parametrize(
    ("name", "many"),
    [("report.html", 3), ("deep/report.html", 2100), ("report.md", 3), ("report.txt", 1), ("deep/report.txt", 2100)],
)
def test_reports_of_an_audit_are_no_pages(vault, name, many):
    write(vault, "a.md", "".join(f"Bone {number} is lost.[^a]\n\n" for number in range(many)) + "[^a]: doi:10.1000/a\n")
    before = refresh(load_settings(vault / "config.toml"), offline=True)
    form = {".html": "html", ".md": "markdown", ".txt": "text"}[PurePosixPath(name).suffix]
    run("audit", "--format", form, "-o", name, cwd=vault)
    written = {path.relative_to(vault).as_posix() for path in vault.rglob("*report*/*") if path.suffix == ".html"}
    assert (many > 2000 and form == "html") == (len(written) > 1)
    again = refresh(load_settings(vault / "config.toml"), offline=True)
    assert (before.reports, again.reports, again.pages_read) == (0, len(written | {name}), 0)
    assert paths(vault) == ["a.md"]


def test_page_that_only_speaks_of_the_mark_is_read(vault):
    write(vault, "a.md", f"Our reports begin with `{MARKDOWN_MARK}`.\n\n{MARKDOWN_MARK}\n")
    meta = '<meta name="generator" content="evidence audit report">'
    write(
        vault, "b.html", f"<!doctype html><html><head><title>x</title></head><body><p>Bone is lost. {meta}</p></body>"
    )
    other = meta.replace("audit report", "site")
    write(vault, "c.html", f"<!doctype html><html><head>{other}</head><body><p>Bone is lost.</p></body></html>")
    assert (read(vault).reports, paths(vault)) == (0, ["a.md", "b.html", "c.html"])


def test_text_report_that_goes_to_a_pipe_is_no_page(vault):
    write(vault, "a.md", "Bone is lost.[^a]\n\n[^a]: doi:10.1000/a\n")
    read(vault)
    for number, options in enumerate([(), ("--top", "0"), ("--status", "single-study"), ("--belief",)]):
        told = run("audit", *options, cwd=vault).stdout
        write(vault, f"{number}.txt", told if number else "\ufeff" + told.replace("\n", "\r\n"))
    assert (read(vault).reports, paths(vault)) == (4, ["a.md"])


@pytest.mark.parametrize(
    "change",
    [
        lambda report: f"Notes of Monday.\n\n{report}",
        lambda report: f"{report}\nBone is lost all the same.\n",
        lambda report: report.partition("\n\n")[0] + "\n\nThis is much.\n",
        lambda report: report.splitlines()[0] + "\nThat was in May.\n" + report.splitlines()[-1],
    ],
    ids=["words before", "words behind", "a part of it", "ends only"],
)
def test_text_that_quotes_a_report_is_read(vault, change):
    write(vault, "a.md", "Bone is lost.[^a]\n\n[^a]: doi:10.1000/a\n")
    read(vault)
    write(vault, "notes.txt", change(run("audit", cwd=vault).stdout))
    assert (read(vault).reports, paths(vault)) == (0, ["a.md", "notes.txt"])


def test_report_in_the_place_of_a_page_takes_its_claims_away(vault):
    write(vault, "a.md", "Bone is lost with age.\n")
    write(vault, "b.md", "Fat is gained with age.\n")
    read(vault)
    write(vault, "b.md", f"{MARKDOWN_MARK}\n\n# Evidence audit\n")
    tally = read(vault)
    assert (tally.reports, tally.gone, paths(vault)) == (1, 1, ["a.md"])


def test_note_takes_its_work_from_the_study_page_that_it_links(vault):
    write(vault, "bone.md", NOTE.format(key="k", text="See [[studies/lee-2019|Lee 2019]]."))
    write(vault, "studies/lee-2019.md", "---\ntype: study\ndoi: 10.1000/X1\n---\nA study of bone.\n")
    read(vault)
    assert primaries(vault) == [("k", "10.1000/x1", "study-page")]
    assert problems(vault) == []


def test_study_page_that_comes_later_changes_notes_on_unchanged_pages(vault):
    write(vault, "bone.md", NOTE.format(key="k", text="See [[studies/lee-2019]]."))
    read(vault)
    assert primaries(vault) == [("k", None, None)]
    assert problems(vault) == [("bone.md", "dangling-study-page")]
    write(vault, "studies/lee-2019.md", "---\ndoi: 10.1000/x1\n---\nA study.\n")
    assert read(vault).read == 1
    assert (primaries(vault), problems(vault)) == ([("k", "10.1000/x1", "study-page")], [])


def test_study_page_that_changes_or_goes_changes_the_notes(vault):
    write(vault, "bone.md", NOTE.format(key="k", text="See [[studies/lee-2019]]."))
    write(vault, "studies/lee-2019.md", "---\ndoi: 10.1000/x1\n---\nA study.\n")
    read(vault)
    write(vault, "studies/lee-2019.md", "---\npmid: 9182763\n---\nA study.\n")
    read(vault)
    assert primaries(vault) == [("k", "9182763", "study-page")]
    (vault / "studies/lee-2019.md").unlink()
    read(vault)
    assert (primaries(vault), problems(vault)) == ([("k", None, None)], [("bone.md", "dangling-study-page")])


def test_identifier_of_the_note_wins_over_that_of_the_study_page(vault):
    write(vault, "bone.md", NOTE.format(key="k", text="doi:10.1000/note, see [[studies/lee-2019]]."))
    write(vault, "studies/lee-2019.md", "---\ndoi: 10.1000/page\n---\nA study.\n")
    read(vault)
    assert primaries(vault) == [("k", "10.1000/note", "note")]


def test_pages_read_by_several_processes_are_the_same(monkeypatch):
    pages = [Page(f"{n}.md", NOTE.format(key="k", text=f"doi:10.1000/x{n}").encode()) for n in range(60)]
    pages.insert(30, Page("bad.md", b"\xff"))
    alone = list(read_pages(pages, jobs=1))
    monkeypatch.setattr("evidence.reading._WORTH_PROCESSES", 0)
    together = list(read_pages(pages, jobs=2))
    assert [str(one) for one in together] == [str(one) for one in alone]
    assert isinstance(together[30], PageError)


def test_unchanged_vault_takes_little_more_than_hashing_it(vault):
    """At most three times the time to hash the files is the aim of the benchmark; a busy test machine gets some more."""
    import hashlib

    for number in range(300):
        write(vault, f"{number % 10}/{number}.md", "```\n" + f"Line {number} of a listing.\n" * 2_000 + "```\n")
    read(vault)
    loaded, engine = open_vault(vault)
    listing = list_vault(loaded, [])
    begun = time.perf_counter()
    for found in listing.files:
        hashlib.sha256(found.file.read_bytes()).hexdigest()
    hashing = time.perf_counter() - begun
    begun = time.perf_counter()
    read_changed_pages(engine, listing, whole=True)
    assert time.perf_counter() - begun < 6 * hashing
    engine.dispose()


def test_refresh_counts_what_it_did_and_keeps_the_run(vault):
    write(vault, "a.md", "Bone is lost with age.\n")
    summary = refresh(load_settings(), offline=True)
    assert (summary.pages_read, summary.pages_skipped, summary.claims.claims_new) == (1, 0, 1)
    again = refresh(load_settings(), offline=True)
    assert (again.pages_read, again.pages_skipped, again.run_id) == (0, 1, summary.run_id + 1)
    ((_, command, counts),) = [
        row for row in rows(vault, models.Run.id, models.Run.command, models.Run.counts) if row[0] == 1
    ]
    assert (command, counts["pages_read"], counts["claims_new"]) == ("refresh", 1, 1)


def test_refresh_of_paths_starts_at_the_working_folder(vault, monkeypatch):
    write(vault, "deep/a.md", "Bone is lost with age.\n")
    monkeypatch.chdir(vault / "deep")
    refresh(load_settings(vault / "config.toml"), [Path("a.md")], offline=True)
    assert paths(vault) == ["deep/a.md"]


def test_refresh_offline_asks_nobody_and_calls_nothing_resolved(vault):
    write(vault, "a.md", NOTE.format(key="k", text="doi:10.1000/x1"))
    refresh(load_settings(None, {"registries": {"crossref": {"base_url": "http://127.0.0.1:1"}}}), offline=True)
    assert rows(vault, models.Work.id) == []


def test_links_are_followed_after_a_run_that_was_stopped_before(vault):
    write(vault, "bone.md", NOTE.format(key="k", text="See [[studies/lee-2019]]."))
    write(vault, "studies/lee-2019.md", "---\ndoi: 10.1000/x1\n---\nA study.\n")
    refresh(load_settings(), offline=True)
    _, engine = open_vault(vault)
    with engine.begin() as connection:
        connection.execute(sa.update(models.Run).values(finished_at=None))
        connection.execute(sa.update(models.Note).values(primary_scheme=None, primary_value=None, primary_via=None))
    engine.dispose()
    assert refresh(load_settings(), offline=True).pages_read == 0
    assert primaries(vault) == [("k", "10.1000/x1", "study-page")]


def test_prune_removes_the_works_that_no_page_names(vault):
    write(vault, "a.md", NOTE.format(key="k", text="doi:10.1000/x1"))
    refresh(load_settings(), offline=True)
    _, engine = open_vault(vault)
    with sa.orm.Session(engine) as session, session.begin():
        for value in ("10.1000/x1", "10.1000/x2"):
            work = models.Work(
                title=value, identifiers=[models.WorkIdentifier(scheme="doi", value=value, source="crossref")]
            )
            session.add(work)
    engine.dispose()
    assert refresh(load_settings(), offline=True).works_pruned == 0
    assert refresh(load_settings(), offline=True, prune=True).works_pruned == 1
    assert rows(vault, models.Work.title) == [("10.1000/x1",)]


def test_second_refresh_waits_and_then_says_who_holds_the_database(vault):
    write(vault, "a.md", "Bone is lost with age.\n")
    _, engine = open_vault(vault)
    with holding_refresh(engine), pytest.raises(StoreError, match=f"process {os.getpid()}"):
        refresh(load_settings(), offline=True, wait_s=0.2)
    engine.dispose()


def test_killed_refresh_keeps_what_it_did_and_the_next_does_none_of_it_again(vault):
    page = (
        "".join(f"Claim {number} of this page says something. [^k]\n\n" for number in range(60))
        + "[^k]: doi:10.1000/x1\n"
    )
    for number in range(400):
        write(vault, f"{number:03}.md", page.replace("Claim", f"Page {number}"))
    code = "from evidence.config import load_settings as l; from evidence.refresh import refresh as r; r(l(), offline=True)"
    with subprocess.Popen([sys.executable, "-c", code], cwd=vault) as process:
        _wait_for_pages(vault)
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = len(paths(vault))
    summary = refresh(load_settings(), offline=True)
    assert 0 < done < 400
    assert (summary.pages_skipped, summary.pages_read) == (done, 400 - done)
    assert len(rows(vault, models.Claim.id)) == 400 * 60


def _wait_for_pages(vault):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if (vault / "db/evidence.sqlite3").exists() and _count_pages(vault):
            return
        time.sleep(0.01)


def _count_pages(vault):
    try:
        engine = sa.create_engine(f"sqlite:///{vault}/db/evidence.sqlite3")
        with engine.connect() as connection:
            return connection.exec_driver_sql("SELECT count(*) FROM page").scalar()
    except sa.exc.OperationalError:
        return 0
    finally:
        engine.dispose()


def test_refresh_on_postgresql(vault, postgres_url):
    write(vault, "a.md", NOTE.format(key="k", text="doi:10.1000/x1"))
    loaded = load_settings(None, {"database": {"url": postgres_url}})
    assert refresh(loaded, offline=True).pages_read == 1
    assert refresh(loaded, offline=True).pages_skipped == 1
