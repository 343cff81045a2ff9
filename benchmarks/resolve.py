"""How many requests and seconds a cold resolution takes, against a replay server with the documented limits.

    python benchmarks/resolve.py [DATA] [--dois N] [--pmids N] [--seeds N] [--peer-ids N]

DATA holds recorded answers: `crossref/works.jsonl[.gz]` and PubMed's XML below `pubmed/` or `pubmed_baseline/`; default
are those of the tests. Where it has fewer than are asked for, the rest is derived from them: the same records under new
identifiers. Three of five DOIs have a record in PubMed, and a quarter of the PMIDs are the same works as DOIs.

The server runs in a process of its own, and so does each measurement: the peak is that process's resident memory, with
everything that it imports. Seconds are those of the resolution alone. The peers are what the manuals of the two
packages show, one call for each identifier in a loop, and manubot, where it is installed.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, unescape

TESTS = Path(__file__).parent.parent / "tests" / "data" / "registry"
LATENCY_S = 0.05
MAILTO = "someone@example.org"
IN_PUBMED = 0.6
SAME_WORK = 0.25
FIRST_PMID = 90_000_000
DOI_OF = re.compile(r'<ArticleId IdType="doi"\s*>\s*([^<]+?)\s*<')
PMID_OF = re.compile(r"<PMID\b[^>]*>\s*(\d+)")
# What a derived record must not share with the one that it is made from.
PMCID = re.compile(r'<ArticleId IdType="(?:pmc|pii|mid)"\s*>[^<]*</ArticleId>')
OWN_TO_THE_WORK = ("update-to", "updated-by", "relation", "alternative-id")
# One request in ten meets one of the faults that pass: server faults, 429 with and without Retry-After and in a 200,
# dropped, cut and mangled answers, a page in place of data.
FAULTS = "all=0.1"


class Template(NamedTuple):
    """A PubMed record with the identifiers that it states as its own."""

    xml: str
    pmid: str
    doi: str | None


class Answers(NamedTuple):
    """What the server will have, and what is asked."""

    works: dict[str, dict[str, Any]]
    articles: dict[str, str]
    not_in_pubmed: list[str]
    dois: list[str]
    pmids: list[str]
    real: tuple[int, int]


# --- the data --------------------------------------------------------------------------------------------------------


def make_answers(folder: Path, dois: int, pmids: int) -> Answers:
    messages = read_works(folder)
    templates = list(read_templates(folder))
    with_doi = [one for one in templates if one.doi]
    if not messages or not with_doi:
        sys.exit(f"{folder}: no recorded works and PubMed records")
    works = dict(itertools.islice(derived_works(messages), dois))
    cited = list(works)
    numbers = itertools.count(FIRST_PMID)
    articles: dict[str, str] = {}
    # Spread over all, so that each batch has some of both.
    in_pubmed = [doi for place, doi in enumerate(cited) if (place * IN_PUBMED) % 1 < IN_PUBMED]
    for doi, template in zip(in_pubmed, itertools.cycle(with_doi), strict=False):
        number = str(next(numbers))
        articles[number] = derived_article(template, number, doi)
    same = list(articles)[: int(pmids * SAME_WORK)]
    own = [template.pmid for template in templates][: pmids - len(same)]
    articles |= {template.pmid: template.xml for template in templates if template.pmid in set(own)}
    others = {template.doi for template in templates if template.pmid in set(own) and template.doi}
    for round_, template in itertools.islice(rounds(with_doi), pmids - len(same) - len(own)):
        number, doi = str(next(numbers)), f"{template.doi}.x{round_}"
        articles[number] = derived_article(template, number, doi)
        own.append(number)
        others.add(doi)
    # What PubMed's records name is asked at Crossref too.
    for doi, message in zip(sorted(others - works.keys()), itertools.cycle(messages.values()), strict=False):
        works[doi] = derived_work(message, doi)
    absent = sorted(set(cited) - set(in_pubmed) - others)
    real = (len(messages.keys() & set(cited)), len(set(own) & {template.pmid for template in templates}))
    return Answers(works, articles, absent, cited, same + own, real)


def read_works(folder: Path) -> dict[str, dict[str, Any]]:
    works = {}
    for path in sorted(folder.glob("crossref/works.jsonl*")):
        for line in read_bytes(path).splitlines():
            entry = json.loads(line)
            if not entry.get("partial"):
                works[entry["doi"].lower()] = entry["work"]
    return works


def read_templates(folder: Path) -> Iterator[Template]:
    seen = set()
    for path in sorted([*folder.glob("pubmed/*.xml"), *folder.glob("pubmed_baseline/pubmed_real_distinct.xml.gz")]):
        for xml in re.findall(r"<PubmedArticle>.*?</PubmedArticle>", read_bytes(path).decode(), re.DOTALL):
            own = xml.partition("<ReferenceList")[0]
            pmid, doi = PMID_OF.search(own), DOI_OF.search(own)
            if pmid and pmid[1] not in seen:
                seen.add(pmid[1])
                yield Template(xml, pmid[1], unescape(doi[1]).lower() if doi else None)


def read_bytes(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def rounds(templates: list[Template]) -> Iterator[tuple[int, Template]]:
    for round_ in itertools.count(1):
        for template in templates:
            yield round_, template


def derived_works(messages: dict[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from messages.items()
    for round_ in itertools.count(1):
        for doi, message in messages.items():
            yield f"{doi}.x{round_}", derived_work(message, f"{doi}.x{round_}")


def derived_work(message: dict[str, Any], doi: str) -> dict[str, Any]:
    return {key: value for key, value in message.items() if key not in OWN_TO_THE_WORK} | {"DOI": doi}


def derived_article(template: Template, pmid: str, doi: str) -> str:
    own, references, rest = template.xml.partition("<ReferenceList")
    own = PMCID.sub("", own).replace(f">{template.pmid}<", f">{pmid}<")
    old = DOI_OF.search(own)
    assert old is not None
    return own.replace(f">{old[1]}<", f">{escape(doi)}<") + references + rest


def write_answers(answers: Answers, folder: Path) -> None:
    (folder / "crossref").mkdir(parents=True)
    (folder / "pubmed").mkdir()
    with (folder / "crossref" / "works.jsonl").open("w", encoding="utf-8") as file:
        for doi, message in answers.works.items():
            file.write(json.dumps({"doi": doi, "origin": "recorded", "work": message}) + "\n")
    with (folder / "pubmed" / "records.xml").open("w", encoding="utf-8") as file:
        file.writelines(["<PubmedArticleSet>\n", *answers.articles.values(), "</PubmedArticleSet>\n"])
    (folder / "absent.json").write_text(json.dumps({"pubmed_dois": answers.not_in_pubmed}), "utf-8")


def make(options: argparse.Namespace) -> dict[str, Any]:
    """Write the data, in a process of its own: a child's peak is at least what its parent held when it began."""
    made = make_answers(options.data, options.dois, options.pmids)
    write_answers(made, options.asked)
    return {"doi": made.dois, "pmid": made.pmids, "real": made.real}


