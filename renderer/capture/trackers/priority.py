"""Assign processor cores and thread priorities to trackers if there are fewer cores than trackers.

A tracker passes its work between its own threads. If these share a core with another tracker's
threads, each hand-over waits for the scheduler: a body that takes 11 ms alone took 16 ms beside a
face and a hand on two cores, although they are independent. On a separate core it takes 13 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from renderer.platform import PLATFORM

T = TypeVar("T")


def apart(performers: int) -> tuple[set[int], set[int]]:
    """Return the cores for bodies and those for faces; all cores for both if there are too few."""
    cores = PLATFORM.usable_cores()
    if len(cores) <= performers:
        return set(cores), set(cores)
    return set(cores[:performers]), set(cores[performers:])


def make_on_cores(cores: Collection[int], make: Callable[[], T], *, idle: bool = False) -> T:
    """Call a function in a thread pinned to given cores and return its result.

    A thread inherits its affinity and priority from the thread that starts it, and a library starts
    its worker threads where its objects are created, so the workers run on these cores too. Only
    Linux supports this per thread.

    Args:
        cores: core numbers.
        make: the function, called in a separate thread.
        idle: use the idle scheduling class, so that any other thread preempts these at once. A
            thread with merely lower priority runs to the end of its time slice, which delays each
            hand-over between another tracker's threads by milliseconds.
    """

    def settle() -> None:
        PLATFORM.settle_thread(cores, idle=idle)

    with ThreadPoolExecutor(1, "settled", initializer=settle) as pool:
        return pool.submit(make).result()
