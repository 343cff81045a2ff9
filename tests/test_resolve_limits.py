from __future__ import annotations

import threading
import time

import pytest

from evidence.resolve.limits import Limiter, StoppedError


def take(limiter, times, *, pool="list", hold_s=0.0):
    moments = []
    for _ in range(times):
        with limiter.place(pool):
            moments.append(time.monotonic())
            time.sleep(hold_s)
    return moments


def test_no_second_has_more_requests_than_allowed():
    limiter = Limiter({"list": 5.0}, 3, threading.Event())
    moments = []
    threads = [threading.Thread(target=lambda: moments.extend(take(limiter, 4, hold_s=0.02))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    moments.sort()
    assert len(moments) == 12
    assert all(later - earlier > 1.0 for earlier, later in zip(moments, moments[5:], strict=False))


def test_no_more_requests_at_once_than_allowed():
    limiter = Limiter({"list": 1000.0}, 2, threading.Event())
    most, now, lock = 0, 0, threading.Lock()

    def work():
        nonlocal most, now
        with limiter.place("list"):
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.02)
            with lock:
                now -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_a_registry_may_lower_the_rate_and_not_raise_it_above_the_start():
    limiter = Limiter({"list": 2.0}, 3, threading.Event())
    limiter.learn("list", rate=50.0, concurrency=100)
    moments = take(limiter, 3)
    assert moments[2] - moments[0] > 1.0
    limiter = Limiter({"list": 1000.0}, 3, threading.Event())
    limiter.learn("list", rate=1.0)
    moments = take(limiter, 2)
    assert moments[1] - moments[0] > 1.0


def test_a_pause_holds_every_pool():
    limiter = Limiter({"list": 1000.0, "single": 1000.0}, 3, threading.Event())
    limiter.pause(0.3)
    start = time.monotonic()
    assert take(limiter, 1, pool="single")[0] - start >= 0.3


def test_who_waits_is_let_go_when_the_run_stops():
    stopping = threading.Event()
    limiter = Limiter({"list": 1000.0}, 1, stopping)
    limiter.pause(60)
    threading.Timer(0.1, stopping.set).start()
    start = time.monotonic()
    with pytest.raises(StoppedError), limiter.place("list"):
        pass
    assert time.monotonic() - start < 2
