"""How fast pages are read: the whole extraction beside its peers, on the same files, in the same run.

    python benchmarks/extract.py [FOLDER] [--runs N] [--hostile]

Each figure is the best of N runs on one core. "ours" is everything that `evidence extract` does but printing. The peers
do far less: markdown-it-py parses into tokens with its footnote plugin, mwcites finds DOIs, the bare pattern finds what
looks like one. `--hostile` prints how time grows with size on text that is made to be slow.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from evidence.extract import extract_page
from evidence.extract.encoding import to_json
from evidence.records import Page

DEMO = Path(__file__).parent.parent / "evidence" / "demo" / "vault"
BARE_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=DEMO)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--hostile", action="store_true")
    options = parser.parse_args()
    if options.hostile:
        print_growth()
        return
    pages = [Page(str(file), file.read_bytes()) for file in sorted(options.folder.rglob("*.md"))]
    size = sum(len(page.data) for page in pages)
    print(f"{len(pages)} pages, {size / 1e6:.2f} MB, Python {sys.version.split()[0]}, best of {options.runs} runs")
    base = None
    for name, run in peers(pages):
        seconds = min(timed(run) for _ in range(options.runs))
        rate = size / 1e6 / seconds
        base = base or rate
        print(f"{name:<44} {rate:8.2f} MB/s  {rate / base:6.2f} x markdown-it-py")


def peers(pages: list[Page]) -> Iterable[tuple[str, Callable[[], object]]]:
    from markdown_it import MarkdownIt  # noqa: PLC0415
    from mdit_py_plugins.footnote import footnote_plugin  # noqa: PLC0415
    from mdit_py_plugins.front_matter import front_matter_plugin  # noqa: PLC0415
    from mwcites.extractors import doi  # noqa: PLC0415

    texts = [page.data.decode() for page in pages]
    parser = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).use(footnote_plugin)
    yield "markdown-it-py, parse with footnotes", lambda: consume(parser.parse(text) for text in texts)
    yield "ours, whole extraction", lambda: consume(extract_page(page) for page in pages)
    yield "ours, whole extraction and its JSON", lambda: consume(to_json(extract_page(page)) for page in pages)
    yield "mwcites, DOI", lambda: consume(list(doi.extract_search(text)) for text in texts)
    yield "bare DOI pattern", lambda: consume(BARE_DOI.findall(text) for text in texts)


def consume(results: Iterable[object]) -> None:
    """Make each result and let go of it, as a run over a vault does; none of them is held."""
    deque(results, maxlen=0)


def timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def hostile(size: int) -> dict[str, str]:
    """Return texts of about `size` characters that make careless readers slow."""

    def fill(piece: str) -> str:
        return piece * (size // len(piece))

    def count(piece: str) -> str:
        """Return the piece over and over, numbered where it has a `{}`."""
        return "".join(piece.format(number) for number in range(size // (len(piece) + 3)))

    note = "[^a]: Smith J. Title. Journal 2020. doi:10.1000/x1 · "
    table = "| a | b |\n|---|---|\n"
    rule = "--- ---\n"
    return {
        # signs
        "words on one line": fill("word "),
        "one word": fill("w"),
        "spaces": "x" + fill(" ") + "x",
        "tabs and spaces": fill("\t "),
        "empty lines": fill("\n"),
        "lines of spaces": fill("    \n"),
        "carriage returns": fill("\r"),
        "form feeds": fill("x\f"),
        "line separators": fill("x\u2028"),
        "NULs": fill("\0"),
        "astral signs": fill("\U0001d6c3"),
        "combining accents": "e" + fill("\u0301"),
        "soft hyphens": fill("\u00ad"),
        "zero-width spaces": "10.1234/" + fill("\u200b"),
        "stops": fill("."),
        "stops and spaces": fill(". "),
        "capitals and stops": fill("A. "),
        "sentences": fill("It rose. "),
        "abbreviations": fill("et al. "),
        "quotes": fill('"'),
        "quoted stops": fill('."'),
        "backticks": fill("`"),
        "backticks by twos and threes": fill("`` ``` "),
        "backslashes": fill("\\"),
        "stars and underscores": fill("*_"),
        "bold runs": fill("**a** "),
        "bold that never closes": fill("**a "),
        "dashes": fill("-"),
        "equals signs": fill("="),
        "round brackets": fill("("),
        "closing brackets": fill(")"),
        "curly brackets": fill("{"),
        # links and marks
        "square brackets": fill("["),
        "square brackets by pairs": fill("[]"),
        "square brackets, nested": fill("[")[::2] + fill("]")[::2],
        "links that never close": fill("[a](b "),
        "links in links": fill("[a]("),
        "link texts that never close": fill("[a "),
        "images that never close": fill("![a]("),
        "wikilinks that never close": fill("[[a|"),
        "wikilinks": fill("[[a|b]] "),
        "wikilinks, nested": fill("[[")[::2] + fill("]]")[::2],
        "marks that never close": fill("[^a"),
        "marks without definition": fill("[^a] "),
        "marks in code": fill("`x[^a]` "),
        "marks of one key": fill("[^a]") + "\n\n[^a]: x",
        "marks behind a sentence each": fill("It rose.[^a] ") + "\n\n[^a]: doi:10.1000/x",
        "marks, each of its own key": count("[^{}] "),
        "marks and their definitions": count("It rose.[^{0}]\n\n[^{0}]: x\n\n"),
        "one mark of many keys": "x [^" + count("^{}, ") + "a]\n\n[^a]: x",
        "marks and colons": fill("[^a]: "),
        "marks in lead sentences": fill("These:[^a]:\n- x\n\n") + "\n\n[^a]: x",
        "numbered marks": fill("rose [1], ") + "\n\nReferences\n\n[1] x\n",
        "ranges of marks": fill("rose [1-40]. ") + "\n\nReferences\n\n" + "".join(f"[{n}] x\n" for n in range(1, 41)),
        "bare marks": count("It rose.{} ") + "\n\nFootnotes\n\n" + "".join(f"{n}. x\n" for n in range(1, 999)),
        "bare numbers": fill("rose 1, ") + "\n\nFootnotes\n\n1. doi:10.1000/x\n",
        # notes
        "definitions of one key": fill("[^a]: x\n"),
        "definitions": count("[^{}]: x\n"),
        "definitions that point on": count("[^{0}]: see [^1{0}]\n"),
        "definitions that point in a ring": count("[^{}]: see [^0]\n"),
        "empty definitions": fill("[^a]:\n"),
        "numbered notes": count("{}. doi:10.1000/x\n"),
        "first notes": fill("1. doi:10.1000/x\n"),
        "notes in brackets": count("[{}] Smith J. Title. Journal 2020.\n"),
        "headings of notes": fill("References\n"),
        "headings of notes and first notes": fill("Notes\n\n1. x\n\n"),
        "a note of words": note + fill("word "),
        "a note of lines": note + fill("word\n"),
        "a note of indented lines": note + fill("    word\n\n"),
        "a note of parts": note + fill("n=1 · "),
        "a note of counts": note + fill("n=12 "),
        "a note of numbers": note + fill("1,234 "),
        "a note of digits": note + fill("1"),
        "a note of groups of digits": note + fill("1,234,"),
        "a note of p values": note + fill("p<0.05, "),
        "a note of authors": "[^a]: " + fill("Smith J, ") + "Title. Journal 2020.",
        "a note of authors in another style": "[^a]: " + fill("Smith, J. A., & ") + "(2020). Title.",
        "a note of initials": "[^a]: " + fill("J.A. "),
        "a note of capitals": "[^a]: " + fill("Ab "),
        "a note of stops": "[^a]: " + fill("a. "),
        "a note of years": note + fill("2020; "),
        "a note of years in brackets": note + fill("(2020). "),
        "a note of volumes": note + fill("12(3):4-5. "),
        "a note of quotes": note + fill('"a" '),
        "a note of stars": note + fill("*a* "),
        "a note of designs": note + fill("randomized controlled trial; "),
        "a note of denials": note + fill("not retracted, "),
        "a note of notices": note + fill("retraction notice "),
        "a note of identifiers": note + count("doi:10.1000/x{} "),
        "a note of one identifier": note + fill("doi:10.1000/x1; "),
        "a note of identifiers with roles": note + count("preprint doi:10.1101/{}, not PMID 123456; "),
        "a note of study links": note + fill("[[studies/a]] "),
        "a note of dates": note + fill("verified 2024-01-01 "),
        "a note of keys": note + fill("model: x · "),
        "a note of brackets": note + fill("("),
        "a note of tags": note + fill("#gap/a "),
        # identifiers
        "DOI beginnings": fill("10.1234/"),
        "DOIs": count("10.1234/a{} "),
        "round brackets in a DOI": "10.1234/" + fill("("),
        "pairs of brackets in a DOI": "10.1234/" + fill("()"),
        "percent signs in a DOI": "10.1234/" + fill("%25"),
        "entities in a DOI": "10.1234/" + fill("&lt;"),
        "angle brackets in a DOI": "10.1234/" + fill("<1::"),
        "slashes in a DOI": "10.1234/" + fill("a/"),
        "a DOI over lines": "10.1234/" + fill("a-\n"),
        "lists of PMIDs": "PMIDs " + fill("12345678, "),
        "words before PMIDs": fill("PMID "),
        "links to searches": "https://pubmed.ncbi.nlm.nih.gov/?term=" + fill("123456[uid]+OR+"),
        "addresses": fill("https://doi.org/"),
        "one address": "https://x.org/" + fill("a&b="),
        # blocks
        "nested quotes on one line": fill("> "),
        "nested quotes without spaces": fill(">"),
        "quoted lines": fill("> x\n"),
        "quoted lines, each deeper": "".join(">" * depth + " x\n" for depth in range(int((2 * size) ** 0.5))),
        "callouts": fill("> [!note] x\n"),
        "list markers on one line": fill("- "),
        "list items": fill("- x\n"),
        "list items, each deeper": "".join(" " * depth + "- x\n" for depth in range(int((2 * size) ** 0.5))),
        "list items with leads, each deeper": "".join(
            " " * depth + "- x[^a]:\n" for depth in range(int((2 * size) ** 0.5))
        ),
        "a list item of sentences": "- " + fill("It rose.[^a] ") + "\n\n[^a]: x",
        "numbered items": count("{}. x\n"),
        "headings": fill("# x\n"),
        "headings, each deeper and back": fill("# a\n## b\n### c\n#### d\n##### e\n###### f\n"),
        "underlined headings": fill("x\n---\n"),
        "one heading": "# " + fill("a "),
        "one heading of hashes": fill("#"),
        "rules": fill("---\n\n"),
        "one rule": fill("- ")[:-1] + "\n",
        "a rule that is none": fill("* ") + "x",
        "fences": fill("```\n"),
        "fences that never close": fill("```a\n~~~b\n"),
        "fences, each longer": "".join("`" * (3 + depth) + "\nx\n" for depth in range(int((2 * size) ** 0.5))),
        "comments that never close": fill("<!-- "),
        "comments": fill("<!-- --> "),
        "comments of two signs": fill("%% "),
        "table cells in one row": fill("| a "),
        "cells in a row of a table": table + fill("| a "),
        "cells in a row of a table with marks": table + fill("| a[^a] ") + "\n\n[^a]: x",
        "rows": table + fill("| a | b |\n"),
        "rows with identifiers": "| doi | n |\n|---|---|\n" + count("| 10.1234/a{} | 5 |\n"),
        "rows with marks": "| Claim | n |\n|---|---|\n" + fill("| It rose[^a] | 5 |\n") + "\n\n[^a]: x",
        "rows under a header with marks": "| a[^a] | b |\n|---|---|\n" + fill("| It rose[^a] | 5 |\n") + "\n\n[^a]: x",
        "tables": fill("| a | b |\n|---|---|\n| c | d |\n\n"),
        "a delimiter": "| a |\n" + fill("|---"),
        "a delimiter that is none": "| a |\n" + fill("|---") + "x",
        "a delimiter of spaces": "| a |\n|-" + fill(" ") + "x",
        "rows without a delimiter": fill("| a | b |\n"),
        "rules of dashes": fill(rule),
        "rules of dashes and lines": fill("a   b\n" + rule + "c   d\n\n"),
        "a rule of dashes": "a\n " + fill("-- ") + "\nb",
        # front matter
        "front matter of keys": "---\n" + count("k{}: v\n") + "---\nx",
        "front matter of one key": "---\n" + fill("k: v\n") + "---\nx",
        "front matter of a list": "---\nk:\n" + fill("  - v\n") + "---\nx",
        "front matter of rows": "---\nregulators:\n" + count("  - regulator: A{}\n    target: B\n") + "---\nx",
        "front matter of identifiers": "---\ndois:\n" + count("  - 10.1000/x{}\n") + "---\nx",
        "front matter, each line deeper": "---\n"
        + "".join(" " * depth + "k:\n" for depth in range(int((2 * size) ** 0.5)))
        + "---\nx",
        "front matter of brackets": "---\nk: " + fill("[") + "\n---\nx",
        "front matter of braces": "---\nk: " + fill("{") + "\n---\nx",
        "front matter of one value": "---\nk: " + fill("v ") + "\n---\nx",
        "front matter of quotes": "---\nk: '" + fill("''") + "\n---\nx",
        "front matter of anchors": "---\n" + count("k{0}: &a{0} x\n") + "---\nx",
        "front matter that never ends": "---\n" + fill("k: v\n"),
        # tags
        "tags": fill("#gap/a "),
        "tags without spaces": fill("#gap/a"),
        "tags with scopes": fill("It rose. needs-replication (in men). "),
        "tags in brackets": fill("[^gap/a] "),
        "tags with open scopes": fill("#gap/a ("),
        "bare tags": fill("needs-replication "),
        "one tag": "#gap/" + fill("a-"),
        "hashes": fill("#a "),
        # HTML
        "angle brackets": fill("<"),
        "closing angle brackets": fill(">"),
        "tags that never end": fill("<a "),
        "tags of open quotes": fill('<a b="'),
        "attributes": "<a " + fill('b="c" ') + ">",
        "entities": fill("&lt;"),
        "ampersands": fill("&"),
        "entities that never end": fill("&#1"),
        "open paragraphs": fill("<p>x"),
        "open divisions": fill("<div>x"),
        "nested divisions": fill("<div>")[::2] + "x" + fill("</div>")[::2],
        "nested tables": fill("<table><tr><td>x"),
        "cells in HTML": "<table><tr>" + fill("<td>x</td>") + "</tr></table>",
        "rows in HTML": "<table>" + fill("<tr><td>x</td><td>y</td></tr>") + "</table>",
        "header rows in HTML": "<table>" + fill("<tr><th>x</th></tr>") + "</table>",
        "nested lists": fill("<ul><li>x"),
        "headings in HTML": fill("<h2>x</h2><h3>y</h3>"),
        "headings that never close": fill("<h2>x"),
        "closing headings": fill("</h2>x"),
        "links to notes": fill('<p>It rose.<a href="#fn1">1</a></p>') + '<ol><li id="fn1">doi:10.1000/x</li></ol>',
        "links to notes that never close": fill('<a href="#fn1">1'),
        "links to notes and lines": fill('\n<a href="#fn1">1</a>'),
        "links to this page": fill('<a href="page.html#fn1">1</a>'),
        "notes in HTML": "<ol>" + count('<li id="fn{}">doi:10.1000/x</li>') + "</ol>",
        "notes that never close": count('<li id="fn{}">x'),
        "links back": count('<p><a href="#_ftnref{0}" id="_ftn{0}">[1]</a> x'),
        "scripts that never close": fill("<script>"),
        "scripts": fill("<script>x</script>"),
        "hidden elements": fill('<span class="popover">'),
        "elements that are not read": fill("<nav><svg><pre>"),
        "code in HTML": fill("<code>x[^a]</code>"),
        "box titles": fill('<p class="callout-title">Note</p>'),
        "one class": '<div class="' + fill("popove ") + '">x</div>',
        "many classes": fill('<div class="callou ') + '">x</div>',
        "main parts": fill("<main>x</main>"),
        "letters in bold": fill("<b>a</b>"),
        "one paragraph with marks": "<p>" + fill("It rose.[^a] ") + "</p><p>[^a]: x</p>",
        "paragraphs with marks and notes": fill("<p>It rose.[^a]\n[^a]: x</p>"),
        "title that never closes": "<head><title>" + fill("x"),
    }


def named() -> dict[str, str]:
    """Return the texts that a user would think of first, as large as anybody would make them."""
    return {
        "one line of 10 MB, words": "word " * 2_000_000,
        "one line of 10 MB, sentences": "It rose by 3 % in 12 mice. " * 370_000,
        "one line of 10 MB, marks": "It rose.[^a] " * 770_000 + "\n\n[^a]: doi:10.1000/x",
        "one line of 10 MB, one word": "w" * 10_000_000,
        "a million opening brackets": "[" * 1_000_000,
        "a million closing brackets": "]" * 1_000_000,
        "a million nested brackets": "[" * 500_000 + "]" * 500_000,
        "a million round brackets": "(" * 1_000_000,
        "a million nested quotes, one line": "> " * 1_000_000,
        "a thousand lines, each quoted deeper": "".join("> " * depth + "x\n" for depth in range(1000)),
        "a thousand unclosed links": "[a](b " * 1_000,
        "100,000 unclosed links": "[a](b " * 100_000,
        "100,000 unclosed wikilinks": "[[a|b " * 100_000,
        "100,000 unclosed HTML links": '<a href="#fn1">b ' * 100_000,
        "100,000 cells in one row": "| a | b |\n|---|---|\n" + "| a " * 100_000 + "|\n",
        "100,000 rows": "| a | b |\n|---|---|\n" + "| a | b |\n" * 100_000,
        "100,000 keys in one mark": "x [^" + ", ".join(f"^k{n}" for n in range(100_000)) + "]\n\n[^k1]: x",
        "100,000 definitions of one key": "[^a]: x\n" * 100_000,
        "100,000 marks of one key": "x[^a] " * 100_000 + "\n\n[^a]: x",
        "a note of 1 MB": "[^a]: Smith J. Title. Journal 2020. doi:10.1000/x · " + "n=12 mice · " * 83_000,
    }


def print_growth() -> None:
    """Print how long the texts everybody names take, and then how time grows with the size of all: 8 is linear."""
    formats = (".md", ".html", ".txt")
    print(f"{'':<40}{'MB':>6}" + "".join(f"{ending:>9} s{'MB/s':>7}" for ending in formats))
    for name, text in named().items():
        data = text.encode()
        row = f"{name:<40}{len(data) / 1e6:6.2f}"
        for ending in formats:
            seconds = timed(lambda d=data, e=ending: extract_page(Page("x" + e, d)))
            row += f"{seconds:11.3f}{len(data) / 1e6 / seconds:7.1f}"
        print(row, flush=True)
    small, factor = 32_000, 8
    print(f"\n{f'ms for {small // 1000} kB; times for {factor} x it; MB/s':<40}{'':6}", end="")
    print("".join(f"{ending:>8}{'x':>6}{'MB/s':>6}" for ending in formats))
    longer = hostile(small * factor)
    for name, text in hostile(small).items():
        data, long = text.encode(), longer[name].encode()
        row = f"{name:<44}"
        for ending in formats:
            once = min(timed(lambda d=data, e=ending: extract_page(Page("x" + e, d))) for _ in range(3))
            more = min(timed(lambda d=long, e=ending: extract_page(Page("x" + e, d))) for _ in range(2))
            row += f"{once * 1000:10.1f}{more / once:6.1f}{len(long) / 1e6 / more:6.1f}"
        print(row, flush=True)


if __name__ == "__main__":
    main()
