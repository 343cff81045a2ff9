"""The HTML report as text: hostile words stay words, nothing is loaded, numbers are those of the JSON."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from auditing import Vault
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import RETRACTION, unresolved, work
from msgspec.structs import replace
from reporting import HOSTILE, audit_of, many, placed, report_of
from running import run

from evidence.audit.html import to_html, write_html
from evidence.audit.html.addresses import address_of_page, slug
from evidence.audit.html.sections import choose_sections
from evidence.audit.reports import to_dict
from evidence.audit.trend import read_trend
from evidence.errors import ExportError, StoreError
from evidence.store import models
from evidence.store.database import writing
from evidence.vocabulary import Flag, Status

HOSTS = ("https://doi.org/", "https://pubmed.ncbi.nlm.nih.gov/", "https://pmc.ncbi.nlm.nih.gov/articles/")


class Page(HTMLParser):
    """The tags, anchors and links of a page, and its words."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.words = []
        self.feed(text)
        self.ids = [attrs["id"] for _, attrs in self.tags if "id" in attrs]
        self.links = [attrs["href"] for name, attrs in self.tags if name == "a"]

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def of_kind(page, name):
    return [attrs for tag, attrs in page.tags if tag == name]


def test_hostile_text_stays_text():
    one = placed(work(title=HOSTILE), text=HOSTILE, path=f"{HOSTILE}.md", section=(HOSTILE,))
    html = to_html(report_of(one), base="..", trend=[audit_of("2026-10-01")])
    page = Page(html)
    assert len(of_kind(page, "script")) == 1
    assert not {name for name, _ in page.tags} & {"img", "iframe", "object", "embed", "base"}
    assert not [key for _, attrs in page.tags for key in attrs if key.startswith("on") or key == "style"]
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "{{ 7 * 7 }}" in html


@given(text=st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_the_same_tags(text):
    plainly = Page(to_html(report_of(placed(work(title="x"), text="x", path="a/b.md"))))
    page = Page(to_html(report_of(placed(work(title=text or "x"), text=text, path="a/b.md"))))
    assert [name for name, _ in page.tags] == [name for name, _ in plainly.tags]
    to_html(report_of(placed(work(title=text), text=text, path=text))).encode()


def test_only_registries_pages_and_anchors_are_linked():
    page = Page(to_html(report_of(placed(work()), placed(work("b"), path="javascript:alert(1)")), base="../vault"))
    assert all(value.startswith(("#", "../vault/", *HOSTS)) for value in page.links)
    assert not [attrs for _, attrs in page.tags if "src" in attrs]
    assert [attrs["href"] for attrs in of_kind(page, "link")] == ["data:,"]


@given(path=st.text(min_size=1), base=st.sampled_from([".", "..", "../../x", "vault"]))
def test_address_of_a_page_never_leaves_the_disk(path, base):
    address = address_of_page(path, base)
    assert re.match(r"\.{1,2}/", address)
    assert not re.search(r"[:<>\"'\s?#\\]", address)


@given(st.text())
def test_slug_is_a_safe_name(text):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(text))


def test_nothing_may_be_loaded():
    html = to_html(report_of(placed(work())))
    (policy,) = [attrs["content"] for attrs in of_kind(Page(html), "meta") if "http-equiv" in attrs]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "url(" not in html
    assert "@import" not in html


def test_counts_are_those_of_the_json():
    report = many(300)
    counts = {name: number for name, number in to_dict(report)["counts"].items() if number}
    table = re.search(r'<table class="statuses">.*?</table>', to_html(report), re.DOTALL)[0]
    rows = re.findall(r"</span> ([\w-]+)</span>.*?<td class=\"n\">(.*?)</td>", table, re.DOTALL)
    assert {name: int(re.sub(r"<[^>]+>|,", "", number)) for name, number in rows} == counts


def numbers_of(html, caption):
    """The rows of a table: names and numbers as shown."""
    table = re.search(rf'<caption class="hidden">{caption}</caption>(.*?)</table>', html, re.DOTALL)[1]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table.split("<tbody>")[1], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]+>|(?<=\d),(?=\d)", "", cell).strip() for cell in row] for row in cells]


