"""How many were studied, and the p-value, as a note states them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from evidence.extract.notes.parts import without_tags

# Patterns that begin with the letter, not with the look behind it, are found much faster.
_N = re.compile(r"[nN](?<![\w.][nN])\s*([=<>≥≤≈~])\s*")
_SAMPLE_SIZE = re.compile(r"[sS]ample[ -]size\s*([=<>≥≤≈~])\s*")
_SIZE = len("sample siz")
_SIGNS = "=><≥≤≈~&"
# "n", "sample size", "p", "P values", "p for trend": how what a sign stands behind ends, and how long it is.
_ENDS = frozenset("nNpPesd")
_WORDS = 14
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_COUNT = re.compile(r"[~≈]?\s*(\d{1,3}(?:[,\u00a0\u2009\u202f' ]\d{3})+|\d+)(?![\d.]*\d)")
# "2×10^6", "10⁵", "10<sup>5</sup>", "1e6"
_POWER = re.compile(
    r"[~≈]?\s*(?:(?:(\d+(?:\.\d+)?)\s?[×x·*]\s?)?10(?:\^\{?\+?(\d+)[}^]?|<sup>\+?(\d+)</sup>|([⁰¹²³⁴-⁹]+))|"
    r"(\d+(?:\.\d+)?)[eE]\+?(\d+)\b)"
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# No more than these were ever counted.
_MOST_ZEROS = 12
# A number before one of these is a factor or a base: what it makes is told by `_POWER`, or not at all.
_NOT_WHOLE = re.compile(r"(?:\^(?!\[)|<sup>|[⁰¹²³⁴-⁹⁻]|[eE][+−-]?\d|[eE][+−-])")
_PER = re.compile(r"\s*(?:[\w-]+\s+){0,2}?[\w-]*\s*(?:/|\bper\b|\beach\b)")
_NO_DIGIT = re.compile(r"\D")
_OF_GROUP = (
    r"(?:[\w-]+\s+){0,4}?[\w-]*\s*(?:/|\b(?:per|in each|for each|each)\s)\s?(?:\w+ )?(?:groups?|arms?|sex(?:es)?|"
    r"genotypes?|cohorts?|"
    r"conditions?|treatments?|doses?|diets?|lines?|strains?|cages?|time ?points?|experiments?|sites?|litters?|"
    r"cells?)\b"
)
# What makes a number no total: a range, a share, a number for each group, a number of studies or of replicates.
_NOT_TOTAL = re.compile(
    r"\s*(?:,\d|[-–—−/]|to\b|or\b|±|×|%|x\s?\d|[kKM]\b|million|thousand|per\b|each\b|in each\b|"
    rf"{_OF_GROUP}|(?:[\w-]+\s){{0,3}}each\b|"
    r"(?:(?!(?:across|in|from|of|total|with|and|at)\b)\w+ ){0,2}(?:replicates?|repeats|experiments|studies|trials|rcts|"
    r"papers|publications|datasets|cell lines|genes|"
    r"proteins|snps|variants|loci)\b)",
    re.IGNORECASE,
)
# A second number beside the first: cases and controls, one arm and the other.
_SECOND = re.compile(
    r"\+\s*~?\d|\w/~?\d|\b(?:vs|versus)\b\.?\s+(?:[a-z-]+\s+)?~?\d|"
    r"(?:\band|\bplus|[,;&])\s+~?\d[\d,]*\s+(?:[\w-]+\s+){0,2}"
    r"(?:controls?|placebo|sham|vehicle|healthy|unaffected|untreated|wild-?type|wt|ko|matched)\b|"
    r"(?:\band|\bplus|&)\s+~?\d[\d,]*\s+(?:[\w-]+\s+){0,2}(?:cases|treated)\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"\s+(?:[\w-]+ )?(?:total|in total|overall|combined)\b")
_P_NEXT = re.compile(r"[,;]?\s*[pP](?<![\w-][pP])\s*(?:-?\s?values?\s*)?[<=>≤≥]")
# What was counted ends where an identifier or a check begins.
_FIELDS = ("doi", "DOI", "PM", "10.", "http", "erified")
_NEXT_FIELD = re.compile(
    r"[\s,;.([]+(?:(?:doi|DOI)\b[\s:]|PMID\b|PMCID\b|PMC\d|10\.\d{4}|https?:)|\s?[,;.(\[]\s*(?:re-?)?[Vv]erified\b"
)
_MORE_COUNTS = re.compile(r"~?\d[\d,]*\s|\(|n\b|and\b")
_DIGIT = re.compile(r"\d")
# What is said of a count is shorter.
_LONGEST = 1000
_P = re.compile(
    r"[pP](?<![\w-][pP])\s*(?:-?\s?values?\s*|(?:[-_ ]|\s?for )trend\s*)?(?:<|>|=|≤|≥|&lt;|&gt;)\s*"
    r"(?:0?[.,]\d+(?:[eE][-−]?\d+)?"
    r"|(?:\d(?:[.,]\d+)?\s*[×x·*]\s*)?10\s*(?:<sup>\s*[-−–]\s*\d+</sup>|\^?\{?[-−–⁻]\s*[\d⁰¹²³⁴-⁹]+}?)"
    r"|\d+(?:\.\d+)?[eE][-−]?\d+"
    r"|[01](?:\.0+)?(?![\d.^]|,\d))",
)


# Journals set the letters of statistics in italics: "*p* = 0.02", "**n** = 12".
_EMPHASIS = re.compile(r"[nNpP](?<=[*_].)[*_]")
_EMPHASIZED = re.compile(r"(?<![\w*])(\*{1,2}|_)([nNpP])\1(?=\s?[=<>≤≥])")


class Numbers(NamedTuple):
    """What a note states in numbers: n where it is one total, n as written, the first p-value as written."""

    n: int | None
    n_text: str | None
    p: str | None


def read_numbers(text: str, parts: Sequence[str], labelled: str | None = None) -> Numbers:
    """Return n and p of a note.

    Several numbers, a range, a bound, or a number per group are no total: n is None, the text is kept.

    Args:
        text: the note.
        parts: its parts.
        labelled: what a part with the label "n:" or "sample size:" says.

    >>> read_numbers("n = 1,234 (P = 3 x 10^-8)", ["n = 1,234 (P = 3 x 10^-8)"])
    Numbers(n=1234, n_text='1,234', p='P = 3 x 10^-8')
    >>> read_numbers("n=12/group, p53 < 0.5", ["n=12/group, p53 < 0.5"])
    Numbers(n=None, n_text='12/group, p53 < 0.5', p=None)
    """
    if _EMPHASIS.search(text):
        text, parts = _EMPHASIZED.sub(r"\2", text), [_EMPHASIZED.sub(r"\2", part) for part in parts]
    # The signs are rare, the letters are everywhere: look from each sign back.
    signs: list[str] = []
    places: list[int] = []
    for sign in _SIGNS:
        at = text.find(sign)
        while at > 0:
            last = text[at - 1]
            if last == " " and at > 1:
                last = text[at - 2]
            if last in _ENDS:
                if last in "nN" or "ample" in text[max(0, at - _WORDS) : at]:
                    if not signs or signs[-1] != sign:
                        signs.append(sign)
                elif last not in "nN":
                    places.append(at)
            at = text.find(sign, at + 1)
    n, n_text = None, None
    for part in parts if signs else ():
        if (found := _find_n(part, signs)) is not None:
            n, n_text = _read_count(part, found.group(1), found.end())
            break
    if n_text is None and labelled is not None:
        n, n_text = _read_count(labelled, ":", 0)
    return Numbers(n, n_text, _read_p(text, places) if places else None)


def _read_p(text: str, places: list[int]) -> str | None:
    """Return the first p-value whose sign stands at one of the places."""
    for at in sorted(places):
        begin = max(text.rfind("p", max(0, at - _WORDS), at), text.rfind("P", max(0, at - _WORDS), at))
        if begin >= 0 and (found := _P.match(text, begin)):
            return " ".join(found.group().split())
    return None


def _find_n(part: str, signs: list[str]) -> re.Match[str] | None:
    """Return the first statement of n: the signs are rare, so that looking back from each costs little."""
    first: re.Match[str] | None = None
    for sign in signs:
        at = part.find(sign)
        while at > 0:
            begin = at - 1
            while begin and part[begin] == " ":
                begin -= 1
            found = None
            if part[begin] in "nN":
                found = _N.match(part, begin)
            elif part[begin] == "e" and begin >= _SIZE:
                found = _SAMPLE_SIZE.match(part, begin - _SIZE)
            if found:
                if first is None or found.start() < first.start():
                    first = found
                break
            at = part.find(sign, at + 1)
    return first


def _read_count(part: str, sign: str, begin: int) -> tuple[int | None, str | None]:
    """Return what stands behind a sign: the number where it is a total, and the text."""
    rest = part[begin : begin + _LONGEST]
    text = _until_unmatched(rest)
    text = _until_next_field(text)
    if not text:
        return None, None
    if sign in "<>≥≤":
        return None, f"{sign}{text}"
    outside = _IN_BRACKETS.sub("", text) if "(" in text else text
    if power := _POWER.match(outside):
        follows = _NOT_TOTAL.match(outside, power.end()) or _PER.match(outside, power.end())
        return (None if follows else _value_of(power)), text
    return (_total(outside) if "=" not in rest or not _N.search(_IN_BRACKETS.sub("", rest)) else None), text


def _total(text: str) -> int | None:
    """Return the number that begins a text, or None where it is no total or not the only one."""
    count = _COUNT.match(text)
    if count is None or _NOT_WHOLE.match(text, count.end()) or _NOT_TOTAL.match(text, count.end()):
        return None
    if _DIGIT.search(text, count.end()) and not _TOTAL.match(text, count.end()) and _SECOND.search(text, count.end()):
        return None
    return int(_NO_DIGIT.sub("", count.group(1)))


def _value_of(power: re.Match[str]) -> int | None:
    """Return a power of ten as a number, or None where it is not a whole one that anybody could have counted."""
    factor, caret, tag, raised, mantissa, exponent = power.groups()
    zeros = int((caret or tag or exponent or raised.translate(_SUPERSCRIPTS))[:4])
    if zeros > _MOST_ZEROS:
        return None
    whole, _, fraction = (factor or mantissa or "1").partition(".")
    fraction = fraction.rstrip("0")
    return int(whole + fraction) * 10 ** (zeros - len(fraction)) if len(fraction) <= zeros else None


def _until_next_field(text: str) -> str:
    """Return what is said of a count: up to a tag, a p-value, a dash, or a semicolon with no other count behind it."""
    text = without_tags(text).partition(" — ")[0]
    at = text.find("; ")
    while at >= 0 and (text.count("(", 0, at) > text.count(")", 0, at) or _MORE_COUNTS.match(text, at + 2)):
        at = text.find("; ", at + 2)
    if at >= 0:
        text = text[:at]
    if any(map(text.__contains__, _FIELDS)) and (field := _NEXT_FIELD.search(text)):
        text = text[: field.start()]
    if ("=" in text or "<" in text) and (value := _P_NEXT.search(text)):
        text = text[: value.start()]
    return text.lstrip(" ,;.").rstrip(" ,;.([")


def _until_unmatched(text: str) -> str:
    """Return a text up to the bracket that closes one before it."""
    if (text.count(")") <= text.count("(") and text.find("(") < text.find(")")) or ")" not in text:
        return text
    depth = 0
    for index, char in enumerate(text):
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth < 0:
                return text[:index]
    return text
