"""Read frames from a local camera."""

from __future__ import annotations

import time
from collections.abc import Iterator

import cv2
import numpy as np

from renderer.capture.records import CameraFrame
from renderer.errors import CaptureError

_DEFAULT_RATE = 30.0
_WIDTH, _HEIGHT = 1280, 720
"""Requested resolution, pixels: enough for crops of face and hands; a camera may use another."""
_PATIENCE = 30
"""Consecutive failed frames to tolerate: a camera usually recovers within a second."""


class Camera:
    """Reads a local camera through the system's camera interface."""

    def __init__(self, device: int | str) -> None:
        """Open the camera.

        Args:
            device: camera number or path of the device file.

        Raises:
            CaptureError: the camera cannot be opened.
        """
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
        # Keep at most one frame in the driver's buffer, so that frames are never stale.
        self._device.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self.size = (
            int(self._device.get(cv2.CAP_PROP_FRAME_WIDTH)),
            int(self._device.get(cv2.CAP_PROP_FRAME_HEIGHT)),
        )
        self.rate = float(self._device.get(cv2.CAP_PROP_FPS)) or _DEFAULT_RATE

    def frames(self, start_ns: int = 0) -> Iterator[CameraFrame]:  # noqa: ARG002 - it has no past
        """Yield every frame, with the time at which the driver returned it.

        Raises:
            CaptureError: the camera stopped delivering frames.
        """
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
        """Release the camera."""
        self._device.release()
