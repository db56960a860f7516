"""Move a transition by hand: the T-bar of a desk, or a MIDI fader."""

from __future__ import annotations

from typing import Final

from renderer.errors import ShowError
from renderer.protocol.cues import MoveTransition
from renderer.protocol.schema import Reply
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.registry import Answer
from renderer.show.direction.director import StageDirector
from renderer.show.document.cues import AutoDirectorAction, CameraAction

_END: Final = 0.002
"""Distance from an end of the bar at which it counts as reached: a MIDI fader has 128 positions,
and a slider's last step may be rounded."""


class TransitionBar:
    """The T-bar. Belongs to the tick's thread.

    A transition begins when the bar leaves an end, and is complete at the other one. If something
    else cuts meanwhile, the bar does nothing until it is at an end again.

    Args:
        director: of the stage.

    Attributes:
        position: where the bar is, 0 to 1.
    """

    def __init__(self, director: StageDirector) -> None:
        self._director = director
        self.position = 0.0
        self._began_at = 0.0
        self._is_moving = self._is_loose = False

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the crew's hand on the bar."""
        desk.commands.register(MoveTransition, self.move)

    def move(self, command: MoveTransition, answer: Answer) -> None:
        """Move the bar.

        Raises:
            ShowError: the position is out of range, or no other camera is on preview.
        """
        position = command.position
        if not 0.0 <= position <= 1.0:
            raise ShowError(f"Position {position}", "is out of range", "give one from 0 to 1")
        presenter = self._director.presenter
        if self._is_moving and not presenter.is_by_hand:
            self._is_moving, self._is_loose = False, True
        if not self._is_loose:
            self._show(position)
        self.position = position
        if self._is_loose and min(position, 1.0 - position) <= _END:
            self._began_at, self._is_loose = round(position), False
        answer(Reply(True, ""))

    def _show(self, position: float) -> None:
        """Show the share of the preview that a position means."""
        presenter, now_ns = self._director.presenter, self._director.now_ns
        share = abs(position - self._began_at)
        if not self._is_moving and share <= _END:
            return
        camera = presenter.on_air.camera if self._is_moving else self._find_camera()
        presenter.move_by_hand(camera, min(share, 1.0), now_ns)
        self._is_moving = True
        if share <= _END:
            presenter.end_by_hand(is_done=False)
            self._is_moving = False
        elif share >= 1.0 - _END:
            left = presenter.program
            presenter.end_by_hand(is_done=True)
            self._began_at, self._is_moving = round(position), False
            runner = self._director.runner
            runner.perform(CameraAction(camera, "program"), now_ns)
            runner.perform(CameraAction(left, "preview"), now_ns)
            self._director.present()

    def _find_camera(self) -> int:
        """Return the camera on preview; take over from the auto-director.

        Raises:
            ShowError: no camera is on preview, or the one that is on air.
        """
        director = self._director
        camera = director.state.preview
        if camera not in director.cameras or camera == director.presenter.on_air.camera:
            raise ShowError("Preview", "shows no other camera", "put one on preview first")
        if director.state.auto:
            director.runner.perform(AutoDirectorAction(False), director.now_ns)
        return camera
