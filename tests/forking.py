"""Has the program's modules loaded, and forks for each command that `running` sends: loaded once, run hundreds of times.

The process that forks has one thread and has run nothing. What it forks off is then the same as `python -m evidence`,
but for the order of sets, which is one for all of a session: tests of that order start interpreters with seeds of their own.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import runpy
import socket
import sys

from sqlalchemy.orm import configure_mappers

import evidence

STREAMS = 3


def load() -> None:
    """Import what commands import when they need it."""
    for name in ("alembic.command", "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql.psycopg"):
        importlib.import_module(name)
    for module in pkgutil.walk_packages(evidence.__path__, "evidence."):
        if not module.name.endswith(".__main__") and ".migrations." not in module.name:
            importlib.import_module(module.name)
    configure_mappers()


def wait_for_command(link: socket.socket) -> list[str]:
    """Fork for each command, and return in the child. When there are no more, end."""
    while True:
        mark, streams, *_ = socket.recv_fds(link, 1, STREAMS)
        if not mark:
            sys.exit()
        with link.makefile("rb") as lines:
            asked = json.loads(lines.readline())
        child = os.fork()
        if not child:
            link.close()
            return become(streams, **asked)
        for stream in streams:
            os.close(stream)
        link.sendall(b"%d" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def become(streams: list[int], arguments: list[str], folder: str, environment: dict[str, str]) -> list[str]:
    """Take the folder, the environment and the streams of the command."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout, sys.stderr = (open(number, mode, closefd=False) for number, mode in enumerate("rww"))  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    return arguments


if __name__ == "__main__":
    load()
    # What is loaded is left alone by the collector, which at the end of each process would otherwise take it apart.
    gc.collect()
    gc.freeze()
    sys.path[0] = ""
    sys.argv[1:] = wait_for_command(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module("evidence", run_name="__main__", alter_sys=True)
