"""Run the engine of a live show in its own process, which its supervisor can replace."""

from __future__ import annotations

import math
import os
import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from renderer.closing import Closing
from renderer.errors import GpuLostError, OutputError
from renderer.output.encode.format import ProgramFormat
from renderer.output.media_client import MediaClient
from renderer.platform import PLATFORM
from renderer.processes.child import Child
from renderer.protocol.alarms import Alarm, Alarms
from renderer.protocol.log import EventKind
from renderer.protocol.outputs import RecordingPart
from renderer.protocol.schema import Command, Reply, Section
from renderer.show.control.publisher import SectionPublisher
from renderer.show.host.resume import ResumeState
from renderer.show.plan import ShowPlan
from renderer.show.progress import Progress
from renderer.show.report import ShowReport
from renderer.show.supervision.hosted_capture import CaptureLauncher
from renderer.show.supervision.messages import (
    AddAlarm,
    AddEvent,
    Answered,
    BusFault,
    EngineJob,
    Finished,
    FromSupervisor,
    OpenBus,
    OpenMedia,
    PassedCommand,
    Progressed,
    Publish,
    Saved,
    StandbyLevel,
    Started,
    TakeOver,
)
from renderer.transport.bus import ReplyFunction
from renderer.transport.link import Link, receive_link
from renderer.transport.rpc import RpcClient

_ANSWER_S: Final = 20.0
_MEDIA_S: Final = 90.0
"""Seconds in which a media process has to start."""
_LOOK_S: Final = 0.2
"""Interval in seconds at which a standby engine looks whether the show has ended."""
_TICK_S: Final = 10.0
"""Seconds after which a tick counts as hung. Compiling a shader on a busy machine takes one or two,
and what the audience sees meanwhile is the slate either way."""
_SLOW_S: Final = 1.0
"""Seconds without an answer of the supervisor from which sections are dropped: a supervisor that is
stopped must not stop the engine once the pipe is full."""


def run_engine(child: Child, job: EngineJob) -> None:
    """Run the show's engine to the show's end, and send the report.

    Raises:
        RendererError: the show is not allowed to start, or cannot.
    """
    if job.standby is StandbyLevel.LOADED:
        # Loading takes seconds of a core, which the show on air needs more.
        _run_lowered(_load_libraries)
    from renderer.show.show import Show  # It loads OpenGL and everything that draws.

    host = EngineHost(child, job)
    show = Show(job.plan, host, host)

    def end_on_request() -> None:
        child.stopping.wait()
        show.end()

    threading.Thread(target=end_on_request, name="end", daemon=True).start()
    if job.standby is not None and job.resumed is not None:
        if job.standby is StandbyLevel.PREPARED:
            show.prepare(job.resumed)
            child.ready()
        else:
            # Not ready: opening the picture can block the interpreter, as in any start.
            _run_lowered(show.load)
        taken = host.await_take_over()
        if taken is None:
            return
        changes_device = not taken.environment.items() <= os.environ.items()
        os.environ.update(taken.environment)
        show.take_over(taken.state, changes_device=changes_device)
    report = show.run()
    host.finish(report, show.recording_parts)


def _load_libraries() -> None:
    import renderer.show.show  # noqa: F401 - loaded for its effect


def _run_lowered(act: Callable[[], None]) -> None:
    """Run a function in a thread of lower priority, which a thread cannot give up again."""
    with ThreadPoolExecutor(1, "lowered", initializer=PLATFORM.lower_thread) as pool:
        pool.submit(act).result()


