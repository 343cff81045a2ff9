"""Which claims to act on first: of thousands that rest on one study few are ever looked at."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any

from evidence.audit.checks import tags
from evidence.audit.checks.claims import opposite_sign, told_of_people
from evidence.audit.judged import AuditReport, SourceLine
from evidence.audit.judgement import JudgedClaim
from evidence.audit.reach import reach_of
from evidence.audit.resting import held_alone_by, resting_status
from evidence.vocabulary import OWN_PLACES, Flag, Status

Key = tuple[Any, ...]
# What is left, the weakest first; of what is to be mended what cites no work that exists last.
_STATUSES = (
    Status.RETRACTED,
    Status.CONTRADICTED,
    Status.SINGLE_STUDY,
    Status.SINGLE_GROUP,
    Status.RESOURCE_ONLY,
    Status.REVIEW_ONLY,
    Status.UNRESOLVED,
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
    SAID_OF_PEOPLE = "speaks of people, and cites studies of animals or cells"
    OPPOSITE_SIGN = "another row gives its pair the other sign, and neither says so"
    TAG_DRIFT = "its tags and its evidence disagree"
    UNRESOLVED = "cites nothing that names an existing work"
    REST = "the rest"


_URGENCIES = {urgency: number for number, urgency in enumerate(Urgency)}


def urgency_of(one: JudgedClaim, load: int) -> Urgency:
    """Return why a claim is to be acted on.

    Args:
        one: the claim with its verdict.
        load: how many claims rest on its study alone.

    Source:
        EXPORTS.md section 4 of the design for the order: retracted support, single studies, animal-only claims worded
        as human, tag drift, unresolved identifiers.
    """
    verdict = one.verdict
    if any(line.work.is_retracted and not line.work.is_marked_retracted for line in verdict.works):
        return Urgency.RETRACTED_SUPPORT
    if resting_status(verdict) is not None:
        if load >= _LOAD_BEARING:
            return Urgency.LOAD_BEARING
        if is_untagged(one):
            return Urgency.UNTAGGED
    return next((urgency for urgency, fits in _LATER.items() if fits(one)), Urgency.REST)


# What is looked at only where nothing graver is found.
_LATER: dict[Urgency, Callable[[JudgedClaim], bool]] = {
    Urgency.MISMATCH: lambda one: Flag.METADATA_MISMATCH in one.verdict.flags,
    Urgency.SAID_OF_PEOPLE: lambda one: any(told_of_people(*one)),
    Urgency.OPPOSITE_SIGN: lambda one: any(opposite_sign(*one)),
    Urgency.TAG_DRIFT: lambda one: (
        tags.may_drift(*one) and any(result for check in tags.CHECKS.values() for result in check(*one))
    ),
    Urgency.UNRESOLVED: lambda one: one.verdict.status is Status.UNRESOLVED,
}


def rank_by_urgency(report: AuditReport) -> Callable[[JudgedClaim], Key]:
    """Return the key by which the claims of a report are sorted, those to act on first before the rest.

    Of claims that are as urgent those come first that no tag owns up to, that no review stands beside, on whose study
    most claims rest, to whose page most pages link, and whose study most pages cite.
    """
    places = {status: number for number, status in enumerate(_STATUSES)}

    reach = cache(lambda path: reach_of(path, report.links))

    def key(one: JudgedClaim) -> Key:
        held, path = _resting_on(one, report), one.claim.path
        load = max((len(source.held_alone) for source in held), default=0)
        pages = max((len(source.pages) for source in held), default=0)
        return (
            _URGENCIES[urgency_of(one, load)], not is_untagged(one), _has_review(one), -load, -reach(path), -pages,
            places[one.verdict.status], path, one.claim.line, one.claim.id,
        )  # fmt: skip

    return key


def load_of(one: JudgedClaim, report: AuditReport) -> int:
    """Return how many claims rest alone on the work that a claim, or a clause of it, rests on alone; 0 without one."""
    return max((len(source.held_alone) for source in _resting_on(one, report)), default=0)


def _resting_on(one: JudgedClaim, report: AuditReport) -> list[SourceLine]:
    return [report.sources[work] for work in held_alone_by(one.verdict) if work in report.sources]


def _has_review(one: JudgedClaim) -> bool:
    """Tell whether a review or a synthesis that stands is cited beside the studies of a claim."""
    works = (line.work for line in one.verdict.works)
    return any((work.is_review or work.is_synthesis) and work.exists and not work.is_retracted for work in works)


def is_untagged(one: JudgedClaim) -> bool:
    """Tell whether a claim, or a clause of it, rests on one study or group, and no tag needs-replication says so.

    A tag in a list of gaps is the claim's own; one in the note or in the front matter is not seen beside the claim.
    """
    return resting_status(one.verdict) is not None and not any(
        tag.name == "needs-replication" and tag.place in OWN_PLACES for tag in one.claim.tags
    )
