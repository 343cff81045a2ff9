from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import bibtexparser
import pytest
from export_store import Stored, add_works, cite, from_record, recorded_works, store_of
from sqlalchemy import select

from evidence.config import Settings
from evidence.errors import ConfigError, EvidenceError, ExportError
from evidence.export import FORMATS
from evidence.export.run import Content, export
from evidence.extract import extract_page
from evidence.records import AuthorName, Page
from evidence.store import models
from evidence.store.database import open_database, writing
from evidence.store.pages import write_pages


def keys(result):
    return [entry.key for entry in bibtexparser.parse_file(str(result.path)).entries]


def run(engine, folder, name="bibtex", *, output=None, progress=None, **content):
    return export(engine, Settings(), folder, name, Content(**content), output=output, progress=progress)


def test_only_cited_works_are_exported(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1/a", title="Cited"))
    add_works(engine, Stored(doi="10.1/b", title="Loose"))
    assert keys(run(engine, tmp_path)) == ["smithcited"]


def test_work_is_found_by_any_of_its_identifiers(database_url, tmp_path):
    engine = open_database(database_url)
    add_works(engine, Stored(doi="10.1/a", pmid="7"))
    cite(engine, "page.md", ("pmid", "7"))
    result = run(engine, tmp_path)
    assert (result.entries, result.unresolved) == (1, ())


def test_notes_of_a_page_count_with_all_that_they_cite(database_url, tmp_path):
    text = b"Bone needs RUNX2. [^a]\n\n[^a]: Komori 1997, doi:10.1000/first. See also PMID 9182763.\n"
    engine = open_database(database_url)
    page = extract_page(Page("bone.md", text))
    cited = [one for note in page.notes for one in note.identifiers if one.role == "cited"]
    with writing(engine) as session:
        write_pages(session, [page], extractor="1")
    add_works(engine, *(Stored(**{one.scheme.value: one.value}) for one in cited))
    assert run(engine, tmp_path, pages=["bone.md"]).entries == len(cited) > 0


@pytest.mark.parametrize(
    ("pages", "expected"), [(["a/x.md"], ["a"]), (["a"], ["a", "b"]), (["."], ["a", "b", "c"]), ([], [])]
)
def test_pages_and_folders_choose(database_url, tmp_path, pages, expected):
    engine = open_database(database_url)
    for title, page in (("A1", "a/x.md"), ("B1", "a/y.md"), ("C1", "ab/z.md")):
        add_works(engine, Stored(doi=f"10.1/{title}", title=title))
        cite(engine, page, ("doi", f"10.1/{title}"))
    assert keys(run(engine, tmp_path, pages=pages)) == [f"smith{letter}1" for letter in expected]


def test_page_that_is_not_there_is_an_error(database_url, tmp_path):
    with pytest.raises(EvidenceError, match=r"nope\.md"):
        run(store_of(database_url), tmp_path, pages=["nope.md"])


def test_reference_without_metadata_is_no_entry(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1/a"))
    cite(engine, "b.md", ("doi", "10.1/never"), ("pmid", "404"), ("doi", "10.5281/zenodo.1"))
    now = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    with writing(engine) as session:
        for scheme, value, source, outcome, reason in (
            ("pmid", "404", "pubmed", "not-found", None),
            ("doi", "10.5281/zenodo.1", "crossref", "other-agency", "DataCite"),
        ):
            session.add(
                models.Lookup(source=source, scheme=scheme, value=value, outcome=outcome, reason=reason, asked_at=now)
            )
    result = run(engine, tmp_path)
    assert result.entries == 1
    assert [(*one.reference, one.reason) for one in result.unresolved] == [
        ("doi", "10.1/never", "not looked up yet"),
        ("doi", "10.5281/zenodo.1", "crossref: other-agency (DataCite)"),
        ("pmid", "404", "pubmed: not-found"),
    ]


def test_work_without_a_title_is_unresolved(database_url, tmp_path):
    result = run(store_of(database_url, Stored(doi="10.1/a", title=None)), tmp_path)
    assert (result.entries, [one.reference.value for one in result.unresolved]) == (0, ["10.1/a"])


@pytest.mark.parametrize(
    ("notices", "note"),
    [
        ([{"kind": "retraction", "date": "2010-02-06"}], "Retracted 2010-02-06"),
        ([{"kind": "retraction"}, {"kind": "retraction", "date": "2010"}], "Retracted 2010"),
        (
            [
                {"kind": "expression-of-concern", "date": "2009"},
                {"kind": "retraction", "scheme": "doi", "value": "10.1/n"},
            ],
            "Retracted (notice doi:10.1/n); Expression of concern 2009",
        ),
        ([{"kind": "withdrawal"}], "Withdrawn"),
        # Print and online dates of one notice differ; years apart they are two notices, or one of them is wrong.
        ([{"kind": "retraction", "date": "2009-12"}, {"kind": "retraction", "date": "2010-02"}], "Retracted 2010-02"),
        (
            [
                {"kind": "retraction", "date": "2004-03-06", "scheme": "pmid", "value": "15016483"},
                {"kind": "retraction", "date": "2010-02-06", "scheme": "doi", "value": "10.1/n"},
            ],
            "Retracted 2010-02-06, also 2004-03-06 (crossref) (notice doi:10.1/n)",
        ),
        (
            [{"kind": "retraction", "date": "2010"}, {"kind": "reinstatement", "date": "2012-05"}],
            "Retracted 2010; Reinstated 2012-05",
        ),
        ([{"kind": "partial-retraction", "date": "2010"}], "Partially retracted 2010"),
        ([{"kind": "correction", "date": "2004"}], None),
    ],
)
def test_work_that_does_not_stand_says_so(database_url, tmp_path, notices, note):
    engine = store_of(database_url, Stored(doi="10.1/a", notices=notices))
    (item,) = json.loads(run(engine, tmp_path, "csl-json").path.read_text("utf-8"))
    assert item.get("note") == note


@pytest.mark.parametrize(
    ("kinds", "left_out"),
    [(["retraction"], 1), (["withdrawal"], 1), (["expression-of-concern"], 0), (["retraction", "reinstatement"], 0)],
)
def test_retracted_works_are_left_out_where_asked(database_url, tmp_path, kinds, left_out):
    notices = [{"kind": kind, "date": str(2010 + place)} for place, kind in enumerate(kinds)]
    engine = store_of(database_url, Stored(doi="10.1/a", notices=notices), Stored(doi="10.1/b", title="Sound"))
    result = run(engine, tmp_path, has_retracted=False)
    assert (result.entries, result.excluded) == (2 - left_out, left_out)
    assert run(engine, tmp_path).entries == 2


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_database_gives_the_same_bytes(database_url, tmp_path, name):
    engine = store_of(database_url, *map(from_record, recorded_works()))
    first, second = (run(engine, tmp_path / one, name).path.read_bytes() for one in "ab")
    assert first == second != b""


def test_entries_are_sorted_by_key(database_url, tmp_path):
    names = ["Zeta", "alpha", "Beta", "van Dam", "Ångström"]
    works = [Stored(doi=f"10.1/{name}", authors=[AuthorName(name)]) for name in names]
    found = keys(run(store_of(database_url, *works), tmp_path))
    assert found == sorted(found) == ["alphatitle", "angstromtitle", "betatitle", "vandamtitle", "zetatitle"]


def test_more_works_than_one_batch(database_url, tmp_path):
    works = [Stored(doi=f"10.1/{number}", title=f"w{number}") for number in range(2_345)]
    seen = []
    result = run(store_of(database_url, *works), tmp_path, progress=seen.append)
    assert len(set(keys(result))) == result.entries == seen[-1] == 2_345


def test_authors_stay_in_order(database_url, tmp_path):
    names = [AuthorName(f"A{number}") for number in reversed(range(30))]
    result = run(store_of(database_url, Stored(doi="10.1/a", authors=names)), tmp_path, "csl-json")
    (item,) = json.loads(result.path.read_text("utf-8"))
    assert [one["family"] for one in item["author"]] == [one.family for one in names]


def test_standard_output_gets_the_same_text(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1/a"))
    result = run(engine, tmp_path, output="-")
    text = "".join(result.text)
    assert (result.path, result.entries, list(tmp_path.glob("*.bib"))) == (None, 1, [])
    assert text == run(engine, tmp_path).path.read_text("utf-8")


def test_default_place_is_the_folder_of_exports(database_url, tmp_path):
    result = run(store_of(database_url, Stored(doi="10.1/a")), tmp_path, "ris")
    assert result.path == tmp_path / "exports" / "references.ris"


def test_merged_work_keeps_both_keys(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1/a"))
    run(engine, tmp_path)
    with writing(engine) as session:
        number = session.scalar(select(models.Work.id))
        session.add(models.Citekey(folded="old2019", key="old2019", work_id=number))
    (entry,) = bibtexparser.parse_file(str(run(engine, tmp_path, "biblatex").path)).entries
    assert {entry.key, entry["ids"]} == {"old2019", "smithtitle"}


def test_failed_export_leaves_the_old_file(database_url, tmp_path):
    engine = store_of(database_url, Stored(doi="10.1/a"))
    before = run(engine, tmp_path).path.read_bytes()

    def stopped(count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(engine, tmp_path, progress=stopped)
    assert [path.read_bytes() for path in (tmp_path / "exports").iterdir()] == [before]


def test_link_is_kept_and_its_target_replaced(database_url, tmp_path):
    (tmp_path / "real.bib").write_text("old", "utf-8")
    (tmp_path / "link.bib").symlink_to("real.bib")
    run(store_of(database_url, Stored(doi="10.1/a")), tmp_path, output=tmp_path / "link.bib")
    assert (tmp_path / "link.bib").is_symlink()
    assert "smithtitle" in (tmp_path / "real.bib").read_text("utf-8")


def test_folder_is_no_file(database_url, tmp_path):
    with pytest.raises(ExportError) as caught:
        run(store_of(database_url), tmp_path, output=tmp_path)
    assert caught.value.hint


def test_place_that_cannot_be_written(database_url, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ExportError):
        run(store_of(database_url), tmp_path, output=tmp_path / "file" / "x.bib")


def test_unknown_format(database_url, tmp_path):
    with pytest.raises(ExportError) as caught:
        run(store_of(database_url), tmp_path, "word")
    assert "csl-json" in caught.value.hint


def test_bad_formula_is_said_before_anything_is_written(database_url, tmp_path):
    settings = Settings(export={"citekey": "{nothing}"})
    with pytest.raises(ConfigError):
        export(store_of(database_url, Stored(doi="10.1/a")), settings, tmp_path, "bibtex")
    assert not (tmp_path / "exports").exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom permissions stop")
def test_folder_that_may_not_be_written(database_url, tmp_path):
    Path(tmp_path).chmod(0o500)
    with pytest.raises(ExportError):
        run(store_of(database_url), tmp_path)
