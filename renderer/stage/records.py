"""Define the records that the stage hands to graphics: poses, lights and cameras of one frame."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:  # At run time this would load the compiler that springs need.
    from avatars.instance import AvatarInstance

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera on the stage.

    Attributes:
        position: metres, stage space.
        target: metres, the point that it looks at.
        fov_y: vertical angle of view in radians.
        near: metres, near clipping plane.
        far: metres, far clipping plane.
    """

    position: tuple[float, float, float]
    target: tuple[float, float, float]
    fov_y: float
    near: float = 0.1
    far: float = 60.0


@dataclass(frozen=True, slots=True)
class Light:
    """A spot light, a point light or a directional light.

    Attributes:
        position: metres, stage space.
        target: metres, the point that it is aimed at.
        color: linear RGB times intensity, as it arrives at `target`.
        cone: (inner, outer) half angles in radians; None for a directional light. A cone of pi
            shines in all directions: a point light.
        casts_shadow: whether avatars occlude it. The first light that casts a shadow is the key
            light, by which toon shading is drawn; without any, the first light.
        range_m: distance in metres at which the light has faded to nothing; infinite by default. A
            short range saves its cost everywhere else. Directional lights ignore it.
    """

    position: tuple[float, float, float]
    target: tuple[float, float, float]
    color: tuple[float, float, float]
    cone: tuple[float, float] | None = None
    casts_shadow: bool = False
    range_m: float = math.inf


@dataclass(frozen=True, slots=True)
class PosedAvatar:
    """The pose of one avatar in one frame.

    Attributes:
        avatar: index into the avatars that the renderer was given.
        world: (n, 4, 4) float32, node to stage, for column vectors.
        morphs: (c,) float32, the avatar's morph weight vector.
        colors: (b, 6, 4) float32, of the materials that its expressions change, as
            avatars.material_values.MaterialValues has them; empty leaves all at rest.
        uvs: (b, 8, 4) float32, likewise.
    """

    avatar: int
    world: F32
    morphs: F32
    colors: F32 = field(default_factory=lambda: np.zeros((0, 6, 4), np.float32))
    uvs: F32 = field(default_factory=lambda: np.zeros((0, 8, 4), np.float32))

    @classmethod
    def of(cls, number: int, instance: AvatarInstance) -> PosedAvatar:
        """Return the pose of a live avatar; its arrays are shared and valid until its next frame.

        Args:
            number: index of the avatar in the renderer.
            instance: the live avatar.
        """
        values = instance.material_values
        return cls(number, instance.world, instance.morphs, values.colors, values.uvs)


@dataclass(frozen=True, slots=True)
class StageState:
    """Everything that one frame shows.

    Attributes:
        number: of the frame.
        t_show_ns: show time of the frame, from the show's start.
        t_seen_ns: camera time of the newest performer data in it; 0 if there is none.
        avatars: the posed avatars.
        lights: all lights.
        ambient: linear RGB.
        camera: of the program view.
        view_cameras: cameras of further open views by name; a view without a camera is not drawn in
            this frame.
    """

    number: int
    t_show_ns: int
    t_seen_ns: int
    avatars: tuple[PosedAvatar, ...]
    lights: tuple[Light, ...]
    ambient: tuple[float, float, float]
    camera: Camera
    view_cameras: Mapping[str, Camera] = field(default_factory=dict)
