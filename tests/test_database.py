from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from evidence.errors import StoreError
from evidence.store import models
from evidence.store.database import (
    HEAD,
    holding_refresh,
    open_database,
    read_revision,
    reading,
    store_errors,
    writing,
)

ROOT = Path(__file__).parent.parent


def test_relative_path_starts_at_the_folder_of_the_settings(tmp_path):
    open_database("sqlite:///db/evidence.sqlite3", folder=tmp_path).dispose()
    assert (tmp_path / "db/evidence.sqlite3").is_file()


def test_new_database_has_the_newest_schema(empty_database_url):
    engine = open_database(empty_database_url)
    assert read_revision(engine) == HEAD
    engine.dispose()


def test_opening_twice_keeps_what_is_there(empty_database_url):
    engine = open_database(empty_database_url)
    with writing(engine) as session:
        session.add(models.Work(title="Kept"))
    engine.dispose()
    engine = open_database(empty_database_url)
    with reading(engine) as session:
        assert session.scalars(sa.select(models.Work.title)).all() == ["Kept"]
    engine.dispose()


def test_sqlite_writes_ahead_and_checks_foreign_keys(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/a.sqlite3")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_failed_transaction_leaves_no_table_behind(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/a.sqlite3")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")
        connection.rollback()
    assert not sa.inspect(engine).has_table("half")
    engine.dispose()


def test_opening_a_current_database_does_not_import_alembic(tmp_path):
    url = f"sqlite:///{tmp_path}/a.sqlite3"
    open_database(url).dispose()
    code = "import sys; from evidence.store.database import open_database as o; o(sys.argv[1]); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, url], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_missing_database_is_refused_where_none_may_be_made(tmp_path):
    with pytest.raises(StoreError, match="no database yet") as caught:
        open_database("sqlite:///none.sqlite3", folder=tmp_path, create=False)
    assert "evidence refresh" in caught.value.hint


def test_file_that_is_no_database_is_refused_and_kept(tmp_path):
    file = tmp_path / "notes.md"
    file.write_text("# Not a database, and long enough to have a header\n" * 40)
    with pytest.raises(StoreError, match="is not a SQLite database"):
        open_database(f"sqlite:///{file}")
    assert file.read_text().startswith("# Not a database")


def test_folder_in_place_of_the_database_is_refused(tmp_path):
    with pytest.raises(StoreError, match="is a folder"):
        open_database(f"sqlite:///{tmp_path}")


def test_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "db").write_text("a file where a folder should be")
    with pytest.raises(StoreError, match="cannot be made there") as caught:
        open_database("sqlite:///db/evidence.sqlite3", folder=tmp_path)
    assert caught.value.hint


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "db").mkdir(mode=0o500)
    with pytest.raises(StoreError, match="cannot be"):
        open_database("sqlite:///db/evidence.sqlite3", folder=tmp_path)


def test_database_of_a_newer_program_is_refused(empty_database_url):
    engine = open_database(empty_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(StoreError, match="newer than this program") as caught:
        open_database(empty_database_url)
    assert "upgrade" in caught.value.hint


def test_database_of_another_program_is_refused_and_kept(tmp_path):
    with sqlite3.connect(tmp_path / "a.sqlite3") as connection:
        connection.execute("CREATE TABLE moz_places (id INTEGER)")
    with pytest.raises(StoreError, match=r"another program.*moz_places"):
        open_database(f"sqlite:///{tmp_path}/a.sqlite3")


def test_locked_database_is_one_message(tmp_path, monkeypatch):
    monkeypatch.setattr("evidence.store.database.BUSY_TIMEOUT_S", 0.1)
    holder = sqlite3.connect(tmp_path / "a.sqlite3", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="is locked by another program"):
        open_database(f"sqlite:///{tmp_path}/a.sqlite3")
    holder.close()


def test_damaged_database_is_one_message(tmp_path):
    file = tmp_path / "a.sqlite3"
    engine = open_database(f"sqlite:///{file}")
    engine.dispose()
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        open_database(f"sqlite:///{file}")


@pytest.mark.parametrize("url", ["mysql://host/name", "not an address", "", "sqlite//"])
def test_address_of_no_known_database_is_refused_without_repeating_it(url):
    with pytest.raises(StoreError) as caught:
        open_database(url)
    assert "sqlite:///" in caught.value.hint


def test_server_that_does_not_answer_is_one_message_without_the_password():
    with pytest.raises(StoreError) as caught:
        open_database("postgresql://me:secret@127.0.0.1:1/none")
    assert "127.0.0.1" in caught.value.message
    assert "secret" not in caught.value.message


def test_wrong_statement_is_a_fault_of_ours_and_not_the_users(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/a.sqlite3")
    with pytest.raises(sa.exc.OperationalError), store_errors(engine), engine.connect() as connection:
        connection.exec_driver_sql("SELECT nothing FROM nowhere")
    engine.dispose()


def test_many_may_open_a_new_database_at_once(empty_database_url):
    with ThreadPoolExecutor(8) as pool:
        engines = list(pool.map(open_database, [empty_database_url] * 8))
    assert {read_revision(engine) for engine in engines} == {HEAD}
    for engine in engines:
        engine.dispose()


def test_second_refresh_says_who_holds_the_database(empty_database_url):
    engine, other = open_database(empty_database_url), open_database(empty_database_url)
    with (
        holding_refresh(engine),
        pytest.raises(StoreError, match=rf"process {os.getpid()} on .* since 20"),
        holding_refresh(other, wait_s=0.2),
    ):
        pass
    engine.dispose()
    other.dispose()


def test_second_refresh_goes_on_when_the_first_ends(empty_database_url):
    engine, other = open_database(empty_database_url), open_database(empty_database_url)
    told = []
    with ThreadPoolExecutor(1) as pool:
        with holding_refresh(engine):
            waiting = pool.submit(_hold_shortly, other, told)
            time.sleep(0.3)
        assert waiting.result(5)
    assert str(os.getpid()) in told[0]
    engine.dispose()
    other.dispose()


def test_killed_refresh_frees_the_database(empty_database_url):
    code = """
import sys, time
from evidence.store.database import holding_refresh, open_database
with holding_refresh(open_database(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""
    engine = open_database(empty_database_url)
    with subprocess.Popen(
        [sys.executable, "-c", code, empty_database_url], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with holding_refresh(engine, wait_s=5):
            pass
    engine.dispose()


def _hold_shortly(engine, told):
    with holding_refresh(engine, wait_s=5, on_wait=told.append):
        return True
