"""Measure the cost of a frame's output. Run with `-s` to see the figures; none is asserted."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from renderer.output.encode.encoder import ProgramEncoder
from renderer.output.encode.format import ProgramFormat
from renderer.output.media import MediaProcess
from renderer.output.spec import OutputSpec
from renderer.transport.ring import FrameHeader, FrameRing, RingReader, create_ring

SIZES = [(640, 360), (1280, 720)]
FRAMES = 120


def notify(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        print(f"\n  {text}")  # noqa: T201 - figures are what a benchmark is for


def moving_picture(width: int, height: int) -> Callable[[npt.NDArray[np.uint8], int], None]:
    """Return a drawing function of a moving, textured scene, about as hard to encode as a stage."""
    rows, columns = np.mgrid[: height * 3 // 2, : 2 * width]
    scene = 100 + 60 * np.sin(columns / 37) * np.cos(rows / 23)
    scene += np.random.default_rng(0).normal(0, 3, scene.shape)
    wide = scene.astype(np.uint8)

    def paint(planes: npt.NDArray[np.uint8], number: int) -> None:
        shift = 2 * number % width
        np.copyto(planes, wide[:, shift : shift + width])

    return paint


@pytest.mark.parametrize("live", [True, False], ids=["live", "offline"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_encoder(size: tuple[int, int], live: bool, capsys: pytest.CaptureFixture[str]) -> None:
    width, height = size
    paint = moving_picture(width, height)
    encoder = ProgramEncoder(ProgramFormat(width, height, Fraction(60), live), None)
    planes = np.empty((height * 3 // 2, width), np.uint8)
    spent = 0.0
    for number in range(FRAMES):
        paint(planes, number)
        began = time.perf_counter()
        encoder.encode(planes, number * 1_000_000_000 // 60, 0, False)
        spent += time.perf_counter() - began
    began = time.perf_counter()
    encoder.finish()
    spent += time.perf_counter() - began
    encoder.close()
    name = "live" if live else "offline"
    notify(capsys, f"{encoder.name} {name} {width}x{height}: {FRAMES / spent:.0f} frames/s")


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_ring(size: tuple[int, int], capsys: pytest.CaptureFixture[str]) -> None:
    width, height = size
    producer, consumer = create_ring((height * 3 // 2, width), 6)
    ring, reader = FrameRing(producer), RingReader(consumer)
    source = np.zeros((height * 3 // 2, width), np.uint8)
    hand_over = copy = 0.0
    for number in range(1000):
        began = time.perf_counter()
        frame = ring.acquire()
        middle = time.perf_counter()
        assert frame is not None
        np.copyto(frame, source)
        copied = time.perf_counter()
        ring.commit(FrameHeader(number, 0, 0, 0))
        hand_over += time.perf_counter() - copied + middle - began
        copy += copied - middle
        reader.take(1.0)
        reader.release()
    ring.close()
    reader.close()
    notify(capsys, f"ring {width}x{height}: {hand_over:.3f} ms a frame, filling it {copy:.3f} ms")


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_live_latency(
    size: tuple[int, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    width, height = size
    began = time.perf_counter()
    media = MediaProcess(width, height, 30, True)
    media.start()
    started = time.perf_counter() - began
    media.add(OutputSpec("mp4", str(tmp_path / "show.mp4")))
    paint = moving_picture(width, height)
    origin = time.monotonic()
    for number in range(90):
        time.sleep(max(0.0, origin + number / 30 - time.monotonic()))
        seen = time.monotonic_ns()
        planes = media.frame_buffer()
        if planes is not None:
            paint(planes, number)
            media.submit(number, number * 1_000_000_000 // 30, seen)
    status = media.statuses()[0]
    report = media.finish()
    notify(
        capsys,
        f"{width}x{height} at 30 frames/s: started in {started:.2f} s, hand-over to packet "
        f"{status.latency_p50_ms:.1f} ms p50, {status.latency_p95_ms:.1f} ms p95, "
        f"{report.dropped} dropped",
    )
