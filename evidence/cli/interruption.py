"""What Ctrl-C does, and SIGTERM, by which a container or a CI job is stopped."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from evidence.cli.codes import INTERRUPTED
from evidence.cli.context import Context
from evidence.terminal import plain

# What a command gets to end by itself after Ctrl-C: with the rest of the way it is over within a second.
_GRACE_S = 0.6


class Interruption:
    """What Ctrl-C does: a command gets a moment to end by itself, and is ended then; a second one ends it at once.

    A thread that reads an answer cannot be woken, and Python waits for its threads before it ends. Ended at any point,
    the store keeps what was committed, so nothing is gained by waiting for them.
    """

    def __init__(self) -> None:
        self._context: Context | None = None
        self._is_asked = False
        self._is_told = threading.Lock()

    @contextmanager
    def watching(self, context: Context) -> Iterator[None]:
        """Have Ctrl-C end this command."""
        self._context = context
        yield
        # Not where the command raises: what it reached is still to be told.
        self._context = None

    def __call__(self, _signal: int, _frame: object) -> None:
        """Answer SIGINT or SIGTERM."""
        if self._is_asked or self._context is None:
            os._exit(INTERRUPTED)
        self._is_asked = True
        backstop = threading.Timer(_GRACE_S, self._end)
        backstop.daemon = True
        backstop.start()
        raise KeyboardInterrupt

    def tell(self) -> None:
        """Say, once, how far the command had come."""
        if not self._is_told.acquire(blocking=False):
            return
        if sys.stderr.isatty():
            # The bars hide the cursor, and stand where the next line goes.
            sys.stderr.write("\r\x1b[2K\x1b[?25h")
        print("stopped; what was done is kept", file=sys.stderr)
        if self._context is not None:
            self._context.say(*interrupted_lines(self._context.reached))
        sys.stderr.flush()

    def _end(self) -> None:
        self.tell()
        os._exit(INTERRUPTED)


def interrupted_lines(reached: dict[str, tuple[int, int]]) -> Iterator[str]:
    """Yield how far a stopped refresh had come; other commands begin anew.

    >>> list(interrupted_lines({"pages": (9, 9), "crossref": (100, 250)}))
    ['pages    9 of 9 looked at', 'crossref 100 of 250 look-ups', 'Start it again: it goes on from there.']
    """
    steps = {what: numbers for what, numbers in reached.items() if what != "audit"}
    for what, (done, total) in steps.items():
        yield f"{plain(what):<8} {done} of {total} {'looked at' if what == 'pages' else 'look-ups'}"
    if steps:
        yield "Start it again: it goes on from there."
