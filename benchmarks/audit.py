"""How fast an audit is, and in how much memory: from nothing, again with nothing touched, and with some pages touched.

    python benchmarks/audit.py [--claims N] [--uncited R] [--touched SHARE] [--database URL] [--seed N]

The store is made by bulk inserts, in the proportions of a real wiki of 290 pages: a dozen cited claims a page, five
notes a page, one citation a claim and now and then two, most notes with a DOI and half of them with a PMID, one work
for every three cited claims, six authors a work, tags, notices, look-ups that failed. `--claims` counts the cited
claims; `--uncited` says how many uncited ones stand beside each (in that wiki, six; they cost little).

Each figure is from a process of its own. Seconds are those of the step itself, with the verdicts kept, and apart
from it those of the reports that are made of it; the peak is the resident memory of that process and of all that it
started, added up and taken ten times a second. On a busy machine the processor time says more than the seconds: it is
that of all these processes, from their start to the end of the reports.

The peers do less: they know nothing of retractions by notices of others, groups, clauses, identity, findings or
strength, and write nothing. One asks the ORM claim by claim, as a script would that is written from the manual, and is
run on a part of the claims. The other reads every table once with plain cursors and only counts the works of each
claim: nothing that looks at every claim in Python can be much faster.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

CLAIMS_A_PAGE = 12
NOTES_A_PAGE = 5
WORKS_A_CLAIM = 0.35
AUTHORS_A_WORK = 6
ASKED_AT = "2026-11-01 00:00:00.000000"
WORDS = re.findall(
    r"\w+",
    "bone loss mice leptin signalling in the aged muscle reduces insulin resistance and raises expression of markers "
    "senescent cells clearance extends healthspan human trial mortality cohort metformin plasma protein inflammation",
)
DESIGNS = (
    ["rct"],
    ["observational"],
    ["in-vivo"],
    ["in-vivo", "in-vitro"],
    ["in-vitro"],
    ["review"],
    ["meta-analysis"],
)
DESIGN_WEIGHTS = (10, 20, 30, 10, 12, 14, 4)
JOURNALS = ("Nature", "Cell Metabolism", "Journal of Bone and Mineral Research", "eLife", "Aging Cell", "PLoS ONE")
FAMILIES = ("Smith", "Müller", "García", "Chen", "Tanaka", "Ivanov", "Brown", "Łoś", "Kim", "O'Brien", "Lee", "Rossi")
TYPES = (["Journal Article"], ["Journal Article", "Randomized Controlled Trial"], ["Journal Article", "Review"])
MESH = (["Animals", "Mice", "Humans"], ["Humans", "Male", "Female"], ["Animals", "Mice"], [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=11_000, help="cited claims")
    parser.add_argument("--uncited", type=float, default=1.0, help="uncited claims beside each cited one")
    parser.add_argument("--touched", type=float, default=0.01, help="share of the pages that is touched in the end")
    parser.add_argument("--database", help="an empty database; default a SQLite file of its own")
    parser.add_argument("--peer-claims", type=int, default=2_000, help="cited claims for the ORM; 0 leaves peers out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--run", choices=tuple(RUNS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(json.dumps(RUNS[options.run](options)))
        return
    with tempfile.TemporaryDirectory() as folder:
        options.database = options.database or f"sqlite:///{folder}/store.sqlite3"
        report(options)


def report(options: argparse.Namespace) -> None:
    made = measured("fill", options)
    shown = ", ".join(f"{number} {name}" for name, number in made["rows"].items())
    print(f"{shown}; Python {sys.version.split()[0]}, {os.cpu_count()} cores")
    first = measured("audit", options)
    line("audit, nothing kept from before", first)
    line("audit, nothing touched since", again := measured("audit", options))
    touched = measured("touch", options)["pages"]
    line(f"audit, {touched} pages touched", after := measured("audit", options))
    for name in ("text", "json"):
        print(f"    of the first, then: {name} report {first[name]:.2f} s ({first[f'{name}_mb']:.1f} MB)")
    if first["counts"] != again["counts"]:
        sys.exit(f"the second audit counts otherwise: {first['counts']}, {again['counts']}")
    assert after["counts"]
    print("    " + ", ".join(f"{status} {number}" for status, number in first["counts"].items() if number))
    if options.peer_claims:
        line("peer: plain cursors, works counted", measured("cursors", options))
        line("peer: the ORM, claim by claim", measured("orm", options))


def line(label: str, done: dict[str, Any]) -> None:
    rate = done["claims"] / done["seconds"]
    print(
        f"{label:<36} {done['seconds']:8.2f} s  {done['claims']:9} claims  {rate:9.0f}/s  {done['peak']:6.0f} MiB  "
        f"{done['processor']:.1f} s of processor with start and reports"
    )
    sys.stdout.flush()


def measured(name: str, options: argparse.Namespace) -> dict[str, Any]:
    """Run one of the below in a process of its own, and watch its memory and that of all processes below it."""
    command = [sys.executable, __file__, "--run", name]
    for key in ("claims", "uncited", "touched", "database", "peer_claims", "seed"):
        command += [f"--{key.replace('_', '-')}", str(getattr(options, key))]
    peak, used = 0.0, dict[int, float]()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            pids = [process.pid, *below(process.pid)]
            peak = max(peak, sum(map(resident, pids)))
            used.update((pid, seconds) for pid in pids if (seconds := processor_time(pid)))
            time.sleep(0.1)
        assert process.stdout is not None
        said = process.stdout.read()
    if process.returncode:
        sys.exit(process.returncode)
    return {"peak": peak, "processor": sum(used.values()), **json.loads(said)}


def below(pid: int) -> Iterator[int]:
    """Yield the processes that a process started, and those that they started. Linux only; elsewhere none."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from below(child)


