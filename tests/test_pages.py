from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from evidence.config import VaultSettings
from evidence.errors import ConfigError, PageError
from evidence.pages import compile_globs, find_pages, list_pages

INCLUDE = VaultSettings().include


def make(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"Text of {name}")
    return root


def paths(root, *starts, exclude=(), include=INCLUDE):
    return [one.path for one in list_pages([Path(one) for one in starts or (".",)], root, include, exclude).files]


def problems(root, *starts):
    return [
        (one.path, one.message) for one in list_pages([Path(one) for one in starts or (".",)], root, INCLUDE).problems
    ]


def test_pages_come_in_the_order_of_their_paths(tmp_path):
    make(tmp_path, "b.md", "a/z.html", "a.md", "a/b.markdown", "c.htm", "d.txt", "e.png")
    assert paths(tmp_path) == ["a.md", "a/b.markdown", "a/z.html", "b.md", "c.htm", "d.txt"]


def test_page_has_its_bytes_and_its_path_from_the_root(tmp_path):
    make(tmp_path, "notes/a.md")
    (page,) = find_pages([tmp_path / "notes"], tmp_path, INCLUDE)
    assert (page.path, page.data) == ("notes/a.md", b"Text of notes/a.md")


@pytest.mark.parametrize("folder", [".git", ".obsidian", ".venv", "node_modules", "deep/.trash"])
def test_hidden_and_foreign_folders_are_not_looked_into(tmp_path, folder):
    make(tmp_path, "a.md", f"{folder}/b.md")
    assert paths(tmp_path) == ["a.md"]


def test_virtual_environment_of_any_name_is_not_looked_into(tmp_path):
    make(tmp_path, "a.md", "python/pyvenv.cfg", "python/lib/license.txt")
    assert paths(tmp_path) == ["a.md"]


@pytest.mark.parametrize("pattern", ["drafts", "drafts/", "drafts/**", "**/drafts/*", "b.md", "/drafts/b.md", "DRAFTS"])
def test_excluded_pages_are_left_out(tmp_path, pattern):
    make(tmp_path, "a.md", "drafts/b.md")
    assert paths(tmp_path, exclude=[pattern]) == ["a.md"]


def test_pattern_with_a_slash_in_front_means_the_root_only(tmp_path):
    make(tmp_path, "a.md", "exports/b.md", "deep/exports/c.md")
    assert paths(tmp_path, exclude=["/exports"]) == ["a.md", "deep/exports/c.md"]


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("**/*.md", "a.md", True),
        ("**/*.md", "a/b/c.MD", True),
        ("*.md", "a/b.md", True),
        ("a/*.md", "a/b/c.md", False),
        ("a/?.md", "a/b.md", True),
        ("[ab].md", "c.md", False),
        ("[!ab].md", "c.md", True),
        ("a.md", "axmd", False),
        ("[[]x].md", "[x].md", True),
        ("a+(b).md", "a+(b).md", True),
    ],
)
def test_patterns(pattern, path, fits):
    assert bool(compile_globs([pattern]).fullmatch(path)) is fits


def test_pattern_that_cannot_be_read_is_an_error_of_the_settings():
    with pytest.raises(ConfigError, match="z-a"):
        compile_globs(["[z-a].md"])


def test_file_named_by_the_user_is_read_whatever_its_name(tmp_path):
    make(tmp_path, "README", "drafts/a.md")
    assert paths(tmp_path, "README", "drafts/a.md", exclude=["drafts"]) == ["README", "drafts/a.md"]


def test_page_that_two_arguments_lead_to_is_read_once(tmp_path):
    make(tmp_path, "a.md", "b/c.md")
    assert paths(tmp_path, ".", "b", "a.md", str(tmp_path / "b/c.md")) == ["a.md", "b/c.md"]


def test_folder_besides_the_root_is_named_from_the_root(tmp_path):
    make(tmp_path, "work/config.toml", "vault/a.md")
    assert paths(tmp_path / "work", "../vault") == ["../vault/a.md"]


def test_path_that_does_not_exist_says_so_with_a_hint(tmp_path):
    with pytest.raises(PageError, match="no such file or folder") as caught:
        paths(tmp_path, "none")
    assert (caught.value.path, bool(caught.value.hint)) == ("none", True)


def test_folder_without_pages_says_so_with_a_hint(tmp_path):
    make(tmp_path, "a.png")
    with pytest.raises(PageError, match="no pages here") as caught:
        paths(tmp_path)
    assert "**/*.md" in caught.value.hint


def test_link_out_of_the_vault_is_a_problem_and_not_read(tmp_path):
    make(tmp_path, "vault/a.md", "secret/key.md")
    (tmp_path / "vault/b.md").symlink_to(tmp_path / "secret/key.md")
    (tmp_path / "vault/c").symlink_to(tmp_path / "secret")
    assert paths(tmp_path / "vault") == ["a.md"]
    assert [path for path, message in problems(tmp_path / "vault") if "out of the vault" in message] == ["b.md", "c"]


def test_link_within_the_vault_is_read_once_under_the_name_of_its_target(tmp_path):
    make(tmp_path, "deep/z.md")
    (tmp_path / "a.md").symlink_to("deep/z.md")
    (tmp_path / "b").symlink_to("deep")
    assert (paths(tmp_path), problems(tmp_path)) == (["deep/z.md"], [])


def test_link_to_what_is_not_read_itself_is_read(tmp_path):
    make(tmp_path, ".annex/object")
    (tmp_path / "a.md").symlink_to(".annex/object")
    assert paths(tmp_path) == ["a.md"]


def test_loop_of_links_ends(tmp_path):
    make(tmp_path, "a.md")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "one.md").symlink_to("two.md")
    (tmp_path / "two.md").symlink_to("one.md")
    assert paths(tmp_path) == ["a.md"]
    assert [path for path, message in problems(tmp_path) if "leads nowhere" in message] == ["one.md", "two.md"]


def test_pipe_is_reported_and_not_waited_for(tmp_path):
    make(tmp_path, "a.md")
    os.mkfifo(tmp_path / "b.md")
    assert paths(tmp_path) == ["a.md"]
    assert problems(tmp_path) == [("b.md", "is no regular file, so it is not read")]


def test_name_that_is_not_utf_8_is_reported(tmp_path):
    make(tmp_path, "a.md")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md")).write_text("x")
    assert paths(tmp_path) == ["a.md"]
    assert problems(tmp_path) == [("?.md", "its name is not UTF-8, so it is not read")]


def test_page_that_vanishes_before_it_is_read_is_reported_and_the_rest_goes_on(tmp_path):
    make(tmp_path, "a.md", "b.md", "c.md")
    found = find_pages([Path()], tmp_path, INCLUDE)
    read = [next(found)]
    (tmp_path / "b.md").unlink()
    read += found
    assert [page.path for page in read] == ["a.md", "b.md", "c.md"]
    assert [isinstance(page, PageError) for page in read] == [False, True, False]


def test_memory_does_not_grow_with_the_vault(tmp_path):
    for number in range(60):
        (tmp_path / f"{number}.md").write_bytes(b"x" * 1_000_000)
    tracemalloc.start()
    for _ in find_pages([Path()], tmp_path, INCLUDE):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
