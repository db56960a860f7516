"""Measure DMX in: processor time of 32 universes at 44 Hz, and frames from a level to its light."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from typing import Final

import numpy as np

from renderer.capture.network.allow import AllowList
from renderer.show.receivers.dmx.packets import write_artnet
from renderer.show.receivers.dmx.receiver import DmxReceiver
from renderer.show.receivers.dmx.universes import UniverseTable
from renderer.stage.fixtures.mvr import TO_STAGE, Placed
from renderer.stage.fixtures.personality import Attribute, BeamGeometry, Function, Personality
from renderer.stage.fixtures.rig import FixtureRig

UNIVERSES: Final = 32
RATE_HZ: Final = 44
SECONDS: Final = 4.0
CHANGES: Final = 12
FRAME_S: Final = 1.0 / 30.0
_WAIT_S: Final = 5.0
_SEND: Final = """
import socket, sys, time
port, universes, rate, seconds = int(sys.argv[1]), *map(float, sys.argv[2:])
head = bytes.fromhex("4172742d4e6574000050000e")
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
begin, number = time.monotonic(), 0
while number < rate * seconds:
    for universe in range(int(universes)):
        packet = head + bytes((number % 255 + 1, 0, universe, 0, 2, 0))
        packet += bytes([number % 256]) * 512
        out.sendto(packet, ("127.0.0.1", port))
    number += 1
    time.sleep(max(begin + number / rate - time.monotonic(), 0.0))
"""


def measure_core_share() -> float:
    """Return the share of a core that 32 universes at 44 Hz take, receiving and merging."""
    idle = _measure_load(0)
    return max(_measure_load(UNIVERSES) - idle, 0.0)


def measure_frames() -> int:
    """Return the most frames from a level that is sent to the frame that shows it.

    The frames are those of a show at 30 per second: receivers are polled after each, and the next
    one is lit by what has come.
    """
    function = Function(Attribute.DIMMER, 1, 0, 0, 0, 65_535, 0.0, 1.0, (0,), 0)
    beam = BeamGeometry("Beam", np.eye(4), np.eye(4), np.eye(4), 25.0)
    personality = Personality("Dimmer", "1", {1: 1}, (beam,), (function,))
    rig = FixtureRig([Placed("Dimmer", personality, TO_STAGE, {1: (1, 1)})])
    table, seen, most = UniverseTable(), dict[int, int](), 0
    port = _find_port()
    with (
        DmxReceiver("Art-Net", table, AllowList(), port=port, offset=1) as receiver,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as desk,
    ):
        for number in range(CHANGES):
            level = 255 if number % 2 == 0 else 0
            time.sleep(number % 5 / 150.0)  # At another moment of a frame each time.
            desk.sendto(write_artnet(0, 0, bytes([level, 0])), ("127.0.0.1", port))
            frames, begin = 0, time.monotonic()
            while time.monotonic() < begin + _WAIT_S:
                time.sleep(FRAME_S)
                receiver.poll()
                for one in table.read(time.monotonic_ns(), seen):
                    rig.take(one.number, one.levels.tobytes())
                frames += 1
                rig.advance(time.monotonic())
                if bool(rig.make_light()[1]) is (level == 255):
                    break
            most = max(most, frames)
    return most


def _measure_load(universes: int) -> float:
    table, seen = UniverseTable(), dict[int, int]()
    port = _find_port()
    with DmxReceiver("Art-Net", table, AllowList(), port=port, offset=1) as receiver:
        words = [str(port), str(universes), str(RATE_HZ), str(SECONDS)]
        with subprocess.Popen([sys.executable, "-c", _SEND, *words]) as sender:
            deadline = time.monotonic() + _WAIT_S
            while universes and not receiver.received and time.monotonic() < deadline:
                time.sleep(0.01)
                receiver.poll()
            begin, spent = time.monotonic(), time.process_time()
            while sender.poll() is None and time.monotonic() < begin + SECONDS - 0.5:
                time.sleep(FRAME_S)
                receiver.poll()
                for one in table.read(time.monotonic_ns(), seen):
                    one.levels.tobytes()
            share = (time.process_time() - spent) / (time.monotonic() - begin)
    return share


def _find_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
