"""Test that media goes on without pictures: it repeats, sends the slate, and keeps the sound."""

from __future__ import annotations

import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from showing import HEIGHT, RATE, WIDTH, play, wait_until

from renderer.errors import OutputError
from renderer.output.encode.format import ProgramFormat
from renderer.output.media import MediaProcess
from renderer.output.media_client import MediaClient
from renderer.output.media_host import MediaHost
from renderer.output.output_words import parse_output
from renderer.output.pacing import HOLD_NS, FramePacer
from renderer.output.requests import SongSegment
from renderer.output.slate import Slate, check_slate, convert_to_planes, make_slate
from renderer.output.spec import OutputSpec
from renderer.transport.pixel_layout import PixelLayout
from renderer.transport.ring import FrameHeader

FRAME_NS = 1_000_000_000 // RATE
ORIGIN_NS = 1_000_000_000_000


def header(number: int, run: int = 1, origin_ns: int = ORIGIN_NS, lag_ns: int = 0) -> FrameHeader:
    t_ns = number * FRAME_NS
    return FrameHeader(number, t_ns, 0, origin_ns + t_ns + lag_ns, run, origin_ns=origin_ns)


def arrive(pacer: FramePacer, numbers: range, lag_ns: int) -> int:
    """Let frames arrive with a lag; return the time of the last."""
    now_ns = 0
    for number in numbers:
        now_ns = ORIGIN_NS + number * FRAME_NS + lag_ns
        pacer.note(header(number, lag_ns=lag_ns), now_ns)
    return now_ns


@pytest.mark.parametrize("lag_ns", [0, 20_000_000, 700_000_000])
def test_a_frame_is_missing_only_when_it_is_later_than_usual(lag_ns: int) -> None:
    pacer = FramePacer(FRAME_NS)
    assert pacer.wait_ns(0) is None
    now_ns = arrive(pacer, range(60), lag_ns)
    wait_ns = pacer.wait_ns(now_ns)
    assert wait_ns is not None
    assert 100_000_000 < wait_ns < 300_000_000
    assert not pacer.is_holding


def test_replacements_keep_the_pace_and_the_engines_next_frame_is_after_them() -> None:
    pacer = FramePacer(FRAME_NS)
    now_ns = arrive(pacer, range(60), 80_000_000)
    end_ns, times = now_ns + 5_000_000_000, []
    while (now_ns := now_ns + (pacer.wait_ns(now_ns) or 0)) < end_ns:
        times.append(pacer.replace())
    assert times[0] == 60 * FRAME_NS
    assert set(np.diff(times).tolist()) == {FRAME_NS}
    assert len(times) == pytest.approx(5 * RATE, abs=10)
    assert pacer.is_holding
    assert pacer.silent_ns(end_ns) == 5_000_000_000
    # The engine's next frame shows what is now, 80 ms ago.
    assert now_ns - ORIGIN_NS - 80_000_000 > times[-1]


@pytest.mark.parametrize("is_engine_alive", [True, False])
def test_a_stall_of_media_is_no_lag_of_the_engine(is_engine_alive: bool) -> None:
    pacer = FramePacer(FRAME_NS)
    before_ns = arrive(pacer, range(60), 80_000_000)
    pacer.wait_ns(before_ns)
    # Frames that came at the beginning of the stall have waited in the ring.
    now_ns = before_ns + 8_000_000_000
    for number in range(60, 66):
        pacer.wait_ns(now_ns)
        pacer.note(header(number, lag_ns=80_000_000), now_ns)
    wait_ns = pacer.wait_ns(now_ns)
    assert wait_ns is not None and wait_ns > FRAME_NS, "the engine gets time for its next frame"
    if is_engine_alive:
        number = round((now_ns - ORIGIN_NS) / FRAME_NS)
        pacer.note(header(number, lag_ns=80_000_000), now_ns + FRAME_NS)
        now_ns += FRAME_NS
    wait_ns = pacer.wait_ns(now_ns)
    assert wait_ns is not None and wait_ns < 500_000_000, "frames are soon missing again"
    now_ns += wait_ns
    assert pacer.wait_ns(now_ns) == 0
    missed_ns = now_ns - ORIGIN_NS - pacer.replace()
    # An engine that has gone meanwhile leaves no gap; one that goes on shows what is now.
    assert missed_ns < 500_000_000 if is_engine_alive else missed_ns > 7_000_000_000


