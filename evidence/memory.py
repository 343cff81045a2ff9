"""How often Python looks for cycles among the objects in memory."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# By default after 700 new objects; a report makes millions, of which none form a cycle.
_THRESHOLDS = (50_000, 20, 50)


def collect_rarely() -> None:
    """Have this process look for cycles less often: by default that takes half of the time of a long report."""
    gc.set_threshold(*_THRESHOLDS)


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Look for cycles less often for a while: a bibliography has none, and the search took a fifth of its time."""
    before = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def collecting_later() -> Iterator[None]:
    """Put off the search for cycles: plain values have none, and to look for them takes a fifth of an audit."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            # All that was made counts as old from here on; otherwise the next new object has all of it searched.
            gc.freeze()
            gc.unfreeze()
            gc.enable()
