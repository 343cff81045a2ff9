"""What a note says was done with it since: checked against a source, or its work retracted."""

from __future__ import annotations

import re
from collections.abc import Sequence

# The month and day of a date: the hyphen comes first, which `re` can look for.
_DAY = re.compile(r"-(?<=\b\d{4}-)(?:0\d|1[0-2])-[0-3]\d\b")
# Pieces of the words for checking, found one by one: a search for a literal is far cheaper than one for several words.
_STEMS = ("erifi", "onfirmed", "hecked", "e-read", "ERIFI", "ONFIRMED", "HECKED")
_PREFIXES = ("cross-", "re-")
# "cross-c" and "re-v" stand before a stem; a word that begins further back is another one.
_LONGEST_PREFIX = 12
_CHECK = re.compile(
    r"(?:re-?)?verified\b|(?:re-?)?verification\b|confirmed\b|(?:cross-?)?checked (?:against|with|in|from|via|on)\b|"
    r"cross-?checked\b|re-read\b",
    re.IGNORECASE,
)
_UNVERIFIED = re.compile(
    r"\b(?:un-?(?:verified|confirmed|checked)|(?:not|never|n't) (?:yet |independently |fully |been |directly |"
    r"locally )*"
    r"(?:verified|confirmed|checked|re-read|downloaded|accessed|accessible|available|read|possible)|pending|"
    r"to be (?:verified|confirmed|checked)|"
    r"verified:\s*(?:false|no|partial)|(?:not|never|cannot) be (?:considered |fully )?(?:verified|confirmed)|"
    r"(?:needs?|requires?|awaits?|awaiting) (?:\w+ ){0,2}(?:verification|confirmation)|(?:needs?|should|must|"
    r"could) (?:to )?be (?:verified|confirmed|checked)|"
    r"verify before|without verification|no verification|(?:time|date) of verification|verification (?:failed|not)|"
    r"blocked|"
    r"could not)\b",
)
_DENYING = (
    "not ", "n't", "never", "cannot", "unver", "unconf", "unche", "un-", "pending", "to be", "need", "requir",
    "await", "should",
    "must", "could", "before", "without", "no ver", "of verif", "failed", "blocked", "false", "verified: ",
)  # fmt: skip
_REGISTRIES = ("pubmed", "pmid", "crossref", "efetch", "europe pmc", "europepmc", "metadata")
_DOI = re.compile(r"doi(?<=\bdoi)\b")
_CLAUSE_END = re.compile(r"[;—·]|\.\s|\s[|•]\s")
_OPENS = re.compile(r"[\s(\[*_]*(?:end-to-end |independently |re-?|fully )?(?:verified|confirmed|checked)\b")

_RETRACTED = re.compile(
    # in capitals, wherever it stands
    r"\bRETRACTED\b|"
    # at the head of a part or bracket, or as a tag, with nothing that it describes behind it
    r"(?:^[\s*_⚠\ufe0f❗!]*|[(\[]\s*(?:now |since |later |subsequently )?|#)[Rr]etracted\b"
    r"(?=\s*(?:$|[:;,.!)\]*·—–(]|\d|in\b|on\b|by\b|due\b|because\b|after\b|for\b|at\b|article\s*(?:$|[:.)\]])|"
    r"paper\s*(?:$|[:.)\]])))|"
    # as what happened to it
    r"\b(?:was|is|has been|have been|been|since|now|later|subsequently) (?:formally |now |since |later |"
    r"subsequently |fully )*"
    r"retracted\b(?! (?:study|studies|paper|papers|article|articles|work|works|data|trial|trials)\b)|"
    r"\b[Rr]etracted (?:in |on |by the [\w ]{1,30}(?:in |, ))?\(?(?:[A-Z][a-z]+ )?(?:19|20)\d\d|"
    r"\b[Nn]ow retracts it\b|"
    r"\b[Rr]etraction (?:notice|note)s?\s*(?::|\(|published\b|issued\b|doi\b|DOI\b|PMID\b|10\.\d|https?:|(?:19|"
    r"20)\d\d)",
)
_NOT_ITSELF = re.compile(
    r"\b(?:not|never|no longer|neither|nor|non-?|un-?|hasn't|isn't|wasn't|no)\s*(?:been |yet |itself |formally |a )*$|"
    r"\b(?:if|unless|whether|until)\b[^.;·]{0,40}$|"
    r"\b(?:which|that cites?|cit(?:es|ed|ing)|of an?|by an?|on an?|from an?|other|another|previous|earlier|prior|"
    r"unrelated|excluding|excludes?|"
    r"two|three|several|some|many|any|preprint|companion) (?:\w+ ){0,3}$",
    re.IGNORECASE,
)
# "cites Smith 2010 (retracted)": what is in the bracket is said of the work before it.
_CITES = re.compile(
    r"\b(?:cites?|citing|cited|relies on|based on|replicat\w+|excluding|includes?|re-?analy\w+|see also|"
    r"refut\w+)\b[^;.]{0,80}$",
    re.IGNORECASE,
)


