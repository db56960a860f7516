"""Start, read and stop a capture process from its parent.

MediaPipe runs in a process of its own, so that neither the GIL nor a crash in a tracker affects the
show. Observations come through a pipe:

- live, `get` returns those of the newest frame and discards older ones;
- offline, `get` returns those of every frame, and the process blocks when the pipe is full.
"""

from __future__ import annotations

from multiprocessing import Pipe
from pathlib import Path
from typing import Final, Self

from renderer.capture.process.inbox import EveryMessage, Inbox, NewestMessage
from renderer.capture.process.messages import (
    Control,
    EndOfStream,
    FrameObservations,
    SourceInfo,
)
from renderer.capture.process.rate import RateMeter
from renderer.capture.process.worker import Job, run
from renderer.capture.records import USUAL_FOCAL, Observation
from renderer.capture.sources.address import without_password
from renderer.errors import CaptureError
from renderer.processes.process import READY_S, ChildProcess

WIDEST: Final = 640
"""Default largest width of the preview, pixels; as shown in the desk's large camera view."""

_LEAVE_S: Final = 2.0
"""Time for the process to stop by itself, seconds."""
_END_S: Final = 5.0
"""Longest wait for the end of the process after its pipe closed, seconds."""


class CaptureProcess:
    """Starts, reads and stops a capture process. Not thread-safe.

    Attributes:
        dropped: number of the source's frames before the newest returned one that were skipped.
        pulse: rate and latency of the frames.
    """

    def __init__(
        self,
        spec: str,
        live: bool,
        picture: Path | None = None,
        models: Path | None = None,
        performers: int = 1,
        image_rate: float | None = None,
        picture_width: int = WIDEST,
        *,
        closeup: bool = False,
        focal: float = USUAL_FOCAL,
    ) -> None:
        """Prepare the process; `start` starts it.

        Args:
            spec: the source, as for `sources.open_source`.
            live: return the newest observation and play a file in real time. Otherwise return
                every frame, as fast as it can be processed.
            picture: the LatestPicture file for the preview; None for no preview.
            models: the model folder to use instead of the user's cache.
            performers: number of performers to track.
            image_rate: images per second of an image sequence; None for its default.
            picture_width: largest width of the preview, pixels.
            closeup: the camera shows one performer's face; track only the face.
            focal: focal length divided by the image's longer side.
        """
        self.dropped = 0
        self.pulse = RateMeter(live=live)
        self._name, self._live = without_password(spec), live
        self._last_index = -1
        self._info: SourceInfo | None = None
        self._ended: EndOfStream | None = None
        self._inbox: Inbox | None = None
        self._pipe, self._sink = Pipe(duplex=False)
        job = Job(
            *(spec, live, picture, models, performers), *(image_rate, picture_width, closeup, focal)
        )
        self._process = ChildProcess(f"capture {self._name}", run, job, self._sink)

    def start(self) -> None:
        """Start the process without waiting for it."""
        self._process.start()
        inbox = NewestMessage if self._live else EveryMessage
        self._inbox = inbox(self._pipe, self.pulse)

    @property
    def pid(self) -> int | None:
        """Return the process id; None before `start`."""
        return self._process.pid

    @property
    def info(self) -> SourceInfo:
        """Return the source's description; wait until it is open and the trackers are ready.

        Raises:
            CaptureError: the source cannot be opened, a model is missing, or the process died.
        """
        if self._info is None and self._ended is None:
            # A process that is not ready in time is killed, which closes the pipe.
            message = self._receive(READY_S + _END_S)
            if message is None:
                raise CaptureError(self._name, "does not answer", "try it again")
            self._note(message)
        if self._info is None:
            reason = self._ended.reason if self._ended else "an observation came before its source"
            raise CaptureError(self._name, reason, "start the capture again")
        return self._info

    def get(self, timeout: float) -> Observation | EndOfStream | None:
        """Return the next observation of the first performer; see `get_all`."""
        got = self.get_all(timeout)
        return got[0] if isinstance(got, tuple) else got

    def get_all(self, timeout: float) -> FrameObservations | EndOfStream | None:
        """Return the observations of the next frame or, live, of the newest one.

        Args:
            timeout: longest wait, seconds; 0 does not wait.

        Returns:
            One observation per performer; None if no frame arrived in time. After the last frame,
            every call returns the end of the stream.

        Raises:
            CaptureError: the source cannot be opened.
        """
        while self._ended is None:
            message = self._receive(timeout)
            if message is None:
                return None
            if isinstance(message, tuple):
                index = message[0].index
                self.dropped += index - self._last_index - 1
                self._last_index = index
                return message
            self._note(message)
        return self._ended

    def close(self) -> None:
        """Stop the process and release its resources; may be called twice."""
        self._ended = self._ended or EndOfStream("capture was closed")
        self._sink.close()
        if self._inbox is None:
            self._pipe.close()
            return
        if isinstance(self._inbox, EveryMessage):
            # The process may be blocked on a full pipe; closing the pipe unblocks it.
            self._inbox.close()
        self._process.stop(_LEAVE_S)
        self._inbox.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _receive(self, timeout: float) -> FrameObservations | Control | None:
        """Return the next message, or None if none arrives in time.

        If the child has died, return an EndOfStream.
        """
        if self._inbox is None:
            raise CaptureError(self._name, "is not being captured", "start the capture first")
        try:
            return self._inbox.receive(timeout)
        except (EOFError, OSError):
            return self._why_ended()

    def _why_ended(self) -> EndOfStream:
        """Return why the process ended, after its pipe was closed.

        Raises:
            CaptureError: the source could not be opened.
        """
        self._process.wait(_END_S)
        error = self._process.error
        if error is None:
            fate = self._process.fate or "closed its pipe"
            return EndOfStream(f"the capture process {fate}", failed=True)
        ended = EndOfStream(str(error), failed=True)
        if self._info is None:
            self._ended = ended
            raise error
        return ended

    def _note(self, message: FrameObservations | Control) -> None:
        """Store a control message."""
        if isinstance(message, SourceInfo):
            self._info = message
        elif isinstance(message, EndOfStream):
            self._ended = message
