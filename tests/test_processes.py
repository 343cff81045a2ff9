from __future__ import annotations

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
