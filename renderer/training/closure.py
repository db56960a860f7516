"""Trains the network that recognises closed lips: `python -m renderer.training.closure FILE`.

The training sounds are synthesised. Open lips: the vowels of renderer.training.voice, at levels and
falls that vowels have beside each other. Closed lips: the same sources through the nose, a murmur
of wide resonances and an antiresonance (Fujimura 1962), or through the walls of the throat, the low
tone before b. The same seed gives the same file.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.audio.closure import (
    INPUTS,
    ClosureNetwork,
    closure_inputs,
    measure_levels,
)
from renderer.capture.audio.vowels import RATE, VOWELS, WINDOW, look
from renderer.training.voice import synthesise_window

_MURMUR: Final = ((270.0, 1020.0, 1750.0, 2400.0, 3300.0), (90.0, 220.0, 280.0, 320.0, 400.0))
"""Hz, resonances of the nose with closed lips and their bandwidths, about those of Fujimura."""
_ZERO: Final = ((700.0, 1300.0), (90.0, 250.0))
"""Hz, range of the mouth's antiresonance during m, and of its bandwidth."""
_BAR_HZ: Final = 220.0
"""Hz, resonance of the low tone of b."""
_BAR_SHARE: Final = 0.2
"""Share of closures that are such tones."""
_CLOSED_DB: Final = (-14.0, -3.0)
"""Level of a murmur relative to the vowel beside it."""
_OPEN_DB: Final = (-10.0, 0.0)
"""Level of a vowel relative to the loudest of the last second."""

_VOWELS: Final = 2
"""Vowels that a sound is compared with."""
_FIRST_SHARE: Final = 0.1
"""Share of sounds that a voice begins with: there is nothing to compare them with."""

_EXAMPLES: Final = 24_000
_HIDDEN: Final = 12
_ROUNDS: Final = 40
_BATCH: Final = 256
_TEST_SHARE: Final = 0.2


def synthesise_closure(rng: np.random.Generator) -> Array:
    """Synthesise a window (WINDOW,) of a random voice through closed lips."""
    pitch = float(np.exp(rng.uniform(np.log(85.0), np.log(750.0))))
    hertz = pitch * np.arange(1, int(0.49 * RATE / pitch) + 1)
    s = 1j * hertz[:, None]
    if rng.random() < _BAR_SHARE:
        poles = np.array([-60.0 + 1j * _BAR_HZ * rng.uniform(0.8, 1.3)] * 2)
        tract = np.prod(np.abs(poles) ** 2 / ((s - poles) * (s - poles.conj())), axis=1)
    else:
        formants = np.array(_MURMUR[0]) * rng.uniform(0.9, 1.2) * rng.normal(1.0, 0.06, 5)
        formants[0] = max(formants[0], 0.9 * pitch)
        poles = -0.5 * np.array(_MURMUR[1]) * rng.uniform(0.7, 1.6) + 1j * formants
        tract = np.prod(np.abs(poles) ** 2 / ((s - poles) * (s - poles.conj())), axis=1)
        zero = -0.5 * rng.uniform(*_ZERO[1]) + 1j * rng.uniform(*_ZERO[0])
        tract = tract * ((s - zero) * (s - zero.conjugate())).ravel() / abs(zero) ** 2
    slope = -rng.uniform(4.0, 11.0)
    level = np.abs(tract) * (hertz / hertz[0]) ** (slope / 6.02)
    t = np.arange(WINDOW) / RATE
    turns = 2.0 * np.pi * np.outer(t, hertz) + rng.uniform(0.0, 2.0 * np.pi, len(hertz))
    voice: Array = np.cos(turns) @ level
    voice /= np.sqrt(np.mean(voice**2)) + 1e-12
    noise = rng.normal(size=WINDOW)
    out: Array = 0.1 * (voice + 10.0 ** (-rng.uniform(15.0, 45.0) / 20.0) * noise)
    return out


def _synthesise_any_vowel(rng: np.random.Generator) -> Array:
    """Synthesise a window (WINDOW,) of a random vowel."""
    return synthesise_window(VOWELS[rng.integers(len(VOWELS))], rng)