def test_sections_recompute_from_the_json():
    report = many(300)
    claims = to_dict(report)["claims"]
    for name, shown_claims, shown_cited, *_ in numbers_of(
        to_html(report), "Claims, statuses and sources of each section"
    ):
        own = [one["status"] for one in claims if one["path"].split("/")[1] == name]
        assert int(shown_claims) == len(own) - own.count("not-a-claim")
        assert int(shown_cited) == len(own) - own.count("not-a-claim") - own.count("uncited")


def test_matrix_recomputes_from_the_json():
    report = many(300)
    values = to_dict(report)
    cell_of = {
        one["id"]: ((one["design"] or ["not known"])[0], "human" if one["level"] == "human" else "not known")
        for one in values["sources"]
    }
    counted = Counter(cell for one in values["claims"] for cell in {cell_of[work["id"]] for work in one["works"]})
    html = to_html(report)
    organisms = re.findall(
        r'<th scope="col">([^<]+)</th>', html.split("Claims by design and organism</caption>")[1].split("</thead>")[0]
    )[1:]
    shown = {
        (design, organism): int(number)
        for design, *numbers in numbers_of(html, "Claims by design and organism")
        for organism, number in zip(organisms, numbers, strict=True)
    }
    assert {cell: number for cell, number in shown.items() if number} == counted


def test_years_recompute_from_the_json_and_name_the_retracted():
    report = report_of(
        placed(work("a", year=2019), id="c1"),
        placed(work("b", year=2019, notices=(RETRACTION,)), id="c2"),
        placed(work("c", year=1951), id="c3"),
    )
    rows = [row[:3] for row in numbers_of(to_html(report), "Cited works by year")]
    assert rows == [["2019", "2", "✕ 1"], ["1951", "1", "0"]]


def test_sources_that_hold_claims_alone_are_those_of_the_json():
    report = many(300)
    held = {len(one["claims_held_alone"]) for one in to_dict(report)["sources"]}
    shown = [int(row[0]) for row in numbers_of(to_html(report), "Works that hold up more than one claim alone")]
    assert shown == sorted(shown, reverse=True)
    assert set(shown) <= held


def test_findings_are_those_of_the_json():
    report = many(300)
    counted = Counter((one["code"], one["severity"]) for one in to_dict(report)["findings"])
    for name, *numbers in numbers_of(to_html(report), "Findings by code"):
        shown = zip(("error", "warning", "info"), map(int, numbers), strict=True)
        assert all(number == counted[name.split()[0], severity] for severity, number in shown)


def test_trend_shows_each_day():
    trend = [
        audit_of("2026-10-01", {Status.SINGLE_STUDY: 3, Status.REPLICATED: 1}),
        audit_of("2026-11-01", {Status.UNCITED: 1}),
    ]
    rows = numbers_of(to_html(report_of(placed(work())), trend=trend), "Single-study share by audit")
    assert rows == [["2026-11-01", "0", "0", ""], ["2026-10-01", "4", "3", "75.0 %"]]


def test_trend_names_where_the_rules_changed():
    trend = [audit_of("2026-10-01"), audit_of("2026-11-01", run=2), audit_of("2026-11-02", run=3, rules="5")]
    rows = numbers_of(to_html(report_of(placed(work())), trend=trend), "Single-study share by audit")
    assert [row[0] for row in rows] == ["2026-11-02 (rules 4 -&gt; 5)", "2026-11-01", "2026-10-01"]


def test_trend_is_read_from_the_runs_one_for_each_refresh():
    vault = Vault()
    with writing(vault.engine) as session:
        for command, day, hour, number in (
            ("audit", 1, 8, 5),
            ("audit", 1, 9, 4),
            ("refresh", 2, 7, 0),
            ("audit", 2, 8, 3),
        ):
            when = dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)
            row = {"command": command, "started_at": when, "finished_at": when, "counts": {"single-study": number}}
            session.execute(sa.insert(models.Run), row)
        session.execute(sa.insert(models.Run), {"command": "audit", "started_at": when, "counts": {}})
    assert [(one.date, one.cited) for one in read_trend(vault.engine)] == [("2026-11-01", 5), ("2026-11-02", 3)]


