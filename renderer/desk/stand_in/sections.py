"""Make the sections of a status that the simulated show publishes."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.desk.stand_in.content import DOCUMENT, LOG, OUTPUT_NAMES, PERFORMERS
from renderer.desk.stand_in.figure import FACE, HAND, POSE
from renderer.protocol.alarms import Alarm, Severity
from renderer.protocol.control.receivers import DmxHealth, DmxSource, UniverseStatus
from renderer.protocol.document import DocumentContent, DocumentHealth
from renderer.protocol.inputs import PerformerPoints
from renderer.protocol.latency import LatencyHealth, StageLatency
from renderer.protocol.log import LogEvent, ShowLog
from renderer.protocol.machines import MachinePart, MachinesHealth, MachineStatus
from renderer.protocol.outputs import Drops, OutputsHealth, OutputState, OutputStatus, StateChange
from renderer.protocol.performers import (
    CalibrationStatus,
    LimbState,
    PerformersHealth,
    PerformerStatus,
)
from renderer.protocol.readiness import Finding, Readiness, Verdict
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowDocument
from renderer.protocol.sound import BusStatus, DeviceState, SoundDeviceStatus, SoundHealth

RATE: Final = 30.0
"""Frames per second of cameras, program and preview."""
LIMBS: Final = 9
CALIBRATION: Final = CalibrationStatus("Open your mouth wide and raise your brows", 3, 5, 0.52)


def make_alarms() -> tuple[Alarm, ...]:
    """Return three alarms, one of each severity."""
    raised = 1796028106.0
    return (
        Alarm(
            "output.stream-b", Severity.CRITICAL,
            "rtmps://live.example/•••• has failed: no server takes connections there", raised,
        ),
        Alarm(
            "tracker.2.voice", Severity.WARNING,
            "The voice of performer 2 (voice) has fallen silent: no sound", raised + 50,
        ),
        Alarm(
            "rights.4", Severity.NOTICE,
            "What allows Aoi ends at 2026-12-08 15:00 UTC; then it leaves the picture",
            raised - 1800,
        ),
    )  # fmt: skip


def make_outputs(frame: int) -> OutputsHealth:
    """Return eight outputs, one of which is lost."""
    outputs = []
    for place, name in enumerate(OUTPUT_NAMES):
        is_file = name.startswith("Archive")
        is_lost = place == 1
        rate = 31_200.0 if is_file else 5_980.0
        network, encode = (931, 0) if is_lost else (0, 2) if place == 2 else (0, 0)
        outputs.append(
            OutputStatus(
                name,
                "mkv" if is_file else "rtmp",
                f"{name.lower()}.mkv" if is_file else "rtmps://live.example/app/very-secret-key",
                OutputState.RETRYING if is_lost else OutputState.RUNNING,
                "the server refused the stream; its key may be wrong" if is_lost else "",
                packets=28411 + frame,
                dropped=network + encode,
                bytes=0 if is_lost else round(frame / RATE * rate * 125),
                latency_p50_ms=62.0,
                seconds=0.0 if is_lost else 4368.0 + frame / RATE,
                kbit_s=0.0 if is_lost else rate + 40 * math.sin(frame / 9.0 + place),
                target_kbit_s=rate,
                drops=Drops(0, encode, network),
                history=[StateChange(OutputState.RETRYING, 1796028106.0)] * (14 * is_lost),
                room_s=15_000.0 - frame / RATE if is_file else None,
            )
        )
    return OutputsHealth(outputs, recording=True, planned=["vertical:hls/late"])


_BUSES: Final = (
    ("mic-1", PERFORMERS[0][0], 2.0, -13.0), ("mic-2", PERFORMERS[1][0], 0.0, -15.0),
    ("mic-3", PERFORMERS[2][0], -3.0, -120.0), ("mic-4", PERFORMERS[3][0], 1.5, -17.0),
    ("song", "", -4.0, -10.0), ("click", "", 0.0, -120.0), ("talkback", "", 0.0, -120.0),
    ("program", "", 0.0, -8.0), ("return", "", 0.0, -14.0),
)  # fmt: skip
"""Name, performer, gain and mean level of each bus."""


def make_sound(frame: int) -> SoundHealth:
    """Return meters that move as a song's do."""
    buses = []
    for place, (name, performer, gain, mean) in enumerate(_BUSES):
        swing = 3.0 * math.sin(frame / 5.0 + place) + 2.0 * math.sin(frame / 2.3 + 2 * place)
        peak = mean + swing if mean > -100 else mean
        buses.append(
            BusStatus(
                name, gain, name in ("mic-3", "click", "talkback"), peak, peak - 6.0 - swing / 2,
                mean - 3.0, mean - 4.0, performer,
            )
        )  # fmt: skip
    devices = [
        SoundDeviceStatus("mic-1", "USB Audio", DeviceState.RUNNING, delay_ms=40.0),
        SoundDeviceStatus("mic-2", "USB Audio 2", DeviceState.RUNNING, delay_ms=40.0),
        SoundDeviceStatus("mic-4", "USB Audio 4", DeviceState.LOST, "no block for 1.5 s"),
    ]
    return SoundHealth(buses, devices, -14.2, -1.3, -1.2, 0.8, -6.0, 6.0, 62.0)


