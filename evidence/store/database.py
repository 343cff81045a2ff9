"""Opens the database, brings its schema up to date, and keeps two refreshes apart. Alone makes an engine."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.orm import Session

from evidence.errors import StoreError

# The newest revision in migrations/versions; a test keeps them equal. It stands here so that opening a current
# database does not import Alembic, which takes longer than reading an unchanged vault.
HEAD = "0013"
BUSY_TIMEOUT_S = 10.0
_USUAL_CACHE_KIB = 2_000
_LARGE_CACHE_KIB = 128_000
REFRESH_WAIT_S = 30.0
# The registries count the requests of any one second, and a request of a killed run may still be on its way to them.
_REGISTRIES_FORGET_S = 1.25
_MIGRATIONS = Path(__file__).with_name("migrations")
# Any constant that no other program uses: PostgreSQL's advisory locks are named by a number.
_MIGRATION_LOCK, _REFRESH_LOCK = 0x45564944_0001, 0x45564944_0002
_MEMORY = {None, "", ":memory:"}


def open_database(url: str, *, folder: Path | None = None, create: bool = True) -> sa.Engine:
    """Return an engine on a database whose schema is the current one, making and upgrading it as needed.

    Args:
        url: `sqlite:///path` or `postgresql://user@host/name`.
        folder: where a relative path in a SQLite address starts; default is the working folder.
        create: False refuses a SQLite database that does not exist yet.

    Raises:
        StoreError: the database cannot be opened, is locked, is newer than the program, or is another program's.

    >>> open_database("sqlite://").dialect.name
    'sqlite'
    """
    address = _read_address(url, folder or Path.cwd())
    if address.get_backend_name() == "sqlite":
        engine = _open_sqlite(address, create=create)
    else:
        engine = _open_postgresql(address)
    with contextlib.ExitStack() as on_failure:
        on_failure.callback(engine.dispose)
        with store_errors(engine):
            bring_up_to_date(engine)
        on_failure.pop_all()
    return engine


def bring_up_to_date(engine: sa.Engine) -> None:
    """Run the migrations that the database has not had; all of them in one transaction.

    Raises:
        StoreError: the database is newer than the program, or another program's.
    """
    with engine.connect() as connection:
        if _read_revision(connection) == HEAD:
            return
    if engine.dialect.name == "sqlite":
        _use_write_ahead_log(engine)
    with engine.connect() as connection, foreign_keys_off(connection):
        connection = connection.execution_options(begin="IMMEDIATE")  # noqa: PLW2901 - the same connection
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            # Another process may have upgraded it while this one waited for the lock.
            if _read_revision(connection) != HEAD:
                _migrate(connection)
                _check_foreign_keys(connection)


def read_revision(engine: sa.Engine) -> str | None:
    """Return the revision of the database's schema, None where it has no tables yet."""
    with engine.connect() as connection:
        return _read_revision(connection)


def schema_sql() -> str:
    """Return the SQL that creates the current schema in SQLite, read from a database made by the migrations.

    >>> "CREATE TABLE claim (" in schema_sql()
    True
    """
    with open_database("sqlite://").connect() as connection:
        made = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
        ).scalars()
        statements = ["\n".join(line.rstrip() for line in one.splitlines()) for one in made]
    statements.append(f"INSERT INTO alembic_version (version_num) VALUES ('{HEAD}')")  # noqa: S608 - a constant of ours
    title = "-- The tables of the database, as SQLite has them. Written by `evidence db schema`; do not edit.\n\n"
    return title + ";\n\n".join(statements) + ";\n"


@contextlib.contextmanager
def writing(engine: sa.Engine) -> Iterator[Session]:
    """Open a session for one transaction that writes: committed at the end, undone on an error.

    SQLite is told at once that this transaction writes. Otherwise one that has read before another process wrote
    fails on its first write, however long it would wait.
    """
    with Session(engine.execution_options(begin="IMMEDIATE"), expire_on_commit=False) as session, session.begin():
        yield session


