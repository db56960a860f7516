"""The program's sound in the media process: song, stems and microphones through the mixer.

The encoder reads it like a song. `note_frame` tells when the program's samples are due by the
monotonic clock, and how old the pictures are; voices are delayed as long, so that a viewer sees and
hears the same moment of the performance. Performers dance to what they hear on their return: the
program hears the song later by the way of the sound to them and of their picture back.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from renderer.errors import OutputError
from renderer.output.audio.playback import SongPlayback
from renderer.output.requests import SongSegment
from renderer.output.sound.click import Click
from renderer.output.sound.filters import F32
from renderer.output.sound.guest_line import GuestLine
from renderer.output.sound.guest_return import GuestReturn
from renderer.output.sound.limiter import DELAY
from renderer.output.sound.lines import MicrophoneLine, Opener, OutputLine, open_real
from renderer.output.sound.mixer import BLOCK, Mixer
from renderer.output.sound.resampling import run_reader
from renderer.output.sound.settings import (
    CLICK,
    COUNT_IN,
    GUEST_DEVICE,
    PROGRAM,
    RATE,
    RETURN,
    SONG,
    TALKBACK,
    MicrophonePlan,
    SoundPlan,
)
from renderer.output.sound.song_delay import MOST_DELAY_MS
from renderer.protocol.sound import (
    DeviceState,
    MuteBus,
    SetBusGain,
    SetDucking,
    SetGuestWay,
    SetSongDelay,
    SetVoiceDelay,
    SoundCommand,
    SoundHealth,
    SwitchClick,
    SwitchTalkback,
)

_AGES: Final = 90
"""Pictures whose median age is the picture's delay: three seconds."""
_STEADY_NS: Final = 8_000_000
"""Change of the picture's delay that is not followed: no viewer notices half a frame."""
_LAGS: Final = 300
"""Blocks whose mean lag behind show time is that of the mixer: three seconds."""
_MEASURED: Final = 45
"""Pictures, and blocks, from which the song's delay is known."""
_MOST_DELAY_MS: Final = 2000.0


