"""Test the show's metrics as Prometheus reads them, from the real process over the real bus."""

from __future__ import annotations

import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from prometheus_client import parser
from prometheus_client.openmetrics import parser as open_metrics

from renderer.cli import USAGE_STATUS, main
from renderer.errors import OutputError
from renderer.processes.process import ChildProcess
from renderer.protocol.alarms import Alarm, Severity
from renderer.protocol.inputs import CameraState, CameraStatus, InputsHealth
from renderer.protocol.latency import LatencyHealth, StageLatency
from renderer.protocol.outputs import Drops, OutputsHealth, OutputState, OutputStatus
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowDocument, ShowHealth, ShowState
from renderer.protocol.sound import DeviceState, SoundDeviceStatus, SoundHealth
from renderer.show.metrics.process import run
from renderer.transport.bus import ShowEndpoint

SECRET = "rtmp://host/app/key-of-the-show"
SECTIONS: tuple[Section, ...] = (
    ShowDocument(target_rate=30.0, performer="Ren"),
    ShowHealth(
        state=ShowState.ON_AIR, show_seconds=61.5, frames=1800, frame_rate=29.5, dropped=3,
        stage_ms={"draw": 12.0},
        alarms=[
            Alarm("output.stream-1", Severity.CRITICAL, 'it "broke"\n', 1000.0),
            Alarm("camera.1", Severity.NOTICE, "late", 1001.0, None, 1, 1002.0, "Mina"),
        ],
    ),
    InputsHealth([CameraStatus("camera:0", CameraState.SEEING, frame_rate=30.0, latency_ms=40.0)]),
    OutputsHealth([
        OutputStatus(
            "stream-1", "rtmp", SECRET, OutputState.RETRYING, bytes=5000, packets=7, kbit_s=2500.0,
            drops=Drops(render=1, network=4), latency_p95_ms=80.0,
        ),
        OutputStatus("mp4-2", "mp4", "/show.mp4", OutputState.RUNNING, room_s=3600.0),
    ]),
    LatencyHealth({"draw": StageLatency(20.0, 40.0, 50.0, 300)}),
    SoundHealth(
        integrated=-16.2, devices=[SoundDeviceStatus("room", "USB", DeviceState.LOST, drift_ppm=50)]
    ),
)  # fmt: skip

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[ShowEndpoint]:
    with ShowEndpoint(tmp_path) as endpoint:
        yield endpoint


def scrape(url: str, accept: str = "text/plain") -> str:
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(answer.read().decode())


def read_samples(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in parser.text_string_to_metric_families(text)
        for sample in family.samples
    }


def await_sample(url: str, bus: ShowEndpoint, name: str) -> str:
    """Publish until the text of the metrics contains a sample; a subscriber misses the first."""
    deadline = time.monotonic() + 60.0
    while time.monotonic() < deadline:
        for section in SECTIONS:
            bus.publish(section)
        text = scrape(url)
        if name in text:
            return text
        time.sleep(0.05)
    raise AssertionError(f"{name} did not come")


def test_prometheus_reads_what_the_show_publishes(bus: ShowEndpoint, tmp_path: Path) -> None:
    with ChildProcess("metrics", run, 0, tmp_path) as child:
        child.start()
        url = child.wait_ready()
        assert url.startswith("http://127.0.0.1:")
        text = await_sample(url, bus, 'encore_output_room_seconds{kind="mp4"')
        samples = read_samples(text)
        list(
            open_metrics.text_string_to_metric_families(scrape(url, "application/openmetrics-text"))
        )

    def value(name: str, **labels: str) -> float:
        return samples[name, frozenset(labels.items())]

    assert value("encore_show_state", state="on air") == 1
    assert value("encore_show_state", state="preview") == 0
    assert value("encore_show_seconds") == 61.5
    assert value("encore_frames_total") == 1800
    assert value("encore_frames_dropped_total") == 3
    assert value("encore_frame_rate_target") == 30
    assert value("encore_stage_seconds", stage="draw") == pytest.approx(0.012)
    assert value("encore_latency_seconds", stage="draw", quantile="0.99") == pytest.approx(0.05)
    assert value("encore_alarms", severity="critical") == 1
    assert value("encore_alarms", severity="warning") == 0
    raised = "encore_alarm_raised_timestamp_seconds"
    assert value(raised, alarm="camera.1", severity="notice", acknowledged="yes") == 1001
    stream = {"output": "stream-1", "kind": "rtmp"}
    assert value("encore_output_state", state="retrying", **stream) == 1
    assert value("encore_output_state", state="running", **stream) == 0
    assert value("encore_output_bytes_total", **stream) == 5000
    assert value("encore_output_dropped_total", cause="network", **stream) == 4
    assert value("encore_output_bits_per_second", **stream) == 2.5e6
    assert value("encore_output_latency_seconds", quantile="0.95", **stream) == pytest.approx(0.08)
    assert value("encore_camera_up", camera="1") == 1
    assert value("encore_sound_device_up", device="room") == 0
    assert value("encore_sound_loudness_lufs") == pytest.approx(-16.2)
    assert 0 <= value("encore_status_age_seconds") < 60
    for private in ("key-of-the-show", "Ren", "Mina", "broke"):
        assert private not in text


def test_before_the_first_status_the_show_counts_as_silent(
    bus: ShowEndpoint, tmp_path: Path
) -> None:
    with ChildProcess("metrics", run, 0, tmp_path) as child:
        child.start()
        assert read_samples(scrape(child.wait_ready())) == {
            ("encore_status_received", frozenset()): 0
        }


def test_a_port_in_use_is_refused(bus: ShowEndpoint, tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as used:
        port = used.getsockname()[1]
        with ChildProcess("metrics", run, port, tmp_path) as child:
            child.start()
            with pytest.raises(OutputError, match=f"port {port}: cannot be listened on"):
                child.wait_ready()


def test_a_port_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--input", "camera:0", "--metrics", "70000"]) == USAGE_STATUS
    assert "Port 70000" in capsys.readouterr().err
