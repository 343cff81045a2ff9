"""Designs in a list of fields that no divider sets apart: "Lee 2011 (RCT, n=40)", "PMID 12345678. in-vivo, mice".

Asked only where nothing else states one. Such a list stands behind a reference, or a part of one: what a bracket behind
other words says is of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evidence.extract.notes.designs import read_part
from evidence.vocabulary import Design

_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,160})[)\]](?!\()")
# A year, a page, an identifier, names, a title in quotes or italics.
_REFERENCE = re.compile(r"(?:\d[a-z]?|\bal\.?|[\"”»*_]|10\.\d{4,9}/\S+)[,.;:]?\s*$")
_BEFORE = 60
# Behind a stop a part begins with a capital, or else with nothing but a design.
_TAIL = re.compile(r"(?:(?<!\bal)[.;]|\s[—–-])\s+(?=([A-Za-z][^.;]{1,160}))")
_DIVIDER = re.compile(r"[,;]\s+")
_BEHIND = re.compile(r"\s*(?:$|\.$|(?:of|in|with|from|across|among|study|trial|design)\b|n ?=)")
_TAIL_END = re.compile(r"\s*(?:$|\.$|(?:study|trial|n ?=))")


def read_bracketed_designs(parts: Sequence[str]) -> tuple[list[Design], str]:
    """Return the designs of the first list of fields that begins with one, and that list.

    Args:
        parts: those of a note of which none begins or ends with a design; of prose the whole, which brackets may cross.

    >>> read_bracketed_designs(["Lee 2011 (RCT, n=40). doi:10.1/x"])
    ([<Design.RCT: 'rct'>], 'RCT, n=40')
    >>> read_bracketed_designs(["Lee 2011 (not an RCT)", "lowers stress (in vitro) and lengthens life"])
    ([], '')
    """
    for part in parts:
        for words, behind in _lists(part):
            if found := _of_list(words, behind):
                return found, words
    return [], ""


def _lists(part: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield what may be a list of fields, with what may follow its design."""
    for bracket in _BRACKET.finditer(part) if "(" in part or "[" in part else ():
        if _REFERENCE.search(part[max(0, bracket.start() - _BEFORE) : bracket.start()]):
            yield bracket.group(1), _BEHIND
    for tail in _TAIL.finditer(part):
        yield tail.group(1), _TAIL_END


def _of_list(words: str, behind: re.Pattern[str]) -> list[Design]:
    """Return the designs of a list of fields whose first is a design."""
    found: list[Design] = []
    for number, field in enumerate(_DIVIDER.split(words)):
        here: list[Design] = []
        end = read_part(field.lower(), here)
        if end >= 0 and behind.match(field, end):
            found += [one for one in here if one not in found]
        elif not number:
            return []
    return found
