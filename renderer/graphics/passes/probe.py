"""Draw the surroundings of the stage into a cubemap, which glossy surfaces reflect."""

from __future__ import annotations

import math
from typing import Final

import moderngl
import numpy as np

from renderer.graphics.drawables.base import Phase
from renderer.graphics.gpu import gl
from renderer.graphics.gpu.frame_block import FrameBlock
from renderer.graphics.gpu.matrices import Matrix, Point, invert, perspective
from renderer.graphics.gpu.shaders import UNITS
from renderer.graphics.gpu.targets import Depth, TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.stage.records import Camera
from renderer.stage.sets.stage_set import Backdrop

SIDE: Final = 64
"""Side of a face, texels."""
PLACE: Final[Point] = (0.0, 1.2, 0.0)
"""Where the surroundings are seen from: the chest of a performer at the origin, metres."""
NEAR_M: Final = 0.3
FAR_M: Final = 90.0
_RIGHT_ANGLE: Final = math.pi / 2.0
_FACES: Final[tuple[tuple[Point, Point], ...]] = (
    ((1.0, 0.0, 0.0), (0.0, -1.0, 0.0)),
    ((-1.0, 0.0, 0.0), (0.0, -1.0, 0.0)),
    ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    ((0.0, -1.0, 0.0), (0.0, 0.0, -1.0)),
    ((0.0, 0.0, 1.0), (0.0, -1.0, 0.0)),
    ((0.0, 0.0, -1.0), (0.0, -1.0, 0.0)),
)
"""Direction and up of each face, in OpenGL's order (specification 4.1, table 3.19)."""

_MOST_SKIPPED: Final = 15
"""Largest step of the frame number that is no jump: a live show may skip frames."""


class ProbePass:
    """Fills a cubemap with the set, its screens and the backdrop, in their current light.

    All faces are drawn in a show's first frame and after a jump in it, so that such a frame does
    not depend on those drawn before; then one in each, so that a change is complete after six
    frames. Mipmaps serve as the blur of rough surfaces.
    """

    name = "probe"
    scope = Scope.FRAME
    reads = ("shadow",)
    writes = ("probe",)
    targets = (TargetSpec("probe", (4, "f2"), Depth.TESTED, fixed_size=(SIDE, SIDE)),)

    def __init__(
        self, context: moderngl.Context, backdrop: Backdrop, background: tuple[float, float, float]
    ) -> None:
        self._black = bytes(8 * SIDE * SIDE)
        self._cube = context.texture_cube((SIDE, SIDE), 4, 6 * self._black, dtype="f2")
        self._build_mipmaps()
        context.enable_direct(gl.SEAMLESS_CUBE_MAPS)
        self._background = background
        lens = perspective(_RIGHT_ANGLE, 1.0, NEAR_M, FAR_M)
        whole = [lens @ _look(direction, up) for direction, up in _FACES]
        self._matrices = [(matrix, invert(matrix)) for matrix in whole]
        self._cameras = [
            Camera(PLACE, (PLACE[0] + x, PLACE[1] + y, PLACE[2] + z), _RIGHT_ANGLE, NEAR_M, FAR_M)
            for (x, y, z), _ in _FACES
        ]
        self._block = FrameBlock(context, (SIDE, SIDE), backdrop)
        self._next = 0
        self._last: int | None = None

    def run(self, frame: Frame, targets: Targets) -> None:
        """Draw one face, or all of them in the first frame and after a jump."""
        number = frame.state.number
        follows = self._last is not None and 0 < number - self._last <= _MOST_SKIPPED
        if not follows:
            # Glossy surfaces in the cubemap reflect the faces that are there already: once around
            # for what they reflect, once for themselves.
            self._clear()
            self._draw_faces(frame, targets, len(_FACES))
        self._draw_faces(frame, targets, 1 if follows else len(_FACES))
        self._last = number if frame.culls else None

    def _draw_faces(self, frame: Frame, targets: Targets, count: int) -> None:
        for _ in range(count):
            self._draw_face(frame, targets, self._next)
            self._next = (self._next + 1) % len(_FACES)
        self._build_mipmaps()

    def _clear(self) -> None:
        self._next = 0
        for face in range(len(_FACES)):
            self._cube.write(face, self._black)
        self._build_mipmaps()

    def _build_mipmaps(self) -> None:
        self._cube.build_mipmaps()
        # Building resets the filter.
        self._cube.filter = moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR

    def _draw_face(self, frame: Frame, targets: Targets, face: int) -> None:
        context, target = frame.context, targets["probe"].framebuffer
        self._block.write(frame.state, self._cameras[face], matrices=self._matrices[face])
        self._block.bind()
        target.use()
        target.clear(*self._background, depth=1.0)
        shadow = targets["shadow"].depth_texture
        if shadow is not None:
            shadow.use(UNITS["shadow_map"])
        self._cube.use(UNITS["probe_map"])
        context.enable_only(moderngl.DEPTH_TEST)
        context.depth_func = "<="
        frame.draw(Phase.PROBE, target)
        self._cube.use(UNITS["probe_map"])
        gl.copy_to_cube_face(face, SIDE)


def _look(direction: Point, up: Point) -> Matrix:
    """Return stage to view space (4, 4) from PLACE."""
    back = -np.array(direction)
    right = np.cross(up, back)
    rotation = np.array((right, np.cross(back, right), back))
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = rotation, -rotation @ np.array(PLACE)
    return matrix
