"""What every pass knows of a frame, packed as shaders/frame.glsl lays it out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from renderer.errors import GraphicsError
from renderer.graphics.gpu.shaders import BLOCKS
from renderer.graphics.matrices import TO_TEXTURE, camera_matrix, light_matrix
from renderer.stage.records import Light, StageState
from renderer.stage.set import Backdrop

MAX_LIGHTS: Final = 8

_LAYOUT: Final = np.dtype(
    [
        ("view_projection", "f4", (4, 4)),
        ("inverse_view_projection", "f4", (4, 4)),
        ("shadow_matrix", "f4", (4, 4)),
        ("camera", "f4", 4),
        ("ambient", "f4", 4),
        ("view", "f4", 4),
        ("backdrop", "f4", (3, 4)),
        ("lights", "f4", (MAX_LIGHTS, 4, 4)),
    ]
)


class FrameBlock:
    """The uniform buffer of a frame."""

    def __init__(self, context: Any, size: tuple[int, int], backdrop: Backdrop) -> None:
        self._aspect = size[0] / size[1]
        self._data = np.zeros((), _LAYOUT)
        self._data["view"][:2] = size
        self._data["backdrop"][:, :3] = backdrop.top, backdrop.horizon, backdrop.bottom
        self._buffer = context.buffer(reserve=_LAYOUT.itemsize, dynamic=True)

    def write(self, state: StageState, shadow_texel: float) -> npt.NDArray[np.float32] | None:
        """Upload a frame's camera and lights.

        Args:
            shadow_texel: one over the shadow map's size.

        Returns:
            Stage to the shadow map's clip space (4, 4), transposed for GL; None without a shadow.

        Raises:
            GraphicsError: for a camera that shows nothing, or too many lights.
        """
        lights = _key_first(state.lights)
        data = self._data
        matrix = camera_matrix(state.camera, self._aspect)
        data["view_projection"] = matrix.T
        data["inverse_view_projection"] = np.linalg.inv(matrix).T
        data["camera"] = *state.camera.position, state.t_show_ns * 1e-9
        data["ambient"][:3] = state.ambient
        # Lights that are not there stay black: the shaders go through all of them.
        data["lights"] = 0.0
        for row, light in zip(data["lights"], lights, strict=False):
            row[:] = _packed(light)
        shadow = None
        if lights and lights[0].casts_shadow:
            to_light = light_matrix(lights[0])
            data["shadow_matrix"] = (TO_TEXTURE @ to_light).T
            shadow = np.ascontiguousarray(to_light.T, np.float32)
        data["view"][2:] = shadow is not None, shadow_texel
        self._buffer.write(data)
        self._buffer.bind_to_uniform_block(BLOCKS["Frame"])
        return shadow


def _key_first(lights: Sequence[Light]) -> Sequence[Light]:
    """The lights, the one that casts the shadow before the others.

    Raises:
        GraphicsError: for more lights than the shaders hold, or a second shadow.
    """
    if len(lights) > MAX_LIGHTS:
        raise GraphicsError(
            "the stage's lights",
            f"there are {len(lights)}",
            f"light the stage with {MAX_LIGHTS} at most",
        )
    casters = [light for light in lights if light.casts_shadow]
    if len(casters) > 1:
        raise GraphicsError(
            "the stage's lights",
            f"{len(casters)} of them cast shadows",
            "let one light cast the shadow",
        )
    return (*casters, *(light for light in lights if not light.casts_shadow))


def _packed(light: Light) -> tuple[tuple[float, ...], ...]:
    offset = [b - a for a, b in zip(light.position, light.target, strict=True)]
    squared = sum(part * part for part in offset)
    if not squared > 0.0:
        raise GraphicsError(
            f"a light at {light.position}", "it shines at itself", "move its target away"
        )
    unit = [part / math.sqrt(squared) for part in offset]
    if light.cone is None:
        return (*light.position, 0.0), (*unit, 0.0), (*light.color, 0.0), (squared, 0.0, 0.0, 0.0)
    inner, outer = (math.cos(angle) for angle in light.cone)
    softness = 1.0 / max(inner - outer, 1e-4)
    return (
        (*light.position, 1.0),
        (*unit, outer),
        (*light.color, softness),
        (squared, 0.0, 0.0, 0.0),
    )
