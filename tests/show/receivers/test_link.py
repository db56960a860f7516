"""Test that a Link session has the beat of the song that plays, and is left alone otherwise."""

from __future__ import annotations

import sys
from contextlib import closing

import pytest

from renderer.errors import SetupError
from renderer.show.direction.director import StageDirector
from renderer.show.document.editor import validate
from renderer.show.document.entries.link import LinkEntry
from renderer.show.event_log import EventLog
from renderer.show.receivers.link.control import LinkControl
from renderer.show.receivers.link.device import SystemLink
from renderer.show.songs.plan import SongPlan
from renderer.stage.text.titles import TitlePlan

S = 1_000_000_000
SHOW = {
    "songs": [
        {"name": "One", "beat": {"bpm": 120.0, "first": 0.5}},
        {"name": "Two", "beat": {"bpm": 96.0}},
    ]
}


class Session:
    """A session whose clock is the test's."""

    def __init__(self) -> None:
        self.now_ns = 0
        self.tempo = 100.0
        self.peers = 1
        self.forced = 0
        self.is_closed = False
        self._origin_ns, self._origin = 0, 0.0

    @property
    def beat(self) -> float:
        return self._origin + (self.now_ns - self._origin_ns) / S * self.tempo / 60.0

    def set_tempo(self, bpm: float) -> None:
        self._origin, self._origin_ns = self.beat, self.now_ns
        self.tempo = bpm

    def force_beat(self, beat: float) -> None:
        self._origin, self._origin_ns = beat, self.now_ns
        self.forced += 1

    def close(self) -> None:
        self.is_closed = True


def test_a_session_has_the_songs_beat_and_jumps_only_where_the_song_does() -> None:
    plans = [SongPlan(name, None, None, None) for name in ("One", "Two")]
    director = StageDirector(validate(SHOW), TitlePlan(), EventLog(), plans)
    session = Session()
    with closing(LinkControl(LinkEntry(), director, lambda _: session)) as control:

        def play(begin_s: float, end_s: float) -> None:
            for number in range(round(begin_s * 30), round(end_s * 30)):
                session.now_ns = 5 * S + number * S // 30
                director.advance(0, session.now_ns, number * S // 30)
                control.poll(session.now_ns)

        play(0.0, 10.0)
        assert session.tempo == pytest.approx(120.0)
        position_ns = director.songs.current.position_ns
        assert session.beat == pytest.approx((position_ns / S - 0.5) * 2.0, abs=0.05)
        assert session.forced == 1

        director.songs.pause()
        play(10.0, 11.0)
        beats = session.forced
        session.force_beat(77.0)
        play(11.0, 12.0)
        assert session.forced == beats + 1, "a paused song leaves the session alone"

        director.songs.start("Two")
        play(12.0, 20.0)
        assert session.tempo == pytest.approx(96.0)
        position_ns = director.songs.current.position_ns
        assert session.beat == pytest.approx(position_ns / S * 1.6, abs=0.05)
        assert session.forced == beats + 2
        (status,) = control.statuses()
        assert status.address == "1 other program" and "96.00 bpm" in status.newest
    assert session.is_closed


def test_without_a_song_the_session_is_left_alone() -> None:
    session = Session()
    director = StageDirector(validate({}), TitlePlan(), EventLog())
    with closing(LinkControl(LinkEntry(), director, lambda _: session)) as control:
        director.advance(0, S, S)
        control.poll(S)
    with closing(LinkControl(LinkEntry(), None, lambda _: session)) as control:
        control.poll(S)
    assert (session.tempo, session.forced) == (100.0, 0)


def test_without_the_package_a_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "aalink", None)
    with pytest.raises(SetupError, match="pip install aalink"):
        SystemLink(4)


def test_the_package_takes_tempo_and_beat() -> None:
    pytest.importorskip("aalink")
    with closing(SystemLink(4)) as session:
        session.set_tempo(117.0)
        session.force_beat(12.0)
        assert session.tempo == pytest.approx(117.0)
        assert session.beat >= 12.0 - 1e-3 and session.peers >= 0