class ProgramSound:
    """Mixes the program's sound, and never fails on air.

    `read`, `skip`, `begin_run` and `note_frame` belong to the encoder's thread; `apply`, `plan` and
    `status` may be called from any.

    Args:
        plan: of the show.
        song: plays the songs' mixes; closed by `close`.
        live: whether to open devices; offline there are none.
        opener: opens devices.
        clock: monotonic time, nanoseconds.
    """

    def __init__(
        self,
        plan: SoundPlan,
        song: SongPlayback,
        *,
        live: bool,
        opener: Opener = open_real,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self.mixer = Mixer(plan)
        self._song, self._stems = song, {one.bus: one for one in plan.stems}
        self._sources = {SONG: song}
        self._sources |= {one.bus: SongPlayback(one.opening) for one in plan.stems}
        self._clicks = {one.song: Click(one.seconds, one.per_bar) for one in plan.beats}
        self._silence = Click((), 1)
        self._delays: dict[str, float | None] = {one.bus: one.delay_ms for one in plan.microphones}
        self._is_song_delay_fixed = plan.song_delay_ms is not None
        self._now_ns = clock
        self._lags: deque[float] = deque(maxlen=_LAGS)
        self._position = 0
        self._origin_ns: float | None = None
        self._ages: deque[float] = deque(maxlen=_AGES)
        self._voice_delay_ns = 0.0
        self._is_primed = False
        self._warm_up()
        self._microphones: list[MicrophoneLine | GuestLine] = []
        self._talkback: MicrophoneLine | None = None
        self._returns: list[GuestReturn] = []
        self._ways: dict[str, float] = {}
        self._outputs: dict[str, OutputLine] = {}
        if not live:
            return
        self._microphones = [_open_line(one, plan.voices, opener) for one in plan.microphones]
        if plan.voices is not None:
            self._returns = [
                GuestReturn(one.bus, one.device.removeprefix(GUEST_DEVICE), plan.voices)
                for one in plan.microphones
                if one.device.startswith(GUEST_DEVICE)
            ]
        if plan.talkback:
            self._talkback = MicrophoneLine(TALKBACK, plan.talkback, 1, opener)
        devices = {PROGRAM: plan.room, RETURN: plan.performer_return}
        self._outputs = {
            bus: OutputLine(bus, device, opener, clock) for bus, device in devices.items() if device
        }

    def read(self, count: int) -> F32:
        """Return the next samples of the program, (2, count); the limiter adds no delay."""
        if not self._is_primed:
            self._is_primed = True
            self._mix_into(None, DELAY)
        out = np.empty((2, count), np.float32)
        self._mix_into(out, count)
        return out

    def skip(self, count: int) -> None:
        """Skip samples of the song and its stems."""
        self._position += count
        for source in self._sources.values():
            source.skip(count)

    @property
    def segments(self) -> tuple[SongSegment, ...]:
        """Return what plays and what is planned after it; see SongPlayback."""
        return self._song.segments

    def begin_run(self, run: int, sample: int, skip: int) -> None:
        """Begin a run of show time with the opening song; see SongPlayback."""
        for source in self._sources.values():
            source.begin_run(run, sample, skip)

    def plan(self, segment: SongSegment) -> None:
        """Play a segment from its time on, with its stems; see SongPlayback.

        Raises:
            OutputError: its song or a stem is missing, broken or contains no sound.
        """
        self._song.plan(segment)
        for bus, stem in self._stems.items():
            file = stem.files.get(segment.song) if segment.file is not None else None
            self._sources[bus].plan(replace(segment, file=file))

    def note_frame(self, t_program_ns: int, wall_ns: int, t_seen_ns: int) -> None:
        """Record when a picture of the program is due, and how old it is.

        Args:
            t_program_ns: its time in the program.
            wall_ns: monotonic time at which its show time was now; 0 offline.
            t_seen_ns: monotonic time of the newest performer data in it; 0 if there are none.
        """
        if not wall_ns:
            return
        self._origin_ns = wall_ns - t_program_ns
        if t_seen_ns:
            self._ages.append(wall_ns - t_seen_ns)
            middle = float(np.median(self._ages))
            if abs(middle - self._voice_delay_ns) > _STEADY_NS:
                self._voice_delay_ns = max(middle, 0.0)
            self._follow_performers()

    def apply(self, command: SoundCommand) -> str:
        """Execute a command, and return what was done.

        Raises:
            OutputError: it names a bus that is not there, or a value out of range.
        """
        mixer = self.mixer
        match command:
            case SetBusGain(bus, db):
                mixer.set_gain(bus, db)
                return f"{bus} at {db:g} dB."
            case MuteBus(bus, is_muted):
                mixer.mute(bus, is_muted)
                return f"{bus} {'muted' if is_muted else 'open'}."
            case SwitchTalkback(on):
                mixer.mute(TALKBACK, not on)
                return "Talkback on." if on else "Talkback off."
            case SwitchClick(on):
                mixer.mute(CLICK, not on)
                return "Click on." if on else "Click off."
            case SetDucking(db):
                mixer.set_ducking(db)
                return f"The song is lowered by {db:g} dB while somebody sings."
            case SetVoiceDelay(bus, ms):
                return self._set_delay(bus, ms)
            case SetGuestWay(guest, ms):
                return self._set_way(guest, ms)
            case SetSongDelay(ms):
                if ms < 0.0:
                    self._is_song_delay_fixed = False
                    return "The song is delayed by its way to the performers and back."
                mixer.set_song_delay(ms)
                self._is_song_delay_fixed = True
                return f"The program hears the song {ms:g} ms after the performers."
        raise TypeError(f"{type(command).__name__} is no command to the sound")

    def restore(self, health: SoundHealth) -> None:
        """Take over the controls of a mixer that has died; buses that are not here are left out."""
        known = set(self.mixer.channels)
        for bus in health.buses:
            if bus.name in known:
                self.mixer.set_gain(bus.name, bus.gain_db)
                self.mixer.mute(bus.name, bus.is_muted)
        self.mixer.set_ducking(health.duck_db)
        self.mixer.set_song_delay(health.song_delay_ms)
        self._is_song_delay_fixed = health.is_song_delay_fixed
        for device in health.devices:
            if device.fixed_delay_ms >= 0.0 and device.name in self._delays:
                self._delays[device.name] = device.fixed_delay_ms

    def status(self) -> SoundHealth:
        """Return meters, controls and devices."""
        devices = [
            msgspec.structs.replace(
                line.status(), fixed_delay_ms=_or_automatic(self._delays.get(line.name))
            )
            for line in self._lines
        ]
        return msgspec.structs.replace(
            self.mixer.status(), devices=devices, voice_delay_ms=self._voice_delay_ns / 1e6,
            is_song_delay_fixed=self._is_song_delay_fixed,
        )  # fmt: skip

    @property
    def notes(self) -> dict[str, str]:
        """Return the songs' faults and the devices that are lost, as in a MediaStatus."""
        found = self._song.notes
        for bus in self._stems:
            found |= {f"{name}.{bus}": text for name, text in self._sources[bus].notes.items()}
        for line in self._lines:
            one = line.status()
            if one.state is DeviceState.LOST:
                what = "plays" if isinstance(line, OutputLine) else "hears"
                found[f"sound.{one.name}"] = (
                    f"The sound device {one.device} of {one.name} {one.detail}; the program goes "
                    f"on, and nothing {what} there until it is back"
                )
        return found

    def close(self) -> None:
        """Close files and devices."""
        for source in self._sources.values():
            source.close()
        for part in (*self._lines, *self._returns):
            part.close()

    @property
    def _lines(self) -> list[MicrophoneLine | GuestLine | OutputLine]:
        talkback = [] if self._talkback is None else [self._talkback]
        return [*self._microphones, *talkback, *self._outputs.values()]

    def _follow_performers(self) -> None:
        """Delay the song by its way to the performers' ears and their picture's way back.

        Guests have the longest way. The performers here hear the song later by what theirs is
        shorter, so that all are in time, and only the song waits: no voice is delayed twice.
        """
        line = self._outputs.get(RETURN)
        way_ms = max(self._ways.values(), default=0.0)
        if (line is None and not way_ms) or self._is_song_delay_fixed:
            return
        if len(self._ages) < _MEASURED or len(self._lags) < _MEASURED:
            return
        ms = here_ms = 0.0
        if line is not None:
            heard_ns = sum(self._lags) / len(self._lags) + line.latency_ns
            ms = here_ms = _clip_delay((heard_ns + self._voice_delay_ns) / 1e6)
        if way_ms:
            ms = max(ms, _clip_delay(way_ms + self._voice_delay_ns / 1e6))
        if abs(ms - self.mixer.song_delay_ms) > _STEADY_NS / 1e6:
            self.mixer.set_song_delay(ms)
        wait_ms = ms - here_ms if line is not None else 0.0
        if abs(wait_ms - self.mixer.return_delay_ms) > _STEADY_NS / 1e6:
            self.mixer.set_return_delay(wait_ms)

    def _mix_into(self, out: F32 | None, count: int) -> None:
        done = 0
        while done < count:
            block = min(BLOCK, count - done)
            self._mix(block)
            if out is not None:
                out[:, done : done + block] = self.mixer.program[:, :block]
            done += block

    def _mix(self, count: int) -> None:
        mixer = self.mixer
        song, sample = self._song.place
        # Before a song begins, the performers hear its count-in, whether they want a click or not.
        bus, other = (CLICK, COUNT_IN) if sample >= 0 else (COUNT_IN, CLICK)
        self._clicks.get(song, self._silence).run(mixer.input(bus), count, sample)
        mixer.input(other)[:, :count] = 0.0
        for name, source in self._sources.items():
            mixer.input(name)[:, :count] = source.read(count)
        talkback = mixer.input(TALKBACK)
        talkback[:, :count] = 0.0
        origin_ns = self._origin_ns
        if origin_ns is not None:
            t_ns = origin_ns + self._position * 1e9 / RATE
            self._lags.append(self._now_ns() - t_ns)
            for line in self._microphones:
                fixed = self._delays[line.name]
                delay_ns = self._voice_delay_ns if fixed is None else fixed * 1e6
                line.read(mixer.input(line.name), count, t_ns, delay_ns)
            if self._talkback is not None and self._talkback.read(talkback[:1], count, t_ns, 0.0):
                talkback[1, :count] = talkback[0, :count]
        mixer.mix(count)
        self._position += count
        if PROGRAM in self._outputs:
            self._outputs[PROGRAM].write(mixer.program[:, :count])
        if RETURN in self._outputs:
            self._outputs[RETURN].write(mixer.performer_return[:, :count])
        if origin_ns is not None:
            t_ns = origin_ns + (self._position - count) * 1e9 / RATE
            for one in self._returns:
                one.write(mixer.mix_minus(one.bus, count), t_ns)

    def _set_way(self, guest: str, ms: float) -> str:
        if math.isnan(ms) or not 0.0 <= ms <= MOST_DELAY_MS:
            raise OutputError(f"a way of {ms:g} ms", "is out of range", "give 0 to 1000 ms")
        if ms:
            self._ways[guest] = ms
            return f"The song waits for {guest}, {ms:.0f} ms away."
        self._ways.pop(guest, None)
        return f"The song does not wait for {guest}."

    def _set_delay(self, bus: str, ms: float) -> str:
        if bus not in self._delays:
            names = ", ".join(self._delays) or "none"
            raise OutputError(
                f"the bus {bus[:40]}", "is no microphone of this show", f"it has {names}"
            )
        if math.isnan(ms) or ms > _MOST_DELAY_MS:
            raise OutputError(f"a delay of {ms:g} ms", "is out of range", "give 0 to 2000 ms")
        self._delays[bus] = None if ms < 0.0 else ms
        return f"{bus} is delayed as long as the picture." if ms < 0 else f"{bus} at {ms:g} ms."

    def _warm_up(self) -> None:
        """Compile or load the kernels before the show."""
        one = MicrophonePlan("mic-1", "", "")
        Mixer(SoundPlan(microphones=(one,), duck_db=1.0)).mix(BLOCK)
        silence: F32 = np.zeros((2, BLOCK), np.float32)
        run_reader(silence, silence.copy(), 1, 0.0, 1.0, np.zeros((2, 2)))


def _open_line(
    one: MicrophonePlan, voices: Path | None, opener: Opener
) -> MicrophoneLine | GuestLine:
    if one.device.startswith(GUEST_DEVICE):
        return GuestLine(one.bus, one.device, voices)
    return MicrophoneLine(one.bus, one.device, one.channel, opener)


def _clip_delay(ms: float) -> float:
    return min(max(ms, 0.0), MOST_DELAY_MS)


def _or_automatic(delay_ms: float | None) -> float:
    return -1.0 if delay_ms is None else delay_ms
