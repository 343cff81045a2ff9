"""What an import does to the database, and to what is exported, shown and audited."""

from __future__ import annotations

import json

import pytest
from export_store import Stored, add_works, cite, store_of
from libraries import bib, keys_of, take
from sqlalchemy import func, select

from evidence.audit.run import audit
from evidence.config import Settings
from evidence.errors import EvidenceError, LibraryError
from evidence.export.run import Content, export, rename_key
from evidence.library.run import LibraryFile, forget_library, import_library, list_failed
from evidence.records import AuthorName
from evidence.show import show
from evidence.store import models
from evidence.store.database import open_database, reading, writing
from evidence.store.pruning import prune_works

SMITH = "Smith, Jane"
TITLE = "The role of leptin in the bones of old mice"


def exported(engine, folder, name="csl-json"):
    result = export(engine, Settings(), folder, name)
    return result, {item["id"]: item for item in json.loads(result.path.read_text("utf-8"))}


def key_lines(folder):
    return [line for line in (folder / "citekeys.txt").read_text("utf-8").splitlines() if line[:1] != "#"]


def messages(result):
    return [line for report in result.reports for line in report.lines()]


@pytest.fixture
def cited(database_url):
    """A database whose page cites three works, none of which is described."""
    engine = open_database(database_url)
    cite(engine, "page.md", ("doi", "10.1000/a"), ("pmid", "12"), ("doi", "10.1000/c"))
    return engine


# --- works -------------------------------------------------------------------------------------------------------------


def test_work_that_no_registry_knows_is_exported_from_the_library(cited, tmp_path):
    text = bib("Smith:2020", "10.1000/a", title=TITLE, author=SMITH, journal="Bone", year="2020", pages="1--9")
    result = take(cited, tmp_path, text)
    assert (result.entries, result.cited, result.new) == (1, 1, 1)
    done, items = exported(cited, tmp_path)
    assert items["Smith:2020"]["title"] == TITLE
    assert items["Smith:2020"]["container-title"] == "Bone"
    assert [one.reference.value for one in done.unresolved] == ["10.1000/c", "12"]
    assert done.warnings == ["1 work is described by an imported library alone: no registry confirms it"]


def test_field_of_a_registry_wins_and_the_library_fills_what_none_says(database_url, tmp_path):
    fields = {"container": "Bone", "volume": "7"}
    engine = store_of(database_url, Stored(doi="10.1000/a", title=TITLE, fields=fields))
    text = bib("k", "10.1000/a", title=TITLE + ".", volume="8", journal="The Bone", pages="1--9", issn="0092-8674")
    result = take(engine, tmp_path, text)
    assert (result.settled.described, result.settled.filled, result.new) == (1, 1, 0)
    item = exported(engine, tmp_path)[1]["k"]
    assert (item["title"], item["volume"], item["container-title"]) == (TITLE, "7", "Bone")
    assert (item["page"], item["ISSN"]) == ("1-9", "0092-8674")


