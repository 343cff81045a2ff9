"""Makes functions commands: each gets a `Context` made of the shared options first, and returns its exit code."""

from __future__ import annotations

import errno
import inspect
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from evidence.cli.codes import CLEAN, INTERRUPTED
from evidence.cli.context import Color, Context
from evidence.cli.interruption import Interruption
from evidence.errors import EvidenceError

interruption = Interruption()
# What a full disk says, and one that is broken.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
_SHARED = {
    "config": Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Settings file to use.")],
    "database": Annotated[str | None, typer.Option("--database", metavar="URL", help="Database to use.")],
    "quiet": Annotated[bool, typer.Option("--quiet", "-q", help="Hide progress and summary, never errors.")],
    "verbose": Annotated[bool, typer.Option("--verbose", "-v", help="Say what is being done.")],
    "color": Annotated[Color, typer.Option("--color", help="When to colour.")],
}
_DEFAULTS = {"config": None, "database": None, "quiet": False, "verbose": False, "color": Color.AUTO}


def add(group: typer.Typer, name: str, function: Callable[..., int]) -> None:
    """Add a function to a group as a command: it gets a `Context` made of the shared options, then its own options."""
    hints = get_type_hints(function, include_extras=True)
    own = [one.replace(annotation=hints[one.name]) for one in inspect.signature(function).parameters.values()][1:]

    def run(parent: typer.Context, **options: Any) -> None:
        context = Context(**_merge(parent.obj or {}, {key: options.pop(key) for key in _SHARED}))
        _set_up_logging(verbose=context.verbose)
        raise typer.Exit(_run(function, context, options))

    parameters = [
        inspect.Parameter("parent", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
        *(one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own),
        *shared_parameters(),
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    run.__doc__ = function.__doc__
    group.command(name)(run)


def shared_parameters() -> list[inspect.Parameter]:
    """Return the options that stand before a command or behind it."""
    return [
        inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=_DEFAULTS[key], annotation=kind)
        for key, kind in _SHARED.items()
    ]


def _merge(before: dict[str, Any], behind: dict[str, Any]) -> dict[str, Any]:
    """Return the shared options: what stands behind the command, or else before it."""
    return {key: before.get(key, value) if value == _DEFAULTS[key] else value for key, value in behind.items()}


def _run(function: Callable[..., int], context: Context, options: dict[str, Any]) -> int:
    try:
        with interruption.watching(context):
            code = function(context, **options)
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output went away, as `head` does: nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except OSError as error:
        # Every file has a message of its own; what has no name is our output.
        if error.errno not in _FULL or error.filename is not None:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise EvidenceError(
            f"standard output cannot be written: {error.strerror}", "free some space, or name another place"
        ) from error
    except KeyboardInterrupt:
        interruption.tell()
        return INTERRUPTED
    return code


def _set_up_logging(*, verbose: bool) -> None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
        force=True,
    )
    for noisy in ("httpx2", "httpcore2", "alembic", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
