"""Define the actions of the library of avatars: choose one, and give it to a performer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from renderer.desk.actions.action import Action, Group
from renderer.desk.actions.needs import needs_cues, needs_document
from renderer.desk.panels.avatars.model import ASSIGN, COLORS, NEXT, PREVIOUS, WEAR

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

AVATARS: Final = "avatars"
PERFORMERS: Final = 6
"""Performers with a key each."""


def _ask(wish: str) -> Callable[[DeskModel], None]:
    return lambda desk: desk.ask_avatars(wish)


def _choose(performer: int) -> Callable[[DeskModel], None]:
    return lambda desk: desk.choose_performer(performer)


def _is_chosen(performer: int) -> Callable[[DeskModel], bool]:
    return lambda desk: desk.selected_performer.value == performer


ACTIONS: Final = (
    Action(
        "avatars.next", "Next avatar", Group.AVATARS, _ask(NEXT), "Down", AVATARS,
        summary="Choose the next avatar of the library",
    ),
    Action(
        "avatars.previous", "Previous avatar", Group.AVATARS, _ask(PREVIOUS), "Up", AVATARS,
        summary="Choose the previous avatar of the library",
    ),
    Action(
        "avatars.assign", "Assign", Group.AVATARS, _ask(ASSIGN), "Return", AVATARS,
        refusal=needs_document,
        summary="Give the chosen avatar to the chosen performer in the show's document",
    ),
    Action(
        "avatars.wear", "Wear now", Group.AVATARS, _ask(WEAR), "W", AVATARS, refusal=needs_cues,
        summary="Change the chosen performer to the chosen avatar on stage, if the show loaded it",
    ),
    Action(
        "avatars.colors", "Next colours", Group.AVATARS, _ask(COLORS), "C", AVATARS,
        refusal=needs_cues,
        summary="Change the chosen performer's avatar to its next set of colours on stage",
    ),
    *(
        Action(
            f"avatars.performer{number + 1}", f"For performer {number + 1}", Group.AVATARS,
            _choose(number), str(number + 1), AVATARS, is_on=_is_chosen(number),
            summary="Choose the performer who gets the avatar",
        )
        for number in range(PERFORMERS)
    ),
)  # fmt: skip
