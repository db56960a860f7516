"""Run a real sound server on this machine: PulseAudio with null sinks, on a private socket."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Final

from renderer.closing import Closing
from renderer.errors import SetupError

SINKS: Final = ("room", "stage")
_START_S: Final = 60.0
_LOOK_EVERY_S: Final = 0.02


def is_installed() -> bool:
    """Return whether PulseAudio is installed."""
    return shutil.which("pulseaudio") is not None


class SoundServer(Closing):
    """PulseAudio with null sinks. Killing it is what unplugging a device is to its players.

    Attributes:
        address: for the environment variable PULSE_SERVER.
    """

    def __init__(self, folder: Path) -> None:
        """Start the server.

        Args:
            folder: exists; all files of the server are in it.

        Raises:
            SetupError: the server does not start.
        """
        self._folder = folder
        self._socket = folder / "native"
        self.address = f"unix:{self._socket}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start the server again after `kill`.

        Raises:
            SetupError: the server does not start.
        """
        loads = [
            *(f"module-null-sink sink_name={sink} rate=48000" for sink in SINKS),
            f"module-native-protocol-unix socket={self._socket} auth-anonymous=1",
        ]
        self._socket.unlink(missing_ok=True)
        names = ("HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH", "PULSE_STATE_PATH")
        self._process = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit",
             "--use-pid-file=no", "--log-level=error", *(f"-L{load}" for load in loads)],
            env={**os.environ, **dict.fromkeys(names, str(self._folder))},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + _START_S
        while not self._socket.exists():
            if time.monotonic() > deadline or self._process.poll() is not None:
                self.kill()
                raise SetupError("pulseaudio", "does not start", "install Debian's pulseaudio")
            time.sleep(_LOOK_EVERY_S)

    def kill(self) -> None:
        """Kill the server at once. Idempotent."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """Stop the server."""
        self.kill()
