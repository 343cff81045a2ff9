"""What the words around a citation say of how the work bears on the claim. Silence supports."""

from __future__ import annotations

import re

from evidence.vocabulary import Polarity

# A work that contrasts is said to have done so. "Challenge" and "contradictory" alone mean too much else: a dose, a
# fat-rich meal, the name of a tag.
_CONTRASTS = re.compile(
    r"\b(?:contradict(?:s|ed|ing)?|refut(?:es?|ed|ing)|disput(?:es|ed|ing)|disprov(?:es?|ed|en|ing)|"
    r"rebut(?:s|ted|ting)|contradictory (?:results?|findings?|data|evidence)|"
    r"(?:finding|result|claim|conclusion|view|idea|notion|hypothesis|report|interpretation|model)s? "
    r"(?:\w+ ){0,3}(?:was|were|is|are|been) (?:\w+ )?challenged|"
    r"(?:fail(?:s|ed|ing)?|unable) to (?:replicate|reproduce|confirm)|"
    r"(?:did|does|do|could|has|have|was|were|is|are) not (?:be |been )?(?:\w+ly )?"
    r"(?:replicated?|reproduced?|confirm(?:ed)?)|"
    r"not (?:replicated|reproduced|confirmed) (?:by|in))\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|never|no|none|without|nor|neither|rather than|insufficient|unlikely|cannot|hardly)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
# What is said by the way, of something else: "unlike FIS1, whose role is disputed, ...".
_ASIDE = re.compile(r"\b(?:unlike|whose|which|although|though|while|despite|whereas)\b[^,]*$", re.IGNORECASE)
# A part of a clause that the citation does not close.
_PART = re.compile(r"[;|]|\s[—–]\s|\.\s")
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
    if _has_hint(clause) and _contrasts(clause):
        return Polarity.CONTRASTS
    before = clause[-_TAIL:].rstrip(" [(\t\r\n")
    if before[-2:].lower() in _MENTION_ENDS and _MENTIONS.search(before):
        return Polarity.MENTIONS
    return Polarity.SUPPORTS


def _has_hint(clause: str) -> bool:
    """Tell whether a piece of every trigger stands in the clause; these looks cost less than one search for all."""
    return (
        "onfirm" in clause
        or "eplicat" in clause
        or "eproduc" in clause
        or "ontradict" in clause
        or "hallenged" in clause
        or "efut" in clause
        or "isput" in clause
        or "isprov" in clause
        or "ebut" in clause
    )


def _contrasts(clause: str) -> bool:
    """Tell whether the last trigger of a clause, which is nearest to the mark, is said of what the mark closes."""
    part = clause
    for found in _PART.finditer(clause):
        if clause[found.end() :].strip(" [(*_"):
            part = clause[found.end() :]
    triggers = list(_CONTRASTS.finditer(part))
    if not triggers:
        return False
    before, behind = part[: triggers[-1].start()], part[triggers[-1].end() :]
    aside = "," in behind and _ASIDE.search(before)
    return not (aside or before.endswith(("/", "-")) or _NEGATED.search(before[-40:]))
