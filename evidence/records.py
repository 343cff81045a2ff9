"""The values that pass between the steps.

What is made by the hundred thousand (claims, citations, identifiers) is a `NamedTuple`: a frozen dataclass
takes four times as long to make, and extraction is measured against that. The rest are frozen dataclasses.
Offsets are code points from the beginning of the file: `text[start:end]` is the thing as written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from evidence.vocabulary import NoticeKind, Outcome, Polarity, RelationKind, Role, Scheme, Source, TagPlace

if TYPE_CHECKING:
    import datetime as dt

    from evidence.vocabulary import ClaimKind, Design, Level, PageFormat


class Identifier(NamedTuple):
    """One identifier as it stands on a page.

    `how` says what reading it took beyond copying: "url", "percent-decoded", "entity-decoded", "unescaped",
    "dash-normalized", "joined-line", "derived", "version-stripped", "suffix-stripped", "list". Empty for plain text.
    """

    scheme: Scheme
    value: str
    start: int
    end: int
    text: str
    role: Role = Role.CITED
    how: tuple[str, ...] = ()


class Reference(NamedTuple):
    """A scheme and a value, wherever they came from."""

    scheme: Scheme
    value: str


class Primary(NamedTuple):
    """The one work that a note cites; `via` is "note" or "study-page"."""

    scheme: Scheme
    value: str
    via: str


class Tag(NamedTuple):
    """One gap tag; `scope` is the text after a dash or in brackets, or None."""

    name: str
    place: TagPlace
    scope: str | None = None


class Citation(NamedTuple):
    """One place on a page that points to a work: a note's mark, or an identifier in the text itself.

    `occurrence` is that of the note's definition (0 for the first), or None where the mark has no definition. `clause`
    numbers the clause of the claim that it closes, from 0: citations side by side close one.
    """

    note: str | None
    occurrence: int | None
    identifier: Identifier | None
    start: int
    end: int
    polarity: Polarity = Polarity.SUPPORTS
    clause: int = 0


class Interaction(NamedTuple):
    """One row of a curated interaction table. `small_scale` is None where the table does not say.

    `direction` is the column's own word for the effect (activation, repression), or None. `context` are the cells that
    say in what it was seen: organism, tissue, cells, condition.
    """

    regulator: str
    target: str
    databases: tuple[str, ...]
    methods: tuple[str, ...]
    small_scale: bool | None = None
    direction: str | None = None
    context: tuple[str, ...] = ()


class Claim(NamedTuple):
    """One statement on a page that evidence could support."""

    id: str
    kind: ClaimKind
    section: tuple[str, ...]
    line: int
    start: int
    end: int
    text: str
    citations: tuple[Citation, ...] = ()
    lead_in: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    interaction: Interaction | None = None


class Problem(NamedTuple):
    """Something on a page that its author should mend; line and column count from 1."""

    code: str
    message: str
    line: int
    column: int = 1


class Acknowledgement(NamedTuple):
    """A comment by which a page accepts one finding of the audit, with the reason for it.

    `facts` is the short hash of what the finding says; None where the comment has none. `targets` are what it stands in
    or beside, the likeliest first: claims by their number on the page, notes by key and occurrence.
    """

    code: str
    facts: str | None
    reason: str | None
    line: int
    column: int = 1
    targets: tuple[int | tuple[str, int], ...] = ()


@dataclass(slots=True)
class Note:
    """One footnote definition: the bibliographic text of a citation, before it is resolved.

    Not frozen: a note is filled in two steps, the second of which reads the study page that it links to.
    """

    key: str
    occurrence: int
    line: int
    start: int
    end: int
    text: str
    identifiers: tuple[Identifier, ...] = ()
    primary: Primary | None = None
    study_page: str | None = None
    design: tuple[Design, ...] = ()
    level: Level | None = None
    n: int | None = None
    n_text: str | None = None
    p: str | None = None
    model: str | None = None
    organism: str | None = None
    finding: str | None = None
    authors: tuple[str, ...] = ()
    journal: str | None = None
    year: int | None = None
    title: str | None = None
    verified: dict[str, str] | None = None
    marked_retracted: bool = False
    tags: tuple[Tag, ...] = ()


@dataclass(slots=True, frozen=True)
class ExtractedPage:
    """Everything that was read from one page; the JSON of `evidence extract` is this, field by field, to `problems`.

    `lines` are the lengths of its lines without their ends: by them an offset tells its line and column.
    """

    path: str
    format: PageFormat
    title: str | None
    sha256: str
    front_matter: dict[str, Any] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    notes: tuple[Note, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    problems: tuple[Problem, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    lines: tuple[int, ...] = ()


@dataclass(slots=True, frozen=True)
class Page:
    """One document that we read claims from: its path relative to the vault (with `/`) and its bytes."""

    path: str
    data: bytes


class AuthorName(NamedTuple):
    """One author or editor as a registry names them. A collective has no family name."""

    family: str | None = None
    given: str | None = None
    orcid: str | None = None
    collective: str | None = None


# What Crossref calls a whole book, which people either wrote or edited; who edits one may write a chapter of it.
WHOLE_BOOKS = frozenset({"book", "monograph", "edited-book", "reference-book", "proceedings"})
# What Crossref calls works that say in words what they are: the kind of a thesis, of a report.
GENRED = frozenset({"dissertation", "report"})
# What stands in a journal, a magazine or a newspaper. The last two are CSL's words: Crossref has none.
ARTICLES = frozenset({"journal-article", "article-magazine", "article-newspaper"})


def are_same_people(some: Sequence[AuthorName], others: Sequence[AuthorName]) -> bool:
    """Tell whether two lists name the same people: as many, with the same family names in the same order.

    >>> are_same_people([AuthorName("Kyle", "R.")], [AuthorName("KYLE", "Richard F.")])
    True
    """
    return len(some) == len(others) > 0 and all(
        (one.family or one.collective or "").casefold() == (other.family or other.collective or "").casefold()
        for one, other in zip(some, others, strict=True)
    )


# At the end of a list that a library does not give in full: "and others", "et al."
OTHERS = AuthorName(collective="others")


@dataclass(slots=True, frozen=True)
class NoticeRecord:
    """What one registry says was done to a work: kind, date, the notice's own identifier, who asserts it.

    `asserted_by` is "publisher" or "retraction-watch" at Crossref, or "title" for a mark in the title alone;
    `record_id` is the number of the entry at the asserter.
    """

    kind: NoticeKind
    date: str | None = None
    identifier: Reference | None = None
    asserted_by: str | None = None
    record_id: str | None = None


@dataclass(slots=True, frozen=True)
class RelationRecord:
    """A relation of a work to another one, named by an identifier or, for a trial, by its registry number.

    `notice` is what a notice does to the other work, since that one's own record may not tell of it.
    """

    kind: RelationKind
    scheme: str
    value: str
    notice: NoticeRecord | None = None


@dataclass(slots=True, frozen=True)
class WorkRecord:
    """What one source says about one work, read from the payload as received.

    `date` is as precise as the source is: "2004", "2004-03" or "2004-03-06". `series` is that of the book which a
    chapter stands in, or of a whole book, for which Crossref has it as the `container`. `editors` are those of a book
    or of what stands in one: who handled an article of a journal is told in no bibliography. `origin` is "recorded" or
    "transcribed" where a replay server answered with something other than a registry's own words, else None. `is_alias`
    says that the first identifier is another name of the work that the second one names, and nothing else.
    """

    source: Source
    identifiers: tuple[Reference, ...]
    title: str | None = None
    subtitle: str | None = None
    authors: tuple[AuthorName, ...] = ()
    editors: tuple[AuthorName, ...] = ()
    container: str | None = None
    container_short: str | None = None
    series: str | None = None
    date: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    article_number: str | None = None
    publisher: str | None = None
    issn: tuple[str, ...] = ()
    isbn: tuple[str, ...] = ()
    type: str | None = None
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    language: str | None = None
    notices: tuple[NoticeRecord, ...] = ()
    relations: tuple[RelationRecord, ...] = ()
    origin: str | None = None
    is_alias: bool = False


class Description(NamedTuple):
    """What a reference manager's library says of a work: what a bibliography prints, and nothing that an audit reads.

    The fields are those of `WorkRecord`; there are neither publication types nor notices, whatever the library states.
    `genre` is what a thesis or report calls itself, `series_number` the number of a book in its series,
    `place` where its publisher is, `version` that of a program, of data or the like.
    """

    title: str | None = None
    authors: tuple[AuthorName, ...] = ()
    container: str | None = None
    container_short: str | None = None
    series: str | None = None
    date: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    article_number: str | None = None
    publisher: str | None = None
    issn: tuple[str, ...] = ()
    isbn: tuple[str, ...] = ()
    type: str | None = None
    language: str | None = None
    editors: tuple[AuthorName, ...] = ()
    genre: str | None = None
    series_number: str | None = None
    edition: str | None = None
    place: str | None = None
    version: str | None = None


@dataclass(slots=True, frozen=True)
class LookupResult:
    """How the look-up of one identifier at one source ended.

    `payload` is the answer as received (bytes of JSON or XML of this one work), kept for later readings. A failed one
    says in `ask_again_at` from when on asking again makes sense. `is_state` says that it tells of notices only: the
    metadata and the look-up stay as they were.
    """

    source: Source
    asked: Reference
    outcome: Outcome
    reason: str | None = None
    record: WorkRecord | None = None
    payload: bytes | None = None
    fetched_at: dt.datetime | None = None
    ask_again_at: dt.datetime | None = None
    is_state: bool = False
