"""The HTML report in a real browser, Debian's Chromium: nothing leaves it, it works by keyboard, and it can be read."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from judging import RETRACTION, review, unresolved, work
from playwright.sync_api import sync_playwright
from reporting import HOSTILE, audit_of, many, placed, report_of

from evidence.audit.html import to_html, write_html
from evidence.terminal import plain
from evidence.vocabulary import Status

TREND = [audit_of(f"2026-0{one}-01", {Status.SINGLE_STUDY: 9 - one, Status.REPLICATED: one}) for one in range(1, 9)]
WIDTHS = (380, 768, 1400)


@pytest.fixture(scope="module")
def browser():
    path = os.environ.get("EVIDENCE_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium: install it, or set EVIDENCE_TEST_CHROMIUM")
    with sync_playwright() as playwright:
        # Chromium's sandbox refuses to run as root.
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        running = playwright.chromium.launch(executable_path=path, args=arguments)
        yield running
        running.close()


@dataclass
class Seen:
    """What a page asked for and complained of."""

    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def usual(browser):
    """The context of pages that need no settings of their own."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    yield context
    context.close()


@pytest.fixture
def visit(browser, usual):
    """Open a file or address; the page remembers in `seen` what it asked for and complained of."""
    closing = []

    def opened(target, **options):
        context = browser.new_context(**options) if options else usual
        page = context.new_page()
        closing.append(context if options else page)
        page.seen = Seen()
        page.on("request", lambda request: page.seen.asked.append(request.url))
        page.on("requestfailed", lambda request: page.seen.refused.append(f"{request.url} {request.failure}"))
        page.on("console", lambda message: page.seen.said.append(message.text))
        page.on("pageerror", lambda error: page.seen.said.append(str(error)))
        page.on("dialog", lambda dialog: page.seen.said.append(f"dialog {dialog.message}") or dialog.dismiss())
        page.goto(target.as_uri() if isinstance(target, Path) else target)
        return page

    yield opened
    for one in closing:
        one.close()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small report, with hostile words and a retracted work."""
    folder = tmp_path_factory.mktemp("small")
    hostile = placed(work("h", title=HOSTILE), id="hostile", text=HOSTILE, path=f"wiki/{HOSTILE}.md")
    script = placed(review("j", title="javascript:alert(1)"), id="script", path="javascript:alert(1)", line=7)
    fallen = placed(work("gone", year=2009, notices=(RETRACTION,)), id="fallen", path="wiki/bones/a.md")
    long = placed(work("l" * 200, title="T" * 300), id="long", text="A1,B2," * 90, path=f"wiki/{'p' * 200}.md")
    claims = [one.claim for one in many(90).claims]
    claims += [placed(work("twice"), id=f"twice{one}", path="wiki/bones/a.md", line=10 + one) for one in range(2)]
    claims.append(placed(unresolved("open"), id="open", path="wiki/bones/a.md", line=20))
    claims.append(placed(id="heading", path="wiki/bones/a.md", line=30, text="[[bmp]], [[oct]]"))
    write_html(report_of(*claims, hostile, script, fallen, long), folder / "report.html", root=folder, trend=TREND)
    return folder / "report.html"


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A large report: the index and a folder."""
    folder = tmp_path_factory.mktemp("large")
    claims = [one.claim for one in many(612).claims]
    claims += [placed(unresolved("open"), id=f"open{one}", path="wiki/cells/z.md", line=one + 1) for one in range(3)]
    claims.append(placed(id="heading", path="wiki/cells/z.md", line=30, text="[[bmp]], [[oct]]"))
    write_html(report_of(*claims), folder / "report.html", root=folder, trend=TREND)
    return folder / "report.html"


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """A report of a large vault as it goes to standard output: one page with the worst claims."""
    file = tmp_path_factory.mktemp("cut") / "cut.html"
    file.write_text(to_html(many(612), trend=TREND))
    return file


def files_of(output):
    """One file of each kind: index, section, works, findings."""
    return [output, *(output.with_suffix("") / f"{name}.html" for name in ("section-cells", "works", "findings"))]


def until(page, said):
    """Wait until an expression holds. The policy of the page forbids the way of playwright, which evaluates a text."""
    end = time.monotonic() + 5
    while not page.evaluate(said):
        assert time.monotonic() < end, said
        time.sleep(0.02)


def shown(page):
    """The ids of the claims that can be seen, in order."""
    return page.eval_on_selector_all(".claim", "nodes => nodes.filter(one => one.checkVisibility()).map(one => one.id)")


