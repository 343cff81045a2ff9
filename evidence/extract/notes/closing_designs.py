"""Designs that close a part of a note: "working-group consensus", "substudy of the CANTOS RCT", "n=1 (case report)".

A part that begins with a design is read by `designs`; here what a design closes, asked only where nothing else states
one. Behind the last word of a part anything might stand for a topic, so only a few plain words may stand before it, and
none that denies, points at another work or makes a sentence of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence.extract.notes.designs import read_part
from evidence.vocabulary import HUMAN_DESIGNS, Design

_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
_HEAD_END = re.compile(r"[;,:]\s|[;:,.]?$|\.\s|\s[—–-]\s")
_LABEL = re.compile(r"(?:study[ -])?(?:design|type)\s*:\s*", re.IGNORECASE)
_JOINT = re.compile(r"\s*[+&]\s*|\s/\s|(?<=[a-z])/(?=[a-z])|\s(?:and|with|plus)\s")
_PLAIN = re.compile(r"[A-Za-z0-9][\w'\u2019./-]*")
# As written in a note: journals ("Psychological Review") and titles begin their words with a capital.
_CLOSING = re.compile(
    r"(?<!\S)(?:[Mm]eta-?anal(?:ysis|yses)|(?:systematic )?(?:literature )?review(?: article| paper)?|"
    r"randomi[sz]ed(?:,? ?[-a-z]+){0,3} trial|(?:(?:phase [\dIiVv/ab]+ )?(?:RCT|rct)|clinical trial)|"
    r"[Mm]endelian randomi[sz]ation(?: study| analysis)?|(?:prospective|retrospective|birth|population-based) cohort|"
    r"cohort (?:study|analysis)|case[- ]control(?: study| analysis)?|cross-sectional (?:study|analysis|survey)|"
    r"observational (?:study|analysis|cohort)|case (?:report|series)|"
    r"(?:in|ex)[- ](?:vivo|vitro|silico) (?:study|studies|experiments?|work|models?|assays?)|"
    r"perspectives? (?:article|paper)|perspective|commentary|editorial|"
    r"(?:expert )?consensus(?: statement| paper)?|(?:clinical |practice )*guidelines?)$"
)
_DENYING = frozenset({
    "no", "not", "non", "nor", "never", "without", "lacks", "lack", "lacking", "needs", "need", "needed", "requires",
    "awaiting", "awaits", "pending", "planned", "future", "only", "single-arm", "one-arm", "uncontrolled",
    "non-randomized", "non-randomised", "nonrandomized", "nonrandomised", "quasi-experimental", "quasi-randomized",
})  # fmt: skip
_POINTING = frozenset({
    "see", "cf", "cited", "cites", "citing", "per", "via", "parent", "companion", "accompanying", "original", "prior",
    "previous", "earlier", "later", "subsequent", "related", "linked", "other", "another", "this", "that", "these",
    "those", "which", "their", "its", "our", "my",
})  # fmt: skip
_SENTENCE = frozenset({
    "is", "are", "was", "were", "be", "been", "has", "have", "had", "does", "did", "but", "if", "until", "after",
    "before", "since", "because", "than", "versus", "vs", "unlike", "like", "as", "from", "for", "in", "of", "on", "by",
    "at", "to", "under", "into", "over", "the", "shows", "show", "showed", "found", "supports", "support", "supported",
    "confirms", "confirmed", "suggests", "reported", "reports",
})  # fmt: skip
_NO_QUALIFIER = _DENYING | _POINTING | _SENTENCE
# Reviews that are none of the literature: of this note, of a manuscript, of records, of a book.
_OTHER_REVIEW = frozenset({
    "peer", "manual", "human", "editor", "editorial", "internal", "external", "expert", "chart", "charts", "record",
    "records", "book", "code", "film", "image", "ethics", "ethical", "second", "further", "final", "author", "team",
    "regulatory", "safety", "agency", "fda", "ema", "curator", "page", "wiki",
})  # fmt: skip
_MOST_WORDS = 6
# "post hoc DNAm analysis of CALERIE Phase 2 RCT", "genomic substudy within rct": what was analysed is the design.
_ANALYSIS_OF = re.compile(
    r"(?:[a-z][\w-]* |DNAm ){0,5}(?:(?<!meta )analys[ei]s|sub-?analys[ei]s|sub-?stud(?:y|ies)|follow-up) "
    r"(?:of|within|from) (?:(?:an?|the) )?(?:(?!RCTs?\b)[A-Z][\w'\u2019-]* |\d\w* ){0,4}(?=[a-zR])"
)
# One number of subjects: where several arms are counted, the bracket of one tells of that arm alone.
_NUMBER = re.compile(r"[nN] ?[=:](?!.*\b[nN] ?[=:])")
_LONGEST = 300


def read_closing_designs(parts: Sequence[str]) -> tuple[list[Design], str]:
    """Return the designs that close a part, or stand alone in brackets behind a number, and the first such part.

    Args:
        parts: the parts of a note of which none begins with a design.

    >>> read_closing_designs(["working-group consensus", "n=12"])[0]
    [<Design.CONSENSUS: 'consensus'>]
    >>> read_closing_designs(["Psychological Review", "not a systematic review", "under peer review"])[0]
    []
    """
    found: list[Design] = []
    first = ""
    for part in parts:
        if len(part) > _LONGEST:
            continue
        here = _bracketed(part) if _NUMBER.match(part) else _closing(part)
        if here and not first:
            first = part
        found += [one for one in here if one not in found]
    if Design.SYSTEMATIC_REVIEW in found or Design.META_ANALYSIS in found:
        found = [one for one in found if one is not Design.REVIEW]
    return found, first


def _bracketed(part: str) -> list[Design]:
    """Return the designs of brackets that hold nothing else: "n=1 (case report)"."""
    found: list[Design] = []
    for bracket in _BRACKETS.finditer(part):
        here: list[Design] = []
        if bracket.group(1) and read_part(bracket.group(1).lower(), here) == len(bracket.group(1)):
            found += [one for one in here if one not in found]
    return found


def _closing(part: str) -> list[Design]:
    label = _LABEL.match(part)
    bare = _BRACKETS.sub("", part[label.end() :] if label else part)
    end = _HEAD_END.search(bare)
    head = bare[: end.start()] if end else bare
    if (analysis := _ANALYSIS_OF.match(head)) is not None:
        here: list[Design] = []
        read_part(head[analysis.end() :].lower(), here)
        return [one for one in here if one in HUMAN_DESIGNS]
    found: list[Design] = []
    for piece in _JOINT.split(head):
        closing = _CLOSING.search(piece)
        if closing is None or not _may_qualify(piece[: closing.start()].split(), closing.group()):
            continue
        here = []
        if read_part(closing.group().lower(), here) >= 0:
            found += [one for one in here if one not in found]
    return found


def _may_qualify(words: Sequence[str], closing: str) -> bool:
    """Tell whether words before a design can be nothing but its kind or its topic."""
    if len(words) > _MOST_WORDS or not all(_PLAIN.fullmatch(word) for word in words):
        return False
    lowered = {word.lower() for word in words}
    if closing.startswith("review") and not lowered.isdisjoint(_OTHER_REVIEW):
        return False
    return lowered.isdisjoint(_NO_QUALIFIER)
