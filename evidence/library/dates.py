"""Dates as libraries write them -> partial dates, and what of them is none.

Words for a work that has no date yet, seasons and ranges are no faults; what is wrong is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.library.entries import MAX_VALUE_CHARS, EntryProblem, read_text
from evidence.resolve.stated import stated_date
from evidence.terminal import shorten

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(r"\s*(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?(?!\d)")
_SEASONS = range(21, 25)
_UNDATED = re.compile(
    r"(?:in press|forthcoming|to appear|submitted|accepted|in preparation|preprint|undated|[ns]\. ?d\.|[ns]\.?d\.?|"
    r"n/a|none|unknown|no date|[?-]+)\W*",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(r"\s*(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\s*\Z")
_YEAR = re.compile(r"(?<![\d.])(1[5-9]\d\d|20\d\d)(?![\dX])")
_NAMED_MONTH = re.compile(r"[a-z]{3,9}|\d{1,2}")
_MONTHS_OF_TWO = re.compile(r"\s*(\d{1,2})\s*[-/\u2013]+\s*\d{1,2}\s*")
_NO_MONTH = re.compile(
    r"(?:(?:early|mid|late|spring|summer|autumn|fall|winter|[1-4](?:st|nd|rd|th)?|first|second|third|fourth|q[1-4]|quarter|"
    r"21|22|23|24|0+|and)\b[\s./,&-]*)+",
    re.IGNORECASE,
)
# Behind what is read of a date: a month or day that is none. Of EDTF, `X` is a digit that is not known.
_NO_PART = re.compile(r"[-/](?!spring|summer|autumn|fall|winter|X+\b)[^\W\d]", re.IGNORECASE)
_YEAR_LAST = re.compile(r"(?:(\d{1,2})[ .]+)?([A-Za-z]{3,9})[ .,]+(?:(\d{1,2}),? )?(\d{4})\s*\Z")
_SHOWN = 60


def read_date(text: str | None, month: str | None = None, day: str | None = None) -> str | None:
    """Return a date as precise as it is; of a range its beginning.

    >>> read_date("2004-03-06/2004-05"), read_date("2004", "mar 6"), read_date("6 March 2004"), read_date("in press")
    ('2004-03-06', '2004-03-06', '2004-03-06', None)
    >>> read_date("[1997]"), read_date("06/03/2004"), read_date("6.3.2004")
    ('1997', '2004', '2004-03-06')
    """
    text = (text or "").strip()[:_SHOWN]
    if match := _DATE.match(text):
        named, told_day = _month_and_day(month)
        return stated_date(match[1], match[2] or named, match[3] or (day or "").strip() or told_day)
    if match := _DAY_FIRST.match(text):
        return stated_date(match[3], match[2], match[1])
    if match := _YEAR_LAST.match(text):
        return stated_date(match[4], _month_and_day(match[2])[0], match[1] or match[3])
    # The year is certain where the order of day and month is not.
    years = set(_YEAR.findall(text))
    return years.pop() if len(years) == 1 else None


def date_problems(field: str, text: str | None, date: str | None) -> Iterator[EntryProblem]:
    """Yield what is wrong with a date that `read_date` read; words for a work that has none yet are no fault.

    >>> [one.message for one in date_problems("date", "2019-13-01", "2019")]
    ['“2019-13-01” is no date; only 2019 of it is read']
    >>> list(date_problems("year", "in press", None))
    []
    """
    text = read_text((text or "")[:MAX_VALUE_CHARS]) or ""
    if not date and text and not _UNDATED.fullmatch(text):
        yield EntryProblem(field, f"“{shorten(text, _SHOWN)}” is no date; it is not read")
    elif (
        date and (match := _DATE.match(text)) and (len(date) < _length_told(match) or _NO_PART.match(text, match.end()))
    ):
        yield EntryProblem(field, f"“{shorten(text, _SHOWN)}” is no date; only {date} of it is read")


def month_problems(text: str | None, date: str | None) -> Iterator[EntryProblem]:
    """Yield what is wrong with the month beside a year, of which `read_date` made a date; a season is no fault.

    >>> [one.message for one in month_problems("Foo", "2019")], list(month_problems("Spring", "2019"))
    (['“Foo” is no month; it is not read'], [])
    """
    text = read_text((text or "")[:MAX_VALUE_CHARS]) or ""
    if not text or _UNDATED.fullmatch(text) or _NO_MONTH.fullmatch(text):
        return
    month, day = _month_and_day(text)
    if month is None or (date and len(date) == len("2019")):
        yield EntryProblem("month", f"“{shorten(text, _SHOWN)}” is no month; it is not read")
    elif day is not None and date and len(date) < len("2019-03-06"):
        yield EntryProblem("month", f"“{shorten(text, _SHOWN)}” is no day; only {date} of it is read")


def _length_told(match: re.Match[str]) -> int:
    """Return how long a date is that has all that a text tells: 0 is a month or day not known, 21 to 24 are seasons."""
    month, day = int(match[2] or 0), int(match[3] or 0)
    if not month or month in _SEASONS:
        return len("2019")
    return len("2019-03-06") if day else len("2019-03")


def _month_and_day(text: str | None) -> tuple[str | None, str | None]:
    """Return the month that a field tells, and the day that some write there too.

    >>> _month_and_day("may 30"), _month_and_day("8 jan."), _month_and_day("05"), _month_and_day("Spring")
    (('5', '30'), ('1', '8'), ('05', None), (None, None))
    >>> _month_and_day("jul/aug"), _month_and_day("7--8")
    (('7', None), ('7', None))
    """
    if match := _MONTHS_OF_TWO.fullmatch((text or "")[:_SHOWN]):
        return match[1], None
    words = _NAMED_MONTH.findall((text or "").lower()[:_SHOWN])
    named = next((word for word in words if word[:3] in _MONTHS), None)
    numbers = [word for word in words if word.isdecimal()]
    if named is not None:
        return str(_MONTHS.index(named[:3]) + 1), next(iter(numbers), None)
    return (next(iter(numbers), None), None) if len(numbers) == len(words) == 1 else (None, None)
