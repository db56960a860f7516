"""Synthesise songs from their scores.

Drums are enveloped noise and falling sines, bass and pads are sums of sines, and the voice is a
sum of harmonics weighted by a vowel's formants (Fant, "Acoustic theory of speech production",
1960; formant values after Peterson and Barney, 1952, women).
"""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from avatars.authoring.dance.consonants import consonant
from avatars.authoring.dance.score import BEATS_A_BAR, FLOWER_WINDOW, Note, Score
from avatars.authoring.figure.source import Floats

RATE = 48_000
"""Sample rate, hertz."""
_TAIL = 0.8
"""Length of the sound after the last beat, seconds."""

_FORMANTS = {
    # Centre frequency [Hz] and gain of the first three formants.
    "a": ((850, 1.0), (1220, 0.6), (2810, 0.20)),
    "e": ((610, 1.0), (2330, 0.35), (2990, 0.25)),
    "i": ((310, 1.0), (2790, 0.30), (3310, 0.25)),
    "o": ((590, 1.0), (920, 0.6), (2710, 0.12)),
    "u": ((370, 1.0), (950, 0.4), (2670, 0.08)),
}


def synthesise(score: Score = FLOWER_WINDOW) -> Floats:
    """Return a score's stereo samples (n, 2) at RATE, −1 to 1."""
    mix = np.zeros((int((score.seconds + _TAIL) * RATE), 2))
    noise = np.random.Generator(np.random.PCG64(20)).standard_normal(RATE)
    band = _Band(score, mix, noise)
    if score.has_drums:
        band.play_drums()
    else:
        band.play_softly()
    band.play_pads()
    band.sing()
    loudest = float(np.abs(mix).max())
    sound: Floats = 0.89 * np.tanh(1.4 * mix / loudest) / np.tanh(1.4)
    return sound


def write_song(path: Path, score: Score = FLOWER_WINDOW) -> None:
    """Write a score's song as Opus in Ogg."""
    sound = np.round(synthesise(score) * 32767.0).astype(np.int16)
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as file:
        stream = file.add_stream("libopus", rate=RATE, layout="stereo")
        stream.bit_rate = 96_000
        frame = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate = RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            file.mux(packet)


