"""Which gap tags the verdict of a claim asks for: to be put on it, moved to it from its note, or looked at again."""

from __future__ import annotations

from enum import StrEnum

from evidence.audit.resting import is_replicated, resting_status
from evidence.audit.verdicts import Verdict
from evidence.audit.works import ClaimEvidence
from evidence.vocabulary import OWN_PLACES, Flag, TagPlace

REPLICATION = "needs-replication"


class Wish(StrEnum):
    """What a verdict asks for. `unsure`: a look-up failed or was never made, so nothing is asked for."""

    ADD = "add"
    MOVE = "move"
    REVIEW = "review"
    UNSURE = "unsure"


def wish_of(claim: ClaimEvidence, verdict: Verdict) -> Wish | None:
    """Return what is to be done about the tag needs-replication of a claim, or None.

    A tag in the front matter says nothing of the single claim; one in a list of gaps is the claim's own. A claim of
    several clauses needs it for any that rests on one study or group, and can do without where each is replicated.

    Source:
        EVIDENCE.md section 4 of the design.
    """
    places = {tag.place for tag in claim.tags if tag.name == REPLICATION}
    if resting_status(verdict) is not None:
        if places & OWN_PLACES:
            return None
        if Flag.UNVERIFIED in verdict.flags:
            return Wish.UNSURE
        return Wish.MOVE if TagPlace.NOTE in places else Wish.ADD
    if is_replicated(verdict) and places - {TagPlace.FRONT_MATTER} and Flag.UNVERIFIED not in verdict.flags:
        return Wish.REVIEW
    return None
