"""Measure how a guest's motion looks after a network that delays, reorders and loses messages.

The demo's dance is sent at 60 messages a second through a simulated network, and shown by the
program's own clock, playout and mixing; the same over a network that only delays is the comparison.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.instance import AvatarInstance
from avatars.load import load_avatar
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.core.sources import Source
from renderer.motion.core.track import MotionTrack
from renderer.motion.performance import Performance
from renderer.paths import IDOL, TRUTH
from renderer.show.guests.clock import PING_S, RemoteClock
from renderer.show.guests.packet import RATE, GuestMotion, decode, encode_motion
from renderer.show.guests.playout import PlayoutDelay
from renderer.show.guests.queue import PlayoutQueue

F32 = npt.NDArray[np.float32]

TRANSIT_MS, JITTER_MS, LOSS = 40.0, 20.0, 0.02
"""Half of a round trip of 80 ms, its standard deviation, and the share of messages lost."""
_SHOW_RATE: Final = 30
_SECOND_NS: Final = 1_000_000_000
_AHEAD_NS: Final = 7_777_777_777
"""Nanoseconds by which the guest's clock is ahead of the show's; any number serves."""
_SETTLED_S: Final = 3.0
"""Seconds at the start that are not compared: the guest fades in."""


@dataclass(frozen=True, slots=True)
class GuestFigures:
    """What the network does to a guest.

    Attributes:
        step_ratio: largest step of a joint between two frames, over that of the lossless run.
        delay_ms: playout delay at the end.
        clock_error_ms: error of the estimated clock at the end.
        lost, late: messages that never came, or too late.
        messages: messages that were sent.
    """

    step_ratio: float
    delay_ms: float
    clock_error_ms: float
    lost: int
    late: int
    messages: int


def measure_guests(seconds: float = 30.0) -> GuestFigures:
    """Return the figures of a dance of up to 30 seconds; deterministic."""
    messages = list(_dance(seconds))
    calm = _Show(messages, np.random.default_rng(1), jitter_ms=0.0, loss=0.0)
    rough = _Show(messages, np.random.default_rng(1), jitter_ms=JITTER_MS, loss=LOSS)
    step = calm.largest_step()
    return GuestFigures(
        step_ratio=rough.largest_step() / step,
        delay_ms=rough.delay.delay_ns * 1e-6,
        clock_error_ms=abs(rough.clock.to_show(_AHEAD_NS)) * 1e-6,
        lost=rough.queue.lost,
        late=rough.queue.late,
        messages=len(messages),
    )


def _dance(seconds: float) -> Iterator[tuple[int, bytes]]:
    """Yield each message's time on the show's clock, and the message."""
    with np.load(TRUTH) as truth:
        rotations, root, weights = truth["rotations"], truth["root"], truth["weights"]
        height, fps = float(truth["hips_height"]), float(truth["fps"])
    track, confident = MotionTrack(), np.ones(len(LIMBS), np.float32)
    frame = 0
    for number in range(round(seconds * RATE)):
        t_ns = round(number / RATE * _SECOND_NS)
        while frame < len(root) and round((frame - 1) / fps * _SECOND_NS) < t_ns:
            at_ns = round(frame / fps * _SECOND_NS)
            track.push(
                Motion(
                    t_seen_ns=at_ns,
                    root=root[frame].astype(np.float32),
                    hips_height=height,
                    rotations=rotations[frame].astype(np.float32),
                    expressions=weights[frame].astype(np.float32),
                    gaze=np.zeros(2, np.float32),
                    confidence=confident,
                )
            )
            frame += 1
        motion = track.at(t_ns)
        assert motion is not None
        yield t_ns, encode_motion(_stamped(motion, t_ns + _AHEAD_NS), number)


def _stamped(motion: Motion, t_ns: int) -> Motion:
    return Motion(
        t_ns, motion.root, motion.hips_height, motion.rotations, motion.expressions, motion.gaze,
        motion.confidence,
    )  # fmt: skip


class _Show:
    """A show with one guest behind a simulated network."""

    def __init__(
        self,
        messages: list[tuple[int, bytes]],
        random: np.random.Generator,
        *,
        jitter_ms: float,
        loss: float,
    ) -> None:
        self.clock, self.delay, self.queue = RemoteClock(), PlayoutDelay(), PlayoutQueue()
        self._random, self._jitter_ms = random, jitter_ms
        self._end_ns = messages[-1][0]
        self._arrivals: list[tuple[int, bytes | int]] = [
            (t_ns + self._transit(), data) for t_ns, data in messages if random.random() >= loss
        ]
        step_ns = round(PING_S * _SECOND_NS)
        # The first question is answered before the first motion, as in a real connection.
        for sent_ns in range(-step_ns, self._end_ns, step_ns):
            self._arrivals.append((sent_ns, sent_ns))
        self._arrivals.sort(key=lambda one: one[0])

    def largest_step(self) -> float:
        """Return the largest step of any joint between two frames, metres."""
        instance = AvatarInstance(load_avatar(IDOL))
        nodes = list(instance.avatar.bones.values())
        performance = Performance()
        pongs: list[tuple[int, int, int]] = []
        largest, before = 0.0, None
        arrivals = iter(self._arrivals)
        next_one = next(arrivals, None)
        for number in range(round(self._end_ns / _SECOND_NS * _SHOW_RATE)):
            t_ns = round(number / _SHOW_RATE * _SECOND_NS)
            while next_one is not None and next_one[0] <= t_ns:
                self._receive(*next_one, pongs)
                next_one = next(arrivals, None)
            for play_ns, message in self.queue.take(t_ns):
                body, face = message.records(play_ns)
                if face is not None:
                    performance.push(Source.SUIT_FACE, face)
                performance.push(Source.SUIT, body)
            motion = performance.at(t_ns)
            scale = np.float32(instance.hips_height / motion.hips_height)
            instance.pose(motion.rotations, motion.root * scale, motion.expressions, motion.gaze)
            joints: F32 = instance.world[nodes, :3, 3].copy()
            if before is not None and number >= _SETTLED_S * _SHOW_RATE:
                largest = max(largest, float(np.linalg.norm(joints - before, axis=1).max()))
            before = joints
        return largest

    def _receive(self, at_ns: int, what: bytes | int, pongs: list[tuple[int, int, int]]) -> None:
        """Receive a message, or send a question whose answer comes after a round trip."""
        while pongs and pongs[0][0] <= at_ns:
            received_ns, sent_ns, guest_ns = heapq.heappop(pongs)
            self.clock.add(sent_ns, guest_ns, received_ns)
        if isinstance(what, int):
            there_ns = what + self._transit()
            pong = (there_ns + self._transit(), what, there_ns + _AHEAD_NS)
            heapq.heappush(pongs, pong)
            return
        message = decode(what)
        if isinstance(message, GuestMotion) and self.clock.is_known:
            due_ns = self.delay.place(self.clock.to_show(message.t_ns), at_ns)
            self.queue.put(due_ns, message)

    def _transit(self) -> int:
        """Return the nanoseconds that a message takes: normally distributed, at least 1 ms."""
        milliseconds = self._random.normal(TRANSIT_MS, self._jitter_ms)
        return round(max(milliseconds, 1.0) * 1e6)
