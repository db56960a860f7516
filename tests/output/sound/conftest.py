"""A real PulseAudio server with null sinks, on a private runtime folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from renderer.bench.sound_server import SoundServer, is_installed


@pytest.fixture
def pulse(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SoundServer]:
    """Start a server that PortAudio in this process connects to."""
    if not is_installed():
        pytest.skip("Debian's pulseaudio is not installed")
    server = SoundServer(tmp_path_factory.mktemp("pulse"))
    monkeypatch.setenv("PULSE_SERVER", server.address)
    import sounddevice

    # PortAudio lists devices once.
    sounddevice._terminate()
    sounddevice._initialize()
    names = [str(one["name"]) for one in sounddevice.query_devices()]
    if "pulse" not in names:
        server.close()
        pytest.skip("ALSA's PulseAudio plug-in (libasound2-plugins) is not installed")
    yield server
    server.close()
