from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bulk import JANUARY_2026, article, article_set, json_items, json_lines, work, write, write_tar
from registries import doi, pmcid, pmid

from evidence.errors import StoreError
from evidence.mirror import mirror as mirrors
from evidence.mirror import records
from evidence.mirror.mirror import Mirror
from evidence.resolve import pubmed
from evidence.vocabulary import Source

DATA = Path(__file__).parent / "data" / "mirror"


@pytest.fixture
def bulk(tmp_path):
    """A folder of bulk files, and its mirror, of which nothing is read yet."""
    folder = tmp_path / "bulk"
    folder.mkdir()
    return folder, Mirror([folder], tmp_path / "index.sqlite3", jobs=1)


def found(mirror, source, *references):
    """What a mirror holds of references: each with the bytes."""
    answers = mirror.find(source, dict.fromkeys(references))
    return {reference: answer.payload for answer in answers for reference in answer.references}


def title(payload):
    return pubmed.read_payload(payload).title


def test_recorded_baseline_file_is_found_by_pmid_and_by_doi(tmp_path):
    mirror = Mirror([DATA], tmp_path / "index.sqlite3")
    done = mirror.update()
    assert (done.read, done.records, done.problems) == (3, 30, ())
    payloads = found(mirror, Source.PUBMED, pmid("1"), doi("10.1016/0006-2944(75)90147-7"))
    assert set(payloads) == {pmid("1"), doi("10.1016/0006-2944(75)90147-7")}
    (one,) = set(payloads.values())
    assert one.startswith(b"<PubmedArticle>")
    assert title(one).startswith("Formate assay in body fluids")


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-16"])
def test_byte_order_mark_is_no_part_of_a_file(bulk, encoding):
    folder, mirror = bulk
    told = article_set(article(15)).replace("utf-8", encoding)
    (folder / "pubmed26n0001.xml").write_bytes(b"\xef\xbb\xbf" + told.encode())
    problems = mirror.update().problems
    assert list(found(mirror, Source.PUBMED, pmid("15"))) == ([pmid("15")] if encoding == "utf-8" else [])
    assert ["it is not in UTF-8" in one for one in problems] == ([] if encoding == "utf-8" else [True])


def test_record_is_found_by_its_own_identifiers_only(bulk):
    folder, mirror = bulk
    own = article(11, doi="10.1000/A&lt;B&gt;", pmcid="PMC77", cites="10.1000/cited")
    write(folder / "pubmed26n0001.xml.gz", article_set(own))
    mirror.update()
    asked = [pmid("11"), doi("10.1000/a<b>"), pmcid("PMC77"), doi("10.1000/cited"), pmid("12")]
    assert set(found(mirror, Source.PUBMED, *asked)) == {pmid("11"), doi("10.1000/a<b>"), pmcid("PMC77")}


def test_a_source_is_not_asked_for_what_another_holds(bulk):
    folder, mirror = bulk
    write(folder / "pubmed26n0001.xml.gz", article_set(article(11, doi="10.1000/a")))
    mirror.update()
    assert found(mirror, Source.CROSSREF, doi("10.1000/a")) == {}


def test_a_later_file_replaces_what_an_earlier_one_said(bulk):
    folder, mirror = bulk
    write(folder / "pubmed26n0001.xml.gz", article_set(article(11, title="Old"), article(12, title="Kept")))
    # The number counts, not the name of the folder or the order in which files came.
    write(folder / "a" / "pubmed26n1400.xml.gz", article_set(article(11, title="New")), changed=JANUARY_2026 - 99)
    mirror.update()
    payloads = found(mirror, Source.PUBMED, pmid("11"), pmid("12"))
    assert (title(payloads[pmid("11")]), title(payloads[pmid("12")])) == ("New", "Kept")


def test_within_a_file_the_last_record_counts(bulk):
    folder, mirror = bulk
    write(folder / "pubmed26n1400.xml.gz", article_set(article(11, title="First"), article(11, title="Last")))
    mirror.update()
    assert title(found(mirror, Source.PUBMED, pmid("11"))[pmid("11")]) == "Last"


