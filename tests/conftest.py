"""Shared by all tests: databases, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from databases import sqlite_url
from hypothesis import HealthCheck, settings

from evidence.store.database import open_database

# On a busy machine everything takes longer: that is no failure.
settings.register_profile("evidence", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("evidence")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server: that of EVIDENCE_TEST_POSTGRES_URL, or one of our own where it is installed."""
    if url := os.environ.get("EVIDENCE_TEST_POSTGRES_URL"):
        yield url
        return
    binaries = _find_postgres()
    if binaries is None:
        pytest.skip("no PostgreSQL: install it, or set EVIDENCE_TEST_POSTGRES_URL")
    # PostgreSQL refuses to run as root.
    user = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="evidence-postgres-"))
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    options = f"-c listen_addresses='' -c fsync=off -k {folder}"
    try:
        _run(user, binaries / "initdb", "-D", data, "-U", "evidence", "-A", "trust", "-E", "UTF8", "--no-sync")
        _run(user, binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start")
        yield f"postgresql://evidence@/postgres?host={folder}"
    finally:
        if (data / "postmaster.pid").exists():
            _run(user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a database with the current schema and no rows."""
    with _making(postgres_server, f"evidence_template_{os.getpid()}") as url:
        open_database(url).dispose()
        yield str(sa.make_url(url).database)


@pytest.fixture
def postgres_url(postgres_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database of its own."""
    with _making(postgres_server, _name_of(request)) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the current schema and no rows, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "test.sqlite3")
        return
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
    with _making(server, _name_of(request), template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/test.sqlite3"
    return request.getfixturevalue("postgres_url")


def _name_of(request: pytest.FixtureRequest) -> str:
    return f"evidence_test_{os.getpid()}_{abs(hash(request.node.nodeid))}"


@contextmanager
def _making(address: str, name: str, template: str = "template1") -> Iterator[str]:
    """Make a database on a server, as a copy of another one, and drop it in the end."""
    server = sa.make_url(address).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    engine.dispose()


def _find_postgres() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in folders if (folder / "pg_ctl").exists() and (folder / "initdb").exists()), None)


def _unprivileged_user() -> str | None:
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(user: str | None, *command: str | Path) -> None:
    done = subprocess.run(
        [*map(str, command)], user=user, cwd="/", capture_output=False, check=False, stdout=subprocess.DEVNULL
    )
    assert done.returncode == 0, command
