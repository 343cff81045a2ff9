"""What two notes tell of one work, and where they contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from evidence.audit.findings import Finding, Result, make_finding
from evidence.audit.works import NotedWork
from evidence.vocabulary import Severity


@dataclass(slots=True)
class Told:
    """What has been told of each work so far: by work and attribute the value and its first place."""

    first: dict[tuple[str, str], tuple[Any, str, int]] = field(default_factory=dict)

    def check(self, note: NotedWork) -> list[Finding]:
        """Return where a note contradicts the first note on the same work, and remember what it tells."""
        return [
            make_finding("EV011", result, note.path, note.line, note.key)
            for name in ("n", "year", "design")
            for result in self._check(note, name)
        ]

    def _check(self, note: NotedWork, name: str) -> Iterator[Result]:
        value = note.stated.get(name)
        if not value:
            return
        before = self.first.setdefault((note.work.id, name), (value, note.path, note.line))
        if _contradicts(name, value, before[0]):
            place = f"{before[1]}:{before[2]}"
            message = f"{note.work.name}: {name} is {_shown(value)} here and {_shown(before[0])} at {place}"
            severity = Severity.WARNING if name == "year" else Severity.INFO
            yield Result(severity, message, "make the notes agree", f"{note.work.name} {name}")


def _contradicts(name: str, value: Any, before: Any) -> bool:
    """Tell whether two values exclude each other: a note may name one design of a work that has several."""
    if name == "design":
        return not set(value) & set(before)
    return bool(value != before)


def _shown(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return str(value)
