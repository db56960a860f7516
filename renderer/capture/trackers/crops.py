"""Compute the crops in which to search for the face and the hands from the body landmarks.

On a whole frame the face detector misses a face narrower than about a tenth of the frame, which is
every face in a full-body shot. So face and hands are each searched in a square at full resolution,
centred on their position in the last frame's pose. A square that follows its part also keeps it at
the same place in the crop, where the tracker expects it.

Crop sizes are proportional to the body scale: the larger of the torso length and 1.3 shoulder
widths in the image, which is robust to a performer who turns sideways or leans towards the camera.
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
"""Side of the head crop, body scales; a head is about 0.4."""
_EARS_TO_SIDE: Final = 3.0
"""Side of the head crop, ear distances: in a close-up only the ears are reliable, not the torso."""
_HAND_SIDE: Final = 0.8
"""Side of a hand crop, body scales."""
_PALM_REACH: Final = 0.7
"""Distance from the wrist to the centre of the hand, in distances from wrist to knuckles."""
_SEEN: Final = 0.3
"""Lowest visibility of a wrist; below, it is outside the image or not reliable."""
_SMALLEST: Final = 24
"""Smallest side of a crop, pixels; nothing can be detected in a smaller one."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle in a frame, pixels, completely inside it."""

    x: int
    y: int
    width: int
    height: int

    def cut(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Return a view of the rectangle's pixels, (h, w, 3)."""
        return pixels[self.y : self.y + self.height, self.x : self.x + self.width]

    def to_frame(self, points: F32, size: tuple[int, int]) -> F32:
        """Convert points from crop to frame coordinates.

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
    """The crops to search in the next frame; None for a part that is not to be searched."""

    face: Crop | None
    left_hand: Crop | None
    right_hand: Crop | None


def downscale(pixels: npt.NDArray[np.uint8], longest: int) -> npt.NDArray[np.uint8]:
    """Downscale an image (h, w, 3) to at most `longest` pixels on the longer side.

    A smaller image is returned unchanged.
    """
    height, width = pixels.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1.0:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    # INTER_AREA costs five times as much; it is needed only where INTER_LINEAR skips pixels.
    method = cv2.INTER_LINEAR if scale > 0.5 else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, size, interpolation=method), np.uint8)


def whole(size: tuple[int, int]) -> Crop:
    """Return the crop of a whole frame of (width, height) pixels."""
    return Crop(0, 0, *size)


def body_scale(points: F32) -> float:
    """Return the body scale in pixels from pose points (33, 2) in pixels."""
    shoulders = np.linalg.norm(points[LEFT_SHOULDER] - points[RIGHT_SHOULDER])
    middle = points[LEFT_SHOULDER] + points[RIGHT_SHOULDER] - points[LEFT_HIP] - points[RIGHT_HIP]
    return float(max(np.linalg.norm(middle) / 2, _SHOULDERS_TO_TORSO * shoulders))


def places(pose: F32, visibility: F32, size: tuple[int, int]) -> Places:
    """Return the crops of the face and the hands.

    Args:
        pose: (33, 3) image points, normalized to [0, 1].
        visibility: (33,) in [0, 1].
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
    """Return a square around a point, shifted and if necessary shrunk to fit into the frame.

    Args:
        centre: (2,) pixels.
        side: pixels.
        size: (width, height) of the frame in pixels.

    Returns:
        The square; None if the point is outside the frame.
    """
    width, height = size
    x, y = float(centre[0]), float(centre[1])
    if not (0 <= x < width and 0 <= y < height):
        return None
    pixels = min(round(max(side, _SMALLEST)), width, height)
    left = min(max(round(x - pixels / 2), 0), width - pixels)
    top = min(max(round(y - pixels / 2), 0), height - pixels)
    return Crop(left, top, pixels, pixels)
