"""Test that no telemetry leaves the machine."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from renderer.capture.trackers.telemetry import silence_telemetry

SESSION = """
import sys
import numpy as np
from renderer.capture.trackers.{room} import {name}
from renderer.capture.trackers.models import load_model
from renderer.capture.records import CameraFrame

if {whole}:
    with {name}() as landmarks:
        landmarks.observe(CameraFrame(np.zeros((64, 64, 3), np.uint8), 0, 0))
else:
    with {name}(load_model("pose")) as task:
        task.find(np.zeros((64, 64, 3), np.uint8), 0)
"""
WITH_TASK_ALONE = SESSION.format(room="mediapipe", name="PoseTask", whole=False)
WITH_LANDMARKS = SESSION.format(room="landmarks", name="Landmarks", whole=True)


def test_the_library_reports_at_its_close_and_uses_the_proxy(models: Path) -> None:
    """The premise of silence_telemetry; if this fails, the library has found another way out."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def serve() -> None:
            connection, _ = proxy.accept()
            with connection:
                asked.append(connection.recv(1000))

        thread = threading.Thread(target=serve)
        thread.start()
        environment = dict(os.environ, https_proxy=f"http://127.0.0.1:{proxy.getsockname()[1]}")
        subprocess.run(
            [sys.executable, "-c", WITH_TASK_ALONE],
            env=environment,
            capture_output=True,
            check=True,
        )
        if thread.is_alive():
            # A library that no longer reports anything is fine, too.
            socket.create_connection(proxy.getsockname()).close()
        thread.join()
    assert not asked[0] or asked[0].startswith(b"CONNECT ")


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_session_connects_to_nothing_but_the_closed_door(models: Path, tmp_path: Path) -> None:
    log = tmp_path / "calls"
    command = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg", "-o", str(log)]
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    environment["no_proxy"] = "play.googleapis.com"
    subprocess.run(
        [*command, sys.executable, "-c", WITH_LANDMARKS],
        env=environment, capture_output=True, check=True,
    )  # fmt: skip
    calls = log.read_text()
    addresses = re.findall(r"sa_family=AF_INET6?,[^}]*}", calls)
    assert set(addresses) <= {
        'sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}'
    }


def test_exemptions_from_the_proxy_are_lifted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://192.0.2.1:3128")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "googleapis.com")
    silence_telemetry()
    assert os.environ["https_proxy"] == os.environ["ALL_PROXY"] == "http://127.0.0.1:9"
    assert os.environ["no_proxy"] == os.environ["NO_PROXY"] == "127.0.0.1,::1,localhost"
