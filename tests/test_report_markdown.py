"""The audit as Markdown: short, and whatever a page or a registry says stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from judging import claim, work
from markdown_it import MarkdownIt
from reported import HOSTILE, TEXTS, finding, hostile_report, report_of, vault

from evidence.audit.reports.markdown import escape, markdown_chunks
from evidence.audit.reports.presentation import Presentation
from evidence.terminal import plain

# What GitHub links and whom it tells of a mention, looked for in the finished text.
LINKED = re.compile(r"https?://|www\.[a-z]|[\w.]+@\w|(?<!\w)@\w|#\d", re.IGNORECASE)
RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class Rendered(HTMLParser):
    """The tags and the cells of a page."""

    def __init__(self, markdown):
        super().__init__()
        self.tags, self.rows, self.text = [], [], ""
        self.feed(RENDERER.render(markdown))

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_data(self, data):
        self.text += data
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.rstrip("\n")


def markdown(report, **presentation):
    return "".join(markdown_chunks(report, Presentation(**presentation)))


@settings(deadline=None)
@given(TEXTS)
def test_text_is_shown_as_it_is(text):
    shown = Rendered(f"| a |\n|---|\n| x{escape(text)} |\n")
    assert set(shown.tags) <= {"table", "thead", "tbody", "tr", "th", "td", "span"}
    assert [len(row) for row in shown.rows] == [1, 1]
    words = " ".join(plain(text).replace("\u200b", "").split())
    assert shown.rows[1][0].replace("\u200b", "").rstrip() == f"x{words}".rstrip()
    assert not LINKED.search(shown.text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_breaks_no_table_and_links_nothing(text):
    shown = Rendered(markdown(hostile_report(text)))
    assert set(shown.tags) <= {
        *["h1", "h2", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "code", "span"]
    }
    assert {len(row) for row in shown.rows} <= {2, 4, 6}
    assert not LINKED.search(shown.text)


def test_the_worst_come_first_and_a_source_is_told_once():
    shown = Rendered(markdown(vault().audit())).rows
    statuses = [row[0].split(",")[0] for row in shown if len(row) == 4 and ":" in row[3]]
    # The replicated one is of mice, and no tag says so: tags that disagree come before what names no work.
    assert statuses == ["retracted", "single-study", "replicated", "unresolved"]


def test_top_sets_how_many():
    report = report_of(*(claim(work(f"w{number}"), text=f"Claim {number} is so.") for number in range(40)))
    assert [markdown(report, **chosen).count("single-study,") for chosen in ({}, {"top": 3}, {"top": 0})] == [20, 3, 40]


def test_what_was_acknowledged_is_counted_apart():
    report = report_of(findings=[finding(), finding(line=9, acknowledged="read it twice")])
    assert "| EV001 | 1 | 0 | 0 | 1 |" in markdown(report)


def test_it_fits_into_a_summary_whatever_is_asked_for():
    report = report_of(*(claim(work(f"w{number}"), text="β" * 500) for number in range(3000)))
    written = markdown(report, top=0)
    assert 900_000 < len(written.encode()) <= 1024 * 1024
    assert "Cut here" in written
    assert written.endswith("`evidence audit --format json`.\n")
    assert len({len(row) for row in Rendered(written).rows} - {2, 4}) == 0
