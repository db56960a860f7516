"""Hold all actions, decide whether a press acts, and tell buttons what they show. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from renderer.desk.actions.action import Action, ActionState, Confirm, Group
from renderer.desk.actions.controllers import (
    bound_addresses,
    bound_messages,
    control_of,
    short_message,
)
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.control.midi import StopLearningMidi
from renderer.protocol.control.osc import StopLearningOsc

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

ARMED_S: Final = 1.5
"""Time for the second press, seconds: long enough to mean it, too short to forget it."""
_SHARES: Final = 4
"""Calls in which every button is updated once: five times a second."""
GUARD_S: Final = 0.25
"""Time after GO in which another press is taken for a bouncing key, seconds."""


class ActionBoard:
    """All actions by their id.

    Attributes:
        states: what each action's buttons show.
        is_learning: whether a click binds a message to the action, and does not act.
        is_osc: whether that is an OSC message; otherwise one of MIDI.
        bindings: while it is, the bound message of each action that a controller can have, by its
            id; empty for none.
    """

    def __init__(
        self, desk: DeskModel, actions: Iterable[Action], clock: Callable[[], float]
    ) -> None:
        """Register the actions.

        Raises:
            ValueError: two actions have one id, or one key in one perspective.
        """
        self._desk, self._clock = desk, clock
        self._actions: dict[str, Action] = {}
        self._own: tuple[Action, ...] = ()
        self._armed: tuple[str, float] | None = None
        self._pressed_at: dict[str, float] = {}
        self._share = 0
        self.states: dict[str, Observable[ActionState]] = {}
        self.is_learning: Observable[bool] = Observable(False)
        self.is_osc = False
        self.bindings: Observable[Mapping[str, str]] = Observable({})
        for action in actions:
            if action.id in self._actions:
                raise ValueError(f"two actions are called {action.id}")
            self._actions[action.id] = action
            self.states[action.id] = Observable(ActionState(tr(action.title)))
        require_distinct_keys(self._actions.values())

    def set_own(self, actions: Iterable[Action]) -> tuple[Action, ...]:
        """Hold the actions of a show's own keys in place of those of the show before.

        Returns:
            Those whose key is the desk's already: they have none.
        """
        for action in self._own:
            del self._actions[action.id], self.states[action.id]
        taken = {action.key for action in self._actions.values()}
        wanted = list(actions)
        refused = tuple(action for action in wanted if action.key in taken)
        self._own = tuple(
            replace(action, key="") if action in refused else action for action in wanted
        )
        for action in self._own:
            self._actions[action.id] = action
            self.states[action.id] = Observable(ActionState(tr(action.title)))
        return refused

    @property
    def own(self) -> tuple[Action, ...]:
        """Return the actions of the show's own keys."""
        return self._own

    def __iter__(self) -> Iterable[Action]:
        return iter(self._actions.values())

    def find(self, id: str) -> Action:
        """Return an action.

        Raises:
            KeyError: there is none.
        """
        return self._actions[id]

    def all(self) -> tuple[Action, ...]:
        """Return every action, in the order of registration."""
        return tuple(self._actions.values())

    def press(self, id: str) -> None:
        """Press an action: arm it, do it, or tell why it cannot be done."""
        action, now = self._actions[id], self._clock()
        if refusal := action.refusal(self._desk):
            self._armed = None
            self._desk.show_refusal(refusal)
        elif action.confirm is Confirm.GUARDED and now < self._pressed_at.get(id, -1e9) + GUARD_S:
            return
        elif self._needs_second(action) and not self._is_armed(id):
            self._armed = (id, now + ARMED_S)
        else:
            self._armed = None
            self._pressed_at[id] = now
            command = action.press(self._desk)
            if command is not None:
                self._desk.ask(command)
        self.refresh()

    def click(self, id: str) -> None:
        """Press an action by its button; while controllers are learned, bind it instead.

        Its key acts all the same: what saves a show is never away.
        """
        if self.is_learning.value and self._actions[id].group not in (Group.DESK, Group.ALARMS):
            self._learn(id)
        else:
            self.press(id)

    def switch_learning(self, *, is_osc: bool = False) -> None:
        """Begin to bind messages of MIDI or OSC by pressing actions, or end it."""
        was_learning, was_osc = self.is_learning.value, self.is_osc
        if was_learning:
            stop = StopLearningOsc() if was_osc else StopLearningMidi()
            self._desk.ask(stop, is_quiet=True)
        self.is_osc = is_osc
        self.is_learning.set(not was_learning or was_osc is not is_osc)
        self._follow_bindings()

    def is_learning_from(self, *, is_osc: bool) -> bool:
        """Return whether messages of OSC, or of MIDI, are learned."""
        return self.is_learning.value and self.is_osc is is_osc

    def _learn(self, id: str) -> None:
        """Have the next message call an action."""
        control = control_of(self._desk, id)
        title = tr(self._actions[id].title)
        if control is None:
            self._desk.show_refusal(tr("{title} can have no controller.", title=title))
            return
        self._desk.ask(control.learn(is_osc=self.is_osc))
        self._desk.show_refusal(tr("Move the control for {title} now.", title=title))

    def _follow_bindings(self) -> None:
        if not self.is_learning.value:
            self.bindings.set({})
            return
        found = {}
        for id in self._actions:
            control = control_of(self._desk, id)
            if control is None:
                continue
            if self.is_osc:
                found[id] = ", ".join(bound_addresses(self._desk, control))
            else:
                messages = bound_messages(self._desk, control)
                found[id] = ", ".join(map(short_message, messages))
        self.bindings.set(found)

    def disarm(self) -> None:
        """Cancel a first press."""
        self._armed = None
        self.refresh()

    def refresh_share(self) -> None:
        """Update what the buttons of a share of the actions show, and the one that is armed.

        All at once would take as long as a picture.
        """
        self._share = (self._share + 1) % _SHARES
        if self._share == 0:
            self._expire()
        ids = list(self._actions)[self._share :: _SHARES]
        if self._armed is not None:
            ids.append(self._armed[0])
        self._update(ids, self._clock())

    def refresh(self) -> None:
        """Update what all buttons show."""
        self._expire()
        self._update(self._actions, self._clock())

    def _expire(self) -> None:
        """Follow what is bound, and forget a first press that is too old."""
        now = self._clock()
        if self.is_learning.value:
            self._follow_bindings()
        if self._armed is not None and now > self._armed[1]:
            self._armed = None

    def _update(self, ids: Iterable[str], now: float) -> None:
        for id in ids:
            action = self._actions[id]
            is_on = action.is_on(self._desk)
            title = action.title_on if is_on and action.title_on else action.title
            left = 0
            if self._armed is not None and self._armed[0] == id:
                left = max(1, min(10, round((self._armed[1] - now) / ARMED_S * 10)))
            refusal = action.refusal(self._desk)
            self.states[id].set(ActionState(tr(title), refusal, is_on, left))

    def _needs_second(self, action: Action) -> bool:
        return action.confirm is Confirm.TWICE and not action.is_on(self._desk)

    def _is_armed(self, id: str) -> bool:
        armed = self._armed
        return armed is not None and armed[0] == id and self._clock() <= armed[1]


def require_distinct_keys(actions: Iterable[Action]) -> None:
    """Check that no key means two things at once.

    Raises:
        ValueError: two actions of one perspective, or of all, have one key.
    """
    taken: dict[str, list[Action]] = {}
    for action in actions:
        for other in taken.get(action.key, ()) if action.key else ():
            if action.perspective in ("", other.perspective) or not other.perspective:
                raise ValueError(f"{action.id} and {other.id} share the key {action.key}")
        taken.setdefault(action.key, []).append(action)