def test_same_report_gives_the_same_bytes():
    assert to_html(many(50)) == to_html(many(50))


def test_flags_tags_and_fixes_are_said():
    html = to_html(report_of(placed(unresolved())))
    assert Flag.UNVERIFIED.value in html
    assert "tag it needs-replication" in html


def test_acknowledged_findings_stand_apart():
    report = report_of(placed(work()))
    number = len(report.findings)
    report.findings = [*report.findings[1:], replace(report.findings[0], acknowledged="known since May")]
    html = to_html(report)
    assert "known since May" in html
    assert sum(int(one) for row in numbers_of(html, "Findings by code") for one in row[1:]) == number - 1


def figures_of(html):
    """What the tables of the index show: by caption, the rows by name, each with its numbers by column."""
    found = {}
    for caption in re.findall(r'<caption class="hidden">(.*?)</caption>', html):
        table = html.split(f">{caption}</caption>")[1]
        heads = re.findall(r"<th [^>]*>(.*?)</th>", table.split("</thead>")[0], re.DOTALL)
        # Without the sign of a status, which only the eye reads.
        names = [re.sub(r"<span[^>]*aria-hidden.*?</span>|<[^>]+>", "", one).strip().lower() for one in heads]
        rows = [dict(zip(names, row, strict=True)) for row in numbers_of(html, caption)]
        found[caption] = {row.get("work") or row[names[0]]: row for row in rows}
    return found


@pytest.fixture(scope="module")
def recounted():
    """An audit as its JSON, the tables of its HTML, and the HTML."""
    claims = [one.claim for one in many(120).claims]
    claims += [placed(unresolved("open"), id="open", path="wiki/cells/z.md", line=9)]
    claims += [
        placed(work(f"y{one}", year=1990 + one, organisms=("mouse",)), id=f"y{one}", path="wiki/cells/y.md")
        for one in range(5)
    ]
    claims += [placed(work("twice"), id=f"t{one}", path="wiki/cells/y.md", line=20 + one) for one in range(2)]
    claims += [placed(id="links", path="wiki/cells/y.md", line=40, text="[[a]], [[b]]")]
    report = report_of(*claims)
    html = to_html(report)
    return to_dict(report), figures_of(html), html


def test_totals_recompute_from_the_json(recounted):
    values, _, html = recounted
    counts = Counter(one["status"] for one in values["claims"])
    cited = sum(counts.values()) - counts["uncited"] - counts["not-a-claim"]
    words = re.sub(r"<[^>]+>", "", html)
    assert re.search(r"(\d+) pages · (\d+) claims, (\d+) of them cited", words).groups() == (
        str(len({one["path"] for one in values["claims"]})),
        str(cited + counts["uncited"]),
        str(cited),
    )
    table = re.search(r'<table class="statuses">.*?</table>', html, re.DOTALL)[0]
    rows = re.findall(r'</span> ([\w-]+)</span>.*?<td class="n">(.*?)</td><td class="n">(.*?)</td>', table, re.DOTALL)
    shown = {name: tuple(re.sub(r"<[^>]+>", "", one) for one in cells) for name, *cells in rows}
    assert shown == {
        status: (str(number), "" if status in {"uncited", "not-a-claim"} else f"{100 * number / cited:.1f} %")
        for status, number in counts.items()
    }


