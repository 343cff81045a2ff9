"""Editions as numbers and as ordinals, since no one spelling of them is printed rightly by all styles."""

from __future__ import annotations

import re

_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NUMBERS = {word: str(number) for number, word in enumerate(_WORDS, 1)}
_ORDINAL = re.compile(r"(?:(\d{1,3}) ?(?:st|nd|rd|th)?|([a-z]{5,7}))(?: (?:edition|edn\.?|ed\.?))?", re.IGNORECASE)
_NUMBER = re.compile(r"[1-9]\d{0,2}")
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_TEENS = frozenset({11, 12, 13})


def with_ordinal(edition: str) -> str:
    """Return an edition as old BibTeX's styles want it, which print "edition" behind the field as it stands.

    "Third", as btxdoc has it, is printed as "Third." by pandoc, which finds no number in it; of "3" the styles make
    "3 edition". Of "3rd" both make what they should: "3rd ed." and "3rd edition".

    >>> with_ordinal("3"), with_ordinal("11"), with_ordinal("22"), with_ordinal("revised")
    ('3rd', '11th', '22nd', 'revised')
    """
    if not _NUMBER.fullmatch(edition):
        return edition
    number = int(edition)
    return f"{number}{'th' if number % 100 in _TEENS else _ENDINGS.get(number % 10, 'th')}"


def plain_edition(text: str | None) -> str | None:
    """Return the number of an edition that a library tells in whatever way; anything else as it stands.

    biblatex prints "3" as the 3rd edition, and any words bare.

    >>> plain_edition("Third"), plain_edition("2nd ed."), plain_edition("2"), plain_edition("2nd revised")
    ('3', '2', '2', '2nd revised')
    """
    match = _ORDINAL.fullmatch(text) if text else None
    if match is None:
        return text
    return match[1] or _NUMBERS.get(match[2].lower(), text)
