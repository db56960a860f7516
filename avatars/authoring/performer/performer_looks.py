"""Define the performers' looks: build, skin, hair and clothes; none depicts a real person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from avatars.authoring.figure.paint import Colour


@dataclass(frozen=True, slots=True)
class Look:
    """A performer's appearance; colours are sRGB, 0 to 1.

    Attributes:
        targets: weights of the source's body morph targets by name.
        skin, lips, iris, hair: colours.
        style: hair "tied" back into a knot, "short", or as a "bob" to the jaw.
        shirt, trousers, shoes: colours of the clothes.
        sleeve: where sleeves end: 0 at the shoulder, 1 at the elbow, 2 at the wrist.
    """

    targets: dict[str, float]
    skin: Colour = (0.80, 0.60, 0.50)
    lips: Colour = (0.66, 0.28, 0.28)
    iris: Colour = (0.25, 0.14, 0.08)
    hair: Colour = (0.10, 0.07, 0.06)
    style: Literal["tied", "short", "bob"] = "tied"
    shirt: Colour = (0.13, 0.32, 0.62)
    trousers: Colour = (0.20, 0.19, 0.22)
    shoes: Colour = (0.85, 0.83, 0.80)
    sleeve: float = 0.6


def _build(kind: dict[str, float], build: str, ideal: float) -> dict[str, float]:
    """Return the target weights of a young adult.

    Args:
        kind: weights of face types.
        build: the source's name of a build.
        ideal: weight of the build's ideal proportions.
    """
    gender = build.partition("-")[0]
    faces = {f"macrodetails/{name}-{gender}-young": share for name, share in kind.items()}
    return faces | {
        f"macrodetails/universal-{build}": 1.0,
        f"macrodetails/proportions/{build}-idealproportions": ideal,
    }


def _half(first: dict[str, float], second: dict[str, float]) -> dict[str, float]:
    """Return the mean of two sets of target weights."""
    return {
        name: 0.5 * first.get(name, 0.0) + 0.5 * second.get(name, 0.0)
        for name in sorted(first | second)
    }


_TALL = "macrodetails/height/{}-maxheight"
_SMALL = "macrodetails/height/{}-minheight"

DEMO = Look(
    _build({"asian": 0.5, "caucasian": 0.5}, "female-young-averagemuscle-averageweight", 0.7)
    | {_TALL.format("female-young-averagemuscle-averageweight"): 0.25}
)
"""The demo's performer."""

LOOKS: dict[str, Look] = {
    "demo": DEMO,
    "tall": Look(
        _build({"african": 1.0}, "male-young-maxmuscle-averageweight", 0.6)
        | {_TALL.format("male-young-maxmuscle-averageweight"): 0.35},
        skin=(0.36, 0.22, 0.16),
        lips=(0.38, 0.19, 0.17),
        iris=(0.15, 0.08, 0.05),
        hair=(0.05, 0.04, 0.04),
        style="short",
        shirt=(0.78, 0.70, 0.20),
        trousers=(0.25, 0.30, 0.42),
        shoes=(0.20, 0.18, 0.18),
    ),
    "broad": Look(
        _build({"caucasian": 1.0}, "male-young-averagemuscle-maxweight", 0.3),
        skin=(0.86, 0.66, 0.57),
        lips=(0.72, 0.42, 0.38),
        iris=(0.30, 0.42, 0.52),
        hair=(0.42, 0.28, 0.16),
        style="short",
        shirt=(0.62, 0.16, 0.15),
        trousers=(0.36, 0.33, 0.28),
        shoes=(0.25, 0.20, 0.17),
        sleeve=1.6,
    ),
    "slight": Look(
        _half(
            _build({"asian": 1.0}, "female-young-minmuscle-minweight", 0.5),
            _build({"asian": 1.0}, "female-young-averagemuscle-averageweight", 0.9),
        )
        | {_SMALL.format("female-young-averagemuscle-averageweight"): 0.20},
        skin=(0.87, 0.70, 0.58),
        lips=(0.76, 0.36, 0.38),
        iris=(0.12, 0.07, 0.05),
        hair=(0.06, 0.05, 0.06),
        style="bob",
        shirt=(0.86, 0.84, 0.80),
        trousers=(0.16, 0.22, 0.40),
        shoes=(0.75, 0.30, 0.34),
        sleeve=1.7,
    ),
    "strong": Look(
        _build({"african": 0.5, "caucasian": 0.5}, "female-young-maxmuscle-averageweight", 0.7)
        | {_TALL.format("female-young-maxmuscle-averageweight"): 0.15},
        skin=(0.58, 0.39, 0.29),
        lips=(0.55, 0.24, 0.24),
        iris=(0.28, 0.20, 0.08),
        hair=(0.20, 0.11, 0.07),
        style="bob",
        shirt=(0.15, 0.45, 0.38),
        trousers=(0.12, 0.12, 0.13),
        shoes=(0.80, 0.80, 0.82),
        sleeve=0.35,
    ),
}
LOOKS["twin"] = replace(
    LOOKS["strong"],
    shirt=DEMO.shirt,
    trousers=DEMO.trousers,
    shoes=DEMO.shoes,
    sleeve=DEMO.sleeve,
)
"""A different performer in the demo performer's clothes."""
