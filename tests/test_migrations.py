from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

import evidence.store
from evidence.store.database import HEAD, bring_up_to_date, foreign_keys_off, open_database, read_revision, schema_sql
from evidence.store.models import Base

ROOT = Path(__file__).parent.parent
MIGRATIONS = Path(evidence.store.__file__).parent / "migrations"


def test_newest_revision_is_the_one_that_the_program_knows():
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_migrated_database_equals_the_models(database_url):
    engine = open_database(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_migrated_database_equals_one_made_from_the_models(database_url):
    engine = open_database(database_url)
    migrated = _describe(engine)
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
    assert _describe(engine) == migrated
    engine.dispose()


def test_database_without_a_revision_is_migrated(database_url):
    engine = open_database(database_url)
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.exec_driver_sql("DELETE FROM alembic_version")
    bring_up_to_date(engine)
    assert read_revision(engine) == HEAD
    assert sa.inspect(engine).has_table("claim")
    engine.dispose()


def test_schema_file_equals_what_is_created(tmp_path):
    open_database(f"sqlite:///{tmp_path}/a.sqlite3").dispose()
    written = sqlite3.connect(":memory:")
    written.executescript((ROOT / "db/schema.sql").read_text("utf-8"))
    assert _statements(written) == _statements(sqlite3.connect(tmp_path / "a.sqlite3"))
    assert written.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]


def test_schema_file_is_what_the_program_writes():
    assert (ROOT / "db/schema.sql").read_text("utf-8") == schema_sql()


def _statements(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return sorted(" ".join(sql.split()) for (sql,) in rows)


def _describe(engine: sa.Engine) -> dict[str, object]:
    """Return every table with its columns, keys and indexes as the database itself tells them."""
    tables = sa.inspect(engine)
    return {
        name: {
            "columns": [(one["name"], str(one["type"]), one["nullable"]) for one in tables.get_columns(name)],
            "key": tables.get_pk_constraint(name)["constrained_columns"],
            "foreign": sorted(str(sorted(one.items(), key=str)) for one in tables.get_foreign_keys(name)),
            "unique": sorted(
                str(one["name"]) + str(one["column_names"]) for one in tables.get_unique_constraints(name)
            ),
            "indexes": sorted(str(one["name"]) + str(one["column_names"]) for one in tables.get_indexes(name)),
        }
        for name in sorted(Base.metadata.tables)
    }


def test_migration_that_replaces_a_table_keeps_the_rows_that_hang_on_it(tmp_path):
    """SQLite changes a table by making it anew; with foreign keys on, dropping the old one would empty its children."""
    engine = open_database(f"sqlite:///{tmp_path}/a.sqlite3")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO work VALUES (1, 'Kept'"
            + ", NULL" * 8
            + ", '[]', '[]', NULL, '[]', '[]', NULL, '{}', '[]', NULL)"
        )
        connection.exec_driver_sql("INSERT INTO work_identifier VALUES ('doi', '10.1000/x1', 1, 'crossref')")
    with engine.connect() as connection, foreign_keys_off(connection), connection.begin():
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("work", recreate="always") as batch:
            batch.add_column(sa.Column("abstract", sa.Text))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM work_identifier").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()
