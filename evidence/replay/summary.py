"""What happened, in a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def summary_lines(counts: Mapping[str, Any]) -> list[str]:
    """Return the counts of a server as lines to read.

    Args:
        counts: as `ReplayServer.counts` gives them.

    >>> counts = {"total": 2, "requests": {"doi/agency": 2}, "statuses": {"200": 2}, "faults": {}}
    >>> counts |= {"violations": {"rate": 1, "concurrency": 0}, "most_at_once": {"doi": 1}}
    >>> counts["busiest_second"] = {"doi": 2}
    >>> print(*summary_lines(counts), sep="\\n")
    2 requests
      by route        doi/agency 2
      by status       200 2
      faults          none
      violations      rate 1, concurrency 0
      most at once    doi 1
      busiest second  doi 2
    """
    rows = {
        "by route": counts["requests"],
        "by status": counts["statuses"],
        "faults": counts["faults"],
        "violations": counts["violations"],
        "most at once": counts["most_at_once"],
        "busiest second": counts["busiest_second"],
    }
    shown = {name: ", ".join(f"{key} {number}" for key, number in row.items()) or "none" for name, row in rows.items()}
    total = counts["total"]
    return [f"{total} request{'' if total == 1 else 's'}", *(f"  {name:<15} {text}" for name, text in shown.items())]
