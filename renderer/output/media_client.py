"""Control a media process from an engine.

Encoding and its libraries run in a separate process: the render loop never waits for a disk or a
server, and recordings are finalised even if the engine is killed. This module imports none of those
libraries; the media process does, when it starts.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future

from renderer.errors import OutputError, RendererError
from renderer.output.interrupted import settle_interrupted
from renderer.output.media_link import LOOK_S, MediaLink
from renderer.output.pacing import ShowClock
from renderer.output.requests import (
    Add,
    ChooseSlate,
    ControlSound,
    Discard,
    GetStatus,
    MediaStatus,
    PlaySong,
    Remove,
    RestoreSound,
    SongSegment,
)
from renderer.output.spec import OutputSpec
from renderer.protocol.outputs import OutputState, OutputStatus
from renderer.protocol.sound import SoundCommand, SoundHealth
from renderer.transport.link import Link
from renderer.transport.pixel_layout import PixelLayout

OPEN_S = 15.0
"""Seconds in which an output has to open or end."""


class MediaClient(MediaLink):
    """Controls outputs, song and sound of a media process over a link; see MediaLink.

    Args:
        live: drop frames rather than wait; else the producer blocks.

    Attributes:
        encoder: once attached, the encoder's name.
        layout: once attached, the layout that the encoder takes without conversion.
        clock: once attached, the clock of the show that an earlier engine began, or None.
        segments: once attached, what an earlier engine let play, and planned.
    """

    def __init__(self, live: bool) -> None:
        super().__init__(live)
        self._last_number = 0
        self._specs: dict[str, OutputSpec] = {}
        self._last = MediaStatus([], {})
        self.encoder = ""
        self.layout = PixelLayout.I420
        self.clock: ShowClock | None = None
        self.segments: tuple[SongSegment, ...] = ()

    def attach(self, link: Link) -> None:
        """Use a link, and wait until the media process accepts frames over it.

        Raises:
            OutputError: it does not answer, or has ended.
        """
        ready = self.connect(link)
        self.encoder, self.layout, self.clock = ready.encoder, ready.layout, ready.clock
        self.segments = ready.segments
        self._specs |= ready.outputs
        self._last_number = max(map(_number, ready.outputs), default=0)

    def replace(self, link: Link) -> dict[str, OutputSpec]:
        """Use a link to another media process, in place of one that has died.

        Returns:
            The outputs that the dead one had open, by name; none is open now.

        Raises:
            OutputError: the new process does not answer.
        """
        if self._ring is not None:
            self._ring.close()
        # Outputs that its death interrupted may have been settled since; they are lost, not over.
        over = {
            status.name
            for status in self._last.outputs
            if status.state.is_over and status.state is not OutputState.INTERRUPTED
        }
        lost = {name: spec for name, spec in self._specs.items() if name not in over}
        self.attach(link)
        self._specs = {}
        self._last_number = max(map(_number, lost), default=0)
        return lost

    def add_again(self, name: str, spec: OutputSpec, begins_s: float) -> None:
        """Start an output of the media process that died again, and retry it until it is open.

        Args:
            begins_s: time of the program at which the lost one began, seconds.

        Raises:
            OutputError: the media process has ended, or does not respond.
        """
        self._last_number = max(self._last_number, _number(name))
        self._call(Add(name, spec, keep_trying=True, continues_s=begins_s))
        self._specs[name] = spec

    @property
    def last_statuses(self) -> list[OutputStatus]:
        """Return the last known status of every output, without asking."""
        return list(self._last.outputs)

    @property
    def open_outputs(self) -> dict[str, OutputSpec]:
        """Return the specifications of the outputs by name, including those of earlier engines."""
        return dict(self._specs)

    def add(self, spec: OutputSpec) -> str:
        """Start one output, as `add_all` does.

        Returns:
            Its name, for `remove`.

        Raises:
            OutputError: it cannot be opened, and has been removed again.
        """
        return self.add_all([spec])[0]

    def add_all(
        self,
        specs: Sequence[OutputSpec],
        *,
        run: int = 0,
        keep_trying: bool = False,
        remedy: str = "check its address and try again",
    ) -> list[str]:
        """Start outputs in parallel, and wait until they are open, without blocking frames.

        Args:
            run: the run whose first frame they begin with; 0 for the next frame of any run.
            keep_trying: one open output is enough; the others are retried until they open.
            remedy: the error's advice.

        Returns:
            Their names, for `remove`.

        Raises:
            OutputError: one of them does not suit the show's picture or cannot be opened, or with
                `keep_trying` none of them can; all of them have been removed again.
        """
        for spec in specs:
            spec.check_alpha(is_keyed=self.layout is PixelLayout.RGBA)
        names = [f"{one.kind}-{number}" for number, one in enumerate(specs, self._last_number + 1)]
        self._last_number += len(specs)
        try:
            for name, spec in zip(names, specs, strict=True):
                self._call(Add(name, spec, keep_trying, run))
                self._specs[name] = spec
            self._await_open(names, keep_trying, remedy)
        except RendererError:
            for name in names:
                # Sent without waiting for the answer: an output that opens late must not remain.
                self._require_connection().send(Discard(name))
                self._specs.pop(name, None)
            raise
        return names

    def remove(self, name: str) -> OutputStatus:
        """End an output after its queue is written; return its final status.

        Raises:
            OutputError: there is no output of that name, or the media process does not respond, in
                which case the output ends once it responds again.
        """
        self._call(Remove(name))
        deadline = time.monotonic() + OPEN_S
        while True:
            (status,) = self._statuses_of([name])
            if status.state.is_over or time.monotonic() > deadline:
                return status
            time.sleep(LOOK_S)

    def statuses(self) -> list[OutputStatus]:
        """Request and return the status of every output, including ended ones."""
        return self.status().outputs

    def status(self) -> MediaStatus:
        """Request and return the status of the media process and its outputs.

        Raises:
            OutputError: it does not answer.
        """
        status: MediaStatus = self._call(GetStatus())
        self._last = status
        return status

    def request_status(self) -> Future[MediaStatus]:
        """Request the status without waiting for the answer."""

        def keep(answer: Future[MediaStatus]) -> None:
            if not answer.cancelled() and answer.exception() is None:
                self._last = answer.result()

        future = self._require_connection().send(GetStatus())
        future.add_done_callback(keep)
        return future

    def play(self, segment: SongSegment) -> Future[None] | None:
        """Play a segment of a song from its time on; live without waiting for the answer.

        Returns:
            Live, the answer to come.

        Raises:
            OutputError: offline, its song cannot be played, or the process has ended.
        """
        if self._live:
            return self._require_connection().send(PlaySong(segment))
        self._call(PlaySong(segment))
        return None

    def control_sound(self, command: SoundCommand) -> Future[str]:
        """Execute a command to the sound, without waiting for what was done.

        Raises:
            OutputError: the process does not run.
        """
        return self._require_connection().send(ControlSound(command))

    def restore_sound(self, health: SoundHealth) -> None:
        """Set the sound's controls as in a process that has died, without waiting.

        Raises:
            OutputError: the process does not run.
        """
        self._require_connection().send(RestoreSound(health))

    def choose_slate(self, *, is_house: bool) -> None:
        """Send the house's slate instead of the crew's, or the crew's again, without waiting.

        Raises:
            OutputError: the process does not run.
        """
        self._require_connection().send(ChooseSlate(is_house))

    def settle(self) -> MediaStatus:
        """Return every output's final status, however the media process ended.

        Unfinished playlists get their end mark.
        """
        if self._report.done() and self._report.exception() is None:
            report = self._report.result()
            return MediaStatus(report.outputs, report.notes, report.held)
        known = {status.name: status for status in self._last.outputs}
        for name, spec in self._specs.items():
            known.setdefault(name, OutputStatus(name, spec.kind, spec.shown, OutputState.WAITING))
        self._last = MediaStatus(
            [
                settle_interrupted(self._specs[name], status) if name in self._specs else status
                for name, status in known.items()
            ],
            self._last.notes,
            self._last.held,
        )
        return self._last

    def _await_open(self, names: list[str], keep_trying: bool, remedy: str) -> None:
        deadline = time.monotonic() + OPEN_S
        while True:
            statuses = self._statuses_of(names)
            waiting = [one for one in statuses if one.state is OutputState.WAITING]
            if not waiting or time.monotonic() > deadline:
                break
            time.sleep(LOOK_S)
        open_states = (OutputState.RUNNING, OutputState.STALLED, OutputState.ENDED)
        closed = [one for one in statuses if one.state not in open_states]
        if not closed or (keep_trying and len(closed) < len(names)):
            return
        whys = [one.detail or f"did not open within {OPEN_S:.0f} s" for one in closed]
        if len(closed) == 1:
            raise OutputError(f"the output {closed[0].address}", whys[0], remedy)
        reasons = (f"{one.address}: {why}" for one, why in zip(closed, whys, strict=True))
        raise OutputError(f"{len(closed)} outputs", ", ".join(reasons), remedy)

    def _statuses_of(self, names: Iterable[str]) -> list[OutputStatus]:
        known = {status.name: status for status in self.statuses()}
        for name in names:
            if name not in known:
                raise OutputError(f"the output {name!r}", "is not there", "see the outputs' names")
        return [known[name] for name in names]


def _number(name: str) -> int:
    """Return the number at the end of an output's name."""
    return int(name.rpartition("-")[2])
