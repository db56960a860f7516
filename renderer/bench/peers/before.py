"""Compare the demo's frame with that of an earlier commit, drawn in turn on the same machine."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from renderer.bench.peers.turns import AbsentError, DrawingProcess, Ratio, compare

COMMIT: Final = "dc57e89c69aa9d4bb92208d49545436c2486ca7c"
"""The last commit whose demo used the small stage, without a concert."""
SIZE: Final = (640, 360)
ROUNDS: Final = 6
FRAMES: Final = 48
"""Number of frames in a round: two for each of the staging's 24 shots."""
GOAL: Final = 0.5

_ROOT: Final = Path(__file__).resolve().parents[3]
_EARLIER: Final = """
import json, sys, time
from avatars.load import load_avatar
from avatars.pose import AvatarPose
from renderer.graphics.renderer import StageRenderer
from renderer.show.house import IDOL
from renderer.show.scene import Scene
width, height, count = map(int, sys.argv[1:])
idol = load_avatar(IDOL)
pose, scene = AvatarPose(idol), Scene([idol], width / height)
with StageRenderer(width, height, scene.set, [idol]) as drawing:
    print("ready", flush=True)
    number = 0
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            now = number % count * 600_000_000
            drawing.draw(scene.state(number, now, 0, now, [pose]))
            drawing.collect()
            times.append((time.perf_counter() - start) * 1e3)
            number += 1
        print(json.dumps(times), flush=True)
"""


def measure_before(notify: Callable[[str], None]) -> Ratio:
    """Return how long the demo's frame takes as a share of the earlier commit's.

    Both draw their house idol at rest at SIZE; today's frames go through all shots of the song.
    """
    with ExitStack() as opened:
        try:
            folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
            _extract(folder)
            size = [*map(str, SIZE), str(FRAMES)]
            environment = dict(os.environ)
            ours = opened.enter_context(
                DrawingProcess(["-m", "renderer.bench.peers.demo_frame", *size], _ROOT, environment)
            )
            peer = opened.enter_context(
                DrawingProcess(["-c", _EARLIER, *size], folder, environment)
            )
            return compare(
                ours, peer, rounds=ROUNDS, frames=FRAMES,
                notify=lambda text: notify(f"today's demo and the earlier one, {text}"),
            )  # fmt: skip
        except AbsentError as absent:
            return Ratio(None, str(absent))


def _extract(folder: Path) -> None:
    """Write the earlier commit's files into a folder.

    Raises:
        AbsentError: there is no repository, or it does not hold the commit.
    """
    try:
        done = subprocess.run(
            ["git", "-C", str(_ROOT), "archive", COMMIT, "avatars", "renderer", "assets"],
            capture_output=True, timeout=60.0, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AbsentError(f"git cannot be run ({error})") from error
    if done.returncode:
        raise AbsentError(f"commit {COMMIT[:7]} is not at hand")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
