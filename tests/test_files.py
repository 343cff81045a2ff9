from __future__ import annotations

import os

import pytest

from evidence.errors import ExportError
from evidence.files import write_whole


def test_file_is_written_with_its_folder(tmp_path):
    write_whole(tmp_path / "new" / "a.txt", ["one\n", "two\n"])
    assert (tmp_path / "new" / "a.txt").read_bytes() == b"one\ntwo\n"


def test_what_was_there_stays_when_writing_stops(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("before")

    def pieces():
        yield "half"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_whole(target, pieces())
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="cannot be written"):
        write_whole(tmp_path / "file" / "a.txt", ["x"])


def test_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, ["one\n", "two\n"])
    assert (os.read(reader, 100), pipe.is_fifo()) == (b"one\ntwo\n", True)
    os.close(reader)
