"""Things that take a while, done beside the tick: opening a stream must not stop the picture."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class BackgroundTasks:
    """Runs calls one after another on a thread; answers are handed over when the tick asks."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="errands")
        self._waiting: list[Callable[[], bool]] = []

    def run(self, call: Callable[[], T], then: Callable[[T], None]) -> None:
        """Do `call` beside the tick; `then` gets its result on the tick's own thread."""
        future: Future[T] = self._thread.submit(call)

        def deliver() -> bool:
            if not future.done():
                return False
            then(future.result())
            return True

        self._waiting.append(deliver)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._waiting

    def deliver(self) -> None:
        """Hand over what is done. Never waits.

        Raises:
            Exception: what a call raised, if it did.
        """
        waiting, self._waiting = self._waiting, []
        self._waiting += [deliver for deliver in waiting if not deliver()]

    def close(self) -> None:
        """Finish what was begun, and end the thread."""
        self._thread.shutdown(wait=True)
