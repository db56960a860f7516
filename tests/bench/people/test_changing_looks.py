"""Test that wide clothes, a change of costume and a strobe leave an idol on her feet and calm.

The demo's clip, whose performer wears trousers and short sleeves under an even light, is repainted,
and the real detector looks at it. Dark frames show nobody, and clothes that change within a frame
may be another person's, so that the performer is lost for a while; what is shown is calm all the
same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import av
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from avatars import load_avatar
from avatars.model import Avatar
from renderer.bench.end_to_end import observe_everybody
from renderer.bench.motion.measures import angles
from renderer.bench.motion.track import solve
from renderer.bench.people.clip import People
from renderer.bench.people.report import measure_clip
from renderer.capture.process.messages import FrameObservations
from renderer.capture.records import Observation
from renderer.paths import CLIP, IDOL

pytestmark = pytest.mark.slow

FRAMES: Final = 40
CHANGED_AT: Final = 20
Pixels = npt.NDArray[np.uint8]
Paint = Callable[[Pixels, int, Observation], Pixels]


def write_clip(path: Path, plain: Sequence[FrameObservations], paint: Paint) -> Path:
    """Write the first frames of the demo's clip, repainted."""
    with av.open(str(CLIP)) as source, av.open(str(path), "w") as target:
        picture = source.streams.video[0]
        stream = target.add_stream("libx264", rate=picture.average_rate, options={"crf": "16"})
        stream.width, stream.height, stream.pix_fmt = picture.width, picture.height, "yuv420p"
        for number, frame in zip(range(FRAMES), source.decode(picture), strict=False):
            pixels = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
            if plain:
                pixels = paint(pixels, number, plain[number][0])
            target.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        target.mux(stream.encode())
    return path


def keep(pixels: Pixels, _number: int, _seen: Observation) -> Pixels:
    return pixels


def strobe(pixels: Pixels, number: int, _seen: Observation) -> Pixels:
    """Light of seven flashes a second: two frames bright, two dark."""
    gain = 0.12 if number // 2 % 2 else 1.5
    lit: Pixels = np.clip(pixels * gain, 0, 255).astype(np.uint8)
    return lit


def change_costume(pixels: Pixels, number: int, seen: Observation) -> Pixels:
    """From one frame on, the clothes of trunk and legs have other colours."""
    if number < CHANGED_AT:
        return pixels
    mask = Image.new("L", pixels.shape[1::-1])
    draw = ImageDraw.Draw(mask)
    at = places(seen, pixels)
    draw.polygon([at[row] for row in (11, 12, 24, 23)], fill=255)
    for side in (0, 1):
        leg = [at[row + side] for row in (23, 25, 27)]
        draw.line(leg, fill=255, width=round(0.5 * width_of(at)))
    worn = np.asarray(mask)[..., None] > 0
    return np.where(worn, pixels[..., ::-1], pixels).astype(np.uint8)


def dress(pixels: Pixels, _number: int, seen: Observation) -> Pixels:
    """A skirt to the ankles and sleeves that hang from wrists, each half as long as an arm."""
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image)
    at = places(seen, pixels)
    size = width_of(at)
    left, right = at[23], at[24]
    floor = max(at[27][1], at[28][1])
    middle = 0.5 * (at[27][0] + at[28][0])
    spread = 0.5 * abs(at[27][0] - at[28][0]) + 0.9 * size
    sign = 1.0 if left[0] > right[0] else -1.0
    waist = 0.25 * size
    hem = [(middle - sign * spread, floor), (middle + sign * spread, floor)]
    belt = [(left[0] + sign * waist, left[1]), (right[0] - sign * waist, right[1])]
    draw.polygon([*belt, *hem], fill=(140, 30, 60))
    for side in (0, 1):
        elbow, wrist = at[13 + side], at[15 + side]
        hanging = [(x, y + drop * size) for (x, y), drop in ((wrist, 0.7), (elbow, 0.35))]
        draw.polygon([elbow, wrist, *hanging], fill=(150, 45, 70))
    return np.asarray(image)


def places(seen: Observation, pixels: Pixels) -> list[tuple[float, float]]:
    """Return where the body's landmarks are, in pixels."""
    assert seen.pose is not None
    height, width = pixels.shape[:2]
    return [(float(x * width), float(y * height)) for x, y, _ in seen.pose]


def width_of(at: list[tuple[float, float]]) -> float:
    """Return the width of the trunk, pixels; that of a body in profile is half its length."""
    length = float(np.hypot(at[11][0] - at[23][0], at[11][1] - at[23][1]))
    return max(abs(at[11][0] - at[12][0]), 0.5 * length)


@pytest.fixture(scope="module")
def avatar() -> Avatar:
    return load_avatar(IDOL)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[FrameObservations]:
    clip = write_clip(tmp_path_factory.mktemp("plain") / "plain.mp4", (), keep)
    return observe_everybody(clip, 1)


@pytest.mark.parametrize(
    ("paint", "lost", "most_deg"),
    [(strobe, FRAMES // 2, 15.0), (change_costume, FRAMES // 2, 15.0), (dress, 0, 10.0)],
)
def test_what_is_worn_and_how_it_is_lit_makes_no_jump(
    paint: Paint,
    lost: int,
    most_deg: float,
    plain: list[FrameObservations],
    avatar: Avatar,
    tmp_path: Path,
) -> None:
    frames = observe_everybody(write_clip(tmp_path / "worn.mp4", plain, paint), 1)
    assert len(frames) == len(plain) == FRAMES
    figures = measure_clip(frames, People(1, 0), avatar)
    assert figures.lost <= lost
    assert figures.wrong_facing_frames == figures.own_arms_refused == 0
    assert figures.largest_step_m <= 0.15 and figures.hips_jump_m <= 0.03
    shown, wanted = (solve([one for (one,) in clip])[0].limbs for clip in (frames, plain))
    off = angles(shown, wanted)[5:]
    assert np.median(off) <= most_deg
