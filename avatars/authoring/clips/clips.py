"""Define the clips of the ground-truth set: performers, motions, cameras and lights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from avatars.authoring.clips import grimaces, motions
from avatars.authoring.clips.figure import Movement
from avatars.authoring.clips.studio_camera import Camera, Place
from avatars.authoring.clips.studio_room import DAY, LAMPLIGHT, STUDIO_DARK, WINDOW, Light
from avatars.authoring.figure.source import Floats
from avatars.names import BONE_INDEX

Motion = Callable[[Floats, Floats], Movement]
"""Joint positions at rest (55, 3), metres, and times (n,), seconds → the movement."""

Angle = Callable[[Floats, tuple[int, int]], Camera]
"""The first performer's joint positions (n, 55, 3) and the picture's size → the camera."""


@dataclass(frozen=True, slots=True)
class Part:
    """A performer of a clip: a key of performer_looks.LOOKS, and their motion."""

    look: str
    motion: Motion


@dataclass(frozen=True, slots=True)
class Clip:
    """The description of a clip to render.

    Attributes:
        seconds: duration.
        cast: the performers, in the order of their ground truth.
        camera: computes the camera.
        light: the lighting of performers and room.
    """

    seconds: float
    cast: tuple[Part, ...]
    camera: Angle
    light: Light = DAY


_FOV_Y = float(np.radians(30.0))


@dataclass(frozen=True, slots=True)
class From:
    """A fixed camera.

    Attributes:
        place, target: metres.
    """

    place: Place
    target: Place = (0.0, 1.0, 0.0)

    def __call__(self, _joints: Floats, size: tuple[int, int]) -> Camera:
        """Return the camera, independently of the performer's joints."""
        return Camera(self.place, self.target, _FOV_Y, size)


@dataclass(frozen=True, slots=True)
class Portrait:
    """A camera on face and shoulders.

    Attributes:
        aside: offset from the face to the performer's left, metres.
        distance: offset from the face towards +Z, metres.
    """

    aside: float
    distance: float

    def __call__(self, joints: Floats, size: tuple[int, int]) -> Camera:
        """Return the camera in front of the eyes' mean position over all frames."""
        eyes = joints[:, [BONE_INDEX["leftEye"], BONE_INDEX["rightEye"]]]
        x, y, z = (float(value) for value in eyes.mean(axis=(0, 1)))
        place = (x + self.aside, y, z + self.distance)
        return Camera(place, (x, y - 0.05, z), _FOV_Y, size)


CLIPS: dict[str, Clip] = {
    "dance": Clip(4.0, (Part("strong", motions.dancing),), From((0.0, 1.1, 4.6)), STUDIO_DARK),
    "turn": Clip(5.0, (Part("slight", motions.turning),), From((0.0, 1.0, 4.0)), DAY),
    "crouch": Clip(4.0, (Part("broad", motions.crouching),), From((0.9, 1.1, 4.2)), WINDOW),
    "jump": Clip(3.0, (Part("demo", motions.jumping),), From((0.0, 1.2, 5.2), (0.0, 1.2, 0.0))),
    "arms-crossed": Clip(
        4.0, (Part("tall", motions.arms_crossed),), From((0.4, 1.3, 4.4)), LAMPLIGHT
    ),
    "hand-on-face": Clip(
        4.0, (Part("strong", motions.hand_on_face),), From((-0.3, 1.3, 2.6), (0.0, 1.2, 0.0)), DAY
    ),
    "back": Clip(4.0, (Part("slight", motions.back_turned),), From((0.0, 1.1, 4.4)), LAMPLIGHT),
    "walk-in": Clip(4.0, (Part("tall", motions.walking_in),), From((0.0, 1.1, 4.6)), WINDOW),
    "crossing": Clip(
        4.0,
        (
            Part("demo", partial(motions.crossing, side=-1.0)),
            Part("broad", partial(motions.crossing, side=1.0)),
        ),
        From((0.0, 1.2, 5.2)),
        DAY,
    ),
    "costume": Clip(
        4.0,
        (
            Part("demo", partial(motions.crossing, side=-1.0)),
            Part("twin", partial(motions.crossing, side=1.0)),
        ),
        From((0.0, 1.2, 5.2)),
        DAY,
    ),
    "beside": Clip(
        4.5,
        (Part("strong", motions.hand_on_hip), Part("tall", motions.reaching_across)),
        From((0.2, 1.2, 4.2), (0.2, 1.05, 0.0)),
        DAY,
    ),
    "lent-arm": Clip(
        5.0,
        (Part("strong", motions.arm_hidden), Part("demo", motions.lending)),
        From((0.1, 1.2, 4.2), (0.1, 1.05, 0.0)),
        DAY,
    ),
    "replaced-arm": Clip(
        6.0,
        (Part("strong", motions.arm_withdrawn), Part("demo", motions.replacing)),
        From((0.1, 1.2, 4.2), (0.1, 1.05, 0.0)),
        DAY,
    ),
    "singing": Clip(
        4.0,
        (Part("slight", motions.singing),),
        Portrait(0.08, 0.66),
        STUDIO_DARK,
    ),
    "wink-and-gaze": Clip(4.0, (Part("broad", motions.winking),), Portrait(0.0, 0.62), WINDOW),
    "look-down": Clip(
        grimaces.LOOKS_S, (Part("broad", grimaces.looking_down),), Portrait(0.04, 0.62), WINDOW
    ),
    "every-shape": Clip(
        grimaces.GRIMACES_S, (Part("broad", grimaces.grimacing),), Portrait(0.04, 0.62), LAMPLIGHT
    ),
    "spin": Clip(3.0, (Part("demo", motions.spinning),), From((0.0, 1.1, 4.4)), LAMPLIGHT),
}
"""The clips by name, in rendering order."""
