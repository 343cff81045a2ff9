"""Where the records of a mirror lie: its files, and the files inside of a tar archive."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

# What is not named so (checksums, read-me files, partial downloads) is not looked into.
_ENDINGS = (".xml", ".xml.gz", ".json", ".json.gz", ".jsonl", ".jsonl.gz")
_TAR = ".tar"
_GZIP = b"\x1f\x8b"
_HEAD_BYTES = 65_536
_BUFFER_BYTES = 1 << 18
_PUBMED_NAME = re.compile(r"pubmed(\d\d)n(\d{4,6})\.xml")


@dataclass(frozen=True, slots=True)
class Found:
    """One file of a mirror."""

    path: str
    size: int
    mtime_ns: int

    @property
    def is_archive(self) -> bool:
        """Whether its records lie in files inside of it."""
        return self.path.endswith(_TAR)


@dataclass(frozen=True, slots=True)
class Place:
    """One run of bytes that holds records: a file, or a file inside of an archive, which begins at `start`."""

    path: str
    start: int
    size: int
    name: str


@dataclass(slots=True)
class Problems:
    """What could not be read, in one line for each file."""

    lines: list[str] = field(default_factory=list)

    def add(self, path: str, message: str) -> None:
        """Note one."""
        self.lines.append(f"{path}: {message}")


def list_files(roots: Sequence[Path], problems: Problems) -> list[Found]:
    """Return the files below the roots that may hold records, sorted; a link that leads out of its root is none.

    Args:
        roots: folders and files, which exist.
        problems: gets what cannot be looked at.
    """
    found: dict[str, Found] = {}
    for root in roots:
        for path in _walk(root, problems):
            try:
                stat = path.stat()
            except OSError as error:
                problems.add(str(path), f"cannot be read: {error.strerror}")
                continue
            found[str(path)] = Found(str(path), stat.st_size, stat.st_mtime_ns)
    return [found[path] for path in sorted(found)]


def _walk(root: Path, problems: Problems) -> Iterator[Path]:
    root = root.resolve()
    if root.is_file():
        yield root
        return

    def report(error: OSError) -> None:
        problems.add(str(error.filename), f"cannot be read: {error.strerror}")

    for folder, _folders, names in os.walk(root, onerror=report):
        for name in names:
            path = Path(folder, name)
            if not name.endswith((*_ENDINGS, _TAR)):
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                problems.add(str(path), "a link that leads out of the mirror is not read")
            elif path.is_file():
                yield path


def head_hash(path: str) -> str:
    """Return a hash of a file's beginning, which tells a file that was only copied from one that is new."""
    with Path(path).open("rb") as file:
        return hashlib.sha256(file.read(_HEAD_BYTES)).hexdigest()


def places_in(found: Found) -> list[Place]:
    """Return where in a file the records lie.

    Raises:
        OSError: it cannot be read.
        tarfile.TarError: it is no tar archive, or a cut one.
    """
    if not found.is_archive:
        return [Place(found.path, 0, found.size, Path(found.path).name)]
    # Only an archive that is not compressed as a whole lets one of its files be read alone.
    with tarfile.open(found.path, "r:") as archive:
        return [
            Place(found.path, member.offset_data, member.size, Path(member.name).name)
            for member in archive
            if member.isreg() and not member.issparse() and member.name.endswith(_ENDINGS)
        ]


@contextmanager
def opened(place: Place) -> Iterator[IO[bytes]]:
    """Open the bytes of a place, unpacked.

    Raises:
        OSError: it cannot be read.
    """
    with Path(place.path).open("rb") as file:
        file.seek(place.start)
        is_packed = file.read(len(_GZIP)) == _GZIP
        file.seek(place.start)
        part = io.BufferedReader(_Part(file, place.size))
        if not is_packed:
            yield part
            return
        with gzip.GzipFile(fileobj=part) as unpacked:
            # Line by line, a GzipFile alone unpacks 8 KB at a time.
            yield io.BufferedReader(cast("io.RawIOBase", unpacked), _BUFFER_BYTES)


class _Part(io.RawIOBase):
    """The next `size` bytes of a file, as if there were no others."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._file.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


def issue_of(name: str) -> tuple[int, int] | None:
    """Return the year and the number in the name of a PubMed file; update files are numbered on from the baseline.

    >>> issue_of("pubmed26n1335.xml.gz"), issue_of("export.xml")
    ((2026, 1335), None)
    """
    match = _PUBMED_NAME.match(name)
    return (2000 + int(match[1]), int(match[2])) if match else None
