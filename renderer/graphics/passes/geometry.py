"""Skin all animated vertices, once a frame for all passes and views."""

from __future__ import annotations

from renderer.graphics.drawables.avatar.pose import PoseTexture
from renderer.graphics.drawables.base import Phase
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets


class GeometryPass:
    """Uploads all poses, then has objects skin their vertices by transform feedback."""

    name = "geometry"
    scope = Scope.FRAME
    reads = ()
    writes = ("geometry",)
    # Transform feedback draws no pixels, but GL requires a complete framebuffer.
    targets = (TargetSpec("feedback", (1, "f1"), fixed_size=(1, 1)),)

    def __init__(self, pose: PoseTexture) -> None:
        self._pose = pose

    def run(self, frame: Frame, targets: Targets) -> None:
        """Skin the frame's objects."""
        target = targets["feedback"].framebuffer
        target.use()
        self._pose.upload()
        frame.draw(Phase.GEOMETRY, target)
