"""Who goes first, and where, if there are fewer processors than trackers.

A tracker's work hops between threads of its own. Where these wake beside another tracker's, each
hop waits for a turn of the scheduler's: a body that takes 11 ms alone took 16 beside a face and a
hand on two cores, though neither needs what the other does. On a core of its own it takes 13.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def apart(performers: int) -> tuple[set[int], set[int]]:
    """The processors for bodies, and those for faces; all for both where there are too few."""
    if sys.platform != "linux":
        return set(), set()
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) <= performers:
        return set(cores), set(cores)
    return set(cores[:performers]), set(cores[performers:])


def make_on_cores(cores: Collection[int], make: Callable[[], T], *, idle: bool = False) -> T:
    """What a function makes, with workers that keep to these processors.

    A thread inherits where and when it may run from the one that starts it, and a library's workers
    are started where its objects are made. Only Linux tells threads apart; elsewhere all are equal.

    Args:
        cores: their numbers.
        idle: they run while nobody else wants to, and make way at once: one that merely has a lower
            priority goes on until its turn is over, milliseconds for every hop of another's.
    """
    if sys.platform != "linux":
        return make()

    def settle() -> None:
        own = threading.get_native_id()
        os.sched_setaffinity(own, cores)
        if idle:
            os.sched_setscheduler(own, os.SCHED_IDLE, os.sched_param(0))

    with ThreadPoolExecutor(1, "settled", initializer=settle) as pool:
        return pool.submit(make).result()
