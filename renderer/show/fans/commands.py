"""Execute the moderator's commands, and run polls whose winner is the next cue."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from renderer.errors import ShowError
from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.cues import StandByCue, StartCue
from renderer.protocol.fans import ClosePoll, FansHealth, OpenPoll, PollChoice, SwitchFans
from renderer.protocol.schema import Reply
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.publisher import Rate
from renderer.show.control.registry import Answer, CommandRegistry
from renderer.show.direction.director import StageDirector
from renderer.show.direction.scene import DirectedScene
from renderer.show.document.cues import WaveAction
from renderer.show.fans.exchange import STATE, RecordReader, RecordWriter
from renderer.show.fans.feed import FansFeed
from renderer.show.fans.records import MOST_CHOICES, FansSettings, FansState
from renderer.show.plan import ShowPlan

_ALARM: Final = "fans.silent"
_LONGEST_QUESTION: Final = 80
_WAVE: Final = WaveAction("right", 8.0)
"""The fans' wave: two bars through the hall."""


class FanCommands:
    """The fans' part in a directed show. Belongs to the tick's thread.

    Args:
        settings: of the show.
        folder: of the session.
        director: of the stage; its audience follows the fans from now on.
        alarms: of the show.
    """

    def __init__(
        self, settings: FansSettings, folder: Path, director: StageDirector, alarms: Alarms
    ) -> None:
        self._director, self._alarms = director, alarms
        self._feed = FansFeed(settings, folder)
        self._states = RecordWriter(folder / STATE)
        # An engine that goes on with a show finds what the last one had told.
        self._poll = RecordReader(folder / STATE, FansState).take() or FansState()
        self._feed.is_on = self._poll.is_on
        self._count = self._poll.poll
        self._was_heard = False
        self._commands: CommandRegistry | None = None
        director.mix_crowd = self._feed.mix

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the moderator's commands, and publish the fans' section."""
        self._commands = desk.commands
        desk.commands.register(SwitchFans, self.switch)
        desk.commands.register(OpenPoll, self.open_poll)
        desk.commands.register(ClosePoll, self.close_poll)
        desk.sections.add(FansHealth, Rate.HEALTH, self.health)

    def poll(self) -> None:
        """Read what the fans do, and raise an alarm while their endpoint is silent."""
        self._feed.poll()
        if self._feed.is_waving:
            self._director.start_wave_on_bar(_WAVE)
        is_heard = self._feed.is_heard
        if is_heard == self._was_heard:
            return
        self._was_heard = is_heard
        if is_heard:
            self._alarms.clear(_ALARM)
        else:
            self._alarms.raise_(
                _ALARM,
                Severity.NOTICE,
                "The fans' endpoint is silent; the audience follows the look",
            )

    def health(self) -> FansHealth:
        """Return the status of the fans."""
        summary, poll = self._feed.summary, self._poll
        counted = summary.choices if summary.poll == poll.poll else ()
        votes = (*counted, *[0] * len(poll.cues))
        return FansHealth(
            is_open=True,
            is_on=self._feed.is_on,
            is_heard=self._feed.is_heard,
            people=summary.people,
            energy=summary.energy,
            shares=summary.shares,
            refused=summary.refused,
            question=self._poll.question,
            choices=tuple(
                PollChoice(cue, name, count)
                for cue, name, count in zip(poll.cues, poll.choices, votes, strict=False)
            ),
        )

    def switch(self, command: SwitchFans, answer: Answer) -> None:
        """Let the fans move the audience, or not."""
        self._feed.is_on = command.on
        self._publish(msgspec.structs.replace(self._poll, is_on=command.on))
        text = "The fans move the audience." if command.on else "The audience follows the look."
        answer(Reply(True, text))

    def open_poll(self, command: OpenPoll, answer: Answer) -> None:
        """Ask the fans which cue comes next.

        Raises:
            ShowError: a cue is not in the main list, or there are too few or too many.
        """
        numbers = tuple(word.strip() for word in command.cues.split(",") if word.strip())
        main = self._director.runner.sheet.lists[0] if self._director.runner.sheet.lists else None
        cues = {} if main is None else {one.number: one.name for one in main.cues}
        unknown = next((number for number in numbers if number not in cues), None)
        if unknown is not None:
            raise ShowError(
                f"Cue {unknown[:40]}", "is not in the main list", "name cues of that list"
            )
        if not 2 <= len(set(numbers)) == len(numbers) <= MOST_CHOICES:
            raise ShowError(
                "A poll", f"has {len(numbers)} choices", f"name 2 to {MOST_CHOICES} different cues"
            )
        if len(command.question) > _LONGEST_QUESTION:
            raise ShowError(
                "The question", "is too long", f"use at most {_LONGEST_QUESTION} characters"
            )
        self._count += 1
        names = tuple(cues[number] or number for number in numbers)
        self._publish(FansState(self._feed.is_on, self._count, command.question, names, numbers))
        answer(Reply(True, f"The fans choose between {', '.join(names)}."))

    def close_poll(self, command: ClosePoll, answer: Answer) -> None:
        """Close the poll; the cue with the most votes, the first of equals, comes next.

        Raises:
            ShowError: no poll is open.
        """
        if not self._poll.cues:
            raise ShowError("A poll", "is not open", "open one first: /fans/poll/open")
        choices = self.health().choices
        self._publish(FansState(self._feed.is_on))
        best = max(choices, key=lambda one: one.votes)
        if best.votes == 0:
            answer(Reply(True, "The poll is closed; nobody has voted, and no cue was chosen."))
            return
        if self._commands is not None:
            kind = StartCue if command.start else StandByCue
            # Whoever closes the poll may: the choice is the fans'.
            self._commands.handle(kind(cue=best.cue), answer, is_own=True)

    def _publish(self, state: FansState) -> None:
        """Tell the endpoint; what it misses it reads when it starts again."""
        self._poll = state
        try:
            self._states.write(state)
        except OSError as fault:
            raise ShowError(
                "The fans' endpoint", f"cannot be told ({fault.strerror})", "try again"
            ) from fault


def open_fans(plan: ShowPlan, scene: object, folder: Path, alarms: Alarms) -> FanCommands | None:
    """Return the fans' part of a directed, live show with an endpoint; None for another show.

    Args:
        folder: of the session.
    """
    if plan.fans is None or not plan.live or not isinstance(scene, DirectedScene):
        return None
    return FanCommands(plan.fans, folder, scene.director, alarms)