@contextlib.contextmanager
def writing_much(engine: sa.Engine) -> Iterator[Session]:
    """Open a session as `writing` does, for rows of a whole vault whose names come in no order.

    With SQLite's usual cache such an index is read and written again page by page.
    """
    with writing(engine) as session:
        if engine.dialect.name != "sqlite":
            yield session
            return
        session.execute(sa.text(f"PRAGMA cache_size = -{_LARGE_CACHE_KIB}"))
        yield session
        # Not after an error, which this would hide: the cache is a limit, and may stay.
        session.execute(sa.text(f"PRAGMA cache_size = -{_USUAL_CACHE_KIB}"))


@contextlib.contextmanager
def reading(engine: sa.Engine) -> Iterator[Session]:
    """Open a session that sees one state of the database from its first query to its end."""
    with Session(engine) as session:
        yield session


@contextlib.contextmanager
def store_errors(engine: sa.Engine) -> Iterator[None]:
    """Turn what a database says when it is locked, full, broken or gone into a StoreError.

    Raises:
        StoreError: with the database's place and what to do. A fault of ours in a statement is let through.
    """
    try:
        yield
    except exc.DBAPIError as error:
        translated = _translate(error, engine.url)
        if translated is None:
            raise
        raise translated from error


@contextlib.contextmanager
def holding_refresh(
    engine: sa.Engine,
    *,
    wait_s: float = REFRESH_WAIT_S,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Hold the database for one refresh: a second one waits, and says who holds it when it has waited enough.

    The lock is the operating system's (a file beside a SQLite database) or the server's (PostgreSQL), so it is free
    again when its holder dies, however that happens.

    Refreshes take turns, so that the registries' limits hold for all of them together: one that follows another at
    once, because it waited for it or because the other was stopped, begins when the registries have forgotten it.

    Args:
        engine: the database.
        wait_s: how long to wait for another refresh to end.
        on_wait: called once with who holds the database, before waiting.

    Raises:
        StoreError: another refresh still holds the database.
    """
    holding: contextlib.AbstractContextManager[bool]
    if engine.dialect.name == "postgresql":
        holding = _holding_advisory_lock(engine, wait_s, on_wait)
    elif engine.url.database in _MEMORY:
        holding = contextlib.nullcontext(enter_result=False)
    else:
        holding = _holding_file(Path(f"{engine.url.database}.lock"), wait_s, on_wait)
    with holding as has_waited:
        if has_waited or _was_stopped(engine):
            time.sleep(_REGISTRIES_FORGET_S)
        yield


def place_of(url: sa.URL) -> str:
    """Return where a database is, as a user may see it: a path, or an address without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "the database in memory"
    return url.render_as_string(hide_password=True)


# --- opening -----------------------------------------------------------------------------------------------------


def _read_address(url: str, folder: Path) -> sa.URL:
    try:
        address = sa.make_url(url)
    except (exc.ArgumentError, ValueError) as error:
        # The text is not repeated: it may hold a password.
        raise StoreError(
            "the database's address cannot be read",
            "write [database] url as sqlite:///db/evidence.sqlite3 or postgresql://user@host/name",
        ) from error
    backend = address.drivername.partition("+")[0]
    if backend in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise StoreError(
            f"{backend} databases are not supported",
            "write [database] url as sqlite:///db/evidence.sqlite3 or postgresql://user@host/name",
        )
    address = address.set(drivername="sqlite+pysqlite")
    if address.database in _MEMORY:
        return address
    return address.set(database=str((folder / str(address.database)).absolute()))


def _open_sqlite(address: sa.URL, *, create: bool) -> sa.Engine:
    if address.database not in _MEMORY:
        _prepare_file(Path(str(address.database)), create=create)
    engine = sa.create_engine(address, connect_args={"timeout": BUSY_TIMEOUT_S}, json_serializer=_to_json)

    @sa.event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        # Python's sqlite3 begins transactions by itself, but not before DDL: half of a failed migration would stay.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")

    @sa.event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")

    return engine


def _prepare_file(path: Path, *, create: bool) -> None:
    try:
        if path.is_dir():
            raise StoreError(f"{path} is a folder, not a database", "give [database] url the name of a file")
        if not path.exists():
            if not create:
                raise StoreError(
                    f"{path}: there is no database yet", "run `evidence refresh` to read your pages into one"
                )
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{path}: the database cannot be made there: {error.strerror}",
            "choose another place with [database] url or --database",
        ) from error


