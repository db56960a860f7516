"""Test the command that sets how strongly an avatar's face is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avatars import load_avatar
from avatars.model import Avatar
from avatars.names import ARKIT, ARKIT_INDEX
from avatars.pose import AvatarPose
from renderer.errors import ShowError
from renderer.motion.face.response import FaceResponse
from renderer.motion.face.response_store import load_response
from renderer.paths import IDOL
from renderer.protocol.performers import SetExpressiveness
from renderer.protocol.schema import Reply
from renderer.show.control.expressiveness import ExpressivenessCommands
from renderer.show.performers.option_binding import AuxiliaryPlan
from renderer.show.performers.performer import PerformerPipeline
from renderer.show.performers.responses import choose_responses
from renderer.show.performers.sources import AuxiliarySources
from renderer.show.timing import StageTimes


@pytest.fixture(scope="module")
def avatar() -> Avatar:
    return load_avatar(IDOL)


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCORE_CONFIG", str(tmp_path))


def performing(avatar: Avatar) -> PerformerPipeline:
    return PerformerPipeline(
        avatar, AuxiliarySources(AuxiliaryPlan(), AvatarPose(avatar)), StageTimes()
    )


def ask(commands: ExpressivenessCommands, command: SetExpressiveness) -> Reply:
    answers: list[Reply] = []
    commands.handle(command, answers.append)
    while not answers:
        commands.poll()
    return answers[0]


def test_it_is_set_during_the_show_and_kept_only_on_request(avatar: Avatar) -> None:
    one = performing(avatar)
    commands = ExpressivenessCommands([one])
    before = load_response(avatar.path, avatar.meta.name)
    assert ask(commands, SetExpressiveness(0, 0.2)).ok
    assert one.response.expressiveness == 0.2
    assert load_response(avatar.path, avatar.meta.name) == before
    assert ask(commands, SetExpressiveness(0, 0.3, keep=True)).ok
    assert load_response(avatar.path, avatar.meta.name).expressiveness == 0.3
    commands.close()


@pytest.mark.parametrize(("who", "value"), [(1, 0.5), (-1, 0.5), (0, 1.5), (0, float("nan"))])
def test_what_cannot_be_set_is_answered(avatar: Avatar, who: int, value: float) -> None:
    command = SetExpressiveness(who, value)
    one = performing(avatar)
    commands = ExpressivenessCommands([one])
    assert not ask(commands, command).ok and one.response.expressiveness == 0.0
    commands.close()


def test_a_folder_that_cannot_be_written_is_told_and_the_face_changes(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ENCORE_CONFIG", str(tmp_path / "file"))
    one = performing(avatar)
    commands = ExpressivenessCommands([one])
    answer = ask(commands, SetExpressiveness(0, 0.6, keep=True))
    assert not answer.ok and "not kept" in answer.text
    assert one.response.expressiveness == 0.6
    commands.close()


def test_the_option_counts_for_all_or_for_each_in_turn(avatar: Avatar) -> None:
    def chosen(*words: float) -> list[float]:
        return [r.expressiveness for _, r in choose_responses([avatar], words, 3)]

    own = load_response(avatar.path, avatar.meta.name).expressiveness
    assert chosen() == [own] * 3 and own > 0.0
    assert chosen(0.1) == [0.1] * 3
    assert chosen(0.1, 0.2) == [0.1, 0.2, own]
    with pytest.raises(ShowError, match="performers"):
        chosen(0.1, 0.2, 0.3, 0.4)


def test_the_avatar_shows_the_response_and_receivers_get_what_was_seen(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = performing(avatar)
    seen = np.zeros(len(ARKIT), np.float32)
    seen[ARKIT_INDEX["mouthSmileLeft"]] = 0.3
    motion = replace(one._performance.at(0), expressions=seen)
    monkeypatch.setattr(one._performance, "at", lambda _: motion)
    smiles = []
    for expressiveness in (0.0, 1.0):
        one.set_response(FaceResponse(expressiveness=expressiveness))
        one.pose_at(0, np.zeros(3, np.float32))
        names = [expression.name for expression in avatar.expressions]
        smiles.append(one.instance.expressions[names.index("mouthSmileLeft")])
        assert one.shown is motion
    assert smiles[0] == pytest.approx(0.3) and smiles[1] > 0.4