def resident(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def processor_time(pid: int) -> float:
    """Return the seconds that a process has had a core."""
    try:
        times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    except OSError:
        return 0.0
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


# --- the store -------------------------------------------------------------------------------------------------------


class Rows:
    """Writes the rows of one table in bulk, without making objects of them."""

    def __init__(self, connection: Any, table: str, columns: str) -> None:
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        names = ", ".join(f'"{one}"' for one in columns.split())
        self.connection = connection
        self.statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join(mark for _ in columns.split())})"
        self.table = table
        self.rows: list[tuple[Any, ...]] = []
        self.count = 0

    def add(self, *row: Any) -> None:
        self.rows.append(row)
        self.count += 1

    def flush(self) -> None:
        if self.rows:
            self.connection.exec_driver_sql(self.statement, self.rows)
            self.rows = []


def fill(options: argparse.Namespace) -> dict[str, Any]:
    from evidence.store.database import open_database  # noqa: PLC0415

    chance = random.Random(options.seed)
    works = max(int(options.claims * WORKS_A_CLAIM), 1)
    with open_database(options.database).begin() as connection:
        tables = [*fill_works(connection, works, chance), *fill_pages(connection, options, works, chance)]
        if connection.dialect.name == "postgresql":
            for one in tables:
                if one.table in {"page", "note", "author", "work"}:
                    ids = f"SELECT max(id) FROM {one.table}"
                    connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{one.table}', 'id'), ({ids}))")
    return {"rows": {one.table: one.count for one in tables}}


