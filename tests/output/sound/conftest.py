"""A real PulseAudio server with null sinks, on a private runtime folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest


class PulseServer:
    """PulseAudio with the null sinks `room` and `stage`; `start` and `stop` it at will."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.socket = folder / "native"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        loads = (
            "module-null-sink sink_name=room rate=48000",
            "module-null-sink sink_name=stage rate=48000",
            f"module-native-protocol-unix socket={self.socket} auth-anonymous=1",
        )
        self.socket.unlink(missing_ok=True)
        environment = {
            **os.environ,
            "HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
            "PULSE_RUNTIME_PATH": str(self._folder),
            "PULSE_STATE_PATH": str(self._folder),
        }
        self._process = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit",
             "--use-pid-file=no", "--log-level=error", *(f"-L{load}" for load in loads)],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 20.0
        while not self.socket.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self.socket.exists(), "pulseaudio did not start"

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def pulse(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PulseServer]:
    """Start a server that PortAudio in this process connects to."""
    if shutil.which("pulseaudio") is None:
        pytest.skip("Debian's pulseaudio is not installed")
    server = PulseServer(tmp_path_factory.mktemp("pulse"))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{server.socket}")
    server.start()
    import sounddevice

    # PortAudio lists devices once.
    sounddevice._terminate()
    sounddevice._initialize()
    names = [str(one["name"]) for one in sounddevice.query_devices()]
    if "pulse" not in names:
        server.stop()
        pytest.skip("ALSA's PulseAudio plug-in (libasound2-plugins) is not installed")
    yield server
    server.stop()
