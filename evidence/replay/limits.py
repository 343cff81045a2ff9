"""The registries' documented limits: pools, rates, concurrency, and who broke them.

Source:
    Crossref's announcement of rate limits in force since 1 December 2025 (doi 10.64000/wadve-3tj60) and the pool names
    in recorded headers since 2026-07-23; NCBI's 3 requests a second, 10 with a key, all utilities together (NBK25497).
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from evidence.replay.messages import Request

_WINDOW_S = 1.0
_WORK_PATH = re.compile(r"(?:/v1)?/works/.")


class Violation(StrEnum):
    """Which limit a request broke."""

    RATE = "rate"
    CONCURRENCY = "concurrency"


@dataclass(frozen=True, slots=True)
class Pool:
    """One bucket of a registry.

    Args:
        name: as `x-api-pool` has it.
        rate: requests in any one second, or None without a limit.
        client: the requests of one client share this name; so does the count of those under way.
        concurrency: requests under way at once, or None without a limit.
    """

    name: str
    rate: int | None
    client: str
    concurrency: int | None = None

    @property
    def shown_client(self) -> str:
        """The client without what tells one key from another."""
        return "ncbi-key" if self.client.startswith("ncbi-key") else self.client


def crossref_pool(request: Request) -> Pool:
    """Return the pool that Crossref puts a request in.

    >>> crossref_pool(Request("GET", "/works", "rows=2", {"user-agent": "x (mailto:someone@example.org)"})).name
    'polite-array'
    """
    is_single = bool(_WORK_PATH.match(request.path))
    is_polite = "mailto:" in request.headers.get("user-agent", "") or any(
        name == "mailto" and value for name, value in request.parameters()
    )
    if is_polite:
        return Pool("polite-single", 10, "polite", 3) if is_single else Pool("polite-array", 3, "polite", 3)
    return Pool("public-single", 5, "public", 1) if is_single else Pool("public-array", 1, "public", 1)


def ncbi_pool(request: Request) -> Pool:
    """Return NCBI's bucket for a request: one for everybody without a key, one for each key."""
    key = next((value for name, value in request.parameters() if name == "api_key" and value), None)
    # The key itself never leaves this module; the bucket's name does not show it.
    return Pool("ncbi-key", 10, f"ncbi-key-{hash(key)}") if key else Pool("ncbi", 3, "ncbi")


def service_pool(name: str) -> Pool:
    """Return the pool of a service that documents no limits: doi.org and the agencies that it leads to."""
    return Pool(name, None, name)


@dataclass(slots=True)
class Limiter:
    """Counts requests against their pools. Refused ones do not count: whether they do at Crossref is not documented."""

    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _times: dict[tuple[str, str], deque[float]] = field(default_factory=dict)
    _under_way: Counter[str] = field(default_factory=Counter)

    def enter(self, pool: Pool) -> Violation | None:
        """Take a place in the pool, or return the limit that forbids it. After None, `leave` must follow.

        >>> limiter = Limiter(clock=lambda: 0.0)
        >>> [limiter.enter(Pool("public-array", 1, "public")) for _ in range(2)]
        [None, <Violation.RATE: 'rate'>]
        """
        with self._lock:
            now = self.clock()
            times = self._times.setdefault((pool.client, pool.name), deque())
            while times and now - times[0] >= _WINDOW_S:
                times.popleft()
            if pool.concurrency is not None and self._under_way[pool.client] >= pool.concurrency:
                return Violation.CONCURRENCY
            if pool.rate is not None and len(times) >= pool.rate:
                return Violation.RATE
            times.append(now)
            self._under_way[pool.client] += 1
            return None

    def leave(self, pool: Pool) -> None:
        """Give the place back."""
        with self._lock:
            self._under_way[pool.client] -= 1

    def uncount(self, pool: Pool) -> None:
        """Take the last request out of the rate: it was turned away, and those do not count."""
        with self._lock:
            if times := self._times.get((pool.client, pool.name)):
                times.pop()

    def remaining(self, pool: Pool) -> int:
        """Return how many requests the pool still takes in this second."""
        with self._lock:
            now = self.clock()
            times = self._times.get((pool.client, pool.name), ())
            return max(0, (pool.rate or 0) - sum(now - at < _WINDOW_S for at in times))


@dataclass(slots=True)
class Traffic:
    """How hard the server was pressed, whether limits are on or not; every request counts, also those turned away."""

    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _times: dict[tuple[str, str], deque[float]] = field(default_factory=dict)
    _under_way: Counter[str] = field(default_factory=Counter)
    _most_at_once: Counter[str] = field(default_factory=Counter)
    _busiest_second: Counter[str] = field(default_factory=Counter)

    def enter(self, pool: Pool) -> None:
        """Count a request that came; `leave` must follow.

        >>> traffic = Traffic(clock=lambda: 0.0)
        >>> for _ in range(2): traffic.enter(Pool("public-array", 1, "public"))
        >>> traffic.most_at_once(), traffic.busiest_second()
        ({'public': 2}, {'public-array': 2})
        """
        with self._lock:
            now = self.clock()
            times = self._times.setdefault((pool.client, pool.name), deque())
            while times and now - times[0] >= _WINDOW_S:
                times.popleft()
            times.append(now)
            self._busiest_second[pool.name] = max(self._busiest_second[pool.name], len(times))
            self._under_way[pool.client] += 1
            shown = pool.shown_client
            self._most_at_once[shown] = max(self._most_at_once[shown], self._under_way[pool.client])

    def leave(self, pool: Pool) -> None:
        """Count a request that is about to be answered."""
        with self._lock:
            self._under_way[pool.client] -= 1

    def most_at_once(self) -> dict[str, int]:
        """Return the most requests of one client that were under way at one time."""
        with self._lock:
            return dict(sorted(self._most_at_once.items()))

    def busiest_second(self) -> dict[str, int]:
        """Return the most requests of one client to one pool in any one second."""
        with self._lock:
            return dict(sorted(self._busiest_second.items()))
