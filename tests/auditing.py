"""Pages and registry facts put into a store of their own and audited, for the tests of the audit from end to end."""

from __future__ import annotations

import datetime as dt
import tempfile

import sqlalchemy as sa
from databases import open_new

from evidence.audit.run import audit
from evidence.config import Settings
from evidence.extract import extract_page
from evidence.records import Page
from evidence.store import models
from evidence.store.database import writing
from evidence.store.pages import write_pages

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
KIM = ["Kim J", "Park S", "Choi H", "Lee K"]
WEBER = ["Weber A", "Fuchs B", "Vogel C", "Meyer D"]
TWO_LABORATORIES = """# Page

Bone is lost.[^a] And fat is gained.[^b]

Nothing is cited here at all.

[^a]: in-vivo · model: mice · doi:10.1000/a1
[^b]: in-vivo · model: mice · doi:10.1000/b1
"""


class Vault:
    """A store that pages and works are added to, and what the audit says of it."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.engine = open_new(f"sqlite:///{self.folder.name}/evidence.sqlite3")

    def page(self, text, path="page.md"):
        with writing(self.engine) as session:
            write_pages(session, [extract_page(Page(path, text.encode()))], extractor="1")
        return self

    def work(self, *references, authors=(), notices=(), relations=(), **fields):
        """Add a resolved work with identifiers such as "doi:10.1000/a"."""
        values = {"field_sources": {"title": "crossref"}, "title": "A title"} | fields
        with writing(self.engine) as session:
            work = models.Work(**values)
            session.add(work)
            session.flush()
            for reference in references:
                scheme, _, value = reference.partition(":")
                session.add(models.WorkIdentifier(scheme=scheme, value=value, work_id=work.id, source="crossref"))
            for position, name in enumerate(authors):
                family, _, given = name.rpartition(" ")
                author = models.Author(family=family, given=given)
                session.add(author)
                session.flush()
                session.add(models.Authorship(work_id=work.id, position=position, author_id=author.id))
            for kind in notices:
                session.add(models.Notice(work_id=work.id, kind=kind, source="crossref"))
            for kind, reference in relations:
                scheme, _, value = reference.partition(":")
                session.add(models.Relation(work_id=work.id, kind=kind, scheme=scheme, value=value, source="crossref"))
        return self

    def retract(self, value, kind="retraction", date="2026-11-20"):
        """Have Crossref tell of a notice of a work, named by the value of an identifier."""
        with writing(self.engine) as session:
            link = models.WorkIdentifier
            number = session.scalar(sa.select(link.work_id).where(link.value == value))
            session.add(models.Notice(work_id=number, kind=kind, date=date, source="crossref"))
        return self

    def looked_up(self, reference, source, outcome):
        scheme, _, value = reference.partition(":")
        with writing(self.engine) as session:
            row = {"source": source, "scheme": scheme, "value": value, "outcome": outcome, "asked_at": NOW}
            session.execute(sa.insert(models.Lookup), row)
        return self

    def audit(self, settings=None, **options):
        return audit(self.engine, settings or Settings(), now=NOW, **options)

    def claims(self):
        return self.audit().claims

    def verdict(self):
        """Return the verdict of the first claim of the first page."""
        return self.claims()[0].verdict

    def status(self):
        return self.verdict().status.value

    def codes(self):
        return [finding.code for finding in self.audit().findings]


def two_laboratories():
    """Return a vault of one page with two claims, each of which cites a work of a laboratory of its own."""
    vault = Vault().page(TWO_LABORATORIES)
    return vault.work("doi:10.1000/a1", authors=KIM).work("doi:10.1000/b1", authors=WEBER)
