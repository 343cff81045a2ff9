"""Labels and the works behind them ("Contradicted by: Lee 2019 [^b]"): lines that state nothing themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from evidence.extract.clauses import may_name_people, names_a_paper
from evidence.extract.columns import words_of_heading
from evidence.extract.forms.layout import Link
from evidence.extract.headings import is_against, is_for
from evidence.extract.notes.designs import read_part
from evidence.extract.places import find_places
from evidence.records import Citation
from evidence.statements import is_bibliographic
from evidence.statements.sources import names_sources
from evidence.vocabulary import Polarity

_NAME = r"[A-Za-z][^\[\]:\n]{1,60}?"
_LABEL = re.compile(rf"[\s*_]*({_NAME})[\s*_]*:[\s*_]*")
# "Contradicted by" needs no colon before the work, nor does any label above a list.
_BY = re.compile(r"[\s*_]*([A-Za-z][a-z ]{1,40}? by)\b[\s*_]*")
_ALONE = re.compile(rf"[\s*_]*({_NAME})[\s*_:]*")
LONGEST_LABEL = 80
_SOURCES = re.compile(
    r"(?:(?:primary|key|main|supporting) )?(?:source|reference|ref|citation|study|studies|evidence)s?(?: for)?"
)
# What may stand between marks and links, with the brackets around them, and a tag behind them.
_BETWEEN = re.compile(r"(?:[\s,;.&*_()\[\]]|\band\b|`?#gap/[\w/-]+`?)*")
_TAG = re.compile(r"`?#gap/[\w/-]+`?")
# What divides the works of one label from the next label.
_DIVIDES = re.compile(r"[\s,;.&*_()\[\]|/–—-]*(?:\b(?:and|but)\s)?")
_LONGEST_NAMES = 400
# The page of a study by its name: "[[studies/ali-2019]]", "[[ali-2019-klotho|the larger trial]]".
_STUDY_PAGE = re.compile(r"\[\[[^\[\]]*(?<!\d)(?:19|20)\d\d(?!\d)[^\[\]]*\]\]")

# What is told of a work beside its name: "(RCT, n=40)", "(*Bone*, 2007)", "– 40 men", "(unpublished)".
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,120})[)\]]")
_YEAR = r"(?:19|20)\d\d[a-z]?"
_FIELD = re.compile(
    rf"(?:in )?{_YEAR}|[nN] ?[=≈~] ?\d[\d,.]*k?|"
    r"\d[\d,]* (?:participants|patients|people|men|women|subjects|adults|volunteers|children|mice|rats|animals)|"
    r"(?:un|not yet )?published|in press|preprint|(?:conference )?abstract|pre-?registered|open[- ]label|"
    r"(?:double|single)-blind"
)
# In brackets behind a name only: ": men" may be what a work contradicts.
_KIND = re.compile(
    r"(?:much )?(?:larger|smaller|later|earlier|older|newer)|large|small|independent|"
    r"(?:in )?(?:humans?|mouse|mice|rats?|men|women)"
)
# The name of a journal, in emphasis or beside the year.
_JOURNAL = r"[A-Z][\w.&-]*(?: (?:of|the|and|for|in|&|[A-Z][\w.&-]*)){0,7}"
# "Bone" alone may be what was measured.
_IN_JOURNAL = re.compile(rf"[*_]{_JOURNAL}[*_](?:,? {_YEAR})?|{_JOURNAL},? {_YEAR}|{_YEAR},? {_JOURNAL}")
_FIELDS = re.compile(r"\s*(?:[,;:+&·–—]|\s-\s|\band\b)\s*")
# What divides a name from the one before it, or from what is told of the work.
_PARTS = re.compile(r"\s*(?:[,;&·–—]|\s--?\s|\b(?:and|plus|also)\b)\s*")
_AROUND = " \t\n>*_[](),.;:"


class Label(NamedTuple):
    """What a label says of the works that it heads; a general one ("Sources:") may head those of a whole section."""

    polarity: Polarity
    is_general: bool = False


GENERAL = Label(Polarity.SUPPORTS, is_general=True)


class Works(NamedTuple):
    """Works below one label; without a label they are those of the list that they stand in."""

    label: Label | None
    citations: tuple[Citation, ...]


def label_of(words: str) -> Label | None:
    """Return what the words of a label say of the works behind it, or None where they are none.

    >>> label_of("**Contradicted by**"), label_of("Sources").is_general, label_of("In mice")
    (Label(polarity=<Polarity.OPPOSES: 'opposes'>, is_general=False), True, None)
    """
    said = " ".join(words_of_heading(words))
    if is_against(said):
        return Label(Polarity.OPPOSES)
    if is_for(said):
        return Label(Polarity.SUPPORTS)
    return GENERAL if _SOURCES.fullmatch(said) else None


def label_alone(text: str, start: int, end: int) -> Label | None:
    """Return the label that a text is, with or without its colon, or None where it is none or more.

    >>> label_alone("**Sources**", 0, 11).is_general, label_alone("Sources: none", 0, 13)
    (True, None)
    """
    alone = _ALONE.fullmatch(text, start, end) if end - start < LONGEST_LABEL else None
    return label_of(alone[1]) if alone is not None else None


def label_at(text: str, start: int, end: int) -> tuple[Label | None, int]:
    """Return the label that a stretch begins with, perhaps behind other works, and where it ends.

    >>> label_at("; contradicted by: ", 0, 19)
    (Label(polarity=<Polarity.OPPOSES: 'opposes'>, is_general=False), 19)
    """
    # Most stretches hold no end of a label.
    if end - start < len("for:") or (text.find(":", start, end) < 0 and text.find(" by", start, end) < 0):
        return None, start
    divides = _DIVIDES.match(text, start, end)
    begin = divides.end() if divides else start
    for form in (_LABEL, _BY):
        found = form.match(text, begin, end)
        if found is not None and (label := label_of(found[1])) is not None:
            return label, found.end()
    return None, start


def read_works(
    text: str, start: int, end: int, citations: Sequence[Citation], links: Sequence[Link] = ()
) -> list[Works] | None:
    """Return the works of a text that is nothing but labels, marks, links and names of papers, or None for all others.

    Args:
        text: the page.
        start: where the words begin.
        end: where they end.
        citations: those of the text, in order.
        links: of a page with tags, in order.

    >>> mark = Citation("b", 0, None, 33, 37)
    >>> [works.label.polarity.value for works in read_works("Contradicted by: Ali et al. 2019 [^b]", 0, 37, [mark])]
    ['opposes']
    >>> read_works("In mice: [^b]", 0, 13, [Citation("b", 0, None, 9, 13)])
    """
    # A notice of a retraction, or what the words of a link point at ("see also"), is about something else.
    if any(one.polarity is Polarity.MENTIONS for one in citations):
        return None
    read: list[tuple[Label | None, list[Citation]]] = []
    at = start
    for one, place in zip(citations, find_places(text, start, citations, links), strict=True):
        # Of several keys in one pair of brackets each has the brackets.
        begin = max(at, place.start)
        label, behind = label_at(text, at, begin)
        if not _only_names(text, behind, begin):
            return _read_reference(text, start, end, citations)
        if label is not None or not read:
            read.append((label, []))
        read[-1][1].append(one)
        at = max(at, place.end)
    # In a page with tags a mark may end with its link, behind what is seen of the text.
    if at < end and not _only_names(text, at, end):
        return _read_reference(text, start, end, citations)
    return [Works(label, tuple(own)) for label, own in read]


def _read_reference(text: str, start: int, end: int, citations: Sequence[Citation]) -> list[Works] | None:
    """Return the work of an entry of a list of references, perhaps behind a label: "Ali J, Lee K. Klotho. doi:..."."""
    label, behind = label_at(text, start, citations[0].start)
    if end - behind > _LONGEST_NAMES or not is_bibliographic(text[behind:end]):
        return None
    return [Works(label, tuple(citations))]


def _only_names(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch between works only joins them and names their papers, or tells what these are."""
    if start >= end or _BETWEEN.fullmatch(text, start, end):
        return True
    if end - start > _LONGEST_NAMES:
        return False
    words = _STUDY_PAGE.sub(" ", _TAG.sub(" ", text[start:end]))
    return names_a_paper(words) or _names_works(words)


