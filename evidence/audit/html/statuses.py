"""How each status is shown: its tone, its sign, since colour alone tells nothing to many readers, and its meaning."""

from __future__ import annotations

from typing import NamedTuple

from evidence.audit.flags import FLAG_RULES
from evidence.vocabulary import Flag, Status


class Look(NamedTuple):
    """How a status is shown."""

    tone: str
    sign: str
    meaning: str


# The worst first: the order of every list and chart.
LOOKS: dict[Status, Look] = {
    Status.RETRACTED: Look("bad", "✕", "every work that would count is retracted"),
    Status.UNRESOLVED: Look("bad", "?", "cites nothing that names an existing work"),
    Status.CONTRADICTED: Look("bad", "±", "a source that it cites, or the page itself, says the opposite"),
    Status.SINGLE_STUDY: Look("thin", "1", "rests on one primary study: needs replication"),
    Status.SINGLE_GROUP: Look("thin", "①", "several studies of one group: needs replication"),
    Status.RESOURCE_ONLY: Look("thin", "▤", "only papers that describe a database"),
    Status.REVIEW_ONLY: Look("thin", "R", "only reviews or comments"),
    Status.MULTI_STUDY: Look("plain", "n", "several studies; independence not known"),
    Status.SYNTHESIS: Look("plain", "Σ", "rests on a meta-analysis or systematic review"),
    Status.REPLICATED: Look("good", "✓", "studies of at least two groups"),
    Status.REPLICATED_IN_HUMAN: Look("good", "✔", "human studies of at least two groups"),
    Status.UNCITED: Look("plain", "·", "nothing is cited"),
    Status.NOT_A_CLAIM: Look("plain", "·", "headings, links and identifiers, counted apart"),
}


def meaning_of(flag: Flag) -> str:
    """Return what a flag says: the first line of its rule.

    >>> meaning_of(Flag.OVERLAP)
    'Studies of different groups share an author all the same'
    """
    return (FLAG_RULES[flag].__doc__ or "").partition("\n")[0].rstrip(".").replace("`", "")


UNCOUNTED = frozenset({Status.UNCITED, Status.NOT_A_CLAIM})
CITED = tuple(status for status in LOOKS if status not in UNCOUNTED)
ORDER = {status: number for number, status in enumerate(LOOKS)}
