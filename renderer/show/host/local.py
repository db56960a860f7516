"""Own what a show needs beside its engine in the engine's own process: offline, and in tests."""

from __future__ import annotations

from renderer.capture.process.process import launch_here
from renderer.errors import GpuLostError
from renderer.logs.files import journal_path
from renderer.output.encode.format import ProgramFormat
from renderer.output.media import MediaProcess
from renderer.output.media_host import media_name
from renderer.protocol.alarms import Alarms
from renderer.protocol.log import ShowLog
from renderer.show.control.publisher import Rate, SectionPublisher
from renderer.show.event_log import EventLog
from renderer.show.host.local_bus import LocalBus
from renderer.show.host.resume import ResumeState
from renderer.show.journal.sealer import JournalSealer
from renderer.show.journal.writer import JournalWriter
from renderer.show.plan import ShowPlan
from renderer.show.supervision.machine_keeper import MachineKeeper
from renderer.transport.link import Link
from renderer.transport.machines.address import HostPort


class LocalHost:
    """Owns session, bus, journal and media processes in the engine's own process."""

    resumed: ResumeState | None = None
    keeps_media = False

    def __init__(self, machines: HostPort | None = None) -> None:
        """Start the journal, if this process logs.

        Args:
            machines: where captures and desks on other machines join; None if none may.
        """
        self._machines_at = machines
        self._machines: MachineKeeper | None = None
        self._journal = JournalWriter(journal_path())
        self._sealer = JournalSealer(journal_path())
        self.events = EventLog(self._journal)
        self.launch_capture = launch_here

    def open_bus(self, title: str) -> LocalBus:
        """See ShowHost."""
        bus = LocalBus(title)
        if self._machines_at is not None:
            try:
                alarms = Alarms(self.events.add_alarm)
                self._machines = MachineKeeper(
                    self._machines_at, bus.folder, title, alarms, self.events
                )
            except BaseException:
                bus.close()
                raise
        return bus

    def open_media(self, view: str, program: ProgramFormat, plan: ShowPlan) -> MediaProcess:
        """See ShowHost."""
        media = MediaProcess(
            program.width,
            program.height,
            program.rate,
            program.live,
            plan.song,
            program.bitrate,
            has_alpha=program.has_alpha,
            name=media_name(view),
            slate=plan.slate,
            mark=program.mark,
            sound=plan.sound_of(view),
        )
        media.start()
        return media

    def take_link(self, view: str) -> Link | None:
        """See ShowHost; a media process that has died is not replaced."""
        del view
        return None

    def add_sections(self, sections: SectionPublisher) -> None:
        """See ShowHost."""
        sections.add(ShowLog, Rate.ON_CHANGE, self.events.section)

    def save(self, state: ResumeState) -> None:
        """See ShowHost; an engine that owns everything has no successor."""

    def tick(self) -> None:
        """See ShowHost; nobody watches."""

    def end_ticks(self) -> None:
        """See ShowHost; nobody watches."""

    def give_up(self, fault: GpuLostError) -> None:
        """See ShowHost; an engine that owns everything has no successor."""

    def close(self) -> None:
        """See ShowHost."""
        if self._machines is not None:
            self._machines.close()
        self._journal.close()
        self._sealer.close()
