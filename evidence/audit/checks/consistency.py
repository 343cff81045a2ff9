"""What two notes tell of one work, and where they contradict each other.

Source:
    EVIDENCE.md section 4 of the design.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from evidence.audit.findings import Result
from evidence.audit.works import NotedWork
from evidence.notices import may_be_one_date
from evidence.vocabulary import Severity

_RETRACTION_DATE = re.compile(
    r"retract(?:ed|ion)\b[^·;.|()\[\]]{0,40}?[(\s]((?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?)?)(?![\d-])",
    re.IGNORECASE,
)
_NAMES = ("n", "year", "design")
_RETRACTION = "date of retraction"


@dataclass(slots=True)
class Told:
    """What has been told of each work so far: by work and attribute the value and its first place."""

    first: dict[tuple[str, str], tuple[Any, str, int]] = field(default_factory=dict)

    def check(self, note: NotedWork) -> Iterator[Result]:
        """Yield where a note contradicts the first note on the same work, and remember what it tells."""
        for name in _NAMES:
            yield from self._check(note, name, note.stated.get(name))
        if note.work.is_marked_retracted:
            yield from self._check(note, _RETRACTION, find_retraction_date(note.text))

    def _check(self, note: NotedWork, name: str, value: Any) -> Iterator[Result]:
        if not value:
            return
        before = self.first.setdefault((note.work.id, name), (value, note.path, note.line))
        if _contradicts(name, value, before[0]):
            place = f"{before[1]}:{before[2]}"
            message = f"{note.work.name}: {name} is {_shown(value)} here and {_shown(before[0])} at {place}"
            severity = Severity.INFO if name in {"n", "design"} else Severity.WARNING
            facts = ("here", f"{name} {_shown(value)}"), ("there", f"{name} {_shown(before[0])}")
            yield Result(severity, message, "make the notes agree", f"{note.work.name} {name}", facts)


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
