"""Test that timecode is read, followed over faults, and fires each cue once at its frame."""

from __future__ import annotations

import ctypes.util
from typing import Any

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import ShowError
from renderer.protocol.control.receivers import ArmTimecode
from renderer.protocol.schema import Reply
from renderer.show.cues.runner import Performed
from renderer.show.direction.director import StageDirector
from renderer.show.document.editor import validate
from renderer.show.document.entries.control import TimecodeEntry
from renderer.show.event_log import EventLog
from renderer.show.receivers.timecode.chase import ChaseState, TimecodeChase
from renderer.show.receivers.timecode.control import LtcInput, TimecodeControl, find_wrong_times
from renderer.show.receivers.timecode.ltc import LtcDecoder, LtcFrame, encode
from renderer.show.receivers.timecode.mtc import (
    MtcDecoder,
    write_full_frame,
    write_quarter_frames,
)
from renderer.show.receivers.timecode.smpte import (
    RATES,
    SECOND_NS,
    Label,
    parse_label,
    to_frames,
    to_label,
    to_ns,
)
from renderer.show.receivers.timecode.sources import MtcInput
from renderer.stage.text.titles import TitlePlan

S = SECOND_NS
FS = 48_000
names = st.sampled_from(sorted(RATES))


@settings(max_examples=300, deadline=None)
@given(names, st.integers(0, 2_600_000))
def test_labels_and_frames_are_each_others_inverse(name: str, frames: int) -> None:
    rate = RATES[name]
    frames %= rate.frames_a_day
    label = to_label(frames, rate)
    assert label.is_valid(rate) and to_frames(label, rate) == frames


def test_drop_frame_keeps_to_the_clock() -> None:
    rate = RATES["29.97df"]
    minute = parse_label("01:00:59;29", rate)
    assert str(to_label(to_frames(minute, rate) + 1, rate)) == "01:01:00:02"
    # ST 12-1: an hour of drop-frame labels is short by 3.6 ms.
    assert abs(to_ns(parse_label("01:00:00;00", rate), rate) - 3600 * S) < 4_000_000
    for text in ("01:01:00;00", "1:2:3", "24:00:00:00", "01:00:00:30", "x"):
        with pytest.raises(ShowError, match="is none at"):
            parse_label(text, rate)


def labels_from(start: str, count: int, name: str) -> list[Label]:
    rate = RATES[name]
    first = to_frames(parse_label(start, rate), rate)
    return [to_label(first + number, rate) for number in range(count)]


def read(samples: Any, block: int = 479) -> tuple[list[LtcFrame], LtcDecoder]:
    decoder = LtcDecoder(FS)
    found = []
    for at in range(0, len(samples), block):
        found += decoder.feed(samples[at : at + block])
    return found, decoder


@pytest.mark.parametrize("name", sorted(RATES))
@pytest.mark.parametrize("kind", ["clean", "noise", "hum", "fast", "slow", "quiet"])
def test_ltc_is_read_under_what_happens_to_audio(name: str, kind: str) -> None:
    labels = labels_from("01:00:58:00", 75, name)
    speed = {"fast": 1.02, "slow": 0.9}.get(kind, 1.0)
    wave = encode(labels, RATES[name], FS, speed=speed, level=0.01 if kind == "quiet" else 0.5)
    rng = np.random.default_rng(1)
    if kind == "noise":
        wave = wave + rng.normal(0.0, 0.04, len(wave))
    if kind == "hum":
        wave = wave + 0.3 * np.sin(np.arange(len(wave)) * 2 * np.pi * 50 / FS)
    found, _ = read(wave)
    assert len(found) >= len(labels) - 3
    assert [one.label for one in found] == labels[len(labels) - len(found) - 1 :][: len(found)] or [
        one.label for one in found
    ] == labels[-len(found) :]
    assert all(one.drops is RATES[name].drops for one in found)
    for one in found[2:]:
        number = labels.index(one.label) + 1
        expected = number * FS / (float(RATES[name].exact) * speed)
        assert abs(one.ends_at - expected) < 3.0, "samples"


