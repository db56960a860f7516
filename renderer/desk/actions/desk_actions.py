"""Define the actions of the desk itself: perspectives, palette, alarms, layout."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from renderer.desk.actions.action import Action, Group
from renderer.desk.actions.controllers import needs_controllers, needs_osc
from renderer.desk.words import tr

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

PERSPECTIVES: Final = (
    ("director", "Director", "F1"),
    ("capture", "Capture", "F2"),
    ("lights", "Lights", "F3"),
    ("outputs", "Outputs", "F4"),
    ("rights", "Rights", "F5"),
    ("sound", "Sound", "F6"),
    ("avatars", "Avatars", "F7"),
    ("own", "My own", "F8"),
)
"""Id, title and key of each perspective, in the order of the rail."""


def _go_to(id: str) -> Callable[[DeskModel], None]:
    return lambda desk: desk.set_perspective(id)


def _is_at(id: str) -> Callable[[DeskModel], bool]:
    return lambda desk: desk.perspective.value == id


def _needs_alarm(desk: DeskModel) -> str:
    if any(row.is_open for row in desk.alarms.value):
        return ""
    return tr("Every alarm has been acknowledged.")


def _show_place(desk: DeskModel) -> None:
    for row in desk.alarms.value:
        if row.perspective and not row.cleared_at:
            desk.set_perspective(row.perspective)
            return


def _needs_place(desk: DeskModel) -> str:
    if any(row.perspective and not row.cleared_at for row in desk.alarms.value):
        return ""
    return tr("No alarm has a place of its own.")


ACTIONS: Final = (
    *(
        Action(
            f"desk.{id}", title, Group.DESK, _go_to(id), key, is_on=_is_at(id),
            summary="Bring this perspective to the front",
        )
        for id, title, key in PERSPECTIVES
    ),
    Action(
        "desk.find", "Find", Group.DESK,
        lambda desk: desk.palette_requested.set(desk.palette_requested.value + 1), "Ctrl+K",
        summary="Find any command by its name, and see its key",
    ),
    Action(
        "desk.start", "Shows and devices", Group.DESK,
        lambda desk: desk.start_requested.set(desk.start_requested.value + 1), "F9",
        summary="Open the start page; a running show goes on",
    ),
    Action(
        "desk.tour", "Tour", Group.DESK,
        lambda desk: desk.tour_requested.set(desk.tour_requested.value + 1),
        summary="From nothing to First Light on air on this machine, in two minutes",
    ),
    Action(
        "desk.lock", "Edit layout", Group.DESK,
        lambda desk: desk.is_locked.set(not desk.is_locked.value), "Ctrl+E",
        is_on=lambda desk: not desk.is_locked.value, title_on="Lock layout",
        summary="Let panels be moved, or lock them for the show",
    ),
    Action(
        "desk.learn", "Learn controllers", Group.DESK,
        lambda desk: desk.board.switch_learning(), "Ctrl+M", refusal=needs_controllers,
        is_on=lambda desk: desk.board.is_learning_from(is_osc=False), title_on="End learning",
        summary="Press a control of the desk, then move one of the MIDI controller: it is bound",
    ),
    Action(
        "desk.learn_osc", "Learn OSC", Group.DESK,
        lambda desk: desk.board.switch_learning(is_osc=True), "Ctrl+Shift+M", refusal=needs_osc,
        is_on=lambda desk: desk.board.is_learning_from(is_osc=True), title_on="End learning",
        summary="Press a control of the desk, then send an OSC message: its address is bound",
    ),
    Action(
        "alarms.show", "Alarms", Group.ALARMS,
        lambda desk: desk.shows_alarms.set(not desk.shows_alarms.value), "L",
        is_on=lambda desk: desk.shows_alarms.value, title_on="Close alarms",
        summary="Show or hide the list of alarms",
    ),
    Action(
        "alarms.acknowledge", "Acknowledge", Group.ALARMS, lambda desk: desk.acknowledge(), "K",
        refusal=_needs_alarm, summary="Take care of the worst alarm; it stays until its cause goes",
    ),
    Action(
        "alarms.place", "Show place", Group.ALARMS, _show_place, "O", refusal=_needs_place,
        summary="Go to where the worst alarm can be dealt with",
    ),
)  # fmt: skip
