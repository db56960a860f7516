"""Send a capture process's messages to the engine, and to another one if that takes over."""

from __future__ import annotations

from multiprocessing.connection import Connection

from renderer.capture.process.messages import (
    Control,
    FrameObservations,
    SourceInfo,
    SourceLosses,
    pack,
)
from renderer.closing import Closing
from renderer.transport.pipe_end import receive_pipe


class MessageSink(Closing):
    """The sending end of a capture process's pipe.

    Args:
        pipe: to the engine.
        channel: brings the pipe to an engine that takes over after the first has died; None if
            there is none, so that this process ends with its engine.
    """

    def __init__(self, pipe: Connection, channel: Connection | None) -> None:
        self._pipe: Connection | None = pipe
        self._channel = channel
        self._info: SourceInfo | None = None
        self._losses: SourceLosses | None = None

    def send(self, message: FrameObservations | Control) -> None:
        """Send a message; it is lost while there is no engine.

        Raises:
            BrokenPipeError: no engine is left, and none will come.
        """
        if isinstance(message, SourceInfo):
            self._info = message
        elif isinstance(message, SourceLosses):
            self._losses = message
        self._take_over()
        self._send(message)

    def close(self) -> None:
        """Close the pipe."""
        if self._pipe is not None:
            self._pipe.close()

    def _send(self, message: FrameObservations | Control) -> None:
        if self._pipe is None:
            return
        try:
            self._pipe.send_bytes(pack(message))
        except OSError as gone:
            self._pipe.close()
            self._pipe = None
            if self._channel is None:
                raise BrokenPipeError from gone

    def _take_over(self) -> None:
        """Use the newest pipe from the channel; its engine gets the source's description."""
        if self._channel is None:
            return
        try:
            while self._channel.poll():
                pipe = receive_pipe(self._channel, writable=True)
                self.close()
                self._pipe = pipe
                for known in (self._info, self._losses):
                    if known is not None:
                        self._send(known)
        except (EOFError, OSError):
            self._channel = None
            if self._pipe is None:
                raise BrokenPipeError from None