def test_ltc_of_another_program_is_read() -> None:
    """libltc, which other programs write LTC with (Debian's libltc11)."""
    path = ctypes.util.find_library("ltc")
    if path is None:
        pytest.skip("libltc is not installed (Debian's package libltc11)")
    lib = ctypes.CDLL(path)
    lib.ltc_encoder_create.restype = ctypes.c_void_p
    lib.ltc_encoder_create.argtypes = [ctypes.c_double, ctypes.c_double, ctypes.c_int, ctypes.c_int]
    encoder = ctypes.c_void_p(lib.ltc_encoder_create(float(FS), 25.0, 1, 0))
    out = bytearray()
    buffer = ctypes.create_string_buffer(8192)
    for _ in range(50):
        lib.ltc_encoder_encode_frame(encoder)
        count = lib.ltc_encoder_copy_buffer(encoder, buffer)
        out += buffer.raw[:count]
        lib.ltc_encoder_inc_timecode(encoder)
    lib.ltc_encoder_free(encoder)
    wave = (np.frombuffer(bytes(out), np.uint8).astype(np.float64) - 128.0) / 128.0
    found, _ = read(wave)
    frames = [to_frames(one.label, RATES["25"]) for one in found]
    assert len(frames) >= 47 and np.all(np.diff(frames) == 1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(width=32), max_size=400), st.integers(1, 60))
def test_no_audio_stops_the_decoder(samples: list[float], block: int) -> None:
    with np.errstate(all="ignore"):
        read(np.array(samples, np.float64), block)


@pytest.mark.parametrize("name", ["24", "25", "29.97df", "30"])
def test_mtc_names_the_frame_of_now(name: str) -> None:
    rate = RATES[name]
    decoder = MtcDecoder()
    label = parse_label("10:22:33:20", rate)
    results = [decoder.quarter_frame(*one) for one in write_quarter_frames(label, rate)]
    assert results[:7] == [None] * 7
    assert results[7] == (to_label(to_frames(label, rate) + 2, rate), rate)
    data = write_full_frame(label, rate)
    assert MtcDecoder.full_frame(data) == (label, rate)
    assert MtcDecoder.full_frame(data[:-1]) is None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 15)), max_size=40))
def test_no_run_of_quarter_frames_gives_a_wrong_label(parts: list[tuple[int, int]]) -> None:
    decoder = MtcDecoder()
    for kind, value in parts:
        found = decoder.quarter_frame(kind, value)
        assert found is None or found[0].is_valid(found[1])


