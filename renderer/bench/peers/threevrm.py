"""Compare drawing one avatar with three-vrm: same file, lights, shadow and size, in turn."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from renderer.bench.peers.browser import Browser
from renderer.bench.peers.turns import AbsentError, DrawingProcess, Ratio, compare
from renderer.paths import IDOL
from renderer.stage.records import Camera, Light

SIZE: Final = (1280, 720)
SHADOW_TEXELS: Final = 1024
ROUNDS: Final = 6
FRAMES: Final = 6
GOAL: Final = 0.55
AMBIENT: Final = (0.12, 0.12, 0.14)
CAMERA: Final = Camera((0.0, 1.0, 4.2), (0.0, 0.85, 0.0), math.radians(26.0))
_AIM: Final = (0.0, 0.9, 0.0)
_ANGLE: Final = math.radians(30.0)
LIGHTS: Final = tuple(
    Light(
        (3.0 * math.sin(turn), 3.2, 3.0 * math.cos(turn)),
        _AIM,
        (0.75, 0.72, 0.7) if number == 0 else (0.06, 0.06, 0.08),
        (0.7 * _ANGLE, _ANGLE),
        casts_shadow=number == 0,
    )
    for number, turn in enumerate(0.4 + 0.25 * math.pi * k for k in range(8))
)
"""Eight spots around the avatar; the first casts shadows."""

_ROOT: Final = Path(__file__).resolve().parents[3]


def measure_threevrm(samples: int, notify: Callable[[str], None]) -> Ratio:
    """Return our time for a frame as a fraction of three-vrm's.

    It includes posing, springs, drawing and readback.

    Args:
        samples: of multisampling for both; 0 for none.
    """
    environment = dict(os.environ)
    with ExitStack() as opened:
        try:
            folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
            peer = opened.enter_context(Browser(_job(samples), IDOL, folder))
            ours = opened.enter_context(
                DrawingProcess(
                    ["-m", "renderer.bench.peers.avatar_frame", str(samples)], _ROOT, environment
                )
            )
            return compare(
                ours, peer, rounds=ROUNDS, frames=FRAMES,
                notify=lambda text: notify(f"three-vrm with {samples} samples, {text}"),
            )  # fmt: skip
        except AbsentError as absent:
            return Ratio(None, str(absent))


def _job(samples: int) -> dict[str, Any]:
    return {
        "width": SIZE[0],
        "height": SIZE[1],
        "samples": samples,
        "shadow": SHADOW_TEXELS,
        "ambient": AMBIENT,
        "fov": math.degrees(CAMERA.fov_y),
        "position": CAMERA.position,
        "target": CAMERA.target,
        "lights": [
            {
                "position": light.position,
                "target": light.target,
                "color": light.color,
                "angle": _ANGLE,
                "shadow": light.casts_shadow,
            }
            for light in LIGHTS
        ],
    }
