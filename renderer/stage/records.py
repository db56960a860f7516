"""Define the records of a frame's stage state: poses, lights, cameras and effects."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from renderer.stage.air_effects import Jets, LightRain, Sparks
from renderer.stage.lights.gobos import FramingBlades, Gobo
from renderer.stage.lut import Cdl, Lut
from renderer.stage.text.lyrics import SungLine
from renderer.stage.text.titles import NONE as NO_TITLES
from renderer.stage.text.titles import Titles

if TYPE_CHECKING:  # At run time this would load the compiler that springs need.
    from avatars.instance import AvatarInstance

F32 = npt.NDArray[np.float32]
Color = tuple[float, float, float]
"""Linear RGB; may exceed 1."""
Point = tuple[float, float, float]
"""Stage space, metres."""


@dataclass(frozen=True, slots=True)
class Focus:
    """A camera's depth of field: blur of the background and of the foreground.

    Attributes:
        begin_m: depth along the camera's axis at which background blur starts.
        range_m: depth range behind `begin_m` over which it becomes full.
        radius: maximum circle of confusion, as a fraction of the picture's height.
        front_m: depth below which the foreground is blurred; the blur is full at half this depth.
            0 for no foreground blur.
    """

    begin_m: float
    range_m: float
    radius: float = 0.01
    front_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Shutter:
    """A camera at the opening of the shutter; at its closing, it has the frame's own position.

    Attributes:
        position, target, fov_y: as in Camera.
    """

    position: Point
    target: Point
    fov_y: float


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera on the stage.

    Attributes:
        position: metres, stage space.
        target: metres, the point at which it looks.
        fov_y: vertical angle of view in radians.
        near: metres, near clipping plane.
        far: metres, far clipping plane.
        focus: depth of field; None keeps everything sharp.
        shutter: the camera at the start of the exposure, the same as at its end if it is at rest;
            None for no motion blur, as at a cut.
    """

    position: Point
    target: Point
    fov_y: float
    near: float = 0.1
    far: float = 60.0
    focus: Focus | None = None
    shutter: Shutter | None = None


@dataclass(frozen=True, slots=True)
class Light:
    """A spot light, a point light or a directional light.

    Attributes:
        position: metres, stage space.
        target: metres, the point at which it is aimed.
        color: linear RGB times intensity, as it arrives at `target`.
        cone: (inner, outer) half angles in radians; None for a directional light. A cone of pi
            shines in all directions: a point light.
        casts_shadow: whether avatars occlude it. The first light that casts shadows is the key
            light of toon shading; without any, the first light.
        range_m: distance in metres at which the light has faded to 0; infinite by default. Beyond a
            short range, the light costs nothing. Directional lights ignore it.
        gobo: pattern that fills the outer cone; ignored for lights without a cone.
        blades: framing blades of the outer cone; ignored likewise.
    """

    position: tuple[float, float, float]
    target: tuple[float, float, float]
    color: tuple[float, float, float]
    cone: tuple[float, float] | None = None
    casts_shadow: bool = False
    range_m: float = math.inf
    gobo: Gobo | None = None
    blades: FramingBlades | None = None


@dataclass(frozen=True, slots=True)
class Beam:
    """A fixture's light beam, visible in haze.

    Attributes:
        apex: centre of the fixture's lens, metres.
        direction: unit vector of the light.
        spread: tangent of the half angle.
        color: linear RGB of the scattered light times its intensity.
        length_m: distance from the apex at which the beam has faded.
        haze: factor on the scattered light, 0 to 1; at 0 only the lens glare is visible.
        gobo: pattern that splits the beam into rays.
        blades: framing blades of the beam's pool; they are not visible in the air.
    """

    apex: Point
    direction: Point
    spread: float
    color: Color
    length_m: float = 14.0
    haze: float = 1.0
    gobo: Gobo | None = None
    blades: FramingBlades | None = None


@dataclass(frozen=True, slots=True)
class Air:
    """The air of the hall.

    Attributes:
        haze: factor on the light that beams scatter; 0 hides them.
        fog: in-scattered light of dense fog, linear RGB.
        fog_density: extinction coefficient of the fog, per metre.
    """

    haze: float = 0.0
    fog: Color = (0.0, 0.0, 0.0)
    fog_density: float = 0.045