class _Band:
    """Plays a score into a mix, (n, 2); `noise` is (RATE,) white noise."""

    def __init__(self, score: Score, mix: Floats, noise: Floats) -> None:
        self._score, self._mix, self._noise = score, mix, noise

    def play_drums(self) -> None:
        """Play drums and a bass on every half beat."""
        score, noise = self._score, self._noise
        for beat in range(score.beats):
            if beat < 4:
                self._add(beat, 0.5 * _hat(noise), 0.0)
                continue
            self._add(beat, 0.9 * _kick(), 0.0)
            if beat % 2 == 1:
                self._add(beat, 0.45 * _clap(noise), 0.1)
            for half in (0.0, 0.5):
                self._add(beat + half, (0.10 + 0.12 * half) * _hat(noise), -0.3)
            root = score.chord_at(beat)[0] - 24
            for half in (0.0, 0.5):
                self._add(beat + half, 0.32 * _bass(root + (12 if half else 0)), 0.0)

    def play_softly(self) -> None:
        """Play a broken chord, and a bass on the first beat of each bar."""
        score = self._score
        for beat in range(score.beats - score.beats % BEATS_A_BAR):
            chord = score.chord_at(beat)
            if beat % BEATS_A_BAR == 0:
                self._add(beat, 0.22 * _bass(chord[0] - 24), 0.0)
            for step, note in enumerate((chord[0], chord[2], chord[1], chord[2])):
                self._add(beat + step / 4.0, 0.10 * _bass(note + 12), 0.4 * (step - 1.5) / 1.5)

    def play_pads(self) -> None:
        """Play a chord in every bar."""
        for bar in range(self._score.beats // BEATS_A_BAR):
            beat = bar * BEATS_A_BAR
            for i, pitch in enumerate(self._score.chord_at(beat)):
                sound = self._score.pad * _pad(pitch, self._seconds(BEATS_A_BAR))
                self._add(beat, sound, (i - 1) * 0.6)

    def sing(self) -> None:
        """Sing the melody."""
        melody = self._score.melody
        for note, after in zip(melody, (*melody[1:], None), strict=True):
            said = _synthesize_consonant(note, self._noise)
            self._add(note.beat - len(said) / RATE * self._score.bpm / 60.0, 0.55 * said, 0.0)
            follows = after is not None and after.beat == note.beat + note.length
            cut = (
                len(_synthesize_consonant(after, self._noise)) / RATE
                if after is not None and follows
                else 0.0
            )
            self._add(note.beat, 0.55 * _voice(note, self._seconds(note.length), cut), 0.0)

    def _seconds(self, beats: float) -> float:
        return beats * 60.0 / self._score.bpm

    def _add(self, beat: float, sound: Floats, pan: float) -> None:
        mix = self._mix
        start = round(beat * 60.0 / self._score.bpm * RATE)
        end = min(len(mix), start + len(sound))
        angle = (pan + 1.0) * np.pi / 4.0
        mix[start:end, 0] += sound[: end - start] * np.cos(angle) * np.sqrt(2.0)
        mix[start:end, 1] += sound[: end - start] * np.sin(angle) * np.sqrt(2.0)


def _time(seconds: float) -> Floats:
    return np.arange(int(seconds * RATE)) / RATE


def _hertz(pitch: float) -> float:
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def _kick() -> Floats:
    t = _time(0.28)
    phase = 2.0 * np.pi * (46.0 * t + 120.0 / 30.0 * (1.0 - np.exp(-30.0 * t)))
    sound: Floats = np.sin(phase) * np.exp(-t / 0.09)
    return sound


def _clap(noise: Floats) -> Floats:
    t = _time(0.22)
    bursts = sum(np.exp(-np.clip(t - d, 0.0, None) / 0.02) * (t >= d) for d in (0.0, 0.011, 0.022))
    rough = np.diff(noise[: len(t) + 1])
    sound: Floats = rough * bursts * 0.25 * np.exp(-t / 0.08)
    return sound


def _hat(noise: Floats) -> Floats:
    t = _time(0.06)
    sound: Floats = np.diff(noise[: len(t) + 2], 2) * 0.3 * np.exp(-t / 0.018)
    return sound


def _bass(pitch: float) -> Floats:
    t = _time(0.24)
    f = _hertz(pitch)
    wave = sum(np.sin(2.0 * np.pi * f * k * t) / k**1.5 for k in range(1, 7))
    sound: Floats = wave * np.minimum(1.0, t / 0.005) * np.exp(-t / 0.16)
    return sound


def _pad(pitch: float, seconds: float) -> Floats:
    t = _time(seconds)
    wave = np.zeros_like(t)
    for detune in (-0.06, 0.05):
        f = _hertz(pitch + detune)
        wave += sum(np.sin(2.0 * np.pi * f * k * t) / k**2 for k in range(1, 6))
    sound: Floats = wave * np.clip(np.minimum(t / 0.25, (seconds - t) / 0.25), 0.0, 1.0)
    return sound


def _synthesize_consonant(note: Note, noise: Floats) -> Floats:
    return consonant(note.consonant, _hertz(note.pitch), RATE, noise)


def _voice(note: Note, lasts: float, cut: float) -> Floats:
    """Return the samples of a note's vowel.

    Args:
        lasts: length of the note, seconds.
        cut: seconds to end early, for the next note's consonant.
    """
    seconds = min(lasts * 0.96, lasts - cut)
    t = _time(seconds)
    vibrato = 0.28 * np.sin(2.0 * np.pi * 5.6 * t) * np.clip((t - 0.18) / 0.3, 0.0, 1.0)
    scoop = -0.8 * np.exp(-t / 0.035)
    f = _hertz(note.pitch) * 2.0 ** ((vibrato + scoop) / 12.0)
    phase = 2.0 * np.pi * np.cumsum(f) / RATE
    wave = np.zeros_like(t)
    for k in range(1, 25):
        centre = _hertz(note.pitch) * k
        if centre > 7000.0:
            break
        gain = sum(
            g / (1.0 + ((centre - c) / (60.0 + 0.09 * c)) ** 2) for c, g in _FORMANTS[note.vowel]
        )
        wave += (gain + 0.02) / k**0.4 * np.sin(k * phase)
    attack = 0.07 if len(note.syllable) > 1 else 0.03
    # Start quietly while the mouth opens; longer after a consonant.
    opening = 0.25 + 0.75 * np.clip((t - 0.02) / attack, 0.0, 1.0)
    ends = np.clip(np.minimum(t / 0.012, (seconds - t) / 0.06), 0.0, 1.0)
    sound: Floats = wave * opening * ends * 0.6
    return sound
