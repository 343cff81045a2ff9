"""What holds for every page whatever: nothing crashes, places are right, and what stands apart is read apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from evidence.extract import extract_page
from evidence.extract.encoding import to_json
from evidence.records import Page
from evidence.vocabulary import PageFormat

CODES = {
    "undefined-mark", "malformed-mark", "heading-mark", "duplicate-key", "empty-note", "unused-note", "front-matter", "dangling-study-page",
    "ambiguous-identifier",
}  # fmt: skip
ENDINGS = (".md", ".html", ".txt")
PAGE_MD = """---
title: Bone
doi: 10.1000/page
tags: [bone, gap/needs-replication]
regulators:
  - "SP1, P08047, 6667, GTRD, ChIP-seq, <a href='https://pubmed.ncbi.nlm.nih.gov/?term=12345678%5Buid%5D'>x</a>"
---
# Bone

Bone is lost with age.[^smith2010] It is not regained [^doe], at least in mice.[^smith2010][^doe] #gap/needs-replication (men)

## Why

Two things are known:[^doe]

- osteoclasts rise [^smith2010, ^doe]
- osteoblasts do not, see [[studies/smith-2010|Smith]] (doi:10.1000/x(1)2) needs-replication
  1. in men
  2. in women[^k-1]

| Drug | n | Paper |
|------|---|-------|
| a\\|b [^doe] | 12 | PMID 12345678 |
| c | 3 | 10.1000/abc |

> [!note] Seen once. #gap/unsourced
> > quoted [^doe]

```
code [^none]
```

[^smith2010]: Smith J, Doe B. Bone loss. J Bone Miner Res 2010;12:3-4. doi:10.1000/x1 PMID: 12345678 · rct · n=12
[^doe]: [[studies/doe-2011]] · "A title of a work" · verified 2024-01-01 · #gap/no-mechanism — why
    goes on · retraction notice doi:10.1000/n1
[^k-1]: see [^doe]
"""
PAGE_HTML = """<!doctype html><html><head><title>Bone</title><style>p{}</style></head><body><main><h1>Bone</h1>
<p>Bone is <b>lost</b> with age.<sup><a href="#fn1" id="fnref1" role="doc-noteref">1</a></sup> It is not regained &amp; so on
<a href="https://doi.org/10.1000/abc">here</a>.[<a href="#fn2">2</a>, <a href="#fn1">1</a>]</p><!-- <p>no</p> -->
<h2 id="why">Why <a aria-hidden="true" href="#why">#</a></h2><ul><li>one<li>two [^left] <code>[^code]</code></ul>
<table><thead><tr><th>a</th><th>PMID</th></tr></thead><tbody><tr><td>x|y</td><td>12345678</td></tr></tbody></table>
<section class="footnotes"><ol><li id="fn1"><p>Smith J. doi:10.1000/x1 <a href="#fnref1">↩</a></p></li>
<li id="fn2">PMID 12345678&nbsp;· rct · n=12</li></ol></section><p>[^left]: doi:10.1000/left</p></main></body></html>
"""
PAGE_TXT = """Bone

Bone is lost with age.1 It is not regained,2 at least in mice [1, 2].

Why

  • osteoclasts rise 2
  • osteoblasts do not needs-replication

  Drug   n    Paper
  ------ ---- ----------
  a      12   PMID 12345678

Footnotes

