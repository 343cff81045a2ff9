"""What a cell of an interaction table says of the direction of an effect: "activates", "(+)", "induces expression"."""

from __future__ import annotations

import re
from functools import lru_cache

from evidence.vocabulary import ACTIVATING, REPRESSING

_RAISES = ACTIVATING.union({
    "increase", "increases", "increased", "increasing", "enhances", "enhanced", "enhancing", "enhancement", "elevates",
    "elevated", "raises", "raised", "transactivates", "transactivated", "transactivation", "positively",
})  # fmt: skip
_LOWERS = REPRESSING.union({
    "decrease", "decreases", "decreased", "decreasing", "reduces", "reduced", "reducing", "reduction", "lowers",
    "lowered", "diminishes", "diminished", "transrepresses", "transrepressed", "transrepression", "negatively",
})  # fmt: skip
# What an effect is on where it is on the target, and how it comes about: neither says of which sign it is.
_BESIDE = frozenset({
    "the", "its", "of", "on", "in", "is", "are", "by", "target", "targets", "gene", "genes", "expression",
    "transcription", "transcriptional", "transcriptionally", "transcript", "transcripts", "mrna", "protein", "level",
    "levels", "promoter", "activity", "direct", "directly", "indirect", "indirectly", "strong", "strongly", "weak",
    "weakly", "moderate",
    "moderately", "regulates", "regulated", "regulating", "regulation", "regulator", "effect",
})  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|[^\s()\[\],]+")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
# A dash beside words is no minus, and a number may be of anything.
_SIGNS = frozenset("+↑↓")
# What states a direction is short: a longer cell states something else as well.
_MOST_WORDS = 6
_LONGEST = 80


def bare_direction(words: str) -> str:
    """Return the words of a cell in lower case, without brackets around all of them.

    >>> bare_direction("(+)"), bare_direction("Activation (direct)")
    ('+', 'activation (direct)')
    """
    said = words.strip().casefold()
    found = _IN_BRACKETS.fullmatch(said)
    return (found[1] or found[2] or "").strip() if found else said


@lru_cache(1 << 10)
def sign_of(direction: str | None) -> int | None:
    """Return the sign of an effect, 1 or -1, or None where the words state none, or more than one.

    One word says which it is; the others may only say how, or that it is on the expression of the target.

    >>> sign_of("Repression"), sign_of("activates"), sign_of("unknown"), sign_of("(+)")
    (-1, 1, None, 1)
    >>> sign_of("induces expression"), sign_of("negatively regulates"), sign_of("activation/repression")
    (1, -1, None)
    >>> sign_of("does not induce expression"), sign_of("increases apoptosis")
    (None, None)
    """
    said = bare_direction(direction or "")
    if said in ACTIVATING:
        return 1
    if said in REPRESSING:
        return -1
    words = _WORD.findall(said) if len(said) <= _LONGEST else []
    told = [word for word in words if word not in _BESIDE]
    if len(told) != 1 or len(words) > _MOST_WORDS or not (told[0][0].isalpha() or told[0] in _SIGNS):
        return None
    return 1 if told[0] in _RAISES else -1 if told[0] in _LOWERS else None
