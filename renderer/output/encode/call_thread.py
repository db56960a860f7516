"""Call a library that may never return, in a thread that is given up if it does not.

A driver can hang in any call, and a thread of this process cannot be ended from outside. What hangs
keeps its thread and all that the call refers to; its caller goes on without them.
"""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar, cast

T = TypeVar("T")

_LOOK_S: Final = 0.1
"""Seconds of one wait for the result. Waits are counted rather than timed: if the whole process is
stopped for a while, the call gets the rest of its time afterwards."""
_JOIN_S: Final = 5.0
"""Seconds for an idle thread to end."""


class HungCallError(TimeoutError):
    """A call has not returned in time, and its thread has been given up."""


class CallThread:
    """Executes calls in a thread of its own, one at a time, as long as each of them returns.

    Args:
        name: of the thread.

    Attributes:
        is_hung: whether a call did not return in time; no other one is accepted then.
    """

    def __init__(self, name: str) -> None:
        self.is_hung = False
        self._calls: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[tuple[object, Exception | None]] = queue.SimpleQueue()
        # A thread that hangs must not keep the process from ending.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def call(self, function: Callable[[], T], limit_s: float) -> T:
        """Execute a function and return its result.

        Args:
            function: its exceptions are raised here.
            limit_s: seconds after which it counts as hung.

        Raises:
            HungCallError: it did not return in time, or an earlier one did not.
        """
        if self.is_hung:
            raise HungCallError("an earlier call has not returned")
        self._calls.put(function)
        for _ in range(math.ceil(limit_s / _LOOK_S)):
            with suppress(queue.Empty):
                result, fault = self._results.get(timeout=_LOOK_S)
                if fault is not None:
                    raise fault
                return cast(T, result)
        self.is_hung = True
        self._calls.put(None)  # Its thread ends if the call returns after all.
        raise HungCallError(f"it did not return for {limit_s:g} s")

    def close(self) -> None:
        """End the thread; one that hangs is left to itself. Idempotent."""
        if not self.is_hung:
            self._calls.put(None)
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        while (function := self._calls.get()) is not None:
            try:
                self._results.put((function(), None))
            except Exception as fault:  # noqa: BLE001 - every exception is the caller's
                self._results.put((None, fault))
            # Nothing of a call is kept until the next one.
            del function
