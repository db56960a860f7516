"""A camera of this machine as a source of pictures."""

from __future__ import annotations

import time
from collections.abc import Iterator

import cv2
import numpy as np

from renderer.capture.records import CameraFrame
from renderer.errors import CaptureError

_DEFAULT_RATE = 30.0
_WIDTH, _HEIGHT = 1280, 720
"""Asked for, so that a face or hand cropped out of it has pixels; a camera gives what it can."""
_PATIENCE = 30
"""Pictures that may fail in a row: a camera that wakes or is jostled recovers within a second."""


class Camera:
    """A camera, through the system's own camera interface."""

    def __init__(self, device: int | str) -> None:
        """Open it: by its number, or by its device file."""
        self.name = device if isinstance(device, str) else f"camera {device}"
        self.length_ns: int | None = None
        self.warning = self.note = ""
        self.last_duration_ns = 0
        self.is_live = True
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
        self._device = cv2.VideoCapture(device)
        if not self._device.isOpened():
            self._device.release()
            raise CaptureError(
                self.name,
                "cannot be opened: it is not there, in use, or not permitted",
                "plug it in, close other programs that use it, and allow its use in the system",
            )
        self._device.set(cv2.CAP_PROP_FRAME_WIDTH, _WIDTH)
        self._device.set(cv2.CAP_PROP_FRAME_HEIGHT, _HEIGHT)
        # The newest picture is wanted, never one that waited in the driver.
        self._device.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self.size = (
            int(self._device.get(cv2.CAP_PROP_FRAME_WIDTH)),
            int(self._device.get(cv2.CAP_PROP_FRAME_HEIGHT)),
        )
        self.rate = float(self._device.get(cv2.CAP_PROP_FPS)) or _DEFAULT_RATE

    def frames(self) -> Iterator[CameraFrame]:
        """Every picture from now on, stamped when the driver hands it over."""
        index = failed = 0
        while True:
            if not self._device.grab():
                failed += 1
                if failed > _PATIENCE:
                    raise CaptureError(
                        self.name, "stopped giving pictures", "check its cable, then start it again"
                    )
                time.sleep(1 / self.rate)
                continue
            t_seen_ns = time.monotonic_ns()
            good, picture = self._device.retrieve()
            if good:
                failed = 0
                rgb = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)
                yield CameraFrame(rgb, t_seen_ns, index)
            index += 1

    def close(self) -> None:
        """Let the camera go."""
        self._device.release()
