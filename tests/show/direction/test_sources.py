"""Test that files and performers' own cameras are cut to, and shown only with consent."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from renderer.errors import RendererError, RightsError
from renderer.graphics.drawables.screens.media import open_media
from renderer.protocol.alarms import Alarms
from renderer.protocol.pictures import PREVIEW, PROGRAM
from renderer.rights.consent import Consent, ConsentTerms
from renderer.rights.declaration import Capture, Declaration, Usage
from renderer.rights.footage.check import FootageCheck
from renderer.rights.footage.consent import require_picture_shown
from renderer.show.direction.auto import plan_cuts
from renderer.show.direction.director import StageDirector
from renderer.show.direction.new_sources import NewSources
from renderer.show.direction.open_sources import MOST_SOURCES, open_sources
from renderer.show.direction.sources import (
    LOST_NS,
    FileSource,
    OwnCamera,
    SwitcherSource,
    SwitcherSources,
)
from renderer.show.document.cues import CameraAction
from renderer.show.document.editor import validate
from renderer.show.document.entries.stage import CameraEntry
from renderer.show.document.read import ReadShow
from renderer.show.event_log import EventLog
from renderer.show.inputs.own_cameras import find_shown_inputs
from renderer.show.plan import ShowPlan
from renderer.stage.records import Camera, StageState
from renderer.stage.text.titles import TitlePlan
from renderer.transport.latest import LatestPicture

S = 1_000_000_000
CAMERAS: list[dict[str, Any]] = [
    {"number": 1},
    {"number": 2, "file": "clip.png", "fit": "fill"},
    {"number": 3, "input": "Mai"},
    {"number": 4},
]
DOCUMENT: dict[str, Any] = {
    "performers": [{"name": "Hana"}, {"name": "Mai"}],
    "inputs": [{"address": "camera:0"}, {"address": "camera:1"}],
    "cameras": CAMERAS,
    "cue_lists": [{"name": "Main", "cues": [{"number": "1"}]}],
}
VIEW = Camera((0.0, 1.0, 4.0), (0.0, 1.0, 0.0), 0.6)
NOW = datetime(2026, 12, 1, 20, tzinfo=UTC)
AGREED = ConsentTerms(
    performer="Mai",
    controller="Crew",
    captures=(Capture.FACE, Capture.BODY),
    shows=("First Light",),
    retention_days=30,
    since=NOW - timedelta(days=1),
    until=NOW + timedelta(days=1),
    picture_shown=True,
)


class Tape:
    """A source that shows the second it was asked for."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.has_picture = True
        self.is_closed = False

    def picture_at(self, seconds: float, now_ns: int) -> tuple[np.ndarray, int] | None:
        self.asked.append(seconds)
        return (np.zeros((2, 2, 3), np.uint8), len(self.asked)) if self.has_picture else None

    def fault(self) -> str:
        return "the tape is torn"

    def close(self) -> None:
        self.is_closed = True


class Stage:
    """A directed show without pictures, with a tape as camera 2."""

    def __init__(self) -> None:
        self.alarms = Alarms()
        self.director = StageDirector(validate(DOCUMENT), TitlePlan(), EventLog())
        self.tape = Tape()
        one = SwitcherSource(2, "Camera 2", self.tape, "fill")
        self.sources = SwitcherSources([one], self.alarms)

    def frame(self, seconds: float, *views: str) -> StageState:
        self.director.advance(0, round(seconds * S), None)
        state = StageState(
            0, 0, 0, (), (), (0.0,) * 3, VIEW, view_cameras=dict.fromkeys(views, VIEW)
        )
        return self.sources.show(state, self.director)


def test_a_source_is_shown_where_its_camera_is_and_plays_from_its_cut() -> None:
    stage = Stage()
    assert not stage.frame(1.0).pictures
    stage.director.presenter.cut(2, 2 * S)
    state = stage.frame(2.5, "vertical")
    assert set(state.pictures) == {PROGRAM, "vertical"}
    assert state.pictures[PROGRAM].fit == "fill" and stage.tape.asked == [0.5, 0.5]
    # A dissolve away from it: it plays on beneath, and the new camera is the stage's.
    stage.director.presenter.cut(1, 3 * S, S, "dissolve")
    state = stage.frame(3.25, "mix")
    assert set(state.pictures) == {"mix"} and stage.tape.asked[-1] == 1.25
    assert not stage.frame(5.0).pictures


def test_a_source_on_preview_waits_at_its_beginning() -> None:
    stage = Stage()
    stage.director.runner.perform(CameraAction(2, "preview"), 0)
    assert set(stage.frame(9.0, PREVIEW).pictures) == {PREVIEW}
    assert stage.tape.asked == [0.0]


