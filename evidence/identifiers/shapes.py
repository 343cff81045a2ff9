"""The forms that some publishers' DOIs always have.

They tell where a DOI ends when the next word is glued to it, and whether a line break stands inside one.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Shape(NamedTuple):
    """The full form of a publisher's DOI suffix, and the form of one that is cut off before its end.

    `older` is a form that looks cut off, and is a DOI of its own.
    """

    prefix: str
    full: re.Pattern[str]
    cut: re.Pattern[str]
    older: re.Pattern[str]


def _shape(prefix: str, full: str, cut: str, older: str = r"(?!)") -> Shape:
    return Shape(prefix, *(re.compile(form, re.IGNORECASE) for form in (full, cut, older)))


_SPRINGER = (
    r"[sd]\d{5}-0\d\d-\d{4,5}-[\dwxyz](?![\d-])",
    r"[sd]\d{0,5}(?:-(?:\d{0,3}(?:-\d{0,5}-?)?)?)?",
    r"[sd]\d{5}-\d{3}-\d{4,5}",
)
_PII = (
    r"s?\d{4}-\d{3}[\dx]\(\d\d\)\d{5}-[\dx](?![\d-])",
    r"s?\d{4}-(?:\d{0,4}(?:\((?:\d{0,2}(?:\)(?:\d{0,5}-?)?)?)?)?)?",
)

_ELSEVIER = (
    (
        r"j\.[a-z]+\.\d{4}\.\d\d\.\d{3}(?!\d)",
        r"j\.(?:[a-z]+(?:\.(?:\d{0,4}(?:\.(?:\d\d?(?:\.\d{0,2})?)?)?)?)?)?",
    ),
    (r"j\.[a-z]+\.\d{4}\.1\d{5}(?!\d)", r"j\.[a-z]+\.\d{4}\.1\d{0,4}"),
)
_WILEY = (
    r"j\.\d{4}-\d{3}[\dx]\.\d{4}\.\d{5}\.x",
    r"j\.(?:\d{0,4}|\d{4}-\d{0,3}[\dx]?|\d{4}-\d{3}[\dx]\.(?:\d{0,4}|\d{4}\.(?:\d{0,5}|\d{5}\.)))",
)

# Elsevier's PII and its journal codes with year, month and number; Springer Nature's manuscript numbers; PLOS's seven
# digits, and so on; none of 40,000 registered DOIs goes on behind such a form. A publisher may have others beside it
# (10.1038/s41559-016-0065 has no check character), so a shape alone never refuses a DOI. PLOS registered what it
# published before its time (`.eor`) as works of their own.
SHAPES = (
    _shape("10.1016", *_PII),
    *(_shape(prefix, *form) for prefix in ("10.1016", "10.1053", "10.1067") for form in _ELSEVIER),
    _shape("10.1111", *_WILEY),
    _shape("10.1046", *_WILEY),
    _shape("10.1038", *_SPRINGER),
    _shape("10.1038", r"(?:nature|srep)\d{5}(?!\d)", r"(?:nature|srep)\d{0,4}", r"[a-z]+\d{2,4}"),
    _shape("10.1007", *_SPRINGER),
    _shape("10.1186", *_SPRINGER),
    _shape("10.1371", r"journal\.p[a-z]{3}\.\d{7}(?!\d|\.eor\b)", r"j(?:ournal)?(?:\.(?:p[a-z]{0,3}(?:\.\d{0,6})?)?)?"),
    _shape("10.1073", r"pnas\.\d{10}(?!\d)", r"pnas(?:\.\d{0,9})?", r"pnas\.\d{6,9}"),
    _shape(
        "10.1126",
        r"science\.(?:[a-z]{3}\d{4}|\d{7})(?!\d)",
        r"science(?:\.(?:[a-z]{0,3}\d{0,3}|\d{0,6}))?",
        r"science\.\d+",
    ),
    _shape("10.1056", r"nejm[a-z]{1,3}\d{6,7}(?!\d)", r"nejm[a-z]{0,3}\d{0,5}", r"nejm[a-z]*\d+"),
    _shape("10.7554", r"elife\.\d{5,6}(?!\d|\.\d|\.sa)", r"elife(?:\.\d{0,4})?"),
    _shape("10.2203", r"dose-response\.\d\d-\d{3}\.[a-z]+", r"dose-response\.\d\d-\d{0,3}\.?"),
    _shape("10.3389", r"f[a-z]+\.\d{4}\.\d{5,7}(?!\d)", r"f[a-z]+(?:\.(?:\d{0,4}(?:\.\d{0,4})?)?)?"),
)


_BY_PREFIX: dict[str, tuple[Shape, ...]] = {
    prefix: tuple(shape for shape in SHAPES if shape.prefix == prefix) for prefix in {one.prefix for one in SHAPES}
}
SHAPED = frozenset(_BY_PREFIX)


def complete_length(prefix: str, suffix: str) -> int:
    """Return how many characters of `suffix` are a DOI of a known form, or 0.

    >>> complete_length("10.1016", "j.cell.2011.02.013Mouse")
    18
    """
    for shape in _BY_PREFIX.get(prefix, ()):
        if found := shape.full.match(suffix):
            return found.end()
    return 0


def is_cut_off(prefix: str, suffix: str) -> bool:
    """Tell whether `suffix` begins like a DOI of a known form and stops before its end.

    >>> is_cut_off("10.1038", "s41586-020-")
    True
    """
    if complete_length(prefix, suffix):
        return False
    shapes = _BY_PREFIX.get(prefix, ())
    return any(one.cut.fullmatch(suffix) for one in shapes) and not any(one.older.fullmatch(suffix) for one in shapes)
