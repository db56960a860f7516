"""What is given up, in which order, and what never is."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction

import pytest

from renderer.graphics.limits import Limits
from renderer.show.governor.steps import LEAST_RATE, SCALES, plan_steps, setting_of

ORDER = ("mirror", "defocus", "shadow_every", "crowd", "bloom", "outlines_from", "smoothing",
         "detail", "rate", "scale", "scale")  # fmt: skip


def test_the_order_is_the_stated_one() -> None:
    steps = plan_steps(30.0)
    given = tuple(next(iter(step.limits), "rate") for step in steps)
    assert given == ORDER
    assert len({step.name for step in steps}) == len(steps)


def test_every_limit_is_given_up_by_some_step_and_none_other_exists() -> None:
    given = {name for step in plan_steps(30.0) for name in step.limits}
    assert given == {field.name for field in fields(Limits)}


@pytest.mark.parametrize(
    ("rate", "every"),
    [(15.0, 1), (24.0, "3/2"), (30.0, "3/2"), (50.0, 3), (60.0, 3), (120.0, 6)],
)
def test_the_rate_stays_above_fifteen(rate: float, every: int | str) -> None:
    steps = plan_steps(rate)
    setting = setting_of(steps, len(steps))
    assert setting.every == Fraction(every)
    assert rate / setting.every > LEAST_RATE or setting.every == 1
    assert setting.limits.scale == SCALES[-1]


def test_each_step_adds_to_those_before_it() -> None:
    steps = plan_steps(30.0)
    assert setting_of(steps, 0).limits == Limits()
    for count in range(len(steps)):
        fewer, more = setting_of(steps, count), setting_of(steps, count + 1)
        assert more.given_up == (*fewer.given_up, steps[count].name)
        assert (more.limits, more.every) != (fewer.limits, fewer.every)
