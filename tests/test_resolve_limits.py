from __future__ import annotations

import threading
import time

import httpx2
import pytest

from evidence.resolve.http import _learn
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


def most_at_once(limiter, pool):
    """How many of five threads get a place at the same moment."""
    inside, done = [], threading.Event()

    def enter():
        with limiter.place(pool):
            inside.append(1)
            done.wait(5)

    threads = [threading.Thread(target=enter) for _ in range(5)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    most = len(inside)
    done.set()
    for thread in threads:
        thread.join()
    return most


def test_of_two_pools_limits_at_once_the_lower_one_holds_whichever_spoke_last():
    limiter = Limiter({"list": 1000.0, "single": 1000.0}, 3, threading.Event())
    limiter.learn("list", concurrency=1)
    limiter.learn("single", concurrency=3)
    assert most_at_once(limiter, "single") == 1
    limiter.learn("list", concurrency=2)
    assert most_at_once(limiter, "single") == 2


def test_a_slow_request_counts_from_when_it_can_have_arrived():
    now = [0.0]
    limiter = Limiter({"list": 1.0}, 3, threading.Event(), clock=lambda: now[0])
    limiter._enter(limiter._pools["list"])
    now[0] = 1.1
    # Sent at 0 and not answered yet: it may have arrived half a second later.
    assert limiter._wait_s(limiter._pools["list"]) > 0
    now[0] = 1.7
    assert limiter._wait_s(limiter._pools["list"]) == 0


# Pools, rates and intervals as recorded since 2017; the names split in July 2026.
@pytest.mark.parametrize(
    ("asked", "headers", "rate"),
    [
        ("list", {"x-api-pool": "polite-array", "x-rate-limit-limit": "3", "x-rate-limit-interval": "1s"}, 3),
        ("list", {"x-api-pool": "public-array", "x-rate-limit-limit": "1", "x-rate-limit-interval": "1s"}, 1),
        ("list", {"x-api-pool": "polite", "x-rate-limit-limit": "50", "x-rate-limit-interval": "1s"}, 3),
        ("list", {"x-rate-limit-limit": "10", "x-rate-limit-interval": "5s"}, 2),
        ("list", {"x-rate-limit-limit": "60", "x-rate-limit-interval": "1m"}, 1),
        ("list", {"x-rate-limit-limit": "1", "x-rate-limit-interval": "500ms"}, 2),
        ("single", {"x-api-pool": "polite-single", "x-rate-limit-limit": "10", "x-rate-limit-interval": "1s"}, 10),
        ("single", {"x-api-pool": "public-single", "x-rate-limit-limit": "5", "x-rate-limit-interval": "1s"}, 5),
        ("single", {"x-api-pool": "public", "x-rate-limit-limit": "50", "x-rate-limit-interval": "1s"}, 10),
        ("single", {"x-rate-limit-limit": "0"}, 10),
        ("single", {"x-rate-limit-limit": "many"}, 10),
        ("single", {}, 10),
    ],
)
def test_answers_tighten_the_pool_that_was_asked_and_no_other(asked, headers, rate):
    limiter = Limiter({"list": 3.0, "single": 10.0}, 3, threading.Event())
    _learn(limiter, asked, httpx2.Response(200, headers=headers))
    assert {name: pool.rate for name, pool in limiter._pools.items()} == {"list": 3, "single": 10, asked: rate}


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
