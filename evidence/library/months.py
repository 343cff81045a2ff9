"""Names of months, as libraries write them in the languages of their entries -> numbers.

English, German, French, Spanish, Italian, Portuguese and Dutch, whole or cut where what is left is of one month alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict

_LEAST_CHARS = 3
_NAMES = (
    "january januar jaenner jänner janvier enero gennaio janeiro januari",
    "february februar feber février febrero febbraio fevereiro februari",
    "march märz maerz mrz mars marzo março maart mrt",
    "april avril abril aprile",
    "may mai mayo maggio maio mei",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august août aout agosto augustus",
    "september septembre septiembre setiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember décembre diciembre dicembre dezembro",
)
_SEASONS = (
    "spring summer autumn fall winter frühling frühjahr sommer herbst printemps été automne hiver primavera verano "
    "otoño invierno estate autunno inverno verão outono lente zomer herfst"
)
_TOKEN = re.compile(r"[^\W\d_]{3,}|(?<!\d)\d{1,2}(?!\d)")
_JOINING = frozenset({"and", "und", "the", "del"})


def fold(text: str) -> str:
    """Return a text in small letters without accents.

    >>> fold("Août")
    'aout'
    """
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _numbers() -> dict[str, int]:
    found: dict[str, set[int]] = defaultdict(set)
    for number, names in enumerate(_NAMES, 1):
        for name in fold(names).split():
            for end in range(_LEAST_CHARS, len(name) + 1):
                found[name[:end]].add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


_NUMBERS = _numbers()
SEASONS = tuple(dict.fromkeys(fold(_SEASONS).split()))


def month_of(word: str) -> int | None:
    """Return the number of the month that a word names; None where it names none, or may name two.

    >>> month_of("Sept"), month_of("März"), month_of("juil"), month_of("jui"), month_of("Mardi")
    (9, 3, 7, None, None)
    """
    return _NUMBERS.get(fold(word))


def month_and_day(text: str) -> tuple[int | None, int | None]:
    """Return the first month that a text names, and the day of it that stands beside the name.

    >>> month_and_day("may 30"), month_and_day("5--7 mars"), month_and_day("Feb 28 - Mar 3"), month_and_day("Sep-Oct 3")
    ((5, 30), (3, 5), (2, 28), (9, None))
    """
    words = _TOKEN.findall(text)
    at = next((place for place, word in enumerate(words) if month_of(word)), None)
    if at is None:
        return None, None
    before, behind = words[:at], words[at + 1 : at + 2]
    days = [word for word in (before or behind)[:1] if word.isdecimal()]
    return month_of(words[at]), int(days[0]) if days else None


def is_of_months(text: str) -> bool:
    """Tell whether all words of a text are months, so that nothing else can be meant by their names.

    >>> is_of_months("12 de marzo"), is_of_months("Mayo Clinic"), is_of_months("12")
    (True, False, False)
    """
    words = [word for word in _TOKEN.findall(text) if not word.isdecimal() and fold(word) not in _JOINING]
    return bool(words) and all(map(month_of, words))
