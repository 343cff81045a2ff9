"""The index of mirrors: which record of which file holds an identifier.

One SQLite file in the user's cache, for all mirrors and all vaults: a mirror belongs to no vault, is often read-only
and shared, and its index can be made anew. An identifier is kept as 63 bits of a hash, for a row of 50 bytes in all;
what it leads to is compared with the identifier itself before it counts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import platformdirs

from evidence.errors import StoreError
from evidence.mirror.files import Found, Place
from evidence.records import Reference
from evidence.vocabulary import Scheme, Source

_VERSION = 1
_SCHEMA = """
CREATE TABLE unit (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL, start INTEGER NOT NULL, size INTEGER NOT NULL, name TEXT NOT NULL,
    file_size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, head TEXT NOT NULL,
    is_read INTEGER NOT NULL DEFAULT 0, source TEXT, rank TEXT, dated TEXT, records INTEGER NOT NULL DEFAULT 0,
    problem TEXT, first_row INTEGER, last_row INTEGER,
    UNIQUE (path, start)
);
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    key INTEGER NOT NULL, unit INTEGER NOT NULL, place INTEGER NOT NULL, length INTEGER NOT NULL,
    pmid INTEGER NOT NULL, version INTEGER NOT NULL
);
"""
_FIELDS = 5
_WAIT_S = 60
_CHUNK = 500


class Hit(NamedTuple):
    """One record that an identifier may lead to."""

    key: int
    unit: int
    place: int
    length: int
    pmid: int
    version: int


@dataclass(frozen=True, slots=True)
class Unit:
    """One place of records, and what is known of it since it was read."""

    id: int
    place: Place
    mtime_ns: int
    is_read: bool
    source: Source | None
    rank: str
    dated: dt.datetime | None
    records: int
    problem: str | None


@dataclass(slots=True)
class Reading:
    """What one reading of a place brought.

    `rows` holds five numbers for each identifier: key, offset, length, PMID, version.
    """

    source: Source | None
    rank: str
    dated: dt.datetime
    rows: array[int]
    records: int
    problem: str | None


def default_path() -> Path:
    """Return where the index lies: in the user's cache, which XDG_CACHE_HOME can move."""
    return platformdirs.user_cache_path("evidence") / "mirror.sqlite3"


