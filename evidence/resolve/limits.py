"""How many requests a host gets: at once, and in any one second in each of its pools."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

# A request counts from when it can have arrived at the latest: when its answer came, or this long after it was sent.
# Counted from the sending alone, a late packet would put one request too many into the registry's second. A quarter of
# a second was not enough where client and server shared a busy machine.
_LATEST_ARRIVAL_S = 0.6
_WINDOW_S = 1.0
# While waiting, an interruption is noticed this soon.
_LOOK_UP_S = 0.2
# A registry that states less than a request a minute has made a mistake.
_LEAST_RATE = 1 / 60


class StoppedError(Exception):
    """The run is being stopped: what has not been sent will not be sent. Never shown to a user."""


@dataclass(slots=True)
class _Pool:
    most: float
    rate: float
    at_once: int
    sent: deque[list[float]] = field(default_factory=deque)

    def window(self) -> tuple[int, float]:
        """Return how many requests go into how many seconds.

        >>> _Pool(3.0, 3.0, 3).window(), _Pool(0.5, 0.5, 3).window()
        ((3, 1.0), (1, 2.0))
        """
        count = max(1, int(self.rate))
        return count, max(_WINDOW_S, count / self.rate)


class Limiter:
    """One host's limits, shared by all threads that ask it.

    Args:
        rates: the requests a second of each pool; a registry's answer may lower them and lift them up to here again.
        concurrency: requests under way at once, over all pools.
        stopping: set when the run is being stopped; whoever waits then gets `StoppedError`.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        rates: Mapping[str, float],
        concurrency: int,
        stopping: threading.Event,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pools = {name: _Pool(rate, rate, concurrency) for name, rate in rates.items()}
        self._most_at_once = concurrency
        self._stopping = stopping
        self._clock = clock
        self._under_way = 0
        self._paused_until = 0.0
        self._changed = threading.Condition()

    @contextmanager
    def place(self, pool: str) -> Iterator[None]:
        """Wait for a place in a pool and hold it for as long as the request is under way.

        Raises:
            StoppedError: the run is being stopped.
        """
        stamp = self._enter(self._pools[pool])
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                stamp[0] = min(stamp[0], self._clock())
                self._changed.notify_all()

    def paused_s(self) -> float:
        """Return for how many seconds yet nobody is let in."""
        with self._changed:
            return max(0.0, self._paused_until - self._clock())

    def pause(self, seconds: float) -> None:
        """Let nobody in for some seconds, in any pool."""
        with self._changed:
            self._paused_until = max(self._paused_until, self._clock() + seconds)

    def learn(self, pool: str, rate: float | None = None, concurrency: int | None = None) -> None:
        """Take over the limits that an answer in a pool states, never above those that we started from.

        Of several pools' limits of requests at once the lowest holds, since these are counted together.
        """
        with self._changed:
            if rate is not None and rate > 0:
                self._pools[pool].rate = min(max(rate, _LEAST_RATE), self._pools[pool].most)
            if concurrency is not None and concurrency > 0:
                self._pools[pool].at_once = min(concurrency, self._most_at_once)

    def _enter(self, pool: _Pool) -> list[float]:
        with self._changed:
            while True:
                if self._stopping.is_set():
                    raise StoppedError
                wait_s = self._wait_s(pool)
                if wait_s <= 0:
                    break
                self._changed.wait(min(wait_s, _LOOK_UP_S))
            stamp = [self._clock() + _LATEST_ARRIVAL_S]
            pool.sent.append(stamp)
            self._under_way += 1
            return stamp

    def _wait_s(self, pool: _Pool) -> float:
        """Return the seconds until a place may be free, 0 where one is."""
        now = self._clock()
        if now < self._paused_until:
            return self._paused_until - now
        if self._under_way >= min(one.at_once for one in self._pools.values()):
            return _LOOK_UP_S
        count, window_s = pool.window()
        kept = [stamp for stamp in pool.sent if now - stamp[0] < window_s]
        pool.sent = deque(kept)
        if len(kept) < count:
            return 0.0
        oldest = sorted(stamp[0] for stamp in kept)[len(kept) - count]
        return max(oldest + window_s - now, 0.001)
