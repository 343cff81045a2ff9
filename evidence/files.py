"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

from evidence.errors import ExportError


def write_whole(path: Path, pieces: Iterable[str]) -> None:
    """Write a text file beside its place and move it there: a reader never sees half of it.

    Args:
        path: where it goes; its folder is made if it is missing. A pipe or a device is written to as it stands.
        pieces: the text, written as they come.

    Raises:
        ExportError: the folder or file cannot be written; what was there before is unchanged.
    """
    with _closing(pieces):
        _write_whole(path, pieces)


@contextlib.contextmanager
def _closing(pieces: Iterable[str]) -> Iterator[None]:
    """End what makes the pieces where it is left in the middle: what it reads from may be closed by its own caller."""
    try:
        yield
    finally:
        if isinstance(pieces, Generator):
            pieces.close()


def _write_whole(path: Path, pieces: Iterable[str]) -> None:
    if is_stream(path):
        _write_through(path, pieces)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise ExportError(f"{path}: cannot be written: {error.strerror}", "choose another file with -o") from error
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_mode(path))
        Path(name).replace(path)
    except OSError as error:
        raise ExportError(f"{path}: cannot be written: {error.strerror}", "free some space") from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()


def is_stream(path: Path) -> bool:
    """Tell whether a path is a pipe or a device, such as /dev/stdout: it has no place beside it, and must stay.

    >>> is_stream(Path("/dev/null")), is_stream(Path("no/such/file"))
    (True, False)
    """
    return path.exists() and not path.is_file() and not path.is_dir()


def _write_through(path: Path, pieces: Iterable[str]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
    except OSError as error:
        raise ExportError(f"{path}: cannot be written: {error.strerror}", "choose another file with -o") from error


def _mode(path: Path) -> int:
    """Return the permissions of the file that is replaced, or those that a new file gets."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