def column(page, table, number):
    return page.eval_on_selector_all(
        f"{table} tbody tr", "(rows, number) => rows.map(row => row.cells[number].textContent.trim())", number
    )


# --- nothing leaves the page -----------------------------------------------------------------------------------------


def test_nothing_is_asked_for_and_nothing_fails(visit, small, large):
    for file in (small, *files_of(large)):
        page = visit(file)
        page.emulate_media(color_scheme="dark")
        page.emulate_media(media="print")
        assert page.seen == Seen([file.as_uri()])


def test_nothing_else_is_asked_of_a_server(visit, large):
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=large.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/report.html"
        page = visit(address)
        assert page.seen == Seen([address])
        page.click(".summary tbody a >> nth=0")
        assert page.url.startswith(f"http://127.0.0.1:{server.server_port}/report/section-")
        assert page.seen.said == []
        server.shutdown()


def test_policy_forbids_what_a_hostile_script_would_do(visit, small):
    page = visit(small)
    assert page.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'refused')") == "refused"
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=https://example.org/x onerror=hacked=1>')")
    page.evaluate(
        "{ const one = document.createElement('script'); one.text = 'hacked = 1'; document.body.append(one) }"
    )
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.seen.asked[1:] == ["https://example.org/x"]
    assert page.seen.refused == ["https://example.org/x csp"]


def test_hostile_words_stay_words(visit, small):
    page = visit(small)
    assert page.seen.said == []
    assert page.text_content("#hostile .text") == plain(HOSTILE).strip()
    assert plain(HOSTILE).strip() in page.text_content("#hostile .works")
    assert page.locator("main img, main script, main [onload], main [onerror]").count() == 0
    assert page.get_attribute("#script .place a", "href") == "./javascript%3Aalert%281%29#L7"


# --- filters and sorting ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_filter_by_status(visit, small, by):
    page = visit(small)
    everything = shown(page)
    if by == "mouse":
        page.select_option("select[name=status]", "review-only")
    else:
        page.focus("input[name=text]")
        page.keyboard.press("Tab")
        # Not by the first letters: on a slow machine each of them begins a word of its own.
        for _ in range(page.locator("select[name=status] option").count()):
            if page.input_value("select[name=status]") != "review-only":
                page.keyboard.press("ArrowDown")
    until(page, "document.querySelector('output').textContent.includes(' of ')")
    found = shown(page)
    wanted = page.eval_on_selector_all(".claim[data-status=review-only]", "nodes => nodes.map(one => one.id)")
    assert found == wanted
    assert page.inner_text("output") == f"{len(found)} of {len(everything)} claims here"
    page.click("button[type=reset]")
    until(page, "!document.querySelector('output').textContent.includes(' of ')")
    assert shown(page) == everything


@pytest.mark.parametrize(("name", "value", "attribute"), [("level", "human", "level"), ("flag", "overlap", "flags")])
def test_filter_by_level_and_flag(visit, small, name, value, attribute):
    page = visit(small)
    page.evaluate("document.querySelector('.claim').dataset.flags = 'old overlap'")
    page.evaluate("document.querySelector('select[name=flag]').add(new Option('overlap'))")
    page.select_option(f"select[name={name}]", value)
    until(page, "document.querySelector('output').textContent.includes(' of ')")
    found = page.eval_on_selector_all(
        ".claim:not([hidden])", f"nodes => nodes.map(one => one.dataset.{attribute}.split(' '))"
    )
    assert found
    assert all(value in one for one in found)


def test_search_finds_words_places_and_identifiers(visit, small):
    page = visit(small)
    page.focus("input[name=text]")
    page.keyboard.type("10.1000/GONE  bones")
    until(page, "document.querySelector('output').textContent.startsWith('1 of')")
    assert shown(page) == ["fallen"]
    page.fill("input[name=text]", "nothing has such words")
    until(page, "document.querySelector('output').textContent.startsWith('0 of')")
    assert not page.is_visible("h3:has-text('single-study')")


def test_claims_are_sorted_and_put_back(visit, small):
    page = visit(small)
    printed = shown(page)
    page.select_option("select[name=sort]", "strength")
    until(page, "!document.querySelector('.flat').hidden")
    strengths = page.eval_on_selector_all(".flat .claim", "nodes => nodes.map(one => Number(one.dataset.strength))")
    assert strengths == sorted(strengths)
    assert sorted(shown(page)) == sorted(printed)
    page.select_option("select[name=sort]", "")
    until(page, "document.querySelector('.flat').hidden")
    assert shown(page) == printed


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_tables_are_sorted(visit, small, by):
    page = visit(small)
    button = page.locator("#sections ~ details thead button").nth(1)
    for direction in ("descending", "ascending"):
        if by == "mouse":
            button.click()
        else:
            button.focus()
            page.keyboard.press("Enter")
        assert page.locator("#sections ~ details th[aria-sort]").get_attribute("aria-sort") == direction
        numbers = [int(one.replace(",", "")) for one in column(page, "#sections ~ details table", 1)]
        assert numbers == sorted(numbers, reverse=direction == "descending")


