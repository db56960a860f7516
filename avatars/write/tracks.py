"""Build a glTF animation whose channels share the same keyframe times."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatars.model import F32
from avatars.write.buffers import BufferWriter, Json


class Tracks:
    """Collects one animation's channels and samplers.

    Args:
        buffers: the writer for the values.
        times: (f,) keyframe times, seconds.
    """

    def __init__(self, buffers: BufferWriter, times: npt.NDArray[np.float64]) -> None:
        self._buffers = buffers
        self._times = buffers.add_floats(
            np.asarray(times, np.float32)[:, None], bounds=True, vertices=False
        )
        self._channels: list[Json] = []
        self._samplers: list[Json] = []

    def add(self, node: int, path: str, values: F32) -> None:
        """Add a channel: `values` (f, 3 or 4), or (f · targets, 1) where the path is `weights`."""
        output = self._buffers.add_floats(values, vertices=False)
        self._channels.append(
            {"sampler": len(self._samplers), "target": {"node": node, "path": path}}
        )
        self._samplers.append({"input": self._times, "output": output, "interpolation": "LINEAR"})

    def as_json(self, name: str) -> Json:
        """Return the animation's JSON object."""
        return {"name": name, "channels": self._channels, "samplers": self._samplers}
