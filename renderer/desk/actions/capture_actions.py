"""Define the actions of capture: freeze, mirror, idle, take, calibrate, on the chosen limb."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from renderer.desk.actions.action import Action, Group
from renderer.desk.actions.needs import needs_show
from renderer.desk.panels.direction.model import Act
from renderer.desk.words import tr
from renderer.protocol.inputs import InputsHealth, ReopenCamera
from renderer.protocol.performers import CalibrateFace, PerformersHealth, StopCalibration
from renderer.protocol.schema import Command

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

CAPTURE: Final = "capture"
TAKES: Final = 5
"""Takes of the bin with a key each."""


def _needs_performer(desk: DeskModel) -> str:
    if refusal := needs_show(desk):
        return refusal
    if desk.status.of(PerformersHealth).performers:
        return ""
    return tr("The show has no performers.")


def _is_calibrating(desk: DeskModel) -> bool:
    performers = desk.status.of(PerformersHealth).performers
    chosen = desk.selected_performer.value
    running = performers[chosen].calibration if chosen < len(performers) else None
    return running is not None and not running.ended


def _calibrate(desk: DeskModel) -> Command:
    """Return the command that starts the chosen performer's calibration, or stops it."""
    chosen = desk.selected_performer.value
    return StopCalibration(chosen) if _is_calibrating(desk) else CalibrateFace(chosen)


def _act(act: Act) -> Callable[[DeskModel], None]:
    return lambda desk: desk.direction.press(act)


def _choose(performer: int) -> Callable[[DeskModel], None]:
    return lambda desk: desk.choose_performer(performer)


def _is_chosen(performer: int) -> Callable[[DeskModel], bool]:
    return lambda desk: desk.selected_performer.value == performer


def _step_limb(step: int) -> Callable[[DeskModel], None]:
    return lambda desk: desk.direction.step_limb(step)


def _put_take(place: int) -> Callable[[DeskModel], None]:
    return lambda desk: desk.put_take(place)


def _needs_take(place: int) -> Callable[[DeskModel], str]:
    def refusal(desk: DeskModel) -> str:
        if reason := _needs_performer(desk):
            return reason
        if place < len(desk.takes.value):
            return ""
        return tr("The take bin has no take {number}.", number=place + 1)

    return refusal


def _camera_of(desk: DeskModel) -> int | None:
    """Return the camera of the chosen performer, if it can be opened again."""
    for number, camera in enumerate(desk.status.of(InputsHealth).cameras):
        if desk.selected_performer.value in camera.performers and camera.changeable:
            return number
    return None


def _reopen(desk: DeskModel) -> ReopenCamera | None:
    number = _camera_of(desk)
    return None if number is None else ReopenCamera(number)


def _needs_camera(desk: DeskModel) -> str:
    if refusal := needs_show(desk):
        return refusal
    if _camera_of(desk) is None:
        return tr("The performer's camera cannot be opened again: it is a file or another desk's.")
    return ""


def _needs_before(desk: DeskModel) -> str:
    if refusal := needs_show(desk):
        return refusal
    return "" if desk.swap.before() else tr("The performer's camera has not been replaced.")


def _needs_trial(desk: DeskModel) -> str:
    if refusal := needs_show(desk):
        return refusal
    return "" if desk.swap.trial() is not None else tr("No camera is tried. Type its address.")


def _needs_picture(desk: DeskModel) -> str:
    if refusal := _needs_trial(desk):
        return refusal
    return "" if desk.swap.is_ready() else tr("The camera that is tried gives no picture yet.")


ACTIONS: Final = (
    *(
        Action(
            f"capture.{id}", title, Group.CAPTURE, _act(act), key, CAPTURE,
            refusal=_needs_performer, summary=summary,
        )
        for id, title, act, key, summary in (
            ("freeze", "Freeze", Act.FREEZE, "F", "Have the chosen limb stand as it is shown now"),
            ("mirror", "Mirror", Act.MIRROR, "M", "Have the chosen limb do what the other does"),
            ("idle", "Idle", Act.IDLE, "I", "Have the chosen limb be at ease"),
            ("live", "Live", Act.RELEASE, "V", "Give the chosen limb back to the performer"),
            ("back", "Give all back", Act.HAND_BACK, "U", "Give every limb back to the performer"),
        )
    ),
    Action(
        "capture.calibrate", "Calibrate", Group.CAPTURE, _calibrate, "C", CAPTURE,
        refusal=_needs_performer, is_on=_is_calibrating, title_on="Stop calibration",
        summary="Ten seconds with the performer: relax, smile, open, close, look around",
    ),
    Action(
        "capture.prompt", "Prompt screen", Group.CAPTURE,
        lambda desk: desk.shows_prompt.set(not desk.shows_prompt.value), "P", CAPTURE,
        is_on=lambda desk: desk.shows_prompt.value, title_on="Close prompt screen",
        summary="Show the performer what to do, on a second screen where there is one",
    ),
    Action(
        "capture.reopen", "Reopen camera", Group.CAPTURE, _reopen, "Y", CAPTURE,
        refusal=_needs_camera, summary="Open the chosen performer's camera again",
    ),
    Action(
        "capture.swap", "Swap", Group.CAPTURE, lambda desk: desk.swap.swap(), "W", CAPTURE,
        refusal=_needs_picture,
        summary="Put the camera that is tried in the place of the one in use, without a gap",
    ),
    Action(
        "capture.end_trial", "Close", Group.CAPTURE, lambda desk: desk.swap.end_trial(), "Q",
        CAPTURE, refusal=_needs_trial, summary="Close the camera that is tried",
    ),
    Action(
        "capture.restore", "Back", Group.CAPTURE, lambda desk: desk.swap.restore(), "G", CAPTURE,
        refusal=_needs_before,
        summary="Return to the camera that the chosen performer had before it was replaced",
    ),
    Action(
        "capture.whole", "Takes on whole idol", Group.CAPTURE,
        lambda desk: desk.takes_whole.set(not desk.takes_whole.value), "T", CAPTURE,
        is_on=lambda desk: desk.takes_whole.value,
        summary="Let the next take move the whole idol once, not the chosen limb",
    ),
    Action(
        "capture.next", "Next limb", Group.CAPTURE, _step_limb(1), "Down", CAPTURE,
        refusal=_needs_performer, summary="Choose the next limb",
    ),
    Action(
        "capture.previous", "Previous limb", Group.CAPTURE, _step_limb(-1), "Up", CAPTURE,
        refusal=_needs_performer, summary="Choose the previous limb",
    ),
    *(
        Action(
            f"capture.performer{number + 1}", f"Performer {number + 1}", Group.CAPTURE,
            _choose(number), str(number + 1), CAPTURE, refusal=_needs_performer,
            is_on=_is_chosen(number),
            summary="Choose the performer for the next press",
        )
        for number in range(6)
    ),
    *(
        Action(
            f"capture.take{place + 1}", f"Take {place + 1} on limb", Group.CAPTURE,
            _put_take(place), f"Alt+{place + 1}", CAPTURE, refusal=_needs_take(place),
            summary="Have this take of the bin move the chosen limb",
        )
        for place in range(TAKES)
    ),
)  # fmt: skip
