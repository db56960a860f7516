"""Test that performers change their avatars between two frames, as cues and jumps say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars import load_avatar
from avatars.model import Avatar
from avatars.pose import AvatarPose
from renderer.errors import ShowError
from renderer.faults import FaultCollector
from renderer.paths import IDOL, IDOL_2
from renderer.show.cues.kept import Kept
from renderer.show.document.cues import AvatarAction, PaletteAction
from renderer.show.document.editor import validate
from renderer.show.document.read import ReadShow
from renderer.show.document.staging import find_cue_screens, find_wardrobe
from renderer.show.performers.option_binding import AuxiliaryPlan
from renderer.show.performers.performer import PerformerPipeline
from renderer.show.performers.sources import AuxiliarySources
from renderer.show.performers.wardrobe import Wardrobe
from renderer.show.plan import WardrobePiece
from renderer.show.timing import StageTimes

FRAME_NS = 33_333_333
PLACE = np.array((0.5, 0.0, 0.2), np.float32)


@pytest.fixture(scope="module")
def avatars() -> tuple[Avatar, Avatar]:
    return load_avatar(IDOL), load_avatar(IDOL_2)


@pytest.fixture
def performer(avatars: tuple[Avatar, Avatar]) -> PerformerPipeline:
    sources = AuxiliarySources(AuxiliaryPlan(), AvatarPose(avatars[0]))
    return PerformerPipeline(avatars[0], sources, StageTimes())


def test_a_performer_changes_and_stands_where_they_stood(
    avatars: tuple[Avatar, Avatar], performer: PerformerPipeline
) -> None:
    pieces = [
        (WardrobePiece(0, "gala", "", IDOL_2), avatars[1]),
        (WardrobePiece(0, "gala", "rose", IDOL_2), avatars[1]),
    ]
    wardrobe = Wardrobe([performer], ["idol"], pieces)
    performer.pose_at(0, PLACE)
    before = performer.joints
    worn = []
    states: tuple[Kept, ...] = (
        {"avatar/1": AvatarAction("gala", 1)},
        {"avatar/1": AvatarAction("gala", 1), "palette/1": PaletteAction("rose", 1)},
        {"palette/1": PaletteAction("rose", 1)},  # Which her own avatar does not have.
        {"avatar/1": AvatarAction("gala", 1)},
        {"avatar/1": AvatarAction("idol", 1)},
        {},
    )
    for number, kept in enumerate(states, 1):
        wardrobe.apply(kept)
        performer.pose_at(number * FRAME_NS, PLACE)
        joints = performer.joints
        assert joints is not None and before is not None and np.isfinite(joints).all()
        # Both idols stand on the same floor, at the same place.
        assert np.abs(joints[:, [0, 2]].mean(0) - before[:, [0, 2]].mean(0)).max() < 0.1
        worn.append(wardrobe.rows[0])
    assert worn == [1, 2, 0, 1, 0, 0]
    assert performer.avatar is avatars[0]
    # A part that fails holds the pose of the avatar that is worn.
    wardrobe.apply({"avatar/1": AvatarAction("gala", 1)})
    performer.pose_at(9 * FRAME_NS, PLACE)
    kept_pose = performer.instance.world.copy()
    performer.instance.world[:] = np.nan
    performer.hold_pose()
    assert np.array_equal(performer.instance.world, kept_pose)


def test_an_avatar_that_was_not_loaded_is_refused(
    avatars: tuple[Avatar, Avatar], performer: PerformerPipeline
) -> None:
    piece = WardrobePiece(0, "gala", "", IDOL_2)
    wardrobe = Wardrobe([performer], ["idol"], [(piece, avatars[1])])
    for allowed in (AvatarAction("gala", 1), AvatarAction("idol", 1), AvatarAction("", 1)):
        wardrobe.check(allowed)
    for refused in (AvatarAction("sunday", 1), PaletteAction("rose", 1), AvatarAction("gala", 2)):
        with pytest.raises(ShowError, match="was not loaded"):
            wardrobe.check(refused)


def test_the_files_that_cues_need_are_found_and_missed(tmp_path: Path) -> None:
    for name in ("idol.vrm", "gala.vrm", "rose.vrm"):
        (tmp_path / name).touch()
    actions: list[dict[str, Any]] = [
        {"do": "avatar", "performer": "Hana", "avatar": "gala"},
        {"do": "avatar", "performer": 1, "avatar": "gala"},
        {"do": "avatar", "performer": 1, "avatar": "idol"},
        {"do": "palette", "performer": 1, "palette": "rose"},
        {"do": "palette", "performer": 2, "palette": "rose"},
        {"do": "screen", "screen": "wall", "source": "loop.mp4"},
        {"do": "screen", "screen": "wall", "source": "program"},
    ]
    data = {
        "avatars": [
            {"name": "idol", "file": "idol.vrm"},
            {"name": "gala", "file": "gala.vrm", "palettes": {"rose": "rose.vrm"}},
        ],
        "performers": [{"name": "Hana", "avatar": "idol"}, {"name": "Mai", "avatar": "idol"}],
        "cue_lists": [{"name": "Main", "cues": [{"number": "1", "actions": actions}]}],
    }
    read = ReadShow(tmp_path / "show.toml", "", data, data, validate(data))
    faults = FaultCollector()
    assert find_wardrobe(read, faults) == (
        WardrobePiece(0, "gala", "", tmp_path / "gala.vrm"),
        WardrobePiece(0, "gala", "rose", tmp_path / "rose.vrm"),
    )
    assert len(find_cue_screens(read, faults)) == 1
    said = [str(fault) for fault in faults.faults]
    assert len(said) == 2
    assert "is of no avatar of this performer" in said[0]
    assert "loop.mp4" in said[1]
