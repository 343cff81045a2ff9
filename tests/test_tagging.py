"""`evidence tag` over real files and a real database: what it writes, what it refuses, and that it does so once."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from auditing import KIM, WEBER, Vault
from hypothesis import given, settings
from hypothesis import strategies as st
from running import run

from evidence.config import LoadedSettings, Settings
from evidence.extract import VERSION, extract_page
from evidence.records import Page
from evidence.store.database import writing
from evidence.store.pages import write_pages
from evidence.tagging import diff_lines, tag_lines, tag_pages, tag_to_dict

PAGE = """# Page

Bone is lost.[^a] Fat is gained.[^a][^b]

Hair is grey.[^a] #gap/needs-replication Skin is thin.[^a][^b] #gap/needs-replication

Nothing is cited here.

[^a]: in-vivo · model: mice · doi:10.1000/a1
[^b]: in-vivo · model: mice · doi:10.1000/b1
[^u]: in-vivo · model: mice · doi:10.1000/u1
"""


class Pages(Vault):
    """Pages in a folder and in the database, with two works of two groups that the registries know."""

    def __init__(self, folder):
        super().__init__()
        self.root = folder
        self.work("doi:10.1000/a1", authors=KIM).work("doi:10.1000/b1", authors=WEBER)

    def put(self, text, path="page.md"):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        return self.refresh(path)

    def refresh(self, path="page.md"):
        page = extract_page(Page(path, (self.root / path).read_bytes()))
        with writing(self.engine) as session:
            write_pages(session, [page], extractor=VERSION)
        return self

    def tag(self, paths=None, **options):
        vault = {"paths": (".",)} | options.pop("vault", {})
        return tag_pages(self.engine, LoadedSettings(Settings(vault=vault), self.root, {}), paths, **options)

    def read(self, path="page.md"):
        return (self.root / path).read_bytes().decode()


@pytest.fixture
def pages(tmp_path):
    return Pages(tmp_path)


def test_dry_run_shows_a_diff_and_writes_nothing(pages):
    summary = pages.put(PAGE).tag()
    assert pages.read() == PAGE
    (page,) = summary.pages
    assert page.diff == (
        "--- a/page.md",
        "+++ b/page.md",
        "@@ -1,6 +1,6 @@",
        " # Page",
        " ",
        "-Bone is lost.[^a] Fat is gained.[^a][^b]",
        "+Bone is lost.[^a] #gap/needs-replication Fat is gained.[^a][^b]",
        " ",
        " Hair is grey.[^a] #gap/needs-replication Skin is thin.[^a][^b] #gap/needs-replication",
        " ",
    )
    first, *rest = tag_lines(summary, is_written=False)
    assert first == "1 tag added on 1 page, with --write; nothing is written now"
    assert "review it" in rest[0]


def test_written_page_is_tagged_and_a_second_run_changes_nothing(pages):
    pages.put(PAGE).tag(write=True)
    written = pages.read()
    assert written == PAGE.replace("lost.[^a]", "lost.[^a] #gap/needs-replication")
    before = [(one.claim.id, one.verdict.status) for one in pages.claims()]
    summary = pages.refresh().tag(write=True)
    assert pages.read() == written
    assert not summary.changed
    assert [(one.claim.id, one.verdict.status) for one in pages.claims()] == before


def test_replicated_claim_loses_its_tag_only_when_asked(pages):
    pages.put(PAGE).tag(write=True, remove=True)
    assert "Skin is thin.[^a][^b]\n" in pages.read()
    assert "Hair is grey.[^a] #gap/needs-replication" in pages.read()


def test_tag_moves_from_the_note_to_the_claim(pages):
    pages.put("Bone is lost.[^a]\n\n[^a]: in-vivo · doi:10.1000/a1 · #gap/needs-replication\n").tag(write=True)
    assert pages.read() == "Bone is lost.[^a] #gap/needs-replication\n\n[^a]: in-vivo · doi:10.1000/a1\n"


def test_nothing_is_tagged_that_no_look_up_has_settled(pages):
    summary = pages.put("Bone is lost.[^u]\n\n[^u]: in-vivo · doi:10.1000/u1\n").tag(write=True)
    assert pages.read().startswith("Bone is lost.[^u]\n")
    assert summary.unsure == 1
    assert any("1 claim left alone" in line for line in tag_lines(summary, is_written=True))


def test_page_that_changed_since_is_left_alone(pages):
    pages.put(PAGE)
    (pages.root / "page.md").write_text(f"{PAGE}More.\n", "utf-8")
    summary = pages.tag(write=True)
    assert pages.read() == f"{PAGE}More.\n"
    assert "evidence refresh" in summary.pages[0].why_not
    assert any("changed since it was read" in line for line in tag_lines(summary, is_written=True))


def test_page_that_is_gone_is_left_alone(pages):
    pages.put(PAGE)
    (pages.root / "page.md").unlink()
    assert "changed since" in pages.tag(write=True).pages[0].why_not
    assert not (pages.root / "page.md").exists()


def test_nothing_is_written_through_links_or_outside_the_vault(pages, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "real.md").write_text(PAGE, "utf-8")
    (pages.root / "vault").mkdir()
    (pages.root / "vault" / "linked").symlink_to(outside)
    (pages.root / "vault" / "link.md").symlink_to(outside / "real.md")
    (pages.root / "beside.md").write_text(PAGE, "utf-8")
    for path in ("vault/linked/real.md", "vault/link.md", "beside.md", "vault/../beside.md"):
        pages.refresh(path)
    summary = pages.tag(write=True, vault={"paths": ("vault",)})
    assert {page.path: page.why_not for page in summary.pages} == {
        "vault/linked/real.md": "is reached through a link: change the file itself",
        "vault/link.md": "is reached through a link: change the file itself",
        "beside.md": "lies outside the folders of [vault] paths",
        "vault/../beside.md": "lies outside the folders of [vault] paths",
    }
    assert (outside / "real.md").read_text("utf-8") == PAGE
    assert (pages.root / "vault" / "link.md").is_symlink()


def test_permissions_line_ends_and_the_mark_at_the_beginning_are_kept(pages):
    page = "\ufeff" + PAGE.replace("\n", "\r\n").rstrip()
    pages.put(page)
    (pages.root / "page.md").chmod(0o640)
    pages.tag(write=True)
    assert (pages.root / "page.md").stat().st_mode & 0o777 == 0o640
    assert pages.read() == page.replace("lost.[^a]", "lost.[^a] #gap/needs-replication")
    assert [one.name for one in pages.root.iterdir()] == ["page.md"]


def test_audit_of_tag_is_not_kept_in_the_history(pages):
    pages.put(PAGE).tag()
    with pages.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM run").scalar() == 0


def test_json_tells_each_change(pages):
    (page,) = tag_to_dict(pages.put(PAGE).tag())["pages"]
    (change,) = page["changes"]
    assert (change["line"], change["action"], change["done"], change["status"]) == (3, "add", True, "single-study")
    assert [one["line"] for one in page["reviews"]] == [5]
    assert not page["written"]


_needs_patch = pytest.mark.skipif(shutil.which("patch") is None, reason="patch is not installed")
_LINE = st.text("ab\r+- ", max_size=5)


@_needs_patch
@settings(max_examples=50, deadline=None)
@given(rows=st.lists(st.tuples(_LINE, st.booleans()), max_size=40), end=st.sampled_from(["", "\n"]))
def test_diff_is_one_that_patch_applies(tmp_path_factory, rows, end):
    folder = tmp_path_factory.mktemp("diff")
    old = "\n".join(f"x{line}" for line, _ in rows) + end
    new = "\n".join(f"x{line}{' #tag' if is_changed else ''}" for line, is_changed in rows) + end
    (folder / "a.md").write_bytes(old.encode())
    diff = "".join(f"{line}\n" for line in diff_lines("a.md", old, new))
    if old != new:
        done = subprocess.run(
            ["patch", "--binary", "-s", "-p1"], cwd=folder, input=diff.encode(), capture_output=True, check=False
        )
        assert done.returncode == 0, (done.stdout, diff)
    assert (folder / "a.md").read_bytes().decode() == new


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    assert run("demo", ".", cwd=folder).returncode == 0
    return folder


@_needs_patch
def test_command_over_the_demo_vault(demo, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(demo, folder)
    dry = run("tag", cwd=folder)
    assert dry.returncode == 3, dry.stderr
    assert dry.stdout.startswith("--- a/vault/")
    assert "nothing is written now" in dry.stderr
    assert run("tag", "--write", "-q", cwd=folder).stdout == dry.stdout
    done = subprocess.run(
        ["patch", "--binary", "-s", "-p1"], cwd=demo, input=dry.stdout.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout
    for file in (folder / "vault").rglob("*.*"):
        assert file.read_bytes() == (demo / file.relative_to(folder)).read_bytes(), file
    stale = run("tag", cwd=folder)
    assert "run `evidence refresh` first" in stale.stderr
    assert run("refresh", "--offline", cwd=folder).returncode in {0, 3}
    again = run("tag", "--write", cwd=folder)
    assert again.stdout == ""
    assert "no tag to change" in again.stderr


@_needs_patch
def test_diff_in_a_file_is_that_of_the_bytes(tmp_path):
    """Also where a terminal would not be shown them: line ends, marks without width."""
    pages = Pages(tmp_path)
    url = f"sqlite:///{pages.folder.name}/evidence.sqlite3"
    page = "\ufeff" + PAGE.replace("\n", "\r\n").replace("Bone", "\u200bBone\x07")
    pages.put(page)
    (tmp_path / "config.toml").write_text('[vault]\npaths = ["."]\n', "utf-8")
    command = f"{sys.executable} -m evidence tag --database {url} | patch --binary -s -p1"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    assert pages.read() == page.replace("lost.[^a]", "lost.[^a] #gap/needs-replication")


def test_unknown_page_is_refused(demo):
    assert run("tag", "nowhere.md", cwd=demo).returncode == 2
    assert run("tag", "/etc/hostname", cwd=demo).returncode == 2


LINKS = """# Page

Bone is lost.[^a]

## See also

- [[studies/kim]] — bone loss in old mice (doi:10.1000/b1)
- [[notch]] — Notch drives bone growth (doi:10.1000/b1)
- [[fat]] — lost later than bone[^a]
- Fat is lost in old mice (doi:10.1000/b1)

[^a]: in-vivo · model: mice · doi:10.1000/a1
"""


def test_lists_of_links_are_left_to_the_user(tmp_path):
    vault = Pages(tmp_path).put(LINKS)
    summary = vault.tag(write=True)
    added = [line for line in vault.read().splitlines() if "#gap/" in line]
    assert added == [
        "Bone is lost.[^a] #gap/needs-replication",
        "- Fat is lost in old mice (doi:10.1000/b1) #gap/needs-replication",
    ]
    told = "\n".join(tag_lines(summary, is_written=True))
    assert "page.md:8: begins with a link in a list of links: tag it by hand" in told
    assert "page.md:7:" not in told
