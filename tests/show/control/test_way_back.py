"""Test the way back to a camera: the one in use stays until the other gives pictures."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from renderer.capture.process.messages import SourceInfo
from renderer.capture.process.process import SourceLosses
from renderer.capture.process.rate import RateMeter
from renderer.protocol.inputs import ChangeCamera, RestoreCamera
from renderer.protocol.schema import Reply
from renderer.show.control.switch_inputs import InputSwitcher
from renderer.show.inputs.feed import CaptureFeed
from renderer.show.timing import StageTimes


class Camera:
    """A device in the place of a capture process."""

    def __init__(self, made: list[Camera]) -> None:
        self.info = SourceInfo("camera:0", (640, 360), 30.0, None, None)
        self.dropped, self.losses = 0, SourceLosses()
        self.pulse = RateMeter(live=True)
        self.has_picture = self.is_closed = False
        self.picture: Path | None = None
        made.append(self)

    def share_picture(self, path: Path) -> None:
        self.picture = path

    def start(self, _began_ns: int | None = None) -> None:
        if self.picture is not None:
            self.picture.write_bytes(b"a picture")

    def get_all(self, _timeout: float) -> tuple[object, ...] | None:
        return (SimpleNamespace(pose=1, face=None),) if self.has_picture else None

    def close(self) -> None:
        self.is_closed = True


def test_the_camera_before_takes_over_once_it_gives_pictures(tmp_path: Path) -> None:
    made: list[Camera] = []
    feed = CaptureFeed(cast("Any", lambda: Camera(made)), StageTimes(), live=True)
    plan = SimpleNamespace(
        inputs=["camera:0"], focal=lambda _number: 1.0, document=None, live=True, performers=1,
        rate=None, companions=SimpleNamespace(closeups={}),
    )  # fmt: skip
    stage = SimpleNamespace(cameras=[SimpleNamespace(feed=feed)], closeups={})
    place = tmp_path / "camera-0.picture"
    replies: list[Reply] = []
    with InputSwitcher(cast("Any", plan), cast("Any", stage), lambda _number: place) as switcher:
        switcher.handle(RestoreCamera(0), replies.append)
        assert not replies[-1].ok, "nothing has been replaced"
        switcher.handle(ChangeCamera(0, "camera:7"), replies.append)
        switcher.handle(RestoreCamera(0), replies.append)
        assert [reply.ok for reply in replies[1:]] == [True, True]
        used, before = made
        assert before.picture not in (None, place), "beside the one in use"
        switcher._follow_trial()
        assert not used.is_closed, "it stays"
        before.has_picture = True
        switcher._follow_trial()
        feed.close()
        assert used.is_closed
        assert place.read_bytes() == b"a picture", "the desk sees the camera before"
        assert feed.info is before.info
