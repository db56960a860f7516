"""The idol's proportions: which shapes she is summed from, and how her head is bent to a drawing.

Lengths about the face are in eye distances (between the eyes' centres), so that one set of
numbers fits any head.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.build.geometry import smoothstep
from avatars.build.source import LEFT_EYE, RIGHT_EYE, Floats, Source


def macro(
    kinds: dict[str, float], gender: str, muscle: str, weight: str, amount: float
) -> dict[str, float]:
    """Targets of a young adult's build.

    Args:
        kinds: the source's face types and their shares.
        gender: "female" or "male".
        muscle: "minmuscle", "averagemuscle" or "maxmuscle".
        weight: "minweight", "averageweight" or "maxweight".
        amount: of the ideal proportions, 0 to 1.
    """
    build = f"{gender}-young-{muscle}-{weight}"
    faces = {f"macrodetails/{kind}-{gender}-young": share for kind, share in kinds.items()}
    return faces | {
        f"macrodetails/universal-{build}": 1.0,
        f"macrodetails/proportions/{build}-idealproportions": amount,
    }


def both_sides(amounts: dict[str, float]) -> dict[str, float]:
    """Targets named with {} for the side, for left and right."""
    return {name.format(side): amount for name, amount in amounts.items() for side in "lr"}


IDOL_TARGETS: dict[str, float] = (
    macro({"asian": 0.5, "caucasian": 0.5}, "female", "averagemuscle", "averageweight", 0.9)
    | {
        "macrodetails/height/female-young-averagemuscle-averageweight-maxheight": 0.2,
        "head/head-invertedtriangular": 0.05,
        "head/head-age-decr": 0.4,
        "chin/chin-triangle": 0.15,
        "chin/chin-width-decr": 0.2,
        "chin/chin-height-decr": 0.2,
        "chin/chin-jaw-drop-decr": 0.3,
        "chin/chin-prominent-incr": 0.25,
        "nose/nose-scale-horiz-decr": 0.7,
        "nose/nose-volume-decr": 0.5,
        "nose/nose-nostrils-width-decr": 0.8,
        "nose/nose-width2-decr": 0.5,
        "nose/nose-width3-decr": 0.5,
        "nose/nose-point-up": 0.3,
        "nose/nose-point-width-decr": 0.6,
        "nose/nose-hump-decr": 0.3,
        "nose/nose-flaring-decr": 0.6,
        "mouth/mouth-scale-horiz-decr": 0.4,
        "mouth/mouth-angles-up": 0.5,
        "mouth/mouth-upperlip-volume-decr": 0.4,
        "mouth/mouth-lowerlip-volume-decr": 0.5,
        "forehead/forehead-trans-forward": 0.4,
        "neck/neck-scale-horiz-decr": 0.8,
        "neck/neck-scale-depth-decr": 0.5,
        "neck/neck-scale-vert-incr": 0.2,
        "torso/measure-waist-circ-decr": 0.3,
        "legs/upperlegs-height-incr": 0.4,
        "legs/lowerlegs-height-incr": 0.4,
    }
    | both_sides(
        {
            "eyes/{}-eye-height1-incr": 0.3,
            "eyes/{}-eye-height2-incr": 0.5,
            "eyes/{}-eye-height3-incr": 0.4,
            "eyes/{}-eye-bag-decr": 0.6,
            "eyes/{}-eye-corner2-up": 0.3,
            "cheek/{}-cheek-bones-decr": 0.3,
            "ears/{}-ear-scale-decr": 0.6,
            "ears/{}-ear-wing-decr": 0.5,
        }
    )
)


def eye_centres(position: Floats) -> tuple[Floats, Floats]:
    """The middles (3,) of the left and right eyeball."""

    def middle(part: slice) -> Floats:
        ball = position[part]
        centre: Floats = (ball.min(axis=0) + ball.max(axis=0)) / 2.0
        return centre

    return middle(LEFT_EYE), middle(RIGHT_EYE)


def _bump(
    q: Floats, centre: tuple[float, float, float], reach: tuple[float, float, float]
) -> Floats:
    away = (q - np.array(centre)) / np.array(reach)
    share: Floats = np.exp(-(away**2).sum(axis=1))[:, None]
    return share


@dataclass(frozen=True, slots=True)
class StylisedHead:
    """A smooth bending of a realistic head towards a drawn one. It is a `body.Warp`.

    Attributes:
        left, right: the unbent eyes' centres (3,), metres.
        eye: how much larger the eye regions become.
        jaw: width of the lower face at the chin.
        nose, mouth: width of nose and mouth.
        head: size of the whole head about the neck.
    """

    left: Floats
    right: Floats
    eye: float = 1.38
    jaw: float = 0.97
    nose: float = 0.78
    mouth: float = 0.80
    head: float = 1.12

    @classmethod
    def of(cls, source: Source, targets: dict[str, float]) -> StylisedHead:
        """Placed on the figure that the targets make."""
        left, right = eye_centres(source.base.position + source.weighted(targets))
        return cls(left, right)

    def __call__(self, position: Floats, head_share: Floats) -> Floats:
        """Bend positions (n, 3) by as much as they belong to the head (n,)."""
        middle = (self.left + self.right) / 2.0
        unit = float(self.left[0] - self.right[0])
        q = (position - middle) / unit
        bent = self._eyes(self._mouth(self._nose(self._jaw(q))), middle, unit)
        bent = self._skull(bent)
        # Nothing below the chin is bent, and the size grows out of the neck.
        on_head = smoothstep(-2.6, -1.7, q[:, 1])[:, None]
        q = q + (bent - q) * on_head
        pivot = np.array([0.0, -2.2, -0.9])
        q = q + head_share[:, None] * (self.head - 1.0) * (q - pivot)
        out: Floats = q * unit + middle
        return out

    def _jaw(self, q: Floats) -> Floats:
        low = smoothstep(-0.05, -2.1, q[:, 1]) * smoothstep(-1.2, -0.4, q[:, 2])
        out = q.copy()
        out[:, 0] *= 1.0 + (self.jaw - 1.0) * low
        out[:, 1] += 0.05 * np.clip(-q[:, 1] - 0.6, 0.0, 1.4) * smoothstep(-1.2, -0.3, q[:, 2])
        return out

    def _nose(self, q: Floats) -> Floats:
        share = _bump(q, (0.0, -0.72, 0.45), (0.42, 0.55, 0.55))
        scale = np.array([self.nose, 0.85, 0.88])
        out: Floats = q + share * (scale - 1.0) * (q - np.array([0.0, -0.62, 0.05]))
        return out

    def _mouth(self, q: Floats) -> Floats:
        centre = (0.0, -1.22, 0.3)
        share = _bump(q, centre, (0.62, 0.36, 0.7))
        scale = np.array([self.mouth, 0.75, 1.0])
        grow = (scale - 1.0) * (q - np.array(centre))
        out: Floats = q + share * (grow + np.array([0.0, 0.05, 0.0]))
        return out

    def _eyes(self, q: Floats, middle: Floats, unit: float) -> Floats:
        out = q
        for side, eye in ((1.0, self.left), (-1.0, self.right)):
            centre = (eye - middle) / unit
            away = np.linalg.norm((q - centre) / np.array([1.0, 1.05, 1.2]), axis=1)
            share = smoothstep(0.95, 0.30, away)[:, None]
            scale = np.array([1.0, 1.12, 0.85])
            grow = (self.eye - 1.0) * scale * (q - centre)
            out = out + share * (grow + np.array([side * 0.04, -0.04, 0.02]))
        return out

    def _skull(self, q: Floats) -> Floats:
        out = q.copy()
        out[:, :2] *= 1.0 + 0.04 * smoothstep(0.2, 1.2, q[:, 1])[:, None]
        return out