def test_link_into_a_closed_list_opens_it(visit, small):
    page = visit(small)
    assert not page.is_visible(".register li[id^=work-] >> nth=0")
    page.locator(".claim .more").first.evaluate("one => one.closest('details').open = true")
    page.locator(".claim .more").first.click()
    target = page.url.partition("#")[2]
    assert page.is_visible(f"[id='{target}']")


def test_link_to_a_claim_that_is_filtered_away_shows_it(visit, small):
    page = visit(small)
    page.select_option("select[name=status]", "retracted")
    until(page, "document.querySelector('output').textContent.includes(' of ')")
    page.evaluate("location.hash = 'script'")
    until(page, "document.getElementById('script').checkVisibility()")


# --- without script, and on paper ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "value"), [("status", "retracted"), ("sort", "strength"), ("text", "no such words")])
def test_link_to_a_group_that_is_filtered_away_shows_all_of_it(visit, small, name, value):
    page = visit(small)
    anchor = page.evaluate(
        "() => [...document.querySelectorAll('.claims .group')].map(one => one.querySelector('[id^=status-]') ?? one)"
        ".map(one => one.id).find(one => one && one !== 'status-retracted')"
    )
    assert anchor.startswith("status-")
    choose = page.fill if name == "text" else page.select_option
    choose(f"form.filters [name={name}]", value)
    page.wait_for_timeout(200)
    assert not page.evaluate("(name) => document.getElementById(name).checkVisibility()", anchor)
    page.evaluate("(name) => { location.hash = name }", anchor)
    page.wait_for_function("(name) => document.getElementById(name).checkVisibility()", arg=anchor)
    assert page.evaluate(
        "(name) => [...document.getElementById(name).closest('.group').querySelectorAll('.claim')]"
        ".every(one => one.checkVisibility())",
        anchor,
    )


def test_all_can_be_read_without_script(visit, small, large):
    for file in (small, *files_of(large)[1:]):
        page = visit(file, java_script_enabled=False)
        assert not page.is_visible("form")
        assert page.seen.said == []
    page = visit(small, java_script_enabled=False)
    assert page.is_visible("#hostile .text")
    page.click("#hostile summary")
    assert page.is_visible("#hostile .works")


def test_link_into_a_closed_list_opens_it_without_script(visit, small):
    page = visit(small, java_script_enabled=False)
    number = page.locator("td[data-label='single-study'] a").first
    number.click()
    assert page.url.partition("#")[2].endswith("single-study")


def test_paper_shows_closed_lists_and_where_links_lead(visit, small):
    page = visit(small, java_script_enabled=False)
    page.emulate_media(media="print")
    assert page.locator(".register li[id^=work-]").first.bounding_box()["height"] > 10
    link = page.locator(".works a.id").first
    assert "https://doi.org/10.1000/" in link.evaluate(
        "one => getComputedStyle(one, '::after').content.replace('attr(href)', one.getAttribute('href'))"
    )
    assert page.locator("thead").first.evaluate("one => getComputedStyle(one).display") == "table-header-group"
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert len(paper) > 50_000


def test_paper_says_what_is_incomplete_and_names_each_list(visit, small):
    page = visit(small)
    page.emulate_media(media="print")
    assert "Incomplete" in page.locator("#lookups > summary").inner_text()
    assert page.eval_on_selector_all("summary", "all => all.filter(one => !one.checkVisibility()).length") == 0


# --- for every reader ------------------------------------------------------------------------------------------------


def test_nothing_sticks_out_sideways(visit, small, large):
    for file in (small, *files_of(large)):
        page = visit(file)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (file.name, width)


