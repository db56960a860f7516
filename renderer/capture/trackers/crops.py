"""Where in a frame to look for the face and the hands, given where the body was.

A face detector that sees the whole frame misses a face narrower than about a tenth of it, which is
every face of a performer seen from head to foot. So each part is looked for in a square around the
place where the last frame's pose had it, cut from native pixels. A square that follows its part
also keeps it still inside the square, which is what a tracker that expects it where it last was
wants most.

Sizes follow the body's own scale in the picture: the longer of the torso and 1.3 shoulder widths,
so that it survives a performer who turns sideways as well as one who leans towards the camera.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from renderer.capture.records import F32

NOSE, LEFT_EAR, RIGHT_EAR = 0, 7, 8
LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP = 11, 12, 23, 24
LEFT_WRIST, RIGHT_WRIST = 15, 16
_LEFT_KNUCKLES: Final = (17, 19)
_RIGHT_KNUCKLES: Final = (18, 20)

_SHOULDERS_TO_TORSO: Final = 1.3
_HEAD_SIDE: Final = 0.6
"""Side of the head's square over the body's scale; a head is about 0.4 of it."""
_EARS_TO_SIDE: Final = 3.0
"""Of a close face the ears are sure and the torso is invented: side over the ears' distance."""
_HAND_SIDE: Final = 0.8
_PALM_REACH: Final = 0.7
"""From the wrist this far, in distances from wrist to knuckles, lies the middle of the hand."""
_SEEN: Final = 0.3
"""A wrist less visible than this is out of the picture or invented."""
_SMALLEST: Final = 24
"""Pixels; less holds nothing that can be found."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle of a frame, in pixels, wholly inside it."""

    x: int
    y: int
    width: int
    height: int

    def cut(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """The rectangle's pixels (h, w, 3), not copied."""
        return pixels[self.y : self.y + self.height, self.x : self.x + self.width]

    def to_frame(self, points: F32, size: tuple[int, int]) -> F32:
        """Points of the crop as points of the frame.

        Args:
            points: (n, 3) x, y in [0, 1] of the crop, z in crop widths.
            size: (width, height) of the frame in pixels.

        Returns:
            (n, 3) x, y in [0, 1] of the frame, z in frame widths.
        """
        width, height = size
        scale = np.array([self.width / width, self.height / height, self.width / width], np.float32)
        offset = np.array([self.x / width, self.y / height, 0], np.float32)
        return points * scale + offset


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look in the next frame; None where there is nothing to be found."""

    face: Crop | None
    left_hand: Crop | None
    right_hand: Crop | None


def shrunk(pixels: npt.NDArray[np.uint8], longest: int) -> npt.NDArray[np.uint8]:
    """A picture (h, w, 3) whose longer side is no more than so many pixels; itself if it is not."""
    height, width = pixels.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1.0:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    # Averaging costs five times as much, and is needed where pixels would be skipped.
    method = cv2.INTER_LINEAR if scale > 0.5 else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, size, interpolation=method), np.uint8)


def whole(size: tuple[int, int]) -> Crop:
    """The whole of a frame of (width, height) pixels."""
    return Crop(0, 0, *size)


def body_scale(points: F32) -> float:
    """The body's size in the picture, in pixels, from pose points (33, 2) in pixels."""
    shoulders = np.linalg.norm(points[LEFT_SHOULDER] - points[RIGHT_SHOULDER])
    middle = points[LEFT_SHOULDER] + points[RIGHT_SHOULDER] - points[LEFT_HIP] - points[RIGHT_HIP]
    return float(max(np.linalg.norm(middle) / 2, _SHOULDERS_TO_TORSO * shoulders))


def places(pose: F32, visibility: F32, size: tuple[int, int]) -> Places:
    """Where the face and the hands are to be looked for.

    Args:
        pose: (33, 3) image points in [0, 1].
        visibility: (33,) 0 to 1.
        size: (width, height) of the frame in pixels.
    """
    points = np.asarray(pose[:, :2] * np.array(size, np.float32), np.float32)
    scale = body_scale(points)
    ears = float(np.linalg.norm(points[LEFT_EAR] - points[RIGHT_EAR]))
    head = points[[NOSE, LEFT_EAR, RIGHT_EAR]].mean(0)

    def hand(wrist: int, knuckles: tuple[int, ...]) -> Crop | None:
        if visibility[wrist] < _SEEN:
            return None
        reach = points[list(knuckles)].mean(0) - points[wrist]
        return _square(points[wrist] + _PALM_REACH * reach, _HAND_SIDE * scale, size)

    return Places(
        face=_square(head, max(_EARS_TO_SIDE * ears, _HEAD_SIDE * scale), size),
        left_hand=hand(LEFT_WRIST, _LEFT_KNUCKLES),
        right_hand=hand(RIGHT_WRIST, _RIGHT_KNUCKLES),
    )


def _square(centre: F32, side: float, size: tuple[int, int]) -> Crop | None:
    """A square about a point, pushed inside the frame; None if the point lies outside of it.

    Of a part that is larger than the frame, the largest square that fits.
    """
    width, height = size
    x, y = float(centre[0]), float(centre[1])
    if not (0 <= x < width and 0 <= y < height):
        return None
    pixels = min(round(max(side, _SMALLEST)), width, height)
    left = min(max(round(x - pixels / 2), 0), width - pixels)
    top = min(max(round(y - pixels / 2), 0), height - pixels)
    return Crop(left, top, pixels, pixels)
