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
    yield "markdown-it-py, parse with footnotes", lambda: [parser.parse(text) for text in texts]
    yield "ours, whole extraction", lambda: [extract_page(page) for page in pages]
    yield "ours, whole extraction and its JSON", lambda: [to_json(extract_page(page)) for page in pages]
    yield "mwcites, DOI", lambda: [list(doi.extract_search(text)) for text in texts]
    yield "bare DOI pattern", lambda: [BARE_DOI.findall(text) for text in texts]


def timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def hostile(size: int) -> dict[str, str]:
    """Return texts of about `size` characters that make careless readers slow."""

    def fill(piece: str) -> str:
        return piece * (size // len(piece))

    return {
        "one line of words": fill("word "),
        "opening brackets": fill("["),
        "opening marks": fill("[^a"),
        "marks without definition": fill("[^a] "),
        "nested quotes": fill("> "),
        "unclosed links": fill("[a](b "),
        "unclosed wikilinks": fill("[[a|"),
        "DOI beginnings": fill("10.1234/"),
        "round brackets in a DOI": "10.1234/" + fill("("),
        "percent signs": "10.1234/" + fill("%25"),
        "stops": fill(". "),
        "capital stops": fill("A. "),
        "tags": fill("#gap/a "),
        "definitions": fill("[^a]: x\n"),
        "parts of a note": "[^a]: " + fill("n=1 · "),
        "backticks": fill("`"),
        "comments": fill("<!-- "),
        "table cells": fill("| a "),
        "list markers": fill("- "),
        "PMID lists": "PMIDs " + fill("12345678, "),
        "stars": fill("*_"),
    }


def print_growth() -> None:
    """Print the time for a text and for one eight times as long: 8 is linear."""
    small, factor = 128_000, 8
    for name, text in hostile(small).items():
        for ending in (".md", ".html", ".txt"):
            once = min(timed(lambda t=text, e=ending: extract_page(Page("x" + e, t.encode()))) for _ in range(2))
            long = hostile(small * factor)[name].encode()
            more = timed(lambda t=long, e=ending: extract_page(Page("x" + e, t)))
            print(f"{name:<28}{ending:<6} {once * 1000:8.0f} ms {more * 1000:9.0f} ms   x {more / once:5.1f}")


if __name__ == "__main__":
    main()
