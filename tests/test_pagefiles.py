from __future__ import annotations

import json
import os

import pytest

from evidence.errors import ExportError
from evidence.export.pagefiles import MANIFEST, ForeignFileError, name_files, open_folder


def name(path):
    return name_files([path], ".bib")[path]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("notes/bone.md", "notes/bone.md.bib"),
        ("Über/Knochen α.md", "Über/Knochen α.md.bib"),
        ("../../etc/passwd", "%2E%2E/%2E%2E/etc/passwd.bib"),
        ("/etc/passwd", "%/etc/passwd.bib"),
        ("a//b.md", "a/%/b.md.bib"),
        ("./a.md", "%2E/a.md.bib"),
        ("C:\\a.md", "C%3A%5Ca.md.bib"),
        ("what?*.md", "what%3F%2A.md.bib"),
        ("50%.md", "50%25.md.bib"),
        ("con.md", "%63on.md.bib"),
        ("lpt1/x.md", "%6Cpt1/x.md.bib"),
        ("concept.md", "concept.md.bib"),
        ("ends./x.md", "ends%2E/x.md.bib"),
        ("a\nb\x1b.md", "a%0Ab%1B.md.bib"),
        ("a.md.bib/x.md", "a.md%2Ebib/x.md.bib"),
    ],
)
def test_name_is_safe_everywhere(path, expected):
    assert name(path) == expected


def test_long_names_fit_and_keep_apart():
    first, second = (name(f"{'ö' * 150}{end}.md") for end in "ab")
    assert first != second
    assert len(first.encode()) <= 210


@pytest.mark.parametrize(
    "paths",
    [
        ["a.md", "a.html", "a.txt"],
        ["a.md", "A.md", "A.MD"],
        ["é.md", "e\u0301.md"],
        ["straße.md", "STRASSE.md"],
        ["a.md", "a.md.bib/b.md"],
        ["x?.md", "x%3F.md"],
        [".evidence-export"],
    ],
)
@pytest.mark.parametrize("suffix", [".bib", ".json", ".ris"])
def test_no_two_pages_share_a_file_where_case_is_one(paths, suffix):
    names = name_files(paths, suffix)
    folded = {one.casefold() for one in names.values()}
    assert len(folded) == len(paths)
    assert MANIFEST not in names.values()
    # No file where another needs a folder.
    assert not any(other.startswith(f"{one}/") for one in folded for other in folded)


def test_name_of_a_page_does_not_hang_on_the_order():
    paths = ["b.md", "B.md", "a.md"]
    assert name_files(paths, ".bib") == name_files(reversed(paths), ".bib")


def test_file_is_written_once(tmp_path):
    folder = open_folder(tmp_path / "out")
    assert folder.write("n/a.md.bib", "x", "n/a.md", "bibtex")
    assert not folder.write("n/a.md.bib", "x", "n/a.md", "bibtex")
    assert folder.write("n/a.md.bib", "y", "n/a.md", "bibtex")
    assert (tmp_path / "out" / "n" / "a.md.bib").read_text("utf-8") == "y"


def test_manifest_is_read_again(tmp_path):
    folder = open_folder(tmp_path)
    folder.write("a.md.bib", "x", "a.md", "bibtex")
    folder.save()
    assert open_folder(tmp_path).files == folder.files


def test_file_of_a_stranger_is_kept(tmp_path):
    (tmp_path / "a.md.bib").write_text("mine", "utf-8")
    with pytest.raises(ForeignFileError) as caught:
        open_folder(tmp_path).write("a.md.bib", "x", "a.md", "bibtex")
    assert "a.md.bib" in caught.value.message
    assert (tmp_path / "a.md.bib").read_text("utf-8") == "mine"


def test_file_of_a_stranger_that_says_the_same_is_ours(tmp_path):
    (tmp_path / "a.md.bib").write_text("x", "utf-8")
    folder = open_folder(tmp_path)
    assert not folder.write("a.md.bib", "x", "a.md", "bibtex")
    assert folder.write("a.md.bib", "y", "a.md", "bibtex")


@pytest.mark.parametrize("act", ["write", "remove"])
def test_file_that_was_changed_since_is_kept(tmp_path, act):
    folder = open_folder(tmp_path)
    folder.write("a.md.bib", "x", "a.md", "bibtex")
    (tmp_path / "a.md.bib").write_text("my own words", "utf-8")
    change = {
        "write": lambda: folder.write("a.md.bib", "y", "a.md", "bibtex"),
        "remove": lambda: folder.remove("a.md.bib"),
    }
    with pytest.raises(ForeignFileError):
        change[act]()
    assert (tmp_path / "a.md.bib").read_text("utf-8") == "my own words"


def test_removing_leaves_no_empty_folders_and_no_others(tmp_path):
    folder = open_folder(tmp_path)
    for one in ("n/m/a.md.bib", "n/b.md.bib"):
        folder.write(one, "x", one.removesuffix(".bib"), "bibtex")
    assert folder.remove("n/m/a.md.bib")
    assert [path.name for path in (tmp_path / "n").iterdir()] == ["b.md.bib"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("act", ["write", "remove"])
def test_link_to_a_folder_elsewhere_is_not_followed(tmp_path, act):
    other = tmp_path / "other"
    other.mkdir()
    folder = open_folder(tmp_path / "out")
    folder.write("n/a.md.bib", "x", "n/a.md", "bibtex")
    (tmp_path / "out" / "n" / "a.md.bib").rename(other / "a.md.bib")
    (tmp_path / "out" / "n").rmdir()
    (tmp_path / "out" / "n").symlink_to(other)
    if act == "remove":
        assert not folder.remove("n/a.md.bib")
    else:
        with pytest.raises(ForeignFileError):
            folder.write("n/a.md.bib", "y", "n/a.md", "bibtex")
    assert (other / "a.md.bib").read_text("utf-8") == "x"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_link_in_the_place_of_a_file_is_not_written_through(tmp_path):
    (tmp_path / "real").write_text("x", "utf-8")
    (tmp_path / "a.md.bib").symlink_to("real")
    with pytest.raises(ForeignFileError):
        open_folder(tmp_path).write("a.md.bib", "y", "a.md", "bibtex")
    assert (tmp_path / "real").read_text("utf-8") == "x"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"files": 1}', '{"files": {"a": {"page": 1}}}', '{"files": {"a": 1}}']
)
def test_damaged_manifest_is_said(tmp_path, text):
    (tmp_path / MANIFEST).write_text(text, "utf-8")
    with pytest.raises(ExportError) as caught:
        open_folder(tmp_path)
    assert MANIFEST in caught.value.message
    assert caught.value.hint


def test_manifest_names_nothing_outside(tmp_path):
    line = {"page": "x", "format": "bibtex", "sha256": "0"}
    text = json.dumps({"version": 1, "files": {"../x": line, "/etc/x": line, "n/../../y": line}})
    (tmp_path / MANIFEST).write_text(text, "utf-8")
    assert open_folder(tmp_path).files == {}
