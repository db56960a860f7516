"""Test that every camera has its own lens, and that other inputs have none."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from renderer.capture.records import USUAL_FOCAL
from renderer.errors import ShowError
from renderer.paths import CLIP, IDOL
from renderer.rights.declaration import Declaration
from renderer.show.inputs.open import capture_of, open_feeds
from renderer.show.plan import ShowPlan
from renderer.show.timing import StageTimes


def plan_of(inputs: tuple[str, ...], lenses: tuple[float, ...]) -> ShowPlan:
    return ShowPlan(inputs, (IDOL,), None, Declaration(""), lenses=lenses)


def test_what_a_camera_sees_carries_its_lens(tmp_path: Path) -> None:
    plan = plan_of((str(CLIP),) * 2, (2.5,))
    for number, focal in enumerate((2.5, USUAL_FOCAL)):
        opens = capture_of(
            plan, plan.inputs[number], tmp_path / f"{number}", focal=plan.focal(number)
        )
        with closing(opens()) as capture:
            capture.start()
            seen = capture.get_all(60.0)
            assert isinstance(seen, tuple)
            assert seen[0].focal == focal


@pytest.mark.parametrize(
    ("inputs", "told"),
    [(("a.mp4",), "The 2 lenses: are more than the inputs, 1"),
     (("camera:0", "take.mcap"), "The lens of take.mcap"),
     (("dance.bvh", "camera:0"), "The lens of dance.bvh")],
)  # fmt: skip
def test_a_lens_too_many_or_of_no_camera_is_refused(
    tmp_path: Path, inputs: tuple[str, ...], told: str
) -> None:
    with pytest.raises(ShowError, match=told):
        open_feeds(plan_of(inputs, (1.0, 1.0)), lambda n: tmp_path / f"{n}", StageTimes())
