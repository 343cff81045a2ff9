"""New databases for the tests: each a copy of one that was migrated once, since to migrate takes longer than most tests."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import sqlalchemy as sa

from evidence.store.database import open_database


@functools.cache
def migrated() -> bytes:
    """Return the file of a SQLite database with the current schema and no rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "new.sqlite3")
        open_database(f"sqlite:///{path}").dispose()
        return path.read_bytes()


def sqlite_url(path: Path) -> str:
    """Make a database there, and return its address."""
    path.write_bytes(migrated())
    return f"sqlite:///{path}"


def open_new(url: str) -> sa.Engine:
    """Open a database, which is made if it is to be a file and that does not exist."""
    path = sa.make_url(url).database
    if url.startswith("sqlite:") and path and not Path(path).exists():
        sqlite_url(Path(path))
    return open_database(url)
