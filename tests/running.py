"""How the tests run the program: in a process of its own, as a user does."""

from __future__ import annotations

import atexit
import functools
import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TIMEOUT_S = 120
# What an interpreter reads when it starts: too late for a process that is forked off another.
READ_AT_START = ("PYTHON", "LANG", "LC_")


def run(*arguments, cwd, env=None, stdin=None):
    """Run the program in a process of its own, with an environment that holds nothing of the tester's.

    The process is forked off one that has the program's modules loaded, because loading them takes longer than most
    commands do. `run_afresh` starts an interpreter.
    """
    if not hasattr(os, "fork") or any(name.startswith(READ_AT_START) for name in env or ()):
        return run_afresh(*arguments, cwd=cwd, env=env, stdin=stdin)
    asked = {"arguments": [*map(str, arguments)], "folder": str(cwd), "environment": environment(cwd, env)}
    (read_in, write_in), (read_out, write_out), (read_err, write_err) = os.pipe(), os.pipe(), os.pipe()
    theirs = [read_in, write_out, write_err]
    process, link = forking()
    socket.send_fds(link, [b" "], theirs)
    link.sendall(json.dumps(asked).encode() + b"\n")
    for stream in theirs:
        os.close(stream)
    with ThreadPoolExecutor(3) as pool:
        pool.submit(write_all, write_in, stdin or "")
        stdout, stderr = pool.submit(read_all, read_out), pool.submit(read_all, read_err)
        try:
            code = int(link.recv(100))
        except (TimeoutError, ValueError):
            # Without its end the readers would wait for ever.
            os.killpg(process.pid, signal.SIGKILL)
            forking.cache_clear()
            raise
        return subprocess.CompletedProcess(arguments, code, stdout.result(), stderr.result())


def run_afresh(*arguments, cwd, env=None, stdin=None):
    """Run the program as `run` does, by an interpreter that has loaded nothing."""
    command = [sys.executable, "-m", "evidence", *arguments]
    clean = environment(cwd, env)
    return subprocess.run(
        command, cwd=cwd, env=clean, input=stdin, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )


def environment(cwd, env):
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("EVIDENCE_", "NCBI_", "CROSSREF_"))}
    return clean | {"XDG_CONFIG_HOME": str(cwd), "NO_COLOR": "1", "COLUMNS": "100"} | (env or {})


@functools.cache
def forking():
    """Start the process of `forking.py`, which ends when its link is closed."""
    ours, theirs = socket.socketpair()
    ours.settimeout(TIMEOUT_S)
    with theirs:
        command = [sys.executable, Path(__file__).with_name("forking.py"), str(theirs.fileno())]
        clean = environment("/", {})
        process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=clean, start_new_session=True)
    atexit.register(end, process, ours)
    return process, ours


def end(process, link):
    link.close()
    process.wait(TIMEOUT_S)


def write_all(stream, text):
    try:
        with open(stream, "w", encoding="utf-8") as written:  # noqa: PTH123 - a number
            written.write(text)
    except BrokenPipeError:
        pass  # The program reads no further: its own affair.


def read_all(stream):
    with open(stream, encoding="utf-8") as read:  # noqa: PTH123 - a number
        return read.read()
