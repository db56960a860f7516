"""Run slow work outside the tick, so that opening a stream does not stop the picture."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class BackgroundTasks:
    """Runs calls one after another on a thread; the tick collects their results."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="background")
        self._waiting: list[Callable[[], bool]] = []

    def run(
        self,
        call: Callable[[], T],
        then: Callable[[T], None],
        fail: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run `call` on the background thread.

        Args:
            then: receives the result, on the tick's thread.
            fail: receives the exception raised by the call, before `deliver` raises it.
        """
        future: Future[T] = self._thread.submit(call)

        def deliver() -> bool:
            if not future.done():
                return False
            fault = future.exception()
            if fail is not None and isinstance(fault, Exception):
                fail(fault)
            then(future.result())
            return True

        self._waiting.append(deliver)

    @property
    def idle(self) -> bool:
        """Return whether no call is pending or running."""
        return not self._waiting

    def deliver(self) -> None:
        """Pass on the results that are ready. Never waits.

        Raises:
            Exception: that of the first failed call; the other results are passed on.
        """
        waiting, self._waiting = self._waiting, []
        first: Exception | None = None
        for deliver in waiting:
            try:
                if not deliver():
                    self._waiting.append(deliver)
            except Exception as fault:  # noqa: BLE001 - raised below
                first = first or fault
        if first is not None:
            raise first

    def close(self) -> None:
        """Finish the pending calls, and end the thread."""
        self._thread.shutdown(wait=True)
