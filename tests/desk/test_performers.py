"""Test the row of each performer: visibility, sources, and two buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from statuses import status_with

from renderer.desk.panels.performers.model import PerformerRow, rows_of
from renderer.desk.widgets.formatting import Level
from renderer.motion.core.records import LIMBS
from renderer.protocol.inputs import (
    CameraState,
    CameraStatus,
    TrackerKind,
    TrackerState,
    TrackerStatus,
)
from renderer.protocol.performers import (
    CalibrationStatus,
    LimbState,
    PerformerStatus,
)
from renderer.protocol.show import ShowState
from renderer.protocol.status import Status

if TYPE_CHECKING:
    pass

REN = PerformerStatus(
    0, "Ren", [LimbState.LIVE] * 9, [1.0] * 9, avatar="Encore Idol", sources=["camera"] * 9
)
MAI = msgspec.structs.replace(REN, performer=1, name="Mai")
ARMS_AND_LEGS = [limb for limb in LIMBS if limb.endswith(("Arm", "Leg"))]


def changed(one: PerformerStatus, field: str, **limbs: object) -> PerformerStatus:
    """Return the status with other values for some limbs."""
    values = list(getattr(one, field))
    for limb, value in limbs.items():
        values[LIMBS.index(limb)] = value
    return msgspec.structs.replace(one, **{field: values})


def row(status: Status, one: PerformerStatus, **more: Any) -> PerformerRow:
    (found,) = rows_of(status_with(status, performers=[one], **more), is_known=True)
    return found


def test_a_fully_visible_performer_gets_a_short_text(status: Status) -> None:
    found = row(status, REN)
    assert (found.name, found.avatar) == ("Ren", "Encore Idol")
    assert (found.sources, found.note, found.level) == (
        "camera: all",
        "all seen",
        Level.GOOD,
    )
    assert {level for _, level in found.limbs} == {Level.GOOD}


def test_limbs_that_are_lost_or_held_are_named(status: Status) -> None:
    found = row(status, changed(REN, "confidence", leftHand=0.0, rightHand=0.0, leftArm=0.3))
    assert found.note == "lost: L hand, R hand · held: L arm"
    assert row(status, changed(REN, "confidence", face=0.0)).note == "lost: face"
    assert found.level is Level.WARN
    limbs = dict(found.limbs)
    assert (limbs["leftHand"], limbs["leftArm"], limbs["head"]) == (
        Level.BAD, Level.WARN, Level.GOOD,
    )  # fmt: skip
    assert "hands" not in found.sources, "what is not shown comes from nowhere"


def test_who_is_not_there_is_not_seen(status: Status) -> None:
    found = row(status, msgspec.structs.replace(REN, confidence=[0.0] * 9))
    assert (found.note, found.level) == ("not seen", Level.BAD)
    assert found.sources == "camera: nothing"
    waiting = TrackerStatus(TrackerKind.PHONE, "livelink:11111", 0, TrackerState.WAITING)
    found = row(status, msgspec.structs.replace(REN, confidence=[0.0] * 9), trackers=[waiting])
    assert found.note == "not seen · phone waiting"


def test_each_part_shows_its_source_and_each_camera_its_number(status: Status) -> None:
    two = [
        CameraStatus("a", CameraState.SEEING, performers=[0]),
        CameraStatus("b", CameraState.SEEING, performers=[1]),
    ]
    near = [*two, CameraStatus("c", CameraState.SEEING, performers=[1])]
    close = changed(MAI, "sources", face="close-up")
    assert (
        row(status, close, cameras=near).sources == "camera 2: body, head, hands · close-up: face"
    )
    one = changed(MAI, "sources", head="phone", face="phone")
    assert row(status, one, cameras=two).sources == "camera 2: body, hands · phone: head, face"
    suited = changed(one, "sources", **dict.fromkeys(["torso", *ARMS_AND_LEGS], "suit"))
    told = row(status, suited, cameras=two).sources
    assert told == "suit: body · phone: head, face · camera 2: hands"
    split = changed(MAI, "sources", leftArm="suit")
    assert "suit: L arm" in row(status, split, cameras=two).sources


def test_a_director_and_a_take_are_sources_too(status: Status) -> None:
    found = row(
        status, changed(REN, "limbs", leftHand=LimbState.FROZEN, rightHand=LimbState.MIRRORED)
    )
    assert "director: hands" in found.sources
    assert found.note == "frozen: L hand · mirrored: R hand"
    taken = msgspec.structs.replace(REN, limbs=[LimbState.TAKE] * 9, take="dance.mcap")
    found = row(status, taken)
    assert (found.sources, found.note) == ("take: all", "dance.mcap plays")


@pytest.mark.parametrize("state", ["waiting", "silent", "failed"])
def test_a_silent_phone_is_reported_for_its_own_performer_alone(status: Status, state: str) -> None:
    status = status_with(
        status,
        performers=[REN, MAI],
        trackers=[TrackerStatus(TrackerKind.PHONE, "livelink:11111", 1, TrackerState(state))],
    )
    ren, mai = rows_of(status, is_known=True)
    assert ren.note == "all seen"
    assert (mai.note, mai.level) == (f"phone {state}", Level.WARN)


def test_a_running_calibration_comes_first(status: Status) -> None:
    asked = CalibrationStatus("Smile", 2, 5, 0.3)
    found = row(status, msgspec.structs.replace(REN, calibration=asked))
    assert found.note == "2 of 5: Smile"
    assert found.calibrating
    known = row(status, msgspec.structs.replace(REN, calibrated=True))
    assert known.calibrated
    assert not known.calibrating


def test_of_a_silent_show_nothing_is_promised(status: Status) -> None:
    (found,) = rows_of(status_with(status, performers=[REN]), is_known=False)
    assert not found.enabled
    assert (found.note, found.level) == ("", Level.IDLE)
    assert {level for _, level in found.limbs} == {Level.IDLE}
    assert not row(status, REN, state=ShowState.ENDED).enabled


def test_a_status_without_some_limbs_is_borne(status: Status) -> None:
    assert row(status, PerformerStatus(0, "Ren", [LimbState.LIVE])).note == "not seen"