@dataclass(frozen=True, slots=True)
class Floor:
    """The stage's level floor: reflection, contact shadows and bounce light.

    Attributes:
        mirror: strength of the reflection, 0 (off) to about 1.
        contact: strength of the contact shadows of feet, 0 to 1.
        height_m: of the floor.
        center: of the floor's bounding rectangle, (x, z) metres.
        size: of that rectangle, (x, z) metres.
        albedo: diffuse reflectance for bounce light on avatars, linear RGB.
    """

    mirror: float = 0.0
    contact: float = 0.0
    height_m: float = 0.0
    center: tuple[float, float] = (0.0, 0.0)
    size: tuple[float, float] = (20.0, 20.0)
    albedo: Color = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of the finished picture; the defaults are the identity.

    Attributes:
        exposure: factor on linear light, before the tone curve.
        black_point: display value that becomes black.
        contrast: blend factor of an S-curve on display values.
        saturation: factor on display values.
        shadow_tint, light_tint: factors on dark and bright display values.
        vignette: fraction of light that corners lose.
        grain: amplitude of film grain, as a fraction of the display range; it differs by frame.
        cdl: ASC CDL on display values, after all of the above except grain.
        lut: lookup table on display values, after the CDL.
        bloom: strength of the bloom of emissive surfaces; 0 turns it off.
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
    """Generated content of LED walls, synchronised to the beat."""

    BARS = auto()
    """Level bars: a verse."""
    SUNBURST = auto()
    """Rays and rings from behind the performers: a chorus."""
    VEIL = auto()
    """A slow veil of light with stars: a ballad."""


class ScreenFeed(Enum):
    """The kind of a screen's source."""

    GENERATED = "generated"
    """Generated content, synchronised to the beat."""
    PROGRAM = "program"
    """The program's previous frame."""
    FILE = "file"
    """A picture or a video."""


@dataclass(frozen=True, slots=True)
class ScreenSource:
    """The source of one screen.

    Attributes:
        screen: name of the screen in the set.
        feed: kind of the source.
        file: the picture or video; None unless the feed is FILE.
    """

    screen: str
    feed: ScreenFeed
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Screens:
    """The content of the LED wall and the other screens.

    Attributes:
        content: of the LED wall.
        level: brightness, 0 to about 1.
        floor_level: brightness of generated content in a floor, 0 to 1.
        cool, warm: the two colours of the content.
        text: a line of text that scrolls along the wall's top; empty for none.
        lyric: the current line of lyrics, which replaces `text`; None for none.
        crops: of the program picture, one per side screen: left, top, width and height as
            fractions; the last one is used for all further screens.
        cameras: one per side screen, for a renderer that draws their pictures; without one, a
            screen shows its crop.
        sources: of the screens that differ from the default: generated content on walls and
            floors, the program on others.
        seconds: playback time of videos, which loop.
        content_level: factor on the brightness of generated content, 0 to 1.
    """

    content: LedContent = LedContent.BARS
    level: float = 0.0
    floor_level: float = 0.0
    cool: Color = (0.06, 0.42, 0.80)
    warm: Color = (1.0, 0.48, 0.14)
    text: str = ""
    lyric: SungLine | None = None
    crops: tuple[tuple[float, float, float, float], ...] = ((0.0, 0.0, 1.0, 1.0),)
    cameras: tuple[Camera, ...] = ()
    sources: tuple[ScreenSource, ...] = ()
    seconds: float = 0.0
    content_level: float = 1.0


class WaveAxis(Enum):
    """The direction in which a wave runs through the audience."""

    ACROSS = 0.0
    """From the left of the hall to its right, as the audience sees it."""
    DEPTH = 1.0
    """From the stage to the back."""


@dataclass(frozen=True, slots=True)
class CrowdWave:
    """A wave that runs through the blocks of the hall: the people of a block rise together.

    Attributes:
        front: where it is, 0 at the first block and 1 at the last one; beyond both, nobody rises.
        axis: along which the blocks are ordered.
        height: how far people rise, and how far the sticks of the others are dimmed, 0 to 1.
    """

    front: float
    axis: WaveAxis = WaveAxis.ACROSS
    height: float = 1.0


@dataclass(frozen=True, slots=True)
class Crowd:
    """The audience's behaviour and light.

    Attributes:
        energy: 0 stands still, 0.5 waves, 1 jumps.
        stage_light: light from the stage on the people, linear RGB.
        stick_gain: brightness of the light sticks.
        stick_colors: two or three colours of the sticks.
        stick_shares: relative number of sticks per colour, on any scale.
        wave: that runs through the hall; None for none.
    """

    energy: float = 0.0
    stage_light: Color = (0.02, 0.03, 0.042)
    stick_gain: float = 0.0
    stick_colors: tuple[Color, ...] = ((1.0, 1.0, 1.0),)
    stick_shares: tuple[float, ...] = (1.0,)
    wave: CrowdWave | None = None


