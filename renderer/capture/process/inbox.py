"""The reading end of a capture process's pipe: every message, or the newest frame only."""

from __future__ import annotations

import threading
import time
from collections import deque
from multiprocessing.connection import Connection
from typing import Protocol

from renderer.capture.process.messages import Control, FrameObservations, unpack
from renderer.capture.process.rate import RateMeter

Message = FrameObservations | Control


class Inbox(Protocol):
    """Where messages arrive."""

    def receive(self, timeout: float) -> Message | None:
        """The next message, or None if none comes within so many seconds.

        Raises:
            EOFError: the other side is gone, and everything that it sent has been given.
        """
        ...

    def close(self) -> None:
        """Let go of the pipe; what was not received is lost. May be called twice."""
        ...


class EveryMessage:
    """Gives every message. What is not fetched fills the pipe, and the sender waits."""

    def __init__(self, pipe: Connection, pulse: RateMeter) -> None:
        self._pipe, self._pulse = pipe, pulse

    def receive(self, timeout: float) -> Message | None:
        """See Inbox."""
        if not self._pipe.poll(timeout):
            return None
        return _read(self._pipe, self._pulse)

    def close(self) -> None:
        """See Inbox."""
        self._pipe.close()


class NewestMessage:
    """Gives the newest frame, however long nobody asked; the sender never waits.

    A thread empties the pipe. Without it, a reader that pauses for a second would come back to a
    pipe full of old frames. At most three messages wait here: the source's description, one
    frame's observations, and the end.
    """

    def __init__(self, pipe: Connection, pulse: RateMeter) -> None:
        self._pipe, self._pulse = pipe, pulse
        self._changed = threading.Condition()
        self._waiting: deque[Message] = deque()
        self._ended = False
        self._thread = threading.Thread(target=self._empty, name="capture inbox", daemon=True)
        self._thread.start()

    def receive(self, timeout: float) -> Message | None:
        """See Inbox."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended, timeout)
            if self._waiting:
                return self._waiting.popleft()
            if self._ended:
                raise EOFError
            return None

    def close(self) -> None:
        """See Inbox. Waits for the other side to close its end."""
        self._thread.join()
        self._pipe.close()

    def _empty(self) -> None:
        try:
            while True:
                self._put(_read(self._pipe, self._pulse))
        except (EOFError, OSError):
            with self._changed:
                self._ended = True
                self._changed.notify()

    def _put(self, message: Message) -> None:
        with self._changed:
            if (
                isinstance(message, tuple)
                and self._waiting
                and isinstance(self._waiting[-1], tuple)
            ):
                self._waiting.pop()
            self._waiting.append(message)
            self._changed.notify()


def _read(pipe: Connection, pulse: RateMeter) -> Message:
    message = unpack(pipe.recv_bytes())
    if isinstance(message, tuple):
        pulse.beat(message[0].t_seen_ns, time.monotonic_ns())
    return message
