"""How fast a bibliography is written, and in how much memory, beside bibtexparser's own ways and pybtex.

    python benchmarks/export.py [--works N ...] [--format NAME] [--ours]

Works with fifteen fields, six authors and the signs that real metadata has are put into a SQLite database of their own.
Each figure is from a process of its own; the peak is its resident memory, with everything that it imports and with the
process that it starts. What both share, such as Python itself, is counted once.
The peers get their entries from the same database and write them as one library, as bibtexparser's manual shows it:
they escape nothing. The first export also gives each work its citekey. The time is that of the clock, and beside it
that of the processor, which other programs on the machine do not lengthen. Several numbers of works show how it grows.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

# As in real lists, three names of four are plain.
NAMES = ("Smith", "O'Brien", "Chen", "van der Berg", "Tanaka", "Brown", "Müller", "García y Vega", "Łoś", "Ivanov")
GIVEN = ("{0}.", "{0}. {1}.", "{0} {1}", "Anna {0}.", "Jean-{0}ierre", "Wei {1}.")
AUTHORS_A_WORK = 6
TITLE = "Effects of <i>Cbfa1</i> & RUNX2 on β-catenin in mouse {} of 100% CO<sub>2</sub>: a randomized trial (P < 0.05)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, nargs="+", default=[100_000])
    parser.add_argument("--ours", action="store_true", help="leave the others out")
    parser.add_argument("--format", default="biblatex", choices=("bibtex", "biblatex", "csl-json", "ris"))
    parser.add_argument("--run", choices=tuple(WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--database", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(json.dumps(measured(WAYS[options.run], options.database, options.format)))
        return
    for works in options.works:
        compare(works, options.format, ("first", "again") if options.ours else tuple(LABELS))


def compare(works: int, name: str, ways: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = f"{folder}/works.sqlite3"
        filling = [sys.executable, __file__, "--run", "fill", "--database", database, "--works", str(works)]
        subprocess.run(filling, check=True, stdout=subprocess.DEVNULL)
        print(f"{works} works, {name}, Python {sys.version.split()[0]}")
        for way in ways:
            command = [sys.executable, __file__, "--run", way, "--database", database, "--format", name]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                peak = peak_of(process)
                done = json.loads(process.communicate()[0])
            print(
                f"{LABELS[way]:<52} {done['seconds']:8.2f} s  {done['processor']:8.2f} s processor"
                f"  {peak or done['peak']:6.0f} MiB peak  {done['size'] / 1e6:7.1f} MB"
            )


def peak_of(process: subprocess.Popen[str]) -> float:
    """Return the peak of a process and those that it started, in MiB; 0 where the system does not tell."""
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(resident, family_of(str(process.pid)))))
        time.sleep(0.1)
    return peak / 1024


def resident(number: str) -> int:
    """Return the resident memory of a process in KiB, of what others have too its part."""
    with contextlib.suppress(OSError):
        found = re.search(r"Pss:\s+(\d+) kB", Path(f"/proc/{number}/smaps_rollup").read_text())
        return int(found[1]) if found else 0
    return 0


def family_of(number: str) -> Iterator[str]:
    yield number
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{number}/task/{number}/children").read_text().split():
            yield from family_of(child)


def measured(way: Callable[[str, str], int], database: str, name: str) -> dict[str, float]:
    start, used = time.perf_counter(), time.process_time()
    size = way(database, name)
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    # macOS counts in bytes, Linux in KiB.
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return {
        "seconds": seconds,
        "processor": processor + children.ru_utime + children.ru_stime,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
        "size": size,
    }


def export_ours(database: str, name: str) -> int:
    from evidence.config import Settings  # noqa: PLC0415
    from evidence.export.run import export  # noqa: PLC0415
    from evidence.store.database import open_database  # noqa: PLC0415

    engine = open_database(f"sqlite:///{database}")
    result = export(engine, Settings(), Path(database).parent, name)
    return result.path.stat().st_size if result.path else 0


def entries_of(database: str) -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """Yield key, names and texts of each work, nothing in them escaped."""
    from evidence.export.works import stream_works  # noqa: PLC0415
    from evidence.store.database import open_database, reading  # noqa: PLC0415

    with reading(open_database(f"sqlite:///{database}")) as session:
        for works in stream_works(session):
            for work in works:
                texts = {
                    name: value for name, value in work._asdict().items() if isinstance(value, str) and name != "key"
                }
                yield work.key, [f"{one.family}, {one.given}" for one in work.authors], texts


def write_theirs(database: str, *, in_place: bool) -> int:
    from bibtexparser import Library, write_string  # noqa: PLC0415
    from bibtexparser.middlewares.parsestack import default_unparse_stack  # noqa: PLC0415
    from bibtexparser.model import Entry, Field  # noqa: PLC0415

    library = Library()
    for key, names, texts in entries_of(database):
        fields = texts | {"author": " and ".join(names)}
        library.add(Entry("article", key, [Field(name, text) for name, text in fields.items()]))
    text = write_string(library, unparse_stack=default_unparse_stack(allow_inplace_modification=in_place))
    Path(database).with_name("peer.bib").write_text(text, "utf-8")
    return len(text.encode())


def write_pybtex(database: str, _name: str) -> int:
    from pybtex.database import BibliographyData, Entry, Person  # noqa: PLC0415

    library = BibliographyData()
    for key, names, texts in entries_of(database):
        # pybtex splits each name, and refuses what is not balanced.
        library.add_entry(key, Entry("article", texts, {"author": [Person(name) for name in names]}))
    path = Path(database).with_name("pybtex.bib")
    library.to_file(str(path), "bibtex")
    return path.stat().st_size


def fill(database: str, works: int) -> None:
    import sqlalchemy as sa  # noqa: PLC0415

    from evidence.store import models  # noqa: PLC0415
    from evidence.store.database import open_database, writing  # noqa: PLC0415

    engine = open_database(f"sqlite:///{database}")
    with writing(engine) as session:
        session.add(models.Page(id=1, path="page.md", sha256="0" * 64, extractor="1", format="markdown"))
        session.flush()
        claim = {
            "position": 0,
            "kind": "sentence",
            "section": [],
            "line": 1,
            "start": 0,
            "end": 1,
            "text": "x",
            "lead_in": [],
        }
        session.execute(sa.insert(models.Claim), [{"id": "c", "page_id": 1, **claim}])
        for start in range(0, works, 1_000):
            numbers = range(start + 1, min(start + 1_000, works) + 1)
            session.execute(sa.insert(models.Work), [work_row(number) for number in numbers])
            identifiers = [
                {"scheme": scheme, "value": value, "work_id": number, "source": "crossref"}
                for number in numbers
                for scheme, value in (("doi", doi(number)), ("pmid", str(number)))
            ]
            session.execute(sa.insert(models.WorkIdentifier), identifiers)
            places = [(number, place) for number in numbers for place in range(AUTHORS_A_WORK)]
            people = [
                {"id": author(*one), "family": NAMES[sum(one) % len(NAMES)], "given": given(sum(one))} for one in places
            ]
            session.execute(sa.insert(models.Author), people)
            authorships = [{"work_id": one[0], "position": one[1], "author_id": author(*one)} for one in places]
            session.execute(sa.insert(models.Authorship), authorships)
            place = {"claim_id": "c", "start": 0, "end": 1, "polarity": "supports", "scheme": "doi"}
            session.execute(sa.insert(models.Citation), [{**place, "value": doi(number)} for number in numbers])


def author(work: int, place: int) -> int:
    return work * AUTHORS_A_WORK + place


def given(number: int) -> str:
    letters = chr(ord("A") + number % 26), chr(ord("A") + number // 26 % 26)
    return GIVEN[number % len(GIVEN)].format(*letters)


def doi(number: int) -> str:
    return f"10.1016/s0092-8674(00){number:06}-5"


def work_row(number: int) -> dict[str, object]:
    return {
        "id": number,
        "title": TITLE.format(number),
        "container": "Journal of Bone & Mineral Research",
        "container_short": "J. Bone Miner. Res.",
        "date": f"{1970 + number % 50}-{number % 12 + 1:02}-{number % 28 + 1:02}",
        "volume": str(number % 100),
        "issue": str(number % 12),
        "pages": f"{number}-{number + 9}",
        "publisher": "Wiley & Sons",
        "issn": ["0884-0431", "1523-4681"],
        "type": "journal-article",
        "language": "en",
    }


def fill_from_command(database: str, _name: str) -> int:
    fill(database, int(sys.argv[sys.argv.index("--works") + 1]))
    return 0


WAYS: dict[str, Callable[[str, str], int]] = {
    "fill": fill_from_command,
    "first": export_ours,
    "again": export_ours,
    "in-place": lambda database, _name: write_theirs(database, in_place=True),
    "default": lambda database, _name: write_theirs(database, in_place=False),
    "pybtex": write_pybtex,
}
LABELS = {
    "first": "ours, first time (citekeys are given)",
    "again": "ours, again",
    "in-place": "bibtexparser, one library, in place, no escaping",
    "default": "bibtexparser, one library, default, no escaping",
    "pybtex": "pybtex, its writer's own escaping",
}


if __name__ == "__main__":
    main()
