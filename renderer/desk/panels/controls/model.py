"""Implement the three buttons that control a show as a state machine without Qt.

An action that takes something from the audience needs confirmation: the first press arms the
button for a few seconds, the second one acts. A button that has acted is disabled until the show
answers, so that a slow show does not get a command twice.
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
"""Timeout of an answer, seconds; opening a stream on a bad line takes several."""


class Action(Enum):
    """The purpose of a button."""

    LIVE = "live"
    RECORD = "record"
    END = "end"


@dataclass(frozen=True, slots=True)
class Button:
    """The appearance of a button."""

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
    """Determines the text of each button, and the command of a press.

    Attributes:
        buttons: one observable Button for each Action.
    """

    def __init__(self, recordings: Path, clock: Callable[[], float]) -> None:
        """Start with all buttons disabled.

        Args:
            recordings: the folder for new recordings.
            clock: returns monotonic seconds.
        """
        self._recordings = recordings
        self._clock = clock
        self._status: Status | None = None
        self._armed: tuple[Action, float] | None = None
        self._waiting: dict[Action, _Waiting] = {}
        self.buttons = {action: Observable(button) for action, button in _OFF.items()}

    def update(self, status: Status | None) -> None:
        """Update the buttons from a status; None if no show answers."""
        if status is None:
            self._waiting.clear()
            self._armed = None
        elif self._status is not None and _state(status) is not _state(self._status):
            self._armed = None  # The state for which it was armed has changed.
        self._status = status
        self._refresh()

    def tick(self) -> list[Action]:
        """Expire armed buttons and pending answers; return the actions without an answer."""
        now = self._clock()
        late = [action for action, waiting in self._waiting.items() if now > waiting.until]
        for action in late:
            del self._waiting[action]
        if self._armed is not None and now > self._armed[1]:
            self._armed = None
        self._refresh()
        return late

    def press(self, action: Action, address: str = "") -> Command | None:
        """Return the command of this press; None if it only arms, or has no effect.

        Args:
            address: of an additional stream to go live to, or empty.
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
        """Cancel a first press."""
        self._armed = None
        self._refresh()

    def sent(self, action: Action, number: int) -> None:
        """Record the number of the command that was sent for this action."""
        self._waiting[action] = _Waiting(number, self._clock() + ANSWER_SECONDS)
        self._refresh()

    def answered(self, number: int) -> None:
        """Record the show's answer to the command of this number."""
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
