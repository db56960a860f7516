"""Define the outfits' materials (satin, metal, patent leather, sequins) and paint their textures.

A matcap is an image of a lit sphere; a surface samples it by its view-space normal.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avatars.authoring.costume.pattern import Pattern
from avatars.authoring.figure.assemble import Surface
from avatars.authoring.figure.geometry import Piece
from avatars.authoring.figure.paint import Colour, linear, texture
from avatars.authoring.figure.palette import Palette
from avatars.authoring.figure.source import Floats
from avatars.model import Material, OutlineMode, Texture

CLOTH, METAL, PATENT, SEQUINS = "clothes", "metal", "patent", "sequins"

Garments = dict[str, list[Piece]]
"""Meshes by fabric: CLOTH, METAL, PATENT or SEQUINS."""

SEQUIN_TILE = 0.052
"""Edge length of one repeat of the sequin texture, metres."""

_INK = (0.12, 0.10, 0.20)
"""Outline colour, sRGB."""
_BALL = 96
"""Edge length of a matcap, texels."""
_CELLS = 8
"""Sequins across a tile, and rows in it; rows overlap."""
_TILE = 256
"""Edge length of the sequin texture, texels."""


def surfaces(pattern: Pattern, palette: Palette) -> dict[str, Surface]:
    """Return the surface of each fabric; all but the sequins use the pattern's texture."""
    picture, light = pattern.paint()
    worn, shining = texture("clothes", picture), texture("light", light)
    tile, tilts = _sequins(palette)
    return {
        CLOTH: Surface(
            _cloth(CLOTH, matcap=0.34, rim=0.30),
            worn,
            shining,
            texture("satin", _satin()),
        ),
        METAL: Surface(
            _cloth(METAL, matcap=0.95, rim=0.20), worn, shining, texture("chrome", _chrome())
        ),
        PATENT: Surface(
            _cloth(PATENT, matcap=0.62, rim=0.34), worn, shining, texture("patent", _patent())
        ),
        SEQUINS: Surface(
            replace(_cloth(SEQUINS, matcap=1.0, rim=0.25), emissive=(0.0, 0.0, 0.0)),
            _tile("sequins", tile),
            None,
            texture("glitter", _glitter(palette.metal)),
            _tile("sequin tilts", tilts),
        ),
    }


def _cloth(name: str, matcap: float, rim: float) -> Material:
    """Return a toon-shaded material.

    Args:
        matcap: matcap factor, 0 to 1.
        rim: parametric rim light factor, 0 to 1.
    """
    return Material(
        name,
        double_sided=True,
        shade_color=linear((0.66, 0.64, 0.82)),
        shading_shift=-0.05,
        shading_toony=0.84,
        emissive=(1.0, 1.0, 1.0),
        matcap_color=(matcap, matcap, matcap),
        rim_color=(rim, rim, 1.1 * rim),
        rim_fresnel_power=3.6,
        rim_lighting_mix=0.85,
        outline_mode=OutlineMode.WORLD,
        outline_width=0.0014,
        outline_color=linear(_INK),
        outline_lighting_mix=0.3,
    )


def _ball() -> tuple[Floats, Floats, Floats]:
    """Return x (right) and y (up), each −1 to 1, and the radius of every texel of a matcap."""
    row, column = np.mgrid[0:_BALL, 0:_BALL]
    middle = (_BALL - 1) / 2.0
    x, y = (column - middle) / middle, (middle - row) / middle
    return x, y, np.hypot(x, y)


def _spot(x: Floats, y: Floats, at: tuple[float, float], size: tuple[float, float]) -> Floats:
    out: Floats = np.exp(-(((x - at[0]) / size[0]) ** 2 + ((y - at[1]) / size[1]) ** 2))
    return out


def _satin() -> Floats:
    """Return the satin matcap: a broad light from above and a sheen at grazing angles."""
    x, y, away = _ball()
    top = _spot(x, y, (-0.25, 0.50), (0.42, 0.24))
    side = 0.55 * _spot(x, y, (0.62, 0.10), (0.13, 0.50))
    edge = np.clip((away - 0.74) / 0.26, 0.0, 1.0) ** 2 * (0.45 + 0.55 * np.clip(y, 0.0, 1.0))
    return _tint(0.85 * top + side + 0.35 * edge, (0.92, 0.95, 1.0))


