"""Reduce a state to the content of a keyed picture: avatars and confetti without the hall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from renderer.stage.records import Air, Camera, Floor, StageState
from renderer.stage.sets.stage_set import StageSet
from renderer.stage.text.titles import NONE as NO_TITLES

_NO_AIR: Final = Air()
_NO_FLOOR: Final = Floor()


def key_stage(stage: StageSet) -> StageSet:
    """Return a stage without visible parts."""
    return StageSet(stage.name, (), stage.backdrop)


def key_state(state: StageState) -> StageState:
    """Return a state for a picture that will be composited over another one.

    Left out are beams, fog, floor and titles; sparks, light rain and jets, which add light and
    cover nothing, so that no alpha could express them; vignette, grain and defocus, which belong to
    the whole picture and come after the composite.
    """
    cameras: Mapping[str, Camera] = {
        name: replace(camera, focus=None) for name, camera in state.view_cameras.items()
    }
    return replace(
        state,
        camera=replace(state.camera, focus=None),
        view_cameras=cameras,
        beams=(),
        air=_NO_AIR,
        floor=_NO_FLOOR,
        jets=None,
        sparks=None,
        rain=None,
        grade=replace(state.grade, vignette=0.0, grain=0.0),
        titles=NO_TITLES,
    )
