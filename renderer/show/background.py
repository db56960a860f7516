"""Work that takes a while, done beside the tick: opening a stream must not stop the picture."""

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
        """Run `call` beside the tick.

        Args:
            then: gets the result, on the tick's thread.
            fail: gets what the call raised instead, before `deliver` raises it.
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
        """Return whether nothing is under way."""
        return not self._waiting

    def deliver(self) -> None:
        """Hand over the results that are there. Never waits.

        Raises:
            Exception: what the first call that failed raised; the other results are handed over.
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
        """Finish what was begun, and end the thread."""
        self._thread.shutdown(wait=True)
