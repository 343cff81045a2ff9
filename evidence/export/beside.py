"""Writes a bibliography in a process beside this one, which reads the works meanwhile: each has a core of its own.

It gets batches of works through one pipe and gives parts of the file back through another. It loads no database, so
that both together are little larger than one that does all. Without its parent it ends, since its pipes do.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import evidence
from evidence.errors import ExportError
from evidence.export import writer_of
from evidence.export.records import CitedWork
from evidence.memory import collecting_rarely

# As much as Linux gives anybody: a batch of works or entries fits in, so that neither process waits while the other
# is in the middle of one.
_PIPE_BYTES = 1 << 20
# Starting it takes as long as writing these.
_FEW = 4_000
# It begins without the modules that a site adds, which may print, and finds what this process finds.
_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[2]); "
    "from evidence.export.beside import main; main(sys.argv[1])"
)
_OPTIONS = ("-I", "-S", "-c", _CODE)


def pays_beside(works: int) -> bool:
    """Tell whether so many works are written sooner with a process beside this one."""
    can_start = bool(sys.executable) and not getattr(sys, "frozen", False)
    return works > _FEW and (os.cpu_count() or 1) > 1 and can_start


def write_beside(name: str, batches: Iterator[Sequence[CitedWork]], warnings: list[str]) -> Iterator[str]:
    """Yield the parts of a file, as the function of its format does.

    Args:
        name: the format, one of `FORMATS`.
        batches: works in the order of their keys.
        warnings: those of the format are added here at the end.

    Raises:
        ExportError: the process ended before its time.
    """
    with _started(name) as process:
        if process is None:
            yield from writer_of(name)(batches, warnings)
            return
        answers = _Answers(process)
        for works in batches:
            if not _is_taken(process, works):
                break
            yield from answers.taken()
        yield from answers.last()
        warnings += answers.warnings


class _Answers:
    """What the process gives back, read by a thread, so that neither waits for the other with its pipe full."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.warnings: list[str] = []
        self._process = process
        self._texts: deque[str] = deque()
        self._is_whole = False
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()

    def taken(self) -> Iterator[str]:
        """Yield what has come so far."""
        while self._texts:
            yield self._texts.popleft()

    def last(self) -> Iterator[str]:
        """Yield the rest, which comes when the process is told that there are no more works."""
        _end_of(self._process.stdin)
        self._thread.join()
        yield from self._texts
        if not self._is_whole:
            raise ExportError(
                f"the process that writes the bibliography ended before its time (exit code {self._process.wait()})",
                "run it again; if it was stopped for want of memory, close other programs first",
            )

    def _receive(self) -> None:
        assert self._process.stdout is not None
        try:
            while (answer := _received(self._process.stdout)) is not None:
                if isinstance(answer, str):
                    self._texts.append(answer)
                else:
                    self.warnings, self._is_whole = answer, True
        finally:
            # Nobody reads what it would still say, so it would wait for ever.
            self._process.kill()


@contextmanager
def _started(name: str) -> Iterator[subprocess.Popen[bytes] | None]:
    """Start the process, and end it in any case; None where the system has no room for one more."""
    # Not the folder that it is started in, whose files are anybody's.
    paths = list(dict.fromkeys([*filter(None, sys.path), str(Path(evidence.__file__).parents[1])]))
    try:
        process = subprocess.Popen(
            [sys.executable, *_OPTIONS, name, json.dumps(paths)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pipesize=_PIPE_BYTES,
            # Ctrl-C is for the parent, whose end is that of the pipes.
            start_new_session=True,
        )
    except OSError:
        yield None
        return
    try:
        yield process
    finally:
        process.kill()
        _end_of(process.stdin)
        process.wait()


def _is_taken(process: subprocess.Popen[bytes], works: Sequence[CitedWork]) -> bool:
    assert process.stdin is not None
    try:
        _send(process.stdin, works)
    except BrokenPipeError:
        return False
    return True


def _end_of(pipe: IO[bytes] | None) -> None:
    # What was left in it is lost with the process.
    with suppress(BrokenPipeError):
        if pipe is not None:
            pipe.close()


def main(name: str) -> None:
    """Write a format, from works that come through standard input; the parts go to standard output."""
    # Where it has no session of its own.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings: list[str] = []
    with os.fdopen(os.dup(1), "wb") as output, collecting_rarely():
        # What a library prints must not come between.
        os.dup2(2, 1)
        for text in writer_of(name)(_batches(), warnings):
            _send(output, text)
        _send(output, warnings)


def _batches() -> Iterator[Sequence[CitedWork]]:
    while (works := _received(sys.stdin.buffer)) is not None:
        yield works


def _send(pipe: IO[bytes], what: object) -> None:
    pickle.dump(what, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _received(pipe: IO[bytes]) -> Any:
    """Return what was sent, or None at the end, which may come in the middle of something."""
    with suppress(EOFError, pickle.UnpicklingError):
        return pickle.load(pipe)  # noqa: S301 - from our own process
    return None
