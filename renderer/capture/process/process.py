"""Start, read and stop a capture process from its parent.

MediaPipe runs in a separate process, so that neither the GIL nor a crash in a tracker affects the
show. Observations come through a pipe:

- live, `get` returns those of the newest frame and discards older ones;
- offline, `get` returns those of every frame, and the process blocks when the pipe is full.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, Protocol, Self

from renderer.capture.process.inbox import EveryMessage, Inbox, NewestMessage
from renderer.capture.process.messages import (
    Control,
    EndOfStream,
    FrameObservations,
    SourceInfo,
    SourceLosses,
)
from renderer.capture.process.rate import RateMeter
from renderer.capture.process.worker import Job, run
from renderer.capture.records import USUAL_FOCAL, Observation
from renderer.capture.sources.address import without_password
from renderer.errors import CaptureError, RendererError
from renderer.processes.process import READY_S, ChildProcess

WIDEST: Final = 640
"""Default largest width of the preview, pixels; as shown in the desk's large camera view."""
ON_AIR: Final = 1920
"""Largest width of a camera's picture that the audience sees, pixels."""

_LEAVE_S: Final = 2.0
"""Time for the process to stop by itself, seconds."""
_END_S: Final = 5.0
"""Longest wait for the end of the process after its pipe closed, seconds."""


class Worker(Protocol):
    """A capture process that runs, wherever its parent is."""

    @property
    def pid(self) -> int | None:
        """Return the process id."""
        ...

    @property
    def fate(self) -> str:
        """Return how it ended, to follow its name; empty while it runs."""
        ...

    @property
    def error(self) -> RendererError | None:
        """Return the error with which it ended, if it is one of the program's own."""
        ...

    def wait(self, timeout: float) -> bool:
        """Wait for its end; return whether it has ended in time."""
        ...

    def stop(self, ask_s: float) -> None:
        """End it: ask, then terminate, then kill."""
        ...


Launch = Callable[[str, Job], tuple[Worker, Connection]]
"""Starts a capture process of a name; returns it, and the pipe from which it is read."""


def launch_here(name: str, job: Job) -> tuple[ChildProcess, Connection]:
    """Start a capture process as this process's child, so that it ends with this process."""
    pipe, sink = Pipe(duplex=False)
    process = ChildProcess(name, run, job, sink, None)
    process.start()
    return process, pipe


class CaptureProcess:
    """Starts, reads and stops a capture process. Not thread-safe.

    Attributes:
        dropped: number of the source's frames before the newest returned one that were skipped.
        losses: what was lost or corrected while the source was read, as far as received.
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
        heavy: bool = False,
        launch: Launch = launch_here,
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
            heavy: track bodies by the heavy model, if it is there.
            launch: starts the process.
        """
        self.dropped = 0
        self.losses = SourceLosses()
        self.pulse = RateMeter(live=live)
        self._name, self._live = without_password(spec), live
        self._last_index: int | None = -1
        self._info: SourceInfo | None = None
        self._ended: EndOfStream | None = None
        self._inbox: Inbox | None = None
        self._launch = launch
        self._process: Worker | None = None
        self._job = Job(
            *(spec, live, picture, models, performers),
            *(image_rate, picture_width, closeup, focal, heavy),
        )

    def share_picture(self, path: Path) -> None:
        """Share the preview in another file; before `start`."""
        self._job = replace(self._job, picture=path)

    def start(self, began_ns: int | None = None) -> None:
        """Start the process without waiting for it.

        Args:
            began_ns: live, when a file's start was presented by an earlier process, monotonic
                nanoseconds; this one goes on from there. None begins at its start.
        """
        job = self._job
        if began_ns is not None:
            job = replace(job, began_ns=began_ns)
            self._last_index = None
        if self._launch is not launch_here:
            # A process that has served another engine has counted on.
            self._last_index = None
        self._process, pipe = self._launch(f"capture {self._name}", job)
        inbox = NewestMessage if self._live else EveryMessage
        self._inbox = inbox(pipe, self.pulse)

    @property
    def pid(self) -> int | None:
        """Return the process id; None before `start`."""
        return None if self._process is None else self._process.pid

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
            self._store(message)
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
                if self._last_index is not None:
                    self.dropped += index - self._last_index - 1
                self._last_index = index
                return message
            self._store(message)
        return self._ended

    def close(self) -> None:
        """Stop the process and release its resources; may be called twice."""
        self._ended = self._ended or EndOfStream("capture was closed")
        if self._inbox is None or self._process is None:
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
        process = self._process
        error = fate = None
        if process is not None:
            process.wait(_END_S)
            error, fate = process.error, process.fate
        if error is None:
            fate = fate or "closed its pipe"
            return EndOfStream(f"the capture process {fate}", failed=True)
        ended = EndOfStream(str(error), failed=True)
        if self._info is None:
            self._ended = ended
            raise error
        return ended

    def _store(self, message: FrameObservations | Control) -> None:
        """Store a control message."""
        if isinstance(message, SourceInfo):
            self._info = message
        elif isinstance(message, SourceLosses):
            self.losses = message
        elif isinstance(message, EndOfStream):
            self._ended = message
