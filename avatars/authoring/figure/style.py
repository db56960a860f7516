"""Combine target weights for the body shape, and define the warp that stylises the head.

Lengths on the face are in eye distances (the distance between the eye centres), so that one set
of numbers fits any head.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.geometry import smoothstep
from avatars.authoring.figure.source import LEFT_EYE, RIGHT_EYE, Floats, Source


def macro(
    kinds: dict[str, float], gender: str, muscle: str, weight: str, amount: float
) -> dict[str, float]:
    """Return the target weights of a young adult's build.

    Args:
        kinds: weights of the source's face types, by name.
        gender: "female" or "male".
        muscle: "minmuscle", "averagemuscle" or "maxmuscle".
        weight: "minweight", "averageweight" or "maxweight".
        amount: weight of the ideal-proportions target, 0 to 1.
    """
    build = f"{gender}-young-{muscle}-{weight}"
    faces = {f"macrodetails/{kind}-{gender}-young": share for kind, share in kinds.items()}
    return faces | {
        f"macrodetails/universal-{build}": 1.0,
        f"macrodetails/proportions/{build}-idealproportions": amount,
    }


def between_builds(one: dict[str, float], other: dict[str, float], t: float) -> dict[str, float]:
    """Interpolate linearly between the target weights of two builds, t from 0 to 1."""
    return {
        name: (1.0 - t) * one.get(name, 0.0) + t * other.get(name, 0.0)
        for name in dict.fromkeys((*one, *other))
    }


def both_sides(amounts: dict[str, float]) -> dict[str, float]:
    """Expand target names that have {} in place of the side ("l" or "r") to both sides."""
    return {name.format(side): amount for name, amount in amounts.items() for side in "lr"}


def eye_centres(position: Floats) -> tuple[Floats, Floats]:
    """Return the centres (3,) of the left and right eyeball."""

    def middle(part: slice) -> Floats:
        ball = position[part]
        centre: Floats = (ball.min(axis=0) + ball.max(axis=0)) / 2.0
        return centre

    return middle(LEFT_EYE), middle(RIGHT_EYE)


_FLATTER = 0.16
"""Forward displacement of the eyes' outer corners, divided by their distance from the eye centre:
makes the face flatter across the eyes."""

_BESIDE_EYES = 0.66
"""Distance from the face's middle beyond which the cheeks are narrowed, eye distances."""


def _bump(
    q: Floats, centre: Floats | tuple[float, float, float], reach: tuple[float, float, float]
) -> Floats:
    away = (q - np.array(centre)) / np.array(reach)
    share: Floats = np.exp(-(away**2).sum(axis=1))[:, None]
    return share


