"""Test that a busy thread is limited to its share, and that an idle one is never delayed."""

from __future__ import annotations

import time

from renderer.capture.network.effort import Effort


def work(seconds: float) -> None:
    """Use the processor for this long."""
    end_s = time.thread_time() + seconds
    while time.thread_time() < end_s:
        pass


def test_endless_work_gets_its_share_of_a_core() -> None:
    effort = Effort()
    begun_s, worked_s, rests = time.monotonic(), time.thread_time(), 0
    while rests < 20:
        work(0.001)
        rests += effort.rest()
    share = (time.thread_time() - worked_s) / (time.monotonic() - begun_s)
    assert share < 0.5


def test_work_that_waits_is_not_held_up() -> None:
    effort = Effort()
    for _ in range(30):
        work(0.001)
        time.sleep(0.004)
        assert not effort.rest()
