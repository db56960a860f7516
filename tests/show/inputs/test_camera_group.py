"""Test several cameras on one performer as one input: words, checks, times and losses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from renderer.capture.process.messages import SourceInfo
from renderer.capture.records import Observation
from renderer.capture.sources.address import split_cameras
from renderer.errors import RendererError, ShowError
from renderer.motion.cameras.calibration_file import save_cameras
from renderer.motion.cameras.model import Camera, CameraSet
from renderer.motion.core.sources import Entry, Source
from renderer.rights.declaration import Declaration
from renderer.show.inputs.calibration import load_calibration
from renderer.show.inputs.camera_group import CameraGroupFeed
from renderer.show.inputs.health import Flow, Health
from renderer.show.plan import ShowPlan
from renderer.show.plan_checks import find_plan_faults

SIZE = (640, 480)


def calibration(*names: str) -> CameraSet:
    return CameraSet(
        tuple(
            replace(
                Camera.unplaced(name, SIZE).placed(np.eye(3), np.array([k, 1.0, 3.0])),
                clock_ns=50_000_000 * k,
            )
            for k, name in enumerate(names)
        )
    )


@pytest.mark.parametrize(
    ("word", "cameras"),
    [
        ("camera:0", ["camera:0"]),
        ("camera:0+camera:2", ["camera:0", "camera:2"]),
        ("/dev/video0+/dev/video2+camera:4", ["/dev/video0", "/dev/video2", "camera:4"]),
        ("rtsp://a/x+rtsp://b/y", ["rtsp://a/x", "rtsp://b/y"]),
        ("rtsp://a/x+y", ["rtsp://a/x+y"]),
        ("one+two.mp4", ["one+two.mp4"]),
        ("one.mp4+two.mp4", ["one.mp4", "two.mp4"]),
        ("a+b.mp4+c.mov", ["a+b.mp4", "c.mov"]),
    ],
)
def test_cameras_are_joined_by_a_plus(word: str, cameras: list[str]) -> None:
    assert list(split_cameras(word)) == cameras


def test_a_file_whose_name_has_a_plus_is_one_input(tmp_path: Path) -> None:
    path = tmp_path / "one.mp4+two.mp4"
    path.touch()
    assert split_cameras(str(path)) == (str(path),)


def faults(tmp_path: Path, **changes: Any) -> list[str]:
    """Return the faults of a plan with two cameras."""
    fields: dict[str, Any] = {"inputs": ("camera:0+camera:2",), "live": True} | changes
    plan = ShowPlan(avatars=(), song=None, declaration=Declaration(performer="Mai"), **fields)
    return [str(fault) for fault in find_plan_faults(plan)]


def test_a_plan_is_checked_before_air(tmp_path: Path) -> None:
    path, other = tmp_path / "stage.json", tmp_path / "three.json"
    save_cameras(calibration("camera:0", "camera:2"), path)
    save_cameras(calibration("a", "b", "c"), other)
    assert not faults(tmp_path, cameras=(path,))

    def demand(part: str, **changes: Any) -> None:
        found = faults(tmp_path, **changes)
        assert any(part in fault for fault in found), found

    demand("no calibration")
    demand("does not exist", cameras=(tmp_path / "nowhere.json",))
    demand("is of 3 cameras, and the input has 2", cameras=(other,))
    demand("of no input with several cameras", inputs=("camera:0",), cameras=(path,))
    demand("cannot be followed by several cameras", cameras=(path,), performers=2)
    demand("names 5 cameras", inputs=("+".join(f"camera:{k}" for k in range(5)),))
    demand("is in the calibration", cameras=(path,), lenses=(1.1,))
    demand("no camera beside others", inputs=("camera:0+x.mp4+take.mcap",))
    demand("nowhere.mp4", inputs=("nowhere.mp4+camera:1",), cameras=(path,))
    path.write_text("{}")
    demand("no calibration of cameras", cameras=(path,))


def test_cameras_named_in_another_order_are_put_in_theirs(tmp_path: Path) -> None:
    path = tmp_path / "stage.json"
    save_cameras(calibration("camera:0", "camera:2"), path)
    turned = load_calibration(path, ["camera:2", "camera:0"])
    assert [camera.name for camera in turned.cameras] == ["camera:2", "camera:0"]
    same = load_calibration(path, ["left.mp4", "right.mp4"])
    assert [camera.name for camera in same.cameras] == ["camera:0", "camera:2"]


def feed(times_ms: list[int], size: tuple[int, int] = SIZE, **state: Any) -> Any:
    """Return a stand-in for a camera's feed."""
    waiting = [
        Entry(Source.CAMERA, 0, Observation(t * 1_000_000, k, size)) for k, t in enumerate(times_ms)
    ]

    def until(t_ns: int) -> Iterator[Entry]:
        while waiting and waiting[0].t_ns <= t_ns:
            yield waiting.pop(0)

    fields = {
        "info": SourceInfo("video", size, 30.0, 1_000_000_000, None),
        "until": until,
        "ended": False,
        "lost": False,
        "dropped": 1,
        "warnings": ["late"],
        "losses": {"loss": "late"},
        "end_ns": 0,
        "broken_off": "",
        "health": Health(Flow.FLOWING, 30.0),
        "close": lambda: None,
    }
    return SimpleNamespace(**(fields | state))


def test_observations_carry_their_camera_and_the_first_ones_clock() -> None:
    group = CameraGroupFeed(
        [feed([0, 33, 66]), feed([0, 33, 66])], calibration("a", "b"), Path("c"), live=False
    )

    def until(t_ms: int) -> list[tuple[int, int]]:
        records = [one.record for one in group.until(t_ms * 1_000_000)]
        return [
            (one.camera, one.t_seen_ns // 1_000_000)
            for one in records
            if isinstance(one, Observation)
        ]

    assert until(49) == [(0, 0), (0, 33)]
    assert until(99) == [(0, 66), (1, 50), (1, 83)]


def test_the_group_goes_on_while_any_camera_does() -> None:
    gone: dict[str, Any] = {"ended": True, "lost": True, "health": Health(Flow.RECONNECTING)}
    group = CameraGroupFeed(
        [feed([], SIZE, **gone), feed([0])], calibration("a", "b"), Path("c"), live=True
    )
    assert not group.ended and not group.lost and group.health.flow is Flow.FLOWING
    assert group.dropped == 2 and group.warnings == ["late", "late"]
    assert set(group.losses) == {"camera.1.loss", "camera.2.loss"}
    both = CameraGroupFeed(
        [feed([], SIZE, **gone), feed([], SIZE, **gone)],
        calibration("a", "b"),
        Path("c"),
        live=True,
    )
    assert both.ended and both.lost


def test_a_calibration_of_another_set_up_is_refused_before_air() -> None:
    group = CameraGroupFeed(
        [feed([]), feed([], (720, 1280))], calibration("a", "b"), Path("stage.json"), live=True
    )
    with pytest.raises(ShowError, match="another set-up: camera 2"):
        _ = group.info
    # Another resolution of the same shape is the same camera.
    same = CameraGroupFeed(
        [feed([]), feed([], (1280, 960))], calibration("a", "b"), Path("stage.json"), live=True
    )
    assert same.info.size == SIZE


def test_a_group_without_any_performer_is_refused() -> None:
    def nobody() -> None:
        raise RendererError("Input video", "no person is seen", "take another")

    group = CameraGroupFeed(
        [feed([], await_person=nobody), feed([], await_person=lambda: None)],
        calibration("a", "b"),
        Path("c"),
        live=False,
    )
    with pytest.raises(RendererError):
        group.await_person()