def fill_works(connection: Any, works: int, chance: random.Random) -> Iterable[Rows]:
    author = Rows(connection, "author", "id family given orcid")
    work = Rows(
        connection, "work",
        "id title container date issn isbn type publication_types mesh field_sources conflicts",
    )  # fmt: skip
    names = Rows(connection, "work_identifier", "scheme value work_id source")
    places = Rows(connection, "authorship", "work_id position author_id")
    notices = Rows(connection, "notice", "work_id kind date source")
    relations = Rows(connection, "relation", "work_id kind scheme value source")
    authors = max(works, 100)
    for number in range(1, authors + 1):
        author.add(number, f"{chance.choice(FAMILIES)}{number % 997}", chance.choice("ABCDEFGH"), None)
    author.flush()
    for number in range(1, works + 1):
        work.add(
            number, sentence(chance, 11), chance.choice(JOURNALS), str(chance.randint(1985, 2026)), "[]", "[]",
            "journal-article", json.dumps(chance.choice(TYPES)), json.dumps(chance.choice(MESH)),
            '{"title":"crossref"}', "[]",
        )  # fmt: skip
    work.flush()
    for number in range(1, works + 1):
        names.add("doi", f"10.1000/x{number}", number, "crossref")
        if number % 2:
            names.add("pmid", str(10_000_000 + number), number, "pubmed")
        # A laboratory writes several papers, with the same people.
        laboratory = number // 4 * 7
        for position in range(AUTHORS_A_WORK):
            places.add(number, position, (laboratory + position + (number % 4 if position else 0)) % authors + 1)
        if number % 150 == 0:
            notices.add(number, chance.choice(["retraction", "erratum", "expression-of-concern"]), "2020", "crossref")
        if number % 40 == 0:
            relations.add(number, "is-preprint-of", "doi", f"10.1000/x{number - 1}", "crossref")
        if number % 5_000 == 0 or number == works:
            for one in (names, places, notices, relations):
                one.flush()
    return author, work, names, places, notices, relations


