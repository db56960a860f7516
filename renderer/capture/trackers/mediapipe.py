"""Wrap MediaPipe's face, pose and hand landmarkers to take and return NumPy arrays.

The trackers run in VIDEO mode: each searches first near its last detection, so its frames must come
in order with increasing timestamps. A tracker may be called from any thread, but from one at a
time; it releases the GIL while it runs. Only `Scout` runs in IMAGE mode, without state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.capture.records import F32, Hand
from renderer.capture.trackers.library import BaseOptions, mp, vision
from renderer.capture.trackers.mouth_picture import measure_tongue

U8 = npt.NDArray[np.uint8]


_NOTHING: Final[U8] = np.zeros((32, 32, 3), np.uint8)


class _Task:
    """Base class: owns a MediaPipe task in VIDEO mode and closes it."""

    def __init__(self, task: Any) -> None:
        self._task = task
        self._t_ms = -1

    def forget(self) -> None:
        """Reset the tracker with a black image, so that the next image is searched completely.

        A tracker expects its target at the position it had in the previous image. If the next image
        is a different crop of the frame, that position is wrong, yet may be near enough for the
        tracker to lock on to something else.
        """
        self._detect(_NOTHING, self._t_ms + 1)

    def _detect(self, pixels: U8, t_ms: int) -> Any:
        # MediaPipe's timestamps are integer milliseconds and must strictly increase.
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
    """A detected face.

    Attributes:
        points: (478, 3) landmarks, normalized to the crop.
        scores: (52,) blendshape scores in the order of ARKIT; tongueOut is the redness below the
            lips, see mouth_picture.py.
        head: (4, 4) face transform, centimetres.
    """

    points: F32
    scores: F32
    head: F32


@dataclass(frozen=True, slots=True)
class PoseSeen:
    """A detected body.

    Attributes:
        points: (33, 3) landmarks, normalized to the frame.
        world: (33, 3) landmarks, metres.
        visibility: (33,) in [0, 1].
    """

    points: F32
    world: F32
    visibility: F32


@dataclass(frozen=True, slots=True)
class HandSeen:
    """A detected hand.

    Attributes:
        hand: landmarks in the crop; the score is the confidence of the handedness.
        is_left: the tracker's handedness.
    """

    hand: Hand
    is_left: bool


class FaceTask(_Task):
    """Tracks one face: mesh, 52 blendshape scores and head transform."""

    def __init__(self, model: bytes) -> None:
        options = vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=model),
            running_mode=vision.RunningMode.VIDEO,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
        super().__init__(vision.FaceLandmarker.create_from_options(options))

    def find(self, pixels: U8, t_ms: int) -> FaceSeen | None:
        """Return the face in an image, or None.

        Args:
            pixels: (h, w, 3) RGB.
            t_ms: timestamp, milliseconds.
        """
        result = self._detect(pixels, t_ms)
        if not result.face_landmarks:
            return None
        scores = np.zeros(len(ARKIT), np.float32)
        for category in result.face_blendshapes[0]:
            # The model's first score, "_neutral", has no ARKit blendshape.
            index = ARKIT_INDEX.get(category.category_name)
            if index is not None:
                scores[index] = category.score
        head = np.array(result.facial_transformation_matrixes[0], np.float32)
        points = _points(result.face_landmarks[0])
        # The model has no score for a tongue.
        scores[ARKIT_INDEX["tongueOut"]] = measure_tongue(pixels, points)
        return FaceSeen(points, scores, head)


class PoseTask(_Task):
    """Tracks one body."""

    def __init__(self, model: bytes) -> None:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=model),
            running_mode=vision.RunningMode.VIDEO,
        )
        super().__init__(vision.PoseLandmarker.create_from_options(options))

    def find(self, pixels: U8, t_ms: int) -> PoseSeen | None:
        """Return the body in an image, or None.

        Args:
            pixels: (h, w, 3) RGB.
            t_ms: timestamp, milliseconds.
        """
        found = _bodies(self._detect(pixels, t_ms))
        return found[0] if found else None


class Scout:
    """Detects all bodies in single images, without state."""

    def __init__(self, model: bytes, most: int) -> None:
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=model),
            running_mode=vision.RunningMode.IMAGE,
            num_poses=most,
        )
        self._task = vision.PoseLandmarker.create_from_options(options)

    def find(self, pixels: U8) -> list[PoseSeen]:
        """Return the bodies in (h, w, 3) RGB pixels, in arbitrary order."""
        return _bodies(self._task.detect(_image(pixels)))

    def close(self) -> None:
        """Free the task."""
        self._task.close()


class HandTask(_Task):
    """Tracks up to `most` hands. The palm detector runs only while fewer are tracked."""

    def __init__(self, model: bytes, most: int) -> None:
        options = vision.HandLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=model),
            running_mode=vision.RunningMode.VIDEO,
            num_hands=most,
            min_hand_presence_confidence=0.3,
        )
        super().__init__(vision.HandLandmarker.create_from_options(options))

    def find(self, pixels: U8, t_ms: int) -> list[HandSeen]:
        """Return the hands in an image.

        Args:
            pixels: (h, w, 3) RGB.
            t_ms: timestamp, milliseconds.
        """
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
    # MediaPipe ignores the array's strides and needs contiguous rows.
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
    """Convert MediaPipe landmarks to an (n, 3) array."""
    return np.array([(point.x, point.y, point.z) for point in landmarks], np.float32)
