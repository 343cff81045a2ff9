"""The audit as CSV: what a spreadsheet reads is what the audit said, and nothing in it is a formula."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given, settings
from reported import HOSTILE, TEXTS, finding, hostile_report, report_of, reports, vault

from evidence.audit.reports.csv import csv_chunks, findings_csv_chunks, harmless
from evidence.audit.reports.json import to_dict
from evidence.terminal import plain

_BEFORE_FORMULA = re.compile(r"""["'\s]*(?=[=+\-@＝＋－＠])""")


def is_formula(cell):
    found = _BEFORE_FORMULA.match(cell)
    return found is not None and not found[0].endswith("'")


def rows(chunks):
    text = "".join(chunks)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))


def test_one_row_a_claim_with_the_values_of_the_json():
    report = vault().audit()
    table, claims = rows(csv_chunks(report)), to_dict(report)["claims"]
    assert [(one["path"], int(one["line"]), one["status"], one["claim_id"]) for one in table] == [
        (one["path"], one["line"], one["status"], one["id"]) for one in claims
    ]
    assert [int(one["studies"]) for one in table] == [sum(map(len, one["groups"])) for one in claims]
    assert [one["strength"] or None for one in table] == [one["strength"] for one in claims]
    counted = [[work["identifiers"][0] for work in one["works"] if work["counted"]] for one in claims]
    shown = [[name.split()[0] for name in one["counted_works"].split(" | ") if name] for one in table]
    assert shown == counted


def test_every_row_says_what_it_rests_on():
    report = vault().audit()
    for one in rows(csv_chunks(report)) + rows(findings_csv_chunks(report)):
        assert (one["schema"], one["rules"], one["incomplete"]) == ("2", to_dict(report)["rules"], "no")
        assert one["limits"] == " | ".join(report.limits)


def test_one_row_a_finding_with_the_reason_for_letting_it_pass():
    report = report_of(findings=[finding(line=7), finding(line=8, acknowledged="read it twice")])
    assert [(one["line"], one["acknowledged"]) for one in rows(findings_csv_chunks(report))] == [
        ("7", ""),
        ("8", "read it twice"),
    ]


@settings(deadline=None)
@given(reports())
def test_no_cell_is_a_formula_where_a_comma_or_a_semicolon_ends_cells(report):
    for text in ("".join(csv_chunks(report)), "".join(findings_csv_chunks(report))):
        cells = [cell for line in csv.reader(io.StringIO(text[1:], newline="")) for cell in line]
        assert not [cell for cell in [*cells, *text.split(";")] if is_formula(cell)]


@settings(deadline=None)
@given(TEXTS)
def test_what_is_read_back_is_what_was_written(text):
    report = report_of(findings=[finding(message=text, fix=text)])
    (row,) = rows(findings_csv_chunks(report))
    assert row["message"] == row["fix"] == harmless(text)


@settings(deadline=None)
@given(TEXTS)
def test_only_apostrophes_are_added_to_the_words_of_a_cell(text):
    words = " ".join(plain(text).split())
    assert re.sub(r"'+(?=[=+\-@＝＋－＠])", "", harmless(text)) == re.sub(r"'+(?=[=+\-@＝＋－＠])", "", words)
    assert not set(harmless(text)) & set("\t\r\n\x00\x1b\u202e\ud800")


@pytest.mark.parametrize("text", HOSTILE)
def test_lines_end_as_rfc_4180_wants_and_all_are_of_one_length(text):
    written = "".join(csv_chunks(hostile_report(text)))
    assert written.endswith("\r\n")
    assert not re.search(r"[^\r]\n|\r[^\n]", written)
    assert len({len(line) for line in csv.reader(io.StringIO(written, newline=""))}) == 1
    written.encode()


def test_a_cell_is_never_longer_than_excel_takes():
    assert len(harmless(";=" * 40_000)) == 32_767


def test_the_same_store_gives_the_same_bytes():
    kept = vault()
    assert [*csv_chunks(kept.audit())] == [*csv_chunks(kept.audit())]
