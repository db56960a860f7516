"""Test tracking on unusual videos: grey, very large, one frame long, of any rate."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt
import pytest

from avatars.names import BONE_INDEX
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.landmarks import Landmarks
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.solver import MotionSolver
from renderer.paths import CLIP

U8 = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def pictures(dancer: Path) -> list[U8]:
    with closing(open_source(str(dancer))) as source:
        return [np.ascontiguousarray(f.pixels[:496, :512]) for f in islice(source.frames(), 4)]


def write(
    path: Path,
    pictures: Sequence[U8],
    codec: str,
    pix_fmt: str,
    rate: Fraction = Fraction(25),
    pixel_aspect: Fraction = Fraction(1),
) -> Path:
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=rate)
        stream.codec_context.sample_aspect_ratio = pixel_aspect
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pix_fmt
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format=pix_fmt)
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


def watch(path: Path, models: Path) -> tuple[list[bool], list[int]]:
    """Return for each frame whether the dancer was found in place, and the frames' times."""
    seen, times = [], []
    with closing(open_source(str(path))) as source, Landmarks(models) as landmarks:
        for frame in source.frames():
            observed = landmarks.observe(frame)
            times.append(observed.t_seen_ns)
            seen.append(
                observed.pose is not None
                and abs(float(observed.pose[[11, 12], 0].mean()) - 0.51) < 0.05
            )
    return seen, times


def test_a_grey_video(pictures: list[U8], models: Path, tmp_path: Path) -> None:
    seen, _ = watch(write(tmp_path / "grey.mkv", pictures, "ffv1", "gray"), models)
    assert seen == [True] * 4


def test_a_video_of_4k_in_ten_bits(pictures: list[U8], models: Path, tmp_path: Path) -> None:
    large = [cv2.resize(picture, (3840, 2160)) for picture in pictures[:2]]
    path = write(
        tmp_path / "large.mkv", [np.asarray(p, np.uint8) for p in large], "ffv1", "yuv420p10le"
    )
    seen, _ = watch(path, models)
    assert seen == [True] * 2


def test_a_video_of_one_picture(pictures: list[U8], models: Path, tmp_path: Path) -> None:
    seen, times = watch(write(tmp_path / "one.mp4", pictures[:1], "mpeg4", "yuv420p"), models)
    assert (seen, times) == ([True], [0])


@pytest.mark.parametrize("rate", [Fraction(1), Fraction(24000, 1001), Fraction(1000)])
def test_a_video_of_any_rate(
    pictures: list[U8], models: Path, tmp_path: Path, rate: Fraction
) -> None:
    path = write(tmp_path / "rate.mkv", pictures, "ffv1", "yuv420p", rate)
    seen, times = watch(path, models)
    assert seen == [True] * 4
    assert times == pytest.approx([1e9 * n / float(rate) for n in range(4)], abs=1.1e6)


LIMBS = [
    (BONE_INDEX[side + upper], BONE_INDEX[side + lower])
    for side in ("left", "right")
    for upper, lower in (
        ("UpperArm", "LowerArm"), ("LowerArm", "Hand"), ("UpperLeg", "LowerLeg"),
        ("LowerLeg", "Foot"),
    )
]  # fmt: skip


def limb_directions(path: Path, models: Path) -> npt.NDArray[np.float64]:
    """Return unit vectors (frames, 8, 3) along the arms and legs that are solved from a video."""
    solver, out = MotionSolver(), []
    with closing(open_source(str(path))) as source, Landmarks(models) as landmarks:
        for frame in source.frames():
            _, at = forward_kinematics(
                solver.solve(landmarks.observe(frame)).rotations, np.zeros(3)
            )
            limbs = np.array([at[end] - at[start] for start, end in LIMBS])
            out.append(limbs / np.linalg.norm(limbs, axis=-1, keepdims=True))
    return np.array(out)


@pytest.mark.parametrize("aspect", [Fraction(2), Fraction(1, 2)], ids=["narrow", "flat"])
def test_squeezed_pictures_are_solved_as_square_ones(
    models: Path, tmp_path: Path, aspect: Fraction
) -> None:
    with closing(open_source(str(CLIP))) as source:
        whole = [frame.pixels for frame in islice(source.frames(), 60, 84)]
    height, width = whole[0].shape[:2]
    size = (width // 2, height) if aspect > 1 else (width, height // 2)
    squeezed = [
        np.asarray(cv2.resize(p, size, interpolation=cv2.INTER_AREA), np.uint8) for p in whole
    ]
    truth = limb_directions(write(tmp_path / "square.mp4", whole, "libx264", "yuv420p"), models)
    path = write(tmp_path / "squeezed.mp4", squeezed, "libx264", "yuv420p", pixel_aspect=aspect)
    seen = limb_directions(path, models)
    cosines = np.clip(np.sum(truth * seen, axis=-1), -1.0, 1.0)
    limbs = np.degrees(np.median(np.arccos(cosines), axis=0))
    # Half of the detail is lost; read as square pixels, limbs are off by 26 to 45°.
    assert np.median(limbs) < 3.0 and limbs.max() < 5.0


def test_a_video_that_changes_its_size(pictures: list[U8], models: Path, tmp_path: Path) -> None:
    """As a call does when the network gets worse; MPEG-TS states each size in its own header."""
    parts = []
    for number, side in enumerate((496, 248)):
        small = [np.asarray(cv2.resize(p, (side, side)), np.uint8) for p in pictures]
        parts.append(write(tmp_path / f"{number}.ts", small, "mpeg2video", "yuv420p"))
    whole = tmp_path / "both.ts"
    whole.write_bytes(b"".join(part.read_bytes() for part in parts))
    with closing(open_source(str(whole))) as source:
        frames = list(source.frames())
    assert {frame.pixels.shape for frame in frames} == {(496, 496, 3)}
    assert len(frames) >= 6
