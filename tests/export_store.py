"""For the tests of exports: a database with works, and pages that cite them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from databases import open_new

from evidence.export.records import CitedWork
from evidence.records import AuthorName, WorkRecord
from evidence.resolve.crossref import read_work
from evidence.resolve.merging import merge_records
from evidence.store import models
from evidence.store.database import writing

DATA = Path(__file__).parent / "data" / "export"
PAPER = CitedWork(
    key="komori1997targeted",
    aliases=(),
    title="Targeted Disruption of <i>Cbfa1</i>",
    authors=(AuthorName("Komori", "T"), AuthorName("Yagi", "H")),
    container="Cell",
    container_short="Cell",
    series=None,
    date="1997-05-30",
    volume="89",
    issue="5",
    pages="755-764",
    article_number=None,
    publisher="Elsevier BV",
    issn=("0092-8674", "1097-4172"),
    isbn=(),
    type="journal-article",
    language="en",
    doi="10.1016/s0092-8674(00)80258-5",
    pmid="9182763",
    pmcid=None,
    note=None,
)


@dataclass
class Stored:
    """One work as a test wants it in the store."""

    doi: str | None = None
    pmid: str | None = None
    title: str | None = "A title"
    authors: list[AuthorName] = field(default_factory=lambda: [AuthorName("Smith", "Jane")])
    fields: dict = field(default_factory=dict)
    notices: list[dict] = field(default_factory=list)
    editors: list[AuthorName] = field(default_factory=list)


def recorded_works() -> list[WorkRecord]:
    lines = (DATA / "crossref_works.jsonl").read_text("utf-8").splitlines()
    return [read_work(json.loads(line)) for line in lines]


def from_record(record: WorkRecord) -> Stored:
    names = [
        "container",
        "container_short",
        "series",
        "date",
        "volume",
        "issue",
        "pages",
        "article_number",
        "publisher",
    ]
    names += ["type", "language"]
    fields = {name: getattr(record, name) for name in names}
    fields |= {"issn": list(record.issn), "isbn": list(record.isbn)}
    notices = [{"kind": one.kind.value, "date": one.date} for one in record.notices]
    return Stored(
        record.identifiers[0].value, None, record.title, list(record.authors), fields, notices, list(record.editors)
    )


def as_cited(key: str, record: WorkRecord) -> CitedWork:
    """What an export would read of a record from the store."""
    numbers = {one.scheme.value: one.value for one in reversed(record.identifiers)}
    work = merge_records([record])
    said = {**work.fields, "authors": work.authors, "editors": work.editors}
    same = {
        name: tuple(one) if isinstance(one, list) else one for name, one in said.items() if name in CitedWork._fields
    }
    known = {"doi": numbers.get("doi"), "pmid": numbers.get("pmid"), "pmcid": numbers.get("pmcid")}
    return PAPER._replace(key=key, aliases=(), note=None, **known, **same)


def store_of(url: str, *works: Stored, page: str = "page.md"):
    """A database with these works, all of them cited by one page."""
    engine = open_new(url)
    add_works(engine, *works)
    cite(engine, page, *((scheme, value) for one in works for scheme, value in identifiers(one)))
    return engine


def identifiers(work: Stored) -> list[tuple[str, str]]:
    return [(scheme, value) for scheme, value in (("doi", work.doi), ("pmid", work.pmid)) if value]


def add_works(engine, *works: Stored) -> None:
    with writing(engine) as session:
        for one in works:
            work = models.Work(title=one.title, **{"container": "The Journal", "type": "journal-article", **one.fields})
            work.identifiers = [
                models.WorkIdentifier(scheme=scheme, value=value, source="crossref")
                for scheme, value in identifiers(one)
            ]
            for names, places, place in (
                (one.authors, work.authorships, models.Authorship),
                (one.editors, work.editorships, models.Editorship),
            ):
                for position, name in enumerate(names):
                    author = models.Author(family=name.family, given=name.given, collective=name.collective)
                    places.append(place(position=position, author=author))
            work.notices = [models.Notice(source="crossref", **notice) for notice in one.notices]
            session.add(work)


def cite(engine, page: str, *references: tuple[str, str]) -> None:
    """Add a page whose only claim cites these."""
    with writing(engine) as session:
        row = models.Page(path=page, sha256="0" * 64, extractor="1", format="markdown")
        session.add(row)
        session.flush()
        claim = models.Claim(
            id=page,
            page_id=row.id,
            position=0,
            kind="sentence",
            section=[],
            line=1,
            start=0,
            end=1,
            text="x",
            lead_in=[],
        )
        claim.citations = [
            models.Citation(scheme=scheme, value=value, start=place, end=place, polarity="supports")
            for place, (scheme, value) in enumerate(references)
        ]
        session.add(claim)
