"""Send numbered requests between two processes over a multiprocessing connection.

Every request carries a number and its answer repeats it. An answer that arrives after its caller's
timeout is recognised by its number and dropped. The serving process may also send events, which
belong to no request.
"""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from renderer.errors import RendererError


@dataclass(frozen=True, slots=True)
class Request:
    """A message to the serving process; `number` is repeated by its answer."""

    number: int
    body: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of the request of this number."""

    number: int
    value: Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason why the request of this number failed."""

    number: int
    error: RendererError


@dataclass(frozen=True, slots=True)
class Event:
    """A message that answers no request."""

    body: Any


class ConnectionEnded(RendererError):  # noqa: N818 - it tells of an end, which is not always an error
    """The other process has closed the connection or died."""

    @classmethod
    def of(cls, peer: str) -> ConnectionEnded:
        """Return the error for the end of `peer`."""
        return cls(peer, "has ended", "start it again")


class NoAnswer(RendererError):  # noqa: N818 - the answer may still come, and is then discarded
    """The other process did not answer in time."""


class RpcClient:
    """The client's end. All methods may be called from any thread.

    Args:
        connection: duplex; the client reads it in its own thread and closes it at the end.
        peer: name of the other process in error messages.
        on_event: called with the body of each event, in the reading thread.
    """

    def __init__(self, connection: Connection, peer: str, on_event: Callable[[Any], None]) -> None:
        self._connection, self._peer, self._on_event = connection, peer, on_event
        self._numbers = itertools.count(1)
        self._lock, self._sending = threading.Lock(), threading.Lock()
        self._unanswered: dict[int, tuple[Future[Any], float]] = {}
        self._ended = threading.Event()
        self.discarded = 0
        self._reader = threading.Thread(target=self._read, name=f"answers of {peer}", daemon=True)
        self._reader.start()

    @property
    def ended(self) -> bool:
        """Return whether the other process has closed the connection or died."""
        return self._ended.is_set()

    @property
    def silent_s(self) -> float:
        """Return for how many seconds the oldest open request has waited; 0 if none waits."""
        with self._lock:
            oldest = min((since for _, since in self._unanswered.values()), default=None)
        return time.monotonic() - oldest if oldest is not None else 0.0

    def send(self, body: Any) -> Future[Any]:
        """Send a request.

        Returns:
            A future of the answer; a refusal by the peer, or ConnectionEnded, is its exception.
            Cancelling it drops the answer when it arrives.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._ended.is_set():
                future.set_exception(ConnectionEnded.of(self._peer))
                return future
            number = next(self._numbers)
            self._unanswered[number] = future, time.monotonic()
        # The reading thread reports a dead peer to every caller.
        with self._sending, contextlib.suppress(OSError):
            self._connection.send(Request(number, body))
        return future

    def call(self, body: Any, timeout: float) -> Any:
        """Send a request and wait for its answer.

        Raises:
            RendererError: the peer refused the request.
            NoAnswer: none came within `timeout` seconds.
            ConnectionEnded: the peer has ended.
        """
        future = self.send(body)
        try:
            return future.result(timeout)
        except TimeoutError:
            future.cancel()
            raise NoAnswer(
                self._peer, f"did not answer within {timeout:.0f} s", "wait until it answers again"
            ) from None

    def join(self, timeout: float) -> None:
        """Wait at most `timeout` seconds for the peer to end and its messages to be read."""
        self._reader.join(timeout)

    def _read(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._take(self._connection.recv())
        with self._lock:
            self._ended.set()
            unanswered = [future for future, _ in self._unanswered.values()]
            self._unanswered.clear()
        with self._sending:
            self._connection.close()
        for future in unanswered:
            if future.set_running_or_notify_cancel():
                future.set_exception(ConnectionEnded.of(self._peer))

    def _take(self, message: Answer | Refusal | Event) -> None:
        if isinstance(message, Event):
            self._on_event(message.body)
            return
        with self._lock:
            future, _ = self._unanswered.pop(message.number, (None, 0.0))
        if future is None or not future.set_running_or_notify_cancel():
            self.discarded += 1
        elif isinstance(message, Refusal):
            future.set_exception(message.error)
        else:
            future.set_result(message.value)


class RpcServer:
    """The server's end.

    Args:
        connection: of the client.
        answer: returns the answer to a request's body. Any exception that it raises becomes a
            refusal, so that no request ends the serving thread.
    """

    def __init__(self, connection: Connection, answer: Callable[[Any], Any]) -> None:
        self._connection, self._answer = connection, answer
        self._sending = threading.Lock()

    def serve(self) -> None:
        """Answer requests, one after another, until the client closes its end or dies."""
        with contextlib.suppress(EOFError, OSError):
            while True:
                request: Request = self._connection.recv()
                self._send(self._reply(request))

    def announce(self, body: Any) -> None:
        """Send an event; ignored if the client has ended."""
        with contextlib.suppress(OSError):
            self._send(Event(body))

    def _reply(self, request: Request) -> Answer | Refusal:
        try:
            return Answer(request.number, self._answer(request.body))
        except RendererError as refused:
            return Refusal(request.number, refused)
        except Exception as fault:  # noqa: BLE001 - the thread must keep answering
            what = type(request.body).__name__
            error = RendererError(what, f"failed ({type(fault).__name__}: {fault})", "try again")
            return Refusal(request.number, error)

    def _send(self, message: Answer | Refusal | Event) -> None:
        with self._sending:
            self._connection.send(message)