def test_a_doi_that_a_later_record_no_longer_names_is_not_found(bulk):
    folder, mirror = bulk
    write(folder / "pubmed26n0001.xml.gz", article_set(article(11, doi="10.1000/wrong")))
    write(folder / "pubmed26n1400.xml.gz", article_set(article(11, doi="10.1000/right")))
    mirror.update()
    assert set(found(mirror, Source.PUBMED, doi("10.1000/wrong"), doi("10.1000/right"))) == {doi("10.1000/right")}


def test_a_withdrawn_record_is_not_found_by_any_identifier(bulk):
    folder, mirror = bulk
    write(folder / "pubmed26n0001.xml.gz", article_set(article(11, doi="10.1000/a"), article(12)))
    write(folder / "pubmed26n1400.xml.gz", article_set(deleted=[11]))
    mirror.update()
    assert set(found(mirror, Source.PUBMED, pmid("11"), doi("10.1000/a"), pmid("12"))) == {pmid("12")}


def test_a_withdrawn_record_that_comes_back_is_found(bulk):
    folder, mirror = bulk
    write(folder / "pubmed26n1400.xml.gz", article_set(article(11), deleted=[11]))
    write(folder / "pubmed26n1401.xml.gz", article_set(article(11, title="Back")))
    mirror.update()
    assert title(found(mirror, Source.PUBMED, pmid("11"))[pmid("11")]) == "Back"


def test_recorded_deletions_are_read(tmp_path):
    shutil.copy(DATA / "pubmed20n1203.xml.gz", tmp_path)
    write(tmp_path / "pubmed20n0001.xml.gz", article_set(article(32410779), article(994879, title="Older")))
    mirror = Mirror([tmp_path], tmp_path / "index.sqlite3")
    mirror.update()
    payloads = found(mirror, Source.PUBMED, pmid("32410779"), pmid("994879"))
    assert set(payloads) == {pmid("994879")}
    assert title(payloads[pmid("994879")]).startswith("The Australian general practice morbidity")


def test_of_the_versions_of_a_pmid_the_newest_counts(bulk):
    folder, mirror = bulk
    write(folder / "pubmed26n0001.xml.gz", article_set(article(11, version=2, title="Second")))
    write(folder / "pubmed26n0002.xml.gz", article_set(article(11, version=1, title="First")))
    mirror.update()
    assert title(found(mirror, Source.PUBMED, pmid("11"))[pmid("11")]) == "Second"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("0.json.gz", json_items(work("10.1000/A"), work("10.1000/ö"))),
        ("0.json", json_items(work("10.1000/A"), work("10.1000/ö"), indent=2)),
        ("0.jsonl.gz", json_lines(work("10.1000/A"), work("10.1000/ö"))),
        ("0.jsonl", "\n" + json_lines(work("10.1000/A"), work("10.1000/ö")).rstrip()),
        ("0.json", json.dumps([work("10.1000/A"), work("10.1000/ö")])),
    ],
)
def test_each_form_of_crossrefs_file_is_read(bulk, name, text):
    folder, mirror = bulk
    write(folder / name, text)
    assert mirror.update().problems == ()
    payloads = found(mirror, Source.CROSSREF, doi("10.1000/a"), doi("10.1000/ö"), doi("10.9/cited"))
    assert {json.loads(payload)["DOI"] for payload in payloads.values()} == {"10.1000/A", "10.1000/ö"}
    assert set(payloads) == {doi("10.1000/a"), doi("10.1000/ö")}