STRUCTURE = """() => {
  const faults = [], all = (query) => [...document.querySelectorAll(query)];
  const levels = all('h1, h2, h3, h4, h5, h6').map(one => Number(one.tagName[1]));
  if (levels.filter(one => one === 1).length !== 1 || levels[0] !== 1) faults.push('h1: ' + levels);
  levels.forEach((one, number) => { if (number && one > levels[number - 1] + 1) faults.push('jump at heading ' + number); });
  if (document.documentElement.lang !== 'en' || !document.title) faults.push('language or title');
  if (all('main').length !== 1) faults.push('main');
  const ids = all('[id]').map(one => one.id);
  if (new Set(ids).size !== ids.length) faults.push('ids twice');
  all('input, select, textarea').forEach(one => { if (!one.labels.length || !one.labels[0].textContent.trim()) faults.push('label ' + one.name); });
  all('a, button, summary').forEach(one => { if (!one.textContent.trim() && !one.ariaLabel) faults.push('name of ' + one.outerHTML); });
  all('svg').forEach(one => {
    const inner = one.parentElement.closest('svg');
    if (inner || one.getAttribute('aria-hidden') === 'true') return;
    const named = (one.getAttribute('aria-labelledby') ?? '').split(' ').every(id => document.getElementById(id)?.textContent);
    if (one.getAttribute('role') !== 'img' || !named || !one.querySelector('title') || !one.querySelector('desc')) faults.push('svg');
    // Links in a picture are for the mouse: the keyboard has those of the table.
    if (one.querySelector('a:not([tabindex="-1"]), [tabindex]:not(a)')) faults.push('focus inside a picture');
    if (!one.closest('section').querySelector('table')) faults.push('no table beside ' + one.querySelector('title').textContent);
  });
  all('table').forEach(one => {
    if (!one.tHead || [...one.tHead.querySelectorAll('th')].some(head => head.scope !== 'col')) faults.push('table without heads');
    [...one.tBodies[0].rows].forEach(row => { if (!row.querySelector('th[scope=row]')) faults.push('row without a head'); });
  });
  all('[aria-labelledby]').forEach(one => one.getAttribute('aria-labelledby').split(' ').forEach(id => {
    if (!document.getElementById(id)) faults.push('labelled by nothing: ' + id); }));
  all('.status').forEach(one => { if (!/[a-z]/.test(one.textContent)) faults.push('status by colour alone'); });
  return faults;
}"""


def test_structure_is_sound(visit, small, large):
    for file in (small, *files_of(large)):
        assert visit(file).evaluate(STRUCTURE) == [], file.name


