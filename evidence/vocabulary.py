"""The closed lists: one word per thing, the same in code, tables, options and texts."""

from __future__ import annotations

from enum import StrEnum


class Scheme(StrEnum):
    """The identifier schemes. Values are bare: "10.1000/x1", "9182763", "PMC2922455"."""

    DOI = "doi"
    PMID = "pmid"
    PMCID = "pmcid"


class Role(StrEnum):
    """What an identifier does in its note. Only `cited` counts as evidence."""

    CITED = "cited"
    NOTICE = "notice"
    PREPRINT = "preprint"
    RELATED = "related"
    DENIED = "denied"


class PageFormat(StrEnum):
    """How a page is written."""

    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"
    FRONT_MATTER = "front-matter"


class ClaimKind(StrEnum):
    """The form of a claim on its page."""

    SENTENCE = "sentence"
    LIST_ITEM = "list-item"
    TABLE_ROW = "table-row"
    INTERACTION = "interaction"


class Polarity(StrEnum):
    """How words say that a cited work bears on the claim; silence supports.

    What contrasts does so by the words of the claim itself; what opposes, by a heading or by its note.
    """

    SUPPORTS = "supports"
    CONTRASTS = "contrasts"
    OPPOSES = "opposes"
    MENTIONS = "mentions"

    @property
    def is_against(self) -> bool:
        """Whether the work speaks against the claim."""
        return self in {Polarity.CONTRASTS, Polarity.OPPOSES}


class TagPlace(StrEnum):
    """Where a gap tag stands."""

    CLAIM = "claim"
    NOTE = "note"
    GAP_LIST = "gap-list"
    FRONT_MATTER = "front-matter"


# Where a tag is of the single claim, and seen as its own.
OWN_PLACES = frozenset({TagPlace.CLAIM, TagPlace.GAP_LIST})


class Design(StrEnum):
    """Study designs, after PubMed's publication types (EVIDENCE.md section 2 of the design)."""

    META_ANALYSIS = "meta-analysis"
    SYSTEMATIC_REVIEW = "systematic-review"
    RCT = "rct"
    MENDELIAN_RANDOMIZATION = "mendelian-randomization"
    COHORT = "cohort"
    CASE_CONTROL = "case-control"
    CROSS_SECTIONAL = "cross-sectional"
    OBSERVATIONAL = "observational"
    CASE_REPORT = "case-report"
    CASE_SERIES = "case-series"
    IN_VIVO = "in-vivo"
    IN_VITRO = "in-vitro"
    EX_VIVO = "ex-vivo"
    IN_SILICO = "in-silico"
    REVIEW = "review"
    EDITORIAL = "editorial"
    COMMENT = "comment"
    GUIDELINE = "guideline"
    CONSENSUS = "consensus"
    RESOURCE = "resource"
    NOTICE = "notice"
    DATASET = "dataset"


SYNTHESES = frozenset({Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW})
HUMAN_DESIGNS = frozenset(
    {
        Design.RCT,
        Design.MENDELIAN_RANDOMIZATION,
        Design.COHORT,
        Design.CASE_CONTROL,
        Design.CROSS_SECTIONAL,
        Design.OBSERVATIONAL,
        Design.CASE_REPORT,
        Design.CASE_SERIES,
    },
)
LABORATORY_DESIGNS = frozenset({Design.IN_VIVO, Design.IN_VITRO, Design.EX_VIVO, Design.IN_SILICO})
PRIMARY_DESIGNS = HUMAN_DESIGNS | LABORATORY_DESIGNS
REVIEW_DESIGNS = frozenset(
    {Design.REVIEW, Design.EDITORIAL, Design.COMMENT, Design.GUIDELINE, Design.CONSENSUS},
)


class Level(StrEnum):
    """What was studied: design and organism together, never one word of a note."""

    HUMAN = "human"
    ANIMAL = "animal"
    CELLS = "cells"
    COMPUTED = "computed"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """The registries that are asked. `agency` is whichever registered a DOI, but for Crossref, as doi.org sends on."""

    CROSSREF = "crossref"
    PUBMED = "pubmed"
    IDCONV = "idconv"
    AGENCY = "agency"


# What the reason of a look-up begins with that found nothing, and failed when it was made again.
UNCONFIRMED = "not found on "

# Stands in the place of a registry at an identifier that is another name of a work, as its registry states.
ALIAS = "alias"


class Outcome(StrEnum):
    """How one look-up ended. Only `resolved` carries metadata; `failed` may be tried again."""

    RESOLVED = "resolved"
    NOT_FOUND = "not-found"
    OTHER_AGENCY = "other-agency"
    FAILED = "failed"


