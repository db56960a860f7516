"""Define the actions of the switcher: cut, dissolve, camera keys, auto-director."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from renderer.desk.actions.action import Action, Group
from renderer.desk.actions.cue_actions import DIRECTOR
from renderer.desk.actions.needs import needs_cues, needs_preview
from renderer.desk.document import cameras
from renderer.desk.words import tr
from renderer.protocol.cues import CuesHealth, CutCamera, SetAutoDirector, TakePreview
from renderer.protocol.document import DocumentContent
from renderer.protocol.schema import Command

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

SHOTS: Final = 10
"""Cameras with a key each: 1 to 9, and 0 for the tenth."""


def camera_at(desk: DeskModel, place: int) -> int:
    """Return the number of the camera at a place of the multiview; 0 if there is none."""
    found = cameras(desk.status.of(DocumentContent).data)
    return found[place].number if place < len(found) else 0


def _preview(place: int) -> Callable[[DeskModel], Command | None]:
    return lambda desk: CutCamera(camera_at(desk, place), preview=True)


def _cut(place: int) -> Callable[[DeskModel], Command | None]:
    return lambda desk: CutCamera(camera_at(desk, place))


def _needs_camera(place: int) -> Callable[[DeskModel], str]:
    def refusal(desk: DeskModel) -> str:
        if reason := needs_cues(desk):
            return reason
        if camera_at(desk, place):
            return ""
        return tr("The show has no camera {number}.", number=place + 1)

    return refusal


def _is_auto(desk: DeskModel) -> bool:
    return desk.status.of(CuesHealth).auto


_KEYS: Final = tuple("1234567890")

ACTIONS: Final = (
    Action(
        "cameras.cut", "Cut", Group.CAMERAS, lambda _: TakePreview(), "Return", DIRECTOR,
        refusal=needs_preview, summary="Exchange preview and program at once",
    ),
    Action(
        "cameras.dissolve", "Dissolve", Group.CAMERAS,
        lambda desk: TakePreview(desk.dissolve_s.value), "D", DIRECTOR, refusal=needs_preview,
        summary="Dissolve from program to preview",
    ),
    Action(
        "cameras.tbar", "T-bar", Group.CAMERAS,
        lambda desk: desk.tbar_requested.set(desk.tbar_requested.value + 1), "T", DIRECTOR,
        refusal=needs_preview, summary="Move the transition by hand: with the arrows, or drag it",
    ),
    Action(
        "cameras.slower", "Longer dissolve", Group.CAMERAS,
        lambda desk: desk.change_dissolve(0.25), "]", DIRECTOR,
        summary="Dissolve a quarter of a second longer",
    ),
    Action(
        "cameras.faster", "Shorter dissolve", Group.CAMERAS,
        lambda desk: desk.change_dissolve(-0.25), "[", DIRECTOR,
        summary="Dissolve a quarter of a second shorter",
    ),
    Action(
        "cameras.auto", "Auto-director", Group.CAMERAS,
        lambda desk: SetAutoDirector(not _is_auto(desk)), "A", DIRECTOR, refusal=needs_cues,
        is_on=_is_auto,
        summary="Hand the cameras to the auto-director, or take them over",
    ),
    *(
        Action(
            f"cameras.preview{place + 1}", f"Camera {place + 1} to preview", Group.CAMERAS,
            _preview(place), _KEYS[place], DIRECTOR, refusal=_needs_camera(place),
            summary="Put the camera on preview",
        )
        for place in range(SHOTS)
    ),
    *(
        Action(
            f"cameras.cut{place + 1}", f"Cut to camera {place + 1}", Group.CAMERAS,
            _cut(place), f"Ctrl+{_KEYS[place]}", DIRECTOR, refusal=_needs_camera(place),
            summary="Put the camera on air at once",
        )
        for place in range(SHOTS)
    ),
)  # fmt: skip
