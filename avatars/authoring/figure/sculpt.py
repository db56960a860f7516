"""Sculpting on the stylised head: a smooth small nose and soft lips for a drawn face.

The source's nose has wings and nostrils, its lips have edges: in a drawing they are specks. Here
the surface about them is smoothed, at rest and in every shape by the same linear map, and a small
tip is drawn out again.
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
    """What is left of a realistic nose, in eye distances from between the eyes.

    Attributes:
        smooth: how often the nose is smoothed.
        tip: how far its tip is drawn out again.
        height: of the tip.
        lips: how often the lips are smoothed.
        frown: factor on the source's frown; a wide mouth needs more to be read.
    """

    smooth: int = 60
    tip: float = 0.02
    height: float = -0.53
    lips: int = 2
    frown: float = 2.8


EXAGGERATED = {
    "browDown": 0.5, "browInnerUp": 0.5, "browOuterUp": 0.5, "cheekPuff": 2.2, "cheekSquint": 1.6,
    "eyeLookUp": 0.5, "eyeWide": 0.3, "jawForward": 1.5, "mouthDimple": 1.6,
    "mouthSmile": 1.2,
    "mouthLeft": 1.3, "mouthRight": 1.3, "mouthPucker": 1.25, "mouthRoll": 1.3, "mouthPress": 1.4,
    "mouthStretch": 1.3, "noseSneer": 1.5,
}  # fmt: skip
"""Factors on the source's shapes, by the beginning of their names: what a drawn face shows larger
than life, and the skin under brows that are drawn apart, which would rise through them."""


def _enlarge(shapes: Floats, frown: float) -> Floats:
    """Shapes (52, n, 3) with some of them exaggerated, and a tongue that opens the mouth."""
    out = shapes.copy()
    for name, row in ARKIT_INDEX.items():
        for start, factor in (EXAGGERATED | {"mouthFrown": frown}).items():
            if name.startswith(start):
                out[row] *= factor
    out[ARKIT_INDEX["tongueOut"]] += 0.25 * shapes[ARKIT_INDEX["jawOpen"]]
    return out


def sculpt(source: Source, body: Body, sculpture: Sculpture, mouth: Floats) -> Body:
    """The body with its nose and lips made over.

    Args:
        mouth: (3,) centre of the lips.
    """
    left, right = eye_centres(body.position)
    middle, unit = (left + right) / 2.0, float(left[0] - right[0])
    # Depth is told from the lips: the eyes' balls lie as deep as the lids' curve asks.
    middle[2] = mouth[2] - 0.40 * unit
    q = (body.position[BODY] - middle) / unit
    lips = (mouth - middle) / unit
    share = _within(q, np.array([0.0, sculpture.height, 0.25]), np.array([0.50, 0.38, 0.50]))
    position, shapes = body.position.copy(), _enlarge(body.shapes, sculpture.frown)
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
    # Smoothing parts the lips: the lower one comes up to meet the other.
    under = np.exp(
        -(((q - lips - np.array([0.0, -0.04, 0.0])) / (0.26, 0.09, 0.5)) ** 2).sum(axis=1)
    )
    both[0, :, 1] += 0.042 * unit * under * smoothstep(0.012, -0.012, q[:, 1] - lips[1])
    position[BODY], shapes[:, BODY] = both[0], both[1:]
    return draw_mouth(replace(body, position=position, shapes=shapes), unit)


def _within(q: Floats, centre: Floats, reach: Floats) -> Floats:
    """1 at the centre, falling to 0 at the reach, (n,)."""
    away = (((q - centre) / reach) ** 2).sum(axis=1)
    share: Floats = np.clip(1.4 - 1.4 * away, 0.0, 1.0)
    return share


def _edges(source: Source) -> Ints:
    triangles = triangulate(source.base.groups["body"].corners)
    pairs = np.sort(np.concatenate([triangles[:, [i, (i + 1) % 3]] for i in range(3)]), axis=1)
    return np.unique(pairs, axis=0)


def _smooth(values: Floats, edges: Ints, share: Floats, times: int) -> Floats:
    """Values (s, n, 3) drawn to their neighbours' mean, as often as said, where share (n,) is."""
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
