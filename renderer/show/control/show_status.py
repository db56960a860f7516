"""Publish the show's state, figures, alarms and document, and handle the command to end it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from avatars.model import Avatar
from renderer.logs.files import log_path
from renderer.protocol.alarms import AcknowledgeAlarm, Alarms
from renderer.protocol.log import EventKind
from renderer.protocol.pictures import PictureStatus
from renderer.protocol.schema import Reply
from renderer.protocol.show import EndShow, ShowDocument, ShowHealth, ShowState
from renderer.rights.clause import Verdict
from renderer.rights.vrm_terms import in_plain_words
from renderer.show.clock import SECOND_NS
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.publisher import Rate
from renderer.show.control.registry import Answer
from renderer.show.frame_rate import FrameRateMonitor
from renderer.show.host.interfaces import Events
from renderer.show.performers.cast import Cast
from renderer.show.plan import ShowPlan
from renderer.show.program.program import Program
from renderer.show.tick import TickLoop
from renderer.show.timing import StageTimes


class ShowStatus:
    """Status of a show as a whole, as desks read it.

    Attributes:
        end_requested: whether a desk asked for the end.
    """

    def __init__(
        self,
        plan: ShowPlan,
        avatars: Sequence[Avatar],
        cast: Cast,
        program: Program,
        loop: TickLoop,
        frame_rate: FrameRateMonitor,
        times: StageTimes,
        alarms: Alarms,
        events: Events,
        warnings: Callable[[], list[str]],
        rate: int,
        verdicts: Callable[[], Sequence[Verdict]],
    ) -> None:
        """Store the sources.

        Args:
            warnings: returns current faults.
            rate: frames per second.
            verdicts: returns the newest verdicts about the avatars' rights.
        """
        self._verdicts = verdicts
        self._plan, self._cast, self._program, self._loop = plan, cast, program, loop
        self._frame_rate, self._times = frame_rate, times
        self._alarms, self._events, self._warnings = alarms, events, warnings
        self._rate = rate
        self._state = ShowState.STARTING
        self._ending: ShowState | None = None
        self._avatar = names_of_avatars(avatars)
        self._licence = licence_lines(avatars)
        self._program_picture: Callable[[], PictureStatus | None] = lambda: None
        self.length_s = max((info.length_ns or 0) for info in cast.infos) / SECOND_NS
        self.end_requested = False

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the command to end the show, and publish health and document."""
        self._program_picture = lambda: desk.program_picture
        desk.commands.register(EndShow, self._end)
        desk.commands.register(AcknowledgeAlarm, self._acknowledge)
        desk.sections.add(ShowHealth, Rate.HEALTH, self.health)
        desk.sections.add(ShowDocument, Rate.ON_CHANGE, self.document)

    @property
    def show_seconds(self) -> float:
        """Return the program's seconds; in preview, the seconds shown to the crew."""
        if self._plan.live and self._program.time.started:
            return self._program.time.at(time.monotonic_ns()) / SECOND_NS
        return self._loop.frames / self._rate

    @property
    def dropped(self) -> int:
        """Return the number of input and program frames lost."""
        return self._cast.dropped + self._loop.skipped + self._program.refused

    def end(self, state: ShowState) -> None:
        """Set the state to stopping or ended."""
        self._ending = state
        self._note_state()

    def health(self) -> ShowHealth:
        """Return the show's health section."""
        self._note_state()
        latency = self._program.latency_ms()
        return ShowHealth(
            state=self._state,
            show_seconds=self.show_seconds,
            frames=self._loop.frames,
            frame_rate=self._frame_rate.rate,
            latency_ms=latency[0] if latency else 0.0,
            dropped=self.dropped,
            stage_ms=self._times.newest(),
            warnings=self._warnings(),
            alarms=self._alarms.active,
        )

    def document(self) -> ShowDocument:
        """Return the data that does not change from frame to frame."""
        plan = self._plan
        return ShowDocument(
            performer=plan.declaration.performer,
            avatar=self._avatar,
            song=plan.song.name if plan.song else "",
            usage=plan.declaration.usage.value,
            licence=[
                *(line for one in self._verdicts() for line in one.lines()),
                *self._licence,
            ],
            length_seconds=self.length_s,
            # Offline, frames take the time they need.
            target_rate=float(self._rate) if plan.live else 0.0,
            program=self._program_picture(),
            log=str(log_path() or ""),
        )

    def _note_state(self) -> None:
        on_air = ShowState.ON_AIR if self._program.on_air else ShowState.PREVIEW
        state = self._ending or on_air
        if state is not self._state:
            self._state = state
            self._events.add(EventKind.STATE, f"The show is {state.value}")

    def _acknowledge(self, command: AcknowledgeAlarm, answer: Answer) -> None:
        operator = command.operator.strip()[:80] or "somebody"
        taken = self._alarms.acknowledge(command.alarm, operator)
        for alarm in taken:
            self._events.add(EventKind.STATE, f"{operator} acknowledged alarm {alarm.id}")
        if len(taken) == 1:
            answer(Reply(True, f"{operator} takes care of it."))
        elif taken or not command.alarm:
            answer(Reply(True, f"{operator} takes care of {len(taken)} alarms."))
        elif any(alarm.id == command.alarm for alarm in self._alarms.active):
            answer(Reply(True, "Somebody takes care of it already."))
        else:
            answer(Reply(False, "The alarm has cleared."))

    def _end(self, _command: EndShow, answer: Answer) -> None:
        self.end_requested = True
        answer(Reply(True, "The show is ending."))


def names_of_avatars(avatars: Sequence[Avatar]) -> str:
    """Return the avatars' names as a phrase."""
    return " and ".join(avatar.meta.name for avatar in avatars)


def licence_lines(avatars: Sequence[Avatar]) -> list[str]:
    """Return the licences' lines; under the avatars' names if there are several."""
    if len(avatars) == 1:
        return in_plain_words(avatars[0].meta)
    return [
        line
        for avatar in avatars
        for line in (f"{avatar.meta.name}:", *in_plain_words(avatar.meta))
    ]
