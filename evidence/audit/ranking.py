"""Which claims to act on first: of thousands that rest on one study few are ever looked at."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from evidence.audit.judged import AuditReport, JudgedClaim
from evidence.audit.strength import NEEDS_REPLICATION
from evidence.vocabulary import Flag, Status, TagPlace

Key = tuple[Any, ...]
# What is left, the weakest first.
_STATUSES = (
    Status.RETRACTED,
    Status.UNRESOLVED,
    Status.CONTRADICTED,
    Status.SINGLE_STUDY,
    Status.SINGLE_GROUP,
    Status.RESOURCE_ONLY,
    Status.REVIEW_ONLY,
    Status.MULTI_STUDY,
    Status.SYNTHESIS,
    Status.REPLICATED,
    Status.REPLICATED_IN_HUMAN,
    Status.UNCITED,
    Status.NOT_A_CLAIM,
)
_LOAD_BEARING = 2


class Urgency(StrEnum):
    """Why a claim is to be acted on, the most urgent first."""

    RETRACTED_SUPPORT = "retracted support that the page does not mark"
    LOAD_BEARING = "rests on one study that holds up other claims too"
    UNTAGGED = "rests on one study or group, and no tag says so"
    MISMATCH = "cites a note that does not fit its work"
    REST = "the rest"


_URGENCIES = {urgency: number for number, urgency in enumerate(Urgency)}


def urgency_of(one: JudgedClaim, load: int) -> Urgency:
    """Return why a claim is to be acted on.

    Args:
        one: the claim with its verdict.
        load: how many claims rest on its study alone.

    Source:
        EXPORTS.md section 4 of the design for the order.
    """
    verdict = one.verdict
    if any(line.work.is_retracted and not line.work.is_marked_retracted for line in verdict.works):
        return Urgency.RETRACTED_SUPPORT
    if verdict.status in NEEDS_REPLICATION:
        if load >= _LOAD_BEARING:
            return Urgency.LOAD_BEARING
        if not _is_tagged(one):
            return Urgency.UNTAGGED
    return Urgency.MISMATCH if Flag.METADATA_MISMATCH in verdict.flags else Urgency.REST


def rank_by_urgency(report: AuditReport) -> Callable[[JudgedClaim], Key]:
    """Return the key by which the claims of a report are sorted, those to act on first before the rest."""
    sources = report.sources
    places = {status: number for number, status in enumerate(_STATUSES)}

    def key(one: JudgedClaim) -> Key:
        held = [sources[line.work.id] for line in one.verdict.works if line.counted and line.work.id in sources]
        load = max((len(source.held_alone) for source in held), default=0)
        reach = max((len(source.pages) for source in held), default=0)
        return (
            _URGENCIES[urgency_of(one, load)], -load, -reach, _is_tagged(one), places[one.verdict.status],
            one.claim.path, one.claim.line, one.claim.id,
        )  # fmt: skip

    return key


def _is_tagged(one: JudgedClaim) -> bool:
    return any(tag.name == "needs-replication" and tag.place is TagPlace.CLAIM for tag in one.claim.tags)
