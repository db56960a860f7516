"""Control the media processes of a show: one for its program, one for each further view.

Every view has its own picture size, and therefore its own encoder and frame ring. The show uses the
group like one process: an output names its view, and the statuses of all outputs are merged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from renderer.errors import OutputError, RendererError
from renderer.output.media_client import MediaClient
from renderer.output.pacing import ShowClock
from renderer.output.requests import MediaStatus, SongSegment
from renderer.output.spec import OutputSpec
from renderer.protocol.outputs import OutputStatus
from renderer.protocol.pictures import PROGRAM
from renderer.protocol.sound import SoundCommand, SoundHealth
from renderer.transport.link import Link
from renderer.transport.pixel_layout import PixelLayout

_SEPARATOR: Final = "/"
"""Separator between a view and the name of an output in its media process; no name contains it."""


class MediaGroup:
    """The media processes by view. The show ends only if the program's process fails.

    Args:
        program: the started media process of the program.
        others: the started ones of further views, by view name.
    """

    def __init__(
        self, program: MediaClient, others: Mapping[str, MediaClient] | None = None
    ) -> None:
        self._program = program
        self._others = dict(others or {})
        self._by_view = {PROGRAM: program, **self._others}
        self._asked: dict[str, Future[MediaStatus]] = {}
        self._known: dict[str, MediaStatus] = {}

    @property
    def alive(self) -> bool:
        """Return whether any of the processes runs."""
        return any(media.alive for media in self._by_view.values())

    @property
    def clock(self) -> ShowClock | None:
        """Return the clock of the show that an earlier engine began; None if none did."""
        return self._program.clock

    @property
    def open_outputs(self) -> dict[str, OutputSpec]:
        """Return the specifications of the open outputs by name, as `add_all` names them."""
        return {
            _name_in(view, name): spec
            for view, media in self._by_view.items()
            for name, spec in media.open_outputs.items()
        }

    @property
    def fresh_views(self) -> list[str]:
        """Return the views whose process had no frame yet when the engine was linked to it."""
        return [view for view, media in self._by_view.items() if media.clock is None]

    @property
    def has_ended(self) -> bool:
        """Return whether the program's process was started and has ended."""
        return self._program.has_ended

    @property
    def ended_views(self) -> list[str]:
        """Return the views whose process has ended."""
        return [view for view, media in self._by_view.items() if media.has_ended]

    def replace(self, view: str, link: Link) -> dict[str, OutputSpec]:
        """Use a link to another process of a view, as MediaClient.replace does."""
        lost = self._by_view[view].replace(link)
        return {_name_in(view, name): spec for name, spec in lost.items()}

    def add_again(self, name: str, spec: OutputSpec, begins_s: float) -> None:
        """Start a lost output again, as MediaClient.add_again does."""
        view, own = _split(name)
        self._by_view[view].add_again(own, spec, begins_s)

    @property
    def last_statuses(self) -> list[OutputStatus]:
        """Return the last known status of every output, without asking."""
        return [
            _name_view(view, status)
            for view, media in self._by_view.items()
            for status in media.last_statuses
        ]

    @property
    def silent_s(self) -> float:
        """Return the age of the oldest unanswered request, seconds."""
        return max(media.silent_s for media in self._by_view.values())

    def frame_buffer(
        self, timeout: float = 0.0, view: str = PROGRAM
    ) -> npt.NDArray[np.uint8] | None:
        """Return a free frame buffer of a view, as MediaClient.frame_buffer does."""
        return self._by_view[view].frame_buffer(timeout)

    def submit(
        self,
        number: int,
        t_show_ns: int,
        t_seen_ns: int,
        run: int = 0,
        layout: PixelLayout = PixelLayout.I420,
        view: str = PROGRAM,
        origin_ns: int = 0,
    ) -> None:
        """Send the frame of a view whose buffer was filled last, as MediaClient.submit does."""
        self._by_view[view].submit(number, t_show_ns, t_seen_ns, run, layout, origin_ns)

    def add_all(
        self,
        specs: Sequence[OutputSpec],
        *,
        run: int = 0,
        keep_trying: bool = False,
        remedy: str = "check its address and try again",
    ) -> list[str]:
        """Start outputs, and wait until they are open, as MediaClient.add_all does for each view.

        Returns:
            Their names, in the order of `specs`.

        Raises:
            OutputError: one cannot be opened, with `keep_trying` none of a view's, or its view is
                not drawn in this show; all have been removed again.
        """
        for spec in specs:
            if spec.view not in self._by_view:
                raise OutputError(
                    f"the output {spec.shown}",
                    f"shows the {spec.view} view, which this show does not draw",
                    f"start the show with an output of the {spec.view} view",
                )
        names: dict[int, str] = {}
        try:
            for view, media in self._by_view.items():
                numbers = [number for number, spec in enumerate(specs) if spec.view == view]
                if numbers:
                    added = media.add_all(
                        [specs[number] for number in numbers],
                        run=run,
                        keep_trying=keep_trying,
                        remedy=remedy,
                    )
                    names |= zip(numbers, (_name_in(view, one) for one in added), strict=True)
        except RendererError:
            for name in names.values():
                self.remove(name)
            raise
        return [names[number] for number in range(len(specs))]

    def remove(self, name: str) -> OutputStatus:
        """End an output after its queue is written; return its final status.

        Raises:
            OutputError: as from MediaClient.remove.
        """
        view, own = _split(name)
        return _name_view(view, self._by_view[view].remove(own))

    @property
    def segments(self) -> tuple[SongSegment, ...]:
        """Return what an earlier engine let play, and planned."""
        return self._program.segments

    def play(self, segment: SongSegment) -> list[Future[None]]:
        """Play a segment of a song in the sound of all views, as MediaClient.play does."""
        answers = (media.play(segment) for media in self._by_view.values() if media.alive)
        return [one for one in answers if one is not None]

    def control_sound(self, command: SoundCommand) -> Future[str]:
        """Execute a command to the sound of all views; return the program's answer to come.

        Raises:
            OutputError: the program's process does not run.
        """
        for media in self._others.values():
            if media.alive:
                media.control_sound(command)
        return self._program.control_sound(command)

    def restore_sound(self, view: str, health: SoundHealth) -> None:
        """Set a view's sound as in its process that has died, as MediaClient.restore_sound does."""
        self._by_view[view].restore_sound(health)

    def choose_slate(self, *, is_house: bool) -> None:
        """Choose the slate of all views, as MediaClient.choose_slate does."""
        for media in self._by_view.values():
            if media.alive:
                media.choose_slate(is_house=is_house)

    def statuses(self) -> list[OutputStatus]:
        """Request and return the status of every output, including ended ones.

        Raises:
            OutputError: the program's process does not answer.
        """
        self._known = {view: self._last_of(media) for view, media in self._others.items()}
        return self._merge(self._program.status()).outputs

    def request_status(self) -> Future[MediaStatus]:
        """Request the status of all processes without waiting for the answer.

        The answer arrives with the program's status; those of further views are from the previous
        request.
        """
        for view, media in self._others.items():
            asked = self._asked.get(view)
            if asked is None or asked.done():
                if asked is not None:
                    self._known[view] = _result_of(asked, media)
                self._asked[view] = media.request_status()
        together: Future[MediaStatus] = Future()

        def answer(asked: Future[MediaStatus]) -> None:
            fault = asked.exception()
            if fault is not None:
                together.set_exception(fault)
            else:
                together.set_result(self._merge(asked.result()))

        self._program.request_status().add_done_callback(answer)
        return together

    def finish(self) -> None:
        """Encode all submitted frames, finish every output, and end the processes.

        Raises:
            OutputError: a process had already ended or did not respond; the others are finished.
        """
        faults = []
        for media in self._by_view.values():
            try:
                media.finish()
            except RendererError as fault:
                faults.append(fault)
        if faults:
            raise faults[0]

    def close(self) -> None:
        """End the processes without a report. Idempotent."""
        for media in self._by_view.values():
            media.close()

    def settle(self) -> MediaStatus:
        """Return every output's final status, regardless of how the processes ended."""
        self._known = {view: media.settle() for view, media in self._others.items()}
        return self._merge(self._program.settle())

    def _last_of(self, media: MediaClient) -> MediaStatus:
        """Return a further view's statuses; the final ones if its process has died."""
        try:
            return media.status()
        except RendererError:
            return media.settle() if media.has_ended else MediaStatus([], {})

    def _merge(self, program: MediaStatus) -> MediaStatus:
        by_view = {PROGRAM: program, **self._known}
        return MediaStatus(
            [_name_view(view, one) for view, status in by_view.items() for one in status.outputs],
            {
                _name_in(view, key): text
                for view, status in by_view.items()
                for key, text in status.notes.items()
            },
            sum(status.held for status in by_view.values()),
            program.sound,
            program.encode,
        )


def _result_of(asked: Future[MediaStatus], media: MediaClient) -> MediaStatus:
    """Return an answer, or the final statuses of a process that died before it answered."""
    if asked.exception() is None:
        return asked.result()
    return media.settle() if media.has_ended else MediaStatus([], {})


def _split(name: str) -> tuple[str, str]:
    """Return the view and the own name of an output."""
    view, _, own = name.rpartition(_SEPARATOR)
    return view or PROGRAM, own


def _name_in(view: str, name: str) -> str:
    return name if view == PROGRAM else f"{view}{_SEPARATOR}{name}"


def _name_view(view: str, status: OutputStatus) -> OutputStatus:
    return msgspec.structs.replace(status, name=_name_in(view, status.name))
