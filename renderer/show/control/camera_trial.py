"""Open a camera beside the one in use, so that the crew sees its picture before it is swapped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from renderer.capture.process.messages import EndOfStream, FrameObservations
from renderer.capture.process.process import CaptureProcess
from renderer.capture.records import Observation
from renderer.closing import Closing
from renderer.errors import CaptureError
from renderer.protocol.inputs import CameraPoints, CameraState, CameraTrial
from renderer.protocol.pictures import PictureStatus
from renderer.show.control.status import read_points

LONGEST_S: Final = 600.0
"""Time after which a trial ends by itself, seconds: a tracker that nobody looks at costs a core."""


class OpenTrial(Closing):
    """One camera that is tried. Nothing here waits.

    Attributes:
        camera: number of the one that it may replace.
        name: of the camera, without a password.
        picture: where its process shares its picture.
        opens: creates its process in the place of the other one.
        is_return: whether it takes that place as soon as it gives pictures.
    """

    def __init__(
        self,
        camera: int,
        name: str,
        tries: Callable[[], CaptureProcess],
        picture: Path,
        opens: Callable[[], CaptureProcess],
        *,
        is_return: bool = False,
    ) -> None:
        """Start the process.

        Args:
            tries: creates the process with the picture of the trial.

        Raises:
            SetupError: the system cannot start another process.
        """
        self.camera, self.name, self.picture, self.opens = camera, name, picture, opens
        self.is_return = is_return
        self._capture: CaptureProcess | None = tries()
        self._capture.start()
        self._until = time.monotonic() + LONGEST_S
        self._newest: FrameObservations | None = None
        self._fault = ""
        self._closing: threading.Thread | None = None

    @property
    def is_open(self) -> bool:
        """Return whether pictures have come, and none of them was the last."""
        return self._newest is not None and not self._fault

    @property
    def is_over(self) -> bool:
        """Return whether it has been open for too long."""
        return time.monotonic() > self._until

    def poll(self) -> None:
        """Read what has come."""
        if self._capture is None or self._fault:
            return
        try:
            got = self._capture.get_all(0.0)
        except CaptureError as fault:
            self._fault = str(fault)
            return
        if isinstance(got, EndOfStream):
            self._fault = got.reason or "It has ended"
        elif got is not None:
            self._newest = got

    def status(self) -> CameraTrial:
        """Return its status."""
        self.poll()
        state, rate, latency = CameraState.OPENING, 0.0, 0.0
        picture = None
        if self._fault or self._capture is None:
            state = CameraState.ENDED
        elif self._newest is not None:
            now_ns = time.monotonic_ns()
            rate, latency = self._capture.pulse.rate(now_ns), self._capture.pulse.latency_ms(now_ns)
            state = CameraState.SEEING if self._seen() else CameraState.EMPTY
            size = self._capture.info.picture_size
            picture = None if size is None else PictureStatus(str(self.picture), *size)
        return CameraTrial(self.camera, self.name, state, self._fault, rate, latency, picture)

    def points(self) -> CameraPoints:
        """Return the landmarks of all whom it sees."""
        self.poll()
        return read_points(self._newest or ())

    def release(self) -> CaptureProcess:
        """Return its process, which is the caller's from now on."""
        assert self._capture is not None
        capture, self._capture = self._capture, None
        return capture

    def close(self) -> None:
        """End the process, without waiting for it; see `join`. Idempotent."""
        capture, self._capture = self._capture, None
        if capture is not None:
            self._closing = threading.Thread(target=capture.close, name="camera trial ends")
            self._closing.start()

    def join(self) -> None:
        """Wait until the process has ended."""
        if self._closing is not None:
            self._closing.join()

    def _seen(self) -> list[Observation]:
        """Return those whom it sees."""
        return [one for one in self._newest or () if one.pose is not None or one.face is not None]
