"""What was studied, where a part of a note says nothing else: "mouse study", "aged C57BL/6 mice", "study in rats"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence.levels import ORGANISM_WORDS, find_organisms

# Words that may stand with an organism; a part with any other word says something else.
_BESIDE = frozenset({
    "and", "or", "both", "sexes", "male", "males", "female", "females", "aged", "old", "older", "young", "adult",
    "elderly", "middle-aged", "juvenile", "newborn", "neonatal", "embryonic", "pregnant", "postmenopausal",
    "healthy", "obese", "lean", "diabetic", "sedentary", "trained", "wild-type", "wildtype", "wt", "ko",
    "knockout", "knock-out", "knockdown", "transgenic", "mutant", "mutants", "homozygous", "heterozygous",
    "inbred", "outbred", "progeroid", "germ-free", "naked", "primary", "cultured", "human", "c.", "d.", "s.",
    "e.", "m.", "r.",
})  # fmt: skip
_ENDS = frozenset({
    "study", "studies", "experiment", "experiments", "trial", "model", "models", "mutant", "mutants", "cohort", "cells",
    "tissue", "tissues", "larvae", "embryos", "strain", "strains", "line", "lines", "colony", "animals", "littermates",
    "knockout", "knockouts", "data", "only",
})  # fmt: skip
# A gene or a strain: a word with a figure in it, that is no number.
_GENE = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z][\w/()+:;-]*")
_STUDY_IN = re.compile(
    r"(?:(?:an?|the|this|our|small|large|animal|first|long-term|short-term|pilot|preclinical)\s+){0,3}"
    r"(?:stud(?:y|ies)|experiments?|trial|(?:was |were )?(?:performed|conducted|carried out|done|tested|studied))\s+"
    r"(?:in|on|with|using)\s+(?=(.+))"
)
# "in mice", "of rats": where nothing but the organism follows.
_IN = re.compile(r"(?:in|on|of|with|using)\s+(?=\S)")
# A number of subjects or an age, and no year of a journal: "200 mice", "12-month-old", "3-mo", "n=40".
_NUMBER = re.compile(
    r"(?!(?:1[89]|20)\d\d$)(?:~|≈|c\.)?\d[\d,.]*(?:[-–]\d+)?(?:[-–]?(?:days?|weeks?|wks?|months?|mos?|years?|yrs?|d|w|m|y)(?:[-–]?old)?)?"
)
_AGE = frozenset({"month", "months", "week", "weeks", "year", "years", "day", "days", "mo", "wk", "total", "month-old",
                  "week-old", "year-old", "day-old", "months-old", "weeks-old"})  # fmt: skip
_HEAD_END = re.compile(r"\s\(|[,;:]|\.$|\s[—–]\s|\bn\s*=")
# "study in patients with type 2 diabetes"
_DETAIL = re.compile(r"\s(?:with|without|who|fed|treated|aged|from|receiving|undergoing|lacking|carrying)\s")
_LONGEST = 200


def _heads() -> frozenset[str]:
    """Return what the first three characters of such a part may be: most parts are told by them."""
    openings = "study stud experiment trial was were performed conducted carried done tested studied an a the this our"
    openings += " small large animal first long short pilot preclinical in on of with using"
    words = {*ORGANISM_WORDS, *_BESIDE, *openings.split()} - {"and", "or", "cats"}
    return frozenset(form for word in words for form in _forms(word))


def _forms(word: str) -> tuple[str, ...]:
    short = word[:3] if len(word) > 2 else f"{word} "  # noqa: PLR2004
    return short, short.capitalize(), short.upper()


_HEADS = _heads()


def read_organisms(parts: Sequence[str], journal: str | None = None) -> tuple[str, ...]:
    """Return the organisms that a part of a note names and says nothing else of.

    Args:
        parts: the parts of the note.
        journal: its journal, which may be called Yeast or Fly.

    >>> read_organisms(["doi:10.1/x", "aged male C57BL/6J mice (n=12)"]), read_organisms(["Human disease differs"])
    (('mouse',), ())
    >>> read_organisms(["in mice"]), read_organisms(["12-month-old male mice"]), read_organisms(["200 mice"])
    (('mouse',), ('mouse',), ('mouse',))
    """
    heads = _HEADS
    for part in [part for part in parts if part[:3] in heads or part[:1].isdecimal()]:
        if part != journal and len(part) <= _LONGEST and (found := _organisms_of(part.lower())):
            return found
    return ()


def _organisms_of(part: str) -> tuple[str, ...]:
    where = _STUDY_IN.match(part)
    head = where.group(1) if where else part
    if where and (detail := _DETAIL.search(head)):
        head = head[: detail.start()]
    if end := _HEAD_END.search(head):
        head = head[: end.start()]
    head = _IN.sub("", head, 1) if _IN.match(head) else head
    words = head.strip(" .").split()
    if not words or not all(_may_stand(word) for word in words):
        return ()
    return find_organisms(head)


def _may_stand(word: str) -> bool:
    return (
        word in ORGANISM_WORDS
        or word in _BESIDE
        or word in _ENDS
        or word in _AGE
        or _GENE.fullmatch(word) is not None
        or _NUMBER.fullmatch(word) is not None
    )
