"""Test that an engine on another machine hears times of its own clock, and says the show's."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import msgspec
import numpy as np
import pytest

from renderer.capture.process.messages import EndOfStream, pack, unpack
from renderer.capture.process.worker import Job
from renderer.capture.records import Observation
from renderer.errors import DeskError
from renderer.output.encode.format import ProgramFormat
from renderer.output.pacing import ShowClock
from renderer.output.requests import Ready
from renderer.show.host.resume import InputState, ResumeState
from renderer.show.remote_engine.translate import Translator
from renderer.show.remote_engine.tunnel import Tunnel
from renderer.show.remote_engine.video import FrameReceiver, FrameSource
from renderer.show.supervision.messages import OpenBus, OpenCapture, OpenMedia, Saved, TakeOver
from renderer.transport.machines.messages import EngineData
from renderer.transport.pixel_layout import PixelLayout
from renderer.transport.ring import FrameHeader, FrameRing, create_ring
from renderer.transport.rpc import Answer, Event, Request

DAY_NS = 86_400_000_000_000
STATE = ResumeState(
    (64, 64), 30, inputs=[InputState("a.mp4", (64, 64), 30.0, 10**9, None, 5 * DAY_NS)]
)


class Clock:
    """The difference between two clocks, which may drift."""

    def __init__(self) -> None:
        self.offset_ns = DAY_NS

    def read(self) -> int:
        return self.offset_ns


def make(clock: Clock) -> Translator:
    inputs = ("/spare/a.mp4+camera:1",), ("/show/a.mp4+camera:1",)
    return Translator(clock.read, Path("/tmp/there"), Path("/run/show-1"), inputs)


def test_times_are_brought_to_one_clock_and_back() -> None:
    translator = make(Clock())
    heard = translator.hear(Event(TakeOver(STATE, {"GPU": "0"})))
    assert heard.body.state.inputs[0].began_ns == 4 * DAY_NS
    assert heard.body.environment == {}, "which is of the show's machine"
    said = translator.say(Request(1, Saved(heard.body.state)))
    assert said == Request(1, Saved(STATE))
    ready = Ready("libx264", PixelLayout.I420, ShowClock(2, 7 * DAY_NS))
    assert translator.hear(Event(ready)).body.clock == ShowClock(2, 6 * DAY_NS)
    none = msgspec.structs.replace(STATE, inputs=[])
    assert translator.hear_state(none) == none
    seen = Observation(3 * DAY_NS, 1, (640, 360))
    (got,) = unpack(translator.hear_capture(pack((seen,))))  # type: ignore[misc]
    assert got.t_seen_ns == 2 * DAY_NS
    end = pack(EndOfStream("it has been played"))
    assert translator.hear_capture(end) == end


def test_a_clock_that_drifts_moves_the_show_time_and_no_origin() -> None:
    clock = Clock()
    translator = make(clock)
    header = FrameHeader(1, 10**9, 3 * DAY_NS, 4 * DAY_NS, 1, origin_ns=2 * DAY_NS)
    first = translator.say_frame(header)
    assert (first.origin_ns, first.t_seen_ns) == (3 * DAY_NS, 4 * DAY_NS)
    assert first.t_show_ns == header.t_show_ns
    clock.offset_ns += 5_000_000
    later = translator.say_frame(header)
    assert later.origin_ns == first.origin_ns
    assert later.t_show_ns - first.t_show_ns == 5_000_000
    resting = translator.say_frame(replace(header, origin_ns=0, t_seen_ns=0))
    assert (resting.origin_ns, resting.t_seen_ns) == (0, 0)
    assert resting.t_show_ns == header.t_show_ns


def test_folders_and_inputs_are_those_of_each_machine() -> None:
    translator = make(Clock())
    assert translator.say(Request(4, OpenBus("A show"))) == Request(4, OpenBus("A show"))
    assert translator.hear(Answer(4, Path("/run/show-1"))) == Answer(4, Path("/tmp/there"))
    assert translator.hear(Answer(4, 5)) == Answer(4, 5)
    picture = Path("/tmp/there/camera-0.picture")
    job = Job("/spare/a.mp4", True, picture, None, 1, None, 640, False, 1.0)
    said = translator.say(Request(5, OpenCapture("capture /spare/a.mp4", job)))
    assert said.body.name == "capture /show/a.mp4"
    assert said.body.job.spec == "/show/a.mp4"
    assert said.body.job.picture == Path("/run/show-1/camera-0.picture")
    program = ProgramFormat(64, 64, Fraction(25), live=True)
    translator.say(Request(6, OpenMedia("program", program, None, None)))
    assert translator.rates == {"program": Fraction(25)}


def test_frames_come_as_they_were_drawn_and_again_after_a_lost_one() -> None:
    ours, theirs = create_ring((96 * 3 // 2, 128), 4)
    ring, source = FrameRing(ours), FrameSource(theirs, Fraction(30))
    receiver = FrameReceiver((96 * 3 // 2, 128))
    lights = (40, 90, 140, 190)
    for number, light in enumerate(lights):
        planes = ring.acquire(5.0)
        assert planes is not None
        planes[:96], planes[96:] = light, 128
        ring.commit(FrameHeader(number, 0, 0, time.monotonic_ns()))
        frame = source.take()
        assert frame is not None
        assert frame.header.number == number
        if number == 1:
            source.lose()
            continue
        assert bool(frame.parameters) is (number in (0, 2))
        got = receiver.restore(frame.parameters, frame.picture)
        assert got is not None
        assert abs(float(np.mean(got[:96])) - light) < 3.0
    assert source.take() is None
    ring.close()
    assert source.take() is None, "the engine has ended"
    source.close()
    assert FrameReceiver((144, 128)).restore(b"", b"no keyframe") is None


def test_a_tunnel_carries_everything_or_nothing() -> None:
    under_way: list[EngineData] = []
    has_room = False

    def send(message: EngineData) -> bool:
        if has_room:
            under_way.append(message)
        return has_room

    here, there = Tunnel("a", send), Tunnel("a", send)
    here.put("first")
    here.put("second")
    assert not under_way
    has_room = True
    here.flush()
    assert [there.take(one) for one in under_way] == ["first", "second"]
    assert there.take(EngineData("b", 9, b"")) is None, "of another session"
    here.put("third")
    here.put("fourth")
    with pytest.raises(DeskError, match="has lost a message"):
        there.take(under_way[-1])
