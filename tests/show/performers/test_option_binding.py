"""Test the assignment of options to performers, and the refusal of invalid ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from renderer.capture.records import Observation
from renderer.cli import main
from renderer.errors import RendererError, ShowError
from renderer.motion.core.sources import Source
from renderer.motion.takes.write import TakeWriter
from renderer.show.performers.option_binding import AuxiliaryOptions, require_bound_options
from renderer.show.performers.voice_feed import source_of

NAMES = ["Ren", "Mai", ""]


def test_each_performer_gets_their_own() -> None:
    words = AuxiliaryOptions(
        faces=("livelink", "Mai=livelink:11112", "3=ifacialmocap"),
        bodies=(" Mai =vmc:39540",),
        voices=("2=input", "1=solo.wav"),
        receivers=("127.0.0.1:39541", "Mai=localhost"),
        allowed=("10.0.0.0/8",),
    )
    ren, mai, third = require_bound_options(words, NAMES)
    assert (ren.face, ren.body, ren.voice, ren.vmc_out) == (
        "livelink", "", "solo.wav", "127.0.0.1:39541",
    )  # fmt: skip
    assert (mai.face, mai.body, mai.voice, mai.vmc_out) == (
        "livelink:11112", "vmc:39540", "input", "localhost",
    )  # fmt: skip
    assert (third.face, third.body) == ("ifacialmocap", "")
    assert {one.allowed for one in (ren, mai, third)} == {("10.0.0.0/8",)}


def test_nothing_asked_for_is_nothing() -> None:
    (only,) = require_bound_options(AuxiliaryOptions(), [""])
    assert not (only.face or only.body or only.voice or only.vmc_out)


@pytest.mark.parametrize(
    "word", ["mic:hw:CARD=USB,DEV=0", "songs/take=2.wav", "C:\\songs\\take=2.wav"]
)
def test_an_equals_sign_behind_a_colon_or_a_slash_names_nobody(word: str) -> None:
    first, second, _ = require_bound_options(AuxiliaryOptions(voices=(word, f"2={word}")), NAMES)
    assert first.voice == second.voice == word


def test_a_performer_whose_name_is_a_number_goes_by_the_name() -> None:
    first, second = require_bound_options(AuxiliaryOptions(voices=("1=mic",)), ["2", "1"])
    assert (first.voice, second.voice) == ("", "mic")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (AuxiliaryOptions(voices=("Moe=mic",)), ["--voice Moe=mic", "name Ren, Mai, or a number"]),
        (AuxiliaryOptions(voices=("4=mic",)), ["4", "no performer"]),
        (AuxiliaryOptions(voices=("0=mic",)), ["0", "no performer"]),
        (AuxiliaryOptions(voices=("²=mic",)), ["²", "no performer"]),
        (
            AuxiliaryOptions(voices=("mic", "Ren=a.wav")),
            ["--voice Ren=a.wav", "second one for Ren"],
        ),
        (AuxiliaryOptions(voices=("mic", "a.wav")), ["second one for Ren", "--voice 2=a.wav"]),
        (AuxiliaryOptions(faces=("Mai=pigeon:7",)), ["pigeon:7", "livelink:11111"]),
        (AuxiliaryOptions(bodies=("livelink",)), ["livelink", "vmc:39539"]),
        (
            AuxiliaryOptions(faces=("livelink", "Mai=livelink")),
            ["Port 11111", "Ren's face and Mai's face"],
        ),
        (
            AuxiliaryOptions(faces=("3=vmc",), bodies=("Mai=vmc:39539",)),
            ["Port 39539", "performer 3's face and Mai's body"],
        ),
        (
            AuxiliaryOptions(receivers=("10.0.0.7", "Mai=10.0.0.7:39539")),
            ["VMC receiver 10.0.0.7:39539", "Ren's motion and Mai's motion"],
        ),
        (
            AuxiliaryOptions(bodies=("2=vmc",), receivers=("127.0.0.1",)),
            ["VMC receiver 127.0.0.1", "listens there for Mai's body"],
        ),
        (
            AuxiliaryOptions(receivers=("Mai=10.0.0.7:port",)),
            ["10.0.0.7:port", "not a host and port"],
        ),
    ],
)
def test_impossible_options_are_reported(words: AuxiliaryOptions, said: list[str]) -> None:
    with pytest.raises(RendererError) as refused:
        require_bound_options(words, NAMES)
    for part in said:
        assert part in str(refused.value)
    assert "\n" not in str(refused.value)


def test_performers_of_one_name_go_by_their_numbers() -> None:
    with pytest.raises(ShowError, match="numbers"):
        require_bound_options(AuxiliaryOptions(voices=("Ren=mic",)), ["Ren", "Ren"])


def test_a_take_s_own_voices_need_no_word() -> None:
    assert source_of("input", "dance.mp4") == "dance.mp4"
    assert source_of("mic", "dance.mcap") == "mic"
    with pytest.raises(ShowError, match="heard without that"):
        source_of("input", "dance.mcap")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--face", "Mai=livelink"], "Mai"),
        (["--voice", "mic", "--voice", "1=mic"], "second one"),
        (["--face", "vmc", "--body", "vmc"], "Port 39539"),
        (["--voice", "input"], "Voice input"),
    ],
)
def test_the_command_refuses_before_it_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    take, film, kept = (tmp_path / name for name in ("one.mcap", "show.mp4", "kept.mcap"))
    with TakeWriter(take, {}) as writer:
        pose = np.zeros((33, 3), np.float32)
        writer.put(Source.CAMERA, Observation(0, 0, (640, 480), pose=pose))
    show = ["show", "--input", str(take), "--record", str(film), "--performer", "Ren"]
    assert main([*show, "--take", str(kept), *words]) == 2
    fault = capsys.readouterr().err.strip()
    assert said in fault and fault.startswith("encore: ") and "\n" not in fault
    assert not film.exists() and not kept.exists()
