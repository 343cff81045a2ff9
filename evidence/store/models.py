"""The tables. One class a table; one row is what the class says it is.

Claims, notes, citations and identifiers belong to their page and go with it. Works, records and look-ups stay: deleting
a page never deletes a work. Lists that are read whole and never searched are JSON columns.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, LargeBinary, MetaData, String, Text, UniqueConstraint, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables, with constraints named by one convention so that a migration can name them too."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Text,
        dict[str, Any]: JSON,
        list[str]: JSON,
        dt.datetime: DateTime(timezone=True),
    }


class Run(Base):
    """One `refresh` or `audit`: when, and what it counted."""

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(primary_key=True)
    command: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    rules: Mapped[str | None] = mapped_column(String(20))
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Page(Base):
    """One page as it was read last."""

    __tablename__ = "page"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    # A page read by an older extractor is read again although its bytes are the same.
    extractor: Mapped[str] = mapped_column(String(20))
    format: Mapped[str] = mapped_column(String(20))
    title: Mapped[str | None]
    front_matter: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"))
    # Comments that accept a finding of the audit, each beside the claim or note that it is about.
    acknowledgements: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    # How long each line is without its end: by these an offset tells its line and column.
    lines: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))

    claims: Mapped[list[Claim]] = relationship(back_populates="page", passive_deletes=True)
    notes: Mapped[list[Note]] = relationship(back_populates="page", passive_deletes=True)


class Unreadable(Base):
    """One page or folder that the last refresh could not read. What is stored of it is of an earlier reading."""

    __tablename__ = "unreadable"

    path: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[int | None]
    message: Mapped[str]
    hint: Mapped[str | None]


class Claim(Base):
    """One statement of a page; the id stays when the page is edited elsewhere."""

    __tablename__ = "claim"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    section: Mapped[list[str]]
    line: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str]
    lead_in: Mapped[list[str]]
    interaction: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    page: Mapped[Page] = relationship(back_populates="claims")
    citations: Mapped[list[Citation]] = relationship(passive_deletes=True, order_by="Citation.start")
    tags: Mapped[list[Tag]] = relationship(passive_deletes=True)


class Note(Base):
    """One footnote definition with what it states about its work."""

    __tablename__ = "note"
    __table_args__ = (
        UniqueConstraint("page_id", "key", "occurrence"),
        Index(None, "primary_scheme", "primary_value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"))
    key: Mapped[str]
    occurrence: Mapped[int]
    line: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str]
    primary_scheme: Mapped[str | None] = mapped_column(String(10))
    primary_value: Mapped[str | None]
    primary_via: Mapped[str | None] = mapped_column(String(12))
    study_page: Mapped[str | None]
    # design, level, n, n_text, p, model, organism, finding, authors, journal, year, title, verified,
    # marked_retracted and tags, as in the JSON of `evidence extract`: what the note says, never searched by SQL.
    stated: Mapped[dict[str, Any]] = mapped_column(default=dict)

    page: Mapped[Page] = relationship(back_populates="notes")
    identifiers: Mapped[list[Identifier]] = relationship(passive_deletes=True, order_by="Identifier.start")


class Identifier(Base):
    """One identifier where it stands on a page: in a note, or with `note_id` empty in the text or front matter."""

    __tablename__ = "identifier"
    __table_args__ = (Index(None, "scheme", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), index=True)
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), index=True)
    scheme: Mapped[str] = mapped_column(String(10))
    value: Mapped[str]
    role: Mapped[str] = mapped_column(String(10))
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str]


class Citation(Base):
    """One mark or inline identifier of a claim. `note_id` is empty for an undefined mark and an inline identifier.

    `clause` is empty where the page was last read before clauses were kept.
    """

    __tablename__ = "citation"
    __table_args__ = (Index(None, "scheme", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[str] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), index=True)
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="SET NULL"), index=True)
    note: Mapped[str | None]
    occurrence: Mapped[int | None]
    scheme: Mapped[str | None] = mapped_column(String(10))
    value: Mapped[str | None]
    start: Mapped[int]
    end: Mapped[int]
    polarity: Mapped[str] = mapped_column(String(10))
    clause: Mapped[int | None]


class Tag(Base):
    """One gap tag of a claim."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[str] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    place: Mapped[str] = mapped_column(String(12))
    scope: Mapped[str | None]


