"""Test that the director's panel shows the show's state and sends the pressed commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from statuses import status_with

from renderer.desk.panels.direction.model import LIMB_WORDS, Act, DirectionModel
from renderer.desk.widgets.formatting import Level
from renderer.motion.core.records import LIMBS
from renderer.protocol.performers import (
    CalibrateFace,
    CalibrationStatus,
    FreezeLimb,
    HandBack,
    HandToTake,
    LimbState,
    MirrorLimb,
    PerformerStatus,
    ReleaseLimb,
    ReplaceLimb,
)
from renderer.protocol.schema import Command
from renderer.protocol.show import ShowState
from renderer.protocol.status import Status

if TYPE_CHECKING:
    pass

LIVE = PerformerStatus(0, "Ren", [LimbState.LIVE] * 9, [1.0] * 9)


@pytest.fixture
def asked() -> list[Command]:
    return []


@pytest.fixture
def model(asked: list[Command]) -> DirectionModel:
    return DirectionModel(asked.append)


def told(status: Status, *directed: PerformerStatus, **more: Any) -> Status:
    return status_with(status, performers=list(directed), **more)


def limb(model: DirectionModel, name: str) -> Any:
    return next(each for each in model.panel.value.limbs if each.name == name)


def test_every_limb_has_a_button_in_the_order_of_a_status() -> None:
    assert tuple(LIMB_WORDS) == LIMBS


def test_without_a_show_or_its_direction_nothing_is_asked(
    model: DirectionModel, status: Status, asked: list[Command]
) -> None:
    for heard in (None, told(status), told(status, LIVE, state=ShowState.ENDED)):
        model.update(heard)
        assert not model.panel.value.enabled
        model.calibrate(0)
        for act in Act:
            model.press(act, "take.mcap")
    assert asked == []


def test_a_press_is_about_the_chosen_limb_of_the_chosen_performer(
    model: DirectionModel, status: Status, asked: list[Command]
) -> None:
    model.update(told(status, LIVE, msgspec.structs.replace(LIVE, performer=1, name="Mai")))
    assert model.panel.value.performers == ("Ren", "Mai")
    model.direct(1)
    model.choose("head")
    for act in Act:
        model.press(act, "take.mcap")
    assert asked == [
        ReleaseLimb(1, "head"), FreezeLimb(1, "head"), MirrorLimb(1, "head"),
        ReplaceLimb(1, "head"), ReplaceLimb(1, "head", "take.mcap"), HandToTake(1, "take.mcap"),
        HandBack(1), CalibrateFace(1),
    ]  # fmt: skip
    assert limb(model, "head").chosen and not limb(model, "leftArm").chosen


def test_a_take_that_was_not_chosen_is_not_asked_for(
    model: DirectionModel, status: Status, asked: list[Command]
) -> None:
    model.update(told(status, LIVE))
    model.press(Act.TAKE)
    model.press(Act.HAND_OVER)
    assert asked == []


def test_limbs_show_the_state_in_the_status(model: DirectionModel, status: Status) -> None:
    limbs, confidence = [LimbState.LIVE] * 9, [1.0] * 9
    limbs[LIMBS.index("leftArm")] = LimbState.FROZEN
    confidence[LIMBS.index("rightLeg")] = 0.0
    confidence[LIMBS.index("leftLeg")] = 0.3
    model.update(told(status, msgspec.structs.replace(LIVE, limbs=limbs, confidence=confidence)))
    assert (limb(model, "leftArm").shows, limb(model, "leftArm").level) == ("frozen", Level.WARN)
    assert (limb(model, "rightLeg").shows, limb(model, "rightLeg").level) == ("lost", Level.BAD)
    assert (limb(model, "leftLeg").shows, limb(model, "leftLeg").level) == ("held", Level.WARN)
    assert (limb(model, "head").shows, limb(model, "head").level) == ("live", Level.GOOD)


def test_a_status_without_some_limbs_is_borne(model: DirectionModel, status: Status) -> None:
    model.update(told(status, PerformerStatus(0, "Ren", [LimbState.LIVE], [])))
    assert limb(model, "face").shows == "" and limb(model, "torso").shows == "lost"


def test_a_performer_who_is_gone_is_not_directed(model: DirectionModel, status: Status) -> None:
    model.update(told(status, LIVE, LIVE))
    model.direct(1)
    model.update(told(status, LIVE))
    assert model.panel.value.performer == 0


@pytest.mark.parametrize(
    ("calibration", "words", "level"),
    [
        (CalibrationStatus("Smile", 2, 5, 0.3), "2 of 5: Smile", Level.WARN),
        (CalibrationStatus("Smile", 2, 5, 0.2, "No smile"), "No smile. Smile", Level.WARN),
        (CalibrationStatus("Smile", 2, 5, 0.2, "No smile", True), "No smile.", Level.BAD),
    ],
)
def test_a_calibration_shows_its_instructions(
    model: DirectionModel, status: Status, calibration: CalibrationStatus, words: str, level: Level
) -> None:
    model.update(told(status, msgspec.structs.replace(LIVE, calibration=calibration)))
    panel = model.panel.value
    assert words in panel.note and panel.level is level
    assert panel.share == (None if calibration.ended else calibration.share)


def test_face_profile_and_playing_take_are_shown(model: DirectionModel, status: Status) -> None:
    model.update(told(status, LIVE))
    assert "not calibrated" in model.panel.value.note
    model.update(told(status, msgspec.structs.replace(LIVE, calibrated=True)))
    assert model.panel.value.note == "The face is calibrated."
    model.update(told(status, msgspec.structs.replace(LIVE, take="dance.mcap")))
    assert "dance.mcap" in model.panel.value.note