1. Smith J. Bone loss. doi:10.1000/x1 ↩
2. PMID 12345678 · rct · n=12 ↩︎
"""
PAGES = {".md": PAGE_MD, ".html": PAGE_HTML, ".txt": PAGE_TXT}
SIGNS = st.sampled_from([
    "\n", "\n\n", "\r\n", "\r", "\f", "\v", "\x1c", "\x85", "\u2028", "\u2029", "\0", "\ufeff", "\u00a0", "\u00ad", "\u200b",
    "\U0001d6c3", "\u0301", " ", "  ", "    ", "\t", ".", "!", "?", ":", ";", ",", "-", "—", "·", "•", "…", "|", "\\", "\\|", "`",
    "```", "~~~", "$", "%%", "*", "**", "_", "__", "==", "#", "# ", "## ", "####### ", "> ", ">", "- ", "* ", "+ ", "1. ", "2) ",
    "- [x] ", "|---|---|", "| a | b |", "---", "===", "***", "[", "]", "(", ")", "[^a]", "[^a]:", "[^a]: ", "[^b]", "[^1]",
    "[^a, ^b]", "[^a][^b]", "[^", "[^a", "[^gap/x]", "^[", "[^ ]", "[[", "]]", "[[studies/a-2010|b]]", "[a](b.md)", "![[x]]", "![a](",
    "see [^b]", "[1]", "[1-3]", "[1]: ", "1", "12", "²", "٣", "&amp;", "&lt;", "&#91;", "&nbsp;", "&#x", "&", "<", ">", "</", "<!--",
    "-->", "<p>", "</p>", "<li>", "</li>", "<ol>", "</ol>", '<li id="fn1">', '<li id="fn:a">', '<a href="#fn1">', '<a href="#fnref1">',
    "</a>", "<sup>", "</sup>", "<table>", "</table>", "<tr>", "</tr>", "<td>", "<th>", "</td>", "<h1>", "</h1>", "<h2>", "</h2>",
    "<pre>", "</pre>", "<code>", "</code>", "<script>", "</script>", "<head>", "<title>", "</title>", "</head>", "<main>", "</main>",
    "<br>", "<wbr>", "<a ", 'class="', "id='", "<![CDATA[", "<?xml", "<div>", "</div>", "<nav>", "<svg/>", "<b", "#gap/x", "#gap/",
    "needs-replication", "gap/x", "(scope)", "— scope", "Footnotes\n", "References:\n", "Title", "It rose.", "it fell", "et al.",
    "e.g.", "Fig. 3", "C. elegans", "Smith J, Doe B. ", "Smith, J. A., & ", "J Bone 2010;12:3", "(2019)", "2019", "n=12", "n = 1,234",
    "p<0.05", "rct", "systematic review", "model: mice", "finding: x", "verified 2024-01-01", "RETRACTED", "NOT ", "retraction notice ",
    "preprint ", "doi:10.1000/x1", "10.1000/", "10.1101/2020.01.01.123456v2", "PMID 12345678", "PMIDs ", "PMC123456", "12345678",
    "https://doi.org/10.1000/a(b)c", "https://pubmed.ncbi.nlm.nih.gov/?term=1[uid]+OR+2[uid]", "---\ntitle: x\n---\n", "title: x\n",
    "PMID", "TF", "Target", "x", "A", "é", "中",
])  # fmt: skip
FRAGMENTS = st.lists(SIGNS | st.text(max_size=3), max_size=30).map("".join)
CUT = st.builds(
    lambda page, start, end, inside: page[start : start + 200] + inside + page[end:],
    st.sampled_from(sorted(PAGES.values())),
    st.integers(0, 1500),
    st.integers(0, 1500),
    FRAGMENTS,
)
SMALL = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
TEXTS = SMALL | FRAGMENTS | CUT
# A block that is closed on both sides and holds no mark, note or heading of its own.
BLOCKS = st.sampled_from([
    "Another paragraph.", "Another paragraph. It has two sentences, PMID 23456789.", "- another item\n- and one more", "1. primum\n2. secundum",
    "| h | i |\n|---|---|\n| another | row |", "> a quotation of somebody", "```\ncode [^a]\n```", "<!-- a remark [^a] -->",
])  # fmt: skip
SENTENCES = st.sampled_from([
    "Bone is lost with age.[^a]", "It is not regained [^b].", "Mice differ (Smith et al. 2010), e.g. in bone.[^a][^b] Rats do not.",
    "Seen once. #gap/needs-replication (men)", "Two things are known:[^a]", "As doi:10.1000/x1 says.", "**Bold.** And plain [^a, ^b].",
    "- one [^a]\n- two [^b]", "| h | i |\n|---|---|\n| one [^a] | two |", "> quoted [^b]", "1. first\n2. second[^a]\n   - deeper[^b]",
    "## A heading", "### Another", "It is said[^c] by no note.",
])  # fmt: skip
NOTES = "[^a]: Smith J. Bone loss. doi:10.1000/x1 · rct · n=12\n\n[^b]: PMID 12345678 · #gap/no-mechanism — why\n"


def extract(text, ending=".md"):
    return extract_page(Page(f"page{ending}", text.encode("utf-8")))


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def check_places(text, page):
    """Check the places of everything on a page. Of HTML and of rows of tables the text is what a reader sees."""
    shown = page.format is PageFormat.HTML
    for claim in page.claims:
        assert 0 <= claim.start < claim.end <= len(text)
        assert claim.line == line_of(text, claim.start)
        assert shown or claim.interaction or text[claim.start : claim.end] == claim.text
        for citation in claim.citations:
            assert claim.start <= citation.start < citation.end <= claim.end
            assert (citation.note is None) != (citation.identifier is None)
    for note in page.notes:
        assert 0 <= note.start <= note.end <= len(text)
        assert shown or text[note.start : note.end] == note.text
        assert note.line <= line_of(text, note.start)
        for one in note.identifiers:
            assert note.start <= one.start < one.end
    for one in page.identifiers:
        assert text[one.start : one.end] == one.text != ""
    for before, after in zip(page.claims, page.claims[1:], strict=False):
        assert before.end <= after.start
    for before, after in zip(page.notes, page.notes[1:], strict=False):
        assert before.end <= after.start


@pytest.mark.parametrize("ending", ENDINGS)
@given(text=TEXTS)
@settings(max_examples=120)
@example(text="A heading." + "1" * 60 + "x\n\nText.\n")
@example(text="<p>x &#" + "1" * 5000 + "; y</p>")
@example(text="---\nk: " + "{a: " * 50_000 + "\n---\nx")
@example(text="---\nk: " + "1:" * 50_000 + "1\n---\nx")
@example(text="---\n" + "? " * 50_000 + "\n---\nx")
@example(text="| PMID | TF | Target |\n|---|---|---|\n| 12345678 | &#" + "1" * 5000 + "; | x |\n")
def test_nothing_crashes_and_all_places_are_right(ending, text):
    page = extract(text, ending)

    check_places(text, page)
    ids = [claim.id for claim in page.claims]
    assert len(ids) == len(set(ids))
    assert {problem.code for problem in page.problems} <= CODES
    assert all(problem.line >= 1 and problem.column >= 1 for problem in page.problems)
    assert all(problem.line <= line_of(text, len(text)) for problem in page.problems)
    assert [(note.key, note.occurrence) for note in page.notes] == sorted_occurrences(page.notes)


def sorted_occurrences(notes):
    """The keys of notes, each with the number of notes of that key before it."""
    keys = [note.key for note in notes]
    return [(key, keys[:index].count(key)) for index, key in enumerate(keys)]


@pytest.mark.parametrize("ending", ENDINGS)
@given(data=st.data())
@settings(max_examples=60)
def test_a_page_cut_anywhere_is_read(ending, data):
    written = PAGES[ending]
    start = data.draw(st.integers(0, len(written)))
    text = written[start : data.draw(st.integers(start, len(written)))]

    check_places(text, extract(text, ending))


@pytest.mark.parametrize("ending", ENDINGS)
@given(text=TEXTS)
@settings(max_examples=40)
@example(text="---\nk: 0x" + "f" * 5000 + "\n---\nx")
def test_json_is_made_of_any_page(ending, text):
    json.loads(json.dumps(to_json(extract(text, ending)), allow_nan=False))


@pytest.mark.parametrize("ending", ENDINGS)
def test_line_ends_of_other_systems_change_nothing_that_is_read(ending):
    (claims, notes), (other_claims, other_notes) = (
        as_read(extract(written, ending)) for written in (PAGES[ending], PAGES[ending].replace("\n", "\r\n"))
    )

    assert [one[0] for one in other_claims] == [one[0] for one in claims]
    assert [one[4:] for one in other_claims] == [one[4:] for one in claims]
    assert [one[2:] for one in other_notes] == [one[2:] for one in notes]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "text", ["A word.[^a]", "<p>A word.</p>", "[^a]: doi:10.1000/x", "1. doi:10.1000/x\n\nA word 1."]
)
def test_a_byte_order_mark_moves_all_by_one_and_changes_nothing(ending, text):
    plain, marked = extract(text, ending), extract(f"\ufeff{text}", ending)

    assert as_read(marked) == as_read(plain)
    assert [(one.start, one.end) for one in marked.claims] == [(one.start + 1, one.end + 1) for one in plain.claims]


@given(st.lists(SENTENCES, min_size=1, max_size=6))
def test_every_mark_in_a_claim_with_a_note_is_a_citation_of_it(blocks):
    text = "\n\n".join([*blocks, NOTES])
    page = extract(text)

    body = text[: text.index("[^a]: ")]
    named = [
        (citation.note, citation.occurrence) for claim in page.claims for citation in claim.citations if citation.note
    ]
    assert [key for key, _ in named] == marks_of(body)
    assert all(occurrence == (None if key == "c" else 0) for key, occurrence in named)


def marks_of(text):
    """The keys of the marks of a text, told by the letter behind a caret."""
    return [text[at + 1] for at, char in enumerate(text) if char == "^"]


def as_read(page):
    """What is read from the claims and notes of a page, apart from where it stands."""
    claims = [
        (
            claim.id, claim.kind, claim.section, claim.text, claim.lead_in, claim.tags,
            [(one.note, one.occurrence, one.polarity, one.identifier and one.identifier.value) for one in claim.citations],
        )
        for claim in page.claims
    ]  # fmt: skip
    notes = [
        (one.key, one.text, one.primary, one.n, one.design, one.tags, one.title, one.authors) for one in page.notes
    ]
    return claims, notes


@given(st.lists(SENTENCES, min_size=1, max_size=5), st.lists(SENTENCES, max_size=3), BLOCKS)
def test_a_block_put_between_two_others_changes_neither(before, after, block):
    # A sentence that ends in a colon is about all lists behind it, up to the next paragraph.
    assume(not any(one.endswith(":[^a]") for one in before))
    tail = "\n\n".join([*after, NOTES])
    claims, notes = as_read(extract("\n\n".join([*before, tail])))
    with_block, with_notes = as_read(extract("\n\n".join([*before, block, tail])))

    assert [one for one in with_block if one[3] in {claim[3] for claim in claims}] == claims
    assert with_notes == notes


@given(st.lists(SENTENCES, min_size=1, max_size=5))
def test_a_section_at_the_end_changes_nothing_before_it(blocks):
    text = "\n\n".join([NOTES, *blocks])
    claims, notes = as_read(extract(text))
    with_section, with_notes = as_read(extract(f"{text}\n\n# New\n\nIt is new here.[^b]\n\n- and a new list\n"))

    assert with_section[: len(claims)] == claims
    assert [one[3] for one in with_section[len(claims) :]] == ["It is new here.[^b]", "and a new list"]
    assert with_notes == notes


@given(st.lists(SENTENCES, min_size=1, max_size=5), st.integers(0, 5))
def test_an_unused_note_changes_no_claim(blocks, place):
    text = [*blocks, NOTES]
    with_note = [*blocks[:place], "[^unused]: Doe B. doi:10.1000/other #gap/no-mechanism", *blocks[place:], NOTES]

    assert as_read(extract("\n\n".join(with_note)))[0] == as_read(extract("\n\n".join(text)))[0]


def test_another_process_reads_the_same():
    program = (
        "import sys, json; from evidence.extract import extract_page; from evidence.extract.encoding import to_json; "
        "from evidence.records import Page\n"
        "for ending, text in json.load(sys.stdin).items():\n"
        "    print(json.dumps(to_json(extract_page(Page('page' + ending, text.encode())))))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            input=json.dumps(PAGES), env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }  # fmt: skip

    assert len(answers) == 1


@pytest.mark.parametrize(
    ("ending", "piece"),
    [
        (".html", "<p>It rose.[^a]</p>"),
        (".html", "<div>x"),
        (".html", '<a href="#fn1">1'),
        (".txt", "[1] x\n"),
        (".txt", "a   b\n--- ---\nc   d\n\n"),
        (".md", "[^a]: x\n"),
        (".md", "[^a]: a note of many words " + "averified" * 20),
        (".md", "[[a|"),
        (".md", "`x[^a]` "),
        (".md", "| a[^a] |\n|---|\n| b |\n\n"),
    ],
)
def test_time_grows_with_the_length_of_a_page(ending, piece):
    short, long = (min(seconds(piece * count, ending) for _ in range(3)) for count in (1000, 8000))

    assert long < 40 * short


@pytest.mark.parametrize(
    "page_of",
    [
        lambda count: "x [^0]\n\n" + "".join(f"[^{n}]: see [^{n + 1}]\n" for n in range(count)),
        lambda count: "x [^0]\n\n" + "".join(f"[^{n}]: see [^{(n + 1) % count}]\n" for n in range(count)),
        lambda count: (
            "".join(f"It rose [Lee][b{n}].\n\n" for n in range(count))
            + "".join(f"[b{n}]: https://doi.org/10.1000/a{n}\n" for n in range(count))
        ),
        lambda count: (
            "[a][b] " * count + "\n\n[b]: https://pubmed.ncbi.nlm.nih.gov/?term=" + "12345678[uid]+OR+" * count
        ),
        lambda count: "It rose.[^a] " * count + "\n\n[^a]: x " + "".join(f"#gap/a{n} " for n in range(count)),
        lambda count: "These" + "".join(f"[^{n}]" for n in range(count)) + ":\n" + "- one\n" * count,
    ],
    ids=[
        "a chain of notes",
        "a ring of notes",
        "named links",
        "works of one link",
        "tags of one note",
        "marks of a lead",
    ],
)
def test_time_and_output_grow_with_what_is_handed_on(page_of):
    short, long = (min(seconds(page_of(count), ".md") for _ in range(3)) for count in (125, 1000))
    short_json, long_json = (len(to_json(extract(page_of(count), ".md"))) for count in (125, 1000))

    assert long < 40 * short
    assert long_json < 20 * short_json


@pytest.mark.parametrize(
    "text",
    [
        "averified" * 20_000,
        "n=12 " * 20_000,
        "[[" * 20_000,
        "[a](" * 20_000,
        "· a-2019-" + "a-2019-" * 20_000 + " · x",
        "Smith J, " * 20_000,
    ],
)
def test_a_long_note_takes_no_more_than_seconds(text):
    assert seconds(f"x[^a]\n\n[^a]: Smith J. Title. {text}", ".md") < 5


def seconds(text, ending):
    start = time.process_time()
    extract(text, ending)
    return time.process_time() - start


def test_time_grows_with_the_rows_of_an_interaction_table():
    rows = ['  - "G1, P12345, 12, X, 12345%5Buid%5D, Yes"\n' * count for count in (500, 4000)]
    short, long = (min(seconds(f"---\ntitle: A\nregulators:\n{row}---\n", ".md") for _ in range(2)) for row in rows)

    assert long < 40 * short
