"""Staging of the demo's song: its looks and its cameras by the beat."""

from __future__ import annotations

from typing import Final

from renderer.stage.concert import Staging
from renderer.stage.framing import Framing, Shot
from renderer.stage.lighting import Section
from renderer.stage.looks import BALLAD, CHORUS, VERSE

MARKS: Final = ((-0.74, 0.10), (0.74, -0.16))
"""Positions of the two dancers, (x, z) metres: one slightly in front of the other, so that arms
stretched out sideways do not collide."""

BPM: Final = 120.0
BEATS: Final = 60.0
"""Tempo and length of the song (`avatars.authoring.dance.score`)."""

_LEFT, _RIGHT = (0,), (1,)

SECTIONS: Final = (
    Section(0, VERSE),
    Section(24, BALLAD, 1.5),
    Section(32, CHORUS, 0.25),
    Section(48, VERSE, 1.0),
    Section(53, CHORUS, 0.25),
    Section(57, BALLAD, 2.0),
)
"""Intro and verse; the song's pause; the chorus; the break; the last line."""

SHOTS: Final = (
    Shot(0, Framing.WIDE, nearer=0.06),
    Shot(4, Framing.FULL, side=(-0.30, 0.20), rise=(0.1, 0.0), nearer=0.06),
    Shot(8, Framing.BUST, _LEFT, side=(0.20, 0.12), nearer=0.04),
    Shot(12, Framing.COWBOY, _RIGHT, side=(-0.22, -0.10), nearer=0.05),
    Shot(16, Framing.FULL, side=(0.30, -0.10), nearer=0.05),
    Shot(20, Framing.WIDE, nearer=0.05),
    Shot(22, Framing.COWBOY, side=(-0.15, 0.05)),
    Shot(24, Framing.FULL, side=(0.26, 0.20), rise=(0.25, 0.15), nearer=0.05),
    Shot(26, Framing.BUST, _RIGHT, side=(-0.20, -0.12), nearer=0.04),
    Shot(28, Framing.CLOSE_UP, _LEFT, side=(0.16, 0.10)),
    Shot(30, Framing.FULL, side=(0.0, 0.0), rise=(-0.35, -0.42), nearer=0.08),
    Shot(32, Framing.FULL, side=(-0.10, 0.04), rise=(-0.40, -0.40), nearer=0.06),
    Shot(34, Framing.REVERSE),
    Shot(36, Framing.CROWD, nearer=0.05),
    Shot(38, Framing.COWBOY, _LEFT, side=(0.25, 0.10)),
    Shot(40, Framing.COWBOY, _RIGHT, side=(-0.25, -0.10)),
    Shot(42, Framing.BUST, _LEFT, side=(0.15, 0.05), nearer=0.04),
    Shot(44, Framing.FULL, side=(0.18, -0.12), rise=(-0.40, -0.30), nearer=0.04),
    Shot(46, Framing.BUST, _RIGHT, side=(-0.15, -0.05), nearer=0.04),
    Shot(48, Framing.WIDE, nearer=0.08),
    Shot(52, Framing.COWBOY, side=(-0.10, 0.10)),
    Shot(53, Framing.CLOSE_UP, _LEFT, side=(0.12, 0.06)),
    Shot(54, Framing.CLOSE_UP, _RIGHT, side=(-0.12, -0.06)),
    Shot(55, Framing.CROWD, nearer=0.04),
    Shot(57, Framing.FULL, side=(0.08, 0.0), rise=(0.0, 0.1), nearer=-0.12),
)
"""Cuts are on beats; the singer is in the picture."""

STAGING: Final = Staging(BPM, SECTIONS, SHOTS, "ENCORE LIVE   앙코르   아무도 모르게 빛나", BEATS)
