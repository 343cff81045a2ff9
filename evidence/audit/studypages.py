"""What the front matter of a study page says in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_N_KEYS = ("n-subjects", "n_subjects", "sample-size", "sample_size", "n")
_FIRST_YEAR, _LAST_YEAR = 1500, 2999


def read_numbers(front_matter: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Return how many subjects a study had and its year; what is no plain number is not known.

    >>> read_numbers({"n-subjects": 66, "year": "2016"}), read_numbers({"n-subjects": "66 of 80", "year": True})
    ((66, 2016), (None, None))
    """
    n = next((found for key in _N_KEYS if (found := _number(front_matter.get(key))) is not None), None)
    year = _number(front_matter.get("year"))
    return n or None, year if year is not None and _FIRST_YEAR <= year <= _LAST_YEAR else None


def _number(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("10000000000") else None
