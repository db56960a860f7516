"""Stream to a server or a device: a sink that opens it again after it has lost it."""

from __future__ import annotations

import contextlib
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import msgspec

from renderer.errors import SetupError
from renderer.output.sinks.relay import Connected, KeyframeNeeded, Lost, News, run_relay
from renderer.output.sinks.rtmp_transport import SILENCE_S
from renderer.output.sinks.sink import FIRST_PAUSE_S, LONGEST_PAUSE_S, Sink
from renderer.output.spec import OutputSpec
from renderer.processes.child import WATCHDOG_STATUS
from renderer.processes.process import ChildProcess
from renderer.protocol.outputs import OutputState, OutputStatus

QUEUE = 500
"""Packets: five seconds. A server that lags further behind has lost its viewers anyway."""
_RAW_QUEUE = 24
"""Packets of pictures that are not encoded, and their sound: a third of a second."""
POLL_S = 0.1
"""Interval in seconds between checks for events of the connection while no packet comes."""
HANG_S = 2 * SILENCE_S + 2.0
"""Seconds without a heartbeat after which a relay counts as hung; libav blocks it for SILENCE_S,
or twice that."""
SILENT_S = 3.0
"""Seconds without a heartbeat after which a relay is reported; load can delay one by a second."""
FAREWELL_S = 3.0
"""Seconds for ending a stream normally; then its process is killed."""


class Stream(Sink):
    """Feeds a relay process, and starts a new one if it dies.

    The first connection must succeed unless `keep_trying` is set: before air a wrong address is
    an error. Later connections are retried for as long as the show lasts; packets encoded meanwhile
    are dropped and counted.
    """

    def __init__(
        self, name: str, spec: OutputSpec, header: bytes, keep_trying: bool = False
    ) -> None:
        # Even an offline show must not wait for a server.
        size = _RAW_QUEUE if spec.is_raw else QUEUE
        super().__init__(name, spec, header, True, size, keep_trying)
        self._connection = 0
        self._was_connected = False
        self._process: ChildProcess | None = None

    def status(self) -> OutputStatus:
        """Return its status; a relay that hangs counts as stalled until it is replaced."""
        status = super().status()
        process = self._process
        silent_s = process.silent_s if process is not None else 0.0
        if status.state is not OutputState.RUNNING or silent_s < SILENT_S:
            return status
        return msgspec.structs.replace(
            status,
            state=OutputState.STALLED,
            detail=f"its process has given no sign of life for {silent_s:.0f} s",
        )

    def join(self, timeout: float) -> bool:
        """Wait for the end, but not for a server that accepts nothing."""
        self._thread.join(min(timeout, FAREWELL_S))
        process = self._process
        if self._thread.is_alive() and process is not None:
            process.kill()
        return super().join(timeout)

    def _work(self) -> None:
        pause = FIRST_PAUSE_S
        while True:
            why = self._run_relay()
            if not self.over and not self._may_retry:
                self._fail(why)
            if self.over:
                return
            if self._closing.is_set():
                self._settle(why)
                return
            self._enter(OutputState.RETRYING, why)
            self._closing.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    @property
    def _may_retry(self) -> bool:
        return self._was_connected or self._keep_trying

    def _run_relay(self) -> str:
        """Start a relay and feed it until either side ends; return the reason."""
        link, theirs = Pipe(duplex=True)
        process = ChildProcess(
            f"stream {self.name}", run_relay, theirs, self.spec, self._header,
            silence_s=HANG_S,
        )  # fmt: skip
        try:
            process.start()
        except SetupError as fault:
            link.close()
            return f"its process {fault.fault}"
        self._process = process
        # A broken link is reported through the process's exit.
        with contextlib.suppress(EOFError, OSError):
            self._feed(link)
        self._connection = 0
        link.close()
        self._process = None
        process.wait(FAREWELL_S)
        process.stop(0.0)
        if process.exit_status == WATCHDOG_STATUS:
            return f"the server was silent for {SILENCE_S:.0f} s"
        return f"its process {process.fate}"

    def _feed(self, link: Connection) -> None:
        while self._hear(link):
            packet = self._queue.get(POLL_S)
            if packet is not None:
                # A relay that is started after another encoder has gone on describes its streams.
                self._header = packet.header or self._header
            if packet is not None and self._connection:
                link.send((self._connection, packet))
                self._account(packet)
            elif packet is not None:
                self._queue.dropped += self._was_connected
            elif self._queue.ended:
                link.send(None)
                self._settle(self._detail)
                return

    def _settle(self, why: str) -> None:
        """Record how the stream ended after it was asked to end."""
        if not self._was_connected:
            self._fail(f"never reached: {why}")
            return
        lost = self._connection == 0
        self._end(f"not connected at the end: {why}" if lost and why else "")

    def _hear(self, link: Connection) -> bool:
        """Handle the connection's events; return whether to continue."""
        while link.poll():
            news: News = link.recv()
            if isinstance(news, Connected):
                self._connection = news.number
                self._enter(OutputState.RUNNING)
                self._was_connected = True
                self._queue.clear()
            elif isinstance(news, Lost) and not self._may_retry:
                self._fail(news.why)
                return False
            elif isinstance(news, Lost):
                self._connection = 0
                self._enter(OutputState.RETRYING, news.why)
            elif isinstance(news, KeyframeNeeded):
                self._queue.request_keyframe()
            elif news.seconds:
                detail = f"the server has taken nothing for {news.seconds:.0f} s"
                self._enter(OutputState.STALLED, detail)
            else:
                self._enter(OutputState.RUNNING)
        return True