def read_verified(text: str) -> dict[str, str] | None:
    """Return against what a note was checked: `kind` is full-text, abstract or identifier; `date` where stated.

    >>> read_verified("doi:10.1/x · not verified"), read_verified("local PDF verified 2026-05-23 · rct")
    (None, {'kind': 'full-text', 'date': '2026-05-23'})
    """
    if not _has_check_word(text):
        return None
    for begin, end in _checks(text):
        start = _clause_start(text, begin)
        clause = " ".join(text[start : _clause_end(text, end)].replace("*", "").replace("`", "").lower().split())
        kind = _kind(clause) if not _is_denied(clause) else None
        if kind is not None:
            # A date beside the check, else one of the same part.
            stop = text.find("·", end)
            date = _DAY.search(text, begin, stop if stop >= 0 else len(text)) or _DAY.search(
                text, text.rfind("·", 0, begin) + 1, begin
            )
            return {"kind": kind} | ({"date": text[date.start() - 4 : date.end()]} if date else {})
    return None


def is_marked_retracted(text: str, parts: Sequence[str]) -> bool:
    """Tell whether a note states that the cited work is retracted, not merely that the word occurs.

    >>> is_marked_retracted("RETRACTED 2014", ["RETRACTED 2014"]), is_marked_retracted("", ["retracted"])
    (True, False)
    """
    if not ("etract" in text or "ETRACT" in text):
        return False
    for part in parts:
        for found in _RETRACTED.finditer(part) if "etract" in part or "ETRACT" in part else ():
            word = found.start() + max(found.group().lower().find("retract"), 0)
            if not (
                _NOT_ITSELF.search(part, max(0, word - _BEFORE), word)
                or _CITES.search(part, max(0, word - _BEFORE), word)
            ):
                return True
    return False


_BEFORE = 120
_CLAUSE = 300


def _has_check_word(text: str) -> bool:
    """Tell whether a piece of a word for checking stands in the text; the looks cost less than one search."""
    return (
        "erifi" in text
        or "onfirmed" in text
        or "hecked" in text
        or "e-read" in text
        or "ERIFI" in text
        or "ONFIRM" in text
    )


def _checks(text: str) -> list[tuple[int, int]]:
    """Return where the words for checking stand, in order."""
    places = []
    for stem in _STEMS:
        place = text.find(stem)
        while place >= 0:
            begin, least = place, max(0, place - _LONGEST_PREFIX)
            while begin > least and (
                text[begin - 1].isalpha() or (text[begin - 1] == "-" and text[begin - 6 : begin].lower() in _PREFIXES)
            ):
                begin -= 1
            if found := _CHECK.match(text, begin):
                places.append((begin, found.end()))
            place = text.find(stem, place + len(stem))
    return sorted(places) if len(places) > 1 else places


def _is_denied(clause: str) -> bool:
    """Tell whether a clause says that nothing was checked; most hold none of the words that could."""
    return any(map(clause.__contains__, _DENYING)) and _UNVERIFIED.search(clause) is not None


def _clause_start(text: str, at: int) -> int:
    """Return where the words of a check begin: not far before it, so that many checks take linear time."""
    first = max(0, at - _CLAUSE)
    return max(
        text.rfind(";", first, at) + 1,
        text.rfind("—", first, at) + 1,
        text.rfind("·", first, at) + 1,
        text.rfind(". ", first, at) + 1,
        first,
    )


def _clause_end(text: str, at: int) -> int:
    last = min(len(text), at + _CLAUSE)
    end = _CLAUSE_END.search(text, at, last)
    return end.start() if end else last


def _kind(clause: str) -> str | None:
    if "abstract" in clause:
        return "abstract"
    if (
        "pdf" in clause
        or "full text" in clause
        or "full-text" in clause
        or "main text" in clause
        or "full paper" in clause
    ):
        return "full-text"
    if any(map(clause.__contains__, _REGISTRIES)) or _DOI.search(clause):
        return "identifier"
    return "unspecified" if _OPENS.match(clause) else None
