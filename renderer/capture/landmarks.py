"""Frames in, observations out: face, body and hands, looked for at the same time."""

from __future__ import annotations

import math
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Self

import numpy as np

from renderer.capture.crops import LEFT_WRIST, RIGHT_WRIST, Crop, Places, body_scale, places, whole
from renderer.capture.hands import Candidate, by_body, by_opinion
from renderer.capture.models import load_model
from renderer.capture.records import F32, CameraFrame, Hand, Observation
from renderer.capture.search import HandSearch
from renderer.capture.tasks import FaceSeen, FaceTask, HandTask, PoseSeen, PoseTask
from renderer.capture.telemetry import silence_telemetry

_FACE_FOV_Y: Final = math.radians(63)
"""The vertical angle of view that MediaPipe's face geometry takes every picture to have."""


class Landmarks:
    """Observes one performer in a sequence of frames.

    Face, body, left hand and right hand are looked for in parallel. Where to look for face and
    hands comes from the body in the *previous* frame, so that nothing waits for anything; without
    a body the whole frame is searched. The outcome depends on the frames alone, never on timing.
    """

    def __init__(self, models: Path | None = None) -> None:
        """Load the models.

        Args:
            models: the folder they lie in instead of the user's cache.

        Raises:
            CaptureError: a model is missing or damaged.
        """
        silence_telemetry()
        hand = load_model("hand", models)
        with ExitStack() as stack:
            self._face = stack.enter_context(FaceTask(load_model("face", models)))
            self._pose = stack.enter_context(PoseTask(load_model("pose", models)))
            self._left = HandSearch(stack.enter_context(HandTask(hand, 1)), from_left=True)
            self._right = HandSearch(stack.enter_context(HandTask(hand, 1)), from_left=False)
            # Apart from the other two, so that a frame without a body leaves what they track be.
            self._both = HandSearch(stack.enter_context(HandTask(hand, 2)), from_left=None)
            self._threads = stack.enter_context(ThreadPoolExecutor(4, "landmarks"))
            self._stack = stack.pop_all()
        self._places: Places | None = None
        self._t_ms = -1

    def observe(self, frame: CameraFrame) -> Observation:
        """What is seen in a frame. Frames must come in the order in which they were seen."""
        height, width = frame.pixels.shape[:2]
        size = (width, height)
        # The trackers' clocks are whole milliseconds and must move.
        self._t_ms = max(self._t_ms + 1, frame.t_seen_ns // 1_000_000)
        body_seen = self._threads.submit(self._pose.find, frame.pixels, self._t_ms)
        hands_seen = self._submit_hands(frame)
        face = self._find_face(frame)
        body = body_seen.result()
        candidates = [candidate for future in hands_seen for candidate in future.result()]
        left, right = _sort_hands(candidates, body, size)
        self._places = None if body is None else places(body.points, body.visibility, size)
        return Observation(
            frame.t_seen_ns,
            frame.index,
            size,
            face=_frozen(face.points) if face else None,
            scores=_frozen(face.scores) if face else None,
            head=_frozen(face.head) if face else None,
            pose=_frozen(body.points) if body else None,
            pose_world=_frozen(body.world) if body else None,
            visibility=_frozen(body.visibility) if body else None,
            left_hand=left,
            right_hand=right,
        )

    def _find_face(self, frame: CameraFrame) -> FaceSeen | None:
        """The face, its points and head as of the whole frame; runs in the caller's thread."""
        height, width = frame.pixels.shape[:2]
        size = (width, height)
        crop = whole(size) if self._places is None else self._places.face
        if crop is None:
            return None
        face = self._face.find(crop.cut(frame.pixels), self._t_ms)
        if face is None:
            return None
        return FaceSeen(
            crop.to_frame(face.points, size), face.scores, head_in_frame(face.head, crop, size)
        )

    def _submit_hands(self, frame: CameraFrame) -> list[Future[list[Candidate]]]:
        height, width = frame.pixels.shape[:2]
        if self._places is None:
            searches: list[tuple[HandSearch, Crop | None]] = [(self._both, whole((width, height)))]
        else:
            searches = [
                (self._left, self._places.left_hand),
                (self._right, self._places.right_hand),
            ]
        return [
            self._threads.submit(search.find, frame, crop, self._t_ms)
            for search, crop in searches
            if crop is not None
        ]

    def close(self) -> None:
        """Free the models and threads."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def head_in_frame(head: F32, crop: Crop, size: tuple[int, int]) -> F32:
    """The face transform as of the whole frame, from that of a crop of it.

    The face geometry knows its picture's size alone and takes it to be a camera's, f = h/2 / tan(
    fov/2) pixels. That the head keeps its place and size on the screen gives its place in space:
    Z' = Z · h_frame / h_crop, and X, Y follow from the pixel that it projects to. Its rotation
    stays what it is: relative to the line of sight.

    Args:
        head: (4, 4) in centimetres, y up, z towards the camera.
        crop: where in the frame the picture was.
        size: (width, height) of the frame in pixels.
    """
    width, height = size
    cotangent = 1 / math.tan(_FACE_FOV_Y / 2)
    focal, crop_focal = height / 2 * cotangent, crop.height / 2 * cotangent
    x, y, z = (float(value) for value in head[:3, 3])
    column = crop.x + crop.width / 2 + crop_focal * x / -z
    row = crop.y + crop.height / 2 - crop_focal * y / -z
    distance = -z * height / crop.height
    moved = head.copy()
    moved[:3, 3] = (
        (column - width / 2) * distance / focal,
        (height / 2 - row) * distance / focal,
        -distance,
    )
    return moved


def _sort_hands(
    candidates: list[Candidate], body: PoseSeen | None, size: tuple[int, int]
) -> tuple[Hand | None, Hand | None]:
    if body is None:
        return by_opinion(candidates)
    points = np.asarray(body.points[:, :2] * np.array(size, np.float32), np.float32)
    return by_body(candidates, points[[LEFT_WRIST, RIGHT_WRIST]], size, body_scale(points))


def _frozen(array: F32) -> F32:
    array.flags.writeable = False
    return array
