"""Processor cores and priorities for trackers, where there are fewer cores than trackers.

A tracker's work hops between its own threads. Where these wake on a core beside another tracker's,
each hop waits for the scheduler's next turn: a body that takes 11 ms alone took 16 ms beside a face
and a hand on two cores, though neither needs what the other does. On a core of its own it takes 13.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from renderer.platform import PLATFORM

T = TypeVar("T")


def apart(performers: int) -> tuple[set[int], set[int]]:
    """Return the cores for bodies and those for faces; all for both where there are too few."""
    cores = PLATFORM.usable_cores()
    if len(cores) <= performers:
        return set(cores), set(cores)
    return set(cores[:performers]), set(cores[performers:])


def make_on_cores(cores: Collection[int], make: Callable[[], T], *, idle: bool = False) -> T:
    """Return what a function makes; the threads that it starts keep to these cores.

    A thread inherits its cores and priority from the thread that starts it, and a library starts
    its workers where its objects are made. Only Linux tells threads apart.

    Args:
        cores: their numbers.
        make: the function, called in a thread of its own.
        idle: the threads run while no other wants to, and give way at once. A thread with a merely
            lower priority goes on until its turn is over, milliseconds for each hop of another's.
    """

    def settle() -> None:
        PLATFORM.settle_thread(cores, idle=idle)

    with ThreadPoolExecutor(1, "settled", initializer=settle) as pool:
        return pool.submit(make).result()
