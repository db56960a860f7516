"""Keeps the last good pose of an avatar, to be shown again while its performer's part fails."""

from __future__ import annotations

import math

import numpy as np

from avatars.instance import AvatarInstance


class HeldPose:
    """A copy of everything in a pose that is drawn. Its buffers are made once."""

    def __init__(self, instance: AvatarInstance) -> None:
        """Hold the pose as it is."""
        values = instance.material_values
        self._arrays = (
            instance.world,
            instance.morphs,
            instance.expressions,
            values.colors,
            values.uvs,
        )
        self._copies = tuple(array.copy() for array in self._arrays)

    def keep(self) -> None:
        """Hold the pose as it is now.

        Raises:
            ArithmeticError: it has a number that is not finite; the pose held before is kept.
        """
        # A sum is finite only if every addend is, and needs no buffer.
        if not all(math.isfinite(float(array.sum())) for array in self._arrays):
            raise ArithmeticError("the pose holds a number that is not finite")
        for copy, array in zip(self._copies, self._arrays, strict=True):
            np.copyto(copy, array)

    def restore(self) -> None:
        """Bring the pose back to what is held."""
        for copy, array in zip(self._copies, self._arrays, strict=True):
            np.copyto(array, copy)
