"""Test that stills show what a show's cues put on stage, and that the show to learn from is one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from renderer.cli import main
from renderer.faults import FaultCollector
from renderer.paths import FIRST_LIGHT
from renderer.rights.provenance.credentials import Signature, read_credentials
from renderer.show.cues.sheet import compile_sheet
from renderer.show.document.read import read_show


def test_first_light_uses_every_kind_of_trigger_and_action_that_works() -> None:
    faults = FaultCollector()
    read = read_show(FIRST_LIGHT, faults)
    assert read is not None, faults.faults
    cues = [cue for one in compile_sheet(read.show).lists for cue in one.cues]
    triggers = {type(cue.trigger).__name__ for cue in cues}
    assert triggers == {"OnGo", "OnTime", "OnBeat", "OnAuto", "OnFollow", "OnAlarm"}
    assert len(cues) == 40 and len(read.show.songs) == 3 and len(read.show.cameras) == 5
    actions = {type(action).__name__ for cue in cues for action in cue.actions}
    assert {
        "LookAction", "MasterAction", "CameraAction", "BlackAction", "AutoDirectorAction",
        "EffectAction", "CrowdAction", "TitleAction", "TextAction", "CueAction", "MarkerAction",
        "SongAction",
    } <= actions  # fmt: skip


def test_stills_follow_the_cues_of_a_song_in_its_turn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--size", "256x144", "--out", str(tmp_path), "--song", "Night Sky"]
    assert main(["stills", str(FIRST_LIGHT), *words, "--at", "1:4", "--at", "1:1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        str(tmp_path / "night-sky-1-1.jpg"), str(tmp_path / "night-sky-1-4.jpg"),
    ]  # fmt: skip
    assert "camera 1" in lines[0] and "Night Sky 1:4, camera 1" in lines[1]
    dark, moon = (
        np.asarray(Image.open(tmp_path / f"night-sky-{at}.jpg")).reshape(-1, 3).mean(axis=0)
        for at in ("1-1", "1-4")
    )
    # The song begins in the dark that the talk left, and the moon rises blue.
    assert moon.mean() > dark.mean() and moon[2] > moon[0]
    assert read_credentials(tmp_path / "night-sky-1-1.jpg").signature is Signature.INTACT
    assert main(["stills", str(FIRST_LIGHT), "--song", "Night Sly"]) == 2
    assert "did you mean Night Sky" in capsys.readouterr().err


def test_a_show_without_cues_has_no_stills(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "show.toml"
    file.write_text("inputs = [{ address = 'camera:0' }]")
    assert main(["stills", str(file), "--out", str(tmp_path / "out")]) == 2
    assert "no song with cues" in capsys.readouterr().err
    assert main(["stills", str(file), "--at", "0:9"]) == 2
    assert "12:3" in capsys.readouterr().err
