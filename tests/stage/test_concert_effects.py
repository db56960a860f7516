"""Test effects that a look fires: they end with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from renderer.stage.cameras.framing import Framing
from renderer.stage.cameras.operator import Shot
from renderer.stage.cameras.performers import Performer
from renderer.stage.concert import SPARK_FALL_S, SPARK_S, StagedSong, Staging
from renderer.stage.lights.lighting import Section
from renderer.stage.lights.looks import BALLAD, CHORUS

BPM = 120.0
ONE = Performer((0.0, 1.6, 0.0), 1.6, (0.0, 1.45, 0.1), 0.0, 1.6, (0.0, 1.5, 0.0), 0.2)


@pytest.mark.parametrize(("ends", "burns_s"), [(4.0, 2.0), (40.0, SPARK_S)])
def test_sparks_burn_no_longer_than_their_look(ends: float, burns_s: float) -> None:
    sections = (Section(0.0, replace(CHORUS, confetti=False)), Section(ends, BALLAD, 0.0))
    song = StagedSong(Staging(BPM, sections, (Shot(0.0, Framing.FULL),)))
    for seconds in (0.0, 1.0, burns_s, burns_s + 0.9 * SPARK_FALL_S):
        sparks = song.direct(seconds, [ONE], 16 / 9, {}).sparks
        assert sparks is not None
        assert (sparks.age_s, sparks.burn_s) == pytest.approx((seconds, burns_s))
    assert song.direct(burns_s + 1.1 * SPARK_FALL_S, [ONE], 16 / 9, {}).sparks is None
