"""How long a function takes on a line, beside a plain line of the same length."""

from __future__ import annotations

import time


def seconds(function, text):
    """Return the processor's time of the best of five runs: what else the machine does must not tell."""
    runs = []
    for _ in range(5):
        begun = time.process_time()
        for _ in range(20):
            function(text)
        runs.append(time.process_time() - begun)
    return min(runs)
