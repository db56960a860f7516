"""Execute the command that sets how strongly an avatar's face is shown."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from renderer.errors import RendererError
from renderer.motion.face.response_store import save_response
from renderer.protocol.performers import SetExpressiveness
from renderer.protocol.schema import Reply
from renderer.show.background import BackgroundTasks
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.registry import Answer
from renderer.show.performers.performer import PerformerPipeline


class ExpressivenessCommands:
    """Sets the face responses of one show's avatars. Belongs to the tick's thread."""

    def __init__(self, performers: Sequence[PerformerPipeline]) -> None:
        self._performers = performers
        self._background = BackgroundTasks()

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the desks' commands."""
        desk.commands.register(SetExpressiveness, self.handle)

    def handle(self, command: SetExpressiveness, answer: Answer) -> None:
        """Execute a command, and answer with its result."""
        if not 0 <= command.performer < len(self._performers):
            answer(Reply(False, f"There is no performer {command.performer + 1}."))
            return
        if not 0.0 <= command.expressiveness <= 1.0:
            answer(Reply(False, "An expressiveness is a number from 0 to 1."))
            return
        one = self._performers[command.performer]
        response = msgspec.structs.replace(
            one.response, expressiveness=float(command.expressiveness)
        )
        one.set_response(response)
        name = one.avatar.meta.name
        done = f"{name or 'The avatar'} shows faces at {100.0 * response.expressiveness:.0f} %"
        if not command.keep:
            answer(Reply(True, f"{done}."))
            return

        def save() -> Reply:
            try:
                path = save_response(response, one.avatar.path, name)
            except RendererError as refused:
                return Reply(False, f"{done}, but it is not kept: {refused}.")
            return Reply(True, f"{done}, kept in {path}.")

        self._background.run(save, answer)

    def poll(self) -> None:
        """Answer for what was kept since the last call."""
        self._background.deliver()

    def close(self) -> None:
        """Finish pending work, and end the background thread."""
        self._background.close()
