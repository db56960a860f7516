"""Define facial movements that are hard to capture: single shapes, slow and fast eye movements.

They are functions of time like those of `motions`. The head moves a little throughout, and the gaze
is relative to the head, so that facial weights do not correlate with the head's pose.
"""

from __future__ import annotations

import numpy as np

from avatars.authoring.clips.figure import Figure, Movement
from avatars.authoring.dance import score
from avatars.authoring.dance.singing import face_weights
from avatars.authoring.dance.timing import ease
from avatars.authoring.figure.source import Floats

_SLOT = 0.7
"""Seconds per shape; it fades in over a third of them, is held, and fades out as fast."""

_GRIMACES: tuple[dict[str, float], ...] = (
    {"jawOpen": 0.8},
    {"mouthSmile{}": 0.8},
    {"cheekPuff": 0.9},
    {"mouthPucker": 0.9},
    {"noseSneer{}": 0.9},
    {"browDown{}": 0.9},
    {"jawForward": 0.9},
    {"mouthFrown{}": 0.8},
    {"mouthPress{}": 0.9},
    {"mouthRollLower": 0.9, "mouthRollUpper": 0.9},
    {"mouthDimple{}": 0.9},
    {"mouthStretch{}": 0.8},
    {"jawOpen": 0.35, "tongueOut": 1.0},
    {"jawOpen": 0.35},
    {"mouthFunnel": 0.8, "jawOpen": 0.3},
    {"browInnerUp": 0.9, "browOuterUp{}": 0.8},
    {"eyeBlink{}": 1.0},
    {"eyeSquint{}": 0.9},
    {"cheekSquint{}": 0.9},
    {"eyeWide{}": 0.9},
    {"mouthUpperUp{}": 0.8},
    {"mouthLowerDown{}": 0.8},
    {"mouthShrugLower": 0.8, "mouthShrugUpper": 0.5},
    {"mouthLeft": 0.9},
    {"mouthRight": 0.9},
    {"jawLeft": 0.9},
    {"jawRight": 0.9},
    {"cheekPuff": 0.6, "mouthPucker": 0.3},
    {"noseSneer{}": 0.6, "mouthUpperUp{}": 0.4},
    {"tongueOut": 1.0, "jawOpen": 0.6, "mouthSmile{}": 0.3},
)

GRIMACES_S = _SLOT * (len(_GRIMACES) + 1)
"""Duration of all shapes, with one slot of neutral face before them, seconds."""

_LOOKS = (
    (0.8, 0.0, -0.30, 0.06), (1.6, 0.0, 0.0, 0.06), (2.2, 0.0, -0.38, 0.50), (3.6, 0.0, 0.0, 0.40),
    (4.6, 0.2, -0.25, 0.06), (5.2, -0.2, -0.12, 0.06), (5.8, 0.0, 0.22, 0.06),
    (6.4, 0.0, 0.0, 0.06), (6.9, 0.0, -0.35, 0.06), (8.6, 0.0, 0.0, 0.06),
)  # fmt: skip
"""Eye movements: start [s], target yaw and pitch [rad], duration [s]."""
LOOKS_S = 10.0
"""Duration of `looking_down`, seconds."""

_VERSE = 8.0
"""Beat at which the sung part of the song begins."""


def grimacing(heads: Floats, t: Floats, phase: float = 0.0) -> Movement:
    """Return the shapes one after another, each from the neutral face.

    Args:
        phase: initial phase of the head's oscillation, radians, so that the head's pose at a given
            shape can differ between performers.
    """
    figure = _nodding(heads, t, phase)
    for k, shapes in enumerate(_GRIMACES):
        into = (t - _SLOT * (k + 1)) / _SLOT
        shown = ease(into / 0.33) - ease((into - 0.60) / 0.33)
        for name, amount in shapes.items():
            figure.shape(name, amount * shown)
    return figure.finish_figure(np.zeros((len(t), 2)))


def looking_down(heads: Floats, t: Floats) -> Movement:
    """Return fast and slow looks down, straight and sideways, with blinks in between."""
    figure = _nodding(heads, t)
    figure.blink("eyeBlink{}", 0.4, 3.0, 4.3, 6.7, 7.4, 9.2)
    figure.blink("eyeBlink{}", 9.6, hold=0.2)
    gaze, before = np.zeros((len(t), 2)), np.zeros(2)
    for time, yaw, pitch, seconds in _LOOKS:
        goal = np.array((yaw, pitch))
        gaze += (goal - before) * ease((t - time) / seconds)[:, None]
        before = goal
    return figure.finish_figure(gaze)


def sing(heads: Floats, t: Floats) -> Movement:
    """Return the singing of the demo's first verse."""
    figure = _nodding(heads, t)
    figure.face(face_weights(_VERSE + t * score.BPM / 60.0))
    return figure.finish_figure(np.zeros((len(t), 2)))


def _nodding(heads: Floats, t: Floats, phase: float = 0.0) -> Figure:
    figure = Figure(heads, t)
    figure.head(
        7.0 * np.sin(1.3 * t + phase),
        3.0 * np.sin(1.9 * t + 1.6 * phase),
        5.0 * np.sin(1.7 * t + 2.3 * phase),
    )
    return figure