CONTRAST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).slice(0, 3).map(one => { one /= 255; return one <= .03928 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!(numbers(colour).length === 4 && numbers(colour)[3] === 0)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const ratio = (one, other) => { const [a, b] = [light(one), light(other)].sort((x, y) => y - x); return (a + .05) / (b + .05); };
  const faults = new Set();
  for (const one of document.body.querySelectorAll('*')) {
    if (one.matches('script, option, optgroup, title, desc')) continue;
    const style = getComputedStyle(one);
    if (![...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())) continue;
    const inSvg = one instanceof SVGElement;
    const ink = inSvg ? style.fill : style.color;
    const paper = one.matches('text.on') ? getComputedStyle(one.previousElementSibling).fill : behind(one);
    if (ratio(ink, paper) < 4.5) faults.add(`${one.tagName}.${one.getAttribute('class')} ${ink} on ${paper}`);
  }
  for (const one of document.querySelectorAll('.fill, .bubble, .point')) {
    if (ratio(getComputedStyle(one).fill, behind(one)) < 3) faults.add(`${one.tagName}.${one.getAttribute('class')}`);
  }
  return [...faults];
}"""


def test_contrast_is_enough_in_light_and_dark(visit, small, large):
    for file in (small, *files_of(large)[1:]):
        page = visit(file)
        papers = set()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(CONTRAST) == [], (file.name, scheme)
            papers.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert len(papers) == 2


def test_first_key_leads_to_the_skip_link_and_on_to_the_content(visit, small):
    page = visit(small)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["width"] > 50
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_every_number_of_pages_and_sections_leads_to_as_many_claims(visit, small):
    wrong = visit(small).evaluate(
        """() => [...document.querySelectorAll('.summary td a')].filter(one => {
          const label = one.parentElement.dataset.label;
          if (!/^(uncited|no claims|human|mixed|animal|cells|[a-z]+-[a-z-]+|retracted|unresolved|replicated)$/.test(label)) return false;
          const list = document.getElementById(decodeURIComponent(one.hash.slice(1)));
          return list.querySelectorAll('.places > *').length !== Number(one.textContent.replace(',', ''))
        }).map(one => one.parentElement.outerHTML)"""
    )
    assert wrong == []


UNLINKED = """() => {
  const faults = [];
  // Claims, names and words of others, signs, what a reader types, and the explanations of the numbers themselves.
  const apart = '.claim, bdi, code, footer, form, script, style, title, desc, .zero, [aria-hidden=true]';
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let one = texts.nextNode(); one; one = texts.nextNode()) {
    const around = one.parentElement;
    if (/\\d/.test(one.data.replace(/EV[0-9]{3}/g, '')) && !around.closest(apart) && !around.closest('a[href]')) faults.push(`${around.tagName}.${around.className.baseVal ?? around.className}: ${one.data.trim()}`);
  }
  return faults;
}"""


def test_every_number_stands_in_a_link(visit, small, large, cut):
    for file in (small, cut, *files_of(large), large.with_suffix("") / "flags.html"):
        assert visit(file).evaluate(UNLINKED) == [], file.name


COUNTED = """(name) => {
  // How many claims stand where a number leads: in the list of its own, or below its heading.
  const target = document.getElementById(name);
  const around = target.matches('h1, h2, h3, h4') ? target.parentElement : target;
  const places = new Set([...around.querySelectorAll('.places a, .places bdi')].map(one => one.getAttribute('href') ?? one));
  return [places.size, around.querySelectorAll('.claim').length];
}"""


@pytest.mark.parametrize("kind", ["small", "large"])
def test_every_number_of_claims_leads_to_as_many(visit, request, kind):
    page = visit(request.getfixturevalue(kind))
    numbers = page.eval_on_selector_all(
        ".statuses tbody tr td:first-of-type a",
        "nodes => nodes.map(one => [one.href, Number(one.textContent.replace(',', '')), one.closest('tr').querySelector('th').textContent])",
    )
    assert {"unverified"} <= {label.split("A work")[0].strip() for *_, label in numbers}
    for address, number, label in numbers:
        name = address.partition("#")[2]
        if name in {"sections", "pages"}:
            continue
        page.goto(address)
        places, claims = page.evaluate(COUNTED, name)
        if name.startswith("flag-") and kind == "large":
            parts = page.eval_on_selector_all(
                f"#{name} ~ .places a", "nodes => nodes.map(one => Number(one.textContent.match(/\\((\\d+)\\)$/)[1]))"
            )
            assert sum(parts) == number
            continue
        # Where not all of them stand, a note leads on to the sections.
        assert number in {places, claims} or page.locator(f"#{name} ~ .note a").count(), label


@pytest.mark.parametrize("label", ["human", "animal", "no claims", "uncited"])
def test_every_number_of_a_page_of_a_large_report_leads_to_as_many_claims(visit, large, label):
    page = visit(large.with_suffix("") / "section-cells.html")
    wrong = page.evaluate(
        """(label) => [...document.querySelectorAll(`.summary td[data-label="${label}"] a`)].filter(one => {
          const list = document.getElementById(decodeURIComponent(one.hash.slice(1)));
          return list.querySelectorAll('.places > *').length !== Number(one.textContent.replace(',', ''))
        }).map(one => one.parentElement.outerHTML)""",
        label,
    )
    assert wrong == []


def test_parts_of_pictures_lead_to_their_claims(visit, small):
    page = visit(small)
    drawn = page.eval_on_selector_all(
        ".chart a", "nodes => nodes.map(one => [one.getAttribute('href'), one.closest('.chart').firstElementChild.id])"
    )
    assert {chart for _, chart in drawn} == {
        f"{name}-chart-title" for name in ("sections", "sources", "designs", "years", "trend")
    }
    assert all(page.evaluate("(name) => document.getElementById(name) !== null", href[1:]) for href, _ in drawn)
    # One mark, by the mouse: a bubble leads to the works of its cell.
    page.locator("#designs ~ .pair .chart a").first.click(force=True)
    assert page.url.partition("#")[2].startswith("cell-")


def test_every_number_of_the_matrix_leads_to_as_many_claims(visit, large):
    page = visit(large)
    numbers = page.eval_on_selector_all(
        "#designs ~ .pair td a", "nodes => nodes.map(one => [one.href, Number(one.textContent.replace(',', ''))])"
    )
    assert numbers
    for address, number in numbers:
        page.goto(address)
        name = address.partition("#")[2]
        found = page.evaluate(
            "(name) => new Set([...document.getElementById(name).parentElement.querySelectorAll('.places a')].map(one => one.hash)).size",
            name,
        )
        assert found == number


def test_claim_leads_to_its_page_and_line(visit, large):
    page = visit(files_of(large)[1])
    place = page.locator(".claim .place a").first
    path, _, line = place.inner_text().rpartition(":")
    wanted = f"{(large.parent / path).as_uri()}#L{line}"
    assert place.evaluate("one => one.href") == wanted
