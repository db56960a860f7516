"""Define the actions that save a show, in the same place of every perspective."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from renderer.desk.actions.action import Action, Confirm, Group
from renderer.desk.actions.needs import needs_cues, needs_show
from renderer.desk.words import tr
from renderer.protocol.cues import CuesHealth, FadeToBlack, Panic
from renderer.protocol.performers import FreezeLimb, HandBack, LimbState, PerformersHealth
from renderer.protocol.schema import Command
from renderer.protocol.show import EndShow, ShowHealth, ShowState

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

LIMBS: Final = (
    "torso", "head", "leftArm", "rightArm", "leftHand", "rightHand", "leftLeg", "rightLeg", "face",
)  # fmt: skip
"""Names of the limbs in the order of a status."""


def is_on_air(desk: DeskModel) -> bool:
    """Return whether a program frame reaches an output."""
    return desk.status.of(ShowHealth).state is ShowState.ON_AIR


def are_idols_held(desk: DeskModel) -> bool:
    """Return whether every limb of every idol is frozen."""
    performers = desk.status.of(PerformersHealth).performers
    return bool(performers) and all(
        limb is LimbState.FROZEN for one in performers for limb in one.limbs
    )


def _hold_idols(desk: DeskModel) -> None:
    performers = desk.status.of(PerformersHealth).performers
    held = are_idols_held(desk)
    for one in performers:
        commands: list[Command] = (
            [HandBack(one.performer)]
            if held
            else [FreezeLimb(one.performer, limb) for limb in LIMBS]
        )
        for command in commands:
            desk.ask(command, is_quiet=True)


def _needs_performers(desk: DeskModel) -> str:
    if desk.status.of(PerformersHealth).performers:
        return needs_show(desk)
    return tr("The show has no performers.")


def _is_slate(desk: DeskModel) -> bool:
    return desk.status.of(CuesHealth).slate


def _is_black(desk: DeskModel) -> bool:
    return desk.status.of(CuesHealth).black


ACTIONS: Final = (
    Action(
        "show.hold", "Hold idols", Group.SHOW, _hold_idols, "H", refusal=_needs_performers,
        is_on=are_idols_held, title_on="Release idols",
        summary="Freeze every idol in its pose; press again to release them",
    ),
    Action(
        "show.slate", "Slate", Group.SHOW, lambda desk: Panic(not _is_slate(desk)), "S",
        confirm=Confirm.TWICE, refusal=needs_cues, is_on=_is_slate, title_on="Slate off",
        summary="Show the slate instead of the program and stop all cues",
    ),
    Action(
        "show.black", "Fade to black", Group.SHOW,
        lambda desk: FadeToBlack(not _is_black(desk)), "B",
        confirm=Confirm.TWICE, refusal=needs_cues, is_on=_is_black, title_on="Black off",
        summary="Fade the picture to black; the sound goes on",
    ),
    Action(
        "show.end", "Stop show", Group.SHOW, lambda _: EndShow(), "End",
        confirm=Confirm.TWICE, refusal=needs_show,
        summary="Finish every output and end the show",
    ),
)  # fmt: skip
