"""Track the face in the frames of a close-up camera.

In a full-body shot the eyes are about twenty pixels apart. A second camera near the face, on a
stand or head-mounted, resolves lips and eyelids that the first cannot. Only the face is detected,
in the whole frame, because no body landmarks are available to crop it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Self

from renderer.capture.records import F32, CameraFrame, Observation
from renderer.capture.trackers.crops import downscale
from renderer.capture.trackers.mediapipe import FaceTask
from renderer.capture.trackers.models import load_model
from renderer.capture.trackers.telemetry import silence_telemetry

_LARGE_ENOUGH: Final = 960
"""Longer side of the image, pixels; the face network's input is 256 pixels wide."""


class CloseUp:
    """Tracks one face through a sequence of frames."""

    def __init__(self, models: Path | None = None) -> None:
        """Load the model.

        Args:
            models: the model folder to use instead of the user's cache.

        Raises:
            CaptureError: the model is missing or damaged.
        """
        silence_telemetry()
        self._face = FaceTask(load_model("face", models))

    @property
    def colour_changes(self) -> str:
        """Return an empty sentence: a face is not recognised by its colours."""
        return ""

    def observe_all(self, frame: CameraFrame) -> tuple[Observation, ...]:
        """Return one observation of the frame, without face data if none was detected.

        Frames must be passed in the order of time.
        """
        height, width = frame.pixels.shape[:2]
        face = self._face.find(downscale(frame.pixels, _LARGE_ENOUGH), frame.t_seen_ns // 1_000_000)
        return (
            Observation(
                frame.t_seen_ns,
                frame.index,
                (width, height),
                face=_freeze(face.points) if face else None,
                scores=_freeze(face.scores) if face else None,
                head=_freeze(face.head) if face else None,
            ),
        )

    def close(self) -> None:
        """Free the model."""
        self._face.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _freeze(array: F32) -> F32:
    array.flags.writeable = False
    return array
