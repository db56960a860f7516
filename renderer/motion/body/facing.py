"""Evidence for which way a performer faces that does not depend on which side is called left.

A detector that swaps left and right still places nose, toes and face where the picture shows them:
in front of the ears and the heels of a performer who faces the camera, behind them from behind.
Measured on recordings of people, metres towards the camera: the nose is .02 to .13 in front of the
ears from the front and .07 to .15 behind them from the back; toes are .04 to .14 in front of the
heels and between .03 in front and .05 behind them. While sides are swapped the nose is about .04
behind, and the toes stay where they are.
"""

from __future__ import annotations

from typing import Final

from avatars.maths.vectors import Array
from renderer.motion.core.skeleton import EARS, HEELS, NOSE, TOES

_NOSE: Final = (-0.01, 0.1)
"""Metres by which the nose is in front of the ears where it tells nothing, and the distance from
there at which it tells all it can."""

_TOES: Final = (0.04, 0.05)
"""The same of the toes and heels; feet are detected too near to the camera."""

_FACE: Final = 2.0
"""Weight of a face where the nose is; nose and toes weigh up to 1."""


def measure_facing(points: Array, visibility: Array, face: bool) -> tuple[float, float, float]:
    """Return the evidence of head, feet and face that a performer faces the camera.

    Args:
        points: (33, 3) stage axes, metres.
        visibility: (33,) 0 to 1.
        face: whether the performer's own face is detected.

    Returns:
        Head and feet from -1 (away) to 1 (towards the camera), and 0 or 2 for the face; 0 where
        nothing is seen.
    """
    depth = points[:, 2]
    ahead = float(depth[NOSE] - 0.5 * (depth[EARS[0]] + depth[EARS[1]]))
    rows = [NOSE, *EARS]
    head = _scale(ahead, _NOSE) * float(visibility[rows].min())
    ahead = 0.5 * float(depth[TOES[0]] + depth[TOES[1]] - depth[HEELS[0]] - depth[HEELS[1]])
    feet = _scale(ahead, _TOES) * float(visibility[[*HEELS, *TOES]].min())
    return head, feet, _FACE if face else 0.0


def _scale(metres: float, scale: tuple[float, float]) -> float:
    """Return evidence from -1 to 1; 0 for what is not a number."""
    value = (metres - scale[0]) / scale[1]
    return min(max(value, -1.0), 1.0) if value == value else 0.0
