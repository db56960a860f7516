"""Execute the keys of a show's document."""

from __future__ import annotations

from msgspec import structs

from renderer.errors import ShowError
from renderer.protocol.control.keys import PressKey
from renderer.show.control.addresses import find_command
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.registry import Answer
from renderer.show.direction.director import StageDirector
from renderer.spelling import nearest


class KeyCommands:
    """The keys of a directed show. Belongs to the tick's thread."""

    def __init__(self, director: StageDirector) -> None:
        self._director = director

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle presses: each gives the key's command in the name of who presses."""

        def press(command: PressKey, answer: Answer) -> None:
            keys = self._director.show.keys
            entry = keys.get(command.key)
            if entry is None:
                meant = nearest(command.key, list(keys))
                raise ShowError(
                    f"Key {command.key[:40]}",
                    "calls nothing in this show",
                    f"did you mean {meant}?" if meant else "add it to keys of the document",
                )
            called = find_command(entry.address, entry.arguments)
            desk.commands.handle(structs.replace(called, operator=command.operator), answer)

        desk.commands.register(PressKey, press)
