from __future__ import annotations

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