def _examine(window: Array) -> tuple[Array, Array]:
    """Return features (25,) and levels (2,) of a window."""
    features, _, _, _, bands = look(window)
    return features, measure_levels(bands)


def make_examples(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Synthesise inputs (count, INPUTS) and whether the lips are closed (count,), 0 or 1."""
    inputs, closed = np.empty((count, INPUTS)), rng.integers(2, size=count)
    for k in range(count):
        vowels = [_examine(_synthesise_any_vowel(rng))[1] for _ in range(_VOWELS)]
        if closed[k]:
            window, (low, high) = synthesise_closure(rng), _CLOSED_DB
        else:
            window, (low, high) = _synthesise_any_vowel(rng), _OPEN_DB
        features, levels = _examine(window * 10.0 ** (rng.uniform(low, high) / 20.0))
        if rng.random() < _FIRST_SHARE:
            vowels = [levels]
        falls = np.max([*vowels, levels], axis=0) - levels
        inputs[k] = closure_inputs(features, falls)
    return inputs, closed.astype(np.float64)


def train(
    inputs: Array, closed: Array, rng: np.random.Generator, rounds: int = _ROUNDS
) -> dict[str, Array]:
    """Train the network by Adam (Kingma and Ba 2015) on the cross entropy; return its weights."""
    w: dict[str, Array] = {
        "w1": rng.normal(0.0, INPUTS**-0.5, (_HIDDEN, INPUTS)),
        "b1": np.zeros(_HIDDEN),
        "w2": rng.normal(0.0, _HIDDEN**-0.5, _HIDDEN),
        "b2": np.zeros(()),
    }
    first = {name: np.zeros_like(value) for name, value in w.items()}
    second = {name: np.zeros_like(value) for name, value in w.items()}
    step = 0
    for turn in range(rounds):
        rate = 3e-3 * 0.5 * (1.0 + np.cos(np.pi * turn / rounds))
        for batch in np.array_split(rng.permutation(len(inputs)), max(len(inputs) // _BATCH, 1)):
            step += 1
            x, y = inputs[batch], closed[batch]
            hidden = np.tanh(x @ w["w1"].T + w["b1"])
            off = (ClosureNetwork(w)(x) - y) / len(batch)
            back = off[:, None] * w["w2"] * (1.0 - hidden**2)
            slopes = {
                "w2": hidden.T @ off, "b2": off.sum(), "w1": back.T @ x, "b1": back.sum(0),
            }  # fmt: skip
            for name, slope in slopes.items():
                slope = slope + 1e-4 * w[name]
                first[name] = 0.9 * first[name] + 0.1 * slope
                second[name] = 0.999 * second[name] + 0.001 * slope**2
                mean, spread = first[name] / (1 - 0.9**step), second[name] / (1 - 0.999**step)
                w[name] = w[name] - rate * mean / (np.sqrt(spread) + 1e-8)
    return w


def main() -> None:
    """Train the network, write its weights and print how often it is right on other sounds."""
    parser = argparse.ArgumentParser(prog="python -m renderer.training.closure")
    parser.add_argument("file", type=Path)
    file: Path = parser.parse_args().file
    rng = np.random.default_rng(20261)
    inputs, closed = make_examples(_EXAMPLES, rng)
    split = round((1.0 - _TEST_SHARE) * len(inputs))
    weights = train(inputs[:split], closed[:split], rng)
    said = ClosureNetwork(weights)(inputs[split:]) > 0.5
    truth = closed[split:] > 0.5
    sys.stdout.write(
        f"closed lips found {said[truth].mean():.1%}, open lips taken for closed "
        f"{said[~truth].mean():.1%}\n"
    )
    with file.open("wb") as out:
        w1, b1, w2, b2 = (weights[name].astype(np.float32) for name in ("w1", "b1", "w2", "b2"))
        np.savez_compressed(out, w1=w1, b1=b1, w2=w2, b2=b2)


if __name__ == "__main__":
    main()