def test_a_source_on_air_without_a_picture_shows_the_stage_and_is_an_alarm() -> None:
    stage = Stage()
    stage.tape.has_picture = False
    stage.frame(1.0, "vertical")
    assert not stage.alarms.active
    stage.director.presenter.cut(2, S)
    for seconds in (1.5, 1.6, 1.7):
        assert not stage.frame(seconds).pictures
    (alarm,) = stage.alarms.active
    assert alarm.id == "source.2" and "torn" in alarm.text
    assert len(stage.alarms.history) == 1
    stage.tape.has_picture = True
    stage.frame(2.0)
    assert not stage.alarms.active
    stage.sources.close()
    assert stage.tape.is_closed


def test_an_own_camera_shows_its_newest_picture_until_it_is_lost_or_refused(
    tmp_path: Path,
) -> None:
    refused = ""
    path = tmp_path / "camera-0.picture"
    with closing(OwnCamera(path, lambda: refused)) as camera:
        assert camera.picture_at(0.0, 0) is None and "no picture" in camera.fault()
        with closing(LatestPicture.create(path, 4, 2)) as shared:
            shared.publish(np.full((2, 4, 3), 7, np.uint8), 1)
            found = camera.picture_at(0.0, S)
            assert found is not None and np.all(found[0] == 7) and not camera.fault()
            assert camera.picture_at(0.0, S + 10) == found, "nothing new"
            refused = "the consent was withdrawn"
            assert camera.picture_at(0.0, S + 20) is None and camera.fault() == refused
            refused = ""
            assert camera.picture_at(0.0, S + 30) is not None
            assert camera.picture_at(0.0, S + LOST_NS + 40) is None
            # Its process was started again, with another size.
            with closing(LatestPicture.create(path, 6, 4)) as newer:
                newer.publish(np.full((4, 6, 3), 9, np.uint8), 2)
                found = camera.picture_at(0.0, 3 * S + LOST_NS)
                assert found is not None and found[0].shape == (4, 6, 3)


def test_a_still_and_a_video_are_files(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (32, 16), (5, 6, 7)).save(tmp_path / "clip.png")
    with closing(FileSource(open_media(tmp_path / "clip.png", 1280, waits=True))) as source:
        found = source.picture_at(0.0, 0)
        assert found is not None and found[0].shape == (16, 32, 3)
        assert source.picture_at(1.0, 0) == found and not source.fault()


class Rights:
    """The rights of a show, of which one performer has agreed to be seen."""

    def __init__(self, *agreed: str) -> None:
        self.agreed = agreed

    def require_picture_shown(self, performers: list[str]) -> None:
        for one in performers:
            if one not in self.agreed:
                raise RightsError(f"The own picture of {one}", "may not be shown", "ask")


def plan_of(folder: Path, **changes: Any) -> ShowPlan:
    data = {**DOCUMENT, **changes}
    show = validate(data)
    return ShowPlan(
        ("camera:0", "camera:1"), (), None, Declaration("Hana, Mai", Usage.PERSONAL), live=True,
        document=ReadShow(folder / "show.toml", "", data, data, show),
    )  # fmt: skip


def open_of(plan: ShowPlan, rights: Rights) -> SwitcherSources | None:
    nobody = FootageCheck("First Light", lambda _: False)
    return open_sources(
        plan,
        1280,
        lambda number: Path(f"{number}"),
        rights,
        nobody,
        Alarms(),  # type: ignore[arg-type]
    )


def test_a_plans_sources_are_opened_with_the_performers_consent(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (32, 16)).save(tmp_path / "clip.png")
    plan = plan_of(tmp_path)
    assert find_shown_inputs(plan) == {1}
    sources = open_of(plan, Rights("Mai"))
    assert sources is not None
    sources.close()
    with pytest.raises(RightsError, match="own picture of Mai"):
        open_of(plan, Rights("Hana"))
    assert open_of(plan_of(tmp_path, cameras=[{"number": 1}]), Rights()) is None


def cameras_of(*cameras: dict[str, Any]) -> tuple[CameraEntry, ...]:
    return validate({**DOCUMENT, "cameras": [{"number": 1}, *cameras]}).cameras


def settle(new: NewSources, cameras: tuple[CameraEntry, ...]) -> None:
    new.poll(cameras)
    deadline = time.monotonic() + 60.0
    while not new._background.idle:
        assert time.monotonic() < deadline
        time.sleep(0.005)
        new.poll(cameras)


