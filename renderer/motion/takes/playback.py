"""Playback of takes and animations in place of a performer, streamed while they play."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from avatars.vrma import Animation
from renderer.errors import MotionError, RendererError
from renderer.motion.core.records import Motion
from renderer.motion.core.track import MotionTrack
from renderer.motion.exchange.animations import read_animation
from renderer.motion.exchange.sequence import AnimationSource
from renderer.motion.mixing.director import Playback
from renderer.motion.takes.encryption import Unlock, refuse
from renderer.motion.takes.read import open_take
from renderer.motion.takes.replay import sensor_entries, solve_performance

_RATE: Final = 60.0
"""Motions per second at which a take is solved."""

_PROBED_RECORDS: Final = 2_000
"""Records at a take's beginning that are searched for the performer: some ten seconds of four
performers."""

_STEP_NS: Final = round(1e9 / _RATE)


def open_playback(path: Path, performer: int = 0, unlock: Unlock = refuse) -> Playback:
    """Open a recorded file for playback from its beginning, once.

    A take is solved while it plays, a little at a time.

    Args:
        path: a take (.mcap), or an animation (.vrma, .bvh).
        performer: whose motion of a take of several; a take without this performer plays the first.
        unlock: gives the key if the take is encrypted.

    Raises:
        RendererError: the file is missing, of another kind, or holds no performer.
    """
    match path.suffix.lower():
        case ".mcap":
            return TakePlayback(path, performer, unlock)
        case ".vrma" | ".bvh":
            return AnimationPlayback(path.name, read_animation(path))
    raise MotionError(
        f"Take {path}", "is not a known kind of motion file", "name a .mcap, .vrma or .bvh file"
    )


class TakePlayback:
    """Plays a take, solved as far as it has been shown.

    Raises:
        RendererError: it cannot be read, or holds no performer.
    """

    def __init__(self, path: Path, performer: int, unlock: Unlock = refuse) -> None:
        self.name = path.name
        take = open_take(path, unlock)
        beginning = islice(sensor_entries(take), _PROBED_RECORDS)
        theirs = any(entry.performer == performer for entry in beginning)
        self._motions: Iterator[Motion] = solve_performance(take, _RATE, performer if theirs else 0)
        self._track = MotionTrack()
        self._solved_ns = 0
        self._track.push(replace(next(self._motions), t_seen_ns=0))
        self._start_ns: int | None = None

    def at(self, t_ns: int) -> Motion | None:
        """Return the motion at the show's time t_ns.

        None after the end. The first call starts it.
        """
        if self._start_ns is None:
            self._start_ns = t_ns
        wanted = t_ns - self._start_ns
        while self._solved_ns < wanted:
            motion = self._solve_next()
            if motion is None:
                return None
            self._solved_ns += _STEP_NS
            self._track.push(replace(motion, t_seen_ns=self._solved_ns))
        played = self._track.at(wanted)
        return None if played is None else replace(played, t_seen_ns=t_ns)

    def _solve_next(self) -> Motion | None:
        try:
            return next(self._motions, None)
        except RendererError:
            # Damaged from here on: playback ends.
            return None


class AnimationPlayback:
    """Plays an animation file from another program."""

    def __init__(self, name: str, animation: Animation) -> None:
        self.name = name
        self._source = AnimationSource(animation)
        self._length_s = animation.duration
        self._start_ns: int | None = None

    def at(self, t_ns: int) -> Motion | None:
        """Return the motion at the show's time t_ns.

        None after the end. The first call starts it.
        """
        if self._start_ns is None:
            self._start_ns = t_ns
        seconds = (t_ns - self._start_ns) * 1e-9
        return None if seconds > self._length_s else self._source.at(seconds, t_ns)
