"""Draw instances of several figures: in one call where OpenGL has indirect draws, else one each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

INSTANCE: Final = np.dtype([("place", "f4", 4), ("block", "f4", 3)])
"""A person: top of the head and a seed; of their block: a seed, and its place across the hall and
from the stage to the back, 0 to 1."""
_LAYOUT: Final = "4f 3f/i"
_FIELDS: Final = "in_place", "in_block"
_COMMAND: Final = np.dtype(
    [("indices", "u4"), ("instances", "u4"), ("first_index", "u4"), ("base_vertex", "i4"),
     ("base_instance", "u4")]
)  # fmt: skip
"""DrawElementsIndirectCommand (OpenGL 4.3, 10.5)."""
_INDIRECT_FROM: Final = 430
"""OpenGL version with glMultiDrawElementsIndirect."""


class LevelDraws:
    """The figures of all levels of detail, and the instances drawn at each.

    Attributes:
        rows: (most,) INSTANCE, to be filled from the start, sorted by level.

    Args:
        figures: (v, 4) triangle list of each level.
        most: maximum number of instances in total, at least one for each level.
        is_joined: whether one call draws all levels; by default where OpenGL has indirect draws.
    """

    def __init__(
        self,
        context: moderngl.Context,
        program: moderngl.Program,
        figures: Sequence[F32],
        most: int,
        *,
        is_joined: bool | None = None,
    ) -> None:
        if is_joined is None:
            is_joined = context.version_code >= _INDIRECT_FROM
        parts = [np.unique(figure, axis=0, return_inverse=True) for figure in figures]
        first_vertex = [0, *accumulate(len(corners) for corners, _ in parts)]
        sizes = [len(order) for _, order in parts]
        self._commands = np.zeros(len(parts), _COMMAND)
        self._commands["indices"] = sizes
        self._commands["first_index"] = [0, *accumulate(sizes[:-1])]
        corners = context.buffer(np.concatenate([part for part, _ in parts]))
        indices = context.buffer(
            np.concatenate(
                [order.reshape(-1) + first
                 for (_, order), first in zip(parts, first_vertex, strict=False)]
            ).astype(np.uint32)
        )  # fmt: skip
        self.rows = np.zeros(most, INSTANCE)
        self._instances = [
            context.buffer(reserve=self.rows.nbytes, dynamic=True)
            for _ in range(1 if is_joined else len(parts))
        ]
        self._arrays = [
            context.vertex_array(
                program,
                [(corners, "3f 1f", "in_corner", "in_part"), (buffer, _LAYOUT, *_FIELDS)],
                index_buffer=indices,
            )
            for buffer in self._instances
        ]
        self._indirect: moderngl.Buffer | None = None
        if is_joined:
            self._indirect = context.buffer(reserve=self._commands.nbytes, dynamic=True)

    def write(self, counts: Sequence[int]) -> None:
        """Upload `rows`.

        Args:
            counts: number of instances at each level.
        """
        commands = self._commands
        commands["instances"] = counts
        starts = [0, *accumulate(counts)]
        if self._indirect is not None:
            commands["base_instance"] = starts[:-1]
            self._indirect.write(commands)
            # Write the whole buffer: Mesa's noop driver, which a benchmark uses, crashes otherwise.
            self._instances[0].write(self.rows)
            return
        for buffer, first, count in zip(self._instances, starts, counts, strict=False):
            if count:
                buffer.write(self.rows[first : first + count])

    def draw(self) -> None:
        """Draw what was written last."""
        if self._indirect is not None:
            self._arrays[0].render_indirect(self._indirect, moderngl.TRIANGLES, len(self._commands))
            return
        for array, command in zip(self._arrays, self._commands.tolist(), strict=True):
            indices, instances, first, _, _ = command
            if instances:
                array.render(moderngl.TRIANGLES, indices, first, instances)