def test_a_source_that_is_added_on_air_is_opened_changed_and_removed() -> None:
    tapes: dict[str, Tape] = {}

    def open_one(entry: CameraEntry, name: str) -> Any:
        if entry.file == "torn.mp4":
            raise RendererError(name, "cannot be read", "take a whole file")
        tapes[entry.file] = Tape()
        return tapes[entry.file]

    stage = Stage()
    at_first = cameras_of({"number": 2, "file": "clip.png", "fit": "fill"})
    with closing(stage.sources), NewSources(at_first, open_one, stage.sources, stage.alarms) as new:
        settle(new, at_first)
        assert not tapes, "it is open already"
        added = {"number": 4, "file": "new.mp4"}
        settle(new, cameras_of({"number": 2, "file": "clip.png", "fit": "fill"}, added))
        assert list(tapes) == ["new.mp4"] and stage.sources.count == 2

        settle(new, cameras_of({"number": 4, "file": "newer.mp4"}))
        assert stage.tape.is_closed and tapes["new.mp4"].is_closed
        assert stage.sources.count == 1 and not tapes["newer.mp4"].is_closed

        settle(new, cameras_of({"number": 4, "file": "torn.mp4"}))
        (alarm,) = stage.alarms.active
        assert "cannot be read" in alarm.text
        assert not tapes["newer.mp4"].is_closed, "the one before is shown"
        settle(new, cameras_of())
        assert not stage.alarms.active and stage.sources.count == 0
    assert all(tape.is_closed for tape in tapes.values())


def test_a_flood_of_added_sources_is_bounded() -> None:
    stage = Stage()
    tapes: list[Tape] = []

    def open_one(entry: CameraEntry, name: str) -> Any:
        tapes.append(Tape())
        return tapes[-1]

    many = [{"number": 10 + row, "file": f"{row}.mp4"} for row in range(MOST_SOURCES + 4)]
    with closing(stage.sources), NewSources((), open_one, stage.sources, stage.alarms) as new:
        settle(new, cameras_of(*many))
        assert stage.sources.count == MOST_SOURCES
        assert any("one too many" in one.text for one in stage.alarms.active)
    assert all(tape.is_closed for tape in tapes)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"live": False}, "only a live show"),
        ({"inputs": ("camera:0", "dance.mcap")}, "has no picture"),
        ({"inputs": ("camera:0",)}, "no input shows"),
    ],
)
def test_an_input_that_gives_no_picture_is_refused(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    plan = plan_of(tmp_path, cameras=[{"number": 3, "input": "Mai"}])
    with pytest.raises(RendererError, match=said):
        open_of(replace(plan, **change), Rights("Mai"))


def test_a_file_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"no video")
    plan = plan_of(tmp_path, cameras=[{"number": 2, "file": "clip.mp4"}])
    with pytest.raises(RendererError, match=r"clip\.mp4"):
        open_of(plan, Rights())


def consent(**changes: Any) -> Consent:
    withdrawn = changes.pop("withdrawn", None)
    terms = ConsentTerms(**{**{n: getattr(AGREED, n) for n in AGREED.__struct_fields__}, **changes})
    return Consent("urn:1", "did:key:1", terms, withdrawn, "00", "mai.consent")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "nobody has signed"),
        ([consent(performer="Hana")], "nobody has signed"),
        ([consent(picture_shown=False)], "own picture"),
        ([consent(captures=(Capture.FACE,))], "face and body"),
        ([consent(shows=("Another",))], "is for Another"),
        ([consent(until=NOW)], "holds from"),
        ([consent(withdrawn=NOW)], "was withdrawn"),
    ],
)
def test_a_performers_own_picture_needs_their_consent(given: list[Consent], said: str) -> None:
    with pytest.raises(RightsError, match=said):
        require_picture_shown(given, "Mai", "First Light", NOW)


def test_a_consent_that_holds_allows_the_picture() -> None:
    for given in ([consent()], [consent(withdrawn=NOW), consent(performer="MAI")]):
        require_picture_shown(given, "Mai", "First Light", NOW)
    with pytest.raises(RightsError, match="without a name"):
        require_picture_shown([consent()], "", "First Light", NOW)


def test_documents_name_performers_and_not_two_sources_at_once() -> None:
    check: Callable[[dict[str, Any]], Any] = lambda camera: validate(  # noqa: E731
        {**DOCUMENT, "cameras": [{"number": 1, **camera}]}
    )
    check({"input": 2})
    with pytest.raises(RendererError, match="no performer 'Mia'"):
        check({"input": "Mia"})
    with pytest.raises(RendererError, match="both a file and an input"):
        check({"input": "Mai", "file": "x.mp4"})


def test_the_auto_director_cuts_to_sources_only_where_they_are_named() -> None:
    show = validate({**DOCUMENT, "auto_director": {"variety": 1.0}})
    used = {cut.camera for cut in plan_cuts(show, None, (), 300.0).cuts}
    assert used == {1, 4}
    show = validate({**DOCUMENT, "auto_director": {"cameras": [1, 2], "variety": 1.0}})
    assert {cut.camera for cut in plan_cuts(show, None, (), 300.0).cuts} == {1, 2}
