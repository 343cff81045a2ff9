"""Verdicts as rows of the history: a digest of what each says, and one of what it follows from."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterable
from typing import Any, NamedTuple

from evidence.audit.packing import Written, encode
from evidence.audit.verdicts import Verdict
from evidence.audit.works import CitedPlace, CitedWork, ClaimEvidence
from evidence.terminal import cut

_WIDTH = 160


class VerdictRow(NamedTuple):
    """A verdict as it is kept with its run. Lists are JSON already."""

    claim_id: str
    path: str
    line: int
    text: str
    status: str
    level: str | None
    strength: int | None
    reasons: str
    flags: str
    works: str
    digest: str
    inputs: str


def pack_rows(rows: Iterable[VerdictRow]) -> bytes:
    """Return rows as one process of this very run gives them to another, for which pickle takes thrice as long."""
    return marshal.dumps(list(map(tuple, rows)))


def read_rows(data: bytes) -> list[VerdictRow]:
    """Return the rows that `pack_rows` was given."""
    return list(map(VerdictRow._make, marshal.loads(data)))  # noqa: S302 - written by this run


class Cited(NamedTuple):
    """A work that the claims cite; the work itself only where there are notices of it."""

    name: str
    year: int | None
    noticed: CitedWork | None


class RowMaker:
    """Makes the rows of claims that come together, such as those of some pages: what they share is written once."""

    def __init__(self, written: Written | None = None) -> None:
        """Begin without any.

        Args:
            written: the works as JSON, as far as somebody else needs them too.
        """
        # By identity; each is kept with its verdict, so that no other takes its place in memory.
        self._shapes: dict[int, tuple[Verdict, tuple[Any, ...]]] = {}
        self._inputs = Inputs(written)

    def row(self, claim: ClaimEvidence, verdict: Verdict) -> VerdictRow:
        """Return the row of one claim."""
        shape = self._shapes.get(id(verdict))
        if shape is None:
            shape = self._shapes[id(verdict)] = (verdict, _shape_of(verdict))
        words = " ".join(claim.text.split())
        place = (claim.path, claim.line, cut(words, _WIDTH))
        return VerdictRow._make((claim.id, *place, *shape[1], self._inputs.hash_of(words, claim)))


def _shape_of(verdict: Verdict) -> tuple[Any, ...]:
    works = [[line.work.name, line.counted, line.why] for line in verdict.works]
    return (
        verdict.status.value,
        verdict.level.value if verdict.level else None,
        verdict.strength,
        encode(verdict.reasons).decode(),
        encode(verdict.flags).decode(),
        encode(works).decode(),
        _digest(verdict, works),
    )


def _digest(verdict: Verdict, works: list[list[Any]]) -> str:
    """Return a hash of all that is kept of a verdict."""
    cited = [f"{counted} {name} {why}" for name, counted, why in works]
    parts = (
        verdict.status,
        verdict.level or "",
        str(verdict.strength),
        *verdict.reasons,
        "",
        *verdict.flags,
        "",
        *cited,
    )
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Inputs:
    """Hashes what verdicts follow from; what claims that come together share is worked out once."""

    def __init__(self, written: Written | None = None) -> None:
        """Begin without any.

        Args:
            written: the works as JSON, as far as somebody else needs them too.
        """
        self._written = written if written is not None else Written()
        # By identity; each is kept with what it is of, so that no other takes its place in memory.
        self._works: dict[int, tuple[CitedWork, str]] = {}
        self._evidence: dict[tuple[Any, ...], tuple[tuple[CitedPlace, ...], str]] = {}

    def hash(self, claim: ClaimEvidence) -> str:
        """Return a hash of everything that a verdict follows from: the same hash and rules give the same verdict."""
        return self.hash_of(" ".join(claim.text.split()), claim)

    def hash_of(self, words: str, claim: ClaimEvidence) -> str:
        """Return the same of a claim whose words, with single spaces between them, are known already."""
        key = (claim.tags, *map(id, claim.places))
        if key not in self._evidence:
            self._evidence[key] = (claim.places, self._say(claim))
        said = f"{words}\0{self._evidence[key][1]}"
        if claim.interaction is not None or claim.opposite is not None or claim.reverse_pairs:
            said += repr((claim.interaction, sorted(claim.reverse_pairs), claim.opposite))
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()

    def _say(self, claim: ClaimEvidence) -> str:
        works = [self._facts(work) for place in claim.places for work in place.works]
        places = [
            (place.clause, place.polarity.value, len(place.works), place.missing, place.has_fallen)
            for place in claim.places
        ]
        return repr((places, works, claim.tags))

    def _facts(self, work: CitedWork) -> str:
        if id(work) not in self._works:
            # Everything about it but what follows from the rest.
            facts = self._written.text(work)
            self._works[id(work)] = (work, hashlib.sha256(facts).hexdigest())
        return self._works[id(work)][1]
