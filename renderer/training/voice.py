"""Trains the network that classifies sung vowels: `python -m renderer.training.voice FILE`.

The training vowels are sums of harmonics filtered by a vocal tract's resonances: formants around
published means, varied by throat length and articulation, pitches from a low male to a high female
voice, sources from breathy to pressed, responses of microphones and rooms, noise. The same seed
gives the same file.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.audio.vowels import BANDS, RATE, VOWELS, WINDOW, Network, look

FORMANTS: Final[dict[str, tuple[float, float, float, float]]] = {
    "aa": (760.0, 1220.0, 2560.0, 3500.0),
    "ih": (300.0, 2250.0, 2950.0, 3600.0),
    "ou": (340.0, 950.0, 2300.0, 3400.0),
    "ee": (500.0, 1870.0, 2550.0, 3550.0),
    "oh": (490.0, 860.0, 2450.0, 3400.0),
}
"""Hz, for a male voice: about the means of Peterson and Barney (1952), Keating and Huffman (1984)
for Japanese, and Sundberg (1987) for singers."""

_FORMANT_SIGMA: Final = (0.08, 0.08, 0.06, 0.06)
"""Standard deviation of each formant's logarithm, in addition to the effect of throat length."""
_BANDWIDTHS: Final = np.array([80.0, 100.0, 150.0, 220.0])
"""Hz, bandwidths of the formants."""

_HIDDEN: Final = 40
_EXAMPLES: Final = 30_000
_ROUNDS: Final = 40
_BATCH: Final = 256


def synthesise_window(vowel: str, rng: np.random.Generator) -> Array:
    """Synthesise a window (WINDOW,) of a vowel sung by a random voice."""
    length = rng.uniform(0.92, 1.35)
    pitch = float(np.exp(rng.uniform(np.log(85.0), np.log(750.0))))
    # High voices have short throats.
    length = max(length, 0.92 + 0.3 * np.log2(max(pitch, 110.0) / 110.0) / 2.8)
    formants = np.array(FORMANTS[vowel]) * length * np.exp(rng.normal(0.0, _FORMANT_SIGMA))
    if vowel == "aa" or (vowel == "oh" and pitch > 400.0):
        # Singers open the jaw so that the first formant does not fall below the pitch.
        formants[0] = max(formants[0], pitch)
    wide = _BANDWIDTHS * rng.uniform(0.7, 1.8)
    hertz = pitch * np.arange(1, int(0.49 * RATE / pitch) + 1)
    s, poles = 1j * hertz[:, None], -0.5 * wide + 1j * formants
    # Resonances of unit gain at 0 (Fant 1960): |p|² / ((s − p)(s − p*)).
    tract = np.prod(np.abs(poles) ** 2 / ((s - poles) * (s - poles.conj())), axis=1)
    slope = -rng.uniform(4.0, 11.0)
    level = np.abs(tract) * (hertz / hertz[0]) ** (slope / 6.02)
    level = level * _random_response(hertz, rng)
    t = np.arange(WINDOW) / RATE
    glide = 1.0 + rng.normal(0.0, 0.4) * t
    turns = 2.0 * np.pi * np.outer(t * glide, hertz) + rng.uniform(0.0, 2.0 * np.pi, len(hertz))
    voice: Array = np.cos(turns) @ level
    voice /= np.sqrt(np.mean(voice**2)) + 1e-12
    noise = np.cumsum(rng.normal(size=WINDOW)) if rng.random() < 0.3 else rng.normal(size=WINDOW)
    noise = (noise - noise.mean()) / (noise.std() + 1e-12)
    out: Array = 0.1 * (voice + 10.0 ** (-rng.uniform(8.0, 45.0) / 20.0) * noise)
    return out


def _random_response(hertz: Array, rng: np.random.Generator) -> Array:
    """Return a random gain per frequency of a microphone and a room."""
    octaves = np.log2(hertz / 500.0)
    decibels = rng.normal(0.0, 1.5) * octaves
    for _ in range(2):
        decibels = decibels + rng.normal(0.0, 2.5) * np.cos(
            2.0 * np.pi * (octaves * rng.uniform(0.15, 0.5) + rng.random())
        )
    out: Array = 10.0 ** (decibels / 20.0)
    return out


def make_examples(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Synthesise features (count, BANDS + 1) and their rows of VOWELS (count,)."""
    rows = rng.integers(len(VOWELS), size=count)
    features = np.array([look(synthesise_window(VOWELS[row], rng))[0] for row in rows])
    return features, rows.astype(np.float64)


def train(
    rng: np.random.Generator, count: int = _EXAMPLES, rounds: int = _ROUNDS
) -> dict[str, Array]:
    """Train the network by Adam (Kingma and Ba 2015) on the cross entropy; returns its weights."""
    features, rows = make_examples(count, rng)
    wanted = np.eye(len(VOWELS))[rows.astype(int)]
    w: dict[str, Array] = {
        "w1": rng.normal(0.0, (BANDS + 1) ** -0.5, (_HIDDEN, BANDS + 1)),
        "b1": np.zeros(_HIDDEN),
        "w2": rng.normal(0.0, _HIDDEN**-0.5, (len(VOWELS), _HIDDEN)),
        "b2": np.zeros(len(VOWELS)),
    }
    first = {name: np.zeros_like(value) for name, value in w.items()}
    second = {name: np.zeros_like(value) for name, value in w.items()}
    step = 0
    for turn in range(rounds):
        rate = 3e-3 * 0.5 * (1.0 + np.cos(np.pi * turn / rounds))
        for batch in np.array_split(rng.permutation(count), count // _BATCH):
            step += 1
            x, y = features[batch], wanted[batch]
            hidden = np.tanh(x @ w["w1"].T + w["b1"])
            off = (Network(w)(x) - y) / len(batch)
            back = (off @ w["w2"]) * (1.0 - hidden**2)
            slopes = {
                "w2": off.T @ hidden, "b2": off.sum(0), "w1": back.T @ x, "b1": back.sum(0),
            }  # fmt: skip
            for name, slope in slopes.items():
                slope = slope + 1e-5 * w[name]
                first[name] += 0.1 * (slope - first[name])
                second[name] += 0.001 * (slope**2 - second[name])
                mean, spread = first[name] / (1 - 0.9**step), second[name] / (1 - 0.999**step)
                w[name] = w[name] - rate * mean / (np.sqrt(spread) + 1e-8)
    return w


def main() -> None:
    """Train the network and write its weights."""
    parser = argparse.ArgumentParser(prog="python -m renderer.training.voice")
    parser.add_argument("file", type=Path)
    file: Path = parser.parse_args().file
    weights = train(np.random.default_rng(20260))
    with file.open("wb") as out:
        w1, b1, w2, b2 = (weights[name].astype(np.float32) for name in ("w1", "b1", "w2", "b2"))
        np.savez_compressed(out, w1=w1, b1=b1, w2=w2, b2=b2)


if __name__ == "__main__":
    main()