def _chrome() -> Floats:
    """Return the polished metal matcap: a bright sky, a dark horizon, a lit floor."""
    x, y, _ = _ball()
    sky = np.clip((y - 0.12) / 0.40, 0.0, 1.0) * np.clip((1.05 - y) / 0.5, 0.0, 1.0)
    floor = 0.55 * np.clip((-0.18 - y) / 0.10, 0.0, 1.0) * np.clip((y + 0.85) / 0.5, 0.0, 1.0)
    star = 1.2 * _spot(x, y, (-0.30, 0.52), (0.16, 0.16))
    return _tint(0.75 * sky + floor + star, (1.0, 0.95, 0.82))


def _patent() -> Floats:
    """Return the patent leather matcap: the sharp reflections of two lamps."""
    x, y, away = _ball()
    window = ((np.abs(x + 0.34) < 0.13) & (np.abs(y - 0.46) < 0.30)).astype(np.float64)
    strip = ((np.abs(x - 0.66) < 0.06) & (np.abs(y - 0.05) < 0.46)).astype(np.float64)
    soft = 0.45 * _spot(x, y, (-0.20, 0.40), (0.50, 0.42))
    return _tint(0.9 * window + 0.6 * strip + soft * (away < 0.98), (0.95, 0.97, 1.0))


def _glitter(metal: Colour) -> Floats:
    """Return the sequin matcap: many small lights, so that a sequin flashes as it faces one."""
    x, y, away = _ball()
    random = np.random.default_rng(11)
    out = 0.10 + 0.25 * np.clip(y, 0.0, 1.0)
    for _ in range(16):
        angle, far = random.uniform(0.0, 2.0 * np.pi), 0.85 * np.sqrt(random.uniform())
        size = random.uniform(0.06, 0.13)
        at = far * np.cos(angle), far * np.sin(angle)
        out = out + random.uniform(0.7, 1.2) * _spot(x, y, at, (size, size))
    tint = tuple(0.5 + 0.5 * channel for channel in metal)
    return _tint(out * (away < 1.0), (tint[0], tint[1], tint[2]))


def _tint(amount: Floats, colour: Colour) -> Floats:
    out: Floats = np.clip(amount, 0.0, 1.0)[..., None] * np.array(colour)
    return out


def _sequins(palette: Palette) -> tuple[Floats, Floats]:
    """Return the tiling colour and normal maps (_TILE, _TILE, 3) of overlapping discs, 0 to 1.

    Each disc has a random tilt, so that it flashes at its own angle as the wearer turns.
    """
    random = np.random.default_rng(7)
    lean = random.normal(0.0, 0.24, (_CELLS, _CELLS, 2))
    shade = random.uniform(0.72, 1.18, (_CELLS, _CELLS))
    row, column = np.mgrid[0:_TILE, 0:_TILE] / _TILE * _CELLS
    picture, normal = np.zeros((_TILE, _TILE, 3)), np.zeros((_TILE, _TILE, 3))
    normal[..., 2] = 1.0
    colour = np.array(palette.sequin)
    # Each row overlaps the one below, so rows are painted from the lowest up.
    for line in range(_CELLS, -2, -1):
        shift = 0.5 * (line % 2)
        number = np.floor(column - shift).astype(int) % _CELLS
        dx = (column - shift) % 1.0 - 0.5
        dy = row - line - 0.5
        inside = np.hypot(dx / 0.58, dy / 0.74) < 1.0
        picture[inside] = (colour * shade[line % _CELLS, number][..., None])[inside]
        rim = inside & (np.hypot(dx / 0.58, dy / 0.74) > 0.86)
        picture[rim] *= 0.62
        tilt = lean[line % _CELLS, number] + 0.22 * np.stack((dx, -dy), axis=-1)
        bent = np.concatenate((tilt, np.ones((_TILE, _TILE, 1))), axis=-1)
        normal[inside] = bent[inside]
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return picture, normal * 0.5 + 0.5


def _tile(name: str, picture: Floats) -> Texture:
    return replace(texture(name, picture), wrap=("repeat", "repeat"))
