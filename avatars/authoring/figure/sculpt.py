"""Sculpt the stylised head: a small smooth nose and soft lips.

In a cel-shaded rendering the nostrils, nose wings and lip edges of the source show up as specks.
The surface around them is smoothed, by the same linear map at rest and in every shape, and a small
nose tip is added afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import smoothstep, triangulate
from avatars.authoring.figure.mouth import draw_mouth
from avatars.authoring.figure.source import BODY, Floats, Ints, Source
from avatars.authoring.figure.style import eye_centres
from avatars.names import ARKIT_INDEX


@dataclass(frozen=True, slots=True)
class Sculpture:
    """Sculpting parameters. Lengths in eye distances, relative to the midpoint of the eyes.

    Attributes:
        smooth: smoothing iterations on the nose.
        tip: how far the nose tip is moved forwards after smoothing.
        height: y of the nose tip.
        lips: smoothing iterations on the lips.
        smile: factor on the source's mouthSmile.
        frown: factor on the source's mouthFrown; a wide mouth needs more for a readable frown.
    """

    smooth: int = 60
    tip: float = 0.02
    height: float = -0.53
    lips: int = 2
    smile: float = 1.2
    frown: float = 2.8


EXAGGERATED = {
    "browDown": 0.5, "browInnerUp": 0.5, "browOuterUp": 0.5, "cheekPuff": 2.2, "cheekSquint": 1.6,
    "eyeLookUp": 0.5, "eyeWide": 0.3, "jawForward": 1.5, "mouthDimple": 1.6,
    "mouthLeft": 1.3, "mouthRight": 1.3, "mouthPucker": 1.6, "mouthRoll": 1.3, "mouthPress": 1.4,
    "mouthStretch": 1.3, "noseSneer": 1.5,
}  # fmt: skip
"""Factors on the source's shapes, by name prefix. Factors above 1 exaggerate expressions; those
below 1 on brows and eyes keep the skin from penetrating the brows, which are separate meshes."""


def _enlarge(shapes: Floats, sculpture: Sculpture) -> Floats:
    """Scale shapes (52, n, 3) by EXAGGERATED, smile and frown; tongueOut also opens the jaw."""
    out = shapes.copy()
    factors = EXAGGERATED | {"mouthSmile": sculpture.smile, "mouthFrown": sculpture.frown}
    for name, row in ARKIT_INDEX.items():
        for start, factor in factors.items():
            if name.startswith(start):
                out[row] *= factor
    out[ARKIT_INDEX["tongueOut"]] += 0.25 * shapes[ARKIT_INDEX["jawOpen"]]
    return out


def sculpt(source: Source, body: Body, sculpture: Sculpture, mouth: Floats) -> Body:
    """Return the body with sculpted nose and lips, scaled shapes and a rebuilt mouth.

    Args:
        mouth: (3,) centre of the lips, metres.
    """
    left, right = eye_centres(body.position)
    middle, unit = (left + right) / 2.0, float(left[0] - right[0])
    # Depth is measured from the lips: that of the eyeballs depends on the curvature of the lids.
    middle[2] = mouth[2] - 0.40 * unit
    q = (body.position[BODY] - middle) / unit
    lips = (mouth - middle) / unit
    share = _within(q, np.array([0.0, sculpture.height, 0.25]), np.array([0.50, 0.38, 0.50]))
    position, shapes = body.position.copy(), _enlarge(body.shapes, sculpture)
    edges = _edges(source)
    both = np.concatenate((position[None, BODY], shapes[:, BODY]))
    both = _smooth(both, edges, share, sculpture.smooth)
    about = _within(q, lips, np.array([0.40, 0.24, 0.35]))
    both = _smooth(both, edges, about, sculpture.lips)
    q = (both[0] - middle) / unit
    from_tip = (q[:, :2] - np.array([0.0, sculpture.height])) / np.array([0.085, 0.11])
    tip = np.exp(-(from_tip**2).sum(axis=1))
    bridge = np.exp(-((q[:, 0] / 0.09) ** 2) - ((q[:, 1] - sculpture.height - 0.2) / 0.24) ** 2)
    drawn = sculpture.tip * (tip + 0.30 * bridge) * (q[:, 2] > -0.1)
    both[0, :, 2] += drawn * unit
    # Smoothing opens the lips, so the lower lip is raised to close them.
    under = np.exp(
        -(((q - lips - np.array([0.0, -0.04, 0.0])) / (0.26, 0.09, 0.5)) ** 2).sum(axis=1)
    )
    both[0, :, 1] += 0.042 * unit * under * smoothstep(0.012, -0.012, q[:, 1] - lips[1])
    position[BODY], shapes[:, BODY] = both[0], both[1:]
    return draw_mouth(replace(body, position=position, shapes=shapes), unit)


def _within(q: Floats, centre: Floats, reach: Floats) -> Floats:
    """Return a falloff (n,): 1 around the centre, 0 beyond the ellipsoid with semi-axes `reach`."""
    away = (((q - centre) / reach) ** 2).sum(axis=1)
    share: Floats = np.clip(1.4 - 1.4 * away, 0.0, 1.0)
    return share


def _edges(source: Source) -> Ints:
    triangles = triangulate(source.base.groups["body"].corners)
    pairs = np.sort(np.concatenate([triangles[:, [i, (i + 1) % 3]] for i in range(3)]), axis=1)
    return np.unique(pairs, axis=0)


def _smooth(values: Floats, edges: Ints, share: Floats, times: int) -> Floats:
    """Apply Laplacian smoothing to values (s, n, 3).

    Args:
        edges: (e, 2) vertex indices of the mesh's edges.
        share: (n,) strength per vertex, 0 to 1; vertices at 0 keep their values.
        times: iterations.
    """
    rows = np.flatnonzero(share > 0.0)
    number = np.full(len(share), -1)
    near = edges[(share[edges] > 0.0).any(axis=1)]
    used = np.unique(near)
    number[used] = np.arange(len(used))
    step = np.zeros((len(used), len(used)))
    a, b = number[near].T
    step[a, b] = step[b, a] = 1.0
    degree = np.maximum(step.sum(axis=1), 1.0)
    pull = 0.5 * share[used]
    step = step * (pull / degree)[:, None] + np.diag(1.0 - pull)
    out = values.copy()
    whole = np.linalg.matrix_power(step, times)
    out[:, rows] = np.einsum("ij,sjk->sik", whole[number[rows]], values[:, used])
    return out
