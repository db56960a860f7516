"""Turn a show's published status into Prometheus metrics.

Names and units follow Prometheus' conventions: base units, `_total` for counts. No address, no
performer's name and no operator's is among the labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from renderer.protocol.alarms import Severity
from renderer.protocol.inputs import CameraState, InputsHealth
from renderer.protocol.latency import LatencyHealth
from renderer.protocol.outputs import OutputsHealth, OutputState, OutputStatus
from renderer.protocol.show import ShowDocument, ShowHealth, ShowState
from renderer.protocol.sound import DeviceState, SoundHealth
from renderer.protocol.status import Status

_MS: Final = 1e-3
"""Seconds per millisecond."""
_OUTPUT: Final = ("output", "kind")
"""Labels of an output: its name in the show and its kind."""


class StatusCollector(Collector):
    """Collects the metrics of the newest status.

    Args:
        status: returns the newest status, and the seconds since it arrived; None before the first.
    """

    def __init__(self, status: Callable[[], tuple[Status, float] | None]) -> None:
        self._status = status

    def collect(self) -> Iterator[Metric]:
        """Yield every metric that is known."""
        found = self._status()
        yield _gauge(
            "encore_status_received", "Whether the show has sent a status", found is not None
        )
        if found is None:
            return
        status, age_s = found
        yield _gauge("encore_status_age_seconds", "Seconds since the show's last status", age_s)
        yield from _collect_show(status.of(ShowHealth), status.of(ShowDocument))
        yield _collect_latency(status.of(LatencyHealth))
        yield from _collect_alarms(status.of(ShowHealth))
        yield from _collect_inputs(status.of(InputsHealth))
        yield from _collect_outputs(status.of(OutputsHealth).outputs)
        if status.has(SoundHealth):
            yield from _collect_sound(status.of(SoundHealth))


def _collect_show(health: ShowHealth, document: ShowDocument) -> Iterator[Metric]:
    yield _states("encore_show_state", "State of the show", ShowState, health.state)
    yield _gauge("encore_show_seconds", "Length of the program so far", health.show_seconds)
    yield _gauge("encore_frame_rate", "Program frames a second", health.frame_rate)
    yield _gauge("encore_frame_rate_target", "Planned rate; 0 offline", document.target_rate)
    yield _counter("encore_frames", "Program frames", health.frames)
    yield _counter("encore_frames_dropped", "Input and program frames lost", health.dropped)
    stages = GaugeMetricFamily(
        "encore_stage_seconds", "Mean time of a stage of a frame", labels=("stage",)
    )
    for stage, milliseconds in health.stage_ms.items():
        stages.add_metric((stage,), milliseconds * _MS)
    yield stages


def _collect_latency(health: LatencyHealth) -> Metric:
    family = GaugeMetricFamily(
        "encore_latency_seconds",
        "From light to the slowest output in the last ten seconds, by stage",
        labels=("stage", "quantile"),
    )
    for stage, one in health.stages.items():
        for quantile, value in (("0.5", one.p50_ms), ("0.95", one.p95_ms), ("0.99", one.p99_ms)):
            family.add_metric((stage, quantile), value * _MS)
    return family


def _collect_alarms(health: ShowHealth) -> Iterator[Metric]:
    active = GaugeMetricFamily("encore_alarms", "Active alarms", labels=("severity",))
    for severity in Severity:
        count = sum(alarm.severity is severity for alarm in health.alarms)
        active.add_metric((severity.value,), count)
    yield active
    raised = GaugeMetricFamily(
        "encore_alarm_raised_timestamp_seconds",
        "When an active alarm was raised",
        labels=("alarm", "severity", "acknowledged"),
    )
    for alarm in health.alarms:
        is_taken = "no" if alarm.acknowledged_at is None else "yes"
        raised.add_metric((alarm.id, alarm.severity.value, is_taken), alarm.raised_at)
    yield raised


def _collect_inputs(health: InputsHealth) -> Iterator[Metric]:
    labels = ("camera",)
    up = GaugeMetricFamily("encore_camera_up", "Whether a camera delivers frames", labels=labels)
    rate = GaugeMetricFamily("encore_camera_frame_rate", "Frames a second", labels=labels)
    latency = GaugeMetricFamily(
        "encore_camera_latency_seconds", "Median from light to landmarks", labels=labels
    )
    dropped = CounterMetricFamily(
        "encore_camera_frames_dropped", "Frames that came too late", labels=labels
    )
    for number, camera in enumerate(health.cameras, 1):
        name = (str(number),)
        up.add_metric(name, camera.state in (CameraState.SEEING, CameraState.EMPTY))
        rate.add_metric(name, camera.frame_rate)
        latency.add_metric(name, camera.latency_ms * _MS)
        dropped.add_metric(name, camera.dropped)
    yield from (up, rate, latency, dropped)


def _collect_outputs(outputs: list[OutputStatus]) -> Iterator[Metric]:
    state = GaugeMetricFamily(
        "encore_output_state", "State of an output", labels=(*_OUTPUT, "state")
    )
    sent = CounterMetricFamily("encore_output_bytes", "Bytes written", labels=_OUTPUT)
    packets = CounterMetricFamily("encore_output_packets", "Packets written", labels=_OUTPUT)
    lost = CounterMetricFamily(
        "encore_output_dropped", "What an output lacks, by cause", labels=(*_OUTPUT, "cause")
    )
    rate = GaugeMetricFamily(
        "encore_output_bits_per_second", "Written in the last two seconds", labels=_OUTPUT
    )
    latency = GaugeMetricFamily(
        "encore_output_latency_seconds",
        "From camera to output in the last ten seconds",
        labels=(*_OUTPUT, "quantile"),
    )
    room = GaugeMetricFamily(
        "encore_output_room_seconds", "For how long its disk has room", labels=_OUTPUT
    )
    for one in outputs:
        name = (one.name, one.kind)
        for each in OutputState:
            state.add_metric((*name, each.value), one.state is each)
        sent.add_metric(name, one.bytes)
        packets.add_metric(name, one.packets)
        for cause in ("render", "encode", "network"):
            lost.add_metric((*name, cause), getattr(one.drops, cause))
        rate.add_metric(name, one.kbit_s * 1000.0)
        latency.add_metric((*name, "0.5"), one.latency_p50_ms * _MS)
        latency.add_metric((*name, "0.95"), one.latency_p95_ms * _MS)
        if one.room_s is not None:
            room.add_metric(name, one.room_s)
    yield from (state, sent, packets, lost, rate, latency, room)


def _collect_sound(health: SoundHealth) -> Iterator[Metric]:
    yield _gauge("encore_sound_loudness_lufs", "Of the program so far", health.integrated)
    yield _gauge("encore_sound_true_peak_db", "Of the program so far", health.true_peak_db)
    up = GaugeMetricFamily(
        "encore_sound_device_up", "Whether a sound device runs", labels=("device",)
    )
    drift = GaugeMetricFamily(
        "encore_sound_device_drift_ratio", "How much faster its clock runs", labels=("device",)
    )
    for device in health.devices:
        up.add_metric((device.name,), device.state is DeviceState.RUNNING)
        drift.add_metric((device.name,), device.drift_ppm * 1e-6)
    yield from (up, drift)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=float(value))


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(name, text, value=float(value))


def _states(name: str, text: str, states: type[ShowState], state: ShowState) -> Metric:
    family = GaugeMetricFamily(name, text, labels=("state",))
    for each in states:
        family.add_metric((each.value,), each is state)
    return family