def fill_pages(connection: Any, options: argparse.Namespace, works: int, chance: random.Random) -> Iterable[Rows]:
    page = Rows(connection, "page", "id path sha256 extractor format title front_matter problems lines")
    claim = Rows(connection, "claim", "id page_id position kind section line start end text lead_in")
    note = Rows(
        connection, "note",
        "id page_id key occurrence line start end text primary_scheme primary_value primary_via study_page stated",
    )  # fmt: skip
    identifier = Rows(connection, "identifier", "page_id note_id scheme value role start end text")
    citation = Rows(connection, "citation", "claim_id note_id note occurrence start end polarity clause")
    tag = Rows(connection, "tag", "claim_id name place scope")
    lookup = Rows(connection, "lookup", "source scheme value outcome reason asked_at")
    tables = (page, claim, note, identifier, citation, tag, lookup)
    lines = json.dumps([398, 0] * 30)
    cited, pages = options.claims, -(-options.claims // CLAIMS_A_PAGE)
    for number in range(1, works + 1):
        failed = number % 50 == 0
        lookup.add("crossref", "doi", f"10.1000/x{number}", "failed" if failed else "resolved",
                   "no answer" if failed else None, ASKED_AT)  # fmt: skip
    for number in range(1, pages + 1):
        page.add(
            number,
            f"part{number % 40}/page{number:07}.md",
            f"{number:064}",
            "1",
            "markdown",
            "A page",
            "{}",
            "[]",
            lines,
        )
        keys = []
        for place in range(NOTES_A_PAGE):
            note_id = (number - 1) * NOTES_A_PAGE + place + 1
            # One note of five cites a work that other pages cite too.
            one = chance.randint(1, max(works // 20, 1)) if place == 0 else note_id * 5 % works + 1
            add_note(note, identifier, chance, (number, note_id, f"key{place}", one))
            keys.append((note_id, f"key{place}"))
        wanted = min(CLAIMS_A_PAGE, cited)
        cited -= wanted
        total = wanted + int(wanted * options.uncited)
        for position in range(total):
            add_claim(claim, citation, tag, chance, (number, position, keys if position < wanted else []))
        if len(page.rows) >= 1_000:
            for table in tables:
                table.flush()
    for table in tables:
        table.flush()
    return tables


def add_note(note: Rows, identifier: Rows, chance: random.Random, place: tuple[int, int, str, int]) -> None:
    page_id, note_id, key, work = place
    n = chance.choice([None, 12, 40, 250, 17_182])
    stated = {
        "design": chance.choices(DESIGNS, DESIGN_WEIGHTS)[0], "level": None, "n": n, "n_text": str(n or ""), "p": None,
        "model": "mice", "organism": chance.choice(["mice", "human", None]), "finding": None,
        "authors": ["Smith A", "Chen B"] if chance.random() < 0.3 else [], "journal": None, "year": None, "title": None,
        "verified": None, "marked_retracted": False, "tags": [],
    }  # fmt: skip
    said = f"doi:10.1000/x{work} · Smith A, Chen B et al. · n={n} · {sentence(chance, 40)}"
    note.add(
        note_id, page_id, key, 0, 200 + note_id % 50, 9_000, 9_400, said, "doi", f"10.1000/x{work}", "note", None,
        json.dumps(stated),
    )  # fmt: skip
    identifier.add(page_id, note_id, "doi", f"10.1000/x{work}", "cited", 9_000, 9_020, f"10.1000/x{work}")
    if work % 2:
        value = str(10_000_000 + work)
        identifier.add(page_id, note_id, "pmid", value, "cited", 9_030, 9_040, value)


def add_claim(
    claim: Rows, citation: Rows, tag: Rows, chance: random.Random, place: tuple[int, int, list[tuple[int, str]]]
) -> None:
    page_id, position, keys = place
    text = sentence(chance, 20)
    marks = chance.sample(keys, 2) if keys and chance.random() < 0.15 else chance.sample(keys, 1) if keys else []
    # Hashes of the words in real pages: in no order.
    name = f"{chance.getrandbits(80):020x}"
    start, clause, spans = position * 400, 0, []
    for number, (note_id, key) in enumerate(marks):
        if number and chance.random() < 0.5:
            text += f" {sentence(chance, 6)}"
            clause += 1
        spans.append((note_id, key, start + len(text), clause))
        text += f"[^{key}]"
    section = json.dumps(["Part", f"Section {position // 6}"])
    claim.add(name, page_id, position, "sentence", section, position * 2 + 1, start, start + len(text), text, "[]")
    for note_id, key, at, clause in spans:
        polarity = "supports" if chance.random() < 0.99 else "contrasts"
        citation.add(name, note_id, key, 0, at, at + len(key) + 3, polarity, clause)
    if keys and chance.random() < 0.3:
        tag.add(name, "needs-replication", chance.choice(["claim", "note"]), None)


def sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words))


def touch(options: argparse.Namespace) -> dict[str, Any]:
    """Change one claim of some pages, as a refresh of an edited page does; the rest of such a page stays as it is."""
    import sqlalchemy as sa  # noqa: PLC0415

    from evidence.store import models  # noqa: PLC0415
    from evidence.store.database import open_database, writing  # noqa: PLC0415

    chance = random.Random(options.seed + 1)
    with writing(open_database(options.database)) as session:
        ids = list(session.scalars(sa.select(models.Page.id).order_by(models.Page.id)))
        chosen = chance.sample(ids, max(int(len(ids) * options.touched), 1))
        for page_id in chosen:
            session.execute(sa.update(models.Page).where(models.Page.id == page_id).values(title="Edited"))
            claim = sa.update(models.Claim).where(models.Claim.page_id == page_id, models.Claim.position == 0)
            session.execute(claim.values(text=models.Claim.text + " indeed"))
    return {"pages": len(chosen), "seconds": 0.0}


# --- what is measured ------------------------------------------------------------------------------------------------


def run_audit(options: argparse.Namespace) -> dict[str, Any]:
    from evidence.audit.formats import FORMATS  # noqa: PLC0415
    from evidence.audit.reports.presentation import Presentation  # noqa: PLC0415
    from evidence.audit.run import audit  # noqa: PLC0415
    from evidence.config import Settings  # noqa: PLC0415
    from evidence.memory import collect_rarely  # noqa: PLC0415
    from evidence.store.database import open_database  # noqa: PLC0415

    # As the command line does.
    collect_rarely()
    engine = open_database(options.database)
    start = time.perf_counter()
    found = audit(engine, Settings())
    seconds = time.perf_counter() - start
    text, text_bytes = timed(lambda: FORMATS["text"](found, Presentation()))
    written, json_bytes = timed(lambda: FORMATS["json"](found, Presentation()))
    counts = {status.value: number for status, number in found.counts.items()}
    return {
        "seconds": seconds, "claims": len(found.claims), "counts": counts, "text": text, "text_mb": text_bytes / 1e6,
        "json": written, "json_mb": json_bytes / 1e6,
    }  # fmt: skip


def timed(make: Callable[[], Iterable[str]]) -> tuple[float, int]:
    start = time.perf_counter()
    size = sum(len(one.encode("utf-8", "surrogatepass")) for one in make())
    return time.perf_counter() - start, size


def cursors(options: argparse.Namespace) -> dict[str, Any]:
    """Read the tables once and count the works of each claim: uncited, unresolved, one work, several."""
    from evidence.store.database import open_database  # noqa: PLC0415

    start = time.perf_counter()
    counts: Counter[str] = Counter()
    with open_database(options.database).connect() as connection:
        execute = connection.exec_driver_sql
        work_of = {(scheme, value): one for scheme, value, one in execute(
            "SELECT scheme, value, work_id FROM work_identifier")}  # fmt: skip
        note_of: dict[int, set[Any]] = {}
        for note_id, scheme, value in execute(
            "SELECT note_id, scheme, value FROM identifier WHERE role = 'cited' AND note_id IS NOT NULL"
        ):
            note_of.setdefault(note_id, set()).add(work_of.get((scheme, value), (scheme, value)))
        works: dict[str, set[Any]] = {}
        for claim_id, note_id in execute("SELECT claim_id, note_id FROM citation"):
            works.setdefault(claim_id, set()).update(note_of.get(note_id, ()))
        claims = 0
        for claim_id, _ in execute("SELECT id, text FROM claim ORDER BY page_id, position"):
            claims += 1
            found = works.get(claim_id)
            counts[
                "uncited" if found is None else "unresolved" if not found else "one" if len(found) == 1 else "n"
            ] += 1
    return {"seconds": time.perf_counter() - start, "claims": claims, "counts": counts}


def orm(options: argparse.Namespace) -> dict[str, Any]:
    """Ask for each claim, its citations, their notes, works, authors and look-ups, one after the other."""
    import sqlalchemy as sa  # noqa: PLC0415
    from sqlalchemy.orm import Session  # noqa: PLC0415

    from evidence.store import models  # noqa: PLC0415
    from evidence.store.database import open_database  # noqa: PLC0415

    start = time.perf_counter()
    counts: Counter[str] = Counter()
    link, lookup = models.WorkIdentifier, models.Lookup
    with Session(open_database(options.database)) as session:
        wanted = int(options.peer_claims * (1 + options.uncited))
        claims = list(islice(session.scalars(sa.select(models.Claim).limit(wanted)), wanted))
        for claim in claims:
            works: dict[int, set[str]] = {}
            failed = False
            for citation in claim.citations:
                note = session.get(models.Note, citation.note_id) if citation.note_id else None
                for one in note.identifiers if note else ():
                    found = session.scalar(sa.select(link).where(link.scheme == one.scheme, link.value == one.value))
                    work = session.get(models.Work, found.work_id) if found else None
                    if work is not None and not any(notice.kind == "retraction" for notice in work.notices):
                        works[work.id] = {place.author.family or "" for place in work.authorships}
                    asked = sa.select(lookup).where(lookup.scheme == one.scheme, lookup.value == one.value)
                    failed = failed or any(said.outcome == "failed" for said in session.scalars(asked))
            counts["uncited" if not claim.citations else "one" if len(works) == 1 else "n"] += 1
            counts["failed"] += failed
    return {"seconds": time.perf_counter() - start, "claims": len(claims), "counts": counts}


RUNS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "fill": fill,
    "touch": touch,
    "audit": run_audit,
    "cursors": cursors,
    "orm": orm,
}


if __name__ == "__main__":
    main()
