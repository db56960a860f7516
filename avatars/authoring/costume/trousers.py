"""Build trousers by reshaping the suit's legs to a tailored line with creases and a side stripe."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from avatars.authoring.costume.pattern import Pattern
from avatars.authoring.costume.tailor import Levels
from avatars.authoring.figure.geometry import Piece, cut, smoothstep
from avatars.authoring.figure.refining import refine
from avatars.authoring.figure.source import Floats
from avatars.authoring.figure.thinning import thin

_ANGLES = 32
"""Directions around a leg at which its radius is measured."""
_SKIPPED = 0.045
"""Height above the ankle, metres, below which the suit's foot begins to protrude."""


@dataclass(frozen=True, slots=True)
class TrouserCut:
    """The dimensions of trousers, metres.

    Attributes:
        ease: clearance to the thigh.
        hem: height of the hem above the bare heel.
        width: a leg's radius at the hem.
        crease: height of the crease.
        slant: how much higher the hem is in front than at the back.
    """

    ease: float
    hem: float
    width: float
    crease: float
    slant: float


def trousers(
    suit: Piece, at: Levels, pattern: Pattern, shape: TrouserCut, *, fine: bool
) -> list[Piece]:
    """Return the meshes of the front and the back, from the waist to the hem."""
    y = suit.position[:, 1]
    low = at.ankle + _SKIPPED
    belongs = np.minimum(at.waist + 0.03 - y, y - low)
    piece = cut(suit, np.where(at.on_arm(suit.position), -1.0, belongs))
    if fine:
        piece = thin(refine(piece), 6000)
    piece = piece.grow(0.0035)
    side = np.where(piece.position[:, 0] >= 0.0, 1.0, -1.0)
    legs = piece.position * np.column_stack((side, np.ones_like(side), np.ones_like(side)))
    levels, middles, reach = _sections(legs, low, at, shape)
    x, y, z = legs.T
    middle = np.stack([np.interp(y, levels, middles[:, k]) for k in range(2)], axis=1)
    angle = np.arctan2(x - middle[:, 0], z - middle[:, 1])
    tube = _tube(levels, reach, y, angle)
    tube += _crease_and_folds(y, angle, at, shape, low)
    share = smoothstep(at.crotch - 0.015, at.crotch - 0.13, y)
    now = np.hypot(x - middle[:, 0], z - middle[:, 1])
    wide = now + (tube - now) * share
    # Stretch the part below the knee, so that the hem covers the top of the shoe.
    drop = (y - low) / (at.knee - low)
    height = np.where(y < at.knee, shape.hem + (at.knee - shape.hem) * drop, y)
    up = (height - shape.hem) / (at.waist + 0.03 - shape.hem)
    # Slant the hem: it is higher in front, where it rests on the instep.
    before = (0.5 + 0.5 * np.cos(angle)) ** 2
    height += shape.slant * before * np.clip(1.0 - drop, 0.0, 1.0) ** 2
    position = np.column_stack(
        (
            side * (middle[:, 0] + wide * np.sin(angle)),
            height,
            middle[:, 1] + wide * np.cos(angle),
        )
    )
    worn = replace(piece, position=position).with_normals()
    out = []
    for ahead, name in ((1.0, "legsFront"), (-1.0, "legsBack")):
        aside = np.arctan2(x - middle[:, 0], ahead * (z - middle[:, 1])) / (0.5 * np.pi)
        half = replace(worn, uv=pattern.panel_uv(name, aside, up))
        out.append(cut(half, ahead * np.cos(angle)))
    return out


def _sections(
    legs: Floats, low: float, at: Levels, shape: TrouserCut
) -> tuple[Floats, Floats, Floats]:
    """Return the cross-sections of a leg, with both legs mirrored onto one side.

    Returns:
        Ascending heights (k,), centres (k, 2) in x and z, and radii (k, _ANGLES), metres.
    """
    levels = np.linspace(low, at.crotch, 18)
    angle = np.linspace(-np.pi, np.pi, _ANGLES, endpoint=False)
    direction = np.stack((np.sin(angle), np.cos(angle)), axis=1)
    middles, reach = [], []
    for level in levels:
        near = legs[np.abs(legs[:, 1] - level) < 0.03][:, [0, 2]]
        middle = (near.min(axis=0) + near.max(axis=0)) / 2.0
        middles.append(middle)
        reach.append(((near - middle) @ direction.T).max(axis=0) + shape.ease)
    out, centre = np.array(reach), np.array(middles)
    # Taper below the widest part of the thigh, mostly above the knee.
    t = np.clip((at.crotch - 0.10 - levels) / (at.crotch - 0.10 - low), 0.0, 1.0)[:, None] ** 0.75
    thigh = out[np.argmin(np.abs(levels - at.crotch + 0.10))]
    straight = thigh * (1.0 - t) + shape.width * t
    out = np.maximum(out, straight)
    for _ in range(2):
        out[1:-1] = 0.25 * out[:-2] + 0.5 * out[1:-1] + 0.25 * out[2:]
        centre[1:-1] = 0.25 * centre[:-2] + 0.5 * centre[1:-1] + 0.25 * centre[2:]
    return levels, centre, out


def _tube(levels: Floats, reach: Floats, y: Floats, angle: Floats) -> Floats:
    """Return radii (n,) at heights and angles (n,), interpolated bilinearly in the table."""
    row = np.interp(y, levels, np.arange(len(levels)))
    column = (angle + np.pi) / (2.0 * np.pi) * _ANGLES
    i = np.minimum(row.astype(int), len(levels) - 2)
    j = column.astype(int) % _ANGLES
    s, t = row - i, column - np.floor(column)
    after = (j + 1) % _ANGLES
    out: Floats = (1.0 - s) * ((1.0 - t) * reach[i, j] + t * reach[i, after]) + s * (
        (1.0 - t) * reach[i + 1, j] + t * reach[i + 1, after]
    )
    return out


def _crease_and_folds(
    y: Floats, angle: Floats, at: Levels, shape: TrouserCut, low: float
) -> Floats:
    """Return the offsets (n,), metres, of creases and folds from a leg's smooth tube."""
    crease = np.exp(-((angle / 0.26) ** 2)) + 0.7 * np.exp(-(((np.pi - np.abs(angle)) / 0.26) ** 2))
    behind = 0.5 - 0.5 * np.cos(angle)
    knee = np.exp(-(((y - at.knee - 0.01) / 0.07) ** 2)) * (0.25 + 0.75 * behind)
    # The break: the front dents above the shoe and rests on the instep below.
    ahead = 0.5 + 0.5 * np.cos(angle)
    rest = 0.018 * smoothstep(low + 0.15, low + 0.04, y)
    rest = rest - 0.004 * np.exp(-(((y - low - 0.135) / 0.024) ** 2))
    hem = smoothstep(low + 0.20, low + 0.06, y) * smoothstep(low, low + 0.05, y)
    slant = 0.9 * np.sin(angle)
    folds = 0.0045 * knee * np.sin(2.0 * np.pi * y / 0.052 + slant)
    folds = folds + 0.004 * hem * (0.3 + 0.7 * np.cos(angle) ** 2) * np.sin(
        2.0 * np.pi * y / 0.048 + 1.6 * np.cos(angle)
    )
    # Flatten the crease at the break.
    sharp = 1.0 - 0.7 * np.exp(-(((y - low - 0.135) / 0.03) ** 2))
    out: Floats = shape.crease * crease * sharp + folds + rest * (0.3 * behind + ahead**2)
    return out
