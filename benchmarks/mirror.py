"""How fast bulk files are indexed, found in and mapped, beside other readers of the same file in the same run.

    python benchmarks/mirror.py FILE [--crossref FILE] [--runs N]

FILE is a PubmedArticleSet such as a baseline file; one packed with xz is packed anew with gzip first, as NLM does. The
optional other file holds works of Crossref, one a line; they are written as both forms of the public data file. Each
figure is the best of N runs, each in a process of its own, on one core; the memory is that process's highest. Of the
peers, those that are not installed are left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from evidence.mirror.mirror import Mirror
from evidence.mirror.records import Entry, read_entries, tell_source
from evidence.records import Reference
from evidence.resolve import pubmed
from evidence.vocabulary import Scheme, Source

WANTED = 200
# Entrez.read holds the whole file as objects: more would not end.
ENTREZ_RECORDS = 1000
COPIES = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--crossref", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--part", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        PARTS[options.part](options.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        print_pubmed(options.file, Path(folder), options.runs)
        if options.crossref:
            print_crossref(options.crossref, Path(folder), options.runs)


def print_pubmed(file: Path, folder: Path, runs: int) -> None:
    packed = folder / "pubmed" / "pubmed26n0001.xml.gz"
    packed.parent.mkdir()
    opener = {".xz": lzma.open, ".gz": gzip.open}.get(file.suffix, open)
    with opener(file, "rb") as source, gzip.open(packed, "wb", compresslevel=6) as target:
        shutil.copyfileobj(source, target, 1 << 20)
    print(f"PubMed: {packed.stat().st_size / 1e6:.0f} MB packed")
    for part in ("index", "find", "map", "iterparse", "pubmed_parser", "Entrez.read"):
        show(part, packed, runs)


def print_crossref(file: Path, folder: Path, runs: int) -> None:
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8") as lines:
        works = [json.loads(line) for line in lines]
    works = [one.get("work", one) for one in works] * COPIES
    forms = {
        "0.jsonl.gz": "".join(json.dumps(one) + "\n" for one in works),
        "0.json.gz": json.dumps({"items": works}, indent=2),
    }
    for name, text in forms.items():
        packed = folder / name.replace(".", "-") / name
        packed.parent.mkdir()
        packed.write_bytes(gzip.compress(text.encode(), 6))
        print(f"Crossref, {name[2:]}: {packed.stat().st_size / 1e6:.0f} MB packed, {len(text) / 1e6:.0f} MB")
        show("index", packed, runs)


def show(part: str, packed: Path, runs: int) -> None:
    best: dict[str, Any] = {}
    for _ in range(runs):
        command = [sys.executable, __file__, str(packed), "--part", part]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"  {part:<14} left out: {done.stderr.strip().splitlines()[-1]}")
            return
        result = json.loads(done.stdout)
        if not best or result["seconds"] < best["seconds"]:
            best = result
    rate = best["records"] / best["seconds"]
    line = f"  {part:<14} {best['records']:>6} records {best['seconds']:7.2f} s {rate:>8.0f}/s"
    line += f"  {packed.stat().st_size / 1e6 / best['seconds']:6.1f} MB/s packed" if best["whole"] else " " * 22
    print(f"{line}  {best['megabytes']:6.0f} MB" + (f"  index {best['index']} bytes a record" if best["index"] else ""))


def measure(run: Callable[[], int], *, whole: bool = True, index: int = 0) -> None:
    start = time.perf_counter()
    records = run()
    seconds = time.perf_counter() - start
    print(json.dumps({"records": records, "seconds": seconds, "megabytes": peak(), "whole": whole, "index": index}))


def mirror_of(file: Path) -> Mirror:
    return Mirror([file.parent], file.parent.parent / "index.sqlite3", jobs=1)


def peak() -> float:
    """Return this process's highest memory; what `resource` says begins with that of the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def index(file: Path) -> None:
    mirror = mirror_of(file)
    for path in mirror.index.parent.glob("index.sqlite3*"):
        path.unlink()
    start = time.perf_counter()
    records = mirror.update().records
    seconds = time.perf_counter() - start
    size = mirror.index.stat().st_size // records
    print(json.dumps({"records": records, "seconds": seconds, "megabytes": peak(), "whole": True, "index": size}))


def entries_of(file: Path) -> list[Entry]:
    with gzip.open(file) as stream:
        head = stream.read(4096)
    source = tell_source(head) or Source.PUBMED
    with gzip.open(file) as stream:
        return [one for one in read_entries(stream, source, head) if isinstance(one, Entry)]


def find(file: Path) -> None:
    entries = entries_of(file)
    some = entries[:: max(1, len(entries) // WANTED)][:WANTED]
    wanted = dict.fromkeys(Reference(Scheme.PMID, str(one.pmid)) for one in some)
    measure(lambda: sum(1 for _ in mirror_of(file).find(Source.PUBMED, wanted)), whole=False)


def map_all(file: Path) -> None:
    """Unpack, cut and map every record, as resolution maps those that it finds."""
    places = [(one.offset, one.length) for one in entries_of(file)]

    def run() -> int:
        with gzip.open(file) as stream:
            for offset, length in places:
                stream.seek(offset)
                pubmed.read_payload(stream.read(length))
        return len(places)

    measure(run)


def iterparse(file: Path) -> None:
    def run() -> int:
        records = 0
        with gzip.open(file) as stream:
            root = None
            for event, element in ET.iterparse(stream, ("start", "end")):
                root = element if root is None else root
                if event == "end" and element.tag in {"PubmedArticle", "PubmedBookArticle"}:
                    records += bool(element.findtext("MedlineCitation/PMID"))
                    root.clear()
        return records

    measure(run)


def pubmed_parser(file: Path) -> None:
    import pubmed_parser as parser  # noqa: PLC0415

    measure(lambda: sum(1 for _ in parser.parse_medline_xml(str(file))))


def entrez_read(file: Path) -> None:
    from Bio import Entrez  # noqa: PLC0415

    with gzip.open(file) as stream:
        text = stream.read()
    head, *articles = text.split(b"<PubmedArticle>")
    part = Path(file.parent.parent, "part.xml")
    body = b"".join(b"<PubmedArticle>" + one for one in islice(articles, ENTREZ_RECORDS))
    part.write_bytes(head + body.replace(b"</PubmedArticleSet>", b"") + b"</PubmedArticleSet>")
    del text, articles, body

    def run() -> int:
        with part.open("rb") as stream:
            return len(Entrez.read(stream)["PubmedArticle"])

    measure(run, whole=False)


PARTS: dict[str, Callable[[Path], None]] = {
    "index": index,
    "find": find,
    "map": map_all,
    "iterparse": iterparse,
    "pubmed_parser": pubmed_parser,
    "Entrez.read": entrez_read,
}

if __name__ == "__main__":
    main()
