"""Staging of the demo's song: its looks and its cameras by the beat."""

from __future__ import annotations

from typing import Final

from renderer.stage.cameras.framing import Framing
from renderer.stage.cameras.operator import Shot
from renderer.stage.cameras.rigs import Crane, Dolly, Follow, Handheld, Orbit
from renderer.stage.concert import Staging
from renderer.stage.lights.lighting import Section
from renderer.stage.lights.looks import BALLAD, CHORUS, VERSE

MARKS: Final = ((-0.74, 0.10), (0.74, -0.16))
"""Positions of the two dancers, (x, z) metres: one slightly in front of the other, so that arms
stretched out sideways do not collide."""

BPM: Final = 120.0
BEATS: Final = 60.0
"""Tempo and length of the song (`avatars.authoring.dance.score`)."""

_LEFT, _RIGHT = (0,), (1,)

SECTIONS: Final = (
    Section(0, VERSE),
    Section(24, BALLAD, 1.0),
    Section(32, CHORUS, 0.25),
    Section(48, VERSE, 1.0),
    Section(53, CHORUS, 0.25),
    Section(57, BALLAD, 1.25),
)
"""Intro and verse; the song's pause; the chorus; the break; the last line."""

SHOTS: Final = (
    Shot(0, Framing.WIDE, rig=Crane(rise=(1.5, 0.0), nearer=(0.0, 0.10))),
    Shot(4, Framing.FULL, rig=Orbit(side=(-0.34, 0.16))),
    Shot(8, Framing.BUST, _LEFT, Follow(side=(0.22, 0.12), nearer=(-0.16, -0.12))),
    Shot(12, Framing.COWBOY, _RIGHT, Dolly(aside=(0.25, -0.20)), side=0.12, beside=-0.12),
    Shot(14, Framing.COWBOY, rig=Handheld(2, 0.004), side=0.18),
    Shot(16, Framing.CROWD, rig=Handheld(1)),
    Shot(18, Framing.FULL, rig=Dolly(nearer=(0.0, 0.08)), side=-0.12, rise=-0.25),
    Shot(20, Framing.WIDE, rig=Crane(rise=(0.0, 0.8))),
    Shot(22, Framing.COWBOY, _LEFT, Dolly(aside=(-0.25, 0.20)), side=-0.12, beside=0.36),
    Shot(24, Framing.FULL, rig=Orbit(side=(0.28, 0.16), rise=(0.25, 0.10))),
    Shot(26, Framing.COWBOY, _RIGHT, Follow(side=(-0.20, -0.12), nearer=(0.0, 0.04)), beside=-0.14),
    Shot(28, Framing.COWBOY, _LEFT, Dolly(nearer=(0.0, 0.06)), side=0.18, beside=0.20),
    Shot(30, Framing.FULL, rig=Dolly(nearer=(0.0, 0.10)), rise=-0.38),
    Shot(32, Framing.FULL, rig=Handheld(3, nearer=(0.0, 0.06)), side=-0.28, rise=-0.42),
    Shot(34, Framing.REVERSE, rig=Dolly(aside=(-0.18, 0.18))),
    Shot(36, Framing.CROWD, rig=Handheld(4, 0.009)),
    Shot(38, Framing.COWBOY, _LEFT, Orbit(side=(0.34, 0.14)), beside=0.30),
    Shot(40, Framing.OVER_SHOULDER, _RIGHT, Handheld(8, 0.004)),
    Shot(42, Framing.BUST, _LEFT, Handheld(5, 0.005, (0.15, 0.05), (-0.22, -0.17)), rise=-0.10),
    Shot(44, Framing.FULL, rig=Crane(rise=(-0.36, 0.0), side=(0.16, 0.0))),
    Shot(46, Framing.BUST, _RIGHT, Handheld(6, 0.005, (-0.15, -0.05), (-0.30, -0.25)), rise=-0.10),
    Shot(48, Framing.WIDE, rig=Crane(rise=(0.2, 2.4), nearer=(0.10, 0.0))),
    Shot(52, Framing.COWBOY, rig=Follow(side=(-0.10, 0.10), nearer=(-0.05, -0.10))),
    Shot(53, Framing.CLOSE_UP, _LEFT, Follow((0.14, 0.10), (-0.2, -0.2)), beside=0.20),
    Shot(54, Framing.CLOSE_UP, _RIGHT, Follow((-0.14, -0.10), (-0.4, -0.4)), beside=-0.20),
    Shot(55, Framing.CROWD, rig=Handheld(7)),
    Shot(57, Framing.FULL, rig=Crane(rise=(-0.2, 0.3), nearer=(0.0, -0.35))),
)
"""Cuts are on beats; the singer is in the picture, and so are raised hands."""

