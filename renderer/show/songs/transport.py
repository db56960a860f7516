"""Start, pause and move the songs of a set list on show time.

Show time is the media process's: it plays the sound, by the same segments. A segment says which
song plays from which show time on; so picture and sound agree without asking each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from renderer.errors import ShowError
from renderer.protocol.songs import SongState
from renderer.show.songs.plan import SongPlan
from renderer.spelling import nearest

LIVE_LEAD_NS: Final = 150_000_000
"""Time between a command and its effect in a live show, nanoseconds: sound is encoded 64 ms ahead
of pictures, and the media process opens the song's file meanwhile."""


@dataclass(frozen=True, slots=True)
class Segment:
    """What plays from a moment of show time on.

    Attributes:
        at_ns: show time.
        song: name; empty for none.
        from_ns: time of the song at that moment.
        moves: whether the song's time runs; a paused one does not.
    """

    at_ns: int
    song: str = ""
    from_ns: int = 0
    moves: bool = True


@dataclass(frozen=True, slots=True)
class Playing:
    """A song and its time.

    Attributes:
        position_ns: negative while it is counted in.
    """

    song: str
    position_ns: int


Play = Callable[[Segment], None]
"""Lets the media process play a segment."""


class SongTransport:
    """The songs of a set list on show time. Belongs to the tick's thread.

    Args:
        set_list: the songs in order.
        opens: whether the first one begins with show time.
        lead_ns: time between a command and its effect.

    Attributes:
        play: called with every new segment.
        ends: song times at which songs end later than their files, by name: after their last cue.
    """

    def __init__(self, set_list: Sequence[SongPlan], *, opens: bool, lead_ns: int = 0) -> None:
        self._set = tuple(set_list)
        self._opens, self._lead_ns = opens and bool(self._set), lead_ns
        self.play: Play = _play_nothing
        self.ends: Mapping[str, int] = {}
        self._now_ns: int | None = None
        self._last_ns = 0
        self._reset()

    @property
    def songs(self) -> tuple[SongPlan, ...]:
        """Return the set list."""
        return self._set

    @property
    def state(self) -> SongState:
        """Return what the transport does."""
        now = self._segment
        if self._now_ns is None:
            return SongState.STOPPED
        if now.song:
            return SongState.PLAYING if now.moves else SongState.PAUSED
        return SongState.COUNT_IN if self._counted is not None else SongState.STOPPED

    @property
    def current(self) -> Playing | None:
        """Return the song and its time, also of one that is paused or counted in."""
        return None if self._now_ns is None else self._at(self._now_ns)

    @property
    def next_song(self) -> SongPlan | None:
        """Return the song that follows; None after the last one."""
        return self._set[self._place] if self._place < len(self._set) else None

    @property
    def place(self) -> int:
        """Return the place of the current song in the set list, from 1; 0 for none."""
        playing = self.current
        return 0 if playing is None else self.find(playing.song) + 1

    @property
    def is_idle(self) -> bool:
        """Return whether no song plays, and none is planned; not before show time runs."""
        return self._now_ns is not None and len(self._segments) == 1 and not self._segment.song

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Return what plays and what is planned."""
        return tuple(self._segments)

    def find(self, name: str) -> int:
        """Return the place of a song in the set list, from 0.

        Raises:
            ShowError: it has none of that name.
        """
        names = [one.name for one in self._set]
        if name in names:
            return names.index(name)
        meant = nearest(name, names)
        raise ShowError(
            f"Song {name[:40]}",
            "is not in the set list",
            f"did you mean {meant}?" if meant else f"name one of {', '.join(names) or 'none'}",
        )

    def advance(self, t_show_ns: int | None) -> Playing | None:
        """Move to a frame's show time, and return what plays; None for nothing.

        Args:
            t_show_ns: None while show time does not run; a smaller one than before begins a run.
        """
        if t_show_ns is not None:
            if t_show_ns < self._last_ns:
                self._reset()
            self._last_ns = t_show_ns
        self._now_ns = t_show_ns
        if t_show_ns is None:
            return None
        while len(self._segments) > 1 and self._segments[1].at_ns <= t_show_ns:
            self._begin(self._segments.pop(0), self._segments[0])
        self._end_song(t_show_ns)
        return self._at(t_show_ns)

    def start(self, name: str = "", from_ns: int = 0, wait_ns: int = 0) -> str:
        """Start a song, the next one if none is named, and return its name.

        Args:
            name: of the song.
            from_ns: its time at which it starts.
            wait_ns: time of the count-in.

        Raises:
            ShowError: it is not in the set list, or show time does not run.
        """
        if not name:
            following = self.next_song
            if following is None:
                raise ShowError("The set list", "has ended", "name a song of it")
            name = following.name
        self.find(name)
        at_ns = self._require_time() + self._lead_ns
        if wait_ns:
            self._plan(Segment(at_ns))
        self._plan(Segment(at_ns + wait_ns, name, from_ns))
        return name

    def stop(self) -> None:
        """End the song.

        Raises:
            ShowError: none plays.
        """
        self._require_song()
        self._plan(Segment(self._require_time() + self._lead_ns))

    def pause(self) -> str:
        """Hold the song, and return its name.

        Raises:
            ShowError: none plays.
        """
        playing = self._require_song()
        at_ns = self._require_time() + self._lead_ns
        if not self._segment.moves:
            raise ShowError(f"Song {playing.song}", "is paused already", "resume it")
        if playing.position_ns < 0:  # It has not begun: nothing is held.
            self._plan(Segment(at_ns))
        else:
            position_ns = playing.position_ns + self._lead_ns
            self._plan(Segment(at_ns, playing.song, position_ns, moves=False))
        return playing.song

    def resume(self, wait_ns: int = 0) -> str:
        """Go on with the paused song, and return its name.

        Raises:
            ShowError: none is paused.
        """
        held = self._segments[-1]
        if not held.song or held.moves:
            raise ShowError("The song", "is not paused", "start one")
        at_ns = self._require_time() + self._lead_ns
        self._plan(Segment(at_ns + wait_ns, held.song, held.from_ns))
        return held.song

    def seek(self, position_ns: int) -> str:
        """Go to a time of the song that plays or is paused, and return its name.

        Raises:
            ShowError: none does.
        """
        playing = self._require_song()
        at_ns = self._require_time() + self._lead_ns
        moves = self._segment.moves or not self._segment.song
        self._plan(Segment(at_ns, playing.song, max(position_ns, 0), moves))
        return playing.song

    def next(self, wait_ns: int = 0) -> str:
        """Start the next song, and return its name.

        Raises:
            ShowError: the set list has ended.
        """
        return self.start("", 0, wait_ns)

    def previous(self, wait_ns: int = 0) -> str:
        """Start the song before the current one, or the newest one again between songs.

        Raises:
            ShowError: there is none.
        """
        place = self.place - 2 if self.place else self._place - 1
        if place < 0:
            raise ShowError("The set list", "is at its beginning", "start its first song")
        return self.start(self._set[place].name, 0, wait_ns)

    def change_set(self, set_list: Sequence[SongPlan]) -> None:
        """Use an edited set list; what plays goes on, the song after it is next."""
        following = self.next_song
        self._set = tuple(set_list)
        names = [one.name for one in self._set]
        if following is not None and following.name in names:
            self._place = names.index(following.name)
        else:
            self._place = min(self._place, len(names))

    def restore(self, segments: Sequence[Segment], next_song: str, t_show_ns: int) -> None:
        """Go on where another engine left the media process.

        Args:
            segments: that play and are planned; empty if the opening song plays.
            next_song: name of the song that follows; empty after the last one.
            t_show_ns: show time.
        """
        if segments:
            self._segments = list(segments)
        self._last_ns = t_show_ns
        names = [one.name for one in self._set]
        self._place = names.index(next_song) if next_song in names else len(names)

    @property
    def _segment(self) -> Segment:
        return self._segments[0]

    @property
    def _counted(self) -> Segment | None:
        """Return the song that is counted in; None for none."""
        waiting = self._segments[1] if len(self._segments) > 1 else None
        is_counted = waiting is not None and waiting.song and not self._segment.song
        return waiting if is_counted else None

    def _reset(self) -> None:
        """Begin a run of show time."""
        first = self._set[0].name if self._opens else ""
        self._segments = [Segment(0, first)]
        self._place = 1 if first else 0

    def _at(self, t_show_ns: int) -> Playing | None:
        segment = self._segment
        if segment.song:
            moved_ns = t_show_ns - segment.at_ns if segment.moves else 0
            return Playing(segment.song, segment.from_ns + moved_ns)
        if (waiting := self._counted) is not None:
            return Playing(waiting.song, waiting.from_ns + t_show_ns - waiting.at_ns)
        return None

    def _begin(self, before: Segment, segment: Segment) -> None:
        """Note what follows once a segment has begun."""
        name = segment.song
        if name and name != before.song and any(one.name == name for one in self._set):
            self._place = self.find(name) + 1

    def _end_song(self, t_show_ns: int) -> None:
        """End a song that has been played to its end; the next one may follow by itself."""
        segment = self._segment
        song = next((one for one in self._set if one.name == segment.song), None)
        if song is None or song.length_ns is None or not segment.moves:
            return
        end_ns = max(song.length_ns, self.ends.get(song.name, 0))
        at_ns = segment.at_ns + end_ns - segment.from_ns
        if t_show_ns < at_ns or len(self._segments) > 1:
            return
        self._plan(Segment(at_ns))
        following = self.next_song
        if song.follow_ns is not None and following is not None:
            begin_ns = max(at_ns + song.follow_ns, t_show_ns + self._lead_ns)
            self._plan(Segment(begin_ns, following.name))
        self._begin(self._segments.pop(0), self._segments[0])

    def _plan(self, segment: Segment) -> None:
        """Plan a segment in place of what was planned for then and later."""
        first, *planned = self._segments
        earlier = [one for one in planned if one.at_ns < segment.at_ns]
        self._segments = [first, *earlier, segment]
        self.play(segment)

    def _require_time(self) -> int:
        """Return the show time of the newest frame.

        Raises:
            ShowError: it does not run.
        """
        if self._now_ns is None:
            raise ShowError(
                "The song", "cannot play while nothing goes out", "go live, or start a recording"
            )
        return self._now_ns

    def _require_song(self) -> Playing:
        playing = self.current
        if playing is None:
            raise ShowError("The song", "does not play", "start one")
        return playing


def _play_nothing(_segment: Segment) -> None:
    """Do nothing: no media process is attached."""