class NoticeKind(StrEnum):
    """What a notice does to a work: Crossref's twelve update types, and the reinstatement of a retracted work.

    Source:
        The `update` types of Crossref's deposit schema (common5.3.1.xsd). Retraction Watch tells of reinstatements too.
    """

    RETRACTION = "retraction"
    WITHDRAWAL = "withdrawal"
    REMOVAL = "removal"
    PARTIAL_RETRACTION = "partial-retraction"
    EXPRESSION_OF_CONCERN = "expression-of-concern"
    REINSTATEMENT = "reinstatement"
    CORRECTION = "correction"
    CORRIGENDUM = "corrigendum"
    ERRATUM = "erratum"
    ADDENDUM = "addendum"
    CLARIFICATION = "clarification"
    NEW_VERSION = "new-version"
    NEW_EDITION = "new-edition"
    OTHER = "other"


RETRACTING = frozenset({NoticeKind.RETRACTION, NoticeKind.WITHDRAWAL, NoticeKind.REMOVAL})
# After one of these nobody needs to ask what a work's title says of it.
SETTLING = RETRACTING | {NoticeKind.REINSTATEMENT}
# The work goes on being cited, but some of it or all of it is in doubt.
DOUBTING = frozenset({NoticeKind.PARTIAL_RETRACTION, NoticeKind.EXPRESSION_OF_CONCERN})
CORRECTING = frozenset(
    {
        NoticeKind.CORRECTION,
        NoticeKind.CORRIGENDUM,
        NoticeKind.ERRATUM,
        NoticeKind.ADDENDUM,
        NoticeKind.CLARIFICATION,
    },
)


class RelationKind(StrEnum):
    """How one work relates to another, read from the work that carries it."""

    IS_PREPRINT_OF = "is-preprint-of"
    HAS_PREPRINT = "has-preprint"
    IS_NOTICE_OF = "is-notice-of"
    IS_COMMENT_ON = "is-comment-on"
    REPUBLISHED = "republished"
    SAME_TRIAL = "same-trial"


class Status(StrEnum):
    """The status of a claim: the first rule that fits (EVIDENCE.md section 3.4 of the design)."""

    NOT_A_CLAIM = "not-a-claim"
    UNCITED = "uncited"
    UNRESOLVED = "unresolved"
    RETRACTED = "retracted"
    CONTRADICTED = "contradicted"
    RESOURCE_ONLY = "resource-only"
    REVIEW_ONLY = "review-only"
    SYNTHESIS = "synthesis"
    SINGLE_STUDY = "single-study"
    MULTI_STUDY = "multi-study"
    SINGLE_GROUP = "single-group"
    REPLICATED = "replicated"
    REPLICATED_IN_HUMAN = "replicated-in-human"


class Flag(StrEnum):
    """What a reader of a verdict must also know; never a status."""

    UNVERIFIED = "unverified"
    PARTLY_UNRESOLVED = "partly-unresolved"
    PREPRINT_ONLY = "preprint-only"
    CONCERN = "concern"
    CORRECTED = "corrected"
    HIGH_THROUGHPUT_UNTRACEABLE = "high-throughput-untraceable"
    SHARED_WITH_REVERSE_ROW = "shared-with-reverse-row"
    MULTI_DATABASE_ONE_PAPER = "multi-database-one-paper"
    N_SMALL = "n-small"
    OLD = "old"
    OVERLAP = "overlap"
    IDENTIFIER_CONFLICT = "identifier-conflict"
    METADATA_MISMATCH = "metadata-mismatch"
    REINSTATED = "reinstated"
    CONTESTED_NOTICES = "contested-notices"


# A minus as it is typed, the likeliest first. It may stand for "nothing given" as well; an em dash always does.
MINUSES = ("\N{MINUS SIGN}", "-", "\N{NON-BREAKING HYPHEN}", "\N{EN DASH}")
# What the sign column of an interaction table says, in lower case; of a minus alone its column tells whether it is one.
ACTIVATING = frozenset({
    "activation", "activator", "activates", "activated", "activating", "stimulation", "stimulator", "stimulates",
    "stimulated", "stimulating", "induction", "inducer", "induces", "induced", "upregulation", "up-regulation",
    "upregulates", "up-regulates", "upregulated", "up-regulated", "positive", "positive regulation", "up", "↑",
    "+", "1", "+1",
})  # fmt: skip
REPRESSING = frozenset({
    "repression", "repressor", "represses", "repressed", "repressing", "inhibition", "inhibitor",
    "inhibits", "inhibited", "inhibiting", "suppression", "suppressor", "suppresses", "suppressed", "silencing",
    "downregulation", "down-regulation", "downregulates", "down-regulates", "downregulated", "down-regulated",
    "negative", "negative regulation", "down", "↓", *MINUSES, *(f"{minus}1" for minus in MINUSES),
})  # fmt: skip


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class FailOn(StrEnum):
    """From which severity on findings make the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"
