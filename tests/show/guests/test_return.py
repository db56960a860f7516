"""Test what the show returns to a guest: it is heard over real WebRTC, and its way is measured."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import numpy as np
import pytest

from renderer.errors import CaptureError, OutputError
from renderer.output.sound.devices import Handler, Stream
from renderer.output.sound.guest_return import GuestReturn
from renderer.output.sound.settings import RATE
from renderer.protocol.sound import SetGuestWay
from renderer.show.guests.exchange import GuestState, Presence
from renderer.show.guests.packet import decode
from renderer.show.guests.return_packet import MOST_AGE_NS, Heard, encode_heard
from renderer.show.guests.return_player import ReturnPlayer
from renderer.show.guests.return_sender import ReturnSender
from renderer.show.guests.voice_codec import BLOCK
from renderer.show.guests.voice_packet import GuestVoice
from renderer.show.guests.ways import GuestWays
from renderer.show.inputs.guest_feed import GuestFeed

pytest.importorskip("aiortc")

STEP = 480
STEP_NS = STEP * 1_000_000_000 // RATE


class Ear:
    """An output device that keeps what it plays."""

    def __init__(self) -> None:
        self.loudest = 0.0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_active(self) -> bool:
        return not self._ended.is_set()

    def open(
        self, handler: Handler, device: str, channels: int, is_input: bool
    ) -> tuple[Stream, int]:
        self._thread = threading.Thread(target=self._play, args=(handler,))
        self._thread.start()
        return self, RATE

    def close(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _play(self, handler: Handler) -> None:
        block, due_ns = np.zeros((2, STEP), np.float32), time.monotonic_ns()
        while not self._ended.wait(max(due_ns - time.monotonic_ns(), 0) / 1e9):
            handler(block, due_ns)
            self.loudest = max(self.loudest, float(np.abs(block).max()))
            due_ns += STEP_NS


@contextmanager
def mixing(folder: Path) -> Iterator[None]:
    """Write a tone as a guest's return, in real time."""
    ended = threading.Event()
    back = GuestReturn("mic-1", "Mai", folder)

    def run() -> None:
        begin_ns = time.monotonic_ns()
        for number in range(1 << 30):
            t = (np.arange(STEP) + number * STEP) / RATE
            tone = (0.5 * np.sin(2.0 * np.pi * 440.0 * t)).astype(np.float32)
            back.write(tone, begin_ns + number * STEP_NS)
            due_ns = begin_ns + (number + 1) * STEP_NS
            if ended.wait(max(due_ns - time.monotonic_ns(), 0) / 1e9):
                return

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        back.close()


def test_a_guest_hears_the_return_and_the_show_knows_its_way(tmp_path: Path) -> None:
    from renderer.show.guests.station import GuestStation
    from tests.show.guests.test_process import await_, invite, joined, settings

    ear = Ear()
    voices = msgspec.structs.replace(settings(tmp_path), voices=str(tmp_path))
    with (
        mixing(tmp_path),
        closing(GuestStation(voices)) as station,
        closing(ReturnPlayer("ear", ear.open)) as player,
    ):

        def way_ms() -> float:
            state = station.state("Mai")
            return 0.0 if state is None else state.way_ms

        with joined(invite(tmp_path, station.address), [], back=player):
            await_(lambda: ear.loudest > 0.4)
            await_(lambda: 20.0 < way_ms() < 1000.0)
        # The song does not wait for a guest who has gone.
        await_(lambda: way_ms() == 0.0)


def test_sound_is_returned_from_when_it_is_asked_for(tmp_path: Path) -> None:
    with closing(GuestReturn("mic-1", "Mai", tmp_path)) as back:
        sender = ReturnSender(tmp_path, "Mai")
        assert list(sender.messages()) == []
        sender.note(Heard(0, 0, 0), None)
        t_ns = 10**12
        sent: list[GuestVoice] = []
        for _ in range(40):
            back.write(np.full(STEP, 0.1, np.float32), t_ns)
            t_ns += STEP_NS
            for message in sender.messages():
                voice = decode(message)
                assert isinstance(voice, GuestVoice)
                sent.append(voice)
        assert [one.number for one in sent] == list(range(len(sent))) and len(sent) >= 18
        steps = np.diff([one.t_ns for one in sent])
        assert np.abs(steps - BLOCK * 1e9 / RATE).max() < 2e9 / RATE
        assert sent[3].before == sent[2].packet
        # A guest hears a moment 200 ms after it, and what is seen of them is 50 ms old.
        for number in range(5):
            heard_ns = sent[number].t_ns + 200_000_000
            sender.note(Heard(sent[number].t_ns, 1, 50_000_000), heard_ns)
        sender.note(Heard(sent[0].t_ns, 1, 0), sent[0].t_ns - 1)  # Before it was mixed.
        assert sender.way_ns == 250_000_000
        sender.restart()
        assert sender.way_ns == 0 and list(sender.messages()) == []
        sender.close()


