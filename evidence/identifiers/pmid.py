"""PMIDs in a text: by their label, in lists after it, and as search terms `123[uid]`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from evidence.identifiers.addresses import Addressed, Span
from evidence.identifiers.markup import cuts_number
from evidence.records import Identifier
from evidence.vocabulary import Role, Scheme

# What may stand between a label and its number: colons, markup, a tag, an attribute, a line break; one at a time.
_GAP = (
    r"[ \t:=#*_`\"'(\[{|\u00a0\u202f\uff1a\ufeff\u200b~\-]|\r?\n(?!\r?\n)(?:[ \t]*>)?"
    r"|%3[Aa]|%20|&nbsp;|&\#160;|&\#58;|&colon;|&ensp;|&thinsp;|\\[_*#:`\[\"]"
    r"|<[^<>\n]{0,300}>|(?<=[A-Za-z\"])>|[ ](?:content|value)=\"|[ ]Version=\"\d\">"
)
_NUMBER = r"(?P<number>[1-9][0-9]{0,7})(?![0-9])"
_LABEL = re.compile(
    r"(?P<name>P(?:MID|mid|ub[Mm]ed|UBMED)|p(?:mid|ubmed))"
    r"(?P<more>[sS](?![a-z])|\([sS]\)|[ _\-]?(?:[iI][dD]s?|IDS|[Nn]umbers?|[Nn]os?\.?)(?![a-z]))?"
    r"(?P<pair>[ ]?[/,&|][ ]?PMC(?:ID)?s?(?![A-Za-z]))?"
    rf"(?P<gap>/(?=[0-9]{{4}})|(?:{_GAP}){{0,14}}){_NUMBER}",
)
# What may stand between two numbers of a list: the end of a link or of markup, a remark in brackets, then a separator.
_CLOSING = r"[`*_\"')}]|\]\([^()\s]{0,300}\)|\]|[ ]?\([^()\n]{0,80}\)|[ ]?\[[^\[\]\n]{0,60}\]|<[^<>\n]{0,300}>|%20|\+"
_SEPARATOR = r"[,;]\s?(?:and|or|&)\s|,|;|/|&amp;|&|\band\b|\bor\b|\u00b7|\r?\n[ \t]*-[ ]"
_OPENING = r"[ \t`*_\"'(\[{\#]|<[^<>\n]{0,300}>|\r?\n(?!\r?\n)"
_BETWEEN = re.compile(rf"(?:{_CLOSING}){{0,5}}\s?(?:{_SEPARATOR})(?:{_OPENING}){{0,6}}{_NUMBER}")
# A label and number that leave nothing to decide: after white space, and before words that neither go on with a list
# ("and", "or"), nor with a range ("to", "through"), nor with a correction ("is", "was", "replaced", ...).
_PLAIN = re.compile(
    r"(?:(?<=\s)|(?<=\s\())(?:PMID|pmid):?[ ]?([1-9][0-9]{5,7}+)"
    r"(?=\.(?!\d)|\)?(?:[ ]|[,;][ ])[A-Zbdeghj-nqsv-z]|[ ]\u00b7[ ][\[*(\"`_]{0,3}[A-Za-z]"
    r"|\n[A-Zbdeghj-nqsv-z]|\)?\Z|\)\.)"
)
# A number that was put in the place of the one before; the wrong one is no citation.
_ARROW = r"\s?(?:\u2192|\u21d2|\u27f6|-{1,2}>|=>|&rarr;)\s?"
_CHANGED = r"(?:corrected|changed|updated|fixed|replaced)"
_REPLACED = re.compile(
    rf"[`*_)\]]{{0,3}}(?:{_ARROW}|\s(?:(?:is|was|has\sbeen)\s)?{_CHANGED}\s(?:to|by|with):?\s)[`*_(\[]{{0,3}}(?:PMID:?\s?)?{_NUMBER}"
)
_CORRECTED = re.compile(
    rf"(?:PMID|pmid|PubMed\sID)\s(?:(?:is|was|has\sbeen)\s)?{_CHANGED}:?\s"
    rf"(?:(?:from\s)?[1-9][0-9]{{0,7}}(?:{_ARROW}|\sto\s)|(?:to|by|with):?\s){_NUMBER}"
)
# A range names its ends only: what lies between is not read, so nothing is.
_RANGE = re.compile(r"\s?(?:[-\u2013]|to|through|until)\s?(?P<last>[1-9][0-9]{0,7})(?![0-9])")
_UID = re.compile(r"u(?=id(?:%|\]))")
_UID_REST = re.compile(r"id(?:%(?:25)*5[Dd]|\])")
_UID_BEFORE = re.compile(r"(?<![0-9])([1-9][0-9]{0,7})(?:%(?:25)*5[Bb]|\[)$")
_OR = re.compile(r"(?:\+|%20|%2520|\s)+OR(?:\+|%20|%2520|\s)+")
_QUERY_BEFORE = re.compile(r"[?&;]\w{1,20}=\S*$")
_NOT_BEFORE = re.compile(r"(?:NOT|not)(?:\+|%20|%2520|\s)$")
_GLUED = re.compile(r"[Dd][Oo][Ii]|PMC|PMID|pmid|Epub|https?:|[A-Z][a-z]{2}|v\d\b(?!\.)")
# Words behind a number that say it counts something.
_COUNTED = re.compile(
    r"\s(?:of|out|articles?|records?|abstracts?|citations?|papers?|hits?|results?|publications?|studies|entries|references"
    r"|DOIs?|PMIDs?|rows?)\b",
)
_WORD = re.compile(r"\s[A-Za-z]")
_LIST_WORD = re.compile(r"\s(?:and|or|und|et|y)\b")
_ENTRY_MARK = re.compile(r"\[\^[^\]\s\[]*$")
_SHORT = 6


def find_pmids(text: str, labels: Sequence[int], addressed: Addressed) -> list[Identifier]:
    """Return the PMIDs in `text` that a label or a field tag names, those of labels first.

    Args:
        text: any text.
        labels: where its labels stand.
        addressed: what its addresses name. A field tag in an address of a known host is the host's to judge.
    """
    found: list[Identifier] = []
    position = 0
    for start in labels:
        if start < position:
            continue
        if plain := _PLAIN.match(text, start):
            number = plain.group(1)
            first, position = plain.span(1)
            found.append(tuple.__new__(Identifier, (Scheme.PMID, number, first, position, number, Role.CITED, ())))
            continue
        label = _LABEL.match(text, start)
        if label is None:
            if corrected := _CORRECTED.match(text, start):
                first, position = corrected.span("number")
                if _ends_well(text, first, position):
                    found.append(_pmid(text, first, position, ()))
            continue
        if not _is_label(text, label) or not _is_number(text, label):
            continue
        first, end = label.span("number")
        if _begins_range(text, label):
            continue
        while (replaced := _REPLACED.match(text, end)) and _ends_well(text, *replaced.span("number")):
            first, end = replaced.span("number")
        found.append(_pmid(text, first, end, ()))
        # "PMID/PMCID: 21883866/3836174": the second number is of the other kind.
        position = end if label.group("pair") else _read_list(text, end, label, found)
    found.extend(_find_uids(text, addressed))
    return found


def _pmid(text: str, start: int, end: int, how: tuple[str, ...]) -> Identifier:
    value = text[start:end]
    return Identifier(Scheme.PMID, value, start, end, value, Role.CITED, how)


def _begins_range(text: str, label: re.Match[str]) -> bool:
    first = label.group("number")
    found = _RANGE.match(text, label.end())
    return found is not None and len(found.group("last")) >= len(first) and int(found.group("last")) > int(first)


def _is_label(text: str, label: re.Match[str]) -> bool:
    """Tell whether the word is a label of its own, not the end of another word or a footnote's key."""
    start = label.start()
    name, gap = label.group("name"), label.group("gap")
    before = text[start - 1 : start]
    if before.isalpha() and before.isascii():
        if name[0] == "p" or before.isupper():
            return False
    elif before == "_" and name == "pubmed" and not label.group("more"):
        return False
    if _ENTRY_MARK.search(text, max(0, start - 60), start):
        return False
    if name.lower() == "pubmed" and not label.group("more"):
        return _is_pubmed_label(text, label)
    return gap.count("|") < 2 and gap.count("\n") < 2  # noqa: PLR2004