# --- the server ------------------------------------------------------------------------------------------------------


def serve(options: argparse.Namespace) -> dict[str, Any]:
    from evidence.replay.faults import Faults, parse_rates  # noqa: PLC0415
    from evidence.replay.server import serve_forever  # noqa: PLC0415

    faults = Faults(parse_rates(FAULTS), options.seed) if options.seed is not None else Faults()
    announce = lambda server: print(server.base_url, flush=True)  # noqa: E731
    serve_forever([options.data], latency_s=LATENCY_S, limits="documented", faults=faults, on_start=announce)
    return {}


@contextmanager
def served(folder: Path, *options: str) -> Iterator[str]:
    command = [sys.executable, __file__, str(folder), "--run", "serve", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def counts(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{url}/__replay__/counts") as answer:
        return dict(json.load(answer))


# --- what is measured, each in a process of its own ------------------------------------------------------------------


def fill(options: argparse.Namespace) -> dict[str, Any]:
    import sqlalchemy as sa  # noqa: PLC0415

    from evidence.store import models  # noqa: PLC0415
    from evidence.store.database import open_database, writing  # noqa: PLC0415

    asked = json.loads(options.asked.read_text())
    with writing(open_database(options.store)) as session:
        session.add(models.Page(id=1, path="page.md", sha256="0" * 64, extractor="1", format="markdown"))
        session.flush()
        place = {"start": 0, "end": 1}
        claim = {"kind": "sentence", "section": [], "line": 1, "text": "x", "lead_in": [], "position": 0, **place}
        session.execute(sa.insert(models.Claim), [{"id": "c", "page_id": 1, **claim}])
        rows = [
            {"claim_id": "c", "polarity": "supports", "scheme": scheme, "value": value, **place}
            for scheme, values in asked.items()
            for value in values
        ]
        session.execute(sa.insert(models.Citation), rows)
    return {}


def ours(options: argparse.Namespace) -> dict[str, Any]:
    from evidence.config import Settings  # noqa: PLC0415
    from evidence.resolve.run import resolve  # noqa: PLC0415
    from evidence.store.database import open_database  # noqa: PLC0415
    from evidence.vocabulary import Outcome  # noqa: PLC0415

    engine = open_database(options.store)
    entrez = {"base_url": f"{options.server}/entrez/eutils"}
    registries = {"mailto": MAILTO, "crossref": {"base_url": options.server}, "entrez": entrez}
    start = time.perf_counter()
    summary = resolve(engine, Settings(registries=registries), own_registry_only=options.own)
    seconds = time.perf_counter() - start
    failed = [f"{len(group.references)} at {group.source}: {group.reason}" for group in summary.failed]
    return {"seconds": seconds, "resolved": summary.outcomes.get(Outcome.RESOLVED, 0), "failed": failed}


def loops(options: argparse.Namespace) -> dict[str, Any]:
    """Ask one by one, as the manuals of habanero and Biopython show it; what raises is lost."""
    from Bio import Entrez  # noqa: PLC0415
    from habanero import Crossref  # noqa: PLC0415

    asked = json.loads(options.asked.read_text())
    crossref = Crossref(options.server, mailto=MAILTO)
    Entrez.email = MAILTO
    theirs = "https://eutils.ncbi.nlm.nih.gov"
    # Bio.Entrez has no setting for its address: this changes the host and nothing else.
    Entrez.urlopen = lambda request: urllib.request.urlopen(
        urllib.request.Request(request.full_url.replace(theirs, options.server), request.data)
    )

    def ask_pubmed(pmid: str) -> bool:
        with Entrez.efetch(db="pubmed", id=pmid, retmode="xml") as handle:
            return pmid.encode() in handle.read()

    start = time.perf_counter()
    found = sum(answers(lambda doi: crossref.works(ids=doi)["message"]["DOI"] == doi, doi) for doi in asked["doi"])
    found += sum(answers(ask_pubmed, pmid) for pmid in asked["pmid"])
    return {"seconds": time.perf_counter() - start, "resolved": found, "failed": []}


def answers(ask: Callable[[str], bool], value: str) -> bool:
    try:
        return ask(value)
    except Exception:  # noqa: BLE001  # whatever a package raises for a failed look-up
        return False


def manubot(options: argparse.Namespace) -> dict[str, Any]:
    """Ask manubot one by one; its fixed addresses are led to the server by a change of `requests` alone.

    Its request for a short DOI has no server here, and is left to fail: it costs manubot an error, no work.
    """
    import logging  # noqa: PLC0415

    import requests  # noqa: PLC0415
    from manubot.cite.doi import get_doi_csl_item  # noqa: PLC0415
    from manubot.cite.pubmed import get_pubmed_csl_item  # noqa: PLC0415

    asked = json.loads(options.asked.read_text())
    send = requests.Session.send

    def led(session: Any, request: Any, **rest: Any) -> Any:
        request.url = re.sub(r"^https://(?:dx\.)?doi\.org/(.+)$", rf"{options.server}/works/\1/transform", request.url)
        request.url = re.sub(r"^https?://[^/]*ncbi\.nlm\.nih\.gov", options.server, request.url)
        return send(session, request, **rest)

    requests.Session.send = led
    # A traceback for each short DOI.
    logging.disable(logging.CRITICAL)
    start = time.perf_counter()
    found = sum(answers(lambda doi: bool(get_doi_csl_item(doi)), doi) for doi in asked["doi"])
    found += sum(answers(lambda pmid: bool(get_pubmed_csl_item(pmid)), pmid) for pmid in asked["pmid"])
    return {"seconds": time.perf_counter() - start, "resolved": found, "failed": []}


RUNS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "make": make,
    "serve": serve,
    "fill": fill,
    "ours": ours,
    "loops": loops,
    "manubot": manubot,
}


def measured(name: str, *arguments: str) -> dict[str, Any] | None:
    """Run one of the above in a process of its own; None where it ends without a result."""
    command = [sys.executable, __file__, "--run", name, *arguments]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else None


def run_child(options: argparse.Namespace) -> None:
    result = RUNS[options.run](options)
    # macOS counts in bytes, Linux in KiB.
    unit = 1024**2 if sys.platform == "darwin" else 1024
    result["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(json.dumps(result))


# --- the report ------------------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=TESTS)
    parser.add_argument("--dois", type=int, default=5_000)
    parser.add_argument("--pmids", type=int, default=1_600)
    parser.add_argument("--seeds", type=int, default=5, help="how many runs with faults")
    parser.add_argument("--peer-ids", type=int, default=200, help="DOIs, and PMIDs, for the peers; 0 leaves them out")
    parser.add_argument("--run", choices=tuple(RUNS), help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--server", help=argparse.SUPPRESS)
    parser.add_argument("--store", help=argparse.SUPPRESS)
    parser.add_argument("--asked", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--own", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run_child(options)
        return
    with tempfile.TemporaryDirectory() as folder:
        Report(options, Path(folder)).print()


class Report:
    """Runs everything on one set of answers and prints a line for each."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options = options
        self.folder = folder
        self.data = folder / "data"
        self.stores = itertools.count()

    def print(self) -> None:
        sizes = ("--dois", str(self.options.dois), "--pmids", str(self.options.pmids))
        made = measured("make", str(self.options.data), *sizes, "--asked", str(self.data))
        if made is None:
            sys.exit(1)
        asked = {scheme: made[scheme] for scheme in ("doi", "pmid")}
        dois, pmids = len(asked["doi"]), len(asked["pmid"])
        real_dois, real_pmids = made["real"]
        print(f"{dois} DOIs ({real_dois} recorded, {dois - real_dois} derived from these)", end=", ")
        print(f"{pmids} PMIDs ({real_pmids} recorded, {pmids - real_pmids} derived)")
        print(f"limits as documented, contact, no key, {LATENCY_S * 1000:.0f} ms; Python {sys.version.split()[0]}")
        for own, label in ((True, "own registry"), (False, "with PubMed's of DOIs")):
            store = self.filled(asked)
            self.line(f"{label}, clean", dois + pmids, store, own=own)
            self.line(f"{label}, from the store", dois + pmids, store, own=own)
            for seed in range(self.options.seeds):
                store = self.filled(asked)
                self.line(f"{label}, faults {seed}", dois + pmids, store, "--seed", str(seed), own=own)
        if self.options.peer_ids:
            self.print_peers(asked)

    def print_peers(self, all_asked: dict[str, list[str]]) -> None:
        few = self.options.peer_ids
        asked = {scheme: values[:few] for scheme, values in all_asked.items()}
        total = sum(map(len, asked.values()))
        print(f"beside peers, {len(asked['doi'])} DOIs and {len(asked['pmid'])} PMIDs:")
        self.line("ours, own registry", total, self.filled(asked), own=True)
        file = self.written(asked)
        for name, label in (("loops", "habanero and Bio.Entrez, one by one"), ("manubot", "manubot, one by one")):
            with served(self.data) as url:
                done = measured(name, "--server", url, "--asked", str(file)) if is_installed(name) else None
                print_line(label, total, done, counts(url))

    def written(self, asked: dict[str, list[str]]) -> Path:
        file = self.folder / f"asked{next(self.stores)}.json"
        file.write_text(json.dumps(asked), "utf-8")
        return file

    def filled(self, asked: dict[str, list[str]]) -> str:
        store = f"sqlite:///{self.folder}/store{next(self.stores)}.sqlite3"
        measured("fill", "--store", store, "--asked", str(self.written(asked)))
        return store

    def line(self, label: str, total: int, store: str, *server_options: str, own: bool) -> None:
        with served(self.data, *server_options) as url:
            arguments = ["--store", store, "--server", url, *(["--own"] if own else [])]
            print_line(label, total, measured("ours", *arguments), counts(url))


def is_installed(name: str) -> bool:
    import importlib.util  # noqa: PLC0415

    return name == "loops" or importlib.util.find_spec(name) is not None


def print_line(label: str, total: int, done: dict[str, Any] | None, said: dict[str, Any]) -> None:
    if done is None:
        print(f"{label:<38} not installed, or ended without a result")
        return
    violations = sum(said["violations"].values())
    print(
        f"{label:<38} {done['seconds']:7.2f} s  {said['total']:5} requests  {done['resolved']:5} of {total} resolved"
        f"  {violations} violations  {max(said['most_at_once'].values(), default=0)} at once  {done['peak']:5.0f} MiB",
        flush=True,
    )
    routes = ", ".join(f"{route} {count}" for route, count in said["requests"].items())
    statuses = ", ".join(f"{status}: {count}" for status, count in said["statuses"].items())
    faults = ", ".join(f"{fault}: {count}" for fault, count in said["faults"].items())
    print(f"    {routes or 'nothing asked'}{f' ({statuses})' if statuses else ''}")
    if faults:
        print(f"    faults {faults}")
    for reason in done["failed"]:
        print(f"    failed: {reason}")


if __name__ == "__main__":
    main()
