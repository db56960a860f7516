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
from typing import Final, TypeVar

T = TypeVar("T")

BEHIND: Final = 8
"""Steps of niceness; each leaves about a fifth less of a processor that two want. What stands so
far back has a seventh of a processor for which somebody else never ceases to ask."""


def apart(performers: int) -> tuple[set[int], set[int]]:
    """The processors for bodies, and those for all else; all for both where there are too few."""
    if sys.platform != "linux":
        return set(), set()
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) <= performers:
        return set(cores), set(cores)
    return set(cores[:performers]), set(cores[performers:])


def made_for(cores: Collection[int], make: Callable[[], T], behind: int = 0) -> T:
    """What a function makes, with workers that keep to these processors and stand back there.

    A thread inherits both from the one that starts it, and a library's workers are started where
    its objects are made. Only Linux counts them by thread; elsewhere all stay equal.

    Args:
        cores: their numbers.
        behind: steps of niceness behind this process's other threads.
    """
    if sys.platform != "linux":
        return make()

    def settle() -> None:
        own = threading.get_native_id()
        os.sched_setaffinity(own, cores)
        if behind:
            os.setpriority(os.PRIO_PROCESS, own, os.getpriority(os.PRIO_PROCESS, own) + behind)

    with ThreadPoolExecutor(1, "settled", initializer=settle) as pool:
        return pool.submit(make).result()
