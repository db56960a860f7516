"""Stylise the lower face: shorter from eyes to chin, a small chin, a straight profile.

This is applied after the mouth is sculpted, and scales the shapes by factors computed at rest. In
the head's warp, shapes are differences of two warped positions: an opening jaw would move into the
narrowed region, and the mouth would open only half as high.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import smoothstep
from avatars.authoring.figure.source import BODY, LEFT_EYE, RIGHT_EYE, Floats
from avatars.authoring.figure.style import eye_centres

_ROOT, _TIP = 0.16, -0.46
"""Heights of the nose's root and tip relative to the midpoint of the eyes, eye distances."""

_DIP = 0.03
"""Depth of the nose's root behind the forehead, eye distances."""

_UNDER_NOSE, _ON_CHIN = -0.72, -1.32
"""Heights between which the mouth is set back, eye distances, before the face is shortened."""

_BACK = 0.045
"""Depth of the mouth behind the straight line between these two heights, eye distances."""


@dataclass(frozen=True, slots=True)
class LowerFace:
    """Parameters of the lower face. Heights relative to the midpoint of the eyes, eye distances.

    Attributes:
        height: scale of the distance from `top` to `chin`.
        top, chin: heights between which the face is shortened.
        chin_width: scale of the lower face's width at the chin.
        cheek: fraction by which the cheeks are widened.
        forward: forward displacement of the chin.
        moves: scale of the shapes' vertical displacements.
    """

    height: float = 0.76
    top: float = -0.22
    chin: float = -1.52
    chin_width: float = 0.68
    cheek: float = 0.03
    forward: float = 0.05
    moves: float = 0.92

    def apply(self, body: Body) -> Body:
        """Return the body with this lower face."""
        left, right = eye_centres(body.position)
        middle, unit = (left + right) / 2.0, float(left[0] - right[0])
        q = (body.position - middle) / unit
        y, z = q[:, 1], q[:, 2]
        near = smoothstep(2.2, 1.6, np.abs(q[:, 0])) * smoothstep(-2.5, -1.62, y)
        # Exclude the eyeballs, which must stay spherical.
        near[LEFT_EYE] = near[RIGHT_EYE] = 0.0
        rise = (1.0 - self.height) * (_soft(self.top - y) - _soft(self.chin - y)) * near
        # Exclude the lower lids, which must stay on the eyeballs.
        rise *= smoothstep(-0.22, -0.45, y)
        front = smoothstep(-1.3, -0.3, z) * near
        down = np.clip((-0.60 - y) / 0.90, 0.0, 1.2) ** 2
        width = 1.0 - (1.0 - self.chin_width) * front * down
        width *= 1.0 + self.cheek * front * np.exp(-(((y + 0.62) / 0.30) ** 2))
        out = q.copy()
        out[:, 0] *= width
        out[:, 1] += rise
        out[:, 2] += _straighten(q) * near
        out[:, 2] += self.forward * smoothstep(-0.4, 0.2, z) * near * smoothstep(-1.1, -1.45, y)
        shapes = body.shapes.copy()
        share = smoothstep(-0.20, -0.60, y) * near
        shapes[..., 0] *= 1.0 + share * (width - 1.0)
        shapes[..., 1] *= 1.0 + share * (self.moves - 1.0)
        return replace(body, position=out * unit + middle, shapes=shapes)


def _straighten(q: Floats) -> Floats:
    """Compute the forward displacement (n,) of each vertex for a stylised profile, eye distances.

    The bridge is straight down to the nose's tip, and the mouth is set back between nose and chin.

    Args:
        q: (n, 3) positions relative to the midpoint of the eyes, eye distances.
    """
    body = q[BODY]
    middle = body[(np.abs(body[:, 0]) < 0.07) & (body[:, 2] > 0.0)]

    def reach(height: Floats) -> Floats:
        """Return the profile's depth at each height."""
        return np.array([middle[np.abs(middle[:, 1] - y) < 0.05, 2].max() for y in height])

    def forward(height: Floats, wanted: Floats) -> Floats:
        """Interpolate wanted minus actual depth to each vertex, given descending heights."""
        lacks = wanted - reach(height)
        out: Floats = np.interp(-q[:, 1], -height, lacks, left=0.0, right=0.0)
        return out

    share = np.linspace(0.0, 1.0, 15)
    nose = _ROOT + (_TIP - _ROOT) * share
    ends = reach(nose[[0, -1]])
    bridge = forward(nose, ends[0] - _DIP * (1.0 - share) + (ends[1] - ends[0]) * share)
    mouth = _UNDER_NOSE + (_ON_CHIN - _UNDER_NOSE) * share
    ends = reach(mouth[[0, -1]])
    line = ends[0] + (ends[1] - ends[0]) * share - _BACK * np.sin(np.pi * share)
    lips = forward(mouth, line)
    front = smoothstep(-0.9, -0.3, q[:, 2])
    out: Floats = np.exp(-((q[:, 0] / 0.075) ** 2)) * bridge * smoothstep(-0.1, 0.2, q[:, 2])
    out += 0.85 * np.exp(-((q[:, 0] / 0.42) ** 2)) * lips * front
    return out


def _soft(over: Floats) -> Floats:
    """Return a smooth approximation of max(over, 0): softplus with a width of 0.10."""
    out: Floats = 0.10 * np.logaddexp(0.0, over / 0.10)
    return out
