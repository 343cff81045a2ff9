"""What a note says was done with it since: checked against a source, or its work retracted."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from evidence.records import Note

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

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_WHEN = (
    rf"(?:in |on |by the [\w ]{{1,30}}(?:in |, ))?\(?(?:\d{{1,2}} )?(?:{_MONTH}\.? )?(?:\d{{1,2}},? )?(?:19|20)\d\d\b"
)
# What takes a retraction back at once, as fields do: the answer no, none, or not applicable.
_NOT_SO = r"\s*[:=(—–-]+\s*(?:[Nn]o|NO|[Nn]one|[Nn]ot|[Nn]ever|[Ff]alse|[Nn]/?[Aa]|0|[Nn]othing|[Uu]nknown)\b"
# What a journal does to a paper, unlike what a surgeon or a cell does: by whom, why, when; or nothing more is said.
_OF_PAPERS = (
    rf"(?!{_NOT_SO})"
    rf"\s*(?:$|[:;,.!)\]*·—–(]|{_WHEN}|"
    r"(?:in|by) (?:the )?(?:journal|authors?|editors?|publishers?|doi|DOI|PMID|10\.|https?:)|"
    r"(?:by|in|via|per) \*?[A-Z]|at (?:the )?(?:authors?|request)|(?:due to|because|owing to|for|after|over) (?!\d)|"
    r"(?:article|paper)\s*(?:$|[:.)\]]))"
)
_RETRACTED = re.compile(
    # in capitals, wherever it stands
    rf"\bRETRACTED\b(?!{_NOT_SO})|"
    # as a field, or as what was done to the paper by its name
    rf"\b[Ss]tatus:?\s+[Rr]etracted\b(?={_OF_PAPERS})|"
    rf"^(?:[Tt]his |[Tt]he )?(?:[Pp]aper|[Aa]rticle|[Ss]tudy) retracted\b(?={_OF_PAPERS})|"
    r"\b(?:journal|editors?|publisher|authors) (?:has |have )?retracted (?:this|the) (?:paper|article|study)\b|"
    # at the head of a part or bracket, or as a tag
    rf"(?:^[\s*_⚠\ufe0f❗!]*|[(\[]\s*(?:now |since |later |subsequently )?|#)[Rr]etracted\b(?={_OF_PAPERS})|"
    # as what happened to it
    r"\b(?:was|is|has been|have been|been|since|now|later|subsequently) (?:formally |officially |now |since |later |"
    r"subsequently |fully )*"
    r"retracted\b(?! (?:study|studies|paper|papers|article|articles|work|works|data|trial|trials)\b)|"
    rf"\b[Rr]etracted {_WHEN}|"
    r"\b[Nn]ow retracts it\b|"
    r"(?:^|[(\[])\s*(?:Retraction(?: in)?|RETRACTION):?\s+(?:doi|DOI|10\.\d|PMID|https?:|"
    r"\*?[A-Z][\w.& ]{1,40}\*?,? (?:19|20)\d\d)|"
    r"(?:^|[.·]\s+)Retraction of:\s|"
    rf"\b[Rr]etraction (?:notice|note)s?(?!{_NOT_SO})\s*(?::|\(|published\b|issued\b|doi\b|DOI\b|PMID\b|10\.\d|https?:|"
    r"(?:19|20)\d\d)",
)
_NOT_ITSELF = re.compile(
    r"\b(?:not|never|no longer|neither|nor|non-?|un-?|hasn't|isn't|wasn't|no)\s*(?:been |yet |itself |formally |a )*$|"
    r"\b(?:if|unless|whether|until)\b[^.;·]{0,40}$|"
    r"\b(?:which|that cites?|cit(?:es|ed|ing)|of an?|by an?|on an?|from an?|other|another|previous|earlier|prior|"
    r"unrelated|excluding|excludes?|"
    r"two|three|several|some|many|any|preprint|companion) (?:\w+ ){0,3}$",
    re.IGNORECASE,
)
# What is said to be retracted, where the sentence has a subject: the paper itself, by one of its names.
_VERB = re.compile(r"(?:\b(?:was|is|has|have|been|since|now|later|subsequently|formally|officially|fully)\s*)+$")
_ADVERB_ONLY = re.compile(r"(?:since|now|later|subsequently|formally|officially|fully|\s)*")
_CLAUSE_HEAD = re.compile(r"[;([]|[.?!]\s+(?=[A-Z])|:\s|\s[—–]\s")
_CLOSED_BRACKET = re.compile(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]")
_PAPER = r"(?:paper|study|article|work|publication|report|manuscript|trial|letter)"
_THE_PAPER = re.compile(
    rf"(?:(?:it|this|which it)|(?:this|the|this same|the cited|the present|the whole)?\s*{_PAPER}(?: itself)?)",
    re.IGNORECASE,
)
_DATED_PAPER = re.compile(rf"(?:this|the) ((?:19|20)\d\d )?(.{{0,60}}?)\s*{_PAPER}?", re.IGNORECASE)
_NAMED = re.compile(
    r"([A-Z][\w'’-]+(?: [A-Z]{1,3})?)(?: et al\.?| (?:and|&) [A-Z][\w'’-]+)?,?(?: \(?((?:19|20)\d\d)\)?)?"
)
# A note's own reference ends with a number, a bracket or its identifier: "Nature 2011;5:1, since retracted".
_REFERENCE_END = re.compile(r"[\d)\]]$")
_OTHER_WORK = re.compile(
    r"\b(?:critiques?|criticism|comment(?:ary)?|rebuttal|reply|response|references?|refs?\.?|citations?|sources?|companion|"
    r"earlier|previous|prior|preceding|original|another|other|one of|two of|some of|many of|whose|his|her|their|its|"
    r"thesis|preprint)\b|[’']s?\s",
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
            written = text[date.start() - 4 : date.end()] if date else ""
            return {"kind": kind} | ({"date": written} if _is_day(written) else {})
    return None


def is_marked_retracted(note: Note, parts: Sequence[str]) -> bool:
    """Tell whether a note states that the cited work is retracted, not merely that the word occurs.

    Args:
        note: the note with its authors, journal, year and primary work.
        parts: its parts, without markup.
    """
    for part in parts:
        for found in _RETRACTED.finditer(part) if "etract" in part or "ETRACT" in part else ():
            word = found.start() + max(found.group().lower().find("retract"), 0)
            first = max(0, word - _BEFORE)
            if (
                not _NOT_ITSELF.search(part, first, word)
                and not _CITES.search(part, first, word)
                and _is_of_the_work(note, part[first:word])
            ):
                return True
    return False


def _is_of_the_work(note: Note, before: str) -> bool:
    """Tell whether what stands before the word "retracted" leaves the cited work as that of which it is said."""
    verb = _VERB.search(before)
    head = before[: verb.start()] if verb else before
    in_bracket = head.rstrip(" *_").endswith(("(", "["))
    if in_bracket:
        head = head.rstrip(" *_([")
    # Closed brackets first: what they hold divides nothing.
    head = _CLOSED_BRACKET.sub("", head)
    subject = head
    for divider in _CLAUSE_HEAD.finditer(head):
        subject = head[divider.end() :]
    subject = subject.strip(' ,*_⚠\ufe0f❗!"“')
    if not subject:
        return True
    if verb is None or in_bracket or _ADVERB_ONLY.fullmatch(verb.group()):
        if _OTHER_WORK.search(subject):
            return False
        return verb is None or in_bracket or _REFERENCE_END.search(subject) is not None or _names_work(note, subject)
    return _names_work(note, subject)


def _names_work(note: Note, subject: str) -> bool:
    """Tell whether the subject of a sentence is the cited work: "this paper", its identifier, authors or journal."""
    subject = subject.rpartition(", ")[2] if subject.lower().startswith(("however", "but ", "note")) else subject
    # "et al. 2011 was retracted" is divided at its stop.
    if _THE_PAPER.fullmatch(subject) or subject == str(note.year):
        return True
    if note.primary is not None and subject.lower().endswith(note.primary.value):
        return True
    if dated := _DATED_PAPER.fullmatch(subject):
        year, name = dated.groups()
        if (year is None or int(year) == note.year) and name.strip(" *_") in ("", note.journal):
            return True
    named = _NAMED.fullmatch(subject)
    return (
        named is not None
        and bool(note.authors)
        and note.authors[0].startswith(named.group(1))
        and named.group(2) in (None, str(note.year))
    )


def _is_day(written: str) -> bool:
    """Tell whether a calendar has the day: "2025-02-30" is none.

    >>> _is_day("2024-02-29"), _is_day("2023-02-29")
    (True, False)
    """
    try:
        dt.date.fromisoformat(written)
    except ValueError:
        return False
    return True


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
