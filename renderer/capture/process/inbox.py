"""Receive messages from a capture process's pipe: every one, or only the newest frame."""

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
    """The receiving end of a capture process's pipe."""

    def receive(self, timeout: float) -> Message | None:
        """Return the next message, or None if none arrives in time.

        Args:
            timeout: longest wait, seconds.

        Raises:
            EOFError: the sender has closed its end and all its messages have been returned.
        """
        ...

    def close(self) -> None:
        """Close the pipe; unread messages are lost. May be called twice."""
        ...


class EveryMessage:
    """Returns every message. Unread messages fill the pipe, which blocks the sender."""

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
    """Returns the newest frame; the sender never blocks.

    A thread reads the pipe continuously, so that a reader that pauses for a second does not find a
    pipe full of old frames. At most four messages are queued: the source's description, one
    frame's observations, what was lost, and the end; a newer one replaces an older of its kind.
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
        """See Inbox. Waits until the sender closes its end."""
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
            kinds = [type(older) for older in self._waiting]
            if type(message) in kinds:
                del self._waiting[kinds.index(type(message))]
            self._waiting.append(message)
            self._changed.notify()


def _read(pipe: Connection, pulse: RateMeter) -> Message:
    message = unpack(pipe.recv_bytes())
    if isinstance(message, tuple):
        pulse.beat(message[0].t_seen_ns, time.monotonic_ns())
    return message