@dataclass(frozen=True, slots=True)
class StylisedHead:
    """A smooth warp from a realistic to a stylised head. Implements `body.Warp`.

    Attributes:
        left, right: (3,) eye centres before the warp, metres.
        eye: scale of the eye regions.
        tall: additional vertical scale of the eye regions.
        face: scale of the cheeks' width beyond the eyes.
        cheek: fraction by which the cheeks are widened beside the mouth.
        jaw: scale of the lower face's width at the chin.
        nose, mouth: scale of the width of nose and mouth.
        head: scale of the whole head about the pivot.
        open_wide, open_tall: horizontal and vertical scale of a second, smaller enlargement of
            the eyes.
        pivot: height, relative to the eyes in eye distances, that the head is scaled about. At the
            chin (about −1.5) an enlarged head stays on its neck; at the collar (−2.2) it lifts off.
        tilt: upward displacement of the lids' outer corners, divided by their distance from the
            eye centre.
    """

    left: Floats
    right: Floats
    eye: float = 2.08
    tall: float = 1.27
    face: float = 0.74
    cheek: float = 0.05
    jaw: float = 0.74
    nose: float = 0.62
    mouth: float = 0.72
    head: float = 1.40
    open_wide: float = 1.06
    open_tall: float = 1.46
    pivot: float = -1.5
    tilt: float = 0.13

    @classmethod
    def of(
        cls, source: Source, targets: dict[str, float], amounts: dict[str, float]
    ) -> StylisedHead:
        """Create the warp for the figure that the targets produce.

        Args:
            targets: weight by target name.
            amounts: attributes that differ from their defaults.
        """
        left, right = eye_centres(source.base.position + source.weight_vertices(targets))
        return cls(left, right, **amounts)

    def __call__(self, position: Floats, head_share: Floats) -> Floats:
        """Return the warped positions (n, 3); see `body.Warp`."""
        middle = (self.left + self.right) / 2.0
        unit = float(self.left[0] - self.right[0])
        q = (position - middle) / unit
        bent = self._eyes(self._mouth(self._nose(self._jaw(self._cheeks(q)))), middle, unit)
        bent = self._skull(self._open(bent))
        # Nothing below the chin is deformed, and the head's scale fades in along the neck.
        on_head = smoothstep(-2.6, -1.7, q[:, 1])[:, None]
        q = q + (bent - q) * on_head
        pivot = np.array([0.0, self.pivot, -0.9])
        q = q + head_share[:, None] * (self.head - 1.0) * (q - pivot)
        out: Floats = q * unit + middle
        return out

    def _cheeks(self, q: Floats) -> Floats:
        """Narrow the face beyond the eyes, fading out towards skull and ears."""
        beyond = np.maximum(np.abs(q[:, 0]) - _BESIDE_EYES, 0.0)
        low = smoothstep(0.45, -0.25, q[:, 1]) * smoothstep(-1.9, -0.9, q[:, 2])
        out = q.copy()
        out[:, 0] -= np.sign(q[:, 0]) * (1.0 - self.face) * low * beyond**2 / (beyond + 0.08)
        return out

    def _jaw(self, q: Floats) -> Floats:
        """Narrow the jaw towards the chin, in an almost straight line."""
        y, front = q[:, 1], smoothstep(-1.3, -0.5, q[:, 2])
        full = self.cheek * np.exp(-(((y + 0.9) / 0.40) ** 2))
        out = q.copy()
        out[:, 0] *= 1.0 + front * (full + (self.jaw - 1.0) * smoothstep(-1.05, -1.75, y))
        out[:, 1] += 0.04 * np.clip(-q[:, 1] - 1.0, 0.0, 1.0) * smoothstep(-1.2, -0.3, q[:, 2])
        return out

    def _nose(self, q: Floats) -> Floats:
        share = _bump(q, (0.0, -0.72, 0.45), (0.42, 0.55, 0.55))
        scale = np.array([self.nose, 0.85, 0.88])
        out: Floats = q + share * (scale - 1.0) * (q - np.array([0.0, -0.62, 0.05]))
        return out

    def _mouth(self, q: Floats) -> Floats:
        centre = (0.0, -1.22, 0.3)
        share = _bump(q, centre, (0.62, 0.36, 0.7))
        scale = np.array([self.mouth, 0.62, 1.0])
        grow = (scale - 1.0) * (q - np.array(centre))
        out: Floats = q + share * (grow + np.array([0.0, -0.02, 0.0]))
        return out

    def _eyes(self, q: Floats, middle: Floats, unit: float) -> Floats:
        out = q
        for side, eye in ((1.0, self.left), (-1.0, self.right)):
            centre = (eye - middle) / unit
            # The derivative of x·exp(−x²) is never below −0.45, so scales up to 3.2 keep the
            # mapping monotonic and the skin does not fold over.
            share = _bump(q, centre, (0.52, 0.42, 0.60))
            scale = np.array([self.eye, self.eye * self.tall, 1.0 + 0.85 * (self.eye - 1.0)])
            grow = (scale - 1.0) * (q - centre)
            out = out + share * (grow + np.array([side * 0.04, -0.04, 0.02]))
            # A stylised face is flat across the eyes.
            out[:, 2] += share[:, 0] * _FLATTER * side * (q - centre)[:, 0]
        return out

    def _open(self, q: Floats) -> Floats:
        """Open the eyes further, mostly upwards.

        This is a second step because one enlargement by more than 3.2 would fold the skin.
        """
        out = q
        for side in (1.0, -1.0):
            centre = np.array([side * 0.545, -0.04, 0.10])
            away = (q - centre) / np.array([0.46, 0.50, 0.70])
            # The fourth power makes the arch of the lids squarer.
            share = np.exp(-(away[:, 0] ** 4) - away[:, 1] ** 2 - away[:, 2] ** 2)[:, None]
            scale = np.array([self.open_wide, self.open_tall, 1.0])
            out = out + share * (scale - 1.0) * (q - centre)
            # Raise the outer corner above the inner one.
            out[:, 1] += share[:, 0] * self.tilt * side * (q - centre)[:, 0]
        return out

    def _skull(self, q: Floats) -> Floats:
        out = q.copy()
        out[:, :2] *= 1.0 + 0.04 * smoothstep(0.2, 1.2, q[:, 1])[:, None]
        return out