def test_an_archive_is_read_without_unpacking_it(bulk):
    folder, mirror = bulk
    first, second = json_items(work("10.1000/a")), json_lines(work("10.1000/b"))
    write_tar(folder / "March.tar", {"March/0.json.gz": first, "March/1.jsonl.gz": second, "March/README": "text"})
    assert mirror.update().read == 2
    assert set(found(mirror, Source.CROSSREF, doi("10.1000/a"), doi("10.1000/b"))) == {
        doi("10.1000/a"),
        doi("10.1000/b"),
    }
    assert mirror.update().read == 0


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
@pytest.mark.parametrize(
    "text",
    [
        article_set(*(article(number, doi=f"10.1000/{number}") for number in range(1, 20)), deleted=[99]),
        json_items(*(work(f"10.1000/{number}") for number in range(20)), indent=1),
        json_lines(*(work(f"10.1000/{number}") for number in range(20))),
    ],
)
def test_where_the_bytes_are_cut_does_not_matter(tmp_path, monkeypatch, text, chunk):
    data = text.encode()
    source = records.tell_source(data)
    file = write(tmp_path / "file", data)
    with file.open("rb") as stream:
        whole = list(records.read_entries(stream, source, data[:4096]))
    monkeypatch.setattr(records, "_CHUNK_BYTES", chunk)
    with file.open("rb") as stream:
        assert list(records.read_entries(stream, source, data[:4096])) == whole
    assert len(whole) == 20
    assert all(one.offset + one.length <= len(data) for one in whole)


def test_answer_is_as_old_as_the_newest_record_and_no_newer_than_the_file(bulk):
    folder, mirror = bulk
    write(folder / "a.xml", article_set(article(1, revised="2025-12-20"), article(2, revised="1999-01-01")))
    write(folder / "b.xml", article_set(article(3, revised="2099-01-01")))
    write(folder / "pubmed26n0001.xml", article_set(article(4, revised="1999-01-01")))
    mirror.update()
    wanted = dict.fromkeys([pmid("2"), pmid("3"), pmid("4")])
    dated = {answer.references[0].value: answer.dated for answer in mirror.find(Source.PUBMED, wanted)}
    assert dated["2"] == dt.datetime(2025, 12, 20, tzinfo=dt.UTC)
    assert dated["3"] == dt.datetime.fromtimestamp(JANUARY_2026, dt.UTC)
    # A baseline of 2026 is made in December 2025, however old its records are.
    assert dated["4"] == dt.datetime(2025, 12, 1, tzinfo=dt.UTC)


def test_answers_that_are_not_newer_than_asked_for_are_not_read(bulk):
    folder, mirror = bulk
    write(folder / "a.xml", article_set(article(1), article(2)))
    mirror.update()
    day = dt.datetime(2025, 12, 20, tzinfo=dt.UTC)
    wanted = {pmid("1"): day, pmid("2"): day - dt.timedelta(1)}
    assert [answer.references for answer in mirror.find(Source.PUBMED, wanted)] == [(pmid("2"),)]


def test_files_are_read_once(bulk):
    folder, mirror = bulk
    one = write(folder / "pubmed26n0001.xml.gz", article_set(article(1)))
    two = write(folder / "pubmed26n0002.xml.gz", article_set(article(2)))
    assert mirror.update().read == 2
    os.utime(one, (JANUARY_2026 + 5, JANUARY_2026 + 5))
    assert (mirror.update().read, mirror.update().unchanged) == (0, 2)
    write(two, article_set(article(2), article(3)), changed=JANUARY_2026 + 5)
    done = mirror.update()
    assert (done.read, done.records) == (1, 2)
    one.unlink()
    assert mirror.update().gone == 1
    assert set(found(mirror, Source.PUBMED, pmid("1"), pmid("2"), pmid("3"))) == {pmid("2"), pmid("3")}


def test_a_disk_that_is_not_there_keeps_its_index(bulk):
    folder, mirror = bulk
    write(folder / "pubmed26n0001.xml.gz", article_set(article(1)))
    mirror.update()
    folder.rename(folder.with_name("away"))
    away = Mirror([folder], mirror.index)
    assert (away.missing, away.update().gone) == ([folder], 0)
    folder.with_name("away").rename(folder)
    again = Mirror([folder], mirror.index)
    assert again.update().read == 0
    assert found(again, Source.PUBMED, pmid("1"))


def test_the_index_serves_several_mirrors_and_keeps_them_apart(bulk, tmp_path):
    folder, mirror = bulk
    write(folder / "pubmed26n0001.xml.gz", article_set(article(1)))
    write(tmp_path / "other" / "pubmed26n0001.xml.gz", article_set(article(2)))
    other = Mirror([tmp_path / "other"], mirror.index)
    mirror.update()
    other.update()
    assert set(found(mirror, Source.PUBMED, pmid("1"), pmid("2"))) == {pmid("1")}
    assert set(found(other, Source.PUBMED, pmid("1"), pmid("2"))) == {pmid("2")}


