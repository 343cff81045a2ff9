"""Writes a bibliography with a process beside this one, which reads the works and writes too: each has its own core.

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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

import evidence
from evidence.errors import ExportError
from evidence.export import format_of, writer_of
from evidence.export.assembling import Rows, assembling
from evidence.export.checking import Damage
from evidence.memory import collecting_rarely

# As much as Linux gives anybody: a batch of works or entries fits in, so that neither process waits while the other
# is in the middle of one.
_PIPE_BYTES = 1 << 20
# Starting it takes as long as writing these.
_FEW = 4_000
# With so many batches it is not out of work while this process writes one.
_AHEAD = 3
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


def write_here(name: str, batches: Iterator[Rows], warnings: list[str], damage: Damage) -> Iterator[str]:
    """Yield the parts of a file as `write_beside` does, in this process."""
    return writer_of(name)(assembling(batches, damage), warnings)


def write_beside(name: str, batches: Iterator[Rows], warnings: list[str], damage: Damage) -> Iterator[str]:
    """Yield the parts of a file, as the function of its format does.

    Args:
        name: the format, one of `FORMATS`.
        batches: works, or the rows that they are made of, in the order of their keys.
        warnings: those of the format are added here.
        damage: what is damaged of the rows is named here.

    Raises:
        ExportError: the process ended before its time.
    """
    with _started(name) as process:
        if process is None:
            yield from write_here(name, batches, warnings, damage)
            return
        form, is_begun = format_of(name), False
        for part in _written(process, name, batches):
            warnings += part.warnings
            damage.join(part.damage)
            if part.text:
                yield (form.separator if is_begun else form.head) + part.text
                is_begun = True
        # Without any work the format says what a file is.
        yield from [form.tail] if is_begun else write_here(name, iter(()), warnings, damage)


class _Part(NamedTuple):
    """A part of a file, without what stands between it and others, and what is to be told of its works."""

    text: str
    warnings: list[str]
    damage: Damage


def _write_part(name: str, rows: Rows) -> _Part:
    form, part = format_of(name), _Part("", [], Damage())
    (works,) = assembling([rows], part.damage)
    if not works:
        return part
    text = "".join(writer_of(name)(iter([works]), part.warnings))
    return part._replace(text=text.removeprefix(form.head).removesuffix(form.tail))


def _written(process: subprocess.Popen[bytes], name: str, batches: Iterator[Rows]) -> Iterator[_Part]:
    """Yield a part for each batch, in their order: the process writes most, and this one when it has enough to do."""
    answers = _Answers(process)
    # None for those of the process.
    waiting: deque[_Part | None] = deque()
    for rows in batches:
        if answers.open < _AHEAD or answers.is_over:
            waiting.append(None)
            if not answers.ask(rows):
                break
        else:
            waiting.append(_write_part(name, rows))
        while waiting and (part := waiting[0] or answers.take()) is not None:
            waiting.popleft()
            yield part
    answers.end()
    for one in waiting:
        part = one or answers.take()
        if part is None:
            raise ExportError(
                f"the process that writes the bibliography ended before its time (exit code {process.wait()})",
                "run it again; if it was stopped for want of memory, close other programs first",
            )
        yield part


class _Answers:
    """What the process gives back, read by a thread, so that neither waits for the other with its pipe full."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._asked = self._answered = 0
        self._parts: deque[_Part] = deque()
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()

    @property
    def open(self) -> int:
        """How many batches the process has still to do."""
        return self._asked - self._answered

    @property
    def is_over(self) -> bool:
        """Whether no more of them come."""
        return not self._thread.is_alive()

    def ask(self, rows: Rows) -> bool:
        """Send a batch; False where the process is gone."""
        assert self._process.stdin is not None
        self._asked += 1
        try:
            _send(self._process.stdin, rows)
        except BrokenPipeError:
            return False
        return True

    def take(self) -> _Part | None:
        """Return the part of the next batch, or None where it has not come."""
        return self._parts.popleft() if self._parts else None

    def end(self) -> None:
        """Tell the process that there are no more works, and wait for the rest."""
        _end_of(self._process.stdin)
        self._thread.join()

    def _receive(self) -> None:
        assert self._process.stdout is not None
        try:
            while isinstance(part := _received(self._process.stdout), _Part):
                self._parts.append(part)
                self._answered += 1
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


def _end_of(pipe: IO[bytes] | None) -> None:
    # What was left in it is lost with the process.
    with suppress(BrokenPipeError):
        if pipe is not None:
            pipe.close()


def main(name: str) -> None:
    """Write a format, from works that come through standard input; the parts go to standard output."""
    # Where it has no session of its own.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(os.dup(1), "wb") as output, collecting_rarely():
        # What a library prints must not come between.
        os.dup2(2, 1)
        while (rows := _received(sys.stdin.buffer)) is not None:
            _send(output, _write_part(name, rows))


def _send(pipe: IO[bytes], what: object) -> None:
    pickle.dump(what, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _received(pipe: IO[bytes]) -> Any:
    """Return what was sent, or None at the end, which may come in the middle of something."""
    with suppress(EOFError, pickle.UnpicklingError):
        return pickle.load(pipe)  # noqa: S301 - from our own process
    return None
