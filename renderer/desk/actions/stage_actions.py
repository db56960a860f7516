"""Define the actions of lights and stage: looks, grand master, effects, audience."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from renderer.desk.actions.action import Action, Confirm, Group
from renderer.desk.actions.needs import needs_cues
from renderer.desk.document import looks
from renderer.desk.words import tr
from renderer.protocol.cues import ChooseLook, CuesHealth, FadeAll, FireEffect, SetCrowd, SetMaster
from renderer.protocol.document import DocumentContent
from renderer.protocol.schema import Command

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

LIGHTS: Final = "lights"
LOOK_KEYS: Final = tuple("1234567890-=")
FADE_S: Final = 2.0
"""Time of a fade to a look by hand, seconds."""


def _look(place: int) -> Callable[[DeskModel], Command | None]:
    def press(desk: DeskModel) -> Command | None:
        names = looks(desk.status.of(DocumentContent).data)
        return ChooseLook(names[place], FADE_S) if place < len(names) else None

    return press


def _needs_look(place: int) -> Callable[[DeskModel], str]:
    def refusal(desk: DeskModel) -> str:
        if reason := needs_cues(desk):
            return reason
        if place < len(looks(desk.status.of(DocumentContent).data)):
            return ""
        return tr("The show has no look {number}.", number=place + 1)

    return refusal


def _master(step: float) -> Callable[[DeskModel], Command]:
    def press(desk: DeskModel) -> Command:
        level = desk.status.of(CuesHealth).master + step
        return SetMaster(min(max(round(level, 2), 0.0), 1.0), 0.2)

    return press


def _send(command: Command) -> Callable[[DeskModel], Command]:
    return lambda _desk: command


ACTIONS: Final = (
    *(
        Action(
            f"lights.look{place + 1}", f"Look {place + 1}", Group.LIGHTS, _look(place), key,
            LIGHTS, refusal=_needs_look(place), summary="Fade to this look in two seconds",
        )
        for place, key in enumerate(LOOK_KEYS)
    ),
    Action(
        "lights.master", "Grand master", Group.LIGHTS,
        lambda desk: desk.master_requested.set(desk.master_requested.value + 1), "M", LIGHTS,
        refusal=needs_cues, summary="Move the grand master with the arrows, or drag it",
    ),
    Action(
        "lights.brighter", "Master up", Group.LIGHTS, _master(0.05), "PgUp", LIGHTS,
        refusal=needs_cues, summary="Raise the grand master by 5 %",
    ),
    Action(
        "lights.darker", "Master down", Group.LIGHTS, _master(-0.05), "PgDown", LIGHTS,
        refusal=needs_cues, summary="Lower the grand master by 5 %",
    ),
    Action(
        "lights.full", "Master full", Group.LIGHTS, lambda _: SetMaster(1.0, 0.5), "Home", LIGHTS,
        refusal=needs_cues, summary="Raise the grand master to 100 % in half a second",
    ),
    Action(
        "lights.blackout", "Blackout", Group.LIGHTS, lambda _: FadeAll(0.0), "X", LIGHTS,
        Confirm.TWICE, needs_cues,
        summary="Stop every list, and turn the stage's light off at once",
    ),
    *(
        Action(
            f"lights.{effect}", effect.capitalize(), Group.LIGHTS,
            _send(FireEffect(effect)), key, LIGHTS, refusal=needs_cues,
            summary="Fire this effect once",
        )
        for effect, key in (("confetti", "C"), ("jets", "J"), ("sparks", "P"))
    ),
    *(
        Action(
            f"lights.crowd.{name}", title, Group.LIGHTS,
            _send(SetCrowd(energy)), key, LIGHTS, refusal=needs_cues,
            summary=summary,
        )
        for name, title, energy, key, summary in (
            ("calm", "Crowd calm", 0.0, "Q", "The audience stands still"),
            ("wave", "Crowd waves", 0.5, "W", "The audience waves"),
            ("jump", "Crowd jumps", 1.0, "E", "The audience jumps"),
            ("look", "Crowd by look", -1.0, "R", "Give the audience back to the look"),
        )
    ),
)  # fmt: skip
