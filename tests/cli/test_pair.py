"""Test pairing by the commands: new, join, list and revoke, as two machines use them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from renderer.cli import main


def encore_of(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Start a command as on a machine whose user's data is in a folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "renderer.cli", *words],
        env={**os.environ, "ENCORE_DATA": str(folder)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def test_two_machines_are_paired_by_a_code(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    words = ("--as", "edit", "--listen", "127.0.0.1:0", "--address", "127.0.0.1")
    with encore_of(here, "pair", "new", "foh", *words) as new:
        assert new.stdout is not None
        assert "within 10 minutes" in new.stdout.readline()
        typed = new.stdout.readline().split()
        assert typed[:3] == ["encore", "pair", "join"]
        told, _ = encore_of(there, *typed[1:]).communicate(timeout=120)
        assert "This machine is foh" in told
        assert "foh is paired, as a desk." in new.stdout.read()
        assert new.wait(60) == 0
    listed, _ = encore_of(here, "pair", "list").communicate(timeout=120)
    assert listed.split() == ["foh", "may", "join", "here", "as", "a", "desk", "(edit)"]
    listed, _ = encore_of(there, "pair", "list").communicate(timeout=120)
    assert "127.0.0.1:7711: this machine is its desk" in listed


def test_a_file_is_carried_over_and_a_pairing_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "studio-b.pairing"
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "here"))
    assert main(["pair", "new", "studio-b", "--file", str(path), "--address", "10.0.0.1"]) == 0
    assert "--input machine:studio-b" in capsys.readouterr().out
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "there"))
    assert main(["pair", "join", str(path)]) == 0
    assert "encore capture --join" in capsys.readouterr().out
    assert not path.exists()
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "here"))
    assert main(["pair", "revoke", "studio-c"]) == 2
    assert "did you mean studio-b?" in capsys.readouterr().err
    assert main(["pair", "revoke", "studio-b"]) == 0
    assert main(["pair", "list"]) == 0
    assert "No machine is paired" in capsys.readouterr().out


def test_a_standby_is_paired_and_named_by_the_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "spare.pairing"
    words = ("--as", "standby", "--file", str(path), "--address", "10.0.0.1")
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "here"))
    assert main(["pair", "new", "spare", *words]) == 0
    assert "In the show: --standby-machine spare" in capsys.readouterr().out
    show = ["show", "--input", "camera:0", "--live", "--record", str(tmp_path / "show.mp4")]
    assert main([*show, "--standby-machine", "sparr"]) == 2
    assert "did you mean spare?" in capsys.readouterr().err
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "there"))
    assert main(["pair", "join", str(path)]) == 0
    assert "encore standby SHOW.toml --join" in capsys.readouterr().out
    assert main(["standby", "nowhere.toml"]) == 2
    assert "nowhere.toml" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [("new", "a/b"), ("new", "b", "--listen", "nowhere"), ("join", "10.0.0.1", "short"),
     ("join", "none.pairing"), ("new", "b", "--port", "x")],
)  # fmt: skip
def test_words_that_cannot_be_used_get_a_sentence(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pair", *words]) == 2
    told = capsys.readouterr().err
    assert told.startswith("encore: ")
    assert "Traceback" not in told


def test_a_show_names_only_captures_that_are_paired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path))
    for name, words in (("studio-b", ()), ("foh", ("--as", "view"))):
        file = str(tmp_path / f"{name}.pairing")
        assert main(["pair", "new", name, "--file", file, *words]) == 0

    def refuse(*words: str) -> str:
        assert main(["show", *words, "--check"]) == 2
        return capsys.readouterr().err

    assert "did you mean machine:studio-b?" in refuse("--input", "machine:studio-c")
    assert "is paired as a desk" in refuse("--input", "machine:foh")
    twice = ("--input", "machine:studio-b", "--input", "machine:studio-b")
    assert "is named twice" in refuse(*twice)
    assert "no address" in refuse("--input", "machine:studio-b", "--machines", "nowhere")
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"")
    assert "is for live shows" in refuse("--input", str(clip), "--machines", "127.0.0.1")
