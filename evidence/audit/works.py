"""What the audit knows of one claim: its citations, and the works that these name.

Plain values: no database, no network. `load.py` makes them from the store; all rules are functions of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import Any, NamedTuple

from evidence.audit.designs import is_no_study
from evidence.audit.packing import Value
from evidence.audit.people import Person, people_of
from evidence.notices import State, WorkNotice, state_of
from evidence.records import AuthorName, Interaction, Reference, Tag
from evidence.vocabulary import (
    PRIMARY_DESIGNS,
    REVIEW_DESIGNS,
    SYNTHESES,
    UNCONFIRMED,
    ClaimKind,
    Design,
    Level,
    Outcome,
    Polarity,
)


def name_of(reference: Reference) -> str:
    """Return scheme and value as one word, such as "doi:10.1000/x1"."""
    return f"{reference.scheme}:{reference.value}"


def names_of(works: Sequence[CitedWork]) -> str:
    """Return works by the identifiers that a reader knows them by."""
    return ", ".join(work.name for work in works)


def spoiled_by(article: str) -> str:
    """Return in words why a preprint falls without a retraction of its own.

    >>> spoiled_by("doi:10.1/a")
    'preprint of doi:10.1/a, which is retracted'
    """
    return f"preprint of {article}, which is retracted"


def outcomes_of(work: CitedWork) -> str:
    """Return in words how the look-ups of a work ended.

    >>> outcomes_of(CitedWork("a", (), outcomes=(("crossref", Outcome.FAILED, "crossref: no answer"),)))
    'crossref failed: no answer'
    """
    said = []
    for source, outcome, reason in work.outcomes:
        words = outcome.value
        if outcome is Outcome.FAILED and reason:
            words = f"failed: {reason.removeprefix(f'{source}: ')}"
        elif outcome is Outcome.NOT_FOUND and reason and reason.startswith(UNCONFIRMED):
            words = reason
        said.append(f"{source} {words}")
    return ", ".join(said) or "never looked up"


class Reported(NamedTuple):
    """One value of one attribute of a work, and who says so: note, study page, pubmed or crossref."""

    attribute: str
    value: str
    source: str


class WorkKind(Enum):
    """What a work counts as. One whose design nobody states may be a study: it counts as one at most."""

    PRIMARY = "primary"
    SYNTHESIS = "synthesis"
    REVIEW = "review"
    RESOURCE = "resource"
    OTHER = "other"


class CitedWork(Value, frozen=True, dict=True, gc=True):
    """One work as a claim cites it.

    `id` is "work:7" for a work of the store, else its first identifier as cited. `outcomes` say how its look-ups ended.
    `authors` are None where no registry gave a list. `study` holds what makes two works one piece of research: its own
    identifiers, those of related works, registry numbers of trials; `articles` are those that it is a preprint of.
    `missing` are identifiers of the same note that a registry says do not exist; `mismatches` say where the note
    contradicts the registry. `spoiled` says why a work falls without a retraction of its own: its article is retracted.
    `reported` are all values of its attributes, in the order in which they are believed; `resource_hint` says what in
    its title or MeSH terms looks like a paper on a database; `is_article` whether a registry types it as an article.
    """

    id: str
    identifiers: tuple[Reference, ...]
    title: str | None = None
    is_resolved: bool = False
    exists: bool = True
    outcomes: tuple[tuple[str, Outcome, str | None], ...] = ()
    designs: tuple[Design, ...] = ()
    designs_from: str | None = None
    level: Level = Level.UNKNOWN
    organisms: tuple[str, ...] = ()
    n: int | None = None
    year: int | None = None
    authors: tuple[AuthorName, ...] | None = None
    notices: tuple[WorkNotice, ...] = ()
    study: frozenset[str] = frozenset()
    is_preprint: bool = False
    is_marked_retracted: bool = False
    resource: str | None = None
    conflicts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    mismatches: tuple[str, ...] = ()
    articles: frozenset[str] = frozenset()
    spoiled: str | None = None
    level_from: str | None = None
    reported: tuple[Reported, ...] = ()
    resource_hint: str | None = None
    is_article: bool = False

    # Worked out once: a work is asked for them in every claim that cites it.

    @cached_property
    def kind(self) -> WorkKind:
        """What it counts as."""
        return _kind_of(self)

    @cached_property
    def name(self) -> str:
        """The identifier that a reader knows it by."""
        return name_of(self.identifiers[0]) if self.identifiers else self.id

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Its authors as they are compared with those of other works."""
        return people_of(self.authors or ())

    @cached_property
    def state(self) -> State:
        """How it stands by its notices."""
        return state_of(self.notices)

    @cached_property
    def is_retracted(self) -> bool:
        """Whether it fell, by its own notices or with its article."""
        return self.spoiled is not None or self.state.is_retracted

    @cached_property
    def is_verified(self) -> bool:
        """Whether all registries answered: one that failed may know of a retraction."""
        return self.is_resolved and not any(outcome is Outcome.FAILED for _, outcome, _ in self.outcomes)

    @cached_property
    def is_plain(self) -> bool:
        """Whether nothing but its own words is to be told of it, as of most: all registries know it, none a notice."""
        doubts = self.notices or self.spoiled or self.conflicts or self.missing or self.mismatches
        return self.exists and self.is_verified and not (doubts or self.is_preprint or self.is_marked_retracted)

    @property
    def is_primary(self) -> bool:
        """Whether it may be a study of its own. A work of unknown design is: it counts at most once."""
        return self.kind is WorkKind.PRIMARY

    @property
    def may_report(self) -> bool:
        """Whether it may report a study by what is known of it: its design, or that it is an article at least."""
        return bool(self.designs) or self.is_article

    @property
    def is_resource(self) -> bool:
        """Whether it describes a database."""
        return self.kind is WorkKind.RESOURCE

    @property
    def is_synthesis(self) -> bool:
        """Whether it sums up other studies and reports none of its own."""
        return self.kind is WorkKind.SYNTHESIS

    @property
    def is_review(self) -> bool:
        """Whether it is a review, comment or guideline."""
        return self.kind is WorkKind.REVIEW


