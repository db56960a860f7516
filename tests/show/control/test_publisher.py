"""Test the rates of sections, rare sending of unchanged ones, and isolation of failures."""

from __future__ import annotations

from collections import Counter

from renderer.protocol.alarms import Alarms
from renderer.protocol.inputs import LandmarkPoints
from renderer.protocol.outputs import OutputsHealth
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowDocument, ShowHealth
from renderer.show.containment import Containment
from renderer.show.control.publisher import Rate, SectionPublisher
from renderer.show.event_log import EventLog


class Desk:
    """Records what was published, and when."""

    def __init__(self) -> None:
        self.alarms = Alarms()
        self.heard: list[Section] = []
        containment = Containment(self.alarms, EventLog(), live=True)
        self.publisher = SectionPublisher(self.heard.append, containment)
        self._containment = containment
        self._began = 50.0

    def run(self, seconds: float, ticks_a_second: int = 30) -> Counter[str]:
        self.heard.clear()
        for tick in range(round(seconds * ticks_a_second)):
            now = self._began + tick / ticks_a_second
            self._containment.advance(round(now * 1e9))
            self.publisher.publish_due(now)
        self._began += seconds
        return Counter(type(section).__name__ for section in self.heard)


def test_each_section_has_its_rate() -> None:
    desk = Desk()
    desk.publisher.add(ShowHealth, Rate.HEALTH, ShowHealth)
    desk.publisher.add(LandmarkPoints, Rate.POINTS, LandmarkPoints)
    desk.publisher.add(ShowDocument, Rate.ON_CHANGE, ShowDocument)
    counts = desk.run(10.0)
    assert 95 <= counts["ShowHealth"] <= 102
    assert 290 <= counts["LandmarkPoints"] <= 301
    assert 9 <= counts["ShowDocument"] <= 11, "repeated for desks that come later"
    assert desk.run(10.0, ticks_a_second=5)["LandmarkPoints"] == 50, "no faster than the ticks"


def test_a_change_is_published_at_once_with_the_next_revision() -> None:
    desk = Desk()
    song = ["a"]
    desk.publisher.add(ShowDocument, Rate.ON_CHANGE, lambda: ShowDocument(song=song[0]))
    desk.publisher.publish_due(1.0)
    song[0] = "b"
    desk.publisher.publish_due(1.1)
    desk.publisher.publish_due(1.2)
    documents = [each for each in desk.heard if isinstance(each, ShowDocument)]
    assert [(each.song, each.revision) for each in documents] == [("a", 1), ("b", 2)]


def test_a_section_that_fails_stops_no_other() -> None:
    desk = Desk()

    def fail() -> ShowHealth:
        raise RuntimeError("no figures")

    desk.publisher.add(ShowHealth, Rate.HEALTH, fail)
    desk.publisher.add(OutputsHealth, Rate.HEALTH, OutputsHealth)
    assert desk.run(2.0)["OutputsHealth"] >= 19
    assert "no figures" in desk.alarms.active[0].text


def test_the_end_is_published_whatever_was_due() -> None:
    desk = Desk()
    desk.publisher.add(ShowHealth, Rate.HEALTH, ShowHealth)
    desk.publisher.add(ShowDocument, Rate.ON_CHANGE, ShowDocument)
    desk.publisher.publish_due(1.0)
    desk.heard.clear()
    desk.publisher.publish_all(1.01)
    assert {type(each) for each in desk.heard} == {ShowHealth, ShowDocument}
