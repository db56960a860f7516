"""The three buttons that change a show, as a state machine without Qt.

What takes something from an audience asks twice: the first press arms the button for a few
seconds, the second acts. A button that has acted waits for the show's answer before it can act
again, so that a slow show is not told twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Final

from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.protocol.outputs import GoLive, OutputsHealth, StartRecording, StopLive, StopRecording
from renderer.protocol.schema import Command
from renderer.protocol.show import EndShow, ShowHealth, ShowState
from renderer.protocol.status import Status

ARMED_SECONDS: Final = 4.0
ANSWER_SECONDS: Final = 10.0
"""How long an answer is waited for; opening a stream on a bad line takes some."""


class Action(Enum):
    """What a button is for."""

    LIVE = "live"
    RECORD = "record"
    END = "end"


@dataclass(frozen=True, slots=True)
class Button:
    """A button as it is to be shown."""

    text: str
    enabled: bool = False
    level: Level = Level.IDLE


@dataclass(frozen=True, slots=True)
class _Waiting:
    number: int
    until: float


_OFF: Final = {
    Action.LIVE: Button("Go live"),
    Action.RECORD: Button("Record"),
    Action.END: Button("End show"),
}


class Controls:
    """What each button says, and which command a press means.

    Attributes:
        buttons: one observable Button an Action.
    """

    def __init__(self, recordings: Path, clock: Callable[[], float]) -> None:
        """Start with nothing to press.

        Args:
            recordings: the folder for new recordings.
            clock: seconds; monotonic.
        """
        self._recordings = recordings
        self._clock = clock
        self._status: Status | None = None
        self._armed: tuple[Action, float] | None = None
        self._waiting: dict[Action, _Waiting] = {}
        self.buttons = {action: Observable(button) for action, button in _OFF.items()}

    def update(self, status: Status | None) -> None:
        """Follow the show; None while no show answers."""
        if status is None:
            self._waiting.clear()
            self._armed = None
        elif self._status is not None and _state(status) is not _state(self._status):
            self._armed = None  # It was armed for something that has just changed.
        self._status = status
        self._refresh()

    def tick(self) -> list[Action]:
        """Let time pass; returns the actions whose answer never came."""
        now = self._clock()
        late = [action for action, waiting in self._waiting.items() if now > waiting.until]
        for action in late:
            del self._waiting[action]
        if self._armed is not None and now > self._armed[1]:
            self._armed = None
        self._refresh()
        return late

    def press(self, action: Action, address: str = "") -> Command | None:
        """The command that this press gives; None where it only arms, or means nothing.

        Args:
            address: a further stream to go live to, or empty.
        """
        status = self._status
        if status is None or not self.buttons[action].value.enabled:
            return None
        if self._asks_twice(action, status) and not self._is_armed(action):
            self._armed = (action, self._clock() + ARMED_SECONDS)
            self._refresh()
            return None
        self._armed = None
        self._refresh()
        if action is Action.LIVE:
            return StopLive() if _state(status) is ShowState.ON_AIR else GoLive(address.strip())
        if action is Action.RECORD:
            return (
                StopRecording()
                if status.of(OutputsHealth).recording
                else StartRecording(self._new_recording())
            )
        return EndShow()

    def disarm(self) -> None:
        """Take back a first press."""
        self._armed = None
        self._refresh()

    def sent(self, action: Action, number: int) -> None:
        """The command of this action went out under this number."""
        self._waiting[action] = _Waiting(number, self._clock() + ANSWER_SECONDS)
        self._refresh()

    def answered(self, number: int) -> None:
        """The show answered the command of this number."""
        for action, waiting in list(self._waiting.items()):
            if waiting.number == number:
                del self._waiting[action]
        self._refresh()

    def _asks_twice(self, action: Action, status: Status) -> bool:
        on_air = _state(status) is ShowState.ON_AIR
        return action is Action.END or (action is Action.LIVE and on_air)

    def _is_armed(self, action: Action) -> bool:
        return self._armed is not None and self._armed[0] is action

    def _new_recording(self) -> str:
        return str(self._recordings / f"encore-{datetime.now():%Y%m%d-%H%M%S}.mp4")

    def _refresh(self) -> None:
        for action, button in self.buttons.items():
            shown = _OFF[action] if self._status is None else self._button(action, self._status)
            if action in self._waiting:
                shown = replace(shown, enabled=False)
            elif self._is_armed(action):
                shown = replace(shown, text=_ARMED_TEXT[action], level=Level.WARN)
            button.set(shown)

    def _button(self, action: Action, status: Status) -> Button:
        on_air = _state(status) is ShowState.ON_AIR
        plays = on_air or _state(status) is ShowState.PREVIEW
        if action is Action.LIVE:
            return Button("Stop", plays) if on_air else Button("Go live", plays, Level.LIVE)
        if action is Action.RECORD:
            if status.of(OutputsHealth).recording:
                return Button("Stop recording", plays, Level.BAD)
            return Button("Record", plays)
        return Button("End show", plays or _state(status) is ShowState.STARTING)


def _state(status: Status) -> ShowState:
    return status.of(ShowHealth).state


_ARMED_TEXT: Final = {
    Action.LIVE: "Press again to stop",
    Action.RECORD: "Press again",
    Action.END: "Press again to end",
}
