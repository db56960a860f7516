"""A figure's proportions beyond its source's shapes: each bone's part made longer or slimmer.

A bone's part is scaled about the bone's own head along the T-pose's axes; where parts meet they
blend by the weights that also bend the figure, so nothing tears.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import smoothstep
from avatars.authoring.figure.source import Floats
from avatars.names import BONE_INDEX, HUMAN_BONES, PARENT_INDEX

Scale = tuple[float, float, float]
"""Factors along x, y and z of the T-pose; for an arm, x is its length."""


@dataclass(frozen=True, slots=True)
class Proportions:
    """What a figure is changed by.

    Attributes:
        scales: by human bone without its side; bones left out keep their size, but a finger takes
            its hand's.
        stature: the whole figure's factor after that.
        heel: metres that the heel stands above the ball of the foot.
    """

    scales: Mapping[str, Scale] = field(default_factory=dict)
    stature: float = 1.0
    heel: float = 0.0

    def apply(self, body: Body) -> Body:
        """The body with these proportions; its bare heels stand at y = 0."""
        scale = np.array([self._scale(bone) for bone in HUMAN_BONES])
        heads = np.empty_like(body.heads)
        for bone, parent in enumerate(PARENT_INDEX):
            if parent < 0:
                heads[bone] = body.heads[bone]
            else:
                offset = body.heads[bone] - body.heads[parent]
                heads[bone] = heads[parent] + scale[parent] * offset
        # x' = Σ w (h' + s (x − h)), gathered into a factor and a shift of each vertex.
        weights = body.weights
        bound = weights.sum(axis=1, keepdims=True) > 0.0
        moved = body.position * (weights @ scale) + weights @ (heads - scale * body.heads)
        position = np.where(bound, moved, body.position)
        shapes = body.shapes * np.where(bound, weights @ scale, 1.0)
        ground = np.array([0.0, position[bound[:, 0], 1].min(), 0.0])
        position, heads = self._on_heels(position, heads, body.weights)
        return Body(
            (position - ground) * self.stature,
            (heads - ground) * self.stature,
            body.weights,
            shapes * self.stature,
        )

    def _scale(self, bone: str) -> Scale:
        part = bone.removeprefix("left").removeprefix("right")
        part = part[0].upper() + part[1:]
        if part.startswith(("Thumb", "Index", "Middle", "Ring", "Little")):
            part = "Hand"
        return self.scales.get(part, (1.0, 1.0, 1.0))

    def _on_heels(self, position: Floats, heads: Floats, weights: Floats) -> tuple[Floats, Floats]:
        """Feet sheared down from the heel to the ball, as in a shoe with a heel."""
        out, places = position.copy(), heads.copy()
        for side in ("left", "right"):
            foot, toes = BONE_INDEX[side + "Foot"], BONE_INDEX[side + "Toes"]
            ankle, ball = heads[foot, 2], heads[toes, 2]
            share = weights[:, foot] + weights[:, toes]
            out[:, 1] -= self.heel * share * smoothstep(ankle, ball, position[:, 2])
            places[toes, 1] -= self.heel
        return out, places
