"""Test that a voice through closed lips is distinguished from vowels."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.bench.voice import MEN, WOMEN, synthesise_vowel
from renderer.capture.audio.closure import INPUTS, ClosureNetwork
from renderer.capture.audio.vowels import RATE, VowelClassifier, VowelFrame
from renderer.training.closure import make_examples, train

_HUM = (255.0, 900.0, 2100.0, 3000.0)
"""Hz, resonances of a hum."""


def hum(pitch: float, seconds: float) -> np.ndarray:
    """Return a murmur (n,): the vowel's source through a low first formant and a low pass."""
    sound = synthesise_vowel(_HUM, pitch, seconds, seed=3)
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1.0 / RATE)
    spectrum /= 1.0 + (hertz / 500.0) ** 2
    return np.asarray(0.6 * np.fft.irfft(spectrum, len(sound)))


def hear(sound: np.ndarray) -> list[VowelFrame]:
    return VowelClassifier().hear(sound.astype(np.float32), 0)


def closed_share(heard: list[VowelFrame], start_s: float, end_s: float) -> float:
    inside = [each.closed for each in heard if start_s <= each.t_ns * 1e-9 < end_s]
    return float((np.array(inside) > 0.5).mean())


@pytest.mark.parametrize("pitch", [110.0, 160.0, 220.0])
def test_a_hum_between_vowels_is_closed_and_they_are_open(pitch: float) -> None:
    vowels = [synthesise_vowel(MEN[name], pitch, 0.4) for name in ("aa", "oh")]
    heard = hear(np.concatenate((vowels[0], hum(pitch, 0.15), vowels[1])))
    assert closed_share(heard, 0.42, 0.53) > 0.7
    assert closed_share(heard, 0.1, 0.38) < 0.1
    assert closed_share(heard, 0.57, 0.9) < 0.1


@pytest.mark.parametrize("who", [MEN, WOMEN])
def test_dark_vowels_after_bright_ones_are_open(who: dict[str, tuple[float, ...]]) -> None:
    sung = [synthesise_vowel(who[name], 233.0, 0.3) for name in ("aa", "ou", "ih", "oh", "ee")]
    assert closed_share(hear(np.concatenate(sung)), 0.05, 1.45) < 0.1


def test_noise_and_silence_are_not_closed() -> None:
    rng = np.random.default_rng(5)
    for sound in (np.zeros(RATE), 0.1 * rng.normal(size=RATE), np.full(2000, np.nan)):
        assert all(each.closed < 0.1 for each in hear(sound))


def test_the_network_learns_and_learns_the_same_again() -> None:
    inputs, closed = make_examples(300, np.random.default_rng(3))
    assert inputs.shape == (300, INPUTS)
    first, again = (train(inputs, closed, np.random.default_rng(4), 90) for _ in range(2))
    for name, weights in first.items():
        np.testing.assert_array_equal(weights, again[name])
    others, truth = make_examples(150, np.random.default_rng(6))
    assert ((ClosureNetwork(first)(others) > 0.5) == (truth > 0.5)).mean() > 0.75
