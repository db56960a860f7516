"""Define the records that capture passes to motion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

USUAL_FOCAL: Final = 1.1
"""Focal length of a typical webcam divided by the image's longer side."""


@dataclass(frozen=True, slots=True)
class CameraFrame:
    """One frame of a camera or file.

    Attributes:
        pixels: (h, w, 3) uint8 RGB, upright.
        t_seen_ns: capture time, nanoseconds. Live: time.monotonic_ns; of a file rendered offline:
            the frame's presentation time from the file's start.
        index: frame number in the source, lost frames included.
    """

    pixels: npt.NDArray[np.uint8]
    t_seen_ns: int
    index: int


@dataclass(frozen=True, slots=True)
class Hand:
    """One hand.

    Attributes:
        image: (21, 3) x, y in [0, 1] of the whole frame, z relative to the wrist.
        world: (21, 3) metres from the hand's centre; x right, y down, z away from the camera.
        score: confidence of the detector, 0 to 1.
    """

    image: F32
    world: F32
    score: float


@dataclass(frozen=True, slots=True)
class Observation:
    """The landmarks of one performer in one frame; None for parts that were not detected.

    Left and right are the performer's own. Image points: x right, y down, in [0, 1] of the whole
    frame, whatever crop they were found in. World points: metres, x right, y down, z away from
    the camera (MediaPipe's axes), origin between the hips.

    Attributes:
        t_seen_ns: capture time of the frame, see CameraFrame.
        index: frame number in the source.
        size: (width, height) of the frame in pixels.
        face: (478, 3) image points.
        scores: (52,) in the order of avatars.names.ARKIT; tongueOut is no score but the redness of
            the skin below the lips (mouth_picture.py).
        head: (4, 4) MediaPipe's face transform: centimetres, x right, y up, z towards the camera,
            for column vectors.
        pose: (33, 3) image points, z in image widths relative to the hips.
        pose_world: (33, 3) world points.
        visibility: (33,) 0 to 1.
        left_hand: the performer's left hand.
        right_hand: the performer's right hand.
        colours: (84, 3) RGB, 0 to 1, of arms, trunk and face and beside the arms (colours.py); NaN
            outside the image.
        performer: index of the performer within the source; every frame has one observation each.
        focal: the camera's focal length divided by the image's longer side.
        company: whether a stranger is in the picture, or another performer within reach; None if
            not known.
        camera: index of the camera among those of the performer; 0 is the first.
    """

    t_seen_ns: int
    index: int
    size: tuple[int, int]
    face: F32 | None = None
    scores: F32 | None = None
    head: F32 | None = None
    pose: F32 | None = None
    pose_world: F32 | None = None
    visibility: F32 | None = None
    left_hand: Hand | None = None
    right_hand: Hand | None = None
    colours: F32 | None = None
    performer: int = 0
    focal: float = USUAL_FOCAL
    company: bool | None = None
    camera: int = 0

    @property
    def focal_pixels(self) -> float:
        """Return the camera's focal length in pixels."""
        return self.focal * max(self.size)
