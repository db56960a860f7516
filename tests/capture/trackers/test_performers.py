"""Test the real trackers and their identities on several real people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from renderer.capture.process.messages import FrameObservations
from renderer.capture.process.process import CaptureProcess
from renderer.capture.records import CameraFrame, Observation
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.landmarks import Landmarks
from renderer.errors import CaptureError

U8 = npt.NDArray[np.uint8]
WIDTH, HEIGHT = 960, 480
FRAMES = 70


@pytest.fixture(scope="module")
def dancers(dancer: Path) -> list[tuple[U8, npt.NDArray[np.bool_]]]:
    """Return the dancer's pictures, cut out of the blue screen, and their masks."""
    with closing(open_source(str(dancer))) as source:
        pictures = [frame.pixels[8:488] for frame in islice(source.frames(), FRAMES)]
    cut = []
    for picture in pictures:
        red, green, blue = (picture[..., channel].astype(int) for channel in range(3))
        there = ~((blue > red + 40) & (blue > green + 15))
        # Only the dancer: the studio's edges are not blue.
        there[:, :110] = there[:, 410:] = False
        cut.append((picture[:, 110:410], there[:, 110:410]))
    return cut


def stage(figures: Sequence[tuple[float, U8, npt.NDArray[np.bool_]]], number: int) -> CameraFrame:
    """Return a frame with figures in it, the last one nearest; positions are their left edges."""
    picture = np.full((HEIGHT, WIDTH, 3), (120, 128, 124), np.uint8)
    for place, pixels, there in figures:
        left = round(place)
        begin, end = max(left, 0), min(left + pixels.shape[1], WIDTH)
        if begin < end:
            part = slice(begin - left, end - left)
            picture[: pixels.shape[0], begin:end][there[:, part]] = pixels[:, part][there[:, part]]
    return CameraFrame(picture, number * 40_000_000, number)


def dyed(pixels: U8) -> U8:
    """Return the dancer in a red suit; anything that is not black, such as the face, is kept."""
    dark = pixels.max(axis=2, keepdims=True) < 70
    red = np.clip(pixels.astype(int) + np.array([110, 10, 20]), 0, 255)
    return np.ascontiguousarray(np.where(dark, red, pixels).astype(np.uint8))


def crossing(
    dancers: list[tuple[U8, npt.NDArray[np.bool_]]],
) -> Iterator[tuple[CameraFrame, tuple[float, float]]]:
    """Yield a dancer walking right behind a red one walking left, and their middles."""
    for number, (pixels, there) in enumerate(dancers):
        behind, before = 20 + 9.0 * number, 640 - 9.0 * number
        figures = [(behind, pixels, there), (before, dyed(pixels), there)]
        yield stage(figures, number), (behind + 154, before + 154)


def middle(seen: Observation) -> float | None:
    if seen.pose is None:
        return None
    return float(seen.pose[[11, 12, 23, 24], 0].mean()) * WIDTH


def test_two_who_cross_stay_who_they_are(
    dancers: list[tuple[U8, npt.NDArray[np.bool_]]], models: Path
) -> None:
    seen = [0, 0]
    with Landmarks(models, 2) as landmarks:
        for frame, places in crossing(dancers):
            observed = landmarks.observe_all(frame)
            assert [o.performer for o in observed] == [0, 1]
            for o in observed:
                assert (o.t_seen_ns, o.index) == (frame.t_seen_ns, frame.index)
                found = middle(o)
                if found is None:
                    continue
                seen[o.performer] += 1
                if abs(places[0] - places[1]) > 80:
                    away = [abs(found - place) for place in places]
                    assert away[o.performer] < away[1 - o.performer], frame.index
    assert seen[1] > 0.85 * FRAMES
    assert seen[0] > 0.6 * FRAMES  # The dancer behind is hidden for a while.


def test_a_bystander_is_ignored_and_who_leaves_comes_back_as_themselves(
    dancers: list[tuple[U8, npt.NDArray[np.bool_]]], models: Path
) -> None:
    """The performer leaves; a smaller person in red stays; the performer returns."""
    found: dict[int, float | None] = {}
    with Landmarks(models) as landmarks:
        for number, (pixels, there) in enumerate(dancers[:60]):
            small, small_there = dyed(pixels)[::2, ::2], there[::2, ::2]
            place = 300 + (abs(number - 30) - 30) * -60.0
            frame = stage([(60, small, small_there), (place, pixels, there)], number)
            found[number] = middle(landmarks.observe(frame))
            if found[number] is not None and place < WIDTH - 200:
                assert found[number] == pytest.approx(place + 154, abs=60), number
            if place > WIDTH:
                assert found[number] is None, number
    assert found[1] is not None
    assert found[59] is not None


def test_two_people_of_a_real_video_are_distinguished(shared_data: Path, models: Path) -> None:
    """One person bends over in front of the other; a third, far behind, is a bystander."""
    path = shared_data / "video" / "two_people_cam01.mp4"
    frames: list[FrameObservations] = []
    with CaptureProcess(str(path), live=False, models=models, performers=2) as capture:
        while isinstance(got := capture.get_all(60.0), tuple):
            frames.append(got)
    assert len(frames) == 100
    settled = frames[20:]
    for performer, (low, high) in enumerate([(0.4, 0.66), (0.66, 0.8)]):
        bodies = [f[performer].pose for f in settled if f[performer].pose is not None]
        assert len(bodies) > 0.9 * len(settled)
        for pose in bodies:
            assert pose is not None
            # The man with the cap is further away than the woman with her back to the camera.
            assert low < pose[[11, 12, 23, 24], 0].mean() < high
            assert (pose[[23, 24], 1].mean() < 0.5) == (performer == 0)


def test_so_many_cannot_be_followed(models: Path) -> None:
    for performers in (0, 5):
        with pytest.raises(CaptureError, match="cannot be followed by one camera"):
            Landmarks(models, performers)
