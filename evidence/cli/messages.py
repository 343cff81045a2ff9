"""Errors -> lines on standard error: what, where, and what to do."""

from __future__ import annotations

import sys
import tempfile
import traceback

from evidence.errors import EvidenceError, PageError
from evidence.terminal import plain


def report(error: EvidenceError) -> None:
    """Print an error in one line, and what to do about it in the next."""
    where = ""
    if isinstance(error, PageError):
        where = f"{error.path}:{error.line}: " if error.line else f"{error.path}: "
    print(plain(f"error: {where}{error.message}"), file=sys.stderr)
    if error.hint:
        print(plain(f"  hint: {error.hint}"), file=sys.stderr)


def report_fault(error: Exception) -> None:
    """Say that the fault is ours, and leave the trace in a file rather than on the screen.

    What other code says of an error may quote a page or a registry, and with it a key: no message is passed on.
    """
    with tempfile.NamedTemporaryFile("w", prefix="evidence-", suffix=".log", delete=False, encoding="utf-8") as log:
        cause: BaseException | None = error
        while cause is not None:
            log.writelines((*traceback.format_tb(cause.__traceback__), f"{type(cause).__name__}\n"))
            cause = cause.__cause__ or cause.__context__
    print(f"fault of ours: {type(error).__name__}", file=sys.stderr)
    print(f"  hint: please report it with the trace in {log.name}", file=sys.stderr)
