"""A glTF animation in the making: what moves which node, all at the same times."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatars.model import F32
from avatars.write.buffers import BufferWriter, Json


class Tracks:
    """One animation's channels and samplers.

    Args:
        buffers: that the values are written to.
        times: (f,) seconds.
    """

    def __init__(self, buffers: BufferWriter, times: npt.NDArray[np.float64]) -> None:
        self._buffers = buffers
        self._times = buffers.add_floats(
            np.asarray(times, np.float32)[:, None], bounds=True, vertices=False
        )
        self._channels: list[Json] = []
        self._samplers: list[Json] = []

    def add(self, node: int, path: str, values: F32) -> None:
        """Move a node: `values` (f, 3 or 4), or (f · targets, 1) where the path is `weights`."""
        output = self._buffers.add_floats(values, vertices=False)
        self._channels.append(
            {"sampler": len(self._samplers), "target": {"node": node, "path": path}}
        )
        self._samplers.append({"input": self._times, "output": output, "interpolation": "LINEAR"})

    def as_json(self, name: str) -> Json:
        """The animation as the document holds it."""
        return {"name": name, "channels": self._channels, "samplers": self._samplers}
