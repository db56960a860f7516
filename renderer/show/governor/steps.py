"""Define the steps by which a live show gives up parts of the picture to hold its frame rate.

Light beams, LED walls, the grade and the faces of close-ups are never given up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final

from renderer.graphics.limits import Limits

LEAST_RATE: Final = 15.0
"""Rate of drawn frames, per second, below which movement is not perceived as continuous. The rate
stays above it, so that a late frame now and then does not reach it."""

_ALL: Final = Fraction(1)

SCALES: Final = (0.75, 0.5)
"""Successive render resolutions, as fractions of the program's sides."""

_SMALL_AVATAR: Final = 200.0
"""Height of an avatar in the picture, pixels, below which its outlines are thinner than a pixel."""

_CLOSE_UPS_ALONE: Final = 2.0
"""Factor on the minimum height of an avatar in full detail, so that only bust shots and closer ones
have it: at 640 x 360, the whole figure is 900 pixels tall in a bust shot, 530 in a cowboy shot."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the picture to give up.

    Attributes:
        name: for the crew, such as `bloom`.
        limits: fields of Limits that it sets.
        every: interval of the drawn ticks among those that the previous steps draw; 3/2 is two
            in three.
        growth: factor by which the load grows when it is taken back.
    """

    name: str
    limits: Mapping[str, Any] = field(default_factory=dict)
    every: Fraction = _ALL
    growth: float = 1.1


@dataclass(frozen=True, slots=True)
class Setting:
    """The parameters of drawing for a number of given up steps.

    Attributes:
        every: one in so many ticks is drawn; 3/2 is two in three.
        given_up: names of the steps.
    """

    limits: Limits
    every: Fraction
    given_up: tuple[str, ...]


def plan_steps(rate: float) -> tuple[Step, ...]:
    """Return the steps for a program of `rate` frames per second, in the order of giving up."""
    steps = [
        Step("the floor's reflection", {"mirror": False}, growth=1.15),
        Step("depth of field", {"defocus": False}),
        Step("every second shadow map", {"shadow_every": 2}, growth=1.15),
        Step("most of the audience", {"crowd": 0.4}),
        Step("bloom", {"bloom": False}),
        Step("outlines of distant avatars", {"outlines_from": _SMALL_AVATAR}),
        Step("smooth edges", {"smoothing": False}),
        Step("detail of avatars outside close-ups", {"detail": _CLOSE_UPS_ALONE}, growth=1.4),
    ]
    while (reduced := _reduce_rate(rate)) is not None:
        which, every = reduced
        rate /= float(every)
        name = f"every {which} frame ({rate:.3g} a second)"
        steps.append(Step(name, every=every, growth=float(every)))
    before = 1.0
    for scale in SCALES:
        name = f"resolution ({scale:.0%} of each side)"
        steps.append(Step(name, {"scale": scale}, growth=(before / scale) ** 2))
        before = scale
    return tuple(steps)


def _reduce_rate(rate: float) -> tuple[str, Fraction] | None:
    """Return which frames to give up to reduce a rate, and its divisor; None if it is too low."""
    for which, every in (("second", Fraction(2)), ("third", Fraction(3, 2))):
        if rate / every > LEAST_RATE:
            return which, every
    return None


def setting_of(steps: Sequence[Step], count: int) -> Setting:
    """Return the setting for the first `count` steps given up."""
    limits, every = Limits(), _ALL
    for step in steps[:count]:
        limits = replace(limits, **step.limits)
        every *= step.every
    return Setting(limits, every, tuple(step.name for step in steps[:count]))
