"""No name, key or password reaches a log file."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.logs import redact as module
from renderer.logs.files import start_logging, stop_logging
from renderer.logs.redact import hide, redact


@pytest.fixture(autouse=True)
def nothing_hidden_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_hidden", set())
    monkeypatch.setattr(module, "_pattern", None)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    yield start_logging("test", tmp_path)
    stop_logging()


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("rtmp://a.example/live/SeCrEt-1", "rtmp://a.example/live/…"),
        ("rtmps://u:pw@a.example:443/live/a/SeCrEt", "rtmps://a.example:443/live/…"),
        ("rtmp://[::1]:1935/live/SeCrEt lost", "rtmp://[::1]:1935/live/… lost"),
        ("srt://a.example:9000?streamid=SeCrEt", "srt://a.example:9000?…"),
        ("whip+https://a.example/app/SeCrEt?bearer=x", "whip+https://a.example/app/…?…"),
        ("rtsp://kim:SeCrEt@10.0.0.7/stage", "rtsp://10.0.0.7/stage"),
        ("http://10.0.0.7/live.m3u8?token=SeCrEt", "http://10.0.0.7/live.m3u8?…"),
        ("http://u:SeCrEt@[bad", "http://…"),
        ("password=SeCrEt, then", "password=…, then"),
        ('{"token": "SeCrEt"}', '{"token": "…"}'),
        ("Authorization: Bearer SeCrEtSeCrEt", "Authorization: …"),
        ("Bearer SeCrEtSeCrEt", "Bearer …"),
        ("rtmp_playpath=SeCrEt", "rtmp_playpath=…"),
    ],
)
def test_what_looks_like_a_secret_is_masked(said: str, written: str) -> None:
    assert redact(said) == written


def test_plain_messages_are_left_alone() -> None:
    for text in (
        "capture camera:0 was killed (SIGKILL); it is started again in 2 s",
        "C:\\shows\\film.mp4 is finished: 1800 frames, 0 dropped",
        "the token ring", "http://127.0.0.1:8080/live.m3u8",
    ):  # fmt: skip
        assert redact(text) == text


def test_registered_names_and_keys_are_masked_everywhere() -> None:
    hide(["Kim Lee", "live_123", "live_123_long", "x", ""])
    assert redact("Kim Lee sings; kim lee's face in Kim%20Lee.json") == (
        "… sings; …'s face in ….json"
    )
    assert redact("key live_123_long, key live_123, alive_1234, x") == (
        "key …, key …, alive_1234, x"
    )


def test_a_log_file_holds_no_secret_in_message_arguments_or_traceback(log: Path) -> None:
    hide(["Kim Lee"])
    address = "rtmp://a.example/live/SeCrEt"
    try:
        raise ValueError(f"Kim Lee cannot be sent to {address}")
    except ValueError:
        logging.getLogger("renderer.test").exception("lost %s of %s", address, "Kim Lee")
    logging.getLogger("renderer.test").warning("%s and %s", "one argument")
    text = log.read_text()
    assert "SeCrEt" not in text
    assert "Kim" not in text
    first, second = map(json.loads, text.splitlines())
    assert first["message"] == "lost rtmp://a.example/live/… of …"
    assert "ValueError: … cannot be sent to rtmp://a.example/live/…" in first["trace"]
    assert "do not fit" in second["message"]


@given(st.text("abcXYZ019-_.~", min_size=3, max_size=30), st.sampled_from(["rtmp", "rtmps", "srt"]))
def test_a_stream_key_is_never_written(key: str, scheme: str) -> None:
    written = redact(f"the output {scheme}://host.example:1935/app/{key} is lost")
    assert f"/{key}" not in written