def _open_postgresql(address: sa.URL) -> sa.Engine:
    try:
        import psycopg  # noqa: F401, PLC0415 - installed only where PostgreSQL is used
    except ImportError as error:
        raise StoreError(
            "PostgreSQL needs the package psycopg, which is not installed",
            "install it with: pip install 'litevidence[postgres]'",
        ) from error
    who = f"evidence {socket.gethostname()}:{os.getpid()}"[:63]
    return sa.create_engine(
        address,
        pool_pre_ping=True,
        json_serializer=_to_json,
        connect_args={"connect_timeout": int(BUSY_TIMEOUT_S), "application_name": who},
    )


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _use_write_ahead_log(engine: sa.Engine) -> None:
    """Let readers read while one process writes. SQLite does not wait for this lock by itself, so we do."""
    until = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        with engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            try:
                raw.execute("PRAGMA journal_mode = WAL").fetchall()
            except raw.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise exc.OperationalError("PRAGMA journal_mode = WAL", None, error) from error
            else:
                return
        time.sleep(0.05)


# --- migrations --------------------------------------------------------------------------------------------------


def _read_revision(connection: sa.Connection) -> str | None:
    tables = sa.inspect(connection)
    if not tables.has_table("alembic_version"):
        if others := sorted(tables.get_table_names()):
            raise StoreError(
                f"{place_of(connection.engine.url)} is a database of another program: it has a table `{others[0]}`",
                "choose another file with [database] url or --database",
            )
        return None
    revision = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    if revision is not None and not _is_known(str(revision)):
        raise StoreError(
            f"{place_of(connection.engine.url)} is newer than this program: its schema is {revision}, ours {HEAD}",
            "upgrade the program: pip install --upgrade litevidence",
        )
    return None if revision is None else str(revision)


def _is_known(revision: str) -> bool:
    return revision <= HEAD and any(_MIGRATIONS.glob(f"versions/{revision}_*.py"))


def _migrate(connection: sa.Connection) -> None:
    from alembic import command  # noqa: PLC0415 - only a new or old database needs it
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextlib.contextmanager
def foreign_keys_off(connection: sa.Connection) -> Iterator[None]:
    """Keep SQLite from deleting the rows that hang on a table while a migration replaces that table."""
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        if connection.dialect.name == "sqlite":
            raw.execute("PRAGMA foreign_keys = ON")


def _check_foreign_keys(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError(
            f"{place_of(connection.engine.url)} could not be upgraded: rows point at rows that do not exist",
            "nothing was changed; restore a backup or make a new database with `evidence refresh`",
        )


# --- keeping refreshes apart -------------------------------------------------------------------------------------


def _was_stopped(engine: sa.Engine) -> bool:
    """Tell whether the last refresh did not come to its end."""
    last = "SELECT finished_at FROM run WHERE command = 'refresh' ORDER BY id DESC LIMIT 1"
    with engine.connect() as connection:
        row = connection.exec_driver_sql(last).first()
    return row is not None and row[0] is None


def _holder_text(holder: dict[str, Any]) -> str:
    return f"process {holder.get('pid', '?')} on {holder.get('host', '?')} since {holder.get('since', '?')}"


def _still_held(place: str, holder: str) -> StoreError:
    return StoreError(
        f"{place}: another refresh holds the database: {holder}",
        "wait until it ends, then start again; what it did is kept",
    )


@contextlib.contextmanager
def _holding_file(path: Path, wait_s: float, on_wait: Callable[[str], None] | None) -> Iterator[bool]:
    """Hold a lock file; tell whether it had to be waited for."""
    try:
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written: {error.strerror}",
            "the folder of a SQLite database must be writable",
        ) from error
    with file:
        until = time.monotonic() + wait_s
        has_waited = False
        while not _try_lock(file):
            holder = _read_holder(path)
            if time.monotonic() >= until:
                raise _still_held(str(path.with_suffix("")), holder)
            if on_wait is not None and not has_waited:
                on_wait(holder)
            has_waited = True
            time.sleep(0.1)
        _write_holder(file)
        try:
            yield has_waited
        finally:
            # The file stays: removing it would let a third process lock another file of the same name.
            file.truncate(0)


