"""Words that only name sources: "two trials", "a later RCT", "Brown's group". They tell who found, and not what."""

from __future__ import annotations

import re

from evidence.statements.patterns import any_word
from evidence.statements.verbs import FINDS, STATES

_SOURCES = any_word(
    "trials? stud(?:y|ies) sub-?stud(?:y|ies) cohorts? (?:meta-?)?analys[ei]s rcts? reviews? papers? preprints?",
    "reports? articles? abstracts? publications? replications? attempts? experiments? data datasets? evidence",
    "results? findings? work registr(?:y|ies) biobanks? surveys? follow-?ups?",
)
_PEOPLE = any_word("groups? labs? laborator(?:y|ies) teams? authors? investigators researchers consortia consortium")
# Participles that tell which source it is. The other words before one may be any but verbs.
_WHICH = any_word(
    "randomi[sz]ed non-?randomi[sz]ed controlled placebo-controlled sham-controlled uncontrolled blinded unblinded",
    "double-blinded (?:pre-?)?registered unregistered (?:un)?published (?:pre-?)?specified (?:peer-)?reviewed pooled",
    "nested matched (?:well|better|under)-?powered powered sized (?:un)?adjusted updated failed attempted combined",
    "related unrelated (?:industry-)?funded (?:population|registry|community|hospital)-based detailed repeated limited",
)
_COUNT = any_word(
    "an? the this that these those one two three four five six seven eight nine ten \\d{1,3} several many some most",
    "both multiple numerous various all other others another further more later earlier recent independent same",
    "larger smaller new newer old older own different at least",
)
_NAME = r"(?-i:[A-Z])[\w.'’-]*"
# What is said behind of the source itself: by whom, of what, in whom. A clause of its own has a verb.
_BEHIND = r"(?: (?:of|by|from|in|with|on|among|at|for|using) (?P<behind>(?:[^,;:.!?|]|(?<= al)\.){1,80}))?"
_NAMED = re.compile(
    rf"(?:(?P<before>(?:[\w.'’/-]+ ){{0,6}}?)(?:{_SOURCES}|replication (?:trials?|attempts?|stud(?:y|ies)))"
    rf"|(?:(?:{_COUNT}|{_NAME}) ){{1,5}}{_PEOPLE}"
    rf"|{_NAME} (?:and|&) (?:colleagues|co-?workers)|(?:{_COUNT} ){{0,2}}others){_BEHIND}",
    re.IGNORECASE,
)
_PARTICIPLES = re.compile(rf"(?<![\w-]){_WHICH}(?![\w-])", re.IGNORECASE)
# Nothing of these is within the name of a source: it is of no source, or of what is within one.
_OTHER = re.compile(
    r"\b(?:no|none|neither|nor|never|few|fewer|hardly|if|whether|that|which|who|whose|where|when|because|but|in|of|from|on|"
    r"with|at|by|for|to|as|than|via)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\b(?:no|none|never|that|which|who|whose|where|when|because|but|than)\b", re.IGNORECASE)
_LONGEST = 160


def names_sources(words: str) -> bool:
    """Tell whether words name sources by what they are, and say nothing of what these found.

    >>> [names_sources(words) for words in ("two trials", "Brown's group", "a larger trial of statins in men")]
    [True, True, True]
    >>> [names_sources(words) for words in ("no trial", "two trials found none", "control groups")]
    [False, False, False]
    """
    found = _NAMED.fullmatch(words) if len(words) <= _LONGEST else None
    if found is None:
        return False
    before, behind = (_PARTICIPLES.sub(" ", found[part] or "") for part in ("before", "behind"))
    if _OTHER.search(before.replace("at least", " ")) or _CLAUSE.search(behind):
        return False
    return not any(verbs.search(part) for verbs in (FINDS, STATES) for part in (before, behind))