class Work(Base):
    """One publication, whatever identifiers it is cited by, with metadata merged from the records.

    `field_sources` names, for each filled field, the registry that it is from.
    """

    __tablename__ = "work"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str | None]
    container: Mapped[str | None]
    container_short: Mapped[str | None]
    date: Mapped[str | None] = mapped_column(String(10))
    volume: Mapped[str | None]
    issue: Mapped[str | None]
    pages: Mapped[str | None]
    article_number: Mapped[str | None]
    publisher: Mapped[str | None]
    issn: Mapped[list[str]] = mapped_column(default=list)
    isbn: Mapped[list[str]] = mapped_column(default=list)
    type: Mapped[str | None] = mapped_column(String(40))
    publication_types: Mapped[list[str]] = mapped_column(default=list)
    mesh: Mapped[list[str]] = mapped_column(default=list)
    language: Mapped[str | None] = mapped_column(String(10))
    field_sources: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Identifiers that the registries contradict each other about, as "pmid:123 (pubmed) / pmid:456 (crossref)".
    conflicts: Mapped[list[str]] = mapped_column(default=list)
    # A work mapped by an older version is made anew from its records, without asking again.
    mapping: Mapped[str | None] = mapped_column(String(20))
    # Of the book that a chapter or a paper stands in; of a whole book where Crossref does not say it as container.
    series: Mapped[str | None]

    identifiers: Mapped[list[WorkIdentifier]] = relationship(passive_deletes=True)
    authorships: Mapped[list[Authorship]] = relationship(passive_deletes=True, order_by="Authorship.position")
    editorships: Mapped[list[Editorship]] = relationship(passive_deletes=True, order_by="Editorship.position")
    notices: Mapped[list[Notice]] = relationship(passive_deletes=True)
    relations: Mapped[list[Relation]] = relationship(passive_deletes=True)


class WorkIdentifier(Base):
    """One identifier of a work, and the registry that says so."""

    __tablename__ = "work_identifier"

    scheme: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(String(10))


class Dispute(Base):
    """An identifier that the registries contradict each other about, and a work that it concerns."""

    __tablename__ = "dispute"

    work_id: Mapped[int] = mapped_column(ForeignKey("work.id", ondelete="CASCADE"), primary_key=True)
    scheme: Mapped[str] = mapped_column(String(10), primary_key=True)
    # Whoever has this identifier bears on the work too.
    value: Mapped[str] = mapped_column(primary_key=True, index=True)