def _is_pubmed_label(text: str, label: re.Match[str]) -> bool:
    """Tell whether "PubMed" without "ID" names the number: the database itself is spoken of in the same words."""
    gap = label.group("gap")
    digits = len(label.group("number"))
    if _COUNTED.match(text, label.end()) or "\n" in gap or "|" in gap:
        return False
    if (gap == ":" or gap.startswith('"')) and not _WORD.match(text, label.end()):
        return True
    if ":" in gap or "=" in gap or "#" in gap or "\uff1a" in gap:
        return digits >= _SHORT or (digits > 4 and not _WORD.match(text, label.end()))  # noqa: PLR2004
    return digits > _SHORT and "-" not in gap


def _is_number(text: str, label: re.Match[str]) -> bool:
    start, end = label.span("number")
    number, gap = label.group("number"), label.group("gap")
    if not _ends_well(text, start, end):
        return False
    stated = any(sign in gap for sign in ":=#\uff1a") or "%3" in gap
    if len(number) == 4 and number[:2] in {"19", "20"} and not stated:  # noqa: PLR2004
        return False
    if len(number) < _SHORT:
        if _COUNTED.match(text, end):
            return False
        more = label.group("more") or ""
        if more.lower().endswith("s") and _WORD.match(text, end) and not _LIST_WORD.match(text, end):
            return False
    return True


