"""Which tag the verdict of a claim asks for, by where the tag that it has stands."""

from __future__ import annotations

import pytest
from judging import LEE, MEYER, claim, human, tag, unresolved, verdict, work

from evidence.audit.tags import Wish, wish_of
from evidence.vocabulary import TagPlace

CLAIM, NOTE, GAPS, FRONT = TagPlace.CLAIM, TagPlace.NOTE, TagPlace.GAP_LIST, TagPlace.FRONT_MATTER
SINGLE = (human("a"),)
REPLICATED = (work("a", authors=LEE), work("b", authors=MEYER))


@pytest.mark.parametrize(
    ("works", "places", "wish"),
    [
        (SINGLE, (), Wish.ADD),
        (SINGLE, (CLAIM,), None),
        (SINGLE, (GAPS,), None),
        (SINGLE, (NOTE,), Wish.MOVE),
        (SINGLE, (NOTE, CLAIM), None),
        (SINGLE, (FRONT,), Wish.ADD),
        ((unresolved(),), (), Wish.UNSURE),
        ((unresolved(),), (CLAIM,), None),
        (REPLICATED, (), None),
        (REPLICATED, (CLAIM,), Wish.REVIEW),
        (REPLICATED, (NOTE,), Wish.REVIEW),
        (REPLICATED, (GAPS,), Wish.REVIEW),
        (REPLICATED, (FRONT,), None),
    ],
)
def test_what_a_verdict_asks_for(works, places, wish):
    tags = [tag("needs-replication", place) for place in places]
    assert wish_of(claim(*works, tags=tags), verdict(*works, tags=tags)) is wish
