"""What two notes tell of one work, and where they contradict each other.

Source:
    EVIDENCE.md section 4 of the design.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from evidence.audit.findings import Place, Result
from evidence.audit.works import NotedWork
from evidence.notices import may_be_one_date
from evidence.vocabulary import Severity

_RETRACTION_DATE = re.compile(
    r"retract(?:ed|ion)\b[^·;.|()\[\]]{0,40}?[(\s]((?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?)?)(?![\d-])",
    re.IGNORECASE,
)
_NAMES = ("n", "year", "design")
_RETRACTION = "date of retraction"


class Telling(NamedTuple):
    """What one note tells of its work that another note may contradict."""

    work: str
    work_name: str
    values: tuple[tuple[str, Any], ...]
    place: Place
    note: tuple[str, int]


def telling_of(note: NotedWork, bears_on: str | None = None) -> Telling | None:
    """Return what a note tells of its work, or None where it tells nothing that another may contradict.

    Args:
        note: with its work.
        bears_on: the first claim that rests on that work.
    """
    told = [(name, note.stated.get(name)) for name in _NAMES]
    if note.work.is_marked_retracted:
        told.append((_RETRACTION, find_retraction_date(note.text)))
    values = tuple((name, value) for name, value in told if value)
    if not values:
        return None
    place = Place(note.path, note.line, note.column, bears_on)
    return Telling(note.work.id, note.work.name, values, place, (note.key, note.occurrence))


@dataclass(slots=True)
class Told:
    """What has been told of each work so far: by work and attribute the value and its first place."""

    first: dict[tuple[str, str], tuple[Any, str, int]] = field(default_factory=dict)

    def check(self, telling: Telling) -> Iterator[Result]:
        """Yield where a note contradicts the first note on the same work, and remember what it tells."""
        place = telling.place
        for name, value in telling.values:
            before = self.first.setdefault((telling.work, name), (value, place.path, place.line))
            if _contradicts(name, value, before[0]):
                there = f"{before[1]}:{before[2]}"
                message = f"{telling.work_name}: {name} is {_shown(value)} here and {_shown(before[0])} at {there}"
                severity = Severity.INFO if name in {"n", "design"} else Severity.WARNING
                facts = ("here", f"{name} {_shown(value)}"), ("there", f"{name} {_shown(before[0])}")
                yield Result(severity, message, "make the notes agree", f"{telling.work_name} {name}", facts)


def find_retraction_date(text: str) -> str | None:
    """Return when a note says that its work was retracted, as precisely as it says.

    >>> find_retraction_date("rct · RETRACTED 2010-02-06 · doi:10.1000/x"), find_retraction_date("retracted")
    ('2010-02-06', None)
    """
    found = _RETRACTION_DATE.search(text)
    return found.group(1) if found else None


def _contradicts(name: str, value: Any, before: Any) -> bool:
    """Tell whether two values exclude each other: a note may name one design of several, or the year of a date."""
    if name == "design":
        return not set(value) & set(before)
    if name == _RETRACTION:
        return not may_be_one_date(value, before)
    return bool(value != before)


def _shown(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return str(value)
