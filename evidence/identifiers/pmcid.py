"""PMCIDs in a text: with their own letters, or a number after a label."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidence.identifiers.markup import cuts_number
from evidence.records import Identifier
from evidence.vocabulary import Role, Scheme

_GAP = r"(?:[ \t:=#*_`\"'(\[{|\u00a0\u202f\uff1a]|%3[Aa]|%20|&nbsp;|&\#160;|\\[_*#`\[\"]|<[^<>\n]{0,300}>)"
_PMC = re.compile(
    rf"(?P<name>P(?:MC|mc|ub[Mm]ed[ \-]?Central)|pmc)(?:(?P<id>[ _\-]?(?:ID|id|Id)s?(?![a-z]))?(?P<gap>{_GAP}{{0,12}}))"
    r"(?P<letters>(?:PMC|pmc|Pmc)[ ]?)?(?P<number>[1-9][0-9]{0,7})(?![0-9])(?P<version>\.[0-9]{1,2}(?![0-9A-Za-z]))?"
)
# What may stand between two numbers of a list behind "PMCIDs".
_NEXT = re.compile(
    r"[`*_\"')\]]{0,3}\s?(?:[,;]\s?(?:and|or|&)\s|[,;/&]|and\s|or\s)\s?[`*_\"'(\[]{0,3}([1-9][0-9]{4,7})(?![\w\-\u2013])"
)
_GLUED = re.compile(r"[Dd][Oo][Ii]|PMID|pmid|Epub|https?:|[A-Z][a-z]{2}|PMC")
_ENTRY_MARK = re.compile(r"\[\^[^\]\s\[]*$")
_COUNTED = re.compile(r"\s(?:of|articles?|records?|papers?|hits?|results?|publications?|full|manuscripts?)\b")
# "PMID/PMCID: 21883866": the first number is the PMID.
_PAIR_BEFORE = re.compile(r"(?:PMIDs?|pmids?|PubMed(?:[ ]ID)?)[ ]?[/,&|][ ]?$")
_LEAST_DIGITS = 5


def find_pmcids(text: str, labels: Sequence[int]) -> list[Identifier]:
    """Return the PMCIDs in `text`, in order; `labels` is where "PMC" stands in it."""
    found: list[Identifier] = []
    position = 0
    for place in labels:
        if place < position or not (match := _PMC.match(text, place)) or not _is_pmcid(text, match):
            continue
        position = match.end()
        number = match.group("number")
        letters_at = match.start("letters") if match.group("letters") else match.start("name")
        start = (
            letters_at
            if match.group("letters") or not (match.group("id") or match.group("gap"))
            else match.start("number")
        )
        end = match.end("number")
        version = match.group("version")
        how = ("version-stripped",) if version and len(version) == 2 else ()  # noqa: PLR2004
        found.append(Identifier(Scheme.PMCID, f"PMC{number}", start, end, text[start:end], Role.CITED, how))
        if (match.group("id") or "").endswith("s") and not match.group("letters"):
            position = _read_list(text, end, found)
    return found


def _read_list(text: str, end: int, found: list[Identifier]) -> int:
    """Read the numbers without letters that follow the first one, and return where they end."""
    while step := _NEXT.match(text, end):
        start, end = step.span(1)
        number = step.group(1)
        found.append(Identifier(Scheme.PMCID, f"PMC{number}", start, end, number, Role.CITED, ("list",)))
    return end


def _is_pmcid(text: str, match: re.Match[str]) -> bool:  # noqa: PLR0911 -- one return for each reason
    start, end = match.start(), match.end("number")
    before = text[start - 1 : start]
    if before.isalpha() and before.isascii() and (before.isupper() or match.group("name") == "pmc"):
        return False
    if _ENTRY_MARK.search(text, max(0, start - 60), start):
        return False
    if not match.group("letters") and match.group("gap") and _PAIR_BEFORE.search(text, max(0, start - 16), start):
        return False
    after = text[end : end + 1]
    if after.isalpha() and after.isascii() and not _GLUED.match(text, end):
        return False
    if cuts_number(text, end):
        return False
    if after in {"-", "\u2013", "/", ":"} and text[end + 1 : end + 2].isdigit():
        return False
    if after == "." and text[end + 1 : end + 2].isdigit() and not match.group("version"):
        return False
    if after == "%" and not text[end + 1 : end + 2].isalnum():
        return False
    return _names_a_number(text, match)


def _names_a_number(text: str, match: re.Match[str]) -> bool:
    """Tell whether the letters stand for the identifier: "PMC" is also a word, and the name of a cell line."""
    gap, digits = match.group("gap"), len(match.group("number"))
    if match.group("id"):
        return gap.count("|") < 2 and not _COUNTED.match(text, match.end())  # noqa: PLR2004
    if match.group("letters"):
        return bool(gap) or digits >= _LEAST_DIGITS
    if not gap:
        return digits >= _LEAST_DIGITS
    if _COUNTED.match(text, match.end()) or "|" in gap or "(" in gap:
        return False
    if any(sign in gap for sign in ":=#\uff1a"):
        return digits >= _LEAST_DIGITS
    return digits > _LEAST_DIGITS