def key_of(reference: Reference) -> int:
    """Return the number by which an identifier is found: a PMID's own, for others the hash of it, below zero.

    >>> key_of(Reference(Scheme.PMID, "123")), key_of(Reference(Scheme.DOI, "10.1/x")) < 0
    (123, True)
    """
    scheme, value = reference
    if scheme is Scheme.PMID and value.isascii() and value.isdigit() and len(value) <= 10:  # noqa: PLR2004  # 8 today
        return int(value)
    digest = hashlib.blake2b(f"{scheme}:{value}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return -1 - (int.from_bytes(digest, "big") >> 1)


@contextmanager
def opened(path: Path) -> Iterator[Index]:
    """Open the index, made where there is none.

    Raises:
        StoreError: it cannot be opened or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, error) from error
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        index = Index(connection)
        index.prepare()
        yield index
    except sqlite3.Error as error:
        raise _unusable(path, error) from error
    finally:
        connection.close()


def _unusable(path: Path, error: Exception) -> StoreError:
    hint = "free some space, set XDG_CACHE_HOME to a folder that can be written, or delete the index: it is made anew"
    return StoreError(f"{path}: the index of mirrors cannot be used: {error}", hint)


class Index:
    """An open index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def prepare(self) -> None:
        """Make the tables, or make them anew where another version of the program made them."""
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version == _VERSION:
            return
        with self._transaction():
            for name in ("unit", "entry"):
                self._connection.execute(f"DROP TABLE IF EXISTS {name}")
            for statement in _SCHEMA.split(";"):
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {_VERSION}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield

    def units(self) -> list[Unit]:
        """Return all places, in the order of their files."""
        rows = self._connection.execute(
            "SELECT id, path, start, size, name, mtime_ns, is_read, source, rank, dated, records, problem"
            " FROM unit ORDER BY path, start"
        )
        return [
            Unit(
                id=number,
                place=Place(path, start, size, name),
                mtime_ns=mtime_ns,
                is_read=bool(is_read),
                source=Source(source) if source else None,
                rank=rank or "",
                dated=dt.datetime.fromisoformat(dated) if dated else None,
                records=records,
                problem=problem,
            )
            for number, path, start, size, name, mtime_ns, is_read, source, rank, dated, records, problem in rows
        ]

    def files(self) -> dict[str, tuple[int, int, str]]:
        """Return size, time of change and hash of the beginning of each file that is known."""
        rows = self._connection.execute("SELECT path, file_size, mtime_ns, head FROM unit GROUP BY path")
        return {path: (size, mtime_ns, head) for path, size, mtime_ns, head in rows}

    def replace_file(self, found: Found, head: str, places: Sequence[Place]) -> None:
        """Note where the records of a new or changed file are to be read from."""
        with self._transaction():
            self._remove(found.path)
            self._connection.executemany(
                "INSERT INTO unit (path, start, size, name, file_size, mtime_ns, head) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(one.path, one.start, one.size, one.name, found.size, found.mtime_ns, head) for one in places],
            )

    def touch_file(self, found: Found) -> None:
        """Note the new time of change of a file that is otherwise as it was."""
        with self._transaction():
            self._connection.execute("UPDATE unit SET mtime_ns = ? WHERE path = ?", (found.mtime_ns, found.path))

    def remove_file(self, path: str) -> None:
        """Forget a file that is gone."""
        with self._transaction():
            self._remove(path)

    def _remove(self, path: str) -> None:
        rows = self._connection.execute("SELECT first_row, last_row FROM unit WHERE path = ?", (path,)).fetchall()
        # The rows of one place were written in one go, so they stand together.
        self._connection.executemany(
            "DELETE FROM entry WHERE id BETWEEN ? AND ?", [row for row in rows if row[0] is not None]
        )
        self._connection.execute("DELETE FROM unit WHERE path = ?", (path,))

    def write(self, unit: Unit, reading: Reading) -> None:
        """Write what a place holds, all of it or nothing."""
        with self._transaction():
            row = self._connection.execute("SELECT is_read FROM unit WHERE id = ?", (unit.id,)).fetchone()
            if row != (0,):
                # Another process has read or replaced it meanwhile.
                return
            (last,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()
            count = len(reading.rows) // _FIELDS
            self._connection.executemany(
                "INSERT INTO entry (id, key, place, length, pmid, version, unit) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (last + 1 + number, *reading.rows[number * _FIELDS : (number + 1) * _FIELDS], unit.id)
                    for number in range(count)
                ),
            )
            self._connection.execute(
                "UPDATE unit SET is_read = 1, source = ?, rank = ?, dated = ?, records = ?, problem = ?,"
                " first_row = ?, last_row = ? WHERE id = ?",
                (
                    reading.source, reading.rank, reading.dated.isoformat(), reading.records, reading.problem,
                    last + 1 if count else None, last + count if count else None, unit.id,
                ),
            )  # fmt: skip

    def drop_keys(self) -> None:
        """Drop the order by key, which would make the writing of many places slower and slower."""
        with self._transaction():
            self._connection.execute("DROP INDEX IF EXISTS entry_key")

    def make_keys(self) -> None:
        """Put the entries in order by key, which finding needs."""
        with self._transaction():
            self._connection.execute("CREATE INDEX IF NOT EXISTS entry_key ON entry (key)")

    def find(self, keys: Iterable[int]) -> list[Hit]:
        """Return every record that these keys may lead to."""
        wanted = sorted(set(keys))
        found: list[Hit] = []
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(part))
            query = f"SELECT key, unit, place, length, pmid, version FROM entry WHERE key IN ({marks})"  # noqa: S608
            found += [Hit(*row) for row in self._connection.execute(query, part)]
        return found
