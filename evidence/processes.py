"""Processes beside this one, for work that one core is too slow for."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from types import ModuleType
from typing import Any

from evidence.errors import ProcessError


@contextmanager
def pooled(jobs: int, module: str) -> Iterator[ProcessPoolExecutor]:
    """Start processes that leave Ctrl-C to this one, and end when it ends, even if it is killed.

    They are ready a while later: until then what they will be asked can be made, and `submit` waits for them.

    Where the work is broken off, they are ended in the middle of theirs: their results would be thrown away.

    Args:
        jobs: how many.
        module: what they will need, loaded once for all of them where the system can.

    Raises:
        ProcessError: one of them was ended from outside, as a system does that has no memory left.
    """
    others = set(multiprocessing.active_children())
    pool = _Pool(jobs, mp_context=_context(module), initializer=_begin_worker)
    is_done = False
    try:
        yield pool
        is_done = True
    except BrokenProcessPool as error:
        raise ProcessError(
            "a process that did part of the work was ended from outside",
            "the memory may have run out: free some and run it again",
        ) from error
    finally:
        if not is_done:
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            _let_go(pool)
        pool.shutdown(cancel_futures=True)


class _Pool(ProcessPoolExecutor):
    """Processes that do not run the program of this one again: a script without a guard would start others in each."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Start a process if there are too few, and give them the work; a function of a module, which they load."""
        program = sys.modules["__main__"]
        # They are told to load what stands here when they start.
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            with _same_path():
                return super().submit(fn, *args, **kwargs)
        finally:
            sys.modules["__main__"] = program


def _context(module: str) -> BaseContext:
    """Return how processes are started: never by a fork of this one, which would copy the database's lock with it."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver, resource_tracker  # noqa: PLC0415 - not on every system

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module])
    # At once, and not with the first work: it loads the module while that is made.
    with _same_path():
        # First, since it lets Ctrl-C through again when it has started its own process.
        resource_tracker.ensure_running()
        # Those that start then are without Ctrl-C from the first moment, before they can leave it to this one.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return context


@contextmanager
def _same_path() -> Iterator[None]:
    """Let processes that start meanwhile load what this one would.

    By themselves they look in the folder first in which this one runs: a vault, whose files nobody may run as programs.
    """
    names = {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _let_go(pool: ProcessPoolExecutor) -> None:
    """Close the end at which the processes read: Python 3.11.2 waits forever for one that is gone to take its work."""
    queue = getattr(pool, "_call_queue", None)
    if queue is not None:
        queue._reader.close()  # noqa: SLF001 - as later versions of Python do


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, and do not outlive it: a killed parent cannot end its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
