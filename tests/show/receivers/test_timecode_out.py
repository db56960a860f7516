"""Test that outgoing timecode keeps to what it follows, as its readers hear it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import RendererError
from renderer.protocol.control.timecode import (
    FollowTimecode,
    JamTimecode,
    StartTimecode,
    StopTimecode,
    TimecodeMode,
)
from renderer.protocol.schema import Command, Reply
from renderer.show.control.registry import CommandRegistry
from renderer.show.direction.director import StageDirector
from renderer.show.document.editor import validate
from renderer.show.event_log import EventLog
from renderer.show.receivers.timecode.generator import Anchor, TimecodeGenerator
from renderer.show.receivers.timecode.ltc import LtcDecoder, write_bits
from renderer.show.receivers.timecode.ltc_writer import LtcWriter
from renderer.show.receivers.timecode.mtc import MtcDecoder
from renderer.show.receivers.timecode.mtc_writer import MtcWriter
from renderer.show.receivers.timecode.output import TimecodeOutput
from renderer.show.receivers.timecode.smpte import (
    RATES,
    Label,
    parse_label,
    to_frames,
    to_label,
    to_ns,
)
from renderer.show.songs.plan import SongPlan
from renderer.stage.text.titles import TitlePlan

S = 1_000_000_000
FS = 48_000
DEADLINE_S = 60.0
HOUR: dict[str, Any] = {
    "songs": [{"name": "One", "hour": 2}, {"name": "Two"}],
    "cue_lists": [{"name": "Main", "cues": [{"number": "1"}]}],
    "control": {"timecode_out": {"to": ["ltc:null"]}},
}


def write(
    writer: LtcWriter, generator: TimecodeGenerator, seconds: float, block: int, begin_ns: float
) -> np.ndarray:
    """Return the audio of some seconds, written block by block."""
    out = np.zeros(round(seconds * FS), np.float32)
    for at in range(0, len(out), block):
        writer.fill(out[at : at + block], begin_ns + at / FS * 1e9)
    return out


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(sorted(RATES)), st.sampled_from([64, 479, 1024]),
    st.floats(0.0, 86_000.0), st.floats(0.995, 1.005),
)  # fmt: skip
def test_ltc_says_the_position_at_every_frame(
    name: str, block: int, start_s: float, speed: float
) -> None:
    rate, generator = RATES[name], TimecodeGenerator()
    generator.anchor = Anchor(start_s * S, 0.0, speed)
    writer = LtcWriter(generator, rate, FS)
    decoder = LtcDecoder(FS)
    found = decoder.feed(write(writer, generator, 1.0, block, 0.0))
    assert len(found) >= rate.count - 3
    for one in found:
        assert one.drops is rate.drops
        # A frame ends where the next one's time is.
        ends = generator.position_at(one.ends_at / FS * S)
        assert ends is not None
        expected = ends / rate.frame_ns - 1
        difference = (to_frames(one.label, rate) - expected) % rate.frames_a_day
        assert min(difference, rate.frames_a_day - difference) < 0.2, "frames"


def test_ltc_is_silent_without_a_position_and_jumps_at_once() -> None:
    rate, generator = RATES["25"], TimecodeGenerator()
    writer = LtcWriter(generator, rate, FS)
    assert not write(writer, generator, 0.1, 480, 0.0).any() and not writer.label
    decoder = LtcDecoder(FS)
    generator.anchor = Anchor(to_ns(Label(1, 0, 0, 0), rate), 0.1 * S)
    first = decoder.feed(write(writer, generator, 0.4, 480, 0.1 * S))
    generator.anchor = Anchor(to_ns(Label(5, 0, 0, 0), rate), 0.5 * S)
    second = decoder.feed(write(writer, generator, 0.4, 480, 0.5 * S))
    generator.anchor = None
    assert not write(writer, generator, 0.4, 480, 0.9 * S)[4800:].any()
    hours = [one.label.hours for one in (*first, *second)]
    assert hours == sorted(hours) and hours.count(1) >= 7 and hours.count(5) >= 7


@pytest.mark.parametrize("name", sorted(RATES))
def test_every_frame_of_ltc_begins_with_the_same_sign(name: str) -> None:
    rate = RATES[name]
    for number in range(0, rate.frames_a_day, 99_991):
        bits = write_bits(to_label(number, rate), drops=rate.drops, is_25=rate.count == 25)
        assert bits.bit_count() % 2 == 0
        assert bits >> (27 if rate.count == 25 else 59) & 1 == 0, "a binary group flag"


@pytest.mark.parametrize("name", ["24", "25", "29.97df", "30"])
def test_mtc_is_read_as_consecutive_times(name: str) -> None:
    rate, generator = RATES[name], TimecodeGenerator()
    generator.anchor = Anchor(to_ns(parse_label("00:59:59:20", rate), rate), time.monotonic_ns())
    sent: list[bytes] = []
    enough = threading.Event()

    def send(data: bytes) -> None:
        sent.append(data)
        if len(sent) > 60:
            enough.set()

    with closing(MtcWriter(generator, rate, send)) as writer:
        assert enough.wait(DEADLINE_S)
    assert not writer.fault and writer.frames >= 12
    decoder, read = MtcDecoder(), []
    for data in sent:
        if data[0] == 0xF0:
            full = MtcDecoder.full_frame(data[1:-1])
            assert full is not None and full[1] == rate
        elif (found := decoder.quarter_frame(data[1] >> 4, data[1] & 15)) is not None:
            read.append(to_frames(found[0], rate))
    assert len(read) >= 6 and set(np.diff(read)) == {2}


def test_mtc_to_a_device_that_is_gone_ends_and_says_so() -> None:
    generator = TimecodeGenerator()
    generator.anchor = Anchor(0.0, time.monotonic_ns())

    def send(_data: bytes) -> None:
        raise OSError("unplugged")

    with closing(MtcWriter(generator, RATES["25"], send)) as writer:
        deadline = time.monotonic() + DEADLINE_S
        while not writer.fault:
            assert time.monotonic() < deadline
            time.sleep(0.001)
    assert "unplugged" in writer.fault


class Out:
    """A show's outgoing timecode, with songs that are played by hand."""

    def __init__(self, **changes: Any) -> None:
        show = validate({**HOUR, "control": {"timecode_out": {"to": ["ltc:null"], **changes}}})
        plans = [SongPlan(name, None, None, None) for name in ("One", "Two")]
        self.director = StageDirector(show, TitlePlan(), EventLog(), plans)
        self.incoming: tuple[int, float] | None = None
        entry = show.control.timecode_out
        assert entry is not None
        self.output = TimecodeOutput(entry, self.director, lambda _: self.incoming, NoMidi())
        self.commands = CommandRegistry()
        self.output.attach(self.commands)

    def send(self, command: Command) -> Reply:
        replies: list[Reply] = []
        self.commands.handle(command, replies.append)
        return replies[0]

    def frame(self, show_s: float) -> str:
        """Return the label of now, after a frame at a show time."""
        now_ns = time.monotonic_ns()
        self.director.advance(0, now_ns, round(show_s * S))
        self.output.poll(now_ns)
        return self.output.health().time


