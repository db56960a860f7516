"""A capture process, seen from the one that wants its observations.

MediaPipe works in a process of its own, so that neither Python's lock nor a crash in a tracker
reaches the show. Observations come through a pipe:

- live, `get` gives the newest frame's, and what waited before it is forgotten;
- offline, `get` gives every frame's, and the process waits when the pipe is full.

The child holds the end of a second pipe, which closes when this process does, however it dies.
"""

from __future__ import annotations

import multiprocessing
import signal
from pathlib import Path
from typing import Final, Self

from renderer.capture.process.inbox import EveryMessage, Inbox, NewestMessage
from renderer.capture.process.messages import (
    Control,
    EndOfStream,
    Failure,
    FrameObservations,
    SourceInfo,
)
from renderer.capture.process.rate import RateMeter
from renderer.capture.process.worker import Job, run
from renderer.capture.records import USUAL_FOCAL, Observation
from renderer.capture.sources.address import without_password
from renderer.errors import CaptureError

WIDEST: Final = 640
"""Pixels of a shared picture; what the desk's one large camera has use for."""

_READY_S: Final = 60.0
"""Opening a camera and loading the trackers takes a second or two, on a bad day ten."""
_LEAVE_S: Final = 4.0
_BURY_S: Final = 1.0
"""From the closing of a dead process's pipe until the system knows what it died of."""


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
        context = multiprocessing.get_context("spawn")
        self._pipe, self._sink = context.Pipe(duplex=False)
        self._held, self._leash = context.Pipe(duplex=False)
        self._process = context.Process(
            target=run,
            args=(
                Job(
                    *(spec, live, picture, models, performers),
                    *(image_rate, picture_width, closeup, focal),
                ),
                self._sink,
                self._held,
            ),
            name=f"capture {self._name}",
            daemon=True,
        )

    def start(self) -> None:
        """Start the process; returns at once."""
        self._process.start()
        # The child's ends must be open in the child alone, or its death would not close them.
        self._sink.close()
        self._held.close()
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
            message = self._receive(_READY_S)
            if message is None:
                fault = f"was not ready within {_READY_S:.0f} s"
                raise CaptureError(self._name, fault, "try it again")
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
        for end in (self._leash, self._sink, self._held):
            end.close()
        if self._inbox is None:
            self._pipe.close()
            return
        if isinstance(self._inbox, EveryMessage):
            # The process may be waiting for room in the pipe, and now learns that there is none.
            self._inbox.close()
        if self._process.is_alive():
            self._process.join(_LEAVE_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._inbox.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _receive(self, timeout: float) -> FrameObservations | Control | None:
        """The next message, or None if none comes in time; the child's death is one, too."""
        if self._inbox is None:
            raise CaptureError(
                without_password(self._name), "is not being captured", "start the capture first"
            )
        try:
            return self._inbox.receive(timeout)
        except (EOFError, OSError):
            return EndOfStream(f"the capture process {self._fate()}", failed=True)

    def _fate(self) -> str:
        self._process.join(_BURY_S)
        code = self._process.exitcode
        if code is None:
            return "fell silent"
        if code < 0:
            return f"was killed ({signal.Signals(-code).name})"
        return f"ended without a word (exit status {code})"

    def _note(self, message: FrameObservations | Control) -> None:
        """Remember what is no observation.

        Raises:
            CaptureError: the source did not open.
        """
        if isinstance(message, SourceInfo):
            self._info = message
        elif isinstance(message, EndOfStream):
            self._ended = message
        elif isinstance(message, Failure):
            error = CaptureError(message.thing, message.fault, message.remedy)
            self._ended = EndOfStream(str(error), failed=True)
            if self._info is None:
                raise error
