"""Give the songs' tempo and beat to a Link session, which musicians' programs follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from renderer.closing import Closing
from renderer.protocol.control.receivers import ReceiverStatus
from renderer.protocol.songs import SongState
from renderer.show.direction.director import StageDirector
from renderer.show.document.entries.link import LinkEntry
from renderer.show.receivers.link.device import LinkSession, SystemLink
from renderer.show.songs.grid import SECOND_NS

_SAME_BPM: Final = 0.01
"""Difference of tempo that is left: a beat an hour."""
_SAME_BEAT: Final = 0.03
"""Beats by which the session may be off: 15 ms at 120 beats per minute. Each correction is a jump
for all programs."""
_LEAST_BPM, _MOST_BPM = 20.0, 999.0
"""Range of Link's tempo."""

OpenLink = Callable[[int], LinkSession]


class LinkControl(Closing):
    """Leads the session's tempo and beat while a song plays. Belongs to the tick's thread.

    Args:
        entry: of the document.
        director: whose songs are followed; None for a show without songs.
        opens: joins the session, given the beats of a bar.

    Raises:
        SetupError: the package for Link is not installed.
    """

    def __init__(
        self, entry: LinkEntry, director: StageDirector | None, opens: OpenLink = SystemLink
    ) -> None:
        self._director, self._offset_ns = director, round(entry.offset * SECOND_NS)
        self._jumps = 0
        self._session = opens(entry.beats_per_bar)

    def poll(self, now_ns: int) -> None:
        """Correct the session if it is off."""
        found = self._find_beat(now_ns)
        if found is None:
            return
        beat, bpm = found
        session = self._session
        if not _LEAST_BPM <= bpm <= _MOST_BPM:
            return
        if abs(session.tempo - bpm) > _SAME_BPM:
            session.set_tempo(bpm)
        if abs(session.beat - beat) > _SAME_BEAT:
            session.force_beat(beat)
            self._jumps += 1

    def statuses(self) -> list[ReceiverStatus]:
        """Return the status of the session."""
        session = self._session
        peers = session.peers
        return [
            ReceiverStatus(
                "Link", f"{peers} other program{'' if peers == 1 else 's'}",
                newest=f"{session.tempo:.2f} bpm, beat {session.beat:.1f}, {self._jumps} jumps",
            )
        ]  # fmt: skip

    def close(self) -> None:
        """Leave the session. Idempotent."""
        self._session.close()

    def _find_beat(self, now_ns: int) -> tuple[float, float] | None:
        """Return the beat of now and the tempo, beats per minute; None while no song plays."""
        director = self._director
        playing = None if director is None else director.songs.current
        if director is None or playing is None or director.songs.state is not SongState.PLAYING:
            return None
        grid = director.library.get(playing.song).grid
        passed_ns = max(now_ns - director.now_ns, 0)
        seconds = (playing.position_ns + passed_ns + self._offset_ns) / SECOND_NS
        return grid.beat_at(seconds), grid.rate_at(seconds) * 60.0
