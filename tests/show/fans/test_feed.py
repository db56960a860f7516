"""Test what the audience makes of the fans, and the moderator's commands."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.faults import FaultCollector
from renderer.protocol.alarms import Alarms
from renderer.protocol.cues import StandByCue, StartCue
from renderer.protocol.fans import ClosePoll, OpenPoll, SwitchFans
from renderer.protocol.schema import Command, Reply
from renderer.show.control.registry import CommandRegistry
from renderer.show.direction.director import StageDirector
from renderer.show.document.entries.fans import FansEntry, build_fans
from renderer.show.document.read import parse_show
from renderer.show.event_log import EventLog
from renderer.show.fans.commands import FanCommands
from renderer.show.fans.exchange import STATE, SUMMARY, RecordReader, RecordWriter
from renderer.show.fans.feed import SILENT_NS, FansFeed
from renderer.show.fans.records import FanColor, FansSettings, FansState, FansSummary
from renderer.stage.records import Crowd
from renderer.stage.text.titles import TitlePlan

LOOK = Crowd(0.2, stick_colors=((1.0, 1.0, 1.0), (0.5, 0.0, 0.0)), stick_shares=(3.0, 1.0))
BLUE, RED = (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)


def make_settings(influence: float = 1.0) -> FansSettings:
    entry = FansEntry(influence=influence)
    settings = build_fans(entry, "First Light")
    colors = FanColor("Hana", BLUE), FanColor("Min", RED)
    return FansSettings(**{
        name: getattr(settings, name) for name in settings.__slots__
    } | {"colors": colors})  # fmt: skip


def settle(feed: FansFeed, start_ns: int = 0) -> Crowd:
    crowd = LOOK
    for frame in range(300):
        crowd = feed.mix(LOOK, start_ns + frame * 33_333_333)
    return crowd


def hear(feed: FansFeed, folder: Path, summary: FansSummary) -> None:
    RecordWriter(folder / SUMMARY).write(summary)
    feed._next_ns = 0
    feed.poll()


def test_without_fans_the_look_is_unchanged(tmp_path: Path) -> None:
    feed = FansFeed(make_settings(), tmp_path)
    feed.poll()
    assert settle(feed) is LOOK
    hear(feed, tmp_path, FansSummary(time.monotonic_ns(), 0, 0.0, (0.0, 0.0)))
    assert settle(feed) is LOOK


def test_a_hall_of_fans_takes_their_colours_and_energy(tmp_path: Path) -> None:
    feed = FansFeed(make_settings(), tmp_path)
    hear(feed, tmp_path, FansSummary(time.monotonic_ns(), 5000, 0.9, (0.75, 0.25)))
    crowd = settle(feed)
    assert crowd.energy == pytest.approx(0.9, abs=1e-3)
    assert crowd.stick_colors[:2] == (BLUE, RED)
    total = sum(crowd.stick_shares)
    assert crowd.stick_shares[0] / total == pytest.approx(0.75, abs=1e-2)
    assert crowd.stage_light == LOOK.stage_light


def test_two_fans_move_a_hall_a_little(tmp_path: Path) -> None:
    feed = FansFeed(make_settings(), tmp_path)
    hear(feed, tmp_path, FansSummary(time.monotonic_ns(), 2, 1.0, (1.0, 0.0)))
    assert LOOK.energy < settle(feed).energy < 0.4


def test_an_endpoint_that_died_gives_the_audience_back(tmp_path: Path) -> None:
    feed = FansFeed(make_settings(), tmp_path)
    hear(feed, tmp_path, FansSummary(time.monotonic_ns(), 5000, 1.0, (1.0, 0.0)))
    settle(feed)
    hear(feed, tmp_path, FansSummary(time.monotonic_ns() - SILENT_NS, 5000, 1.0, (1.0, 0.0)))
    assert settle(feed, 300 * 33_333_333) is LOOK


@given(
    st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.integers(0, 10**6), st.floats(0.0, 1.0),
    st.integers(0, 10**9),
)  # fmt: skip
def test_the_audience_never_leaps(
    energy: float, share: float, people: int, influence: float, step_ns: int
) -> None:
    """Between frames of 33 ms the energy moves by a fraction of its range, whatever is voted."""
    feed = FansFeed(make_settings(influence), Path("/nonexistent"))
    feed.summary = FansSummary(time.monotonic_ns(), people, energy, (share, 1.0 - share))
    now, before = 0, LOOK.energy
    for _ in range(20):
        crowd = feed.mix(LOOK, now)
        assert 0.0 <= crowd.energy <= 1.0
        assert abs(crowd.energy - before) <= 0.14
        assert 1 <= len(crowd.stick_colors) == len(crowd.stick_shares) <= 3
        assert sum(crowd.stick_shares) > 0.0
        before = crowd.energy
        now += min(step_ns, 33_333_333)


def test_a_broken_record_is_ignored(tmp_path: Path) -> None:
    reader = RecordReader(tmp_path / SUMMARY, FansSummary)
    assert reader.take() is None
    (tmp_path / SUMMARY).write_bytes(b"\xc1 rubbish")
    assert reader.take() is None
    RecordWriter(tmp_path / SUMMARY).write(FansSummary(people=3))
    assert reader.take() == FansSummary(people=3)
    assert reader.take() is None, "it has not been replaced"


def test_a_record_that_is_being_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    writer = RecordWriter(tmp_path / SUMMARY)
    reader = RecordReader(tmp_path / SUMMARY, FansSummary)
    writer.write(FansSummary(people=3))
    assert reader.take() == FansSummary(people=3)
    whole = (tmp_path / SUMMARY).read_bytes()
    writer.write(FansSummary(people=4))
    newer = (tmp_path / SUMMARY).read_bytes()
    with (tmp_path / SUMMARY).open("r+b") as file:
        for cut in range(1, 24):
            file.seek(0)
            file.write(newer[:cut] + whole[cut:])
            file.flush()
            assert reader.take() in (None, FansSummary(people=4))
        file.seek(0)
        file.write(newer)
    writer.write(FansSummary(people=5))
    assert reader.take() == FansSummary(people=5)
    reader.close()
    writer.close()


DOCUMENT = """
schema = 1
[fans]
colors = [{ name = "Hana", color = [0.0, 0.0, 1.0] }, { name = "Min", color = [1.0, 0.0, 0.0] }]
[[cue_lists]]
name = "main"
[[cue_lists.cues]]
number = "1"
name = "Ballad"
[[cue_lists.cues]]
number = "2"
name = "Dance"
"""


class Moderator:
    """A show's fan commands, and what they answer and send."""

    def __init__(self, folder: Path) -> None:
        faults = FaultCollector()
        read = parse_show(DOCUMENT, folder / "show.toml", faults)
        assert read is not None, faults
        show = read.show
        self.director = StageDirector(show, TitlePlan(), EventLog())
        assert show.fans is not None
        self.fans = FanCommands(build_fans(show.fans, "T"), folder, self.director, Alarms())
        self.registry = CommandRegistry()
        self.fans._commands = self.registry
        self.sent: list[Command] = []
        for kind in (StartCue, StandByCue):
            self.registry.register(kind, lambda command, answer: self.sent.append(command))
        for each, handler in (
            (SwitchFans, self.fans.switch), (OpenPoll, self.fans.open_poll),
            (ClosePoll, self.fans.close_poll),
        ):  # fmt: skip
            self.registry.register(each, handler)  # type: ignore[arg-type]

    def send(self, command: Command) -> Reply | None:
        replies: list[Reply] = []
        self.registry.handle(command, replies.append)
        return replies[-1] if replies else None


