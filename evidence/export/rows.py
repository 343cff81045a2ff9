"""Rows of the store as the driver gives them, also where the bytes in them are damaged.

SQLAlchemy's own rows take as long again as the queries, and one text that is not UTF-8 would end an export of
100,000 works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.orm import Session

_ROWS = 2_000
_NO_TEXT = "Could not decode to UTF-8"
_Read = TypeVar("_Read")


def fetch_rows(session: Session, query: sa.Executable, values: Mapping[str, Any] | None = None) -> list[Any]:
    """Return all rows of a query, for columns of numbers and texts.

    Args:
        session: open.
        query: with names for what `values` gives.
        values: of this time.

    Raises:
        DBAPIError: what the driver says of the database.
    """
    return [row for rows in _fetched(session, query, values=values) for row in rows]


def stream_rows(session: Session, query: sa.Executable, *, at_once: int = _ROWS) -> Iterator[Any]:
    """Yield the rows of a query; memory does not grow with their number.

    Args:
        session: open.
        query: for columns of numbers, texts and bytes.
        at_once: how many are fetched together.

    Raises:
        DBAPIError: what the driver says of the database.
    """
    for rows in _fetched(session, query, at_once=at_once, stream=True):
        yield from rows


def _fetched(
    session: Session,
    query: sa.Executable,
    *,
    at_once: int = _ROWS,
    stream: bool = False,
    values: Mapping[str, Any] | None = None,
) -> Iterator[Sequence[Any]]:
    connection = session.connection()
    if stream and connection.dialect.name == "postgresql":
        # Its driver holds the whole answer unless it is asked for in parts, which only SQLAlchemy's own rows know of.
        options = {"stream_results": True}
        yield from connection.execute(query, execution_options=options).partitions(at_once)
        return
    driver = connection.dialect.loaded_dbapi
    with closing(connection.execute(query, values or {})) as result:
        try:
            while rows := result.cursor.fetchmany(at_once):
                yield rows
        except driver.Error as error:
            raise exc.DBAPIError.instance(str(query), None, error, driver.Error) from error


@contextmanager
def _taking_any_bytes(session: Session) -> Iterator[None]:
    """Read bytes that are no text as halves of characters, which are looked for in each value anyway.

    Only SQLite can hold such.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.driver_connection
    raw.text_factory = _decoded
    try:
        yield
    finally:
        raw.text_factory = str


def read_any_bytes(session: Session, read: Callable[[], _Read]) -> _Read:
    """Return what `read` reads; where it meets bytes that are no text, it is called again and takes any."""
    try:
        return read()
    except exc.DBAPIError as error:
        if _NO_TEXT not in str(error.orig):
            raise
    with _taking_any_bytes(session):
        return read()


def as_bytes(session: Session, column: Any) -> Any:
    """Return a column of texts in a form that SQLite's driver does not decode; `as_text` reads it."""
    return sa.cast(column, sa.LargeBinary) if session.get_bind().dialect.name == "sqlite" else column


def as_text(value: bytes | str) -> str:
    """Return what `as_bytes` gave as a text."""
    return value if isinstance(value, str) else _decoded(value)


def by_bytes(session: Session, column: Any) -> Any:
    """Return a column in an order that is the same in every database, whatever its language."""
    return sa.collate(column, "C" if session.get_bind().dialect.name == "postgresql" else "BINARY")


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
