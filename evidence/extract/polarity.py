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
# A piece of every trigger: a clause without one is not searched. Each begins with a letter that `re` can look for.
_HINT = re.compile(r"contra|hallen|efut|isput|fail|unable|not |ontra|Fail|Unable")
_TAIL = 24


def read_polarity(text: str, start: int, mark: int) -> Polarity:
    """Return the polarity of the clause `text[start:mark]`, which a citation at `mark` closes.

    >>> clause = "A second group failed to replicate the effect "
    >>> read_polarity(clause, 0, len(clause)).value
    'contrasts'
    """
    if _HINT.search(text, start, mark):
        clause = text[start:mark]
        found = None
        for found in _CONTRASTS.finditer(clause):  # noqa: B007 - the last one is nearest to the mark
            pass
        if found is not None and not _NEGATED.search(clause[max(0, found.start() - 40) : found.start()]):
            return Polarity.CONTRASTS
    if _MENTIONS.search(text[max(start, mark - _TAIL) : mark].rstrip(" [(")):
        return Polarity.MENTIONS
    return Polarity.SUPPORTS
