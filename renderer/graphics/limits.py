"""Define the limits of picture quality with which a live show holds its frame rate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from renderer.stage.records import StageState


@dataclass(frozen=True, slots=True)
class Limits:
    """The effects to leave out or to draw at lower quality; the defaults limit nothing.

    Attributes:
        mirror: whether the floor reflects, and side screens have cameras of their own.
        defocus: whether cameras have a depth of field.
        shadow_every: number of frames for which shadow maps are reused; 1 draws them every frame.
        crowd: fraction of the audience that is drawn, 0 to 1.
        bloom: whether emissive surfaces bloom.
        outlines_from: minimum height of an avatar with outlines in the picture, pixels.
        smoothing: whether edges of the finished picture are anti-aliased.
        detail: factor on the minimum height of an avatar that is drawn in full detail.
        scale: render resolution as a fraction of the view's sides; the picture is scaled up.
    """

    mirror: bool = True
    defocus: bool = True
    shadow_every: int = 1
    crowd: float = 1.0
    bloom: bool = True
    outlines_from: float = 0.0
    smoothing: bool = True
    detail: float = 1.0
    scale: float = 1.0


NO_LIMITS: Final = Limits()


def limit_state(state: StageState, limits: Limits) -> StageState:
    """Return a state without the effects that the limits turn off."""
    changes: dict[str, object] = {}
    if not limits.mirror and state.screens.cameras:
        changes["screens"] = replace(state.screens, cameras=())
    if not limits.mirror and state.floor.mirror > 0.0:
        changes["floor"] = replace(state.floor, mirror=0.0)
    if not limits.bloom and state.grade.bloom > 0.0:
        changes["grade"] = replace(state.grade, bloom=0.0)
    if not limits.defocus:
        if state.camera.focus is not None:
            changes["camera"] = replace(state.camera, focus=None)
        if any(camera.focus is not None for camera in state.view_cameras.values()):
            changes["view_cameras"] = {
                name: replace(camera, focus=None) for name, camera in state.view_cameras.items()
            }
    return replace(state, **changes) if changes else state  # type: ignore[arg-type]
