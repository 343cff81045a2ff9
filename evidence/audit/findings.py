"""What the audit finds, by code, place and fingerprint: the record that every report shows.

A fingerprint names a finding: it stays when lines move, marks get other keys, letters another case. The facts of a
finding are what it was made of: an acknowledgement of it lapses when they change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from msgspec.structs import replace

from evidence.audit.packing import Value
from evidence.vocabulary import Severity

# What a finding is made of, each part with its name: ("status", "single-study").
Facts = tuple[tuple[str, str], ...]
_UNSEEN = re.compile(r"\[\^[^\[\]]*\]|<!--.*?-->", re.DOTALL)
_PART_BYTES = 3


class Finding(Value, frozen=True):
    """One result of a check. The fingerprint stays when lines move, so that a baseline goes on knowing it.

    `facts` is the short hash that an acknowledgement names; `acknowledged` the reason of the one that fits.
    """

    code: str
    severity: Severity
    path: str
    line: int
    column: int
    claim: str | None
    message: str
    fix: str
    fingerprint: str
    facts: str = ""
    acknowledged: str | None = None


class Result(NamedTuple):
    """What one check found. `about` is the work or identifier meant; `of_page` says that it is not about one claim.

    `words` are taken for those of the claim, where a check reads these in another way.
    """

    severity: Severity
    message: str
    fix: str
    about: str = ""
    facts: Facts = ()
    of_page: bool = False
    words: str = ""


class Place(NamedTuple):
    """Where a finding points; `claim` is the id of the claim that it bears on."""

    path: str
    line: int
    column: int = 1
    claim: str | None = None


class Anchor(NamedTuple):
    """What an acknowledgement must stand beside: a claim by its id, or a note by key and occurrence."""

    claim: str | None = None
    note: tuple[str, int] | None = None


class Found(NamedTuple):
    """A finding with what its acknowledgement is checked by."""

    finding: Finding
    facts: Facts
    anchor: Anchor = Anchor()
    of_page: bool = False


def make_found(
    code: str,
    result: Result,
    place: Place,
    *,
    text: str = "",
    note: tuple[str, int] | None = None,
    grounds: Facts = (),
) -> Found:
    """Return a finding with its fingerprint and facts.

    Args:
        code: of the check.
        result: what it found.
        place: where it points.
        text: the words of the claim that it is about; empty for what is about a note, a work or a page.
        note: the note that it is about.
        grounds: what the verdict that it is about follows from, beside the facts of the check.
    """
    words = plain_words(result.words or text)
    named = [(name, value) for name, value in (("words", words), ("about", result.about)) if value]
    facts = (*named, *result.facts) if result.facts else (*named, ("message", result.message))
    facts = (*facts, *grounds)
    finding = Finding(
        code, result.severity, place.path, place.line, place.column, place.claim, result.message, result.fix,
        fingerprint_of(code, place.path, words, result.about), hash_facts(facts),
    )  # fmt: skip
    return Found(finding, facts, Anchor(place.claim, note), result.of_page)


def fingerprint_of(*parts: str) -> str:
    """Return the name of a finding made of some texts.

    >>> fingerprint_of("EV003", "a.md", "bone is lost.", "") == fingerprint_of("EV003", "a.md", "bone is lost.", "")
    True
    """
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


# Asked of one claim for each of its findings.
@lru_cache(64)
def plain_words(text: str) -> str:
    """Return the words of a claim without its marks and comments, wrapping and case: what makes it the same claim.

    >>> plain_words("Bone is\\nlost.[^lee2019] <!-- why? -->")
    'bone is lost.'
    """
    return " ".join(_UNSEEN.sub(" ", text).casefold().split())


def hash_facts(facts: Facts) -> str:
    """Return the short hash of facts, a part for each, so that one can tell which of them changed.

    >>> hash_facts((("words", "bone"), ("status", "single-study")))
    '8baf32-92901f'
    """
    return "-".join([_hash_part(value) for _, value in facts])


# What a claim rests on is a fact of each of its findings, and of those of other claims on the same notes.
@lru_cache(1 << 10)
def _hash_part(value: str) -> str:
    return blake2b(value.encode("utf-8", "surrogatepass"), digest_size=_PART_BYTES).hexdigest()


def tell_apart(found: Sequence[Found]) -> list[Found]:
    """Return the findings of a page with fingerprints that differ; what several claims share is told at the first."""
    seen: dict[str, int] = {}
    kept = []
    for one in found:
        name = one.finding.fingerprint
        count = seen[name] = seen.get(name, 0) + 1
        if count == 1:
            kept.append(one)
        elif not one.of_page:
            kept.append(one._replace(finding=replace(one.finding, fingerprint=fingerprint_of(name, str(count)))))
    return kept
