"""Track body, face and hands of one performer in parallel.

The body is tracked in the whole frame, near its last position. Other people do not disturb a
tracker that has a target, but one without a target locks on to any person. So it never searches by
itself: it is initialized with one frame that is black except for the person to follow.

The crops of face and hands come from the body in the previous frame, so that no tracker waits for
another. With too few processor cores to run all at once, hands run last (both_hands.py).
"""

from __future__ import annotations

import math
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.capture.records import F32, CameraFrame, Observation
from renderer.capture.trackers.both_hands import BothHands
from renderer.capture.trackers.colours import colours
from renderer.capture.trackers.crops import Crop, Places, places, whole
from renderer.capture.trackers.mediapipe import FaceSeen, FaceTask, PoseSeen, PoseTask
from renderer.capture.trackers.priority import make_on_cores

_FACE_FOV_Y: Final = math.radians(63)
"""Vertical field of view that MediaPipe's face geometry assumes for every image, radians."""
_ROUND_A_BODY: Final = 0.25
"""Margin left visible around a body when its tracker is initialized, as a share of the longer side
of its bounding box."""


class PerformerTracker:
    """Tracks one performer: call `look`, `await_body` and `observe`, in this order, per frame."""

    def __init__(
        self,
        models: dict[str, bytes],
        threads: Executor,
        stack: ExitStack,
        *,
        lanes: tuple[set[int], set[int]] | None,
    ) -> None:
        """Load the models.

        Args:
            models: model files by manifest name.
            threads: the executor that runs the trackers.
            stack: the exit stack that closes them.
            lanes: the cores for the body and those for the face, if there are too few to run
                everything at once: hands then run after both and come with the next frame. None
                otherwise.
        """
        self._threads, self._hurried = threads, lanes is not None

        def pose() -> PoseTask:
            return stack.enter_context(PoseTask(models["pose"]))

        def face() -> FaceTask:
            return stack.enter_context(FaceTask(models["face"]))

        def hands() -> BothHands:
            return BothHands(models["hand"], threads, stack, hurried=lanes is not None)

        if lanes is None:
            self._pose, self._face, self._hands = pose(), face(), hands()
        else:
            bodies, rest = lanes
            self._pose = make_on_cores(bodies, pose)
            self._face = make_on_cores(rest, face)
            self._hands = make_on_cores(bodies | rest, hands, idle=True)
        self._follows = self._everywhere = False
        self._followed_crop: Crop | None = None
        self._places: Places | None = None
        self._face_was_whole = False
        self._face_is_held = False
        self._body_seen: Future[PoseSeen | None] | None = None
        self._face_seen: Future[FaceSeen | None] | None = None

    def look(self, frame: CameraFrame, small: npt.NDArray[np.uint8], *, everywhere: bool) -> None:
        """Submit the tracking tasks of a frame, without waiting for them.

        Args:
            frame: the frame.
            small: its image downscaled for the body tracker, (h, w, 3) RGB.
            everywhere: without a body, search face and hands in the whole frame; otherwise skip
                them.
        """
        t_ms = frame.t_seen_ns // 1_000_000
        size = _size(frame)
        self._body_seen = self._face_seen = None
        if self._follows:
            self._body_seen = self._threads.submit(self._pose.find, small, t_ms)
        elif self._followed_crop is not None:
            shown = _mask_outside(small, self._followed_crop, size)
            self._body_seen = self._threads.submit(self._pose.find, shown, t_ms)
        if self._places is not None:
            self._submit_face(frame, self._places.face, is_whole=False)
        elif everywhere:
            self._submit_face(frame, whole(size), is_whole=True)
        self._everywhere = everywhere
        if not self._hurried:
            self._hands.look(frame, self._places, everywhere=everywhere)

    def await_body(self) -> PoseSeen | None:
        """Wait for the body tracker and return the body in the frame, or None."""
        return None if self._body_seen is None else self._body_seen.result()

    def observe(
        self,
        frame: CameraFrame,
        body: PoseSeen | None,
        *,
        scouted: bool,
        performer: int,
        company: bool,
    ) -> Observation:
        """Return the observation of the performer, once a body has been assigned to them.

        Args:
            frame: the frame passed to `look`.
            body: the body assigned to the performer; None if not detected. A body that this tracker
                found but that was not assigned is no longer tracked.
            scouted: the body was found by the scout; start tracking it.
            performer: index of the performer.
            company: a stranger is in the picture, or another performer within reach.
        """
        size = _size(frame)
        face = None if self._face_seen is None else self._face_seen.result()
        was_wrong = self.await_body() is not None and (scouted or body is None)
        self._face_is_held = face is not None
        left = right = None
        if was_wrong:
            # Face and hands near the wrong body are not this performer's either.
            face = None
        else:
            left, right = self._hands.observe(frame, body)
        self._follow(body, size, was_wrong=was_wrong, scouted=scouted)
        if self._hurried:
            self._hands.look(frame, self._places, everywhere=self._everywhere)
        return Observation(
            frame.t_seen_ns,
            frame.index,
            size,
            face=_freeze(face.points) if face else None,
            scores=_freeze(face.scores) if face else None,
            head=_freeze(face.head) if face else None,
            pose=_freeze(body.points) if body else None,
            pose_world=_freeze(body.world) if body else None,
            visibility=_freeze(body.visibility) if body else None,
            left_hand=left,
            right_hand=right,
            colours=_freeze(_sample_colours(frame, body)) if body else None,
            performer=performer,
            company=company,
        )

    def _follow(
        self, body: PoseSeen | None, size: tuple[int, int], *, was_wrong: bool, scouted: bool
    ) -> None:
        """Set the crops and targets for the next frame."""
        if was_wrong:
            self._pose.forget()
        if was_wrong or scouted:
            self._hands.forget()
        self._follows = body is not None and not scouted
        self._followed_crop = _box(body, size) if body is not None and scouted else None
        self._places = None if body is None else places(body.points, body.visibility, size)

    def _submit_face(self, frame: CameraFrame, crop: Crop | None, *, is_whole: bool) -> None:
        if crop is None:
            return
        moved = self._face_is_held and self._face_was_whole != is_whole
        self._face_was_whole = is_whole
        self._face_seen = self._threads.submit(self._find_face, frame, crop, moved)

    def _find_face(self, frame: CameraFrame, crop: Crop, moved: bool) -> FaceSeen | None:
        """Return the face with points and head transform in frame coordinates, or None.

        Args:
            frame: the frame.
            crop: the crop to search.
            moved: the crop changed between whole frame and head, so the tracked position is
                invalid.
        """
        if moved:
            self._face.forget()
        size = _size(frame)
        face = self._face.find(crop.cut(frame.pixels), frame.t_seen_ns // 1_000_000)
        if face is None:
            return None
        return FaceSeen(
            crop.to_frame(face.points, size), face.scores, head_in_frame(face.head, crop, size)
        )


def head_in_frame(head: F32, crop: Crop, size: tuple[int, int]) -> F32:
    """Convert a face transform from the camera of a crop to the camera of the frame.

    MediaPipe's face geometry assumes a camera with the image's own height, f = h/2 / tan(fov/2)
    pixels. The head must project to the same pixels at the same size, so Z' = Z · h_frame / h_crop,
    and X, Y follow from the pixel of its origin. The rotation is unchanged, because it is relative
    to the line of sight.

    Args:
        head: (4, 4) in centimetres, y up, z towards the camera.
        crop: the crop in which the head was found.
        size: (width, height) of the frame in pixels.

    Returns:
        (4, 4) in centimetres.
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


def _size(frame: CameraFrame) -> tuple[int, int]:
    height, width = frame.pixels.shape[:2]
    return width, height


def _sample_colours(frame: CameraFrame, body: PoseSeen) -> F32:
    """Sample the colours of a body's arms, trunk and face."""
    points = body.points[:, :2] * np.array(_size(frame), np.float32)
    return colours(frame.pixels, np.asarray(points, np.float32))


def _box(body: PoseSeen, size: tuple[int, int]) -> Crop:
    """Return a body's bounding box with a margin, clipped to the frame."""
    width, height = size
    points = body.points[:, :2] * np.array(size, np.float32)
    low, high = points.min(0), points.max(0)
    room = _ROUND_A_BODY * float((high - low).max())
    left, top = np.clip(low - room, 0, (width - 1, height - 1)).astype(int).tolist()
    right, bottom = np.clip(high + room, (left + 1, top + 1), size).astype(int).tolist()
    return Crop(left, top, right - left, bottom - top)


def _mask_outside(
    picture: npt.NDArray[np.uint8], crop: Crop, size: tuple[int, int]
) -> npt.NDArray[np.uint8]:
    """Black out an image outside a crop.

    Args:
        picture: (h, w, 3) image of the frame, at any scale.
        crop: the part to keep, in frame pixels.
        size: (width, height) of the frame in pixels.
    """
    scale = picture.shape[1] / size[0]
    x, y = int(crop.x * scale), int(crop.y * scale)
    right, bottom = round((crop.x + crop.width) * scale), round((crop.y + crop.height) * scale)
    shown = np.zeros_like(picture)
    shown[y:bottom, x:right] = picture[y:bottom, x:right]
    return shown


def _freeze(array: F32) -> F32:
    array.flags.writeable = False
    return array
