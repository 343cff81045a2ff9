"""What the words around a citation say of how the work bears on the claim. Silence supports."""

from __future__ import annotations

import re

from evidence.vocabulary import Polarity

_CONTRASTS = re.compile(
    r"\b(?:contradict(?:s|ed|ing|ory)?|challeng(?:e[sd]?|ing)|refut(?:es?|ed|ing)|disput(?:es?|ed|ing)|"
    r"(?:fail(?:s|ed|ing)?|unable) to (?:replicate|reproduce|confirm)|"
    r"(?:did|does|do|could|has|have) not (?:been )?(?:replicated?|reproduced?|confirm(?:ed)?)|"
    r"not (?:replicated|reproduced|confirmed) (?:by|in))\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|never|no|without|nor|neither|rather than)\s+(?:\w+\s+)?$", re.IGNORECASE)
_MENTIONS = re.compile(
    r"(?:\bsee(?: also)?|\bcf\.|\bdiscussed (?:in|by)|\breviewed (?:in|by)|\bas cited (?:in|by))\s*$", re.IGNORECASE
)
_TAIL = 24
# How every mention ends: "see", "also", "cf.", "in", "by".
_MENTION_ENDS = frozenset({"ee", "so", "f.", "in", "by"})


def read_polarity(text: str, start: int, mark: int) -> Polarity:
    """Return the polarity of the clause `text[start:mark]`, which a citation at `mark` closes.

    >>> clause = "A second group failed to replicate the effect "
    >>> read_polarity(clause, 0, len(clause)).value
    'contrasts'
    """
    clause = text[start:mark]
    if _has_hint(clause):
        found = None
        for found in _CONTRASTS.finditer(clause):  # noqa: B007 - the last one is nearest to the mark
            pass
        if found is not None and not _NEGATED.search(clause[max(0, found.start() - 40) : found.start()]):
            return Polarity.CONTRASTS
    before = clause[-_TAIL:].rstrip(" [(\t\r\n")
    if before[-2:].lower() in _MENTION_ENDS and _MENTIONS.search(before):
        return Polarity.MENTIONS
    return Polarity.SUPPORTS


def _has_hint(clause: str) -> bool:
    """Tell whether a piece of every trigger stands in the clause; seven looks cost less than one search for all."""
    return (
        "onfirm" in clause
        or "eplicat" in clause
        or "eproduc" in clause
        or "ontra" in clause
        or "hallen" in clause
        or "efut" in clause
        or "isput" in clause
    )
