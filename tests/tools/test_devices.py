"""Test devices: what the system reports, and the options that select them."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from renderer.cli import main
from renderer.tools.devices import v4l2
from renderer.tools.devices.cameras import find_users, list_cameras
from renderer.tools.devices.midi import list_midi_ports
from renderer.tools.devices.network import TRACKER_PORTS, list_addresses, list_tracker_ports
from renderer.tools.devices.records import DeviceState
from renderer.tools.devices.sound import list_microphones, list_sound_outputs
from renderer.tools.doctor.devices import judge
from renderer.tools.doctor.records import Verdict

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux's device files")

CARDS = """\
 0 [PCH            ]: HDA-Intel - HDA Intel PCH
                      HDA Intel PCH at 0xf7f20000 irq 31
 1 [U0x46d0x81b    ]: USB-Audio - USB Device 0x46d:0x81b
                      USB Device 0x46d:0x81b at usb-0000:00:14.0-2, high speed
"""
PCM = """\
00-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1
00-03: HDMI 0 : HDMI 0 : playback 1
01-00: USB Audio : USB Audio : capture 1
"""


def test_the_command_shows_every_kind_as_text_and_as_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["devices", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {
        "cameras", "microphones", "sound_outputs", "midi", "addresses", "tracker_ports", "gpus",
        "encoders",
    }  # fmt: skip
    assert [one["name"] for one in told["encoders"]["devices"]][-1] == "libx264"
    assert told["gpus"]["devices"]
    for section in told.values():
        assert section["devices"] or section["note"]
    assert main(["devices"]) == 0
    text = capsys.readouterr().out
    assert "--face livelink:11111" in text and "libx264" in text


@linux
def test_cameras_are_reported_with_their_formats_and_users(tmp_path: Path) -> None:
    for name in ("video0", "video1", "video2", "video10", "videodev"):
        (tmp_path / name).touch()
    formats = [v4l2.CameraFormat("Motion-JPEG", 1920, 1080, 30.0)]

    def read(path: Path) -> tuple[str, list[v4l2.CameraFormat]] | None:
        match path.name:
            case "video0" | "video10":
                return f"C920 {path.name}", formats
            case "video2":
                raise PermissionError(13, "Permission denied")
        return None  # A camera's metadata node.

    with (tmp_path / "video10").open():  # As another program's would be.
        cameras = list_cameras(tmp_path, read).devices
    assert [(one.option, one.state) for one in cameras] == [
        ("--input camera:0", DeviceState.READY),
        ("--input camera:2", DeviceState.DENIED),
        ("--input camera:10", DeviceState.TAKEN),
    ]
    assert cameras[0].details == ("Motion-JPEG up to 1920×1080 at 30 fps",)
    assert str(os.getpid()) in cameras[2].details[0]
    assert judge(list_cameras(tmp_path, read), "").verdict is Verdict.WARNING


@linux
def test_who_has_a_device_open_is_found(tmp_path: Path) -> None:
    device = tmp_path / "video0"
    device.touch()
    with device.open():
        assert str(os.getpid()) in find_users({str(device)})[str(device)]
    assert find_users({str(device)}) == {}


@linux
def test_a_file_that_is_no_camera_is_reported(tmp_path: Path) -> None:
    (tmp_path / "video0").write_bytes(b"no device")
    (camera,) = list_cameras(tmp_path).devices
    assert camera.state is DeviceState.TAKEN and "does not answer" in camera.details[0]


@linux
def test_a_drivers_answers_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A driver simulated by its requests, laid out as in <linux/videodev2.h>."""
    import fcntl

    sizes = {0: (640, 480), 1: (1280, 720)}

    def ioctl(_device: int, request: int, buffer: bytearray) -> int:
        (index,) = struct.unpack_from("=I", buffer)
        match request:
            case 0x80685600:
                struct.pack_into(
                    "=16s32s32sIII", buffer, 0, b"uvcvideo", b"HD Webcam", b"usb-1", 0x060000,
                    0x84A00001, 0x04200001,
                )  # fmt: skip
                return 0
            case 0xC0405602 if index == 0:
                struct.pack_into("=III32sI", buffer, 0, 0, 1, 0, b"YUYV 4:2:2", 0x56595559)
                return 0
            case 0xC02C564A if index in sizes:
                struct.pack_into("=IIIII", buffer, 0, index, 0x56595559, 1, *sizes[index])
                return 0
            case 0xC034564B if index < 2:
                struct.pack_into("=II", buffer, 20, 1 + index, 30)
                return 0
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    path = tmp_path / "video0"
    path.touch()
    assert v4l2.read_card(path) == (
        "HD Webcam", [v4l2.CameraFormat("YUYV 4:2:2", 1280, 720, 30.0)]
    )  # fmt: skip


@pytest.fixture
def no_portaudio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)


@linux
@pytest.mark.usefixtures("no_portaudio")
def test_alsa_is_read_where_portaudio_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "cards").write_text(CARDS)
    (tmp_path / "pcm").write_text(PCM)
    assert [(one.name, one.option) for one in list_microphones(tmp_path).devices] == [
        ("HDA Intel PCH, ALC257 Analog", "--voice mic:plughw:CARD=PCH,DEV=0"),
        ("USB Device 0x46d:0x81b, USB Audio", "--voice mic:plughw:CARD=U0x46d0x81b,DEV=0"),
    ]
    assert [one.name for one in list_sound_outputs(tmp_path).devices] == [
        "HDA Intel PCH, ALC257 Analog", "HDA Intel PCH, HDMI 0",
    ]  # fmt: skip
    assert list_microphones(tmp_path / "nowhere").note == "None."


@linux
def test_portaudio_names_what_ffmpeg_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [
        {"name": "USB Audio: - (hw:1,0)", "max_input_channels": 2, "max_output_channels": 0},
        {"name": "default", "max_input_channels": 32, "max_output_channels": 32},
    ]
    played = SimpleNamespace(query_devices=lambda: told)
    monkeypatch.setitem(sys.modules, "sounddevice", played)
    assert [one.option for one in list_microphones().devices] == [
        "--voice mic:plughw:1,0", "--voice mic",
    ]  # fmt: skip
    assert [one.name for one in list_sound_outputs().devices] == ["default"]


@linux
def test_midi_devices_are_reported_by_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mido", None)
    (tmp_path / "midiC1D0").touch()
    (tmp_path / "midiC2D0").touch()
    (tmp_path / "card1").mkdir()
    (tmp_path / "card1" / "midi0").write_text("nanoKONTROL2\n\nInput 0\n")
    ports = list_midi_ports(tmp_path, tmp_path)
    assert [one.name for one in ports.devices] == ["nanoKONTROL2", "MIDI card 2, device 0"]


def test_a_port_that_is_taken_is_reported_with_its_user() -> None:
    name, option, port = TRACKER_PORTS[0]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        try:
            other.bind(("127.0.0.1", port))
        except OSError:
            pytest.skip("the port is taken by somebody else")
        device = next(one for one in list_tracker_ports().devices if name in one.name)
        assert device.state is DeviceState.TAKEN
        assert device.option == f"{option}:{port}"
        assert str(os.getpid()) in device.details[0]
        assert judge(list_tracker_ports(), "").remedy == "take another port"


def test_loopback_is_no_address_for_a_phone() -> None:
    assert not any(one.name.startswith(("127.", "::1")) for one in list_addresses().devices)


def test_encoders_are_tried_in_a_process_of_their_own() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "renderer.output.encode.probe"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)[-1] == "libx264"
    assert done.stderr == ""
