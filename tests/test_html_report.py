"""The HTML report: everything hostile is escaped, nothing is loaded, numbers are those of the JSON."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from judging import CHOICES, RETRACTION, claim, review, work

from evidence.audit.html import to_html
from evidence.audit.reports import to_dict
from evidence.audit.run import AuditReport, JudgedClaim, SourceLine
from evidence.audit.verdicts import judge

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> \x1b[31m"


def report_of(*claims):
    report = AuditReport(pages=1)
    for one in claims:
        verdict = judge(one, CHOICES)
        report.claims.append(JudgedClaim(one, verdict))
        for line in verdict.works:
            report.sources.setdefault(line.work.id, SourceLine(line.work))
    return report


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def tags(html):
    parser = Tags()
    parser.feed(html)
    return parser.found


def test_hostile_text_stays_text():
    html = to_html(report_of(claim(work(title=HOSTILE), text=HOSTILE)))
    names = {name for name, _ in tags(html)}
    assert not names & {"script", "img", "iframe", "object"}
    assert "\x1b" not in html


def test_nothing_is_loaded_and_only_registries_are_linked():
    html = to_html(report_of(claim(work())))
    links = [value for name, attrs in tags(html) for key, value in attrs.items() if key in {"src", "href"}]
    assert all(value.startswith(("#", "https://doi.org/", "https://pubmed.ncbi.nlm.nih.gov/")) for value in links)
    assert "url(" not in html


def test_counts_are_those_of_the_json():
    report = report_of(claim(work()), claim(review()), claim(work(notices=(RETRACTION,))), claim())
    html = to_html(report)
    shown = dict(re.findall(r'<td class="status \w+">\S+ ([\w-]+)</td><td class="number">(\d+)</td>', html))
    counts = to_dict(report)["counts"]
    assert {name: int(number) for name, number in shown.items()} == {name: one for name, one in counts.items() if one}


def test_report_reads_without_colour_and_has_a_language():
    found = tags(to_html(report_of(claim(work()))))
    assert ("html", {"lang": "en"}) in found
    assert [name for name, _ in found].count("h1") == 1