def make_dmx(frame: int) -> DmxHealth:
    """Return two universes of a lighting desk: a chase, and one that went silent."""
    levels = bytes(
        max(0, round(255 * math.sin(channel / 9.0 + frame / 12.0))) for channel in range(512)
    )
    return DmxHealth(
        [
            UniverseStatus(1, [DmxSource("Art-Net", "10.0.0.9", "desk")], levels),
            UniverseStatus(3, [DmxSource("sACN", "10.0.0.12", "venue house", 90, 8.0)], bytes(512)),
        ]
    )


def make_performers() -> PerformersHealth:
    """Return four performers; a limb is frozen, one lost, one weak."""
    return PerformersHealth(
        [
            PerformerStatus(
                k,
                name,
                [LimbState.FROZEN if (k, row) == (0, 2) else LimbState.LIVE
                 for row in range(LIMBS)],
                [0.0 if (k, row) == (0, 4) else 0.3 if (k, row) == (2, 6) else 0.9
                 for row in range(LIMBS)],
                calibrated=k % 2 == 0,
                calibration=CALIBRATION if k == 1 else None,
                avatar=avatar,
                sources=["camera"] * LIMBS,
            )
            for k, (name, avatar) in enumerate(PERFORMERS)
        ]
    )  # fmt: skip


def make_points(all_points: npt.NDArray[np.float64]) -> PerformerPoints:
    """Return a performer's landmarks as the flat lists of a status."""
    ends = np.cumsum((POSE, FACE, HAND))
    return PerformerPoints(*(part.reshape(-1).tolist() for part in np.split(all_points, ends)))


def make_constants(recording: str = "") -> list[Section]:
    """Return what does not change during the show.

    Args:
        recording: of the song that plays; empty for none.
    """
    songs = [
        one | {"file": recording} if one["name"] == "Neon Tide" else one
        for one in DOCUMENT["songs"]
    ]
    return [
        ShowDocument(
            revision=1,
            performer=", ".join(name for name, _ in PERFORMERS),
            avatar=" and ".join(avatar for _, avatar in PERFORMERS),
            song="Neon Tide",
            usage="corporation",
            licence=[
                "Allowed: Encore Idol",
                "  Encore house licensed it without end",
                "Allowed: Aoi",
                "  Haneul Inc. licensed it until 2026-12-08 15:00 UTC",
                "Not allowed: Godette the very long named idol",
                "  its licence says commercialUsage is personalNonProfit, and this show is "
                "declared as use by a company (corporation) → use an avatar whose "
                "commercialUsage is corporation, or declare the show as personalNonProfit if that "
                "is what it is",
                "Companies may use it, for profit too.",
                "No credit is needed.",
            ],
            length_seconds=7305.0,
            target_rate=RATE,
        ),
        DocumentContent(1, DOCUMENT | {"songs": songs}),
        DocumentHealth(1, "", undo="rename cue 43"),
        ShowLog(
            7,
            [
                LogEvent(k + 1, 1796026000.0 + 60 * k, kind, text)
                for k, (kind, text) in enumerate(LOG)
            ],
        ),
    ]


def make_latency(frame: int) -> LatencyHealth:
    """Return latencies as a show with a GPU has them."""
    swing = 0.5 * math.sin(frame / 30.0)
    medians = {"capture": 31.0, "solve": 3.0, "draw": 16.0, "encode": 6.0, "send": 4.0}
    medians["total"] = sum(medians.values())
    return LatencyHealth(
        {
            name: StageLatency(value + swing, 1.3 * value, 1.6 * value, 300)
            for name, value in medians.items()
        }
    )


def make_readiness() -> Readiness:
    """Return findings with a warning and a problem among them."""
    return Readiness(
        1,
        [
            Finding("Rights", Verdict.OK, "Allowed: Encore Idol"),
            Finding(
                "Rights", Verdict.PROBLEM,
                "Not allowed: Godette the very long named idol",
                "use another avatar, or ask Haneul Inc. why",
            ),
            *(
                Finding(f"Input {k + 1}, camera:{k}", Verdict.OK, "seeing")
                for k in range(len(PERFORMERS))
            ),
            Finding(
                "Sound device mic-4", Verdict.WARNING, "lost (no block for 1.5 s)",
                "see that it is connected; the program goes on without it",
            ),
            Finding("Output archive 1.mkv", Verdict.OK, "412 GB free"),
        ],
    )  # fmt: skip


def make_machines() -> MachinesHealth:
    """Return a machine that has joined, one that is awaited, and a refused stranger."""
    return MachinesHealth(
        47112,
        [
            MachineStatus("studio-b", MachinePart.CAPTURE, True, "10.0.0.41", round_trip_ms=0.6),
            MachineStatus("스튜디오 노트북 (lighting)", MachinePart.DESK),
        ],
        refused=2,
        stranger="A connection from 10.0.0.99 was refused: it is not paired with this machine",
    )
