"""Mix a block of sound: channels into the program and into the performers' return.

    song, stems ── fader ── ducking ─┐
    microphones ── strip ── fader ───┼── program fader ── loudness ── limiter ── outputs, room
         └ reverb send ── reverb ────┘
    song, stems ── fader ─┐
    click ─────── fader ──┼── return fader ── performers
    count-in ──── fader ──┤
    talkback ──── fader ──┘

Click, count-in and talkback have no way into the program: the method that mixes it does not get
them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from renderer.errors import OutputError
from renderer.output.sound.dynamics import ChannelStrip, Ducker, linear
from renderer.output.sound.filters import F32, sanitize
from renderer.output.sound.limiter import Limiter, TruePeakMeter
from renderer.output.sound.loudness import BusMeter, LoudnessControl, to_db
from renderer.output.sound.reverb import Reverb
from renderer.output.sound.settings import (
    CLICK,
    COUNT_IN,
    PROGRAM,
    RATE,
    RETURN,
    SONG,
    TALKBACK,
    SoundPlan,
)
from renderer.output.sound.song_delay import SongDelay
from renderer.protocol.sound import BusStatus, SoundHealth

BLOCK: Final = 512
"""Largest number of samples that are mixed at once."""
_LEAST_DB, _MOST_DB = -120.0, 20.0
_NOTCH: Final = 1e-5


class _Bus:
    """Fader, mute and meter of a stereo bus. Changes of gain are ramps of a block."""

    def __init__(
        self, name: str, gain_db: float = 0.0, performer: str = "", *, is_muted: bool = False
    ) -> None:
        self.name, self.performer = name, performer
        self.gain_db, self.is_muted = gain_db, is_muted
        self.samples: F32 = np.zeros((2, BLOCK), np.float32)
        self._meter = BusMeter(BLOCK)
        self._ramp: F32 = np.zeros(BLOCK, np.float32)
        self._steps: F32 = np.arange(1, BLOCK + 1, dtype=np.float32)
        self._gain = self._wanted

    @property
    def meter(self) -> BusMeter:
        """Return its meter, after the fader."""
        return self._meter

    @property
    def _wanted(self) -> float:
        return 0.0 if self.is_muted or self.gain_db <= _LEAST_DB else linear(self.gain_db)

    def fade(self, count: int) -> None:
        """Apply fader and mute to the first `count` samples, in place."""
        wanted, view = self._wanted, self.samples[:, :count]
        if wanted == self._gain:
            if wanted != 1.0:
                view *= np.float32(wanted)
        else:
            ramp = self._ramp[:count]
            np.multiply(self._steps[:count], np.float32((wanted - self._gain) / count), out=ramp)
            ramp += np.float32(self._gain)
            view *= ramp
            self._gain = wanted

    def measure(self, count: int) -> int:
        """Measure the first `count` samples; return the number of hops of the meter completed."""
        return self._meter.run(self.samples, count)

    def status(self) -> BusStatus:
        """Return controls and meters."""
        meter = self._meter
        return BusStatus(
            self.name, self.gain_db, self.is_muted, meter.take_peak_db(), meter.rms_db,
            meter.momentary, meter.short_term, self.performer,
        )  # fmt: skip


class Mixer:
    """Mixes blocks of at most BLOCK samples, without allocating arrays.

    Write each channel's samples into `input(name)`, then call `mix`. Belongs to one thread;
    commands may change gains from another.

    Attributes:
        program, performer_return: (2, BLOCK) results, valid until the next call.
        loudness: brings the program to its target.
    """

    def __init__(self, plan: SoundPlan) -> None:
        self._strips = {one.bus: ChannelStrip(one) for one in plan.microphones}
        self._sends = {
            one.bus: linear(one.reverb_db) for one in plan.microphones if one.reverb_db is not None
        }
        self._music = [
            _Bus(SONG, is_muted=bool(plan.stems)),
            *(_Bus(one.bus) for one in plan.stems),
        ]
        self._voices = [_Bus(one.bus, one.gain_db, one.performer) for one in plan.microphones]
        self._click = _Bus(CLICK, is_muted=not plan.click)
        self._count_in = _Bus(COUNT_IN)
        self._talkback = _Bus(TALKBACK, is_muted=True)
        self._program, self._return = _Bus(PROGRAM), _Bus(RETURN)
        everything = (
            *self._music, *self._voices, self._click, self._count_in, self._talkback,
            self._program, self._return,
        )  # fmt: skip
        self._buses: Mapping[str, _Bus] = {one.name: one for one in everything}
        self._microphones = {one.bus: np.zeros((1, BLOCK), np.float32) for one in plan.microphones}
        self._voice_sum: F32 = np.zeros((1, BLOCK), np.float32)
        self._send: F32 = np.zeros((1, BLOCK), np.float32)
        self._scratch: F32 = np.zeros((1, BLOCK), np.float32)
        self._scaled: F32 = np.zeros((2, BLOCK), np.float32)
        self._song_delay = SongDelay(BLOCK, plan.song_delay_ms or 0.0)
        self._return_delay = SongDelay(BLOCK, 0.0)
        self._early: F32 = np.zeros((2, BLOCK), np.float32)
        self._reverb = Reverb()
        self._ducker = Ducker(plan.duck_db, BLOCK)
        self._limiter = Limiter(plan.ceiling_db)
        self._input_meter = BusMeter(BLOCK)
        self._true_peak = TruePeakMeter()
        self._loudness_gain = 1.0
        self.loudness = LoudnessControl(plan.loudness)
        self.program: F32 = np.zeros((2, BLOCK), np.float32)

    @property
    def performer_return(self) -> F32:
        """Return what the performers hear, (2, BLOCK)."""
        return self._return.samples

    @property
    def channels(self) -> Sequence[str]:
        """Return the names of the buses."""
        return tuple(self._buses)

    def input(self, name: str) -> F32:
        """Return the buffer of a channel: (2, BLOCK), of a microphone (1, BLOCK).

        Raises:
            OutputError: there is no such bus.
        """
        own = self._microphones.get(name)
        return self._find(name).samples if own is None else own

    def mix(self, count: int) -> None:
        """Mix the first `count` samples of all channels."""
        for music in self._music:
            sanitize(music.samples, count)
            music.fade(count)
            music.measure(count)
        self._mix_return(count)
        self._mix_program(count)

    def set_gain(self, name: str, db: float) -> None:
        """Set a fader.

        Raises:
            OutputError: there is no such bus, or the gain is no number from -120 to 20.
        """
        bus = self._find(name)
        if not _LEAST_DB <= db <= _MOST_DB:
            raise OutputError(f"a gain of {db:g} dB", "is out of range", "give -120 (off) to 20 dB")
        bus.gain_db = db

    def mute(self, name: str, is_muted: bool) -> None:
        """Mute a bus or open it.

        Raises:
            OutputError: there is no such bus.
        """
        self._find(name).is_muted = is_muted

    def set_ducking(self, db: float) -> None:
        """Set by how much the song is lowered under voices.

        Raises:
            OutputError: it is no number from 0 to 40.
        """
        if not 0.0 <= db <= 40.0:
            raise OutputError(f"a ducking of {db:g} dB", "is out of range", "give 0 to 40 dB")
        self._ducker.depth_db = db

    def set_song_delay(self, ms: float) -> None:
        """Set by how much the program hears the song later than the performers.

        Raises:
            OutputError: it is no number from 0 to 1000.
        """
        self._song_delay.set(ms)

    def set_return_delay(self, ms: float) -> None:
        """Set by how much the performers here hear the song later than guests elsewhere.

        Raises:
            OutputError: it is no number from 0 to 1000.
        """
        self._return_delay.set(ms)

    @property
    def return_delay_ms(self) -> float:
        """Return by how much the performers here hear the song later than guests elsewhere."""
        return self._return_delay.ms

    def mix_minus(self, bus: str, count: int) -> F32:
        """Return what a guest hears, (count,), valid until the next call.

        It is the song as early as it is mixed, click and talkback, and all voices but their own.

        Args:
            bus: of the guest's voice.
            count: of samples that were mixed last.
        """
        out = self._scratch[0, :count]
        np.add(self._early[0, :count], self._early[1, :count], out=out)
        out *= np.float32(0.5)
        for voice in self._voices:
            if voice.name != bus:
                out += voice.samples[0, :count]
        np.clip(out, -1.0, 1.0, out=out)
        return out

    @property
    def song_delay_ms(self) -> float:
        """Return by how much the program hears the song later than the performers."""
        return self._song_delay.ms

    def status(self) -> SoundHealth:
        """Return meters and controls; peaks count from one call to the next."""
        return SoundHealth(
            buses=[bus.status() for bus in self._buses.values()],
            integrated=self._program.meter.integrated,
            true_peak_db=to_db(self._true_peak.peak),
            limiter_db=self._limiter.take_reduction_db(),
            loudness_gain_db=self.loudness.gain_db,
            ducking_db=self._ducker.reduction_db,
            duck_db=self._ducker.depth_db,
            song_delay_ms=self._song_delay.ms,
        )

    def _mix_return(self, count: int) -> None:
        out, early = self._return.samples[:, :count], self._early[:, :count]
        scaled = self._scaled[:, :count]
        scaled[:] = 0.0
        for bus in (self._click, self._count_in, self._talkback):
            sanitize(bus.samples, count)
            bus.fade(count)
            bus.measure(count)
        for bus in (self._click, self._count_in, *self._music):
            scaled += bus.samples[:, :count]
        talkback = self._talkback.samples[:, :count]
        np.add(scaled, talkback, out=early)
        # Nobody's word waits for the song.
        self._return_delay.run(self._scaled, count)
        np.add(scaled, talkback, out=out)
        self._return.fade(count)
        self._return.measure(count)
        np.clip(out, -1.0, 1.0, out=out)

    def _mix_program(self, count: int) -> None:
        out = self._program.samples[:, :count]
        self._mix_voices(count)
        gains = self._ducker.run(self._voice_sum, count)
        scaled = self._scaled[:, :count]
        scaled[:] = 0.0
        for music in self._music:
            scaled += music.samples[:, :count]
        self._song_delay.run(self._scaled, count)
        np.multiply(scaled, gains, out=out)
        for voice in self._voices:
            out += voice.samples[:, :count]
        if self._sends:
            self._reverb.run(self._send, self._program.samples, count)
        self._program.fade(count)
        hops = self._input_meter.run(self._program.samples, count)
        self.loudness.update(self._input_meter, hops)
        self._apply_loudness(out, count)
        self._limiter.run(self._program.samples, self.program, count)
        self._true_peak.run(self.program, count)
        # The meter of the bus shows what leaves it.
        np.copyto(out, self.program[:, :count])
        self._program.measure(count)

    def _mix_voices(self, count: int) -> None:
        self._voice_sum[:, :count] = 0.0
        self._send[:, :count] = 0.0
        scratch = self._scratch[:, :count]
        for voice in self._voices:
            mono = self._microphones[voice.name]
            sanitize(mono, count)
            self._strips[voice.name].run(mono, count)
            voice.samples[:, :count] = mono[:, :count]
            voice.fade(count)
            voice.measure(count)
            faded = voice.samples[:1, :count]
            self._voice_sum[:, :count] += faded
            send = self._sends.get(voice.name)
            if send is not None:
                np.multiply(faded, np.float32(send), out=scratch)
                self._send[:, :count] += scratch

    def _apply_loudness(self, out: F32, count: int) -> None:
        wanted = linear(self.loudness.gain_db)
        if abs(wanted - self._loudness_gain) < _NOTCH and wanted == 1.0:
            return
        # A hundredth of a second a decibel: no step is heard.
        self._loudness_gain += (wanted - self._loudness_gain) * min(count / (RATE * 0.05), 1.0)
        out *= np.float32(self._loudness_gain)

    def _find(self, name: str) -> _Bus:
        bus = self._buses.get(name)
        if bus is None:
            raise OutputError(
                f"the bus {name[:40]}", "is not in this show", f"it has {', '.join(self._buses)}"
            )
        return bus
