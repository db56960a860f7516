"""Frames in, faces out: a camera that shows one performer's face and little else.

A performer seen from head to foot has a face some twenty pixels between the eyes. A second camera
close to it, on a stand or worn on the head, sees lips and lids that the first cannot. Nothing but
the face is looked for in it, and in the whole picture: there is no body to say where the face is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Self

from renderer.capture.records import F32, CameraFrame, Observation
from renderer.capture.trackers.crops import shrunk
from renderer.capture.trackers.mediapipe import FaceTask
from renderer.capture.trackers.models import load_model
from renderer.capture.trackers.telemetry import silence_telemetry

_LARGE_ENOUGH: Final = 960
"""Pixels of a picture's longer side; the tracker takes 256 of a face."""


class CloseUp:
    """Observes one face in a sequence of frames."""

    def __init__(self, models: Path | None = None) -> None:
        """Load the model.

        Args:
            models: the folder it lies in instead of the user's cache.

        Raises:
            CaptureError: it is missing or damaged.
        """
        silence_telemetry()
        self._face = FaceTask(load_model("face", models))

    def observe_all(self, frame: CameraFrame) -> tuple[Observation, ...]:
        """The face in a frame, or that there is none; frames must come in order."""
        height, width = frame.pixels.shape[:2]
        face = self._face.find(shrunk(frame.pixels, _LARGE_ENOUGH), frame.t_seen_ns // 1_000_000)
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
