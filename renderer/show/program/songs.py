"""Let the media processes play the songs of a show, by segments of show time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from renderer.errors import RendererError
from renderer.output.media_group import MediaGroup
from renderer.output.media_link import MediaEnded
from renderer.output.requests import SongSegment
from renderer.protocol.alarms import Alarms, Severity
from renderer.show.songs.plan import SongPlan
from renderer.show.songs.transport import Segment, SongTransport

_ALARM = "song.unplayable"


class ProgramSongs:
    """The songs in the program's sound. Belongs to the tick's thread.

    Args:
        media: the media processes of all views.
        alarms: of the show; a song that cannot be played raises one.
    """

    def __init__(self, media: MediaGroup, alarms: Alarms) -> None:
        self._media, self._alarms = media, alarms
        self._run: Callable[[], int] = _first_run
        self._transport: SongTransport | None = None
        self._files: dict[str, Path | None] = {}
        self._asked: list[tuple[str, Future[None]]] = []
        self._adopted: tuple[SongSegment, ...] = ()

    @property
    def segments(self) -> tuple[SongSegment, ...]:
        """Return what plays and is planned; nothing in a show without a set list."""
        if self._transport is None:
            return ()
        return tuple(map(self._describe, self._transport.segments))

    def adopt(self, segments: tuple[SongSegment, ...]) -> None:
        """Go on with segments that a media process played which has died; see `resume`."""
        self._adopted = segments

    def connect(
        self, transport: SongTransport, songs: Sequence[SongPlan], run: Callable[[], int]
    ) -> None:
        """Play what a transport plans.

        Args:
            transport: of the show's songs.
            songs: their files; those of the transport's later songs are its own.
            run: returns the number of the run of show time.
        """
        self._transport, self._run = transport, run
        self._files = {one.name: one.file for one in songs}
        transport.play = self._play

    def resume(self, next_song: str, t_show_ns: int) -> None:
        """Go on with what an earlier engine let the media process play."""
        if self._transport is not None:
            found = [
                Segment(one.at_ns, one.song, one.from_ns, one.moves)
                for one in self._media.segments or self._adopted
                if one.run == self._run()
            ]
            self._transport.restore(found, next_song, t_show_ns)
            if self._adopted:
                self._adopted = ()
                self.play_again()

    def play_again(self) -> None:
        """Tell a media process that replaces a dead one what plays."""
        if self._transport is not None:
            for segment in self._transport.segments:
                self._play(segment)

    def poll(self) -> None:
        """Raise an alarm for songs that could not be played."""
        waiting = []
        for name, answer in self._asked:
            if not answer.done():
                waiting.append((name, answer))
            elif (fault := answer.exception()) is not None and not isinstance(fault, MediaEnded):
                self._notify(name, fault)
        self._asked = waiting

    def _play(self, segment: Segment) -> None:
        if self._transport is not None:
            # Songs that have been taken out of the set go on playing.
            self._files |= {one.name: one.file for one in self._transport.songs}
        try:
            asked = self._media.play(self._describe(segment))
            self._asked += [(segment.song, one) for one in asked]
        except RendererError as fault:
            self._notify(segment.song, fault)

    def _describe(self, segment: Segment) -> SongSegment:
        file = self._files.get(segment.song) if segment.moves else None
        return SongSegment(
            self._run(), segment.at_ns, segment.song, file, segment.from_ns, segment.moves
        )

    def _notify(self, name: str, fault: BaseException) -> None:
        text = f"The song {name} cannot be played: {fault}"
        self._alarms.raise_(_ALARM, Severity.WARNING, text)


def _first_run() -> int:
    return 1
