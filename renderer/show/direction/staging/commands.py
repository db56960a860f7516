"""Execute the crew's commands to what is on stage, by the same actions as cues."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from renderer.errors import ShowError
from renderer.protocol.cues import (
    ChangeAvatar,
    ChangePalette,
    MoveRig,
    ShowContent,
    ShowOnScreen,
    StagingCommand,
    StartWave,
)
from renderer.protocol.schema import Reply
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.registry import Answer
from renderer.show.direction.director import StageDirector
from renderer.show.document.action_references import find_action_faults
from renderer.show.document.command_actions import convert_command
from renderer.show.document.cues import (
    ActionEntry,
    AvatarAction,
    ContentAction,
    PaletteAction,
    RigAction,
    ScreenAction,
)
from renderer.show.document.performer_names import find_performer

_KINDS: Final = (MoveRig, ShowOnScreen, ShowContent, ChangeAvatar, ChangePalette, StartWave)


class StagingCommands:
    """The crew's hands on rigs, screens, avatars and audience. Belongs to the tick's thread.

    Args:
        director: of the stage.

    Attributes:
        check: raises ShowError for an action whose avatar was not loaded; the wardrobe sets it.
    """

    def __init__(self, director: StageDirector) -> None:
        self._director = director
        self.check: Callable[[ActionEntry], None] = _check_nothing

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the commands."""
        for kind in _KINDS:
            desk.commands.register(kind, self.stage)

    def stage(self, command: StagingCommand, answer: Answer) -> None:
        """Change what is on stage.

        Raises:
            ShowError: the command names what the show does not have.
        """
        director = self._director
        action = convert_command(command)
        if action is None:
            raise ShowError(
                type(command).__name__, "is no command to the stage", "see encore commands"
            )
        fault = next(find_action_faults(director.show, 0, action, ()), None)
        if fault is not None:
            raise ShowError(f"{type(command).__name__}:", fault.fault, fault.remedy)
        if isinstance(action, AvatarAction | PaletteAction):
            names = [one.name for one in director.show.performers]
            number = find_performer(action.performer, names)
            action = msgspec.structs.replace(action, performer=number)
        self.check(action)
        director.runner.perform(action, director.now_ns)
        director.present()
        answer(Reply(True, _describe(action)))


def _describe(action: ActionEntry) -> str:
    """Return what an action does as an answer."""
    match action:
        case RigAction(camera=camera, rig=None):
            return f"Camera {camera} moves by its own rig."
        case RigAction(camera=camera, rig=rig):
            return f"Camera {camera} moves by {rig.kind}." if rig is not None else ""
        case ScreenAction(screen=screen, source=source):
            return f"{screen} shows {source or 'what the document says'}."
        case ContentAction(content=content):
            return f"The LED wall shows {content or 'what the look says'}."
        case AvatarAction(performer=performer, avatar=avatar):
            return f"Performer {performer} changes to {avatar or 'their own avatar'}."
        case PaletteAction(performer=performer, palette=palette):
            return f"Performer {performer}'s avatar has {palette or 'its own colours'}."
    return "A wave runs through the audience."


def _check_nothing(_action: ActionEntry) -> None:
    """Allow everything: nothing is known that an action lacks."""