UPRIGHT_SHOTS: Final = (
    Shot(0, Framing.WIDE, rig=Crane(rise=(1.5, 0.0), nearer=(0.0, 0.10))),
    Shot(4, Framing.FULL, _LEFT, Orbit(side=(-0.26, 0.12))),
    Shot(8, Framing.BUST, _LEFT, Follow(side=(0.22, 0.12), nearer=(-0.24, -0.18))),
    Shot(12, Framing.COWBOY, _RIGHT, Dolly(aside=(0.20, -0.16)), side=0.10),
    Shot(16, Framing.FULL, _RIGHT, Orbit(side=(0.24, -0.06))),
    Shot(20, Framing.COWBOY, _LEFT, Follow(side=(0.12, -0.10))),
    Shot(24, Framing.FULL, _LEFT, Orbit(side=(0.22, 0.12), rise=(0.20, 0.08))),
    Shot(26, Framing.COWBOY, _RIGHT, Follow(side=(-0.20, -0.12), nearer=(0.0, 0.04))),
    Shot(28, Framing.COWBOY, _LEFT, Dolly(nearer=(0.0, 0.06)), side=0.18),
    Shot(30, Framing.FULL, _RIGHT, Dolly(nearer=(0.0, 0.08)), rise=-0.38),
    Shot(32, Framing.FULL, _LEFT, Handheld(11, nearer=(0.0, 0.06)), side=-0.08, rise=-0.42),
    Shot(35, Framing.REVERSE, _LEFT, Dolly(aside=(-0.12, 0.12))),
    Shot(37, Framing.COWBOY, _RIGHT, Orbit(side=(-0.30, -0.12))),
    Shot(40, Framing.COWBOY, _LEFT, Orbit(side=(0.30, 0.12))),
    Shot(42, Framing.BUST, _LEFT, Handheld(12, 0.005, (0.15, 0.05), (-0.24, -0.18)), rise=-0.10),
    Shot(44, Framing.FULL, _RIGHT, Crane(rise=(-0.40, 0.20), side=(0.18, -0.08))),
    Shot(46, Framing.BUST, _RIGHT, Handheld(13, 0.005, (-0.15, -0.05), (-0.24, -0.18)), rise=-0.10),
    Shot(48, Framing.FULL, _LEFT, Orbit(side=(-0.20, 0.12))),
    Shot(53, Framing.CLOSE_UP, _LEFT, Follow(side=(0.14, 0.10))),
    Shot(54, Framing.CLOSE_UP, _RIGHT, Follow(side=(-0.14, -0.10))),
    Shot(55, Framing.CROWD, rig=Handheld(14)),
    Shot(57, Framing.FULL, _LEFT, Crane(rise=(-0.2, 0.2), nearer=(0.0, -0.25))),
)
"""For an upright picture: one performer at a time, who sings or has just come to the front."""

STAGING: Final = Staging(
    BPM, SECTIONS, SHOTS, "ENCORE LIVE   앙코르   아무도 모르게 빛나", BEATS, UPRIGHT_SHOTS
)
