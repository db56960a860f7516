"""Play another program's animation as a show's input, in the form of a suit's data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from avatars.vrma import Animation
from renderer.capture.network.records import TrackedBody, TrackedFace, freeze
from renderer.capture.process.messages import SourceInfo
from renderer.motion.core.skeleton import BONE_LIMB
from renderer.motion.core.sources import Entry, Source
from renderer.motion.exchange.animations import read_animation
from renderer.motion.exchange.sequence import AnimationSource
from renderer.show.inputs.health import Flow, Health

_SECOND_NS: Final = 1_000_000_000
_SLOWEST, _FASTEST = 30.0, 60.0
"""Lowest and highest number of samples per second, whatever the file's keyframe rate."""


class AnimationFeed:
    """Plays an animation once from its start, on the show's clock.

    The hips' first position is mapped to the middle of the stage.
    """

    performers: Final = 1
    dropped: Final = 0
    lost: Final = False
    end_ns: Final = 0
    broken_off: Final = ""

    def __init__(self, path: Path, *, live: bool, began_ns: int | None = None) -> None:
        """Read the animation.

        Args:
            path: a .vrma or .bvh file.
            live: it starts at the first request; otherwise at 0.
            began_ns: live, when it started in an earlier engine, monotonic nanoseconds.

        Raises:
            RendererError: it cannot be read, or has another format.
        """
        animation = read_animation(path)
        self._source = AnimationSource(animation)
        self._has_face = bool(animation.expressions) or animation.gaze is not None
        self._rate = _rate(animation)
        self._count = 1 + int(animation.duration * self._rate)
        self._number = 0
        self._start_ns: int | None = began_ns if live else 0
        length_ns = round(self._count / self._rate * _SECOND_NS)
        self.info = SourceInfo(path.name, (0, 0), self._rate, length_ns, None)
        self.warnings = [f"{path.name}: {warning}" for warning in animation.warnings]

    @property
    def began_ns(self) -> int | None:
        """See Feed."""
        return self._start_ns

    @property
    def losses(self) -> Mapping[str, str]:
        """See Feed."""
        return {f"loss.{n}": text for n, text in enumerate(self.warnings, 1)}

    @property
    def ended(self) -> bool:
        """See Feed."""
        return self._number >= self._count

    @property
    def health(self) -> Health:
        """See Feed."""
        return Health(Flow.ENDED) if self.ended else Health(Flow.FLOWING, self._rate)

    def await_person(self) -> None:
        """Return at once: an animation without a performer cannot be opened."""

    def until(self, t_ns: int) -> Iterator[Entry]:
        """See Feed; also yields the sample after that time, which no camera could provide."""
        if self._start_ns is None:
            self._start_ns = t_ns
        step_ns = round(_SECOND_NS / self._rate)
        if not self._number:
            # Of a file that started long ago in an earlier engine, the last second is enough.
            passed_s = (t_ns - self._start_ns) / _SECOND_NS - 1.0
            self._number = max(0, int(passed_s * self._rate))
        while not self.ended:
            seconds = self._number / self._rate
            at_ns = self._start_ns + round(seconds * _SECOND_NS)
            if at_ns >= t_ns + step_ns:
                return
            yield from self._read_entries(seconds, at_ns)
            self._number += 1

    def _read_entries(self, seconds: float, at_ns: int) -> Iterator[Entry]:
        moment = self._source.at(seconds, at_ns)
        if self._has_face:
            face = TrackedFace(at_ns, moment.expressions, None, moment.gaze)
            yield Entry(Source.SUIT_FACE, 0, face)
        known = moment.confidence[BONE_LIMB] > 0.0
        known.flags.writeable = False
        hips = freeze(moment.root + np.array((0.0, moment.hips_height, 0.0)))
        body = TrackedBody(at_ns, moment.rotations, known, hips, moment.hips_height)
        yield Entry(Source.SUIT, 0, body)

    def close(self) -> None:
        """Stop playing."""
        self._number = self._count


def _rate(animation: Animation) -> float:
    """Return the keyframe rate, clamped to the sample rates above."""
    steps = np.diff(animation.times)
    step = float(np.median(steps)) if len(steps) else 0.0
    return min(max(1.0 / step if step > 0.0 else _SLOWEST, _SLOWEST), _FASTEST)
