"""Keep an avatar's last good pose, to be shown again while its performer's part fails."""

from __future__ import annotations

import math

import numpy as np

from avatars.instance import AvatarInstance


class HeldPose:
    """A copy of all drawn arrays of a pose, in buffers allocated once."""

    def __init__(self, instance: AvatarInstance) -> None:
        """Allocate the buffers and copy the current pose."""
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
        """Copy the current pose.

        Raises:
            ArithmeticError: it contains a non-finite number; the previous copy is kept.
        """
        # A sum is finite only if every addend is, and needs no buffer.
        if not all(math.isfinite(float(array.sum())) for array in self._arrays):
            raise ArithmeticError("the pose holds a number that is not finite")
        for copy, array in zip(self._copies, self._arrays, strict=True):
            np.copyto(copy, array)

    def restore(self) -> None:
        """Copy the kept pose back."""
        for copy, array in zip(self._copies, self._arrays, strict=True):
            np.copyto(array, copy)