class NoMidi:
    """A machine without MIDI."""

    def open_input(self, name: str, take: Callable[[bytes], None]) -> Any:
        raise RendererError(name, "is not there", "connect it")

    def open_output(self, name: str) -> Any:
        raise RendererError(name, "is not there", "connect it")


@pytest.fixture
def out() -> Iterator[Out]:
    one = Out()
    with closing(one.output):
        yield one


def test_timecode_follows_the_songs_in_their_hours(out: Out) -> None:
    assert out.frame(0.0).startswith("02:00:0")
    assert out.frame(61.0).startswith("02:01:0")
    out.director.songs.pause()
    out.frame(62.0)
    assert out.frame(63.0) == ""
    out.director.songs.start("Two")
    out.frame(64.0)
    assert out.frame(65.0) == "", "it has no hour"


def test_an_audio_output_is_played_to(out: Out) -> None:
    deadline = time.monotonic() + DEADLINE_S
    show_s = 0.0
    while not out.output.statuses()[0].newest.startswith("02:00"):
        assert time.monotonic() < deadline, out.output.statuses()
        show_s += 0.02
        out.frame(show_s)
        time.sleep(0.02)
    assert out.output.health().sent_to == ["LTC to null"]


def test_the_crew_starts_jams_and_stops_it(out: Out) -> None:
    assert out.send(StartTimecode(at="10:00:00:00")).ok
    assert out.frame(0.0).startswith("10:00:") and out.output.health().mode is TimecodeMode.FREE
    refused = out.send(JamTimecode())
    assert not refused.ok and "no incoming timecode" in refused.text
    out.incoming = 7 * 3600 * S, 1.0
    assert out.send(JamTimecode()).ok
    out.incoming = None
    assert out.frame(1.0).startswith("07:00:"), "it runs on without the input"
    assert out.send(FollowTimecode("input")).ok
    assert out.frame(2.0) == ""
    out.incoming = 8 * 3600 * S, 1.0
    assert out.frame(3.0).startswith("08:00:")
    assert out.send(FollowTimecode()).ok and out.frame(4.0).startswith("02:00:0")
    assert out.send(StopTimecode()).ok and out.frame(5.0) == ""
    for wrong in (StartTimecode(at="25:00:00:00"), FollowTimecode("moon")):
        reply = out.send(wrong)
        assert not reply.ok and len(reply.text) > 20


def test_what_cannot_be_followed_or_opened_refuses_a_show() -> None:
    with pytest.raises(RendererError, match="is not there"):
        Out(to=["ltc:null", "mtc:Interface"])
    entry = validate({"control": {"timecode_out": {"to": ["ltc:null"], "follow": "input"}}})
    assert entry.control.timecode_out is not None
    with pytest.raises(RendererError, match=r"add control\.timecode"):
        TimecodeOutput(entry.control.timecode_out, None, None, NoMidi())