class Author(Base):
    """One name of an author or editor as the registries write it; a collective has no family name."""

    __tablename__ = "author"
    __table_args__ = (Index(None, "family", "given"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    family: Mapped[str | None]
    given: Mapped[str | None]
    orcid: Mapped[str | None] = mapped_column(String(19), index=True)
    collective: Mapped[str | None]


class Authorship(Base):
    """The place of an author in the list of a work, from 0."""

    __tablename__ = "authorship"

    work_id: Mapped[int] = mapped_column(ForeignKey("work.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"), index=True)

    author: Mapped[Author] = relationship()


class Editorship(Base):
    """The place of an editor in the list of a work, from 0. Audits read authors alone: an editor made no study."""

    __tablename__ = "editorship"

    work_id: Mapped[int] = mapped_column(ForeignKey("work.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"), index=True)

    author: Mapped[Author] = relationship()


class Record(Base):
    """What one registry said about one work, as received (zlib), so that a later version can read more from it."""

    __tablename__ = "record"
    __table_args__ = (UniqueConstraint("source", "scheme", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(10))
    scheme: Mapped[str] = mapped_column(String(10))
    value: Mapped[str]
    fetched_at: Mapped[dt.datetime]
    payload: Mapped[bytes] = mapped_column(LargeBinary)


class State(Base):
    """What one registry said of a work's notices after its record was fetched, as received (zlib).

    It stands in for the notices of that record, which keeps its own date, and goes when a newer record comes.
    """

    __tablename__ = "state"

    source: Mapped[str] = mapped_column(String(10), primary_key=True)
    scheme: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    fetched_at: Mapped[dt.datetime]
    payload: Mapped[bytes] = mapped_column(LargeBinary)


class Lookup(Base):
    """How the last look-up of an identifier at a source ended, and from when on it is asked again."""

    __tablename__ = "lookup"

    source: Mapped[str] = mapped_column(String(10), primary_key=True)
    scheme: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None]
    asked_at: Mapped[dt.datetime]
    ask_again_at: Mapped[dt.datetime | None]


class Pending(Base):
    """What a registry answered of look-ups that take several questions; forgotten once a run has asked them all."""

    __tablename__ = "pending"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    identifiers: Mapped[list[str]]
    hits: Mapped[list[str]]
    asked_at: Mapped[dt.datetime]


class Registry(Base):
    """When a registry was last asked, by the clock, and until when it asked to be left alone."""

    __tablename__ = "registry"

    source: Mapped[str] = mapped_column(String(10), primary_key=True)
    host: Mapped[str] = mapped_column(primary_key=True)
    asked_at: Mapped[dt.datetime]
    open_again_at: Mapped[dt.datetime | None]


class Notice(Base):
    """One retraction, concern or correction of a work, as one registry asserts it."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    date: Mapped[str | None] = mapped_column(String(10))
    scheme: Mapped[str | None] = mapped_column(String(10))
    value: Mapped[str | None]
    source: Mapped[str] = mapped_column(String(10))
    asserted_by: Mapped[str | None]
    record_id: Mapped[str | None]


class Relation(Base):
    """How a work relates to another one (preprint of, notice of, same trial), as one registry says.

    Of a notice it holds what that does to the other work, whose own record may not tell of it.
    """

    __tablename__ = "relation"

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    scheme: Mapped[str] = mapped_column(String(10))
    # Relations are also looked for from the other end.
    value: Mapped[str] = mapped_column(index=True)
    source: Mapped[str] = mapped_column(String(10))
    notice_kind: Mapped[str | None] = mapped_column(String(24))
    notice_date: Mapped[str | None] = mapped_column(String(10))
    asserted_by: Mapped[str | None]
    record_id: Mapped[str | None]


class Citekey(Base):
    """The short key of a work in exports: given once, never recomputed, never used for another work.

    `folded` is the key in lower case, since BibTeX takes `Smith2020` and `smith2020` for one.
    """

    __tablename__ = "citekey"

    folded: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    # No foreign key: a key outlives its work, so that it is never given to another one.
    work_id: Mapped[int] = mapped_column(index=True)
    # A former key, which leads to the work but is no longer written for it.
    is_alias: Mapped[bool] = mapped_column(server_default=false(), default=False)
    # Whose it is while the work is not stored: its number is 0 then, and it gets its key with its number.
    scheme: Mapped[str | None] = mapped_column(String(10))
    value: Mapped[str | None] = mapped_column(index=True)


class Library(Base):
    """One file of a reference manager, as it was imported last."""

    __tablename__ = "library"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(unique=True)
    format: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    # A file read by an older reader is read again although its bytes are the same.
    reader: Mapped[str] = mapped_column(String(20))
    imported_at: Mapped[dt.datetime]
    warnings: Mapped[list[str]] = mapped_column(default=list)


class LibraryEntry(Base):
    """One entry of a library, used or not. It describes works for bibliographies; no audit reads it."""

    __tablename__ = "library_entry"
    __table_args__ = (UniqueConstraint("library_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"))
    position: Mapped[int]
    line: Mapped[int]
    key: Mapped[str | None]
    # The key in lower case, which no formula gives to another work.
    folded: Mapped[str | None] = mapped_column(index=True)
    former: Mapped[list[str]] = mapped_column(default=list)
    is_failed: Mapped[bool]
    description: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # Each as [field, message, line]: of the entry itself, and of how it fits what the database holds.
    problems: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    clashes: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    # Its text, where something is wrong with it.
    raw: Mapped[str]


class LibraryIdentifier(Base):
    """One identifier of an entry of a library. What it names is not taken for one work because a library says so."""

    __tablename__ = "library_identifier"
    __table_args__ = (Index(None, "scheme", "value"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("library_entry.id", ondelete="CASCADE"), primary_key=True)
    scheme: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[str]


class Verdict(Base):
    """What the audits said of one claim, from one whole audit until another; an unchanged verdict adds no row.

    Path, line and words are those of the last audit that said so, so that a claim that is gone can still be named.
    What rows of before 0004 did not hold is empty.
    """

    __tablename__ = "verdict"
    # In this order, so that it serves to find the rows of a claim.
    __table_args__ = (UniqueConstraint("claim_id", "run_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # The audit that said so first.
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    # No foreign key: the history outlives the claim.
    claim_id: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    level: Mapped[str | None] = mapped_column(String(10))
    strength: Mapped[int | None]
    reasons: Mapped[list[str]]
    flags: Mapped[list[str]]
    # Of what it followed from when it was said first.
    inputs: Mapped[str] = mapped_column(String(64))
    # The version under which it was said first.
    rules: Mapped[str] = mapped_column(String(20))
    # The audit that no longer said so; empty while it holds. No foreign key: SQLite would make the table anew for one.
    until_run_id: Mapped[int | None] = mapped_column(index=True)
    path: Mapped[str | None]
    line: Mapped[int | None]
    text: Mapped[str | None]
    # Each cited work as [name, whether it is counted, why].
    works: Mapped[list[list[Any]] | None] = mapped_column(JSON(none_as_null=True))
    # Of all that the verdict says, so that the next audit need not read it to see that nothing changed.
    digest: Mapped[str | None] = mapped_column(String(32))


class Judgement(Base):
    """What the last whole audit made of one page, as JSON; only the audit reads it.

    It holds as long as `digest` is that of all that the page is judged by: whatever changed is judged anew.
    """

    __tablename__ = "judgement"

    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(32))
    summary: Mapped[bytes] = mapped_column(LargeBinary)
    works: Mapped[bytes] = mapped_column(LargeBinary)
    claims: Mapped[bytes] = mapped_column(LargeBinary)
    findings: Mapped[bytes] = mapped_column(LargeBinary)


class Standing(Base):
    """How one work with notices stood, from one whole audit until another."""

    __tablename__ = "standing"
    __table_args__ = (UniqueConstraint("run_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    until_run_id: Mapped[int | None] = mapped_column(index=True)
    # As the pages cite it. No foreign key: the history outlives the work.
    name: Mapped[str]
    title: Mapped[str | None]
    # What decides how it stands; empty where its notices leave that alone.
    kind: Mapped[str | None] = mapped_column(String(24))
    said: Mapped[str]
    notices: Mapped[list[str]]
