"""Test that data lost while inputs are read is reported when found: alarm, log, status, report."""

from __future__ import annotations

import time
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av

from renderer.capture.process.process import CaptureProcess
from renderer.desk.alarms import alarm_rows
from renderer.output.output_words import parse_output
from renderer.paths import CLIP, IDOL
from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.show import ShowHealth
from renderer.rights.declaration import Declaration
from renderer.show.inputs.feed import CaptureFeed
from renderer.show.loss_monitor import LossMonitor
from renderer.show.plan import ShowPlan
from renderer.show.progress import Progress
from renderer.show.show import Show
from renderer.show.timing import StageTimes


def leaping(path: Path, count: int, at: int) -> Path:
    """Write the demo's performer at 25 fps; a gap of a minute precedes frame `at`."""
    with av.open(str(CLIP)) as source, av.open(str(path), "w") as target:
        pictures = source.decode(video=0)
        stream = target.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 256, 256, "yuv420p"
        for number in range(count):
            frame = next(pictures).reformat(256, 256, "yuv420p")
            frame.pts = number + (1500 if number >= at else 0)
            frame.time_base = Fraction(1, 25)
            target.mux(stream.encode(frame))
        target.mux(stream.encode())
    return path


def test_a_live_input_reports_a_gap_while_it_plays(tmp_path: Path) -> None:
    path = leaping(tmp_path / "leap.mkv", 200, at=10)

    def capture() -> CaptureProcess:
        return CaptureProcess(str(path), live=True)

    with closing(CaptureFeed(capture, StageTimes(), live=True)) as feed:
        assert feed.info.size == (256, 256)
        end = time.monotonic() + 60.0
        while not feed.losses and time.monotonic() < end:
            list(feed.until(time.monotonic_ns()))
            time.sleep(0.02)
        assert not feed.ended
        assert feed.losses["note"].startswith("the timestamps of leap.mkv leap once by 60.0 s")
        assert feed.warnings == list(feed.losses.values())


class Timed:
    """Notes the show's progress at each alarm."""

    def __init__(self) -> None:
        self.alarms: Alarms | None = None
        self.seen_at: float | None = None

    def on_start(self, alarms: Alarms, folder: Path) -> None:
        self.alarms = alarms

    def on_progress(self, progress: Progress) -> None:
        assert self.alarms is not None
        if self.seen_at is None and any(a.id == "input.1.note" for a in self.alarms.active):
            self.seen_at = progress.show_s


def test_a_show_reports_a_gap_when_it_is_read(tmp_path: Path, runtime: Path) -> None:
    plan = ShowPlan(
        inputs=(str(leaping(tmp_path / "leap.mkv", 80, at=10)),),
        avatars=(IDOL,),
        song=None,
        declaration=Declaration("Kim"),
        recordings=(parse_output(str(tmp_path / "show.mp4")),),
        size=(128, 128),
    )
    listener = Timed()
    report = Show(plan, listener).run()
    assert listener.seen_at is not None and listener.seen_at < 2.8, "long before the end at 3.2 s"
    (alarm,) = [alarm for alarm in report.alarms if alarm.id == "input.1.note"]
    assert alarm.severity is Severity.WARNING
    assert alarm.text in report.warnings and "leap once by 60.0 s" in alarm.text


def test_a_loss_is_an_alarm_for_a_while_and_again_when_it_grows() -> None:
    alarms = Alarms()
    monitor = LossMonitor(alarms)
    monitor.update({}, 0.0)
    monitor.update({"input.1.loss": "one"}, 10.0)
    assert [alarm.text for alarm in alarms.active] == ["one"]
    monitor.update({"input.1.loss": "one"}, 39.0)
    assert alarms.active
    monitor.update({"input.1.loss": "one"}, 41.0)
    assert not alarms.active
    monitor.update({"input.1.loss": "two", "voice.1.leap": "leap"}, 50.0)
    assert [alarm.text for alarm in alarms.active] == ["two", "leap"]
    monitor.update({"input.1.loss": "three", "voice.1.leap": "leap"}, 70.0)
    monitor.update({"input.1.loss": "three", "voice.1.leap": "leap"}, 85.0)
    assert [alarm.text for alarm in alarms.active] == ["three"]


def test_the_desk_shows_a_loss_once() -> None:
    alarms = Alarms()
    alarms.raise_("input.1.loss", Severity.WARNING, "it is damaged")
    show = ShowHealth(warnings=["it is damaged", "no thumbnail"], alarms=alarms.active)
    texts = [row.text for row in alarm_rows(show, [], (), 0.0)]
    assert len(texts) == 2 and "it is damaged" in texts[0] and texts[1] == "no thumbnail"