def test_a_chase_freewheels_then_stands_and_comes_back() -> None:
    chase = TimecodeChase(S / 25)
    for number in range(50):
        chase.observe(number * S / 25 * 1.01, number * S // 25)
    end = 49 * S // 25
    assert chase.state(end) is ChaseState.LOCKED and chase.speed == pytest.approx(1.01, abs=0.002)
    assert chase.state(end + S // 2) is ChaseState.FREEWHEEL
    assert chase.position_at(end + S // 2) == pytest.approx((end + S / 2) * 1.01, abs=S / 250)
    assert chase.state(end + 2 * S) is ChaseState.LOST and chase.position_at(end + 2 * S) is None
    chase.observe((end + 3 * S) * 1.01, end + 3 * S)
    assert chase.state(end + 3 * S) is ChaseState.LOCKED and chase.jumps == 0


def test_a_single_wild_time_is_no_jump_and_two_that_agree_are() -> None:
    chase = TimecodeChase(S / 25)
    chase.observe(0, 0)
    chase.observe(9000 * S, S // 25)
    chase.observe(2 * S / 25, 2 * S // 25)
    assert chase.misread == 1 and chase.jumps == 0
    assert chase.position_at(2 * S // 25) == 2 * S // 25
    chase.observe(100 * S, 3 * S // 25)
    chase.observe(100 * S + S / 25, 4 * S // 25)
    assert chase.jumps == 1 and chase.position_at(4 * S // 25) == 100 * S + S // 25


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(-(10**14), 10**14), st.integers(-(10**9), 10**9))))
def test_wild_timecode_never_runs_at_a_wild_speed(times: list[tuple[int, int]]) -> None:
    chase = TimecodeChase(S / 25)
    now = 0
    for position, step in times:
        now += step
        chase.observe(position, now)
        assert 0.5 <= chase.speed <= 2.0
        chase.position_at(now)


def make_control(**entry: Any) -> tuple[TimecodeControl, StageDirector]:
    cues = [
        {"number": str(number), "trigger": {"on": "timecode", "at": f"01:00:{number:02d}:00"},
         "actions": [{"do": "text", "text": str(number)}]}
        for number in range(1, 30)
    ]  # fmt: skip
    document = {
        "songs": [{"name": "One", "hour": 1}, {"name": "Two", "hour": 2}],
        "cue_lists": [{"name": "Main", "cues": cues}],
    }
    director = StageDirector(validate(document), TitlePlan(), EventLog())
    return TimecodeControl(TimecodeEntry(source="ltc", **entry), director), director


def run(
    control: TimecodeControl, director: StageDirector, wave: Any, begin_ns: int = 0
) -> list[tuple[str, int]]:
    """Feed audio in blocks of 10 ms at 30 frames a second; return fired cues with their times."""
    reader = LtcInput(FS, control.rate, control.take)
    fired = []
    frame_ns, next_ns = S // 30, begin_ns
    for at in range(0, len(wave), 480):
        now = begin_ns + (at + 480) * S // FS
        reader.feed(wave[at : at + 480], now)
        while next_ns <= now:
            director.now_ns = next_ns
            director.runner.advance(next_ns)
            control.poll(next_ns)
            fired += [
                (event.cue, event.at_ns)
                for event in director.runner.take_events()
                if isinstance(event, Performed)
            ]
            next_ns += frame_ns
    return fired


def test_ltc_fires_every_cue_once_within_a_frame() -> None:
    control, director = make_control()
    wave = encode(labels_from("01:00:00:00", 25 * 8, "25"), RATES["25"], FS, speed=1.01)
    fired = run(control, director, wave)
    assert [cue for cue, _ in fired] == [str(number) for number in range(1, 8)]
    for cue, at_ns in fired:
        assert abs(at_ns - int(cue) / 1.01 * S) < S / 30


def test_disarmed_timecode_has_no_effect_and_arming_takes_it_up() -> None:
    control, director = make_control(armed=False)
    wave = encode(labels_from("01:00:00:00", 25 * 4, "25"), RATES["25"], FS)
    assert run(control, director, wave) == []
    assert control.health(4 * S).time.startswith("01:00:0")
    replies: list[Reply] = []
    control.arm(ArmTimecode(), replies.append)
    more = encode(labels_from("01:00:04:00", 25 * 3, "25"), RATES["25"], FS)
    fired = run(control, director, more, 4 * S)
    assert replies[0].ok and {"5", "6"} <= {cue for cue, _ in fired}
    assert "1" not in {cue for cue, _ in fired}, "the state is set; nothing old is fired"
    control.arm(ArmTimecode(on=False), replies.append)
    assert not control.is_armed


@pytest.mark.parametrize("name", sorted(RATES))
def test_the_song_of_the_hour_is_started_where_the_timecode_is(name: str) -> None:
    control, director = make_control(rate=name)
    hour_ns = to_ns(Label(2, 0, 0, 0), RATES[name])
    director.advance(0, 0, 0)
    for number in range(10):
        at_ns = number * S // 25
        control.take(hour_ns + 10 * S + at_ns, at_ns)
        director.advance(number, at_ns, at_ns)
        control.poll(at_ns)
    director.advance(30, 2 * S, 2 * S)
    playing = director.songs.current
    assert playing is not None and playing.song == "Two"
    assert abs(playing.position_ns - 12 * S) < 200_000_000


def test_messages_of_mido_are_taken_in() -> None:
    control, _ = make_control(rate="25")
    reader = MtcInput(control)
    rate = RATES["25"]
    for kind, value in write_quarter_frames(parse_label("01:00:05:00", rate), rate):
        reader.feed(mido.Message("quarter_frame", frame_type=kind, frame_value=value))
    reader.feed(mido.Message("note_on", note=60))
    reader.feed(mido.Message("sysex", data=write_full_frame(Label(1, 0, 6, 0), rate)))
    assert [one[2] for one in control._waiting] == ["01:00:05:02", "01:00:06:00"]


def test_cues_whose_time_the_rate_has_not_are_told() -> None:
    _, director = make_control()
    assert find_wrong_times(director.runner.sheet, RATES["24"]) == []
    document = {
        "cue_lists": [
            {
                "name": "Main",
                "cues": [{"number": "1", "trigger": {"on": "timecode", "at": "01:00:00:24"}}],
            }
        ]
    }
    sheet = StageDirector(validate(document), TitlePlan(), EventLog()).runner.sheet
    (line,) = find_wrong_times(sheet, RATES["24"])
    assert line.startswith("Cue 1: Timecode 01:00:00:24")
