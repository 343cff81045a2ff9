"""How fast identifiers are found, against peers on the same files in the same run.

    python benchmarks/identifiers.py FOLDER [--runs N]

Prints MB/s (bytes of the files) on one core for a bare DOI pattern, for mwcites where it is installed, and for
`find_identifiers`, which also finds PMIDs and PMCIDs, cleans, and builds its results; then MB/s on hostile text of two
sizes, whose ratio shows whether the time is linear.
"""

from __future__ import annotations

import argparse
import importlib
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from evidence.identifiers import find_identifiers

BARE = re.compile(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9]+")
PAGES = {".md", ".html", ".txt"}
SIZES = (1_000_000, 10_000_000)
HOSTILE = {
    "one DOI prefix after another": "10.1/",
    "DOI beginnings without an end": "10.1234/",
    "one DOI after another": "10.1234/a ",
    "opening brackets": "(",
    "open brackets in DOIs": "10.1234/(",
    "brackets behind one DOI": "(",
    "encoded percent signs": "%25",
    "encoded percent signs in DOIs": "10.1234/%25",
    "encoded ampersands": "&amp;",
    "unclosed tags": "<",
    "labels before unclosed tags": "PMID<",
    "an endless list of PMIDs": "12345678, ",
    "field tags of PubMed": "1[uid] OR ",
    "beginnings of addresses": "https://",
    "addresses of PubMed": "https://pubmed.ncbi.nlm.nih.gov/",
    "unclosed links without identifiers": "[a](b ",
    "one line of words": "word ",
    "unclosed links": "[10.1234/a1](https://doi.org/10.1234/a1 ",
}
BEFORE = {"an endless list of PMIDs": "PMIDs ", "brackets behind one DOI": "10.1234/"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5, help="the best of so many runs counts")
    arguments = parser.parse_args()
    texts = [path.read_text("utf-8") for path in sorted(arguments.folder.rglob("*")) if path.suffix in PAGES]
    size = sum(len(text.encode()) for text in texts)
    print(f"{len(texts)} files, {size / 1e6:.1f} MB")
    for name, find in finders().items():
        count, seconds = best_of(arguments.runs, find, texts)
        print(f"{name:<24}{size / 1e6 / seconds:>8.0f} MB/s{count:>8} found")
    for name, unit in HOSTILE.items():
        shorter, longer = (one_text(unit, limit, BEFORE.get(name, "")) for limit in SIZES)
        print(f"{name:<32}{SIZES[1] / 1e6 / longer:>8.1f} MB/s, ten times the text: {longer / shorter:.1f} times")


def finders() -> dict[str, Callable[[str], Iterable[object]]]:
    finders: dict[str, Callable[[str], Iterable[object]]] = {"bare DOI pattern": BARE.findall}
    try:
        doi = importlib.import_module("mwcites.extractors.doi")
        pubmed = importlib.import_module("mwcites.extractors.pubmed")
    except ImportError:
        print("mwcites is not installed: left out")
    else:
        finders["mwcites, DOI"] = doi.extract
        finders["mwcites, DOI and PubMed"] = lambda text: [*doi.extract(text), *pubmed.extract(text)]
    finders["find_identifiers"] = find_identifiers
    return finders


def best_of(runs: int, find: Callable[[str], Iterable[object]], texts: list[str]) -> tuple[int, float]:
    best = float("inf")
    count = 0
    for _ in range(runs):
        begun = time.perf_counter()
        count = sum(sum(1 for _ in find(text)) for text in texts)
        best = min(best, time.perf_counter() - begun)
    return count, best


def one_text(unit: str, size: int, before: str) -> float:
    text = before + unit * (size // len(unit))
    begun = time.perf_counter()
    find_identifiers(text)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