@pytest.mark.parametrize("kind", ["section", "page"])
def test_figures_of_pages_and_sections_recompute_from_the_json(recounted, kind):
    values, tables, _ = recounted
    years = {one["id"]: one["year"] for one in values["sources"]}
    name_of = (lambda path: path.split("/")[1]) if kind == "section" else str
    table = tables[f"Claims, statuses and sources of each {kind}"]
    assert table.keys() == {name_of(one["path"]) for one in values["claims"]}
    for name, row in table.items():
        own = [one for one in values["claims"] if name_of(one["path"]) == name]
        counts = Counter(one["status"] for one in own)
        judged = len(own) - counts["not-a-claim"]
        works = {work["id"] for one in own for work in one["works"] if not work["why"].startswith("does not exist")}
        of_works = sorted(years[one] for one in works if years[one] is not None)
        wanted = {
            kind: name,
            "claims": str(judged),
            "cited": str(judged - counts["uncited"]),
            "no claims": str(counts["not-a-claim"]),
            "uncited": str(counts["uncited"]),
            "uncited share": f"{100 * round(counts['uncited'] / judged, 3):.1f} %",
            "median year": str(of_works[(len(of_works) - 1) // 2]) if of_works else "",
            "newest": str(of_works[-1]) if of_works else "",
        }
        wanted |= {status: str(counts[status]) for status in values["counts"] if status in row}
        wanted |= {
            level: str(sum(one["level"] == level for one in own)) for level in ("human", "mixed", "animal", "cells")
        }
        assert row == wanted


def test_figures_of_works_flags_and_findings_recompute_from_the_json(recounted):
    values, tables, _ = recounted
    flags = Counter(flag for one in values["claims"] for flag in one["flags"])
    assert sorted(int(row["claims"]) for row in tables["Claims by flag"].values()) == sorted(flags.values())
    years = Counter(str(one["year"] or "not known") for one in values["sources"])
    assert {year: int(row["works"]) for year, row in tables["Cited works by year"].items()} == years
    fallen = Counter(str(one["year"]) for one in values["sources"] if one["status"] == "retracted")
    shown = {year: row["retracted"].strip("✕ ") for year, row in tables["Cited works by year"].items()}
    assert {year: int(number) for year, number in shown.items() if number != "0"} == fallen
    holding = {
        one["identifiers"][0]: (str(len(one["claims_held_alone"])), str(len(one["pages"])))
        for one in values["sources"]
        if len(one["claims_held_alone"]) > 1
    }
    bearing = tables["Works that hold up more than one claim alone"]
    assert {name.split()[0]: (row["alone"], row["pages"]) for name, row in bearing.items()} == holding
    found = Counter((one["code"], one["severity"]) for one in values["findings"])
    for name, row in tables["Findings by code"].items():
        assert all(int(row[severity]) == found[name.split()[0], severity] for severity in ("error", "warning", "info"))
    assert sum(found.values()) == sum(
        int(row[severity]) for row in tables["Findings by code"].values() for severity in ("error", "warning", "info")
    )


# --- as files ------------------------------------------------------------------------------------------------------


def read_all(output):
    """The pages of a report by their place."""
    files = [output, *sorted(output.with_suffix("").glob("*.html"))]
    return {file: Page(file.read_text("utf-8")) for file in files}


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A large report with its folder."""
    folder = tmp_path_factory.mktemp("large")
    report = many(3000)
    write_html(report, folder / "my report.html", root=folder)
    return report, folder / "my report.html"


def test_small_vault_is_one_file(tmp_path):
    write_html(many(60), tmp_path / "report.html", root=tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize("number", [1, 60, 3000])
def test_every_link_leads_somewhere(tmp_path, number):
    write_html(many(number), tmp_path / "my report.html", root=tmp_path)
    pages = read_all(tmp_path / "my report.html")
    for file, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), file
        for link in page.links:
            place, _, anchor = link.partition("#")
            target = (file.parent / place.replace("%20", " ")).resolve() if place else file
            if link.startswith(HOSTS) or "/wiki/" in link or target.suffix == ".json":
                continue
            assert anchor in pages[target].ids or not anchor, (file.name, link)


def test_every_cited_claim_of_a_large_vault_stands_in_one_file_beside_the_index(large):
    report, output = large
    found = Counter(
        attrs["id"] for file, page in read_all(output).items() if file != output for attrs in of_kind(page, "article")
    )
    cited = [one.claim.id for one in report.claims if one.verdict.status is not Status.UNCITED]
    assert found == Counter(cited)


def test_no_page_is_long(large):
    _, output = large
    assert max(len(of_kind(page, "article")) for page in read_all(output).values()) == 500


def test_index_of_a_large_vault_has_the_worst_claims(large):
    report, output = large
    statuses = [attrs["data-status"] for attrs in of_kind(Page(output.read_text("utf-8")), "article")]
    assert statuses == ["retracted"] * 500
    assert report.counts[Status.RETRACTED] == 500


def test_json_lies_beside_a_large_report(large):
    report, output = large
    assert json.loads((output.with_suffix("") / "audit.json").read_text("utf-8")) == to_dict(report)


def test_sections_that_differ_in_signs_alone_have_files_of_their_own(large):
    _, output = large
    names = {one.name for one in output.with_suffix("").glob("section-*.html")}
    assert {"section-genes.html", "section-genes_2.html", "section-cells.html"} <= names


def test_report_on_standard_output_says_that_it_is_cut_and_links_nothing_that_is_not_there():
    page = Page(to_html(many(3000)))
    assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))
    assert "claims only" in "".join(page.words)


def test_large_report_is_written_again_over_itself_and_a_small_one_removes_its_folder(tmp_path):
    output = tmp_path / "report.html"
    write_html(many(3000), output)
    (tmp_path / "report" / "works.html").write_text("old")
    write_html(many(3000), output)
    assert (tmp_path / "report" / "works.html").read_text() != "old"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["report", "report.html"]
    write_html(many(60), output)
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_report_with_another_ending_finds_its_index(tmp_path):
    write_html(many(700), tmp_path / "a.b.htm")
    page = Page((tmp_path / "a.b" / "works.html").read_text("utf-8"))
    assert "../a.b.htm" in page.links


def test_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "thesis.md").write_text("mine")
    with pytest.raises(ExportError):
        write_html(many(3000), tmp_path / "report.html")
    write_html(many(10), tmp_path / "report.html")
    assert (tmp_path / "report" / "thesis.md").read_text() == "mine"


class Breaking(list):
    """Claims that can be read once, and the second time half of them."""

    reads = 0

    def __iter__(self):
        self.reads += 1
        for number, one in enumerate(super().__iter__()):
            if self.reads > 1 and number > len(self) / 2:
                raise StoreError("the disk is gone")
            yield one


def test_failed_report_leaves_the_old_one(tmp_path, large):
    report, _ = large
    write_html(report, tmp_path / "report.html")
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    broken = many(3000)
    broken.claims = Breaking(broken.claims)
    with pytest.raises(StoreError):
        write_html(broken, tmp_path / "report.html")
    assert {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()} == before


# --- sections ------------------------------------------------------------------------------------------------------


@given(st.lists(st.from_regex(r"([ab]/){0,3}[a-z]{1,3}\.md", fullmatch=True), min_size=1, unique=True))
def test_every_page_has_a_section(paths):
    of = choose_sections(paths)
    assert all(of(path, ()) for path in paths)
    if len(paths) > 1:
        assert len({of(path, ()) for path in paths}) > 1


# --- from the command line -----------------------------------------------------------------------------------------


def test_command_writes_the_report_and_links_the_pages(tmp_path):
    (tmp_path / "config.toml").write_text("[vault]\npaths = ['wiki']\n")
    (tmp_path / "wiki").mkdir()
    (tmp_path / "wiki" / "a b.md").write_text("# Bone\n\nBone is lost.[^a]\n\n[^a]: in-vivo · doi:10.1000/a1\n")
    run("refresh", "--offline", cwd=tmp_path)
    run("audit", "--format", "html", "-o", "exports/report.html", cwd=tmp_path)
    page = Page((tmp_path / "exports" / "report.html").read_text("utf-8"))
    assert "../wiki/a%20b.md#L3" in page.links
    assert "Single-study share over the audits" in "".join(page.words)
    assert run("audit", "--format", "html", cwd=tmp_path).stdout.startswith("<!doctype html>")
