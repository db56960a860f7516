"""Define what the stage hands to graphics: poses, lights, cameras and effects of a frame."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from renderer.stage.lut import Cdl, Lut

if TYPE_CHECKING:  # At run time this would load the compiler that springs need.
    from avatars.instance import AvatarInstance

F32 = npt.NDArray[np.float32]
Color = tuple[float, float, float]
"""Linear RGB; may exceed 1."""
Point = tuple[float, float, float]
"""Stage space, metres."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What a camera's lens leaves out of focus: all that lies behind its subject.

    Attributes:
        begin_m: depth along the camera's axis at which the picture begins to blur.
        range_m: metres behind `begin_m` at which blur is full.
        radius: of the full circle of confusion, as a share of the picture's height.
    """

    begin_m: float
    range_m: float
    radius: float = 0.01


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera on the stage.

    Attributes:
        position: metres, stage space.
        target: metres, the point that it looks at.
        fov_y: vertical angle of view in radians.
        near: metres, near clipping plane.
        far: metres, far clipping plane.
        focus: depth of field; None keeps everything sharp.
    """

    position: Point
    target: Point
    fov_y: float
    near: float = 0.1
    far: float = 60.0
    focus: Focus | None = None


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
class Beam:
    """The light that a fixture sends through hazy air.

    Attributes:
        apex: centre of the fixture's lens.
        direction: unit vector that the light leaves along.
        spread: tangent of the half angle.
        color: of the scattered light, times its intensity.
        length_m: from the apex to where the beam has faded.
        haze: how much of it is seen in the air, 0 to 1; at 0 the lens alone glares.
    """

    apex: Point
    direction: Point
    spread: float
    color: Color
    length_m: float = 14.0
    haze: float = 1.0


@dataclass(frozen=True, slots=True)
class Air:
    """The air of the hall.

    Attributes:
        haze: how much light beams scatter towards the camera; 0 hides them.
        fog: light that far air adds to the picture, linear RGB.
        fog_density: of that, per metre.
    """

    haze: float = 0.0
    fog: Color = (0.0, 0.0, 0.0)
    fog_density: float = 0.045


@dataclass(frozen=True, slots=True)
class Floor:
    """What the level floor of the stage shows of those who stand on it.

    Attributes:
        mirror: how strongly it mirrors, 0 to about 1; 0 turns it off.
        contact: how much light feet that touch it take from it, 0 to 1.
        height_m: of the floor.
        center: of the rectangle that it lies in, (x, z) metres.
        size: of that rectangle, (x, z) metres.
    """

    mirror: float = 0.0
    contact: float = 0.0
    height_m: float = 0.0
    center: tuple[float, float] = (0.0, 0.0)
    size: tuple[float, float] = (20.0, 20.0)


@dataclass(frozen=True, slots=True)
class Grade:
    """How the finished picture is developed; the defaults change nothing.

    Attributes:
        exposure: factor on linear light, before the tone curve.
        black_point: display value that becomes black.
        contrast: share of an S-curve on display values.
        saturation: on display values.
        shadow_tint, light_tint: factors on dark and bright display values.
        vignette: how much of the light corners lose.
        grain: of film, its swing as a share of the display's range; it moves with every frame.
        cdl: a colour decision list on display values, after all of the above but grain.
        lut: a table of display values, after the colour decision list.
        bloom: strength of the glow around what shines; 0 turns it off.
    """

    exposure: float = 1.0
    black_point: float = 0.0
    contrast: float = 0.0
    saturation: float = 1.0
    shadow_tint: Color = (1.0, 1.0, 1.0)
    light_tint: Color = (1.0, 1.0, 1.0)
    vignette: float = 0.0
    grain: float = 0.0
    cdl: Cdl | None = None
    lut: Lut | None = None
    bloom: float = 0.0


class LedContent(Enum):
    """What LED walls generate on the beat."""

    BARS = auto()
    """Level bars: a verse."""
    SUNBURST = auto()
    """Rays and rings from behind the performers: a chorus."""
    VEIL = auto()
    """A slow veil of light with stars: a ballad."""


@dataclass(frozen=True, slots=True)
class Screens:
    """What the LED wall and the side screens show.

    Attributes:
        content: of the LED wall.
        level: brightness, 0 to about 1.
        cool, warm: the two colours of the content.
        text: a line that runs along the wall's top; empty for none.
        crops: of the program picture on each side screen in turn: left, top, width and height as
            shares; the last one serves all further screens.
    """

    content: LedContent = LedContent.BARS
    level: float = 0.0
    cool: Color = (0.06, 0.42, 0.80)
    warm: Color = (1.0, 0.48, 0.14)
    text: str = ""
    crops: tuple[tuple[float, float, float, float], ...] = ((0.0, 0.0, 1.0, 1.0),)


@dataclass(frozen=True, slots=True)
class Crowd:
    """How the audience behaves.

    Attributes:
        energy: 0 stands still, 0.5 waves, 1 jumps.
        stage_light: what of the stage's light falls on the people, linear RGB.
        stick_gain: brightness of the light sticks.
        stick_colors: two or three, the fans' colours.
        stick_shares: how many of the sticks have each colour; any scale.
    """

    energy: float = 0.0
    stage_light: Color = (0.02, 0.03, 0.042)
    stick_gain: float = 0.0
    stick_colors: tuple[Color, ...] = ((1.0, 1.0, 1.0),)
    stick_shares: tuple[float, ...] = (1.0,)


@dataclass(frozen=True, slots=True)
class Confetti:
    """Paper that falls over the stage.

    Attributes:
        age_s: since it was fired.
        amount: 0 to 1 of the pieces that the renderer has.
        colors: up to five; pieces are dealt out evenly.
        faces: points that no piece comes before, in any view.
    """

    age_s: float
    amount: float = 1.0
    colors: tuple[Color, ...] = ((0.9, 0.9, 0.9),)
    faces: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Practicals:
    """The light of the set's own strips, and the house light groups that its baked light has.

    Attributes:
        strip_level: factor on what strips of light give off.
        strip_tint: colour that strips take on in place of their own, as far as `tint_share` says.
        tint_share: 0 to 1.
        groups: linear RGB of each baked group of lights, in the set's own order; a set without
            baked light ignores them.
    """

    strip_level: float = 1.0
    strip_tint: Color = (1.0, 1.0, 1.0)
    tint_share: float = 0.0
    groups: tuple[Color, Color, Color, Color] = ((1.0, 1.0, 1.0),) * 4


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
        beat: of the song, on which screens, strips and audience move; counts on from 0.
        beams: what fixtures send through the air.
        confetti: None while none falls.
        floor: what it mirrors, and how dark it is under feet.
    """

    number: int
    t_show_ns: int
    t_seen_ns: int
    avatars: tuple[PosedAvatar, ...]
    lights: tuple[Light, ...]
    ambient: tuple[float, float, float]
    camera: Camera
    view_cameras: Mapping[str, Camera] = field(default_factory=dict)
    beat: float = 0.0
    beams: tuple[Beam, ...] = ()
    air: Air = Air()
    grade: Grade = Grade()
    screens: Screens = Screens()
    crowd: Crowd = Crowd()
    confetti: Confetti | None = None
    floor: Floor = Floor()
    practicals: Practicals = Practicals()
