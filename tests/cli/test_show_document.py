"""Test that options and a document are one thing: the same plan, and options override the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from renderer.cli import main
from renderer.cli.commands.show import COMMAND, ShowRequest
from renderer.cli.parser import build_parser, parse_words
from renderer.cli.registry import find_commands
from renderer.faults import FaultCollector
from renderer.output.encode.rendition import Rendition
from renderer.paths import CLIP, HALL, IDOL, IDOL_2, LYRICS, SONG, STAGE
from renderer.show.plan import ShowPlan


def request_of(*words: str | Path) -> ShowRequest:
    faults = FaultCollector()
    command, arguments = parse_words(
        build_parser(find_commands()), ["show", *map(str, words)], faults
    )
    assert command is COMMAND
    request = COMMAND.prepare(arguments, faults)
    assert not faults.faults
    return request


def plan_of(*words: str | Path) -> ShowPlan:
    return request_of(*words).plan


WORDS = (
    "--input", CLIP, "--lens", "60", "--performers", "2", "--avatar", IDOL, "--avatar", IDOL_2,
    "--performer", "Ren, Mai", "--usage", "personalProfit", "--permission", "the author",
    "--show-name", "First", "--territory", "kr",
    "--song", SONG, "--lyrics", LYRICS[0], "--lower-third", "1-4=Ren/Vocal", "--disclosure", "V",
    "--face", "Mai=livelink:11112", "--voice", "input", "--allow", "10.0.0.0/8", "--size",
    "640x360", "--rate", "30", "--off-air", "--overwrite", "--start-without-failed", "--live",
    "--output", "rtmp://host/app/{env:HOME}", "--set", STAGE, "--screen", "wall=program",
)  # fmt: skip

DOCUMENT = f"""
schema = 1
inputs = [{{ address = "{CLIP}", lens = "60" }}]
performers = [{{ name = "Ren", avatar = "first" }}, {{ name = "Mai", avatar = "{IDOL_2}" }}]
avatars = [{{ name = "first", file = "{IDOL}" }}]
sources = [
  {{ kind = "face", address = "livelink:11112", performer = "Mai" }},
  {{ kind = "voice", address = "input" }},
]
songs = [{{ name = "song", file = "{SONG}", lyrics = [{{ file = "{LYRICS[0]}" }}] }}]
outputs = [{{ address = "rtmp://host/app/{{env:HOME}}" }}]

[show]
size = "640x360"
rate = 30
on_air = false
overwrite = true
start_without_failed = true
live = true

[rights]
usage = "personalProfit"
permission = "the author"
show = "First"
territories = ["KR"]

[tracking]
performers_per_input = 2
allow = ["10.0.0.0/8"]

