"""Paint the studio's room as a background picture, with contact shadows on its floor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.clips.studio_camera import Camera, Place
from avatars.authoring.figure.geometry import smoothstep
from avatars.authoring.figure.source import Floats

Colour = tuple[float, float, float]

_WALL_DISTANCE = 1.8
"""Distance of the back wall behind the origin, metres."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """A directional light from a position towards the point 1 m above the origin."""

    place: Place
    strength: float
    colour: Colour = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Light:
    """The lighting and colours of a room.

    Attributes:
        lamps: the lights on the performers.
        ambient: ambient light, linear RGB.
        wall, floor: sRGB colours with the lighting included.
    """

    lamps: tuple[Lamp, ...]
    ambient: Colour
    wall: Colour
    floor: Colour


DAY = Light(
    (Lamp((2.2, 3.2, 4.0), 2.4), Lamp((-2.8, 2.0, 3.2), 1.3)),
    (0.30, 0.30, 0.32),
    (0.60, 0.63, 0.66),
    (0.47, 0.41, 0.36),
)
LAMPLIGHT = Light(
    (Lamp((-2.5, 2.6, 3.0), 2.6, (1.0, 0.80, 0.58)), Lamp((3.0, 2.0, 2.0), 0.7, (0.7, 0.8, 1.0))),
    (0.22, 0.18, 0.15),
    (0.52, 0.42, 0.34),
    (0.34, 0.25, 0.19),
)
WINDOW = Light(
    (Lamp((4.0, 1.8, 0.8), 3.4, (0.92, 0.97, 1.0)),),
    (0.24, 0.25, 0.28),
    (0.72, 0.74, 0.76),
    (0.55, 0.54, 0.52),
)
STUDIO_DARK = Light(
    (Lamp((0.5, 2.6, 4.2), 2.2), Lamp((-3.0, 2.4, -2.0), 3.0, (0.55, 0.65, 1.0))),
    (0.14, 0.14, 0.17),
    (0.20, 0.21, 0.26),
    (0.15, 0.14, 0.16),
)


class Room:
    """The background picture of the room from one camera."""

    def __init__(self, camera: Camera, light: Light) -> None:
        rays, place = camera.rays(), np.array(camera.place)
        with np.errstate(divide="ignore", invalid="ignore"):
            to_floor = np.where(rays[..., 1] < -1e-6, place[1] / -rays[..., 1], np.inf)
            to_wall = np.where(
                rays[..., 2] < -1e-6, (place[2] + _WALL_DISTANCE) / -rays[..., 2], np.inf
            )
        self._floor = to_floor < to_wall
        ground = place + rays[self._floor] * to_floor[self._floor][:, None]
        self._x, self._z = ground[:, 0], ground[:, 2]
        wall = place + rays * np.minimum(to_wall, 1e3)[..., None]
        self._picture = self._wall(wall, light)
        self._picture[self._floor] = self._planks(ground, light)
        self._left = np.ones(rays.shape[:2], np.float32)

    def behind(self, cast: list[Floats]) -> Floats:
        """Return the background (h, w, 3), sRGB 0 to 1, with floor shadows.

        Args:
            cast: posed vertices (n, 3) of each performer, metres.
        """
        left = np.ones(len(self._x), np.float32)
        for position in cast:
            for place, share in _soles(position):
                away = ((self._x - place[0]) / 0.15) ** 2 + ((self._z - place[2]) / 0.20) ** 2
                left *= 1.0 - 0.5 * share * np.exp(-away)
        self._left[self._floor] = left
        shaded: Floats = self._picture * self._left[..., None]
        return shaded

    @staticmethod
    def _wall(place: Floats, light: Light) -> Floats:
        x, y = place[..., 0], place[..., 1]
        glow = np.exp(-((x / 2.6) ** 2 + ((y - 1.5) / 2.2) ** 2))
        wall = np.array(light.wall) * (0.80 + 0.25 * glow)[..., None]
        skirting = smoothstep(0.115, 0.105, y)[..., None]
        pale = 0.4 + 0.6 * np.array(light.wall)
        painted: Floats = (wall * (1.0 - skirting) + pale * skirting).astype(np.float32)
        return painted

    @staticmethod
    def _planks(ground: Floats, light: Light) -> Floats:
        x, z = ground[:, 0], ground[:, 2]
        plank = np.floor(x / 0.14)
        tone = 1.0 + 0.05 * np.sin(plank * 12.9898) + 0.012 * np.sin(z * 9.0 + plank)
        gap = smoothstep(0.004, 0.008, np.abs(x / 0.14 - np.round(x / 0.14)) * 0.14)
        floor: Floats = np.array(light.floor) * (tone * (0.8 + 0.2 * gap))[:, None]
        return floor


def _soles(position: Floats) -> list[tuple[Floats, float]]:
    """Return centre and shadow strength (0 to 1) of a figure's left and right lowest part."""
    low = position[position[:, 1] < position[:, 1].min() + 0.12]
    middle = np.median(low[:, 0])
    parts = low[low[:, 0] > middle], low[low[:, 0] <= middle]
    return [
        (part.mean(axis=0), 1.0 / (1.0 + 10.0 * max(0.0, float(part[:, 1].min()))))
        for part in parts
        if len(part)
    ]
