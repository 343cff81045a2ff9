"""A verdict in words that a curator understands: what stands behind a claim, how strongly, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator

from evidence.audit.strength import STRENGTHS
from evidence.audit.verdicts import Verdict
from evidence.vocabulary import Flag, Level, Status

STATUS_WORDS: dict[Status, str] = {
    Status.NOT_A_CLAIM: "This states nothing that evidence could support; it is counted apart.",
    Status.UNCITED: "Nothing is cited for this.",
    Status.UNRESOLVED: "It cites something, but nothing that it cites is a source that counts.",
    Status.RETRACTED: "Everything that would count for this has been retracted.",
    Status.CONTRADICTED: "Some or all of what is known says the opposite of this.",
    Status.RESOURCE_ONLY: "Only papers that describe a database are cited; what the entry rests on is not.",
    Status.REVIEW_ONLY: "Only reviews or opinions are cited, no study of its own.",
    Status.SYNTHESIS: "It rests on a work that sums up studies; none of these is cited itself.",
    Status.SINGLE_STUDY: "One study stands behind this. It needs replication.",
    Status.MULTI_STUDY: "Several studies stand behind this; whether they are independent is not known.",
    Status.SINGLE_GROUP: "Several studies stand behind this, all of one group. It needs replication.",
    Status.REPLICATED: "Independent groups found this, though not two of them in people.",
    Status.REPLICATED_IN_HUMAN: "Independent groups found this in people.",
}
LEVEL_WORDS: dict[Level, str] = {
    Level.HUMAN: "in people",
    Level.MIXED: "in people and animals together",
    Level.ANIMAL: "in animals",
    Level.CELLS: "in cells or tissue",
    Level.COMPUTED: "by computation only",
    Level.UNKNOWN: "in what, is not known",
}
FLAG_WORDS: dict[Flag, str] = {
    Flag.UNVERIFIED: "not every work could be looked up: all this is at most",
    Flag.PARTLY_UNRESOLVED: "some of what it cites cannot be found",
    Flag.PREPRINT_ONLY: "only preprints are counted",
    Flag.CONCERN: "a journal has expressed concern about a work, or retracted part of it",
    Flag.CORRECTED: "a work has been corrected: read the correction",
    Flag.HIGH_THROUGHPUT_UNTRACEABLE: "the databases do not say which experiment their entry is from",
    Flag.SHARED_WITH_REVERSE_ROW: "the same paper stands for another row of these two genes",
    Flag.MULTI_DATABASE_ONE_PAPER: "several databases, but one paper",
    Flag.N_SMALL: "a study in people had few subjects",
    Flag.OLD: "everything cited is old",
    Flag.OVERLAP: "groups that count as independent share an author",
    Flag.IDENTIFIER_CONFLICT: "identifiers of one work contradict each other",
    Flag.METADATA_MISMATCH: "a note says something else of its work than the registry",
    Flag.REINSTATED: "a work was retracted and stands again",
    Flag.CONTESTED_NOTICES: "registries contradict each other about a notice",
}


# What a missing look-up can only take away from: two works that are cited may be one.
_COUNTED = frozenset({Status.SINGLE_STUDY, Status.SINGLE_GROUP, Status.MULTI_STUDY})


def explain(verdict: Verdict) -> Iterator[str]:
    """Yield what the audit says of a claim, in sentences.

    >>> list(explain(Verdict(Status.UNCITED, None, None, (), (), (), (), ())))
    ['Nothing is cited for this.']
    >>> next(explain(Verdict(Status.MULTI_STUDY, None, None, (), (), (Flag.UNVERIFIED,), (), ())))
    'At most: several studies stand behind this; whether they are independent is not known.'
    """
    said = STATUS_WORDS[verdict.status]
    if Flag.UNVERIFIED in verdict.flags and verdict.status in _COUNTED:
        said = f"At most: {said[0].lower()}{said[1:]}"
    if verdict.level is not None:
        said += f" Studied {LEVEL_WORDS[verdict.level]}."
    yield said
    if verdict.strength is not None:
        yield f"Strength: {STRENGTHS[verdict.strength]} ({verdict.strength} of {len(STRENGTHS) - 1})."
    elif verdict.steps:
        yield "Strength: not known before every work is looked up (`evidence refresh`)."
    yield from (f"Note: {FLAG_WORDS[flag]}." for flag in verdict.flags)