@dataclass(frozen=True, slots=True)
class Confetti:
    """Confetti over the stage.

    Attributes:
        age_s: time since it was fired.
        amount: 0 to 1, fraction of the renderer's maximum number of pieces.
        colors: up to five, each for an equal number of pieces.
        faces: points, metres, that no piece may occlude in any view.
    """

    age_s: float
    amount: float = 1.0
    colors: tuple[Color, ...] = ((0.9, 0.9, 0.9),)
    faces: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Lamps:
    """The cells of fixtures that do not move: strobes, blinders, pixel bars.

    Attributes:
        position: (n, 3) float32, metres.
        direction: (n, 3) float32, unit vector of each cell's light.
        size: (n, 2) float32, width and height, metres.
        color: (n, 3) float32, linear RGB.
        flare: (n,) float32, strength of each cell's lens flare.
    """

    position: F32
    direction: F32
    size: F32
    color: F32
    flare: F32


@dataclass(frozen=True, slots=True)
class Practicals:
    """The light of the set's light strips and of its baked light groups.

    Attributes:
        strip_level: factor on the strips' emission.
        strip_tint: colour that replaces the strips' own.
        tint_share: blend factor of the tint, 0 to 1.
        groups: linear RGB of each baked light group, in the set's order; a set without baked light
            ignores them.
    """

    strip_level: float = 1.0
    strip_tint: Color = (1.0, 1.0, 1.0)
    tint_share: float = 0.0
    groups: tuple[Color, Color, Color, Color] = ((1.0, 1.0, 1.0),) * 4


@dataclass(frozen=True, slots=True)
class PosedAvatar:
    """The pose of one avatar in one frame.

    Attributes:
        avatar: index into the renderer's avatars.
        world: (n, 4, 4) float32, node to stage, for column vectors.
        morphs: (c,) float32, the avatar's morph weight vector.
        colors: (b, 6, 4) float32, of the materials that its expressions change, ordered as in
            avatars.material_values.MaterialValues; empty for all at rest.
        uvs: (b, 10, 4) float32, ordered likewise.
    """

    avatar: int
    world: F32
    morphs: F32
    colors: F32 = field(default_factory=lambda: np.zeros((0, 6, 4), np.float32))
    uvs: F32 = field(default_factory=lambda: np.zeros((0, 10, 4), np.float32))

    @classmethod
    def of(cls, number: int, instance: AvatarInstance) -> PosedAvatar:
        """Return the pose of a live avatar; its arrays are shared and valid until its next frame.

        Args:
            number: index of the avatar in the renderer.
            instance: the live avatar.
        """
        values = instance.material_values
        return cls(number, instance.world, instance.morphs, values.colors, values.uvs)


@dataclass(frozen=True, slots=True, eq=False)
class FullPicture:
    """A picture that a view shows instead of the stage.

    Attributes:
        source: name of where it comes from; all pictures of one name share a texture.
        pixels: (h, w, 3) uint8 display values, the top row first.
        stamp: changes with the pixels.
        fit: how it fills a view of another shape: with bars, cropped, or stretched.
    """

    source: str
    pixels: npt.NDArray[np.uint8]
    stamp: int
    fit: Literal["fit", "fill", "stretch"] = "fit"


@dataclass(frozen=True, slots=True)
class StageState:
    """The complete state of one frame.

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
        beat: of the song, counted from 0; screens, strips and audience move on it.
        beams: light beams of fixtures.
        confetti: None if none falls.
        lamps: cells of strobes, blinders and pixel bars; None if there are none.
        jets, sparks, rain: atmospheric effects; None if inactive.
        floor: reflection, contact shadows and bounce light.
        titles: over the finished picture of every view.
        pictures: of the views that show a picture instead of the stage, by the view's name.
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
    lamps: Lamps | None = None
    jets: Jets | None = None
    sparks: Sparks | None = None
    rain: LightRain | None = None
    floor: Floor = Floor()
    practicals: Practicals = Practicals()
    titles: Titles = NO_TITLES
    pictures: Mapping[str, FullPicture] = field(default_factory=dict)
