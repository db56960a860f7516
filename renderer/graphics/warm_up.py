"""Draw every shader variant once before the show, so that a driver compiles none while on air."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from avatars.model import Avatar
from renderer.stage.records import Camera, Light, PosedAvatar, StageState

_AWAY: Final = Camera((0.0, 1e4, 0.0), (0.0, 2e4, 0.0), math.radians(10.0))
"""Sees nothing: drivers compile at a draw, whether or not it covers a pixel."""

_FAINT: Final = 1e-6
"""A light of no visible strength that still reaches everything."""


def warm_up_states(avatars: Sequence[Avatar], sizes: Iterable[int]) -> Iterator[StageState]:
    """Return a state for each shader variant, with all avatars and enough lights for it.

    Args:
        sizes: lights beside the key in each variant.
    """
    posed = tuple(
        PosedAvatar(
            number,
            np.tile(np.eye(4, dtype=np.float32), (len(avatar.nodes.parents), 1, 1)),
            np.zeros(avatar.channel_count, np.float32),
        )
        for number, avatar in enumerate(avatars)
    )
    light = Light((0.0, 5.0, 0.0), (0.0, 0.0, 0.0), (_FAINT, _FAINT, _FAINT))
    key = Light(light.position, light.target, light.color, casts_shadow=True)
    for size in sizes:
        yield StageState(0, 0, 0, posed, (key, *(light for _ in range(size))), (0.0,) * 3, _AWAY)
