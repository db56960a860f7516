"""Test that a lower face that widens around closed lips is puffed, and a smile is not."""

from __future__ import annotations

import numpy as np
import pytest

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.motion.face.cheeks import blend_puff
from renderer.motion.face.surface import SURFACE

PUFF = ARKIT_INDEX["cheekPuff"]


def puffed(
    cheeks: float, jaw: float, gap: float = 0.0, trust: float = 1.0, **named: float
) -> float:
    """Return the puffed cheeks of a face that is wider than at rest by this."""
    shapes, surface = np.zeros(len(ARKIT)), np.zeros(len(SURFACE))
    surface[SURFACE.index("cheeks, apart")], surface[SURFACE.index("jaw, wide")] = cheeks, jaw
    for name, value in named.items():
        shapes[ARKIT_INDEX[name]] = value
    blend_puff(shapes, surface, gap, trust)
    return float(shapes[PUFF])


def test_a_wider_lower_face_is_puffed_in_proportion() -> None:
    assert puffed(0.13, 0.12) == 1.0
    assert 0.1 < puffed(0.06, 0.065) < 0.9
    assert puffed(0.03, 0.12) == puffed(0.12, 0.03) == 0.0


@pytest.mark.parametrize(
    "other", [{"mouthSmileLeft": 0.8}, {"mouthRight": 0.7}, {"gap": 0.1}, {"trust": 0.0}]
)
def test_smiles_twisted_and_open_mouths_and_unknown_faces_are_not(other: dict[str, float]) -> None:
    assert puffed(0.13, 0.13, **other) == 0.0


def test_the_dead_score_does_not_count() -> None:
    assert puffed(0.0, 0.0, cheekPuff=0.6) == 0.0


def test_puffed_cheeks_stretch_no_lips() -> None:
    shapes, surface = np.zeros(len(ARKIT)), np.full(len(SURFACE), 0.1)
    shapes[ARKIT_INDEX["mouthStretchLeft"]] = shapes[ARKIT_INDEX["mouthPressLeft"]] = 0.9
    blend_puff(shapes, surface, 0.0, 1.0)
    assert shapes[ARKIT_INDEX["mouthStretchLeft"]] == 0.0
    assert shapes[ARKIT_INDEX["mouthPressLeft"]] == 0.9
