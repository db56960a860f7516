"""Test whole shows directed by a document: offline by its cues, live by the crew's commands."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import tomlkit

from renderer.cli import main
from renderer.paths import CLIP, IDOL, IDOL_2, SONG
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import EditDocument, SaveDocument, SetValue
from renderer.protocol.show import EndShow, ShowHealth
from renderer.protocol.status import Status
from renderer.show.cues.runner import GUARD_NS
from renderer.transport.bus import DeskLink
from renderer.transport.session import find_sessions
from tests.show.test_show import eventually

Start = Callable[..., subprocess.Popen[str]]
PATIENCE_S = 100.0
"""A loaded machine takes a minute to open a show, seconds."""


def write_song(path: Path, hertz: float, seconds: float) -> str:
    """Write a tone, and return its file's name."""
    wave = 8000 * np.sin(2 * np.pi * hertz * np.arange(round(48_000 * seconds)) / 48_000)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("pcm_s16le", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(wave.astype(np.int16)[None], "s16", "mono")
        frame.sample_rate = 48_000
        file.mux([*stream.encode(frame), *stream.encode(None)])
    return path.name


def loudest_hertz(path: Path, begin_s: float, end_s: float) -> float:
    """Return the frequency of a part of a recording's sound; 0 for silence."""
    with av.open(str(path)) as file:
        sound = np.concatenate([one.to_ndarray()[0] for one in file.decode(audio=0)])
    part = sound[round(begin_s * 48_000) : round(end_s * 48_000)]
    if np.abs(part).max() < 0.01:
        return 0.0
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    return float(np.argmax(spectrum) * 48_000 / len(part))


def write_show(
    path: Path, clip: str, cues: list[dict[str, Any]], songs: list[dict[str, Any]], **show: Any
) -> Path:
    """Write a small show of two cameras."""
    document = {
        "show": {"size": "256x144", "rate": 10, **show},
        "avatars": [{"name": "idol", "file": str(IDOL)}],
        "performers": [{"name": "Hana", "avatar": "idol"}],
        "inputs": [{"address": clip}],
        "songs": songs,
        "cameras": [{"number": 1, "framing": "wide"}, {"number": 2, "framing": "bust"}],
        "cue_lists": [{"name": "Show", "cues": cues}],
        "recordings": [{"file": "out/show.mp4"}],
    }
    path.write_text("# A test's show.\n" + tomlkit.dumps(document))
    return path


def pictures(path: Path) -> np.ndarray[Any, Any]:
    """Return the luma of all pictures of a recording, (n, h, w)."""
    with av.open(str(path)) as file:
        return np.stack([one.to_ndarray(format="gray") for one in file.decode(video=0)])


def test_cues_of_two_songs_direct_the_recording(
    start: Start, short_clip: Path, tmp_path: Path
) -> None:
    """Picture and sound change with the songs, at the times that the document says."""
    songs = [
        {"name": "A", "file": write_song(tmp_path / "a.wav", 440, 1.3), "follow": 0.2},
        {"name": "B", "file": write_song(tmp_path / "b.wav", 880, 0.9), "beat": {"bpm": 60.0}},
    ]
    cues = [
        {"number": "1", "trigger": {"on": "time", "at": 0.0},
         "actions": [{"do": "look", "look": "verse"}]},
        {"number": "2", "trigger": {"on": "beat", "at": "1:2"},
         "actions": [{"do": "camera", "camera": 2, "transition": "dissolve", "time": 0.6}]},
        {"number": "3", "trigger": {"on": "time", "song": "B", "at": 0.3},
         "actions": [{"do": "black", "time": 0}]},
    ]  # fmt: skip
    # The performer is repeated; the show ends with its last song.
    file = write_show(tmp_path / "show.toml", f"loop:{short_clip}", cues, songs)
    out, err = start("show", file).communicate(timeout=150)
    assert "show.mp4: ended" in out, out + err
    recording = tmp_path / "out" / "show.mp4"
    luma = pictures(recording).astype(np.float32)
    assert 24 <= len(luma) <= 26
    assert luma[14].max() > 100 and luma[18:].max() <= 20, "black is not black, or too early"
    assert loudest_hertz(recording, 0.1, 1.25) == pytest.approx(440, abs=3)
    assert loudest_hertz(recording, 1.35, 1.47) == 0.0
    assert loudest_hertz(recording, 1.55, 2.35) == pytest.approx(880, abs=3)
    before, after = luma[4], luma[12]
    assert np.abs(after - before).mean() > 5
    # Within the dissolve, the picture is nearer to a mix of both cameras than to either.
    halfway = luma[8]
    mixed = np.abs(halfway - (before + after) / 2).mean()
    assert mixed < 0.6 * min(np.abs(halfway - before).mean(), np.abs(halfway - after).mean())


def test_cues_change_avatar_and_colours_for_the_pictures_after_them(
    start: Start, short_clip: Path, tmp_path: Path
) -> None:
    songs = [{"name": "A", "file": write_song(tmp_path / "a.wav", 440, 1.3)}]
    cues: list[dict[str, Any]] = [
        {"number": "1", "trigger": {"on": "time", "at": 0.0},
         "actions": [{"do": "camera", "camera": 2}]},
        {"number": "2", "trigger": {"on": "time", "at": 0.4},
         "actions": [{"do": "avatar", "performer": "Hana", "avatar": "second"}]},
        {"number": "3", "trigger": {"on": "time", "at": 0.8},
         "actions": [{"do": "avatar", "performer": "Hana"}]},
    ]  # fmt: skip
    file = write_show(tmp_path / "show.toml", f"loop:{short_clip}", cues, songs)
    document = tomlkit.parse(file.read_text())
    document["avatars"].append({"name": "second", "file": str(IDOL_2)})
    file.write_text(tomlkit.dumps(document))
    out, err = start("show", file).communicate(timeout=150)
    assert "show.mp4: ended" in out, out + err
    with av.open(str(tmp_path / "out" / "show.mp4")) as file_out:
        shown = [one.to_ndarray(format="rgb24") for one in file_out.decode(video=0)]
    # The first idol is blue from hair to skirt, the second one red and black.
    blue = [float(one[:, 90:170, 2].mean()) for one in shown]
    assert min(blue[2], blue[3], blue[11], blue[12]) > 1.3 * max(blue[6], blue[7])


def status_where(link: DeskLink, wanted: Callable[[Status], bool]) -> Status:
    def look() -> Status | None:
        status = link.latest_status()
        return status if status is not None and wanted(status) else None

    found = eventually(look, "such a status", PATIENCE_S)
    assert isinstance(found, Status)
    return found


def test_a_director_in_a_terminal_calls_a_live_show(
    start: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cues = [
        {"number": "1", "name": "Open", "actions": [{"do": "look", "look": "chorus"}]},
        {"number": "12", "actions": [{"do": "text", "text": "twelve"}]},
    ]
    songs = [{"name": "Song", "file": str(SONG), "beat": {"bpm": 120.0}}]
    file = write_show(tmp_path / "show.toml", str(CLIP), cues, songs, live=True)
    show = start("show", file, "--off-air")
    (session,) = eventually(find_sessions, "a session", PATIENCE_S)  # type: ignore[misc]
    eventually((session.folder / "bus.json").exists, "the bus", PATIENCE_S)
    with DeskLink(session.folder) as link:
        status_where(
            link, lambda status: status.of(ShowHealth).frames > 1 and status.has(CuesHealth)
        )
        for words, status, said in (
            (["go"], 0, "Cue 1 Open runs."),
            (["cue", "12"], 0, "Cue 12 runs."),
            (["go"], 1, "List Show: has ended"),
            (["back"], 0, "Back before Cue 12."),
            (["cam", "2"], 0, "Camera 2 is on program."),
            (["cam", "7"], 1, "is not in the show; name one of 1, 2"),
            (["cam", "auto"], 0, "The auto-director has the cameras."),
            (["send", "/look/Balad"], 1, "did you mean ballad?"),
            (["send", "/song/start", "song=Song", "at=3:1"], 0, "Song starts."),
            (["send", "/song/pause"], 0, "Song is paused."),
            (["panic"], 0, "The slate is on air"),
        ):
            if words == ["go"]:  # Another one so soon counts as the same press.
                time.sleep(GUARD_NS / 1e9)
            assert main(words) == status
            streams = capsys.readouterr()
            assert said in streams.out + streams.err
        found = status_where(link, lambda status: status.of(CuesHealth).slate).of(CuesHealth)
        assert found.auto and found.lists[0].standby == "12"
        edit = EditDocument("Mina", [SetValue(["stage", "text"], "edited")], "wall")
        assert link.send(edit).text == "Mina: wall."
        assert link.send(SaveDocument("Mina")).ok
        assert link.send(EndShow()).ok
    out, err = show.communicate(timeout=PATIENCE_S)
    assert show.returncode == 0, out + err
    assert file.read_text().startswith("# A test's show.\n") and "edited" in file.read_text()
    assert main(["go"]) == 2
    assert "found no running show" in capsys.readouterr().err
