"""Two machines of a show as processes: `show FOLDER ADDRESS` and `standby`.

The first has the port for machines, a media process with a recording, and an engine that dies as
soon as the other machine's is prepared; it prints a line of JSON a tenth of a second. The second is
`encore standby` with an engine that draws white.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from engine_roles import HEIGHT, PROGRAM_FORMAT, RATE

from renderer.output.media_client import MediaClient
from renderer.output.spec import OutputSpec
from renderer.paths import IDOL
from renderer.protocol.alarms import Alarms
from renderer.protocol.machines import MachinePart
from renderer.protocol.performers import LimbState
from renderer.protocol.pictures import PROGRAM
from renderer.protocol.roles import Role
from renderer.rights.declaration import Declaration
from renderer.show.event_log import EventLog
from renderer.show.host.resume import PerformerState, ResumeState
from renderer.show.plan import ShowPlan
from renderer.show.remote_engine.host import StandbyHost
from renderer.show.remote_engine.records import RemoteEngine
from renderer.show.supervision.engine_process import EngineProcess
from renderer.show.supervision.machine_keeper import MachineKeeper
from renderer.show.supervision.media_keeper import MediaKeeper
from renderer.show.supervision.messages import (
    AddEvent,
    FromEngine,
    OpenBus,
    OpenMedia,
    StandbyLevel,
)
from renderer.transport.bus import ShowEndpoint
from renderer.transport.link import Link
from renderer.transport.machines.address import HostPort
from renderer.transport.machines.choice import choose_show
from renderer.transport.machines.pairing_file import write_pairing
from renderer.transport.machines.store import PairedMachine, PairingStore

NAME = "spare"
_LINE_EVERY_S = 0.1
_PLAN = ShowPlan(("camera:0",), (IDOL,), None, Declaration(""), live=True, standby_machine=NAME)
_STATE = ResumeState((320, 180), RATE, performers=[PerformerState([LimbState.LIVE])])


class LocalEngine:
    """The engine of the show's own machine."""

    def __init__(self) -> None:
        self.media = MediaClient(live=True)

    def send_link(self, link: Link) -> None:
        """Take frames over a link."""
        self.media.attach(link)

    def draw(self, seconds: float) -> None:
        """Draw black for a while, from a show time of zero on."""
        origin_ns = time.monotonic_ns()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if (planes := self.media.frame_buffer()) is not None:
                planes[:HEIGHT], planes[HEIGHT:] = 16, 128
                now_ns = time.monotonic_ns()
                self.media.submit(0, now_ns - origin_ns, now_ns, 1, origin_ns=origin_ns)
            time.sleep(1 / RATE)


def give_show(folder: Path, address: str, stop: threading.Event) -> None:
    """Be the machine with the show."""
    session = folder / "session"
    session.mkdir()
    events = EventLog()
    alarms = Alarms(events.add_alarm)
    media = MediaKeeper(alarms)

    said: list[str] = []

    def answer(engine: Any, message: FromEngine) -> Any:
        if isinstance(message, OpenMedia):
            media.open(message, engine)
        elif isinstance(message, AddEvent):
            said.append(message.text)
        return session if isinstance(message, OpenBus) else None

    local: LocalEngine | None = None
    with (
        ShowEndpoint(session),
        MachineKeeper(HostPort(address, 0), session, "Show", alarms, events) as keeper,
        EngineProcess(
            _PLAN, _STATE, answer, standby=StandbyLevel.PREPARED, number=2,
            elsewhere=RemoteEngine(NAME, str(session)),
        ) as engine,
    ):  # fmt: skip
        wanted = PairedMachine(NAME, MachinePart.STANDBY, Role.VIEW, "", 0.0)
        at = HostPort(address, keeper.port)
        write_pairing(PairingStore(), wanted, at, folder / "b.pairing")
        engine.start()
        notify("open")
        while not stop.wait(_LINE_EVERY_S):
            keeper.poll(lambda _: None)
            if local is None and engine.is_ready:
                local = LocalEngine()
                answer(local, OpenMedia(PROGRAM, PROGRAM_FORMAT, None, None))
                local.media.add(OutputSpec("mp4", str(folder / "show.mp4")))
                local.draw(1.0)
                local.media.close()
                engine.take_over(_STATE)
            notify({"is_over": engine.has_ended, "fate": engine.fate, "said": said})
    media.finish(20.0)
    media.close()


def stand_by(stop: threading.Event) -> None:
    """Be the other machine."""
    show = choose_show(PairingStore(), None, MachinePart.STANDBY)
    with StandbyHost(show, _PLAN, "1.0", notify, "engine_roles:draw_white") as host:
        host.run(stop)


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
        stand_by(stop)


if __name__ == "__main__":
    main()
