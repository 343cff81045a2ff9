"""What a registry states -> a value of ours, or nothing: identifiers, dates, numbers.

Text from outside is read here and nowhere else, so that no answer, whatever it holds, ends in an exception or in a
value that is none: digits of other scripts, numbers of any length, a day that no month has, halves of characters.
"""

from __future__ import annotations

import calendar
import re

from evidence.identifiers import fold_doi

# Longer ones do not occur, and an index could not hold them.
MAX_DOI_CHARS = 1000
_DOI = re.compile(r"10\.[0-9][0-9.]*/.+", re.DOTALL)
# What registries, programs and people write where there is none.
NO_VALUE = frozenset({"n/a", "na", "n.a.", "none", "null", "nan", "-", "--", "\u2013", "?", "unknown", "not available"})
_DASHES = re.compile("[-\u2010-\u2015]")
# No database takes them all.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_PMID = re.compile(r"[1-9][0-9]{0,9}")
_PMCID = re.compile(r"(?:PMC)?([1-9][0-9]{0,9})(?:\.[0-9]{1,3})?", re.IGNORECASE)
_COUNT = re.compile(r"[0-9]{1,9}")
_YEAR = re.compile(r"[0-9]{1,4}")
# Some write a month or a day with zeros before it.
_PART_OF_YEAR = re.compile(r"0{0,3}([0-9]{1,2})")
_MAX_YEAR, _MONTHS = 2999, 12


def stated_number(text: str | None) -> str | None:
    """Return the number of a volume, an issue or a page, or a range; words for none are none.

    >>> stated_number("12 Suppl 1"), stated_number("null"), stated_number("n/a-n/a")
    ('12 Suppl 1', None, None)
    """
    if text is None:
        return None
    said = [part for one in _DASHES.split(text.lower()) if (part := one.strip())]
    return None if NO_VALUE.issuperset(said) else text


def stated_doi(value: object, most: int = MAX_DOI_CHARS) -> str | None:
    """Return a DOI as it is compared and stored, or None where the value is none, or longer than `most` characters.

    >>> stated_doi(" 10.1/X"), stated_doi("not a doi"), stated_doi({"DOI": "10.1/x"}), stated_doi("10.1/" + "x" * 1000)
    ('10.1/x', None, None, None)
    """
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > most or not _DOI.fullmatch(text) or _UNSTORABLE.search(text):
        return None
    return fold_doi(text)


def stated_pmid(value: object) -> str | None:
    """Return a PMID, which JSON may hold as a number.

    >>> stated_pmid("9500320"), stated_pmid(7), stated_pmid("²"), stated_pmid("1" * 5000), stated_pmid(True)
    ('9500320', '7', None, None, None)
    """
    match = _PMID.fullmatch(_digits(value))
    return match[0] if match else None


def stated_pmcid(value: object) -> str | None:
    """Return a PMCID without its version.

    >>> stated_pmcid("pmc5334499.1"), stated_pmcid(7), stated_pmcid("NIHMS7")
    ('PMC5334499', 'PMC7', None)
    """
    match = _PMCID.fullmatch(_digits(value))
    return f"PMC{match[1]}" if match else None


def stated_count(value: object) -> int | None:
    """Return how many, or None where the value is no number that can be one.

    >>> stated_count("12"), stated_count("-5"), stated_count("9" * 5000)
    (12, None, None)
    """
    return int(match[0]) if (match := _COUNT.fullmatch(_digits(value))) else None


def stated_date(year: object, month: object = None, day: object = None) -> str | None:
    """Return a date as precise as its parts are possible ones; None without a year.

    >>> stated_date(2004, "3", 6), stated_date("2020", 2, 30), stated_date("2020", "03", "031999"), stated_date("soon")
    ('2004-03-06', '2020-02', '2020-03', None)
    """
    match = _YEAR.fullmatch(_digits(year))
    in_year = int(match[0]) if match else 0
    if not 0 < in_year <= _MAX_YEAR:
        return None
    in_month = _part(month)
    if not 0 < in_month <= _MONTHS:
        return f"{in_year:04}"
    in_day = _part(day)
    if not 0 < in_day <= calendar.monthrange(in_year, in_month)[1]:
        return f"{in_year:04}-{in_month:02}"
    return f"{in_year:04}-{in_month:02}-{in_day:02}"


def _part(value: object) -> int:
    return int(match[1]) if (match := _PART_OF_YEAR.fullmatch(_digits(value))) else 0


def _digits(value: object) -> str:
    """Return the text of a string or a whole number; a number of any length is written only as far as one can be."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12 else ""
