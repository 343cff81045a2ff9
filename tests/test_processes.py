from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time

import pytest

from evidence.processes import pooled


def break_off():
    with pooled(1, __name__) as pool:
        assert pool.submit(abs, -1).result() == 1
        pool.submit(time.sleep, 60)
        raise KeyboardInterrupt


def test_work_that_is_broken_off_is_not_waited_for():
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert time.monotonic() - begun < 20


def test_a_script_without_a_guard_is_not_run_again_in_each_process(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from evidence.processes import pooled\n"
        "print('begun')\n"
        "with pooled(2, 'evidence.processes') as pool:\n"
        "    print(sum(pool.map(abs, [-1, -2, -3])))\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == ["begun", "6"]


def run_in(folder, program, *, timeout=120):
    script = folder.parent / f"{folder.name}.py"
    script.write_text(program)
    command = [sys.executable, script]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False, text=True, timeout=timeout)


def test_no_file_of_the_folder_where_it_runs_is_run_as_a_program(tmp_path):
    vault = tmp_path / "vault"
    for name in ("evidence/__init__.py", "multiprocessing/__init__.py", "logging.py", "signal.py", "json.py"):
        (vault / name).parent.mkdir(parents=True, exist_ok=True)
        (vault / name).write_text("open('taken', 'w').close()\n")
    done = run_in(
        vault,
        "from evidence.processes import pooled\n"
        "if __name__ == '__main__':\n"
        "    with pooled(2, 'evidence.audit.judging') as pool:\n"
        "        print(sum(pool.map(abs, [-1, -2, -3])))\n",
    )
    assert (done.stdout, done.stderr) == ("6\n", "")
    assert not (vault / "taken").exists()


def test_what_is_set_for_processes_is_set_back(monkeypatch):
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.setenv("PYTHONPATH", "somewhere")
    with pooled(1, __name__) as pool:
        assert pool.submit(abs, -1).result() == 1
    assert os.environ["PYTHONPATH"] == "somewhere"
    assert "PYTHONSAFEPATH" not in os.environ


def test_a_process_that_is_ended_from_outside_is_told_and_not_waited_for(tmp_path):
    vault = tmp_path / "vault"
    vault.mkdir()
    done = run_in(
        vault,
        "import os, sys\n"
        "from evidence.errors import ProcessError\n"
        "from evidence.processes import pooled\n"
        "if __name__ == '__main__':\n"
        "    try:\n"
        "        with pooled(2, 'evidence.processes') as pool:\n"
        "            pool.submit(os._exit, 9)\n"
        "            waiting = [pool.submit(len, bytes(8_000_000)) for _ in range(12)]\n"
        "            print(sum(one.result() for one in waiting))\n"
        "    except ProcessError as error:\n"
        "        print(error.message)\n",
    )
    assert done.stdout == "a process that did part of the work was ended from outside\n"


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="no such processes")
def test_a_process_never_hears_of_ctrl_c():
    with pooled(1, __name__) as pool:
        assert pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result() == {signal.SIGINT}
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()