def test_several_processes_read_the_same(bulk, monkeypatch):
    folder, mirror = bulk
    for number in range(1, 9):
        write(folder / f"pubmed26n{number:04}.xml.gz", article_set(article(number), article(99, title=str(number))))
    monkeypatch.setattr(mirrors, "_WORTH_PROCESSES", 0)
    mirror.jobs = 2
    assert (mirror.update().read, mirror.update().read) == (8, 0)
    payloads = found(mirror, Source.PUBMED, *(pmid(str(number)) for number in (*range(1, 9), 99)))
    assert len(payloads) == 9
    assert title(payloads[pmid("99")]) == "8"


def test_a_stopped_update_goes_on_with_the_next_file(bulk, monkeypatch):
    folder, mirror = bulk
    for number in range(1, 5):
        write(folder / f"pubmed26n{number:04}.xml.gz", article_set(article(number)))
    read: list[str] = []

    def stopping(place, changed):
        read.append(place.name)
        if len(read) == 3:
            raise KeyboardInterrupt
        return read_place(place, changed)

    read_place = mirrors.read_place
    monkeypatch.setattr(mirrors, "read_place", stopping)
    with pytest.raises(KeyboardInterrupt):
        mirror.update()
    assert mirror.update().read == 2
    assert [name[9:13] for name in read] == ["0001", "0002", "0003", "0003", "0004"]
    assert len(found(mirror, Source.PUBMED, *(pmid(str(number)) for number in range(1, 5)))) == 4