def _write_holder(file: TextIO) -> None:
    file.truncate(0)
    since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    json.dump({"pid": os.getpid(), "host": socket.gethostname(), "since": since}, file)
    file.flush()


def _read_holder(path: Path) -> str:
    try:
        holder = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        holder = {}
    return _holder_text(holder if isinstance(holder, dict) else {})


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: TextIO) -> bool:
        # A byte far beyond the text: Windows keeps others from reading what is locked.
        file.seek(1 << 20)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: TextIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
                return False
            raise StoreError(
                f"{file.name}: cannot be locked: {error.strerror}",
                "put the database on a local disk, or use PostgreSQL",
            ) from error
        return True


@contextlib.contextmanager
def _holding_advisory_lock(engine: sa.Engine, wait_s: float, on_wait: Callable[[str], None] | None) -> Iterator[bool]:
    """Hold a lock of the server's; tell whether it had to be waited for."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        until = time.monotonic() + wait_s
        has_waited = False
        while not connection.execute(sa.select(sa.func.pg_try_advisory_lock(_REFRESH_LOCK))).scalar():
            holder = _find_advisory_holder(connection)
            if time.monotonic() >= until:
                raise _still_held(place_of(engine.url), holder)
            if on_wait is not None and not has_waited:
                on_wait(holder)
            has_waited = True
            time.sleep(0.1)
        try:
            yield has_waited
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_REFRESH_LOCK)))


def _find_advisory_holder(connection: sa.Connection) -> str:
    row = connection.execute(
        sa.text(
            "SELECT a.application_name, a.backend_start FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
            " AND (l.classid::bigint << 32) + l.objid::bigint = :key"
        ),
        {"key": _REFRESH_LOCK},
    ).first()
    if row is None:
        return _holder_text({})
    host, _, pid = row.application_name.removeprefix("evidence ").rpartition(":")
    return _holder_text({"pid": pid, "host": host, "since": row.backend_start.isoformat(timespec="seconds")})


# --- errors ------------------------------------------------------------------------------------------------------

# What SQLite says, and what a user can do about it.
_SQLITE_MESSAGES = (
    ("file is not a database", "is not a SQLite database", "choose another file with [database] url or --database"),
    ("database is locked", "is locked by another program", "wait until it ends or close it, then start again"),
    ("unable to open database", "cannot be opened", "check that the file and its folder may be written"),
    ("readonly database", "cannot be written", "check that the file and its folder may be written"),
    ("malformed", "is damaged", "restore a backup, or move it away and run `evidence refresh` to make it anew"),
    ("disk is full", "cannot grow: the disk is full", "free some space and start again; what was done is kept"),
    ("disk i/o error", "cannot be read or written: the disk reports an error", "check the disk, then start again"),
)


def _translate(error: exc.DBAPIError, url: sa.URL) -> StoreError | None:
    """Return the StoreError for what a user can mend, None for a statement that is wrong."""
    said = str(error.orig).lower()
    place = place_of(url)
    if url.get_backend_name() == "sqlite":
        for words, message, hint in _SQLITE_MESSAGES:
            if words in said:
                return StoreError(f"{place} {message}", hint)
        return None
    if isinstance(error, exc.OperationalError | exc.InterfaceError):
        reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no answer"
        return StoreError(f"{place}: {reason}", "check that the server runs and that [database] url is right")
    return None
