"""Supervise a live show: own its session, bus, journal and media, and restart its engine.

This process draws, tracks and encodes nothing, and loads no library that does, so that little can
go wrong in it. While an engine is away, the media process repeats the last picture or sends the
slate, the sound goes on, and desks show an alarm.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import msgspec

from renderer.errors import RendererError, ShowError
from renderer.logs.files import journal_path, log_path
from renderer.processes.backoff import Backoff
from renderer.protocol.alarms import Alarm, Alarms, Severity
from renderer.protocol.log import EventKind
from renderer.protocol.outputs import OutputStatus, RecordingPart
from renderer.protocol.schema import Command, Reply
from renderer.protocol.show import EndShow, ShowHealth, ShowState
from renderer.show.event_log import EventLog
from renderer.show.host.local_bus import LocalBus
from renderer.show.host.resume import ResumeState
from renderer.show.journal.sealer import JournalSealer
from renderer.show.journal.writer import JournalWriter
from renderer.show.plan import ShowPlan
from renderer.show.progress import Listener
from renderer.show.remote_engine.records import RemoteEngine
from renderer.show.report import ShowReport
from renderer.show.supervision.capture_keeper import CaptureKeeper
from renderer.show.supervision.engine_process import EngineProcess
from renderer.show.supervision.joining import join_recordings
from renderer.show.supervision.machine_keeper import MachineKeeper
from renderer.show.supervision.media_keeper import MediaKeeper
from renderer.show.supervision.messages import (
    AddAlarm,
    AddEvent,
    Answered,
    Finished,
    FromEngine,
    GetCapture,
    OpenBus,
    OpenCapture,
    OpenMedia,
    Progressed,
    Publish,
    Saved,
    StandbyLevel,
    Started,
    StopCapture,
)
from renderer.show.supervision.software_fallback import SoftwareFallback
from renderer.show.supervision.standby import Standby
from renderer.transport.bus import ReplyFunction

_LOOK_S: Final = 0.01
"""Interval in seconds at which commands are passed on: a third of a frame."""
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 20.0
_CALM_S: Final = 60.0
"""Back-off before an engine is started again: at once at first, since the audience waits."""
_SECTION_EVERY_S: Final = 0.1
_REPEAT_S: Final = 1.0
_SNAPSHOT_EVERY_S: Final = 10.0
"""Interval in seconds at which a state that differs in its counts alone is written again."""
_FINISH_S: Final = 60.0
"""Seconds that a media process has for finishing its outputs."""
_ENGINE: Final = "engine"
"""Id of the alarm of an engine that is away."""
_STANDBY: Final = "standby"
"""Id of the alarm of an engine on another machine that cannot take over."""
_AWAY: Final = "The engine is being started again; try it once more in a few seconds."

_log = logging.getLogger(__name__)


class Supervisor:
    """Runs one live show. `run` it once; `end` may be called from a signal handler.

    Attributes:
        has_begun: whether its outputs are open.
        alarms: of what the supervisor owns.
    """

    def __init__(self, plan: ShowPlan, listener: Listener) -> None:
        """Prepare the show; `listener` receives its start and progress."""
        self._plan = plan
        self._listener = listener
        self._journal = JournalWriter(journal_path())
        self._sealer = JournalSealer(journal_path())
        self._events = EventLog(self._journal)
        self.alarms = Alarms(self._events.add_alarm)
        self.has_begun = False
        self._end_requested = False
        self._lock = threading.Lock()
        self._bus: LocalBus | None = None
        self._media = MediaKeeper(self.alarms)
        self._captures = CaptureKeeper()
        self._software = SoftwareFallback(self.alarms)
        self._machines: MachineKeeper | None = None
        self._standby = Standby(self._create_standby)
        self._elsewhere = Standby(self._create_elsewhere)
        self._numbers = count(1)
        self._engine: EngineProcess | None = None
        self._starting: threading.Thread | None = None
        self._has_failed = False
        self._replies: dict[int, ReplyFunction] = {}
        self._passed = 0
        self._state: ResumeState | None = None
        self._health, self._health_at = ShowHealth(), 0.0
        self._report: ShowReport | None = None
        self._engine_alarms: dict[tuple[str, float], Alarm] = {}
        self._parts: list[list[RecordingPart]] = []
        self._faults: list[str] = []
        self._section_at = self._log_at = self._snapshot_at = 0.0
        self._log_revision = -1
        self._bus_fault = ""

    def end(self) -> None:
        """End the show after the current frame; every output is finished."""
        self._end_requested = True

    def run(self) -> ShowReport:
        """Run the show to its end, and return the report.

        Raises:
            RendererError: it is not allowed to start, or cannot. Later faults are in the report.
        """
        backoff = Backoff(_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _CALM_S)
        with ExitStack() as opened:
            opened.callback(self._sealer.close)
            opened.callback(self._journal.close)
            opened.callback(self._close_bus)
            opened.callback(self._close_machines)
            opened.callback(self._media.close)
            opened.callback(self._captures.close)
            opened.callback(self._close_engine)
            opened.enter_context(self._standby)
            opened.enter_context(self._elsewhere)
            engine = self._create_engine()
            engine.start()
            while True:
                self._serve(engine)
                if self._report is not None:
                    break
                if not self.has_begun:
                    raise engine.error or ShowError("the engine", engine.fate, "see the log file")
                # One that was not on air again when the end was asked for was ended on purpose.
                if engine.is_on_air or not self._is_ending():
                    self._faults.append(f"The engine {engine.fate}")
                if self._is_ending() or (other := self._replace(engine, backoff)) is None:
                    break
                engine = other
            return self._finish()

    def _replace(self, dead: EngineProcess, backoff: Backoff) -> EngineProcess | None:
        """Return the engine that goes on with the show; None if its end is asked for meanwhile."""
        state = self._state
        with self._lock:
            for number in list(self._replies):
                self._replies.pop(number)(Reply(False, _AWAY))
        self._software.note_end(dead, time.monotonic())
        is_elsewhere = self._elsewhere.is_prepared
        standby = (self._elsewhere if is_elsewhere else self._standby).take()
        is_ready = self._plan.standby and standby is not None
        goes_on = "the standby goes on" if is_ready else "it is started again"
        if is_elsewhere:
            goes_on = f"the one on {self._plan.standby_machine} goes on"
        text = f"The engine {dead.fate}; {goes_on}"
        _log.error("%s", text)
        self.alarms.raise_(_ENGINE, Severity.CRITICAL, text)
        self._events.add(EventKind.FAULT, text)
        dead.close()
        pause_s = backoff.pause_after(dead.ran_s)
        if standby is not None and state is not None:
            self._engine = standby
            standby.take_over(state, self._software.environment)
            return standby
        deadline = time.monotonic() + pause_s
        while time.monotonic() < deadline and not self._is_ending():
            self._look_after()
            time.sleep(_LOOK_S)
        if self._is_ending():
            return None
        engine = self._create_engine()
        engine.start()
        return engine

    def _create_engine(self) -> EngineProcess:
        self._engine = engine = EngineProcess(
            self._plan, self._state, self._answer,
            number=next(self._numbers), environment=self._software.environment,
        )  # fmt: skip
        return engine

    def _create_standby(self, state: ResumeState) -> EngineProcess:
        level = StandbyLevel.PREPARED if self._plan.standby else StandbyLevel.LOADED
        return EngineProcess(
            self._plan, state, self._answer,
            standby=level, number=next(self._numbers), environment=self._software.environment,
        )  # fmt: skip

    def _create_elsewhere(self, state: ResumeState) -> EngineProcess:
        folder = "" if self._bus is None else str(self._bus.folder)
        return EngineProcess(
            self._plan, state, self._answer, standby=StandbyLevel.PREPARED,
            number=next(self._numbers),
            elsewhere=RemoteEngine(self._plan.standby_machine, folder),
        )  # fmt: skip

    def _is_ending(self) -> bool:
        """Return whether the end was asked for, which another thread or a signal may do."""
        return self._end_requested

    def _serve(self, engine: EngineProcess) -> None:
        """Serve an engine and the desks until the engine has ended."""
        asked = False
        while not engine.has_ended:
            self._look_after()
            if not asked:
                state = self._state if engine.is_on_air else None
                self._standby.look_after(state)
                # A machine whose engine is on air has no second one.
                if self._plan.standby_machine and not engine.is_elsewhere:
                    self._look_after_elsewhere(state)
            if self._is_ending() and not asked:
                asked = True
                if self.has_begun and not engine.is_on_air:
                    # Finishing the outputs needs no engine, and it would first have to start.
                    engine.kill()
                else:
                    engine.request_stop()
            time.sleep(_LOOK_S)

    def _look_after(self) -> None:
        """Serve the desks, and replace dead media processes; whatever fails, the show goes on."""
        for work in (
            self._look_after_desks,
            self._media.restart_dead,
            self._look_after_machines,
        ):
            try:
                work()
            except Exception:  # noqa: BLE001 - it is logged, and tried again
                if not self._has_failed:
                    _log.exception("a fault in the supervisor")
                self._has_failed = True

    def _finish(self) -> ShowReport:
        """Finish the outputs if no engine did, and return the completed report."""
        report = self._report
        if self._starting is not None:
            self._starting.join()
        statuses = self._media.finish(_FINISH_S)
        if report is None:
            self._publish(msgspec.structs.replace(self._health, state=ShowState.ENDED))
            health, state = self._health, self._state
            report = ShowReport.of_a_lost_engine(
                performer=self._plan.declaration.performer,
                frames=health.frames,
                show_seconds=health.show_seconds,
                skipped=state.skipped if state is not None else 0,
                outputs=tuple(statuses),
            )
            self._parts = self._collect_parts(statuses)
        outputs = join_recordings(report.outputs, self._parts, self._faults)
        alarms = {(one.id, one.raised_at): one for one in (*self.alarms.history, *report.alarms)}
        return replace(
            report,
            outputs=tuple(outputs),
            faults=(*self._faults, *report.faults),
            alarms=tuple(
                sorted((self._engine_alarms | alarms).values(), key=lambda one: one.raised_at)
            ),
            log=str(log_path() or ""),
        )

    def _collect_parts(self, statuses: Sequence[OutputStatus]) -> list[list[RecordingPart]]:
        """Return the parts of recordings that the last engine had begun and could not tell."""
        known = self._state.parts if self._state is not None else {}
        last = {status.name: status for status in statuses}
        return [
            [*parts, RecordingPart(last[name].address, last[name].begins_s)]
            for name, parts in known.items()
            if name in last
        ]

    def _look_after_elsewhere(self, state: ResumeState | None) -> None:
        """Keep the engine on another machine ready, and tell why there is none."""
        self._elsewhere.look_after(state)
        fault = self._elsewhere.fault
        text = f"The standby on {self._plan.standby_machine} {fault}" if fault else ""
        self.alarms.update(_STANDBY, Severity.WARNING, text)

    def _look_after_desks(self) -> None:
        """Pass on commands, and publish what the supervisor itself knows."""
        bus, engine = self._bus, self._engine
        if bus is None:
            return
        with self._lock:
            asked = list(bus.commands())
            fault = bus.last_fault
        if fault and fault != self._bus_fault and engine is not None:
            self._bus_fault = fault
            engine.report_bus_fault(fault)
        for command, reply in asked:
            self._pass_on(command, reply)
        now = time.monotonic()
        if now >= self._section_at:
            self._section_at = now + _SECTION_EVERY_S
            self._publish_own(bus, now)

    def _look_after_machines(self) -> None:
        if self._machines is not None:
            self._machines.poll(self._publish)

    def _publish_own(self, bus: LocalBus, now: float) -> None:
        engine = self._engine
        with self._lock:
            log = self._events.section()
            if log.revision != self._log_revision or now >= self._log_at:
                self._log_revision, self._log_at = log.revision, now + _REPEAT_S
                bus.publish(log)
            if self.has_begun and (engine is None or engine.has_ended or not engine.is_on_air):
                # The media process keeps the show's clock going.
                seconds = self._health.show_seconds + now - self._health_at
                health = msgspec.structs.replace(self._health, frame_rate=0.0, show_seconds=seconds)
                bus.publish(self._add_alarms(health))

    def _pass_on(self, command: Command, reply: ReplyFunction) -> None:
        engine = self._engine
        if engine is not None and not engine.has_ended and (engine.is_on_air or not self.has_begun):
            self._passed += 1
            self._replies[self._passed] = reply
            engine.pass_command(self._passed, command)
            return
        answer = Reply(False, _AWAY)
        if isinstance(command, EndShow):
            self._end_requested = True
            answer = Reply(True, "The show is ending.")
        with self._lock:
            reply(answer)
        done = "done" if answer.ok else "refused"
        self._events.add(EventKind.COMMAND, f"{type(command).__name__}: {done}")

    def _answer(self, engine: EngineProcess, message: FromEngine) -> Any:
        """Handle an engine's message, in the thread that serves it, and return the answer."""
        match message:
            case Publish(section):
                self._publish(section)
            case Answered(number, reply):
                if (answer := self._replies.pop(number, None)) is not None:
                    with self._lock:
                        answer(reply)
            case AddEvent(kind, text, data):
                self._events.add(kind, text, data)
            case AddAlarm(alarm):
                self._engine_alarms[alarm.id, alarm.raised_at] = alarm
                self._events.add_alarm(alarm)
            case Progressed(progress):
                self._notify(partial(self._listener.on_progress, progress))
            case Saved(state):
                self._save(state)
            case OpenBus(title):
                return self._open_bus(title).folder
            case OpenMedia():
                self._media.open(message, engine)
            case OpenCapture(name, job):
                return self._captures.open(name, job, engine)
            case GetCapture(number):
                return self._captures.fate(number)
            case StopCapture(number):
                self._captures.stop(number)
            case Started():
                self._begin(engine)
            case Finished(report, parts):
                self._parts, self._report = parts, report
        return None

    def _save(self, state: ResumeState) -> None:
        before, now = self._state, time.monotonic()
        self._state = state
        is_new = before is None or state.without_counts != before.without_counts
        if is_new or now >= self._snapshot_at:
            self._snapshot_at = now + _SNAPSHOT_EVERY_S
            data = msgspec.to_builtins(state.for_journal)
            self._events.add(EventKind.SNAPSHOT, "The state to go on from", data)

    def _open_bus(self, title: str) -> LocalBus:
        if self._bus is None:
            self._bus = LocalBus(title)
            self._events.add(EventKind.STATE, f"The show begins: {title}")
            if (at := self._plan.machines) is not None:
                self._machines = MachineKeeper(
                    at, self._bus.folder, title, self.alarms, self._events
                )
        return self._bus

    def _publish(self, section: Any) -> None:
        bus = self._bus
        if bus is None:
            return
        if isinstance(section, ShowHealth):
            self._health, self._health_at = section, time.monotonic()
            section = self._add_alarms(section)
        with self._lock:
            bus.publish(section)

    def _add_alarms(self, health: ShowHealth) -> ShowHealth:
        """Return the engine's health with the supervisor's alarms, the most severe first."""
        if not (own := self.alarms.active):
            return health
        ranks = list(reversed(Severity))
        together = sorted([*own, *health.alarms], key=lambda one: ranks.index(one.severity))
        return msgspec.structs.replace(health, alarms=together)

    def _begin(self, engine: EngineProcess) -> None:
        engine.is_on_air = True
        self._captures.stop_unused(engine)
        self.alarms.clear(_ENGINE)
        if not self.has_begun:
            self.has_begun = True
            # Watch pages take a while to start, for which the engine must not wait.
            folder = self._bus.folder if self._bus is not None else Path()
            start = partial(self._notify, partial(self._listener.on_start, self.alarms, folder))
            self._starting = threading.Thread(target=start, name="start")
            self._starting.start()
        else:
            self._events.add(EventKind.STATE, "Another engine goes on with the show")

    def _notify(self, call: Callable[[], None]) -> None:
        """Call the listener; the show does not depend on it."""
        try:
            call()
        except RendererError as fault:
            self._faults.append(str(fault))
            _log.error("%s", fault)
        except Exception:  # noqa: BLE001 - it is logged
            _log.exception("the terminal could not be told")

    def _close_engine(self) -> None:
        if self._engine is not None:
            self._engine.close()

    def _close_machines(self) -> None:
        if self._machines is not None:
            self._machines.close()

    def _close_bus(self) -> None:
        if self._bus is not None:
            with self._lock:
                self._bus.close()