def test_single_losses_cost_a_guest_no_sound_and_time_goes_on(tmp_path: Path) -> None:
    """Whatever is lost or comes twice, as much is played as was sent."""
    chooser = random.Random(3)
    with closing(GuestReturn("mic-1", "Mai", tmp_path)) as back:
        sender = ReturnSender(tmp_path, "Mai")
        sender.note(Heard(0, 0, 0), None)
        voices = []
        for number in range(100):
            t = (np.arange(BLOCK) + number * BLOCK) / RATE
            tone = 0.5 * np.sin(2.0 * np.pi * 440.0 * t)
            back.write(tone.astype(np.float32), number * BLOCK * 1e9 / RATE)
            voices += [decode(one) for one in sender.messages()]
        sender.close()
    ear = Ear()
    with closing(ReturnPlayer("ear", ear.open)) as player:
        assert player.report(7) == Heard(0, 0, 7)
        played: list[float] = []
        write = player._line.write
        player._line.write = lambda block: (played.append(float(np.abs(block).max())), write(block))  # type: ignore[method-assign, func-returns-value]
        lost = set(range(10, 90, 9)) | {50, 51}
        for voice in voices:
            assert isinstance(voice, GuestVoice)
            if voice.number not in lost:
                player.take(voice)
                if chooser.random() < 0.2:
                    player.take(voice)
    assert len(played) == len(voices)
    silent = [number for number, level in enumerate(played) if number > 2 and level < 0.1]
    # Of two that are lost together, the message after them brings the second one.
    assert set(silent) <= {50}
    report = player.report(2 * MOST_AGE_NS)
    assert report.t_ns > 0 and report.age_ns == MOST_AGE_NS


@pytest.mark.parametrize("heard", [Heard(-1, 0, 0), Heard(0, -1, 0), Heard(0, 0, MOST_AGE_NS + 1)])
def test_impossible_times_are_refused(heard: Heard) -> None:
    with pytest.raises(CaptureError, match="impossible time"):
        decode(encode_heard(heard))
    with pytest.raises(CaptureError, match="cut off"):
        decode(encode_heard(heard)[:-1])


class _Station:
    """Says how far a guest is away."""

    fault = ""

    def __init__(self) -> None:
        self.way_ms = 0.0

    def state(self, guest: str) -> GuestState:
        return GuestState(guest, Presence.CONNECTED, way_ms=self.way_ms)


class _Sound:
    """Keeps what is sent to the mixer, unless it does not run."""

    def __init__(self) -> None:
        self.told: list[float] = []
        self.runs = True

    def handle(self, command: SetGuestWay, _answer: object) -> None:
        if not self.runs:
            raise OutputError("The media process", "does not run", "wait")
        assert command.guest == "Mai"
        self.told.append(command.ms)


def test_the_mixer_is_told_a_way_that_changes_and_now_and_then_one_that_does_not() -> None:
    station, sound = _Station(), _Sound()
    ways = GuestWays([GuestFeed(station, "Mai")], sound)  # type: ignore[arg-type]
    ways.poll(1.0)
    assert sound.told == []
    for now_s, way_ms, is_told in (
        (3.0, 300.0, True), (3.5, 400.0, False), (5.0, 305.0, False), (6.5, 320.0, True),
        (8.0, 0.0, False), (20.0, 320.0, True),
    ):  # fmt: skip
        station.way_ms = way_ms
        before = len(sound.told)
        ways.poll(now_s)
        assert (len(sound.told) > before) is is_told, now_s
    assert sound.told == [300.0, 320.0, 320.0]
    # A media process that does not run gets it later.
    sound.runs, station.way_ms = False, 500.0
    ways.poll(22.0)
    sound.runs = True
    ways.poll(24.0)
    assert sound.told[-1] == 500.0
