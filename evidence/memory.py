"""How often Python looks for cycles among the objects in memory."""

from __future__ import annotations

import gc

# By default after 700 new objects; a report makes millions, of which none form a cycle.
_THRESHOLDS = (50_000, 20, 50)


def collect_rarely() -> None:
    """Have this process look for cycles less often: by default that takes half of the time of a long report."""
    gc.set_threshold(*_THRESHOLDS)
