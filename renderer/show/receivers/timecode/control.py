"""Chase timecode in a show: fire cues, follow with songs, arm, and a manual way back."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.errors import RendererError
from renderer.protocol.control.receivers import ArmTimecode, ReceiverStatus, TimecodeHealth
from renderer.protocol.schema import Reply
from renderer.show.control.registry import Answer
from renderer.show.cues.sheet import CueSheet
from renderer.show.direction.director import StageDirector
from renderer.show.document.cues import OnTimecode
from renderer.show.document.entries.control import TimecodeEntry
from renderer.show.receivers.timecode.chase import ChaseState, TimecodeChase
from renderer.show.receivers.timecode.ltc import LtcDecoder
from renderer.show.receivers.timecode.smpte import (
    RATES,
    SECOND_NS,
    Label,
    TimecodeRate,
    parse_label,
    to_label,
    to_ns,
)
from renderer.show.receivers.timecode.triggers import TimecodeTriggers
from renderer.show.songs.transport import LIVE_LEAD_NS

KEPT: Final = 256
"""Times that wait for a frame of the show: ten seconds."""
SONG_OFF_NS: Final = 100_000_000
"""Nanoseconds by which a song may differ from the timecode before it is restarted: three frames
are not noticed between two rooms."""
SONG_EVERY_NS: Final = 2_000_000_000
"""Least time between two starts of songs by timecode, so that wild timecode makes no stutter."""


class LtcInput:
    """Turns blocks of audio into times, on the audio's thread.

    Args:
        sample_rate: samples a second.
        rate: of the timecode.
        take: receives a position in nanoseconds, and the clock at which it held.
    """

    def __init__(
        self, sample_rate: int, rate: TimecodeRate, take: Callable[[float, int, str], None]
    ) -> None:
        self._decoder = LtcDecoder(sample_rate)
        self._sample_rate, self._rate, self._take = sample_rate, rate, take

    @property
    def invalid(self) -> int:
        """Return how many frames were no time."""
        return self._decoder.invalid

    def feed(self, samples: npt.NDArray[np.floating], end_ns: int) -> None:
        """Read a block, one channel.

        Args:
            end_ns: clock at which its last sample was heard.
        """
        for frame in self._decoder.feed(samples):
            if not frame.label.is_valid(self._rate):
                continue
            ago = (self._decoder.samples - frame.ends_at) / self._sample_rate
            # A frame is known when it ends: by then its label is one frame old.
            position = to_ns(frame.label, self._rate) + self._rate.frame_ns
            self._take(position, end_ns - round(ago * SECOND_NS), str(frame.label))


class TimecodeControl:
    """The timecode of a show. `take` may be called by any thread, all else by the tick's.

    Args:
        entry: of the document.
        director: whose cues and songs follow; None for a show without cues.

    Attributes:
        close_source: ends what delivers times.
    """

    def __init__(self, entry: TimecodeEntry, director: StageDirector | None) -> None:
        self.rate = RATES[entry.rate]
        self._director, self._source = director, entry.source
        self._entry = entry
        self._offset_ns = round(entry.offset * SECOND_NS)
        self.chase = TimecodeChase(self.rate.frame_ns, round(entry.freewheel * SECOND_NS))
        self.is_armed = entry.armed
        self._waiting: deque[tuple[float, int, str]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        self._received = self._dropped = 0
        self._newest = self._fault = ""
        self._sheet: CueSheet | None = None
        self._triggers: TimecodeTriggers | None = None
        self._song_due_ns = 0
        self.close_source: Callable[[], None] = lambda: None

    def take(self, position_ns: float, at_ns: int, label: str = "") -> None:
        """Take in a time that was received."""
        with self._lock:
            self._dropped += len(self._waiting) == KEPT
            self._waiting.append((position_ns, at_ns, label))

    def poll(self, now_ns: int) -> None:
        """Fire cues and start songs by the timecode of this moment, if it is armed."""
        with self._lock:
            times = list(self._waiting)
            self._waiting.clear()
        for observed_ns, at_ns, label in times:
            self._received += 1
            self._newest = label
            self.chase.observe(observed_ns, at_ns)
        position_ns = self.position_at(now_ns)
        director = self._director
        if director is None or not self.is_armed:
            return
        runner = director.runner
        if self._triggers is None or self._sheet is not runner.sheet:
            self._sheet = runner.sheet
            if self._triggers is None:
                self._triggers = TimecodeTriggers(runner, self.rate)
            self._triggers.reload()
        # The cue runner's clock is the show's; the timecode's is the machine's.
        self._triggers.advance(position_ns, director.now_ns)
        if position_ns is not None and self.chase.state(now_ns) is ChaseState.LOCKED:
            self._follow_with_song(director, position_ns, now_ns)

    def position_at(self, now_ns: int) -> int | None:
        """Return the position with the document's offset; None while there is none."""
        found = self.chase.position_at(now_ns)
        return None if found is None else found + self._offset_ns

    def read(self, now_ns: int) -> tuple[int, float] | None:
        """Return the position and the speed at a time; None while there is none."""
        position_ns = self.position_at(now_ns)
        return None if position_ns is None else (position_ns, self.chase.speed)

    def arm(self, command: ArmTimecode, answer: Answer) -> None:
        """Let cues and songs follow, or give them back to the crew."""
        self.is_armed = command.on
        self._triggers = None
        who = "Timecode calls cues and songs" if command.on else "The crew calls cues and songs"
        answer(Reply(True, f"{who}."))

    def health(self, now_ns: int) -> TimecodeHealth:
        """Return the status for desks."""
        position_ns = self.position_at(now_ns)
        label = "" if position_ns is None else str(self._label_of(position_ns))
        return TimecodeHealth(
            self._source, self.chase.state(now_ns).value, label, self.is_armed, self.chase.speed,
            self.chase.jumps, self.chase.misread,
        )  # fmt: skip

    def statuses(self) -> list[ReceiverStatus]:
        """Return the status of the receiver."""
        return [
            ReceiverStatus(
                "Timecode", self._source, "", self._received, malformed=self.chase.misread,
                dropped=self._dropped, newest=self._newest, fault=self._fault,
            )
        ]  # fmt: skip

    def close(self) -> None:
        """Stop receiving. Idempotent."""
        self.close_source()
        self.close_source = lambda: None

    def _label_of(self, position_ns: int) -> Label:
        return to_label(int(position_ns / self.rate.frame_ns + 1e-6), self.rate)

    def _follow_with_song(self, director: StageDirector, position_ns: int, now_ns: int) -> None:
        """Start the song whose hour it is, where it differs by more than is noticed."""
        # By its label: where a second counts 30 frames of 29.97, an hour lasts longer than one.
        hour = self._label_of(position_ns).hours
        name = self._entry.songs and director.find_song_of_hour(hour)
        if not name or now_ns < self._song_due_ns:
            return
        wanted_ns = position_ns % _day_ns(self.rate) - to_ns(Label(hour, 0, 0, 0), self.rate)
        playing = director.songs.current
        is_same = playing is not None and playing.song == name
        if is_same and playing and abs(playing.position_ns - wanted_ns) <= SONG_OFF_NS:
            return
        self._song_due_ns = now_ns + SONG_EVERY_NS
        try:
            director.songs.start(name, wanted_ns + LIVE_LEAD_NS)
        except RendererError as fault:
            self._fault = str(fault)


def _day_ns(rate: TimecodeRate) -> int:
    """Return the time in which a rate counts 24 hours."""
    return round(rate.frames_a_day * rate.frame_ns)


def find_wrong_times(sheet: CueSheet, rate: TimecodeRate) -> list[str]:
    """Return a sentence for every cue whose timecode the rate does not have."""
    found = []
    for one in sheet.lists:
        for cue in one.cues:
            if isinstance(cue.trigger, OnTimecode):
                try:
                    parse_label(cue.trigger.at, rate)
                except RendererError as fault:
                    found.append(f"Cue {cue.number}: {fault}")
    return found
