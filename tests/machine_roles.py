"""Two machines of a show as processes: `show FOLDER ADDRESS` and `capture FOLDER`.

The first has the show's bus, its port for machines, and the process that passes on landmarks; it
prints a line of JSON a tenth of a second with what it sees. The second is `encore capture` with
another source: a process that sends a frame every 10 ms.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from renderer.capture.process.host import CaptureHost
from renderer.capture.process.messages import EndOfStream, SourceInfo
from renderer.capture.process.process import CaptureProcess
from renderer.capture.process.sink import MessageSink
from renderer.capture.process.worker import Job
from renderer.capture.records import Observation
from renderer.errors import CaptureError
from renderer.processes.child import Child
from renderer.processes.process import ChildProcess
from renderer.protocol.alarms import Alarms
from renderer.protocol.machines import MachinePart, MachinesHealth
from renderer.protocol.roles import Role
from renderer.show.event_log import EventLog
from renderer.show.supervision.machine_keeper import MachineKeeper
from renderer.transport.bus import ShowEndpoint
from renderer.transport.latest import LatestPicture
from renderer.transport.machines.address import HostPort
from renderer.transport.machines.choice import choose_show
from renderer.transport.machines.pairing_file import write_pairing
from renderer.transport.machines.store import PairedMachine, PairingStore

NAME = "studio-b"
_LINE_EVERY_S = 0.1


def count_frames(child: Child, job: Job, pipe: Connection, channel: Connection | None) -> None:
    """Send a frame every 10 ms, with a preview, until stopped."""
    assert job.picture is not None
    sink = MessageSink(pipe, channel)
    with LatestPicture.create(job.picture, 64, 36) as picture:
        child.ready()
        sink.send(SourceInfo(job.spec, (640, 360), 100.0, None, (64, 36)))
        number = 0
        while not child.stopping.wait(0.01):
            sink.send((Observation(time.monotonic_ns(), number, (640, 360)),))
            picture.publish(np.full((36, 64, 3), number % 256, np.uint8), time.monotonic_ns())
            number += 1
    sink.close()


def fail(child: Child, job: Job, pipe: Connection, channel: Connection | None) -> None:
    """Fail as a camera does that cannot be opened."""
    raise CaptureError("camera 0", "is not plugged in", "plug it in")


def play(child: Child, job: Job, pipe: Connection, channel: Connection | None) -> None:
    """Send the frames of a short file, and its end."""
    sink = MessageSink(pipe, channel)
    child.ready()
    sink.send(SourceInfo(job.spec, (640, 360), 100.0, 10**8, None))
    for number in range(10):
        sink.send((Observation(time.monotonic_ns(), number, (640, 360)),))
    sink.send(EndOfStream("the file has been played"))
    sink.close()


def launch(name: str, job: Job) -> tuple[ChildProcess, Connection]:
    """Start the process that counts in a tracker's place."""
    pipe, sink = Pipe(duplex=False)
    process = ChildProcess(name, "machine_roles:count_frames", job, sink, None)
    process.start()
    return process, pipe


def capture(stop: threading.Event) -> None:
    """Be the machine with the camera."""
    show = choose_show(PairingStore(), None, MachinePart.CAPTURE)
    with CaptureHost(show, "counter", "1.0", notify, launch=launch) as host:
        host.run(stop)


def give_show(folder: Path, address: str, stop: threading.Event) -> None:
    """Be the machine with the show."""
    session = folder / "session"
    session.mkdir()
    wanted = PairedMachine(NAME, MachinePart.CAPTURE, Role.VIEW, "", 0.0)
    events = EventLog()
    alarms = Alarms(events.add_alarm)
    picture = session / "camera-0.picture"
    health = MachinesHealth()

    def note(newest: MachinesHealth) -> None:
        nonlocal health
        health = newest

    with (
        ShowEndpoint(session),
        MachineKeeper(HostPort(address, 0), session, "Show", alarms, events) as keeper,
        CaptureProcess(f"machine:{NAME}", live=True, picture=picture) as source,
    ):
        at = HostPort(address, keeper.port)
        write_pairing(PairingStore(), wanted, at, folder / "b.pairing")
        notify("open")
        frames, latency_ms, line_at = 0, 0.0, 0.0
        while not stop.is_set():
            keeper.poll(note)
            seen = source.get_all(0.01)
            if isinstance(seen, tuple):
                frames += 1
                latency_ms = (time.monotonic_ns() - seen[0].t_seen_ns) / 1e6
            if time.monotonic() >= line_at:
                line_at = time.monotonic() + _LINE_EVERY_S
                notify(
                    {
                        "frames": frames,
                        "latency_ms": latency_ms,
                        "picture": picture.exists(),
                        "alarms": [one.id for one in alarms.active],
                        "trip_ms": max([one.round_trip_ms for one in health.machines], default=0.0),
                    }
                )


def notify(what: object) -> None:
    """Print a line of JSON."""
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def main() -> None:
    """Take a role until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if sys.argv[1] == "show":
        give_show(Path(sys.argv[2]), sys.argv[3], stop)
    else:
        capture(stop)


if __name__ == "__main__":
    main()