[stage]
set = "small stage"
disclosure = "V"
screens = {{ wall = "program" }}
lower_thirds = [{{ begin = 1, end = 4, name = "Ren", role = "Vocal" }}]
"""


def without_document(plan: ShowPlan) -> ShowPlan:
    lyrics = tuple(line.lines for line in plan.titles.lyrics)
    titles = replace(plan.titles, lyrics=lyrics)  # type: ignore[arg-type]
    songs = tuple(
        replace(song, lyrics=tuple(line.lines for line in song.lyrics))  # type: ignore[misc]
        for song in plan.songs
    )
    return replace(plan, document=None, titles=titles, songs=songs)


def test_a_document_and_options_that_say_the_same_give_one_plan(tmp_path: Path) -> None:
    file = tmp_path / "show.toml"
    file.write_text(DOCUMENT)
    assert without_document(plan_of(file)) == without_document(plan_of(*WORDS))


def test_a_show_of_words_alone_takes_place_in_the_hall() -> None:
    plan = plan_of("--input", CLIP, "--live", "--performers", "2", "--performer", "Ren, Mai")
    assert plan.set == HALL
    assert plan.document is not None
    show = plan.document.show
    assert show.is_directed and show.auto_director.begins
    near = {one.name: one.who for one in show.cameras if one.framing == "bust"}
    assert near == {"Ren": (1,), "Mai": (2,)}


@pytest.mark.parametrize(
    "words", [("--set", STAGE, "--live"), ("--alpha", "--record", "keyed.mov")]
)
def test_another_set_and_keying_have_no_hall(
    words: tuple[str | Path, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    document = plan_of("--input", CLIP, *words).document
    assert document is not None and not document.show.is_directed


def test_options_override_the_file_and_keep_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "show.toml"
    file.write_text(DOCUMENT)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    plan = plan_of(file, "--record", "a.mp4", "--rate", "25", "--performer", "Joon, Mai")
    assert [one.address for one in plan.recordings] == [str(elsewhere / "a.mp4")]
    assert (plan.rate, plan.size, plan.performers) == (25, (640, 360), 2)
    assert plan.declaration.performer == "Joon, Mai"
    assert plan.companions.faces == ("Mai=livelink:11112",)
    assert plan.document is not None and plan.document.data["show"]["rate"] == 30


def test_a_documents_files_are_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "song.ogg").symlink_to(SONG)
    file = tmp_path / "show.toml"
    file.write_text(
        f"inputs = [{{ address = '{CLIP}' }}]\nsongs = [{{ name='a', file='assets/song.ogg' }}]\n"
        "recordings = [{ file = 'out/show.mp4' }]"
    )
    plan = plan_of(file)
    assert plan.song == tmp_path / "assets" / "song.ogg"
    assert plan.recordings[0].address == str(tmp_path / "out" / "show.mp4")


def test_outputs_have_renditions_and_recordings_a_second_disk(tmp_path: Path) -> None:
    file = tmp_path / "show.toml"
    file.write_text(
        f"inputs = [{{ address = '{CLIP}' }}]\n"
        "recordings = [{ file = 'show.mp4', size = '640x360', kbit_s = 900, fallback = 'b' }]\n"
        "outputs = [{ address = 'hls:web', size = '1280x720+640x360+vertical' },\n"
        "  { address = 'frames:images' }]\n"
    )
    plan = plan_of(file)
    (recording,) = plan.recordings
    assert recording.options.rendition == Rendition((640, 360), 900)
    assert recording.options.fallback == str(tmp_path / "b")
    assert [one.address for one in plan.streams] == [
        *(str(tmp_path / "web" / name) for name in ("720p", "360p", "vertical")),
        str(tmp_path / "images"),
    ]
    words = plan_of(
        "--input", CLIP, "--live",
        "--record", f"{tmp_path}/show.mp4#size=640x360,bitrate=900k,fallback={tmp_path}/b",
        "--output", f"hls:{tmp_path}/web#size=1280x720+640x360+vertical",
        "--output", f"frames:{tmp_path}/images",
    )  # fmt: skip
    assert (words.recordings, words.streams) == (plan.recordings, plan.streams)


def test_a_new_show_is_written_once_and_can_be_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new" / "show.toml"
    assert main(["show", "--new", str(file)]) == 0
    assert f"encore show {file}" in capsys.readouterr().out
    plan = plan_of(file)
    assert plan.inputs == (str(CLIP),) and plan.song == SONG and plan.avatars == (IDOL,)
    assert len(plan.titles.lyrics) == 2
    assert request_of(file, "--check").is_check
    assert main(["show", "--new", str(file)]) == 2
    assert "is there already" in capsys.readouterr().err


def test_faults_of_a_files_assets_are_reported_with_their_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "latin.lrc").write_bytes("[00:01.00]café".encode("latin-1"))
    file = tmp_path / "show.toml"
    file.write_text(
        "inputs = [{ address = 'no.mp4' }]\nshow.live = true\n[[songs]]\nname = 'a'\n"
        "file = 'nowhere.ogg'\nlyrics = [{ file = 'latin.lrc' }, { file = 'none.lrc' }]\n"
        "[[songs]]\nname = 'b'\nfile = 'latin.lrc'\n"
    )
    assert main(["show", str(file)]) == 2
    lines = capsys.readouterr().err.splitlines()
    for part in (
        f"{file}:5:1 songs.file: song {tmp_path / 'nowhere.ogg'}: does not exist",
        f"{file}:6:11 songs.lyrics: lyrics {tmp_path / 'latin.lrc'}:1:14: is no UTF-8",
        f"{file}:6:35 songs.lyrics: lyrics {tmp_path / 'none.lrc'}: does not exist",
        f"{file}:9:1 songs.file: the song latin.lrc: holds no sound",
        f"{file}:1:13 inputs.address: input {tmp_path / 'no.mp4'}: does not exist",
    ):
        assert sum(part in line for line in lines) == 1, (part, lines)
    assert len(lines) == 5
    assert main(["show", str(file.with_suffix(".tml"))]) == 2
    assert "ends in .toml" in capsys.readouterr().err
