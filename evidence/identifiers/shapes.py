"""The forms that some publishers' DOIs always have.

They tell where a DOI ends when the next word is glued to it, and whether a line break stands inside one.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Shape(NamedTuple):
    """The full form of a publisher's DOI suffix, and the form of one that is cut off before its end."""

    prefix: str
    full: re.Pattern[str]
    cut: re.Pattern[str]


def _shape(prefix: str, full: str, cut: str) -> Shape:
    return Shape(prefix, re.compile(full, re.IGNORECASE), re.compile(cut, re.IGNORECASE))


_SPRINGER = (r"s\d{5}-0\d\d-\d{4,5}-[\dwxyz](?-i:(?![\da-z_-]))", r"s\d{0,5}(?:-(?:\d{0,3}(?:-\d{0,5}-?)?)?)?")
_PII = (
    r"s?\d{4}-\d{3}[\dx]\(\d\d\)\d{5}-[\dx](?-i:(?![\da-z_-]))",
    r"s?\d{4}-(?:\d{0,4}(?:\((?:\d{0,2}(?:\)(?:\d{0,5}-?)?)?)?)?)?",
)

# Read from the publishers' own pages: Elsevier's PII and its journal codes with year, month and number; Springer Nature's
# manuscript numbers; PLOS's seven digits. A shape may be in use beside others: it is never used to refuse a DOI.
SHAPES = (
    _shape("10.1016", *_PII),
    _shape(
        "10.1016",
        r"j\.[a-z]+\.\d{4}\.\d\d\.\d{3}(?!\d)",
        r"j\.(?:[a-z]+(?:\.(?:\d{0,4}(?:\.(?:\d{0,2}\.?\d{0,2})?)?)?)?)?",
    ),
    _shape("10.1038", *_SPRINGER),
    _shape("10.1007", *_SPRINGER),
    _shape("10.1186", *_SPRINGER),
    _shape("10.1371", r"journal\.p[a-z]{3}\.\d{7}(?!\d)", r"j(?:ournal)?(?:\.(?:p[a-z]{0,3}(?:\.\d{0,6})?)?)?"),
)


def complete_length(prefix: str, suffix: str) -> int:
    """Return how many characters of `suffix` are a DOI of a known form, or 0.

    >>> complete_length("10.1016", "j.cell.2011.02.013Mouse")
    18
    """
    for shape in SHAPES:
        if shape.prefix == prefix and (found := shape.full.match(suffix)):
            return found.end()
    return 0


def is_cut_off(prefix: str, suffix: str) -> bool:
    """Tell whether `suffix` begins like a DOI of a known form and stops before its end.

    >>> is_cut_off("10.1038", "s41586-020-")
    True
    """
    if complete_length(prefix, suffix):
        return False
    return any(shape.prefix == prefix and shape.cut.fullmatch(suffix) for shape in SHAPES)
