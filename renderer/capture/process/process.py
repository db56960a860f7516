"""A capture process, seen from the one that wants its observations.

MediaPipe works in a process of its own, so that neither Python's lock nor a crash in a tracker
reaches the show. Observations come through a pipe:

- live, `get` gives the newest frame's, and what waited before it is forgotten;
- offline, `get` gives every frame's, and the process waits when the pipe is full.
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
"""Pixels of a shared picture; what the desk's one large camera has use for."""

_LEAVE_S: Final = 2.0
_END_S: Final = 5.0
"""From the closing of a process's pipe to its end."""


class CaptureProcess:
    """Starts, reads and ends a capture process. Belongs to one thread.

    Attributes:
        dropped: how many of the source's frames, up to the newest one given, were never given.
        pulse: how steadily frames come.
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
        """Prepare; nothing runs before `start`.

        Args:
            spec: what to look at, as `sources.open_source` takes it.
            live: give the newest observation and let a file play at its own pace. Otherwise
                every frame is given, as fast as it can be worked on.
            picture: where to share the camera's picture by a LatestPicture; None shares none.
            models: the models' folder instead of the user's cache.
            performers: how many to follow.
            image_rate: of a row of images, a second.
            picture_width: of the shared picture at most, pixels.
            closeup: it shows one performer's face; look for nothing else.
            focal: of the camera's lens, over the picture's longer side.
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
        """Start the process; returns at once."""
        self._process.start()
        inbox = NewestMessage if self._live else EveryMessage
        self._inbox = inbox(self._pipe, self.pulse)

    @property
    def pid(self) -> int | None:
        """The process's number; None before it is started."""
        return self._process.pid

    @property
    def info(self) -> SourceInfo:
        """What the source is; waits until it is open and the trackers are ready.

        Raises:
            CaptureError: it cannot be opened, the models are missing, or the process died.
        """
        if self._info is None and self._ended is None:
            # A process that is not ready in time is ended, which closes the pipe.
            message = self._receive(READY_S + _END_S)
            if message is None:
                raise CaptureError(self._name, "does not answer", "try it again")
            self._note(message)
        if self._info is None:
            reason = self._ended.reason if self._ended else "an observation came before its source"
            raise CaptureError(self._name, reason, "start the capture again")
        return self._info

    def get(self, timeout: float) -> Observation | EndOfStream | None:
        """The next observation of the first performer; see `get_all`."""
        got = self.get_all(timeout)
        return got[0] if isinstance(got, tuple) else got

    def get_all(self, timeout: float) -> FrameObservations | EndOfStream | None:
        """The observations of the next frame; live, of the newest one.

        Args:
            timeout: how long to wait for it, in seconds; 0 only looks.

        Returns:
            None if none has come. After the last one, why there are no more: again and again.

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
        """End the process and free everything; may be called twice."""
        self._ended = self._ended or EndOfStream("capture was closed")
        self._sink.close()
        if self._inbox is None:
            self._pipe.close()
            return
        if isinstance(self._inbox, EveryMessage):
            # The process may be waiting for room in the pipe, and now learns that there is none.
            self._inbox.close()
        self._process.stop(_LEAVE_S)
        self._inbox.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _receive(self, timeout: float) -> FrameObservations | Control | None:
        """The next message, or None if none comes in time; the child's death is one, too."""
        if self._inbox is None:
            raise CaptureError(self._name, "is not being captured", "start the capture first")
        try:
            return self._inbox.receive(timeout)
        except (EOFError, OSError):
            return self._why_ended()

    def _why_ended(self) -> EndOfStream:
        """Return what became of the process, whose pipe is closed.

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
        """Remember what is no observation."""
        if isinstance(message, SourceInfo):
            self._info = message
        elif isinstance(message, EndOfStream):
            self._ended = message