def test_fans_who_wave_send_a_wave_through_the_hall_from_the_next_bar(tmp_path: Path) -> None:
    moderator = Moderator(tmp_path)
    waves, writer = moderator.director.waves, RecordWriter(tmp_path / SUMMARY)
    for people, waving, is_wave in ((100, 0.1, False), (4, 1.0, False), (100, 0.3, True)):
        writer.write(FansSummary(time.monotonic_ns(), people, 0.5, (1.0, 0.0), waving=waving))
        moderator.fans._feed._next_ns = 0
        moderator.fans.poll()
        assert waves.is_running(0) is is_wave
    # A bar at 120 beats per minute has two seconds.
    assert waves.apply(LOOK, 1_900_000_000).wave is None
    assert waves.apply(LOOK, 2_100_000_000).wave is not None
    writer.close()


def test_the_winner_of_a_poll_is_the_next_cue(tmp_path: Path) -> None:
    moderator = Moderator(tmp_path)
    reader = RecordReader(tmp_path / STATE, FansState)
    opened = moderator.send(OpenPoll(cues="1, 2", question="Next?"))
    assert opened is not None and opened.ok
    told = reader.take()
    assert told is not None and told.choices == ("Ballad", "Dance")
    assert moderator.fans.health().choices[1].votes == 0
    RecordWriter(tmp_path / SUMMARY).write(
        FansSummary(time.monotonic_ns(), 9, 0.0, (1.0, 0.0), told.poll, (3, 6))
    )
    moderator.fans.poll()
    # An engine that starts again goes on with the poll.
    moderator = Moderator(tmp_path)
    moderator.fans.poll()
    assert [one.votes for one in moderator.fans.health().choices] == [3, 6]
    moderator.send(ClosePoll(start=True))
    assert moderator.sent == [StartCue(cue="2")]
    assert moderator.fans.health().choices == ()
    closed = moderator.send(ClosePoll())
    assert closed is not None and not closed.ok


def test_votes_of_another_poll_choose_nothing(tmp_path: Path) -> None:
    moderator = Moderator(tmp_path)
    moderator.send(OpenPoll(cues="1,2"))
    RecordWriter(tmp_path / SUMMARY).write(
        FansSummary(time.monotonic_ns(), 9, 0.0, (1.0, 0.0), 77, (3, 6))
    )
    moderator.fans.poll()
    reply = moderator.send(ClosePoll(start=True))
    assert reply is not None and "nobody" in reply.text
    assert moderator.sent == []


@pytest.mark.parametrize("cues", ["", "1", "1,1", "1,9", "1,2,1,2,1,2,1"])
def test_polls_that_make_no_sense_are_refused(tmp_path: Path, cues: str) -> None:
    reply = Moderator(tmp_path).send(OpenPoll(cues=cues))
    assert reply is not None and not reply.ok


def test_the_moderator_s_switch_outlives_the_engine(tmp_path: Path) -> None:
    reply = Moderator(tmp_path).send(SwitchFans(on=False))
    assert reply is not None and reply.ok
    assert not Moderator(tmp_path).fans.health().is_on