def _ends_well(text: str, start: int, end: int) -> bool:  # noqa: PLR0911 -- one return for each reason
    """Tell whether a number ends where an identifier may: not within a decimal, a date, a range or a word."""
    size = end - start
    after = text[end : end + 1]
    if not after:
        return True
    following = text[end + 1 : end + 2]
    if after.isalpha():
        return not after.isascii() or bool(_GLUED.match(text, end))
    if after == "%":
        return following.isalnum()
    if after == "<":
        return not cuts_number(text, end)
    if after == ".":
        return not following.isdigit() or size >= _SHORT
    if after == ",":
        return not (size < 4 and re.match(r",\d{3}(?!\d)", text[end : end + 5]))  # noqa: PLR2004
    if after in "-\u2013\u2010\u2011":
        return not following.isdigit()
    if after in ":/":
        return not following.isdigit() or size >= _SHORT
    return True


def _read_list(text: str, end: int, label: re.Match[str], found: list[Identifier]) -> int:
    """Read the numbers that follow the first one, and return where they end."""
    plural = (label.group("more") or "").lower().endswith(("s", "s)")) or "[" in label.group("gap")
    while step := _BETWEEN.match(text, end):
        start, stop = step.span("number")
        size = stop - start
        if not _ends_well(text, start, stop):
            break
        number = step.group("number")
        if not (plural and size > _SHORT) and _WORD.match(text, stop) and not _LIST_WORD.match(text, stop):
            break
        if size <= _SHORT and not plural:
            break
        if size == 4 and number[:2] in {"19", "20"}:  # noqa: PLR2004
            break
        found.append(_pmid(text, start, stop, ("list",)))
        end = stop
    return end


def _find_uids(text: str, addressed: Addressed) -> list[Identifier]:
    """Return the numbers with the field tag `[uid]` outside addresses, as newer TFLink tables have them."""
    found: list[Identifier] = []
    last_end, last_counts = -1, False
    for tag in _UID.finditer(text):
        rest = _UID_REST.match(text, tag.end())
        number = _UID_BEFORE.search(text, max(0, tag.start() - 20), tag.start())
        if number is None or rest is None:
            continue
        start, end = number.span(1)
        goes_on = last_end >= 0 and bool(_OR.fullmatch(text, last_end, start))
        own = _span_at(start, addressed.spans)
        counts = last_counts if goes_on else own is None and not _QUERY_BEFORE.search(text, max(0, start - 200), start)
        if counts and own is None and not _NOT_BEFORE.search(text, max(0, start - 7), start):
            found.append(_pmid(text, start, end, ("list",) if goes_on else ()))
        last_end = rest.end()
        last_counts = counts or (own is not None and own.names_pmids)
    return found


def _span_at(start: int, spans: Sequence[Span]) -> Span | None:
    """Return the address around `start`, or None."""
    before = bisect_right(spans, start, key=_span_start) - 1
    return spans[before] if before >= 0 and start < spans[before].end else None


def _span_start(span: Span) -> int:
    return span.start
