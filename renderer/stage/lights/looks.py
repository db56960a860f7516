"""Define looks: the state of light, air, screens, audience and grade in a part of a song."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import Enum, auto
from typing import Any, Final, TypeVar

from renderer.stage.fixtures.cues import FixtureCue
from renderer.stage.lights.gobos import FramingBlades, Gobo
from renderer.stage.lights.lamps import LampCue
from renderer.stage.lut import Lut
from renderer.stage.records import Air, Color, Crowd, Grade, LedContent, Practicals, Screens
from renderer.stage.sets.lights import LightCue


class Pattern(Enum):
    """The aim of a group of moving heads."""

    FAN = auto()
    """Upwards, spread over the audience."""
    BEHIND = auto()
    """Down on the deck behind the performers, so that no beam greys a face."""
    CROSS = auto()
    """Upwards, crossing behind the performers."""
    SIDES = auto()
    """Down on both sides of the deck."""
    FLOOR = auto()
    """Wide on the deck beside the performers, to show gobos."""
    SWEEP = auto()
    """Back and forth over the audience."""
    FOLLOW = auto()
    """At the performers."""


@dataclass(frozen=True, slots=True)
class GroupCue:
    """A look's cue for a group of moving heads.

    Attributes:
        pattern: their aim.
        colors: assigned to the group's heads in turn.
        level: intensity.
        spread: tangent of the half angle.
        sway: amplitude of the aims' oscillation, metres.
        period: of the oscillation, beats.
        pulse: fraction of the level that pulses on the beat.
        gobo: its name; empty for none.
        spin: rotation of the gobo, turns per beat, in alternating directions.
        iris: opening of the iris, as a fraction of the beam's width, above 0 to 1.
        blades: framing blades; None for a round beam.
        throw: factor on color and level for the light of a follow spot on the performer.
    """

    pattern: Pattern
    colors: tuple[Color, ...]
    level: float = 1.0
    spread: float = 0.032
    sway: float = 1.0
    period: float = 8.0
    pulse: float = 0.0
    gobo: str = ""
    spin: float = 0.0
    iris: float = 1.0
    blades: FramingBlades | None = None
    throw: float = 0.0

    def gobo_at(self, beat: float, place: int) -> Gobo | None:
        """Return the gobo of a head of the group at a beat."""
        if not self.gobo:
            return None
        side = 1.0 if place % 2 == 0 else -1.0
        return Gobo(self.gobo, side * math.tau * ((self.spin * beat) % 1.0))


@dataclass(frozen=True, slots=True)
class Look:
    """A state of the whole rig.

    Attributes:
        lights: cues of the static lights, by role: "key", "fill", "rim_left" and "rim_right" on the
            performers, "wash" on the deck; other groups are dark.
        ambient: linear RGB on every surface.
        heads: cues of the moving heads, by role; other groups are dark.
        pool: brightness of the pools that beams cast on the deck.
        confetti: whether it falls.
        lamps: cues of strobes, blinders and pixel bars, by role; other groups are dark.
        jets: whether its start fires the CO2 jets.
        sparks: whether its start fires the spark machines.
        rain: amount of light rain, 0 to 1.
        fixtures: cues of the patched fixtures, by group; others are dark.
    """

    lights: Mapping[str, LightCue]
    ambient: Color
    heads: Mapping[str, GroupCue]
    practicals: Practicals
    air: Air
    screens: Screens
    crowd: Crowd
    grade: Grade
    pool: float = 0.5
    confetti: bool = False
    lamps: Mapping[str, LampCue] = field(default_factory=dict)
    jets: bool = False
    sparks: bool = False
    rain: float = 0.0
    fixtures: Mapping[str, FixtureCue] = field(default_factory=dict)


_T = TypeVar("_T")


def blend(first: _T, second: _T, share: float) -> _T:
    """Interpolate two records of a type: numbers linearly; other values switch halfway.

    Args:
        share: 0 for the first, 1 for the second.
    """
    if share <= 0.0 or first == second:
        return first
    if share >= 1.0:
        return second
    mixed: _T = _blend(first, second, share)
    return mixed


def _blend(a: Any, b: Any, share: float) -> Any:
    if isinstance(a, float) and isinstance(b, float | int):
        return a + (b - a) * share
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        return tuple(_blend(x, y, share) for x, y in zip(a, b, strict=True))
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return {
            role: _blend(
                a.get(role) or replace(b[role], level=0.0),
                b.get(role) or replace(a[role], level=0.0),
                share,
            )
            for role in sorted({*a, *b})
        }
    # A mix of two lookup tables would be another table in every frame.
    if is_dataclass(a) and not isinstance(a, type | Lut) and type(a) is type(b):
        changed = {
            part.name: _blend(getattr(a, part.name), getattr(b, part.name), share)
            for part in fields(a)
        }
        if isinstance(a, Screens) and isinstance(b, Screens) and a.content is not b.content:
            # One content fades out before the other one fades in.
            changed["content_level"] = abs(1.0 - 2.0 * share)
        return replace(a, **changed)
    return a if share < 0.5 else b


def _lights(
    key: Color, fill: Color, rim_left: Color, rim_right: Color, wash: Color
) -> Mapping[str, LightCue]:
    """Return the cues of the roles that the default rig has."""
    return {
        "key": LightCue(key),
        "fill": LightCue(fill),
        "rim_left": LightCue(rim_left),
        "rim_right": LightCue(rim_right),
        "wash": LightCue(wash, pulse=0.3),
    }


_BLUE: Final = (0.16, 0.55, 0.95)
_AMBER: Final = (1.0, 0.62, 0.26)
_ROSE: Final = (1.0, 0.30, 0.42)
_GOLD: Final = (1.0, 0.68, 0.28)
_ICE: Final = (0.75, 0.85, 1.0)
_DEEP: Final = (0.25, 0.45, 0.95)

VERSE: Final = Look(
    lights=_lights(
        key=(0.68, 0.65, 0.61), fill=(0.11, 0.14, 0.20),
        rim_left=(0.75, 1.15, 1.60), rim_right=(1.50, 1.00, 0.55), wash=(0.10, 0.30, 0.55),
    ),
    ambient=(0.105, 0.115, 0.145),
    heads={
        "back": GroupCue(Pattern.FAN, (_BLUE, _AMBER, _BLUE), 0.9, 0.034, 1.6, 8.0, 0.1),
        "front": GroupCue(Pattern.FLOOR, (_BLUE,), 0.5, 0.125, 0.4, gobo="breakup", spin=0.02),
        "ladder": GroupCue(Pattern.CROSS, (_BLUE, _AMBER, _BLUE), 0.8, 0.028),
        "house": GroupCue(Pattern.SWEEP, (_BLUE, _DEEP), 0.20, 0.035, 2.0, 16.0),
        "follow": GroupCue(Pattern.FOLLOW, ((1.0, 0.95, 0.85),), 0.35, 0.031, throw=0.62),
    },
    practicals=Practicals(
        groups=((0.10, 0.30, 0.55), (0.30, 0.22, 0.13), (0.012, 0.026, 0.045), (0.03, 0.17, 0.30))
    ),
    air=Air(0.040, (0.0027, 0.0065, 0.0108)),
    screens=Screens(LedContent.BARS, 0.62, 0.40, (0.06, 0.42, 0.80), (1.0, 0.48, 0.14)),
    crowd=Crowd(
        0.5, (0.030, 0.045, 0.062), 1.5,
        ((0.10, 0.75, 1.20), (0.90, 0.95, 1.10), (1.20, 0.55, 0.15)), (6.0, 1.0, 1.6),
    ),
    grade=Grade(
        1.0, 0.018, 0.22, 1.04, (0.93, 0.98, 1.06), (1.0, 0.985, 0.96), 0.42, bloom=0.17
    ),
    lamps={"bar": LampCue(0.8, ((0.08, 0.50, 1.1), (0.9, 0.45, 0.12)), speed=8.0)},
)  # fmt: skip
"""Blue and amber on black."""

CHORUS: Final = replace(
    VERSE,
    lights=_lights(
        key=(0.66, 0.62, 0.56), fill=(0.11, 0.14, 0.20),
        rim_left=(1.60, 0.75, 0.85), rim_right=(1.60, 1.15, 0.55), wash=(0.50, 0.16, 0.20),
    ),
    ambient=(0.13, 0.115, 0.125),
    heads={
        "back": GroupCue(Pattern.FAN, (_ROSE, _GOLD, _ROSE), 1.0, 0.034, 2.6, 4.0, 0.35),
        "front": GroupCue(
            Pattern.FLOOR, (_GOLD, _ROSE), 0.55, 0.13, 0.5, 4.0, 0.2, gobo="star", spin=0.06
        ),
        "ladder": GroupCue(Pattern.CROSS, (_GOLD, _ROSE, _GOLD), 0.85, 0.028, 1.5, 4.0),
        "house": GroupCue(Pattern.SWEEP, (_ROSE, _GOLD), 0.55, 0.035, 2.5, 8.0, 0.3),
        "follow": GroupCue(Pattern.FOLLOW, ((1.0, 0.92, 0.80),), 0.6, 0.031, throw=0.32),
    },
    practicals=Practicals(
        1.5, (1.5, 0.75, 0.30), 0.85,
        ((0.50, 0.16, 0.20), (0.55, 0.32, 0.14), (0.085, 0.045, 0.040), (0.30, 0.13, 0.10)),
    ),
    air=Air(0.046, (0.0085, 0.0038, 0.0042)),
    screens=Screens(LedContent.SUNBURST, 0.70, 0.78, (0.75, 0.10, 0.26), (1.10, 0.50, 0.12)),
    crowd=Crowd(
        1.0, (0.062, 0.040, 0.037), 2.3,
        ((1.20, 0.22, 0.40), (1.25, 0.62, 0.16), (1.00, 0.95, 0.90)), (5.0, 3.0, 1.0),
    ),
    grade=replace(
        VERSE.grade,
        black_point=0.024, shadow_tint=(1.0, 0.97, 1.03), light_tint=(1.0, 0.985, 0.96), bloom=0.18,
    ),
    pool=0.6,
    confetti=True,
    lamps={
        "bar": LampCue(1.3, ((1.2, 0.20, 0.42), (1.2, 0.62, 0.16)), speed=16.0),
        "strobe": LampCue(5.0, ((1.0, 0.92, 0.86),), rate_hz=1.0),
        "blinder": LampCue(3.2, ((1.0, 0.66, 0.34),)),
    },
    jets=True,
    sparks=True,
)  # fmt: skip
"""Gold and rose."""

BALLAD: Final = replace(
    VERSE,
    lights=_lights(
        key=(0.60, 0.60, 0.62), fill=(0.035, 0.05, 0.09),
        rim_left=(0.80, 1.10, 1.70), rim_right=(0.70, 0.90, 1.50), wash=(0.006, 0.02, 0.055),
    ),
    ambient=(0.048, 0.056, 0.082),
    heads={
        "back": GroupCue(Pattern.BEHIND, (_DEEP, _ICE), 0.36, 0.050, 0.5, 16.0),
        "front": GroupCue(
            Pattern.FLOOR, (_DEEP,), 0.24, 0.13, 0.3, 16.0, gobo="breakup", spin=0.01
        ),
        "ladder": GroupCue(Pattern.CROSS, (_ICE, _DEEP, _ICE), 0.45, 0.028, 0.5, 16.0),
        "house": GroupCue(Pattern.SWEEP, (_DEEP,), 0.12, 0.035, 1.0, 16.0),
        "follow": GroupCue(Pattern.FOLLOW, (_ICE,), 0.5, 0.031, throw=0.50),
    },
    practicals=Practicals(
        0.6, (0.25, 0.55, 1.10), 0.9,
        ((0.005, 0.016, 0.045), (0.022, 0.038, 0.080), (0.002, 0.005, 0.011), (0.005, 0.017, 0.05)),
    ),
    air=Air(0.034, (0.0007, 0.0018, 0.0045)),
    screens=Screens(LedContent.VEIL, 0.36, 0.30, (0.05, 0.16, 0.55), (0.20, 0.50, 0.75)),
    crowd=Crowd(
        0.12, (0.020, 0.030, 0.052), 1.1,
        ((0.75, 0.85, 1.10), (0.20, 0.50, 1.20), (0.45, 0.70, 1.20)), (4.0, 3.0, 1.0),
    ),
    grade=replace(VERSE.grade, black_point=0.026, contrast=0.34, vignette=0.52, bloom=0.18),
    pool=0.7,
    lamps={"bar": LampCue(0.45, ((0.06, 0.18, 0.70), (0.35, 0.55, 0.80)), speed=2.0)},
    rain=0.55,
)  # fmt: skip
"""Ice blue."""
