"""An output on this machine's disk: opened once, and lost with its disk."""

from __future__ import annotations

import shutil
import time
from abc import abstractmethod
from pathlib import Path
from typing import Final, Generic, TypeVar

import av
import msgspec

from renderer.output.audio.sound import reason
from renderer.output.encode.packets import EncodedPacket
from renderer.output.sinks.sink import FIRST_PAUSE_S, LONGEST_PAUSE_S, Sink
from renderer.output.spec import OutputSpec
from renderer.protocol.outputs import OutputState, OutputStatus

_ROOM_AFTER_S: Final = 2.0
"""Seconds of a recording from which its mean rate is known."""
T = TypeVar("T")


class LocalSink(Sink, Generic[T]):
    """An output on this machine's disk. Once open it is never retried: lost data stays lost.

    `T` is what it writes to, once that is open.
    """

    QUEUE = 2000
    """Packets: about twenty seconds, for a disk that has to spin up."""

    def __init__(
        self, name: str, spec: OutputSpec, header: bytes, live: bool, keep_trying: bool = False
    ) -> None:
        super().__init__(name, spec, header, live, self.QUEUE, keep_trying)
        self._is_open = not keep_trying

    def offer(self, packet: EncodedPacket) -> None:
        """Queue a packet for writing; packets are dropped while the target is being retried."""
        if self._is_open:
            super().offer(packet)

    def take_keyframe_request(self) -> bool:
        """Return whether it needs a keyframe to resume; each request is reported once."""
        return self._is_open and super().take_keyframe_request()

    def status(self) -> OutputStatus:
        """Return its status, with the time for which its disk has room."""
        status = super().status()
        if status.state is not OutputState.RUNNING or status.seconds < _ROOM_AFTER_S:
            return status
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError:
            return status
        rate = status.bytes / status.seconds
        return msgspec.structs.replace(status, room_s=free / max(1.0, rate))

    @property
    def _folder(self) -> Path:
        """Return a folder on the disk that is written to."""
        return Path(self.spec.address).parent

    @abstractmethod
    def _open(self) -> T:
        """Open the target."""

    @abstractmethod
    def _abandon(self, target: T) -> str:
        """Close the target after a fault, without raising; describe what remains of the file."""

    @abstractmethod
    def _finish(self, target: T) -> None:
        """Close the target."""

    @abstractmethod
    def _write(self, target: T, packet: EncodedPacket) -> bool:
        """Write one packet; return whether it was used."""

    def _change_streams(self, target: T) -> T:
        """Prepare for the pictures of another encoder, whose description is in `_header`.

        Returns:
            What is written to from now on.

        Raises:
            OSError, av.FFmpegError: it cannot be opened.
        """
        return target

    def _work(self) -> None:
        target = self._open_at_last()
        if target is None:
            return
        self._progress_s = time.monotonic()
        self._is_open = True
        self._enter(OutputState.RUNNING)
        while target is not None:
            try:
                while not self._queue.ended:
                    packet = self._queue.get()
                    if packet is None:
                        continue
                    if packet.header and packet.header != self._header:
                        self._header = packet.header
                        target = self._change_streams(target)
                    if self._write(target, packet):
                        self._account(packet)
                self._finish(target)
            except (OSError, av.FFmpegError) as fault:
                target = self._go_on(target, reason(fault))
            else:
                self._end(self._detail)
                return

    def _go_on(self, target: T, why: str) -> T | None:
        """Fail after a fault, because of `why`.

        Returns:
            What is written to from now on; None if there is nothing, and the output has failed.
        """
        self._queue.close()
        self._fail(f"{why}; {self._abandon(target)}")
        return None

    def _open_at_last(self) -> T | None:
        """Open the target, with retries if allowed; return None if that failed."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                return self._open()
            except (OSError, av.FFmpegError) as fault:
                why = f"it cannot be opened: {reason(fault)}"
            if not self._keep_trying or self._closing.is_set():
                self._fail(why)
                return None
            self._enter(OutputState.RETRYING, why)
            self._closing.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)
