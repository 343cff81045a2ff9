"""What was asked and what went wrong: one line a request, without keys and addresses."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, TextIO
from urllib.parse import parse_qsl, urlencode

from evidence.replay.faults import Fault
from evidence.replay.limits import Violation
from evidence.replay.messages import PRIVATE, Request, Response


@dataclass(frozen=True, slots=True)
class Entry:
    """One request and its answer.

    Args:
        time: when the answer was ready, in UTC.
        route: the name of the route, such as "crossref/works".
        path: with the query, without keys and addresses.
        status: None where the connection was dropped.
        bytes: the length of the body, also where less of it is sent.
        pool: the registry's pool.
        fault: the fault that the answer was given, where faults are on.
        asked: the identifiers that the request asked for, also where they stood in its body.
        violation: the limit that the request broke, where limits are on.
    """

    time: str
    method: str
    route: str
    path: str
    status: int | None
    bytes: int
    pool: str
    violation: Violation | None
    fault: Fault | None = None
    asked: tuple[str, ...] = ()


@dataclass(slots=True)
class Journal:
    """The entries so far, safe to use from several threads.

    Args:
        sink: where each entry is written at once as a line of JSON, or None.
    """

    sink: TextIO | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _entries: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Keep one entry."""
        with self._lock:
            self._entries.append(entry)
            if self.sink:
                self.sink.write(_line(entry))
                self.sink.flush()

    def entries(self) -> list[Entry]:
        """Return the entries so far, oldest first."""
        with self._lock:
            return list(self._entries)

    def counts(self) -> dict[str, Any]:
        """Return the number of requests, in all and by route and status, of faults, and of violations by limit.

        >>> Journal().counts()
        {'total': 0, 'requests': {}, 'statuses': {}, 'faults': {}, 'violations': {'rate': 0, 'concurrency': 0}}
        """
        entries = self.entries()
        broken = Counter(entry.violation for entry in entries if entry.violation)
        return {
            "total": len(entries),
            "requests": dict(sorted(Counter(entry.route for entry in entries).items())),
            "statuses": dict(sorted(Counter(str(entry.status or "dropped") for entry in entries).items())),
            "faults": dict(sorted(Counter(entry.fault.value for entry in entries if entry.fault).items())),
            "violations": {limit.value: broken[limit] for limit in Violation},
        }

    def json_lines(self) -> str:
        """Return the entries as JSON Lines."""
        return "".join(map(_line, self.entries()))

    def close(self) -> None:
        """End the writing; what is added later is kept but not written."""
        with self._lock:
            if self.sink:
                self.sink.close()
                self.sink = None


def _line(entry: Entry) -> str:
    return f"{json.dumps(asdict(entry), ensure_ascii=False)}\n"


def new_entry(
    request: Request,
    asked: Sequence[str],
    route: str,
    response: Response,
    pool: str,
    trouble: Violation | Fault | None,
) -> Entry:
    """Return the entry of a request that was answered now.

    Args:
        trouble: the limit that it broke, or the fault that it met.
    """
    time = datetime.now(UTC).isoformat(timespec="milliseconds")
    violation = trouble if isinstance(trouble, Violation) else None
    fault = trouble if isinstance(trouble, Fault) else None
    path, size = public_path(request), len(response.body)
    return Entry(time, request.method, route, path, response.status, size, pool, violation, fault, tuple(asked))


def public_path(request: Request) -> str:
    """Return a request's path and query without keys and addresses.

    >>> public_path(Request("GET", "/works", "rows=2&mailto=someone%40example.org", {}))
    '/works?rows=2'
    """
    kept = [pair for pair in parse_qsl(request.query, keep_blank_values=True) if pair[0] not in PRIVATE]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path
