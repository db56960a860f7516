"""Who goes first where there are fewer processors than trackers."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")

_BEHIND: Final = 4
"""Steps of niceness; each leaves about a fifth less of a processor that two want."""


def made_behind(make: Callable[[], T]) -> T:
    """What a function makes, with workers that stand back behind this process's other threads.

    A thread inherits how nice it is from the one that starts it, and a library's workers are
    started where its objects are made. Only Linux counts niceness by thread; elsewhere all stay
    equal.
    """
    if sys.platform != "linux":
        return make()
    with ThreadPoolExecutor(1, "behind", initializer=_stand_back) as pool:
        return pool.submit(make).result()


def _stand_back() -> None:
    own = threading.get_native_id()
    os.setpriority(os.PRIO_PROCESS, own, os.getpriority(os.PRIO_PROCESS, own) + _BEHIND)