def review_by_pubmed(work: CitedWork) -> str | None:
    """Return what PubMed calls a work that reports no study of its own while a page names a design of one, or None.

    >>> told = (Reported("design", "observational", "note"), Reported("design", "review", "pubmed"))
    >>> review_by_pubmed(CitedWork("a", (), designs=(Design.OBSERVATIONAL,), designs_from="note", reported=told))
    'review'
    """
    if work.designs_from not in {"note", "study page"} or not frozenset(work.designs[:1]) <= PRIMARY_DESIGNS:
        return None
    said = [one.value for one in work.reported if one.source == "pubmed" and one.attribute == "design"]
    return next((value for value in said if is_no_study([Design(one) for one in value.split(", ")])), None)


def _kind_of(work: CitedWork) -> WorkKind:
    """Return what a work counts as: "meta-analysis of trials" is no trial.

    A page puts first what the work is. Registries list types in no order, so there the one that sums up decides. What
    PubMed calls a review is no study, whatever a page calls it.
    """
    found = frozenset(work.designs)
    if work.resource or Design.RESOURCE in found:
        return WorkKind.RESOURCE
    if work.designs_from in {"note", "study page"}:
        found = frozenset(work.designs[:1])
    if found & SYNTHESES:
        return WorkKind.SYNTHESIS
    if not found or found & PRIMARY_DESIGNS:
        return WorkKind.REVIEW if review_by_pubmed(work) else WorkKind.PRIMARY
    return WorkKind.REVIEW if found & REVIEW_DESIGNS else WorkKind.OTHER


class CitedPlace(Value, frozen=True):
    """One citation of a claim and the works behind it; `missing` says why there is none.

    `clause` numbers the clauses of the claim: marks side by side close one clause. Of a note that names no work
    `unseen` is a hash of its words, and `has_fallen` says that it marks what it tells of as retracted.
    """

    clause: int
    polarity: Polarity
    works: tuple[CitedWork, ...] = ()
    missing: str | None = None
    has_fallen: bool = False
    unseen: str = ""


class OppositeRow(Value, frozen=True):
    """Another row of the page, which gives the same pair the other sign.

    `is_told` says that it, or another such row, has words or a tag that say that it is contradicted; `behind` is a hash
    of the works that support all such rows, with their designs.
    """

    line: int
    direction: str
    is_told: bool = False
    behind: str = ""

    @property
    def words(self) -> str:
        """What it says.

        >>> OppositeRow(7, "repression").words
        'line 7 says "repression" of the same pair'
        """
        return f'line {self.line} says "{self.direction}" of the same pair'


class ClaimEvidence(Value, frozen=True):
    """A claim with everything that its verdict follows from.

    `reverse_pairs` are the papers of other rows of the page for the same two genes, either way round; `opposite` is
    another row that gives the same pair the other sign.
    """

    id: str
    path: str
    line: int
    kind: ClaimKind
    section: tuple[str, ...]
    text: str
    places: tuple[CitedPlace, ...] = ()
    tags: tuple[Tag, ...] = ()
    interaction: Interaction | None = None
    reverse_pairs: frozenset[str] = frozenset()
    opposite: OppositeRow | None = None
    column: int = 1


class NamedWork(NamedTuple):
    """One work as an identifier outside of notes names it, with its place: in the text, or of a study page its own.

    `claim` is the id of what it stands in, be it a claim or an entry of a list of references.
    """

    line: int
    column: int
    work: CitedWork
    claim: str | None = None


class NotedWork(Value, frozen=True):
    """One work as one note tells of it. Line and column are those of its identifier, or of the note without one.

    `checked` is when the note, or else its page, was checked, as far as one of them says so.
    """

    path: str
    line: int
    column: int
    key: str
    occurrence: int
    text: str
    stated: Mapping[str, Any]
    work: CitedWork
    checked: str | None = None
