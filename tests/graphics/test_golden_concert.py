"""Compare both idols in the hall with golden pictures at fixed beats, on llvmpipe alone.

After an intended change, look at the new pictures, then store them:
`ENCORE_KEEP_GOLDEN=1 pytest tests/graphics/test_golden_concert.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from renderer.graphics.quality import SOFTWARE
from renderer.graphics.renderer import StageRenderer
from renderer.protocol.pictures import PROGRAM
from renderer.tools.dancer import FPS
from renderer.tools.duet import Duet, DuetPlan
from renderer.tools.duet_staging import BPM

WIDE, UPRIGHT = (256, 144), (108, 192)
BEATS = {
    "wide": 3.0,
    "full": 18.8,
    "bust": 10.6,
    "bust_2": 46.9,
    "close_up": 53.4,
    "over_shoulder": 41.0,
    "ballad": 25.7,
    "chorus": 44.4,
    "reverse": 35.0,
    "crowd": 36.8,
}


@pytest.fixture(scope="module", params=[WIDE, UPRIGHT], ids=["wide", "upright"])
def duet(request: pytest.FixtureRequest) -> Iterator[Duet]:
    plan = DuetPlan(Path("golden.png"), size=request.param, has_titles=False, has_label=False)
    with Duet(plan, quality=SOFTWARE, samples=0) as opened:
        yield opened


@pytest.mark.parametrize("name", list(BEATS))
def test_the_concert_looks_as_it_did(
    duet: Duet, require_golden: Callable[[StageRenderer, str], None], name: str
) -> None:
    is_upright = duet.sizes[PROGRAM] == UPRIGHT
    if is_upright and name not in ("chorus", "reverse"):
        pytest.skip("upright pictures are kept of two shots")
    duet.draw_still(round(BEATS[name] * 60.0 / BPM * FPS))
    require_golden(duet.renderer, f"concert_{name}{'_upright' if is_upright else ''}")
