"""Change a figure's proportions by scaling the part of the body that each bone moves.

Each part is scaled about its bone's joint along the axes of the T-pose. Adjacent parts are blended
by the skinning weights, so the surface stays continuous.
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
"""Factors along x, y and z of the T-pose; for an arm, x is along its length."""


@dataclass(frozen=True, slots=True)
class Proportions:
    """Scale factors of a figure.

    Attributes:
        scales: factors by name of the human bone, without its side. Bones not listed keep their
            size; fingers use their hand's factors.
        stature: factor on the whole figure, applied after `scales`.
        heel: height of the heel above the ball of the foot, metres, before `stature`.
    """

    scales: Mapping[str, Scale] = field(default_factory=dict)
    stature: float = 1.0
    heel: float = 0.0

    def apply(self, body: Body) -> Body:
        """Return the body with these proportions, with its bare heels at y = 0."""
        scale = np.array([self._scale(bone) for bone in HUMAN_BONES])
        heads = np.empty_like(body.heads)
        for bone, parent in enumerate(PARENT_INDEX):
            if parent < 0:
                heads[bone] = body.heads[bone]
            else:
                offset = body.heads[bone] - body.heads[parent]
                heads[bone] = heads[parent] + scale[parent] * offset
        # x' = Σ w (h' + s (x − h)), rearranged into one factor and one offset per vertex.
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
        """Shear the feet downwards from heel to ball, as in a shoe with a heel.

        Returns:
            Vertex positions (19158, 3) and joint positions (55, 3), metres.
        """
        out, places = position.copy(), heads.copy()
        for side in ("left", "right"):
            foot, toes = BONE_INDEX[side + "Foot"], BONE_INDEX[side + "Toes"]
            ankle, ball = heads[foot, 2], heads[toes, 2]
            share = weights[:, foot] + weights[:, toes]
            out[:, 1] -= self.heel * share * smoothstep(ankle, ball, position[:, 2])
            places[toes, 1] -= self.heel
        return out, places
