"""Test finding a show, following it through silence and death, and finding the next one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from renderer.desk.connection import Contact, ShowConnection
from renderer.desk.picture_feed import PictureFeed
from renderer.errors import DeskError
from renderer.protocol.outputs import GoLive
from renderer.protocol.pictures import PictureStatus
from renderer.protocol.show import ShowState

if TYPE_CHECKING:
    from tests.desk.conftest import FakeClock, MakeShow, Show, Until


def drain(connection: ShowConnection) -> None:
    """Receive what is still in transit."""
    quiet = 0
    while quiet < 20:
        quiet = 0 if connection.poll() else quiet + 1
        time.sleep(0.005)


def test_a_desk_may_be_there_before_the_show(
    make_show: MakeShow, clock: FakeClock, until: Until
) -> None:
    with ShowConnection(clock=clock) as connection:
        connection.poll()
        assert connection.situation.contact is Contact.NONE
        with pytest.raises(DeskError, match="no show"):
            connection.post(GoLive())
        show = make_show("late show")
        clock.now += 1.1
        connection.poll()
        assert connection.situation.contact is Contact.CONNECTING
        assert connection.situation.title == "late show"
        until(lambda: connection.poll(), show.tick)
        assert connection.situation.contact is Contact.GOOD
        assert connection.status == show.status


def test_silence_is_noticed_and_ends(show: Show, clock: FakeClock, until: Until) -> None:
    with ShowConnection(clock=clock) as connection:
        until(lambda: connection.poll(), show.tick)
        drain(connection)
        clock.now += 1.9
        connection.poll()
        assert connection.situation.contact is Contact.GOOD
        clock.now += 0.2
        connection.poll()
        assert connection.situation.contact is Contact.SILENT
        assert connection.status == show.status, "what was last known stays"
        until(lambda: connection.poll(), show.tick)
        assert connection.situation.contact is Contact.GOOD


def test_the_next_show_is_found_after_one_dies(
    show: Show, make_show: MakeShow, clock: FakeClock, until: Until
) -> None:
    with ShowConnection(clock=clock) as connection:
        until(lambda: connection.poll(), show.tick)
        drain(connection)
        show.close()
        clock.now += 2.1
        connection.poll()
        assert connection.situation.contact is Contact.SILENT
        second = make_show("second")
        clock.now += 1.1
        until(lambda: connection.poll(), second.tick)
        assert connection.situation.title == "second"


def test_a_show_that_ended_is_not_called_silent(show: Show, clock: FakeClock, until: Until) -> None:
    with ShowConnection(clock=clock) as connection:
        show.change(state=ShowState.ENDED)
        until(lambda: connection.poll(), show.tick)
        show.close()
        for _ in range(4):
            clock.now += 2.1
            connection.poll()
        assert connection.situation.contact is Contact.ENDED


def test_a_named_show_is_followed_and_no_other(
    make_show: MakeShow, clock: FakeClock, until: Until
) -> None:
    wanted, newest = make_show("wanted"), make_show("newest")
    with ShowConnection(wanted.session.info.name, clock) as connection:
        until(lambda: connection.poll(), lambda: (wanted.tick(), newest.tick()))
        assert connection.situation.title == "wanted"
    with ShowConnection("show-0-none", clock) as connection:
        connection.poll()
        assert connection.situation.contact is Contact.NONE
        assert connection.situation.wanted == "show-0-none"


def test_a_runtime_folder_that_is_not_ours_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("ENCORE_RUNTIME", str(tmp_path / "file"))
    with ShowConnection(clock=clock) as connection:
        connection.poll()
        assert "runtime folder" in connection.situation.fault
        monkeypatch.setenv("ENCORE_RUNTIME", str(tmp_path / "mended"))
        clock.now += 1.1
        connection.poll()
        assert connection.situation.fault == ""


def test_pictures_are_followed_through_remaking_and_rubbish(show: Show, clock: FakeClock) -> None:
    feed = PictureFeed(clock)
    assert feed.newest() is None and not feed.is_there
    first = show.picture("p", 8, 4, 1)
    feed.follow(first)
    pixels = feed.newest()
    assert pixels is not None and (pixels == 1).all() and feed.is_there
    assert feed.newest() is None
    show.picture("p", 8, 4, 2)  # A new engine creates it again under the same name.
    clock.now += 2.1
    pixels = feed.newest()
    assert pixels is not None and (pixels == 2).all()
    feed.follow(show.picture("q", 16, 8, 3))
    pixels = feed.newest()
    assert pixels is not None and pixels.shape == (8, 16, 3)
    feed.follow(PictureStatus(str(show.session.folder / "bus.json"), 8, 4))
    assert feed.newest() is None
    feed.close()


def test_a_picture_stays_whole_while_the_next_is_read(show: Show, clock: FakeClock) -> None:
    feed = PictureFeed(clock)
    feed.follow(show.picture("p", 8, 4, 1))
    first = feed.newest()
    show.pictures[0].publish(np.full((4, 8, 3), 2, np.uint8), 2)
    second = feed.newest()
    assert first is not None and (first == 1).all()
    assert second is not None and (second == 2).all()
    feed.close()
