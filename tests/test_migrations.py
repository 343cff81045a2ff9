from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
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


def test_migrated_database_equals_the_models(empty_database_url):
    engine = open_database(empty_database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_migrated_database_equals_one_made_from_the_models(empty_database_url):
    engine = open_database(empty_database_url)
    migrated = _describe(engine)
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
    assert _describe(engine) == migrated
    engine.dispose()


def test_database_without_a_revision_is_migrated(empty_database_url):
    engine = open_database(empty_database_url)
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
            + ", '[]', '[]', NULL, '[]', '[]', NULL, '{}', '[]', NULL, NULL)"
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


def test_verdicts_of_before_their_history_are_kept_with_when_they_held(empty_database_url):
    """Every audit wrote all verdicts anew then: each held until the next audit, the last ones hold still."""
    engine = open_database(empty_database_url)
    with engine.begin() as connection:
        command.downgrade(_config(connection), "0004")
        for number, kind in enumerate(("refresh", "audit", "refresh", "audit"), 1):
            run = "INSERT INTO run VALUES (%s, '%s', '2026-11-20 10:00:00', '2026-11-20 10:00:00', '3', '{}')"
            connection.exec_driver_sql(run % (number, kind))
        connection.exec_driver_sql("INSERT INTO page VALUES (1, 'a.md', 'x', '1', 'markdown', NULL, '{}', '[]', NULL)")
        connection.exec_driver_sql(
            "INSERT INTO claim VALUES ('c1', 1, 0, 'sentence', '[]', 7, 0, 9, 'Bone is lost.', '[]', NULL)"
        )
        for number, (run, claim) in enumerate(((2, "c1"), (2, "gone"), (4, "c1")), 1):
            row = "INSERT INTO verdict VALUES (%s, %s, '%s', 'single-study', NULL, 1, '[]', '[]', 'hash', '3')"
            connection.exec_driver_sql(row % (number, run, claim))
    bring_up_to_date(engine)
    with engine.connect() as connection:
        query = "SELECT run_id, until_run_id, claim_id, path, line, text, status, inputs FROM verdict ORDER BY id"
        rows = [tuple(row) for row in connection.exec_driver_sql(query)]
    bone = ("a.md", 7, "Bone is lost.", "single-study", "hash")
    assert rows == [
        (2, 4, "c1", *bone),
        (2, 4, "gone", None, None, None, "single-study", "hash"),
        (4, None, "c1", *bone),
    ]
    engine.dispose()


def test_disputes_of_before_are_read_from_their_texts(empty_database_url):
    """Works in dispute are made anew together: without these rows the second of two would take what the first has."""
    engine = open_database(empty_database_url)
    text = '["doi:10.1/a (crossref) / doi:10.1/b (pubmed)"]'
    with engine.begin() as connection:
        command.downgrade(_config(connection), "0003")
        for number, said in ((1, text), (2, "[]")):
            connection.exec_driver_sql(
                "INSERT INTO work (id, publication_types, mesh, issn, isbn, field_sources, conflicts) "
                f"VALUES ({number}, '[]', '[]', '[]', '[]', '{{}}', '{said}')"
            )
    bring_up_to_date(engine)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT work_id, scheme, value FROM dispute ORDER BY value").all()
    assert [tuple(row) for row in rows] == [(1, "doi", "10.1/a"), (1, "doi", "10.1/b")]
    engine.dispose()


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
