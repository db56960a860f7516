"""Define the default lights and cameras of a show."""

from __future__ import annotations

import colorsys
import math
from typing import Final

from renderer.stage.records import Camera, Light

AMBIENT: Final = (0.19, 0.17, 0.22)
"""Ambient light with the default lights, linear RGB."""

FOV_Y: Final = math.radians(35.0)
"""Vertical angle of view of the default cameras, radians."""

REACH: Final = 1.40
"""Height to keep in the picture, as a fraction of the avatar's: room for arms raised overhead."""

ARM_SPAN: Final = 1.05
"""Width to keep in the picture, as a fraction of the avatar's height."""


def default_lights(t_seconds: float) -> tuple[Light, ...]:
    """Return eight lights: a warm key that casts shadows, a fill, two rims, four slow washes.

    A light's colour is its intensity at its target, so distances affect beams and shadows but not
    the exposure.

    Args:
        t_seconds: show time; colours repeat after about a minute.
    """
    key = Light(
        (-1.6, 5.2, 4.6), (0.0, 0.9, 0.0), (0.74, 0.70, 0.66), _cone(12.0, 19.0), casts_shadow=True
    )
    fill = Light((3.2, 3.0, 4.4), (0.0, 1.0, 0.0), (0.10, 0.12, 0.19), _cone(12.0, 24.0))
    rims = tuple(
        Light((side * 3.0, 4.2, -3.4), (0.0, 1.1, 0.0), _hue(hue, 0.85), _cone(16.0, 24.0))
        for side, hue in ((-1, 0.88 + 0.05 * _swing(t_seconds, 31)), (1, 0.54))
    )
    floor_washes = tuple(
        Light(
            (side * 3.6, 4.9, -1.3),
            (side * (1.7 + 0.7 * _swing(t_seconds, 17, side)), 0.0, 0.6 * _swing(t_seconds, 13)),
            _hue(hue + 0.06 * _swing(t_seconds, 43), 0.75),
            _cone(9.0, 15.0),
        )
        for side, hue in ((-1, 0.74), (1, 0.62))
    )
    wall_washes = tuple(
        Light(
            (side * 2.2, -0.4, -3.8),
            (side * (3.0 + 0.6 * _swing(t_seconds, 23)), 2.2, -5.5),
            _hue(hue + 0.08 * _swing(t_seconds, 37, side), 0.9),
            _cone(25.0, 50.0),
        )
        for side, hue in ((-1, 0.80), (1, 0.70))
    )
    return (key, fill, *rims, *floor_washes, *wall_washes)


def default_camera(aspect: float) -> Camera:
    """Return a camera that sees the whole stage from the hall.

    Args:
        aspect: the picture's width over its height.
    """
    distance = 9.5 * max(1.0, 1.5 / aspect)
    return Camera((0.0, 1.7, distance), (0.0, 1.75, 0.0), FOV_Y)


def frame_avatar(head_height: float, aspect: float, t_seconds: float = 0.0) -> Camera:
    """Return a slowly drifting camera that frames an avatar at the origin from head to foot.

    It is slightly below the avatar's eyes.

    Args:
        head_height: of the top of the avatar's head above the floor, metres.
        aspect: the picture's width over its height.
        t_seconds: show time; the drift repeats after about a minute.
    """
    reach = math.tan(FOV_Y / 2.0)
    fits = max(REACH * head_height / (2.0 * reach), ARM_SPAN * head_height / (2.0 * reach * aspect))
    distance = fits * (1.0 + 0.035 * _swing(t_seconds, 29))
    yaw = math.radians(7.0) * _swing(t_seconds, 41)
    target = (0.0, 0.6 * head_height, 0.0)
    height = 0.42 * head_height + 0.05 * _swing(t_seconds, 53)
    return Camera((distance * math.sin(yaw), height, distance * math.cos(yaw)), target, FOV_Y)


def _swing(t_seconds: float, period: float, phase: float = 0.0) -> float:
    """Return a sine of show time, -1 to 1, with a period in seconds."""
    return math.sin(math.tau * t_seconds / period + phase)


def _cone(inner: float, outer: float) -> tuple[float, float]:
    """Convert half angles from degrees to radians."""
    return math.radians(inner), math.radians(outer)


def _hue(hue: float, strength: float) -> tuple[float, float, float]:
    """Return a saturated colour: 0 red, 1/3 green, 2/3 blue."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 1.0, 0.82, 1.0)
    return strength * red, strength * green, strength * blue