def test_killed_at_any_point_every_file_is_read_once(bulk):
    folder, mirror = bulk
    for number in range(1, 41):
        write(folder / f"pubmed26n{number:04}.xml.gz", article_set(*(article(number * 100 + i) for i in range(50))))
    code = "import sys; from pathlib import Path; from evidence.mirror.mirror import Mirror\n"
    code += "print('go', flush=True); Mirror([Path(sys.argv[1])], Path(sys.argv[2]), 1).update()"
    for wait in (0.0, 0.01, 0.03):
        command = [sys.executable, "-c", code, str(folder), str(mirror.index)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
    mirror.update()
    assert mirror.status()[0].records == 40 * 50
    assert len(found(mirror, Source.PUBMED, *(pmid(str(n * 100 + i)) for n in range(1, 41) for i in range(50)))) == 2000


def test_a_broken_file_is_named_and_the_rest_goes_on(bulk):
    folder, mirror = bulk
    packed = gzip.compress(article_set(*(article(number) for number in range(1000, 9000))).encode())
    (folder / "pubmed26n0001.xml.gz").write_bytes(packed[: len(packed) // 2])
    write(folder / "pubmed26n0002.xml.gz", article_set(article(2)))
    done = mirror.update()
    (problem,) = done.problems
    assert problem.startswith(f"{folder}/pubmed26n0001.xml.gz: broken: ")
    # What stands before the break can be read as well as ever.
    assert set(found(mirror, Source.PUBMED, pmid("2"), pmid("1000"), pmid("8999"))) == {pmid("2"), pmid("1000")}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xml", article_set(article(1)).replace('"x.dtd"', '"x.dtd" [<!ENTITY a "b">]'), "declares entities"),
        ("a.xml", article_set(article(1)).replace('"utf-8"', '"iso-8859-1"'), "not in UTF-8"),
        ("a.xml", article_set(article(1)).encode("utf-16"), "no file of PubMed or Crossref"),
        ("a.xml", article_set(article(1)).removesuffix("</PubmedArticleSet>\n"), "ends in the middle"),
        ("a.xml", article_set(article(1))[:-60], "ends in the middle"),
        ("a.xml.gz", "<html>404 Not Found</html>", "no file of PubMed or Crossref"),
        ("a.xml", article_set("<PubmedArticle>\n</PubmedArticle>"), "a record without a PMID at byte"),
        ("a.json", json_items(work("10.1000/a"))[:-9], "cut, or is no JSON"),
        ("a.json", '{"items": [' + "[" * 100_000, "nested too deeply"),
        ("a.jsonl", json_lines(work("10.1000/a")).encode("utf-16"), "no file of PubMed or Crossref"),
        ("a.jsonl", '{"DOI": "10.1000/\n' + json_lines(work("10.1000/a")), "no JSON in UTF-8 at byte 0"),
        ("a.jsonl", b'{"DOI": "10.1000/\xff"}\n{"x": 1}\n', "no JSON in UTF-8 at byte 0 is left out, and 1 more"),
        ("a.jsonl", json_lines({"message": work("10.1000/a")}), "a work without a DOI"),
        ("a.tar", "no archive", "no whole tar archive"),
    ],
)
def test_hostile_file_is_named(bulk, name, data, said):
    folder, mirror = bulk
    write(folder / name, data)
    (problem,) = mirror.update().problems
    assert problem.startswith(f"{folder}/{name}: ")
    assert said in problem


def test_a_record_too_large_to_hold_is_left_out(bulk, monkeypatch):
    folder, mirror = bulk
    monkeypatch.setattr(records, "MAX_RECORD_BYTES", 200_000)
    monkeypatch.setattr(records, "_CHUNK_BYTES", 50_000)
    huge = "x" * 1_000_000
    write(folder / "a.xml", article_set(article(1), article(2, title=huge), article(3)))
    write(folder / "b.jsonl", json_lines(work("10.1000/a"), work("10.1000/b", abstract=huge), work("10.1000/c")))
    write(folder / "c.json", json_items(work("10.1000/d"), work("10.1000/e", abstract=huge), work("10.1000/f")))
    assert [problem.partition(": ")[2].partition(" of more")[0] for problem in mirror.update().problems] == [
        "a record",
        "a line",
        "a work",
    ]
    assert set(found(mirror, Source.PUBMED, pmid("1"), pmid("2"), pmid("3"))) == {pmid("1"), pmid("3")}
    assert set(found(mirror, Source.CROSSREF, *(doi(f"10.1000/{one}") for one in "abcdef"))) == {
        doi("10.1000/a"),
        doi("10.1000/c"),
        doi("10.1000/d"),
    }


def test_a_link_out_of_the_mirror_is_not_followed(bulk, tmp_path):
    folder, mirror = bulk
    outside = write(tmp_path / "outside" / "pubmed26n0001.xml.gz", article_set(article(1)))
    (folder / "pubmed26n0001.xml.gz").symlink_to(outside)
    (folder / "more").symlink_to(outside.parent)
    write(folder / "pubmed26n0002.xml.gz", article_set(article(2)))
    (folder / "pubmed26n0003.xml.gz").symlink_to(folder / "pubmed26n0002.xml.gz")
    (problem,) = mirror.update().problems
    assert "leads out of the mirror" in problem
    assert set(found(mirror, Source.PUBMED, pmid("1"), pmid("2"))) == {pmid("2")}


def test_other_files_are_passed_over(bulk):
    folder, mirror = bulk
    for name in ("README.txt", "pubmed26n0001.xml.gz.md5", "stats.html", "pubmed26n0002.xml.gz.part"):
        write(folder / name, "text")
    assert mirror.update() == mirrors.Updated(0, 0, 0, 0, ())


def test_a_file_that_was_replaced_since_gives_no_other_work(bulk):
    folder, mirror = bulk
    file = write(folder / "pubmed26n0001.xml.gz", article_set(article(11), article(12)))
    mirror.update()
    write(file, article_set(article(21), article(22)))
    assert found(mirror, Source.PUBMED, pmid("11"), pmid("12")) == {}


def test_an_index_of_another_version_is_made_anew(bulk):
    folder, mirror = bulk
    write(folder / "pubmed26n0001.xml.gz", article_set(article(1)))
    mirror.update()
    with mirrors.indexes.opened(mirror.index) as index:
        index._connection.execute("PRAGMA user_version = 99")
    assert mirror.update().read == 1


def test_an_index_that_is_no_database_is_an_error_with_its_path(bulk):
    _folder, mirror = bulk
    mirror.index.write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match=r"index\.sqlite3"):
        mirror.update()
