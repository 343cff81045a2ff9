"""Which of two statuses has more behind it."""

from __future__ import annotations

from evidence.vocabulary import Status

# The least first. What is no claim has no place in it.
_ORDER = (
    Status.RETRACTED,
    Status.UNRESOLVED,
    Status.UNCITED,
    Status.CONTRADICTED,
    Status.RESOURCE_ONLY,
    Status.REVIEW_ONLY,
    Status.SYNTHESIS,
    Status.SINGLE_STUDY,
    Status.SINGLE_GROUP,
    Status.MULTI_STUDY,
    Status.REPLICATED,
    Status.REPLICATED_IN_HUMAN,
)
_SUPPORT = {status: number for number, status in enumerate(_ORDER)}


def support_of(status: Status) -> int:
    """Return how much stands behind a claim of a status; only the order of the numbers means something.

    >>> support_of(Status.SINGLE_STUDY) < support_of(Status.REPLICATED)
    True
    """
    return _SUPPORT.get(status, len(_ORDER))
