"""Streams: a sink that reconnects to its server."""

from __future__ import annotations

import contextlib
import signal
import threading
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from renderer.errors import OutputError
from renderer.output.sinks.relay import (
    FIRST_PAUSE_S,
    LONGEST_PAUSE_S,
    SILENCE_S,
    Connected,
    Lost,
    run_relay,
)
from renderer.output.sinks.sink import Sink
from renderer.output.spec import OutputSpec
from renderer.output.stream_address import StreamAddress

QUEUE = 500
"""Packets: five seconds. Viewers of a server that is further behind have left."""
POLL_S = 0.1
"""Seconds between looks at the relay's news while no packet comes."""
FAREWELL_S = 3.0
"""Seconds to end a stream in order; then its process is killed."""


class Stream(Sink):
    """Feeds a relay process, and starts another one when it dies.

    The first connection must succeed: before air a wrong address or an absent key is an error.
    Later ones are tried for as long as the show lasts; packets of that time are dropped and
    counted.
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
        """Wait for the end, but not for a server that takes nothing; return whether it has come."""
        self._thread.join(min(timeout, FAREWELL_S))
        process = self._process
        if self._thread.is_alive() and process is not None:
            # The thread may have closed the process in this very moment: then it is over.
            with contextlib.suppress(ValueError):
                process.kill()
        return super().join(timeout)

    def _work(self) -> None:
        try:
            address = self.spec.stream.fill_in()
        except OutputError as fault:
            self._fail(str(fault))
            return
        pause = FIRST_PAUSE_S
        while True:
            why = self._run_relay(address)
            if not self.over and self._closing.is_set():
                self._end()
            elif not self.over and not self._was_connected:
                self._fail(why)
            if self.over:
                return
            self._state, self._detail = "retrying", why
            self._closing.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def _run_relay(self, address: StreamAddress) -> str:
        """Start a relay and feed it until one of the two ends; return why it did."""
        context = get_context("spawn")
        link, theirs = context.Pipe(duplex=True)
        self._process = context.Process(
            target=run_relay, args=(theirs, address, self._header), name=f"stream {self.name}"
        )
        self._process.start()
        theirs.close()
        # Why the link broke is known by the exit code.
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
        """Receive the relay's news of the connection; return whether to go on."""
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
