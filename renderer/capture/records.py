"""What capture hands to motion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

USUAL_FOCAL: Final = 1.1
"""The focal length of a usual webcam over its picture's longer side."""


@dataclass(frozen=True, slots=True)
class CameraFrame:
    """One picture of a camera or file.

    Attributes:
        pixels: (h, w, 3) uint8 RGB, upright.
        t_seen_ns: when the light hit the camera. Live: time.monotonic_ns; of a file that is
            rendered offline: the frame's presentation time from the file's start.
        index: counts every frame the source gave, lost ones included.
    """

    pixels: npt.NDArray[np.uint8]
    t_seen_ns: int
    index: int


@dataclass(frozen=True, slots=True)
class Hand:
    """One hand. `image` (21, 3): x, y in [0, 1] of the whole frame, z relative to the wrist.
    `world` (21, 3): metres about the hand's centre; x right, y down, z away from the camera.
    `score`: how sure the detector is, 0 to 1.
    """

    image: F32
    world: F32
    score: float


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen of one performer in one frame; None where nothing was.

    Left and right are the performer's own. Image points: x right, y down, in [0, 1] of the whole
    frame, whatever crop they were found in. World points: metres, x right, y down, z away from
    the camera (MediaPipe's axes), origin between the hips.

    Attributes:
        size: (width, height) of the frame in pixels.
        face: (478, 3) image points.
        scores: (52,) in the order of avatars.names.ARKIT; tongueOut is 0.
        head: (4, 4) face transform, MediaPipe's: centimetres, x right, y up, z towards the
            camera, for column vectors.
        pose: (33, 3) image points, z in units of image width about the hips.
        pose_world: (33, 3).
        visibility: (33,) 0 to 1.
        colours: (84, 3) RGB, 0 to 1, of arms, trunk and face and of what is beside the arms
            (colours.py); not a number where that is not in the picture.
        performer: whose, counted from 0 within a source; every frame has one observation of each.
        focal: the camera's focal length over the picture's longer side.
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

    @property
    def focal_pixels(self) -> float:
        """The camera's focal length in pixels."""
        return self.focal * max(self.size)
