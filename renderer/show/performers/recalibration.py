"""Notice a camera that was moved during the show, and calibrate it again from the movement."""

from __future__ import annotations

from typing import Final

import numpy as np

from renderer.motion.cameras.fusion import CameraFusion
from renderer.motion.cameras.model import CameraSet
from renderer.show.background import BackgroundTasks
from renderer.show.performers.performer import PerformerPipeline

_FRAMES: Final = 30
"""Frames seen since a camera moved, ten per second, from which it is calibrated again."""

_AGAIN: Final = 20
"""Further frames after which a failed calibration is tried again."""

_REPORT_NS: Final = 30_000_000_000
"""Nanoseconds for which an alarm says that a camera was calibrated again."""


class CameraRecalibration:
    """Watches the cameras on one performer; the tick polls it.

    Attributes:
        count: number of cameras.
        faults: the alarm's text about each camera, by its number from 0; empty where it
            stands right.
    """

    def __init__(self, who: str, performer: PerformerPipeline, *, live: bool) -> None:
        """Start watching.

        Args:
            who: the performer's name, for messages.
            performer: has several cameras.
            live: calibrate on a thread; otherwise at once, so that a render can be repeated.
        """
        # It loads SciPy: half a second, which a show with one camera for each performer saves.
        from renderer.motion.cameras.calibrate import recalibrate_camera

        self._recalibrate = recalibrate_camera
        self._who = who
        self._performer = performer
        self.count = len(self._fusion.cameras.cameras)
        self._background = BackgroundTasks() if live else None
        self._next = _FRAMES
        self._busy = False
        self._reported_until_ns: dict[int, int] = {}
        self.faults: dict[int, str] = {}

    def poll(self, t_ns: int) -> None:
        """Follow up on moved cameras; never waits when live."""
        if self._background is not None:
            self._background.deliver()
        moved = self._fusion.take_moved()
        if moved is not None:
            self._next = _FRAMES
            off = float(self._fusion.monitor.residuals[moved])
            self.faults[moved] = (
                f"Camera {moved + 1} of {self._who} was moved: it disagrees with the others by "
                f"{100.0 * off:.0f} cm and is left out until the movement has calibrated it again"
            )
        for number, until_ns in list(self._reported_until_ns.items()):
            if t_ns > until_ns:
                del self._reported_until_ns[number]
                self.faults.pop(number, None)
        for number, is_moved in enumerate(self._fusion.monitor.moved):
            if not is_moved:
                if number in self.faults and number not in self._reported_until_ns:
                    # It was moved back.
                    del self.faults[number]
                continue
            if not self._busy and len(self._fusion.window) >= self._next:
                self._calibrate(number, t_ns)

    @property
    def _fusion(self) -> CameraFusion:
        fusion = self._performer.fusion
        assert fusion is not None, "a performer with several cameras has a fusion"
        return fusion

    def close(self) -> None:
        """End the thread."""
        if self._background is not None:
            self._background.close()

    def _calibrate(self, number: int, t_ns: int) -> None:
        cameras = self._fusion.cameras
        frames = list(self._fusion.window)
        slopes = np.array([frame.slopes for frame in frames])
        visibility = np.array([frame.visibility for frame in frames])
        distances = np.array([frame.distances for frame in frames])
        self._busy = True

        def calibrate() -> CameraSet | None:
            return self._recalibrate(cameras, number, slopes, visibility, distances)

        def settle(found: CameraSet | None) -> None:
            self._busy = False
            if found is None or self._fusion.cameras is not cameras:
                self._next = min(len(self._fusion.window) + _AGAIN, self._fusion.window.maxlen or 0)
                self.faults[number] = (
                    f"Camera {number + 1} of {self._who} was moved and cannot be calibrated by "
                    "the movement yet; the others drive. Put it back, or let the performer walk"
                )
                return
            self._next = _FRAMES
            self._performer.use_cameras(found)
            shift = found.cameras[number].place - cameras.cameras[number].place
            self.faults[number] = (
                f"Camera {number + 1} of {self._who} was moved by "
                f"{100.0 * float(np.linalg.norm(shift)):.0f} cm and has been calibrated again by "
                "the movement"
            )
            self._reported_until_ns[number] = t_ns + _REPORT_NS

        def fail(_fault: Exception) -> None:
            self._busy = False

        if self._background is None:
            settle(calibrate())
        else:
            self._background.run(calibrate, settle, fail)
