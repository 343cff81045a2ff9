"""Alembic's entry: runs the revisions on the connection that `store/database.py` hands in.

For a new revision, from the project's folder, with a database that stands at the newest one:
`python -m alembic --config pyproject.toml revision --autogenerate --rev-id 0002 -m "..."`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import context

from evidence.config import load_settings
from evidence.store.database import open_database
from evidence.store.models import Base


@contextlib.contextmanager
def connected() -> Iterator[sa.Connection]:
    """Open the program's connection, or from Alembic's own command line one of the settings' database."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        yield connection
        return
    loaded = load_settings()
    with open_database(loaded.settings.database.url, folder=loaded.folder, create=False).connect() as opened:
        yield opened


def run() -> None:
    """Run the revisions that were asked for, all in one transaction."""
    with connected() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()


# Alembic gives the module this name. Under any other it is only read, by a test runner or a checker.
if __name__ == "env_py":
    run()
