"""A stream to a server: a sink that loses its connection and finds it again."""

from __future__ import annotations

import contextlib
import signal
import threading
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from renderer.output.sinks.sink import Sink
from renderer.output.spec import OutputSpec
from renderer.output.web.relay import (
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    SILENCE_S,
    Connected,
    Lost,
    run_relay,
)

QUEUE = 500
"""Packets: five seconds. A server that is further behind has lost its viewers anyway."""
POLL_S = 0.1
"""How often news of the connection is looked for while no packet comes."""
FAREWELL_S = 3.0
"""For ending a stream in order; then its process is killed."""


class Stream(Sink):
    """Feeds a relay process, and another one should it die.

    The first connection must succeed: before air a wrong address is an error. Later ones are
    tried for as long as the show lasts, and what is encoded meanwhile is dropped and counted.
    """

    def __init__(self, name: str, spec: OutputSpec, header: bytes) -> None:
        # Even a show that is rendered slowly must not wait for a server.
        super().__init__(name, spec, header, True, QUEUE)
        self._connection = 0
        self._was_connected = False
        self._process: SpawnProcess | None = None
        self._closing = threading.Event()

    def close(self) -> None:
        """Send what waits, then end the stream."""
        super().close()
        self._closing.set()

    def join(self, timeout: float) -> bool:
        """Wait for the end; a server that takes nothing is not waited for."""
        self._thread.join(min(timeout, FAREWELL_S))
        process = self._process
        if self._thread.is_alive() and process is not None:
            # The thread may have closed the process in this very moment: then it is over.
            with contextlib.suppress(ValueError):
                process.kill()
        return super().join(timeout)

    def _work(self) -> None:
        pause = FIRST_PAUSE_S
        while True:
            why = self._run_relay()
            if not self.over and self._closing.is_set():
                self._end()
            elif not self.over and not self._was_connected:
                self._fail(why)
            if self.over:
                return
            self._state, self._detail = "retrying", why
            self._closing.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def _run_relay(self) -> str:
        """Start a relay and feed it until one of the two ends; say why it did."""
        context = get_context("spawn")
        link, theirs = context.Pipe(duplex=True)
        self._process = context.Process(
            target=run_relay, args=(theirs, self.spec, self._header), name=f"stream {self.name}"
        )
        self._process.start()
        theirs.close()
        # A broken link is told by the process's exit code.
        with contextlib.suppress(EOFError, OSError):
            self._feed(link)
        self._connection = 0
        link.close()
        process, self._process = self._process, None
        process.join(FAREWELL_S)
        if process.is_alive():
            process.kill()
            process.join()
        code = process.exitcode
        process.close()
        if code == -signal.SIGALRM:
            return f"the server was silent for {SILENCE_S:.0f} s"
        return f"its process ended (exit code {code})"

    def _feed(self, link: Connection) -> None:
        while self._hear(link):
            packet = self._queue.get(POLL_S)
            if packet is not None and self._connection:
                link.send((self._connection, packet))
                self._account(packet)
            elif packet is not None:
                self._queue.dropped += self._was_connected
            elif self._queue.ended:
                link.send(None)
                self._end()
                return

    def _hear(self, link: Connection) -> bool:
        """Take note of what became of the connection; whether to go on."""
        while link.poll():
            news: Connected | Lost = link.recv()
            if isinstance(news, Connected):
                self._connection = news.number
                self._state, self._detail = "running", ""
                self._was_connected = True
                self._queue.clear()
            elif self._was_connected:
                self._connection = 0
                self._state, self._detail = "retrying", news.why
            else:
                self._fail(news.why)
                return False
        return True
