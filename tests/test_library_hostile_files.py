"""Libraries that would be read wrong without a word: long lists, commands in identifiers, files that are no library."""

from __future__ import annotations

import pytest

from evidence.errors import LibraryError
from evidence.library.bibtex import read_bibtex
from evidence.library.entries import with_unique_keys
from evidence.library.ris import read_ris


def only(text):
    (entry,) = read_bibtex(text)
    return entry


def test_long_list_of_authors_is_whole():
    names = [f"Family{number}, Given{number}" for number in range(3000)]
    entry = only(f"@article{{a, author={{{' and '.join(names)}}}, doi={{10.1000/a}}}}")
    assert [(one.family, one.given) for one in entry.description.authors] == [tuple(one.split(", ")) for one in names]
    assert not entry.problems


def test_value_that_is_cut_is_told():
    entry = only(f"@article{{a, title={{{'word ' * 5000}}}, doi={{10.1000/a}}}}")
    assert [(one.field, one.message) for one in entry.problems] == [
        ("title", "it is longer than 20000 characters; the rest is not read")
    ]


@pytest.mark.parametrize(
    "written",
    [
        r"10.1000/aa{\textunderscore }9",
        r"10.1000/aa\textunderscore{}9",
        r"10.1000/aa{\textunderscore}9",
        r"10.1000/aa\_9",
    ],
)
def test_command_for_a_sign_of_an_identifier_is_that_sign(written):
    entry = only(f"@article{{a, title={{T}}, doi={{{written}}}}}")
    assert [one.value for one in entry.references] == ["10.1000/aa_9"]


def test_other_commands_in_an_identifier_are_told_and_name_no_other_work():
    entry = only(r"@article{a, title={T}, doi={10.1000/a\textbf b}}")
    assert entry.references == ()
    assert [one.field for one in entry.problems] == ["doi"]


@pytest.mark.parametrize(
    "text", ["<!DOCTYPE html><html><body>x</body></html>", "no entry at all", "@", "{}}}", "\x89PNG\r\n\x1a\n"]
)
@pytest.mark.parametrize("read", [read_bibtex, read_ris])
def test_file_that_is_no_library_is_refused_whole(read, text):
    with pytest.raises(LibraryError):
        list(read(text))


@pytest.mark.parametrize("text", ["", "% nothing yet\n", "@comment{jabref-meta: x;}\n", "@string{a = {b}}\n"])
def test_library_without_entries_is_one(text):
    assert list(read_bibtex(text)) == []


def test_second_entry_of_a_key_is_told_though_it_stands_on_the_same_line():
    text = "@article{dup, doi={10.1000/a}} @article{dup, doi={10.1000/b}}"
    assert [one.is_failed for one in with_unique_keys(read_bibtex(text))] == [False, True]


def test_parent_is_found_in_upper_and_lower_case_as_bibtex_does():
    child, _ = read_bibtex(
        "@inproceedings{a, title={T}, crossref={ref1}}\n\n@proceedings{Ref1, title={P}, year=2001}\n"
    )
    assert (child.description.container, child.description.date, child.problems) == ("P", "2001", ())
