"""What the words around a citation say of how the work bears on the claim. Silence supports."""

from __future__ import annotations

import re

from evidence.vocabulary import Polarity

# What is challenged where a view is: not mice, not the immune system.
_VIEW = (
    r"(?:findings?|results?|claims?|conclusions?|views?|ideas?|notions?|hypothes[ei]s|reports?|interpretations?|models?|"
    r"assumptions?|concepts?|paradigms?|dogmas?|theor(?:y|ies)|beliefs?|narratives?|premises?|consensus|evidence|"
    r"propositions?|proposals?|explanations?|associations?|links?|observations?|statements?|wisdom|framing|picture|accounts?)"
)
# The verb, not the noun: "the challenges this model faces", "a challenge", "mice challenged with LPS", "to challenge".
# What is said by the way of a result ("..., challenging the idea") leaves the result itself supported.
_CHALLENGES = (
    r"(?:(?<!the )(?<!these )(?<!those )(?<!many )(?<!several )(?<!some )(?<!major )(?<!main )(?<!key )(?<!of )"
    r"(?<!few )(?<!other )(?<!remaining )challenges|challenged|"
    r"(?:(?!this\b|thus\b|previous\b|serious\b|various\b)\w+s|data|they|may|might|could|would|also|which) "
    r"(?:\w+ly )?challenge) "
    rf"(?:(?:this|that|these|those|the|its|their|his|her|our|such|any|an?) (?:\S+ ){{0,3}}?{_VIEW}\b"
    r"(?! (?:with|by|faces?|poses?|presents?|animals?|mice|organisms?|systems?)\b)|"
    r"(?:it|this|whether|[A-Z][\w'’-]+(?: et al\.?)?,? \(?(?:19|20)\d\d\)?)\s*$)"
)
# A work that contrasts is said to have done so. "Challenge" and "contradictory" alone mean too much else: a dose, a
# fat-rich meal, the name of a tag.
_CONTRASTS = re.compile(
    rf"\b{_CHALLENGES}|"
    r"\b(?:contradict(?:s|ed|ing)?|refut(?:es?|ed|ing)|disput(?:es|ed|ing)|disprov(?:es?|ed|en|ing)|"
    r"rebut(?:s|ted|ting)|contradictory (?:results?|findings?|data|evidence)|"
    rf"(?:{_VIEW} (?:\w+ ){{0,3}}|(?:this|it|which) (?:has |have )?)(?:was|were|is|are|been) (?:\w+ )?challenged"
    r"(?! (?:with|orally|intra\w+|every|daily|again)\b)|"
    r"(?:fail(?:s|ed|ing)?|unable) to (?:replicate|reproduce|confirm)|"
    r"(?:did|does|do|could|has|have|was|were|is|are) not (?:be |been )?(?:\w+ly )?"
    r"(?:replicated?|reproduced?|confirm(?:ed)?)|"
    r"not (?:replicated|reproduced|confirmed) (?:by|in))\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:(?:not|never|no|none|without|nor|neither|rather than|insufficient|unlikely|cannot|hardly)\s+(?:\w+\s+){0,2}|"
    r"(?:nothing|nobody|none of|no one)\s+(?:\w+\s+){0,5})$",
    re.IGNORECASE,
)
# Cells replicate and animals reproduce: of results it is said where one is named, or pointed at.
_REPEATS = re.compile(r"(?:replicate|reproduce)d?$", re.IGNORECASE)
_OF_RESULTS = re.compile(
    rf"\b(?:{_VIEW}|effects?|benefits?|stud(?:y|ies)|trials?|cohorts?|groups?|labs?|laborator(?:y|ies)|attempts?|work|"
    r"meta-analys[ei]s|GWAS|datasets?|samples?|reductions?|increases?|signals?|loc(?:us|i)|variants?|experiments?|papers?|"
    r"authors?|others|we|et al)\b|^ (?:this|it|that|these|those|them|the|its|their|our|any)\b|"
    r"^ by \(?(?-i:[A-Z])|\b(?:it|this|these|those|they|which) $",
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
        or "halleng" in clause
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
    triggers = [
        found
        for found in _CONTRASTS.finditer(part)
        if not _REPEATS.search(found.group())
        or _OF_RESULTS.search(part[: found.start()])
        or _OF_RESULTS.search(part[found.end() :])
    ]
    if not triggers:
        return False
    before, behind = part[: triggers[-1].start()], part[triggers[-1].end() :]
    aside = "," in behind and _ASIDE.search(before)
    return not (aside or before.endswith(("/", "-")) or _NEGATED.search(before[-40:]))
