"""MediaPipe's three trackers, each turned into a function from pixels to arrays.

They run in MediaPipe's VIDEO mode: a tracker looks first where it last found its target, so it has
to be shown its frames in order, at times that grow. Each may be called from any one thread at a
time; none holds Python's lock while it works. The scout alone looks at every picture afresh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import mediapipe as mp
import numpy as np
import numpy.typing as npt
from mediapipe.tasks.python import BaseOptions, vision

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.capture.records import F32, Hand

U8 = npt.NDArray[np.uint8]


_NOTHING: Final[U8] = np.zeros((32, 32, 3), np.uint8)


class _Task:
    """What all have in common: a MediaPipe task that must be closed."""

    def __init__(self, task: Any) -> None:
        self._task = task
        self._t_ms = -1

    def forget(self) -> None:
        """Lose the target, so that the next picture is searched afresh and wholly.

        A tracker expects its target where it lay in the last picture it was shown. After a picture
        of another part of the frame that is the wrong place, near enough to be believed.
        """
        self._detect(_NOTHING, self._t_ms + 1)

    def _detect(self, pixels: U8, t_ms: int) -> Any:
        # The library's clock is whole milliseconds and must move.
        self._t_ms = max(self._t_ms + 1, t_ms)
        return self._task.detect_for_video(_image(pixels), self._t_ms)

    def close(self) -> None:
        """Free the task."""
        self._task.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class FaceSeen:
    """`points` (478, 3) in the crop, `scores` (52,) by ARKIT, `head` (4, 4) centimetres."""

    points: F32
    scores: F32
    head: F32


@dataclass(frozen=True, slots=True)
class PoseSeen:
    """`points` (33, 3) in the frame, `world` (33, 3) metres, `visibility` (33,)."""

    points: F32
    world: F32
    visibility: F32


@dataclass(frozen=True, slots=True)
class HandSeen:
    """A hand in its crop, and which hand the tracker takes it for, and how surely."""

    hand: Hand
    is_left: bool


class FaceTask(_Task):
    """One face: mesh, 52 scores, head."""

    def __init__(self, model: bytes) -> None:
        options = vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=model),
            running_mode=vision.RunningMode.VIDEO,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
        super().__init__(vision.FaceLandmarker.create_from_options(options))

    def find(self, pixels: U8, t_ms: int) -> FaceSeen | None:
        """The face in (h, w, 3) RGB pixels at a time in milliseconds."""
        result = self._detect(pixels, t_ms)
        if not result.face_landmarks:
            return None
        scores = np.zeros(len(ARKIT), np.float32)
        for category in result.face_blendshapes[0]:
            # The model's first score, "_neutral", has no counterpart.
            index = ARKIT_INDEX.get(category.category_name)
            if index is not None:
                scores[index] = category.score
        head = np.array(result.facial_transformation_matrixes[0], np.float32)
        return FaceSeen(_points(result.face_landmarks[0]), scores, head)


class PoseTask(_Task):
    """One body."""

    def __init__(self, model: bytes) -> None:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=model),
            running_mode=vision.RunningMode.VIDEO,
        )
        super().__init__(vision.PoseLandmarker.create_from_options(options))

    def find(self, pixels: U8, t_ms: int) -> PoseSeen | None:
        """The body in (h, w, 3) RGB pixels at a time in milliseconds."""
        found = _bodies(self._detect(pixels, t_ms))
        return found[0] if found else None


class Scout:
    """Every body in a picture, each picture by itself."""

    def __init__(self, model: bytes, most: int) -> None:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=model),
            running_mode=vision.RunningMode.IMAGE,
            num_poses=most,
        )
        self._task = vision.PoseLandmarker.create_from_options(options)

    def find(self, pixels: U8) -> list[PoseSeen]:
        """The bodies in (h, w, 3) RGB pixels, in no order."""
        return _bodies(self._task.detect(_image(pixels)))

    def close(self) -> None:
        """Free the task."""
        self._task.close()


class HandTask(_Task):
    """Up to so many hands. With as many in view as it looks for, no detector has to run."""

    def __init__(self, model: bytes, most: int) -> None:
        options = vision.HandLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=model),
            running_mode=vision.RunningMode.VIDEO,
            num_hands=most,
            min_hand_presence_confidence=0.3,
        )
        super().__init__(vision.HandLandmarker.create_from_options(options))

    def find(self, pixels: U8, t_ms: int) -> list[HandSeen]:
        """The hands in (h, w, 3) RGB pixels at a time in milliseconds."""
        result = self._detect(pixels, t_ms)
        return [
            HandSeen(
                Hand(_points(image), _points(world), float(handedness[0].score)),
                handedness[0].category_name == "Left",
            )
            for image, world, handedness in zip(
                result.hand_landmarks, result.hand_world_landmarks, result.handedness, strict=True
            )
        ]


def _image(pixels: U8) -> mp.Image:
    # The library reads rows without a gap, whatever the array's strides say.
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(pixels))


def _bodies(result: Any) -> list[PoseSeen]:
    return [
        PoseSeen(
            _points(points),
            _points(world),
            np.array([point.visibility for point in points], np.float32),
        )
        for points, world in zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
    ]


def _points(landmarks: Sequence[Any]) -> F32:
    """MediaPipe's landmarks as (n, 3)."""
    return np.array([(point.x, point.y, point.z) for point in landmarks], np.float32)