def test_entry_of_another_paper_fills_nothing_and_is_told(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1000/a", title=TITLE, fields={"date": "2004"}))
    text = bib(
        "k", "10.1000/a", title="Deep learning of protein structures from sequences", author="Doe, John", year="2019",
        pages="1--9",
    )  # fmt: skip
    result = take(engine, tmp_path, text)
    assert [one.split(": ")[2] for one in messages(result)] == ["title", "author", "year"]
    assert result.settled.filled == 0
    assert "page" not in exported(engine, tmp_path)[1]["k"]


def test_an_entry_that_no_page_cites_is_kept_for_the_day_that_one_does(cited, tmp_path):
    take(cited, tmp_path, bib("later", "10.1000/later", title=TITLE))
    with reading(cited) as session:
        assert session.scalar(select(func.count()).select_from(models.Work)) == 0
    assert exported(cited, tmp_path)[1] == {}
    cite(cited, "other.md", ("doi", "10.1000/later"))
    assert exported(cited, tmp_path)[1]["later"]["title"] == TITLE


def test_two_identifiers_of_one_entry_make_one_entry_of_the_bibliography(cited, tmp_path):
    take(cited, tmp_path, bib("k", "10.1000/a", title=TITLE, pmid="12"))
    done, items = exported(cited, tmp_path)
    assert (list(items), items["k"]["PMID"]) == (["k"], "12")
    assert [one.reference.value for one in done.unresolved] == ["10.1000/c"]


def test_works_of_registries_and_of_libraries_stand_in_the_order_of_their_keys(database_url, tmp_path):
    works = [Stored(doi=f"10.1000/{letter}", title=f"Title {letter}") for letter in "bdf"]
    engine = store_of(database_url, *works)
    cite(engine, "p2.md", *(("doi", f"10.1000/{letter}") for letter in "acg"))
    take(engine, tmp_path, "".join(bib(letter, f"10.1000/{letter}") for letter in "gfdcba"))
    path = export(engine, Settings(), tmp_path, "biblatex").path
    found = [line[line.index("{") + 1 : -1] for line in path.read_text("utf-8").splitlines() if line[:1] == "@"]
    assert found == list("abcdfg")


def test_work_without_a_key_in_the_library_gets_one_by_the_formula_and_keeps_it(cited, tmp_path):
    ris = "TY  - JOUR\nAU  - Smith, Jane\nTI  - Leptin\nPY  - 2020\nDO  - 10.1000/a\nER  - \n"
    take(cited, tmp_path, ris, "refs.ris")
    assert list(exported(cited, tmp_path)[1]) == ["smith2020leptin"]
    # The registry answers at last: the work keeps its key.
    add_works(cited, Stored(doi="10.1000/a", title="Another title", fields={"date": "2021"}))
    assert list(exported(cited, tmp_path)[1]) == ["smith2020leptin"]


def test_retraction_that_a_registry_tells_of_holds_for_a_work_of_a_library(cited, tmp_path):
    add_works(cited, Stored(doi="10.1000/notice", title="Retraction"))
    with writing(cited) as session:
        work_id = session.scalar(select(models.Work.id))
        session.add(
            models.Relation(
                work_id=work_id, kind="is-notice-of", scheme="doi", value="10.1000/a", source="crossref",
                notice_kind="retraction", notice_date="2010",
            )
        )  # fmt: skip
    take(cited, tmp_path, bib("k", "10.1000/a", title=TITLE))
    assert exported(cited, tmp_path)[1]["k"]["note"].startswith("Retracted 2010")
    result = export(cited, Settings(), tmp_path, "csl-json", Content(has_retracted=False))
    assert result.excluded == 1


# --- the audit ---------------------------------------------------------------------------------------------------------


def test_audit_says_the_same_with_a_library_as_without(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1000/known", title=TITLE, fields={"date": "2004"}))
    cite(engine, "p2.md", ("doi", "10.1000/a"), ("pmid", "12"), ("doi", "10.1000/gone"))
    with writing(engine) as session:
        session.add(
            models.Lookup(
                source="crossref", scheme="doi", value="10.1000/gone", outcome="not-found",
                asked_at=func.current_timestamp(),
            )
        )  # fmt: skip

    def report():
        found = audit(engine, Settings())
        return [(one.claim.id, one.verdict) for one in found.claims], list(found.findings)

    before = report()
    entries = [
        bib("a", "10.1000/a", title="A randomized trial", pmid="12", note="Retracted", type="Meta-Analysis"),
        bib("gone", "10.1000/gone", title="A systematic review and meta-analysis", author=SMITH),
        bib("known", "10.1000/known", title="A randomized controlled trial of leptin", year="1999"),
    ]
    take(engine, tmp_path, "".join(entries))
    export(engine, Settings(), tmp_path, "biblatex")
    assert report() == before


def test_show_tells_what_is_from_the_library(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1000/a", title=TITLE))
    cite(engine, "p2.md", ("doi", "10.1000/b"))
    take(engine, tmp_path, bib("a", "10.1000/a", title=TITLE, volume="7") + bib("b", "10.1000/b", title="Leptin"))
    with reading(engine) as session:
        known, new = (show(session, f"doi:10.1000/{letter}")["work"] for letter in "ab")
    assert (known["volume"], known["field_sources"]["volume"]) == ("7", "library")
    assert "title" not in known["field_sources"]
    assert (new["resolved"], new["title"], new["field_sources"]["title"]) == (False, "Leptin", "library")
    assert new["library"] == [{"path": "refs.bib", "line": 6, "key": "b"}]


# --- keys --------------------------------------------------------------------------------------------------------------


def test_key_of_the_library_is_the_key_of_the_work_and_stands_in_the_key_file(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1000/a", title=TITLE))
    take(engine, tmp_path, bib("Müller:2020_x", "10.1000/a", title=TITLE) + bib("later", "10.1000/later"))
    assert key_lines(tmp_path) == ["later\tdoi:10.1000/later", "Müller:2020_x\tdoi:10.1000/a"]
    assert list(exported(engine, tmp_path)[1]) == ["Müller:2020_x"]


def test_work_that_was_exported_keeps_its_key_and_the_librarys_is_an_alias(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1000/a", title=TITLE))
    exported(engine, tmp_path)
    result = take(engine, tmp_path, bib("mine", "10.1000/a", title=TITLE))
    assert result.settled.keys_kept == [(1, "mine", "smithrole")]
    assert keys_of(engine)["mine"][1]
    item = exported(engine, tmp_path)[1]["smithrole"]
    assert item["custom"] == {"former-ids": ["mine"]}


def test_key_that_differs_only_in_case_is_told_and_no_alias_of_it_is_promised(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1000/a", title=TITLE))
    exported(engine, tmp_path)
    text = bib("SmithRole", "10.1000/a", title=TITLE)
    result = take(engine, tmp_path, text)
    assert (result.settled.keys_cased, result.settled.keys_same) == ([(1, "SmithRole", "smithrole")], 0)
    assert list(exported(engine, tmp_path)[1]) == ["smithrole"]
    renamed = take(engine, tmp_path, text, rename=True)
    assert renamed.settled.keys_renamed == [(1, "SmithRole", "smithrole")]
    assert list(exported(engine, tmp_path)[1]) == ["SmithRole"]
    assert key_lines(tmp_path) == ["SmithRole\tdoi:10.1000/a"]


def test_key_of_an_entry_without_an_identifier_is_nobodys(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1000/a", title=TITLE))
    exported(engine, tmp_path)
    take(engine, tmp_path, "@book{Knuth1984, title={A thesis}}\n")
    with pytest.raises(EvidenceError, match="knuth1984: an entry without an identifier"):
        rename_key(engine, Settings(), tmp_path, "smithrole", "knuth1984")
    assert list(exported(engine, tmp_path)[1]) == ["smithrole"]


def test_rename_takes_the_key_of_the_library_and_the_old_one_is_an_alias(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1000/a", title=TITLE))
    exported(engine, tmp_path)
    text = bib("mine", "10.1000/a", title=TITLE)
    take(engine, tmp_path, text)
    result = take(engine, tmp_path, text, rename=True)
    assert result.settled.keys_renamed == [(1, "mine", "smithrole")]
    assert exported(engine, tmp_path)[1]["mine"]["custom"] == {"former-ids": ["smithrole"]}
    again = take(engine, tmp_path, text, rename=True)
    assert (again.settled.keys_renamed, again.settled.keys_same) == ([], 1)


def test_key_that_somebody_changed_afterwards_stays_as_it_was_changed(cited, tmp_path):
    text = bib("old", "10.1000/a", title=TITLE)
    take(cited, tmp_path, text)
    rename_key(cited, Settings(), tmp_path, "old", "new")
    take(cited, tmp_path, text)
    assert list(exported(cited, tmp_path)[1]) == ["new"]


def test_committed_key_of_a_work_that_is_not_stored_is_kept(database_url, tmp_path):
    (tmp_path / "citekeys.txt").write_text("committed\tdoi:10.1000/a\n", "utf-8")
    engine = open_database(database_url)
    result = take(engine, tmp_path, bib("mine", "10.1000/a"))
    assert result.settled.keys_kept == [(1, "mine", "committed")]
    assert key_lines(tmp_path) == ["committed\tdoi:10.1000/a", "mine\tdoi:10.1000/a\tformer"]


@pytest.mark.parametrize("key", ["smithrole", "SmithRole"])
def test_key_of_another_work_is_not_taken_from_it(database_url, tmp_path, key):
    engine = store_of(database_url, Stored(doi="10.1000/a", title=TITLE))
    exported(engine, tmp_path)
    result = take(engine, tmp_path, bib(key, "10.1000/b"))
    assert "keys are never given again" in messages(result)[0]
    assert list(exported(engine, tmp_path)[1]) == ["smithrole"]


def test_keys_that_differ_in_case_are_one(cited, tmp_path):
    result = take(cited, tmp_path, bib("Smith", "10.1000/a") + bib("smith", "10.1000/c"))
    assert "smith is already the key of doi:10.1000/a" in messages(result)[0]
    assert messages(result)[0].startswith("refs.bib:5: smith: key: ")


def test_second_entry_of_a_work_gives_it_an_alias(cited, tmp_path):
    text = bib("first", "10.1000/a", pmid="12") + bib("second", pmid="12") + bib("third", "10.1000/a")
    result = take(cited, tmp_path, text)
    assert messages(result) == []
    assert keys_of(cited) == {
        "first": ("10.1000/a", False), "second": ("10.1000/a", True), "third": ("10.1000/a", True),
    }  # fmt: skip


def test_two_texts_under_one_doi_are_told_and_the_second_gives_no_key(cited, tmp_path):
    first = bib("one", "10.1000/a", title="Leptin extends the lives of old mice")
    second = bib("two", "10.1000/a", title="Effects of metformin on bone in aged rats")
    result = take(cited, tmp_path, first + second)
    message = "the entry in line 1 has this DOI for another text, “Leptin extends the lives of old mice”"
    assert [(one.key, [fault.message for fault in one.problems]) for one in result.reports] == [("two", [message])]
    assert list(keys_of(cited)) == ["one"]


def test_one_pmid_for_two_dois_is_told(cited, tmp_path):
    result = take(cited, tmp_path, bib("a", "10.1000/a", pmid="12") + bib("c", "10.1000/c", pmid="12"))
    assert messages(result) == ["refs.bib:6: c: pmid: the entry in line 1 has this PMID for another work"]


def test_formula_gives_no_key_that_a_library_has_for_another_work(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1000/a", title=TITLE))
    # Neither has an identifier that tells whose its key is, but papers cite both.
    take(engine, tmp_path, bib("smithrole") + bib("SmithRoleA"))
    assert list(exported(engine, tmp_path)[1]) == ["smithroleb"]


def test_former_keys_of_an_entry_are_aliases(cited, tmp_path):
    take(cited, tmp_path, bib("new", "10.1000/a", ids="old1, old2"))
    assert {key: alias for key, (_, alias) in keys_of(cited).items()} == {"new": False, "old1": True, "old2": True}


def test_key_waits_for_a_work_that_is_resolved_later(cited, tmp_path):
    take(cited, tmp_path, bib("mine", "10.1000/a", title=TITLE))
    add_works(cited, Stored(doi="10.1000/a", title=TITLE))
    assert list(exported(cited, tmp_path)[1]) == ["mine"]
    # Also where the key file is written already, and nothing needs a key.
    assert list(exported(cited, tmp_path)[1]) == ["mine"]


def test_pruned_work_that_is_cited_again_has_its_key_again(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1000/a", title=TITLE))
    take(engine, tmp_path, bib("mine", "10.1000/a", title=TITLE))
    with writing(engine) as session:
        session.execute(models.Page.__table__.delete())
        prune_works(session)
    (tmp_path / "citekeys.txt").unlink()
    add_works(engine, Stored(doi="10.1000/other", title="Other"))
    add_works(engine, Stored(doi="10.1000/a", title=TITLE))
    cite(engine, "page.md", ("doi", "10.1000/a"))
    assert list(exported(engine, tmp_path)[1]) == ["mine"]


# --- again and again ---------------------------------------------------------------------------------------------------


def state(engine):
    tables = (models.Citekey, models.Library, models.LibraryEntry, models.LibraryIdentifier, models.Work)
    with reading(engine) as session:
        return [sorted(map(str, session.execute(select(table.__table__)))) for table in tables]


def test_second_import_changes_nothing_and_says_so(cited, tmp_path):
    text = bib("a", "10.1000/a") + bib("b", "10.1000/a") + bib("none") + "@article{open, title={x\n"
    first = take(cited, tmp_path, text)
    before = state(cited)
    again = take(cited, tmp_path, text)
    assert (first.is_changed, again.is_changed) == (True, False)
    assert state(cited) == before
    assert messages(again) == messages(first)
    assert (again.settled.keys_taken, again.settled.aliases, again.settled.keys_same) == (0, 0, 1)


def test_changed_file_replaces_its_entries_and_no_others(cited, tmp_path):
    take(cited, tmp_path, bib("a", "10.1000/a", title="Old") + bib("gone", "10.1000/gone"))
    take(cited, tmp_path, bib("other", "10.1000/c", title="Other"), "other.bib")
    take(cited, tmp_path, bib("a", "10.1000/a", title="New"))
    items = exported(cited, tmp_path)[1]
    assert {key: item["title"] for key, item in items.items()} == {"a": "New", "other": "Other"}
    # The key of an entry that left is never given again.
    assert "gone" in keys_of(cited)


def test_what_failed_is_listed_until_it_is_mended(cited, tmp_path):
    take(cited, tmp_path, "@article{open, title={x\n" + bib("none"))
    [failed], [unidentified] = list_failed(cited)
    assert (failed.line, failed.key, failed.is_failed) == (1, "open", True)
    assert failed.raw.startswith("@article{open")
    assert (unidentified.line, unidentified.key) == (2, "none")
    take(cited, tmp_path, bib("open", "10.1000/open"))
    assert list_failed(cited) == ([], [])


def test_disagreement_is_found_once_the_registry_has_answered(cited, tmp_path):
    text = bib("k", "10.1000/a", title="Deep learning of protein structures from sequences")
    assert messages(take(cited, tmp_path, text)) == []
    add_works(cited, Stored(doi="10.1000/a", title=TITLE))
    assert "title: the library says" in messages(take(cited, tmp_path, text))[0]


def test_forgotten_library_describes_nothing_and_its_keys_stay(cited, tmp_path):
    take(cited, tmp_path, bib("a", "10.1000/a"))
    assert forget_library(cited, "refs.bib") == 1
    assert exported(cited, tmp_path)[1] == {}
    assert "a" in keys_of(cited)
    with pytest.raises(LibraryError, match="was not imported"):
        forget_library(cited, "refs.bib")


def test_file_that_is_none_of_its_format_leaves_the_database_as_it_was(cited, tmp_path):
    take(cited, tmp_path, '[{"id": "a", "DOI": "10.1000/a", "title": "T"}]', "refs.json")
    before = state(cited)
    with pytest.raises(LibraryError, match=r"refs\.json: line 1, column"):
        take(cited, tmp_path, '[{"id": "b", "DOI": "10.1000/c", "title": "T"},', "refs.json")
    assert state(cited) == before


def test_interrupted_import_leaves_the_database_as_it_was(cited, tmp_path):
    take(cited, tmp_path, bib("a", "10.1000/a"))
    before = state(cited)

    def stop(_done):
        raise KeyboardInterrupt

    text = "".join(bib(f"k{number}", f"10.1000/{number}") for number in range(1200))
    with pytest.raises(KeyboardInterrupt):
        import_library(cited, Settings(), tmp_path, LibraryFile(text.encode(), "refs.bib", "bibtex"), progress=stop)
    assert state(cited) == before
    assert key_lines(tmp_path) == ["a\tdoi:10.1000/a"]


def test_hostile_values_are_stored_and_written_as_text(cited, tmp_path):
    item = {
        "id": "a", "DOI": "10.1000/a", "title": "=cmd|' /C calc'!A1 \x1b[31m\u202e\ud800 <script>x</script> \\input{y} }{",
        "author": [{"family": "\x00\x07", "given": "\ud800"}], "note": "x" * 100_000,
    }  # fmt: skip
    take(cited, tmp_path, json.dumps([item, {"id": "\ud800bad\x00" * 200, "DOI": "\x1b"}]), "refs.json")
    text = export(cited, Settings(), tmp_path, "biblatex").path.read_text("utf-8")
    assert "\x1b" not in text
    assert "\\input" not in text.replace("\\textbackslash{}input", "")
    assert "<script" not in text


def test_names_of_a_library_are_names(cited, tmp_path):
    take(cited, tmp_path, bib("a", "10.1000/a", author="{WHO Group} and van der Berg, Jan"))
    [item] = exported(cited, tmp_path)[1].values()
    assert item["author"] == [{"literal": "WHO Group"}, {"family": "van der Berg", "given": "Jan"}]
    assert AuthorName(collective="WHO Group") != AuthorName("WHO Group")


def test_work_that_a_registry_knows_without_its_title_gets_it_from_the_library(database_url, tmp_path):
    fields = {"container": "Aging Cell", "date": "2026", "volume": "7"}
    engine = store_of(database_url, Stored(doi="10.1000/a", title=None, fields=fields))
    assert [one.reference.value for one in exported(engine, tmp_path)[0].unresolved] == ["10.1000/a"]
    take(engine, tmp_path, bib("k", "10.1000/a", title=TITLE, author=SMITH, year="2025", volume="8", pages="1--9"))
    item = exported(engine, tmp_path)[1]["k"]
    assert (item["title"], item["container-title"], item["volume"], item["page"]) == (TITLE, "Aging Cell", "7", "1-9")
    assert item["issued"] == {"date-parts": [[2026]]}


@pytest.mark.parametrize("fields", [{"year": "1950", "author": SMITH}, {"year": "2026", "author": "Nobody, A."}])
def test_title_of_another_paper_is_not_given_to_a_work_without_one(database_url, tmp_path, fields):
    engine = store_of(database_url, Stored(doi="10.1000/a", title=None, fields={"date": "2026"}))
    take(engine, tmp_path, bib("k", "10.1000/a", title="Deep learning of proteins", **fields))
    done, items = exported(engine, tmp_path)
    assert (items, len(done.unresolved)) == ({}, 1)
    with reading(engine) as session:
        assert show(session, "doi:10.1000/a")["work"]["title"] is None


def test_identifiers_of_two_works_in_one_entry_are_told(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1000/a", title=TITLE), Stored(pmid="12", title="Another title"))
    result = take(engine, tmp_path, bib("k", "10.1000/a", title=TITLE, pmid="12"))
    assert messages(result) == ["refs.bib:1: k: the registries know doi:10.1000/a and pmid:12 as different works"]
    assert sorted(exported(engine, tmp_path)[1]) == ["k", "smithanother"]


def test_key_of_a_work_that_a_library_alone_knows_is_changed_as_any_other(cited, tmp_path):
    take(cited, tmp_path, bib("old", "10.1000/a", title=TITLE))
    rename_key(cited, Settings(), tmp_path, "OLD", "new")
    assert exported(cited, tmp_path)[1]["new"]["custom"] == {"former-ids": ["old"]}
    with pytest.raises(EvidenceError, match="no work has the key"):
        rename_key(cited, Settings(), tmp_path, "nobody", "other")


def test_two_keys_of_one_work_in_the_file_of_keys_are_told_by_an_import(database_url, tmp_path):
    engine = open_database(database_url)
    (tmp_path / "citekeys.txt").write_text("aaa\tdoi:10.1000/a\nbbb\tdoi:10.1000/a\n", "utf-8")
    result = take(engine, tmp_path, bib("ccc", "10.1000/a"))
    assert [one.partition(" two keys")[0] for one in result.warnings] == [
        "citekeys.txt: lines 1 and 2 give doi:10.1000/a"
    ]
    assert keys_of(engine) == {key: ("10.1000/a", key != "aaa") for key in ("aaa", "bbb", "ccc")}
    assert take(engine, tmp_path, bib("ccc", "10.1000/a")).warnings == []