class EngineHost:
    """What the supervisor owns, as the engine sees it; see ShowHost, and Listener."""

    keeps_media = True

    def __init__(self, child: Child, job: EngineJob) -> None:
        self._child = child
        self._channel = job.links
        self._links: defaultdict[str, queue.SimpleQueue[Link]] = defaultdict(queue.SimpleQueue)
        self._bus = EngineBus()
        self._rpc = RpcClient(job.requests, "the supervisor", self._bus.hear)
        self._bus.rpc = self._rpc
        self.events = ForwardedEvents(self._rpc)
        self.launch_capture = CaptureLauncher(self._rpc, job.captures)
        self.resumed: ResumeState | None = job.resumed
        threading.Thread(target=self._receive_links, name="links", daemon=True).start()

    def open_bus(self, title: str) -> EngineBus:
        """See ShowHost."""
        self._bus.folder = self._rpc.call(OpenBus(title), _MEDIA_S)
        return self._bus

    def open_media(self, view: str, program: ProgramFormat, plan: ShowPlan) -> MediaClient:
        """See ShowHost."""
        sound = plan.sound_of(view)
        self._rpc.call(OpenMedia(view, program, plan.song, plan.slate, sound), _MEDIA_S)
        media = MediaClient(program.live)
        try:
            media.attach(self._links[view].get(timeout=_ANSWER_S))
        except queue.Empty:
            raise OutputError(
                "the media process", "was not linked to the engine", "start the show again"
            ) from None
        return media

    def take_link(self, view: str) -> Link | None:
        """See ShowHost."""
        with suppress(queue.Empty):
            return self._links[view].get_nowait()
        return None

    def await_take_over(self) -> TakeOver | None:
        """Wait until this standby engine has to go on; None if the show ends before."""
        while not self._child.stopping.is_set():
            with suppress(queue.Empty):
                return self._bus.take_over.get(timeout=_LOOK_S)
        return None

    def add_sections(self, sections: SectionPublisher) -> None:
        """See ShowHost; the supervisor publishes its own."""

    def save(self, state: ResumeState) -> None:
        """See ShowHost."""
        self._rpc.send(Saved(state))

    def tick(self) -> None:
        """See ShowHost; without another tick in time, the engine counts as hung."""
        self._child.expect(_TICK_S)

    def end_ticks(self) -> None:
        """See ShowHost."""
        self._child.expect(math.inf)

    def on_start(self, alarms: Alarms, folder: Path) -> None:
        """See Listener."""
        del alarms, folder  # The supervisor's processes have its own.
        self._rpc.send(Started())
        self._child.ready()

    def on_progress(self, progress: Progress) -> None:
        """See Listener."""
        if self._rpc.silent_s < _SLOW_S:
            self._rpc.send(Progressed(progress))

    def finish(self, report: ShowReport, parts: list[list[RecordingPart]]) -> None:
        """Send the report and the parts of recordings, and wait until they have arrived."""
        self._rpc.call(Finished(report, parts), _ANSWER_S)

    def give_up(self, fault: GpuLostError) -> None:
        """See ShowHost; nothing is closed, since the next engine goes on with it."""
        self._child.leave_with(fault)

    def close(self) -> None:
        """See ShowHost; the journal is the supervisor's."""

    def _receive_links(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                link = receive_link(self._channel)
                self._links[link.view].put(link)


class EngineBus(Closing):
    """The desks, as the engine reaches them through the supervisor; see Bus.

    Attributes:
        folder: of the session.
        last_fault: what was wrong with the newest unreadable message; empty if there was none.
        dropped: number of sections dropped because the supervisor did not respond.
        take_over: receives the event upon which a standby engine has to go on.
    """

    rpc: RpcClient

    def __init__(self) -> None:
        self.folder = Path()
        self.last_fault = ""
        self.dropped = 0
        self._commands: queue.SimpleQueue[PassedCommand] = queue.SimpleQueue()
        self.take_over: queue.SimpleQueue[TakeOver] = queue.SimpleQueue()

    def hear(self, event: FromSupervisor) -> None:
        """Handle an event of the supervisor, in the thread that receives them."""
        if isinstance(event, BusFault):
            self.last_fault = event.text
        elif isinstance(event, TakeOver):
            self.take_over.put(event)
        else:
            self._commands.put(event)

    def publish(self, section: Section) -> None:
        """See Bus."""
        if self.rpc.silent_s < _SLOW_S:
            self.rpc.send(Publish(section))
        else:
            self.dropped += 1

    def commands(self) -> Iterator[tuple[Command, ReplyFunction]]:
        """See Bus."""
        with suppress(queue.Empty):
            while True:
                passed = self._commands.get_nowait()
                yield passed.command, partial(self._answer, passed.number)

    def close(self) -> None:
        """See Bus; the session is the supervisor's."""

    def _answer(self, number: int, reply: Reply) -> None:
        self.rpc.send(Answered(number, reply))


class ForwardedEvents:
    """The show's log, as the engine reaches it through the supervisor; see Events."""

    def __init__(self, rpc: RpcClient) -> None:
        self._rpc = rpc

    def add(self, kind: EventKind, text: str, data: dict[str, Any] | None = None) -> None:
        """See Events."""
        self._rpc.send(AddEvent(kind, text, data))

    def add_alarm(self, alarm: Alarm) -> None:
        """See Events."""
        self._rpc.send(AddAlarm(alarm))
