"""Generate timecode: a position that runs by the clock, and the frames that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from renderer.show.receivers.timecode.smpte import SECOND_NS, TimecodeRate

NEAR_FRAMES: Final = 1.0
"""Frames by which the position may be off and is approached by a little more or less speed; beyond
it, the labels jump."""
_PULL: Final = 0.05
"""Share of that error that a frame makes good."""
_MOST_PULL: Final = 0.005
"""Largest change of speed by it: every reader follows half a percent."""
_DAY_NS: Final = 24 * 3600 * SECOND_NS


@dataclass(frozen=True, slots=True)
class Anchor:
    """A position that held at a time of the machine's clock, and its speed against it, above 0."""

    position_ns: float
    at_ns: float
    speed: float = 1.0

    def position_at(self, t_ns: float) -> float:
        """Return the position at a time, nanoseconds."""
        return self.position_ns + (t_ns - self.at_ns) * self.speed


class TimecodeGenerator:
    """The position that goes out. One thread sets it, any may read it.

    Attributes:
        anchor: None while none goes out.
    """

    def __init__(self) -> None:
        self.anchor: Anchor | None = None

    def position_at(self, t_ns: float) -> float | None:
        """Return the position at a time of the machine's clock; None for none."""
        anchor = self.anchor
        return None if anchor is None else anchor.position_at(t_ns) % _DAY_NS


@dataclass(frozen=True, slots=True)
class NextFrame:
    """A frame that goes out.

    Attributes:
        number: of the day.
        wait_ns: time until it begins.
        speed: at which it is played, so that the frames keep to the position.
        is_jump: whether it does not follow the one before.
    """

    number: int
    wait_ns: float = 0.0
    speed: float = 1.0
    is_jump: bool = False


class FrameFollower:
    """Chooses consecutive frames that keep to a generator's position.

    Args:
        generator: of the position.
        rate: of the frames.
    """

    def __init__(self, generator: TimecodeGenerator, rate: TimecodeRate) -> None:
        self._generator, self._rate = generator, rate
        self._last: int | None = None

    def next(self, t_ns: float, step: int = 1) -> NextFrame | None:
        """Return the frame that follows; None while there is no timecode.

        Args:
            t_ns: when it begins at the earliest: the end of the one before.
            step: frames that each takes.
        """
        anchor = self._generator.anchor
        if anchor is None:
            self._last = None
            return None
        position_ns = anchor.position_at(t_ns) % _DAY_NS
        wanted = position_ns / self._rate.frame_ns
        day = self._rate.frames_a_day
        if self._last is not None:
            expected = (self._last + step) % day
            error = (wanted - expected + day / 2) % day - day / 2
            if abs(error) <= NEAR_FRAMES:
                self._last = expected
                pull = min(max(_PULL * error, -_MOST_PULL), _MOST_PULL)
                return NextFrame(expected, speed=anchor.speed * (1.0 + pull))
        # It begins on a frame's edge, and where a frame takes several, on a multiple of them.
        number = -(-wanted // step) * step
        wait_ns = (number - wanted) * self._rate.frame_ns / anchor.speed
        self._last = int(number) % day
        return NextFrame(self._last, wait_ns, anchor.speed, is_jump=True)