def _names_works(words: str) -> bool:
    """Tell whether words name works and tell of each its design, size, year or journal, and nothing else.

    >>> [_names_works(words) for words in ("Ali (RCT, n=40)", "Ali 2011, a larger trial", "Ali (no loss)")]
    [True, True, False]
    """
    bare = _BRACKETS.sub(lambda one: " " if _are_fields(one[1]) else one[0], words)
    # The name of an author alone may be that of a drug; with a design or year beside it, it is that of a paper.
    is_told = bare != words
    rest = bare.strip(_AROUND)
    while rest and not (names_a_paper(rest) or names_sources(rest)):
        cut = max(((one.start(), one.end()) for one in _PARTS.finditer(rest)), default=(0, 0))
        last = rest[cut[1] :].strip(_AROUND)
        if last and not (_is_field(last) or names_sources(last) or names_a_paper(last)):
            return is_told and may_name_people(rest)
        rest = rest[: cut[0]].rstrip(_AROUND)
    return True


def _are_fields(words: str) -> bool:
    """Tell whether what stands in brackets tells nothing but what a work is."""
    if _IN_JOURNAL.fullmatch(words):
        return True
    parts = [part.strip(_AROUND) for part in _FIELDS.split(_IN_JOURNAL.sub(" ", words))]
    return all(not part or _is_field(part) or _KIND.fullmatch(part) or names_sources(part) for part in parts)


def _is_field(words: str) -> bool:
    """Tell whether words tell what a work is: its design, year or size."""
    return _FIELD.fullmatch(words) is not None or read_part(words.lower(), []) == len(words)
