"""Dates as libraries write them -> partial dates, and what of them is none.

Words for a work that has no date yet, seasons and ranges are no faults; what is wrong is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.library.entries import MAX_VALUE_CHARS, EntryProblem, read_text
from evidence.library.months import SEASONS, fold, is_of_months, month_and_day
from evidence.resolve.stated import stated_date
from evidence.terminal import shorten

_DATE = re.compile(r"\s*(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?(?!\d)")
_SEASONS = range(21, 25)
_UNDATED = re.compile(
    r"(?:in press|forthcoming|to appear|submitted|accepted|in preparation|preprint|undated|[ns]\. ?d\.|[ns]\.?d\.?|"
    r"n/a|none|unknown|no date|[?-]+)\W*",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(r"\s*(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\s*\Z")
_YEAR = re.compile(r"(?<![\d.])(1[5-9]\d\d|20\d\d)(?![\dX])")
_MONTHS_OF_TWO = re.compile(r"\s*(\d{1,2})\s*[-/\u2013]+\s*\d{1,2}\s*")
_ONE_NUMBER = re.compile(r"\s*\d{1,2}\s*")
_NO_MONTH = re.compile(
    rf"(?:(?:early|mid|late|{'|'.join(SEASONS)}|[1-4](?:st|nd|rd|th)?|first|second|third|fourth|q[1-4]|quarter|"
    r"21|22|23|24|0+|and)\b[\s./,&-]*)+",
    re.IGNORECASE,
)
# Behind what is read of a date: a month or day that is none. Of EDTF, `X` is a digit that is not known.
_NO_PART = re.compile(rf"[-/](?!(?:{'|'.join(SEASONS)}|X+)\b)[^\W\d]", re.IGNORECASE)
# Behind the year, or before it: "2019 Mar 12", "12 March 2019".
_BEHIND_YEAR = re.compile(r"[ ,./-]+(?=[^\W\d_]|\d{1,2}[^\d-])")
_YEAR_LAST = re.compile(r"((?:\d{1,2}(?!\d))?\D+(?:\d{1,2}\D+){0,2})(1[5-9]\d\d|20\d\d)\W*\Z")
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
        named, told_day = _month_and_day(month or _behind(text, match))
        return stated_date(match[1], match[2] or named, match[3] or (day or "").strip() or told_day)
    if match := _DAY_FIRST.match(text):
        return stated_date(match[3], match[2], match[1])
    if (match := _YEAR_LAST.match(text)) and is_of_months(match[1]):
        return stated_date(match[2], *month_and_day(match[1]))
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
        date
        and (match := _DATE.match(text))
        and (len(date) < _length_told(match) or (not _behind(text, match) and _NO_PART.match(fold(text), match.end())))
    ):
        yield EntryProblem(field, f"“{shorten(text, _SHOWN)}” is no date; only {date} of it is read")


def month_problems(text: str | None, date: str | None) -> Iterator[EntryProblem]:
    """Yield what is wrong with the month beside a year, of which `read_date` made a date; a season is no fault.

    >>> [one.message for one in month_problems("Foo", "2019")], list(month_problems("Spring", "2019"))
    (['“Foo” is no month; it is not read'], [])
    """
    text = read_text((text or "")[:MAX_VALUE_CHARS]) or ""
    if not text or _UNDATED.fullmatch(text) or _NO_MONTH.fullmatch(fold(text)):
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


def _behind(text: str, match: re.Match[str]) -> str | None:
    """Return the month behind a year, where it is named there and nothing else is.

    >>> [_behind(text, _DATE.match(text)) for text in ("2019 Mar 12", "2019-Mar", "2019 (Mayo Clinic)", "2019-03-uu")]
    ['Mar 12', 'Mar', None, None]
    """
    gap = _BEHIND_YEAR.match(text, match.end()) if match[2] is None else None
    rest = text[gap.end() :] if gap else ""
    return rest if is_of_months(rest) else None


def _month_and_day(text: str | None) -> tuple[str | None, str | None]:
    """Return the month that a field tells, and the day that some write there too.

    >>> _month_and_day("may 30"), _month_and_day("8 jan."), _month_and_day("05"), _month_and_day("Spring")
    (('5', '30'), ('1', '8'), ('05', None), (None, None))
    >>> _month_and_day("jul/aug"), _month_and_day("7--8")
    (('7', None), ('7', None))
    """
    if match := _MONTHS_OF_TWO.fullmatch((text or "")[:_SHOWN]):
        return match[1], None
    month, day = month_and_day((text or "")[:_SHOWN])
    if month is not None:
        return str(month), str(day) if day is not None else None
    return ((text or "").strip(), None) if _ONE_NUMBER.fullmatch(text or "") else (None, None)