def test_frames_that_a_slow_engine_leaves_out_are_found_when_the_next_one_comes() -> None:
    pacer = FramePacer(FRAME_NS)
    assert pacer.list_gap(header(5)) == [], "nothing was shown before"
    pacer.note(header(0), ORIGIN_NS)
    shown = [0]
    for number in (1, 4, 5, 7):
        shown += [*pacer.list_gap(header(number)), number * FRAME_NS]
        pacer.note(header(number), ORIGIN_NS + number * FRAME_NS)
    assert shown == [number * FRAME_NS for number in range(8)]
    late = FrameHeader(8, 8 * FRAME_NS + FRAME_NS * 2 // 5, 0, ORIGIN_NS, 1, origin_ns=ORIGIN_NS)
    assert pacer.list_gap(late) == [], "live times jitter"
    assert pacer.list_gap(header(7 + 4 * RATE)) == [], "as after a stall of this process"
    assert pacer.list_gap(header(10, run=2)) == []
    # What has been replaced meanwhile is not missing.
    assert [pacer.replace() for _ in range(3)] == [number * FRAME_NS for number in (8, 9, 10)]
    assert pacer.list_gap(header(12)) == [11 * FRAME_NS]


def test_another_run_has_its_own_clock_and_offline_there_is_none() -> None:
    pacer = FramePacer(FRAME_NS)
    now_ns = arrive(pacer, range(300), 0)
    pacer.note(header(0, 2, now_ns), now_ns + 10_000_000)
    assert pacer.replace() == FRAME_NS
    offline = FramePacer(FRAME_NS)
    offline.note(header(5, origin_ns=0), now_ns)
    assert offline.wait_ns(now_ns + 10**12) is None


def test_what_nobody_watches_is_not_made_up_for() -> None:
    pacer = FramePacer(FRAME_NS)
    now_ns = arrive(pacer, range(30), 0) + 60_000_000_000
    assert pacer.wait_ns(now_ns) == 0
    pacer.skip_to(now_ns)
    assert pacer.replace() > 60_000_000_000


class Engine:
    """An engine that sends white frames in real time, from the origin of its show."""

    def __init__(self, media: MediaClient, origin_ns: int = 0) -> None:
        self.media = media
        self.origin_ns = origin_ns or time.monotonic_ns()

    def send(self, seconds: float, rate: float = RATE) -> None:
        until_ns = time.monotonic_ns() + round(seconds * 1e9)
        while (now_ns := time.monotonic_ns()) < until_ns:
            planes = self.media.frame_buffer()
            if planes is not None:
                planes[:HEIGHT], planes[HEIGHT:] = 220, 128
                t_show_ns = now_ns - self.origin_ns
                self.media.submit(0, t_show_ns, now_ns, 1, origin_ns=self.origin_ns)
            time.sleep(1 / rate)


@pytest.fixture
def host(song: Path, tmp_path: Path) -> Iterator[MediaHost]:
    slate = tmp_path / "slate.png"
    Image.new("RGB", (WIDTH, HEIGHT), (255, 255, 255)).save(slate)
    program = ProgramFormat(WIDTH, HEIGHT, Fraction(RATE), live=True)
    host = MediaHost(program, song, slate, "media")
    host.start()
    yield host
    host.stop(20.0)


def attach(host: MediaHost) -> MediaClient:
    client = MediaClient(live=True)
    client.attach(host.create_link("program"))
    return client


def brightness(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return times and mean brightness of a recording's pictures."""
    with av.open(str(path)) as file:
        frames = [(one.time, one.to_ndarray()[:HEIGHT].mean()) for one in file.decode(video=0)]
    times, light = np.array(frames).T
    return times, light


def test_an_engine_that_dies_is_followed_by_another_with_picture_and_sound_between(
    host: MediaHost, song: Path, tmp_path: Path
) -> None:
    path = tmp_path / "show.mp4"
    first = attach(host)
    assert first.clock is None
    first.add(OutputSpec("mp4", str(path)))
    # The crew's white slate must not be seen: the house's dark one is sent.
    first.choose_slate(is_house=True)
    engine = Engine(first)
    engine.send(0.5)
    # A song is sought for when the engine is gone: its beep at 3.5 s is heard at 3.0 s.
    segment = SongSegment(1, 2_500_000_000, "Song", song, 3_000_000_000)
    asked = first.play(segment)
    assert asked is not None
    asked.result(20.0)
    died_ns = time.monotonic_ns() - engine.origin_ns
    first.close()  # As a killed process's end of the ring.
    slate_s = (died_ns + HOLD_NS) / 1e9
    assert wait_until(
        lambda: time.monotonic_ns() - engine.origin_ns > died_ns + HOLD_NS + 700_000_000
    )
    second = attach(host)
    assert second.clock is not None
    assert (second.clock.run, second.clock.origin_ns) == (1, engine.origin_ns)
    assert [spec.address for spec in second.open_outputs.values()] == [str(path)]
    assert second.segments == (segment,)
    note = second.status().notes["hold"]
    assert "the slate is sent" in note
    Engine(second, second.clock.origin_ns).send(0.5)
    status = second.status()
    assert "hold" not in status.notes
    assert status.held > 2 * RATE
    report = second.finish()
    assert report.held == status.held
    times, light = brightness(path)
    assert np.diff(times).max() < 0.4
    assert np.diff(times).min() > 0
    held = (times > died_ns / 1e9) & (times < slate_s - 0.5)
    assert light[held].min() > 200, "the last picture is repeated"
    assert light[-3:].min() > 200, "the second engine's pictures are shown"
    assert light[(times > slate_s + 0.1) & (times < slate_s + 0.5)].max() < 100, "the slate"
    seen = play(path)
    np.testing.assert_allclose(seen.beeps[:3], [1.0, 2.0, 3.0], atol=0.05)
    assert seen.sound_until == pytest.approx(times[-1], abs=0.3)


def test_an_engine_below_the_frame_rate_leaves_no_gap(host: MediaHost, tmp_path: Path) -> None:
    path, small = tmp_path / "show.mp4", tmp_path / "small.mp4"
    media = attach(host)
    media.add(OutputSpec("mp4", str(path)))
    media.add(parse_output(f"{small}#size=160x90"))
    Engine(media).send(2.0, RATE / 5)
    media.finish()
    times, light = brightness(path)
    # From one frame and a half on a gap is filled.
    assert np.diff(times).max() < 1.6 / RATE
    assert np.diff(times).min() > 0
    assert light[5:].min() > 200
    with av.open(str(small)) as file:
        assert file.streams.video[0].frames >= 3, "the engine's own pictures"


def test_only_a_finish_ends_the_outputs(host: MediaHost, tmp_path: Path) -> None:
    path = tmp_path / "show.mp4"
    first = attach(host)
    first.add(OutputSpec("mp4", str(path)))
    Engine(first).send(0.3)
    first.close()
    second = attach(host)
    time.sleep(0.5)  # That nothing ends is under test.
    assert [status.state.is_over for status in second.statuses()] == [False]
    second.close()
    host.stop(20.0)
    with av.open(str(path)) as file:
        assert file.streams.video[0].frames > RATE // 2, "it was finished in order"


def test_a_crews_slate_is_fitted_into_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "slate.png"
    Image.new("RGB", (400, 100), (255, 0, 0)).save(path)
    check_slate(path)
    slate = np.asarray(make_slate(path, 200, 200))
    assert (slate[100] == (255, 0, 0)).all()
    assert not slate[:70].any()
    house = make_slate(None, 64, 64)
    for layout in (PixelLayout.I420, PixelLayout.NV12):
        planes = convert_to_planes(house, layout)
        assert planes.shape == (96, 64)
        assert planes[:64].min() >= 16


def test_a_slate_that_is_no_picture_is_refused_before_air(tmp_path: Path) -> None:
    text = tmp_path / "slate.png"
    text.write_text("no picture")
    cut = tmp_path / "cut.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (50, 50, 3), "u1")).save(cut)
    cut.write_bytes(cut.read_bytes()[:200])
    for wrong in (text, cut, tmp_path, tmp_path / "nowhere.png"):
        with pytest.raises(OutputError, match="the slate"):
            check_slate(wrong)
    media = MediaProcess(WIDTH, HEIGHT, RATE, True, slate=text)
    with pytest.raises(OutputError, match="the slate"):
        media.start()


def test_the_crews_slate_gives_way_to_the_houses_and_returns(tmp_path: Path) -> None:
    path = tmp_path / "slate.png"
    Image.new("RGB", (64, 64), (255, 255, 255)).save(path)
    slate = Slate(path, 64, 64)
    slate.convert(PixelLayout.NV12)
    assert slate.planes[:64].min() == 235
    slate.choose(is_house=True)
    np.testing.assert_array_equal(
        slate.planes, convert_to_planes(make_slate(None, 64, 64), PixelLayout.NV12)
    )
    slate.choose(is_house=False)
    assert slate.planes[:64].min() == 235
